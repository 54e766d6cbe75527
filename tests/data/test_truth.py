"""Labels that a table lacks are taken from where they are."""

import pytest

import errortool
from errortool.data import tables, truth
from errortool.data.predictions import validate
from errortool.data.truth import Additions
from errortool.errors import TableError
from errortool.model import Columns


def table(*rows: str, header: str = "filename,label,prob") -> tables.Table:
    """Return a table of predictions without the truth, as timm's inference script writes it."""
    return tables.parse("\n".join([header, *rows]).encode(), "top1.csv")


def test_folders_are_the_labels_and_a_bare_label_is_the_prediction():
    """The innermost folder counts, with slashes of either kind; the kept bytes read the same."""
    made, data = truth.complete(
        table("val/cat/1.jpg,dog,0.9", "val\\dog\\1.jpg,dog,0.8", "C:\\val\\dog\\2.jpg,cat,0.5"),
        Additions(label_from_folder=True),
        {},
    )
    found = validate(made)
    assert found.columns == Columns(
        label="true_label", prediction="label", image="filename", confidence="prob"
    )
    assert (found.errors, found.dev_examples) == (2, 3)
    pairs = {one.key: (one.label, one.prediction) for one in found.sample(9, 0)}
    assert pairs == {"val/cat/1.jpg": ("cat", "dog"), "C:\\val\\dog\\2.jpg": ("dog", "cat")}
    kept = tables.parse(data, "kept")
    assert kept.columns.equals(made.columns)
    assert kept.rows.equals(made.rows)
    assert kept.sha256 == made.sha256


@pytest.mark.parametrize(
    ("header", "row", "says"),
    [
        ("filename,label", "1.jpg,dog", "column 'filename' names no folder in row 3, and no"),
        ("words,label", "hello,dog", "no column holds the images' paths"),
        ("filename,true_label", "a/1.jpg,dog", "'true_label' holds labels already"),
    ],
)
def test_what_tells_no_label_is_refused(header: str, row: str, says: str):
    """One sentence with the rows; nothing is guessed."""
    first = "hello,cat" if "words" in header else "cat/0.jpg,cat"
    with pytest.raises(TableError, match=says):
        truth.complete(table(first, row, header=header), Additions(label_from_folder=True), {})


