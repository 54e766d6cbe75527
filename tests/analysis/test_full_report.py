"""A session's judgements become one report that every front end shows."""

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import errortool
from errortool.analysis.full_report import Report, Verdict, compute
from errortool.analysis.study import Study
from errortool.analysis.what_if import plan
from errortool.model import Category, Judged, Kind
from errortool.output import phrases
from errortool.output.json_files import full_json


def study(errors: int = 1_000, dev_examples: int = 10_000, sampled: int = 100) -> Study:
    """Return what a report on a dev set of that size is about."""
    return Study(
        name="cats", dev_examples=dev_examples, errors=errors, dev_error=errors / dev_examples,
        sampled=sampled, seed=0, planned=sampled,
    )  # fmt: skip


def judged(
    ticks: list[list[int]],
    names: list[str],
    deferred: int = 0,
    *,
    label_errors: tuple[str, ...] = (),
    corrected: tuple[str | None, ...] = (),
    weights: list[float] | None = None,
) -> Judged:
    """Return judgements; an example with only -1 was not looked at."""
    matrix = np.array(ticks, dtype=np.int8).reshape(len(ticks), len(names))
    looked_at = (matrix >= 0).any(axis=1)
    later = np.zeros(len(ticks), dtype=np.bool_)
    later[np.flatnonzero(~looked_at)[:deferred]] = True
    categories = tuple(
        Category(
            id=number,
            name=name,
            kind=Kind.LABEL_ERROR if name in label_errors else Kind.CAUSE,
            position=number,
        )
        for number, name in enumerate(names)
    )
    return Judged(
        categories=categories,
        ticks=matrix,
        looked_at=looked_at,
        deferred=later,
        unreadable=np.zeros(len(ticks), dtype=np.bool_),
        labels=("cat",) * len(ticks),
        predictions=("dog",) * len(ticks),
        corrected=corrected or (None,) * len(ticks),
        weights=None if weights is None else np.array(weights),
    )


@pytest.fixture
def lecture() -> Report:
    """Give the lecture's table: 8, 43, 61 and 12 of 100 at 10 % dev error."""
    names = ["Dog", "Great cat", "Blurry", "Instagram"]
    ticks = [[int(number < k) for k in (8, 43, 61, 12)] for number in range(100)]
    return compute(study(), judged(ticks, names))


def test_the_lectures_table(lecture: Report):
    """Ceilings 9.2, 5.7, 3.9 and 8.8 %, with the published intervals."""
    assert [round(category.ceiling, 4) for category in lecture.categories] == [
        0.092, 0.057, 0.039, 0.088,
    ]  # fmt: skip
    blurry = lecture.categories[2]
    assert (blurry.share_low, blurry.share_high) == (0.516, 0.699)
    assert (round(blurry.ceiling_low, 4), round(blurry.ceiling_high, 4)) == (0.0301, 0.0484)
    assert blurry.dev_examples == pytest.approx(610)
    assert lecture.none_of_these == 39


def test_categories_are_ranked_by_share(lecture: Report):
    """The largest first."""
    assert [c.name for c in lecture.ranked] == ["Blurry", "Great cat", "Instagram", "Dog"]


def test_each_category_has_its_own_denominator():
    """A category added later was looked at for fewer images, and says so."""
    made = compute(study(), judged([[1, -1], [0, -1], [0, 1], [-1, -1]], ["Dog", "Wet"], 1))
    dog, wet = made.categories
    assert (dog.looked_at, dog.ticked, wet.looked_at, wet.ticked) == (3, 1, 1, 1)
    assert (wet.share, made.looked_at, made.deferred) == (1.0, 3, 1)
    assert (made.none_of_these, made.unknown) == (0, 1)
    assert made.none is not None
    assert (made.none.ticked, made.none.looked_at) == (0, 1)


def test_nothing_looked_at_has_no_share():
    """Figures of an empty sample are null, not zero."""
    made = compute(study(), judged([[-1]] * 3, ["Dog"]))
    (dog,) = made.categories
    assert dog.share is dog.share_low is dog.ceiling is dog.points is dog.dev_examples is None
    assert made.ranked == (dog,)


