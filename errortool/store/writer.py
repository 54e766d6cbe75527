"""Write sessions, changes and figures.

A change becomes a patch, is recorded as an event, and is applied.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from msgspec import to_builtins

from errortool.changes import (
    AnyChange,
    CategoryValues,
    Change,
    ExampleValues,
    Merge,
    Ref,
    Split,
    Undo,
)
from errortool.errors import SessionError
from errortool.model import (
    About,
    Estimate,
    Example,
    Eyeball,
    Kind,
    NewSession,
    Part,
    PartOf,
    Reading,
    checked_category_name,
)
from errortool.store.patches import Patch, Patches

_MOST_PARTS: Final = 20


def insert_session(db: sqlite3.Connection, new: NewSession, *, uid: str, at: str) -> int:
    """Insert a session with its examples; return its number. Its categories are changes."""
    session = db.execute(
        """
        insert into sessions (uid, name, predictions, predictions_sha256, columns, images,
            seed, dev_examples, errors, weight_all, weight_errors, weight_all_squares,
            weight_errors_squares, created_at, opened_at, planned, errors_only, reading, dev_set,
            follows, eyeball, part_of)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            uid,
            new.name,
            new.predictions,
            new.predictions_sha256,
            json.dumps(asdict(new.columns), ensure_ascii=False),
            new.images,
            new.seed,
            new.dev_examples or 0,
            new.errors,
            new.weighed and new.weighed.all,
            new.weighed and new.weighed.errors,
            new.weighed and new.weighed.all_squares,
            new.weighed and new.weighed.errors_squares,
            at,
            at,
            sum(example.part is Part.ERROR for example in new.examples),
            new.errors_only,
            _json(new.reading),
            None if new.dev_set is None else insert_dev_set(db, new.dev_set),
            new.follows,
            _json(new.eyeball),
            _json(new.part_of),
        ),
    ).lastrowid
    assert session is not None
    insert_examples(db, session, new.examples)
    return session


def _json(value: Reading | Eyeball | PartOf | None) -> str | None:
    return None if value is None else json.dumps(asdict(value), ensure_ascii=False)


def insert_dev_set(db: sqlite3.Connection, data: bytes) -> int:
    """Insert packed predictions, unless they are there; return their number."""
    sha256 = hashlib.sha256(data).hexdigest()
    db.execute(
        "insert into dev_sets (sha256, data) values (?, ?) on conflict do nothing", (sha256, data)
    )
    (number,) = db.execute("select id from dev_sets where sha256 = ?", (sha256,)).fetchone()
    return int(number)


def set_dev_set(db: sqlite3.Connection, session: int, data: bytes) -> None:
    """Keep a session's predictions, packed."""
    number = insert_dev_set(db, data)
    db.execute("update sessions set dev_set = ? where id = ?", (number, session))


def set_follows(db: sqlite3.Connection, session: int, names: Mapping[str, int]) -> None:
    """Set which category of the round before each category follows, by its name."""
    db.executemany(
        "update categories set follows = ? where session = ? and name = ?",
        ((follows, session, name) for name, follows in names.items()),
    )


