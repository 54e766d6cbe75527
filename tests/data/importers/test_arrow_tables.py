"""Parquet and Arrow files as tables, with the pictures inside them."""

import io
from pathlib import Path

import pyarrow as pa
import pytest
from hugging import COLOURS, NAMES, dataset, png, written
from pyarrow import feather, parquet

from errortool import images, packed
from errortool.data import predictions, tables
from errortool.errors import ImageError, TableError


def test_classes_are_named_and_pictures_are_where_they_lie(tmp_path: Path):
    """Classes are named and pictures are where they lie."""
    path = written(dataset(), tmp_path / "test.parquet", row_group_size=2)
    table = tables.read(path)
    assert table.columns.to_pylist()[3] == {
        "id": "white.png",
        "image": "test.parquet?column=image.bytes&group=1&row=1",
        "label": "airplane",
        "prediction": "ship",
    }
    assert table.warnings == ()
    found = predictions.validate(table)
    assert (found.rows, found.errors, found.pictures_in) == (5, 2, "test.parquet")


@pytest.mark.parametrize("size", [1, 2, 5])
def test_each_picture_is_shown_as_its_own_file_would_be(tmp_path: Path, size: int):
    """Each picture is shown as its own file would be."""
    path = written(dataset(), tmp_path / "test.parquet", row_group_size=size)
    for row, colour in enumerate(COLOURS):
        (tmp_path / f"{colour}.png").write_bytes(png(colour))
        inside = tables.read(path).columns.column("image")[row].as_py()
        assert images.inspect(tmp_path, inside) is None
        assert images.preview(tmp_path, inside) == images.preview(tmp_path, f"{colour}.png")


def test_the_names_of_the_prediction_serve_for_the_label():
    """The names of the prediction serve for the label."""
    out = io.BytesIO()
    parquet.write_table(dataset(names_of="prediction"), out)
    table = tables.parse(out.getvalue(), "x.parquet")
    assert table.columns.column("label").to_pylist() == [NAMES[code] for code in (0, 1, 2, 0, 1)]


def test_predictions_by_name_stay_and_other_numbers_too():
    """Predictions by name stay and other numbers too."""
    out = io.BytesIO()
    names = ["car", "car", "ship", "ship", "car"]
    parquet.write_table(dataset(prediction=names, epoch=[1, 1, 2, 2, 2]), out)
    table = tables.parse(out.getvalue(), "x.parquet")
    assert table.columns.column("prediction").to_pylist() == names
    assert table.columns.column("epoch").to_pylist() == ["1", "1", "2", "2", "2"]


def test_a_number_without_a_name_is_a_fault_and_minus_one_has_no_label():
    """A number without a name is a fault and minus one has no label."""
    out = io.BytesIO()
    parquet.write_table(dataset(prediction=[0, 3, 1, 3, 1], label=[0, -1, 2, 0, 1]), out)
    with pytest.raises(TableError) as error:
        predictions.validate(tables.parse(out.getvalue(), "x.parquet"))
    assert error.value.faults == (
        "column 'prediction' holds 3 in rows 2, 4, but the file names 3 classes (0 to 2): write it "
        "again",
        "column 'label' (label) is empty in row 2: fill it in or leave the row out",
    )


def test_pictures_without_bytes_are_the_files_that_their_paths_name(tmp_path: Path):
    """Pictures without bytes are the files that their paths name."""
    cells = [{"bytes": png("red") if n == 1 else None, "path": f"{n}.png"} for n in range(5)]
    table = tables.read(written(dataset(image=cells), tmp_path / "x.parquet"))
    assert table.columns.column("image").to_pylist() == [
        "0.png", "x.parquet?column=image.bytes&group=0&row=1", "2.png", "3.png", "4.png",
    ]  # fmt: skip


def test_pictures_that_share_a_path_go_by_their_rows(tmp_path: Path):
    """Pictures that share a path go by their rows."""
    cells = [{"bytes": png(one), "path": "image.png"} for one in COLOURS]
    table = tables.read(written(dataset(image=cells), tmp_path / "x.parquet"))
    assert table.columns.column("id").to_pylist() == ["1", "2", "3", "4", "5"]
    assert predictions.validate(table).errors == 2


def test_an_id_of_the_table_stays():
    """An id of the table stays."""
    out = io.BytesIO()
    parquet.write_table(dataset(id=["a", "b", "c", "d", "e"]), out)
    assert tables.parse(out.getvalue(), "x").columns.column("id").to_pylist() == list("abcde")


