"""What was chosen to read a table, so that the next of the same shape needs no option.

The same shape is the same columns in the same order. What is given anew counts before what was
chosen then.
"""

import os
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from errortool.data.columns import option
from errortool.data.tables import Table
from errortool.data.truth import Additions
from errortool.messages import quoted
from errortool.model import Reading, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Columns for roles by hand, what a table lacks, and whether images are taken."""

    columns: Mapping[str, str] = field(default_factory=dict)
    additions: Additions = Additions()  # noqa: RUF009  it can't change
    with_images: bool = True

    def reading(self, table: Table) -> Reading:
        """Return what a session keeps of it; files that lie nowhere can't be kept."""
        added = self.additions
        return Reading(
            header=table.names,
            columns=dict(self.columns),
            label_from_folder=added.label_from_folder,
            labels=_kept(added.labels),
            classes=_kept(added.classes),
            label_offset=added.label_offset,
            with_images=self.with_images,
        )

    @classmethod
    def of(cls, reading: Reading) -> "Choices":
        """Return what a session kept."""
        return cls(
            columns=reading.columns,
            additions=Additions(
                label_from_folder=reading.label_from_folder,
                labels=None if reading.labels is None else Path(reading.labels),
                classes=None if reading.classes is None else Path(reading.classes),
                label_offset=reading.label_offset,
            ),
            with_images=reading.with_images,
        )

    def options(self) -> list[str]:
        """Return the options of the command line that say the same."""
        added = self.additions
        said = [f"{option(role)} {shlex.quote(name)}" for role, name in self.columns.items()]
        if isinstance(added.labels, Path):
            said.append(f"--labels {shlex.quote(os.path.relpath(added.labels))}")
        if added.label_from_folder:
            said.append("--label-from-folder")
        if isinstance(added.classes, Path):
            said.append(f"--classes {shlex.quote(os.path.relpath(added.classes))}")
        if added.label_offset:
            said.append(f"--label-offset {added.label_offset}")
        return said if self.with_images else [*said, "--no-images"]


def _kept(file: object) -> str | None:
    return str(file.absolute()) if isinstance(file, Path) else None


def _there(file: str | None) -> str | None:
    return file if file is not None and Path(file).is_file() else None


def remembered(sessions: Iterable[Session], table: Table) -> tuple[Session, Choices] | None:
    """Return the session that was begun last on a table of this shape, and what was chosen then.

    None if there is none, or nothing was chosen. Files that are gone are left out.
    """
    alike = [
        one
        for one in sessions
        if one.reading is not None and list(one.reading.header) == table.names
    ]
    last = max(alike, key=lambda one: one.created_at, default=None)
    if last is None or last.reading is None:
        return None
    there = replace(
        last.reading, labels=_there(last.reading.labels), classes=_there(last.reading.classes)
    )
    chosen = Choices.of(there)
    return (last, chosen) if chosen.options() else None


def of_session(session: Session, table: Table) -> tuple[Session, Choices] | None:
    """Return what was chosen for a session's table, as far as this one has the same columns."""
    reading = session.reading
    if reading is None:
        return None
    columns = {role: name for role, name in reading.columns.items() if name in table.names}
    there = replace(
        reading, columns=columns, labels=_there(reading.labels), classes=_there(reading.classes)
    )
    chosen = Choices.of(there)
    return (session, chosen) if chosen.options() else None


def taken_over(given: Choices, then: Choices) -> tuple[Choices, Choices]:
    """Return what is given with what was chosen then beside it, and only what was taken over."""
    columns = {role: name for role, name in then.columns.items() if role not in given.columns}
    mine, theirs = given.additions, then.additions
    truth = mine.labels is None and not mine.label_from_folder
    added = Additions(
        labels=theirs.labels if truth else None,
        label_from_folder=theirs.label_from_folder and truth,
        classes=theirs.classes if mine.classes is None else None,
        label_offset=0 if mine.label_offset else theirs.label_offset,
    )
    taken = Choices(
        columns=columns,
        additions=added,
        with_images=then.with_images or not given.with_images,
    )
    both = Choices(
        columns={**columns, **given.columns},
        additions=Additions(
            labels=mine.labels or added.labels,
            label_from_folder=mine.label_from_folder or added.label_from_folder,
            classes=mine.classes or added.classes,
            label_offset=mine.label_offset or added.label_offset,
        ),
        with_images=given.with_images and then.with_images,
    )
    return both, taken


def told(session: Session, taken: Choices) -> str:
    """Say which choices were taken over from a session."""
    return f"read as for session {quoted(session.name)}: {' '.join(taken.options())}"
