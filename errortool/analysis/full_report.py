"""A session's judgements turned into the whole report: one value that every front end shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

import numpy as np

from errortool.analysis import overlaps, significance
from errortool.analysis.intervals import (
    Ceiling,
    Inside,
    Rate,
    Share,
    corrected_error,
    inside,
    shares_of_errors,
)
from errortool.analysis.overlaps import Overlap, Step, Taken
from errortool.analysis.sample import Sample, shares
from errortool.analysis.significance import Moment, Pair, Stop
from errortool.model import LEVEL, Category, Judged, Kind, Session

LABELS_MATTER: Final = 0.2
"""The share of label errors from which to correct labels first: between the lecture's 6 % (not
worth it first) and 30 % (worth it)."""

_HISTORY: Final = 5
_OVERLAPS: Final = 40
_CONFUSIONS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What a report is about: a dev set, its errors, and how they were drawn.

    `dev_error` is weighted if the examples are. `created_at` and `predictions_sha256` identify the
    session; they are empty for a table of ticks without one.
    """

    name: str
    dev_examples: int
    errors: int
    dev_error: float
    sampled: int
    sampled_right: int = 0
    seed: int | None = None
    created_at: str = ""
    predictions_sha256: str = ""

    @classmethod
    def of(cls, session: Session) -> "Study":
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
        )

    def sample(self, judged: Judged, level: float = LEVEL) -> Sample:
        """Return the errors that were looked at as a sample of all errors."""
        return Sample(
            categories=tuple(category.id for category in judged.categories),
            ticks=judged.ticks[judged.looked_at],
            errors=self.errors,
            dev_examples=self.dev_examples,
            dev_error=self.dev_error,
            weights=None if judged.weights is None else judged.weights[judged.looked_at],
            level=level,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """How many of a category's errors have this label and this prediction."""

    label: str
    prediction: str
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryReport:
    """One category's figures; all rates are fractions, and None while nothing was looked at.

    `estimate` is its share of the errors, `left` the dev error left if it were solved. `only` is
    the share of errors with this tick alone, `split` the category's part where errors with several
    ticks are divided evenly. `right` is its share of the correct predictions, and `inside` what it
    is in all dev data; None unless correct predictions were looked at.
    """

    id: int
    name: str
    kind: Kind
    looked_at: int
    ticked: int
    dev_error: float
    estimate: Share | None
    left: Ceiling | None
    only: Share | None
    split: float | None
    right: Share | None
    inside: Inside | None
    confusions: tuple[Confusion, ...]

    # The same by the names of tally.csv's columns, for notebooks and files.

    @property
    def share(self) -> float | None:
        """The share of the errors."""
        return self.estimate.share if self.estimate else None

    @property
    def share_low(self) -> float | None:
        """The lower end of the share's interval."""
        return self.estimate.low if self.estimate else None

    @property
    def share_high(self) -> float | None:
        """The upper end of the share's interval."""
        return self.estimate.high if self.estimate else None

    @property
    def ceiling(self) -> float | None:
        """The dev error left if the category were solved."""
        return self.left.error if self.left else None

    @property
    def ceiling_low(self) -> float | None:
        """The lower end of the ceiling's interval."""
        return self.left.low if self.left else None

    @property
    def ceiling_high(self) -> float | None:
        """The upper end of the ceiling's interval."""
        return self.left.high if self.left else None

    @property
    def accuracy(self) -> float | None:
        """The accuracy if the category were solved."""
        return self.left.accuracy if self.left else None

    @property
    def points(self) -> float | None:
        """What solving the category takes off the dev error."""
        return self.left.points if self.left else None

    @property
    def dev_examples(self) -> float | None:
        """The same as a number of dev examples."""
        return self.left.dev_examples if self.left else None


class Verdict(StrEnum):
    """Whether labels are worth correcting first."""

    YES = "worth correcting first"
    NO = "not worth correcting first"
    OPEN = "not settled yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The dev error broken down into incorrect labels and all other causes.

    `labels` is the share of errors with any label error; `label_points` what they make of the dev
    error and `other` the rest.
    """

    labels: Share
    label_points: Rate
    other: Rate
    verdict: Verdict

    @property
    def other_share(self) -> float:
        """The share of errors without a label error."""
        return 1 - self.labels.share


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """The dev error with labels corrected on both sides.

    `wrong` is the share of errors where the prediction was right after all, `right` the share of
    correct predictions that were wrong after all.
    """

    looked_at_right: int
    wrong: Share
    right: Share
    error: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of a session; `categories` are in the session's order.

    `complete` counts the errors that were looked at for every category except those `left_out`, by
    id, which were looked at for less than half of the errors: all figures but the shares rest on
    these. `order` is the order of work, `pairs` are neighbours by share, `taken` is what solving
    the largest category takes with it, `history` how the shares of the largest categories moved.
    """

    session: str
    dev_examples: int
    errors: int
    dev_error: float
    sampled: int
    looked_at: int
    deferred: int
    unreadable: int
    none_of_these: int
    complete: int
    left_out: tuple[int, ...]
    level: float
    weighted: bool
    seed: int | None
    created_at: str
    predictions_sha256: str
    sampled_right: int
    looked_at_right: int
    categories: tuple[CategoryReport, ...]
    none_split: float | None
    order: tuple[Step, ...]
    pairs: tuple[Pair, ...]
    taken: tuple[Taken, ...]
    overlaps: tuple[Overlap, ...]
    stop: Stop
    ledger: Ledger | None
    both_sides: BothSides | None
    history: tuple[Moment, ...]

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

    @property
    def none_share(self) -> float | None:
        """The share of the errors looked at that carry no tick; None if there are none."""
        return self.none_of_these / self.looked_at if self.looked_at else None

    @property
    def share_total(self) -> float:
        """The sum of all shares; more than 1 where errors carry several ticks."""
        return sum(category.share or 0.0 for category in self.categories)

    def category(self, number: int) -> CategoryReport:
        """Return the category of that id."""
        return next(category for category in self.categories if category.id == number)


def compute(
    study: Study, judged: Judged, right: Judged | None = None, *, level: float = LEVEL
) -> Report:
    """Compute every figure from judgements of the errors, and of correct predictions (`right`)."""
    sample = study.sample(judged, level)
    if right is not None and not right.looked_at.any():
        right = None
    found = shares(sample)
    split, none_split = overlaps.even_split(sample)
    ticked = {category: share for category, share in found.items() if share and share.ticked}
    ranked = sorted(ticked, key=lambda category: -ticked[category].share)
    return Report(
        session=study.name,
        dev_examples=study.dev_examples,
        errors=study.errors,
        dev_error=study.dev_error,
        sampled=study.sampled,
        looked_at=int(judged.looked_at.sum()),
        deferred=int(judged.deferred.sum()),
        unreadable=int(judged.unreadable.sum()),
        none_of_these=int((judged.looked_at & ~(judged.ticks == 1).any(axis=1)).sum()),
        complete=int(sample.complete.sum()),
        left_out=sample.left_out,
        level=level,
        weighted=sample.weighted,
        seed=study.seed,
        created_at=study.created_at,
        predictions_sha256=study.predictions_sha256,
        sampled_right=study.sampled_right,
        looked_at_right=int(right.looked_at.sum()) if right else 0,
        categories=_categories(sample, judged, right, shares=found, split=split),
        none_split=none_split,
        order=overlaps.order_of_work(sample),
        pairs=significance.compare(sample, pairwise(ranked)),
        taken=overlaps.taken(sample, ranked),
        overlaps=overlaps.combinations(sample, _OVERLAPS),
        stop=significance.when_to_stop(sample, found),
        ledger=_ledger(sample, judged.categories),
        both_sides=_both_sides(sample, judged, right),
        history=significance.history(sample, ranked[:_HISTORY]),
    )


def _categories(
    sample: Sample,
    judged: Judged,
    right: Judged | None,
    *,
    shares: Mapping[int, Share | None],
    split: Mapping[int, float | None],
) -> tuple[CategoryReport, ...]:
    """Return the categories one by one."""
    only, right_shares = overlaps.only_shares(sample), _right_shares(sample, right)
    insides, confusions = _insides(sample, shares, right_shares), _confusions(judged)
    return tuple(
        CategoryReport(
            id=category.id,
            name=category.name,
            kind=category.kind,
            looked_at=looked_at,
            ticked=ticked,
            dev_error=sample.dev_error,
            estimate=shares[category.id],
            left=sample.ceiling(shares[category.id]),
            only=only[category.id],
            split=split[category.id],
            right=right_shares[category.id],
            inside=insides.get(category.id),
            confusions=confusions[category.id],
        )
        for category, ticked, looked_at in zip(judged.categories, *judged.counts(), strict=True)
    )


def _insides(
    sample: Sample, shares: Mapping[int, Share | None], right_shares: Mapping[int, Share | None]
) -> dict[int, Inside]:
    """Return what the categories looked at on both sides are in all dev data."""
    return {
        category: inside(share, right, errors=sample.errors, dev_examples=sample.dev_examples)
        for category, share in shares.items()
        if share and (right := right_shares[category])
    }


def _confusions(judged: Judged) -> dict[int, tuple[Confusion, ...]]:
    """Return each category's most frequent pairs of label and prediction."""
    labelled = list(zip(judged.labels, judged.predictions, strict=True))
    pairs = list(dict.fromkeys(labelled))
    numbers = {pair: number for number, pair in enumerate(pairs)}
    codes = np.array([numbers[pair] for pair in labelled], dtype=np.int64)
    result = {}
    for category, ticked in zip(judged.categories, (judged.ticks == 1).T, strict=True):
        counts = np.bincount(codes[ticked], minlength=len(pairs))
        most = np.argsort(-counts, kind="stable")[:_CONFUSIONS].tolist()
        result[category.id] = tuple(
            Confusion(label=label, prediction=prediction, errors=int(counts[code]))
            for code in most
            if counts[code]
            for label, prediction in [pairs[code]]
        )
    return result


def _right_shares(sample: Sample, right: Judged | None) -> dict[int, Share | None]:
    """Return each category's share of the correct predictions."""
    if right is None:
        return dict.fromkeys(sample.categories)
    ticked, looked_at = right.counts()
    found = shares_of_errors(
        ticked, looked_at, errors=sample.dev_examples - sample.errors, level=sample.level
    )
    return sample.by_category(found)


# --- label errors --------------------------------------------------------------------------------


def _ledger(sample: Sample, categories: Sequence[Category]) -> Ledger | None:
    """Return what labels make of the dev error; None without a category that blames them."""
    blamed = [category.id for category in categories if category.kind is Kind.LABEL_ERROR]
    labels = overlaps.union(sample, blamed) if blamed else None
    left = sample.ceiling(labels)
    if labels is None or left is None:
        return None
    verdict = Verdict.OPEN
    if labels.low >= LABELS_MATTER:
        verdict = Verdict.YES
    elif labels.high < LABELS_MATTER:
        verdict = Verdict.NO
    e = sample.dev_error
    return Ledger(
        labels=labels,
        label_points=Rate(rate=left.points, low=e * labels.low, high=e * labels.high),
        other=Rate(rate=left.error, low=left.low, high=left.high),
        verdict=verdict,
    )


def _both_sides(sample: Sample, judged: Judged, right: Judged | None) -> BothSides | None:
    """Return the dev error with labels corrected on both sides; None unless both were looked at."""
    if right is None or not judged.looked_at.any():
        return None
    looked_at, looked_at_right = int(judged.looked_at.sum()), int(right.looked_at.sum())
    (wrong,) = shares_of_errors(
        [_corrections(judged, to_prediction=True)],
        [looked_at],
        errors=sample.errors,
        level=sample.level,
    )
    (broken,) = shares_of_errors(
        [_corrections(right, to_prediction=False)],
        [looked_at_right],
        errors=sample.dev_examples - sample.errors,
        level=sample.level,
    )
    assert wrong is not None
    assert broken is not None
    return BothSides(
        looked_at_right=looked_at_right,
        wrong=wrong,
        right=broken,
        error=corrected_error(
            wrong, broken, errors=sample.errors, dev_examples=sample.dev_examples
        ),
    )


def _corrections(judged: Judged, *, to_prediction: bool) -> int:
    """Count the examples whose label was corrected to the prediction, or to anything else."""
    return sum(
        looked_at and corrected is not None and (corrected == prediction) == to_prediction
        for looked_at, corrected, prediction in zip(
            judged.looked_at.tolist(), judged.corrected, judged.predictions, strict=True
        )
    )
