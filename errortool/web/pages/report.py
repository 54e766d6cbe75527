"""Report: what causes the errors, what solving it would leave, and how sure that is."""

from collections.abc import Callable
from functools import partial
from typing import Final, Literal

import altair as alt
import streamlit as st

from errortool.actions import reporting
from errortool.analysis.full_report import Confusion, Report
from errortool.model import LEVEL, LEVELS, Session
from errortool.output import charts, filters, html_report, phrases
from errortool.output.charts import DARK, LIGHT, Palette
from errortool.web import links, state
from errortool.web.escape import plain, show, show_error, show_html
from errortool.web.service import freeze_imports
from errortool.web.state import ShownReport

_THUMBS: Final = 9
_AT_HAND: Final = ("tally.csv", "table.csv", "report.html")
_CONTENT_TYPES: Final = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
}


def render() -> None:
    """Draw the report of the current session."""
    session = state.current_session()
    if session is None:
        show_error("There is no session yet: begin one on the page Sessions.")
        return
    shown = state.current_report(session)
    report = shown.report
    show("h1", phrases.headline(report), "headline")
    show("p", " · ".join((session.name, phrases.basis(report))), "basis")
    if phrases.glance(report):
        show_html(html_report.section("glance", report, _link(session)))
    if not report.looked_at:
        if st.button("Review", type="primary"):
            links.go("review", session=str(session.id))
        return
    _settings(shown)
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    left, right = st.columns([8, 5], gap="large")
    with left:
        _shares(shown, palette)
        _heading(phrases.TITLES["stop"], "stop")
        show_html(html_report.section("stop", report, _link(session)))
    with right:
        with st.container(border=True):
            _planner(shown)
        if report.ledger:
            with st.container(border=True):
                _ledger(session, report)
    _details(session, report, palette)
    freeze_imports()


def _heading(text: str, term: str, style: str = "card") -> None:
    """Draw a heading with an explanation on demand."""
    show_html(html_report.section("heading", text, term, style))


def _settings(shown: ShownReport) -> None:
    """Offer what the figures rest on, and the files."""
    session = shown.snapshot.session
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.selectbox(
            "Confidence level of the intervals",
            LEVELS,
            index=LEVELS.index(LEVEL),
            format_func=lambda level: phrases.per_cent(level, 0),
            key=f"level-{session.uid}",
            label_visibility="collapsed",
            width=100,
        )
        if len(shown.snapshot.reviewers) > 1:
            st.selectbox(
                "Ticks of",
                [None, *shown.snapshot.reviewers],
                format_func=lambda name: name or phrases.EVERYBODY,
                key=f"reviewer-{session.uid}",
                label_visibility="collapsed",
                width=210,
            )
        files = _files(shown)
        for name in _AT_HAND:
            _download(name, files[name])
        with st.popover("More files"):
            for name in files:
                if name not in _AT_HAND:
                    _download(name, files[name], "tertiary")


def _download(
    name: str, make: Callable[[], str | bytes], kind: Literal["secondary", "tertiary"] = "secondary"
) -> None:
    """Offer a file, which is made when somebody asks for it."""
    content_type = _CONTENT_TYPES[name.rpartition(".")[2]]
    st.download_button(name, make, name, content_type, on_click="ignore", type=kind)


def _files(shown: ShownReport) -> dict[str, Callable[[], str | bytes]]:
    """Return the files that the page gives by name, each as what makes it."""
    report = shown.report

    def plot(name: str, draw: Callable[[alt.TopLevelMixin], str | bytes]) -> str | bytes:
        return draw(charts.plot(report, name))

    files: dict[str, Callable[[], str | bytes]] = {}
    files |= reporting.files(shown.snapshot, report)
    for name in charts.names(report):
        files[f"{name}.png"] = partial(plot, name, charts.png)
        files[f"{name}.svg"] = partial(plot, name, charts.svg)
    return files


def _link(session: Session) -> html_report.Link:
    """Return what leads from a number to the contact sheet of its images."""

    def link(shown: str, confusion: Confusion | None = None) -> str:
        pair = {"label": confusion.label, "prediction": confusion.prediction} if confusion else {}
        return links.address("review", session=str(session.id), show=shown, **pair)

    return link


