"""The README tells the truth: its examples run, its commands and columns exist."""

import doctest
import re
from pathlib import Path

import pytest
from helpers import cats_and_dogs

import errortool
from errortool import cli
from errortool.data.columns import detect

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the README's code blocks of a language."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", README, re.DOTALL | re.MULTILINE)


def test_the_examples_of_the_numbers_run():
    """What the README prints is what Python prints."""
    examples = [block for block in blocks("python") if ">>>" in block]
    assert examples
    runner = doctest.DocTestRunner()
    for block in examples:
        runner.run(doctest.DocTestParser().get_doctest(block, {}, "README.md", None, None))
    assert runner.summarize().failed == 0


def test_the_notebook_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Beginning a session, its figures, and the tally by pandas."""
    monkeypatch.chdir(tmp_path)
    cats_and_dogs(tmp_path)
    notebook, tally = (
        next(b for b in blocks("python") if sign in b) for sign in ("new(", "pandas")
    )
    exec(compile(notebook, "README.md", "exec"), {})  # noqa: S102  our own README
    exec(compile(tally, "README.md", "exec"), {})  # noqa: S102


def test_every_command_and_option_is_documented():
    """A command without a word in the README isn't finished."""
    for name, command in cli.errortool.commands.items():
        assert f"`errortool {name}" in README
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option not in {"--help", "--weight-column"}:
                    assert option in README, (name, option)


def test_every_column_name_that_is_named_is_known():
    """The names in the table of columns are found for the role they stand at."""
    rows = re.findall(
        r"^\| (label|prediction|image|id|confidence|weight)\b[^|]*\| (.+) \|$", README, re.MULTILINE
    )
    assert len(rows) == 6
    for role, names in rows:
        for name in re.findall(r"`([^`]+)`", names):
            others = {"label": "label", "prediction": "prediction"} | {role: name}
            columns = detect(list(others.values()), {}, "p.csv")
            assert getattr(columns, role) == name


def test_every_table_of_the_session_file_is_documented(store):
    """The schema is an interface."""
    with store._file.reading() as db:
        names = [row[0] for row in db.execute(
            "select name from sqlite_master where type in ('table', 'view') "
            "and name not like 'sqlite%' and name not like '_sqlite%'")]  # fmt: skip
    assert all(f"| `{name}`" in README for name in names)


def drawn_modules(readme: str) -> set[str]:
    """Return the modules below errortool/ in the picture of the house, by path."""
    picture = readme[readme.index("```text\napp.py") :]
    picture = picture[: picture.index("```", 3)]
    found, folders = set(), {}
    for line in picture.splitlines():
        indent = len(line) - len(line.lstrip())
        name, _, says = line.strip().partition(" ")
        where = folders.get(indent - 2, "")
        if name.endswith("/"):
            folders[indent] = where + name
            found |= {where + name + part for part in re.findall(r"\w+\.py", says)}
        elif indent:
            found.add(where + name)
    return {path.removeprefix("errortool/") for path in found if path.startswith("errortool/")}


def test_the_picture_of_the_house_is_complete_and_true():
    """A module that isn't drawn isn't found, and one that is gone misleads."""
    package = Path(errortool.__file__).parent
    there = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if path.name != "__init__.py"
    }
    assert drawn_modules(README) == there


def test_a_module_that_is_not_drawn_is_noticed():
    """The picture is read by folder: one module's name doesn't stand for another's."""
    without = README.replace("    store.py              its face", "    its face")
    assert drawn_modules(README) - drawn_modules(without) == {"store/store.py"}
