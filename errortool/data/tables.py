"""Read a table file of any format into columns of text, trusting nothing.

A file's type is decided by its bytes, not by its name; CSV and TSV are read here, each other format
by a module of `importers`, which is imported when it is needed. Faults of structure are collected
in `Table.faults`, so that the caller can report them together with its own; a file that isn't a
table at all raises TableError.

Rows are numbered as a spreadsheet shows them: the header of a CSV is row 1.
"""

import codecs
import csv
import gzip
import io
import mmap
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from errortool.data import cells
from errortool.data.encodings import as_utf8
from errortool.errors import TableError
from errortool.messages import count, rows_text

MAX_BYTES: Final = 1 << 29
"""More than this, unpacked, is refused: with its columns it takes three times as much memory."""

Progress = Callable[[float], None]
"""Called with the fraction done, from 0 to 1."""

_CHUNK: Final = 1 << 22
_LONGEST_ROW: Final = 1 << 26  # bytes
_SEPARATORS: Final = ",;\t|"

MAX_CELLS: Final = 50_000_000
"""More than this is refused: each takes some twenty bytes of memory, even if it is empty."""

MAX_COLUMNS: Final = 16_384
"""As many as a spreadsheet can have."""

FEATURES: Final = b"huggingface"
"""The key of a schema's metadata under which `datasets` keeps what the columns mean."""

ROW_NUMBERS: Final = "errortool_row"
"""The column of the rows' numbers in a kept copy of a table from which rows were left out."""

_LONGEST_NAME: Final = 1_000
_BINARY_SHARE: Final = 0.05

# Files that people take for tables, by their first bytes, and what to do about each.
_PICKLE: Final = "a Python pickle, which is never opened: save it as CSV or Parquet"
_NOT_TABLES: Final = tuple(
    (re.compile(signs, re.DOTALL | re.IGNORECASE), what)
    for signs, what in (
        (rb"\xd0\xcf\x11\xe0", "an old Excel file (.xls): save the sheet as CSV"),
        (rb"\x80[\x02-\x05]|\([dl]p\d|[\]}]q.|c[a-z_.]+\n\w+\n[(pq]", _PICKLE),
        (rb"SQLite format 3\x00", "a SQLite database: export its table as CSV"),
        (rb"%PDF", "a PDF: export its table as CSV"),
        (rb"\{\\rtf", "RTF text: save it as plain CSV"),
        (rb"\x1f\x8b", "packed twice: unpack it once"),
        (rb".{257}ustar", "a tar archive: unpack it first"),
        (rb"BZh\d", "compressed with bzip2: unpack it first"),
        (rb"\xfd7zXZ", "compressed with xz: unpack it first"),
        (rb"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first"),
        (rb"\x04\x22\x4d\x18", "compressed with lz4: unpack it first"),
        (rb"\x1f\x9d", "compressed with compress: unpack it first"),
        (rb"Rar!", "a RAR archive: unpack it first"),
        (rb"7z\xbc\xaf", "a 7-Zip archive: unpack it first"),
        (rb"PARE", "an encrypted Parquet file: save it without encryption"),
        (rb"FEA1", "a Feather file: save it as Parquet or CSV"),
        (rb"ORC[\x00-\x1f]", "an ORC file: save it as Parquet or CSV"),
        (rb"Obj\x01", "an Avro file: save it as CSV or Parquet"),
        (rb"\x89HDF", "an HDF5 file: save the table as CSV or Parquet"),
        (rb"MATLAB \d", "a MATLAB file: save the table as CSV"),
        (rb"RD[AX]\d\n", "an R data file: save the table as CSV"),
        (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM.{4}\x00{4}|II\*\x00|MM\x00\*",
         "an image: give the table of predictions"),
        (rb"version https://git-lfs", "a Git LFS pointer, not the file: run `git lfs pull`"),
        (rb"\s*<(!doctype|!--|html|\?xml|head|body|table|svg)",
         "a web page or XML, not a table: download the CSV itself"),
    )
)  # fmt: skip


