"""What holds however often one looks: published values, laws, an oracle, simulated reviews."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, betabinom, binom
from strategies import counts

from errortool.analysis.intervals import Method, shares_of_errors
from errortool.analysis.sequences import e_value, estimates, shares_at_any_time
from errortool.analysis.significance import enough
from errortool.errors import EstimateError
from errortool.model import Holds, Intervals

REVIEWS = 10_000

# k, n, E, and the ends of the interval in per cent: the table of the statistics paper.
PUBLISHED = [
    (5, 100, 1_000, 0.9, 15.4),
    (43, 100, 1_000, 28.8, 58.1),
    (61, 100, 1_000, 45.9, 74.8),
    (0, 100, 1_000, 0.0, 6.9),
    (43, 100, 200, 32.5, 54.5),
    (8, 100, 100, 8.0, 8.0),
    (50, 50, 1_000, 87.4, 100.0),
    (20, 50, 1_000, 21.2, 61.1),
    (30, 60, 120, 36.7, 63.3),
]


@pytest.mark.parametrize(("k", "n", "errors", "low", "high"), PUBLISHED)
def test_intervals_are_the_published_ones(k: int, n: int, errors: int, low: float, high: float):
    """To the digit printed there."""
    (share,) = shares_at_any_time([k], [n], errors=errors)
    assert share is not None
    assert share.share == k / n
    assert (round(100 * share.low, 1), round(100 * share.high, 1)) == (low, high)


LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])


@settings(max_examples=200)
@given(counts(2_000), LEVELS)
def test_trying_every_number_finds_the_same_ends(drawn: tuple[int, int, int], level: float):
    """The oracle is the definition, with scipy's distributions; at a tie both ends are right."""
    k, n, errors = drawn
    carriers = np.arange(k, errors - (n - k) + 1)
    prior = betabinom.logpmf(carriers, errors, 1, 1)
    posterior = betabinom.logpmf(carriers - k, errors - n, 1 + k, 1 + n - k)
    log_e = prior - posterior + np.log(1 - level)
    inner, outer = carriers[log_e < -1e-9], carriers[log_e < 1e-9]
    (share,) = shares_at_any_time([k], [n], errors=errors, level=level)
    assert share is not None
    assert round(share.low * errors) in {inner.min(), outer.min()}
    assert round(share.high * errors) in {inner.max(), outer.max()}


@given(counts(1_500), LEVELS)
def test_an_interval_that_always_holds_is_never_narrower(drawn: tuple[int, int, int], level: float):
    """It contains both exact ones, its own share and only what is possible; and it mirrors."""
    k, n, errors = drawn
    (always,) = shares_at_any_time([k], [n], errors=errors, level=level)
    (other,) = shares_at_any_time([n - k], [n], errors=errors, level=level)
    assert always is not None
    assert other is not None
    for method in Method:
        (fixed,) = shares_of_errors([k], [n], errors=errors, level=level, method=method)
        assert fixed is not None
        assert always.low <= fixed.low
        assert fixed.high <= always.high
    assert k / errors <= always.low
    assert always.low < k / n + 1 / errors
    assert always.high <= (errors - n + k) / errors
    assert (other.low, other.high) == pytest.approx((1 - always.high, 1 - always.low))
    if n == errors:
        assert always.low == always.share == always.high


@given(st.integers(1, 200), st.integers(0, 3_000), st.sampled_from([0.8, 0.9, 0.95]))
def test_more_ticks_mean_a_higher_interval_and_a_higher_level_a_wider_one(
    n: int, more: int, level: float
):
    """Neither end falls as more of the same number looked at carry the tick."""
    found = shares_at_any_time(range(n + 1), [n] * (n + 1), errors=n + more, level=level)
    wider = shares_at_any_time(range(n + 1), [n] * (n + 1), errors=n + more, level=level + 0.04)
    ends = [(share.low, share.high) for share in found if share]
    assert [low for low, _ in ends] == sorted(low for low, _ in ends)
    assert [high for _, high in ends] == sorted(high for _, high in ends)
    for (low, high), share in zip(ends, wider, strict=True):
        assert share is not None
        assert share.low <= low
        assert high <= share.high


def test_impossible_counts_are_refused():
    """As they are for a fixed number."""
    assert shares_at_any_time([0], [0], errors=5) == [None]
    for k, n, errors, level in ((2, 1, 5, 0.95), (1, 6, 5, 0.95), (1, 2, 5, 1.0)):
        with pytest.raises(EstimateError):
            shares_at_any_time([k], [n], errors=errors, level=level)


@pytest.mark.parametrize(
    ("kind", "holds"),
    [
        (Intervals.AUTO, [Holds.PLANNED, Holds.ALWAYS, Holds.COUNT]),
        (Intervals.ALWAYS, [Holds.ALWAYS, Holds.ALWAYS, Holds.COUNT]),
        (Intervals.PLANNED, [Holds.PLANNED, Holds.FIXED, Holds.COUNT]),
    ],
)
def test_each_share_says_for_which_numbers_it_holds(kind: Intervals, holds: list[Holds]):
    """20 were planned and looked at, 12 of them for a late category; 40 are all."""
    found = estimates([5, 5, 5], [20, 12, 40], errors=40, at_plan=20, intervals=kind)
    assert [share.holds for share in found if share] == holds
    always = shares_at_any_time([5, 5, 5], [20, 12, 40], errors=40)
    fixed = shares_of_errors([5, 5, 5], [20, 12, 40], errors=40)
    for share, one, other in zip(found, always, fixed, strict=True):
        assert share is not None
        assert one is not None
        assert other is not None
        like = one if share.holds is Holds.ALWAYS else other
        assert (share.low, share.high) == (like.low, like.high)


# --- e-values ------------------------------------------------------------------------------------


