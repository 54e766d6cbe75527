"""Each sentence about a report: what it says, and when it must say something else or nothing."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

import errortool
from errortool.analysis import full_report
from errortool.analysis.full_report import Report, Study
from errortool.model import NOT_LOOKED_AT, Category, Judged, Kind
from errortool.output import phrases

BLANK = None

Made = Callable[[], Report]
"""Makes a report when the test runs: collecting tests needs none."""


def report(
    *rows: Sequence[int | None],
    names: str = "Dog Wet Blurry",
    errors: int | None = None,
    right: int = 0,
    **options,
):
    """Return the report on a row of ticks an error that was looked at."""
    called = names.split()[: len(rows[0]) if rows else None]
    columns = dict(zip(called, zip(*rows, strict=True), strict=True)) if rows else {}
    number = len(rows) if errors is None else errors
    return errortool.estimate(
        columns or {name: [] for name in called},
        errors=number,
        dev_examples=number + right,
        **options,
    )


def carrying(*counts: int, of: int, **options):
    """Return the report on `of` errors, of which so many each carry one tick and no other."""
    rows = []
    for category, count in enumerate(counts):
        rows += [[int(category == column) for column in range(len(counts))]] * count
    rows += [[0] * len(counts)] * (of - len(rows))
    return report(*rows, **options)


def reviewed(
    right: Sequence[str | None] = (),
    corrected: Sequence[str | None] = ("dog",),
    *,
    seed: int | None = 3,
    statuses: str = "",
) -> Report:
    """Return a session's report: errors and right ones that were given right labels.

    `statuses` has a letter for each further error: d for deferred, u for unreadable.
    """

    def judged(labels: Sequence[str | None], more: str) -> Judged:
        number = len(labels) + len(more)
        looked_at = np.array([True] * len(labels) + [False] * len(more), dtype=np.bool_)
        return Judged(
            categories=(Category(id=1, name="Wrong", kind=Kind.LABEL_ERROR, position=0),),
            ticks=np.where(looked_at, 0, NOT_LOOKED_AT).astype(np.int8).reshape(number, 1),
            looked_at=looked_at,
            deferred=np.array([False] * len(labels) + [letter == "d" for letter in more]),
            unreadable=np.array([False] * len(labels) + [letter == "u" for letter in more]),
            labels=("cat",) * number,
            predictions=("dog",) * number,
            corrected=(*labels, *[None] * len(more)),
            weights=None,
        )

    study = Study(
        name="pets", dev_examples=40, errors=20, dev_error=0.5, sampled=len(corrected),
        sampled_right=len(right), seed=seed,
    )  # fmt: skip
    return full_report.compute(study, judged(corrected, statuses), judged(right, "") or None)


# --- the first glance ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), "Nothing has been looked at yet."),
        (lambda: report([0, 0], right=9), "The error looked at carries no tick."),
        (lambda: report([0, 0], [0, 0], right=8), "None of the 2 errors looked at carries a tick."),
        (
            lambda: carrying(1, of=2, right=8),
            "Solving Dog would take the dev error from 20.0 % to 10.0 %.",
        ),
        (
            lambda: carrying(1, 2, of=4, right=6),
            "Solving Wet would take the dev error from 40.0 % to 20.0 %, the largest of two.",
        ),
        (
            lambda: carrying(1, 0, of=4, right=6),
            "Solving Dog would take the dev error from 40.0 % to 30.0 %.",
        ),
        (
            lambda: carrying(30, of=100, errors=1_000, right=9_000),
            "Solving Dog would take the dev error from 10.00 % to 7.00 % (7.83 – 6.06).",
        ),
    ],
)
def test_headline(made: Made, says: str):
    """It names the largest category, says of how many, and has an interval unless all were seen."""
    assert phrases.headline(made()) == says


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), []),
        (lambda: carrying(3, of=9, right=1), []),
        (lambda: carrying(3, 0, of=9, right=1), []),
        (lambda: carrying(3, 2, of=9, right=1), ["Its lead over Wet is settled."]),
        (
            lambda: carrying(3, 2, of=9, errors=100),
            ["Its lead over Wet is not settled yet: about 91 more images would settle it."],
        ),
        (
            lambda: carrying(2, 1, of=4, errors=5),
            ["Its lead over Wet is not settled yet: about 1 more image would settle it."],
        ),
        (
            lambda: report([1, 1], [1, 0]),
            ["Its lead over Wet is settled.", "Solving Dog takes the only error of Wet with it."],
        ),
        (
            lambda: report([1, 1, 1], [1, 1, 1], [1, 1, 0], [0, 1, 0], [1, 0, 0]),
            [
                "Its lead over Wet is settled.",
                "Solving Dog takes 3 of the 4 errors of Wet and 2 of the 2 errors of Blurry with "
                "it.",
            ],
        ),
        (lambda: report([1, 1], [1, 0], [0, 1], [1, 0]), ["Its lead over Wet is settled."]),
    ],
)
def test_leads(made: Made, says: list[str]):
    """Whether the lead is settled, and what goes with it: only what goes by more than half."""
    assert phrases.leads(made()) == says


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ""),
        (lambda: carrying(1, 1, of=2), ""),
        (
            lambda: report([1, 1], [1, 0]),
            "Shares add to 150 %, more than 100 %, since an image can carry several ticks: what is "
            "left by several categories together is in the order of work.",
        ),
    ],
)
def test_sums(made: Made, says: str):
    """Only shares of more than 100 % in all need explaining; 100 % don't."""
    assert phrases.sums(made()) == says


