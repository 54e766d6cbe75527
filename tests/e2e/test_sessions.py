"""A session from its upload to the trash and back, as whoever keeps several has them."""

import re

import pytest
from helpers import cats_and_dogs
from playwright.sync_api import Page, expect
from reviewing import Reviewing, Server
from sessions_page import Sessions

NAME = "<b>cats</b> *v3*"
PROGRESS = "1 of the 5 drawn looked at (of 12 errors) · 60.0 % dev error"


@pytest.fixture
def begun(page: Page, own_server: Server) -> Reviewing:
    """Begin a session of 5 errors from an upload, and look at one image."""
    reviewing = Reviewing(page, own_server)
    path = cats_and_dogs(own_server.folder / "mine", errors=12, right=8)
    data = path.read_bytes()
    path.unlink()
    page.goto(f"{own_server.url}/report")
    expect(page.get_by_role("heading", name="No report yet")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Begin a session").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "cats v3.csv", "mimeType": "text/csv", "buffer": data}
    )
    expect(page.get_by_text("All of the first 12 sampled images open.")).to_be_visible()
    expect(page.locator(".et-preview img")).to_have_count(12)
    assert page.locator(".et-preview img").first.evaluate("image => image.naturalWidth") == 160
    page.get_by_role("spinbutton", name="How many errors").fill("5")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Begin the review").click()
    expect(reviewing.image).to_be_visible(timeout=30_000)
    expect(page).to_have_title("cats v3 - Review - errortool")
    reviewing.press("1", "Enter")
    reviewing.is_saved()
    return reviewing


def test_a_session_is_put_in_order(begun: Reviewing):
    """Rename, duplicate, trash, restore, change the folder, draw more; then go on reviewing."""
    page, server, sessions, keys = begun.page, begun.server, Sessions(begun.page), begun.keys()
    sessions.go()
    expect(page).to_have_title("Sessions - errortool")
    sessions.says(PROGRESS)
    sessions.choose("cats v3", "Rename")
    sessions.fill("textbox", "Name", NAME)
    sessions.press("Rename")
    sessions.says(f"cats v3 is now called {NAME}.")
    sessions.choose(NAME, "Duplicate")
    sessions.dialog.get_by_text("With all ticks").click()
    sessions.press("Duplicate")
    sessions.says(f"{NAME} is copied as {NAME} copy.")
    sessions.says(PROGRESS, times=2)

    sessions.choose(f"{NAME} copy", "Move to the trash")
    sessions.says(f"{NAME} copy is in the trash.")
    sessions.says(PROGRESS)
    page.locator(".st-key-notice").get_by_role("button", name="Restore").click()
    sessions.says(f"{NAME} copy is back.")
    sessions.choose(f"{NAME} copy", "Move to the trash")
    sessions.says("Trash (1)")

    (server.folder / "mine" / "images").rename(server.folder / "moved")
    sessions.choose(NAME, "Change image folder")
    (server.folder / "moved" / "none").mkdir()
    sessions.fill("textbox", "Image folder", "moved/none")
    sessions.says(re.compile("None of the 5 sampled images can be shown"))
    sessions.fill("textbox", "Image folder", "moved")
    sessions.says("All 5 sampled images open.")
    sessions.press("Use it")
    sessions.says(re.compile("are taken from .*moved"))
    sessions.choose(NAME, "Draw more errors")
    sessions.fill("spinbutton", "How many more", "4")
    sessions.press("Draw")
    sessions.says(re.compile("4 more errors drawn for session"))

    page.locator("[class*=st-key-session-]").get_by_role("button", name="Review").click()
    begun.shows(keys[1])
    begun.progress("1 of 9")
    assert server.query(
        "select name, images, trashed_at is null, "
        "(select count(*) from examples e where e.session = s.id) from sessions s order by id"
    ) == [(NAME, "moved", 1, 9), (f"{NAME} copy", "mine/images", 0, 5)]


def test_an_address_that_leads_nowhere_says_so(begun: Reviewing):
    """A wrong image, with the next one to look at; a wrong session, with the way to the list."""
    page, keys = begun.page, begun.keys()
    page.goto(f"{begun.address()}&example=nobody")
    begun.shows(keys[1])
    expect(begun.message).to_contain_text("There is no image nobody in this session")
    page.goto(f"{begun.server.url}/review?session=77")
    expect(page.get_by_role("alert")).to_contain_text("open one from the list of sessions")
    page.get_by_role("button", name="Go to the sessions").click()
    Sessions(page).says(PROGRESS)
    assert begun.errors == []
