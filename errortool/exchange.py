"""Tables out (tally, table) and tables of ticks in, ours or anybody's spreadsheet."""

import csv
import io
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from errortool.columns import plain
from errortool.errors import StoreError, TableError
from errortool.model import Category, Row
from errortool.reports import Report
from errortool.tables import Table, rows_text

_YES: Final = frozenset({"1", "1.0", "yes", "y", "true", "t", "x", "✓", "✔", "☑", "✅"})
_NO: Final = frozenset({"0", "0.0", "no", "n", "false", "f", "✗", "✘", "☐", "❌"})
_TOTALS: Final = frozenset({"% of total", "%of total", "% total", "percent of total", "total"})

# Columns of ours and of spreadsheets like ours that are about the image and not a category.
_ABOUT: Final = frozenset(
    "id image label prediction confidence correctedlabel comment comments reviewer lookedat".split()
)

# A spreadsheet program runs a cell that begins so; one more quote makes it text. The pattern
# takes in quotes that were there before, so that taking one away gives back what it was.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


class Empty(StrEnum):
    """What an empty cell of somebody's table means."""

    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TickedRow:
    """What a table says of one example: `ticks` by the category's name."""

    position: int
    ticks: Mapping[str, bool]
    looked_at: bool
    comment: str
    corrected_label: str
    reviewer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TickTable:
    """A table of ticks, matched with a session.

    `new_categories` are columns of ticks that are no category of the session. `warnings` say what
    was passed over.
    """

    rows: tuple[TickedRow, ...]
    new_categories: tuple[str, ...]
    warnings: tuple[str, ...]


# --- out -----------------------------------------------------------------------------------------


def tally_csv(report: Report) -> str:
    """Return the tally: a row a category, rates as fractions, blank where nothing was looked at."""
    return _csv(
        (
            "category", "kind", "looked_at", "ticked", "share", "share_low", "share_high",
            "dev_error", "ceiling", "ceiling_low", "ceiling_high", "points", "dev_examples",
        ),
        (
            (
                harmless(category.name), category.kind, category.looked_at, category.ticked,
                category.share, category.share_low, category.share_high,
                category.dev_error, category.ceiling, category.ceiling_low, category.ceiling_high,
                category.points, category.dev_examples,
            )
            for category in report.categories
        ),
    )  # fmt: skip


def corrections_csv(rows: Iterable[Row]) -> str:
    """Return the right labels that reviewers gave: a row for each example that has one."""
    return _csv(
        ("id", "image", "label", "corrected_label"),
        (
            (
                harmless(row.example.key),
                harmless(row.example.image or ""),
                harmless(row.example.label),
                harmless(row.corrected_label),
            )
            for row in rows
            if row.looked_at and row.corrected_label is not None
        ),
    )


def table_csv(categories: Sequence[Category], rows: Iterable[Row]) -> str:
    """Return the table: a row an image, a column a category; `read_ticks` reads it back."""
    return _csv(
        (
            "id", "image", "label", "prediction", "confidence",
            *(harmless(category.name) for category in categories),
            "corrected_label", "comment", "reviewer", "looked_at",
        ),
        (
            (
                harmless(row.example.key),
                harmless(row.example.image or ""),
                harmless(row.example.label),
                harmless(row.example.prediction),
                row.example.confidence,
                *(_mark(row.ticks.get(category.id)) for category in categories),
                harmless(row.corrected_label or ""),
                harmless(row.comment),
                harmless(row.reviewer),
                int(row.looked_at),
            )
            for row in rows
        ),
    )  # fmt: skip


