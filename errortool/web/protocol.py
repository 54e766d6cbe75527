"""What goes between the review in the browser and the routes, as JSON."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from errortool.analysis.full_report import Report
from errortool.changes import (
    KEEP,
    AnyChange,
    Applied,
    CategoryValues,
    Change,
    Event,
    ExampleValues,
    Keep,
    Merge,
    Ref,
    Refusal,
    Review,
    Split,
    Undo,
)
from errortool.errors import ErrortoolError, SessionError
from errortool.model import Kind, Status
from errortool.output import phrases

MAX_BODY: Final = 4 << 20
"""Bytes of one request; the browser sends far less at a time."""

_MALFORMED: Final = (KeyError, TypeError, ValueError, AttributeError, RecursionError)
_UNFIT: Final = re.compile("[\0\ud800-\udfff]")
_CLIENT: Final = re.compile(r"[0-9a-z-]{8,64}")


class WireError(ErrortoolError):
    """A request that our own page would never send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one request brings: changes, and after which event the sender wants news.

    A change that can't be understood is refused by itself: it must not keep the others waiting.
    """

    client: str
    after: int
    changes: tuple[AnyChange, ...]
    refusals: tuple[Refusal, ...]


def review_json(review: Review, reviewer: str) -> bytes:
    """Return where `reviewer` stands as the page begins with it.

    Examples go as one list a column: for ten thousand of them that is half the size.
    """
    examples = review.examples
    names = sorted({name for example in examples for name in example.extra})
    value = {
        "session": {
            "uid": review.session.uid,
            "id": review.session.id,
            "name": review.session.name,
            "dev_examples": review.session.dev_examples,
            "dev_error": review.session.dev_error,
            "sampled": review.session.sampled,
            "images": review.session.images is not None,
        },
        "categories": [
            {
                "id": category.id,
                "name": category.name,
                "kind": category.kind,
                "position": category.position,
                "description": category.description,
                "retired": category.retired,
            }
            for category in review.categories
        ],
        "examples": {
            "key": [example.key for example in examples],
            "image": [example.image for example in examples],
            "label": [example.label for example in examples],
            "prediction": [example.prediction for example in examples],
            "confidence": [example.confidence for example in examples],
            "extra": {
                name: [example.extra.get(name, "") for example in examples] for name in names
            },
        },
        "looks": [
            [look.position, look.status, look.comment, look.corrected_label, look.seconds]
            for look in review.looks
        ],
        "ticks": {str(category): [said.yes, said.no] for category, said in review.ticks.items()},
        "steps": [_event(event) for event in review.steps],
        "reviewer": reviewer,
        "known_names": review.known_names,
        "cursor": review.cursor,
    }
    return _bytes(value)


def applied_json(batch: Batch, applied: Applied, news: tuple[Event, ...]) -> bytes:
    """Return what became of a batch, and what others did meanwhile."""
    refusals = (*batch.refusals, *applied.refusals)
    return _bytes(
        {
            "made": {str(seq): categories for seq, categories in applied.made.items()},
            "refused": [{"seq": refusal.seq, "reason": refusal.reason} for refusal in refusals],
            "cursor": applied.cursor,
            "news": [_event(event) for event in news],
        }
    )


def error_json(error: Exception) -> bytes:
    """Return an error's sentence."""
    return _bytes({"error": str(error)})


def steps_json(steps: tuple[Event, ...]) -> bytes:
    """Return older steps that can be undone."""
    return _bytes([_event(event) for event in steps])


def advice_json(report: Report) -> bytes:
    """Return what the reviewer is told while reviewing: briefly, and in full."""
    return _bytes({"brief": phrases.stop_brief(report), "lines": phrases.stop_lines(report)})


def _event(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "client": event.ref.client,
        "seq": event.ref.seq,
        "reviewer": event.reviewer,
        "kind": event.kind,
        "before": json.loads(event.before),
        "after": json.loads(event.after),
    }


def _bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


# --- requests ------------------------------------------------------------------------------------


