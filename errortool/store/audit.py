"""Check a session file: its pages, its references, and its events against its tables."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from errortool.errors import SessionError
from errortool.store.patches import Patches

_Values = dict[str, object]

_JSON: Final = (
    ("sessions", "columns"),
    ("sessions", "reading"),
    ("sessions", "eyeball"),
    ("sessions", "part_of"),
    ("examples", "extra"),
    ("events", "before"),
    ("events", "after"),
    ("events", "origin"),
)

# What applying JSON that isn't a patch of ours may raise.
_BAD_PATCH: Final = (
    SessionError, sqlite3.Error, ValueError, LookupError, TypeError, AttributeError,
)  # fmt: skip

_SESSION: Final = "s.id || ' (' || s.name || ')"

# What the events make of a session; the first column names the row in words.
_STATE: Final = {
    "category": f"""
        select {_SESSION}, category ' || c.id,
            c.name, c.kind, c.about, c.position, c.description, c.retired
        from categories c join sessions s on s.id = c.session
    """,
    "look": f"""
        select {_SESSION}, image ' || e.key || ', by ' || l.reviewer,
            l.status, l.comment, l.corrected_label, l.seconds, l.event
        from looks l join examples e on e.id = l.example join sessions s on s.id = e.session
    """,
    "tick": f"""
        select {_SESSION}, image ' || e.key || ', by ' || j.reviewer || ', category ' || j.category,
            j.value, j.event
        from judgements j join examples e on e.id = j.example join sessions s on s.id = e.session
    """,
}


def faults(db: sqlite3.Connection) -> Iterator[str]:
    """Yield every fault, a clause each."""
    found = False
    for (line,) in db.execute("pragma integrity_check"):
        if line != "ok":
            found = True
            yield f"the file is damaged: {' '.join(line.split())}"
    for table, row, parent, _ in db.execute("pragma foreign_key_check"):
        found = True
        yield f"row {row} of {table} belongs to a row of {parent} that is not there"
    for table, column in _JSON:
        for (row,) in db.execute(
            f"select id from {table} where not json_valid(coalesce({column}, 'null'))"
        ):
            found = True
            yield f"row {row} of {table} has no JSON in {column}"
    if not found:
        yield from _differences(db)


def _differences(db: sqlite3.Connection) -> Iterator[str]:
    """Yield where the tables differ from what the events make: another program changed them."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
        # In the transaction that is open on `db`: the copy is of the moment that was checked.
        db.backup(copy)
        copy.row_factory = sqlite3.Row
        there = {what: _rows(copy, query) for what, query in _STATE.items()}
        copy.execute("begin")
        yield from _replayed(copy)
        for what, query in _STATE.items():
            made = _rows(copy, query)
            for place in sorted(there[what].keys() | made.keys()):
                difference = _difference(there[what].get(place), made.get(place))
                if difference:
                    yield f"{what} of session {place}: {difference}"


def _difference(there: _Values | None, made: _Values | None) -> str:
    if there is None:
        return "missing, though the events made it"
    if made is None:
        return "there, though no event made it"
    return ", ".join(
        f"{name} is {there[name]!r} where the events made it {made[name]!r}"
        for name in there
        if there[name] != made[name]
    )


def _replayed(db: sqlite3.Connection) -> Iterator[str]:
    """Rebuild the tables by applying all events; yield those that can't be."""
    db.execute("delete from judgements")
    db.execute("delete from looks")
    # Numbers for names, so that no two are the same meanwhile.
    db.execute(
        "update categories set name = id, kind = 'cause', about = 'image', description = '', "
        "position = 0, retired = 1"
    )
    patches = {
        session: Patches(db, session) for (session,) in db.execute("select id from sessions")
    }
    for event in db.execute("select * from events order by id").fetchall():
        try:
            patch = json.loads(event["after"])
            patches[event["session"]].apply(patch, event["reviewer"], event["id"])
        except _BAD_PATCH as error:
            yield f"event {event['id']} can't be carried out ({error})"


def _rows(db: sqlite3.Connection, query: str) -> dict[str, _Values]:
    """Return a query's rows, each as values by name, by the words in its first column."""
    rows = db.execute(query)
    names = [name for name, *_ in rows.description[1:]]
    return {place: dict(zip(names, values, strict=True)) for place, *values in rows}
