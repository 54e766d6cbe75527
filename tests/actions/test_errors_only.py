"""A table that holds errors only: shares at once, a dev error once somebody gives its number."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from helpers import query

import errortool
from errortool.actions import reporting
from errortool.errors import SessionError, TableError
from errortool.output import charts, phrases, summary
from errortool.store import Store, schema

HEADER = "id,label,prediction\n"
ERRORS = 40
RATED = (
    "dev_error dev_examples ceiling ceiling_low ceiling_high points accuracy left inside".split()
)


def errors_only(folder: Path) -> Path:
    """Write a table of errors only, as people's evaluation code leaves it."""
    path = folder / "misclassified.csv"
    pairs = ("cat,dog", "dog,cat")
    path.write_text(HEADER + "".join(f"{n},{pairs[n % 2]}\n" for n in range(ERRORS)))
    return path


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Return a session file with a session on errors alone, of which all are judged."""
    path = tmp_path / "s.db"
    with pytest.warns(UserWarning, match="it holds errors only"):
        errortool.new(errors_only(tmp_path), name="wrong", categories=["Dark", "Far"], db=path,
                      label_errors=["Mislabeled"])  # fmt: skip
    ticks = tmp_path / "ticks.csv"
    rows = [f"{n},{int(n < 20)},{int(n % 4 == 0)},{int(n < 4)}\n" for n in range(ERRORS)]
    ticks.write_text("id,Dark,Far,Mislabeled\n" + "".join(rows))
    errortool.import_ticks("wrong", ticks, db=path)
    return path


def test_there_are_shares_and_nothing_that_rests_on_a_dev_error(db: Path):
    """Every figure of a ceiling is null, in report, JSON and tally alike."""
    made = errortool.report("wrong", db=db)
    assert (made.dev_examples, made.dev_error) == (None, None)
    assert made.category(1).share == 0.5
    for category in made.categories:
        assert all(getattr(category, name) is None for name in RATED), category.name
    assert {(step.hopeful, step.cautious) for step in made.order} == {(None, None)}
    assert made.headline is not None
    assert made.headline.left is None
    assert made.ledger is not None
    assert (made.ledger.label_points, made.ledger.other) == (None, None)
    assert query(db, "select count(*) from tally where dev_error is not null") == [(0,)]
    assert query(db, "select count(*) from tally where ceiling is not null") == [(0,)]
    assert query(db, "select count(*) from estimates where ceiling is not null") == [(0,)]


def test_no_text_says_a_dev_error(db: Path, tmp_path: Path):
    """Neither a sentence, nor a column, nor a file speaks of what would be left of it."""
    with closing(Store(db)) as store:
        session = store.session("wrong")
        snapshot = store.full_snapshot(session)
    made = reporting.compute(snapshot)
    plan = reporting.plan(snapshot, [1, 2])
    texts = [
        phrases.headline(made),
        *(line.text for line in phrases.glance(made)),
        *phrases.findings(made, plan),
        *phrases.stop_lines(made),
        phrases.verdict(made),
        phrases.verdict(made, 0.005),
        phrases.plan(plan, made),
        summary.chat(made, plan),
        summary.markdown(made, plan),
        *(" ".join(row) for row in phrases.table(made)),
        reporting.report_html(snapshot, made).partition("<footer")[0],
        json.dumps(charts.shares(made).to_dict()),
    ]
    for text in texts:
        plain = re.sub(r"<style.*?</style>|<details class=\"why\">.*?</details>", "", text,
                       flags=re.DOTALL)  # fmt: skip
        assert not re.search(
            r"100(\.0+)? % dev error|left if solved|left at best|would leave "
            r"|points? of|accuracy then|to \d+\.\d+ % at best",
            plain,
        ), plain[:400]
    assert phrases.headline(made) == (
        "Solving Dark would fix 50.0 % of the errors at best: the largest of 2 causes."
    )
    assert phrases.then(made) == "Far, which with Dark would fix 62.5 % of the errors at best."
    assert phrases.plan(plan, made) == (
        "Solving Dark and Far together would fix 62.5 % of the errors at best."
    )
    assert phrases.verdict(made) == (
        "Wrong labels cause 10 % of the errors: they are not the first thing to correct."
    )
    assert phrases.labels(made) == phrases.verdict(made)
    assert "--dev-examples N" in phrases.unrated(made)
    assert phrases.sizes(made) == "40 errors, dev error not known"


def test_given_the_number_all_is_as_with_the_right_ones_in_the_table(db: Path, tmp_path: Path):
    """The same errors among 600 right ones: every figure is the same."""
    whole = tmp_path / "whole.csv"
    right = "".join(f"r{n},cat,cat\n" for n in range(600))
    whole.write_text(errors_only(tmp_path).read_text() + right)
    errortool.new(whole, name="all", categories=["Dark", "Far"], label_errors=["Mislabeled"], db=db)
    errortool.import_ticks("all", tmp_path / "ticks.csv", db=db)
    errortool.change("wrong", dev_examples=640, db=db)
    given, known = (errortool.report(name, db=db) for name in ("wrong", "all"))
    assert given.dev_error == 40 / 640
    assert [c.left for c in given.categories] == [c.left for c in known.categories]
    assert [step.hopeful for step in given.order] == [step.hopeful for step in known.order]
    assert phrases.headline(given) == phrases.headline(known)
    assert phrases.unrated(given) == ""


@pytest.mark.parametrize(
    ("options", "examples"),
    [
        ({"dev_examples": 640}, 640),
        ({"dev_examples": 40}, 40),
        ({"dev_error": 0.0625}, 640),
        ({"dev_error": 1.0}, 40),
        ({}, None),
    ],
)
def test_a_session_begins_with_the_number_or_without(
    tmp_path: Path, recwarn, options: dict, examples: int | None
):
    """A dev error of 100 % is one that somebody gave; the warning stands only without a number."""
    session = errortool.new(errors_only(tmp_path), db=tmp_path / "s.db", **options)
    assert (session.errors, session.dev_examples, session.errors_only) == (40, examples, True)
    assert session.dev_error == (None if examples is None else 40 / examples)
    told = any("errors only" in str(warning.message) for warning in recwarn.list)
    assert told is (examples is None)


@pytest.mark.filterwarnings("ignore:.*errors only")
@pytest.mark.parametrize(
    ("begin", "says"),
    [
        (lambda path, db: errortool.new(path, dev_examples=39, db=db), "give 40 or more"),
        (lambda path, db: errortool.new(whole(path), dev_examples=99, db=db),
         "41 dev examples, right ones among them"),
    ],
)  # fmt: skip
def test_a_number_that_can_not_be_is_refused(
    tmp_path: Path, begin: Callable[[Path, Path], object], says: str
):
    """Nothing is written."""
    with pytest.raises(TableError, match=says):
        begin(errors_only(tmp_path), tmp_path / "s.db")
    assert not (tmp_path / "s.db").exists()


def whole(path: Path) -> Path:
    """Add a right example to a table of errors."""
    path.write_text(path.read_text() + "right,cat,cat\n")
    return path


def test_a_number_given_later_is_checked_too(db: Path, tmp_path: Path):
    """It can be corrected; that of a table with right ones in it can't be changed."""
    with pytest.raises(SessionError, match="40 errors can't be of 39 dev examples"):
        errortool.change("wrong", dev_examples=39, notes="new", db=db)
    assert query(db, "select dev_examples, notes from sessions") == [(0, "")]
    for number in (640, 700):
        assert errortool.change("wrong", dev_examples=number, db=db).dev_examples == number
    errortool.new(whole(errors_only(tmp_path)), name="all", db=db)
    with pytest.raises(SessionError, match="holds all of its 41 dev examples"):
        errortool.change("all", dev_examples=50, db=db)


