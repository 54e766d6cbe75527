"""Say values, names, rows and counts in messages, the same way everywhere."""

from collections.abc import Iterable, Sequence
from typing import Final

ROWS_NAMED: Final = 10
"""How many row numbers a message lists before it only counts."""


def shown(text: str, most: int = 40) -> str:
    """Quote a value in a message, cut to a readable length."""
    return repr(text if len(text) <= most else f"{text[:most]}…")


def listed(names: Sequence[str]) -> str:
    """Name columns in a message, at most a dozen of them."""
    most = 12
    some = [shown(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(some)} and {len(names) - most} more"
    if len(some) == 1:
        return some[0]
    return f"{', '.join(some[:-1])} and {some[-1]}"


def rows_text(numbers: Iterable[int]) -> str:
    """Name rows in a message: the first ten, and how many where there are more.

    >>> rows_text([3])
    'row 3'
    >>> rows_text(range(2, 40))
    'rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 28 more'
    """
    rows = list(numbers)
    first = ", ".join(str(number) for number in rows[:ROWS_NAMED])
    more = f" and {len(rows) - ROWS_NAMED:,} more" if len(rows) > ROWS_NAMED else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {first}{more}"


def count(number: int, thing: str) -> str:
    """Count things in a message.

    >>> count(1, "cell"), count(1200, "cell")
    ('1 cell', '1,200 cells')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def sentence(clause: str) -> str:
    """End a message as a sentence, unless it ends as one already.

    >>> sentence("column 'a' is empty"), sentence("is row 1 the header?")
    ("column 'a' is empty.", 'is row 1 the header?')
    """
    return clause if clause.endswith((".", "?", "!")) else f"{clause}."
