"""Every verb by the command line: what it prints, and its one sentence when it can't."""

import csv
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest
from helpers import cats_and_dogs

from errortool.cli import errortool
from errortool.output.targets import Target
from errortool.store import Store


@pytest.fixture
def pets(run, tmp_path: Path) -> Path:
    """Begin a session `pets` of 12 errors among 40; return the predictions file."""
    path = cats_and_dogs(tmp_path / "data")
    result = run(
        "new", path, "--images", tmp_path / "data/images", "--name", "pets",
        "--category", "Dog", "--category", "Great cat", "--label-error", "Mislabeled",
    )  # fmt: skip
    assert (result.code, result.err) == (0, "")
    return path


def the_report(run, name: str = "pets") -> dict:
    """Return a session's report."""
    result = run("report", name, "--json")
    assert result.code == 0, result.err
    return json.loads(result.out)


def test_new_reports_the_sample(run, pets: Path):
    """Dev examples, errors, dev error, and that there were fewer than asked for."""
    result = run("new", pets, "--images", pets.parent / "images", "--sample", 5)
    assert result.out.splitlines() == [
        "40 dev examples, 12 errors, 30.0 % dev error.",
        "5 errors sampled for session 'data' (seed 0).",
        "Review them: errortool",
    ]
    again = run("new", pets, "--images", pets.parent / "images")
    assert "There are only 12 errors: all of them were taken." in again.out
    assert "session 'data 2'" in again.out


def test_new_begins_with_what_may_be_wrong_with_any_image(run, pets: Path):
    """By default: Blurry, and Mislabeled as label error, which any images can be."""
    run("new", pets, "--images", pets.parent / "images", "--name", "fresh")
    kinds = [(c["name"], c["kind"]) for c in the_report(run, "fresh")["categories"]]
    assert kinds == [
        ("Blurry", "cause"),
        ("Mislabeled", "label error"),
    ]  # fmt: skip


def test_the_same_seed_draws_the_same(run, pets: Path, tmp_path: Path):
    """150 begin with the 100, whatever the order of rows; another seed draws another sample."""
    lines = pets.read_text().splitlines()
    pets.with_name("turned.csv").write_text("\n".join([lines[0], *lines[:0:-1]]))
    images = pets.parent / "images"
    run("new", pets, "--images", images, "--name", "a", "--sample", 4)
    run("new", pets.with_name("turned.csv"), "--images", images, "--name", "b", "--sample", 8)
    run("new", pets, "--images", images, "--name", "c", "--sample", 4, "--seed", 1)

    def drawn(name: str) -> list[str]:
        run("export", name, "--to", tmp_path / name)
        with (tmp_path / name / "table.csv").open() as file:
            return [line["id"] for line in csv.DictReader(file)]

    assert drawn("a") == drawn("b")[:4]
    assert drawn("a") != drawn("c")


def test_sessions_lists_the_saved_sessions(run, pets: Path):
    """Name, progress, dev error, largest category."""
    lines = run("sessions").out.splitlines()
    assert lines[0].split() == ["session", "looked", "at", "dev", "error", "largest", "category",
                                "last", "opened"]  # fmt: skip
    assert lines[1].startswith("pets")
    assert "0 of 12" in lines[1]
    assert "30.0 %" in lines[1]


