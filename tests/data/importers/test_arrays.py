"""Arrays of NumPy as tables."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from errortool.data import predictions, tables
from errortool.errors import TableError

CLASSES = ["cat", "dog", "fox"]
TRUE = np.array([0, 1, 2, 0])
PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0, 0, 1], [0.2, 0.5, 0.3]])
FILES = np.array(["a.png", "b.png", "c.png", "d.png"])


def npz(**arrays: object) -> bytes:
    """Return an .npz file."""
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def parsed(**arrays: object) -> tables.Table:
    """Return a table of arrays."""
    return tables.parse(npz(**arrays), "out.npz")


def told(data: bytes) -> str:
    """Return what arrays are refused with."""
    with pytest.raises(TableError) as error:
        tables.parse(data, "out.npz")
    return str(error.value)


def test_labels_and_probabilities_with_names_and_files():
    """Labels and probabilities with names and files."""
    table = parsed(y_true=TRUE, y_prob=PROBABILITIES, filenames=FILES, classes=np.array(CLASSES))
    assert table.warnings == ()
    assert table.columns.to_pylist()[1] == {
        "image": "b.png",
        "label": "dog",
        "prediction": "fox",
        "confidence": "0.6",
        "top 3": "fox 0.6, dog 0.3, cat 0.1",
    }
    found = predictions.validate(table)
    assert (found.rows, found.errors) == (4, 2)
    assert found.columns.image == "image"


def test_one_hot_labels_and_predicted_numbers():
    """One hot labels and predicted numbers."""
    table = parsed(labels=np.eye(3)[TRUE], y_pred=np.array([0, 2, 2, 1]))
    assert table.columns.column("label").to_pylist() == ["0", "1", "2", "0"]
    assert predictions.validate(table).errors == 2


def test_predictions_as_a_matrix_are_probabilities():
    """Predictions as a matrix are probabilities."""
    table = parsed(y_test=TRUE, y_pred=PROBABILITIES)
    assert table.columns.column("prediction").to_pylist() == ["0", "2", "2", "1"]


def test_one_column_of_probabilities_is_of_the_second_class():
    """One column of probabilities is of the second class."""
    table = parsed(y_true=np.array([0, 1, 1]), y_prob=np.array([[0.1], [0.9], [0.2]]))
    assert table.columns.column("prediction").to_pylist() == ["0", "1", "0"]
    assert table.columns.column("confidence").to_pylist() == ["0.9", "0.9", "0.8"]


@given(st.lists(st.lists(st.floats(-20, 20), min_size=3, max_size=3), min_size=1, max_size=8))
def test_logits_become_their_softmax(rows: list[list[float]]):
    """Logits become their softmax."""
    logits = np.array(rows) + 100  # so that no row sums to 1
    table = parsed(y_true=np.zeros(len(rows)), logits=logits)
    expected = softmax(logits, axis=1)
    confidence = [float(one) for one in table.columns.column("confidence").to_pylist()]
    assert np.allclose(confidence, expected.max(axis=1), atol=1e-6)
    codes = [int(one) for one in table.columns.column("prediction").to_pylist()]
    assert (expected[np.arange(len(rows)), codes] == expected.max(axis=1)).all()
    rows_off = f"{len(rows)} row" + ("s" if len(rows) > 1 else "")
    assert table.warnings == (
        f"array 'logits' doesn't sum to 1 in {rows_off}: it was read as logits, and confidences "
        "are their softmax",
    )


def test_other_arrays_of_that_length_are_columns_and_images_are_told():
    """Other arrays of that length are columns and images are told."""
    table = parsed(y_true=TRUE, y_pred=TRUE, fold=np.array([1, 1, 2, 2]), x=np.zeros((4, 2, 2)))
    assert table.columns.column("fold").to_pylist() == ["1", "1", "2", "2"]
    assert table.warnings == ("array 'x' (4 x 2 x 2) is no column; left out",)


def test_one_array_with_named_fields_is_a_table():
    """One array with named fields is a table."""
    out = io.BytesIO()
    rows = [("a.png", "cat", "dog"), ("b.png", "dog", "dog")]
    np.save(out, np.array(rows, dtype=[("file", "U9"), ("y_true", "U9"), ("y_pred", "U9")]))
    table = tables.parse(out.getvalue(), "out.npy")
    assert table.columns.to_pylist()[0] == {"image": "a.png", "label": "cat", "prediction": "dog"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (npz(y_true=TRUE, y_pred=TRUE[:3]), "arrays of different lengths (y_true 4, y_pred 3)"),
        (npz(a=TRUE), "holds a (4): name them y_true and y_pred (or y_prob)"),
        (npz(y_true=np.ones((4, 3)), y_pred=TRUE), "is no one-hot label in rows 1, 2, 3, 4"),
        (npz(y_true=np.zeros((4, 2, 2)), y_pred=TRUE), "has 3 dimensions: give one label"),
        (npz(y_true=TRUE, y_pred=TRUE, classes=["cat", "dog"]), "without a name in row 3"),
        (npz(y_true=TRUE, y_prob=PROBABILITIES, classes=["a"]), "3 columns, but there are 1 class"),
        (npz(y_true=TRUE, y_prob=PROBABILITIES * np.nan), "isn't finite in rows 1, 2, 3, 4"),
        (npz(y_true=np.array([{}, 1]), y_pred=TRUE), "holds Python objects (a pickle)"),
        (npz(y_true=TRUE, y_pred=TRUE)[:-40], "damaged zip archive"),
    ],
)
def test_what_fits_nothing_is_one_sentence(data: bytes, said: str):
    """What fits nothing is one sentence."""
    assert said in told(data)


def test_an_array_that_only_claims_to_be_huge_is_refused(tmp_path: Path):
    """An array that only claims to be huge is refused."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f8", "fortran_order": False, "shape": (1 << 40,)}
    )
    assert "more than the 512 MB" in told(header.getvalue())
    with zipfile.ZipFile(tmp_path / "x.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("y_true.npy", header.getvalue())
    assert "more than the 512 MB" in told((tmp_path / "x.npz").read_bytes())
