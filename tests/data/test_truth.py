"""Labels that a table lacks are taken from where they are."""

import pytest

import errortool
from errortool.data import tables, truth
from errortool.data.predictions import validate
from errortool.errors import TableError
from errortool.model import Columns


def table(*rows: str, header: str = "filename,label,prob") -> tables.Table:
    """Return a table of predictions without the truth, as timm's inference script writes it."""
    return tables.parse("\n".join([header, *rows]).encode(), "top1.csv")


def test_folders_are_the_labels_and_a_bare_label_is_the_prediction():
    """The innermost folder counts, with slashes of either kind; the kept bytes read the same."""
    made, data = truth.from_folders(
        table("val/cat/1.jpg,dog,0.9", "val\\dog\\1.jpg,dog,0.8", "C:\\val\\dog\\2.jpg,cat,0.5")
    )
    found = validate(made)
    assert found.columns == Columns(
        label="true_label", prediction="label", image="filename", confidence="prob"
    )
    assert (found.errors, found.dev_examples) == (2, 3)
    pairs = {one.key: (one.label, one.prediction) for one in found.sample(9, 0)}
    assert pairs == {"val/cat/1.jpg": ("cat", "dog"), "C:\\val\\dog\\2.jpg": ("dog", "cat")}
    assert tables.parse(data, "kept").columns.equals(made.columns)
    assert made.sha256 == tables.parse(data, "kept").sha256


@pytest.mark.parametrize(
    ("header", "row", "says"),
    [
        ("filename,label", "1.jpg,dog", "column 'filename' names no folder in row 3, so"),
        ("words,label", "hello,dog", "no column holds the images' paths"),
        ("filename,true_label", "a/1.jpg,dog", "'true_label' holds labels already"),
    ],
)
def test_what_tells_no_label_is_refused(header: str, row: str, says: str):
    """One sentence with the rows; nothing is guessed."""
    first = "hello,cat" if "words" in header else "cat/0.jpg,cat"
    with pytest.raises(TableError, match=says):
        truth.from_folders(table(first, row, header=header))


def test_more_can_be_drawn_from_what_was_kept(tmp_path):
    """The file has no labels, so the table with them is kept beside the session file."""
    rows = [f"{'cat' if n % 2 else 'dog'}/{n}.jpg,fox" for n in range(8)]
    path = tmp_path / "top1.csv"
    path.write_text("\n".join(["filename,label", "fox/9.jpg,fox", *rows]))
    db = tmp_path / "s.db"
    with pytest.warns(UserWarning, match="can't be shown"):
        session = errortool.new(path, name="s", sample=3, label_from_folder=True, db=db)
    assert (session.errors, session.dev_examples) == (8, 9)
    path.unlink()
    with pytest.warns(UserWarning, match="can't be shown"):
        assert errortool.more("s", 2, db=db).drawn == 2
