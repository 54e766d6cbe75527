"""The report as JSON: `report.json`, and what `errortool report --json` prints."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Final

from errortool.analysis.full_report import Report
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


def _plain(value: object, names: Mapping[int, str]) -> object:
    """Return what JSON can hold; names stand beside the ids of categories."""
    if isinstance(value, dict):
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
