"""The review loop in full: every key, categories that change, backfill, sheet, table, reviewers."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from bad_input.pictures import png
from helpers import cats_and_dogs, draw_image
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from reviewing import Reviewing, Server

import errortool
from errortool.analysis.sequences import shares_at_any_time
from errortool.model import Session


def images_of(session: Session) -> Path:
    """Return the folder with a session's images."""
    assert session.images is not None
    return Path(session.images)


def errors_of(session: Session) -> list[Path]:
    """Return the images that the model got wrong."""
    return sorted((images_of(session) / "dogs").iterdir())


def in_order(reviewing: Reviewing, session: Session) -> list[Path]:
    """Return a session's images in the order of review."""
    rows = reviewing.server.query(
        "select image from examples where session = :session order by position"
    )
    return [images_of(session) / image for (image,) in rows]


def test_a_hundred_images_by_keyboard_alone(reviewing: Reviewing):
    """Ticks by digits and letters, repeated, deferred, undone; a reload in the middle."""
    names = tuple(f"Cause {number}" for number in range(12))
    reviewing.server.begin(errors=100, categories=names)
    reviewing.open()
    keys = "123456789afh"
    expected: dict[int, set[str]] = {}
    for number in range(100):
        if number == 50:
            reviewing.is_saved()
            reviewing.page.reload()
            reviewing.progress("49 of 100")
            reviewing.shows(reviewing.keys()[50])
        if number == 20:
            reviewing.press("1", "d")  # comes back at the end, with its tick
            expected[20] = {"Cause 0"}
            continue
        if number % 10 == 7 and number != 57:
            reviewing.press(" ", "Enter")  # as the image before
            expected[number] = expected[number - 1]
            continue
        if number == 30:
            reviewing.press("2", "Enter", "u", "u")
        wanted = {number % 12, number * 5 % 12}
        reviewing.press(*(keys[index] for index in sorted(wanted)), "Enter")
        expected[number] = {names[index] for index in wanted}
    reviewing.shows(reviewing.keys()[20])
    reviewing.ticked("Cause 0")
    reviewing.press("Enter")
    reviewing.progress("100 of 100")
    expect(reviewing.button("Open the report")).to_be_focused()
    reviewing.is_saved()
    assert reviewing.ticks() == expected
    assert reviewing.looks("status") == ["looked at"] * 100
    assert all(seconds > 0 for seconds in reviewing.looks("seconds"))


def test_a_category_that_comes_late_is_backfilled(reviewing: Reviewing):
    """Added at image 40: 40 earlier ones are offered, one key each, left and resumed."""
    reviewing.server.begin(errors=60)
    reviewing.open()
    keys = reviewing.keys()
    for _ in range(40):
        reviewing.press("Enter")
    reviewing.add("Reflection")
    offer = reviewing.page.get_by_text("40 earlier images to check for Reflection")
    expect(offer).to_be_visible()
    reviewing.press("3", "Enter")
    expect(reviewing.button("1 of 41 looked at")).to_be_visible()

    reviewing.press("b")
    expect(reviewing.page.get_by_text("Reflection?")).to_be_visible()
    for number in range(10):
        reviewing.shows(keys[number])
        reviewing.press("y" if number % 3 == 0 else "n")
    expect(reviewing.page.get_by_text("30 images to go")).to_be_visible()
    reviewing.press("u", "n")
    reviewing.press("Escape")
    reviewing.shows(keys[41])  # where it was left for the backfill
    reviewing.is_saved()

    reviewing.page.reload()
    reviewing.shows(keys[41])
    reviewing.button("11 of 41 looked at").click()
    for number in range(10, 40):
        reviewing.shows(keys[number])
        reviewing.press("3" if number % 3 == 0 else "Enter")
    expect(reviewing.page.get_by_text("Reflection: 10 of 30")).to_be_visible()
    reviewing.press("n", "3", "y")  # one key too many does nothing
    reviewing.press("Enter")
    reviewing.shows(keys[41])
    expect(offer).not_to_be_visible()
    reviewing.is_saved()
    assert ("Reflection", 41, 14) in reviewing.tally()
    assert {position for position, names in reviewing.ticks().items() if "Reflection" in names} == {
        *range(0, 40, 3),
        40,
    } - {9}


def test_categories_change_in_the_middle_of_a_review(reviewing: Reviewing):
    """Rename, describe, reorder, mark, merge, split, retire and restore: place and ticks stay."""
    reviewing.server.begin(categories=("Dog", "Blurry", "Moved"))
    reviewing.open()
    keys = reviewing.keys()
    reviewing.press("1", "2", "Enter", "3", "Enter", "2", "3", "Enter", "Enter")
    reviewing.shows(keys[4])
    page = reviewing.page

    def edit(name: str) -> None:
        reviewing.category(name).focus()
        reviewing.press("e")

    edit("Dog")
    page.get_by_label("Name", exact=True).fill("Wolf")
    page.get_by_label("Description").fill("or a dog")
    page.get_by_label("Label is wrong").check()
    reviewing.button("Save").click()
    expect(reviewing.category("Wolf")).to_contain_text("or a dog")
    reviewing.category("Wolf").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("checkbox")).to_have_text([re.compile(n) for n in ("Bl", "Wolf", "Mo")])
    reviewing.category("Moved").drag_to(
        reviewing.category("Blurry"), target_position={"x": 60, "y": 4}
    )
    expect(page.get_by_role("checkbox")).to_have_text([re.compile(n) for n in ("Mo", "Bl", "Wolf")])

    edit("Moved")
    page.get_by_label("Merge into").select_option("Blurry")
    reviewing.button("Merge").click()
    expect(reviewing.message).to_have_text("Merged Moved into Blurry. undo")
    expect(reviewing.category("Moved")).not_to_be_visible()
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Wolf", "Blurry"}, 1: {"Blurry"}, 2: {"Blurry"}}
    reviewing.press("u")
    expect(reviewing.message).to_have_text("Undid merging Moved")
    expect(reviewing.category("Moved")).to_be_visible()
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Wolf", "Blurry"}, 1: {"Moved"}, 2: {"Blurry", "Moved"}}

    edit("Blurry")
    page.get_by_label("Split into").fill("Out of focus, Dirty lens")
    reviewing.button("Split").click()
    expect(reviewing.category("Out of focus")).to_be_visible()
    expect(reviewing.button("2 of 4 looked at")).to_have_count(2)
    reviewing.shows(keys[4])

    edit("Moved")
    reviewing.button("Hide (ticks are kept)").click()
    expect(reviewing.message).to_have_text("Hid Moved; its ticks are kept. undo")
    page.reload()
    reviewing.shows(keys[4])
    for name in ("2 hidden", "Restore Moved", "Close"):
        reviewing.button(name).click()
    expect(reviewing.category("Moved")).to_be_visible()
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Wolf"}, 1: {"Moved"}, 2: {"Moved"}}
    assert reviewing.server.query(
        "select name from categories where retired and session = :session"
    ) == [("Blurry",)]


