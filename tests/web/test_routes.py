"""Our routes: who may ask, what they answer, and that "saved" means on disk."""

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pytest
from helpers import begin, cats_and_dogs, draw_image
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from errortool.actions import new_session
from errortool.analysis import sequences
from errortool.data import predictions
from errortool.images import Cache
from errortool.model import Session
from errortool.store import Store
from errortool.web import protocol, service
from errortool.web.app import parts, streamlit_settings
from errortool.web.routes import routes
from errortool.web.security.guard import allowed


async def hello(socket: WebSocket) -> None:
    """Say hello to whoever the guard lets in."""
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


@pytest.fixture
def client(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Give a client of our routes behind the guard, on the session file `store`."""
    monkeypatch.setenv(service.DB_VARIABLE, str(store.path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    service.service.cache_clear()
    app = Starlette(
        routes=[
            *routes(),
            WebSocketRoute("/ws", hello),
            Route("/x", PlainTextResponse("x")),
        ],
        middleware=parts()["middleware"],
    )
    with TestClient(app, base_url="http://localhost:8501") as testing:
        yield testing
    service.service().store.close()
    service.service.cache_clear()


def post(client: TestClient, session: Session, *changes: dict, **options):
    """Send changes as the review page does."""
    body = {"client": "0123456789abcdef", "after": 0, "changes": list(changes)}
    return client.post(
        f"/errortool/changes/{session.uid}",
        content=json.dumps(body | options.get("body", {})),
        headers={
            "content-type": options.get("type", "application/json"),
            "x-errortool-token": options.get("token", service.service().token(session.uid)),
        },
    )


def look(seq: int, position: int, **values) -> dict:
    """Return a change as the browser sends it."""
    return {"seq": seq, "kind": "look", "examples": {str(position): values}}


def events(store: Store) -> int:
    """Count what was recorded, by the file itself."""
    with closing(sqlite3.connect(store.path)) as db:
        return int(
            db.execute("select count(*) from events where client not like 'new-%'").fetchone()[0]
        )


# --- what they answer ----------------------------------------------------------------------------


def test_a_review_begins_with_all_it_needs(client: TestClient, session: Session):
    """Examples by column, categories, ticks, and where the news begin."""
    answer = client.get(f"/errortool/review/{session.uid}")
    assert answer.headers["cache-control"] == "no-store"
    value = answer.json()
    assert value["session"]["name"] == "pets"
    assert len(value["examples"]["key"]) == 12
    assert value["examples"]["extra"] == {"camera": ["front"] * 12}
    assert [category["name"] for category in value["categories"]] == ["Dog", "Blurry"]
    assert value["examples"]["right"] == []
    assert (value["session"]["errors"], value["session"]["sampled"]) == (12, 12)
    assert value["cursor"] == 2


def test_correct_predictions_are_named_by_their_positions(client, store: Store, tmp_path: Path):
    """Wherever they stand: errors that are drawn later come after them."""
    session = begin(store, cats_and_dogs(tmp_path / "more"), name="both", right=3)
    value = client.get(f"/errortool/review/{session.uid}").json()
    assert value["examples"]["right"] == [12, 13, 14]


def test_other_columns_come_in_the_files_order(client: TestClient, store: Store, tmp_path: Path):
    """Also where a row has no value in some of them."""
    path = tmp_path / "table" / "predictions.csv"
    path.parent.mkdir()
    path.write_text(
        "id,image,label,prediction,zebra,yak,ant,bee\n"
        "a,a.png,cat,dog,,2,,\nb,b.png,cat,dog,1,,3,\nc,c.png,cat,dog,,,3,4\nd,d.png,cat,cat,,,,\n"
    )
    for name in "abcd":
        draw_image(path.parent / "images" / f"{name}.png")
    ordered = begin(store, path, name="ordered")
    extra = client.get(f"/errortool/review/{ordered.uid}").json()["examples"]["extra"]
    assert [name for name in extra if name != "yak"] == ["zebra", "ant", "bee"]
    by_key = client.get(f"/errortool/review/{ordered.uid}").json()["examples"]["key"]
    assert dict(zip(by_key, extra["ant"], strict=True)) == {"a": "", "b": "3", "c": "3"}
    path.write_text("id,image,label,prediction,z,y\na,a.png,cat,dog,1,2\nb,b.png,cat,cat,1,2\n")
    whole = begin(store, path, name="whole")
    extra = client.get(f"/errortool/review/{whole.uid}").json()["examples"]["extra"]
    assert list(extra) == ["z", "y"]


def test_a_change_is_on_disk_when_it_is_answered(client, store: Store, session: Session):
    """The answer comes after the commit: any other process sees the tick."""
    dog = store.categories(session)[0].id
    change = look(0, 3, status="looked at", ticks={str(dog): 1}, seconds=2.5)
    answer = post(client, session, change, body={"after": 2})
    assert answer.json() == {"made": {}, "refused": [], "cursor": 3, "news": []}
    with closing(sqlite3.connect(store.path)) as db:
        assert db.execute("select value, reviewer from judgements").fetchall() == [(1, "ann")]
        assert db.execute("select seconds from looks").fetchall() == [(2.5,)]


def test_the_answer_gives_a_new_category_its_id(client: TestClient, session: Session):
    """The browser ticks it by its own name for it, and learns the number."""
    new = {"seq": 0, "kind": "new category", "new": {"name": "Wet", "kind": "cause"}}
    tick = look(1, 0, ticks={"0123456789abcdef:0": 1})
    made = post(client, session, new, tick).json()["made"]
    value = client.get(f"/errortool/review/{session.uid}").json()
    assert value["ticks"] == {str(made["0"][0]): [[0], []]}


def test_each_reviewer_has_separate_judgements(client: TestClient, session: Session):
    """A name that comes with the request goes before the computer's user."""
    post(client, session, look(0, 0, comment="mine"))
    post(client, session, look(1, 0, comment="hers") | {"reviewer": " Bea  B. "})
    for name, comment in (("", "mine"), ("ann", "mine"), ("Bea B.", "hers"), ("nobody", None)):
        value = client.get(f"/errortool/review/{session.uid}", params={"reviewer": name}).json()
        assert [entry[2] for entry in value["looks"]] == ([comment] if comment else [])
        assert value["reviewers"] == ["Bea B.", "ann"]
    answer = post(client, session, look(2, 0, comment="x") | {"reviewer": "a\x07"})
    assert "can't name a reviewer" in answer.json()["refused"][0]["reason"]


def test_an_invalid_change_does_not_block_the_others(client, store, session):
    """What a page of ours would never send is refused by itself."""
    odd = {"seq": 0, "kind": "tick", "examples": {"null": {"ticks": {"1": 1}}}}
    answer = post(client, session, odd, look(1, 0, comment="fine"), {"seq": 2}).json()
    assert [refusal["seq"] for refusal in answer["refused"]] == [0, 2]
    assert events(store) == 1


@pytest.mark.parametrize(
    ("change", "field", "why"),
    [
        ({"examples": {"0": {"comment": None}}}, "comment", "Expected str, got null"),
        ({"examples": {"0": {"coment": "x"}}}, "examples", "Object contains unknown field coment"),
        ({"examples": {"0": {}}, "row": 4}, "it", "Object contains unknown field row"),
        ({"examples": {"-1": {}}}, "examples", "Expected int >= 0"),
        ({"examples": {"0": {"ticks": {"1": True}}}}, "ticks", "Expected int | null, got bool"),
        ({"examples": {"0": {"ticks": {"1": 2}}}}, "ticks", "Invalid enum value 2"),
        ({"examples": {"0": {"status": "done"}}}, "status", "Invalid enum value 'done'"),
        ({"examples": {"0": {"seconds": -1}}}, "seconds", "Expected float >= 0.0"),
        ({"examples": {"0": {"seconds": 10**400}}}, "seconds", "Number out of range"),
        ({"examples": {"0": {"seconds": "1"}}}, "seconds", "Expected float, got str"),
        ({"categories": {"1": {"retired": True}}}, "retired", "Expected int, got bool"),
        ({"categories": {"1": {"position": 1.5}}}, "position", "Expected int, got float"),
        ({"categories": {"1": {"position": -1}}}, "position", "Expected int >= 0"),
        ({"new": {"name": "x", "kind": "cat"}}, "kind", "Invalid enum value 'cat'"),
        ({"kind": "merge", "merge": ["1"]}, "merge", "Expected array of length 2"),
        ({"kind": "split", "split": "1"}, "it", "Object missing required field names"),
        ({"kind": "x" * 41, "examples": {}}, "kind", None),
        ({"position": 3, "set": {"comment": "x"}}, "it", "it names nothing to change"),
        ({"examples": {"0": {"comment": "x" * 10_001}}}, "comment", None),
    ],
)
def test_a_rejected_change_names_its_field(client, session, change, field, why):
    """Whoever reads it learns what is wrong; the changes around it are saved."""
    bad = {"seq": 1, "kind": "look"} | change
    answer = post(client, session, look(0, 0, comment="a"), bad, look(2, 1, comment="b")).json()
    ((seq, reason),) = [refusal.values() for refusal in answer["refused"]]
    most = {"kind": "40", "comment": "10,000"}.get(field)
    sentence = f"is not understood ({why})" if why else f"is longer than {most} characters"
    assert (seq, reason) == (1, f"{field} {sentence}")
    looks = client.get(f"/errortool/review/{session.uid}").json()["looks"]
    assert [comment for _, _, comment, *_ in looks] == ["a", "b"]


@pytest.mark.parametrize("key", ["Dog", "9" * 30, "x:1", "0123456789:", "-1"])
def test_only_keys_of_categories_name_categories(client, session: Session, key: str):
    """A number, or client:seq of the change that made it; nothing else reaches the database."""
    changes = [
        look(0, 0, ticks={key: 1}),
        {"seq": 1, "kind": "retire", "categories": {key: {"retired": 1}}},
        {"seq": 2, "kind": "merge", "merge": ["1", key]},
        {"seq": 3, "kind": "split", "split": key, "names": ["x"]},
        {"seq": 4, "kind": "undo", "undo": key},
    ]
    refused = post(client, session, *changes).json()["refused"]
    fields = ["ticks", "categories", "merge", "split", "undo"]
    for field, refusal in zip(fields, refused, strict=True):
        assert refusal["reason"].startswith(f"{field} is not understood (Expected str matching")


def test_what_earlier_versions_left_in_the_browser_is_understood(client, store, session):
    """Changes as every version since the first release of the table has kept and sent them."""
    dog, blurry = (str(category.id) for category in store.categories(session))
    who = {"reviewer": "ann"}
    left = [
        {"seq": 0, **who, "kind": "tick", "examples": {"0": {"ticks": {dog: 1}}}},
        {"seq": 1, **who, "kind": "tick", "examples": {"1": {"ticks": {dog: 1},
                                                            "corrected_label": None}}},
        {"seq": 2, **who, "kind": "look", "fills": True, "examples": {
            "0": {"status": "looked at", "ticks": {blurry: 0}, "seconds": 2.35}}},
        {"seq": 3, "reviewer": "", "kind": "look", "examples": {
            "1": {"status": "looked at", "ticks": {}, "seconds": 60}}},
        {"seq": 4, **who, "kind": "new category", "new": {
            "name": "Wet", "kind": "cause", "position": 2}},
        {"seq": 5, **who, "kind": "tick", "examples": {"1": {"ticks": {"0123456789abcdef:4": 1}}}},
        {"seq": 6, **who, "kind": "retire", "categories": {"0123456789abcdef:4": {"retired": 1}}},
        {"seq": 7, **who, "kind": "merge", "merge": [blurry, dog]},
        {"seq": 8, **who, "kind": "undo", "undo": "0123456789abcdef:7"},
        {"seq": 9, **who, "kind": "split", "split": blurry, "names": ["Moved", "Dim"]},
        {"seq": 10, **who, "kind": "undo", "undo": 3},
        {"seq": 11, **who, "kind": "relabel", "examples": {"2": {"corrected_label": "cat"}}},
    ]  # fmt: skip
    assert post(client, session, *left).json()["refused"] == []
    assert events(store) == len(left)


def test_text_that_no_file_can_hold_is_mended(client, store: Store, session: Session):
    """NUL and half an emoji, as browsers cut one, become U+FFFD; whole ones stay."""
    post(client, session, look(0, 0, comment="half \ud83d, NUL \0, whole \U0001f408, \\u0000"))
    comment = store.rows(session)[0].comment
    assert comment == "half \ufffd, NUL \ufffd, whole \U0001f408, \\u0000"


def test_news_come_without_a_write(client: TestClient, store: Store, session: Session):
    """A poll answers while another process holds the write lock, and leaves the file as it is."""
    post(client, session, look(0, 0, comment="mine"))
    post(client, session, look(0, 1, comment="theirs"), body={"client": "another-client"})
    poll = {"after": 2, "client": "0123456789abcdef"}
    files = [store.path, store.path.with_name(f"{store.path.name}-wal")]
    before = [path.read_bytes() for path in files]
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("begin immediate")
        answer = client.get(f"/errortool/news/{session.uid}", params=poll)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["cursor"] == 4
    (event,) = answer.json()["news"]
    assert event["after"] == {"examples": {"1": {"comment": "theirs"}}}
    nothing = client.get(f"/errortool/news/{session.uid}", params=poll | {"after": 4}).json()
    assert nothing == {"cursor": 4, "news": []}
    assert [path.read_bytes() for path in files] == before


@pytest.mark.parametrize(
    "query",
    [{}, {"after": "x", "client": "0123456789"}, {"after": -1, "client": "0123456789"},
     {"after": 0, "client": "../x"}, {"after": 0, "client": "0123456789", "uid": "x"}],
)  # fmt: skip
def test_a_poll_that_is_not_ours_is_refused(client: TestClient, session: Session, query):
    """400 with a sentence, as for a batch."""
    answer = client.get(f"/errortool/news/{session.uid}", params=query)
    assert answer.status_code == 400
    assert "reload it" in answer.json()["error"]


def prefer(client: TestClient, session: Session, **values: object):
    """Send what a reviewer chose."""
    return client.post(
        f"/errortool/preferences/{session.uid}",
        json=values,
        headers={"x-errortool-token": service.service().token(session.uid)},
    )


def test_what_a_reviewer_chose_comes_with_the_review(client: TestClient, session: Session):
    """It is kept for whoever chose it: the default reviewer where no name is given."""
    assert prefer(client, session, name="tile", value=240).status_code == 204
    assert prefer(client, session, name="crisp", value=True, reviewer="bob").status_code == 204
    url = f"/errortool/review/{session.uid}"
    default = {"level": 0.95, "crisp": False, "tile": 164, "pace": True}
    assert client.get(url).json()["preferences"] == default | {"tile": 240}
    assert client.get(f"{url}?reviewer=bob").json()["preferences"] == default | {"crisp": True}


def test_a_choice_that_no_page_offers_is_refused(client: TestClient, session: Session):
    """An unknown preference, an impossible value and what isn't a choice at all."""
    assert prefer(client, session, name="theme", value=1).status_code == 404
    assert prefer(client, session, name="tile", value=0.5).status_code == 404
    assert prefer(client, session, tile=240).status_code == 400


def test_advice_goes_by_the_figures_of_the_reviewer_in_view(client: TestClient, session: Session):
    """Nobody is told another's figures; one who judged nothing is told nothing."""
    for number in range(12):
        post(client, session, look(number, number, status="looked at", ticks={"1": 1, "2": 0}))
    url = f"/errortool/advice/{session.uid}"
    mine = client.get(url, params={"reviewer": "ann"}).json()
    assert mine["brief"]
    assert client.get(url).json() == mine
    assert client.get(url, params={"reviewer": "bob"}).json() == {"brief": "", "lines": []}


def test_what_was_undone_comes_with_the_review(client: TestClient, session: Session):
    """It can be done again after a reload, by undoing the undo."""
    post(client, session, look(0, 0, comment="x"))
    post(client, session, {"seq": 1, "kind": "undo", "undo": "0123456789abcdef:0"})
    url = f"/errortool/review/{session.uid}"
    (undone,) = client.get(url).json()["undone"]
    assert undone["kind"] == "look"
    post(client, session, {"seq": 2, "kind": "undo", "undo": undone["id"]})
    value = client.get(url).json()
    assert value["undone"] == []
    assert value["looks"][0][2] == "x"


def test_older_steps_come_when_asked_for(client: TestClient, session: Session):
    """Undo goes on behind the steps that the review began with."""
    for number in range(3):
        post(client, session, look(number, number, comment="x"))
    steps = client.get(f"/errortool/review/{session.uid}").json()["steps"]
    older = client.get(f"/errortool/steps/{session.uid}", params={"before": steps[2]["id"]})
    assert older.json() == steps[:2]
    assert client.get(f"/errortool/steps/{session.uid}", params={"before": "x"}).json() == []


def test_merge_split_and_undo_go_over_the_wire(client: TestClient, store: Store, session: Session):
    """The changes that are more than new values."""
    dog, blurry = (str(category.id) for category in store.categories(session))
    post(client, session, look(0, 0, status="looked at", ticks={dog: 1, blurry: 0}))
    post(client, session, {"seq": 1, "kind": "merge", "merge": [dog, blurry]})
    assert [category.name for category in store.categories(session)] == ["Blurry"]
    assert store.judged(session).ticks[0].tolist() == [1]
    post(client, session, {"seq": 2, "kind": "undo", "undo": "0123456789abcdef:1"})
    assert store.judged(session).ticks[0].tolist() == [1, 0]
    split = {"seq": 3, "kind": "split", "split": dog, "names": ["Big", "Small"]}
    assert len(post(client, session, split).json()["made"]["3"]) == 2


def test_the_next_previews_are_made_ready(client, session: Session, tmp_path: Path):
    """Opening a review makes previews in the background, the first unseen first."""
    client.get(f"/errortool/review/{session.uid}")
    worker = service.service()._worker
    if worker is not None:
        worker.join(20)
    assert len([path for path in (tmp_path / "cache").rglob("*") if path.is_file()]) == 12


def test_the_answer_brings_news_of_other_tabs(client: TestClient, session: Session):
    """What another client did since `after` comes with the answer, own changes don't."""
    post(client, session, look(0, 0, comment="mine"))
    post(client, session, look(0, 1, comment="theirs"), body={"client": "another-client"})
    news = post(client, session).json()["news"]
    looks = [event["after"] for event in news if event["kind"] == "look"]
    assert looks == [{"examples": {"1": {"comment": "theirs"}}}]


def test_an_image_is_served_encoded_and_kept_by_the_browser(client: TestClient, session: Session):
    """By its place in the session, never by a path."""
    answer = client.get(f"/errortool/image/{session.uid}/0")
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, max-age=86400, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(answer.content)).size == (160, 120)


