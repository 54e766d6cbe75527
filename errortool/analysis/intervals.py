"""Estimate from counts: shares of errors, their intervals, ceilings, corrected errors.

Pure functions; the formulas and their sources are in docs/numbers.md.

>>> estimate = share_of_errors(ticked=5, looked_at=100, errors=1000)
>>> f"{estimate.share:.1%} ({estimate.low:.1%} - {estimate.high:.1%})"
'5.0% (2.1% - 10.7%)'
>>> left = ceiling(estimate, errors=1000, dev_examples=10_000)
>>> f"{left.error:.2%} ({left.high:.2%} - {left.low:.2%})"
'9.50% (9.79% - 8.93%)'
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, hypot, inf, log
from typing import Final

import numpy as np

from errortool.analysis import exact
from errortool.analysis.exact import Numbers
from errortool.errors import EstimateError
from errortool.model import LEVEL, Holds

Fewest = Callable[[Numbers, Numbers, int, float], Numbers]


class Method(StrEnum):
    """How an exact interval is made: Blaker's (2000), or with equal tails, which is wider."""

    BLAKER = "Blaker"
    EQUAL_TAILS = "equal tails"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of errors with its interval, all three fractions, and the counts it rests on.

    It is `ticked / looked_at`, except where errors are weighted. `holds` says for which numbers of
    images the interval is right.
    """

    share: float
    low: float
    high: float
    ticked: int
    looked_at: int
    holds: Holds = Holds.PLANNED


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The dev error left if a category were solved completely.

    `error` is a fraction of the dev set with its interval `low` to `high`, `accuracy` is 1 - error.
    `points` is the gain, also a fraction of the dev set, and `dev_examples` the same as a number
    of examples.
    """

    error: float
    low: float
    high: float
    accuracy: float
    points: float
    dev_examples: float


def share_of_errors(
    *,
    ticked: int,
    looked_at: int,
    errors: int,
    level: float = LEVEL,
    method: str = Method.BLAKER,
) -> Share:
    """Estimate which share of all `errors` a category causes from the sample looked at.

    The interval is exact: it inverts the hypergeometric distribution by Blaker's `method`, since
    the sample is drawn without replacement from a known number of errors. It is for a number of
    images that was fixed beforehand. When every error was looked at its width is zero: a count, not
    an estimate.

    Raises EstimateError for an empty sample, for impossible counts (more ticked than looked at,
    more looked at than there are errors), for a level outside 0 to 1 and for an unknown method.
    """
    (share,) = shares_of_errors([ticked], [looked_at], errors=errors, level=level, method=method)
    if share is None:
        message = "a share needs at least one image that was looked at"
        raise EstimateError(message)
    return share


def shares_of_errors(
    ticked: Sequence[int],
    looked_at: Sequence[int],
    *,
    errors: int,
    level: float = LEVEL,
    method: str = Method.BLAKER,
) -> list[Share | None]:
    """Estimate the shares of many categories at once; None where no error was looked at."""
    fewest = _SEARCHES.get(method)
    if fewest is None:
        message = f"unknown method {method!r}: choose {' or '.join(map(repr, Method))}"
        raise EstimateError(message)
    return counted(ticked, looked_at, errors=errors, level=level, fewest=fewest)


_SEARCHES: Final[dict[str, Fewest]] = {
    Method.BLAKER: exact.blaker,
    Method.EQUAL_TAILS: exact.equal_tails,
}


def refuse_level(level: float) -> None:
    """Raise EstimateError unless a confidence level lies between 0 and 1."""
    if not 0 < level < 1:
        message = f"a confidence level lies between 0 and 1, not at {level}"
        raise EstimateError(message)


def counted(
    ticked: Sequence[int],
    looked_at: Sequence[int],
    *,
    errors: int,
    level: float,
    fewest: Fewest,
) -> list[Share | None]:
    """Return shares with the intervals whose lower ends `fewest` finds, from checked counts.

    It takes how many carry the tick of how many drawn, of how many errors, and the level, and
    returns the least number of carriers among all errors that the interval holds.
    """
    refuse_level(level)
    k, n = np.array(ticked, dtype=np.int64), np.array(looked_at, dtype=np.int64)
    wrong = np.flatnonzero((k < 0) | (k > n) | (n > errors))
    if wrong.size:
        message = (
            f"{k[wrong[0]]} ticked of {n[wrong[0]]} looked at of {errors} errors can't be: "
            "each number must be at most the next"
        )
        raise EstimateError(message)
    # One search serves both ends: at most k of n carry the tick exactly when at least n - k don't,
    # so the most carriers for k are all errors minus the fewest carriers for n - k.
    asked, where = np.unique(
        np.stack([np.concatenate([k, n - k]), np.concatenate([n, n])]), axis=1, return_inverse=True
    )
    ends = fewest(asked[0], asked[1], errors, level)[where]
    low, high = ends[: len(k)], errors - ends[len(k) :]
    return [
        Share(
            share=ticks / seen, low=least / errors, high=most / errors, ticked=ticks, looked_at=seen
        )
        if seen
        else None
        for ticks, seen, least, most in zip(
            k.tolist(), n.tolist(), low.tolist(), high.tolist(), strict=True
        )
    ]


