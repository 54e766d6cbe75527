"""What is in the sample besides four-legged animals: birds, fish and household things.

Like the animals, each stands on y = 0 and is about 50 units high.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from typing import TypeAlias

from pen import (
    CREAM,
    INK,
    Colour,
    Pen,
    Point,
    Shape,
    blob,
    both,
    box,
    crescent,
    darker,
    dots,
    lighter,
    mix,
    moved,
    oval,
    palette,
    rgb,
    shadow,
    spike,
    stroke,
    symmetric,
)
from props import CLOTHS, pot_plant

Thing: TypeAlias = Callable[[Pen, random.Random], None]

BEAK = rgb("eba63f")


def solid(pen: Pen, shape: Shape, colour: Colour) -> None:
    """Fill a shape with a shaded lower and a lit upper edge."""
    pen.fill(shape, colour)
    with pen.clip(shape):
        pen.fill(crescent(shape, -1.4, -1.9), darker(colour, 0.6), 0.2)
        pen.fill(crescent(shape, 1.0, 1.2), CREAM, 0.2)


def bead_eye(pen: Pen, x: float, y: float, size: float) -> None:
    """Draw a small dark eye with a glint."""
    pen.fill(oval(x, y, size), INK)
    pen.fill(oval(x - size * 0.3, y - size * 0.35, size * 0.32), CREAM)


def branch(pen: Pen, rng: random.Random) -> None:
    """Draw a branch to perch on, across the picture."""
    bark = rgb("8a6550")
    pen.fill(stroke(dots("-75,4 -30,2.2 10,1.6 75,-3"), [6, 4.6, 4]), bark)
    pen.fill(stroke(dots("-70,3 -20,1.2 20,0.6"), [1.0, 0.8, 0.3]), lighter(bark, 0.25))
    leaf = rng.choice(palette("7fa06a 6a9173 d98c46 8fae6f"))
    for x in (-34, -27, 27, 34, 41):
        side = rng.choice((-1, 1))
        pen.fill(
            spike((x, 1.4), (x + 6, 1.4 + side * 7), 4.2),
            mix(leaf, lighter(leaf, 0.3), rng.random()),
        )


def owl(pen: Pen, rng: random.Random) -> None:
    """Draw an owl with ear tufts, from the front."""
    base, light = rng.choice(
        (
            (rgb("a57f60"), rgb("efdcc0")),
            (rgb("8d857f"), rgb("ebe4da")),
            (rgb("b98a5c"), rgb("f6e6c8")),
            (rgb("f1e9dc"), rgb("fffaf2")),
        )
    )
    branch(pen, rng)
    pen.fill(blob(dots("-6,-8 6,-8 5,9 0,10.5 -5,9")), darker(base, 0.25))
    body = symmetric(dots("0,-45 11,-43.5 16,-34 16.6,-18 11.5,-4 0,-0.5"))
    tufts = blob(dots("4,-42 12.6,-50.5 15.4,-37"), (0, 1, 2))
    pen.fill(both(tufts), base)
    solid(pen, body, base)
    belly = symmetric(dots("0,-29 8,-26 10.4,-16 7,-5 0,-2.6"))
    pen.fill(belly, light)
    with pen.clip(belly):
        for row in range(6):
            for n in range(-3, 4):
                x, y = n * 4.2 + (2.1 if row % 2 else 0), -25 + row * 4.4
                pen.fill(
                    stroke([(x - 1.2, y), (x, y + 1.3), (x + 1.2, y)], 0.8), darker(base, 0.05)
                )
    wing = blob(dots("11.5,-29 17.6,-26 19,-14 14,-3.5 11.6,-14"), (3,))
    pen.fill(both(wing), darker(base, 0.22))
    for x in (-6.6, 6.6):
        pen.fill(oval(x, -33, 7.6), light)
        pen.fill(oval(x, -33, 4.8), rgb("efb448"))
        pen.fill(oval(x, -33, 3.0), INK)
        pen.fill(oval(x - 1.2, -34.3, 1.0), CREAM)
    pen.fill(blob(dots("-2.2,-30.5 0,-32 2.2,-30.5 0,-25.4"), (3,)), BEAK)
    for x in (-6.8, -4.4, 4.4, 6.8):
        pen.fill(oval(x, -0.2, 1.2, 2.0), BEAK)


def bird(pen: Pen, rng: random.Random) -> None:
    """Draw a songbird on a branch, in profile."""
    base, breast = rng.choice(
        (
            (rgb("9a7f6a"), rgb("e0835a")),
            (rgb("6fa3c4"), rgb("f6dcae")),
            (rgb("e7b84f"), rgb("fbeec3")),
            (rgb("c9604f"), rgb("f2cdb0")),
            (rgb("8aa873"), rgb("f2e6b8")),
        )
    )
    branch(pen, rng)
    pen.fill(blob(dots("-13,-14 -32,-5 -34,-1 -12,-7"), (1, 2)), darker(base, 0.25))
    for x in (-1.0, 4.4):
        pen.fill(stroke([(x, -5), (x + 0.6, 0.4)], 1.0), rgb("8a5f4c"))
    body = blob(dots("-16,-13 -9,-24 -1,-33 6,-40 15,-40 20,-33 19,-22 13,-9 2,-4 -9,-6"))
    solid(pen, body, base)
    with pen.clip(body):
        pen.fill(blob(dots("14,-32 24,-30 24,-4 0,0 2,-9 10,-18")), breast)
    wing = blob(dots("4,-27 7,-20 1,-11 -19,-8 -9,-20"), (3,))
    pen.fill(moved(wing, 0.5, 0.9), darker(base, 0.6), 0.3)
    pen.fill(wing, darker(base, 0.16))
    for k in range(3):
        pen.fill(
            stroke([(1 - k * 3.6, -19 + k * 1.7), (-9 - k * 2.6, -11 + k * 0.9)], 0.8),
            lighter(base, 0.3),
        )
    pen.fill(blob(dots("19,-34.6 26.5,-31.6 19,-29.6"), (0, 1, 2)), BEAK)
    bead_eye(pen, 13.6, -34.2, 1.9)


def penguin(pen: Pen, rng: random.Random) -> None:
    """Draw a penguin, from the front."""
    base = rng.choice(palette("4c4a5c 5a6478"))
    shadow(pen, 0, 15)
    for x in (-6, 6):
        pen.fill(oval(x, -1.0, 5.6, 2.2), BEAK)
    turn = rng.uniform(6, 34)
    for side in (-1, 1):
        arm = pen.at(side * 13, -31, turn=-side * turn)
        arm.fill(blob(dots("-2.8,-2 2.8,-2 3.4,12 0,21 -3.4,12"), (3,)), darker(base, 0.2))
    body = symmetric(dots("0,-52 9,-50 13,-42 15.4,-28 15.6,-12 10.4,-1.6 0,-0.6"))
    solid(pen, body, base)
    with pen.clip(body):
        pen.fill(symmetric(dots("0,-31 7,-30 11,-20 10.4,-8 6,-2 0,-1")), rgb("fbf4e8"))
        pen.fill(both(oval(4.6, -39, 5.4, 7.0, -8)) + oval(0, -33, 7.6, 5), rgb("fbf4e8"))
    for x in (-4.6, 4.6):
        bead_eye(pen, x, -40.6, 1.5)
        pen.fill(oval(x * 1.55, -36.6, 1.9, 1.2), rgb("efa79b"), 0.7)
    pen.fill(blob(dots("-2.8,-38 0,-39.2 2.8,-38 0,-34.4"), (0, 2, 3)), BEAK)
    if rng.random() < 0.6:
        scarf = rng.choice(CLOTHS)
        pen.fill(stroke(dots("-11.5,-31.6 0,-28.4 11.5,-31.6"), 4.6), scarf)
        pen.fill(stroke([(6.4, -29), (8.2, -19)], 4.2), darker(scarf, 0.1))


def duck(pen: Pen, rng: random.Random) -> None:
    """Draw a duck, in profile."""
    base = rng.choice(palette("f7efe1 f3cf68 c9a27c"))
    shadow(pen, 0, 20)
    for x in (-3, 6):
        pen.fill(
            stroke([(x, -7), (x, -1)], 1.4)
            + blob([(x - 1, -1.6), (x + 5, -0.2), (x - 1.4, 0.6)], (1,)),
            BEAK,
        )
    body = blob(
        dots(
            "-25,-24 -15,-20 -2,-20.5 5,-25 6,-32 8,-40 15.5,-43.5 22.5,-40 24,-33 20.5,-26 "
            "20,-17 13,-8 -4,-5 -18,-10"
        ),
        (0,),
    )
    solid(pen, body, base)
    wing = blob(dots("4,-20 -2,-12 -12,-11 -20,-17.5 -8,-21"), (3,))
    pen.fill(moved(wing, 0.4, 0.9), darker(base, 0.5), 0.3)
    pen.fill(wing, darker(base, 0.1))
    pen.fill(blob(dots("22.4,-37.6 28,-35.6 32.4,-34.6 31,-31.4 23,-31"), (0,)), BEAK)
    bead_eye(pen, 17.4, -37, 1.7)


def hedgehog(pen: Pen, rng: random.Random) -> None:
    """Draw a hedgehog, in profile."""
    spines, face = rgb("80634f"), rgb("ecd0a8")
    shadow(pen, 0, 24)
    for x in (-10, -3, 8, 13):
        pen.fill(oval(x, -1.4, 3.0, 1.8), darker(face, 0.3))
    body = blob(dots("-22,-6 -20,-16 -10,-25 2,-25 12,-18 15,-8 10,-1.6 -14,-1.6"))
    for ring, (size, tone) in enumerate(
        ((1.0, darker(spines, 0.2)), (0.8, spines), (0.58, lighter(spines, 0.16)))
    ):
        count = 19 - ring * 4
        for n in range(count):
            angle = math.pi * (1.02 + 0.93 * n / (count - 1)) + rng.uniform(-0.04, 0.04)
            tip: Point = (-3 + 25 * size * math.cos(angle), -4 + 26 * size * math.sin(angle))
            root: Point = (-3 + 11 * size * math.cos(angle), -4 + 11 * size * math.sin(angle))
            pen.fill(spike(root, tip, 6.4 * size + 1), tone)
        if ring == 0:
            with pen.clip(body):
                pen.fill(body, darker(spines, 0.1))
    pen.fill(blob(dots("-17,-8 0,-11 14,-8 12,-1 -10,-0.8")), face)
    snout = blob(dots("6,-16 14,-16.5 20,-11 28,-7.4 28,-4.6 18,-2.2 8,-2.4 4,-9"))
    solid(pen, snout, face)
    pen.fill(oval(28, -6.6, 2.2), INK)
    pen.fill(oval(9.4, -15.6, 3.2), darker(face, 0.12))
    bead_eye(pen, 17, -10.6, 1.5)
    pen.fill(oval(15.6, -6.2, 2.4, 1.6), rgb("e8a39b"), 0.6)


def fish_body(pen: Pen, rng: random.Random, size: float) -> None:
    """Draw a goldfish around the origin."""
    base = rng.choice(palette("ec8a4a e9a94e d9694f 6fa9b8"))
    fish = pen.at(0, 0, size, flip=rng.random() < 0.5)
    fish.fill(blob(dots("-8,0 -19,-8 -17,0 -19,8"), (0, 1, 3)), lighter(base, 0.22))
    fish.fill(blob(dots("-4,-6 -2,-12 6,-8.4"), (1,)), lighter(base, 0.22))
    body = blob(dots("-10,0 -4,-6.6 4,-8 11,-4 13,0.6 10,5 3,7.6 -5,6"))
    solid(fish, body, base)
    with fish.clip(body):
        for x in (-4, 0.5):
            fish.fill(stroke([(x, -8), (x + 1.4, 0), (x, 8)], 1.5), lighter(base, 0.35))
    fish.fill(blob(dots("2,2 -3,6.6 4,5.4"), (1,)), darker(base, 0.14))
    fish.fill(oval(8, -1.4, 2.1), CREAM)
    fish.fill(oval(8.4, -1.3, 1.25), INK)
    fish.fill(oval(8.0, -1.8, 0.4), CREAM)


def fish(pen: Pen, rng: random.Random) -> None:
    """Draw a goldfish in a round bowl."""
    shadow(pen, 0, 18)
    glass = symmetric(dots("0,-44 10,-43 15,-38 22,-24 19,-9 12,-1 0,0"))
    water = rng.choice(palette("aed6d8 b8d8e4 bfdccb"))
    pen.fill(glass, lighter(water, 0.45), 0.75)
    with pen.clip(glass):
        pen.fill(box(-30, -35, 60, 40), water)
        pen.fill(oval(0, -35, 18, 2.2), lighter(water, 0.4))
        pen.fill(oval(0, 3, 22, 9), rgb("e3c79b"))
        for x, lean in ((-11, 3), (-8, -2), (12, -3)):
            pen.fill(
                stroke([(x, -4), (x + lean, -13), (x - lean * 0.4, -21)], [1.8, 1.3, 0.5]),
                rgb("7fa06a"),
            )
        fish_body(pen.at(rng.uniform(-2, 3), -20), rng, 0.86)
        for y in (-27, -31):
            pen.fill(oval(13 + rng.uniform(-2, 1), y, 0.9), CREAM, 0.8)
        pen.fill(crescent(glass, -2.4, 0), rgb("5f8f95"), 0.16)
    pen.fill(blob(dots("-15,-30 -17.6,-22 -15.6,-14 -14.4,-22"), (0, 2)), CREAM, 0.75)
    pen.fill(stroke(dots("-11,-43.4 0,-42.6 11,-43.4"), 1.5), lighter(water, 0.65))


def teapot(pen: Pen, rng: random.Random) -> None:
    """Draw a teapot."""
    base = rng.choice(palette("cf7358 e2b159 6f9a97 f3e8d5 8aa5bd d99c92"))
    shadow(pen, 0, 22)
    pen.fill(stroke(dots("-16,-28 -27,-28 -28,-16 -16,-9"), 3.4), darker(base, 0.12))
    spout = blob(dots("12,-10 21,-14 25,-26 32,-31 30,-33 22,-30 17,-22 10,-22"), (4, 5))
    pen.fill(spout, darker(base, 0.08))
    body = symmetric(dots("0,-37 11,-35 18.6,-25 18,-11 10.5,-0.8 0,-0.2"))
    solid(pen, body, base)
    trim = lighter(base, 0.55) if sum(base) < 640 else rgb("cf7358")
    with pen.clip(body):
        if rng.random() < 0.5:
            for x in (-13, -4.5, 4.5, 13):
                pen.fill(oval(x, -18 + abs(x) * 0.1, 2.4), trim)
        else:
            pen.fill(stroke(dots("-22,-20 0,-16.6 22,-20"), 2.6), trim)
            pen.fill(stroke(dots("-22,-14.6 0,-11.4 22,-14.6"), 1.2), trim)
    pen.fill(symmetric(dots("0,-41.5 6.6,-40 11,-35.4 0,-33.4")), darker(base, 0.14))
    pen.fill(oval(0, -43.2, 2.8), trim)
    for x in (31, 35):
        steam = rng.uniform(-2, 2)
        pen.fill(
            stroke([(x, -36), (x + 2, -41), (x - 1 + steam, -46), (x + 2, -52)], [0.8, 1.5, 0.4]),
            CREAM,
            0.6,
        )


def mug(pen: Pen, rng: random.Random) -> None:
    """Draw a steaming mug on a saucer."""
    base = rng.choice(palette("7f9b83 cf7358 f3e8d5 6f7fa0 e2b159"))
    shadow(pen, 0, 22)
    solid(pen, oval(0, -1.6, 22, 2.6), lighter(base, 0.35))
    pen.fill(stroke(dots("13,-25 23,-24 22,-11 12,-9"), 3.4), darker(base, 0.12))
    body = blob(dots("-15.5,-32 15.5,-32 13.6,-8 8,-2 -8,-2 -13.6,-8"), (0, 1))
    solid(pen, body, base)
    trim = lighter(base, 0.55) if sum(base) < 640 else rgb("d99c92")
    heart = blob(
        dots("0,-10 -5.4,-16 -5,-20.6 -1.8,-21.4 0,-18.8 1.8,-21.4 5,-20.6 5.4,-16"), (0, 4)
    )
    pen.fill(heart, trim)
    pen.fill(oval(0, -32, 15.5, 3.2), darker(base, 0.2))
    pen.fill(oval(0, -31.6, 13.4, 2.3), rgb("8a5a44"))
    for x in (-5, 2, 8):
        lean = rng.uniform(-2, 2)
        pen.fill(
            stroke([(x, -36), (x + 2.4, -41), (x - 1 + lean, -46), (x + 2, -52)], [0.9, 1.8, 0.5]),
            CREAM,
            0.65,
        )


def plant(pen: Pen, rng: random.Random) -> None:
    """Draw a large plant in a pot."""
    shadow(pen, 0, 13)
    pot_plant(pen, 0, 0, 1.42, rng)


def cactus(pen: Pen, rng: random.Random) -> None:
    """Draw a cactus in a pot."""
    base, pot = (rng.choice(palette("7fa06a 6a9b80")), rng.choice(palette("cf7a5a e2b159 7d97a0")))
    shadow(pen, 0, 13)
    pen.fill(
        stroke(dots("0,-26 13,-26 14,-38"), 6.4) + stroke(dots("0,-20 -13,-21 -13.6,-31"), 5.8),
        darker(base, 0.1),
    )
    body = box(-6.6, -50, 13.2, 42, 6.6)
    solid(pen, body, base)
    for x in (-3.2, 0.4, 4):
        for row in range(7):
            pen.fill(
                stroke([(x - 0.6, -45 + row * 4.6), (x + 0.6, -44.2 + row * 4.6)], 0.45), CREAM
            )
    for angle in range(0, 360, 72):
        pen.fill(
            oval(
                2.0 * math.cos(math.radians(angle)),
                -50.6 + 2.0 * math.sin(math.radians(angle)),
                1.8,
            ),
            rgb("e79a9a"),
        )
    pen.fill(oval(0, -50.6, 1.3), rgb("f1c85b"))
    solid(pen, blob(dots("-11,-15 11,-15 8.6,0 -8.6,0"), (0, 1, 2, 3)), pot)
    pen.fill(box(-12.2, -17.4, 24.4, 5, 1.4), lighter(pot, 0.2))


def car(pen: Pen, rng: random.Random) -> None:
    """Draw a small rounded car, from the side."""
    base = rng.choice(palette("cf5f4c 6f9ab0 e2b159 8fae8f e9c9a8"))
    shadow(pen, 0, 34)
    cabin = blob(dots("-21,-21 -15,-34 -6,-37 7,-36.5 15,-32 23,-20"), (0, 5))
    solid(pen, cabin, base)
    glass = rgb("c9e2e4")
    pen.fill(blob(dots("-17,-21 -12.5,-31 -5.6,-33.4 -2,-33.4 -2,-21"), (0, 3, 4)), glass)
    pen.fill(blob(dots("1,-21 1,-33.4 7,-32.8 12.6,-29 18.6,-21"), (0, 1, 4)), glass)
    pen.fill(blob(dots("4,-21 9,-32 11,-30.6 7.4,-21"), (0, 1, 2, 3)), CREAM, 0.5)
    body = blob(
        dots("-33,-9 -33,-18 -28,-22 -16,-22.6 18,-22 31,-17.5 34.5,-11 33.5,-6 -31,-6"), (7, 8)
    )
    solid(pen, body, base)
    pen.fill(box(-32, -11.6, 65.5, 1.4), lighter(base, 0.45))
    pen.fill(box(-0.9, -21, 0.8, 14), darker(base, 0.2))
    pen.fill(box(2.4, -18.4, 4.4, 1.2, 0.6), lighter(base, 0.55))
    pen.fill(oval(31.4, -14, 2.4, 2.8), rgb("fbe6a4"))
    pen.fill(box(-33.6, -16.6, 2.8, 4.4, 1), rgb("b3473f"))
    for x in (-19, 19):
        pen.fill(oval(x, -6, 8.2), darker(base, 0.5))
        pen.fill(oval(x, -6, 6.8), rgb("57484e"))
        pen.fill(oval(x, -6, 3.6), rgb("efe3d0"))
        pen.fill(oval(x, -6, 1.4), rgb("a8998f"))


def clock(pen: Pen, rng: random.Random) -> None:
    """Draw an alarm clock."""
    base = rng.choice(palette("cf7358 6f9a97 e2b159 8a7fa0"))
    shadow(pen, 0, 17)
    for side in (-1, 1):
        pen.fill(stroke([(side * 10, -6), (side * 13.6, 0)], 3.0), darker(base, 0.3))
        bell = pen.at(side * 10.4, -40, turn=side * 32)
        bell.fill(blob(dots("-6.4,0 -4.6,-5 0,-7 4.6,-5 6.4,0"), (0, 4)), darker(base, 0.16))
    pen.fill(stroke([(0, -40), (0, -47)], 1.8) + oval(0, -48, 2.2), darker(base, 0.3))
    solid(pen, oval(0, -22, 19.4), base)
    pen.fill(oval(0, -22, 15.4), rgb("fbf4e8"))
    for n in range(12):
        angle = math.radians(30 * n)
        pen.fill(
            oval(12.6 * math.sin(angle), -22 - 12.6 * math.cos(angle), 1.0 if n % 3 == 0 else 0.6),
            INK,
        )
    for length, wide, angle in ((7.6, 1.7, rng.uniform(0, 360)), (11, 1.2, rng.uniform(0, 360))):
        end = (length * math.sin(math.radians(angle)), -22 - length * math.cos(math.radians(angle)))
        pen.fill(stroke([(0, -22), end], wide), INK)
    pen.fill(oval(0, -22, 1.5), base)


BIRDS: Mapping[str, Thing] = {"owl": owl, "bird": bird}
GROUND: Mapping[str, Thing] = {"duck": duck, "hedgehog": hedgehog}
TABLE: Mapping[str, Thing] = {
    "fish": fish,
    "teapot": teapot,
    "mug": mug,
    "plant": plant,
    "cactus": cactus,
    "clock": clock,
}
