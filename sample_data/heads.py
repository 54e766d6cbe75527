"""Heads of animals, seen from the front; one unit is half a head's width."""

from __future__ import annotations

import random
from dataclasses import dataclass

from pen import (
    CREAM,
    INK,
    Colour,
    Pen,
    Point,
    Shape,
    blob,
    both,
    crescent,
    darker,
    dots,
    lighter,
    mirrored,
    mix,
    moved,
    oval,
    rgb,
    spike,
    stroke,
    symmetric,
)

PINK = rgb("e8a39b")
TONGUE = rgb("e5837f")


@dataclass(frozen=True)
class Coat:
    """The colours of an animal, and how they are laid out."""

    base: Colour
    light: Colour  # muzzle, belly, socks
    mark: Colour  # stripes, spots, points
    pattern: str = "plain"
    eye: Colour = INK
    extra: Colour | None = None  # a second colour of patches
    inner: Colour = PINK  # of the ears


@dataclass(frozen=True)
class Face:
    """How a head looks at us."""

    look: Point = (0.0, 0.0)  # how far the face turns to the side and down
    eyes: str = "round"
    mouth: str = "plain"
    ears: str = "up"
    fluff: bool = False


def eye_pair(
    pen: Pen, gap: float, y: float, size: float, style: str, *, iris: Colour, lid: Colour
) -> None:
    """Draw two eyes: round, slit, half (sleepy), closed or dots."""
    for side in (-1, 1):
        eye = pen.at(side * gap, y, size)
        if style == "closed":
            line = lighter(lid, 0.4) if sum(lid) < 330 else INK  # to be seen on black cats
            eye.fill(stroke(dots("-0.95,-0.1 -0.5,0.4 0.5,0.4 0.95,-0.1"), 0.34), line)
            continue
        if style == "dots":
            eye.fill(oval(0, 0, 0.8, 0.92), INK)
            eye.fill(oval(-0.25, -0.35, 0.26), CREAM)
            continue
        eye.fill(oval(0, 0, 1.12, 1.1), INK)
        white = oval(0, 0.04, 0.94, 0.92)
        eye.fill(white, iris)
        with eye.clip(white):
            eye.fill(oval(0, -0.75, 1.2, 0.75), darker(iris, 0.35))
            eye.fill(
                oval(0, 0.02, 0.26 if style == "slit" else 0.56, 0.86 if style == "slit" else 0.66),
                INK,
            )
        eye.fill(oval(-0.32, -0.36, 0.24), CREAM)
        eye.fill(oval(0.3, 0.4, 0.12), CREAM)
        if style == "half":
            eye.fill(blob(dots("-1.3,0 -1.1,-1.25 0,-1.5 1.1,-1.25 1.3,0 0,-0.12"), (0, 4)), lid)
            eye.fill(stroke(dots("-1.15,0.02 0,-0.1 1.15,0.02"), 0.22), INK)


def small_mouth(pen: Pen, y: float, size: float, colour: Colour = INK) -> None:
    """Draw the w-shaped mouth of cats, below a nose at y."""
    mouth = pen.at(0, y, size)
    mouth.fill(stroke([(0, 0), (0, 0.5)], 0.16), colour)
    mouth.fill(both(stroke(dots("0,0.5 0.3,0.92 0.72,0.9 0.95,0.6"), 0.16)), colour)


def whiskers(pen: Pen, y: float, reach: float, colour: Colour, rng: random.Random) -> None:
    """Draw three whiskers on each side."""
    lift = rng.uniform(-0.06, 0.06)
    for side in (-1, 1):
        for n, slope in enumerate((-0.16, 0.0, 0.17)):
            start = (side * 0.42, y + (n - 1) * 0.08)
            middle = (side * (0.42 + reach) * 0.62, y + (n - 1) * 0.1 + slope * 0.4 + lift)
            end = (side * (0.3 + reach), y + slope * 1.7 + 0.05 + lift)
            pen.fill(stroke([start, middle, end], [0.035, 0.03, 0.012]), colour)


