"""A session in the forms that other tools read: FiftyOne, Label Studio, Hugging Face and others.

Nothing of theirs is needed to write them. Only what was looked at counts: of the other examples
nothing is said.
"""

import io
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from errortool.analysis.full_report import Report
from errortool.data.formulas import harmless
from errortool.model import Category, FullSnapshot, Kind, Row, Target
from errortool.output.csv_files import as_csv, figure

Text = str | bytes
Makers = dict[str, Callable[[], Text]]

_FIGURES: Final = "share share_low share_high ceiling ceiling_low ceiling_high".split()


def files(
    target: Target,
    snapshot: FullSnapshot,
    report: Report,
    *,
    report_json: Callable[[], str],
    place: Callable[[str], str | None],
) -> Makers:
    """Return the files of a session for a tool by name, each as what makes it.

    `place` gives the path of the file of an image, None if it has none, and `report_json` the
    report.
    """
    rows, categories = snapshot.rows, snapshot.judged.categories
    if target is Target.FIFTYONE:
        return {
            "labels.json": lambda: _fiftyone_labels(categories, rows, place),
            "data.json": lambda: _fiftyone_data(rows, place),
            "fiftyone_tags.json": lambda: _fiftyone_tags(categories, rows, place),
            "fiftyone_snippet.py": lambda: _FIFTYONE,
        }
    if target is Target.LABEL_STUDIO:
        return {
            "label_studio_tasks.json": lambda: _label_studio_tasks(categories, rows),
            "label_studio_config.xml": lambda: _label_studio_config(categories, rows),
        }
    if target is Target.HUGGINGFACE:
        return {"errortool.parquet": lambda: _huggingface(categories, rows)}
    if target is Target.MLFLOW:
        return {
            "metrics.json": lambda: _json(metrics(report)),
            "plots.csv": lambda: _plots(report),
            "report.json": report_json,
            "mlflow_snippet.py": lambda: _MLFLOW,
        }
    if target is Target.CLEANLAB:
        return {"cleanlab_issues.csv": lambda: _cleanlab(categories, rows)}
    return {"table.parquet": lambda: _parquet(categories, rows)}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _ticked(categories: Sequence[Category], row: Row) -> list[str]:
    """Return the names of the categories that an example was found to be in."""
    if not row.looked_at:
        return []
    return [category.name for category in categories if row.ticks.get(category.id)]


# --- FiftyOne ------------------------------------------------------------------------------------

_FIFTYONE: Final = '''"""Tag the samples of a FiftyOne data set with what errortool found."""

import json
import sys
from pathlib import Path

import fiftyone as fo

here = Path(__file__).parent  # in a notebook: the folder that holds the files
tags = json.loads((here / "fiftyone_tags.json").read_text(encoding="utf-8"))
dataset = fo.load_dataset(sys.argv[1])  # the name of the data set
tagged = 0
for sample in dataset.select_by("filepath", list(tags)):
    sample.tags.extend(tag for tag in tags[sample.filepath] if tag not in sample.tags)
    sample.save()
    tagged += 1
print(f"{tagged} of {len(tags)} images found and tagged")
'''


def _placed(rows: Iterable[Row], place: Callable[[str], str | None]) -> Iterator[tuple[Row, str]]:
    """Yield the rows whose image is a file, with its path."""
    for row in rows:
        path = place(row.example.image or "")
        if path is not None:
            yield row, path


def _uuid(key: str) -> str:
    """Return an id without what FiftyOne takes for folders: slashes, and a dot at the start.

    >>> _uuid("dogs/001.png"), _uuid("100%")
    ('dogs%2F001.png', '100%25')
    """
    return re.sub(r"[%/\\]|^\.", lambda found: f"%{ord(found[0]):02X}", key)


def _fiftyone_labels(
    categories: Sequence[Category], rows: Sequence[Row], place: Callable[[str], str | None]
) -> str:
    """Return the labels of a FiftyOneImageClassificationDataset: a list of categories an image.

    Source: docs.voxel51.com, "FiftyOneImageClassificationDataset". `fo.Dataset.from_dir` with
    `data_path="data.json"` reads it, and stops at a label without an image: these are left out.
    """
    labels = {
        _uuid(row.example.key): _ticked(categories, row)
        for row, _ in _placed(rows, place)
        if row.looked_at
    }
    return _json({"classes": [category.name for category in categories], "labels": labels})


def _fiftyone_data(rows: Sequence[Row], place: Callable[[str], str | None]) -> str:
    """Return the path of each image's file.

    FiftyOne cuts the ending off each key, as these are names of files: so each has one.
    """
    return _json(
        {
            _uuid(row.example.key) + (Path(path).suffix or "."): path
            for row, path in _placed(rows, place)
        }
    )


