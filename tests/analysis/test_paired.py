"""Two models on the same examples: published values, laws, and independent oracles."""

from math import comb, isclose, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import binomtest, hypergeom, norm

from errortool.analysis import paired
from errortool.analysis.intervals import Rate
from errortool.analysis.paired import Flips, Surely, bonett_price, mid_p
from errortool.errors import EstimateError

counts = st.integers(0, 60)


def ends(rate: Rate, places: int = 4) -> tuple[float, float]:
    """Return an interval's ends, rounded as they were printed."""
    return round(rate.low, places), round(rate.high, places)


# --- published and reference values --------------------------------------------------------------

# The tables [[n11, n12], [n21, n22]] of the R package contingencytables, chapter 8.
PUBLISHED = {
    "Cavo 2012": ((59, 6, 16, 80), (-0.1195, -0.0032), 0.034690),
    "Bentur 2009": ((1, 1, 7, 12), (-0.5084, -0.0134), 0.039063),
    "Ezra 2010": ((7, 25, 2, 68), (0.1290, 0.3133), 3e-6),
    "Altman, table 6.2": ((14, 5, 0, 22), (0.0008, 0.2318), 0.03125),
    "PropCIs": ((50, 40, 20, 50), (0.0301, 0.2168), 0.009853),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_examples_of_paired_proportions(name: str):
    """Bonett and Price's interval and the mid-p, to their printed digits."""
    (_, b, c, _), wanted, p = PUBLISHED[name]
    assert ends(bonett_price(b, c, sum(PUBLISHED[name][0]))) == wanted
    assert mid_p(b, c) == pytest.approx(p, abs=1e-6)


@pytest.mark.parametrize(
    ("b", "c", "n", "wanted", "p"),
    [
        (400, 200, 10_000, (0.0152, 0.0248), 2e-16),
        (16, 6, 1_000, (0.0004, 0.0195), 0.0347),
        (163, 142, 3_000, (-0.0044, 0.0184), 0.2299),
        (15, 5, 1_000, None, 0.0266),
    ],
)
def test_reference_values(b: int, c: int, n: int, wanted: tuple[float, float] | None, p: float):
    """Computed with scipy beforehand."""
    if wanted is not None:
        assert ends(bonett_price(b, c, n)) == wanted
    assert mid_p(b, c) == pytest.approx(p, rel=0.2 if p < 1e-9 else 0.002)


def test_flip_rates_are_those_of_their_papers():
    """Relative rates to the digits that their inputs allow, and trust and familiarity kept."""
    flips = Flips(fixed=400, newly_wrong=200, same_answer=512, other_answer=88, both_right=8_800)
    assert (flips.shared, flips.before, flips.after, flips.still_wrong) == (10_000, 1_000, 800, 600)
    assert flips.gain == pytest.approx(0.02)
    assert flips.churn == pytest.approx(0.06)
    assert flips.trust_kept == pytest.approx(0.9778, abs=5e-5)
    assert flips.errors_familiar == pytest.approx(0.75)
    assert flips.broken == pytest.approx(200 / 9_000)
    assert flips.negative_flip_rate == pytest.approx(0.02)
    assert flips.relative_negative_flip_rate == pytest.approx(0.02 / (0.9 * 0.08))


@pytest.mark.parametrize(
    ("before", "after", "broken", "wanted"),
    [(490, 485, 183, 0.3968), (2_245, 2_250, 592, 0.3393), (3_036, 2_936, 596, 0.2915)],
)
def test_relative_negative_flips_of_published_models(
    before: int, after: int, broken: int, wanted: float
):
    """The examples of Yan et al. (2021) as their README gives them."""
    still = after - broken
    flips = Flips(
        fixed=before - still,
        newly_wrong=broken,
        same_answer=still,
        other_answer=0,
        both_right=10_000 - before - broken,
    )
    assert flips.relative_negative_flip_rate == pytest.approx(wanted, abs=5e-5)


def test_where_there_is_nothing_to_divide_by_there_is_no_rate():
    """Of no error and of nothing right, no part can be said."""
    perfect = Flips(fixed=0, newly_wrong=0, same_answer=0, other_answer=0, both_right=5)
    assert (perfect.relative_negative_flip_rate, perfect.errors_familiar) == (None, None)
    hopeless = Flips(fixed=0, newly_wrong=0, same_answer=5, other_answer=0, both_right=0)
    assert (hopeless.relative_negative_flip_rate, hopeless.trust_kept) == (None, None)
    assert hopeless.broken is None


def test_looking_rings_only_where_seen_errors_were_fixed_more_often():
    """The reference values of both sides."""
    found = paired.looking(seen=100, seen_fixed=40, unseen=900, unseen_fixed=225)
    assert found is not None
    assert (round(found.p, 4), found.rings) == (0.0018, True)
    found = paired.looking(seen=100, seen_fixed=30, unseen=900, unseen_fixed=225)
    assert found is not None
    assert (round(found.p, 2), found.rings) == (0.28, False)
    found = paired.looking(seen=100, seen_fixed=10, unseen=900, unseen_fixed=225)
    assert found is not None
    assert (found.p < 0.05, found.rings) == (True, False)
    assert paired.looking(seen=0, seen_fixed=0, unseen=9, unseen_fixed=3) is None
    assert paired.looking(seen=9, seen_fixed=3, unseen=0, unseen_fixed=0) is None


def test_the_best_of_many_equal_models_seems_better():
    """The table for churn 5 %, in points."""
    models = (5, 10, 30, 100)
    small = [round(100 * paired.best_of_equal(k, 1_000, 0.05), 2) for k in models]
    large = [round(100 * paired.best_of_equal(k, 10_000, 0.05), 2) for k in models]
    assert (small, large) == ([0.58, 0.77, 1.02, 1.25], [0.18, 0.24, 0.32, 0.40])
    assert paired.best_of_equal(1, 1_000, 0.05) == 0


# --- oracles -------------------------------------------------------------------------------------


@given(counts, counts)
def test_mid_p_is_the_sum_of_what_is_less_likely(b: int, c: int):
    """Half of what was seen, and all beyond it, on both sides; written out with whole numbers."""
    n, few = b + c, min(b, c)
    below = sum(comb(n, k) for k in range(few))
    wanted = 1.0 if b == c else min(1.0, 2 * (below + comb(n, few) / 2) / 2**n)
    if b == c and n:
        wanted = 1 - comb(n, few) / 2**n / 2
    assert mid_p(b, c) == pytest.approx(wanted)


def test_mid_p_of_many_is_that_of_few_continued():
    """Where 2 ** n is no float it is reckoned by logarithms."""
    assert isclose(paired._chance(495, 1_000), comb(1_000, 495) / 2**1_000, rel_tol=1e-9)
    assert 0 < mid_p(900, 1_000) < 0.05


@given(counts, counts, st.integers(0, 500), st.sampled_from([0.8, 0.95, 0.99]))
def test_bonett_price_by_hand(b: int, c: int, others: int, level: float):
    """The formula of the paper, written out."""
    n = b + c + others
    if not n:
        return
    p, q = (b + 1) / (n + 2), (c + 1) / (n + 2)
    reach = norm.ppf((1 + level) / 2) * sqrt((p + q - (p - q) ** 2) / (n + 2))
    found = bonett_price(b, c, n, level)
    assert (found.low, found.high) == pytest.approx((max(-1, p - q - reach), min(1, p - q + reach)))


@given(st.integers(0, 30), st.integers(1, 30))
def test_proportions_are_clopper_and_pearsons(some: int, more: int):
    """By scipy's own."""
    found = paired.proportion(some, some + more)
    wanted = binomtest(some, some + more).proportion_ci(0.95, "exact")
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=1e-9)


