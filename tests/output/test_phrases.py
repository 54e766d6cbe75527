"""Each sentence about a report: what it says, and when it must say something else or nothing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import errortool
from errortool.analysis import full_report
from errortool.analysis.full_report import Report, Verdict
from errortool.analysis.intervals import share_of_errors
from errortool.analysis.sequences import shares_at_any_time
from errortool.analysis.study import Study
from errortool.model import NOT_LOOKED_AT, Category, Judged, Kind
from errortool.output import phrases

BLANK = None
ARABIC = "خلفية"
HEBREW = "כלב"
FROM, TO = "\u2068", "\u2069"

Made = Callable[[], Report]
"""Makes a report when the test runs: collecting tests needs none."""


def report(
    *rows: Sequence[int | None],
    names: str = "Dog Wet Blurry",
    errors: int | None = None,
    right: int = 0,
    **options,
):
    """Return the report on a row of ticks an error that was looked at: as many as planned."""
    called = names.split()[: len(rows[0]) if rows else None]
    columns = dict(zip(called, zip(*rows, strict=True), strict=True)) if rows else {}
    number = len(rows) if errors is None else errors
    return errortool.estimate(
        columns or {name: [] for name in called},
        errors=number,
        dev_examples=number + right,
        **{"planned": len(rows), "empty": "unknown"} | options,
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
        sampled_right=len(right), seed=seed, planned=len(corrected),
    )  # fmt: skip
    return full_report.compute(study, judged(corrected, statuses), judged(right, "") or None)


def blamed(number: int, *, of: int, corrected: str | None) -> Judged:
    """Return judgements of which so many blame the label and give the right one, if any."""
    flags = np.arange(of) < number
    made = ticked(flags[:, None], names=["Wrong"], kind=Kind.LABEL_ERROR)
    return replace(made, corrected=tuple(corrected if flag else None for flag in flags.tolist()))


def ticked(
    ticks: np.ndarray, names: Sequence[str] = ("Dog", "Wet"), kind: Kind = Kind.CAUSE
) -> Judged:
    """Return judgements with these ticks, every error looked at for every category."""
    rows = len(ticks)
    return Judged(
        categories=tuple(
            Category(id=at, name=name, kind=kind, position=at) for at, name in enumerate(names)
        ),
        ticks=ticks.astype(np.int8),
        looked_at=np.ones(rows, dtype=np.bool_),
        deferred=np.zeros(rows, dtype=np.bool_),
        unreadable=np.zeros(rows, dtype=np.bool_),
        labels=("cat",) * rows,
        predictions=("dog",) * rows,
        corrected=(None,) * rows,
        weights=None,
    )


# --- the first glance ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), "Nothing has been looked at yet."),
        (
            lambda: report([0, 0], errors=20),
            "1 image looked at: too few to tell what to work on.",
        ),
        (
            lambda: carrying(3, of=9, errors=20),
            "9 images looked at: too few to tell what to work on.",
        ),
        (lambda: report([1]), "There is only 1 error: too few to tell what to work on."),
        (lambda: carrying(3, of=9), "There are only 9 errors: too few to tell what to work on."),
        (lambda: report(*[[0, 0]] * 10), "None of the 10 errors looked at carries a tick."),
        (
            lambda: carrying(3, of=10, label_errors=["Dog"]),
            "No cause carries a tick yet in 10 errors, only the labels.",
        ),
        (
            lambda: report(*[[BLANK]] * 6, *[[1]] * 9, errors=20),
            "Dog was looked at on only 9 images: too few to tell what to work on.",
        ),
        (
            lambda: carrying(5, of=10, right=40),
            "Solving Dog would take the dev error from 20.0 % to 10.0 % at best.",
        ),
        (
            lambda: carrying(3, 7, of=14, right=14),
            "Solving Wet would take the dev error from 50.0 % to 25.0 % at best: the largest of 2 "
            "causes.",
        ),
        (
            lambda: carrying(5, 0, of=10, right=10),
            "Solving Dog would take the dev error from 50.0 % to 25.0 % at best.",
        ),
        (
            lambda: carrying(30, of=100, errors=1_000, right=9_000),
            "Solving Dog would take the dev error from 10.00 % to 7.00 % at best (6.06 to 7.82 %).",
        ),
        (
            lambda: carrying(30, 10, 1, of=100, errors=1_000, right=9_000),
            "Solving Dog would take the dev error from 10.00 % to 7.00 % at best (5.87 to 7.98 %): "
            "the largest of 3 causes.",
        ),
        (
            lambda: carrying(30, 29, of=100, errors=1_000, right=9_000),
            "Solving Dog would take the dev error from 10.00 % to 7.00 % at best (5.96 to 7.93 %): "
            "the largest of 2 causes in this sample.",
        ),
        (
            lambda: carrying(30, 40, of=100, errors=1_000, right=9_000, label_errors=["Wet"]),
            "Solving Dog would take the dev error from 10.00 % to 7.00 % at best (6.06 to 7.82 %).",
        ),
        (
            lambda: carrying(30, 30, of=100, errors=1_000, right=9_000),
            "Dog and Wet are equal in this sample: solving either would take the dev error from "
            "10.00 % to 7.00 % at best (5.96 to 7.93 %).",
        ),
        (
            lambda: carrying(4, 4, 4, of=12, right=12),
            "Dog, Wet and Blurry are equal: solving any would take the dev error from 50.0 % to "
            "33.3 % at best.",
        ),
        (
            lambda: carrying(2, 2, 2, 2, 2, of=10, errors=20, names="A B C D E"),
            "5 causes are equal in this sample: solving any would take the dev error from 100.0 % "
            "to 80.0 % at best (50.0 to 90.0 %).",
        ),
        (
            lambda: report(*[[1, BLANK]] * 5, *[[0, BLANK]] * 6, *[[0, 1]] * 9, errors=40),
            "Solving Dog would take the dev error from 100.0 % to 75.0 % at best (57.5 to 85.0 %).",
        ),
    ],
)
def test_headline(made: Made, says: str):
    """The largest cause at best, of how many, so far or not; ties by name; nothing from few."""
    assert phrases.headline(made()) == says


def test_the_headline_of_a_tie_has_the_interval_of_both():
    """5 of 10 and 10 of 20 are the same share, known differently well."""
    rows = [[1, 1]] * 5 + [[0, 0]] * 5
    made = report(*rows, *[[BLANK, 1]] * 5, *[[BLANK, 0]] * 5, errors=100, right=900)
    both = [
        share_of_errors(ticked=10, looked_at=20, errors=100, level=0.975),
        shares_at_any_time([5], [10], errors=100, level=0.975)[0],
    ]
    lows, highs = zip(
        *((0.1 * (1 - share.high), 0.1 * (1 - share.low)) for share in both if share), strict=True
    )
    said = phrases.headline(made)
    assert said.startswith("Dog and Wet are equal in this sample")
    assert said.endswith(f"({phrases.span(min(lows), max(highs), 1)}).")


SETTLED = "Dog's lead over Wet is settled."
OPEN = "Dog and Wet can't be told apart yet:"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), []),
        (lambda: carrying(6, 3, of=9, right=1), []),
        (lambda: carrying(6, of=12, right=1), []),
        (lambda: carrying(6, 0, of=12, right=1), []),
        (lambda: carrying(6, 3, of=12, right=1), [SETTLED]),
        (lambda: carrying(6, 3, of=12, right=1, label_errors=["Wet"]), []),
        (lambda: carrying(30, 10, of=100, errors=1_000), [SETTLED]),
        (
            lambda: carrying(32, 24, of=100, errors=306),
            [f"{OPEN} it may take practically all 206 other errors. Treat them as equal."],
        ),
        (
            lambda: carrying(5, 4, of=12, errors=13),
            [f"{OPEN} it may take the one other error. Treat them as equal."],
        ),
        (
            lambda: carrying(32, 24, of=100, errors=10_000),
            [f"{OPEN} it may take practically all 9,900 other errors. Treat them as equal."],
        ),
        (
            lambda: carrying(5, 5, of=12, errors=40),
            ["Treat them as equal until more images tell them apart."],
        ),
        (lambda: carrying(6, 6, of=12), []),
        (
            lambda: report(*[[1, 1]] * 1, *[[1, 0]] * 9),
            [SETTLED, "Dog is also ticked on the only error of Wet."],
        ),
        (
            lambda: report(*[[1, 1, 1]] * 2, [1, 1, 0], [0, 1, 0], *[[1, 0, 0]] * 6),
            [SETTLED, "Dog is also ticked on 3 of the 4 errors of Wet and both errors of Blurry."],
        ),
        (lambda: report(*[[1, 1]] * 2, *[[0, 1]] * 2, *[[1, 0]] * 6), [SETTLED]),
        (lambda: report(*[[1, 1]] * 2, *[[1, 0]] * 8, label_errors=["Wet"]), []),
    ],
)
def test_leads(made: Made, says: list[str]):
    """Whether the lead is settled, what carries the tick too by more than half; never of labels."""
    assert phrases.leads(made()) == says


@pytest.mark.parametrize(
    ("ahead", "behind", "errors", "says"),
    [
        (20, 5, 20_000, "a few dozen more images may settle it."),
        (18, 5, 20_000, "a few hundred more images may settle it."),
        (26, 10, 20_000, "a few hundred more images may settle it."),
        (36, 18, 20_000, "it may take many hundreds more. Treat them as equal."),
        (
            24, 10, 900,
            "it may take practically all 800 other errors (about 2 hours at the pace so far). "
            "Treat them as equal.",
        ),
        (
            30, 29, 20_000,
            "it may take practically all 19,900 other errors (about 55 hours at the pace so far). "
            "Treat them as equal.",
        ),
    ],
)  # fmt: skip
def test_how_many_more_is_a_band_and_all_have_their_time(
    ahead: int, behind: int, errors: int, says: str
):
    """Never a number of images; a time only for all, at ten seconds an image."""
    study = Study(
        name="", dev_examples=errors, errors=errors, dev_error=1, sampled=100, planned=50, pace=10.0
    )
    flags = np.arange(100)
    ticks = np.stack([flags < ahead, flags >= 100 - behind], axis=1)
    made = full_report.compute(study, ticked(ticks), None)
    assert phrases.leads(made) == [f"{OPEN} {says}"]


def test_a_lead_that_only_late_images_give_is_not_settled():
    """Wet has the larger share, of the few images looked at for it; on those Dog is larger."""
    table = [[0, BLANK]] * 60 + [[1, 0]] * 15 + [[1, 1]] * 12
    made = report(*table, errors=1_000)
    assert made.largest[0].name == "Wet"
    assert made.lead is not None
    assert made.lead.order.e is not None
    assert made.lead.order.e > 20
    assert phrases.leads(made)[0] == (
        "Wet and Dog can't be told apart yet: it may take practically all 973 other errors. Treat "
        "them as equal."
    )


THEN = "which with Dog would leave"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ""),
        (lambda: carrying(6, 3, of=9), ""),
        (lambda: carrying(6, of=12), ""),
        (lambda: carrying(6, 3, of=12, right=12), f"Wet, {THEN} 12.5 % at best."),
        (
            lambda: carrying(6, 3, of=12, right=12, label_errors=["Wet"]),
            f"Wet (labels), {THEN} 12.5 % at best.",
        ),
        (
            lambda: carrying(30, 20, of=100, errors=1_000, right=9_000),
            f"Wet, {THEN} 5.00 % at best (3.94 to 6.06 %).",
        ),
    ],
)
def test_then(made: Made, says: str):
    """The second in the order of work and what both leave; nothing where there is no second."""
    assert phrases.then(made()) == says


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ""),
        (lambda: carrying(9, 3, of=12), ""),
        (lambda: carrying(1, of=3), "2 of 3 errors fit no category: look at them."),
        (lambda: carrying(1, of=2), "1 of 2 errors fits no category: look at it."),
        (lambda: report([0]), "1 of 1 error fits no category: look at it."),
        (lambda: carrying(86, of=100), "14 of 100 errors (14 %) fit no category: look at them."),
        (
            lambda: carrying(999, of=1_000),
            "1 of 1,000 errors (under 1 %) fits no category: look at it.",
        ),
        (lambda: report([0, BLANK], [0, BLANK]), ""),
        (
            lambda: report([0, BLANK], [0, 0], [0, 1]),
            "1 of 2 errors fits no category: look at it.",
        ),
    ],
)
def test_no_category(made: Made, says: str):
    """Only errors looked at for every category; a part only where there are enough of them."""
    assert phrases.no_category(made()) == says


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ""),
        (lambda: carrying(1, of=3), ""),
        (lambda: report([1, BLANK], [0, 0]), ""),
        (
            lambda: report([0, BLANK], [0, 0]),
            "1 error without a tick was not looked at for every category: whether it fits none is "
            "not known yet.",
        ),
        (
            lambda: report([0, BLANK], [BLANK, 0]),
            "2 errors without a tick were not looked at for every category: whether they fit none "
            "is not known yet.",
        ),
    ],
)
def test_not_known(made: Made, says: str):
    """An error with a tick does fit a category, whatever else it wasn't looked at for."""
    assert phrases.not_known(made()) == says