_JSON: Final = re.compile(
    rb'(\xef\xbb\xbf)?\s*(\{\s*("|\}|\Z)|\[\s*([\[{\]]|("[^"]*"|-?[\d.]+)\s*[,\]]))'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as text: `columns` are string columns without nulls, under the file's own names.

    `rows` holds each row's number in the file, and `unit` is what the format calls a row, such as
    "line" or "sample". `warnings` and `faults` are clauses without the file's name; a table with
    faults is good only for finding more of them.
    """

    name: str
    sha256: str
    columns: pa.Table
    rows: pa.Array
    warnings: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    unit: str = "row"

    def where(self, numbers: Iterable[int]) -> str:
        """Name rows in a message, in the format's own terms."""
        return rows_text(numbers, self.unit)

    def with_column(self, name: str, cells: pa.Array) -> "Table":
        """Return the table with other cells in a column."""
        columns = self.columns.set_column(self.names.index(name), name, pa.chunked_array([cells]))
        return replace(self, columns=columns)

    @property
    def names(self) -> list[str]:
        """The columns' names, in the order of the file."""
        return list(self.columns.column_names)


def read(path: Path, progress: Progress = lambda _: None) -> Table:
    """Read the table file at `path`.

    Raises TableError if there is no such file, if it can't be read, or if it isn't a table.
    """
    name = path.name or str(path)
    if os.path.isdir(path):  # noqa: PTH112  False for what can't be a path
        from errortool.data.importers import folders

        return folders.read(path, progress)
    begin = _begin(path)
    if _PARQUET.match(begin) or _ARROW.match(begin):
        from errortool.data.importers import folders

        parts = folders.shards(path)
        if len(parts) > 1:
            whole = folders.together(parts, path.parent, name, progress)
            told = f"is one of {len(parts):,} parts, and was read with the others"
            return replace(whole, warnings=(told, *whole.warnings))
        return _checked(mapped(path, name, name), name, progress)
    data = file_bytes(path, name)
    progress(0.2)
    return parse(data, name, progress, place=name)


def as_parquet(frame: object, name: str) -> bytes:
    """Return a DataFrame (of pandas, or any library that speaks Arrow) as a Parquet file's bytes.

    An index without a name is left out. Raises TableError, which names it as `name`, if it isn't a
    DataFrame, or a column mixes kinds of values.
    """
    from pyarrow import parquet  # a CSV doesn't need it, and it takes a while

    if not hasattr(frame, "__arrow_c_stream__"):
        raise TableError(name, ["is neither the path of a table nor a DataFrame"])
    try:
        table = pa.table(frame)
        names = [column for column in table.column_names if not column.startswith("__index_level_")]
        features = {
            key: value for key, value in (table.schema.metadata or {}).items() if key == FEATURES
        }
        kept = table.select(names).replace_schema_metadata(features)
        out = io.BytesIO()
        parquet.write_table(kept, out)
    except (pa.ArrowException, ValueError, TypeError) as error:
        fault = f"can't be read as a table ({first_line(error)}): make each column one kind"
        raise TableError(name, [fault]) from None
    return out.getvalue()


def number_text(value: float) -> str:
    """Return a number as text, a whole one without its `.0`."""
    return str(int(value)) if value.is_integer() else repr(value)


def first_line(error: Exception) -> str:
    """Return what an error says, in one line."""
    return "; ".join(str(part).split("\n")[0] for part in error.args)[:200] or type(error).__name__


def parse(
    data: bytes, name: str, progress: Progress = lambda _: None, *, place: str | None = None
) -> Table:
    """Read a table from a file's bytes; `name` stands for the file in messages.

    `place` is the path under which pictures that lie inside it are found: without one, that of the
    copy which is kept (`kept_name`). Raises TableError if the bytes aren't a table.
    """
    digest = sha256(data).hexdigest()
    progress(0.4)
    if data[:2] == b"\x1f\x8b":
        data = _unpacked(data, name)
    place = place or kept_name(digest, data)
    try:
        table = _reader(data)(data, name, digest, place)
    except MemoryError:
        fault = "does not fit in the memory: keep only the columns needed, or free some memory"
        raise TableError(name, [fault]) from None
    return _checked(table, name, progress)


def kept_name(digest: str, data: bytes) -> str:
    """Return the name of the kept copy of a table that lies nowhere else."""
    kinds = ((_PARQUET, ".parquet"), (_ARROW, ".arrow"), (re.compile(rb"\x1f\x8b"), ".csv.gz"))
    return digest + next((ending for signs, ending in kinds if signs.match(data[:16])), ".csv")


def _checked(table: Table, name: str, progress: Progress) -> Table:
    progress(0.7)
    if table.columns.num_rows == 0 and not table.faults:
        raise TableError(name, ["has a header but no rows: nothing to review"])
    return table


_Reader = Callable[[bytes, str, str, str], Table]


def _reader(data: bytes) -> _Reader:
    """Return what reads these bytes, by their beginning."""
    for signs, reader in _READERS:
        if signs.match(data[:4096]):
            return reader
    return lambda data, name, digest, _: _delimited(data, name, digest)


def of_columns(
    columns: pa.Table,
    *,
    name: str,
    sha256: str,
    rows: pa.Array | None = None,
    warnings: Sequence[str] = (),
    faults: Sequence[str] = (),
    unit: str = "row",
) -> Table:
    """Return a table of columns of text; `rows` are their rows' numbers, from 1 if not given.

    Raises TableError if it is too large.
    """
    refuse_too_many(columns.num_columns, columns.num_rows, name)
    told, wrong = list(warnings), list(faults)
    columns = columns.rename_columns(_names(columns.column_names, wrong))
    return Table(
        name=name,
        sha256=sha256,
        columns=_without_unnamed(columns, told),
        rows=_numbers(1, columns.num_rows) if rows is None else rows,
        warnings=tuple(told),
        faults=tuple(wrong),
        unit=unit,
    )


def file_bytes(path: Path, name: str) -> bytes:
    """Return the bytes of a regular file; raise TableError if it changes during the read."""
    try:
        with open(path, "rb", buffering=0, opener=_open_without_waiting) as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise TableError(str(path), ["is not a regular file (a pipe or device?)"])
            if before.st_size > MAX_BYTES:
                raise TableError(name, [too_large(before.st_size)])
            data = file.read(before.st_size) or b""
            grown = file.read(1)
            after = os.fstat(file.fileno())
    except FileNotFoundError:
        fault = "there is no such file: check the path"
        if re.match(r"[a-z][a-z0-9+.-]+:/", str(path), re.IGNORECASE):
            fault = "is a URL, and nothing is fetched here: download it first"
        raise TableError(str(path), [fault]) from None
    except IsADirectoryError:
        raise TableError(str(path), ["is a folder: give the file in it"]) from None
    except OSError as error:
        place = str(path)
        if len(place) > _LONGEST_NAME:
            place = f"{place[:_LONGEST_NAME]}…"
        raise TableError(place, [f"can't be read ({error.strerror})"]) from None
    except ValueError:
        raise TableError(repr(str(path)), ["is not a path: it holds a NUL character"]) from None
    if grown or (len(data), before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise TableError(name, ["changed while it was read: try again when it is complete"])
    return data


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file for `open`: a FIFO without a writer must not make us wait for one."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def too_large(size: int) -> str:
    """Say that a table of so many bytes is too large, and what to do."""
    return (
        f"is {size / (1 << 20):,.0f} MB unpacked, more than the {MAX_BYTES >> 20} MB "
        "that can be read: keep only the columns needed, or only the dev examples"
    )


def _unpacked(data: bytes, name: str) -> bytes:
    """Return the contents of gzip `data`, never more than MAX_BYTES."""
    out = io.BytesIO()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            while chunk := file.read(_CHUNK):
                out.write(chunk)
                if out.tell() > MAX_BYTES:
                    raise TableError(name, [too_large(out.tell())])
    except (EOFError, OSError, zlib.error):
        raise TableError(name, ["is a damaged or cut-off gzip file: pack it again"]) from None
    return out.getvalue()


# --- CSV and TSV ---------------------------------------------------------------------------------


def _delimited(data: bytes, name: str, digest: str) -> Table:
    """Read CSV or TSV in whatever encoding and with whatever separator."""
    _refuse_non_tables(data, name)
    warnings: list[str] = []
    faults: list[str] = []
    data = as_utf8(data, name, warnings)
    if not re.search(rb"\S", data):
        raise TableError(name, ["is empty"])
    _refuse_binary(data, name)
    header, separator, skip = _header(data, name)
    cells.refuse_escaped_quotes(data, separator, name)
    refuse_too_many(len(header), (data.count(b"\n") or data.count(b"\r")) - skip, name)
    names = _names(header, faults)
    columns, ragged = _parse_csv(data, len(header), separator, skip, name)
    if ragged:
        every = columns.num_rows == 0
        faults.append(_ragged_text(ragged, len(header), separator, every=every))
    rows = _numbers(skip + 1, columns.num_rows, [number for number, _ in ragged])
    if b"\x00" in data:
        bad = _where(columns, rows, lambda column: pc.match_substring(column, "\x00"))
        where = rows_text(bad) if bad else "the header"
        faults.append(f"NUL characters stand in {where}: export the file again as plain CSV")
    warnings += cells.odd_characters(data, header, skip, lambda test: _where(columns, rows, test))
    if b'"' in data and data.count(b'"') % 2:
        _refuse_open_quote(columns, rows, [number for number, _ in ragged], name)
    faults += _strange_rows(columns, rows, header)
    keep = _not_blank(columns)
    if not pc.all(keep).as_py():
        columns, rows = columns.filter(keep), rows.filter(keep)
    columns = columns.rename_columns(names)
    if "annotation_id" in names and not faults:
        from errortool.data.importers import label_studio

        tasks = label_studio.of_csv(columns, name)
        if tasks is not None:
            return of_columns(
                tasks.columns, name=name, sha256=digest, warnings=warnings, unit=tasks.unit
            )
    columns = _without_unnamed(columns, warnings)
    return Table(
        name=name,
        sha256=digest,
        columns=columns,
        rows=rows,
        warnings=tuple(warnings),
        faults=tuple(faults),
    )


def _refuse_non_tables(data: bytes, name: str) -> None:
    """Raise TableError for a file of another type, saying how to get a table from it."""
    start = data[:4096].removeprefix(codecs.BOM_UTF8)
    for signs, what in _NOT_TABLES:
        if signs.match(start):
            raise TableError(name, [f"is {what}"])


def _refuse_binary(data: bytes, name: str) -> None:
    """Raise TableError for a file that doesn't begin as text; stray NULs are reported by row."""
    start = re.split(rb"[\r\n]", data[:4096].lstrip())[0].rstrip(b"\x00")
    control = len(re.findall(rb"[\x00-\x08\x0e-\x1f\x7f]", start))
    if control >= len(start) * _BINARY_SHARE:
        raise TableError(name, ["is not text: give the table as CSV, TSV or Parquet"])


def _header(data: bytes, name: str) -> tuple[list[str], str, int]:
    """Return the header's cells, the separator, and how many lines come before the first row."""
    lines = _lines(data)
    separators = _SEPARATORS
    skipped, first = next(
        ((number, line) for number, line in enumerate(lines) if line.strip()), (0, "")
    )
    if match := re.fullmatch(r"sep=(.)\s*", first):  # Excel's own note
        separators = match.group(1)
        skipped += 1
        first = next(lines, "")
    rest = list(islice(lines, 50))
    best: tuple[list[str], str, int] | None = None
    for separator in separators:
        reader = csv.reader([first, *rest], delimiter=separator)
        try:
            cells = next(reader, [])
        except csv.Error:
            continue
        if best is None or len(cells) > len(best[0]):
            best = (cells, separator, skipped + reader.line_num)
    if best is None or not any(cell.strip() for cell in best[0]):
        raise TableError(name, ["has no header: its first row must name the columns"])
    return best


def _lines(data: bytes) -> Iterator[str]:
    """Return the first lines with their ends, be they LF, CRLF or CR."""
    head = data[: 1 << 20].decode(errors="replace")
    if "\n" in head:
        return iter(io.StringIO(head, newline="\n"))
    return iter(head.splitlines(keepends=True))


def _names(header: Sequence[str], faults: list[str]) -> list[str]:
    """Return distinct names for the columns; name blank ones and report repeated ones."""
    names = [" ".join(cell.split()) for cell in header]
    places: dict[str, list[int]] = {}
    for number, cell in enumerate(names, start=1):
        places.setdefault(cell, []).append(number)
    for cell, numbers in places.items():
        if len(numbers) > 1 and 0 < len(cell) <= _LONGEST_NAME:
            listed = rows_text(numbers).removeprefix("rows ")
            faults.append(f"columns {listed} are all called {cell!r}: give each its own name")
        if len(cell) > _LONGEST_NAME:
            faults.append(
                f"column {numbers[0]} has a name of {len(cell):,} characters: is row 1 the header?"
            )
    taken: set[str] = set()
    result = []
    for number, cell in enumerate(names, start=1):
        unique = cell or f"column {number}"
        while unique in taken:
            unique += "'"
        taken.add(unique)
        result.append(unique)
    return result


def _parse_csv(
    data: bytes, width: int, separator: str, skip: int, name: str
) -> tuple[pa.Table, list[tuple[int, int]]]:
    """Return the cells as text, and the number and width of each row of another width."""
    names = [str(index) for index in range(width)]
    quoted = b'"' in data
    ragged: list[tuple[int, int]] = []

    def run(*, threads: bool, block: int) -> pa.Table:
        def remember(row: arrow_csv.InvalidRow) -> str:
            ragged.append((row.number or 0, row.actual_columns))
            return "skip"

        ragged.clear()
        return arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(
                use_threads=threads, column_names=names, skip_rows=skip, block_size=block
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
                invalid_row_handler=remember,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )

    try:
        try:
            table = run(threads=True, block=_CHUNK)
        except pa.ArrowInvalid:  # a cell or a header longer than a block
            table = run(threads=False, block=_LONGEST_ROW)
        if ragged and not all(number for number, _ in ragged):
            table = run(threads=False, block=_LONGEST_ROW)  # only one thread knows row numbers
    except pa.ArrowInvalid as error:
        if data.rstrip(b"\r\n").count(b"\n") < skip:
            raise TableError(name, ["has a header but no rows: nothing to review"]) from None
        fault = "can't be read as CSV: check its quotes and line ends"
        if "straddl" in str(error):
            most = f"{_LONGEST_ROW >> 20} MB"
            fault = f"a row is longer than {most}: is a quote opened in it that is never closed?"
        raise TableError(name, [fault]) from None
    return table, ragged


def refuse_too_many(columns: int, rows: int, name: str) -> None:
    """Raise TableError for a table that wouldn't fit in memory even with small cells."""
    if columns > MAX_COLUMNS:
        fault = f"has {columns:,} columns, more than {MAX_COLUMNS:,}: keep only the columns needed"
        raise TableError(name, [fault])
    if columns * rows > MAX_CELLS:
        fault = (
            f"has {rows:,} rows of {count(columns, 'column')}, more than {MAX_CELLS:,} cells: keep "
            "only the columns needed, or only the dev examples"
        )
        raise TableError(name, [fault])


def _ragged_text(ragged: list[tuple[int, int]], width: int, separator: str, *, every: bool) -> str:
    widths = sorted({cells for _, cells in ragged})
    found = count(widths[0], "cell") if len(widths) == 1 else f"{widths[0]} to {widths[-1]} cells"
    if every:
        return (
            f"every row has {found} where the header has {width}: is row 1 the header? "
            "leave out what stands above it, and name every column"
        )
    shown = "a tab" if separator == "\t" else repr(separator)
    return (
        f"{rows_text(number for number, _ in ragged)} with {found} where the header has "
        f"{width}: put quotes around cells that contain {shown}"
    )


def _strange_rows(columns: pa.Table, rows: pa.Array, header: Sequence[str]) -> list[str]:
    """Report rows that aren't examples: the header repeated, a line of dashes below it."""
    faults = []
    again = pc.equal(columns.column(0), header[0])
    if pc.any(again).as_py():
        for column, cell in zip(columns.columns[1:], header[1:], strict=True):
            again = pc.and_(again, pc.equal(column, cell))
        numbers = rows.filter(again.combine_chunks()).to_pylist()
        if numbers:
            plural = "repeats" if len(numbers) == 1 else "repeat"
            faults.append(f"{rows_text(numbers)} {plural} the header: leave it out")
    if columns.num_rows:
        cells = [column[0].as_py().strip() for column in columns.columns]
        if all(re.fullmatch(r":?-{2,}:?", cell) for cell in cells if cell) and any(cells):
            row = rows[0].as_py()
            faults.append(f"row {row} is a line of dashes: save the table as plain CSV")
    return faults


def _where(
    columns: pa.Table, rows: pa.Array, test: Callable[[pa.ChunkedArray], pa.ChunkedArray]
) -> list[int]:
    """Return the numbers of the rows with a cell that passes `test`."""
    hit = pa.array(np.zeros(columns.num_rows, dtype=np.bool_))
    for column in columns.columns:
        hit = pc.or_(hit, test(column))
    found: list[int] = rows.filter(hit).to_pylist()
    return found


def _refuse_open_quote(columns: pa.Table, rows: pa.Array, ragged: Sequence[int], name: str) -> None:
    """Raise TableError if a quote that never closes has swallowed the rest of the file."""
    last = rows[-1].as_py() if len(rows) else 0
    if ragged and ragged[-1] > last:
        last = ragged[-1]
    elif not last or all("\n" not in column[-1].as_py() for column in columns.columns):
        return
    raise TableError(name, [f"a quote opened in row {last} is never closed: close or remove it"])


def _not_blank(columns: pa.Table) -> pa.Array:
    """Return for each row whether any of its cells isn't empty: blank lines don't count as rows."""
    filled = pc.not_equal(columns.column(0), "")
    for column in columns.columns[1:]:
        if pc.all(filled).as_py():
            break
        filled = pc.or_(filled, pc.not_equal(column, ""))
    return filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled


def _without_unnamed(columns: pa.Table, warnings: list[str]) -> pa.Table:
    """Drop nameless columns that are empty, and the index that pandas writes by default."""
    for name in list(columns.column_names):
        if not re.fullmatch(r"column \d+|Unnamed: \d+|__index_level_\d+__", name):
            continue
        column = columns.column(name)
        first = columns.column_names[0] == name
        if pc.all(pc.equal(column, "")).as_py():
            columns = columns.drop_columns([name])
        elif (first or name.startswith("__")) and _counts_rows(column):
            columns = columns.drop_columns([name])
            which = "the first column" if first else f"column {name!r}"
            warnings.append(f"{which} only counts the rows; it was left out")
        elif name.startswith("column"):
            warnings.append(f"{name} has no name in the header; it is called {name!r}")
    return columns


def _counts_rows(column: pa.ChunkedArray) -> bool:
    first = column[0].as_py() if len(column) else ""
    if first not in {"0", "1"}:
        return False
    expected = _numbers(int(first), len(column)).cast(pa.large_string())
    return bool(column.combine_chunks().equals(expected))


def _numbers(first: int, count: int, without: Sequence[int] = ()) -> pa.Array:
    """Return `count` whole numbers from `first` on, leaving some out."""
    numbers = np.arange(first, first + count + len(without), dtype=np.int64)
    return pa.array(np.setdiff1d(numbers, without, assume_unique=True) if without else numbers)


# --- JSON ----------------------------------------------------------------------------------------


def _json(data: bytes, name: str, digest: str, _: str) -> Table:
    """Read JSON in any of the forms that tables are written in."""
    from errortool.data.importers import json_tables

    found = json_tables.read(data, name)
    return of_columns(
        found.columns,
        name=name,
        sha256=digest,
        rows=found.rows,
        warnings=found.warnings,
        unit=found.unit,
    )


# --- other formats -------------------------------------------------------------------------------


def _parquet(data: bytes, name: str, digest: str, place: str) -> Table:
    from errortool.data.importers import arrow_tables

    return arrow_tables.of_parquet(pa.BufferReader(data), name, digest, place)


def _begin(path: Path) -> bytes:
    """Return the first bytes of a regular file; none if it can't be read."""
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            return file.read(16) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else b""
    except (OSError, ValueError):
        return b""


def mapped(path: Path, name: str, place: str) -> Table:
    """Read a Parquet or Arrow file of any size: only what is needed of it comes into memory.

    `place` is the path under which pictures that lie inside it are found. Raises TableError.
    """
    from errortool.data.importers import arrow_tables

    with path.open("rb") as file:
        before = os.fstat(file.fileno())
        digest = file_digest(file, "sha256").hexdigest()
        whole = pa.py_buffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        try:
            if _PARQUET.match(whole[:4].to_pybytes()):
                table = arrow_tables.of_parquet(pa.BufferReader(whole), name, digest, place)
            else:
                table = arrow_tables.of_arrow(whole, name, digest, place)
        except MemoryError:
            fault = "does not fit in the memory: keep only the columns needed"
            raise TableError(name, [fault]) from None
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise TableError(name, ["changed while it was read: try again when it is complete"])
    return table


def _arrow(data: bytes, name: str, digest: str, place: str) -> Table:
    from errortool.data.importers import arrow_tables

    return arrow_tables.of_arrow(pa.py_buffer(data), name, digest, place)


def _zip(data: bytes, name: str, digest: str, _: str) -> Table:
    """Read a spreadsheet, or arrays of NumPy, as what the zip archive holds tells."""
    from errortool.data.importers import archives

    return archives.read(data, name, digest)


def _array(data: bytes, name: str, digest: str, _: str) -> Table:
    from errortool.data.importers import arrays

    return arrays.of_npy(data, name, digest)


_PARQUET: Final = re.compile(rb"PAR1")
_ARROW: Final = re.compile(rb"ARROW1|\xff{4}..\x00\x00.\x00{3}", re.DOTALL)
_READERS: Final[tuple[tuple[re.Pattern[bytes], _Reader], ...]] = (
    (_PARQUET, _parquet),
    (_ARROW, _arrow),
    (re.compile(rb"PK(\x03\x04|\x05\x06)"), _zip),
    (re.compile(rb"\x93NUMPY"), _array),
    (_JSON, _json),
)
