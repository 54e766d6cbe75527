"""Read what FiftyOne exports: samples, labels of an image classification, evaluation results."""

from collections.abc import Mapping, Sequence
from typing import Any

from errortool.data.columns import guess
from errortool.data.importers.records import Found, Record
from errortool.errors import TableError
from errortool.messages import listed, rows_text, shown


def samples(values: Sequence[object], name: str) -> Found:
    """Return the samples of a FiftyOneDataset: each field of a classification as its label.

    The confidence is the prediction's. Raises TableError for a sample with a list of classes, or
    whose evaluation contradicts its own classes.
    """
    made = [_sample(number, one, name) for number, one in enumerate(values, start=1)]
    fields = list(dict.fromkeys(key for one in made for key in one))
    roles = guess([field for field in fields if not field.endswith(_CONFIDENCE)])
    label, prediction = roles["label"], roles["prediction"]
    sure = [field for field in fields if field.endswith(_CONFIDENCE)]
    taken = f"{prediction}{_CONFIDENCE}" if len(sure) > 1 else next(iter(sure), "")
    _refuse_contradictions(made, label, prediction, name)
    return Found(
        records=[
            {"confidence" if key == taken else key: value for key, value in one.items()}
            for one in made
        ],
        unit="sample",
    )


_CONFIDENCE = ".confidence"


def _sample(number: int, sample: object, name: str) -> dict[str, Any]:
    if not isinstance(sample, dict):
        raise TableError(name, [f"sample {number} is no object: export the dataset again"])
    made: dict[str, Any] = {}
    for key, value in sample.items():
        kind = value.get("_cls") if isinstance(value, dict) else None
        if kind == "Classification":
            made[key] = value.get("label")
            if value.get("confidence") is not None:
                made[key + _CONFIDENCE] = value["confidence"]
        elif kind is not None:
            fault = f"sample {number} has {kind} in {shown(key)}, not one class: export that field"
            if kind == "Classifications":
                raise TableError(name, [fault])
        elif key == "_id":
            made["id"] = value.get("$oid") if isinstance(value, dict) else value
        elif key == "tags" and isinstance(value, list):
            made["tags"] = ", ".join(map(str, value))
        elif not isinstance(value, dict):
            made[key] = value
    return made


def _refuse_contradictions(
    made: Sequence[Record], label: str | None, prediction: str | None, name: str
) -> None:
    """Raise TableError where `eval` doesn't say whether label and prediction agree."""
    if label is None or prediction is None:
        return
    odd = [
        number
        for number, one in enumerate(made, start=1)
        if isinstance(one.get("eval"), bool)
        and None not in {one.get(label), one.get(prediction)}
        and one["eval"] != (one.get(label) == one.get(prediction))
    ]
    if odd:
        where = rows_text(odd, "sample")
        fault = (
            f"'eval' contradicts {listed([label, prediction])} in {where}: evaluate again, or "
            "choose the fields that were evaluated with --label-column and --prediction-column"
        )
        raise TableError(name, [fault])


def labels(classes: object, values: Mapping[str, Any], name: str) -> Found:
    """Return a FiftyOneImageClassificationDataset: an id and its label."""
    names = classes if isinstance(classes, list) else None

    def named(value: object) -> object:
        if names is None or not str(value).isdigit():
            return value
        if int(str(value)) >= len(names):
            raise TableError(name, [f"has class {value}, but names only {len(names)}"])
        return names[int(str(value))]

    return Found(
        records=[
            {
                "id": key,
                **(
                    {**one, "label": named(one.get("label"))}
                    if isinstance(one, dict)
                    else {"label": named(one)}
                ),
            }
            for key, one in values.items()
        ]
    )


def evaluation(value: Mapping[str, Any], name: str) -> Found:
    """Return the results of `evaluate_classifications`: what stands in `ytrue`, `ypred`, `confs`.

    A missing prediction, as `missing` says, is blank.
    """
    columns = {
        "id": value.get("ytrue_ids") or value.get("ypred_ids"),
        "label": value["ytrue"],
        "prediction": value["ypred"],
        "confidence": value.get("confs"),
    }
    given = {key: one for key, one in columns.items() if isinstance(one, list)}
    if len({len(one) for one in given.values()}) > 1:
        raise TableError(name, ["has lists of different lengths: export the results again"])
    missing = value.get("missing")
    return Found(
        records=[
            {
                key: None if one == missing and missing is not None else one
                for key, one in zip(given, row, strict=True)
            }
            for row in zip(*given.values(), strict=True)
        ]
    )
