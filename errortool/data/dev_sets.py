"""All predictions of a dev set, compact: what two rounds are compared by.

Packed they are a Parquet file with a row a dev example, which any program can read: `id`, `image`
where it isn't the id, `label`, `prediction`, `confidence` (to 16 bits), `weight`, and each other
column that groups the examples, as `column: NAME`.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from errortool.errors import TableError

MOST_GROUPS: Final = 100
"""A column of more different values groups nothing, and isn't kept."""

_MARK: Final = b"errortool"
_COLUMN: Final = "column: "
_TRIED: Final = 50_000  # ids, to see which encoding makes them smaller
_16_BITS: Final = np.uint32(0xFFFFFF00)  # of a float32: sign, exponent, and 15 of its fraction


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """A column as indices into its `names`; -1 stands for an empty cell."""

    names: tuple[str, ...]
    codes: NDArray[np.int32]


@dataclass(frozen=True, kw_only=True, eq=False)
class DevSet:
    """A row a dev example: its id, image, label, prediction, and the columns that group it.

    `labels` and `predictions` are indices into the classes' `names`. `by_row_number` says that the
    ids are the rows' numbers, since the table had no others; `errors_only` that it held only
    errors. `images` is None where there are none.
    """

    name: str
    keys: pa.ChunkedArray
    images: pa.ChunkedArray | None
    names: tuple[str, ...]
    labels: NDArray[np.int32]
    predictions: NDArray[np.int32]
    confidences: NDArray[np.float32] | None = None
    weights: NDArray[np.float64] | None = None
    groups: Mapping[str, Column] = field(default_factory=dict)
    by_row_number: bool = False
    errors_only: bool = False

    def __len__(self) -> int:
        """Return how many dev examples there are."""
        return len(self.labels)

    @cached_property
    def wrong(self) -> NDArray[np.bool_]:
        """Which predictions differ from their labels."""
        found: NDArray[np.bool_] = self.labels != self.predictions
        return found

    def key(self, row: int) -> str:
        """Return the id of a row."""
        return str(self.keys[row].as_py())

    def image(self, row: int) -> str | None:
        """Return the path of a row's image, None without one."""
        return None if self.images is None else str(self.images[row].as_py()) or None


def grouping(column: pa.ChunkedArray) -> Column | None:
    """Return a column as groups of the examples; None where it makes none, or too many."""
    encoded = pc.utf8_trim_whitespace(column).combine_chunks().dictionary_encode()
    values = encoded.dictionary.to_pylist()
    if not 1 < len(values) <= MOST_GROUPS:
        return None
    names = [value for value in values if value]
    place = {value: code for code, value in enumerate(names)}
    codes = np.array([place.get(value, -1) for value in values], dtype=np.int32)
    return Column(names=tuple(names), codes=codes[encoded.indices.to_numpy()])


# --- packing --------------------------------------------------------------------------------------


def packed(found: DevSet) -> bytes:
    """Return a dev set as the bytes of a Parquet file."""
    columns: dict[str, pa.Array | pa.ChunkedArray] = {"id": found.keys}
    same = found.images is not None and found.images.equals(found.keys)
    if found.images is not None and not same:
        columns["image"] = found.images
    columns["label"] = _dictionary(found.labels, found.names)
    columns["prediction"] = _dictionary(found.predictions, found.names)
    if found.confidences is not None:
        rounded = (found.confidences.view(np.uint32) & _16_BITS).view(np.float32)
        columns["confidence"] = pa.array(rounded, from_pandas=True)
    if found.weights is not None:
        columns["weight"] = pa.array(found.weights)
    for name, group in found.groups.items():
        columns[f"{_COLUMN}{name}"] = _dictionary(group.codes, group.names)
    about = {
        "name": found.name,
        "images": found.images is not None,
        "by_row_number": found.by_row_number,
        "errors_only": found.errors_only,
    }
    table = pa.table(columns).replace_schema_metadata({_MARK: json.dumps(about)})
    encodings: dict[str, str] = {
        name: _smaller(columns[name]) for name in ("id", "image") if name in columns
    }
    if found.confidences is not None:
        encodings["confidence"] = "BYTE_STREAM_SPLIT"
    out = io.BytesIO()
    pq.write_table(
        table,
        out,
        compression="zstd",
        compression_level=1,  # of ids, higher levels make more
        use_dictionary=[name for name in columns if pa.types.is_dictionary(columns[name].type)],
        column_encoding=encodings,
        write_statistics=False,
    )
    return out.getvalue()


