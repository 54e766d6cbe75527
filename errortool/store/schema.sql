-- The tables of a session file as they are today: what the migrations in schema.py add up to.
-- For reading only; a test compares the two.

create table sessions (
    id integer primary key,
    uid text not null unique,           -- tells it from the sessions of other files
    name text not null,
    predictions text not null,          -- path of the predictions file
    predictions_sha256 text not null,
    columns text not null,              -- json: role -> column
    images text,                        -- path of the image folder; relative: to this file
    seed integer not null,
    dev_examples integer not null,      -- 0: not known, the table holds errors only
    errors integer not null,
    created_at text not null,
    opened_at text not null,
    trashed_at text,                    -- null: not in the trash
    weight_all real,                    -- sum of the weights; null: there are none
    weight_errors real,
    model text not null default '',     -- the model's name
    notes text not null default '',
    planned integer,                    -- errors of the first draw; null: not known
    weight_all_squares real,            -- sum of the squared weights; null: older than these
    weight_errors_squares real,
    errors_only integer not null default 0, -- 1: the table holds errors only
    reading text,                       -- json: the table's columns, and what was chosen to read it
    dev_set integer references dev_sets, -- all its predictions; null: not kept
    follows text,                       -- uid of the session of the round before
    eyeball text,                       -- json: the part of the dev set that people may look at
    part_of text                        -- json: which part of another session's predictions it is
) strict;

create table dev_sets (                 -- all predictions of a session, for comparisons
    id integer primary key,
    sha256 text not null unique,        -- of `data`
    data blob not null                  -- a Parquet file: a row a dev example
) strict;

create unique index sessions_name on sessions (name collate nocase) where trashed_at is null;

create table examples (
    id integer primary key,
    session integer not null references sessions,
    position integer not null,          -- order of review, from 0; what was drawn later comes last
    key text not null,                  -- the id in the predictions table
    image text,
    label text not null,
    prediction text not null,
    confidence real,
    weight real,
    extra text not null,                -- json: the other columns
    -- what the model got
    part text not null default 'error' check (part in ('error', 'right')),
    picture text,                       -- sha256 of the image's file when it was drawn
    unique (session, position),
    unique (session, key)
) strict;

create table categories (
    id integer primary key,
    session integer not null references sessions,
    name text not null,
    kind text not null check (kind in ('cause', 'label error')),
    position integer not null,
    description text not null default '',
    retired integer not null default 0 check (retired in (0, 1)),
    -- what a tick speaks of
    about text not null default 'image' check (about in ('image', 'mistake')),
    follows integer                     -- the category of the round before, by its id
) strict;

create unique index categories_name on categories (session, name collate nocase)
where retired = 0;

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
    origin text,                        -- json: whose word of which session was taken over
    unique (client, seq)
) strict;

create index events_session on events (session, id);

create index events_undoes on events (undoes) where undoes is not null;

create table judgements (               -- a missing row is "not looked at"
    category integer not null references categories,
    example integer not null references examples,
    reviewer text not null,
    value integer not null check (value in (0, 1)),
    event integer not null references events,
    primary key (category, example, reviewer)
) strict, without rowid;

create index judgements_example on judgements (example);

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
    computed_at text not null,
    reviewer text,                      -- whose word; null: the latest of all
    holds text                          -- count, planned, always, fixed number only
) strict;

create index estimates_session on estimates (session, computed_at);

create table looks (                    -- one reviewer's word on one example as a whole
    example integer not null references examples,
    reviewer text not null,
    status text check (status in ('looked at', 'deferred', 'unreadable')),
    comment text not null default '',
    corrected_label text,
    seconds real not null default 0,
    event integer not null references events,
    primary key (example, reviewer)
) strict, without rowid;

create table preferences (              -- what a reviewer chose, such as the tiles' size
    reviewer text not null,
    name text not null,
    value text not null,                -- json
    primary key (reviewer, name)
) strict, without rowid;

create view latest_judgements as        -- the last word on each example, of those that count
select j.category, j.example, j.value, j.reviewer, max(j.event) as event
from judgements j
join looks l using (example, reviewer)
where l.status = 'looked at'
group by j.category, j.example;

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
order by s.id, c.position;

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
order by s.id, e.position, c.position;
