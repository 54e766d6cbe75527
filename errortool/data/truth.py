"""Complete a table of predictions: labels that it lacks, names for its numbers of classes."""

import io
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from errortool import folder_index
from errortool.data import class_maps, tables
from errortool.data.columns import PICTURE, guess
from errortool.data.predictions import evidence
from errortool.data.tables import ROW_NUMBERS, Table
from errortool.errors import TableError
from errortool.images import ENDINGS
from errortool.messages import count, quoted, rows_text, shown

COLUMN: Final = "true_label"
"""What the column of labels is called that is added; a `label` beside it is the prediction."""

_WHOLE: Final = re.compile(r"\s*([+-]?\d{1,9})(?:\.0*)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Additions:
    """What a table lacks, and where it is found.

    `labels` is the file of the labels, or a table of them, and `label_from_folder` says that the
    folders of the images are. `label_offset` is added to labels that are numbers, and `classes` is
    the file that names them, or what it holds.
    """

    label_from_folder: bool = False
    labels: Path | Table | None = None
    classes: Path | Mapping[str, str] | None = None
    label_offset: int = 0

    def __bool__(self) -> bool:
        """Return whether anything is to be added."""
        return self != Additions()


def complete(
    table: Table,
    additions: Additions,
    columns: Mapping[str, str],
    images: Path | None = None,
) -> tuple[Table, bytes | None]:
    """Return a table with what it lacks; `columns` names columns for roles by hand.

    In the folder `images` the folders of images are looked up whose paths name none.
    With it come its bytes as Parquet, which are kept with the session since the file itself doesn't
    hold them; None if nothing was added. Raises TableError if it can't be completed so.
    """
    if not additions:
        return table, None
    if additions.label_from_folder and additions.labels is not None:
        fault = "--labels and --label-from-folder both say the labels: give one of them"
        raise TableError(table.name, [fault])
    made = table
    if additions.label_from_folder:
        made = _from_folders(made, columns.get("image"), images)
    if additions.labels is not None:
        made = _from_file(made, additions.labels, columns)
    if additions.label_offset:
        made = _shifted(made, additions.label_offset, columns)
    if additions.classes is not None:
        made = _named(made, additions.classes, columns)
    data = _kept(made)
    return replace(made, sha256=sha256(data).hexdigest()), data


def added_beside_others(table: Table) -> bool:
    """Return whether the labels that were added aren't found to be the label by their name."""
    return COLUMN in table.names and guess(table.names, evidence(table))["label"] != COLUMN


def _kept(table: Table) -> bytes:
    """Return a table as Parquet, with its rows' numbers."""
    from pyarrow import parquet  # few tables need it, and it takes a while

    out = io.BytesIO()
    columns = table.columns.append_column(ROW_NUMBERS, pa.chunked_array([table.rows]))
    parquet.write_table(columns, out)
    return out.getvalue()


def _role(table: Table, role: str, columns: Mapping[str, str]) -> str | None:
    """Return the column of a role: chosen by hand, or by its name."""
    chosen = columns.get(role)
    return chosen if chosen in table.names else guess(table.names, evidence(table))[role]


def _refuse(table: Table, fault: str) -> TableError:
    return TableError(table.name, [*table.faults, fault])


# --- the folders of the images -------------------------------------------------------------------


def _from_folders(table: Table, image: str | None, root: Path | None) -> Table:
    """Add as each row's label the folder that its image is in, as data sets are laid out.

    A path without a folder is looked up below `root`: one file of that name tells.
    """
    image = image or guess(table.names, evidence(table))["image"]
    if image not in table.names:
        fault = "no column holds the images' paths, so no folder tells the labels"
        raise _refuse(table, fault)
    if COLUMN in table.names:
        fault = f"column {COLUMN!r} holds labels already: leave out --label-from-folder"
        raise _refuse(table, fault)
    path = pc.replace_substring(table.columns.column(image), "\\", "/")
    folders = pc.fill_null(
        pc.struct_field(pc.extract_regex(path, r"(?P<folder>[^/]+)/+[^/]+$"), "folder"), ""
    )
    labels = [
        folder or _folder_of(root, name)
        for folder, name in zip(folders.to_pylist(), path.to_pylist(), strict=True)
    ]
    blank = np.array([not label for label in labels])
    if blank.any():
        rows = table.rows.filter(pa.array(blank)).to_pylist()
        fault = (
            f"column {image!r} names no folder in {table.where(rows)}, and no single file of that "
            "name is in the image folder: write the paths with the folder of the class"
        )
        raise _refuse(table, fault)
    column = pa.chunked_array([pa.array(labels, pa.large_string())])
    return replace(table, columns=table.columns.append_column(COLUMN, column))


def _folder_of(root: Path | None, name: str) -> str:
    """Return the folder of the only file of that name below `root`, "" if that isn't clear."""
    if root is None or not name.strip():
        return ""
    found = folder_index.find(root.resolve(), [name.strip()], ENDINGS)
    return "" if found is None or found.parent == root.resolve() else found.parent.name


# --- a file of labels ----------------------------------------------------------------------------

_Key = Callable[[str], str]


def _path(text: str) -> str:
    return re.sub(r"^(\./)+", "", text.strip().replace("\\", "/"))


def _stem(text: str) -> str:
    return re.sub(r"\.[A-Za-z]{3,5}$", "", _path(text).casefold())


def _base(text: str) -> str:
    return _path(text).rpartition("/")[2]


_LEVELS: Final[tuple[tuple[str, _Key], ...]] = (
    ("", _path),
    ("but for letter case", lambda text: _path(text).casefold()),
    ("but for its ending", _stem),
    ("by the file's name alone", lambda text: _base(text).casefold()),
    ("by the file's name alone, without its ending", lambda text: _stem(_base(text))),
    ("but for zeros in front", lambda text: _stem(_base(text)).lstrip("0") or "0"),
)
"""Ways in which two files name the same example, the strictest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """Rows of the labels by rows of the table (-1 for none), through which columns, and how."""

    places: np.ndarray[tuple[int], np.dtype[np.int64]]
    own: str
    other: str
    how: str

    @property
    def number(self) -> int:
        """How many rows have a label."""
        return int(np.count_nonzero(self.places >= 0))


def _from_file(table: Table, labels: Path | Table, columns: Mapping[str, str]) -> Table:
    """Add the labels in a file, by id or by image; rows without one are left out, and told."""
    if COLUMN in table.names:
        raise _refuse(table, f"column {COLUMN!r} holds labels already: leave out --labels")
    given = labels if isinstance(labels, Table) else read_labels(labels)
    label = _label_column(given)
    match = _best_match(table, given, columns, label)
    own_image = _role(table, "image", columns)
    image = None if own_image else guess(given.names, evidence(given))["image"]
    keep = match.places >= 0
    where = pa.array(match.places[keep])
    made = table.columns.filter(pa.array(keep)).append_column(
        COLUMN, given.columns.column(label).take(where)
    )
    if image is not None and image != label:
        made = made.append_column(
            image if image not in made.column_names else f"{image} of {given.name}",
            given.columns.column(image).take(where),
        )
    return replace(
        table,
        columns=made,
        rows=table.rows.filter(pa.array(keep)),
        warnings=(*table.warnings, *_join_warnings(table, given, match)),
        faults=(*table.faults, *(f"{given.name}: {fault}" for fault in given.faults)),
    )


def read_labels(path: Path) -> Table:
    """Read a file of labels: a table, or lines of an image and its label without a header."""
    data = tables.file_bytes(path, path.name) if path.is_file() else b""
    return _listed(data, path.name) or tables.read(path)


def labels_of(data: bytes, name: str) -> Table:
    """Read labels from a file's bytes; `name` stands for it in messages."""
    return _listed(data, name) or tables.parse(data, name)


_PAIR: Final = re.compile(r"[,;\t]|\s+(?=\S+\s*$)")


def _listed(data: bytes, name: str) -> Table | None:
    """Return the labels in lines of an image and its label; None if it isn't such a list."""
    first = data[: 1 << 16].decode("utf-8", "replace").splitlines()[:50]
    if not any(line.strip() for line in first) or not all(
        _is_pair(line) for line in first if line.strip()
    ):
        return None
    numbered = [
        (number, _PAIR.split(line.strip(), maxsplit=1))
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1)
        if line.strip()
    ]
    odd = [number for number, pair in numbered if len(pair) < 2]  # noqa: PLR2004
    if odd:
        fault = f"{rows_text(odd, 'line')} isn't an image and its label: write both in each line"
        raise TableError(name, [fault])
    columns = {
        column: pa.array([pair[place].strip('" ') for _, pair in numbered], pa.large_string())
        for place, column in enumerate(("image", "label"))
    }
    return tables.of_columns(
        pa.table(columns),
        name=name,
        sha256=sha256(data).hexdigest(),
        rows=pa.array([number for number, _ in numbered], pa.int64()),
        unit="line",
    )


