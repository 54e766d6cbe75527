"""Table: the spreadsheet of the lecture; a cell is saved like any tick."""

import streamlit as st

from errortool.web import links, state
from errortool.web.review import packed, table_component
from errortool.web.service import service


def render() -> None:
    """Mount the table of the session at hand."""
    session = state.current_session()
    if session is None:
        from errortool.web.pages import empty

        empty.no_session("table")
        return
    result = table_component(
        key=f"table-{session.uid}",
        data=packed(
            uid=session.uid,
            token=service().token(session.uid),
            reviewer=state.user() or "",
            query=st.query_params.to_dict(),
        ),
        on_renew_change=lambda: None,
        on_open_change=lambda: None,
        on_sheet_change=lambda: None,
        on_go_change=lambda: None,
    )
    if result.go in {"sessions", "review", "report", "compare", "help"}:
        links.go(str(result.go), session=str(session.id))
    if result.open is not None:
        links.go("review", session=str(session.id), example=str(result.open))
    if result.sheet:
        links.go("review", session=str(session.id), **links.query_of(result.sheet))
