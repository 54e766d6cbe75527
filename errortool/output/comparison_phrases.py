"""Put a comparison of two rounds, or of two models, into words; the same everywhere."""

from dataclasses import dataclass
from typing import Final

from errortool.analysis.comparison import (
    ComparedCategory,
    ComparedGroup,
    Comparison,
    Labels,
    Models,
    Parts,
)
from errortool.analysis.intervals import Rate, Share
from errortool.analysis.paired import Flips, Looking, Surely
from errortool.analysis.rounds import Stratum
from errortool.messages import count, isolated
from errortool.output.phrases import decimals, per_cent, share

_MINUS: Final = "\N{MINUS SIGN}"
_SEEMING: Final = 3  # models: of two, the interval says it already
_MOST_GROUPS: Final = 6


def amount(fraction: float, places: int) -> str:
    """Write a difference of two rates in points, without the word.

    >>> amount(0.0123, 1), amount(-0.002, 1), amount(-0.00001, 1)
    ('1.2', '−0.2', '0.0')
    """
    text = f"{100 * abs(fraction):.{places}f}"
    negative = fraction < 0 and float(text) != 0
    return f"{_MINUS}{text}" if negative else text


def ends(rate: Rate, places: int) -> str:
    """Write an interval of points, the lower end first, as "0.3 to 1.6"."""
    return f"{amount(rate.low, places)} to {amount(rate.high, places)}"


def points(fraction: float, places: int) -> str:
    """Write a difference of two rates in points.

    >>> points(0.01, 1), points(0.01, 0)
    ('1.0 points', '1 point')
    """
    text = amount(fraction, places)
    return f"{text} point{'' if text in {'1', f'{_MINUS}1'} else 's'}"


def places_of(found: Comparison) -> int:
    """Return how many decimals rates of the shared examples can have."""
    return decimals(found.shared)


def headline(found: Comparison) -> str:
    """Say what the second model did to the dev error, and how sure that is."""
    places = places_of(found)
    flips = found.flips
    a, b = isolated(found.a), isolated(found.b)
    before, after = per_cent(found.error_before, places), per_cent(found.error_after, places)
    gain = found.gain
    if found.better is Surely.OPEN:
        first = (
            f"{b} has a dev error of {after}, {a} of {before}: the difference of "
            f"{points(abs(gain.rate), places)} ({ends(_towards(gain), places)}) may be chance"
            if gain.rate
            else f"{b} has the same dev error as {a}, {after}"
        )
    else:
        what = "better" if gain.rate > 0 else "worse"
        first = (
            f"{b} takes the dev error from {before} to {after}: {points(abs(gain.rate), places)} "
            f"{what} ({ends(_towards(gain), places)})"
        )
    return f"{_upper(_on(found) + first)}. {_flipped(flips)}"


def _upper(text: str) -> str:
    return text if not text.startswith("on ") else f"O{text[1:]}"


def _towards(gain: Rate) -> Rate:
    """Return a gain, or a loss as one that is positive."""
    if gain.rate >= 0:
        return gain
    return Rate(rate=-gain.rate, low=-gain.high, high=-gain.low)


def _on(found: Comparison) -> str:
    """Say on which examples and labels two errors are compared, where these aren't the same."""
    parts = []
    if found.only_a or found.only_b:
        parts.append(f"the {found.shared:,} dev examples that both have")
    if found.labels is not None:
        parts.append("the same labels")
    return f"on {' and '.join(parts)}, " if parts else ""


def _flipped(flips: Flips) -> str:
    if not flips.fixed and not flips.newly_wrong:
        return "It fixed no error and made no new one."
    fixed = count(flips.fixed, "error") if flips.fixed else "no error"
    new = "no new one"
    if flips.newly_wrong:
        new = f"{flips.newly_wrong:,} new one{'' if flips.newly_wrong == 1 else 's'}"
    return f"It fixed {fixed} and made {new}."


