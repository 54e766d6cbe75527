"""Bodies of four-legged animals: coats, and the parts that carry them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from heads import Coat, Face
from pen import (
    CREAM,
    Colour,
    Pen,
    Point,
    Points,
    Shape,
    crescent,
    curve,
    darker,
    lighter,
    mix,
    moved,
    oval,
    rgb,
    spike,
    stroke,
)

Rib: TypeAlias = tuple[float, float, float, float]  # where a stripe starts, and where it goes
Head: TypeAlias = Callable[[Pen, Coat, Face, random.Random], None]


@dataclass(frozen=True)
class Beast:
    """One animal: its coat, its face and its proportions."""

    kind: str
    coat: Coat
    face: Face
    head: Head
    size: float = 11.0  # half a head's width
    leg: float = 5.2  # a leg's thickness
    legs: float = 1.0  # length of the legs, against a cat's
    girth: float = 1.0
    tail: str = "long"
    collar: Colour | None = None
    scarf: bool = False


# --- coats -----------------------------------------------------------------------------------

GREEN, AMBER, BLUE, GOLD = rgb("9dbb62"), rgb("e0a63c"), rgb("7fb4d6"), rgb("e9c75a")
WHITE = rgb("fbf4e8")

CATS: Sequence[tuple[int, Coat]] = (
    (5, Coat(rgb("e8a055"), rgb("fdebcf"), rgb("c9702f"), "tabby", GREEN)),
    (4, Coat(rgb("a9a3a0"), rgb("ece6df"), rgb("6d686b"), "tabby", GOLD)),
    (4, Coat(rgb("b8916a"), rgb("eedcc2"), rgb("6f4f38"), "tabby", GREEN)),
    (3, Coat(rgb("4a4248"), rgb("4f474d"), rgb("3b343a"), "plain", GOLD, inner=rgb("8d6a70"))),
    (4, Coat(rgb("4a4248"), WHITE, rgb("3b343a"), "tuxedo", GREEN, inner=rgb("b98287"))),
    (3, Coat(rgb("f8efe2"), rgb("fffaf2"), rgb("e6d8c6"), "plain", BLUE)),
    (3, Coat(rgb("f0d6ab"), rgb("fdf3df"), rgb("d9b27c"), "tabby", AMBER)),
    (4, Coat(WHITE, rgb("fffaf2"), rgb("e39a4e"), "patches", GREEN, rgb("544a4c"))),
    (3, Coat(rgb("efe0c8"), rgb("f7ecd9"), rgb("6b5048"), "points", BLUE, inner=rgb("9a7468"))),
    (2, Coat(rgb("8d98a6"), rgb("b3bcc6"), rgb("6d7888"), "plain", AMBER, inner=rgb("b9949b"))),
    (3, Coat(rgb("e8a055"), WHITE, rgb("c9702f"), "bicolour", GREEN)),
    (3, Coat(rgb("9a9494"), WHITE, rgb("6d686b"), "bicolour", GOLD)),
)

DOGS: Sequence[tuple[int, Coat, str]] = (
    (4, Coat(rgb("e9c88d"), rgb("f8e9c9"), rgb("d3a862"), "cream"), "floppy"),
    (3, Coat(rgb("85593f"), rgb("a9795a"), rgb("6d4632"), "cream"), "floppy"),
    (4, Coat(rgb("c88a52"), WHITE, rgb("6b4736"), "saddle"), "floppy"),
    (3, Coat(WHITE, rgb("fffaf2"), rgb("544a4c"), "dalmatian"), "floppy"),
    (3, Coat(rgb("8f97a3"), WHITE, rgb("6d7888"), "husky", BLUE), "up"),
    (4, Coat(rgb("e39c56"), WHITE, rgb("c9702f"), "blaze"), "up"),
    (3, Coat(rgb("e3bd8c"), rgb("f4e2c5"), rgb("54443f"), "mask"), "folded"),
    (3, Coat(WHITE, rgb("fffaf2"), rgb("b5774a"), "patches"), "folded"),
    (3, Coat(rgb("bb7345"), rgb("e6b98d"), rgb("96552f"), "cream"), "floppy"),
    (2, Coat(rgb("5a5055"), rgb("c9a27a"), rgb("453c42"), "saddle"), "folded"),
)

FOXES: Sequence[Coat] = (
    Coat(rgb("df7f43"), WHITE, rgb("5c4040"), "fox"),
    Coat(rgb("e8945a"), rgb("fdeedb"), rgb("6b4a44"), "fox"),
)
RACCOON = Coat(rgb("a39c98"), rgb("f1ebe2"), rgb("4f474b"), "raccoon", inner=rgb("d9cfc6"))
RABBITS: Sequence[Coat] = (
    Coat(rgb("f6ece0"), rgb("fffaf2"), rgb("e6d8c6")),
    Coat(rgb("c7a27c"), rgb("f3e4cf"), rgb("a9835f"), "cream"),
    Coat(rgb("a8a09f"), rgb("ece6df"), rgb("88807f"), "cream"),
    Coat(rgb("b98458"), WHITE, rgb("95643d"), "blaze"),
)
BEARS: Sequence[Coat] = (
    Coat(rgb("96694a"), rgb("d9b48b"), rgb("7b5339"), inner=rgb("c99a75")),
    Coat(rgb("6f5044"), rgb("b98f6e"), rgb("59403a"), inner=rgb("a67c66")),
    Coat(rgb("f3eee6"), rgb("fffaf2"), rgb("dcd5cb"), inner=rgb("d8c4bd")),
    Coat(rgb("f8f1e6"), rgb("fffaf2"), rgb("4a4248"), "panda", inner=rgb("6b5f66")),
)
LION = Coat(rgb("e8ae58"), rgb("fae6bd"), rgb("b3683a"), "lion", AMBER, inner=rgb("d08f6a"))
TIGER = Coat(rgb("ea9440"), WHITE, rgb("4b3434"), "tiger", GOLD, inner=rgb("f0d9c0"))
LEOPARD = Coat(
    rgb("e6b062"), rgb("fbecd0"), rgb("573d35"), "rosettes", GREEN, rgb("c98f4c"), rgb("d9a88c")
)
SNOW_LEOPARD = Coat(
    rgb("dcd7d0"), rgb("fbf7f0"), rgb("5f585c"), "rosettes", BLUE, rgb("b5aeaa"), rgb("cfc0ba")
)
CHEETAH = Coat(rgb("eab970"), rgb("fcf0d8"), rgb("54403a"), "cheetah", AMBER, inner=rgb("d9b08c"))


# --- coats on bodies ---------------------------------------------------------------------------


def paint(
    pen: Pen,
    beast: Beast,
    shape: Shape,
    rng: random.Random,
    *,
    ribs: Sequence[Rib] = (),
    light: Shape | None = None,
    tone: float = 0.0,
    part: str = "body",
) -> None:
    """Fill a part of a body with its coat: base, belly, pattern, a shaded and a lit edge."""
    coat = beast.coat
    base, mark = part_colours(coat, part)
    pen.fill(shape, darker(base, tone))
    with pen.clip(shape):
        bare = light is None or coat.pattern in {"plain", "dalmatian", "panda"}
        belly = [] if bare or light is None else light
        under = coat.pattern not in {"saddle", "patches"}  # is the belly below the pattern?
        if belly and under:
            pen.fill(belly, darker(coat.light, tone))
        pattern(pen, coat, shape, ribs, rng, mark=darker(mark, tone), part=part)
        if belly and not under:
            pen.fill(belly, darker(coat.light, tone))
        if part == "body":
            pen.fill(crescent(shape, -1.3, -1.9), darker(base, 0.8), 0.15)
            pen.fill(crescent(shape, 0.9, 1.1), CREAM, 0.16)
        elif len(shape) == 1:
            pen.fill(crescent(shape, -0.8, -0.8), darker(base, 0.8), 0.13)


WHITE_PAWS = frozenset("tuxedo bicolour patches saddle blaze husky tiger".split())


def part_colours(coat: Coat, part: str) -> tuple[Colour, Colour]:
    """Return the base and mark colours of a part of the body."""
    if coat.pattern in {"points", "fox", "panda", "raccoon"} and part in {"leg", "paw"}:
        return (coat.mark if coat.pattern != "raccoon" else darker(coat.base, 0.15)), coat.mark
    if coat.pattern == "points" and part == "tail":
        return coat.mark, coat.mark
    if part == "paw" and coat.pattern in WHITE_PAWS:
        return coat.light, coat.mark
    if part == "leg" and coat.pattern in {"saddle", "blaze", "husky"}:
        return mix(coat.base, coat.light, 0.75), coat.mark
    return coat.base, coat.mark


def pattern(
    pen: Pen,
    coat: Coat,
    shape: Shape,
    ribs: Sequence[Rib],
    rng: random.Random,
    *,
    mark: Colour,
    part: str,
) -> None:
    """Draw stripes, spots, rosettes or patches; call it inside a clip of the shape."""
    if coat.pattern in {"tabby", "tiger"}:
        bold = 3.1 if coat.pattern == "tiger" else 2.1
        for x, y, dx, dy in ribs:
            reach = rng.uniform(0.75, 1.05)
            end = (x + dx * reach, y + dy * reach)
            wide = bold * rng.uniform(0.8, 1.15) * (0.8 if part != "body" else 1.0)
            pen.fill(spike((x - dx * 0.2, y - dy * 0.2), end, wide, rng.uniform(-0.1, 0.1)), mark)
        return
    low = [min(float(p[:, n].min()) for p in shape) for n in (0, 1)]
    high = [max(float(p[:, n].max()) for p in shape) for n in (0, 1)]
    if coat.pattern in {"rosettes", "cheetah", "dalmatian"}:
        spots(pen, coat, (low[0], low[1]), (high[0], high[1]), rng, part=part)
    elif coat.pattern == "patches" and part == "body":
        for n, colour in enumerate((coat.mark, coat.extra or coat.mark, coat.mark)):
            x = low[0] + (high[0] - low[0]) * (0.12 + 0.36 * n + rng.uniform(-0.05, 0.05))
            y = low[1] + (high[1] - low[1]) * rng.uniform(0.1, 0.55)
            pen.fill(
                oval(x, y, rng.uniform(5, 7.5), rng.uniform(4.5, 6.5), rng.uniform(0, 90)), colour
            )
    elif coat.pattern == "panda" and part == "body":
        wide, tall = high[0] - low[0], high[1] - low[1]
        if wide > tall * 1.25:
            pen.fill(
                oval(low[0] + wide * 0.78, low[1] + tall * 0.5, wide * 0.14, tall * 0.7, 8),
                coat.mark,
            )
        else:
            pen.fill(
                oval((low[0] + high[0]) / 2, low[1] + tall * 0.27, wide * 0.7, tall * 0.15),
                coat.mark,
            )
    elif coat.pattern == "saddle" and part == "body":
        middle = (low[0] + high[0]) / 2
        wide, tall = (high[0] - low[0]) / 2, high[1] - low[1]
        pen.fill(oval(middle - wide * 0.15, low[1], wide * 0.72, tall * 0.62), mark)


def spots(pen: Pen, coat: Coat, low: Point, high: Point, rng: random.Random, *, part: str) -> None:
    """Scatter spots or rosettes over a box, on a jittered grid."""
    step = {"rosettes": 5.0, "cheetah": 3.5, "dalmatian": 6.2}[coat.pattern] * (
        1.0 if part == "body" else 0.72
    )
    y, row = low[1] + step * 0.3, 0
    while y < high[1]:
        x = low[0] + step * (0.25 if row % 2 else 0.75)
        while x < high[0]:
            px, py = x + rng.uniform(-0.22, 0.22) * step, y + rng.uniform(-0.22, 0.22) * step
            if coat.pattern == "rosettes" and part == "body":
                rosette(pen.at(px, py, turn=rng.uniform(0, 360)), coat, step * 0.36)
            elif coat.pattern == "dalmatian":
                size = step * rng.uniform(0.14, 0.3)
                pen.fill(oval(px, py, size, size * 0.85, rng.uniform(0, 90)), coat.mark)
            else:
                size = step * rng.uniform(0.2, 0.27)
                pen.fill(oval(px, py, size, size * 0.85, rng.uniform(0, 90)), coat.mark)
            x += step
        y += step * 0.84
        row += 1


def rosette(pen: Pen, coat: Coat, radius: float) -> None:
    """Draw a leopard's spot: a warm centre in a broken ring."""
    pen.fill(oval(0, 0, radius * 0.7), coat.extra or coat.base)
    for start, sweep in ((0, 70), (125, 60), (235, 75)):
        arc: Points = [
            (radius * math.cos(math.radians(a)), radius * 0.86 * math.sin(math.radians(a)))
            for a in (start, start + sweep / 2, start + sweep)
        ]
        pen.fill(stroke(arc, [radius * 0.3, radius * 0.62, radius * 0.34]), coat.mark)