WET_LATE = [[1, 0]] * 12 + [[0, BLANK]] * 8


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ""),
        (lambda: carrying(6, 3, of=9, errors=20), ""),
        (
            lambda: carrying(6, 3, of=10),
            "Every error was looked at: these are counts, not estimates.",
        ),
        (
            lambda: report(*WET_LATE),
            "Every error was looked at: these are counts, not estimates, but for Wet, looked at on "
            "fewer. Where fewer were looked at, the intervals hold however often you look.",
        ),
        (
            lambda: carrying(51, 10, of=100, errors=306),
            "Dog has 51.0 % of the errors (41.5 to 60.1 %, 95 % interval for the largest of 2). "
            "Dog's lead over Wet is settled. The intervals hold for the 100 images planned.",
        ),
        (
            lambda: carrying(51, of=100, errors=306, planned=50),
            "Dog has 51.0 % of the errors (38.2 to 63.7 %, 95 % interval). The intervals hold "
            "however often you look.",
        ),
        (
            lambda: carrying(51, of=100, errors=306, intervals="always"),
            "Dog has 51.0 % of the errors (38.2 to 63.7 %, 95 % interval). The intervals hold "
            "however often you look.",
        ),
        (
            lambda: carrying(51, of=100, errors=306, planned=None, intervals="planned"),
            "Dog has 51.0 % of the errors (43.1 to 58.8 %, 95 % interval). The intervals would "
            "hold for a number of images that was fixed beforehand: this one wasn't.",
        ),
        (
            lambda: carrying(51, of=100, errors=306, planned=None, weights=[1.0] * 51 + [2.0] * 49),
            "Dog has 34.2 % of the errors (26.3 to 43.1 %, 95 % interval). The intervals would "
            "hold for a number of images that was fixed beforehand: this one wasn't.",
        ),
        (
            lambda: carrying(51, of=100, errors=306, level=0.8),
            "Dog has 51.0 % of the errors (45.8 to 56.2 %, 80 % interval). The intervals hold for "
            "the 100 images planned.",
        ),
        (
            lambda: carrying(5, 5, of=12, errors=306),
            "Treat them as equal until more images tell them apart.",
        ),
        (lambda: carrying(0, of=12, errors=306), ""),
    ],
)
def test_sure(made: Made, says: str):
    """The largest share and its lead; of a census that it is one; nothing from fewer than 10."""
    assert phrases.sure(made()) == says


