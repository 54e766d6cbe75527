"""Create, back up, upgrade and restore session files.

Each file is completed in a folder of its own and then linked to its name: a full disk or a power
cut leaves nothing half-written, and nothing is ever overwritten.
"""

import os
import sqlite3
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Final

from errortool import atomic
from errortool.errors import StoreError
from errortool.store import integrity, schema
from errortool.store.sqlite_errors import DAMAGED, explained, reason

DAYS_KEPT: Final = 7

_A_DAY: Final = "[0-9]" * 4 + "-[0-9][0-9]-[0-9][0-9].db"


def folder_of(path: Path) -> Path:
    """Return the folder of a session file's backups; of a link, beside what it points to."""
    return Path(f"{os.path.realpath(path)}.backups")


def make(path: Path) -> None:
    """Create a session file; keep one that another process creates meanwhile."""
    if not path.parent.is_dir():
        message = f"{path} can't be made: there is no folder {path.parent}"
        raise StoreError(message)
    for part in integrity.sidecars(path):
        if part.exists():  # SQLite would apply it to the new file
            message = f"{part} is left of a file that is gone: put {path} back, or delete {part}"
            raise StoreError(message)
    try:
        with (
            atomic.creating(path) as made,
            closing(sqlite3.connect(made, isolation_level=None)) as connection,
        ):
            connection.execute("pragma journal_mode = wal")
            connection.execute("begin immediate")
            schema.migrate(connection)
            connection.execute("commit")
    except FileExistsError:
        return
    except (OSError, sqlite3.Error) as error:
        message = f"{path} can't be made ({reason(error)})"
        raise StoreError(message) from None


def copy(source: sqlite3.Connection, to: Path) -> None:
    """Copy a whole file as it is at one moment to a path where nothing is yet.

    Raises StoreError if something is there, it can't be written, or what is copied is damaged.
    """
    try:
        with atomic.creating(to) as made, closing(sqlite3.connect(made)) as connection:
            source.backup(connection)
            (found,) = connection.execute("pragma quick_check(1)").fetchone()
            if found != "ok":
                message = f"the backup {to} was not made: {DAMAGED}"
                raise StoreError(message)
    except FileExistsError:
        message = f"{to} is already there: choose another name for the backup"
        raise StoreError(message) from None
    except (OSError, sqlite3.Error) as error:
        message = f"the backup {to} can't be written ({reason(error)})"
        raise StoreError(message) from None


def keep_daily(source: sqlite3.Connection, path: Path, today: date) -> None:
    """Make the day's backup, unless it is there, and delete the oldest.

    Raises StoreError if it can't be made; the older ones stay then.
    """
    folder = _folder_made(path)
    to = folder / f"{today.isoformat()}.db"
    if not os.path.lexists(to):
        copy(source, to)
    try:
        for old in sorted(folder.glob(_A_DAY))[:-DAYS_KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        message = f"the oldest backup in {folder} can't be deleted ({reason(error)})"
        raise StoreError(message) from None


def before_deletion(source: sqlite3.Connection, path: Path, now: datetime) -> Path:
    """Make the backup that comes before a session is deleted for good; it is never deleted.

    Raises StoreError if it can't be made.
    """
    to = _folder_made(path) / f"before-delete-{_stamp(now)}.db"
    copy(source, to)
    return to


def upgrade(path: Path, now: datetime) -> None:
    """Bring an older file to the current version, after a backup: all or nothing.

    Raises StoreError, with the file as it was, if that can't be done.
    """
    with (
        explained(path),
        closing(connected(path)) as connection,
        closing(connected(path)) as reader,
    ):
        connection.execute("pragma foreign_keys = off")  # else no table could be rebuilt
        connection.execute("begin immediate")
        (version,) = connection.execute("pragma user_version").fetchone()
        if version >= len(schema.MIGRATIONS):
            return  # another process was faster
        copy(reader, _folder_made(path) / f"version-{version}-{_stamp(now)}.db")
        try:
            schema.migrate(connection)
            stray = connection.execute("pragma foreign_key_check").fetchone()
        except sqlite3.IntegrityError as error:
            stray = error
        if stray is not None:
            message = f"{path} can't be brought to a newer version: run `errortool check` on it"
            raise StoreError(message)
        connection.execute("commit")


def restore(path: Path, backup: Path, now: datetime) -> Path | None:
    """Replace a session file, whatever its state, by a copy of a backup.

    The replaced file is kept among the backups; returns its new path, None if there was none.
    Raises StoreError, with nothing changed, if the backup can't be used or copied.
    """
    integrity.inspect(backup)
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        message = f"{path} is not a regular file: choose another with --db"
        raise StoreError(message)
    former = _folder_made(path) / f"replaced-{_stamp(now)}.db"
    immutable = integrity.is_empty(integrity.sidecars(backup)[0])
    try:
        with atomic.creating(path) as made:
            with (
                closing(integrity.reader(backup, immutable=immutable)) as source,
                closing(sqlite3.connect(made)) as connection,
            ):
                source.backup(connection)
            was_there = os.path.lexists(path)
            # Its log must go with it: SQLite would apply it to the restored file. The file goes
            # first, so that nobody opens it without its log.
            for part, suffix in zip(
                (path, *integrity.sidecars(path)), ("", "-wal", "-shm"), strict=True
            ):
                with suppress(FileNotFoundError):
                    part.rename(f"{former}{suffix}")
    except (OSError, sqlite3.Error) as error:
        message = f"{backup} can't be restored to {path} ({reason(error)})"
        raise StoreError(message) from None
    return former if was_there else None


def connected(path: Path, *, wait: float = 30) -> sqlite3.Connection:
    """Connect to a session file: commits are synced, and other writers are waited for."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=wait,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.row_factory = sqlite3.Row
        # WAL without FULL loses acknowledged commits in a power cut.
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
    except BaseException:
        connection.close()
        raise
    return connection


def _folder_made(path: Path) -> Path:
    folder = folder_of(path)
    try:
        folder.mkdir(exist_ok=True)
        atomic.sync_folder(folder.parent)
    except OSError as error:
        message = f"the folder of backups {folder} can't be made ({reason(error)})"
        raise StoreError(message) from None
    return folder


def _stamp(now: datetime) -> str:
    """Return the time as part of a file's name: sortable, practically unique."""
    return f"{now:%Y-%m-%d-%H%M%S-%f}"