def test_images_follow_a_changed_folder(client: TestClient, store: Store, session: Session):
    """Their addresses change with it, for the browser keeps each; the server keeps no folder."""
    before = client.get(f"/errortool/review/{session.uid}").json()["session"]["version"]
    assert client.get(f"/errortool/image/{session.uid}/0?v={before}").status_code == 200
    store.set_images(session, store.path.parent / "elsewhere")
    after = client.get(f"/errortool/review/{session.uid}").json()["session"]["version"]
    assert after != before
    assert client.get(f"/errortool/image/{session.uid}/0?v={after}").status_code == 422


def test_an_image_that_can_not_be_shown_says_why(client, session: Session, tmp_path: Path):
    """422 with a sentence, kept nowhere, so that a mended file is seen at once."""
    for path in (tmp_path / "images" / "dogs").iterdir():
        path.write_bytes(path.read_bytes()[:60])
    answer = client.get(f"/errortool/image/{session.uid}/0")
    assert (answer.status_code, answer.headers["cache-control"]) == (422, "no-store")
    assert "truncated" in answer.json()["error"] or "damaged" in answer.json()["error"]
    assert client.get(f"/errortool/image/{session.uid}/99").status_code == 422


def test_more_errors_are_drawn_over_the_wire(client: TestClient, store: Store, tmp_path: Path):
    """With the token alone; what open pages know of the session grows, and none is left at last."""
    path = cats_and_dogs(tmp_path)
    drawn = new_session.draw_sample(predictions.load(path), predictions_file=path, size=5, right=2)
    session = new_session.begin(store, drawn, name="small")
    url, headers = (
        f"/errortool/more/{session.uid}",
        {"X-Errortool-Token": service.service().token(session.uid)},
    )
    assert client.post(url, json={"number": 3}).status_code == 403
    for wrong in ({"number": 0}, {"number": "3"}, {"number": 3, "x": 1}, {}, [3]):
        assert client.post(url, json=wrong, headers=headers).status_code == 400
    answer = client.post(url, json={"number": 3, "reviewer": "ann"}, headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"drawn": 3, "left": 4, "warnings": []})
    state = client.get(f"/errortool/review/{session.uid}").json()
    assert (len(state["examples"]["key"]), state["examples"]["right"]) == (10, [5, 6])
    assert (state["session"]["errors"], state["session"]["sampled"]) == (12, 8)
    assert client.get(f"/errortool/image/{session.uid}/9").status_code == 200
    news = client.get(f"/errortool/news/{session.uid}?after=0&client=0123456789").json()["news"][-1]
    assert (news["kind"], news["reviewer"], news["after"]) == ("draw more", "ann", {})
    assert client.post(url, json={"number": 9}, headers=headers).json()["left"] == 0
    none = client.post(url, json={"number": 9}, headers=headers)
    assert (none.status_code, none.json()["error"][:24]) == (404, "none is left to draw: al")


