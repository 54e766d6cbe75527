"""Tell what a zip archive is that is given as a table, and read it: a spreadsheet, or arrays.

Its members are unpacked here, under a bound, before any other library sees them.
"""

import io
import zipfile
import zlib
from typing import Final

from errortool.data.tables import Table
from errortool.errors import TableError

MOST_BYTES: Final = 1 << 28
"""More than this, unpacked, is refused: cells take several times as much memory."""

_CHUNK: Final = 1 << 20
_DAMAGED: Final = "is a damaged zip archive or spreadsheet: save it again"


def read(data: bytes, name: str, digest: str) -> Table:
    """Read a spreadsheet (xlsx, ods) or an .npz file.

    Raises TableError for any other archive, a damaged one, or one that unpacks to too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise TableError(name, [_DAMAGED]) from None
    if members and all(member.endswith(".npy") for member in members):
        from errortool.data.importers import arrays

        return arrays.of_npz(archive, name, digest)
    if "xl/workbook.xml" in members or "content.xml" in members:
        from errortool.data.importers import sheets

        return sheets.read(unpacked(archive, name), name, digest)
    if "xl/workbook.bin" in members:
        raise TableError(name, ["is a binary Excel file (.xlsb): save it as .xlsx or CSV"])
    if any(member.endswith("data.pkl") for member in members):
        raise TableError(name, ["is a PyTorch pickle, which is never opened: save it as CSV"])
    raise TableError(name, ["is a zip archive: unpack it, and give the table in it"])


def unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a spreadsheet's archive with its members unpacked; pictures and the like left out.

    What an archive says of its sizes may be a lie: what is returned is what was counted.
    """
    out, left = io.BytesIO(), MOST_BYTES
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as stored:
        for member in archive.infolist():
            if not member.filename.endswith((".xml", ".rels", "mimetype")):
                continue
            text = member_bytes(archive, member, left, name)
            left -= len(text)
            stored.writestr(member.filename, text)
    return out.getvalue()


def member_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int, name: str) -> bytes:
    """Return a member unpacked. Raises TableError if it is damaged or longer than `most`."""
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(member) as file:
            while part := file.read(_CHUNK):
                size += len(part)
                if size > most:
                    fault = (
                        "unpacks to more than can be read (256 MB of a sheet, 512 MB of arrays): "
                        "save it as CSV or Parquet"
                    )
                    raise TableError(name, [fault])
                parts.append(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError):
        raise TableError(name, [_DAMAGED]) from None
    except (RuntimeError, NotImplementedError):
        raise TableError(name, ["is encrypted: save it without a password"]) from None
    return b"".join(parts)
