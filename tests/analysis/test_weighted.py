"""Weighted shares: laws, and simulated reviews in which heavy mistakes are rare."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from errortool.analysis.overlaps import order_of_work, union
from errortool.analysis.sample import Sample, shares
from errortool.analysis.significance import compare, history
from errortool.analysis.weighted import Totals, clopper_pearson, effective
from errortool.model import Holds


def sample(ticks: np.ndarray, weights: np.ndarray, errors: int, totals: Totals | None) -> Sample:
    """Return a sample of that many errors, just those that were planned."""
    return Sample(
        categories=tuple(range(ticks.shape[1])),
        ticks=ticks.astype(np.int8),
        errors=errors,
        dev_examples=errors,
        dev_error=1.0,
        weights=weights,
        totals=totals,
        at_plan=len(ticks),
    )


def totals(weights: np.ndarray) -> Totals:
    """Return the weights of all errors in sum."""
    return Totals(
        number=len(weights), weight=float(weights.sum()), squares=float((weights**2).sum())
    )


@given(st.integers(1, 200), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_binomial_interval_is_clopper_and_pearsons(n: int, data: st.DataObject, level: float):
    """An oracle for whole numbers."""
    k = data.draw(st.integers(0, n))
    low, high = clopper_pearson(np.array([float(k)]), np.array([float(n)]), level)
    known = binomtest(k, n).proportion_ci(level, "exact")
    assert low[0] == pytest.approx(known.low, abs=1e-9)
    assert high[0] == pytest.approx(known.high, abs=1e-9)


def test_the_effective_size_is_kishs_or_that_of_all_errors():
    """Equal weights count as many as they are, unequal ones less; and less if heavy ones hide."""
    ten = np.array([10.0])
    assert effective(ten, np.array([10.0]), ten, None) == [10]
    assert effective(np.array([19.0]), np.array([109.0]), ten, None) == pytest.approx([361 / 109])
    hidden = totals(np.array([1.0] * 90 + [10.0] * 10))
    assert hidden.effect == pytest.approx(100 * 1_090 / 190**2)
    assert effective(ten, np.array([10.0]), ten, hidden) == pytest.approx([10 / hidden.effect])
    assert hidden.lacking(ten, ten) == pytest.approx([1 - 1 / 1.9])
    assert hidden.lacking(3 * ten, ten) == [0]


tables = st.integers(1, 25).flatmap(
    lambda n: st.tuples(
        st.lists(st.tuples(st.integers(-1, 1), st.integers(0, 1)), min_size=n, max_size=n),
        st.lists(st.sampled_from([0.5, 1.0, 2.0, 30.0]), min_size=n, max_size=n),
    )
)


@given(tables, st.integers(0, 40), st.sampled_from([0.25, 7.0]))
def test_intervals_hold_their_share_and_dont_depend_on_the_unit(
    drawn: tuple[list[tuple[int, int]], list[float]], more: int, unit: float
):
    """They lie within 0 and 1, are counts once all was looked at, and scale with nothing."""
    ticks, weights = np.array(drawn[0]), np.array(drawn[1])
    errors = len(ticks) + more
    everything = np.concatenate([weights, np.full(more, 40.0)])
    one = shares(sample(ticks, weights, errors, totals(everything)))
    other = shares(sample(ticks, weights * unit, errors, totals(everything * unit)))
    for share, scaled in zip(one.values(), other.values(), strict=True):
        if share is None:
            continue
        assert scaled is not None
        assert 0 <= share.low <= share.share + 1e-9
        assert share.share - 1e-9 <= share.high <= 1 + 1e-9
        assert (scaled.low, scaled.high) == pytest.approx((share.low, share.high))
        if share.looked_at == errors:
            assert share.low == share.share == share.high


def settings(errors: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return weights and ticks of all errors: heavy ones rare, and ticked or not."""
    chance = np.random.default_rng(errors)
    drawn = chance.random(errors)
    ten = np.where(chance.random(errors) < 0.05, 10.0, 1.0)
    hundred = np.where(chance.random(errors) < 0.01, 100.0, 1.0)
    skewed = np.exp(chance.normal(0, 1, errors))
    return {
        "apart": (ten, drawn < 0.3),
        "ticked if heavy": (ten, drawn < np.where(ten > 1, 0.8, 0.2)),
        "ticked if very heavy": (hundred, drawn < np.where(hundred > 1, 0.9, 0.1)),
        "skewed": (skewed, drawn < np.clip(0.1 * skewed, 0, 0.9)),
        "mild": (np.where(chance.random(errors) < 0.5, 2.0, 1.0), drawn < 0.4),
    }


@pytest.mark.parametrize("errors", [306, 1_000])
@pytest.mark.parametrize("looked_at", [20, 50, 100])
def test_weighted_shares_cover_the_truth(errors: int, looked_at: int):
    """In at least 94 % of simulated reviews, also where the sample meets no heavy error."""
    chance = np.random.default_rng(looked_at)
    for name, (weights, ticked) in settings(errors).items():
        truth = weights[ticked].sum() / weights.sum()
        known = totals(weights)
        covered = 0
        for _ in range(300):
            rows = chance.choice(errors, looked_at, replace=False)
            some = sample(ticked[rows, None], weights[rows], errors, known)
            share = shares(some)[0]
            assert share is not None
            covered += share.low <= truth <= share.high
        assert covered >= 0.94 * 300, name


def test_the_order_of_weighted_ties_is_seldom_called_settled():
    """Two categories that share the ticks by the toss of a coin: settled in at most 5 %."""
    chance = np.random.default_rng(1)
    for name, (weights, ticked) in settings(1_000).items():
        # Pairs of equal weight, one of each with the first tick: the categories weigh the same.
        order = np.lexsort((weights, ticked))
        first = np.zeros(len(order), dtype=np.bool_)
        first[order[::2]] = True
        both = np.stack([ticked & first, ticked & ~first], axis=1)
        settled = 0
        for _ in range(300):
            rows = chance.choice(1_000, 100, replace=False)
            some = sample(both[rows], weights[rows], 1_000, totals(weights))
            settled += any(pair.order.settled for pair in compare(some, [(0, 1), (1, 0)]))
        assert settled <= 0.05 * 300, name


def test_weighted_figures_hold_for_a_fixed_number_only():
    """Where the number wasn't planned, no interval is said to hold, and no order is settled."""
    weights, ticked = settings(1_000)["apart"]
    both = np.stack([ticked, ~ticked & (np.arange(1_000) % 50 == 0)], axis=1)[:100]
    planned = sample(both, weights[:100], 1_000, totals(weights))
    again = replace(planned, at_plan=None)
    assert {share.holds for share in shares(planned).values() if share} == {Holds.PLANNED}
    assert {share.holds for share in shares(again).values() if share} == {Holds.FIXED}
    assert union(again, [0, 1]).holds is Holds.FIXED
    assert compare(planned, [(0, 1)])[0].order.settled
    assert not compare(again, [(0, 1)])[0].order.settled


def test_history_and_order_of_work_weigh_as_the_shares_do():
    """The last moment of the history is the share itself; the first step covers what it adds."""
    weights, ticked = settings(306)["ticked if heavy"]
    some = sample(ticked[:60, None], weights[:60], 306, totals(weights))
    share = shares(some)[0]
    last = history(some, [0])[-1]
    assert share is not None
    assert (last.share, last.low, last.high) == pytest.approx((share.share, share.low, share.high))
    (step,) = order_of_work(some)
    assert step.share.share == pytest.approx(step.adds) == pytest.approx(share.share)