LATE = "looked at on less than half of the images, and left out where categories are taken"


@pytest.mark.parametrize(
    ("made", "begins"),
    [
        (lambda: report(right=4, errors=4), ""),
        (lambda: report([1, 0], [0, BLANK]), ""),
        (lambda: report([1, 0], [0, BLANK], [0, BLANK]), f"Wet was {LATE}"),
        (lambda: report(*[[1, 0, 0]], *[[0, BLANK, BLANK]] * 2), f"Wet and Blurry were {LATE}"),
    ],
)
def test_left_out(made: Made, begins: str):
    """A category looked at on half of the images counts; one on less is named."""
    assert phrases.left_out(made()).startswith(begins)
    assert bool(phrases.left_out(made())) == bool(begins)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), "0 of 4 errors looked at · 8 dev examples"),
        (lambda: report([1]), "1 of 1 error looked at · 1 dev example"),
        (
            lambda: report([1], [0], weights=[1, 5]),
            "2 of 2 errors looked at · 2 dev examples · weighted",
        ),
        (
            lambda: reviewed(["cat"], ["dog"], statuses="ddu"),
            "1 of 20 errors looked at, drawn at random (seed 3) · 40 dev examples · 1 right one "
            "looked at · 2 deferred · 1 unreadable",
        ),
        (
            lambda: reviewed(["cat", None], [None], seed=None),
            "1 of 20 errors looked at · 40 dev examples · 2 right ones looked at",
        ),
    ],
)
def test_basis(made: Made, says: str):
    """What the figures rest on, without what there is none of."""
    assert phrases.basis(made()) == says


# --- how sure it is ------------------------------------------------------------------------------

NEW = "The next error needs a category that isn't there yet with a chance of about"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ["0 images looked at: too few to tell."]),
        (lambda: report([1]), ["1 image looked at: too few to tell."]),
        (lambda: carrying(3, of=9, errors=100), ["9 images looked at: too few to tell."]),
        (
            lambda: carrying(3, of=10),
            [
                "10 images looked at give a very rough picture.",
                f"{NEW} 0 %.",
                "9 images since a category first occurred.",
            ],
        ),
        (
            lambda: carrying(0, of=10),
            ["10 images looked at give a very rough picture.", f"{NEW} 0 %."],
        ),
        (
            lambda: carrying(18, 1, 1, of=20, errors=21),
            [
                "20 images looked at give a rough picture.",
                f"{NEW} 10 %.",
                "0 images since a category first occurred.",
                "The largest share is known to within 5 points (95 % interval).",
            ],
        ),
        (
            lambda: carrying(10, 8, of=20, errors=100, level=0.8),
            [
                "20 images looked at give a rough picture.",
                f"{NEW} 0 %.",
                "9 images since a category first occurred.",
                "The largest share is known to within 28 points (80 % interval).",
                "About 80 more images would settle which is the largest.",
            ],
        ),
    ],
)
def test_stop_lines(made: Made, says: list[str]):
    """Below ten errors only the grade; above, only what isn't known already."""
    assert phrases.stop_lines(made()) == says


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: carrying(3, 1, of=9), ""),
        (lambda: carrying(3, of=10), "very rough picture · new category: 0 %"),
        (lambda: carrying(3, 1, of=10), "very rough picture · new category: 10 % · settled"),
        (
            lambda: carrying(10, 8, of=20, errors=100),
            "rough picture · new category: 0 % · 80 to settle",
        ),
    ],
)
def test_stop_brief(made: Made, says: str):
    """The same in a line; nothing before there is something to say."""
    assert phrases.stop_brief(made()) == says


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: carrying(3, 2, of=9), "order settled"),
        (lambda: carrying(3, 2, of=9, errors=100), "order not settled: about 91 more images"),
        (lambda: carrying(2, 1, of=4, errors=5), "order not settled: about 1 more image"),
    ],
)
def test_order_of_two(made: Made, says: str):
    """Settled, or about how many images would settle it."""
    assert phrases.order_of_two(made().pairs[0].order) == says


