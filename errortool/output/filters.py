"""The filters of the contact sheet: which errors a link from the report shows.

The contact sheet reads them too (`web/review/show_filter.js`); tests/contract/filters.json has
cases for both sides. All but `NONE`, `UNKNOWN` and `LOOKED` name categories by their ids; all
select errors that were looked at.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from errortool.messages import isolated
from errortool.model import Judged

Flags = NDArray[np.bool_]

NONE: Final = "none"
"""The errors that fit no category: looked at for every one, without a tick."""

UNKNOWN: Final = "unknown"
"""The errors without a tick that were not looked at for every category."""

LOOKED: Final = "looked"
"""All errors that were looked at."""


def counted(category: int) -> str:
    """Select the errors that carry this tick, as the share counts them.

    >>> counted(3)
    'counted:3'
    """
    return f"counted:{category}"


def only(category: int) -> str:
    """Select the errors that carry this tick and no other.

    >>> only(3)
    'only:3'
    """
    return f"only:{category}"


def any_of(categories: Iterable[int]) -> str:
    """Select the errors that carry at least one of these ticks.

    >>> any_of([1, 2])
    'any:1+2'
    """
    return f"any:{_joined(categories)}"


def exactly(categories: Iterable[int]) -> str:
    """Select the errors that carry all of these ticks and no others; without any, no tick.

    >>> exactly([1, 2]), exactly([])
    ('exactly:1+2', 'exactly:')
    """
    return f"exactly:{_joined(categories)}"


def _joined(categories: Iterable[int]) -> str:
    return "+".join(map(str, categories))


def select(show: str, judged: Judged, *, label: str = "", prediction: str = "") -> Flags:
    """Return which errors pass a filter, of those with this label and prediction where given.

    A category that isn't there (any more) is ticked nowhere; nothing passes an unknown filter.
    """
    what, wanted = _read(show)
    ticked = judged.ticks == 1
    columns = [at for at, category in enumerate(judged.categories) if category.id in wanted]
    chosen = ticked[:, columns]
    others = np.delete(ticked, columns, axis=1).any(axis=1)
    nothing = np.zeros(len(ticked), dtype=np.bool_)
    everything = len(columns) == len(wanted)
    none = (judged.ticks == 0).all(axis=1)
    found: Flags = {
        NONE: none,
        UNKNOWN: ~ticked.any(axis=1) & ~none,
        LOOKED: ~nothing,
        "counted": chosen.any(axis=1),
        "any": chosen.any(axis=1),
        "only": chosen.any(axis=1) & ~others,
        "exactly": (chosen.all(axis=1) & ~others if wanted else none) if everything else nothing,
    }.get(what, nothing)
    found = found & judged.looked_at
    for name, values in ((label, judged.labels), (prediction, judged.predictions)):
        if name:
            found &= np.array([value == name for value in values], dtype=np.bool_)
    return found


def words(show: str, names: Mapping[int, str]) -> str:
    """Say what a filter shows, with the categories' names by their ids.

    >>> names = {3: "Dog", 4: "Blurry"}
    >>> words("counted:3", names), words("only:3", names), words("any:3+4", names)
    ('Dog', 'Dog and nothing else', 'Dog or Blurry')
    >>> words("exactly:3+4", names), words("exactly:", names), words("none", names)
    ('Dog and Blurry, nothing else', 'None of these', 'None of these')
    >>> words("looked", names), words("unknown", names), words("counted:9", names)
    ('Errors looked at', 'Not known yet', 'a category that is gone')
    """
    what, wanted = _read(show)
    called = [isolated(names.get(number, "a category that is gone")) for number in wanted]
    if not called:
        return {LOOKED: "Errors looked at", UNKNOWN: "Not known yet"}.get(what, "None of these")
    if what == "only":
        return f"{called[0]} and nothing else"
    if what == "exactly":
        return f"{' and '.join(called)}, nothing else"
    return " or ".join(called)


def _read(show: str) -> tuple[str, tuple[int, ...]]:
    what, _, numbers = show.partition(":")
    return what, tuple(
        int(number) for number in numbers.split("+") if re.fullmatch("[0-9]{1,15}", number)
    )
