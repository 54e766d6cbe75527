"""The messages between the review in the browser and the routes, as JSON.

Each is declared once, as a struct: requests are decoded into them, and refused where they don't
fit; answers are encoded from them. wire.d.ts, the browser's types, is generated from the same (see
tests/js/wire_types.py).
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Raw, Struct

from errortool import changes
from errortool.changes import (
    CLIENT,
    AnyChange,
    Applied,
    CategoryKey,
    CategoryValues,
    Change,
    ExampleValues,
    News,
    Preferences,
    Ref,
    RefText,
    Refusal,
    Review,
    Text,
    Tick,
    Whole,
)
from errortool.errors import ErrortoolError, SessionError
from errortool.model import LEVELS, About, Example, Intervals, Kind, Status, Subset
from errortool.model import Part as DevPart

if TYPE_CHECKING:
    from errortool.actions.drawing import MoreDrawn
    from errortool.analysis.full_report import Report

MAX_BODY: Final = 4 << 20
"""Bytes of one request; the browser sends far less at a time."""

MOST_AT_ONCE: Final = 10_000
"""Errors that can be drawn by one request."""

ClientName = Annotated[str, Meta(pattern=f"^{CLIENT}$")]
Word = Annotated[str, Meta(max_length=40)]


class WireError(ErrortoolError):
    """A request that our own page would never send."""


class Message(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all messages: an unknown field is refused."""


# --- requests ------------------------------------------------------------------------------------


class Batch(Message, frozen=True, kw_only=True):
    """POST changes: the answer comes when they are on disk.

    `after` is the last event that the sender knows.
    """

    client: ClientName
    after: Whole
    changes: list[Annotated[Raw, Meta(extra_json_schema={"$ref": "NumberedChange"})]]


class _Sent(Message, frozen=True, kw_only=True):
    """The base of changes: its number at the sender, and who made it."""

    seq: Whole
    reviewer: Text = ""


class ExampleChange(_Sent, frozen=True, kw_only=True):
    """New values for examples, by position; one that `fills` never overrides a tick."""

    kind: Word
    examples: Mapping[Whole, ExampleValues]
    fills: bool = False

    def change(self, ref: Ref, reviewer: str) -> Change:
        """Return it as the store takes it."""
        return Change(
            ref=ref, reviewer=reviewer, kind=self.kind, fills=self.fills, examples=self.examples
        )


class CategoryChange(_Sent, frozen=True, kw_only=True):
    """New values for categories."""

    kind: Word
    categories: Mapping[CategoryKey, CategoryValues]

    def change(self, ref: Ref, reviewer: str) -> Change:
        """Return it as the store takes it."""
        return Change(ref=ref, reviewer=reviewer, kind=self.kind, categories=self.categories)


class NewCategory(_Sent, frozen=True, kw_only=True):
    """A new category; later changes may call it client:seq of this one."""

    kind: Word
    new: CategoryValues

    def change(self, ref: Ref, reviewer: str) -> Change:
        """Return it as the store takes it."""
        return Change(ref=ref, reviewer=reviewer, kind=self.kind, new=self.new)


class Merge(_Sent, frozen=True, kw_only=True):
    """Merge a category, the first, into another."""

    kind: Literal["merge"]
    merge: tuple[CategoryKey, CategoryKey]

    def change(self, ref: Ref, reviewer: str) -> changes.Merge:
        """Return it as the store takes it."""
        source, target = self.merge
        return changes.Merge(ref=ref, reviewer=reviewer, source=source, target=target)


class Split(_Sent, frozen=True, kw_only=True):
    """Split a category into several, by name."""

    kind: Literal["split"]
    split: CategoryKey
    names: tuple[Text, ...]

    def change(self, ref: Ref, reviewer: str) -> changes.Split:
        """Return it as the store takes it."""
        return changes.Split(ref=ref, reviewer=reviewer, source=self.split, names=self.names)


class Undo(_Sent, frozen=True, kw_only=True):
    """Undo an event: by its number, or as client:seq until that is known.

    Undoing an undo does again what was undone.
    """

    kind: Literal["undo"]
    undo: Whole | RefText

    def change(self, ref: Ref, reviewer: str) -> changes.Undo:
        """Return it as the store takes it."""
        undoes = Ref.parsed(self.undo) if isinstance(self.undo, str) else self.undo
        return changes.Undo(ref=ref, reviewer=reviewer, undoes=undoes)


NumberedChange = ExampleChange | CategoryChange | NewCategory | Merge | Split | Undo

