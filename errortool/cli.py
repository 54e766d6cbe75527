"""The command line: all commands but those that open the app work without a browser."""

import json
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final
from unicodedata import category

import click

from errortool import messages
from errortool.errors import ErrortoolError, SessionError, StoreError
from errortool.messages import count, isolated, quoted
from errortool.model import SAMPLE_SIZE, Intervals, Kind, NewCategory, Target

# Modules that import pyarrow, scipy or Streamlit are imported by the commands that use them.

DEFAULT_DB: Final = Path("errortool.db")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line: exit 0, or 1 with one sentence on stderr."""
    # Pillow warns of odd metadata and of large images on stderr; which ones can't be shown, we say.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        code = errortool.main(args=arguments, prog_name="errortool", standalone_mode=False)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "errortool"
        _fail(f"{error.format_message().rstrip('.')} (see `{command} --help`)")
    except click.ClickException as error:
        _fail(error.format_message())
    except ErrortoolError as error:
        _fail(str(error))
    except MemoryError:
        _fail("the memory is full: free some, or keep only the columns needed in the table")
    except (click.Abort, KeyboardInterrupt):
        _fail("stopped")
    except BrokenPipeError:  # whoever read our output went away, as `| head` does
        sys.stderr.close()
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _say(text: object = "", *, err: bool = False) -> None:
    click.echo(_plain(str(text)), err=err)


def _plain(text: str) -> str:
    """Return a text with its control characters as JSON writes them.

    Names come out of files: an escape sequence in one would control the terminal, a direction
    mark reverse the line, and half a character end in a traceback.
    """
    return messages.escaped(
        text,
        lambda char: (
            char
            if char.isprintable() or char == "\n" or category(char) == "Zs"
            else json.dumps(char)[1:-1]
        ),
    )


def _fail(sentence: str) -> None:
    _say(f"Error: {_one_line(sentence)}", err=True)
    sys.exit(1)


def _warn(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        _say(f"Warning: {_one_line(sentence)}", err=True)


def _one_line(sentence: str) -> str:
    """Return a sentence as one line that can't control a terminal, whatever a file's name holds."""
    shown = messages.escaped(
        sentence, lambda char: char if char.isprintable() else f"\\x{ord(char):02x}"
    )
    return messages.sentence(" ".join(shown.split()))


@contextmanager
def _progress(label: str) -> Iterator[Callable[[float], None]]:
    """Give a function that takes the fraction done; on a terminal it draws a bar."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    steps = 1000
    with click.progressbar(length=steps, label=_plain(label), file=sys.stderr) as bar:
        yield lambda fraction: bar.update(int(fraction * steps) - bar.pos)
        bar.update(steps - bar.pos)


# --- options that several commands take ----------------------------------------------------------

_Command = Callable[..., Any]
_path = click.Path(path_type=Path)


def _chosen_db(context: click.Context, _: click.Parameter, value: Path | None) -> Path:
    """Return the session file: named here, else before the command or in the environment."""
    return value or (context.parent.params["db"] if context.parent else DEFAULT_DB)


def _db_option(command: _Command) -> _Command:
    return click.option(
        "--db",
        type=_path,
        metavar="FILE",
        callback=_chosen_db,
        help=f"The session file [ERRORTOOL_DB, else {DEFAULT_DB}].",
    )(command)


def _app_options(command: _Command) -> _Command:
    for option in (
        click.option("--no-browser", is_flag=True, help="Start the server but open no browser."),
        click.option(
            "--insecure",
            is_flag=True,
            help="Let everybody who reaches --host read and change everything.",
        ),
        click.option(
            "--host",
            metavar="ADDRESS",
            help="Address to listen on [127.0.0.1]; others need a sign-in or --insecure.",
        ),
        click.option("--port", type=click.IntRange(0, 65535), help="Port [8501 or the next free]."),
    ):
        command = option(command)
    return command


def _level(_: click.Context, __: click.Parameter, value: str) -> float:
    return float(value) / 100


