"""Two tables are matched by id, however these are written, or refused in one sentence."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errortool.data.dev_sets import DevSet
from errortool.data.matching import Match, match
from errortool.errors import SessionError

KEYS = [f"e{number}" for number in range(8)]


def dev_set(
    keys: Sequence[str],
    labels: Sequence[str] = (),
    predictions: Sequence[str] = (),
    *,
    name: str = "v3.csv",
    by_row_number: bool = False,
) -> DevSet:
    """Make a dev set of texts; every label and prediction is a cat unless it is given."""
    said = [list(labels or ["cat"] * len(keys)), list(predictions or ["cat"] * len(keys))]
    names = list(dict.fromkeys([*said[0], *said[1]]))
    codes = [np.array([names.index(one) for one in side], dtype=np.int32) for side in said]
    return DevSet(
        name=name,
        keys=pa.chunked_array([pa.array(list(keys), pa.large_string())]),
        images=None,
        names=tuple(names),
        labels=codes[0],
        predictions=codes[1],
        by_row_number=by_row_number,
    )


def pairs(found: Match) -> set[tuple[str, str]]:
    """Return the ids that were matched."""
    return {
        (found.a.key(a), found.b.key(b))
        for a, b in zip(found.rows_a.tolist(), found.rows_b.tolist(), strict=True)
    }


@given(st.lists(st.integers(0, 30), unique=True), st.lists(st.integers(0, 30), unique=True))
def test_shared_ids_are_those_in_both(one: list[int], other: list[int]):
    """As a join of Python's own; without any it is refused."""
    a, b = dev_set([f"e{n}" for n in one]), dev_set([f"e{n}" for n in other], name="v4.csv")
    shared = {(f"e{n}", f"e{n}") for n in set(one) & set(other)}
    if not shared:
        return
    found = match(a, b)
    assert pairs(found) == shared
    assert (len(found), found.only_a, found.only_b) == (
        len(shared), len(one) - len(shared), len(other) - len(shared),
    )  # fmt: skip


def test_what_became_of_each_example_is_known_in_any_order():
    """By the labels that each table has, and by the newer ones."""
    a = dev_set(KEYS[:4], ["cat", "cat", "dog", "dog"], ["cat", "dog", "dog", "cat"])
    b = dev_set(KEYS[3::-1], ["dog", "cat", "cat", "cat"], ["cat", "dog", "dog", "cat"])
    found = match(a, b)
    at = {found.b.key(row): place for place, row in enumerate(found.rows_b.tolist())}
    order = [at[key] for key in KEYS[:4]]
    assert found.label_changed[order].tolist() == [False, False, True, False]
    assert found.was_wrong[order].tolist() == [False, True, False, True]
    assert found.wrong_a[order].tolist() == [False, True, True, True]
    assert found.wrong_b[order].tolist() == [False, True, True, True]
    assert found.same_answer[order].tolist() == [True, True, True, True]


@pytest.mark.parametrize(
    ("mine", "theirs", "how"),
    [
        (["0001", "0002", "0013"], ["1", "2", "13"], "as whole numbers, such as '0001' with '1'"),
        (["1.0", "2.0"], ["1", "2"], "as whole numbers, such as '1.0' with '1'"),
        (
            ["/home/ann/dev/cat/1.jpg", "/home/ann/dev/dog/1.jpg"],
            ["D:\\dev\\cat\\1.jpg", "D:\\dev\\dog\\1.jpg"],
            "by the ends of their paths",
        ),
        (["dev/1.jpg", "dev/2.jpg"], ["1.jpg", "2.JPG"], "by the ends of their paths"),
        (["dev/001.jpg", "dev/002.jpg"], ["1", "2"], "by their files' names"),
    ],
)
def test_ids_that_are_written_otherwise_are_matched_and_told(
    mine: list[str], theirs: list[str], how: str
):
    """As numbers, by the ends of paths, by names."""
    found = match(dev_set(mine), dev_set(theirs, name="v4.csv"))
    assert pairs(found) == set(zip(mine, theirs, strict=True))
    assert how in found.how
    assert found.how in found.differences()