def basis(found: Comparison) -> str:
    """Say what a comparison rests on, in one line."""
    parts = [f"{count(found.shared, 'dev example')} in both"]
    if found.weighted:
        parts[0] += ", weighted"
    if found.looked_at is not None:
        first, second = found.looked_at
        parts.append(f"{first:,} + {second:,} errors looked at")
    if found.mid_p is not None:
        parts.append(f"p {p_value(found.mid_p)}")
    return " · ".join(parts)


def p_value(p: float) -> str:
    """Write a p-value.

    >>> p_value(0.23), p_value(0.034), p_value(0.00001), p_value(0.9999)
    ('0.23', '0.034', 'below 0.001', '1.00')
    """
    if p < 0.001:  # noqa: PLR2004  more digits would say nothing
        return "below 0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"  # noqa: PLR2004


def labels(found: Comparison) -> str:
    """Say how much of the gain comes from labels that changed in between; "" where none did."""
    changed = found.labels
    if changed is None:
        return ""
    places = places_of(found)
    whole = changed.error_before - found.error_after
    return (
        f"{count(changed.changed, 'label')} changed in between, which alone took the dev error of "
        f"{isolated(found.a)} from {per_cent(changed.error_before, places)} to "
        f"{per_cent(changed.error_after, places)}. {_of_all(changed, whole, places)}"
    )


def _of_all(changed: Labels, whole: float, places: int) -> str:
    """Say which part of a change is the labels'."""
    if whole > 0 and changed.gain > 0:
        return (
            f"So of {points(whole, places)} gained since, {amount(changed.gain, places)} are the "
            "labels'."
        )
    if not changed.gain:
        return "That made no difference to it."
    what = "better" if changed.gain > 0 else "worse"
    return f"So the labels alone made it {points(abs(changed.gain), places)} {what}."


def fixed(found: Comparison) -> str:
    """Say which part of the dev set was fixed."""
    return f"{per_cent(found.flips.fixed_rate, 1)} of the dev set"


def still(found: Comparison) -> str:
    """Say how many of the still wrong got the same answer."""
    flips = found.flips
    if not flips.still_wrong:
        return "no error of both"
    return f"{flips.same_answer:,} with the same answer, {flips.other_answer:,} with another"


def broken(found: Comparison) -> str:
    """Say how much the second model broke, and how much that is."""
    flips = found.flips
    parts = []
    if flips.broken is not None:
        parts.append(f"{per_cent(flips.broken, 1)} of what {isolated(found.a)} got right")
    relative = flips.relative_negative_flip_rate
    if relative is not None and flips.newly_wrong:
        parts.append(f"{share(relative)} of what two unrelated models would break")
    return "; ".join(parts)


def margin(found: Comparison) -> str:
    """Ask whether the second model is worse by no more than the margin; "" without one."""
    if found.margin is None:
        return ""
    return f"no worse by more than {plain(100 * found.margin)} points?"


def plain(number: float) -> str:
    """Write a number as somebody typed it.

    >>> plain(0.5), plain(1.0)
    ('0.5', '1')
    """
    return f"{number:.6g}"


def worst(found: Comparison) -> str:
    """Say how much worse the second model is at most."""
    places = places_of(found)
    most = -found.gain.low
    if most <= 0:
        return f"it is better by at least {points(-most, places)}"
    least = -found.gain.high
    if least > 0:
        return f"it is worse by {amount(least, places)} to {points(most, places)}"
    return f"it is worse by at most {points(most, places)}"


def category(one: ComparedCategory, found: Comparison) -> str:
    """Say what a category made possible and what came, in one sentence."""
    places = places_of(found)
    name = isolated(one.name)
    if one.possible is None:
        return f"{name}: nobody looked for it in {isolated(found.a)}."
    possible = f"{name}: {amount(one.possible.rate, places)} points were possible"
    if one.gained is None:
        return f"{possible}; what came isn't known yet: {_lacking(one, found)}."
    if one.gained.low == one.gained.high:
        return f"{possible}, {amount(one.gained.rate, places)} came."
    return f"{possible}, {amount(one.gained.rate, places)} came ({ends(one.gained, places)})."


