"""Share the session file, tokens and previews between the pages and routes of one process."""

import atexit
import gc
import hmac
import os
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from errortool import images
from errortool.errors import ErrortoolError, ImageError, SessionError, StoreError
from errortool.images import Cache, Encoded
from errortool.store import Store

if TYPE_CHECKING:
    from errortool.web.comparisons import Comparisons
    from errortool.web.reports import Reports

DB_VARIABLE = "ERRORTOOL_DB"
DEFAULT_DB = Path("errortool.db")

_MOST_AHEAD = 1_000
_BACKUP_SECONDS = 3600


class Service:
    """Holds the session file, its reports, the tokens for writes, and the images made so far."""

    def __init__(self, store: Store, previews: Cache) -> None:
        """Serve the sessions of `store`, keeping the images that were made in `previews`."""
        self.store = store
        self._secret = token_bytes(32)
        self.previews = previews
        self._waiting: deque[tuple[str, int]] = deque()
        self._worker: threading.Thread | None = None
        self._lock = threading.Lock()

    @cached_property
    def reports(self) -> "Reports":
        """The reports of the sessions, computed once while nothing changes."""
        from errortool.web.reports import Reports

        return Reports(self.store)

    @cached_property
    def comparisons(self) -> "Comparisons":
        """The comparisons of sessions, computed once while nothing changes."""
        from errortool.web.comparisons import Comparisons

        return Comparisons(self.store)

    def dev_image(self, uid: str, row: int, *, side: int | None = images.PREVIEW_SIDE) -> Encoded:
        """Return the image of a row of a session's dev set, be it in the session or not.

        Raises SessionError for an unknown session or row, ImageError if it can't be shown.
        """
        session = self.store.session_of(uid)
        dev_set = self.comparisons.side(session).dev_set
        if not 0 <= row < len(dev_set):
            message = "the dev set has no such row"
            raise SessionError(message)
        path = dev_set.image(row)
        if session.images is None or not path:
            message = "this example has no image"
            raise ImageError(message)
        return images.preview(Path(session.images), path, side=side, cache=self.previews)

    def token(self, uid: str) -> str:
        """Return the token that a write to the session must carry; only our own pages know it."""
        return hmac.new(self._secret, uid.encode(), sha256).hexdigest()

    def allows(self, uid: str, token: str) -> bool:
        """Return whether a token is the session's."""
        return hmac.compare_digest(self.token(uid).encode(), token.encode())

    def image(self, uid: str, position: int, *, side: int | None = images.PREVIEW_SIDE) -> Encoded:
        """Return the image at a position of a session, at most `side` pixels long.

        Raises SessionError for an unknown session, ImageError if the image can't be shown.
        """
        folder, path = self.store.image(uid, position)
        if folder is None or path is None:
            message = "this example has no image"
            raise ImageError(message)
        return images.preview(Path(folder), path, side=side, cache=self.previews)

    def prefetch(self, uid: str, seen: Collection[int]) -> None:
        """Make previews of a session's images in the background, those not `seen` yet first."""
        number = len(self.store.images(self.store.session_of(uid)))
        order = sorted(range(number), key=lambda position: position in seen)
        with self._lock:
            self._waiting = deque((uid, position) for position in order[:_MOST_AHEAD])
            if self._worker is None or not self._worker.is_alive():
                self._worker = threading.Thread(target=self._work, daemon=True)
                self._worker.start()

    def _work(self) -> None:
        """Make the waiting previews one at a time, so as not to hold up a reviewer's requests."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._worker = None
                    return
                uid, position = self._waiting.popleft()
            with suppress(ErrortoolError):  # reported when the image is shown
                self.image(uid, position)


@cache
def service() -> Service:
    """Return this process's service, on the session file that ERRORTOOL_DB names.

    Raises StoreError, on every call, while that file can't be opened.
    """
    # Pillow warns of odd metadata and of large images on stderr; which ones can't be shown, we say.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    store = Store(Path(os.environ.get(DB_VARIABLE) or DEFAULT_DB), create=True)
    atexit.register(store.close)  # checkpoints the log: people copy the file alone
    threading.Thread(target=_keep_backups, args=(store,), daemon=True).start()
    return Service(store, Cache())


@cache
def freeze_imports() -> None:
    """Exempt what is loaded by now from garbage collection, once in a process.

    Streamlit collects garbage after each run of a page, before the browser has all of the page.
    With pandas, altair and scipy loaded that takes longer than everything else after a click.
    """
    gc.collect()
    gc.freeze()


def _keep_backups(store: Store) -> None:
    """Make a backup a day, in the background."""
    while not store.closed:
        try:
            store.keep_daily()
        except StoreError as error:
            if store.closed:
                return
            print(f"Warning: no backup today: {error}", file=sys.stderr, flush=True)  # noqa: T201  for whoever runs the server
        time.sleep(_BACKUP_SECONDS)