def _is_pair(line: str) -> bool:
    """Return whether a line is a picture's name and one word more."""
    pair = _PAIR.split(line.strip())
    return len(pair) == 2 and PICTURE.fullmatch(pair[0].strip('" ')) is not None  # noqa: PLR2004


def _label_column(given: Table) -> str:
    """Return the column of labels in a file of labels."""
    roles = guess(given.names, evidence(given))
    if roles["label"] is not None:
        return roles["label"]
    others = [name for name in given.names if name not in {roles["id"], roles["image"]}]
    if len(others) == 1:
        return others[0]
    said = ", ".join(map(repr, given.names))
    fault = f"no column is clearly the label among {said}: call it 'label'"
    raise TableError(given.name, [*given.faults, fault])


def _best_match(table: Table, given: Table, columns: Mapping[str, str], label: str) -> _Match:
    """Return the match of most rows, of equal ones the strictest. Raises TableError if none is."""
    own = [name for role in ("id", "image") if (name := _role(table, role, columns)) is not None]
    roles = guess(given.names, evidence(given))
    other = [name for role in ("id", "image") if (name := roles[role]) not in {None, label}]
    if not own and not other and len(table.rows) == len(given.rows):
        places = np.arange(len(table.rows))
        return _Match(places=places, own="", other="", how="row by row")
    if not own or not other:
        lacking = table if not own else given
        fault = f"{lacking.name} has no column of ids or images, so its rows can't be told"
        raise _refuse(table, fault)
    best: _Match | None = None
    for mine, theirs in ((mine, theirs) for mine in own for theirs in other if theirs):
        for how, key in _LEVELS:
            places = _matched(table, given, (mine, theirs, label), key, strict=not how)
            match = _Match(places=places, own=mine, other=theirs, how=how)
            if best is None or match.number > best.number:
                best = match
    assert best is not None
    if not best.number:
        mine, theirs = table.columns.column(own[0])[0].as_py(), given.columns.column(other[0])
        fault = (
            f"no row has a label in {given.name}: here {own[0]!r} holds {shown(mine)}, there "
            f"{other[0]!r} holds {shown(theirs[0].as_py())}"
        )
        raise _refuse(table, fault)
    return best


