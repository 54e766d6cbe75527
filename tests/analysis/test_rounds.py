"""What a category gained between two rounds: reference values and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errortool.analysis.intervals import Method, share_of_errors
from errortool.analysis.rounds import Stratum, net
from errortool.analysis.weighted import Totals


def test_reference_values_of_a_category_between_two_rounds():
    """120 fixed and 20 newly wrong are net 100; it is narrower where all were looked at."""
    fixed = Stratum.of(ticked=12, looked_at=40, size=400)
    new = Stratum.of(ticked=2, looked_at=20, size=200)
    assert [round(value or 0) for value in (fixed.examples, fixed.low, fixed.high)] == [
        120,
        69,
        182,
    ]
    assert [round(value or 0) for value in (new.examples, new.low, new.high)] == [20, 3, 61]
    gained = net(fixed, new)
    assert gained is not None
    assert [round(value, 1) for value in (gained.rate, gained.low, gained.high)] == [
        100.0, 34.6, 164.3,
    ]  # fmt: skip
    every = Stratum.of(ticked=20, looked_at=200, size=200)
    assert (every.low, every.examples, every.high) == (20, 20, 20)
    gained = net(fixed, every)
    assert gained is not None
    assert [round(value, 1) for value in (gained.rate, gained.low, gained.high)] == [
        100.0, 49.0, 162.0,
    ]  # fmt: skip


def test_where_nothing_was_looked_at_there_is_no_figure():
    """Unless there is nothing to look at."""
    nobody = Stratum.of(ticked=0, looked_at=0, size=7)
    nothing = Stratum.of(ticked=0, looked_at=0, size=0)
    some = Stratum.of(ticked=1, looked_at=2, size=4)
    assert net(nobody, some) is None
    assert net(some, nobody) is None
    assert (nothing.examples, nothing.low, nothing.high) == (0, 0, 0)
    assert net(some, nothing) is not None


@given(st.integers(1, 60), st.data())
def test_a_stratum_is_a_share_of_errors_times_their_number(size: int, data: st.DataObject):
    """By the exact interval with equal tails."""
    looked_at = data.draw(st.integers(1, size))
    ticked = data.draw(st.integers(0, looked_at))
    found = Stratum.of(ticked=ticked, looked_at=looked_at, size=size)
    share = share_of_errors(
        ticked=ticked, looked_at=looked_at, errors=size, method=Method.EQUAL_TAILS
    )
    assert (found.examples, found.low, found.high) == pytest.approx(
        (size * share.share, size * share.low, size * share.high)
    )


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_the_net_gain_is_mirrored_when_rounds_are_exchanged(
    one: int, other: int, data: st.DataObject
):
    """What was gained from the one is lost from the other."""
    first = Stratum.of(ticked=data.draw(st.integers(0, one)), looked_at=one, size=2 * one)
    second = Stratum.of(ticked=data.draw(st.integers(0, other)), looked_at=other, size=3 * other)
    there, back = net(first, second), net(second, first)
    assert there is not None
    assert back is not None
    assert (there.rate, there.low, there.high) == pytest.approx((-back.rate, -back.high, -back.low))
    assert there.low <= there.rate <= there.high


def test_weights_that_are_all_alike_give_the_same_number():
    """And with others a ticked heavy example counts for more."""
    ticked = np.array([True, False, False, False])
    seen = np.array([True, True, True, False])
    alike = Totals(number=4, weight=4.0, squares=4.0)
    found = Stratum.weighing(ticked, seen, np.ones(4), alike, 0.95)
    assert found.examples == pytest.approx(4 / 3)
    heavy = np.array([3.0, 1.0, 1.0, 1.0])
    totals = Totals(number=4, weight=6.0, squares=12.0)
    found = Stratum.weighing(ticked, seen, heavy, totals, 0.95)
    assert found.examples == pytest.approx(6 * 3 / 5)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= 6 * 3 / 5 <= found.high
    nobody = Stratum.weighing(ticked, np.zeros(4, dtype=bool), heavy, totals, 0.95)
    assert nobody.examples is None
