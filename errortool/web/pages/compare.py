"""Compare: what became of a round before; the document comes from a route."""

from contextlib import suppress

import streamlit as st

from errortool.errors import SessionError
from errortool.web import links, state
from errortool.web.review import comparison_component, packed
from errortool.web.service import service


def render() -> None:
    """Mount the comparison of the session at hand with the one before."""
    session = state.current_session()
    if session is None:
        from errortool.web.pages import empty

        empty.no_session("comparison")
        return
    store = service().store
    query = st.query_params.to_dict()
    if session.part_of is not None:  # of a part of a round, the whole round is compared
        with suppress(SessionError):
            query |= {"a": str(store.session_of(session.part_of.against).id)}
            session = store.session_of(session.part_of.of)
    result = comparison_component(
        key=f"compare-{session.uid}",
        data=packed(
            uid=session.uid,
            id=str(session.id),
            token=service().token(session.uid),
            reviewer=state.user() or "",
            query=query,
            # Changed, the page reads the comparison anew.
            cursor=sum(store.cursor(one) for one in store.sessions()),
        ),
        on_renew_change=lambda: None,
        on_go_change=lambda: None,
    )
    if result.go is None:
        return
    wanted = {str(name): str(value) for name, value in result.go.items()}
    page = wanted.pop("page", "")
    if page == "new":
        links.go("sessions", new="1")
    if page in {"review", "compare"}:
        links.go(page, **wanted)
