"""The comparisons that the page Compare shows: computed once while nothing they rest on changes."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

import numpy as np

from errortool import messages
from errortool.actions import comparing, identity, subsets
from errortool.actions.comparing import Compared, Side
from errortool.analysis.comparison import Comparison
from errortool.data import matching
from errortool.errors import ErrortoolError, SessionError
from errortool.model import Session, Subset
from errortool.output import comparison_html, csv_files, json_files
from errortool.output.comparison_html import Apart, Choice, Tile
from errortool.output.html_report import Thumb
from errortool.store import Store
from errortool.web import links
from errortool.web.protocol import CompareQuery

_KEPT: Final = 4
_AT_ONCE: Final = 60
_THUMBS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shown:
    """A comparison, and the matched sides that it was computed from."""

    compared: Compared
    comparison: Comparison


class Comparisons:
    """Compares sessions, and shows any of their dev examples."""

    def __init__(self, store: Store) -> None:
        """Compare the sessions of `store`."""
        self.store = store
        self._sides: OrderedDict[tuple[str, str | None], Side] = OrderedDict()
        self._compared: OrderedDict[tuple[object, ...], Shown] = OrderedDict()
        self._lock = threading.RLock()

    def side(self, session: Session) -> Side:
        """Return all predictions of a session, those used last without reading them again."""
        with self._lock:
            key = (session.uid, self.store.dev_set_mark(session))
            known = self._sides.get(key)
            if known is None:
                known = comparing.of_session(self.store, session)
                key = (session.uid, self.store.dev_set_mark(session))
            self._sides[key] = known
            self._sides.move_to_end(key)
            while len(self._sides) > _KEPT:
                self._sides.popitem(last=False)
        return replace(known, name=session.name, session=session)

    def shown(self, a: Session, b: Session, query: CompareQuery, level: float) -> Shown:
        """Return a comparison. Raises SessionError, saying why, if there can be none."""
        # Rounds before and models tried are in it, so that any session may change it.
        every = [*self.store.sessions(), *self.store.trashed()]
        marks = [(repr(replace(one, opened_at="")), self.store.cursor(one)) for one in every]
        key = (a.uid, b.uid, tuple(sorted(marks)), query.margin, level)
        with self._lock:
            known = self._compared.get(key)
            if known is None:
                found = comparing.compared(self.store, self.side(a), self.side(b))
                margin = None if query.margin is None else query.margin / 100
                known = Shown(
                    compared=found,
                    comparison=comparing.compare(self.store, found, level=level, margin=margin),
                )
            self._compared[key] = known
            self._compared.move_to_end(key)
            while len(self._compared) > _KEPT:
                self._compared.popitem(last=False)
        return known

    def before(self, b: Session, asked: str) -> Session | None:
        """Return the session to compare with: the one asked for, else the round before.

        Without one, it is the last on the same dev set that was begun before; None if none was.
        Raises SessionError if the one asked for isn't there.
        """
        if asked:
            return self.store.session_numbered(asked)
        if b.follows is not None:
            with suppress(SessionError):
                return self.store.session_of(b.follows)
        known = [one for one in self.sessions() if one.uid != b.uid]
        known.sort(key=lambda one: (one.created_at < b.created_at, one.created_at), reverse=True)
        with suppress(ErrortoolError):
            mine = self.side(b).dev_set
            for one in known:
                if self.store.dev_set_mark(one) is None:
                    continue
                with suppress(ErrortoolError):
                    match = matching.match(self.side(one).dev_set, mine)
                    if 2 * len(match) >= min(len(match.a), len(match.b)):
                        return one
        return None

    def sessions(self) -> list[Session]:
        """Return the sessions that can be compared: not those on a part of another's."""
        return [one for one in self.store.sessions() if one.part_of is None]

    def begin(self, a: Session, b: Session, subset: Subset, reviewer: str) -> Session:
        """Begin a session on a part of the second round, or return the one begun before."""
        found = comparing.compared(self.store, self.side(a), self.side(b))
        return subsets.begin(self.store, found, subset, reviewer)


# --- what the page shows of them -----------------------------------------------------------------


def body(comparisons: Comparisons, b: Session, query: CompareQuery, level: float) -> str:
    """Return the page's document: a comparison, or why there is none."""
    sessions = [Choice(id=str(one.id), name=one.name) for one in comparisons.sessions()]
    if str(b.id) not in {one.id for one in sessions}:
        sessions.insert(0, Choice(id=str(b.id), name=b.name))
    margin = "" if query.margin is None else f"{query.margin:g}"
    made = comparison_html.Document(
        sessions=sessions, a="", b=str(b.id), level=level, margin=margin
    )
    try:
        a = comparisons.before(b, query.a)
        if a is None:
            fault = (
                f"No other session is on the dev set of {messages.quoted(b.name)}. Begin one on "
                "the predictions of a newer model that follows it: what you ticked is carried to "
                "every image that is still wrong, and this page says what became of the others."
            )
            return comparison_html.body(replace(made, fault=fault))
        made = replace(made, a=str(a.id))
        shown = comparisons.shown(a, b, query, level)
    except ErrortoolError as error:
        text = messages.sentence(str(error))
        return comparison_html.body(replace(made, fault=text[:1].upper() + text[1:]))
    return comparison_html.body(_filled(comparisons, made, shown))


