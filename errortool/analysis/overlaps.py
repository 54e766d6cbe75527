"""Categories taken together: unions, what each adds, the greedy order of work.

>>> dogs_and_blurry = np.array([[1, 0], [0, 1], [1, 1], [0, 1]], dtype=np.int8)
>>> sample = Sample(
...     categories=(7, 9), ticks=dogs_and_blurry, errors=4, dev_examples=40, dev_error=0.1
... )
>>> union(sample, [7, 9]).share
1.0
>>> [(step.category, step.adds) for step in order_of_work(sample)]
[(9, 0.75), (7, 0.25)]
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from errortool.analysis.intervals import Ceiling, Share
from errortool.analysis.sample import Flags, Sample, Weights, shares_among, simultaneous

_ENOUGH_TO_HALVE: Final = 50
_CHECKED: Final = 2
"""Steps of the order of work."""


def union(sample: Sample, chosen: Collection[int]) -> Share | None:
    """Return the share of errors with at least one of the chosen ticks.

    It rests on the errors looked at for each of the chosen categories. As an answer to "what would
    solving these fix?" it is the optimistic one: an error counts as fixed if any cause is solved.
    """
    ticks = sample.ticks[:, sample.columns(chosen)]
    seen: Flags = np.logical_and.reduce(ticks >= 0, axis=1)
    hits: Flags = np.logical_or.reduce(ticks[seen] == 1, axis=1)
    return shares_among(sample, seen, hits[:, None])[0]


def contained(sample: Sample, chosen: Collection[int]) -> Share | None:
    """Return the share of errors that have ticks, all of them among the chosen.

    It rests on the complete errors, since it asks for other causes. As an answer to "what would
    solving these fix?" it is the conservative one: all causes of an error must be solved.
    """
    ticks = sample.complete_ticks()
    others = np.delete(ticks, sample.columns(chosen), axis=1)
    hits: Flags = np.logical_or.reduce(ticks, axis=1) & ~others.any(axis=1)
    return shares_among(sample, sample.complete, hits[:, None])[0]


def only_shares(sample: Sample) -> dict[int, Share | None]:
    """Return the share of errors with this tick and no other: what fixing it alone surely wins."""
    ticks = sample.complete_ticks()
    alone = ticks & (ticks.sum(axis=1) == 1)[:, None]
    found = sample.by_category(shares_among(sample, sample.complete, alone))
    return found | dict.fromkeys(sample.left_out)


def even_split(sample: Sample) -> tuple[dict[int, float | None], float | None]:
    """Return shares that add to 1: a tick counts 1/m on an error with m ticks.

    The second value is the share of errors without a tick. A category that isn't joined has none.
    """
    ticks, weights = sample.complete_ticks(), sample.complete_weights()
    total = weights.sum()
    if not total:
        return dict.fromkeys(sample.categories), None
    parts = ticks / np.maximum(ticks.sum(axis=1), 1)[:, None]
    none = weights[~ticks.any(axis=1)].sum() / total
    split: dict[int, float | None] = sample.by_category((weights @ parts / total).tolist())
    return split | dict.fromkeys(sample.left_out), float(none)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The next category, by id, in the order of work.

    `adds` is the share of errors that it covers and none before it did. All categories up to here
    cover `share`; solving them leaves `hopeful` (optimistic: any cause of an error solved) to
    `cautious` (conservative: all of them), None where no dev error is known.
    """

    category: int
    adds: float
    share: Share
    hopeful: Ceiling | None
    cautious: Ceiling | None


def order_of_work(sample: Sample) -> tuple[Step, ...]:
    """Return the categories in the order that fixes most errors soonest.

    It is a greedy ranking: next is always the category with most errors not yet covered, of equals
    the one with more ticks. It ends when the errors left carry no tick. The intervals allow for the
    choice: they are simultaneous over the categories that the order was picked from (Bonferroni).
    """
    ticks = sample.complete_ticks()
    order, adds = _greedy(ticks, sample.complete_weights(), len(sample.categories))
    if not order:
        return ()
    covered = np.logical_or.accumulate(ticks[:, order], axis=1)
    within = np.cumsum(ticks[:, order], axis=1) == ticks.sum(axis=1)[:, None]
    columns = np.concatenate([covered, covered & within], axis=1)
    chosen = simultaneous(sample, int(sample.joined.sum()))
    found = shares_among(chosen, sample.complete, columns)
    return tuple(
        _step(sample, sample.categories[column], gain, union_share, contained_share)
        for column, gain, union_share, contained_share in zip(
            order, adds, found[: len(order)], found[len(order) :], strict=True
        )
    )


