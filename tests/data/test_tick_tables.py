"""Tables of ticks, ours or anybody's spreadsheet, are matched with a session."""

import pytest
from rows import CATEGORIES, COLUMNS, ROWS

from errortool.data import tables
from errortool.data.tick_tables import Empty, read_ticks
from errortool.errors import TableError
from errortool.model import Category, Columns, Kind


def read(text: str, categories=CATEGORIES, columns: Columns = COLUMNS, **options):
    """Read a table of ticks given as text."""
    table = tables.parse(text.encode(), "t.csv")
    return read_ticks(table, categories, ROWS, columns=columns, **options)


def ticks(text: str, **options) -> dict[int, dict[str, bool]]:
    """Return what a table of ticks says, by position."""
    return {found.position: dict(found.ticks) for found in read(text, **options).rows}


def faults(text: str, **options) -> str:
    """Return what is wrong with a table of ticks."""
    with pytest.raises(TableError) as caught:
        read(text, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "yes", ["1", "1.0", "yes", "YES", "y", "true", "TRUE", "x", "X", "✓", " x "]
)
@pytest.mark.parametrize("no", ["0", "no", "False", "n"])
def test_ticks_are_written_in_many_ways(yes: str, no: str):
    """1/0, yes/no, true/false, x and the tick mark, in any case."""
    assert ticks(f"id,Dog\nk0,{yes}\nk1,{no}\n") == {0: {"Dog": True}, 1: {"Dog": False}}


def test_an_empty_cell_means_no_in_a_foreign_table():
    """People mark what applies and leave the rest blank; `--empty unknown` reads blank as blank."""
    text = "id,Dog,Great cat\nk0,x,\nk1,,\n"
    assert ticks(text) == {
        0: {"Dog": True, "Great cat": False},
        1: {"Dog": False, "Great cat": False},
    }
    assert ticks(text, empty=Empty.UNKNOWN) == {0: {"Dog": True}, 1: {}}
    assert [found.looked_at for found in read(text).rows] == [True, True]
    assert [found.looked_at for found in read(text, empty=Empty.UNKNOWN).rows] == [True, False]


def test_an_empty_cell_means_not_looked_at_in_our_table():
    """The column looked_at tells our table; `--empty no` overrides."""
    text = "id,Dog,looked_at\nk0,,1\nk1,1,0\n"
    assert ticks(text) == {0: {}, 1: {"Dog": True}}
    assert [found.looked_at for found in read(text).rows] == [True, False]
    assert ticks(text, empty=Empty.NO)[0] == {"Dog": False}


def test_the_row_of_totals_is_left_out():
    """The last row of the lecture's table isn't an image."""
    text = "Image,Dog,Great Cat,Comments\nk0,x,,Pitbull\nk1,,x,\n% of total,8%,43%,\n"
    found = read(text)
    assert [entry.position for entry in found.rows] == [0, 1]
    assert [entry.comment for entry in found.rows] == ["Pitbull", ""]
    assert found.warnings == ()


@pytest.mark.parametrize(
    "column", ["id,k1", "Image,cats/1.jpg", "file,1.jpg", "image_path,k1", "ID, k1 "]
)
def test_rows_are_matched_by_id_else_by_image(column: str):
    """By id, by the image's path, or by its name where only one is so called."""
    name, value = column.split(",")
    assert ticks(f"{name},Dog\n{value},1\n") == {1: {"Dog": True}}


def test_other_columns_are_named_and_skipped_or_made_categories():
    """Unknown columns are passed over; with new_categories those of ticks are taken."""
    text = "id,camera,Dog,Wet,notes\nk0,front,1,x,see below\nk1,back,0,,\n"
    found = read(text)
    assert found.new_categories == ()
    assert "columns 'Wet' and 'notes': no category of the session" in found.warnings[0]
    assert "--new-categories" in found.warnings[0]
    found = read(text, new_categories=True)
    assert found.new_categories == ("Wet",)
    assert dict(found.rows[0].ticks) == {"Dog": True, "Wet": True}
    assert "columns 'camera' and 'notes'" in found.warnings[0]


def test_rows_of_other_images_are_passed_over_and_counted():
    """A table of all errors fits a session of some."""
    found = read("id,Dog\nk0,1\nk99,1\nk98,0\n")
    assert len(found.rows) == 1
    assert "not in the session's sample and passed over: rows 3, 4" in found.warnings[0]


def test_all_faults_of_a_table_are_reported_together():
    """Cells that aren't ticks and images that appear twice, with their rows."""
    told = faults("id,Dog,Great cat\nk0,maybe,1\nk1,1,2\nk1,?,0\n")
    assert "column 'Dog' holds 'maybe' in rows 2, 4" in told
    assert "column 'Great cat' holds '2' in row 3" in told
    assert "rows 3, 4 are about the same image, 'k1'" in told


def test_a_table_of_something_else_is_refused():
    """No row that matches means the wrong table, or no id."""
    assert "no row belongs to the session" in faults("id,Dog\nz,1\n")
    assert "no row belongs to the session" in faults("name,Dog\nk0,1\n")


def test_a_category_may_be_called_as_an_extra_column():
    """What is a category of the session is read as one."""
    camera = Category(id=9, name="Camera", kind=Kind.CAUSE, position=9)
    (found,) = read("id,camera\nk0,1\n", (camera,)).rows
    assert dict(found.ticks) == {"Camera": True}


def test_categories_that_differ_in_punctuation_keep_their_own_ticks():
    """C and C++ are two, and c-- is neither; Comment! is not the column comment."""
    names = ("C", "C++", "Comment!", "Dog")
    categories = [
        Category(id=number, name=name, kind=Kind.CAUSE, position=number)
        for number, name in enumerate(names)
    ]
    found = read("id,C,C++,c--,DOG,comment\nk0,1,0,1,0,well\nk1,0,1,1,1,\n", categories)
    assert [row.ticks for row in found.rows] == [
        {"C": True, "C++": False, "Dog": False},
        {"C": False, "C++": True, "Dog": True},
    ]
    assert found.rows[0].comment == "well"
