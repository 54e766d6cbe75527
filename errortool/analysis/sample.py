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
from dataclasses import dataclass, replace
from typing import Any, Final, TypedDict, TypeVar

import numpy as np
from numpy.typing import NDArray

from errortool.analysis.intervals import Ceiling, Share, ceiling, refuse_level
from errortool.analysis.sequences import estimates
from errortool.analysis.weighted import Totals, effective, ends
from errortool.model import LEVEL, Category, Holds, Intervals, Judged, Kind

Ticks = NDArray[np.int8]
Flags = NDArray[np.bool_]
Weights = NDArray[np.float64]

Value = TypeVar("Value")

_ROUNDING: Final = 1e-9

ENOUGH: Final = 10
"""From how many errors on something is claimed: "very rough" in "Machine Learning Yearning"."""


class Size(TypedDict):
    """How many errors a dev set has and of how many examples, and its dev error, a fraction."""

    errors: int
    dev_examples: int
    dev_error: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """The errors that were looked at: a simple random sample of all `errors` of a dev set.

    `ticks` has a row an error, in the order of review, and a column for each of `categories`, by
    id: 1 yes, 0 no, -1 not looked at for it. `weights`, one an error, say how much each mistake
    matters; where all are equal they change nothing. `dev_error` is weighted then. `planned` says
    whether a number was planned, and `at_plan` how many errors were looked at if they are just
    those, else None. `totals` are the weights of all errors, looked at or not; None where they
    aren't known.
    """

    categories: tuple[int, ...]
    ticks: Ticks
    errors: int
    dev_examples: int | None
    dev_error: float | None
    weights: Weights | None = None
    totals: Totals | None = None
    level: float = LEVEL
    planned: bool = False
    at_plan: int | None = None
    intervals: Intervals = Intervals.AUTO

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
        """Whether some mistakes count more than others, be they looked at or not."""
        if self.weights is None:
            return False
        return len(set(self.weights.tolist())) > 1 or (
            self.totals is not None and self.totals.effect > 1 + _ROUNDING
        )

    def holds(self, looked_at: int) -> Holds:
        """Return for which numbers an interval from so many errors looked at holds.

        That of a weighted share never holds at all times, whatever was asked for.
        """
        asked = Intervals.PLANNED if self.weighted else self.intervals
        return asked.holds(looked_at, errors=self.errors, at_plan=self.at_plan)

    def estimates(self, ticked: Sequence[int], looked_at: Sequence[int]) -> list[Share | None]:
        """Estimate shares of all errors from counts, with the interval that holds for each."""
        return estimates(
            ticked,
            looked_at,
            errors=self.errors,
            level=self.level,
            at_plan=self.at_plan,
            intervals=self.intervals,
        )

    def ceiling(self, share: Share | None) -> Ceiling | None:
        """Return the dev error left if the errors of this share were fixed, None if not known."""
        size = self.size
        return ceiling(share, **size) if share and size else None

    @property
    def size(self) -> Size | None:
        """How large the dev set is, and its dev error; None where that isn't known."""
        if self.dev_examples is None or self.dev_error is None:
            return None
        return Size(errors=self.errors, dev_examples=self.dev_examples, dev_error=self.dev_error)


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


def simultaneous(sample: Sample, number: int) -> Sample:
    """Return the same sample at the level at which so many intervals hold at once (Bonferroni).

    What was picked from several categories needs it: the largest looks larger than it is.
    """
    return replace(sample, level=1 - (1 - sample.level) / max(number, 1))


def _shares(sample: Sample, hits: Flags, seen: Flags) -> list[Share | None]:
    """Return the share of `hits` among `seen` (one column or as many), column by column."""

    def of_each(values: NDArray[Any]) -> NDArray[Any]:
        return np.broadcast_to(values.sum(axis=0), hits.shape[1])

    ticked, looked_at = of_each(hits).tolist(), of_each(seen).tolist()
    if not sample.weighted:
        return sample.estimates(ticked, looked_at)
    weights = sample.weights_or_ones[:, None]
    sums = of_each(weights * hits), of_each(weights * seen), of_each(weights**2 * seen)
    return weighted_shares(sample, sums, ticked, looked_at)


def shares_among(sample: Sample, rows: Flags, hits: Flags) -> list[Share | None]:
    """Return the share of `hits`, which has a line for each of `rows`, column by column."""
    every = np.zeros((len(rows), hits.shape[1]), dtype=np.bool_)
    every[rows] = hits
    return _shares(sample, every, rows[:, None])


def weighted_shares(
    sample: Sample,
    sums: tuple[Weights, Weights, Weights],
    ticked: Sequence[int],
    looked_at: Sequence[int],
) -> list[Share | None]:
    """Return shares of the weight, with the interval of a ratio; None of no weight.

    `sums` are those of the weights of the ticked, of the weights of all looked at, and of the
    squares of these. Raises EstimateError for a level outside 0 to 1.
    """
    refuse_level(sample.level)
    parts, wholes, squares = sums
    some = wholes > 0
    ratios = parts / np.where(some, wholes, 1.0)
    numbers = np.maximum(np.array(looked_at, dtype=np.float64), 1)
    size = effective(wholes, np.where(some, squares, 1.0), numbers, sample.totals)
    lacking = (
        np.zeros(len(ratios)) if sample.totals is None else sample.totals.lacking(wholes, numbers)
    )
    lows, highs = ends(ratios, size, numbers, lacking, errors=sample.errors, level=sample.level)
    every = numbers == sample.errors
    lows, highs = np.where(every, ratios, lows), np.where(every, ratios, highs)
    return [
        Share(share=ratio, low=low, high=high, ticked=k, looked_at=n, holds=sample.holds(n))
        if is_some
        else None
        for k, n, is_some, ratio, low, high in zip(
            ticked, looked_at, some.tolist(), ratios.tolist(), lows.tolist(), highs.tolist(),
            strict=True,
        )
    ]  # fmt: skip
