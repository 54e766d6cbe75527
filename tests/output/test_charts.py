"""The report's plots: what they draw from, where they lead, and that they can be drawn."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pytest

import errortool
from errortool.analysis.full_report import Report
from errortool.output import charts

HOSTILE = 'a"] | datum["x" <b>\\'


def report(
    ticks: Mapping[str, list[int | None]] | None = None, *, errors: int = 4, **options
) -> Report:
    """Return a report on a few errors of Dog and Wet; one in four carries both."""
    ticks = ticks or {"Dog": [1, 0, 0, 0], "Wet": [1, 1, 0, 0]}
    rows = len(next(iter(ticks.values())))
    return errortool.estimate(
        ticks, errors=errors, dev_examples=2 * errors, planned=rows, **options
    )


def data(chart: alt.TopLevelMixin) -> list[dict[str, Any]]:
    """Return the rows that a chart draws from, of all its tables one after the other."""
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def text(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what a row of the shares says."""
    return tuple(row[name] for name in ("category", "of", "text", "left", "span", "note"))


def test_shares_say_what_the_report_says():
    """The largest on top, with the error left, its interval and whether its lead is settled."""
    rows = data(charts.shares(report(errors=40)))
    assert [text(row) for row in rows] == [
        (
            "Wet",
            "2 of 4",
            "50 %",
            "25.0 %",
            "6.2 – 43.8",
            "can't be told apart from Dog: treat as equal",
        ),
        ("Dog", "1 of 4", "25 %", "37.5 %", "13.8 – 48.8", ""),
        ("none of these", "2 of 4", "50 %", "", "", ""),
    ]
    assert [(row["share"], row["none"]) for row in rows] == [
        (0.5, False),
        (0.25, False),
        (0.5, True),
    ]


def test_shares_leave_out_what_nobody_looked_at():
    """A category without a single look has no bar; a share of 0 has one."""
    made = report({"Dog": [0, 0], "New": [None, None]}, errors=2)
    assert [row["category"] for row in data(charts.shares(made))] == ["Dog", "none of these"]


@pytest.mark.parametrize(("share", "most"), [(1, 0.1), (30, 0.4), (100, 1.0)])
def test_the_axis_ends_near_the_largest_interval(share: int, most: float):
    """Its grid is in steps that can be read, and never goes beyond 100 %."""
    made = report({"Dog": [1] * share + [0] * (100 - share)}, errors=100_000)
    bars = charts.shares(made).to_dict()["layer"][0]["encoding"]["x"]
    high = made.categories[0].share_high
    assert bars["axis"]["values"][-1] <= min(1, max(0.1, 1.02 * high)) + 1e-9
    assert bars["axis"]["values"][-1] == pytest.approx(most, abs=0.1)


def test_overlaps_count_each_combination():
    """A row each, the most frequent first, with a dot for each of its ticks."""
    made = report({"Dog": [1, 0, 0, 0, 0], "Wet": [1, 1, 1, 0, 0]}, errors=5)
    rows = data(charts.overlaps(made))
    counts = [(row["row"], row["errors"]) for row in rows if "errors" in row]
    assert sorted(count for _, count in counts) == [1, 2, 2]
    names = {row["key"]: row["category"] for row in rows if "category" in row}
    dots = {(row["row"], names[row["key"]]) for row in rows if row.get("has")}
    assert {tuple(sorted(n for at, n in dots if at == place)) for place, _ in counts} == {
        (), ("Wet",), ("Dog", "Wet"),
    }  # fmt: skip


def test_overlaps_stop_at_a_dozen():
    """Of 32 combinations only the first twelve are drawn."""
    ticks = {name: [number >> bit & 1 for number in range(32)] for bit, name in enumerate("abcde")}
    rows = data(charts.overlaps(report(ticks, errors=32)))
    assert len([row for row in rows if "errors" in row]) == 12


def test_history_follows_the_largest_five():
    """Six categories: the smallest is left out; each curve ends at its share."""
    ticks = {name: [int(number < size) for number in range(20)] for size, name in
             enumerate("fedcba", start=2)}  # fmt: skip
    made = report(ticks, errors=100)
    followed = charts.followed(made)
    assert [category.name for category in followed] == list("abcde")
    for category in followed:
        assert data(charts.moved(made, category))[-1]["share"] == category.share


@pytest.mark.parametrize("name", ["shares", "overlaps", "history"])
def test_pictures_hold_hostile_names_as_text(name: str):
    """Whatever a category is called, it is drawn as SVG and PNG, and nothing in it is obeyed."""
    made = report({HOSTILE: [1, 0], "</svg><script>": [1, 1]}, errors=4)
    assert name in charts.names(made)
    drawn = charts.svg(charts.plot(made, name))
    assert drawn.startswith("<svg")
    assert "<script" not in drawn
    assert "&lt;script" in drawn or "&lt;/svg" in drawn
    assert charts.png(charts.plot(made, name)).startswith(b"\x89PNG")


@pytest.mark.parametrize("ticks", [{"Dog": [0, 0]}, {"Dog": [None, None]}])
def test_without_a_tick_only_shares_can_be_drawn(ticks: dict[str, list[int | None]]):
    """No combination and no history to draw, but the bars can be."""
    made = report(ticks, errors=2)
    assert charts.names(made) == ("shares",)
    assert charts.svg(charts.plot(made, "shares")).startswith("<svg")