def _mark(tick: bool | None) -> int | None:
    return None if tick is None else int(tick)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula.

    >>> harmless("=1+1"), harmless("a=b")
    ("'=1+1", 'a=b')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def original(cell: str) -> str:
    """Return what `harmless` was given.

    >>> original(harmless("-5")), original("'quoted'")
    ('-5', "'quoted'")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all: beside it first, then in its place.

    Raises StoreError if it can't be written; a file that was there is left as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as beside:
            try:
                beside.write(text.encode())
                beside.flush()
                os.fsync(beside.fileno())
                os.fchmod(beside.fileno(), 0o666 & ~_umask())  # as any file that a program makes
                Path(beside.name).replace(path)
            except OSError:
                Path(beside.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        message = f"{path} can't be written ({error.strerror})"
        raise StoreError(message) from None


def _umask() -> int:
    """Return the rights that new files don't get; it can only be read by setting it."""
    kept = os.umask(0o077)
    os.umask(kept)
    return kept


# --- in ------------------------------------------------------------------------------------------


def read_ticks(
    table: Table,
    categories: Sequence[Category],
    rows: Sequence[Row],
    *,
    empty: Empty | None = None,
    new_categories: bool = False,
) -> TickTable:
    """Match a table of ticks with a session's `categories` and examples (`rows`).

    Rows are matched by id, else by image. An empty cell means not looked at in our own table
    (which has a looked_at column) and no in any other; `empty` overrides. Columns that are no
    category are passed over with a warning, or with `new_categories` taken if they hold ticks.

    Raises TableError with all faults: cells that are no tick, repeated rows, no row that matches.
    """
    faults = list(table.faults)
    warnings = list(table.warnings)
    cells = _Cells(table)
    ours = cells.has("lookedat")
    empty_means_no = (empty or (Empty.UNKNOWN if ours else Empty.NO)) is Empty.NO
    matched, troubles, strangers = _matched(cells, rows)
    faults += troubles
    warnings += strangers

    category_of = _matching(categories, table.names)
    about = _ABOUT | {plain(name) for row in rows[:1] for name in row.example.extra}
    ticks: dict[str, list[bool | None]] = {}
    skipped: list[str] = []
    created: list[str] = []
    for name in table.names:
        key, category = plain(original(name)), category_of(original(name))
        if category is None and (key in _ABOUT or (key in about and not new_categories)):
            continue
        marks, odd = cells.ticks(name, matched)
        if category is not None:
            faults += odd
            ticks[category] = marks
        elif new_categories and not odd and key not in about:
            created.append(original(name))
            ticks[original(name)] = marks
        else:
            skipped.append(name)
    if skipped:
        listed = ", ".join(map(repr, skipped))
        plural = "column" if len(skipped) == 1 else "columns"
        hint = "" if new_categories else " (--new-categories makes categories of columns of ticks)"
        warnings.append(f"{plural} {listed}: no category of the session, passed over{hint}")
    if faults:
        raise TableError(table.name, faults)

    comments = cells.about("comment", "comments")
    labels = cells.about("correctedlabel")
    reviewers = cells.about("reviewer")
    finished = cells.about("lookedat")
    found = []
    for index, position in matched.items():
        said = {
            name: bool(marks[index])
            for name, marks in ticks.items()
            if empty_means_no or marks[index] is not None
        }
        found.append(
            TickedRow(
                position=position,
                ticks=said,
                looked_at=_tick(finished[index]) is True if ours else bool(said),
                comment=comments[index],
                corrected_label=labels[index],
                reviewer=reviewers[index].strip(),
            )
        )
    return TickTable(rows=tuple(found), new_categories=tuple(created), warnings=tuple(warnings))


def _matching(
    categories: Sequence[Category], columns: Sequence[str]
) -> Callable[[str], str | None]:
    """Return what finds the category that a column's name means.

    That is the one of just this name; else one that differs in case and punctuation only, if
    there is but one, it has no column of its own, and the column is none of table.csv's others.
    """
    names = {category.name for category in categories}
    present = {original(column) for column in columns}
    times = Counter(map(plain, names))
    near = {
        plain(name): name
        for name in names
        if times[plain(name)] == 1 and name not in present and plain(name) not in {"", *_ABOUT}
    }
    return lambda column: column if column in names else near.get(plain(column))


