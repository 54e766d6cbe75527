"""The report by its routes: what it shows, computed once, and what it refuses."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs, query
from starlette.applications import Starlette
from starlette.testclient import TestClient

from errortool.changes import Change, ExampleValues, Ref
from errortool.model import Intervals, Session, Status
from errortool.store import Store
from errortool.web import reports
from errortool.web.app import parts
from errortool.web.routes import routes

COUNT = "select count(*) from estimates"


@pytest.fixture
def client(served: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Give a client of our routes."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    app = Starlette(routes=routes(), middleware=parts()["middleware"])
    with TestClient(app, base_url="http://localhost:8501") as testing:
        yield testing


def judge(
    store: Store, session: Session, *, first: int = 0, number: int = 4, reviewer: str = "ann"
) -> None:
    """Look at some images, half of them dogs and a quarter blurry dogs, and put one off."""
    dog, blurry = (str(category.id) for category in store.categories(session))
    ticks = [(1, 0), (0, 0), (0, 0), (1, 1)] * (number // 4)
    changes = [
        Change(
            ref=Ref(f"test-{reviewer}", first + at),
            reviewer=reviewer,
            kind="look",
            examples={
                first + at: ExampleValues(
                    ticks={dog: is_dog, blurry: is_blurry},
                    status=Status.LOOKED_AT,
                    comment="<b>far</b>" if at == 3 else "",
                )
            },
        )
        for at, (is_dog, is_blurry) in enumerate(ticks)
    ]
    late = Change(
        ref=Ref(f"test-{reviewer}", 99),
        reviewer=reviewer,
        kind="defer",
        examples={9: ExampleValues(status=Status.DEFERRED)},
    )
    store.apply(session, [*changes, late] if number < 9 else changes)


def shown(client: TestClient, session: Session, part: str = "", **query: object) -> str:
    """Return what the report, or a part of it, says."""
    answer = client.get(f"/errortool/report/{session.uid}{part}", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def words(html: str) -> str:
    """Return the text of some HTML."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_a_report_of_nothing_says_so(client: TestClient, session: Session):
    """Before the first look there are no figures, only the way to the review."""
    html = shown(client, session)
    assert "Nothing has been looked at yet." in html
    assert f'href="review?session={session.id}"' in html
    assert "<table" not in html


def test_the_report_shows_what_the_command_line_prints(client, store: Store, session: Session):
    """Shares, ceilings with intervals, images, no category, deferred."""
    judge(store, session)
    html = shown(client, session)
    text = words(html)
    assert "4 of 12 errors looked at · 40 dev examples · 1 deferred" in text
    assert "Dog 15.0 % 5.0 – 25.0 50.0 % 16.7 – 83.3" in text
    assert "none of these" in text
    assert f"errortool/image/{session.uid}/0?size=thumb" in html
    assert f'href="review?session={session.id}&amp;show=counted%3A' in html


def test_a_report_is_computed_once_while_nothing_changes(client, store: Store, session: Session):
    """Asking again, also what-if, records nothing; a new tick, or another level, does."""
    judge(store, session)
    shown(client, session)
    assert query(store.path, COUNT) == [(2,)]
    dog = store.categories(session)[0].id
    store.opened(session)
    shown(client, session)
    shown(client, session, "/what-if", solve=dog)
    assert query(store.path, COUNT) == [(2,)]
    values = ExampleValues(ticks={str(dog): 1}, status=Status.LOOKED_AT)
    tick = Change(ref=Ref("test", 10), reviewer="ann", kind="look", examples={5: values})
    store.apply(session, [tick])
    assert "5 of 12 errors looked at" in shown(client, session)
    assert query(store.path, COUNT) == [(4,)]
    assert "80 % interval" in shown(client, session, level=0.8)
    assert query(store.path, COUNT) == [(6,)]
    store.rename(session, "other pets")
    assert "other pets" in shown(client, session)


def test_few_images_are_no_ground_for_a_plan(client, store: Store, session: Session):
    """Under ten, a sentence stands where the figure would."""
    judge(store, session)
    html = shown(client, session, "/what-if", solve=store.categories(session)[0].id)
    assert "too few to tell what would be left" in html
    assert "→" not in re.sub("<textarea.*?</textarea>", "", html, flags=re.DOTALL)


def test_no_more_reports_are_kept_than_there_are_choices(served: Store, session: Session):
    """The bound holds, and what was used last stays."""
    judge(served, session)
    keeping = reports.Reports(served)
    for number in range(12):
        keeping.report(session.uid, 0.8 + number / 100, Intervals.AUTO, None)
    assert len(keeping._shown) == 8
    assert [key[2] for key in keeping._shown][-1] == pytest.approx(0.91)


def test_what_if_says_what_solving_the_ticked_leaves(client, store: Store, session: Session):
    """Dogs alone leave half of 30 %; with them, blurry ones have nothing to add."""
    judge(store, session, number=12)
    dog, blurry = (category.id for category in store.categories(session))
    assert "Tick what you would fix" in shown(client, session, "/what-if")
    html = shown(client, session, "/what-if", solve=f"{dog},999,x")
    assert "30.0 % → 15.0 %" in html
    assert ">6 of 12 errors</a>" in html
    assert "+ 0 %" in html
    assert re.findall(r'data-solve="(\d+)" checked', html) == [str(dog)]
    both = shown(client, session, solve=f"{dog},{blurry}")
    assert re.findall(r'data-solve="(\d+)" checked', both) == [str(dog), str(blurry)]


