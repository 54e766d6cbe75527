"""Put figures into words, the same on the command line, on the pages and in the files for people.

The words are those of the lecture and the README, such as "cautiously" for a conservative estimate.
"""

from collections.abc import Sequence
from typing import Final

from errortool.analysis.full_report import CategoryReport, Ledger, Report, Verdict
from errortool.analysis.significance import Order
from errortool.analysis.what_if import Plan
from errortool.messages import count

_A_THOUSAND: Final = 1_000  # one example of as many is 0.1 %: more decimals would say nothing


def per_cent(fraction: float | None, decimals: int = 2) -> str:
    """Write a fraction in per cent.

    >>> per_cent(0.0306), per_cent(0.5, 0), per_cent(None)
    ('3.06 %', '50 %', '–')
    """
    return "–" if fraction is None else f"{100 * fraction:.{decimals}f} %"


def interval(first: float | None, last: float | None, decimals: int = 1) -> str:
    """Write the ends of an interval in per cent, without the sign.

    >>> interval(0.018, 0.109)
    '1.8 – 10.9'
    """
    if first is None or last is None:
        return ""
    return f"{100 * first:.{decimals}f} – {100 * last:.{decimals}f}"


def decimals(dev_examples: int) -> int:
    """Return how many decimals a rate in per cent can have on a dev set of that size."""
    return 1 if dev_examples <= _A_THOUSAND else 2


def ceiling(category: CategoryReport, places: int) -> str:
    """Write the error that is left, with its interval, as in "3.9 % (4.9 – 3.0)"."""
    left = category.left
    if left is None:
        return "–"
    value = per_cent(left.error, places)
    if left.high == left.low:
        return value  # a count, not an estimate
    return f"{value} ({interval(left.high, left.low, places)})"


def order_of_two(order: Order) -> str:
    """Say whether an order is settled, and if not what would settle it."""
    if order.settled:
        return "order settled"
    return f"order not settled: about {_more_images(order.more)}"


def _more_images(more: int | None) -> str:
    return count(more or 0, "more image")


_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


def number(size: int) -> str:
    """Write a small number as a word.

    >>> number(5), number(40)
    ('five', '40')
    """
    return _NUMBERS[size] if size < len(_NUMBERS) else f"{size:,}"


def headline(report: Report) -> str:
    """Say in one sentence what the report amounts to."""
    ranked = [category for category in report.ranked if category.ticked]
    places = decimals(report.dev_examples)
    if not report.looked_at:
        return "Nothing has been looked at yet."
    if not ranked:
        if report.looked_at == 1:
            return "The error looked at carries no tick."
        return f"None of the {report.looked_at:,} errors looked at carries a tick."
    first = ranked[0]
    rank = f", the largest of {number(len(ranked))}" if len(ranked) > 1 else ""
    return (
        f"Solving {first.name} would take the dev error from {per_cent(report.dev_error, places)} "
        f"to {ceiling(first, places)}{rank}."
    )


def leads(report: Report) -> list[str]:
    """Say whether the largest category's lead is settled, and what it takes with it."""
    if not report.pairs:
        return []
    pair = report.pairs[0]
    first, second = report.category(pair.first).name, report.category(pair.second).name
    if pair.order.settled:
        lines = [f"Its lead over {second} is settled."]
    else:
        lines = [
            f"Its lead over {second} is not settled yet: about {_more_images(pair.order.more)} "
            "would settle it."
        ]
    most = [
        f"{_of_errors(one.taken, one.errors)} of {report.category(one.category).name}"
        for one in report.taken
        if one.taken > one.errors / 2
    ]
    if most:
        lines.append(f"Solving {first} takes {_listed(most)} with it.")
    return lines


def _of_errors(some: int, errors: int) -> str:
    return "the only error" if errors == 1 else f"{some:,} of the {errors:,} errors"


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def sums(report: Report) -> str:
    """Explain why shares add to more than 100 %, where they do."""
    if report.share_total <= 1:
        return ""
    return (
        f"Shares add to {per_cent(report.share_total, 0)}, more than 100 %, since an image can "
        "carry several ticks: what is left by several categories together is in the order of work."
    )


def left_out(report: Report) -> str:
    """Name the categories that were added too late for joint figures."""
    if not report.left_out or not report.looked_at:
        return ""
    names = _listed([report.category(number).name for number in report.left_out])
    was = "was" if len(report.left_out) == 1 else "were"
    return (
        f"{names} {was} looked at on less than half of the images, and left out where categories "
        "are taken together: look at the earlier images too (in the review, key b)."
    )


_ENOUGH_TO_TELL: Final = 10


