"""What a user does, one call each: the command line, the pages and notebooks all call these."""

import getpass
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import uuid4

import numpy as np

from errortool import atomic, images, resources
from errortool.analysis import full_report
from errortool.analysis.full_report import Report, Study
from errortool.data import predictions, tables, tick_tables
from errortool.data.predictions import Predictions
from errortool.data.tables import Progress, Table
from errortool.data.tick_tables import Empty, TickTable
from errortool.errors import ImageError, SessionError, TableError
from errortool.images import Note
from errortool.messages import rows_text, shown
from errortool.model import (
    KEEP,
    LEVEL,
    CategoryValues,
    Change,
    Example,
    ExampleValues,
    Kind,
    NewCategory,
    NewSession,
    Part,
    Ref,
    Session,
    Status,
    checked_category_name,
    checked_name,
)
from errortool.output import csv_files
from errortool.store import Store

SAMPLE_SIZE = 100
"""How many errors a session reviews unless told otherwise: Andrew Ng's "about 100"."""

FIRST_CATEGORIES = (
    NewCategory(name="Dog"),
    NewCategory(name="Great cat"),
    NewCategory(name="Blurry"),
    NewCategory(name="Mislabeled", kind=Kind.LABEL_ERROR),
)
"""What a session begins with unless told otherwise: the lecture's columns."""

DEMO = "demo"

DEMO_CATEGORIES = (
    NewCategory(name="Dog"),
    NewCategory(name="Great cat"),
    NewCategory(name="Blurry"),
    NewCategory(name="Photo filter"),
    NewCategory(name="Mislabeled", kind=Kind.LABEL_ERROR),
)

Positions = Mapping[int | None, tuple[int, ...]]

_SEEDS: Final = 1 << 63  # what the session file can hold

_LONGEST_STEM: Final = 80  # of the 100 letters that a name may have; the rest is for a number

