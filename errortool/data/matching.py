"""Match the dev examples of two tables by their ids, and say what differs between them."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from errortool.data.dev_sets import DevSet
from errortool.errors import SessionError
from errortool.messages import count, quoted, shown

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]

_FOLDERS: Final = 4  # the most folders of a path that are compared


@dataclass(frozen=True, kw_only=True, eq=False)
class Match:
    """The examples that two dev sets share: row `rows_a[i]` of `a` is row `rows_b[i]` of `b`.

    `only_a` and `only_b` count the others. `how` says in words how ids were matched that aren't
    written alike, "" where they are.
    """

    a: DevSet
    b: DevSet
    rows_a: Rows
    rows_b: Rows
    how: str = ""

    def __len__(self) -> int:
        """Return how many examples are shared."""
        return len(self.rows_a)

    @property
    def only_a(self) -> int:
        """How many examples are only in `a`."""
        return len(self.a) - len(self)

    @property
    def only_b(self) -> int:
        """How many examples are only in `b`."""
        return len(self.b) - len(self)

    @cached_property
    def _codes(self) -> NDArray[np.int64]:
        """The classes of `a` as those of `b`; what `b` doesn't know gets numbers of its own."""
        known = {name: code for code, name in enumerate(self.b.names)}
        alike = _unique(self.b.names)
        mine = _unique(self.a.names)
        found = []
        for place, name in enumerate(self.a.names):
            code = known.get(name)
            if code is None and mine.get(_folded(name)) == place:
                code = alike.get(_folded(name))
            found.append(len(self.b.names) + place if code is None else code)
        return np.array(found, dtype=np.int64)

    @cached_property
    def label_changed(self) -> Flags:
        """Which examples have another label in `b`."""
        found: Flags = self._codes[self.a.labels[self.rows_a]] != self.b.labels[self.rows_b]
        return found

    @cached_property
    def same_answer(self) -> Flags:
        """Which examples both models predicted alike."""
        codes = self._codes[self.a.predictions[self.rows_a]]
        found: Flags = codes == self.b.predictions[self.rows_b]
        return found

    @cached_property
    def was_wrong(self) -> Flags:
        """Which predictions of `a` differ from the labels that `a` had."""
        return self.a.wrong[self.rows_a]

    @cached_property
    def wrong_a(self) -> Flags:
        """Which predictions of `a` differ from the labels that `b` has."""
        codes = self._codes[self.a.predictions[self.rows_a]]
        found: Flags = codes != self.b.labels[self.rows_b]
        return found

    @cached_property
    def wrong_b(self) -> Flags:
        """Which predictions of `b` are wrong."""
        return self.b.wrong[self.rows_b]

    @cached_property
    def row_of_b(self) -> Rows:
        """The place among the shared examples of each row of `b`; -1 of those that aren't."""
        return _places(self.rows_b, len(self.b))

    @cached_property
    def row_of_a(self) -> Rows:
        """The place among the shared examples of each row of `a`; -1 of those that aren't."""
        return _places(self.rows_a, len(self.a))

    def differences(self) -> list[str]:
        """Say with numbers what differs, a clause each."""
        found = []
        if self.only_a:
            found.append(f"{count(self.only_a, 'id')} only in {self.a.name}")
        if self.only_b:
            found.append(f"{count(self.only_b, 'id')} only in {self.b.name}")
        changed = int(self.label_changed.sum())
        if changed:
            have = "has" if changed == 1 else "have"
            found.append(f"{count(changed, 'shared example')} {have} another label")
        if self.how:
            found.append(self.how)
        return found


def _places(rows: Rows, number: int) -> Rows:
    found = np.full(number, -1, dtype=np.int64)
    found[rows] = np.arange(len(rows))
    return found


def _unique(names: tuple[str, ...]) -> dict[str, int]:
    """Return each name as it is compared, with its place; not those that several share."""
    folded = [_folded(name) for name in names]
    times = Counter(folded)
    return {name: place for place, name in enumerate(folded) if times[name] == 1}


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name.casefold())


def match(a: DevSet, b: DevSet) -> Match:
    """Match two dev sets by id. Raises SessionError, saying why, if they can't be the same one."""
    rows = a.by_row_number or b.by_row_number
    found = _by_row_number(a, b) if rows else _by_id(a, b)
    if 2 * int(found.label_changed.sum()) > len(found):
        changed = int(found.label_changed.sum())
        message = (
            f"{changed:,} of {count(len(found), 'shared example')} have another label in {b.name} "
            f"than in {a.name}, such as {_example(found)}: write the classes in the same names, or "
            "compare tables of the same dev set"
        )
        raise SessionError(message)
    return found


