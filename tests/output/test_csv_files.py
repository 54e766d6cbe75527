"""Tables are written so that spreadsheet programs run nothing, and read back as they were."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import begin, cats_and_dogs
from hypothesis import given
from hypothesis import strategies as st
from rows import CATEGORIES, COLUMNS, ROWS, row

import errortool
from errortool.actions import reporting
from errortool.data import tables
from errortool.data.tick_tables import TickTable, read_ticks
from errortool.model import Category, Kind, Row, Status
from errortool.output import csv_files
from errortool.store import Store


def read(text: str) -> TickTable:
    """Read a table that was written."""
    return read_ticks(tables.parse(text.encode(), "t.csv"), CATEGORIES, ROWS, columns=COLUMNS)


def test_our_own_table_comes_back_as_it_was():
    """Ticks, blanks, comments, right labels and who looked survive the way out and in."""
    rows = (
        row(
            0, ticks={0: True, 1: False}, status=Status.LOOKED_AT, comment='a,\n"b"', reviewer="ann"
        ),
        row(1, ticks={2: True}, comment="=1+1", corrected_label="-5"),
        row(2),
        row(3, ticks={0: False, 1: False, 2: False}, status=Status.LOOKED_AT, reviewer="bob"),
    )
    text = csv_files.table_csv(CATEGORIES, rows)
    back = read(text).rows
    assert [dict(found.ticks) for found in back] == [
        {"Dog": True, "Great cat": False},
        {"=Blurry": True},
        {},
        {"Dog": False, "Great cat": False, "=Blurry": False},
    ]
    assert [found.looked_at for found in back] == [True, False, False, True]
    assert [found.comment for found in back] == ['a,\n"b"', "=1+1", "", ""]
    assert [found.corrected_label for found in back] == ["", "-5", "", ""]
    assert [found.reviewer for found in back] == ["ann", "", "", "bob"]
    assert read(text).warnings == ()


def test_the_table_has_the_agreed_columns():
    """Id, image, label, prediction, confidence, categories, who said what, and the rest."""
    header = csv_files.table_csv(CATEGORIES[:1], ROWS).splitlines()[0]
    assert header == (
        "id,image,label,prediction,confidence,Dog,corrected_label,comment,reviewer,looked_at,camera"
    )


def with_extra(position: int, extra: dict[str, str], **values) -> Row:
    """Return the latest word on an example whose predictions table has these other columns."""
    made = row(position, **values)
    return replace(made, example=replace(made.example, extra=extra))


def test_other_columns_of_the_predictions_stand_at_the_end():
    """As in the file, blank where a row has nothing, and harmless to spreadsheet programs."""
    rows = [with_extra(0, {"b": "1", "a": "=2"}), with_extra(1, {"=c": "x"})]
    header, *cells = csv.reader(io.StringIO(csv_files.table_csv(CATEGORIES[:1], rows)))
    assert header[-3:] == ["b", "a", "'=c"]
    assert [line[-3:] for line in cells] == [["1", "'=2", ""], ["", "", "x"]]


def test_other_columns_are_never_read_as_ticks_or_comments():
    """Whatever they are called: like a category, like our own columns, or like one another."""
    extra = {
        "Dog": "1",
        "great_cat": "1",
        "Comment": "theirs",
        "looked_at": "0",
        "ID": "k3",
        "b": "1",
    }
    extra |= {"Dog (predictions)": "yes", "B": "2"}
    rows = [with_extra(0, extra, ticks={0: False}, comment="ours", status=Status.LOOKED_AT)]
    text = csv_files.table_csv(CATEGORIES, rows)
    header = next(csv.reader(io.StringIO(text)))
    assert header[header.index("looked_at") + 1 :] == [
        "Dog (predictions)", "great_cat (predictions)", "Comment (predictions)",
        "looked_at (predictions)", "ID (predictions)", "b",
        "Dog (predictions) (predictions)", "B (predictions)",
    ]  # fmt: skip
    for new in (False, True):
        table = tables.parse(text.encode(), "t.csv")
        back = read_ticks(table, CATEGORIES, rows, columns=COLUMNS, new_categories=new)
        assert [(dict(one.ticks), one.comment, one.looked_at) for one in back.rows] == [
            ({"Dog": False}, "ours", True)
        ]
        assert back.new_categories == ()


def test_a_category_that_came_after_the_export_takes_no_other_column():
    """A column "night" of zeros and ones is the predictions', also once a category is called so."""
    rows = [with_extra(0, {"night": "1"}, ticks={0: True}, status=Status.LOOKED_AT)]
    text = csv_files.table_csv(CATEGORIES, rows)
    night = Category(id=9, name="Night", kind=Kind.CAUSE, position=9)
    table = tables.parse(text.encode(), "t.csv")
    (back,) = read_ticks(table, (*CATEGORIES, night), rows, columns=COLUMNS).rows
    assert dict(back.ticks) == {"Dog": True}


