"""Carry out changes: each is recorded as an event and applied to the tables."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from errortool.errors import SessionError
from errortool.model import KEEP, CategoryChange, Change, ExampleChange, Kind, Ref

RESERVED_NAMES: Final = frozenset(
    "id image label prediction confidence corrected_label comment comments reviewer "
    "looked_at".split()
)
"""Columns of table.csv, so no category can be called that."""

_LONGEST_NAME: Final = 100
_LONGEST_COMMENT: Final = 10_000


def checked_name(name: str, what: str) -> str:
    """Return a name without outer spaces; raise SessionError if it can't be one."""
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        message = (
            f"{name[:_LONGEST_NAME]!r} can't name {what}: "
            f"give it 1 to {_LONGEST_NAME} printable characters"
        )
        raise SessionError(message)
    return name


def checked_category_name(name: str) -> str:
    """Return a category's name without outer spaces; raise SessionError if it can't be one."""
    name = checked_name(name, "a category")
    if name.casefold() in RESERVED_NAMES or name.startswith("% "):
        message = f"a category can't be called {name!r}: a column of table.csv is"
        raise SessionError(message)
    return name


class Writer:
    """Carries out changes in one session, inside the caller's transaction."""

    def __init__(self, db: sqlite3.Connection, session: int, at: str) -> None:
        """Write to `session` by way of `db`; `at` is the time the events get."""
        self._db = db
        self._session = session
        self._at = at

    def apply(self, change: Change) -> int | None:
        """Record and carry out one change; return the category that it made, if it made one.

        Raises SessionError if it can never be taken; nothing was changed then.
        """
        known = self._recorded(change.ref)
        if known is not None:
            return int(known["category"]) if known["example"] is None else None
        if isinstance(change, ExampleChange):
            self._change_example(change)
            return None
        return self._change_category(change)

    def _recorded(self, ref: Ref) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(
            "select id, example, category, session from events where client = ? and seq = ?",
            (ref.client, ref.seq),
        ).fetchone()
        return row

    def _category(self, category: int | Ref) -> int:
        """Return the number of a category, which may go by the change that made it."""
        if isinstance(category, Ref):
            made = self._recorded(category)
            number = None if made is None else made["category"]
        else:
            number = category
        found = self._db.execute(
            "select id from categories where id = ? and session = ?", (number, self._session)
        ).fetchone()
        if found is None:
            message = "the category is not one of this session's"
            raise SessionError(message)
        return int(found["id"])

    def _undone(self, undoes: int | Ref | None) -> int | None:
        if isinstance(undoes, Ref):
            row = self._recorded(undoes)
        else:
            row = self._db.execute(
                "select id, session from events where id = ?", (undoes,)
            ).fetchone()
        return int(row["id"]) if row is not None and row["session"] == self._session else None

    def _record(
        self,
        change: Change,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        example: int | None = None,
        category: int | None = None,
    ) -> int:
        """Append the event and return its number."""
        number = self._db.execute(
            """
            insert into events (session, reviewer, client, seq, at, kind, example, category,
                before, after, undoes)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                self._session,
                change.reviewer,
                change.ref.client,
                change.ref.seq,
                self._at,
                change.kind,
                example,
                category,
                json.dumps(before, ensure_ascii=False),
                json.dumps(after, ensure_ascii=False),
                self._undone(change.undoes),
            ),
        ).lastrowid
        assert number is not None
        return number

    # --- an example ---

    def _change_example(self, change: ExampleChange) -> None:
        row = self._db.execute(
            "select id from examples where session = ? and position = ?",
            (self._session, change.position),
        ).fetchone()
        if row is None:
            message = f"there is no image number {change.position + 1} in this session"
            raise SessionError(message)
        example = int(row["id"])
        ticks = {self._category(ref): value for ref, value in change.ticks.items()}
        after: dict[str, Any] = {}
        if ticks:
            after["ticks"] = {str(key): _as_integer(value) for key, value in ticks.items()}
        if change.status is not KEEP:
            after["status"] = change.status
        if change.comment is not KEEP:
            after["comment"] = change.comment[:_LONGEST_COMMENT]
        if change.corrected_label is not KEEP:
            after["corrected_label"] = change.corrected_label
        if change.seconds is not KEEP:
            after["seconds"] = change.seconds
        before = self._example_before(example, change.reviewer, after)
        event = self._record(change, before, after, example=example)
        self._set_look(example, change.reviewer, after, event)
        self._set_ticks(example, change.reviewer, ticks, event)

    def _example_before(
        self, example: int, reviewer: str, after: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the present values of what `after` is about to change."""
        look = self._db.execute(
            "select * from looks where example = ? and reviewer = ?", (example, reviewer)
        ).fetchone()
        blank = {"status": None, "comment": "", "corrected_label": None, "seconds": 0.0}
        before: dict[str, Any] = {
            key: blank[key] if look is None else look[key] for key in after if key != "ticks"
        }
        if "ticks" in after:
            before["ticks"] = {}
            for category in after["ticks"]:
                row = self._db.execute(
                    """
                    select value from judgements
                    where category = ? and example = ? and reviewer = ?
                    """,
                    (int(category), example, reviewer),
                ).fetchone()
                before["ticks"][category] = None if row is None else row["value"]
        return before

    def _set_look(self, example: int, reviewer: str, after: Mapping[str, Any], event: int) -> None:
        # Made even for ticks alone: the views find a reviewer's ticks by way of the look.
        self._db.execute(
            "insert into looks (example, reviewer, event) values (?, ?, ?) on conflict do nothing",
            (example, reviewer, event),
        )
        columns = [key for key in after if key != "ticks"]
        assignments = "".join(f"{column} = :{column}, " for column in columns)
        self._db.execute(
            f"update looks set {assignments}event = :event "
            "where example = :example and reviewer = :reviewer",
            {
                **{column: after[column] for column in columns},
                "event": event,
                "example": example,
                "reviewer": reviewer,
            },
        )

    def _set_ticks(
        self, example: int, reviewer: str, ticks: Mapping[int, bool | None], event: int
    ) -> None:
        for category, value in ticks.items():
            if value is None:
                self._db.execute(
                    "delete from judgements where category = ? and example = ? and reviewer = ?",
                    (category, example, reviewer),
                )
            else:
                self._db.execute(
                    """
                    insert into judgements (category, example, reviewer, value, event)
                    values (?, ?, ?, ?, ?)
                    on conflict do update set value = excluded.value, event = excluded.event
                    """,
                    (category, example, reviewer, int(value), event),
                )

    # --- a category ---

    def _change_category(self, change: CategoryChange) -> int:
        after: dict[str, Any] = {}
        if change.name is not KEEP:
            after["name"] = checked_category_name(change.name)
        if change.category_kind is not KEEP:
            after["kind"] = change.category_kind
        if change.description is not KEEP:
            after["description"] = change.description
        if change.position is not KEEP:
            after["position"] = change.position
        if change.retired is not KEEP:
            after["retired"] = int(change.retired)
        if change.category is None:
            return self._new_category(change, after)
        category = self._category(change.category)
        row = self._db.execute("select * from categories where id = ?", (category,)).fetchone()
        if not after.get("retired", row["retired"]):
            self._refuse_taken(after.get("name", row["name"]), category)
        self._record(change, {key: row[key] for key in after}, after, category=category)
        assignments = ", ".join(f"{column} = :{column}" for column in after)
        if after:
            self._db.execute(
                f"update categories set {assignments} where id = :id", {**after, "id": category}
            )
        return category

    def _new_category(self, change: CategoryChange, after: dict[str, Any]) -> int:
        if "name" not in after:
            message = "a new category needs a name"
            raise SessionError(message)
        self._refuse_taken(after["name"], None)
        (last,) = self._db.execute(
            "select coalesce(max(position), -1) from categories where session = ?", (self._session,)
        ).fetchone()
        after = {"kind": Kind.CAUSE, "description": "", "position": last + 1, "retired": 0} | after
        category = self._db.execute(
            """
            insert into categories (session, name, kind, description, position, retired)
            values (:session, :name, :kind, :description, :position, :retired)
            """,
            {**after, "session": self._session},
        ).lastrowid
        assert category is not None
        self._record(change, {"retired": 1}, after, category=category)
        return category

    def _refuse_taken(self, name: str, category: int | None) -> None:
        taken = self._db.execute(
            """
            select id from categories
            where session = ? and name = ? collate nocase and not retired and id is not ?
            """,
            (self._session, name, category),
        ).fetchone()
        if taken is not None:
            message = f"there is already a category {name!r}"
            raise SessionError(message)


def _as_integer(value: bool | None) -> int | None:
    return None if value is None else int(value)
