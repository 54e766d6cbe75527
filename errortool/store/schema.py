"""Migrations of the session file; schema.sql shows what they add up to.

They are only ever appended. All that a file lacks run in one transaction: it is old or new, never
half migrated.
"""

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlite_utils import Database

APPLICATION_ID: Final = 0x45525254  # "ERRT": distinguishes our files from other SQLite files

_FIRST: Final = (
    """
    create table sessions (
        id integer primary key,
        uid text not null unique,           -- tells it from the sessions of other files
        name text not null,
        predictions text not null,          -- path of the predictions file
        predictions_sha256 text not null,
        columns text not null,              -- json: role -> column
        images text,                        -- path of the image folder; relative: to this file
        seed integer not null,
        dev_examples integer not null,
        errors integer not null,
        created_at text not null,
        opened_at text not null,
        trashed_at text
    ) strict
    """,
    "create unique index sessions_name on sessions (name collate nocase) where trashed_at is null",
    """
    create table examples (
        id integer primary key,
        session integer not null references sessions,
        position integer not null,          -- order of review, from 0
        key text not null,                  -- the id in the predictions table
        image text,
        label text not null,
        prediction text not null,
        confidence real,
        weight real,
        extra text not null,                -- json: the other columns
        unique (session, position),
        unique (session, key)
    ) strict
    """,
    """
    create table categories (
        id integer primary key,
        session integer not null references sessions,
        name text not null,
        kind text not null check (kind in ('cause', 'label error')),
        position integer not null,
        description text not null default '',
        retired integer not null default 0 check (retired in (0, 1))
    ) strict
    """,
    """
    create unique index categories_name on categories (session, name collate nocase)
    where retired = 0
    """,
    """
    create table events (                   -- append-only: every change, with what was before
        id integer primary key autoincrement,
        session integer not null references sessions,
        reviewer text not null,
        client text not null,               -- who sent it, and
        seq integer not null,               -- its number there: sending twice changes nothing
        at text not null,
        kind text not null,
        example integer references examples,        -- where it is about just one
        category integer references categories,     -- where it is about just one
        before text not null,               -- json: a patch, the changed values as they were
        after text not null,                -- json: a patch, the changed values as they are
        undoes integer references events,
        unique (client, seq)
    ) strict
    """,
    "create index events_session on events (session, id)",
    "create index events_undoes on events (undoes) where undoes is not null",
    """
    create table looks (
        example integer not null references examples,
        reviewer text not null,
        status text check (status in ('looked at', 'deferred')),
        comment text not null default '',
        corrected_label text,
        seconds real not null default 0,
        event integer not null references events,
        primary key (example, reviewer)
    ) strict, without rowid
    """,
    """
    create table judgements (               -- a missing row is "not looked at"
        category integer not null references categories,
        example integer not null references examples,
        reviewer text not null,
        value integer not null check (value in (0, 1)),
        event integer not null references events,
        primary key (category, example, reviewer)
    ) strict, without rowid
    """,
    "create index judgements_example on judgements (example)",
    """
    create table estimates (                -- the figures of each report that was made
        session integer not null references sessions,
        category integer not null references categories,
        looked_at integer not null,
        ticked integer not null,
        share real,
        low real,
        high real,
        ceiling real,
        ceiling_low real,
        ceiling_high real,
        level real not null,
        computed_at text not null
    ) strict
    """,
    "create index estimates_session on estimates (session, computed_at)",
    """
    create view latest_judgements as        -- the last word on each example, of those that count
    select j.category, j.example, j.value, j.reviewer, max(j.event) as event
    from judgements j
    join looks l using (example, reviewer)
    where l.status = 'looked at'
    group by j.category, j.example
    """,
    """
    create view tally as
    select
        s.name as session,
        c.name as category,
        c.kind,
        count(j.value) as looked_at,
        coalesce(sum(j.value), 0) as ticked,
        avg(j.value) as share,
        1.0 * s.errors / s.dev_examples as dev_error,
        1.0 * s.errors / s.dev_examples * (1 - avg(j.value)) as ceiling,
        1.0 * s.errors / s.dev_examples * avg(j.value) as points,
        s.errors * avg(j.value) as dev_examples
    from sessions s
    join categories c on c.session = s.id and not c.retired
    left join latest_judgements j on j.category = c.id
    where s.trashed_at is null
    group by c.id
    order by s.id, c.position
    """,
    """
    create view tick_table as
    select
        s.name as session,
        e.position,
        e.key as id,
        e.image,
        e.label,
        e.prediction,
        e.confidence,
        c.name as category,
        j.value as tick,
        l.reviewer,
        l.status,
        l.comment,
        l.corrected_label,
        l.seconds
    from sessions s
    join examples e on e.session = s.id
    join categories c on c.session = s.id and not c.retired
    left join looks l on l.example = e.id
    left join judgements j
        on j.example = e.id and j.category = c.id and j.reviewer = l.reviewer
    where s.trashed_at is null
    order by s.id, e.position, c.position
    """,
)

