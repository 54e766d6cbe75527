"""Who gets in: nobody from outside unless asked for, strangers nowhere, and headers on all."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from helpers import ROOT
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from errortool.errors import ExposureError
from errortool.model import Session
from errortool.store import Store
from errortool.web import protocol, service
from errortool.web.app import parts, streamlit_settings
from errortool.web.security import exposure, headers, signin
from errortool.web.security.guard import allowed

SECRET = "0123456789abcdef" * 4
AUTH = {
    "redirect_uri": "https://errors.example.org/oauth2callback",
    "cookie_secret": SECRET,
    "client_id": "errortool",
    "client_secret": "s",
    "server_metadata_url": "https://id.example.org/.well-known/openid-configuration",
}


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch):
    """Give every test Streamlit's settings as they come along, and leave them so."""
    monkeypatch.delenv(exposure.INSECURE_VARIABLE, raising=False)

    def fresh() -> None:
        config.get_config_options(force_reparse=True, options_from_flags=streamlit_settings())
        secrets_singleton._reset()
        signin.required.cache_clear()

    fresh()
    yield
    fresh()


@pytest.fixture
def served(store: Store, monkeypatch: pytest.MonkeyPatch):
    """Let our routes find the session file `store`."""
    monkeypatch.setenv(service.DB_VARIABLE, str(store.path))
    service.service.cache_clear()
    yield
    service.service().store.close()
    service.service.cache_clear()


def listen_on(address: str) -> None:
    """Tell the settings where the server listens."""
    config.set_option("server.address", address)


def set_up_sign_in(folder: Path, **changed: str | None) -> None:
    """Write secrets.toml as Streamlit's documentation says, with some lines changed or left out."""
    lines = {key: value for key, value in (AUTH | changed).items() if value is not None}
    text = "[auth]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in lines.items())
    write_secrets(folder, text)


def write_secrets(folder: Path, text: str) -> None:
    """Write secrets.toml and let Streamlit find it."""
    path = folder / "secrets.toml"
    path.write_text(text)
    config.set_option("secrets.files", [str(path)])
    secrets_singleton._reset()
    signin.required.cache_clear()


def app(at: str = "http://localhost:8501", **options) -> TestClient:
    """Return a client of our routes behind all that stands before them."""
    stack = parts()
    return TestClient(
        Starlette(
            routes=[*stack["routes"], Route("/{rest:path}", PlainTextResponse("Streamlit's"))],
            middleware=stack["middleware"],
            exception_handlers=stack["exception_handlers"],
        ),
        base_url=at,
        follow_redirects=False,
        **options,
    )


# --- where it listens ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("localhost", True),
        ("", False),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("192.168.1.5", False),
        ("10.0.0.1", False),
        ("127.1", False),
        ("127.0.0.1.example", False),
        ("my-computer", False),
        ("localhost.example", False),
    ],
)
def test_only_loopback_needs_no_permission(address: str, private: bool, monkeypatch):
    """Any other address is refused with one sentence, and served where the risk is accepted."""
    listen_on(address)
    if private:
        exposure.refuse_strangers()
        return
    with pytest.raises(ExposureError, match=r"reached from other computers.*--insecure"):
        exposure.refuse_strangers()
    monkeypatch.setenv(exposure.INSECURE_VARIABLE, "1")
    exposure.refuse_strangers()


