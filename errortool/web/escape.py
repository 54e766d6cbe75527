"""Show text as text: Streamlit reads what it is given as Markdown, and our text is strangers'."""

import re
from html import escape

import streamlit as st


def show(tag: str, text: str, style: str) -> None:
    """Show `text` in an HTML element of kind `tag`, letter by letter as it is."""
    st.html(f'<{tag} class="et-{style}">{escape(text)}</{tag}>')


def show_error(sentence: str) -> None:
    """Show an error's sentence."""
    st.html(f'<div role="alert" class="et-box et-error">{escape(sentence)}</div>')


def show_warning(sentence: str) -> None:
    """Show a warning's sentence."""
    st.html(f'<div role="note" class="et-box et-warning">{escape(sentence)}</div>')


def show_html(html: str) -> None:
    """Show HTML of our own templates, in which what is strangers' has been escaped."""
    st.html(html)


_JOINER = "\u2060"


def plain(text: str) -> str:
    """Return text that Streamlit's labels, which are Markdown, show letter by letter.

    Addresses would still become links: a joiner, which has no width, keeps them apart.
    """
    escaped = re.sub(r"([^\w\s])", r"\\\1", text)
    return re.sub(r"(?<=\w)(?=\\:|\\@|\\\.)", _JOINER, escaped)
