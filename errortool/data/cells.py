"""Find in a CSV what its cells shouldn't hold: quotes behind a backslash, control characters.

Both searches cost next to nothing where there is nothing to find.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from errortool.errors import TableError
from errortool.messages import rows_text

Test = Callable[[pa.ChunkedArray], pa.ChunkedArray]
Where = Callable[[Test], list[int]]
"""Gives the numbers of the rows with a cell that passes a test."""

_CHUNK: Final = 1 << 20
_NAMED: Final = 3  # control characters that a message names
_MARK: Final = "\ufeff"
_CONTROL: Final = "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"  # C0 but for NUL, tab and line ends; C1


def refuse_escaped_quotes(data: bytes, separator: str, name: str) -> None:
    """Raise TableError if quotes within quoted cells stand behind a backslash, not doubled.

    CSV knows no backslash: such a cell would end at its first quote, with its rest and perhaps the
    next rows put elsewhere. A cell that ends in a backslash is none: a folder of Windows.
    """
    if b"\\" not in data or b'\\"' not in data:
        return
    mark = re.escape(separator.encode())
    cell = re.compile(rb'(?:\A|(?<=[\r\n])|(?<=%s))"((?:[^"]++|"")*+)"' % mark)
    end = re.compile(rb"[ ]*(?:%s|[\r\n]|\Z)" % mark)
    newline = b"\n" if b"\n" in data else b"\r"
    rows: dict[int, None] = {}
    row = 1
    at = 0
    while found := cell.search(data, at):
        row += data.count(newline, at, found.start())
        if b'\\"' in found.group() and not end.match(data, found.end()):
            rows[row] = None
            at = found.start() + 1
        else:
            at = found.end()
    if rows:
        fault = (
            f"quotes in cells are escaped with a backslash in {rows_text(rows)}: "
            'write them doubled, as ""'
        )
        raise TableError(name, [fault])


def odd_characters(data: bytes, header: Sequence[str], row: int, where: Where) -> list[str]:
    """Return warnings about control characters and byte order marks in cells, with their rows.

    `data` is the table in UTF-8, `row` the number of the header's.
    """
    result = []
    if _may_hold_control(data):
        found: set[str] = set()
        rows = _rows(_CONTROL, header, row, where, found)
        if rows:
            some = [f"U+{ord(one):04X}" for one in sorted(found)]
            more = ", ..." if len(some) > _NAMED else ""
            result.append(
                f"control characters ({', '.join(some[:_NAMED])}{more}) stand in "
                f"{rows_text(rows)}: export the file again if they aren't meant"
            )
    if not data.isascii() and _MARK.encode() in data:
        rows = _rows(_MARK, header, row, where, set())
        if rows:
            result.append(
                f"a byte order mark (U+FEFF) stands inside of cells in {rows_text(rows)}: "
                "were files put together?"
            )
    return result


def _may_hold_control(data: bytes) -> bool:
    """Return whether there may be control characters, at the speed of reading the bytes."""
    for at in range(0, len(data), _CHUNK):
        values = np.frombuffer(data, np.uint8, min(_CHUNK, len(data) - at), at)
        below = np.count_nonzero(values < ord(" "))
        if below != sum(np.count_nonzero(values == known) for known in b"\t\n\r"):
            return True
    if b"\x7f" in data:
        return True
    return not data.isascii() and re.search(rb"\xc2[\x80-\x9f]", data) is not None


def _rows(signs: str, header: Sequence[str], row: int, where: Where, found: set[str]) -> list[int]:
    """Return the rows with a cell that holds one of the `signs`, and add these to `found`."""
    known = re.compile(signs)

    def holds(column: pa.ChunkedArray) -> pa.ChunkedArray:
        hit = pc.match_substring_regex(column, signs)
        for text in column.filter(hit).to_pylist():
            found.update(known.findall(text))
        return hit

    named = [sign for cell in header for sign in known.findall(cell)]
    found.update(named)
    return [row] * bool(named) + where(holds)
