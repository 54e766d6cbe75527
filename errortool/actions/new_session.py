"""Begin a session: read the predictions, draw a sample, check its images, save it."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from errortool import images
from errortool.data import predictions
from errortool.data.predictions import Predictions
from errortool.data.tables import Progress
from errortool.errors import ImageError, SessionError, TableError
from errortool.images import Note
from errortool.messages import count, quoted, rows_text, shown
from errortool.model import (
    SAMPLE_SIZE,
    Example,
    Kind,
    NewCategory,
    NewSession,
    Session,
    checked_category_name,
    checked_name,
)
from errortool.store import Store

FIRST_CATEGORIES = (
    NewCategory(name="Dog"),
    NewCategory(name="Great cat"),
    NewCategory(name="Blurry"),
    NewCategory(name="Mislabeled", kind=Kind.LABEL_ERROR),
)
"""What a session begins with by default: the lecture's columns."""

_SEEDS: Final = 1 << 63  # what the session file can hold
_LONGEST_STEM: Final = 80  # of the 100 letters that a name may have; the rest is for a number
_GENERIC_STEMS: Final = frozenset(
    "predictions prediction preds pred results result output outputs dev val valid test".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sample that a session can begin with; `warnings` are about its images."""

    found: Predictions
    predictions_file: Path
    images_folder: Path | None
    seed: int
    examples: tuple[Example, ...]
    warnings: tuple[str, ...]


def default_name(predictions_path: Path, taken: Collection[str]) -> str:
    """Return a name for a session: the file's, or its folder's where the file's is generic."""
    stem = predictions_path.name.split(".")[0]
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
    columns: Mapping[str, str] | None = None,
    images_folder: Path | None = None,
    name: str | None = None,
    categories: Sequence[NewCategory] = (),
    size: int = SAMPLE_SIZE,
    right: int = 0,
    seed: int = 0,
    warn: Callable[[Sequence[str]], None],
    progress: Callable[[str], AbstractContextManager[Progress]] = _silent,
) -> Session:
    """Begin a session on a predictions file, in the session file `db`, which is made if need be.

    `columns` names columns for roles by hand; without `categories` it begins with the first ones.
    `warn` gets whole sentences; `progress` is asked for each step that may take long. Nothing is
    written unless all is well: raises TableError, SessionError or StoreError.
    """
    refuse_names(name, categories)
    with progress(f"Reading {predictions_file.name}") as advance:
        found = predictions.load(predictions_file, columns, advance)
    warn([f"{found.name}: {warning}" for warning in found.warnings])
    with progress("Looking for the images") as advance:
        drawn = draw_sample(
            found,
            predictions_file=predictions_file,
            images_folder=images_folder,
            size=size,
            seed=seed,
            right=right,
            progress=advance,
        )
    warn(drawn.warnings)
    with closing(Store(db, create=True)) as store:
        return begin(store, drawn, name=name, categories=categories or FIRST_CATEGORIES)


def draw_sample(
    found: Predictions,
    *,
    predictions_file: Path,
    images_folder: Path | None = None,
    size: int = SAMPLE_SIZE,
    seed: int = 0,
    right: int = 0,
    progress: Progress = lambda _: None,
) -> Drawn:
    """Draw a sample of the errors in `found` and look for their images.

    And a second one, of `right` examples that the model got right, to be kept apart. Without
    `images_folder`, images are looked for beside the predictions file, or in a folder `images`
    there. Raises TableError if an image's path leads out of the image folder, SessionError if the
    size or the seed can't be.
    """
    if size < 1:
        message = f"a sample of {size} can't be drawn: it needs 1 error or more"
        raise SessionError(message)
    if not -_SEEDS <= seed < _SEEDS:
        message = f"seed {seed} is too large: give a whole number of at most 18 digits"
        raise SessionError(message)
    examples = found.sample(size, seed, right)
    warnings: list[str] = []
    if found.columns.image is not None:
        images_folder = images_folder or _likely_folder(predictions_file.parent, examples[0])
        _check_folder(found, images_folder)
        warnings += _image_warnings(examples, images_folder, progress)
    elif images_folder is not None:
        warnings.append(
            "no column holds the images' paths, so the image folder is not used: name the column "
            "with --image-column"
        )
        images_folder = None
    return Drawn(
        found=found,
        predictions_file=predictions_file.absolute(),
        images_folder=None if images_folder is None else images_folder.absolute(),
        seed=seed,
        examples=examples,
        warnings=tuple(warnings),
    )


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
) -> Session:
    """Begin a session with a sample that has been drawn.

    Raises SessionError if the session's name is taken, or it or a category's can't be a name.
    """
    found = drawn.found
    taken = [session.name for session in store.sessions()]
    return store.create(
        NewSession(
            name=name or default_name(drawn.predictions_file, taken),
            predictions=os.fsencode(drawn.predictions_file).decode(errors="replace"),
            predictions_sha256=found.sha256,
            columns=found.columns,
            images=None if drawn.images_folder is None else str(drawn.images_folder),
            seed=drawn.seed,
            dev_examples=found.dev_examples,
            errors=found.errors,
            examples=drawn.examples,
            categories=tuple(categories),
            weighed=found.weighed,
        )
    )


def _check_folder(found: Predictions, folder: Path) -> None:
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
    if strays:
        rows = rows_text(row for row, _ in strays)
        fault = (
            f"column {found.columns.image!r} leads out of the image folder {str(folder)!r} in "
            f"{rows} (e.g. {shown(strays[0][1])}): give --images the folder that holds all images"
        )
        raise TableError(found.name, [fault])


def _image_warnings(examples: Sequence[Example], folder: Path, progress: Progress) -> list[str]:
    """Check the images of a sample; return warnings about those that can't be shown as they are."""
    problems: list[str] = []
    noted: dict[Note, list[str]] = {}
    for number, example in enumerate(examples):
        progress(number / len(examples))
        path = example.image or ""
        try:
            note = images.inspect(folder, path)
        except ImageError as error:
            problems.append(str(error))
        else:
            if note is not None:
                noted.setdefault(note, []).append(path)
    of_all = f"of {count(len(examples), 'sampled image')}"
    warnings = [
        f"in {len(paths):,} {of_all} {note} (first: {shown(paths[0], images.LONGEST_SHOWN)})"
        for note, paths in noted.items()
    ]
    if problems:
        hint = ""
        if len(problems) == len(examples) and _shows(folder.absolute().parent, examples[0]):
            hint = f" (did you mean --images {folder.absolute().parent}?)"
        warnings.append(f"{len(problems):,} {of_all} can't be shown, first: {problems[0]}{hint}")
    return warnings


def _likely_folder(beside: Path, example: Example) -> Path:
    """Return the folder that an image path in a table beside it most likely starts from."""
    below = beside / "images"
    return below if _shows(below, example) and not _shows(beside, example) else beside


def _shows(folder: Path, example: Example) -> bool:
    try:
        images.inspect(folder, example.image or "")
    except ImageError:
        return False
    return True