def _shares(shown: ShownReport, palette: Palette) -> None:
    """Draw the bars, and some of the images behind the largest."""
    session, report = shown.snapshot.session, shown.report
    _heading(phrases.share_title(report), "share")
    st.altair_chart(
        charts.shares(report, palette, link=_link(session)), theme=None, key=f"shares-{session.uid}"
    )
    for note in (phrases.sums(report), phrases.left_out(report)):
        if note:
            show("p", note, "note")
    first = report.ranked[0]
    if session.images is None or not first.ticked:
        return
    found = shown.snapshot.judged.positions()[first.id][:_THUMBS]
    show("p", f"Images of {first.name}", "note")
    sheet = _link(session)(filters.counted(first.id))
    show_html(html_report.section("thumbs", session, first.name, found, sheet))


@st.fragment
def _planner(shown: ShownReport) -> None:
    """Let the reader choose what to solve, and say what is left then.

    As a fragment it runs by itself when a box is ticked, on the snapshot that the page shows.
    """
    session, report = shown.snapshot.session, shown.report
    _heading(phrases.TITLES["plan"], "plan")
    ranked = report.causes
    chosen = [
        category.id
        for category in ranked
        if st.session_state.get(f"solve-{session.uid}-{category.id}")
    ]
    plan = reporting.plan(shown.snapshot, chosen, report.level) if chosen else None
    with st.container(gap="xxsmall"):
        for category in ranked:
            box, gain = st.columns([3, 2], gap="small", vertical_alignment="center")
            box.checkbox(plain(category.name), key=f"solve-{session.uid}-{category.id}")
            with gain:
                show("div", phrases.adds(plan, category), "gain")
    if plan:
        values = (plan, report, phrases.decimals(report.dev_examples), _link(session))
        show_html(html_report.section("plan", *values))
    else:
        show("p", "Tick what you would fix. Gains overlap, so they don't simply add up.", "note")


def _ledger(session: Session, report: Report) -> None:
    """Say what of the error the labels make, also beside a gap between two models."""
    _heading(phrases.TITLES["ledger"], "ledger")
    gap = st.session_state.get("gap")
    show_html(
        html_report.section(
            "ledger",
            report,
            _link(session),
            phrases.decimals(report.dev_examples),
            None if gap is None else gap / 100,
        )
    )
    st.number_input(
        "Difference between the two models you are choosing from, in points",
        min_value=0.0,
        max_value=100.0,
        value=None,
        step=0.1,
        placeholder="such as 0.5",
        key="gap",
        help="Two models whose dev errors differ by less than what wrong labels make can't be told "
        "apart on this dev set.",
    )
    if phrases.both_sides(report):
        show_html(html_report.section("both_sides", report))


def _details(session: Session, report: Report, palette: Palette) -> None:
    """Draw every figure, under the first glance."""
    places, link = phrases.decimals(report.dev_examples), _link(session)
    show("h2", phrases.TITLES["categories"], "part")
    show_html(html_report.section("categories", report, places, link))
    if report.order:
        _heading(phrases.TITLES["order"], "order", "part")
        show_html(html_report.section("order", report, places, link))
    if report.looked_at_right:
        _heading(phrases.TITLES["inside"], "inside", "part")
        show_html(html_report.section("inside", report, places))
    if not any(category.ticked for category in report.categories):
        return
    left, right = st.columns([1, 1], gap="large")
    with left:
        show("h2", phrases.TITLES["overlaps"], "part")
        st.altair_chart(
            charts.overlaps(report, palette, link=link), theme=None, width="content", key="overlaps"
        )
    with right:
        show("h2", phrases.TITLES["confusions"], "part")
        show_html(html_report.section("confusions", report, link))
    show("h2", phrases.TITLES["history"], "part")
    followed = charts.followed(report)
    for category, place in zip(followed, st.columns(len(followed)), strict=True):
        place.altair_chart(
            charts.moved(report, category, palette), theme=None, key=f"moved-{category.id}"
        )