@given(st.integers(1, 20), st.integers(1, 20), st.data())
def test_looking_is_fishers_test(seen: int, unseen: int, data: st.DataObject):
    """Its p by the hypergeometric distribution: all tables that are no likelier."""
    seen_fixed = data.draw(st.integers(0, seen))
    unseen_fixed = data.draw(st.integers(0, unseen))
    found = paired.looking(
        seen=seen, seen_fixed=seen_fixed, unseen=unseen, unseen_fixed=unseen_fixed
    )
    assert found is not None
    drawn = hypergeom(seen + unseen, seen_fixed + unseen_fixed, seen)
    chances = drawn.pmf(np.arange(seen + 1))
    wanted = chances[chances <= chances[seen_fixed] * (1 + 1e-7)].sum()
    assert found.p == pytest.approx(min(1.0, wanted), abs=1e-9)
    if seen_fixed * unseen <= unseen_fixed * seen:
        assert not found.rings


@pytest.mark.parametrize("number", [2, 3, 17])
def test_the_expected_maximum_is_an_integral(number: int):
    """By scipy's quadrature."""
    wanted, _ = quad(
        lambda x: x * number * norm.pdf(x) * norm.cdf(x) ** (number - 1), -np.inf, np.inf
    )
    assert paired.expected_maximum(number) == pytest.approx(wanted, abs=1e-6)


# --- laws ----------------------------------------------------------------------------------------


