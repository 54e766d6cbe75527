"""Begin a session: read the predictions, draw a sample, check its images, save it."""

import os
import re
import weakref
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final

from errortool import images
from errortool.actions import choices, first_words, identity, kept_tables, rounds
from errortool.actions.choices import Choices
from errortool.actions.rounds import Followed, TakenOver
from errortool.data import dev_sets, predictions, tables, truth
from errortool.data.predictions import Predictions
from errortool.data.tables import Progress, Table
from errortool.data.truth import Additions
from errortool.errors import ErrortoolError, ImageError, SessionError, TableError
from errortool.images import Note
from errortool.messages import count, quoted, shown
from errortool.model import (
    SAMPLE_SIZE,
    Example,
    Eyeball,
    Kind,
    NewCategory,
    NewSession,
    PartOf,
    Reading,
    Session,
    checked_category_name,
    checked_name,
)
from errortool.store import Store

FIRST_CATEGORIES = (
    NewCategory(name="Blurry"),
    NewCategory(name="Mislabeled", kind=Kind.LABEL_ERROR),
)
"""What a session begins with by default: what may be wrong with any image."""

SUGGESTED_CAUSES: Final = ("Blurry", "Dog", "Great cat", "Photo filter")
SUGGESTED_LABEL_ERRORS: Final = ("Mislabeled",)
"""The lecture's columns, to choose from."""