def shaded_head(pen: Pen, outline: Shape, coat: Coat) -> None:
    """Give a head a lower shade and an upper light; call it inside a clip of the outline."""
    pen.fill(crescent(outline, -0.05, -0.13), darker(coat.base, 0.7), 0.16)
    pen.fill(crescent(outline, 0.03, 0.1), CREAM, 0.16)


def triangle_nose(pen: Pen, y: float, size: float, colour: Colour) -> None:
    """Draw the small nose of cats."""
    nose = pen.at(0, y, size)
    nose.fill(blob(dots("-1,-0.55 0,-0.72 1,-0.55 0.55,0.25 0,0.62 -0.55,0.25")), colour)
    nose.fill(oval(-0.3, -0.38, 0.3, 0.14), lighter(colour, 0.5))


def cat_head(pen: Pen, coat: Coat, face: Face, rng: random.Random) -> None:
    """Draw a cat: pointed ears, slit or round eyes, a small nose, whiskers."""
    points = coat.pattern == "points"
    ear_colour = coat.mark if points else coat.base
    flat = 0.28 if face.ears == "flat" else 0.0
    ear = blob(
        [(0.16, -0.66), (0.46, -1.08), (0.80 + flat, -1.42 + flat), (0.99, -0.86), (0.97, -0.05)],
        (0, 2, 4),
    )
    inner = blob(
        [(0.40, -0.62), (0.58, -0.98), (0.80 + flat, -1.2 + flat), (0.88, -0.8), (0.82, -0.3)],
        (0, 2, 4),
    )
    left_ear = coat.extra if coat.pattern == "patches" and coat.extra else ear_colour
    pen.fill(mirrored(ear), left_ear)
    right_ear = coat.mark if coat.pattern == "patches" else ear_colour
    pen.fill(ear, right_ear)
    pen.fill(both(inner), mix(coat.inner, ear_colour, 0.12))
    fluff = spike((0.42, -0.5), (0.62, -1.02), 0.16) + spike((0.55, -0.45), (0.74, -0.92), 0.16)
    pen.fill(both(fluff), lighter(coat.base, 0.45))
    half: list[Point] = dots("0,-0.78 0.46,-0.74 0.85,-0.42 1.02,0.1 0.9,0.5 0.52,0.8 0,0.88")
    outline = symmetric(half)
    if face.fluff:
        tufts = spike((0.7, 0.1), (1.22, 0.34), 0.4, 0.1) + spike(
            (0.6, 0.3), (1.12, 0.62), 0.4, 0.1
        )
        pen.fill(both(tufts), coat.base)
    pen.fill(outline, coat.base)
    dx, dy = face.look
    with pen.clip(outline):
        cat_markings(pen.at(dx * 0.7, dy * 0.7), coat)
        shaded_head(pen, outline, coat)
    front = pen.at(dx, dy)
    muzzle = oval(0.2, 0.43, 0.29, 0.23) + oval(0, 0.6, 0.24, 0.17)
    if not points:
        front.fill(both(muzzle), coat.light)
    eye_pair(front, 0.45, -0.03, 0.235, face.eyes, iris=coat.eye, lid=darker(coat.base, 0.1))
    dark = sum(coat.mark if points else coat.light) < 330
    front.fill(both(oval(0.68, 0.36, 0.17, 0.1)), PINK, 0.0 if dark else 0.35)
    triangle_nose(front, 0.3, 0.125, rgb("8a5a5c") if dark or points else rgb("d97f7c"))
    small_mouth(front, 0.37, 0.24, darker(coat.light, 0.6) if dark else INK)
    if face.mouth == "meow":
        front.fill(oval(0, 0.66, 0.13, 0.15), rgb("8a4a4c"))
        front.fill(oval(0, 0.72, 0.09, 0.08), TONGUE)
    bright = sum(coat.base) > 480
    whiskers(front, 0.42, 1.0, mix(INK, coat.base, 0.15) if bright else CREAM, rng)


