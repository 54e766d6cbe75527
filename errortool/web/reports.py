"""The reports that the pages show: computed once while nothing that they rest on has changed."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import urlencode

from errortool.actions import reporting
from errortool.analysis.full_report import Report
from errortool.analysis.what_if import Plan
from errortool.model import FullSnapshot, Intervals, Session, Snapshot
from errortool.output import filters, html_report
from errortool.store import Store
from errortool.web import links
from errortool.web.protocol import ReportQuery

_KEPT: Final = 8
_DRAWN_AT_ONCE: Final = 50
_MOST_IMAGES: Final = 120

FILES: Final = {
    "table_right.csv": "Table of the correct predictions",
    "corrections.csv": "Corrected labels",
    "report.json": "Every number, for programs",
    "shares.png": "Shares, as a picture",
    "shares.svg": "Shares, as a drawing",
    "overlaps.png": "Which ticks occur together, as a picture",
    "overlaps.svg": "Which ticks occur together, as a drawing",
    "history.png": "How the shares moved, as a picture",
    "history.svg": "How the shares moved, as a drawing",
}
"""What the page offers beside the files at hand, in words."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """A report and the snapshot that it was computed from."""

    snapshot: Snapshot
    report: Report


class Reports:
    """Computes a session's report, and records its figures, when something has changed."""

    def __init__(self, store: Store) -> None:
        """Report on the sessions of `store`."""
        self._store = store
        self._shown: OrderedDict[tuple[object, ...], Shown] = OrderedDict()
        self._full: tuple[Shown, FullSnapshot] | None = None
        self._lock = threading.Lock()

    def report(self, uid: str, level: float, intervals: Intervals, reviewer: str | None) -> Shown:
        """Return a session's report, from the latest word of all or one reviewer's.

        Raises SessionError if there is no such session, or that reviewer has judged nothing.
        """
        session = self._store.session_of(uid)
        asked = level, intervals, reviewer
        key = (_lasting(session), self._store.cursor(session), *asked)
        with self._lock:  # two pages that ask at once get one computation, recorded once
            known = self._shown.get(key)
            if known is None:
                snapshot = self._store.snapshot(session, reviewer)
                report = reporting.compute(snapshot, level, intervals)
                reporting.record(self._store, snapshot, report)
                known = Shown(snapshot=snapshot, report=report)
                key = (key[0], snapshot.cursor, *asked)
            self._shown[key] = known
            self._shown.move_to_end(key)
            while len(self._shown) > _KEPT:
                self._shown.popitem(last=False)
        return known

    def full(self, shown: Shown) -> FullSnapshot:
        """Return the snapshot of a report with every example and the latest word on it."""
        known = self._full
        if known is None or known[0] is not shown:
            basis = shown.snapshot
            known = shown, self._store.full_snapshot(basis.session, basis.reviewer)
            if known[1].cursor == basis.cursor:  # the last one is kept: people look at more of it
                self._full = known
        return known[1]


def _lasting(session: Session) -> str:
    """Return all that a report says of a session; when it was opened last isn't."""
    return repr(replace(session, opened_at=""))


# --- what the page shows of them -----------------------------------------------------------------


def _document(shown: Shown, query: ReportQuery) -> html_report.Document:
    """Return the document that the page shows."""
    snapshot, report = shown.snapshot, shown.report
    session = snapshot.session
    known = {category.id for category in report.categories}
    chosen = [category for category in query.solved if category in known]
    basis = urlencode(
        {"level": report.level, "intervals": report.intervals, "reviewer": query.reviewer}
    )

    return html_report.Document(
        report=report,
        judged=snapshot.judged,
        link=partial(_sheet_address, session),
        thumbs=_thumbs(snapshot),
        plan=_plan(shown, chosen),
        controls=html_report.Controls(
            reviewers=snapshot.reviewers,
            reviewer=snapshot.reviewer,
            files=tuple((name, about) for name, about in FILES.items() if _offered(name, shown)),
            address=f"errortool/report/{session.uid}/files/",
            query=f"?{basis}",
            drawable=min(_DRAWN_AT_ONCE, session.drawable),
            review=links.address("review", session=str(session.id)),
        ),
    )


