"""Read a session's values from its tables."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from errortool.changes import Event, Preferences, Ref
from errortool.errors import SessionError
from errortool.messages import quoted
from errortool.model import (
    NOT_LOOKED_AT,
    About,
    Category,
    Columns,
    Example,
    Eyeball,
    FullSnapshot,
    Judged,
    Kind,
    Look,
    Part,
    PartOf,
    Reading,
    Row,
    Session,
    Snapshot,
    Status,
    Subset,
    Ticks,
    Weighed,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# numpy is imported where ticks are read: a server answers sooner without it.

STEPS: Final = 500
"""How many undo steps a review begins with; older ones are loaded when these run out."""

_TIMED: Final = 3
"""From how many timed images on there is a pace."""

_SESSION: Final = """
    select s.*,
        (select count(*) from examples e where e.session = s.id and part = 'error') as sampled,
        (select count(*) from examples e where e.session = s.id and part = 'right') as sampled_right
    from sessions s
"""


def sessions(db: sqlite3.Connection, folder: Path, *, trashed: bool = False) -> list[Session]:
    """Return the sessions, the last opened first, or those in the trash, the last trashed first.

    `folder` is the session file's, which image folders below it are relative to.
    """
    which = (
        "where trashed_at is not null order by trashed_at desc, s.id desc"
        if trashed
        else "where trashed_at is null order by opened_at desc, s.id desc"
    )
    return [_session(row, folder) for row in db.execute(f"{_SESSION} {which}")]


def session(
    db: sqlite3.Connection, condition: str, value: str | int, folder: Path
) -> Session | None:
    """Return the session that meets a condition, None if none does or it is in the trash."""
    row = db.execute(f"{_SESSION} where trashed_at is null and {condition}", (value,)).fetchone()
    return None if row is None else _session(row, folder)


def session_id(db: sqlite3.Connection, uid: str) -> int | None:
    """Return the number of the session of a uid, None if there is none or it is in the trash."""
    row = db.execute(
        "select id from sessions where uid = ? and trashed_at is null", (uid,)
    ).fetchone()
    return None if row is None else int(row["id"])


def name_of(db: sqlite3.Connection, uid: str | None) -> str:
    """Return the name of a session by its uid, also in the trash; "" where it isn't there."""
    row = db.execute("select name from sessions where uid = ?", (uid,)).fetchone()
    return "" if row is None else str(row["name"])


def is_trashed(db: sqlite3.Connection, condition: str, value: str | int) -> bool:
    """Return whether the session that meets a condition is in the trash."""
    query = f"select 1 from sessions s where trashed_at is not null and {condition}"
    return db.execute(query, (value,)).fetchone() is not None


def _session(row: sqlite3.Row, folder: Path) -> Session:
    images, weight = row["images"], row["weight_all"]
    return Session(
        id=row["id"],
        uid=row["uid"],
        name=row["name"],
        predictions=row["predictions"],
        predictions_sha256=row["predictions_sha256"],
        columns=Columns(**json.loads(row["columns"])),
        images=None if images is None else str(folder / images),
        seed=row["seed"],
        dev_examples=row["dev_examples"] or None,
        errors=row["errors"],
        sampled=row["sampled"],
        sampled_right=row["sampled_right"],
        weighed=None
        if weight is None
        else Weighed(
            all=weight,
            errors=row["weight_errors"],
            all_squares=row["weight_all_squares"],
            errors_squares=row["weight_errors_squares"],
        ),
        created_at=row["created_at"],
        opened_at=row["opened_at"],
        model=row["model"],
        notes=row["notes"],
        planned=row["planned"],
        errors_only=bool(row["errors_only"]),
        reading=Reading(**json.loads(row["reading"])) if row["reading"] else None,
        follows=row["follows"],
        eyeball=Eyeball(**json.loads(row["eyeball"])) if row["eyeball"] else None,
        part_of=_part_of(row["part_of"]),
    )


def _part_of(text: str | None) -> PartOf | None:
    if text is None:
        return None
    found = json.loads(text)
    return PartOf(subset=Subset(found["subset"]), of=found["of"], against=found["against"])


def dev_set(db: sqlite3.Connection, session: int) -> bytes | None:
    """Return a session's predictions as they were packed, None if they aren't kept."""
    row = db.execute(
        "select d.data from sessions s join dev_sets d on d.id = s.dev_set where s.id = ?",
        (session,),
    ).fetchone()
    return None if row is None else bytes(row["data"])


