"""What the menu of a session does: each choice asks in a dialog, or does it with a way back."""

import io
import zipfile
from typing import Final

import streamlit as st

from errortool.actions import drawing, managing, reporting
from errortool.errors import SessionError, TableError
from errortool.messages import count, isolated
from errortool.model import Session
from errortool.output import session_phrases
from errortool.web import state
from errortool.web.escape import show, show_error, show_warning
from errortool.web.pages import given_table, new_session

_NOTICE: Final = "sessions-notice"


def show_notice() -> None:
    """Show what was done last, once, with the way back where there is one."""
    notice = st.session_state.pop(_NOTICE, None)
    if notice is None:
        return
    words, trashed = notice
    with st.container(horizontal=True, vertical_alignment="center", key="notice"):
        show("p", words, "said")
        if trashed is not None:
            st.button(
                "Restore", key="restore-last", type="tertiary", on_click=_restore, args=(trashed,)
            )


def _done(words: str, trashed: Session | None = None) -> None:
    """Say on the list what was done, and close the dialog."""
    st.session_state[_NOTICE] = (words, trashed)
    st.rerun()


@st.dialog("Rename")
def rename(session: Session) -> None:
    """Ask for another name."""
    name = st.text_input("Name", value=session.name, max_chars=100)
    if st.button("Rename", type="primary"):
        try:
            state.store().rename(session, name)
        except SessionError as error:
            show_error(new_session.sentence_of(str(error)))
            return
        _done(f"{isolated(session.name)} is now called {isolated(' '.join(name.split()))}.")


@st.dialog("Duplicate")
def duplicate(session: Session) -> None:
    """Ask for the copy's name, and whether ticks are copied too."""
    taken = [one.name for one in state.store().sessions()]
    name = st.text_input("Name", value=managing.name_for_copy(session, taken), max_chars=100)
    with_ticks = st.toggle(
        "With all ticks, comments and their history",
        help="Otherwise the copy has the same images and categories, and nothing is judged yet: "
        "for a second reviewer, or a second look.",
    )
    if st.button("Duplicate", type="primary"):
        try:
            state.store().duplicate(session, name, with_ticks=with_ticks)
        except SessionError as error:
            show_error(new_session.sentence_of(str(error)))
            return
        _done(f"{isolated(session.name)} is copied as {isolated(' '.join(name.split()))}.")


@st.dialog("Draw more errors")
def draw(session: Session) -> None:
    """Ask how many more errors to draw."""
    left = session.errors - session.sampled
    if not left:
        show("p", f"None is left: all {session.errors:,} errors were drawn already.", "basis")
        return
    show(
        "p",
        f"{session.sampled:,} of {session.errors:,} errors are drawn. More are the next of the "
        "same random order: nothing that was judged changes.",
        "basis",
    )
    number = int(
        st.number_input(
            "How many more", min_value=1, max_value=left, value=min(drawing.NUMBER, left)
        )
    )
    if st.button("Draw", type="primary"):
        try:
            with st.spinner("Reading the table …"):
                done = drawing.draw_more(
                    state.store(), session, number, reviewer=state.user() or ""
                )
        except (SessionError, TableError) as error:
            show_error(new_session.sentence_of(str(error)))
            return
        said = [drawing.drawn_text(session, done, number)]
        _done(" ".join(said + [new_session.sentence_of(one) for one in done.warnings]))


@st.dialog("Change image folder")
def change_folder(session: Session) -> None:
    """Ask where the images are now, and show how many of them open there."""
    if session.columns.image is None:
        show("p", "This session has no images: its rows are shown as text.", "basis")
        return
    show("p", f"Now: {session.images}", "note")
    typed = st.text_input("Image folder", placeholder="images", help=new_session.FOLDER_HELP)
    if not typed:
        return
    try:
        folder = given_table.below_start(typed)
        problems = managing.problems_in(state.store(), session, folder)
    except SessionError as error:
        show_error(new_session.sentence_of(str(error)))
        return
    if problems.unshown:
        show_warning(session_phrases.unshown(problems.unshown, problems.number, problems.first))
    else:
        show("p", session_phrases.all_shown(problems.number), "said")
    for note in problems.notes:
        show("p", new_session.sentence_of(note), "note")
    if st.button("Use it all the same" if problems.unshown else "Use it", type="primary"):
        managing.change(state.store(), session, images_folder=folder)
        _done(f"The images of {isolated(session.name)} are taken from {folder}.")


@st.dialog("Notes and model")
def describe(session: Session) -> None:
    """Ask for notes and the model's name."""
    model = st.text_input("Model", value=session.model, max_chars=100)
    notes = st.text_area("Notes", value=session.notes, height=160, max_chars=10_000)
    if st.button("Save", type="primary"):
        try:
            managing.change(state.store(), session, notes=notes, model=model)
        except SessionError as error:
            show_error(new_session.sentence_of(str(error)))
            return
        _done(f"Notes and model of {isolated(session.name)} are saved.")


@st.dialog("Dev examples")
def dev_examples(session: Session) -> None:
    """Ask of how many dev examples the errors are, where the table doesn't say."""
    if not session.errors_only:
        number = count(session.dev_examples or 0, "dev example")
        show("p", f"The table of this session holds all of its {number}.", "basis")
        return
    show(
        "p",
        f"The table holds {count(session.errors, 'error')} only. The dev error, and what solving a "
        "category would leave of it, need the number of all dev examples.",
        "basis",
    )
    given = st.number_input(
        "All dev examples", min_value=session.errors, value=session.dev_examples, step=1
    )
    if st.button("Save", type="primary", disabled=given is None) and given is not None:
        managing.change(state.store(), session, dev_examples=int(given))
        of = count(int(given), "dev example")
        _done(f"The errors of {isolated(session.name)} are of {of}.")


@st.dialog("Export")
def export(session: Session) -> None:
    """Offer all files as one."""
    show(
        "p",
        "The tally, the table and the corrections as CSV, the report as JSON and as an HTML file "
        "with pictures inside.",
        "basis",
    )
    st.download_button(
        "Download as zip",
        lambda: zipped(session),
        f"{file_name(session.name)}.zip",
        "application/zip",
        on_click="ignore",
        type="primary",
    )


def zipped(session: Session) -> bytes:
    """Return all files of a session, made now, as one zip file."""
    snapshot = state.store().full_snapshot(session)
    report = reporting.compute(snapshot)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, make in reporting.files(snapshot, report).items():
            archive.writestr(name, make())
    return out.getvalue()


def file_name(name: str) -> str:
    """Return a session's name as a file can be called on every system.

    >>> file_name("cats/v3: <b>"), file_name("..")
    ('cats-v3- -b-', 'session')
    """
    kept = "".join(one if one.isalnum() or one in " -_.," else "-" for one in name).strip(" .")
    return kept or "session"


def trash(session: Session) -> None:
    """Move a session to the trash, with a way back."""
    state.store().trash(session)
    state.leave(session)
    _done(f"{isolated(session.name)} is in the trash.", session)


def restore(session: Session) -> None:
    """Put a session back from the trash."""
    _restore(session)
    st.rerun()


def _restore(session: Session) -> None:
    try:
        state.store().untrash(session)
    except SessionError as error:
        st.session_state[_NOTICE] = (f"{isolated(session.name)} stays in the trash: {error}.", None)
    else:
        st.session_state[_NOTICE] = (f"{isolated(session.name)} is back.", None)
