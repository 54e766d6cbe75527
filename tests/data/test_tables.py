"""Any file that people hand over is read as what it means, or refused in one sentence."""

import csv
import gzip
import io
import os
import subprocess
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from errortool.data import predictions, tables
from errortool.data.tables import Table, parse, read
from errortool.errors import TableError
from errortool.messages import rows_text


def columns(table: Table) -> dict[str, list[str]]:
    """Return a table's columns as lists."""
    return table.columns.to_pydict()


def parquet_bytes(**values: object) -> bytes:
    """Return a Parquet file of these columns."""
    out = io.BytesIO()
    parquet.write_table(pa.table(values), out)
    return out.getvalue()


SAME = {"a": ["1", "3"], "b": ["x", "é y"]}


@pytest.mark.parametrize(
    "data",
    [
        "a,b\n1,x\n3,é y\n".encode(),
        "a,b\r\n1,x\r\n3,é y".encode(),
        "a,b\r1,x\r3,é y\r".encode(),
        "a;b\n1;x\n3;é y\n".encode(),
        "a\tb\n1\tx\n3\té y\n".encode(),
        "a|b\n1|x\n3|é y\n".encode(),
        "sep=;\na;b\n1;x\n3;é y\n".encode(),
        '"a","b"\n"1","x"\n"3","é y"\n'.encode(),
        "\ufeffa,b\n1,x\n3,é y\n".encode(),
        "\n\na,b\n\n1,x\n\n\n3,é y\n\n".encode(),
        " a , b\n1,x\n3,é y\n".encode(),
        "a,b,\n1,x,\n3,é y,\n".encode(),
        "a,b\n1,x\n3,é y\n".encode("utf-16"),
        "a,b\n1,x\n3,é y\n".encode("utf-32"),
        gzip.compress("a,b\n1,x\n3,é y\n".encode(), mtime=0),
        parquet_bytes(a=[1, 3], b=["x", "é y"]),
        parquet_bytes(a=[1.0, 3.0], b=pa.array(["x", "é y"]).dictionary_encode()),
        gzip.compress(parquet_bytes(a=["1", "3"], b=["x", "é y"]), mtime=0),
    ],
)
def test_the_same_table_in_any_dress(data: bytes):
    """Encodings, separators, line ends, quotes, blank lines and formats don't matter."""
    table = parse(data, "t")
    assert columns(table) == SAME
    assert table.faults == ()
    assert table.warnings == ()


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        ("a,b\n1,x\n3,é y\n".encode("latin-1"), "not UTF-8 (first in row 3); it was read as Win"),
        (b"a,b\n1,x\n3,\xe9 y\n4,\x81\n", "it was read as Latin-1, which concerns 2 rows"),
        ("a,b\n1,x\n3,é y\n".encode("utf-16-le"), "no byte order mark; it was read as UTF-16"),
        ("a,b\n1,x\n3,é y\n".encode("utf-16-be"), "no byte order mark; it was read as UTF-16"),
        (b"a,,b\n1,2,x\n", "column 2 has no name in the header; it is called 'column 2'"),
        (b",a,b\n0,1,x\n1,3,y\n", "the first column only counts the rows"),
        (parquet_bytes(a=["1"], b=[[1, 2]]), "column 'b' holds list<"),
        (parquet_bytes(a=["1"], b=[b"\x00"]), "column 'b' holds binary, not text; left out"),
    ],
)
def test_a_guessed_encoding_is_warned_about(data: bytes, warning: str):
    """What was read as something else than it says is in the warnings."""
    assert any(warning in told for told in parse(data, "t").warnings)


def test_faults_of_structure_are_collected_with_their_rows():
    """Ragged rows, repeated names and NUL characters are reported together, by row number."""
    table = parse(b"a,a,b\n1,2,3\n1,2\n\n1,2,3,4\n1,\x00,3\n", "t")
    ragged, repeated, nul = sorted(table.faults, key=lambda fault: fault[:4], reverse=True)
    assert "rows 3, 5 with 2 to 4 cells where the header has 3" in ragged
    assert "columns 1, 2 are all called 'a'" in repeated
    assert "NUL characters stand in row 6" in nul


def test_rows_are_numbered_as_in_a_spreadsheet():
    """The header is row 1, blank lines count, and a cell of two lines is one row."""
    table = parse(b'a,b\n1,x\n\n2,"two\nlines"\n3,y\n', "t")
    assert table.rows.to_pylist() == [2, 4, 5]
    assert parse(parquet_bytes(a=["x", "y"]), "t").rows.to_pylist() == [1, 2]


def test_a_cell_may_be_longer_than_any_block():
    """A cell of 6 MB is read whole."""
    table = parse(b'a,b\n1,"' + b"x" * (6 << 20) + b'"\n2,y\n', "t")
    assert [len(cell) for cell in columns(table)["b"]] == [6 << 20, 1]