def dev_set_mark(db: sqlite3.Connection, session: int) -> str | None:
    """Return the sha256 of a session's packed predictions, None if they aren't kept."""
    row = db.execute(
        "select d.sha256 from sessions s join dev_sets d on d.id = s.dev_set where s.id = ?",
        (session,),
    ).fetchone()
    return None if row is None else str(row["sha256"])


def find_session(db: sqlite3.Connection, name: str) -> int | None:
    """Return the number of the session of that name or, failing that, of that number."""
    row = db.execute(
        """
        select id from sessions
        where trashed_at is null and (name = :name collate nocase or cast(id as text) = :name)
        order by name = :name collate nocase desc
        """,
        {"name": name},
    ).fetchone()
    return None if row is None else int(row["id"])


def categories(
    db: sqlite3.Connection, session: int, *, retired: bool = False
) -> tuple[Category, ...]:
    """Return the session's categories in their order; the retired only if asked for."""
    return tuple(
        Category(
            id=row["id"],
            name=row["name"],
            kind=Kind(row["kind"]),
            position=row["position"],
            description=row["description"],
            retired=bool(row["retired"]),
            about=About(row["about"]),
            follows=row["follows"],
        )
        for row in db.execute(
            """
            select * from categories where session = ? and (not retired or ?)
            order by position, id
            """,
            (session, retired),
        )
    )


def known_names(db: sqlite3.Connection) -> tuple[str, ...]:
    """Return the names of all categories in the file, the most used first."""
    return tuple(
        row["name"]
        for row in db.execute(
            "select name from categories group by name collate nocase order by count(*) desc, name"
        )
    )


def examples(db: sqlite3.Connection, session: int) -> tuple[Example, ...]:
    """Return the session's examples in the order of review."""
    return tuple(
        Example(
            position=row["position"],
            key=row["key"],
            image=row["image"],
            label=row["label"],
            prediction=row["prediction"],
            confidence=row["confidence"],
            weight=row["weight"],
            part=Part(row["part"]),
            extra=json.loads(row["extra"]),
            picture=row["picture"],
        )
        for row in db.execute(
            "select * from examples where session = ? order by position", (session,)
        )
    )


def image(
    db: sqlite3.Connection, uid: str, position: int, folder: Path
) -> tuple[str | None, str | None] | None:
    """Return a session's image folder and the image at a position; None without the session.

    An example without an image has "" there, and a position without an example has None.
    """
    row = db.execute(
        """
        select s.images, case when e.id is not null then coalesce(e.image, '') end
        from sessions s left join examples e on e.session = s.id and e.position = :position
        where s.uid = :uid and s.trashed_at is null
        """,
        {"uid": uid, "position": position},
    ).fetchone()
    if row is None:
        return None
    below, path = row
    return None if below is None else str(folder / below), path


def images(db: sqlite3.Connection, session: int) -> tuple[str | None, ...]:
    """Return each example's image, in the order of review."""
    return tuple(
        row["image"]
        for row in db.execute(
            "select image from examples where session = ? order by position", (session,)
        )
    )


def looks(db: sqlite3.Connection, session: int, reviewer: str | None) -> Iterator[Look]:
    """Yield the looks of one reviewer, or of all for None, oldest word first.

    Those who finished with an example come after those who didn't: the last word wins.
    """
    for row in db.execute(
        """
        select e.position, l.*, v.kind = 'carry' as carried
        from looks l join examples e on e.id = l.example join events v on v.id = l.event
        where e.session = :session and (:reviewer is null or l.reviewer = :reviewer)
        order by l.status is 'looked at', l.event
        """,
        {"session": session, "reviewer": reviewer},
    ):
        yield Look(
            position=row["position"],
            reviewer=row["reviewer"],
            status=None if row["status"] is None else Status(row["status"]),
            comment=row["comment"],
            corrected_label=row["corrected_label"],
            seconds=row["seconds"],
            carried=bool(row["carried"]),
        )


def reviewers(db: sqlite3.Connection, session: int) -> list[str]:
    """Return who has touched examples of the session, in alphabetical order."""
    return [
        row["reviewer"]
        for row in db.execute(
            """
            select distinct l.reviewer from looks l join examples e on e.id = l.example
            where e.session = ? order by 1
            """,
            (session,),
        )
    ]


