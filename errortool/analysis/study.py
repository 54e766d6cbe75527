"""What a report is about: a dev set, its errors, and the sample of them that was looked at."""

from dataclasses import dataclass, replace

from errortool.analysis.sample import Sample
from errortool.analysis.weighted import Totals
from errortool.model import LEVEL, Intervals, Judged, Part, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What a report is about: a dev set, its errors, and how they were drawn.

    `dev_error` is weighted if the examples are. It and `dev_examples` are None where a table holds
    errors only and nobody said of how many examples. `created_at` and `predictions_sha256` identify
    the session; they are empty for a table of ticks without one. `planned` is how many errors there
    were to look at from the beginning, None where no number was planned. `pace` is in seconds an
    image, None where it isn't known. `totals` are the weights of all errors, `totals_right` those
    of all correct predictions; None where they aren't known. `follows` is the name of the session
    of the round before, "" without one; `carried` looks stand as carried from it, and `ahead` don't
    count yet.
    """

    name: str
    dev_examples: int | None
    errors: int
    dev_error: float | None
    sampled: int
    sampled_right: int = 0
    seed: int | None = None
    created_at: str = ""
    predictions_sha256: str = ""
    planned: int | None = None
    pace: float | None = None
    totals: Totals | None = None
    totals_right: Totals | None = None
    follows: str = ""
    carried: int = 0
    ahead: int = 0

    @classmethod
    def of(cls, session: Session, pace: float | None = None) -> "Study":
        """Return what a session's report is about."""
        return cls(
            name=session.name,
            dev_examples=session.dev_examples,
            errors=session.errors,
            dev_error=session.dev_error,
            sampled=session.sampled,
            sampled_right=session.sampled_right,
            seed=session.seed,
            created_at=session.created_at,
            predictions_sha256=session.predictions_sha256,
            planned=session.planned,
            pace=pace,
            totals=_totals(session, Part.ERROR),
            totals_right=_totals(session, Part.RIGHT),
        )

    def sample(
        self, judged: Judged, level: float = LEVEL, intervals: Intervals = Intervals.AUTO
    ) -> Sample:
        """Return the errors that were looked at as a sample of all errors."""
        return Sample(
            categories=tuple(category.id for category in judged.categories),
            ticks=judged.ticks[judged.looked_at],
            errors=self.errors,
            dev_examples=self.dev_examples,
            dev_error=self.dev_error,
            weights=None if judged.weights is None else judged.weights[judged.looked_at],
            totals=self.totals,
            level=level,
            planned=self.planned is not None,
            at_plan=_at_plan(judged, self.planned),
            intervals=intervals,
        )

    def right_sample(
        self, right: Judged, level: float = LEVEL, intervals: Intervals = Intervals.AUTO
    ) -> Sample:
        """Return the correct predictions that were looked at as a sample of all of them."""
        assert self.dev_examples is not None  # a table of errors only has none to look at
        return replace(
            self.sample(right, level, intervals),
            errors=self.dev_examples - self.errors,
            totals=self.totals_right,
            at_plan=_at_plan(right, self.sampled_right),
        )


def _totals(session: Session, part: Part) -> Totals | None:
    """Return the weights of one part of a session's dev set in sum, None if they aren't known."""
    weighed = session.weighed
    if weighed is None or weighed.errors_squares is None or weighed.all_squares is None:
        return None
    if part is Part.ERROR or session.dev_examples is None:
        return Totals(number=session.errors, weight=weighed.errors, squares=weighed.errors_squares)
    return Totals(
        number=session.dev_examples - session.errors,
        weight=weighed.all - weighed.errors,
        squares=weighed.all_squares - weighed.errors_squares,
    )


def _at_plan(judged: Judged, planned: int | None) -> int | None:
    """Return how many were looked at if they are just the `planned` ones, the first, else None.

    Images that can't be shown count as done: leaving them out has nothing to do with the ticks.
    """
    if planned is None or planned > len(judged.looked_at):
        return None
    done = judged.looked_at | judged.unreadable
    if not done[:planned].all() or judged.looked_at[planned:].any():
        return None
    return int(judged.looked_at.sum())
