"""Tables of ticks, ours or anybody's spreadsheet, matched with a session."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from errortool.data.columns import plain
from errortool.data.formulas import original
from errortool.data.tables import Table
from errortool.errors import TableError
from errortool.messages import listed, rows_text, shown
from errortool.model import LONGEST_TEXT, Category, Row

_YES: Final = frozenset({"1", "1.0", "yes", "y", "true", "t", "x", "✓", "✔", "☑", "✅"})
_NO: Final = frozenset({"0", "0.0", "no", "n", "false", "f", "✗", "✘", "☐", "❌"})
_TOTALS: Final = frozenset({"% of total", "%of total", "% total", "percent of total", "total"})

# Columns of ours and of spreadsheets like ours that are about the image and not a category.
_ABOUT: Final = frozenset(
    "id image label prediction confidence correctedlabel comment reviewer lookedat".split()
)
_TAKEN: Final = ("comment", "correctedlabel", "lookedat")  # also where no column is a category


class Empty(StrEnum):
    """What an empty cell of somebody's table means."""

    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TickedRow:
    """What row `number` of a table says of one example: `ticks` by the category's name."""

    number: int
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

    Raises TableError with all faults: cells that are no tick, repeated rows, no row that matches,
    nothing to take.
    """
    faults = list(table.faults)
    warnings = list(table.warnings)
    roles, troubles = _roles(table.names, categories)
    faults += troubles
    matched, troubles, strangers = _matched(table, rows)
    faults += troubles
    warnings += strangers
    cells = _Cells(table, list(matched), roles)
    ours = cells.has("lookedat")
    empty_means_no = (empty or (Empty.UNKNOWN if ours else Empty.NO)) is Empty.NO

    extra = {plain(name) for row in rows[:1] for name in row.example.extra}
    ticks: dict[str, list[bool | None]] = {}
    skipped: list[str] = []
    created: list[str] = []
    for name in table.names:
        category, about = roles.ticks.get(name), name in roles.about
        if about or (category is None and plain(original(name)) in extra and not new_categories):
            continue
        marks, odd = cells.ticks(name)
        if category is not None:
            faults += odd
            ticks[category] = marks
        elif new_categories and not odd and plain(original(name)) not in extra:
            created.append(original(name))
            ticks[original(name)] = marks
        else:
            skipped.append(name)
    if skipped:
        plural = "column" if len(skipped) == 1 else "columns"
        hint = "" if new_categories else " (--new-categories makes categories of columns of ticks)"
        warnings.append(
            f"{plural} {listed(skipped)}: no category of the session, passed over{hint}"
        )
    finished, odd = cells.ticks_about("lookedat")
    faults += odd
    if matched and not ticks and not any(map(cells.has, _TAKEN)):
        faults.append(
            "no column is a category of the session, a comment or a right label, so there is "
            f"nothing to take{': ' + warnings[-1] if skipped else ''}"
        )
    if faults:
        raise TableError(table.name, faults)

    comments = cells.about("comment")
    labels = cells.about("correctedlabel")
    reviewers = cells.about("reviewer")
    warnings += cells.too_long("comment") + cells.too_long("correctedlabel")
    found = []
    for index, position in enumerate(matched.values()):
        said = {
            name: bool(marks[index])
            for name, marks in ticks.items()
            if empty_means_no or marks[index] is not None
        }
        found.append(
            TickedRow(
                number=cells.numbers[index],
                position=position,
                ticks=said,
                looked_at=finished[index] is True if ours else bool(said),
                comment=comments[index],
                corrected_label=labels[index],
                reviewer=reviewers[index].strip(),
            )
        )
    return TickTable(rows=tuple(found), new_categories=tuple(created), warnings=tuple(warnings))


def _tick(cell: str) -> bool | None:
    """Return what a cell says, or None if it says neither yes nor no."""
    word = cell.strip().casefold()
    return True if word in _YES else False if word in _NO else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Roles:
    """What a table's columns hold: the ticks of a category, or what `_ABOUT` names."""

    ticks: Mapping[str, str]
    about: Mapping[str, str]


