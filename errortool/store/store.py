"""The store's public face: sessions, ticks, events and estimates in one session file.

A change says what the values are to be, never "one more", and is on disk when `apply` returns.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

import msgspec
from msgspec import UNSET

from errortool.changes import (
    AnyChange,
    Applied,
    CategoryValues,
    Change,
    Event,
    ExampleValues,
    News,
    Preferences,
    Ref,
    Refusal,
    Review,
)
from errortool.errors import SessionError
from errortool.messages import quoted
from errortool.model import (
    Category,
    Estimate,
    Example,
    FullSnapshot,
    Judged,
    NewSession,
    Part,
    Row,
    Session,
    Snapshot,
    checked_category_name,
    checked_name,
)
from errortool.store import audit, backups, copies, queries, writer
from errortool.store.connection import SessionFile
from errortool.store.writer import Writer

Clock = Callable[[], datetime]

_IN_THE_TRASH: Final = "this session is in the trash: restore it to go on"


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Reads and writes one session file; any number of threads may share it."""

    def __init__(self, path: Path, *, create: bool = False, clock: Clock = _now) -> None:
        """Open the session file at `path`; create it first if `create` and it isn't there.

        Raises StoreError if it can't be opened or isn't ours.
        """
        self._clock = clock
        self._file = SessionFile(path, create=create, now=clock())
        self.path = self._file.path

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def closed(self) -> bool:
        """Whether the file was closed."""
        return self._file.closed

    def _time(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds")

    # --- sessions --------------------------------------------------------------------------------

    def create(self, new: NewSession) -> Session:
        """Begin a session. Raises SessionError if its name is taken or a name is invalid."""
        name = checked_name(new.name, "a session")
        for category in new.categories:
            checked_category_name(category.name)
        uid = uuid4().hex
        with self._file.writing() as db:
            _refuse_taken(db, name)
            at = self._time()
            session = writer.insert_session(
                db, replace(new, name=name, images=self._relative(new.images)), uid=uid, at=at
            )
            for seq, category in enumerate(new.categories):
                change = Change(
                    ref=Ref(f"new-{uid}", seq),
                    reviewer="",
                    kind="new category",
                    new=CategoryValues(
                        name=category.name,
                        kind=category.kind,
                        about=category.about,
                        description=category.description,
                    ),
                )
                Writer(db, session, at).apply(change)
            followed = {
                " ".join(one.name.split()): one.follows
                for one in new.categories
                if one.follows is not None
            }
            writer.set_follows(db, session, followed)
            for change in (*_first_changes(new, f"new-{uid}"), *_carries(new, f"carry-{uid}")):
                Writer(db, session, at).apply(change)
        return self.session(str(session))

    def _relative(self, images: str | None) -> str | None:
        """Return the image folder as it is stored: relative if below the session file's folder."""
        if images is None:
            return None
        folder = Path(images).absolute()
        if folder.is_relative_to(self.path.parent):
            return folder.relative_to(self.path.parent).as_posix()
        return str(folder)

    def sessions(self) -> list[Session]:
        """Return the saved sessions, the last opened first, without those in the trash."""
        with self._file.reading() as db:
            return queries.sessions(db, self.path.parent)

    def trashed(self) -> list[Session]:
        """Return the sessions in the trash, the last trashed first."""
        with self._file.reading() as db:
            return queries.sessions(db, self.path.parent, trashed=True)

    def session(self, name: str) -> Session:
        """Return the session of that name or, failing that, of that number.

        Raises SessionError, naming the sessions there are, if there is none.
        """
        with self._file.reading() as db:
            found = queries.find_session(db, name)
            if found is None:
                names = sorted(found.name for found in queries.sessions(db, self.path.parent))
                listed = ", ".join(map(quoted, names)) if names else "none yet: begin with `new`"
                message = f"there is no session {quoted(name)} in {self.path} (there are: {listed})"
                raise SessionError(message)
        return self._one("s.id = ?", found)

    def trashed_session(self, name: str) -> Session:
        """Return the session in the trash of that name, the last trashed one, or of that number.

        Raises SessionError, naming those in the trash, if there is none.
        """
        trashed = self.trashed()
        found = [one for one in trashed if one.name.casefold() == name.strip().casefold()]
        found += [one for one in trashed if str(one.id) == name]
        if not found:
            listed = ", ".join(quoted(one.name) for one in trashed) or "nothing"
            message = (
                f"there is no session {quoted(name)} in the trash of {self.path} (it has: {listed})"
            )
            raise SessionError(message)
        return found[0]

    def session_numbered(self, number: str) -> Session:
        """Return the session of that number. Raises SessionError if there is none."""
        return self._one("cast(s.id as text) = ?", number)

    def name_of(self, uid: str | None) -> str:
        """Return the name of a session by its uid, also in the trash; "" if it isn't there."""
        with self._file.reading() as db:
            return queries.name_of(db, uid)

    def session_of(self, uid: str) -> Session:
        """Return the session of that uid. Raises SessionError if there is none."""
        return self._one("uid = ?", uid)

    def _one(self, condition: str, value: str | int) -> Session:
        with self._file.reading() as db:
            found = queries.session(db, condition, value, self.path.parent)
            if found is None:
                raise self._missing(db, condition, value)
        return found

    def _missing(self, db: sqlite3.Connection, condition: str, value: str | int) -> SessionError:
        """Return the error that there is no session that meets a condition."""
        if queries.is_trashed(db, condition, value):
            return SessionError(_IN_THE_TRASH)
        message = f"this session is not in {self.path.name}: open one from the list of sessions"
        return SessionError(message)

    def opened(self, session: Session) -> None:
        """Remember that the session was opened now."""
        with self._file.writing() as db:
            writer.set_opened(db, session.id, self._time())

    def rename(self, session: Session, name: str) -> None:
        """Give the session another name. Raises SessionError if it is taken or isn't a name."""
        name = checked_name(name, "a session")
        with self._file.writing() as db:
            _refuse_taken(db, name, but=session.id)
            writer.set_name(db, session.id, name)

    def trash(self, session: Session) -> None:
        """Move the session to the trash: hidden and closed to changes, with all that is in it.

        Its name is free for another then. A page that is still open says so, and keeps its unsent
        changes until the session is back.
        """
        with self._file.writing() as db:
            writer.set_trashed(db, session.id, self._time())

    def untrash(self, session: Session) -> None:
        """Put the session back as it was. Raises SessionError if its name was taken meanwhile."""
        with self._file.writing() as db:
            _refuse_taken(db, session.name, but=session.id, do="rename that one first")
            writer.set_trashed(db, session.id, None)

    def duplicate(self, session: Session, name: str, *, with_ticks: bool) -> Session:
        """Copy the session under another name, with all that happened in it or with nothing judged.

        Without ticks it begins anew on the same examples, with the categories as they are now.
        Raises SessionError if the name is taken or isn't a name.
        """
        name = checked_name(name, "a session")
        uid = uuid4().hex
        with self._file.writing() as db:
            _refuse_taken(db, name)
            at = self._time()
            copy = copies.insert(db, session.id, uid=uid, name=name, at=at)
            if with_ticks:
                copies.insert_history(db, session.id, copy)
            else:
                for seq, category in enumerate(queries.categories(db, session.id)):
                    values = CategoryValues(
                        name=category.name,
                        kind=category.kind,
                        about=category.about,
                        description=category.description,
                        position=seq,
                    )
                    ref = Ref(f"new-{uid}", seq)
                    change = Change(ref=ref, reviewer="", kind="new category", new=values)
                    Writer(db, copy, at).apply(change)
        return self.session_of(uid)

    def set_images(self, session: Session, folder: Path) -> None:
        """Change the session's image folder; the images themselves aren't looked at."""
        with self._file.writing() as db:
            writer.set_images(db, session.id, self._relative(str(folder)) or "")

    def set_words(
        self, session: Session, *, notes: str | None = None, model: str | None = None
    ) -> None:
        """Change the session's notes or its model's name; None leaves them as they are."""
        with self._file.writing() as db:
            for column, text in (("notes", notes), ("model", model)):
                if text is not None:
                    writer.set_words(db, session.id, column, text)

    def set_dev_examples(self, session: Session, number: int) -> None:
        """Change of how many dev examples the session's errors are."""
        with self._file.writing() as db:
            writer.set_dev_examples(db, session.id, number)

    def delete(self, session: Session) -> Path:
        """Delete a session that is in the trash for good; return the backup made before.

        Raises SessionError if it isn't in the trash, StoreError if no backup can be made.
        """
        with self._file.reading() as db:
            self._refuse_delete(db, session)
            db.execute("rollback")  # the backup takes its own view of the file
            kept = backups.before_deletion(db, self.path, self._clock())
        with self._file.writing() as db:
            self._refuse_delete(db, session)
            copies.delete(db, session.id)
        return kept

    @staticmethod
    def _refuse_delete(db: sqlite3.Connection, session: Session) -> None:
        if not queries.is_trashed(db, "s.id = ?", session.id):
            message = f"session {quoted(session.name)} is not in the trash: move it there first"
            raise SessionError(message)

    def extend(self, session: Session, examples: Iterable[Example], *, reviewer: str) -> None:
        """Add examples, which were drawn later, after all that are there.

        Raises SessionError if the session is in the trash, or somebody drew at the same moment.
        """
        added = tuple(examples)
        with self._file.writing() as db:
            if queries.is_trashed(db, "s.id = ?", session.id):
                raise SessionError(_IN_THE_TRASH)
            there = len(queries.images(db, session.id))
            if [one.position for one in added] != list(range(there, there + len(added))):
                message = "somebody else drew more at the same moment: look at these first"
                raise SessionError(message)
            writer.insert_examples(db, session.id, added)
            writer.insert_draw(
                db, session.id, reviewer=reviewer, client=f"draw-{uuid4().hex}", at=self._time()
            )

    def dev_set(self, session: Session) -> bytes | None:
        """Return all predictions of a session, packed; None if they aren't kept."""
        with self._file.reading() as db:
            return queries.dev_set(db, session.id)

    def dev_set_mark(self, session: Session) -> str | None:
        """Return the sha256 of the same; None if they aren't kept."""
        with self._file.reading() as db:
            return queries.dev_set_mark(db, session.id)

    def keep_dev_set(self, session: Session, data: bytes) -> None:
        """Keep all predictions of a session that was begun by an older version, packed."""
        with self._file.writing() as db:
            writer.set_dev_set(db, session.id, data)

    # --- what was judged -------------------------------------------------------------------------

    def categories(self, session: Session) -> tuple[Category, ...]:
        """Return the session's categories in their order, without the retired."""
        with self._file.reading() as db:
            return queries.categories(db, session.id)

    def all_categories(self, session: Session) -> tuple[Category, ...]:
        """Return the same with the retired ones among them."""
        with self._file.reading() as db:
            return queries.categories(db, session.id, retired=True)

    def snapshot(self, session: Session, reviewer: str | None = None) -> Snapshot:
        """Return what a session's figures rest on, all read at one moment.

        That is the latest word on each example from those who finished with it or, with
        `reviewer`, that reviewer's word alone. Raises SessionError if that one has judged nothing.
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

    def examples(self, session: Session) -> tuple[Example, ...]:
        """Return the session's examples, in the order of review."""
        with self._file.reading() as db:
            return queries.examples(db, session.id)

    def image(self, uid: str, position: int) -> tuple[str | None, str | None]:
        """Return the image folder of a session and the image at a position there, if it has them.

        Raises SessionError if there is no session of that uid.
        """
        with self._file.reading() as db:
            found = queries.image(db, uid, position, self.path.parent)
            if found is None:
                raise self._missing(db, "uid = ?", uid)
        return found

    def images(self, session: Session) -> tuple[str | None, ...]:
        """Return each example's image, in the order of review."""
        with self._file.reading() as db:
            return queries.images(db, session.id)

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
                ticks=queries.ticks(db, session.id, reviewer, retired=True),
                steps=queries.steps(db, session.id, reviewer),
                undone=queries.undone(db, session.id, reviewer),
                reviewers=tuple(queries.reviewers(db, session.id)),
                preferences=queries.preferences(db, reviewer),
                follows=queries.name_of(db, session.follows),
            )

    def steps(self, session: Session, reviewer: str, *, before: int) -> tuple[Event, ...]:
        """Return the reviewer's changes before an event that can be undone, oldest first."""
        with self._file.reading() as db:
            return queries.steps(db, session.id, reviewer, before)

    def news(self, uid: str, *, after: int, client: str) -> News:
        """Return what others than `client` changed in a session after the event numbered `after`.

        Raises SessionError if there is no session of that uid. Every visible page asks each second,
        so this reads no more than it must.
        """
        with self._file.reading() as db:
            session = queries.session_id(db, uid)
            if session is None:
                raise self._missing(db, "uid = ?", uid)
            return News(
                events=queries.news(db, session, after, client), cursor=queries.cursor(db, session)
            )

    # --- preferences -----------------------------------------------------------------------------

    def preferences(self, reviewer: str) -> Preferences:
        """Return what a reviewer chose for the pages, in any session."""
        with self._file.reading() as db:
            return queries.preferences(db, reviewer)

    def prefer(self, reviewer: str, name: str, value: float) -> None:
        """Keep one choice of a reviewer, by a field of Preferences.

        Raises SessionError if there is no such field, or it can't have that value.
        """
        try:
            msgspec.convert({name: value}, Preferences)
        except msgspec.ValidationError:
            message = f"the preference {name[:40]!r} can't be {value!r}"
            raise SessionError(message) from None
        with self._file.writing() as db:
            writer.set_preferences(db, reviewer, {name: json.dumps(value)})

    # --- changes ---------------------------------------------------------------------------------

    def apply(self, session: Session, changes: Iterable[AnyChange]) -> Applied:
        """Record and apply changes in their order, on disk when this returns.

        One that was recorded before is skipped, and one that can never be applied is refused alone.
        Raises SessionError if the session is in the trash.
        """
        made: dict[int, tuple[int, ...]] = {}
        refusals = []
        with self._file.writing() as db:
            if queries.is_trashed(db, "s.id = ?", session.id):
                raise SessionError(_IN_THE_TRASH)
            writing = Writer(db, session.id, self._time())
            for change in changes:
                try:
                    categories = writing.apply(change)
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
        with self._file.writing() as db:
            writer.insert_estimates(
                db, session.id, estimates, level=level, reviewer=reviewer, at=self._time()
            )

    def backup(self, to: Path) -> None:
        """Copy the whole file, consistent at one moment, to a path where nothing is yet.

        Raises StoreError if something is there or it can't be written.
        """
        with self._file.reading() as db:
            db.execute("rollback")  # the backup takes its own view of the file
            backups.copy(db, to)

    def keep_daily(self) -> None:
        """Make today's backup beside the file, unless it is there, and delete the oldest.

        Raises StoreError if it can't be made.
        """
        with self._file.reading() as db:
            db.execute("rollback")
            backups.keep_daily(db, self.path, self._clock().astimezone().date())

    def check(self) -> tuple[str, ...]:
        """Return the file's faults, a sentence each; none if it is sound."""
        with self._file.reading() as db:
            return tuple(audit.faults(db))