def cat_markings(pen: Pen, coat: Coat) -> None:
    """Draw what a cat's coat does on its face."""
    if coat.pattern == "tabby":
        lines = spike((0.13, -0.95), (0.1, -0.36), 0.13) + spike(
            (0.38, -0.9), (0.3, -0.4), 0.13, 0.1
        )
        lines += spike((1.1, 0.12), (0.62, 0.2), 0.12) + spike((1.05, 0.36), (0.66, 0.4), 0.12)
        pen.fill(both(lines), coat.mark)
    elif coat.pattern in {"tuxedo", "bicolour"}:
        blaze = blob(dots("0,-0.62 0.1,-0.2 0.3,0.12 0.72,0.4 0.6,1.1 0,1.2"), (0,))
        pen.fill(both(blaze), coat.light)
    elif coat.pattern == "patches":
        pen.fill(blob(dots("0.05,-0.9 0.1,-0.3 0.5,0.22 1.1,0.1 1.1,-0.9")), coat.mark)
        if coat.extra:
            pen.fill(blob(dots("-0.2,-1.0 -0.24,-0.4 -0.62,0.1 -1.2,0.0 -1.1,-0.9")), coat.extra)
    elif coat.pattern == "points":
        pen.fill(
            blob(dots("0,-0.35 0.42,-0.2 0.6,0.2 0.5,0.7 0,0.95 -0.5,0.7 -0.6,0.2 -0.42,-0.2")),
            mix(coat.mark, coat.base, 0.35),
        )
        pen.fill(
            blob(dots("0,-0.1 0.3,0.1 0.42,0.45 0.3,0.75 0,0.9 -0.3,0.75 -0.42,0.45 -0.3,0.1")),
            coat.mark,
        )


def dog_head(pen: Pen, coat: Coat, face: Face, rng: random.Random) -> None:
    """Draw a dog: a long muzzle, a big nose, mostly floppy ears and a tongue."""
    dx, dy = face.look
    ear_colour = (
        coat.mark
        if coat.pattern in {"saddle", "mask", "dalmatian", "patches"}
        else darker(coat.base, 0.2)
    )
    half: list[Point] = dots("0,-0.88 0.48,-0.84 0.82,-0.46 0.88,0.0 0.76,0.42 0.52,0.82 0,1.0")
    outline = symmetric(half)
    if face.ears == "up":
        ear = blob(dots("0.2,-0.72 0.42,-1.2 0.66,-1.5 0.9,-1.2 0.9,-0.3"))
        pen.fill(both(ear), ear_colour)
        pen.fill(
            both(blob(dots("0.42,-0.75 0.52,-1.1 0.66,-1.28 0.76,-1.1 0.76,-0.5"))),
            mix(coat.inner, ear_colour, 0.3),
        )
    pen.fill(outline, coat.base)
    with pen.clip(outline):
        dog_markings(pen.at(dx * 0.7, dy * 0.7), coat)
        shaded_head(pen, outline, coat)
    if face.ears == "floppy":
        swing = rng.uniform(-0.06, 0.1)
        ear = blob(
            [
                (0.46, -0.86),
                (0.86, -0.88),
                (1.12, -0.4),
                (1.24 + swing, 0.22),
                (1.06 + swing, 0.52),
                (0.84, 0.3),
                (0.78, -0.2),
            ]
        )
        with pen.clip(outline):
            pen.fill(both(moved(ear, -0.05, 0.06)), darker(coat.base, 0.35), 0.5)
        pen.fill(both(ear), ear_colour)
    elif face.ears == "folded":
        ear = blob(dots("0.3,-0.84 0.62,-1.12 0.98,-0.94 1.14,-0.38 1.0,-0.16 0.76,-0.5"), (4,))
        with pen.clip(outline):
            pen.fill(both(moved(ear, -0.03, 0.06)), darker(coat.base, 0.35), 0.5)
        pen.fill(both(ear), ear_colour)
    front = pen.at(dx, dy)
    eye_pair(
        front,
        0.4,
        -0.14,
        0.17,
        "closed" if face.eyes == "closed" else "dots",
        iris=INK,
        lid=coat.base,
    )
    snout = pen.at(dx * 1.5, dy * 1.5)
    dark = coat.pattern == "mask"
    muzzle = symmetric(dots("0,0.08 0.3,0.14 0.52,0.46 0.44,0.8 0,0.9"))
    if face.mouth != "plain":
        snout.fill(
            blob(dots("-0.34,0.72 0,0.66 0.34,0.72 0.22,1.04 0,1.12 -0.22,1.04")), rgb("7c3f45")
        )
        snout.fill(blob(dots("-0.2,0.8 0,0.76 0.2,0.8 0.21,1.16 0,1.3 -0.21,1.16")), TONGUE)
        snout.fill(stroke([(0, 0.84), (0, 1.12)], 0.035), darker(TONGUE, 0.25))
    snout.fill(moved(muzzle, 0, 0.05), darker(coat.base, 0.35), 0.35)
    snout.fill(muzzle, coat.mark if dark else coat.light)
    snout.fill(oval(0, 0.27, 0.26, 0.19), mix(INK, (30, 20, 24), 0.4))
    snout.fill(oval(-0.07, 0.2, 0.11, 0.05), lighter(INK, 0.55))
    line = lighter(coat.mark, 0.35) if dark else INK
    snout.fill(stroke([(0, 0.42), (0, 0.62)], 0.045), line)
    snout.fill(both(stroke(dots("0,0.62 0.14,0.72 0.32,0.66"), 0.045)), line)


