"""The README and the manual tell the truth: their code runs, and what they name is all there is."""

import csv
import doctest
import re
import shlex
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import click
import numpy as np
import pytest
from documents import (
    DOCUMENTS,
    MANUAL,
    NOT_RUN,
    README,
    Block,
    bash,
    blocks,
    first_column,
    headings,
    prose,
    runs,
    section,
    spans,
    story,
    text_of,
)
from helpers import ROOT, begin, cats_and_dogs

from errortool import cli
from errortool.actions import reporting
from errortool.data.columns import ROLES, detect
from errortool.store import Store

DOCS = ROOT / "errortool" / "docs"

# Programs of the project's own that the documents name, and the options that go with them.
TESTS = "bash tests/run"
OTHERS = {
    TESTS: {"--all", "--audit", "--lowest"},
    ".venv/bin/python tests/bench/bench.py": {"--data"},
    ".venv/bin/python tests/bench/coverage.py": {"--data"},
    ".venv/bin/python tests/bench/soak.py": {"--minutes"},
}


def code(language: str, *documents: Path) -> list[Block]:
    """Return the blocks of code in a language."""
    return [block for document in documents for block in blocks(document, language)]


def options(command: click.Command) -> set[str]:
    """Return the long options of a command."""
    return {
        option
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a dev set, the reviewed session "cats v3", a spreadsheet and a backup."""
    folder = tmp_path_factory.mktemp("walk")
    for _ in story(folder):
        pass
    np.savez(
        folder / "outputs.npz",
        labels=np.arange(40) % 2,
        probabilities=np.linspace(0, 1, 80).reshape(40, 2),
        images=np.zeros((40, 8, 8, 3), np.uint8),
    )
    (folder / "errortool.db.backups").mkdir(exist_ok=True)
    shutil.copy(folder / "errortool.db", folder / "errortool.db.backups" / "2026-11-22.db")
    return folder


@pytest.fixture
def folder(walk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a copy of that folder."""
    copy = shutil.copytree(walk, tmp_path / "walk", ignore=shutil.ignore_patterns("images"))
    (copy / "images").symlink_to(walk / "images")
    monkeypatch.chdir(copy)
    return copy


# --- code ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "block", [block for block in code("bash", *MANUAL) if runs(block)], ids=str
)
def test_the_manuals_commands_work(block: Block, folder: Path):
    """Each block runs as written, and prints the block of text that follows it."""
    done = bash(block.code, folder)
    assert done.code == 0, done.err
    assert block.output in done.out


def test_what_is_not_run_is_there():
    """Each reason for not running a block is needed."""
    begins = [block.code for block in code("bash", *DOCUMENTS)]
    assert [start for start in NOT_RUN if not any(map(str.startswith, begins, [start] * 99))] == []


@pytest.mark.parametrize(
    "block", [block for block in code("python", *DOCUMENTS) if ">>>" in block.code], ids=str
)
def test_python_prints_what_the_examples_say(block: Block):
    """Examples with prompts are doctests."""
    runner = doctest.DocTestRunner()
    runner.run(doctest.DocTestParser().get_doctest(block.code, {}, str(block), None, None))
    assert runner.summarize() == (0, block.code.count(">>>"))


@pytest.mark.parametrize(
    "block", [block for block in code("python", *DOCUMENTS) if ">>>" not in block.code], ids=str
)
def test_the_notebook_examples_run(block: Block, folder: Path):
    """The others run in a notebook of their own."""
    exec(compile(block.code, block.document, "exec"), {})  # noqa: S102  our own documents


def test_there_is_code_of_every_kind():
    """The tests above have something to do."""
    assert sum(map(runs, code("bash", *DOCUMENTS))) > 10
    assert len(code("python", *DOCUMENTS)) > 3


# --- commands ------------------------------------------------------------------------------------


def test_every_command_has_a_section_and_nothing_else_has():
    """The README's table lists the commands that there are, and the manual's sections the same."""
    rows = re.findall(r"^\| (`errortool.*?) \|", section(README, "Commands"), re.MULTILINE)
    usages = re.findall(r"`(errortool[^`]*)`", " ".join(rows))
    commands = [" ".join(usage.split()[:2]) for usage in usages]
    assert len(commands) == len(set(commands))
    assert set(commands) == {"errortool", *(f"errortool {name}" for name in cli.errortool.commands)}
    assert headings(DOCS / "commands.md") == ["Commands", *commands]


@pytest.mark.parametrize("name", ["", *cli.errortool.commands])
def test_every_option_is_documented_where_its_command_is(name: str):
    """Each option stands in its command's table, with a value if it takes one; no other does."""
    command = cli.errortool.commands[name] if name else cli.errortool
    listed = first_column(section(DOCS / "commands.md", f"errortool {name}".strip()))
    assert {option.split()[0] for option in listed} == options(command)
    takes_value = {
        option
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.is_flag
        for option in parameter.opts
    }
    assert {option.split()[0] for option in listed if " " in option} == takes_value


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_and_options_in_the_text_exist(document: Path):
    """Whatever looks like a command or an option of ours is one."""
    known = set.union(*OTHERS.values(), *map(options, cli.errortool.commands.values()))
    for span in spans(document):
        words = shlex.split(span) if span.startswith(("errortool ", "-")) else []
        if words[:1] == ["errortool"] and not words[1].startswith("-"):
            assert words[1] in cli.errortool.commands, span
            there = options(cli.errortool.commands[words[1]])
        elif words[:1] == ["errortool"]:
            there = options(cli.errortool)
        else:
            there = known | options(cli.errortool) | {"--help"}
        assert {word for word in words if word.startswith("--")} <= there, span


