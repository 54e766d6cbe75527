"""Sessions: the saved ones to open and to put in order, the trash, and the way to a new one."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from errortool.actions import listing
from errortool.actions.listing import Summary
from errortool.messages import isolated
from errortool.model import Session
from errortool.output import phrases, session_phrases
from errortool.web import links, state
from errortool.web.escape import plain, show, show_html
from errortool.web.pages import empty, new_session, session_dialogs

_SEARCH_FROM: Final = 8
_MOST: Final = 25
"""Rows drawn at first: each takes time, and nobody reads so many."""

_ORDERS: Final[dict[str, tuple[Callable[[Session], str | float], bool]]] = {
    "Last opened": (lambda one: one.opened_at, True),
    "Begun last": (lambda one: one.created_at, True),
    "Name": (lambda one: one.name.casefold(), False),
    "Dev error": (lambda one: one.dev_error or 0.0, False),
}
"""How the list can be sorted: by what, and whether the largest comes first."""

_ACTIONS: Final[dict[str, Callable[[Session], None]]] = {
    "Rename": session_dialogs.rename,
    "Duplicate": session_dialogs.duplicate,
    "Draw more errors": session_dialogs.draw,
    "Change image folder": session_dialogs.change_folder,
    "Notes and model": session_dialogs.describe,
    "Dev examples": session_dialogs.dev_examples,
    "Export": session_dialogs.export,
    "Move to the trash": session_dialogs.trash,
}


def render() -> None:
    """Draw the list of sessions, or the form for a new one where that was asked for."""
    sessions, trashed = state.store().sessions(), state.store().trashed()
    if not sessions:
        _first(trashed)
    elif "new" in st.query_params:
        with st.container(horizontal=True, vertical_alignment="center"):
            show("h1", "New session", "headline")
            if st.button("Back to the sessions", type="tertiary"):
                links.go("sessions")
        new_session.render()
    else:
        _list(sessions)
        _trash(trashed)


def _first(trashed: list[Session]) -> None:
    show("h1", "Begin your first session", "headline")
    show(
        "p",
        "Give the table of your model's predictions on the dev set and the folder of its images. "
        "100 of the errors are drawn at random for you to look at.",
        "basis",
    )
    if "new" not in st.query_params and not new_session.begun():
        empty.show_loop()
        empty.offer_sample("secondary")
    new_session.render()
    _trash(trashed)


def _list(sessions: list[Session]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="sessions-head"):
        show("h1", "Sessions", "headline")
        if st.button("New session", type="primary"):
            links.go("sessions", new="1")
    session_dialogs.show_notice()
    found = sessions
    if len(sessions) >= _SEARCH_FROM:
        with st.container(horizontal=True, vertical_alignment="bottom", key="sessions-search"):
            wanted = st.text_input(
                "Search",
                placeholder="Search names, models, notes",
                label_visibility="collapsed",
                key="sessions-wanted",
            )
            order = st.selectbox(
                "Order", list(_ORDERS), label_visibility="collapsed", width=190,
                key="sessions-order",
            )  # fmt: skip
        found = _sorted(_searched(sessions, wanted or ""), order)
    if not found:
        show("p", "No session has that in its name, model or notes.", "basis")
    every = len(found) <= _MOST or st.session_state.get("sessions-all")
    now, zone = datetime.now(UTC), time_zone()
    for session in found if every else found[:_MOST]:
        summary = listing.summary(state.store(), session)
        _row(summary, now, zone, first=session is sessions[0])
    if not every and st.button(f"Show all {len(found):,}", type="tertiary"):
        st.session_state["sessions-all"] = True
        st.rerun()


def _searched(sessions: list[Session], wanted: str) -> list[Session]:
    words = wanted.casefold().split()

    def holds(session: Session) -> bool:
        text = f"{session.name}\n{session.model}\n{session.notes}".casefold()
        return all(word in text for word in words)

    return [session for session in sessions if holds(session)]


def _sorted(sessions: list[Session], order: str) -> list[Session]:
    by, largest_first = _ORDERS[order]

    def key(session: Session) -> Any:  # noqa: ANN401  text in one order, a number in another
        return by(session)

    return sorted(sessions, key=key, reverse=largest_first)


def _row(summary: Summary, now: datetime, zone: tzinfo, *, first: bool) -> None:
    """Draw one session of the list; the first is the one to go on with."""
    session, number = summary.session, str(summary.session.id)
    with st.container(horizontal=True, vertical_alignment="center", key=f"session-{session.uid}"):
        show_html(_words(summary, now, zone))
        if st.button(
            "Review", key=f"review-{session.uid}", type="primary" if first else "secondary"
        ):
            links.go("review", session=number)
        if st.button("Table", key=f"table-{session.uid}"):
            links.go("table", session=number)
        if st.button("Report", key=f"report-{session.uid}"):
            links.go("report", session=number)
        chosen = st.menu_button(
            "⋯", list(_ACTIONS), key=f"menu-{session.uid}", type="tertiary",
            help=f"More for {plain(session.name)}",
        )  # fmt: skip
    if chosen is not None:
        _ACTIONS[chosen](session)


def _words(summary: Summary, now: datetime, zone: tzinfo) -> str:
    """Return a session's name and facts as HTML."""
    session = summary.session
    facts = [
        session_phrases.progress(session, summary.looked_at),
        phrases.dev_error(session),
        session_phrases.largest(summary.leading, summary.share),
        f"model {session.model}" if session.model else "",
        f"follows {isolated(summary.follows)}" if summary.follows else "",
    ]
    opened = datetime.fromisoformat(session.opened_at)
    time = (
        f'<time datetime="{escape(session.opened_at)}" '
        f'title="{escape(session_phrases.exact(opened, zone))}">'
        f"opened {escape(session_phrases.ago(opened, now))}</time>"
    )
    lines = [
        f'<div class="et-name"><bdi>{escape(session.name)}</bdi></div>',
        f'<div class="et-facts">{" · ".join([*map(escape, filter(None, facts)), time])}</div>',
    ]
    if session.notes:
        notes = escape(session.notes)
        lines.append(f'<div class="et-notes" dir="auto" title="{notes}">{notes}</div>')
    return "".join(lines)


def _trash(trashed: list[Session]) -> None:
    """Draw what is in the trash, folded."""
    if not trashed:
        return
    with st.expander(f"Trash ({len(trashed):,})", key="trash"):
        show(
            "p",
            "Nothing here vanishes by itself. To delete a session for good, use the command "
            "errortool delete.",
            "note",
        )
        for session in trashed:
            with st.container(
                horizontal=True, vertical_alignment="center", key=f"trashed-{session.uid}"
            ):
                show_html(f'<div class="et-name"><bdi>{escape(session.name)}</bdi></div>')
                if st.button("Restore", key=f"restore-{session.uid}"):
                    session_dialogs.restore(session)


def time_zone() -> tzinfo:
    """Return the browser's time zone; UTC where it doesn't say."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
