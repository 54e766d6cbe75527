"""What the pages keep: the session at hand, in the URL and for the browser tab."""

from dataclasses import dataclass
from typing import Final, cast

import streamlit as st

from errortool.actions import reporting
from errortool.analysis.full_report import Report
from errortool.model import LEVEL, FullSnapshot, Session
from errortool.store import Store
from errortool.web.security import signin
from errortool.web.service import service

_SESSION: Final = "session"
_REPORT: Final = "report"


def store() -> Store:
    """Return the session file. Raises StoreError if it can't be opened."""
    return service().store


def user() -> str | None:
    """Return who signed in, if anybody; nobody does where no sign-in is set up."""
    return signin.user(st.context.cookies) if signin.required() else None


def current_session() -> Session | None:
    """Return the session named in the URL, else this tab's last, else the last opened, if any.

    It is written into the URL, so that a reload or a bookmark comes back to it. Raises
    SessionError if the URL names one that isn't there.
    """
    named = st.query_params.get(_SESSION) or st.session_state.get(_SESSION)
    if named:
        session = store().session_numbered(named)
    elif sessions := store().sessions():
        session = sessions[0]
    else:
        return None
    choose(session)
    return session


def choose(session: Session) -> None:
    """Make `session` the one at hand."""
    st.session_state[_SESSION] = str(session.id)
    if st.query_params.get(_SESSION) != str(session.id):
        st.query_params[_SESSION] = str(session.id)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShownReport:
    """A report and the snapshot that it was computed from: all that the report page shows."""

    snapshot: FullSnapshot
    report: Report

    def rests_on(self, session: Session, cursor: int, level: float, reviewer: str | None) -> bool:
        """Return whether computing it anew on these would change nothing."""
        known = self.snapshot
        return (session, cursor, level, reviewer) == (
            known.session, known.cursor, self.report.level, known.reviewer,
        )  # fmt: skip


def current_report(session: Session) -> ShownReport:
    """Return the session's report as this tab's settings ask for it.

    It is computed, and its figures are recorded in the session file, only when something that it
    rests on has changed.
    """
    level = st.session_state.get(f"level-{session.uid}", LEVEL)
    reviewer = st.session_state.get(f"reviewer-{session.uid}")
    known = st.session_state.get(_REPORT)
    if known and known.rests_on(session, store().cursor(session), level, reviewer):
        return cast("ShownReport", known)
    snapshot = store().full_snapshot(session, reviewer)
    report = reporting.compute(snapshot, level)
    reporting.record(store(), snapshot, report)
    shown = ShownReport(snapshot=snapshot, report=report)
    st.session_state[_REPORT] = shown
    return shown


def opened(session: Session) -> None:
    """Remember in the session file that the session was opened, once a browser tab."""
    key = f"opened-{session.uid}"
    if key not in st.session_state:
        st.session_state[key] = True
        store().opened(session)
