"""Report: shares of errors with their intervals, and the error that would be left."""

from html import escape

import altair as alt
import pandas as pd
import streamlit as st

from errortool import exchange, words
from errortool.model import Kind
from errortool.reports import Report
from errortool.web import navigation, state
from errortool.web.text import show, show_error

_ROW = 44
_LIGHT = {"ink": "#1b1f24", "bar": "#bcd0fb", "span": "#1e3a8a"}
_DARK = {"ink": "#e8eaed", "bar": "#35507c", "span": "#9cc2ff"}
_KINDS = {Kind.CAUSE: "", Kind.LABEL_ERROR: ' <span class="et-quiet">· label error</span>'}


def render() -> None:
    """Draw the report of the session at hand."""
    session = state.current_session()
    if session is None:
        show_error("There is no session yet: begin one on the page Sessions.")
        return
    store = state.store()
    report = state.report(session, level=0.95, reviewer=None, solve=())
    show("h1", words.headline(report), "headline")
    show("p", f"{session.name} · {words.basis(report)}", "basis")
    if not report.looked_at:
        if st.button("Review", type="primary"):
            navigation.go("review", session=str(session.id))
        return
    show("h2", f"Share of errors, with its {report.level:.0%} interval".replace("%", " %"), "part")
    st.altair_chart(_chart(report), theme=None, key=f"shares-{session.uid}")
    show("h2", "What is left if a category is solved", "part")
    st.html(_table(report))
    with st.container(horizontal=True):
        st.download_button(
            "tally.csv",
            exchange.tally_csv(report),
            "tally.csv",
            "text/csv",
            on_click="ignore",
            help="A row a category: shares, ceilings and their intervals.",
        )
        st.download_button(
            "table.csv",
            lambda: exchange.table_csv(store.categories(session), store.rows(session)),
            "table.csv",
            "text/csv",
            on_click="ignore",
            help="A row an image: every tick and comment.",
        )


def _chart(report: Report) -> alt.LayerChart:
    """Return the bars of shares, the largest on top, with their intervals."""
    rows = pd.DataFrame(
        {
            "category": category.name,
            "share": category.share,
            "low": category.share_low,
            "high": category.share_high,
            "ticked": f"{category.ticked} of {category.looked_at}",
        }
        for category in report.ranked
        if category.share is not None
    )
    colours = _DARK if st.context.theme.type == "dark" else _LIGHT
    names = alt.Y(
        "category:N",
        sort=None,
        title=None,
        axis=alt.Axis(
            domain=False,
            ticks=False,
            labelColor=colours["ink"],
            labelFontSize=15,
            labelFontWeight=600,
            labelLimit=260,
            labelPadding=14,
        ),
    )
    end = min(1.0, 1.02 * max(0.1, float(rows["high"].max())))
    shares = alt.X(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, end], nice=False),
        axis=alt.Axis(
            domain=False, format=".0%", gridOpacity=0.25, labelColor=colours["ink"], tickCount=5
        ),
    )
    tips = [
        alt.Tooltip("category:N"),
        alt.Tooltip("ticked:N"),
        alt.Tooltip("share:Q", format=".1%"),
        alt.Tooltip("low:Q", format=".1%"),
        alt.Tooltip("high:Q", format=".1%"),
    ]
    base = alt.Chart(rows).encode(y=names, tooltip=tips)
    chart: alt.LayerChart = (
        alt.layer(
            base.mark_bar(height=16, cornerRadius=3, color=colours["bar"]).encode(x=shares),
            base.mark_rule(strokeWidth=2, color=colours["span"]).encode(x="low:Q", x2="high:Q"),
            base.mark_tick(thickness=2, size=13, color=colours["span"]).encode(x="low:Q"),
            base.mark_tick(thickness=2, size=13, color=colours["span"]).encode(x="high:Q"),
        )
        .properties(height=_ROW * len(rows), width="container")
        .configure(background="transparent", font="Source Sans, sans-serif")
        .configure_view(stroke=None)
    )
    return chart


def _table(report: Report) -> str:
    """Return the table of shares and ceilings as HTML."""
    places = words.decimals(report.dev_examples)
    titles = ("category", "ticked", "share", "dev error left", "gained", "dev examples")
    head = "".join(f'<th scope="col">{title}</th>' for title in titles)
    lines = [
        _line(
            f"{escape(category.name)}{_KINDS[category.kind]}",
            f"{category.ticked} of {category.looked_at}",
            _figure(
                words.per_cent(category.share, 0),
                words.interval(category.share_low, category.share_high),
            ),
            _figure(
                words.per_cent(category.ceiling, places),
                words.interval(category.ceiling_high, category.ceiling_low, places),
            ),
            words.per_cent(category.points, places),
            "–" if category.dev_examples is None else f"{category.dev_examples:,.0f}",
        )
        for category in report.ranked
    ]
    lines.append(
        _line(
            '<span class="et-quiet">none of these</span>',
            f"{report.none_of_these} of {report.looked_at}",
            words.per_cent(report.none_of_these / report.looked_at, 0),
            *("",) * 3,
        )
    )
    body = "".join(lines)
    return f'<table class="et-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _line(name: str, *cells: str) -> str:
    rest = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{name}</th>{rest}</tr>'


def _figure(value: str, span: str) -> str:
    return f'<b>{value}</b> <span class="et-quiet">{span}</span>'
