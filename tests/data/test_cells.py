"""Control characters and escaped quotes in cells are named by their rows, and nothing else is."""

import csv
import io

import pytest

from errortool.data.tables import parse
from errortool.errors import TableError


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,x\x1by\n2,z\n3,\x7f\n", "control characters (U+001B, U+007F) stand in rows 2, 4"),
        ("a,b\n1,\x92\n", "control characters (U+0092) stand in row 2"),
        (
            "\n\nnumber of the example\x07,b\n1,\x07\n",
            "control characters (U+0007) stand in rows 3, 4",
        ),
        ("a,b\n\n1,\x01\x02\x03\x04\n", "(U+0001, U+0002, U+0003, ...) stand in row 3"),
        ("a,b\n1,x\x0b\x0cy\n", "control characters (U+000B, U+000C) stand in row 2"),
        ("a,b\n1,x\ufeffy\n", "a byte order mark (U+FEFF) stands inside of cells in row 2: were"),
    ],
)
@pytest.mark.parametrize("fill", ["", "4,ordinary\n" * 200_000])
def test_odd_characters_are_named(text: str, says: str, fill: str):
    """With the rows; three kinds at most."""
    (warning,) = parse((text + fill).encode(), "t").warnings
    assert says in warning


@pytest.mark.parametrize("text", ["a\tb", '"a\nb"', '"a\r\nb"', "Â\u00a0", "é ü ‘’ 猫", "a\u200bb"])
def test_ordinary_characters_are_not(text: str):
    """Tabs, line ends, letters whose bytes look like control characters."""
    assert parse(f"a,b\n1,{text}\n2,{text}\n".encode(), "t").warnings == ()


def test_nothing_is_said_of_a_row_that_is_not_in_the_table():
    """A ragged row is a fault already; the header isn't blamed for it."""
    table = parse(b"a,b\n1,x\n2,y,\x07\n", "t")
    assert table.warnings == ()
    assert len(table.faults) == 1


def escaped(*cells: str, **options: object) -> bytes:
    """Return a table as a program writes it that escapes quotes by a backslash."""
    out = io.StringIO()
    lines = csv.writer(out, quoting=csv.QUOTE_ALL, escapechar="\\", doublequote=False, **options)
    lines.writerow(("id", "text", "label"))
    for number, cell in enumerate(cells):
        lines.writerow((number, cell, "cat"))
    return out.getvalue().encode()


@pytest.mark.parametrize(
    "options", [{}, {"delimiter": ";"}, {"delimiter": "\t"}, {"lineterminator": "\n"}]
)
@pytest.mark.parametrize("cell", ['a "b" c', '"b" c', 'a "b"', '5"', '"', 'a, "b, c"'])
def test_quotes_behind_a_backslash_are_refused(cell: str, options: dict):
    """Wherever the quotes are in the cell; the rows are named."""
    data = escaped("x", cell, "y", "two\nlines", cell, **options)
    with pytest.raises(TableError, match=r"backslash in rows 3, 6: write them doubled, as \"\"$"):
        parse(data, "t")


@pytest.mark.parametrize(
    "cell",
    [
        "C:\\data\\", "C:\\data\\,", "\\", "\\\\", '{"a": "x \\"y\\" "}', '"', 'say "hi"', "\\,",
        'ends in "\\"', '\\"\\"',
    ],
)  # fmt: skip
@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_other_backslashes_are_read(cell: str, quoting: int, end: str):
    """A path that ends in a backslash, JSON in a cell, quotes doubled as they should be."""
    out = io.StringIO()
    lines = csv.writer(out, quoting=quoting, lineterminator=end)
    lines.writerows((("a", "b", "c"), (1, cell, "x"), (2, "y", cell), (cell, "", "z")))
    table = parse(out.getvalue().encode(), "t")
    assert table.faults == ()
    assert table.columns.to_pylist() == [
        {"a": "1", "b": cell, "c": "x"}, {"a": "2", "b": "y", "c": cell},
        {"a": cell, "b": "", "c": "z"},
    ]  # fmt: skip


def test_backslashes_outside_of_quotes_are_read():
    """An unquoted cell may hold what it likes."""
    assert (
        parse(b'a,b\n1,say \\"hi\\" there\n', "t").columns["b"][0].as_py() == 'say \\"hi\\" there'
    )
