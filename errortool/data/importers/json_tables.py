"""Read JSON as a table: records, lines, the forms of pandas, MLflow, FiftyOne and Label Studio.

A record is numbered from 1, as its row. Values become text as a CSV would hold them: null and NaN
are blank, numbers stay as they are written, lists keep their JSON.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from errortool.errors import TableError
from errortool.messages import rows_text, shown

MOST_BYTES: Final = 96 << 20
"""More than this is refused: in memory its values take some ten times as much."""

_WRAPPERS: Final = frozenset("data records rows results predictions items examples images".split())
_PICTURE: Final = re.compile(r".*\.[a-z]{3,4}", re.IGNORECASE)

Record = Mapping[str, Any]


class _RepeatedKeyError(ValueError):
    """An object names a key twice: one of its values would be lost."""


def records(data: bytes, name: str) -> pa.Table:
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
        found = _found(_loaded(data.decode("utf-8-sig"), name), name)
    except RecursionError:
        raise TableError(name, ["is nested too deeply: save it as CSV or Parquet"]) from None
    except UnicodeDecodeError:
        raise TableError(name, ["is JSON that is not UTF-8: save it as UTF-8"]) from None
    except _RepeatedKeyError as error:
        fault = f"names the key {shown(str(error))} twice in one object: keep one of them"
        raise TableError(name, [fault]) from None
    return _columns(found, name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _RepeatedKeyError(next(key for key in keys if keys.count(key) > 1))
    return made


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=str, parse_int=str, parse_constant=lambda _: None
)


def _loaded(text: str, name: str) -> object:
    """Return the value of JSON, or the list of values of JSON lines."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        whole = error
    lines = text.splitlines()
    values = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                values.append(_DECODER.decode(line))
            except json.JSONDecodeError as error:
                if len(values) > 1:  # it did begin as lines
                    fault = f"line {number} is no JSON ({error.msg.lower()}): write it again"
                    raise TableError(name, [fault]) from None
                break
    else:
        return values
    fault = f"is damaged JSON ({whole.msg.lower()} in line {whole.lineno}): write it again"
    raise TableError(name, [fault])


def _found(value: object, name: str) -> Sequence[Record]:
    """Return the records in a value, whatever form they have."""
    if isinstance(value, list):
        return _listed(value, name)
    if isinstance(value, dict):
        made = _of_object(value, name)
        if made is not None:
            return made
    raise TableError(name, ["is JSON without a table: give a list of records, or save it as CSV"])


def _listed(values: list[Any], name: str) -> Sequence[Record]:
    odd = [number for number, one in enumerate(values, start=1) if not isinstance(one, dict)]
    if odd:
        what = "a list of values" if len(odd) == len(values) else f"not an object in {_where(odd)}"
        raise TableError(name, [f"is JSON with {what}: give a list of records with named values"])
    if values and all(
        "data" in one and ("annotations" in one or "completions" in one) for one in values
    ):
        return [_task(number, one, name) for number, one in enumerate(values, start=1)]
    return values


def _where(numbers: Iterable[int]) -> str:
    return rows_text(numbers).replace("row", "record", 1)


def _of_object(value: dict[str, Any], name: str) -> Sequence[Record] | None:
    """Return the records of an object: a table's columns and data, wrapped ones, or one a key."""
    columns, data, samples, labels = map(value.get, ("columns", "data", "samples", "labels"))
    if isinstance(columns, list) and isinstance(data, list):
        return _split(columns, data, name)
    if isinstance(samples, list):
        return [_sample(number, one, name) for number, one in enumerate(samples, start=1)]
    if isinstance(labels, dict) and labels:
        return _dataset(value.get("classes"), labels, name)
    return _other_object(value, name)


def _other_object(value: dict[str, Any], name: str) -> Sequence[Record] | None:
    """Return the records of an object that no tool's form is known by."""
    lists = {key: one for key, one in value.items() if isinstance(one, list) and one}
    if wrapped := [one for key, one in lists.items() if key in _WRAPPERS]:
        return _listed(wrapped[0], name)
    if lists and len(lists) == len(value):
        return _by_column(value, name)
    if not value or not all(isinstance(one, dict | str | None) for one in value.values()):
        return None
    return _keyed(value)


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