def test_a_wrong_label_is_given_the_right_one(reviewing: Reviewing):
    """The other of two classes is filled in; another comes by key, by click, as text, or none."""
    reviewing.server.begin()
    reviewing.open()
    reviewing.category("Dog").hover()
    reviewing.button("Edit Dog").click()
    reviewing.page.get_by_label("Label is wrong").check()
    reviewing.button("Save").click()
    right = reviewing.page.get_by_label("Right label", exact=True)
    expect(right).not_to_be_visible()
    reviewing.press("1")
    expect(right).to_have_value("cat")
    reviewing.press("r")
    reviewing.type("lynx")
    expect(right).to_be_focused()
    reviewing.press("Enter", "Enter")
    reviewing.press("1", "Enter")
    reviewing.press("1", "r", "2", "Enter", "1")
    expect(right).to_have_value("cat")
    reviewing.button("none fits").click()
    reviewing.press("1")  # no label error, so no right label either
    expect(right).not_to_be_visible()
    reviewing.press("Enter")
    reviewing.is_saved()
    assert reviewing.looks("corrected_label") == ["lynx", "cat", "no right label", None]
    reviewing.page.reload()
    reviewing.shows(reviewing.keys()[4])
    reviewing.press(*["ArrowLeft"] * 4)
    expect(right).to_have_value("lynx")


def test_a_contact_sheet_ticks_many_at_once(reviewing: Reviewing):
    """Filter, select by click, shift-click and keys, tick, look, undo, open one large."""
    reviewing.server.begin(errors=40)
    reviewing.open()
    keys = reviewing.keys()
    page = reviewing.page
    reviewing.press("1", "Enter", "Enter", "d")
    reviewing.press("g")
    sheet = page.get_by_role("listbox", name="Images")
    expect(sheet).to_be_focused()
    expect(page.get_by_text("40 images", exact=True)).to_be_visible()
    tile = sheet.get_by_role("option")
    reviewing.filter("State", "deferred")
    expect(tile).to_have_count(1)
    expect(tile).to_contain_text("Deferred")
    reviewing.filter("State", "open")
    expect(page.get_by_text("37 of 40 images", exact=True)).to_be_visible()
    tile.nth(0).click()
    tile.nth(4).click(modifiers=["Shift"])
    expect(page.get_by_text("37 of 40 images · 5 selected")).to_be_visible()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("37 of 40 images · 6 selected")).to_be_visible()
    reviewing.ticked("Blurry", "false")
    reviewing.press("2")
    reviewing.ticked("Blurry")
    reviewing.is_saved()
    assert [p for p, names in reviewing.ticks().items() if "Blurry" in names] == [3, 4, 5, 6, 7, 8]
    assert reviewing.tally()[1][:2] == ("Blurry", 2)
    reviewing.press("u")
    expect(reviewing.message).to_have_text("Undid ticking Blurry on 6 images")
    reviewing.ticked("Blurry", "false")
    reviewing.press("2", "l")  # looked at: they leave this filter
    expect(page.get_by_text("31 of 40 images", exact=True)).to_be_visible()
    reviewing.progress("8 of 40")
    reviewing.unfilter("State: Not looked at")
    reviewing.filter("Blurry", "yes")
    expect(tile).to_have_count(6)
    expect(tile.first).to_have_accessible_name(
        f"example {keys[3]}, not cat → cat, Blurry, looked at"
    )
    sheet.focus()
    reviewing.press("ArrowRight", "Enter")
    reviewing.shows(keys[4])
    expect(sheet).not_to_be_visible()
    reviewing.is_saved()
    assert reviewing.tally()[1] == ("Blurry", 8, 6)


