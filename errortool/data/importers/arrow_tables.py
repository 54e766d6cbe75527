"""Read Parquet and Arrow files as tables, also those of Hugging Face with pictures inside.

Their first row is row 1: they have no header row. Numbers of classes whose names the file holds
become these names. A picture stays where it is: its cell becomes the path of `packed`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import parquet

from errortool import packed
from errortool.data import tables
from errortool.data.columns import guess, plain
from errortool.data.tables import (
    FEATURES,
    MAX_BYTES,
    ROW_NUMBERS,
    Table,
    refuse_too_many,
    too_large,
)
from errortool.errors import TableError
from errortool.messages import count, rows_text

_PICTURES: Final = frozenset("image img picture photo jpg jpeg png webp imagebytes".split())
"""Columns of bytes with these names hold pictures."""


_Held = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Rows that are read together: `first` of all, and `rows` of them."""

    number: int
    first: int
    rows: int


def of_parquet(source: pa.NativeFile, name: str, digest: str, place: str) -> Table:
    """Read Parquet; `place` is the path under which its pictures are found.

    Raises TableError if it is damaged or would not fit in the memory.
    """
    try:
        file = parquet.ParquetFile(source)
        schema = file.schema_arrow
        pictures = _picture_columns(schema)
        refuse_too_many(len(schema), file.metadata.num_rows, name)
        table = _read_parquet(source, file, pictures, name)
        groups: list[_Group] = []
        for number in range(file.metadata.num_row_groups):
            rows = file.metadata.row_group(number).num_rows
            groups.append(_Group(number=number, first=sum(g.rows for g in groups), rows=rows))
        inside = {
            column: _where_inside(file, groups, leaf, _parquet_is_there)
            for column, leaf in pictures.items()
        }
    except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError, MemoryError):
        raise TableError(name, ["is a damaged Parquet file: write it again"]) from None
    return _table(table, schema, inside, name=name, digest=digest, place=place)


def of_arrow(data: pa.Buffer, name: str, digest: str, place: str) -> Table:
    """Read an Arrow file (also Feather) or stream; the rest is as in `of_parquet`."""
    source = pa.BufferReader(data)
    try:
        if data[:6].to_pybytes() == b"ARROW1":
            reader = pa.ipc.open_file(source)
            batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        else:
            reader = pa.ipc.open_stream(source)
            batches = list(reader)
        for batch in batches:
            batch.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        raise TableError(name, ["is a damaged Arrow file: write it again"]) from None
    schema = reader.schema
    refuse_too_many(len(schema), sum(batch.num_rows for batch in batches), name)
    pictures = _picture_columns(schema)
    groups: list[_Group] = []
    for number, batch in enumerate(batches):
        first = sum(group.rows for group in groups)
        groups.append(_Group(number=number, first=first, rows=batch.num_rows))
    whole = pa.Table.from_batches(batches, schema)
    size = sum(whole.column(one).nbytes for one in schema.names if one not in pictures)
    if size > MAX_BYTES:
        raise TableError(name, [too_large(size)])
    inside = {
        column: _where_inside(batches, groups, leaf, _arrow_is_there)
        for column, leaf in pictures.items()
    }
    return _table(whole, schema, inside, name=name, digest=digest, place=place)


def _picture_columns(schema: pa.Schema) -> dict[str, str]:
    """Return the columns that hold pictures' bytes, each with the path of the bytes in it."""
    found = {}
    for field in schema:
        if pa.types.is_struct(field.type):
            if {inner.name for inner in field.type} == {"bytes", "path"}:
                found[field.name] = f"{field.name}.bytes"
        elif plain(field.name) in _PICTURES and (
            pa.types.is_binary(field.type) or pa.types.is_large_binary(field.type)
        ):
            found[field.name] = field.name
    return found