def _filled(
    comparisons: Comparisons, made: comparison_html.Document, shown: Shown
) -> comparison_html.Document:
    a, b = shown.compared.a.session, shown.compared.b.session
    assert a is not None
    assert b is not None
    store = comparisons.store
    numbers = [pair[0].id for pair in shown.compared.pairs]
    new = [one.newly_wrong for one in shown.comparison.categories]
    open_ = max((one.size - one.looked_at for one in new), default=0)
    basis = urlencode({"a": str(a.id), "margin": made.margin, "level": made.level})
    return replace(
        made,
        found=shown.comparison,
        numbers=numbers,
        thumbs=_thumbs(shown, numbers),
        newly_wrong=_apart(store, a, b, Subset.NEWLY_WRONG, open_) if open_ else None,
        unseen=_apart(store, a, b, Subset.UNSEEN, 0),
        files=f"errortool/compare/{b.uid}/files",
        query=f"?{basis}",
    )


def _apart(store: Store, a: Session, b: Session, subset: Subset, number: int) -> Apart:
    """Return the session on a part of a round, or how many images one would have to look at."""
    session = comparing.begun(store, a, b, subset)
    if session is None:
        return Apart(number=number)
    looked_at = int(store.judged(session).looked_at.sum())
    return Apart(number=session.sampled, session=str(session.id), looked_at=looked_at)


def _thumbs(shown: Shown, numbers: Sequence[int]) -> dict[int, list[Thumb]]:
    """Return the first images of each category, by their addresses."""
    b = shown.compared.b
    if b.dev_set.images is None or b.session is None or b.session.images is None:
        return {}
    found: dict[int, list[Thumb]] = {}
    for number in numbers:
        rows, _ = shown.compared.show(f"category:{number}")
        found[number] = [
            Thumb(key="", label="", prediction="", url=_address(b.session, row))
            for row in shown.compared.match.rows_b[np.flatnonzero(rows)[:_THUMBS]].tolist()
        ]
    return found


def _address(session: Session, row: int) -> str:
    version = session.images_version
    return f"errortool/dev-image/{session.uid}/{row}?size=thumb&v={version}"


def images(comparisons: Comparisons, shown: Shown, query: CompareQuery) -> str:
    """Return images behind a number, some at a time, for the page's side panel."""
    found = shown.compared
    rows, title = found.show(query.show)
    places = np.flatnonzero(rows)
    some = places[query.first : query.first + _AT_ONCE].tolist()
    opens = _opens(comparisons, found)
    return comparison_html.images(
        title,
        len(places),
        query.first,
        [_tile(found, place, opens) for place in some],
        (found.a.name, found.b.name),
    )


def _opens(comparisons: Comparisons, found: Compared) -> dict[str, str]:
    """Return where examples can be reviewed, by their ids in the second dev set."""
    store = comparisons.store
    a, b = found.a.session, found.b.session
    assert a is not None
    assert b is not None
    places: dict[str, str] = {}
    for session in (b, comparing.begun(store, a, b, Subset.NEWLY_WRONG)):
        if session is None:
            continue
        for one in store.examples(session):
            address = links.address("review", session=str(session.id), example=one.key)
            places.setdefault(one.key, address)
    return places


def _tile(found: Compared, place: int, opens: dict[str, str]) -> Tile:
    a, b = found.a.dev_set, found.b.dev_set
    row_a, row_b = int(found.match.rows_a[place]), int(found.match.rows_b[place])
    key, session = b.key(row_b), found.b.session
    has_image = b.image(row_b) and session is not None and session.images is not None
    label = b.names[b.labels[row_b]]
    changed = bool(found.match.label_changed[place])
    return Tile(
        key=key,
        label=label,
        label_before=a.names[a.labels[row_a]] if changed else label,
        before=a.names[a.predictions[row_a]],
        after=b.names[b.predictions[row_b]],
        url=_address(session, row_b) if has_image and session is not None else "",
        opens=opens.get(key, ""),
    )


def file(shown: Shown, name: str) -> str | None:
    """Make a file of a comparison; None if there is none of that name."""
    if name == "compare.csv":
        return csv_files.compare_csv(shown.comparison)
    if name == "compare.json":
        return json_files.comparison_json(shown.comparison, identity.made_by())
    return None
