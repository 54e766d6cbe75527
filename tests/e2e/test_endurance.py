"""Nothing is lost when it takes long: keys at speed for minutes, servers that stay away."""

import random

import pytest
from bench.soak import soak
from playwright.sync_api import BrowserContext, Page, expect
from reviewing import Reviewing, Server

CATEGORIES = ("A", "B", "C", "D", "E", "F", "G", "H")


def typed(reviewing: Reviewing, errors: int, *, ticks: int, pause: float) -> dict[int, set[str]]:
    """Tick at random, Enter after each image's ticks; return what must be ticked in the end."""
    chance = random.Random(7)
    account: dict[int, set[str]] = {position: set() for position in range(errors)}
    each = ticks // errors
    reviewing.mark()
    for number in range(ticks):
        position = number // each
        name = chance.choice(CATEGORIES)
        account[position] ^= {name}
        reviewing.press(str(1 + CATEGORIES.index(name)))
        reviewing.wait_until((number + 1) * pause)
        if number % each == each - 1:
            reviewing.press("Enter")
    return {position: names for position, names in account.items() if names}


def agree(reviewing: Reviewing, account: dict[int, set[str]], errors: int) -> None:
    """Compare the script's own account with the file, and with the screen, image by image."""
    reviewing.progress(f"{errors} of {errors}")
    reviewing.is_saved()
    assert reviewing.ticks() == account
    reviewing.page.reload()
    keys = reviewing.keys()
    reviewing.shows(keys[errors - 1])
    for position in range(errors - 1, -1, -1):
        reviewing.shows(keys[position])
        shown = reviewing.page.get_by_role("checkbox", checked=True)
        names = {box.get_attribute("aria-label") for box in shown.all()}
        assert names == account.get(position, set())
        reviewing.press("ArrowLeft")


def test_keys_with_random_gaps_are_all_kept(reviewing: Reviewing):
    """160 ticks over 10 images, 25 ms apart: screen, file and account agree."""
    reviewing.server.begin(errors=10, categories=CATEGORIES)
    reviewing.open()
    agree(reviewing, typed(reviewing, 10, ticks=160, pause=25), 10)


@pytest.mark.slow
def test_ten_keys_a_second_for_160_seconds(reviewing: Reviewing):
    """1,600 ticks over 100 images: screen, file and the script's own account agree on each."""
    reviewing.server.begin(errors=100, categories=CATEGORIES)
    reviewing.open()
    agree(reviewing, typed(reviewing, 100, ticks=1_600, pause=100), 100)


@pytest.mark.parametrize(
    "seconds", [5, pytest.param(130, marks=pytest.mark.slow)], ids=["5 s", "130 s"]
)
def test_offline_nothing_is_lost_and_nothing_falsely_saved(
    reviewing: Reviewing, context: BrowserContext, seconds: int
):
    """What is done without a network waits, is said to wait, and arrives."""
    reviewing.server.begin(errors=20, categories=CATEGORIES)
    reviewing.open()
    reviewing.press("1", "Enter")
    reviewing.is_saved()
    context.set_offline(True)
    for number in range(1, 8):
        reviewing.press(str(number), "Enter")
    expect(reviewing.saved).to_have_text("Not saved, retrying")
    reviewing.mark()
    reviewing.wait_until(1000 * seconds)
    expect(reviewing.saved).to_have_text("Not saved, retrying")
    reviewing.progress("8 of 20")
    assert reviewing.ticks() == {0: {"A"}}
    context.set_offline(False)
    reviewing.is_saved()
    assert reviewing.ticks() == {0: {"A"}} | {n: {CATEGORIES[n - 1]} for n in range(1, 8)}


@pytest.mark.parametrize("lives", [3, pytest.param(25, marks=pytest.mark.slow)])
def test_a_server_that_is_killed_again_and_again_loses_nothing(reviewing: Reviewing, lives: int):
    """SIGKILL at random moments under work: every tick is there in the end."""
    reviewing.server.begin(errors=100, categories=CATEGORIES)
    reviewing.open()
    chance = random.Random(3)
    expected: dict[int, set[str]] = {}
    position = 0
    for _ in range(lives):
        for number in range(chance.randint(2, 20 if lives < 10 else 4)):
            if number == 1:
                reviewing.server.kill()
            name = chance.choice(CATEGORIES)
            reviewing.press(str(1 + CATEGORIES.index(name)), "Enter")
            expected[position] = {name}
            position += 1
        reviewing.server.start()
        reviewing.is_saved(timeout=30_000)
        assert reviewing.ticks() == expected


def test_a_soak_loses_nothing(page: Page, own_server: Server):
    """A reviewer of all trades for a quarter of a minute: the file agrees with the account."""
    soaked = soak(page, own_server, minutes=0.25, measure=False)
    assert soaked.account.keys > 50
    assert soaked.disagreements() == []


@pytest.mark.slow
def test_a_soak_of_ten_minutes_loses_nothing_and_grows_little(page: Page, own_server: Server):
    """Server and page grow by 50 MB at most once they are warm, and every change is kept."""
    soaked = soak(page, own_server, minutes=10)
    assert soaked.disagreements() == []
    assert soaked.growth < 50
