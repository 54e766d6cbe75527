"""Work out a session's figures, and write them as files."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

import numpy as np

from errortool import atomic, images
from errortool.actions.identity import made_by
from errortool.analysis import full_report
from errortool.analysis.full_report import Report, Study
from errortool.data.tables import Progress
from errortool.errors import ImageError, SessionError
from errortool.model import (
    LEVEL,
    Example,
    Part,
    Session,
)
from errortool.output import csv_files
from errortool.store import Store

Positions = Mapping[int | None, tuple[int, ...]]


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
    previews = images.Cache()
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
            for example, picture in _pictures(folder, examples, previews)
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
    folder: Path | None, examples: Sequence[Example], cache: images.Cache
) -> Iterator[tuple[Example, images.Encoded]]:
    """Yield examples with a small picture, those that can be shown."""
    for example in examples:
        if folder is not None and example.image is not None:
            with suppress(ImageError):
                yield (
                    example,
                    images.preview(folder, example.image, side=images.THUMBNAIL_SIDE, cache=cache),
                )


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
