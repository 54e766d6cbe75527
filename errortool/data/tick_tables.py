"""Read tables of ticks, ours or anybody's spreadsheet, and match them with a session."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from errortool.data.columns import called, plain
from errortool.data.formulas import original
from errortool.data.tables import Table
from errortool.errors import TableError
from errortool.messages import count, listed, quoted, rows_text, shown
from errortool.model import LONGEST_TEXT, RESERVED_NAMES, Category, Columns, Row

_YES: Final = frozenset({"1", "1.0", "yes", "y", "true", "t", "x", "✓", "✔", "☑", "✅"})
_NO: Final = frozenset({"0", "0.0", "no", "n", "false", "f", "✗", "✘", "☐", "❌"})
_TOTALS: Final = frozenset({"% of total", "%of total", "% total", "percent of total", "total"})

# The columns of our own table.csv that describe the image and aren't categories.
_OURS: Final = frozenset(map(plain, RESERVED_NAMES))
_OTHER_NAMES: Final = {"comments": "comment"}
_WORTH_TAKING: Final = frozenset({"comment", "correctedlabel", "lookedat"})  # without any category

# What marks a column of the predictions table whose name table.csv has for another column.
_MARK: Final = " (predictions)"


class Empty(StrEnum):
    """What an empty cell of somebody's table means."""

    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TickedRow:
    """What row `number` of a table says about one example: `ticks` by the category's name."""

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

    `new_categories` are columns of ticks that aren't categories of the session yet. `warnings` say
    which rows and columns were ignored.
    """

    rows: tuple[TickedRow, ...]
    new_categories: tuple[str, ...]
    warnings: tuple[str, ...]


def read_ticks(
    table: Table,
    categories: Sequence[Category],
    rows: Sequence[Row],
    *,
    columns: Columns,
    empty: Empty | None = None,
    new_categories: bool = False,
) -> TickTable:
    """Match a table of ticks with a session's `categories` and examples (`rows`).

    Rows are matched by id, else by image, in columns that are called as in the session's
    predictions table (`columns`) or by a name that `new` knows. An empty cell means not looked at
    in our own table (which has a looked_at column) and no in any other; `empty` overrides. Columns
    that aren't categories are ignored with a warning, or with `new_categories` taken if they hold
    ticks.

    Raises TableError with all faults: cells that aren't ticks, repeated rows, no row that matches,
    nothing to take.
    """
    others = _theirs(table.names, rows)
    layout = _layout([name for name in table.names if name not in others], categories)
    match = _match(table, rows, layout, columns)
    cells = _Cells(table, list(match.positions))
    created, ignored = _other_columns(layout, match, cells, rows, columns, create=new_categories)
    ticks, odd_ticks = _ticks({**layout.categories, **created}, cells)
    finished, odd_finished = cells.ticks(layout.about.get("lookedat"))

    warnings = [*table.warnings, *match.warnings]
    if ignored:
        hint = "" if new_categories else " (--new-categories makes categories of columns of ticks)"
        plural = "column" if len(ignored) == 1 else "columns"
        warnings.append(
            f"{plural} {listed(ignored)}: no category of the session, passed over{hint}"
        )
    faults = [*table.faults, *layout.faults, *match.faults, *odd_ticks, *odd_finished]
    if match.positions and not ticks and _WORTH_TAKING.isdisjoint(layout.about):
        faults.append(
            "no column is a category of the session, a comment or a right label, so there is "
            f"nothing to take{': ' + warnings[-1] if ignored else ''}"
        )
    if faults:
        raise TableError(table.name, faults)

    for key in ("comment", "correctedlabel"):
        warnings += cells.too_long(layout.about.get(key))
    ours = "lookedat" in layout.about
    return TickTable(
        rows=tuple(
            _ticked_rows(
                cells,
                match,
                layout,
                ticks,
                unknown=(empty or (Empty.UNKNOWN if ours else Empty.NO)) is Empty.UNKNOWN,
                finished=finished if ours else None,
            )
        ),
        new_categories=tuple(created.values()),
        warnings=tuple(warnings),
    )


def other_names(names: Iterable[str], categories: Sequence[Category]) -> dict[str, str]:
    """Return what the predictions table's other columns are called in our own table.csv.

    They keep their names; one that is called like a category or like a column of ours is marked.

    >>> other_names(["camera", "Comment"], [])
    {'camera': 'camera', 'Comment': 'Comment (predictions)'}
    """
    ours = _OURS.union(plain(category.name) for category in categories)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        header = name
        while plain(header) in ours or header.casefold() in taken:
            header += _MARK
        taken.add(header.casefold())
        found[name] = header
    return found


# --- which column holds what ---------------------------------------------------------------------


def _theirs(names: Sequence[str], rows: Sequence[Row]) -> set[str]:
    """Return the columns that our own table.csv took over from the predictions table.

    They stand after its last column, so one is never taken for a category that has been called the
    same since.
    """
    ours = [index for index, name in enumerate(names) if plain(original(name)) == "lookedat"]
    known = {plain(name) for row in rows for name in row.example.extra}
    after = names[ours[0] + 1 :] if ours else ()
    return {name for name in after if _unmarked(name) in known}


def _unmarked(name: str) -> str:
    """Return the plain name that a column of our table.csv has in the predictions table."""
    name = original(name)
    while name.endswith(_MARK):
        name = name.removesuffix(_MARK)
    return plain(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Which columns hold what.

    `categories` maps columns to the categories whose ticks they hold, `about` maps what our own
    table says about an image, by its plain name, to the column that holds it.
    """

    categories: Mapping[str, str]
    about: Mapping[str, str]
    faults: tuple[str, ...]


