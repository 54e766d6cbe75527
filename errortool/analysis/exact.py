"""The least number of carriers that an exact interval holds, for a number of errors fixed before.

`drawn` of all `errors` were drawn without replacement, and so many of them are `carrying` the tick:
how many of all errors do? Each function takes arrays of both numbers, and returns one of the same
length. The most carriers are all errors minus the fewest of those that don't carry the tick.
"""

from functools import lru_cache
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]

_ROUNDING: Final = 1e-9  # tolerance, so that p == tail isn't counted as p > tail
_NEGLIGIBLE: Final = 10  # standard deviations: there is less than 1e-16 beyond them
_RARE: Final = 30  # and so many more, where the numbers are as good as Poisson's


# --- equal tails ---------------------------------------------------------------------------------


def equal_tails(carrying: Numbers, drawn: Numbers, errors: int, level: float) -> Numbers:
    """Return the smallest K with P(X >= carrying | errors, K, drawn) > (1 - level) / 2.

    It is found by bisection: the probability grows with K, from 0 at K = carrying - 1 to 1 at the
    largest possible K.
    """
    from scipy.stats import hypergeom  # takes a second to import; the usual interval doesn't

    tail = (1 - level) / 2 * (1 + _ROUNDING)
    too_few, enough = carrying - 1, errors - (drawn - carrying)

    def narrow(places: Numbers, middle: Numbers) -> None:
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


def _guess(carrying: Numbers, drawn: Numbers, errors: int, tail: float) -> tuple[Numbers, Numbers]:
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
    # probabilities instead of 8.7. The result doesn't rest on it: `equal_tails` searches on anyway.
    reach = 0.5 + errors / n * 0.3
    return np.round(low * errors).astype(np.int64), np.ceil(reach).astype(np.int64)


# --- Blaker --------------------------------------------------------------------------------------


def blaker(carrying: Numbers, drawn: Numbers, errors: int, level: float) -> Numbers:
    """Return the smallest K that Blaker's interval holds (2000), or the sample's share if less.

    It counts the probability of what was seen or more, and of as little on the other side as is no
    likelier: K is kept where that exceeds 1 - level. The interval from the first to the last K
    kept lies inside the one with equal tails, and those of different levels inside each other.
    What is kept needn't be all between them, so each K is looked at, a window at a time.
    """
    chances = _Hypergeometric(errors)
    found = np.zeros_like(carrying)  # where none carries the tick
    last = carrying * errors // np.maximum(drawn, 1)
    left = np.flatnonzero(carrying)
    k, n = carrying[left], drawn[left]
    guess, reach = _guess(k, n, errors, (1 - level) / 2)
    start = np.minimum(guess - reach, last[left])
    # Nothing is kept below a K whose tail is at most half of 1 - level.
    start = np.maximum(start, k)
    while True:
        seen = chances.at_least(k, start, n)
        above = (start > k) & (seen > (1 - level) / 2)
        if not above.any():
            break
        start = np.where(above, np.maximum(start - 2 * reach, k), start)
    window = 2 * reach + (last[left] - start) // 8
    while left.size:
        size = np.minimum(window, last[left] - start + 1)
        kept = _kept(chances, (k, n), start, size, level)
        _, begins, steps = _in_a_row(np.zeros_like(size), size)
        step = np.minimum.reduceat(np.where(kept, steps, len(kept)), begins)
        inside = step < size
        found[left] = np.where(inside, start + step, last[left])
        start = start + size
        on = ~inside & (start <= last[left])
        left, k, n, start, window = left[on], k[on], n[on], start[on], window[on]
    return found


def _kept(
    chances: "_Hypergeometric",
    counts: tuple[Numbers, Numbers],
    first: Numbers,
    size: Numbers,
    level: float,
) -> NDArray[np.bool_]:
    """Tell which K from `first` on are kept, `size` for each k of n, one after the other."""
    k, n = counts
    of, begins, carriers = _in_a_row(first, size)

    def fallen(x: Numbers) -> Reals:
        """Return by how much P(X <= x) has fallen since the first K."""
        steps = chances.less_with_one_more(x[of], carriers, n[of])
        before = np.cumsum(steps) - steps
        found: Reals = before - before[begins][of]
        return found

    seen, x, below = chances.both_sides(k, first, n)
    upper = seen[of] + fallen(k - 1)
    lower = below[of] - fallen(x)
    opposite = np.zeros(len(of))
    # P(X <= x) grows with x: once it exceeds the tail that was seen, it does for every larger x.
    while (fits := (lower <= upper * (1 + _ROUNDING)) & (x < k)[of]).any():
        opposite = np.where(fits, lower, opposite)
        x = x + 1
        lower = lower + chances.exactly(x[of], carriers, n[of])
    kept: NDArray[np.bool_] = upper + opposite > (1 - level) * (1 + _ROUNDING)
    return kept