def test_the_reader_sees_the_level_that_they_prefer(client, store: Store, session: Session):
    """Unless the address says another; somebody else has their own."""
    judge(store, session)
    store.prefer("ann", "level", 0.9)
    assert 'data-level="0.9"' in shown(client, session, who="ann")
    assert 'data-level="0.99"' in shown(client, session, who="ann", level=0.99)
    assert 'data-level="0.95"' in shown(client, session, who="bob")
    store.prefer("ann", "level", 0.85)  # nothing that there is a choice of
    assert 'data-level="0.95"' in shown(client, session, who="ann")


def test_one_reviewers_ticks_can_be_chosen(client, store: Store, session: Session):
    """Everybody's latest word, or one's own; nobody's is refused in a sentence."""
    judge(store, session)
    judge(store, session, first=4, reviewer="<bob>")
    assert "8 of 12 errors" in shown(client, session)
    html = shown(client, session, reviewer="<bob>")
    assert "4 of 12 errors" in html
    assert 'value="&lt;bob&gt;" selected' in html
    assert "everybody (latest)" in html
    answer = client.get(f"/errortool/report/{session.uid}", params={"reviewer": "eve"})
    assert answer.status_code == 404
    assert "has not reviewed" in answer.json()["error"]


def test_the_images_behind_a_number_have_captions(client, store: Store, session: Session):
    """Id, label and prediction, confidence, comment; each opens its image in the review."""
    judge(store, session)
    dog = store.categories(session)[0].id
    html = shown(client, session, "/images", show=f"counted:{dog}")
    assert "2 images" in html
    assert html.count("<img") == 2
    keys = [row.example.key for row in store.rows(session)]
    assert f'href="review?session={session.id}&amp;example={keys[0]}"' in html
    assert "&lt;b&gt;far&lt;/b&gt;" in html
    assert "not cat → cat ·" in words(html).replace("  ", " ")
    none = shown(client, session, "/images", show="none")
    assert "None of these" in none
    pair = {"label": "not cat", "prediction": "cat"}
    assert "4 images" in shown(client, session, "/images", show="looked", **pair)
    assert "No image is left here" in shown(client, session, "/images", show="counted:999")


def test_a_gap_is_put_beside_the_labels(client, store: Store, tmp_path: Path):
    """In points; without it the sentence is the one of the document."""
    path = cats_and_dogs(tmp_path / "more")
    session = begin(store, path, name="more", categories=("Dog",), label_errors=("Mislabeled",))
    judge(store, session, number=12)
    plain = words(shown(client, session, "/labels"))
    assert plain in words(shown(client, session))
    assert words(shown(client, session, "/labels", gap=0.5)) != plain


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("tally.csv", b"category,"), ("table.csv", b"id,"), ("corrections.csv", b"id,"),
        ("report.json", b"{"), ("report.html", b"<!doctype html>"),
        ("shares.svg", b"<svg"), ("overlaps.png", b"\x89PNG"), ("history.svg", b"<svg"),
    ],
)  # fmt: skip
def test_every_file_can_be_had(client, store: Store, session: Session, name: str, begins: bytes):
    """As something to save, of the level asked for."""
    judge(store, session)
    answer = client.get(f"/errortool/report/{session.uid}/files/{name}", params={"level": 0.8})
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    if name == "report.json":
        assert answer.json()["level"] == 0.8


def test_the_page_offers_every_file_in_words(client, store: Store, session: Session):
    """Three at hand, the others with what they are; no table of right ones where there are none."""
    judge(store, session)
    names = re.findall(r'data-file="([^"]*)"', shown(client, session))
    assert names == [
        "report.html", "tally.csv", "table.csv", "corrections.csv", "report.json",
        "shares.png", "shares.svg", "overlaps.png", "overlaps.svg", "history.png", "history.svg",
    ]  # fmt: skip
    assert client.get(f"/errortool/report/{session.uid}/files/table_right.csv").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        (("", {"level": "0.5"}), 400, "there is no level 0.5: choose 0.8, 0.9, 0.95, 0.99"),
        (("", {"level": "x"}), 400, "can't be made"),
        (("", {"level": "nan"}), 400, "there is no level nan"),
        (("", {"other": "1"}), 400, "can't be made"),
        (("/labels", {"gap": "x"}), 400, "can't be made"),
        (("/everything", {}), 404, "a report has no part 'everything'"),
        (("/files/passwd", {}), 404, "a report has no file 'passwd'"),
        (("/files/..%2F..%2Fpasswd", {}), 404, ""),
    ],
)
def test_what_can_not_be_shown_is_refused(client, session, asked, status, says):
    """One sentence, and no traceback."""
    path, params = asked
    answer = client.get(f"/errortool/report/{session.uid}{path}", params=params)
    assert answer.status_code == status
    assert says in answer.text


def test_a_session_that_is_not_there_is_reported(client, store: Store, session: Session):
    """Unknown, or in the trash; like on every other route."""
    answer = client.get("/errortool/report/abc")
    assert answer.status_code == 404
    assert "open one from the list" in answer.json()["error"]
    store.trash(session)
    for path in ("", "/what-if", "/images", "/files/tally.csv"):
        answer = client.get(f"/errortool/report/{session.uid}{path}")
        assert answer.status_code == 404
        assert "trash" in answer.json()["error"]


def test_a_session_file_that_is_gone_is_reported(client, store: Store, session: Session):
    """503 with a sentence, which the page shows with a way to try again."""
    shown(client, session)
    store.path.unlink()
    answer = client.get(f"/errortool/report/{session.uid}")
    assert answer.status_code == 503
    assert "deleted or moved" in answer.json()["error"]