def ticks(
    db: sqlite3.Connection, session: int, reviewer: str, *, retired: bool = False
) -> dict[int, Ticks]:
    """Return for each category where one reviewer said yes and where no, counted or not.

    Of retired categories only if asked for.
    """
    kept = "" if retired else "and not retired"
    return {
        category: Ticks(yes=tuple(where[yes].tolist()), no=tuple(where[~yes].tolist()))
        for category, where, yes in _unpacked(
            db,
            session,
            f"""
            select category, group_concat(example * 2 + value) from judgements
            where reviewer = :reviewer and category in
                (select id from categories where session = :session {kept})
            group by category
            """,
            reviewer=reviewer,
        )
    }


def judged(
    db: sqlite3.Connection, session: int, reviewer: str | None = None
) -> dict[Part | None, Judged]:
    """Return what counts, the latest word on each example: by part, and of both parts for None.

    That is from those who finished with it or, with `reviewer`, that reviewer's word alone.
    """
    import numpy as np

    columns = categories(db, session)
    facts = db.execute(
        """
        select position, label, prediction, confidence, weight, part
        from examples where session = ? order by position
        """,
        (session,),
    ).fetchall()
    flags, reviewers = _statuses(db, session, reviewer, len(facts))
    looked_at = flags[Status.LOOKED_AT]
    # With one reviewer every judgement is the latest: the view's work can be spared.
    one = reviewer is not None or len(reviewers) == 1
    values = np.full((len(facts), len(columns)), NOT_LOOKED_AT, dtype=np.int8)
    place = {category.id: index for index, category in enumerate(columns)}
    source = "judgements" if one else "latest_judgements"
    for category, where, yes in _counted(db, session, reviewer, source):
        values[where, place[category]] = yes
    values[~looked_at] = NOT_LOOKED_AT
    corrected = _corrected(db, session, reviewer)
    weights = [fact["weight"] for fact in facts]
    everything = Judged(
        categories=columns,
        ticks=values,
        looked_at=looked_at,
        deferred=flags[Status.DEFERRED] & ~looked_at,
        unreadable=flags[Status.UNREADABLE] & ~looked_at,
        labels=tuple(fact["label"] for fact in facts),
        predictions=tuple(fact["prediction"] for fact in facts),
        corrected=tuple(corrected.get(position) for position in range(len(facts))),
        weights=None if None in weights else np.array(weights, dtype=np.float64),
        places=tuple(fact["position"] for fact in facts),
        confidences=tuple(fact["confidence"] for fact in facts),
    )
    of_part = np.array([fact["part"] == Part.ERROR for fact in facts], dtype=np.bool_)
    return {
        None: everything,
        Part.ERROR: everything.only(of_part),
        Part.RIGHT: everything.only(~of_part),
    }


def _statuses(
    db: sqlite3.Connection, session: int, reviewer: str | None, sampled: int
) -> tuple[dict[Status, "NDArray[np.bool_]"], set[str]]:
    """Return which examples have each status from anybody (or one reviewer), and from whom."""
    import numpy as np

    flags = {status: np.zeros(sampled, dtype=np.bool_) for status in Status}
    reviewers = set()
    for who, status, positions in db.execute(
        """
        select l.reviewer, l.status, group_concat(e.position)
        from looks l join examples e on e.id = l.example
        where e.session = :session and l.status is not null
            and (:reviewer is null or l.reviewer = :reviewer)
        group by l.reviewer, l.status
        """,
        {"session": session, "reviewer": reviewer},
    ):
        reviewers.add(who)
        flags[Status(status)][_unpacked_numbers(positions)] = True
    return flags, reviewers


def _counted(
    db: sqlite3.Connection, session: int, reviewer: str | None, source: str
) -> Iterator[tuple[int, "NDArray[np.int64]", "NDArray[np.bool_]"]]:
    """Return the ticks that a table or view of judgements, `source`, holds, as `_unpacked` does."""
    return _unpacked(
        db,
        session,
        f"""
        select category, group_concat(example * 2 + value) from {source}
        where category in (select id from categories where session = :session and not retired)
            and (:reviewer is null or reviewer = :reviewer)
        group by category
        """,
        reviewer=reviewer,
    )


def _corrected(db: sqlite3.Connection, session: int, reviewer: str | None) -> dict[int, str]:
    """Return the latest right label of each position that has one, from those who finished."""
    return {
        row["position"]: row["corrected_label"]
        for row in db.execute(
            """
            select e.position, l.corrected_label
            from looks l join examples e on e.id = l.example
            where e.session = :session and l.corrected_label is not null
                and l.status = 'looked at' and (:reviewer is null or l.reviewer = :reviewer)
            order by l.event
            """,
            {"session": session, "reviewer": reviewer},
        )
    }


