"""A comparison of two rounds as an HTML document for the page Compare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from errortool.analysis.comparison import ComparedCategory, Comparison
from errortool.output import comparison_phrases, figures
from errortool.output.html_report import Thumb, macro

MARGIN: Final = 0.5
"""By how many points worse a model may be, unless somebody says otherwise."""

_GROUPS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A session that can be compared, by its number and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A session on a part of the second round's predictions: how many images, how many done.

    `session` is its number, "" while it isn't begun; then `number` are still to be looked at.
    """

    number: int
    session: str = ""
    looked_at: int = 0


@dataclass(frozen=True, kw_only=True)
class Document:
    """All that the page shows of a comparison; without one, `fault` says why there is none.

    `thumbs` are some images of each category, by its number in `numbers`, which are those of the
    first round. `newly_wrong` is None where nothing is left to look at. `margin` is in points, as
    it was typed. `files` comes before the names of files to download, `query` after.
    """

    sessions: Sequence[Choice]
    a: str
    b: str
    level: float
    margin: str
    fault: str = ""
    found: Comparison | None = None
    numbers: Sequence[int] = ()
    thumbs: Mapping[int, Sequence[Thumb]] = field(default_factory=dict)
    newly_wrong: Apart | None = None
    unseen: Apart | None = None
    files: str = ""
    query: str = ""

    @cached_property
    def categories(self) -> list[tuple[int, ComparedCategory]]:
        """The categories with their numbers, what was possible at most first."""
        if self.found is None:
            return []
        pairs = zip(self.numbers, self.found.categories, strict=True)
        return sorted(pairs, key=lambda pair: -(pair[1].possible.rate if pair[1].possible else 0.0))

    @cached_property
    def axis(self) -> figures.Span:
        """The axis of what was possible and what came, in points of dev error."""
        ends = [0.0]
        for _, one in self.categories:
            ends += [one.possible.rate] if one.possible else []
            ends += [one.gained.low, one.gained.high] if one.gained else []
        return figures.Span(min(ends), max(ends))

    @cached_property
    def places(self) -> int:
        """How many decimals rates have."""
        return 1 if self.found is None else comparison_phrases.places_of(self.found)

    @property
    def groups(self) -> list[tuple[str, list[comparison_phrases.GroupRow]]]:
        """The groups of each column, those that lost most first."""
        if self.found is None:
            return []
        by_column: dict[str, list[comparison_phrases.GroupRow]] = {}
        for group in self.found.groups:
            by_column.setdefault(group.column, []).append(comparison_phrases.group_row(group))
        return [(column, rows[:_GROUPS]) for column, rows in by_column.items()]

    @property
    def more_groups(self) -> dict[str, int]:
        """How many groups of a column aren't shown."""
        numbers: dict[str, int] = {}
        for group in self.found.groups if self.found else ():
            numbers[group.column] = numbers.get(group.column, 0) + 1
        return {column: number - _GROUPS for column, number in numbers.items()}


def body(document: Document) -> str:
    """Return the document, as the page shows it."""
    return macro("compare.html", "document", document)


def images(
    title: str, number: int, first: int, tiles: Sequence["Tile"], names: tuple[str, str]
) -> str:
    """Return some of the `number` images behind a figure, from `first` on."""
    return macro("compare.html", "images", title, number, first, tiles, names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A dev example with what both models said; `opens` is where it can be reviewed, if it can."""

    key: str
    label: str
    label_before: str
    before: str
    after: str
    url: str
    opens: str = ""