def ceiling(
    share: Share, *, errors: int, dev_examples: int, dev_error: float | None = None
) -> Ceiling:
    """Return the dev error left if every error of a category with this `share` were fixed.

    It is e * (1 - share), with the interval carried over; e is errors / dev_examples, or
    `dev_error` where examples are weighted. Raises EstimateError unless 0 <= errors <= dev_examples
    and there is at least one dev example.
    """
    if not 0 <= errors <= dev_examples or dev_examples == 0:
        message = f"{errors} errors of {dev_examples} dev examples can't be"
        raise EstimateError(message)
    if dev_error is None:
        dev_error = errors / dev_examples
    error = dev_error * (1 - share.share)
    return Ceiling(
        error=error,
        low=dev_error * (1 - share.high),
        high=dev_error * (1 - share.low),
        accuracy=1 - error,
        points=dev_error * share.share,
        dev_examples=errors * share.ticked / share.looked_at,
    )


# --- label errors, and correct predictions --------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate of dev examples with its interval, all fractions."""

    rate: float
    low: float
    high: float


def corrected_error(
    wrong: Share, right: Share, *, errors: int, dev_examples: int, dev_error: float | None = None
) -> Rate:
    """Return the dev error after correcting the labels on both sides.

    `wrong` is the share of reviewed errors whose corrected label is what the model predicted,
    `right` the share of reviewed correct predictions whose corrected label is another. The
    estimate is e * (1 - wrong) + (1 - e) * right, with MOVER's interval from the two of the shares
    (Zou and Donner 2008); e is errors / dev_examples, or `dev_error` where examples are weighted.
    """
    e = errors / dev_examples if dev_error is None else dev_error
    still = Rate(rate=e * (1 - wrong.share), low=e * (1 - wrong.high), high=e * (1 - wrong.low))
    new = Rate(rate=(1 - e) * right.share, low=(1 - e) * right.low, high=(1 - e) * right.high)
    return _sum(still, new)


def _sum(one: Rate, other: Rate) -> Rate:
    """Add two independent rates; the interval by the method of variance estimates recovery."""
    rate = one.rate + other.rate
    return Rate(
        rate=rate,
        low=max(0.0, rate - hypot(one.rate - one.low, other.rate - other.low)),
        high=min(1.0, rate + hypot(one.high - one.rate, other.high - other.rate)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """A category as a slice of all dev data: its share of them, and the error rate inside it.

    `error` is None if no reviewed example, error or correct prediction, carries the tick.
    """

    data: Rate
    error: Rate | None


def inside(
    wrong: Share, right: Share, *, errors: int, dev_examples: int, dev_error: float | None = None
) -> Inside:
    """Return a category's share of all dev data and the error rate inside it.

    `wrong` and `right` are its shares of the errors and of the correct predictions. Intervals are
    MOVER's, for the error rate on the scale of log odds (Zou and Donner 2008, section 3.3 on
    ratios).
    """
    e = errors / dev_examples if dev_error is None else dev_error
    error_rate = Rate(rate=e * wrong.share, low=e * wrong.low, high=e * wrong.high)
    correct_rate = Rate(
        rate=(1 - e) * right.share, low=(1 - e) * right.low, high=(1 - e) * right.high
    )
    data = _sum(error_rate, correct_rate)
    error = _part_of_sum(error_rate, correct_rate) if data.rate else None
    return Inside(data=data, error=error)


def _part_of_sum(part: Rate, rest: Rate) -> Rate:
    """Return part / (part + rest), the rates being independent, with MOVER's interval."""
    rate = part.rate / (part.rate + rest.rate)
    if not part.rate or not rest.rate:  # 0 has no logarithm: combine the ends directly
        low = part.low / (part.low + rest.high) if part.low + rest.high else 0.0
        high = part.high / (part.high + rest.low) if part.high + rest.low else 1.0
        return Rate(rate=rate, low=low, high=high)
    middle = log(part.rate) - log(rest.rate)
    below = hypot(log(part.rate) - _log(part.low), _log(rest.high) - log(rest.rate))
    above = hypot(_log(part.high) - log(part.rate), log(rest.rate) - _log(rest.low))
    return Rate(rate=rate, low=_from_odds(middle - below), high=_from_odds(middle + above))


def _log(rate: float) -> float:
    return log(rate) if rate > 0 else -inf


def _from_odds(logarithm: float) -> float:
    return 1.0 if logarithm == inf else exp(logarithm) / (1 + exp(logarithm))