@pytest.mark.filterwarnings("ignore:.*every row has the same label")
@pytest.mark.parametrize(
    ("rows", "doubt"),
    [
        ("1,River,Highway\n2,River,Highway\n3,Forest,Lake\n", True),
        ("1,30,60\n2,31,61\n3,32,60\n", True),
        ("1,cat,dog\n2,dog,cat\n", False),
        ("1,cat,dog\n", False),
    ],
)
def test_errors_need_not_share_a_class(tmp_path: Path, rows: str, doubt: bool):
    """A few errors need not; it is asked about all the same."""
    path = tmp_path / "few.csv"
    path.write_text(HEADER + rows)
    with pytest.warns(UserWarning, match="errors only|no class in common") as caught:
        session = errortool.new(path, db=tmp_path / "s.db")
    assert session.errors == rows.count("\n")
    asked = [one for one in caught if "have no class in common: are they" in str(one.message)]
    assert bool(asked) is doubt


def test_weighted_errors_have_no_dev_error_without_the_weights_of_the_right_ones(tmp_path: Path):
    """Their number alone doesn't tell it."""
    path = tmp_path / "p.csv"
    pairs = ("cat,dog", "dog,cat")
    rows = "".join(f"{n},{pairs[n % 2]},{n % 3 + 1}\n" for n in range(12))
    path.write_text("id,label,prediction,weight\n" + rows)
    session = errortool.new(path, name="w", dev_examples=640, db=tmp_path / "s.db")
    assert (session.dev_examples, session.dev_error) == (640, None)
    made = errortool.report("w", db=tmp_path / "s.db")
    assert made.dev_error is None
    assert "what all examples weigh isn't known" in phrases.unrated(made)


def test_older_sessions_of_errors_alone_lose_their_hundred_per_cent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Their number of dev examples was that of the rows; the others keep theirs."""
    path = tmp_path / "fourth.db"
    with monkeypatch.context() as past:
        past.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:4])
        Store(path, create=True).close()
    with closing(sqlite3.connect(path)) as old, old:
        old.executescript("""
            insert into sessions (uid, name, predictions, predictions_sha256, columns, seed,
                dev_examples, errors, created_at, opened_at)
            select value, value, 'p.csv', '', '{"label": "a", "prediction": "b"}', 0,
                iif(value = 'wrong', 12, 40), 12, '', '' from json_each('["wrong", "all"]');
        """)
    with closing(Store(path)) as store:
        found = {one.name: (one.errors_only, one.dev_examples) for one in store.sessions()}
    assert found == {"wrong": (True, None), "all": (False, 40)}