def _plan(shown: Shown, chosen: Sequence[int]) -> Plan | None:
    if not chosen:
        return None
    return reporting.plan(shown.snapshot, chosen, shown.report.level, shown.report.intervals)


def _offered(name: str, shown: Shown) -> bool:
    if name == "table_right.csv":
        return shown.snapshot.right is not None
    if name.startswith(("overlaps", "history")):
        return any(category.ticked for category in shown.report.categories)
    return True


def _thumbs(snapshot: Snapshot) -> dict[int | None, tuple[html_report.Thumb, ...]]:
    """Return the first images of each category, by their addresses."""
    judged, session = snapshot.judged, snapshot.session
    if session.images is None:
        return {}
    return {
        category: tuple(
            html_report.Thumb(
                key="",
                label=judged.labels[row],
                prediction=judged.predictions[row],
                url=_thumb_address(session, judged.places[row]),
            )
            for row in rows[: html_report.ROW_THUMBS]
        )
        for category, rows in judged.rows().items()
    }


def _sheet_address(session: Session, show: str, label: str = "", prediction: str = "") -> str:
    """Return where the contact sheet shows the images that pass a filter."""
    pair = {"label": label, "prediction": prediction} if label or prediction else {}
    return links.address("review", session=str(session.id), show=show, **pair)


def _thumb_address(session: Session, position: int) -> str:
    mark = session.images_version
    return f"errortool/image/{session.uid}/{position}?size=thumb&v={mark}"


def _body(_: Reports, shown: Shown, query: ReportQuery) -> str:
    return html_report.body(_document(shown, query))


def _what_if(_: Reports, shown: Shown, query: ReportQuery) -> str:
    return html_report.what_if(_document(shown, query))


def _labels(_: Reports, shown: Shown, query: ReportQuery) -> str:
    """Say what labels make, beside a gap between two models."""
    if shown.report.label_verdict is None:
        return ""
    gap = None if query.gap is None else query.gap / 100
    return html_report.labels(_document(shown, query), gap)


def _images(reports: Reports, shown: Shown, query: ReportQuery) -> str:
    """Return the images that pass a filter of the contact sheet, for the page's side panel."""
    full = reports.full(shown)
    show, label, prediction = query.show, query.label, query.prediction
    session = full.session
    names = {category.id: category.name for category in shown.report.categories}
    found = filters.select(show, full.judged, label=label, prediction=prediction)
    positions = [full.judged.places[row] for row in found.nonzero()[0].tolist()]
    rows = {row.example.position: row for row in full.rows}
    title = filters.words(show, names)
    if label or prediction:
        title = f"{title}: {label} → {prediction}"
    thumbs = [
        html_report.Thumb.of(
            row,
            "" if row.example.image is None else _thumb_address(session, position),
            opens=links.address("review", session=str(session.id), example=row.example.key),
        )
        for position in positions[:_MOST_IMAGES]
        for row in [rows[position]]
    ]
    everything = _sheet_address(session, show, label, prediction)
    return html_report.images(title, len(positions), thumbs, everything)


PARTS: Final[Mapping[str, Callable[[Reports, Shown, ReportQuery], str]]] = {
    "": _body,
    "what-if": _what_if,
    "labels": _labels,
    "images": _images,
}
"""What the page asks for as HTML, by its name in the route; "" is the whole document."""


def file(reports: Reports, shown: Shown, name: str) -> str | bytes | None:
    """Make a file of the report; None if there is none of that name."""
    full = reports.full(shown)
    same = full.cursor == shown.snapshot.cursor
    report = (
        shown.report
        if same
        else reporting.compute(full, shown.report.level, shown.report.intervals)
    )
    made = reporting.files(full, report).get(name)
    if made is not None:
        return made()
    plot, _, kind = name.partition(".")
    if name not in FILES or not _offered(name, shown):
        return None
    from errortool.output import charts  # imports altair, which nothing else here needs

    chart = charts.plot(report, plot)
    return charts.png(chart) if kind == "png" else charts.svg(chart)
