"""Power cuts, replayed: what a process wrote and synced, cut off at any moment.

`recorded` runs a process and notes by strace, in order, what it told the kernel of the files in a
folder, and what it printed. `disks` then gives what a disk may hold if the power fails: all that
was synced; of the rest any part, in sectors, as the disk's cache happened to write it; names of
files likewise, up to any point.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

_CALLS = (
    "openat,open,creat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,rename,renameat,"
    "renameat2,link,linkat,mkdir,mkdirat,rmdir"
)
_SECTOR = 512
_STDOUT = "1"


@dataclass(frozen=True, slots=True)
class Call:
    """One call: its name, the file's number and path where one is open, other paths, data."""

    name: str
    number: str = ""
    path: str = ""
    paths: tuple[str, ...] = ()
    data: bytes = b""
    at: int = 0
    creates: bool = False


def recorded(arguments: Sequence[object], trace: Path) -> list[Call]:
    """Run a Python process with these arguments and return what it did to files, in order."""
    traced = ["strace", "-y", "-xx", "-s", "9999999", "-e", f"trace=?{_CALLS.replace(',', ',?')}",
              "-e", "signal=none", "-o", trace]  # fmt: skip
    subprocess.run(
        [*traced, sys.executable, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    with trace.open() as lines:
        return [call for line in lines if (call := _parsed(line)) is not None]


def _parsed(line: str) -> Call | None:
    """Parse a line of strace's output; None for a failed call or another line."""
    found = re.match(r"(\w+)\((.*)\) = (\d+)", line)
    if found is None:
        return None
    name, arguments = found[1], found[2]
    strings = [_bytes(text) for text in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', arguments)]
    opened = re.match(r"(\d+)<((?:\\x[0-9a-f]{2})*)>", arguments)
    number, path = (opened[1], _bytes(opened[2]).decode()) if opened else ("", "")
    numbers = [int(text) for text in re.findall(r"(?<=, )(\d+)(?=$|,)", arguments)]
    if name in {"pwrite64", "write"}:
        at = numbers[-1] if name == "pwrite64" else -1
        return Call(name, number, path, data=strings[0][: int(found[3])], at=at)
    if name == "ftruncate":
        return Call(name, number, path, at=numbers[-1])
    if name in {"fsync", "fdatasync"}:
        return Call(name, number, path)
    folders = re.findall(r"(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>", arguments)
    paths = tuple(
        text.decode()
        if text.startswith(b"/") or not folders
        else f"{_bytes(folders[min(index, len(folders) - 1)]).decode()}/{text.decode()}"
        for index, text in enumerate(strings)
    )
    return Call(name, paths=paths, creates="O_CREAT" in arguments)


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


class _File:
    """What a file holds on the disk, and what is only on its way there."""

    def __init__(self, content: bytes = b"") -> None:
        self.synced = bytearray(content)
        self.size = len(content)
        self.waiting: list[tuple[int, bytes | None]] = []  # None: cut to that length

    def write(self, at: int, data: bytes | None) -> None:
        """Take a write, or a cut."""
        self.waiting.append((at, data))
        self.size = at if data is None else max(self.size, at + len(data))

    def sync(self) -> None:
        """Put all on the disk."""
        for at, data in self.waiting:
            _put(self.synced, at, data)
        self.waiting.clear()

    def after_cut(self, chance: Random) -> bytes:
        """Return what may be found: of what was on its way, each sector or not."""
        content = bytearray(self.synced)
        kept = chance.choice((0.0, 0.5, 0.9, 1.0))
        for at, data in self.waiting:
            if data is None:
                if chance.random() < kept:
                    _put(content, at, None)
                continue
            for start in range(0, len(data), _SECTOR):
                if chance.random() < kept:
                    _put(content, at + start, data[start : start + _SECTOR])
        return bytes(content)


def _put(content: bytearray, at: int, data: bytes | None) -> None:
    if data is None:
        del content[at:]
        content.extend(bytes(at - len(content)))
    else:
        content.extend(bytes(max(0, at - len(content))))
        content[at : at + len(data)] = data


@dataclass
class _Disk:
    """The files below a folder: as the process sees them, and as they are on the disk."""

    root: str
    names: dict[str, _File | None] = field(default_factory=dict)  # None is a folder
    synced: dict[str, _File | None] = field(default_factory=dict)
    waiting: list[tuple[str, _File | None, bool]] = field(default_factory=list)

    def name(self, path: str, file: _File | None, *, gone: bool = False) -> None:
        """Give a file a name, or take one away."""
        if gone:
            self.names.pop(path, None)
        else:
            self.names[path] = file
        self.waiting.append((path, file, gone))

    def sync_folder(self, folder: str) -> None:
        """Put the names in a folder on the disk."""
        for entry in [entry for entry in self.waiting if entry[0].rpartition("/")[0] == folder]:
            _rename(self.synced, entry)
            self.waiting.remove(entry)

    def take(self, call: Call) -> None:
        """Do what a call did."""
        # SQLite's index is shared memory: it is made anew after a cut.
        if any(path.endswith("-shm") for path in (call.path, *call.paths)):
            return
        file = self.names.get(call.path)
        if call.name.endswith("sync"):
            if file is None:
                self.sync_folder(call.path)
            else:
                file.sync()
        elif not call.path:
            self._take_names(call)
        elif file is not None:
            at = file.size if call.name == "write" else call.at
            file.write(at, None if call.name == "ftruncate" else call.data)

    def _take_names(self, call: Call) -> None:
        """Do what a call did that opens, makes or names files."""
        paths = [path for path in call.paths if path.startswith(self.root + "/")]
        if call.creates and paths[0] not in self.names:
            self.name(paths[0], _File())
        elif call.name.startswith("mkdir"):
            self.name(paths[0], None)
        elif call.name.startswith(("unlink", "rmdir")):
            self.name(paths[0], None, gone=True)
        elif call.name.startswith(("link", "rename")):
            old, new = paths
            self.name(new, self.names[old])
            if call.name.startswith("rename"):
                self.name(old, None, gone=True)

    def after_cut(self, chance: Random) -> dict[str, bytes]:
        """Return the files that may be found."""
        names = dict(self.synced)
        for entry in self.waiting[: chance.randint(0, len(self.waiting))]:
            _rename(names, entry)
        return {
            path.removeprefix(self.root + "/"): file.after_cut(chance)
            for path, file in names.items()
            if file is not None and self._is_there(path, names)
        }

    def _is_there(self, path: str, names: dict[str, _File | None]) -> bool:
        folder = path.rpartition("/")[0]
        return folder == self.root or (folder in names and self._is_there(folder, names))


def _rename(names: dict[str, _File | None], entry: tuple[str, _File | None, bool]) -> None:
    path, file, gone = entry
    if gone:
        names.pop(path, None)
    else:
        names[path] = file


def disks(
    calls: Sequence[Call], folder: Path, before: dict[str, bytes], *, cuts: int, chance: Random
) -> Iterator[tuple[dict[str, bytes], list[str]]]:
    """Yield for `cuts` power cuts the files below `folder` and what had been printed by then.

    `before` are the files there at the beginning. The cuts are spread over the calls that matter:
    half of them lie just before or after a sync.
    """
    root = str(folder)
    disk = _Disk(root)
    disk.names = {f"{root}/{name}": _File(content) for name, content in before.items()}
    disk.synced = dict(disk.names)
    ours = [
        call
        for call in calls
        if call.number == _STDOUT
        or call.path == root
        or any(path.startswith(root + "/") for path in (call.path, *call.paths))
    ]
    syncs = [number for number, call in enumerate(ours) if call.name.endswith("sync")]
    places = chance.choices(range(len(ours) + 1), k=cuts - cuts // 2)
    places += [number + chance.randint(0, 1) for number in chance.choices(syncs, k=cuts // 2)]
    printed = ""
    for number in range(len(ours) + 1):
        for _ in range(places.count(number)):
            yield disk.after_cut(chance), printed.split()
        if number < len(ours):
            call = ours[number]
            if call.number == _STDOUT:
                printed += call.data.decode()
            else:
                disk.take(call)
