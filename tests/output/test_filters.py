"""Links from the report are the contact sheet's filters, and show as many images as they say.

The browser's side replays the same cases.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from errortool.analysis.full_report import Report, compute
from errortool.analysis.overlaps import union
from errortool.analysis.study import Study
from errortool.model import NOT_LOOKED_AT, Category, Judged, Kind
from errortool.output import filters

CONTRACT = json.loads(
    (Path(__file__).parents[1] / "contract" / "filters.json").read_text(encoding="utf-8")
)
SESSION = CONTRACT["session"]
ERRORS = [example for example in SESSION["examples"] if example["part"] == "error"]
IDS = [category["id"] for category in SESSION["categories"]]
STUDY = Study(name="", dev_examples=100, errors=20, dev_error=0.2, sampled=len(ERRORS))


def judged() -> Judged:
    """Return what counts of the contract's errors."""
    looked_at = np.array([example["status"] == "looked at" for example in ERRORS])
    ticks = [
        [int(example["ticks"].get(str(id_), NOT_LOOKED_AT)) for id_ in IDS] for example in ERRORS
    ]
    nothing = np.zeros(len(ERRORS), dtype=np.bool_)
    return Judged(
        categories=tuple(
            Category(id=one["id"], name=one["name"], kind=Kind.CAUSE, position=at)
            for at, one in enumerate(SESSION["categories"])
        ),
        ticks=np.where(looked_at[:, None], np.array(ticks, dtype=np.int8), NOT_LOOKED_AT),
        looked_at=looked_at,
        deferred=nothing,
        unreadable=nothing,
        labels=("a",) * len(ERRORS),
        predictions=("b",) * len(ERRORS),
        corrected=(None,) * len(ERRORS),
        weights=None,
    )


def linked(report: Report, what: str, argument: list) -> int | None:
    """Return the number in the report that leads to the images of a filter."""
    if what == "NONE":
        return report.none_of_these
    if what == "UNKNOWN":
        return report.unknown
    if what == "counted":
        return report.category(argument[0]).ticked
    if what == "only":
        only = report.category(argument[0]).only
        return only.ticked if only else None
    if what == "any_of":
        joint = union(STUDY.sample(judged()), argument[0])
        return joint.ticked if joint else None
    counts = {frozenset(overlap.categories): overlap.errors for overlap in report.overlaps}
    return counts.get(frozenset(argument[0]), 0)


@pytest.mark.parametrize("case", CONTRACT["cases"], ids=lambda case: case["filter"])
def test_a_number_leads_to_as_many_images(case: dict):
    """The filter is written as the browser reads it, and selects what the number counts."""
    what, *argument = case["writes"]
    form = getattr(filters, what)
    assert (form(*argument) if argument else form) == case["filter"]
    assert linked(compute(STUDY, judged()), what, argument) == len(case["selects"])


@pytest.mark.parametrize("case", CONTRACT["cases"], ids=lambda case: case["filter"])
def test_both_sides_select_the_same(case: dict):
    """The report's side panel shows what the contact sheet would."""
    found = filters.select(case["filter"], judged()).nonzero()[0].tolist()
    assert found == case["selects"]


def test_a_filter_can_ask_for_label_and_prediction_too():
    """Cells of the matrix select by these alone, or within a category."""
    made = judged()
    every = filters.select(filters.LOOKED, made, label="a", prediction="b")
    assert (every == made.looked_at).all()
    assert not filters.select(filters.LOOKED, made, label="b").any()
    assert filters.select("counted:4", made, prediction="b").sum() == 4


@pytest.mark.parametrize(
    "show", ["", "x", "counted:99", "exactly:4+99", "any:", "counted:" + "9" * 5000]
)
def test_what_is_not_there_selects_nothing(show: str):
    """An unknown filter, or a category that is gone."""
    assert not filters.select(show, judged()).any()


def test_every_form_has_a_case():
    """A form that is added needs one."""
    forms = {name for name in vars(filters) if not name.startswith("_")}
    forms -= {"Final", "Flags", "Iterable", "Judged", "LOOKED", "Mapping", "NDArray"}
    forms -= {"isolated", "np", "re", "select", "words"}
    assert {case["writes"][0] for case in CONTRACT["cases"]} == forms
