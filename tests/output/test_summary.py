"""The report as text to paste."""

import errortool
from errortool.analysis.full_report import Report
from errortool.output import phrases, summary


def report(ticks: dict[str, list[int]] | None = None) -> Report:
    """Return a report on twelve errors."""
    ticks = ticks or {"Dog": [1] * 6 + [0] * 6, "Wet|*x*": [1] * 2 + [0] * 10}
    return errortool.estimate(ticks, errors=12, dev_examples=120)


def test_a_chat_gets_the_headline_and_a_line_a_category():
    """The largest first, with what would be left; no mark-up."""
    lines = summary.chat(report()).splitlines()
    assert lines[0] == phrases.headline(report())
    assert "• Dog: 50 % of errors, 5.0 % left if solved (5.0 – 5.0)" in lines
    assert "• none of these: 50 % of errors" in lines
    assert lines.index(next(line for line in lines if line.startswith("• Wet|*x*"))) > 1


def test_markdown_is_a_table_that_names_can_not_break():
    """Bars and stars in names are escaped; each row has as many cells as the head."""
    text = summary.markdown(report())
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows[2].startswith("| Dog | 50 % |")
    assert rows[3].startswith(r"| Wet\|\*x\* | 17 % |")
    assert {row.replace(r"\|", "").count("|") for row in rows} == {6}
    assert text.startswith("**Solving Dog would take")
    assert text.endswith("|\n")


def test_nothing_looked_at_is_said_without_figures():
    """No table of dashes."""
    nothing = errortool.estimate({"Dog": []}, errors=4, dev_examples=8)
    assert "|" not in summary.markdown(nothing)
    assert "•" not in summary.chat(nothing)
