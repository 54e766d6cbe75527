"""Put figures into words, the same on the command line, on the pages and in the files for people.

The words are those of the lecture and the README. A sentence claims nothing from fewer than 10
images. Rates are per cent, differences of rates are points, and an interval has its lower end
first. A share beside its interval has one decimal, alone it is whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from errortool.analysis.full_report import (
    LABELS_MATTER,
    CategoryReport,
    Headline,
    Report,
    Verdict,
)
from errortool.analysis.intervals import Ceiling, Rate, Share
from errortool.analysis.overlaps import Step
from errortool.analysis.sample import ENOUGH
from errortool.analysis.significance import More, Order, Pair
from errortool.analysis.what_if import Plan
from errortool.messages import count, isolated
from errortool.model import Holds, Intervals, Kind, Session
from errortool.output import filters

_A_THOUSAND: Final = 1_000  # one example of as many is 0.1 %: more decimals would say nothing
_MOST_NAMED: Final = 4  # of categories that tie


# --- numbers -------------------------------------------------------------------------------------


def per_cent(fraction: float | None, decimals: int = 2) -> str:
    """Write a fraction in per cent.

    >>> per_cent(0.0306), per_cent(0.5, 0), per_cent(None)
    ('3.06 %', '50 %', '–')
    """
    return "–" if fraction is None else f"{100 * fraction:.{decimals}f} %"


def share(fraction: float | None) -> str:
    """Write a share of errors that stands alone: whole per cents, and never 0 % for a few.

    >>> share(0.514), share(0.004), share(0.0), share(None)
    ('51 %', 'under 1 %', '0 %', '–')
    """
    if fraction is not None and 0 < fraction < 0.005:  # noqa: PLR2004  would be rounded to 0
        return "under 1 %"
    return per_cent(fraction, 0)


def points(fraction: float | None, decimals: int = 2) -> str:
    """Write a difference of two rates, or a part of one, in points.

    >>> points(0.0018), points(0.01, 0), points(None)
    ('0.18 points', '1 point', '–')
    """
    if fraction is None:
        return "–"
    amount = f"{100 * fraction:.{decimals}f}"
    return f"{amount} point{'' if amount == '1' else 's'}"


def interval(low: float | None, high: float | None, decimals: int = 1) -> str:
    """Write the ends of an interval in per cent, the lower first, without the sign: for tables.

    >>> interval(0.018, 0.109), interval(0.0175, 0.0125, 2)
    ('1.8 – 10.9', '1.25 – 1.75')
    """
    if low is None or high is None:
        return ""
    low, high = sorted((low, high))
    return f"{100 * low:.{decimals}f} – {100 * high:.{decimals}f}"


def span(low: float, high: float, decimals: int = 1) -> str:
    """Write the same for a sentence.

    >>> span(0.018, 0.109)
    '1.8 to 10.9 %'
    """
    low, high = sorted((low, high))
    return f"{100 * low:.{decimals}f} to {100 * high:.{decimals}f} %"


def decimals(dev_examples: int | None) -> int:
    """Return how many decimals a rate in per cent can have on a dev set of that size."""
    return 1 if (dev_examples or 0) <= _A_THOUSAND else 2


def dev_error(of: Report | Session) -> str:
    """Say the dev error, also where it isn't known."""
    if of.dev_error is None:
        return "dev error not known"
    return f"{per_cent(of.dev_error, decimals(of.dev_examples))} dev error"


def _with_span(value: str, of: Ceiling | Rate | Share, places: int, more: str = "") -> str:
    """Add an interval to a figure, unless it has no width: a count, not an estimate."""
    return value if of.low == of.high else f"{value} ({span(of.low, of.high, places)}{more})"


def _fixes(found: Share) -> str:
    """Write which errors work would fix at best, where no dev error is known."""
    value = f"{per_cent(found.share, 1)} of the errors at best"
    return _with_span(value, found, 1)


def _left(left: Ceiling, places: int) -> str:
    return _with_span(f"{per_cent(left.error, places)} at best", left, places)


def _of_the_errors(found: Share, level: float, choice: str) -> str:
    """Write a share, as in "51.0 % of the errors (42.8 to 59.2 %, 95 % interval)"."""
    value = f"{per_cent(found.share, 1)} of the errors"
    return _with_span(value, found, 1, f", {per_cent(level, 0)} interval{choice}")


