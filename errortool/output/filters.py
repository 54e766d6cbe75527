"""Write the filters of the contact sheet: which errors a link from the report shows.

The contact sheet reads them (`web/review/sheet.js`); tests/contract/filters.json has cases for both
sides. All but `NONE` and `UNKNOWN` name categories by their ids; all select errors that were looked
at.
"""

from collections.abc import Iterable
from typing import Final

NONE: Final = "none"
"""The errors that fit no category: looked at for every one, without a tick."""

UNKNOWN: Final = "unknown"
"""The errors without a tick that were not looked at for every category."""


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
