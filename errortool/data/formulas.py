"""Escape cells that spreadsheet programs would run as formulas, and unescape them."""

import re
from typing import Final

# A spreadsheet program runs a cell that begins so; a quote in front makes it text. The pattern
# includes quotes that were there before, so that removing one restores the original.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


def harmless(text: str) -> str:
    """Escape a cell that a spreadsheet program would take for a formula.

    >>> harmless("=1+1"), harmless("a=b")
    ("'=1+1", 'a=b')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def original(cell: str) -> str:
    """Undo `harmless`.

    >>> original(harmless("-5")), original("'quoted'")
    ('-5', "'quoted'")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