def ceiling(category: CategoryReport, places: int) -> str:
    """Write the dev error left if a category were solved, as in "3.9 % (3.0 – 4.9)"."""
    left = category.left
    if left is None:
        return "–"
    value = per_cent(left.error, places)
    return value if left.low == left.high else f"{value} ({interval(left.low, left.high, places)})"


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def listed(names: Sequence[str]) -> str:
    """Name categories in a sentence.

    >>> listed(["Dog"]), listed(["Dark", "Wet", "Far away"])
    ('Dog', 'Dark, Wet and Far away')
    """
    return _listed([isolated(name) for name in names])


def _names(report: Report, numbers: Sequence[int]) -> str:
    return listed([report.category(number).name for number in numbers])


# --- the first glance ----------------------------------------------------------------------------


def headline(report: Report) -> str:
    """Say in one sentence what the report amounts to."""
    if not report.looked_at:
        return "Nothing has been looked at yet."
    if report.looked_at < ENOUGH:
        return f"{_looked_at(report)}: too few to tell what to work on."
    if not report.causes:
        return _no_cause(report)
    found = report.headline
    if found is None:
        first = report.causes[0]
        return (
            f"{isolated(first.name)} was looked at on only {count(first.looked_at, 'image')}: too "
            "few to tell what to work on."
        )
    places = decimals(report.dev_examples)
    if found.left:
        now = per_cent(report.dev_error, places)
        does = f"would take the dev error from {now} to {_left(found.left, places)}"
    else:
        does = f"would fix {_fixes(found.share)}"
    number = len(found.categories)
    if number > 1:
        one = "either" if number == 2 else "any"  # noqa: PLR2004
        return f"{_equal(report, found)}: solving {one} {does}."
    return f"Solving {_names(report, found.categories)} {does}{_rank(report)}."


def _looked_at(report: Report) -> str:
    """Say how many images were looked at, also where that is all there are."""
    if report.looked_at != report.errors:
        return f"{count(report.looked_at, 'image')} looked at"
    return f"There {'is' if report.errors == 1 else 'are'} only {count(report.errors, 'error')}"


def _no_cause(report: Report) -> str:
    if any(category.ticked for category in report.categories):
        return (
            f"No cause carries a tick yet in {count(report.looked_at, 'error')}, only the labels."
        )
    return f"None of the {report.looked_at:,} errors looked at carries a tick."


def _equal(report: Report, found: Headline) -> str:
    """Name the causes that tie."""
    number = len(found.categories)
    here = "" if report.lead and not report.lead.order.left else " in this sample"
    if number > _MOST_NAMED:
        return f"{number} causes are equal{here}"
    return f"{_names(report, found.categories)} are equal{here}"


def _rank(report: Report) -> str:
    number = len(report.compared)
    if number == 1:
        return ""
    here = "" if report.lead and report.lead.order.settled else " in this sample"
    return f": the largest of {number} causes{here}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line at the top of the report: what it is about and what it says.

    `show` is the contact sheet's filter of the images that it speaks of, "" if of none.
    """

    term: str
    text: str
    show: str = ""


def glance(report: Report) -> tuple[Line, ...]:
    """Return what a lead asks after the headline: then, unexplained, labels, how sure.

    A line that has nothing to say is left out.
    """
    lines = (
        Line(term="Then", text=then(report)),
        Line(term="Unexplained", text=no_category(report), show=filters.NONE),
        Line(term="Not known yet", text=not_known(report), show=filters.UNKNOWN),
        Line(term="Labels", text=labels(report)),
        Line(term="How sure", text=sure(report)),
        Line(term="Dev error", text=unrated(report)),
    )
    return tuple(line for line in lines if line.text)


def unrated(report: Report) -> str:
    """Say why there is no dev error, and how to give it; "" where there is one."""
    if report.rated:
        return ""
    if report.dev_examples is not None:
        return "Not known: the table holds errors only, so what all examples weigh isn't known."
    return (
        "Not known: the table holds errors only. Give the number of all dev examples in the "
        "session's menu on the sessions page, or by errortool set NAME --dev-examples N."
    )


def then(report: Report) -> str:
    """Say what comes second in the order of work, and what it and the first would leave."""
    if len(report.order) < 2 or report.order[1].share.looked_at < ENOUGH:  # noqa: PLR2004
        return ""
    first, second = report.order[:2]
    both = f"{_work(report, second)}, which with {_work(report, first)} would"
    if second.hopeful is None:
        return f"{both} fix {_fixes(second.share)}."
    return f"{both} leave {_left(second.hopeful, decimals(report.dev_examples))}."


def _work(report: Report, step: Step) -> str:
    category = report.category(step.category)
    name = isolated(category.name)
    return f"{name} (labels)" if category.kind is Kind.LABEL_ERROR else name


def no_category(report: Report) -> str:
    """Say how many errors fit no category; "" if none does. They are those of `filters.NONE`."""
    none = report.none
    if none is None or not none.ticked:
        return ""
    part = f" ({share(none.share)})" if none.looked_at >= ENOUGH else ""
    fit = "fits" if none.ticked == 1 else "fit"
    return f"{_of(none)}{part} {fit} no category: look at {_them(none.ticked)}."


def _of(part: Share) -> str:
    return f"{part.ticked:,} of {count(part.looked_at, 'error')}"


def _part(of: Share) -> str:
    """Write a share of few errors as a count: 2 of 5 aren't 40 %."""
    return share(of.share) if of.looked_at >= ENOUGH else f"{of.ticked:,} of {of.looked_at:,}"


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def not_known(report: Report) -> str:
    """Say of how many errors it isn't known whether they fit none: those of `filters.UNKNOWN`."""
    if not report.unknown:
        return ""
    were, they = ("was", "it fits") if report.unknown == 1 else ("were", "they fit")
    return (
        f"{count(report.unknown, 'error')} without a tick {were} not looked at for every category: "
        f"whether {they} none is not known yet."
    )


