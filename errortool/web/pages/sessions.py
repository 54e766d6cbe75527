"""Sessions: the saved ones to open, and a new one to begin."""

import os
from pathlib import Path

import streamlit as st

from errortool.actions import listing, new_session
from errortool.actions.listing import Summary
from errortool.data import predictions, tables
from errortool.data.columns import ROLES, guess
from errortool.data.predictions import Predictions
from errortool.data.tables import Table
from errortool.errors import ErrortoolError, SessionError, TableError
from errortool.model import SAMPLE_SIZE, Kind, NewCategory
from errortool.output import phrases
from errortool.web import links, state
from errortool.web.escape import show, show_error, show_lines, show_warning


def render() -> None:
    """Draw the list of sessions and the form for a new one."""
    summaries = listing.summaries(state.store())
    if summaries:
        show("h1", "Sessions", "headline")
        for summary in summaries:
            _row(summary, first=summary is summaries[0])
        show("h2", "New session", "part")
    else:
        show("h1", "Begin your first session", "headline")
        show(
            "p",
            "Give the table of your model's predictions on the dev set and the folder of its "
            "images. 100 of the errors are drawn at random for you to look at.",
            "basis",
        )
    _new_session()


def _row(summary: Summary, *, first: bool) -> None:
    """Draw one session of the list; the first is the one to go on with."""
    session, places = summary.session, phrases.decimals(summary.session.dev_examples)
    with st.container(horizontal=True, vertical_alignment="center", key=f"session-{session.uid}"):
        facts = [
            f"{summary.looked_at:,} of {session.sampled:,} looked at",
            f"{phrases.per_cent(session.dev_error, places)} dev error",
        ]
        if summary.leading:
            facts.append(f"largest: {summary.leading} {phrases.share(summary.share)}")
        facts.append(f"opened {session.opened_at[:16].replace('T', ' ')}")
        show_lines(("name", session.name), ("facts", " · ".join(facts)))
        if st.button(
            "Review", key=f"review-{session.uid}", type="primary" if first else "secondary"
        ):
            links.go("review", session=str(session.id))
        if st.button("Report", key=f"report-{session.uid}"):
            links.go("report", session=str(session.id))


def _new_session() -> None:
    """Draw the form, step by step: the file, its columns, what it comes to, the sample."""
    left, right = st.columns(2, gap="large")
    with left:
        typed = st.text_input(
            "Predictions file",
            placeholder="predictions.csv",
            help="CSV, TSV or Parquet, a row a dev example. A path below the folder that "
            "errortool was started in.",
        )
        folder = st.text_input(
            "Image folder",
            placeholder="images",
            help="The folder that the image paths in the table start from. Left empty: the "
            "folder of the predictions file.",
        )
    with right:
        upload = st.file_uploader("or upload the predictions file", key="upload")
    if not typed and upload is None:
        return
    try:
        path = Path(Path(upload.name).name) if upload is not None else _below_start(typed)
        table = _table(path, upload.getvalue() if upload is not None else None)
        images = _below_start(folder) if folder else None
    except ErrortoolError as error:
        show_error(str(error))
        return
    found = _columns(table)
    if found is not None:
        _sample(found, path, images)


def _below_start(typed: str) -> Path:
    """Return a path below the folder in which errortool was started, the only place to read from.

    Raises TableError for any other.
    """
    start = Path.cwd()
    try:
        path = Path(os.path.normpath(start / Path(typed.strip()).expanduser()))
        path.exists()
    except RuntimeError:
        raise TableError(typed, ["names a user who isn't there: check the path"]) from None
    except (OSError, ValueError):  # too long, or characters that no path can have
        raise TableError(typed[:80], ["can't be a path: check it"]) from None
    if not path.is_relative_to(start):
        fault = (
            f"lies outside the folder {str(start)!r} in which errortool was started: "
            "start it further up, or use `errortool new`"
        )
        raise TableError(typed, [fault])
    return path