hostile = st.text("=+-@\t'\"a,\n<%", min_size=1, max_size=6)


@given(hostile, hostile)
def test_hostile_text_survives_the_file(comment: str, label: str):
    """Whatever is typed comes back through a real CSV, but for a lone carriage return."""
    text = csv_files.table_csv(CATEGORIES, [row(0, comment=comment, corrected_label=label)])
    cells = next(csv.DictReader(io.StringIO(text)))
    assert not cells["comment"].startswith(("=", "+", "-", "@", "\t"))
    (found,) = read(text).rows
    assert (found.comment, found.corrected_label) == (comment, label)


def test_names_of_files_are_never_made_from_data(store: Store, tmp_path: Path):
    """Whatever a session and its categories are called, the export's files are called the same."""
    path = cats_and_dogs(tmp_path)
    odd = begin(store, path, name="../../x", categories=("/y", "..\\z"))
    for session in (odd, begin(store, path, name="pets")):
        reporting.export(store, session, tmp_path / str(session.id))
    odd_names, plain_names = (
        {str(found.relative_to(folder)) for found in folder.rglob("*")}
        for folder in (tmp_path / "1", tmp_path / "2")
    )
    assert odd_names == plain_names > {"tally.csv", "table.csv"}


def test_tally_has_the_agreed_columns_and_fractions():
    """A row a category by share, and one of none: fractions, blank where nothing was looked at."""
    made = errortool.estimate(
        {"New": [None] * 3, "Wet": [0, 0, 1], "=Dog": [1, 0, 1]}, errors=3, dev_examples=12
    )
    header, dog, wet, new, none = csv.reader(io.StringIO(csv_files.tally_csv(made)))
    assert header == [
        "category", "kind", "looked_at", "ticked", "share", "share_low", "share_high",
        "dev_error", "ceiling", "ceiling_low", "ceiling_high", "points", "dev_examples",
        "holds",
    ]  # fmt: skip
    assert dog == [
        "'=Dog", "cause", "3", "2", "0.666667", "0.666667", "0.666667", "0.25", "0.0833333",
        "0.0833333", "0.0833333", "0.166667", "2.0", "count",
    ]  # fmt: skip
    assert wet[:5] == ["Wet", "cause", "3", "1", "0.333333"]
    assert new == ["New", "cause", "0", "0", "", "", "", "0.25", *[""] * 6]
    assert none == ["none of these", "none", "0", "0", "", "", "", "0.25", *[""] * 6]


def test_the_tallys_last_row_is_of_the_errors_that_fit_no_category():
    """With its share and interval, and no ceiling: nothing solves them. None is six digits wide."""
    ticks = {"none of these": [1, 0, 0, None], "Wet": [0, 1, 0, 0]}
    made = errortool.estimate(ticks, errors=1_000, dev_examples=12_345, weights=None)
    *_, none = csv.reader(io.StringIO(csv_files.tally_csv(made)))
    assert none[:4] == ["none of these", "none", "3", "1"]
    assert none[4] == "0.333333"
    assert 0 < float(none[5]) < 1 / 3 < float(none[6])
    assert none[8:] == [""] * 5 + ["always"]
    for cell in re.findall(r"0\.0*(\d+)", csv_files.tally_csv(made)):
        assert len(cell) <= 6


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ({"corrected_label": "=wolf", "status": Status.LOOKED_AT}, ["k0,cats/0.jpg,cat,'=wolf"]),
        ({"corrected_label": "", "status": Status.LOOKED_AT}, ["k0,cats/0.jpg,cat,"]),
        ({"corrected_label": None, "status": Status.LOOKED_AT}, []),
        ({"corrected_label": "wolf", "status": Status.DEFERRED}, []),
        ({"corrected_label": "wolf", "status": None}, []),
    ],
)
def test_corrections_are_right_labels_of_images_looked_at(values: dict, written: list[str]):
    """A right label on an image that isn't finished isn't a correction yet."""
    lines = csv_files.corrections_csv([row(0, **values)]).splitlines()
    assert lines == ["id,image,label,corrected_label", *written]
