"""When things go wrong with the session file: named, refused, nothing lost, nothing touched."""

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs, fill, query, without_root
from writer import save

from errortool import atomic
from errortool.actions import reporting
from errortool.errors import ErrortoolError, StoreError
from errortool.model import Session
from errortool.store import Store, restore
from errortool.store.schema import VERSION

WRITER = Path(__file__).parents[1] / "support" / "writer.py"

Harm = Callable[[Path], object]


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return every file below a folder with its bytes; None for what is no file.

    None for SQLite's index to its log, too: whoever looks at the file makes it anew.
    """
    return {
        str(path.relative_to(folder)): (
            path.read_bytes() if path.is_file() and path.suffix != ".db-shm" else None
        )
        for path in folder.rglob("*")
    }


def refused(path: Path) -> str:
    """Return why a session file can't be opened."""
    with pytest.raises(StoreError) as told:
        Store(path)
    return str(told.value)


def saved(path: Path, client: str) -> int:
    """Count the changes of a client that are in the file."""
    return int(query(path, "select count(*) from events where client = ?", client)[0][0])


# --- before opening ------------------------------------------------------------------------------


def foreign(path: Path) -> None:
    """Put a SQLite file of another program there, in use: some of it is still in its log."""
    path.unlink()
    script = (
        "import os, sqlite3, sys; db = sqlite3.connect(sys.argv[1]);"
        "db.execute('pragma journal_mode = wal'); db.execute('create table t (x)');"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, path], check=False)
    path.with_name(f"{path.name}-shm").unlink()


def newer(path: Path) -> None:
    """Make it a file of a newer errortool."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"pragma user_version = {VERSION + 1}")


def flipped(first: int, last: int) -> Harm:
    """Return a harm that turns the bits of some bytes."""

    def flip(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(first)
            data = file.read(last - first)
            file.seek(first)
            file.write(bytes(byte ^ 0xFF for byte in data))

    return flip


def killed(path: Path) -> None:
    """Let a process die at work on it, so that its log is left."""
    subprocess.run(
        [sys.executable, "-c", f"""
import os, sys
sys.path.insert(0, {str(WRITER.parent)!r})
from pathlib import Path
from writer import Store, save
store = Store(Path({str(path)!r}))
for seq in range(3):
    save(store, store.sessions()[0], "killed", seq)
os.kill(os.getpid(), 9)
"""],
        check=False,
    )  # fmt: skip
    assert path.with_name(f"{path.name}-wal").stat().st_size > 0


def without_log(path: Path) -> None:
    """Let a process die, and take its log away."""
    killed(path)
    path.with_name(f"{path.name}-wal").unlink()


def damaged_with_log(path: Path) -> None:
    """Let a process die, and damage the file beside its log."""
    killed(path)
    flipped(4096 * 3, 4096 * 20)(path)


def damaged_with_log_alone(path: Path) -> None:
    """Let file and log be carried elsewhere and damaged on the way."""
    damaged_with_log(path)
    path.with_name(f"{path.name}-shm").unlink()


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda path: path.write_bytes(b""), "is empty, not a session file"),
        (lambda path: path.write_text("id,label\n" * 999), "is not an errortool session file"),
        (lambda path: path.write_bytes(bytes(50_000)), "is not an errortool session file"),
        (foreign, "a SQLite file of another program"),
        (newer, "written by a newer errortool"),
        (lambda path: (path.unlink(), path.mkdir()), "is a folder"),
        (lambda path: (path.unlink(), os.mkfifo(path)), "is not a regular file"),
        (lambda path: (path.unlink(), path.symlink_to("nowhere")), "is not there"),
        (lambda path: os.truncate(path, 100), "damaged|not an errortool"),
        (lambda path: os.truncate(path, 4096), "the file is damaged: restore a backup"),
        (lambda path: os.truncate(path, 4096 * 11 + 7), "the file is damaged: restore a backup"),
        (flipped(0, 16), "is not an errortool session file"),
        (flipped(16, 24), "not an errortool session file|damaged"),
        (flipped(68, 72), "of another program"),
        (flipped(100, 110), "the file is damaged: restore a backup"),
        (flipped(4096 * 5, 4096 * 6), "the file is damaged: restore a backup"),
        (without_log, "where the latest changes were, is missing"),
        (damaged_with_log, "the file is damaged: restore a backup"),
        (damaged_with_log_alone, "the file is damaged: restore a backup"),
    ],
)  # fmt: skip
def test_a_harmed_file_is_refused_and_left_as_it_was(
    store: Store, session: Session, harm: Harm, sentence: str
):
    """Neither opening nor creating touches a foreign file, and nothing appears beside it."""
    for seq in range(30):
        save(store, session, "ann", seq)
    store.close()
    folder = store.path.parent
    harm(store.path)
    before = contents(folder)
    for create in (True, False):
        with pytest.raises(StoreError, match=sentence):
            Store(store.path, create=create)
    assert contents(folder) == before


def test_the_log_of_a_killed_process_is_recovered(store: Store, session: Session):
    """A log beside the file holds saved changes, and they count."""
    store.close()
    killed(store.path)
    Store(store.path).close()
    assert saved(store.path, "killed") == 3
    assert not store.path.with_name(f"{store.path.name}-wal").exists()


def test_no_new_file_takes_the_changes_of_a_missing_one(store: Store, session: Session):
    """SQLite would fill it from a log that is left: it isn't made, and the log stays."""
    store.close()
    killed(store.path)
    store.path.unlink()
    before = contents(store.path.parent)
    with pytest.raises(StoreError, match=r"-wal is left of a file that is gone: put .* back"):
        Store(store.path, create=True)
    assert contents(store.path.parent) == before


