"""Each sentence of a comparison, with the cases in which it says something else, or nothing."""

from dataclasses import replace

import pytest

from errortool.analysis import paired
from errortool.analysis.comparison import (
    ComparedCategory,
    ComparedGroup,
    Comparison,
    Labels,
    Models,
    Parts,
    Round,
)
from errortool.analysis.intervals import Rate
from errortool.analysis.paired import Flips, Surely, bonett_price, mid_p
from errortool.analysis.rounds import Stratum, net
from errortool.model import Kind
from errortool.output import comparison_phrases as words


def comparison(
    fixed: int = 400, newly_wrong: int = 200, same: int = 512, other: int = 88, right: int = 8_800
) -> Comparison:
    """Return a comparison of these numbers of examples."""
    flips = Flips(
        fixed=fixed, newly_wrong=newly_wrong, same_answer=same, other_answer=other, both_right=right
    )
    return Comparison(
        a="cats v3",
        b="cats v4",
        only_a=0,
        only_b=0,
        flips=flips,
        error_before=flips.before / flips.shared,
        error_after=flips.after / flips.shared,
        gain=bonett_price(fixed, newly_wrong, flips.shared),
        mid_p=mid_p(fixed, newly_wrong),
        weighted=False,
        level=0.95,
        margin=0.005,
        labels=None,
    )


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (
            comparison(),
            "cats v4 takes the dev error from 10.00 % to 8.00 %: 2.00 points better (1.52 to "
            "2.48). It fixed 400 errors and made 200 new ones.",
        ),
        (
            comparison(200, 400, 512, 88),
            "cats v4 takes the dev error from 8.00 % to 10.00 %: 2.00 points worse (1.52 to 2.48). "
            "It fixed 200 errors and made 400 new ones.",
        ),
        (
            comparison(163, 142, 122, 21, 2_552),
            "cats v4 has a dev error of 9.50 %, cats v3 of 10.20 %: the difference of 0.70 points "
            "(−0.44 to 1.84) may be chance. It fixed 163 errors and made 142 new ones.",
        ),
        (
            comparison(1, 2, 3, 0, 94),
            "cats v4 has a dev error of 5.0 %, cats v3 of 4.0 %: the difference of 1.0 points "
            "(−3.3 to 5.3) may be chance. It fixed 1 error and made 2 new ones.",
        ),
        (
            comparison(1, 1, 3, 0, 95),
            "cats v4 has the same dev error as cats v3, 4.0 %. It fixed 1 error and made 1 new "
            "one.",
        ),
        (
            comparison(0, 0, 3, 0, 97),
            "cats v4 has the same dev error as cats v3, 3.0 %. It fixed no error and made no new "
            "one.",
        ),
    ],
    ids=["better", "worse", "open", "few", "even", "nothing"],
)
def test_the_headline_says_better_or_worse_only_where_it_is_sure(found: Comparison, wanted: str):
    """Its interval leaves out 0 then."""
    assert words.headline(found) == wanted


def test_the_headline_says_on_what_models_are_compared():
    """On what both have, and on the same labels, where these differ."""
    found = replace(comparison(), only_b=3)
    assert words.headline(found).startswith(
        "On the 10,000 dev examples that both have, cats v4 takes"
    )
    labels = Labels(changed=12, error_before=0.101, error_after=0.1)
    assert words.headline(replace(found, labels=labels)).startswith(
        "On the 10,000 dev examples that both have and the same labels, cats v4"
    )
    assert words.headline(replace(comparison(), labels=labels)).startswith("On the same labels, ")