def test_the_walk_from_a_spreadsheet_to_a_decision(run, pets: Path, tmp_path: Path):
    """Import ticks, report, export, import the export into a second session: the same figures."""
    ticks = tmp_path / "ticks.csv"
    ticks.write_text(
        "Image,Dog,Great Cat,Blurry,Comments\n"
        + "".join(f"dogs/{n:03d}.png,{'x' * (n < 6)},{'x' * (n % 4 == 0)},x,\n" for n in range(12))
        + "% of total,50%,25%,100%,\n"
    )
    result = run("import", "pets", ticks)
    assert result.code == 0
    assert result.out == "12 images of session 'pets' updated.\n"
    assert result.err.startswith("Warning: ticks.csv: column 'Blurry': no category")
    result = run("import", "pets", ticks, "--new-categories")
    assert result.out.startswith("New categories: Blurry.\n")
    first = the_report(run)
    shares = {category["name"]: category["share"] for category in first["categories"]}
    assert shares == {"Dog": 0.5, "Great cat": 0.25, "Mislabeled": None, "Blurry": 1.0}
    assert first["none_of_these"] == 0
    assert first["looked_at"] == 12
    # All twelve errors were looked at: a count, not an estimate.
    dog = first["categories"][0]
    assert dog["share_low"] == dog["share_high"] == 0.5
    assert dog["ceiling"] == pytest.approx(0.15)
    assert dog["dev_examples"] == pytest.approx(6)

    assert run("export", "pets", "--to", tmp_path / "out").out.splitlines() == [
        str(tmp_path / "out" / "tally.csv"),
        str(tmp_path / "out" / "table.csv"),
        str(tmp_path / "out" / "corrections.csv"),
        str(tmp_path / "out" / "report.json"),
    ]
    run("new", pets, "--name", "second", "--label-error", "Mislabeled",
        *("--category", "Dog", "--category", "Great cat", "--category", "Blurry"))  # fmt: skip
    assert run("import", "second", tmp_path / "out" / "table.csv").err == ""
    second = the_report(run, "second")
    by_name = {category["name"]: category for category in second["categories"]}
    for category in first["categories"]:
        assert by_name[category["name"]] | {"id": category["id"]} == category
    with (tmp_path / "out" / "tally.csv").open() as file:
        tally = {line["category"]: line for line in csv.DictReader(file)}
    assert float(tally["Dog"]["share"]) == 0.5
    assert tally["Mislabeled"]["share"] == ""


def test_export_for_other_tools_writes_their_files_alone(run, pets: Path, tmp_path: Path):
    """Each tool that there is, several at once, and the report with them if it is asked for."""
    (option,) = [one for one in errortool.commands["export"].params if one.name == "targets"]
    assert list(option.type.choices) == list(Target)
    out = tmp_path / "out"
    result = run("export", "pets", "--to", out, "--for", "cleanlab", "--for", "parquet")
    assert (result.code, result.err) == (0, "")
    names = ["cleanlab_issues.csv", "table.parquet"]
    assert result.out.splitlines() == [str(out / name) for name in names]
    assert sorted(path.name for path in out.iterdir()) == names
    first = (out / names[0]).read_text()
    (out / names[0]).write_text("what was there")
    assert run("export", "pets", "--to", out, "--for", "cleanlab", "--html").code == 0
    assert (out / names[0]).read_text() == first
    assert sorted(path.name for path in out.iterdir()) == [names[0], "report.html", names[1]]


def test_export_for_an_unknown_tool_is_refused(run, pets: Path, tmp_path: Path):
    """One sentence names those that there are, and nothing is written."""
    result = run("export", "pets", "--to", tmp_path / "out", "--for", "excel")
    assert result.code == 1
    assert len(result.err.splitlines()) == 1
    assert all(repr(name.value) in result.err for name in Target)
    assert not (tmp_path / "out").exists()


def test_the_report_for_people_is_ranked(run, pets: Path, tmp_path: Path):
    """Shares, intervals and what is left, the largest first."""
    (tmp_path / "t.csv").write_text("id,Dog,Great cat\n" + "".join(
        f"dev-{n},{int(n < 2)},{int(n < 5)}\n" for n in range(10)))  # fmt: skip
    run("import", "pets", tmp_path / "t.csv")
    out = run("report", "pets").out
    assert "pets: 40 dev examples, 12 errors, 30.0 % dev error." in out
    assert "10 of 12 errors looked at, 0 deferred, 0 with none of these categories, " in out
    assert "5 not known yet." in out
    names = [line.split("  ")[0] for line in out.splitlines()[3:7]]
    assert names == ["category", "Great cat", "Dog", "Mislabeled"]
    assert re.search(r"Great cat +5 of 10 +50.0 % +41.7 – 58.3 +15.0 % +12.5 – 17.5", out)