def test_flipped_bytes_end_in_a_sentence_or_do_no_harm(store: Store, session: Session):
    """Whatever byte goes wrong: what can be read is read, else it is a sentence, never a crash."""
    for seq in range(30):
        save(store, session, "ann", seq)
    store.close()
    whole = store.path.read_bytes()
    chance = random.Random(4)
    told = 0
    for _ in range(300):
        at = chance.randrange(len(whole))
        store.path.write_bytes(
            whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
        )
        try:
            opened = Store(store.path)
            try:
                everything(opened)
            finally:
                opened.close()
        except ErrortoolError:
            told += 1
    assert told > 10


def everything(store: Store) -> None:
    """Read all there is in a session file."""
    for session in store.sessions():
        store.rows(session)
        store.judged(session)
        store.review(session, "ann")
        store.news(session.uid, after=0, client="x")
        store.images(session)
    store.check()


# --- while in use --------------------------------------------------------------------------------


def sidecar(suffix: str) -> Callable[[Path], Path]:
    """Return a function that names a file beside the session file."""
    return lambda path: path.with_name(f"{path.name}{suffix}")


log, index = sidecar("-wal"), sidecar("-shm")


def replaced(path: Path) -> None:
    """Put another whole session file in its place."""
    other = path.with_name("other.db")
    Store(other, create=True).close()
    other.replace(path)


