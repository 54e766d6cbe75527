"""Draw more errors for a session: the next of the same order, so that nothing else changes."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from errortool.actions import dev_sets, identity
from errortool.actions.new_session import image_problems, with_pictures
from errortool.data.tables import Progress
from errortool.errors import SessionError
from errortool.messages import count, quoted
from errortool.model import Part, Session
from errortool.store import Store

NUMBER: Final = 50
"""How many more errors are drawn unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreDrawn:
    """How many errors were drawn, and how many are left; `warnings` are about their images."""

    drawn: int
    left: int
    warnings: tuple[str, ...]


def draw_more(
    store: Store,
    session: Session,
    number: int,
    *,
    reviewer: str = "",
    progress: Progress = lambda _: None,
) -> MoreDrawn:
    """Add the next `number` errors of the session's order, or all that are left, at its end.

    All errors of the session are then those that drawing so many at first would have given. Raises
    SessionError if none is left, or if the table that the session was drawn from is no longer as it
    was then.
    """
    if number < 1:
        message = f"{number:,} more errors can't be drawn: ask for 1 or more"
        raise SessionError(message)
    if session.eyeball is not None and not session.drawable:
        message = (
            f"all {count(session.eyeball.errors, 'error')} of session {quoted(session.name)} that "
            "people may look at were drawn already: the others are in the blackbox"
        )
        raise SessionError(message)
    if session.sampled >= session.errors:
        every = "the only error" if session.errors == 1 else f"all {session.errors:,} errors"
        message = (
            f"none is left to draw: {every} of session {quoted(session.name)} were drawn already"
        )
        if session.errors == 1:
            message = message.replace("were drawn", "was drawn")
        raise SessionError(message)
    found = dev_sets.checked(store, session, progress, need="to draw more")
    examples = store.examples(session)
    there = [example.key for example in examples if example.part is Part.ERROR]
    drawn = found.sample(len(there) + number, session.seed, eyeball=session.eyeball)
    if [example.key for example in drawn[: len(there)]] != there:
        message = (
            f"the errors of session {quoted(session.name)} aren't those that its table gives: "
            "begin a new session"
        )
        raise SessionError(message)
    added = [
        replace(example, position=position)
        for position, example in enumerate(drawn[len(there) :], start=len(examples))
    ]
    warnings: tuple[str, ...] = ()
    if session.images is not None:
        warnings = image_problems(added, Path(session.images)).warnings
        added = with_pictures(added, Path(session.images))
    store.extend(session, added, reviewer=identity.reviewer(reviewer))
    left = session.drawable - len(added)
    return MoreDrawn(drawn=len(added), left=left, warnings=warnings)


def drawn_text(session: Session, done: MoreDrawn, asked: int) -> str:
    """Say how many were drawn, and how many are left."""
    more = f"{count(done.drawn, 'more error')} drawn for session {quoted(session.name)}"
    if done.left:
        are = "is" if done.left == 1 else "are"
        every = count(session.errors, "error")
        if session.eyeball is not None:
            every = f"{count(session.eyeball.errors, 'error')} that people may look at"
        return f"{more}; {done.left:,} of {every} {are} left."
    if done.drawn == 1:
        return f"{more}: it was the last one left."
    fewer = f" of the {asked:,} asked for" if done.drawn < asked else ""
    return f"{more}{fewer}: these were all that were left."
