"""A case of bad input: how it is made, which command meets it, and what must come of it."""

import gzip
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

Content = str | bytes | Callable[[Path], object]
"""A file's contents, or what makes it at a path."""


class Outcome(StrEnum):
    """What must come of it: nothing passes in silence unless nothing had to be guessed."""

    REFUSED = "refused in a sentence"
    WARNED = "accepted with a warning"
    SAME = "read as the plain file, to the letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One bad input. `says` is the pattern of the sentence; `{file}` in `command` is the file.

    `alone` runs it in a process of its own, with bounds on time and memory: where a hang or a
    bomb is conceivable. `setting` makes what else has to be there.
    """

    name: str
    outcome: Outcome
    says: str = ""
    content: Content = ""
    file: str = "predictions.csv"
    command: Sequence[str] = ("new", "{file}")
    setting: Callable[[Path], object] = field(default=lambda _: None)
    alone: bool = False
    slow: bool = False

    def __str__(self) -> str:
        """Return what pytest calls it."""
        return re.sub(r"[^\w.+-]+", "-", self.name)

    def make(self, folder: Path) -> list[str]:
        """Write the files into `folder` and return the command's arguments."""
        path = folder / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(self.content):
            self.content(path)
        else:
            text = self.content
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        self.setting(folder)
        return [argument.replace("{file}", self.file) for argument in self.command]


def refused(name: str, content: Content, says: str, **more: object) -> Case:
    """Return a case that is refused."""
    return Case(name=name, content=content, says=says, outcome=Outcome.REFUSED, **more)


def warned(name: str, content: Content, says: str, **more: object) -> Case:
    """Return a case that is accepted with a warning."""
    return Case(name=name, content=content, says=says, outcome=Outcome.WARNED, **more)


def same(name: str, content: Content, **more: object) -> Case:
    """Return a case that reads as the plain file does."""
    return Case(name=name, content=content, outcome=Outcome.SAME, **more)


# --- files to begin with -------------------------------------------------------------------------

NAMES = ("id", "text", "label", "prediction", "confidence")
ROWS = tuple(
    (f"k{number}", f"words {number}", label, prediction, f"0.{number + 60}")
    for number, (label, prediction) in enumerate(
        [("Käfer", "Fuchs"), ("Fuchs", "Fuchs"), ("Käfer", "Käfer"), ("Fuchs", "Käfer")] * 3
    )
)
"""Twelve dev examples, six of them errors, with a letter that every encoding writes differently."""


def plain(
    separator: str = ",",
    end: str = "\n",
    names: Sequence[str] = NAMES,
    rows: Sequence[Sequence[str]] = ROWS,
) -> str:
    """Return the plain table as text."""
    return "".join(separator.join(row) + end for row in (names, *rows))


def changed(column: str, values: dict[int, str]) -> str:
    """Return the plain table with other values in a column; rows are numbered from 2."""
    place = NAMES.index(column)
    rows = [list(row) for row in ROWS]
    for number, value in values.items():
        rows[number - 2][place] = value
    return plain(rows=rows)


def with_column(name: str, values: Sequence[str]) -> str:
    """Return the plain table with one more column; the values are taken in turn."""
    return plain(
        names=(*NAMES, name),
        rows=[(*row, values[number % len(values)]) for number, row in enumerate(ROWS)],
    )


def as_parquet(**values: object) -> bytes:
    """Return a Parquet file of the plain table, with other or more columns."""
    columns: dict[str, object] = dict(zip(NAMES, zip(*ROWS, strict=True), strict=True))
    out = io.BytesIO()
    parquet.write_table(pa.table({name: list(v) for name, v in (columns | values).items()}), out)
    return out.getvalue()


def packed(data: str | bytes) -> bytes:
    """Return data as gzip, the same every time."""
    return gzip.compress(data if isinstance(data, bytes) else data.encode(), mtime=0)