def test_the_basis_names_what_there_is():
    """Errors looked at only of sessions, no p of weights."""
    found = comparison()
    assert words.basis(found) == "10,000 dev examples in both · p below 0.001"
    assert words.basis(replace(found, looked_at=(100, 38), mid_p=0.0347)) == (
        "10,000 dev examples in both · 100 + 38 errors looked at · p 0.035"
    )
    assert words.basis(replace(found, weighted=True, mid_p=None)) == (
        "10,000 dev examples in both, weighted"
    )


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (None, ""),
        (
            Labels(changed=12, error_before=0.1012, error_after=0.1),
            "12 labels changed in between, which alone took the dev error of cats v3 from 10.12 % "
            "to 10.00 %. So of 2.12 points gained since, 0.12 are the labels'.",
        ),
        (
            Labels(changed=1, error_before=0.0999, error_after=0.1),
            "1 label changed in between, which alone took the dev error of cats v3 from 9.99 % to "
            "10.00 %. So the labels alone made it 0.01 points worse.",
        ),
        (
            Labels(changed=2, error_before=0.1, error_after=0.1),
            "2 labels changed in between, which alone took the dev error of cats v3 from 10.00 % "
            "to 10.00 %. That made no difference to it.",
        ),
    ],
)
def test_what_labels_did(labels: Labels | None, wanted: str):
    """Better, worse, no difference, or nothing where none changed."""
    assert words.labels(replace(comparison(), labels=labels)) == wanted


def test_labels_can_be_all_that_was_gained():
    """Where the model lost, no part of a gain is the labels'."""
    labels = Labels(changed=50, error_before=0.085, error_after=0.08)
    found = replace(comparison(200, 400, 512, 88), labels=labels)
    assert words.labels(found).endswith("So the labels alone made it 0.50 points better.")


def test_the_cards_say_what_their_numbers_mean():
    """Parts of the dev set, of what was right, and of what unrelated models would break."""
    found = comparison()
    assert words.fixed(found) == "4.0 % of the dev set"
    assert words.still(found) == "512 with the same answer, 88 with another"
    assert words.broken(found) == (
        "2.2 % of what cats v3 got right; 28 % of what two unrelated models would break"
    )
    assert words.broken(comparison(5, 0, 3, 0, 92)) == "0.0 % of what cats v3 got right"
    assert words.still(comparison(5, 2, 0, 0, 93)) == "no error of both"


@pytest.mark.parametrize(
    ("found", "verdict", "worst"),
    [
        (comparison(), "surely", "it is better by at least 1.52 points"),
        (comparison(163, 142, 122, 21, 2_552), "surely", "it is worse by at most 0.44 points"),
        (comparison(10, 16, 60, 0, 914), "can't tell", "it is worse by at most 1.6 points"),
        (comparison(10, 90, 60, 0, 840), "surely not", "it is worse by 6.1 to 9.9 points"),
    ],
)
def test_no_worse_by_more_than_a_margin(found: Comparison, verdict: str, worst: str):
    """Surely, surely not, or neither, and how much worse at most."""
    assert found.no_worse is not None
    assert (found.no_worse.value, words.worst(found)) == (verdict, worst)
    assert words.margin(found) == "no worse by more than 0.5 points?"
    assert words.margin(replace(found, margin=None)) == ""


def category(fixed: Stratum, new: Stratum, possible: float | None = 0.043) -> ComparedCategory:
    """Return a category of a dev set of 10,000."""
    gained = net(fixed, new)
    return ComparedCategory(
        name="Great cat",
        kind=Kind.CAUSE,
        possible=None if possible is None else Rate(rate=possible, low=0.03, high=0.06),
        gained=None
        if gained is None
        else Rate(rate=gained.rate / 1e4, low=gained.low / 1e4, high=gained.high / 1e4),
        fixed=fixed,
        newly_wrong=new,
        still_wrong=Stratum.of(ticked=0, looked_at=0, size=600),
    )


FIXED = Stratum.of(ticked=12, looked_at=40, size=400)
NEW = Stratum.of(ticked=2, looked_at=20, size=200)
NOBODY = Stratum.of(ticked=0, looked_at=0, size=200)
ALL = Stratum.of(ticked=150, looked_at=200, size=200)


