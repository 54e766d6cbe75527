"""Warn where labels and predictions look like the same classes written in two ways.

Each warning says what the error would be if they were, and which option makes them so. Nothing is
changed by itself: only a person knows.
"""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from errortool.messages import count, quoted

_MOST_CLASSES: Final = 2_000
_FEWEST_ROWS: Final = 4  # that must agree then, so that it isn't chance
_PART: Final = 0.5  # of the errors that must be explained
_SIGN: Final = re.compile(r"\s*[|,;+&/]\s*")

Codes = NDArray[np.int64]


def warnings_of(names: Sequence[str], labels: Codes, predictions: Codes) -> list[str]:
    """Return what looks like one class in two spellings, as clauses with counts.

    `labels` and `predictions` hold, row by row, indices of `names`.
    """
    wrong = labels != predictions
    if np.count_nonzero(wrong) < _FEWEST_ROWS or len(names) > _MOST_CLASSES:
        return []
    for doubt in (_shifted, _in_other_order, _renamed):
        if (found := doubt(names, labels, predictions)) is not None:
            return [found]
    return []


def _explains(wrong: Codes, left: int) -> bool:
    """Return whether so few errors are left that the reading must have something to it."""
    errors = int(np.count_nonzero(wrong))
    return errors - left >= max(_FEWEST_ROWS, _PART * errors)


def _would_be(errors: int, left: int, rows: int) -> str:
    """Say what the error would be; of a table of errors only, how many errors would be left."""
    if errors == rows:
        return f"{left:,} of the {count(errors, 'error')} would be left"
    return f"the dev error would be {left / rows:.1%} instead of {errors / rows:.1%}".replace(
        "%", " %"
    )


def _shifted(names: Sequence[str], labels: Codes, predictions: Codes) -> str | None:
    """Find labels that count from 1 where predictions count from 0, or the other way round."""
    used = np.unique(np.concatenate([labels, predictions]))
    if not all(re.fullmatch(r"-?\d{1,9}", names[code]) for code in used):
        return None
    values = np.zeros(len(names), dtype=np.int64)
    values[used] = [int(names[code]) for code in used]
    wrong = labels != predictions
    errors = int(np.count_nonzero(wrong))
    best = min(
        (int(np.count_nonzero(values[labels] + shift != values[predictions])), shift)
        for shift in (-1, 1)
    )
    left, shift = best
    ends = [end(values[labels]) + shift == end(values[predictions]) for end in (np.min, np.max)]
    if not any(ends) or not _explains(wrong, left):
        return None  # of two classes alone, half of all errors are one higher
    way = "lower" if shift < 0 else "higher"
    return (
        f"with every label one {way} {_would_be(errors, left, len(labels))}: if the labels count "
        f"from another number than the predictions, give --label-offset {shift}"
    )


def _in_other_order(names: Sequence[str], labels: Codes, predictions: Codes) -> str | None:
    """Find sets of classes, such as `A|B`, whose parts are written in another order."""
    sets = [tuple(sorted(_SIGN.split(name.strip()))) for name in names]
    known: dict[tuple[str, ...], int] = {}
    same = np.array([known.setdefault(parts, code) for code, parts in enumerate(sets)])
    wrong = labels != predictions
    turned = wrong & (same[labels] == same[predictions])
    if not turned.any():
        return None
    errors, rows = int(np.count_nonzero(wrong)), len(labels)
    left = errors - int(np.count_nonzero(turned))
    first = int(np.flatnonzero(turned)[0])
    pair = f"{quoted(names[labels[first]])} and {quoted(names[predictions[first]])}"
    return (
        f"{pair} hold the same parts in another order (so in "
        f"{count(errors - left, 'row')}): if they are one class, {_would_be(errors, left, rows)}; "
        "write both alike, or name one as the other with --classes"
    )


def _renamed(names: Sequence[str], labels: Codes, predictions: Codes) -> str | None:
    """Find labels that are never predicted beside predictions that are no label.

    The warning is about the one-to-one pairing that leaves the fewest errors (a linear assignment,
    solved by SciPy).
    """
    wrong = labels != predictions
    if wrong.all():
        return None  # of errors only, any class may be never predicted
    unpredicted = np.setdiff1d(labels, predictions)
    no_label = np.setdiff1d(predictions, labels)
    if not unpredicted.size or not no_label.size:
        return None
    from scipy.optimize import linear_sum_assignment

    both = np.isin(labels, unpredicted) & np.isin(predictions, no_label)
    together = np.zeros((unpredicted.size, no_label.size), dtype=np.int64)
    rows = np.searchsorted(unpredicted, labels[both])
    columns = np.searchsorted(no_label, predictions[both])
    np.add.at(together, (rows, columns), 1)
    one, other = linear_sum_assignment(together, maximize=True)
    paired = together[one, other]
    errors = int(np.count_nonzero(wrong))
    left = errors - int(paired.sum())
    if not _explains(wrong, left):
        return None
    best = int(paired.argmax())
    label, prediction = names[unpredicted[one[best]]], names[no_label[other[best]]]
    return (
        f"{count(int(unpredicted.size), 'label class')} such as {quoted(label)} "
        f"{'is' if unpredicted.size == 1 else 'are'} never predicted, and predictions such as "
        f"{quoted(prediction)} are no label: if these are the same classes, "
        f"{_would_be(errors, left, len(labels))}; map them with --classes"
    )
