"""Tables whose columns or cells are not what they should be."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from bad_input.case import (
    NAMES,
    ROWS,
    Case,
    changed,
    packed,
    plain,
    refused,
    same,
    warned,
    with_column,
)
from pyarrow import parquet


def named(**names: str) -> str:
    """Return the plain table with other names for its columns."""
    return plain(names=[names.get(name, name) for name in NAMES])


def without(column: str) -> str:
    """Return the plain table without a column."""
    place = NAMES.index(column)
    return plain(
        names=[*NAMES[:place], *NAMES[place + 1 :]],
        rows=[[*row[:place], *row[place + 1 :]] for row in ROWS],
    )


COLUMNS = (
    refused("no label", without("label"), "no column for the label among.*--label-column"),
    refused("no prediction", without("prediction"), "no column for the pred.*--prediction-column"),
    refused("neither", "id,a,b\n1,x,y\n2,x,x\n", "for the label.*; no column for the prediction"),
    refused("one column", "label\na\nb\n", "no column for the prediction"),
    refused("two labels", named(text="y_true"), "'y_true' and 'label' could each be the label: "
            "choose one with --label-column"),
    refused("two predictions", named(text="y_pred"), "could each be the pred.*--prediction-column"),
    warned("two ids", named(text="uid"), "could each be the id.*--id-column"),
    warned("two images", with_column("image", ["a"]).replace("text", "path", 1),
            "could each be the image.*--image-column"),
    warned("two confidences", named(text="conf"), "could each be the conf.*--confidence-column"),
    warned("two weights", with_column("weight", ["1"]).replace("text", "importance", 1),
            "could each be the weight.*--weight-column"),
    refused("two of several at once", named(text="target", confidence="pred"),
            "could each be the label.*could each be the prediction"),
    same("label and prediction in the other order", plain(
        names=("id", "text", "prediction", "label", "confidence"),
        rows=[(a, b, d, c, e) for a, b, c, d, e in ROWS])),
    refused("a chosen column that isn't there", plain(), "no column 'verdikt' for --label-column: "
            "it has", command=("new", "{file}", "--label-column", "verdikt")),
    refused("a chosen column with a slip", plain(), "did you mean 'confidence'",
            command=("new", "{file}", "--confidence-column", "confidenze")),
    refused("an empty choice", plain(), "no column '' for --label-column|could each|label",
            command=("new", "{file}", "--label-column", " ")),
    refused("one column for two roles", plain(), "can't be the label and the prediction at once",
            command=("new", "{file}", "--label-column", "label", "--prediction-column", "label")),
    refused("the id as label", plain(), "no class in common",
            command=("new", "{file}", "--label-column", "id", "--id-column", "text")),
    warned("no id and no image", without("id"), "each example goes by its row's number"),
    warned("an image folder but no image column", plain(), "no column holds the images' paths",
           command=("new", "{file}", "--images", ".")),
    *(refused(f"an image folder that {what}", "id,image,label,prediction\na,x,b,c\nd,y,c,c\n", says,
              command=("new", "{file}", "--images", folder)) for what, folder, says in (
        ("isn't there", "gone", "the image folder 'gone' is not there"),
        ("is a file", "predictions.csv", "is a file: give the folder it is in"),
        ("is a URL", "https://example.com", "is not there"))),
    warned("several splits", with_column("split", ["dev", "train"]),
           r"column 'split' holds 'dev' \(6 rows\), 'train' \(6 rows\): all rows were taken"),
    refused("names that are only punctuation", named(label="---"), "no column for the label among"),
    refused("too many columns", ",".join(f"c{n}" for n in range(20_000)) + "\n" + "," * 19_999,
            "has 20,000 columns, more than 16,384: keep only the columns needed"),
)  # fmt: skip


def ranked(probabilities: str) -> str:
    """Return the plain table with two predictions in each row and their probabilities."""
    predicted = "\"['Uhu', 'Fuchs']\""
    return plain(rows=[(*row[:3], predicted, f'"{probabilities}"') for row in ROWS])


CLASSES = (
    *(
        warned(f"a class called {name}", changed("label", dict.fromkeys((2, 4), name)),
               rf"'{name}' was read as a class of that name \(2 cells\)")
        for name in ("NA", "N/A", "None", "null", "NULL", "nan", "NaN", "nil", "<NA>")
    ),
    refused("a label that is blank", changed("label", {3: "", 5: " "}),
            r"column 'label' \(label\) is empty in rows 3, 5: fill it in or leave the row out"),
    refused("all labels blank", changed("label", dict.fromkeys(range(2, 14), "")),
            "is empty in rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more"),
    refused("a prediction that is blank", changed("prediction", {7: '""'}), "is empty in row 7"),
    refused("blank in several columns", changed("label", {3: ""}).replace("k5", "", 1),
            r"\(label\) is empty in row 3.*; column 'id' \(id\) is empty in row 7"),
    warned("1 against 1.0", changed("label", dict.fromkeys(range(2, 14), "1")).replace(
        "Fuchs", "1.0"), r"compared as whole numbers, e.g. '1.0' as '1' \(\d+ cells\)"),
    warned("1 against +1", changed("label", dict.fromkeys(range(2, 14), "1")).replace(
        "Fuchs", "+1"), "compared as whole numbers"),
    same("1 against quoted 1", plain().replace("Käfer", '"Käfer"')),
    warned("spaces around", changed("label", {2: " Käfer", 4: "Käfer  "}),
           r"spaces around or in a label were evened out, e.g. .* \(2 cells\)"),
    warned("a space that doesn't break", changed("label", {2: "\u00a0Käfer"}), "spaces around"),
    warned("a space of no width", changed("label", {2: "Käfer\u200b"}),
           r"invisible characters around a label were left out, e.g. .* \(1 cell\)"),
    warned("a tab inside", changed("label", {2: "Kä\tfer"}), "spaces around or in|differ"),
    warned("letter case", plain().replace(",Fuchs,0", ",fuchs,0"),
           r"differ only in letter case were read as the same, e.g. 'fuchs' as 'Fuchs' \(6 cells"),
    warned("letter case within one column", changed("label", {3: "fuchs"}),
           "'Fuchs' and 'fuchs' differ only in letter case and count as different classes"),
    warned("accents written in two ways", changed("label", {4: "Ka\u0308fer"}),
           r"written in another Unicode form were read as the same, e.g. .* \(1 cell\)"),
    refused("no class in common", plain().replace(",Käfer,0", ",1,0").replace(",Fuchs,0", ",0,0"),
            "have no class in common: write both in the same names"),
    refused("predictions are probabilities", plain(rows=[
        (*row[:2], str(n % 2), f"0.{n + 11}", row[4]) for n, row in enumerate(ROWS)]),
            "have no class in common"),
    refused("predictions are lists", plain(rows=[
        (*row[:3], f'"[{n}, 1]"', row[4]) for n, row in enumerate(ROWS)]), "no class in common"),
    refused("predictions are several numbers", plain(rows=[
        (*row[:3], f'"[{n}, 1]"', row[4]) for n, row in enumerate(ROWS)]),
        r"'prediction' \(prediction\) holds several numbers in rows 2, 3, .* and 2 more, e.g. "
        r"'\[0, 1\]': no column of descending probabilities tells that the first is the likeliest"),
    warned("predictions are ranked lists", ranked("[0.9, 0.1]"),
           "of lists of several predictions the first was taken, as the probabilities in column "
           r"'confidence' descend, e.g. 'Uhu' of \"\['Uhu', 'Fuchs'\]\" \(12 cells\)"),
    refused("predictions are lists in another order", ranked("[0.1, 0.9]"), "no column of descend"),
    refused("predictions are lists of other lengths", ranked("[0.9]"), "no column of descending"),
    refused("several labels", changed("label", {3: '"[\'Käfer\', \'Fuchs\']"', 5: "['a' 'b']"}),
            r"'label' \(label\) holds several classes in rows 3, 5, e.g. .*: errortool reviews one "
            "label per example, so write the one class in each cell"),
    refused("labels are one-hot", plain(rows=[
        (*row[:2], '"[1, 0]"', f'"[{n % 2}, 1]"', row[4]) for n, row in enumerate(ROWS)]),
        "label.* holds several numbers in rows 2, 3, .*: errortool reviews one label per example"),
    warned("labels are lists of one", changed("label", {2: "['Käfer']", 4: "['Käfer']"}),
           r"lists of one class were read as the class, e.g. .* as 'Käfer' \(2 cells\)"),
    refused("a label that is a list of nothing", changed("label", {2: "[]"}), "is empty in row 2"),
    refused("predictions are tensors", plain(rows=[
        (*row[:2], str(n % 2), f"tensor({(n + 1) % 2})", row[4]) for n, row in enumerate(ROWS)]),
        "no class in common"),
    warned("one class only", changed("label", dict.fromkeys(range(2, 14), "Käfer")),
           "every row has the same label, 'Käfer': is 'label' the label"),
    refused("no errors", plain(rows=[row for row in ROWS if row[2] == row[3]]),
            "every prediction equals its label in all 6 rows: there is no error to review"),
    warned("all errors", plain(rows=[row for row in ROWS if row[2] != row[3]]),
           "every one of the 6 rows is an error"),
    warned("the only row is an error", plain(rows=ROWS[:1]), "the only row is an error"),
    refused("the only row is right", plain(rows=ROWS[1:2]), "there is no error to review"),
    warned("a label of its own in each row", plain(rows=[
        (f"k{n}", "x", f"c{n}", f"c{n // 2}", "0.9") for n in range(80)]),
        "column 'label' holds 80 different labels in 80 rows: is it the label"),
    warned("a prediction of its own in each row", plain(rows=[
        (f"k{n}", "x", f"c{n // 2}", f"c{n}", "0.9") for n in range(80)]),
        "column 'prediction' holds 80 different predictions in 80 rows"),
    warned("labels of thousands of letters", changed("label", {2: "z" * 5000}), "5,000 characters"),
    warned("codes with zeros in front", plain().replace("Käfer", "01").replace(
        ",01,0", ",1,0"), "'01' and '1' differ only in zeros in front and count as different"),
)  # fmt: skip

KEYS = (
    refused("an id twice", changed("id", {5: "k0"}),
            "column 'id' repeats 'k0' in rows 2, 5: each dev example needs an id of its own"),
    refused("many ids twice", plain(rows=ROWS * 2),
            "repeats 'k0' in rows 2, 14, and 11 more values"),
    refused("one id everywhere", changed("id", dict.fromkeys(range(2, 14), "k")),
            "repeats 'k' in rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more"),
    refused("ids that differ in spaces", changed("id", {5: " k0"}), "repeats 'k0' in rows 2, 5"),
    refused("an id that is blank", changed("id", {5: ""}), r"\(id\) is empty in row 5"),
    refused("rows of two models", plain(names=(*NAMES, "model"), rows=[
        (*row, model) for row in ROWS for model in "AB"]), "keep the rows of one model"),
    refused("an image twice, no id", "image,label,prediction\na,x,y\na,x,y\n",
            "the images are the ids here: name a column that tells them apart with --id-column"),
    warned("a row twice, no id", without("id") + ",".join(ROWS[0][1:]) + "\n",
           "row 14 repeats an earlier row"),
    warned("rows twice, no id", plain(names=NAMES[1:], rows=[row[1:] for row in ROWS * 2]),
           r"rows 14, 15, 16, .* and 2 more repeat an earlier row"),
    warned("ids of thousands of letters", changed("id", {2: "k" * 20_000}), "20,000 characters"),
)  # fmt: skip


def confidence(*values: str) -> str:
    """Return the plain table with these confidences first."""
    return changed("confidence", dict(enumerate(values, start=2)))


NUMBERS = (
    warned("confidence above 1", confidence("1.5", "87"),
           r"\(confidence\) is outside 0 to 1 in rows 2, 3: shown as it is"),
    warned("confidence below 0", confidence("-0.1"), "outside 0 to 1 in row 2"),
    warned("confidence in per cent", changed("confidence", {n: f"{n + 60}" for n in range(2, 14)}),
           "outside 0 to 1 in rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more"),
    warned("confidence with a sign of per cent", confidence("97%"), "is not a number in row 2"),
    warned("confidence is infinite", confidence("inf", "-Infinity"), "is infinite in rows 2, 3"),
    warned("confidence too large for a number", confidence("1e999"), "is infinite in row 2"),
    warned("confidence is text", confidence("high"), "is not a number in row 2: left out"),
    warned("confidence is nan", confidence("nan", "NaN", "NA"), "is not a number in rows 2, 3, 4"),
    warned("confidence with a decimal comma", confidence('"0,97"'), "is not a number in row 2"),
    warned("confidence with a stroke between digits", confidence("1_0"), "not a number in row 2"),
    warned("confidence in hexadecimal", confidence("0x1p-1"), "is not a number in row 2"),
    warned("confidence is a list", confidence('"[0.1, 0.9]"'), "is not a number in row 2"),
    warned("confidence all text", changed("confidence", dict.fromkeys(range(2, 14), "sure")),
           "is not a number in rows 2, .* and 2 more"),
    warned("confidence missing here and there", confidence("", ""),
           r"\(confidence\) is empty in rows 2, 3"),
    warned("a probability of one of two classes",
           changed("confidence", {n: f"0.{n:02}" for n in range(2, 14)}),
           r"is below 0\.5 in 12 rows although there are two classes: it looks like the prob"),
    warned("a probability of one of three classes", changed(
        "confidence", {n: f"0.{n:02}" for n in range(2, 14)}).replace("Fuchs,Fuchs", "Uhu,Uhu", 1),
           r"is below 0\.33 in 12 rows although there are 3 classes"),
    refused("a weight that is negative", with_column("weight", ["1", "-1"]),
            r"\(weight\) is not a number of 0 or more in rows 3, 5, 7, 9, 11, 13"),
    refused("weights all zero", with_column("weight", ["0"]), "is 0 in every row: at least one"),
    refused("a weight that is text", with_column("weight", ["1", "much"]), "not a number of 0"),
    refused("a weight that is infinite", with_column("weight", ["1", "inf"]), "not a number of 0"),
    refused("a weight that is nan", with_column("weight", ["1", "nan"]), "not a number of 0"),
    refused("a weight that is blank", with_column("weight", ["1", ""]), "not a number of 0"),
    refused("a chosen weight of words", plain(), "not a number of 0",
            command=("new", "{file}", "--weight-column", "text")),
)  # fmt: skip

EVERYTHING = refused(
    "all that can be wrong at once",
    "id,text,label,prediction,confidence,weight,x,x\n"
    "a,t,,cat,0.5,1,1,1\n"
    "a,t,cat,,0.5,-1,1,1\n"
    "c,t,cat\n"
    ",t,cat,d\0g,0.5,1,1,1\n",
    r"called 'x'.*row 4 with 3 cells.*NUL characters stand in row 5.*\(label\) is empty in row 2"
    r".*\(prediction\) is empty in row 3.*\(id\) is empty in row 5.*repeats 'a' in rows 2, 3"
    r".*\(weight\) is not a number of 0 or more in row 3",
)

CELLS = (
    warned("a cell of 20,000 letters", changed("text", {2: "x" * 20_000}),
           "column 'text' has cells of up to 20,000 characters: cut to 10,000 where shown"),
    warned("a cell of 6 MB", changed("text", {2: "x" * (6 << 20)}), "cells of up to 6,291,456"),
    refused("a name of 20,000 letters", named(text="t" * 20_000),
            "column 2 has a name of 20,000 characters: is row 1 the header"),
    warned("control characters in cells", changed("text", {3: "a\x1b[0m", 5: "b\x7f\x07\x01"}),
           r"control characters \(U\+0001, U\+0007, U\+001B, \.\.\.\) stand in rows 3, 5: "),
    warned("Windows-1252 taken for Latin-1", changed("text", {3: "it\x92s"}),
           r"control characters \(U\+0092\) stand in row 3: export the file again"),
    warned("a control character in the header", named(text="te\x07xt"),
           r"control characters \(U\+0007\) stand in row 1: "),
    EVERYTHING,
)  # fmt: skip


# --- large ones ----------------------------------------------------------------------------------


def large(rows: int, **odd: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], object]:
    """Return what writes a table of many rows, a tenth of them errors, with odd columns."""

    def write(path: Path) -> None:
        number = np.arange(rows)
        columns = {
            "id": np.char.add("k", number.astype(str)),
            "image": np.char.add(np.char.add("dev/", number.astype(str)), ".jpg"),
            "label": np.where(number % 2, "cat", "not cat"),
            "prediction": np.where((number % 2 == 1) != (number % 10 == 0), "cat", "not cat"),
            "confidence": np.char.add("0.", (500_000 + number % 500_000).astype(str)),
        }
        columns |= {name: make(number) for name, make in odd.items()}
        table = pa.table(columns)
        if path.suffix == ".parquet":
            parquet.write_table(table, path)
            return
        lines = [",".join(columns), *map(",".join, zip(*columns.values(), strict=True))]
        text = "\n".join(lines).encode() + b"\n"
        path.write_bytes(packed(text) if path.suffix == ".gz" else text)

    return write


def text_of(value: str) -> Callable[[np.ndarray], np.ndarray]:
    """Return a column of one value."""
    return lambda number: np.full(len(number), value)


def ragged(rows: int) -> Callable[[Path], object]:
    """Return what writes a table in which every other row is too long."""

    def write(path: Path) -> None:
        path.write_bytes(b"id,label,prediction\n" + b"1,cat,dog\n2,cat,dog,oh\n" * (rows // 2))

    return write


def wide(rows: int, columns: int) -> Callable[[Path], object]:
    """Return what writes a table of many columns."""

    def write(path: Path) -> None:
        cells = "," + ",".join(f"0.{n:03}" for n in range(columns))
        with path.open("w") as file:
            file.write("id,label,prediction," + ",".join(f"f{n}" for n in range(columns)) + "\n")
            for n in range(rows):
                file.write(f"k{n},cat,{'dog' if n % 2 else 'cat'}{cells}\n")

    return write


def bomb(path: Path) -> None:
    """Write a gzip of a few MB that unpacks to more than any table may be."""
    block = packed(b"id,label,prediction\n" + b"1,a,b\n" * (16 << 20))
    path.write_bytes(block * 16)


def repeated(path: Path) -> None:
    """Write a Parquet file of few bytes whose one long text stands in a million rows."""
    number = np.arange(1_000_000)
    text = pa.DictionaryArray.from_arrays(pa.array(number % 1), pa.array(["x" * 10_000]))
    parquet.write_table(
        pa.table({"id": number, "label": number % 2, "prediction": number % 3 % 2, "text": text}),
        path,
    )


def endless(path: Path) -> None:
    """Write a Parquet file of few bytes with hundreds of millions of rows."""
    zeros = pa.array(np.zeros(10_000_000, dtype=np.int8))
    table = pa.table({"label": zeros, "prediction": zeros})
    with parquet.ParquetWriter(path, table.schema, compression="zstd") as out:
        for _ in range(30):
            out.write_table(table)


def commas(path: Path) -> None:
    """Write a table of very many empty cells."""
    path.write_bytes(
        b"id,label,prediction" + b"," * 10_000 + b"\n" + (b"1,a,b" + b"," * 10_000 + b"\n") * 30_000
    )


def giant(megabytes: int) -> Callable[[Path], object]:
    """Return what writes a table with one cell of so many MB."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.write(b"id,label,prediction,text\n1,a,b,\n2,b,b,")
            for _ in range(megabytes):
                file.write(b"x" * (1 << 20))

    return write