def _table(path: Path, uploaded: bytes | None) -> Table:
    """Read the table, once as long as the file stays as it is."""
    if uploaded is not None:
        mark: object = (path.name, len(uploaded), hash(uploaded))
    else:
        status = path.stat() if path.is_file() else None
        mark = (str(path), status and (status.st_mtime_ns, status.st_size))
    kept = st.session_state.get("new-table")
    if kept is None or kept[0] != mark:
        with st.spinner("Reading the table …"):
            table = tables.read(path) if uploaded is None else tables.parse(uploaded, path.name)
        st.session_state["new-table"] = kept = (mark, table)
    return kept[1]


def _columns(table: Table) -> Predictions | None:
    """Show which column plays which role, to be corrected, and what the table comes to."""
    guessed = guess(table.names)
    show("h3", "Columns", "part")
    chosen: dict[str, str] = {}
    for role, place in zip(ROLES, st.columns(len(ROLES)), strict=True):
        likely = guessed[role]
        column = place.selectbox(
            role.capitalize(),
            table.names,
            index=None if likely is None else table.names.index(likely),
            placeholder="none",
            key=f"column-{role}-{table.sha256[:12]}",
        )
        if column is not None:
            chosen[role] = column
    try:
        found = predictions.validate(table, chosen, only_chosen=True)
    except TableError as error:
        for fault in error.faults:
            show_error(f"{table.name}: {fault}")
        return None
    for warning in found.warnings:
        show_warning(f"{table.name}: {warning}")
    for title, value, place in zip(
        ("Dev examples", "Errors", "Dev error"),
        (
            f"{found.dev_examples:,}",
            f"{found.errors:,}",
            phrases.per_cent(found.dev_error, phrases.decimals(found.dev_examples)),
        ),
        st.columns(3),
        strict=True,
    ):
        place.metric(title, value)
    return found


def _sample(found: Predictions, path: Path, images: Path | None) -> None:
    """Ask for the sample and the first categories, and begin."""
    show("h3", "Sample", "part")
    taken = [session.name for session in state.store().sessions()]
    first, second, third, fourth = st.columns([2, 1, 1, 1])
    name = first.text_input(
        "Name", value=new_session.default_name(path, taken), key=f"name-{found.sha256[:12]}"
    )
    size = second.number_input(
        "How many errors", min_value=1, max_value=found.errors,
        value=min(SAMPLE_SIZE, found.errors), key=f"size-{found.sha256[:12]}",
    )  # fmt: skip
    right = third.number_input(
        "How many right ones", min_value=0, max_value=found.dev_examples - found.errors, value=0,
        key=f"right-{found.sha256[:12]}",
        help="Examples that the model got right, reviewed after the errors and kept apart: they "
        "tell how many labels are wrong on that side, and how often the model errs inside a "
        "category.",
    )  # fmt: skip
    seed = fourth.number_input(
        "Seed", value=0, step=1, help="Which random sample: the same seed draws the same errors."
    )
    causes = st.multiselect(
        "Categories",
        [category.name for category in new_session.FIRST_CATEGORIES if category.kind is Kind.CAUSE],
        default=[c.name for c in new_session.FIRST_CATEGORIES if c.kind is Kind.CAUSE],
        accept_new_options=True,
        help="What may be wrong with an image. More can be added at any time.",
    )
    label_errors = st.multiselect(
        "Label errors",
        [
            category.name
            for category in new_session.FIRST_CATEGORIES
            if category.kind is Kind.LABEL_ERROR
        ],
        default=[c.name for c in new_session.FIRST_CATEGORIES if c.kind is Kind.LABEL_ERROR],
        accept_new_options=True,
        help="Categories that blame the label, not the model.",
    )
    if not st.button("Begin the review", type="primary"):
        return
    categories = [
        *(NewCategory(name=cause) for cause in causes),
        *(NewCategory(name=error, kind=Kind.LABEL_ERROR) for error in label_errors),
    ]
    try:
        drawn = new_session.draw_sample(
            found,
            predictions_file=path,
            images_folder=images,
            size=int(size),
            seed=int(seed),
            right=int(right),
        )
        session = new_session.begin(state.store(), drawn, name=name, categories=categories)
    except (TableError, SessionError) as error:
        show_error(str(error))
        return
    links.go("review", session=str(session.id))