def sure(report: Report) -> str:
    """Say how sure the largest share and its lead are."""
    if report.looked_at < ENOUGH:
        return ""
    return " ".join(_certainty(report))


def _certainty(report: Report) -> list[str]:
    if report.looked_at == report.errors:
        parts = [_census(report), holds(report)]
    else:
        largest = _largest_share(report)
        parts = [largest, _lead(report), holds(report) if largest else ""]
    return [part for part in parts if part]


def _census(report: Report) -> str:
    """Say that shares are counts, and of which categories they aren't."""
    later = [category.id for category in report.categories if category.holds in _FEWER]
    but = f", but for {_names(report, later)}, looked at on fewer" if later else ""
    return f"Every error was looked at: these are counts, not estimates{but}."


def _largest_share(report: Report) -> str:
    """Write the share of the largest cause; its interval allows for the choice."""
    found = report.headline
    if found is None or len(found.categories) != 1:
        return ""
    choice = "" if found.of == 1 else f" for the largest of {found.of}"
    share = _of_the_errors(found.share, report.level, choice)
    return f"{_names(report, found.categories)} has {share}."


_FEWER: Final[dict[str | None, str]] = {
    Holds.ALWAYS: "hold however often you look",
    Holds.FIXED: "would hold for a number that was fixed beforehand",
}


def holds(report: Report) -> str:
    """Say for which numbers of images the intervals are right; "" where there are none."""
    if not report.looked_at:
        return ""
    kinds = {category.holds for category in report.categories}
    fewer = next((words for kind, words in _FEWER.items() if kind in kinds), "")
    if report.looked_at == report.errors:
        return f"Where fewer were looked at, the intervals {fewer}." if fewer else ""
    if report.at_plan and (report.weighted or report.intervals is not Intervals.ALWAYS):
        planned = f"The intervals hold for the {count(report.looked_at, 'image')} planned"
        rest = f"; where fewer were looked at, they {fewer}" if fewer else ""
        return f"{planned}{rest}."
    if report.weighted or report.intervals is Intervals.PLANNED:
        return (
            "The intervals would hold for a number of images that was fixed beforehand: this one "
            "wasn't."
        )
    return "The intervals hold however often you look."


def _lead(report: Report) -> str:
    """Say whether the largest cause's lead is settled, and if not what would settle it."""
    if report.lead is None:
        return ""
    first, second = (
        isolated(report.category(number).name) for number in (report.lead.first, report.lead.second)
    )
    order = report.lead.order
    if order.settled:
        return f"{first}'s lead over {second} is settled."
    if len(report.largest) > 1:
        return "Treat them as equal until more images tell them apart." if order.left else ""
    return f"{first} and {second} can't be told apart yet: {_more(order, report.pace)}"


