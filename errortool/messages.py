"""Say values, names, rows and counts in messages, the same way everywhere."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final
from unicodedata import bidirectional

ROWS_NAMED: Final = 10
"""How many row numbers a message lists before it only counts."""


_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})  # Unicode's strong right-to-left classes
_ISOLATE: Final = "\u2068"
_END: Final = "\u2069"
_ISOLATED: Final = re.compile(f"{_ISOLATE}([^\u2066-\u2069\u202a-\u202e\n]*){_END}")


def isolated(name: str) -> str:
    """Return a name as it may stand in a sentence: one written right to left moves no neighbour.

    Such a name gets Unicode's first strong isolate around it; any other stays as it is, and what is
    isolated already. Only for sentences: files, and places where a name stands alone, take the name
    itself.

    >>> isolated("Dog"), len("كلب"), len(isolated("كلب"))
    ('Dog', 3, 5)
    """
    if any(bidirectional(letter) in _RIGHT_TO_LEFT for letter in _ISOLATED.sub("", name)):
        return f"{_ISOLATE}{name}{_END}"
    return name


def width(text: str) -> int:
    """Return how many places a text takes on a terminal: isolates take none.

    >>> width("Dog"), width(isolated("كلب"))
    (3, 3)
    """
    return len(text) - text.count(_ISOLATE) - text.count(_END)


def escaped(text: str, harmless: Callable[[str], str]) -> str:
    """Return a text with each character made harmless, but for the isolates around names.

    These reverse nothing outside of themselves: each opens and closes in one line.
    """
    parts = ["".join(map(harmless, part)) for part in _ISOLATED.split(text)]
    return "".join(
        f"{_ISOLATE}{part}{_END}" if number % 2 else part for number, part in enumerate(parts)
    )


def quoted(name: str) -> str:
    """Quote a name in a message.

    >>> quoted("Dog")
    "'Dog'"
    """
    return isolated(repr(name))


def shown(text: str, most: int = 40) -> str:
    """Quote a value in a message, cut to a readable length."""
    return quoted(text if len(text) <= most else f"{text[:most]}…")


def listed(names: Sequence[str]) -> str:
    """Name columns in a message, at most a dozen of them."""
    most = 12
    some = [shown(name) for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(some)} and {len(names) - most} more"
    if len(some) == 1:
        return some[0]
    return f"{', '.join(some[:-1])} and {some[-1]}"


def rows_text(numbers: Iterable[int], unit: str = "row") -> str:
    """Name rows in a message: the first ten, and how many where there are more.

    `unit` is what the file's format calls a row, such as "line".

    >>> rows_text([3]), rows_text([3, 5], "sample")
    ('row 3', 'samples 3, 5')
    >>> rows_text(range(2, 40))
    'rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 28 more'
    """
    rows = list(numbers)
    first = ", ".join(str(number) for number in rows[:ROWS_NAMED])
    more = f" and {len(rows) - ROWS_NAMED:,} more" if len(rows) > ROWS_NAMED else ""
    return f"{unit if len(rows) == 1 else f'{unit}s'} {first}{more}"


def count(number: int, thing: str) -> str:
    """Count things in a message.

    >>> count(1, "cell"), count(1200, "cell"), count(2, "class")
    ('1 cell', '1,200 cells', '2 classes')
    """
    plural = "es" if thing.endswith("s") else "s"
    return f"{number:,} {thing}{'' if number == 1 else plural}"


def sentence(clause: str) -> str:
    """End a message as a sentence, unless it ends as one already.

    >>> sentence("column 'a' is empty"), sentence("is row 1 the header?")
    ("column 'a' is empty.", 'is row 1 the header?')
    """
    return clause if clause.endswith((".", "?", "!")) else f"{clause}."