def _matched(
    table: Table, given: Table, columns: tuple[str, str, str], key: _Key, *, strict: bool
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return for each row of the table the place of its label; -1 where none is the only one."""
    own, other, label = columns
    labels = given.columns.column(label).to_pylist()
    mine = [key(text) for text in table.columns.column(own).to_pylist()]
    theirs: dict[str, int] = {}
    several: set[str] = set()
    for place, text in enumerate(given.columns.column(other).to_pylist()):
        name = key(text)
        first = theirs.setdefault(name, place)
        if labels[first] != labels[place]:
            several.add(name)
    if not strict:  # a looser key must tell apart the rows here, too
        several |= {name for name, times in Counter(mine).items() if times > 1}
    found = (-1 if not name or name in several else theirs.get(name, -1) for name in mine)
    return np.fromiter(found, dtype=np.int64, count=len(mine))


def _join_warnings(table: Table, given: Table, match: _Match) -> list[str]:
    """Say how rows and labels were joined, and what is left over on either side."""
    warnings = []
    if match.how == "row by row":
        warnings.append(f"labels were taken from {given.name} row by row, since neither has ids")
    elif match.how:
        warnings.append(
            f"labels were taken from {given.name} where {match.own!r} is {match.other!r} "
            f"{match.how}"
        )
    rows = table.rows.filter(pa.array(match.places < 0)).to_pylist()
    if rows:
        is_ = "has no label" if len(rows) == 1 else "have no label"
        warnings.append(f"{table.where(rows)} {is_} in {given.name}: left out")
    unused = len(given.rows) - len(np.unique(match.places[match.places >= 0]))
    if unused:
        belong = "belongs" if unused == 1 else "belong"
        warnings.append(f"{count(unused, 'label')} of {given.name} {belong} to no row here")
    return warnings


# --- numbers and names of classes ----------------------------------------------------------------


def _roles(table: Table, columns: Mapping[str, str]) -> list[str]:
    """Return the columns of label and prediction, as far as they are clear."""
    names = [_role(table, role, columns) for role in ("label", "prediction")]
    return [name for name in names if name is not None]


def _shifted(table: Table, offset: int, columns: Mapping[str, str]) -> Table:
    """Add a number to the labels. Raises TableError if they aren't whole numbers."""
    label = _role(table, "label", columns)
    if label is None:
        raise _refuse(table, "no column is clearly the label: name it with --label-column")
    texts = table.columns.column(label).to_pylist()
    wholes = [_WHOLE.fullmatch(text) for text in texts]
    odd = [
        row
        for row, text, whole in zip(table.rows.to_pylist(), texts, wholes, strict=True)
        if whole is None and text.strip()
    ]
    if odd:
        fault = (
            f"column {label!r} is no whole number in {table.where(odd)}: leave out --label-offset"
        )
        raise _refuse(table, fault)
    moved = [str(int(whole[1]) + offset) if whole else "" for whole in wholes]
    return table.with_column(label, pa.array(moved, pa.large_string()))


def _named(table: Table, classes: Path | Mapping[str, str], columns: Mapping[str, str]) -> Table:
    """Write the names of classes for what stands for them; names that the map lacks stay."""
    file = classes.name if isinstance(classes, Path) else "the map of classes"
    names = class_maps.read(classes) if isinstance(classes, Path) else classes
    roles = _roles(table, columns)
    if not roles:
        raise _refuse(table, "no column is clearly the label or the prediction: name them")
    made = table
    for column in roles:
        cells = made.columns.column(column).to_pylist()
        finals = {text: _final(text, names) for text in dict.fromkeys(cells)}
        unknown = {text for text, to in finals.items() if to is None and _WHOLE.fullmatch(text)}
        if unknown:
            numbered = zip(made.rows.to_pylist(), cells, strict=True)
            rows = [row for row, text in numbered if text in unknown]
            fault = (
                f"column {column!r} holds {shown(min(unknown))} in {table.where(rows)}, which "
                f"{file} doesn't name: {class_maps.hint(sorted(unknown), names)}"
            )
            raise _refuse(table, fault)
        named = [text if (to := finals[text]) is None else to for text in cells]
        made = made.with_column(column, pa.array(named, pa.large_string()))
    if made.columns.equals(table.columns):
        both = " and ".join(map(repr, roles))
        fault = f"{file} names none of the classes in {both} (it names {quoted(next(iter(names)))})"
        raise _refuse(table, fault)
    return made


def _final(text: str, names: Mapping[str, str]) -> str | None:
    """Return the name that a cell stands for, None if the map has none."""
    whole = _WHOLE.fullmatch(text)
    return names.get(str(int(whole[1])) if whole else text.strip())