def upgraded(path: Path) -> None:
    """Let a newer errortool upgrade it while an older one has it open."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"pragma user_version = {VERSION + 1}")


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (Path.unlink, "was deleted or moved while in use"),
        (lambda path: path.rename(path.with_name("moved.db")), "was deleted or moved"),
        (lambda path: (path.unlink(), path.mkdir()), "was replaced while in use"),
        (replaced, "was replaced while in use"),
        (lambda path: os.truncate(path, 0), "was cut short while in use"),
        (lambda path: os.truncate(path, 8192), "was cut short while in use"),
        (lambda path: path.write_text("hello"), "was cut short while in use"),
        (lambda path: log(path).unlink(), "-wal was deleted or replaced while in use"),
        (lambda path: index(path).unlink(), "-shm was deleted or replaced while in use"),
        (upgraded, "was written by a newer errortool"),
    ],
)  # fmt: skip
def test_harm_while_in_use_is_reported_at_the_next_change(
    store: Store, session: Session, harm: Harm, sentence: str
):
    """Nothing is said to be saved; the path is left as it is, also when the app ends."""
    save(store, session, "ann", 0)
    harm(store.path)
    folder = store.path.parent
    before = contents(folder)
    for _ in range(2):
        with pytest.raises(StoreError, match=sentence):
            save(store, session, "ann", 1)
        with pytest.raises(StoreError, match=sentence):
            store.sessions()
    after = contents(folder)
    store.close()
    for name in (store.path.name, "other.db"):
        if harm is not upgraded and "-wal" not in sentence:  # those two may be folded in
            assert after.get(name) == before.get(name) == contents(folder).get(name)
    assert contents(folder).keys() - before.keys() == set()


def test_bytes_that_go_wrong_in_use_stop_all_saving(store: Store, session: Session):
    """Once the file proved damaged, nothing more goes into it, not even from the log."""
    for seq in range(30):
        save(store, session, "ann", seq)
    store._file._writer.execute("pragma wal_checkpoint(truncate)")
    save(store, session, "ann", 30)
    flipped(4096 * 2, store.path.stat().st_size)(store.path)
    before = store.path.read_bytes()
    with pytest.raises(StoreError, match="the file is damaged: restore a backup"):
        store.rows(session)
    with pytest.raises(StoreError, match="the file is damaged: restore a backup"):
        save(store, session, "ann", 31)
    store.close()
    assert store.path.read_bytes() == before


def test_a_log_that_is_deleted_in_use_takes_nothing_along(store: Store, session: Session):
    """What was saved is folded into the file before the app refuses to go on."""
    for seq in range(5):
        save(store, session, "ann", seq)
    log(store.path).unlink()
    with pytest.raises(StoreError, match="-wal was deleted"):
        save(store, session, "ann", 5)
    copy = store.path.with_name("copy.db")
    copy.write_bytes(store.path.read_bytes())
    assert saved(copy, "ann") == 5


def test_a_file_that_comes_back_is_taken_up_again(store: Store, session: Session):
    """Moved away and back, it is the same file."""
    store.path.rename(store.path.with_name("moved.db"))
    with pytest.raises(StoreError, match="was deleted or moved"):
        save(store, session, "ann", 0)
    store.path.with_name("moved.db").rename(store.path)
    save(store, session, "ann", 0)
    assert saved(store.path, "ann") == 1


# --- full, read-only, not ours to write ----------------------------------------------------------


def test_a_full_disk_is_reported_within_a_second(disk: Path, tmp_path: Path):
    """With any room left, a change is saved or refused whole; with more room all goes on."""
    store = Store(disk / "s.db", create=True)
    session = begin(store, cats_and_dogs(tmp_path))
    seq = 0
    told: set[str] = set()
    for room in range(0, 80_000, 4096):
        ballast = fill(disk, but=room)
        for _ in range(3):
            began = time.perf_counter()
            try:
                save(store, session, "ann", seq)
                seq += 1
            except StoreError as error:
                told.add(str(error))
            assert time.perf_counter() - began < 1
        assert saved(store.path, "ann") == seq
        ballast.unlink()
        save(store, session, "ann", seq)
        seq += 1
    assert told == {f"{store.path}: the disk is full: free some space"}
    assert store.check() == ()
    assert saved(store.path, "ann") == seq
    store.close()


def test_failed_writes_on_a_full_disk_keep_the_old_files(disk: Path, tmp_path: Path):
    """Exports, backups, restores, new files and upgrades: the old stays whole, nothing half."""
    with closing(Store(disk / "s.db", create=True)) as store:
        session = begin(store, cats_and_dogs(tmp_path))
        reporting.export(store, session, disk / "out")
        store.backup(disk / "copy.db")
        for seq in range(12):
            save(store, session, "ann", seq)
        ballast = fill(disk, but=16_384)
        before = contents(disk)
        attempts = (
            lambda: atomic.write(disk / "out" / "table.csv", "x" * 50_000),
            lambda: store.backup(disk / "other.db"),
            store.keep_daily,
            lambda: restore(disk / "s.db", disk / "copy.db"),
            lambda: Store(disk / "new.db", create=True),
        )
        for attempt in attempts:
            with pytest.raises(StoreError, match=r"disk is full|written \((full|No space)"):
                attempt()
        (disk / "s.db.backups").rmdir()
        assert contents(disk) == before
        ballast.unlink()
        reporting.export(store, session, disk / "out")
        store.keep_daily()
        assert (disk / "out" / "table.csv").read_bytes() != before["out/table.csv"]


LIMITED = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from errortool.errors import StoreError
from errortool.atomic import write
from writer import Store, save
db = Path(sys.argv[1])
store = Store(db)
session = store.sessions()[0]
write(db.with_name("out.csv"), "whole")
seq = 0

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def refused(work):
    try:
        work()
    except StoreError as error:
        return str(error)

for round in range(4):
    limit(round * 100_000 + 60_000)
    while refused(lambda: save(store, session, "ann", seq)) is None:
        seq += 1
    told = refused(lambda: save(store, session, "ann", seq))
    assert "the disk can't be written (full" in told, told
    told = refused(lambda: write(db.with_name("out.csv"), "x" * 900_000))
    assert "out.csv can't be written" in told, told
    limit(resource.RLIM_INFINITY)
    save(store, session, "ann", seq)
    seq += 1
store.close()
print(seq)
"""