def test_the_table_is_edited_like_a_spreadsheet(reviewing: Reviewing):
    """Cells by mouse and keys, comment, right label, sort, filter, totals, a row in the review."""
    reviewing.server.begin()
    reviewing.open()
    keys = reviewing.keys()
    reviewing.press("1", "Enter", "Enter", "2", "Enter")
    page = reviewing.page
    page.get_by_role("link", name="Table").click()

    def cell(name: str, key: str):
        return page.get_by_role("checkbox", name=f"{name}, example {key}", exact=True)

    total = page.get_by_role("row").filter(has_text="% of total")
    expect(total).to_contain_text("3 of 12 errors looked at33 %1 of 333 %1 of 3")
    cell("Blurry", keys[0]).click()  # selects it; the second click ticks
    expect(cell("Blurry", keys[0])).to_be_focused()
    expect(cell("Blurry", keys[0])).to_have_attribute("aria-checked", "false")
    cell("Blurry", keys[0]).click()
    expect(cell("Blurry", keys[0])).to_have_attribute("aria-checked", "true")
    expect(total).to_contain_text("33 %1 of 367 %2 of 3")
    page.keyboard.press("ArrowDown")
    expect(cell("Blurry", keys[1])).to_be_focused()
    page.keyboard.press(" ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("0")
    expect(total).to_contain_text("33 %1 of 367 %2 of 3")
    cell("looked at", keys[5]).dblclick()
    expect(total).to_contain_text("4 of 12 errors looked at25 %1 of 450 %2 of 4")
    comment = page.get_by_role("row").filter(has_text=keys[1]).locator("td.text").last
    comment.dblclick()
    reviewing.type("in a mirror")
    page.keyboard.press("Enter")
    expect(comment).to_have_text("in a mirror")
    reviewing.button("Undo").click()
    expect(comment).to_have_text("")
    comment.dblclick()
    reviewing.type("seen twice")
    page.keyboard.press("Enter")
    reviewing.is_saved()

    page.reload()
    expect(page.get_by_text("seen twice")).to_be_visible()
    page.get_by_role("button", name="Blurry").click()
    expect(page.locator("tbody tr:not(.spacer)").first).to_contain_text(keys[0])
    page.get_by_label("Search").fill("seen")
    expect(page.get_by_text("1 of 12 images", exact=True)).to_be_visible()
    page.get_by_role("button", name=f"Open example {keys[1]}").click()
    reviewing.shows(keys[1])
    expect(reviewing.comment).to_have_value("seen twice")
    reviewing.ticked("Blurry")
    assert reviewing.ticks() == {0: {"Dog", "Blurry"}, 1: {"Blurry"}}
    assert reviewing.tally() == [("Dog", 4, 1), ("Blurry", 4, 2)]


def test_each_reviewer_sees_their_own_ticks(reviewing: Reviewing, context: BrowserContext):
    """The name is kept; each sees their own ticks; figures take the latest word."""
    reviewing.server.begin()
    reviewing.open()
    keys = reviewing.keys()
    page = reviewing.page
    expect(reviewing.message).to_have_text(re.compile("^Reviewing as .* change$"))
    reviewing.goes_on_as("Ann")
    reviewing.press("1", "Enter", "1", "Enter")
    reviewing.is_saved()
    page.reload()
    reviewing.shows(keys[2])
    expect(page.get_by_label("Reviewer")).to_have_value("Ann")
    reviewing.goes_on_as("Bob")
    reviewing.progress("0 of 12")
    reviewing.shows(keys[0])
    reviewing.ticked("Dog", "false")
    reviewing.press("2", "Enter")
    reviewing.is_saved()
    page.get_by_label("Reviewer").select_option("Ann")
    reviewing.progress("2 of 12")
    assert reviewing.server.query(
        "select e.position, j.reviewer, c.name from judgements j "
        "join examples e on e.id = j.example join categories c on c.id = j.category "
        "where value = 1 and e.session = :session order by 1, 2"
    ) == [(0, "Ann", "Dog"), (0, "Bob", "Blurry"), (1, "Ann", "Dog")]
    assert reviewing.tally() == [("Dog", 2, 1), ("Blurry", 2, 1)]


def test_commands_are_found_by_name_and_redone_after_a_reload(reviewing: Reviewing):
    """A category made and ticked at once, a backfill overrun, palette, undo, reload, redo."""
    reviewing.server.begin()
    reviewing.open()
    keys = reviewing.keys()
    page = reviewing.page

    reviewing.press("1", "Enter", "Enter", "n")
    reviewing.type("Far away")
    reviewing.press("Enter")
    reviewing.ticked("Far away")
    reviewing.press("b", "n", "n", "n", "n")
    expect(page.get_by_text("Far away: 0 of 2")).to_be_visible()
    reviewing.press("Enter")
    reviewing.shows(keys[2])
    reviewing.press("c")
    reviewing.type("on a roof")
    reviewing.press("Control+Enter")
    reviewing.shows(keys[3])
    reviewing.run("hide dog")
    expect(reviewing.category("Dog")).not_to_be_visible()
    reviewing.is_saved()
    reviewing.press("3")  # its key stays its own
    reviewing.ticked("Far away")
    reviewing.run("tick blu")
    reviewing.ticked("Blurry")
    reviewing.run("image 7")
    reviewing.shows(keys[6])
    reviewing.run("show deferred")
    expect(page.get_by_text("No image passes these filters.")).to_be_visible()
    reviewing.run("go to image 4")
    reviewing.shows(keys[3])
    reviewing.run("hide pace")
    reviewing.press("Control+z", "u", "u")
    expect(reviewing.category("Dog")).to_be_visible()
    reviewing.is_saved()

    page.reload()
    reviewing.shows(keys[3])
    reviewing.ticked("Far away", "false")
    reviewing.press("Shift+U", "Control+Shift+Z")
    expect(reviewing.message).to_have_text("Redid ticking Far away on image 4")
    reviewing.ticked("Far away")
    reviewing.is_saved()
    assert reviewing.ticks() == {2: {"Far away"}, 3: {"Far away"}}
    assert reviewing.comments() == {"on a roof"}
    assert reviewing.server.query(
        "select name, retired from categories where session = :session"
    ) == [("Dog", 1), ("Blurry", 0), ("Far away", 0)]
    assert reviewing.server.query("select value from preferences where name = 'pace'") == [
        ("false",)
    ]


def test_more_errors_are_drawn_where_the_review_ends(reviewing: Reviewing):
    """Those drawn later come after the correct predictions, and count as errors."""
    server = reviewing.server
    path = cats_and_dogs(server.folder / "few", errors=5)
    folder = path.parent / "images"
    errortool.new(
        path, images=folder, name="few", sample=3, right=2, categories=("Dog",), db=server.db
    )
    reviewing.open()
    reviewing.press(*["1", "Enter"] * 5)
    reviewing.button("Draw 2 more").click()
    expect(reviewing.message).to_have_text("Drew 2 more errors.", timeout=20_000)
    reviewing.shows(reviewing.keys()[5])
    reviewing.progress("3 of 5")
    reviewing.press("1", "Enter")
    reviewing.progress("4 of 5")
    reviewing.press("Enter")
    expect(reviewing.button("Open the report")).to_be_focused()
    expect(reviewing.button("Draw 2 more")).to_have_count(0)
    reviewing.is_saved()
    assert reviewing.tally() == [("Dog", 5, 4)]


def test_the_table_has_its_commands_too(reviewing: Reviewing):
    """Undo, an image and another page are found by name; what is undone is done in the review."""
    reviewing.server.begin()
    reviewing.open()
    keys = reviewing.keys()
    page = reviewing.page
    reviewing.press("1")
    reviewing.run("go to table")
    expect(page.get_by_role("grid", name="Examples")).to_be_visible(timeout=30_000)
    reviewing.run("undo")
    expect(reviewing.message).to_have_text("Undid ticking Dog on image 1")
    reviewing.run("go to image 2")
    reviewing.shows(keys[1])
    reviewing.is_saved()
    assert reviewing.ticks() == {}


def test_zoom_enlarges_at_the_mouse(reviewing: Reviewing):
    """Z shows twice the image, then its own pixels, then all of it; nothing gets smaller."""
    large, small = in_order(reviewing, reviewing.server.begin(errors=2))
    draw_image(large, 7, (4000, 3000))
    draw_image(small, 8, (32, 32))
    reviewing.page.emulate_media(reduced_motion="reduce")
    reviewing.open()
    page, image = reviewing.page, reviewing.image
    said = page.locator("[data-part=flash]")
    note = page.locator("[data-part=looks]")

    def box() -> dict[str, float]:
        found = image.bounding_box()
        assert found
        return dict(found)

    whole = box()
    assert image.evaluate("image => image.naturalWidth") == 1600
    mouse = (whole["x"] + 250, whole["y"] + 150)
    page.mouse.move(*mouse)
    reviewing.press("z")
    expect(said).to_have_text("200 %")
    twice = box()
    assert twice["width"] == pytest.approx(2 * whole["width"], abs=1)
    assert mouse[0] - twice["x"] == pytest.approx(2 * 250, abs=2)
    assert mouse[1] - twice["y"] == pytest.approx(2 * 150, abs=2)
    reviewing.press("z")
    expect(note).to_contain_text("1:1")
    expect(image).to_have_attribute("src", re.compile("size=full"))
    before = box()
    assert before["width"] == pytest.approx(4000, abs=2)
    reviewing.press("ArrowRight", "ArrowRight")
    assert box()["x"] == pytest.approx(before["x"] - 160, abs=1)
    reviewing.shows(reviewing.keys()[0])
    reviewing.press("z")
    expect(note).to_have_text("")
    assert box() == whole
    page.mouse.wheel(0, -400)
    assert box()["width"] > 1500
    reviewing.press("Escape")
    assert box() == whole

    reviewing.press("Enter")
    reviewing.shows(reviewing.keys()[1])
    enlarged = box()
    assert enlarged["width"] == 512
    reviewing.press("z")
    expect(note).to_have_text("200 %")
    assert box()["width"] == 1024
    reviewing.press("z")
    expect(note).to_have_text("")
    assert box() == enlarged
    reviewing.is_saved()


def test_live_shares_have_ends_that_hold_however_often_one_looks(
    reviewing: Reviewing, context: BrowserContext
):
    """From the tenth image on, at once and offline too; those of the confidence sequence."""
    reviewing.server.begin(errors=40)
    reviewing.open()
    figures = reviewing.category("Dog").locator(".figures")
    bar = reviewing.category("Dog").locator(".track i")

    def ends(yes: int, seen: int) -> None:
        (share,) = shares_at_any_time([yes], [seen], errors=40)
        assert share is not None
        written = f"{100 * share.low:.1f} to {100 * share.high:.1f}"
        expect(figures).to_have_attribute(
            "title", re.compile(f"^{yes} of {seen}, .*; {written} % of all errors, however often")
        )
        style = re.compile(f"--low: {100 * share.low:.4g}.*%; .*--high: {100 * share.high:.4g}")
        expect(bar).to_have_attribute("style", style)

    reviewing.press(*["1", "Enter"] * 9)
    expect(figures).to_have_attribute("title", "9 of 9, 100 %")
    reviewing.press("Enter")
    ends(9, 10)
    context.set_offline(True)
    reviewing.press("Enter", "1", "Enter")
    ends(10, 12)
    context.set_offline(False)
    reviewing.press("u", "u")  # the tick counts for an image that was looked at
    ends(9, 11)
    reviewing.is_saved()
    assert reviewing.tally()[0] == ("Dog", 11, 9)


def test_light_and_pixels_help_to_see_and_are_never_kept(reviewing: Reviewing):
    """Auto level and brightness last for one image; crisp pixels are the reviewer's, and kept."""
    dark, other = in_order(reviewing, reviewing.server.begin(errors=2))
    Image.effect_noise((200, 150), 8).point(lambda grey: grey // 6).save(dark)
    before = dark.read_bytes(), other.read_bytes()
    reviewing.open()
    page = reviewing.page
    note = page.locator("[data-part=looks]")
    reviewing.press("\\")
    expect(note).to_have_text("auto level")
    reviewing.press("]", "]", "{")
    expect(note).to_have_text("auto level · brightness +2 · contrast −1")
    expect(reviewing.image).to_have_css("filter", re.compile("brightness.*contrast"))
    expect(reviewing.image).to_have_css("image-rendering", "auto")
    reviewing.press("x")
    expect(reviewing.image).to_have_css("image-rendering", "pixelated")
    reviewing.press("Enter")
    reviewing.shows(reviewing.keys()[1])
    expect(note).to_have_text("")
    expect(reviewing.image).to_have_css("filter", "none")
    reviewing.press("ArrowLeft")
    reviewing.shows(reviewing.keys()[0])
    expect(reviewing.image).to_have_css("filter", "none")
    expect(page).to_have_url(re.compile(f"example={reviewing.keys()[0]}$"))
    page.reload()
    reviewing.shows(reviewing.keys()[0])
    expect(reviewing.image).to_have_css("image-rendering", "pixelated")
    reviewing.is_saved()
    assert (dark.read_bytes(), other.read_bytes()) == before
    assert reviewing.server.query("select value from preferences where name = 'crisp'") == [
        ("true",)
    ]


@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1366, 768), (1440, 900), (390, 844)])
def test_what_is_saved_is_always_in_view(reviewing: Reviewing, context: BrowserContext, size):
    """With 14 categories; a header says so in words as soon as it isn't, in the sheet as well."""
    causes = tuple(f"Cause {number}, a long one" for number in range(13))
    reviewing.server.begin(categories=causes, label_errors=("Mislabeled",))
    page = reviewing.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    reviewing.open()
    said = page.locator(".top").get_by_text("Not saved, retrying")
    expect(reviewing.saved).to_be_in_viewport(ratio=1)
    expect(reviewing.button("Next")).to_be_in_viewport(ratio=1)
    expect(said).not_to_be_visible()
    context.set_offline(True)
    reviewing.press("1", "Enter")
    expect(reviewing.saved).to_have_text("Not saved, retrying")
    expect(reviewing.saved).to_be_in_viewport(ratio=1)
    expect(said).to_be_in_viewport(ratio=1)
    reviewing.press("g")
    expect(said).to_be_in_viewport(ratio=1)
    expect(reviewing.saved).to_be_in_viewport(ratio=1)
    reviewing.press("g")
    context.set_offline(False)
    reviewing.is_saved(20_000)
    expect(said).not_to_be_visible()
    assert reviewing.ticks() == {0: {"Cause 0, a long one"}}