_FORMS: Final[Mapping[str, type[NumberedChange]]] = {
    "examples": ExampleChange,
    "categories": CategoryChange,
    "new": NewCategory,
    "merge": Merge,
    "split": Split,
    "undo": Undo,
}
"""The form of a change, by the field that no other form has."""


class Preference(Message, frozen=True, kw_only=True):
    """POST preferences: one choice of a reviewer, by a field of Preferences."""

    name: Word
    value: int | float | bool
    reviewer: Text = ""


class More(Message, frozen=True, kw_only=True):
    """POST more: how many more errors to draw."""

    number: Annotated[int, Meta(ge=1, le=MOST_AT_ONCE)]
    reviewer: Text = ""


class NewsQuery(Message, frozen=True, kw_only=True):
    """GET news: what others than `client` did after an event, as the URL's query."""

    after: Whole
    client: ClientName


# --- answers -------------------------------------------------------------------------------------


class ReportQuery(Message, frozen=True, kw_only=True):
    """GET report: what the document shows, as the URL's query.

    `reviewer` is whose ticks it rests on, "" for everybody's latest; `who` is who reads it, and
    gives the `level` unless it is said. `solve` are ids of categories, with commas. `show` is a
    filter of the contact sheet, `gap` the difference between two models in points.
    """

    level: float | None = None
    intervals: Intervals = Intervals.AUTO
    reviewer: Text = ""
    who: Text = ""
    solve: Text = ""
    show: Text = ""
    label: Text = ""
    prediction: Text = ""
    gap: float | None = None

    @property
    def solved(self) -> tuple[int, ...]:
        """The ids of the categories to solve."""
        numbers = dict.fromkeys(re.findall("(?<![^,])[0-9]{1,15}(?![^,])", self.solve))
        return tuple(map(int, numbers))


class CompareQuery(Message, frozen=True, kw_only=True):
    """GET compare: what the document shows, as the URL's query.

    `a` is the number of the session before, "" for the one that is followed. `margin` is in points.
    `who` reads it, and gives the `level` unless it is said. `show` is what images are asked for,
    from the one numbered `first` on.
    """

    a: Text = ""
    margin: float | None = None
    level: float | None = None
    who: Text = ""
    show: Text = ""
    first: Whole = 0


class Part(Message, frozen=True, kw_only=True):
    """POST part: begin a session on a part of a round; `a` is the number of the one before."""

    a: Text
    subset: Subset
    reviewer: Text = ""


class Begun(Message, frozen=True, kw_only=True):
    """The answer to part: the number of the session."""

    session: int


