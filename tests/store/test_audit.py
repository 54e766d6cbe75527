"""`errortool check`: intact files pass, and changes made by other programs are reported."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from writer import save

import errortool
from errortool.cli import main
from errortool.errors import StoreError
from errortool.model import Session
from errortool.store import Store


@pytest.fixture
def used(store: Store, session: Session) -> Path:
    """Give a session file with some changes in it, closed."""
    for seq in range(5):
        save(store, session, "ann", seq)
    store.close()
    return store.path


def check(capsys, path: Path) -> tuple[int, list[str], str]:
    """Run the command; return its exit status, lines and error."""
    with pytest.raises(SystemExit) as stop:
        main(["check", "--db", str(path)])
    printed = capsys.readouterr()
    return int(stop.value.code or 0), printed.out.splitlines(), printed.err


def test_an_intact_file_has_no_faults(used: Path, capsys):
    """One line and exit 0; nothing in it was changed."""
    before = used.read_bytes()
    assert check(capsys, used) == (0, [f"{used} is whole."], "")
    assert errortool.check(used) == ()
    assert used.read_bytes() == before


SWAPPED = (
    "pragma writable_schema = on",
    "update sqlite_master set sql = 'create index judgements_example on judgements (event)' "
    "where name = 'judgements_example'",
)


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (["update judgements set value = 0 where example = 1"],
         "tick of session 1 (pets), image dev-5, by ann, category 1: "
         "value is 0 where the events made it 1"),
        (["delete from judgements where example = 2"],
         "tick of session 1 (pets), image dev-9, by ann, category 1: "
         "missing, though the events made it"),
        (["update looks set comment = 'mine' where example = 1"],
         "look of session 1 (pets), image dev-5, by ann: "
         "comment is 'mine' where the events made it ''"),
        (["update categories set name = 'Cat' where id = 1"],
         "category of session 1 (pets), category 1: "
         "name is 'Cat' where the events made it 'Dog'"),
        (["insert into judgements values (2, 5, 'bob', 1, 3)"],
         "by bob, category 2: there, though no event made it"),
        (["pragma foreign_keys = off", "delete from examples where id = 12",
          "delete from examples where id = 3"],
         "belongs to a row of examples that is not there"),
        (["update events set after = '{' where id = 4"], "row 4 of events has no JSON in after"),
        (["update examples set extra = 'x' where id = 4"],
         "row 4 of examples has no JSON in extra"),
        (["update events set after = '[]' where id = 4"], "event 4 can't be carried out"),
        (["update events set after = '{\"examples\": {\"99\": {}}}' where id = 4"],
         "event 4 can't be carried out (there is no image number 100 in this session)"),
        (SWAPPED, "missing from index judgements_example"),
    ],
)  # fmt: skip
def test_changes_made_by_other_programs_are_reported(
    used: Path, capsys, harm: Sequence[str], line: str
):
    """Each difference is a line that says where; exit 1 with one sentence."""
    with closing(sqlite3.connect(used)) as db:
        for statement in harm:
            db.execute(statement)
        db.commit()
    code, lines, error = check(capsys, used)
    assert code == 1
    assert any(line in told for told in lines), lines
    assert error == (
        f"Error: {used} has {len(lines)} fault{'s' * (len(lines) != 1)}, listed above: "
        "restore a backup.\n"
    )
    assert list(errortool.check(used)) == lines


def test_impossible_values_are_reported_when_read(used: Path):
    """One sentence that leads to `check`, and what doesn't need the value goes on."""
    with closing(sqlite3.connect(used)) as db:
        db.execute("update examples set extra = 'x' where id = 4")
        db.commit()
    with closing(Store(used)) as store:
        (session,) = store.sessions()
        with pytest.raises(StoreError, match="holds a value that can't be: run `errortool check`"):
            store.rows(session)
        save(store, session, "ann", 9)


def test_a_damaged_file_is_reported_in_one_sentence(used: Path, capsys):
    """What can't even be opened is refused as everywhere."""
    used.write_bytes(used.read_bytes()[:9_000])
    code, lines, error = check(capsys, used)
    assert (code, lines) == (1, [])
    assert error == (
        f"Error: {used}: the file is damaged: restore a backup with `errortool restore`.\n"
    )


def test_a_session_in_the_trash_may_have_another_ones_name(
    store: Store, session: Session, tmp_path: Path
):
    """Sessions of one name are not taken for each other."""
    from helpers import begin

    save(store, session, "ann", 0)
    store.trash(session)
    save(store, begin(store, tmp_path / "predictions.csv"), "bob", 1)
    assert store.check() == ()
