"""Copy a session within its file, with its whole history, and delete one."""

import json
import sqlite3
from collections.abc import Mapping
from uuid import uuid4

from errortool.store.patches import Patch, Patches

_CHILDREN = (
    "delete from judgements where category in (select id from categories where session = ?)",
    "delete from looks where example in (select id from examples where session = ?)",
    "delete from estimates where session = ?",
    # Undos point back at what they undo: the last ones go first.
    "update events set undoes = null where session = ?",
    "delete from events where session = ?",
    "delete from categories where session = ?",
    "delete from examples where session = ?",
    "delete from sessions where id = ?",
)

_UNUSED = """
    delete from dev_sets
    where id not in (select dev_set from sessions where dev_set is not null)
"""


def insert(db: sqlite3.Connection, session: int, *, uid: str, name: str, at: str) -> int:
    """Insert a session with the examples of another, and nothing judged; return its number."""
    copy = _insert(db, "sessions", session, {"uid": uid, "name": name, "created_at": at,
                                             "opened_at": at, "trashed_at": None})  # fmt: skip
    for (example,) in db.execute(
        "select id from examples where session = ? order by position", (session,)
    ).fetchall():
        _insert(db, "examples", example, {"session": copy})
    return copy


def insert_history(db: sqlite3.Connection, session: int, copy: int) -> None:
    """Repeat all that happened in a session in its copy, which so becomes the same."""
    examples = dict(
        db.execute(
            """
            select old.id, new.id from examples old join examples new using (position)
            where old.session = ? and new.session = ?
            """,
            (session, copy),
        ).fetchall()
    )
    categories = {}
    for (category,) in db.execute(
        "select id from categories where session = ? order by id", (session,)
    ).fetchall():
        # As a category begins; its history makes it what it is.
        categories[category] = _insert(db, "categories", category, {"session": copy, "retired": 1})
    events: dict[int, int] = {}
    clients: dict[str, str] = {}
    patches = Patches(db, copy)
    for event in db.execute(
        "select * from events where session = ? order by id", (session,)
    ).fetchall():
        before, after = (
            _translated(json.loads(event[side]), categories, events) for side in ("before", "after")
        )
        number = _insert(db, "events", event["id"], {
            "session": copy,
            "client": clients.setdefault(event["client"], uuid4().hex),
            "example": examples.get(event["example"]),
            "category": categories.get(event["category"]),
            "before": json.dumps(before, ensure_ascii=False),
            "after": json.dumps(after, ensure_ascii=False),
            "undoes": events.get(event["undoes"]),
        })  # fmt: skip
        events[event["id"]] = number
        patches.apply(after, event["reviewer"], number)


def delete(db: sqlite3.Connection, session: int) -> None:
    """Delete a session with all that is in it."""
    for statement in _CHILDREN:
        db.execute(statement, (session,))
    db.execute(_UNUSED)


def _insert(
    db: sqlite3.Connection, table: str, row: int, changed: Mapping[str, str | int | None]
) -> int:
    """Insert a copy of a table's row with other values; return its number."""
    values = dict(db.execute(f"select * from {table} where id = ?", (row,)).fetchone())
    del values["id"]
    values |= changed
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    number = db.execute(f"insert into {table} ({names}) values ({places})", values).lastrowid
    assert number is not None
    return number


def _translated(patch: Patch, categories: Mapping[int, int], events: Mapping[int, int]) -> Patch:
    """Return a patch of one session as it reads in its copy."""

    def category(key: str) -> str:
        return str(categories[int(key)])

    made: Patch = {}
    if "examples" in patch:
        made["examples"] = {
            position: values
            | (
                {"ticks": {category(key): value for key, value in values["ticks"].items()}}
                if "ticks" in values
                else {}
            )
            for position, values in patch["examples"].items()
        }
    if "categories" in patch:
        made["categories"] = {category(key): said for key, said in patch["categories"].items()}
    if "judgements" in patch:
        made["judgements"] = {
            category(key): [
                [position, who, value, events.get(event)] for position, who, value, event in entries
            ]
            for key, entries in patch["judgements"].items()
        }
    return made
