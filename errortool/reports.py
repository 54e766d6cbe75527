"""A session's counts turned into the whole report: one value that every front end shows."""

import json
from dataclasses import asdict, dataclass

from errortool.estimates import LEVEL, Share, ceiling, shares_of_errors
from errortool.model import Category, Judged, Kind, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryReport:
    """One category's figures; all rates are fractions, and None while nothing was looked at.

    `ceiling` is the dev error left if the category were solved, `points` what that gains and
    `dev_examples` the same as a number of dev examples.
    """

    id: int
    name: str
    kind: Kind
    looked_at: int
    ticked: int
    share: float | None
    share_low: float | None
    share_high: float | None
    dev_error: float
    ceiling: float | None
    ceiling_low: float | None
    ceiling_high: float | None
    points: float | None
    dev_examples: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of a session; `categories` are in the session's order."""

    session: str
    dev_examples: int
    errors: int
    dev_error: float
    sampled: int
    looked_at: int
    deferred: int
    none_of_these: int
    level: float
    seed: int
    categories: tuple[CategoryReport, ...]

    @property
    def ranked(self) -> tuple[CategoryReport, ...]:
        """The categories by share, the largest first; those not looked at come last."""
        return tuple(
            sorted(
                self.categories,
                key=lambda category: -1.0 if category.share is None else category.share,
                reverse=True,
            )
        )


def build(session: Session, judged: Judged, *, level: float = LEVEL) -> Report:
    """Work out every figure of a session from what was judged, with intervals at `level`."""
    ticked, looked_at = judged.counts()
    with_any = (judged.ticks == 1).any(axis=1)
    shares = shares_of_errors(ticked, looked_at, errors=session.errors, level=level)
    return Report(
        session=session.name,
        dev_examples=session.dev_examples,
        errors=session.errors,
        dev_error=session.dev_error,
        sampled=session.sampled,
        looked_at=int(judged.looked_at.sum()),
        deferred=int(judged.deferred.sum()),
        none_of_these=int((judged.looked_at & ~with_any).sum()),
        level=level,
        seed=session.seed,
        categories=tuple(
            _category(session, category, n, k, share)
            for category, n, k, share in zip(
                judged.categories, looked_at, ticked, shares, strict=True
            )
        ),
    )


def _category(
    session: Session, category: Category, looked_at: int, ticked: int, share: Share | None
) -> CategoryReport:
    left = (
        ceiling(share, errors=session.errors, dev_examples=session.dev_examples) if share else None
    )
    return CategoryReport(
        id=category.id,
        name=category.name,
        kind=category.kind,
        looked_at=looked_at,
        ticked=ticked,
        share=share.share if share else None,
        share_low=share.low if share else None,
        share_high=share.high if share else None,
        dev_error=session.dev_error,
        ceiling=left.error if left else None,
        ceiling_low=left.low if left else None,
        ceiling_high=left.high if left else None,
        points=left.points if left else None,
        dev_examples=left.dev_examples if left else None,
    )


def as_json(report: Report) -> str:
    """Return the report as JSON: fractions, not per cent; null where nothing was looked at."""
    value = asdict(report)
    del value["level"], value["seed"]
    for category in value["categories"]:
        del category["id"]
    return json.dumps(value, ensure_ascii=False, indent=2)