def _lacking(one: ComparedCategory, found: Comparison) -> str:
    """Say what was not looked at for a category."""
    parts = []
    if one.fixed.examples is None:
        parts.append(f"none of the {one.fixed.size:,} fixed in {isolated(found.a)}")
    if one.newly_wrong.examples is None:
        parts.append(f"none of the {one.newly_wrong.size:,} newly wrong in {isolated(found.b)}")
    return f"{' and '.join(parts)} was looked at for it"


def wide(found: Comparison) -> str:
    """Say that few of the newly wrong were looked at; "" where all were."""
    flips = found.flips
    seen = [one.newly_wrong.looked_at for one in found.categories]
    if not seen or not flips.newly_wrong:
        return ""
    new = max(one.newly_wrong.size for one in found.categories)
    least = min(seen)
    if least >= new:
        return ""
    by = "" if found.labels is None else ", by the labels that each round had"
    were = "was" if least == 1 else "were"
    return f"Of the {new:,} newly wrong{by}, {least:,} {were} looked at."


def look_at(found: Comparison, left: int) -> str:
    """Offer to look at what is left of the newly wrong: at all of them, or at the others."""
    every = max(one.newly_wrong.size for one in found.categories)
    if left == 1:
        return f"Look at the {'one' if every == 1 else 'last'} newly wrong"
    return f"Look at {'all' if left == every else 'the other'} {left:,} newly wrong"


def stratum(one: Stratum) -> str:
    """Write how many examples of some carry a tick: a count, or an estimate with its interval."""
    if one.examples is None or one.low is None or one.high is None:
        return "–"
    if one.low == one.high:
        return f"{one.examples:,.0f}"
    return f"{one.examples:,.0f} ({one.low:,.0f} to {one.high:,.0f})"


def looking(found: Looking) -> str:
    """Say whether errors that people saw were fixed more often than the others."""
    first = (
        f"Of the errors that people saw, {found.seen_fixed:,} of {found.seen:,} were fixed; of "
        f"those nobody saw, {found.unseen_fixed:,} of {found.unseen:,}."
    )
    p = f"p {p_value(found.p)}"
    if found.rings:
        return (
            f"{first} Seen ones were fixed more often ({p}): the work has fitted itself to them, "
            "and on other data less of the gain will be left. Draw the next sample from errors "
            "that nobody has seen."
        )
    if found.difference.rate > 0:
        return f"{first} That seen ones were fixed more often may be chance ({p})."
    return f"{first} Seen ones weren't fixed more often."


def models(found: Models, places: int) -> str:
    """Say how many models were tried on the dev set, and what that alone seems to gain."""
    tried = f"{found.number:,} models were tried on this dev set."
    if found.number < _SEEMING:
        return tried
    return (
        f"{tried} The best of {found.number:,} equal ones would seem "
        f"{points(found.seeming, max(places, 2))} better than it is, by chance."
    )


def parts(found: Parts, places: int) -> str:
    """Say both errors, of the part that people may look at and of the blackbox, and their gap."""
    now = found.after
    text = (
        f"People may look at {now.examples:,} of these dev examples: the dev error is "
        f"{per_cent(now.error.rate, places)} there and {per_cent(now.blackbox_error.rate, places)} "
        f"on the blackbox, a gap of {points(now.gap.rate, places)} ({ends(now.gap, places)})."
    )
    if found.difference is None:
        return text
    difference = found.difference
    sure = "that may be chance"
    if difference.low > 0:
        sure = "the work has fitted itself to what people saw"
    elif difference.high < 0:
        sure = "the blackbox gained more"
    return (
        f"{text} The part that people see gained {points(difference.rate, places)} more than the "
        f"blackbox ({ends(difference, places)}): {sure}."
    )


def lost(found: Comparison) -> list[ComparedGroup]:
    """Return the groups that surely lost, those that lost most first."""
    sure = [group for group in found.groups if group.better is Surely.NO]
    return sorted(sure, key=lambda group: group.gain.rate)