def test_json_has_the_agreed_names_and_fractions(lecture: Report):
    """The keys and their order are an interface."""
    value = json.loads(full_json(lecture, "0.1.0"))
    assert list(value)[:9] == [
        "session", "dev_examples", "errors", "dev_error", "sampled", "looked_at", "deferred",
        "none_of_these", "categories",
    ]  # fmt: skip
    assert list(value["categories"][0])[:13] == [
        "name", "kind", "looked_at", "ticked", "share", "share_low", "share_high", "dev_error",
        "ceiling", "ceiling_low", "ceiling_high", "points", "dev_examples",
    ]  # fmt: skip
    assert value["dev_error"] == 0.1
    assert value["categories"][0]["kind"] == "cause"
    assert value["categories"][0]["share"] == 0.08


@given(
    st.lists(st.lists(st.integers(-1, 1), min_size=3, max_size=3), min_size=1, max_size=30),
    st.randoms(),
)
def test_order_changes_nothing(ticks: list[list[int]], random):
    """Shuffling examples, or renaming and reordering categories, changes no figure."""
    first = compute(study(), judged(ticks, ["a", "b", "c"]))
    shuffled = ticks[:]
    random.shuffle(shuffled)
    second = compute(study(), judged([row[::-1] for row in shuffled], ["z", "y", "x"]))

    def figures(report: Report) -> list[tuple]:
        return [(c.looked_at, c.ticked, c.share_low, c.ceiling_high) for c in report.categories]

    assert figures(first) == figures(second)[::-1]
    assert first.none_of_these == second.none_of_these


def test_the_headline_names_the_largest(lecture: Report):
    """One sentence says what it comes to."""
    assert phrases.headline(lecture) == (
        "Solving Blurry would take the dev error from 10.00 % to 3.90 % at best (2.77 to 5.10 %): "
        "the largest of 4 causes."
    )
    assert phrases.basis(lecture) == (
        "100 of 100 errors drawn at random (seed 0) looked at, of 1,000 in all · 10,000 dev "
        "examples"
    )
    empty = compute(study(), judged([[-1]], ["Dog"]))
    assert phrases.headline(empty) == "Nothing has been looked at yet."
    none = compute(study(), judged([[0]], ["Dog"], 0))
    assert phrases.headline(none) == "1 image looked at: too few to tell what to work on."


@pytest.mark.parametrize(("dev_examples", "places"), [(200, 1), (1_000, 1), (2_000, 2)])
def test_decimals_follow_the_size_of_the_dev_set(dev_examples: int, places: int):
    """One example of a thousand is 0.1 %: more digits would say nothing."""
    assert phrases.decimals(dev_examples) == places


