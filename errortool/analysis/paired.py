"""Two models on the same dev examples: what one fixed and broke, and what that says of the others.

Pure functions of counts. On the examples themselves a gain is a count; its interval is for the data
that they stand for. Formulas and their sources are in docs/numbers.md.

>>> flips = Flips(fixed=400, newly_wrong=200, same_answer=512, other_answer=88, both_right=8_800)
>>> gain = bonett_price(flips.fixed, flips.newly_wrong, flips.shared)
>>> f"{100 * gain.rate:.2f} ({100 * gain.low:.2f} .. {100 * gain.high:.2f})"
'2.00 (1.52 .. 2.48)'
"""

from dataclasses import dataclass
from enum import StrEnum
from math import hypot, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from errortool.analysis.intervals import Rate, refuse_level
from errortool.analysis.weighted import clopper_pearson
from errortool.errors import EstimateError
from errortool.model import LEVEL

Flags = NDArray[np.bool_]
Reals = NDArray[np.float64]

_RESAMPLES: Final = 4_000
_SEED: Final = 0
_MOST_RESAMPLED: Final = 5_000  # examples that differ; of more, a sum is normal in any case


class Surely(StrEnum):
    """What an interval says of a claim."""

    YES = "surely"
    NO = "surely not"
    OPEN = "can't tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flips:
    """What became of the shared dev examples from one model to the next, each a number of them.

    Those still wrong got the `same_answer` or an `other_answer`.
    """

    fixed: int
    newly_wrong: int
    same_answer: int
    other_answer: int
    both_right: int

    @property
    def still_wrong(self) -> int:
        """How many both models got wrong."""
        return self.same_answer + self.other_answer

    @property
    def shared(self) -> int:
        """How many there are."""
        return self.fixed + self.newly_wrong + self.still_wrong + self.both_right

    @property
    def before(self) -> int:
        """The errors of the first model."""
        return self.fixed + self.still_wrong

    @property
    def after(self) -> int:
        """The errors of the second model."""
        return self.newly_wrong + self.still_wrong

    @property
    def gain(self) -> float:
        """By how much the error fell, a fraction; below 0 where it rose."""
        return (self.fixed - self.newly_wrong) / self.shared

    @property
    def fixed_rate(self) -> float:
        """Which part of all examples the second model fixed."""
        return self.fixed / self.shared

    @property
    def negative_flip_rate(self) -> float:
        """Which part of all examples the second model broke (Yan et al. 2021)."""
        return self.newly_wrong / self.shared

    @property
    def relative_negative_flip_rate(self) -> float | None:
        """The same as a part of what a model unrelated to the first would break; None of nothing.

        Of two such models with these errors, (1 - eA) * eB would be newly wrong (Yan et al. 2021).
        """
        expected = (self.shared - self.before) * self.after / self.shared**2
        return self.negative_flip_rate / expected if expected else None

    @property
    def trust_kept(self) -> float | None:
        """Which part of what was right still is: BTC (Srivastava et al. 2020); None of nothing."""
        return _part(self.both_right, self.both_right + self.newly_wrong)

    @property
    def broken(self) -> float | None:
        """Which part of what was right the second model broke; None of nothing."""
        return _part(self.newly_wrong, self.both_right + self.newly_wrong)

    @property
    def errors_familiar(self) -> float | None:
        """Which part of the errors was there before: BEC (Srivastava et al. 2020)."""
        return _part(self.still_wrong, self.after)

    @property
    def churn(self) -> float:
        """Which part of the examples went from right to wrong or back."""
        return (self.fixed + self.newly_wrong) / self.shared


def _part(some: int, every: int) -> float | None:
    return some / every if every else None


