"""Intervals and settled orders that hold however often one looks.

The exact ones hold for a number of images that was fixed beforehand. These hold at all numbers at
once: for whoever looks after every image, and stops on liking what is seen.

>>> (share,) = shares_at_any_time([5], [100], errors=1000)
>>> f"{share.share:.1%} ({share.low:.1%} - {share.high:.1%})"
'5.0% (0.9% - 15.4%)'
"""

from collections.abc import Sequence
from dataclasses import replace
from math import exp, inf, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from errortool.analysis.exact import Numbers
from errortool.analysis.intervals import Share, counted, shares_of_errors
from errortool.model import LEVEL, Holds, Intervals

_CONCENTRATION: Final = 5.0
"""Of the mixture of `e_value`: it expects differences of about 60 to 40."""


def estimates(
    ticked: Sequence[int],
    looked_at: Sequence[int],
    *,
    errors: int,
    level: float = LEVEL,
    at_plan: int | None = None,
    intervals: Intervals = Intervals.AUTO,
) -> list[Share | None]:
    """Estimate shares of errors, each with the interval that holds for its number of images.

    Like `intervals.shares_of_errors`, with the same errors raised. `at_plan` is how many were
    looked at if they are just those that were planned, else None.
    """
    holds = [intervals.holds(n, errors=errors, at_plan=at_plan) for n in looked_at]
    found: dict[int, Share | None] = {}
    for always, estimate in ((True, shares_at_any_time), (False, shares_of_errors)):
        at = [place for place, held in enumerate(holds) if (held is Holds.ALWAYS) is always]
        k, n = ([counts[place] for place in at] for counts in (ticked, looked_at))
        for place, share in zip(
            at, estimate(k, n, errors=errors, level=level) if at else (), strict=True
        ):
            found[place] = share and replace(share, holds=holds[place])
    return [found[place] for place in range(len(holds))]


def shares_at_any_time(
    ticked: Sequence[int], looked_at: Sequence[int], *, errors: int, level: float = LEVEL
) -> list[Share | None]:
    """Estimate shares of errors with intervals that hold at all times at once.

    Like `intervals.shares_of_errors`, with the same errors raised; None where no error was looked
    at. The intervals are a confidence sequence, the prior-posterior ratio for sampling without
    replacement with a uniform prior (Waudby-Smith and Ramdas 2020). They depend on the counts
    alone, not on how often one looked, and have no width once every error was looked at.
    """
    return counted(ticked, looked_at, errors=errors, level=level, fewest=_fewest)


def _fewest(carrying: Numbers, drawn: Numbers, errors: int, level: float) -> Numbers:
    """Return the smallest K, of all errors, whose prior-posterior ratio is below 1 / (1 - level).

    The ratio falls up to the posterior's mode and grows beyond it, so the end lies below the mode.
    """
    from scipy.special import betaln, gammaln  # takes long to import; most commands need no figure

    left = errors - drawn
    least = log(1 - level) - log(errors + 1)
    other = drawn - carrying

    def kept(carriers: Numbers, at: Numbers) -> NDArray[np.bool_]:
        """Tell which numbers of carriers among the errors left are kept, at these places."""
        rest = left[at] - carriers
        choices = gammaln(left[at] + 1) - gammaln(carriers + 1) - gammaln(rest + 1)
        posterior = (
            choices
            + betaln(carriers + 1 + carrying[at], rest + 1 + other[at])
            - betaln(1 + carrying[at], 1 + other[at])
        )
        found: NDArray[np.bool_] = posterior > least
        return found

    too_few = np.full(len(carrying), -1, dtype=np.int64)
    enough = np.minimum(carrying * (left + 1) // np.maximum(drawn, 1), left)  # the mode
    while (places := np.flatnonzero(enough - too_few > 1)).size:
        middle = (too_few[places] + enough[places]) // 2
        inside = kept(middle, places)
        enough[places[inside]] = middle[inside]
        too_few[places[~inside]] = middle[~inside]
    found: Numbers = enough + carrying
    return found


def e_value(more: float, less: float) -> float:
    """Return the evidence that one category is larger than another, from their discordant errors.

    `more` errors carry just the first tick and `less` just the second. If both are equally large,
    it reaches 1 / alpha at any time in at most alpha of all reviews (Ville 1939). It mixes over
    Beta(5, 5) which part of the discordant errors is the first's.
    """
    from scipy.special import betaln

    a = _CONCENTRATION
    logarithm = betaln(more + a, less + a) - betaln(a, a) + (more + less) * log(2)
    return exp(logarithm) if logarithm < 700 else inf  # noqa: PLR2004  exp would overflow