def batch(body: bytes, named: Callable[[str], str]) -> Batch:
    """Return what a request's body says; `named` checks a reviewer's name, or gives the default.

    Raises WireError if it says nothing of ours.
    """
    try:
        value = json.loads(body)
        client = _client(value["client"])
        after = _whole(value["after"])
        items = [(_whole(item["seq"]), item) for item in value["changes"]]
    except _MALFORMED as error:
        message = "the request is not one of the review page's: reload it"
        raise WireError(message) from error
    changes, refusals = [], []
    for seq, item in items:
        try:
            changes.append(_change(Ref(client, seq), item, named))
        except (SessionError, *_MALFORMED) as error:
            sentence = str(error) if isinstance(error, SessionError) else "it is not understood"
            refusals.append(Refusal(seq=seq, reason=sentence))
    return Batch(client=client, after=after, changes=tuple(changes), refusals=tuple(refusals))


def _change(ref: Ref, item: Mapping[str, Any], named: Callable[[str], str]) -> AnyChange:
    reviewer = named(_text(item.get("reviewer", "")))
    if "undo" in item:
        return Undo(ref=ref, reviewer=reviewer, undoes=_reference(item["undo"]))
    if "merge" in item:
        source, target = map(_reference, item["merge"])
        return Merge(ref=ref, reviewer=reviewer, source=source, target=target)
    if "split" in item:
        names = tuple(map(_text, item["names"]))
        return Split(ref=ref, reviewer=reviewer, source=_reference(item["split"]), names=names)
    return Change(
        ref=ref,
        reviewer=reviewer,
        kind=_text(item["kind"])[:40],
        fills=item.get("fills") is True,
        examples={
            _whole(int(position)): _example_values(values)
            for position, values in item.get("examples", {}).items()
        },
        categories={
            _reference(category): _category_values(values)
            for category, values in item.get("categories", {}).items()
        },
        new=_category_values(item["new"]) if "new" in item else None,
    )


def _example_values(values: Mapping[str, Any]) -> ExampleValues:
    return ExampleValues(
        ticks={
            _reference(category): None if value is None else bool(value)
            for category, value in values.get("ticks", {}).items()
        },
        status=_status(values),
        comment=_text(values["comment"]) if "comment" in values else KEEP,
        corrected_label=_optional_text(values, "corrected_label"),
        seconds=_seconds(values),
    )


def _category_values(values: Mapping[str, Any]) -> CategoryValues:
    return CategoryValues(
        name=_text(values["name"]) if "name" in values else KEEP,
        kind=Kind(values["kind"]) if "kind" in values else KEEP,
        description=_text(values["description"]) if "description" in values else KEEP,
        position=_whole(values["position"]) if "position" in values else KEEP,
        retired=bool(values["retired"]) if "retired" in values else KEEP,
    )


def _reference(value: object) -> int | Ref:
    """Return a number, or the Ref written as client:seq."""
    text = str(value)
    client, colon, seq = text.rpartition(":")
    return Ref(_client(client), _whole(int(seq))) if colon else _whole(int(text))


def _status(values: Mapping[str, Any]) -> Status | Keep | None:
    if "status" not in values:
        return KEEP
    return None if values["status"] is None else Status(values["status"])


def _optional_text(values: Mapping[str, Any], key: str) -> str | Keep | None:
    if key not in values:
        return KEEP
    return None if values[key] is None else _text(values[key])


def _seconds(values: Mapping[str, Any]) -> float | Keep:
    if "seconds" not in values:
        return KEEP
    seconds = float(values["seconds"])
    if not isfinite(seconds):
        message = "a number expected"
        raise ValueError(message)
    return min(max(seconds, 0.0), 86_400.0)


def _client(value: object) -> str:
    if not _CLIENT.fullmatch(_text(value)):
        message = "a client's name expected"
        raise ValueError(message)
    return _text(value)


def _text(value: object) -> str:
    """Return a text; what no file can hold (NUL, half an emoji that was cut) shows as missing."""
    if not isinstance(value, str):
        message = "text expected"
        raise TypeError(message)
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", value)


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        message = "a whole number expected"
        raise TypeError(message)
    return value
