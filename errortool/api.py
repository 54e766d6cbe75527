"""The verbs of the command line as functions, for notebooks and scripts.

Each opens the session file, does its work and lets go of it. Warnings that the command line prints
come as Python warnings.
"""

import os
import warnings
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np

from errortool.actions import (
    comparing,
    drawing,
    identity,
    imports,
    listing,
    managing,
    new_session,
    reporting,
    serving,
    sources,
)
from errortool.actions.drawing import MoreDrawn
from errortool.actions.imports import Imported
from errortool.actions.listing import Summary
from errortool.actions.serving import Address
from errortool.analysis import full_report, what_if
from errortool.analysis.comparison import Comparison
from errortool.analysis.full_report import Report
from errortool.analysis.study import Study
from errortool.analysis.what_if import Plan
from errortool.data import tables, tick_tables
from errortool.data.tick_tables import Empty, Identified
from errortool.data.truth import Additions
from errortool.errors import EstimateError, SessionError
from errortool.messages import count, isolated, listed, quoted
from errortool.model import (
    LEVEL,
    NOT_LOOKED_AT,
    SAMPLE_SIZE,
    Category,
    Intervals,
    Judged,
    Kind,
    NewCategory,
    Session,
    Target,
)
from errortool.store import Store
from errortool.store import restore as put_back

PathLike = str | os.PathLike[str]

_DB = "errortool.db"


def _opened(db: PathLike) -> AbstractContextManager[Store]:
    return closing(Store(Path(db)))


def _warn(sentences: Sequence[str], *, stacklevel: int = 3) -> None:
    for sentence in sentences:
        warnings.warn(sentence, UserWarning, stacklevel=stacklevel)


def new(
    predictions: object,
    *,
    images: PathLike | None = None,
    name: str | None = None,
    sample: int | None = None,
    right: int | None = None,
    seed: int | None = None,
    follows: str | None = None,
    eyeball: int | None = None,
    categories: str | Sequence[str] = (),
    label_errors: str | Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    dev_examples: int | None = None,
    dev_error: float | None = None,
    with_images: bool = True,
    label_from_folder: bool = False,
    labels: object = None,
    classes: object = None,
    label_offset: int = 0,
    tags_as_categories: bool = False,
    db: PathLike = _DB,
) -> Session:
    """Draw `sample` of the errors in `predictions`, 100 by default, and begin a session with them.

    These are the path of a predictions file, a DataFrame (of pandas, polars or pyarrow), a
    `datasets.Dataset` or a list of dicts; of all but a file a copy is kept beside the session file,
    and its images are looked for in this folder unless `images` says where. And, kept apart,
    `right` of the examples that the model got right are drawn. `columns` names columns for roles
    that their names don't tell, such as `{"label": "y"}`. Where the table holds errors only,
    `dev_examples` is the number of all dev examples, or `dev_error` the part of them that the
    errors are, a fraction. Not `with_images`, each example is shown as text.

    Where the labels aren't in the table, `labels` is the file or the DataFrame that they are in, or
    with `label_from_folder` the folder of each image is its label. `classes` names what numbers
    stand for: a file, a list, or a dict either way round; `label_offset` is added to each label.
    With `tags_as_categories` the tags of the examples become categories, ticked already. Without
    categories the session begins with Blurry and Mislabeled.

    `follows` names the session of the round before, on an earlier model's predictions for the same
    dev set: its seed, size and categories are taken over, and what was said of every error that is
    still one. With `eyeball` people may look at so many dev examples; the rest is the blackbox.

    Raises TableError with all faults of the table, SessionError for a name that is taken,
    StoreError for a session file that isn't one.
    """
    data, path = sources.opened(predictions)
    return new_session.new(
        Path(db),
        path,
        data=data,
        columns=columns,
        images_folder=None if images is None else Path(images),
        name=name,
        categories=_first_categories(categories, label_errors),
        size=sample,
        right=right,
        seed=seed,
        follows=follows,
        eyeball=eyeball,
        dev_examples=dev_examples,
        dev_error=dev_error,
        with_images=with_images,
        additions=Additions(
            label_from_folder=label_from_folder,
            labels=sources.labels(labels),
            classes=sources.classes(classes),
            label_offset=label_offset,
        ),
        tags_as_categories=tags_as_categories,
        warn=partial(_warn, stacklevel=4),  # the caller's line: `new_session.new` lies between
    )