def test_the_glance_leaves_out_what_has_nothing_to_say():
    """And says which images a line is about."""
    made = carrying(50, 30, 6, of=100, errors=306, right=9_694, label_errors=["Blurry"])
    assert [(line.term, line.show) for line in phrases.glance(made)] == [
        ("Then", ""), ("Unexplained", "none"), ("Labels", ""), ("How sure", ""),
    ]  # fmt: skip
    few = report([0, BLANK], [0, 0], errors=20)
    assert [(line.term, line.show) for line in phrases.glance(few)] == [
        ("Unexplained", "none"), ("Not known yet", "unknown"),
    ]  # fmt: skip
    assert phrases.glance(report(right=4, errors=4)) == ()


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ""),
        (lambda: carrying(1, 1, of=2), ""),
        (
            lambda: report([1, 1], [1, 0]),
            "The shares add up to 150 %, since an image can have several ticks.",
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
            "1 of 1 error drawn at random (seed 3) looked at, of 20 in all · 40 dev examples · 1 "
            "correct prediction looked at · 2 deferred · 1 unreadable",
        ),
        (
            lambda: reviewed(["cat", None], [None] * 20),
            "20 of 20 errors looked at · 40 dev examples · 2 correct predictions looked at",
        ),
        (
            lambda: reviewed(["cat", None], [None], seed=None),
            "1 of 20 errors looked at · 40 dev examples · 2 correct predictions looked at",
        ),
    ],
)
def test_basis(made: Made, says: str):
    """What the figures rest on, of those drawn and of all, without what there is none of."""
    assert phrases.basis(made()) == says