class Patch(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What a change makes of a session, or what was there before; examples by position.

    `judgements` are by category: position, reviewer, value, event. Only the server can apply them.
    """

    examples: Mapping[str, ExampleValues] = {}
    categories: Mapping[str, CategoryValues] = {}
    judgements: Mapping[str, tuple[tuple[int, str, Tick, int | None], ...]] = {}


# As the database has it: encoding what was just decoded would give the same text.
_StoredPatch = Annotated[Raw, Meta(extra_json_schema={"$ref": "Patch"})]


class Event(Message, frozen=True, kw_only=True):
    """A change that was applied."""

    id: int
    client: str
    seq: int
    reviewer: str
    kind: str
    before: _StoredPatch
    after: _StoredPatch


class Rejected(Message, frozen=True, kw_only=True):
    """A change that was refused, and why."""

    seq: int
    reason: str


class Answer(Message, frozen=True, kw_only=True):
    """The answer to a batch: the categories that changes made, by seq, refusals, and news."""

    made: Mapping[int, tuple[int, ...]]
    refused: tuple[Rejected, ...]
    cursor: int
    news: tuple[Event, ...]


class NewsAnswer(Message, frozen=True, kw_only=True):
    """The answer to a poll: `cursor` is the session's last event."""

    cursor: int
    news: tuple[Event, ...]


class SessionFacts(Message, frozen=True, kw_only=True):
    """A session, of which `sampled` examples are errors; the dev set has `errors`.

    So many more as are `drawable` can be drawn. `follows` is the name of the session of the round
    before, "" without one. `version` stands in the addresses of its images: they change when the
    image folder does.
    """

    uid: str
    id: int
    name: str
    dev_examples: int | None
    dev_error: float | None
    errors: int
    sampled: int
    drawable: int
    follows: str
    images: bool
    version: str


class CategoryFacts(Message, frozen=True, kw_only=True):
    """A category, retired or not."""

    id: int
    name: str
    kind: Kind
    about: About
    position: int
    description: str
    retired: bool


class Examples(Message, frozen=True, kw_only=True):
    """The examples in the order of review: a list a column is half the size of objects.

    `right` are the positions of the correct predictions; all others are errors. `weight` is empty
    where all count alike.
    """

    key: tuple[str, ...]
    image: tuple[str | None, ...]
    label: tuple[str, ...]
    prediction: tuple[str, ...]
    confidence: tuple[float | None, ...]
    right: tuple[int, ...]
    weight: tuple[float, ...]
    extra: Mapping[str, tuple[str, ...]]


class ReviewState(Message, frozen=True, kw_only=True):
    """GET review: the state of a session for one reviewer.

    `looks` are position, status, comment, right label, seconds, and whether it stands as it was
    carried from the round before; `ticks` are by category the positions with a yes, and those with
    a no. `steps` can be undone, the last first; `undone` are
    undos that can be taken back, also the last first, each with the kind of what it undid.
    `reviewers` have touched the session.
    """

    session: SessionFacts
    categories: tuple[CategoryFacts, ...]
    examples: Examples
    looks: tuple[tuple[int, Status | None, str, str | None, float, bool], ...]
    ticks: Mapping[int, tuple[tuple[int, ...], tuple[int, ...]]]
    steps: tuple[Event, ...]
    undone: tuple[Event, ...]
    reviewer: str
    reviewers: tuple[str, ...]
    known_names: tuple[str, ...]
    preferences: Preferences
    cursor: int


class EndsQuery(Message, frozen=True, kw_only=True):
    """GET ends: from which number of images looked at on, of the errors or the correct ones."""

    first: Annotated[int, Meta(ge=1)]
    right: bool = False


class Ends(Message, frozen=True, kw_only=True):
    """The answer to ends: lower ends of shares, however often one looks.

    The first row is for `first` images looked at, the next for one more and so on; each has the
    lower end for each number of ticks, from none to all.
    """

    first: int
    rows: tuple[tuple[float, ...], ...]


class Drawn(Message, frozen=True, kw_only=True):
    """The answer to more: how many errors were drawn, how many are left, what to know of them."""

    drawn: int
    left: int
    warnings: tuple[str, ...]


class Advice(Message, frozen=True, kw_only=True):
    """GET advice: when to stop, briefly and in full."""

    brief: str
    lines: tuple[str, ...]


class Fault(Message, frozen=True, kw_only=True):
    """The answer to what can't be done."""

    error: str


def _columns(rows: Iterable[Collection[str]]) -> list[str]:
    """Return the names of all columns in the file's order, as far as the rows tell it.

    Each row names, in that order, the columns that it has a value in.
    """
    names: list[str] = []
    for row in sorted(dict.fromkeys(map(tuple, rows)), key=len, reverse=True):
        at = 0
        for name in row:
            if name in names:
                at = names.index(name) + 1
            else:
                names.insert(at, name)
                at += 1
    return names


def _weights(examples: tuple[Example, ...]) -> tuple[float, ...]:
    """Return what each example counts; nothing where all count alike."""
    found = tuple(1.0 if example.weight is None else example.weight for example in examples)
    return found if len(set(found)) > 1 else ()


# --- encoding ------------------------------------------------------------------------------------


def review_json(review: Review, reviewer: str) -> bytes:
    """Return the state of a session for `reviewer`."""
    session, examples = review.session, review.examples
    extras = _columns([example.extra for example in examples])
    state = ReviewState(
        session=SessionFacts(
            uid=session.uid,
            id=session.id,
            name=session.name,
            dev_examples=session.dev_examples,
            dev_error=session.dev_error,
            errors=session.errors,
            sampled=session.sampled,
            drawable=session.drawable,
            follows=review.follows,
            images=session.images is not None,
            version=session.images_version,
        ),
        categories=msgspec.convert(
            review.categories, tuple[CategoryFacts, ...], from_attributes=True
        ),
        examples=Examples(
            key=tuple(example.key for example in examples),
            image=tuple(example.image for example in examples),
            label=tuple(example.label for example in examples),
            prediction=tuple(example.prediction for example in examples),
            confidence=tuple(example.confidence for example in examples),
            extra={
                name: tuple(example.extra.get(name, "") for example in examples) for name in extras
            },
            right=tuple(example.position for example in examples if example.part is DevPart.RIGHT),
            weight=_weights(examples),
        ),
        looks=tuple(
            (
                look.position,
                look.status,
                look.comment,
                look.corrected_label,
                look.seconds,
                look.carried,
            )
            for look in review.looks
        ),
        ticks={category: (said.yes, said.no) for category, said in review.ticks.items()},
        steps=_events(review.steps),
        undone=_events(review.undone),
        reviewer=reviewer,
        reviewers=review.reviewers,
        known_names=review.known_names,
        preferences=review.preferences,
        cursor=review.cursor,
    )
    return msgspec.json.encode(state)


def answer_json(applied: Applied, refusals: tuple[Refusal, ...], news: News) -> bytes:
    """Return the result of a batch, of which `refusals` didn't reach the store, and news."""
    refused = tuple(
        Rejected(seq=refusal.seq, reason=refusal.reason)
        for refusal in (*refusals, *applied.refusals)
    )
    answer = Answer(
        made=applied.made, refused=refused, cursor=applied.cursor, news=_events(news.events)
    )
    return msgspec.json.encode(answer)


def news_json(news: News) -> bytes:
    """Return the answer to a poll."""
    return msgspec.json.encode(NewsAnswer(cursor=news.cursor, news=_events(news.events)))


def steps_json(steps: tuple[changes.Event, ...]) -> bytes:
    """Return older steps that can be undone."""
    return msgspec.json.encode(_events(steps))


def advice_json(report: "Report | None") -> bytes:
    """Return advice on when to stop: none, where there is nothing to go by yet."""
    from errortool.output import phrases

    if report is None:
        return msgspec.json.encode(Advice(brief="", lines=()))
    offered = phrases.no_category(report), phrases.not_known(report)
    lines = (*phrases.stop_lines(report), *(line for line in offered if line))
    return msgspec.json.encode(Advice(brief=phrases.stop_brief(report), lines=lines))


def more_json(done: "MoreDrawn") -> bytes:
    """Return how many errors were drawn."""
    answer = Drawn(drawn=done.drawn, left=done.left, warnings=done.warnings)
    return msgspec.json.encode(answer)


def ends_json(first: int, rows: Iterable[Iterable[float]]) -> bytes:
    """Return the lower ends of shares, a row a number of images looked at from `first` on."""
    return msgspec.json.encode(Ends(first=first, rows=tuple(map(tuple, rows))))


def fault_json(error: Exception | str) -> bytes:
    """Return an error's sentence."""
    return msgspec.json.encode(Fault(error=str(error)))


def _events(events: tuple[changes.Event, ...]) -> tuple[Event, ...]:
    return tuple(
        Event(
            id=event.id,
            client=event.ref.client,
            seq=event.ref.seq,
            reviewer=event.reviewer,
            kind=event.kind,
            before=Raw(event.before),
            after=Raw(event.after),
        )
        for event in events
    )


# --- decoding ------------------------------------------------------------------------------------

_Query = TypeVar("_Query", bound=Message)

_FOREIGN: Final = "the request is not one of the review page's: reload it"
_MALFORMED: Final = (msgspec.DecodeError, ValueError, OverflowError, RecursionError)
_TOO_LONG: Final = re.compile(r"Expected `str` of length <= (\d+)")

# An escape in JSON: a surrogate pair, what no file can hold (NUL, half a pair), or any other.
_ESCAPE: Final = re.compile(
    rb"\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}"
    rb"|(?P<unfit>u0000|u[dD][89a-fA-F][\da-fA-F]{2})|.)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A batch as it was decoded; a change that doesn't fit is refused alone."""

    client: str
    after: int
    changes: tuple[AnyChange, ...]
    refusals: tuple[Refusal, ...]


class _Numbered(Struct, frozen=True, kw_only=True):
    """What every form of a change has, whatever else."""

    seq: Whole


def received(body: bytes, named: Callable[[str], str]) -> Received:
    """Decode a batch; `named` checks a reviewer's name, or gives the default.

    Raises WireError if it isn't a batch at all.
    """
    try:
        batch = _batch(_mended(body))
        numbers = [msgspec.json.decode(raw, type=_Numbered).seq for raw in batch.changes]
    except _MALFORMED as error:
        raise WireError(_FOREIGN) from error
    taken: list[AnyChange] = []
    refusals: list[Refusal] = []
    for seq, raw in zip(numbers, batch.changes, strict=True):
        try:
            sent = msgspec.json.decode(raw, type=_form(raw))
            taken.append(sent.change(Ref(batch.client, seq), named(sent.reviewer)))
        except SessionError as error:
            refusals.append(Refusal(seq=seq, reason=str(error)))
        except _MALFORMED as error:
            refusals.append(Refusal(seq=seq, reason=_reason(error)))
    return Received(
        client=batch.client, after=batch.after, changes=tuple(taken), refusals=tuple(refusals)
    )


def preference(body: bytes) -> Preference:
    """Decode a choice. Raises WireError if it isn't one."""
    try:
        return msgspec.json.decode(body, type=Preference)
    except _MALFORMED as error:
        raise WireError(_FOREIGN) from error


def more(body: bytes) -> More:
    """Decode a wish for more errors. Raises WireError if it isn't one."""
    try:
        return msgspec.json.decode(body, type=More)
    except _MALFORMED as error:
        raise WireError(_FOREIGN) from error


def news_query(query: Mapping[str, str]) -> NewsQuery:
    """Decode a poll's query. Raises WireError if it isn't one."""
    return _decoded(query, NewsQuery)


def ends_query(query: Mapping[str, str]) -> EndsQuery:
    """Decode which ends are asked for. Raises WireError if it can't be that."""
    return _decoded(query, EndsQuery)


def _decoded(query: Mapping[str, str], form: type[_Query]) -> _Query:
    try:
        return msgspec.convert(dict(query), form, strict=False)
    except msgspec.ValidationError as error:
        raise WireError(_FOREIGN) from error


def report_query(query: Mapping[str, str]) -> ReportQuery:
    """Decode what a report is to show. Raises WireError if it can't be that."""
    try:
        found = msgspec.convert(dict(query), ReportQuery, strict=False)
    except msgspec.ValidationError as error:
        message = f"the address asks for a report that can't be made: {error}"
        raise WireError(message) from error
    if found.level is not None and found.level not in LEVELS:
        message = f"there is no level {found.level:g}: choose {', '.join(map(str, LEVELS))}"
        raise WireError(message)
    return found


def compare_query(query: Mapping[str, str]) -> CompareQuery:
    """Decode what a comparison is to show. Raises WireError if it can't be that."""
    given = {name: value for name, value in query.items() if value}
    try:
        found = msgspec.convert(given, CompareQuery, strict=False)
    except msgspec.ValidationError as error:
        message = f"the address asks for a comparison that can't be made: {error}"
        raise WireError(message) from error
    if found.level is not None and found.level not in LEVELS:
        message = f"there is no level {found.level:g}: choose {', '.join(map(str, LEVELS))}"
        raise WireError(message)
    if found.margin is not None and not 0 <= found.margin <= 100:  # noqa: PLR2004  points
        message = "a margin lies between 0 and 100 points"
        raise WireError(message)
    return found


def part(body: bytes) -> Part:
    """Decode which part of a round is to be reviewed. Raises WireError if it isn't one."""
    try:
        return msgspec.json.decode(body, type=Part)
    except _MALFORMED as error:
        raise WireError(_FOREIGN) from error


def begun_json(session: int) -> bytes:
    """Return the number of a session that was begun."""
    return msgspec.json.encode(Begun(session=session))


def _mended(body: bytes) -> bytes:
    r"""Put U+FFFD for NUL and for half an emoji that was cut: text in the file holds neither.

    >>> _mended(rb'"half \ud83d, whole \ud83d\udc08, \\u0000"')
    b'"half \\ufffd, whole \\ud83d\\udc08, \\\\u0000"'
    """
    if b"\\u" not in body:
        return body
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found["unfit"] else found[0], body)


def _batch(body: bytes) -> Batch:
    try:
        return msgspec.json.decode(body, type=Batch)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        # Perhaps NaN or Infinity, which aren't JSON: as text they spoil but their own change.
        value = json.loads(body, parse_constant=str)
        return msgspec.json.decode(msgspec.json.encode(value), type=Batch)


def _form(raw: Raw) -> type[NumberedChange]:
    """Return the form of a change by its fields. Raises ValidationError if it has none."""
    fields = msgspec.json.decode(raw, type=dict[str, Raw])
    for field, form in _FORMS.items():
        if field in fields:
            return form
    message = "it names nothing to change"
    raise msgspec.ValidationError(message)


def _reason(error: Exception) -> str:
    """Say which field of a change doesn't fit, and why."""
    what, _, where = str(error).rpartition(" - at ")
    field = (re.findall(r"\.(\w+)", where) or ["it"])[-1] if what else "it"
    what = what or where
    if too_long := _TOO_LONG.match(what):
        return f"{field} is longer than {int(too_long[1]):,} characters"
    plain = "".join(filter(str.isprintable, what[:100])).replace("`", "")
    return f"{field} is not understood ({plain})"
