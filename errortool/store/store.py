"""The store's one public class: sessions, ticks, events and estimates of a session file.

A change says what the values are to be, never "one more", and is on disk when `apply` returns.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from errortool.errors import SessionError
from errortool.model import (
    AnyChange,
    Applied,
    Category,
    CategoryValues,
    Change,
    Columns,
    Estimate,
    Event,
    FullSnapshot,
    Judged,
    NewSession,
    Part,
    Ref,
    Refusal,
    Review,
    Row,
    Session,
    Snapshot,
    Weighed,
    checked_category_name,
    checked_name,
)
from errortool.store import audit, backups, queries
from errortool.store.connection import SessionFile
from errortool.store.writer import Writer

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """All that errortool keeps, in one session file. Any number of threads may use one."""

    def __init__(self, path: Path, *, create: bool = False, clock: Clock = _now) -> None:
        """Open the session file at `path`; make it first if `create` and it isn't there.

        Raises StoreError if it can't be opened or isn't ours.
        """
        self._clock = clock
        self._file = SessionFile(path, create=create, now=clock())
        self.path = self._file.path

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @property
    def closed(self) -> bool:
        """Whether the file was let go of."""
        return self._file.closed

    def _time(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds")

    # --- sessions --------------------------------------------------------------------------------

    def create(self, new: NewSession) -> Session:
        """Begin a session. Raises SessionError if its name is taken or a name is no good."""
        name = checked_name(new.name, "a session")
        for category in new.categories:
            checked_category_name(category.name)
        uid = uuid4().hex
        with self._file.writing() as db:
            if queries.find_session(db, name) is not None:
                message = f"there is already a session {name!r}: choose another name with --name"
                raise SessionError(message)
            at = self._time()
            session = db.execute(
                """
                insert into sessions (uid, name, predictions, predictions_sha256, columns, images,
                    seed, dev_examples, errors, weight_all, weight_errors, created_at, opened_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                (
                    uid,
                    name,
                    new.predictions,
                    new.predictions_sha256,
                    json.dumps(asdict(new.columns), ensure_ascii=False),
                    self._relative(new.images),
                    new.seed,
                    new.dev_examples,
                    new.errors,
                    new.weighed and new.weighed.all,
                    new.weighed and new.weighed.errors,
                    at,
                    at,
                ),
            ).lastrowid
            db.executemany(
                """
                insert into examples (session, part, position, key, image, label, prediction,
                    confidence, weight, extra)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
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
                    )
                    for example in new.examples
                ),
            )
            assert session is not None
            for seq, category in enumerate(new.categories):
                change = Change(
                    ref=Ref(f"new-{uid}", seq),
                    reviewer="",
                    kind="new category",
                    new=CategoryValues(name=category.name, kind=category.kind),
                )
                Writer(db, session, at).apply(change)
        return self.session(str(session))

    def _relative(self, images: str | None) -> str | None:
        """Return the image folder as it is kept: relative if below the session file's folder."""
        if images is None:
            return None
        folder = Path(images).absolute()
        if folder.is_relative_to(self.path.parent):
            return folder.relative_to(self.path.parent).as_posix()
        return str(folder)

    def sessions(self) -> list[Session]:
        """Return the saved sessions, the last opened first."""
        with self._file.reading() as db:
            return [
                self._session(row)
                for row in db.execute(f"{queries.SESSION} order by opened_at desc, s.id desc")
            ]

    def session(self, name: str) -> Session:
        """Return the session of that name or, where none is so called, of that number.

        Raises SessionError, naming the sessions there are, if there is none.
        """
        with self._file.reading() as db:
            found = queries.find_session(db, name)
            if found is None:
                names = [row["name"] for row in db.execute(f"{queries.SESSION} order by name")]
                listed = ", ".join(map(repr, names)) if names else "none yet: begin with `new`"
                message = f"there is no session {name!r} in {self.path} (there are: {listed})"
                raise SessionError(message)
        return self._one("s.id = ?", found)

    def session_numbered(self, number: str) -> Session:
        """Return the session of that number. Raises SessionError if there is none."""
        return self._one("cast(s.id as text) = ?", number)

    def session_of(self, uid: str) -> Session:
        """Return the session of that uid. Raises SessionError if there is none."""
        return self._one("uid = ?", uid)

    def _one(self, condition: str, value: str | int) -> Session:
        with self._file.reading() as db:
            row = db.execute(f"{queries.SESSION} and {condition}", (value,)).fetchone()
        if row is None:
            message = f"this session is not in {self.path.name}: open one from the list of sessions"
            raise SessionError(message)
        return self._session(row)

    def _session(self, row: sqlite3.Row) -> Session:
        images = row["images"]
        return Session(
            id=row["id"],
            uid=row["uid"],
            name=row["name"],
            predictions=row["predictions"],
            predictions_sha256=row["predictions_sha256"],
            columns=Columns(**json.loads(row["columns"])),
            images=None if images is None else str(self.path.parent / images),
            seed=row["seed"],
            dev_examples=row["dev_examples"],
            errors=row["errors"],
            sampled=row["sampled"],
            sampled_right=row["sampled_right"],
            weighed=None
            if row["weight_all"] is None
            else Weighed(all=row["weight_all"], errors=row["weight_errors"]),
            created_at=row["created_at"],
            opened_at=row["opened_at"],
        )

    def opened(self, session: Session) -> None:
        """Remember that the session was opened now."""
        with self._file.writing() as db:
            db.execute("update sessions set opened_at = ? where id = ?", (self._time(), session.id))

    def rename(self, session: Session, name: str) -> None:
        """Call the session something else. Raises SessionError if the name is taken or no good."""
        name = checked_name(name, "a session")
        with self._file.writing() as db:
            if queries.find_session(db, name) not in {None, session.id}:
                message = f"there is already a session {name!r}: choose another name"
                raise SessionError(message)
            db.execute("update sessions set name = ? where id = ?", (name, session.id))

    # --- what was judged -------------------------------------------------------------------------

    def categories(self, session: Session) -> tuple[Category, ...]:
        """Return the session's categories in their order, without the retired."""
        with self._file.reading() as db:
            return queries.categories(db, session.id)

    def snapshot(self, session: Session, reviewer: str | None = None) -> Snapshot:
        """Return what a session's figures rest on, all read at one moment.

        That is the latest word on each example from those who finished with it or, with
        `reviewer`, that reviewer's word alone. Raises SessionError if nobody of that name reviewed.
        """
        with self._file.reading() as db:
            return queries.snapshot(db, session, reviewer)

    def full_snapshot(self, session: Session, reviewer: str | None = None) -> FullSnapshot:
        """Return the same with every example and the latest word on it (of all reviewers)."""
        with self._file.reading() as db:
            return queries.full_snapshot(db, session, reviewer)

    def cursor(self, session: Session) -> int:
        """Return the number of the session's last event: what was read before it may be old."""
        with self._file.reading() as db:
            return queries.cursor(db, session.id)

    def judged(
        self, session: Session, reviewer: str | None = None, part: Part = Part.ERROR
    ) -> Judged:
        """Return what counts: the latest word on each example from those who finished with it.

        Or, with `reviewer`, that reviewer's word alone.
        """
        with self._file.reading() as db:
            return queries.judged(db, session.id, reviewer)[part]

    def rows(self, session: Session) -> tuple[Row, ...]:
        """Return every example with the latest word on it, in the order of review."""
        with self._file.reading() as db:
            return queries.rows(db, session.id, queries.judged(db, session.id)[None])

    def images(self, session: Session) -> tuple[str | None, ...]:
        """Return each example's image, in the order of review."""
        with self._file.reading() as db:
            return tuple(
                row["image"]
                for row in db.execute(
                    "select image from examples where session = ? order by position", (session.id,)
                )
            )

    def review(self, session: Session, reviewer: str) -> Review:
        """Return where `reviewer` stands in the session, all read at one moment."""
        with self._file.reading() as db:
            return Review(
                session=session,
                cursor=queries.cursor(db, session.id),
                categories=queries.categories(db, session.id, retired=True),
                known_names=queries.known_names(db),
                examples=queries.examples(db, session.id),
                looks=tuple(queries.looks(db, session.id, reviewer)),
                ticks=queries.ticks(db, session.id, reviewer),
                steps=queries.steps(db, session.id, reviewer),
            )

    def steps(self, session: Session, reviewer: str, *, before: int) -> tuple[Event, ...]:
        """Return the reviewer's changes before an event that can be undone, oldest first."""
        with self._file.reading() as db:
            return queries.steps(db, session.id, reviewer, before)

    def news(self, session: Session, *, after: int, client: str) -> tuple[Event, ...]:
        """Return what others than `client` changed after the event numbered `after`."""
        with self._file.reading() as db:
            return queries.news(db, session.id, after, client)

    # --- changes ---------------------------------------------------------------------------------

    def apply(self, session: Session, changes: Iterable[AnyChange]) -> Applied:
        """Record and carry out changes in their order, on disk when this returns.

        What was recorded before is passed over, and so is what can never be taken.
        """
        made: dict[int, tuple[int, ...]] = {}
        refusals = []
        with self._file.writing() as db:
            writer = Writer(db, session.id, self._time())
            for change in changes:
                try:
                    categories = writer.apply(change)
                except SessionError as error:
                    refusals.append(Refusal(seq=change.ref.seq, reason=str(error)))
                    continue
                if categories:
                    made[change.ref.seq] = categories
            cursor = queries.cursor(db, session.id)
        return Applied(made=made, refusals=tuple(refusals), cursor=cursor)

    # --- files and figures -----------------------------------------------------------------------

    def record(
        self,
        session: Session,
        estimates: Iterable[Estimate],
        *,
        level: float,
        reviewer: str | None,
    ) -> None:
        """Keep figures in the table of estimates; `reviewer` is None for the word of all."""
        at = self._time()
        with self._file.writing() as db:
            db.executemany(
                """
                insert into estimates (session, category, looked_at, ticked, share, low, high,
                    ceiling, ceiling_low, ceiling_high, level, reviewer, computed_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                (
                    (
                        session.id,
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
                        reviewer,
                        at,
                    )
                    for estimate in estimates
                ),
            )

    def backup(self, to: Path) -> None:
        """Copy the whole file, consistent at one moment, to a path where nothing is yet.

        Raises StoreError if something is there or it can't be written.
        """
        with self._file.reading() as db:
            db.execute("rollback")  # the backup takes its own view of the file
            backups.copy(db, to)

    def keep_daily(self) -> None:
        """Make today's backup beside the file, unless it is there, and drop the oldest.

        Raises StoreError if it can't be made.
        """
        with self._file.reading() as db:
            db.execute("rollback")
            backups.keep_daily(db, self.path, self._clock().astimezone().date())

    def check(self) -> tuple[str, ...]:
        """Return what is wrong with the file, a sentence each; nothing if all is as it must be."""
        with self._file.reading() as db:
            return tuple(audit.faults(db))


def restore(path: Path, backup: Path, *, clock: Clock = _now) -> Path | None:
    """Put a copy of a backup in the place of a session file, in whatever state that is.

    What was there is kept among the backups; returns its new path, None if nothing was there.
    Raises StoreError if the backup is no good or can't be copied; then nothing has changed.
    """
    return backups.restore(path.absolute(), backup.absolute(), clock())