_SAY_NOTHING: Final = frozenset(
    "predictions prediction preds pred results result output outputs dev val valid test".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sample that a session can begin with; `warnings` tell of its images."""

    found: Predictions
    predictions_file: Path
    images_folder: Path | None
    seed: int
    examples: tuple[Example, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A session in a list: how far it is, and the category with the largest share so far."""

    session: Session
    looked_at: int
    leading: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did."""

    rows: int
    new_categories: tuple[str, ...]
    warnings: tuple[str, ...]


def default_name(predictions_path: Path, taken: Collection[str]) -> str:
    """Return a name for a session: the file's, or its folder's where the file's says nothing."""
    stem = predictions_path.name.split(".")[0]
    if stem.casefold() in _SAY_NOTHING and predictions_path.absolute().parent.name:
        stem = predictions_path.absolute().parent.name
    printable = "".join(letter if letter.isprintable() else " " for letter in stem)
    stem = " ".join(printable.split())[:_LONGEST_STEM].strip() or "session"
    name, number = stem, 1
    while name.casefold() in {other.casefold() for other in taken}:
        number += 1
        name = f"{stem} {number}"
    return name


def draw(
    found: Predictions,
    *,
    predictions_file: Path,
    images_folder: Path | None = None,
    size: int = SAMPLE_SIZE,
    seed: int = 0,
    right: int = 0,
    progress: Progress = lambda _: None,
) -> Drawn:
    """Draw a sample of the errors in `found` and look for their images.

    And a second one, of `right` examples that the model got right, to be kept apart. Without
    `images_folder`, images are looked for beside the predictions file, or in a folder `images`
    there. Raises TableError if an image's path leads out of the image folder, SessionError if the
    size or the seed is no good.
    """
    if size < 1:
        message = f"a sample of {size} can't be drawn: it needs 1 error or more"
        raise SessionError(message)
    if not -_SEEDS <= seed < _SEEDS:
        message = f"seed {seed} is too large: give a whole number of at most 18 digits"
        raise SessionError(message)
    examples = found.sample(size, seed, right)
    warnings: list[str] = []
    if found.columns.image is not None:
        images_folder = images_folder or _likely_folder(predictions_file.parent, examples[0])
        warnings += _checked_images(found, examples, images_folder, progress)
    elif images_folder is not None:
        warnings.append(
            "no column holds the images' paths, so the image folder is not used: name the column "
            "with --image-column"
        )
        images_folder = None
    return Drawn(
        found=found,
        predictions_file=predictions_file.absolute(),
        images_folder=None if images_folder is None else images_folder.absolute(),
        seed=seed,
        examples=examples,
        warnings=tuple(warnings),
    )


def refuse_names(name: str | None, categories: Sequence[NewCategory]) -> None:
    """Raise SessionError if these can't name a session and its categories.

    Whether the session's name is taken, only the session file knows: `begin` says so.
    """
    if name:
        checked_name(name, "a session")
    seen: set[str] = set()
    for category in categories:
        checked = checked_category_name(category.name)
        if checked.casefold() in seen:
            message = f"category {checked!r} is given twice: leave one out"
            raise SessionError(message)
        seen.add(checked.casefold())


def begin(
    store: Store,
    drawn: Drawn,
    *,
    name: str | None = None,
    categories: Sequence[NewCategory] = FIRST_CATEGORIES,
) -> Session:
    """Begin a session with a sample that was drawn.

    Raises SessionError if the session's name is taken, or it or a category's is no good.
    """
    found = drawn.found
    taken = [session.name for session in store.sessions()]
    return store.create(
        NewSession(
            name=name or default_name(drawn.predictions_file, taken),
            predictions=os.fsencode(drawn.predictions_file).decode(errors="replace"),
            predictions_sha256=found.sha256,
            columns=found.columns,
            images=None if drawn.images_folder is None else str(drawn.images_folder),
            seed=drawn.seed,
            dev_examples=found.dev_examples,
            errors=found.errors,
            examples=drawn.examples,
            categories=tuple(categories),
            weighed=found.weighed,
        )
    )


def _checked_images(
    found: Predictions, examples: Sequence[Example], folder: Path, progress: Progress
) -> list[str]:
    """Return warnings about images that can't be shown; refuse paths that lead out."""
    if not folder.is_dir():
        what = "is a file: give the folder it is in" if folder.exists() else "is not there"
        raise TableError(found.name, [f"the image folder {str(folder)!r} {what}"])
    try:
        str(folder.absolute()).encode()
    except UnicodeEncodeError:
        fault = f"the image folder {str(folder)!r} has a name that is not UTF-8: rename it"
        raise TableError(found.name, [fault]) from None
    odd = found.images_with(images.SIGNS)
    leading_out = images.leading_out(folder, (path for _, path in odd))
    strays = [place for place, out in zip(odd, leading_out, strict=True) if out]
    if strays:
        rows = rows_text(row for row, _ in strays)
        fault = (
            f"column {found.columns.image!r} leads out of the image folder {str(folder)!r} in "
            f"{rows} (e.g. {shown(strays[0][1])}): give --images the folder that holds all images"
        )
        raise TableError(found.name, [fault])
    problems: list[str] = []
    noted: dict[Note, list[str]] = {}
    for number, example in enumerate(examples):
        progress(number / len(examples))
        path = example.image or ""
        try:
            note = images.check(folder, path)
        except ImageError as error:
            problems.append(str(error))
        else:
            if note is not None:
                noted.setdefault(note, []).append(path)
    of_all = f"of {len(examples):,} sampled images"
    warnings = [
        f"in {len(paths):,} {of_all} {note} (first: {shown(paths[0], images.LONGEST_SHOWN)})"
        for note, paths in noted.items()
    ]
    if problems:
        hint = ""
        if len(problems) == len(examples) and _shows(folder.absolute().parent, examples[0]):
            hint = f" (did you mean --images {folder.absolute().parent}?)"
        warnings.append(f"{len(problems):,} {of_all} can't be shown, first: {problems[0]}{hint}")
    return warnings


def _likely_folder(beside: Path, example: Example) -> Path:
    """Return the folder that an image path in a table beside it most likely starts from."""
    below = beside / "images"
    return below if _shows(below, example) and not _shows(beside, example) else beside


def _shows(folder: Path, example: Example) -> bool:
    try:
        images.check(folder, example.image or "")
    except ImageError:
        return False
    return True


def demo(store: Store) -> Session:
    """Return the session on the sample data, with about a third of it judged; made if need be."""
    try:
        return store.session(DEMO)
    except SessionError:
        pass
    folder = resources.folder("sample_data")
    found = predictions.load(folder / "predictions.csv")
    drawn = draw(
        found, predictions_file=folder / "predictions.csv", images_folder=folder / "images"
    )
    session = begin(store, drawn, name=DEMO, categories=DEMO_CATEGORIES)
    import_ticks(store, session, tables.read(folder / "ticks.csv"), reviewer=reviewer())
    return session


def reviewer(name: str = "") -> str:
    """Return a reviewer's name as it is kept; for a blank one that of this computer's user.

    Raises SessionError if it can't be a name.
    """
    if name.strip():
        return checked_name(name, "a reviewer")
    try:
        return checked_name(getpass.getuser(), "a reviewer")
    except (OSError, KeyError, SessionError):  # no such user, as in some containers
        return "reviewer"


def summaries(store: Store) -> list[Summary]:
    """Return the saved sessions for a list, the last opened first."""
    result = []
    for session in store.sessions():
        judged = store.judged(session)
        ticked, looked_at = judged.counts()
        shares = {
            category.name: k / n
            for category, k, n in zip(judged.categories, ticked, looked_at, strict=True)
            if k
        }
        result.append(
            Summary(
                session=session,
                looked_at=int(judged.looked_at.sum()),
                leading=max(shares, key=lambda name: shares[name]) if shares else None,
            )
        )
    return result


def import_ticks(
    store: Store,
    session: Session,
    table: Table,
    *,
    reviewer: str,
    empty: Empty | None = None,
    new_categories: bool = False,
    progress: Progress = lambda _: None,
) -> Imported:
    """Take the ticks and comments of `table` into the session.

    Rows that name no reviewer are by `reviewer`. Raises TableError, with nothing written, if the
    table can't be taken.
    """
    categories = store.categories(session)
    ticked = tick_tables.read_ticks(
        table, categories, store.rows(session), empty=empty, new_categories=new_categories
    )
    faults = _bad_names(ticked)
    if faults:
        raise TableError(table.name, faults)
    client = f"import-{uuid4().hex}"
    changes = [
        Change(
            ref=Ref(client, seq),
            reviewer=reviewer,
            kind="import",
            new=CategoryValues(name=name, kind=_kind_of(name)),
        )
        for seq, name in enumerate(ticked.new_categories)
    ]
    known: dict[str, int | Ref] = {category.name: category.id for category in categories}
    known |= {name: Ref(client, seq) for seq, name in enumerate(ticked.new_categories)}
    for row in ticked.rows:
        if row.ticks or row.looked_at or row.comment or row.corrected_label:
            values = ExampleValues(
                ticks={known[name]: value for name, value in row.ticks.items()},
                status=Status.LOOKED_AT if row.looked_at else KEEP,
                comment=row.comment or KEEP,
                corrected_label=row.corrected_label or KEEP,
            )
            changes.append(
                Change(
                    ref=Ref(client, len(changes)),
                    reviewer=row.reviewer or reviewer,
                    kind="import",
                    examples={row.position: values},
                )
            )
    taken = store.apply(session, _counted(changes, progress))
    if taken.refusals:
        raise SessionError(taken.refusals[0].reason)
    return Imported(
        rows=len(changes) - len(ticked.new_categories),
        new_categories=ticked.new_categories,
        warnings=ticked.warnings,
    )


def _bad_names(ticked: TickTable) -> list[str]:
    """Return what is wrong with the reviewers and new categories that a table names."""
    faults = []
    rows: dict[str, list[int]] = {}
    for row in ticked.rows:
        if row.reviewer:
            rows.setdefault(row.reviewer, []).append(row.number)
    for name, numbers in rows.items():
        try:
            checked_name(name, "a reviewer")
        except SessionError as error:
            faults.append(f"column 'reviewer' in {rows_text(numbers)}: {error}")
    for name in ticked.new_categories:
        try:
            checked_category_name(name)
        except SessionError as error:
            faults.append(f"column {shown(name)} can't be a category: {error}")
    return faults


def _counted(changes: Sequence[Change], progress: Progress) -> Iterator[Change]:
    for number, change in enumerate(changes):
        progress(number / len(changes))
        yield change


def _kind_of(name: str) -> Kind:
    """Guess from a spreadsheet's column what it blames."""
    if re.search(r"mis-?labell?ed|(incorrect|wrong)(ly)? label|label (error|noise)", name.lower()):
        return Kind.LABEL_ERROR
    return Kind.CAUSE


def figures(
    store: Store,
    session: Session,
    *,
    level: float = LEVEL,
    reviewer: str | None = None,
    solve: Collection[str] = (),
) -> Report:
    """Work out a session's figures, from the latest word of all or from one reviewer's.

    `solve` names categories to be solved together. Raises SessionError if nobody of that name has
    reviewed, or there is no category of that name.
    """
    reviewers = store.reviewers(session)
    if reviewer is not None and reviewer not in reviewers:
        listed = ", ".join(map(repr, reviewers)) if reviewers else "nobody yet"
        message = f"{reviewer!r} has not reviewed session {session.name!r} (there are: {listed})"
        raise SessionError(message)
    judged = store.judged(session, reviewer)
    right = store.judged(session, reviewer, Part.RIGHT) if session.sampled_right else None
    numbers = {category.name.casefold(): category.id for category in judged.categories}
    for name in solve:
        if name.casefold() not in numbers:
            listed = ", ".join(repr(category.name) for category in judged.categories)
            message = f"there is no category {name!r} in {session.name!r} (there are: {listed})"
            raise SessionError(message)
    return full_report.build(
        Study.of(session),
        judged,
        right,
        level=level,
        solve=[numbers[name.casefold()] for name in solve],
    )


def make_report(
    store: Store,
    session: Session,
    *,
    level: float = LEVEL,
    reviewer: str | None = None,
    solve: Collection[str] = (),
) -> Report:
    """Do as `figures`, and keep them in the session file's table of estimates."""
    made = figures(store, session, level=level, reviewer=reviewer, solve=solve)
    store.record(session, made, reviewer)
    return made


THUMBS = 12
"""How many images of each category the report's file shows."""


def positions(store: Store, session: Session, reviewer: str | None = None) -> Positions:
    """Return where the errors of each category are, by its id; None for none of these."""
    judged = store.judged(session, reviewer)
    ticked = judged.ticks == 1
    none = np.flatnonzero(judged.looked_at & ~ticked.any(axis=1))
    return {
        category.id: tuple(np.flatnonzero(column).tolist())
        for category, column in zip(judged.categories, ticked.T, strict=True)
    } | {None: tuple(none.tolist())}


def report_html(
    store: Store,
    session: Session,
    report: Report,
    *,
    made: str,
    reviewer: str | None = None,
    progress: Progress = lambda _: None,
) -> str:
    """Return the report as one HTML file, with some images of each category inside."""
    from errortool.output import (
        html_report,  # brings pandas and altair along, which nothing else here needs
    )

    rows = store.rows(session, Part.ERROR)
    folder = None if session.images is None else Path(session.images)
    found = positions(store, session, reviewer)
    titles = [(category.id, category.name) for category in report.ranked]
    galleries = []
    for at, (category, title) in enumerate([*titles, (None, "none of these")]):
        progress(at / (len(titles) + 1))
        examples = [rows[position].example for position in found[category]]
        thumbs = (
            html_report.Thumb(
                key=example.key,
                label=example.label,
                prediction=example.prediction,
                data=html_report.data_url(picture.content_type, picture.data),
            )
            for example, picture in _pictures(folder, examples)
        )
        galleries.append(
            html_report.Gallery(
                category=category,
                title=title,
                number=len(examples),
                thumbs=tuple(islice(thumbs, THUMBS)),
            )
        )
    return html_report.html(report, galleries, made=made)


def _pictures(
    folder: Path | None, examples: Sequence[Example]
) -> Iterator[tuple[Example, images.Encoded]]:
    """Yield examples with a small picture, those that can be shown."""
    for example in examples:
        if folder is not None and example.image is not None:
            with suppress(ImageError):
                yield (
                    example,
                    images.preview(folder, example.image, side=images.THUMBNAIL_SIDE),
                )


def made_by() -> str:
    """Say with which errortool something was made."""
    return f"errortool {version('errortool')}"


def export(
    store: Store,
    session: Session,
    folder: Path,
    *,
    html: bool = False,
    level: float = LEVEL,
    reviewer: str | None = None,
    progress: Progress = lambda _: None,
) -> list[Path]:
    """Write all files of a session into `folder`, made if need be; return their paths.

    They are tally.csv, table.csv, corrections.csv and report.json, with right ones also
    table_right.csv, and with `html` report.html. Raises StoreError if they can't be written; what
    was there stays then.
    """
    report = make_report(store, session, level=level, reviewer=reviewer)
    categories, rows = store.categories(session), store.rows(session)
    parts = {part: [row for row in rows if row.example.part is part] for part in Part}
    files = {
        "tally.csv": csv_files.tally_csv(report),
        "table.csv": csv_files.table_csv(categories, parts[Part.ERROR]),
        "corrections.csv": csv_files.corrections_csv(rows),
        "report.json": full_report.as_full_json(report, made_by()),
    }
    if parts[Part.RIGHT]:
        files["table_right.csv"] = csv_files.table_csv(categories, parts[Part.RIGHT])
    if html:
        files["report.html"] = report_html(
            store, session, report, made=made_by(), reviewer=reviewer, progress=progress
        )
    for name, text in files.items():
        atomic.write(folder / name, text)
    return [folder / name for name in files]
