"""The review page under fault: nothing that was done is lost, nothing is falsely called saved."""

import re
import resource
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from reviewing import Reviewing, Server

from errortool.store import Store

NOT_SAVED = "Not saved, retrying"


def comments_come(reviewing: Reviewing, expected: set[str]) -> None:
    """Wait until the session file has exactly these comments."""
    deadline = time.monotonic() + 20
    while (found := reviewing.comments()) != expected:
        assert time.monotonic() < deadline, (found, expected)
        time.sleep(0.05)  # a file announces no change


def changes(server: Server) -> int:
    """Return how many ticks and looks the newest session has seen."""
    ((count,),) = server.query(
        "select count(*) from events where kind in ('tick', 'look') and session = :session"
    )
    return count


# --- the server ----------------------------------------------------------------------------------


def test_a_page_outlives_its_server_and_its_token(reviewing: Reviewing):
    """Killed at work: "not saved" until there is a new server, whose token the page fetches."""
    reviewing.server.begin()
    reviewing.open()
    reviewing.press("1", "Enter")
    reviewing.is_saved()
    reviewing.server.kill()
    reviewing.press("2", "Enter", "1", "2", "Enter")
    expect(reviewing.saved).to_have_text(NOT_SAVED)
    reviewing.progress("3 of 12")
    gone = reviewing.page.get_by_role("alert").filter(has_text="The server can't be reached")
    expect(gone).to_be_visible()
    reviewing.press("2", "Enter")  # nothing takes the keys while it is gone
    reviewing.progress("4 of 12")
    reviewing.server.start()
    reviewing.is_saved(timeout=30_000)
    expect(gone).not_to_be_visible(timeout=30_000)
    assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}, 2: {"Dog", "Blurry"}, 3: {"Blurry"}}

    refused: list[str] = []

    def with_a_wrong_token(route: Route) -> None:
        refused.append(route.request.url)
        route.continue_(headers=route.request.headers | {"x-errortool-token": "0" * 64})

    reviewing.page.route("**/errortool/changes/*", with_a_wrong_token)
    reviewing.press("1", "Enter")
    expect(reviewing.saved).to_have_text(NOT_SAVED)
    assert len(reviewing.ticks()) == 4
    reviewing.page.unroute("**/errortool/changes/*")
    reviewing.is_saved()
    assert refused
    assert reviewing.ticks()[4] == {"Dog"}


@pytest.mark.parametrize("place", ["", "table", "report", "help"])
def test_every_page_says_that_the_server_cant_be_reached(reviewing: Reviewing, place: str):
    """In a sign that takes neither keys nor clicks, and goes once the server is back."""
    reviewing.server.begin()
    page = reviewing.page
    page.goto(reviewing.address(place))
    expect(page.get_by_role("heading", level=1).first).to_be_attached(timeout=30_000)
    gone = page.get_by_role("alert").filter(has_text="The server can't be reached")
    expect(gone).not_to_be_visible()
    reviewing.server.kill()
    expect(gone).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    reviewing.server.start()
    expect(gone).not_to_be_visible(timeout=30_000)


@pytest.mark.parametrize("seconds", [1, pytest.param(40, marks=pytest.mark.slow)])
def test_nothing_is_called_saved_while_the_server_is_frozen(
    reviewing: Reviewing, server: Server, seconds: int
):
    """Nothing is called saved; requests are given up (40 s), sent again, and count once."""
    server.begin()
    reviewing.open()
    reviewing.is_saved()
    reviewing.server.signal(signal.SIGSTOP)
    try:
        reviewing.mark()
        reviewing.press("1", "Enter", "2", "Enter")
        expect(reviewing.saved).to_have_text(NOT_SAVED)
        reviewing.wait_until(1_000 * seconds)
        reviewing.press("1", "Enter")
        expect(reviewing.saved).to_have_text(NOT_SAVED)
        assert reviewing.ticks() == {}
    finally:
        reviewing.server.signal(signal.SIGCONT)
    reviewing.is_saved(timeout=30_000)
    assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}, 2: {"Dog"}}
    assert changes(server) == 6


# --- the way out ---------------------------------------------------------------------------------