# --- FiftyOne ------------------------------------------------------------------------------------


def _sample(number: int, sample: object, name: str) -> Record:
    """Return a FiftyOne sample: each field of a classification as its label."""
    if not isinstance(sample, dict):
        raise TableError(name, [f"sample {number} is no object: export the dataset again"])
    made: dict[str, Any] = {}
    for key, value in sample.items():
        kind = value.get("_cls") if isinstance(value, dict) else None
        if kind == "Classification":
            made[key] = value.get("label")
            if value.get("confidence") is not None:
                made["confidence"] = value["confidence"]
        elif kind is not None:
            fault = f"sample {number} has {kind} in {shown(key)}, not one class: export that field"
            if kind == "Classifications":
                raise TableError(name, [fault])
        elif key == "_id":
            made["id"] = value.get("$oid") if isinstance(value, dict) else value
        elif key == "tags" and isinstance(value, list):
            made["tags"] = ", ".join(map(str, value))
        elif not isinstance(value, dict):
            made[key] = value
    return made


def _dataset(classes: object, labels: Mapping[str, Any], name: str) -> Sequence[Record]:
    """Return a FiftyOne dataset of image classifications: an id and its label."""
    names = classes if isinstance(classes, list) else None

    def named(value: object) -> object:
        if names is None or not str(value).isdigit():
            return value
        if int(str(value)) >= len(names):
            raise TableError(name, [f"has class {value}, but names only {len(names)}"])
        return names[int(str(value))]

    return [
        {
            "id": key,
            **(
                {**one, "label": named(one.get("label"))}
                if isinstance(one, dict)
                else {"label": named(one)}
            ),
        }
        for key, one in labels.items()
    ]


# --- Label Studio --------------------------------------------------------------------------------


def _task(number: int, task: Record, name: str) -> Record:
    """Return a Label Studio task: the newest annotation's class, and the newest prediction's."""
    given = task["data"] if isinstance(task["data"], dict) else {}
    made = {key: value for key, value in given.items() if not isinstance(value, dict | list)}
    annotations = task.get("annotations") or task.get("completions") or []
    kept = [one for one in annotations if not (one.get("was_cancelled") or one.get("skipped"))]
    said = [one for one in task.get("predictions") or [] if isinstance(one, dict)]
    made["id"] = task.get("id")
    made["label"] = _choice(_newest(kept), number, name)
    newest = _newest(said)
    made["prediction"] = _choice(newest, number, name)
    made["confidence"] = newest.get("score") if newest else None
    return made


def _newest(said: Sequence[Record]) -> Record | None:
    when: Callable[[Record], str] = lambda one: str(one.get("created_at") or "")  # noqa: E731
    return max(said, key=when, default=None)


def _choice(said: Record | None, number: int, name: str) -> str | None:
    """Return the only class that an annotation chose; None without any."""
    results = said.get("result") or [] if said else []
    chosen = [
        choice
        for one in results
        if isinstance(one, dict) and one.get("type") == "choices"
        for choice in one.get("value", {}).get("choices", [])
    ]
    if len(chosen) > 1:
        several = ", ".join(map(shown, chosen[:3]))
        fault = f"task {number} has several classes ({several}): keep one, or leave the task out"
        raise TableError(name, [fault])
    return chosen[0] if chosen else None


# --- cells ---------------------------------------------------------------------------------------


def _columns(found: Sequence[Record], name: str) -> pa.Table:
    """Return records as columns of text; what some lack is blank there."""
    flat = [_flat(one) for one in found]
    names = list(dict.fromkeys(key for one in flat for key in one))
    if not names:
        raise TableError(name, ["has no records: nothing to review"])
    broken = [
        number
        for number, one in enumerate(flat, start=1)
        if not all(_whole(text) for pair in one.items() for text in pair)
    ]
    if broken:
        fault = f"half a character (a lone surrogate) stands in {_where(broken)}: write it again"
        raise TableError(name, [fault])
    columns = {
        column: pa.array([one.get(column, "") for one in flat], pa.large_string())
        for column in names
    }
    return pa.table({column: pa.chunked_array([cells]) for column, cells in columns.items()})


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
