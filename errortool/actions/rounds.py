"""Begin a round: a session that follows another on a newer model's predictions of its dev set.

It takes over the seed, the size and the categories, and what was said of every example drawn that
was looked at before. A tick of a category about the image holds for any model; one about the
mistake only while label and prediction are the same; a label error while the label is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from errortool import images
from errortool.actions import dev_sets
from errortool.changes import Review
from errortool.data import matching
from errortool.data.dev_sets import DevSet
from errortool.data.matching import Match
from errortool.errors import ImageError, SessionError
from errortool.messages import count, quoted
from errortool.model import (
    About,
    Carried,
    CarriedWord,
    Category,
    Example,
    Kind,
    NewCategory,
    Session,
    Status,
)
from errortool.store import Store


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Followed:
    """The session that a new one follows, with its dev set matched to the new one's."""

    session: Session
    match: Match
    categories: tuple[Category, ...]


def new_categories(categories: Iterable[Category]) -> list[NewCategory]:
    """Return the categories of a session as those of one that follows it."""
    return [
        NewCategory(
            name=one.name,
            kind=one.kind,
            description=one.description,
            about=one.about,
            follows=one.id,
        )
        for one in categories
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """What a round takes over, and how many of its examples.

    Of `drawn` examples `carried` were looked at and need no other look; `again` come with some of
    their ticks, since the label or the prediction changed; of `changed` the picture did, so nothing
    is taken over. `told` is all of it in words, with what differs between the dev sets.
    """

    carried: tuple[Carried, ...]
    drawn: int
    whole: int
    again: int
    changed: int
    told: tuple[str, ...]


def session_to_follow(store: Store, name: str) -> Session:
    """Return a session by its name; say so if it is in the trash.

    Raises SessionError if there is none.
    """
    try:
        return store.session(name)
    except SessionError:
        if any(one.name.casefold() == name.strip().casefold() for one in store.trashed()):
            message = (
                f"session {quoted(name)} is in the trash: put it back first (`errortool untrash`)"
            )
            raise SessionError(message) from None
        raise


def follow(store: Store, session: Session, dev_set: DevSet) -> Followed:
    """Match a session's dev set to a new one. Raises SessionError if they can't be the same."""
    return Followed(
        session=session,
        match=matching.match(dev_sets.of_session(store, session), dev_set),
        categories=store.categories(session),
    )


def last_on(store: Store, dev_set: DevSet, sha256: str) -> Session | None:
    """Return the session begun last on a dev set that shares half of its ids; None if none was.

    One on the very same predictions, by the table's `sha256`, isn't a round before.
    """
    known = sorted(store.sessions(), key=lambda one: one.created_at, reverse=True)
    for session in known:
        if session.part_of is not None or session.predictions_sha256 == sha256:
            continue
        with suppress(SessionError):
            if store.dev_set_mark(session) is None:
                continue
            found = matching.match(dev_sets.of_session(store, session), dev_set)
            if 2 * len(found) >= min(len(found.a), len(found.b)):
                return session
    return None


# --- what is taken over ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """An example of the new session, and the same one in the session before."""

    before: Example
    now: Example
    same_label: bool
    same_answer: bool

    def keeps(self, category: Category) -> bool:
        """Return whether a tick of a category still holds."""
        if category.kind is Kind.LABEL_ERROR and not self.same_label:
            return False
        return category.about is About.IMAGE or (self.same_label and self.same_answer)


def take_over(
    store: Store,
    followed: Followed,
    examples: Sequence[Example],
    *,
    folder: Path | None,
    reviewer: str,
) -> TakenOver:
    """Return what examples that were drawn take over, as the words of who said them.

    `reviewer`, who begins the round, takes over the last word of the others where he or she has
    none. `folder` is that of the new session's images.
    """
    pairs, changed = [], 0
    for pair in _pairs(followed, store.examples(followed.session), examples):
        if _other_picture(pair, followed.session.images, folder):
            changed += 1
        else:
            pairs.append(pair)
    carried = list(_carried(store, followed, pairs, reviewer))
    words = [word for one in carried if one.reviewer == reviewer for word in one.words]
    whole = sum(word.status is Status.LOOKED_AT for word in words)
    again = len(words) - whole
    told = [*followed.match.differences()]
    if changed:
        pictures = f"{count(changed, 'picture')} {'has' if changed == 1 else 'have'} changed"
        told.append(f"{pictures}: nothing is taken over there")
    return TakenOver(
        carried=tuple(carried),
        drawn=len(examples),
        whole=whole,
        again=again,
        changed=changed,
        told=tuple(told),
    )


def _pairs(
    followed: Followed, before: Iterable[Example], examples: Iterable[Example]
) -> Iterator[_Pair]:
    match = followed.match
    known = {one.key: one for one in before}
    place = {match.b.key(int(row)): at for at, row in enumerate(match.rows_b.tolist())}
    for now in examples:
        at = place.get(now.key)
        if at is None:
            continue
        earlier = known.get(match.a.key(int(match.rows_a[at])))
        if earlier is not None:
            yield _Pair(
                before=earlier,
                now=now,
                same_label=not bool(match.label_changed[at]),
                same_answer=bool(match.same_answer[at]),
            )


def _other_picture(pair: _Pair, before: str | None, folder: Path | None) -> bool:
    """Return whether an example's picture is another one now, by the hash of its file."""
    if before is None or folder is None or pair.before.image is None or pair.now.image is None:
        return False
    try:
        was = pair.before.picture or images.digest(Path(before), pair.before.image)
        return was != (pair.now.picture or images.digest(folder, pair.now.image))
    except ImageError:
        return False  # one of them is gone, so it can't be known


def _carried(
    store: Store, followed: Followed, pairs: Sequence[_Pair], reviewer: str
) -> Iterator[Carried]:
    """Yield what is taken over from each reviewer, and by who begins the round from the others."""
    names = {one.id: one for one in followed.categories}
    session = followed.session
    mine: set[int] = set()
    for who in store.review(session, reviewer).reviewers:
        said = _said(store.review(session, who))
        known = [pair for pair in pairs if pair.before.position in said]
        if who == reviewer:
            mine = {pair.before.position for pair in known}
        words = (_word(pair, names, said[pair.before.position]) for pair in known)
        kept = tuple(word for word in words if word is not None)
        if kept:
            yield Carried(reviewer=who, origin=who, words=kept)
    others: dict[str, list[CarriedWord]] = {}
    rows = {row.example.position: row for row in store.rows(session) if row.looked_at}
    for pair in pairs:
        row = rows.get(pair.before.position)
        if row is None or pair.before.position in mine:
            continue
        last = _Said(ticks=row.ticks, comment=row.comment, corrected_label=row.corrected_label)
        word = _word(pair, names, last)
        if word is not None:
            others.setdefault(row.reviewer, []).append(word)
    for origin, theirs in others.items():
        yield Carried(reviewer=reviewer, origin=origin, words=tuple(theirs))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A word on an example that was looked at; ticks by category id."""

    ticks: Mapping[int, bool]
    comment: str
    corrected_label: str | None


def _said(review: Review) -> dict[int, _Said]:
    """Return one reviewer's words, by position."""
    ticks: dict[int, dict[int, bool]] = {}
    for category, said in review.ticks.items():
        for position in said.yes:
            ticks.setdefault(position, {})[category] = True
        for position in said.no:
            ticks.setdefault(position, {})[category] = False
    return {
        look.position: _Said(
            ticks=ticks.get(look.position, {}),
            comment=look.comment,
            corrected_label=look.corrected_label,
        )
        for look in review.looks
        if look.status is Status.LOOKED_AT
    }


def _word(pair: _Pair, categories: Mapping[int, Category], said: _Said) -> CarriedWord | None:
    """Return what still holds of a word; None if that is nothing."""
    kept = {
        categories[number].name: tick
        for number, tick in said.ticks.items()
        if number in categories and pair.keeps(categories[number])
    }
    whole = all(map(pair.keeps, categories.values()))
    if not whole and not kept and not said.comment:
        return None
    return CarriedWord(
        position=pair.now.position,
        ticks=kept,
        status=Status.LOOKED_AT if whole else None,
        comment=said.comment,
        corrected_label=said.corrected_label if pair.same_label else None,
    )


def standing(store: Store, session: Session, reviewer: str) -> tuple[int, int]:
    """Return how many images of a round stand as carried for a reviewer, and how many are open."""
    review = store.review(session, reviewer)
    done = [look for look in review.looks if look.status is not None]
    open_ = len(review.examples) - sum(look.status is not Status.DEFERRED for look in done)
    return sum(look.carried and look.status is Status.LOOKED_AT for look in done), open_
