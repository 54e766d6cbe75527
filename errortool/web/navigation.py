"""The pages, and how they look together."""

from pathlib import Path
from typing import Final

import streamlit as st

from errortool.web import links, state
from errortool.web.escape import show
from errortool.web.security import signin
from errortool.web.streamlit_internals import StreamlitPage

_STYLE: Final = Path(__file__).with_name("style.css").read_text(encoding="utf-8")

_OF_A_SESSION: Final = frozenset({"review", "table", "report", "compare"})

# Each page is imported when it is opened: a review needs neither pandas nor altair.


def _sessions() -> None:
    from errortool.web.pages import sessions

    sessions.render()


def _review() -> None:
    from errortool.web.pages import review

    review.render()


def _table() -> None:
    from errortool.web.pages import table

    table.render()


def _report() -> None:
    from errortool.web.pages import report

    report.render()


def _compare() -> None:
    from errortool.web.pages import compare

    compare.render()


def _help() -> None:
    from errortool.web.pages import help as manual

    manual.render()


def _sign_out() -> None:
    st.logout()


def pages() -> dict[str, StreamlitPage]:
    """Return the pages by their place in the URL, in the order of the menu."""
    found = {
        "sessions": st.Page(_sessions, title="Sessions", url_path="sessions", default=True),
        "review": st.Page(_review, title="Review", url_path="review"),
        "table": st.Page(_table, title="Table", url_path="table"),
        "report": st.Page(_report, title="Report", url_path="report"),
        "compare": st.Page(_compare, title="Compare", url_path="compare"),
        "help": st.Page(_help, title="Help", url_path="help"),
    }
    if signin.required():
        found["sign-out"] = st.Page(_sign_out, title="Sign out", url_path="sign-out")
    links.lead_to(found)
    return found


def ask_to_sign_in() -> None:
    """Draw all that a stranger sees, whatever page was asked for."""
    doors = [
        st.Page(_stranger, title="Sign in", url_path=place, default=place == "sessions")
        for place in pages()
    ]
    st.navigation(doors, position="hidden").run()


def _stranger() -> None:
    show("h1", "Sign in to errortool", "headline")
    names = signin.providers()
    for name in names:
        if st.button("Sign in" if len(names) == 1 else f"Sign in with {name}", type="primary"):
            st.login(name)


def name_tab(page: StreamlitPage) -> None:
    """Call the browser's tab by the session and the page: "cats v3 - Report - errortool"."""
    session = state.named() if page.url_path in _OF_A_SESSION else None
    st.set_page_config(page_title=" - ".join(filter(None, (session, page.title, "errortool"))))


def bring_home(page: StreamlitPage) -> None:
    """Have the browser send what a review left unsent; review and table do so themselves."""
    if page.url_path in {"review", "table"}:
        return
    from errortool.web.review import courier_component, packed
    from errortool.web.service import service

    courier_component(
        key="courier",
        data=packed(
            tokens={
                session.uid: service().token(session.uid) for session in service().store.sessions()
            },
            reviewer=signin.user(st.context.cookies) or "" if signin.required() else "",
        ),
        on_renew_change=lambda: None,
        on_arrived_change=lambda: None,
    )


def frame() -> None:
    """Draw what all pages share: their style."""
    st.html(f"<style>{_STYLE}</style>")