@pytest.mark.parametrize(
    ("rows", "kind", "found"),
    [
        (10, "auto", ("planned", "The intervals hold for the 10 images planned.")),
        (10, "always", ("always", "The intervals hold however often you look.")),
        (11, "auto", ("always", "The intervals hold however often you look.")),
        (11, "planned", ("fixed number only", "would hold for a number of images that was fixed")),
        (12, "planned", ("count", "these are counts, not estimates.")),
    ],
)
def test_intervals_are_a_choice(run, pets: Path, rows: int, kind: str, found: tuple[str, str]):
    """10 of 12 are planned; report and tally say for which numbers each interval holds."""
    holds, says = found
    folder = pets.parent
    run("new", pets, "--images", folder / "images", "--name", "ten", "--sample", 10)
    run("more", "ten", 2)
    with closing(sqlite3.connect("errortool.db")) as db:
        last = "select key from examples where session = 2 order by position limit ?"
        keys = [key for (key,) in db.execute(last, [rows])]
    lines = ["id,Blurry", *(f"{key},{int(n < 6)}" for n, key in enumerate(keys))]
    (folder / "t.csv").write_text("\n".join(lines) + "\n")
    run("import", "ten", folder / "t.csv")
    assert says in run("report", "ten", "--intervals", kind).out
    run("export", "ten", "--to", folder / "out", "--intervals", kind)
    with (folder / "out/tally.csv").open(encoding="utf-8-sig") as file:
        (blurry,) = [line for line in csv.DictReader(file) if line["category"] == "Blurry"]
    assert blurry["holds"] == holds


def test_row_numbers_of_a_sheet_are_taken_if_asked(run, pets: Path, tmp_path: Path):
    """The refusal names the option, and with it the rows are the order of review."""
    (tmp_path / "t.csv").write_text("Nr,Dog\n1,x\n2,?\n3,\ntotal,1\n")
    refused = run("import", "pets", "t.csv", "--id-column", "nr")
    assert refused.code == 1
    assert "column 'Nr' counts from 1 to 3; if that is the order of review, add" in refused.err
    done = run("import", "pets", "t.csv", "--id-column", "nr", "--row-numbers")
    assert done.err == (
        "Warning: t.csv: column 'Dog' has a question mark in row 3: not looked at there.\n"
    )
    assert done.out == "2 images of session 'pets' updated.\n"
    assert "2 of 12 errors looked at" in run("report", "pets").out


def test_report_prints_what_solving_several_leaves(run, pets: Path, tmp_path: Path):
    """Two of ten images carry both: the joint ceiling is not the sum."""
    (tmp_path / "t.csv").write_text("id,Dog,Great cat,Mislabeled\n" + "".join(
        f"dev-{n},{int(n < 4)},{int(2 <= n < 5)},{int(n == 9)}\n" for n in range(10)))  # fmt: skip
    run("import", "pets", tmp_path / "t.csv")
    out = run("report", "pets", "--solve", "dog", "--solve", "Great cat", "--level", "90").out
    assert "(90 % interval)" in out
    assert "Solving Dog and Great cat together would leave 15.0 % at best" in out
    assert "Order of work, dev error left at best: Dog → 18.0 %, " in out
    assert "Wrong labels cause 10 % of the errors, 3.0 points of 30.0 %: " in out
    refused = run("report", "pets", "--solve", "Cat")
    assert refused.code == 1
    assert (
        "no category 'Cat' in 'pets' (there are: 'Dog', 'Great cat', 'Mislabeled')" in refused.err
    )
    assert "'bob' has not reviewed" in run("report", "pets", "--reviewer", "bob").err


def test_weights_turn_rates_into_weighted_ratios(run, tmp_path: Path):
    """A column of weights makes dev error, shares and ceilings ratios of sums of weights."""
    rows = [f"e{n},cat,dog,{10 if n == 0 else 1}" for n in range(4)]
    rows += [f"r{n},cat,cat,1" for n in range(16)] + ["r16,dog,dog,1"]
    table = tmp_path / "weighted.csv"
    table.write_text("id,label,prediction,weight\n" + "\n".join(rows) + "\n")
    drawn = run("new", table, "--name", "w", "--category", "Dog").out
    assert "4 errors, 43.3 % dev error (weighted by 'weight')." in drawn
    out = run("sessions").out
    assert f"{13 / 30:.1%}".replace("%", " %") in out
    ticks = tmp_path / "ticks.csv"
    ticks.write_text("id,Dog\ne0,1\ne1,0\ne2,0\ne3,0\n")
    run("import", "w", ticks)
    made = the_report(run, "w")
    assert made["dev_error"] == pytest.approx(13 / 30)
    assert made["categories"][0]["share"] == pytest.approx(10 / 13)
    assert made["categories"][0]["ceiling"] == pytest.approx(3 / 30)
    assert "43.3 % dev error (weighted)" in run("report", "w").out