def _first_categories(
    causes: str | Sequence[str], label_errors: str | Sequence[str]
) -> list[NewCategory]:
    """Return the categories to begin with; a single name is one category."""
    return [
        NewCategory(name=name, kind=kind)
        for kind, names in ((Kind.CAUSE, causes), (Kind.LABEL_ERROR, label_errors))
        for name in ([names] if isinstance(names, str) else names)
    ]


def new_from_arrays(
    labels: object,
    predictions: object = None,
    *,
    images: object = None,
    ids: object = None,
    classes: Sequence[str] | None = None,
    probabilities: object = None,
    name: str | None = None,
    sample: int = SAMPLE_SIZE,
    right: int = 0,
    seed: int = 0,
    categories: str | Sequence[str] = (),
    label_errors: str | Sequence[str] = (),
    dev_examples: int | None = None,
    dev_error: float | None = None,
    images_folder: PathLike | None = None,
    db: PathLike = _DB,
) -> Session:
    """Begin a session on arrays: lists, numpy arrays, or tensors of torch and tensorflow.

    `labels` is (N,), numbers or names, or (N, K) as one-hot. `predictions` is (N,), or (N, K)
    probabilities or logits, which can also be given as `probabilities`: the prediction is then the
    class with the largest, the confidence the largest probability. `classes` are the names of
    numbers; without `ids` each example goes by its index, from 0. `images` are N paths, below
    `images_folder` or this folder, or pixels (N, H, W[, C]) as 0 to 255 or 0.0 to 1.0: those of the
    errors are kept beside the session file, and with `right` those of all. Everything else is as in
    `new`, and so are the errors raised.
    """
    data = sources.of_arrays(
        labels=labels,
        predictions=predictions,
        probabilities=probabilities,
        images=images,
        ids=ids,
        classes=classes,
        all_images=right > 0,
    )
    return new_session.new(
        Path(db),
        Path("arrays"),
        data=data,
        images_folder=None if images_folder is None else Path(images_folder),
        name=name,
        categories=_first_categories(categories, label_errors),
        size=sample,
        right=right,
        seed=seed,
        dev_examples=dev_examples,
        dev_error=dev_error,
        warn=partial(_warn, stacklevel=4),
    )


def open(name: str | None = None, *, db: PathLike = _DB) -> Address:  # noqa: A001  as its verb is
    """Serve the app in the background, and return the address of a session's review.

    A notebook shows the review below the cell. Without a name it is the page of all sessions. The
    server listens on this computer alone and ends with this process. Raises SessionError if no
    session has that name, StoreError if the session file can't be opened.
    """
    page = ""
    if name is not None:
        with _opened(db) as store:
            page = f"review?session={store.session(name).id}"
    return serving.address(Path(db), page)


def more(name: str, number: int = drawing.NUMBER, *, db: PathLike = _DB) -> MoreDrawn:
    """Draw the next `number` errors of a session's order, or all that are left.

    They come after all that are there; nothing else changes. Raises SessionError if none is left,
    or if the table that the session was drawn from is gone or has changed.
    """
    with _opened(db) as store:
        done = drawing.draw_more(store, store.session(name), number)
    _warn(done.warnings)
    return done


def sessions(db: PathLike = _DB, *, trash: bool = False) -> list[Summary]:
    """Return the saved sessions, the last opened first, with how far each is; or the trash."""
    with _opened(db) as store:
        return listing.summaries(store, trash=trash)


def rename(name: str, new: str, *, db: PathLike = _DB) -> Session:
    """Give a session another name. Raises SessionError if it is taken or isn't a name."""
    with _opened(db) as store:
        session = store.session(name)
        store.rename(session, new)
        return store.session_of(session.uid)


def duplicate(name: str, new: str, *, with_ticks: bool = False, db: PathLike = _DB) -> Session:
    """Copy a session: its examples and categories and, with `with_ticks`, all that was judged."""
    with _opened(db) as store:
        return store.duplicate(store.session(name), new, with_ticks=with_ticks)


