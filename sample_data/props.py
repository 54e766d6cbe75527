"""Parts of scenes: skies, trees, flowers, windows, furniture. Units are percent of the frame."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from pen import (
    CREAM,
    DUSK,
    Colour,
    Pen,
    Point,
    blob,
    box,
    curve,
    darker,
    dots,
    lighter,
    mix,
    oval,
    palette,
    poly,
    rgb,
    stroke,
)

WALLS: Sequence[Colour] = palette(
    "f4e1c4 ecccb2 d3dcc4 c3d8d3 ecc4b2 f2dca6 d9cfe0 cfdbe6 e9b9a4 b9cdb9"
)
WOODS: Sequence[Colour] = palette("cfa173 bd8a62 dcb58a a97a5a c9986f")
CLOTHS: Sequence[Colour] = palette(
    "cf7358 e2a94f 7f9b83 5f8f95 93747f d99c92 8aa5bd b3655b 6f7fa0 c9b184"
)
LEAVES: Sequence[Colour] = palette("7fa06a 6a9173 8fae6f 5c8468 a3b56e")


def sky(pen: Pen, top: Colour, bottom: Colour, until: float = 100.0) -> None:
    """Paint a gradient from the upper edge down."""
    bands = 56
    for n in range(bands):
        y = until * n / bands
        pen.fill(box(0, y, 100, until / bands + 0.4), mix(top, bottom, n / (bands - 1)))


def pick(rng: random.Random, colours: Sequence[Colour], besides: Colour | None = None) -> Colour:
    """Choose a colour, visibly different from another one."""
    choices = [
        c
        for c in colours
        if besides is None or sum(abs(a - b) for a, b in zip(c, besides, strict=True)) > 70
    ]
    return rng.choice(choices or list(colours))


def cloud(pen: Pen, x: float, y: float, size: float, colour: Colour = CREAM) -> None:
    """Draw a flat-bottomed cloud."""
    at = pen.at(x, y, size)
    at.fill(
        oval(0, -3, 6) + oval(-7, -1.2, 4.4) + oval(7, -1.6, 4.8) + box(-11.4, -2.4, 23, 5.4, 2.6),
        colour,
        0.85,
    )


def hills(pen: Pen, rng: random.Random, y: float, swell: float, colour: Colour) -> None:
    """Draw a row of soft hills down to the lower edge."""
    points: list[Point] = [(-8 + 29 * n, y + rng.uniform(-swell, swell)) for n in range(5)]
    pen.fill([*blob([*curve(points), (115, 130), (-15, 130)], (0, 41, 42))], colour)


def round_tree(pen: Pen, x: float, y: float, size: float, leaf: Colour) -> None:
    """Draw a leafy tree."""
    tree = pen.at(x, y, size)
    tree.fill(stroke(dots("0,0 0.4,-10 0,-18"), [3.2, 2.4, 1.8]), rgb("8a6550"))
    tree.fill(stroke([(0.2, -9), (4, -14)], [1.6, 1.0]), rgb("8a6550"))
    crown = blob(dots("-10,-14 -11,-22 -6,-31 2,-34 9,-29 12,-20 9,-13 0,-11"))
    tree.fill(crown, leaf)
    with tree.clip(crown):
        tree.fill(oval(-4, -27, 10, 9), lighter(leaf, 0.18))
        tree.fill(oval(5, -12, 12, 4.5), darker(leaf, 0.16))


def fir(pen: Pen, x: float, y: float, size: float, leaf: Colour, *, snow: bool = False) -> None:
    """Draw a fir tree, with snow on its branches if asked."""
    tree = pen.at(x, y, size)
    tree.fill(box(-1.3, -5, 2.6, 5), rgb("7b5a4a"))
    for n, (low, wide) in enumerate(((-3.5, 9.5), (-11, 7.6), (-18, 5.6))):
        tier = blob(
            [
                (0, low - 12),
                (wide * 0.5, low - 5),
                (wide, low),
                (0, low + 1.6),
                (-wide, low),
                (-wide * 0.5, low - 5),
            ],
            (0, 2, 4),
        )
        tree.fill(tier, darker(leaf, 0.12 * (2 - n)))
        if snow:
            with tree.clip(tier):
                tree.fill(
                    blob(
                        [
                            (0, low - 14),
                            (wide * 0.6, low - 4.6),
                            (wide * 0.16, low - 5.6),
                            (-wide * 0.2, low - 3.4),
                            (-wide * 0.7, low - 4.4),
                        ],
                        (0,),
                    ),
                    rgb("f7f3ee"),
                )


def bush(pen: Pen, x: float, y: float, size: float, leaf: Colour) -> None:
    """Draw a round bush."""
    at = pen.at(x, y, size)
    shape = blob(dots("-12,0 -13,-6 -8,-11 -2,-10 3,-14 10,-10 13,-5 12,0"), (0, 7))
    at.fill(shape, leaf)
    with at.clip(shape):
        at.fill(oval(-5, -9, 7, 5) + oval(5, -11, 6, 4.5), lighter(leaf, 0.16))


def grass(pen: Pen, x: float, y: float, size: float, colour: Colour) -> None:
    """Draw a tuft of grass."""
    at = pen.at(x, y, size)
    for lean, high in ((-2.6, 4.6), (-0.9, 6.6), (1.0, 5.6), (2.9, 4.2)):
        at.fill(
            blob([(lean * 0.3 - 0.55, 0), (lean, -high), (lean * 0.3 + 0.55, 0)], (0, 1, 2)), colour
        )


def flower(pen: Pen, x: float, y: float, size: float, *, petal: Colour, stem: Colour) -> None:
    """Draw a flower with five petals."""
    at = pen.at(x, y, size)
    at.fill(stroke(dots("0,0 0.3,-3 0,-6"), 0.6), stem)
    for n in range(5):
        angle = math.radians(72 * n - 90)
        at.fill(oval(1.25 * math.cos(angle), -6.6 + 1.25 * math.sin(angle), 1.05), petal)
    at.fill(oval(0, -6.6, 0.85), rgb("f1c85b"))


def scattered(rng: random.Random, count: int, low: float, high: float) -> list[Point]:
    """Return places in the foreground, at the sides rather than in the middle."""
    spots: list[Point] = []
    for n in range(count):
        side = rng.uniform(-2, 36) if n % 2 else rng.uniform(64, 102)
        spots.append((side, rng.uniform(low, high)))
    return sorted(spots, key=lambda spot: spot[1])


def pot_plant(pen: Pen, x: float, y: float, size: float, rng: random.Random) -> None:
    """Draw a plant in a pot."""
    at = pen.at(x, y, size)
    leaf, pot = (rng.choice(LEAVES), rng.choice(palette("cf7a5a e8d3b3 7d97a0 d9a441")))
    kind = rng.randrange(3)
    if kind == 0:
        for lean, high in ((-7, 20), (7, 19), (-3.4, 27), (4, 25), (0, 30)):
            at.fill(
                blob(
                    [
                        (-1.2, -9),
                        (lean - 1.6, -9 - high * 0.6),
                        (lean * 1.25, -9 - high),
                        (lean + 1.6, -9 - high * 0.55),
                        (1.2, -9),
                    ],
                    (0, 2, 4),
                ),
                mix(leaf, rgb("4f7458"), abs(lean) / 12),
            )
    elif kind == 1:
        for n, turn in enumerate((-68, 62, -38, 36, -6)):
            stalk = at.at(0, -9, turn=turn)
            stalk.fill(stroke([(0, 0), (0.6, -10)], 0.7), darker(leaf, 0.2))
            stalk.fill(oval(0.8, -14, 4.6, 6.4), leaf if n % 2 else darker(leaf, 0.12))
            stalk.fill(stroke([(0.8, -9), (0.8, -18)], 0.35), lighter(leaf, 0.3))
    else:
        for cx, cy, r in (
            (-6, -14, 5.5),
            (6, -14.5, 5.5),
            (0, -19, 7),
            (-4.5, -22, 4.5),
            (5, -22, 4.8),
        ):
            at.fill(oval(cx, cy, r), mix(leaf, lighter(leaf, 0.2), (cy + 24) / -12 + 1))
    at.fill(blob(dots("-5.6,-9.5 5.6,-9.5 4.4,0 -4.4,0"), (0, 1, 2, 3)), pot)
    at.fill(box(-6.2, -10.6, 12.4, 2.8, 0.8), lighter(pot, 0.2))
    at.fill(blob(dots("2.6,-7.8 5.4,-7.8 4.4,0 2.2,0"), (0, 1, 2, 3)), darker(pot, 0.14))


def picture_frame(pen: Pen, x: float, y: float, rng: random.Random) -> None:
    """Hang a small abstract landscape on the wall."""
    wide, high = rng.choice(((15, 19), (20, 15), (14, 14)))
    pen.fill(box(x + 0.7, y + 1, wide, high), DUSK, 0.16)
    pen.fill(box(x, y, wide, high), rng.choice(palette("8a6550 fbf4e8 d9a95c")))
    inner = box(x + 1.5, y + 1.5, wide - 3, high - 3)
    pen.fill(inner, rgb("f6ead4"))
    with pen.clip(inner):
        pen.fill(
            oval(x + wide * rng.uniform(0.3, 0.7), y + high * 0.42, 3.2),
            rng.choice(palette("e2a94f d9775a")),
        )
        for share in (0.62, 0.78):
            pen.fill(
                oval(
                    x + wide * rng.uniform(0.2, 0.8),
                    y + high * (share + 0.4),
                    wide * 0.75,
                    high * 0.42,
                ),
                pick(rng, CLOTHS),
            )


def lamp(pen: Pen, x: float, y: float, rng: random.Random) -> None:
    """Stand a lamp on the floor, lit."""
    shade = rng.choice(palette("f4d58d f2e3c6 e9a98c"))
    pen.fill(oval(x, y - 44, 17), rgb("fff0c4"), 0.3, soft=4)
    pen.fill(stroke([(x, y), (x, y - 40)], 1.1), rgb("8a6a58"))
    pen.fill(oval(x, y, 5, 1.2), rgb("8a6a58"))
    pen.fill(poly((x - 4, y - 50), (x + 4, y - 50), (x + 7.4, y - 38), (x - 7.4, y - 38)), shade)
    pen.fill(
        poly((x + 1.4, y - 50), (x + 4, y - 50), (x + 7.4, y - 38), (x + 2.6, y - 38)),
        darker(shade, 0.1),
    )


def pane(pen: Pen, x: float, y: float, size: Point, rng: random.Random) -> None:
    """Draw a window and what is outside."""
    wide, high = size
    glass = box(x, y, wide, high)
    top, bottom = rng.choice(
        (
            ("a9d3df", "e7f1e6"),
            ("f3b98f", "fbe3bd"),
            ("8fb7d0", "dfe9e6"),
            ("4c5a80", "8b84a4"),
            ("c9d6da", "eef0ea"),
        )
    )
    with pen.clip(glass):
        area = pen.at(0, y, 1)
        sky(area, rgb(top), rgb(bottom), high + 1)
        night = top == "4c5a80"
        if night:
            pen.fill(oval(x + wide * 0.7, y + high * 0.25, 4.5), rgb("f7ebc4"))
        else:
            cloud(pen, x + wide * rng.uniform(0.2, 0.8), y + high * 0.3, rng.uniform(0.5, 0.8))
        leaf = darker(rng.choice(LEAVES), 0.45 if night else 0.0)
        pen.fill(oval(x + wide * 0.2, y + high + 6, wide * 0.6, high * 0.36), lighter(leaf, 0.22))
        pen.fill(oval(x + wide * 0.85, y + high + 7, wide * 0.6, high * 0.34), leaf)
    frame = rng.choice(palette("fbf4e8 c9986f f0dcc0"))
    for bar in (
        box(x - 1.5, y - 1.5, wide + 3, 3),
        box(x - 1.5, y + high - 1.5, wide + 3, 3),
        box(x - 1.5, y, 3, high),
        box(x + wide - 1.5, y, 3, high),
        box(x + wide / 2 - 0.8, y, 1.6, high),
        box(x, y + high * 0.42, wide, 1.5),
    ):
        pen.fill(bar, frame)


def curtains(pen: Pen, x: float, y: float, size: Point, colour: Colour) -> None:
    """Hang a curtain on each side of a window."""
    wide, high = size
    pen.fill(stroke([(x - 6, y), (x + wide + 6, y)], 1.3), rgb("9a7358"))
    for start, sign in ((x - 5, 1), (x + wide + 5, -1)):
        for fold in range(3):
            left = start + sign * fold * 4
            pen.fill(
                blob(
                    [
                        (left, y),
                        (left + sign * 4.4, y),
                        (left + sign * (3.6 + fold * 0.4), y + high),
                        (left - sign * 0.6, y + high),
                    ],
                    (0, 1, 2, 3),
                ),
                darker(colour, 0.08 * (fold % 2)) if fold != 1 else lighter(colour, 0.12),
            )


def floor(pen: Pen, y: float, colour: Colour, wall: Colour) -> None:
    """Lay floorboards below a skirting board."""
    pen.fill(box(0, y, 100, 100 - y), colour)
    for n in range(-2, 15):
        pen.fill(
            stroke([(50 + (n - 6) * 9, y), (50 + (n - 6) * 19, 101)], 0.35), darker(colour, 0.14)
        )
    pen.fill(box(0, y - 3.4, 100, 3.6), lighter(wall, 0.55))
    pen.fill(box(0, y, 100, 1.2), darker(colour, 0.22))


def rug(pen: Pen, y: float, rng: random.Random, under: Colour) -> None:
    """Lay an oval rug with a border."""
    cloth = pick(rng, CLOTHS, under)
    for grow, tone in ((1.0, cloth), (0.88, lighter(cloth, 0.4)), (0.8, lighter(cloth, 0.12))):
        pen.fill(oval(50, y, 43 * grow, 10.5 * grow), tone)


def wallpaper(pen: Pen, wall: Colour, rng: random.Random, until: float = 100.0) -> None:
    """Paint a wall: plain, striped or dotted."""
    pen.fill(box(0, 0, 100, until), wall)
    kind, tone = rng.randrange(4), lighter(wall, 0.35)
    if kind == 1:
        for n in range(10):
            pen.fill(box(n * 10.6 - 2, 0, 4.6, until), tone)
    elif kind == 2:
        for row in range(int(until / 9) + 1):
            for n in range(12):
                pen.fill(oval(n * 9 + (4.5 if row % 2 else 0), row * 9 + 2, 1.2), tone)
