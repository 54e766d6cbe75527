"""A session's judgements turned into the whole report: one value that every front end shows."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
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
    ceiling,
    corrected_error,
    inside,
    shares_of_errors,
)
from errortool.analysis.sample import Flags, Sample, Ticks
from errortool.analysis.sample import shares as shares_of
from errortool.analysis.significance import Order, Stop
from errortool.model import LEVEL, Category, Judged, Kind, Session

JSON_VERSION: Final = 1
"""The version of report.json; it grows when a key changes its meaning or goes."""

LABELS_MATTER: Final = 0.2
"""The share of label errors from which to correct labels first: between the lecture's 6 % (not
worth it first) and 30 % (worth it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What a report is about: a dev set, its errors, and how they were drawn.

    `dev_error` is weighted if the examples are. `created_at` and `predictions_sha256` tell which
    session it was; they are empty for a table of ticks without one.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """How many of a category's errors have this label and this prediction."""

    label: str
    prediction: str
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryReport:
    """One category's figures; all rates are fractions, and None while nothing was looked at.

    `ceiling` is the dev error left if the category were solved, `accuracy` what that is to 1,
    `points` what it gains and `dev_examples` the same as a number of dev examples. `only` is the
    share of errors with this tick alone, `split` the category's part where errors with several
    ticks are divided evenly. `right` is its share of what the model got right, and `inside` what
    it is in all dev data; None unless right ones were looked at.
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
    accuracy: float | None
    points: float | None
    dev_examples: float | None
    only: Share | None
    split: float | None
    right: Share | None
    inside: Inside | None
    confusions: tuple[Confusion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """The share of errors that a category, by id, would add to those in a plan."""

    category: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What solving a set of categories, by id, would leave.

    `hopeful` counts an error with several causes as fixed if any is, `cautious` only if all are;
    the truth lies between. `gains` are what each other category would add, the most first.
    """

    categories: tuple[int, ...]
    hopeful_share: Share | None
    hopeful: Ceiling | None
    cautious: Ceiling | None
    gains: tuple[Gain, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkStep:
    """The next category, by id, in the order of work: what it `adds`, and what is left then."""

    category: int
    adds: float
    share: Share
    hopeful: Ceiling
    cautious: Ceiling


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two categories, by id, that follow each other by share, and whether that is settled."""

    first: int
    second: int
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What solving the largest category takes with it: `taken` of a category's `errors`."""

    category: int
    errors: int
    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How many errors carry exactly these ticks, by category id."""

    categories: tuple[int, ...]
    errors: int


class Verdict(StrEnum):
    """Whether labels are worth correcting first."""

    YES = "worth correcting first"
    NO = "not worth correcting first"
    OPEN = "not settled yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The dev error as the part of incorrect labels and the part of all else.

    `labels` is the share of errors with any label error; `label_points` what they make of the dev
    error and `other` what is left to the causes.
    """

    labels: Share
    label_points: Rate
    other: Rate
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """The dev error with labels corrected on both sides.

    `wrong` is the share of errors where the prediction was right after all, `right` the share of
    right ones where it was wrong.
    """

    looked_at_right: int
    wrong: Share
    right: Share
    error: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A category's share, by id, after the first `reviewed` errors."""

    category: int
    reviewed: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of a session; `categories` are in the session's order.

    `complete` counts the errors that were looked at for every category, but for those `left_out`,
    by id, which came so late that less than half were: what all but the shares rests on. `order`
    is the order of work, `plan` what was asked of some together, `pairs` the neighbours by share,
    `taken` what solving the largest takes with it, `history` how the shares of the largest
    categories moved.
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
    order: tuple[WorkStep, ...]
    plan: Plan | None
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

    def category(self, number: int) -> CategoryReport:
        """Return the category of that id."""
        return next(category for category in self.categories if category.id == number)


_HISTORY: Final = 5
_OVERLAPS: Final = 40
_CONFUSIONS: Final = 6


def build(
    study: Study,
    judged: Judged,
    right: Judged | None = None,
    *,
    level: float = LEVEL,
    solve: Collection[int] = (),
) -> Report:
    """Work out every figure from what was judged of the errors, and of the `right` ones.

    `solve` are categories, by id, to be solved together in `Report.plan`.
    """
    return _Builder(study, judged, right, level).report(solve)


class _Builder:
    """Works a report out, part by part."""

    def __init__(self, study: Study, judged: Judged, right: Judged | None, level: float) -> None:
        self._study = study
        self._judged = judged
        self._level = level
        self._sample = Sample(
            ticks=judged.ticks[judged.looked_at],
            errors=study.errors,
            weights=None if judged.weights is None else judged.weights[judged.looked_at],
            level=level,
        )
        self._right = right if right is not None and right.looked_at.any() else None
        self._ids = [category.id for category in judged.categories]
        labelled = list(zip(judged.labels, judged.predictions, strict=True))
        self._pairs_of_labels = list(dict.fromkeys(labelled))
        numbers = {pair: number for number, pair in enumerate(self._pairs_of_labels)}
        self._codes = np.array([numbers[pair] for pair in labelled], dtype=np.int64)

    def report(self, solve: Collection[int]) -> Report:
        study, judged, sample = self._study, self._judged, self._sample
        shares = shares_of(sample)
        with_any = (judged.ticks == 1).any(axis=1)
        split, none_split = overlaps.even_split(sample)
        ranked = sorted(
            (column for column, share in enumerate(shares) if share and share.ticked),
            key=lambda column: -_share_of(shares[column]),
        )
        return Report(
            session=study.name,
            dev_examples=study.dev_examples,
            errors=study.errors,
            dev_error=study.dev_error,
            sampled=study.sampled,
            looked_at=int(judged.looked_at.sum()),
            deferred=int(judged.deferred.sum()),
            unreadable=int(judged.unreadable.sum()),
            none_of_these=int((judged.looked_at & ~with_any).sum()),
            complete=int(sample.complete.sum()),
            left_out=self._named(np.flatnonzero(~sample.joined).tolist()),
            level=self._level,
            weighted=sample.weighted,
            seed=study.seed,
            created_at=study.created_at,
            predictions_sha256=study.predictions_sha256,
            sampled_right=study.sampled_right,
            looked_at_right=int(self._right.looked_at.sum()) if self._right else 0,
            categories=self._categories(shares, split),
            none_split=none_split,
            order=self._order(),
            plan=self._plan(solve) if solve else None,
            pairs=self._pairs(ranked),
            taken=self._taken(ranked),
            overlaps=tuple(
                Overlap(categories=self._named(overlap.categories), errors=overlap.errors)
                for overlap in overlaps.overlaps(sample, _OVERLAPS)
            ),
            stop=significance.when_to_stop(sample),
            ledger=self._ledger(),
            both_sides=self._both_sides(),
            history=self._history(ranked[:_HISTORY]),
        )

    def _plan(self, chosen: Collection[int]) -> Plan:
        sample = self._sample
        columns = [self._ids.index(number) for number in chosen if number in self._ids]
        fixed = overlaps.joint(sample, columns)
        ticks, weights = sample.complete_ticks(), sample.complete_weights()
        left = weights * ~ticks[:, columns].any(axis=1)
        gains = sorted(
            (
                Gain(category=number, share=float(left @ ticks[:, column] / weights.sum()))
                for column, number in enumerate(self._ids)
                if column not in columns and weights.any()
            ),
            key=lambda gain: -gain.share,
        )
        return Plan(
            categories=tuple(chosen),
            hopeful_share=fixed.hopeful,
            hopeful=self._ceiling(fixed.hopeful),
            cautious=self._ceiling(fixed.cautious),
            gains=tuple(gains),
        )

    def _named(self, columns: Sequence[int]) -> tuple[int, ...]:
        return tuple(self._ids[column] for column in columns)

    def _ceiling(self, share: Share | None) -> Ceiling | None:
        if share is None:
            return None
        return ceiling(
            share,
            errors=self._study.errors,
            dev_examples=self._study.dev_examples,
            dev_error=self._study.dev_error,
        )

    # --- the categories one by one ---

    def _categories(
        self, shares: Sequence[Share | None], split: Sequence[float | None]
    ) -> tuple[CategoryReport, ...]:
        right = self._right_shares()
        only = overlaps.only_shares(self._sample)
        return tuple(
            self._category(category, ticks, share, only=alone, split=part, right=well)
            for category, ticks, share, alone, part, well in zip(
                self._judged.categories, self._judged.ticks.T, shares, only, split, right,
                strict=True,
            )
        )  # fmt: skip

    def _category(
        self,
        category: Category,
        ticks: Ticks,
        share: Share | None,
        *,
        only: Share | None,
        split: float | None,
        right: Share | None,
    ) -> CategoryReport:
        left = self._ceiling(share)
        return CategoryReport(
            id=category.id,
            name=category.name,
            kind=category.kind,
            looked_at=int((ticks >= 0).sum()),
            ticked=int((ticks == 1).sum()),
            share=share.share if share else None,
            share_low=share.low if share else None,
            share_high=share.high if share else None,
            dev_error=self._study.dev_error,
            ceiling=left.error if left else None,
            ceiling_low=left.low if left else None,
            ceiling_high=left.high if left else None,
            accuracy=left.accuracy if left else None,
            points=left.points if left else None,
            dev_examples=left.dev_examples if left else None,
            only=only,
            split=split,
            right=right,
            inside=inside(
                share, right, errors=self._study.errors, dev_examples=self._study.dev_examples
            )
            if share and right
            else None,
            confusions=self._confusions(ticks == 1),
        )

    def _confusions(self, ticked: Flags) -> tuple[Confusion, ...]:
        counts = np.bincount(self._codes[ticked], minlength=len(self._pairs_of_labels))
        most = np.argsort(-counts, kind="stable")[:_CONFUSIONS].tolist()
        return tuple(
            Confusion(label=label, prediction=prediction, errors=int(counts[code]))
            for code in most
            if counts[code]
            for label, prediction in [self._pairs_of_labels[code]]
        )

    def _right_shares(self) -> Sequence[Share | None]:
        """Return each category's share of what the model got right."""
        if self._right is None:
            return [None] * len(self._ids)
        ticked, looked_at = self._right.counts()
        return shares_of_errors(
            ticked,
            looked_at,
            errors=self._study.dev_examples - self._study.errors,
            level=self._level,
        )

    # --- the categories together ---

    def _order(self) -> tuple[WorkStep, ...]:
        result = []
        for step in overlaps.order_of_work(self._sample):
            hopeful, cautious = map(self._ceiling, (step.joint.hopeful, step.joint.cautious))
            assert step.joint.hopeful is not None
            assert hopeful is not None
            assert cautious is not None
            result.append(
                WorkStep(
                    category=self._ids[step.category],
                    adds=step.adds,
                    share=step.joint.hopeful,
                    hopeful=hopeful,
                    cautious=cautious,
                )
            )
        return tuple(result)

    def _pairs(self, ranked: Sequence[int]) -> tuple[Pair, ...]:
        neighbours = list(pairwise(ranked))
        orders = significance.compare(self._sample, neighbours)
        return tuple(
            Pair(first=self._ids[one], second=self._ids[other], order=order)
            for (one, other), order in zip(neighbours, orders, strict=True)
        )

    def _taken(self, ranked: Sequence[int]) -> tuple[Taken, ...]:
        if not ranked:
            return ()
        both = overlaps.together(self._sample)
        return tuple(
            Taken(
                category=self._ids[column],
                errors=int(both[column, column]),
                taken=int(both[ranked[0], column]),
            )
            for column in ranked[1:]
        )

    def _history(self, columns: Sequence[int]) -> tuple[Moment, ...]:
        largest = replace(self._sample, ticks=self._sample.ticks[:, columns])
        return tuple(
            Moment(
                category=self._ids[columns[prefix.category]],
                reviewed=prefix.reviewed,
                share=prefix.share.share,
                low=prefix.share.low,
                high=prefix.share.high,
            )
            for prefix in significance.history(largest)
            if prefix.share is not None
        )

    # --- label errors ---

    def _ledger(self) -> Ledger | None:
        blamed = [
            column
            for column, category in enumerate(self._judged.categories)
            if category.kind is Kind.LABEL_ERROR
        ]
        labels = overlaps.joint(self._sample, blamed).hopeful if blamed else None
        left = self._ceiling(labels)
        if labels is None or left is None:
            return None
        e = self._study.dev_error
        verdict = Verdict.OPEN
        if labels.low >= LABELS_MATTER:
            verdict = Verdict.YES
        elif labels.high < LABELS_MATTER:
            verdict = Verdict.NO
        return Ledger(
            labels=labels,
            label_points=Rate(rate=left.points, low=e * labels.low, high=e * labels.high),
            other=Rate(rate=left.error, low=left.low, high=left.high),
            verdict=verdict,
        )

    def _both_sides(self) -> BothSides | None:
        if self._right is None or not self._judged.looked_at.any():
            return None
        errors, all_right = self._study.errors, self._study.dev_examples - self._study.errors
        acquitted = _corrections(self._judged, to_prediction=True)
        convicted = _corrections(self._right, to_prediction=False)
        looked_at, looked_at_right = (
            int(self._judged.looked_at.sum()),
            int(self._right.looked_at.sum()),
        )
        (wrong,) = shares_of_errors([acquitted], [looked_at], errors=errors, level=self._level)
        (right,) = shares_of_errors(
            [convicted], [looked_at_right], errors=all_right, level=self._level
        )
        assert wrong is not None
        assert right is not None
        return BothSides(
            looked_at_right=looked_at_right,
            wrong=wrong,
            right=right,
            error=corrected_error(
                wrong, right, errors=errors, dev_examples=self._study.dev_examples
            ),
        )


def _corrections(judged: Judged, *, to_prediction: bool) -> int:
    """Count the examples whose right label is what the model said, or is something else."""
    return sum(
        looked_at and corrected is not None and (corrected == prediction) == to_prediction
        for looked_at, corrected, prediction in zip(
            judged.looked_at.tolist(), judged.corrected, judged.predictions, strict=True
        )
    )


def _share_of(share: Share | None) -> float:
    return -1.0 if share is None else share.share


# --- as JSON -------------------------------------------------------------------------------------

_BRIEF: Final = (
    "session dev_examples errors dev_error sampled looked_at deferred none_of_these".split()
)
_BRIEF_CATEGORY: Final = (
    "name kind looked_at ticked share share_low share_high dev_error ceiling ceiling_low "
    "ceiling_high points dev_examples".split()
)


def as_json(report: Report) -> str:
    """Return the main figures as JSON: fractions; null where nothing was looked at."""
    value = {name: getattr(report, name) for name in _BRIEF}
    value["categories"] = [
        {name: getattr(category, name) for name in _BRIEF_CATEGORY}
        for category in report.categories
    ]
    return json.dumps(value, ensure_ascii=False, indent=2)


def as_full_json(report: Report, tool: str) -> str:
    """Return every figure as JSON, with the version of its form and of the `tool`."""
    value = {"version": JSON_VERSION, "errortool": tool, **asdict(report)}
    return json.dumps(value, ensure_ascii=False, indent=2)