def bonett_price(fixed: int, newly_wrong: int, shared: int, level: float = LEVEL) -> Rate:
    """Return by how much the error fell between two models, with its interval: fractions.

    It is Bonett and Price's (2012): the normal interval of the difference of two paired rates, with
    one example more in each of the two cells that differ. Raises EstimateError for counts that
    can't be, or a level outside 0 to 1.
    """
    refuse_level(level)
    if min(fixed, newly_wrong) < 0 or not 0 < shared >= fixed + newly_wrong:
        message = f"{fixed} fixed and {newly_wrong} newly wrong of {shared} examples can't be"
        raise EstimateError(message)
    one, other = (fixed + 1) / (shared + 2), (newly_wrong + 1) / (shared + 2)
    difference = one - other
    z = NormalDist().inv_cdf((1 + level) / 2)
    reach = z * sqrt((one + other - difference**2) / (shared + 2))
    return Rate(
        rate=(fixed - newly_wrong) / shared,
        low=max(-1.0, difference - reach),
        high=min(1.0, difference + reach),
    )


def mid_p(fixed: int, newly_wrong: int) -> float:
    """Return McNemar's mid-p: how likely so uneven a split would be of two equal models.

    It is two-sided (Fagerland, Lydersen and Laake 2013).
    """
    from scipy.special import bdtr, comb  # takes long to import; most commands need no test

    few, number = min(fixed, newly_wrong), fixed + newly_wrong
    if number == 0:
        return 1.0
    exactly = float(comb(number, few) * 0.5**number) if number <= _EXACT else _chance(few, number)
    if fixed == newly_wrong:
        return 1 - exactly / 2
    return min(1.0, 2 * float(bdtr(few, number, 0.5)) - exactly)


_EXACT: Final = 1_000  # of more, 2 ** number is no longer a float


def _chance(few: int, number: int) -> float:
    """Return P(X = few) of so many throws of a coin."""
    from scipy.special import gammaln

    logarithm = gammaln(number + 1) - gammaln(few + 1) - gammaln(number - few + 1)
    return float(np.exp(logarithm - number * np.log(2)))


def weighted_gain(difference: Reals, weights: Reals, level: float = LEVEL) -> Rate:
    """Return by how much a weighted error fell, with its interval.

    `difference` is 1 for each example that was fixed, -1 for one that is newly wrong, else 0. The
    gain is sum(w * d) / sum(w); its interval is of a paired bootstrap, seeded, to which one fixed
    and one newly wrong example of mean weight are added, as Bonett and Price do: without them it
    would have no width where nothing differs.
    """
    refuse_level(level)
    whole = float(weights.sum())
    if not whole > 0:
        message = "weights of shared examples need a sum above 0"
        raise EstimateError(message)
    rate = float((weights * difference).sum()) / whole
    differs = difference != 0
    mean = whole / len(weights)
    w = np.append(weights[differs], [mean, mean])
    d = np.append(difference[differs], [1.0, -1.0])
    rest = weights[~differs]
    total = whole + 2 * mean
    if len(w) > _MOST_RESAMPLED:
        centre = float((w * d).sum()) / total
        squares = float((w**2 * (d - centre) ** 2).sum() + (rest**2).sum() * centre**2)
        reach = NormalDist().inv_cdf((1 + level) / 2) * sqrt(squares) / total
        low, high = centre - reach, centre + reach
    else:
        random = np.random.default_rng(_SEED)
        times = random.poisson(1.0, (_RESAMPLES, len(w)))
        # Those that don't differ count in the sum of weights alone, which is as good as normal.
        others = random.normal(rest.sum(), sqrt(float((rest**2).sum())), _RESAMPLES)
        wholes = np.maximum(times @ w + others, 1e-12)
        low, high = np.quantile(times @ (w * d) / wholes, [(1 - level) / 2, (1 + level) / 2])
    return Rate(rate=rate, low=max(-1.0, float(low)), high=min(1.0, float(high)))


def no_worse(gain: Rate, margin: float) -> Surely:
    """Return whether the second model is worse by no more than a margin, a fraction."""
    if -gain.low < margin:
        return Surely.YES
    return Surely.NO if -gain.high > margin else Surely.OPEN


def better(gain: Rate) -> Surely:
    """Return whether the second model is better: whether the interval leaves out 0."""
    if gain.low > 0:
        return Surely.YES
    return Surely.NO if gain.high < 0 else Surely.OPEN


