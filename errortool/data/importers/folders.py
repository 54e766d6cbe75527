"""Read a folder that tools write for one data set: Hugging Face's, FiftyOne's, Ultralytics'.

Also files that are parts of one table, such as `test-00000-of-00003.parquet`. Rows are numbered
through all files.
"""

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import pyarrow as pa

from errortool.data import tables
from errortool.data.tables import Progress, Table
from errortool.errors import TableError
from errortool.messages import count, listed, shown

_SHARD: Final = re.compile(
    r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<number_of>\d{5})(?P<ending>\..+)"
)
_MOST_FILES: Final = 100_000
_LINE: Final = re.compile(r"\s*(?P<confidence>\d*\.?\d+)\s+(?P<name>.*\S)\s*")


def shards(path: Path) -> list[Path]:
    """Return all parts of the table that a file is part of, itself alone if it is whole.

    Raises TableError if a part isn't there.
    """
    match = _SHARD.fullmatch(path.name)
    if match is None:
        return [path]
    of = int(match["number_of"])
    names = [
        f"{match['stem']}-{number:05}-of-{match['number_of']}{match['ending']}"
        for number in range(min(of, _MOST_FILES))
    ]
    missing = [name for name in names if not (path.parent / name).is_file()]
    if missing:
        fault = f"is one of {count(of, 'part')}, but {missing[0]} isn't beside it: put it there"
        raise TableError(path.name, [fault])
    return [path.parent / name for name in names]


def read(folder: Path, progress: Progress = lambda _: None) -> Table:
    """Read the data set in a folder as one table.

    Raises TableError if it holds none, or several.
    """
    name = folder.name or str(folder)
    files = _arrow_files(folder, name) or _parquet_files(folder, name)
    if files:
        return together(files, folder, name, progress)
    if (folder / "samples.json").is_file():
        return tables.read(folder / "samples.json", progress)
    if (folder / "samples").is_dir():
        return _samples(folder, name)
    if (folder / "labels.json").is_file():
        return _labelled(folder, name)
    texts = sorted((folder / "labels").glob("*.txt")) or sorted(folder.glob("*.txt"))
    if texts:
        return _predicted(texts, name)
    raise TableError(str(folder), ["is a folder: give the file in it"])


def together(files: Sequence[Path], folder: Path, name: str, progress: Progress) -> Table:
    """Read files as the parts of one table."""
    parts = []
    for number, file in enumerate(files):
        parts.append(tables.mapped(file, file.name, file.relative_to(folder).as_posix()))
        progress(0.7 * (number + 1) / len(files))
    first = parts[0]
    for part in parts[1:]:
        if part.names != first.names:
            fault = f"{part.name} has other columns than {first.name}: write all parts alike"
            raise TableError(name, [fault])
    columns = pa.concat_tables([part.columns for part in parts])
    if "id" in first.names and _numbered_anew(parts, columns.column("id")):
        numbers = pa.array([str(number + 1) for number in range(columns.num_rows)])
        place = first.names.index("id")
        columns = columns.set_column(place, "id", numbers.cast(pa.large_string()))
    return tables.of_columns(
        columns,
        name=name,
        sha256=_digest([(part.name, part.sha256) for part in parts]),
        warnings=list(dict.fromkeys(warning for part in parts for warning in part.warnings)),
        faults=[f"{part.name}: {fault}" for part in parts for fault in part.faults],
    )


def _numbered_anew(parts: Sequence[Table], ids: pa.ChunkedArray) -> bool:
    """Return whether ids tell pictures apart in each part, but not in all of them together."""
    alone = all(len(part.columns.column("id").unique()) == len(part.rows) for part in parts)
    return alone and len(parts) > 1 and len(ids.unique()) < len(ids)


def _digest(parts: Sequence[tuple[str, str]]) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()


# --- Hugging Face --------------------------------------------------------------------------------


