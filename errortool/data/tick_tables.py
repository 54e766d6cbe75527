"""Read tables of ticks, ours or anybody's spreadsheet, and match them with a session."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from errortool.data import tables
from errortool.data.columns import called, plain
from errortool.data.formulas import original
from errortool.data.tables import Progress, Table
from errortool.errors import TableError
from errortool.messages import count, listed, quoted, rows_text, shown
from errortool.model import LONGEST_TEXT, RESERVED_NAMES, Category, Columns, Row

_YES: Final = frozenset({"1", "1.0", "yes", "y", "true", "t", "x", "✓", "✔", "☑", "✅"})
_NO: Final = frozenset({"0", "0.0", "no", "n", "false", "f", "✗", "✘", "☐", "❌"})
_UNSURE: Final = frozenset({"?", "??", "???"})
_EMOJI: Final = "\ufe0f"  # follows a mark that was typed as a picture
_TOTALS: Final = frozenset(
    "% of total|%of total|% total|percent of total|total|totals|sum|sums|total sum|grand total|"
    "%|percent|average|mean|count|∑|σ".split("|")
)
_ENDING: Final = re.compile(r"\.[A-Za-z]\w{1,4}$")  # of a file, not of a number such as 1.5
_NUMBER: Final = r"^\s*([+-]?\d+([.,]\d+)?\s*%?|#DIV/0!)?\s*$"

# The columns of our own table.csv that describe the image and aren't categories.
_OURS: Final = frozenset(map(plain, RESERVED_NAMES))
_OTHER_NAMES: Final = {"comments": "comment"}
_WORTH_TAKING: Final = frozenset({"comment", "correctedlabel", "lookedat"})  # without any category

# Rows in which a header may stand, and how many of their cells say that one is it.
_HEADER_ROWS: Final = 10
_ENOUGH: Final = 2

# What marks a column of the predictions table whose name table.csv has for another column.
_MARK: Final = " (predictions)"


class Empty(StrEnum):
    """What an empty cell of somebody's table means."""

    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """How the rows of a table tell their examples, if not by a column that `new` knows.

    `column` names the column of ids; `by_number`: it holds 1, 2 and so on, the order of review.
    """

    column: str | None = None
    by_number: bool = False


_AS_NEW: Final = Identified()


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


def read(
    path: Path,
    categories: Sequence[Category],
    columns: Columns,
    *,
    id_column: str | None = None,
    progress: Progress = lambda _: None,
) -> Table:
    """Read the file of a table of ticks, whose header may stand below titles; that is warned of.

    Raises TableError as `tables.read` does.
    """

    def fitness(cells: Sequence[str]) -> int:
        return _fitness(cells, categories, columns, id_column)

    try:
        table = tables.read(path, progress)
    except TableError as error:
        # A first row of blank cells, as spreadsheet programs write it, is no header.
        headless = any(fault.startswith("has no header") for fault in error.faults)
        found = _below_title(path, fitness, 1) if headless else None
        if found is None:
            raise
    else:
        least = fitness(table.names) + 1
        found = None
        if table.faults or len(table.names) == 1:  # the title has another width than the rows
            found = _below_title(path, fitness, least)
        found = found or _promoted(table, fitness, least)
        if found is None:
            return table
    promoted, number = found
    told = f"row {number} was taken for the header"
    return replace(promoted, warnings=(told, *promoted.warnings))