_BANDS: Final = {
    More.SOON: "a few more images",
    More.DOZENS: "a few dozen more images",
    More.HUNDREDS: "a few hundred more images",
}


def _more(order: Order, pace: float | None) -> str:
    """Say how many more images may settle an order, and what looking at them all would take."""
    if order.more in _BANDS:
        return f"{_BANDS[order.more]} may settle it."
    if order.more is More.MANY:
        return "it may take many hundreds more. Treat them as equal."
    time = f" (about {duration(pace * order.left)} at the pace so far)" if pace else ""
    return f"it may take {_all_others(order.left)}{time}. Treat them as equal."


def _all_others(left: int) -> str:
    return "the one other error" if left == 1 else f"practically all {left:,} other errors"


def duration(seconds: float) -> str:
    """Write how long something takes, roughly.

    >>> duration(40), duration(600), duration(7000)
    ('1 minute', '10 minutes', '2 hours')
    """
    minutes = max(round(seconds / 60), 1)
    if minutes < 90:  # noqa: PLR2004  from there on hours are near enough
        return count(minutes, "minute")
    return count(round(minutes / 60), "hour")


def order_check(report: Report) -> str:
    """Say where the order of work is another on one half of the images, or covers less.

    "" where it isn't and doesn't, or where there are too few images to tell.
    """
    found = report.check
    if found is None:
        return ""
    names = _names(report, found.order)
    if found.order != tuple(step.category for step in report.order[: len(found.order)]):
        return f"On every other image alone the order begins with {names}: treat it as open."
    if found.whole.low <= found.share.share <= found.whole.high:
        return ""
    return (
        f"In the half of the images that the order wasn't picked from, {names} "
        f"{'is' if len(found.order) == 1 else 'are'} in {share(found.share.share)} of the errors, "
        f"not in {share(found.whole.share)}."
    )


def leads(report: Report) -> list[str]:
    """Say whether the largest cause's lead is settled, and what carries its tick too."""
    if report.looked_at < ENOUGH:
        return []
    return [line for line in (_lead(report), _taken(report)) if line]


def _taken(report: Report) -> str:
    """Name the causes most of whose errors carry the largest cause's tick as well."""
    most = [
        f"{_some_of(one.taken, one.errors)} {isolated(report.category(one.category).name)}"
        for one in report.taken
        if one.taken > one.errors / 2
    ]
    if not most or not report.largest:
        return ""
    return f"{isolated(report.largest[0].name)} is also ticked on {_listed(most)}."


def _some_of(some: int, errors: int) -> str:
    if some < errors:
        return f"{some:,} of the {errors:,} errors of"
    return {1: "the only error of", 2: "both errors of"}.get(errors, f"all {errors:,} errors of")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def tie(report: Report, pair: Pair) -> str:
    """Say that a category's lead over the next one isn't settled; "" if it is."""
    second = isolated(report.category(pair.second).name)
    if pair.order.settled:
        return ""
    if not pair.order.left:
        return f"equal to {second}"
    if pair.order.more in _BANDS:
        return f"can't be told apart from {second} yet"
    return f"can't be told apart from {second}: treat as equal"


def sums(report: Report) -> str:
    """Explain why shares add up to more than 100 %, where they do."""
    if report.share_total <= 1:
        return ""
    return (
        f"The shares add up to {per_cent(report.share_total, 0)}, since an image can have several "
        "ticks."
    )


def left_out(report: Report) -> str:
    """Name the categories that were added too late for joint figures."""
    if not report.left_out or not report.looked_at:
        return ""
    was = "was" if len(report.left_out) == 1 else "were"
    return (
        f"{_names(report, report.left_out)} {was} looked at on less than half of the images, and "
        "left out where categories are taken together: look at the earlier images too (in the "
        "review, key b)."
    )


def basis(report: Report) -> str:
    """Say in one line what the figures rest on."""
    parts = [_drawn(report)]
    if report.dev_examples is not None:
        parts.append(count(report.dev_examples, "dev example"))
    if report.looked_at_right:
        parts.append(f"{count(report.looked_at_right, 'correct prediction')} looked at")
    parts += _round(report)
    if report.deferred:
        parts.append(f"{report.deferred:,} deferred")
    if report.unreadable:
        parts.append(f"{report.unreadable:,} unreadable")
    if report.weighted:
        parts.append("weighted")
    return " · ".join(parts)


