"""Each page runs in every state a session file can be in."""

import io
import re
from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs
from hugging import dataset
from pyarrow import parquet
from streamlit.testing.v1 import AppTest

from errortool import images
from errortool.actions import kept_tables
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


def session_at_hand() -> None:
    """Choose the session, as each page of one does."""
    from errortool.web import state

    state.current_session()


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
    sessions = AppTest.from_function(sessions_page, default_timeout=60).run()
    assert "Begin your first session" in shown(sessions)
    report = AppTest.from_function(report_page, default_timeout=60).run()
    assert "No report yet" in shown(report)
    assert "et-error" not in shown(sessions) + shown(report)
    assert [button.label for button in report.button] == ["Begin a session", "Try the sample"]
    assert [button.label for button in sessions.button] == ["Try the sample"]


def test_sessions_are_listed_with_how_far_they_are(store: Store, session: Session):
    """Progress and dev error, names as they were typed; nothing leads after four images."""
    judge(store, session)
    store.rename(session, "<b>**pets**</b> $x$")
    text = shown(AppTest.from_function(sessions_page, default_timeout=60).run())
    assert "&lt;b&gt;**pets**&lt;/b&gt; $x$" in text
    assert "4 of all 12 errors looked at · 30.0 % dev error · <time" in text
    assert f'datetime="{session.opened_at}" title="' in text
    assert "(UTC)" in text
    assert "opened just now</time>" in text


def typed(path: str) -> AppTest:
    """Open the page Sessions with the path of a table typed, be it among those found or not."""
    app = AppTest.from_function(sessions_page, default_timeout=60)
    app.query_params["new"] = "1"
    app.session_state["new-path"] = path
    return app.run()


def test_only_files_below_the_start_folder_are_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The page can't read the rest of the disk."""
    cats_and_dogs(tmp_path)
    (tmp_path / "start").mkdir()
    monkeypatch.chdir(tmp_path / "start")
    for path in ("../predictions.csv", str(tmp_path / "predictions.csv"), "~/x.csv"):
        assert "lies outside the folder" in shown(typed(path))


@pytest.mark.parametrize("path", ["~nosuchuser/x.csv", "a\0b.csv", "x" * 5000])
def test_impossible_paths_are_rejected(store: Store, path: str):
    """A sentence, where the operating system would raise."""
    assert re.search("can&#x27;t be a path|not a path|isn&#x27;t there", shown(typed(path)))


def test_the_path_in_an_uploads_name_is_ignored(store: Store, tmp_path: Path, monkeypatch):
    """The path in an upload's name, which a program may send, is not followed."""
    cats_and_dogs(tmp_path / "outside")
    start = tmp_path / "start"
    (start / "images").mkdir(parents=True)
    monkeypatch.chdir(start)
    app = AppTest.from_function(sessions_page, default_timeout=60).run()
    data = (tmp_path / "outside" / "predictions.csv").read_bytes()
    app.file_uploader[0].set_value([("../outside/predictions.csv", data, "text/csv")]).run()
    assert "None of the first 12 sampled images opens." in shown(app)
    app.button[-1].click().run()
    assert store.sessions() == []
    assert app.button[-1].label == "Begin all the same"
    app.button[-1].click().run()
    (session,) = store.sessions()
    assert session.predictions == str(start / "predictions.csv")
    assert session.images == str(start)  # not outside/images, although the images are there