@given(st.integers(0, 60), st.integers(0, 60))
def test_an_e_value_is_the_mixture_of_likelihood_ratios(b: int, c: int):
    """By numeric integration over Beta(5, 5); and it is the same from both sides."""

    def ratio(p: float) -> float:
        return float(p**b * (1 - p) ** c * 2.0 ** (b + c) * beta.pdf(p, 5, 5))

    mixed, _ = quad(ratio, 0, 1, limit=200)
    assert e_value(b, c) == pytest.approx(mixed, rel=1e-6)
    assert e_value(b, c) == pytest.approx(e_value(c, b))


@pytest.mark.parametrize("n", [1, 7, 50, 300])
def test_an_e_values_mean_is_one_if_both_are_equally_large(n: int):
    """The expectation over all outcomes: so it seldom becomes large (Ville)."""
    outcomes = np.arange(n + 1)
    values = np.array([e_value(int(b), int(n - b)) for b in outcomes])
    assert values @ binom.pmf(outcomes, n, 0.5) == pytest.approx(1)


def test_an_e_value_of_many_is_no_overflow():
    """10,000 to none is beyond all numbers, and equal ones are no evidence."""
    assert e_value(10_000, 0) == float("inf")
    assert e_value(5_000, 5_000) < 1


# --- simulated reviews, looked at after every image ----------------------------------------------

SETTINGS = [
    (120, 0.2), (306, 0.01), (306, 0.43), (1_000, 0.2), (10_000, 0.05), (100_000, 0.6),
]  # fmt: skip


def ticked(errors: int, carriers: int, most: int, seed: int) -> np.ndarray:
    """Return how many of the first 1, 2, ... images carry the tick, a row a simulated review."""
    chance = np.random.default_rng(seed)
    left = np.full(REVIEWS, carriers)
    rows = np.empty((REVIEWS, most), dtype=np.int64)
    for at in range(most):
        hit = chance.random(REVIEWS) * (errors - at) < left
        left -= hit
        rows[:, at] = carriers - left
    return rows


@pytest.mark.parametrize(("errors", "rate"), SETTINGS)
def test_reviews_that_are_looked_at_all_the_time_seldom_miss(errors: int, rate: float):
    """In at most 5 % of 10,000 the interval misses the truth at any of up to 300 images."""
    most = min(errors, 300)
    carriers = round(rate * errors)
    seen = ticked(errors, carriers, most, seed=errors)
    missed = np.zeros(REVIEWS, dtype=np.bool_)
    for at in range(most):
        n = at + 1
        shares = shares_at_any_time(range(n + 1), [n] * (n + 1), errors=errors)
        lows = np.array([round(share.low * errors) for share in shares if share])
        highs = np.array([round(share.high * errors) for share in shares if share])
        k = seen[:, at]
        missed |= (carriers < lows[k]) | (carriers > highs[k])
    assert missed.mean() <= 0.05


@pytest.mark.parametrize(("errors", "rate"), SETTINGS)
def test_ties_are_seldom_called_settled(errors: int, rate: float):
    """By the e-value at any image up to 300, or by McNemar's test at the 100 planned: at most 5 %.

    Two categories are equally large, and no image carries both.
    """
    most = min(errors - 1, 300)
    carriers = round(min(rate, 0.5) * errors)
    chance = np.random.default_rng(errors)
    left = np.full((2, REVIEWS), carriers)
    settled = np.zeros(REVIEWS, dtype=np.bool_)
    thresholds = [least_settled(number) for number in range(most + 1)]
    for at in range(most):
        drawn = chance.random(REVIEWS) * (errors - at)
        first = drawn < left[0]
        second = ~first & (drawn < left[0] + left[1])
        left -= np.stack([first, second])
        counts_ = carriers - left
        larger, both = counts_.max(axis=0), counts_.sum(axis=0)
        if at + 1 == 100:
            p = 2 * binom.sf(larger - 1, both, 0.5)
            settled |= p < 0.05
        settled |= larger >= np.array(thresholds)[both]
    assert settled.mean() <= 0.05


def least_settled(number: int) -> int:
    """Return how many of so many discordant images settle an order, one more than all if none."""
    return next(
        (
            b
            for b in range(number // 2, number + 1)
            if e_value(b, number - b) >= enough(0.95, planned=True)
        ),
        number + 1,
    )


def test_looking_again_and_again_breaks_intervals_for_a_fixed_number():
    """The control: in far more than 5 % they miss at some time, as the manual says."""
    errors, carriers = 1_000, 200
    seen = ticked(errors, carriers, 100, seed=1)
    missed = np.zeros(REVIEWS, dtype=np.bool_)
    for n in range(10, 101, 5):
        shares = shares_of_errors(
            range(n + 1), [n] * (n + 1), errors=errors, method=Method.EQUAL_TAILS
        )
        inside = [share.low <= 0.2 <= share.high for share in shares if share]
        missed |= ~np.array(inside)[seen[:, n - 1]]
    assert 0.12 < missed.mean() < 0.17


def test_a_difference_is_found_by_the_hundredth_image():
    """40 against 20 % is settled in two of five reviews by looking alone; the wrong way in none."""
    chance = np.random.default_rng(3)
    found = wrong = 0
    thresholds = [least_settled(number) for number in range(101)]
    for _ in range(1_000):
        kinds = chance.choice(3, size=100, p=[0.4, 0.2, 0.4])
        b, c = np.cumsum(kinds == 0), np.cumsum(kinds == 1)
        settled = np.maximum(b, c) >= np.array(thresholds)[b + c]
        found += (settled & (b > c)).any()
        wrong += (settled & (b < c)).any()
    assert 0.35 < found / 1_000 < 0.5
    assert wrong / 1_000 < 0.005
