"""Fixtures that many tests share."""

import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from commands import Run, run_here
from helpers import begin, cats_and_dogs
from hypothesis import settings

from errortool.model import Session
from errortool.store import Store

Write = Callable[..., Path]

# The same examples each time: what fails here fails everywhere. And no deadline: machines differ.
settings.register_profile("errortool", deadline=None, derandomize=True)
settings.load_profile("errortool")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser tests: they take longest, and the others fill the gaps."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes text or bytes to a file and returns its path."""

    def write_file(content: str | bytes, name: str = "predictions.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def store(tmp_path: Path):
    """Give a new session file."""
    opened = Store(tmp_path / "errortool.db", create=True)
    yield opened
    opened.close()


@pytest.fixture
def session(store: Store, tmp_path: Path) -> Session:
    """Give a session of 12 errors with the categories Dog and Blurry, nothing judged."""
    return begin(store, cats_and_dogs(tmp_path))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Give a function that runs a command as ann, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ERRORTOOL_DB", raising=False)
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    return partial(run_here, capfd)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 4 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only root can make a disk; a limit on the size of files is tested for all")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)