def test_missing_values_of_parquet_are_blank():
    """Null and NaN become '', so that they are found missing and not a class `nan`."""
    table = parse(parquet_bytes(a=[1.5, None, float("nan")], b=["x", None, "z"]), "t")
    assert columns(table) == {"a": ["1.5", "", ""], "b": ["x", "", "z"]}


def test_words_for_missing_values_are_plain_text_in_csv():
    """NA, None, null and nan stay what they are: they may be classes."""
    assert columns(parse(b"a\nNA\nNone\nnull\nnan\n", "t"))["a"] == ["NA", "None", "null", "nan"]


def test_only_regular_files_are_opened(tmp_path: Path):
    """A missing file, a folder, a FIFO, a device, a NUL in the path: a sentence each, no hang."""
    os.mkfifo(tmp_path / "fifo")
    for path, sentence in [
        (tmp_path / "missing.csv", "there is no such file"),
        (tmp_path, "is a folder"),
        (tmp_path / "fifo", "not a regular file"),
        (Path("/dev/zero"), "not a regular file"),
        (Path("a\0b"), "holds a NUL character"),
    ]:
        with pytest.raises(TableError, match=sentence):
            read(path)


def test_a_file_that_grows_while_it_is_read_is_refused(write, monkeypatch: pytest.MonkeyPatch):
    """Half a file is never taken for the whole."""
    path = write("a,b\n1,2\n")
    fstat = os.fstat

    def fstat_and_grow(descriptor: int) -> os.stat_result:
        status = fstat(descriptor)
        with path.open("ab") as file:
            file.write(b"3,4\n")
        return status

    monkeypatch.setattr(os, "fstat", fstat_and_grow)
    with pytest.raises(TableError, match="changed while it was read"):
        read(path)


def test_files_that_unpack_too_large_are_refused_early(
    monkeypatch: pytest.MonkeyPatch,
):
    """A small gzip of much is stopped at the bound."""
    monkeypatch.setattr(tables, "MAX_BYTES", 1 << 20)
    with pytest.raises(TableError, match="more than the"):
        parse(gzip.compress(b"a,b\n" + b"1,2\n" * (1 << 20), mtime=0), "t")


def test_the_hash_is_of_the_file_as_it_lies_there(write):
    """The recorded hash is the one that sha256sum prints, also for a packed file."""
    path = write(gzip.compress(b"a\n1\n", mtime=0), "p.csv.gz")
    told = subprocess.run(["sha256sum", path], capture_output=True, check=True).stdout
    assert read(path).sha256 == told.split()[0].decode()


def test_progress_goes_up_to_the_end(write):
    """Whoever waits sees it move."""
    told: list[float] = []
    read(write("a\n1\n"), told.append)
    assert told == sorted(told)
    assert told
    assert told[-1] <= 1


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([7], "row 7"), ([2, 3], "rows 2, 3"), (range(1, 13), "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2")],
)
def test_rows_are_named_up_to_ten(numbers, text: str):
    """Ten numbers, then how many more."""
    assert text in rows_text(numbers)


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_break_it(data: bytes):
    """Any bytes are a table or a TableError."""
    with suppress(TableError):
        assert parse(data, "t").names


cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12)


@settings(max_examples=100)
@given(st.lists(st.tuples(cell, cell), min_size=1, max_size=8))
def test_files_of_the_csv_module_are_read_back(rows: list[tuple[str, str]]):
    """Quotes, separators and line ends inside cells come back as they were."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(("first", "second"))
    writer.writerows(rows)
    filled = [row for row in rows if any(row)]
    if not filled:
        return
    table = parse(out.getvalue().encode(), "t")
    assert list(zip(*columns(table).values(), strict=True)) == filled


GOOD = "id,image,label,pred\n" + "".join(f'{n},"a/{n}.jpg",cat,dog\n' for n in range(9))


@settings(max_examples=200)
@given(
    st.sampled_from([
        GOOD.encode(), GOOD.encode("utf-16"), gzip.compress(GOOD.encode(), mtime=0),
        parquet_bytes(label=["a", "b"] * 5, pred=["a"] * 10),
    ]),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=3)), min_size=1, max_size=12),
)  # fmt: skip
def test_a_damaged_file_is_a_table_or_a_sentence(data: bytes, damage: list[tuple[int, bytes]]):
    """Bytes replaced, lost and put in: a table that can be checked, or a TableError."""
    for place, new in damage:
        at = place % (len(data) + 1)
        data = data[:at] + new + data[at + 1 :]
    with suppress(TableError):
        predictions.validate(parse(data, "t"))