def test_the_first_page_is_found_by_its_name_too(client: TestClient):
    """/sessions leads to /, where Streamlit has it."""
    answer = client.get("/sessions", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "http://localhost:8501/")


def test_an_unknown_session_is_reported(client: TestClient, session: Session):
    """404 with a sentence, on every route."""
    for path in ("review/abc", "image/abc/0", "news/abc?after=0&client=0123456789"):
        answer = client.get(f"/errortool/{path}")
        assert answer.status_code == 404
        assert "open one from the list" in answer.json()["error"]


def test_a_trashed_session_takes_no_write_and_says_why(client, store: Store, session: Session):
    """404 with a sentence: the page keeps the change, and sends it again until it is saved."""
    store.trash(session)
    answers = [
        post(client, session, look(0, 0, comment="late")),
        client.get(f"/errortool/news/{session.uid}?after=0&client=0123456789"),
    ]
    for answer in answers:
        assert answer.status_code == 404
        assert answer.json() == {"error": "this session is in the trash: restore it to go on"}
    store.untrash(session)
    assert post(client, session, look(0, 0, comment="late")).json()["refused"] == []
    assert store.rows(session)[0].comment == "late"


def test_a_missing_session_file_is_reported(client, store: Store, session: Session):
    """503 with a sentence, and nothing is called saved."""
    service.service()
    store.path.unlink()
    answer = post(client, session, look(0, 0, comment="x"))
    assert answer.status_code == 503
    assert "deleted or moved" in answer.json()["error"]


