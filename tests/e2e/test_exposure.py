"""The real server, below a path of its own: who may open its WebSocket, what all answers say."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from reviewing import Reviewing, Server
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

BASE = "/tools/errors"


class Below(Server):
    """The app below a path, as behind a proxy that serves other things too."""

    @staticmethod
    def _answers(url: str) -> bool:
        return Server._answers(url + BASE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give the app below BASE, with one session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", BASE)
        started = Below(tmp_path_factory.mktemp("server"))
    started.url += BASE
    started.begin()
    yield started
    started.stop()


def status(server: Server, **headers: str) -> int:
    """Return what the server answers who asks for its WebSocket."""
    url = f"ws://127.0.0.1:{server.port}{BASE}/_stcore/stream"
    try:
        with connect(url, additional_headers=headers, subprotocols=["streamlit"]):  # type: ignore[list-item]
            return 101
    except InvalidStatus as error:
        return error.response.status_code


def test_a_review_below_a_path_of_its_own(reviewing: Reviewing):
    """Pages, images and ticks find their way."""
    reviewing.open()
    reviewing.press("1", "Enter")
    reviewing.is_saved()
    assert reviewing.server.query("select count(*) from judgements where value") == [(1,)]


def test_the_websocket_is_for_our_own_pages(server: Server):
    """Other origins, `null`, other ports and rebound names get no page of Streamlit's."""
    own = f"http://127.0.0.1:{server.port}"
    assert status(server) == 101
    assert status(server, Origin=own) == 101
    for origin in ("null", "http://evil.example", "http://127.0.0.1:9", "http://localhost:9", "x"):
        assert status(server, Origin=origin) == 403
    for site in ("cross-site", "same-site"):
        assert status(server, **{"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "websocket"}) == 403


def test_every_answer_of_the_server_carries_the_policy(server: Server):
    """Streamlit's page, its files, its health, what isn't there, and refusals."""
    answers = {}
    for path, host in (
        ("/", ""),
        ("/review", ""),
        ("/_stcore/health", ""),
        ("/static/nosuch.js", ""),
        ("/errortool/review/nosuch", ""),
        ("/", "evil.example"),
    ):
        request = urllib.request.Request(server.url + path)  # noqa: S310
        if host:
            request.add_header("Host", host)
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                found = answer
        except urllib.error.HTTPError as error:
            with error:
                found = error
        answers[path, host] = found.status
        assert "default-src 'none'" in found.headers["Content-Security-Policy"], path
        assert found.headers["X-Content-Type-Options"] == "nosniff", path
        assert found.headers["Cross-Origin-Resource-Policy"] == "same-origin", path
    assert answers["/", ""] == answers["/review", ""] == 200
    assert answers["/", "evil.example"] == 403