def insert_examples(db: sqlite3.Connection, session: int, examples: Iterable[Example]) -> None:
    """Insert examples of a session."""
    db.executemany(
        """
        insert into examples (session, part, position, key, image, label, prediction,
            confidence, weight, extra, picture)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            (
                session,
                example.part,
                example.position,
                example.key,
                example.image,
                example.label,
                example.prediction,
                example.confidence,
                example.weight,
                json.dumps(dict(example.extra), ensure_ascii=False),
                example.picture,
            )
            for example in examples
        ),
    )


def insert_draw(
    db: sqlite3.Connection, session: int, *, reviewer: str, client: str, at: str
) -> None:
    """Record that examples were added: an event that changes no tick and can't be undone."""
    db.execute(
        """
        insert into events (session, reviewer, client, seq, at, kind, before, after)
        values (?, ?, ?, 0, ?, 'draw more', '{}', '{}')
        """,
        (session, reviewer, client, at),
    )


def set_images(db: sqlite3.Connection, session: int, images: str) -> None:
    """Change a session's image folder."""
    db.execute("update sessions set images = ? where id = ?", (images, session))


def set_words(db: sqlite3.Connection, session: int, column: str, text: str) -> None:
    """Change a session's notes or its model's name, whichever `column` says."""
    db.execute(f"update sessions set {column} = ? where id = ?", (text, session))


def set_dev_examples(db: sqlite3.Connection, session: int, number: int) -> None:
    """Change of how many dev examples a session's errors are."""
    db.execute("update sessions set dev_examples = ? where id = ?", (number, session))


def set_name(db: sqlite3.Connection, session: int, name: str) -> None:
    """Rename a session."""
    db.execute("update sessions set name = ? where id = ?", (name, session))


def set_preferences(db: sqlite3.Connection, reviewer: str, values: Mapping[str, str]) -> None:
    """Set what a reviewer chose, by name, as JSON."""
    db.executemany(
        "insert or replace into preferences (reviewer, name, value) values (?, ?, ?)",
        ((reviewer, name, value) for name, value in values.items()),
    )


def set_opened(db: sqlite3.Connection, session: int, at: str) -> None:
    """Set when a session was last opened."""
    db.execute("update sessions set opened_at = ? where id = ?", (at, session))


def set_trashed(db: sqlite3.Connection, session: int, at: str | None) -> None:
    """Set when a session was trashed; None takes it out of the trash."""
    db.execute("update sessions set trashed_at = ? where id = ?", (at, session))


def insert_estimates(
    db: sqlite3.Connection,
    session: int,
    estimates: Iterable[Estimate],
    *,
    level: float,
    reviewer: str | None,
    at: str,
) -> None:
    """Insert a report's figures."""
    db.executemany(
        """
        insert into estimates (session, category, looked_at, ticked, share, low, high,
            ceiling, ceiling_low, ceiling_high, level, holds, reviewer, computed_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            (
                session,
                estimate.category,
                estimate.looked_at,
                estimate.ticked,
                estimate.share,
                estimate.low,
                estimate.high,
                estimate.ceiling,
                estimate.ceiling_low,
                estimate.ceiling_high,
                level,
                estimate.holds,
                reviewer,
                at,
            )
            for estimate in estimates
        ),
    )


class Writer:
    """Applies changes to one session, in the caller's transaction."""

    def __init__(self, db: sqlite3.Connection, session: int, at: str) -> None:
        """Write to `session` through `db`; events are stamped `at`."""
        self._db = db
        self._session = session
        self._at = at
        self._patches = Patches(db, session)

    def apply(self, change: AnyChange) -> tuple[int, ...]:
        """Record and apply one change; return the categories that it made.

        One that was recorded before changes nothing. Raises SessionError, with nothing changed, if
        it can never be applied.
        """
        known = self._recorded(change.ref)
        if known is not None:
            return _made_by(known)
        self._db.execute("savepoint change")
        try:
            made = self._apply(change)
        except SessionError:
            self._db.execute("rollback to change")
            self._db.execute("release change")
            raise
        self._db.execute("release change")
        return made

    def _apply(self, change: AnyChange) -> tuple[int, ...]:
        undoes = None
        match change:
            case Change():
                kind, after = change.kind, self._patch(change)
            case Merge():
                kind, after = "merge", self._merge_patch(change)
            case Split():
                kind, after = "split", self._split_patch(change)
            case Undo():
                kind, undoes, after = self._undo_patch(change)
        before = self._patches.before(after, change.reviewer)
        if isinstance(change, Change) and change.fills:
            _drop_answered(before, after)
        event = self._record(change, kind, before, after, undoes)
        self._patches.apply(after, change.reviewer, event)
        return () if undoes else _new_categories(before, after)

    def _recorded(self, ref: Ref) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(
            "select * from events where client = ? and seq = ?", (ref.client, ref.seq)
        ).fetchone()
        return row

    def _record(
        self, change: AnyChange, kind: str, before: Patch, after: Patch, undoes: int | None
    ) -> int:
        """Append the event and return its number."""
        positions, categories = after.get("examples", {}), after.get("categories", {})
        example = None
        if len(positions) == 1:
            example = self._patches.example(int(next(iter(positions))))
        category = int(next(iter(categories))) if len(categories) == 1 else None
        origin = None
        if isinstance(change, Change) and change.origin is not None:
            origin = json.dumps(dict(change.origin), ensure_ascii=False)
        number = self._db.execute(
            """
            insert into events (session, reviewer, client, seq, at, kind, example, category,
                before, after, undoes, origin)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                self._session,
                change.reviewer,
                change.ref.client,
                change.ref.seq,
                self._at,
                kind,
                example,
                category,
                json.dumps(before, ensure_ascii=False),
                json.dumps(after, ensure_ascii=False),
                undoes,
                origin,
            ),
        ).lastrowid
        assert number is not None
        return number

    # --- patches, by kind of change ---

    def _patch(self, change: Change) -> Patch:
        """Return new values as a patch; a new category is inserted here, retired at first."""
        examples = {
            str(position): self._example_values(values)
            for position, values in change.examples.items()
        }
        categories = {
            str(self._category(category)): _category_values(values)
            for category, values in change.categories.items()
        }
        if change.new is not None:
            number, values = self._new_category(change.new)
            categories[str(number)] = values
        patch: Patch = {}
        if examples:
            patch["examples"] = examples
        if categories:
            patch["categories"] = categories
        return patch

    def _example_values(self, values: ExampleValues) -> dict[str, Any]:
        after: dict[str, Any] = to_builtins(values)
        if "ticks" in after:
            after["ticks"] = {
                str(self._category(category)): tick for category, tick in after["ticks"].items()
            }
        return after

    def _new_category(self, values: CategoryValues) -> tuple[int, dict[str, Any]]:
        """Insert a category, retired so far; return its number and the values that restore it."""
        after = _category_values(values)
        if "name" not in after:
            message = "a new category needs a name"
            raise SessionError(message)
        (last,) = self._db.execute(
            "select coalesce(max(position), -1) from categories where session = ?", (self._session,)
        ).fetchone()
        after = {
            "kind": Kind.CAUSE,
            "about": About.IMAGE,
            "description": "",
            "position": last + 1,
        } | after
        number = self._db.execute(
            """
            insert into categories (session, name, kind, about, description, position, retired)
            values (:session, :name, :kind, :about, :description, :position, 1)
            """,
            {**after, "session": self._session},
        ).lastrowid
        assert number is not None
        return number, after | {"retired": 0}

    def _merge_patch(self, change: Merge) -> Patch:
        source, target = self._category(change.source), self._category(change.target)
        if source == target:
            message = "a category can't be merged with itself"
            raise SessionError(message)
        ticks = self._patches.judgements(source), self._patches.judgements(target)
        merged = []
        for place in sorted(ticks[0].keys() | ticks[1].keys()):
            said = [some[place] for some in ticks if place in some]
            values = {value for value, _ in said}
            both = len(said) == len(ticks)
            value = 1 if 1 in values else 0 if both else None
            merged.append([*place, value, max(event for _, event in said)])
        return {
            "categories": {str(source): {"retired": 1}},
            "judgements": {str(target): merged},
        }

    def _split_patch(self, change: Split) -> Patch:
        source = self._category(change.source)
        names = [checked_category_name(name) for name in change.names]
        if not 0 < len(names) <= _MOST_PARTS:
            message = f"a category is split into 1 to {_MOST_PARTS} others"
            raise SessionError(message)
        row = self._db.execute("select * from categories where id = ?", (source,)).fetchone()
        noes = [
            [*place, value, event]
            for place, (value, event) in sorted(self._patches.judgements(source).items())
            if value == 0
        ]
        categories: dict[str, dict[str, Any]] = {str(source): {"retired": 1}}
        for name in names:
            part = CategoryValues(
                name=name,
                kind=Kind(row["kind"]),
                about=About(row["about"]),
                position=row["position"],
            )
            number, values = self._new_category(part)
            categories[str(number)] = values
        parts = [number for number in categories if number != str(source)]
        return {"categories": categories, "judgements": dict.fromkeys(parts, noes)}

    def _undo_patch(self, change: Undo) -> tuple[str, int, Patch]:
        """Return what to call it, the number of the event that is undone, and the patch.

        Undoing an undo does again what was undone, and is called the same.
        """
        if isinstance(change.undoes, Ref):
            row = self._recorded(change.undoes)
        else:
            row = self._db.execute("select * from events where id = ?", (change.undoes,)).fetchone()
        if row is None or (row["session"], row["reviewer"]) != (self._session, change.reviewer):
            message = "there is nothing of yours to undo there"
            raise SessionError(message)
        undone = self._db.execute("select 1 from events where undoes = ?", (row["id"],)).fetchone()
        if undone is not None:
            message = "that was undone already"
            raise SessionError(message)
        if row["kind"] == "draw more":
            message = "a draw can't be undone"
            raise SessionError(message)
        kind = "undo"
        if row["kind"] == "undo":
            (kind,) = self._db.execute(
                "select kind from events where id = ?", (row["undoes"],)
            ).fetchone()
        return kind, int(row["id"]), json.loads(row["before"])

    def _category(self, category: str) -> int:
        """Return the number of a category, which may go by the change that made it."""
        number: str | int | None = category
        if ":" in category:
            event = self._recorded(Ref.parsed(category))
            made = () if event is None else _made_by(event)
            number = made[0] if made else None
        found = self._db.execute(
            "select id from categories where id = ? and session = ?", (number, self._session)
        ).fetchone()
        if found is None:
            message = "the category is not one of this session's"
            raise SessionError(message)
        return int(found["id"])


def _drop_answered(before: Patch, after: Patch) -> None:
    """Drop from a fill the ticks that the reviewer has set already."""
    for position, values in after.get("examples", {}).items():
        said = before["examples"][position].get("ticks", {})
        for category in [category for category, value in said.items() if value is not None]:
            del values["ticks"][category], said[category]


def _made_by(event: sqlite3.Row) -> tuple[int, ...]:
    if event["undoes"]:
        return ()
    return _new_categories(json.loads(event["before"]), json.loads(event["after"]))


def _new_categories(before: Patch, after: Patch) -> tuple[int, ...]:
    """Return the categories that a change made: those it named and brought to life."""
    return tuple(
        int(number)
        for number, values in after.get("categories", {}).items()
        if values.get("retired") == 0
        and "name" in values
        and before["categories"][number].get("retired") == 1
    )


def _category_values(values: CategoryValues) -> dict[str, Any]:
    after: dict[str, Any] = to_builtins(values)
    if "name" in after:
        after["name"] = checked_category_name(after["name"])
    return after
