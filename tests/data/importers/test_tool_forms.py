"""JSON of COCO, FiftyOne, transformers, Ultralytics and Label Studio as tables."""

import json

import pytest

from errortool.data.predictions import validate
from errortool.data.tables import Table, parse
from errortool.errors import ErrortoolError, TableError


def read(value: object) -> Table:
    """Return JSON as a table."""
    return parse(json.dumps(value).encode(), "out.json")


def rows(value: object) -> list[dict[str, str]]:
    """Return JSON's rows."""
    return read(value).columns.to_pylist()


def told(value: object) -> str:
    """Return what JSON is refused with."""
    with pytest.raises(ErrortoolError) as error:
        validate(read(value))
    return str(error.value)


COCO = {
    "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 90, "file_name": "b.jpg"}],
    "annotations": [{"image_id": 7, "category_id": 3}, {"image_id": 90, "category_id": 18}],
    "categories": [{"id": 3, "name": "car"}, {"id": 18, "name": "dog"}],
}


def test_coco_annotations_are_labels_by_name():
    """COCO annotations are labels by name."""
    assert rows(COCO) == [
        {"id": "7", "image": "a.jpg", "label": "car"},
        {"id": "90", "image": "b.jpg", "label": "dog"},
    ]
    twice = COCO["annotations"] + [{"image_id": 7, "category_id": 3}]
    assert len(rows({**COCO, "annotations": twice})) == 2


def test_coco_images_of_two_categories_are_refused():
    """COCO images of two categories are refused."""
    other = COCO["annotations"] + [{"image_id": 7, "category_id": 18}]
    assert "image '7' has several categories (car and dog)" in told({**COCO, "annotations": other})
    unknown = [{"image_id": 7, "category_id": 5}]
    assert "category 5, which it doesn't name" in told({**COCO, "annotations": unknown})


def test_coco_results_keep_the_best_score_an_image():
    """COCO results keep the best score an image."""
    results = [
        {"image_id": 7, "category_id": 18, "score": 0.3},
        {"image_id": 7, "category_id": 3, "score": 0.6},
        {"image_id": 90, "category_id": 3, "score": 0.9},
    ]
    table = read(results)
    assert table.columns.to_pylist() == [
        {"id": "7", "prediction": "3", "confidence": "0.6"},
        {"id": "90", "prediction": "3", "confidence": "0.9"},
    ]
    assert table.warnings == ("1 result with a lower score than another of the image was left out",)


def test_results_by_file_name_are_predictions_of_images():
    """Beside an ImageFolder, whose folders are the labels."""
    results = [{"file_name": "cat/a.jpg", "category_id": 3, "score": 0.6}]
    assert rows(results) == [{"image": "cat/a.jpg", "prediction": "3", "confidence": "0.6"}]


def test_fiftyone_evaluations_are_labels_and_predictions():
    """FiftyOne evaluations are labels and predictions."""
    results = {
        "ytrue": ["cat", "dog", "cat"],
        "ypred": ["cat", "cat", "(none)"],
        "confs": [0.9, 0.8, None],
        "ytrue_ids": ["u1", "u2", "u3"],
        "missing": "(none)",
        "classes": ["cat", "dog", "(none)"],
    }
    assert rows(results)[1] == {
        "id": "u2", "label": "dog", "prediction": "cat", "confidence": "0.8",
    }  # fmt: skip
    assert rows(results)[2]["prediction"] == ""


def classification(label: str, confidence: float | None = None) -> dict[str, object]:
    """Return a field of FiftyOne."""
    return {"_cls": "Classification", "label": label, "confidence": confidence}


def sample(**fields: object) -> dict[str, object]:
    """Return a sample of FiftyOne with a path."""
    return {"filepath": "data/a.jpg", **fields}


def test_the_confidence_is_the_predictions():
    """The confidence is the predictions."""
    both = sample(ground_truth=classification("cat", 1.0), predictions=classification("dog", 0.6))
    found = validate(read({"samples": [both]}))
    assert found.sample(1, 0)[0].confidence == 0.6


def test_samples_are_called_so_in_messages():
    """Samples are called so in messages."""
    one = sample(ground_truth=classification("cat"), predictions={"_cls": "Classification"})
    two = sample(ground_truth=classification("cat"), predictions=classification("dog"))
    assert "is empty in sample 1" in told({"samples": [one, two]})


def test_an_evaluation_that_contradicts_the_classes_is_refused():
    """An evaluation that contradicts the classes is refused."""
    good = sample(ground_truth=classification("cat"), pred=classification("dog"), eval=False)
    bad = sample(ground_truth=classification("cat"), pred=classification("dog"), eval=True)
    assert validate(read({"samples": [good]})).errors == 1
    assert "'eval' contradicts 'ground_truth' and 'pred' in sample 2" in told(
        {"samples": [good, bad]}
    )