def _arrow_files(folder: Path, name: str) -> list[Path]:
    """Return the files of a data set that `save_to_disk` wrote."""
    splits = _json(folder / "dataset_dict.json").get("splits")
    if isinstance(splits, list) and splits:
        if len(splits) > 1:
            said = listed([str(one) for one in splits])
            raise TableError(name, [f"holds the splits {said}: give the folder of one of them"])
        return _arrow_files(folder / str(splits[0]), name)
    listed_files = _json(folder / "state.json").get("_data_files")
    if not isinstance(listed_files, list):
        return []
    names = [Path(str(one.get("filename"))).name for one in listed_files if isinstance(one, dict)]
    missing = [one for one in names if not (folder / one).is_file()]
    if missing:
        raise TableError(name, [f"names the file {shown(missing[0])}, which isn't there"])
    return [folder / one for one in names]


def _parquet_files(folder: Path, name: str) -> list[Path]:
    """Return the Parquet files of a data set: all of them are parts of one table."""
    found = sorted(folder.glob("*.parquet")) or sorted((folder / "data").glob("*.parquet"))
    sets: dict[str, list[Path]] = {}
    for file in found:
        match = _SHARD.fullmatch(file.name)
        sets.setdefault(match["stem"] if match else file.name, []).append(file)
    if len(sets) > 1:
        fault = f"holds the tables {listed(sorted(sets))}: give the file of one of them"
        raise TableError(name, [fault])
    return shards(found[0]) if found else []


def _json(path: Path) -> dict[str, object]:
    """Return the object in a small JSON file; an empty one if there is none."""
    try:
        held = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


# --- FiftyOne ------------------------------------------------------------------------------------


def _samples(folder: Path, name: str) -> Table:
    """Read a FiftyOne data set with a file a sample."""
    files = sorted((folder / "samples").rglob("*.json"))[:_MOST_FILES]
    texts = [tables.file_bytes(file, file.name) for file in files]
    if not texts:
        raise TableError(name, ["holds no samples: export the data set again"])
    return tables.parse(b'{"samples": [' + b",".join(texts) + b"]}", name)


def _labelled(folder: Path, name: str) -> Table:
    """Read a FiftyOne data set of image classifications: labels by id, images beside them."""
    table = tables.read(folder / "labels.json")
    if "id" not in table.names or "image" in table.names:
        return table
    places = _json(folder / "data.json")
    ids = table.columns.column("id").to_pylist()
    images = [str(places.get(one) or f"data/{one}") for one in ids]
    column = pa.chunked_array([pa.array(images, pa.large_string())])
    return tables.of_columns(
        table.columns.append_column("image", column),
        name=name,
        sha256=_digest([("labels.json", table.sha256), ("data.json", json.dumps(places))]),
        rows=table.rows,
        warnings=table.warnings,
        faults=table.faults,
    )


# --- Ultralytics ---------------------------------------------------------------------------------


def _predicted(files: Sequence[Path], name: str) -> Table:
    """Read what Ultralytics saves of a classifier: a text file an image, `0.97 cat` a line."""
    images, predictions, confidences, digests = [], [], [], []
    for file in files[:_MOST_FILES]:
        data = tables.file_bytes(file, file.name)
        lines = [
            _LINE.fullmatch(line) for line in data.decode(errors="replace").splitlines() if line
        ]
        matches = [match for match in lines if match is not None]
        if not matches or len(matches) < len(lines):
            fault = f"{file.name} has a line that isn't a confidence and a class, such as 0.97 cat"
            raise TableError(name, [fault])
        best = max(matches, key=lambda match: float(match["confidence"]))
        images.append(file.stem)
        predictions.append(best["name"])
        confidences.append(best["confidence"])
        digests.append((file.name, sha256(data).hexdigest()))
    cells = {"image": images, "prediction": predictions, "confidence": confidences}
    return tables.of_columns(
        pa.table({key: pa.array(column, pa.large_string()) for key, column in cells.items()}),
        name=name,
        sha256=_digest(digests),
    )
