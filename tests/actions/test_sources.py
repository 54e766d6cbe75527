"""What a notebook holds for a table: frames, data sets, dicts, arrays and tensors."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hugging import dataset
from PIL import Image
from pyarrow import parquet

import errortool
from errortool import images
from errortool.store import Store

LABELS = np.array([0, 1, 2, 0, 1])
PROBABILITIES = np.array(
    [[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0, 0.1, 0.9], [0.2, 0.5, 0.3], [0, 0.8, 0.2]]
)
CLASSES = ["cat", "dog", "fox"]
PIXELS = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 3), dtype=np.uint8)


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of a session file in the folder that we are in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "errortool.db"


def examples(db: Path) -> dict[str, tuple[str, str, float | None]]:
    """Return each sampled example's label, prediction and confidence, by id."""
    store = Store(db)
    try:
        (session,) = store.sessions()
        found = store.examples(session)
    finally:
        store.close()
    return {one.key: (one.label, one.prediction, one.confidence) for one in found}


def test_arrays_are_a_session_with_the_pictures_of_its_errors(db: Path):
    """Probabilities give prediction and confidence; pixels are kept, and shown as they were."""
    session = errortool.new_from_arrays(LABELS, PROBABILITIES, images=PIXELS, classes=CLASSES)
    assert (session.errors, session.dev_examples) == (2, 5)
    assert examples(db) == {"1": ("dog", "cat", 0.6), "3": ("cat", "dog", 0.5)}
    (kept,) = Path("errortool.db.tables").iterdir()
    table = parquet.read_table(kept)
    held = [cell["bytes"] is not None for cell in table.column("image").to_pylist() if cell]
    assert held == [True, True]
    store = Store(db)
    for one in store.examples(session):
        shown = images.preview(Path(session.images), one.image)
        pixels = np.asarray(Image.open(io.BytesIO(shown.data)).convert("RGB"))
        assert (pixels == PIXELS[int(one.key)]).all()
    store.close()


def test_the_right_ones_are_shown_too_where_they_are_sampled(db: Path):
    """Then all pictures are kept."""
    session = errortool.new_from_arrays(LABELS, PROBABILITIES, images=PIXELS, right=2)
    assert session.sampled_right == 2
    store = Store(db)
    for one in store.examples(session):
        assert images.inspect(Path(session.images), one.image) is None
    store.close()


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (PIXELS.transpose(0, 3, 1, 2), PIXELS),  # channels first, as torch has them
        (PIXELS / 255, PIXELS),
        (PIXELS[..., :1], PIXELS[..., :1].repeat(3, axis=3)),
        (PIXELS[..., 0], PIXELS[..., :1].repeat(3, axis=3)),
        (PIXELS[..., 0] > 100, (PIXELS[..., :1] > 100).repeat(3, axis=3) * 255),
    ],
)
def test_pixels_of_every_layout_are_the_same_picture(pixels: np.ndarray, expected: np.ndarray):
    """Bytes, floats of 0 to 1, truth values; with channels first, last, one or none."""
    for one, wanted in zip(pixels, expected, strict=True):
        with Image.open(io.BytesIO(images.png_of(one))) as picture:
            assert (np.asarray(picture.convert("RGB")) == wanted).all()


def test_paths_names_and_one_hot_labels(db: Path):
    """Lists of texts and paths; labels as one-hot."""
    (db.parent / "b.png").write_bytes(images.png_of(PIXELS[0]))
    session = errortool.new_from_arrays(
        np.eye(2)[[0, 1]],
        ["cat", "cat"],
        images=[Path("a.png"), Path("b.png")],
        ids=["x", "y"],
        classes=["cat", "dog"],
    )
    assert session.columns.image == "image"
    assert examples(db) == {"y": ("dog", "cat", None)}


class Tensor:
    """A tensor as torch has them: to be detached and brought to memory."""

    def __init__(self, array: np.ndarray) -> None:
        """Hold an array."""
        self._array = array

    def detach(self) -> "Tensor":
        """Return it without its gradient."""
        return self

    def cpu(self) -> "Tensor":
        """Return it in memory."""
        return self

    def numpy(self) -> np.ndarray:
        """Return the array."""
        return self._array


