"""Error analysis of image classifiers: sample errors, tick causes, read shares and ceilings.

The verbs of the command line, for notebooks (see `errortool.api`), and the numbers by themselves
(see `errortool.analysis.intervals`).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from errortool.analysis.intervals import ceiling, share_of_errors
    from errortool.api import (
        backup,
        change,
        check,
        compare,
        delete,
        duplicate,
        estimate,
        export,
        import_ticks,
        more,
        new,
        new_from_arrays,
        open,  # noqa: A004
        rename,
        report,
        restore,
        sessions,
        trash,
        untrash,
    )
    from errortool.errors import ErrortoolError

__all__ = [
    "ErrortoolError",
    "backup",
    "ceiling",
    "change",
    "check",
    "compare",
    "delete",
    "duplicate",
    "estimate",
    "export",
    "import_ticks",
    "more",
    "new",
    "new_from_arrays",
    "open",
    "rename",
    "report",
    "restore",
    "sessions",
    "share_of_errors",
    "trash",
    "untrash",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: the command line starts without them."""
    if name not in __all__:
        message = f"module 'errortool' has no attribute {name!r}"
        raise AttributeError(message)
    for home in ("errors", "analysis.intervals", "api"):
        found = getattr(import_module(f"errortool.{home}"), name, None)
        if found is not None:
            return found
    raise AttributeError(name)
