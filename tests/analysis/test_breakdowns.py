"""The errors by label and prediction, and by confidence."""

import numpy as np
import pytest

from errortool.analysis.breakdowns import confidences, matrix
from errortool.model import Category, Judged, Kind


def judged(
    pairs: list[tuple[str, str]],
    *,
    looked_at: list[bool] | None = None,
    confidences: tuple[float | None, ...] = (),
    ticks: list[int] | None = None,
) -> Judged:
    """Return errors with these labels and predictions, and one category."""
    number = len(pairs)
    nothing = np.zeros(number, dtype=np.bool_)
    return Judged(
        categories=(Category(id=7, name="Dog", kind=Kind.CAUSE, position=0),),
        ticks=np.array([ticks or [0] * number], dtype=np.int8).T,
        looked_at=np.array(looked_at or [True] * number),
        deferred=nothing,
        unreadable=nothing,
        labels=tuple(label for label, _ in pairs),
        predictions=tuple(prediction for _, prediction in pairs),
        corrected=(None,) * number,
        weights=None,
        confidences=confidences,
    )


def test_the_matrix_counts_what_was_looked_at():
    """By frequency, rows are labels; an error not looked at counts nowhere."""
    found = matrix(
        judged(
            [("cat", "dog"), ("cat", "dog"), ("dog", "cat"), ("cat", "fox"), ("fox", "cat")],
            looked_at=[True, True, True, True, False],
        )
    )
    assert found.labels == ("cat", "dog")
    assert found.predictions == ("dog", "cat", "fox")
    assert found.counts == ((2, 0, 1), (0, 1, 0))
    assert found.most == 2
    assert found.pairs[0] == ("cat", "dog", 2)


def test_classes_beyond_the_most_frequent_are_counted_together():
    """None stands for them, last; nothing gets lost."""
    pairs = [(f"l{at}", "x") for at in range(5)] + [("l0", "x")]
    found = matrix(judged(pairs), most=2)
    assert found.labels == ("l0", "l1", None)
    assert found.counts == ((2,), (1,), (3,))
    assert ("l0", "x", 2) in found.pairs
    assert all(label is not None for label, _, _ in found.pairs)


def test_nothing_looked_at_is_an_empty_matrix():
    """It has no rows, and no largest count."""
    found = matrix(judged([("a", "b")], looked_at=[False]))
    assert (found.labels, found.counts, found.most, found.pairs) == ((), (), 0, ())


def test_confidences_fall_into_tenths():
    """Borders belong above, 1 to the last; the sure ones are counted."""
    values = (0.0, 0.3, 0.7, 0.9, 1.0, None)
    found = confidences(judged([("a", "b")] * 6, confidences=values, ticks=[1, 0, 0, 1, 0, 1]))
    assert found[None].tenths == (1, 0, 0, 1, 0, 0, 0, 1, 0, 2)
    assert (found[None].known, found[None].sure) == (5, 2)
    assert (found[7].known, found[7].sure) == (2, 1)


@pytest.mark.parametrize("values", [(), (None, None), (0.5, 1.2), (-0.1, 0.5)])
def test_without_confidences_from_0_to_1_there_are_none(values: tuple[float | None, ...]):
    """Scores on another scale have no tenths."""
    assert confidences(judged([("a", "b")] * 2, confidences=values)) == {}