def test_the_form_begins_a_session(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Path in, figures shown, sample size and seed chosen, categories edited."""
    cats_and_dogs(tmp_path)
    monkeypatch.chdir(tmp_path)
    app = typed("predictions.csv")
    assert [metric.value for metric in app.metric] == ["40", "12", "30.0 %"]
    text = shown(app)
    assert "Labels: cat 28, not cat 12. Predictions: cat 40." in text
    assert "not cat · cat" in text
    assert "All of the first 12 sampled images open. Images are taken from images." in text
    assert text.count("data:image/") == 12
    assert "et-error" not in text
    assert store.sessions() == []
    app.number_input[1].set_value(5)
    app.number_input[2].set_value(4)
    app.number_input[3].set_value(3)
    assert [one.value for one in app.multiselect] == [["Blurry"], ["Mislabeled"]]
    app.multiselect[0].set_value(["Dog", "Blurry"])
    app.button[-1].click().run()
    (session,) = store.sessions()
    assert (session.sampled, session.sampled_right, session.seed) == (5, 4, 3)
    assert [category.name for category in store.categories(session)] == [
        "Dog",
        "Blurry",
        "Mislabeled",
    ]


def test_the_form_offers_to_follow_the_last_session_on_the_dev_set(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """On by default, with seed, size and categories; off it is a session of its own."""
    table = cats_and_dogs(tmp_path)
    before = begin(store, table, name="v3", categories=("Dog", "Snow"))
    rows = table.read_text().splitlines()
    rows[1] = rows[1].replace(",not cat,cat,", ",not cat,not cat,")
    (tmp_path / "v4.csv").write_text("\n".join(rows) + "\n")
    monkeypatch.chdir(tmp_path)
    app = typed("v4.csv")
    assert [toggle.label for toggle in app.toggle] == ["Follow v3"]
    text = shown(app)
    assert "What was ticked in v3 is carried to every image that is still wrong." in text
    assert "Categories: Dog, Snow." in text
    assert app.number_input[1].value == 11
    app.button[-1].click().run()
    after = store.sessions()[0]
    assert (after.follows, after.seed, after.sampled) == (before.uid, 0, 11)
    assert [category.name for category in store.categories(after)] == ["Dog", "Snow"]
    store.rename(after, "v4 round")
    app = typed("v4.csv")
    app.toggle[0].set_value(False).run()
    assert "A session of its own" in shown(app)
    app.button[-1].click().run()
    alone = next(one for one in store.sessions() if one.name == "v4")
    assert alone.follows is None


def test_the_form_offers_no_round_on_the_same_predictions_or_another_dev_set(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """There is nothing to follow."""
    begin(store, cats_and_dogs(tmp_path), name="v3")
    (tmp_path / "other.csv").write_text("id,label,prediction\na,cat,dog\nb,dog,dog\n")
    monkeypatch.chdir(tmp_path)
    for name in ("predictions.csv", "other.csv"):
        assert not typed(name).toggle


def form(folder: Path, monkeypatch: pytest.MonkeyPatch, table: str | None) -> AppTest:
    """Open the form on a table in a folder that errortool was started in."""
    monkeypatch.chdir(folder)
    if table is not None:
        return typed(table)
    app = AppTest.from_function(sessions_page, default_timeout=60)
    app.query_params["new"] = "1"
    return app.run()


def test_nothing_is_red_before_columns_are_chosen(store: Store, tmp_path: Path, monkeypatch):
    """What has to be chosen is said in words; a likely mistake is asked about, not refused."""
    lines = [f"{n},{'cat' if n % 2 else 'not cat'},{'abcdefghij'[n % 10]},x" for n in range(40)]
    (tmp_path / "odd.csv").write_text("\n".join(["nr,truly,said,other", *lines]))
    app = form(tmp_path, monkeypatch, "odd.csv")
    text = shown(app)
    assert "Choose which column is the label and which the prediction." in text
    assert "et-error" not in text
    assert "--label" not in text
    label, prediction = app.selectbox[-6], app.selectbox[-5]
    label.set_value("truly").run()
    assert "Choose which column is the prediction." in shown(app)
    prediction = app.selectbox[-5]
    prediction.set_value("said").run()
    assert "have no class in common" in shown(app)
    assert "--" not in shown(app).replace("<!--", "")


def test_a_wrong_column_is_asked_about(store: Store, tmp_path: Path, monkeypatch):
    """Nine of ten predicted classes never occur as labels."""
    lines = [
        f"{n},{'cat' if n % 2 else 'not cat'},{['cat', *'abcdefghi'][n % 10]}" for n in range(40)
    ]
    (tmp_path / "odd.csv").write_text("\n".join(["id,label,pred", *lines]))
    text = shown(form(tmp_path, monkeypatch, "odd.csv"))
    assert "9 of them are never a label: is this the right column?" in text
    assert "No column holds the images&#x27; paths: each row is shown as text." in text


def test_tables_found_below_the_start_are_offered(store: Store, tmp_path: Path, monkeypatch):
    """Choosing one fills the field; the image folder and the name follow from it."""
    cats_and_dogs(tmp_path / "deep" / "cats")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "no.csv").write_text("a")
    (tmp_path / "notes.txt").write_text("a")
    app = form(tmp_path, monkeypatch, None)
    (found,) = app.selectbox[0].options
    assert found.startswith("deep/cats/predictions.csv  ·  2 KB  ·  just now")
    app.selectbox[0].select_index(0).run()
    assert app.selectbox("new-path").value == "deep/cats/predictions.csv"
    assert "Images are taken from deep/cats/images." in shown(app)
    app.button[-1].click().run()
    (session,) = store.sessions()
    assert (session.name, session.images) == ("cats", str(tmp_path / "deep" / "cats" / "images"))


def test_a_wrong_folder_is_told_beside_its_field(store: Store, tmp_path: Path, monkeypatch):
    """Before anything is begun, and not in the name of the table."""
    cats_and_dogs(tmp_path)
    app = form(tmp_path, monkeypatch, "predictions.csv")
    app.text_input("new-folder").set_value("nowhere").run()
    text = shown(app)
    assert f"The image folder &#x27;{tmp_path}/nowhere&#x27; is not there." in text
    assert "Begin the review" not in [button.label for button in app.button]
    app.text_input("new-folder").set_value("../x").run()
    assert "lies outside the folder" in shown(app)


def test_images_that_do_not_open_are_asked_about(store: Store, tmp_path: Path, monkeypatch):
    """Begin asks again, in words; a change of the folder takes the question back."""
    cats_and_dogs(tmp_path)
    for number in range(3):
        (tmp_path / "images" / "dogs" / f"{number:03d}.png").unlink()
    app = form(tmp_path, monkeypatch, "predictions.csv")
    assert "9 of the first 12 sampled images open." in shown(app)
    app.button[-1].click().run()
    assert "3 of 12 sampled images can&#x27;t be shown: you would judge them unseen." in shown(app)
    assert store.sessions() == []
    (tmp_path / "images" / "none").mkdir()
    app.text_input("new-folder").set_value("images/none").run()
    assert app.button[-1].label == "Begin the review"
    app.button[-1].click().run()
    text = shown(app)
    assert "None of the 12 sampled images can be shown: you would judge them unseen." in text
    assert "It is in images." in text
    app.button[-1].click().run()
    assert len(store.sessions()) == 1


def test_categories_are_those_of_an_earlier_session(
    store: Store, session: Session, tmp_path: Path, monkeypatch
):
    """The last one's, or what may be wrong with any image; names with Markdown stay letters."""
    app = form(tmp_path, monkeypatch, "predictions.csv")
    like = app.selectbox("new-like")
    assert like.options == ["Blurry and Mislabeled", "as in pets"]
    assert like.value == str(session.id)
    assert [one.value for one in app.multiselect] == [["Dog", "Blurry"], []]
    like.set_value("").run()
    assert [one.value for one in app.multiselect] == [["Blurry"], ["Mislabeled"]]


def test_the_list_is_searched_and_sorted(store: Store, tmp_path: Path):
    """From eight sessions on, by name, model and notes."""
    path = cats_and_dogs(tmp_path, errors=2, right=2)
    for number in range(8):
        store.set_words(begin(store, path, name=f"cats {number}"), model=f"net{number}")
    app = AppTest.from_function(sessions_page, default_timeout=60).run()
    assert shown(app).count("et-name") == 8
    app.text_input[0].set_value("NET3").run()
    assert shown(app).count("et-name") == 1
    app.text_input[0].set_value("dogs").run()
    assert "No session has that in its name, model or notes." in shown(app)
    app.text_input[0].set_value("").run()
    app.selectbox[0].set_value("Name").run()
    assert re.findall("<bdi>(.*?)</bdi>", shown(app)) == [f"cats {number}" for number in range(8)]


def test_the_trash_is_listed_and_gives_back(store: Store, session: Session, tmp_path: Path):
    """Also when nothing else is there; a name that is taken meanwhile is said."""
    store.trash(session)
    app = AppTest.from_function(sessions_page, default_timeout=60).run()
    assert "Begin your first session" in shown(app)
    other = begin(store, tmp_path / "predictions.csv", name="Pets")
    app.run()
    next(one for one in app.button if one.label == "Restore").click().run()
    assert "pets stays in the trash: there is already a session &#x27;pets&#x27;" in shown(app)
    store.rename(other, "others")
    next(one for one in app.button if one.label == "Restore").click().run()
    assert {one.name for one in store.sessions()} == {"pets", "others"}


def test_a_session_that_is_gone_is_not_shown_again(store: Store, session: Session, tmp_path: Path):
    """The tab goes on with the last opened; an address of one that is gone is told of."""
    other = begin(store, tmp_path / "predictions.csv", name="other")
    app = AppTest.from_function(session_at_hand, default_timeout=60)
    app.query_params["session"] = str(session.id)
    app.run()
    store.trash(session)
    del app.query_params["session"]
    app.run()
    assert app.query_params["session"] in (str(other.id), [str(other.id)])


# --- what is dropped, and what a table lacks -----------------------------------------------------


def dropped(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: bytes) -> AppTest:
    """Open the form and drop files on it."""
    app = form(folder, monkeypatch, None)
    held = [(name.replace("__", "."), data, "") for name, data in files.items()]
    return app.file_uploader[0].set_value(held).run()


def test_a_dropped_data_set_shows_the_pictures_inside_it(store: Store, tmp_path: Path, monkeypatch):
    """Before anything is written, and from the kept copy once the session has begun."""
    out = io.BytesIO()
    parquet.write_table(dataset(), out)
    app = dropped(tmp_path, monkeypatch, test__parquet=out.getvalue())
    text = shown(app)
    assert "All of the first 2 sampled images open. The pictures lie inside the table file." in text
    assert "Most frequent errors: airplane → ship (1) · ship → car (1)" in text
    assert not kept_tables.folder_of(store.path).exists()
    app.button[-1].click().run()
    (session,) = store.sessions()
    assert session.images == str(kept_tables.folder_of(store.path))
    for example in store.examples(session):
        assert images.inspect(Path(session.images), example.image or "") is None


def test_files_of_labels_and_classes_are_dropped_with_the_table(
    store: Store, tmp_path: Path, monkeypatch
):
    """One is asked to say which is the table; the others are offered where they are needed."""
    rows = "filename,label\n" + "".join(f"{n}.txt,{n % 2}\n" for n in range(8))
    truth = "file,target\n" + "".join(f"{n}.txt,{n % 3 % 2}\n" for n in range(8))
    app = dropped(
        tmp_path,
        monkeypatch,
        top1__csv=rows.encode(),
        truth__csv=truth.encode(),
        names__txt=b"cat\ndog\n",
        photo__jpg=b"\xff\xd8\xff",
    )
    assert "Columns" not in shown(app)
    which = next(one for one in app.selectbox if one.label.startswith("Which of these"))
    assert which.options == ["top1.csv", "truth.csv"]
    which.set_value("top1.csv").run()
    assert "photo.jpg was not taken: images are read from a folder below" in shown(app)
    for label, chosen in (("Labels from", "truth.csv"), ("Names of classes from", "names.txt")):
        box = next(one for one in app.selectbox if one.label == label)
        box.set_value(f"dropped: {chosen}").run()
    assert [metric.value for metric in app.metric] == ["8", "3", "37.5 %"]
    app.button[-1].click().run()
    if not store.sessions():  # no image is there: it asks once
        app.button[-1].click().run()
    (session,) = store.sessions()
    assert {one.label for one in store.examples(session)} <= {"cat", "dog"}
    assert session.columns.label == "true_label"


def test_a_file_that_fits_nothing_leaves_the_table_as_it_is(
    store: Store, tmp_path: Path, monkeypatch
):
    """Its fault is said in the form's words, and the table's own figures stay."""
    cats_and_dogs(tmp_path)
    (tmp_path / "names.txt").write_text("only one")
    app = form(tmp_path, monkeypatch, "predictions.csv")
    box = next(one for one in app.selectbox if one.label == "Names of classes from")
    box.set_value("names.txt").run()
    text = shown(app)
    assert "names none of the classes" in text
    assert "--" not in text.replace("<!--", "")
    assert [metric.value for metric in app.metric] == ["40", "12", "30.0 %"]
