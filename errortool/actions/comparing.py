"""Compare two sessions, or two tables of predictions, on the dev examples that both have."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from errortool.actions import choices, dev_sets, rounds
from errortool.actions.new_session import checked
from errortool.analysis import comparison, paired, sample
from errortool.analysis.comparison import Comparison, Models, Round, Shared
from errortool.analysis.sample import ENOUGH
from errortool.analysis.study import Study
from errortool.data import matching, sampling, tables
from errortool.data.dev_sets import DevSet
from errortool.data.matching import Match
from errortool.errors import ErrortoolError, SessionError
from errortool.messages import count, quoted
from errortool.model import (
    LEVEL,
    NOT_LOOKED_AT,
    Category,
    Judged,
    Part,
    PartOf,
    Session,
    Subset,
)
from errortool.store import Store

Flags = NDArray[np.bool_]
Ticks = NDArray[np.int8]

_MOST_MODELS: Final = 40
_MOST_ROUNDS: Final = 20
_CLASS: Final = "label"


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One of two models: all its predictions, and its session if they are one's."""

    name: str
    dev_set: DevSet
    session: Session | None = None


def side(store: Store | None, name: str) -> Side:
    """Return what a session's name or a file's path stands for.

    Raises SessionError if it is neither, TableError if the file's table has faults.
    """
    path = Path(name)
    if store is not None:
        try:
            session = rounds.session_to_follow(store, name)
        except SessionError:
            if not path.exists():
                raise
        else:
            return of_session(store, session)
    if not path.exists():
        message = f"{name!r} is neither a session nor a file: begin a session, or give a table"
        raise SessionError(message)
    return _of_file(store, path)


def of_session(store: Store, session: Session) -> Side:
    """Return a session's side."""
    return Side(name=session.name, dev_set=dev_sets.of_session(store, session), session=session)


def _of_file(store: Store | None, path: Path) -> Side:
    """Read a table as a session on one of its shape was read."""
    table = tables.read(path)
    then = None if store is None else choices.remembered(store.sessions(), table)
    chosen = choices.Choices() if then is None else then[1]
    found, _ = checked(table, chosen, None, path.parent)
    return Side(name=path.name, dev_set=found.dev_set)


# --- the comparison -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, eq=False)
class Compared:
    """Two sides with their shared examples, and what was said of them in both rounds.

    `pairs` are the categories that both have, and those of the first alone (None).
    """

    a: Side
    b: Side
    match: Match
    words_a: "Words"
    words_b: "Words"
    pairs: tuple[tuple[Category, Category | None], ...]
    unmatched: tuple[str, ...]

    @cached_property
    def shared(self) -> Shared:
        """What is known of each shared example."""
        match, b = self.match, self.b.dev_set
        codes = b.labels[match.rows_b]
        groups: dict[str, tuple[Sequence[str], NDArray[np.int32]]] = {_CLASS: (b.names, codes)}
        for name, column in b.groups.items():
            groups.setdefault(name, (column.names, column.codes[match.rows_b]))
        for name, column in self.a.dev_set.groups.items():
            groups.setdefault(name, (column.names, column.codes[match.rows_a]))
        weights = b.weights if b.weights is not None else None
        return Shared(
            was_wrong=match.was_wrong,
            wrong_a=match.wrong_a,
            wrong_b=match.wrong_b,
            same_answer=match.same_answer,
            label_changed=match.label_changed,
            weights=None if weights is None else weights[match.rows_b],
            groups=groups,
        )

    def ticks(self, pair: tuple[Category, Category | None]) -> tuple[Ticks, Ticks]:
        """Return the ticks of a category in both rounds, an entry a shared example."""
        first, second = pair
        return self.words_a.ticks(first.id), self.words_b.ticks(
            None if second is None else second.id
        )

    def show(self, what: str) -> tuple[Flags, str]:
        """Return which shared examples stand behind a number, and what they are, in words.

        `what` is a word such as "fixed", with a category's number after a colon, or a column and a
        value. Raises SessionError for any other.
        """
        word, _, rest = what.partition(":")
        if word == "group":
            return self._group(rest)
        rows = self._rows().get(word)
        if rows is None or (word == "category" and not rest):
            message = f"a comparison has no images {what[:40]!r}"
            raise SessionError(message)
        if not rest:
            return rows, _WORDS[word]
        pair = next((pair for pair in self.pairs if str(pair[0].id) == rest), None)
        if pair is None:
            message = "that category is no longer there: load the page again"
            raise SessionError(message)
        before, after = self.ticks(pair)
        said = {"fixed": before, "newly-wrong": after}.get(
            word, np.where(after >= 0, after, before)
        )
        name = (pair[1] or pair[0]).name
        if word == "category":
            ticked: Flags = (before == 1) | (after == 1)
            return ticked, name
        was, now = self.shared.was_wrong, self.shared.wrong_b
        own = {"fixed": was & ~now, "newly-wrong": ~was & now}.get(word, was & now)
        seen = int((own & (said >= 0)).sum())
        title = f"{name} among the {_WORDS[word]}, of {count(seen, 'image')} looked at"
        return own & (said == 1), title

    def _rows(self) -> dict[str, Flags]:
        shared = self.shared
        a, b = shared.wrong_a, shared.wrong_b
        return {
            "fixed": a & ~b,
            "still-wrong": a & b,
            "same-answer": a & b & shared.same_answer,
            "other-answer": a & b & ~shared.same_answer,
            "newly-wrong": ~a & b,
            "both-right": ~a & ~b,
            "labels": shared.label_changed,
            "category": shared.wrong_b,
        }

    def _group(self, rest: str) -> tuple[Flags, str]:
        """Return the examples of a group that flipped: "column=value", as in the address."""
        for column, (names, codes) in self.shared.groups.items():
            value = rest.removeprefix(f"{column}=")
            if value != rest and value in names:
                inside = codes == list(names).index(value)
                a, b = self.shared.wrong_a, self.shared.wrong_b
                flipped: Flags = inside & (a != b)
                return flipped, f"{column} {value}: fixed and newly wrong"
        message = f"a comparison has no group {rest[:40]!r}"
        raise SessionError(message)