def test_a_comment_survives_five_ways_of_leaving(reviewing: Reviewing, context: BrowserContext):
    """Typed and left at once: it is in the file before the review is opened again, and shown."""
    reviewing.server.begin()
    url = reviewing.server.url

    def to_the_report(page: Page) -> None:
        page.get_by_role("link", name="Report").click()
        expect(page.get_by_role("heading", level=1)).to_be_attached(timeout=30_000)

    ways: dict[str, Callable[[Page], object]] = {
        "closed": lambda page: page.close(run_before_unload=True),
        "another page": to_the_report,
        "reloaded": lambda page: page.reload(),
        "back": lambda page: page.go_back(),
        "away": lambda page: page.goto("about:blank"),
    }
    left: set[str] = set()
    for position, (way, leave) in enumerate(ways.items()):
        page = context.new_page()
        page.goto(f"{url}/_stcore/health")
        at_work = Reviewing(page, reviewing.server)
        at_work.open()
        at_work.press(*["ArrowRight"] * position, "c")
        at_work.type(way)
        leave(page)
        left.add(way)
        comments_come(reviewing, left)
    reviewing.open()
    for way in ways:
        expect(reviewing.comment).to_have_value(way)
        reviewing.press("ArrowRight")


def test_a_tab_closed_right_after_a_key_loses_nothing(
    reviewing: Reviewing, context: BrowserContext
):
    """Key and close, four times: each tick is there, sent by the tab or by the next one."""
    reviewing.server.begin()
    for _ in range(4):
        at_work = Reviewing(context.new_page(), reviewing.server)
        at_work.open()
        at_work.press("1", "Enter", "2")
        at_work.page.close()
    reviewing.open()
    reviewing.is_saved()
    reviewing.progress("4 of 12")
    ticked = {position: {"Dog", "Blurry"} for position in range(1, 4)}
    assert reviewing.ticks() == {0: {"Dog"}, 4: {"Blurry"}} | ticked


@pytest.mark.parametrize("place", ["", "report"])
def test_unsent_changes_are_sent_from_any_page(
    reviewing: Reviewing, context: BrowserContext, place: str
):
    """Left offline: Sessions and Report say that it waits while it does, send it, and count it."""
    reviewing.server.begin()
    reviewing.open()
    reviewing.is_saved()
    context.set_offline(True)
    reviewing.press("1", "Enter")
    expect(reviewing.saved).not_to_have_text("Saved")
    reviewing.server.kill()  # a page that closes sends once more, past Playwright's being offline
    reviewing.page.close()
    context.set_offline(False)
    reviewing.server.start()
    later = context.new_page()
    changes = "**/errortool/changes/*"
    later.route(changes, lambda route: route.abort())
    later.goto(reviewing.address(place))
    expect(later.get_by_text("Changes made in this browser are not saved yet")).to_be_visible()
    assert reviewing.ticks() == {}
    later.unroute(changes)
    expect(later.get_by_text(re.compile("1 of (all )?12 errors")).first).to_be_visible()
    expect(later.get_by_text("Changes made in this browser")).not_to_be_visible()
    assert reviewing.ticks() == {0: {"Dog"}}


# --- the browser's storage -----------------------------------------------------------------------


def test_leftovers_of_older_pages_are_sent_or_set_aside(reviewing: Reviewing):
    """Valid changes are sent; others are kept, reported once, and never in the way."""
    reviewing.server.begin()
    reviewing.open()
    reviewing.is_saved()
    page = reviewing.page
    dog, uid = reviewing.server.query(
        "select c.id, s.uid from categories c join sessions s on s.id = c.session "
        "where c.name = 'Dog' order by 1 desc"
    )[0]
    tick = {"kind": "tick", "examples": {"3": {"ticks": {dog: 1}}}}
    nowhere = {"seq": 1, "kind": "tick", "examples": {"99999": {"ticks": {dog: 1}}}}
    foreign = {"seq": 2, "action": "tick", "row": 4}
    huge = {"seq": 3, "kind": "tick", "examples": {"5": {"ticks": {"9" * 30: 1}}}}
    half = {"seq": 4, "kind": "comment", "examples": {"5": {"comment": "half an emoji \ud83d"}}}
    left = {
        "aaaaaaaaaaaa": [{"seq": 0, **tick}, nowhere, foreign, huge, half, tick, None, "text"],
        "bbbbbbbbbbbb": {"version": 0, "items": [tick]},
        "An Older Name": [{"seq": 0, **tick}],
        "cccccccccccc": "not JSON {",
    }
    page.evaluate(
        """([uid, left]) => {
          for (const [client, value] of Object.entries(left)) {
            const text = typeof value === "string" ? value : JSON.stringify(value);
            localStorage.setItem(`errortool:${uid}:${client}`, text);
          }
        }""",
        [uid, left],
    )
    page.reload()
    reviewing.shows(reviewing.keys()[0])
    expect(reviewing.message).to_contain_text("Changes that an earlier page left can't be taken")
    reviewing.press("2", "Enter")
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Blurry"}, 3: {"Dog"}}
    kept = page.evaluate(
        "() => Object.fromEntries(Object.entries(localStorage)"
        ".filter(([name]) => /^errortool(-odd)?:/.test(name))"
        ".map(([name, text]) => [name.split(':').at(-1), text]))"
    )
    assert set(kept) == set(left)
    assert "not JSON {" in kept["cccccccccccc"]
    for trace in ("99999", '"row":4', "9" * 30, "null", '"text"'):
        assert trace in kept["aaaaaaaaaaaa"]
    assert '"seq":0' not in kept["aaaaaaaaaaaa"]
    assert reviewing.server.query("select comment from looks where comment like 'half%'") == [
        ("half an emoji \N{REPLACEMENT CHARACTER}",)
    ]
    page.reload()
    reviewing.shows(reviewing.keys()[1])
    reviewing.is_saved()
    expect(reviewing.message).to_have_text("")


