"""All predictions of a dev set, packed: the same when unpacked, small, and open to any reader."""

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errortool.data import dev_sets, predictions
from errortool.data.dev_sets import MOST_GROUPS, Column, DevSet
from errortool.errors import TableError


def texts(values: list[str]) -> pa.ChunkedArray:
    """Return a column of texts."""
    return pa.chunked_array([pa.array(values, pa.large_string())])


@st.composite
def made(draw: st.DrawFn) -> DevSet:
    """Make any dev set."""
    rows = draw(st.integers(1, 12))
    many = {"min_size": rows, "max_size": rows}
    keys = draw(st.lists(st.text(min_size=1, max_size=6), unique=True, **many))
    kind = draw(st.sampled_from(["none", "ids", "others"]))
    images = {"none": None, "ids": keys, "others": [f"dev/{number}" for number in range(rows)]}
    codes = st.lists(st.integers(0, 2), **many)
    confidences = draw(st.none() | st.lists(st.floats(0, 1, width=32), **many))
    weights = draw(st.none() | st.lists(st.floats(0, 5), **many))
    groups = draw(st.none() | st.lists(st.integers(-1, 1), **many))
    chosen = images[kind]
    return DevSet(
        name="v3.csv",
        keys=texts(keys),
        images=None if chosen is None else texts(chosen),
        names=("cat", "كلب", "not cat"),
        labels=np.array(draw(codes), dtype=np.int32),
        predictions=np.array(draw(codes), dtype=np.int32),
        confidences=None if confidences is None else np.array(confidences, dtype=np.float32),
        weights=None if weights is None else np.array(weights),
        groups={}
        if groups is None
        else {"a: b": Column(names=("x", "y"), codes=np.array(groups, dtype=np.int32))},
        by_row_number=draw(st.booleans()),
        errors_only=draw(st.booleans()),
    )


def named(dev_set: DevSet, codes: np.ndarray) -> list[str]:
    """Return classes by their names."""
    return [dev_set.names[code] for code in codes.tolist()]


@given(made())
def test_unpacked_it_is_what_was_packed(dev_set: DevSet):
    """Confidences keep 16 bits; everything else is the same."""
    found = dev_sets.unpacked(dev_sets.packed(dev_set), "it")
    assert found.keys.to_pylist() == dev_set.keys.to_pylist()
    assert [found.image(row) for row in range(len(found))] == [
        dev_set.image(row) for row in range(len(dev_set))
    ]
    assert named(found, found.labels) == named(dev_set, dev_set.labels)
    assert named(found, found.predictions) == named(dev_set, dev_set.predictions)
    assert (found.wrong == dev_set.wrong).all()
    for name in ("name", "by_row_number", "errors_only"):
        assert getattr(found, name) == getattr(dev_set, name)
    if dev_set.confidences is None:
        assert found.confidences is None
    else:
        np.testing.assert_allclose(found.confidences, dev_set.confidences, rtol=2**-15)
    if dev_set.weights is None:
        assert found.weights is None
    else:
        np.testing.assert_array_equal(found.weights, dev_set.weights)
    assert found.groups.keys() == dev_set.groups.keys()
    for name, group in dev_set.groups.items():
        other = found.groups[name]
        assert [other.names[code] if code >= 0 else "" for code in other.codes.tolist()] == [
            group.names[code] if code >= 0 else "" for code in group.codes.tolist()
        ]


def table(folder: Path, rows: int = 40) -> Path:
    """Write a table with a column of each role, one that groups and one that doesn't."""
    frame = pd.DataFrame(
        {
            "id": [f"e{number}" for number in range(rows)],
            "image": [f"dev/{number}.png" for number in range(rows)],
            "label": ["cat"] * rows,
            "prediction": ["dog" if number % 4 == 0 else "cat" for number in range(rows)],
            "confidence": np.linspace(0.5, 1, rows),
            "weight": [1 + number % 3 for number in range(rows)],
            "camera": ["front" if number % 2 else "" for number in range(rows)],
            "comment": [f"note {number}" for number in range(rows)],
        }
    )
    path = folder / "v3.csv"
    frame.to_csv(path, index=False)
    return path


def test_any_program_can_read_it(tmp_path: Path):
    """With pandas it is a table in the order of the file."""
    found = predictions.load(table(tmp_path)).dev_set
    frame = pd.read_parquet(io.BytesIO(dev_sets.packed(found)))
    roles = ["id", "image", "label", "prediction", "confidence", "weight"]
    assert list(frame) == [*roles, "column: camera", "column: comment"]
    assert frame["prediction"].tolist()[:5] == ["dog", "cat", "cat", "cat", "dog"]
    assert frame["column: camera"].isna().sum() == 20
    assert frame["weight"].tolist()[:4] == [1, 2, 3, 1]


def test_a_column_of_many_values_groups_nothing():
    """Nor does one that says the same everywhere."""
    many = texts([str(number) for number in range(MOST_GROUPS + 1)])
    assert dev_sets.grouping(many) is None
    assert dev_sets.grouping(texts(["a", "a"])) is None
    found = dev_sets.grouping(texts([" a", "b", "", "a "]))
    assert found is not None
    assert (found.names, found.codes.tolist()) == (("a", "b"), [0, 1, -1, 0])


@pytest.mark.parametrize("data", [b"", b"PAR1 but not really", b"\x00" * 40])
def test_damaged_bytes_are_one_sentence(data: bytes):
    """It names what they are of."""
    with pytest.raises(TableError, match=r"^session 'v3': its kept predictions can't be read"):
        dev_sets.unpacked(data, "session 'v3'")


def _cut(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def test_another_parquet_file_is_no_dev_set():
    """One without our mark is refused like a damaged one."""
    out = io.BytesIO()
    pq.write_table(pa.table({"id": ["a"]}), out)
    with pytest.raises(TableError, match="can't be read"):
        dev_sets.unpacked(out.getvalue(), "it")


@pytest.mark.parametrize("ids", ["numbers", "paths", "random"])
def test_a_million_rows_take_at_most_20_mb(ids: str):
    """With the ids that people have; random ones can't be made smaller than they are."""
    rows = 1_000_000
    random = np.random.default_rng(0)
    labels = random.integers(0, 10, rows).astype(np.int32)
    wrong = random.random(rows) < 0.1
    said = np.where(wrong, random.integers(0, 10, rows), labels).astype(np.int32)
    keys = {
        "numbers": lambda: [str(number) for number in range(rows)],
        "paths": lambda: [f"dev/class {number % 10}/{number:07d}.jpg" for number in range(rows)],
        "random": lambda: _cut(random.bytes(16 * rows).hex(), 32),
    }[ids]()
    found = DevSet(
        name="v3.csv",
        keys=texts(keys),
        images=texts(keys),
        names=tuple(f"class {number}" for number in range(10)),
        labels=labels,
        predictions=said,
        confidences=random.random(rows).astype(np.float32),
    )
    data = dev_sets.packed(found)
    assert len(data) <= 20_000_000
    assert json.loads(pq.read_schema(io.BytesIO(data)).metadata[b"errortool"])["images"] is True
