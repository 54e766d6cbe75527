"""Apply patches: what a change makes of a session, or what was there before, as JSON values.

A patch has up to three parts, each naming only what changes::

    {"examples": {"12": {"status": "looked at", "ticks": {"3": 1, "4": 0}, "comment": "..."}},
     "categories": {"3": {"name": "Dog", "position": 0, "retired": 0}},
     "judgements": {"3": [[12, "ann", 1, 77]]}}

`examples` (by position) are of the event's reviewer; `judgements` (by category: position,
reviewer, value, event) are of anyone, as merging and splitting need. A tick of null is "not looked
at". Applying the `after` of all events, in order, gives the tables as they are. The browser's Model
has a `before` and an `apply` that do the same (tests/contract).
"""

import sqlite3
from typing import Any, Final

from errortool.errors import SessionError
from errortool.messages import quoted

Patch = dict[str, Any]

_BLANK: Final = {"status": None, "comment": "", "corrected_label": None, "seconds": 0.0}

Place = tuple[int, str]
"""A position and a reviewer."""


class Patches:
    """Inverts and applies patches of one session, in the caller's transaction."""

    def __init__(self, db: sqlite3.Connection, session: int) -> None:
        """Work on `session` through `db`."""
        self._db = db
        self._session = session

    def example(self, position: int) -> int:
        """Return the number of the example at a position; raise SessionError if there is none."""
        row = self._db.execute(
            "select id from examples where session = ? and position = ?", (self._session, position)
        ).fetchone()
        if row is None:
            message = f"there is no image number {position + 1} in this session"
            raise SessionError(message)
        return int(row["id"])

    def judgements(self, category: int) -> dict[Place, tuple[int, int]]:
        """Return everybody's ticks of a category: value and event, by position and reviewer."""
        return {
            (row["position"], row["reviewer"]): (row["value"], row["event"])
            for row in self._db.execute(
                """
                select e.position, j.reviewer, j.value, j.event
                from judgements j join examples e on e.id = j.example
                where j.category = ?
                """,
                (category,),
            )
        }

    # --- before ---

    def before(self, patch: Patch, reviewer: str) -> Patch:
        """Return the patch that would put back what `patch` is about to change."""
        before: Patch = {}
        if "examples" in patch:
            before["examples"] = {
                position: self._before_example(int(position), reviewer, values)
                for position, values in patch["examples"].items()
            }
        if "categories" in patch:
            before["categories"] = {
                category: self._before_category(int(category), values)
                for category, values in patch["categories"].items()
            }
        if "judgements" in patch:
            before["judgements"] = {
                category: self._before_judgements(int(category), entries)
                for category, entries in patch["judgements"].items()
            }
        return before

    def _before_example(
        self, position: int, reviewer: str, values: dict[str, Any]
    ) -> dict[str, Any]:
        example = self.example(position)
        look = self._db.execute(
            "select * from looks where example = ? and reviewer = ?", (example, reviewer)
        ).fetchone()
        before: dict[str, Any] = {
            key: _BLANK[key] if look is None else look[key] for key in values if key != "ticks"
        }
        if "ticks" in values:
            before["ticks"] = {
                category: self._before_tick(int(category), example, reviewer)
                for category in values["ticks"]
            }
        return before

    def _before_tick(self, category: int, example: int, reviewer: str) -> int | None:
        row = self._db.execute(
            "select value from judgements where category = ? and example = ? and reviewer = ?",
            (category, example, reviewer),
        ).fetchone()
        return None if row is None else int(row["value"])

    def _before_category(self, category: int, values: dict[str, Any]) -> dict[str, Any]:
        row = self._db.execute("select * from categories where id = ?", (category,)).fetchone()
        return {key: row[key] for key in values}

    def _before_judgements(self, category: int, entries: list[list[Any]]) -> list[list[Any]]:
        known = self.judgements(category)
        return [
            [position, who, *known.get((position, who), (None, None))]
            for position, who, _, _ in entries
        ]

    # --- applying ---

    def apply(self, patch: Patch, reviewer: str, event: int) -> None:
        """Change the tables as the patch, which is of `event`, says.

        Raises SessionError where a category's name is taken.
        """
        for position, values in patch.get("examples", {}).items():
            self._set_example(int(position), reviewer, values, event)
        # Retired first: another category may take the name that is given up.
        categories = patch.get("categories", {}).items()
        for category, values in sorted(categories, key=lambda item: -item[1].get("retired", 0)):
            self._set_category(int(category), values)
        for category, entries in patch.get("judgements", {}).items():
            for position, who, value, said in entries:
                self._set_tick(int(category), self.example(position), who, value, said)

    def _set_example(
        self, position: int, reviewer: str, values: dict[str, Any], event: int
    ) -> None:
        example = self.example(position)
        # Even for ticks alone: the views reach a reviewer's ticks through the look.
        self._db.execute(
            "insert into looks (example, reviewer, event) values (?, ?, ?) on conflict do nothing",
            (example, reviewer, event),
        )
        columns = {key: value for key, value in values.items() if key in _BLANK}
        assignments = "".join(f"{column} = :{column}, " for column in columns)
        self._db.execute(
            f"update looks set {assignments}event = :event "
            "where example = :example and reviewer = :reviewer",
            {**columns, "event": event, "example": example, "reviewer": reviewer},
        )
        for category, value in values.get("ticks", {}).items():
            self._set_tick(int(category), example, reviewer, value, event)

    def _set_tick(
        self, category: int, example: int, reviewer: str, value: int | None, event: int | None
    ) -> None:
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
                (category, example, reviewer, value, event),
            )

    def _set_category(self, category: int, values: dict[str, Any]) -> None:
        assignments = ", ".join(f"{column} = :{column}" for column in values)
        if not assignments:
            return
        try:
            self._db.execute(
                f"update categories set {assignments} where id = :id", {**values, "id": category}
            )
        except sqlite3.IntegrityError:
            (name,) = self._db.execute(
                "select coalesce(:name, name) from categories where id = :id",
                {"name": values.get("name"), "id": category},
            ).fetchone()
            message = f"there is already a category {quoted(name)}"
            raise SessionError(message) from None