def groups(found: Comparison) -> str:
    """Say which groups surely lost, or that none did; "" where there are no groups."""
    if not found.groups:
        return ""
    sure = lost(found)
    if not sure:
        return "No group surely lost."
    names = [f"{group_name(group)} +{amount(-group.gain.rate, 1)}" for group in sure]
    more = len(names) - _MOST_GROUPS
    some = ", ".join(names[:_MOST_GROUPS]) + (f" and {more:,} more" if more > 0 else "")
    return f"The error surely rose, in points: {some}."


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A group as texts; `show` is the name of its images, `lost` says that it surely lost."""

    value: str
    before: str
    after: str
    change: str
    show: str
    lost: bool


def group_row(group: ComparedGroup) -> GroupRow:
    """Return a group as texts; a rise of the error is written with a plus."""
    rose = Rate(rate=-group.gain.rate, low=-group.gain.high, high=-group.gain.low)
    sign = "+" if rose.rate > 0 else ""
    return GroupRow(
        value=group.value,
        before=per_cent(group.before, 1),
        after=per_cent(group.after, 1),
        change=f"{sign}{amount(rose.rate, 1)} ({ends(rose, 1)})",
        show=f"group:{group.column}={group.value}",
        lost=group.better is Surely.NO,
    )


def shares(found: Comparison, category: str) -> list[Share | None]:
    """Return a category's share of the errors in each round, None where it isn't known."""
    return [one.shares.get(category) for one in found.rounds]


def group_name(group: ComparedGroup) -> str:
    """Name a group by its column and value."""
    return f"{isolated(group.column)} {isolated(group.value)}"


def opening(found: Comparison) -> list[str]:
    """Return the first lines: what changed, what that rests on, what differs."""
    lines = [headline(found), f"{basis(found)}."]
    if found.labels is not None:
        lines.append(labels(found))
    lines += [f"{text[:1].upper()}{text[1:]}." for text in others(found)]
    return lines


def others(found: Comparison) -> list[str]:
    """Return what differs between the dev sets beside labels, which have a line of their own."""
    return [text for text in found.differences if "another label" not in text]


def counts(found: Comparison) -> list[tuple[str, str, str]]:
    """Return what became of the examples as rows: what, how many, and what that means."""
    flips = found.flips
    rows = [
        ("fixed", f"{flips.fixed:,}", fixed(found)),
        ("still wrong", f"{flips.still_wrong:,}", still(found)),
        ("newly wrong", f"{flips.newly_wrong:,}", broken(found)),
        ("right in both", f"{flips.both_right:,}", ""),
    ]
    if found.no_worse is not None:
        rows.append((margin(found), found.no_worse.value, worst(found)))
    return rows


def table(found: Comparison) -> list[tuple[str, ...]]:
    """Return the categories as a table, its header first."""
    places = places_of(found)
    rows: list[tuple[str, ...]] = [
        ("category", "possible", "gained (points)", "fixed", "newly wrong", "still wrong")
    ]
    for one in found.categories:
        gained = "–"
        if one.gained is not None:
            gained = amount(one.gained.rate, places)
            if one.gained.low != one.gained.high:
                gained += f" ({ends(one.gained, places)})"
        rows.append(
            (
                one.name,
                "–" if one.possible is None else amount(one.possible.rate, places),
                gained,
                stratum(one.fixed),
                stratum(one.newly_wrong),
                stratum(one.still_wrong),
            )
        )
    return rows


def findings(found: Comparison) -> list[str]:
    """Return all that a comparison finds beside its tables."""
    places = places_of(found)
    lines = [category(one, found) for one in found.categories]
    lines += [text for text in (wide(found), groups(found)) if text]
    if found.looking is not None:
        lines.append(looking(found.looking))
    if found.models is not None:
        lines.append(models(found.models, places))
    if found.parts is not None:
        lines.append(parts(found.parts, places))
    lines += [f"{text[:1].upper()}{text[1:]}." for text in found.unmatched]
    if len(found.rounds) > 2:  # noqa: PLR2004  two are the comparison itself
        lines.append(rounds(found))
    return lines


def rounds(found: Comparison) -> str:
    """Say how the dev error moved over the rounds."""
    steps = [
        f"{isolated(one.name)} {per_cent(one.dev_error, places_of(found))}" for one in found.rounds
    ]
    return f"Over {len(steps)} rounds the dev error was: {', '.join(steps)}."
