"""Find which column of a predictions table plays which role, whatever people call it."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Final

from errortool.errors import AmbiguousColumnsError, TableError
from errortool.messages import listed
from errortool.model import Columns

ROLES: Final = tuple(field.name for field in fields(Columns))
"""label, prediction, id, image, confidence, weight."""

_REQUIRED: Final = ("label", "prediction")
_HELP: Final = {"label": ", or give --label-from-folder", "prediction": ""}
_MOST: Final = 0.9  # of the cells, so that one oddity changes nothing
_SEVERAL: Final = 2

# Names that clearly mean the role, and names that may: these count only where no clear one is.
_CLEAR: Final[Mapping[str, frozenset[str]]] = {
    "id": frozenset("id exampleid sampleid recordid itemid rowid dataid uid uuid guid key".split()),
    "image": frozenset(
        "image imagepath imagefile imagefilename img imgpath imgfile file filename filepath path "
        "picture photo".split()
    ),
    "label": frozenset(
        "label true ytrue ytest truelabel labeltrue trueclass target groundtruth groundtruthlabel "
        "gt expected expectedlabel actual actuallabel gold goldlabel truth givenlabel".split()
    ),
    "prediction": frozenset(
        "prediction predictions pred preds ypred predicted predictedlabel predictionlabel "
        "predlabel labelpred output outputs yhat".split()
    ),
    "confidence": frozenset("confidence conf confidencescore predictionconfidence".split()),
    "weight": frozenset("weight weights sampleweight exampleweight importance".split()),
}
_POSSIBLE: Final[Mapping[str, frozenset[str]]] = {
    "id": frozenset("imageid imgid index idx".split()),
    "image": frozenset(
        "imagename relativepath relpath absolutepath fileid fullpath name url imageurl uri".split()
    ),
    "label": frozenset("class classname classlabel labels targets y category".split()),
    "prediction": frozenset(
        "predictedclass predictionclass predclass modeloutput modelprediction top1 guess".split()
    ),
    "confidence": frozenset(
        "predconfidence predictedconfidence score scores probability prob probs maxprob "
        "maxprobability predprob predictionprobability certainty".split()
    ),
    "weight": frozenset(),
}

# `true_X` and `pred_X` are a pair whatever X is; so are `X_true` and `X_pred`.
_TRUE: Final = "groundtruth true truth actual gt given original target gold expected real"
_PREDICTED: Final = "predicted prediction preds pred predict"
_TRUE_X: Final = re.compile(f"(?:{_TRUE.replace(' ', '|')})(.*)|(.*?)(?:{_TRUE.replace(' ', '|')})")
_PREDICTED_X: Final = re.compile(
    f"(?:{_PREDICTED.replace(' ', '|')})(.*)|(.*?)(?:{_PREDICTED.replace(' ', '|')})"
)
_NAMED: Final = re.compile(r"name|text|str|string")
_NUMBERED: Final = re.compile(r"index|idx|id|num|number|no|code|int|encoded")

PICTURE: Final = re.compile(
    r".*\.(jpe?g|png|webp|gif|bmp|tiff?|avif|heic|dcm|jp2|ppm|pgm)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the cells tell where names leave it open: a column's first ones, and if any repeats."""

    first: Callable[[str], Sequence[str]] = lambda _: ()
    repeats: Callable[[str], bool] = lambda _: False


_NAMES_ALONE: Final = Evidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """Which column plays which role, and clauses about what was chosen from several."""

    columns: Columns
    warnings: tuple[str, ...] = ()


