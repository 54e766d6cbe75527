"""Find which column of a predictions table plays which role, whatever people call it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from typing import Final

from errortool.errors import AmbiguousColumnsError, TableError
from errortool.messages import listed
from errortool.model import Columns

ROLES: Final = tuple(field.name for field in fields(Columns))
"""label, prediction, id, image, confidence, weight."""

_REQUIRED: Final = ("label", "prediction")

# Names that clearly mean the role, and names that may: these count only where no clear one is.
_CLEAR: Final[Mapping[str, frozenset[str]]] = {
    "id": frozenset("id exampleid sampleid recordid itemid rowid dataid uid uuid guid key".split()),
    "image": frozenset(
        "image imagepath imagefile imagefilename img imgpath imgfile file filename filepath path "
        "picture photo".split()
    ),
    "label": frozenset(
        "label true ytrue truelabel labeltrue trueclass target groundtruth groundtruthlabel gt "
        "expected expectedlabel actual actuallabel gold goldlabel truth".split()
    ),
    "prediction": frozenset(
        "prediction predictions pred preds ypred predicted predictedlabel predictionlabel "
        "predlabel labelpred output yhat".split()
    ),
    "confidence": frozenset("confidence conf confidencescore predictionconfidence".split()),
    "weight": frozenset("weight weights sampleweight exampleweight importance".split()),
}
_POSSIBLE: Final[Mapping[str, frozenset[str]]] = {
    "id": frozenset("imageid imgid index idx".split()),
    "image": frozenset("imagename name url imageurl uri".split()),
    "label": frozenset("class classname classlabel labels targets y category".split()),
    "prediction": frozenset(
        "predictedclass predictionclass predclass modeloutput modelprediction top1 guess".split()
    ),
    "confidence": frozenset(
        "score scores probability prob probs maxprob maxprobability predprob "
        "predictionprobability certainty".split()
    ),
    "weight": frozenset(),
}


def plain(name: str) -> str:
    """Return a column's name without case and punctuation.

    >>> plain(" Image Path"), plain("y_true")
    ('imagepath', 'ytrue')
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def detect(
    names: Sequence[str], chosen: Mapping[str, str], source: str, *, only_chosen: bool = False
) -> Columns:
    """Return which of the columns `names` play which role.

    Columns `chosen` by hand win; with `only_chosen` no other role is looked for. `source` names the
    file in messages. Raises TableError if a required role has no column or a chosen column is
    missing, and AmbiguousColumnsError if several columns could play one role.
    """
    faults: list[str] = []
    found: dict[str, str | None] = {}
    for role, column in chosen.items():
        match = _named(column, names)
        if match is None:
            faults.append(_no_such_column(column, names, role))
        found[role] = match
    taken = set(found.values())
    candidates = {
        role: [] if only_chosen else _candidates(role, [n for n in names if n not in taken])
        for role in ROLES
        if role not in found
    }
    _settle_label(candidates)
    found |= {role: columns[0] for role, columns in candidates.items() if len(columns) == 1}
    ambiguous = {role: columns for role, columns in candidates.items() if len(columns) > 1}
    faults += [
        f"columns {listed(columns)} could each be the {role}: choose one with {option(role)}"
        for role, columns in ambiguous.items()
    ]
    faults += [
        f"no column for the {role} among {listed(names)}: name it with {option(role)}"
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
    return Columns(**{role: name for role, name in found.items() if name is not None})


def _no_header(names: Sequence[str], candidates: Mapping[str, Sequence[str]]) -> list[str]:
    """Hint at the cause when required columns weren't recognised."""
    if len(names) == 1:
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


def guess(names: Sequence[str]) -> dict[str, str | None]:
    """Return for each role the only column that could play it; None if none or several could."""
    candidates = {role: _candidates(role, names) for role in ROLES}
    _settle_label(candidates)
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
