"""Know all files below a folder by name, to find images whose paths are of another machine.

Folders are walked once for many questions. What was found is looked at again after some seconds,
so that a file that arrives is found, too.
"""

import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MOST_FILES: Final = 1_000_000
"""A folder with more files isn't indexed, nor is one that takes longer than some seconds."""

_MOST_SECONDS: Final = 4.0
_SECONDS: Final = 5.0  # for which an index is believed,
_TIMES: Final = 20.0  # or this many times as long as the walk took
_MOST_INDEXES: Final = 8

_lock = threading.Lock()
_indexes: dict[Path, "_Index"] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """The files below a folder by their name in lower case, each as the parts of its path."""

    files: dict[str, list[tuple[str, ...]]]
    folders: frozenset[str]
    until: float


def find(root: Path, parts: Sequence[str], endings: Sequence[str] = ()) -> Path | None:
    """Return the only file below `root` that a path's parts can mean, None if there is none.

    Its name is equal, at most but for letter case or, where the path has no ending, for one of
    `endings`. Of several the one is taken that shares more of the folders above. A file in another
    folder is taken only if none of the name of the path's own folder is here: there the image is
    missing.
    """
    index = _index_of(root)
    if index is None or not parts:
        return None
    name = parts[-1]
    names = [name] if "." in name else [name, *(f"{name}{ending}" for ending in endings)]
    found = {file for one in names for file in index.files.get(one.casefold(), ())}
    if not found:
        return None
    shared = {file: _shared(file, parts, name) for file in found}
    best = max(shared.values())
    taken = [file for file, depth in shared.items() if depth == best]
    if len(taken) > 1 or (best < 1 and len(parts) > 1 and parts[-2].casefold() in index.folders):
        return None
    return root.joinpath(*taken[0])


def _shared(file: Sequence[str], parts: Sequence[str], name: str) -> float:
    """Return how many folders above a file are those of a path; a little more for exact letters."""
    depth = 0
    for mine, theirs in zip(reversed(file[:-1]), reversed(parts[:-1]), strict=False):
        if mine.casefold() != theirs.casefold():
            break
        depth += 1
    return depth + (0.5 if file[-1] == name else 0.0)


def _index_of(root: Path) -> _Index | None:
    with _lock:
        index = _indexes.get(root)
        if index is None or time.monotonic() > index.until:
            while len(_indexes) >= _MOST_INDEXES:
                del _indexes[next(iter(_indexes))]
            _indexes.pop(root, None)
            index = _indexes[root] = _walked(root)
        return index if index.files else None


def _walked(root: Path) -> _Index:
    start = time.monotonic()
    files: dict[str, list[tuple[str, ...]]] = {}
    folders = {root.name.casefold()}
    number = 0
    for inside, names in _folders(root):
        folders.update(part.casefold() for part in inside[-1:])
        number += len(names)
        if number > MOST_FILES or time.monotonic() - start > _MOST_SECONDS:
            files, folders = {}, set()
            break
        for name in names:
            files.setdefault(name.casefold(), []).append((*inside, name))
    now = time.monotonic()
    until = now + max(_SECONDS, _TIMES * (now - start))
    return _Index(files=files, folders=frozenset(folders), until=until)


def _folders(root: Path) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield each folder below `root`, as the parts of its path, with its files.

    No link is followed, and hidden ones are left out.
    """
    top = len(root.parts)
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield Path(folder).parts[top:], [name for name in names if not name.startswith(".")]