def _unpacked(
    db: sqlite3.Connection, session: int, query: str, *, reviewer: str | None
) -> Iterator[tuple[int, "NDArray[np.int64]", "NDArray[np.bool_]"]]:
    """Run a query for packed ticks; yield each category's positions and whether each is a yes.

    SQLite packs a category's ticks into one text of numbers, `example * 2 + value` each: a row a
    tick would take three times as long to fetch.
    """
    import numpy as np

    ids, positions = map(
        _unpacked_numbers,
        db.execute(
            """
            select group_concat(id), group_concat(position)
            from (select id, position from examples where session = ? order by id)
            """,
            (session,),
        ).fetchone(),
    )
    for category, packed in db.execute(query, {"session": session, "reviewer": reviewer}):
        numbers = _unpacked_numbers(packed)
        yield category, positions[np.searchsorted(ids, numbers // 2)], numbers % 2 == 1


def _unpacked_numbers(packed: str | None) -> "NDArray[np.int64]":
    import numpy as np

    return np.fromstring(packed or "", dtype=np.int64, sep=",")


def rows(db: sqlite3.Connection, session: int, counted: Judged) -> tuple[Row, ...]:
    """Return every example with the latest word on it, in the order of review.

    `counted` is what counts of both parts. Ticks on an example that is not finished are
    included, but `Row.looked_at` is false there.
    """
    values = counted.ticks.copy()
    place = {category.id: index for index, category in enumerate(counted.categories)}
    words: dict[int, Look] = {}
    comments: dict[int, str] = {}
    labels: dict[int, str] = {}
    for look in looks(db, session, None):
        words[look.position] = look
        if look.comment:
            comments[look.position] = look.comment
        if look.corrected_label is not None:
            labels[look.position] = look.corrected_label
    for reviewer in {look.reviewer for look in words.values()}:
        for category, said in ticks(db, session, reviewer).items():
            for positions, value in ((list(said.yes), 1), (list(said.no), 0)):
                column = values[:, place[category]]
                free = [
                    position
                    for position in positions
                    if not counted.looked_at[position] and column[position] == NOT_LOOKED_AT
                ]
                column[free] = value
    result = []
    for example, line in zip(examples(db, session), values.tolist(), strict=True):
        word = words.get(example.position)
        result.append(
            Row(
                example=example,
                ticks={
                    category.id: bool(value)
                    for category, value in zip(counted.categories, line, strict=True)
                    if value != NOT_LOOKED_AT
                },
                status=word.status if word else None,
                comment=comments.get(example.position, ""),
                corrected_label=labels.get(example.position),
                reviewer=word.reviewer if word else "",
            )
        )
    return tuple(result)


def snapshot(db: sqlite3.Connection, session: Session, reviewer: str | None) -> Snapshot:
    """Return what figures rest on. Raises SessionError if `reviewer` has judged nothing."""
    return _snapshot(db, session, reviewer, judged(db, session.id, reviewer))


def full_snapshot(db: sqlite3.Connection, session: Session, reviewer: str | None) -> FullSnapshot:
    """Return the same with every example and the latest word on it."""
    found = judged(db, session.id, reviewer)
    counted = found if reviewer is None else judged(db, session.id)
    basis = _snapshot(db, session, reviewer, found)
    return FullSnapshot(
        session=session,
        cursor=basis.cursor,
        pace=basis.pace,
        follows=basis.follows,
        carried=basis.carried,
        ahead=basis.ahead,
        reviewers=basis.reviewers,
        reviewer=reviewer,
        judged=basis.judged,
        right=basis.right,
        rows=rows(db, session.id, counted[None]),
    )


def _snapshot(
    db: sqlite3.Connection,
    session: Session,
    reviewer: str | None,
    found: Mapping[Part | None, Judged],
) -> Snapshot:
    reviewed = reviewers(db, session.id)
    if reviewer is not None and reviewer not in reviewed:
        known = ", ".join(map(quoted, reviewed)) if reviewed else "nobody yet"
        message = (
            f"{quoted(reviewer)} has not reviewed session {quoted(session.name)} "
            f"(there are: {known})"
        )
        raise SessionError(message)
    errors, right, ahead = found[Part.ERROR], found[Part.RIGHT], 0
    if session.follows is not None:
        errors, ahead = errors.in_order()
        right, _ = right.in_order()
    return Snapshot(
        session=session,
        cursor=cursor(db, session.id),
        pace=_pace(db, session.id, reviewer),
        follows=name_of(db, session.follows),
        carried=_carried(db, session.id, reviewer) if session.follows else 0,
        ahead=ahead,
        reviewers=tuple(reviewed),
        reviewer=reviewer,
        judged=errors,
        right=right if session.sampled_right else None,
    )


def _pace(db: sqlite3.Connection, session: int, reviewer: str | None) -> float | None:
    """Return how many seconds an image takes, from those that were timed; None for fewer than 3."""
    timed, seconds = db.execute(
        """
        select count(*), avg(l.seconds) from looks l join examples e on e.id = l.example
        where e.session = :session and l.status = 'looked at' and l.seconds > 0
            and (:reviewer is null or l.reviewer = :reviewer)
        """,
        {"session": session, "reviewer": reviewer},
    ).fetchone()
    return float(seconds) if timed >= _TIMED else None


def _carried(db: sqlite3.Connection, session: int, reviewer: str | None) -> int:
    """Return how many errors the last word on which is one that was carried."""
    (number,) = db.execute(
        """
        select count(*) from (
            select max(l.event) as event
            from looks l join examples e on e.id = l.example
            where e.session = :session and e.part = 'error' and l.status = 'looked at'
                and (:reviewer is null or l.reviewer = :reviewer)
            group by l.example
        ) s join events v on v.id = s.event where v.kind = 'carry'
        """,
        {"session": session, "reviewer": reviewer},
    ).fetchone()
    return int(number)


def steps(
    db: sqlite3.Connection, session: int, reviewer: str, before: int | None = None
) -> tuple[Event, ...]:
    """Return a reviewer's latest changes that can be undone, oldest first.

    Changes already undone, undos, imports and draws can't be, what was done again can. With
    `before` only those earlier than the event of that number.
    """
    rows = db.execute(
        """
        select * from events v
        where session = :session and reviewer = :reviewer
            and kind not in ('undo', 'import', 'draw more') and (:before is null or id < :before)
            and not exists (select 1 from events u where u.undoes = v.id)
        order by id desc limit :most
        """,
        {"session": session, "reviewer": reviewer, "before": before, "most": STEPS},
    ).fetchall()
    return tuple(event(row) for row in reversed(rows))


def undone(db: sqlite3.Connection, session: int, reviewer: str) -> tuple[Event, ...]:
    """Return a reviewer's undos that can be taken back, the next to be so last.

    Each has the kind of what it undid. Any later change but undoing and doing again ends them all.
    """
    rows = db.execute(
        """
        select v.*, t.kind as undid from events v join events t on t.id = v.undoes
        where v.session = :session and v.reviewer = :reviewer and v.kind = 'undo'
            and not exists (select 1 from events u where u.undoes = v.id)
            and v.id > coalesce((
                select max(id) from events
                where session = :session and reviewer = :reviewer
                    and undoes is null and kind != 'draw more'
            ), 0)
        order by v.id desc limit :most
        """,
        {"session": session, "reviewer": reviewer, "most": STEPS},
    ).fetchall()
    return tuple(replace(event(row), kind=row["undid"]) for row in reversed(rows))


def news(db: sqlite3.Connection, session: int, after: int, client: str) -> tuple[Event, ...]:
    """Return what others than `client` changed after the event numbered `after`."""
    return tuple(
        event(row)
        for row in db.execute(
            "select * from events where session = ? and id > ? and client != ? order by id",
            (session, after, client),
        )
    )


def cursor(db: sqlite3.Connection, session: int) -> int:
    """Return the number of the session's last event, 0 before the first."""
    (last,) = db.execute(
        "select coalesce(max(id), 0) from events where session = ?", (session,)
    ).fetchone()
    return int(last)


def event(row: sqlite3.Row) -> Event:
    """Return a row of events as a value."""
    return Event(
        id=row["id"],
        ref=Ref(row["client"], row["seq"]),
        reviewer=row["reviewer"],
        at=row["at"],
        kind=row["kind"],
        before=row["before"],
        after=row["after"],
    )


def preferences(db: sqlite3.Connection, reviewer: str) -> Preferences:
    """Return what a reviewer chose; what this version doesn't know, or take, is left out."""
    chosen = Preferences()
    for row in db.execute("select name, value from preferences where reviewer = ?", (reviewer,)):
        with suppress(msgspec.DecodeError):
            value = msgspec.json.decode(row["value"])
            fields = msgspec.structs.asdict(chosen) | {row["name"]: value}
            chosen = msgspec.convert(fields, Preferences)
    return chosen