def divisions(source: str) -> list[str]:
    """Return the divisions in some code, except of a path or by a number that is written out."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Div)
        and isinstance(node.left, ast.Attribute)
        and not isinstance(node.right, ast.Constant)
    ]


PACKAGE = Path(errortool.__file__).parent


@pytest.mark.parametrize(
    "path",
    [
        PACKAGE / "cli.py",
        *(PACKAGE / "web" / "pages").glob("*.py"),
        *(PACKAGE / "actions").glob("*.py"),
        *(PACKAGE / "output").glob("*.py"),
    ],
    ids=lambda path: path.name,
)
def test_rates_are_computed_only_in_analysis(path: Path):
    """Pages, actions, files and the command line show rates; they divide no count by another."""
    assert divisions(path.read_text(encoding="utf-8")) == []
    assert divisions("share = report.none_of_these / report.looked_at") != []


def test_templates_compute_nothing():
    """What a template would compute, its test would have to."""
    for path in (PACKAGE / "output" / "templates").glob("*.html"):
        assert re.findall(r"\{[{%][^}]*\w [*/+-] \w[^}]*[%}]\}", path.read_text()) == [], path


# --- beyond the shares ---


def of_100(ticked: int) -> list[list[int]]:
    """Return 100 errors looked at for one category."""
    return [[int(number < ticked)] for number in range(100)]


def test_the_ledger_is_the_lectures():
    """10 % = 0.6 by labels and 9.4 by all else: not first; 2.0 % = 0.6 + 1.4: worth it."""
    for errors, ticked, other, verdict in (
        (1_000, 6, 0.094, Verdict.NO),
        (200, 30, 0.014, Verdict.YES),
    ):
        made = compute(
            study(errors), judged(of_100(ticked), ["Mislabeled"], label_errors=("Mislabeled",))
        )
        assert made.ledger is not None
        assert made.ledger.label_points.rate == pytest.approx(0.006)
        assert made.ledger.other.rate == pytest.approx(other)
        assert made.ledger.verdict is verdict


def test_a_verdict_on_labels_may_be_open():
    """20 % lies within the interval of 20 of 100: more images would tell."""
    made = compute(study(), judged(of_100(20), ["Wrong"], label_errors=("Wrong",)))
    assert made.ledger is not None
    assert made.ledger.verdict is Verdict.OPEN
    assert compute(study(), judged(of_100(20), ["Dog"])).ledger is None


def test_right_ones_are_kept_apart():
    """They change no share; they give the error inside a category and the corrected error."""
    errors = judged(of_100(61), ["Dog"], corrected=("dog",) * 30 + ("cat",) * 10 + (None,) * 60)
    right = judged(of_100(10), ["Dog"], corrected=("cat",) + ("dog",) * 9 + (None,) * 90)
    alone, both = compute(study(), errors), compute(study(), errors, right)
    assert alone.both_sides is alone.categories[0].inside is None
    assert both.categories[0].share == alone.categories[0].share == 0.61
    assert both.categories[0].right is not None
    assert both.categories[0].right.share == 0.1
    assert both.categories[0].inside is not None
    assert both.categories[0].inside.data.rate == pytest.approx(0.151)
    assert both.both_sides is not None
    assert both.both_sides.error.rate == pytest.approx(0.1 * 0.7 + 0.9 * 0.01)


def test_a_label_that_is_blamed_counts_on_both_sides_without_a_right_one():
    """The tick says that the label is wrong, not the model; a right label given says it exactly."""
    blamed = {"names": ["Wrong"], "label_errors": ("Wrong",)}
    errors = judged(of_100(6), **blamed, corrected=("dog", "wolf") + (None,) * 98)
    right = judged(of_100(4), **blamed, corrected=("cat", "dog") + (None,) * 98)
    made = compute(study(), errors, right).both_sides
    assert made is not None
    assert (made.wrong.ticked, made.right.ticked) == (5, 3)  # less the wolf, and the dog


@given(st.integers(0, 100), st.integers(0, 100), st.integers(100, 5_000))
def test_wrong_labels_make_what_correcting_them_changes(wrong: int, broken: int, errors: int):
    """Those among the errors make these fewer, those among the right ones make errors of them."""
    blamed = {"names": ["Wrong"], "label_errors": ("Wrong",)}
    made = compute(study(errors), judged(of_100(wrong), **blamed), judged(of_100(broken), **blamed))
    both, e = made.both_sides, errors / 10_000
    assert both is not None
    acquitted, convicted = e * wrong / 100, (1 - e) * broken / 100
    assert both.labels.rate == pytest.approx(acquitted + convicted)
    assert both.error.rate == pytest.approx(e - acquitted + convicted)
    assert both.labels.low - 1e-4 <= both.labels.rate <= both.labels.high + 1e-4
    surely = {Verdict.YES: both.labels.low >= 0.2 * e, Verdict.NO: both.labels.high < 0.2 * e}
    assert surely.get(both.verdict, not any(surely.values()))


def test_nothing_is_said_of_labels_that_nobody_asked_about():
    """Right ones can be looked at to see how common a category is, and no label be checked."""
    errors, right = judged(of_100(61), ["Dog"]), judged(of_100(10), ["Dog"])
    made = compute(study(), errors, right)
    assert made.both_sides is None
    assert made.label_verdict is None
    assert made.categories[0].inside is not None


@pytest.mark.parametrize(
    ("errors", "wrong", "broken", "verdict"),
    [
        (306, 6, 2, Verdict.OPEN),  # 0.18 and 1.94 points of 3.06 %, but known badly
        (306, 6, 20, Verdict.YES),
        (1_000, 6, 0, Verdict.OPEN),  # up to 3.6 % of the right ones may be wrong
        (5_000, 6, 0, Verdict.NO),
        (200, 30, 0, Verdict.YES),
    ],
)
def test_both_sides_judge_the_labels(errors: int, wrong: int, broken: int, verdict: Verdict):
    """A few wrong labels among the many right ones weigh as much as many among the errors."""
    blamed = {"names": ["Wrong"], "label_errors": ("Wrong",)}
    made = compute(study(errors), judged(of_100(wrong), **blamed), judged(of_100(broken), **blamed))
    assert made.both_sides is not None
    assert made.label_verdict is made.both_sides.verdict is verdict


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_ties_and_leads_are_of_causes_looked_at_enough(level: float):
    """Label errors cause nothing, and nine looks tell nothing: neither leads nor ties."""
    table = [[1, 1, 0, -1]] * 20 + [[1, 0, 1, -1]] * 20 + [[1, 0, 0, 1]] * 9
    names = ["Label", "Dog", "Wet", "Late"]
    made = compute(study(), judged(table, names, label_errors=("Label",)), level=level)
    assert [category.name for category in made.ranked][:2] == ["Label", "Late"]
    assert [category.name for category in made.causes] == ["Late", "Dog", "Wet"]
    assert [category.name for category in made.largest] == ["Dog", "Wet"]
    assert made.lead is not None
    assert (made.lead.first, made.lead.second) == (1, 2)
    assert [one.category for one in made.taken] == [2]
    assert made.stop.more == made.lead.order.more


def test_a_plan_says_what_solving_some_together_leaves():
    """Great cat and blurry leave 25 % of the error, and dog is what to do next."""
    table = [[1, 0, 0], [0, 0, 1], [0, 1, 1], [0, 1, 0]]
    sample = study(4, 40).sample(judged(table, ["Dog", "Great cat", "Blurry"]))
    both = plan(sample, [1, 2])
    assert both.hopeful is not None
    assert both.hopeful.error == pytest.approx(0.025)
    assert [(gain.category, gain.share) for gain in both.gains] == [(0, 0.25)]
    assert plan(sample, [0, 1, 2]).gains == ()


def test_weights_carry_over_to_ceilings():
    """The dev error is the weighted one, and so is what is left of it."""
    heavy = judged([[1], [0], [0]], ["Dog"], weights=[10.0, 1.0, 1.0])
    about = replace(study(50, 1_000), dev_error=0.2)
    (dog,) = compute(about, heavy).categories
    assert dog.share == pytest.approx(10 / 12)
    assert dog.ceiling == pytest.approx(0.2 * 2 / 12)
    assert dog.ticked == 1


def test_full_json_has_every_figure_and_its_version(lecture: Report):
    """report.json can be read by other programs for years."""
    value = json.loads(full_json(lecture, "0.1.0"))
    assert value["version"] == 2
    assert value["errortool"] == "0.1.0"
    assert value["categories"][2]["only"]["share"] == 0.18
    assert value["order"][0]["hopeful"]["error"] == pytest.approx(0.039)
    assert value["stop"]["grade"] == "very good"
    assert value["plan"] is None
    assert {"both_sides", "pairs", "lead", "ledger", "history", "headline", "check"} <= set(value)


def test_json_names_categories_beside_their_ids(lecture: Report):
    """So that a script needs no second look; the plan is what solving some together leaves."""
    table = judged(
        [[int(number < k) for k in (8, 43, 61, 12)] for number in range(100)],
        ["Dog", "Great cat", "Blurry", "Instagram"],
    )
    value = json.loads(full_json(lecture, "0.1.0", plan(study().sample(table), [0, 2])))
    assert value["plan"]["names"] == ["Dog", "Blurry"]
    assert value["plan"]["hopeful"]["error"] == pytest.approx(0.039)
    assert [gain["name"] for gain in value["plan"]["gains"]] == ["Great cat", "Instagram"]
    assert value["order"][0]["name"] == "Blurry"
    assert (value["lead"]["first_name"], value["lead"]["second_name"]) == ("Blurry", "Great cat")
    assert value["headline"]["names"] == ["Blurry"]
    assert value["check"]["names"] == ["Blurry"]
    assert value["categories"][0]["holds"] == "planned"
