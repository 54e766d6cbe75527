"""Read what Label Studio exports: tasks as JSON, annotations as JSON-MIN.

The newest annotation that wasn't cancelled is the label, the newest prediction the prediction. Of
several annotators each has a column of its own.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

import pyarrow as pa

from errortool.data.importers.records import Columns, Found, Record, columns_of
from errortool.errors import TableError
from errortool.messages import shown
from errortool.model import ANNOTATOR

_ABOUT: Final = frozenset(
    "annotation_id annotator created_at updated_at lead_time agreement project annotator_id".split()
)


def are_tasks(values: Sequence[Any]) -> bool:
    """Return whether these are tasks."""
    return bool(values) and all(
        "data" in one and ("annotations" in one or "completions" in one) for one in values
    )


def are_annotations(values: Sequence[Any]) -> bool:
    """Return whether these are the annotations of JSON-MIN."""
    return bool(values) and all(
        {"annotation_id", "annotator"} <= one.keys() and "id" in one for one in values
    )


def tasks(values: Sequence[Record], name: str) -> Found:
    """Return tasks, each with its label, its prediction, and what each annotator chose."""
    made = [_task(number, one, name) for number, one in enumerate(values, start=1)]
    return Found(records=_with_annotators(made), unit="task")


def _task(number: int, task: Record, name: str) -> dict[str, Any]:
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
    made[ANNOTATOR] = {
        annotator: _choice(one, number, name)
        for one in sorted(kept, key=_when)
        if (annotator := _annotator(one.get("completed_by"))) is not None
    }
    return made


def _annotator(value: object) -> str | None:
    """Return how an annotator is called: by an email address, else by a number."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("id")
    return None if value is None else str(value)


def _with_annotators(made: Sequence[dict[str, Any]]) -> Sequence[Record]:
    """Return records with a column an annotator, where there are several."""
    known = {annotator for one in made for annotator in one[ANNOTATOR]}
    records = []
    for one in made:
        chosen = one.pop(ANNOTATOR)
        if len(known) > 1:
            one |= {f"{ANNOTATOR}{annotator}": label for annotator, label in chosen.items()}
        records.append(one)
    return records


_when: Callable[[Record], str] = lambda one: str(one.get("created_at") or "")  # noqa: E731


def _newest(said: Sequence[Record]) -> Record | None:
    return max(said, key=_when, default=None)


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


def annotations(values: Sequence[Record], name: str) -> Found:
    """Return the tasks of JSON-MIN, a record an annotation: the newest one's class is the label.

    Its class is under the name of its control, `choice` as a rule.
    """
    control = _control(values, name)
    by_task: dict[str, list[Record]] = {}
    for one in values:
        by_task.setdefault(str(one["id"]), []).append(one)
    made: list[dict[str, Any]] = []
    for number, (task, said) in enumerate(by_task.items(), start=1):
        newest = max(said, key=_when)
        record = {
            key: value
            for key, value in newest.items()
            if key not in _ABOUT and not isinstance(value, dict | list) and key != control
        }
        record |= {"id": task, "label": _only(newest.get(control), number, name)}
        record[ANNOTATOR] = {
            annotator: _only(one.get(control), number, name)
            for one in sorted(said, key=_when)
            if (annotator := _annotator(one.get("annotator"))) is not None
        }
        made.append(record)
    return Found(records=_with_annotators(made), unit="task")


def _control(values: Sequence[Record], name: str) -> str:
    """Return the control that holds the class."""
    names = list(dict.fromkeys(key for one in values for key in one))
    if "choice" in names:
        return "choice"
    lists = [
        key
        for key in names
        if any(isinstance(one.get(key), dict) and "choices" in one[key] for one in values)
    ]
    if len(lists) == 1:
        return lists[0]
    raise TableError(name, ["holds annotations without a choice: export those of one class"])


def _only(value: object, number: int, name: str) -> str | None:
    if isinstance(value, str) and value.startswith('{"choices"'):  # as a CSV holds it
        with suppress(ValueError):
            value = json.loads(value)
    choices = value.get("choices", []) if isinstance(value, dict) else value
    if isinstance(choices, list):
        if len(choices) > 1:
            several = ", ".join(shown(str(one)) for one in choices[:3])
            fault = f"task {number} has several classes ({several}): keep one, or leave it out"
            raise TableError(name, [fault])
        return str(choices[0]) if choices else None
    return None if choices is None else str(choices)


def of_csv(columns: pa.Table, name: str) -> Columns | None:
    """Return the tasks of an export as CSV; None if the table isn't one."""
    if not {"annotation_id", "annotator", "created_at", "id"} <= set(columns.column_names):
        return None
    return columns_of(annotations(columns.to_pylist(), name), name)
