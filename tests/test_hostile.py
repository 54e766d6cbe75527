"""Hostile texts on the command line and in the files out: shown, carried, never obeyed."""

import csv
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from commands import Run
from hostile import MAIN, fill, names, write_predictions
from payloads import PAYLOADS

from errortool.actions import identity, imports, reporting
from errortool.data import tables
from errortool.data.formulas import original
from errortool.store import Store


def test_the_list_is_as_long_as_the_readme_says():
    """137 kinds, each once; most can be names."""
    assert len(set(PAYLOADS)) == len(PAYLOADS) == 137
    assert len(names()) > 120


def test_no_control_character_reaches_the_terminal(tmp_path: Path, run: Run):
    """No control character, no escape sequence and no direction mark reaches the terminal.

    Also when a session file was made by somebody else's program, past all checks of names.
    """
    store = Store(tmp_path / "errortool.db", create=True)
    session = fill(store, tmp_path)
    store.close()
    odd = "".join(payload for payload in PAYLOADS if not payload.isprintable())
    with closing(sqlite3.connect("errortool.db")) as db, db:
        db.execute("update categories set name = ? where id = 1", [odd])
        db.execute("update sessions set name = ? where id = 1", [odd])
        last = "(select max(id) from categories where session = ?)"
        db.execute(f"update categories set name = ? where id = {last}", [odd, session.id])
    hostile_file = tmp_path / "\x1b[31m\u202efile.csv"
    hostile_file.write_text("label,prediction\n\x1b[31m,\u202e\n\x1b[31m\n")
    told = ""
    for code, arguments in (
        (0, ["sessions"]),
        (0, ["report", MAIN]),
        (0, ["report", MAIN, "--json"]),
        (1, ["new", hostile_file]),
        (1, ["export", "\x1b[31m\u202e", "--to", "out"]),
        (0, ["new", "predictions.csv", "--images", "images", "--name", "again"]),
        (1, ["\x1b[31m"]),
    ):
        result = run(*arguments)
        assert result.code == code
        told += result.out + result.err
    isolates = re.compile("\u2068([^\u2068\u2069\n]*)\u2069")  # of names written right to left
    visible = isolates.sub(r"\1", told)
    assert not [char for char in visible if not char.isprintable() and char != "\n"]
    assert "\\u001b[31mred" in told
    for name in names()[:-1]:  # the last one was made odd
        assert name in told


def test_a_json_report_with_odd_names_is_still_json(tmp_path: Path, run: Run):
    """What is made harmless there is written the way JSON itself writes it."""
    store = Store(tmp_path / "errortool.db", create=True)
    fill(store, tmp_path)
    store.close()
    odd = '\x1b[31m\u202e\x9b\U000e0001 \\ " é'
    with closing(sqlite3.connect("errortool.db")) as db, db:
        db.execute(
            "update categories set name = ? where id = (select max(id) from categories)", [odd]
        )
    categories = json.loads(run("report", MAIN, "--json").out)["categories"]
    assert odd in [category["name"] for category in categories]


def test_files_out_hold_every_payload_and_no_formula(tmp_path: Path):
    """table.csv and tally.csv give back each text; no cell of them is one that a program runs."""
    store = Store(tmp_path / "errortool.db", create=True)
    session = fill(store, tmp_path)
    written = reporting.export(store, session, tmp_path / "out")
    for path in written:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert not [cell for row in rows for cell in row if cell[:1] in {*"=+-@\t\r"} - {""}]
    rows_ = store.rows(session)
    with (tmp_path / "out" / "table.csv").open(encoding="utf-8", newline="") as file:
        back = list(csv.DictReader(file))
    for column in ("id", "label", "prediction", "corrected_label", "comment"):
        assert Counter(original(row[column]) for row in back) == Counter(PAYLOADS)
    before = [(row.comment, row.corrected_label, row.ticks) for row in rows_]
    taken = imports.import_ticks(
        store, session, tables.read(tmp_path / "out" / "table.csv"), reviewer=identity.reviewer()
    )
    assert taken.new_categories == ()
    assert [(row.comment, row.corrected_label, row.ticks) for row in store.rows(session)] == before
    store.close()


def test_hostile_columns_are_read_as_they_are(tmp_path: Path):
    """No column's name plays a role that it doesn't have."""
    table = tables.read(write_predictions(tmp_path))
    assert list(table.names[5:]) == PAYLOADS