def _example(found: Match) -> str:
    at = int(np.flatnonzero(found.label_changed)[0])
    row_a, row_b = int(found.rows_a[at]), int(found.rows_b[at])
    labels = found.a.names[found.a.labels[row_a]], found.b.names[found.b.labels[row_b]]
    return f"{shown(labels[1])} instead of {shown(labels[0])} of {shown(found.b.key(row_b))}"


def _by_row_number(a: DevSet, b: DevSet) -> Match:
    """Match row by row, where neither has ids: only if the labels agree in every row."""
    if a.by_row_number != b.by_row_number:
        without, others = (a, b) if a.by_row_number else (b, a)
        message = (
            f"{without.name} has no column of ids or images and {others.name} has one, so their "
            "examples can't be matched: give both the same ids"
        )
        raise SessionError(message)
    if len(a) != len(b):
        message = (
            f"without ids, examples can only be matched row by row, and {a.name} has "
            f"{count(len(a), 'row')}, {b.name} {count(len(b), 'row')}: give both the same ids"
        )
        raise SessionError(message)
    rows = np.arange(len(a))
    found = Match(
        a=a,
        b=b,
        rows_a=rows,
        rows_b=rows,
        how="neither table has ids: examples were matched row by row, since all labels agree",
    )
    changed = np.flatnonzero(found.label_changed)
    if changed.size:
        message = (
            "without ids, examples can only be matched row by row, and the labels differ in "
            f"{count(int(changed.size), 'row')} of {a.name} and {b.name}, first in number "
            f"{int(changed[0]) + 1:,}: give both the same ids"
        )
        raise SessionError(message)
    return found


def _by_id(a: DevSet, b: DevSet) -> Match:
    found = _matched(a, b, a.keys, b.keys)
    least = min(len(a), len(b))
    if 2 * len(found) < least:
        for how, form in _forms():
            other = _reformed(a, b, form, how)
            if other is not None and len(other) > len(found):
                found = other
                break
    if not len(found):
        message = (
            f"{a.name} and {b.name} share no id ({shown(a.key(0))}, ... and {shown(b.key(0))}, "
            "...): they can't be tables of the same dev set, unless another column holds the ids "
            "(--id-column)"
        )
        raise SessionError(message)
    return found


def _matched(
    a: DevSet, b: DevSet, keys_a: pa.ChunkedArray, keys_b: pa.ChunkedArray, how: str = ""
) -> Match:
    if a.keys.equals(b.keys) and not how:
        rows = np.arange(len(a))
        return Match(a=a, b=b, rows_a=rows, rows_b=rows)
    places = pc.index_in(keys_b, value_set=keys_a.combine_chunks())
    rows_b = np.flatnonzero(pc.is_valid(places).to_numpy())
    rows_a = pc.drop_null(places).to_numpy().astype(np.int64)
    return Match(a=a, b=b, rows_a=rows_a, rows_b=rows_b, how=how)


def _reformed(a: DevSet, b: DevSet, form: Callable[[str], str], how: str) -> Match | None:
    """Match ids as another form of theirs; None if that doesn't tell them apart."""
    keys_a, keys_b = (list(map(form, one.keys.to_pylist())) for one in (a, b))
    if len(set(keys_a)) < len(keys_a) or len(set(keys_b)) < len(keys_b):
        return None
    found = _matched(
        a,
        b,
        pa.chunked_array([pa.array(keys_a, pa.large_string())]),
        pa.chunked_array([pa.array(keys_b, pa.large_string())]),
        how,
    )
    if not len(found):
        return None
    row_a, row_b = int(found.rows_a[0]), int(found.rows_b[0])
    return Match(
        a=a,
        b=b,
        rows_a=found.rows_a,
        rows_b=found.rows_b,
        how=f"ids were matched {how}, such as {quoted(a.key(row_a))} with {quoted(b.key(row_b))}",
    )


def _forms() -> Iterator[tuple[str, Callable[[str], str]]]:
    """Yield other forms of ids, the one that changes least first."""
    yield "as whole numbers", _number
    for parts in range(_FOLDERS, 0, -1):
        yield "by the ends of their paths", partial(_end, parts=parts)
    yield "by their files' names", lambda key: _number(_end(key, 1).rpartition(".")[0] or key)


def _number(key: str) -> str:
    """Return an id without zeros in front and decimals that are none.

    >>> _number("0001"), _number("17.0"), _number("dev-01")
    ('1', '17', 'dev-01')
    """
    found = re.fullmatch(r"0*(\d+)(?:\.0*)?", key)
    return found[1] if found else key


def _end(key: str, parts: int) -> str:
    r"""Return the end of a path.

    >>> _end("C:\\data\\dev\\cat\\1.jpg", 2)
    'cat/1.jpg'
    """
    return "/".join(re.split(r"[/\\]+", key.casefold())[-parts:])
