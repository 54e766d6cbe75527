"""Make data sets as Hugging Face's `datasets` writes them."""

import io
import json
from pathlib import Path

import pyarrow as pa
from PIL import Image
from pyarrow import parquet

NAMES = ["airplane", "car", "ship"]
COLOURS = ["red", "green", "blue", "white", "black"]


def png(colour: str, size: int = 8) -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(out, "PNG")
    return out.getvalue()


def dataset(*, names_of: str = "label", **columns: list[object]) -> pa.Table:
    """Return a data set as `datasets` writes it: pictures inside, classes as numbers."""
    cells = {
        "image": [{"bytes": png(one), "path": f"{one}.png"} for one in COLOURS],
        "label": [0, 1, 2, 0, 1],
        "prediction": [0, 1, 1, 2, 1],
        **columns,
    }
    kinds = {"image": pa.struct([("bytes", pa.binary()), ("path", pa.string())])}
    table = pa.table({name: pa.array(column, kinds.get(name)) for name, column in cells.items()})
    features = {
        "image": {"_type": "Image"},
        names_of: {"names": NAMES, "_type": "ClassLabel"},
    }
    return table.replace_schema_metadata(
        {"huggingface": json.dumps({"info": {"features": features}})}
    )


def written(table: pa.Table, path: Path, **options: object) -> Path:
    """Write a Parquet file."""
    parquet.write_table(table, path, **options)
    return path