def _tick(cell: str) -> bool | None:
    """Return what a cell says, or None if it says neither yes nor no."""
    word = cell.strip().casefold()
    return True if word in _YES else False if word in _NO else None


class _Cells:
    """A table's cells by column, as they were before `harmless`."""

    def __init__(self, table: Table) -> None:
        self.names = table.names
        self.numbers: list[int] = table.rows.to_pylist()
        self._columns = {
            name: [original(cell) for cell in column.to_pylist()]
            for name, column in zip(table.names, table.columns.columns, strict=True)
        }
        self._by_plain = {plain(name): name for name in table.names}

    def has(self, key: str) -> bool:
        return key in self._by_plain

    def of(self, name: str) -> list[str]:
        return self._columns[name]

    def about(self, *keys: str) -> list[str]:
        """Return the column with one of these plain names, blank if there is none."""
        name = next((self._by_plain[key] for key in keys if key in self._by_plain), None)
        return self._columns[name] if name else [""] * len(self.numbers)

    def ticks(
        self, name: str, indices: Collection[int]
    ) -> tuple[list[bool | None], tuple[str, ...]]:
        """Return a column's ticks, and a fault if any of the rows `indices` holds another thing."""
        column = self._columns[name]
        marks = [_tick(cell) for cell in column]
        odd = [index for index in indices if marks[index] is None and column[index].strip()]
        if not odd:
            return marks, ()
        where = rows_text(self.numbers[index] for index in odd)
        fault = (
            f"column {name!r} holds {column[odd[0]]!r} in {where}: "
            "write 1 or 0, yes or no, x or nothing"
        )
        return marks, (fault,)

    def wanted(self) -> list[int]:
        """Return the rows but for those of totals, which begin with "% of total"."""
        lines = zip(*self._columns.values(), strict=True)
        first = [next((cell for cell in line if cell.strip()), "") for line in lines]
        return [
            index
            for index, cell in enumerate(first)
            if " ".join(cell.casefold().split()) not in _TOTALS
        ]


def _matched(cells: _Cells, rows: Sequence[Row]) -> tuple[dict[int, int], list[str], list[str]]:
    """Return which row (by index) tells of which example (by position), faults and warnings."""
    wanted = cells.wanted()
    best: dict[int, int] = {}
    for name, places in _ways(cells.names, rows):
        column = cells.of(name)
        way = {
            index: places[column[index].strip()]
            for index in wanted
            if column[index].strip() in places
        }
        if len(way) > len(best):
            best = way
        if best and plain(name) == "id":
            break
    if not best:
        fault = (
            "no row belongs to the session: it needs a column id, or image, with the same ids or "
            "image paths as the predictions table"
        )
        return {}, [fault], []
    tellers: dict[int, list[int]] = {}
    for index, position in best.items():
        tellers.setdefault(position, []).append(cells.numbers[index])
    faults = [
        f"{rows_text(numbers)} tell of the same image, {rows[position].example.key!r}"
        for position, numbers in tellers.items()
        if len(numbers) > 1
    ]
    strangers = [cells.numbers[index] for index in wanted if index not in best]
    if not strangers:
        return best, faults, []
    warning = f"not in the session's sample and passed over: {rows_text(strangers)}"
    return best, faults, [warning]


def _ways(names: Sequence[str], rows: Sequence[Row]) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield columns that may say which example a row tells of, with the places of their values."""
    keys = {row.example.key: row.example.position for row in rows}
    images = {row.example.image: row.example.position for row in rows if row.example.image}
    files: dict[str, list[int]] = {}
    for image, position in images.items():
        files.setdefault(re.split(r"[\\/]", image)[-1], []).append(position)
    unique = {file: places[0] for file, places in files.items() if len(places) == 1}
    for name in names:
        if plain(name) in {"id", "exampleid", "key", "uid"}:
            yield name, keys
    for name in names:
        if plain(name) in {"image", "imagepath", "file", "filename", "path", "img", "filepath"}:
            yield name, keys
            yield name, images
            yield name, unique
