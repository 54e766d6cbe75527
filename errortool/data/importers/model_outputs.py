"""Read what models' own tools write as JSON: COCO's files, and classes with scores.

Of several classes an image the one with the best score is the prediction.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from errortool.data.importers.records import Found, Record, number_of
from errortool.errors import TableError
from errortool.messages import count, shown

_NAMES: Final = ("label", "name", "category", "class_name")
_SCORES: Final = ("score", "confidence", "prob", "probability")


def coco(value: Mapping[str, Any], name: str) -> Found:
    """Return the images of COCO's annotations, each with the name of its category.

    Raises TableError if an image has two categories.
    """
    names = {str(one.get("id")): one.get("name") for one in value["categories"]}
    labels: dict[str, str] = {}
    for one in value["annotations"]:
        image, category = str(one.get("image_id")), str(one.get("category_id"))
        if labels.setdefault(image, category) != category:
            both = " and ".join(str(names.get(each, each)) for each in (labels[image], category))
            fault = (
                f"image {shown(image)} has several categories ({both}): errortool reviews one "
                "label per example"
            )
            raise TableError(name, [fault])
    unknown = sorted(set(labels.values()) - names.keys())
    if unknown:
        raise TableError(name, [f"has annotations of category {unknown[0]}, which it doesn't name"])
    return Found(
        records=[
            {
                "id": str(one.get("id")),
                "image": one.get("file_name"),
                "label": names.get(labels.get(str(one.get("id")), "")),
            }
            for one in value["images"]
        ]
    )


def are_results(values: Sequence[Any]) -> bool:
    """Return whether these are COCO's results: categories by number, with scores."""
    return bool(values) and all(
        {"category_id", "score"} <= one.keys() and _image_key(one) is not None for one in values
    )


def _image_key(one: Record) -> str | None:
    return next((key for key in ("image_id", "file_name") if key in one), None)


def results(values: Sequence[Record]) -> Found:
    """Return COCO's results: the best category an image."""
    best: dict[str, Record] = {}
    for one in values:
        image = str(one[_image_key(one) or ""])
        if image not in best or number_of(one["score"]) > number_of(best[image]["score"]):
            best[image] = one
    return Found(
        records=[
            {
                "id" if "image_id" in one else "image": image,
                "prediction": one["category_id"],
                "confidence": one["score"],
            }
            for image, one in best.items()
        ],
        warnings=_left_out(len(values) - len(best)),
    )


def _left_out(number: int) -> tuple[str, ...]:
    if not number:
        return ()
    were = "was" if number == 1 else "were"
    said = f"{count(number, 'result')} with a lower score than another of the image {were} left out"
    return (said,)


def are_scored(values: Sequence[Any]) -> bool:
    """Return whether these are lists of classes with scores, one an image."""
    return bool(values) and all(
        isinstance(one, list)
        and one
        and all(isinstance(each, dict) for each in one)
        and _scored(one[0]) is not None
        for one in values
    )


def scored(values: Sequence[Sequence[Record]]) -> Found:
    """Return the best class of each image, of transformers' pipeline or Ultralytics' summary."""
    records = []
    for classes in values:
        key, score = _scored(classes[0]) or ("", "")
        best = max(classes, key=lambda one: number_of(one.get(score)))
        ranked = sorted(classes, key=lambda one: -number_of(one.get(score)))[:3]
        top = ", ".join(f"{one.get(key)} {number_of(one.get(score)):.3g}" for one in ranked)
        records.append(
            {"prediction": best.get(key), "confidence": best.get(score)}
            | ({f"top {len(ranked)}": top} if len(ranked) > 1 else {})
        )
    return Found(records=records)


def _scored(one: Record) -> tuple[str, str] | None:
    """Return the keys of the class and its score; None if it isn't such."""
    key = next((name for name in _NAMES if name in one), None)
    score = next((name for name in _SCORES if name in one), None)
    return None if key is None or score is None else (key, score)
