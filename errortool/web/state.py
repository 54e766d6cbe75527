"""What the pages keep: the session at hand, in the URL and for the browser tab."""

from typing import Any, Final

import streamlit as st

from errortool.model import Session
from errortool.store import Store
from errortool.web.security import signin
from errortool.web.service import service

_SESSION: Final = "session"
_NAME: Final = "session-name"


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
    if named := st.query_params.get(_SESSION):
        session = store().session_numbered(named)
    else:
        sessions = {str(one.id): one for one in store().sessions()}
        if not sessions:
            return None
        last = str(st.session_state.get(_SESSION))  # of this tab; it may be in the trash by now
        session = sessions.get(last) or next(iter(sessions.values()))
    choose(session)
    return session


def choose(session: Session) -> None:
    """Make `session` the one at hand."""
    st.session_state[_SESSION] = str(session.id)
    st.session_state[_NAME] = session.name
    if st.query_params.get(_SESSION) != str(session.id):
        st.query_params[_SESSION] = str(session.id)


def named() -> str | None:
    """Return the name of the session at hand, if a page chose one."""
    name: str | None = st.session_state.get(_NAME)
    return name


def leave(session: Session) -> None:
    """Let go of a session that is no longer to be shown, if it is the one at hand."""
    if st.session_state.get(_SESSION) == str(session.id):
        del st.session_state[_SESSION], st.session_state[_NAME]


def opened(session: Session) -> None:
    """Remember in the session file that the session was opened, once a browser tab."""
    key = f"opened-{session.uid}"
    if key not in st.session_state:
        st.session_state[key] = True
        store().opened(session)


def once(name: str, mark: object, make: Any, words: str = "") -> Any:  # noqa: ANN401
    """Return what `make` makes, made once in this browser tab as long as `mark` stays the same."""
    kept = st.session_state.get(name)
    if kept is None or kept[0] != mark:
        with st.spinner(words or "Looking …"):
            kept = st.session_state[name] = (mark, make())
    return kept[1]