TAILS: Mapping[str, Sequence[float]] = {  # widths from root to tip
    "long": (4.8, 4.3, 4.0, 3.2),
    "thick": (5.2, 6.2, 6.2, 5.6),
    "feather": (4.5, 5.5, 6.5, 5.5, 2.0),
    "bushy": (3.5, 8.5, 11, 9.5, 3.0),
    "ringed": (4.5, 7.5, 8.0, 5.0),
    "tuft": (3.6, 2.8, 2.6),
    "wag": (5.6, 5.0, 3.6, 1.6),
}


def tail(pen: Pen, beast: Beast, path: Points, *, over: bool = False) -> None:
    """Draw a tail along a path, in the manner of the animal; over its body with a shadow."""
    if beast.tail == "stub":
        (x, y), (u, v) = path[0], path[1]
        stub_tail(pen, beast, (x + (u - x) * 0.25, y + (v - y) * 0.25 - 1))
        return
    line = curve(path, 12)
    short = beast.tail == "wag"
    shape = stroke(line[: len(line) * 3 // 5] if short else path, TAILS[beast.tail])
    base, mark = part_colours(beast.coat, "tail")
    if over:
        pen.fill(moved(shape, 0, -0.9), darker(base, 0.7), 0.4)
    pen.fill(shape, darker(base, 0.06))
    if beast.tail == "tuft":
        (x, y), (u, v) = line[-1], line[-6]
        length = math.hypot(x - u, y - v) or 1.0
        ex, ey = (x - u) / length, (y - v) / length
        pen.fill(spike((x - ex * 3, y - ey * 3), (x + ex * 8, y + ey * 8), 7), mark)
        return
    with pen.clip(shape):
        if beast.coat.pattern in {"tabby", "tiger", "rosettes", "cheetah", "raccoon"}:
            bands(pen, line, mark, ringed=beast.tail == "ringed")
        x, y = line[-1]
        if beast.coat.pattern in {"fox", "tuxedo", "bicolour", "husky", "blaze"}:
            pen.fill(oval(x, y, 6.0 if beast.tail == "bushy" else 4.0), beast.coat.light)
        elif beast.coat.pattern in {"tabby", "tiger", "rosettes", "cheetah", "patches"}:
            pen.fill(oval(x, y, 3.6), mark)


def stub_tail(pen: Pen, beast: Beast, place: Point) -> None:
    """Draw the round tail of rabbits and bears."""
    rabbit, base = beast.kind == "rabbit", beast.coat.base
    x, y = place
    pen.fill(
        oval(x, y, 4.6 if rabbit else 3.4), lighter(base, 0.5) if rabbit else darker(base, 0.1)
    )


def bands(pen: Pen, line: Points, colour: Colour, *, ringed: bool) -> None:
    """Draw bands across a tail, wide ones for a raccoon; call it inside a clip of the tail."""
    for n in range(9, len(line) - 5, 9):
        (x, y), (u, v) = line[n], line[n - 1]
        length = math.hypot(x - u, y - v) or 1.0
        reach = (4.6 if ringed else 3.2) / length
        bx, by = -(v - y) * reach, (u - x) * reach
        pen.fill(stroke([(x - bx, y - by), (x + bx, y + by)], 2.8 if ringed else 1.8), colour)


def paw(
    pen: Pen, beast: Beast, x: float, y: float, size: float = 1.0, *, tone: float = 0.0
) -> None:
    """Draw a paw with two toe lines, its sole at y."""
    base, _ = part_colours(beast.coat, "paw")
    colour = darker(base, tone)
    wide, high = beast.leg * 0.72 * size, beast.leg * 0.46 * size
    pen.fill(oval(x, y - high, wide, high), colour)
    for toe in (-0.33, 0.33):
        line: Points = [(x + wide * toe, y - high * 0.9), (x + wide * toe * 1.1, y - high * 0.1)]
        pen.fill(stroke(line, 0.42), darker(colour, 0.4))


def leg(pen: Pen, beast: Beast, path: Points, rng: random.Random, tone: float = 0.0) -> None:
    """Draw a leg down a path, and its paw."""
    wide = beast.leg
    shape = stroke(path, [wide * 1.25, wide, wide * 0.92])
    ribs = []
    for x, y in curve(path, 2)[1:-1]:
        ribs += [
            (x - wide * 0.6, y, wide * 0.62, 0.5),
            (x + wide * 0.6, y + 0.9, -wide * 0.56, 0.5),
        ]
    paint(pen, beast, shape, rng, ribs=ribs, tone=tone, part="leg")
    x, y = path[-1]
    paw(pen, beast, x + wide * 0.12, y + wide * 0.45, tone=tone)


def head(
    pen: Pen,
    beast: Beast,
    x: float,
    y: float,
    rng: random.Random,
    *,
    turn: float = 0.0,
    flip: bool = False,
    size: float = 1.0,
) -> None:
    """Place the animal's head, with a shadow on the body below it."""
    radius = beast.size * size
    top = pen.at(x, y, radius, turn=turn + rng.uniform(-5, 5), flip=flip)
    if beast.coat.pattern != "lion":
        pen.fill(
            oval(x, y + radius * 0.32, radius * 0.8, radius * 0.72),
            darker(beast.coat.base, 0.6),
            0.22,
        )
    if beast.collar is not None:
        band: Points = [
            (x - radius * 0.62, y + radius * 0.72),
            (x, y + radius * 1.02),
            (x + radius * 0.62, y + radius * 0.72),
        ]
        pen.fill(stroke(band, radius * (0.46 if beast.scarf else 0.22)), beast.collar)
        if beast.scarf:
            end: Points = [
                (x + radius * 0.42, y + radius * 0.95),
                (x + radius * 0.56, y + radius * 1.75),
            ]
            pen.fill(stroke(end, radius * 0.42), darker(beast.collar, 0.12))
            pen.fill(
                stroke(
                    [
                        (x + radius * 0.38, y + radius * 1.62),
                        (x + radius * 0.74, y + radius * 1.58),
                    ],
                    radius * 0.1,
                ),
                lighter(beast.collar, 0.5),
            )
        else:
            pen.fill(oval(x, y + radius * 1.17, radius * 0.13), rgb("f0c75a"))
    beast.head(top, beast.coat, beast.face, rng)