# --- how sure it is ------------------------------------------------------------------------------

NEW = "The next error needs a new category with a chance of about"
RULE = "by Andrew Ng's rule of thumb."


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ["0 images looked at: too few to tell."]),
        (lambda: report([1]), ["1 image looked at: too few to tell."]),
        (lambda: carrying(3, of=9, errors=100), ["9 images looked at: too few to tell."]),
        (
            lambda: carrying(3, of=10),
            ["Every error was looked at: these are counts, not estimates."],
        ),
        (
            lambda: carrying(0, of=10, errors=100),
            [f"10 images give a very rough picture, {RULE}", f"{NEW} 100 %."],
        ),
        (
            lambda: carrying(18, 1, 1, of=20, errors=21),
            [
                f"20 images give a rough picture, {RULE}",
                "Dog has 90.0 % of the errors (85.7 to 90.5 %, 95 % interval for the "
                "largest of 3).",
                SETTLED,
                "The intervals hold for the 20 images planned.",
                f"{NEW} 10 %.",
            ],
        ),
        (
            lambda: carrying(12, 8, of=20, errors=1_000, level=0.8),
            [
                f"20 images give a rough picture, {RULE}",
                "Dog has 60.0 % of the errors (39.8 to 77.2 %, 80 % interval for the "
                "largest of 2).",
                f"{OPEN} it may take practically all 980 other errors. Treat them as equal.",
                "The intervals hold for the 20 images planned.",
                "No new category in the last 7 images.",
                "Every error fits a category, and each category that occurred did so more than "
                "once.",
            ],
        ),
        (
            lambda: report(*[[1, 0]] * 9, *[[1, 1]], *[[1, BLANK]] * 40, [0, BLANK], errors=100),
            [
                f"51 images give a good picture, {RULE}",
                "Dog has 98.0 % of the errors (92.0 to 99.0 %, 95 % interval for the "
                "largest of 2).",
                f"{OPEN} a few more images may settle it.",
                "The intervals hold for the 51 images planned; where fewer were looked at, they "
                "hold however often you look.",
                "No new category in the last 41 images.",
            ],
        ),
    ],
)
def test_stop_lines(made: Made, says: list[str]):
    """Below ten errors only the grade; above, only what is known, and never a chance of 0 %."""
    assert phrases.stop_lines(made()) == says