def test_right_ones_are_drawn_and_kept_apart(run, pets: Path, tmp_path: Path):
    """They follow the errors, go into a table of their own and change no share."""
    drawn = run(
        "new", pets, "--name", "both", "--right", "12", "--sample", "10", "--category", "Dog"
    )
    assert "10 errors and 12 right ones sampled for session 'both' (seed 0)." in drawn.out
    more = run("new", pets, "--name", "more", "--right", "600", "--category", "Dog")
    assert "The model got only 28 right: all of them were taken." in more.out
    assert run("export", "both", "--to", tmp_path / "o").code == 0
    errors, right = (
        list(csv.DictReader((tmp_path / "o" / name).read_text().splitlines()))
        for name in ("table.csv", "table_right.csv")
    )
    assert [len(errors), len(right)] == [10, 12]
    assert all(row["label"] != row["prediction"] for row in errors)
    assert all(row["label"] == row["prediction"] for row in right)
    for row in right:
        row["Dog"], row["corrected_label"] = "1", "not a cat"
    ticked = tmp_path / "right.csv"
    ticked.write_text("id,Dog,corrected_label\n" + "".join(
        f"{row['id']},1,wolf\n" for row in right))  # fmt: skip
    assert run("import", "both", ticked).out == "12 images of session 'both' updated.\n"
    assert the_report(run, "both")["looked_at"] == 0
    ticked.write_text("id,Dog\n" + "".join(f"{row['id']},1\n" for row in errors))
    run("import", "both", ticked)
    out = run("report", "both").out
    assert "If wrong labels were corrected everywhere, the dev error would be about 100.0 %" in out
    assert "0 of 10 errors were the label's fault, and 12 of 12 correct predictions were" in out
    assert the_report(run, "both")["categories"][0]["share"] == 1.0


def test_report_html_is_self_contained(run, pets: Path, tmp_path: Path):
    """Plots, pictures and definitions are inside, and nothing in it is fetched or run."""
    (tmp_path / "t.csv").write_text("id,Dog,<img src=http://evil.example/x>\n" + "".join(
        f"dev-{n},{int(n < 4)},1\n" for n in range(10)))  # fmt: skip
    run("import", "pets", tmp_path / "t.csv", "--new-categories")
    run("export", "pets", "--to", tmp_path / "out", "--html")
    html = (tmp_path / "out" / "report.html").read_text()
    assert "&lt;img src=http://evil.example/x&gt;" in html
    assert "<script" not in html
    asked: list[str] = []

    class Addresses(HTMLParser):
        def handle_starttag(self, _, attributes):
            asked.extend(value for name, value in attributes if name.endswith(("src", "href")))

    Addresses().feed(html)
    assert [a for a in asked if not a.startswith(("data:image/", "#"))] == []
    assert len(asked) > 14
    assert re.findall(r"url\((?!#)", html) == []  # only the picture's own parts
    assert "@import" not in html
    assert html.count('<img src="data:image/') == (3 + 3) + (4 + 10)  # in rows, in galleries
    assert html.count("<svg") == 2 + 3  # how shares moved; confidences of categories and of none
    assert "seed 0" in html
    assert re.search(r"predictions sha256 [0-9a-f]{64}", html)
    assert json.loads((tmp_path / "out" / "report.json").read_text())["version"] == 2
    assert (tmp_path / "out" / "report.html").stat().st_mode & 0o444 == 0o444


def test_each_report_is_kept(run, pets: Path, tmp_path: Path):
    """Every computed report leaves its figures in the table of estimates."""
    run("report", "pets")
    run("report", "pets", "--json")
    with closing(sqlite3.connect("errortool.db")) as db:
        rows = db.execute("select looked_at, share, low, computed_at from estimates").fetchall()
    assert len(rows) == 6
    assert rows[0][:3] == (0, None, None)


def test_a_backup_is_a_session_file(run, pets: Path, tmp_path: Path):
    """It can be opened like the original, and isn't written over."""
    assert run("backup", tmp_path / "copy.db").code == 0
    assert "pets" in run("--db", tmp_path / "copy.db", "sessions").out
    assert "already there" in run("backup", tmp_path / "copy.db").err


