"""Draw the report's plots as pictures in files, for slides and documents.

They can be read in grey too: what matters differs in length, place or words, never in hue alone.
"""

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from errortool.analysis.full_report import CategoryReport, Report
from errortool.analysis.overlaps import Overlap
from errortool.output import phrases

_ROW: Final = 46
_WIDTH: Final = 900
_BARS: Final = 0.62  # of the width; the rest is for figures
_COMBINATIONS: Final = 12
_DOT: Final = 34
_NAMES: Final = 170  # the most pixels of a name


_INK, _QUIET, _LINE = "#1b1f24", "#5f6b7a", "#d8dee4"
_BAR, _SPAN = "#bcd0fb", "#1e3a8a"
_PER_CENT: Final = "round(100 * datum.value) + ' %'"


def svg(chart: alt.TopLevelMixin) -> str:
    """Return the chart as an SVG picture."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def png(chart: alt.TopLevelMixin) -> bytes:
    """Return the chart as a PNG picture, at twice the size for print and sharp screens."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(chart.to_dict(), scale=2))


def shares(report: Report) -> alt.LayerChart:
    """Return the bars of shares with intervals, the largest on top, and the error left beside.

    Between two categories it says where they can't be told apart yet.
    """
    rows = pd.DataFrame(_share_rows(report))
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "key:N",
            sort=None,
            title=None,
            scale=alt.Scale(paddingInner=0, paddingOuter=0),
            axis=None,
        )
    )
    chart = (
        alt.layer(
            base.mark_bar(height=16, cornerRadius=3).encode(
                x=_share_axis(report),
                color=alt.condition("datum.none", alt.value(_LINE), alt.value(_BAR)),
            ),
            *_share_spans(base),
            *_share_texts(base),
        )
        .properties(height=_ROW * len(rows), width=_WIDTH)
        .resolve_scale(color="independent")
    )
    return _dressed(chart)


def _share_rows(report: Report) -> list[dict[str, str | float | None]]:
    """Return a row of data a category, and one for the errors without a tick."""
    places = phrases.decimals(report.dev_examples)
    ties = {pair.first: phrases.tie(report, pair) for pair in report.pairs}
    ranked = [category for category in report.ranked if category.estimate]
    none_share = report.none_share or 0.0
    return [
        *(
            {
                "key": f"c{rank}",
                "category": category.name,
                "share": category.share,
                "low": category.share_low,
                "high": category.share_high,
                "of": f"{category.ticked} of {category.looked_at}",
                "text": phrases.per_cent(category.share, 0),
                "left": phrases.per_cent(category.ceiling, places) if report.rated else "",
                "span": phrases.interval(category.ceiling_low, category.ceiling_high, places),
                "note": ties.get(category.id, ""),
                "none": False,
            }
            for rank, category in enumerate(ranked)
        ),
        {
            "key": "none",
            "category": "none of these",
            "share": none_share,
            "low": None,
            "high": None,
            "of": f"{report.none_of_these} of {report.none.looked_at if report.none else 0}",
            "text": phrases.per_cent(none_share, 0),
            "left": "",
            "span": "",
            "note": "",
            "none": True,
        },
    ]


def _share_axis(report: Report) -> alt.X:
    """Return the axis of shares, long enough for the largest interval, with about four lines."""
    highs = [category.estimate.high for category in report.categories if category.estimate]
    most = min(1.0, max(0.1, 1.02 * max(highs, default=0.1)))
    step = 0.1 if most <= 0.45 else 0.2  # noqa: PLR2004  about four grid lines
    return alt.X(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, most / _BARS], nice=False),
        axis=alt.Axis(
            domain=False,
            ticks=False,
            labelExpr=_PER_CENT,
            values=[round(step * number, 1) for number in range(1 + int(most / step))],
            gridOpacity=0.5,
            gridColor=_LINE,
            labelColor=_QUIET,
            labelFontSize=12,
        ),
    )


def _share_spans(base: alt.Chart) -> list[alt.Chart]:
    """Return the intervals: a line with a tick at each end."""
    spans = base.transform_filter("isValid(datum.low)").encode(color=alt.value(_SPAN))
    return [
        spans.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q"),
        spans.mark_tick(thickness=2, size=13).encode(x="low:Q"),
        spans.mark_tick(thickness=2, size=13).encode(x="high:Q"),
    ]


def _share_texts(base: alt.Chart) -> list[alt.Chart]:
    """Return the names on the left, the figures on the right, the notes between two rows."""

    def figure(field: str, right: int, **style: str | int) -> alt.Chart:
        mark = {"align": "right", "dx": -right, "fontSize": 15, "color": _INK} | style
        return base.mark_text(**mark).encode(x=alt.value("width"), text=f"{field}:N")

    # Names are marks, not labels of an axis: Vega puts these into its expressions, where a name
    # may be anything.
    names = base.mark_text(
        align="right", dx=-12, limit=_NAMES, fontSize=15, fontWeight=600, color=_INK
    ).encode(x=alt.value(0), text="category:N")
    notes = base.mark_text(
        align="left", baseline="middle", dy=_ROW // 2, fontSize=12, color=_QUIET
    ).encode(x=alt.value(0), text="note:N")
    return [
        names,
        figure("text", 160),
        figure("left", 92, fontWeight=700),
        figure("span", 0, fontSize=12, color=_QUIET),
        notes,
    ]