def test_names_without_a_folder_are_looked_up_among_the_images(tmp_path):
    """A predictions file beside an ImageFolder; a name that two classes have tells nothing."""
    for name in ("cat/1.jpg", "dog/2.jpg", "dog/both.jpg", "cat/both.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    folders = Additions(label_from_folder=True)
    made, _ = truth.complete(table("1.jpg,dog,0.9", "2,dog,0.8"), folders, {}, tmp_path)
    assert made.columns.column("true_label").to_pylist() == ["cat", "dog"]
    for name in ("both.jpg", "none.jpg"):
        with pytest.raises(TableError, match="no single file of that name is in the image folder"):
            truth.complete(table("1.jpg,dog,0.9", f"{name},dog,0.8"), folders, {}, tmp_path)


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


# --- a file of labels ----------------------------------------------------------------------------


def labelled(tmp_path, predictions: str, labels: str, **columns: str):
    """Return predictions completed with a file of labels, as rows of the two and the warnings."""
    (tmp_path / "labels.txt").write_text(labels)
    made, _ = truth.complete(
        tables.parse(predictions.encode(), "p.csv"),
        Additions(labels=tmp_path / "labels.txt"),
        columns,
    )
    return made


@pytest.mark.parametrize(
    ("ours", "theirs", "how"),
    [
        ("val/1.jpg", "val/1.jpg", ""),
        (r"val\1.jpg", "./val/1.jpg", ""),
        ("Val/1.JPG", "val/1.jpg", "but for letter case"),
        ("val/1", "val/1.jpg", "but for its ending"),
        ("/content/val/1.jpg", "1.jpg", "by the file's name alone"),
        ("1.png", "data/x/1", "by the file's name alone, without its ending"),
        ("0001", "1", "but for zeros in front"),
    ],
)
def test_labels_are_joined_by_what_names_the_same_example(tmp_path, ours, theirs, how):
    """The strictest way that gives the most is taken, and told unless it is the plain one."""
    made = labelled(
        tmp_path,
        f"file,pred\n{ours},cat\nother/7.jpg,cat\n",
        f"image,class\n{theirs},dog\nmore/8.jpg,dog\n",
    )
    assert made.columns.column("true_label").to_pylist() == ["dog"]
    assert made.rows.to_pylist() == [2]
    told = [f"labels were taken from labels.txt where 'file' is 'image' {how}"] if how else []
    assert list(made.warnings) == [
        *told,
        "row 3 has no label in labels.txt: left out",
        "1 label of labels.txt belongs to no row here",
    ]


def test_what_could_be_two_examples_is_not_joined(tmp_path):
    """Two folders with a 1.jpg of other labels: the file's name alone tells nothing."""
    made = labelled(
        tmp_path,
        "file,pred\nx/1.jpg,cat\nx/2.jpg,cat\n",
        "image,class\na/1.jpg,dog\nb/1.jpg,fox\nb/2.jpg,fox\n",
    )
    assert made.rows.to_pylist() == [3]


def test_rows_that_share_a_name_are_not_joined_by_it(tmp_path):
    """Two of our rows end in 1.jpg: neither gets the label of the one there."""
    made = labelled(
        tmp_path, "file,pred\nx/1.jpg,cat\ny/1.jpg,cat\ny/2.jpg,cat\n", "1.jpg dog\n2.jpg fox\n"
    )
    assert made.rows.to_pylist() == [4]


def test_lines_without_a_header_are_labels_too(tmp_path):
    """The list that ImageNet's evaluation comes with: a path, a blank, a number."""
    made = labelled(tmp_path, "filename,label\na.JPEG,3\nb.JPEG,4\n", "a.JPEG 3\nb.JPEG 5\n")
    found = validate(made)
    assert (found.columns.label, found.columns.prediction) == ("true_label", "label")
    assert found.errors == 1


def test_ids_are_joined_and_the_labels_bring_the_images(tmp_path):
    """A results file of COCO's kind has ids alone."""
    made = labelled(
        tmp_path, "id,prediction\n7,cat\n9,dog\n", "id,file_name,label\n9,b.jpg,dog\n7,a.jpg,fox\n"
    )
    assert made.columns.to_pylist() == [
        {"id": "7", "prediction": "cat", "true_label": "fox", "file_name": "a.jpg"},
        {"id": "9", "prediction": "dog", "true_label": "dog", "file_name": "b.jpg"},
    ]


def test_two_files_without_ids_are_joined_row_by_row(tmp_path):
    """As arrays saved apart are."""
    made = labelled(tmp_path, "prediction\ncat\ndog\n", "label\ncat\nfox\n")
    assert validate(made).errors == 1
    assert made.warnings == ("labels were taken from labels.txt row by row, since neither has ids",)


@pytest.mark.parametrize(
    ("predictions", "labels", "says"),
    [
        ("file,pred\na.jpg,cat\n", "image,class\nz.jpg,cat\n",
         "no row has a label in labels.txt: here 'file' holds 'a.jpg', there 'image' holds"),
        ("prediction\ncat\n", "label\ncat\nfox\n", "p.csv has no column of ids or images"),
        ("file,pred\na.jpg,cat\n", "label\ncat\nfox\n", "labels.txt has no column of ids or im"),
        ("file,pred\na.jpg,cat\n", "image,u,v\na.jpg,1,2\n", "no column is clearly the label"),
        ("file,true_label\na.jpg,cat\n", "a.jpg cat\n", "'true_label' holds labels already"),
        ("file,pred\na.jpg,cat\n", "a.jpg cat\n" * 60 + "b.jpg\n", "isn't an image and its label"),
    ],
)  # fmt: skip
def test_labels_that_fit_nothing_are_one_sentence(tmp_path, predictions, labels, says):
    """It names the file and what is there."""
    with pytest.raises(TableError, match=says):
        labelled(tmp_path, predictions, labels)


# --- classes -------------------------------------------------------------------------------------


def named(label: str, prediction: str, names, *, offset: int = 0) -> list[str]:
    """Return label and prediction of one row, with names for its numbers."""
    given = tables.parse(f"id,label,prediction\n1,{label},{prediction}\n".encode(), "p.csv")
    made, _ = truth.complete(given, Additions(classes=names, label_offset=offset), {})
    return [made.columns.column(name)[0].as_py() for name in ("label", "prediction")]


NAMES = {"0": "cat", "1": "dog", "2": "fox"}


def test_numbers_get_their_names():
    """In either column; a name stays, and so does what the map lacks, unless it is a number."""
    assert named("0", "2", NAMES) == ["cat", "fox"]
    assert named("1.0", "dog", NAMES) == ["dog", "dog"]
    assert named("2", "wolf", NAMES) == ["fox", "wolf"]
    assert named("plane", "airplane", {"plane": "airplane"}) == ["airplane", "airplane"]
    assert named("3", "fox", NAMES, offset=-1) == ["fox", "fox"]


@pytest.mark.parametrize(
    ("label", "prediction", "offset", "says"),
    [
        ("3", "0", 0, "'label' holds '3' in row 2, which the map of classes doesn't name: the file "
         "names 0 to 2: if the table counts from 1, give --label-offset -1"),
        ("7", "0", 0, "it names 3 classes: add these, or give another file"),
        ("cat", "dog", 0, "names none of the classes in 'label' and 'prediction'"),
        ("cat", "dog", 1, "column 'label' is no whole number in row 2: leave out --label-offset"),
    ],
)  # fmt: skip
def test_numbers_without_a_name_are_refused(label, prediction, offset, says):
    """With the rows, and what would help."""
    with pytest.raises(TableError, match=says):
        named(label, prediction, NAMES, offset=offset)


def test_a_session_of_completed_rows_can_draw_more(tmp_path):
    """Its ids are the rows' numbers in the file, which the kept copy still knows."""
    (tmp_path / "p.csv").write_text("prediction\n" + "cat\ndog\n" * 6)
    (tmp_path / "labels.csv").write_text("label\n" + "0\n" * 10 + "1\n" * 2)
    db = tmp_path / "s.db"
    with pytest.warns(UserWarning, match="row by row|by its row's number|repeat"):
        session = errortool.new(
            tmp_path / "p.csv",
            labels=tmp_path / "labels.csv",
            classes=["cat", "dog"],
            sample=2,
            name="s",
            db=db,
        )
    assert (session.errors, session.dev_examples) == (6, 12)
    assert errortool.more("s", 4, db=db).left == 0
