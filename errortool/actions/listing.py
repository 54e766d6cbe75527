"""List the saved sessions."""

from dataclasses import dataclass

from errortool.model import (
    Session,
)
from errortool.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A session in a list: how far it is, and the category with the largest share so far."""

    session: Session
    looked_at: int
    leading: str | None


def summaries(store: Store) -> list[Summary]:
    """Return the saved sessions for a list, the last opened first."""
    result = []
    for session in store.sessions():
        judged = store.judged(session)
        ticked, looked_at = judged.counts()
        shares = {
            category.name: k / n
            for category, k, n in zip(judged.categories, ticked, looked_at, strict=True)
            if k
        }
        result.append(
            Summary(
                session=session,
                looked_at=int(judged.looked_at.sum()),
                leading=max(shares, key=lambda name: shares[name]) if shares else None,
            )
        )
    return result
