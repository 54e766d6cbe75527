"""What a sample of ticks gives: the lecture's examples, laws, and an oracle in plain sets."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from errortool.analysis.intervals import Share, share_of_errors
from errortool.analysis.overlaps import (
    Step,
    combinations,
    contained,
    even_split,
    only_shares,
    order_of_work,
    taken,
    union,
)
from errortool.analysis.sample import Sample, none_of_these, shares, unknown
from errortool.analysis.sequences import e_value, shares_at_any_time
from errortool.analysis.significance import BANDS, More, Order, Stop, enough, grade, history
from errortool.analysis.significance import compare as compare_pairs
from errortool.analysis.significance import when_to_stop as stop_of
from errortool.analysis.what_if import plan
from errortool.model import Holds

DOG, GREAT_CAT, BLURRY = 0, 1, 2

# The four images of the design: dog / blurry / great cat + blurry / great cat.
FOUR = [[1, 0, 0], [0, 0, 1], [0, 1, 1], [0, 1, 0]]


def sample(
    ticks: list[list[int]], errors: int | None = None, weights: list[float] | None = None
) -> Sample:
    """Return a sample of these ticks, of a dev set of `errors`; of as many errors by default.

    Its categories' ids are the numbers of their columns, and shares and ceilings add to 1.
    """
    return Sample(
        categories=tuple(range(len(ticks[0]))),
        ticks=np.array(ticks, dtype=np.int8),
        errors=len(ticks) if errors is None else errors,
        dev_examples=len(ticks) if errors is None else errors,
        dev_error=1.0,
        weights=None if weights is None else np.array(weights),
        at_plan=len(ticks),
    )


def share_of(share: Share | None) -> float:
    """Return the share; there is one."""
    assert share is not None
    return share.share


def conservative(step: Step) -> float:
    """Return the share of errors whose causes are all solved after a step."""
    return 1 - step.cautious.error


def compare(some: Sample) -> Order:
    """Compare the first two categories."""
    (pair,) = compare_pairs(some, [(0, 1)])
    assert (pair.first, pair.second) == (0, 1)
    return pair.order


def when_to_stop(some: Sample) -> Stop:
    """Return how far the review has come."""
    found = [(share.share, at) for at, share in shares(some).items() if share and share.ticked]
    ranked = [at for _, at in sorted(found, reverse=True)]
    lead = compare_pairs(some, [(ranked[0], ranked[1])])[0] if len(ranked) > 1 else None
    none = none_of_these(some)
    known = None if unknown(some) or none is None else none.ticked
    return stop_of(some, shares(some)[ranked[0]] if ranked else None, lead, none=known)


@st.composite
def ticks(draw: st.DrawFn, least: int = 0) -> list[list[int]]:
    """Draw a table of ticks of up to 4 categories and 25 errors; `least` -1 for unseen ones."""
    columns = draw(st.integers(1, 4))
    row = st.lists(st.integers(least, 1), min_size=columns, max_size=columns)
    return draw(st.lists(row, min_size=1, max_size=25))


def sets(table: list[list[int]]) -> list[set[int]]:
    """Return the ticks of the errors looked at for every category but latecomers, as sets."""
    joined = [
        at for at in range(len(table[0])) if sum(row[at] >= 0 for row in table) * 2 >= len(table)
    ]
    return [
        {at for at in joined if row[at] == 1}
        for row in table
        if joined and all(row[at] >= 0 for at in joined)
    ]


# --- several categories together ---


def test_great_cat_and_blurry_leave_a_quarter():
    """Shares add up to more than 100 %, so ceilings can't be added: 25 % stays, not 0 %."""
    four = sample(FOUR)
    assert sum(share_of(share) for share in shares(four).values()) == 1.25
    both = [GREAT_CAT, BLURRY]
    assert share_of(union(four, both)) == share_of(contained(four, both)) == 0.75
    assert share_of(union(four, [BLURRY])) == 0.5
    assert share_of(contained(four, [BLURRY])) == 0.25


