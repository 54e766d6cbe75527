"""Change what a session is called, where its images are, and what is said of it; delete it."""

from pathlib import Path

from errortool import images
from errortool.actions import kept_tables
from errortool.actions.new_session import Problems, image_problems
from errortool.data.predictions import too_few
from errortool.errors import SessionError
from errortool.messages import quoted
from errortool.model import LONGEST_TEXT, Session, checked_name
from errortool.store import Store


def change(
    store: Store,
    session: Session,
    *,
    images_folder: Path | None = None,
    notes: str | None = None,
    model: str | None = None,
    dev_examples: int | None = None,
) -> Problems:
    """Change a session's image folder, notes or model name; None leaves each as it is.

    `dev_examples` is of how many examples the errors are, where its table holds errors only.
    Returns what is wrong with its images in a new folder. Raises SessionError, with nothing
    changed, if the folder can't be it, a text is too long, or the number can't be.
    """
    problems = Problems()
    if model is not None and model.strip():
        model = checked_name(model, "a model")
    if notes is not None and len(notes) > LONGEST_TEXT:
        message = f"the notes have {len(notes):,} characters: at most {LONGEST_TEXT:,} are kept"
        raise SessionError(message)
    if dev_examples is not None:
        _refuse_dev_examples(session, dev_examples)
    if images_folder is not None:
        problems = problems_in(store, session, images_folder)
        store.set_images(session, images_folder)
    if dev_examples is not None:
        store.set_dev_examples(session, dev_examples)
    store.set_words(
        session,
        notes=None if notes is None else _storable(notes.strip()),
        model=None if model is None else model.strip(),
    )
    return problems


def _refuse_dev_examples(session: Session, number: int) -> None:
    """Raise SessionError unless a session's errors can be said to be of so many dev examples."""
    if not session.errors_only:
        message = (
            f"the table of session {quoted(session.name)} holds all of its "
            f"{session.dev_examples:,} dev examples, so their number can't be changed"
        )
        raise SessionError(message)
    if number < session.errors:
        raise SessionError(too_few(number, session.errors))


def problems_in(store: Store, session: Session, folder: Path) -> Problems:
    """Return what is wrong with a session's images if they were in `folder`; nothing is changed.

    Raises SessionError if the session has no images, or the folder can't be their folder.
    """
    if session.columns.image is None:
        message = (
            f"session {quoted(session.name)} has no images, so it has no use for a folder of them"
        )
        raise SessionError(message)
    if not folder.is_dir():
        what = "is a file: give the folder it is in" if folder.exists() else "is not there"
        message = f"the image folder {str(folder)!r} {what}"
        raise SessionError(message)
    try:
        str(folder.absolute()).encode()
    except UnicodeEncodeError:
        message = f"the image folder {str(folder)!r} has a name that is not UTF-8: rename it"
        raise SessionError(message) from None
    examples = store.examples(session)
    paths = [example.image or "" for example in examples]
    # One without an image leads nowhere, and counts as one that can't be shown.
    out = images.leading_out(folder, (path or "." for path in paths))
    strays = [path for path, stray in zip(paths, out, strict=True) if path and stray]
    if strays and not any(images.found_by_end(folder, path) for path in strays):
        message = (
            f"image {strays[0]!r} of session {quoted(session.name)} leads out of the image folder "
            f"{str(folder)!r}: give the folder that holds all images"
        )
        raise SessionError(message)
    return image_problems(examples, folder)


def delete(store: Store, session: Session) -> Path:
    """Delete a session that is in the trash for good; return the backup made before.

    Raises SessionError if it isn't in the trash, StoreError if no backup can be made.
    """
    backup = store.delete(session)
    kept_tables.forget(store, session.predictions_sha256)
    return backup


def _storable(text: str) -> str:
    """Return a text without what no file can hold: NUL, and half a character."""
    return text.replace("\0", "").encode(errors="replace").decode()


def name_for_copy(session: Session, taken: list[str]) -> str:
    """Return a free name for a copy of a session."""
    known = {name.casefold() for name in taken}
    number, name = 1, f"{session.name[:80]} copy"
    while name.casefold() in known:
        number += 1
        name = f"{session.name[:80]} copy {number}"
    return name
