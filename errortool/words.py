"""Figures as words, the same on the command line, on the pages and in the files for people."""

from errortool.reports import CategoryReport, Report


def per_cent(fraction: float | None, decimals: int = 2) -> str:
    """Write a fraction in per cent.

    >>> per_cent(0.0306), per_cent(0.5, 0), per_cent(None)
    ('3.06 %', '50 %', '–')
    """
    return "–" if fraction is None else f"{100 * fraction:.{decimals}f} %"


def interval(first: float | None, last: float | None, decimals: int = 1) -> str:
    """Write the ends of an interval in per cent, without the sign.

    >>> interval(0.018, 0.109)
    '1.8 – 10.9'
    """
    if first is None or last is None:
        return ""
    return f"{100 * first:.{decimals}f} – {100 * last:.{decimals}f}"


def decimals(dev_examples: int) -> int:
    """Return how many decimals a rate in per cent can have on a dev set of that size."""
    a_thousand = 1000
    return 1 if dev_examples <= a_thousand else 2


def ceiling(category: CategoryReport, places: int) -> str:
    """Write the error that is left, with its interval, as in "3.9 % (4.9 – 3.0)"."""
    if category.ceiling is None:
        return "–"
    span = interval(category.ceiling_high, category.ceiling_low, places)
    return f"{per_cent(category.ceiling, places)} ({span})"


def headline(report: Report) -> str:
    """Say in one sentence what the report comes to."""
    ranked = [category for category in report.ranked if category.ticked]
    places = decimals(report.dev_examples)
    if not report.looked_at:
        return "Nothing has been looked at yet."
    if not ranked:
        return f"None of the {report.looked_at:,} errors looked at carries a tick."
    first = ranked[0]
    return (
        f"Solving {first.name} would take the dev error from {per_cent(report.dev_error, places)} "
        f"to {ceiling(first, places)}."
    )


def basis(report: Report) -> str:
    """Say in one line what the figures rest on."""
    parts = [
        f"{report.looked_at:,} of {report.errors:,} errors looked at, drawn at random "
        f"(seed {report.seed})",
        f"{report.dev_examples:,} dev examples",
    ]
    if report.deferred:
        parts.append(f"{report.deferred:,} deferred")
    return " · ".join(parts)