FULL = """() => {
  for (let size = 1 << 20; size; size >>= 1) {
    try {
      for (let n = 0; ; n += 1) localStorage.setItem(`full-${size}-${n}`, "x".repeat(size));
    } catch {}
  }
}"""

FORBIDDEN = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); } });"""


@pytest.mark.parametrize("storage", ["full", "forbidden"])
def test_without_storage_the_page_asks_to_stay_open(
    reviewing: Reviewing, context: BrowserContext, storage: str
):
    """The page says to stay, asks before it is closed, and takes it back once all is saved."""
    reviewing.server.begin()
    page = reviewing.page
    if storage == "forbidden":
        page.add_init_script(FORBIDDEN)
    reviewing.open()
    if storage == "full":
        ((uid,),) = reviewing.server.query("select uid from sessions order by id desc limit 1")
        page.evaluate("uid => localStorage.setItem(`errortool:${uid}:odd`, '{')", uid)
        page.evaluate(FULL)
        page.reload()
        expect(reviewing.message).to_contain_text("an earlier page left can't be taken")
    reviewing.is_saved()
    context.set_offline(True)
    reviewing.press("1", "Enter", "2", "Enter")
    expect(reviewing.saved).to_have_text(NOT_SAVED)
    expect(reviewing.message).to_have_text(
        "This browser keeps nothing: stay on the page until Saved."
    )
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    assert reviewing.ticks() == {}
    context.set_offline(False)
    reviewing.is_saved()
    expect(reviewing.message).to_have_text("")
    assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}}


def test_large_outboxes_are_sent_in_batches(reviewing: Reviewing, context: BrowserContext):
    """420 kB of comments in three-byte letters, written offline, arrive; the tab closed or not."""
    reviewing.server.begin(errors=20)
    reviewing.open()
    reviewing.is_saved()
    long = "漢" * 9_990
    expected: set[str] = set()
    page = reviewing.page
    for closed in (False, True):
        context.set_offline(True)
        for number in range(7):
            comment = f"{closed} {number} {long}"
            reviewing.comment.fill(comment)
            reviewing.press("Escape", "1", "Enter")
            expected.add(comment)
        expect(reviewing.saved).not_to_have_text("Saved")
        if closed:
            page.close()
        context.set_offline(False)
        if closed:
            reviewing = Reviewing(context.new_page(), reviewing.server)
            reviewing.open()
        reviewing.is_saved(timeout=30_000)
        comments_come(reviewing, expected)
    reviewing.progress("14 of 20")
    reviewing.press("ArrowLeft")
    expect(reviewing.comment).to_have_value(comment)
    assert reviewing.ticks() == {position: {"Dog"} for position in range(14)}


# --- time ----------------------------------------------------------------------------------------


def test_a_clock_that_jumps_changes_nothing(reviewing: Reviewing, context: BrowserContext):
    """An hour's sleep, and the clock set back ten years: all is sent, no time is absurd."""
    reviewing.server.begin()
    clock = reviewing.page.clock
    clock.install(time="2026-03-01T12:00:00")
    reviewing.open()
    reviewing.press("1", "Enter")
    reviewing.is_saved()
    context.set_offline(True)
    reviewing.press("2", "Enter")
    expect(reviewing.saved).not_to_have_text("Saved")
    clock.fast_forward("01:00:00")
    reviewing.press("1")
    clock.set_system_time("2016-03-01T12:00:00")
    reviewing.press("Enter", "2")
    context.set_offline(False)
    reviewing.is_saved()
    clock.set_system_time("2036-03-01T12:00:00")
    reviewing.press("Enter", "c")
    reviewing.type("late")
    reviewing.press("Escape")
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}, 2: {"Dog"}, 3: {"Blurry"}}
    looks = reviewing.server.query(
        "select seconds from looks l join examples e on e.id = l.example "
        "where status = 'looked at' and e.session = :session"
    )
    assert len(looks) == 4
    assert all(0 <= seconds <= 61 for (seconds,) in looks)


