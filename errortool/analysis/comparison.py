"""All that a comparison of two rounds, or of two models, says: pure, from arrays.

Models are compared on the same labels, those of the second. What a category brought is counted by
the labels that each round had, since its ticks speak of these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from errortool.analysis import paired
from errortool.analysis.intervals import Rate, Share
from errortool.analysis.paired import Eyeball, Flips, Looking, Surely
from errortool.analysis.rounds import Stratum, net
from errortool.analysis.weighted import Totals
from errortool.model import LEVEL, Kind

Flags = NDArray[np.bool_]
Reals = NDArray[np.float64]
Codes = NDArray[np.int32]
Ticks = NDArray[np.int8]

FEWEST_IN_GROUP: Final = 10
"""Groups of fewer shared examples aren't compared."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shared:
    """What is known of each shared dev example, an entry each.

    `was_wrong` is by the labels that the first model's table had, all else by those of the second.
    """

    was_wrong: Flags
    wrong_a: Flags
    wrong_b: Flags
    same_answer: Flags
    label_changed: Flags
    weights: Reals | None = None
    groups: Mapping[str, tuple[Sequence[str], Codes]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many examples are shared."""
        return len(self.wrong_b)

    @property
    def weighted(self) -> bool:
        """Whether some examples count more than others."""
        return self.weights is not None and bool((self.weights != self.weights[0]).any())

    @property
    def units(self) -> Reals:
        """What each example counts, the mean being 1."""
        if self.weights is None:
            return np.ones(len(self))
        found: Reals = self.weights / self.weights.mean()
        return found

    def error(self, wrong: Flags) -> float:
        """Return an error, weighted if examples are."""
        if not self.weighted:
            return int(wrong.sum()) / len(self)
        return float(self.units[wrong].sum()) / len(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedCategory:
    """What a category made possible in the first round, and what came of it in the second.

    `possible` and `gained` are fractions of the dev set. `gained` is None where nothing of the
    fixed or nothing of the newly wrong was looked at for it.
    """

    name: str
    kind: Kind
    possible: Rate | None
    gained: Rate | None
    fixed: Stratum
    newly_wrong: Stratum
    still_wrong: Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedGroup:
    """The examples of one class, or with one value of a column.

    `p` is the mid-p, adjusted for the number of groups of the same column (Holm); None of weighted
    examples. `better` says what is sure at the level: that it gained, that it lost, or neither.
    """

    column: str
    value: str
    examples: int
    before: float
    after: float
    gain: Rate
    p: float | None
    better: Surely


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What labels that changed in between did: the first model's error before and after that."""

    changed: int
    error_before: float
    error_after: float

    @property
    def gain(self) -> float:
        """By how much the first model's error fell by the labels alone."""
        return self.error_before - self.error_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """How many models were tried on a dev set.

    By chance, the best of so many equal ones would seem better by `seeming`, a fraction, where
    their correctness differs on a part `churn` of the examples.
    """

    number: int
    churn: float
    seeming: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The errors of the part that people may look at and of the blackbox, and what each gained.

    `difference` is how much more the first part gained, None for the first round.
    """

    before: Eyeball | None
    after: Eyeball
    difference: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One of the rounds in a row: its dev error and the shares of its categories, by name.

    A share of fewer than 10 errors looked at is left out.
    """

    name: str
    dev_error: float | None
    looked_at: int
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Two models, `a` and `b`, on the dev examples that both have.

    `gain` is by how much the error fell from the one to the other on the labels of `b`: a fraction
    with its interval for data like these. `differences` say how the two dev sets differ,
    `unmatched` which categories can't be compared. `margin` is a fraction.
    """

    a: str
    b: str
    only_a: int
    only_b: int
    flips: Flips
    error_before: float
    error_after: float
    gain: Rate
    mid_p: float | None
    weighted: bool
    level: float
    margin: float | None
    labels: Labels | None
    differences: tuple[str, ...] = ()
    categories: tuple[ComparedCategory, ...] = ()
    unmatched: tuple[str, ...] = ()
    groups: tuple[ComparedGroup, ...] = ()
    looking: Looking | None = None
    models: Models | None = None
    parts: Parts | None = None
    rounds: tuple[Round, ...] = ()
    looked_at: tuple[int, int] | None = None

    @property
    def shared(self) -> int:
        """How many dev examples both have."""
        return self.flips.shared

    @property
    def better(self) -> Surely:
        """Whether the second model is better on data like these."""
        return paired.better(self.gain)

    @property
    def no_worse(self) -> Surely | None:
        """Whether the second is worse by no more than the margin; None without one."""
        return None if self.margin is None else paired.no_worse(self.gain, self.margin)


def flips(shared: Shared) -> Flips:
    """Count what became of the shared examples."""
    still = shared.wrong_a & shared.wrong_b
    same = int((still & shared.same_answer).sum())
    return Flips(
        fixed=int((shared.wrong_a & ~shared.wrong_b).sum()),
        newly_wrong=int((~shared.wrong_a & shared.wrong_b).sum()),
        same_answer=same,
        other_answer=int(still.sum()) - same,
        both_right=int((~shared.wrong_a & ~shared.wrong_b).sum()),
    )


def gain(shared: Shared, rows: Flags | None = None, level: float = LEVEL) -> Rate:
    """Return by how much the error fell, among `rows` if they are given."""
    a, b = (shared.wrong_a, shared.wrong_b)
    if rows is not None:
        a, b = a[rows], b[rows]
    if shared.weighted:
        weights = shared.units if rows is None else shared.units[rows]
        return paired.weighted_gain(a.astype(float) - b.astype(float), weights, level)
    return paired.bonett_price(int((a & ~b).sum()), int((~a & b).sum()), len(a), level)


def mid_p(shared: Shared, counted: Flips) -> float | None:
    """Return McNemar's mid-p; None where examples have weights."""
    return None if shared.weighted else paired.mid_p(counted.fixed, counted.newly_wrong)


def labels(shared: Shared) -> Labels | None:
    """Return what labels that changed did; None where none did."""
    changed = int(shared.label_changed.sum())
    if not changed:
        return None
    return Labels(
        changed=changed,
        error_before=shared.error(shared.was_wrong),
        error_after=shared.error(shared.wrong_a),
    )


def looking(shared: Shared, seen: Flags, level: float = LEVEL) -> Looking | None:
    """Compare what was fixed of the first model's errors that people looked at, and of the others.

    Those with another label now are left out: who looks at an example may have corrected it.
    """
    errors = shared.wrong_a & ~shared.label_changed
    fixed = errors & ~shared.wrong_b
    return paired.looking(
        seen=int((errors & seen).sum()),
        seen_fixed=int((fixed & seen).sum()),
        unseen=int((errors & ~seen).sum()),
        unseen_fixed=int((fixed & ~seen).sum()),
        level=level,
    )


def category(
    shared: Shared,
    name: str,
    kind: Kind,
    ticks: tuple[Ticks, Ticks],
    level: float = LEVEL,
) -> ComparedCategory:
    """Compare a category; `ticks` are those of both rounds: 1, 0, or -1 where not looked at.

    Of the still wrong, what the second round says counts before what the first one said.
    """
    before, after = ticks
    still = np.where(after >= 0, after, before)
    was, now = shared.was_wrong, shared.wrong_b
    of = _Strata(shared, level)
    fixed, new = of.stratum(was & ~now, before), of.stratum(~was & now, after)
    possible = of.stratum(was, before)
    return ComparedCategory(
        name=name,
        kind=kind,
        possible=_part(_rate(possible), len(shared)),
        gained=_part(net(fixed, new), len(shared)),
        fixed=fixed,
        newly_wrong=new,
        still_wrong=of.stratum(was & now, still),
    )


@dataclass(frozen=True, slots=True)
class _Strata:
    """Estimates a category among some of the shared examples."""

    shared: Shared
    level: float

    def stratum(self, rows: Flags, ticks: Ticks) -> Stratum:
        seen = rows & (ticks >= 0)
        size = int(rows.sum())
        if not self.shared.weighted:
            ticked = int((ticks[seen] == 1).sum())
            looked_at = int(seen.sum())
            return Stratum.of(ticked=ticked, looked_at=looked_at, size=size, level=self.level)
        units = self.shared.units
        every = units[rows]
        totals = Totals(number=size, weight=float(every.sum()), squares=float((every**2).sum()))
        return Stratum.weighing(ticks == 1, seen, units, totals, self.level)


def _rate(stratum: Stratum) -> Rate | None:
    if stratum.examples is None or stratum.low is None or stratum.high is None:
        return None
    return Rate(rate=stratum.examples, low=stratum.low, high=stratum.high)


def _part(number: Rate | None, every: int) -> Rate | None:
    """Return a number of examples as a fraction of all."""
    if number is None:
        return None
    return Rate(rate=number.rate / every, low=number.low / every, high=number.high / every)


def groups(shared: Shared, level: float = LEVEL) -> tuple[ComparedGroup, ...]:
    """Compare the groups of every column, those that lost most first in each."""
    found: list[ComparedGroup] = []
    for column, (names, codes) in shared.groups.items():
        found += _groups(shared, column, names, codes, level)
    return tuple(found)


def _groups(
    shared: Shared, column: str, names: Sequence[str], codes: Codes, level: float
) -> list[ComparedGroup]:
    a, b = shared.wrong_a, shared.wrong_b
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    large = [code for code, size in enumerate(sizes.tolist()) if size >= FEWEST_IN_GROUP]
    if len(large) < 2:  # noqa: PLR2004  one group is no grouping
        return []
    rows = [codes == code for code in large]
    p_values: list[float] | None = None
    if not shared.weighted:
        p_values = paired.holm(
            [paired.mid_p(int((a & ~b & at).sum()), int((~a & b & at).sum())) for at in rows]
        )
    found = []
    for place, (code, at) in enumerate(zip(large, rows, strict=True)):
        change = gain(shared, at, level)
        p = None if p_values is None else p_values[place]
        sure = paired.better(change)
        if p is not None and p >= 1 - level:
            sure = Surely.OPEN
        units = shared.units[at] if shared.weighted else np.ones(int(at.sum()))
        found.append(
            ComparedGroup(
                column=column,
                value=names[code],
                examples=int(at.sum()),
                before=float(units[a[at]].sum() / units.sum()) if units.sum() else 0.0,
                after=float(units[b[at]].sum() / units.sum()) if units.sum() else 0.0,
                gain=change,
                p=p,
                better=sure,
            )
        )
    return sorted(found, key=lambda group: group.gain.rate)


def parts(shared: Shared, inside: Flags, level: float = LEVEL) -> Parts | None:
    """Compare the part that people may look at with the blackbox; None where either is empty."""
    if inside.all() or not inside.any():
        return None

    def of(wrong: Flags) -> Eyeball:
        return paired.eyeball(
            examples=int(inside.sum()),
            errors=int((wrong & inside).sum()),
            blackbox_examples=int((~inside).sum()),
            blackbox_errors=int((wrong & ~inside).sum()),
            level=level,
        )

    return Parts(
        before=of(shared.wrong_a),
        after=of(shared.wrong_b),
        difference=paired.minus(gain(shared, inside, level), gain(shared, ~inside, level)),
    )