def test_43_and_61_percent_together_lie_between_61_and_100():
    """The lecture's great cats and blurry images, whatever their overlap."""
    for overlap in range(4, 44):
        table = [[1, 1]] * overlap + [[1, 0]] * (43 - overlap) + [[0, 1]] * (61 - overlap)
        table += [[0, 0]] * (100 - len(table))
        assert 0.61 <= share_of(union(sample(table), [0, 1])) <= 1.0


@given(ticks(), st.sets(st.integers(0, 3)))
def test_joint_shares_are_counted_in_sets(table: list[list[int]], wanted: set[int]):
    """Any tick among the chosen; and, cautiously, no tick outside."""
    chosen = {at for at in wanted if at < len(table[0])}
    each = sets(table)
    optimistic = sum(bool(some & chosen) for some in each) / len(each)
    pessimistic = sum(bool(some) and some <= chosen for some in each) / len(each)
    assert share_of(union(sample(table), chosen)) == optimistic
    assert share_of(contained(sample(table), chosen)) == pessimistic
    planned = plan(sample(table), chosen)
    assert planned.hopeful is not None
    assert planned.cautious is not None
    assert planned.hopeful.error == pytest.approx(1 - optimistic)
    assert planned.cautious.error == pytest.approx(1 - pessimistic)


@given(ticks(), st.integers(0, 100))
def test_a_joint_share_lies_between_the_largest_and_the_sum(table: list[list[int]], more: int):
    """And its interval holds it."""
    some = sample(table, errors=len(table) + more)
    alone = [share_of(share) for share in shares(some).values()]
    found = union(some, range(len(alone)))
    assert found is not None
    assert max(alone) <= found.share <= min(1.0, sum(alone) + 1e-9)
    assert found.low <= found.share + 1e-9
    assert found.share <= found.high + 1e-9
    assert share_of(contained(some, range(len(alone)))) <= found.share


def test_a_joint_share_rests_on_what_was_looked_at_for_all_of_them():
    """An error not looked at for one of the set says nothing of it, even if ticked for another."""
    late = sample([[1, -1], [0, -1], [0, 1], [0, 0]])
    (always,) = shares_at_any_time([1], [2], errors=4)
    assert always is not None
    assert union(late, [0, 1]) == replace(always, holds=Holds.ALWAYS)
    every = share_of_errors(ticked=1, looked_at=4, errors=4)
    assert union(late, [0]) == replace(every, holds=Holds.COUNT)


def test_a_late_category_is_left_out_of_joint_figures():
    """One image looked at for a new category does not make the rest say nothing."""
    late = sample([[1, 0, -1], [0, 1, -1], [1, 1, -1], [0, 0, -1], [0, 1, 1]])
    assert late.joined.tolist() == [True, True, False]
    assert [step.category for step in order_of_work(late)] == [1, 0]
    split, none = even_split(late)
    assert split == {0: pytest.approx(0.3), 1: pytest.approx(0.5), 2: None}
    assert none == pytest.approx(0.2)
    assert only_shares(late)[2] is None
    assert share_of(contained(late, [0])) == 0.2
    assert contained(sample([[-1], [-1]]), [0]) is None


@given(ticks())
def test_only_this_tick_and_the_even_split_are_counted_in_sets(table: list[list[int]]):
    """A tick alone counts whole; one among m counts 1/m; with none of these all adds to 1."""
    each = sets(table)
    alone = [share_of(share) for share in only_shares(sample(table)).values()]
    split, none = even_split(sample(table))
    assert none == pytest.approx(sum(not some for some in each) / len(each))
    for column in range(len(table[0])):
        assert alone[column] == sum(some == {column} for some in each) / len(each)
        part = sum((Fraction(1, len(some)) for some in each if column in some), Fraction(0))
        assert split[column] == pytest.approx(float(part / len(each)))
    assert sum(part for part in split.values() if part is not None) + none == pytest.approx(1)


@given(ticks())
def test_combinations_add_to_all(table: list[list[int]]):
    """Each error has exactly one combination of ticks."""
    found = combinations(sample(table))
    assert sum(overlap.errors for overlap in found) == len(table)
    for overlap in found:
        assert overlap.errors == sum(some == set(overlap.categories) for some in sets(table))


