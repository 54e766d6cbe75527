"""Keep tables that lie nowhere else, such as uploads, so that more can be drawn from them later.

Each is a file in the folder `errortool.db.tables` beside the session file, under the hash of its
bytes. One that several sessions were drawn from is kept once.
"""

import os
from contextlib import suppress
from pathlib import Path

from errortool import atomic
from errortool.data import tables
from errortool.errors import StoreError
from errortool.store import Store


def folder_of(db: Path) -> Path:
    """Return the folder of a session file's tables; of a link, beside what it points to."""
    return Path(f"{os.path.realpath(db)}.tables")


def keep(db: Path, data: bytes, sha256: str) -> Path:
    """Keep a table's bytes; return its path. Raises StoreError if it can't be written."""
    path = folder_of(db) / tables.kept_name(sha256, data)
    try:
        path.parent.mkdir(exist_ok=True)
        with suppress(FileExistsError), atomic.creating(path) as beside:
            beside.write_bytes(data)
    except OSError as error:
        message = f"the table can't be kept at {path} ({error.strerror or error})"
        raise StoreError(message) from None
    return path


def kept(db: Path, sha256: str) -> Path | None:
    """Return the path of the table of this hash, None if it isn't kept."""
    return next(iter(sorted(folder_of(db).glob(f"{sha256}.*"))), None)


def forget(store: Store, sha256: str) -> None:
    """Delete the table of this hash, unless a session was drawn from it."""
    needed = {one.predictions_sha256 for one in (*store.sessions(), *store.trashed())}
    path = None if sha256 in needed else kept(store.path, sha256)
    if path is not None:
        with suppress(OSError):
            path.unlink()
            path.parent.rmdir()  # if it was the last
