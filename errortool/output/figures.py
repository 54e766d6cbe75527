"""What the report's document draws: places on an axis, combinations of ticks, small SVG plots.

They can be read in grey too: what matters differs in length, place or words, never in hue alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final

from errortool import messages
from errortool.analysis.full_report import CategoryReport, Report
from errortool.analysis.significance import Moment

_LINES: Final = 5
_STEPS: Final = (1, 2, 5, 10)
_LEADERS: Final = 2
_WIDTH, _HEIGHT, _LEFT, _FOOT, _TOP = 320, 132, 38, 22, 6


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from 0 to `most`; places on it are in per cent of its length."""

    most: float

    def at(self, value: float | None) -> float:
        """Return where a value is."""
        if not self.most:
            return 0.0
        return round(100 * min(max((value or 0.0) / self.most, 0.0), 1.0), 2)

    @property
    def lines(self) -> tuple[float, ...]:
        """Return some round values between the ends, at most four or so.

        >>> Axis(0.0306).lines, Axis(0.3).lines
        ((0.0, 0.01, 0.02, 0.03), (0.0, 0.1, 0.2, 0.3))
        """
        most = self.most
        if most <= 0:
            return (0.0,)
        size = 10.0 ** floor(log10(most))
        step = next(
            size * one / 10 * scale
            for scale in (1, 10)
            for one in _STEPS
            if most / (size * one / 10 * scale) < _LINES
        )
        number = floor(most / step + 1e-9)
        return tuple(round(step * at, 10) for at in range(number + 1))


@dataclass(frozen=True, slots=True)
class Span:
    """An axis from `low` to `high`; places on it are in per cent of its length."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Return where a value is.

        >>> Span(-1.0, 3.0).at(0.0)
        25.0
        """
        whole = self.high - self.low
        return round(100 * (value - self.low) / whole, 2) if whole else 0.0


def moves(values: Sequence[float | None], width: int = 120, height: int = 28) -> str:
    """Draw how a rate moved over rounds, as a small SVG from 0 upwards; unknown ones are left out.

    It is without words: the numbers stand beside it.
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:  # noqa: PLR2004  a point is no line
        return ""
    down = Span(0.0, max(value for _, value in known) or 1.0)
    across = Span(0.0, len(values) - 1.0)
    points = [
        (
            round(4 + across.at(place) * (width - 8) / 100, 1),
            round(height - 4 - down.at(value) * (height - 8) / 100, 1),
        )
        for place, value in known
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    x, y = points[-1]
    return (
        f'<svg class="moves" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'aria-hidden="true"><polyline points="{line}"/><circle cx="{x}" cy="{y}" r="3"/></svg>'
    )


def length(share: float | None) -> float:
    """Return how long a bar of a share is, in per cent of the whole.

    >>> length(0.125), length(None)
    (12.5, 0.0)
    """
    return Axis(1.0).at(share)


def line_text(value: float) -> str:
    """Write a round value of the axis.

    >>> line_text(0.01), line_text(0.005), line_text(0)
    ('1 %', '0.5 %', '0')
    """
    return f"{100 * value:.10g} %" if value else "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Errors with exactly the ticks of these categories; `length` is in per cent of the longest."""

    categories: tuple[CategoryReport, ...]
    errors: int
    share: float
    length: float


def combinations(report: Report, most: int) -> tuple[Combination, ...]:
    """Return the `most` frequent combinations of ticks."""
    longest = max((overlap.errors for overlap in report.overlaps), default=1)
    return tuple(
        Combination(
            categories=tuple(
                category for category in report.ranked if category.id in overlap.categories
            ),
            errors=overlap.errors,
            share=report.share_of(overlap),
            length=round(100 * overlap.errors / longest, 2),
        )
        for overlap in report.overlaps[:most]
    )


def moved(report: Report) -> list[tuple[CategoryReport, str]]:
    """Return the leaders, each with a drawing of how its share moved."""
    drawn = []
    for category in report.ranked:
        moments = [moment for moment in report.history if moment.category == category.id]
        if moments:
            drawn.append((category, moments))
    drawn = drawn[:_LEADERS]
    most = max((moment.high for _, moments in drawn for moment in moments), default=1.0)
    return [(category, history(moments, most)) for category, moments in drawn]


def history(moments: list[Moment], most: float) -> str:
    """Return an SVG drawing of a share, with its interval, by errors looked at."""
    last = moments[-1].reviewed
    axis, time = Axis(most), Axis(float(last))

    def x(moment: Moment) -> float:
        return _LEFT + (_WIDTH - _LEFT - 4) * time.at(moment.reviewed) / 100

    def y(share: float) -> float:
        return _TOP + (_HEIGHT - _FOOT - _TOP) * (1 - axis.at(share) / 100)

    band = [(x(moment), y(moment.high)) for moment in moments]
    band += [(x(moment), y(moment.low)) for moment in reversed(moments)]
    lines = "".join(
        f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 4}" y1="{y(value):.1f}" '
        f'y2="{y(value):.1f}"/><text x="{_LEFT - 6}" y="{y(value) + 4:.1f}" '
        f'text-anchor="end">{line_text(value)}</text>'
        for value in axis.lines
    )
    foot = _HEIGHT - 4
    return (
        f'<svg class="moved" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">{lines}'
        f'<polygon class="band" points="{_points(band)}"/>'
        f'<polyline class="curve" points="{_points((x(m), y(m.share)) for m in moments)}"/>'
        f'<text x="{_LEFT}" y="{foot}">{moments[0].reviewed:,}</text>'
        f'<text x="{_WIDTH - 4}" y="{foot}" text-anchor="end">'
        f"{messages.count(last, 'error')} looked at</text></svg>"
    )


def _points(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def shade(count: int, most: int) -> int:
    """Return how strong the ground of a count is, in per cent of the largest count's."""
    return round(100 * count / most)


def tenths(counts: tuple[int, ...]) -> str:
    """Return an SVG drawing of ten bars, from 0 to 1."""
    most = max(counts, default=0) or 1
    bars = "".join(
        f'<rect class="{"sure" if at == len(counts) - 1 else "bar"}" x="{at * 12}" width="10" '
        f'y="{28 - 28 * count / most:.1f}" height="{28 * count / most:.1f}"/>'
        for at, count in enumerate(counts)
    )
    return (
        f'<svg class="tenths" viewBox="0 0 118 30" aria-hidden="true">{bars}'
        '<line class="grid" x1="0" x2="118" y1="29" y2="29"/></svg>'
    )
