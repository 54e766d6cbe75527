"""Take what a notebook holds for a table: DataFrames, data sets, dicts and arrays.

Nothing is installed for it: whatever speaks Arrow's stream protocol is read through that, and
arrays through `__array__`.
"""

import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from errortool import images as pictures
from errortool.data import class_maps, predictions, tables
from errortool.data.importers import arrays
from errortool.data.tables import Table
from errortool.errors import TableError

_PICTURE: Final = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
_PLANES: Final = (3, 4)
_ARRAYS: Final = "arrays"  # what a message calls them


def opened(source: object) -> tuple[bytes | None, Path]:
    """Return a table's bytes and a path to call it by; no bytes if it is a file's path.

    Raises TableError if it is nothing of the kind.
    """
    if isinstance(source, str | os.PathLike):
        return None, Path(source)
    kind = Path(type(source).__name__)
    if hasattr(source, "to_parquet") and hasattr(source, "features"):  # datasets.Dataset
        out = io.BytesIO()
        source.to_parquet(out)
        return out.getvalue(), kind
    if isinstance(source, Mapping) and any(hasattr(one, "features") for one in source.values()):
        fault = f"holds the splits {', '.join(map(str, source))}: give one of them"
        raise TableError(kind.name, [fault])
    if isinstance(source, Mapping):
        source = _of_dict(source)
    elif isinstance(source, Sequence) and not isinstance(source, bytes):
        if not source or not all(isinstance(one, Mapping) for one in source):
            raise TableError(kind.name, ["is no list of dicts: give one dict an example"])
        source = _arrow(lambda: pa.Table.from_pylist([dict(one) for one in source]), kind.name)
    return tables.as_parquet(source, kind.name), kind


def _of_dict(source: Mapping[Any, Any]) -> pa.Table:
    return _arrow(
        lambda: pa.table({str(key): list(values) for key, values in source.items()}), "dict"
    )


def _arrow(make: Any, name: str) -> pa.Table:  # noqa: ANN401  whatever makes a table
    """Return what makes a table. Raises TableError if its values mix kinds."""
    try:
        return make()
    except (pa.ArrowException, ValueError, TypeError, KeyError) as error:
        fault = f"can't be read as a table ({tables.first_line(error)}): make each column one kind"
        raise TableError(name, [fault]) from None


def labels(source: object) -> Path | Table | None:
    """Return the labels of a table that lacks them: a file's path, or a table."""
    if source is None:
        return None
    data, path = opened(source)
    return path if data is None else tables.parse(data, f"labels ({path.name})")


def classes(source: object) -> Path | Mapping[str, str] | None:
    """Return the names of classes: a file's path, or what a list or dict says."""
    if source is None or isinstance(source, Path):
        return source
    if isinstance(source, str | os.PathLike):
        return Path(source)
    return class_maps.of_value(source, "classes")


def of_arrays(
    *,
    labels: object,
    predictions: object,
    probabilities: object,
    images: object,
    ids: object,
    classes: Sequence[str] | None,
    all_images: bool,
) -> bytes:
    """Return arrays as a Parquet file; of images that are pixels, those of the errors, or of all.

    Raises TableError if they don't fit together.
    """
    given = {
        "labels": _array(labels, "labels"),
        "predictions": _array(predictions, "predictions"),
        "probabilities": _array(probabilities, "probabilities"),
        "ids": _array(ids, "ids"),
        "classes": _array(classes, "classes"),
    }
    if predictions is None and probabilities is None:
        raise TableError(_ARRAYS, ["there are no predictions: give them, or probabilities"])
    pixels = _array(images, "images")
    if pixels is not None and pixels.ndim == 1:
        given["images"] = pixels
    kept = {key: one for key, one in given.items() if one is not None}
    table = arrays.of_arrays(kept, name="arrays", digest="")
    columns = table.columns
    if not {"id", "image"} & set(columns.column_names):
        places = pa.array([str(place) for place in range(len(table.rows))])
        columns = columns.add_column(0, "id", pa.chunked_array([places]))
    if pixels is not None and pixels.ndim > 1:
        if len(pixels) != len(table.rows):
            fault = f"holds {len(pixels):,} images for {len(table.rows):,} labels: give one each"
            raise TableError(_ARRAYS, [fault])
        wanted = range(len(pixels)) if all_images else _wrong(table)
        columns = columns.append_column("image", _pictures(pixels, set(wanted)))
    out = io.BytesIO()
    parquet.write_table(columns, out, row_group_size=100)
    return out.getvalue()


def _wrong(table: Table) -> list[int]:
    """Return the places of the errors."""
    found = predictions.validate(table)
    return found.wrong_places


def _array(value: object, name: str) -> np.ndarray[Any, Any] | None:
    """Return an array, from a tensor on any device too. Raises TableError if it is ragged."""
    if value is None:
        return None
    for method in ("detach", "cpu", "numpy"):  # a tensor of torch; tensorflow's has numpy alone
        value = getattr(value, method)() if hasattr(value, method) else value
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        raise TableError(_ARRAYS, [f"{name} has rows of different lengths"]) from None
    if array.dtype.kind == "O":
        array = np.array([_plain(one) for one in array.tolist()])
    if array.ndim == 0:
        raise TableError(_ARRAYS, [f"{name} is a single value: give one an example"])
    return array


def _plain(value: object) -> str:
    return (
        os.fspath(value) if isinstance(value, os.PathLike) else "" if value is None else str(value)
    )


def _pictures(pixels: np.ndarray[Any, Any], wanted: set[int]) -> pa.ChunkedArray:
    """Return pixels as pictures, those that are wanted."""
    if pixels.ndim not in _PLANES:
        shape = " x ".join(map(str, pixels.shape))
        fault = f"images of {shape} aren't pixels: give (N, H, W), (N, H, W, C) or (N, C, H, W)"
        raise TableError(_ARRAYS, [fault])
    cells = [
        {"bytes": pictures.png_of(one), "path": None} if place in wanted else None
        for place, one in enumerate(pixels)
    ]
    return pa.chunked_array([pa.array(cells, _PICTURE)])