def _fiftyone_tags(
    categories: Sequence[Category], rows: Sequence[Row], place: Callable[[str], str | None]
) -> str:
    """Return the tags of each image by its file's path, for samples that are there already.

    Examples that share an image share its tags. Without a file the id stands for the path.
    """
    tags: dict[str, dict[str, None]] = {}
    for row in rows:
        if names := _ticked(categories, row):
            image = place(row.example.image or "") or row.example.key
            tags.setdefault(image, {}).update((f"errortool:{name}", None) for name in names)
    return _json({image: list(names) for image, names in tags.items()})


# --- Label Studio --------------------------------------------------------------------------------


def _label_studio_tasks(categories: Sequence[Category], rows: Sequence[Row]) -> str:
    """Return the examples as tasks, with the categories as predictions of `errortool`.

    Source: labelstud.io/guide, "Import pre-annotated data into Label Studio".
    """
    tasks = []
    for row in rows:
        example = row.example
        data = {
            "image": example.image or "",
            "errortool_id": example.key,
            "label": example.label,
            "prediction": example.prediction,
        }
        task: dict[str, object] = {"data": data}
        if names := _ticked(categories, row):
            choices = {
                "from_name": "category",
                "to_name": "image",
                "type": "choices",
                "value": {"choices": names},
            }
            said: dict[str, object] = {"model_version": "errortool", "result": [choices]}
            if example.confidence is not None:
                said["score"] = example.confidence
            task["predictions"] = [said]
        tasks.append(task)
    return _json(tasks)


def _label_studio_config(categories: Sequence[Category], rows: Sequence[Row]) -> str:
    """Return the labeling interface for these tasks; without any image it shows their ids."""
    has_images = any(row.example.image for row in rows)
    shown = '<Image name="image" value="$image"/>'
    if not has_images:
        shown = '<Text name="image" value="$errortool_id"/>'
    choices = "".join(f"    <Choice value={quoteattr(one.name)}/>\n" for one in categories)
    return (
        f"<View>\n  {shown}\n"
        f'  <Choices name="category" toName="image" choice="multiple">\n{choices}  </Choices>\n'
        "</View>\n"
    )


# --- Hugging Face and Parquet --------------------------------------------------------------------


def _columns(categories: Sequence[Category]) -> dict[int, str]:
    """Return a column's name for each category, by id."""
    names: dict[str, int] = {}
    for category in categories:
        stem = re.sub(r"\W+", "_", category.name.casefold()).strip("_") or "category"
        names[_free(f"errortool_{stem}", names, "_")] = category.id
    return {category: name for name, category in names.items()}


def _huggingface(categories: Sequence[Category], rows: Sequence[Row]) -> bytes:
    """Return a Parquet file for `datasets`: classes as ClassLabel, ticks as 1, 0 or null.

    Source: the key `huggingface` in the schema's metadata, as `datasets` itself writes it.
    """
    import pyarrow as pa
    from pyarrow import parquet

    known = {name for row in rows for name in (row.example.label, row.example.prediction)}
    given = {name for row in rows if (name := _corrected(row)) is not None}
    classes = sorted(known | given - {_NO_RIGHT_LABEL})
    code = {name: number for number, name in enumerate(classes)}
    named = {"_type": "ClassLabel", "names": classes}
    columns = {
        "id": (pa.string(), [row.example.key for row in rows]),
        "image": (pa.string(), [row.example.image for row in rows]),
        "label": (pa.int64(), [code[row.example.label] for row in rows]),
        "prediction": (pa.int64(), [code[row.example.prediction] for row in rows]),
        "confidence": (pa.float64(), [row.example.confidence for row in rows]),
        "corrected_label": (
            pa.int64(),
            [None if (name := _corrected(row)) is None else code.get(name) for row in rows],
        ),
        **{
            name: (pa.int8(), [_tick(row, category) for row in rows])
            for category, name in _columns(categories).items()
        },
    }
    features = {
        name: (
            named
            if name in {"label", "prediction", "corrected_label"}
            else {"_type": "Value", "dtype": str(kind).replace("double", "float64")}
        )
        for name, (kind, _) in columns.items()
    }
    table = pa.table({name: pa.array(cells, kind) for name, (kind, cells) in columns.items()})
    out = io.BytesIO()
    held = json.dumps({"info": {"features": features}}, ensure_ascii=False)
    parquet.write_table(table.replace_schema_metadata({"huggingface": held}), out)
    return out.getvalue()


_NO_RIGHT_LABEL: Final = "no right label"
"""What the review writes for a right label where no class fits: it is no class itself."""


def _corrected(row: Row) -> str | None:
    return row.corrected_label if row.looked_at else None


def _tick(row: Row, category: int) -> int | None:
    """Return 1 or 0; None where nobody has finished with it, or not for this category."""
    tick = row.ticks.get(category) if row.looked_at else None
    return None if tick is None else int(tick)


