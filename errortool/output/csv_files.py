"""The tally, the table and the corrections as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from errortool.analysis.full_report import Report
from errortool.data.formulas import harmless
from errortool.model import Category, Row
from errortool.output.json_files import TALLY


def tally_csv(report: Report) -> str:
    """Return the tally: a row a category, rates as fractions, blank where nothing was looked at."""
    return _csv(
        ("category", *TALLY),
        (
            (harmless(category.name), *(getattr(category, column) for column in TALLY))
            for category in report.categories
        ),
    )


def corrections_csv(rows: Iterable[Row]) -> str:
    """Return the right labels that reviewers gave: a row for each example that has one."""
    return _csv(
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


def table_csv(categories: Sequence[Category], rows: Iterable[Row]) -> str:
    """Return the table: a row an image, a column a category; `read_ticks` reads it back."""
    return _csv(
        (
            "id", "image", "label", "prediction", "confidence",
            *(harmless(category.name) for category in categories),
            "corrected_label", "comment", "reviewer", "looked_at",
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
            )
            for row in rows
        ),
    )  # fmt: skip


def _mark(tick: bool | None) -> int | None:
    return None if tick is None else int(tick)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