def test_every_image_is_one_jump_away(reviewing: Reviewing):
    """By its number or its dot; the dots say their state, also to those who can't see them."""
    reviewing.server.begin(errors=100, right=12)
    reviewing.open()
    page, keys = reviewing.page, reviewing.keys()
    reviewing.press("1", "Enter", "d")
    reviewing.button("image 3 of 112").click()
    strip = page.get_by_role("region", name="All images")
    dots = strip.get_by_role("img")
    expect(dots).to_have_accessible_name("1 looked at, 1 deferred, 110 not looked at")
    number = page.get_by_label("Go to image")
    expect(number).to_be_focused()
    number.fill("113")
    reviewing.press("Enter")
    expect(strip).to_contain_text("Type a number from 1 to 112.")
    number.fill("29")
    reviewing.press("Enter")
    reviewing.shows(keys[28])
    expect(strip).not_to_be_visible()

    reviewing.press("j")
    dots.hover(position={"x": 27, "y": 9})
    expect(strip).to_contain_text("image 2: deferred")
    dots.click(position={"x": 27, "y": 9})
    reviewing.shows(keys[1])
    reviewing.press("j", "Escape")
    expect(strip).not_to_be_visible()
    reviewing.press("2", "Enter")
    reviewing.shows(keys[2])
    expect(page.get_by_text("1 deferred")).not_to_be_visible()
    reviewing.progress("2 of 100")
    reviewing.progress("0 of 12")
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}}