def _smaller(column: pa.ChunkedArray) -> str:
    """Return the encoding that makes less of a column's first texts."""

    def size(encoding: str) -> int:
        out = io.BytesIO()
        pq.write_table(
            pa.table({"id": column.slice(0, _TRIED)}),
            out,
            compression="zstd",
            compression_level=1,
            use_dictionary=False,
            column_encoding={"id": encoding},
            write_statistics=False,
        )
        return out.tell()

    return min(("PLAIN", "DELTA_BYTE_ARRAY"), key=size)


def _dictionary(codes: NDArray[np.int32], names: Sequence[str]) -> pa.DictionaryArray:
    indices = pa.array(codes, mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.large_string()))


def unpacked(data: bytes, name: str) -> DevSet:
    """Return a dev set from the bytes of its Parquet file; `name` is said where they are damaged.

    Raises TableError if they aren't those of a dev set.
    """
    try:
        table = pq.read_table(io.BytesIO(data))
        table.validate(full=True)  # damaged indices would lead anywhere
        about = json.loads(table.schema.metadata[_MARK])
        return _of(table, about)
    except (pa.ArrowException, LookupError, ValueError, TypeError, OSError) as error:
        reason = " ".join(str(error).split())
        fault = f"its kept predictions can't be read ({reason}): restore a backup"
        raise TableError(name, [fault]) from None


def _of(table: pa.Table, about: Mapping[str, object]) -> DevSet:
    keys = table.column("id").cast(pa.large_string())
    labels, predictions, names = _classes(table.column("label"), table.column("prediction"))
    images = None
    if about["images"]:
        images = table.column("image" if "image" in table.column_names else "id")
    return DevSet(
        name=str(about["name"]),
        keys=keys,
        images=images,
        names=names,
        labels=labels,
        predictions=predictions,
        confidences=_floats(table, "confidence"),
        weights=_doubles(table, "weight"),
        groups={
            column.removeprefix(_COLUMN): _group(table.column(column))
            for column in table.column_names
            if column.startswith(_COLUMN)
        },
        by_row_number=bool(about["by_row_number"]),
        errors_only=bool(about["errors_only"]),
    )


def _encoded(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], list[str]]:
    """Return a column as indices into its different texts; -1 stands for none."""
    array = column.unify_dictionaries().combine_chunks()
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    codes = pc.fill_null(array.indices.cast(pa.int32()), -1).to_numpy(zero_copy_only=False)
    return codes, array.dictionary.to_pylist()


def _classes(
    labels: pa.ChunkedArray, predictions: pa.ChunkedArray
) -> tuple[NDArray[np.int32], NDArray[np.int32], tuple[str, ...]]:
    codes, names = _encoded(labels)
    others, other_names = _encoded(predictions)
    place = {name: code for code, name in enumerate(names)}
    for name in other_names:
        place.setdefault(name, len(place))
    mapped = np.array([place[name] for name in other_names], dtype=np.int32)
    return codes, mapped[others], tuple(place)


def _group(column: pa.ChunkedArray) -> Column:
    codes, names = _encoded(column)
    return Column(names=tuple(names), codes=codes)


def _floats(table: pa.Table, name: str) -> NDArray[np.float32] | None:
    if name not in table.column_names:
        return None
    found: NDArray[np.float32] = table.column(name).to_numpy().astype(np.float32)
    return found


def _doubles(table: pa.Table, name: str) -> NDArray[np.float64] | None:
    if name not in table.column_names:
        return None
    found: NDArray[np.float64] = table.column(name).to_numpy()
    return found
