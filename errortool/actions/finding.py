"""Look below a folder for tables and for images, so that nobody has to type paths."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from errortool.actions.new_session import shows
from errortool.data.tables import MAX_BYTES
from errortool.model import Example

ENDINGS: Final = tuple(
    ".csv .tsv .parquet .json .jsonl .csv.gz .tsv.gz .xlsx .ods .npz .npy .arrow .feather".split()
)
"""How the names of tables end, as a rule."""

OF_CLASSES: Final = tuple(".json .yaml .yml .txt .csv".split())
"""How the names of files end that name classes."""

LIKELY: Final = (*ENDINGS, *OF_CLASSES)
_NO_TABLES: Final = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "env"})
_DEEPEST: Final = 3
_MOST_FOLDERS: Final = 500
_MOST_ENTRIES: Final = 1_000
"""A folder of more than these is one of images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file that may be what is looked for; `modified` counts seconds since 1970."""

    path: Path
    size: int
    modified: float


def files_below(start: Path, endings: tuple[str, ...] = ENDINGS, most: int = 50) -> list[FoundFile]:
    """Return the files below a folder that may be tables by their names, the latest first.

    `endings` are those of other files. Links aren't followed. Only some folders are looked through,
    so that it takes no time.
    """
    found = []
    for folder in folders_below(start):
        for entry in _entries(folder):
            if not entry.name.lower().endswith(endings) or entry.name.startswith("."):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
                if entry.is_file(follow_symlinks=False) and 0 < status.st_size <= MAX_BYTES:
                    found.append(
                        FoundFile(
                            path=Path(entry.path), size=status.st_size, modified=status.st_mtime
                        )
                    )
            except OSError:
                continue
    return sorted(found, key=lambda one: (-one.modified, one.path))[:most]


def image_folder(example: Example, likely: Iterable[Path], start: Path) -> Path | None:
    """Return the folder that an example's image path starts from; None if none is found.

    The `likely` ones are tried first, then those below `start`; if none is, the likely ones again
    for a file at the end of the path.
    """
    likely = tuple(likely)
    for folder in (*likely, *folders_below(start)):
        if shows(folder, example, as_written=True):
            return folder
    return next((folder for folder in likely if shows(folder, example)), None)


def folders_below(start: Path) -> Iterator[Path]:
    """Yield a folder and those below it, level by level, as many as are worth looking through."""
    level = [start]
    number = 0
    for _ in range(_DEEPEST + 1):
        below = []
        for folder in level:
            number += 1
            if number > _MOST_FOLDERS:
                return
            yield folder
            below += [Path(entry.path) for entry in _entries(folder) if _is_folder(entry)]
        level = sorted(below)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name in _NO_TABLES:
        return False
    if entry.name.endswith((".db.backups", ".db.tables")):
        return False
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return [entry for entry, _ in zip(entries, range(_MOST_ENTRIES), strict=False)]
    except OSError:
        return []
