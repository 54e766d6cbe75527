"""Write files that appear whole or not at all, and survive a power cut."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from errortool.errors import StoreError


def write(path: Path, text: str | bytes) -> None:
    """Write a file of text or bytes, in the place of one that is there.

    Raises StoreError if it can't be written; a file that was there is left as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as beside, beside.open("wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        message = f"{path} can't be written ({error.strerror})"
        raise StoreError(message) from None


@contextmanager
def replacing(path: Path, *, sync: bool = True) -> Iterator[Path]:
    """Give a path to make a file at, which then takes the place of whatever `path` names.

    The caller syncs the file's bytes, if they have to survive a power cut; `sync` does the same for
    its name.
    """
    with _beside(path) as made:
        yield made
        made.replace(path)
        if sync:
            sync_folder(path.parent)


@contextmanager
def creating(path: Path) -> Iterator[Path]:
    """Give a path to make a file at, which then gets the name `path`.

    Raises FileExistsError, with nothing overwritten, if that is taken.
    """
    with _beside(path) as made:
        yield made
        try:
            path.hardlink_to(made)  # refuses to overwrite, unlike a rename
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if os.path.lexists(path):
                raise FileExistsError from None
            made.rename(path)
        sync_folder(path.parent)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a path on the same file system; a file left there is removed.

    A folder and not a temporary file, whose rights would be its maker's alone.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        yield Path(folder) / path.name


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk: until then a new file isn't safe from a power cut."""
    if os.name == "nt":  # which opens no folders
        return
    entries = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entries)
    finally:
        os.close(entries)
