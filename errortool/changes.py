"""What reviewers may change, as values: requests to the store, and what became of them.

The new values of examples and categories are declared once, as msgspec structs: the browser's JSON
is decoded into them, and the store writes them, so no other form comes in between.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from errortool.model import (
    LEVEL,
    LEVELS,
    LONGEST_TEXT,
    About,
    Category,
    Example,
    Kind,
    Look,
    Session,
    Status,
    Ticks,
)

WHOLE_BOUND: Final = 1 << 53
"""Whole numbers are below this: JavaScript's are exact up to there."""

LONGEST_SECONDS: Final = 86_400
"""The longest time, a day, that one image may have been on screen."""

CLIENT: Final = "[0-9a-z-]{8,64}"
"""A sender's name, as a pattern."""

Whole = Annotated[int, Meta(ge=0, lt=WHOLE_BOUND)]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Seconds = Annotated[float, Meta(ge=0, le=LONGEST_SECONDS)]
Tick = Annotated[
    Literal[0, 1] | None, Meta(title="Tick", description="Yes, no, or null: not looked at.")
]

CategoryKey = Annotated[str, Meta(pattern=rf"^({CLIENT}:)?[0-9]{{1,15}}$")]
"""A category's number as text or, for one that the sender made, `client:seq` of that change."""

RefText = Annotated[str, Meta(pattern=rf"^{CLIENT}:[0-9]{{1,15}}$")]
"""A Ref as text."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A change by who sent it and its number there, both chosen by the sender.

    It identifies what the change made before the database has numbered it, and makes sending twice
    harmless.

    >>> Ref.parsed(str(Ref("0123456789ab", 7)))
    Ref(client='0123456789ab', seq=7)
    """

    client: str
    seq: int

    def __str__(self) -> str:
        """Return it as patches write it."""
        return f"{self.client}:{self.seq}"

    @classmethod
    def parsed(cls, text: str) -> "Ref":
        """Return the Ref that is written as `text`."""
        client, _, seq = text.rpartition(":")
        return cls(client, int(seq))


class ExampleValues(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """New values for one example, by one reviewer; what is unset stays as it is."""

    ticks: Mapping[CategoryKey, Tick] = {}
    status: Status | UnsetType | None = UNSET
    comment: Text | UnsetType = UNSET
    corrected_label: Text | UnsetType | None = UNSET
    seconds: Seconds | UnsetType = UNSET


class CategoryValues(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """New values for a category; what is unset stays as it is."""

    name: Text | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    about: About | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    position: Whole | UnsetType = UNSET
    retired: Literal[0, 1] | UnsetType = UNSET


class Preferences(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a reviewer chose for the pages.

    `level` is the intervals' confidence level, `crisp` shows enlarged pixels as squares, `tile` is
    the width of the contact sheet's tiles in pixels, `pace` shows the seconds that an image takes.
    """

    level: Annotated[float, Meta(ge=LEVELS[0], le=LEVELS[-1])] = LEVEL
    crisp: bool = False
    tile: Annotated[int, Meta(ge=64, le=512)] = 164
    pace: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """New values for examples (by position), categories, and perhaps a new category.

    One change is one undo step. `kind` says in a word what was done, for people. One that `fills`
    never overrides a tick that the reviewer has set, perhaps in another tab. `origin` is where its
    values were taken over from, by names: a session and its reviewer.
    """

    ref: Ref
    reviewer: str
    kind: str
    fills: bool = False
    examples: Mapping[int, ExampleValues] = field(default_factory=dict)
    categories: Mapping[str, CategoryValues] = field(default_factory=dict)
    new: CategoryValues | None = None
    origin: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Merge two categories: `target` takes the ticks of `source`, which is retired.

    An image is a yes where either was, a no where both were, else not looked at.
    """

    ref: Ref
    reviewer: str
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Split a category, `source`, into several, `names`; it is retired.

    An image that was a no is a no for each; one that was a yes has to be looked at again.
    """

    ref: Ref
    reviewer: str
    source: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Put back what was before one of the reviewer's own changes: an event's number, or a Ref.

    That may be an undo: then what it undid is done again.
    """

    ref: Ref
    reviewer: str
    undoes: int | Ref


AnyChange = Change | Merge | Split | Undo


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A change that can never be applied, and why."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The result of applying changes; `cursor` is the session's last event.

    `made` maps the seq of a change to the ids of its new categories.
    """

    made: Mapping[int, tuple[int, ...]]
    refusals: tuple[Refusal, ...]
    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change as it was recorded; `before` and `after` are JSON patches (see store.patches)."""

    id: int
    ref: Ref
    reviewer: str
    at: str
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Events that a client doesn't know yet, oldest first; `cursor` is the session's last event."""

    events: tuple[Event, ...]
    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The state of a session for one reviewer: what the review page begins with.

    `categories` and `ticks`, by category id, include the retired ones. `steps` are the latest
    changes that can be undone, oldest first, and `undone` the undos that can be taken back, the
    next last. `reviewers` have touched the session. `known_names` are the categories of all
    sessions, to complete a new one's name. `cursor` is the last event that is included. `follows`
    is the name of the session of the round before, "" where there is none.
    """

    session: Session
    categories: tuple[Category, ...]
    examples: tuple[Example, ...]
    looks: tuple[Look, ...]
    ticks: Mapping[int, Ticks]
    steps: tuple[Event, ...]
    undone: tuple[Event, ...]
    reviewers: tuple[str, ...]
    known_names: tuple[str, ...]
    preferences: Preferences
    cursor: int
    follows: str = ""
