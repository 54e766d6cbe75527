"""Names, numbers and session files that can't be taken."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bad_input.case import Case, Content, Outcome, plain, refused, same
from bad_input.ticks import session

from errortool.store.schema import APPLICATION_ID

PLAIN = plain()


def new(name: str, says: str, *options: str, **more: object) -> Case:
    """Return a case of `new` that is refused for one of its options."""
    return refused(name, PLAIN, says, command=("new", "{file}", *options), **more)


UNNAMED = "can't name a session: give it 1 to 100 printable characters"
UNCATEGORY = "can't name a category: give it 1 to 100 printable characters"

NAMES = (
    new("a session of spaces", UNNAMED, "--name", "  "),
    new("a session of 101 letters", UNNAMED, "--name", "x" * 101),
    new("a session that steers the terminal", UNNAMED, "--name", "\x1b[2J"),
    new("a session written backwards", UNNAMED, "--name", "a\u202eb"),
    new("a session of no width", UNNAMED, "--name", "\u200b"),
    new("a session with half a letter", UNNAMED, "--name", "\udcff"),
    new("a session that is there", "already a session 'pets': choose another name",
        "--name", "pets", setting=session),
    new("a session that is there in other case", "already a session 'PETS'", "--name", "PETS",
        setting=session),
    new("a category of nothing", UNCATEGORY, "--category", ""),
    new("a category of spaces", UNCATEGORY, "--category", " \t "),
    new("a category of 101 letters", UNCATEGORY, "--category", "x" * 101),
    new("a category that steers the terminal", UNCATEGORY, "--category", "a\x1b[2Jb"),
    new("a category written backwards", UNCATEGORY, "--label-error", "a\u202eb"),
    new("a category with half a letter", UNCATEGORY, "--category", "\udcff"),
    new("a category called as a column of ours", "a category can't be called 'Label'",
        "--category", "Label"),
    new("a category called as the totals", "a category can't be called '% of total'",
        "--category", "% of total"),
    new("a category twice", "category 'dog' is given twice: leave one out",
        "--category", "Dog", "--category", "dog"),
    new("a category twice, of two kinds", "category 'Dog' is given twice", "--category", "Dog",
        "--label-error", "Dog"),
    new("no sample", "0 is not in the range", "--sample", "0"),
    new("a negative sample", "-1 is not in the range", "--sample", "-1"),
    new("a sample of words", "'many' is not a valid integer", "--sample", "many"),
    new("a sample and a half", "'1.5' is not a valid integer", "--sample", "1.5"),
    same("a sample of more than there is", PLAIN, command=("new", "{file}", "--sample", "9" * 30)),
    new("a seed of words", "'lucky' is not a valid integer", "--seed", "lucky"),
    new("a seed that is too large", "seed 9+ is too large: give a whole", "--seed", "9" * 30),
    new("an unknown option", "No such option", "--sampel", "5"),
    new("an option without its value", "requires an argument", "--name"),
    new("two files", "unexpected extra argument", "other.csv"),
    refused("no file", PLAIN, "Missing argument", command=("new",)),
    refused("an unknown command", PLAIN, "No such command", command=("nwe", "{file}")),
    refused("an unknown session", PLAIN, "there is no session 'cats'", command=("report", "cats"),
            setting=session),
    refused("an unknown meaning of empty", PLAIN, "'maybe' is not one of", setting=session,
            command=("import", "pets", "{file}", "--empty", "maybe")),
)  # fmt: skip


def from_file(name: str, file: str) -> Case:
    """Return a case of a file whose name can't be a session's as it is."""
    return Case(name=name, content=PLAIN, file=file, outcome=Outcome.SAME)


FILES = (
    from_file("a file's name of 200 letters", "x" * 200 + ".csv"),
    from_file("a file's name that steers the terminal", "\x1b[2Ja\nb.csv"),
    from_file("a file's name in another encoding", "caf\udce9.csv"),
    from_file("a file's name of spaces", " .csv"),
    from_file("a file's name of a dot", ".csv"),
    from_file("a file's name with a dash", "./--name.csv"),
)  # fmt: skip


def database(name: str, content: Content, says: str) -> tuple[Case, ...]:
    """Return cases of a session file that isn't one, with every command that opens it."""
    return tuple(
        Case(
            name=f"{name}, {command[0]}", outcome=Outcome.REFUSED, says=says, content=content,
            file="other.db", command=(*command, "--db", "{file}"), setting=_table,
            alone=content is os.mkfifo and command == ("sessions",),
        )
        for command in (("new", "plain.csv"), ("sessions",), ("report", "pets"))
    )  # fmt: skip


def _table(folder: Path) -> None:
    (folder / "plain.csv").write_text(PLAIN)


def foreign(path: Path) -> None:
    """Make a SQLite file of another program."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table sessions (id)")
        db.commit()


def newer(path: Path) -> None:
    """Make a session file of a version to come."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"pragma application_id = {APPLICATION_ID}")
        db.execute("pragma user_version = 9999")
        db.execute("create table sessions (id)")
        db.commit()


HEAD = b"SQLite format 3\0" + bytes(84)

DATABASES = (
    *database("a session file that is text", PLAIN, "is not an errortool session file: choose an"),
    *database("a session file that is empty", b"", "is empty, not a session file: delete it or"),
    *database("a session file that is a folder", Path.mkdir, "is a folder: check --db"),
    *database("a session file that is a FIFO", os.mkfifo, "is not a regular file: check --db"),
    *database("a session file of another program", foreign, "SQLite file of another program"),
    *database("a session file with a head only", HEAD, "is not an errortool session file"),
    *database("a newer session file", newer, "written by a newer errortool: upgrade"),
    new("the predictions as session file", "is not an errortool session file", "--db", "{file}"),
    new("a session file in no folder", "there is no folder", "--db", "gone/errortool.db"),
    refused("no session file", PLAIN, "is not there: check --db", command=("report", "pets")),
)  # fmt: skip

ALL = (*NAMES, *FILES, *DATABASES)
