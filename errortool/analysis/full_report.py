"""A session's judgements turned into the whole report: one value that every front end shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
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
)
from errortool.analysis.overlaps import Check, Overlap, Step, Taken
from errortool.analysis.sample import (
    ENOUGH,
    Sample,
    none_of_these,
    shares,
    shares_among,
    simultaneous,
    unknown,
)
from errortool.analysis.significance import Moment, Pair, Stop
from errortool.analysis.study import Study
from errortool.model import LEVEL, Intervals, Judged, Kind

LABELS_MATTER: Final = 0.2
"""The share of label errors from which to correct labels first: between the lecture's 6 % (not
worth it first) and 30 % (worth it)."""

_HISTORY: Final = 5
_OVERLAPS: Final = 40
_CONFUSIONS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The largest cause, or several that tie, by id, and what solving one of them would leave.

    It was picked from `of` causes, some without a tick perhaps, and its interval allows for that:
    it is simultaneous over them.
    """

    categories: tuple[int, ...]
    of: int
    share: Share
    left: Ceiling | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """How many of a category's errors have this label and this prediction."""

    label: str
    prediction: str
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryReport:
    """One category's figures; all rates are fractions, and None while nothing was looked at.

    `estimate` is its share of the errors, `left` the dev error left if it were solved, None too
    where no dev error is known. `only` is
    the share of errors with this tick alone, `split` the category's part where errors with several
    ticks are divided evenly. `right` is its share of the correct predictions, and `inside` what it
    is in all dev data; None unless correct predictions were looked at.
    """

    id: int
    name: str
    kind: Kind
    looked_at: int
    ticked: int
    dev_error: float | None
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
    def holds(self) -> str | None:
        """For which numbers of images the intervals are right: a value of `model.Holds`."""
        return self.estimate.holds.value if self.estimate else None

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
    """Whether labels are worth correcting first: from a fifth of the dev error on."""

    YES = "worth correcting first"
    NO = "not worth correcting first"
    OPEN = "not settled yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The dev error broken down into incorrect labels and all other causes.

    `labels` is the share of errors with any label error; `label_points` what they make of the dev
    error and `other` the rest, None where no dev error is known.
    """

    labels: Share
    label_points: Rate | None
    other: Rate | None
    verdict: Verdict

    @property
    def other_share(self) -> float:
        """The share of errors without a label error."""
        return 1 - self.labels.share


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """The dev error with labels corrected on both sides.

    `wrong` is the share of errors where the prediction was right after all, `right` the share of
    correct predictions that were wrong after all. `labels` is the part of the dev set whose label
    is wrong; the verdict rests on it.
    """

    looked_at_right: int
    wrong: Share
    right: Share
    error: Rate
    labels: Rate
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of a session; `categories` are in the session's order.

    `none` is the share of errors that fit no category, of those looked at for every category, and
    `none_of_these` its count; of the `unknown` ones, without a tick so far, it isn't known.
    `complete` counts the errors that were looked at for every category except those `left_out`, by
    id, which were looked at for less than half of the errors: all figures but the shares rest on
    these. `order` is the order of work, `pairs` are neighbours by share, `lead` is the order of the
    two largest causes, None where there are no two. `taken` is what solving the largest cause takes
    with it, `overlaps` are the most frequent of all `combinations` of ticks, `history` is how the
    shares of the largest categories moved.

    `dev_examples` and `dev_error` are None where the table held errors only and nobody said of how
    many examples: then no figure rests on them, and there are shares alone.

    `planned` is how many errors there were to look at from the beginning, `at_plan` whether just
    these were looked at; `intervals` says which kind was asked for. `headline` is None while there
    is nothing to name. `check` is the order of work on two halves of the errors, None for fewer
    than 50. `pace` is in seconds an image. `follows` is the name of the session of the round
    before, "" without one; `carried` of the errors looked at stand as carried from it, and `ahead`
    more count once the open ones before them are looked at.
    """

    session: str
    dev_examples: int | None
    errors: int
    dev_error: float | None
    sampled: int
    looked_at: int
    deferred: int
    unreadable: int
    none_of_these: int
    none: Share | None
    unknown: int
    complete: int
    left_out: tuple[int, ...]
    level: float
    planned: int | None
    at_plan: bool
    intervals: Intervals
    pace: float | None
    follows: str
    carried: int
    ahead: int
    weighted: bool
    seed: int | None
    created_at: str
    predictions_sha256: str
    sampled_right: int
    looked_at_right: int
    categories: tuple[CategoryReport, ...]
    none_split: float | None
    headline: Headline | None
    order: tuple[Step, ...]
    check: Check | None
    pairs: tuple[Pair, ...]
    lead: Pair | None
    taken: tuple[Taken, ...]
    overlaps: tuple[Overlap, ...]
    combinations: int
    stop: Stop
    ledger: Ledger | None
    both_sides: BothSides | None
    history: tuple[Moment, ...]

    @property
    def rated(self) -> bool:
        """Whether a dev error is known, and with it what solving a category would leave."""
        return self.dev_error is not None

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
    def causes(self) -> tuple[CategoryReport, ...]:
        """The categories with ticks that blame no label, by share: what can be solved."""
        return tuple(
            category for category in self.ranked if category.ticked and category.kind is Kind.CAUSE
        )

    @property
    def compared(self) -> tuple[CategoryReport, ...]:
        """The causes that were looked at on enough errors, 10, to say which is the largest."""
        return tuple(category for category in self.causes if category.looked_at >= ENOUGH)

    @property
    def largest(self) -> tuple[CategoryReport, ...]:
        """The cause with the largest share, or several that tie."""
        found = self.compared
        return tuple(category for category in found if category.share == found[0].share)

    @property
    def none_share(self) -> float | None:
        """The share of the errors that fit no category; None where it isn't known of any."""
        return self.none.share if self.none else None

    def share_of(self, overlap: Overlap) -> float:
        """Return the share of a combination of ticks, of the errors looked at for all of them."""
        return overlap.errors / self.complete

    @property
    def label_verdict(self) -> Verdict | None:
        """Whether labels are worth correcting first, from both sides where both tell it."""
        judge = self.corrected or self.ledger
        return judge.verdict if judge else None

    @property
    def corrected(self) -> BothSides | None:
        """Both sides, where enough images of each, 10, were looked at to tell anything."""
        both = self.both_sides
        enough = both and min(both.wrong.looked_at, both.looked_at_right) >= ENOUGH
        return both if enough else None

    @property
    def share_total(self) -> float:
        """The sum of all shares; more than 1 where errors carry several ticks."""
        return sum(category.share or 0.0 for category in self.categories)

    def category(self, number: int) -> CategoryReport:
        """Return the category of that id."""
        return next(category for category in self.categories if category.id == number)