_SEEDS: Final = 1 << 63  # what the session file can hold
_STRAYS: Final = 1_000  # paths of another machine that are looked for before a table is refused
_LONGEST_STEM: Final = 80  # of the 100 letters that a name may have; the rest is for a number
_GENERIC_STEMS: Final = frozenset(
    "predictions prediction preds pred results result output outputs dev val valid test".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """What is wrong with the images of a sample: `unshown` can't be shown, of `number`.

    `first` says why the first of these can't; `notes` tell what is lost when others are shown. Both
    are clauses. `better` is a folder in which the first image is, if none was shown.
    """

    number: int = 0
    unshown: int = 0
    first: str = ""
    notes: tuple[str, ...] = ()
    better: Path | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """All of it as clauses."""
        if not self.unshown:
            return self.notes
        of_all = f"of {count(self.number, 'sampled image')}"
        return (*self.notes, f"{self.unshown:,} {of_all} can't be shown, first: {self.first}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sample that a session can begin with, and what is wrong with its images."""

    found: Predictions
    predictions_file: Path
    images_folder: Path | None
    seed: int
    examples: tuple[Example, ...]
    problems: Problems
    eyeball: Eyeball | None = None


def default_name(predictions_path: Path, taken: Collection[str]) -> str:
    """Return a name for a session: the file's, or its folder's where the file's is generic."""
    stem = re.sub(r"-\d{5}-of-\d{5}$", "", predictions_path.name.split(".")[0])
    if stem.casefold() in _GENERIC_STEMS and predictions_path.absolute().parent.name:
        stem = predictions_path.absolute().parent.name
    printable = "".join(letter if letter.isprintable() else " " for letter in stem)
    stem = " ".join(printable.split())[:_LONGEST_STEM].strip() or "session"
    name, number = stem, 1
    while name.casefold() in {other.casefold() for other in taken}:
        number += 1
        name = f"{stem} {number}"
    return name


@contextmanager
def _silent(_: str) -> Iterator[Progress]:
    yield lambda _: None


def new(
    db: Path,
    predictions_file: Path,
    *,
    data: bytes | None = None,
    columns: Mapping[str, str] | None = None,
    images_folder: Path | None = None,
    name: str | None = None,
    categories: Sequence[NewCategory] = (),
    size: int | None = None,
    right: int | None = None,
    seed: int | None = None,
    follows: str | None = None,
    eyeball: int | None = None,
    dev_examples: int | None = None,
    dev_error: float | None = None,
    with_images: bool = True,
    additions: Additions = Additions(),  # noqa: B008  it can't change
    tags_as_categories: bool = False,
    warn: Callable[[Sequence[str]], None],
    progress: Callable[[str], AbstractContextManager[Progress]] = _silent,
) -> Session:
    """Begin a session on a predictions file, in the session file `db`, which is made if need be.

    With `data`, the bytes of a table that lies nowhere, a copy is kept beside the session file.
    `columns` names columns for roles by hand; without `categories` it begins with the first ones.
    `follows` names the session of the round before, whose seed, size, categories and ticks are
    taken over unless given; `categories` come after its. With `eyeball`, people may look at so many
    dev examples, and no other is drawn in this session and those that follow.
    For a table that holds errors only, `dev_examples` is of how many examples they are, or
    `dev_error` what part of them, a fraction. Not `with_images`, each example is shown as text.
    `additions` is what the table lacks; with `tags_as_categories` its column of tags becomes
    categories, ticked already. `warn` gets whole sentences; `progress` is asked for each
    step that may take long. Nothing is written unless all is well: raises TableError, SessionError
    or StoreError.
    """
    refuse_names(name, categories)
    before = None if follows is None else _followed_session(db, follows)
    with progress(f"Reading {predictions_file.name}") as advance:
        if data is None:
            table = tables.read(predictions_file, advance)
        else:
            table = tables.parse(data, predictions_file.name, advance)
        given = Choices(columns=columns or {}, additions=additions, with_images=with_images)
        chosen, told = _with_remembered(db, table, given, before)
        below = images_folder or (Path() if data is not None else predictions_file.parent)
        found, data = checked(table, chosen, data, below)
    if dev_error is not None:
        dev_examples = predictions.dev_examples_at(found.errors, dev_error)
    if dev_examples is not None:
        found.of_dev_examples(dev_examples)
    if not chosen.with_images:
        found.leave_images()
    how = " (--dev-examples N, or --dev-error)"
    warn([f"{found.name}: {warning}" for warning in [*told, *warnings_of(found, how)]])
    pictures = held(data, found)
    if pictures is not None:
        images_folder = pictures.path
    with progress("Looking for the images") as advance:
        drawn = draw_sample(
            found,
            predictions_file=predictions_file,
            images_folder=images_folder,
            size=size,
            seed=seed,
            right=right,
            eyeball=eyeball,
            before=before,
            progress=advance,
        )
    warn(_with_options(drawn))
    with closing(Store(db, create=True)) as store:
        followed = taken = None
        if before is not None:
            followed = rounds.follow(store, before, found.dev_set)
            taken = taken_over(store, followed, drawn)
            warn([f"{found.name}: {words}" for words in taken.told])
        return begin(
            store,
            drawn,
            name=name,
            categories=first_categories(categories, followed),
            tags_as_categories=tags_as_categories,
            data=data,
            reading=chosen.reading(table),
            round_=None if followed is None or taken is None else (followed, taken),
        )


def _followed_session(db: Path, name: str) -> Session:
    with closing(Store(db)) as store:
        return rounds.session_to_follow(store, name)


def first_categories(
    given: Sequence[NewCategory], followed: Followed | None
) -> Sequence[NewCategory]:
    """Return what a session begins with: what is given after those of the session before."""
    if followed is None:
        return given or FIRST_CATEGORIES
    known = rounds.new_categories(followed.categories)
    names = {one.name.casefold() for one in known}
    return [*known, *(one for one in given if one.name.casefold() not in names)]


def taken_over(store: Store, followed: Followed, drawn: Drawn, reviewer: str = "") -> TakenOver:
    """Return what a sample takes over from the session that is followed."""
    return rounds.take_over(
        store,
        followed,
        drawn.examples,
        folder=drawn.images_folder,
        reviewer=identity.reviewer(reviewer),
    )


def _with_remembered(
    db: Path, table: Table, given: Choices, before: Session | None
) -> tuple[Choices, list[str]]:
    """Return what is given with what was chosen for a table of this shape; say what that is.

    A session that is followed counts first, whatever its table's shape.
    """
    if not db.exists():
        return given, []
    with closing(Store(db)) as store:
        found = choices.of_session(before, table) if before is not None else None
        found = found or choices.remembered(store.sessions(), table)
    if found is None:
        return given, []
    session, then = found
    both, taken = choices.taken_over(given, then)
    return both, [choices.told(session, taken)] if taken.options() else []


def checked(
    table: Table, chosen: Choices, data: bytes | None, images_folder: Path
) -> tuple[Predictions, bytes | None]:
    """Return a table checked, with what it lacks, and the bytes of what is to be kept of it.

    These are `data`, its own if it lies nowhere, or those of the completed table. Raises TableError
    with every fault found.
    """
    columns = chosen.columns
    made, completed = truth.complete(table, chosen.additions, columns, images_folder)
    if completed is not None and truth.added_beside_others(made):
        columns = {"label": truth.COLUMN, **columns}
    return predictions.validate(made, columns), data if completed is None else completed


def warnings_of(found: Predictions, how: str = "") -> list[str]:
    """Return a table's warnings; that dev examples are missing, and `how` to give them, if so."""
    missing = found.dev_examples is None
    return [
        f"{warning}{how}" if warning.endswith(predictions.NOT_GIVEN) else warning
        for warning in found.warnings
        if missing or not warning.endswith(predictions.NOT_GIVEN)
    ]


def _with_options(drawn: Drawn) -> list[str]:
    """Return the warnings about a sample's images, with the options that help."""
    *warnings, last = drawn.problems.warnings or ("",)
    if drawn.problems.better is not None:
        last += f" (did you mean --images {drawn.problems.better}?)"
    if drawn.found.columns.image is None and last:
        last += ": name the column with --image-column"
    return [*warnings, last] if last else []


def draw_sample(
    found: Predictions,
    *,
    predictions_file: Path,
    images_folder: Path | None = None,
    size: int | None = None,
    seed: int | None = None,
    right: int | None = None,
    eyeball: int | None = None,
    before: Session | None = None,
    progress: Progress = lambda _: None,
) -> Drawn:
    """Draw a sample of the errors in `found` and look for their images.

    And a second one, of `right` examples that the model got right, to be kept apart. What isn't
    given is as in the session `before`, which is followed: else 100 errors, none right, seed 0.
    Without `images_folder`, images are looked for where that has them, then beside the predictions
    file, or in a folder `images` there. Raises TableError if an image's path leads out of the image
    folder, SessionError if the size or the seed can't be.
    """
    size = _first_given(size, before and before.sampled, SAMPLE_SIZE)
    right = _first_given(right, before and before.sampled_right, 0)
    seed = _first_given(seed, before and before.seed, 0)
    if size < 1:
        message = f"a sample of {size} can't be drawn: it needs 1 error or more"
        raise SessionError(message)
    if not -_SEEDS <= seed < _SEEDS:
        message = f"seed {seed} is too large: give a whole number of at most 18 digits"
        raise SessionError(message)
    part: Eyeball | None = None
    if eyeball is not None:
        part = found.eyeball(eyeball, seed)
    elif before is not None and before.eyeball is not None:
        part = found.within(before.eyeball)
    examples = found.sample(size, seed, right, part)
    folder, problems = _folder_and_problems(
        found, examples[0], images_folder, _likely(predictions_file, before)
    )
    if folder is not None:
        faults = image_problems(examples, folder, progress)
        problems = replace(faults, notes=(*problems.notes, *faults.notes))
        examples = tuple(with_pictures(examples, folder))
    return Drawn(
        found=found,
        predictions_file=predictions_file.absolute(),
        images_folder=None if folder is None else folder.absolute(),
        seed=seed,
        examples=examples,
        problems=problems,
        eyeball=part,
    )


def _first_given(given: int | None, before: int | Session | None, usual: int) -> int:
    """Return what is given, else what the session before has, else what is usual."""
    if given is not None:
        return given
    return before if isinstance(before, int) else usual


def _likely(predictions_file: Path, before: Session | None) -> tuple[Path, ...]:
    """Return where images may be that nobody says the folder of."""
    folder = beside(predictions_file)
    return (folder,) if before is None or before.images is None else (Path(before.images), folder)


def _folder_and_problems(
    found: Predictions, first: Example, given: Path | None, likely: Sequence[Path]
) -> tuple[Path | None, Problems]:
    """Return the image folder, None without images, and what is to be known of it.

    Raises TableError if an image's path leads out of it.
    """
    if found.columns.image is None:
        no_column = "no column holds the images' paths, so the image folder is not used"
        return None, Problems(notes=() if given is None else (no_column,))
    if given is not None and not (found.pictures_in and not shows(given, first)):
        check_folder(found, given)
        return given, Problems()
    folder = next((one for one in likely[:-1] if shows(one, first)), None)
    folder = folder or likely_folder(likely[-1], first)
    check_folder(found, folder)
    inside = "the pictures lie inside the table file, so the image folder is not used"
    return folder, Problems(notes=() if given is None else (inside,))


def with_pictures(examples: Iterable[Example], folder: Path) -> list[Example]:
    """Return examples with the hash of each image, as far as it can be read."""

    def picture(example: Example) -> str | None:
        with suppress(ImageError):
            return images.digest(folder, example.image or "")
        return None

    return [replace(example, picture=picture(example)) for example in examples]


def beside(predictions_file: Path) -> Path:
    """Return the folder that a table lies in: itself where it is the folder of a data set."""
    return predictions_file if predictions_file.is_dir() else predictions_file.parent


class Held:
    """A folder for a while, which goes with the object."""

    def __init__(self) -> None:
        """Make it."""
        self.path = Path(mkdtemp(prefix="errortool-"))
        weakref.finalize(self, rmtree, self.path, ignore_errors=True)


def held(data: bytes | None, found: Predictions) -> Held | None:
    """Return a folder in which the pictures inside a table that lies nowhere are found meanwhile.

    None for any other table.
    """
    if data is None or not _in_kept_copy(found):
        return None
    folder = Held()
    folder.path.joinpath(found.pictures_in or "").write_bytes(data)
    return folder


def _in_kept_copy(found: Predictions) -> bool:
    """Return whether the pictures lie inside the copy that is kept of the table."""
    return (found.pictures_in or "").startswith(found.sha256)


def refuse_names(name: str | None, categories: Sequence[NewCategory]) -> None:
    """Raise SessionError if these can't name a session and its categories.

    Whether the session's name is taken, only the session file knows: `begin` says so.
    """
    if name:
        checked_name(name, "a session")
    seen: set[str] = set()
    for category in categories:
        checked = checked_category_name(category.name)
        if checked.casefold() in seen:
            message = f"category {quoted(checked)} is given twice: leave one out"
            raise SessionError(message)
        seen.add(checked.casefold())


def begin(
    store: Store,
    drawn: Drawn,
    *,
    name: str | None = None,
    categories: Sequence[NewCategory] = FIRST_CATEGORIES,
    tags_as_categories: bool = False,
    data: bytes | None = None,
    reading: Reading | None = None,
    round_: tuple[Followed, TakenOver] | None = None,
    part_of: PartOf | None = None,
) -> Session:
    """Begin a session with a sample that has been drawn.

    With `tags_as_categories` the tags of its examples are categories too, ticked already; what
    several annotators chose is theirs as reviewers. With `data`, the bytes of a table that lies
    nowhere, a copy of it is kept. `reading` is what was chosen for the table, `round_` the session
    that is followed and what is taken over from it. Raises SessionError if the session's name is
    taken, or it or a category's can't be a name.
    """
    found = drawn.found
    taken = [session.name for session in store.sessions()]
    if tags_as_categories:
        there = {one.name.casefold() for one in categories}
        tags = [tag for tag in first_words.tags(drawn.examples) if tag.casefold() not in there]
        categories = [*categories, *(NewCategory(name=tag) for tag in tags)]
        refuse_names(None, categories)
    words = first_words.words(drawn.examples, categories, with_tags=tags_as_categories)
    folder = drawn.images_folder
    if data is not None and _in_kept_copy(found):
        folder = kept_tables.folder_of(store.path)
    new = NewSession(
        name=name or default_name(drawn.predictions_file, taken),
        predictions=os.fsencode(drawn.predictions_file).decode(errors="replace"),
        predictions_sha256=found.sha256,
        columns=found.columns,
        images=None if folder is None else str(folder),
        seed=drawn.seed,
        dev_examples=found.dev_examples,
        errors=found.errors,
        examples=drawn.examples,
        categories=tuple(categories),
        weighed=found.weighed,
        errors_only=found.errors_only,
        first_words=tuple(words),
        reading=reading,
        dev_set=dev_sets.packed(found.dev_set),
        follows=None if round_ is None else round_[0].session.uid,
        carried=() if round_ is None else round_[1].carried,
        eyeball=drawn.eyeball,
        part_of=part_of,
    )
    if data is None:
        return store.create(new)
    kept_tables.keep(store.path, data, found.sha256)
    try:
        return store.create(new)
    except ErrortoolError:
        kept_tables.forget(store, found.sha256)
        raise


def check_folder(found: Predictions, folder: Path) -> None:
    """Raise TableError unless `folder` can be kept as the image folder and holds every path."""
    if not folder.is_dir():
        what = "is a file: give the folder it is in" if folder.exists() else "is not there"
        raise TableError(found.name, [f"the image folder {str(folder)!r} {what}"])
    try:
        str(folder.absolute()).encode()
    except UnicodeEncodeError:
        fault = f"the image folder {str(folder)!r} has a name that is not UTF-8: rename it"
        raise TableError(found.name, [fault]) from None
    odd = found.images_with(images.SIGNS)
    leading_out = images.leading_out(folder, (path for _, path in odd))
    strays = [place for place, out in zip(odd, leading_out, strict=True) if out]
    if strays and not any(images.found_by_end(folder, path) for _, path in strays[:_STRAYS]):
        rows = found.where(row for row, _ in strays)
        fault = (
            f"column {found.columns.image!r} leads out of the image folder {str(folder)!r} in "
            f"{rows} (e.g. {shown(strays[0][1])}): give the folder that holds all images, or "
            "begin without images"
        )
        raise TableError(found.name, [fault])


def image_problems(
    examples: Sequence[Example], folder: Path, progress: Progress = lambda _: None
) -> Problems:
    """Check the images of a sample; return which can't be shown as they are."""
    faults: list[str] = []
    noted: dict[Note, list[str]] = {}
    by_end: dict[Path, set[str]] = {}
    for number, example in enumerate(examples):
        progress(number / len(examples))
        path = example.image or ""
        try:
            note = images.inspect(folder, path)
        except ImageError as error:
            faults.append(str(error))
        else:
            if note is not None:
                noted.setdefault(note, []).append(path)
            if (place := images.found_by_end(folder, path)) is not None:
                by_end.setdefault(place, set()).add(path)
    of_all = f"of {count(len(examples), 'sampled image')}"
    notes = [
        f"in {len(paths):,} {of_all} {note} (first: {shown(paths[0], images.LONGEST_SHOWN)})"
        for note, paths in noted.items()
    ]
    notes += _by_end_notes(folder, by_end, of_all)
    better = None
    if faults:
        above = folder.absolute().parent
        if len(faults) == len(examples) and shows(above, examples[0]):
            better = above
    return Problems(
        number=len(examples),
        unshown=len(faults),
        first=faults[0] if faults else "",
        notes=tuple(notes),
        better=better,
    )


def _by_end_notes(folder: Path, found: Mapping[Path, Collection[str]], of_all: str) -> list[str]:
    """Say how many images were found by the end of their paths, and which paths share one."""
    if not found:
        return []
    number = sum(map(len, found.values()))
    were = "was" if number == 1 else "were"
    note = f"{number:,} {of_all} {were} found by the end of the path"
    root = folder.resolve()
    ways: dict[images.ByEnd, list[tuple[str, Path]]] = {}
    for place, paths in found.items():
        for path in paths:
            ways.setdefault(images.how_by_end(folder, place, path), []).append((path, place))
    for way in (images.ByEnd.LETTERS, images.ByEnd.NAME):
        if way in ways:
            path, place = ways[way][0]
            pair = f"{shown(path, images.LONGEST_SHOWN)} as {shown(str(place.relative_to(root)))}"
            note += f", {len(ways[way]):,} of them {way} (first: {pair})"
    notes = [note]
    shared = [sorted(paths) for paths in found.values() if len(paths) > 1]
    if shared:
        first = " and ".join(shown(path, images.LONGEST_SHOWN) for path in shared[0][:2])
        notes.append(
            f"different paths lead to the same file, first {first}: are the folders there?"
        )
    return notes


def likely_folder(beside: Path, example: Example) -> Path:
    """Return the folder that an image path in a table beside it most likely starts from."""
    for as_written in (True, False):
        for folder in (beside, beside / "images"):
            if shows(folder, example, as_written=as_written):
                return folder
    return beside


def shows(folder: Path, example: Example, *, as_written: bool = False) -> bool:
    """Return whether an example's image is in a folder, and is an image.

    With `as_written` it must be there by its path as it is, not only by the end of it.
    """
    path = example.image or ""
    try:
        images.inspect(folder, path)
    except ImageError:
        return False
    return not as_written or images.found_by_end(folder, path) is None
