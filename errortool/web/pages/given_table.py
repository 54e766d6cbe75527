"""The table of a new session: chosen, typed or dropped; and what it lacks, from other files."""

import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import streamlit as st

from errortool.actions import finding
from errortool.actions.finding import FoundFile
from errortool.data import class_maps, tables, truth
from errortool.data.tables import Table
from errortool.data.truth import Additions
from errortool.errors import SessionError, TableError
from errortool.messages import sentence
from errortool.output import session_phrases
from errortool.web.escape import show, show_error
from errortool.web.state import once

_IN_TABLE: Final = "the table"
_FOLDERS: Final = "the folders of the images"
_ABOUT: Final = "  ·  "  # between a path and its size and age
_DROPPED: Final = "dropped: "  # before the name of a file that lies nowhere here


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A table's path, its bytes if it was dropped here, and what else was dropped, by name."""

    path: Path
    data: bytes | None
    others: Mapping[str, bytes]


def ask() -> Given | None:
    """Ask for the table: a path from a list as one types, or a file dropped here."""
    there = {os.path.relpath(one.path): one for one in _tables_below(str(Path.cwd()))}
    left, right = st.columns(2, gap="medium")
    with left:
        typed = st.selectbox(
            "Predictions file",
            list(there),
            index=None,
            format_func=lambda place: _in_list(place, there),
            accept_new_options=True,
            placeholder=f"{len(there):,} found here: choose one, or type a path"
            if there
            else "Type the path of a table",
            key="new-path",
            help=f"A table with a row a dev example, or the folder of a data set. A path below "
            f"{Path.cwd()}, the folder in which errortool was started; the latest come first.",
        )
    with right:
        dropped = st.file_uploader(
            "Or drop it here",
            accept_multiple_files=True,
            key="upload",
            help="A table, also with the files of its labels and classes: at most 512 MB each. A "
            "copy of the table is kept beside the session file, so that more can be drawn later.",
        )
    if dropped:
        return _dropped({Path(one.name).name: one.getvalue() for one in dropped})
    if not typed:
        return None
    # The browser sends what it showed when it was chosen, and a file's age changes meanwhile.
    place = typed.partition(_ABOUT)[0]
    try:
        return Given(path=below_start(_whole(place, there)), data=None, others={})
    except SessionError as error:
        show_error(sentence(str(error)))
        return None


def _whole(typed: str, there: Collection[str]) -> str:
    """Return a typed path, or the only one of those found here that it is a part of."""
    if typed in there:
        return typed
    found = [place for place in there if typed.strip() in place]
    with suppress(SessionError):
        return found[0] if len(found) == 1 and not below_start(typed).exists() else typed
    return typed


def _dropped(files: Mapping[str, bytes]) -> Given | None:
    """Return the table among the files that were dropped; asks if there are several."""
    likely = [name for name in files if name.lower().endswith(finding.ENDINGS)]
    names = likely or list(files)
    chosen: str | None = names[0]
    if len(names) > 1:
        chosen = st.selectbox(
            "Which of these is the table of predictions?",
            names,
            index=None,
            placeholder="choose",
            key=f"new-dropped-{len(files)}",
        )
    if chosen is None:
        return None
    others = {name: data for name, data in files.items() if name != chosen}
    pictures = [name for name in others if not name.lower().endswith(finding.LIKELY)]
    if pictures:
        show("p", session_phrases.not_taken(pictures), "note")
    return Given(path=Path(chosen), data=files[chosen], others=others)


@st.cache_data(ttl=10, show_spinner=False)
def _tables_below(start: str) -> list[FoundFile]:
    return finding.files_below(Path(start))


@st.cache_data(ttl=10, show_spinner=False)
def _lists_below(start: str) -> list[FoundFile]:
    return finding.files_below(Path(start), finding.OF_CLASSES)


def _in_list(place: str, there: Mapping[str, FoundFile]) -> str:
    found = there.get(place)
    if found is None:
        return place
    modified = datetime.fromtimestamp(found.modified, UTC)
    when = session_phrases.ago(modified, datetime.now(UTC))
    return f"{place}{_ABOUT}{session_phrases.size(found.size)}{_ABOUT}{when}"


def below_start(typed: str) -> Path:
    """Return a path below the folder in which errortool was started, the only place to read from.

    Raises SessionError for any other.
    """
    start = Path.cwd()
    try:
        path = Path(os.path.normpath(start / Path(typed.strip()).expanduser()))
        path.exists()
    except RuntimeError:
        message = f"{typed} names a user who isn't there: check the path"
        raise SessionError(message) from None
    except (OSError, ValueError):  # too long, or characters that no path can have
        message = f"{typed[:80]} can't be a path: check it"
        raise SessionError(message) from None
    if not path.is_relative_to(start):
        message = (
            f"{typed} lies outside the folder {str(start)!r}, in which errortool was started: "
            "choose a path below it, or start errortool in a folder above"
        )
        raise SessionError(message)
    return path


