"""The README is short, its first steps lead where it says, and its picture of the house is true."""

import os
import re
import shutil
import signal
import subprocess
import tomllib
from pathlib import Path

import pytest
from documents import README, blocks, section, story, text_of
from helpers import ROOT

import errortool

TEXT = text_of(README)
PACKAGE = Path(errortool.__file__).parent


def test_a_newcomer_reads_it_to_the_end():
    """It has at most 200 lines."""
    assert len(TEXT.splitlines()) <= 200


def test_five_minutes_lead_to_a_decision(tmp_path: Path):
    """Each command works as written, and prints what the README says it prints."""
    printed = 0
    for block, done in story(tmp_path):
        assert done.code == 0, done.err
        assert block.output in done.out
        printed += bool(block.output)
    assert printed == 2


@pytest.mark.slow
def test_the_first_command_leads_to_the_demo(tmp_path: Path):
    """In a copy of the project, with nothing installed, it says where the demo is open."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    command = next(blocks(README, "bash")).code
    assert command.strip().endswith("errortool demo")
    environment = os.environ | {"BROWSER": "true", "STREAMLIT_SERVER_PORT": "0"}
    with subprocess.Popen(
        ["bash", "-c", command],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        assert any(re.match(r"errortool: http://\S+/review\?session=1$", line) for line in lines)
        os.killpg(process.pid, signal.SIGTERM)


# --- the house -----------------------------------------------------------------------------------


def drawn(picture: str) -> set[str]:
    """Return the modules in the picture of the house, by path: each stands behind its folder."""
    found: set[str] = set()
    folders: dict[int, str] = {-2: ""}
    where = ""
    for line in picture.splitlines():
        indent = len(line) - len(line.lstrip())
        name = line.split()[0]
        if name.endswith("/"):
            where = folders[indent] = folders[indent - 2] + name
        elif indent - 2 in folders:
            where = folders[indent - 2]
        found |= {where + module for module in re.findall(r"\w+\.(?:py|js)\b", line)}
    return found


def picture() -> str:
    """Return the picture of the house."""
    return next(block.code for block in blocks(README, "text") if "app.py" in block.code)


def modules() -> set[str]:
    """Return the paths of all modules of the package, and of app.py."""
    there = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.js"), ROOT / "app.py"]
    return {path.relative_to(ROOT).as_posix() for path in there if path.name != "__init__.py"}


def test_the_picture_of_the_house_is_complete_and_true():
    """A module that isn't drawn isn't found, and one that is gone misleads."""
    assert drawn(picture()) == modules()


def test_a_module_that_is_not_drawn_is_noticed():
    """The picture is read by folder: one module's name doesn't stand for another's."""
    without = picture().replace("store.py (its face), ", "")
    assert drawn(picture()) - drawn(without) == {"errortool/store/store.py"}


def test_the_order_of_imports_is_the_one_that_is_checked():
    """What the README says of the layers is what import-linter enforces."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (layers,) = [contract["layers"] for contract in settings["contracts"] if "layers" in contract]
    said = " ".join(section(README, "The house").split())
    assert " → ".join(f"`{layer}`" for layer in layers) in said
