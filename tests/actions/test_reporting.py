"""The files of an export agree, whatever happens meanwhile; reading commands read once."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs

from errortool.actions import reporting
from errortool.changes import Change, ExampleValues, Ref
from errortool.errors import SessionError
from errortool.model import Session, Status
from errortool.store import Store

RESTLESS = Path(__file__).parents[1] / "support" / "restless.py"
WRITERS = 5


@pytest.fixture
def busy(store: Store, tmp_path: Path) -> Iterator[Session]:
    """Give a session that five processes review without a pause."""
    session = begin(store, cats_and_dogs(tmp_path, errors=40, right=30), right=20)
    with ExitStack() as opened:
        for number in range(WRITERS):
            writer = opened.enter_context(
                subprocess.Popen(
                    [sys.executable, RESTLESS, store.path, f"reviewer {number}"],
                    stdout=subprocess.PIPE,
                )
            )
            opened.callback(writer.kill)
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"judging\n"
        yield session


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def disagreements(folder: Path) -> list[str]:
    """Return what the files of an export say differently: by counting table.csv's rows."""
    report = json.loads((folder / "report.json").read_text())
    html = (folder / "report.html").read_text()
    errors, right = (
        [row for row in rows(folder / name) if row["looked_at"] == "1"]
        for name in ("table.csv", "table_right.csv")
    )
    *tally, none = rows(folder / "tally.csv")
    names = [category["category"] for category in tally]
    said = [("errors looked at", report["looked_at"], len(errors))]
    by_name = {category["name"]: category for category in report["categories"]}
    for category in tally:
        of_report = by_name[category["category"]]
        cells = [row[category["category"]] for row in errors]
        counted = cells.count("1"), len(cells) - cells.count("")
        in_tally = int(category["ticked"]), int(category["looked_at"])
        of_json = of_report["ticked"], of_report["looked_at"]
        in_html = f">{counted[0]} of {counted[1]}<" in html
        said += [("tally", in_tally, counted), ("JSON", of_json, counted), ("HTML", in_html, True)]
    unticked = [[row[name] for name in names] for row in errors]
    fits_none = sum(set(cells) == {"0"} for cells in unticked)
    said += [
        ("none of these", report["none_of_these"], fits_none),
        ("none of these in the tally", int(none["ticked"]), fits_none),
        ("unknown", report["unknown"], sum("1" not in c and "" in c for c in unticked)),
    ]
    corrected = {
        (row["id"], row["corrected_label"]) for row in errors + right if row["corrected_label"]
    }
    listed = {(row["id"], row["corrected_label"]) for row in rows(folder / "corrections.csv")}
    said.append(("corrections", listed, corrected))
    both = report["both_sides"]
    acquitted = sum(row["corrected_label"] == row["prediction"] for row in errors)
    said += [
        ("right ones looked at", both["looked_at_right"], len(right)),
        ("right after all", both["wrong"]["ticked"], acquitted),
    ]
    return [f"{what}: {one} and {other}" for what, one, other in said if one != other]


def test_the_files_of_an_export_agree_while_five_write(store: Store, busy: Session, tmp_path: Path):
    """Each is of one moment, though every example changes many times meanwhile."""
    seen = set()
    for number in range(3):
        folder = tmp_path / f"out {number}"
        reporting.export(store, busy, folder, html=True)
        assert disagreements(folder) == []
        seen.add((folder / "table.csv").read_text())
    assert len(seen) > 1  # they did write


def test_files_that_are_read_one_by_one_disagree(store: Store, busy: Session, tmp_path: Path):
    """The control: without the one snapshot the check above does fail."""
    for number in range(20):
        folder = tmp_path / f"out {number}"
        folder.mkdir()
        for name in ("tally.csv", "report.html", "report.json", "corrections.csv", "table.csv",
                     "table_right.csv"):  # fmt: skip
            snapshot = store.full_snapshot(busy)
            files = reporting.files(snapshot, reporting.compute(snapshot))
            (folder / name).write_text(files[name]())
        if disagreements(folder):
            return
    pytest.fail("files that were read one by one agreed 20 times")


def look(store: Store, session: Session, reviewer: str, position: int, *, dog: bool) -> None:
    """Finish with an example."""
    category = str(store.categories(session)[0].id)
    values = ExampleValues(ticks={category: int(dog)}, status=Status.LOOKED_AT, comment=reviewer)
    change = Change(
        ref=Ref(reviewer, position), reviewer=reviewer, kind="look", examples={position: values}
    )
    store.apply(session, [change])


def test_a_snapshot_has_one_reviewers_word_or_the_latest(store: Store, session: Session):
    """And who there is, and the last event; rows always have the latest word."""
    look(store, session, "ann", 0, dog=True)
    look(store, session, "bob", 0, dog=False)
    latest, by_ann = store.full_snapshot(session), store.full_snapshot(session, "ann")
    assert latest.reviewers == by_ann.reviewers == ("ann", "bob")
    assert latest.cursor == by_ann.cursor == store.cursor(session)
    assert (latest.judged.ticks[0, 0], by_ann.judged.ticks[0, 0]) == (0, 1)
    assert latest.right is None
    assert latest.rows == by_ann.rows == store.rows(session)
    assert latest.rows[0].comment == "bob"
    with pytest.raises(SessionError, match=r"'eve' has not reviewed session 'pets' .*'ann', 'bob'"):
        store.snapshot(session, "eve")


def test_a_plan_is_for_the_categories_named(store: Store, session: Session):
    """By name in any case; it is that of the ids."""
    look(store, session, "ann", 0, dog=True)
    look(store, session, "ann", 1, dog=False)
    dog = store.categories(session)[0].id
    report, plan = reporting.compute_and_record(store, session, solve=["dOG"])
    assert plan == reporting.plan(store.snapshot(session), [dog])
    assert plan is not None
    assert plan.hopeful == report.categories[0].left
    assert reporting.compute_and_record(store, session) == (report, None)
    with pytest.raises(SessionError, match="there is no category 'Cat' in 'pets'"):
        reporting.compute_and_record(store, session, solve=["Cat"])
