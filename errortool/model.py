"""The values that the rooms of errortool hand to each other: frozen and named."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from itertools import compress
from typing import TYPE_CHECKING, Final

from errortool.errors import SessionError
from errortool.messages import quoted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


LEVEL: Final = 0.95
"""The confidence level of every interval unless another is chosen."""

LEVELS: Final = (0.8, 0.9, 0.95, 0.99)
"""The confidence levels that there is a choice of."""

SAMPLE_SIZE: Final = 100
"""How many errors a session reviews by default: Andrew Ng's "about 100"."""


class Holds(StrEnum):
    """For which numbers of images an interval is right as often as its level says.

    COUNT has no width: every error was looked at. PLANNED is right because just the images were
    looked at that were planned beforehand, ALWAYS however often one looks and whenever one stops.
    FIXED would be right if the number of images had been fixed beforehand, which it wasn't.
    """

    COUNT = "count"
    PLANNED = "planned"
    ALWAYS = "always"
    FIXED = "fixed number only"


class Intervals(StrEnum):
    """Which intervals a report shows.

    AUTO: the exact one where just the planned images were looked at, else one that always holds.
    ALWAYS and PLANNED: only these; PLANNED is for a number of images that was fixed beforehand.
    """

    AUTO = "auto"
    ALWAYS = "always"
    PLANNED = "planned"

    def holds(self, looked_at: int, *, errors: int, at_plan: int | None) -> Holds:
        """Return for which numbers of images the interval of so many images looked at holds.

        `at_plan` is how many were looked at if they are just those that were planned, else None.
        """
        if looked_at == errors:
            return Holds.COUNT
        if self is not Intervals.ALWAYS and looked_at == at_plan:
            return Holds.PLANNED
        return Holds.FIXED if self is Intervals.PLANNED else Holds.ALWAYS


class Kind(StrEnum):
    """What a category blames: a cause in the data, or the label itself."""

    CAUSE = "cause"
    LABEL_ERROR = "label error"


class About(StrEnum):
    """What a tick of a category speaks of: the image, or the mistake that one model made on it.

    A tick about the image holds for every model, one about the mistake while that is the same.
    """

    IMAGE = "image"
    MISTAKE = "mistake"


class Status(StrEnum):
    """What a reviewer said of an example as a whole; none yet is `None`.

    UNREADABLE is one whose image can't be shown: excluded from every figure, reported separately.
    """

    LOOKED_AT = "looked at"
    DEFERRED = "deferred"
    UNREADABLE = "unreadable"


class Part(StrEnum):
    """Which sample an example belongs to: of what the model got wrong, or of what it got right.

    Every figure is about the errors; correct predictions, where some were sampled, are kept apart.
    """

    ERROR = "error"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column of the predictions table plays which role; None where there is none."""

    label: str
    prediction: str
    id: str | None = None
    image: str | None = None
    confidence: str | None = None
    weight: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One dev example in a session.

    `position` counts from 0 in the order of review: the errors of the first draw, then its right
    ones, then errors that were drawn later. `key` is the id in the predictions table. `image` is
    the path as the table gives it. `extra` holds the table's other columns as text, `picture` the
    sha256 of the image's file when it was drawn, None where it isn't known.
    """

    position: int
    key: str
    image: str | None
    label: str
    prediction: str
    confidence: float | None = None
    weight: float | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    part: Part = Part.ERROR
    picture: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The weights of a dev set in sum: of all its examples, and of the errors among them.

    So are their squares, which sessions of older versions don't have.
    """

    all: float
    errors: float
    all_squares: float | None = None
    errors_squares: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCategory:
    """A category to be: its name and what it blames.

    `follows` is the id of the category of the round before that it was taken over from.
    """

    name: str
    kind: Kind = Kind.CAUSE
    description: str = ""
    about: About = About.IMAGE
    follows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A column of the session's table; a retired one is hidden and keeps its ticks.

    `follows` is the id of the category of the round before that it was taken over from.
    """

    id: int
    name: str
    kind: Kind
    position: int
    description: str = ""
    retired: bool = False
    about: About = About.IMAGE
    follows: int | None = None


