"""The one HTML page of all pages: Streamlit's, and what it would find out only later."""

import re
from pathlib import Path

import streamlit
from starlette.applications import Starlette
from starlette.testclient import TestClient

from errortool.web import ahead, links, navigation, streamlit_internals
from errortool.web.routes import routes
from errortool.web.security.headers import security_headers

MODULES = Path(streamlit.__file__).parent / "static" / "static" / "js"


def test_every_page_has_it():
    """Also the first, which has no place of its own."""
    client = TestClient(Starlette(routes=routes()))
    assert {*navigation.pages()} == {"sessions", *links.PAGES}
    for place in ("", "sessions", *links.PAGES):
        assert client.get(f"/{place}").text == streamlit_internals.index_html()


def test_streamlits_own_page_is_all_there():
    """What is added is an addition: its modules, its styles and its scripts stay."""
    own = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    before, script, after = own.partition("<script>")
    assert streamlit_internals.index_html().startswith(before)
    assert streamlit_internals.index_html().endswith(script + after)


def test_the_modules_of_our_components_are_loaded_with_the_page():
    """Streamlit loads them when the first message names one; all that they import comes too."""
    page = streamlit_internals.index_html()
    named = set(re.findall(r"[./]static/js/([\w.-]+\.js)", page))
    assert {name.split(".")[0] for name in named} >= {"BidiComponent", "Html"}
    for name in named:
        text = (MODULES / name).read_text(encoding="utf-8")
        assert set(re.findall(r'from"\./([\w.-]+\.js)"', text)) <= named, name


def test_the_policy_lets_its_scripts_run():
    """Each inline script by its hash; none may be left out, or no page would come up."""
    scripts = re.findall("<script>", streamlit_internals.index_html())
    assert security_headers()["Content-Security-Policy"].count("'sha256-") == len(scripts) == 3


def test_what_is_imported_ahead_is_there():
    """A module that moves away would be an error in a thread that nobody sees."""
    ahead._import((*ahead._REPORT, *ahead._REST))
    assert {*links.PAGES} == {
        name.rpartition(".")[2] for name in (ahead._REPORT[0], *ahead._REST[1:])
    }