def _layout(names: Sequence[str], categories: Sequence[Category]) -> _Layout:
    """Decide what the columns hold; report two that hold the same.

    A category's own name comes first, then a column of our table.csv, then a name that is alike.
    """
    exact = {category.name.casefold(): category.name for category in categories}
    alike: dict[str, list[str]] = {}
    for category in categories:
        alike.setdefault(plain(category.name), []).append(category.name)
    ticks: dict[str, list[str]] = {}
    about: dict[str, list[str]] = {}
    for name in names:
        key = plain(original(name))
        key = _OTHER_NAMES.get(key, key)
        if original(name).casefold() in exact:
            ticks.setdefault(exact[original(name).casefold()], []).append(name)
        elif key in _OURS:
            about.setdefault(key, []).append(name)
        elif key and len(alike.get(key, ())) == 1:
            ticks.setdefault(alike[key][0], []).append(name)
    return _Layout(
        categories={name: category for category, same in ticks.items() for name in same},
        about={key: same[-1] for key, same in about.items()},
        faults=tuple(
            f"columns {' and '.join(map(shown, same))} both hold {what}: leave one out"
            for what, same in (
                *((f"the category {quoted(category)}", same) for category, same in ticks.items()),
                *((f"the {key}", same) for key, same in about.items()),
            )
            if len(same) > 1
        ),
    )


def _other_columns(
    layout: _Layout,
    match: "_Match",
    cells: "_Cells",
    rows: Sequence[Row],
    columns: Columns,
    *,
    create: bool,
) -> tuple[dict[str, str], list[str]]:
    """Return columns that become categories, with these names, and those that are ignored.

    Columns that the predictions table has too never become categories, and aren't worth a warning
    unless categories were asked for.
    """
    theirs = {plain(name) for name in astuple(columns) if name is not None}
    theirs |= {plain(name) for row in rows for name in row.example.extra}
    created: dict[str, str] = {}
    ignored: list[str] = []
    for name in cells.names:
        if name in layout.categories or name in layout.about.values() or name == match.column:
            continue
        known = _unmarked(name) in theirs
        if known and not create:
            continue
        _, odd = cells.ticks(name)
        if create and not odd and not known:
            created[name] = original(name)
        else:
            ignored.append(name)
    return created, ignored


# --- which row is about which example ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """Which rows (by index) are about which examples (by position), as found by `column`."""

    positions: Mapping[int, int]
    column: str | None = None
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def _match(table: Table, rows: Sequence[Row], layout: _Layout, columns: Columns) -> _Match:
    """Match rows with examples by the column that finds most of them."""
    names = [name for name in table.names if name not in layout.categories]
    best: dict[int, int] = {}
    best_column = None
    for column, places in _ways(names, rows, columns):
        values = (original(cell).strip() for cell in table.columns.column(column).to_pylist())
        found = {index: places[value] for index, value in enumerate(values) if value in places}
        if len(found) > len(best):
            best, best_column = found, column
        if best and plain(column) in {"id", plain(columns.id or "id")}:
            break
    if not best:
        own = columns.id or columns.image
        called_so = "" if own in {None, "id", "image"} else f" (or {shown(str(own))})"
        fault = (
            f"no row belongs to the session: it needs a column id, or image{called_so}, with the "
            "same ids or image paths as the predictions table"
        )
        return _Match(positions={}, faults=(fault,))
    strangers = _strangers(table, best)
    return _Match(
        positions=best,
        column=best_column,
        faults=tuple(_same_image(table, best, rows)),
        warnings=(f"not in the session's sample and passed over: {rows_text(strangers)}",)
        if strangers
        else (),
    )


