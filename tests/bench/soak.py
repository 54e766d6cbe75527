"""Reviews for a long time in a real browser; reports what it costs and whether all was saved.

    python tests/bench/soak.py [--minutes 60]

A scripted reviewer goes through 300 images again and again: ticks, Enter, comments, undo, repeat,
new categories, the contact sheet, the table, reloads. It keeps an account of its own, which the
session file must agree with in the end. Memory is megabytes (the server's resident set, the page's
heap after a collection), latency is milliseconds from a key to the next image, p50 / p95.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from helpers import cats_and_dogs  # noqa: E402  found by the path set above
from reviewing import Reviewing, Server  # noqa: E402

from errortool.actions import new_session  # noqa: E402
from errortool.data import predictions  # noqa: E402
from errortool.model import NewCategory  # noqa: E402
from errortool.store import Store  # noqa: E402

IMAGES = 300
MOST_CATEGORIES = 12
KEYS = "123456789abe"
MEASURED = 40
ROUND = 100

# Notes when a key went down: before the page's own listener, which lets nobody else hear of it.
NOTE_KEYS = """
addEventListener("keydown", ({ timeStamp }) => { window.soakKey = timeStamp; }, true);
"""

# Resolves with the time from the key until another image's name is there; fails after a minute.
NEXT_IMAGE = """() => new Promise((resolve, reject) => {
  const root = document.querySelector("[data-testid=stBidiComponentIsolated]").shadowRoot;
  const name = () => root.querySelector("[data-part=stage] img")?.alt;
  const was = name();
  const observer = new MutationObserver(() => {
    if (name() === was || !name()) return;
    observer.disconnect();
    clearTimeout(late);
    resolve(performance.now() - soakKey);
  });
  const late = setTimeout(() => reject(new Error("no other image within a minute")), 60_000);
  observer.observe(root, { attributes: true, childList: true, subtree: true });
})"""


@dataclass(slots=True, kw_only=True)
class Account:
    """What must be in the session file: the script's own book-keeping."""

    position: int = 0
    keys: int = 0
    categories: list[str] = field(default_factory=lambda: ["A", "B", "C"])
    ticks: dict[int, set[str]] = field(default_factory=dict)
    comments: dict[int, str] = field(default_factory=dict)
    looked: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a moment costs: server and page in MB, latency in ms."""

    server: float
    page: float
    latency: tuple[float, ...]

    def __str__(self) -> str:
        """Return them as a line."""
        late = statistics.quantiles(self.latency, n=20)[-1]
        middle = statistics.median(self.latency)
        return (
            f"server {self.server:.0f} MB, page {self.page:.1f} MB, "
            f"next image {middle:.0f} / {late:.0f} ms"
        )


class Soak:
    """A reviewer who never tires."""

    def __init__(self, reviewing: Reviewing, chance: random.Random) -> None:
        """Review in an opened page; the same `chance` does the same again."""
        self.reviewing, self.chance = reviewing, chance
        self.order = reviewing.keys()
        self.account = Account()
        self.growth = 0.0
        self.devtools = reviewing.page.context.new_cdp_session(reviewing.page)

    def press(self, *keys: str) -> None:
        """Press keys and count them."""
        self.reviewing.press(*keys)
        self.account.keys += len(keys)

    def go_on(self) -> None:
        """Go to the next image; from the last one to the first."""
        self.press("ArrowRight")
        self.account.position += 1
        if self.account.position == IMAGES:
            self.account.position = 0
            self.reopen()

    def reopen(self) -> None:
        """Load the page again, at the image that the account says."""
        self.reviewing.is_saved(timeout=60_000)
        self.go()

    def go(self) -> None:
        """Open the review at the image that the account says."""
        key = self.order[self.account.position]
        self.reviewing.page.goto(f"{self.reviewing.server.url}/review?session=1&example={key}")
        self.reviewing.shows(key)

    def toggle(self) -> None:
        """Tick a category, or take the tick back."""
        index = self.chance.randrange(len(self.account.categories))
        self.press(KEYS[index])
        self.account.ticks.setdefault(self.account.position, set())
        self.account.ticks[self.account.position] ^= {self.account.categories[index]}

    def comment(self) -> None:
        """Write a comment key by key."""
        text = f"seen {self.account.keys}"
        self.press("c", "ControlOrMeta+a")
        self.reviewing.type(text)
        self.press("Escape")
        self.account.comments[self.account.position] = text

    def take_back(self) -> None:
        """Tick and undo: nothing is left of it."""
        self.press(self.chance.choice(KEYS[: len(self.account.categories)]), "u")

    def add_category(self) -> None:
        """Name a new category, as long as there are keys."""
        if len(self.account.categories) < MOST_CATEGORIES:
            name = f"New {len(self.account.categories)}"
            self.reviewing.add(name)
            self.account.categories.append(name)

    def look_at_the_sheet(self) -> None:
        """Open the contact sheet, tick there, and leave it."""
        self.press("g")
        expect(self.reviewing.page.get_by_role("listbox", name="Images")).to_be_focused()
        self.toggle()
        self.press("g")
        self.reviewing.shows(self.order[self.account.position])

    def visit_the_table(self) -> None:
        """Go to the table and the report, and come back."""
        page = self.reviewing.page
        self.reviewing.is_saved(timeout=60_000)
        page.get_by_role("link", name="Table").click()
        expect(page.get_by_role("row").filter(has_text="% of total")).to_be_visible()
        page.get_by_role("link", name="Report").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
        self.go()

    def look(self) -> None:
        """Say that the image was looked at; wherever that leads, come back and go on."""
        self.press("Enter")
        again = self.account.position in self.account.looked
        self.account.looked.add(self.account.position)
        following = self.account.position + 1
        if following < IMAGES and (again or following not in self.account.looked):
            self.account.position = following
        else:
            self.reopen()
            self.go_on()

    def step(self) -> None:
        """Review one image."""
        for _ in range(self.chance.randint(0, 3)):
            self.toggle()
        (action,) = self.chance.choices(
            [self.comment, self.take_back, self.add_category, self.look_at_the_sheet,
             self.visit_the_table, self.reopen, lambda: None],
            [10, 10, 2, 3, 0.5, 0.5, 74],
        )  # fmt: skip
        action()
        self.look()

    def figures(self, count: int = MEASURED) -> Figures:
        """Measure, leafing through the first images."""
        place, self.account.position = self.account.position, 0
        self.reopen()
        latency = tuple(self.timed() for _ in range(count))
        self.account.position = place
        self.reopen()
        self.devtools.send("HeapProfiler.collectGarbage")
        used = self.devtools.send("Runtime.getHeapUsage")["usedSize"]
        return Figures(server=resident(self.reviewing.server), page=used / 1e6, latency=latency)

    def timed(self) -> float:
        """Return how long a key takes to the next image."""
        page = self.reviewing.page
        page.evaluate(f"() => {{ window.soaked = ({NEXT_IMAGE})(); }}")
        self.press("ArrowRight")
        return float(page.evaluate("() => window.soaked"))

    def disagreements(self) -> list[str]:
        """Return where account and session file differ; none is the promise."""
        self.reviewing.is_saved(timeout=60_000)
        server, account = self.reviewing.server, self.account
        found = self.reviewing.ticks()
        kept = dict(
            server.query(
                "select position, comment from looks l join examples e on e.id = l.example "
                "where comment != ''"
            )
        )
        looked = {
            row[0]
            for row in server.query(
                "select position from looks l join examples e on e.id = l.example "
                "where status = 'looked at'"
            )
        }
        return [
            f"image {position + 1}: {kind} {there!r} in the file, {wanted!r} in the account"
            for position in range(IMAGES)
            for kind, there, wanted in (
                ("ticks", found.get(position, set()), account.ticks.get(position, set())),
                ("comment", kept.get(position), account.comments.get(position)),
                ("looked at", position in looked, position in account.looked),
            )
            if there != wanted
        ]


def resident(server: Server) -> float:
    """Return the server's resident set in MB (on Linux)."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def soak(page: Page, server: Server, *, minutes: float, measure: bool = True) -> Soak:
    """Review for so long on a new session; print figures on the way unless not to `measure`."""
    path = cats_and_dogs(server.folder, errors=IMAGES)
    drawn = new_session.draw_sample(predictions.load(path), predictions_file=path, size=IMAGES)
    categories = [NewCategory(name=name) for name in "ABC"]
    with closing(Store(server.db)) as store:
        new_session.begin(store, drawn, name="soak", categories=categories)
    page.add_init_script(NOTE_KEYS)
    reviewing = Reviewing(page, server)
    reviewing.open()
    at_work = Soak(reviewing, random.Random(11))
    first = None
    began = time.monotonic()
    images = 0
    told = began
    while time.monotonic() < began + minutes * 60:
        at_work.step()
        images += 1
        # The first round fills caches that are meant to be filled, and loads what a report needs.
        if measure and first is None and images == ROUND:
            at_work.visit_the_table()
            first = at_work.figures()
            print(f"start   {first}", flush=True)
        if measure and first and time.monotonic() > told + 120:
            told = time.monotonic()
            minute = (told - began) / 60
            print(f"{minute:5.1f} m {at_work.figures(10)}, {images:,} images", flush=True)
    if measure and first:
        last = at_work.figures()
        print(f"end     {last}")
        server_growth, page_growth = last.server - first.server, last.page - first.page
        print(f"growth  server {server_growth:+.0f} MB, page {page_growth:+.1f} MB")
        at_work.growth = max(server_growth, page_growth)
    assert reviewing.errors == []
    print(f"{images:,} images, {at_work.account.keys:,} keys in {minutes:g} minutes")
    return at_work


def main() -> None:
    """Read the command line, soak, and exit with 1 if something was lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, default=60)
    minutes = parser.parse_args().minutes
    executable = os.environ.get("ERRORTOOL_BROWSER") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        server = Server(Path(name))
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            lost = soak(page, server, minutes=minutes).disagreements()
        finally:
            browser.close()
            server.stop()
    print("nothing lost" if not lost else json.dumps(lost[:20], indent=1))
    sys.exit(bool(lost))


if __name__ == "__main__":
    main()
