"""Backups: one a day beside the file, the last seven; putting one back; older files upgraded."""

import hashlib
import re
import shlex
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from helpers import ROOT, begin, cats_and_dogs
from writer import save

from errortool.actions import reporting
from errortool.cli import main
from errortool.errors import StoreError
from errortool.model import Session
from errortool.store import Store, restore, schema

MANUAL = (ROOT / "errortool" / "docs" / "schema.md").read_text(encoding="utf-8")
SUPPORT = Path(__file__).parents[1] / "support"


class Calendar:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        """Begin at a noon, so that no time zone makes it another day."""
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def next_day(self) -> None:
        """Go on to the next noon."""
        self.now += timedelta(days=1)


@pytest.fixture
def calendar() -> Calendar:
    """Give a clock."""
    return Calendar()


@pytest.fixture
def dated(tmp_path: Path, calendar: Calendar) -> Iterator[Store]:
    """Give a session file with a session of 12 errors, on a clock set by hand."""
    with closing(Store(tmp_path / "errortool.db", create=True, clock=calendar)) as store:
        begin(store, cats_and_dogs(tmp_path))
        yield store


def backups(store: Store) -> list[str]:
    """Return the names of the backups."""
    return sorted(path.name for path in Path(f"{store.path}.backups").iterdir())


def changes(path: Path) -> int:
    """Count ann's changes in a file."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("select count(*) from events where reviewer = 'ann'").fetchone()[0])


# --- one a day -----------------------------------------------------------------------------------


def test_a_day_has_one_backup_and_the_last_seven_are_kept(dated: Store, calendar: Calendar):
    """The first of a day stays as it is; other files in the folder are never dropped."""
    folder = Path(f"{dated.path}.backups")
    folder.mkdir()
    others = ["before the move.db", "replaced-2026-01-01-120000-000000.db"]
    for name in others:
        (folder / name).write_bytes(b"mine")
    (session,) = dated.sessions()
    for day in range(9):
        dated.keep_daily()
        save(dated, session, "ann", day)
        dated.keep_daily()
        calendar.next_day()
    days = [f"2026-11-{day}.db" for day in range(24, 31)]
    assert backups(dated) == sorted([*days, *others])
    assert [changes(folder / day) for day in days] == list(range(2, 9))
    with closing(Store(folder / days[0])) as copy:
        assert copy.check() == ()


def test_a_damaged_file_pushes_no_good_backup_out(dated: Store, calendar: Calendar):
    """Its copy would be damaged too: it isn't kept, and the old ones stay."""
    for _ in range(7):
        dated.keep_daily()
        calendar.next_day()
    before = backups(dated)
    dated._file._writer.execute("pragma wal_checkpoint(truncate)")
    with dated.path.open("r+b") as file:
        file.seek(4096 * 4)
        file.write(b"\xff" * 4096 * 8)
    with pytest.raises(StoreError, match="damaged: restore a backup"):
        dated.keep_daily()
    assert backups(dated) == before


def test_a_failing_backup_is_reported(dated: Store):
    """Where its folder should be is a file: one sentence, and the session goes on."""
    Path(f"{dated.path}.backups").write_text("mine")
    with pytest.raises(StoreError, match=r"errortool\.db\.backups can't be made"):
        dated.keep_daily()
    save(dated, dated.sessions()[0], "ann", 0)
    assert changes(dated.path) == 1


def test_backups_are_never_in_the_way_of_changes(dated: Store, calendar: Calendar):
    """While backups are made without a pause, every change is saved, and every backup is whole."""
    (session,) = dated.sessions()
    failures: list[Exception] = []

    def work() -> None:
        try:
            for seq in range(60):
                save(dated, session, "ann", seq)
        except Exception as error:  # noqa: BLE001  any at all fails the test below
            failures.append(error)

    saving = threading.Thread(target=work)
    saving.start()
    made = []
    while saving.is_alive():
        dated.keep_daily()
        made.append(changes(Path(f"{dated.path}.backups") / f"{calendar.now:%Y-%m-%d}.db"))
        calendar.next_day()
    saving.join()
    assert failures == []
    assert changes(dated.path) == 60
    assert made == sorted(made)
    for name in backups(dated):
        with closing(Store(Path(f"{dated.path}.backups") / name)) as copy:
            assert copy.check() == ()