def change(
    name: str,
    *,
    images: PathLike | None = None,
    notes: str | None = None,
    model: str | None = None,
    dev_examples: int | None = None,
    db: PathLike = _DB,
) -> Session:
    """Change a session's image folder, notes or model name; None leaves each as it is.

    `dev_examples` is the number of all dev examples, where its table holds errors only.
    """
    with _opened(db) as store:
        session = store.session(name)
        problems = managing.change(
            store,
            session,
            images_folder=None if images is None else Path(images),
            notes=notes,
            model=model,
            dev_examples=dev_examples,
        )
        changed = store.session_of(session.uid)
    _warn(problems.warnings)
    return changed


def trash(name: str, *, db: PathLike = _DB) -> None:
    """Move a session to the trash: hidden and closed to changes, with all that is in it."""
    with _opened(db) as store:
        store.trash(store.session(name))


def untrash(name: str, *, db: PathLike = _DB) -> None:
    """Put a session back from the trash as it was."""
    with _opened(db) as store:
        store.untrash(store.trashed_session(name))


def delete(name: str, *, db: PathLike = _DB) -> Path:
    """Delete a session that is in the trash for good; return the backup made before."""
    with _opened(db) as store:
        return managing.delete(store, store.trashed_session(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReport(Report):
    """A report, with what solving some categories together would leave if that was asked for."""

    plan: Plan | None

    @classmethod
    def of(cls, made: Report, solved: Plan | None) -> "PlannedReport":
        """Return a report with its plan."""
        return cls(**{field.name: getattr(made, field.name) for field in fields(made)}, plan=solved)


def report(
    name: str,
    *,
    level: float = LEVEL,
    intervals: Intervals | str = Intervals.AUTO,
    reviewer: str | None = None,
    solve: Sequence[str] = (),
    db: PathLike = _DB,
) -> PlannedReport:
    """Return all figures of a session, and keep its shares and ceilings in its file.

    They rest on the latest word of all reviewers, or on that of one. `solve` names categories:
    `plan` then says what solving these together would leave. `intervals` are "always" valid, valid
    for the "planned" number only, or "auto": the narrower one that may be believed. Raises
    SessionError if no session, reviewer or category has that name.
    """
    with _opened(db) as store:
        made, solved = reporting.compute_and_record(
            store,
            store.session(name),
            level=level,
            intervals=_intervals(intervals),
            reviewer=reviewer,
            solve=solve,
        )
    return PlannedReport.of(made, solved)


def compare(
    a: PathLike,
    b: PathLike,
    *,
    margin: float | None = None,
    level: float = LEVEL,
    db: PathLike = _DB,
) -> Comparison:
    """Compare two models on the dev examples that both have, and what each category brought.

    `a` and `b` are names of sessions, or paths of two predictions files (then without categories).
    With a `margin`, in points, `no_worse` says whether the second is worse by no more than that.
    Rates in the result are fractions. Raises SessionError, saying why, if they can't be compared.
    """
    with ExitStack() as stack:
        store = stack.enter_context(_opened(db)) if Path(db).exists() else None
        first, second = (comparing.side(store, os.fspath(one)) for one in (a, b))
        found = comparing.compared(store, first, second)
        return comparing.compare(
            store, found, level=level, margin=None if margin is None else margin / 100
        )


def estimate(
    ticks: Mapping[str, Sequence[object]] | Sequence[Sequence[object]],
    *,
    errors: int,
    dev_examples: int,
    label_errors: Sequence[str] = (),
    empty: str | None = None,
    weights: Sequence[float] | None = None,
    dev_error: float | None = None,
    level: float = LEVEL,
    planned: int | None = None,
    intervals: Intervals | str = Intervals.AUTO,
    solve: Sequence[str] = (),
) -> PlannedReport:
    """Return the figures of a table of ticks, without a session and a browser.

    `ticks` maps each category to its column (a DataFrame, a dict of lists or arrays), or is a plain
    two-dimensional array, whose categories are then called "1", "2" and so on. It has a row an
    error that was looked at, in the order of review, and each value is yes (True, 1), no (False, 0)
    or missing (None, NaN, NA): not looked at for this category or, with `empty="no"`, a no. The
    errors are a random sample of all `errors` that the model made on `dev_examples`. `label_errors`
    names the categories that blame the label. With `weights`, one a row, give the weighted
    `dev_error` too.

    `planned` is how many errors were to be looked at, if that was fixed before the first look: with
    as many rows the intervals are the exact ones. With another number, or None, they are wider and
    hold however often one looked and whenever one stopped. `intervals` asks for one kind: "always"
    valid, or for the "planned" number only.

    >>> made = estimate({"Dog": [1, 0, 0, 0], "Blurry": [1, 1, 0, 1]}, errors=4, dev_examples=8)
    >>> [(category.name, category.share, category.ceiling) for category in made.ranked]
    [('Blurry', 0.75, 0.125), ('Dog', 0.25, 0.375)]

    Raises EstimateError for values or counts that can't be.
    """
    columns = _columns(ticks)
    if _empty(empty) is Empty.NO:
        columns = {
            name: [0 if tick == NOT_LOOKED_AT else tick for tick in column]
            for name, column in columns.items()
        }
    names = list(columns)
    rows = _checked_rows(columns, weights, errors=errors, dev_examples=dev_examples)
    for name in (*label_errors, *solve):
        if name not in columns:
            message = (
                f"there is no category {quoted(name)} among the ticks "
                f"({', '.join(map(isolated, names))})"
            )
            raise EstimateError(message)
    if empty is None:
        _warn(_without_no(columns))
    judged = _judged(columns, rows, label_errors, weights)
    study = Study(
        name="",
        dev_examples=dev_examples,
        errors=errors,
        dev_error=errors / dev_examples if dev_error is None else dev_error,
        sampled=rows,
        planned=planned,
    )
    kind = _intervals(intervals)
    chosen = [names.index(name) for name in solve]
    causes = [number for number, name in enumerate(names) if name not in label_errors]
    return PlannedReport.of(
        full_report.compute(study, judged, level=level, intervals=kind),
        what_if.plan(study.sample(judged, level, kind), chosen, causes) if chosen else None,
    )


def _intervals(kind: Intervals | str) -> Intervals:
    if kind not in list(Intervals):
        message = f"unknown intervals {kind!r}: choose {', '.join(Intervals)}"
        raise EstimateError(message)
    return Intervals(kind)


def _columns(
    ticks: Mapping[str, Sequence[object]] | Sequence[Sequence[object]],
) -> dict[str, list[int]]:
    """Return each category's column of ticks: 1, 0 or NOT_LOOKED_AT."""
    if not hasattr(ticks, "keys"):
        ticks = {str(number + 1): line for number, line in enumerate(zip(*ticks, strict=True))}
    assert not isinstance(ticks, Sequence)
    columns: dict[str, list[int]] = {}
    for key in ticks:
        name = str(key)
        if name in columns:
            message = f"two categories are called {quoted(name)}: give each a name of its own"
            raise EstimateError(message)
        columns[name] = [_tick(name, value) for value in ticks[key]]
    return columns


def _empty(word: str | None) -> Empty | None:
    if word is None:
        return None
    if word not in list(Empty):
        message = f"an empty cell can't mean {word!r}: choose {' or '.join(Empty)}"
        raise EstimateError(message)
    return Empty(word)


def _without_no(columns: Mapping[str, Sequence[int]]) -> list[str]:
    """Warn about columns of ticks and blanks, whose shares are 100 %."""
    names = [name for name, column in columns.items() if set(column) == {1, NOT_LOOKED_AT}]
    if not names:
        return []
    which = f"{'category' if len(names) == 1 else 'categories'} {listed(names)}"
    has, its = ("has", "its share is") if len(names) == 1 else ("have", "their shares are")
    return [
        f"{which} {has} no no, and blanks count as not looked at, so {its} 100 %: "
        'give empty="no" if a blank means no, else empty="unknown"'
    ]


def _checked_rows(
    columns: Mapping[str, Sequence[int]],
    weights: Sequence[float] | None,
    *,
    errors: int,
    dev_examples: int,
) -> int:
    """Return how many errors were looked at. Raises EstimateError for counts that can't be."""
    lengths = {len(column) for column in columns.values()}
    if weights is not None:
        lengths.add(len(weights))
    if len(lengths) > 1:
        message = "every category, and the weights, need a value for each error looked at"
        raise EstimateError(message)
    rows = max(lengths, default=0)
    if not rows <= errors <= dev_examples or dev_examples < 1:
        message = (
            f"{count(rows, 'error')} looked at of {count(errors, 'error')} of "
            f"{count(dev_examples, 'dev example')} can't be: each number must be at most the next"
        )
        raise EstimateError(message)
    return rows


def _judged(
    columns: Mapping[str, Sequence[int]],
    rows: int,
    label_errors: Collection[str],
    weights: Sequence[float] | None,
) -> Judged:
    """Return the ticks as judgements of errors that were all looked at."""
    nothing = np.zeros(rows, dtype=np.bool_)
    return Judged(
        categories=tuple(
            Category(
                id=number,
                name=name,
                kind=Kind.LABEL_ERROR if name in label_errors else Kind.CAUSE,
                position=number,
            )
            for number, name in enumerate(columns)
        ),
        ticks=np.array(list(columns.values()), dtype=np.int8).reshape(len(columns), rows).T,
        looked_at=~nothing,
        deferred=nothing,
        unreadable=nothing,
        labels=("",) * rows,
        predictions=("",) * rows,
        corrected=(None,) * rows,
        weights=None if weights is None else np.array(weights, dtype=np.float64),
    )


def _tick(name: str, value: object) -> int:
    """Return a value of a column of ticks as 1, 0 or NOT_LOOKED_AT."""
    text = str(value).strip().lower()
    if text in {"none", "nan", "<na>", ""}:
        return NOT_LOOKED_AT
    if text in {"true", "1", "1.0"}:
        return 1
    if text in {"false", "0", "0.0"}:
        return 0
    message = f"category {quoted(name)} has a value {value!r}: give True, False or None"
    raise EstimateError(message)


def export(
    name: str,
    to: PathLike,
    *,
    html: bool = False,
    targets: str | Sequence[str] = (),
    level: float = LEVEL,
    intervals: Intervals | str = Intervals.AUTO,
    reviewer: str | None = None,
    db: PathLike = _DB,
) -> list[Path]:
    """Write all files of a session into the folder `to`; return their paths.

    They are tally.csv, table.csv, corrections.csv and report.json, for a session that follows
    another compare.csv and compare.json and, with `html`, report.html.
    With `targets` they are what these tools read instead: "fiftyone", "label-studio",
    "huggingface", "mlflow", "cleanlab", "parquet".
    """
    chosen = [targets] if isinstance(targets, str) else targets
    for target in chosen:
        if target not in list(Target):
            message = f"unknown target {target!r}: choose {', '.join(Target)}"
            raise SessionError(message)
    with _opened(db) as store:
        return reporting.export(
            store,
            store.session(name),
            Path(to),
            html=html,
            targets=[Target(one) for one in chosen],
            level=level,
            intervals=_intervals(intervals),
            reviewer=reviewer,
            warn=_warn,
        )


def import_ticks(
    name: str,
    ticks: object,
    *,
    id_column: str | None = None,
    row_numbers: bool = False,
    empty: str | None = None,
    new_categories: bool = False,
    db: PathLike = _DB,
) -> Imported:
    """Take the ticks and comments of a table, ours or any spreadsheet's, into a session.

    `ticks` is the file of the table, or a DataFrame. `id_column` names its column of ids or images,
    if `new` wouldn't know it by its name; with `row_numbers` it holds 1, 2 and so on, the order of
    review. `empty` says what an empty cell means: "no" or "unknown"; by default unknown in our own
    table.csv and no in any other. Raises TableError with all faults, and nothing is taken then.
    """
    chosen = _empty(empty)
    with _opened(db) as store:
        session = store.session(name)
        data, path = sources.opened(ticks)
        table = (
            tables.parse(data, path.name)
            if data is not None
            else tick_tables.read(
                path, store.categories(session), session.columns, id_column=id_column
            )
        )
        done = imports.import_ticks(
            store,
            session,
            table,
            reviewer=identity.reviewer(),
            identified=Identified(column=id_column, by_number=row_numbers),
            empty=chosen,
            new_categories=new_categories,
        )
    _warn([f"{table.name}: {warning}" for warning in done.warnings])
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
