"""Draw the report's plots, as Altair charts and as pictures in files.

They can be read in grey too: what matters differs in length, place or words, never in hue alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import altair as alt
import pandas as pd

from errortool.analysis.full_report import CategoryReport, Report
from errortool.analysis.overlaps import Overlap
from errortool.output import filters, phrases

ROW: Final = 46
"""The height of a category's row, in pixels."""

Link = Callable[[str], str | None]
"""Gives the address of the images behind a mark, by the contact sheet's filter."""

_BARS: Final = 0.62  # of the width; the rest is for figures
_COMBINATIONS: Final = 12
_DOT: Final = 34
_NAMES: Final = 170  # the most pixels of a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of a plot, chosen for contrast with the page behind it."""

    ink: str
    quiet: str
    bar: str
    span: str
    line: str


LIGHT: Final = Palette(
    ink="#1b1f24", quiet="#5f6b7a", bar="#bcd0fb", span="#1e3a8a", line="#d8dee4"
)
DARK: Final = Palette(ink="#e8eaed", quiet="#a3acb8", bar="#35507c", span="#9cc2ff", line="#363c46")


def svg(chart: alt.TopLevelMixin) -> str:
    """Return the chart as an SVG picture."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def png(chart: alt.TopLevelMixin) -> bytes:
    """Return the chart as a PNG picture, at twice the size for print and sharp screens."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(chart.to_dict(), scale=2))


def shares(
    report: Report,
    palette: Palette = LIGHT,
    *,
    width: int | str = "container",
    link: Link | None = None,
) -> alt.LayerChart:
    """Return the bars of shares with intervals, the largest on top, and the error left beside.

    Between two categories it says whether their order is settled. A bar leads where `link` says.
    """
    rows = pd.DataFrame(_share_rows(report, link))
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "key:N",
            sort=None,
            title=None,
            scale=alt.Scale(paddingInner=0, paddingOuter=0),
            axis=None,
        ),
        tooltip=[
            alt.Tooltip("category:N"),
            alt.Tooltip("of:N", title="ticked"),
            alt.Tooltip("share:Q", format=".1%"),
            alt.Tooltip("low:Q", format=".1%"),
            alt.Tooltip("high:Q", format=".1%"),
        ],
    )
    chart = (
        alt.layer(
            base.mark_bar(height=16, cornerRadius=3).encode(
                x=_share_axis(report, palette),
                **({"href": "url:N"} if link else {}),
                color=alt.condition("datum.none", alt.value(palette.line), alt.value(palette.bar)),
            ),
            *_share_spans(base, palette),
            *_share_texts(base, palette),
        )
        .properties(height=ROW * len(rows), width=width)
        .resolve_scale(color="independent")
    )
    return _dressed(chart)


def _share_rows(report: Report, link: Link | None) -> list[dict[str, str | float | None]]:
    """Return a row of data a category, and one for the errors without a tick."""
    places = phrases.decimals(report.dev_examples)
    orders = {pair.first: phrases.order_of_two(pair.order) for pair in report.pairs}
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
                "left": phrases.per_cent(category.ceiling, places),
                "span": phrases.interval(category.ceiling_low, category.ceiling_high, places),
                "note": orders.get(category.id, ""),
                "none": False,
                "url": link(filters.counted(category.id)) if link else None,
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
            "url": link(filters.NONE) if link else None,
        },
    ]


def _share_axis(report: Report, palette: Palette) -> alt.X:
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
            format=".0%",
            values=[round(step * number, 1) for number in range(1 + int(most / step))],
            gridOpacity=0.5,
            gridColor=palette.line,
            labelColor=palette.quiet,
            labelFontSize=12,
        ),
    )


def _share_spans(base: alt.Chart, palette: Palette) -> list[alt.Chart]:
    """Return the intervals: a line with a tick at each end."""
    spans = base.transform_filter("isValid(datum.low)").encode(color=alt.value(palette.span))
    return [
        spans.mark_rule(strokeWidth=2).encode(x="low:Q", x2="high:Q"),
        spans.mark_tick(thickness=2, size=13).encode(x="low:Q"),
        spans.mark_tick(thickness=2, size=13).encode(x="high:Q"),
    ]