def _rate(_: click.Context, __: click.Parameter, value: str | None) -> float | None:
    """Read a rate such as 3.1% or 0.031 as a fraction. Raises BadParameter for any other."""
    if value is None:
        return None
    text = value.strip()
    number = text.removesuffix("%")
    try:
        rate = float(number) / (1 if number == text else 100)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1:
        message = f"{value!r} isn't a rate: give one such as 3.1% or 0.031"
        raise click.BadParameter(message)
    return rate


_level_option = click.option(
    "--level",
    type=click.Choice(["80", "90", "95", "99"]),
    default="95",
    show_default=True,
    callback=_level,
    help="Confidence level of the intervals, in per cent.",
)


def _figure_options(command: _Command) -> _Command:
    for option in (
        _level_option,
        click.option(
            "--intervals",
            type=click.Choice([one.value for one in Intervals]),
            default=Intervals.AUTO.value,
            show_default=True,
            callback=lambda _, __, value: Intervals(value),
            help="Intervals that always hold, or hold for the planned number of images only; auto "
            "takes the narrower one that may be believed.",
        ),
        click.option(
            "--reviewer",
            metavar="NAME",
            help="Use this reviewer's judgements alone [the latest of all].",
        ),
    ):
        command = option(command)
    return command


_name_argument = click.argument("name")


# --- commands ------------------------------------------------------------------------------------


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="errortool")
@click.option(
    "--db",
    type=_path,
    metavar="FILE",
    envvar="ERRORTOOL_DB",
    callback=_chosen_db,
    is_eager=True,
    help=f"The session file [ERRORTOOL_DB, else {DEFAULT_DB}].",
)
@_app_options
@click.pass_context
def errortool(
    context: click.Context,
    /,
    db: Path,
    host: str | None,
    port: int | None,
    *,
    insecure: bool,
    no_browser: bool,
) -> None:
    """Look at what an image classifier got wrong, and see what solving it would bring.

    Without a command: open the app.
    """
    if context.invoked_subcommand is None:
        from errortool.web.app import run

        run(db, host=host, port=port, insecure=insecure, browser=not no_browser)


@errortool.command()
@_db_option
@_app_options
def demo(db: Path, host: str | None, port: int | None, *, insecure: bool, no_browser: bool) -> None:
    """Open the app on the sample data.

    They are the errors of a cat detector, a third of them judged already.
    """
    from errortool.actions import demo
    from errortool.store import Store
    from errortool.web.app import run

    with closing(Store(db, create=True)) as store:
        session = demo.demo_session(store)
    run(
        db,
        host=host,
        port=port,
        insecure=insecure,
        browser=not no_browser,
        open_at=f"review?session={session.id}",
    )


