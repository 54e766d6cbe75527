"""Each page runs in every state a session file can be in."""

import re
from pathlib import Path

import pytest
from helpers import cats_and_dogs
from streamlit.testing.v1 import AppTest

from errortool.changes import Change, ExampleValues, Ref
from errortool.model import Session, Status
from errortool.store import Store

pytestmark = pytest.mark.usefixtures("served")


def sessions_page() -> None:
    """Run the page Sessions."""
    from errortool.web.pages import sessions

    sessions.render()


def report_page() -> None:
    """Run the page Report."""
    from errortool.web.pages import report

    report.render()


def shown(app: AppTest) -> str:
    """Return all the HTML that a page shows."""
    assert not app.exception
    return "\n".join(block.proto.body for block in app.get("html"))


def judge(store: Store, session: Session) -> None:
    """Look at four images: two dogs, the last one blurry too, and one put off."""
    dog, blurry = (str(category.id) for category in store.categories(session))
    ticks = [(1, 0), (0, 0), (0, 0), (1, 1)]
    changes = [
        Change(
            ref=Ref("test", number),
            reviewer="ann",
            kind="look",
            examples={
                number: ExampleValues(
                    ticks={dog: is_dog, blurry: is_blurry}, status=Status.LOOKED_AT
                )
            },
        )
        for number, (is_dog, is_blurry) in enumerate(ticks)
    ]
    late = Change(
        ref=Ref("test", 9),
        reviewer="ann",
        kind="defer",
        examples={9: ExampleValues(status=Status.DEFERRED)},
    )
    store.apply(session, [*changes, late])


def test_an_empty_file_asks_for_the_first_session(store: Store):
    """Nobody is left in front of an empty list."""
    assert "Begin your first session" in shown(
        AppTest.from_function(sessions_page, default_timeout=60).run()
    )
    report = AppTest.from_function(report_page, default_timeout=60).run()
    assert "There is no session yet" in shown(report)


def test_sessions_are_listed_with_how_far_they_are(store: Store, session: Session):
    """Progress and dev error, names as they were typed; nothing leads after four images."""
    judge(store, session)
    store.rename(session, "<b>**pets**</b> $x$")
    text = shown(AppTest.from_function(sessions_page, default_timeout=60).run())
    assert "&lt;b&gt;**pets**&lt;/b&gt; $x$" in text
    assert "4 of 12 looked at · 30.0 % dev error · opened" in text


def test_only_files_below_the_start_folder_are_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The page can't read the rest of the disk."""
    cats_and_dogs(tmp_path)
    (tmp_path / "start").mkdir()
    monkeypatch.chdir(tmp_path / "start")
    app = AppTest.from_function(sessions_page, default_timeout=60).run()
    for typed in ("../predictions.csv", str(tmp_path / "predictions.csv"), "~/x.csv"):
        app.text_input[0].set_value(typed).run()
        assert "lies outside the folder" in shown(app)


@pytest.mark.parametrize("typed", ["~nosuchuser/x.csv", "a\0b.csv", "x" * 5000])
def test_impossible_paths_are_rejected(store: Store, typed: str):
    """A sentence, where the operating system would raise."""
    app = AppTest.from_function(sessions_page, default_timeout=60).run()
    app.text_input[0].set_value(typed).run()
    assert re.search("can&#x27;t be a path|not a path|isn&#x27;t there", shown(app))


def test_the_path_in_an_uploads_name_is_ignored(store: Store, tmp_path: Path, monkeypatch):
    """The path in an upload's name, which a program may send, is not followed."""
    cats_and_dogs(tmp_path / "outside")
    start = tmp_path / "start"
    (start / "images").mkdir(parents=True)
    monkeypatch.chdir(start)
    app = AppTest.from_function(sessions_page, default_timeout=60).run()
    data = (tmp_path / "outside" / "predictions.csv").read_bytes()
    app.file_uploader[0].set_value([("../outside/predictions.csv", data, "text/csv")]).run()
    app.button[-1].click().run()
    (session,) = store.sessions()
    assert session.predictions == str(start / "predictions.csv")
    assert session.images == str(start)  # not outside/images, although the images are there


def test_the_form_begins_a_session(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Path in, figures shown, sample size and seed chosen, categories edited."""
    cats_and_dogs(tmp_path)
    monkeypatch.chdir(tmp_path)
    app = AppTest.from_function(sessions_page, default_timeout=60).run()
    app.text_input[0].set_value("predictions.csv").run()
    assert [metric.value for metric in app.metric] == ["40", "12", "30.0 %"]
    assert store.sessions() == []
    app.number_input[0].set_value(5)
    app.number_input[1].set_value(4)
    app.number_input[2].set_value(3)
    app.multiselect[0].set_value(["Dog", "Blurry"])
    app.button[-1].click().run()
    (session,) = store.sessions()
    assert (session.sampled, session.sampled_right, session.seed) == (5, 4, 3)
    assert [category.name for category in store.categories(session)] == [
        "Dog",
        "Blurry",
        "Mislabeled",
    ]
