"""Where pages are, and going from one to another; the pages know no more of each other."""

from collections.abc import Mapping
from typing import Final, NoReturn
from urllib.parse import urlencode

import streamlit as st

from errortool.web.streamlit_internals import StreamlitPage

PAGES: Final = ("review", "table", "report", "compare", "help")
"""The places of the pages in the URL, but for the first, which has none."""

_PAGES: Final[dict[str, StreamlitPage]] = {}


def lead_to(pages: Mapping[str, StreamlitPage]) -> None:
    """Make `pages`, by their place in the URL, those that `go` goes to: the same for everybody."""
    _PAGES.update(pages)


def go(page: str, **parameters: str) -> NoReturn:
    """Leave for another page, with these parameters in its URL."""
    st.switch_page(_PAGES[page], query_params=parameters)


def query_of(value: object) -> dict[str, str]:
    """Return what a page in the browser wants in another one's URL beside the session."""
    given = value if isinstance(value, Mapping) else {}
    return {str(name): str(text) for name, text in given.items() if name not in {"page", "session"}}


def address(page: str, **parameters: str) -> str:
    """Return where a page is with these parameters, seen from any other page."""
    return f"{page}?{urlencode(parameters)}"
