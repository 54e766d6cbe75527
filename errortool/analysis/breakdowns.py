"""The errors counted by label and prediction, and by the model's confidence."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from errortool.analysis.sample import Flags
from errortool.model import Judged

SURE: Final = 0.9
"""The confidence from which on a model counts as sure."""

_CLASSES: Final = 14
_TENTHS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """How many errors have which label (rows) and which prediction (columns).

    Both are by frequency; None, the last, stands for all others where there are too many.
    """

    labels: tuple[str | None, ...]
    predictions: tuple[str | None, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def most(self) -> int:
        """The largest count."""
        return max((count for row in self.counts for count in row), default=0)

    @property
    def pairs(self) -> tuple[tuple[str, str, int], ...]:
        """Label, prediction and count of what occurs, the most frequent first."""
        found = (
            (label, prediction, count)
            for label, row in zip(self.labels, self.counts, strict=True)
            for prediction, count in zip(self.predictions, row, strict=True)
            if count and label is not None and prediction is not None
        )
        return tuple(sorted(found, key=lambda pair: -pair[2]))


def matrix(judged: Judged, most: int = _CLASSES) -> Matrix:
    """Count the errors that were looked at by label and prediction, with the `most` frequent."""
    kept = judged.only(judged.looked_at)
    labels, predictions = _frequent(kept.labels, most), _frequent(kept.predictions, most)
    pairs = Counter(
        (label if label in labels else None, prediction if prediction in predictions else None)
        for label, prediction in zip(kept.labels, kept.predictions, strict=True)
    )
    return Matrix(
        labels=labels,
        predictions=predictions,
        counts=tuple(tuple(pairs[label, one] for one in predictions) for label in labels),
    )


def _frequent(names: tuple[str, ...], most: int) -> tuple[str | None, ...]:
    found = [name for name, _ in Counter(names).most_common()]
    return tuple(found) if len(found) <= most else (*found[:most], None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidences:
    """How sure the model was of some errors: how many in each tenth from 0 to 1.

    `known` is how many have a confidence at all, `sure` those of at least SURE.
    """

    tenths: tuple[int, ...]
    known: int
    sure: int


def confidences(judged: Judged) -> dict[int | None, Confidences]:
    """Count each category's errors by confidence, by its id; of all errors looked at for None.

    Without confidences, or where some lie outside 0 to 1, there is nothing to count.
    """
    if not judged.confidences:
        return {}
    values = np.array(judged.confidences, dtype=np.float64)
    known = ~np.isnan(values)
    if not known.any() or values[known].min() < 0 or values[known].max() > 1:
        return {}
    everything = {None: judged.looked_at} | {
        category.id: column == 1
        for category, column in zip(judged.categories, judged.ticks.T, strict=True)
    }
    found = {key: _counted(values, known & rows) for key, rows in everything.items()}
    return {key: counted for key, counted in found.items() if counted.known}


def _counted(values: "np.typing.NDArray[np.float64]", rows: Flags) -> Confidences:
    chosen = values[rows]
    # 0.9 belongs to the last tenth, however floats round.
    places = np.minimum((chosen * _TENTHS + 1e-9).astype(np.int64), _TENTHS - 1)
    return Confidences(
        tenths=tuple(np.bincount(places, minlength=_TENTHS).tolist()),
        known=int(rows.sum()),
        sure=int((chosen >= SURE).sum()),
    )
