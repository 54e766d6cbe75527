"""Import ticks from a table into a session."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from msgspec import UNSET

from errortool.changes import CategoryValues, Change, ExampleValues, Ref
from errortool.data import tick_tables
from errortool.data.tables import Progress, Table
from errortool.data.tick_tables import Empty, Identified, TickTable
from errortool.errors import SessionError, TableError
from errortool.messages import rows_text, shown
from errortool.model import LONGEST_TEXT, Kind, Session, Status, checked_category_name, checked_name
from errortool.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import changed: how many examples, and which categories it made."""

    rows: int
    new_categories: tuple[str, ...]
    warnings: tuple[str, ...]


def import_ticks(
    store: Store,
    session: Session,
    table: Table,
    *,
    reviewer: str,
    identified: Identified | None = None,
    empty: Empty | None = None,
    new_categories: bool = False,
    progress: Progress = lambda _: None,
) -> Imported:
    """Import the ticks and comments of `table` into the session.

    `identified` says how its rows tell their examples. Rows that name no reviewer count as
    `reviewer`'s. Raises TableError, with nothing written, if
    the table has faults.
    """
    categories = store.categories(session)
    ticked = tick_tables.read_ticks(
        table,
        categories,
        store.rows(session),
        columns=session.columns,
        identified=identified or Identified(),
        empty=empty,
        new_categories=new_categories,
    )
    faults = _bad_names(ticked)
    if faults:
        raise TableError(table.name, faults)
    client = f"import-{uuid4().hex}"
    changes = [
        Change(
            ref=Ref(client, seq),
            reviewer=reviewer,
            kind="import",
            new=CategoryValues(name=name, kind=_kind_of(name)),
        )
        for seq, name in enumerate(ticked.new_categories)
    ]
    known = {category.name: str(category.id) for category in categories}
    known |= {name: str(Ref(client, seq)) for seq, name in enumerate(ticked.new_categories)}
    for row in ticked.rows:
        if row.ticks or row.looked_at or row.comment or row.corrected_label:
            values = ExampleValues(
                ticks={known[name]: 1 if value else 0 for name, value in row.ticks.items()},
                status=Status.LOOKED_AT if row.looked_at else UNSET,
                comment=row.comment[:LONGEST_TEXT] or UNSET,
                corrected_label=(row.corrected_label or "")[:LONGEST_TEXT] or UNSET,
            )
            changes.append(
                Change(
                    ref=Ref(client, len(changes)),
                    reviewer=row.reviewer or reviewer,
                    kind="import",
                    examples={row.position: values},
                )
            )
    taken = store.apply(session, _counted(changes, progress))
    if taken.refusals:
        raise SessionError(taken.refusals[0].reason)
    return Imported(
        rows=len(changes) - len(ticked.new_categories),
        new_categories=ticked.new_categories,
        warnings=ticked.warnings,
    )


def _bad_names(ticked: TickTable) -> list[str]:
    """Return the faults of the reviewers' and new categories' names."""
    faults = []
    rows: dict[str, list[int]] = {}
    for row in ticked.rows:
        if row.reviewer:
            rows.setdefault(row.reviewer, []).append(row.number)
    for name, numbers in rows.items():
        try:
            checked_name(name, "a reviewer")
        except SessionError as error:
            faults.append(f"column 'reviewer' in {rows_text(numbers)}: {error}")
    for name in ticked.new_categories:
        try:
            checked_category_name(name)
        except SessionError as error:
            faults.append(f"column {shown(name)} can't be a category: {error}")
    return faults


def _counted(changes: Sequence[Change], progress: Progress) -> Iterator[Change]:
    for number, change in enumerate(changes):
        progress(number / len(changes))
        yield change


def _kind_of(name: str) -> Kind:
    """Guess a new category's kind from its name."""
    if re.search(r"mis-?labell?ed|(incorrect|wrong)(ly)? label|label (error|noise)", name.lower()):
        return Kind.LABEL_ERROR
    return Kind.CAUSE
