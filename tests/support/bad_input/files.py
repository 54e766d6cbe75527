"""Files that aren't tables, or tables in an unusual format."""

import bz2
import io
import json
import lzma
import os
import pickle
import sqlite3
import tarfile
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import sheets
from bad_input.case import NAMES, ROWS, as_parquet, packed, plain, refused, same, warned
from PIL import Image
from pyarrow import feather, orc, parquet

PLAIN = plain()
UTF8 = PLAIN.encode()


def archive(**files: bytes) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bag:
        for name, data in files.items():
            bag.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def open_document() -> bytes:
    """Return the beginning of a spreadsheet as LibreOffice saves it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bag:
        bag.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        bag.writestr("content.xml", "<office/>")
    return out.getvalue()


def tar() -> bytes:
    """Return a tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as bag:
        member = tarfile.TarInfo("predictions.csv")
        member.size = len(UTF8)
        bag.addfile(member, io.BytesIO(UTF8))
    return out.getvalue()


def saved(save: object, *arguments: object) -> bytes:
    """Return what a library's save function writes."""
    out = io.BytesIO()
    save(*arguments, out)
    return out.getvalue()


def picture(kind: str) -> bytes:
    """Return an image file."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, kind)
    return out.getvalue()


def database(path: Path) -> None:
    """Make a SQLite file."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table predictions (id, label, prediction)")
        db.commit()


TABLE = pa.table(dict(zip(NAMES, zip(*ROWS, strict=True), strict=True)))


def labelled(*labels: str, separator: str = ",") -> str:
    """Return the plain table with two other classes."""
    first, second = labels
    return plain(separator).replace("Käfer", first).replace("Fuchs", second)


def japanese(encoding: str, separator: str = ",") -> bytes:
    """Return a table whose letters have a backslash and a bar for their second bytes."""
    return labelled("表", "ポスト", separator=separator).encode(encoding)


def halves(character: str) -> bytes:
    """Return the plain table with a character in rows 3 and 5, written as two surrogates."""
    units = character.encode("utf-16-be")
    written = b"".join(
        units[at : at + 2].decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")
        for at in (0, 2)
    )
    return UTF8.replace(b"words 1,", written + b",").replace(b"words 3,", written + b",")