# --- the session file ----------------------------------------------------------------------------


def test_a_session_file_that_goes_away_is_reported(reviewing: Reviewing):
    """Deleted, or another in its place: said, nothing called saved, and all goes on after."""
    reviewing.server.begin()
    reviewing.open()
    reviewing.press("1", "Enter")
    reviewing.is_saved()
    db = reviewing.server.db
    away = db.with_name("away.db")
    copy = db.with_name("copy.db")
    shutil.copy(db, copy)
    before = copy.read_bytes()
    db.rename(away)
    reviewing.press("2", "Enter")
    expect(reviewing.message).to_contain_text(
        "was deleted or moved while in use: put it back and restart"
    )
    expect(reviewing.saved).to_have_text(NOT_SAVED)
    assert not db.exists()
    copy.rename(db)
    expect(reviewing.message).to_contain_text("was replaced while in use")
    expect(reviewing.saved).to_have_text(NOT_SAVED)
    assert db.read_bytes() == before
    away.rename(db)
    reviewing.is_saved()
    expect(reviewing.message).to_have_text("")
    assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}}


def test_a_full_disk_is_reported_and_nothing_called_saved(page: Page, disk: Path):
    """The page names it within a second or so; with room again, all is saved."""
    server = Server(disk)
    try:
        server.begin()
        reviewing = Reviewing(page, server)
        reviewing.open()
        reviewing.press("1", "Enter")
        reviewing.is_saved()
        filler = disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        reviewing.press("2")
        reviewing.reports_soon("the disk is full: free some space")
        for _ in range(5):
            reviewing.press("Enter", "2", "1")
        reviewing.progress("6 of 12")
        expect(reviewing.saved).to_have_text(NOT_SAVED)
        shown = server.query("select count(*) from judgements where value = 1")
        filler.unlink()
        reviewing.is_saved()
        expect(reviewing.message).to_have_text("")
        assert shown == [(1,)]
        both = {position: {"Blurry", "Dog"} for position in range(2, 7)}
        assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}} | both
        assert reviewing.errors == []
    finally:
        server.stop()


def test_a_file_that_may_not_grow_is_reported(reviewing: Reviewing):
    """A limit on the size of files is a full disk that needs no root to try."""
    reviewing.server.begin()
    reviewing.open()
    reviewing.press("1", "Enter")
    reviewing.is_saved()
    pid = reviewing.server.process.pid
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, most))
    reviewing.press("2", "Enter", "1")
    reviewing.reports_soon("the disk can't be written")
    expect(reviewing.saved).to_have_text(NOT_SAVED)
    assert reviewing.ticks() == {0: {"Dog"}}
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))
    reviewing.is_saved()
    expect(reviewing.message).to_have_text("")
    assert reviewing.ticks() == {0: {"Dog"}, 1: {"Blurry"}, 2: {"Dog"}}


def test_the_app_makes_a_backup_when_it_opens_the_file(own_server: Server, page: Page):
    """Beside the file, in the background; ended as by Ctrl-C it leaves all in one file."""
    folder = own_server.folder
    page.goto(own_server.url)
    first = page.get_by_role("heading", name="Begin your first session")
    expect(first).to_be_visible(timeout=30_000)
    for _ in range(200):
        backups = list((folder / "errortool.db.backups").glob("????-??-??.db"))
        if backups:
            break
        page.wait_for_timeout(50)  # no page shows it
    with closing(Store(*backups)) as copy:
        assert copy.check() == ()
    own_server.stop()
    assert not (folder / "errortool.db-wal").exists()
    assert "Warning" not in own_server.output()


# --- several at once -----------------------------------------------------------------------------