def read_ticks(
    table: Table,
    categories: Sequence[Category],
    rows: Sequence[Row],
    *,
    columns: Columns,
    identified: Identified = _AS_NEW,
    empty: Empty | None = None,
    new_categories: bool = False,
) -> TickTable:
    """Match a table of ticks with a session's `categories` and examples (`rows`).

    Rows are matched by id, else by image, in columns that are called as in the session's
    predictions table (`columns`) or by a name that `new` knows; else as `identified` says. An empty
    cell means not looked at in our own table (which has a looked_at column) and no in any other;
    `empty` overrides. A question mark is never more than not looked at. Columns that aren't
    categories are ignored with a warning, or with `new_categories` taken if they hold ticks.

    Raises TableError with all faults: cells that aren't ticks, repeated rows, no row that matches,
    nothing to take.
    """
    theirs = _predictions_names(rows, columns)
    others = _theirs(table.names, rows)
    identified, no_column = _spelt(identified, table.names)
    layout = _layout(
        [name for name in table.names if name not in others and name != identified.column],
        categories,
        theirs,
    )
    match = _match(table, rows, layout, columns, identified)
    cells = _Cells(table, list(match.positions))
    created, ignored = _other_columns(layout, match, cells, theirs, create=new_categories)
    ours = "lookedat" in layout.about
    blank = empty or (Empty.UNKNOWN if ours else Empty.NO)
    ticks, odd_ticks = _ticks(
        {**layout.categories, **created}, cells, unknown=blank is Empty.UNKNOWN
    )
    finished, odd_finished = cells.ticks(layout.about.get("lookedat"))

    warnings = [*table.warnings, *layout.warnings, *match.warnings]
    if ignored:
        hint = "" if new_categories else " (--new-categories makes categories of columns of ticks)"
        plural = "column" if len(ignored) == 1 else "columns"
        warnings.append(
            f"{plural} {listed(ignored)}: no category of the session, passed over{hint}"
        )
    unmatched = no_column or match.faults
    faults = [*table.faults, *layout.faults, *unmatched, *odd_ticks, *odd_finished]
    if match.positions and not ticks and _WORTH_TAKING.isdisjoint(layout.about):
        faults.append(
            "no column is a category of the session, a comment or a right label, so there is "
            f"nothing to take{': ' + warnings[-1] if ignored else ''}"
        )
    if faults:
        raise TableError(table.name, faults)

    for name in (*layout.categories, *created):
        warnings += cells.unsure(name)
    for key in ("comment", "correctedlabel"):
        warnings += cells.too_long(layout.about.get(key))
    return TickTable(
        rows=tuple(
            _ticked_rows(
                cells,
                match,
                layout,
                ticks,
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


# --- which row is the header ---------------------------------------------------------------------


_Fitness = Callable[[Sequence[str]], int]


def _fitness(
    cells: Sequence[str], categories: Sequence[Category], columns: Columns, id_column: str | None
) -> int:
    """Return how many cells of a row name what a table of ticks has; 0 for too few of them."""
    names = list(dict.fromkeys(" ".join(cell.split()) for cell in cells if cell.strip()))
    ids = {*called("id", names, columns.id), *called("image", names, columns.image)}
    ids |= {name for name in names if id_column and plain(name) == plain(id_column)}
    layout = _layout(names, categories)
    known = {*ids, *layout.categories, *layout.about.values()}
    return len(known) if ids or len(known) >= _ENOUGH else 0


def _best_row(rows: Sequence[Sequence[str]], fitness: _Fitness, least: int) -> int | None:
    """Return the index of the row that fits best as a header; None if each fits less."""
    fits = [fitness(cells) for cells in rows]
    best = max(fits, default=0)
    return fits.index(best) if best >= least else None


def _split(line: bytes) -> list[str]:
    """Return a line's cells, parted by the separator that makes most of them."""
    text = line.decode(errors="replace").rstrip("\r\n")
    if len(text) > csv.field_size_limit():
        return []
    rows = (next(csv.reader([text], delimiter=separator), []) for separator in ",;\t|")
    return max(rows, key=len)


def _below_title(path: Path, fitness: _Fitness, least: int) -> tuple[Table, int] | None:
    """Return the table of a text file that begins below a title, and its header's row."""
    if not path.is_file() or path.stat().st_size > tables.MAX_BYTES:
        return None
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", errors="replace").encode()
    lines = data[: 1 << 16].splitlines(keepends=True)[: _HEADER_ROWS + 1]
    best = _best_row([_split(line) for line in lines], fitness, least)
    if not best:
        return None
    ends = b"".join(line[len(line.rstrip(b"\r\n")) :] for line in lines[:best])
    return tables.parse(ends + data[sum(map(len, lines[:best])) :], path.name), best + 1


def _promoted(table: Table, fitness: _Fitness, least: int) -> tuple[Table, int] | None:
    """Return the table with the row for its header that fits best, and that row's number."""
    first = table.columns.slice(0, _HEADER_ROWS).columns
    index = _best_row(
        list(zip(*(column.to_pylist() for column in first), strict=True)), fitness, least
    )
    if index is None:
        return None
    number = table.rows[index].as_py()
    above = min(max(number - 2, 0), _HEADER_ROWS)  # so that faults count them
    out = io.StringIO()
    out.write("\n" * above + "sep=,\n")
    columns = (column.to_pylist() for column in table.columns.slice(index).columns)
    csv.writer(out, lineterminator="\n").writerows(zip(*columns, strict=True))
    promoted = tables.parse(out.getvalue().encode(), table.name)
    before = above + 2 - index
    promoted = replace(
        promoted,
        rows=table.rows.take(pc.subtract(promoted.rows, before)),
        # What was said of the columns was said of the title's cells.
        warnings=(*_not_of_columns(table.warnings), *promoted.warnings),
        faults=(*_not_of_columns(table.faults), *promoted.faults),
    )
    return promoted, number


def _not_of_columns(clauses: Iterable[str]) -> list[str]:
    return [clause for clause in clauses if not re.match("(the first )?columns? ", clause)]


# --- which column holds what ---------------------------------------------------------------------


def _predictions_names(rows: Sequence[Row], columns: Columns) -> set[str]:
    """Return the plain names of the predictions table's columns."""
    theirs = {plain(name) for name in astuple(columns) if name is not None}
    return theirs | {plain(name) for row in rows for name in row.example.extra}


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
    warnings: tuple[str, ...]


def _layout(
    names: Sequence[str], categories: Sequence[Category], theirs: Iterable[str] = ()
) -> _Layout:
    """Decide what the columns hold; report two that hold the same.

    A category's own name comes first, then a column of our table.csv, then a name that is alike,
    then one that is in the plural, or whose category is, unless the predictions table has it
    (`theirs`, in plain).
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
    known = {name for same in (*ticks.values(), *about.values()) for name in same}
    rest = [name for name in names if name not in known and _unmarked(name) not in theirs]
    plurals, warnings = _plurals(rest, [c.name for c in categories if c.name not in ticks])
    for name, called_nearly_so in plurals.items():
        ticks.setdefault(called_nearly_so, []).append(name)
    guessed = [
        (name, category)
        for category, same in ticks.items()
        for name in same
        if original(name).casefold() != category.casefold()
    ]
    if guessed:
        pairs = ", ".join(f"{shown(name)} for {quoted(category)}" for name, category in guessed)
        warnings.insert(0, f"taken for categories of nearly the same name: {pairs}")
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
        warnings=tuple(warnings),
    )


def _plurals(names: Sequence[str], categories: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return which columns are called as a category but for a plural; warn where several are."""
    forms: dict[str, list[str]] = {}
    for category in categories:
        for form in _forms(category):
            forms.setdefault(form, []).append(category)
    found: dict[str, str] = {}
    warnings: list[str] = []
    for name in names:
        fits = list(
            dict.fromkeys(c for form in _forms(original(name)) for c in forms.get(form, ()))
        )
        if len(fits) == 1:
            found[name] = fits[0]
        elif fits:
            several = " or ".join(map(quoted, fits))
            warnings.append(f"column {shown(name)} could be the category {several}: rename it")
    return found, warnings


def _forms(name: str) -> list[str]:
    """Return a name without case and punctuation, as it is and with its words in the singular.

    >>> _forms("Great Cats"), _forms("Boxes"), _forms("Berries")
    (['greatcats', 'greatcat'], ['boxes', 'boxe', 'box'], ['berries', 'berrie', 'berry'])
    """
    words = re.split(r"[\W_]+", unicodedata.normalize("NFKC", name).casefold())
    without_s = [re.sub(r"(?<=[^s])s$", "", word) for word in words]
    singular = [
        word if word == full else re.sub(r"([sxzo]|[cs]h)e$", r"\1", re.sub(r"ie$", "y", word))
        for word, full in zip(without_s, words, strict=True)
    ]
    forms = ("".join(form) for form in (words, without_s, singular))
    return [form for form in dict.fromkeys(forms) if form]


def _other_columns(
    layout: _Layout,
    match: "_Match",
    cells: "_Cells",
    theirs: Collection[str],
    *,
    create: bool,
) -> tuple[dict[str, str], list[str]]:
    """Return columns that become categories, with these names, and those that are ignored.

    Columns that the predictions table has too never become categories, and aren't worth a warning
    unless categories were asked for.
    """
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


def _match(
    table: Table, rows: Sequence[Row], layout: _Layout, columns: Columns, identified: Identified
) -> _Match:
    """Match rows with examples by the column that finds most of them."""
    names = [name for name in table.names if name not in layout.categories]
    best: dict[int, int] = {}
    best_column = None
    for column, places in _ways(names, rows, columns, identified):
        found = {
            index: places[value]
            for index, value in enumerate(_ids(table, column))
            if value in places
        }
        if len(found) > len(best):
            best, best_column = found, column
        if best and plain(column) in {"id", plain(columns.id or "id")}:
            break
    if not best:
        return _Match(positions={}, faults=(_no_match(table, names, columns, identified),))
    strangers = _strangers(table, best, best_column)
    return _Match(
        positions=best,
        column=best_column,
        faults=tuple(_same_image(table, best, rows)),
        warnings=(f"not in the session's sample and passed over: {rows_text(strangers)}",)
        if strangers
        else (),
    )


def _ids(table: Table, column: str) -> list[str]:
    return [original(cell).strip() for cell in table.columns.column(column).to_pylist()]


def _spelt(identified: Identified, names: Sequence[str]) -> tuple[Identified, list[str]]:
    """Return the column of ids as the table spells it, or a fault if there is none."""
    column = identified.column
    if column is None or column in names:
        return identified, []
    alike = [name for name in names if plain(original(name)) == plain(column)]
    if len(alike) == 1:
        return replace(identified, column=alike[0]), []
    fault = f"there is no column {shown(column)} for --id-column: it has {listed(names)}"
    return identified, [fault]


def _no_match(table: Table, names: Sequence[str], columns: Columns, identified: Identified) -> str:
    """Say why no row belongs to the session."""
    column = identified.column
    if identified.by_number:
        where = "in a column id or image (--id-column names another)"
        if column:
            where = f"in column {shown(column)}"
        return f"no row belongs to the session: --row-numbers needs 1, 2 and so on {where}"
    asked = [column] if column is not None and column in names else []
    for name in asked or (*called("id", names, columns.id), *called("image", names, columns.image)):
        ids = [value for value in _ids(table, name) if value and not _is_total(value)]
        if ids and sorted(ids) == sorted(str(number + 1) for number in range(len(ids))):
            return (
                f"no row belongs to the session: column {shown(name)} counts from 1 to {len(ids)}; "
                "if that is the order of review, add --row-numbers"
            )
    if asked:
        return (
            f"no row belongs to the session: column {shown(asked[0])} must hold the same ids or "
            "image paths as the predictions table"
        )
    own = columns.id or columns.image
    called_so = "" if own in {None, "id", "image"} else f" (or {shown(str(own))})"
    return (
        f"no row belongs to the session: it needs a column id, or image{called_so}, with the "
        "same ids or image paths as the predictions table (--id-column names another column)"
    )


def _ways(
    names: Sequence[str], rows: Sequence[Row], columns: Columns, identified: Identified
) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Yield columns that may identify the examples, with the position that each value stands for.

    Ids come first. An image's path goes for either, without folder or ending too where only one
    example is so called.
    """
    keys = {row.example.key: row.example.position for row in rows}
    images = {row.example.image: row.example.position for row in rows if row.example.image}
    short: dict[str, set[int]] = {}
    for path, position in (*keys.items(), *images.items()):
        file = re.split(r"[\\/]", path)[-1]
        for form in (file, *(_ENDING.sub("", text) for text in (path, file))):
            short.setdefault(form, set()).add(position)
    unique = {form: min(places) for form, places in short.items() if form and len(places) == 1}
    ids, pictures = called("id", names, columns.id), called("image", names, columns.image)
    if identified.column is not None:
        ids = pictures = [name for name in names if name == identified.column]
    if identified.by_number:
        for name in dict.fromkeys((*ids, *pictures)):
            yield name, {str(row.example.position + 1): row.example.position for row in rows}
        return
    for name in ids:
        yield name, {**unique, **images, **keys}
    for name in pictures:
        yield name, keys
        yield name, {**unique, **images}


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


def _strangers(table: Table, matched: Collection[int], column: str | None) -> list[int]:
    """Return the numbers of the other rows, except totals.

    Those begin with a word such as "% of total", or stand above or below all that matched and hold
    numbers and no id in `column`.
    """
    others = np.ones(len(table.rows), dtype=np.bool_)
    others[list(matched)] = False
    columns = table.columns.filter(pa.array(others))
    blank = pa.scalar(None, pa.large_string())
    cells = [pc.utf8_trim_whitespace(cell) for cell in columns.columns]
    first = pc.coalesce(*(pc.if_else(pc.equal(cell, ""), blank, cell) for cell in cells))
    words = pc.replace_substring_regex(pc.utf8_lower(first), r"\s+", " ")
    words = pc.utf8_rtrim(words, characters=" :")
    totals = pc.is_in(words, value_set=pa.array(sorted(_TOTALS), pa.large_string()))
    if column is not None:
        places = np.flatnonzero(others)
        outside = (places < min(matched)) | (places > max(matched))
        sums = pc.and_(
            pa.array(outside), pc.equal(pc.utf8_trim_whitespace(columns.column(column)), "")
        )
        for cell in cells if pc.any(sums).as_py() else ():
            sums = pc.and_(sums, pc.match_substring_regex(cell, _NUMBER))
        totals = pc.or_(totals, sums)
    numbers: list[int] = (
        table.rows.filter(pa.array(others)).filter(pc.invert(totals).combine_chunks()).to_pylist()
    )
    return numbers


def _is_total(text: str) -> bool:
    return " ".join(text.casefold().split()).rstrip(" :") in _TOTALS


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
        odd = [
            index
            for index, cell in enumerate(column)
            if marks[index] is None and cell.strip() and not _is_unsure(cell)
        ]
        if not odd:
            return marks, []
        where = rows_text(self.numbers[index] for index in odd)
        fault = (
            f"column {name!r} holds {shown(column[odd[0]])} in {where}: "
            "write 1 or 0, yes or no, x or nothing"
        )
        return marks, [fault]

    def unsure(self, name: str) -> list[str]:
        """Warn about question marks."""
        cells = zip(self.numbers, self.texts(name), strict=True)
        rows = [number for number, cell in cells if _is_unsure(cell)]
        if not rows:
            return []
        return [f"column {name!r} has a question mark in {rows_text(rows)}: not looked at there"]

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
    word = cell.strip().casefold().replace(_EMOJI, "")
    return True if word in _YES else False if word in _NO else None


def _is_unsure(cell: str) -> bool:
    return cell.strip() in _UNSURE


_Ticks = Mapping[str, Sequence[bool | None]]


def _ticks(columns: Mapping[str, str], cells: _Cells, *, unknown: bool) -> tuple[_Ticks, list[str]]:
    """Read the ticks of each category from its column; return them with the faults.

    A blank is `unknown` or a no; a question mark is unknown.
    """
    ticks: dict[str, list[bool | None]] = {}
    faults: list[str] = []
    for name, category in columns.items():
        marks, odd = cells.ticks(name)
        faults += odd
        if not unknown:
            texts = cells.texts(name)
            marks = [
                mark if text.strip() else False for mark, text in zip(marks, texts, strict=True)
            ]
        ticks[category] = marks
    return ticks, faults


def _ticked_rows(
    cells: _Cells,
    match: _Match,
    layout: _Layout,
    ticks: _Ticks,
    *,
    finished: Sequence[bool | None] | None,
) -> Iterator[TickedRow]:
    """Put the rows together.

    `finished` says which rows were looked at; without it those with a tick or a no were.
    """
    comments, labels, reviewers = (
        cells.texts(layout.about.get(key)) for key in ("comment", "correctedlabel", "reviewer")
    )
    for index, position in enumerate(match.positions.values()):
        said = {
            category: mark
            for category, marks in ticks.items()
            if (mark := marks[index]) is not None
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
