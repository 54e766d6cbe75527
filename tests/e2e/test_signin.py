"""Signing in, by a real provider on this computer and a real browser."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs
from playwright.sync_api import Page, expect
from provider import CLIENT, CLIENT_SECRET, Provider
from reviewing import Reviewing, Server

from errortool.store import Store


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Give a provider that knows Ann and Bob."""
    started = Provider()
    yield started
    started.stop()


@pytest.fixture
def server(tmp_path: Path, provider: Provider) -> Iterator[Server]:
    """Give the app on all addresses, with one session, for whoever signs in."""
    (tmp_path / ".streamlit").mkdir()
    told = {
        "redirect_uri": "http://localhost:{port}/oauth2callback",
        "cookie_secret": "0123456789abcdef" * 4,
        "client_id": CLIENT,
        "client_secret": CLIENT_SECRET,
        "server_metadata_url": f"{provider.url}/.well-known/openid-configuration",
    }
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in told.items())
    (tmp_path / ".streamlit" / "secrets.toml").write_text(f"[auth]\n{lines}\n")
    store = Store(tmp_path / "errortool.db", create=True)
    begin(store, cats_and_dogs(tmp_path))
    store.close()
    started = Server(tmp_path, "--host", "0.0.0.0")  # noqa: S104
    yield started
    started.stop()


def status(url: str) -> int:
    """Return what a stranger is answered."""
    try:
        with urllib.request.urlopen(url) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def sign_in(page: Page, who: str) -> None:
    """Sign in by the button and the provider's page."""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name=who).click()


def ticks(server: Server) -> list[tuple]:
    """Return who ticked what, by the session file."""
    return server.query(
        "select distinct c.name, j.reviewer from judgements j join categories c "
        "on c.id = j.category where j.value order by 1"
    )


def test_only_signed_in_users_review_under_their_own_names(page: Page, server: Server):
    """A stranger sees a button; Ann's tick is Ann's; made signed out, it waits for her, not Bob."""
    (uid,) = server.query("select uid from sessions")[0]
    ours = [f"{server.url}/errortool/{path}" for path in (f"review/{uid}", f"image/{uid}/0")]
    assert [status(url) for url in ours] == [401, 401]

    for place in ("", "review", "table", "report", "help", "sign-out"):
        page.goto(f"{server.url}/{place}")
        expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("pets")).to_have_count(0)
        expect(page.get_by_role("link")).to_have_text(["Skip to main content"])

    page.goto(f"{server.url}/review?session=1")
    sign_in(page, "ann")
    expect(page.get_by_text("pets")).to_be_visible(timeout=30_000)
    reviewing = Reviewing(page, server)
    reviewing.open()
    name = page.get_by_label("Reviewer")
    expect(name).to_have_value("ann@example.org")
    expect(name).to_be_disabled()
    reviewing.press("1", "Enter")
    reviewing.is_saved()
    assert server.query("select distinct reviewer from looks") == [("ann@example.org",)]
    assert ticks(server) == [("Dog", "ann@example.org")]
    assert (
        page.evaluate(f"fetch('/errortool/review/{uid}?reviewer=bob').then(a => a.status)") == 401
    )

    other = page.context.new_page()
    other.goto(f"{server.url}/sign-out")
    expect(other.get_by_role("button", name="Sign in")).to_be_visible(timeout=30_000)
    reviewing.press("2")
    expect(reviewing.saved).to_have_text("Not saved, retrying")
    expect(reviewing.message).to_contain_text("you are not signed in")

    sign_in(other, "bob")
    expect(other.get_by_text("pets")).to_be_visible(timeout=30_000)
    other.goto(f"{server.url}/review?session=1")
    expect(other.get_by_label("Reviewer")).to_have_value("bob@example.org", timeout=30_000)
    expect(reviewing.message).to_contain_text("signed in as 'bob@example.org'")
    assert ticks(server) == [("Dog", "ann@example.org")]

    other.get_by_role("link", name="Sign out").click()
    sign_in(other, "ann")
    reviewing.is_saved()
    assert ticks(server) == [("Blurry", "ann@example.org"), ("Dog", "ann@example.org")]