# --- the order of work ---


def test_the_order_of_work_takes_what_adds_most():
    """Great cat is as frequent as blurry, but next to blurry it adds less than dog."""
    table = [[0, 1, 1]] * 4 + [[0, 0, 1]] * 3 + [[1, 0, 0]] * 2 + [[0, 1, 0]] * 1 + [[0, 0, 0]] * 2
    steps = order_of_work(sample(table))
    assert [step.category for step in steps] == [BLURRY, DOG, GREAT_CAT]
    assert [round(step.adds * 12) for step in steps] == [7, 2, 1]
    assert [round(step.share.share * 12) for step in steps] == [7, 9, 10]
    assert [round(conservative(step) * 12) for step in steps] == [3, 5, 10]


@given(ticks(least=-1))
def test_the_order_of_work_ends_at_none_of_these(table: list[list[int]]):
    """Each step adds at most what the one before did; what is left carries no tick."""
    each = sets(table)
    steps = order_of_work(sample(table))
    gains = [step.adds for step in steps]
    assert gains == sorted(gains, reverse=True)
    if not any(each):
        assert steps == ()
        return
    last = steps[-1]
    none = sum(not some for some in each) / len(each)
    assert last.share.share == pytest.approx(1 - none)
    assert sum(gains) == pytest.approx(1 - none)


@given(ticks(least=-1), st.randoms(use_true_random=False))
def test_the_order_of_the_columns_changes_nothing(table: list[list[int]], chance):
    """Categories in another order have the same shares, and are worked on in the same order."""
    places = list(range(len(table[0])))
    chance.shuffle(places)
    turned = [[row[place] for place in places] for row in table]
    plain, other = sample(table), sample(turned)
    assert [shares(plain)[place] for place in places] == list(shares(other).values())

    def steps_of(some: Sample, steps: Sequence[Step]) -> list[tuple[float, bytes]]:
        return [(step.adds, some.ticks[:, step.category].tobytes()) for step in steps]

    complete = [row for row in table if min(row) >= 0] or [[0] * len(places)]
    plain, other = (
        sample(complete),
        sample([[row[place] for place in places] for row in complete]),
    )
    assert steps_of(plain, order_of_work(plain)) == steps_of(other, order_of_work(other))


# --- which is bigger ---


def pairs(b: int, c: int, both: int = 0, neither: int = 0) -> list[list[int]]:
    """Return errors of two categories: b with just the first, c with just the second."""
    return [[1, 0]] * b + [[0, 1]] * c + [[1, 1]] * both + [[0, 0]] * neither


@pytest.mark.parametrize(("b", "c"), [(10, 1), (9, 1), (6, 0), (5, 0), (20, 10), (30, 10)])
def test_an_order_is_settled_by_mcnemars_test(b: int, c: int):
    """The p-value is the exact binomial one; errors with both or neither don't matter."""
    found = compare(sample(pairs(b, c, 7, 40), errors=5_000))
    assert found.p == pytest.approx(binomtest(b, b + c, 0.5).pvalue)
    assert found.settled == (found.p < 0.05)
    assert (found.more is None) == found.settled


def test_all_errors_looked_at_settle_any_order():
    """Then it is a count, also if it says that neither is larger."""
    assert compare(sample(pairs(2, 1))).settled
    equal = compare(sample(pairs(2, 2)))
    assert (equal.settled, equal.more, equal.left) == (False, None, 0)


def test_only_the_larger_of_two_can_be_settled_as_such():
    """Of two whose order is beyond chance, the smaller isn't the larger."""
    some = sample(pairs(1, 20, 0, 60), errors=500)
    smaller, larger = (found.order for found in compare_pairs(some, [(0, 1), (1, 0)]))
    assert smaller.p == larger.p
    assert smaller.p is not None
    assert smaller.p < 0.05
    assert (smaller.settled, larger.settled) == (False, True)
    assert smaller.more is None


def test_an_order_that_the_rest_cannot_turn_is_settled():
    """A lead of three is certain with two errors left, though it may be chance so far."""
    assert compare(sample(pairs(6, 3), errors=11)).settled
    assert not compare(sample(pairs(6, 3), errors=12)).settled


