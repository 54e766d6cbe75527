"""What was said to be saved is on disk: cut off at any moment, it is all there."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from helpers import begin, cats_and_dogs
from powercut import disks, recorded

from errortool.store import Store, schema


def can_trace() -> bool:
    """Tell whether strace is there and may look into processes, as in few containers."""
    if shutil.which("strace") is None:
        return False
    return not subprocess.run(
        ["strace", "-o", "/dev/null", "true"], capture_output=True, check=False
    ).returncode


pytestmark = pytest.mark.skipif(not can_trace(), reason="no strace that works")

CUTS = [100, pytest.param(300, marks=pytest.mark.slow)]

SAVING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from errortool.store import Store
from writer import save
store = Store(Path(sys.argv[1]))
session = store.sessions()[0]
store._file._writer.execute("pragma wal_autocheckpoint = 30")  # so that it comes often
if "careless" in sys.argv:
    store._file._writer.execute("pragma synchronous = normal")
for seq in range(80):
    save(store, session, "ann", seq)
    print(seq, flush=True)
store.close()
"""

BEGINNING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from errortool.store import Store
from helpers import begin
store = Store(Path(sys.argv[1]), create=True)
begin(store, Path(sys.argv[3]))
print("begun", flush=True)
store.close()
"""

UPGRADING = """
import sys
from pathlib import Path
from errortool.store import Store, schema
def again(db):
    for number in range(40):
        db.conn.execute(f"create table more{number} (x integer) strict")
schema.MIGRATIONS += (again,)
store = Store(Path(sys.argv[1]))
print("upgraded", flush=True)
store.close()
"""

SUPPORT = Path(__file__).parents[1] / "support"


def restored(folder: Path, files: dict[str, bytes]) -> Path:
    """Write the files that were found after a cut; return the session file's path."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "s.db"


def begun(folder: Path) -> Path:
    """Begin a session in `folder`/disk/s.db, closed again; return its path."""
    path = folder / "disk" / "s.db"
    path.parent.mkdir()
    with closing(Store(path, create=True)) as store:
        begin(store, cats_and_dogs(folder))
    return path


def seqs(path: Path) -> list[int]:
    """Return the numbers of ann's changes in a file, which is opened and checked as it should."""
    with closing(Store(path)) as store:
        assert store.check() == ()
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("select seq from events where client = 'ann'")]


def lost_in_cuts(tmp_path: Path, *options: str, cuts: int) -> int:
    """Save under strace, cut the power; return how often an acknowledged change was lost."""
    path = begun(tmp_path)
    before = {path.name: path.read_bytes()}
    calls = recorded(["-c", SAVING, path, SUPPORT, *options], tmp_path / "trace")
    lost = acknowledged = 0
    for files, said in disks(calls, path.parent, before, cuts=cuts, chance=Random(cuts)):
        kept = seqs(restored(tmp_path / "found", files))
        assert kept == list(range(len(kept)))
        lost += len(kept) < len(said)
        acknowledged += len(said)
    assert acknowledged > 10 * cuts
    return lost


@pytest.mark.parametrize("cuts", CUTS)
def test_changes_shown_as_saved_survive_a_power_cut(tmp_path: Path, cuts: int):
    """After each cut every acknowledged change is there, none between is missing, all is whole."""
    assert lost_in_cuts(tmp_path, cuts=cuts) == 0


def test_unsynced_changes_are_lost_in_these_power_cuts(tmp_path: Path):
    """Without a sync for each commit, as by WAL's usual setting, the same cuts lose changes."""
    assert lost_in_cuts(tmp_path, "careless", cuts=30) > 0


@pytest.mark.parametrize("cuts", CUTS)
def test_a_new_session_file_is_whole_or_not_there(tmp_path: Path, cuts: int):
    """A file that was never finished has no name, and a session that was begun stays."""
    predictions = cats_and_dogs(tmp_path)
    folder = tmp_path / "disk"
    folder.mkdir()
    calls = recorded(["-c", BEGINNING, folder / "s.db", SUPPORT, predictions], tmp_path / "trace")
    there = []
    for files, said in disks(calls, folder, {}, cuts=cuts, chance=Random(cuts)):
        path = restored(tmp_path / "found", files)
        there.append(path.exists())
        if path.exists():
            with closing(Store(path)) as store:
                assert store.check() == ()
                assert len(store.sessions()) >= len(said)
        else:
            assert not said
    assert set(there) == {True, False}


@pytest.mark.parametrize("cuts", CUTS)
def test_an_older_file_is_old_or_new_and_never_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cuts: int
):
    """Cut off while it is upgraded, it is either; if new, the old one is among the backups."""
    path = begun(tmp_path)
    before = {path.name: path.read_bytes()}
    calls = recorded(["-c", UPGRADING, path], tmp_path / "trace")

    def again(db) -> None:
        raise AssertionError("no file needs it any more")

    current = len(schema.MIGRATIONS)
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, again))
    versions = []
    for files, said in disks(calls, path.parent, before, cuts=cuts, chance=Random(cuts)):
        found = restored(tmp_path / "found", files)
        with closing(sqlite3.connect(found)) as db:
            assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
            ((version,),) = db.execute("pragma user_version").fetchall()
            tables = db.execute(
                "select count(*) from sqlite_master where name like 'more%'"
            ).fetchone()
        assert (version, *tables) in {(current, 0), (current + 1, 40)}
        assert version == current + 1 or not said
        versions.append(version)
        if version == current + 1:
            with closing(Store(found)) as store:
                assert len(store.sessions()) == 1
            (backup,) = (found.parent / "s.db.backups").glob(f"version-{current}-*.db")
            with closing(sqlite3.connect(backup)) as db:
                assert db.execute("pragma user_version").fetchone() == (current,)
                assert db.execute("select name from sessions").fetchall() == [("pets",)]
    assert set(versions) == {current, current + 1}