def _drawn(report: Report) -> str:
    """Say how many errors were looked at: of those drawn, and of all."""
    if report.seed is None or report.sampled == report.errors:
        return f"{report.looked_at:,} of {count(report.errors, 'error')} looked at"
    return (
        f"{report.looked_at:,} of {count(report.sampled, 'error')} drawn at random (seed "
        f"{report.seed}) looked at, of {report.errors:,} in all"
    )


# --- how sure it is ------------------------------------------------------------------------------


def stop_lines(report: Report) -> list[str]:
    """Say how far the review has come, and what going on would bring.

    Which errors fit no category is said by `no_category` and `not_known`.
    """
    stop = report.stop
    if stop.looked_at < ENOUGH:
        return [f"{count(stop.looked_at, 'image')} looked at: {stop.grade}."]
    if stop.looked_at == report.errors:
        return [sure(report)]
    lines = [
        f"{stop.looked_at:,} images give a {stop.grade} picture, by Andrew Ng's rule of thumb.",
        *_certainty(report),
        _since_new(report),
        _chance_of_new(report),
    ]
    return [line for line in lines if line]


def _since_new(report: Report) -> str:
    since = report.stop.since_new
    return f"No new category in the last {count(since, 'image')}." if since else ""


def _chance_of_new(report: Report) -> str:
    """Say how likely a new category is; nothing while it isn't known."""
    chance = report.stop.chance_of_new
    if chance is None:
        return ""
    if not chance:
        return "Every error fits a category, and each category that occurred did so more than once."
    return f"The next error needs a new category with a chance of about {share(chance)}."


def stop_brief(report: Report) -> str:
    """Say the same in one line, for the reviewer; "" while there is little to say."""
    stop = report.stop
    if stop.looked_at < ENOUGH:
        return ""
    if stop.looked_at == report.errors:
        return "all errors looked at"
    parts = [_capital(f"{stop.grade} picture" if "good" in stop.grade else f"{stop.grade} so far")]
    if report.none and report.none.ticked:
        parts.append(f"{_part(report.none)} fit no category")
    elif stop.chance_of_new:
        parts.append(f"new category: {share(stop.chance_of_new)}")
    if report.lead:
        parts.append(_lead_brief(report.lead.order))
    return " · ".join(parts)


def _lead_brief(order: Order) -> str:
    if order.settled:
        return "largest settled"
    if order.more in _BANDS:
        return f"{_BANDS[order.more]} may settle it"
    return "the largest two can't be told apart"


# --- label errors --------------------------------------------------------------------------------


def labels(report: Report) -> str:
    """Say in short what wrong labels make of the error; "" where nothing was asked of them."""
    judged = report.label_verdict
    if judged is None or report.looked_at < ENOUGH:
        return ""
    if not _some_blamed(report):
        return _no_wrong_label(report)
    error = _corrected(report)
    return f"{error or _wrong_labels(report)}: {_WHAT_TO_DO[judged]}."


def _no_wrong_label(report: Report) -> str:
    found = f"No wrong label found in {count(report.looked_at, 'error')}"
    if report.corrected is None:
        return f"{found}."
    return f"{found} and {count(report.looked_at_right, 'correct prediction')}."


def verdict(report: Report, gap: float | None = None) -> str:
    """Say what wrong labels make of the error, and whether to correct them first.

    Both sides decide where right ones were looked at. `gap` is between two models, a fraction.
    """
    judged = report.label_verdict
    if judged is None:
        return ""
    if report.looked_at < ENOUGH:
        return f"{count(report.looked_at, 'image')} looked at: too few to tell about labels."
    places = decimals(report.dev_examples)
    noise = _label_noise(report)
    if not _some_blamed(report):
        return _no_wrong_label(report)
    if noise is None:
        return f"{_wrong_labels(report)}: {_WHAT_TO_DO[judged]}."
    if gap is not None and gap < noise:
        return (
            f"Correct labels first: two models that differ by {points(gap, places)} can't be told "
            f"apart while labels make {points(noise, places)}."
        )
    return f"{_wrong_labels(report)}: {_WHAT_TO_DO[judged]}. {_compared(gap, noise, places)}"


def _compared(gap: float | None, noise: float, places: int) -> str:
    """Say which differences between two models are more than labels make."""
    part = points(noise, places)
    if gap is not None:
        return f"A difference of {points(gap, places)} is more than labels make, {part}."
    return f"Differences under {part} between two models may be label noise."


