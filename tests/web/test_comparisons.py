"""The page Compare's routes: documents, images of any dev example, files, and parts of a round."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from two_rounds import TwoRounds

import errortool
from errortool.model import Session
from errortool.output import comparison_phrases
from errortool.store import Store
from errortool.web import service
from errortool.web.app import parts
from errortool.web.routes import routes


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TwoRounds:
    """Give two rounds: ten errors, four fixed, three new ones looked at, with hostile names."""
    monkeypatch.setenv("LOGNAME", "ann")
    found = TwoRounds(tmp_path, 140)
    camera = ["<b>back</b>" if number % 2 else "front" for number in range(140)]
    columns = {"camera": camera}
    v3 = found.table("v3.csv", found.keys[:10], columns=columns)
    before = found.new(v3, "<i>v3</i>", categories=["<u>Dog</u>"])
    found.tick(before, {key: ["<u>Dog</u>"] for key in found.keys[:10]})
    v4 = found.table("v4.csv", [*found.keys[4:10], *found.keys[20:23]], columns=columns)
    found.new(v4, "v4", follows="<i>v3</i>")
    return found


@pytest.fixture
def client(
    made: TwoRounds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """Give a client of the routes behind the guard, on their session file."""
    monkeypatch.setenv(service.DB_VARIABLE, str(made.db))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    service.service.cache_clear()
    app = Starlette(routes=routes(), middleware=parts()["middleware"])
    with TestClient(app, base_url="http://localhost:8501") as testing:
        yield testing
    service.service().store.close()
    service.service.cache_clear()


def session(made: TwoRounds, name: str = "v4") -> Session:
    """Return a session by name."""
    with closing(Store(made.db)) as store:
        return store.session(name)


def get(client: TestClient, made: TwoRounds, path: str = "", **query: object) -> str:
    """Return what the comparison of the second round answers."""
    answer = client.get(f"/errortool/compare/{session(made).uid}{path}", params=query)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_document_says_what_the_command_says(client: TestClient, made: TwoRounds):
    """With the round before unless another is asked for; names are text."""
    text = get(client, made, margin="0.5")
    found = errortool.compare("<i>v3</i>", "v4", margin=0.5, db=made.db)
    headline = comparison_phrases.headline(found)
    assert headline.replace("<", "&lt;").replace(">", "&gt;") in text
    assert "<i>v3" not in text
    assert "<u>Dog" not in text
    assert "<b>back" not in text
    for number in (4, 6, 3):
        assert f">{number}</a>" in text
    assert "Look at all 3 newly wrong" in text
    assert "what came isn&#39;t known yet" in text
    assert found.no_worse is not None
    assert found.no_worse.value.replace("'", "&#39;") in text
    assert 'value="0.5"' in text
    assert "Say by how much worse it may be." in get(client, made)


def test_it_is_made_anew_when_something_changes(client: TestClient, made: TwoRounds):
    """And the same as long as nothing does."""
    first = get(client, made)
    assert get(client, made) == first
    made.tick(session(made), {key: [] for key in made.keys[20:23]})
    changed = get(client, made)
    assert "newly wrong</button>" not in changed
    assert changed != first
    errortool.rename("v4", "new name", db=made.db)
    answer = client.get(f"/errortool/compare/{session(made, 'new name').uid}")
    assert "new name" in answer.text


def test_what_can_not_be_compared_is_said_on_the_page(client: TestClient, made: TwoRounds):
    """Another dev set, the only session, one that is gone; with a way to go on."""
    other = made.folder / "other.csv"
    other.write_text("id,label,prediction\nf1,cat,dog\nf2,dog,dog\n")
    fresh = errortool.new(other, name="other", with_images=False, db=made.db)
    text = get(client, made, a=fresh.id)
    assert "These can’t be compared" in text
    assert "share no id" in text
    alone = client.get(f"/errortool/compare/{fresh.uid}").text
    assert "Nothing to compare with yet" in alone
    assert "No other session is on the dev set of &#39;other&#39;" in alone
    errortool.trash("<i>v3</i>", db=made.db)
    assert "Nothing to compare with yet" in get(client, made)


def test_images_behind_a_number_come_some_at_a_time(client: TestClient, made: TwoRounds):
    """Each with both answers, and a link where it can be reviewed."""
    text = get(client, made, "/images", show="newly-wrong")
    assert text.count("<figure>") == 3
    assert text.count('href="review?session=') == 3
    assert "<bdi>v4</bdi> → <bdi>dog</bdi>" in text
    assert "Show more" not in text
    first = get(client, made, "/images", show="both-right")
    assert (first.count("<figure>"), 'data-from="60"' in first) == (60, True)
    assert "review?session=" not in first
    rest = get(client, made, "/images", show="both-right", first="120")
    assert rest.count("<figure>") == 127 - 120
    assert "<h2" not in rest
    grouped = get(client, made, "/images", show="group:camera=<b>back</b>")
    assert "camera &lt;b&gt;back&lt;/b&gt;: fixed and newly wrong" in grouped


def test_any_dev_example_has_its_image(client: TestClient, made: TwoRounds):
    """By its row, also where no session holds it; none beyond the last."""
    uid = session(made).uid
    answer = client.get(f"/errortool/dev-image/{uid}/130", params={"size": "thumb"})
    assert (answer.status_code, answer.headers["content-type"][:6]) == (200, "image/")
    for row in ("140", "-1", "x", "9" * 20):
        answer = client.get(f"/errortool/dev-image/{uid}/{row}")
        assert answer.status_code == 404
        assert json.loads(answer.text)["error"] == "the dev set has no such row"
    assert client.get(f"/errortool/dev-image/{'0' * 32}/1").status_code == 404


@pytest.mark.filterwarnings("ignore:v5.csv")
@pytest.mark.filterwarnings("ignore:[0-9]+ of")
def test_an_image_path_that_leads_out_is_not_followed(client: TestClient, made: TwoRounds):
    """Kept predictions are as little trusted as any table."""
    secret = made.folder / "secret.png"
    (made.folder / "images" / "e00.png").rename(secret)
    rows = made.table("v5.csv", made.keys[:3]).read_text()
    outside = made.folder / "v5.csv"
    outside.write_text(rows.replace("e139.png", "../secret.png"))
    options = {"images": made.folder, "name": "v5", "db": made.db}
    errortool.new(outside, **options)
    with closing(Store(made.db)) as store, store._file.writing() as db:
        db.execute("update sessions set images = 'images' where name = 'v5'")
    answer = client.get(f"/errortool/dev-image/{session(made, 'v5').uid}/139")
    assert answer.status_code == 422
    assert "secret.png" in json.loads(answer.text)["error"]


def test_files_are_those_of_the_export(client: TestClient, made: TwoRounds):
    """No other is there."""
    errortool.export("v4", made.folder / "out", db=made.db)
    for name in ("compare.csv", "compare.json"):
        wanted = (made.folder / "out" / name).read_text()
        assert get(client, made, f"/files/{name}") == wanted
    answer = client.get(f"/errortool/compare/{session(made).uid}/files/x.csv")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"margin": "much"}, "can't be made"),
        ({"margin": "101"}, "between 0 and 100 points"),
        ({"margin": "nan"}, "between 0 and 100 points"),
        ({"level": "0.5"}, "there is no level 0.5"),
        ({"strange": "1"}, "can't be made"),
    ],
)
def test_odd_addresses_are_refused_in_one_sentence(
    client: TestClient, made: TwoRounds, query: dict[str, str], sentence: str
):
    """Whatever somebody types."""
    answer = client.get(f"/errortool/compare/{session(made).uid}", params=query)
    assert answer.status_code == 400
    assert sentence in json.loads(answer.text)["error"]


def test_a_part_is_begun_by_our_own_page_alone(client: TestClient, made: TwoRounds):
    """Once: asked again it is the same session."""
    uid = session(made).uid
    body = {"a": str(session(made, "<i>v3</i>").id), "subset": "newly wrong"}

    def post(token: str, **changed: str) -> tuple[int, dict[str, object]]:
        answer = client.post(
            f"/errortool/part/{uid}",
            content=json.dumps(body | changed),
            headers={"content-type": "application/json", "x-errortool-token": token},
        )
        return answer.status_code, answer.json()

    assert post("wrong")[0] == 403
    token = service.service().token(uid)
    assert post(token, subset="everything")[0] == 400
    status, answer = post(token)
    assert status == 200
    assert post(token) == (200, answer)
    new = session(made, "v4, newly wrong")
    assert (new.id, new.sampled, new.notes) == (
        answer["session"], 3, "All that '<i>v3</i>' got right and 'v4' got wrong.",
    )  # fmt: skip
    text = get(client, made)
    assert "Go on with the newly wrong: 0 of 3 looked at" in text
    assert post(token, subset="unseen")[0] == 404  # all errors of then were seen, none is left