@pytest.mark.parametrize(("b", "c"), [(10, 1), (14, 3), (15, 3), (30, 10), (5, 0), (8, 0)])
def test_an_order_that_was_looked_at_again_and_again_is_settled_by_an_e_value(b: int, c: int):
    """At any number of errors but the planned one, at 95 % from 40 on, or 20 without a plan."""
    some = replace(sample(pairs(b, c, 7, 40), errors=5_000), at_plan=None)
    found = compare(some)
    assert (found.p, found.e) == (None, e_value(b, c))
    assert found.settled == (e_value(b, c) >= 20)
    assert compare(replace(some, planned=True)).settled == (e_value(b, c) >= 40)
    assert compare(replace(some, level=0.99)).settled == (e_value(b, c) >= 100)


@pytest.mark.parametrize(
    ("table", "errors", "more"),
    [
        (pairs(5, 5, 0, 5), 40, None),  # neither is ahead
        (pairs(5, 4, 0, 6), 40, More.ALL),
        (pairs(0, 0, 2, 3), 40, None),
        (pairs(32, 24, 0, 44), 306, More.ALL),
        (pairs(20, 8, 0, 72), 100_000, More.MANY),
        (pairs(34, 16, 0, 50), 100_000, More.HUNDREDS),
        (pairs(14, 3, 0, 13), 100_000, More.DOZENS),
        (pairs(14, 3, 0, 13), 50, More.ALL),
        (pairs(28, 10), 100_000, More.SOON),
        (pairs(28, 10), 57, More.ALL),
    ],
)
def test_how_many_more_is_a_band(table: list[list[int]], errors: int, more: More | None):
    """Never a number, which would be noise; where nearly all that are left are asked for, all."""
    found = compare(replace(sample(table, errors), at_plan=None))
    assert not found.settled
    assert (found.more, found.left) == (more, errors - len(table))


def test_a_band_is_kept_in_four_of_five_reviews():
    """Simulated: whoever goes on as long as is said has the order settled by then."""
    chance = np.random.default_rng(0)
    kept = []
    for first, second in ((0.2, 0.1), (0.3, 0.2), (0.25, 0.2), (0.15, 0.1), (0.4, 0.3)) * 200:
        errors = 3_000
        kinds = np.zeros(errors, dtype=np.int64)
        kinds[: round(first * errors)] = 1
        kinds[round(first * errors) : round((first + second) * errors)] = 2
        chance.shuffle(kinds)
        ticks = np.stack([kinds == 1, kinds == 2], axis=1).astype(np.int8)
        some = replace(sample([[0, 0]], errors), ticks=ticks[:100], at_plan=None)
        band = compare(some).more
        if band in BANDS:
            b, c = ticks[: 100 + BANDS[band]].cumsum(axis=0)[100:].T
            evidence = [e_value(*counts) for counts in zip(b.tolist(), c.tolist(), strict=True)]
            kept.append(any(e >= enough(0.95, planned=False) for e in evidence))
    assert len(kept) > 50
    assert np.mean(kept) > 0.8


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 30))
def test_an_order_reads_the_same_from_both_sides(b: int, c: int, neither: int):
    """Comparing the second with the first asks the same test, and both can't be the larger."""
    some = sample(pairs(b, c, 0, neither), errors=500)
    one, other = compare(some), compare_pairs(some, [(1, 0)])[0].order
    assert (one.p, one.left) == (other.p, other.left)
    assert not (one.settled and other.settled)
    assert one == other or b != c


# --- weights ---


@given(ticks(least=-1), st.floats(0.5, 8), st.integers(0, 50))
def test_weights_all_alike_say_nothing(table: list[list[int]], weight: float, more: int):
    """Then every figure is that of the counts, to the letter."""
    errors = len(table) + more
    plain, alike = sample(table, errors), sample(table, errors, [weight] * len(table))
    assert shares(plain) == shares(alike)
    assert union(plain, [0]) == union(alike, [0])
    assert contained(plain, [0]) == contained(alike, [0])
    assert only_shares(plain) == only_shares(alike)
    plain_steps, alike_steps = order_of_work(plain), order_of_work(alike)
    assert [step.share for step in plain_steps] == [step.share for step in alike_steps]
    assert [step.cautious for step in plain_steps] == [step.cautious for step in alike_steps]
    assert [step.adds for step in plain_steps] == pytest.approx([s.adds for s in alike_steps])


