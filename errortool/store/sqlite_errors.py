"""Translate SQLite's and the system's errors into sentences."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from errortool.errors import StoreError

DAMAGED: Final = "the file is damaged: restore a backup with `errortool restore`"

# SQLite's message about a damaged file may itself be damaged text.
FAILURES: Final = (sqlite3.DatabaseError, UnicodeDecodeError)

_MEANINGS: Final = (
    ("locked", "another program holds the file locked: close it there"),
    ("full", "the disk is full: free some space"),
    ("no space", "the disk is full: free some space"),
    ("readonly", "the file or its folder is read-only: make it writable"),
    ("read-only", "the file or its folder is read-only: make it writable"),
    ("permission denied", "you have no right to it: ask its owner"),
    ("unable to open", "the file or its folder can't be opened or written"),
    ("disk i/o", "the disk can't be written (full, gone or damaged?)"),
    ("malformed", DAMAGED),
    ("not a database", DAMAGED),
    ("no such", DAMAGED),
    ("decode", DAMAGED),
)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raise SQLite's errors as StoreError, in sentences."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # a bug in our code, not a damaged file
    except FAILURES as error:
        message = f"{path}: {reason(error)}"
        raise StoreError(message) from error


def reason(error: Exception) -> str:
    """Say in plain words what went wrong with a file."""
    text = getattr(error, "strerror", None) or str(error)
    for sign, meaning in _MEANINGS:
        if sign in text.lower():
            return meaning
    return text