def plain(name: str) -> str:
    """Return a column's name without case and punctuation.

    >>> plain(" Image Path"), plain("y_true")
    ('imagepath', 'ytrue')
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def detect(
    names: Sequence[str],
    chosen: Mapping[str, str],
    source: str,
    *,
    evidence: Evidence = _NAMES_ALONE,
    only_chosen: bool = False,
) -> Detected:
    """Return which of the columns `names` play which role.

    Columns `chosen` by hand win; with `only_chosen` no other role is looked for. `source` names the
    file in messages; `evidence` tells apart columns whose names leave it open.

    Several columns for the label or the prediction are a question, unless a pair of columns such as
    `true_name` and `pred_name` is among them; for any other role the likeliest is taken, and told.
    Raises TableError if a required role has no column or a chosen column is missing, and
    AmbiguousColumnsError if several columns could be the label or the prediction.
    """
    faults: list[str] = []
    found: dict[str, str | None] = {}
    for role, column in chosen.items():
        match = _named(column, names)
        if match is None:
            faults.append(_no_such_column(column, names, role))
        found[role] = match
    if not only_chosen:
        found |= _partner(found, names)
    candidates: dict[str, list[str]] = {role: [] for role in ROLES if role not in found}
    warnings: list[str] = []
    if not only_chosen:
        candidates = _likely([n for n in names if n not in found.values()], candidates, evidence)
        warnings = _settle_optional(candidates, evidence)
        if "image" not in found and not candidates["image"]:
            warnings += _settle_image(names, found, candidates, evidence)
    found |= {role: columns[0] for role, columns in candidates.items() if len(columns) == 1}
    ambiguous = {role: columns for role, columns in candidates.items() if len(columns) > 1}
    faults += _questions(ambiguous)
    faults += [
        f"no column for the {role} among {listed(names)}: name it with {option(role)}{_HELP[role]}"
        for role in _REQUIRED
        if candidates.get(role) == []
    ]
    if any(candidates.get(role) == [] for role in _REQUIRED):
        faults += _no_header(names, candidates)
    faults += _played_twice(found)
    if ambiguous:
        raise AmbiguousColumnsError(source, faults, ambiguous)
    if faults:
        raise TableError(source, faults)
    columns = Columns(**{role: name for role, name in found.items() if name is not None})
    return Detected(columns=columns, warnings=tuple(warnings))


def _likely(
    names: Sequence[str], open_: Mapping[str, object], evidence: Evidence
) -> dict[str, list[str]]:
    """Return the columns that could play each of the open roles; one where that is settled."""
    candidates = {role: _candidates(role, names) for role in open_}
    _settle_label(candidates)
    if not {"label", "prediction"} <= candidates.keys():
        return candidates
    if len(candidates["label"]) != 1 or len(candidates["prediction"]) != 1:
        pairs = _pairs(names)
        if not any(x for x, _, _ in pairs) and max(map(len, _required(candidates))) > 1:
            pairs = []  # `target` and `pred` beside `y_true`: nothing makes them the pair
        best = _best_pairs(pairs, evidence)
        if best:
            candidates["label"] = list(dict.fromkeys(true for _, true, _ in best))
            candidates["prediction"] = list(dict.fromkeys(predicted for *_, predicted in best))
        elif not candidates["prediction"]:
            candidates["prediction"] = _first_of_many(
                names, "label class classname pred prediction"
            )
            if not candidates["confidence"] and candidates["prediction"]:
                candidates["confidence"] = _first_of_many(names, "prob")
    return candidates


def _partner(found: Mapping[str, str | None], names: Sequence[str]) -> dict[str, str]:
    """Return the other column of a pair of which one was chosen by hand."""
    for _, true, predicted in _pairs(names):
        if found.get("label") == true and "prediction" not in found:
            return {"prediction": predicted}
        if found.get("prediction") == predicted and "label" not in found:
            return {"label": true}
    return {}


def _questions(ambiguous: Mapping[str, Sequence[str]]) -> list[str]:
    """Ask which column is meant; pairs are one question."""
    label, prediction = (ambiguous.get(role, []) for role in _REQUIRED)
    pairs = [(true, predicted) for _, true, predicted in _pairs([*label, *prediction])]
    if len(pairs) > 1 and pairs == list(zip(label, prediction, strict=False)):
        both = " and ".join(f"{true!r} with {predicted!r}" for true, predicted in pairs)
        return [
            f"columns {both} could each be the label and the prediction: choose with "
            f"{option('label')}"
        ]
    return [
        f"columns {listed(columns)} could each be the {role}: choose one with {option(role)}"
        for role, columns in ambiguous.items()
    ]


def _required(candidates: Mapping[str, Sequence[str]]) -> list[Sequence[str]]:
    return [candidates[role] for role in _REQUIRED]


def _pairs(names: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return what is named twice: X, the column of its true and that of its predicted values.

    >>> _pairs(["true_class", "Predicted Class", "y_pred", "score"])
    [('class', 'true_class', 'Predicted Class')]
    """
    of: list[dict[str, str]] = []
    for pattern in (_TRUE_X, _PREDICTED_X):
        matches = ((name, pattern.fullmatch(plain(name))) for name in names)
        of.append({match[1] or match[2] or "": name for name, match in matches if match})
    true, predicted = of
    return [(x, name, predicted[x]) for x, name in true.items() if x in predicted]