def unclosed(path: Path) -> None:
    """Write a table of 100 MB whose first quote is never closed."""
    path.write_bytes(b'id,label,prediction,text\n1,a,b,"oh\n' + b"2,cat,dog,fine\n" * (7 << 20))


def sparse(path: Path) -> None:
    """Make a file that says it is 4 GB long."""
    with path.open("wb") as file:
        file.truncate(4 << 30)


def sizes(rows: int, *, slow: bool) -> tuple[Case, ...]:
    """Return the large tables, of so many rows."""

    def of(
        case: Callable[..., Case], name: str, content: object, says: str, **more: object
    ) -> Case:
        return case(f"{rows:,} rows {name}", content, says, alone=slow, slow=slow, **more)

    return (
        of(warned, "as CSV", large(rows), "100 of 100 sampled images can't be shown"),
        of(warned, "as gzip", large(rows), "sampled images can't be", file="predictions.csv.gz"),
        of(warned, "as Parquet", large(rows), "sampled images", file="predictions.parquet"),
        of(refused, "with an id twice", large(rows, id=lambda n: np.char.add("k", (n // 2).astype(
            str))), f"repeats 'k0' in rows 2, 3, and {rows // 2 - 1:,} more values"),
        of(refused, "of one id", large(rows, id=text_of("k")), f"and {rows - 10:,} more"),
        of(refused, "without labels", large(rows, label=text_of("")), f"and {rows - 10:,} more"),
        of(refused, "every other ragged", ragged(rows), f"{rows // 2 - 10:,} more with 4 cells"),
        of(warned, "of words as confidence", large(rows, confidence=text_of("high")),
           f"is not a number in rows 2.* and {rows - 10:,} more"),
        of(refused, "that all lead out", large(rows, image=lambda n: np.char.add(
            "../", n.astype(str))), "leads out of the image folder"),
        of(warned, "of labels of their own", large(rows, label=lambda n: n.astype(str),
           prediction=lambda n: (n // 2).astype(str)), "different labels in"),
        of(warned, "with odd labels", large(rows, label=lambda n: np.char.add(" ", (n % 2).astype(
            str)), prediction=lambda n: np.char.add((n // 2 % 2).astype(str), ".0")), "whole num"),
        of(warned, "in Latin-1", _latin(large(rows)), f"concerns {rows:,} rows"),
        of(warned, "without ids", _nameless(rows), "each example goes by its row's number"),
    )  # fmt: skip


def _latin(write: Callable[[Path], object]) -> Callable[[Path], object]:
    def rewrite(path: Path) -> None:
        write(path)
        path.write_bytes(path.read_bytes().replace(b"cat", b"b\xe4r"))

    return rewrite


def _nameless(rows: int) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        with path.open("w") as file:
            file.write("text,label,prediction\n")
            for n in range(rows):
                file.write(f"words of row {n},{n % 2},{n // 2 % 2}\n")

    return write


LARGE = (
    *sizes(20_000, slow=False)[:9:3],
    *sizes(1_000_000, slow=True),
    warned("300 rows of 200 columns", wide(300, 200), "every row has the same label"),
    warned("100,000 rows of 200 columns", wide(100_000, 200), "same label", alone=True, slow=True),
    warned("a cell of 60 MB", giant(60), "cells of up to 62,914,560"),
    refused("a cell of 500 MB", giant(500), "a row is longer than 64 MB: is a quote opened in it",
            alone=True, slow=True),
    refused("a quote opened in the first row of many", unclosed, "quote opened", alone=True,
            slow=True),
    refused("a gzip bomb", bomb, "is .* MB unpacked, more than", alone=True, slow=True,
            file="predictions.csv.gz"),
    refused("a Parquet bomb of long text", repeated, "MB unpacked, more than", alone=True),
    refused("a Parquet bomb of rows", endless, "has 300,000,000 rows of 2 columns, more",
            alone=True, slow=True),
    refused("300 million empty cells", commas, "more than", alone=True, slow=True),
    refused("a sparse file of 4 GB", sparse, "is 4,096 MB unpacked, more than",
            alone=True),
)  # fmt: skip


ALL = (*COLUMNS, *CLASSES, *KEYS, *NUMBERS, *CELLS, *LARGE)