def _read_parquet(
    source: pa.NativeFile, file: parquet.ParquetFile, pictures: Mapping[str, str], name: str
) -> pa.Table:
    """Return a Parquet file's columns of text and numbers, and the paths of its pictures.

    It is refused before it unpacks to more than fits in memory. Texts are read as numbers of their
    distinct values, as most files hold them: a few bytes can name one long text a million times.
    """
    schema, metadata = file.schema_arrow, file.metadata
    wanted = [field.name for field in schema if not _is_binary_or_nested(field.type)]
    wanted += [f"{column}.path" for column, leaf in pictures.items() if leaf != column]
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    size = sum(
        group.column(number).total_uncompressed_size
        for group in groups
        for number in range(group.num_columns)
        if group.column(number).path_in_schema in wanted
    )
    if size > MAX_BYTES:
        raise TableError(name, [too_large(size)])
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    source.seek(0)
    table = parquet.ParquetFile(source, read_dictionary=texts).read(columns=wanted)
    table.validate(full=True)
    size = sum(
        pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0
        for column in table.columns
        if pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type)
        for chunk in column.chunks
    )
    if size > MAX_BYTES:
        raise TableError(name, [too_large(size)])
    return table


def _is_binary_or_nested(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    )


def _parquet_is_there(file: parquet.ParquetFile, group: _Group, leaf: str) -> _Held:
    """Return for each row of a row group whether it holds a picture."""
    whole = file.metadata.row_group(group.number)
    column = next(
        whole.column(number)
        for number in range(whole.num_columns)
        if whole.column(number).path_in_schema == leaf
    )
    nulls = column.statistics.null_count if column.is_stats_set else None
    if nulls in {0, group.rows} or column.total_uncompressed_size > packed.MOST_BYTES:
        return np.full(group.rows, nulls != group.rows)
    found = [
        pc.is_valid(_cells(batch.column(0))).to_numpy(zero_copy_only=False)
        for batch in file.iter_batches(64, row_groups=[group.number], columns=[leaf])
    ]
    return np.concatenate(found) if found else np.zeros(0, np.bool_)


def _arrow_is_there(batches: Sequence[pa.RecordBatch], group: _Group, leaf: str) -> _Held:
    column = batches[group.number].column(leaf.removesuffix(".bytes"))
    held: _Held = pc.is_valid(_cells(column)).to_numpy(zero_copy_only=False)
    return held


def _cells(column: pa.Array) -> pa.Array:
    """Return the bytes of a column of pictures."""
    return pc.struct_field(column, "bytes") if pa.types.is_struct(column.type) else column


_Inside = Callable[[str], pa.Array]


def _where_inside(
    file: Any,  # noqa: ANN401  whatever `is_there` reads
    groups: Sequence[_Group],
    leaf: str,
    is_there: Callable[[Any, _Group, str], _Held],
) -> _Inside:
    """Return what gives each row's picture as a path, null where the row holds none."""
    there = [is_there(file, group, leaf) for group in groups]

    def paths(place: str) -> pa.Array:
        texts = [
            packed.path_of(place, leaf, group.number, row) if holds else None
            for group, held in zip(groups, there, strict=True)
            for row, holds in enumerate(held.tolist())
        ]
        return pa.array(texts, pa.large_string())

    return paths


def _table(
    table: pa.Table,
    schema: pa.Schema,
    inside: Mapping[str, _Inside],
    *,
    name: str,
    digest: str,
    place: str,
) -> Table:
    """Return columns as text, with classes by name and pictures by place."""
    warnings: list[str] = []
    names = _class_names(schema)
    texts: dict[str, pa.ChunkedArray] = {}
    numbered = None
    for field in schema:
        if field.name in inside:
            texts |= _pictures(table, field.name, inside[field.name](place))
        elif field.name == ROW_NUMBERS:
            numbered = table.column(ROW_NUMBERS).combine_chunks().cast(pa.int64())
        elif field.name not in table.column_names or (
            (text := _text_column(table.column(field.name))) is None
        ):
            warnings.append(f"column {field.name!r} holds {field.type}, not text; left out")
        else:
            texts[field.name] = text
    rows = numbered or pa.array(np.arange(1, table.num_rows + 1))
    faults = _name_classes(texts, names, rows)
    if inside and not any(plain(column) == "id" for column in texts):
        texts = {"id": _ids(texts, next(iter(inside)), rows), **texts}
    texts = {one: text for one, text in texts.items() if not one.endswith(_INNER_PATH)}
    return tables.of_columns(
        pa.table(list(texts.values()), names=list(texts)),
        name=name,
        sha256=digest,
        rows=rows,
        warnings=warnings,
        faults=faults,
    )