def test_a_mistake_that_matters_ten_times_counts_ten_times():
    """The share is sum(w * tick) / sum(w) over the errors looked at for the category."""
    some = sample([[1, 1], [0, 0], [0, -1], [1, 0]], 50, [10, 1, 3, 1])
    first, second = shares(some).values()
    assert share_of(first) == pytest.approx(11 / 15)
    assert share_of(second) == pytest.approx(10 / 12)
    assert (first.ticked, first.looked_at) == (2, 4)
    assert even_split(some)[1] == pytest.approx(1 / 12)


def test_a_weighted_order_is_settled_by_what_the_errors_weigh():
    """Five heavy errors outweigh ten light ones; with equal weights nobody can tell."""
    table = pairs(30, 20, 0, 50)
    heavy = [1.0] * 30 + [9.0] * 20 + [1.0] * 50
    assert compare_pairs(sample(table, 5_000, heavy), [(1, 0)])[0].order.settled
    assert not compare(sample(table, 5_000, heavy)).settled
    even = [1.0] * 30 + [1.5] * 20 + [1.0] * 50
    found = compare(sample(table, 5_000, even))
    assert not found.settled
    assert (found.more, found.left) == (None, 4_900)  # neither is ahead
    again = replace(sample(table, 5_000, heavy), at_plan=None)
    assert not compare_pairs(again, [(1, 0)])[0].order.settled  # it holds for a fixed number only


# --- when to stop ---


def test_when_to_stop_counts_what_is_known():
    """Categories ticked once, or errors without a tick; errors since the last new category."""
    stop = when_to_stop(sample([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 0], [1, 0, 0]], 50))
    assert (stop.looked_at, stop.grade) == (5, "too few to tell")
    assert stop.chance_of_new == 1 / 5
    assert stop.since_new == 2
    leader = share_of_errors(ticked=3, looked_at=5, errors=50)
    assert stop.width == leader.high - leader.low
    assert stop.more is not None


def test_nothing_ticked_has_nothing_to_tell():
    """No leader; and if no error fits a category, nor will the next."""
    stop = when_to_stop(sample([[0, 0]] * 3, 50))
    assert (stop.chance_of_new, stop.since_new, stop.width, stop.more) == (1, None, None, None)
    empty = replace(sample([[0, 0]], 50), ticks=np.zeros((0, 2), dtype=np.int8))
    assert when_to_stop(empty).chance_of_new is None


@pytest.mark.parametrize(
    ("table", "errors", "chance"),
    [
        ([[1]] * 86 + [[0]] * 14, 306, 0.14),  # 14 of 100 fit none, and no category occurred once
        ([[1, 0]] * 85 + [[0, 1]] + [[0, 0]] * 14, 306, 0.14),
        ([[1, 0, 0]] * 8 + [[0, 1, 0], [0, 0, 1]], 306, 0.2),  # Good's: two of ten occurred once
        ([[1]] * 10, 306, 0.0),
        ([[1]] * 86 + [[0]] * 14, 100, None),  # there is no next error
        ([[1, -1]] * 9 + [[0, -1]], 306, None),  # the last may fit the second category
        ([[1, -1]] * 9 + [[0, 0]], 306, 0.1),
        ([[1, -1]] * 10, 306, None),  # none was looked at for both
    ],
)
def test_the_chance_of_a_new_category_counts_errors_that_fit_none(
    table: list[list[int]], errors: int, chance: float | None
):
    """Who ticks nothing hasn't named what is there: at least these, per error looked at."""
    assert when_to_stop(sample(table, errors)).chance_of_new == chance


