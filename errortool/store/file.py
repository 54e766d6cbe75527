"""Open a session file: make it, know it for ours, and set up every connection to it.

A path is never trusted to be ours: the first bytes decide, before SQLite touches the file, so
that what is not a session file stays byte for byte as it was.
"""

import os
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from errortool.errors import StoreError
from errortool.store.schema import APPLICATION_ID, VERSION, migrate

_WAIT_SECONDS: Final = 30
_MAGIC: Final = b"SQLite format 3\x00"
_HEADER_BYTES: Final = 100


class SessionFile:
    """A session file that was checked once and is watched from then on.

    Reads open a connection each, which takes a fifth of a millisecond. Writes share one, under a
    lock, because SQLite lets only one write at a time anyway.
    """

    def __init__(self, path: Path, *, create: bool) -> None:
        """Open the file, make it first if `create` and it isn't there.

        Raises StoreError if it isn't there, isn't ours, is from a newer errortool or is damaged.
        """
        self.path = path.absolute()
        if create and not os.path.lexists(self.path):
            _make(self.path)
        _refuse_others(self.path)
        self._lock = threading.Lock()
        with _explained(self.path):
            self._writer = self._connect()
            self._identity = _identity(self.path)

    def close(self) -> None:
        """Let go of the file; SQLite then folds its log into it."""
        with self._lock:
            self._writer.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one state of the file from beginning to end."""
        self._refuse_swapped()
        with _explained(self.path), closing(self._connect()) as connection:
            connection.execute("begin")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection in a write transaction: on disk when this ends, or undone."""
        with self._lock, _explained(self.path):
            self._refuse_swapped()
            self._writer.execute("begin immediate")
            try:
                yield self._writer
                self._writer.execute("commit")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("rollback")
                raise

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.as_uri()}?mode=rw",
            uri=True,
            timeout=_WAIT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        # WAL without FULL loses acknowledged commits in a power cut.
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")
        return connection

    def _refuse_swapped(self) -> None:
        """Raise StoreError if the path leads to another file than the one that was opened."""
        try:
            same = _identity(self.path) == self._identity
        except OSError:
            message = f"{self.path} was deleted or moved while in use: put it back and restart"
            raise StoreError(message) from None
        if not same:
            message = f"{self.path} was replaced while in use: restart to use the new one"
            raise StoreError(message)


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _make(path: Path) -> None:
    """Make a new session file, whole or not at all, never over another one."""
    if not path.parent.is_dir():
        message = f"{path} can't be made: there is no folder {path.parent}"
        raise StoreError(message)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
            beside = Path(folder) / path.name
            with closing(sqlite3.connect(beside, isolation_level=None)) as connection:
                connection.execute("pragma journal_mode = wal")
                connection.execute("begin immediate")
                migrate(connection)
                connection.execute("commit")
            try:
                path.hardlink_to(beside)  # refuses to overwrite, unlike a rename
            except FileExistsError:
                return  # somebody else made it meanwhile; it is checked like any other
            except OSError:
                beside.rename(path)  # a file system without hard links
    except (OSError, sqlite3.Error) as error:
        message = f"{path} can't be made ({_reason(error)})"
        raise StoreError(message) from None


def _refuse_others(path: Path) -> None:
    """Raise StoreError unless the file begins as one of ours does."""
    try:
        if not path.is_file():
            what = "is a folder" if path.is_dir() else "is not there"
            if path.exists() and not path.is_dir():
                what = "is not a regular file"
            message = f"session file {path} {what}: check --db, or begin with `errortool new`"
            raise StoreError(message)
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError as error:
        message = f"session file {path} can't be read ({_reason(error)})"
        raise StoreError(message) from None
    if not header:
        message = f"{path} is empty, not a session file: delete it or restore a backup"
        raise StoreError(message)
    if not header.startswith(_MAGIC):
        message = f"{path} is not an errortool session file: choose another with --db"
        raise StoreError(message)
    version = int.from_bytes(header[60:64], "big")
    application = int.from_bytes(header[68:72], "big")
    if application != APPLICATION_ID:
        message = (
            f"{path} is a SQLite file of another program: choose another session file with --db"
        )
        raise StoreError(message)
    if version > VERSION:
        message = f"{path} was written by a newer errortool: upgrade with pip install -U errortool"
        raise StoreError(message)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into sentences."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # a broken promise of ours, not of the file's
    except sqlite3.DatabaseError as error:
        message = f"{path}: {_reason(error)}"
        raise StoreError(message) from error


def _reason(error: Exception) -> str:
    """Say in plain words what went wrong with a file."""
    text = getattr(error, "strerror", None) or str(error)
    for sign, meaning in (
        ("locked", "another program holds the file locked: close it there"),
        ("full", "the disk is full: free some space"),
        ("readonly", "the file or its folder is read-only"),
        ("unable to open", "the file or its folder can't be opened or written"),
        ("disk i/o", "the disk can't be written (full, gone or damaged?)"),
        ("malformed", "the file is damaged: restore a backup"),
        ("not a database", "the file is damaged: restore a backup"),
    ):
        if sign in text.lower():
            return meaning
    return text