def dog_markings(pen: Pen, coat: Coat) -> None:
    """Draw what a dog's coat does on its face."""
    if coat.pattern in {"saddle", "blaze"}:
        blaze = blob(dots("0,-1.0 0.12,-0.5 0.2,-0.1 0.5,0.3 0.5,1.1 0,1.2"))
        pen.fill(both(blaze), coat.light)
    if coat.pattern == "husky":
        cheek = blob(dots("0,-0.5 0.2,-0.42 0.5,-0.46 0.66,-0.1 1.0,0.1 0.8,1.0 0,1.2"))
        pen.fill(both(cheek), coat.light)
        pen.fill(spike((0, -0.9), (0, 0.2), 0.2), coat.base)
    if coat.pattern == "patches":
        pen.fill(blob(dots("0.1,-1.0 0.12,-0.3 0.4,0.22 1.1,0.2 1.0,-0.9")), coat.mark)
    if coat.pattern == "dalmatian":
        for x, y, r in (
            (-0.5, -0.55, 0.13),
            (0.2, -0.66, 0.1),
            (0.6, -0.4, 0.12),
            (-0.12, -0.4, 0.07),
            (0.68, 0.1, 0.08),
            (-0.7, 0.14, 0.1),
        ):
            pen.fill(oval(x, y, r, r * 0.85, 20), coat.mark)


def round_ears(pen: Pen, coat: Coat, colour: Colour, size: float = 0.34) -> None:
    """Draw the round ears of great cats and bears."""
    pen.fill(both(oval(0.72, -0.68, size)), colour)
    pen.fill(both(oval(0.72, -0.64, size * 0.58)), coat.inner)


def mane(pen: Pen, colour: Colour, rng: random.Random) -> None:
    """Draw a lion's mane: three wreaths of locks, the inner ones lighter."""
    for reach, width, shade, count in (
        (1.86, 0.78, 0.3, 15),
        (1.6, 0.74, 0.1, 14),
        (1.34, 0.66, -0.22, 13),
    ):
        tone = darker(colour, shade) if shade > 0 else lighter(colour, -shade)
        ring = pen.at(0, 0.06, turn=rng.uniform(0, 20))
        ring.fill(oval(0, 0, reach * 0.78), tone)
        for n in range(count):
            lock = ring.at(0, 0, turn=360 * n / count + rng.uniform(-4, 4))
            tip = reach * rng.uniform(0.94, 1.05)
            lock.fill(
                blob(
                    [
                        (0.3, -width / 2),
                        (reach * 0.8, -width * 0.32),
                        (tip, 0.06),
                        (reach * 0.78, width * 0.3),
                        (0.3, width / 2),
                    ],
                    (2,),
                ),
                tone,
            )


