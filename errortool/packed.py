"""Pictures that lie inside a table file, as in the Parquet and Arrow files of Hugging Face.

Where one lies is written as the path of an image: `test.parquet?column=image.bytes&group=0&row=3`
names the file, the column, the row group (of an Arrow file, the record batch) and the row in it,
both from 0. A picture's bytes are read when it is shown, and kept nowhere.
"""

import mmap
import re
from dataclasses import dataclass
from typing import BinaryIO, Final
from urllib.parse import quote, unquote

from errortool.errors import ImageError
from errortool.messages import shown

MOST_BYTES: Final = 1 << 28
"""A picture is refused if its row group holds more than this of pictures, unpacked."""

_PLACE: Final = re.compile(
    r"(?P<file>.+)\?column=(?P<column>[^&]+)&group=(?P<group>\d{1,9})&row=(?P<row>\d{1,9})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a picture lies: the path of the table file, and the cell in it."""

    file: str
    column: str
    group: int
    row: int

    @classmethod
    def of(cls, path: str) -> "Place | None":
        """Return the place that an image's path names, None if it is a file's own path."""
        match = _PLACE.fullmatch(path)
        if match is None:
            return None
        return cls(
            file=match["file"],
            column=unquote(match["column"]),
            group=int(match["group"]),
            row=int(match["row"]),
        )


def path_of(file: str, column: str, group: int, row: int) -> str:
    """Return the path that stands for a picture in a table file."""
    return f"{file}?column={quote(column, safe='')}&group={group}&row={row}"


def file_of(path: str) -> str:
    """Return the path of the file that holds an image: itself, or the table file it lies in."""
    place = Place.of(path)
    return path if place is None else place.file


def words(path: str) -> str:
    """Return a picture's place for people to read; any other text as it is.

    >>> words("test.parquet?column=image.bytes&group=0&row=3"), words("a.png")
    ('picture 0-3', 'a.png')
    """
    place = Place.of(path)
    return path if place is None else f"picture {place.group}-{place.row}"


def picture(file: BinaryIO, place: Place, path: str) -> bytes:
    """Return the bytes of the picture at `place` in an open table file.

    Raises ImageError, which names the image as `path`, if there is none.
    """
    import pyarrow as pa

    what = f"image {shown(path)}"
    try:
        found = (_of_parquet if file.read(4) == b"PAR1" else _of_arrow)(file, place)
    except (pa.ArrowException, OSError, ValueError, IndexError, KeyError):
        message = f"{what} isn't in that file any more: is it the one the session was drawn from?"
        raise ImageError(message) from None
    if found is None:
        message = f"{what} is missing: its cell is empty"
        raise ImageError(message)
    if isinstance(found, int):
        message = (
            f"{what} is among {found >> 20:,} MB of pictures that must be unpacked together, more "
            f"than {MOST_BYTES >> 20} MB: write the file again with smaller row groups"
        )
        raise ImageError(message)
    return found


def _of_parquet(file: BinaryIO, place: Place) -> bytes | int | None:
    """Return a picture of a Parquet file; the size of its row group if that is too large."""
    from pyarrow import parquet

    file.seek(0)
    table = parquet.ParquetFile(file)
    group = table.metadata.row_group(place.group)
    size: int = sum(
        group.column(number).total_uncompressed_size
        for number in range(group.num_columns)
        if group.column(number).path_in_schema == place.column
    )
    if size > MOST_BYTES:
        return size
    first = 0
    for batch in table.iter_batches(64, row_groups=[place.group], columns=[place.column]):
        if place.row < first + batch.num_rows:
            return _bytes(batch.column(0)[place.row - first].as_py())
        first += batch.num_rows
    raise IndexError(place.row)


def _of_arrow(file: BinaryIO, place: Place) -> bytes | int | None:
    """Return a picture of an Arrow file or stream; its size if that is too large."""
    import pyarrow as pa

    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)  # let go of with the last cell
    source = pa.BufferReader(pa.py_buffer(mapped))
    if mapped[:6] == b"ARROW1":
        batch = pa.ipc.open_file(source).get_batch(place.group)
    else:
        batches = pa.ipc.open_stream(source)
        for _ in range(place.group):
            batches.read_next_batch()
        batch = batches.read_next_batch()
    outer, _, inner = place.column.rpartition(".")
    whole = place.column in batch.schema.names
    cell = batch.column(place.column if whole else outer)[place.row]
    if not whole and cell.is_valid:
        cell = cell[inner]
    size: int = cell.as_buffer().size if cell.is_valid else 0
    return size if size > MOST_BYTES else _bytes(cell.as_py())


def _bytes(cell: object) -> bytes | None:
    """Return a cell's bytes, be it a picture alone or with its path."""
    while isinstance(cell, dict):
        cell = cell.get("bytes") if "bytes" in cell else next(iter(cell.values()), None)
    return cell if isinstance(cell, bytes) else None
