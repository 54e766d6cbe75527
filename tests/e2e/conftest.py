"""A real server and a real browser for whole journeys."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reviewing import Reviewing, Server

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give one app to all tests of a file: each begins a session of its own."""
    started = Server(tmp_path_factory.mktemp("server"))
    yield started
    started.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """Give the app on a new session file, to one test alone."""
    started = Server(tmp_path)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Use the browser that `tests/run` found."""
    executable = os.environ.get("ERRORTOOL_BROWSER") or shutil.which("chromium")
    return {
        **browser_type_launch_args,
        **({"executable_path": executable} if executable else {}),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    """Look at it on a laptop's screen."""
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def reviewing(page: Page, server: Server) -> Iterator[Reviewing]:
    """Give the review page; at the end no script may have failed."""
    at_work = Reviewing(page, server)
    yield at_work
    assert at_work.errors == []