PLANNED = "The intervals hold for the 20 images planned"
NOT_FIXED = "would hold for a number of images that was fixed beforehand: this one wasn't."


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ""),
        (lambda: carrying(12, of=20), ""),
        (
            lambda: report(*WET_LATE),
            "Where fewer were looked at, the intervals hold however often you look.",
        ),
        (
            lambda: report(*WET_LATE, weights=[1, 2] * 10),
            "Where fewer were looked at, the intervals would hold for a number that was fixed "
            "beforehand.",
        ),
        (
            lambda: report(*WET_LATE, errors=90),
            f"{PLANNED}; where fewer were looked at, they hold however often you look.",
        ),
        (
            lambda: report(*WET_LATE, errors=90, intervals="planned"),
            f"{PLANNED}; where fewer were looked at, they would hold for a number that was fixed "
            "beforehand.",
        ),
        (
            lambda: report(*WET_LATE, errors=90, intervals="always"),
            "The intervals hold however often you look.",
        ),
        (
            lambda: report(*WET_LATE, errors=90, planned=19),
            "The intervals hold however often you look.",
        ),
        (
            lambda: report(*WET_LATE, errors=90, planned=19, intervals="planned"),
            f"The intervals {NOT_FIXED}",
        ),
        (
            lambda: carrying(12, of=20, errors=90, weights=[1, 2] * 10, intervals="always"),
            f"{PLANNED}.",
        ),
        (
            lambda: report(*WET_LATE, errors=90, weights=[1, 2] * 10),
            f"{PLANNED}; where fewer were looked at, they would hold for a number that was fixed "
            "beforehand.",
        ),
        (
            lambda: report(
                *WET_LATE, errors=90, weights=[1, 2] * 10, planned=19, intervals="always"
            ),
            f"The intervals {NOT_FIXED}",
        ),
    ],
)
def test_holds(made: Made, says: str):
    """For the planned number, at any, or neither; what was asked for where it can be had."""
    found = made()
    assert phrases.holds(found) == says
    kinds = {category.holds for category in found.categories if category.looked_at}
    assert ("planned" in kinds) == ("images planned" in says)
    assert ("always" in kinds) == ("however often" in says)
    assert ("fixed number only" in kinds) == ("would hold" in says)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: carrying(3, 1, of=9), ""),
        (lambda: carrying(3, of=10), "all errors looked at"),
        (lambda: carrying(3, of=10, errors=90), "Very rough so far · 70 % fit no category"),
        (
            lambda: carrying(9, 1, of=10, errors=90),
            "Very rough so far · new category: 10 % · largest settled",
        ),
        (
            lambda: carrying(11, 9, of=20, errors=90),
            "Rough so far · the largest two can't be told apart",
        ),
        (
            lambda: carrying(71, 29, of=100, errors=900, planned=None, level=0.99999),
            "Very good picture · a few hundred more images may settle it",
        ),
        (
            lambda: report(*[[1, BLANK]] * 15, *[[1, 0]] * 3, *[[0, 0]] * 2, errors=90),
            "Rough so far · 2 of 5 fit no category",
        ),
        (lambda: report(*[[1, BLANK]] * 10, [0, BLANK], errors=90), "Very rough so far"),
    ],
)
def test_stop_brief(made: Made, says: str):
    """The same in a line; nothing before there is something to say."""
    assert phrases.stop_brief(made()) == says


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: carrying(3, 2, of=9), ""),
        (lambda: carrying(3, 3, of=9), "equal to NAME"),
        (lambda: carrying(3, 2, of=9, errors=100), "can't be told apart from NAME: treat as equal"),
        (lambda: carrying(3, 3, of=9, errors=100), "can't be told apart from NAME: treat as equal"),
        (
            lambda: carrying(28, 10, of=38, errors=900, planned=None),
            "can't be told apart from NAME yet",
        ),
    ],
)
def test_tie(made: Made, says: str):
    """Nothing where the order is settled; else that more may tell, or that they are equal."""
    found = made()
    second = found.category(found.pairs[0].second).name
    assert phrases.tie(found, found.pairs[0]) == says.replace("NAME", second)


