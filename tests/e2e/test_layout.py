"""Every page at five sizes: no text is cut, printed on another or outside the window."""

from collections.abc import Iterator

import pytest
from helpers import ROOT
from playwright.sync_api import Page
from reviewing import Server
from views import SIZES, VIEWS, hard_session

BOXES = (ROOT / "tests" / "support" / "boxes.js").read_text(encoding="utf-8").rstrip("\n;")

SETTLED = f"""async () => {{
  const end = performance.now() + 30000;
  let faults;
  do {{
    await new Promise(requestAnimationFrame);
    faults = ({BOXES})();
  }} while (faults.length && performance.now() < end);
  return faults;
}}"""
"""The faults once the page has followed the window's size; what stays for 30 s is one."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give the app on a session that is hard to lay out."""
    folder = tmp_path_factory.mktemp("server")
    hard_session(folder)
    started = Server(folder)
    yield started
    started.stop()


@pytest.mark.parametrize("view", VIEWS)
def test_no_text_is_cut_or_printed_on_another(page: Page, server: Server, view: str):
    """On a phone, a tablet, two laptops and a large screen."""
    VIEWS[view](page, server.url)
    page.evaluate("document.fonts.ready")
    faults = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        faults[width] = page.evaluate(SETTLED)
    assert faults == {width: [] for width, _ in SIZES}


FAULTY = """<!doctype html>
<style>body { margin: 0 } div { position: absolute; white-space: nowrap }</style>
<div style="top: 0; width: 40px; overflow: hidden">cut in the middle</div>
<div style="top: 40px; width: 40px; overflow: hidden; text-overflow: ellipsis" title="whole">
a shortened one</div>
<div style="top: 80px">printed on</div><div style="top: 82px; left: 5px">each other</div>
<div style="top: 120px; left: 370px">outside of it</div>
<div style="top: 160px; width: 40px; overflow: auto">to be scrolled</div>"""


def test_the_test_sees_what_it_looks_for(page: Page):
    """A cut text, one printed on another and one outside; not one with a title, or that scrolls."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.set_content(FAULTY)
    assert page.evaluate(BOXES) == [
        "cut: cut in the middle",
        "outside the window: outside of it",
        "on each other: printed on / each other",
        "the page scrolls sideways: outside of it",
    ]
