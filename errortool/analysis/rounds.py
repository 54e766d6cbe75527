"""What each category brought from one round to the next, from the samples of both.

The samples of two models' errors restricted to the fixed, the still wrong and the newly wrong are
simple random samples of these, which are known in full. So a category's gain is what it lost of the
fixed, minus what it won of the newly wrong.

>>> fixed = Stratum.of(ticked=12, looked_at=40, size=400)
>>> new = Stratum.of(ticked=2, looked_at=20, size=200)
>>> f"{fixed.examples:.0f} ({fixed.low:.0f} .. {fixed.high:.0f})"
'120 (69 .. 182)'
>>> gained = net(fixed, new)
>>> f"{gained.rate:.0f} ({gained.low:.1f} .. {gained.high:.1f})"
'100 (34.6 .. 164.3)'
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from errortool.analysis.intervals import Method, Rate, Share, share_of_errors
from errortool.analysis.paired import minus
from errortool.analysis.sample import Sample, weighted_shares
from errortool.analysis.weighted import Totals
from errortool.model import LEVEL

Ticks = NDArray[np.int8]
Flags = NDArray[np.bool_]
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A category among the fixed, the still wrong or the newly wrong examples.

    `size` is how many there are and `examples` how many of them carry the tick, estimated; where
    examples have weights, it is their weight, in units of the mean one. `low` and `high` are the
    interval's ends. None where nothing was looked at of some.
    """

    size: int
    ticked: int
    looked_at: int
    examples: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, *, ticked: int, looked_at: int, size: int, level: float = LEVEL) -> "Stratum":
        """Estimate from counts, by the exact interval with equal tails.

        Of Blaker's, which is narrower, MOVER can't combine two: it needs each tail to hold.
        """
        if not looked_at:
            return cls._unknown(size)
        share = share_of_errors(
            ticked=ticked,
            looked_at=looked_at,
            errors=size,
            level=level,
            method=Method.EQUAL_TAILS,
        )
        return cls._of(share, size, float(size))

    @classmethod
    def weighing(
        cls, ticked: Flags, seen: Flags, weights: Reals, totals: Totals, level: float
    ) -> "Stratum":
        """Estimate from examples with weights, of a stratum whose weights in sum are known.

        `totals` are in units of the mean weight of all dev examples, and so are `weights`.
        """
        if not seen.any() or not totals.weight:
            return cls._unknown(totals.number)
        sample = Sample(
            categories=(0,),
            ticks=np.empty((0, 1), dtype=np.int8),
            errors=totals.number,
            dev_examples=None,
            dev_error=None,
            totals=totals,
            level=level,
        )
        w, k = weights[seen], ticked[seen]
        sums = np.array([(w * k).sum()]), np.array([w.sum()]), np.array([(w**2).sum()])
        (share,) = weighted_shares(sample, sums, [int(k.sum())], [len(w)])
        return cls._unknown(totals.number) if share is None else cls._of(
            share, totals.number, totals.weight
        )  # fmt: skip

    @classmethod
    def _of(cls, share: Share, size: int, whole: float) -> "Stratum":
        return cls(
            size=size,
            ticked=share.ticked,
            looked_at=share.looked_at,
            examples=whole * share.share,
            low=whole * share.low,
            high=whole * share.high,
        )

    @classmethod
    def _unknown(cls, size: int) -> "Stratum":
        """Return one of which nothing was looked at: it isn't known, unless it is empty."""
        known = None if size else 0.0
        return cls(size=size, ticked=0, looked_at=0, examples=known, low=known, high=known)


def net(fixed: Stratum, new: Stratum) -> Rate | None:
    """Return by how many examples a category fell: fixed minus newly wrong, with MOVER's interval.

    None where of either nothing was looked at.
    """
    one, other = _rate(fixed), _rate(new)
    return None if one is None or other is None else minus(one, other)


def _rate(stratum: Stratum) -> Rate | None:
    if stratum.examples is None or stratum.low is None or stratum.high is None:
        return None
    return Rate(rate=stratum.examples, low=stratum.low, high=stratum.high)
