"""The app as a user starts it, and the review page as a reviewer uses it."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

from helpers import begin, cats_and_dogs, query
from playwright.sync_api import Locator, Page, expect

from errortool.model import Session
from errortool.store import Store

START_SECONDS = 60


class Server:
    """The app, started as a user starts it, on a session file of its own.

    Tests may share one: each begins a session of its own in it, and asks the file about that.
    """

    def __init__(self, folder: Path, *arguments: str) -> None:
        """Start it in `folder`, where it also looks for files; stop it with `stop`."""
        self.folder = folder
        self.db = folder / "errortool.db"
        self.arguments = arguments
        self.port = "0"
        self.start()

    def start(self) -> None:
        """Start it, again on the same port after a stop, and wait until it answers."""
        command = Path(sys.executable).with_name("errortool")
        self.log = (self.folder / "server.log").open("w+")
        self.process = subprocess.Popen(
            [command, *self.arguments, "--db", self.db, "--port", self.port, "--no-browser"],
            cwd=self.folder,
            env=os.environ | {"XDG_CACHE_HOME": str(self.folder / "cache")},
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended:\n{self.output()}")
            told = re.search(r"errortool: (http://\S+:(\d+))(\S*)", self.output())
            if told and self._answers(told[1]):
                self.url, self.port, self.opens = told[1], told[2], told[1] + told[3]
                return
            time.sleep(0.05)  # only its log and its port say that it is up
        raise RuntimeError(f"the server did not start:\n{self.output()}")

    @staticmethod
    def _answers(url: str) -> bool:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except OSError:
            return False

    def output(self) -> str:
        """Return what it printed."""
        return Path(self.log.name).read_text()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it at once, as a crash does."""
        self.process.kill()
        self.process.wait()
        self.log.close()

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()

    def begin(self, *, errors: int = 12, **options) -> Session:
        """Begin a session with images of its own; `options` are those of helpers.begin."""
        with closing(Store(self.db)) as store:
            number = 1 + len(store.sessions())
            path = cats_and_dogs(self.folder / f"pets {number}", errors=errors)
            return begin(store, path, **{"name": f"pets {number}"} | options)

    def query(self, sql: str, *parameters: object) -> list[tuple]:
        """Ask the session file, as anybody can; `:session` in `sql` is the newest session's id."""
        if ":session" not in sql:
            return query(self.db, sql, *parameters)
        return query(
            self.db, sql.replace(":session", "(select max(id) from sessions)"), *parameters
        )


class Reviewing:
    """The review page as a reviewer uses it."""

    def __init__(self, page: Page, server: Server) -> None:
        """Work in `page` on what `server` serves."""
        self.page, self.server = page, server
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.saved = page.get_by_role("status")
        self.image = page.get_by_role("img", name=re.compile("^example "))
        self.comment = page.get_by_label("Comment", exact=True)
        self.message = page.locator("[data-part=notice]")

    def address(self, page: str = "review") -> str:
        """Return the address of a page on the newest session."""
        ((session,),) = self.server.query("select :session")
        return f"{self.server.url}/{page}?session={session}"

    def open(self) -> None:
        """Open the review of the newest session and wait for its first image."""
        self.page.goto(self.address())
        expect(self.image).to_be_visible(timeout=30_000)

    def type(self, text: str) -> None:
        """Type into the field that has the keyboard."""
        self.page.keyboard.type(text)

    def button(self, name: str) -> Locator:
        """Return the button of that name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def ticked(self, name: str, answer: str = "true") -> None:
        """Wait until a category is ticked ("true"), isn't ("false"), or is for some ("mixed")."""
        expect(self.category(name)).to_have_attribute("aria-checked", answer)

    def mark(self) -> None:
        """Start the clock that `wait_until` reads."""
        self.began = float(self.page.evaluate("performance.now()"))

    def wait_until(self, milliseconds: float) -> None:
        """Let time pass, by the page's clock, until so long after `mark`."""
        self.page.evaluate(
            "then => new Promise((done) => setTimeout(done, then - performance.now()))",
            self.began + milliseconds,
        )

    def add(self, name: str) -> None:
        """Add a category, ticked nowhere."""
        self.press("n")
        self.type(name)
        self.press("Shift+Enter")
        expect(self.category(name)).to_be_visible()

    def run(self, words: str) -> None:
        """Run the command that is found first by these words."""
        self.press("Control+k")
        self.type(words)
        self.press("Enter")
        expect(self.page.locator("[data-part=palette]")).not_to_be_visible()

    def goes_on_as(self, name: str) -> None:
        """Go on as somebody new."""
        self.page.get_by_label("Reviewer").select_option("Somebody new…")
        self.page.get_by_label("Your name").fill(name)
        self.button(f"Begin as {name}").click()
        expect(self.message).to_have_text(f"Reviewing as {name}")

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def category(self, name: str) -> Locator:
        """Return a category's checkbox."""
        return self.page.get_by_role("checkbox", name=name, exact=True)

    def filter(self, field: str, value: str) -> None:
        """Filter the contact sheet or the table by one of a field's values."""
        self.button("+ Filter").click()
        self.page.get_by_label("Filter by").select_option(label=field)
        self.page.locator(".menu-value select").select_option(value)
        self.press("Escape")

    def unfilter(self, chip: str) -> None:
        """Remove a filter."""
        self.button(f"Remove the filter {chip}").click()

    def progress(self, text: str) -> None:
        """Wait until the progress reads so."""
        expect(self.page.get_by_text(text, exact=True)).to_be_visible()

    def shows(self, key: str) -> None:
        """Wait until the example of that id is on screen."""
        expect(self.image).to_have_accessible_name(f"example {key}")

    def is_saved(self, timeout: float = 30_000) -> None:
        """Wait until everything is on disk."""
        expect(self.saved).to_have_text("Saved", timeout=timeout)

    def reports_soon(self, sentence: str) -> None:
        """Wait until the page says so: it is meant to within a second, and given three."""
        expect(self.message).to_contain_text(sentence, timeout=3_000)

    def ticks(self) -> dict[int, set[str]]:
        """Return what is ticked in the newest session, by position, by the session file."""
        found: dict[int, set[str]] = {}
        for position, name in self.server.query(
            "select e.position, c.name from judgements j join examples e on e.id = j.example "
            "join categories c on c.id = j.category where j.value = 1 and not c.retired "
            "and e.session = :session"
        ):
            found.setdefault(position, set()).add(name)
        return found

    def comments(self) -> set[str]:
        """Return the newest session's comments, by the session file."""
        return {
            row[0]
            for row in self.server.query(
                "select comment from looks l join examples e on e.id = l.example "
                "where comment != '' and e.session = :session"
            )
        }

    def tally(self) -> list[tuple[str, int, int]]:
        """Return the newest session's categories with how many were looked at and ticked."""
        return [
            (str(category), int(looked_at), int(ticked))
            for category, looked_at, ticked in self.server.query(
                "select category, looked_at, ticked from tally "
                "where session = (select name from sessions where id = :session)"
            )
        ]

    def looks(self, column: str) -> list[object]:
        """Return one column of the newest session's looks, in the order of review."""
        return [
            row[0]
            for row in self.server.query(
                f"select l.{column} from looks l join examples e on e.id = l.example "
                "where e.session = :session order by e.position"
            )
        ]

    def keys(self) -> list[str]:
        """Return the newest session's examples, by id, in the order of review."""
        return [
            row[0]
            for row in self.server.query(
                "select key from examples where session = :session order by position"
            )
        ]