class Target(StrEnum):
    """A tool that a session can be written for."""

    FIFTYONE = "fiftyone"
    LABEL_STUDIO = "label-studio"
    HUGGINGFACE = "huggingface"
    MLFLOW = "mlflow"
    CLEANLAB = "cleanlab"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a table was read: its columns, as `header`, and what was chosen by hand for it.

    `columns` maps roles to columns, `labels` and `classes` are paths, and not `with_images` no
    image is taken.
    """

    header: Sequence[str]
    columns: Mapping[str, str]
    label_from_folder: bool = False
    labels: str | None = None
    classes: str | None = None
    label_offset: int = 0
    with_images: bool = True


ANNOTATOR: Final = "annotator: "
"""What a column of one annotator's classes is called, before his or her name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWord:
    """What one reviewer says of an example before the review: it counts once that was looked at.

    `ticks` go by the category's name.
    """

    position: int
    reviewer: str
    ticks: Mapping[str, bool]
    corrected_label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedWord:
    """What a round takes over of one reviewer's word on one example, by the categories' names."""

    position: int
    ticks: Mapping[str, bool]
    status: Status | None
    comment: str = ""
    corrected_label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a round takes over of the words of `origin`, a reviewer of the round before.

    They become the words of `reviewer`: the same one, or who begins the round.
    """

    reviewer: str
    origin: str
    words: tuple[CarriedWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyeball:
    """The part of a dev set that people may look at; the rest is the blackbox.

    They are the `number` dev examples of lowest rank for a `seed`; `last` is the highest rank among
    them, as hexadecimal digits, so that the part stays the same when the dev set changes. `errors`
    is how many of its predictions are wrong in this session.
    """

    number: int
    seed: int
    last: str
    errors: int


class Subset(StrEnum):
    """Which part of another session's predictions a session reviews."""

    NEWLY_WRONG = "newly wrong"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOf:
    """That a session reviews a part of the predictions of session `of`, by their uids.

    `against` is the session of the round before that it was compared with.
    """

    subset: Subset
    of: str
    against: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """All that a session needs to begin.

    `predictions` and `images` are paths as the user gave them, made absolute;
    `predictions_sha256` is of the file's bytes. `dev_examples` is None where a table holds errors
    only and nobody said of how many examples. `dev_set` are all predictions, packed. `follows` is
    the uid of the session of the round before, of which `carried` is taken over.
    """

    name: str
    predictions: str
    predictions_sha256: str
    columns: Columns
    images: str | None
    seed: int
    dev_examples: int | None
    errors: int
    examples: tuple[Example, ...]
    categories: tuple[NewCategory, ...]
    weighed: Weighed | None = None
    errors_only: bool = False
    first_words: tuple[FirstWord, ...] = ()
    reading: Reading | None = None
    dev_set: bytes | None = None
    follows: str | None = None
    carried: tuple[Carried, ...] = ()
    eyeball: Eyeball | None = None
    part_of: PartOf | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A saved session; `uid` tells it from any other session in any other file.

    `sampled` counts its errors, `sampled_right` the examples the model got right. `weighed` is
    None where examples have no weights. `model` names the model, `notes` are anybody's. `planned`
    is how many errors were drawn at first, which is how many there were to look at; None where that
    isn't known. `dev_examples` is None where the table holds errors only and nobody said of how
    many examples: then there is no dev error, and no figure that rests on one. `follows` is the
    uid of the session of the round before.
    """

    id: int
    uid: str
    name: str
    predictions: str
    predictions_sha256: str
    columns: Columns
    images: str | None
    seed: int
    dev_examples: int | None
    errors: int
    sampled: int
    sampled_right: int
    weighed: Weighed | None
    created_at: str
    opened_at: str
    model: str = ""
    notes: str = ""
    planned: int | None = None
    errors_only: bool = False
    reading: Reading | None = field(default=None, compare=False)
    follows: str | None = None
    eyeball: Eyeball | None = None
    part_of: PartOf | None = None

    @property
    def dev_error(self) -> float | None:
        """Errors per dev example, a fraction; each example counts its weight if it has one.

        None where the number of dev examples, or their weight, isn't known.
        """
        if self.dev_examples is None:
            return None
        if self.weighed is not None:
            right = self.weighed.all > self.weighed.errors  # else only those of errors are known
            return self.weighed.errors / self.weighed.all if right else None
        return self.errors / self.dev_examples

    @property
    def drawable(self) -> int:
        """How many errors can still be drawn: all that people may look at."""
        errors = self.errors if self.eyeball is None else self.eyeball.errors
        return max(0, errors - self.sampled)

    @property
    def images_version(self) -> str:
        """A short mark of the image folder; it belongs into the address of every image.

        Browsers keep images by their address, so those of another folder need another one.
        """
        return sha256(os.fsencode(self.images or "")).hexdigest()[:8]


NOT_LOOKED_AT: Final = -1
"""Stands in a matrix of ticks where neither yes nor no was said."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """What counts of a session: the latest word on each example from those who finished with it.

    It is of one part, errors or correct predictions, or of both. `ticks` has a row an example, in
    the order of review, and a column a category: 1 yes, 0 no, NOT_LOOKED_AT. All others have an
    entry an example; `corrected` is the right label where somebody gave one, `weights` is None
    where there are none. `places` are the examples' positions in the session and `confidences` the
    model's; both are empty for a table of ticks without a session.
    """

    categories: tuple[Category, ...]
    ticks: "NDArray[np.int8]"
    looked_at: "NDArray[np.bool_]"
    deferred: "NDArray[np.bool_]"
    unreadable: "NDArray[np.bool_]"
    labels: tuple[str, ...]
    predictions: tuple[str, ...]
    corrected: tuple[str | None, ...]
    weights: "NDArray[np.float64] | None"
    places: tuple[int, ...] = ()
    confidences: tuple[float | None, ...] = ()

    def counts(self) -> tuple[list[int], list[int]]:
        """Return for each category how many carry the tick, and how many were looked at for it."""
        return (self.ticks == 1).sum(axis=0).tolist(), (self.ticks >= 0).sum(axis=0).tolist()

    def rows(self) -> dict[int | None, tuple[int, ...]]:
        """Return which rows carry each category's tick, by its id, and which fit none (None).

        A row fits none if it was looked at for every category and carries no tick.
        """
        ticked = self.ticks == 1
        none = self.looked_at & (self.ticks == 0).all(axis=1)
        found: dict[int | None, tuple[int, ...]] = {
            category.id: tuple(column.nonzero()[0].tolist())
            for category, column in zip(self.categories, ticked.T, strict=True)
        }
        return found | {None: tuple(none.nonzero()[0].tolist())}

    def in_order(self) -> tuple["Judged", int]:
        """Return what counts where images were looked at out of order, and how many don't yet.

        A round begins with looks carried all over its sample, of what was wrong before: with some
        of the new ones still open they would count too much. So it counts up to the first open one.
        """
        import numpy as np

        open_ = np.flatnonzero(~(self.looked_at | self.deferred | self.unreadable))
        if not open_.size or not self.looked_at[open_[0] :].any():
            return self, 0
        kept = self.looked_at.copy()
        kept[open_[0] :] = False
        ticks = self.ticks.copy()
        ticks[~kept] = NOT_LOOKED_AT
        left = int(self.looked_at.sum() - kept.sum())
        return replace(self, looked_at=kept, ticks=ticks), left

    def only(self, kept: "NDArray[np.bool_]") -> "Judged":
        """Return the judgements of the rows that are `kept`."""
        chosen = kept.tolist()
        return Judged(
            categories=self.categories,
            ticks=self.ticks[kept],
            looked_at=self.looked_at[kept],
            deferred=self.deferred[kept],
            unreadable=self.unreadable[kept],
            labels=tuple(compress(self.labels, chosen)),
            predictions=tuple(compress(self.predictions, chosen)),
            corrected=tuple(compress(self.corrected, chosen)),
            weights=None if self.weights is None else self.weights[kept],
            places=tuple(compress(self.places, chosen)),
            confidences=tuple(compress(self.confidences, chosen)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One reviewer's word on one example as a whole; `seconds` is how long it was on screen.

    It was `carried` if it stands as it was taken over from the round before.
    """

    position: int
    reviewer: str
    status: Status | None
    comment: str
    corrected_label: str | None
    seconds: float
    carried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks:
    """The positions at which one reviewer said yes to a category, and said no."""

    yes: tuple[int, ...]
    no: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The latest word on one example: `ticks` by category id, a missing one not looked at.

    Until it is `looked_at`, its ticks are kept but count nowhere. `reviewer` is whose word it is,
    "" if nobody has touched it.
    """

    example: Example
    ticks: Mapping[int, bool]
    status: Status | None
    comment: str
    corrected_label: str | None
    reviewer: str

    @property
    def looked_at(self) -> bool:
        """Whether a reviewer has finished with it."""
        return self.status is Status.LOOKED_AT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapshot:
    """What a session's figures rest on, all read at one moment.

    `judged` is of the errors, `right` of the correct predictions, None if none were sampled; both
    are the word of `reviewer`, or the latest of all `reviewers` if that is None. `cursor` is the
    last event that is included. `pace` is in seconds an image, None while too few were timed.
    `follows` is the name of the session of the round before, "" without one, and `carried` how many
    errors stand as they were carried from it; `ahead` more were looked at that don't count yet.
    """

    session: Session
    cursor: int
    pace: float | None
    follows: str
    carried: int
    ahead: int
    reviewers: tuple[str, ...]
    reviewer: str | None
    judged: Judged
    right: Judged | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FullSnapshot(Snapshot):
    """A snapshot with every example and the latest word on it: what all files of a session need."""

    rows: tuple[Row, ...]

    def part(self, part: Part) -> tuple[Row, ...]:
        """Return the rows of one part."""
        return tuple(row for row in self.rows if row.example.part is part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A category's figures, by id, as a row of the table of estimates keeps them.

    `holds` says for which numbers of images its interval is right; None without an interval.
    """

    category: int
    looked_at: int
    ticked: int
    share: float | None
    low: float | None
    high: float | None
    ceiling: float | None
    ceiling_low: float | None
    ceiling_high: float | None
    holds: str | None


# --- names ---------------------------------------------------------------------------------------

RESERVED_NAMES: Final = frozenset(
    "id image label prediction confidence corrected_label comment comments reviewer "
    "looked_at".split()
)
"""Columns of table.csv, so no category can be called that."""

LONGEST_TEXT: Final = 10_000
"""The bound of comments, right labels and descriptions: pages stop there, imports cut there."""

_LONGEST_NAME: Final = 100


def checked_name(name: str, what: str) -> str:
    """Return a name without outer spaces; raise SessionError if it can't be one."""
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        message = (
            f"{quoted(name[:_LONGEST_NAME])} can't name {what}: "
            f"give it 1 to {_LONGEST_NAME} printable characters"
        )
        raise SessionError(message)
    return name


def checked_category_name(name: str) -> str:
    """Return a category's name without outer spaces; raise SessionError if it can't be one."""
    name = checked_name(name, "a category")
    if name.casefold() in RESERVED_NAMES or name.startswith("% "):
        message = f"a category can't be called {quoted(name)}: a column of table.csv is"
        raise SessionError(message)
    return name