@errortool.command()
@click.argument("predictions_file", metavar="PREDICTIONS", type=_path)
@click.option(
    "--images",
    "images_folder",
    type=_path,
    metavar="DIR",
    help="Image folder [PREDICTIONS' own, or images in it].",
)
@click.option("--name", help="The session's name [from the file's].")
@click.option(
    "--sample",
    type=click.IntRange(1),
    help=f"Errors to review [{SAMPLE_SIZE}, or as the session that is followed].",
)
@click.option(
    "--right",
    type=click.IntRange(0),
    help="Examples that the model got right to review as well, kept apart [0].",
)
@click.option("--seed", type=int, help="Which random sample [0].")
@click.option(
    "--follows",
    metavar="SESSION",
    help="The round before: its ticks are carried to what is still wrong.",
)
@click.option(
    "--eyeball",
    type=click.IntRange(1),
    metavar="N",
    help="Let people look at N dev examples only; the rest is the blackbox.",
)
@click.option("--category", "causes", multiple=True, metavar="NAME", help="A first category.")
@click.option(
    "--label-error",
    "label_errors",
    multiple=True,
    metavar="NAME",
    help="A first category that blames the label.",
)
@click.option(
    "--dev-examples",
    type=click.IntRange(1),
    metavar="N",
    help="Number of all dev examples, where PREDICTIONS holds errors only.",
)
@click.option(
    "--dev-error",
    metavar="RATE",
    callback=_rate,
    help="Or the dev error, such as 3.1% or 0.031.",
)
@click.option(
    "--labels",
    type=_path,
    metavar="FILE",
    help="The labels, by id or image, where PREDICTIONS has none.",
)
@click.option(
    "--label-from-folder",
    is_flag=True,
    help="Or the folder of each image is its label.",
)
@click.option(
    "--classes",
    type=_path,
    metavar="FILE",
    help="The names of the classes that numbers stand for.",
)
@click.option(
    "--label-offset",
    type=int,
    default=0,
    metavar="N",
    help="Add N to each label, such as -1 where they count from 1.",
)
@click.option(
    "--tags-as-categories",
    is_flag=True,
    help="Tags of the examples become categories, ticked already.",
)
@click.option("--no-images", is_flag=True, help="Take no image: each example is shown as text.")
@click.option("--label-column", metavar="NAME", help="The column with the label.")
@click.option("--prediction-column", metavar="NAME", help="The column with the prediction.")
@click.option("--image-column", metavar="NAME", help="The column with the image's path.")
@click.option("--id-column", metavar="NAME", help="The column with the id.")
@click.option("--confidence-column", metavar="NAME", help="The column with the confidence.")
@click.option("--weight-column", metavar="NAME", help="The column with the weight.")
@_db_option
def new(
    *,
    db: Path,
    predictions_file: Path,
    images_folder: Path | None,
    name: str | None,
    sample: int | None,
    right: int | None,
    seed: int | None,
    follows: str | None,
    eyeball: int | None,
    causes: tuple[str, ...],
    label_errors: tuple[str, ...],
    dev_examples: int | None,
    dev_error: float | None,
    no_images: bool,
    label_from_folder: bool,
    labels: Path | None,
    classes: Path | None,
    label_offset: int,
    tags_as_categories: bool,
    **columns: str | None,
) -> None:
    """Draw a sample of the errors and begin a session.

    PREDICTIONS is a table with one row per dev example: CSV, TSV, JSON, Parquet, Arrow, xlsx, ods,
    npz, or a folder of a data set. Columns for label, prediction, image, id, confidence and weight
    are found by name. Of a table that holds
    errors only, --dev-examples or --dev-error says of how many they are.
    """
    from errortool.actions import identity, new_session, rounds
    from errortool.data.truth import Additions
    from errortool.output import phrases, session_phrases
    from errortool.store import Store

    if dev_examples is not None and dev_error is not None:
        message = "--dev-examples and --dev-error say the same: give one of them"
        raise click.UsageError(message, click.get_current_context())
    if no_images and (images_folder or columns["image_column"]):
        message = "--no-images takes no image: leave out --images and --image-column"
        raise click.UsageError(message, click.get_current_context())
    chosen = {role.removesuffix("_column"): column for role, column in columns.items() if column}
    categories = [
        *(NewCategory(name=cause) for cause in causes),
        *(NewCategory(name=error, kind=Kind.LABEL_ERROR) for error in label_errors),
    ]
    session = new_session.new(
        db,
        predictions_file,
        columns=chosen,
        images_folder=images_folder,
        name=name,
        categories=categories,
        size=sample,
        right=right,
        seed=seed,
        follows=follows,
        eyeball=eyeball,
        dev_examples=dev_examples,
        dev_error=dev_error,
        with_images=not no_images,
        additions=Additions(
            label_from_folder=label_from_folder,
            labels=labels,
            classes=classes,
            label_offset=label_offset,
        ),
        tags_as_categories=tags_as_categories,
        warn=_warn,
        progress=_progress,
    )
    weighted = f" (weighted by {session.columns.weight!r})" if session.weighed else ""
    _say(f"{phrases.sizes(session)}{weighted}.")
    with closing(Store(db)) as store:
        before = None if session.follows is None else store.session_of(session.follows)
        standing = rounds.standing(store, session, identity.reviewer())
    asked = sample or (SAMPLE_SIZE if before is None else before.sampled)
    for line in session_phrases.drawn(session, asked, right or session.sampled_right):
        _say(line)
    if before is not None:
        _say(session_phrases.carried(before.name, *standing))
    _say(f"Review them: errortool{'' if db == DEFAULT_DB else f' --db {db}'}")