_WHAT_TO_DO: Final = {
    Verdict.YES: "correct them before comparing models",
    Verdict.NO: "they are not the first thing to correct",
    Verdict.OPEN: "whether to correct them first is not settled yet",
}


def _label_noise(report: Report) -> float | None:
    """Return how much of the dev set has a wrong label, as far as was looked; None if not known."""
    if report.corrected:
        return report.corrected.labels.rate
    if report.ledger is None:
        return 0.0
    return report.ledger.label_points.rate if report.ledger.label_points else None


def _some_blamed(report: Report) -> bool:
    """Return whether any label was found wrong."""
    noise = _label_noise(report)
    if noise is None:
        return report.ledger is not None and report.ledger.labels.ticked > 0
    return noise > 0


def _wrong_labels(report: Report) -> str:
    """Say how many labels are wrong: of the errors, or of the dev set where both sides say it."""
    places = decimals(report.dev_examples)
    if report.corrected:
        part = report.corrected.labels
        value = _with_span(f"about {per_cent(part.rate, places)}", part, places)
        return (
            f"{_capital(value)} of all labels are wrong, at a dev error of "
            f"{per_cent(report.dev_error, places)}"
        )
    assert report.ledger is not None
    found = report.ledger
    cause = f"Wrong labels cause {share(found.labels.share)} of the errors"
    if found.label_points is None:
        return cause
    of = per_cent(report.dev_error, places)
    return f"{cause}, {points(found.label_points.rate, places)} of {of}"


def both_sides(report: Report) -> str:
    """Say what the dev error is with labels corrected on both sides; "" if only one was seen."""
    both = report.corrected
    if both is None:
        return ""
    return (
        f"{_corrected(report)}: {_of(both.wrong)} {_were(both.wrong.ticked)} the label's fault, "
        f"and {both.right.ticked:,} of {count(both.right.looked_at, 'correct prediction')} "
        f"{_were(both.right.ticked)} wrong."
    )


def _corrected(report: Report) -> str:
    """Say what the dev error would be, without a full stop; "" unless both sides were looked at."""
    both, places = report.corrected, decimals(report.dev_examples)
    if both is None:
        return ""
    error = _with_span(per_cent(both.error.rate, places), both.error, places)
    return f"If wrong labels were corrected everywhere, the dev error would be about {error}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


# --- what to do ----------------------------------------------------------------------------------


def order(report: Report) -> str:
    """Write the order of work in a line: each category with the dev error left after it.

    Where no dev error is known, with the share of the errors that all up to it cover.
    """
    places = decimals(report.dev_examples)
    return ", ".join(
        f"{_work(report, step)} → {per_cent(step.hopeful.error, places)}"
        if step.hopeful
        else f"{_work(report, step)} → {share(step.share.share)}"
        for step in report.order
    )


def plan(found: Plan, report: Report) -> str:
    """Say what solving some categories together would leave."""
    places = decimals(report.dev_examples)
    names = _names(report, found.categories)
    if found.hopeful_share is None:
        return f"Nothing was looked at for all of {names} yet."
    seen = found.hopeful_share.looked_at
    if seen < ENOUGH:
        return f"{count(seen, 'image')} looked at for {names}: too few to tell what would be left."
    if found.hopeful is None:
        return f"{_solving(found, report)} would fix {_fixes(found.hopeful_share)}."
    return (
        f"{_solving(found, report)} would leave {_left(found.hopeful, places)}."
        f"{_space(if_all_must(found, places))}"
    )


def _space(sentence: str) -> str:
    return f" {sentence}" if sentence else ""


def _solving(found: Plan, report: Report) -> str:
    """Name the work of a plan: causes are solved, labels corrected."""
    kinds = {number: report.category(number).kind for number in found.categories}
    causes = [number for number, kind in kinds.items() if kind is Kind.CAUSE]
    blamed = [number for number, kind in kinds.items() if kind is Kind.LABEL_ERROR]
    parts = [
        *([f"solving {_names(report, causes)}"] if causes else []),
        *([f"correcting the labels of {_names(report, blamed)}"] if blamed else []),
    ]
    return f"{_capital(_listed(parts))}{' together' if len(kinds) > 1 else ''}"


