"""Which orders of categories are significant, and whether to go on looking."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from errortool.analysis.intervals import Share
from errortool.analysis.sample import (
    ENOUGH,
    Flags,
    Sample,
    Weights,
    weighted_shares,
)
from errortool.analysis.sequences import e_value
from errortool.analysis.weighted import clopper_pearson, effective
from errortool.model import Holds, Intervals

_AT_ANY_TIME: Final = 0.5
"""Which part of 1 - level is spent on looking at any time where the test at a planned number comes
too: so both call at most 1 - level of ties settled, where every image carries just one of the two
ticks as well."""

_CAUTION: Final = 0.9
"""How likely a rate is at least what "how many more" takes: so about 80 % of reviews keep to it."""

_NEAR_ENOUGH: Final = 0.5  # of a discordant error


class More(StrEnum):
    """How many more errors may settle an order: a band, since a number would be noise."""

    SOON = "soon"
    DOZENS = "some dozens"
    HUNDREDS = "a few hundred"
    MANY = "more than a few hundred"
    ALL = "practically all that are left"


BANDS: Final = {More.SOON: 25, More.DOZENS: 100, More.HUNDREDS: 500}
"""Up to how many errors a band reaches; the others have no end."""

_PRACTICALLY_ALL: Final = 0.8  # of the errors left


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Whether one category is larger than another beyond chance.

    It is `settled` if it is larger by a difference that is significant, or certain. `p` is of an
    exact McNemar test where the number of errors was planned, `e` the e-value where it wasn't; None
    where there is nothing to test. `more` says how many further errors may settle the order, None
    when it is settled and when the first isn't ahead; `left` ones were not looked at for both.
    """

    settled: bool
    p: float | None
    e: float | None
    more: More | None
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two categories, by id, and whether it is settled that the first is the larger."""

    first: int
    second: int
    order: Order


def compare(sample: Sample, pairs: Iterable[tuple[int, int]]) -> tuple[Pair, ...]:
    """Return for pairs of categories, by id, whether the first is surely the larger.

    It rests on the errors that carry just one of the two. Where those looked at for both are just
    the planned ones, an exact McNemar test at 1 - level decides; at any other number an e-value,
    which may be looked at again and again, of at least `enough`. An order is settled too when
    the errors left are too few to turn it, or there are none. It never is while the first carries
    no more than the second of the errors looked at for both. Weighted errors are compared by the
    interval of the weighted difference, at the planned number only.
    """
    pairs = list(pairs)
    firsts, seconds = (sample.columns(pair[side] for pair in pairs) for side in (0, 1))
    one, other = (sample.ticks[:, columns] for columns in (firsts, seconds))
    both: Flags = (one >= 0) & (other >= 0)
    b, c = both & (one == 1) & (other == 0), both & (one == 0) & (other == 1)
    weights = sample.weights_or_ones
    leads = (weights @ b - weights @ c).tolist()
    evidence = (
        _weighted_evidence(sample, b, c, both)
        if sample.weighted
        else [
            _evidence(sample, *counts)
            for counts in zip(*(flags.sum(axis=0).tolist() for flags in (b, c, both)), strict=True)
        ]
    )
    return tuple(
        Pair(first=first, second=second, order=_order(found, n, lead, sample))
        for (first, second), found, n, lead in zip(
            pairs, evidence, both.sum(axis=0).tolist(), leads, strict=True
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """That two categories differ: by p or e whether it is beyond chance, and what would settle it.

    `more` is None where no number of errors would.
    """

    p: float | None = None
    e: float | None = None
    beyond_chance: bool = False
    more: float | None = None


def _order(found: _Evidence, looked_at: int, lead: float, sample: Sample) -> Order:
    left = sample.errors - looked_at
    certain = not left or (lead > left and not sample.weighted)
    settled = lead > 0 and (certain or found.beyond_chance)
    more = None if settled or lead <= 0 else _band(found.more, left)
    return Order(settled=settled, p=found.p, e=found.e, more=more, left=left)


def _evidence(sample: Sample, b: int, c: int, n: int) -> _Evidence:
    """Return the evidence of b and c errors of n that carry just the first and the second tick."""
    from scipy.special import bdtr  # takes long to import; most commands need no figure

    if not b + c:
        return _Evidence()
    more = _more(b, c, n, sample) if b > c else None
    if sample.holds(n) is Holds.ALWAYS:
        e = e_value(b, c)
        return _Evidence(e=e, beyond_chance=e >= _enough(sample), more=more)
    p = min(1.0, 2 * float(bdtr(min(b, c), b + c, 0.5)))
    return _Evidence(p=p, beyond_chance=p < 1 - sample.level, more=more)


def enough(level: float, *, planned: bool) -> float:
    """Return from which e-value on an order is settled at any time: at 95 % 40, 20 without a plan.

    By Ville's inequality (1939) at most x of all ties ever reach 1 / x.
    """
    return 1 / ((_AT_ANY_TIME if planned else 1) * (1 - level))


def _enough(sample: Sample) -> float:
    return enough(sample.level, planned=sample.planned)


def _more(b: int, c: int, n: int, sample: Sample) -> float | None:
    """Return how many more errors may settle an order at any time; None if no number may.

    The rate itself is noise: it takes the lower end of Clopper and Pearson's one-sided interval of
    b / (b + c), so that about four of five reviews keep to what is said.
    """
    from scipy.special import betaincinv

    rate = float(betaincinv(b, c + 1, 1 - _CAUTION))

    def is_enough(discordant: float) -> bool:
        e = e_value(b + rate * discordant, c + (1 - rate) * discordant)
        return e >= _enough(sample)

    few, many = 0.0, (b + c) / n * (sample.errors - n)
    if rate <= 1 / 2 or not is_enough(many):
        return None
    while many - few > _NEAR_ENOUGH:
        middle = (few + many) / 2
        few, many = (few, middle) if is_enough(middle) else (middle, many)
    return many * n / (b + c)


def _band(more: float | None, left: int) -> More:
    if more is None or more > _PRACTICALLY_ALL * left:
        return More.ALL
    return next((band for band, most in BANDS.items() if more <= most), More.MANY)


def _weighted_evidence(sample: Sample, b: Flags, c: Flags, both: Flags) -> list[_Evidence]:
    """Return the same for weighted errors: whether the interval of b's part is above a half.

    It is of the weight of those that carry just one tick, and holds for a fixed number of errors.
    """
    weights = sample.weights_or_ones[:, None]
    one: Weights = np.where(b | c, weights, 0.0)
    whole = one.sum(axis=0)
    some = whole > 0
    number = np.maximum((b | c).sum(axis=0), 1)
    size = effective(whole, np.where(some, (one**2).sum(axis=0), 1.0), number, sample.totals)
    ratio = np.where(b, weights, 0.0).sum(axis=0) / np.where(some, whole, 1.0)
    low, _ = clopper_pearson(ratio * size, size, sample.level)
    fixed = [
        sample.intervals is Intervals.PLANNED or sample.holds(n) is Holds.PLANNED
        for n in both.sum(axis=0).tolist()
    ]
    return [
        _Evidence(beyond_chance=is_fixed and above)
        for is_fixed, above in zip(fixed, (some & (low > 1 / 2)).tolist(), strict=True)
    ]


# --- when to stop --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """How far the review has come.

    `grade` is Ng's word for so many errors. `chance_of_new` is the chance that the next error
    needs a category that doesn't exist yet: the number of categories ticked exactly once (Good
    1953) or that of the errors that fit no category, whichever is larger, per error looked at. It
    is None while it isn't known of some errors whether they fit one, and when there is no next
    error. `since_new` counts the errors after the last one that brought a new category. `width` is
    that of the largest cause's interval, and `more` says how many errors may settle which cause is
    the largest. None where unknown.
    """

    looked_at: int
    grade: str
    chance_of_new: float | None
    since_new: int | None
    width: float | None
    more: More | None


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
    share before the first error that was looked at for it. The intervals are for looking again and
    again, at the planned number as well: a curve that narrowed there would say what isn't so.
    """
    ticks = sample.ticks[:, sample.columns(chosen)]
    if not ticks.size:
        return ()
    rows = len(ticks)
    moments = sorted({round(rows * (point + 1) / points) for point in range(points)} - {0})
    at = np.array(moments, dtype=np.int64) - 1

    def until(values: NDArray[Any]) -> NDArray[Any]:
        """Return the sums up to each moment, category by category."""
        return np.cumsum(values, axis=0)[at].ravel()

    looking = replace(sample, at_plan=None)
    yes, seen = ticks == 1, ticks >= 0
    ticked, looked_at = until(yes).tolist(), until(seen).tolist()
    if sample.weighted:
        weights = sample.weights_or_ones[:, None]
        sums = until(weights * yes), until(weights * seen), until(weights**2 * seen)
        found = weighted_shares(looking, sums, ticked, looked_at)
    else:
        found = looking.estimates(ticked, looked_at)
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
