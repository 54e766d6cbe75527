"""Whole journeys in a real browser, each ending in the session file."""

import re
from pathlib import Path

from helpers import cats_and_dogs, draw_image
from playwright.sync_api import BrowserContext, Page, expect
from reviewing import Reviewing, Server


def begin_as(page: Page, name: str) -> None:
    """Name the session, once the page has drawn all of the form, and begin."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Begin the review").click()


def test_from_own_predictions_to_the_report(reviewing: Reviewing):
    """New session by path, a column corrected, 20 images by keyboard, report, downloads."""
    page, server = reviewing.page, reviewing.server
    path = cats_and_dogs(server.folder / "mine", errors=24, right=16)
    path.write_text(path.read_text().replace("camera", "guess", 1))

    page.goto(server.url)
    field = page.get_by_role("combobox", name="Predictions file")
    field.fill("mine/predictions.csv")
    field.press("Enter")
    expect(page.get_by_text("60.0 %")).to_be_visible()  # the dev error, before anything is drawn
    assert server.query("select 1 from sessions where name = 'my cats'") == []
    page.get_by_role("combobox", name="Confidence").click()
    page.get_by_role("option", name="guess").click()
    expect(page.get_by_text("is not a number in rows")).to_be_visible()
    page.get_by_role("combobox", name="Confidence").click()
    page.get_by_role("option", name="confidence").click()
    expect(page.get_by_text("is not a number in rows")).not_to_be_visible()
    begin_as(page, "my cats")

    expect(reviewing.image).to_be_visible(timeout=30_000)
    reviewing.add("Dog")
    keys = reviewing.keys()
    reviewing.shows(keys[0])
    reviewing.progress("0 of 24")
    for number in range(20):
        reviewing.shows(keys[number])
        if number % 2:
            reviewing.press("3")
        if number % 5 == 0:
            reviewing.press("1")
        reviewing.press("Enter")
    reviewing.progress("20 of 24")
    reviewing.is_saved()
    assert server.query("select name from sessions where id = :session") == [("my cats",)]
    assert reviewing.tally() == [("Blurry", 20, 4), ("Mislabeled", 20, 0), ("Dog", 20, 10)]

    page.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"^Solving Dog would take the dev error from 60\.0 % to 30\.0 %")
    )
    expect(page.get_by_role("row", name=re.compile(r"^Dog 10 of 20 50\.0 %"))).to_be_visible()
    expect(
        page.get_by_role("link", name="8 of 20 errors (40 %) fit no category").first
    ).to_have_attribute("href", re.compile("show=none"))
    with page.expect_download() as download:
        page.get_by_role("link", name="tally.csv").click()
    tally = Path(download.value.path()).read_text().splitlines()
    assert [line for line in tally if line.startswith("Dog,cause,20,10,0.5,")]
    with page.expect_download() as download:
        page.get_by_role("link", name="table.csv").click()
    assert len(Path(download.value.path()).read_text().splitlines()) == 25
    assert server.query(
        "select count(distinct category) from estimates where session = :session"
    ) == [(3,)]

    page.get_by_role("link", name="Sessions").click()
    facts = "20 of all 24 errors looked at · 60.0 % dev error · largest: Dog 50 %"
    expect(page.get_by_text(facts)).to_be_visible()
    page.get_by_role("button", name="Review").first.click()
    reviewing.shows(keys[20])  # the first that was not looked at


def test_what_a_table_lacks_is_mended_in_the_form(page: Page, server: Server):
    """Labels that count from 1, names of classes from a file, columns swapped: seen before begun.

    The next table of the same columns needs none of it.
    """
    rows = [f"{n}.txt,{n % 4 if n % 9 else (n + 1) % 4},{1 + n % 4}" for n in range(60)]
    folder = server.folder / "mend"
    folder.mkdir()
    for name in ("v3.csv", "v4.csv"):
        (folder / name).write_text("\n".join(["text,label,prediction", *rows]))
    (folder / "names.json").write_text('["cat", "dog", "fox", "owl"]')
    page.goto(f"{server.url}/?new=1")
    box = page.get_by_role("combobox", name="Predictions file")
    box.fill("mend/v3.csv")
    box.press("Enter")
    expect(page.get_by_text("· 2 → 3 (")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Swap label and prediction").click()
    expect(page.get_by_text("· 3 → 2 (")).to_be_visible()
    expect(page.get_by_text('set "Add to each label" to -1')).to_be_visible()
    page.get_by_text("Labels or names of classes from elsewhere").click()
    offset = page.get_by_role("spinbutton", name="Add to each label")
    offset.fill("-1")
    offset.press("Enter")
    expect(page.get_by_text("11.7 %")).to_be_visible()
    names = page.get_by_role("combobox", name="Names of classes from")
    names.fill("mend/names.json")
    names.press("Enter")
    expect(page.get_by_text("cat 15, dog 15")).to_be_visible()
    begin_as(page, "v3")
    expect(page).to_have_url(re.compile("review"), timeout=30_000)
    held = "select dev_examples, errors from sessions where name = ?"
    assert server.query(held.replace("?", "'v3'")) == [(60, 7)]

    page.goto(f"{server.url}/?new=1")
    box = page.get_by_role("combobox", name="Predictions file")
    box.fill("mend/v4.csv")
    box.press("Enter")
    expect(page.get_by_text("Read as for session 'v3'")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("11.7 %")).to_be_visible()
    begin_as(page, "v4")
    expect(page).to_have_url(re.compile("review"), timeout=30_000)
    assert server.query(held.replace("?", "'v4'")) == [(60, 7)]
    labels = server.query(
        "select distinct label from examples e join sessions s on s.id = e.session "
        "where s.name in ('v3', 'v4')"
    )
    assert {name for (name,) in labels} <= {"cat", "dog", "fox", "owl"}


def test_everything_is_restored_after_a_reload(reviewing: Reviewing):
    """Ticks, comment, new category, undo, moving about: kept, and the URL finds the place."""
    reviewing.server.begin()
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
    expect(reviewing.page).to_have_url(re.compile(rf"session=\d+&example={keys[1]}$"))
    reviewing.is_saved()

    reviewing.page.reload()
    reviewing.shows(keys[1])
    reviewing.progress("2 of 12")
    reviewing.press("ArrowRight")
    expect(reviewing.comment).to_have_value("1 of a kind, n u")
    reviewing.ticked("Reflection")

    # Undo goes on where it was before the reload, step by step.
    told = reviewing.message
    reviewing.press("u")
    expect(told).to_have_text("Undid ticking Reflection on image 3")
    reviewing.press("u")
    expect(told).to_have_text("Undid adding Reflection")
    expect(reviewing.category("Reflection")).not_to_be_visible()
    reviewing.button("Undo").click()
    expect(told).to_have_text("Undid commenting on image 3")
    expect(reviewing.comment).to_have_value("")
    reviewing.press("u")
    expect(told).to_have_text("Undid looking at image 2")
    reviewing.shows(keys[1])
    reviewing.progress("1 of 12")
    reviewing.is_saved()
    assert reviewing.looks("status") == ["looked at", None, None]
    assert reviewing.looks("comment") == ["", "", ""]
    assert reviewing.server.query(
        "select name from categories where retired and session = :session"
    ) == [("Reflection",)]


def test_a_mouse_does_what_the_keys_do(reviewing: Reviewing):
    """Next, Back and Undo are buttons, categories are checkboxes that take Space."""
    reviewing.server.begin()
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
    expect(reviewing.message).to_have_text("There is already a category Dog.")
    reviewing.press("Escape")
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Blurry"}, 1: {"Dog"}}


def test_fast_keys_lose_nothing_and_hit_the_right_image(reviewing: Reviewing):
    """240 keys as fast as the browser takes them: screen and file agree on every tick."""
    reviewing.server.begin(errors=40, categories=["A", "B", "C", "D"])
    reviewing.open()
    expected: dict[int, set[str]] = {}
    for number in range(40):
        for step in range(5):
            name = "ABCD"[(number * 3 + step * 7) % 4]
            expected[number] = expected.get(number, set()) ^ {name}
            reviewing.press(str(1 + "ABCD".index(name)))
        reviewing.press("Enter")
    reviewing.progress("40 of 40")
    reviewing.is_saved()
    assert reviewing.ticks() == {position: names for position, names in expected.items() if names}
    assert [looked_at for _, looked_at, _ in reviewing.tally()] == [40] * 4
    expect(reviewing.page.get_by_role("button", name="Open the report")).to_be_visible()


def test_two_tabs_follow_each_other(reviewing: Reviewing, context: BrowserContext):
    """What one tab does, the other shows; nobody overwrites anybody."""
    reviewing.server.begin()
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


def test_text_is_reviewed_like_images(page: Page, server: Server):
    """Without images the row is shown; an upload begins the session; hostile text stays text."""
    hostile = "<img src=x onerror=alert(1)> **bold** $x$ :smile: [link](http://x.example)"
    rows = "".join(f'{n},"{hostile} {n}",good,bad\n' for n in range(5)) + "9,fine,bad,bad\n"
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(f"{server.url}/?new=1")
    page.locator("input[type=file]").set_input_files(
        {
            "name": "texts.csv",
            "mimeType": "text/csv",
            "buffer": f"id,text,label,pred\n{rows}".encode(),
        }
    )
    expect(page.get_by_text("83.3 %")).to_be_visible()
    page.get_by_role("button", name="Begin the review").click()
    expect(page).to_have_url(re.compile("review"), timeout=30_000)
    expect(page.get_by_text(hostile)).to_be_visible(timeout=30_000)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved")
    ((first,),) = server.query(
        "select name from categories where session = :session and position = 0"
    )
    assert Reviewing(page, server).ticks() == {0: {first}}
    assert [url for url in requests if not url.startswith((server.url, "data:", "blob:"))] == []


def test_bad_paths_and_files_are_reported_on_the_page(page: Page, server: Server):
    """Bad paths and bad files get a sentence each, and never a traceback."""
    before = server.query("select count(*) from sessions")
    (server.folder / "bad.csv").write_text("id,label,pred\n1,,x\n1,a\n")
    draw_image(server.folder / "cat.png")
    page.goto(f"{server.url}/?new=1")
    field = page.get_by_role("combobox", name="Predictions file")
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
    assert server.query("select count(*) from sessions") == before
