"""Compute a session's figures, and write them as files."""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from errortool import atomic, images
from errortool.actions.identity import made_by
from errortool.analysis import full_report, what_if
from errortool.analysis.full_report import Report
from errortool.analysis.study import Study
from errortool.analysis.what_if import Plan
from errortool.errors import ImageError, SessionError
from errortool.messages import quoted
from errortool.model import (
    LEVEL,
    Estimate,
    FullSnapshot,
    Intervals,
    Kind,
    Part,
    Row,
    Session,
    Snapshot,
    Target,
)
from errortool.output import csv_files, json_files
from errortool.output import targets as tool_files
from errortool.packed import Place
from errortool.store import Store

if TYPE_CHECKING:
    from errortool.data.tables import Progress  # its module imports pyarrow

THUMBS: Final = 12
"""How many images of each category the report's file shows."""


def compute(
    snapshot: Snapshot, level: float = LEVEL, intervals: Intervals = Intervals.AUTO
) -> Report:
    """Compute all figures of a session."""
    study = replace(
        Study.of(snapshot.session, snapshot.pace),
        follows=snapshot.follows,
        carried=snapshot.carried,
        ahead=snapshot.ahead,
    )
    return full_report.compute(
        study, snapshot.judged, snapshot.right, level=level, intervals=intervals
    )


def plan(
    snapshot: Snapshot,
    solve: Collection[int],
    level: float = LEVEL,
    intervals: Intervals = Intervals.AUTO,
) -> Plan:
    """Compute what solving these categories, by id, together would leave.

    It asks of every other cause what it would add: solving nothing mends a label.
    """
    sample = Study.of(snapshot.session).sample(snapshot.judged, level, intervals)
    causes = [category.id for category in snapshot.judged.categories if category.kind is Kind.CAUSE]
    return what_if.plan(sample, solve, causes)


def record(store: Store, snapshot: Snapshot, report: Report) -> None:
    """Keep a report's shares and ceilings in the session file's table of estimates."""
    store.record(
        snapshot.session,
        (
            Estimate(
                category=category.id,
                looked_at=category.looked_at,
                ticked=category.ticked,
                share=category.share,
                low=category.share_low,
                high=category.share_high,
                ceiling=category.ceiling,
                ceiling_low=category.ceiling_low,
                ceiling_high=category.ceiling_high,
                holds=category.holds,
            )
            for category in report.categories
        ),
        level=report.level,
        reviewer=snapshot.reviewer,
    )


def compute_and_record(
    store: Store,
    session: Session,
    *,
    level: float = LEVEL,
    intervals: Intervals = Intervals.AUTO,
    reviewer: str | None = None,
    solve: Collection[str] = (),
) -> tuple[Report, Plan | None]:
    """Compute and record a session's figures, from the latest word of all or one reviewer's.

    The plan is for solving the categories named in `solve`; None without any. Raises SessionError
    if that reviewer has judged nothing, or the session has no such category.
    """
    snapshot = store.snapshot(session, reviewer)
    chosen = _ids(snapshot, solve)
    report = compute(snapshot, level, intervals)
    record(store, snapshot, report)
    return report, plan(snapshot, chosen, level, intervals) if chosen else None


def _ids(snapshot: Snapshot, names: Collection[str]) -> list[int]:
    """Return the ids of categories by name. Raises SessionError for an unknown name."""
    categories = snapshot.judged.categories
    numbers = {category.name.casefold(): category.id for category in categories}
    for name in names:
        if name.casefold() not in numbers:
            listed = ", ".join(quoted(category.name) for category in categories)
            message = (
                f"there is no category {quoted(name)} in {quoted(snapshot.session.name)} "
                f"(there are: {listed})"
            )
            raise SessionError(message)
    return [numbers[name.casefold()] for name in names]


# --- files ---------------------------------------------------------------------------------------


def files(
    snapshot: FullSnapshot, report: Report, *, progress: "Progress" = lambda _: None
) -> dict[str, Callable[[], str]]:
    """Return the files of a session by name, each as what makes its text.

    All are made from one snapshot and the report on it, so they agree whatever reviewers do
    meanwhile.
    """
    categories, rows = snapshot.judged.categories, snapshot.rows
    errors, right = snapshot.part(Part.ERROR), snapshot.part(Part.RIGHT)
    made: dict[str, Callable[[], str]] = {
        "tally.csv": lambda: csv_files.tally_csv(report),
        "table.csv": lambda: csv_files.table_csv(categories, errors),
        "corrections.csv": lambda: csv_files.corrections_csv(rows),
        "report.json": lambda: json_files.full_json(report, made_by()),
    }
    if right:
        made["table_right.csv"] = lambda: csv_files.table_csv(categories, right)
    return made | {"report.html": lambda: report_html(snapshot, report, progress=progress)}


