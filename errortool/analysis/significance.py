"""Which orders of categories are significant, and whether to go on looking."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

from errortool.analysis.intervals import Share, shares_of_errors
from errortool.analysis.sample import (
    ENOUGH,
    Flags,
    Sample,
    Weights,
    resampled_ratios,
)

_POWER: Final = 0.8  # of the test that "about so many more errors" plans for


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Whether one category is larger than another beyond chance.

    It is `settled` if it is larger by a difference that is significant, or certain. `p` is of an
    exact McNemar test, None where there is nothing to test. `more` is about how many further errors
    would settle the order: None when it is settled, and where that would take more than the `left`
    ones, which were not looked at for both.
    """

    settled: bool
    p: float | None
    more: int | None
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two categories, by id, and whether it is settled that the first is the larger."""

    first: int
    second: int
    order: Order


def compare(sample: Sample, pairs: Iterable[tuple[int, int]]) -> tuple[Pair, ...]:
    """Return for pairs of categories, by id, whether the first is surely the larger.

    Exact McNemar test on the errors that carry just one of the two, at 1 - level; an order is
    settled too when the errors left are too few to turn it, or there are none. It never is while
    the first carries no more than the second of the errors looked at for both. `more` is for a
    power of 80 % at the rates seen so far (Connor 1987). Weighted errors are compared by the
    bootstrap's spread instead.
    """
    pairs = list(pairs)
    firsts, seconds = (sample.columns(pair[side] for pair in pairs) for side in (0, 1))
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
    weights = sample.weights_or_ones
    leads = (weights @ b - weights @ c).tolist()
    return tuple(
        Pair(first=first, second=second, order=_order(p, needed, n, lead, sample))
        for (first, second), (p, needed), n, lead in zip(
            pairs, found, looked_at, leads, strict=True
        )
    )


def _order(
    p: float | None, needed: float | None, looked_at: int, lead: float, sample: Sample
) -> Order:
    left = sample.errors - looked_at
    certain = not left or (lead > left and not sample.weighted)
    if lead > 0 and (certain or (p is not None and p < 1 - sample.level)):
        return Order(settled=True, p=p, more=None, left=left)
    more = None if needed is None or lead <= 0 else max(int(needed) + 1 - looked_at, 1)
    return Order(
        settled=False, p=p, more=more if more is not None and more <= left else None, left=left
    )


def _mcnemar(b: int, c: int, n: int, level: float) -> tuple[float | None, float | None]:
    """Return the p-value, and how many errors in all would settle it; None where unknown.

    b and c errors of n carry just the first and just the second tick. The sample size is
    (z1 sqrt(d) + z2 sqrt(d - delta^2))^2 / delta^2 with the discordant share d and the difference
    delta (Connor 1987).
    """
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
    """Return the same for weighted errors, by the spread of the resampled differences."""
    weights = sample.weights_or_ones[:, None]
    parts: Weights = np.where(b, weights, 0.0) - np.where(c, weights, 0.0)
    wholes: Weights = np.where(both, weights, 0.0)
    spreads = resampled_ratios(parts, wholes).std(axis=0).tolist()
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
    needs a category that doesn't exist yet: the number of categories ticked exactly once (Good
    1953) or that of the errors that fit no category, whichever is larger, per error looked at. It
    is None while it isn't known of some errors whether they fit one, and when there is no next
    error. `since_new` counts the errors after the last one that brought a new category. `width` is
    that of the largest cause's interval, and `more` about how many errors would settle which cause
    is the largest. None where unknown.
    """

    looked_at: int
    grade: str
    chance_of_new: float | None
    since_new: int | None
    width: float | None
    more: int | None


_GRADES: Final = ((100, "very good"), (50, "good"), (20, "rough"), (ENOUGH, "very rough"))


def grade(looked_at: int) -> str:
    """Say how good a picture so many errors give, as in "Machine Learning Yearning", ch. 19.

    >>> grade(9), grade(10), grade(50)
    ('too few to tell', 'very rough', 'good')
    """
    return next((word for most, word in _GRADES if looked_at >= most), "too few to tell")


def when_to_stop(
    sample: Sample, largest: Share | None, lead: Pair | None, *, none: int | None
) -> Stop:
    """Return how far the review has come and what going on would bring.

    `largest` is the share of the largest cause, `lead` its order with the next. `none` is how many
    errors fit no category, None while that isn't known of all.
    """
    looked_at = len(sample.ticks)
    yes = sample.ticks == 1
    first = [int(column.argmax()) for column in yes.T if column.any()]
    return Stop(
        looked_at=looked_at,
        grade=grade(looked_at),
        chance_of_new=_chance_of_new(sample, none),
        since_new=looked_at - 1 - max(first) if first else None,
        width=largest.high - largest.low if largest else None,
        more=lead.order.more if lead else None,
    )


def _chance_of_new(sample: Sample, none: int | None) -> float | None:
    looked_at = len(sample.ticks)
    if none is None or looked_at in {0, sample.errors}:
        return None
    once = int(((sample.ticks == 1).sum(axis=0) == 1).sum())
    return max(once, none) / looked_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A category's share, by id, with its interval after the first `reviewed` errors."""

    category: int
    reviewed: int
    share: float
    low: float
    high: float


def history(sample: Sample, chosen: Sequence[int], points: int = 12) -> tuple[Moment, ...]:
    """Return how the shares of these categories moved: a learning curve of up to `points` points.

    The order of review is random, so that each prefix of it is a fair sample too. A category has no
    share before the first error that was looked at for it.
    """
    ticks = sample.ticks[:, sample.columns(chosen)]
    if not ticks.size:
        return ()
    rows = len(ticks)
    moments = sorted({round(rows * (point + 1) / points) for point in range(points)} - {0})
    yes, seen = np.cumsum(ticks == 1, axis=0), np.cumsum(ticks >= 0, axis=0)
    at = np.array(moments, dtype=np.int64) - 1
    found = shares_of_errors(
        yes[at].ravel().tolist(),
        seen[at].ravel().tolist(),
        errors=sample.errors,
        level=sample.level,
    )
    return tuple(
        Moment(
            category=category,
            reviewed=reviewed,
            share=share.share,
            low=share.low,
            high=share.high,
        )
        for (reviewed, category), share in zip(product(moments, chosen), found, strict=True)
        if share is not None
    )
