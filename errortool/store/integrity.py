"""Validate a session file without modifying it.

A path is never trusted to be ours. A file that is refused stays byte for byte as it was, with
nothing left beside it.

Only SQLite opens the file: a close() by anybody else in this process would drop SQLite's locks on
it, and another process might then delete the log under us (sqlite.org/howtocorrupt.html, 2.2).
"""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from errortool.errors import StoreError
from errortool.store import schema
from errortool.store.sqlite_errors import DAMAGED, FAILURES, reason


def inspect(path: Path) -> int:
    """Return the version of a session file.

    Raises StoreError unless it is there, ours, whole, and of a version that we know.
    """
    version = recognise(path)
    log, index = sidecars(path)
    # A process that closes the file deletes the index first: while it is there, none is closing.
    if index.exists() and not log.exists() and index.exists():
        message = (
            f"{log}, where the latest changes were, is missing: put it back, or delete {index} to "
            "go on without them"
        )
        raise StoreError(message)
    while True:
        before = _state(path)
        immutable = is_empty(log)
        new_index = not index.exists()
        try:
            _check(path, immutable=immutable)
        except StoreError:
            if immutable and _state(path) != before:
                continue  # another process wrote to it meanwhile, and we saw half of that
            if not immutable and new_index:
                index.unlink(missing_ok=True)
            raise
        return version


def recognise(path: Path) -> int:
    """Return the version of a session file by its header alone.

    Raises StoreError unless it is there, ours, and of a version that we know.
    """
    try:
        if not path.is_file():
            what = "is not a regular file" if path.exists() else "is not there"
            if path.is_dir():
                what = "is a folder"
            message = f"session file {path} {what}: check --db, or begin with `errortool new`"
            raise StoreError(message)
        size = path.stat().st_size
        if not _is_allowed(path, os.R_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        message = f"session file {path} can't be read ({reason(error)})"
        raise StoreError(message) from None
    if size == 0:
        message = f"{path} is empty, not a session file: delete it or restore a backup"
        raise StoreError(message)
    try:
        with closing(reader(path, immutable=True)) as connection:
            # Else half a checkpoint would be refused, which the log completes.
            connection.execute("pragma writable_schema = on")
            (application,) = connection.execute("pragma application_id").fetchone()
            (version,) = connection.execute("pragma user_version").fetchone()
    except FAILURES as error:
        if "not a database" in str(error):
            message = f"{path} is not an errortool session file: choose another with --db"
        else:
            message = f"session file {path} can't be read ({reason(error)})"
        raise StoreError(message) from None
    if application != schema.APPLICATION_ID:
        message = (
            f"{path} is a SQLite file of another program: choose another session file with --db"
        )
        raise StoreError(message)
    refuse_newer(path, version)
    return int(version)


def refuse_newer(path: Path, version: int) -> None:
    """Raise StoreError if a file's version is newer than this errortool."""
    if version > len(schema.MIGRATIONS):
        message = f"{path} was written by a newer errortool: upgrade with pip install -U errortool"
        raise StoreError(message)


def refuse_read_only(path: Path) -> None:
    """Raise StoreError if we can't write to a session file, or to its folder, as SQLite must."""
    real = Path(os.path.realpath(path))
    for place, what in ((real, "session file"), (real.parent, "folder of the session file")):
        if not _is_allowed(place, os.W_OK):
            message = f"{what} {place} is read-only: make it writable, or copy the file elsewhere"
            raise StoreError(message)


def _is_allowed(path: Path, right: int) -> bool:
    """Return whether we may read or write at a path."""
    return os.access(path, right, effective_ids=os.access in os.supports_effective_ids)


def sidecars(path: Path) -> tuple[Path, Path]:
    """Return SQLite's log (-wal) of a file, with the latest changes, and the log's index (-shm)."""
    real = os.path.realpath(path)
    return Path(f"{real}-wal"), Path(f"{real}-shm")


def reader(path: Path, *, immutable: bool) -> sqlite3.Connection:
    """Connect read-only: `immutable` ignores the log, and needs no files beside it.

    Otherwise the log is read too, and isn't checkpointed on closing.
    """
    how = "mode=ro&immutable=1" if immutable else "mode=ro"
    address = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _check(path: Path, *, immutable: bool) -> None:
    """Read all of a file; raise StoreError if it is damaged."""
    try:
        with closing(reader(path, immutable=immutable)) as connection:
            (found,) = connection.execute("pragma quick_check(1)").fetchone()
    except FAILURES as error:
        message = f"{path}: {reason(error)}"
        raise StoreError(message) from None
    if found != "ok":
        message = f"{path}: {DAMAGED}"
        raise StoreError(message)


def is_empty(log: Path) -> bool:
    """Return whether a log is empty or missing."""
    try:
        return log.stat().st_size == 0
    except FileNotFoundError:
        return True


def _state(path: Path) -> tuple[int, ...]:
    """Return sizes and times that change when a file or its log is written to."""
    found: list[int] = []
    for part in (path, sidecars(path)[0]):
        try:
            status = part.stat()
        except FileNotFoundError:
            found.append(0)
        else:
            found += [status.st_size, status.st_mtime_ns]
    return tuple(found)