# --- what to do ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ["–", "–", "–"]),
        (lambda: carrying(1, 0, of=4, right=6), ["30.0 %", "40.0 %"]),
        (lambda: carrying(50, of=100, errors=1_000, right=9_000), ["5.0 % (4.1 – 5.9)"]),
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
        (
            lambda: carrying(1, 2, of=4, right=6, label_errors=["Wet"]),
            "Wet (labels) → 20.0 %, Dog → 10.0 %",
        ),
        (lambda: report([1, 1], [1, 0], [0, 1], right=7), "Dog → 10.0 %, Wet → 0.0 %"),
    ],
)
def test_order(made: Made, says: str):
    """Each category with what is left after it, those that are done before included."""
    assert phrases.order(made()) == says


def turn(*rows: list[int], more: list[int], **options):
    """Return the report on these rows turn by turn, 12 times, then on 48 more that are alike."""
    return report(*[list(row) for row in rows] * 12, *[more] * 48, errors=1_000, **options)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: report(right=4, errors=4), ""),
        (lambda: carrying(0, of=60), ""),
        (lambda: report(*[[1, 0], [0, 1]] * 24), ""),
        (lambda: turn([1, 0], [1, 0], [0, 1], [0, 1], more=[0, 0]), ""),
        (lambda: turn([1, 0], [1, 0], more=[0, 0]), ""),
        (
            lambda: turn([0, 1], [1, 0], [0, 1], [1, 0], more=[1, 0]),
            "On every other image alone the order begins with Wet and Dog: treat it as open.",
        ),
        (
            lambda: turn([0, 0], [0, 1], [1, 0], [0, 1], more=[0, 0]),
            "On every other image alone the order begins with Dog: treat it as open.",
        ),
        (
            lambda: turn([1, 0], [0, 0], [1, 0], [0, 0], more=[0, 0]),
            "In the half of the images that the order wasn't picked from, Dog is in 0 % of the "
            "errors, not in 25 %.",
        ),
        (
            lambda: turn([1, 0], [0, 0], [0, 1], [0, 0], more=[0, 0]),
            "In the half of the images that the order wasn't picked from, Dog and Wet are in 0 % "
            "of the errors, not in 25 %.",
        ),
    ],
)
def test_order_check(made: Made, says: str):
    """Where one half gives another order, or another share than the interval holds."""
    assert phrases.order_check(made()) == says


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (1, "1 minute"), (89, "1 minute"), (91, "2 minutes"), (5_300, "88 minutes"),
        (5_400, "2 hours"), (360_000, "100 hours"), (7_200_000, "2,000 hours"),
    ],
)  # fmt: skip
def test_duration(seconds: float, says: str):
    """In minutes, from an hour and a half on in hours."""
    assert phrases.duration(seconds) == says


EVEN = [[1, 0], [0, 1]] * 6


@pytest.mark.parametrize(
    ("solve", "rows", "says"),
    [
        ("Dog", [], "Nothing was looked at for all of Dog yet."),
        ("Dog Wet", [], "Nothing was looked at for all of Dog and Wet yet."),
        (
            "Dog",
            [[1, 0]] * 9,
            "9 images looked at for Dog: too few to tell what would be left.",
        ),
        ("Dog", EVEN, "Solving Dog would leave 10.0 % at best."),
        ("Dog Wet", EVEN, "Solving Dog and Wet together would leave 0.0 % at best."),
        (
            "Dog",
            [[1, 1], [0, 1]] * 6,
            "Solving Dog would leave 10.0 % at best. If every cause of an image must be solved: "
            "20.0 %.",
        ),
        (
            "Dog Label",
            EVEN,
            "Solving Dog and correcting the labels of Label together would leave 0.0 % at best.",
        ),
        ("Label", EVEN, "Correcting the labels of Label would leave 10.0 % at best."),
    ],
)
def test_plan(solve: str, rows: list[list[int]], says: str):
    """One or several categories, and nothing where nothing was looked at."""
    second = "Label" if "Label" in solve else "Wet"
    labels = ["Label"] if "Label" in solve else []
    made = report(
        *rows, names=f"Dog {second}", errors=12, right=48, solve=solve.split(), label_errors=labels
    )
    assert made.plan is not None
    assert phrases.plan(made.plan, made) == says


def test_a_plan_has_the_intervals_of_both_bounds():
    """The hopeful one, and the cautious where an image needs several solved."""
    rows = [[1, 0]] * 20 + [[1, 1]] * 20 + [[0, 0]] * 60
    made = report(*rows, errors=1_000, right=9_000, solve=["Dog"])
    assert made.plan is not None
    assert phrases.plan(made.plan, made) == (
        "Solving Dog would leave 6.00 % at best (5.06 to 6.91 %). If every cause of an image must "
        "be solved: 8.00 % (7.17 to 8.67 %)."
    )


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


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (4, ""),
        (3, "1 more error in 1 other combination."),
        (2, "3 more errors in 2 other combinations."),
    ],
)
def test_more_combinations(shown: int, says: str):
    """What a list that stops leaves out; nothing if it leaves out nothing."""
    made = report(*[[1, 0]] * 5, *[[0, 1]] * 3, *[[0, 0]] * 2, [1, 1], errors=20)
    assert phrases.more_combinations(made, shown) == says