def test_images_are_compared_side_by_side(reviewing: Reviewing):
    """Kept ones, selected ones, or one with a correct prediction; no key judges meanwhile."""
    reviewing.server.begin(errors=6, right=3)
    reviewing.open()
    page, keys = reviewing.page, reviewing.keys()
    compared = page.get_by_role("img", name=re.compile("^compared example "))
    reviewing.press("v")
    expect(compared).to_have_count(2)
    expect(page.get_by_role("region", name="Compare")).to_contain_text("correct: cat")
    second = compared.nth(1).get_attribute("alt")
    reviewing.press("r")
    expect(compared.nth(1)).not_to_have_attribute("alt", second or "")
    reviewing.press("1", "Enter", "d", "Escape")
    expect(compared).to_have_count(0)
    reviewing.shows(keys[0])
    reviewing.ticked("Dog", "false")

    reviewing.press("k", "ArrowRight", "k", "ArrowRight", "v")
    expect(compared).to_have_count(3)
    reviewing.button("image 2").click()
    reviewing.shows(keys[1])
    reviewing.press("g")
    tile = page.get_by_role("listbox", name="Images").get_by_role("option")
    for number in range(4):
        tile.nth(number).click()
    reviewing.press("v")
    expect(compared).to_have_count(4)
    reviewing.press("Escape")
    expect(page.get_by_text("9 images · 4 selected")).to_be_visible()
    reviewing.press("2")
    reviewing.is_saved()
    assert reviewing.ticks() == {number: {"Blurry"} for number in range(4)}