@errortool.command()
@_name_argument
@click.argument("number", type=click.IntRange(1), default=50)
@_db_option
def more(db: Path, name: str, number: int) -> None:
    """Draw NUMBER more errors (50) for session NAME.

    They are the next of the same order: nothing else changes.
    """
    from errortool.actions import drawing
    from errortool.store import Store

    with closing(Store(db)) as store:
        session = store.session(name)
        with _progress("Reading the table") as advance:
            done = drawing.draw_more(store, session, number, progress=advance)
    _warn(done.warnings)
    _say(drawing.drawn_text(session, done, number))


@errortool.command()
@click.option("--trash", is_flag=True, help="List what is in the trash instead.")
@_db_option
def sessions(db: Path, *, trash: bool) -> None:
    """List the saved sessions."""
    from errortool.actions import listing
    from errortool.output.phrases import decimals, per_cent, share
    from errortool.store import Store

    with closing(Store(db)) as store:
        summaries = listing.summaries(store, trash=trash)
    if not summaries:
        _say("The trash is empty." if trash else "No session yet: begin with `errortool new`.")
        return
    _echo_table(
        ("session", "looked at", "dev error", "largest category", "last opened"),
        [
            (
                summary.session.name,
                f"{summary.looked_at} of {summary.session.sampled}",
                per_cent(summary.session.dev_error, decimals(summary.session.dev_examples)),
                f"{summary.leading} {share(summary.share)}" if summary.leading else "-",
                f"{summary.session.opened_at[:16].replace('T', ' ')} UTC",
            )
            for summary in summaries
        ],
    )


@errortool.command()
@_name_argument
@click.argument("new_name", metavar="NEW")
@_db_option
def rename(db: Path, name: str, new_name: str) -> None:
    """Call session NAME from now on NEW."""
    from errortool.store import Store

    with closing(Store(db)) as store:
        session = store.session(name)
        store.rename(session, new_name)
        _say(f"{quoted(session.name)} is now called {quoted(store.session_of(session.uid).name)}.")


@errortool.command()
@_name_argument
@click.argument("new_name", metavar="NEW")
@click.option("--with-ticks", is_flag=True, help="Copy what was judged as well.")
@_db_option
def duplicate(db: Path, name: str, new_name: str, *, with_ticks: bool) -> None:
    """Copy session NAME, its examples and categories, as NEW."""
    from errortool.store import Store

    with closing(Store(db)) as store:
        session = store.session(name)
        copy = store.duplicate(session, new_name, with_ticks=with_ticks)
    judged = "with all that was judged" if with_ticks else "with nothing judged yet"
    _say(f"{quoted(session.name)} copied as {quoted(copy.name)}, {judged}.")


@errortool.command("set")
@_name_argument
@click.option(
    "--dev-examples",
    type=click.IntRange(1),
    metavar="N",
    help="Number of all dev examples, where its table holds errors only.",
)
@click.option(
    "--images", "images_folder", type=_path, metavar="DIR", help="The folder its images are in now."
)
@click.option("--notes", help="Notes on the session.")
@click.option("--model", help="The model's name.")
@_db_option
def set_(
    *,
    db: Path,
    name: str,
    images_folder: Path | None,
    notes: str | None,
    model: str | None,
    dev_examples: int | None,
) -> None:
    """Change the images, notes, model or dev examples of NAME."""
    from errortool.actions import managing
    from errortool.store import Store

    if all(one is None for one in (images_folder, notes, model, dev_examples)):
        message = "nothing to change: give --images, --notes, --model or --dev-examples"
        raise click.UsageError(message, click.get_current_context())
    with closing(Store(db)) as store:
        session = store.session(name)
        problems = managing.change(
            store,
            session,
            images_folder=images_folder,
            notes=notes,
            model=model,
            dev_examples=dev_examples,
        )
    _warn(problems.warnings)
    _say(f"Session {quoted(session.name)} changed.")


@errortool.command()
@_name_argument
@_db_option
def trash(db: Path, name: str) -> None:
    """Move session NAME to the trash, from which it can come back."""
    from errortool.store import Store

    with closing(Store(db)) as store:
        session = store.session(name)
        store.trash(session)
    _say(f"Session {quoted(session.name)} is in the trash; `errortool untrash` brings it back.")