def _first_changes(new: NewSession, client: str) -> Iterator[Change]:
    """Yield what is said of a new session's examples from the start, after its categories."""
    known = {one.name: str(Ref(client, seq)) for seq, one in enumerate(new.categories)}
    for seq, word in enumerate(new.first_words, start=len(new.categories)):
        values = ExampleValues(
            ticks={known[name]: 1 if tick else 0 for name, tick in word.ticks.items()},
            corrected_label=UNSET if word.corrected_label is None else word.corrected_label,
        )
        yield Change(
            ref=Ref(client, seq),
            reviewer=word.reviewer,
            kind="import",
            examples={word.position: values},
        )


def _carries(new: NewSession, client: str) -> Iterator[Change]:
    """Yield what a new session takes over from the round before, a step for each origin."""
    known = {one.name: str(Ref(f"new-{client[6:]}", seq)) for seq, one in enumerate(new.categories)}
    for seq, carried in enumerate(new.carried):
        yield Change(
            ref=Ref(client, seq),
            reviewer=carried.reviewer,
            kind="carry",
            examples={
                word.position: ExampleValues(
                    ticks={known[name]: 1 if tick else 0 for name, tick in word.ticks.items()},
                    status=UNSET if word.status is None else word.status,
                    comment=word.comment or UNSET,
                    corrected_label=UNSET if word.corrected_label is None else word.corrected_label,
                )
                for word in carried.words
            },
            origin={"session": new.follows or "", "reviewer": carried.origin},
        )


def _refuse_taken(
    db: sqlite3.Connection, name: str, *, but: int | None = None, do: str = "choose another name"
) -> None:
    """Raise SessionError if another session than the one numbered `but` has a name."""
    if queries.find_session(db, name) not in {None, but}:
        message = f"there is already a session {quoted(name)}: {do}"
        raise SessionError(message)


def restore(path: Path, backup: Path, *, clock: Clock = _now) -> Path | None:
    """Replace a session file, whatever its state, by a copy of a backup.

    The replaced file is kept among the backups; returns its new path, None if there was none.
    Raises StoreError, with nothing changed, if the backup can't be used or copied.
    """
    return backups.restore(path.absolute(), backup.absolute(), clock())