def test_a_phone_reviews_by_thumb(browser: Browser, server: Server):
    """One column without a sideways scroll; large toggles and buttons; a swipe leafs."""
    more = tuple(f"Norwegian forest cat in snow {number}" for number in range(10))
    server.begin(categories=("Dog", "Blurry", *more))
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    reviewing = Reviewing(page, server)
    reviewing.open()
    keys = reviewing.keys()
    wide = "document.scrollingElement.scrollWidth"
    assert page.evaluate(wide) == 390
    image = reviewing.image.bounding_box()
    assert image
    assert image["width"] > 300
    for node in (reviewing.button("Next"), reviewing.category("Dog"), reviewing.button("Undo")):
        box = node.bounding_box()
        assert box
        assert box["height"] >= 44
        expect(node).to_be_in_viewport(ratio=1)
    reviewing.category("Dog").tap()
    reviewing.button("Next").tap()
    reviewing.shows(keys[1])
    swipe(reviewing, 300, 120)
    reviewing.shows(keys[2])
    swipe(reviewing, 120, 300)
    reviewing.shows(keys[1])
    reviewing.category("Blurry").tap()
    reviewing.ticked("Blurry")
    reviewing.button("Next").tap()
    reviewing.button("Contact sheet").tap()
    expect(page.get_by_role("listbox", name="Images").get_by_role("option").first).to_be_visible()
    assert page.evaluate(wide) == 390
    reviewing.is_saved()
    assert reviewing.errors == []
    assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}}
    assert reviewing.looks("status") == ["looked at", "looked at"]
    context.close()


def swipe(reviewing: Reviewing, start: int, end: int) -> None:
    """Draw a finger over the image, from one side to the other."""
    touch = reviewing.page.context.new_cdp_session(reviewing.page)
    for step in range(5):
        at = {"x": start + (end - start) * step // 4, "y": 200}
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    reviewing.mark()
    reviewing.wait_until(150)  # it rests: after a fling Chromium swallows the next tap
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_what_appears_in_the_panel_moves_nothing(reviewing: Reviewing):
    """A new category, earlier images and a right label leave comment and buttons alone."""
    reviewing.server.begin(label_errors=("Mislabeled",))
    reviewing.open()
    page = reviewing.page
    places = set()

    def look() -> None:
        nodes = (reviewing.button("Next"), reviewing.comment, reviewing.saved)
        places.add(str([node.bounding_box() for node in nodes]))

    look()
    reviewing.press("1", "Enter", "3")
    right = page.get_by_label("Right label", exact=True)
    expect(right).to_be_visible()
    below = page.locator(".category", has=reviewing.category("Mislabeled"))
    assert below.evaluate(
        "node => node.nextElementSibling.contains(node.getRootNode().querySelector('#right'))"
    )
    look()
    reviewing.add("Wet")
    look()
    reviewing.press("Enter")
    expect(page.get_by_text("1 earlier image to check for Wet")).to_be_visible()
    look()
    reviewing.press("u")
    look()
    assert len(places) == 1


def test_nothing_moves_when_the_image_changes(reviewing: Reviewing):
    """Buttons and categories stay where they are through thirty images of several sizes."""
    for number, image in enumerate(errors_of(reviewing.server.begin(errors=30))):
        draw_image(image, number, [(32, 32), (300, 900), (2000, 700), (160, 120)][number % 4])
    reviewing.open()
    places = set()
    for number in range(30):
        boxes = [
            node.bounding_box()
            for node in (reviewing.button("Next"), reviewing.category("Blurry"), reviewing.comment)
        ]
        places.add(str(boxes))
        reviewing.press(*(["1"] if number % 2 else []), "Enter")
    assert len(places) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)])
def test_every_page_passes_the_accessibility_checks(server: Server, page: Page, scheme, size):
    """axe-core finds nothing to object to in what is ours, on any page and in any state."""
    server.begin(right=2)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    reviewing = Reviewing(page, server)
    reviewing.open()
    reviewing.press("1", "Enter", "2", "Enter", "d")
    reviewing.add("Wet")
    check(page)
    reviewing.press("b")
    check(page)
    reviewing.press("Escape", "g")
    reviewing.filter("Dog", "yes")
    check(page)
    reviewing.button("+ Filter").click()
    check(page)
    reviewing.press("Escape", "g", "?")
    check(page)
    reviewing.press("Escape", "Control+k")
    check(page)
    reviewing.press("Escape")
    reviewing.button("Edit Dog").focus()
    reviewing.press("Enter")
    check(page)
    for place in ("", "review", "table", "report", "help"):
        page.goto(reviewing.address(place))
        expect(page.get_by_role("heading", level=1)).to_be_attached(timeout=30_000)
        is_drawn(page)
        check(page)


# axe passes over text of exactly its ground's colour: it might be hidden on purpose.
INVISIBLE = """() => {
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/rgba\\(.*, 0\\)|transparent/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const roots = [document, ...[...document.querySelectorAll("*")].map((node) => node.shadowRoot)];
  return roots.filter(Boolean).flatMap((root) => [...root.querySelectorAll("button")])
    .filter((node) => node.offsetParent && getComputedStyle(node).color === ground(node))
    .map((node) => node.outerHTML.slice(0, 150));
}"""


DRAWN = """() => {
  const ends = (one) => isFinite(one.effect.getComputedTiming().endTime);
  const fades = (one) => one.playState === "running" && ends(one);
  const app = document.querySelector("[data-testid=stApp]");
  return app.dataset.testScriptState === "notRunning" && !document.getAnimations().some(fades);
}"""


def is_drawn(page: Page) -> None:
    """Wait until the page's script has ended and nothing fades in any more, as Streamlit has it."""
    page.wait_for_function(DRAWN, timeout=30_000)


