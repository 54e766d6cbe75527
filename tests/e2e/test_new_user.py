"""The whole way of a new user, from an empty folder to a session in the trash and back."""

import re

from helpers import cats_and_dogs
from playwright.sync_api import BrowserContext, expect
from reviewing import Reviewing, Server
from sessions_page import Sessions


def test_from_an_upload_to_the_trash_and_back(context: BrowserContext, own_server: Server):
    """Every step is taken on what the one before has left, and the session file has them all."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    reviewing = Reviewing(context.new_page(), own_server)
    begin_from_an_upload(reviewing)
    keys = reviewing.keys()
    review_25_images(reviewing, keys)
    backfill_the_first_ten(reviewing, keys)
    merge_and_undo(reviewing)
    look_at_the_report_and_share_it(reviewing, context)
    draw_more_and_put_in_order(reviewing)
    reviewing.shows(keys[25])
    reviewing.progress("25 of 50")
    assert own_server.query("select name, trashed_at from sessions") == [("cats v3, by ann", None)]
    assert reviewing.tally() == [("Blurry", 25, 9), ("Mislabeled", 25, 0), ("Far away", 25, 5)]
    assert reviewing.errors == []


def begin_from_an_upload(reviewing: Reviewing) -> None:
    """Upload a table that lies nowhere else, see that its images open, and begin."""
    page, server = reviewing.page, reviewing.server
    path = cats_and_dogs(server.folder / "mine", errors=60, right=40)
    table = {"name": "cats v3.csv", "mimeType": "text/csv", "buffer": path.read_bytes()}
    path.unlink()
    page.goto(server.url)
    page.locator("input[type=file]").set_input_files(table)
    expect(page.get_by_text("All of the first 12 sampled images open.")).to_be_visible()
    assert server.query("select 1 from sessions") == []
    page.get_by_role("spinbutton", name="How many errors").fill("30")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Begin the review").click()
    expect(reviewing.image).to_be_visible(timeout=30_000)


def review_25_images(reviewing: Reviewing, keys: list[str]) -> None:
    """In the middle comes a category, which is ticked on the image that it was named for."""
    for number in range(25):
        reviewing.shows(keys[number])
        if number == 10:
            reviewing.press("n")
            reviewing.type("Far away")
            reviewing.press("Enter")
            reviewing.ticked("Far away")
        if number % 3 == 0:
            reviewing.press("1")
        if number > 10 and number % 5 == 0:
            reviewing.press("3")
        reviewing.press("Enter")
    reviewing.progress("25 of 30")
    expect(reviewing.page.get_by_text(re.compile("^Rough so far"))).to_be_visible()  # advice


def backfill_the_first_ten(reviewing: Reviewing, keys: list[str]) -> None:
    """One key each; then on with the image that was next."""
    reviewing.press("b")
    for number in range(10):
        reviewing.shows(keys[number])
        reviewing.press("y" if number < 2 else "n")
    expect(reviewing.page.get_by_text("Far away: 2 of 10")).to_be_visible()
    reviewing.press("Enter")
    reviewing.shows(keys[25])


def merge_and_undo(reviewing: Reviewing) -> None:
    """Put a category into another, and take it back with its ticks."""
    reviewing.category("Far away").focus()
    reviewing.press("e")
    reviewing.page.get_by_label("Merge into").select_option("Blurry")
    reviewing.button("Merge").click()
    expect(reviewing.category("Far away")).not_to_be_visible()
    reviewing.press("u")
    expect(reviewing.message).to_have_text("Undid merging Far away")
    expect(reviewing.category("Far away")).to_be_visible()
    reviewing.is_saved()


def look_at_the_report_and_share_it(reviewing: Reviewing, context: BrowserContext) -> None:
    """See what solving two categories would leave, as whoever has the link does."""
    page = reviewing.page
    page.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile(r"^Solving Blurry would take the dev error from 60\.0 % to 38\.4 % at best")
    )
    for name in ("Blurry", "Far away"):
        page.get_by_role("checkbox", name=name).check()
    solved = page.get_by_text("60.0 % → 31.2 %", exact=True)  # 12 of the 25 carry either
    expect(solved).to_be_visible()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    other = context.new_page()
    other.goto(str(page.evaluate("navigator.clipboard.readText()")))
    expect(other.get_by_text("60.0 % → 31.2 %", exact=True)).to_be_visible(timeout=30_000)
    other.close()


def draw_more_and_put_in_order(reviewing: Reviewing) -> None:
    """20 more errors, another name, into the trash and back, and on with the review."""
    page, sessions = reviewing.page, Sessions(reviewing.page)
    sessions.go()
    sessions.choose("cats v3", "Draw more errors")
    sessions.fill("spinbutton", "How many more", "20")
    sessions.press("Draw")
    sessions.says(re.compile("20 more errors drawn"))
    sessions.choose("cats v3", "Rename")
    sessions.fill("textbox", "Name", "cats v3, by ann")
    sessions.press("Rename")
    sessions.says("cats v3 is now called cats v3, by ann.")
    sessions.choose("cats v3, by ann", "Move to the trash")
    page.get_by_text("Trash (1)").click()
    assert reviewing.server.query("select 1 from sessions where trashed_at is null") == []
    page.get_by_role("button", name="Restore").last.click()
    sessions.says("cats v3, by ann is back.")
    page.get_by_role("button", name="Review").click()