def test_db_stands_before_or_after_or_in_the_environment(
    run, pets: Path, tmp_path: Path, monkeypatch
):
    """`--db` works everywhere; the nearest wins."""
    shutil.move("errortool.db", "mine.db")
    assert "pets" in run("sessions", "--db", "mine.db").out
    assert "pets" in run("--db", "mine.db", "sessions").out
    monkeypatch.setenv("ERRORTOOL_DB", "mine.db")
    assert "pets" in run("sessions").out
    assert "is not there" in run("sessions", "--db", "other.db").err
    assert "is not there" in run("--db", "other.db", "sessions").err


SENTENCES = [
    (["report", "nobody"], "no session 'nobody'"),
    (["export", "pets"], "Missing option '--to'"),
    (["new", "missing.csv"], "there is no such file"),
    (["new", "."], "is a folder"),
    (["new", "data/predictions.csv", "--images", "nowhere"], "image folder 'nowhere' is not there"),
    (["new", "data/predictions.csv", "--sample", "0"], "not in the range x>=1"),
    (["new", "data/predictions.csv", "--label-column", "lable"], "did you mean 'label'"),
    (["new", "data/predictions.csv", "--name", "pets"], "already a session 'pets'"),
    (["new", "data/predictions.csv", "--category", "Comment"], "can't be called 'Comment'"),
    (["import", "pets", "data/predictions.csv", "--empty", "maybe"], "'maybe' is not one of"),
    (["import", "pets", "missing.csv"], "there is no such file"),
    (["sessions", "--db", "data/predictions.csv"], "is not an errortool session file"),
    (["nonsense"], "No such command 'nonsense'"),
    (["--nonsense"], "No such option"),
]


@pytest.mark.parametrize(("arguments", "sentence"), SENTENCES)
def test_failures_exit_with_one_sentence(run, pets, arguments, sentence: str):
    """Exit 1, one line on stderr, nothing on stdout, no traceback, and nothing changed."""
    before = Path("errortool.db").read_bytes()
    result = run(*arguments)
    assert result.code == 1
    assert result.out == ""
    assert sentence in result.err
    assert len(result.err.splitlines()) == 1
    assert result.err.startswith("Error: ")
    assert Path("errortool.db").read_bytes() == before


def test_a_bad_file_begins_nothing(run, tmp_path: Path):
    """Nothing is written until the file is good: not even a session file."""
    (tmp_path / "p.csv").write_text("id,label,pred\n1,,x\n1,a\n")
    result = run("new", "p.csv")
    assert result.code == 1
    assert "row 3 with 2 cells" in result.err
    assert "is empty in row 2" in result.err
    assert not (tmp_path / "errortool.db").exists()


@pytest.mark.parametrize(
    "path", ["../secret.png", "/etc/passwd", "http://example.com/x.png", "\\\\host\\x", "C:\\x.png"]
)
def test_images_outside_the_folder_are_refused_by_row(run, pets: Path, path: str):
    """Even of examples that aren't drawn: the file is wrong, and nothing is begun."""
    text = pets.read_text().replace("cats/020.png", path)
    bad = pets.with_name("bad.csv")
    bad.write_text(text)
    result = run("new", bad, "--images", pets.parent / "images")
    assert result.code == 1
    assert "leads out of the image folder" in result.err
    assert "in row 22" in result.err
    assert "bad" not in run("sessions").out


def test_images_are_looked_for_where_they_most_likely_are(run, pets: Path):
    """Without --images: beside the predictions file, or in a folder `images` there."""
    assert run("new", pets).err == ""
    shutil.move(pets, pets.parent / "images" / "moved.csv")
    assert run("new", pets.parent / "images" / "moved.csv").err == ""


def test_missing_and_broken_images_are_warned_about(run, pets: Path):
    """The session begins, and says how many of its images can't be shown, and why the first."""
    images = pets.parent / "images"
    (images / "dogs" / "003.png").unlink()
    (images / "dogs" / "004.png").write_text("<html>")
    result = run("new", pets, "--images", images)
    assert result.code == 0
    assert result.err.startswith("Warning: 2 of 12 sampled images can't be shown, first: image")
    (images / "none").mkdir()
    result = run("new", pets, "--images", images / "none")
    assert f"did you mean --images {images}?" in result.err


def test_warnings_are_lines_on_stderr(run, tmp_path: Path):
    """Each begins with Warning: and names the file."""
    (tmp_path / "p.csv").write_text("text,label,pred,conf\na,1,1.0,2\nb,1,0,0.5\nc,0,0,0.5\n")
    result = run("new", "p.csv")
    assert result.code == 0
    lines = result.err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("Warning: p.csv: ") for line in lines)


