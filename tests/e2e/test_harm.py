"""What a reviewer sees when the session file can't be written: the reason, and nothing "saved"."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs, fill
from playwright.sync_api import Page, expect
from reviewing import Reviewing, Server

from errortool.store import Store


@pytest.fixture
def on_small_disk(page: Page, disk: Path, tmp_path: Path) -> Iterator[Reviewing]:
    """Give the review of a session whose file lies on a small disk, by a link."""
    with closing(Store(disk / "s.db", create=True)) as store:
        begin(store, cats_and_dogs(tmp_path))
    (tmp_path / "errortool.db").symlink_to(disk / "s.db")
    server = Server(tmp_path)
    at_work = Reviewing(page, server)
    at_work.open()
    at_work.press("1", "Enter")
    at_work.is_saved()
    yield at_work
    server.stop()


def moved_away(path: Path) -> Callable[[], object]:
    """Move it away; return what puts it back."""
    moved = path.rename(path.with_name("moved.db"))
    return lambda: moved.rename(path)


def full(path: Path) -> Callable[[], object]:
    """Fill its disk; return what empties it."""
    return fill(path.parent).unlink


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (full, "the disk is full: free some space"),
        (moved_away, "was deleted or moved while in use: put it back and restart"),
    ],
)
def test_nothing_is_marked_saved_until_the_file_is_mended(
    on_small_disk: Reviewing, disk: Path, harm, sentence: str
):
    """The page says why, keeps what is done, and saves it when it can."""
    at_work = on_small_disk
    mend = harm(disk / "s.db")
    at_work.press("2", "Enter")
    expect(at_work.saved).to_have_text("Not saved, retrying")
    expect(at_work.told).to_contain_text(sentence)
    at_work.press("1", "Enter")
    at_work.progress("3 of 12")
    expect(at_work.saved).to_have_text("Not saved, retrying")
    mend()
    at_work.is_saved(timeout=30_000)
    assert at_work.ticks() == {0: {"Dog"}, 1: {"Blurry"}, 2: {"Dog"}}


def test_the_app_makes_a_backup_when_it_opens_the_file(reviewing: Reviewing):
    """Beside the file, in the background; ended as by Ctrl-C it leaves all in one file."""
    folder = reviewing.server.folder
    reviewing.page.goto(reviewing.server.url)
    first = reviewing.page.get_by_role("heading", name="Begin your first session")
    expect(first).to_be_visible(timeout=30_000)
    for _ in range(200):
        backups = list((folder / "errortool.db.backups").glob("????-??-??.db"))
        if backups:
            break
        reviewing.page.wait_for_timeout(50)  # nothing on the page tells of it
    with closing(Store(*backups)) as copy:
        assert copy.check() == ()
    reviewing.server.stop()
    assert not (folder / "errortool.db-wal").exists()
    assert "Warning" not in reviewing.server.said()