def test_tensors_are_arrays(db: Path):
    """Through their own methods, or `__array__`."""
    assert errortool.new_from_arrays(Tensor(LABELS), Tensor(PROBABILITIES)).errors == 2
    assert len(examples(db)) == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"predictions": None}, "there are no predictions: give them, or probabilities"),
        ({"predictions": [0, 1]}, "arrays of different lengths"),
        ({"predictions": [[0.5], [0.2, 0.8]]}, "predictions has rows of different lengths"),
        ({"predictions": 3}, "predictions is a single value"),
        ({"classes": ["a", "b"]}, "has 3 columns, but there are 2 classes"),
        ({"images": PIXELS[:2]}, "holds 2 images for 5 labels"),
        ({"images": np.zeros((5, 7))}, "images of 5 x 7 aren't pixels"),
        ({"images": np.zeros((5, 8, 8, 7))}, "7|8 channels can't be shown"),
    ],
)
def test_arrays_that_do_not_fit_are_one_sentence(db: Path, arguments: dict, says: str):
    """And nothing is written."""
    with pytest.raises(errortool.ErrortoolError, match=says):
        errortool.new_from_arrays(LABELS, **({"predictions": PROBABILITIES} | arguments))
    assert not db.exists()


def test_a_list_of_dicts_and_a_dict_of_lists_are_tables(db: Path):
    """As pandas takes them."""
    rows = [{"id": "a", "label": "x", "pred": "y"}, {"id": "b", "label": "y", "pred": "y"}]
    errortool.new(rows, categories="Dog")
    assert examples(db) == {"a": ("x", "y", None)}
    errortool.new({key: [row[key] for row in rows] for key in rows[0]}, name="again")
    errortool.new(pa.table({"id": ["a", "b"], "label": ["x", "y"], "pred": ["y", "y"]}), name="pa")


def test_one_category_may_be_given_as_its_name(db: Path):
    """Not as the letters of it."""
    session = errortool.new(
        {"id": ["a", "b"], "label": ["x", "y"], "pred": ["y", "y"]},
        categories="Dog",
        label_errors="Mislabeled",
    )
    store = Store(db)
    assert [one.name for one in store.categories(session)] == ["Dog", "Mislabeled"]
    store.close()


def test_a_data_set_of_hugging_face_brings_its_pictures(db: Path):
    """Through its own `to_parquet`; classes are named, and pictures shown from the kept copy."""
    parquet.write_table(dataset(), db.parent / "made.parquet")
    import datasets  # takes seconds, so only the tests that need it import it

    made = datasets.Dataset.from_parquet(
        str(db.parent / "made.parquet"), cache_dir=str(db.parent / "cache")
    )
    session = errortool.new(made, name="hf")
    assert session.errors == 2
    assert examples(db)["white.png"] == ("airplane", "ship", None)
    store = Store(db)
    for one in store.examples(session):
        assert images.inspect(Path(session.images), one.image) is None
    store.close()
    with pytest.raises(errortool.ErrortoolError, match="holds the splits train: give one of them"):
        errortool.new(datasets.DatasetDict({"train": made}))


def test_a_saved_data_set_is_read_from_its_folder(db: Path):
    """As `save_to_disk` writes it: Arrow, with pictures inside."""
    parquet.write_table(dataset(), db.parent / "made.parquet")
    import datasets  # takes seconds, so only the tests that need it import it

    made = datasets.Dataset.from_parquet(
        str(db.parent / "made.parquet"), cache_dir=str(db.parent / "cache")
    )
    made.save_to_disk(db.parent / "saved", num_shards=2)
    session = errortool.new(db.parent / "saved")
    assert (session.name, session.errors) == ("saved", 2)
    store = Store(db)
    for one in store.examples(session):
        assert images.inspect(Path(session.images), one.image) is None
    store.close()


def test_a_frame_of_polars_is_a_table(db: Path):
    """Through Arrow's stream; its texts are views of bytes."""
    import polars as pl

    errortool.new(pl.DataFrame({"id": ["a", "b"], "label": ["x", "y"], "pred": ["y", "y"]}))
    assert examples(db) == {"a": ("x", "y", None)}


def test_labels_and_classes_may_be_held_as_well(db: Path):
    """A frame of labels, a list of names, or a dict either way round."""
    outputs = pd.DataFrame({"filename": ["1.jpg", "2.jpg"], "label": [0, 0]})
    truth = pd.DataFrame({"file": ["1.jpg", "2.jpg"], "target": [2, 1]})
    errortool.new(
        outputs, labels=truth, classes={"cat": 0, "dog": 1}, label_offset=-1, with_images=False
    )
    assert examples(db) == {"1.jpg": ("dog", "cat", None)}


def test_ticks_are_imported_from_a_frame(db: Path):
    """As from a file."""
    cells = {"id": ["a", "b", "c"], "label": ["x", "y", "x"], "pred": ["y", "x", "x"]}
    errortool.new(cells, name="s")
    done = errortool.import_ticks("s", pd.DataFrame({"id": ["a", "b"], "Blurry": [1, 0]}))
    assert done.rows == 2
    assert errortool.report("s").categories[0].share == 0.5