def test_a_file_that_may_not_grow_is_reported_until_it_may(store: Store, session: Session):
    """As on a full disk, by a limit on the size of files: what can't be written was not saved."""
    store.close()
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, store.path, WRITER.parent],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    assert saved(store.path, "ann") == int(ran.stdout) > 4
    assert store.path.with_name("out.csv").read_text() == "whole"
    assert contents(store.path.parent).keys() & {"errortool.db-wal", ".out.csv"} == set()
    with closing(Store(store.path)) as again:
        assert again.check() == ()


def test_a_read_only_disk_is_reported(disk: Path, tmp_path: Path):
    """Nothing is opened that could not be saved to, and nothing is changed."""
    with closing(Store(disk / "s.db", create=True)) as store:
        begin(store, cats_and_dogs(tmp_path))
    before = contents(disk)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert "s.db is read-only: make it writable" in refused(disk / "s.db")
    with pytest.raises(StoreError, match="read-only"):
        Store(disk / "new.db", create=True)
    with pytest.raises(StoreError, match=r"[Rr]ead-only"):
        atomic.write(disk / "out.csv", "x")
    assert contents(disk) == before


@pytest.mark.parametrize(
    ("name", "rights", "sentence"),
    [
        ("s.db", 0o444, "session file .*s.db is read-only: make it writable"),
        ("s.db", 0o000, "can't be read"),
        ("", 0o555, "folder of the session file .* is read-only: make it writable"),
    ],
)
def test_without_the_right_to_write_nothing_changes(name: str, rights: int, sentence: str):
    """Missing permission to write the file or its folder is reported at once."""
    with tempfile.TemporaryDirectory() as folder:  # pytest's own are closed to others
        path = Path(folder) / "s.db"
        Store(path, create=True).close()
        before = contents(path.parent)
        if os.geteuid() == 0:
            for part in (path, path.parent):
                os.chown(part, 65534, 65534)
        (path.parent / name).chmod(rights)
        with without_root(), pytest.raises(StoreError, match=sentence):
            Store(path, create=True)
        path.parent.chmod(0o755)
        path.chmod(0o644)
        assert contents(path.parent) == before


# --- many at once --------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_five_writers_lose_nothing_and_find_nothing_locked(
    store: Store, session: Session, changes: int
):
    """Three processes and two threads save at once: every change is there, none was refused."""
    processes = [
        subprocess.Popen(
            [sys.executable, WRITER, store.path, f"process {number}", str(changes)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for number in range(3)
    ]  # fmt: skip
    failures: list[Exception] = []

    def work(client: str) -> None:
        try:
            for seq in range(changes):
                save(store, session, client, seq)
        except Exception as error:  # noqa: BLE001  any at all fails the test below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"thread {number}",)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = [process.communicate()[1] for process in processes]
    assert (failures, said) == ([], [""] * 3)
    clients = [f"process {n}" for n in range(3)] + [f"thread {n}" for n in range(2)]
    assert [saved(store.path, client) for client in clients] == [changes] * 5
    assert store.check() == ()


def test_inspecting_the_file_keeps_its_locks(store: Store, session: Session):
    """As a notebook does beside an app: another process must not take the log for unused."""
    save(store, session, "ann", 0)
    Store(store.path).close()
    assert store.check() == ()
    subprocess.run([sys.executable, WRITER, store.path, "other", "3"], check=True)
    save(store, session, "ann", 1)
    assert (saved(store.path, "ann"), saved(store.path, "other")) == (2, 3)


@pytest.mark.parametrize("lives", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_acknowledged_changes_survive_kills_under_load(store: Store, session: Session, lives: int):
    """Of three processes one after the other is killed: every change they reported is there."""
    chance = random.Random(lives)
    writers: dict[str, subprocess.Popen[str]] = {}

    def kill(client: str) -> None:
        writer = writers.pop(client)
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(chance.randint(1, 40))]
        writer.kill()
        told += writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        assert saved(store.path, client) >= len(told) > 0

    for life in range(lives):
        writers[f"life {life}"] = subprocess.Popen(
            [sys.executable, WRITER, store.path, f"life {life}"], stdout=subprocess.PIPE, text=True
        )
        if len(writers) == 3:
            kill(chance.choice(list(writers)))
    for client in list(writers):
        kill(client)
    assert store.check() == ()