_SECOND: Final = (
    "alter table sessions add column weight_all real",  # sum of the weights; null: there are none
    "alter table sessions add column weight_errors real",
    # What the model got; `position` counts the errors first.
    """
    alter table examples add column part text not null default 'error'
    check (part in ('error', 'right'))
    """,
    "alter table estimates add column reviewer text",  # whose word; null: the latest of all
    "drop view tick_table",
    "drop view tally",
    "drop view latest_judgements",
    # A look may be of an unreadable image: a check is changed by making its table anew.
    """
    create table new_looks (
        example integer not null references examples,
        reviewer text not null,
        status text check (status in ('looked at', 'deferred', 'unreadable')),
        comment text not null default '',
        corrected_label text,
        seconds real not null default 0,
        event integer not null references events,
        primary key (example, reviewer)
    ) strict, without rowid
    """,
    "insert into new_looks select * from looks",
    "drop table looks",
    "alter table new_looks rename to looks",
    """
    create view latest_judgements as        -- the last word on each example, of those that count
    select j.category, j.example, j.value, j.reviewer, max(j.event) as event
    from judgements j
    join looks l using (example, reviewer)
    where l.status = 'looked at'
    group by j.category, j.example
    """,
    """
    create view tally as
    select
        s.name as session,
        c.name as category,
        c.kind,
        count(j.value) as looked_at,
        coalesce(sum(j.value), 0) as ticked,
        avg(j.value) as share,
        1.0 * s.errors / s.dev_examples as dev_error,
        1.0 * s.errors / s.dev_examples * (1 - avg(j.value)) as ceiling,
        1.0 * s.errors / s.dev_examples * avg(j.value) as points,
        s.errors * avg(j.value) as dev_examples
    from sessions s
    join categories c on c.session = s.id and not c.retired
    left join (
        select l.* from latest_judgements l join examples e on e.id = l.example
        where e.part = 'error'
    ) j on j.category = c.id
    where s.trashed_at is null
    group by c.id
    order by s.id, c.position
    """,
    """
    create view tick_table as
    select
        s.name as session,
        e.part,
        e.position,
        e.key as id,
        e.image,
        e.label,
        e.prediction,
        e.confidence,
        c.name as category,
        j.value as tick,
        l.reviewer,
        l.status,
        l.comment,
        l.corrected_label,
        l.seconds
    from sessions s
    join examples e on e.session = s.id
    join categories c on c.session = s.id and not c.retired
    left join looks l on l.example = e.id
    left join judgements j
        on j.example = e.id and j.category = c.id and j.reviewer = l.reviewer
    where s.trashed_at is null
    order by s.id, e.position, c.position
    """,
)

