"""The errors that were looked at, and each category's share of them.

Pure functions of ticks, on top of the intervals of counts.

>>> dogs_and_blurry = np.array([[1, 0], [0, 1], [1, 1], [0, 1]], dtype=np.int8)
>>> sample = Sample(
...     categories=(7, 9), ticks=dogs_and_blurry, errors=4, dev_examples=40, dev_error=0.1
... )
>>> {category: share.share for category, share in shares(sample).items()}
{7: 0.5, 9: 0.75}
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from errortool.analysis.intervals import Ceiling, Share, ceiling, shares_of_errors
from errortool.model import LEVEL, Category, Judged, Kind

Ticks = NDArray[np.int8]
Flags = NDArray[np.bool_]
Weights = NDArray[np.float64]

Value = TypeVar("Value")

ENOUGH: Final = 10
"""From how many errors on something is claimed: "very rough" in "Machine Learning Yearning"."""

_REPLICATES: Final = 2_000
_DRAWN_AT_ONCE: Final = 500_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """The errors that were looked at: a simple random sample of all `errors` of a dev set.

    `ticks` has a row an error, in the order of review, and a column for each of `categories`, by
    id: 1 yes, 0 no, -1 not looked at for it. `weights`, one an error, say how much each mistake
    matters; where all are equal they change nothing. `dev_error` is weighted then.
    """

    categories: tuple[int, ...]
    ticks: Ticks
    errors: int
    dev_examples: int
    dev_error: float
    weights: Weights | None = None
    level: float = LEVEL

    def columns(self, categories: Iterable[int]) -> list[int]:
        """Return the columns of these categories."""
        places = {category: column for column, category in enumerate(self.categories)}
        return [places[category] for category in categories]

    def by_category(self, values: Iterable[Value]) -> dict[int, Value]:
        """Return a value for each column as a value for each category, by id."""
        return dict(zip(self.categories, values, strict=True))

    @property
    def joined(self) -> Flags:
        """Which columns were looked at on at least half of the errors.

        Figures of several categories together ignore the others until they are backfilled: they
        would rest on the few errors that were looked at for a category added late.
        """
        found: Flags = 2 * (self.ticks >= 0).sum(axis=0) >= max(len(self.ticks), 1)
        return found

    @property
    def left_out(self) -> tuple[int, ...]:
        """The categories, by id, that figures of several together ignore."""
        joined = self.by_category(self.joined.tolist())
        return tuple(category for category, is_joined in joined.items() if not is_joined)

    @property
    def complete(self) -> Flags:
        """Which errors were looked at for every joined category; none if no category is."""
        joined = self.joined
        seen: Flags = np.logical_and.reduce(self.ticks[:, joined] >= 0, axis=1)
        return seen & joined.any()

    def complete_ticks(self) -> Flags:
        """Return the ticks of the complete errors; a category that isn't joined has none."""
        found: Flags = (self.ticks[self.complete] == 1) & self.joined
        return found

    def complete_weights(self) -> Weights:
        """Return what each complete error counts: 1, or its weight."""
        return self.weights_or_ones[self.complete]

    @property
    def weights_or_ones(self) -> Weights:
        """What each error counts: 1, or its weight."""
        return np.ones(len(self.ticks)) if self.weights is None else self.weights

    @property
    def weighted(self) -> bool:
        """Whether some mistakes count more than others."""
        return self.weights is not None and len(set(self.weights.tolist())) > 1

    def ceiling(self, share: Share | None) -> Ceiling | None:
        """Return the dev error left if the errors of this share were fixed."""
        if share is None:
            return None
        return ceiling(
            share, errors=self.errors, dev_examples=self.dev_examples, dev_error=self.dev_error
        )


def shares(sample: Sample) -> dict[int, Share | None]:
    """Return each category's share of the errors looked at for it; None where none was."""
    seen = sample.ticks >= 0
    alike = bool((seen == seen[:, :1]).all())
    found = _shares(sample, sample.ticks == 1, seen[:, :1] if alike and seen.size else seen)
    return sample.by_category(found)


def none_of_these(sample: Sample) -> Share | None:
    """Return the share of errors that fit no category, of those looked at for every category.

    Of an error without a tick that wasn't looked at for a category added later it isn't known: see
    `unknown`. None where no error was looked at for every category.
    """
    seen: Flags = np.logical_and.reduce(sample.ticks >= 0, axis=1)
    none: Flags = ~(sample.ticks[seen] == 1).any(axis=1)
    return shares_among(sample, seen, none[:, None])[0]