@pytest.mark.parametrize(
    "command",
    [
        ("errortool", "--host", "0.0.0.0", "--no-browser"),  # noqa: S104
        ("errortool", "demo", "--host", "::", "--no-browser"),
        ("streamlit", "run", ROOT / "app.py", "--server.address", "0.0.0.0",  # noqa: S104
         "--server.headless", "true", "--server.port", "0"),
    ],
    ids=["errortool", "demo", "streamlit"],
)  # fmt: skip
def test_the_app_does_not_start_where_strangers_could_reach_it(command, tmp_path: Path):
    """However it is started: exit 1, one sentence, no traceback."""
    name, *arguments = command
    ended = subprocess.run(
        [Path(sys.executable).with_name(name), *arguments],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={k: v for k, v in os.environ.items() if k != exposure.INSECURE_VARIABLE},
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: '")
    assert ended.stderr.count("\n") == 1
    assert "can be reached from other computers" in ended.stderr


@pytest.mark.parametrize(
    "address", ["nosuch.invalid", "203.0.113.1", "unix:///tmp/x", "::g", "ü.."]
)
def test_an_address_of_another_computer_is_rejected(address: str):
    """One sentence, where the operating system would raise."""
    listen_on(address)
    with pytest.raises(ExposureError, match="isn't an address of this computer"):
        exposure.refuse_foreign_address()


def test_connections_from_outside_are_refused_on_any_binding():
    """`uvicorn app:app --host 0.0.0.0` asks nobody: whoever comes from outside gets 403."""
    headers = {"host": "localhost:8501"}
    assert app("http://192.168.1.5:8501").get("/", headers=headers).status_code == 403
    assert app("http://localhost:8501").get("/", headers=headers).status_code == 200


def test_insecure_admits_addresses_but_no_foreign_names(monkeypatch):
    """--insecure opens the door, and still no page can rebind a name of its own to us."""
    monkeypatch.setenv(exposure.INSECURE_VARIABLE, "1")
    listen_on("0.0.0.0")  # noqa: S104
    came_in = app("http://192.168.1.5:8501")
    assert came_in.get("/").status_code == 200
    assert came_in.get("/", headers={"host": "[fe80::1]:8501"}).status_code == 200
    assert came_in.get("/", headers={"host": "evil.example:8501"}).status_code == 403
    listen_on("192.168.1.5")
    assert app("http://192.168.1.5:8501").get("/").status_code == 200
    assert came_in.get("/", headers={"host": "192.168.1.6:8501"}).status_code == 403


def test_behind_a_proxy_the_origin_must_match_the_settings():
    """Another port of the public name is somebody else's page."""
    config.set_option("server.allowedHosts", ["errors.example.org"])
    config.set_option("server.corsAllowedOrigins", ["https://errors.example.org"])
    assert allowed("errors.example.org", "https://errors.example.org")
    assert allowed("127.0.0.1:8501", "https://errors.example.org")
    assert not allowed("127.0.0.1:8501", "https://errors.example.org:8443")
    assert not allowed("127.0.0.1:8501", "https://other.example.org")


@pytest.mark.parametrize(
    ("site", "mode", "status"),
    [
        ("same-origin", "cors", 200),
        ("none", "navigate", 200),
        ("cross-site", "navigate", 200),
        ("cross-site", "no-cors", 403),
        ("same-site", "no-cors", 403),
        ("cross-site", "cors", 403),
        ("same-site", "websocket", 403),
    ],
)
def test_other_sites_may_link_to_us_but_not_embed_us(site: str, mode: str, status: int):
    """An <img> or a script of another page, or of another local port, gets nothing."""
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode}
    assert app().get("/", headers=headers).status_code == status


def test_routes_exist_only_below_the_base_path(served, session: Session):
    """server.baseUrlPath moves ours too, and strangers' list of open paths with it."""
    config.set_option("server.baseUrlPath", "/tools/errors")
    path = f"/errortool/review/{session.uid}"
    assert app().get(f"/tools/errors{path}").json()["session"]["name"] == "pets"
    assert app().get(path).text == "Streamlit's"


# --- what every answer says ----------------------------------------------------------------------


