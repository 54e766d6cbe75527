"""Review: one image, large, with its ticks; all the rest happens in the browser."""

import streamlit as st

from errortool.web import links, state
from errortool.web.review import packed, review_component
from errortool.web.service import service


def render() -> None:
    """Mount the review of the session at hand."""
    session = state.current_session()
    if session is None:
        from errortool.web.pages import empty

        empty.no_session("review")
        return
    state.opened(session)
    result = review_component(
        key=f"review-{session.uid}",
        data=packed(
            uid=session.uid,
            token=service().token(session.uid),
            reviewer=state.user() or "",
            example=st.query_params.get("example", ""),
            query=st.query_params.to_dict(),
        ),
        on_renew_change=lambda: None,
        on_go_change=lambda: None,
        on_table_change=lambda: None,
    )
    if result.go in {"sessions", "table", "report", "compare", "help"}:
        links.go(str(result.go), session=str(session.id))
    if result.table:
        links.go("table", session=str(session.id), **links.query_of(result.table))
