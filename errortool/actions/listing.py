"""List the saved sessions."""

from dataclasses import dataclass

from errortool.analysis.sample import largest
from errortool.model import Session
from errortool.output import phrases
from errortool.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A session in a list: how far it is, and its largest cause, or those that tie, so far.

    `follows` is the name of the session of the round before, "" without one.
    `looked_at` counts errors. `leading` is None, and `share` 0, while no cause carries a tick in 10
    errors or more.
    """

    session: Session
    looked_at: int
    leading: str | None
    share: float = 0.0
    follows: str = ""


def summaries(store: Store, *, trash: bool = False) -> list[Summary]:
    """Return the saved sessions for a list, the last opened first; or the trash."""
    listed = store.trashed() if trash else store.sessions()
    return [summary(store, session) for session in listed]


def summary(store: Store, session: Session) -> Summary:
    """Return how far one session is."""
    judged = store.judged(session)
    counted = judged if session.follows is None else judged.in_order()[0]
    found, share = largest(counted)
    return Summary(
        session=session,
        looked_at=int(judged.looked_at.sum()),
        leading=phrases.listed([category.name for category in found]) if found else None,
        share=share,
        follows=store.name_of(session.follows),
    )