def check(page: Page) -> None:
    """Run axe-core, and see that no button has the colour of its ground."""
    assert page.evaluate(INVISIBLE) == []
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    ours = [
        (violation["id"], node["html"][:150], node.get("failureSummary", "")[:200])
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]
    assert ours == []


def test_first_label_errors_ask_from_the_start(reviewing: Reviewing):
    """A session begun with a label error asks for the right label at the first tick."""
    reviewing.server.begin(categories=(), label_errors=("Mislabeled",))
    reviewing.open()
    reviewing.press("1")
    expect(reviewing.page.get_by_label("Right label", exact=True)).to_be_visible()
    reviewing.press("Enter")  # and doesn't stand in the way
    reviewing.shows(reviewing.keys()[1])
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Mislabeled"}}


def test_ticks_during_a_reload_of_the_review_are_kept(reviewing: Reviewing):
    """A merge has the page read anew; a tick meanwhile isn't overtaken by what was read before."""
    reviewing.server.begin(categories=("Dog", "Blurry", "Moved"))
    reviewing.open()
    page = reviewing.page

    def tick_meanwhile(route: Route) -> None:
        before = route.fetch()
        reviewing.press("2")
        reviewing.ticked("Blurry")
        route.fulfill(response=before)

    page.route("**/errortool/review/*", tick_meanwhile, times=1)
    reviewing.category("Moved").hover()
    reviewing.button("Edit Moved").click()
    page.get_by_label("Merge into").select_option("Dog")
    reviewing.button("Merge").click()
    expect(reviewing.category("Moved")).not_to_be_visible()
    reviewing.ticked("Blurry")
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Blurry"}}


def test_correct_predictions_are_reviewed_apart(reviewing: Reviewing):
    """The right ones follow the errors, marked, with a progress of their own and no share."""
    reviewing.server.begin(errors=3, right=2)
    reviewing.open()
    marked = reviewing.page.get_by_text(
        re.compile("^Correct prediction: kept out of the error shares")
    )
    reviewing.press("1", "Enter", "Enter", "Enter")
    expect(marked).to_be_visible()
    reviewing.progress("0 of 2")
    reviewing.press("1", "Enter")
    reviewing.progress("1 of 2")
    expect(reviewing.category("Dog")).to_contain_text("of 1")  # of the correct predictions
    expect(reviewing.page).to_have_url(re.compile(f"example={reviewing.keys()[4]}$"))
    reviewing.page.reload()
    reviewing.shows(reviewing.keys()[4])
    reviewing.progress("1 of 2")
    reviewing.press("ArrowLeft", "ArrowLeft")
    expect(marked).not_to_be_visible()
    reviewing.progress("3 of 3")
    expect(reviewing.category("Dog")).to_contain_text("of 3")
    reviewing.press("ArrowRight", "ArrowRight", "Enter")
    expect(reviewing.button("Open the report")).to_be_focused()
    reviewing.is_saved()
    reviewing.press("Enter")
    page = reviewing.page
    expect(page.get_by_role("heading", name="Inside the categories")).to_be_visible()
    expect(page.get_by_text("2 correct predictions looked at").first).to_be_visible()
    assert reviewing.tally() == [("Dog", 3, 1), ("Blurry", 3, 0)]


def test_an_image_that_cannot_be_shown_can_be_judged_or_left_out(reviewing: Reviewing):
    """It says why; Enter leaves it out as unreadable, and every other key does what it does."""
    folder = images_of(reviewing.server.begin())
    keys = reviewing.keys()
    paths = dict(reviewing.server.query("select key, image from examples where session = :session"))
    truncated, bomb, missing, page, empty = (folder / paths[key] for key in keys[:5])
    truncated.write_bytes(truncated.read_bytes()[:-90])
    bomb.write_bytes(png(20_000, 20_000))
    missing.unlink()
    page.write_text("<html>no image</html>")
    empty.write_bytes(b"")
    reviewing.open()

    def is_unreadable(key: str, sentence: str) -> None:
        reviewing.shows(key)
        for said in ("No image to show", sentence, "Enter skips it as unreadable"):
            expect(reviewing.page.get_by_text(said)).to_be_visible()

    is_unreadable(keys[0], "is truncated")
    reviewing.press("Enter")
    is_unreadable(keys[1], "more than the 120 million")
    reviewing.press("z", "z", "2")
    reviewing.ticked("Blurry")
    reviewing.press("d")
    is_unreadable(keys[2], "is not in")
    reviewing.press("Enter", "u")
    is_unreadable(keys[2], "is not in")
    reviewing.press("2", "Enter")
    is_unreadable(keys[3], "is not a JPEG")
    reviewing.press("2", "Enter")
    is_unreadable(keys[4], "is an empty")
    reviewing.press("2", "Enter")
    reviewing.shows(keys[5])
    expect(reviewing.page.get_by_text("No image to show")).to_have_count(0)
    reviewing.press("1", "Enter", "u", "ArrowLeft", "g")
    expect(reviewing.page.get_by_role("listbox", name="Images")).to_be_focused()
    reviewing.press("g")
    reviewing.shows(keys[4])
    reviewing.progress("3 of 12")
    reviewing.is_saved()
    assert reviewing.looks("status") == ["unreadable", "deferred", *["looked at"] * 3, None]
    assert reviewing.ticks() == {number: {"Blurry"} for number in range(1, 5)} | {5: {"Dog"}}
    reviewing.page.goto(reviewing.address("report"))
    expect(reviewing.page.get_by_text("3 of 12 errors looked at").first).to_contain_text(
        "1 unreadable"
    )


