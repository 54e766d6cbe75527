"""The report as JSON: `report.json`, and what `errortool report --json` prints."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Final

from errortool.analysis.comparison import ComparedCategory, Comparison
from errortool.analysis.full_report import Report
from errortool.analysis.rounds import Stratum
from errortool.analysis.what_if import Plan

JSON_VERSION: Final = 2
"""The version of report.json; it grows when a key changes its meaning or goes."""

TALLY: Final = (
    "kind looked_at ticked share share_low share_high dev_error ceiling ceiling_low ceiling_high "
    "points dev_examples".split()
)
"""A category's figures, beside its name, in tally.csv and first in the report's JSON."""

_MAIN: Final = (
    "session dev_examples errors dev_error sampled looked_at deferred none_of_these".split()
)
_MORE: Final = "id accuracy holds only split right inside confusions".split()


def full_json(report: Report, tool: str, plan: Plan | None = None) -> str:
    """Return every figure as JSON: fractions; null where nothing was looked at.

    The main figures come first, then all others, and what a `plan` leaves. Names stand beside the
    ids of categories. `version` is that of this form, `errortool` that of the `tool`.
    """
    value: dict[str, object] = {name: getattr(report, name) for name in _MAIN}
    value["categories"] = [
        {name: getattr(category, name) for name in ("name", *TALLY, *_MORE)}
        for category in report.categories
    ]
    value |= {"version": JSON_VERSION, "errortool": tool, "plan": plan}
    for field in fields(report):
        value.setdefault(field.name, getattr(report, field.name))
    names = {category.id: category.name for category in report.categories}
    return json.dumps(_plain(value, names), ensure_ascii=False, indent=2)


COMPARED: Final = (
    "possible gained gained_low gained_high fixed fixed_low fixed_high newly_wrong newly_wrong_low "
    "newly_wrong_high still_wrong still_wrong_low still_wrong_high".split()
)
"""The figures of a category in compare.csv and in the comparison's JSON, beside its name."""


def compared(category: ComparedCategory) -> dict[str, object]:
    """Return the figures of a category between two rounds; None where they aren't known.

    `possible` and `gained` are fractions of the dev set, the others numbers of examples.
    """
    gained = category.gained
    found: dict[str, object] = {
        "possible": category.possible and category.possible.rate,
        "gained": gained and gained.rate,
        "gained_low": gained and gained.low,
        "gained_high": gained and gained.high,
    }
    for name, stratum in _strata(category).items():
        found[name] = stratum.examples
        found[f"{name}_low"], found[f"{name}_high"] = stratum.low, stratum.high
    return found


def _strata(category: ComparedCategory) -> dict[str, Stratum]:
    return {
        "fixed": category.fixed,
        "newly_wrong": category.newly_wrong,
        "still_wrong": category.still_wrong,
    }


def comparison_json(found: Comparison, tool: str) -> str:
    """Return a comparison as JSON: rates are fractions, null where they aren't known."""
    flips = found.flips
    value: dict[str, object] = {
        "a": found.a,
        "b": found.b,
        "shared": found.shared,
        "only_a": found.only_a,
        "only_b": found.only_b,
        "fixed": flips.fixed,
        "still_wrong": flips.still_wrong,
        "newly_wrong": flips.newly_wrong,
        "both_right": flips.both_right,
        "gain": found.gain.rate,
        "gain_low": found.gain.low,
        "gain_high": found.gain.high,
        "mid_p": found.mid_p,
        "negative_flip_rate": flips.negative_flip_rate,
        "relative_negative_flip_rate": flips.relative_negative_flip_rate,
        "categories": [
            {"name": one.name, "kind": one.kind}
            | compared(one)
            | {
                f"{name}_{what}": getattr(stratum, what)
                for name, stratum in _strata(one).items()
                for what in ("size", "looked_at", "ticked")
            }
            for one in found.categories
        ],
        "version": JSON_VERSION,
        "errortool": tool,
        "level": found.level,
        "error_a": found.error_before,
        "error_b": found.error_after,
        "weighted": found.weighted,
        "same_answer": flips.same_answer,
        "other_answer": flips.other_answer,
        "trust_kept": flips.trust_kept,
        "errors_familiar": flips.errors_familiar,
        "churn": flips.churn,
        "better": found.better,
        "margin": found.margin,
        "no_worse": found.no_worse,
        "labels": found.labels
        and {
            "changed": found.labels.changed,
            "error_a_before": found.labels.error_before,
            "gain": found.labels.gain,
        },
    }
    for name in (
        "differences", "unmatched", "groups", "looking", "models", "parts", "rounds", "looked_at",
    ):  # fmt: skip
        value[name] = getattr(found, name)
    return json.dumps(_plain(value, {}), ensure_ascii=False, indent=2)


def _plain(value: object, names: Mapping[int, str]) -> object:
    """Return what JSON can hold; names stand beside the ids of categories."""
    if isinstance(value, Mapping):
        return {name: _plain(one, names) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, names) for one in value]
    if not is_dataclass(value):
        return value
    found: dict[str, object] = {}
    for field in fields(value):
        one = getattr(value, field.name)
        found[field.name] = _plain(one, names)
        if field.name in {"category", "first", "second"}:
            found["name" if field.name == "category" else f"{field.name}_name"] = names[one]
        elif field.name in {"categories", "order"} and isinstance(one, tuple):
            found["names"] = [names[number] for number in one]
    return found
