"""Whole journeys in a real browser, each ending in the session file."""

import re
import signal
from pathlib import Path

from bad_input.pictures import png
from helpers import begin, cats_and_dogs, draw_image
from playwright.sync_api import BrowserContext, Page, expect
from reviewing import Reviewing, Server

from errortool.store import Store


def begun(server: Server, **options) -> None:
    """Begin a session on 12 errors in the server's folder."""
    store = Store(server.db)
    begin(store, cats_and_dogs(server.folder, errors=options.pop("errors", 12)), **options)
    store.close()


def test_from_own_predictions_to_the_report(reviewing: Reviewing):
    """New session by path, a column corrected, 20 images by keyboard, report, downloads."""
    page, server = reviewing.page, reviewing.server
    path = cats_and_dogs(server.folder, errors=24, right=16)
    path.write_text(path.read_text().replace("camera", "guess", 1))

    page.goto(server.url)
    field = page.get_by_role("textbox", name="Predictions file", exact=True)
    field.fill("predictions.csv")
    field.press("Enter")
    expect(page.get_by_text("60.0 %")).to_be_visible()  # the dev error, before anything is drawn
    assert server.query("select count(*) from sessions") == [(0,)]
    page.get_by_role("combobox", name="Confidence").click()
    page.get_by_role("option", name="guess").click()
    expect(page.get_by_text("is no number in rows")).to_be_visible()
    page.get_by_role("combobox", name="Confidence").click()
    page.get_by_role("option", name="confidence").click()
    expect(page.get_by_text("is no number in rows")).not_to_be_visible()
    # Until the page's run has ended, what it drew before stands beside what it draws now.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("textbox", name="Name", exact=True).fill("my cats")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Begin the review").click()

    keys = None
    expect(reviewing.image).to_be_visible(timeout=30_000)
    keys = reviewing.keys()
    reviewing.shows(keys[0])
    reviewing.progress("0 of 24")
    for number in range(20):
        reviewing.shows(keys[number])
        if number % 2:
            reviewing.press("1")
        if number % 5 == 0:
            reviewing.press("3")
        reviewing.press("Enter")
    reviewing.progress("20 of 24")
    reviewing.is_saved()
    assert server.query(
        "select category, ticked, looked_at from tally where session = 'my cats' order by 1"
    ) == [("Blurry", 4, 20), ("Dog", 10, 20), ("Great cat", 0, 20), ("Mislabeled", 0, 20)]

    page.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"^Solving Dog would take the dev error from 60\.0 % to 30\.0 %")
    )
    expect(page.get_by_role("row", name=re.compile("^Dog 10 of 20 50 %"))).to_be_visible()
    expect(page.locator("canvas, svg.marks").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="tally.csv").click()
    tally = Path(download.value.path()).read_text().splitlines()
    assert tally[1].startswith("Dog,cause,20,10,0.5,")
    with page.expect_download() as download:
        page.get_by_role("button", name="table.csv").click()
    assert len(Path(download.value.path()).read_text().splitlines()) == 25
    assert server.query("select count(distinct category) from estimates") == [(4,)]

    page.get_by_role("link", name="Sessions").click()
    expect(page.get_by_text("20 of 24 looked at · 60.0 % dev error · most: Dog")).to_be_visible()
    page.get_by_role("button", name="Review").click()
    reviewing.shows(keys[20])  # the first that was not looked at