@errortool.command()
@_name_argument
@_db_option
def untrash(db: Path, name: str) -> None:
    """Put session NAME back from the trash."""
    from errortool.store import Store

    with closing(Store(db)) as store:
        session = store.trashed_session(name)
        store.untrash(session)
    _say(f"Session {quoted(session.name)} is back.")


@errortool.command()
@_name_argument
@click.option("--yes", is_flag=True, help="Yes, delete it for good.")
@_db_option
def delete(db: Path, name: str, *, yes: bool) -> None:
    """Delete session NAME, which is in the trash, for good.

    A backup of the session file is made before.
    """
    from errortool.actions import managing
    from errortool.store import Store

    with closing(Store(db)) as store:
        session = store.trashed_session(name)
        if not yes:
            message = (
                f"session {quoted(session.name)} would be deleted for good: repeat this with --yes"
            )
            raise SessionError(message)
        backup = managing.delete(store, session)
    _say(f"Session {quoted(session.name)} is deleted; the backup {backup} still has it.")


@errortool.command()
@_name_argument
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, with fractions instead of per cent."
)
@click.option(
    "--solve",
    multiple=True,
    metavar="CATEGORY",
    help="Categories to solve together: what is left then.",
)
@_figure_options
@_db_option
def report(
    db: Path,
    name: str,
    *,
    as_json: bool,
    solve: tuple[str, ...],
    level: float,
    intervals: Intervals,
    reviewer: str | None,
) -> None:
    """Print the shares and ceilings of session NAME."""
    from errortool.actions import identity, reporting
    from errortool.output import json_files, phrases
    from errortool.store import Store

    with closing(Store(db)) as store:
        made, solved = reporting.compute_and_record(
            store,
            store.session(name),
            level=level,
            intervals=intervals,
            reviewer=reviewer,
            solve=solve,
        )
    if as_json:
        _say(json_files.full_json(made, identity.made_by(), solved))
        return
    for line in phrases.opening(made):
        _say(line)
    if not made.categories:
        _say("No category yet.")
        return
    _say()
    header, *rows = phrases.table(made)
    _echo_table(header, rows)
    _say()
    for line in phrases.findings(made, solved):
        _say(line)


@errortool.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--margin",
    type=click.FloatRange(0, 100),
    metavar="POINTS",
    help="Say whether B is worse by no more than so many points.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON, with fractions instead of per cent."
)
@_level_option
@_db_option
def compare(*, db: Path, a: str, b: str, margin: float | None, as_json: bool, level: float) -> None:
    """Compare A with B, a newer model on the same dev set.

    Both are sessions, or both predictions files: what was fixed, what is newly wrong, and what
    each category brought.
    """
    from errortool.actions import comparing, identity
    from errortool.output import comparison_phrases, json_files
    from errortool.store import Store

    with ExitStack() as stack:
        store = stack.enter_context(closing(Store(db))) if db.exists() else None
        found = comparing.compared(store, *(comparing.side(store, name) for name in (a, b)))
        made = comparing.compare(
            store, found, level=level, margin=None if margin is None else margin / 100
        )
    if as_json:
        _say(json_files.comparison_json(made, identity.made_by()))
        return
    for line in comparison_phrases.opening(made):
        _say(line)
    _say()
    for what, number, meaning in comparison_phrases.counts(made):
        _say(f"{what}: {number}{f' ({meaning})' if meaning else ''}")
    if made.categories:
        _say()
        header, *rows = comparison_phrases.table(made)
        _echo_table(header, rows)
    _say()
    for line in comparison_phrases.findings(made):
        _say(line)


@errortool.command()
@_name_argument
@click.option(
    "--to", "folder", type=_path, metavar="DIR", required=True, help="Folder to write to."
)
@click.option("--html", is_flag=True, help="Write report.html too, with images inside.")
@click.option(
    "--for",
    "targets",
    multiple=True,
    type=click.Choice([one.value for one in Target]),
    help="Write what this tool reads instead; may be given several times.",
)
@_figure_options
@_db_option
def export(
    db: Path,
    name: str,
    folder: Path,
    *,
    html: bool,
    targets: tuple[str, ...],
    level: float,
    intervals: Intervals,
    reviewer: str | None,
) -> None:
    """Write the files of session NAME.

    They are the tally, the table and the corrections as CSV, and the report as JSON.
    """
    from errortool.actions import reporting
    from errortool.store import Store

    with closing(Store(db)) as store, _progress("Writing") as advance:
        written = reporting.export(
            store,
            store.session(name),
            folder,
            html=html,
            targets=[Target(one) for one in targets],
            level=level,
            intervals=intervals,
            reviewer=reviewer,
            warn=_warn,
            progress=advance,
        )
    for path in written:
        _say(path)


