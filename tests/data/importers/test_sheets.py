"""Spreadsheets as tables."""

import pytest
import sheets

from errortool.data import tables
from errortool.errors import TableError

ROWS = [
    ["id", "label", "prediction", "confidence", "checked"],
    [1, "cat", "dog", 0.25, True],
    [2, "dog & co", "dog", 1.0, False],
]
TEXTS = [
    {"id": "1", "label": "cat", "prediction": "dog", "confidence": "0.25", "checked": "TRUE"},
    {"id": "2", "label": "dog & co", "prediction": "dog", "confidence": "1", "checked": "FALSE"},
]


def parsed(data: bytes) -> tables.Table:
    """Return a table from a spreadsheet's bytes."""
    return tables.parse(data, "book.xlsx")


def told(data: bytes) -> str:
    """Return what a spreadsheet is refused with."""
    with pytest.raises(TableError) as error:
        parsed(data)
    return str(error.value)


def test_a_workbook_is_read_as_its_csv_would_be():
    """A workbook is read as its CSV would be."""
    table = parsed(sheets.xlsx(Sheet1=ROWS))
    assert table.columns.to_pylist() == TEXTS
    assert table.rows.to_pylist() == [2, 3]
    assert table.warnings == ()


def test_an_open_document_is_read_too():
    """An open document is read too."""
    table = parsed(sheets.ods(ROWS))
    assert table.columns.to_pylist() == TEXTS


def test_rows_are_numbered_as_the_spreadsheet_shows_them():
    """Rows are numbered as the spreadsheet shows them."""
    rows = [[], [], ["id", "label", "prediction"], [1, "a", "b"], [], [2, "b", "b"], ["", "", " "]]
    table = parsed(sheets.xlsx(Sheet1=rows))
    assert table.rows.to_pylist() == [4, 6]


def test_a_column_without_a_name_and_cells_beside_the_header_stay():
    """A column without a name and cells beside the header stay."""
    table = parsed(sheets.xlsx(S=[["id", "", "label"], [1, "x", "a", "note"]]))
    assert table.names == ["id", "column 2", "label", "column 4"]
    assert table.warnings == (
        "column 2 has no name in the header; it is called 'column 2'",
        "column 4 has no name in the header; it is called 'column 4'",
    )


def test_the_first_filled_sheet_is_read_and_told():
    """The first filled sheet is read and told."""
    table = parsed(sheets.xlsx(Notes=[], Errors=ROWS, More=[["a"], [1]]))
    assert table.names == ROWS[0]
    assert table.warnings == ("holds 2 sheets: the first, 'Errors', was read",)


def test_column_names_that_repeat_are_a_fault():
    """Column names that repeat are a fault."""
    table = parsed(sheets.xlsx(S=[["id", "id"], [1, 2]]))
    assert table.faults == ("columns 1, 2 are all called 'id': give each its own name",)


def test_nothing_in_it():
    """Nothing in it."""
    assert told(sheets.xlsx(S=[])) == "book.xlsx: is a spreadsheet with nothing in it"
    assert told(sheets.xlsx(S=[["", " "]])).endswith("with nothing in it")


def test_header_only():
    """Header only."""
    assert "has a header but no rows" in told(sheets.xlsx(S=[["id", "label"]]))


@pytest.mark.parametrize(
    "data",
    [
        sheets.zipped({"xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": "<"}),
        sheets.zipped({"mimetype": "x", "content.xml": "<office/>"}),
        sheets.xlsx(S=ROWS)[:-30],
        sheets.xlsx(S="<row><c><v>1</c></row>"),
    ],
)
def test_a_damaged_spreadsheet_is_one_sentence(data: bytes):
    """A damaged spreadsheet is one sentence."""
    assert "is a damaged" in told(data)
    assert "\n" not in told(data)


def test_other_archives_say_what_they_are():
    """Other archives say what they are."""
    assert told(sheets.zipped({"predictions.csv": "id"})).endswith(
        "is a zip archive: unpack it, and give the table in it"
    )
    assert ".xlsb" in told(sheets.zipped({"xl/workbook.bin": "x"}))
    assert "never opened" in told(sheets.zipped({"archive/data.pkl": "x"}))


def test_a_sheet_that_spans_more_than_fits_is_refused_before_it_is_read():
    """A sheet that spans more than fits is refused before it is read."""
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="XFD1048576"><v>1</v></c></row>'
    assert "spans 17,179,869,184 cells, more than 10,000,000" in told(sheets.xlsx(S=far))
    wide = f"<table:table-row>{sheets.ods_cell('x', 16384)}</table:table-row>"
    again = wide.replace("row>", 'row table:number-rows-repeated="1048576">', 1)
    assert "spans" in told(sheets.ods(wide + again))


def test_the_blank_rest_of_a_sheet_is_no_table():
    """The blank rest of a sheet is no table."""
    row = "<table:table-row>{}</table:table-row>"
    blank = sheets.ods_cell("", 16379)
    rows = "".join(row.format("".join(map(sheets.ods_cell, cells)) + blank) for cells in ROWS[:2])
    rest = row.replace(">", ' table:number-rows-repeated="1048573">', 1).format(blank)
    table = parsed(sheets.ods(rows + rest))
    assert table.columns.num_rows == 1


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to():
    """A zip bomb is refused by what it unpacks to."""
    bomb = sheets.zipped({"xl/workbook.xml": "<a/>", "xl/sharedStrings.xml": b" " * (300 << 20)})
    assert len(bomb) < 1 << 20
    assert "unpacks to more than can be read" in told(bomb)
