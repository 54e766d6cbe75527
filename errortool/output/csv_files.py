"""The tally, the table and the corrections as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from errortool.analysis.comparison import Comparison
from errortool.analysis.full_report import Report
from errortool.data.formulas import harmless
from errortool.model import Category, Row
from errortool.output.json_files import COMPARED, TALLY, compared


def tally_csv(report: Report) -> str:
    """Return the tally: a row a category by share, and one for the errors that fit none.

    Rates are fractions with six significant digits, blank where nothing was looked at.
    """
    columns = (*TALLY, "holds")
    none = _none(report)
    return as_csv(
        ("category", *columns),
        (
            *(
                (harmless(category.name), *(figure(getattr(category, name)) for name in columns))
                for category in report.ranked
            ),
            ("none of these", *(figure(none.get(name)) for name in columns)),
        ),
    )


def _none(report: Report) -> dict[str, object]:
    """Return the figures of the errors that fit no category, by column: nothing solves these."""
    none = report.none
    found: dict[str, object] = {"kind": "none", "dev_error": report.dev_error}
    if none is None:
        return found | {"looked_at": 0, "ticked": 0}
    shares = {"share": none.share, "share_low": none.low, "share_high": none.high}
    counts = {"looked_at": none.looked_at, "ticked": none.ticked, "holds": none.holds.value}
    return found | counts | shares


def compare_csv(found: Comparison) -> str:
    """Return what each category made possible and what came, a row a category.

    `possible` and `gained` are fractions of the dev set, the others numbers of examples, blank
    where they aren't known.
    """
    return as_csv(
        ("category", "kind", *COMPARED),
        (
            (
                harmless(one.name),
                one.kind,
                *(figure(value) for value in compared(one).values()),
            )
            for one in found.categories
        ),
    )


def figure(value: object) -> object:
    """Return a rate with six significant digits, anything else as it is."""
    return float(f"{value:.6g}") if isinstance(value, float) else value


def corrections_csv(rows: Iterable[Row]) -> str:
    """Return the right labels that reviewers gave: a row for each example that has one."""
    return as_csv(
        ("id", "image", "label", "corrected_label"),
        (
            (
                harmless(row.example.key),
                harmless(row.example.image or ""),
                harmless(row.example.label),
                harmless(row.corrected_label),
            )
            for row in rows
            if row.looked_at and row.corrected_label is not None
        ),
    )


def table_csv(categories: Sequence[Category], rows: Sequence[Row]) -> str:
    """Return the table: a row an image, a column a category; `read_ticks` reads it back.

    The predictions table's other columns stand at the end.
    """
    from errortool.data.tick_tables import other_names  # imports pyarrow: a report needs none

    others = other_names(
        dict.fromkeys(name for row in rows for name in row.example.extra), categories
    )
    return as_csv(
        (
            "id", "image", "label", "prediction", "confidence",
            *(harmless(category.name) for category in categories),
            "corrected_label", "comment", "reviewer", "looked_at",
            *map(harmless, others.values()),
        ),
        (
            (
                harmless(row.example.key),
                harmless(row.example.image or ""),
                harmless(row.example.label),
                harmless(row.example.prediction),
                row.example.confidence,
                *(_mark(row.ticks.get(category.id)) for category in categories),
                harmless(row.corrected_label or ""),
                harmless(row.comment),
                harmless(row.reviewer),
                int(row.looked_at),
                *(harmless(row.example.extra.get(name, "")) for name in others),
            )
            for row in rows
        ),
    )  # fmt: skip


def _mark(tick: bool | None) -> int | None:
    return None if tick is None else int(tick)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