def test_every_answer_carries_the_policy(served, session: Session, monkeypatch):
    """Pages, our routes, refusals, unknown paths and our own faults."""
    monkeypatch.setattr(protocol, "review_json", lambda *_: 1 / 0)
    testing = app(raise_server_exceptions=False)
    answers = {
        200: testing.get("/"),
        403: testing.get("/", headers={"host": "evil.example"}),
        404: testing.get("/errortool/review/nosuch"),
        500: testing.get(f"/errortool/review/{session.uid}"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        for name, value in headers.security_headers().items():
            assert answer.headers[name] == value, (status, name)
    assert "log says" in answers[500].json()["error"]


def test_nothing_may_be_framed_run_or_loaded_but_our_own():
    """The policy names no other site, no inline script and no eval."""
    told = headers.security_headers()["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in told
    assert "'unsafe-eval'" not in told
    scripts = told.partition("script-src ")[2].partition(";")[0]
    assert "unsafe-inline" not in scripts
    assert "//" not in told
    assert "*" not in told


# --- what they make of odd requests --------------------------------------------------------------


@pytest.mark.parametrize("number", ["-1", "9" * 5000, str(1 << 70), "²", "٣", "1e3", "..%2f..%2fx"])
def test_odd_numbers_in_urls_cause_no_server_error(served, session: Session, number: str):
    """No such image, no older steps: never a 500."""
    image = app().get(f"/errortool/image/{session.uid}/{number}")
    assert image.status_code in {200, 422}  # 200: another path, which is Streamlit's
    assert image.text == "Streamlit's" or "no image" in image.json()["error"]
    assert app().get(f"/errortool/steps/{session.uid}?before={number}").json() == []


@pytest.mark.parametrize(
    "change",
    [
        {"examples": {"0": {"seconds": float("nan")}}},
        {"examples": {"0": {"seconds": float("inf")}}},
        {"examples": {str(1 << 70): {"comment": "x"}}},
        {"examples": {"0": {"ticks": {str(1 << 70): True}}}},
        {"examples": {"0": {"ticks": {"../x:1": True}}}},
        {"undo": str(1 << 70)},
        {"merge": [str(1 << 70), "1"]},
    ],
    ids=str,
)
def test_a_change_with_an_odd_number_is_refused_by_itself(served, store, session, change):
    """The others in the batch are not kept waiting by it."""
    good = {"seq": 2, "kind": "look", "examples": {"0": {"comment": "kept"}}}
    answer = send(session, {"seq": 1, "kind": "look"} | change, good)
    assert [refused["seq"] for refused in answer.json()["refused"]] == [1]
    assert store.rows(session)[0].comment == "kept"


@pytest.mark.parametrize("text", ["half \ud83d an emoji", "NUL \0 inside"])
def test_characters_that_no_file_can_hold_are_replaced(served, store, session, text):
    """A comment cut in the middle of an emoji must not be sent again for ever."""
    change = {"seq": 1, "kind": "look", "examples": {"0": {"comment": text}}}
    assert send(session, change).json()["refused"] == []
    shown = store.rows(session)[0].comment
    assert shown == text.replace("\0", "�").encode(errors="replace").decode().replace("?", "�")


def send(session: Session, *changes: dict, **options):
    """Send changes as the review page does."""
    body = {"client": "0123456789abcdef", "after": 0, "changes": list(changes)}
    token = {"x-errortool-token": service.service().token(session.uid)}
    headers = {"content-type": "application/json"} | token
    return app(**options).post(
        f"/errortool/changes/{session.uid}", content=json.dumps(body), headers=headers
    )


# --- sign-in -------------------------------------------------------------------------------------


def cookie(*, secret: str = SECRET, **claims: object) -> str:
    """Return the cookie that Streamlit makes when somebody signed in."""
    value = {"origin": "https://errors.example.org", "is_logged_in": True, "provider": "default"}
    return create_signed_value(secret, "_streamlit_user", json.dumps(value | claims)).decode()


def come(path: str = "/errortool/review/nosuch", signed: str = "", **options):
    """Ask for a path with a cookie."""
    cookies = {"cookie": f"_streamlit_user={signed}"} if signed else {}
    return app("https://errors.example.org").get(path, headers=cookies, **options)


def test_with_sign_in_any_address_is_served(tmp_path: Path):
    """Others may come, because we know who they are."""
    listen_on("0.0.0.0")  # noqa: S104
    set_up_sign_in(tmp_path)
    exposure.refuse_strangers()
    assert signin.providers() == ("default",)
    assert exposure.address() == "https://errors.example.org"
    assert allowed("errors.example.org", "https://errors.example.org")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"cookie_secret": "x" * 31}, "less than 32 characters"),
        ({"cookie_secret": None}, "cookie_secret"),
        ({"redirect_uri": None}, "redirect_uri"),
        ({"redirect_uri": "https://errors.example.org/"}, "with /oauth2callback behind it"),
        ({"redirect_uri": "/oauth2callback"}, "with /oauth2callback behind it"),
        ({"client_secret": None}, "client_secret"),
        ({"server_metadata_url": None}, "server_metadata_url"),
        ({"client_id": None}, "client_id"),
    ],
    ids=str,
)
def test_a_sign_in_that_cannot_work_is_reported_at_the_start(
    tmp_path: Path, changed, sentence: str
):
    """Also on this computer alone: whoever set it up wants it."""
    set_up_sign_in(tmp_path, **changed)
    with pytest.raises(ExposureError, match=sentence):
        exposure.refuse_strangers()


def test_unreadable_secrets_do_not_disable_the_sign_in(tmp_path: Path):
    """A typing error in secrets.toml must not turn the sign-in off."""
    write_secrets(tmp_path, "[auth\n")
    with pytest.raises(ExposureError, match="isn't valid TOML"):
        exposure.refuse_strangers()


def test_secrets_without_auth_set_up_no_sign_in(tmp_path: Path):
    """Other secrets of the folder are none of our business."""
    write_secrets(tmp_path, "[other]\nkey = 1\n")
    exposure.refuse_strangers()
    assert not signin.required()


