"""What the document draws: axes, combinations, small plots."""

import re
from xml.etree import ElementTree as ET

import pytest

import errortool
from errortool.output import figures
from errortool.output.figures import Axis


@pytest.mark.parametrize(
    ("most", "lines"),
    [
        (0.0306, ("0", "1 %", "2 %", "3 %")),
        (0.3, ("0", "10 %", "20 %", "30 %")),
        (0.1, ("0", "5 %", "10 %")),
        (0.0018, ("0", "0.05 %", "0.1 %", "0.15 %")),
        (1.0, ("0", "50 %", "100 %")),
        (0.0, ("0",)),
    ],
)
def test_an_axis_has_a_few_round_lines(most: float, lines: tuple[str, ...]):
    """From 0 to the end, in steps of 1, 2 or 5."""
    assert tuple(map(figures.line_text, Axis(most).lines)) == lines


def test_places_stay_on_the_axis():
    """In per cent of its length; what is missing or beyond stays at an end."""
    axis = Axis(0.2)
    assert [axis.at(value) for value in (0.0, 0.05, 0.2, 0.3, -1.0, None)] == [
        0,
        25,
        100,
        100,
        0,
        0,
    ]
    assert Axis(0.0).at(0.5) == 0


def test_only_the_most_frequent_combinations_are_drawn():
    """Each with its part of the errors, as long as its count."""
    ticks = {name: [number >> bit & 1 for number in range(8)] for bit, name in enumerate("abc")}
    made = errortool.estimate(ticks, errors=8, dev_examples=80)
    shown = figures.combinations(made, 5)
    assert [row.errors for row in shown] == [1] * 5
    assert shown[0].share == 1 / 8
    assert shown[0].length == 100


def test_only_the_leaders_histories_are_drawn():
    """Two of three, well-formed, with how many errors were looked at."""
    ticks = {name: [int(at < size) for at in range(12)] for size, name in enumerate("cba", start=3)}
    drawn = figures.moved(errortool.estimate(ticks, errors=100, dev_examples=1000))
    assert [category.name for category, _ in drawn] == ["a", "b"]
    for _, svg in drawn:
        root = ET.fromstring(svg)  # noqa: S314  our own
        assert "12 errors looked at" in [node.text for node in root.iter("text")]
        (curve,) = root.iter("polyline")
        assert len(curve.attrib["points"].split()) == 12


def test_tenths_are_as_high_as_their_counts():
    """The largest fills the height; the last stands out."""
    svg = figures.tenths((0, 2, 0, 0, 0, 0, 0, 0, 0, 4))
    assert re.findall(r'height="([\d.]+)"', svg) == ["0.0", "14.0", *["0.0"] * 7, "28.0"]
    assert svg.count('class="sure"') == 1
    assert figures.tenths((0,) * 10).startswith("<svg")