class _Hypergeometric:
    """Probabilities of how many of `drawn` carry the tick, where so many of all `errors` do."""

    def __init__(self, errors: int) -> None:
        self.errors = errors
        self._factorials = _log_factorials(errors)

    def _choices(self, many: Numbers, some: Numbers) -> Reals:
        """Return log(many choose some); -inf where it is 0."""
        possible = (some >= 0) & (some <= many)
        many, some = np.where(possible, many, 0), np.where(possible, some, 0)
        of = self._factorials
        found: Reals = np.where(possible, of[many] - of[some] - of[many - some], -np.inf)
        return found

    def exactly(self, x: Numbers, carriers: Numbers, drawn: Numbers) -> Reals:
        """Return P(X = x)."""
        every = np.full_like(drawn, self.errors)
        found: Reals = np.exp(
            self._choices(carriers, x)
            + self._choices(every - carriers, drawn - x)
            - self._choices(every, drawn)
        )
        return found

    def less_with_one_more(self, x: Numbers, carriers: Numbers, drawn: Numbers) -> Reals:
        """Return by how much P(X <= x) falls if one more of all errors carries the tick."""
        every = np.full_like(drawn, self.errors)
        found: Reals = np.exp(
            self._choices(carriers, x)
            + self._choices(every - 1 - carriers, drawn - 1 - x)
            - self._choices(every, drawn)
        )
        return found

    def _spread(self, carriers: Numbers, drawn: Numbers) -> tuple[Reals, Reals]:
        """Return the mean of X, and how far below it there is next to nothing."""
        share = carriers / self.errors
        unseen = (self.errors - drawn) / max(self.errors - 1, 1)
        return drawn * share, _NEGLIGIBLE * np.sqrt(drawn * share * (1 - share) * unseen)

    def at_least(self, k: Numbers, carriers: Numbers, drawn: Numbers) -> Reals:
        """Return P(X >= k), for k that are possible."""
        mean, reach = self._spread(carriers, drawn)
        beyond = np.ceil(np.maximum(k, mean) + reach + _RARE).astype(np.int64)
        last = np.minimum(beyond, np.minimum(carriers, drawn))
        of, begins, x = _in_a_row(k, last - k + 1)
        found: Reals = np.add.reduceat(self.exactly(x, carriers[of], drawn[of]), begins)
        return found

    def both_sides(
        self, k: Numbers, carriers: Numbers, drawn: Numbers
    ) -> tuple[Reals, Numbers, Reals]:
        """Return P(X >= k), the largest x with P(X <= x) no more than that, and P(X <= x).

        x is -1 where there is none.
        """
        seen = self.at_least(k, carriers, drawn)
        mean, reach = self._spread(carriers, drawn)
        least: Numbers = np.clip(np.floor(mean - reach).astype(np.int64), 0, k - 1)
        of, begins, x = _in_a_row(least, k - least)
        chance = self.exactly(x, carriers[of], drawn[of])
        total = np.cumsum(chance)
        below = total - (total - chance)[begins][of]
        number = np.add.reduceat(below <= seen[of] * (1 + _ROUNDING), begins, dtype=np.int64)
        last = np.where(number > 0, below[np.maximum(begins + number - 1, 0)], 0.0)
        return seen, least + number - 1, last


def _in_a_row(first: Numbers, size: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return the `size` numbers from each `first` on in one row.

    With them come the place in `first` that each is from, and where in the row each begins.
    """
    of = np.repeat(np.arange(len(first)), size)
    begins = np.cumsum(size) - size
    return of, begins, np.arange(len(of)) - begins[of] + first[of]


@lru_cache(maxsize=4)
def _log_factorials(most: int) -> Reals:
    from scipy.special import gammaln  # takes long to import; most commands need no interval

    found: Reals = gammaln(np.arange(1, most + 2))
    found.flags.writeable = False
    return found
