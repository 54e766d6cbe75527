"""Report: what causes the errors, what solving it would leave, and how sure that is."""

from collections.abc import Callable, Iterator
from functools import partial

import streamlit as st

from errortool.actions import identity, reporting
from errortool.analysis.full_report import Confusion, Report, as_full_json
from errortool.model import LEVEL, LEVELS, Part, Session
from errortool.output import charts, csv_files, html_report, phrases
from errortool.output.charts import DARK, LIGHT, Palette
from errortool.web import links, state
from errortool.web.escape import plain, show, show_error, show_html

_THUMBS = 9
_AT_HAND = 3
_EVERYBODY = "everybody's latest"


def render() -> None:
    """Draw the report of the session at hand."""
    session = state.current_session()
    if session is None:
        show_error("There is no session yet: begin one on the page Sessions.")
        return
    chosen = state.report_settings(session)
    report = state.report(session, level=chosen.level, reviewer=chosen.reviewer)
    show("h1", phrases.headline(report), "headline")
    show("p", " · ".join((session.name, phrases.basis(report))), "basis")
    for line in phrases.leads(report):
        show("p", line, "lead")
    if not report.looked_at:
        if st.button("Review", type="primary"):
            links.go("review", session=str(session.id))
        return
    _settings(session, report)
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    left, right = st.columns([8, 5], gap="large")
    with left:
        _shares(session, report, palette)
        _heading("How sure is this?", "stop")
        show_html(html_report.section("stop", report))
    with right:
        with st.container(border=True):
            _planner(session, report)
        if report.ledger:
            with st.container(border=True):
                _ledger(session, report)
    _details(session, report, palette)


def _heading(text: str, term: str, style: str = "card") -> None:
    """Draw a heading with an explanation on demand."""
    show_html(html_report.section("heading", text, term, style))


def _settings(session: Session, report: Report) -> None:
    """Offer what the figures rest on, and the files."""
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
        reviewers = state.store().reviewers(session)
        if len(reviewers) > 1:
            st.selectbox(
                "Ticks",
                [None, *reviewers],
                format_func=lambda name: name or _EVERYBODY,
                key=f"reviewer-{session.uid}",
                label_visibility="collapsed",
                width=210,
            )
        files = list(_files(session, report))
        for name, kind, make in files[:_AT_HAND]:
            st.download_button(name, make, name, kind, on_click="ignore")
        with st.popover("More files"):
            for name, kind, make in files[_AT_HAND:]:
                st.download_button(name, make, name, kind, on_click="ignore", type="tertiary")


def _files(
    session: Session, report: Report
) -> Iterator[tuple[str, str, Callable[[], str | bytes]]]:
    """Yield the files that a report gives: name, content type, and what makes it when asked for."""
    store = state.store()

    def rows(part: Part) -> str:
        return csv_files.table_csv(store.categories(session), store.rows(session, part))

    yield "tally.csv", "text/csv", lambda: csv_files.tally_csv(report)
    yield "table.csv", "text/csv", lambda: rows(Part.ERROR)
    yield (
        "report.html",
        "text/html",
        lambda: reporting.report_html(store, session, report, made=identity.made_by()),
    )
    if session.sampled_right:
        yield "table_right.csv", "text/csv", lambda: rows(Part.RIGHT)
    yield "corrections.csv", "text/csv", lambda: csv_files.corrections_csv(store.rows(session))
    yield (
        "report.json",
        "application/json",
        lambda: as_full_json(report, identity.made_by()),
    )
    for name, chart in charts.pictures(report):
        yield f"{name}.png", "image/png", partial(charts.png, chart)
        yield f"{name}.svg", "image/svg+xml", partial(charts.svg, chart)


def _link(session: Session) -> html_report.Link:
    """Return what leads from a number to the contact sheet of its images."""

    def link(shown: str, confusion: Confusion | None = None) -> str:
        pair = {"label": confusion.label, "prediction": confusion.prediction} if confusion else {}
        return links.address("review", session=str(session.id), show=shown, **pair)

    return link


def _shares(session: Session, report: Report, palette: Palette) -> None:
    """Draw the bars, and some of the images behind the largest."""
    level = phrases.per_cent(report.level, 0)
    _heading(f"Share of errors with {level} interval, and the dev error left if solved", "share")
    st.altair_chart(
        charts.shares(report, palette, link=_link(session)), theme=None, key=f"shares-{session.uid}"
    )
    for note in (phrases.sums(report), phrases.left_out(report)):
        if note:
            show("p", note, "note")
    first = report.ranked[0]
    if session.images is None or not first.ticked:
        return
    found = reporting.positions(state.store(), session)[first.id][:_THUMBS]
    show("p", f"Images of {first.name}", "note")
    sheet = _link(session)(f"counted:{first.id}")
    show_html(html_report.section("thumbs", session, first.name, found, sheet))


@st.fragment
def _planner(session: Session, report: Report) -> None:
    """Let the reader choose what to solve, and say what is left then."""
    _heading("What if we solved …", "plan")
    ranked = [category for category in report.ranked if category.ticked]
    chosen = [
        category
        for category in ranked
        if st.session_state.get(f"solve-{session.uid}-{category.id}")
    ]
    report = state.report(
        session,
        level=report.level,
        reviewer=state.report_settings(session).reviewer,
        solve=[category.name for category in chosen],
    )
    with st.container(gap="xxsmall"):
        for category in ranked:
            box, gain = st.columns([3, 2], gap="small", vertical_alignment="center")
            box.checkbox(plain(category.name), key=f"solve-{session.uid}-{category.id}")
            with gain:
                show("div", phrases.adds(report, category), "gain")
    places = phrases.decimals(report.dev_examples)
    if report.plan:
        values = (report.plan, report, places, _link(session))
        show_html(html_report.section("plan", *values))
    else:
        show("p", "Tick what you would fix: the ceilings of several can't be added.", "note")


def _ledger(session: Session, report: Report) -> None:
    """Say what of the error the labels make, also beside a gap between two models."""
    _heading("Labels", "ledger")
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
        "Gap between two models, in points",
        min_value=0.0,
        max_value=100.0,
        value=None,
        step=0.1,
        placeholder="such as 0.5",
        key="gap",
        help="Two models whose dev errors differ by less than what labels make can't be told "
        "apart on this dev set.",
    )
    if report.both_sides:
        places = phrases.decimals(report.dev_examples)
        show_html(html_report.section("both_sides", report, places))


def _details(session: Session, report: Report, palette: Palette) -> None:
    """Draw every figure, under the first glance."""
    places, link = phrases.decimals(report.dev_examples), _link(session)
    show("h2", "Every figure", "part")
    show_html(html_report.section("categories", report, places, link))
    if report.order:
        _heading("Order of work", "order", "part")
        show_html(html_report.section("order", report, places, link))
    if report.looked_at_right:
        _heading("Inside the categories", "inside", "part")
        show_html(html_report.section("inside", report, places))
    if not any(category.ticked for category in report.categories):
        return
    left, right = st.columns([1, 1], gap="large")
    with left:
        show("h2", "Which ticks occur together", "part")
        st.altair_chart(
            charts.overlaps(report, palette, link=link), theme=None, width="content", key="overlaps"
        )
    with right:
        show("h2", "Label → prediction within each category", "part")
        show_html(html_report.section("confusions", report, link))
    show("h2", "How the shares moved as errors were looked at", "part")
    followed = charts.followed(report)
    for category, place in zip(followed, st.columns(len(followed)), strict=True):
        place.altair_chart(
            charts.moved(report, category, palette), theme=None, key=f"moved-{category.id}"
        )
