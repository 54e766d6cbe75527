"""What a table says of its examples beside the predictions: tags, and what annotators chose.

Both become a reviewer's word that counts once somebody has looked at the image: a missing tag
doesn't mean no, and nobody has checked the other categories.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from errortool.model import ANNOTATOR, Example, FirstWord, Kind, NewCategory

TAGS: Final = "tags"
"""The column of tags, separated by commas."""

_TAGGER: Final = "tags"
_SPLITS: Final = frozenset("train training val valid validation dev test eval evaluation".split())


def tags(examples: Iterable[Example]) -> list[str]:
    """Return the tags of examples, in their order, but for the names of splits."""
    found = (tag for example in examples for tag in _tags(example))
    return list(dict.fromkeys(found))


def _tags(example: Example) -> Iterator[str]:
    for tag in example.extra.get(TAGS, "").split(","):
        if tag.strip() and tag.strip().casefold() not in _SPLITS:
            yield tag.strip()


def words(
    examples: Sequence[Example], categories: Sequence[NewCategory], *, with_tags: bool
) -> Iterator[FirstWord]:
    """Yield what is said of each example: its tags, and each annotator's class.

    A class that isn't the label is a proposed right label, and ticks the first label error.
    """
    names = {one.name.casefold(): one.name for one in categories}
    wrong = next((one.name for one in categories if one.kind is Kind.LABEL_ERROR), None)
    for example in examples:
        ticked = {names[tag.casefold()]: True for tag in _tags(example) if tag.casefold() in names}
        if with_tags and ticked:
            yield FirstWord(position=example.position, reviewer=_TAGGER, ticks=ticked)
        for column, chosen in example.extra.items():
            if not column.startswith(ANNOTATOR) or not chosen.strip():
                continue
            other = chosen.strip() != example.label
            yield FirstWord(
                position=example.position,
                reviewer=column.removeprefix(ANNOTATOR),
                ticks={} if wrong is None else {wrong: other},
                corrected_label=chosen.strip() if other else None,
            )
