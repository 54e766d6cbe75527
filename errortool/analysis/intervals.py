"""Estimate from counts: shares of errors, their intervals, ceilings, corrected errors.

Pure functions; the formulas and their sources are in docs/numbers.md.

>>> estimate = share_of_errors(ticked=5, looked_at=100, errors=1000)
>>> f"{estimate.share:.1%} ({estimate.low:.1%} - {estimate.high:.1%})"
'5.0% (1.8% - 10.9%)'
>>> left = ceiling(estimate, errors=1000, dev_examples=10_000)
>>> f"{left.error:.2%} ({left.high:.2%} - {left.low:.2%})"
'9.50% (9.82% - 8.91%)'
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, hypot, inf, log
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from errortool.errors import EstimateError
from errortool.model import LEVEL

_ROUNDING: Final = 1e-9  # tolerance, so that p == tail isn't counted as p > tail


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of errors with its interval, all three fractions, and the counts it rests on.

    It is `ticked / looked_at`, except where errors are weighted.
    """

    share: float
    low: float
    high: float
    ticked: int
    looked_at: int


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


def share_of_errors(*, ticked: int, looked_at: int, errors: int, level: float = LEVEL) -> Share:
    """Estimate which share of all `errors` a category causes from the sample looked at.

    The interval is exact: it inverts the hypergeometric distribution with equal tails, since the
    sample is drawn without replacement from a known number of errors. When every error was looked
    at its width is zero: a count, not an estimate.

    Raises EstimateError for an empty sample, for impossible counts (more ticked than looked at,
    more looked at than there are errors) and for a level outside 0 to 1.
    """
    (share,) = shares_of_errors([ticked], [looked_at], errors=errors, level=level)
    if share is None:
        message = "a share needs at least one image that was looked at"
        raise EstimateError(message)
    return share


def shares_of_errors(
    ticked: Sequence[int], looked_at: Sequence[int], *, errors: int, level: float = LEVEL
) -> list[Share | None]:
    """Estimate the shares of many categories at once; None where no error was looked at."""
    if not 0 < level < 1:
        message = f"a confidence level lies between 0 and 1, not at {level}"
        raise EstimateError(message)
    k, n = np.array(ticked, dtype=np.int64), np.array(looked_at, dtype=np.int64)
    wrong = np.flatnonzero((k < 0) | (k > n) | (n > errors))
    if wrong.size:
        message = (
            f"{k[wrong[0]]} ticked of {n[wrong[0]]} looked at of {errors} errors can't be: "
            "each number must be at most the next"
        )
        raise EstimateError(message)
    tail = (1 - level) / 2 * (1 + _ROUNDING)
    # One search serves both ends: at most k of n carry the tick exactly when at least n - k don't,
    # so the most carriers for k are all errors minus the fewest carriers for n - k.
    asked, where = np.unique(
        np.stack([np.concatenate([k, n - k]), np.concatenate([n, n])]), axis=1, return_inverse=True
    )
    ends = _fewest(asked[0], asked[1], errors, tail)[where]
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


def _fewest(
    carrying: NDArray[np.int64], drawn: NDArray[np.int64], errors: int, tail: float
) -> NDArray[np.int64]:
    """Return the smallest K for which P(X >= carrying | errors, K, drawn) > tail, by bisection.

    The probability grows with K, from 0 at K = carrying - 1 to 1 at the largest possible K.
    """
    from scipy.stats import hypergeom  # takes a second to import; most commands need no interval

    too_few, enough = carrying - 1, errors - (drawn - carrying)

    def narrow(places: NDArray[np.int64], middle: NDArray[np.int64]) -> None:
        beyond = hypergeom.sf(carrying[places] - 1, errors, middle, drawn[places]) > tail
        enough[places[beyond]] = middle[beyond]
        too_few[places[~beyond]] = middle[~beyond]

    # Trying both sides of a good guess first saves the bisection most of its steps.
    guess, reach = _guess(carrying, drawn, errors, tail)
    for beside in (guess - reach, guess + reach):
        places = np.flatnonzero((too_few < beside) & (beside < enough))
        narrow(places, beside[places])
    while (places := np.flatnonzero(enough - too_few > 1)).size:
        narrow(places, (too_few[places] + enough[places] + 1) // 2)
    return enough


def _guess(
    carrying: NDArray[np.int64], drawn: NDArray[np.int64], errors: int, tail: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Guess where an interval's lower end is, and how far off the guess may be.

    It is the lower end of Wilson's score interval (1927) with the continuity correction (half a
    tick less) and the finite population correction (in z).
    """
    n = np.maximum(drawn, 1)
    z = NormalDist().inv_cdf(tail) * np.sqrt((errors - drawn) / max(errors - 1, 1))
    share = np.maximum(carrying - 0.5, 0) / n
    middle = share + z**2 / (2 * n)
    low = (middle + z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))) / (1 + z**2 / n)
    # The guess is off by rounding, and by a fraction of a tick, which stands for errors / n errors.
    # 0.3 was found by trial: for 60 to 5,000 errors and 20 to 200 looked at, 95 % of the true ends
    # lie within reach at a level of 95 % (99 % at 90 %, 76 % at 99 %), and an end takes 5.0
    # probabilities instead of 8.7. The result doesn't rest on it: `_fewest` searches on anyway.
    reach = 0.5 + errors / n * 0.3
    return np.round(low * errors).astype(np.int64), np.ceil(reach).astype(np.int64)


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


def corrected_error(wrong: Share, right: Share, *, errors: int, dev_examples: int) -> Rate:
    """Return the dev error after correcting the labels on both sides.

    `wrong` is the share of reviewed errors whose corrected label is what the model predicted,
    `right` the share of reviewed correct predictions whose corrected label is another. The
    estimate is e * (1 - wrong) + (1 - e) * right, with MOVER's interval from the two exact ones
    (Zou and Donner 2008).
    """
    e = errors / dev_examples
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


def inside(wrong: Share, right: Share, *, errors: int, dev_examples: int) -> Inside:
    """Return a category's share of all dev data and the error rate inside it.

    `wrong` and `right` are its shares of the errors and of the correct predictions. Intervals are
    MOVER's, for the error rate on the scale of log odds (Zou and Donner 2008, section 3.3 on
    ratios).
    """
    e = errors / dev_examples
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
