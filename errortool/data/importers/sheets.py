"""Read a spreadsheet (xlsx, ods) through calamine: the first sheet that holds a table.

Rows are numbered as the spreadsheet shows them; the first that isn't blank is the header.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from typing import Final

import pyarrow as pa
import python_calamine as calamine

from errortool.data import tables
from errortool.data.tables import Table
from errortool.errors import TableError
from errortool.messages import count, shown

MOST_CELLS: Final = 10_000_000
"""More than this is refused: a sheet is held as a whole, its blank cells too."""


def read(data: bytes, name: str, digest: str) -> Table:
    """Read the first sheet with a table in a spreadsheet whose members are unpacked.

    Raises TableError if it is damaged, too large or without a table.
    """
    _refuse_huge(data, name)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            filled = [
                (one.name, sheet)
                for one in book.sheets_metadata
                if one.typ == calamine.SheetTypeEnum.WorkSheet
                and (sheet := book.get_sheet_by_name(one.name)).height > 0
            ]
            if not filled:
                raise TableError(name, ["is a spreadsheet with nothing in it"])
            sheet_name, sheet = filled[0]
            rows = sheet.to_python(skip_empty_area=False)
    except calamine.PasswordError:
        raise TableError(name, ["is encrypted: save it without a password"]) from None
    except (calamine.CalamineError, ValueError, OSError) as error:
        fault = f"is a damaged spreadsheet ({str(error)[:100]}): save it again"
        raise TableError(name, [fault]) from None
    warnings = []
    if len(filled) > 1:
        warnings.append(f"holds {len(filled):,} sheets: the first, {shown(sheet_name)}, was read")
    return _table(rows, name=name, digest=digest, warnings=warnings)


def _table(
    rows: Sequence[Sequence[object]], *, name: str, digest: str, warnings: list[str]
) -> Table:
    texts = [[_text(cell) for cell in row] for row in rows]
    filled = [number for number, row in enumerate(texts, start=1) if any(map(str.strip, row))]
    if not filled:
        raise TableError(name, ["is a spreadsheet with nothing in it"])
    header, *below = filled
    width = max(
        place
        for number in filled
        for place, cell in enumerate(texts[number - 1], 1)
        if cell.strip()
    )
    names = texts[header - 1][:width]
    cells = [[*texts[number - 1], *[""] * width][:width] for number in below]
    columns = [
        pa.chunked_array([pa.array([row[place] for row in cells], pa.large_string())])
        for place in range(width)
    ]
    return tables.of_columns(
        pa.table(columns, names=names),
        name=name,
        sha256=digest,
        rows=pa.array(below, pa.int64()),
        warnings=warnings,
    )


def _text(cell: object) -> str:
    """Return a cell as a CSV would hold it."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return tables.number_text(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ")
    return str(cell)


# --- a bound before it is read -------------------------------------------------------------------


def _refuse_huge(data: bytes, name: str) -> None:
    """Raise TableError if a sheet spans more cells than fit in memory, blank ones included."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
                cells = _span(archive.read(member))
            elif member == "content.xml":
                cells = _repeated(archive.read(member))
            else:
                continue
            if cells > MOST_CELLS:
                fault = (
                    f"has a sheet that spans {count(cells, 'cell')}, more than {MOST_CELLS:,}: "
                    "save the table as CSV, or delete what stands far below and beside it"
                )
                raise TableError(name, [fault])


def _span(xml: bytes) -> int:
    """Return the number of cells from A1 to the last row and column of an xlsx sheet."""
    places = re.finditer(rb"""\sr=["']([A-Z]{0,7})(\d{1,9})["']""", xml)
    last_row, columns = 0, set()
    for place in places:
        if place[1]:
            columns.add(place[1])
        last_row = max(last_row, int(place[2]))
    return last_row * max(map(_column, columns), default=0)


def _column(letters: bytes) -> int:
    """Return a column's number: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


_ODS: Final = re.compile(rb"<table:table-row\b([^>]*)>|<table:(?:covered-)?table-cell\b([^>]*)>")
_REPEATED: Final = re.compile(rb"number-(?:rows|columns)-repeated=[\"'](\d{1,9})[\"']")


def _repeated(xml: bytes) -> int:
    """Return the number of cells that an ods sheet comes to when what repeats is written out.

    Blank cells at the end of a row and blank rows at the end of a sheet aren't counted: each
    spreadsheet program fills its sheets with them.
    """
    above = times_row = width = last = widest = 0
    for tag in _ODS.finditer(xml):
        attributes = tag[1] if tag[1] is not None else tag[2]
        times = int(found[1]) if (found := _REPEATED.search(attributes)) else 1
        if tag[1] is not None:
            above, times_row, width = above + times_row, times, 0
            continue
        width += times
        if b"value-type" in attributes or b"formula" in attributes:
            last, widest = above + times_row, max(widest, width)
    return last * widest