def _share_texts(base: alt.Chart, palette: Palette) -> list[alt.Chart]:
    """Return the names on the left, the figures on the right, the notes between two rows."""

    def figure(field: str, right: int, **style: str | int) -> alt.Chart:
        mark = {"align": "right", "dx": -right, "fontSize": 15, "color": palette.ink} | style
        return base.mark_text(**mark).encode(x=alt.value("width"), text=f"{field}:N")

    # Names are marks, not labels of an axis: Vega puts these into its expressions, where a name
    # may be anything.
    names = base.mark_text(
        align="right", dx=-12, limit=_NAMES, fontSize=15, fontWeight=600, color=palette.ink
    ).encode(x=alt.value(0), text="category:N")
    notes = base.mark_text(
        align="left", baseline="middle", dy=ROW // 2, fontSize=12, color=palette.quiet
    ).encode(x=alt.value(0), text="note:N")
    return [
        names,
        figure("text", 160),
        figure("left", 92, fontWeight=700),
        figure("span", 0, fontSize=12, color=palette.quiet),
        notes,
    ]


def moved(report: Report, category: CategoryReport, palette: Palette = LIGHT) -> alt.LayerChart:
    """Return how a category's share, with its interval, moved as errors were looked at."""
    most = max((moment.high for moment in report.history), default=1.0)
    rows = pd.DataFrame(
        {"reviewed": moment.reviewed, "share": moment.share, "low": moment.low, "high": moment.high}
        for moment in report.history
        if moment.category == category.id
    )
    quiet = {"labelColor": palette.quiet, "titleColor": palette.quiet, "domain": False}
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
            **quiet, format=".0%", tickCount=4, ticks=False, gridColor=palette.line, gridOpacity=0.5
        ),
    )
    base = alt.Chart(rows).encode(x=x)
    chart = alt.layer(
        base.mark_area(fill=palette.bar, opacity=0.7).encode(y=y, y2="high:Q"),
        base.mark_line(color=palette.span, strokeWidth=2).encode(y="share:Q"),
    ).properties(
        height=120,
        title=alt.Title(category.name, color=palette.ink, fontSize=14, anchor="start", limit=220),
    )
    return _dressed(chart)


def all_moved(report: Report, palette: Palette = LIGHT) -> alt.HConcatChart:
    """Return `moved` for the largest categories, side by side."""
    charts = [
        moved(report, category, palette).properties(width=150) for category in followed(report)
    ]
    for chart in charts:
        chart.config = alt.Undefined  # a part of a concatenation must have none of its own
    return _dressed(alt.hconcat(*charts))


def followed(report: Report) -> list[CategoryReport]:
    """Return the categories whose history the report has, the largest first."""
    known = {moment.category for moment in report.history}
    return [category for category in report.ranked if category.id in known]


def overlaps(
    report: Report, palette: Palette = LIGHT, *, link: Link | None = None
) -> alt.HConcatChart:
    """Return which combinations of ticks occur: a row each, with a dot for each of its ticks."""
    shown = report.overlaps[:_COMBINATIONS]
    rows, height = alt.Y("row:O", title=None, axis=None), 26 * len(shown)
    matrix = _matrix(report, shown, palette, rows).properties(height=height)
    counts = pd.DataFrame(
        {
            "row": row,
            "errors": overlap.errors,
            "text": f"{overlap.errors:,}",
            "url": link(filters.exactly(overlap.categories)) if link else None,
        }
        for row, overlap in enumerate(shown)
    )
    base = alt.Chart(counts).encode(y=rows)
    length = alt.X("errors:Q", axis=None)
    bars = alt.layer(
        base.mark_bar(height=14, cornerRadius=3, color=palette.bar).encode(
            x=length, **({"href": "url:N"} if link else {})
        ),
        base.mark_text(align="left", dx=6, fontSize=13, color=palette.ink).encode(
            x=length, text="text:N"
        ),
    ).properties(width=260, height=height)
    return _dressed(alt.hconcat(matrix, bars, spacing=16))


def _matrix(
    report: Report, shown: Sequence[Overlap], palette: Palette, rows: alt.Y
) -> alt.LayerChart:
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
            color=alt.condition("datum.has", alt.value(palette.span), alt.value(palette.line)),
        )
    )
    titles = (
        alt.Chart(names)
        .mark_text(
            angle=320, align="left", dx=4, dy=-8, limit=_NAMES, fontSize=13, color=palette.ink
        )
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
        return shares(report, width=900)
    return overlaps(report) if name == "overlaps" else all_moved(report)
