"""JSON in the forms that people's code and tools write it is the table that a CSV would be."""

import gzip
import json

import pytest

from errortool.data import predictions, tables
from errortool.errors import TableError

RECORDS = [
    {"image": "a.jpg", "label": "cat", "prediction": "dog", "confidence": 0.8},
    {"image": "b.jpg", "label": "cat", "prediction": "cat", "confidence": 1e-7},
    {"image": "c.jpg", "label": "dog", "prediction": "cat", "confidence": None},
]
COLUMNS = list(RECORDS[0])
ROWS = [list(record.values()) for record in RECORDS]


def rows(data: object) -> list[dict[str, str]]:
    """Return the rows of the table that JSON is read as."""
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    return tables.parse(text, "p.json").columns.to_pylist()


def lines(records: list[dict]) -> bytes:
    """Write JSON lines."""
    return "\n".join(map(json.dumps, records)).encode() + b"\n"


CSV = rows(
    b"image,label,prediction,confidence\na.jpg,cat,dog,0.8\nb.jpg,cat,cat,1e-07\nc.jpg,dog,cat,\n"
)


@pytest.mark.parametrize(
    "data",
    [
        RECORDS,
        lines(RECORDS),
        b"\xef\xbb\xbf" + json.dumps(RECORDS, indent=2).encode(),
        {"columns": COLUMNS, "data": ROWS},
        {"columns": COLUMNS, "index": [0, 1, 2], "data": ROWS},
        {"_type": "table", "columns": COLUMNS, "data": ROWS, "ncols": 4, "nrows": 3},
        {"version": 1, "results": RECORDS},
        {"predictions": RECORDS, "model": "x"},
        {column: [record[column] for record in RECORDS] for column in COLUMNS},
        {
            column: {str(n): record[column] for n, record in enumerate(RECORDS)}
            for column in COLUMNS
        },
        {
            record["image"]: {key: one for key, one in record.items() if key != "image"}
            for record in RECORDS
        },
    ],
)
def test_every_form_is_the_table_that_a_csv_would_be(data: object):
    """Records, lines, pandas' five forms, MLflow's and W&B's table, and wrapped records."""
    assert rows(data) == CSV


def test_json_may_be_packed():
    """As any other table."""
    assert rows(gzip.compress(json.dumps(RECORDS).encode())) == CSV


def test_values_are_text_as_a_csv_would_hold_them():
    """Numbers as they are written, blanks for what is missing, JSON for lists."""
    text = b"""[{"id": 007e0, "n": 12345678901234567890123, "ok": true, "no": NaN,
        "box": [1, 2.50], "meta": {"site": "north", "deep": {"a": 1}}}, {"id": "2"}]"""
    assert rows(text.replace(b"007e0", b"0.10")) == [
        {
            "id": "0.10",
            "n": "12345678901234567890123",
            "ok": "True",
            "no": "",
            "box": '["1", "2.50"]',
            "meta.site": "north",
            "meta.deep": '{"a": "1"}',
        },
        {"id": "2", "n": "", "ok": "", "no": "", "box": "", "meta.site": "", "meta.deep": ""},
    ]


def test_images_of_weights_and_biases_are_their_paths():
    """A cell of an image says where its file is."""
    image = {"_type": "image-file", "path": "media/images/1.png", "format": "png"}
    table = {"_type": "table", "columns": ["Input", "Expected"], "data": [[image, "cat"]]}
    assert rows(table) == [{"Input": "media/images/1.png", "Expected": "cat"}]


@pytest.mark.parametrize(
    ("data", "row"),
    [
        ({"a.jpg": "dog"}, {"image": "a.jpg", "prediction": "dog"}),
        ({"17": "dog"}, {"id": "17", "prediction": "dog"}),
        (
            {"a.jpg": {"label": "dog", "score": 0.5}},
            {"image": "a.jpg", "prediction": "dog", "confidence": "0.5"},
        ),
    ],
)
def test_a_prediction_for_each_image_is_no_label(data: dict, row: dict):
    """What a model says of an image is called its label in such files; the truth is elsewhere."""
    assert rows(data) == [row]


