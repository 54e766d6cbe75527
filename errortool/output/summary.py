"""The report as text to paste: into a chat, or as Markdown into a page or an issue."""

import re

from errortool.analysis.full_report import CategoryReport, Report
from errortool.analysis.what_if import Plan
from errortool.messages import isolated
from errortool.output import phrases


def chat(report: Report, plan: Plan | None = None) -> str:
    """Return the report as a few lines of plain text."""
    return "\n".join(
        [
            ": ".join(part for part in (report.session, phrases.headline(report)) if part),
            *(f"{line.term}: {line.text}" for line in phrases.glance(report)),
            phrases.basis(report),
            *(f"• {line}" for line in _lines(report)),
            *([phrases.plan(plan, report)] if plan else []),
        ]
    )


def markdown(report: Report, plan: Plan | None = None) -> str:
    """Return the report as Markdown, with a table of the categories."""
    places = phrases.decimals(report.dev_examples)
    text = [f"**{_plain(phrases.headline(report))}**", ""]
    text += [f"- {line.term}: {_plain(line.text)}" for line in phrases.glance(report)]
    text += [""]
    about = " · ".join(part for part in (report.session, phrases.basis(report)) if part)
    text += [_plain(about), ""]
    if report.looked_at:
        level = phrases.per_cent(report.level, 0)
        columns = 5 if report.rated else 3
        none = ("none of these", phrases.share(report.none_share), "", "", "")
        rows = [
            ("category", "share of errors", f"{level} interval", "dev error left if solved",
             f"{level} interval"),
            ("---", "---:", "---:", "---:", "---:"),
            *(_cells(category, places) for category in report.ranked),
            none,
        ]  # fmt: skip
        text += [f"| {' | '.join(row[:columns])} |".replace("  ", " ") for row in rows] + [""]
    if plan:
        text += [_plain(phrases.plan(plan, report)), ""]
    return "\n".join(text).rstrip() + "\n"


def _cells(category: CategoryReport, places: int) -> tuple[str, ...]:
    return (
        _plain(category.name),
        phrases.share(category.share),
        phrases.interval(category.share_low, category.share_high),
        phrases.per_cent(category.ceiling, places),
        phrases.interval(category.ceiling_low, category.ceiling_high, places),
    )


def _lines(report: Report) -> list[str]:
    places = phrases.decimals(report.dev_examples)
    if not report.looked_at:
        return []
    lines = []
    for category in report.ranked:
        if category.share is None:
            continue
        line = f"{isolated(category.name)}: {phrases.share(category.share)} of errors"
        if report.rated:
            ends = phrases.interval(category.ceiling_low, category.ceiling_high, places)
            left = phrases.per_cent(category.ceiling, places)
            line += f", {left} left if solved ({ends})"
        lines.append(line)
    return [*lines, f"none of these: {phrases.share(report.none_share)} of errors"]


def _plain(text: str) -> str:
    r"""Escape what Markdown would take for its own.

    >>> print(_plain("a|b *c* <d> [e](f)"))
    a\|b \*c\* \<d\> \[e\](f)
    """
    return re.sub(r"([\\`*_\[\]<>|~&#!$])", r"\\\1", text)