def test_ids_that_would_be_the_same_then_are_not_matched_so():
    """`1` and `01` are two examples of one table."""
    with pytest.raises(SessionError, match="share no id"):
        match(dev_set(["1", "01"]), dev_set(["001", "x"], name="v4.csv"))


def test_a_few_shared_ids_are_better_than_none_by_another_form():
    """What is written alike counts, if it is half; else the form that matches most."""
    found = match(dev_set(["1", "02", "03"]), dev_set(["1", "2", "3"], name="v4.csv"))
    assert pairs(found) == {("1", "1"), ("02", "2"), ("03", "3")}


def test_another_dev_set_is_refused_with_an_example():
    """It names both tables and what helps."""
    with pytest.raises(SessionError, match=r"v3\.csv and v4\.csv share no id \('e0', .* 'f0'"):
        match(dev_set(KEYS), dev_set(["f0", "f1"], name="v4.csv"))


def test_labels_in_another_spelling_are_the_same():
    """Letter case, blanks and underscores don't make another label, unless both are there."""
    found = match(
        dev_set(KEYS[:3], ["Early Blight", "cat", "cat"], ["cat"] * 3),
        dev_set(KEYS[:3], ["early_blight", "Cat", "Cat"], ["Cat"] * 3, name="v4.csv"),
    )
    assert not found.label_changed.any()
    two = dev_set(KEYS[:5], ["cat", "Cat", "dog", "dog", "dog"])
    found = match(two, dev_set(KEYS[:5], ["cat", "cat", "dog", "dog", "dog"], name="v4.csv"))
    assert found.label_changed.tolist() == [False, True, False, False, False]


def test_classes_called_otherwise_altogether_are_refused():
    """Most labels would have changed: it isn't corrections then."""
    numbers = dev_set(KEYS, ["0", "1"] * 4)
    names = dev_set(KEYS, ["cat", "dog"] * 4, name="v4.csv")
    with pytest.raises(
        SessionError, match=r"8 of 8 shared examples have another label in v4\.csv .* 'cat' instead"
    ):
        match(numbers, names)


def test_tables_without_ids_are_matched_by_row_only_if_all_labels_agree():
    """One label that differs, or another length, and it is refused."""
    rows = [str(number) for number in range(1, 5)]
    labels = ["cat", "dog", "cat", "dog"]
    a = dev_set(rows, labels, by_row_number=True)
    found = match(a, dev_set(rows, labels, name="v4.csv", by_row_number=True))
    assert len(found) == 4
    assert "matched row by row" in found.differences()[0]
    other = dev_set(rows, ["cat", "dog", "dog", "dog"], name="v4.csv", by_row_number=True)
    with pytest.raises(SessionError, match=r"differ in 1 row of .* first in number 3"):
        match(a, other)
    with pytest.raises(SessionError, match=r"has 4 rows, v4\.csv 3 rows"):
        match(a, dev_set(rows[:3], labels[:3], name="v4.csv", by_row_number=True))


def test_rows_are_never_matched_with_ids():
    """Where only one table has ids, nothing says which row is which."""
    a = dev_set(["1", "2"], by_row_number=True)
    with pytest.raises(SessionError, match=r"v3\.csv has no column of ids .* v4\.csv has one"):
        match(a, dev_set(["1", "2"], name="v4.csv"))


def test_differences_are_told_with_numbers():
    """Singular and plural; nothing where nothing differs."""
    assert match(dev_set(KEYS), dev_set(KEYS, name="v4.csv")).differences() == []
    mine, theirs = ["cat", "cat", "dog", "dog"], ["cat", "cat", "dog", "dog", "cat"]
    found = match(dev_set(KEYS[:4], mine), dev_set(KEYS[1:6], theirs, name="v4.csv"))
    assert found.differences() == [
        "1 id only in v3.csv",
        "2 ids only in v4.csv",
        "1 shared example has another label",
    ]