def great_head(pen: Pen, coat: Coat, face: Face, rng: random.Random) -> None:
    """Draw a lion, tiger, leopard or cheetah: round ears, a broad nose, a strong muzzle."""
    dx, dy = face.look
    if coat.pattern == "lion":
        mane(pen, coat.mark, rng)
    if coat.pattern != "lion":
        pen.fill(both(oval(0.76, -0.73, 0.37)), coat.mark)
    round_ears(pen, coat, darker(coat.base, 0.1))
    if coat.pattern == "tiger":
        ruff = spike((0.6, 0.0), (1.26, 0.3), 0.5, 0.1) + spike((0.55, 0.2), (1.18, 0.62), 0.5, 0.1)
        pen.fill(both(ruff + spike((0.4, 0.4), (0.9, 0.9), 0.5, 0.1)), coat.light)
    outline = symmetric(dots("0,-0.86 0.5,-0.8 0.88,-0.42 1.0,0.08 0.86,0.52 0.52,0.86 0,1.0"))
    pen.fill(outline, coat.base)
    with pen.clip(outline):
        great_markings(pen.at(dx * 0.7, dy * 0.7), coat, rng)
        shaded_head(pen, outline, coat)
    front = pen.at(dx, dy)
    bridge = symmetric(dots("0,-0.42 0.16,-0.36 0.2,0.0 0.3,0.3 0,0.4"))
    front.fill(bridge, lighter(coat.base, 0.2))
    muzzle = oval(0.25, 0.5, 0.33, 0.26) + oval(0, 0.76, 0.26, 0.2)
    front.fill(both(moved(muzzle, 0, 0.04)), darker(coat.base, 0.3), 0.3)
    front.fill(both(muzzle), coat.light)
    if coat.pattern == "cheetah":
        tear = stroke(dots("0.3,-0.04 0.27,0.16 0.44,0.42 0.52,0.68"), [0.13, 0.11, 0.09])
        front.fill(both(tear), coat.mark)
    for side in (-1, 1):
        front.fill(spike((side * 0.2, -0.08), (side * 0.68, -0.26), 0.16, 0.12 * side), INK)
    eye_pair(
        front,
        0.42,
        -0.15,
        0.15,
        "closed" if face.eyes == "closed" else "half" if face.eyes == "half" else "round",
        iris=coat.eye,
        lid=darker(coat.base, 0.06),
    )
    triangle_nose(front, 0.3, 0.24, rgb("c0706a") if coat.pattern != "lion" else rgb("8b5149"))
    small_mouth(front, 0.42, 0.32)
    for x, y in ((0.22, 0.5), (0.34, 0.46), (0.3, 0.58)):
        front.fill(both(oval(x, y, 0.028)), darker(coat.light, 0.55))
    whiskers(front, 0.52, 0.85, CREAM if coat.pattern == "lion" else mix(INK, coat.base, 0.1), rng)