# --- what to do ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ["–", "–", "–"]),
        (lambda: carrying(1, 0, of=4, right=6), ["30.0 %", "40.0 %"]),
        (lambda: carrying(50, of=100, errors=1_000, right=9_000), ["5.0 % (6.0 – 4.0)"]),
    ],
)
def test_ceiling(made: Made, says: list[str]):
    """Nothing looked at has none; a count has no interval."""
    assert [phrases.ceiling(category, 1) for category in made().categories] == says


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ""),
        (lambda: carrying(0, of=2), ""),
        (lambda: carrying(1, 2, of=4, right=6), "Wet → 20.0 %, Dog → 10.0 %"),
        (lambda: report([1, 1], [1, 0], [0, 1], right=7), "Dog → 10.0 %, Wet → 0.0 %"),
    ],
)
def test_order(made: Made, says: str):
    """Each category with what is left after it, those that are done before included."""
    assert phrases.order(made()) == says


@pytest.mark.parametrize(
    ("solve", "rows", "says"),
    [
        ("Dog", [], "Nothing was looked at for all of Dog yet."),
        ("Dog Wet", [], "Nothing was looked at for all of Dog and Wet yet."),
        ("Dog", [[1, 0], [0, 1]], "Solving Dog would leave 10.0 % (10.0 – 10.0)"),
        ("Dog Wet", [[1, 0], [0, 1]], "Solving Dog and Wet together would leave 0.0 % (0.0 – 0.0)"),
        (
            "Dog",
            [[1, 1], [0, 1]],
            "Solving Dog would leave 10.0 % (10.0 – 10.0), cautiously 20.0 %, since an image with "
            "two causes needs both solved.",
        ),
    ],
)
def test_plan(solve: str, rows: list[list[int]], says: str):
    """One or several categories, and nothing where nothing was looked at."""
    made = report(*rows, names="Dog Wet", errors=2, right=8, solve=solve.split())
    assert made.plan is not None
    assert phrases.plan(made.plan, made).startswith(says)


def test_adds():
    """A category's share; beside a plan what it adds, the best marked unless it adds nothing."""

    def gains(solve: Sequence[str], *rows: Sequence[int]) -> list[str]:
        made = report(*rows, solve=solve)
        return [phrases.adds(made.plan, category) for category in made.categories]

    assert gains([], [1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0]) == ["50 %", "25 %", "25 %"]
    assert gains(["Dog"], [1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0]) == [
        "50 %", "+ 0 %", "+ 25 % · best next",
    ]  # fmt: skip
    assert gains(["Dog"], [1, 1, 1], [0, 0, 0]) == ["50 %", "+ 0 %", "+ 0 %"]


# --- label errors --------------------------------------------------------------------------------

CLOSER = "Two models closer than {} can't be told apart on this dev set."


@pytest.mark.parametrize(
    ("wrong", "of", "gap", "says"),
    [
        (30, 100, None, f"Correcting labels is worth doing first. {CLOSER.format('3.00 %')}"),
        (
            6,
            100,
            None,
            f"Correcting labels is not the first thing to do. {CLOSER.format('0.60 %')}",
        ),
        (
            20,
            100,
            None,
            f"Whether to correct labels first is not settled yet. {CLOSER.format('2.00 %')}",
        ),
        (
            6,
            100,
            0.005,
            "Correct labels first: two models that differ by 0.50 % can't be told apart while "
            "labels make 0.60 % of the error.",
        ),
        (
            6,
            100,
            0.01,
            "Correcting labels is not the first thing to do. A difference of 1.00 % is more than "
            "labels make, 0.60 %.",
        ),
    ],
)
def test_verdict(wrong: int, of: int, gap: float | None, says: str):
    """By the share of label errors; a gap between two models smaller than they make overrules."""
    made = carrying(wrong, of=of, errors=1_000, right=9_000, label_errors=["Dog"])
    assert made.ledger is not None
    assert phrases.verdict(made.ledger, 2, gap) == says


@pytest.mark.parametrize(
    ("right", "corrected", "says"),
    [
        (["cat"], ["dog"], "of 1 error 1 was right after all, of 1 right one 1 was not."),
        (
            [None, "dog"],
            ["dog", "dog", "wolf"],
            "of 3 errors 2 were right after all, of 2 right ones 0 were not.",
        ),
    ],
)
def test_both_sides(right: list[str | None], corrected: list[str | None], says: str):
    """Errors that the right label acquits, and right ones that it convicts."""
    said = phrases.both_sides(reviewed(right, corrected))
    assert said.startswith("With labels corrected on both sides the dev error is ")
    assert said.endswith(says)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: phrases.per_cent(None), "–"),
        (lambda: phrases.per_cent(0), "0.00 %"),
        (lambda: phrases.per_cent(1.0, 0), "100 %"),
        (lambda: phrases.interval(None, 0.1), ""),
        (lambda: phrases.interval(0.1, None), ""),
        (lambda: phrases.interval(0.0, 0.125, 2), "0.00 – 12.50"),
        (lambda: phrases.number(0), "no"),
        (lambda: phrases.number(12), "twelve"),
        (lambda: phrases.number(13), "13"),
        (lambda: phrases.number(1_300), "1,300"),
    ],
)
def test_numbers(call: Callable[[], str], says: str):
    """A missing figure is a dash or nothing; small numbers are words."""
    assert call() == says