def test_looking_in_one_tab_keeps_the_ticks_of_another(
    reviewing: Reviewing, context: BrowserContext
):
    """Enter means no only where nothing was said; both tabs then show what the file holds."""
    reviewing.server.begin()
    reviewing.open()
    second = Reviewing(context.new_page(), reviewing.server)
    second.open()
    waiting: list[Route] = []
    held = True

    def hold(route: Route) -> None:
        if held:
            waiting.append(route)
        else:
            route.continue_()

    second.page.route("**/errortool/changes/*", hold)
    second.press("2", "Enter", "ArrowLeft")  # not knowing of the other's tick
    reviewing.page.bring_to_front()
    reviewing.press("1")
    reviewing.is_saved()
    second.page.bring_to_front()
    held = False
    for route in waiting:
        route.continue_()
    second.is_saved()
    second.ticked("Dog")
    second.ticked("Blurry")
    reviewing.page.bring_to_front()
    reviewing.ticked("Dog")
    reviewing.ticked("Blurry")
    assert reviewing.ticks() == {0: {"Dog", "Blurry"}}


def test_ticks_during_a_reload_of_the_review_can_be_undone(reviewing: Reviewing):
    """A tick made while a merge has the page read anew is undone in the file as on the screen."""
    reviewing.server.begin()
    reviewing.open()
    reviewing.add("Moved")
    page = reviewing.page

    def tick_meanwhile(route: Route) -> None:
        before = route.fetch()
        reviewing.press("2", "ArrowRight", "2", "ArrowRight", "2", "u")
        route.fulfill(response=before)

    page.route("**/errortool/review/*", tick_meanwhile, times=1)
    reviewing.category("Moved").hover()
    reviewing.button("Edit Moved").click()
    page.get_by_label("Merge into").select_option("Dog")
    reviewing.button("Merge").click()
    expect(reviewing.category("Moved")).not_to_be_visible()
    reviewing.shows(reviewing.keys()[2])
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Blurry"}, 1: {"Blurry"}}
    reviewing.press("u")
    expect(reviewing.message).to_have_text("Undid ticking Blurry on image 2")
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"Blurry"}}


SAVE_TIMES = """() => performance.getEntriesByType("resource")
  .filter(({ name, responseEnd }) => name.includes("/errortool/changes/") && responseEnd)
  .map(({ duration }) => duration)"""


@pytest.mark.parametrize("seconds", [5, pytest.param(120, marks=pytest.mark.slow)])
def test_five_tabs_at_once(server: Server, browser: Browser, context: BrowserContext, seconds: int):
    """Three tabs of one reviewer and two of others, at speed: every tick is where it was made."""
    server.begin(errors=60)
    other = browser.new_context()
    tabs = [Reviewing(context.new_page(), server) for _ in range(3)]
    tabs += [Reviewing(other.new_page(), server) for _ in range(2)]
    names = ["Ann", "Ann", "Ann", "Bob", "Bob"]
    expected: dict[tuple[str, int], set[str]] = {}
    size = 60 // 3
    for index, (tab, name) in enumerate(zip(tabs, names, strict=True)):
        tab.page.add_init_script(f"localStorage.setItem('errortool-reviewer', '{name}')")
        tab.page.add_init_script("performance.setResourceTimingBufferSize(1e5)")
        tab.open()
        tab.press(*["ArrowRight"] * (index % 3 * size))
    made = 0
    tabs[0].mark()
    turn = 0
    while tabs[0].page.evaluate("performance.now()") < tabs[0].began + seconds * 1000:
        step = turn % size
        for index, (tab, name) in enumerate(zip(tabs, names, strict=True)):
            position = index % 3 * size + step
            category = turn // size * 7 + index + step
            tab.press(str(1 + category % 2))
            expected.setdefault((name, position), set())
            expected[name, position] ^= {("Dog", "Blurry")[category % 2]}
            looked = turn < size - 1
            made += 1 + looked
            if step < size - 1:
                tab.press("Enter" if looked else "ArrowRight")
            else:
                tab.press(*["ArrowLeft"] * step)
        turn += 1
    times: list[float] = []
    for tab in tabs:
        tab.page.bring_to_front()
        tab.is_saved(timeout=30_000)
        times += tab.page.evaluate(SAVE_TIMES)
        assert tab.errors == []
    found: dict[tuple[str, int], set[str]] = {}
    for name, position, category in server.query(
        "select j.reviewer, e.position, c.name from judgements j "
        "join examples e on e.id = j.example join categories c on c.id = j.category "
        "where value = 1 and e.session = :session"
    ):
        found.setdefault((name, position), set()).add(category)
    assert found == {key: ticks for key, ticks in expected.items() if ticks}
    assert changes(server) == made
    assert "locked" not in server.output()
    late = sorted(times)[int(len(times) * 0.95)]
    print(f"\n5 tabs, {seconds} s: {made:,} changes; p95 {late:.0f} ms of {len(times):,} requests")
    other.close()
