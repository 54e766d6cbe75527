"""Categories taken together: unions, what each adds, the order of work.

>>> dogs_and_blurry = np.array([[1, 0], [0, 1], [1, 1], [0, 1]], dtype=np.int8)
>>> sample = Sample(ticks=dogs_and_blurry, errors=4)
>>> joint(sample, [0, 1]).hopeful.share
1.0
>>> [(step.category, step.adds) for step in order_of_work(sample)]
[(1, 0.75), (0, 0.25)]
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from errortool.analysis.intervals import Share
from errortool.analysis.sample import Flags, Sample, shares_among


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The share of errors that go if a set of categories is solved; None if not looked at.

    An error with several causes is fixed if any of them is (`hopeful`), or only if all are
    (`cautious`): the truth lies between.
    """

    hopeful: Share | None
    cautious: Share | None


def joint(sample: Sample, chosen: Collection[int]) -> Joint:
    """Return what solving the categories in columns `chosen` would fix.

    `hopeful` rests on the errors looked at for each of these, `cautious` on the complete ones,
    since it asks whether there is another cause.
    """
    columns = sorted(set(chosen))
    ticks = sample.ticks[:, columns]
    seen: Flags = np.logical_and.reduce(ticks >= 0, axis=1)
    hopeful: Flags = np.logical_or.reduce(ticks[seen] == 1, axis=1)
    cautious = _all_within(sample.complete_ticks(), columns)
    return Joint(
        hopeful=shares_among(sample, seen, hopeful[:, None])[0],
        cautious=shares_among(sample, sample.complete, cautious[:, None])[0],
    )


def _all_within(ticks: Flags, columns: Sequence[int]) -> Flags:
    """Tell which rows have ticks, and all of them in these columns."""
    others = np.delete(ticks, columns, axis=1)
    found: Flags = np.logical_or.reduce(ticks, axis=1) & ~others.any(axis=1)
    return found


def only_shares(sample: Sample) -> list[Share | None]:
    """Return the share of errors with this tick and no other: what fixing it alone surely wins."""
    ticks = sample.complete_ticks()
    alone = ticks & (ticks.sum(axis=1) == 1)[:, None]
    found = shares_among(sample, sample.complete, alone)
    return [
        share if joined else None
        for share, joined in zip(found, sample.joined.tolist(), strict=True)
    ]


def even_split(sample: Sample) -> tuple[list[float | None], float | None]:
    """Return shares that add to 1: a tick counts 1/m on an error with m ticks.

    The second value is the share of errors without a tick. A category that isn't joined has none.
    """
    ticks, weights = sample.complete_ticks(), sample.complete_weights()
    total = weights.sum()
    if not total:
        return [None] * ticks.shape[1], None
    parts = ticks / np.maximum(ticks.sum(axis=1), 1)[:, None]
    none = weights[~ticks.any(axis=1)].sum() / total
    split = zip((weights @ parts / total).tolist(), sample.joined.tolist(), strict=True)
    return [part if joined else None for part, joined in split], float(none)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The next category in the order of work, and what it leaves.

    `category` is its column; `adds` is the share of errors that only it, of what is still to be
    done, accounts for; `joint` is for all categories up to here.
    """

    category: int
    adds: float
    joint: Joint


def order_of_work(sample: Sample) -> list[Step]:
    """Return the categories in the order that fixes most errors soonest.

    Greedily: next is always the one with most errors not yet covered (of equals the one with more
    ticks). It ends when what is left is none of these.
    """
    ticks, weights = sample.complete_ticks(), sample.complete_weights()
    total = weights.sum()
    amounts, many = ticks.astype(np.float64), ticks.sum(axis=1)
    covered: Flags = np.zeros(len(ticks), dtype=np.bool_)
    within = np.zeros(len(ticks), dtype=np.int64)  # how many ticks are of categories in the order
    order: list[int] = []
    adds: list[float] = []
    columns: list[Flags] = []
    while total:
        gains = (weights * ~covered) @ amounts
        # Of equals, whatever their names and places are, the same one is first.
        best = max(
            range(len(gains)),
            key=lambda column: (gains[column], ticks[:, column].sum(), ticks[:, column].tobytes()),
            default=None,
        )
        if best is None or not gains[best]:
            break
        covered = covered | ticks[:, best]
        within = within + ticks[:, best]
        order.append(best)
        adds.append(float(gains[best] / total))
        columns += [covered, covered & (within == many)]
    if not order:
        return []
    found = shares_among(sample, sample.complete, np.column_stack(columns))
    return [
        Step(category=column, adds=gain, joint=Joint(hopeful=hopeful, cautious=cautious))
        for column, gain, hopeful, cautious in zip(
            order, adds, found[::2], found[1::2], strict=True
        )
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How many errors carry exactly these ticks; `categories` are columns."""

    categories: tuple[int, ...]
    errors: int


def overlaps(sample: Sample, most: int | None = None) -> list[Overlap]:
    """Return the `most` frequent combinations of ticks, or all; () is none of these."""
    counts = Counter(row.tobytes() for row in sample.complete_ticks())
    found = [
        Overlap(
            categories=tuple(np.flatnonzero(np.frombuffer(row, dtype=np.bool_)).tolist()),
            errors=count,
        )
        for row, count in counts.most_common(most)
    ]
    return sorted(found, key=lambda overlap: (-overlap.errors, overlap.categories))


def together(sample: Sample) -> NDArray[np.int64]:
    """Return how many errors carry both of two ticks: a line and a column a category."""
    ticks = sample.complete_ticks().astype(np.float64)
    found: NDArray[np.int64] = (ticks.T @ ticks).astype(np.int64)
    return found