# --- putting one back ----------------------------------------------------------------------------


def test_a_backup_is_put_back_as_the_manual_says(
    dated: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    """The command as written restores the day, and keeps what was there."""
    (session,) = dated.sessions()
    save(dated, session, "ann", 0)
    dated.keep_daily()
    save(dated, session, "ann", 1)
    dated.close()
    (command,) = re.findall(r"^errortool restore .*$", MANUAL, re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ERRORTOOL_DB", raising=False)
    with pytest.raises(SystemExit) as stop:
        main(shlex.split(command)[1:])
    assert stop.value.code == 0
    told = re.fullmatch(
        r"errortool.db restored from errortool.db.backups/2026-11-22.db; "
        r"what was there is now (\S+\.db)\.\n",
        capsys.readouterr().out,
    )
    assert told is not None
    assert changes(dated.path) == 1
    assert changes(Path(told[1])) == 2
    with closing(Store(dated.path)) as again:
        assert again.check() == ()
        assert again.sessions()[0].images == session.images


def test_the_log_of_the_replaced_file_is_kept_with_it(dated: Store, tmp_path: Path):
    """A process that was killed leaves a log: it must not get into the restored file."""
    (session,) = dated.sessions()
    dated.backup(tmp_path / "copy.db")
    dated.close()
    killed = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]);"
        "from writer import Store, save; store = Store(Path(sys.argv[1]));"
        "[save(store, store.sessions()[0], 'ann', seq) for seq in range(4)];"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", killed, dated.path, SUPPORT], check=False)
    assert dated.path.with_name("errortool.db-wal").exists()
    former = restore(dated.path, tmp_path / "copy.db")
    assert former is not None
    assert changes(dated.path) == 0
    assert changes(former) == 4
    with closing(Store(dated.path)) as again:
        assert again.check() == ()
        save(again, session, "ann", 0)


def test_a_file_that_is_a_link_is_restored_where_it_leads(dated: Store, tmp_path: Path):
    """The link stays, and its backups are beside the file itself."""
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(dated.path)
    dated.backup(tmp_path / "copy.db")
    save(dated, dated.sessions()[0], "ann", 0)
    dated.close()
    former = restore(link, tmp_path / "copy.db")
    assert former is not None
    assert former.parent == Path(f"{dated.path}.backups")
    assert link.is_symlink()
    assert (changes(link), changes(former)) == (0, 1)


def test_a_running_app_reports_that_its_file_was_restored(dated: Store, tmp_path: Path):
    """It saves nothing into either file any more, and says to restart."""
    (session,) = dated.sessions()
    dated.backup(tmp_path / "copy.db")
    save(dated, session, "ann", 0)
    former = restore(dated.path, tmp_path / "copy.db")
    with pytest.raises(StoreError, match="was replaced while in use: restart"):
        save(dated, session, "ann", 1)
    dated.close()
    assert former is not None
    assert (changes(dated.path), changes(former)) == (0, 1)


@pytest.mark.parametrize(
    "harm",
    [
        Path.unlink,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("hello"),
        lambda path: path.write_bytes(path.read_bytes()[:9_000]),
    ],
)
def test_a_backup_is_put_in_the_place_of_anything(dated: Store, tmp_path: Path, harm):
    """Missing, empty, overwritten or damaged: the file is whole again, what was there is kept."""
    dated.backup(tmp_path / "copy.db")
    dated.close()
    harm(dated.path)
    before = dated.path.read_bytes() if dated.path.exists() else None
    former = restore(dated.path, tmp_path / "copy.db")
    assert (former.read_bytes() if former else None) == before
    with closing(Store(dated.path)) as again:
        assert [session.name for session in again.sessions()] == ["pets"]


@pytest.mark.parametrize("content", [None, b"", b"hello", b"SQLite format 3\0" + bytes(5_000)])
def test_a_file_that_is_not_a_backup_is_not_restored(
    dated: Store, tmp_path: Path, content: bytes | None
):
    """The session file stays as it is where the backup is missing or is none."""
    bad = tmp_path / "bad.db"
    if content is not None:
        bad.write_bytes(content)
    dated.close()
    before = dated.path.read_bytes()
    with pytest.raises(StoreError, match=r"bad\.db"):
        restore(dated.path, bad)
    assert dated.path.read_bytes() == before