# --- who may ask ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "origin", "answer"),
    [
        ("localhost:8501", None, True),
        ("127.0.0.1:8501", "http://127.0.0.1:8501", True),
        ("[::1]:8501", "http://[::1]:8501", True),
        ("LOCALHOST:8501", "http://localhost:8501", True),
        ("evil.example", None, False),
        ("evil.example:8501", "http://evil.example:8501", False),
        ("localhost.evil.example", None, False),
        ("", None, False),
        ("localhost:8501", "http://evil.example", False),
        ("localhost:8501", "null", False),
        ("localhost:8501", "http://localhost:9999", False),
        ("localhost:8501", "http://127.0.0.1:8501", False),
        ("localhost:8501", "file://", False),
        ("localhost:8501", "http://[bad", False),
        ("[bad", None, False),
    ],
)
def test_only_our_own_pages_are_let_in(client, host: str, origin: str | None, answer: bool):
    """Other hosts (DNS rebinding), other origins and other local ports are turned away."""
    assert allowed(host, origin) is answer
    headers = {"host": host} | ({"origin": origin} if origin else {})
    assert client.get("/x", headers=headers).status_code == (200 if answer else 403)
    if answer:
        with client.websocket_connect("ws://localhost:8501/ws", headers=headers) as socket:
            assert socket.receive_text() == "hello"
    else:
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect("ws://localhost:8501/ws", headers=headers) as socket,
        ):
            socket.receive_text()


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"token": ""}, 403),
        ({"token": "0" * 64}, 403),
        ({"token": "é".encode()}, 403),
        ({"type": "text/plain"}, 415),
        ({"type": "application/x-www-form-urlencoded"}, 415),
        ({"body": {"changes": "all"}}, 400),
        ({"body": {"client": "../x"}}, 400),
        ({"body": {"after": -1}}, 400),
        ({"body": {"changes": [{}]}}, 400),
        ({"body": {"x": "y" * protocol.MAX_BODY}}, 413),
    ],
)
def test_a_write_needs_the_token_and_our_json(client, store, session, options, status: int):
    """Forms, foreign tokens and foreign JSON change nothing."""
    assert post(client, session, look(0, 0, comment="x"), **options).status_code == status
    assert events(store) == 0