@pytest.mark.parametrize(
    "path",
    ["/errortool/review/x", "/errortool/steps/x", "/errortool/image/x/0", "/media/x.csv",
     "/_stcore/upload_file/x/y", "/_stcore/metrics", "/component/x", "/review/x", "/x%0a/errortool",
     "/static/../errortool/review/x", "//errortool/review/x"],
)  # fmt: skip
def test_a_stranger_gets_401(tmp_path: Path, path: str):
    """Nothing of ours and no file of a page is for strangers, whatever the method."""
    set_up_sign_in(tmp_path)
    url = f"https://errors.example.org{path}"
    answer = come(url)
    assert answer.status_code == 401
    assert "sign in" in answer.json()["error"]
    assert app("https://errors.example.org").post(url).status_code == 401


@pytest.mark.parametrize("path", ["/", "/review", "/review/", "/static/js/x.js", "/auth/login"])
def test_a_stranger_gets_the_way_to_sign_in(tmp_path: Path, path: str):
    """Streamlit's own files, whose page shows the button."""
    set_up_sign_in(tmp_path)
    assert come(path).status_code == 200


def test_whoever_signed_in_is_let_in(served, tmp_path: Path):
    """By Streamlit's cookie: 404 is the answer to an unknown session."""
    set_up_sign_in(tmp_path)
    assert come(signed=cookie(email="ann@example.org")).status_code == 404


@pytest.mark.parametrize(
    "forged",
    [
        "x",
        cookie(email="ann@example.org", secret="1" * 64),
        cookie(email="ann@example.org", origin="https://evil.example"),
        cookie(email="ann@example.org", origin=None),
        cookie(email="ann@example.org", is_logged_in=False),
        cookie(),
        cookie(email="\x1b[31m"),
        cookie(email=7),
        create_signed_value(SECRET, "_streamlit_user_tokens", "{}").decode(),
        create_signed_value(SECRET, "_streamlit_user", "no JSON").decode(),
        create_signed_value(SECRET, "_streamlit_user", "chunks-3").decode(),
    ],
    ids=range(11),
)
def test_a_cookie_not_signed_for_this_address_is_ignored(tmp_path: Path, forged: str):
    """Another secret, another address, another cookie's signature, or no name in it."""
    set_up_sign_in(tmp_path)
    assert come(signed=forged).status_code == 401


def test_a_cookie_grows_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """After Streamlit's thirty days, and one of grace, somebody has to sign in again."""
    set_up_sign_in(tmp_path)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 32 * 86_400)
    old = cookie(email="ann@example.org")
    monkeypatch.setattr(time, "time", lambda: now)
    assert come(signed=old).status_code == 401


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": "ann@example.org", "name": "Ann", "sub": "1"}, "ann@example.org"),
        ({"name": "Ann", "sub": "1"}, "Ann"),
        ({"sub": "1"}, "1"),
        ({"email": "ann@example.org", "email_verified": True, "sub": "1"}, "ann@example.org"),
        ({"email": "boss@example.org", "email_verified": False, "name": "Boss", "sub": "1"}, "1"),
    ],
)
def test_a_reviewer_has_the_name_that_the_provider_verified(tmp_path: Path, claims, name: str):
    """An e-mail that the provider didn't verify may be anybody's."""
    set_up_sign_in(tmp_path)
    assert signin.user({"_streamlit_user": cookie(**claims)}) == name


def test_a_signed_in_reviewer_cannot_pose_as_another(served, store, session, tmp_path: Path):
    """The request's name may be left out; another's gets 401, and nothing of it is written."""
    set_up_sign_in(tmp_path)
    testing = app("https://errors.example.org")
    testing.headers["cookie"] = f"_streamlit_user={cookie(email='ann@example.org')}"
    told = testing.get(f"/errortool/review/{session.uid}")
    assert told.json()["reviewer"] == "ann@example.org"
    other = testing.get(f"/errortool/review/{session.uid}?reviewer=bob")
    assert "signed in as 'ann@example.org'" in other.json()["error"]
    token = {"x-errortool-token": service.service().token(session.uid)}
    for number, (reviewer, status) in enumerate(
        [("bob", 401), ("ann@example.org", 200), ("", 200)]
    ):
        change = {"seq": number, "kind": "look", "examples": {"0": {"comment": f"by {reviewer}"}}}
        body = {
            "client": "0123456789abcdef",
            "after": 0,
            "changes": [change | {"reviewer": reviewer}],
        }
        answer = testing.post(f"/errortool/changes/{session.uid}", json=body, headers=token)
        assert answer.status_code == status
    assert store.snapshot(session).reviewers == ("ann@example.org",)