def _roles(names: Sequence[str], categories: Sequence[Category]) -> tuple[_Roles, list[str]]:
    """Return what the columns hold, and faults where two hold the same.

    A category's own name comes first, then a column of ours, then a name that is alike.
    """
    exact = {category.name.casefold(): category.name for category in categories}
    alike: dict[str, list[str]] = {}
    for category in categories:
        alike.setdefault(plain(category.name), []).append(category.name)
    ticks: dict[str, str] = {}
    about: dict[str, str] = {}
    for name in names:
        key = plain(original(name)).replace("comments", "comment")
        if original(name).casefold() in exact:
            ticks[name] = exact[original(name).casefold()]
        elif key in _ABOUT:
            about[name] = key
        elif key and len(alike.get(key, ())) == 1:
            ticks[name] = alike[key][0]
    faults = []
    for held, what in ((ticks, "the category {!r}"), (about, "the {}")):
        columns: dict[str, list[str]] = {}
        for name, role in held.items():
            columns.setdefault(role, []).append(name)
        faults += [
            f"columns {' and '.join(map(shown, same))} both hold {what.format(role)}: leave one out"
            for role, same in columns.items()
            if len(same) > 1
        ]
    return _Roles(ticks=ticks, about=about), faults


class _Cells:
    """The cells of some of a table's rows, as they were before `harmless`."""

    def __init__(self, table: Table, indices: Sequence[int], roles: _Roles) -> None:
        places = pa.array(indices, pa.int64())
        self.numbers: list[int] = table.rows.take(places).to_pylist()
        self._columns = table.columns.take(places)
        self._about = {key: name for name, key in roles.about.items()}

    def has(self, key: str) -> bool:
        return key in self._about

    def of(self, name: str) -> list[str]:
        return [original(cell) for cell in self._columns.column(name).to_pylist()]

    def about(self, key: str) -> list[str]:
        """Return the column that tells this of the image, blank if there is none."""
        return self.of(self._about[key]) if self.has(key) else [""] * len(self.numbers)

    def too_long(self, key: str) -> list[str]:
        """Warn of texts that are cut."""
        cells = zip(self.numbers, self.about(key), strict=True)
        rows = [number for number, cell in cells if len(cell) > LONGEST_TEXT]
        if not rows:
            return []
        return [
            f"column {self._about[key]!r} has more than {LONGEST_TEXT:,} characters in "
            f"{rows_text(rows)}: cut there"
        ]

    def ticks_about(self, key: str) -> tuple[list[bool | None], tuple[str, ...]]:
        """Return the ticks of the column that tells this of the image, and a fault as `ticks`."""
        return self.ticks(self._about[key]) if self.has(key) else ([None] * len(self.numbers), ())

    def ticks(self, name: str) -> tuple[list[bool | None], tuple[str, ...]]:
        """Return a column's ticks, and a fault if it holds another thing."""
        column = self.of(name)
        marks = [_tick(cell) for cell in column]
        odd = [index for index, cell in enumerate(column) if marks[index] is None and cell.strip()]
        if not odd:
            return marks, ()
        where = rows_text(self.numbers[index] for index in odd)
        fault = (
            f"column {name!r} holds {shown(column[odd[0]])} in {where}: "
            "write 1 or 0, yes or no, x or nothing"
        )
        return marks, (fault,)


def _matched(table: Table, rows: Sequence[Row]) -> tuple[dict[int, int], list[str], list[str]]:
    """Return which row (by index) tells of which example (by position), faults and warnings."""
    best: dict[int, int] = {}
    for name, places in _ways(table.names, rows):
        values = (original(cell).strip() for cell in table.columns.column(name).to_pylist())
        way = {index: places[value] for index, value in enumerate(values) if value in places}
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
        tellers.setdefault(position, []).append(table.rows[index].as_py())
    twice = [(position, numbers) for position, numbers in tellers.items() if len(numbers) > 1]
    faults = []
    if twice:
        position, numbers = twice[0]
        more = f", and {len(twice) - 1:,} more images are told of twice" if len(twice) > 1 else ""
        faults.append(
            f"{rows_text(numbers)} tell of the same image, {shown(rows[position].example.key)}"
            f"{more}: leave one out"
        )
    strangers = _strangers(table, best)
    if not strangers:
        return best, faults, []
    warning = f"not in the session's sample and passed over: {rows_text(strangers)}"
    return best, faults, [warning]


def _strangers(table: Table, matched: Collection[int]) -> list[int]:
    """Return the numbers of the other rows, but for those of totals: "% of total" comes first."""
    others = np.ones(len(table.rows), dtype=np.bool_)
    others[list(matched)] = False
    columns = table.columns.filter(pa.array(others))
    blank = pa.scalar(None, pa.large_string())
    cells = [pc.utf8_trim_whitespace(column) for column in columns.columns]
    first = pc.coalesce(*(pc.if_else(pc.equal(cell, ""), blank, cell) for cell in cells))
    words = pc.replace_substring_regex(pc.utf8_lower(first), r"\s+", " ")
    totals = pc.is_in(words, value_set=pa.array(sorted(_TOTALS), pa.large_string()))
    numbers: list[int] = (
        table.rows.filter(pa.array(others)).filter(pc.invert(totals).combine_chunks()).to_pylist()
    )
    return numbers


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
