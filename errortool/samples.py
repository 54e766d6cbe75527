"""What a sample of ticked errors tells: shares, overlaps, the order of work, when to stop.

Pure functions of ticks, on top of the numbers of `estimates`; the formulas are those of the
README's section "The numbers".

>>> dogs_and_blurry = np.array([[1, 0], [0, 1], [1, 1], [0, 1]], dtype=np.int8)
>>> sample = Sample(ticks=dogs_and_blurry, errors=4)
>>> [share.share for share in shares(sample)]
[0.5, 0.75]
>>> joint(sample, [0, 1]).hopeful.share
1.0
>>> [(step.category, step.adds) for step in order_of_work(sample)]
[(1, 0.75), (0, 0.25)]
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from errortool.estimates import Share, shares_of_errors
from errortool.model import LEVEL

Ticks = NDArray[np.int8]
Flags = NDArray[np.bool_]
Weights = NDArray[np.float64]

_POWER: Final = 0.8  # of the test that "about so many more errors" plans for
_REPLICATES: Final = 2_000
_DRAWN_AT_ONCE: Final = 500_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """The errors that were looked at: a fair sample of all `errors`.

    `ticks` has a row an error, in the order of review, and a column a category: 1 yes, 0 no, -1
    not looked at for it. `weights`, one an error, say how much each mistake matters; where they
    are all alike they say nothing.
    """

    ticks: Ticks
    errors: int
    weights: Weights | None = None
    level: float = LEVEL

    @property
    def joined(self) -> Flags:
        """Which categories were looked at on at least half of the errors.

        What is said of categories together leaves the others out, until they are backfilled: else
        it would rest on the few errors that were looked at for a category that came late.
        """
        found: Flags = 2 * (self.ticks >= 0).sum(axis=0) >= max(len(self.ticks), 1)
        return found

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
        return self.weighing[self.complete]

    @property
    def weighing(self) -> Weights:
        """What each error counts: 1, or its weight."""
        return np.ones(len(self.ticks)) if self.weights is None else self.weights

    @property
    def weighted(self) -> bool:
        """Whether some mistakes count more than others."""
        return self.weights is not None and len(set(self.weights.tolist())) > 1


def shares(sample: Sample) -> list[Share | None]:
    """Return each category's share of the errors looked at for it; None where none was."""
    seen = sample.ticks >= 0
    alike = bool((seen == seen[:, :1]).all())
    return _shares(sample, sample.ticks == 1, seen[:, :1] if alike and seen.size else seen)


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


def _among(sample: Sample, rows: Flags, hits: Flags) -> list[Share | None]:
    """Return the share of `hits`, which has a line for each of `rows`, column by column."""
    every = np.zeros((len(rows), hits.shape[1]), dtype=np.bool_)
    every[rows] = hits
    return _shares(sample, every, rows[:, None])


def _reweighted(
    sample: Sample, hits: Flags, seen: Flags, exact: Sequence[Share | None]
) -> list[Share | None]:
    """Turn counts into ratio estimates sum(w * tick) / sum(w), with a bootstrap's interval.

    Where all ticks are alike no resample differs from another: there the exact interval of the
    counts stands in.
    """
    weights = sample.weighing[:, None]
    wholes: Weights = np.where(seen, weights, 0.0)
    parts: Weights = np.where(hits, weights, 0.0)
    with np.errstate(invalid="ignore"):
        ratios: Weights = parts.sum(axis=0) / wholes.sum(axis=0)
    tail = (1 - sample.level) / 2
    lows, highs = np.quantile(_resampled(parts, wholes), (tail, 1 - tail), axis=0)
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


def _resampled(parts: Weights, wholes: Weights) -> Weights:
    """Return the ratio of sums, column by column, in each of many resamples of the rows."""
    times = _resamples(len(parts))
    sums = times @ wholes.astype(np.float32)
    with np.errstate(invalid="ignore"):
        ratios = (times @ parts.astype(np.float32)) / sums
    found: Weights = np.nan_to_num(ratios).astype(np.float64)  # where nothing was seen: no share
    return found