def unknown(sample: Sample) -> int:
    """Count the errors without a tick that were not looked at for every category."""
    unticked, unseen = ~(sample.ticks == 1).any(axis=1), (sample.ticks < 0).any(axis=1)
    return int((unticked & unseen).sum())


def largest(judged: Judged) -> tuple[tuple[Category, ...], float]:
    """Return the cause with the largest share, unweighted, or several that tie, and that share.

    Nothing is the largest of fewer than 10 errors looked at.
    """
    ticked, looked_at = judged.counts()
    found = [
        (category, k / n)
        for category, k, n in zip(judged.categories, ticked, looked_at, strict=True)
        if k and n >= ENOUGH and category.kind is Kind.CAUSE
    ]
    most = max((share for _, share in found), default=0.0)
    return tuple(category for category, share in found if share == most), most


def _shares(sample: Sample, hits: Flags, seen: Flags) -> list[Share | None]:
    """Return the share of `hits` among `seen` (one column or as many), column by column."""
    looked_at = np.broadcast_to(seen.sum(axis=0), hits.shape[1])
    exact = shares_of_errors(
        hits.sum(axis=0).tolist(),
        looked_at.tolist(),
        errors=sample.errors,
        level=sample.level,
    )
    return _reweighted(sample, hits, seen, exact) if sample.weighted else exact


def shares_among(sample: Sample, rows: Flags, hits: Flags) -> list[Share | None]:
    """Return the share of `hits`, which has a line for each of `rows`, column by column."""
    every = np.zeros((len(rows), hits.shape[1]), dtype=np.bool_)
    every[rows] = hits
    return _shares(sample, every, rows[:, None])


def _reweighted(
    sample: Sample, hits: Flags, seen: Flags, exact: Sequence[Share | None]
) -> list[Share | None]:
    """Turn counts into ratio estimates sum(w * tick) / sum(w) with a bootstrap interval.

    Where all ticks are the same no resample differs from another: there the exact interval of the
    counts is used instead.
    """
    weights = sample.weights_or_ones[:, None]
    wholes: Weights = np.where(seen, weights, 0.0)
    parts: Weights = np.where(hits, weights, 0.0)
    with np.errstate(invalid="ignore"):
        ratios: Weights = parts.sum(axis=0) / wholes.sum(axis=0)
    tail = (1 - sample.level) / 2
    lows, highs = np.quantile(resampled_ratios(parts, wholes), (tail, 1 - tail), axis=0)
    result: list[Share | None] = []
    for ratio, low, high, counted in zip(
        ratios.tolist(), lows.tolist(), highs.tolist(), exact, strict=True
    ):
        if counted is None or isnan(ratio):
            result.append(None)
            continue
        ends = low, high
        if counted.looked_at == sample.errors:
            ends = ratio, ratio
        elif counted.ticked in {0, counted.looked_at}:
            ends = counted.low, counted.high
        result.append(
            Share(
                share=ratio,
                low=min(ends[0], ratio),
                high=max(ends[1], ratio),
                ticked=counted.ticked,
                looked_at=counted.looked_at,
            )
        )
    return result


def resampled_ratios(parts: Weights, wholes: Weights) -> Weights:
    """Return the ratio of sums, column by column, in each of many resamples of the rows."""
    times = _resamples(len(parts))
    sums = times @ wholes.astype(np.float32)
    with np.errstate(invalid="ignore"):
        ratios = (times @ parts.astype(np.float32)) / sums
    found: Weights = np.nan_to_num(ratios).astype(np.float64)  # where nothing was seen: no share
    return found


@lru_cache(maxsize=1)
def _resamples(rows: int) -> NDArray[np.float32]:
    """Return how often each row is drawn in each resample: the same for the same number of rows."""
    chance = np.random.default_rng(0)
    times = np.empty((_REPLICATES, rows), dtype=np.float32)
    at_once = max(1, _DRAWN_AT_ONCE // rows)
    for first in range(0, _REPLICATES, at_once):
        lines = min(at_once, _REPLICATES - first)
        # Shift each resample's numbers into a range of its own: one bincount then counts them all.
        drawn = chance.integers(0, rows, (lines, rows), dtype=np.uint32).astype(np.int64)
        drawn += np.arange(lines)[:, None] * rows
        counted = np.bincount(drawn.ravel(), minlength=rows * lines)
        times[first : first + lines] = counted.reshape(lines, rows)
    times.flags.writeable = False
    return times
