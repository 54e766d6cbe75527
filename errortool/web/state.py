"""What the pages keep: the session at hand, in the URL and for the browser tab."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import streamlit as st

from errortool.actions import reporting
from errortool.analysis.full_report import Report
from errortool.model import LEVEL, Session
from errortool.store import Store
from errortool.web.security import signin
from errortool.web.service import service

_SESSION = "session"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSettings:
    """What a report is to rest on; `reviewer` is None for the latest word of all."""

    level: float
    reviewer: str | None


def report_settings(session: Session) -> ReportSettings:
    """Return what was chosen on the report's page in this tab."""
    return ReportSettings(
        level=st.session_state.get(f"level-{session.uid}", LEVEL),
        reviewer=st.session_state.get(f"reviewer-{session.uid}"),
    )


def report(
    session: Session, *, level: float, reviewer: str | None, solve: Collection[str] = ()
) -> Report:
    """Return the session's report; its figures are kept in the session file when they changed."""
    made = reporting.figures(store(), session, level=level, reviewer=reviewer, solve=solve)
    kept = (replace(made, plan=None), reviewer)
    if st.session_state.get("report") != kept:
        store().record(session, made, reviewer)
        st.session_state["report"] = kept
    return made


def opened(session: Session) -> None:
    """Remember in the session file that the session was opened, once a browser tab."""
    key = f"opened-{session.uid}"
    if key not in st.session_state:
        st.session_state[key] = True
        store().opened(session)
