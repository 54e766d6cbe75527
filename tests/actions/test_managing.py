"""A session's folder, notes and model change; it is deleted for good only from the trash."""

from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs, query

from errortool.actions import managing
from errortool.errors import SessionError
from errortool.model import Session
from errortool.store import Store


def test_a_folder_is_changed_after_a_look_at_it(store: Store, session: Session, tmp_path: Path):
    """It says how many images open there; images have another address then."""
    (tmp_path / "images").rename(tmp_path / "moved")
    (tmp_path / "moved" / "dogs" / "003.png").unlink()
    problems = managing.change(store, session, images_folder=tmp_path / "moved")
    assert (problems.number, problems.unshown) == (12, 1)
    changed = store.session_of(session.uid)
    assert changed.images == str(tmp_path / "moved")
    assert changed.images_version != session.images_version
    assert query(store.path, "select images from sessions") == [("moved",)]


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("nowhere", "is not there"),
        ("predictions.csv", "is a file: give the folder it is in"),
    ],
)
def test_a_folder_that_can_not_be_it_changes_nothing(store, session, tmp_path, folder, says):
    """One sentence, and the notes aren't written either."""
    with pytest.raises(SessionError, match=says):
        managing.change(store, session, images_folder=tmp_path / folder, notes="new")
    assert store.session_of(session.uid) == session


def test_a_path_that_leads_out_is_refused(store: Store, tmp_path: Path):
    """An absolute path fits only the folder that it lies in."""
    path = cats_and_dogs(tmp_path, errors=2, right=1)
    path.write_text(path.read_text().replace("dogs/", f"{tmp_path}/images/dogs/"))
    session = begin(store, path)
    (tmp_path / "other").mkdir()
    with pytest.raises(SessionError, match="leads out of the image folder"):
        managing.change(store, session, images_folder=tmp_path / "other")


def test_a_session_without_images_needs_no_folder(store: Store, tmp_path: Path):
    """It says so."""
    path = cats_and_dogs(tmp_path, errors=2, right=1)
    path.write_text(path.read_text().replace("image,", "words,", 1).replace(".png", ""))
    session = begin(store, path)
    with pytest.raises(SessionError, match="has no images"):
        managing.change(store, session, images_folder=tmp_path)


def test_notes_and_model_are_kept_as_text(store: Store, session: Session):
    """Whatever they hold; each alone leaves the other, and "" takes it away."""
    managing.change(store, session, notes=" line\n<b>two</b> \0\ud83d ", model=" resnet  50 ")
    changed = store.session_of(session.uid)
    assert (changed.notes, changed.model) == ("line\n<b>two</b> ?", "resnet 50")
    managing.change(store, session, model="")
    changed = store.session_of(session.uid)
    assert (changed.notes, changed.model) == ("line\n<b>two</b> ?", "")
    with pytest.raises(SessionError, match="at most 10,000 are kept"):
        managing.change(store, session, notes="x" * 10_001)
    with pytest.raises(SessionError, match="can't name a model"):
        managing.change(store, session, model="x" * 101)


def test_only_what_is_in_the_trash_is_deleted(store: Store, session: Session, tmp_path: Path):
    """With a backup before, of which the session can be read; others stay as they are."""
    other = begin(store, tmp_path / "predictions.csv", name="other")
    with pytest.raises(SessionError, match="is not in the trash: move it there first"):
        managing.delete(store, session)
    store.trash(session)
    backup = managing.delete(store, session)
    assert store.trashed() == []
    assert store.sessions() == [other]
    assert query(store.path, "select distinct session from examples") == [(other.id,)]
    assert store.check() == ()
    kept = Store(backup)
    assert kept.trashed()[0].uid == session.uid
    kept.close()
    with pytest.raises(SessionError):
        managing.delete(store, session)


def test_a_copys_name_is_free(session: Session):
    """A number tells it from the copies there are, however long the name is."""
    assert managing.name_for_copy(session, ["pets"]) == "pets copy"
    assert managing.name_for_copy(session, ["pets", "Pets Copy"]) == "pets copy 2"
