"""Spreadsheets of ticks that are not what `errortool import` needs."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import sheets
from bad_input import files
from bad_input.case import Case, plain, refused, same, warned

from errortool.actions import new_session
from errortool.data import predictions, tables
from errortool.model import NewCategory
from errortool.store import Store

KEYS = ("k0", "k3", "k4", "k7", "k8", "k11")
"""The errors of the plain table."""

NAMES = ("id", "Dog", "Blurry", "comment")
TICKS = plain(
    names=NAMES, rows=[(key, str(n % 2), str(n // 3), f"seen {n}") for n, key in enumerate(KEYS)]
)
"""A table of ticks for all six errors."""


def session(folder: Path) -> None:
    """Begin the session `pets` on the plain table, with the categories Dog and Blurry."""
    found = predictions.validate(tables.parse(plain().encode(), "plain.csv"))
    with closing(Store(folder / "errortool.db", create=True)) as store:
        new_session.begin(
            store,
            new_session.draw_sample(found, predictions_file=folder / "plain.csv"),
            name="pets",
            categories=[NewCategory(name="Dog"), NewCategory(name="Blurry")],
        )


def put(old: str, new: str, times: int = 1) -> str:
    """Return the table of ticks with one thing replaced."""
    assert old in TICKS
    return TICKS.replace(old, new, times)


def of(case: Case, *options: str) -> Case:
    """Return a case of `new` as one of `import`."""
    values = {name: getattr(case, name) for name in Case.__slots__}
    return Case(**values | {
        "name": f"ticks: {case.name}",
        "file": "ticks.csv",
        "command": ("import", "pets", "{file}", *options),
        "setting": session,
    })  # fmt: skip


LONG = "z" * 10_001

CASES = tuple(of(case) for case in (
    same("as they are", TICKS),
    same("with a mark", b"\xef\xbb\xbf" + TICKS.encode()),
    same("as a spreadsheet program saves them", TICKS.replace(",", ";").encode("utf-16")),
    same("in words", TICKS.replace(",1", ",yes").replace(",0", ",No")),
    same("with crosses", TICKS.replace(",1", ",x").replace(",0", ",")),
    same("with truth values", TICKS.replace(",1", ",TRUE").replace(",0", ",FALSE")),
    same("with fractions", TICKS.replace(",1", ",1.0").replace(",0", ",0.0")),
    same("with a row of totals", TICKS + "% of total,50 %,50 %,\n"),
    same("with a row called total", TICKS + "Total,3,3,\n"),
    same("with a sum", TICKS + ",3,3,\n"),
    same("with names in other case", put("Dog,Blurry", "DOG,blurry")),
    same("with the rows turned round",
         "\n".join([TICKS.split("\n")[0], *TICKS.split("\n")[-2:0:-1], ""])),
    refused("empty", "", "is empty"),
    refused("header only", "id,Dog\n", "header but no rows"),
    same("xlsx", sheets.xlsx(Ticks=[line.split(",") for line in TICKS.splitlines()])),
    warned("xlsx with a title", sheets.xlsx(
        Ticks=[["Error analysis"], [], *(line.split(",") for line in TICKS.splitlines())]),
        "row 3 was taken for the header"),
    refused("zip", files.archive(ticks="x"), "is a zip archive: unpack it"),
    refused("missing", lambda _: None, "there is no such file"),
    refused("folder", Path.mkdir, "is a folder"),
    refused("a page", "<html>", "is a web page"),
    refused("ragged", TICKS + "k99,1\n", "row 8 with 2 cells where the header has 4"),
    refused("an open quote", TICKS + 'k99,1,1,"oh\n', "quote opened in row 8 is never closed"),
    refused("NULs", TICKS + "k99,1,1,o\0h\n", "NUL characters stand in row 8"),
    refused("two columns of a name", put("comment", "Dog"), "columns 2, 4 are all called 'Dog'"),
    refused("two columns for a category", put("comment", "dog"),
            "columns 'Dog' and 'dog' both hold the category 'Dog': leave one out"),
    refused("two columns of comments", put("Blurry", "Comments"),
            "columns 'Comments' and 'comment' both hold the comment: leave one out"),
    refused("two ids", put("comment", "ID"), "columns 'id' and 'ID' both hold the id"),
    refused("no id", put("id", "who"), "no row belongs to the session: it needs a column id"),
    refused("ids of another table", TICKS.replace("\nk", "\nz"), "no row belongs to the session"),
    refused("ids in other case", TICKS.replace("\nk", "\nK"), "no row belongs to the session"),
    refused("nothing but ids", "id\nk0\nk3\n", "no column is a category of the session, a comment"),
    refused("only columns that are no category", "id,Wet\nk0,1\n", "no column is a category.*Wet"),
    refused("a cell that is no tick", put("k0,0", "k0,maybe"),
            "column 'Dog' holds 'maybe' in row 2: write 1 or 0, yes or no, x or nothing"),
    refused("cells that are no ticks", TICKS.replace(",1,", ",2,"), "'Dog' holds '2' in rows 3, 5"),
    refused("a cell of per cent", put("k0,0", "k0,8 %"), "'Dog' holds '8 %' in row 2"),
    refused("a cell of 10,000 letters", put("k0,0", f"k0,{LONG}"), "'Dog' holds 'zzzz+…' in row 2"),
    refused("nan as a tick", put("k0,0", "k0,nan"), "'Dog' holds 'nan' in row 2"),
    refused("a formula as a tick", put("k0,0", "k0,=1+0"), "'Dog' holds '=1\\+0' in row 2"),
    refused("an image twice", TICKS + "k0,1,1,\n", "rows 2, 8 are about the same image, 'k0'"),
    refused("every image twice", TICKS + TICKS.split("\n", 1)[1],
            "rows 2, 8 are about the same image, 'k0', and 5 more images appear in two rows"),
    refused("an odd looked_at", put("comment", "looked_at"),
            "column 'looked_at' holds 'seen 0' in rows 2, 3, 4, 5, 6, 7"),
    refused("a reviewer that can't be one", put("comment", "reviewer").replace("seen 0", "\x1b[2J"),
            "column 'reviewer' in row 2: .* can't name a reviewer: give it 1 to 100 printable"),
    refused("a reviewer of 200 letters", put("comment", "reviewer").replace("seen 3", "a" * 200),
            "column 'reviewer' in row 5: 'a+' can't name a reviewer"),
    warned("rows of other images", TICKS + "k99,1,0,\nk98,1,0,\n",
           "not in the session's sample and passed over: rows 8, 9"),
    warned("a title above", "Error analysis\n\n" + TICKS, "row 3 was taken for the header"),
    warned("a wide title above", "Error analysis,,,\n" + TICKS, "row 2 was taken for the header"),
    warned("a title of several cells above", "Error, analysis\n" + TICKS, "row 2 was taken"),
    warned("a question mark", put("k3,1", "k3,?"), "'Dog' has a question mark in row 3: not look"),
    warned("names in the plural", put("Dog,Blurry", "Dogs,Blurry"), "'Dogs' for 'Dog'"),
    refused("a title and nothing else", "Error analysis\n", "header but no rows"),
    refused("a title above a header alone", "Error analysis\nid,Dog\n", "header but no rows"),
    refused("row numbers", "id,Dog\n1,1\n2,0\n", "counts from 1 to 2; .* add --row-numbers"),
    warned("other columns", put("comment", "Wet"), "column 'Wet': no category of the session, pas"),
    warned("a comment of 10,001 letters", put("seen 0", LONG),
           "column 'comment' has more than 10,000 characters in row 2: cut there"),
    warned("a right label of 10,001 letters", put("comment", "corrected_label").replace(
        "seen 1", LONG), "column 'corrected_label' has more than 10,000 characters in row 3: cut"),
    warned("Latin-1", put("seen 0", "süß").encode("latin-1"), "not UTF-8.*concerns 1 row"),
    warned("a nameless column", put("comment", ""), "column 4 has no name in the header"),
    warned("the count of rows first", "\n".join(
        f"{n - 1 if n else ''},{line}" for n, line in enumerate(TICKS.splitlines())),
        "the first column only counts the rows"),
))  # fmt: skip


def more(name: str) -> str:
    """Return the table of ticks with a column of ticks for the comment."""
    return put("comment", name).replace("seen ", "").replace(",2\n", ",x\n").replace(
        ",3\n", ",x\n").replace(",4\n", ",x\n").replace(",5\n", ",x\n")  # fmt: skip


NEW = tuple(of(case, "--new-categories") for case in (
    refused("a new category of 200 letters", more("C" * 200),
            "column 'C+…' can't be a category: .*1 to 100 printable characters"),
    refused("a new category that is unprintable", more("We\u200dt"), "can't be a category"),
    refused("a new category called as the totals", more("% wet"),
            "column '% wet' can't be a category: a category can't be called '% wet'"),
    warned("a new category of words", put("comment", "Notes"), "column 'Notes': no category of"),
))  # fmt: skip

WITHOUT = refused(
    "ticks for a session that isn't there", TICKS, "there is no session 'cats'",
    file="ticks.csv", command=("import", "cats", "{file}"), setting=session,
)  # fmt: skip


def crowd(rows: int, columns: int = 1) -> Callable[[Path], object]:
    """Return what writes a table of ticks in which six of many rows are the session's."""

    def write(path: Path) -> None:
        names = ",".join(("Dog", *(f"c{n}" for n in range(1, columns))))
        with path.open("w") as file:
            file.write(f"id,{names},comment\n")
            cells = ",".join(str(n % 2) for n in range(columns))
            for n in range(rows):
                file.write(f"k{n},{cells},seen\n")

    return write


def sizes(rows: int, columns: int, *, slow: bool) -> tuple[Case, ...]:
    """Return the large tables of ticks."""
    says = f"passed over: rows 3, 4, .* and {rows - 16:,} more"
    return (
        of(warned(f"{rows:,} rows", crowd(rows), says, alone=slow, slow=slow)),
        of(warned(f"{columns} columns of {rows // 10:,} rows", crowd(rows // 10, columns),
                  "columns 'c1', 'c2', .* and 187 more: no category", alone=slow, slow=slow)),
        of(warned(f"{columns} new columns of {rows // 10:,} rows", crowd(rows // 10, columns),
                  "passed over: rows", alone=slow, slow=slow), "--new-categories"),
        of(refused(f"{rows:,} rows that are no ticks", _words(rows), "no row belongs",
                   alone=slow, slow=slow)),
    )  # fmt: skip


def _words(rows: int) -> str:
    return "id,Dog,comment\n" + "z,maybe,oh\n" * rows


ALL = (
    *CASES, *NEW, WITHOUT, *sizes(10_000, 200, slow=False)[1:2], *sizes(1_000_000, 200, slow=True),
)  # fmt: skip
