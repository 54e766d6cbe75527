"""Know a session file for ours and whole before it is used, and touch nothing meanwhile.

A path is never trusted to be ours. What is refused stays byte for byte as it was, and nothing is
left beside it.

The file is never opened but by SQLite: closing it elsewhere would drop the locks that SQLite holds
on it in this process, and another process might then throw away the log under our feet.
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
    log, index = beside(path)
    # Whoever closes it takes the index away first: seen twice, nobody is just about to close it.
    if index.exists() and not log.exists() and index.exists():
        message = (
            f"{log}, where the latest changes were, is missing: put it back, or delete {index} to "
            "go on without them"
        )
        raise StoreError(message)
    while True:
        before = _state(path)
        quiet = is_empty(log)
        new_index = not index.exists()
        try:
            _check(path, quiet=quiet)
        except StoreError:
            if quiet and _state(path) != before:
                continue  # somebody wrote to it meanwhile, and we saw half of that
            if not quiet and new_index:
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
        if not _may(path, os.R_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        message = f"session file {path} can't be read ({reason(error)})"
        raise StoreError(message) from None
    if size == 0:
        message = f"{path} is empty, not a session file: delete it or restore a backup"
        raise StoreError(message)
    try:
        with closing(reader(path, quiet=True)) as connection:
            # Else half a checkpoint would be refused, which the log beside it makes whole.
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
    """Raise StoreError if a file's version is one that we don't know yet."""
    if version > len(schema.MIGRATIONS):
        message = f"{path} was written by a newer errortool: upgrade with pip install -U errortool"
        raise StoreError(message)


def refuse_read_only(path: Path) -> None:
    """Raise StoreError if we may not write to a session file, or beside it as SQLite must."""
    real = Path(os.path.realpath(path))
    for place, what in ((real, "session file"), (real.parent, "folder of the session file")):
        if not _may(place, os.W_OK):
            message = f"{what} {place} is read-only: make it writable, or copy the file elsewhere"
            raise StoreError(message)


def _may(path: Path, right: int) -> bool:
    """Tell whether we may read or write at a path."""
    return os.access(path, right, effective_ids=os.access in os.supports_effective_ids)


def beside(path: Path) -> tuple[Path, Path]:
    """Return SQLite's log of a file, which holds the latest changes, and the index to it."""
    real = os.path.realpath(path)
    return Path(f"{real}-wal"), Path(f"{real}-shm")


def reader(path: Path, *, quiet: bool) -> sqlite3.Connection:
    """Connect without writing: `quiet` passes the log over, and needs no files beside it.

    Without it the log is read as well, and is not folded into the file on closing.
    """
    how = "mode=ro&immutable=1" if quiet else "mode=ro"
    address = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _check(path: Path, *, quiet: bool) -> None:
    """Read all of a file; raise StoreError if it is damaged."""
    try:
        with closing(reader(path, quiet=quiet)) as connection:
            (found,) = connection.execute("pragma quick_check(1)").fetchone()
    except FAILURES as error:
        message = f"{path}: {reason(error)}"
        raise StoreError(message) from None
    if found != "ok":
        message = f"{path}: {DAMAGED}"
        raise StoreError(message)


def is_empty(log: Path) -> bool:
    """Tell whether a log holds nothing, or isn't there."""
    try:
        return log.stat().st_size == 0
    except FileNotFoundError:
        return True


def _state(path: Path) -> tuple[int, ...]:
    """Return what differs after somebody wrote to a file or its log."""
    found: list[int] = []
    for part in (path, beside(path)[0]):
        try:
            status = part.stat()
        except FileNotFoundError:
            found.append(0)
        else:
            found += [status.st_size, status.st_mtime_ns]
    return tuple(found)
