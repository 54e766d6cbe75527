"""137 hostile texts, wherever a page shows text: seen as typed, 0 run, 0 asked elsewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile import MAIN, fill, names
from payloads import PAYLOADS
from playwright.sync_api import Page, expect
from reviewing import Reviewing, Server
from watching import Watch

from errortool.model import Example
from errortool.store import Store

SHOWN = """root => {
  const part = name => root.querySelector(`[data-part=${name}]`);
  return [part("file").textContent, part("label").textContent, part("prediction").textContent,
          part("comment").value, [...part("facts").querySelectorAll("dd")].map(d => d.textContent)];
}"""


# Run by every Python that finds it on its path, before anything else.
HOOK = """
import os, sys
told = os.open(os.environ["CONNECTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def hook(event, arguments):
    if event == "socket.connect":
        os.write(told, f"{arguments[1]!r}\\n".encode())
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        os.write(told, f"{arguments[0]!r}\\n".encode())
sys.addaudithook(hook)
os.write(told, b"watched\\n")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give an app that must connect to nobody and look up no name."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(HOOK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder / "hook"))
        patch.setenv("CONNECTS", str(folder / "connects"))
        started = Server(folder)
    yield started
    started.stop()
    assert set((folder / "connects").read_text().split("\n")) == {"watched", ""}


@pytest.fixture
def watch(page: Page, server: Server) -> Iterator[Watch]:
    """Watch the page; at the end it must have been quiet."""
    watching = Watch(page, server.url)
    yield watching
    watching.assert_quiet()


def texts(page: Page, selector: str) -> list[str]:
    """Return what elements say, letter by letter."""
    return page.locator(selector).evaluate_all("nodes => nodes.map(node => node.textContent)")


def test_every_page_keeps_the_content_security_policy(page: Page, server: Server, watch: Watch):
    """Sessions with an upload, Review, its contact sheet, Table, Report with its panel."""
    session = server.begin()
    reviewing = Reviewing(page, server)
    reviewing.open()
    reviewing.press("1", "Enter", "2", "Enter", "Enter")
    reviewing.is_saved()
    reviewing.press("z", "z", "g", "g", "?")
    page.goto(f"{server.url}/table?session={session.id}")
    expect(page.get_by_role("grid")).to_be_visible(timeout=30_000)
    page.goto(f"{server.url}/report?session={session.id}")
    expect(page.get_by_role("article")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name=re.compile("^images of")).first.click()
    expect(page.get_by_role("dialog").get_by_role("img").first).to_be_visible()
    page.keyboard.press("Escape")
    page.goto(f"{server.url}/?new=1")
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(session.predictions)
    expect(page.get_by_text("30.0 %").last).to_be_visible(timeout=30_000)
    told = page.request.get(server.url).headers
    assert "frame-ancestors 'none'" in told["content-security-policy"]


def test_hostile_texts_are_shown_as_typed_and_do_nothing(page: Page, server: Server, watch: Watch):
    """Sessions, the form for a new one, Review, editor, contact sheet, Table, Report."""
    store = Store(server.db)
    session = fill(store, server.folder)
    examples = [row.example for row in store.rows(session)]
    store.close()

    sessions_and_form(page, server)
    watch.assert_quiet()
    review(page, server, examples, session.id)
    watch.assert_quiet()
    table(page, server, examples, session.id)
    watch.assert_quiet()
    page.goto(f"{server.url}/report?session={session.id}")
    report_and_panel(page, examples)


def sessions_and_form(page: Page, server: Server) -> None:
    """Look at the list of sessions; give the form hostile file names and columns."""
    page.goto(server.url)
    expect(page.locator(".et-name").first).to_be_visible(timeout=30_000)
    called = [name for (name,) in server.query("select name from sessions")]
    assert set(called) >= {*names()[::4], MAIN}
    page.get_by_role("button", name=f"Show all {len(called)}").click()
    expect(page.locator(".et-name")).to_have_count(len(called), timeout=30_000)
    assert sorted(texts(page, ".et-name")) == sorted(called)
    page.goto(f"{server.url}/?new=1")
    field = page.get_by_role("combobox", name="Predictions file")
    for payload in ("<img src=x onerror=window.pwned=1>", "![x](http:evil.example)"):
        field.fill(f"{payload}.csv")
        field.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=payload)).to_be_visible()
    uploaded = Path(server.folder / "predictions.csv").read_bytes()
    name = "![x](http:evil.example) :red[x] <img src=x onerror=pwned=1>.csv"
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": uploaded}
    )
    box = page.get_by_role("combobox", name="Confidence")
    expect(box).to_be_visible(timeout=30_000)
    for payload in PAYLOADS[::46]:
        box.click()
        box.fill(payload)
        page.get_by_role("option", name=payload, exact=True).click()
        told = page.locator(".et-box").filter(has_text=f"column {payload!r}").first
        expect(told).to_be_attached()  # perhaps folded, below other remarks


