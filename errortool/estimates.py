"""The numbers: shares of errors, their intervals, and ceilings.

Pure functions of counts; nothing else in errortool computes a figure. The formulas and the
words are those of the README's section "The numbers".

>>> estimate = share_of_errors(ticked=5, looked_at=100, errors=1000)
>>> f"{estimate.share:.1%} ({estimate.low:.1%} - {estimate.high:.1%})"
'5.0% (1.8% - 10.9%)'
>>> left = ceiling(estimate, errors=1000, dev_examples=10_000)
>>> f"{left.error:.2%} ({left.high:.2%} - {left.low:.2%})"
'9.50% (9.82% - 8.91%)'
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from errortool.errors import EstimateError

_ROUNDING = 1e-9  # a probability that equals the tail must not pass for more than it

LEVEL = 0.95
"""The confidence level of every interval unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of errors, `ticked / looked_at`, with its interval; all three are fractions."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The dev error left if a category were solved completely.

    `error` is a fraction of the dev set, `low` and `high` its interval. `points` is what is
    gained, also a fraction of the dev set, and `dev_examples` the same as a number of examples.
    """

    error: float
    low: float
    high: float
    points: float
    dev_examples: float


def share_of_errors(*, ticked: int, looked_at: int, errors: int, level: float = LEVEL) -> Share:
    """Estimate which share of all `errors` a category causes from the sample looked at.

    The interval is exact: it inverts the hypergeometric distribution with equal tails, since the
    sample is drawn without replacement from a known number of errors. When every error was looked
    at it has width zero: a count, not an estimate.

    Raises EstimateError for an empty sample, for counts that can't be (more ticked than looked at,
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
    """Do `share_of_errors` for many categories at once; None where none was looked at."""
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
    # At most k of n carry the tick just when at least n - k don't: one search serves both ends.
    low = _fewest(k, n, errors, tail)
    high = errors - _fewest(n - k, n, errors, tail)
    return [
        Share(share=ticks / seen, low=least / errors, high=most / errors) if seen else None
        for ticks, seen, least, most in zip(
            k.tolist(), n.tolist(), low.tolist(), high.tolist(), strict=True
        )
    ]


def _fewest(
    carrying: NDArray[np.int64], drawn: NDArray[np.int64], errors: int, tail: float
) -> NDArray[np.int64]:
    """Return the smallest K for which P(X >= carrying | errors, K, drawn) > tail, by bisection."""
    from scipy.stats import hypergeom  # a second to import, and most commands have no interval

    too_few, enough = carrying - 1, errors - (drawn - carrying)
    while (enough - too_few > 1).any():
        middle = (too_few + enough + 1) // 2
        holds = hypergeom.sf(carrying - 1, errors, middle, drawn) > tail
        enough = np.where(holds, middle, enough)
        too_few = np.where(holds, too_few, middle)
    return enough


def ceiling(share: Share, *, errors: int, dev_examples: int) -> Ceiling:
    """Return the dev error left if every error of a category with this `share` were fixed.

    It is e * (1 - share) with e = errors / dev_examples, the interval carried over. Raises
    EstimateError unless 0 <= errors <= dev_examples and there is at least one dev example.
    """
    if not 0 <= errors <= dev_examples or dev_examples == 0:
        message = f"{errors} errors of {dev_examples} dev examples can't be"
        raise EstimateError(message)
    dev_error = errors / dev_examples
    return Ceiling(
        error=dev_error * (1 - share.share),
        low=dev_error * (1 - share.high),
        high=dev_error * (1 - share.low),
        points=dev_error * share.share,
        dev_examples=errors * share.share,
    )