def _best_pairs(
    pairs: Sequence[tuple[str, str, str]], evidence: Evidence
) -> list[tuple[str, str, str]]:
    """Return the pair to take, or several of which one has to be chosen: names beat numbers."""

    def rank(pair: tuple[str, str, str]) -> int:
        ending = re.search(f"(?:({_NAMED.pattern})|({_NUMBERED.pattern}))$", pair[0])
        return 1 if ending is None else 0 if ending[1] else 2

    best = [pair for pair in pairs if rank(pair) == min(map(rank, pairs))]
    if len(best) > 1:
        named = [pair for pair in best if not any(map(_numeric, map(evidence.first, pair[1:])))]
        best = named if named and any(any(evidence.first(pair[1])) for pair in best) else best
    return best


def _numeric(values: Sequence[str]) -> bool:
    """Return whether a column holds numbers."""
    filled = [value.strip() for value in values if value.strip()]
    return bool(filled) and all(re.fullmatch(r"[+-]?\d+(\.\d+)?", value) for value in filled)


def _first_of_many(names: Sequence[str], stems: str) -> list[str]:
    """Return the first of several columns such as `label_0`, `label_1`: a model's best guess.

    >>> _first_of_many(["target", "label_0", "label_1", "prob_0", "prob_1"], "label pred")
    ['label_0']
    """
    numbered: dict[str, dict[int, str]] = {}
    for name in names:
        if match := re.fullmatch(r"([a-z]+)[_ .-]?(\d+)", name.strip().casefold()):
            numbered.setdefault(match[1], {})[int(match[2])] = name
    found = [numbered[stem] for stem in stems.split() if len(numbered.get(stem, ())) > 1]
    return [of[min(of)] for of in found[:1] if min(of) in {0, 1}]


def _settle_optional(candidates: dict[str, list[str]], evidence: Evidence) -> list[str]:
    """Take one column for each role that may have none, and tell which from several."""
    if candidates.get("image") and "id" in candidates:
        candidates["id"] = [  # an `index` that repeats is the number of a class
            name
            for name in candidates["id"]
            if plain(name) in _CLEAR["id"] or not evidence.repeats(name)
        ]
    warnings = []
    for role, columns in candidates.items():
        if role in _REQUIRED or len(columns) < _SEVERAL:
            continue
        taken = min(columns, key=lambda name: _fitness(role, name, evidence.first(name)))
        candidates[role] = [taken]
        if any(plain(name) != plain(taken) for name in columns):
            warnings.append(
                f"columns {listed(columns)} could each be the {role}: {taken!r} was taken "
                f"({option(role)} chooses another)"
            )
    return warnings


def _fitness(role: str, name: str, values: Sequence[str]) -> tuple[bool, ...]:
    """Return how well a column fits a role; the best sorts first."""
    exact = name.strip().casefold() == role
    if role == "image":
        return (not _pictures(values), not exact, plain(name) != role)
    if role == "confidence":
        return (not exact, plain(name) != role, not _numeric(values))
    return (not exact, plain(name) != role)