def review(page: Page, server: Server, examples: list[Example], session: int) -> None:
    """Go through all images, then the editor and the contact sheet."""
    page.goto(f"{server.url}/review?session={session}")
    root = page.locator("[data-part=root]")
    number = page.locator("[data-part=number]")
    of = f"of {len(examples)}"
    expect(number).to_have_text(f"image 1 {of}", timeout=30_000)
    page.locator("[data-part=moreFacts]").click()
    columns = texts(page, "[data-part=facts] dt")
    assert sorted(columns) == sorted(PAYLOADS)
    for at, example in enumerate(examples):
        expect(number).to_have_text(f"image {at + 1} {of}")
        cells = [example.extra.get(name, "–") for name in columns]
        shown = [example.image, example.label, example.prediction, example.label, cells]
        assert root.evaluate(SHOWN) == shown
        page.keyboard.press("ArrowRight")
    assert texts(page, ".category .name") == names()
    assert set(texts(page, ".category .about")) < set(PAYLOADS)
    assert texts(page, "[data-part=session]")[0].startswith(MAIN)

    page.locator(".category .edit").first.click()
    editor = page.locator("[data-part=editor]")
    expect(editor.locator("[data-edit=name]")).to_have_value(names()[0])
    assert set(names()[1:]) <= set(texts(page, "[data-edit=target] option"))
    editor.locator("[data-edit=close]").click()

    page.keyboard.press("g")
    expect(page.locator("[data-sheet=grid]")).to_be_visible()
    page.get_by_role("button", name="+ Filter").click()
    for field in ("prediction", "label"):
        page.get_by_label("Filter by").select_option(field)
        offered = [text.rpartition(" (")[0] for text in texts(page, ".menu-value option")]
        assert set(PAYLOADS) <= set(offered)
    page.locator(".menu-value select").select_option(PAYLOADS[0])
    page.keyboard.press("Escape")
    assert texts(page, ".chip-value") == [PAYLOADS[0]]
    expect(page.locator("[data-sheet=count]")).to_contain_text("1 of ")


def table(page: Page, server: Server, examples: list[Example], session: int) -> None:
    """Read every row of the table, scrolling."""
    page.goto(f"{server.url}/table?session={session}")
    expect(page.get_by_role("grid")).to_be_visible(timeout=30_000)
    heads = texts(page, "[data-part=head] th")
    assert [name for name in names() if not any(head.startswith(name) for head in heads)] == []
    found: set[tuple[str, ...]] = set()
    scroll = page.locator("[data-part=scroll]")
    while not scroll.evaluate("s => s.scrollTop + s.clientHeight >= s.scrollHeight - 1"):
        found |= rows(page)
        scroll.evaluate("s => s.scrollBy(0, s.clientHeight / 2)")
        page.evaluate("() => new Promise(requestAnimationFrame)")
    found |= rows(page)
    wanted = {(e.key, e.label, e.prediction, e.prediction, e.label) for e in examples}
    assert wanted <= found


def rows(page: Page) -> set[tuple[str, ...]]:
    """Return id, label, prediction, right label and comment of the rows that are drawn."""
    heads = texts(page, "[data-part=head] th")
    right, comment = heads.index("right label"), heads.index("comment")
    cells = page.locator("[data-part=body] tr:not(.spacer)").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return {(*row[2:5], row[right], row[comment]) for row in cells}


def report_and_panel(page: Page, examples: list[Example]) -> None:
    """Read the report, and the captions of every image behind it."""
    document = page.get_by_role("article")
    expect(document).to_be_visible(timeout=30_000)
    report = document.text_content() or ""
    assert [name for name in names() if name not in report] == []
    document.get_by_role("checkbox").first.check()
    expect(document.locator("[data-part=figure]")).to_be_visible()
    page.goto(f"{page.url}&show=looked")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("img").first).to_be_visible(timeout=30_000)
    shown = set(texts(page, "figure .id"))
    assert shown <= {example.key for example in examples}
    assert len(shown) > 100
    assert set(texts(page, "figure .comment")) <= {example.label for example in examples}
