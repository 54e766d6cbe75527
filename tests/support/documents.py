"""The README and the manual: their text, their code, and a folder in which the code runs."""

import csv
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from commands import Result
from helpers import ROOT, draw_image

from errortool.cli import main

README = ROOT / "README.md"
MANUAL = sorted((ROOT / "errortool" / "docs").glob("*.md"))
DOCUMENTS = [README, *MANUAL]

# Blocks that aren't run as they stand, by how they begin, with the reason.
NOT_RUN = {
    "python3 -m venv": "it installs everything: test_readme.py does so in a copy, as a slow test",
    "bash tests/run": "it runs the tests",
    ".venv/bin/python tests/bench/": "it measures for minutes",
    "datasette": "another project's program, which need not be there",
}

_FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A fenced block of code, and the block of text that directly follows it, if any."""

    document: Path
    language: str
    code: str
    output: str

    def __str__(self) -> str:
        """Return where it is and how it begins, as a test's name."""
        return f"{self.document.name}: {self.code.splitlines()[0][:50]}"


def text_of(document: Path) -> str:
    """Return a document's Markdown."""
    return document.read_text(encoding="utf-8")


def blocks(document: Path, language: str) -> Iterator[Block]:
    """Yield a document's blocks of code in a language."""
    text = text_of(document)
    for block, following in pairwise([*_FENCED.finditer(text), None]):
        assert block
        if block[2] == language:
            is_output = (
                following
                and following[2] == "text"
                and not text[block.end() : following.start()].strip()
            )
            yield Block(
                document=document,
                language=language,
                code=_dedented(block),
                output=_dedented(following) if following and is_output else "",
            )


def _dedented(block: re.Match[str]) -> str:
    return re.sub(rf"^{block[1]}", "", block[3], flags=re.MULTILINE)


def runs(block: Block) -> bool:
    """Tell whether a test runs a block as it stands."""
    return not block.code.startswith(tuple(NOT_RUN))


def prose(document: Path) -> str:
    """Return a document without its blocks of code."""
    return _FENCED.sub("", text_of(document))


def spans(document: Path) -> list[str]:
    """Return the code within the text."""
    return [span.replace(r"\|", "|") for span in re.findall(r"`([^`\n]+)`", prose(document))]


def headings(document: Path) -> list[str]:
    """Return a document's headings, its title first."""
    return _HEADING.findall(prose(document))


def section(document: Path, heading: str) -> str:
    """Return the text below a heading, up to the next one."""
    parts = _HEADING.split(prose(document))
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading].strip()


def first_column(markdown: str) -> list[str]:
    """Return the code that the rows of a text's tables begin with."""
    rows = re.findall(r"^\| `([^`]+)`", markdown, re.MULTILINE)
    return [cell.replace(r"\|", "|") for cell in rows]


def bash(code: str, folder: Path) -> Result:
    """Run code in a folder as ann's shell does, up to the first command that fails.

    Our own commands run in this process: starting each anew takes most of a second.
    """
    out, err = StringIO(), StringIO()
    status = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        patch.delenv("ERRORTOOL_DB", raising=False)
        patch.setenv("LOGNAME", "ann")
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        for line in code.replace("\\\n", " ").splitlines():
            if line.startswith("errortool "):
                with pytest.raises(SystemExit) as ended:
                    main(shlex.split(line)[1:])
                status = int(ended.value.code or 0)
            else:
                done = subprocess.run(
                    ["bash", "-c", line], capture_output=True, text=True, check=False
                )
                out.write(done.stdout)
                err.write(done.stderr)
                status = done.returncode
            if status:
                break
    return Result(code=status, out=out.getvalue(), err=err.getvalue())


def story(folder: Path) -> Iterator[tuple[Block, Result]]:
    """Do in a folder what the README says; yield each block with what became of it.

    Where it says to look at the images, they are judged: 61 of 100 are blurry, 8 dogs; of those
    that the next model gets wrong, every other one is blurry.
    """
    _write_dev_set(folder)
    for block in filter(runs, blocks(README, "bash")):
        yield block, bash(block.code, folder)
        if block.code.startswith("errortool new"):
            (name,) = re.findall('--name "([^"]+)"', block.code)
            file = "more_ticks.csv" if "--follows" in block.code else "ticks.csv"
            _write_ticks(folder / file, name)
            assert bash(f'errortool import "{name}" {file}', folder).code == 0


def _write_dev_set(folder: Path) -> None:
    """Write the predictions of a cat detector with 10 % error on 10,000 images, and the images.

    The next two models fix 400 and 600 of its errors, and make 200 and 100 new ones.
    """
    picture = draw_image(folder / "images" / "dev" / "picture.png")
    tables = {"predictions.csv": (0, 0), "v4.csv": (2, 200), "v5.csv": (3, 100)}
    for name, (fixed, new) in tables.items():
        rows = [("id", "image", "label", "prediction", "confidence")]
        for number in range(10_000):
            is_cat, tens = number % 10 != 0, number // 10
            says_cat = is_cat or tens % 5 >= fixed
            if number % 10 == 1 and tens < new:
                says_cat = False
            label, prediction = ("cat" if yes else "not cat" for yes in (is_cat, says_cat))
            rows.append((str(number), f"dev/{number}.png", label, prediction, "0.9"))
            image = picture.with_name(f"{number}.png")
            if label != prediction and not image.exists():
                image.hardlink_to(picture)
        _write(folder / name, ",", rows)
    scores = [("text", "annotator_1", "annotator_2", "model_a", "model_b")]
    scores += [(f"text {number}", "yes", "no", "yes", "yes") for number in range(20)]
    _write(folder / "scores.tsv", "\t", scores)
    outputs = [(f"{number}.jpg", str(number % 3)) for number in range(20)]
    _write(folder / "top1.csv", ",", [("filename", "label"), *outputs])
    lines = [f"{name} {int(code) % 2}" for name, code in outputs]
    (folder / "val.txt").write_text("\n".join(lines))
    (folder / "imagenet_classes.json").write_text('["tench", "goldfish", "shark"]')
    wrong = [(str(number), "ab"[number % 2], "ba"[number % 2]) for number in range(20)]
    _write(folder / "misclassified.csv", ",", [("id", "label", "prediction"), *wrong])


def _write_ticks(path: Path, session: str) -> None:
    """Write a spreadsheet of ticks for what is still open in the sample of a session."""
    with closing(sqlite3.connect(path.with_name("errortool.db"))) as db:
        keys = [
            key
            for (key,) in db.execute(
                """
                select e.key from examples e join sessions s on s.id = e.session
                where s.name = ? and e.id not in (select example from looks)
                order by e.position
                """,
                (session,),
            )
        ]
    first = len(keys) == 100
    ticks = [
        (str(int(at < 8)), str(int(5 <= at < 66)), "0") if first else ("0", str(at % 2), "0")
        for at in range(len(keys))
    ]
    rows = [(key, *marks) for key, marks in zip(keys, ticks, strict=True)]
    _write(path, ",", [("id", "Dog", "Blurry", "Mislabeled"), *rows])


def _write(path: Path, delimiter: str, rows: list[tuple[str, ...]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
