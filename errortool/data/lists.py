"""Read cells that hold a list: `['cat']` is the class cat, while `['cat' 'dog']` is ambiguous.

Programs write a list of one where a model can give several answers, and numpy writes arrays so.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from errortool.data.tables import Table
from errortool.messages import count, shown
from errortool.model import Columns

_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
_ITEM: Final = re.compile(
    r"(?P<numpy>np\.\w+\()?"
    r"(?:'(?P<single>(?:[^'\\]++|\\.)*+)'|\"(?P<double>(?:[^\"\\]++|\\.)*+)\""
    rf"|(?P<bare>{_NUMBER.pattern}|True|False))"
    r"(?(numpy)\))",
    re.IGNORECASE | re.DOTALL,
)
_BETWEEN: Final = re.compile(r"\s*,\s*|\s+|\Z")
_ESCAPED: Final = re.compile(r"\\(u(?!d[89a-f])[0-9a-f]{4}|.)", re.IGNORECASE | re.DOTALL)


def items(text: str) -> tuple[str, ...] | None:
    """Return what a list holds, as Python, JSON and numpy write it; None if it isn't one.

    A few words in brackets are none, nor are numbers in parentheses: these are names of classes.

    >>> items("['cat']"), items("[3 5]"), items("('cat',)")
    (('cat',), ('3', '5'), ('cat',))
    >>> items("[cat]"), items("(25, 32)"), items("('cat')"), items("A|B")
    (None, None, None, None)
    """
    text = text.strip()
    if len(text) < len("[]") or text[0] + text[-1] not in {"[]", "()"}:
        return None
    found = _parts(text[1:-1].strip())
    if found is None or text[0] == "[":
        return found
    named = any(not _NUMBER.fullmatch(part) for part in found)
    one = len(found) == 1 and re.search(r",\s*\)$", text) is not None
    return found if one or (len(found) > 1 and named) else None


def _parts(inside: str) -> tuple[str, ...] | None:
    parts = []
    at = 0
    while at < len(inside):
        item = _ITEM.match(inside, at)
        between = item and _BETWEEN.match(inside, item.end())
        if item is None or between is None:
            return None
        quoted_part = item["single"] if item["double"] is None else item["double"]
        parts.append(item["bare"] if quoted_part is None else _unescaped(quoted_part))
        at = between.end()
    return tuple(parts)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda escape: _letter(escape[1]), text)


def _letter(escape: str) -> str:
    """Return what stands behind a backslash, as Python and JSON write it."""
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return {"n": "\n", "t": "\t", "r": "\r"}.get(escape, escape)


Held = tuple[str, ...]
Test = Callable[[Held], bool]


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists in a column: its distinct texts, and what those of them hold that are lists."""

    column: pa.DictionaryArray
    texts: Sequence[str]
    held: Mapping[int, Held]

    def where(self, test: Test) -> pa.Array:
        """Return for each row whether its cell is a list that passes a test."""
        places = [place for place, held in self.held.items() if test(held)]
        return pc.is_in(self.column.indices, value_set=pa.array(places, self.column.indices.type))

    def firsts(self, test: Test) -> pa.Array:
        """Return the column with its first value in the place of each list that passes a test."""
        texts = list(self.texts)
        for place, held in self.held.items():
            if test(held):
                texts[place] = held[0] if held else ""
        return pa.array(texts, pa.large_string()).take(self.column.indices)

    def counts(self, test: Test) -> Counter[int]:
        """Return how many cells hold each list that passes a test, by its place."""
        counted = pc.value_counts(self.column.indices.filter(self.where(test))).to_pylist()
        return Counter({one["values"]: one["counts"] for one in counted})


def _lists(column: pa.ChunkedArray) -> _Lists | None:
    """Return the lists in a column, None if there are none: so it is in most tables."""
    flat = column.combine_chunks()
    text = flat.buffers()[2]
    whole = b"" if text is None else text.to_pybytes()
    if b"[" not in whole and b"(" not in whole:
        return None
    encoded = flat.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    held = {place: found for place, text in enumerate(texts) if (found := items(text)) is not None}
    return _Lists(encoded, texts, held) if held else None


def _any(_: Held) -> bool:
    return True


def _single(held: Held) -> bool:
    return len(held) <= 1


def _several(held: Held) -> bool:
    return len(held) > 1