@pytest.mark.parametrize(
    ("one", "wanted"),
    [
        (category(FIXED, NEW), "4.30 points were possible, 1.00 came (0.35 to 1.64)."),
        (
            category(FIXED, NOBODY),
            "4.30 points were possible; what came isn't known yet: none of the 200 newly wrong in "
            "cats v4 was looked at for it.",
        ),
        (
            category(NOBODY, NOBODY),
            "4.30 points were possible; what came isn't known yet: none of the 200 fixed in cats "
            "v3 and none of the 200 newly wrong in cats v4 was looked at for it.",
        ),
        (category(ALL, ALL), "4.30 points were possible, 0.00 came."),
        (category(NEW, FIXED), "4.30 points were possible, −1.00 came (−1.64 to −0.35)."),
        (category(FIXED, NEW, None), "nobody looked for it in cats v3."),
    ],
)
def test_what_a_category_made_possible_and_what_came(one: ComparedCategory, wanted: str):
    """With its interval unless it is a count; what to look at where it isn't known."""
    assert words.category(one, comparison()) == f"Great cat: {wanted}"


def test_how_many_of_the_newly_wrong_were_looked_at():
    """Nothing where all were, or where there are none."""
    found = replace(comparison(), categories=(category(FIXED, NEW),))
    assert words.wide(found) == "Of the 200 newly wrong, 20 were looked at."
    assert words.wide(replace(found, categories=(category(FIXED, ALL),))) == ""
    assert words.wide(comparison()) == ""
    one = Stratum.of(ticked=1, looked_at=1, size=200)
    labels = Labels(changed=1, error_before=0.1, error_after=0.1)
    assert words.wide(replace(found, labels=labels, categories=(category(FIXED, one),))) == (
        "Of the 200 newly wrong, by the labels that each round had, 1 was looked at."
    )


@pytest.mark.parametrize(
    ("new", "left", "wanted"),
    [
        (NEW, 200, "Look at all 200 newly wrong"),
        (NEW, 180, "Look at the other 180 newly wrong"),
        (NEW, 1, "Look at the last newly wrong"),
        (Stratum.of(ticked=0, looked_at=0, size=1), 1, "Look at the one newly wrong"),
    ],
)
def test_what_is_offered_to_look_at(new: Stratum, left: int, wanted: str):
    """All, the others, or the only one."""
    found = replace(comparison(), categories=(category(FIXED, new),))
    assert words.look_at(found, left) == wanted


def test_a_number_of_examples_is_an_estimate_or_a_count():
    """Or not known."""
    assert words.stratum(FIXED) == "120 (69 to 182)"
    assert words.stratum(ALL) == "150"
    assert words.stratum(NOBODY) == "–"


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        ((100, 40, 900, 225), "Seen ones were fixed more often (p 0.002): the work has fitted"),
        ((100, 30, 900, 225), "That seen ones were fixed more often may be chance (p 0.28)."),
        ((100, 20, 900, 225), "Seen ones weren't fixed more often."),
        ((100, 25, 900, 225), "Seen ones weren't fixed more often."),
    ],
)
def test_whether_looking_bent_it(counts: tuple[int, int, int, int], wanted: str):
    """It rings, may be chance, or wasn't so."""
    seen, seen_fixed, unseen, unseen_fixed = counts
    found = paired.looking(
        seen=seen, seen_fixed=seen_fixed, unseen=unseen, unseen_fixed=unseen_fixed
    )
    assert found is not None
    text = words.looking(found)
    assert text.startswith(f"Of the errors that people saw, {seen_fixed} of {seen} were fixed")
    assert wanted in text
    assert ("Draw the next sample from errors" in text) == found.rings