def if_all_must(found: Plan, places: int) -> str:
    """Say what a plan leaves if an image with several causes needs all of them solved."""
    if found.cautious is None or found.hopeful is None:
        return ""
    if found.cautious.error == found.hopeful.error:
        return ""
    return (
        "If every cause of an image must be solved: "
        f"{_with_span(per_cent(found.cautious.error, places), found.cautious, places)}."
    )


def adds(found: Plan | None, category: CategoryReport) -> str:
    """Say what a category has, or would add to those in the plan."""
    for rank, gain in enumerate(found.gains if found else ()):
        if gain.category == category.id:
            best = " · best next" if rank == 0 and gain.share else ""
            return f"+ {share(gain.share)}{best}"
    return share(category.share)


def more_combinations(report: Report, shown: int) -> str:
    """Say how many errors have other ticks together than the combinations that are shown."""
    others = report.combinations - shown
    if others <= 0:
        return ""
    errors = report.complete - sum(overlap.errors for overlap in report.overlaps[:shown])
    return f"{count(errors, 'more error')} in {count(others, 'other combination')}."


# --- the report on the command line --------------------------------------------------------------


def opening(report: Report) -> list[str]:
    """Say what the figures rest on, in whole sentences."""
    lines = [
        f"{isolated(report.session)}: {sizes(report)}{' (weighted)' if report.weighted else ''}.",
        f"{_drawn(report)}, {report.deferred:,} deferred, {_none(report)}.",
    ]
    if report.follows:
        lines.append(f"It {'; '.join(_round(report))}.")
    return lines


def _round(report: Report) -> list[str]:
    """Say which session a round follows, what is carried from it, and what doesn't count yet."""
    if not report.follows:
        return []
    parts = [f"follows {isolated(report.follows)}, {report.carried:,} carried from it"]
    if report.ahead == 1:
        parts.append("1 more counts once the open ones before it are looked at")
    elif report.ahead:
        parts.append(f"{report.ahead:,} more count once the open ones before them are looked at")
    return parts


def sizes(of: Report | Session) -> str:
    """Say how many dev examples and errors there are, and the dev error."""
    examples = [] if of.dev_examples is None else [count(of.dev_examples, "dev example")]
    return ", ".join([*examples, count(of.errors, "error"), dev_error(of)])


def _none(report: Report) -> str:
    known = f"{report.none_of_these:,} with none of these categories"
    return f"{known}, {report.unknown:,} not known yet" if report.unknown else known


def table(report: Report) -> list[tuple[str, ...]]:
    """Return the categories by share as cells of a table, the first row being the header.

    Without a dev error there is nothing to say of what is left of it.
    """
    places, level = decimals(report.dev_examples), per_cent(report.level, 0)
    columns = 6 if report.rated else 4
    rows = [
        (
            "category",
            "ticked",
            "share",
            f"({level} interval)",
            "dev error left if solved",
            "(interval)",
        ),
        *(
            (
                category.name,
                f"{category.ticked} of {category.looked_at}",
                per_cent(category.share, 1),
                interval(category.share_low, category.share_high),
                per_cent(category.ceiling, places),
                interval(category.ceiling_low, category.ceiling_high, places),
            )
            for category in report.ranked
        ),
    ]
    return [row[:columns] for row in rows]


def findings(report: Report, solved: Plan | None = None) -> list[str]:
    """Say what the figures amount to: leads, order of work, labels, what `solved` leaves."""
    lines = [headline(report), *leads(report), sums(report), left_out(report)]
    if report.order and report.looked_at >= ENOUGH:
        what = "dev error left" if report.rated else "errors fixed"
        lines.append(f"\nOrder of work, {what} at best: {order(report)}")
        lines.append(order_check(report))
    lines += [verdict(report), both_sides(report)]
    if solved:
        lines.append(plan(solved, report))
    lines += [line for line in stop_lines(report) if line not in lines]
    without_dev_error = unrated(report)
    lines += [no_category(report), not_known(report)]
    lines += (
        [f"Dev error: {without_dev_error[:1].lower() + without_dev_error[1:]}"]
        if without_dev_error
        else []
    )
    return [line for line in lines if line]


# --- titles, and what the figures mean ------------------------------------------------------------