def compute(
    study: Study,
    judged: Judged,
    right: Judged | None = None,
    *,
    level: float = LEVEL,
    intervals: Intervals = Intervals.AUTO,
) -> Report:
    """Compute every figure from judgements of the errors, and of correct predictions (`right`)."""
    sample = study.sample(judged, level, intervals)
    if right is not None and (study.dev_error is None or not right.looked_at.any()):
        right = None
    right_sample = study.right_sample(right, level, intervals) if right else None
    found = shares(sample)
    split, none_split = overlaps.even_split(sample)
    none, open_ = none_of_these(sample), unknown(sample)
    ticked = {category: share for category, share in found.items() if share and share.ticked}
    ranked = sorted(ticked, key=lambda category: -ticked[category].share)
    blamed = {category.id for category in judged.categories if category.kind is Kind.LABEL_ERROR}
    causes = [
        category
        for category in ranked
        if category not in blamed and ticked[category].looked_at >= ENOUGH
    ]
    neighbours, first_two = list(pairwise(ranked)), list(pairwise(causes[:2]))
    compared = significance.compare(sample, neighbours + first_two)
    pairs, leads = compared[: len(neighbours)], compared[len(neighbours) :]
    lead = leads[0] if leads else None
    ledger = _ledger(sample, blamed)
    headline = _headline(sample, judged, causes)
    order = overlaps.order_of_work(sample)
    return Report(
        session=study.name,
        dev_examples=study.dev_examples,
        errors=study.errors,
        dev_error=study.dev_error,
        sampled=study.sampled,
        looked_at=int(judged.looked_at.sum()),
        deferred=int(judged.deferred.sum()),
        unreadable=int(judged.unreadable.sum()),
        none_of_these=none.ticked if none else 0,
        none=none,
        unknown=open_,
        complete=int(sample.complete.sum()),
        left_out=sample.left_out,
        level=level,
        planned=study.planned,
        at_plan=sample.at_plan is not None,
        intervals=intervals,
        pace=study.pace,
        follows=study.follows,
        carried=study.carried,
        ahead=study.ahead,
        weighted=sample.weighted,
        seed=study.seed,
        created_at=study.created_at,
        predictions_sha256=study.predictions_sha256,
        sampled_right=study.sampled_right,
        looked_at_right=int(right.looked_at.sum()) if right else 0,
        categories=_categories(sample, judged, right_sample, shares=found, split=split),
        none_split=none_split,
        headline=headline,
        order=order,
        check=overlaps.check(sample, order),
        pairs=pairs,
        lead=lead,
        taken=overlaps.taken(sample, causes),
        overlaps=overlaps.combinations(sample, _OVERLAPS),
        combinations=overlaps.different(sample),
        stop=significance.when_to_stop(
            sample,
            headline.share if headline else None,
            lead,
            none=None if open_ or none is None else none.ticked,
        ),
        ledger=ledger,
        both_sides=_both_sides(sample, right_sample, judged, right, ledger),
        history=significance.history(sample, ranked[:_HISTORY]),
    )