def stop_lines(report: Report) -> list[str]:
    """Say how far the review has come, and what going on would bring."""
    stop = report.stop
    looked_at = f"{count(stop.looked_at, 'image')} looked at"
    if stop.looked_at < _ENOUGH_TO_TELL:
        return [f"{looked_at}: {stop.grade}."]
    lines = [f"{looked_at} give a {stop.grade} picture."]
    if stop.chance_of_new is not None:
        lines.append(
            "The next error needs a category that isn't there yet with a chance of about "
            f"{per_cent(stop.chance_of_new, 0)}."
        )
    if stop.since_new is not None:
        lines.append(f"{count(stop.since_new, 'image')} since a category first occurred.")
    if stop.width is not None and stop.width > 0:
        lines.append(
            f"The largest share is known to within {count(round(100 * stop.width), 'point')} "
            f"({per_cent(report.level, 0)} interval)."
        )
    if stop.more is not None:
        lines.append(f"About {_more_images(stop.more)} would settle which is the largest.")
    return lines


def stop_brief(report: Report) -> str:
    """Say the same in one line, for the reviewer; "" while there is little to say."""
    stop = report.stop
    if stop.looked_at < _ENOUGH_TO_TELL:
        return ""
    parts = [f"{stop.grade} picture"]
    if stop.chance_of_new is not None:
        parts.append(f"new category: {per_cent(stop.chance_of_new, 0)}")
    if stop.more is not None:
        parts.append(f"{stop.more:,} to settle")
    elif report.pairs:
        parts.append("settled")
    return " · ".join(parts)


def verdict(ledger: Ledger, places: int, gap: float | None = None) -> str:
    """Say whether labels are worth correcting first; `gap` is between two models, a fraction."""
    part = per_cent(ledger.label_points.rate, places)
    sentence = {
        Verdict.YES: "Correcting labels is worth doing first.",
        Verdict.NO: "Correcting labels is not the first thing to do.",
        Verdict.OPEN: "Whether to correct labels first is not settled yet.",
    }[ledger.verdict]
    if gap is None:
        return f"{sentence} Two models closer than {part} can't be told apart on this dev set."
    if gap < ledger.label_points.rate:
        return (
            f"Correct labels first: two models that differ by {per_cent(gap, places)} can't be "
            f"told apart while labels make {part} of the error."
        )
    return f"{sentence} A difference of {per_cent(gap, places)} is more than labels make, {part}."


def order(report: Report) -> str:
    """Write the order of work in a line: each category with the dev error left after it."""
    places = decimals(report.dev_examples)
    return ", ".join(
        f"{report.category(step.category).name} → {per_cent(step.hopeful.error, places)}"
        for step in report.order
    )


def plan(found: Plan, report: Report) -> str:
    """Say what solving some categories together would leave."""
    places = decimals(report.dev_examples)
    names = _listed([report.category(number).name for number in found.categories])
    if found.hopeful is None:
        return f"Nothing was looked at for all of {names} yet."
    sentence = (
        f"Solving {names}{' together' if len(found.categories) > 1 else ''} would leave "
        f"{per_cent(found.hopeful.error, places)} "
        f"({interval(found.hopeful.high, found.hopeful.low, places)})"
    )
    if found.cautious is not None:
        sentence += (
            f", cautiously {per_cent(found.cautious.error, places)}, since an image with two "
            "causes needs both solved"
        )
    return f"{sentence}."


def adds(found: Plan | None, category: CategoryReport) -> str:
    """Say what a category has, or would add to those in the plan."""
    for rank, gain in enumerate(found.gains if found else ()):
        if gain.category == category.id:
            best = " · best next" if rank == 0 and gain.share else ""
            return f"+ {per_cent(gain.share, 0)}{best}"
    return per_cent(category.share, 0)


def both_sides(report: Report) -> str:
    """Say what the dev error is with labels corrected on both sides."""
    both, places = report.both_sides, decimals(report.dev_examples)
    assert both is not None
    return (
        "With labels corrected on both sides the dev error is "
        f"{per_cent(both.error.rate, places)} "
        f"({interval(both.error.low, both.error.high, places)}): of "
        f"{count(both.wrong.looked_at, 'error')} {_were(both.wrong.ticked)} right after all, of "
        f"{count(both.right.looked_at, 'right one')} {_were(both.right.ticked)} not."
    )


def _were(number: int) -> str:
    return f"{number:,} {'was' if number == 1 else 'were'}"