def test_all_that_a_reviewer_does_comes_back_after_a_reload(reviewing: Reviewing):
    """Ticks, comment, new category, undo, moving about: kept, and the URL finds the place."""
    begun(reviewing.server)
    reviewing.open()
    keys = reviewing.keys()
    reviewing.press("1", "Enter", "2", "1", "1", "Enter")
    reviewing.press("c")
    reviewing.type("1 of a kind, n u")
    reviewing.is_saved()
    reviewing.press("Escape")
    reviewing.add("Reflection")
    reviewing.ticked("Reflection", "false")
    expect(reviewing.button("0 of 2 looked at")).to_be_visible()
    reviewing.press("3")
    reviewing.ticked("Reflection")
    reviewing.press("ArrowRight", "ArrowLeft", "ArrowLeft")
    reviewing.shows(keys[1])
    reviewing.ticked("Blurry")
    reviewing.ticked("Dog", "false")
    expect(reviewing.page).to_have_url(re.compile(rf"session=1&example={keys[1]}$"))
    reviewing.is_saved()

    reviewing.page.reload()
    reviewing.shows(keys[1])
    reviewing.progress("2 of 12")
    reviewing.press("ArrowRight")
    expect(reviewing.comment).to_have_value("1 of a kind, n u")
    reviewing.ticked("Reflection")

    # Undo goes on where it was before the reload, step by step.
    told = reviewing.told
    reviewing.press("u")
    expect(told).to_have_text("Undone: Reflection on image 3")
    reviewing.press("u")
    expect(told).to_have_text("Undone: new category Reflection")
    expect(reviewing.category("Reflection")).not_to_be_visible()
    reviewing.button("Undo").click()
    expect(told).to_have_text("Undone: comment on image 3")
    expect(reviewing.comment).to_have_value("")
    reviewing.press("u")
    expect(told).to_have_text("Undone: looked at image 2")
    reviewing.shows(keys[1])
    reviewing.progress("1 of 12")
    reviewing.is_saved()
    assert reviewing.server.query("select key, status, comment from looks l "
        "join examples e on e.id = l.example order by position") == [
        (keys[0], "looked at", ""), (keys[1], None, ""), (keys[2], None, ""),
    ]  # fmt: skip
    assert reviewing.server.query("select name from categories where retired") == [("Reflection",)]


def test_a_mouse_does_what_the_keys_do(reviewing: Reviewing):
    """Next, Back and Undo are buttons, categories are checkboxes that take Space."""
    begun(reviewing.server)
    reviewing.open()
    keys = reviewing.keys()
    reviewing.category("Blurry").click()
    reviewing.button("Next").click()
    reviewing.shows(keys[1])
    reviewing.category("Dog").focus()
    reviewing.press(" ")
    reviewing.ticked("Dog")
    reviewing.button("Back").click()
    reviewing.shows(keys[0])
    reviewing.page.get_by_role("button", name="New category").click()
    reviewing.page.get_by_label("Name of the new category").fill("dog")
    reviewing.press("Enter")
    expect(reviewing.told).to_have_text("There is already a category Dog.")
    reviewing.press("Escape")
    reviewing.is_saved()
    assert reviewing.server.query(
        "select c.name, j.value from judgements j join categories c on c.id = j.category "
        "where j.value = 1 order by 1"
    ) == [("Blurry", 1), ("Dog", 1)]


def test_fast_keys_lose_nothing_and_hit_the_right_image(reviewing: Reviewing):
    """240 keys as fast as the browser takes them: screen and file agree on every tick."""
    begun(reviewing.server, errors=40, categories=["A", "B", "C", "D"])
    reviewing.open()
    expected = set()
    ticked: set[tuple[int, str]] = set()
    for number in range(40):
        for step in range(5):
            name = "ABCD"[(number * 3 + step * 7) % 4]
            ticked ^= {(number, name)}
            reviewing.press(str(1 + "ABCD".index(name)))
        reviewing.press("Enter")
    expected = ticked
    reviewing.progress("40 of 40")
    reviewing.is_saved()
    found = set(
        reviewing.server.query(
            "select e.position, c.name from judgements j join examples e on e.id = j.example "
            "join categories c on c.id = j.category where j.value = 1"
        )
    )
    assert found == expected
    assert reviewing.server.query("select count(*) from judgements") == [(160,)]
    expect(reviewing.page.get_by_role("button", name="Open the report")).to_be_visible()