def test_several_models_in_one_data_set_are_one_question():
    """Several models in one data set are one question."""
    one = sample(
        ground_truth=classification("cat"),
        predictions=classification("dog"),
        prediction=classification("cat"),
    )
    assert "could each be the prediction: choose one with --prediction-column" in told(
        {"samples": [one]}
    )


def test_pipelines_and_summaries_give_the_best_class():
    """Pipelines and summaries give the best class."""
    pipeline = [
        [{"label": "dog", "score": 0.2}, {"label": "cat", "score": 0.7}],
        [{"label": "fox", "score": 0.9}, {"label": "cat", "score": 0.1}],
    ]
    assert rows(pipeline) == [
        {"prediction": "cat", "confidence": "0.7", "top 2": "cat 0.7, dog 0.2"},
        {"prediction": "fox", "confidence": "0.9", "top 2": "fox 0.9, cat 0.1"},
    ]
    summary = [[{"name": "cat", "class": 3, "confidence": 0.7}]]
    assert rows(summary) == [{"prediction": "cat", "confidence": "0.7"}]


def test_lines_are_called_by_their_numbers_in_the_file():
    """Lines are called by their numbers in the file."""
    text = '{"label": "a", "prediction": "b"}\n\n{"label": "", "prediction": "b"}\n'
    with pytest.raises(TableError, match="is empty in line 3"):
        validate(parse(text.encode(), "out.jsonl"))


def annotation(choice: str, by: object, when: str, **more: object) -> dict[str, object]:
    """Return an annotation of Label Studio."""
    result = [{"from_name": "c", "to_name": "i", "type": "choices", "value": {"choices": [choice]}}]
    return {"completed_by": by, "created_at": when, "result": result, **more}


def test_annotators_have_a_column_each():
    """Annotators have a column each."""
    tasks = [
        {
            "id": 1,
            "data": {"image": "a.jpg"},
            "annotations": [
                annotation("cat", {"email": "ann@x.org"}, "2026-01-01"),
                annotation("dog", {"email": "bob@x.org"}, "2026-01-02"),
            ],
        },
        {
            "id": 2,
            "data": {"image": "b.jpg"},
            "annotations": [
                annotation("dog", {"email": "ann@x.org"}, "2026-01-01"),
                annotation("fox", {"email": "bob@x.org"}, "2026-01-03", was_cancelled=True),
            ],
        },
    ]
    first, second = rows(tasks)
    assert first["label"] == "dog"
    assert (first["annotator: ann@x.org"], first["annotator: bob@x.org"]) == ("cat", "dog")
    assert (second["label"], second["annotator: bob@x.org"]) == ("dog", "")
    alone = [{**one, "annotations": one["annotations"][:1]} for one in tasks]
    assert "annotator: ann@x.org" not in rows(alone)[0]


def test_annotations_of_json_min_are_joined_by_task():
    """Annotations of JSON-MIN are joined by task."""
    records = [
        {"id": 1, "image": "a.jpg", "choice": "cat", "annotator": 5, "annotation_id": 10,
         "created_at": "2026-01-01", "lead_time": 3.2},
        {"id": 1, "image": "a.jpg", "choice": {"choices": ["dog"]}, "annotator": 6,
         "annotation_id": 11, "created_at": "2026-01-02", "lead_time": 3.2},
        {"id": 2, "image": "b.jpg", "choice": "fox", "annotator": 5, "annotation_id": 12,
         "created_at": "2026-01-01", "lead_time": 3.2},
    ]  # fmt: skip
    assert rows(records) == [
        {"image": "a.jpg", "id": "1", "label": "dog", "annotator: 5": "cat", "annotator: 6": "dog"},
        {"image": "b.jpg", "id": "2", "label": "fox", "annotator: 5": "fox", "annotator: 6": ""},
    ]
    records[2]["choice"] = {"choices": ["fox", "dog"]}
    assert "task 2 has several classes ('fox', 'dog')" in told(records)


def test_annotations_as_csv_are_those_of_json_min():
    """The newest of a task is its label, also of two annotators; a list of choices is JSON."""
    text = (
        "image,id,choice,annotator,annotation_id,created_at,lead_time\n"
        "a.jpg,1,cat,5,10,2026-01-01,3.2\n"
        'a.jpg,1,"{""choices"": [""dog""]}",6,11,2026-01-02,3.2\n'
        "b.jpg,2,fox,5,12,2026-01-01,3.2\n"
    )
    table = parse(text.encode(), "export.csv")
    assert [
        (one["id"], one["label"], one["annotator: 5"]) for one in table.columns.to_pylist()
    ] == [
        ("1", "dog", "cat"),
        ("2", "fox", "fox"),
    ]
    assert table.unit == "task"
