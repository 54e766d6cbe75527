"""Read and check a predictions file, find the errors in it, and draw samples of them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from errortool import packed
from errortool.data import dev_sets, lists, mismatches, sampling, tables
from errortool.data.columns import Evidence, detect, option, plain
from errortool.data.dev_sets import DevSet
from errortool.data.tables import Progress, Table
from errortool.errors import TableError
from errortool.messages import count, quoted, shown
from errortool.model import Columns, Example, Eyeball, Part, Weighed

_LOOKS_MISSING: Final = frozenset({"na", "n/a", "nan", "none", "null", "<na>", "nil"})
_LONGEST_MISSING: Final = max(map(len, _LOOKS_MISSING))
_INVISIBLE: Final = "\u200b\u200e\u200f\u2060\ufeff"  # zero-width; stripped at the ends only
_LONGEST_CELL: Final = 10_000
_LONGEST_CLASS: Final = 200
_BINARY: Final = 2
_SAMPLED: Final = 200  # cells that are looked at to tell what a column holds
_DIGITS: Final = 19  # a number of fewer digits fits a 64-bit integer


NOT_GIVEN: Final = "until the number of all dev examples is given"
"""How the warning of a table of errors only ends: it no longer holds once the number is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Classes:
    """Labels and predictions, row by row, as indices into one list of class `names`."""

    names: list[str]
    labels: NDArray[np.int64]
    predictions: NDArray[np.int64]