def great_markings(pen: Pen, coat: Coat, rng: random.Random) -> None:
    """Draw the face of a tiger, leopard or cheetah."""
    if coat.pattern == "tiger":
        pen.fill(both(oval(0.42, -0.3, 0.24, 0.2) + oval(0.75, 0.42, 0.36, 0.34)), coat.light)
        lines = spike((0.0, -1.0), (0.0, -0.46), 0.16) + spike(
            (0.5, -0.62), (0.0, -0.5), 0.11, -0.15
        )
        lines += spike((0.46, -0.86), (0.02, -0.72), 0.12, -0.15)
        lines += spike((1.1, -0.24), (0.66, -0.12), 0.15, 0.1) + spike(
            (1.1, 0.06), (0.64, 0.1), 0.16
        )
        lines += spike((1.1, 0.36), (0.66, 0.3), 0.14) + spike((0.86, 0.68), (0.58, 0.5), 0.12)
        pen.fill(both(lines), coat.mark)
        return
    if coat.pattern == "lion":
        return
    for row, y in enumerate((-0.74, -0.56, -0.38, -0.2)):
        for x in (0.1, 0.32, 0.54, 0.76):
            px = x + (0.1 if row % 2 else 0.0)
            if px > 0.2 + (0.1 if y > -0.4 else 0) or y < -0.4:
                size = rng.uniform(0.045, 0.07)
                pen.fill(both(oval(px, y, size, size * 0.8)), coat.mark)
    for x, y in ((0.78, 0.12), (0.92, 0.2), (0.7, 0.28), (0.86, 0.4), (0.7, 0.56)):
        pen.fill(both(oval(x, y, 0.06, 0.05)), coat.mark)


def fox_head(pen: Pen, coat: Coat, face: Face, rng: random.Random) -> None:
    """Draw a fox: dark-tipped ears, white pointed cheeks, a narrow snout, the nose at its tip."""
    dx, dy = face.look
    lean = rng.uniform(-0.03, 0.05)
    ear = blob(
        [(0.14, -0.6), (0.5, -1.2), (0.82 + lean, -1.56), (1.0, -0.9), (0.94, -0.12)], (0, 2, 4)
    )
    pen.fill(both(ear), coat.base)
    with pen.clip(both(ear)):
        pen.fill(both(oval(0.84 + lean, -1.5, 0.34, 0.4)), coat.mark)
    pen.fill(
        both(
            blob(
                [(0.42, -0.62), (0.6, -1.0), (0.8 + lean, -1.26), (0.86, -0.82), (0.8, -0.4)],
                (0, 2, 4),
            )
        ),
        lighter(coat.inner, 0.5),
    )
    half: list[Point] = dots(
        "0,-0.74 0.48,-0.68 0.84,-0.32 1.0,0.06 1.26,0.36 0.92,0.48 0.98,0.66 0.56,0.72 "
        "0.26,0.98 0,1.06"
    )
    outline = symmetric(half, (4, 6))
    pen.fill(outline, coat.base)
    front = pen.at(dx, dy)
    with pen.clip(outline):
        cheek = blob(dots("0.02,0.5 0.2,0.12 0.6,0.12 1.0,0.16 1.5,0.3 1.0,1.2 0,1.3"))
        front.fill(both(cheek), coat.light)
        front.fill(symmetric(dots("0,-0.2 0.16,0.1 0.24,0.55 0.16,0.86 0,0.95")), coat.base)
        if coat.pattern == "raccoon":
            front.fill(
                both(blob(dots("0.1,-0.08 0.4,-0.34 0.8,-0.1 1.1,0.34 0.7,0.42 0.3,0.2"))),
                coat.mark,
            )
            front.fill(
                both(blob(dots("0.2,-0.36 0.5,-0.52 0.9,-0.3 0.98,-0.14 0.7,-0.26 0.4,-0.36"))),
                coat.light,
            )
        shaded_head(pen, outline, coat)
    dot = "closed" if face.eyes == "closed" else "dots"
    eye_pair(front, 0.42, 0.02, 0.16, dot, iris=INK, lid=coat.base)
    snout = pen.at(dx * 1.7, dy * 1.7)
    snout.fill(oval(0, 0.84, 0.19, 0.14), mix(INK, (30, 20, 24), 0.4))
    snout.fill(oval(-0.05, 0.79, 0.07, 0.035), lighter(INK, 0.5))