def minus(one: Rate, other: Rate) -> Rate:
    """Return a difference of two independent rates, with MOVER's interval (Zou and Donner 2008)."""
    rate = one.rate - other.rate
    return Rate(
        rate=rate,
        low=rate - hypot(one.rate - one.low, other.high - other.rate),
        high=rate + hypot(one.high - one.rate, other.rate - other.low),
    )


def proportion(some: int, every: int, level: float = LEVEL) -> Rate:
    """Return a proportion with Clopper and Pearson's interval (1934); of none it is anything."""
    refuse_level(level)
    if not 0 <= some <= every:
        message = f"{some} of {every} can't be"
        raise EstimateError(message)
    if every == 0:
        return Rate(rate=0.0, low=0.0, high=1.0)
    low, high = clopper_pearson(np.array([float(some)]), np.array([float(every)]), level)
    return Rate(rate=some / every, low=float(low[0]), high=float(high[0]))


# --- many looks at one dev set --------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Whether errors that people looked at were fixed more often than those that nobody saw.

    `difference` is of the two rates; `p` is Fisher's, two-sided. `rings` says that they were.
    """

    seen: int
    seen_fixed: int
    unseen: int
    unseen_fixed: int
    difference: Rate
    p: float
    rings: bool


def looking(
    *, seen: int, seen_fixed: int, unseen: int, unseen_fixed: int, level: float = LEVEL
) -> Looking | None:
    """Compare what was fixed of the errors seen and of the others; None where either is empty.

    "Machine Learning Yearning" (ch. 17-18): where the looked-at part improves faster, the work has
    overfitted to it. The interval is MOVER's of two by Clopper and Pearson.
    """
    if not seen or not unseen:
        return None
    from scipy.stats import fisher_exact  # takes a second to import

    table = [[seen_fixed, seen - seen_fixed], [unseen_fixed, unseen - unseen_fixed]]
    p = float(fisher_exact(table).pvalue)
    difference = minus(proportion(seen_fixed, seen, level), proportion(unseen_fixed, unseen, level))
    return Looking(
        seen=seen,
        seen_fixed=seen_fixed,
        unseen=unseen,
        unseen_fixed=unseen_fixed,
        difference=difference,
        p=p,
        rings=difference.rate > 0 and p < 1 - level,
    )


def best_of_equal(models: int, shared: int, churn: float) -> float:
    """Return how much better the best of so many equal models would seem, a fraction.

    It is E[max of k normals] * sqrt(churn / (2 N)): two models whose correctness differs on the
    part `churn` of N examples differ in error by chance, with the variance churn / N, half of it
    each model's own.
    """
    return expected_maximum(models) * sqrt(churn / (2 * shared)) if models > 1 else 0.0


def expected_maximum(number: int) -> float:
    """Return the expected largest of so many standard normal variables.

    >>> f"{expected_maximum(5):.2f} {expected_maximum(10):.2f} {expected_maximum(100):.2f}"
    '1.16 1.54 2.51'
    """
    from scipy.special import ndtr

    x = np.linspace(-12.0, 12.0, 24_001)
    density = np.exp(-(x**2) / 2) / sqrt(2 * np.pi)
    return float((x * number * density * ndtr(x) ** (number - 1)).sum() * (x[1] - x[0]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyeball:
    """The dev error on the part that people may look at, and on the blackbox, with their gap.

    The gap is how much higher the error of the blackbox is.
    """

    examples: int
    errors: int
    blackbox_examples: int
    blackbox_errors: int
    error: Rate
    blackbox_error: Rate
    gap: Rate


def eyeball(
    *, examples: int, errors: int, blackbox_examples: int, blackbox_errors: int, level: float
) -> Eyeball:
    """Compare the errors of the two parts; the gap's interval is MOVER's."""
    error = proportion(errors, examples, level)
    other = proportion(blackbox_errors, blackbox_examples, level)
    return Eyeball(
        examples=examples,
        errors=errors,
        blackbox_examples=blackbox_examples,
        blackbox_errors=blackbox_errors,
        error=error,
        blackbox_error=other,
        gap=minus(other, error),
    )


def holm(p_values: list[float]) -> list[float]:
    """Return p-values adjusted for how many they are (Holm 1979), in the same order.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = largest
    return adjusted
