"""From Python: the same verbs, the same figures."""

import io
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest
from helpers import cats_and_dogs

import errortool

MANUAL = Path(errortool.__file__).parent / "docs" / "python.md"


def test_the_public_names_are_sorted_and_all_in_the_manual():
    """What can be imported is what is documented."""
    assert errortool.__all__ == sorted(errortool.__all__)
    assert set(re.findall(r"`errortool\.(\w+)", MANUAL.read_text())) - {"db"} == {
        *errortool.__all__
    }
    for name in errortool.__all__:
        assert getattr(errortool, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        errortool.nonsense  # noqa: B018  asking is the test


def test_only_a_session_that_is_there_can_be_opened(tmp_path: Path):
    """One sentence, before anything is served."""
    db = tmp_path / "errortool.db"
    errortool.new({"id": ["a", "b"], "label": ["x", "y"], "pred": ["y", "y"]}, name="s", db=db)
    with pytest.raises(errortool.ErrortoolError, match="there is no session 'nope'"):
        errortool.open("nope", db=db)
    (tmp_path / "no.db").write_text("no session file")
    with pytest.raises(errortool.ErrortoolError, match=r"can't be served: .*no\.db"):
        errortool.open(db=tmp_path / "no.db")


def test_a_notebook_does_what_the_command_line_does(tmp_path: Path, monkeypatch):
    """New, import, report, export, sessions, backup, check and restore, by function."""
    monkeypatch.chdir(tmp_path)
    path = cats_and_dogs(tmp_path)
    session = errortool.new(path, images="images", name="pets", categories=["Dog"], sample=10)
    assert (session.sampled, session.dev_error) == (10, 0.3)
    (tmp_path / "ticks.csv").write_text("id,Dog,Wet\n" + "".join(
        f"dev-{n},{n % 2},x\n" for n in range(12)))  # fmt: skip
    with pytest.warns(UserWarning, match=r"ticks.csv: not in the session's sample"):
        done = errortool.import_ticks("pets", "ticks.csv", new_categories=True)
    assert done.new_categories == ("Wet",)
    dog, wet = errortool.report("pets").categories
    assert (dog.looked_at, wet.share) == (10, 1.0)
    assert dog.share_low < dog.share < dog.share_high
    assert [file.name for file in errortool.export("pets", "out", html=True)] == [
        "tally.csv",
        "table.csv",
        "corrections.csv",
        "report.json",
        "report.html",
    ]
    (summary,) = errortool.sessions()
    assert (summary.looked_at, summary.leading) == (10, "Wet")
    errortool.backup("copy.db")
    assert errortool.report("pets", db="copy.db").looked_at == 10
    assert errortool.check("copy.db") == ()
    former = errortool.restore("copy.db")
    assert former is not None
    assert errortool.check(former) == errortool.check() == ()


def test_faults_are_one_kind_of_error(tmp_path: Path):
    """Whatever can't be done raises an ErrortoolError with a sentence."""
    for call in (
        lambda: errortool.new(tmp_path / "missing.csv"),
        lambda: errortool.report("x", db=tmp_path / "missing.db"),
        lambda: errortool.share_of_errors(ticked=1, looked_at=0, errors=3),
    ):
        with pytest.raises(errortool.ErrortoolError):
            call()


def test_importing_the_package_costs_nothing():
    """No library is loaded until a name is asked for, in a process of its own."""
    code = (
        "import sys, errortool; heavy = {'numpy', 'pandas', 'pyarrow', 'scipy', 'PIL', 'streamlit'}"
        "; print(sorted(heavy & {*sys.modules}), 'ceiling' in vars(errortool))"
        "; errortool.ceiling; print(sorted(heavy & {*sys.modules}))"
    )
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    before, after = printed.splitlines()
    assert before == "[] False"
    assert "numpy" in after


@pytest.mark.parametrize("empty", [None, float("nan"), "", pd.NA])
def test_an_estimate_takes_any_table_of_ticks(empty: object):
    """A DataFrame, a dict of columns and a plain array say the same."""
    columns = {"Dog": [1, 0, True, False], "Wet": [empty, 0, 1.0, "true"]}
    as_dict = errortool.estimate(columns, errors=20, dev_examples=100)
    frame = pd.DataFrame(columns, dtype=object)
    assert errortool.estimate(frame, errors=20, dev_examples=100) == as_dict
    array = errortool.estimate(
        list(zip(*columns.values(), strict=True)), errors=20, dev_examples=100
    )
    assert (
        [c.share for c in array.categories] == [c.share for c in as_dict.categories] == [0.5, 2 / 3]
    )
    assert [(c.name, c.looked_at) for c in array.categories] == [("1", 4), ("2", 3)]


def test_an_estimate_says_what_blanks_are():
    """Ones and blanks alone are warned of by name; `empty` says which they are."""
    frame = pd.read_csv(io.StringIO("Dog,Wet,All\n1,1,1\n,0,1\n,,1\n1,,1\n"))
    counts = {"errors": 20, "dev_examples": 100}
    says = "category 'Dog' has no no, .*100 %: give empty=\"no\""
    with pytest.warns(UserWarning, match=says) as told:
        made = errortool.estimate(frame, **counts)
    assert [warning.filename for warning in told] == [__file__]
    assert [c.share for c in made.categories] == [1.0, 0.5, 1.0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        as_no = errortool.estimate(frame, empty="no", **counts)
        assert errortool.estimate(frame, empty="unknown", **counts) == made
    assert [c.share for c in as_no.categories] == [0.5, 0.25, 1.0]


def test_a_sheet_is_imported_by_any_column_of_ids(tmp_path: Path, monkeypatch):
    """By a column that is named, and by row numbers; a word that `empty` can't be is refused."""
    monkeypatch.chdir(tmp_path)
    errortool.new(cats_and_dogs(tmp_path), images="images", name="pets", categories=["Dog"])
    Path("ticks.csv").write_text("Error analysis,\nNo,Dogs\n1,x\n2,\n")
    with pytest.warns(UserWarning, match=r"ticks\.csv: ") as told:
        done = errortool.import_ticks("pets", "ticks.csv", id_column="no", row_numbers=True)
    assert [str(warning.message) for warning in told] == [
        "ticks.csv: row 2 was taken for the header",
        "ticks.csv: taken for categories of nearly the same name: 'Dogs' for 'Dog'",
    ]
    assert done.rows == 2
    (dog,) = errortool.report("pets").categories
    assert dog.share == 0.5
    with pytest.raises(errortool.ErrortoolError, match="can't mean 'maybe': choose no or unknown"):
        errortool.import_ticks("pets", "ticks.csv", empty="maybe")


def test_an_estimate_is_what_a_session_says():
    """The same ticks give the same figures with and without a session."""
    ticks = {"Dog": [1, 0, 1, 0, 0], "Mislabeled": [0, 0, 1, 1, 0]}
    made = errortool.estimate(
        ticks,
        errors=50,
        dev_examples=500,
        label_errors=["Mislabeled"],
        solve=["Dog"],
        level=0.9,
        planned=5,
    )
    dog = errortool.share_of_errors(ticked=2, looked_at=5, errors=50, level=0.9)
    assert made.categories[0].share_low == dog.low
    assert made.ledger is not None
    assert made.plan is not None
    assert made.plan.hopeful_share == dog


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"ticks": {"Dog": [1, "maybe"]}}, "'Dog' has a value 'maybe': give True, False or None"),
        ({"ticks": {"Dog": [1], "Wet": [1, 0]}}, "need a value for each error looked at"),
        ({"ticks": {"Dog": [1, 0]}, "weights": [1.0]}, "need a value for each error looked at"),
        ({"ticks": {"Dog": [1] * 30}}, "30 errors looked at of 20 errors of 100 dev examples"),
        ({"ticks": {"Dog": [1]}, "solve": ["Cat"]}, "no category 'Cat' among the ticks .Dog."),
    ],
)
def test_ticks_that_cannot_be_are_refused(arguments: dict, sentence: str):
    """One sentence says what is wrong."""
    with pytest.raises(errortool.ErrortoolError, match=sentence):
        errortool.estimate(**{"errors": 20, "dev_examples": 100} | arguments)


