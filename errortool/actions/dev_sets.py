"""All predictions of a session: kept in the session file, else read again from their table."""

from dataclasses import asdict, replace
from pathlib import Path

from errortool.actions import kept_tables
from errortool.data import dev_sets, predictions, tables
from errortool.data.dev_sets import DevSet
from errortool.data.predictions import Predictions
from errortool.data.tables import Progress, Table
from errortool.errors import SessionError, TableError
from errortool.messages import quoted
from errortool.model import Session
from errortool.store import Store


def of_session(store: Store, session: Session, progress: Progress = lambda _: None) -> DevSet:
    """Return all predictions of a session, under its name.

    One that was begun by an older version gets them from its table, and keeps them from then on.
    Raises SessionError if that is gone or has changed.
    """
    name = f"session {quoted(session.name)}"
    data = store.dev_set(session)
    if data is not None:
        return replace(dev_sets.unpacked(data, name), name=name)
    found = checked(store, session, progress, need="to compare it").dev_set
    store.keep_dev_set(session, dev_sets.packed(found))
    return replace(found, name=name)


def checked(
    store: Store, session: Session, progress: Progress = lambda _: None, *, need: str
) -> Predictions:
    """Return the predictions table that a session was drawn from, checked again.

    `need` says what it is needed for. Raises SessionError if it is gone or has changed.
    """
    return predictions.validate(
        _table(store, session, progress, need),
        {role: column for role, column in asdict(session.columns).items() if column is not None},
        only_chosen=True,
    )


def _table(store: Store, session: Session, progress: Progress, need: str) -> Table:
    """Read the table that a session was drawn from. Raises SessionError if it isn't there."""
    kept = kept_tables.kept(store.path, session.predictions_sha256)
    path = kept or Path(session.predictions)
    try:
        table = tables.read(path, progress)
    except TableError:
        if path.exists():
            raise
        message = (
            f"the table that session {quoted(session.name)} was drawn from is no longer at {path}: "
            f"put the same file back there {need}"
        )
        raise SessionError(message) from None
    if table.sha256 != session.predictions_sha256:
        message = (
            f"{path} has changed since session {quoted(session.name)} was drawn from it: put the "
            f"file back as it was {need}, or begin a new session on this one"
        )
        raise SessionError(message)
    return table
