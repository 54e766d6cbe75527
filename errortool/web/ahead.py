"""Imports ahead of the requests that need them what takes long to import.

A server answers sooner without it, and has the time while a browser loads Streamlit's own files.
"""

from collections.abc import Collection
from importlib import import_module
from threading import Thread, Timer
from typing import Final

_PAGES: Final = "errortool.web.pages."
_NEEDED: Final = {
    "": (f"{_PAGES}sessions",),
    "review": ("numpy", f"{_PAGES}review"),
    "table": ("numpy", f"{_PAGES}table"),
    "report": (f"{_PAGES}report", "errortool.web.reports", "scipy.stats"),
    "help": (f"{_PAGES}help",),
}
_LATER_SECONDS: Final = 5


def import_for(page: str) -> None:
    """Import what a page needs, in the background; the page is named by its place in the URL."""
    Thread(target=_import, args=[_NEEDED.get(page, ())], daemon=True).start()


def import_later() -> None:
    """Import what all pages need, in the background, when the first one is likely to be there."""
    everything = [module for modules in _NEEDED.values() for module in modules]
    timer = Timer(_LATER_SECONDS, _import, [everything])
    timer.daemon = True
    timer.start()


def _import(modules: Collection[str]) -> None:
    for module in modules:
        import_module(module)