def test_a_token_is_of_one_session_and_one_server(client, store, session, tmp_path):
    """Another session's token opens nothing, and neither does last week's."""
    other = begin(store, cats_and_dogs(tmp_path / "more"), name="more")
    token = service.service().token(other.uid)
    assert post(client, session, look(0, 0, comment="x"), token=token).status_code == 403
    assert service.Service(store, Cache()).token(session.uid) != service.service().token(
        session.uid
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["client", "after", "changes", "seq", "kind", "examples", "categories", "new",
             "ticks", "status", "comment", "seconds", "merge", "split", "undo", "name", "0", "a:1"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300)
@given(json_values)
def test_any_json_is_a_batch_or_refused(value):
    """A body is a batch, or a WireError."""
    body = json.dumps({"client": "0123456789", "after": 0, "changes": [value]}).encode()
    try:
        batch = protocol.received(body, lambda _: "ann")
        assert len(batch.changes) + len(batch.refusals) == 1
    except protocol.WireError as error:
        assert "reload" in str(error)  # noqa: PT017  either outcome is right


def test_settings_keep_the_app_to_itself():
    """Loopback, no statistics, no traceback on a page; the environment can say otherwise."""
    settings_ = streamlit_settings()
    assert settings_["server.address"] == "127.0.0.1"
    assert settings_["browser.gatherUsageStats"] is False
    assert settings_["client.showErrorDetails"] == "none"


def test_the_environment_goes_before_our_settings(monkeypatch: pytest.MonkeyPatch):
    """STREAMLIT_SERVER_ADDRESS and its like are the user's word, with each setting's type."""
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "::1")
    monkeypatch.setenv("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "7")
    monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", "tools")
    monkeypatch.setenv("STREAMLIT_SERVER_ALLOWED_HOSTS", "a.example")
    settings_ = streamlit_settings()
    assert settings_["server.address"] == "::1"
    assert settings_["server.maxUploadSize"] == 7
    assert settings_["server.baseUrlPath"] == "tools"
    assert list(settings_["server.allowedHosts"]) == ["a.example"]
    monkeypatch.setenv("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "much")
    with pytest.raises(click.BadParameter, match="much"):
        streamlit_settings()


def test_ends_are_those_that_hold_however_often_one_looks(client, store: Store, session: Session):
    """A row a number of images looked at, with the lower end for each number of ticks."""
    answer = client.get(f"/errortool/ends/{session.uid}?first=10").json()
    assert answer["first"] == 10
    assert [len(row) for row in answer["rows"]] == [*range(11, session.errors + 2)]
    for n, row in enumerate(answer["rows"], start=10):
        shares = sequences.shares_at_any_time(range(n + 1), [n] * (n + 1), errors=session.errors)
        assert row == [round(share.low, 4) for share in shares if share]
    right = client.get(f"/errortool/ends/{session.uid}?first=20&right=true").json()
    number = session.dev_examples - session.errors
    (share,) = sequences.shares_at_any_time([7], [20], errors=number)
    assert share is not None
    assert right["rows"][0][7] == round(share.low, 4)


@pytest.mark.parametrize(
    "query", ["", "first=0", "first=x", "first=1&more=2", "first=1e9&right=maybe"]
)
def test_ends_of_nonsense_are_refused(client, session: Session, query: str):
    """With a sentence; beyond all errors there are none."""
    assert client.get(f"/errortool/ends/{session.uid}?{query}").status_code == 400
    beyond = client.get(f"/errortool/ends/{session.uid}?first=1000000").json()
    assert beyond["rows"] == []
