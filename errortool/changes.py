"""What reviewers may change, as values: requests to the store, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from errortool.model import Category, Example, Kind, Look, Session, Status, Ticks


class Keep(Enum):
    """Stands for a value that a change leaves as it is."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True, slots=True)
class Ref:
    """A change by who sent it and its number there, both chosen by the sender.

    It names what the change made before the database has given it a number, and makes sending
    twice harmless.
    """

    client: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleValues:
    """One reviewer's new values for one example.

    `ticks` maps categories to yes, no, or None for not looked at. A category that the sender knows
    from its own earlier change goes by that change's Ref.
    """

    ticks: Mapping[int | Ref, bool | None] = field(default_factory=dict)
    status: Status | Keep | None = KEEP
    comment: str | Keep = KEEP
    corrected_label: str | Keep | None = KEEP
    seconds: float | Keep = KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryValues:
    """New values for a category."""

    name: str | Keep = KEEP
    kind: Kind | Keep = KEEP
    description: str | Keep = KEEP
    position: int | Keep = KEEP
    retired: bool | Keep = KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """New values for examples (by position), categories, and perhaps a new category.

    One change is one undo step. `kind` says in a word what was done, for people. One that `fills`
    gives ticks only where the reviewer has said nothing yet, perhaps in another tab.
    """

    ref: Ref
    reviewer: str
    kind: str
    fills: bool = False
    examples: Mapping[int, ExampleValues] = field(default_factory=dict)
    categories: Mapping[int | Ref, CategoryValues] = field(default_factory=dict)
    new: CategoryValues | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Make one category of two: `target` takes the ticks of `source`, which is retired.

    An image is a yes where either was, a no where both were, else not looked at.
    """

    ref: Ref
    reviewer: str
    source: int | Ref
    target: int | Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Make several categories, `names`, of one, `source`, which is retired.

    An image that was a no is a no for each; one that was a yes is to be looked at again.
    """

    ref: Ref
    reviewer: str
    source: int | Ref
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """Put back what was before one of the reviewer's own changes."""

    ref: Ref
    reviewer: str
    undoes: int | Ref


AnyChange = Change | Merge | Split | Undo


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A change that can never be taken, and why."""

    seq: int
    reason: str


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
class Review:
    """Where one reviewer stands in a session: what the review page begins with.

    `categories` hold the retired ones too. `ticks` are by category id. `steps` are the latest
    changes that can be undone, oldest first. `known_names` are the categories of all sessions, to
    complete a new one's name. `cursor` is the last event that is included.
    """

    session: Session
    categories: tuple[Category, ...]
    examples: tuple[Example, ...]
    looks: tuple[Look, ...]
    ticks: Mapping[int, Ticks]
    steps: tuple[Event, ...]
    known_names: tuple[str, ...]
    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of changes: `made` maps the seq of a change to the ids of its new categories."""

    made: Mapping[int, tuple[int, ...]]
    refusals: tuple[Refusal, ...]
    cursor: int
