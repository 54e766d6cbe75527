"""Records of JSON: what every form of it comes to, and how a record's values become text.

A record is numbered from 1, and so are a line, a sample and a task. Null and NaN are blank, numbers
stay as they are written, lists keep their JSON.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from errortool.errors import TableError
from errortool.messages import rows_text

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The records in a file: `unit` is what its form calls one, `numbers` where they stand in it.

    `warnings` are clauses about what was left out.
    """

    records: Sequence[Record]
    unit: str = "record"
    numbers: Sequence[int] | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Records as columns of text, with the numbers of their rows."""

    columns: pa.Table
    unit: str
    rows: pa.Array | None
    warnings: tuple[str, ...]


def columns_of(found: Found, name: str) -> Columns:
    """Return records as columns of text; what some lack is blank there.

    Raises TableError if there are none, or one holds half a character.
    """
    flat = [_flat(one) for one in found.records]
    names = list(dict.fromkeys(key for one in flat for key in one))
    if not names:
        raise TableError(name, ["has no records: nothing to review"])
    numbers = found.numbers or range(1, len(flat) + 1)
    broken = [
        number
        for number, one in zip(numbers, flat, strict=True)
        if not all(_whole(text) for pair in one.items() for text in pair)
    ]
    if broken:
        where = rows_text(broken, found.unit)
        fault = f"half a character (a lone surrogate) stands in {where}: write it again"
        raise TableError(name, [fault])
    columns = {
        column: pa.array([one.get(column, "") for one in flat], pa.large_string())
        for column in names
    }
    return Columns(
        columns=pa.table({column: pa.chunked_array([cells]) for column, cells in columns.items()}),
        unit=found.unit,
        rows=None if found.numbers is None else pa.array(found.numbers, pa.int64()),
        warnings=found.warnings,
    )


def _flat(record: Record) -> dict[str, str]:
    """Return a record's values as text; those of an object in it stand beside the others."""
    made: dict[str, str] = {}
    for key, value in record.items():
        if not isinstance(value, dict):
            made[key] = _text(value)
        elif value.get("_type") == "image-file":  # Weights & Biases
            made[key] = _text(value.get("path"))
        else:
            made |= {f"{key}.{inner}": _text(one) for inner, one in value.items()}
    return made


def _text(value: object) -> str:
    if value is None:
        return ""
    return (
        value
        if isinstance(value, str)
        else json.dumps(value)
        if isinstance(value, dict | list)
        else str(value)
    )


def _whole(text: str) -> bool:
    return text.isascii() or not re.search("[\ud800-\udfff]", text)


def number_of(value: object) -> float:
    """Return a score as a number; less than any where it is none."""
    try:
        return float(str(value))
    except ValueError:
        return float("-inf")