def basis(report: Report) -> str:
    """Say in one line what the figures rest on."""
    drawn = "" if report.seed is None else f", drawn at random (seed {report.seed})"
    parts = [
        f"{report.looked_at:,} of {count(report.errors, 'error')} looked at{drawn}",
        count(report.dev_examples, "dev example"),
    ]
    if report.looked_at_right:
        parts.append(f"{count(report.looked_at_right, 'right one')} looked at")
    if report.deferred:
        parts.append(f"{report.deferred:,} deferred")
    if report.unreadable:
        parts.append(f"{report.unreadable:,} unreadable")
    if report.weighted:
        parts.append("weighted")
    return " · ".join(parts)


# --- the report on the command line --------------------------------------------------------------


def opening(report: Report) -> list[str]:
    """Say what the figures rest on, in whole sentences."""
    return [
        f"{report.session}: {count(report.dev_examples, 'dev example')}, "
        f"{count(report.errors, 'error')}, "
        f"{per_cent(report.dev_error, decimals(report.dev_examples))} dev error"
        f"{' (weighted)' if report.weighted else ''}.",
        f"{report.looked_at:,} of {count(report.sampled, 'sampled error')} looked at, "
        f"{report.deferred:,} deferred, {report.none_of_these:,} with none of these categories.",
    ]


def table(report: Report) -> list[tuple[str, ...]]:
    """Return the categories by share as cells of a table, the first row being the header."""
    places, level = decimals(report.dev_examples), per_cent(report.level, 0)
    return [
        ("category", "ticked", "share", f"({level} interval)", "error if solved", "(interval)"),
        *(
            (
                category.name,
                f"{category.ticked} of {category.looked_at}",
                per_cent(category.share, 1),
                interval(category.share_low, category.share_high),
                per_cent(category.ceiling, places),
                interval(category.ceiling_high, category.ceiling_low, places),
            )
            for category in report.ranked
        ),
    ]


def findings(report: Report, solved: Plan | None = None) -> list[str]:
    """Say what the figures amount to: leads, order of work, labels, what `solved` leaves."""
    lines = [headline(report), *leads(report), sums(report), left_out(report)]
    if report.order:
        lines.append(f"\nOrder of work: {order(report)}")
    if report.ledger:
        lines.append(f"Labels: {verdict(report.ledger, decimals(report.dev_examples))}")
    if report.both_sides:
        lines.append(both_sides(report))
    if solved:
        lines.append(plan(solved, report))
    return [line for line in [*lines, *stop_lines(report)] if line]


# --- what the figures mean -----------------------------------------------------------------------

EXPLANATIONS: Final = {
    "share": "Of the errors looked at for this category, the part that carries its tick. With 5 "
    "dogs among 100 errors dogs cause 5 % of the errors. A category that came late counts only "
    "the images looked at for it. The interval says where the share of all errors lies; it is "
    "exact, and has no width once every error was looked at.",
    "ceiling": "The dev error that would be left if every error of this category were fixed: the "
    "most that work on it can win. At 10 % error, 5 % dogs leave 9.5 %; 50 % would leave 5 %.",
    "points": "What solving the category completely would take off the dev error, in points; and "
    "beside it the same as a number of dev examples.",
    "only": "The part of the errors with this tick and no other: what fixing it alone surely wins.",
    "split": "An error with m ticks counts 1/m for each, so that with none of these all add to "
    "100 %.",
    "order": "The order that fixes most soonest: next is always the category with most errors "
    "that are not covered yet. Ceilings of several categories can't be added, since an image can "
    "carry several ticks.",
    "plan": "What several categories together would leave, from the images that carry at least one "
    "of them: their ceilings can't be added. Beside each category stands what it would add to "
    "those ticked.",
    "cautious": "An error with two causes may need both solved. Beside the dev error left if any "
    "solved cause fixes an error, this is what is left if all of its causes must be solved.",
    "settled": "Two categories' order is settled when the images with just one of the two tell "
    "them apart beyond chance (exact McNemar test), or when the errors that are left can't turn "
    "it.",
    "ledger": "The dev error as two parts: incorrect labels and all other causes. Labels that "
    "make 0.6 of 10 points are not worth correcting first; 0.6 of 2 points are 30 % and are.",
    "both sides": "Correcting only the labels of errors flatters the model. So the right ones are "
    "looked at too: e · (1 - a) + (1 - e) · b, with a the part of errors that were right after "
    "all, and b the part of right ones that were not.",
    "inside": "With right ones looked at, how common the category is in all dev data, and how "
    "often the model errs inside it.",
    "stop": "About 10 errors give a very rough picture, 20 a rough one, 50 a good one and 100 a "
    "very good one. The chance of a new category is the number of categories that occurred just "
    "once, per error looked at.",
    "weights": "Where the predictions table has a column of weights, a mistake counts as much as "
    "it weighs: the dev error and the shares are ratios of sums of weights.",
}
"""What the figures mean, in the lecture's terms: shown beside them, on demand."""
