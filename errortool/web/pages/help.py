"""Help: the manual, one document below the other, so that the browser's search finds everything."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import Final

import streamlit as st

from errortool import resources
from errortool.web.escape import show, show_html

DOCUMENTS: Final = (
    *("reviewing", "predictions", "numbers", "rounds", "files", "commands"),
    *("python", "sharing", "schema", "promises"),
)
"""The manual's documents, in the order in which they are read."""

_CODE: Final = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_COMMENT: Final = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_HEADING: Final = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_LINK: Final = re.compile(r"\[([^\]]+)\]\(([^)#]*)(#[^)]*)?\)")


def render() -> None:
    """Draw the manual, with its contents at the side."""
    contents, text = st.columns([2, 7], gap="large")
    with contents:
        show("h1", "Help", "headline")
        show_html(_contents())
    with text, st.container(key="manual"):
        for document in DOCUMENTS:
            st.markdown(_on_page(_read(document)))


@cache
def _read(document: str) -> str:
    return (resources.folder("docs") / f"{document}.md").read_text(encoding="utf-8")


def _on_page(markdown: str) -> str:
    """Return a document as a part of the page: a level deeper, and with links that stay here."""
    start, parts = 0, []
    for code in _CODE.finditer(markdown):
        parts += [_text_on_page(markdown[start : code.start()]), code[0]]
        start = code.end()
    return "".join([*parts, _text_on_page(markdown[start:])])


def _text_on_page(markdown: str) -> str:
    return _HEADING.sub(r"#\1 \2", _LINK.sub(_link_on_page, _COMMENT.sub("", markdown)))


def _link_on_page(link: re.Match[str]) -> str:
    """Lead to a heading of this page, or elsewhere on the web; other files aren't shown here."""
    words, path, anchor = link.groups()
    if path.startswith("https:"):
        return link[0]
    document = path.removesuffix(".md")
    if path and document not in DOCUMENTS:
        return str(words)
    return f"[{words}]({anchor or '#' + _anchor(next(_headings(document))[1])})"


def _headings(document: str) -> Iterator[tuple[str, str]]:
    """Yield a document's headings, each after its level as # or ##; the title comes first."""
    for heading in _HEADING.finditer(_CODE.sub("", _read(document))):
        yield heading[1], heading[2]


def _anchor(heading: str) -> str:
    """Return what Streamlit and GitHub call a heading of plain words in links."""
    return heading.lower().replace(" ", "-")


@cache
def _contents() -> str:
    """Return links to all headings as HTML."""
    items = [
        f'<li class="et-level{len(level)}"><a href="#{_anchor(heading)}">{escape(heading)}</a></li>'
        for document in DOCUMENTS
        for level, heading in _headings(document)
    ]
    return f'<nav class="et-contents" aria-label="Contents"><ul>{"".join(items)}</ul></nav>'
