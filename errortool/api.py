"""The verbs of the command line as functions, for notebooks and scripts.

Each opens the session file, does its work and lets go of it. Warnings that the command line prints
come as Python warnings.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from errortool import predictions, tables, verbs
from errortool.exchange import Empty
from errortool.model import Kind, NewCategory, Session
from errortool.reports import Report
from errortool.store import Store
from errortool.store import restore as put_back
from errortool.verbs import Imported, Summary

PathLike = str | Path

_DB = "errortool.db"


@contextmanager
def _opened(db: PathLike, *, create: bool = False) -> Iterator[Store]:
    store = Store(Path(db), create=create)
    try:
        yield store
    finally:
        store.close()


def _warn(source: str, sentences: Sequence[str]) -> None:
    for sentence in sentences:
        warnings.warn(f"{source}: {sentence}", UserWarning, stacklevel=3)


def new(
    predictions_file: PathLike,
    *,
    images: PathLike | None = None,
    name: str | None = None,
    sample: int = verbs.SAMPLE_SIZE,
    seed: int = 0,
    categories: Sequence[str] = (),
    label_errors: Sequence[str] = (),
    columns: dict[str, str] | None = None,
    db: PathLike = _DB,
) -> Session:
    """Draw `sample` of the errors in a predictions file and begin a session with them.

    `columns` names columns for roles that their names don't tell, such as `{"label": "y"}`.
    Without categories the session begins with the lecture's. Raises TableError with all faults of
    the file, SessionError for a name that is taken, StoreError for a session file that isn't one.
    """
    path = Path(predictions_file)
    found = predictions.load(path, columns)
    _warn(found.name, found.warnings)
    folder = None if images is None else Path(images)
    drawn = verbs.draw(found, predictions_file=path, images_folder=folder, size=sample, seed=seed)
    _warn(found.name, drawn.warnings)
    chosen = [
        *(NewCategory(name=cause) for cause in categories),
        *(NewCategory(name=error, kind=Kind.LABEL_ERROR) for error in label_errors),
    ]
    with _opened(db, create=True) as store:
        return verbs.begin(store, drawn, name=name, categories=chosen or verbs.FIRST_CATEGORIES)


def sessions(db: PathLike = _DB) -> list[Summary]:
    """Return the saved sessions, the last opened first, with how far each is."""
    with _opened(db) as store:
        return verbs.summaries(store)


def report(name: str, db: PathLike = _DB) -> Report:
    """Return the shares and ceilings of a session, and keep them in its file.

    Raises SessionError if there is no session of that name.
    """
    with _opened(db) as store:
        return verbs.make_report(store, store.session(name))


def export(name: str, to: PathLike, db: PathLike = _DB) -> list[Path]:
    """Write tally.csv and table.csv of a session into the folder `to`; return their paths."""
    with _opened(db) as store:
        return verbs.export(store, store.session(name), Path(to))


def import_ticks(
    name: str,
    table_file: PathLike,
    *,
    empty: str | None = None,
    new_categories: bool = False,
    db: PathLike = _DB,
) -> Imported:
    """Take the ticks and comments of a table, ours or any spreadsheet's, into a session.

    `empty` says what an empty cell means: "no" or "unknown"; by default unknown in our own
    table.csv and no in any other. Raises TableError with all faults, and nothing is taken then.
    """
    with _opened(db) as store:
        table = tables.read(Path(table_file))
        done = verbs.import_ticks(
            store,
            store.session(name),
            table,
            reviewer=verbs.reviewer(),
            empty=None if empty is None else Empty(empty),
            new_categories=new_categories,
        )
    _warn(table.name, done.warnings)
    return done


def backup(to: PathLike, db: PathLike = _DB) -> None:
    """Copy the session file to a path where nothing is yet, also while it is in use."""
    with _opened(db) as store:
        store.backup(Path(to))


def restore(backup_file: PathLike, db: PathLike = _DB) -> Path | None:
    """Put a copy of a backup in the session file's place.

    What was there is kept among the backups; returns its new path, None if nothing was there.
    """
    return put_back(Path(db), Path(backup_file))


def check(db: PathLike = _DB) -> tuple[str, ...]:
    """Return what is wrong with the session file, a sentence each; nothing if it is whole."""
    with _opened(db) as store:
        return store.check()