def _headline(sample: Sample, judged: Judged, causes: Sequence[int]) -> Headline | None:
    """Return the largest of the causes, which are those ticked, the largest first."""
    of = sum(
        category.kind is Kind.CAUSE and looked_at >= ENOUGH
        for category, looked_at in zip(judged.categories, judged.counts()[1], strict=True)
    )
    found = shares(simultaneous(sample, of))
    ranked = [(cause, share) for cause in causes if (share := found[cause])]
    if not ranked:
        return None
    tied = [(cause, share) for cause, share in ranked if share.share == ranked[0][1].share]
    share = replace(
        tied[0][1],
        low=min(share.low for _, share in tied),
        high=max(share.high for _, share in tied),
    )
    return Headline(
        categories=tuple(cause for cause, _ in tied), of=of, share=share, left=sample.ceiling(share)
    )


def _categories(
    sample: Sample,
    judged: Judged,
    right: Sample | None,
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
    size = sample.size
    return {
        category: inside(share, right, **size)
        for category, share in shares.items()
        if size and share and (right := right_shares[category])
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


def _right_shares(sample: Sample, right: Sample | None) -> dict[int, Share | None]:
    """Return each category's share of the correct predictions."""
    return shares(right) if right else dict.fromkeys(sample.categories)


# --- label errors --------------------------------------------------------------------------------


def _ledger(sample: Sample, blamed: Collection[int]) -> Ledger | None:
    """Return what labels make of the dev error; None without a category that blames them."""
    labels = overlaps.union(sample, blamed) if blamed else None
    if labels is None:
        return None
    left, e = sample.ceiling(labels), sample.dev_error or 0.0
    return Ledger(
        labels=labels,
        label_points=Rate(rate=left.points, low=e * labels.low, high=e * labels.high)
        if left
        else None,
        other=Rate(rate=left.error, low=left.low, high=left.high) if left else None,
        verdict=_verdict(labels.low, labels.high, LABELS_MATTER),
    )


def _verdict(low: float, high: float, matters: float) -> Verdict:
    """Return the verdict on labels that are surely or not surely at least what `matters`."""
    if low >= matters:
        return Verdict.YES
    return Verdict.NO if high < matters else Verdict.OPEN


def _both_sides(
    sample: Sample,
    right_sample: Sample | None,
    judged: Judged,
    right: Judged | None,
    ledger: Ledger | None,
) -> BothSides | None:
    """Return the dev error with labels corrected on both sides.

    None unless both were looked at, and labels were asked about: by a category that blames them, or
    by a right label given.
    """
    size = sample.size
    if right is None or right_sample is None or size is None or not judged.looked_at.any():
        return None
    given = any(label is not None for label in (*judged.corrected, *right.corrected))
    if ledger is None and not given:
        return None
    wrong = _share_turned(sample, judged, acquits=True)
    broken = _share_turned(right_sample, right, acquits=False)
    labels = inside(ledger.labels if ledger else wrong, broken, **size).data
    return BothSides(
        looked_at_right=broken.looked_at,
        wrong=wrong,
        right=broken,
        error=corrected_error(wrong, broken, **size),
        labels=labels,
        verdict=_verdict(labels.low, labels.high, LABELS_MATTER * size["dev_error"]),
    )


def _share_turned(sample: Sample, judged: Judged, *, acquits: bool) -> Share:
    """Return the share of examples of which the right label makes the opposite."""
    rows = np.ones(len(sample.ticks), dtype=np.bool_)
    turned = np.array(_turned(judged, acquits=acquits), dtype=np.bool_)[judged.looked_at]
    (found,) = shares_among(sample, rows, turned[:, None])
    assert found is not None  # some were looked at
    return found


def _turned(judged: Judged, *, acquits: bool) -> list[bool]:
    """Tell of which examples the right label makes the opposite: an error right, or not.

    A right label `acquits` an error that is what the model predicted, and convicts a correct
    prediction that isn't. A label that was blamed without saying which is right does it too: the
    tick says that the label is wrong, not the model.
    """
    blames = [category.kind is Kind.LABEL_ERROR for category in judged.categories]
    blamed = (judged.ticks[:, blames] == 1).any(axis=1).tolist()
    return [
        is_blamed if corrected is None else (corrected == prediction) == acquits
        for is_blamed, corrected, prediction in zip(
            blamed, judged.corrected, judged.predictions, strict=True
        )
    ]
