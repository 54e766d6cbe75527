"""What was chosen for a table holds for the next of its shape."""

from pathlib import Path

import pytest

import errortool
from errortool.model import Session
from errortool.store import Store

HEADER = "name,y,guess,top"
ROWS = ["1,0,1,x", "2,1,1,x", "3,1,0,x", "4,0,0,x"]


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a session file beside two tables of one shape, and the names of their classes."""
    monkeypatch.chdir(tmp_path)
    for name in ("v3.csv", "v4.csv"):
        Path(name).write_text("\n".join([HEADER, *ROWS]))
    Path("classes.txt").write_text("cat\ndog\n")
    Path("other.csv").write_text("\n".join([HEADER + ",more", *(f"{row},1" for row in ROWS)]))
    return tmp_path / "errortool.db"


def begin(path: str, **options: object) -> Session:
    """Begin a session that takes no image."""
    return errortool.new(path, **options)


def test_the_next_table_needs_no_option_and_says_so(db: Path):
    """Columns, classes and images are as they were chosen."""
    columns = {"label": "y", "prediction": "guess", "id": "name"}
    first = begin("v3.csv", columns=columns, classes="classes.txt", with_images=False)
    said = (
        "v4.csv: read as for session 'v3': --label-column y --prediction-column guess --id-column "
        "name --classes classes.txt --no-images"
    )
    with pytest.warns(UserWarning, match=r"^v4\.csv: read as for") as told:
        second = begin("v4.csv")
    assert [str(one.message) for one in told] == [said]
    assert second.columns == first.columns
    store = Store(db)
    labels = {one.label for one in store.examples(second)}
    store.close()
    assert labels == {"cat", "dog"}


def test_what_is_given_counts_before(db: Path):
    """Only the rest is taken over, and told."""
    begin("v3.csv", columns={"label": "y", "prediction": "guess", "id": "name"})
    with pytest.warns(UserWarning, match="read as for") as told:
        second = begin("v4.csv", columns={"label": "guess", "prediction": "y"})
    assert str(told[0].message).endswith("'v3': --id-column name")
    assert (second.columns.label, second.columns.prediction) == ("guess", "y")


def test_another_shape_is_read_by_itself(db: Path):
    """One more column is another table: nothing is taken over in silence, or at all."""
    begin("v3.csv", columns={"label": "y", "prediction": "guess", "id": "name"})
    other = begin("other.csv", columns={"label": "guess", "prediction": "y"}, with_images=False)
    assert other.columns.label == "guess"  # a warning would be an error


def test_a_file_that_is_gone_is_not_asked_for(db: Path):
    """The names of classes were deleted meanwhile."""
    columns = {"label": "y", "prediction": "guess", "id": "name"}
    begin("v3.csv", columns=columns, classes="classes.txt")
    Path("classes.txt").unlink()
    with pytest.warns(UserWarning, match="read as for") as told:
        begin("v4.csv")
    assert "--classes" not in str(told[0].message)


def test_nothing_is_said_where_nothing_was_chosen(db: Path):
    """Names that tell their roles need no memory."""
    Path("a.csv").write_text("id,label,prediction\n1,x,y\n2,y,y\n")
    Path("b.csv").write_text("id,label,prediction\n1,x,y\n2,y,y\n")
    begin("a.csv")
    begin("b.csv")  # a warning would be an error