def _settle_image(
    names: Sequence[str],
    found: Mapping[str, str | None],
    candidates: dict[str, list[str]],
    evidence: Evidence,
) -> list[str]:
    """Take a column that holds names of pictures for the image, whatever it is called."""
    required = [*found.values(), *(n for role in _REQUIRED for n in candidates.get(role, ()))]
    pictures = [name for name in names if name not in required and _pictures(evidence.first(name))]
    if not pictures:
        return []
    image = pictures[0]
    candidates["image"] = [image]
    for role, columns in candidates.items():
        if role not in {"image", *_REQUIRED}:
            candidates[role] = [name for name in columns if name != image]
    return [
        f"column {image!r} holds the names of pictures and was taken for the image "
        f"({option('image')} chooses another)"
    ]


def _pictures(values: Sequence[str]) -> bool:
    filled = [value for value in values if value.strip()]
    named = sum(PICTURE.fullmatch(value.strip()) is not None for value in filled)
    return bool(filled) and named >= _MOST * len(filled)


def _no_header(names: Sequence[str], candidates: Mapping[str, Sequence[str]]) -> list[str]:
    """Hint at the cause when required columns weren't recognised."""
    if len(names) == 1 and not any(candidates.values()):
        return ["it has only one column: separate the cells with commas, semicolons or tabs"]
    if not any(candidates.values()):
        return ["is row 1 the header? the first row must name the columns"]
    return []


def _played_twice(found: Mapping[str, str | None]) -> list[str]:
    """Report columns that were chosen for two roles."""
    roles: dict[str, list[str]] = {}
    for role, name in found.items():
        if name is not None:
            roles.setdefault(name, []).append(role)
    return [
        f"column {name!r} can't be the {' and the '.join(played)} at once"
        for name, played in roles.items()
        if len(played) > 1
    ]


def guess(names: Sequence[str], evidence: Evidence = _NAMES_ALONE) -> dict[str, str | None]:
    """Return for each role the column that likely plays it; None if none or several could."""
    candidates = _likely(names, dict.fromkeys(ROLES), evidence)
    _settle_optional(candidates, evidence)
    if not candidates["image"]:
        _settle_image(names, {}, candidates, evidence)
    return {role: found[0] if len(found) == 1 else None for role, found in candidates.items()}


def called(role: str, names: Sequence[str], own: str | None) -> list[str]:
    """Return the columns of another table whose names fit a role, the best first.

    `own` is the name of that column in the predictions table; after it come clear names.

    >>> called("id", ["key", "id", "Shot", "index"], own="shot")
    ['Shot', 'id', 'key']
    """
    mine = _named(own, names) if own is not None else None
    clear = sorted(
        (name for name in names if plain(name) in _CLEAR[role]),
        key=lambda name: plain(name) != role,
    )
    return list(dict.fromkeys([*([] if mine is None else [mine]), *clear]))


def option(role: str) -> str:
    """Return the command line's option that names the column of a role."""
    return f"--{role}-column"


def _named(column: str, names: Sequence[str]) -> str | None:
    """Return the column of that name: spelt exactly so, else the only one that is alike."""
    if column in names:
        return column
    alike = [name for name in names if plain(name) == plain(column)]
    return alike[0] if len(alike) == 1 else None


def _no_such_column(column: str, names: Sequence[str], role: str) -> str:
    close = get_close_matches(column, names, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"it has {listed(names)}"
    return f"there is no column {column!r} for {option(role)}: {hint}"


def _candidates(role: str, names: Sequence[str]) -> list[str]:
    clear = [name for name in names if plain(name) in _CLEAR[role]]
    return clear or [name for name in names if plain(name) in _POSSIBLE[role]]


def _settle_label(candidates: dict[str, list[str]]) -> None:
    """Take `label` beside `true_label` for the prediction, if no other column is one."""
    labels = candidates.get("label", [])
    bare = [name for name in labels if plain(name) == "label"]
    if len(bare) == 1 and len(labels) > 1 and candidates.get("prediction") == []:
        candidates["prediction"] = bare
        labels.remove(bare[0])
