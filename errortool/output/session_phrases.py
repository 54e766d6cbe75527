"""Say in words how far sessions are, and what a table of predictions holds before one begins."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from errortool.messages import count, isolated, quoted, sentence
from errortool.model import Session
from errortool.output.phrases import share as phrases_share

_LISTED: Final = 3
_LONGEST: Final = 24


def progress(session: Session, looked_at: int) -> str:
    """Say how many of the errors that were drawn are looked at, and of how many there are."""
    if session.sampled == session.errors:
        every = "1 error" if session.errors == 1 else f"all {session.errors:,} errors"
        return f"{looked_at:,} of {every} looked at"
    return (
        f"{looked_at:,} of the {session.sampled:,} drawn looked at (of {session.errors:,} errors)"
    )


def drawn(session: Session, errors: int, right: int) -> list[str]:
    """Say how many examples were drawn, where so many errors and right ones were asked for."""
    lines = []
    there = session.errors if session.eyeball is None else session.eyeball.errors
    if session.sampled < errors:
        are = "is" if there == 1 else "are"
        among = "" if session.eyeball is None else " that people may look at"
        lines.append(f"There {are} only {count(there, 'error')}{among}: {_taken(there)}.")
    if session.sampled_right < right:
        number = session.sampled_right
        lines.append(
            f"The model got only {number:,} right: {_taken(number)}."
            if number
            else "The model got none right."
        )
    apart = f" and {count(session.sampled_right, 'right one')}" if right else ""
    lines.append(
        f"{count(session.sampled, 'error')}{apart} sampled for session {quoted(session.name)} "
        f"(seed {session.seed})."
    )
    return lines


def _taken(number: int) -> str:
    return "it was taken" if number == 1 else "all of them were taken"


def carried(before: str, number: int, left: int) -> str:
    """Say how much of a round is carried from the session before.

    >>> carried("cats v3", 62, 38)
    "62 carried from session 'cats v3', 38 to look at."
    """
    return f"{number:,} carried from session {quoted(before)}, {left:,} to look at."


def round_offered(before: str, differences: Sequence[str]) -> str:
    """Say what following a session takes over, and how the two dev sets differ."""
    text = f"What was ticked in {isolated(before)} is carried to every image that is still wrong."
    if not differences:
        return text
    return f"{text} The dev sets differ: {'; '.join(differences)}."


def taken_over(categories: Sequence[str]) -> str:
    """Name the categories that a round takes over."""
    if not categories:
        return "It has no category to take over."
    return f"Categories: {', '.join(map(isolated, categories))}."


def largest(leading: str | None, share: float) -> str:
    """Say which category is the largest so far, and its share; "" while there is none."""
    return f"largest: {isolated(leading)} {phrases_share(share)}" if leading else ""


def ago(then: datetime, now: datetime) -> str:
    """Say how long ago something was, roughly."""
    passed = now - then
    if passed < timedelta(seconds=60):
        return "just now"
    if passed < timedelta(minutes=60):
        return f"{passed // timedelta(minutes=1)} min ago"
    if passed < timedelta(hours=24):
        return f"{passed // timedelta(hours=1)} h ago"
    if passed < timedelta(days=31):
        return f"{count(passed.days, 'day')} ago"
    return f"on {then.day} {then:%b %Y}"


def exact(then: datetime, zone: tzinfo) -> str:
    """Say a time in a time zone, and which."""
    return f"{then.astimezone(zone):%Y-%m-%d %H:%M} ({zone})"


def size(size_in_bytes: int) -> str:
    """Say how large a file is.

    >>> size(900), size(120_000), size(3_400_000)
    ('1 KB', '120 KB', '3.4 MB')
    """
    kilobytes = max(1, round(size_in_bytes / 1e3))
    return f"{kilobytes:,} KB" if kilobytes < 1e3 else f"{size_in_bytes / 1e6:,.1f} MB"  # noqa: PLR2004


def classes(labels: Mapping[str, int], predictions: Mapping[str, int]) -> str:
    """Say which classes a table holds; asks where most predicted ones are never a label."""
    never = [name for name in predictions if name not in labels]
    text = f"Labels: {_counted(labels)}. Predictions: {_counted(predictions)}"
    if not never:
        return f"{text}."
    of_them = "1 class is" if len(never) == 1 else f"{len(never):,} of them are"
    text += f"; {of_them} never a label"
    doubted = len(never) * 2 > len(predictions)
    return f"{text}: is this the right column?" if doubted else f"{text}."


def _counted(counts: Mapping[str, int]) -> str:
    if len(counts) <= _LISTED:
        return ", ".join(f"{_cut(name)} {number:,}" for name, number in counts.items())
    some = ", ".join(f"{_cut(name)} {number:,}" for name, number in list(counts.items())[:_LISTED])
    return f"{len(counts):,} classes ({some}, …)"


def samples(values: Sequence[str]) -> str:
    """Show some of a column's values."""
    return " · ".join(map(_cut, values)) if values else "empty"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def not_taken(names: Sequence[str]) -> str:
    """Say that files were dropped that are no table, such as images."""
    first = _cut(names[0])
    if len(names) == 1:
        return f"{first} was not taken: images are read from a folder below, not uploaded."
    return (
        f"{len(names):,} files such as {first} were not taken: images are read from a folder "
        "below, not uploaded."
    )


def confusions(pairs: Sequence[tuple[str, str, int]]) -> str:
    """Name the most frequent errors: label, prediction, and how often."""
    listed = " · ".join(f"{_cut(one)} → {_cut(other)} ({times:,})" for one, other, times in pairs)
    return f"Most frequent errors: {listed}" if len(pairs) > 1 else f"All errors: {listed}"


_FIELDS: Final = (
    (r"give --label-offset (-?\d+)", r'set "Add to each label" to \1'),
    (r"--label-offset (-?\d+)", r'"Add to each label" of \1'),
    ("--label-offset", '"Add to each label"'),
    ("--labels", '"Labels from"'),
    ("--label-from-folder", '"Labels from" the folders'),
    ("--classes", '"Names of classes from"'),
    (r"--(label|prediction|image|id|confidence|weight)-column", r'"\1"'),
)


def in_form(clause: str) -> str:
    """Return a warning with the form's fields where it names the command line's options."""
    for option, field in _FIELDS:
        clause = re.sub(option, field, clause)
    return clause


def as_for(session: str) -> str:
    """Say that a table is read as that of an earlier session."""
    return f"Read as for session {quoted(session)}, whose table has the same columns."


def opening(shown: int, tried: int) -> str:
    """Say how many of the first images of a sample open."""
    if tried == 1:
        return (
            "The first sampled image opens." if shown else "The first sampled image doesn't open."
        )
    if shown == tried:
        return f"All of the first {tried} sampled images open."
    if not shown:
        return f"None of the first {tried} sampled images opens."
    return f"{shown} of the first {tried} sampled images {'opens' if shown == 1 else 'open'}."


def all_shown(number: int) -> str:
    """Say that every image of a sample opens."""
    return (
        "The only sampled image opens." if number == 1 else f"All {number:,} sampled images open."
    )


def unshown(missing: int, number: int, first: str) -> str:
    """Warn of images of the sample that don't open, of which `first` says why the first doesn't."""
    if number == 1:
        what = "The only sampled image can't be shown: you would judge it unseen."
    elif missing == number:
        what = f"None of the {number:,} sampled images can be shown: you would judge them unseen."
    else:
        it = "it" if missing == 1 else "them"
        what = (
            f"{missing:,} of {number:,} sampled images can't be shown: you would judge {it} unseen."
        )
    return f"{what} The first: {sentence(first)}"
