"""Every page as people come to see it, on a session that is hard to lay out."""

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from helpers import begin, cats_and_dogs
from playwright.sync_api import Page, expect

from errortool.actions.identity import reviewer
from errortool.changes import Change, ExampleValues, Ref
from errortool.model import Status
from errortool.store import Store

SIZES: Final = ((390, 844), (1024, 768), (1366, 768), (1440, 900), (2560, 1440))

CATEGORIES: Final = (
    "Dog", "Great cat", "Blurry", "خلفية مزدحمة", "背景杂乱的照片", "Cropped head", "Far away",
    "Photographed through a cage, a fence or the window of a terrarium", "Night", "Two animals",
    "Drawing", "Norwegian forest cat", "Puppy",
)  # fmt: skip


def hard_session(folder: Path) -> Path:
    """Write a session file in `folder` with long names in several scripts; return its path.

    Three quarters of its 40 errors are judged.
    """
    db = folder / "errortool.db"
    with closing(Store(db, create=True)) as store:
        session = begin(
            store,
            cats_and_dogs(folder / "pets", errors=40),
            name="a session whose name is as long as nobody in a hurry would ever type",
            categories=CATEGORIES,
            label_errors=["Mislabeled"],
            right=5,
        )
        ids = [str(category.id) for category in store.categories(session)]
        store.apply(session, (
            Change(ref=Ref("hard-session", number), reviewer=reviewer(""), kind="look", examples={
                number: ExampleValues(
                    status=Status.LOOKED_AT if number % 9 else Status.DEFERRED,
                    comment="stripes read as tabby " * (number % 4),
                    ticks={
                        key: int(place in (number % 5, number % 14))
                        for place, key in enumerate(ids)
                    },
                )
            })
            for number in range(30)
        ))  # fmt: skip
    return db


def _image(page: Page) -> None:
    expect(page.get_by_role("img", name=re.compile("^example "))).to_be_visible(timeout=30_000)


def _sessions(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("button", name="Report")).to_be_visible(timeout=30_000)


def _review(page: Page, url: str) -> None:
    page.goto(f"{url}/review?session=1")
    _image(page)


def _with_keys(*keys: str) -> Callable[[Page, str], None]:
    def opened(page: Page, url: str) -> None:
        _review(page, url)
        for key in keys:
            page.keyboard.press(key)

    return opened


def _new_session(page: Page, url: str) -> None:
    page.goto(f"{url}/?new=1")
    field = page.get_by_role("combobox", name="Predictions file")
    field.fill("pets/predictions.csv")
    field.press("Enter")
    expect(page.get_by_role("button", name="Begin the review")).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def _table(page: Page, url: str) -> None:
    page.goto(f"{url}/table?session=1")
    expect(page.get_by_role("grid")).to_be_visible(timeout=30_000)


def _report(page: Page, url: str) -> None:
    page.goto(f"{url}/report?session=1")
    expect(page.get_by_role("heading", name="Order of work")).to_be_visible(timeout=30_000)


def _images_at_the_side(page: Page, url: str) -> None:
    page.goto(f"{url}/report?session=1&show=looked")
    expect(page.get_by_role("dialog").get_by_role("img").first).to_be_visible(timeout=30_000)


def _nothing(page: Page, url: str) -> None:
    page.goto(f"{url}/review?session=77")
    expect(page.get_by_role("alert")).to_be_visible(timeout=30_000)


def _help(page: Page, url: str) -> None:
    page.goto(f"{url}/help")
    expect(page.get_by_role("heading").first).to_be_visible(timeout=30_000)


VIEWS: Final[dict[str, Callable[[Page, str], None]]] = {
    "sessions": _sessions,
    "new session": _new_session,
    "review": _review,
    "keys": _with_keys("?"),
    "palette": _with_keys("Control+k"),
    "jump": _with_keys("j"),
    "sheet": _with_keys("g"),
    "table": _table,
    "report": _report,
    "images": _images_at_the_side,
    "nothing": _nothing,
    "help": _help,
}
"""How to come to each page, by its name, from the server's address."""
