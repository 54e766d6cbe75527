"""What the pages and the routes share in one server process."""

import hmac
import os
from functools import cache
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes

from errortool import images
from errortool.errors import ImageError
from errortool.images import Encoded
from errortool.store import Store

DB_VARIABLE = "ERRORTOOL_DB"
DEFAULT_DB = Path("errortool.db")


class Service:
    """The session file, the tokens that writes need, and which image is whose."""

    def __init__(self, store: Store) -> None:
        """Serve the sessions of `store`."""
        self.store = store
        self._secret = token_bytes(32)
        self._images: dict[str, tuple[Path | None, tuple[str | None, ...]]] = {}

    def token(self, uid: str) -> str:
        """Return what a write to the session must carry: only our own pages learn it."""
        return hmac.new(self._secret, uid.encode(), sha256).hexdigest()

    def allows(self, uid: str, token: str) -> bool:
        """Tell whether a write to the session carries the right token."""
        return hmac.compare_digest(self.token(uid).encode(), token.encode())

    def image(self, uid: str, position: int, *, full: bool = False) -> Encoded:
        """Return the image at a position of a session, at most preview-sized unless `full`.

        Raises SessionError for an unknown session, ImageError if the image can't be shown.
        """
        if uid not in self._images:  # asked hundreds of times, and the answer never changes
            session = self.store.session_of(uid)
            folder = None if session.images is None else Path(session.images)
            self._images[uid] = folder, self.store.images(session)
        folder, paths = self._images[uid]
        if folder is None or not 0 <= position < len(paths):
            message = "this example has no image"
            raise ImageError(message)
        side = None if full else images.PREVIEW_SIDE
        return images.preview(folder, paths[position] or "", side=side)


@cache
def service() -> Service:
    """Return this process's service, on the session file that ERRORTOOL_DB names.

    Raises StoreError, every time anew, while that file can't be opened.
    """
    return Service(Store(Path(os.environ.get(DB_VARIABLE) or DEFAULT_DB), create=True))
