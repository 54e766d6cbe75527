"""Labels and predictions that may be the same classes in two spellings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errortool.data import tables
from errortool.data.mismatches import warnings_of
from errortool.data.predictions import validate


def told(labels: list[str], predictions: list[str]) -> list[str]:
    """Return the warnings about two columns."""
    names = list(dict.fromkeys([*labels, *predictions]))
    codes = [np.array([names.index(one) for one in column]) for column in (labels, predictions)]
    return warnings_of(names, *codes)


def test_a_shift_by_one_is_told_with_the_error_it_would_leave():
    """Labels 1 to 10 against predictions 0 to 9, with one true error."""
    labels = [str(1 + n % 10) for n in range(40)]
    predictions = [str(n % 10) for n in range(40)]
    predictions[0] = "5"
    assert told(labels, predictions) == [
        "with every label one lower 1 of the 40 errors would be left: if the labels count from "
        "another number than the predictions, give --label-offset -1"
    ]
    assert "--label-offset 1" in told(predictions, labels)[0]


def test_sets_in_another_order_are_told():
    """Multi-label sets joined by a sign; three of the errors are such."""
    labels = ["A|B", "A|B", "B", "A|B", "A|C", "B"] * 2
    predictions = ["B|A", "A|B", "B", "B|A", "A|B", "B"] * 2
    assert told(labels, predictions) == [
        "'A|B' and 'B|A' hold the same parts in another order (so in 4 rows): if they are one "
        "class, the dev error would be 16.7 % instead of 50.0 %; write both alike, or name one as "
        "the other with --classes"
    ]


def test_classes_under_other_names_are_told():
    """The best one-to-one pairing of labels never predicted with predictions that are no label."""
    labels = ["plane", "car", "ship", "bird"] * 5
    predictions = ["airplane", "automobile", "ship", "bird"] * 5
    predictions[0] = "automobile"
    assert told(labels, predictions) == [
        "2 label classes such as 'car' are never predicted, and predictions such as 'automobile' "
        "are no label: if these are the same classes, the dev error would be 5.0 % instead of "
        "50.0 %; map them with --classes"
    ]


@pytest.mark.parametrize(
    ("labels", "predictions"),
    [
        (["a", "b"] * 10, ["a", "a"] * 10),  # one class is never predicted: no prediction is odd
        (["a", "b", "c"] * 10, ["b", "c", "a"] * 10),  # errors only, of the same classes
        (["cat"] * 10, ["dog"] * 10),  # errors only: every class may be never predicted
        (["1", "2", "3"] * 10, ["1", "3", "2"] * 10),  # no shift explains half
        (["0"] * 10 + ["1"] * 2, ["1"] * 10 + ["0"] * 2),  # the errors of a yes or no
        (["0", "1"] * 10 + ["1"] * 20, ["1", "0"] * 10 + ["1"] * 20),
        (["A|B", "A|C"] * 10, ["A|C", "A|C"] * 10),  # other parts
        (["1", "2"], ["0", "1"]),  # too few rows to tell
        (["a"] * 20 + ["fox"], ["a"] * 10 + ["b"] * 10 + ["wolf"]),  # one row is chance
    ],
)
def test_nothing_is_told_of_what_is_an_error(labels: list[str], predictions: list[str]):
    """A warning that isn't so would be worse than none."""
    assert told(labels, predictions) == []


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=30))
def test_tables_of_one_spelling_are_never_doubted(pairs: list[tuple[str, str]]):
    """Every class is a label and a prediction."""
    whole = [*pairs, *(tuple(one * 2) for one in "abcd")]
    assert told([one for one, _ in whole], [one for _, one in whole]) == []


def test_the_error_that_would_be_is_that_of_the_table_so_changed():
    """An oracle: change the labels as the warning says, and compare."""
    rows = [f"{1 + n % 10},{n % 10 if n % 7 else 9 - n % 10}" for n in range(100)]
    found = validate(tables.parse(("label,pred\n" + "\n".join(rows)).encode(), "p.csv"))
    changed = "\n".join(f"{int(a) - 1},{b}" for a, b in (row.split(",") for row in rows))
    after = validate(tables.parse(("label,pred\n" + changed).encode(), "p.csv"))
    said = next(one for one in found.warnings if "--label-offset -1" in one)
    if found.errors_only:
        assert f"{after.errors} of the {found.errors} errors would be left" in said
    else:
        assert f"{after.dev_error:.1%} instead of {found.dev_error:.1%}".replace("%", " %") in said
