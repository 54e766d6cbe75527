"""New session: the form that shows what a table holds before anything is written."""

import base64
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from errortool import images, packed
from errortool.actions import choices, demo, finding, new_session, rounds
from errortool.actions.choices import Choices
from errortool.actions.new_session import Drawn
from errortool.actions.rounds import Followed
from errortool.data import predictions, truth
from errortool.data.columns import ROLES, guess
from errortool.data.predictions import Predictions, evidence
from errortool.data.tables import Table
from errortool.errors import ErrortoolError, ImageError, SessionError, StoreError, TableError
from errortool.messages import sentence
from errortool.model import SAMPLE_SIZE, Example, Kind, NewCategory, Reading, Session
from errortool.output import phrases, session_phrases
from errortool.web import links, state
from errortool.web.escape import show, show_error, show_html, show_warning
from errortool.web.pages import given_table
from errortool.web.pages.given_table import Given
from errortool.web.service import service
from errortool.web.state import once

FOLDER_HELP: Final = (
    "The folder that the image paths in the table start from: a path below the folder in which "
    "errortool was started."
)

_TITLES: Final = {
    Kind.CAUSE: (
        "Categories", "What may be wrong with an image. More can be added at any time.",
    ),
    Kind.LABEL_ERROR: ("Label errors", "Categories that blame the label, not the model."),
}  # fmt: skip

_NEEDED: Final = frozenset({"label", "prediction"})
_TRIED: Final = 12  # thumbnails
_ROWS_SHOWN: Final = 3
_COLUMNS_SHOWN: Final = 8
_LONGEST_SHOWN: Final = 80
_CONFUSIONS: Final = 5
_WARNED: Final = 3
_SAMPLE_VALUES: Final = 3
_ROWS_SAMPLED: Final = 100_000


def render() -> None:
    """Draw the form, step by step: the table, its columns, its images, the sample."""
    given = given_table.ask()
    if given is None:
        return
    try:
        table = given_table.read(given)
    except ErrortoolError as error:
        show_error(sentence(str(error)))
        return
    form = _columns(table, given)
    if form is None:
        return
    folder, usable = _images(form)
    if usable:
        _sample(form, folder)