NO_TABLE = (
    refused("empty file", b"", "is empty"),
    refused("blank lines only", "\n\r\n  \n", "is empty"),
    refused("byte order mark only", b"\xef\xbb\xbf", "is empty"),
    refused("UTF-16 mark only", b"\xff\xfe", "is empty"),
    refused("header only", "id,label,prediction\n", "a header but no rows"),
    refused("header without line end", "id,label,prediction", "a header but no rows"),
    refused("header and blank lines", "id,label,prediction\n\n\n,,\n", "a header but no rows"),
    refused("blank header", ",,\n1,2,3\n", "no header: its first row must name the columns"),
    refused("a header of spaces that look like letters", "\u2028\u00a0\n", "no header"),
    refused("HTML page", "<!DOCTYPE html><html><body>404</body></html>", "is a web page or XML.*: "
            "download the CSV itself"),
    refused("HTML after spaces", "\n\n   <html><table><tr><td>id", "is a web page or XML"),
    refused("HTML with a comment first", "<!-- hi --><html>", "is a web page or XML"),
    refused("XML", '<?xml version="1.0"?><rows/>', "is a web page or XML"),
    refused("an HTML table posing as Excel", "<table><tr><td>id</td></tr></table>",
            "is a web page or XML", file="predictions.xls"),
    warned("JSON records", json.dumps([{"label": "a", "prediction": "b"}]), "only row is an error"),
    warned("JSON columns", json.dumps({"label": ["a"], "prediction": ["b"]}), "only row is an err"),
    refused("JSON spread over lines", json.dumps([{"label": "a"}], indent=2), "for the prediction"),
    warned("JSON lines", '{"label": "a", "prediction": "b"}\n' * 3, "of the 3 rows is an error"),
    refused("JSON list of numbers", "[1, 2, 3]", "is JSON with a list of values: give a list of"),
    refused("JSON with an odd record", '[{"label": "a"}, 7, {"label": "b"}]',
            "is JSON with not an object in record 2: give a list of records"),
    refused("empty JSON object", "{}", "is JSON without a table"),
    refused("empty JSON list", "[[]]", "is JSON with a list of values"),
    refused("JSON cut off", '[{"label": "a", "prediction": "b"}, {"label": "a", "pre',
            "is damaged JSON .* in line 1.*: write it again"),
    refused("JSON lines with a bad one", '{"label": "a", "prediction": "b"}\n' * 3 + "{label}\n",
            "line 4 is no JSON"),
    refused("JSON with a key twice", '[{"label": "a", "label": "b", "prediction": "b"}]',
            "names the key 'label' twice in one object"),
    refused("JSON with half a character", '[{"label": "\\ud83d", "prediction": "b"}]',
            r"half a character \(a lone surrogate\) stands in record 1"),
    refused("JSON nested ten thousand deep", "[" * 10_000 + "]" * 10_000, "is nested too deeply"),
    refused("JSON objects nested ten thousand deep", '{"a":' * 10_000 + "1" + "}" * 10_000,
            "is nested too deeply"),
    refused("JSON in another encoding", '[{"label": "é", "prediction": "b"}]'.encode("latin-1"),
            "is JSON that is not UTF-8: save it as UTF-8"),
    refused("JSON rows of another width", '{"columns": ["label", "prediction"], "data": [["a"]]}',
            "record 1 hasn't one value for each of 2 columns"),
    refused("JSON columns of different lengths", '{"label": ["a", "b"], "prediction": ["b"]}',
            "has columns of different lengths"),
    refused("a large JSON", b'[{"label": "a", "prediction": "' + b"b" * (100 << 20) + b'"}]',
            "is JSON of 100 MB, more than the 96 MB that can be read: save it as CSV"),
    refused("Markdown table", "| id | label | prediction |\n| --- | --- | --- |\n| 1 | a | b |\n",
            "row 2 is a line of dashes"),
    refused("table printed by psql", " id | label | prediction\n----+-------+------\n 1 | a | b\n",
            "row 2"),
    same("xlsx", sheets.xlsx(Sheet1=[NAMES, *ROWS]), file="predictions.xlsx"),
    same("ods", sheets.ods([NAMES, *ROWS]), file="predictions.ods"),
    refused("cut-off xlsx", sheets.xlsx(Sheet1=[NAMES, *ROWS])[:-50], "damaged zip archive or spr"),
    refused("ods that ends early", open_document(), "damaged spreadsheet", file="predictions.ods"),
    refused("zip bomb of an xlsx", sheets.zipped({"xl/workbook.xml": bytes(300 << 20)}),
            "unpacks to more than can be read"),
    refused("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "an old Excel file"),
    same("xlsx called csv", sheets.xlsx(Sheet1=[NAMES, *ROWS])),
    refused("zip of the CSV", archive(predictions=UTF8), "zip archive"),
    refused("empty zip", archive(), "zip archive"),
    refused("NumPy archive", saved(lambda out: np.savez(out, a=np.arange(3))),
            r"holds a \(3\): name them y_true and y_pred"),
    refused("NumPy array", saved(lambda out: np.save(out, np.arange(3))), "for the label"),
    refused("NumPy pickle", saved(lambda out: np.save(out, np.array([{}]))), "Python objects"),
    refused("tar", tar(), "a tar archive: unpack it first"),
    refused("packed tar", packed(tar()), "a tar archive", file="predictions.tar.gz"),
    *(
        refused(f"pickle, protocol {protocol}", pickle.dumps({"label": [1, 2]}, protocol),
                "a Python pickle, which is never opened: save it as CSV or Parquet")
        for protocol in (0, 1, 2, 3, 4, 5)
    ),
    refused("packed pickle", packed(pickle.dumps({"label": [1]})), "a Python pickle"),
    refused("bzip2", bz2.compress(UTF8), "bzip2: unpack it first"),
    refused("xz", lzma.compress(UTF8), "xz: unpack it first"),
    refused("zstd", pa.compress(UTF8, "zstd", asbytes=True), "zstd: unpack it first"),
    refused("lz4", b"\x04\x22\x4d\x18" + bytes(30), "lz4: unpack it first"),
    refused("compress", b"\x1f\x9d\x90" + bytes(30), "compress: unpack it first"),
    refused("rar", b"Rar!\x1a\x07\x00" + bytes(30), "RAR archive: unpack it first"),
    refused("7z", b"7z\xbc\xaf\x27\x1c" + bytes(30), "7-Zip archive: unpack it first"),
    refused("packed twice", packed(packed(UTF8)), "packed twice: unpack it once"),
    refused("cut-off gzip", packed(UTF8)[:-9], "damaged or cut-off gzip file: pack it again"),
    refused("gzip header only", packed(UTF8)[:10], "damaged or cut-off gzip"),
    refused("two bytes of gzip", b"\x1f\x8b", "damaged or cut-off gzip"),
    refused("gzip with junk inside", packed(UTF8)[:30] + b"junk" + packed(UTF8)[34:], "damaged or"),
    refused("gzip of nothing", packed(b""), "is empty"),
    same("Feather", saved(feather.write_feather, TABLE)),
    refused("cut-off Feather", saved(feather.write_feather, TABLE)[:-90], "damaged Arrow file"),
    refused("old Feather", b"FEA1" + bytes(60) + b"FEA1", "Feather file: save it as"),
    refused("ORC", saved(orc.write_table, TABLE), "ORC file: save it as Parquet or CSV"),
    refused("HDF5", b"\x89HDF\r\n\x1a\n" + bytes(90), "HDF5 file: save the table as CSV"),
    refused("MATLAB", b"MATLAB 5.0 MAT-file" + bytes(120), "MATLAB file: save the table as CSV"),
    refused("R data", packed(b"RDX3\nX\n" + bytes(40)), "R data file: save the table as CSV"),
    refused("Avro", b"Obj\x01" + bytes(40), "Avro file: save it as CSV or Parquet"),
    refused("SQLite", database, "SQLite database: export its table as CSV"),
    refused("PDF", b"%PDF-1.7\n", "a PDF: export its table as CSV"),
    refused("RTF", b"{\\rtf1\\ansi id,label}", "RTF text: save it as plain CSV"),
    *(refused(f"{kind} image", picture(kind), "an image: give the table of predictions")
      for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")),
    refused("program", b"\x7fELF" + bytes(200), "is not text"),
    refused("random bytes", bytes(range(256)) * 8, "is not text"),
    refused("zero bytes", bytes(1000), "is not text"),
    refused("prose", "Dear all,\nhere are\nthe predictions.\n", "no column for the label among"),
    refused("a table printed by pandas", "   id label prediction\n0  a0   cat   dog\n",
            "no column for the label.*has only one column"),
    refused("separated by spaces", plain(" ").replace("words ", "words"),
            "no column for the label.*has only one column: separate the cells with commas"),
    refused("separated by colons", plain(":"), "has only one column"),
    refused("Git LFS pointer", "version https://git-lfs.github.com/spec/v1\nsize 1\n",
            "Git LFS pointer.*git lfs pull"),
    refused("damaged Parquet", b"PAR1" + bytes(200) + b"PAR1", "damaged Parquet file: write it"),
    refused("cut-off Parquet", as_parquet()[:-40], "damaged Parquet"),
    refused("Parquet header only", b"PAR1", "damaged Parquet"),
    refused("Parquet of no rows", saved(parquet.write_table, TABLE.slice(0, 0)), "header but no"),
    refused("encrypted Parquet", b"PARE" + bytes(100) + b"PARE", "encrypted Parquet"),
    refused("Parquet with a hole", as_parquet()[:60] + bytes(60) + as_parquet()[120:], "damaged P"),
)  # fmt: skip


def linked(path: Path) -> None:
    """Make a link that leads to itself."""
    path.symlink_to(path)


def dangling(path: Path) -> None:
    """Make a link that leads to nothing."""
    path.symlink_to(path.with_name("gone.csv"))


def device(path: Path) -> None:
    """Make a link to an endless device."""
    path.symlink_to("/dev/zero")


NO_FILE = (
    refused("missing file", lambda _: None, "there is no such file: check the path"),
    refused("folder", Path.mkdir, "is a folder: give the file in it"),
    refused("FIFO", os.mkfifo, "not a regular file", alone=True),
    refused("endless device", device, "not a regular file", alone=True),
    refused("terminal", lambda path: path.symlink_to("/dev/null"), "not a regular file"),
    refused("link to itself", linked, "can't be read"),
    refused("dangling link", dangling, "there is no such file"),
    refused("URL", lambda _: None, "is a URL.*: download it first",
            command=("new", "https://example.com/predictions.csv")),
    refused("file URL", lambda _: None, "is a URL", command=("new", "file:///etc/passwd")),
    refused("cloud path", lambda _: None, "is a URL", command=("new", "s3://bucket/p.csv")),
    refused("path too long", lambda _: None, "can't be read", command=("new", "x" * 5000)),
    refused("empty path", lambda _: None, "is a folder", command=("new", "")),
    refused("file below a file", UTF8, "can't be read", command=("new", "{file}/x.csv")),
    refused("standard input", lambda _: None, "no such file", command=("new", "-")),
)  # fmt: skip

DRESS = (
    same("as it is", PLAIN),
    same("UTF-8 with mark", b"\xef\xbb\xbf" + UTF8),
    same("UTF-16 with mark, little", b"\xff\xfe" + PLAIN.encode("utf-16-le")),
    same("UTF-16 with mark, big", b"\xfe\xff" + PLAIN.encode("utf-16-be")),
    same("UTF-32", PLAIN.encode("utf-32")),
    warned("UTF-16 without mark, little", PLAIN.encode("utf-16-le"), "read as UTF-16.*12 rows"),
    warned("UTF-16 without mark, big", PLAIN.encode("utf-16-be"), "read as UTF-16.*12 rows"),
    refused("UTF-16 cut in a letter", b"\xff\xfe" + PLAIN.encode("utf-16-le")[:-1],
            "damaged UTF-16 text: save it as UTF-8"),
    warned("Latin-1", PLAIN.encode("latin-1"),
           r"not UTF-8 \(first in row 2\); it was read as Windows-1252, which concerns 9 rows"),
    warned("Windows-1252", PLAIN.replace("words 0", "“words”").encode("cp1252"), "concerns 9 rows"),
    warned("bytes of no known encoding", UTF8 + b"k99,\x81\x90,Fuchs,Fuchs,0.5\n",
           "read as Latin-1, which concerns 10 rows"),
    warned("one row in another encoding", UTF8 + b"k99,caf\xe9,Fuchs,Fuchs,0.5\n",
           r"not UTF-8 \(first in row 14\)"),
    warned("UTF-8 cut in a letter", UTF8 + "k99,x,Fuchs,Fuchs,é".encode()[:-1], "not UTF-8"),
    warned("Shift-JIS", japanese("cp932"),
           r"not UTF-8 \(first in row 2\); it was read as Shift-JIS, which concerns 12 rows"),
    warned("EUC-JP", japanese("euc_jp"), "read as EUC-JP, which concerns 12 rows"),
    warned("GBK", labelled("异常", "正常").encode("gbk"), "as GB18030, which concerns 12"),
    warned("Big5", labelled("功能", "異常").encode("big5"), "read as Big5, which concerns 12 rows"),
    warned("EUC-KR", labelled("정상", "불량").encode("euc_kr"), "as EUC-KR, which concerns"),
    warned("Windows-1251", labelled("кот", "собака").encode("cp1251"), "read as Windows-1251, whi"),
    warned("Shift-JIS between bars", japanese("cp932", "|"), "read as Shift-JIS, which"),
    warned("accents side by side", labelled("haïé", "ÀÉ").encode("cp1252"), "as Windows-1252, whi"),
    warned("characters in two halves", halves("😀"),
           r"characters in rows 3, 5 are written in two halves \(CESU-8"),
    refused("half a character", halves("😀").replace(b"\xed\xa0\xbd", b""),
            r"half a character \(a lone surrogate\) stands in rows 3, 5: write the whole"),
    warned("a mark in the middle", PLAIN + "\ufeffz1,x,Fuchs,Uhu,0.6\n",
           "a byte order mark stands in front of row 14, where files were put together"),
    refused("a shard with a mark and a header each", ("\ufeff" + PLAIN) * 2,
            "row 14 repeats the header"),
    warned("a mark in a cell", PLAIN.replace("words 3", "wor\ufeffds"),
           r"a byte order mark \(U\+FEFF\) stands inside of cells in row 5: were files put"),
    same("semicolons", plain(";")),
    same("tabs", plain("\t"), file="predictions.tsv"),
    same("tabs in a file called csv", plain("\t")),
    same("bars", plain("|")),
    same("note of the separator", "sep=;\n" + plain(";")),
    same("CRLF", plain(end="\r\n")),
    same("CR", plain(end="\r")),
    same("LF and CRLF mixed", PLAIN.replace("\n", "\r\n", 5)),
    same("no end of the last line", PLAIN.rstrip()),
    same("blank lines between", PLAIN.replace("\n", "\n\n")),
    same("blank lines first", "\n\n" + PLAIN),
    same("rows of commas", PLAIN + ",,,,\n" * 3),
    same("everything quoted", plain('","').replace("\n", '"\n"').join(['"', ""])[:-1]),
    same("spaces around the names", PLAIN.replace("id,text,label", " id , text,label ", 1)),
    same("a comma at each end", PLAIN.replace("\n", ",\n")),
    same("gzip", packed(PLAIN), file="predictions.csv.gz"),
    same("gzip that isn't called so", packed(PLAIN)),
    same("gzip in two parts", packed(PLAIN[:100]) + packed(PLAIN[100:])),
    same("packed UTF-16", packed(PLAIN.encode("utf-16"))),
    same("CSV called xlsx", PLAIN, file="predictions.xlsx"),
    same("Parquet", as_parquet(), file="predictions.parquet"),
    same("Parquet called csv", as_parquet()),
    same("packed Parquet", packed(as_parquet())),
    same("odd name", PLAIN, file="pré dictions (1)'\".csv"),
    same("no ending", PLAIN, file="predictions"),
    same("link to the file", lambda path: path.symlink_to(_beside(path)), file="linked.csv"),
    refused("junk after gzip", packed(PLAIN) + b"junk", "damaged or cut-off gzip file"),
)  # fmt: skip


def _beside(path: Path) -> Path:
    other = path.with_name("other.csv")
    other.write_text(PLAIN)
    return other


RAGGED = (
    refused("a row too short", PLAIN + "k99,x\n",
            "row 14 with 2 cells where the header has 5: put quotes around cells"),
    refused("a row too long", PLAIN + "k99,x,Fuchs,Fuchs,0.5,more\n", "row 14 with 6 cells"),
    refused("unquoted commas", PLAIN + "k98,a, b,Fuchs,Fuchs,0.5\n" * 14,
            "rows 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 and 4 more with 6 cells"),
    refused("every row too long", plain().replace("id,", "", 1),
            "every row has 5 cells where the header has 4: is row 1 the header"),
    refused("a remark above the header", "# made by train.py\n" + PLAIN,
            "is row 1 the header\\? leave out what stands above it"),
    refused("a title above the header", "Results,,,,\n" + PLAIN, "no column for the label"),
    refused("no header", "\n".join(",".join(row) for row in ROWS),
            "no column for the label.*first row must name the columns"),
    refused("quote never closed", PLAIN + 'k99,"x,Fuchs,Fuchs,0.5\nk98,x,Fuchs,Fuchs,0.5\n',
            "quote opened in row 14 is never closed"),
    refused("quote never closed in the last cell", PLAIN + 'k99,x,Fuchs,Fuchs,"0.5\n',
            "quote opened in row 14 is never closed"),
    refused("quote never closed in the header", '"id,label\n1,2\n3,4\n', "quote|no column|header"),
    warned("single quotes around predictions", PLAIN.replace(",Käfer,0", ",'Käfer',0").replace(
        ",Fuchs,0", ",'Fuchs',0"), r"only in blanks and punctuation were read .* \(12 cells\)"),
    refused("NUL in a cell", PLAIN.replace("words 3", "wor\0ds"),
            "NUL characters stand in row 5: export the file again"),
    refused("NUL in the header", PLAIN.replace("text", "te\0xt", 1), "NUL characters stand in the"),
    refused("NULs at the end", UTF8 + bytes(512), "NUL characters stand in"),
    refused("quotes behind a backslash", PLAIN.replace("words 1,", r'"a \"word\" x",').replace(
            "words 3,", r'"\"5\"",'), "quotes in cells are escaped with a backslash in rows 3, 5: "
            "write them doubled"),
    refused("two columns of a name", PLAIN.replace("text", "label", 1),
            "columns 2, 3 are (both|all) called 'label': give each its own name"),
    refused("three columns of a name", PLAIN.replace("text,label,prediction", "x,x,x", 1),
            "columns 2, 3, 4 are all called 'x'"),
    warned("a column without a name", PLAIN.replace("text", "", 1), "column 2 has no name in the"),
    warned("a column named by spaces", PLAIN.replace("text", "  ", 1), "column 2 has no name"),
    refused("the header once more inside", PLAIN + plain(rows=[("z1", "x", "a", "b", "0.6")]),
            "row 14 repeats the header: leave it out"),
    refused("a shard with a header each", PLAIN * 2, "row 14 repeats the header"),
    warned("the count of rows first", plain(
        names=("", *NAMES), rows=[(str(n), *row) for n, row in enumerate(ROWS)]),
        "the first column only counts the rows; it was left out"),
    warned("the count of rows first, as pandas calls it", plain(
        names=("Unnamed: 0", *NAMES), rows=[(str(n), *row) for n, row in enumerate(ROWS)]),
        "the first column only counts the rows"),
    warned("an index of other numbers", plain(
        names=("", *NAMES), rows=[(str(7 * n), *row) for n, row in enumerate(ROWS)]),
        "column 1 has no name"),
    warned("an index in Parquet", as_parquet(__index_level_0__=[str(n) for n in range(12)]),
           "column '__index_level_0__'|counts the rows"),
    warned("lists in Parquet", as_parquet(scores=[[1, 2]] * 12), "'scores' holds list.*left out"),
    warned("bytes in Parquet", as_parquet(raw=[b"\0"] * 12), "'raw' holds binary.*left out"),
    refused("lists as labels in Parquet", as_parquet(label=[["a"]] * 12), "no column for the lab"),
    refused("labels missing in Parquet", as_parquet(label=["a", None] * 6),
            r"column 'label' \(label\) is empty in rows 2, 4, 6, 8, 10, 12"),
    refused("labels NaN in Parquet", as_parquet(label=[1.0, float("nan")] * 6), "is empty in rows"),
)  # fmt: skip

ALL = (*NO_TABLE, *NO_FILE, *DRESS, *RAGGED)
