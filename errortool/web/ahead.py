"""Imports ahead of the requests that need them what takes long to import.

A server answers sooner without it, and has the time while a browser loads Streamlit's own files.
"""

from collections.abc import Collection
from importlib import import_module
from threading import Timer
from typing import Final

_REPORT: Final = ("errortool.web.pages.report", "errortool.web.reports", "scipy.special")
_COMPARE: Final = ("errortool.web.pages.compare", "errortool.web.comparisons", "scipy.stats")
_REST: Final = tuple(
    f"errortool.web.pages.{page}" for page in ("sessions", "review", "table", "compare", "help")
)

_SOON: Final = 0.4
"""Seconds until a browser has fetched most of Streamlit's files: importing would hold them up."""

_LATER: Final = 2.5
"""Seconds until the first page is likely to be there."""


def import_for(page: str) -> None:
    """Import soon what a page needs, by its place in the URL: only two need much."""
    if page == "report":
        _import_after(_SOON, _REPORT)
    elif page == "compare":
        _import_after(_SOON, _COMPARE)


def import_later() -> None:
    """Import what all pages need."""
    _import_after(_LATER, (*_REPORT, *_REST))


def _import_after(seconds: float, modules: Collection[str]) -> None:
    timer = Timer(seconds, _import, [modules])
    timer.daemon = True
    timer.start()


def _import(modules: Collection[str]) -> None:
    for module in modules:
        import_module(module)