def begun() -> bool:
    """Return whether a table was given."""
    return bool(st.session_state.get("new-path") or st.session_state.get("upload"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What the form has come to: a checked table, and what is kept of it."""

    found: Predictions
    path: Path
    data: bytes | None
    reading: Reading


# --- its columns ---------------------------------------------------------------------------------


def _columns(table: Table, given: Given) -> _Form | None:
    """Show which column plays which role, to be corrected, and what the table comes to."""
    show("h2", "Columns", "part")
    memory: tuple[Session, Choices] | None = once(
        "new-remembered",
        table.sha256,
        lambda: choices.remembered(state.store().sessions(), table),
    )
    then = memory[1] if memory is not None else Choices()
    if memory is not None:
        show("p", session_phrases.as_for(memory[0].name), "note")
    last: dict[str, str] = st.session_state.get(f"new-roles-{table.sha256}", then.columns)
    completed = given_table.complete(table, given, then.additions, last)
    made = completed.table
    guessed = guess(made.names, evidence(made)) | {
        role: name for role, name in last.items() if name in made.names
    }
    if truth.COLUMN in made.names and truth.COLUMN not in table.names:
        guessed["label"] = truth.COLUMN
    chosen = _roles(made, guessed)
    st.session_state[f"new-roles-{table.sha256}"] = {
        role: name for role, name in chosen.items() if name in table.names
    }
    missing = [role for role in ("label", "prediction") if role not in chosen]
    if missing:
        for fault in made.faults:
            show_error(sentence(session_phrases.in_form(f"{made.name}: {fault}")))
        show("p", _to_choose(missing, len(made.names)), "basis")
        return None
    mark = (made.sha256, tuple(sorted(chosen.items())))
    try:
        found: Predictions = once(
            "new-checked", mark, lambda: predictions.validate(made, chosen, only_chosen=True)
        )
    except TableError as error:
        for fault in error.faults:
            show_error(sentence(session_phrases.in_form(f"{made.name}: {fault}")))
        return None
    _facts(found)
    show_html(_first_rows(found.first_rows(_ROWS_SHOWN), list(chosen.values())))
    by_name = guess(table.names, evidence(table))
    by_hand = {role: name for role, name in chosen.items() if name != by_name[role]}
    reading = Choices(columns=by_hand, additions=completed.additions).reading(table)
    return _Form(found=found, path=given.path, data=completed.data, reading=reading)


def _roles(table: Table, guessed: Mapping[str, str | None]) -> dict[str, str]:
    """Ask which column plays which role; label and prediction can be swapped."""
    key = table.sha256[:12]
    keys = {role: f"column-{role}-{key}" for role in ROLES}
    chosen: dict[str, str] = {}
    for role, place in zip(ROLES, st.columns(len(ROLES)), strict=True):
        likely = guessed[role]
        needed = role in _NEEDED and not st.session_state.get(keys[role], likely)
        with place, st.container(key=f"{'needed' if needed else 'given'}-{role}"):
            column = st.selectbox(
                role.capitalize(),
                table.names,
                index=None if likely is None else table.names.index(likely),
                placeholder="choose" if needed else "none",
                key=keys[role],
            )
            if column is not None:
                chosen[role] = column
                show("p", session_phrases.samples(_values(table, column)), "values")
    if len(_NEEDED & chosen.keys()) == len(_NEEDED):
        st.button(
            "Swap label and prediction",
            icon=":material/swap_horiz:",
            type="tertiary",
            on_click=_swap,
            args=(keys["label"], keys["prediction"]),
        )
    return chosen


def _swap(one: str, other: str) -> None:
    first, second = st.session_state[one], st.session_state[other]
    st.session_state[one], st.session_state[other] = second, first


def _first_rows(rows: Sequence[Mapping[str, str]], first: Sequence[str]) -> str:
    """Return the table's first rows as HTML, the columns that play a role first."""
    names = list(dict.fromkeys([*first, *(name for row in rows for name in row)]))[:_COLUMNS_SHOWN]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>"
        + "".join(f"<td>{escape(row[name][:_LONGEST_SHOWN])}</td>" for name in names)
        + "</tr>"
        for row in rows
    )
    return f'<table class="et-rows"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _to_choose(missing: list[str], columns: int) -> str:
    """Say which columns have to be chosen."""
    if columns == 1:
        return "This table has only one column: separate its cells with commas, semicolons or tabs."
    if len(missing) > 1:
        return "Choose which column is the label and which the prediction."
    return f"Choose which column is the {missing[0]}."


def _values(table: Table, column: str) -> list[str]:
    """Return the first different values of a column."""
    head = table.columns.column(column).slice(0, _ROWS_SAMPLED).unique().to_pylist()
    return [packed.words(value) for value in head if value.strip()][:_SAMPLE_VALUES]


def _facts(found: Predictions) -> None:
    """Show dev examples, errors, dev error, classes, and what looks odd."""
    if found.errors_only:
        _ask_dev_examples(found)
    with st.container(horizontal=True, gap="large", key="facts"):
        if found.dev_examples is not None:
            st.metric("Dev examples", f"{found.dev_examples:,}", width="content")
        st.metric("Errors", f"{found.errors:,}", width="content")
        dev_error = phrases.per_cent(found.dev_error, phrases.decimals(found.dev_examples))
        if found.dev_error is not None:
            st.metric("Dev error", dev_error, width="content")
    _note(session_phrases.confusions(found.confusions(_CONFUSIONS)))
    classes = session_phrases.classes(*found.class_counts())
    (show_warning if classes.endswith("?") else _note)(classes)
    warnings = new_session.warnings_of(found)
    for warning in warnings[:_WARNED]:
        show_warning(sentence_of(warning))
    if len(warnings) > _WARNED:
        with st.expander(f"{len(warnings) - _WARNED:,} more"):
            for warning in warnings[_WARNED:]:
                show_warning(sentence_of(warning))


def _ask_dev_examples(found: Predictions) -> None:
    """Ask of how many dev examples the errors of a table of errors only are."""
    number = st.number_input(
        "All dev examples",
        min_value=found.errors,
        value=None,
        step=1,
        placeholder="not known",
        key=f"dev-examples-{found.sha256[:12]}",
        help="This table holds errors only. With the number of all dev examples, right ones "
        "too, there are a dev error and ceilings. It can be given later.",
        width=320,
    )
    found.dev_examples = None if number is None else int(number)


def _note(text: str) -> None:
    show("p", text, "note")


def sentence_of(clause: str) -> str:
    """Return a clause as a sentence of its own."""
    return sentence(session_phrases.in_form(clause[:1].upper() + clause[1:]))


# --- its images ----------------------------------------------------------------------------------


def _images(form: _Form) -> tuple[Path | None, bool]:
    """Ask for the image folder, and show the first images of the sample.

    Returns the folder, None without images, and whether the form can go on.
    """
    found, path = form.found, form.path
    show("h2", "Images", "part")
    if found.columns.image is None:
        _note("No column holds the images' paths: each row is shown as text.")
        return None, True
    seed = int(st.session_state.get("new-seed", 0))
    first: tuple[Example, ...] = once(
        "new-first", (found.sha256, found.columns, seed), lambda: found.sample(_TRIED, seed)
    )
    if found.pictures_in is not None:
        return _pictures_inside(form, first), True
    start = Path.cwd()
    beside = new_session.beside(path.absolute())
    guessed: Path = once(
        "new-folder-found",
        (found.sha256, found.columns.image, str(beside)),
        lambda: finding.image_folder(first[0], _likely_folders(beside, start), start) or beside,
    )
    column, _ = st.columns(2, gap="large")
    with column:
        typed = st.text_input(
            "Image folder",
            placeholder=f"{os.path.relpath(guessed)} (used if left empty)",
            key="new-folder",
            help=FOLDER_HELP,
        )
        try:
            folder = given_table.below_start(typed) if typed.strip() else guessed
            new_session.check_folder(found, folder)
        except ErrortoolError as error:
            show_error(sentence_of(_without_name(str(error), found.name)))
            return None, False
    pictures: list[tuple[str, str]] = once(
        "new-pictures",
        (found.sha256, found.columns, seed, str(folder)),
        lambda: [_picture(folder, example) for example in first],
    )
    opening = session_phrases.opening(sum(bool(url) for url, _ in pictures), len(pictures))
    if all(url for url, _ in pictures):
        _note(f"{opening} Images are taken from {os.path.relpath(folder)}.")
    else:
        fault = next(fault for url, fault in pictures if not url)
        show_warning(f"{opening} {sentence_of(fault)}")
    show_html(_thumbnails(first, pictures))
    return folder, True


def _pictures_inside(form: _Form, first: tuple[Example, ...]) -> Path:
    """Show the first pictures of a table that holds them; return the folder it is found in."""
    found = form.found
    held = once("new-held", found.sha256, lambda: new_session.held(form.data, found))
    folder = new_session.beside(form.path.absolute()) if held is None else held.path
    pictures: list[tuple[str, str]] = once(
        "new-pictures",
        (found.sha256, found.columns, str(folder), tuple(one.position for one in first)),
        lambda: [_picture(folder, example) for example in first],
    )
    opening = session_phrases.opening(sum(bool(url) for url, _ in pictures), len(pictures))
    _note(f"{opening} The pictures lie inside the table file.")
    show_html(_thumbnails(first, pictures))
    return folder


def _without_name(fault: str, name: str) -> str:
    """Return a fault without the table's name, which it isn't about."""
    return fault.removeprefix(f"{name}: ")


def _likely_folders(beside: Path, start: Path) -> list[Path]:
    """Return where images may be: beside the table, or where the last session's were."""
    last = _last_session()
    folders = [beside, beside / "images"]
    if last is not None and last.images is not None and Path(last.images).is_relative_to(start):
        folders.append(Path(last.images))
    return [folder for folder in folders if folder.is_relative_to(start)]


def _picture(folder: Path, example: Example) -> tuple[str, str]:
    """Return an image as an address that holds it, or "" and why it can't be shown."""
    try:
        made = images.preview(
            folder, example.image or "", side=images.THUMBNAIL_SIDE, cache=service().previews
        )
    except ImageError as error:
        return "", str(error)
    return f"data:{made.content_type};base64,{base64.b64encode(made.data).decode()}", ""


def _thumbnails(examples: tuple[Example, ...], pictures: list[tuple[str, str]]) -> str:
    def tile(example: Example, url: str, fault: str) -> str:
        caption = escape(f"{example.label} → {example.prediction}")
        if not url:
            return (
                f'<figure><div class="et-noimage" title="{escape(fault)}">doesn\'t open</div>'
                f'<figcaption title="{caption}">{caption}</figcaption></figure>'
            )
        return (
            f'<figure><img src="{url}" alt="{escape(example.key)}">'
            f'<figcaption title="{caption}">{caption}</figcaption></figure>'
        )

    tiles = (tile(one, *picture) for one, picture in zip(examples, pictures, strict=True))
    return f'<div class="et-preview">{"".join(tiles)}</div>'


# --- the sample ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What sample is wanted, and with which categories."""

    name: str
    categories: tuple[NewCategory, ...]
    size: int
    right: int
    seed: int
    eyeball: int | None


def _sample(form: _Form, folder: Path | None) -> None:
    """Ask for the sample and the first categories, and begin."""
    followed = _round(form.found)
    wanted = _wanted(form, followed)
    drawing = replace(wanted, name="", categories=())
    mark = (form.found.sha256, form.found.columns, str(folder), followed is not None, drawing)
    asked, doubts = st.session_state.get("new-asked", (None, []))
    doubtful = asked == mark
    with st.container(key="begin"):
        if doubtful:
            for words in doubts:
                show_warning(words)
        if not st.button("Begin all the same" if doubtful else "Begin the review", type="primary"):
            return
        try:
            with st.spinner("Looking for the images …"):
                drawn = _drawn(form, folder, wanted, followed)
            new_session.refuse_names(wanted.name, wanted.categories)
            if drawn.problems.warnings and not doubtful:
                st.session_state["new-asked"] = (mark, _doubts(drawn.problems))
                st.rerun()
            session = _begun(form, drawn, wanted, followed)
        except (TableError, SessionError, StoreError) as error:
            show_error(sentence_of(str(error)))
            return
    _forget()
    links.go("review", session=str(session.id))


def _round(found: Predictions) -> Followed | None:
    """Offer to follow the last session on the same dev set; return it if that is wanted."""
    store = state.store()
    last: Session | None = once(
        "new-last-round",
        (found.sha256, found.columns),
        lambda: rounds.last_on(store, found.dev_set, found.sha256),
    )
    if last is None:
        return None
    show("h2", "Round", "part")
    wanted = st.toggle(
        f"Follow {last.name}",
        value=True,
        key=f"new-follow-{found.sha256[:12]}-{last.id}",
        help="The same seed, size and categories; what was ticked is carried to every image that "
        "is still wrong, and can be undone.",
    )
    if not wanted:
        _note("A session of its own: every image is looked at anew.")
        return None
    try:
        followed: Followed = once(
            "new-followed",
            (found.sha256, found.columns, last.uid),
            lambda: rounds.follow(store, last, found.dev_set),
        )
    except (SessionError, TableError) as error:
        show_error(sentence_of(str(error)))
        return None
    _note(session_phrases.round_offered(last.name, followed.match.differences()))
    return followed


def _wanted(form: _Form, followed: Followed | None) -> _Wanted:
    """Ask for the session's name, sample and categories."""
    found = form.found
    show("h2", "Sample", "part")
    taken = [session.name for session in state.store().sessions()]
    before = None if followed is None else followed.session
    key = f"{found.sha256[:12]}-{before.id if before else ''}"
    first, second = st.columns([3, 1], gap="medium")
    name = first.text_input(
        "Name",
        value=new_session.default_name(form.path, taken),
        key=f"name-{found.sha256[:12]}",
        max_chars=100,
    )
    size = second.number_input(
        "How many errors",
        min_value=1,
        max_value=found.errors,
        value=min(SAMPLE_SIZE if before is None else before.sampled, found.errors),
        key=f"size-{key}",
    )
    if followed is None:
        categories = _categories()
    else:
        categories = rounds.new_categories(followed.categories)
        _note(session_phrases.taken_over([one.name for one in categories]))
    with st.expander("More: correct predictions, seed, blackbox"):
        third, fourth, fifth = st.columns(3, gap="large")
        most = found.rows - found.errors
        right = third.number_input(
            "Also review correct predictions", min_value=0,
            max_value=most, value=min(most, before.sampled_right if before else 0),
            key=f"right-{key}",
            help="Reviewed after the errors and kept apart: they tell how many labels are wrong "
            "on that side, and how often the model errs inside a category.",
        )  # fmt: skip
        seed = fourth.number_input(
            "Seed", value=before.seed if before else 0, step=1, key=f"new-seed-{key}",
            help="Which random sample: the same seed draws the same errors.",
        )  # fmt: skip
        eyeball = fifth.number_input(
            "Dev examples that people may look at", min_value=1, value=None, step=1,
            placeholder="all" if before is None or before.eyeball is None else "as before",
            key=f"eyeball-{key}",
            help="The others are the blackbox: no image of it is drawn in this session and those "
            "that follow, and each comparison says how far both parts have come.",
        )  # fmt: skip
    st.session_state["new-seed"] = int(seed)
    return _Wanted(
        name=name,
        categories=tuple(categories),
        size=int(size),
        right=int(right),
        seed=int(seed),
        eyeball=None if eyeball is None else int(eyeball),
    )


def _drawn(form: _Form, folder: Path | None, wanted: _Wanted, followed: Followed | None) -> Drawn:
    return new_session.draw_sample(
        form.found,
        predictions_file=form.path,
        images_folder=folder,
        size=wanted.size,
        seed=wanted.seed,
        right=wanted.right,
        eyeball=wanted.eyeball,
        before=None if followed is None else followed.session,
    )


def _begun(form: _Form, drawn: Drawn, wanted: _Wanted, followed: Followed | None) -> Session:
    store = state.store()
    round_ = None
    if followed is not None:
        taken = new_session.taken_over(store, followed, drawn, state.user() or "")
        round_ = followed, taken
    return new_session.begin(
        store,
        drawn,
        name=wanted.name,
        categories=wanted.categories,
        data=form.data,
        reading=form.reading,
        round_=round_,
    )


def _doubts(problems: new_session.Problems) -> list[str]:
    """Say what is wrong with the images of a sample, before it begins."""
    doubts = [sentence_of(note) for note in problems.notes]
    if problems.unshown:
        words = session_phrases.unshown(problems.unshown, problems.number, problems.first)
        if problems.better is not None:
            words += f" It is in {os.path.relpath(problems.better)}."
        doubts.append(words)
    return doubts


def _categories() -> list[NewCategory]:
    """Ask for the first categories: what may be wrong with any image, or an earlier session's."""
    sessions = {str(one.id): one for one in state.store().sessions()}
    last = _last_session()
    options = ["", *sessions]
    chosen = st.selectbox(
        "Start with the categories",
        options,
        index=options.index(str(last.id)) if last is not None else 0,
        format_func=lambda number: _start_words(number, sessions),
        key="new-like",
    ) if sessions else ""  # fmt: skip
    if chosen:
        known = [(one.name, one.kind) for one in state.store().categories(sessions[chosen])]
    else:
        known = [(one.name, one.kind) for one in new_session.FIRST_CATEGORIES]
    left, right = st.columns(2, gap="medium")
    with left:
        causes = _named(Kind.CAUSE, known, new_session.SUGGESTED_CAUSES, chosen)
    with right:
        errors = _named(Kind.LABEL_ERROR, known, new_session.SUGGESTED_LABEL_ERRORS, chosen)
    return causes + errors


def _named(
    kind: Kind, known: list[tuple[str, Kind]], suggested: tuple[str, ...], like: str
) -> list[NewCategory]:
    """Ask for the categories of one kind."""
    title, words = _TITLES[kind]
    first = [name for name, of in known if of is kind]
    names = st.multiselect(
        title,
        list(dict.fromkeys([*first, *suggested])),
        default=first,
        accept_new_options=True,
        placeholder="Choose, or type a new one",
        help=words,
        key=f"new-{kind}-{like}",
    )
    return [NewCategory(name=name, kind=kind) for name in names]


def _start_words(number: str, sessions: Mapping[str, Session]) -> str:
    if not number:
        return " and ".join(one.name for one in new_session.FIRST_CATEGORIES)
    return f"as in {sessions[number].name}"


def _last_session() -> Session | None:
    """Return the session that was begun last, whose folder and categories are likely again."""
    begun = [one for one in state.store().sessions() if one.name != demo.DEMO]
    return max(begun, key=lambda one: one.created_at, default=None)


def _forget() -> None:
    """Let go of the table, which may be large."""
    for name in list(st.session_state):
        if str(name).startswith("new-"):
            del st.session_state[name]