# --- older files ---------------------------------------------------------------------------------


def more(db) -> None:
    """Change a table and make one, as a later release might."""
    db.conn.execute("alter table looks add column mood text")
    db.conn.execute("create table moods (name text) strict")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let there be one migration more than there is; return how many."""
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, more))
    return len(schema.MIGRATIONS)


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Give a session file of the present release, with changes in it."""
    with closing(Store(tmp_path / "errortool.db", create=True)) as store:
        session = begin(store, cats_and_dogs(tmp_path))
        for seq in range(5):
            save(store, session, "ann", seq)
    return store.path


def layout(path: Path) -> list[tuple]:
    """Return the tables, views and indexes of a file."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute("select type, name, sql from sqlite_master order by 1, 2").fetchall()


def test_an_older_file_is_upgraded_after_a_backup(older: Path, later: int):
    """Opened by a newer release it keeps everything; as it was, it stands among the backups."""
    before = older.read_bytes()
    with closing(Store(older)) as store:
        assert store.check() == ()
        assert [session.name for session in store.sessions()] == ["pets"]
        save(store, store.sessions()[0], "ann", 5)
        (name,) = backups(store)
    assert re.fullmatch(rf"version-{later - 1}-\d{{4}}-\d\d-\d\d-\d{{6}}-\d{{6}}\.db", name)
    backup = older.with_name("errortool.db.backups") / name
    assert changes(older) == 6
    assert changes(backup) == 5
    assert len(layout(older)) == len(layout(backup)) + 1
    assert older.read_bytes() != before
    Store(older).close()
    assert len(list(backup.parent.iterdir())) == 1


def test_a_file_of_the_first_release_is_upgraded_to_todays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """However many migrations it lacks, they are carried out in their order."""
    with monkeypatch.context() as past:
        past.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        Store(tmp_path / "first.db", create=True).close()
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, more))
    Store(tmp_path / "first.db").close()
    Store(tmp_path / "new.db", create=True).close()
    assert layout(tmp_path / "first.db") == layout(tmp_path / "new.db")


def test_what_was_planned_is_known_of_older_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It is what was drawn, but where more was drawn later: which is which isn't known there."""
    path = tmp_path / "third.db"
    with monkeypatch.context() as past:
        past.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:3])
        Store(path, create=True).close()
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript("""
            insert into sessions (uid, name, predictions, predictions_sha256, columns, images, seed,
                dev_examples, errors, created_at, opened_at)
            select value, value, 'p.csv', '', '{"label": "a", "prediction": "b"}', '.', 0, 40, 12,
                '', '' from json_each('["pets", "more"]');
            insert into examples (session, position, key, image, label, prediction, extra, part)
            select s.id, p.value, p.value, 'i.png', 'cat', 'dog', '{}',
                case when p.value < 5 then 'error' else 'right' end
            from sessions s, json_each('[0, 1, 2, 3, 4, 5, 6]') p;
            insert into events (client, seq, session, kind, at, reviewer, before, after)
            select 'ann', 1, id, 'draw more', '', 'ann', '{}', '{}'
            from sessions where name = 'more';
        """)
    with closing(Store(path)) as store:
        assert store.check() == ()
        found = {session.name: (session.planned, session.sampled) for session in store.sessions()}
    assert found == {"pets": (5, 5), "more": (None, 5)}


@pytest.mark.parametrize(
    ("version", "digest"),
    [(1, "4d785ef2e6ea"), (2, "34bbedcc9295"), (3, "ae2b6803fd88"), (4, "3b9c3634ee2c")],
)
def test_released_migrations_never_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int, digest: str
):
    """A change is a migration of its own, appended: else older files would lack it for ever."""
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:version])
    Store(tmp_path / "then.db", create=True).close()
    made = [entry for entry in layout(tmp_path / "then.db") if "_sqlite_" not in str(entry)]
    found = hashlib.sha256(repr(made).replace('"', "").encode()).hexdigest()
    assert found[:12] == digest