_WORDS: Final = {
    "fixed": "fixed",
    "still-wrong": "still wrong",
    "same-answer": "still wrong, with the same answer",
    "other-answer": "still wrong, with another answer",
    "newly-wrong": "newly wrong",
    "both-right": "right in both",
    "labels": "with another label now",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Words:
    """What was said of shared examples in one round: `places` among them, with their ticks."""

    number: int
    places: NDArray[np.int64]
    judged: Judged | None

    def ticks(self, category: int | None) -> Ticks:
        """Return a category's ticks, an entry a shared example; nothing of no category."""
        found = np.full(self.number, NOT_LOOKED_AT, dtype=np.int8)
        if self.judged is None:
            return found
        ids = [one.id for one in self.judged.categories]
        if category in ids:
            shared = self.places >= 0
            found[self.places[shared]] = self.judged.ticks[shared, ids.index(category)]
        return found

    @property
    def seen(self) -> Flags:
        """Which shared examples were looked at."""
        found = np.zeros(self.number, dtype=np.bool_)
        if self.judged is not None:
            found[self.places[(self.places >= 0) & self.judged.looked_at]] = True
        return found


def compared(store: Store | None, a: Side, b: Side) -> Compared:
    """Match two sides. Raises SessionError, saying why, if they can't be compared."""
    for one in (a, b):
        if one.dev_set.errors_only:
            message = (
                f"{one.dev_set.name} holds errors only, so what became of the other examples isn't "
                "known: give a table of all dev examples, right ones too"
            )
            raise SessionError(message)
    match = matching.match(a.dev_set, b.dev_set)
    nothing = Words(number=len(match), places=np.empty(0, np.int64), judged=None)
    if store is None or a.session is None or b.session is None:
        return Compared(
            a=a, b=b, match=match, words_a=nothing, words_b=nothing, pairs=(), unmatched=()
        )
    pairs, unmatched = _pairs(store, a.session, b.session)
    return Compared(
        a=a,
        b=b,
        match=match,
        words_a=_words(store, a.session, a.dev_set, match.row_of_a, len(match)),
        words_b=_with_newly_wrong(store, a.session, b, match),
        pairs=pairs,
        unmatched=unmatched,
    )


def _words(
    store: Store, session: Session, dev_set: DevSet, place: NDArray[np.int64], number: int
) -> Words:
    """Return what counts of a session's errors, at their places among the shared examples."""
    examples = [one for one in store.examples(session) if one.part is Part.ERROR]
    keys = pa.array([one.key for one in examples], pa.large_string())
    rows = pc.fill_null(pc.index_in(keys, value_set=dev_set.keys.combine_chunks()), -1).to_numpy()
    places = np.where(rows >= 0, place[rows], -1)
    return Words(number=number, places=places, judged=store.judged(session))


def _with_newly_wrong(store: Store, a: Session, b: Side, match: Match) -> Words:
    """Return the second round's words, with those of a session on all that is newly wrong."""
    assert b.session is not None
    words = _words(store, b.session, b.dev_set, match.row_of_b, len(match))
    apart = begun(store, a, b.session, Subset.NEWLY_WRONG)
    if apart is None or words.judged is None:
        return words
    other = _words(store, apart, b.dev_set, match.row_of_b, len(match))
    if other.judged is None:
        return words
    categories = words.judged.categories
    ticks = np.full((len(other.places), len(categories)), NOT_LOOKED_AT, dtype=np.int8)
    for place, column in enumerate(_columns_of(categories, other.judged.categories)):
        if column is not None:
            ticks[:, place] = other.judged.ticks[:, column]
    return _joined(words, replace(other.judged, categories=categories, ticks=ticks), other)


def _columns_of(categories: Sequence[Category], others: Sequence[Category]) -> list[int | None]:
    """Return where each category stands among those of a session begun from it."""
    found: list[int | None] = []
    for one in categories:
        places = [
            place
            for place, other in enumerate(others)
            if other.follows == one.id or other.name.casefold() == one.name.casefold()
        ]
        found.append(places[0] if places else None)
    return found


def _joined(words: Words, others: Judged, at: Words) -> Words:
    """Return the words of a round and, of examples that it says nothing of, those of another."""
    assert words.judged is not None
    silent = ~np.isin(at.places, words.places[words.judged.looked_at])
    kept = others.only(silent & others.looked_at)
    mine = words.judged.only(words.judged.looked_at)
    both = replace(
        mine,
        ticks=np.concatenate([mine.ticks, kept.ticks]),
        looked_at=np.concatenate([mine.looked_at, kept.looked_at]),
    )
    places = np.concatenate(
        [words.places[words.judged.looked_at], at.places[silent & others.looked_at]]
    )
    return Words(number=words.number, places=places, judged=both)


def begun(store: Store, a: Session, b: Session, subset: Subset) -> Session | None:
    """Return the session on a part of the second round, None if none was begun."""
    wanted = PartOf(subset=subset, of=b.uid, against=a.uid)
    return next((one for one in store.sessions() if one.part_of == wanted), None)


def _pairs(
    store: Store, a: Session, b: Session
) -> tuple[tuple[tuple[Category, Category | None], ...], tuple[str, ...]]:
    """Match the categories of two sessions: by what follows what, else by name."""
    first, second = store.categories(a), store.categories(b)
    origins = _origins(store, a, b)
    taken: dict[int, Category] = {}
    for category in second:
        origin = origins.get(category.id)
        if origin in {one.id for one in first}:
            taken.setdefault(origin or 0, category)
    used = {one.id for one in taken.values()}
    for one in first:
        for category in second:
            same = category.name.casefold() == one.name.casefold()
            if same and one.id not in taken and category.id not in used:
                taken[one.id] = category
                used.add(category.id)
    pairs = tuple((one, taken.get(one.id)) for one in first)
    hidden = {origins.get(one.id) for one in store.all_categories(b) if one.retired}
    unmatched = [
        f"{quoted(one.name)} was hidden, merged or split in {quoted(b.name)}: what came of it "
        "isn't known"
        if one.id in hidden
        else f"{quoted(one.name)} is a category of {quoted(a.name)} only: what came of it isn't "
        "known"
        for one, other in pairs
        if other is None
    ]
    unmatched += [
        f"{quoted(one.name)} is a category of {quoted(b.name)} only: what it was before isn't known"
        for one in second
        if one.id not in used
    ]
    return pairs, tuple(unmatched)


def _origins(store: Store, a: Session, b: Session) -> dict[int, int]:
    """Return which category of `a` each of `b` was taken over from, through the rounds between."""
    found = {one.id: one.id for one in store.all_categories(b)}
    for session in chain(store, b):
        if session.uid == a.uid:
            return found
        follows = {one.id: one.follows for one in store.all_categories(session)}
        found = {
            mine: before
            for mine, theirs in found.items()
            if (before := follows.get(theirs)) is not None
        }
    return {}


def chain(store: Store, session: Session) -> Iterator[Session]:
    """Yield a session and those it follows, one after the other, as far as they are there."""
    seen: set[str] = set()
    while session.uid not in seen and len(seen) < _MOST_ROUNDS:
        seen.add(session.uid)
        yield session
        if session.follows is None:
            return
        try:
            session = store.session_of(session.follows)
        except SessionError:  # deleted, or in the trash
            return


def compare(
    store: Store | None,
    found: Compared,
    *,
    level: float = LEVEL,
    margin: float | None = None,
) -> Comparison:
    """Compute all that a comparison says; `margin` is a fraction of the dev set."""
    shared = found.shared
    flips = comparison.flips(shared)
    made = Comparison(
        a=found.a.name,
        b=found.b.name,
        only_a=found.match.only_a,
        only_b=found.match.only_b,
        flips=flips,
        error_before=shared.error(shared.wrong_a),
        error_after=shared.error(shared.wrong_b),
        gain=comparison.gain(shared, level=level),
        mid_p=comparison.mid_p(shared, flips),
        weighted=shared.weighted,
        level=level,
        margin=margin,
        labels=comparison.labels(shared),
        differences=tuple(found.match.differences()),
        groups=comparison.groups(shared, level),
    )
    a, b = found.a.session, found.b.session
    if store is None or a is None or b is None:
        return made
    seen = found.words_a.seen
    return replace(
        made,
        categories=tuple(
            comparison.category(
                shared,
                (pair[1] or pair[0]).name,
                pair[0].kind,
                found.ticks(pair),
                level,
            )
            for pair in found.pairs
        ),
        unmatched=found.unmatched,
        looking=comparison.looking(shared, seen, level),
        models=_models(store, found.b),
        parts=_parts(found, level),
        rounds=_rounds(store, a, b),
        looked_at=(int(seen.sum()), int(found.words_b.seen.sum())),
    )


def with_round_before(
    store: Store, session: Session, *, level: float = LEVEL
) -> tuple[Comparison | None, str]:
    """Compare a session with the one that it follows; None, and why, where that can't be done.

    One that follows none has no reason.
    """
    if session.follows is None or session.part_of is not None:
        return None, ""
    try:
        before = store.session_of(session.follows)
        found = compared(store, of_session(store, before), of_session(store, session))
    except ErrortoolError as error:
        return None, f"it can't be compared with the round before: {error}"
    return compare(store, found, level=level), ""


def _parts(found: Compared, level: float) -> comparison.Parts | None:
    assert found.b.session is not None
    eyeball = found.b.session.eyeball
    if eyeball is None:
        return None
    keys = found.b.dev_set.keys.take(pa.array(found.match.rows_b)).to_pylist()
    inside = np.fromiter((sampling.seen(key, eyeball) for key in keys), np.bool_, len(keys))
    return comparison.parts(found.shared, inside, level)


def _models(store: Store, b: Side) -> Models | None:
    """Count the models that were tried on a dev set: the sessions that share half of its ids."""
    assert b.session is not None
    churns: list[float] = []
    answers: set[bytes] = {_answers(b.dev_set)}
    for session in (*store.sessions(), *store.trashed())[:_MOST_MODELS]:
        if session.uid == b.session.uid or session.part_of is not None or session.errors_only:
            continue
        if store.dev_set_mark(session) is None:
            continue
        with suppress(ErrortoolError):
            other = dev_sets.of_session(store, session)
            match = matching.match(other, b.dev_set)
            theirs = _answers(other)
            if 2 * len(match) < min(len(match.a), len(match.b)) or theirs in answers:
                continue
            answers.add(theirs)
            churns.append(float((match.wrong_a != match.wrong_b).mean()))
    if not churns:
        return None
    churn = sum(churns) / len(churns)
    number = len(churns) + 1
    seeming = paired.best_of_equal(number, len(b.dev_set), churn)
    return Models(number=number, churn=churn, seeming=seeming)


def _answers(dev_set: DevSet) -> bytes:
    """Return a mark of a model's answers, the same for the same ones in the same rows."""
    names = "\n".join(dev_set.names).encode()
    return dev_set.predictions.tobytes() + names + str(len(dev_set)).encode()


def _rounds(store: Store, a: Session, b: Session) -> tuple[Round, ...]:
    """Return the rounds in a row that end with the second session, the first one first."""
    row = list(chain(store, b))[::-1]
    if a.uid not in {one.uid for one in row}:
        row = [a, b]
    names = {one.id: one.name for one in store.categories(b)}
    found: list[Round] = []
    for session in reversed(row):
        judged = store.judged(session)
        if session.follows is not None:
            judged, _ = judged.in_order()
        shares = sample.shares(Study.of(session).sample(judged))
        found.append(
            Round(
                name=session.name,
                dev_error=session.dev_error,
                looked_at=int(judged.looked_at.sum()),
                shares={
                    names[category]: share
                    for category, share in shares.items()
                    if share is not None and category in names and share.looked_at >= ENOUGH
                },
            )
        )
        names = _names_before(store, session, names)
    return tuple(reversed(found))


def _names_before(store: Store, session: Session, names: Mapping[int, str]) -> dict[int, str]:
    """Return how the categories of the round before a session are called now."""
    follows = {one.id: one.follows for one in store.all_categories(session)}
    known = {
        before: name
        for category, name in names.items()
        if (before := follows.get(category)) is not None
    }
    if session.follows is not None:
        with suppress(SessionError):
            for one in store.all_categories(store.session_of(session.follows)):
                if one.name in names.values() and one.name not in known.values():
                    known[one.id] = one.name
    return known
