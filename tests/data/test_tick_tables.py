"""Tables of ticks, ours or anybody's spreadsheet, are matched with a session."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from rows import CATEGORIES, COLUMNS, ROWS, row

from errortool.data import tables, tick_tables
from errortool.data.tick_tables import Empty, Identified, TickTable, read_ticks
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
    "yes", ["1", "1.0", "yes", "YES", "y", "true", "TRUE", "x", "X", "✓", " x ", "✔\ufe0f"]
)
@pytest.mark.parametrize("no", ["0", "no", "False", "n", "✗"])
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
    told = faults("id,Dog,Great cat\nk0,maybe,1\nk1,1,2\nk1,perhaps,0\n")
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


# --- spreadsheets that people fill in by hand ----------------------------------------------------

SHEET = (
    ("Image", "Dog", "Great cat", "Comments"),
    ("0.jpg", "x", "", "a pug"),
    ("1.jpg", "", "x", ""),
    ("9.jpg", "x", "", ""),
)
WIDE = ("Error analysis", "", "", "")


def from_file(path: Path, id_column: str | None = None) -> TickTable:
    """Read a table of ticks from a file, from its header on."""
    table = tick_tables.read(path, CATEGORIES, COLUMNS, id_column=id_column)
    identified = Identified(column=id_column)
    return read_ticks(table, CATEGORIES, ROWS, columns=COLUMNS, identified=identified)


def sheet(above: list[tuple[str, ...]], separator: str = ",", end: str = "\n") -> str:
    """Return the spreadsheet as CSV, with rows above its header."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows([*above, *SHEET])
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "above",
    [
        [("Error analysis",)],
        [("Error analysis",), ("by Ann", "in May"), ()],
        [WIDE],
        [WIDE, ("", "", "", ""), ("by Ann", "", "in May", "")],
        [("Dog",), ()],
    ],
)
def test_the_header_may_stand_below_titles(
    tmp_path: Path, above: list[tuple[str, ...]], separator: str, end: str, encoding: str
):
    """One title or several, as wide as the table or not, blank lines; rows keep their numbers."""
    path = tmp_path / "sheet.csv"
    path.write_bytes(sheet(above, separator, end).encode(encoding))
    found = from_file(path)
    header = len(above) + 1
    assert [(row.number, row.position, row.comment) for row in found.rows] == [
        (header + 1, 0, "a pug"),
        (header + 2, 1, ""),
    ]
    assert dict(found.rows[0].ticks) == {"Dog": True, "Great cat": False}
    assert found.warnings == (
        f"row {header} was taken for the header",
        f"not in the session's sample and passed over: row {header + 3}",
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_header_may_stand_below_blank_rows(tmp_path: Path, separator: str):
    """As a spreadsheet program writes them."""
    path = tmp_path / "sheet.csv"
    path.write_text(sheet([("", "", "", "")] * 2, separator))
    assert [row.number for row in from_file(path).rows] == [4, 5]


def test_the_header_of_a_sheet_without_lines_may_stand_below_a_title(tmp_path: Path):
    """Containers of cells have no lines; commas and line ends in cells stay."""
    rows = [*SHEET[:2], ("1.jpg", "", "x", 'one, "two"\nthree'), *SHEET[3:]]
    columns = {
        name: list(cells) for name, cells in zip("abcd", zip(*rows, strict=True), strict=True)
    }
    parquet.write_table(pa.table(columns), tmp_path / "sheet.parquet")
    found = from_file(tmp_path / "sheet.parquet")
    assert [(row.number, row.comment) for row in found.rows] == [
        (2, "a pug"),
        (3, 'one, "two"\nthree'),
    ]
    assert found.warnings[0] == "row 1 was taken for the header"


def test_faults_of_the_title_are_none_of_the_table(tmp_path: Path):
    """Repeated cells of a title don't matter, those of the header do."""
    path = tmp_path / "sheet.csv"
    path.write_text(sheet([("May", "May", "", "")]))
    assert len(from_file(path).rows) == 2
    path.write_text(sheet([WIDE]).replace("Comments", "Dog"))
    with pytest.raises(TableError, match="columns 2, 4 are all called 'Dog'"):
        from_file(path)


def test_a_header_in_row_1_is_left_where_it_is(tmp_path: Path):
    """Cells that name categories don't make a header of their row."""
    path = tmp_path / "sheet.csv"
    path.write_text("id,Dog,said\nk0,1,Dog\nk1,0,Great cat\n")
    assert [row.number for row in from_file(path).rows] == [2, 3]
    path.write_text("who,said,what\nk0,dogs,y\n")
    with pytest.raises(TableError, match="no row belongs to the session: it needs a column id"):
        from_file(path)


@pytest.mark.parametrize("name", ["Great Cats", "great-cats", "GreatCat", "great_cat!"])
def test_a_category_may_be_in_the_plural(name: str):
    """Case, plural, blanks and punctuation don't matter, and what is taken for what is told."""
    found = read(f"id,{name},DOG\nk0,1,1\n")
    assert dict(found.rows[0].ticks) == {"Great cat": True, "Dog": True}
    assert found.warnings == (
        f"taken for categories of nearly the same name: '{name}' for 'Great cat'",
    )


@pytest.mark.parametrize(
    ("category", "column"),
    [("Boxes", "box"), ("Berry", "Berries"), ("Two houses", "two House"), ("Bus", "buses"),
     ("Cats and dogs", "cat and dog"), ("Glass", "Glasses"), ("Horse", "horses")],
)  # fmt: skip
def test_plurals_are_formed_in_several_ways(category: str, column: str):
    """On either side, and of each word."""
    known = (Category(id=9, name=category, kind=Kind.CAUSE, position=9),)
    (found,) = read(f"id,{column}\nk0,1\n", known).rows
    assert dict(found.ticks) == {category: True}


@pytest.mark.parametrize("column", ["Plan", "Glas", "Dogma"])
def test_other_words_are_not_plurals(column: str):
    """A column that isn't a category's is passed over."""
    names = ("Plane", "Glass", "Dog", "Wet")
    known = tuple(
        Category(id=number, name=name, kind=Kind.CAUSE, position=number)
        for number, name in enumerate(names)
    )
    found = read(f"id,{column},Wet\nk0,1,1\n", known)
    assert dict(found.rows[0].ticks) == {"Wet": True}
    assert f"column '{column}': no category of the session" in found.warnings[0]


def test_a_name_that_fits_several_categories_counts_for_none():
    """That is told with the categories; a column of the predictions table is no category either."""
    names = ("Plane", "Planes", "Plane-s", "Wet")
    known = tuple(
        Category(id=number, name=name, kind=Kind.CAUSE, position=number)
        for number, name in enumerate(names)
    )
    found = read("id,PLANES,Wet\nk0,1,1\n", known)
    assert dict(found.rows[0].ticks) == {"Planes": True, "Wet": True}
    found = read("id,planes?,Wet\nk0,1,1\n", known)
    assert dict(found.rows[0].ticks) == {"Wet": True}
    assert found.warnings[0] == (
        "column 'planes?' could be the category 'Planes' or 'Plane-s' or 'Plane': rename it"
    )
    of_predictions = Category(id=8, name="Cameras", kind=Kind.CAUSE, position=8)
    found = read("id,camera,Wet\nk0,1,1\n", (of_predictions, known[3]))
    assert dict(found.rows[0].ticks) == {"Wet": True}


@pytest.mark.parametrize("value", ["1", "1.jpg", "cats/1", "cats/1.jpg", "k1"])
@pytest.mark.parametrize("name", ["id", "image"])
def test_folder_and_ending_may_be_missing(name: str, value: str):
    """Of an image's path, in a column of ids as in one of images."""
    assert ticks(f"{name},Dog\n{value},1\n") == {1: {"Dog": True}}


def test_a_short_name_of_two_images_is_no_name():
    """1.jpg is in two folders, 2 has two endings, and 0.5 has none."""
    paths = ("a/1.jpg", "b/1.jpg", "a/2.jpg", "b/2.png", "0.5", "3.jpg")
    rows = [
        replace(row(n), example=replace(row(n).example, key=path, image=path))
        for n, path in enumerate(paths)
    ]
    table = tables.parse(b"image,Dog\n1.jpg,1\n1,1\n2,1\n2.png,1\n0,1\n3,1\n", "t.csv")
    found = read_ticks(table, CATEGORIES, rows, columns=COLUMNS)
    assert [entry.position for entry in found.rows] == [3, 5]
    assert found.warnings == ("not in the session's sample and passed over: rows 2, 3, 4, 6",)


def test_the_column_of_ids_may_be_named_by_hand():
    """In any case; one that isn't there is told with those that are."""
    text = "Foto,Dog\n1,1\n"
    foto = Identified(column="foto")
    assert ticks(text, identified=foto) == {1: {"Dog": True}}
    assert "--id-column names another column" in faults(text)
    told = faults(text, identified=Identified(column="Bild"))
    assert told == "t.csv: there is no column 'Bild' for --id-column: it has 'Foto' and 'Dog'"
    assert "column 'Foto' must hold the same ids" in faults("Foto,Dog\nz,1\n", identified=foto)
    assert ticks("id,Dog,key\nk0,1,k3\n", identified=Identified(column="key")) == {3: {"Dog": True}}


def test_row_numbers_are_the_order_of_review_if_asked():
    """Else the sentence that refuses them says how to ask."""
    text = "No,Dog\n2,1\n1,0\nTotal,1\n"
    numbered = Identified(column="No", by_number=True)
    assert ticks(text, identified=numbered) == {1: {"Dog": True}, 0: {"Dog": False}}
    assert read(text, identified=numbered).warnings == ()
    by_name = text.replace("No", "id")
    assert ticks(by_name, identified=Identified(by_number=True))[1] == {"Dog": True}
    told = "counts from 1 to 5; if that is the order of review, add --row-numbers"
    counted = "id,Dog\n" + "".join(f"{n},1\n" for n in (11, 12, 13))
    assert told not in faults(counted)
    ids = [replace(row(n), example=replace(row(n).example, image=None)) for n in range(4)]
    table = tables.parse(b"id,Dog\n1,1\n2,1\n3,0\n4,0\n5,0\ntotal,2\n", "t.csv")
    with pytest.raises(TableError, match=told):
        read_ticks(table, CATEGORIES, ids, columns=COLUMNS)
    assert "--row-numbers needs 1, 2 and so on in column 'No'" in faults(
        "No,Dog\na,1\n", identified=numbered
    )


@pytest.mark.parametrize(
    "totals", ["% of total,30%,40%", "Total:,1,1", "Sum,1,1", ",1,1", ',50 %,"12,5 %"', ",0.5,"]
)
def test_totals_are_left_out_without_a_word(totals: str):
    """By their name, or because they are numbers without an id."""
    found = read(f"id,Dog,Great cat\nk0,x,\n{totals}\n")
    assert (len(found.rows), found.warnings) == (1, ())


def test_rows_without_an_id_that_are_not_totals_are_told():
    """A comment or a cross isn't a number, and numbers between the images aren't their sum."""
    assert "passed over: row 3" in read("id,Dog\nk0,x\n,1\nk1,1\n,2\n").warnings[0]
    assert "passed over: row 3" in read("id,Dog\nk0,x\n,x\n").warnings[0]


def test_a_question_mark_is_neither_a_tick_nor_a_no():
    """It is not looked at for its category, and told."""
    text = "id,Dog,Great cat\nk0,?,x\nk1,x,\nk2,?, ? \n"
    found = read(text)
    assert [dict(entry.ticks) for entry in found.rows] == [
        {"Great cat": True},
        {"Dog": True, "Great cat": False},
        {},
    ]
    assert [entry.looked_at for entry in found.rows] == [True, True, False]
    assert found.warnings == (
        "column 'Dog' has a question mark in rows 2, 4: not looked at there",
        "column 'Great cat' has a question mark in row 4: not looked at there",
    )