def frame() -> pd.DataFrame:
    """Return predictions as notebooks hold them: an index of its own, a nested column."""
    rows = [
        (f"k{n}", f"dogs/{n:03d}.png", "not cat" if n < 12 else "cat", "cat", 0.5,
         [n, n])
        for n in range(40)
    ]  # fmt: skip
    names = ["id", "image", "label", "prediction", "confidence", "embedding"]
    return pd.DataFrame(rows, columns=names, index=range(100, 140))


def test_a_frame_begins_a_session_and_gives_more(tmp_path: Path, monkeypatch):
    """A DataFrame is taken as it is; a copy is kept, from which more is drawn."""
    monkeypatch.chdir(tmp_path)
    cats_and_dogs(tmp_path)
    with pytest.warns(UserWarning, match="'embedding' holds list"):
        session = errortool.new(frame(), name="pets", sample=5)
    assert (session.dev_examples, session.errors, session.sampled) == (40, 12, 5)
    assert session.images == str(tmp_path / "images")
    done = errortool.more("pets", 3)
    assert (done.drawn, done.left) == (3, 4)
    assert errortool.more("pets").left == 0
    (kept,) = (tmp_path / "errortool.db.tables").iterdir()
    assert kept.name == f"{session.predictions_sha256}.parquet"
    with pytest.raises(errortool.ErrortoolError, match="none is left to draw"):
        errortool.more("pets")