def test_columns_are_chosen_by_option(run, pets: Path):
    """The way out that the message names works."""
    two = pets.with_name("two.csv")
    two.write_text(pets.read_text().replace("camera", "y_true", 1))
    result = run("new", two, "--images", pets.parent / "images")
    assert (
        "'label' and 'y_true' could each be the label: choose one with --label-column" in result.err
    )
    result = run("new", two, "--images", pets.parent / "images", "--label-column", "label")
    assert result.code == 0


@pytest.mark.parametrize("name", ["", *errortool.commands])
def test_help_explains_every_command_and_option(run, name: str):
    """Each command has a line that isn't cut short, and each of its options a sentence."""
    command = errortool.commands[name] if name else errortool
    line = command.get_short_help_str(limit=1000)
    shown = run(*name.split(), "--help").out
    assert without_spaces(f"{name}{line}") in without_spaces(run("--help").out)
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help
            assert f"  {option.opts[0]} " in shown
            assert without_spaces(option.help) in without_spaces(shown)


def without_spaces(text: str) -> str:
    """Return a text as it is however its lines are wrapped."""
    return "".join(text.split())


def test_the_installed_command_says_its_version():
    """The entry point works, and without any heavy import."""
    command = Path(sys.executable).with_name("errortool")
    ran = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("errortool, version ")
    loaded = "import sys, errortool.cli; print({'pandas', 'scipy', 'streamlit'} & {*sys.modules})"
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


# --- sessions put in order -----------------------------------------------------------------------


def test_more_errors_are_drawn(run, pets: Path):
    """The next ones, 50 unless told; then all that are left; then none, in one sentence."""
    run("new", pets, "--sample", 5, "--name", "small")
    assert run("more", "small", 3).out == (
        "3 more errors drawn for session 'small'; 4 of 12 errors are left.\n"
    )
    assert run("more", "small").out == (
        "4 more errors drawn for session 'small' of the 50 asked for: these were all that were "
        "left.\n"
    )
    refused = run("more", "small")
    assert (refused.code, refused.err) == (
        1, "Error: none is left to draw: all 12 errors of session 'small' were drawn already.\n",
    )  # fmt: skip
    assert run("more", "small", 0).code == 1
    assert "0 of 12" in run("sessions").out


def test_a_session_is_renamed_and_copied(run, pets: Path, tmp_path: Path):
    """With its ticks or without; a name that is taken is refused."""
    (tmp_path / "t.csv").write_text("id,Dog\n" + "".join(f"dev-{n},1\n" for n in range(12)))
    run("import", "pets", "t.csv")
    assert run("rename", "pets", " my   pets ").out == "'pets' is now called 'my pets'.\n"
    assert run("duplicate", "my pets", "plain").out == (
        "'my pets' copied as 'plain', with nothing judged yet.\n"
    )
    assert "with all that was judged" in run("duplicate", "my pets", "whole", "--with-ticks").out
    assert "already a session 'Plain'" in run("duplicate", "whole", "Plain").err
    assert "already a session 'PLAIN'" in run("rename", "whole", "PLAIN").err
    listed = run("sessions").out
    assert re.search(r"plain +0 of 12 .* -  ", listed)
    assert re.search(r"whole +12 of 12 .* Dog 100 %  .* UTC", listed)
    assert run("check").out.endswith("is whole.\n")


def test_the_trash_keeps_and_delete_does_not(run, pets: Path):
    """Trash, list, back; for good only from the trash, with --yes, after a backup."""
    assert run("sessions", "--trash").out == "The trash is empty.\n"
    assert "no session 'pets' in the trash" in run("delete", "pets", "--yes").err
    assert run("trash", "pets").code == 0
    assert run("sessions").out == "No session yet: begin with `errortool new`.\n"
    assert "pets" in run("sessions", "--trash").out
    assert run("untrash", "PETS").out == "Session 'pets' is back.\n"
    run("trash", "pets")
    refused = run("delete", "pets")
    assert (refused.code, refused.err) == (
        1, "Error: session 'pets' would be deleted for good: repeat this with --yes.\n",
    )  # fmt: skip
    done = run("delete", "pets", "--yes")
    backup = re.search(r"the backup (\S+) still has it", done.out)
    assert backup is not None
    assert run("sessions", "--trash").out == "The trash is empty.\n"
    assert "pets" in run("sessions", "--trash", "--db", backup[1]).out