class Predictions:
    """A checked predictions table: `rows` dev examples, of which `errors` are wrong.

    If all are, it is a table of `errors_only`: `dev_examples` is None until somebody says of how
    many the errors are (`of_dev_examples`), and so is the dev error.
    `warnings` are clauses without the file's name, about labels that were normalised and about
    what looks odd. `columns` says which column plays which role.
    """

    def __init__(
        self, table: Table, columns: Columns, classes: _Classes, warnings: Sequence[str]
    ) -> None:
        """Keep what `validate` found; get one by `load` or `validate`."""
        self.name = table.name
        self.sha256 = table.sha256
        self.columns = columns
        self.warnings = tuple(warnings)
        self._table = table
        self._classes = classes
        self._wrong = np.flatnonzero(classes.labels != classes.predictions)
        self.errors = int(self._wrong.size)
        self.rows = int(table.columns.num_rows)
        self.errors_only = self.errors == self.rows
        self.dev_examples = None if self.errors_only else self.rows

    @property
    def dev_error(self) -> float | None:
        """Errors per dev example, a fraction; weighted if there is a column of weights.

        None where it isn't known: of a table of errors only.
        """
        if self.weighed is not None:
            return None if self.errors_only else self.weighed.errors / self.weighed.all
        return None if self.dev_examples is None else self.errors / self.dev_examples

    def of_dev_examples(self, number: int) -> None:
        """Say of how many dev examples the errors of a table of errors only are.

        Raises TableError if they can't be of so many, or if the table holds other rows too.
        """
        if not self.errors_only:
            fault = (
                f"holds {count(self.rows, 'dev example')}, right ones among them, so their number "
                "is known: leave out --dev-examples and --dev-error"
            )
            raise TableError(self.name, [fault])
        if number < self.errors:
            raise TableError(self.name, [too_few(number, self.errors)])
        self.dev_examples = number

    def leave_images(self) -> None:
        """Take no image of the table: their paths stay the ids, where there is no id column."""
        columns = self.columns
        self.columns = replace(columns, id=columns.id or columns.image, image=None)

    @property
    def wrong_places(self) -> list[int]:
        """The places of the errors in the table, from 0."""
        found: list[int] = self._wrong.tolist()
        return found

    @cached_property
    def pictures_in(self) -> str | None:
        """The path of the table file that the images lie inside, all or some; None otherwise."""
        if self.columns.image is None:
            return None
        column = self._table.columns.column(self.columns.image)
        places = map(packed.Place.of, column.slice(0, _SAMPLED).to_pylist())
        return next((place.file for place in places if place is not None), None)

    @cached_property
    def weighed(self) -> Weighed | None:
        """The sums of the weights; None without a column of weights."""
        if self.columns.weight is None:
            return None
        weights, _ = _numbers(self._table.columns.column(self.columns.weight))
        wrong = weights[self._wrong]
        return Weighed(
            all=float(weights.sum()),
            errors=float(wrong.sum()),
            all_squares=float((weights**2).sum()),
            errors_squares=float((wrong**2).sum()),
        )

    @cached_property
    def _wrong_keys(self) -> dict[str, int]:
        """The ids of the errors, with their rows' places in the table."""
        return self._keys(self._wrong)

    def _keys(self, places: NDArray[np.int64]) -> dict[str, int]:
        keys = _keys(self._table, self.columns).take(pa.array(places)).to_pylist()
        return dict(zip(keys, places.tolist(), strict=True))

    def class_counts(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return how often each class is a label, and a prediction, the most frequent first."""

        def counted(codes: NDArray[np.int64]) -> dict[str, int]:
            numbers = np.bincount(codes, minlength=len(self._classes.names)).tolist()
            pairs = [(name, n) for name, n in zip(self._classes.names, numbers, strict=True) if n]
            return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

        return counted(self._classes.labels), counted(self._classes.predictions)

    def confusions(self, most: int) -> list[tuple[str, str, int]]:
        """Return the most frequent errors: label, prediction, and their number."""
        names, wrong = self._classes.names, self._wrong
        pairs = self._classes.labels[wrong] * len(names) + self._classes.predictions[wrong]
        codes, numbers = np.unique(pairs, return_counts=True)
        first = np.argsort(-numbers, kind="stable")[:most]
        return [
            (names[code // len(names)], names[code % len(names)], number)
            for code, number in zip(codes[first].tolist(), numbers[first].tolist(), strict=True)
        ]

    def first_rows(self, number: int) -> list[dict[str, str]]:
        """Return the table's first rows."""
        found: list[dict[str, str]] = self._table.columns.slice(0, number).to_pylist()
        return found

    def where(self, numbers: Iterable[int]) -> str:
        """Name rows of the table in a message."""
        return self._table.where(numbers)

    def images_with(self, signs: Sequence[str]) -> list[tuple[int, str]]:
        """Return rows (their numbers in the file) whose image begins with / or holds a sign."""
        if self.columns.image is None:
            return []
        column = self._table.columns.column(self.columns.image).combine_chunks()
        found = pc.starts_with(column, "/")
        text = column.buffers()[2]
        whole = b"" if text is None else text.to_pybytes()
        for sign in signs:
            if sign.encode() in whole:  # one search through all paths: most files hold none
                found = pc.or_(found, pc.match_substring(column, sign))
        numbers = self._table.rows.filter(found).to_pylist()
        return list(zip(numbers, column.filter(found).to_pylist(), strict=True))

    @cached_property
    def dev_set(self) -> DevSet:
        """All of it, compact: what rounds are compared by."""
        roles, columns = self.columns, self._table.columns

        def column(name: str | None) -> pa.ChunkedArray | None:
            return None if name is None else columns.column(name)

        confidences, weights = column(roles.confidence), column(roles.weight)
        groups = {name: dev_sets.grouping(columns.column(name)) for name in self._others}
        return DevSet(
            name=self.name,
            keys=_keys(self._table, roles),
            images=None
            if roles.image is None
            else pc.utf8_trim_whitespace(columns.column(roles.image)),
            names=tuple(self._classes.names),
            labels=self._classes.labels.astype(np.int32),
            predictions=self._classes.predictions.astype(np.int32),
            confidences=None
            if confidences is None
            else _numbers(confidences)[0].astype(np.float32),
            weights=None if weights is None else _numbers(weights)[0],
            groups={name: group for name, group in groups.items() if group is not None},
            by_row_number=roles.id is None and roles.image is None,
            errors_only=self.errors_only,
        )

    @property
    def _others(self) -> list[str]:
        """The names of the columns that play no role."""
        used = set(asdict(self.columns).values())
        return [name for name in self._table.names if name not in used]

    def eyeball(self, number: int, seed: int) -> Eyeball:
        """Return the part of `number` dev examples of lowest rank, which people may look at.

        Raises TableError if that isn't a part: of all dev examples, or of a table of errors only.
        """
        if self.errors_only or number >= self.rows:
            what = (
                "holds errors only, so no part of its dev examples can be set aside"
                if self.errors_only
                else f"holds {count(self.rows, 'dev example')}, so {number:,} aren't a part of them"
            )
            raise TableError(self.name, [f"{what}: leave out --eyeball"])
        keys = _keys(self._table, self.columns).to_pylist()
        last = sampling.rank(seed, sampling.draw(keys, number, seed)[-1]).hex()
        return self.within(Eyeball(number=number, seed=seed, last=last, errors=0))

    def within(self, eyeball: Eyeball) -> Eyeball:
        """Return the part of an earlier session with its number of errors here.

        Raises TableError if none of its errors is in it, so that none could be drawn.
        """
        errors = len(_within(self._wrong_keys, eyeball))
        if not errors:
            fault = (
                f"none of its {count(self.errors, 'error')} is among the {eyeball.number:,} dev "
                "examples that people may look at: set a larger part aside with --eyeball"
            )
            raise TableError(self.name, [fault])
        return replace(eyeball, errors=errors)

    def sample(
        self, size: int, seed: int, right: int = 0, eyeball: Eyeball | None = None
    ) -> tuple[Example, ...]:
        """Draw `size` of the errors (all, if there are fewer), in the order of review.

        After them, as a part of its own, comes a sample of `right` correct predictions. With an
        `eyeball` none is drawn from the blackbox.
        """
        errors = self._drawn(_within(self._wrong_keys, eyeball), size, seed, Part.ERROR, 0)
        if not right:
            return errors
        others = np.setdiff1d(np.arange(self.rows), self._wrong)
        keys = _within(self._keys(others), eyeball)
        return errors + self._drawn(keys, right, seed, Part.RIGHT, len(errors))

    def _drawn(
        self, place: Mapping[str, int], size: int, seed: int, part: Part, first: int
    ) -> tuple[Example, ...]:
        """Draw from the ids in `place`; number the positions from `first`."""
        drawn = sampling.draw(place, size, seed)
        rows = self._table.columns.take(pa.array([place[key] for key in drawn], pa.int64()))
        roles, extra = self.columns, self._others
        return tuple(
            Example(
                position=position,
                key=key,
                image=_cell(cells, roles.image) or None,
                label=self._classes.names[self._classes.labels[place[key]]],
                prediction=self._classes.names[self._classes.predictions[place[key]]],
                confidence=_finite(_cell(cells, roles.confidence)),
                weight=_finite(_cell(cells, roles.weight)),
                extra={name: cells[name][:_LONGEST_CELL] for name in extra if cells[name].strip()},
                part=part,
            )
            for position, (key, cells) in enumerate(
                zip(drawn, rows.to_pylist(), strict=True), start=first
            )
        )


def _within(place: Mapping[str, int], eyeball: Eyeball | None) -> Mapping[str, int]:
    """Return the ids that are in the part that people may look at, with their places."""
    if eyeball is None:
        return place
    return {key: row for key, row in place.items() if sampling.seen(key, eyeball)}


def load(
    path: Path, chosen: Mapping[str, str] | None = None, progress: Progress = lambda _: None
) -> Predictions:
    """Read and check the predictions file at `path`; `chosen` names columns for roles by hand.

    Raises TableError with every fault found.
    """
    return validate(tables.read(path, progress), chosen)


def validate(
    table: Table, chosen: Mapping[str, str] | None = None, *, only_chosen: bool = False
) -> Predictions:
    """Check a table of predictions; `chosen` names columns for roles by hand.

    With `only_chosen` all other roles have no column, whatever the columns' names.

    Raises TableError with every fault found, AmbiguousColumnsError if columns must be chosen.
    """
    faults = list(table.faults)
    try:
        detected = detect(
            table.names,
            chosen or {},
            table.name,
            evidence=evidence(table),
            only_chosen=only_chosen,
        )
    except TableError as error:
        if not faults:
            raise
        raise TableError(table.name, [*faults, *error.faults]) from None
    columns = detected.columns
    warnings = [*table.warnings, *detected.warnings]
    table = lists.read(table, columns, warnings, faults)
    faults += _missing(table, columns)
    faults += _repeated_keys(table, columns)
    faults += _bad_weights(table, columns)
    classes = _compare(table, columns, warnings)
    if not faults and (classes.labels == classes.predictions).all():
        rows = table.columns.num_rows
        every = "the only row" if rows == 1 else f"all {rows:,} rows"
        faults.append(f"every prediction equals its label in {every}: there is no error to review")
    disjoint, doubtful = _no_class_in_common(classes, columns)
    faults += disjoint
    if faults:
        raise TableError(table.name, faults)
    warnings += doubtful
    warnings += mismatches.warnings_of(classes.names, classes.labels, classes.predictions)
    warnings += _odd_classes(classes, columns)
    warnings += _odd_confidence(table, columns, classes)
    warnings += _odd_rows(table, columns)
    return Predictions(table, columns, classes, warnings)


def too_few(number: int, errors: int) -> str:
    """Say that errors can't be of so few dev examples."""
    examples = count(number, "dev example")
    return f"{count(errors, 'error')} can't be of {examples}: give {errors:,} or more"


def dev_examples_at(errors: int, dev_error: float) -> int:
    """Return the number of dev examples of which so many errors are that part.

    >>> dev_examples_at(306, 0.0306)
    10000
    """
    return max(errors, round(errors / dev_error))


def evidence(table: Table) -> Evidence:
    """Return what a table's cells tell about its columns."""
    return Evidence(
        first=lambda name: table.columns.column(name).slice(0, _SAMPLED).to_pylist(),
        repeats=lambda name: bool(
            _repeats(table, pc.utf8_trim_whitespace(table.columns.column(name)))
        ),
    )


# --- faults --------------------------------------------------------------------------------------


def _missing(table: Table, columns: Columns) -> list[str]:
    """Report rows without a label, a prediction or an id."""
    faults = []
    for role, name in (
        ("label", columns.label),
        ("prediction", columns.prediction),
        ("id", columns.id),
    ):
        if name is None:
            continue
        column = table.columns.column(name)
        blank = pc.or_(pc.equal(pc.binary_length(column), 0), pc.utf8_is_space(column))
        if pc.any(blank).as_py():
            rows = table.rows.filter(blank.combine_chunks()).to_pylist()
            faults.append(
                f"column {name!r} ({role}) is empty in {table.where(rows)}: "
                "fill it in or leave the row out"
            )
    return faults


def _keys(table: Table, columns: Columns) -> pa.ChunkedArray:
    """Return each row's id: the id column, else the image's path, else the row's number."""
    name = columns.id or columns.image
    if name is None:
        return pa.chunked_array([table.rows.cast(pa.large_string())])
    return pc.utf8_trim_whitespace(table.columns.column(name))


def _repeated_keys(table: Table, columns: Columns) -> list[str]:
    name = columns.id or columns.image
    if name is None:
        return []
    repeated = _repeats(table, _keys(table, columns))
    if not repeated:
        return []
    if columns.id is None:
        hint = (
            f"the images are the ids here: name a column that tells them apart with {option('id')}"
        )
    elif several := [other for other in table.names if plain(other) in {"model", "modelname"}]:
        hint = f"keep the rows of one model (column {several[0]!r})"
    else:
        hint = "each dev example needs an id of its own"
    return [f"column {name!r} repeats {_repeats_text(table, repeated)}: {hint}"]


def _repeats(table: Table, values: pa.ChunkedArray) -> list[tuple[str, list[int]]]:
    """Return the values that occur in several rows, with the rows' numbers; '' doesn't count."""
    if _ascending(values) or len(values.unique()) == len(values):
        return []
    counts = values.value_counts()
    many = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    several = pc.is_in(values, value_set=many).combine_chunks()
    rows: dict[str, list[int]] = {}
    for value, row in zip(
        values.combine_chunks().filter(several).to_pylist(),
        table.rows.filter(several).to_pylist(),
        strict=True,
    ):
        if value:
            rows.setdefault(value, []).append(row)
    return list(rows.items())


def _ascending(values: pa.ChunkedArray) -> bool:
    """Return whether each value is greater than the one before: a cheap proof that none repeats."""
    flat = values.combine_chunks()
    if pc.all(pc.less(flat[:-1], flat[1:])).as_py():
        return True
    digits = pc.and_(pc.ascii_is_decimal(flat), pc.less(pc.binary_length(flat), _DIGITS))
    if not pc.all(digits).as_py():
        return False
    numbers = flat.cast(pa.int64()).to_numpy()
    return bool((numbers[1:] > numbers[:-1]).all())


def _repeats_text(table: Table, repeated: Sequence[tuple[str, list[int]]]) -> str:
    value, rows = repeated[0]
    more = f", and {count(len(repeated) - 1, 'more value')}" if len(repeated) > 1 else ""
    return f"{shown(value)} in {table.where(rows)}{more}"


def _bad_weights(table: Table, columns: Columns) -> list[str]:
    if columns.weight is None:
        return []
    values, bad = _numbers(table.columns.column(columns.weight))
    bad |= ~np.isfinite(values) | (values < 0)
    if bad.any():
        rows = table.rows.filter(pa.array(bad)).to_pylist()
        return [
            f"column {columns.weight!r} (weight) is not a number of 0 or more in "
            f"{table.where(rows)}"
        ]
    if not values.any():
        return [f"column {columns.weight!r} (weight) is 0 in every row: at least one must count"]
    return []


def _no_class_in_common(classes: _Classes, columns: Columns) -> tuple[list[str], list[str]]:
    """Report labels and predictions without a class in common: as a fault, or as a warning.

    A table of errors only need not have one.
    """
    labels, predictions = (
        set(np.flatnonzero(np.bincount(codes)).tolist())
        for codes in (classes.labels, classes.predictions)
    )
    if labels & predictions or min(len(labels), len(predictions)) < _BINARY:
        return [], []
    kinds = [{_kind(classes.names[code]) for code in codes} for codes in (labels, predictions)]
    rows = len(classes.labels)
    each_its_own = "name" in kinds[0] and max(len(labels), len(predictions)) > max(rows // 2, 3)

    def some(codes: set[int]) -> str:
        return ", ".join(shown(classes.names[code]) for code in sorted(codes)[:3])

    what = (
        f"columns {columns.label!r} ({some(labels)}, ...) and {columns.prediction!r} "
        f"({some(predictions)}, ...) have no class in common"
    )
    if kinds[0] == kinds[1] and len(kinds[0]) == 1 and not each_its_own:
        return [], [f"{what}: are they the right columns?"]
    return [
        f"{what}: write both in the same names (--classes maps them), or choose other columns"
    ], []


def _kind(text: str) -> str:
    """Return what a class is written as: a whole number, another number, a list or a name."""
    if re.fullmatch(r"-?\d+", text):
        return "whole"
    if re.fullmatch(r"[-+]?\d*\.?\d+(e[-+]?\d+)?", text, re.IGNORECASE):
        return "number"
    return "list" if re.match(r"[\[({]|\w+\(", text) else "name"


# --- labels are compared by meaning --------------------------------------------------------------


def _compare(table: Table, columns: Columns, warnings: list[str]) -> _Classes:
    """Encode labels and predictions; equivalent spellings share a code."""
    label_codes, label_texts = _encoded(table.columns.column(columns.label))
    prediction_codes, prediction_texts = _encoded(table.columns.column(columns.prediction))
    meaning = {text: _meaning(text) for text in {*label_texts, *prediction_texts}}
    cases = _one_spelling(
        {meaning[text] for text in label_texts}, {meaning[text] for text in prediction_texts}
    )
    final = {text: cases.get(means, means) for text, means in meaning.items()}
    names: dict[str, int] = {}

    def numbered(texts: list[str]) -> NDArray[np.int64]:
        numbers = (names.setdefault(final[text], len(names)) for text in texts)
        return np.fromiter(numbers, dtype=np.int64, count=len(texts))

    classes = _Classes(
        labels=numbered(label_texts)[label_codes],
        predictions=numbered(prediction_texts)[prediction_codes],
        names=[],
    )
    classes.names.extend(names)
    if any(text != means for text, means in final.items()):
        counts = _row_counts(label_texts, label_codes)
        counts += _row_counts(prediction_texts, prediction_codes)
        warnings += _changes_text(counts, final)
    return classes


def _encoded(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], list[str]]:
    """Return a column as indices into its distinct texts, and these texts."""
    encoded = column.combine_chunks().dictionary_encode()
    return encoded.indices.to_numpy().astype(np.int64), encoded.dictionary.to_pylist()


def _row_counts(texts: list[str], codes: NDArray[np.int64]) -> Counter[str]:
    return Counter(dict(zip(texts, np.bincount(codes, minlength=len(texts)).tolist(), strict=True)))


def _meaning(text: str) -> str:
    """Normalise a label: spaces evened out, Unicode composed, 1.0 as 1.

    >>> _meaning(" 1"), _meaning("1.0"), _meaning("01"), _meaning("not  cat ")
    ('1', '1', '01', 'not cat')
    """
    if text.isascii() and text.isalnum():  # a short cut for most of perhaps a million labels
        return text
    text = unicodedata.normalize("NFC", " ".join(text.strip(_INVISIBLE).split()))
    whole = re.fullmatch(r"\+?(-?(?:0|[1-9]\d*))\.?0*", text)
    if whole and (text == whole[1] or "." in text or text.startswith("+")):
        return whole[1]
    return text


def _one_spelling(labels: set[str], predictions: set[str]) -> dict[str, str]:
    """Map predictions to the label that differs only in letter case, blanks or punctuation.

    If one column itself holds both `a` and `A`, they stay two classes.
    """
    by_fold: dict[str, tuple[set[str], set[str]]] = {}
    for side, texts in enumerate((labels, predictions)):
        for text in texts:
            by_fold.setdefault(_folded(text), (set(), set()))[side].add(text)
    result = {}
    for in_labels, in_predictions in by_fold.values():
        if len(in_labels) == len(in_predictions) == 1 and in_labels != in_predictions:
            result[next(iter(in_predictions))] = next(iter(in_labels))
    return result


def _folded(text: str) -> str:
    """Return what two spellings of one class share; numbers and other signs stay as they are.

    >>> _folded("Early_Blight"), _folded("early-blight "), _folded("-1"), _folded("C++")
    ('earlyblight', 'earlyblight', '-1', 'c++')
    """
    folded = re.sub(r"[\s_\-.,:;'\"()/]+", "", text.casefold())
    return folded if re.search(r"[^\W\d]", folded) else text


def _changes_text(counts: Counter[str], finals: Mapping[str, str]) -> list[str]:
    """Report by kind which labels were normalised, with an example and the number of cells."""
    kinds: dict[str, list[tuple[str, str, int]]] = {}
    for text, cells in counts.items():
        final = finals[text]
        if final == text:
            continue
        squeezed = " ".join(text.split())
        seen = squeezed.strip(_INVISIBLE)
        composed = unicodedata.normalize("NFC", seen)
        if squeezed == final:
            kind = "spaces around or in a label were evened out"
        elif seen == final:
            kind = "invisible characters around a label were left out"
        elif composed == final:
            kind = "labels written in another Unicode form were read as the same"
        elif composed.casefold() == final.casefold():
            kind = "labels that differ only in letter case were read as the same"
        elif _folded(composed) == _folded(final):
            kind = "labels that differ only in blanks and punctuation were read as the same"
        else:
            kind = "labels were compared as whole numbers"
        kinds.setdefault(kind, []).append((text, final, cells))
    result = []
    for kind, changes in kinds.items():
        text, final, _ = max(changes, key=lambda change: change[2])
        total = sum(cells for _, _, cells in changes)
        result.append(f"{kind}, e.g. {quoted(text)} as {quoted(final)} ({count(total, 'cell')})")
    return result


# --- oddities ------------------------------------------------------------------------------------


def _odd_classes(classes: _Classes, columns: Columns) -> list[str]:
    warnings = []
    rows = len(classes.labels)
    labels = np.bincount(classes.labels, minlength=len(classes.names))
    predictions = np.bincount(classes.predictions, minlength=len(classes.names))
    for code, name in enumerate(classes.names):
        if len(name) <= _LONGEST_MISSING and name.casefold() in _LOOKS_MISSING:
            cells = int(labels[code] + predictions[code])
            warnings.append(
                f"{quoted(name)} was read as a class of that name ({count(cells, 'cell')})"
            )
    warnings += _alike(classes.names)
    longest = max(map(len, classes.names))
    if longest > _LONGEST_CLASS:
        warnings.append(
            f"columns {columns.label!r} and {columns.prediction!r} hold classes of up to "
            f"{longest:,} characters: are they the right columns?"
        )
    present = int(np.count_nonzero(labels))
    if present == 1:
        only = shown(classes.names[int(labels.argmax())])
        warnings.append(f"every row has the same label, {only}: is {columns.label!r} the label?")
    for role, name, counts in (
        ("label", columns.label, labels),
        ("prediction", columns.prediction, predictions),
    ):
        different = int(np.count_nonzero(counts))
        if different > max(50, rows // 2):
            warnings.append(
                f"column {name!r} holds {different:,} different {role}s in {rows:,} rows: "
                f"is it the {role}?"
            )
    if (classes.labels != classes.predictions).all():
        every = f"every one of the {rows:,} rows" if rows > 1 else "the only row"
        warnings.append(
            f"{every} is an error, so it holds errors only: there is no dev error and no ceiling "
            f"{NOT_GIVEN}"
        )
    return warnings


def _alike(names: Sequence[str]) -> list[str]:
    """Warn about classes with confusable names; the first pair stands for all.

    >>> _alike(["a", "A", "b", "B", "01", "1"])[1]
    "'01' and '1' differ only in zeros in front and count as different classes"
    """
    warnings = []
    for what, same in (
        ("letter case", str.casefold),
        ("zeros in front", lambda name: name.lstrip("0") if name.isdecimal() else name),
    ):
        if len({same(name) for name in names}) == len(names):
            continue
        groups: dict[str, list[str]] = {}
        for name in names:
            groups.setdefault(same(name), []).append(name)
        alike = [sorted(group) for group in groups.values() if len(group) > 1]
        if alike:
            listed = " and ".join(map(shown, alike[0]))
            more = f" (so do {len(alike) - 1:,} more)" if len(alike) > 1 else ""
            warnings.append(f"{listed} differ only in {what} and count as different classes{more}")
    return warnings


def _odd_confidence(table: Table, columns: Columns, classes: _Classes) -> list[str]:
    name = columns.confidence
    if name is None:
        return []
    column = table.columns.column(name)
    values, text = _numbers(column)
    warnings = []
    blank = np.isnan(values) & ~text
    if blank.any():
        rows = table.rows.filter(pa.array(blank)).to_pylist()
        warnings.append(f"column {name!r} (confidence) is empty in {table.where(rows)}")
    if text.any():
        rows = table.rows.filter(pa.array(text)).to_pylist()
        warnings.append(
            f"column {name!r} (confidence) is not a number in {table.where(rows)}: left out"
        )
    infinite = np.isinf(values)
    if infinite.any():
        rows = table.rows.filter(pa.array(infinite)).to_pylist()
        warnings.append(
            f"column {name!r} (confidence) is infinite in {table.where(rows)}: left out"
        )
    outside = np.isfinite(values) & ((values < 0) | (values > 1))
    if outside.any():
        rows = table.rows.filter(pa.array(outside)).to_pylist()
        warnings.append(
            f"column {name!r} (confidence) is outside 0 to 1 in {table.where(rows)}: shown as it is"
        )
    # The class with the largest probability of n has at least 1/n.
    least = 1 / len(classes.names)
    low = int(np.count_nonzero(values < least))
    if low > len(values) / 20 and not outside.any():
        many = "two" if len(classes.names) == _BINARY else f"{len(classes.names):,}"
        warnings.append(
            f"column {name!r} is below {least:.2g} in {count(low, 'row')} although there are "
            f"{many} classes: it looks like the probability of one class, not the confidence in "
            "the prediction"
        )
    return warnings


def _odd_rows(table: Table, columns: Columns) -> list[str]:
    warnings = []
    if columns.image is not None and columns.id is not None:
        repeated = _repeats(table, pc.utf8_trim_whitespace(table.columns.column(columns.image)))
        if repeated:
            warnings.append(f"column {columns.image!r} repeats {_repeats_text(table, repeated)}")
    if columns.image is None and columns.id is None:
        warnings.append("no id and no image column: each example goes by its row's number")
        warnings += _repeated_rows(table)
    for name in table.names:
        if plain(name) in {"split", "subset", "fold", "partition"}:
            counted = table.columns.column(name).value_counts().to_pylist()
            if 1 < len(counted) < len(table.rows):
                listed = ", ".join(
                    f"{shown(value['values'])} ({count(value['counts'], 'row')})"
                    for value in counted[:5]
                )
                warnings.append(
                    f"column {name!r} holds {listed}: all rows were taken as dev examples"
                )
    for name in table.names:
        column = table.columns.column(name)
        if (pc.max(pc.binary_length(column)).as_py() or 0) <= _LONGEST_CELL:
            continue
        longest = pc.max(pc.utf8_length(column)).as_py()
        if longest > _LONGEST_CELL:
            warnings.append(
                f"column {name!r} has cells of up to {longest:,} characters: "
                f"cut to {_LONGEST_CELL:,} where shown"
            )
    return warnings


def _repeated_rows(table: Table) -> list[str]:
    """Warn about rows that are equal to an earlier one; with ids they would be refused."""
    whole = pc.binary_join_element_wise(
        *table.columns.columns, pa.scalar("\x1f", pa.large_string())
    )
    again = [row for _, rows in _repeats(table, whole) for row in rows[1:]]
    if not again:
        return []
    plural = "repeats" if len(again) == 1 else "repeat"
    return [f"{table.where(sorted(again))} {plural} an earlier row, and each counts as an example"]


# --- cells ---------------------------------------------------------------------------------------


def _numbers(column: pa.ChunkedArray) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return a column as numbers (NaN where blank or not a number), and where it isn't one."""
    trimmed = pc.utf8_trim_whitespace(column)
    blank = pc.equal(trimmed, "")
    try:
        cast = pc.if_else(blank, None, trimmed).cast(pa.float64())
        values = pc.fill_null(cast, float("nan")).to_numpy()
        wrong = np.isnan(values) & ~blank.to_numpy()
    except pa.ArrowInvalid:
        texts = trimmed.to_pylist()
        values = np.array([_number(text) for text in texts])
        wrong = np.isnan(values) & ~blank.to_numpy()
    return values, wrong


def _number(text: str) -> float:
    try:
        return float("" if "_" in text else text)  # Python reads 1_0 as ten
    except ValueError:
        return float("nan")


def _finite(text: str) -> float | None:
    value = _number(text)
    return value if np.isfinite(value) else None


def _cell(cells: Mapping[str, str], column: str | None) -> str:
    return "" if column is None else cells[column].strip()