def open_report(reviewing: Reviewing) -> Page:
    """Open the report of ten errors: six dogs, three blurry, one of them both."""
    session = reviewing.server.begin()
    ticked = reviewing.server.folder / "ticked.csv"
    ticked.write_text(
        "id,Dog,Blurry\n"
        + "".join(
            f"{key},{int(at < 6)},{int(at in {0, 7, 8})}\n"
            for at, key in enumerate(reviewing.keys()[:10])
        )
    )
    errortool.import_ticks(session.name, ticked, db=reviewing.server.db)
    page = reviewing.page
    page.goto(reviewing.address("report"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("from 30.0 % to 12.0 %")
    return page


def test_the_report_answers_what_if(reviewing: Reviewing):
    """Plan and level change the figures; a number shows its images; files are saved."""
    page = open_report(reviewing)
    planner = page.get_by_role("checkbox", name="Blurry")
    planner.check()
    expect(page.get_by_text("30.0 % → 21.0 %")).to_be_visible()
    expect(planner).to_be_focused()
    page.get_by_role("checkbox", name="Dog").check()
    expect(page.get_by_text("30.0 % → 6.0 %")).to_be_visible()
    page.get_by_role("combobox", name="Intervals").select_option("80 %")
    expect(page.get_by_text("80 % interval of what is left")).to_be_visible()
    expect(page.get_by_text("30.0 % → 6.0 %")).to_be_visible()
    expect(page.get_by_text("The intervals hold however often you look.").first).to_be_visible()
    page.get_by_role("combobox", name="that hold").select_option("for the planned number only")
    expect(page.get_by_text("fixed beforehand: this one wasn't.").first).to_be_visible()

    number = page.get_by_role("link", name="8 of 10 errors")
    number.click()
    panel = page.get_by_role("dialog", name="Blurry or Dog 8 images")
    expect(panel.get_by_role("img")).to_have_count(8)
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    expect(number).to_be_focused()

    with page.expect_download() as download:
        page.get_by_role("link", name="report.html").click()
    assert "Solving Dog would take" in Path(download.value.path()).read_text()
    page.get_by_text("More files").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Shares, as a drawing").click()
    assert Path(download.value.path()).read_text().startswith("<svg")
    assert reviewing.server.query(
        "select level, holds, count(*) from estimates where session = :session group by 1, 2"
    ) == [(0.8, "always", 2), (0.8, "fixed number only", 2), (0.95, "always", 2)]


def test_the_report_draws_more_where_that_would_help(reviewing: Reviewing):
    """Two causes can't be told apart by all that were drawn: a button draws those that are left."""
    session = reviewing.server.begin(errors=130)
    ticked = reviewing.server.folder / "ticked.csv"
    rows = (f"{key},{int(at < 40)},{int(40 <= at < 75)}" for at, key in enumerate(reviewing.keys()))
    ticked.write_text("\n".join(["id,Dog,Blurry", *rows]) + "\n")
    errortool.import_ticks(session.name, ticked, db=reviewing.server.db)
    page = reviewing.page
    page.goto(reviewing.address("report"))
    expect(page.get_by_text("Dog and Blurry can't be told apart yet").first).to_be_visible()
    page.get_by_role("button", name="Draw 30 more errors").click()
    expect(page.get_by_text("30 more errors drawn.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Draw"))).not_to_be_attached()
    assert reviewing.server.query("select count(*) from examples where session = :session") == [
        (130,)
    ]
    page.get_by_role("link", name="Review the 30 errors drawn and still open").click()
    reviewing.shows(reviewing.keys()[100])


def test_a_report_that_can_not_be_had_says_so_and_is_asked_for_again(reviewing: Reviewing):
    """The server's sentence, or that it can't be reached; what was shown stays."""
    page = open_report(reviewing)
    asked = "**/errortool/report/**"
    page.route(asked, lambda route: route.fulfill(status=503, json={"error": "<b>The disk</b>"}))
    page.get_by_role("checkbox", name="Dog").check()
    expect(page.get_by_text("<b>The disk</b>")).to_be_visible()
    expect(page.get_by_role("article")).to_be_visible()
    page.unroute(asked)
    page.route(asked, lambda route: route.abort())
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The report can't be reached.")).to_be_visible()
    page.unroute(asked)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("30.0 % → 12.0 %")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).not_to_be_visible()


def test_a_report_is_shared_as_link_and_as_text(reviewing: Reviewing, context: BrowserContext):
    """A copied link shows the same to others; a report that one comes back to is as it was left."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = open_report(reviewing)
    page.get_by_role("checkbox", name="Blurry").check()
    page.get_by_role("checkbox", name="Dog").check()
    page.get_by_role("combobox", name="Intervals").select_option("80 %")
    expect(page.get_by_text("80 % interval of what is left")).to_be_visible()
    page.get_by_text("Copy as text").click()
    page.get_by_role("button", name="As Markdown").click()
    expect(page.get_by_text("Text copied.")).to_be_visible()
    assert "| Dog | 60 % |" in str(page.evaluate("navigator.clipboard.readText()"))

    page.get_by_role("link", name="images of Dog").click()
    expect(page.get_by_role("dialog", name="Dog 6 images")).to_be_visible()
    other = context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("dialog", name="Dog 6 images")).to_be_visible(timeout=30_000)
    other.keyboard.press("Escape")
    expect(other.get_by_text("30.0 % → 6.0 %")).to_be_visible()
    expect(other.get_by_role("combobox", name="Intervals")).to_have_value("0.8")
    other.close()

    page.get_by_role("dialog").get_by_role("img").nth(2).click()
    expect(page.get_by_role("dialog")).not_to_be_attached(timeout=30_000)
    reviewing.shows(reviewing.keys()[2])
    page.get_by_role("link", name="Report").click()
    expect(page.get_by_text("30.0 % → 6.0 %")).to_be_visible()
    preferred = "select value from preferences where name = 'level'"
    assert reviewing.server.query(preferred) == [("0.8",)]