def test_nothing_is_lost_when_the_server_is_killed(reviewing: Reviewing):
    """Killed in the middle: "not saved" until it is back, then everything is there."""
    begun(reviewing.server)
    reviewing.open()
    reviewing.press("1", "Enter")
    reviewing.is_saved()
    reviewing.server.kill()
    reviewing.press("2", "Enter", "1", "2", "Enter")
    expect(reviewing.saved).to_have_text("Not saved, retrying")
    reviewing.progress("3 of 12")
    reviewing.server.start()
    reviewing.is_saved(timeout=30_000)
    assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}, 2: {"Dog", "Blurry"}}
    reviewing.press("1", "Enter")
    reviewing.is_saved()
    assert len(reviewing.ticks()) == 4


def test_a_frozen_server_is_not_believed(reviewing: Reviewing):
    """SIGSTOP: nothing is called saved until the server answers again."""
    begun(reviewing.server)
    reviewing.open()
    reviewing.is_saved()
    reviewing.server.signal(signal.SIGSTOP)
    try:
        reviewing.press("1", "Enter", "2", "Enter")
        expect(reviewing.saved).to_have_text("Not saved, retrying")
        assert reviewing.server.query("select count(*) from judgements") == [(0,)]
    finally:
        reviewing.server.signal(signal.SIGCONT)
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}}


def test_what_is_pending_when_the_page_is_left_comes_with_the_next(
    reviewing: Reviewing, context: BrowserContext
):
    """Offline, then the tab is closed: the next page brings what was not sent."""
    begun(reviewing.server)
    reviewing.open()
    reviewing.is_saved()
    context.set_offline(True)
    reviewing.press("1", "Enter", "c")
    reviewing.type("half a sent")
    expect(reviewing.saved).not_to_have_text("Saved")
    reviewing.page.close()
    assert reviewing.server.query("select count(*) from judgements") == [(0,)]
    context.set_offline(False)
    later = Reviewing(context.new_page(), reviewing.server)
    later.open()
    later.is_saved()
    later.progress("1 of 12")
    expect(later.comment).to_have_value("half a sent")
    assert later.ticks() == {0: {"Dog"}}


def test_a_comment_survives_the_way_out(reviewing: Reviewing, context: BrowserContext):
    """Typed and left at once, by a link or by closing the tab: it is saved."""
    begun(reviewing.server)
    reviewing.open()
    reviewing.press("c")
    reviewing.type("first")
    reviewing.page.get_by_role("link", name="Report").click()
    expect(reviewing.page.get_by_role("heading", level=1)).to_be_visible()
    reviewing.open()
    expect(reviewing.comment).to_have_value("first")
    reviewing.press("ArrowRight", "c")
    reviewing.type("second")
    reviewing.page.close(run_before_unload=True)
    later = Reviewing(context.new_page(), reviewing.server)
    later.open()
    later.is_saved()
    later.press("ArrowRight")
    expect(later.comment).to_have_value("second")
    assert {row[0] for row in later.server.query("select comment from looks")} == {
        "first",
        "second",
    }


def test_two_tabs_follow_each_other(reviewing: Reviewing, context: BrowserContext):
    """What one tab does, the other shows; nobody overwrites anybody."""
    begun(reviewing.server)
    reviewing.open()
    second = Reviewing(context.new_page(), reviewing.server)
    second.open()
    reviewing.page.bring_to_front()
    reviewing.press("1")
    reviewing.add("Wet")
    reviewing.press("3", "Enter")
    reviewing.is_saved()
    second.page.bring_to_front()
    second.ticked("Wet")
    second.ticked("Dog")
    second.progress("1 of 12")
    second.press("2", "Enter")
    second.is_saved()
    assert second.ticks() == {0: {"Dog", "Wet", "Blurry"}}
    assert second.errors == []