_INNER_PATH: Final = "\x00path"  # no column's own name: NULs are refused


def _pictures(table: pa.Table, column: str, places: pa.Array) -> dict[str, pa.ChunkedArray]:
    """Return where each picture is: inside the file, else at the path that its cell names."""
    blank = pa.array([""] * table.num_rows, pa.large_string())
    inner = blank
    if column in table.column_names and pa.types.is_struct(table.column(column).type):
        cells = table.column(column).combine_chunks()
        inner = pc.fill_null(pc.struct_field(cells, "path").cast(pa.large_string()), "")
    return {
        column: pa.chunked_array([pc.coalesce(places, inner)]),
        f"{column}{_INNER_PATH}": pa.chunked_array([inner]),
    }


def _ids(texts: Mapping[str, pa.ChunkedArray], column: str, rows: pa.Array) -> pa.ChunkedArray:
    """Return ids for pictures without any: their own paths if these tell them apart, else rows."""
    paths = texts[f"{column}{_INNER_PATH}"]
    apart = len(paths.unique()) == len(paths) and not pc.any(pc.equal(paths, "")).as_py()
    return paths if apart else pa.chunked_array([rows.cast(pa.large_string())])


def _class_names(schema: pa.Schema) -> dict[str, list[str]]:
    """Return the names of the classes that a column's numbers stand for, as `datasets` keeps them.

    Source: the key `huggingface` of the schema's metadata, a JSON of features.
    """
    try:
        held = json.loads((schema.metadata or {})[FEATURES])
        features = held["info"]["features"]
        return {
            column: [str(one) for one in feature["names"]]
            for column, feature in features.items()
            if isinstance(feature, dict) and feature.get("_type") == "ClassLabel"
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}


def _name_classes(
    texts: dict[str, pa.ChunkedArray], names: Mapping[str, list[str]], rows: pa.Array
) -> list[str]:
    """Write the names of classes for their numbers; return faults for numbers without a name.

    A prediction that is a number takes the names of the label, and the other way round.
    """
    faults = []
    roles = guess(list(texts)) if names else {}
    pair = [one for role in ("label", "prediction") if (one := roles.get(role)) is not None]
    of_pair = [names[column] for column in pair if column in names]
    for column, text in texts.items():
        own = names.get(column) or (of_pair[0] if of_pair and column in pair else None)
        if own is None or not _whole(text):
            continue
        numbers = pc.fill_null(pc.if_else(pc.equal(text, ""), None, text).cast(pa.int64()), -1)
        codes = numbers.to_numpy()
        beyond = (codes >= len(own)) | (codes < -1)
        if beyond.any():
            where = rows_text(rows.filter(pa.array(beyond)).to_pylist())
            faults.append(
                f"column {column!r} holds {codes[beyond][0]} in {where}, but the file names "
                f"{count(len(own), 'class')} (0 to {len(own) - 1}): write it again"
            )
        known = np.where(beyond, -1, codes) % (len(own) + 1)
        named = pa.array([*own, ""], pa.large_string()).take(pa.array(known))
        texts[column] = pa.chunked_array(
            [pc.if_else(pa.array(beyond), text.combine_chunks(), named)]
        )
    return faults


def _whole(text: pa.ChunkedArray) -> bool:
    filled = text.filter(pc.not_equal(text, ""))
    return bool(pc.all(pc.match_substring_regex(filled, r"^-?\d{1,9}$")).as_py())


def _text_column(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return a column as text without nulls, or None if its values can't be text."""
    kind = column.type
    if _is_binary_or_nested(kind):
        return None
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_floating(kind):
        # A float's nulls and NaN alike are "missing"; whole numbers lose their ".0" here.
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
    try:
        return pc.fill_null(column.cast(pa.large_string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
