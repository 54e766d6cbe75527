"""Whatever people hand over is refused in one sentence, or accepted with a warning that counts.

The cases are tables in the folder bad_input: a name, how it is made, and what must come of it.
"""

import csv
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bad_input import files, pictures, ticks, values, words
from bad_input.case import Case, Outcome, plain
from bad_input.pictures import Picture, picture
from commands import Result
from helpers import without_root
from PIL import Image

import errortool
from errortool.actions import identity, imports
from errortool.data import tables
from errortool.errors import ImageError, SessionError
from errortool.images import Cache
from errortool.store import Store
from errortool.web.service import Service

CASES = (*files.ALL, *values.ALL, *ticks.ALL, *words.ALL)

SECONDS = 60
"""A case that takes longer hangs; the promise for large ones is below."""

LARGE_SECONDS = 20
LARGE_BYTES = 1.5e9
LONGEST_SENTENCE = 2_000


def marked(cases: Sequence[Case | Picture]) -> list:
    """Return cases as parameters; those that take long are marked slow."""
    names = [str(case) for case in cases]
    assert len(set(names)) == len(names), [name for name in names if names.count(name) > 1]
    return [
        pytest.param(case, id=str(case), marks=[pytest.mark.slow] if case.slow else [])
        for case in cases
    ]


@contextmanager
def in_time() -> Iterator[None]:
    """Raise TimeoutError where the block takes so long that it must hang."""

    def overdue(_signal: int, _frame: object) -> None:
        raise TimeoutError(f"still at work after {SECONDS} s")

    before = signal.signal(signal.SIGALRM, overdue)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


LAUNCH = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss * 1024}")
sys.exit(code)
"""
"""Measures a command from a small process: a child's memory counts from that of its parent."""


def run_alone(arguments: Sequence[str], folder: Path) -> Result:
    """Run a command in a process of its own, and see that it keeps to its time and memory."""
    command = [Path(sys.executable).with_name("errortool"), *arguments]
    with (folder / "out").open("w+") as out, (folder / "err").open("w+") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, folder / "used", *command],
            cwd=folder,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            process.wait(SECONDS)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    seconds, size = map(float, (folder / "used").read_text().split())
    print(f"{seconds:.1f} s of work, {size / 1e9:.2f} GB")
    assert seconds < LARGE_SECONDS
    assert size < LARGE_BYTES
    return Result(
        code=process.returncode,
        out=(folder / "out").read_text(),
        err=(folder / "err").read_text(),
    )


def well_behaved(result: Result) -> None:
    """See that what was printed are sentences: one error at most, no traceback, one line each."""
    told = result.err.splitlines()
    errors = [line for line in told if line.startswith("Error: ")]
    assert all(line.startswith(("Error: ", "Warning: ")) for line in told), result.err
    assert len(errors) == (1 if result.code else 0), result
    assert result.code in {0, 1}
    assert bool(result.out) is (result.code == 0)
    for line in told:
        assert re.search(r"[^.?!][.?!]$", line), line
        assert line.isprintable(), line
        assert len(line) < LONGEST_SENTENCE, f"{len(line):,} characters"


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what tells that a file was written to: its size and time."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_size, path.lstat().st_mtime_ns)
        for path in folder.rglob("*")
    }


def kept(folder: Path) -> list[tuple[object, ...]]:
    """Return what the one session holds, without what differs from time to time."""
    with closing(Store(folder / "errortool.db")) as store:
        (session,) = store.sessions()
        names = {category.id: category.name for category in store.categories(session)}
        return [
            (row.example, {names[key]: tick for key, tick in row.ticks.items()}, row.comment)
            for row in store.rows(session)
        ]


@pytest.fixture(scope="session")
def as_plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list]:
    """Give what the plain tables come to, by the command that takes them."""
    folder = tmp_path_factory.mktemp("plain")
    ticks.session(folder)
    result = {"new": kept(folder)}
    table = tables.parse(ticks.TICKS.encode(), "ticks.csv")
    with closing(Store(folder / "errortool.db")) as store:
        imports.import_ticks(store, store.sessions()[0], table, reviewer="ann")
    return result | {"import": kept(folder)}


@pytest.mark.parametrize("case", marked(CASES))
def test_bad_tables_are_rejected_or_accepted_with_a_warning(
    case: Case, run, tmp_path: Path, as_plain
):
    """Refused with nothing written, or accepted with a warning, or read as if it were plain."""
    arguments = case.make(tmp_path)
    before = snapshot(tmp_path)
    with in_time():
        result = run_alone(arguments, tmp_path) if case.alone else run(*arguments)
    well_behaved(result)
    after = snapshot(tmp_path)
    inputs = {name for name in before if not name.startswith("errortool.db")}
    assert {name: after[name] for name in inputs} == {name: before[name] for name in inputs}
    said = result.out + result.err
    found = re.search(case.says, result.err) is not None
    if case.outcome is Outcome.REFUSED:
        assert (result.code, found) == (1, True), said
        assert set(after) - set(before) <= {"out", "err", "used"}, "something was written"
        assert after.get("errortool.db") == before.get("errortool.db")
    elif case.outcome is Outcome.WARNED:
        assert (result.code, found) == (0, True), said
        assert "errortool.db" in after
    else:
        assert (result.code, result.err) == (0, ""), said
        assert kept(tmp_path) == as_plain[case.command[0]]


