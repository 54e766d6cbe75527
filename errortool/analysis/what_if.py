"""What solving some categories together would leave."""

from collections.abc import Collection
from dataclasses import dataclass

from errortool.analysis.intervals import Ceiling, Share
from errortool.analysis.overlaps import contained, union
from errortool.analysis.sample import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """The share of errors that a category, by id, would add to those in a plan."""

    category: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What solving a set of categories, by id, would leave.

    `hopeful` is optimistic: an error with several causes counts as fixed if any of them is solved
    (`hopeful_share` of all errors). `cautious` is conservative: all of them must be. The truth lies
    between. `gains` are what each other category on offer would add, the largest first.
    """

    categories: tuple[int, ...]
    hopeful_share: Share | None
    hopeful: Ceiling | None
    cautious: Ceiling | None
    gains: tuple[Gain, ...]


def plan(sample: Sample, solve: Collection[int], offered: Collection[int] | None = None) -> Plan:
    """Compute what solving these categories would leave, and what each other one would add.

    `offered` are those that it asks of, by id: all unless told.
    """
    optimistic = union(sample, solve)
    return Plan(
        categories=tuple(solve),
        hopeful_share=optimistic,
        hopeful=sample.ceiling(optimistic),
        cautious=sample.ceiling(contained(sample, solve)),
        gains=_gains(sample, solve, sample.categories if offered is None else offered),
    )


def _gains(sample: Sample, solve: Collection[int], offered: Collection[int]) -> tuple[Gain, ...]:
    """Return the share of errors that each other category covers and the plan doesn't."""
    ticks, weights = sample.complete_ticks(), sample.complete_weights()
    if not weights.any():
        return ()
    left = weights * ~ticks[:, sample.columns(solve)].any(axis=1)
    found = (
        Gain(category=category, share=float(left @ column / weights.sum()))
        for category, column in sample.by_category(ticks.T).items()
        if category in offered and category not in solve
    )
    return tuple(sorted(found, key=lambda gain: -gain.share))