def export(
    store: Store,
    session: Session,
    folder: Path,
    *,
    html: bool = False,
    targets: Collection[Target] = (),
    level: float = LEVEL,
    intervals: Intervals = Intervals.AUTO,
    reviewer: str | None = None,
    warn: Callable[[Sequence[str]], None] = lambda _: None,
    progress: "Progress" = lambda _: None,
) -> list[Path]:
    """Write all files of a session into `folder`, made if need be; return their paths.

    They are tally.csv, table.csv, corrections.csv and report.json, with correct predictions also
    table_right.csv, for a round compare.csv and compare.json, and with `html` report.html; with
    `targets` only what these tools read. `warn` gets whole sentences. Raises StoreError if they
    can't be written; files that were there stay then.
    """
    snapshot = store.full_snapshot(session, reviewer)
    report = compute(snapshot, level, intervals)
    record(store, snapshot, report)
    makers = files(snapshot, report, progress=progress)
    texts: dict[str, str | bytes] = {
        name: make()
        for name, make in makers.items()
        if (html if name == "report.html" else not targets)
    }
    if not targets:
        texts |= _compared(store, session, level, warn)
    for target in targets:
        made = _for_tool(target, snapshot, report)
        texts |= {name: make() for name, make in made.items()}
    for name, text in texts.items():
        atomic.write(folder / name, text)
    return [folder / name for name in texts]


def _compared(
    store: Store, session: Session, level: float, warn: Callable[[Sequence[str]], None]
) -> dict[str, str]:
    """Return the files on what became of a round, by name; none where it follows no other."""
    from errortool.actions import comparing  # imports pyarrow, which few files need

    found, reason = comparing.with_round_before(store, session, level=level)
    if reason:
        warn([f"compare.csv and compare.json aren't written: {reason}"])
    if found is None:
        return {}
    return {
        "compare.csv": csv_files.compare_csv(found),
        "compare.json": json_files.comparison_json(found, made_by()),
    }


def _for_tool(target: Target, snapshot: FullSnapshot, report: Report) -> tool_files.Makers:
    folder = snapshot.session.images

    def place(image: str) -> str | None:
        if folder is None or not image or Place.of(image) is not None:
            return None
        with suppress(ImageError):
            found = images.locate(Path(folder), image)
            written = os.path.abspath(os.path.join(folder, image))  # noqa: PTH100, PTH118  no links
            # Other tools keep paths as they are written: through a link, not behind it.
            return written if os.path.realpath(written) == str(found) else str(found)
        return None

    return tool_files.files(
        target,
        snapshot,
        report,
        report_json=lambda: json_files.full_json(report, made_by()),
        place=place,
    )


def report_html(
    snapshot: FullSnapshot, report: Report, *, progress: "Progress" = lambda _: None
) -> str:
    """Return the report as one HTML file, with some images of each category inside."""
    from errortool.output import html_report  # imports jinja2, which few commands need

    errors, places = snapshot.part(Part.ERROR), snapshot.judged.rows()
    images_of = snapshot.session.images
    folder = None if images_of is None else Path(images_of)
    previews = images.Cache()
    titles = [(category.id, category.name) for category in report.ranked]
    galleries = []
    for at, (category, title) in enumerate([*titles, (None, "none of these")]):
        progress(at / (len(titles) + 1))
        found = [errors[place] for place in places[category]]
        thumbs = (
            html_report.Thumb.of(row, html_report.data_url(picture.content_type, picture.data))
            for row, picture in _pictures(folder, found, previews)
        )
        galleries.append(
            html_report.Gallery(
                category=category,
                title=title,
                number=len(found),
                thumbs=tuple(islice(thumbs, THUMBS)),
            )
        )
    anchors = {gallery.filter: gallery.anchor for gallery in galleries if gallery.number}

    def link(shown: str, label: str = "", prediction: str = "") -> str | None:
        return f"#{anchors[shown]}" if shown in anchors and not label + prediction else None

    document = html_report.Document(
        report=report,
        judged=snapshot.judged,
        link=link,
        thumbs={gallery.category: gallery.thumbs for gallery in galleries if gallery.thumbs},
        galleries=galleries,
        made=made_by(),
    )
    return html_report.html(document)


def _pictures(
    folder: Path | None, rows: Sequence[Row], cache: images.Cache
) -> Iterator[tuple[Row, images.Encoded]]:
    """Yield rows with a small picture, those that can be shown."""
    for row in rows:
        if folder is not None and row.example.image is not None:
            with suppress(ImageError):
                yield (
                    row,
                    images.preview(
                        folder, row.example.image, side=images.THUMBNAIL_SIDE, cache=cache
                    ),
                )