@given(ticks(least=-1), st.integers(1, 50))
def test_an_error_fits_none_only_if_it_was_looked_at_for_every_category(
    table: list[list[int]], more: int
):
    """Counted one by one: ticked, none of these, or not known yet, and never 0 % beside a none."""
    some = sample(table, len(table) + more)
    found, stop = none_of_these(some), when_to_stop(some)
    whole = [row for row in table if -1 not in row]
    none = [row for row in whole if 1 not in row]
    open_ = [row for row in table if 1 not in row and -1 in row]
    assert (found is None) == (not whole)
    if found:
        assert (found.ticked, found.looked_at) == (len(none), len(whole))
    assert unknown(some) == len(open_)
    assert sum(1 in row for row in table) + len(none) + len(open_) == len(table)
    assert (stop.chance_of_new is None) == (bool(open_) or not whole)
    if stop.chance_of_new is not None:
        assert stop.chance_of_new * len(table) >= len(none) - 1e-9


def test_good_and_those_that_fit_none_meet_the_truth():
    """Simulated: whoever names three of five kinds and leaves the rest unticked.

    The next error truly needs a new category with 15 %: the estimate's mean is close, where the
    categories that occurred once alone say almost nothing.
    """
    chance = np.random.default_rng(5)
    kinds = chance.choice(5, size=(400, 100), p=[0.5, 0.25, 0.1, 0.1, 0.05])
    found = [
        when_to_stop(sample((row[:, None] == np.arange(3)).astype(int).tolist(), 10_000))
        for row in kinds
    ]
    estimates = [stop.chance_of_new for stop in found if stop.chance_of_new is not None]
    assert len(estimates) == 400
    assert abs(np.mean(estimates) - 0.15) < 0.01


@pytest.mark.parametrize(
    ("looked_at", "word"),
    [(0, "too few to tell"), (10, "very rough"), (20, "rough"), (50, "good"), (100, "very good")],
)
def test_grades_are_ngs(looked_at: int, word: str):
    """10 errors: very rough; 20: rough; 50: good; 100: very good."""
    assert grade(looked_at) == word
    assert grade(looked_at - 1) != word or looked_at == 0


@given(ticks(least=-1))
def test_history_ends_at_the_present(table: list[list[int]]):
    """The last moment is the whole sample; each is what a reviewer who stopped there had."""
    some = sample(table, len(table) + 7)
    moments = history(some, some.categories, points=5)
    present = {moment.category: moment for moment in moments if moment.reviewed == len(table)}
    for category, share in shares(some).items():
        assert (category in present) == (share is not None)
    for moment in moments:
        until = replace(sample(table[: moment.reviewed], some.errors), at_plan=None)
        before = shares(until)[moment.category]
        assert before is not None
        assert (moment.share, moment.low, moment.high) == (before.share, before.low, before.high)


@given(ticks(least=-1), st.randoms(use_true_random=False))
def test_every_result_names_categories_by_their_ids(table: list[list[int]], chance):
    """Other ids give the same results under the other names."""
    plain = sample(table, len(table) + 5)
    ids = chance.sample(range(10, 99), len(table[0]))
    named = replace(plain, categories=tuple(ids))
    assert shares(named) == {ids[at]: share for at, share in shares(plain).items()}
    assert only_shares(named) == {ids[at]: share for at, share in only_shares(plain).items()}
    assert even_split(named)[0] == {ids[at]: part for at, part in even_split(plain)[0].items()}
    assert [step.category for step in order_of_work(named)] == [
        ids[step.category] for step in order_of_work(plain)
    ]
    assert [overlap.categories for overlap in combinations(named)] == [
        tuple(ids[at] for at in overlap.categories) for overlap in combinations(plain)
    ]
    assert named.left_out == tuple(ids[at] for at in plain.left_out)
    assert [gain.category for gain in plan(named, ids[:1]).gains] == [
        ids[gain.category] for gain in plan(plain, [0]).gains
    ]
    chosen = list(plain.categories)
    assert [one.category for one in taken(named, ids)] == [
        ids[one.category] for one in taken(plain, chosen)
    ]
    assert [(moment.category, moment.share) for moment in history(named, ids)] == [
        (ids[moment.category], moment.share) for moment in history(plain, chosen)
    ]