def test_an_image_that_can_not_be_shown_can_be_judged(reviewing: Reviewing):
    """Its place says what is wrong; every key goes on working, and the next image is shown."""
    begun(reviewing.server)
    keys = reviewing.keys()
    images = reviewing.server.folder / "images"
    paths = dict(reviewing.server.query("select key, image from examples"))
    truncated, bomb, missing, page, empty = (images / paths[key] for key in keys[:5])
    truncated.write_bytes(truncated.read_bytes()[:-90])
    bomb.write_bytes(png(20_000, 20_000))
    missing.unlink()
    page.write_text("<html>no image</html>")
    empty.write_bytes(b"")
    reviewing.open()
    for key, sentence in zip(
        keys[:5],
        ("is truncated", "more than the 120 million", "is not in", "is not a JPEG", "is an empty"),
        strict=True,
    ):
        reviewing.shows(key)
        expect(reviewing.page.get_by_text("No image to show")).to_be_visible()
        expect(reviewing.page.get_by_text(sentence)).to_be_visible()
        reviewing.press("z", "z", "2")
        reviewing.ticked("Blurry")
        reviewing.press("d" if key == keys[1] else "Enter")
    reviewing.shows(keys[5])
    expect(reviewing.page.get_by_text("No image to show")).to_have_count(0)
    reviewing.press("1", "Enter", "u", "ArrowLeft", "g")
    expect(reviewing.page.get_by_role("listbox", name="Images")).to_be_focused()
    reviewing.press("g")
    reviewing.shows(keys[4])
    reviewing.progress("4 of 12")
    reviewing.is_saved()
    assert reviewing.ticks() == {number: {"Blurry"} for number in range(5)} | {5: {"Dog"}}
    assert reviewing.server.query(
        "select e.key from looks l join examples e on e.id = l.example where status = 'deferred'"
    ) == [(keys[1],)]


def test_text_is_reviewed_like_images(page: Page, server: Server):
    """Without images the row is shown; an upload begins the session; hostile text stays text."""
    hostile = "<img src=x onerror=alert(1)> **bold** $x$ :smile: [link](http://x.example)"
    rows = "".join(f'{n},"{hostile} {n}",good,bad\n' for n in range(5)) + "9,fine,bad,bad\n"
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(server.url)
    page.locator("input[type=file]").set_input_files(
        {
            "name": "texts.csv",
            "mimeType": "text/csv",
            "buffer": f"id,text,label,pred\n{rows}".encode(),
        }
    )
    expect(page.get_by_text("83.3 %")).to_be_visible()
    page.get_by_role("button", name="Begin the review").click()
    expect(page.get_by_text(hostile)).to_be_visible(timeout=30_000)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved")
    assert server.query("select count(*) from judgements where value = 1") == [(1,)]
    assert [url for url in requests if not url.startswith((server.url, "data:", "blob:"))] == []


def test_the_page_speaks_of_what_is_wrong_with_a_file(page: Page, server: Server):
    """Bad paths and bad files get a sentence each, and never a traceback."""
    (server.folder / "bad.csv").write_text("id,label,pred\n1,,x\n1,a\n")
    draw_image(server.folder / "cat.png")
    page.goto(server.url)
    field = page.get_by_role("textbox", name="Predictions file", exact=True)
    for typed, sentence in [
        ("missing.csv", "there is no such file"),
        ("../elsewhere.csv", "lies outside the folder"),
        ("~nobody-of-that-name/p.csv", "names a user who isn't there"),
        ("cat.png", "is an image: give the table of predictions"),
        ("bad.csv", "row 3 with 2 cells"),
        ("bad.csv", "is empty in row 2"),
    ]:
        field.fill(typed)
        field.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=sentence)).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)
    page.goto(f"{server.url}/review?session=77")
    expect(page.get_by_role("alert")).to_contain_text("open one from the list of sessions")
    assert server.query("select count(*) from sessions") == [(0,)]