# --- label errors --------------------------------------------------------------------------------

NOISE = "Differences under {} between two models may be label noise."
NOT_FIRST = "they are not the first thing to correct"


@pytest.mark.parametrize(
    ("wrong", "of", "gap", "says"),
    [
        (3, 9, None, "9 images looked at: too few to tell about labels."),
        (0, 100, None, "No wrong label found in 100 errors."),
        (0, 100, 0.005, "No wrong label found in 100 errors."),
        (
            30,
            100,
            None,
            "Wrong labels cause 30 % of the errors, 3.00 points of 10.00 %: correct them before "
            f"comparing models. {NOISE.format('3.00 points')}",
        ),
        (
            6,
            100,
            None,
            f"Wrong labels cause 6 % of the errors, 0.60 points of 10.00 %: {NOT_FIRST}. "
            f"{NOISE.format('0.60 points')}",
        ),
        (
            20,
            100,
            None,
            "Wrong labels cause 20 % of the errors, 2.00 points of 10.00 %: whether to correct "
            f"them first is not settled yet. {NOISE.format('2.00 points')}",
        ),
        (
            6,
            100,
            0.005,
            "Correct labels first: two models that differ by 0.50 points can't be told apart while "
            "labels make 0.60 points.",
        ),
        (
            6,
            100,
            0.01,
            f"Wrong labels cause 6 % of the errors, 0.60 points of 10.00 %: {NOT_FIRST}. A "
            "difference of 1.00 points is more than labels make, 0.60 points.",
        ),
    ],
)
def test_verdict(wrong: int, of: int, gap: float | None, says: str):
    """By the share of label errors; a gap between two models smaller than they make overrules."""
    made = carrying(wrong, of=of, errors=1_000, right=9_000, label_errors=["Dog"])
    assert phrases.verdict(made, gap) == says


def test_no_verdict_without_a_category_that_blames_labels():
    """Nobody asked of them."""
    made = carrying(6, of=100, errors=1_000)
    assert phrases.verdict(made) == phrases.labels(made) == phrases.both_sides(made) == ""


@pytest.mark.parametrize(
    ("right", "corrected", "says"),
    [
        (["cat"] * 10, ["dog"] * 9, ""),
        (["cat"] * 9, ["dog"] * 10, ""),
        (
            [None] * 9 + ["cat"],
            ["dog"] * 10,
            "10 of 10 errors were the label's fault, and 1 of 10 correct predictions was wrong.",
        ),
        (
            ["dog"] * 12,
            [None] * 11 + ["dog"],
            "1 of 12 errors was the label's fault, and 0 of 12 correct predictions were wrong.",
        ),
    ],
)
def test_both_sides(right: list[str | None], corrected: list[str | None], says: str):
    """Errors that the right label acquits, and right ones that it convicts; nothing from few."""
    said = phrases.both_sides(reviewed(right, corrected))
    assert said.endswith(says)
    begins = "If wrong labels were corrected everywhere, the dev error would be about "
    assert said.startswith(begins if says else "")
    assert bool(said) == bool(says)


def test_labels_are_judged_from_both_sides():
    """2 of 100 wrong labels among the many right ones weigh more than 6 of 100 among the errors."""
    made = full_report.compute(
        Study(
            name="",
            dev_examples=10_000,
            errors=306,
            dev_error=0.0306,
            sampled=100,
            planned=100,
            sampled_right=100,
        ),
        blamed(6, of=100, corrected="dog"),
        blamed(2, of=100, corrected="cat"),
    )
    corrected = (
        "If wrong labels were corrected everywhere, the dev error would be about 4.82 % (3.22 to "
        "9.33 %): "
    )
    whether = "whether to correct them first is not settled yet."
    assert phrases.labels(made) == corrected + whether
    assert phrases.both_sides(made) == (
        f"{corrected}6 of 100 errors were the label's fault, and 2 of 100 correct predictions were "
        "wrong."
    )
    assert phrases.verdict(made) == (
        "About 2.12 % (0.53 to 6.64 %) of all labels are wrong, at a dev error of 3.06 %: "
        f"{whether} {NOISE.format('2.12 points')}"
    )


def test_a_few_right_ones_do_not_judge_the_labels():
    """Nine tell nothing of the others: the errors alone do then."""
    about = Study(
        name="", dev_examples=10_000, errors=1_000, dev_error=0.1, sampled=100, planned=100
    )
    errors = blamed(6, of=100, corrected="dog")
    made = full_report.compute(about, errors, blamed(9, of=9, corrected="cat"))
    assert made.both_sides is not None
    assert made.label_verdict is Verdict.NO
    assert phrases.both_sides(made) == ""
    assert phrases.labels(made) == (
        f"Wrong labels cause 6 % of the errors, 0.60 points of 10.00 %: {NOT_FIRST}."
    )


