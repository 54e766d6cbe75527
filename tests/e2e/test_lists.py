"""Lists of examples, the contact sheet and the table: the same filters, which can be shared."""

import re
from contextlib import closing

from helpers import begin, cats_and_dogs
from playwright.sync_api import BrowserContext, expect
from reviewing import Reviewing, Server

from errortool.model import Row
from errortool.store import Store


def begin_by_camera(server: Server) -> list[Row]:
    """Begin a session of 12 errors and 3 correct predictions, of two cameras; return its rows."""
    path = cats_and_dogs(server.folder / "by camera")
    header, *lines = path.read_text().splitlines()
    cameras = ("front", "rear", "rear")
    lines = [line.replace(",front", f",{cameras[at % 3]}") for at, line in enumerate(lines)]
    path.write_text("\n".join([header, *lines]) + "\n")
    with closing(Store(server.db)) as store:
        return list(store.rows(begin(store, path, name="by camera", right=3)))


def test_a_filtered_set_is_shared_and_edited_as_a_table(
    reviewing: Reviewing, context: BrowserContext
):
    """Another column chooses images in the sheet; the link shows them; the table counts them."""
    rear = [
        row.example
        for row in begin_by_camera(reviewing.server)
        if row.example.extra["camera"] == "rear"
    ]
    rear_errors = [example.position for example in rear if example.position < 12]
    reviewing.open()
    page = reviewing.page
    reviewing.press("1", "Enter", "g")
    count = f"{len(rear)} of 15 images"
    reviewing.filter("camera", "=rear")
    expect(page.get_by_text(count, exact=True)).to_be_visible()
    page.get_by_label("Sort by").select_option("Confidence")
    tiles = page.get_by_role("listbox", name="Images").get_by_role("option")
    sure = sorted(example.confidence or 0 for example in rear)
    expect(tiles).to_contain_text([f"{confidence:.2f}" for confidence in sure])
    page.get_by_label("Size of the images").fill("240")
    expect(page).to_have_url(re.compile("x.camera=%3Drear&sort=confidence&view=sheet"))

    other = context.new_page()  # somebody follows the link
    other.goto(page.url)
    expect(other.get_by_text(count, exact=True)).to_be_visible(timeout=30_000)
    expect(other.get_by_label("Sort by")).to_have_value("confidence")
    expect(other.get_by_label("Size of the images")).to_have_value("240")
    other.close()

    reviewing.press("g", "ArrowRight", "g")  # kept while single images are looked at
    expect(page.get_by_text(count, exact=True)).to_be_visible()
    reviewing.button("as a table").click()
    shown = page.get_by_role("row").filter(has_text=f"% of {len(rear_errors)} errors shown")
    looked = int(0 in rear_errors)
    expect(shown).to_contain_text(f"{looked} of {len(rear_errors)} looked at")
    expect(page.get_by_text(count, exact=True)).to_be_visible()
    at = next(position for position in rear_errors if position)
    key = reviewing.keys()[at]
    page.get_by_role("checkbox", name=f"looked at, example {key}", exact=True).dblclick()
    page.get_by_role("checkbox", name=f"Blurry, example {key}", exact=True).dblclick()
    expect(shown).to_contain_text(f"{looked + 1} of {len(rear_errors)} looked at")
    expect(shown).to_contain_text(f"1 of {looked + 1}")
    total = page.get_by_role("row").filter(has_text="% of total")
    expect(total).to_contain_text("2 of 12 errors looked at50 %1 of 250 %1 of 2")
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Dog"}, at: {"Blurry"}}

    page.get_by_role("link", name="Review").click()
    reviewing.shows(reviewing.keys()[1 if at != 1 else 2])
    page.get_by_role("link", name="Table").click()
    expect(page.get_by_text(count, exact=True)).to_be_visible()
