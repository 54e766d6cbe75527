"""The report as JSON: `report.json`, and what `errortool report --json` prints."""

import json
from dataclasses import asdict, fields
from typing import Final

from errortool.analysis.full_report import CategoryReport, Report

JSON_VERSION: Final = 1
"""The version of report.json; it grows when a key changes its meaning or goes."""

TALLY: Final = (
    "kind looked_at ticked share share_low share_high dev_error ceiling ceiling_low ceiling_high "
    "points dev_examples".split()
)
"""A category's figures, beside its name, in tally.csv and in the main figures."""

_MAIN: Final = (
    "session dev_examples errors dev_error sampled looked_at deferred none_of_these".split()
)
_CATEGORY: Final = (
    "id name kind looked_at ticked share share_low share_high dev_error ceiling ceiling_low "
    "ceiling_high accuracy points dev_examples only split right inside confusions".split()
)


def main_json(report: Report) -> str:
    """Return the main figures as JSON: fractions; null where nothing was looked at."""
    categories = [_flat(category, ["name", *TALLY]) for category in report.categories]
    return _json(_flat(report, _MAIN) | {"categories": categories})


def full_json(report: Report, tool: str) -> str:
    """Return every figure as JSON, with the version of its form and of the `tool`."""
    value: dict[str, object] = {"version": JSON_VERSION, "errortool": tool}
    for field in fields(report):
        value[field.name] = getattr(report, field.name)
        if field.name == "order":
            value["plan"] = None  # no file holds a what-if; version 1 has the key
    value["categories"] = [_flat(category, _CATEGORY) for category in report.categories]
    return _json(value)


def _flat(value: Report | CategoryReport, names: list[str]) -> dict[str, object]:
    return {name: getattr(value, name) for name in names}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=asdict)