def _ways(
    names: Sequence[str], rows: Sequence[Row], columns: Columns
) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield columns that may identify the examples, with the position that each value stands for.

    Ids come first; an image goes by its id, its path, or its file's name where only one has it.
    """
    keys = {row.example.key: row.example.position for row in rows}
    images = {row.example.image: row.example.position for row in rows if row.example.image}
    files: dict[str, list[int]] = {}
    for image, position in images.items():
        files.setdefault(re.split(r"[\\/]", image)[-1], []).append(position)
    unique = {file: places[0] for file, places in files.items() if len(places) == 1}
    for name in called("id", names, columns.id):
        yield name, keys
    for name in called("image", names, columns.image):
        yield name, keys
        yield name, images
        yield name, unique


def _same_image(table: Table, matched: Mapping[int, int], rows: Sequence[Row]) -> list[str]:
    """Report rows that are about the same image."""
    numbers: dict[int, list[int]] = {}
    for index, position in matched.items():
        numbers.setdefault(position, []).append(table.rows[index].as_py())
    repeated = [(position, same) for position, same in numbers.items() if len(same) > 1]
    if not repeated:
        return []
    position, same = repeated[0]
    more = ""
    if others := len(repeated) - 1:
        verb = "appears" if others == 1 else "appear"
        more = f", and {count(others, 'more image')} {verb} in two rows or more"
    key = shown(rows[position].example.key)
    return [f"{rows_text(same)} are about the same image, {key}{more}: leave one out"]


def _strangers(table: Table, matched: Collection[int]) -> list[int]:
    """Return the numbers of the other rows, except totals: rows that begin with "% of total"."""
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


# --- what the cells say --------------------------------------------------------------------------


class _Cells:
    """The cells of some of a table's rows, as they were before `harmless`."""

    def __init__(self, table: Table, indices: Sequence[int]) -> None:
        places = pa.array(indices, pa.int64())
        self.names = table.names
        self.numbers: list[int] = table.rows.take(places).to_pylist()
        self._columns = table.columns.take(places)

    def texts(self, name: str | None) -> list[str]:
        """Return a column's texts; blank ones if there is no such column."""
        if name is None:
            return [""] * len(self.numbers)
        return [original(cell) for cell in self._columns.column(name).to_pylist()]

    def ticks(self, name: str | None) -> tuple[list[bool | None], list[str]]:
        """Return a column's ticks, None where it's blank, and a fault if it holds other things."""
        column = self.texts(name)
        marks = [_tick(cell) for cell in column]
        odd = [index for index, cell in enumerate(column) if marks[index] is None and cell.strip()]
        if not odd:
            return marks, []
        where = rows_text(self.numbers[index] for index in odd)
        fault = (
            f"column {name!r} holds {shown(column[odd[0]])} in {where}: "
            "write 1 or 0, yes or no, x or nothing"
        )
        return marks, [fault]

    def too_long(self, name: str | None) -> list[str]:
        """Warn about texts that are cut."""
        cells = zip(self.numbers, self.texts(name), strict=True)
        rows = [number for number, cell in cells if len(cell) > LONGEST_TEXT]
        if not rows:
            return []
        return [
            f"column {name!r} has more than {LONGEST_TEXT:,} characters in "
            f"{rows_text(rows)}: cut there"
        ]


def _tick(cell: str) -> bool | None:
    """Return what a cell says, or None if it says neither yes nor no."""
    word = cell.strip().casefold()
    return True if word in _YES else False if word in _NO else None


_Ticks = Mapping[str, Sequence[bool | None]]


def _ticks(columns: Mapping[str, str], cells: _Cells) -> tuple[_Ticks, list[str]]:
    """Read the ticks of each category from its column; return them with the faults."""
    ticks: dict[str, list[bool | None]] = {}
    faults: list[str] = []
    for name, category in columns.items():
        ticks[category], odd = cells.ticks(name)
        faults += odd
    return ticks, faults


def _ticked_rows(
    cells: _Cells,
    match: _Match,
    layout: _Layout,
    ticks: _Ticks,
    *,
    unknown: bool,
    finished: Sequence[bool | None] | None,
) -> Iterator[TickedRow]:
    """Put the rows together: a blank is `unknown` or a no.

    `finished` says which rows were looked at; without it those with a tick or a no were.
    """
    comments, labels, reviewers = (
        cells.texts(layout.about.get(key)) for key in ("comment", "correctedlabel", "reviewer")
    )
    for index, position in enumerate(match.positions.values()):
        said = {
            category: bool(marks[index])
            for category, marks in ticks.items()
            if marks[index] is not None or not unknown
        }
        yield TickedRow(
            number=cells.numbers[index],
            position=position,
            ticks=said,
            looked_at=bool(said) if finished is None else finished[index] is True,
            comment=comments[index],
            corrected_label=labels[index],
            reviewer=reviewers[index].strip(),
        )
