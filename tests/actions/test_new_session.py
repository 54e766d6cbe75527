"""A session begins whole or not at all, and says what looks odd."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers import cats_and_dogs

import errortool
from errortool.actions import new_session
from errortool.errors import SessionError, StoreError, TableError
from errortool.model import NewCategory


def begin(db: Path, path: Path, **options):
    """Begin a session; return it with the warnings."""
    warnings: list[str] = []
    return new_session.new(db, path, warn=warnings.extend, **options), warnings


def test_a_new_session_reports_its_two_long_steps(tmp_path: Path):
    """Reading the table and looking for images each tell how far they are."""
    steps: dict[str, list[float]] = {}

    @contextmanager
    def progress(step: str):
        yield steps.setdefault(step, []).append

    session, warnings = begin(
        tmp_path / "s.db", cats_and_dogs(tmp_path), name="pets", size=5, progress=progress
    )
    assert (session.name, session.sampled, warnings) == ("pets", 5, [])
    assert list(steps) == ["Reading predictions.csv", "Looking for the images"]
    for fractions in steps.values():
        assert fractions == sorted(fractions)
        assert all(0 <= fraction < 1 for fraction in fractions)


def test_warnings_name_the_table_or_the_image(tmp_path: Path):
    """Those about the table begin with its name; those about images name the first."""
    path = cats_and_dogs(tmp_path)
    path.write_text(path.read_text().replace("0.50,", "much,", 1))
    images = tmp_path / "images"
    (images / "dogs" / "003.png").unlink()
    _, warnings = begin(tmp_path / "s.db", path)
    assert warnings == [
        "predictions.csv: column 'confidence' (confidence) is not a number in row 2: left out",
        "1 of 12 sampled images can't be shown, first: image 'dogs/003.png' is not in the image "
        f"folder '{images}'",
    ]


def test_warnings_of_a_notebook_point_at_its_own_line(tmp_path: Path):
    """The line that called errortool.new, not one inside errortool."""
    path = cats_and_dogs(tmp_path)
    path.write_text(path.read_text().replace("0.50,", "much,", 1))
    with pytest.warns(UserWarning, match="is not a number in row 2") as caught:
        errortool.new(path, db=tmp_path / "s.db")
    assert [warning.filename for warning in caught] == [__file__]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"name": "\x07"}, SessionError, "can't name a session"),
        ({"categories": [NewCategory(name="a"), NewCategory(name="A")]}, SessionError, "twice"),
        ({"columns": {"label": "no such"}}, TableError, "there is no column 'no such'"),
        ({"images_folder": Path("nowhere")}, TableError, "image folder 'nowhere' is not there"),
        ({"size": 0}, SessionError, "a sample of 0 can't be drawn"),
    ],
)
def test_a_refused_session_leaves_no_file(tmp_path: Path, options: dict, error: type, says: str):
    """Everything is checked before the session file is made."""
    with pytest.raises(error, match=says):
        begin(tmp_path / "s.db", cats_and_dogs(tmp_path), **options)
    assert not (tmp_path / "s.db").exists()


def test_a_session_file_that_is_not_one_is_left_alone(tmp_path: Path):
    """It is refused, byte for byte as it was."""
    path = cats_and_dogs(tmp_path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is not an errortool session file"):
        begin(path, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("path", "taken", "name"),
    [
        ("errors/cats.csv", (), "cats"),
        ("errors/cats.2024.csv.gz", (), "cats"),
        ("errors/predictions.csv", (), "errors"),
        ("errors/Preds.parquet", (), "errors"),
        ("errors/cats.csv", ("Cats", "cats 2"), "cats 3"),
        ("errors/a\tb\x1b.csv", (), "a b"),
        ("errors/.csv", (), "session"),
        (f"errors/{'long' * 40}.csv", (), "long" * 20),
        (f"errors/{'long' * 40}.csv", ("long" * 20,), f"{'long' * 20} 2"),
    ],
)
def test_a_session_is_named_after_its_file(path: str, taken: tuple[str, ...], name: str):
    """Or its folder, where the file's name is generic; a number tells it from those there are."""
    assert new_session.default_name(Path(path), taken) == name
