"""What a browser tab keeps: the session at hand, and that it was opened."""

from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs, query
from streamlit.testing.v1 import AppTest

from errortool.model import Session
from errortool.store import Store


def page() -> None:
    """Show the session at hand, and open it."""
    import streamlit as st

    from errortool.errors import SessionError
    from errortool.web import state

    try:
        session = state.current_session()
    except SessionError as error:
        st.write(str(error))
        return
    st.write("none" if session is None else session.name)
    if session is not None:
        state.opened(session)


def tab(**query_params: str) -> AppTest:
    """Open a tab with such a URL."""
    app = AppTest.from_function(page, default_timeout=60)
    for name, value in query_params.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> str:
    """Return the name that the page shows."""
    assert not app.exception, app.exception
    return app.markdown[0].value


@pytest.fixture
def two(served: Store, tmp_path: Path) -> tuple[Session, Session]:
    """Give two sessions, of which `second` was opened last."""
    path = cats_and_dogs(tmp_path, errors=2, right=2)
    first, second = (begin(served, path, name=name) for name in ("first", "second"))
    served.opened(second)
    return first, second


def test_without_a_session_there_is_none_at_hand(served: Store):
    """A new file has none, and nothing is written into the URL."""
    app = tab()
    assert shown(app) == "none"
    assert dict(app.query_params) == {}


def test_the_url_names_the_session_at_hand(two):
    """It goes before what was opened last."""
    first, _ = two
    assert shown(tab(session=str(first.id))) == "first"


def test_a_url_without_a_session_gets_the_last_opened(two):
    """And names it from then on, for a reload or a bookmark."""
    app = tab()
    assert shown(app) == "second"
    assert app.query_params["session"] == str(two[1].id)


def test_a_tab_keeps_its_session_when_the_url_loses_it(served: Store, two):
    """A link without a session stays with this tab's, whatever another tab has opened."""
    app = tab(session=str(two[0].id))
    served.opened(two[1])
    del app.query_params["session"]
    assert shown(app.run()) == "first"


@pytest.mark.parametrize("number", ["77", "x", "-1", "1.0", "9" * 30])
def test_a_session_that_is_not_there_is_refused(two, number: str):
    """No other session is shown in its place."""
    assert "open one from the list of sessions" in shown(tab(session=number))


def test_a_session_is_opened_once_a_tab(served: Store, two):
    """Running the page again doesn't count; a new tab does."""

    def opened() -> str:
        return str(query(served.path, "select opened_at from sessions where id = 1")[0][0])

    first = str(two[0].id)
    before = opened()
    app = tab(session=first)
    once = opened()
    app.run()
    assert before < once == opened()
    tab(session=first)
    assert opened() > once
