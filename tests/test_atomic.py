"""Files appear whole or not at all, and replace nothing that isn't theirs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from errortool import atomic
from errortool.errors import StoreError


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Make files with other rights for a while."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def names(folder: Path) -> list[str]:
    """Return what lies in a folder, what begins with a dot included."""
    return sorted(os.listdir(folder))  # noqa: PTH208  names are what is asked for


def rights(path: Path) -> int:
    """Return who may do what with a file."""
    return path.stat().st_mode & 0o777


def test_a_file_is_written_with_its_folders(tmp_path: Path):
    """Folders are made; a file that was there is replaced; nothing is left beside it."""
    path = tmp_path / "a" / "b" / "tally.csv"
    atomic.write(path, "old")
    atomic.write(path, "new Ä")
    assert path.read_bytes() == "new Ä".encode()
    assert names(path.parent) == ["tally.csv"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where the disk refuses to sync, what was there stays, and nothing is left beside it."""
    path = tmp_path / "tally.csv"
    atomic.write(path, "old")

    def fail(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(StoreError, match=r"tally.csv can't be written \(No space left"):
        atomic.write(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["tally.csv"]


def test_a_full_disk_leaves_the_old_file(disk: Path):
    """The same on a disk that is full for real."""
    path = disk / "tally.csv"
    atomic.write(path, "old")
    with pytest.raises(StoreError, match="No space left"):
        atomic.write(path, "x" * 5_000_000)
    assert path.read_text() == "old"
    assert names(disk) == ["tally.csv"]


def test_a_folder_in_the_way_is_reported(tmp_path: Path):
    """What can't be replaced stays; the sentence names it."""
    (tmp_path / "tally.csv" / "inside").mkdir(parents=True)
    with pytest.raises(StoreError, match=r"tally.csv can't be written"):
        atomic.write(tmp_path / "tally.csv", "new")
    assert names(tmp_path) == ["tally.csv"]


@pytest.mark.parametrize("make", [atomic.replacing, atomic.creating])
def test_a_block_that_fails_makes_nothing(tmp_path: Path, make):
    """An error on the way leaves neither the file nor what was made so far."""

    def fail_halfway() -> None:
        with make(tmp_path / "copy.db") as beside:
            beside.write_text("half")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail_halfway()
    assert names(tmp_path) == []


def without_hard_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behave as a file system that has none, such as exFAT."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "no hard links"])
def test_creating_never_overwrites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool):
    """A name that is taken, also by a link to nowhere, is refused and left as it was."""
    if not links:
        without_hard_links(monkeypatch)
    with atomic.creating(tmp_path / "new.db") as beside:
        beside.write_text("first")
    (tmp_path / "link.db").symlink_to("nowhere")
    for taken in ("new.db", "link.db"):
        with pytest.raises(FileExistsError), atomic.creating(tmp_path / taken) as beside:
            beside.write_text("second")
    assert (tmp_path / "new.db").read_text() == "first"
    assert (tmp_path / "link.db").readlink() == Path("nowhere")
    assert names(tmp_path) == ["link.db", "new.db"]


@pytest.mark.parametrize("make", [atomic.replacing, atomic.creating])
def test_rights_follow_the_umask(tmp_path: Path, make):
    """A file is for those whom the user lets read, not for its maker alone."""
    for mask, expected in ((0o022, 0o644), (0o077, 0o600)):
        path = tmp_path / f"{mask}.db"
        with umask(mask), make(path) as beside:
            beside.write_text("x")
        assert rights(path) == expected
