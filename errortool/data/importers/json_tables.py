"""Read JSON as a table: records, lines, the forms of pandas and MLflow, and those of other tools.

Which form it is, its keys tell; the tools' own are read by the modules beside this one.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from errortool.data.importers import fiftyone, label_studio, model_outputs
from errortool.data.importers.records import Columns, Found, Record, columns_of
from errortool.errors import TableError
from errortool.messages import rows_text, shown

MOST_BYTES: Final = 96 << 20
"""More than this is refused: in memory its values take some ten times as much."""

_WRAPPERS: Final = frozenset("data records rows results predictions items examples images".split())
_PICTURE: Final = re.compile(r".*\.[a-z]{3,4}", re.IGNORECASE)


class _RepeatedKeyError(ValueError):
    """An object names a key twice: one of its values would be lost."""


def read(data: bytes, name: str) -> Columns:
    """Return the records in JSON or JSON lines as columns of text.

    Raises TableError if it isn't JSON, or holds no table.
    """
    if len(data) > MOST_BYTES:
        fault = (
            f"is JSON of {len(data) >> 20:,} MB, more than the {MOST_BYTES >> 20} MB that can be "
            "read: save it as CSV or Parquet"
        )
        raise TableError(name, [fault])
    try:
        found = _found(data.decode("utf-8-sig"), name)
    except RecursionError:
        raise TableError(name, ["is nested too deeply: save it as CSV or Parquet"]) from None
    except UnicodeDecodeError:
        raise TableError(name, ["is JSON that is not UTF-8: save it as UTF-8"]) from None
    except _RepeatedKeyError as error:
        fault = f"names the key {shown(str(error))} twice in one object: keep one of them"
        raise TableError(name, [fault]) from None
    return columns_of(found, name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _RepeatedKeyError(next(key for key in keys if keys.count(key) > 1))
    return made


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=lambda _: None
)


def _found(text: str, name: str) -> Found:
    """Return the records of JSON, or of JSON lines."""
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        numbers, values = _lines(text, error, name)
        found = _listed(values, name)
        if found.unit != "record" or len(found.records) != len(numbers):
            return found
        return Found(records=found.records, unit="line", numbers=numbers)
    if isinstance(value, list):
        return _listed(value, name)
    made = _of_object(value, name) if isinstance(value, dict) else None
    if made is None:
        fault = "is JSON without a table: give a list of records, or save it as CSV"
        raise TableError(name, [fault])
    return made


def _lines(text: str, whole: json.JSONDecodeError, name: str) -> tuple[list[int], list[Any]]:
    """Return the numbers of the lines of JSON lines, and their values."""
    numbers, values = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            values.append(_DECODER.decode(line))
            numbers.append(number)
        except json.JSONDecodeError as error:
            if len(values) > 1:  # it did begin as lines
                fault = f"line {number} is no JSON ({error.msg.lower()}): write it again"
                raise TableError(name, [fault]) from None
            fault = f"is damaged JSON ({whole.msg.lower()} in line {whole.lineno}): write it again"
            raise TableError(name, [fault]) from None
    return numbers, values


def _listed(values: list[Any], name: str) -> Found:
    if model_outputs.are_scored(values):
        return model_outputs.scored(values)
    odd = [number for number, one in enumerate(values, start=1) if not isinstance(one, dict)]
    if odd:
        what = "a list of values" if len(odd) == len(values) else f"not an object in {_where(odd)}"
        raise TableError(name, [f"is JSON with {what}: give a list of records with named values"])
    if label_studio.are_tasks(values):
        return label_studio.tasks(values, name)
    if label_studio.are_annotations(values):
        return label_studio.annotations(values, name)
    if model_outputs.are_results(values):
        return model_outputs.results(values)
    return Found(records=values)


def _where(numbers: Iterable[int]) -> str:
    return rows_text(numbers, "record")


def _of_object(value: dict[str, Any], name: str) -> Found | None:
    """Return the records of an object: of a tool's form, a table's columns and data, one a key."""
    columns, data, samples, labels = map(value.get, ("columns", "data", "samples", "labels"))
    if isinstance(columns, list) and isinstance(data, list):
        return Found(records=_split(columns, data, name))
    if isinstance(samples, list):
        return fiftyone.samples(samples, name)
    if isinstance(labels, dict) and labels:
        return fiftyone.labels(value.get("classes"), labels, name)
    if isinstance(value.get("ytrue"), list) and isinstance(value.get("ypred"), list):
        return fiftyone.evaluation(value, name)
    if all(isinstance(value.get(key), list) for key in ("images", "annotations", "categories")):
        return model_outputs.coco(value, name)
    return _other_object(value, name)


def _other_object(value: dict[str, Any], name: str) -> Found | None:
    """Return the records of an object that no tool's form is known by."""
    lists = {key: one for key, one in value.items() if isinstance(one, list) and one}
    if wrapped := [one for key, one in lists.items() if key in _WRAPPERS]:
        return _listed(wrapped[0], name)
    if lists and len(lists) == len(value):
        return Found(records=_by_column(value, name))
    if not value or not all(isinstance(one, dict | str | None) for one in value.values()):
        return None
    records = _keyed(value)
    return None if records is None else Found(records=records)


def _by_column(value: Mapping[str, list[Any]], name: str) -> Sequence[Record]:
    """Return the records of a table given as a list of values a column."""
    lengths = {len(one) for one in value.values()}
    if len(lengths) > 1:
        said = ", ".join(f"{shown(key)} {len(one):,}" for key, one in list(value.items())[:3])
        raise TableError(name, [f"has columns of different lengths ({said}): write it again"])
    return [dict(zip(value, row, strict=True)) for row in zip(*value.values(), strict=True)]


def _keyed(value: Mapping[str, Any]) -> Sequence[Record] | None:
    """Return the records of an object with one a key, or one column a key."""
    objects = [one for one in value.values() if isinstance(one, dict)]
    if not objects:
        role = "image" if all(map(_PICTURE.fullmatch, value)) else "id"
        return [{role: key, "prediction": one} for key, one in value.items()]
    if len(objects) < len(value):
        return None
    if all(key.isdigit() for one in objects for key in one):  # pandas: a column a key
        rows = dict.fromkeys(key for one in objects for key in one)
        return [{column: one.get(row) for column, one in value.items()} for row in rows]
    role = "image" if all(map(_PICTURE.fullmatch, value)) else "id"
    plain = all(set(one) <= {"label", "score", "confidence"} for one in objects)
    return [
        {
            role: key,
            **({"prediction": one.get("label"), "confidence": one.get("score")} if plain else one),
        }
        for key, one in value.items()
    ]


def _split(columns: list[Any], data: list[Any], name: str) -> Sequence[Record]:
    """Return the records of a table given as its columns' names and its rows' values."""
    names = [str(one) for one in columns]
    if len(set(names)) < len(names):
        twice = next(one for one in names if names.count(one) > 1)
        raise TableError(name, [f"has two columns {shown(twice)}: give each its own name"])
    odd = [
        number
        for number, row in enumerate(data, start=1)
        if not isinstance(row, list) or len(row) != len(names)
    ]
    if odd:
        fault = f"{_where(odd)} hasn't one value for each of {len(names)} columns: write it again"
        raise TableError(name, [fault])
    return [dict(zip(names, row, strict=True)) for row in data]