def moved(report: Report, category: CategoryReport) -> alt.LayerChart:
    """Return how a category's share, with its interval, moved as errors were looked at."""
    most = max((moment.high for moment in report.history), default=1.0)
    rows = pd.DataFrame(
        {"reviewed": moment.reviewed, "share": moment.share, "low": moment.low, "high": moment.high}
        for moment in report.history
        if moment.category == category.id
    )
    quiet = {"labelColor": _QUIET, "titleColor": _QUIET, "domain": False}
    x = alt.X(
        "reviewed:Q",
        title="errors looked at",
        axis=alt.Axis(**quiet, grid=False, tickCount=4, ticks=False),
    )
    y = alt.Y(
        "low:Q",
        title=None,
        scale=alt.Scale(domain=[0, min(1.0, most)], nice=False),
        axis=alt.Axis(
            **quiet, labelExpr=_PER_CENT, tickCount=4, ticks=False, gridColor=_LINE, gridOpacity=0.5
        ),
    )
    base = alt.Chart(rows).encode(x=x)
    chart = alt.layer(
        base.mark_area(fill=_BAR, opacity=0.7).encode(y=y, y2="high:Q"),
        base.mark_line(color=_SPAN, strokeWidth=2).encode(y="share:Q"),
    ).properties(
        height=120,
        title=alt.Title(category.name, color=_INK, fontSize=14, anchor="start", limit=220),
    )
    return _dressed(chart)


def all_moved(report: Report) -> alt.HConcatChart:
    """Return `moved` for the largest categories, side by side."""
    charts = [moved(report, category).properties(width=150) for category in followed(report)]
    for chart in charts:
        chart.config = alt.Undefined  # a part of a concatenation must have none of its own
    return _dressed(alt.hconcat(*charts))


def followed(report: Report) -> list[CategoryReport]:
    """Return the categories whose history the report has, the largest first."""
    known = {moment.category for moment in report.history}
    return [category for category in report.ranked if category.id in known]


def overlaps(report: Report) -> alt.HConcatChart:
    """Return which combinations of ticks occur: a row each, with a dot for each of its ticks."""
    shown = report.overlaps[:_COMBINATIONS]
    rows, height = alt.Y("row:O", title=None, axis=None), 26 * len(shown)
    matrix = _matrix(report, shown, rows).properties(height=height)
    counts = pd.DataFrame(
        {
            "row": row,
            "errors": overlap.errors,
            "text": f"{overlap.errors:,}",
        }
        for row, overlap in enumerate(shown)
    )
    base = alt.Chart(counts).encode(y=rows)
    length = alt.X("errors:Q", axis=None)
    bars = alt.layer(
        base.mark_bar(height=14, cornerRadius=3, color=_BAR).encode(x=length),
        base.mark_text(align="left", dx=6, fontSize=13, color=_INK).encode(x=length, text="text:N"),
    ).properties(width=260, height=height)
    return _dressed(alt.hconcat(matrix, bars, spacing=16))


def _matrix(report: Report, shown: Sequence[Overlap], rows: alt.Y) -> alt.LayerChart:
    """Return the dots: a row a combination, a column a category, with its name above."""
    ticked = [category for category in report.ranked if category.ticked]
    names = pd.DataFrame(
        {"key": f"c{rank}", "category": category.name} for rank, category in enumerate(ticked)
    )
    dots = pd.DataFrame(
        {"row": row, "key": f"c{rank}", "has": category.id in overlap.categories}
        for row, overlap in enumerate(shown)
        for rank, category in enumerate(ticked)
    )
    marks = (
        alt.Chart(dots)
        .mark_circle(size=120, opacity=1)
        .encode(
            x=alt.X("key:N", sort=None, title=None, axis=None),
            y=rows,
            color=alt.condition("datum.has", alt.value(_SPAN), alt.value(_LINE)),
        )
    )
    titles = (
        alt.Chart(names)
        .mark_text(angle=320, align="left", dx=4, dy=-8, limit=_NAMES, fontSize=13, color=_INK)
        .encode(x="key:N", y=alt.value(0), text="category:N")
    )
    return alt.layer(marks, titles).properties(width=_DOT * len(ticked))


def _dressed(chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    return chart.configure(background="transparent", font="Source Sans, sans-serif").configure_view(
        stroke=None
    )


def names(report: Report) -> tuple[str, ...]:
    """Return the names of the report's plots, as `plot` draws them."""
    ticked = any(category.ticked for category in report.categories)
    return ("shares", "overlaps", "history") if ticked else ("shares",)


def plot(report: Report, name: str) -> alt.TopLevelMixin:
    """Return the plot of that name as it goes into a file."""
    if name == "shares":
        return shares(report)
    return overlaps(report) if name == "overlaps" else all_moved(report)