@pytest.mark.parametrize("case", marked(pictures.ALL))
def test_bad_images_are_reported_in_their_place(case: Picture, run, tmp_path: Path):
    """Shown whole and upright, or its place says what is wrong; the other image is shown anyway."""
    folder = tmp_path / "images"
    path = case.path.replace("{folder}", str(folder))
    place = folder / path
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True)
    case.make(place)
    picture().save(folder / "other.png")
    with (tmp_path / "p.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("id", "image", "label", "prediction"))
        lines.writerow(("a", path, "cat", "dog"))
        lines.writerow(("b", "other.png", "dog", "cat"))
    with in_time():
        result = run("new", "p.csv", "--images", "images")
    well_behaved(result)
    if case.refused:
        assert (result.code, bool(re.search(case.refused, result.err))) == (1, True), result.err
        assert not (tmp_path / "errortool.db").exists()
        return
    assert result.code == 0
    about_rows = re.compile(r"every one of the 2 rows|control characters .* stand in row 2:")
    told = [line for line in result.err.splitlines() if not about_rows.search(line)]
    assert len(told) == bool(case.warned), told
    assert re.search(case.warned, "".join(told)), told
    with closing(Store(tmp_path / "errortool.db")) as store:
        (session,) = store.sessions()
        service = Service(store, Cache(tmp_path / "previews"))
        keys = [row.example.key for row in store.rows(session)]
        assert service.image(session.uid, keys.index("b")).data
        with in_time():
            if case.told:
                with pytest.raises(ImageError) as caught:
                    service.image(session.uid, keys.index("a"))
                assert re.search(case.told, str(caught.value)), caught.value
                assert len(str(caught.value)) < LONGEST_SENTENCE
            else:
                shown = service.image(session.uid, keys.index("a"))
                assert Image.open(io.BytesIO(shown.data)).size == case.size


@pytest.mark.parametrize(
    "where", ["pyarrow.csv.read_csv", "errortool.data.predictions.sampling.draw"]
)
def test_running_out_of_memory_is_reported(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
):
    """Wherever it runs out: a sentence with what to do, and nothing was written."""

    def refuse(*_args: object, **_options: object) -> None:
        raise MemoryError

    (tmp_path / "p.csv").write_text(plain())
    monkeypatch.setattr(where, refuse)
    result = run("new", "p.csv")
    well_behaved(result)
    assert "keep only the columns needed" in result.err
    assert not (tmp_path / "errortool.db").exists()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"sample": 0}, "a sample of 0 can't be drawn"),
        ({"seed": 1 << 63}, "seed 9223372036854775808 is too large"),
        ({"name": "\x1b"}, "can't name a session"),
        ({"categories": ["Dog", "dog "]}, "category 'dog' is given twice"),
    ],
)
def test_bad_values_from_python_are_rejected(tmp_path: Path, values: dict, says: str):
    """What the command line's options can't say, a call can."""
    (tmp_path / "p.csv").write_text(plain())
    with pytest.raises(SessionError, match=says):
        errortool.new(tmp_path / "p.csv", db=tmp_path / "errortool.db", **values)
    assert not (tmp_path / "errortool.db").exists()


@pytest.fixture
def open_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give an empty folder that everybody may use, and go there."""
    with TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        monkeypatch.chdir(name)
        yield Path(name)


@pytest.mark.parametrize(
    ("closed", "code", "says"),
    [
        ("p.csv", 1, r"p.csv: can't be read \(Permission denied\)"),
        ("images/x.png", 0, r"image 'x.png' can't be opened \(no permission\)"),
        ("images", 0, r"image 'x.png' can't be opened \(Permission denied\)"),
        (".", 1, r"errortool.db can't be made \(you have no right to it"),
    ],
)
def test_unreadable_files_and_folders_are_reported(
    run, open_folder: Path, closed: str, code: int, says: str
):
    """A file or folder without rights is named, with the system's reason."""
    (open_folder / "p.csv").write_text("id,image,label,prediction\na,x.png,b,c\nd,y.png,c,c\n")
    (open_folder / "images").mkdir()
    picture().save(open_folder / "images" / "x.png")
    (open_folder / closed).chmod(0o555 if closed == "." else 0)
    with without_root():
        result = run("new", "p.csv", "--images", "images")
    well_behaved(result)
    assert (result.code, bool(re.search(says, result.err))) == (code, True), result.err


@pytest.mark.parametrize(
    "command", [["sessions"], ["report", "pets"], ["import", "pets", "t.csv"], ["new", "p.csv"]]
)
def test_an_unreadable_session_file_is_reported(run, open_folder: Path, command: list[str]):
    """It is named, and stays as it is."""
    ticks.session(open_folder)
    for name in ("t.csv", "p.csv"):
        (open_folder / name).write_text(plain())
    (open_folder / "errortool.db").chmod(0)
    before = snapshot(open_folder)
    with without_root():
        result = run(*command)
    well_behaved(result)
    assert re.search(r"errortool.db can't be read \(you have no right to it", result.err), (
        result.err
    )
    assert snapshot(open_folder) == before


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "a\u202eb", "\u200b", "\udcff", "x" * 101, "\0"])
def test_bad_reviewer_names_are_rejected(name: str):
    """A name that can't be shown can't be a reviewer's; a blank one is the computer's user."""
    with pytest.raises(SessionError, match="can't name a reviewer: give it 1 to 100 printable"):
        identity.reviewer(name)
    assert identity.reviewer("  ") == identity.reviewer("")


def test_paths_that_are_not_utf8_can_be_printed(tmp_path: Path):
    """Names of files in another encoding come from everywhere; nothing trips over them."""
    (tmp_path / "p.csv").write_text(plain())
    for command in (["new", "p.csv", "--name", "pets"], ["backup", "\udce9.db"]):
        result = run_alone([*command, "--db", "caf\udce9.db"], tmp_path)
        well_behaved(result)
        assert result.code == 0, result.err
    assert (tmp_path / "\udce9.db").exists()


def test_there_are_hundreds_of_cases():
    """The tables of cases are all run."""
    assert len(CASES) + len(pictures.ALL) > 400
