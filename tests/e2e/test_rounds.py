"""The whole loop: errors are ticked, the next model follows, and what came is compared."""

import re
import shutil
from contextlib import closing
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from reviewing import Reviewing, Server
from two_models import SAMPLE, predictions

import errortool
from errortool.model import Session
from errortool.output import comparison_phrases
from errortool.store import Store

SIZE = 24


def first_round(folder: Path, db: Path) -> Session:
    """Begin the first round, beside which the next model's table lies."""
    shutil.copytree(SAMPLE / "images", folder / "images")
    v3 = predictions(folder, "v3.csv", side=4, neighbours=1, mode="L")
    predictions(folder, "v4.csv", side=6, neighbours=5, mode="RGB")
    return errortool.new(
        v3, name="v3", sample=SIZE, categories=["Dark", "Small"], label_errors=["Mislabeled"], db=db
    )


def compares(reviewing: Reviewing) -> None:
    """Read what came of it, in the words that the command has too, and go on to what is new."""
    page, server = reviewing.page, reviewing.server
    page.get_by_role("link", name="Compare").click()
    found = errortool.compare("v3", "v4", margin=0.5, db=server.db)
    expect(page.get_by_role("heading", level=1)).to_have_text(comparison_phrases.headline(found))
    dark = next(one for one in found.categories if one.name == "Dark")
    expect(page.get_by_text(comparison_phrases.category(dark, found))).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name=f"{found.flips.fixed:,}", exact=True).first.click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("heading")).to_have_text(f"fixed {found.flips.fixed} images")
    expect(panel.get_by_role("img").first).to_have_js_property("complete", value=True)
    assert panel.get_by_role("img").first.evaluate("image => image.naturalWidth") > 0
    panel.get_by_role("button", name="Close").click()
    page.get_by_role("button", name=re.compile("^Look at .* newly wrong$")).click()
    expect(page).to_have_url(re.compile(r"/review\?session=3"))
    expect(reviewing.image).to_be_visible()
    ((name, number),) = server.query(
        "select name, count(*) from sessions s join examples e on e.session = s.id "
        "where s.id = :session group by s.id"
    )
    assert (name, number) == ("v4, newly wrong", found.flips.newly_wrong)


def test_the_next_model_is_looked_at_and_compared_with_the_one_before(
    own_server: Server, reviewing: Reviewing
):
    """Only what is new is left to look at; the page says what became of the rest, with images."""
    reviewing.server = own_server
    page, server = reviewing.page, own_server
    first_round(server.folder, server.db)
    reviewing.open()
    for number in range(SIZE):
        reviewing.press(*(["1"] if number % 2 else []), *(["2"] if number % 3 else []), "Enter")
    reviewing.progress(f"{SIZE} of {SIZE}")
    reviewing.is_saved()

    # The form knows the dev set again, and takes everything over.
    page.get_by_role("link", name="Sessions").click()
    page.get_by_role("button", name="New session").click()
    page.get_by_role("combobox", name="Predictions file").fill("v4.csv")
    page.keyboard.press("Enter")
    expect(page.get_by_role("switch", name="Follow v3")).to_be_checked()
    expect(page.get_by_text("Categories: Dark, Small, Mislabeled.")).to_be_visible()
    page.get_by_role("button", name="Begin the review").click()
    expect(page).to_have_url(re.compile(r"/review\?session=2"))
    expect(reviewing.image).to_be_visible()
    ((carried,),) = server.query(
        "select count(*) from looks l join events v on v.id = l.event where v.kind = 'carry'"
    )
    assert 0 < carried < SIZE
    new = SIZE - carried
    expect(reviewing.message).to_have_text(f"{carried} carried from v3, {new} to look at")
    reviewing.button(f"{carried} carried · {new} to look at").click()
    expect(page.locator("[data-part=status]")).to_have_text("carried from v3")
    reviewing.press("Enter")
    reviewing.button(f"carried 2 of {carried} · stop").click()
    for _ in range(new):
        reviewing.press("1", "Enter")
    reviewing.progress(f"{SIZE} of {SIZE}")
    reviewing.is_saved()
    compares(reviewing)

    origins = server.query(
        "select distinct json_extract(v.origin, '$.session') = s.uid from events v, sessions s "
        "where v.kind = 'carry' and v.session = 2 and s.name = 'v3'"
    )
    assert origins == [(1,)]
    ((left,),) = server.query(
        "select count(*) from looks l join examples e on e.id = l.example "
        "join events v on v.id = l.event where v.kind = 'carry' and e.session = 2"
    )
    assert left == carried - 1
    with closing(Store(server.db)) as store:
        assert store.check() == ()