@given(counts, counts, st.integers(1, 500))
def test_exchanging_the_models_turns_the_gain_round(b: int, c: int, others: int):
    """The interval is mirrored, and the test the same."""
    one, other = bonett_price(b, c, b + c + others), bonett_price(c, b, b + c + others)
    assert (one.rate, one.low, one.high) == pytest.approx((-other.rate, -other.high, -other.low))
    assert mid_p(b, c) == mid_p(c, b)
    assert 0 < mid_p(b, c) <= 1


@given(counts, counts, st.integers(1, 500))
def test_a_model_is_better_surely_not_worse(b: int, c: int, others: int):
    """What is better is no worse by any margin, and a larger margin says no less."""
    gain = bonett_price(b, c, b + c + others)
    if paired.better(gain) is Surely.YES:
        assert gain.rate > 0
        assert paired.no_worse(gain, 0.0) is Surely.YES
    order = [Surely.NO, Surely.OPEN, Surely.YES]
    said = [order.index(paired.no_worse(gain, margin)) for margin in (0.0, 0.01, 0.1, 1.5)]
    assert said == sorted(said)
    assert said[-1] == 2


@pytest.mark.parametrize(
    ("low", "high", "margin", "wanted"),
    [
        (-0.004, 0.02, 0.005, Surely.YES),
        (-0.02, -0.006, 0.005, Surely.NO),
        (-0.02, 0.02, 0.005, Surely.OPEN),
        (-0.02, -0.001, 0.005, Surely.OPEN),
    ],
)
def test_no_worse_by_more_than_a_margin(low: float, high: float, margin: float, wanted: Surely):
    """Surely where the interval lies on one side of it."""
    assert paired.no_worse(Rate(rate=(low + high) / 2, low=low, high=high), margin) is wanted


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5)), min_size=2, max_size=40))
def test_weights_that_are_all_alike_change_nothing_but_the_interval(rows: list[tuple[int, int]]):
    """The gain is that of counts; with other weights it is the ratio of sums."""
    difference = np.array([kind - 1.0 for kind, _ in rows])
    alike = paired.weighted_gain(difference, np.full(len(rows), 3.0))
    assert alike.rate == pytest.approx(difference.mean())
    weights = np.array([float(weight) for _, weight in rows])
    found = paired.weighted_gain(difference, weights)
    assert found.rate == pytest.approx((difference * weights).sum() / weights.sum())
    assert found.low < found.high
    assert found == paired.weighted_gain(difference, weights)  # seeded


def test_a_weighted_interval_is_bonett_prices_where_weights_are_alike():
    """Nearly so, by bootstrap with few that differ and by a normal with many."""
    for b, c, n in ((40, 20, 1_000), (6_000, 4_000, 100_000)):
        difference = np.repeat([1.0, -1.0, 0.0], [b, c, n - b - c])
        found = paired.weighted_gain(difference, np.ones(n))
        wanted = bonett_price(b, c, n)
        width = wanted.high - wanted.low
        assert found.low == pytest.approx(wanted.low, abs=0.06 * width)
        assert found.high == pytest.approx(wanted.high, abs=0.06 * width)


def test_a_weighted_interval_has_a_width_where_nothing_differs():
    """Two examples of mean weight stand for what wasn't met."""
    found = paired.weighted_gain(np.zeros(50), np.linspace(1, 2, 50))
    assert found.low < 0 < found.high


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8))
def test_holm_never_makes_a_p_value_smaller(p_values: list[float]):
    """It keeps their order, and the smallest is multiplied by how many they are."""
    found = paired.holm(p_values)
    assert all(one >= p for one, p in zip(found, p_values, strict=True))
    order = np.argsort(p_values, kind="stable")
    assert list(np.array(found)[order]) == sorted(found)
    assert min(found) == pytest.approx(min(1.0, len(p_values) * min(p_values)))


def test_eyeball_and_blackbox_have_a_gap():
    """Its interval is MOVER's of both."""
    found = paired.eyeball(
        examples=500, errors=40, blackbox_examples=9_500, blackbox_errors=855, level=0.95
    )
    assert (found.error.rate, found.blackbox_error.rate) == (0.08, 0.09)
    assert found.gap.rate == pytest.approx(0.01)
    assert found.gap.low < 0 < found.gap.high


@pytest.mark.parametrize(
    "ask",
    [
        lambda: bonett_price(3, 3, 5),
        lambda: bonett_price(-1, 3, 5),
        lambda: bonett_price(0, 0, 0),
        lambda: bonett_price(1, 1, 5, 1.0),
        lambda: paired.proportion(5, 4),
        lambda: paired.weighted_gain(np.zeros(3), np.zeros(3)),
    ],
)
def test_what_can_not_be_is_refused(ask):
    """Counts beyond all examples, none at all, a level of 1, weights of nothing."""
    with pytest.raises(EstimateError):
        ask()