def test_a_column_of_bytes_called_image_holds_pictures_too(tmp_path: Path):
    """A column of bytes called image holds pictures too."""
    table = pa.table(
        {"img": [png(one) for one in COLOURS], "label": list("ababa"), "pred": ["a"] * 5}
    )
    path = written(table, tmp_path / "x.parquet", row_group_size=3)
    inside = tables.read(path).columns.column("img")[4].as_py()
    assert inside == "x.parquet?column=img&group=1&row=1"
    assert images.inspect(tmp_path, inside) is None


@pytest.mark.parametrize("kind", ["stream", "file"])
def test_arrow_files_and_streams_are_read_alike(tmp_path: Path, kind: str):
    """Arrow files and streams are read alike."""
    path = tmp_path / "data-00000-of-00001.arrow"
    whole = dataset()
    new = pa.ipc.new_stream if kind == "stream" else pa.ipc.new_file
    with pa.OSFile(str(path), "wb") as out, new(out, whole.schema) as writer:
        writer.write_table(whole, max_chunksize=2)
    table = tables.read(path)
    assert table.columns.column("prediction").to_pylist()[3] == "ship"
    inside = table.columns.column("image")[3].as_py()
    assert inside == f"{path.name}?column=image.bytes&group=1&row=1"
    (tmp_path / "white.png").write_bytes(png("white"))
    assert images.preview(tmp_path, inside) == images.preview(tmp_path, "white.png")


def test_feather_is_arrow(tmp_path: Path):
    """Feather is arrow."""
    feather.write_feather(dataset().drop_columns(["image"]), tmp_path / "x.feather")
    assert tables.read(tmp_path / "x.feather").names == ["label", "prediction"]


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("test.parquet?column=image.bytes&group=7&row=0", "isn't in that file any more"),
        ("test.parquet?column=image.bytes&group=0&row=70", "isn't in that file any more"),
        ("test.parquet?column=label&group=0&row=0", "is missing: its cell is empty"),
        ("gone.parquet?column=image.bytes&group=0&row=0", "is not in the image folder"),
        ("red.png?column=image.bytes&group=0&row=0", "isn't in that file any more"),
    ],
)
def test_a_picture_that_is_not_there_is_one_sentence(tmp_path: Path, inside: str, said: str):
    """A picture that is not there is one sentence."""
    folder = tmp_path / "data"
    folder.mkdir()
    written(dataset(), folder / "test.parquet")
    (folder / "red.png").write_bytes(png("red"))
    with pytest.raises(ImageError, match=said):
        images.inspect(folder, inside)


def test_a_cell_that_is_no_picture_is_refused_as_a_file_would_be(tmp_path: Path):
    """A cell that is no picture is refused as a file would be."""
    cells = [{"bytes": b"no picture", "path": f"{n}.png"} for n in range(5)]
    path = written(dataset(image=cells), tmp_path / "x.parquet")
    inside = tables.read(path).columns.column("image")[0].as_py()
    with pytest.raises(ImageError, match="not a JPEG, PNG"):
        images.inspect(tmp_path, inside)


def test_a_row_group_of_huge_pictures_is_refused_unread(tmp_path: Path, monkeypatch):
    """A row group of huge pictures is refused unread."""
    monkeypatch.setattr(packed, "MOST_BYTES", 1 << 20)
    cells = [{"bytes": bytes(1 << 20), "path": f"{n}.png"} for n in range(5)]
    path = written(dataset(image=cells), tmp_path / "x.parquet", use_dictionary=False)
    inside = tables.read(path).columns.column("image")[0].as_py()
    with pytest.raises(ImageError, match=r"is among 5 MB of pictures .* smaller row groups"):
        images.inspect(tmp_path, inside)


def test_places_come_back_from_their_paths():
    """Places come back from their paths."""
    path = packed.path_of("a?b/test.parquet", "my image&.bytes", 3, 14)
    place = packed.Place.of(path)
    assert place == packed.Place(file="a?b/test.parquet", column="my image&.bytes", group=3, row=14)
    assert packed.file_of(path) == "a?b/test.parquet"
    for plain in ("a.png", "a.parquet?row=3", "?column=a&group=0&row=0", "a?column=&group=0&row=0"):
        assert packed.Place.of(plain) is None
        assert packed.file_of(plain) == plain