def test_folder_notes_and_model_are_set(run, pets: Path):
    """Each by its option; images that don't open there are a warning; nothing asked is an error."""
    moved = pets.parent / "moved"
    (pets.parent / "images").rename(moved)
    (moved / "dogs" / "003.png").unlink()
    done = run("set", "pets", "--images", moved, "--notes", "after the new crop", "--model", "v3")
    assert done.out == "Session 'pets' changed.\n"
    assert done.err.startswith("Warning: 1 of 12 sampled images can't be shown, first: image")
    assert "is not there" in run("set", "pets", "--images", "nowhere").err
    assert "give --images, --notes, --model or --dev-examples" in run("set", "pets").err
    with closing(sqlite3.connect("errortool.db")) as db:
        assert db.execute("select images, notes, model from sessions").fetchall() == [
            ("data/moved", "after the new crop", "v3")
        ]


@pytest.mark.parametrize("name", ["\x1b[31mred\x1b[0m", "\u202eevil", "a\0b", " "])
def test_hostile_names_are_refused_in_one_line(run, pets: Path, name: str):
    """No control character reaches the file or the terminal."""
    for command in (["rename", "pets", name], ["duplicate", "pets", name]):
        result = run(*command)
        assert result.code == 1
        assert len(result.err.splitlines()) == 1
        assert "\x1b" not in result.err
    assert "pets" in run("sessions").out


def test_names_written_right_to_left_move_no_figure(run, pets: Path, tmp_path: Path):
    """In sentences and in the lines of the table they are isolated; in files they are as typed."""
    name = "خلفية مزدحمة"
    (tmp_path / "t.csv").write_text(f"id,{name},Dog\n" + "".join(
        f"dev-{n},{int(n < 6)},{int(n == 9)}\n" for n in range(10)))  # fmt: skip
    done = run("import", "pets", tmp_path / "t.csv", "--new-categories")
    assert f"New categories: \u2068{name}\u2069." in done.out
    out = run("report", "pets", "--solve", name).out
    assert out.count(name) == out.count(f"\u2068{name}\u2069") > 3
    assert f"Solving \u2068{name}\u2069 would take the dev error from 30.0 % to " in out
    line = next(line for line in out.splitlines() if line.startswith(f"\u2068{name}\u2069"))
    assert line.replace("\u2068", "").replace("\u2069", "").index("6 of 10") > len(name)
    assert (
        f"there is no category \u2068'{name}x'\u2069"
        in run("report", "pets", "--solve", f"{name}x").err
    )
    run("export", "pets", "--to", "out")
    for path in (tmp_path / "out").iterdir():
        assert "\u2068" not in path.read_text()


def test_errors_alone_get_a_dev_error_when_it_is_given(run, tmp_path: Path):
    """At the beginning as a number or a rate, or later; until then no command says one."""
    rows = "".join(f"{n},{'ab'[n % 2]},{'ba'[n % 2]}\n" for n in range(31))
    (tmp_path / "wrong.csv").write_text("id,label,prediction\n" + rows)
    begun = run("new", "wrong.csv")
    assert "holds errors only" in begun.err
    assert "--dev-examples N, or --dev-error" in begun.err
    assert begun.out.startswith("31 errors, dev error not known.\n")
    assert "dev error left" not in run("report", "wrong").out
    assert "--dev-examples N" in run("report", "wrong").out
    assert run("set", "wrong", "--dev-examples", "1000").code == 0
    assert "1,000 dev examples, 31 errors, 3.1 % dev error." in run("report", "wrong").out
    for rate in ("3.1%", "0.031", " 3.1 %"):
        given = run("new", "wrong.csv", "--dev-error", rate)
        assert "1,000 dev examples, 31 errors, 3.1 % dev error." in given.out
        assert "errors only" not in given.err
    for options, says in (
        (("--dev-error", "31"), "'31' isn't a rate: give one such as 3.1% or 0.031"),
        (("--dev-error", "much"), "'much' isn't a rate"),
        (("--dev-error", "0"), "'0' isn't a rate"),
        (("--dev-examples", "30"), "31 errors can't be of 30 dev examples: give 31 or more"),
        (("--dev-examples", "99", "--dev-error", "0.1"), "give one of them"),
    ):
        assert says in run("new", "wrong.csv", *options).err


