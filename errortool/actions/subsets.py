"""Begin a session on a part of a round's predictions: all newly wrong, or what nobody had seen."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from errortool.actions import comparing, new_session, rounds
from errortool.actions.comparing import Compared
from errortool.data import predictions, tables
from errortool.data.dev_sets import DevSet
from errortool.errors import SessionError
from errortool.messages import count, quoted
from errortool.model import PartOf, Session, Subset
from errortool.store import Store

Rows = NDArray[np.int64]

_MOST: Final = 10_000
"""Images that one session on all newly wrong ones takes."""

_ROLES: Final = ("id", "image", "label", "prediction", "confidence", "weight")
_WEIGHT: Final = "weight"


def begin(store: Store, found: Compared, subset: Subset, reviewer: str = "") -> Session:
    """Begin a session on a part of the second round's predictions, or go on with the one begun.

    Raises SessionError if there is nothing in that part, or the sides aren't sessions.
    """
    a, b = found.a.session, found.b.session
    if a is None or b is None:
        message = "only what was newly wrong between two sessions can be looked at: begin these"
        raise SessionError(message)
    known = comparing.begun(store, a, b, subset)
    if known is not None:
        return known
    if subset is Subset.NEWLY_WRONG:
        return _newly_wrong(store, found, a, b, reviewer)
    return _unseen(store, found, a, b, reviewer)


def _newly_wrong(store: Store, found: Compared, a: Session, b: Session, reviewer: str) -> Session:
    """Begin a session on all that was right in the first round and is wrong in the second.

    It is by the labels that each round had, as the gains of the categories are.
    """
    shared = found.shared
    rows = found.match.rows_b[np.flatnonzero(~shared.was_wrong & shared.wrong_b)]
    if not rows.size:
        message = f"nothing is newly wrong in session {quoted(b.name)}"
        raise SessionError(message)
    data = _table(found.b.dev_set, rows)
    part_of = PartOf(subset=Subset.NEWLY_WRONG, of=b.uid, against=a.uid)
    made = _begin(store, b, data, part_of, reviewer=reviewer, seed=b.seed, size=_MOST)
    notes = f"All that {quoted(a.name)} got right and {quoted(b.name)} got wrong."
    store.set_words(made, notes=notes)
    return made


def _unseen(store: Store, found: Compared, a: Session, b: Session, reviewer: str) -> Session:
    """Begin a session on the errors that nobody had seen when the second model was made.

    It has a new seed. What people looked at in the first round were errors, and are left out. So
    that the dev error stays that of the whole dev set, the errors of the first round that nobody
    saw count for the seen ones too.
    """
    shared, match = found.shared, found.match
    seen = found.words_a.seen
    errors = shared.was_wrong
    unseen = errors & ~seen
    if not unseen.any() or not (shared.wrong_b & ~seen).any():
        message = f"no error of session {quoted(b.name)} is left that nobody has seen"
        raise SessionError(message)
    units = found.b.dev_set.weights
    weights = np.ones(len(found.b.dev_set)) if units is None else units.copy()
    whole, part = shared.units[errors].sum(), shared.units[unseen].sum()
    weights[match.rows_b[unseen]] *= whole / part
    kept = np.ones(len(found.b.dev_set), dtype=np.bool_)
    kept[match.rows_b[seen]] = False
    rows = np.flatnonzero(kept)
    data = _table(found.b.dev_set, rows, weights[rows])
    size = b.planned or b.sampled
    part_of = PartOf(subset=Subset.UNSEEN, of=b.uid, against=a.uid)
    made = _begin(store, b, data, part_of, reviewer=reviewer, seed=b.seed + 1, size=size)
    left_out = count(int(seen.sum()), "example")
    notes = (
        f"Drawn with a new seed from the errors of {quoted(b.name)} that nobody saw in "
        f"{quoted(a.name)}: {left_out} looked at there {'is' if seen.sum() == 1 else 'are'} left "
        f"out, and the other errors of then count {whole / part:.3g} times instead."
    )
    store.set_words(made, notes=notes)
    return made


def _table(dev_set: DevSet, rows: Rows, weights: NDArray[np.float64] | None = None) -> bytes:
    """Return some rows of a dev set as the bytes of a table."""
    at = pa.array(rows)
    names = np.array(dev_set.names, dtype=object)
    columns: dict[str, pa.Array | pa.ChunkedArray] = {"id": dev_set.keys.take(at)}
    if dev_set.images is not None:
        columns["image"] = dev_set.images.take(at)
    columns["label"] = pa.array(names[dev_set.labels[rows]], pa.large_string())
    columns["prediction"] = pa.array(names[dev_set.predictions[rows]], pa.large_string())
    if dev_set.confidences is not None:
        columns["confidence"] = _texts(dev_set.confidences[rows])
    weights = weights if weights is not None or dev_set.weights is None else dev_set.weights[rows]
    if weights is not None:
        columns[_WEIGHT] = _texts(weights)
    for name, group in dev_set.groups.items():
        if name not in _ROLES:
            values = np.array([*group.names, ""], dtype=object)
            columns[name] = pa.array(values[group.codes[rows]], pa.large_string())
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def _texts(numbers: NDArray[np.floating]) -> pa.Array:
    """Return numbers as a table has them: text, blank where there is none."""
    return pa.array(
        ["" if np.isnan(one) else f"{one:.9g}" for one in numbers.tolist()], pa.large_string()
    )


def _begin(
    store: Store, b: Session, data: bytes, part_of: PartOf, *, reviewer: str, seed: int, size: int
) -> Session:
    subset = part_of.subset
    name = _name(f"{b.name[:70]}, {subset}", [one.name for one in store.sessions()])
    table = tables.parse(data, name)
    chosen: dict[str, str] = {role: role for role in _ROLES if role in table.names}
    found = predictions.validate(table, chosen, only_chosen=True)
    drawn = new_session.draw_sample(
        found,
        predictions_file=Path(b.predictions),
        images_folder=None if b.images is None else Path(b.images),
        size=size,
        seed=seed,
        right=b.sampled_right if subset is Subset.UNSEEN else 0,
    )
    followed = rounds.follow(store, b, found.dev_set)
    taken = new_session.taken_over(store, followed, drawn, reviewer)
    return new_session.begin(
        store,
        drawn,
        name=name,
        categories=rounds.new_categories(store.categories(b)),
        data=data,
        round_=(followed, taken),
        part_of=part_of,
    )


def _name(name: str, taken: Sequence[str]) -> str:
    known = {one.casefold() for one in taken}
    number, free = 1, name
    while free.casefold() in known:
        number += 1
        free = f"{name} {number}"
    return free
