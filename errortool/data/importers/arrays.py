"""Turn arrays of NumPy into a table: labels, predictions or probabilities, names of files.

An array of N values is a column; one of N rows and K columns is the classes' probabilities or
logits, or labels as one-hot. A prediction is then the class with the largest value, its confidence
the largest probability. Files that hold Python objects (pickles) are never opened.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.lib import format as npy
from numpy.typing import NDArray

from errortool.data import tables
from errortool.data.columns import plain
from errortool.data.importers.archives import member_bytes
from errortool.data.tables import MAX_BYTES, Table, too_large
from errortool.errors import TableError
from errortool.messages import count, rows_text

Array = NDArray[Any]

_NAMES: Final[Mapping[str, frozenset[str]]] = {
    "label": frozenset(
        "ytrue true truth label labels target targets gt groundtruth y ytest yval actual expected "
        "truelabel truelabels".split()
    ),
    "prediction": frozenset("ypred pred preds prediction predictions predicted yhat".split()),
    "probabilities": frozenset(
        "yprob yproba prob probs proba probas probability probabilities predprobs softmax yscore "
        "yscores logit logits output outputs scores".split()
    ),
    "confidence": frozenset("confidence confidences conf confs score".split()),
    "image": frozenset(
        "filename filenames file files filepath filepaths path paths image images imagepath "
        "imagepaths".split()
    ),
    "id": frozenset("id ids key keys index indices".split()),
    "classes": frozenset(
        "classes classnames class names labelnames targetnames categories".split()
    ),
}
_TOP: Final = 3
_OFF: Final = 1e-3  # by which probabilities may miss 1 and still be taken for such
_PLANES: Final = 2


def of_npz(archive: zipfile.ZipFile, name: str, digest: str) -> Table:
    """Read the arrays of an .npz file as a table.

    Raises TableError if it holds Python objects, too much, or no array can be the prediction.
    """
    arrays: dict[str, Array] = {}
    left = MAX_BYTES
    for member in archive.infolist():
        data = member_bytes(archive, member, left, name)
        left -= len(data)
        key = member.filename.removesuffix(".npy")
        arrays[key] = _loaded(data, name, f"array {key!r}")
    return of_arrays(arrays, name=name, digest=digest)


def of_npy(data: bytes, name: str, digest: str) -> Table:
    """Read one array as a table: one with named fields, or predictions that lack their labels."""
    array = _loaded(data, name, "the array")
    if array.dtype.names:
        return of_arrays({key: array[key] for key in array.dtype.names}, name=name, digest=digest)
    key = "probabilities" if array.ndim == _PLANES else "prediction"
    return of_arrays({key: array}, name=name, digest=digest)


def _loaded(data: bytes, name: str, what: str) -> Array:
    """Return an array from the bytes of an .npy file; its header is checked before."""
    file = io.BytesIO(data)
    try:
        version = npy.read_magic(file)
        read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read_header(file)
        if dtype.hasobject:
            fault = f"{what} holds Python objects (a pickle), which are never opened: save it as "
            raise TableError(name, [fault + "numbers, or texts of NumPy (dtype U)"])
        size = int(np.prod(shape, dtype=object)) * dtype.itemsize
        if size > MAX_BYTES:
            raise TableError(name, [too_large(size)])
        file.seek(0)
        loaded: Array = np.load(file, allow_pickle=False)
    except (ValueError, EOFError, OSError, TypeError, SyntaxError):
        raise TableError(name, [f"{what} is damaged: save it again"]) from None
    return loaded


def of_arrays(arrays: Mapping[str, Array], *, name: str, digest: str) -> Table:
    """Return a table of arrays, whose names tell what each is.

    Raises TableError if their lengths differ, or no array can be the prediction.
    """
    roles = _roles(arrays)
    warnings: list[str] = []
    faults: list[str] = []
    classes = None if "classes" not in roles else _classes(arrays[roles["classes"]])
    given = {key: one for key, one in arrays.items() if key != roles.get("classes")}
    lengths = {key: len(one) if one.ndim else 1 for key, one in given.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{key} {length:,}" for key, length in lengths.items())
        raise TableError(
            name, [f"has arrays of different lengths ({said}): save one row an example"]
        )
    columns: dict[str, Sequence[object]] = {}
    for role in ("id", "image"):
        if role in roles and given[roles[role]].ndim == 1:
            columns[role] = [_text(one) for one in given[roles[role]].tolist()]
    if "label" in roles:
        key = roles["label"]
        columns["label"] = _named(_label_codes(given[key], key, faults), classes, key, faults)
    columns |= _predicted(given, roles, classes, warnings, faults)
    for key, one in given.items():
        if key in roles.values():
            continue
        if one.ndim == 1:
            columns[key] = [_text(value) for value in one.tolist()]
        else:
            shape = " x ".join(map(str, one.shape))
            warnings.append(f"array {key!r} ({shape}) is no column; left out")
    if "label" not in columns and "prediction" not in columns and not faults:
        said = ", ".join(
            [f"{key} ({' x '.join(map(str, one.shape))})" for key, one in given.items()]
        )
        faults.append(f"holds {said}: name them y_true and y_pred (or y_prob)")
    if faults:
        raise TableError(name, faults)
    texts = {
        key: pa.array(list(map(_text, cells)), pa.large_string()) for key, cells in columns.items()
    }
    return tables.of_columns(
        pa.table({key: pa.chunked_array([cells]) for key, cells in texts.items()}),
        name=name,
        sha256=digest,
        warnings=warnings,
    )


def _roles(arrays: Mapping[str, Array]) -> dict[str, str]:
    """Return which array plays which role, the first of each."""
    roles: dict[str, str] = {}
    for role, names in _NAMES.items():
        found = [key for key in arrays if plain(key) in names]
        if role == "classes":  # of several, the one that isn't a column
            found = [key for key in found if arrays[key].ndim == 1]
        if found:
            roles[role] = found[0]
    if "prediction" in roles and arrays[roles["prediction"]].ndim == _PLANES:
        if "probabilities" not in roles:
            roles["probabilities"] = roles["prediction"]
        del roles["prediction"]
    if "probabilities" in roles and arrays[roles["probabilities"]].ndim == 1:
        other = roles.pop("probabilities")
        whole = arrays[other].dtype.kind in "iuUS"
        roles.setdefault("prediction" if whole else "confidence", other)
    return roles


def _classes(array: Array) -> list[str]:
    return [_text(one) for one in array.tolist()]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, float):
        return "" if np.isnan(value) else tables.number_text(value)
    return str(value)


def _label_codes(labels: Array, key: str, faults: list[str]) -> Sequence[object]:
    """Return labels, those as one-hot as the number of their class."""
    if labels.ndim == _PLANES and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim == 1:
        return list(labels.tolist())
    if labels.ndim != _PLANES or labels.dtype.kind not in "iufb":
        faults.append(f"array {key!r} has {labels.ndim} dimensions: give one label an example")
        return []
    odd = np.flatnonzero(~(((labels == 0) | (labels == 1)).all(axis=1) & (labels.sum(axis=1) == 1)))
    if odd.size:
        faults.append(
            f"array {key!r} is no one-hot label in {rows_text((odd + 1).tolist())}: give one class "
            "an example"
        )
    return list(labels.argmax(axis=1).tolist())


def _named(
    codes: Sequence[object], classes: Sequence[str] | None, key: str, faults: list[str]
) -> list[str]:
    """Return classes by name where names are known."""
    if classes is None or not all(isinstance(one, int | float) for one in codes):
        return list(map(_text, codes))
    beyond = [
        row
        for row, one in enumerate(codes, start=1)
        if not (isinstance(one, int | float) and one == int(one) and 0 <= one < len(classes))
    ]
    if beyond:
        faults.append(
            f"array {key!r} holds numbers without a name in {rows_text(beyond)}: there are "
            f"{count(len(classes), 'class')} (0 to {len(classes) - 1})"
        )
        return []
    return [classes[int(one)] for one in codes if isinstance(one, int | float)]


def _predicted(
    given: Mapping[str, Array],
    roles: Mapping[str, str],
    classes: Sequence[str] | None,
    warnings: list[str],
    faults: list[str],
) -> dict[str, Sequence[object]]:
    """Return predictions, with confidences and the likeliest classes where these are known."""
    columns: dict[str, Sequence[object]] = {}
    if "prediction" in roles:
        key = roles["prediction"]
        codes = _label_codes(given[key], key, faults)
        columns["prediction"] = _named(codes, classes, key, faults)
    if "confidence" in roles and given[roles["confidence"]].ndim == 1:
        columns["confidence"] = given[roles["confidence"]].tolist()
    if "probabilities" not in roles:
        return columns
    key = roles["probabilities"]
    probabilities = _probabilities(given[key], key, warnings, faults)
    if probabilities is None:
        return columns
    if classes is not None and len(classes) != probabilities.shape[1]:
        faults.append(
            f"array {key!r} has {count(probabilities.shape[1], 'column')}, but there are "
            f"{count(len(classes), 'class')}: give a name a column"
        )
        return columns
    names = classes or [str(number) for number in range(probabilities.shape[1])]
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :_TOP]
    columns.setdefault("prediction", [names[code] for code in order[:, 0].tolist()])
    values = np.take_along_axis(probabilities, order, axis=1)
    columns.setdefault("confidence", values[:, 0].round(6).tolist())
    if order.shape[1] > 1:
        columns[f"top {order.shape[1]}"] = [
            ", ".join(f"{names[code]} {value:.3g}" for code, value in zip(codes, row, strict=True))
            for codes, row in zip(order.tolist(), values.tolist(), strict=True)
        ]
    return columns


def _probabilities(
    array: Array, key: str, warnings: list[str], faults: list[str]
) -> NDArray[np.float64] | None:
    """Return probabilities; logits are made such by softmax, and told."""
    if array.ndim == _PLANES and array.shape[1] == 1:  # of one class against the other
        array = np.column_stack([1 - array[:, 0], array[:, 0]])
    if array.ndim != _PLANES or array.dtype.kind not in "iuf" or not array.shape[1]:
        shape = " x ".join(map(str, array.shape))
        faults.append(f"array {key!r} ({shape}) holds no row of numbers an example")
        return None
    values = array.astype(np.float64)
    bad = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if bad.size:
        faults.append(
            f"array {key!r} isn't finite in {rows_text((bad + 1).tolist())}: leave these rows out"
        )
        return None
    off = int(np.count_nonzero(np.abs(values.sum(axis=1) - 1) > _OFF))
    if off or (values < 0).any():
        values = np.exp(values - values.max(axis=1, keepdims=True))
        values /= values.sum(axis=1, keepdims=True)
        warnings.append(
            f"array {key!r} doesn't sum to 1 in {count(off, 'row')}: it was read as logits, and "
            "confidences are their softmax"
        )
    return values
