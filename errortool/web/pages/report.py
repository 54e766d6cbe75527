"""Report: what causes the errors, what solving it would leave; the document comes from a route."""

from typing import Final

from errortool.web import links, state
from errortool.web.review import packed, report_component
from errortool.web.service import service

_KEPT: Final = ("example", "show", "label", "prediction", "level", "intervals", "reviewer", "solve")
"""What goes along to the review in its address."""


def render() -> None:
    """Mount the report of the session at hand."""
    session = state.current_session()
    if session is None:
        from errortool.web.pages import empty

        empty.no_session("report")
        return
    result = report_component(
        key=f"report-{session.uid}",
        data=packed(
            uid=session.uid,
            token=service().token(session.uid),
            reviewer=state.user() or "",
            cursor=service().store.cursor(session),  # changed, the page reads the report anew
        ),
        on_renew_change=lambda: None,
        on_go_change=lambda: None,
    )
    if result.go is not None:
        kept = {name: str(result.go[name]) for name in _KEPT if name in result.go}
        links.go("review", session=str(session.id), **kept)