@pytest.mark.parametrize(
    ("right", "says"),
    [
        (9, "No wrong label found in 100 errors."),
        (10, "No wrong label found in 100 errors and 10 correct predictions."),
    ],
)
def test_no_wrong_label(right: int, says: str):
    """Of what was looked at; a few right ones are not spoken of."""
    about = Study(
        name="", dev_examples=10_000, errors=1_000, dev_error=0.1, sampled=100, planned=100
    )
    none = blamed(0, of=100, corrected=None), blamed(0, of=right, corrected=None)
    assert phrases.labels(full_report.compute(about, *none)) == says


@pytest.mark.parametrize(
    ("wrong", "of", "says"),
    [
        (3, 9, ""),
        (0, 100, "No wrong label found in 100 errors."),
        (6, 100, f"Wrong labels cause 6 % of the errors, 0.60 points of 10.00 %: {NOT_FIRST}."),
    ],
)
def test_labels(wrong: int, of: int, says: str):
    """The verdict in short; nothing from few."""
    made = carrying(wrong, of=of, errors=1_000, right=9_000, label_errors=["Dog"])
    assert phrases.labels(made) == says


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: phrases.per_cent(None), "–"),
        (lambda: phrases.per_cent(0), "0.00 %"),
        (lambda: phrases.per_cent(1.0, 0), "100 %"),
        (lambda: phrases.share(0.0051), "1 %"),
        (lambda: phrases.share(0.0049), "under 1 %"),
        (lambda: phrases.points(0.011, 1), "1.1 points"),
        (lambda: phrases.points(0.01, 1), "1.0 points"),
        (lambda: phrases.interval(None, 0.1), ""),
        (lambda: phrases.interval(0.1, None), ""),
        (lambda: phrases.interval(0.0, 0.125, 2), "0.00 – 12.50"),
        (lambda: phrases.interval(0.125, 0.0, 2), "0.00 – 12.50"),
        (lambda: phrases.span(0.125, 0.0, 2), "0.00 to 12.50 %"),
    ],
)
def test_numbers(call: Callable[[], str], says: str):
    """A missing figure is a dash or nothing; a few are never 0 %; the lower end comes first."""
    assert call() == says


@pytest.mark.parametrize("name", [ARABIC, HEBREW, f"{HEBREW} (dog)", f"Dog {ARABIC}"])
def test_names_in_sentences_move_no_neighbour(name: str):
    """Written right to left they are isolated; the figures beside them stay where they are."""
    inside = f"{FROM}{name}{TO}"
    rows = [[1, 1, 0]] * 3 + [[1, 0, 1]] * 5 + [[0, 1, 0]] * 2 + [[0, 0, 0]] * 12
    columns = dict(zip([name, "Wet", "Label"], zip(*rows, strict=True), strict=True))
    made = errortool.estimate(
        columns, errors=90, dev_examples=900, label_errors=["Label"], solve=[name]
    )
    assert made.plan is not None
    sentences = [
        phrases.headline(made), *phrases.leads(made), phrases.then(made), phrases.sure(made),
        phrases.order(made), phrases.plan(made.plan, made), phrases.listed([name]),
    ]  # fmt: skip
    for sentence in sentences:
        assert sentence.count(name) == sentence.count(inside) > 0
        assert sentence.count(FROM) == sentence.count(TO) == sentence.count(inside)
    assert phrases.table(made)[1][0] == name


@given(
    st.lists(st.lists(st.sampled_from([0, 1, None]), min_size=2, max_size=2), min_size=1),
    st.integers(0, 300),
    st.booleans(),
)
def test_no_sentence_claims_what_its_report_does_not_hold(
    rows: list[list[int | None]], left: int, label: bool
):
    """Of any review: no headline from few, no 0 % chance beside errors that fit none, no ± swap."""
    made = report(
        *rows, names="Dog Wet", errors=len(rows) + left, label_errors=["Wet"] if label else []
    )
    said = " ".join([phrases.headline(made), *phrases.findings(made), phrases.stop_brief(made)])
    if len(rows) < 10:
        assert "Solving" not in said
        assert "settled" not in said
    if made.none_of_these or made.unknown:
        assert "chance of about 0 %" not in said
        assert "Every error fits a category" not in said
    assert "at best" in phrases.headline(made) or "would take" not in phrases.headline(made)
    for low, high in re.findall(r"\(([\d.]+) to ([\d.]+) %", said):
        assert float(low) <= float(high)
    if label:
        assert "Solving Wet" not in said
        assert "errors of Wet" not in said