def rabbit_head(pen: Pen, coat: Coat, face: Face, rng: random.Random) -> None:
    """Draw a rabbit: very long ears, round cheeks, two teeth."""
    dx, dy = face.look
    for side in (-1, 1):
        lean = rng.uniform(4, 16)
        ear = pen.at(side * 0.38, -0.6, turn=side * lean, flip=side < 0)
        if face.ears == "floppy" and side > 0:
            bent = blob(
                dots(
                    "-0.24,0.1 -0.28,-0.8 -0.05,-1.3 0.5,-1.25 0.95,-0.75 0.86,-0.5 0.5,-0.7 "
                    "0.3,-0.5 0.26,0.1"
                )
            )
            ear.fill(bent, coat.base)
            ear.fill(blob(dots("-0.1,0.0 -0.12,-0.7 0.02,-1.05 0.16,-0.9 0.12,0.0")), coat.inner)
            continue
        ear.fill(
            blob(dots("-0.24,0.1 -0.31,-0.7 -0.2,-1.4 0.02,-1.66 0.22,-1.4 0.31,-0.7 0.24,0.1")),
            coat.base,
        )
        ear.fill(
            blob(dots("-0.1,0.0 -0.16,-0.7 -0.1,-1.2 0.02,-1.4 0.12,-1.2 0.16,-0.7 0.1,0.0")),
            coat.inner,
        )
    outline = symmetric(dots("0,-0.8 0.44,-0.74 0.8,-0.36 1.0,0.2 0.86,0.62 0.46,0.84 0,0.88"))
    pen.fill(outline, coat.base)
    with pen.clip(outline):
        if coat.pattern == "blaze":
            pen.fill(symmetric(dots("0,-0.9 0.14,-0.4 0.2,0.1 0.4,0.9 0,1.0")), coat.light)
        shaded_head(pen, outline, coat)
    front = pen.at(dx, dy)
    front.fill(both(oval(0.2, 0.44, 0.26, 0.22)), coat.light)
    front.fill(both(oval(0.68, 0.36, 0.19, 0.12)), PINK, 0.5)
    eye_pair(
        front,
        0.52,
        -0.02,
        0.19,
        "closed" if face.eyes == "closed" else "dots",
        iris=INK,
        lid=coat.base,
    )
    front.fill(both(oval(0.055, 0.72, 0.06, 0.12)), CREAM)
    front.fill(stroke([(0, 0.63), (0, 0.82)], 0.02), darker(CREAM, 0.4))
    triangle_nose(front, 0.3, 0.115, rgb("d97f7c"))
    small_mouth(front, 0.36, 0.24)


def bear_head(pen: Pen, coat: Coat, face: Face, rng: random.Random) -> None:
    """Draw a bear or a panda: round ears, a round muzzle, small eyes."""
    dx, dy = face.look
    panda = coat.pattern == "panda"
    ear = coat.mark if panda else coat.base
    round_ears(pen, coat, ear, 0.34 + rng.uniform(-0.03, 0.03))
    outline = symmetric(dots("0,-0.84 0.52,-0.76 0.9,-0.36 1.04,0.16 0.86,0.62 0.48,0.88 0,0.94"))
    pen.fill(outline, coat.base)
    with pen.clip(outline):
        shaded_head(pen, outline, coat)
    front = pen.at(dx, dy)
    if panda:
        front.fill(both(oval(0.42, -0.04, 0.24, 0.31, 30)), coat.mark)
    front.fill(oval(0, 0.44, 0.46, 0.36), coat.light)
    eye_pair(
        front,
        0.4,
        -0.06,
        0.125,
        "closed" if face.eyes == "closed" else "dots",
        iris=INK,
        lid=coat.base,
    )
    if panda:
        front.fill(both(oval(0.4, -0.06, 0.12)), CREAM, 0.2)
    nose = pen.at(dx * 1.3, dy * 1.3)
    nose.fill(oval(0, 0.27, 0.2, 0.14), INK)
    nose.fill(oval(-0.05, 0.22, 0.07, 0.03), lighter(INK, 0.5))
    small_mouth(nose, 0.4, 0.22)