FIRST_RELEASE = """
    insert into sessions values (1, 'abc', 'pets', 'p.csv', '0',
        '{"label": "l", "prediction": "p"}', null, 0, 40, 2, '2026-01-01', '2026-01-01', null);
    insert into examples values (1, 1, 0, 'a', null, 'cat', 'dog', 0.9, null, '{}'),
        (2, 1, 1, 'b', null, 'cat', 'dog', 0.8, null, '{}');
    insert into categories values (1, 1, 'Dog', 'cause', 0, '', 0);
    insert into events values
        (1, 1, '', 'new', 0, '2026-01-01', 'new category', null, 1, '{"categories": {"1":
         {"kind": "cause", "description": "", "position": 0, "name": "Dog", "retired": 1}}}',
         '{"categories": {"1":
         {"kind": "cause", "description": "", "position": 0, "name": "Dog", "retired": 0}}}', null),
        (2, 1, 'ann', 'c', 0, '2026-01-01', 'look', 1, null,
         '{"examples": {"0": {"ticks": {"1": null}, "status": null}}}',
         '{"examples": {"0": {"ticks": {"1": 1}, "status": "looked at"}}}', null);
    insert into looks values (1, 'ann', 'looked at', '', null, 0, 2);
    insert into judgements values (1, 1, 'ann', 1, 2);
    insert into estimates values (1, 1, 1, 1, 1, 0.5, 1, 0, 0, 0.02, 0.95, '2026-01-01');
"""


def test_a_session_of_the_first_release_is_all_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its ticks count as before, its views are current, and it takes new ones."""
    path = tmp_path / "first.db"
    with monkeypatch.context() as past:
        past.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        Store(path, create=True).close()
    with closing(sqlite3.connect(path)) as db:
        db.executescript(FIRST_RELEASE)
    with closing(Store(path)) as store:
        assert store.check() == ()
        (session,) = store.sessions()
        assert store.judged(session).counts() == ([1], [1])
        reporting.compute_and_record(store, session)
        save(store, session, "ann", 1)
        assert store.judged(session).counts() == ([1], [2])
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("select ticked, looked_at from tally").fetchall() == [(1, 2)]
        levels = db.execute("select level, reviewer from estimates").fetchall()
    assert levels == [(0.95, None)] * 2


def killed_within(db) -> None:
    """Change much, and be killed before the end."""
    more(db)
    import os

    os.kill(os.getpid(), 9)


def unlike(db) -> None:
    """Fail on what is in the file."""
    more(db)
    db.conn.execute("create unique index one_look on looks (reviewer)")


def straying(db) -> None:
    """Leave rows without what they belong to."""
    more(db)
    db.conn.execute("delete from categories")


@pytest.mark.parametrize(
    ("migration", "sentence"),
    [(unlike, "errortool.db can't be brought"), (straying, "errortool.db can't be brought")],
)
def test_an_upgrade_that_fails_leaves_the_file_as_it_was(
    older: Path, monkeypatch: pytest.MonkeyPatch, migration, sentence: str
):
    """It is said, and the release that wrote the file can go on with it."""
    before = older.read_bytes()
    with monkeypatch.context() as future:
        future.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, migration))
        with pytest.raises(StoreError, match=sentence):
            Store(older)
    assert older.read_bytes() == before
    with closing(Store(older)) as store:
        assert store.check() == ()


def test_an_upgrade_that_is_killed_leaves_the_file_as_it_was(older: Path):
    """All or nothing: what was done of it is gone when the file is opened again."""
    script = (
        "import sys; from pathlib import Path; sys.path[:0] = sys.argv[2:];"
        "import test_backups as t; t.schema.MIGRATIONS += (t.killed_within,);"
        "t.Store(Path(sys.argv[1]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, older, Path(__file__).parent, SUPPORT], check=False
    )
    assert ran.returncode == -9
    with closing(Store(older)) as store:
        assert store.check() == ()
    assert changes(older) == 5
    assert "moods" not in {name for _, name, _ in layout(older)}


def test_several_processes_upgrade_an_older_file_once(older: Path, later: int):
    """One does it, and the others wait."""
    failures: list[Exception] = []

    def work() -> None:
        try:
            Store(older).close()
        except Exception as error:  # noqa: BLE001  any at all fails the test below
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(list(older.with_name("errortool.db.backups").iterdir())) == 1
    with closing(Store(older)) as store:
        assert store.check() == ()


def test_a_new_file_and_a_current_one_make_no_backup(store: Store, session: Session):
    """Only an upgrade and the day do."""
    store.close()
    Store(store.path).close()
    assert not Path(f"{store.path}.backups").exists()