_THIRD: Final = (
    "alter table sessions add column model text not null default ''",
    "alter table sessions add column notes text not null default ''",
    """
    create table preferences (              -- what a reviewer chose, such as the tiles' size
        reviewer text not null,
        name text not null,
        value text not null,                -- json
        primary key (reviewer, name)
    ) strict, without rowid
    """,
)

_FOURTH: Final = (
    "alter table estimates add column holds text",
    "alter table sessions add column planned integer",
    "alter table sessions add column weight_all_squares real",
    "alter table sessions add column weight_errors_squares real",
    # What was drawn later isn't marked, so that the plan of such a session isn't known.
    """
    update sessions set planned =
        (select count(*) from examples e where e.session = sessions.id and e.part = 'error')
    where not exists
        (select 1 from events v where v.session = sessions.id and v.kind = 'draw more')
    """,
)

_FIFTH: Final = (
    "alter table sessions add column errors_only integer not null default 0",
    # Every example an error: of how many the errors are, such a table doesn't say.
    "update sessions set errors_only = 1, dev_examples = 0 where dev_examples = errors",
)


_SIXTH: Final = ("alter table sessions add column reading text",)

_SEVENTH: Final = (
    """
    create table dev_sets (                 -- all predictions of a session, for comparisons
        id integer primary key,
        sha256 text not null unique,        -- of `data`
        data blob not null                  -- a Parquet file: a row a dev example
    ) strict
    """,
    "alter table sessions add column dev_set integer references dev_sets",
    "alter table sessions add column follows text",
    "alter table sessions add column eyeball text",
    "alter table sessions add column part_of text",
    """
    alter table categories add column about text not null default 'image'
    check (about in ('image', 'mistake'))
    """,
    "alter table categories add column follows integer",
    "alter table examples add column picture text",
    "alter table events add column origin text",
)


def _first(db: "Database") -> None:
    """Create the tables of the first release."""
    for statement in _FIRST:
        db.conn.execute(statement)


def _second(db: "Database") -> None:
    """Add correct predictions, weights, unreadable images and reports by reviewer."""
    for statement in _SECOND:
        db.conn.execute(statement)


def _third(db: "Database") -> None:
    """Add preferences, and a session's model and notes."""
    for statement in _THIRD:
        db.conn.execute(statement)


def _fourth(db: "Database") -> None:
    """Add what intervals need that hold: the planned number of errors, and squared weights."""
    for statement in _FOURTH:
        db.conn.execute(statement)


def _fifth(db: "Database") -> None:
    """Add which tables hold errors only, so that the number of dev examples isn't in them."""
    for statement in _FIFTH:
        db.conn.execute(statement)


def _sixth(db: "Database") -> None:
    """Add what was chosen to read a table, so that another of its shape is read alike."""
    for statement in _SIXTH:
        db.conn.execute(statement)


def _seventh(db: "Database") -> None:
    """Add rounds: all predictions, what follows what, and what ticks and words were taken over."""
    for statement in _SEVENTH:
        db.conn.execute(statement)


MIGRATIONS: tuple[Callable[["Database"], None], ...] = (
    _first,
    _second,
    _third,
    _fourth,
    _fifth,
    _sixth,
    _seventh,
)
"""In order; a file records each by its function's name."""

VERSION: Final = len(MIGRATIONS)
"""The `user_version` of a current file."""


def migrate(connection: sqlite3.Connection) -> None:
    """Apply the migrations that a file lacks, in the caller's transaction."""
    # Imported here: it imports pandas, which opening a current file doesn't need.
    from sqlite_utils import Database, Migrations

    known = Migrations("errortool")
    for migration in MIGRATIONS:
        known(name=migration.__name__.strip("_"))(migration)
    known.apply(Database(connection, execute_plugins=False, recursive_triggers=False))
    connection.execute(f"pragma user_version = {len(MIGRATIONS)}")
    connection.execute(f"pragma application_id = {APPLICATION_ID}")
