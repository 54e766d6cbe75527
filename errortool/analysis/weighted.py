"""The interval of a weighted share, a ratio of sums of weights.

Mistakes that matter more make the share as uncertain as fewer would that matter equally. And few
heavy ones that no sample has met may carry the tick, or not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The weights of all errors, or of all correct predictions: how many, their sum and squares."""

    number: int
    weight: float
    squares: float

    @property
    def effect(self) -> float:
        """The design effect: how many times more must be looked at than without weights."""
        return self.number * self.squares / self.weight**2

    def lacking(self, weight: Reals, looked_at: Reals) -> Reals:
        """Return which part of the mean weight so many looked at lack, 0 where they lack none."""
        found: Reals = np.maximum(1 - weight / looked_at / (self.weight / self.number), 0.0)
        return found


def effective(weight: Reals, squares: Reals, looked_at: Reals, totals: Totals | None) -> Reals:
    """Return the effective size of a sample from its sum of weights and of their squares.

    It is Kish's (1965), (sum of w)^2 / sum of w^2, or what it would be with the weights of all
    errors if that is less: a sample that happens to lack the heavy ones looks larger than it is.
    """
    found: Reals = weight**2 / squares
    if totals is not None:
        found = np.minimum(found, looked_at / totals.effect)
    return found


def ends(
    share: Reals, size: Reals, looked_at: Reals, lacking: Reals, *, errors: int, level: float
) -> tuple[Reals, Reals]:
    """Return the ends of the intervals of weighted shares, for a fixed number of errors.

    They are Clopper and Pearson's (1934) at the effective `size`, narrowed by the finite population
    correction sqrt((errors - looked_at) / (errors - 1)), and widened by the weight that the sample
    is `lacking`, all of which may carry the tick, or none.
    """
    unseen = np.sqrt((errors - looked_at) / max(errors - 1, 1))
    low, high = clopper_pearson(share * size, size, level)
    low, high = share - (share - low) * unseen, share + (high - share) * unseen
    return low * (1 - lacking), high * (1 - lacking) + lacking


def clopper_pearson(k: Reals, n: Reals, level: float) -> tuple[Reals, Reals]:
    """Return the ends of the binomial interval of k of n, which needn't be whole numbers."""
    from scipy.special import betaincinv  # takes long to import; most commands need no interval

    tail = (1 - level) / 2
    few, many = np.maximum(k, 1e-12), np.maximum(n - k, 1e-12)
    low = np.where(k > 0, betaincinv(few, n - k + 1, tail), 0.0)
    high = np.where(n - k > 0, betaincinv(k + 1, many, 1 - tail), 1.0)
    return low, high
