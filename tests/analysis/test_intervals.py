"""Shares, intervals and ceilings: published values, laws, and an oracle in exact fractions."""

from fractions import Fraction
from functools import cache
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import counts

from errortool.analysis.intervals import (
    Method,
    Share,
    ceiling,
    corrected_error,
    inside,
    share_of_errors,
    shares_of_errors,
)
from errortool.errors import EstimateError

# k, n, E, and the ends of the interval with equal tails: the table of the statistics paper.
PUBLISHED = [
    (5, 100, 1_000, 0.018, 0.109),
    (43, 100, 1_000, 0.337, 0.527),
    (61, 100, 1_000, 0.513, 0.701),
    (8, 100, 100, 0.08, 0.08),
    (43, 100, 200, 0.36, 0.5),
    (8, 50, 60, 8 / 60, 13 / 60),
    (0, 100, 1_000, 0.0, 0.034),
    (61, 100, 1_000_000, 0.507_3, 0.706_0),
    (50, 50, 1_000, 0.931, 1.0),
    (20, 50, 1_000, 0.268, 0.544),
]

# The same for Blaker's interval.
BLAKER = [
    (5, 100, 1_000, 0.021, 0.107),
    (43, 100, 1_000, 0.339, 0.525),
    (61, 100, 1_000, 0.516, 0.699),
    (8, 100, 100, 0.08, 0.08),
    (43, 100, 200, 0.36, 0.5),
    (8, 50, 60, 8 / 60, 12 / 60),
    (0, 100, 1_000, 0.0, 0.031),
    (50, 50, 1_000, 0.937, 1.0),
    (20, 50, 1_000, 0.274, 0.540),
    (30, 60, 120, 49 / 120, 71 / 120),
]


@pytest.mark.parametrize(("k", "n", "errors", "low", "high"), PUBLISHED)
def test_intervals_are_the_published_ones(k: int, n: int, errors: int, low: float, high: float):
    """The interval with equal tails is that of the table, to the digits printed there."""
    share = share_of_errors(ticked=k, looked_at=n, errors=errors, method=Method.EQUAL_TAILS)
    assert share.share == k / n
    assert share.low == pytest.approx(low, abs=5e-5)
    assert share.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(("k", "n", "errors", "low", "high"), BLAKER)
def test_blakers_intervals_are_those_of_the_manual(
    k: int, n: int, errors: int, low: float, high: float
):
    """They are what is shown unless equal tails are asked for."""
    share = share_of_errors(ticked=k, looked_at=n, errors=errors)
    assert share.low == pytest.approx(low, abs=5e-5)
    assert share.high == pytest.approx(high, abs=5e-5)


def equal_tails(k: int, n: int, errors: int, level: Fraction) -> tuple[int, int]:
    """Invert the hypergeometric distribution by trying every K in exact arithmetic."""
    kept = [
        K for K in range(k, errors - (n - k) + 1) if min(*tails(k, n, errors, K)) > (1 - level) / 2
    ]
    return min(kept), max(kept)


def tails(k: int, n: int, errors: int, carriers: int) -> tuple[Fraction, Fraction]:
    """Return P(X >= k) and P(X <= k)."""
    chances = chances_of(n, errors, carriers)
    return sum(chances[k:], Fraction(0)), sum(chances[: k + 1], Fraction(0))


def chances_of(n: int, errors: int, carriers: int) -> list[Fraction]:
    """Return P(X = x) for each x."""
    return [
        Fraction(comb(carriers, x) * comb(errors - carriers, n - x), comb(errors, n))
        for x in range(n + 1)
    ]


def blaker(k: int, n: int, errors: int, level: Fraction) -> tuple[int, int]:
    """Return Blaker's interval by its definition (2000), trying every K in exact arithmetic.

    K is kept if outcomes as extreme as k or more, by the smaller of their tails, have a chance of
    more than 1 - level.
    """
    kept = []
    for carriers in range(k, errors - (n - k) + 1):
        chances = chances_of(n, errors, carriers)
        least = [
            min(sum(chances[x:], Fraction(0)), sum(chances[: x + 1], Fraction(0)))
            for x in range(n + 1)
        ]
        if sum(p for p, tail in zip(chances, least, strict=True) if tail <= least[k]) > 1 - level:
            kept.append(carriers)
    return min(kept), max(kept)


