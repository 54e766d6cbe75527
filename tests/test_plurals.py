"""One is singular, also in messages: counts of 0, 1 and 2 wherever people read them."""

import re
from pathlib import Path

import pytest
from commands import Run

from errortool.messages import count, sentence

PLURALS = re.compile(
    r"\b1 (more |other |right |correct |dev )?"
    r"(errors|images|rows|examples|ones|cells|values|columns|faults|predictions|combinations|classes)\b"
)
"""What no message may hold: a fixed plural behind a count of one."""


@pytest.mark.parametrize(
    ("number", "says"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1_200, "1,200 rows")]
)
def test_count_is_singular_for_one_alone(number: int, says: str):
    """None are many, one is one."""
    assert count(number, "row") == says


@pytest.mark.parametrize("end", ["?", "!", "."])
def test_a_sentence_ends_once(end: str):
    """A question keeps its mark and gets no full stop behind it."""
    assert sentence(f"is it{end}") == f"is it{end}"
    assert sentence("it is (not so?)") == "it is (not so?)."


def predictions(folder: Path, errors: int, right: int) -> Path:
    """Write a predictions table of that many errors and right ones; return its path."""
    path = folder / f"of {errors} and {right}.csv"
    rows = [f"e{number},cat,dog" for number in range(errors)]
    rows += [f"r{number},dog,dog" for number in range(right)]
    path.write_text("id,label,prediction\n" + "\n".join(rows) + "\n")
    return path


@pytest.mark.parametrize(
    ("errors", "right", "lines"),
    [
        (
            1,
            0,
            [
                "1 error, dev error not known.",
                "There is only 1 error: it was taken.",
                "The model got none right.",
                "1 error and 0 right ones sampled for session 's' (seed 0).",
            ],
        ),
        (
            1,
            1,
            [
                "2 dev examples, 1 error, 50.0 % dev error.",
                "There is only 1 error: it was taken.",
                "The model got only 1 right: it was taken.",
                "1 error and 1 right one sampled for session 's' (seed 0).",
            ],
        ),
        (
            2,
            2,
            [
                "4 dev examples, 2 errors, 50.0 % dev error.",
                "There are only 2 errors: all of them were taken.",
                "The model got only 2 right: all of them were taken.",
                "2 errors and 2 right ones sampled for session 's' (seed 0).",
            ],
        ),
    ],
)
def test_new_counts_what_was_drawn(
    run: Run, tmp_path: Path, errors: int, right: int, lines: list[str]
):
    """Dev examples, errors and right ones, few as they are."""
    result = run("new", predictions(tmp_path, errors, right), "--name", "s", "--right", "9")
    assert result.out.splitlines()[:-1] == lines


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (0, "0 images of session 's' updated.\n"),
        (1, "1 image of session 's' updated.\n"),
        (2, "2 images of session 's' updated.\n"),
    ],
)
def test_import_counts_what_was_updated(run: Run, tmp_path: Path, rows: int, says: str):
    """A row without a tick or a comment updates nothing."""
    run("new", predictions(tmp_path, 3, 1), "--name", "s", "--category", "Dog")
    ticks = "".join(f"e{number},{int(number < rows) or ''}\n" for number in range(3))
    (tmp_path / "ticks.csv").write_text(f"id,Dog\n{ticks}")
    assert run("import", "s", "ticks.csv", "--empty", "unknown").out == says


@pytest.mark.parametrize("errors", [1, 2])
@pytest.mark.parametrize("ticked", [0, 1, 2])
def test_a_report_on_a_few_errors_has_no_wrong_plural(
    run: Run, tmp_path: Path, errors: int, ticked: int
):
    """Headline, basis, lead, verdict, both sides and when to stop, in text and in HTML."""
    options = ("--category", "Dog", "--category", "Wet", "--label-error", "Wrong")
    run("new", predictions(tmp_path, errors, 1), "--name", "s", "--right", "1", *options)
    rows = "".join(
        f"{key},{int(number < ticked)},{int(number < ticked - 1)},1,dog\n"
        for number, key in enumerate(["e0", "e1"][:errors])
    )
    (tmp_path / "ticks.csv").write_text(f"id,Dog,Wet,Wrong,corrected_label\n{rows}r0,0,0,1,cat\n")
    assert run("import", "s", "ticks.csv").err == ""
    out = run("report", "s", "--solve", "Dog").out
    assert f"{errors} of {count(errors, 'error')} looked at" in out
    run("export", "s", "--to", "out", "--html")
    html = (tmp_path / "out" / "report.html").read_text()
    assert PLURALS.findall(out) == PLURALS.findall(html) == []


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("id,label,prediction\na,b\n", "every row has 2 cells where the header has 3"),
        ("label,prediction\na\nb,c\n", "row 2 with 1 cell where the header has 2"),
        ("label,prediction\na,a\n", "equals its label in the only row: there is no error"),
        ("label,prediction\na,a\nb,b\n", "equals its label in all 2 rows: there is no error"),
        ("id,label,prediction\na,x,y\na,x,y\nb,x,y\nb,x,x\n", "rows 2, 3, and 1 more value:"),
        ("label,prediction\nx, y\ny,x\n", r"as 'y' \(1 cell\)"),
    ],
)
def test_faults_of_a_small_table_have_no_wrong_plural(
    run: Run, tmp_path: Path, table: str, says: str
):
    """One cell, one row, one more value."""
    (tmp_path / "p.csv").write_text(table)
    told = run("new", "p.csv").err
    assert PLURALS.findall(told) == []
    assert re.search(says, told), told


def test_a_question_ends_with_its_mark_alone(run: Run, tmp_path: Path):
    """No full stop behind a question mark."""
    (tmp_path / "p.csv").write_text("label,prediction\na,b\na,a\n")
    told = run("new", "p.csv").err
    assert "every row has the same label, 'a': is 'label' the label?\n" in told