def sample(path: str, said: str | None, **more: object) -> dict:
    """Return a sample as FiftyOne exports it."""
    made = {
        "_id": {"$oid": f"id-{path}"},
        "filepath": f"data/{path}",
        "tags": ["test", "night"],
        "metadata": {"_cls": "ImageMetadata", "width": 3},
        "ground_truth": {"_cls": "Classification", "label": "cat", "tags": []},
        "predictions": {
            "_cls": "Classification",
            "label": said,
            "confidence": 0.8,
            "logits": {"$binary": "AAAA"},
        },
        "eval": said == "cat",
    }
    return made | more


def test_samples_of_fiftyone_are_a_table():
    """Labels of both fields, the confidence of the prediction, tags, and the id."""
    data = {"name": "x", "samples": [sample("0.jpg", "dog"), sample("1.jpg", "cat")]}
    table = tables.parse(json.dumps(data).encode(), "samples.json")
    assert table.columns.to_pylist()[0] == {
        "id": "id-0.jpg",
        "filepath": "data/0.jpg",
        "tags": "test, night",
        "ground_truth": "cat",
        "predictions": "dog",
        "confidence": "0.8",
        "eval": "False",
    }
    found = predictions.validate(table)
    roles = found.columns
    assert (roles.label, roles.prediction) == ("ground_truth", "predictions")
    assert (roles.image, roles.id, roles.confidence) == ("filepath", "id", "confidence")
    assert (found.errors, found.dev_examples) == (1, 2)


def test_a_sample_without_a_prediction_is_named():
    """FiftyOne writes null for a field that isn't set."""
    data = {"samples": [sample("0.jpg", "dog"), sample("1.jpg", "cat", predictions=None)]}
    table = tables.parse(json.dumps(data).encode(), "samples.json")
    with pytest.raises(TableError, match=r"column 'predictions' .* is empty in sample 2"):
        predictions.validate(table)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            {"samples": [sample("0.jpg", "x", predictions={"_cls": "Classifications"})]},
            "sample 1 has Classifications in 'predictions', not one class",
        ),
        ({"samples": [3]}, "sample 1 is no object"),
        ({"classes": ["cat"], "labels": {"u1": 1}}, "has class 1, but names only 1"),
    ],
)
def test_what_isn_t_one_class_is_refused(data: dict, says: str):
    """Several classes an image are another task."""
    with pytest.raises(TableError, match=says):
        rows(data)


def test_a_dataset_of_classifications_has_its_classes_names():
    """FiftyOne's form for one field: numbers stand for the names in its list."""
    labels = {"u1": 1, "u2": {"label": 0, "confidence": 0.5}}
    assert rows({"classes": ["cat", "dog"], "labels": labels}) == [
        {"id": "u1", "label": "dog", "confidence": ""},
        {"id": "u2", "label": "cat", "confidence": "0.5"},
    ]
    assert rows({"classes": None, "labels": {"u1": "dog"}}) == [{"id": "u1", "label": "dog"}]


def chosen(*names: str, at: str = "2026-01-01", **more: object) -> dict:
    """Return an annotation or a prediction as Label Studio exports it."""
    value = {"type": "choices", "from_name": "choice", "value": {"choices": list(names)}}
    return {"created_at": at, "result": [value], **more}


def test_tasks_of_label_studio_are_a_table():
    """The newest annotation that wasn't cancelled is the label, the newest prediction the other."""
    task = {
        "id": 7,
        "data": {"image": "/data/upload/1/a.jpg", "site": "north"},
        "annotations": [
            chosen("Dog", at="2026-02-01"),
            chosen("Cat", at="2026-03-01"),
            chosen("Fox", at="2026-04-01", was_cancelled=True),
        ],
        "predictions": [chosen("Dog", at="2026-05-01", score=0.9), chosen("Cat", score=0.1)],
    }
    assert rows([task]) == [
        {
            "image": "/data/upload/1/a.jpg",
            "site": "north",
            "id": "7",
            "label": "Cat",
            "prediction": "Dog",
            "confidence": "0.9",
        }
    ]
    several = task | {"annotations": [chosen("Dog", "Cat")]}
    with pytest.raises(TableError, match="task 1 has several classes \\('Dog', 'Cat'\\)"):
        rows([several])
    blank = rows([task | {"annotations": [], "predictions": []}])
    assert (blank[0]["label"], blank[0]["prediction"]) == ("", "")
