"""Open a session file, and refuse to go on once another file has taken its place."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from errortool.errors import StoreError
from errortool.store import backups, integrity, schema
from errortool.store.backups import connected
from errortool.store.sqlite_errors import DAMAGED, FAILURES, explained, reason


class SessionFile:
    """A session file that was validated once and is watched from then on.

    Each read opens a connection, which takes a fifth of a millisecond. Writes share one, under a
    lock: SQLite has one writer at a time anyway.
    """

    def __init__(self, path: Path, *, create: bool, now: datetime) -> None:
        """Open the file, make it first if `create` and it isn't there; an older one is upgraded.

        Raises StoreError if it isn't there, isn't ours, is newer, damaged, or can't be written.
        """
        self.path = path.absolute()
        if create and not os.path.lexists(self.path):
            backups.make(self.path)
        version = integrity.inspect(self.path)
        integrity.refuse_read_only(self.path)
        if version < len(schema.MIGRATIONS):
            backups.upgrade(self.path, now)
        self._lock = threading.RLock()
        self._damaged = False
        self.closed = False
        with explained(self.path), ExitStack() as opened:
            self._writer = opened.enter_context(closing(connected(self.path)))
            self._writer.execute("pragma journal_mode = wal")  # somebody may have changed it
            # SQLite checkpoints the log when the last connection closes. While this one is open the
            # writer isn't the last; and this one can't checkpoint, because it only reads.
            self._reader = opened.enter_context(
                closing(integrity.reader(self.path, immutable=False))
            )
            self._reader.execute("select count(*) from sqlite_master").fetchone()
            opened.pop_all()
        self._size = self.path.stat().st_size
        self._identity = _identity(self.path)
        self._sidecars = {part: _identity(part) for part in integrity.sidecars(self.path)}

    def close(self) -> None:
        """Close the file; SQLite then checkpoints its log, if the path still leads to this file."""
        self.closed = True
        with self._lock:
            try:
                self._refuse_changed()
                integrity.recognise(self.path)
            except StoreError:
                self._writer.close()
            self._reader.close()
            self._writer.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection that sees one snapshot of the file."""
        self._refuse_changed()
        with self._translate_errors(), closing(connected(self.path)) as connection:
            connection.execute("begin")
            self._refuse_newer(connection)
            try:
                yield connection
            except (ValueError, TypeError, LookupError) as error:
                message = f"{self.path} holds a value that can't be: run `errortool check`"
                raise StoreError(message) from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection in a write transaction: on disk when this ends, or rolled back."""
        with self._lock, self._translate_errors():
            self._refuse_changed()
            self._writer.execute("begin immediate")
            try:
                self._refuse_newer(self._writer)
                yield self._writer
                self._writer.execute("commit")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("rollback")
                raise
            self._refuse_changed()  # what went into a file that was moved away isn't saved

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Turn SQLite's errors into sentences; refuse all further use of a damaged file."""
        with explained(self.path):
            try:
                yield
            except FAILURES as error:
                self._damaged |= reason(error) == DAMAGED
                raise

    def _refuse_newer(self, connection: sqlite3.Connection) -> None:
        """Raise StoreError if a newer errortool has upgraded the file since."""
        (version,) = connection.execute("pragma user_version").fetchone()
        integrity.refuse_newer(self.path, version)

    def _refuse_changed(self) -> None:
        """Raise StoreError if the path no longer leads to the file that was opened."""
        if self._damaged:
            message = f"{self.path}: {DAMAGED}"
            raise StoreError(message)
        least = self._size  # read before stat(): another thread may see the file grow meanwhile
        try:
            status = self.path.stat()
        except OSError:
            message = f"{self.path} was deleted or moved while in use: put it back and restart"
            raise StoreError(message) from None
        if (status.st_dev, status.st_ino) != self._identity:
            message = f"{self.path} was replaced while in use: restart to use the new one"
            raise StoreError(message)
        if status.st_size < least:
            message = f"{self.path} was cut short while in use: restore a backup and restart"
            raise StoreError(message)
        self._size = status.st_size
        for part, identity in self._sidecars.items():
            if _identity(part) != identity:
                self._checkpoint_unlinked_log()
                message = f"{part} was deleted or replaced while in use: restart"
                raise StoreError(message)

    def _checkpoint_unlinked_log(self) -> None:
        """Checkpoint a log that was deleted while we have it open: after us it would be gone.

        Unless there is a new one, whose changes that would overwrite.
        """
        log, _ = integrity.sidecars(self.path)
        with self._lock, suppress(sqlite3.Error):
            if not log.exists():
                self._writer.execute("pragma wal_checkpoint")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