# --- what the table lacks ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A table with what it lacked, the bytes that are to be kept of it, and what was added."""

    table: Table
    data: bytes | None
    additions: Additions


def complete(table: Table, given: Given, then: Additions, chosen: Mapping[str, str]) -> Completed:
    """Ask for labels and names of classes from elsewhere; return the table with them.

    `then` is what was chosen for the last table of this shape. What can't be joined is said, and
    the table stays as it is.
    """
    additions = _ask_additions(table, given, then)
    if not additions:
        return Completed(table=table, data=given.data, additions=additions)
    try:
        made, data = once(
            "new-completed",
            (table.sha256, repr(additions), tuple(sorted(chosen.items()))),
            lambda: truth.complete(
                table,
                additions,
                chosen,
                Path.cwd() if given.data is not None else given.path.parent,
            ),
        )
    except TableError as error:
        for fault in error.faults:
            show_error(sentence(session_phrases.in_form(f"{error.source}: {fault}")))
        return Completed(table=table, data=given.data, additions=Additions())
    return Completed(table=made, data=data, additions=additions)


def _ask_additions(table: Table, given: Given, then: Additions) -> Additions:
    key = table.sha256[:12]
    with st.expander("Labels or names of classes from elsewhere", expanded=bool(then)):
        first, second, third = st.columns([2, 2, 1], gap="medium")
        with first:
            labels = _file(
                "Labels from",
                [_IN_TABLE, _FOLDERS],
                [os.path.relpath(one.path) for one in _tables_below(str(Path.cwd()))],
                given,
                then=_FOLDERS if then.label_from_folder else _relative(then.labels),
                key=f"new-labels-{key}",
                help_="A table or a list of images and labels, joined by id or image; or the "
                "folder that each image is in.",
            )
        with second:
            classes = _file(
                "Names of classes from",
                [_IN_TABLE],
                [os.path.relpath(one.path) for one in _lists_below(str(Path.cwd()))],
                given,
                then=_relative(then.classes),
                key=f"new-classes-{key}",
                help_="JSON, YAML, CSV or a name a line: the classes that numbers stand for.",
            )
        with third:
            offset = st.number_input(
                "Add to each label",
                value=then.label_offset,
                step=1,
                key=f"new-offset-{key}",
                help="-1 where the labels count from 1 and the predictions from 0.",
            )
        try:
            return Additions(
                label_from_folder=labels == _FOLDERS,
                labels=_labels(labels, given),
                classes=_classes(classes, given),
                label_offset=int(offset or 0),
            )
        except (SessionError, TableError) as error:
            show_error(sentence(str(error)))
            return Additions()


def _relative(file: object) -> str | None:
    return os.path.relpath(file) if isinstance(file, Path) else None


def _file(
    label: str,
    first: Sequence[str],
    there: Sequence[str],
    given: Given,
    *,
    then: str | None,
    key: str,
    help_: str,
) -> str:
    """Ask for a file: one that was found or dropped here, or a typed path."""
    dropped = [f"{_DROPPED}{name}" for name in given.others]
    options = list(dict.fromkeys([*first, *([then] if then else []), *dropped, *there]))
    chosen = st.selectbox(
        label,
        options,
        index=options.index(then) if then else 0,
        accept_new_options=True,
        key=key,
        help=help_,
    )
    return chosen or _IN_TABLE


def _labels(chosen: str, given: Given) -> Path | Table | None:
    if chosen in {_IN_TABLE, _FOLDERS}:
        return None
    name = chosen.removeprefix(_DROPPED)
    if chosen != name and name in given.others:
        return truth.labels_of(given.others[name], name)
    return below_start(chosen)


def _classes(chosen: str, given: Given) -> Path | Mapping[str, str] | None:
    if chosen == _IN_TABLE:
        return None
    name = chosen.removeprefix(_DROPPED)
    if chosen != name and name in given.others:
        return class_maps.parse(given.others[name], name)
    return below_start(chosen)


def read(given: Given) -> Table:
    """Read the table, once as long as the file stays as it is. Raises TableError."""
    path, data = given.path, given.data
    if data is not None:
        mark: object = (path.name, len(data), hash(data))
    else:
        status = path.stat() if path.exists() else None
        mark = (str(path), status and (status.st_mtime_ns, status.st_size))
    table: Table = once(
        "new-table",
        mark,
        lambda: tables.read(path) if data is None else tables.parse(data, path.name),
        "Reading the table …",
    )
    return table