@pytest.mark.parametrize(
    ("predictions", "says"),
    [
        (17, "int: is neither the path of a table nor a DataFrame"),
        (None, "is neither the path of a table nor a DataFrame"),
        ({"label": ["a"]}, "no column for the prediction"),
        ({"label": 3}, "dict: can't be read as a table"),
        ([1, 2], "list: is no list of dicts: give one dict an example"),
        ([], "list: is no list of dicts"),
        ([{"label": "a"}, {"label": 1}], "list: can't be read as a table"),
        (pd.DataFrame({"label": ["a", 1], "prediction": ["a", "b"]}), "make each column one kind"),
        (pd.DataFrame(), "no rows"),
        (frame().iloc[:0], "no rows"),
        (frame().drop(columns="label"), "no column for the label"),
        (pd.concat([frame(), frame()], axis=1), "make each column one kind|called"),
    ],
)
def test_what_can_not_be_a_table_is_one_sentence(tmp_path: Path, predictions, says: str):
    """Never a traceback of another library, and no session file is made."""
    with pytest.raises(errortool.ErrortoolError, match=says) as refused:
        errortool.new(predictions, db=tmp_path / "s.db")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "s.db").exists()


def test_sessions_are_put_in_order(tmp_path: Path, monkeypatch):
    """Rename, duplicate, change, trash, untrash and delete, by function."""
    monkeypatch.chdir(tmp_path)
    errortool.new(cats_and_dogs(tmp_path), name="pets")
    assert errortool.rename("pets", "dogs").name == "dogs"
    assert errortool.duplicate("dogs", "more dogs", with_ticks=True).sampled == 12
    (tmp_path / "other").mkdir()
    with pytest.warns(UserWarning, match="12 of 12 sampled images can't be shown"):
        changed = errortool.change("dogs", images="other", notes="hm", model="v3")
    assert (changed.images, changed.notes, changed.model) == (str(tmp_path / "other"), "hm", "v3")
    errortool.trash("dogs")
    assert [one.session.name for one in errortool.sessions()] == ["more dogs"]
    assert [one.session.name for one in errortool.sessions(trash=True)] == ["dogs"]
    errortool.untrash("dogs")
    errortool.trash("dogs")
    assert errortool.delete("dogs").exists()
    assert errortool.sessions(trash=True) == []
