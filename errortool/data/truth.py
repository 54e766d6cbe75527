"""Give a table of predictions the labels that it lacks."""

from dataclasses import replace
from hashlib import sha256

import pyarrow as pa
import pyarrow.compute as pc

from errortool.data.columns import guess
from errortool.data.predictions import evidence
from errortool.data.tables import Table, as_parquet
from errortool.errors import TableError
from errortool.messages import rows_text

COLUMN = "true_label"
"""What the column of labels is called that is added; a `label` beside it is the prediction."""


def from_folders(table: Table, image: str | None = None) -> tuple[Table, bytes]:
    """Add as each row's label the folder that its image is in, as data sets are laid out.

    `image` names the column of the images if its name doesn't tell. Returns the table, and its
    bytes as Parquet: they are kept with the session, since the file itself has no labels. Raises
    TableError if there is no column of images, there are labels already, or an image is in no
    folder.
    """
    image = image or guess(table.names, evidence(table))["image"]
    if image not in table.names:
        fault = "no column holds the images' paths, so no folder tells the labels"
        raise TableError(table.name, [*table.faults, fault])
    if COLUMN in table.names:
        fault = f"column {COLUMN!r} holds labels already: leave out --label-from-folder"
        raise TableError(table.name, [*table.faults, fault])
    path = pc.replace_substring(table.columns.column(image), "\\", "/")
    folders = pc.fill_null(
        pc.struct_field(pc.extract_regex(path, r"(?P<folder>[^/]+)/+[^/]+$"), "folder"), ""
    )
    blank = pc.equal(folders, "")
    if pc.any(blank).as_py():
        rows = table.rows.filter(blank.combine_chunks()).to_pylist()
        fault = (
            f"column {image!r} names no folder in {rows_text(rows)}, so it doesn't tell the label: "
            "write the paths with the folder of the class"
        )
        raise TableError(table.name, [*table.faults, fault])
    columns = table.columns.append_column(COLUMN, folders.cast(pa.large_string()))
    data = as_parquet(columns)
    return replace(table, columns=columns, sha256=sha256(data).hexdigest()), data