def test_the_projects_own_programs_take_what_the_text_gives_them():
    """`tests/run` and the benches exist, and know each option and each name."""
    found = [span for document in DOCUMENTS for span in spans(document)]
    found += [block.code.strip() for block in code("bash", *DOCUMENTS)]
    for program, known in OTHERS.items():
        source = (ROOT / program.split()[1]).read_text(encoding="utf-8")
        calls = [shlex.split(span.removeprefix(program)) for span in found if program in span]
        assert calls, program
        for words in calls:
            assert {word for word in words if word.startswith("--")} <= known
            if program != TESTS:
                names = [word for word in words if word.isalpha()]
                assert [name for name in names if not re.search(rf"\b{name}\b", source)] == []
        assert all(option in source for option in known), program


def test_every_selection_of_tests_finds_some():
    """Each word behind `-k` is in the path or the name of a test."""
    tests = [
        f"{path.relative_to(ROOT)}::{name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", text_of(path), re.MULTILINE)
    ]
    expressions = [
        words[words.index("-k") + 1]
        for document in DOCUMENTS
        for words in map(shlex.split, re.findall(r"bash tests/run[^`\n]*", text_of(document)))
        if "-k" in words
    ]
    assert len(expressions) > 20
    wanted = {word for expression in expressions for word in expression.split(" or ")}
    assert sorted(word for word in wanted if not any(word in test for test in tests)) == []


# --- columns -------------------------------------------------------------------------------------


def test_every_column_name_that_is_named_is_known():
    """The names in the table of columns are found for the role they stand at."""
    rows = re.findall(
        rf"^\| ({'|'.join(ROLES)})\b[^|]*\| (.+) \|$",
        section(DOCS / "predictions.md", "Columns"),
        re.MULTILINE,
    )
    assert {role for role, _ in rows} == set(ROLES)
    for role, names in rows:
        for name in re.findall(r"`([^`]+)`", names):
            others = {"label": "label", "prediction": "prediction"} | {role: name}
            columns = detect(list(others.values()), {}, "p.csv").columns
            assert getattr(columns, role) == name


def test_every_column_of_the_csv_files_is_documented(store: Store, tmp_path: Path):
    """In the files' own order; categories, and the predictions' own columns, in one row each."""
    session = begin(store, cats_and_dogs(tmp_path), right=5)
    written = reporting.export(store, session, tmp_path / "out")
    documented = {
        "tally.csv": first_column(section(DOCS / "files.md", "The tally")),
        "table.csv": first_column(section(DOCS / "files.md", "The table")),
        "table_right.csv": first_column(section(DOCS / "files.md", "The table")),
        "corrections.csv": first_column(section(DOCS / "files.md", "Corrections")),
    }
    assert documented.keys() == {path.name for path in written if path.suffix == ".csv"}
    left_out = {category.name for category in store.categories(session)}
    left_out |= {name for row in store.rows(session) for name in row.example.extra}
    for path in written:
        assert f"`{path.name}`" in text_of(DOCS / "files.md")
        if path.suffix == ".csv":
            with path.open(newline="") as file:
                header = next(csv.reader(file))
            assert [name for name in header if name not in left_out] == documented[path.name]


def test_every_table_and_column_of_the_session_file_is_documented(store: Store):
    """The schema is an interface: each table and view, and all their columns in order."""
    with store._file.reading() as db:
        names = [row[0] for row in db.execute(
            "select name from sqlite_master where type in ('table', 'view') "
            "and name not like 'sqlite%' and name not like '_sqlite%'")]  # fmt: skip
        there = {
            name: [row[1] for row in db.execute(f"pragma table_info({name})")] for name in names
        }
    documented = {
        name: first_column(section(DOCS / "schema.md", head))
        for head in headings(DOCS / "schema.md")
        for name in re.findall(r"^(?:A row in|The view) `(\w+)`", section(DOCS / "schema.md", head))
    }
    assert documented == there


# --- links ---------------------------------------------------------------------------------------


def anchor(heading: str) -> str:
    """Return what GitHub and Streamlit alike call a plain heading in a link."""
    return heading.lower().replace(" ", "-")


def test_headings_can_be_linked_to():
    """Letters, digits and spaces, each once: so an anchor is the same here and on the page Help."""
    heads = [head for document in MANUAL for head in headings(document)]
    assert [head for head in heads if re.search(r"[^\w ]", head)] == []
    assert len(set(map(anchor, heads))) == len(heads)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path):
    """Each link's file is there, and has the heading that the link names."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(document)):
        link = urlsplit(target)
        if link.scheme:
            assert link.scheme == "https", target
            continue
        path = document.parent / link.path if link.path else document
        assert path.exists(), target
        assert not link.fragment or link.fragment in map(anchor, headings(path)), target


def test_the_readme_links_to_the_whole_manual():
    """A document that nothing leads to isn't read."""
    manual = section(README, "The manual, also on the app's page Help")
    linked = re.findall(r"\[.+?\]\((errortool/docs/[^)]+)\)", manual)
    assert sorted(linked) == [path.relative_to(ROOT).as_posix() for path in MANUAL]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_lines_can_be_read_anywhere(document: Path):
    """Text is wrapped at 120 characters; tables can't be."""
    lines = re.sub(r"\]\(https:\S+\)", "]()", text_of(document)).splitlines()
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []
