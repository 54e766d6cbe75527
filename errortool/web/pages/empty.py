"""What stands where there is no session to show: what this is for, and how to begin."""

from html import escape
from typing import Literal

import streamlit as st

from errortool.messages import sentence
from errortool.web import links, state
from errortool.web.escape import show, show_html

_LOOP = (
    ("1", "Draw", "About 100 of the model's errors, drawn at random."),
    ("2", "Look and tick", "One image after the other: dog, blurry, mislabeled, what you see."),
    ("3", "Decide", "Which cause makes most of the error, and how low solving it would bring it."),
)


def no_session(what: str) -> None:
    """Say that there is nothing yet for a page to show, and how to begin."""
    show("h1", f"No {what} yet", "headline")
    show("p", f"A {what} needs a session: a sample of what your model got wrong.", "basis")
    show_loop()
    with st.container(horizontal=True):
        if st.button("Begin a session", type="primary"):
            links.go("sessions", new="1")
        offer_sample("secondary")


def missing(fault: str) -> None:
    """Say why the session of the URL can't be shown, with the way to the list."""
    show("h1", "This session can't be opened", "headline")
    told = escape(sentence(fault[:1].upper() + fault[1:]))
    show_html(f'<p role="alert" class="et-basis">{told}</p>')
    if st.button("Go to the sessions", type="primary"):
        links.go("sessions")


def show_loop() -> None:
    """Show in three steps what one does here."""
    steps = "".join(
        f'<li><span class="et-step" aria-hidden="true">{number}</span>'
        f"<b>{title}</b><span>{words}</span></li>"
        for number, title, words in _LOOP
    )
    show_html(f'<ol class="et-loop">{steps}</ol>')


def offer_sample(kind: Literal["primary", "secondary", "tertiary"]) -> None:
    """Offer the session on the sample data."""
    if st.button(
        "Try the sample", type=kind, help="The errors of a cat detector, a third judged already."
    ):
        from errortool.actions import demo  # it reads tables, which no other page needs

        with st.spinner("Making the sample session …"):
            session = demo.demo_session(state.store())
        links.go("review", session=str(session.id))
