"""What the pages keep: the session at hand, in the URL and for the browser tab."""

from typing import Final

import streamlit as st

from errortool.model import Session
from errortool.store import Store
from errortool.web.security import signin
from errortool.web.service import service

_SESSION: Final = "session"


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


def opened(session: Session) -> None:
    """Remember in the session file that the session was opened, once a browser tab."""
    key = f"opened-{session.uid}"
    if key not in st.session_state:
        st.session_state[key] = True
        store().opened(session)