@lru_cache(maxsize=1)
def _resamples(rows: int) -> NDArray[np.float32]:
    """Return how often each row is drawn in each resample: always the same for as many rows."""
    chance = np.random.default_rng(0)
    times = np.empty((_REPLICATES, rows), dtype=np.float32)
    at_once = max(1, _DRAWN_AT_ONCE // rows)
    for first in range(0, _REPLICATES, at_once):
        lines = min(at_once, _REPLICATES - first)
        drawn = chance.integers(0, rows, (lines, rows), dtype=np.uint32).astype(np.int64)
        drawn += np.arange(lines)[:, None] * rows
        counted = np.bincount(drawn.ravel(), minlength=rows * lines)
        times[first : first + lines] = counted.reshape(lines, rows)
    times.flags.writeable = False
    return times


# --- several categories at once ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The share of errors that go if a set of categories is solved; None if not looked at.

    An error with several causes is fixed if any of them is (`hopeful`), or only if all are
    (`cautious`): the truth lies between.
    """

    hopeful: Share | None
    cautious: Share | None


def joint(sample: Sample, chosen: Collection[int]) -> Joint:
    """Return what solving the categories in columns `chosen` would fix.

    `hopeful` rests on the errors looked at for each of these, `cautious` on the complete ones,
    since it asks whether there is another cause.
    """
    columns = sorted(set(chosen))
    ticks = sample.ticks[:, columns]
    seen: Flags = np.logical_and.reduce(ticks >= 0, axis=1)
    hopeful: Flags = np.logical_or.reduce(ticks[seen] == 1, axis=1)
    cautious = _all_within(sample.complete_ticks(), columns)
    return Joint(
        hopeful=_among(sample, seen, hopeful[:, None])[0],
        cautious=_among(sample, sample.complete, cautious[:, None])[0],
    )


def _all_within(ticks: Flags, columns: Sequence[int]) -> Flags:
    """Tell which rows have ticks, and all of them in these columns."""
    others = np.delete(ticks, columns, axis=1)
    found: Flags = np.logical_or.reduce(ticks, axis=1) & ~others.any(axis=1)
    return found


def only_shares(sample: Sample) -> list[Share | None]:
    """Return the share of errors with this tick and no other: what fixing it alone surely wins."""
    ticks = sample.complete_ticks()
    alone = ticks & (ticks.sum(axis=1) == 1)[:, None]
    found = _among(sample, sample.complete, alone)
    return [
        share if joined else None
        for share, joined in zip(found, sample.joined.tolist(), strict=True)
    ]


def even_split(sample: Sample) -> tuple[list[float | None], float | None]:
    """Return shares that add to 1: a tick counts 1/m on an error with m ticks.

    The second value is the share of errors without a tick. A category that isn't joined has none.
    """
    ticks, weights = sample.complete_ticks(), sample.complete_weights()
    total = weights.sum()
    if not total:
        return [None] * ticks.shape[1], None
    parts = ticks / np.maximum(ticks.sum(axis=1), 1)[:, None]
    none = weights[~ticks.any(axis=1)].sum() / total
    split = zip((weights @ parts / total).tolist(), sample.joined.tolist(), strict=True)
    return [part if joined else None for part, joined in split], float(none)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The next category in the order of work, and what it leaves.

    `category` is its column; `adds` is the share of errors that only it, of what is still to be
    done, accounts for; `joint` is for all categories up to here.
    """

    category: int
    adds: float
    joint: Joint


def order_of_work(sample: Sample) -> list[Step]:
    """Return the categories in the order that fixes most errors soonest.

    Greedily: next is always the one with most errors not yet covered (of equals the one with more
    ticks). It ends when what is left is none of these.
    """
    ticks, weights = sample.complete_ticks(), sample.complete_weights()
    total = weights.sum()
    amounts, many = ticks.astype(np.float64), ticks.sum(axis=1)
    covered: Flags = np.zeros(len(ticks), dtype=np.bool_)
    within = np.zeros(len(ticks), dtype=np.int64)  # how many ticks are of categories in the order
    order: list[int] = []
    adds: list[float] = []
    columns: list[Flags] = []
    while total:
        gains = (weights * ~covered) @ amounts
        # Of equals, whatever their names and places are, the same one is first.
        best = max(
            range(len(gains)),
            key=lambda column: (gains[column], ticks[:, column].sum(), ticks[:, column].tobytes()),
            default=None,
        )
        if best is None or not gains[best]:
            break
        covered = covered | ticks[:, best]
        within = within + ticks[:, best]
        order.append(best)
        adds.append(float(gains[best] / total))
        columns += [covered, covered & (within == many)]
    if not order:
        return []
    found = _among(sample, sample.complete, np.column_stack(columns))
    return [
        Step(category=column, adds=gain, joint=Joint(hopeful=hopeful, cautious=cautious))
        for column, gain, hopeful, cautious in zip(
            order, adds, found[::2], found[1::2], strict=True
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How many errors carry exactly these ticks; `categories` are columns."""

    categories: tuple[int, ...]
    errors: int


def overlaps(sample: Sample, most: int | None = None) -> list[Overlap]:
    """Return the `most` frequent combinations of ticks, or all; () is none of these."""
    counts = Counter(row.tobytes() for row in sample.complete_ticks())
    found = [
        Overlap(
            categories=tuple(np.flatnonzero(np.frombuffer(row, dtype=np.bool_)).tolist()),
            errors=count,
        )
        for row, count in counts.most_common(most)
    ]
    return sorted(found, key=lambda overlap: (-overlap.errors, overlap.categories))


def together(sample: Sample) -> NDArray[np.int64]:
    """Return how many errors carry both of two ticks: a line and a column a category."""
    ticks = sample.complete_ticks().astype(np.float64)
    found: NDArray[np.int64] = (ticks.T @ ticks).astype(np.int64)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Whether one category is larger than another beyond chance.

    `p` is of an exact McNemar test, None where there is nothing to test. `more` is about how many
    further errors would settle it, None when it is settled.
    """

    settled: bool
    p: float | None
    more: int | None


def compare(sample: Sample, pairs: Sequence[tuple[int, int]]) -> list[Order]:
    """Tell for pairs of columns whether the order of the two categories is settled.

    Exact McNemar test on the errors that carry just one of the two, at 1 - level; settled too when
    the errors that are left can't turn it, or there are none. `more` is for a power of 80 % at the
    rates seen so far (Connor 1987), and never more than there are. Weighted errors: the same with
    the bootstrap's spread.
    """
    firsts, seconds = ([pair[side] for pair in pairs] for side in (0, 1))
    one, other = (sample.ticks[:, columns] for columns in (firsts, seconds))
    both: Flags = (one >= 0) & (other >= 0)
    b, c = both & (one == 1) & (other == 0), both & (one == 0) & (other == 1)
    looked_at = both.sum(axis=0).tolist()
    if sample.weighted:
        found = _spread(sample, b, c, both)
    else:
        found = [
            _mcnemar(more, less, n, sample.level)
            for more, less, n in zip(
                b.sum(axis=0).tolist(), c.sum(axis=0).tolist(), looked_at, strict=True
            )
        ]
    leads = np.abs(b.sum(axis=0) - c.sum(axis=0)).tolist()
    return [
        _order(p, needed, n, lead, sample)
        for (p, needed), n, lead in zip(found, looked_at, leads, strict=True)
    ]


def _order(
    p: float | None, needed: float | None, looked_at: int, lead: int, sample: Sample
) -> Order:
    left = sample.errors - looked_at
    certain = not left or (lead > left and not sample.weighted)
    if certain or (p is not None and p < 1 - sample.level):
        return Order(settled=True, p=p, more=None)
    more = left if needed is None else min(max(int(needed) + 1 - looked_at, 1), left)
    return Order(settled=False, p=p, more=more)


def _mcnemar(b: int, c: int, n: int, level: float) -> tuple[float | None, float | None]:
    """Return the p-value, and how many errors would settle it; None where nobody can tell."""
    from scipy.stats import binomtest

    if not b + c:
        return None, None
    p = float(binomtest(b, b + c, 0.5).pvalue)
    if b == c:
        return p, None
    discordant, difference = (b + c) / n, abs(b - c) / n
    at_level, at_power = _quantiles(level)
    spread = at_level * sqrt(discordant) + at_power * sqrt(discordant - difference**2)
    return p, (spread / difference) ** 2


def _spread(
    sample: Sample, b: Flags, c: Flags, both: Flags
) -> list[tuple[float | None, float | None]]:
    """Do as `_mcnemar` where errors carry weights, by the spread of the resampled differences."""
    weights = sample.weighing[:, None]
    parts: Weights = np.where(b, weights, 0.0) - np.where(c, weights, 0.0)
    wholes: Weights = np.where(both, weights, 0.0)
    spreads = _resampled(parts, wholes).std(axis=0).tolist()
    steps = sum(_quantiles(sample.level))
    found: list[tuple[float | None, float | None]] = []
    for part, whole, spread, n in zip(
        parts.sum(axis=0).tolist(), wholes.sum(axis=0).tolist(), spreads,
        both.sum(axis=0).tolist(), strict=True,
    ):  # fmt: skip
        difference = abs(part / whole) if whole else 0.0
        if not difference or not spread:
            found.append((1.0 if spread else None, None))
            continue
        p = 2 * NormalDist().cdf(-difference / spread)
        found.append((p, n * (steps * spread / difference) ** 2))
    return found


def _quantiles(level: float) -> tuple[float, float]:
    normal = NormalDist()
    return normal.inv_cdf((1 + level) / 2), normal.inv_cdf(_POWER)


# --- when to stop --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """How far the review has come.

    `grade` is Ng's word for so many errors. `chance_of_new` is the chance that the next error
    needs a category that isn't there yet: categories ticked exactly once per error looked at
    (Good 1953). `since_new` counts the errors after the last one that brought a new category.
    `width` is that of the largest category's interval, and `more` how many errors would settle
    which category is the largest; None where there is nothing to tell.
    """

    looked_at: int
    grade: str
    chance_of_new: float | None
    since_new: int | None
    width: float | None
    more: int | None


_GRADES: Final = ((100, "very good"), (50, "good"), (20, "rough"), (10, "very rough"))


def grade(looked_at: int) -> str:
    """Say in Ng's words what a picture so many errors give ("Machine Learning Yearning", ch. 19).

    >>> grade(9), grade(10), grade(50)
    ('too few to tell', 'very rough', 'good')
    """
    return next((word for most, word in _GRADES if looked_at >= most), "too few to tell")


def when_to_stop(sample: Sample) -> Stop:
    """Return how far the review has come and what going on would bring."""
    found = {column: share for column, share in enumerate(shares(sample)) if share}
    ranked = sorted(found, key=lambda column: -found[column].share)
    looked_at = len(sample.ticks)
    yes = sample.ticks == 1
    first = [int(column.argmax()) for column in yes.T if column.any()]
    leader = found[ranked[0]] if ranked and found[ranked[0]].ticked else None
    return Stop(
        looked_at=looked_at,
        grade=grade(looked_at),
        chance_of_new=int((yes.sum(axis=0) == 1).sum()) / looked_at if looked_at else None,
        since_new=looked_at - 1 - max(first) if first else None,
        width=leader.high - leader.low if leader else None,
        more=compare(sample, [(ranked[0], ranked[1])])[0].more
        if leader and len(ranked) > 1
        else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """A category's share after the first `reviewed` errors; None while none was looked at for."""

    category: int
    reviewed: int
    share: Share | None


def history(sample: Sample, points: int = 20) -> list[Prefix]:
    """Return how each share moved as errors were looked at, at up to `points` moments.

    The order of review is random, so that each prefix is a fair sample too.
    """
    rows, columns = sample.ticks.shape
    if not sample.ticks.size:
        return []
    moments = sorted({round(rows * (point + 1) / points) for point in range(points)} - {0})
    yes, seen = np.cumsum(sample.ticks == 1, axis=0), np.cumsum(sample.ticks >= 0, axis=0)
    at = np.array(moments, dtype=np.int64) - 1
    found = shares_of_errors(
        yes[at].ravel().tolist(),
        seen[at].ravel().tolist(),
        errors=sample.errors,
        level=sample.level,
    )
    return [
        Prefix(category=index % columns, reviewed=moments[index // columns], share=share)
        for index, share in enumerate(found)
    ]