@settings(max_examples=150)
@given(counts(45), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_intervals_agree_with_exact_arithmetic(drawn: tuple[int, int, int], level: float):
    """Trying every K in fractions finds the same ends as the searches over floats.

    Blaker's interval is stretched to the share itself where it is a count that lies beside it.
    """
    k, n, errors = drawn
    exact = Fraction(str(level))
    share = share_of_errors(
        ticked=k, looked_at=n, errors=errors, level=level, method=Method.EQUAL_TAILS
    )
    low, high = equal_tails(k, n, errors, exact)
    assert (round(share.low * errors), round(share.high * errors)) == (low, high)
    share = share_of_errors(ticked=k, looked_at=n, errors=errors, level=level)
    low, high = blaker(k, n, errors, exact)
    assert round(share.low * errors) == min(low, k * errors // n)
    assert round(share.high * errors) == max(high, errors - (n - k) * errors // n)


@given(counts(2_000), st.sampled_from([0.8, 0.9, 0.95]))
def test_blakers_interval_lies_inside_equal_tails_and_those_of_higher_levels(
    drawn: tuple[int, int, int], level: float
):
    """A higher level rules out nothing more, and Blaker's interval is never the wider one."""
    k, n, errors = drawn
    made = share_of_errors(ticked=k, looked_at=n, errors=errors, level=level)
    wider = share_of_errors(ticked=k, looked_at=n, errors=errors, level=level + 0.04)
    tails_ = share_of_errors(
        ticked=k, looked_at=n, errors=errors, level=level, method=Method.EQUAL_TAILS
    )
    assert min(tails_.low, k * errors // n / errors) <= made.low
    assert made.high <= max(tails_.high, 1 - (n - k) * errors // n / errors) + 1e-12
    assert wider.low <= made.low
    assert made.high <= wider.high


@given(st.integers(1, 300), st.integers(1, 5_000))
def test_more_ticks_mean_a_higher_interval(n: int, more: int):
    """Neither end falls as more of the same number looked at carry the tick."""
    found = shares_of_errors(range(n + 1), [n] * (n + 1), errors=n + more)
    ends = [(share.low, share.high) for share in found if share]
    assert ends == sorted(ends)
    assert [high for _, high in ends] == sorted(high for _, high in ends)


@given(counts(3_000))
def test_an_interval_holds_its_share_and_mirrors(drawn: tuple[int, int, int]):
    """The share lies in its interval, or less than one error outside: the ends are whole errors.

    With 1 of 79 ticked among 80 errors, 1 of 80 is the only count that isn't ruled out. The
    interval of the images without the tick is the mirror image.
    """
    k, n, errors = drawn
    share = share_of_errors(ticked=k, looked_at=n, errors=errors)
    other = share_of_errors(ticked=n - k, looked_at=n, errors=errors)
    assert 0 <= share.low < share.share + 1 / errors
    assert share.share - 1 / errors < share.high <= 1
    assert other.low == pytest.approx(1 - share.high)
    assert other.high == pytest.approx(1 - share.low)


@given(st.integers(1, 500), st.data())
def test_a_count_of_all_errors_has_no_width(errors: int, data: st.DataObject):
    """When every error was looked at, the interval is the share itself."""
    k = data.draw(st.integers(0, errors))
    share = share_of_errors(ticked=k, looked_at=errors, errors=errors)
    assert share.low == share.share == share.high


@given(st.integers(1, 20), st.integers(2, 5), st.data())
def test_looking_at_more_narrows_the_interval(n: int, times: int, data: st.DataObject):
    """The same share of a larger sample has a narrower interval."""
    k = data.draw(st.integers(0, n))
    few = share_of_errors(ticked=k, looked_at=n, errors=200)
    many = share_of_errors(ticked=k * times, looked_at=n * times, errors=200)
    assert many.high - many.low <= few.high - few.low


def test_the_interval_covers_the_truth_in_95_of_100_samples():
    """Whatever the true number of carriers, at least 95 % of all samples cover it (no luck)."""
    errors, n = 120, 40
    intervals = shares_of_errors(range(n + 1), [n] * (n + 1), errors=errors)
    for carriers in range(errors + 1):
        covered = sum(
            Fraction(comb(carriers, k) * comb(errors - carriers, n - k), comb(errors, n))
            for k, share in enumerate(intervals)
            if share is not None and share.low - 1e-12 <= carriers / errors <= share.high + 1e-12
        )
        assert covered >= Fraction(95, 100)


def test_many_categories_at_once_are_each_as_alone():
    """A category's interval doesn't depend on its neighbours; an empty sample has none."""
    together = shares_of_errors([5, 43, 0, 0], [100, 100, 12, 0], errors=1_000)
    assert together[:3] == [
        share_of_errors(ticked=k, looked_at=n, errors=1_000)
        for k, n in [(5, 100), (43, 100), (0, 12)]
    ]
    assert together[3] is None


@pytest.mark.parametrize(
    ("k", "n", "errors", "level", "sentence"),
    [
        (0, 0, 10, 0.95, "at least one image"),
        (4, 3, 10, 0.95, "4 ticked of 3 looked at of 10 errors"),
        (-1, 3, 10, 0.95, "-1 ticked"),
        (1, 11, 10, 0.95, "11 looked at of 10 errors"),
        (1, 3, 10, 1.0, "between 0 and 1"),
    ],
)
def test_impossible_counts_are_refused(k: int, n: int, errors: int, level: float, sentence: str):
    """Counts that can't be, an empty sample and a level of 1 raise EstimateError."""
    with pytest.raises(EstimateError, match=sentence):
        share_of_errors(ticked=k, looked_at=n, errors=errors, level=level)


# The lecture: dev error, ticked of 100, and what is left.
LECTURE = [(0.10, 5, 0.095), (0.10, 50, 0.05), (0.10, 8, 0.092), (0.10, 43, 0.057),
           (0.10, 61, 0.039), (0.10, 12, 0.088), (0.10, 6, 0.094)]  # fmt: skip


@pytest.mark.parametrize(("dev_error", "ticked", "left"), LECTURE)
def test_ceilings_are_the_lectures(dev_error: float, ticked: int, left: float):
    """5 of 100 errors at 10 % leave 9.5 %, 50 leave 5 %, and so on."""
    errors, dev_examples = round(dev_error * 10_000), 10_000
    share = share_of_errors(ticked=ticked, looked_at=100, errors=errors)
    found = ceiling(share, errors=errors, dev_examples=dev_examples)
    assert found.error == pytest.approx(left)
    assert found.points == pytest.approx(dev_error - left)
    assert found.accuracy == pytest.approx(1 - left)
    assert found.dev_examples == pytest.approx((dev_error - left) * dev_examples)


@given(counts(2_000), st.integers(0, 5_000))
def test_a_ceiling_turns_the_interval_round(drawn: tuple[int, int, int], right: int):
    """More share is less error left; error left and points gained make up the dev error.

    Like the share, what is left lies in its interval, or less than one error outside.
    """
    k, n, errors = drawn
    share = share_of_errors(ticked=k, looked_at=n, errors=errors)
    found = ceiling(share, errors=errors, dev_examples=errors + right)
    dev_error = errors / (errors + right)
    one = 1 / (errors + right)
    assert found.low < found.error + one
    assert found.error - one < found.high
    assert found.error + found.points == pytest.approx(dev_error)
    assert found.low == pytest.approx(dev_error * (1 - share.high))
    assert found.high == pytest.approx(dev_error * (1 - share.low))


@pytest.mark.parametrize(("errors", "dev_examples"), [(1, 0), (0, 0), (5, 4), (-1, 3)])
def test_a_ceiling_needs_a_dev_set(errors: int, dev_examples: int):
    """More errors than dev examples, or none at all, raise EstimateError."""
    share = share_of_errors(ticked=1, looked_at=2, errors=3)
    with pytest.raises(EstimateError, match="can't be"):
        ceiling(share, errors=errors, dev_examples=dev_examples)


# --- both sides ---


def share_like(ticked: int, looked_at: int) -> Share:
    """Return a share of so many examples that the sample hardly matters to them."""
    return share_of_errors(ticked=ticked, looked_at=looked_at, errors=10**6)


def test_correcting_both_sides_is_the_designs_example():
    """20 errors of 1,000, 30 % of them the label's, 1 % of the right ones wrong: 2.38 %."""
    found = corrected_error(share_like(6, 20), share_like(1, 100), errors=20, dev_examples=1_000)
    assert found.rate == pytest.approx(0.0238)


def test_the_corrected_errors_interval_is_movers():
    """Est - hypot(t1 - l1, t2 - l2) .. est + hypot(u1 - t1, u2 - t2), by hand."""
    wrong = Share(share=0.3, low=0.2, high=0.42, ticked=30, looked_at=100)
    right = Share(share=0.01, low=0.002, high=0.04, ticked=1, looked_at=100)
    found = corrected_error(wrong, right, errors=100, dev_examples=1_000)
    assert found.rate == pytest.approx(0.07 + 0.009)
    assert found.low == pytest.approx(0.079 - ((0.012) ** 2 + (0.0072) ** 2) ** 0.5)
    assert found.high == pytest.approx(0.079 + ((0.01) ** 2 + (0.027) ** 2) ** 0.5)


def test_inside_a_category_is_the_designs_example():
    """E = 10 %, on 61 of 100 errors and 10 of 100 right ones: 15.1 % of data, 40.4 % error."""
    found = inside(share_like(61, 100), share_like(10, 100), errors=100, dev_examples=1_000)
    assert found.data.rate == pytest.approx(0.151)
    assert found.error is not None
    assert found.error.rate == pytest.approx(0.061 / 0.151)
    assert round(found.error.rate, 3) == 0.404


@given(counts(400), counts(4_000))
def test_both_sides_lie_in_their_intervals(
    wrong: tuple[int, int, int], right: tuple[int, int, int]
):
    """Rates lie between 0 and 1 and in their intervals, and close up when all was looked at."""
    errors, all_right = wrong[2], right[2]
    one, other = (share_of_errors(ticked=k, looked_at=n, errors=of) for k, n, of in (wrong, right))
    dev_examples = errors + all_right
    found = inside(one, other, errors=errors, dev_examples=dev_examples)
    corrected = corrected_error(one, other, errors=errors, dev_examples=dev_examples)
    rates = [found.data, corrected, *([found.error] if found.error else [])]
    for rate in rates:
        assert -1e-9 <= rate.low <= rate.rate + 1e-9
        assert rate.rate - 1e-9 <= rate.high <= 1 + 1e-9
        if wrong[1] == errors and right[1] == all_right:
            assert rate.low == pytest.approx(rate.high)
    assert (found.error is None) == (wrong[0] == right[0] == 0)


def test_corrected_errors_cover_the_truth():
    """Of 2,000 simulated reviews at least 95 % cover the corrected error (97-99 % expected)."""
    chance = np.random.default_rng(2)
    errors, all_right, n, flipped, broken = 200, 1_800, 100, 60, 18
    truth = (errors - flipped + broken) / (errors + all_right)
    covered = 0
    for a, b in zip(
        chance.hypergeometric(flipped, errors - flipped, n, 2_000).tolist(),
        chance.hypergeometric(broken, all_right - broken, n, 2_000).tolist(),
        strict=True,
    ):
        found = corrected_error(
            known(a, n, errors), known(b, n, all_right), errors=errors, dev_examples=2_000
        )
        covered += found.low <= truth <= found.high
    assert covered >= 1_900


@cache
def known(k: int, n: int, of: int) -> Share:
    """Return a share that is asked for often."""
    return share_of_errors(ticked=k, looked_at=n, errors=of)
