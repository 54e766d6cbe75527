"""List the saved sessions."""

from dataclasses import dataclass

from errortool.analysis.sample import largest
from errortool.model import Judged, Session
from errortool.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A session in a list: how far it is, and the category with the largest share so far."""

    session: Session
    looked_at: int
    leading: str | None


def summaries(store: Store) -> list[Summary]:
    """Return the saved sessions for a list, the last opened first."""
    return [_summary(session, store.judged(session)) for session in store.sessions()]


def _summary(session: Session, judged: Judged) -> Summary:
    leading = largest(judged)
    return Summary(
        session=session,
        looked_at=int(judged.looked_at.sum()),
        leading=leading.name if leading else None,
    )
