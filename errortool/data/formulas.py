"""Cells that spreadsheet programs don't run, and back."""

import re
from typing import Final

# A spreadsheet program runs a cell that begins so; one more quote makes it text. The pattern
# takes in quotes that were there before, so that taking one away gives back what it was.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula.

    >>> harmless("=1+1"), harmless("a=b")
    ("'=1+1", 'a=b')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def original(cell: str) -> str:
    """Return what `harmless` was given.

    >>> original(harmless("-5")), original("'quoted'")
    ('-5', "'quoted'")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