def test_images_may_be_left_out(run, pets: Path):
    """Their paths stay the ids, and the options that name them don't go with it."""
    begun = run("new", pets, "--no-images", "--name", "words")
    assert (begun.code, begun.err) == (0, "")
    with closing(Store(Path("errortool.db"))) as store:
        session = store.session("words")
        assert session.columns.image is None
        assert {example.image for example in store.examples(session)} == {None}
    assert "leave out --images" in run("new", pets, "--no-images", "--images", ".").err


# --- rounds --------------------------------------------------------------------------------------


def newer(pets: Path) -> Path:
    """Write the next model's predictions: four errors fixed, two new ones."""
    path = pets.with_name("v4.csv")
    rows = []
    for line in pets.read_text().splitlines():
        cells = line.split(",")
        if cells[0] in {"dev-0", "dev-1", "dev-2", "dev-3"}:
            cells[3] = "not cat"
        elif cells[0] in {"dev-20", "dev-21"}:
            cells[3] = "dog"
        rows.append(",".join(cells))
    path.write_text("\n".join(rows) + "\n")
    return path


def test_the_next_round_says_what_is_carried_and_what_is_left(run, pets: Path, tmp_path: Path):
    """And compare what became of it: in words, and as JSON."""
    run("new", pets, "--images", pets.parent / "images", "--name", "v3", "--category", "Dog")
    ticks = tmp_path / "ticks.csv"
    ticks.write_text("\n".join(["id,Dog", *(f"dev-{n},1" for n in range(12))]) + "\n")
    assert run("import", "v3", ticks).code == 0
    done = run("new", newer(pets), "--name", "v4", "--follows", "v3")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[1:] == [
        "There are only 10 errors: all of them were taken.",
        "10 errors sampled for session 'v4' (seed 0).",
        "8 carried from session 'v3', 2 to look at.",
        "Review them: errortool",
    ]
    compared = run("compare", "v3", "v4", "--margin", "0.5")
    assert compared.code == 0
    lines = compared.out.splitlines()
    assert lines[0].startswith("v4 has a dev error of 25.0 %, v3 of 30.0 %: the difference of 5.0")
    assert "fixed: 4 (10.0 % of the dev set)" in lines
    assert "still wrong: 8 (8 with the same answer, 0 with another)" in lines
    assert (
        "no worse by more than 0.5 points?: can't tell (it is worse by at most 8.4 points)" in lines
    )
    assert (
        "Dog: 30.0 points were possible; what came isn't known yet: none of the 2 newly wrong"
        in (compared.out)
    )
    found = json.loads(run("compare", "v3", "v4", "--json").out)
    assert (found["fixed"], found["newly_wrong"], found["gain"]) == (4, 2, 0.05)
    files = json.loads(run("compare", pets, pets.with_name("v4.csv"), "--json").out)
    assert (files["fixed"], files["categories"]) == (4, [])
    report = run("report", "v4").out.splitlines()
    assert "It follows v3, 8 carried from it; 6 more count once" in "\n".join(report)


def test_faults_of_rounds_are_one_sentence(run, pets: Path, tmp_path: Path):
    """What isn't there, what isn't the same dev set, and what can't be set aside."""
    run("new", pets, "--images", pets.parent / "images", "--name", "v3")
    other = tmp_path / "other.csv"
    other.write_text("id,label,prediction\na,cat,dog\nb,dog,dog\n")
    for arguments, sentence in (
        (("new", pets, "--follows", "v2"), "there is no session 'v2'"),
        (("new", other, "--no-images", "--follows", "v3"), "share no id"),
        (("compare", "v3", other), "share no id"),
        (("compare", "v3", "nothing"), "there is no session 'nothing'"),
        (("new", pets, "--eyeball", "40"), "so 40 aren't a part of them"),
        (("compare", "v3", "v3", "--margin", "-1"), "--margin"),
    ):
        done = run(*arguments)
        assert done.code == 1
        assert sentence in done.err
        assert len(done.err.splitlines()) == 1


def test_a_session_compared_with_itself_has_changed_nothing(run, pets: Path):
    """Nothing fixed, nothing new."""
    run("new", pets, "--images", pets.parent / "images", "--name", "v3")
    done = run("compare", "v3", "v3")
    assert done.out.startswith(
        "v3 has the same dev error as v3, 30.0 %. It fixed no error and made no new one."
    )
