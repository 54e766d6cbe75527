"""Folders that tools write for one data set, as tables."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from hugging import dataset, written
from PIL import Image
from pyarrow import parquet

from errortool import images
from errortool.data import predictions, tables
from errortool.errors import TableError


def told(path: Path) -> str:
    """Return what a folder is refused with."""
    with pytest.raises(TableError) as error:
        tables.read(path)
    return str(error.value)


def save_to_disk(folder: Path, *parts: pa.Table) -> Path:
    """Write a data set as `datasets.Dataset.save_to_disk` does."""
    folder.mkdir()
    names = [f"data-{n:05}-of-{len(parts):05}.arrow" for n in range(len(parts))]
    for name, part in zip(names, parts, strict=True):
        with pa.OSFile(str(folder / name), "wb") as out, pa.ipc.new_stream(out, part.schema) as to:
            to.write_table(part)
    files = [{"filename": name} for name in names]
    (folder / "state.json").write_text(json.dumps({"_data_files": files, "_split": "test"}))
    (folder / "dataset_info.json").write_text("{}")
    return folder


def test_a_saved_data_set_is_read_with_its_pictures(tmp_path: Path):
    """A saved data set is read with its pictures."""
    folder = save_to_disk(tmp_path / "scenes", dataset(), dataset())
    table = tables.read(folder)
    assert table.name == "scenes"
    assert table.columns.num_rows == 10
    assert table.warnings == ()
    inside = table.columns.column("image")[8].as_py()
    assert inside == "data-00001-of-00002.arrow?column=image.bytes&group=0&row=3"
    assert images.inspect(folder, inside) is None


def test_the_only_split_is_read_and_several_are_asked_about(tmp_path: Path):
    """The only split is read and several are asked about."""
    save_to_disk(tmp_path / "test", dataset())
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["test"]}')
    assert tables.read(tmp_path).columns.num_rows == 5
    (tmp_path / "dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    assert "holds the splits 'train' and 'test': give the folder of one" in told(tmp_path)


def test_parts_are_one_table_whichever_is_given(tmp_path: Path):
    """Parts are one table whichever is given."""
    for number in range(3):
        written(dataset(), tmp_path / f"test-{number:05}-of-00003.parquet")
    one = tables.read(tmp_path / "test-00001-of-00003.parquet")
    assert one.columns.num_rows == 15
    assert one.warnings == ("is one of 3 parts, and was read with the others",)
    assert one.columns.equals(tables.read(tmp_path).columns)
    assert one.sha256 == tables.read(tmp_path).sha256
    assert one.columns.column("id").to_pylist() == [str(number) for number in range(1, 16)]
    assert predictions.validate(one).errors == 6


def test_ids_are_counted_through_all_parts(tmp_path: Path):
    """Ids are counted through all parts."""
    cells = [{"bytes": None, "path": None}] * 5
    for number in range(2):
        written(dataset(image=cells), tmp_path / f"test-{number:05}-of-00002.parquet")
    ids = tables.read(tmp_path).columns.column("id").to_pylist()
    assert ids == [str(number) for number in range(1, 11)]


def test_a_part_that_is_missing_is_named(tmp_path: Path):
    """A part that is missing is named."""
    path = written(dataset(), tmp_path / "test-00000-of-00002.parquet")
    assert "but test-00001-of-00002.parquet isn't beside it" in told(path)
    path = written(dataset(), tmp_path / "one-00000-of-00001.parquet")
    assert tables.read(path).columns.num_rows == 5


def test_parts_with_other_columns_are_refused(tmp_path: Path):
    """Parts with other columns are refused."""
    written(dataset(), tmp_path / "test-00000-of-00002.parquet")
    written(dataset(fold=[1] * 5), tmp_path / "test-00001-of-00002.parquet")
    assert "has other columns than test-00000-of-00002.parquet" in told(tmp_path)


def test_several_tables_in_a_folder_are_asked_about(tmp_path: Path):
    """Several tables in a folder are asked about."""
    for split in ("test", "train"):
        written(dataset(), tmp_path / f"{split}-00000-of-00001.parquet")
    assert "holds the tables 'test' and 'train'" in told(tmp_path)


def test_a_folder_without_a_table_says_so(tmp_path: Path):
    """A folder without a table says so."""
    assert told(tmp_path).endswith("is a folder: give the file in it")


def test_a_fiftyone_data_set_with_a_file_a_sample(tmp_path: Path):
    """A FiftyOne data set with a file a sample."""
    (tmp_path / "samples").mkdir()
    for number, (label, guess) in enumerate([("cat", "dog"), ("dog", "dog")]):
        sample = {
            "filepath": f"data/{number}.png",
            "ground_truth": {"_cls": "Classification", "label": label},
            "predictions": {"_cls": "Classification", "label": guess, "confidence": 0.5},
        }
        (tmp_path / "samples" / f"{number:06}.json").write_text(json.dumps(sample))
    assert predictions.validate(tables.read(tmp_path)).errors == 1


def test_a_fiftyone_image_classification_data_set_finds_its_images(tmp_path: Path):
    """A FiftyOne image classification data set finds its images."""
    labels = {"classes": ["cat", "dog"], "labels": {"u1": 0, "u2": 1}}
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    (tmp_path / "data").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "data" / "u2.png")
    table = tables.read(tmp_path)
    assert table.columns.column("label").to_pylist() == ["cat", "dog"]
    assert images.inspect(tmp_path, table.columns.column("image")[1].as_py()) is None
    (tmp_path / "data.json").write_text('{"u1": "elsewhere/1.jpg"}')
    assert tables.read(tmp_path).columns.column("image")[0].as_py() == "elsewhere/1.jpg"


def test_ultralytics_texts_give_the_best_class_an_image(tmp_path: Path):
    """Ultralytics texts give the best class an image."""
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "a.txt").write_text("0.97 tabby cat\n0.02 dog\n")
    (tmp_path / "labels" / "b.txt").write_text("0.20 fox\n0.70 dog\n")
    table = tables.read(tmp_path)
    assert table.columns.to_pylist() == [
        {"image": "a", "prediction": "tabby cat", "confidence": "0.97"},
        {"image": "b", "prediction": "dog", "confidence": "0.70"},
    ]
    (tmp_path / "labels" / "c.txt").write_text("0 0.5 0.5 0.1 0.1\nnothing\n")
    assert "c.txt has a line that isn't a confidence and a class" in told(tmp_path)


def test_a_damaged_part_names_itself(tmp_path: Path):
    """A damaged part names itself."""
    parquet.write_table(dataset(), tmp_path / "test-00000-of-00002.parquet")
    (tmp_path / "test-00001-of-00002.parquet").write_bytes(b"PAR1" + bytes(50))
    assert told(tmp_path).startswith("test-00001-of-00002.parquet: is a damaged Parquet file")