@errortool.command("import")
@_name_argument
@click.argument("table_file", metavar="TABLE", type=_path)
@click.option(
    "--id-column",
    metavar="COLUMN",
    help="Column of the ids or images, if not called as one.",
)
@click.option(
    "--row-numbers",
    is_flag=True,
    help="That column holds 1, 2 and so on, the order of review.",
)
@click.option(
    "--empty",
    type=click.Choice(["no", "unknown"]),
    help="What an empty cell means [unknown in our own table.csv, else no].",
)
@click.option(
    "--new-categories", is_flag=True, help="Make categories of the columns that aren't one yet."
)
@_db_option
def import_(
    db: Path,
    name: str,
    table_file: Path,
    *,
    id_column: str | None,
    row_numbers: bool,
    empty: str | None,
    new_categories: bool,
) -> None:
    """Take the ticks of TABLE into session NAME.

    TABLE is our table.csv or any spreadsheet. Its comments and right labels are taken too.
    """
    from errortool.actions import identity, imports
    from errortool.data import tick_tables
    from errortool.data.tick_tables import Empty, Identified
    from errortool.store import Store

    with closing(Store(db)) as store:
        session = store.session(name)
        with _progress(f"Reading {table_file.name}") as advance:
            table = tick_tables.read(
                table_file,
                store.categories(session),
                session.columns,
                id_column=id_column,
                progress=advance,
            )
        with _progress("Importing") as advance:
            done = imports.import_ticks(
                store,
                session,
                table,
                reviewer=identity.reviewer(),
                identified=Identified(column=id_column, by_number=row_numbers),
                empty=Empty(empty) if empty else None,
                new_categories=new_categories,
                progress=advance,
            )
    _warn([f"{table.name}: {warning}" for warning in done.warnings])
    if done.new_categories:
        _say(f"New categories: {', '.join(map(isolated, done.new_categories))}.")
    _say(f"{count(done.rows, 'image')} of session {quoted(session.name)} updated.")


@errortool.command()
@click.argument("to", metavar="TO.db", type=_path)
@_db_option
def backup(db: Path, to: Path) -> None:
    """Copy the session file to TO.db, also while it is in use."""
    from errortool.store import Store

    with closing(Store(db)) as store:
        store.backup(to)
    _say(f"{store.path} copied to {to}.")


@errortool.command()
@click.argument("backup_file", metavar="BACKUP.db", type=_path)
@_db_option
def restore(db: Path, backup_file: Path) -> None:
    """Put a copy of BACKUP.db in the session file's place.

    What was there is kept.
    """
    from errortool.store import restore as put_back

    former = put_back(db, backup_file)
    kept = f"; what was there is now {former}" if former else ""
    _say(f"{db} restored from {backup_file}{kept}.")


@errortool.command()
@_db_option
def check(db: Path) -> None:
    """Check that the session file is whole.

    Its events must account for every row of its tables.
    """
    from errortool.store import Store

    with closing(Store(db)) as store:
        faults = store.check()
    for fault in faults:
        _say(fault)
    if faults:
        message = f"{db} has {count(len(faults), 'fault')}, listed above: restore a backup"
        raise StoreError(message)
    _say(f"{db} is whole.")


# --- output ---------------------------------------------------------------------------------------


def _echo_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns: the first to the left, the others to the right."""
    lines = [[messages.isolated(cell) for cell in line] for line in (header, *rows)]
    widths = [max(map(messages.width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        spaces = [
            " " * (width - messages.width(cell)) for width, cell in zip(widths, line, strict=True)
        ]
        cells = [space + cell for space, cell in zip(spaces, line, strict=True)]
        cells[0] = line[0] + spaces[0]
        _say("  ".join(cells).rstrip())