def _greedy(ticks: Flags, weights: Weights, most: int) -> tuple[list[int], list[float]]:
    """Return up to `most` columns in the order of work, and the share of all that each adds."""
    total = weights.sum()
    amounts = ticks.astype(np.float64)
    # Ties end the same way whatever the categories' names and places are.
    ranks = [(column.sum(), column.tobytes()) for column in ticks.T]
    covered: Flags = np.zeros(len(ticks), dtype=np.bool_)
    order: list[int] = []
    adds: list[float] = []
    for _ in range(most):
        gains = ((weights * ~covered) @ amounts).tolist()
        best = max(range(len(gains)), key=lambda column: (gains[column], ranks[column]))
        if not gains[best]:
            break
        covered = covered | ticks[:, best]
        order.append(best)
        adds.append(float(gains[best] / total))
    return order, adds


def _step(
    sample: Sample,
    category: int,
    adds: float,
    union_share: Share | None,
    contained_share: Share | None,
) -> Step:
    assert union_share is not None  # there are complete errors
    return Step(
        category=category,
        adds=adds,
        share=union_share,
        hopeful=sample.ceiling(union_share),
        cautious=sample.ceiling(contained_share),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The order of work found on every other error, and measured on those between.

    The order of all errors is measured on the errors that it was picked from, which flatters it.
    `order` are the first categories, by id, found on one half, and `share` is what they cover of
    the other. `whole` is what as many steps of the order of all errors cover of all.
    """

    order: tuple[int, ...]
    share: Share
    whole: Share


def check(sample: Sample, order: Sequence[Step]) -> Check | None:
    """Check the first two steps of an order of work; None for fewer than 50 errors."""
    ticks, weights = sample.complete_ticks(), sample.complete_weights()
    if len(ticks) < _ENOUGH_TO_HALVE:
        return None
    first, _ = _greedy(ticks[::2], weights[::2], min(_CHECKED, len(order)))
    if not first:
        return None
    between: Flags = np.zeros(len(sample.ticks), dtype=np.bool_)
    between[np.flatnonzero(sample.complete)[1::2]] = True
    covered: Flags = np.logical_or.reduce(ticks[1::2, first], axis=1)
    (share,) = shares_among(replace(sample, at_plan=None), between, covered[:, None])
    assert share is not None
    return Check(
        order=tuple(sample.categories[column] for column in first),
        share=share,
        whole=order[len(first) - 1].share,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How many errors carry exactly the ticks of these categories, by id."""

    categories: tuple[int, ...]
    errors: int


def combinations(sample: Sample, most: int | None = None) -> tuple[Overlap, ...]:
    """Return the `most` frequent combinations of ticks, or all; () is an error without a tick."""
    counts = Counter(row.tobytes() for row in sample.complete_ticks())
    found = [
        (tuple(np.flatnonzero(np.frombuffer(row, dtype=np.bool_)).tolist()), errors)
        for row, errors in counts.most_common(most)
    ]
    return tuple(
        Overlap(categories=tuple(sample.categories[column] for column in columns), errors=errors)
        for columns, errors in sorted(found, key=lambda one: (-one[1], one[0]))
    )


def different(sample: Sample) -> int:
    """Count the different combinations of ticks that errors carry."""
    return len({row.tobytes() for row in sample.complete_ticks()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many of a category's `errors` solving the largest category fixes as well."""

    category: int
    errors: int
    taken: int


def taken(sample: Sample, ranked: Sequence[int]) -> tuple[Taken, ...]:
    """Return what solving the first of these categories takes with it of each of the others."""
    ticks = sample.complete_ticks()[:, sample.columns(ranked)].astype(np.float64)
    both = (ticks.T @ ticks).astype(np.int64)
    return tuple(
        Taken(category=category, errors=int(both[at, at]), taken=int(both[0, at]))
        for at, category in enumerate(ranked)
        if at
    )