def test_how_many_models_were_tried():
    """Of two, the interval says what chance does."""
    two = Models(number=2, churn=0.05, seeming=0.002)
    assert words.models(two, 2) == "2 models were tried on this dev set."
    many = Models(number=30, churn=0.05, seeming=0.0102)
    assert words.models(many, 1) == (
        "30 models were tried on this dev set. The best of 30 equal ones would seem 1.02 points "
        "better than it is, by chance."
    )


@pytest.mark.parametrize(
    ("difference", "wanted"),
    [
        (Rate(rate=0.02, low=0.01, high=0.03), "the work has fitted itself to what people saw."),
        (Rate(rate=0.02, low=-0.01, high=0.05), "that may be chance."),
        (Rate(rate=-0.02, low=-0.03, high=-0.01), "the blackbox gained more."),
        (None, "a gap of 1.0 points (−1.9 to 3.1)."),
    ],
)
def test_eyeball_and_blackbox(difference: Rate | None, wanted: str):
    """Both errors, their gap, and which part gained more."""
    now = paired.eyeball(
        examples=500, errors=40, blackbox_examples=9_500, blackbox_errors=855, level=0.95
    )
    text = words.parts(Parts(before=None, after=now, difference=difference), 1)
    assert text.startswith(
        "People may look at 500 of these dev examples: the dev error is 8.0 % there and 9.0 % on "
        "the blackbox, a gap of 1.0 points ("
    )
    assert text.endswith(wanted) or difference is None


def group(value: str, gain: float, better: Surely) -> ComparedGroup:
    """Return a group of 100 examples."""
    return ComparedGroup(
        column="camera",
        value=value,
        examples=100,
        before=0.1,
        after=0.1 - gain,
        gain=Rate(rate=gain, low=gain - 0.01, high=gain + 0.01),
        p=0.01,
        better=better,
    )


def test_which_groups_lost():
    """Only those that surely did, the worst first; nothing where there are none."""
    found = comparison()
    assert words.groups(found) == ""
    even = replace(found, groups=(group("back", -0.004, Surely.OPEN),))
    assert words.groups(even) == "No group surely lost."
    lost = [group(f"c{n}", -0.02 - n / 100, Surely.NO) for n in range(8)]
    text = words.groups(replace(found, groups=tuple(lost)))
    assert text.startswith("The error surely rose, in points: camera c7 +9.0, camera c6 +8.0,")
    assert text.endswith("camera c2 +4.0 and 2 more.")
    row = words.group_row(lost[0])
    assert (row.before, row.after, row.change, row.lost) == (
        "10.0 %", "12.0 %", "+2.0 (1.0 to 3.0)", True,
    )  # fmt: skip
    assert words.group_row(group("x", 0.02, Surely.YES)).change == "−2.0 (−3.0 to −1.0)"


def test_three_rounds_and_more_are_told_in_a_row():
    """Two are the comparison itself."""
    rounds = tuple(
        Round(name=f"v{n}", dev_error=None if n == 3 else 0.1 / n, looked_at=0, shares={})
        for n in (1, 2, 3)
    )
    assert words.rounds(replace(comparison(), rounds=rounds)) == (
        "Over 3 rounds the dev error was: v1 10.00 %, v2 5.00 %, v3 –."
    )
    assert not any(
        "Over" in line for line in words.findings(replace(comparison(), rounds=rounds[:2]))
    )


def test_all_that_is_found_is_said_once():
    """Nothing of what there is nothing to say of."""
    assert words.findings(comparison()) == []
    whole = replace(
        comparison(),
        categories=(category(FIXED, NEW),),
        unmatched=("'Dog' is a category of 'cats v3' only: what came of it isn't known",),
        differences=("3 ids only in session 'cats v3'", "1 shared example has another label"),
    )
    lines = words.findings(whole)
    assert lines[-1] == "'Dog' is a category of 'cats v3' only: what came of it isn't known."
    assert len(lines) == len(set(lines)) == 3
    assert words.opening(whole)[2:] == ["3 ids only in session 'cats v3'."]