TITLES: Final = {
    "plan": "What if we solved …",
    "ledger": "Labels",
    "stop": "How sure is this?",
    "categories": "All numbers",
    "order": "Order of work",
    "inside": "Inside the categories: how often the model errs on each",
    "overlaps": "Which ticks occur together",
    "confusions": "Label → prediction within each category",
    "history": "How the shares moved as errors were looked at",
    "images": "Images",
    "words": "What the words mean",
}
"""The titles of the report's parts, the same on the page and in the file."""

EVERYBODY: Final = "everybody (latest)"
"""Whose ticks the figures rest on unless a reviewer is chosen."""

INTERVALS: Final = {
    Intervals.AUTO: "as this review allows",
    Intervals.ALWAYS: "however often you look",
    Intervals.PLANNED: "for the planned number only",
}
"""The kinds of intervals that there is a choice of, in words."""


_MATTER: Final = per_cent(LABELS_MATTER, 0)

EXPLANATIONS: Final = {
    "share": "Of the errors looked at for this category, the part that carries its tick. With 5 "
    "dogs among 100 errors dogs are in 5 % of the errors. A category that came late counts only "
    "the images looked at for it. The interval says where the share of all errors lies; it has no "
    "width once every error was looked at. An image can have several ticks, so shares can add up "
    "to more than 100 %.",
    "ceiling": "The dev error left if every error of this category were fixed: the most that work "
    "on it can win, which is why it says at best. In tally.csv it is called the ceiling. At 10 % "
    "dev error, 5 % dogs leave 9.5 %; 50 % would leave 5 %.",
    "points": "What solving the category completely would take off the dev error, in points: from "
    "10.0 % to 9.5 % is 0.5 points. Beside it stands the same as a number of dev examples.",
    "only": "The part of the errors with this tick and no other: what solving it alone surely "
    "wins.",
    "split": "An error with several ticks is shared equally between them, so that with the errors "
    "that fit no category all add up to 100 %.",
    "order": "The order that fixes most soonest: next is always the category with most errors "
    "that are not covered yet. Gains overlap where an image has several ticks, so they don't "
    "simply add up.",
    "plan": "What several causes together would leave, from the images that carry at least one of "
    "them. Gains overlap, so they don't simply add up. Beside each cause stands what it would add "
    "to those ticked. Wrong labels are not offered: solving a cause mends no label.",
    "cautious": "An error with two causes may need both solved. Beside the dev error left if any "
    "solved cause fixes an error, this is what is left if all of its causes must be solved.",
    "holds": "Whoever looks at the shares after every image, and stops on liking them, meets more "
    "extremes than one who looks once. So before the planned images are done, and after more were "
    "drawn, the intervals are wider: they hold however often one looks. They narrow when just the "
    "planned images were looked at, since that number was fixed beforehand. The largest cause and "
    "the order of work were picked from the same images that measure them: their intervals are "
    "wider for that.",
    "settled": "It is settled that one category is larger than another when the images with just "
    "one of the two ticks tell them apart beyond chance, or when the errors that are left can't "
    "turn it. Beyond chance is, when just the planned images were looked at, an exact McNemar "
    "test, and at any other number an e-value, which may be looked at again and again. How many "
    "more may settle it is from the lower end of the rates so far.",
    "ledger": "The dev error as two parts: wrong labels and all other causes. Labels are worth "
    f"correcting first if they make surely {_MATTER} of the dev error or more: 0.6 of 10 points "
    "are 6 % and not worth it first, 0.6 of 2 points are 30 % and are. Where correct predictions "
    "were looked at too, the wrong labels among them count as well.",
    "both sides": "Correcting only the labels of errors flatters the model. So correct predictions "
    "are looked at too: e · (1 - a) + (1 - e) · b, with e the dev error, a the part of errors that "
    "were right after all, and b the part of correct predictions that were wrong.",
    "inside": "With correct predictions looked at, how common the category is in all dev data, and "
    "how often the model errs on it.",
    "stop": "By Andrew Ng's rule of thumb about 10 errors give a very rough picture, 20 a rough "
    "one, 50 a good one and 100 a very good one. The chance of a new category is the number of "
    "categories that occurred just once, or of errors that fit none if these are more, per error "
    "looked at.",
    "none": "Errors without a tick that were looked at for every category. An error without a tick "
    "that wasn't looked at for a category added later is not known yet.",
    "weights": "Where the predictions table has a column of weights, a mistake counts as much as "
    "it weighs: the dev error and the shares are ratios of sums of weights.",
}
"""What the figures mean, in the lecture's terms: shown beside them, on demand."""