def read(table: Table, columns: Columns, warnings: list[str], faults: list[str]) -> Table:
    """Return the table with the class in the place of each list of one class.

    Of several predictions the first is taken where the probabilities in another column descend, so
    that it is the likeliest; otherwise they are a fault, as several labels are.
    """
    labels = _lists(table.columns.column(columns.label))
    predictions = _lists(table.columns.column(columns.prediction))
    ranked: _Ranked | None = None
    if labels is not None:
        _refuse_several(table, columns.label, "label", labels, faults)
        table = table.with_column(columns.label, labels.firsts(_single))
    if predictions is not None:
        ranked = _ranked(table, columns, predictions)
        if ranked is None:
            _refuse_several(table, columns.prediction, "prediction", predictions, faults)
        else:
            warnings.append(ranked.text(predictions))
        table = table.with_column(
            columns.prediction, predictions.firsts(_any if ranked else _single)
        )
    warnings += _single_text([one for one in (labels, predictions) if one is not None])
    return _with_confidences(table, columns, ranked, warnings)


def _single_text(columns: Sequence[_Lists]) -> list[str]:
    """Say which lists of one class were read as it, with the most frequent as the example."""
    counts: Counter[tuple[str, str]] = Counter()
    for lists in columns:
        for place, cells in lists.counts(lambda held: len(held) == 1).items():
            counts[lists.texts[place], lists.held[place][0]] += cells
    if not counts:
        return []
    text, final = counts.most_common(1)[0][0]
    return [
        f"lists of one class were read as the class, e.g. {shown(text)} as {shown(final)} "
        f"({count(counts.total(), 'cell')})"
    ]


def _refuse_several(table: Table, name: str, role: str, lists: _Lists, faults: list[str]) -> None:
    """Report lists of several labels or predictions."""
    rows = table.rows.filter(lists.where(_several)).to_pylist()
    if not rows:
        return
    place, held = next((place, held) for place, held in lists.held.items() if _several(held))
    what = "numbers" if all(map(_NUMBER.fullmatch, held)) else "classes"
    why = (
        "errortool reviews one label per example"
        if role == "label"
        else "no column of descending probabilities tells that the first is the likeliest"
    )
    faults.append(
        f"column {name!r} ({role}) holds several {what} in {table.where(rows)}, e.g. "
        f"{shown(lists.texts[place])}: {why}, so write the one class in each cell"
    )


# --- several predictions, the likeliest first ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Lists of predictions, in the `rows` (a mask), ranked by the probabilities in a `column`."""

    column: str
    rows: pa.Array

    def text(self, lists: _Lists) -> str:
        """Say that the first was taken, with an example."""
        cells = lists.counts(_several)
        place = cells.most_common(1)[0][0]
        return (
            "of lists of several predictions the first was taken, as the probabilities in column "
            f"{self.column!r} descend, e.g. {shown(lists.held[place][0])} of "
            f"{shown(lists.texts[place])} ({count(cells.total(), 'cell')})"
        )


def _ranked(table: Table, columns: Columns, lists: _Lists) -> _Ranked | None:
    """Return the column whose probabilities rank all lists of several predictions, if any does."""
    rows = lists.where(_several)
    if not pc.any(rows).as_py():
        return None
    sizes = [len(lists.held[place]) for place in lists.column.indices.filter(rows).to_pylist()]
    others = [name for name in table.names if name not in {columns.label, columns.prediction}]
    for name in sorted(others, key=lambda name: name != columns.confidence):
        cells = table.columns.column(name).filter(rows)
        if cells[0].as_py().strip()[:1] == "[" and all(
            _descend(items(cell), size) for cell, size in zip(cells.to_pylist(), sizes, strict=True)
        ):
            return _Ranked(name, rows)
    return None


def _descend(held: Held | None, size: int) -> bool:
    """Return whether a list holds so many probabilities, the greatest first."""
    if held is None or len(held) != size or not all(map(_NUMBER.fullmatch, held)):
        return False
    values = [float(one) for one in held]
    return values == sorted(values, reverse=True) and values[-1] >= 0 and values[0] <= 1


def _with_confidences(
    table: Table, columns: Columns, ranked: _Ranked | None, warnings: list[str]
) -> Table:
    """Return the table with numbers in the place of lists of them, as its predictions were read."""
    name = columns.confidence
    lists = None if name is None else _lists(table.columns.column(name))
    if name is None or lists is None:
        return table
    values = lists.firsts(_single)
    if ranked is not None and ranked.column == name:
        values = pc.if_else(ranked.rows, lists.firsts(_any), values)
    cells = lists.counts(lambda held: len(held) == 1).total()
    if cells:
        warnings.append(
            f"lists of one number in column {name!r} were read as the number "
            f"({count(cells, 'cell')})"
        )
    return table.with_column(name, values)