def _parquet(categories: Sequence[Category], rows: Sequence[Row]) -> bytes:
    """Return the table of table.csv with its types: numbers, truth values, and null for missing."""
    import pyarrow as pa
    from pyarrow import parquet

    cells: dict[str, tuple[pa.DataType, list[object]]] = {
        "position": (pa.int64(), [row.example.position for row in rows]),
        "part": (pa.string(), [row.example.part.value for row in rows]),
        "id": (pa.string(), [row.example.key for row in rows]),
        "image": (pa.string(), [row.example.image for row in rows]),
        "label": (pa.string(), [row.example.label for row in rows]),
        "prediction": (pa.string(), [row.example.prediction for row in rows]),
        "confidence": (pa.float64(), [row.example.confidence for row in rows]),
        "weight": (pa.float64(), [row.example.weight for row in rows]),
        "looked_at": (pa.bool_(), [row.looked_at for row in rows]),
        "corrected_label": (pa.string(), [row.corrected_label for row in rows]),
        "comment": (pa.string(), [row.comment or None for row in rows]),
        "reviewer": (pa.string(), [row.reviewer or None for row in rows]),
    }
    for category in categories:
        ticks: list[object] = [
            None if (tick := _tick(row, category.id)) is None else bool(tick) for row in rows
        ]
        cells[_free(category.name, cells)] = (pa.bool_(), ticks)
    for name in dict.fromkeys(name for row in rows for name in row.example.extra):
        texts: list[object] = [row.example.extra.get(name) for row in rows]
        cells[_free(name, cells)] = (pa.string(), texts)
    out = io.BytesIO()
    table = pa.table({name: pa.array(column, kind) for name, (kind, column) in cells.items()})
    parquet.write_table(table, out)
    return out.getvalue()


def _free(name: str, taken: Mapping[str, object], before: str = " ") -> str:
    """Return a column's name, with a number behind it if it is taken."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}{before}{number}"
    return free


# --- MLflow and DVC ------------------------------------------------------------------------------

_MLFLOW: Final = '''"""Log what errortool found with MLflow, in the active run or a new one."""

import json
from pathlib import Path

import mlflow

here = Path(__file__).parent  # in a notebook: the folder that holds the files
mlflow.log_metrics(json.loads((here / "metrics.json").read_text(encoding="utf-8")))
mlflow.log_artifact(str(here / "report.json"), "errortool")
mlflow.log_artifact(str(here / "plots.csv"), "errortool")
if (here / "report.html").exists():  # `errortool export --html` writes it
    mlflow.log_artifact(str(here / "report.html"), "errortool")
'''


def metrics(report: Report) -> dict[str, float]:
    """Return the figures as one flat list of numbers, such as `share.Dog` and `ceiling.Dog.low`.

    What isn't known is left out. Names hold only what MLflow allows in them.
    """
    found: dict[str, float | None] = {
        "dev_error": report.dev_error,
        "errors": float(report.errors),
        "looked_at": float(report.looked_at),
    }
    taken: dict[str, None] = {}
    for category in report.categories:
        name = _free(re.sub(r"[^\w\- ]+", "_", category.name), taken)
        taken[name] = None
        for column in _FIGURES:
            stem, _, end = column.partition("_")
            found[".".join(part for part in (stem, name, end) if part)] = getattr(category, column)
    return {
        name: float(value)
        for name, value in found.items()
        if value is not None and math.isfinite(value)
    }


def _plots(report: Report) -> str:
    """Return a row a category, the largest share first, for `dvc plots`."""
    return as_csv(
        ("category", "looked_at", "ticked", *_FIGURES),
        (
            (
                harmless(one.name),
                one.looked_at,
                one.ticked,
                *(figure(getattr(one, name)) for name in _FIGURES),
            )
            for one in report.ranked
        ),
    )


# --- cleanlab ------------------------------------------------------------------------------------


def _cleanlab(categories: Sequence[Category], rows: Sequence[Row]) -> str:
    """Return label issues as cleanlab lists them: True, False, or blank where nobody has looked.

    Source: docs.cleanlab.ai, `CleanLearning.get_label_issues`.
    """
    errors = [category.id for category in categories if category.kind is Kind.LABEL_ERROR]

    def issue(row: Row) -> str:
        ticks = [_tick(row, category) for category in errors]
        if any(ticks):
            return "True"
        return "" if not ticks or None in ticks else "False"

    return as_csv(
        ("id", "image", "given_label", "predicted_label", "is_label_issue", "corrected_label"),
        (
            (
                harmless(row.example.key),
                harmless(row.example.image or ""),
                harmless(row.example.label),
                harmless(row.example.prediction),
                issue(row),
                harmless(_corrected(row) or ""),
            )
            for row in rows
        ),
    )
