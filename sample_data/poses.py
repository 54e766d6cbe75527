"""Poses of four-legged animals; the ground is at y = 0, a sitting cat about 55 units high."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from bodies import Beast, Rib, head, leg, paint, paw, stub_tail, tail
from pen import (
    Pen,
    Point,
    Points,
    blob,
    both,
    box,
    crescent,
    darker,
    dots,
    lighter,
    moved,
    oval,
    palette,
    rgb,
    shadow,
    spike,
    stroke,
    symmetric,
)

Pose: TypeAlias = Callable[[Pen, Beast, random.Random], None]


def tail_path(beast: Beast, base: Point, rng: random.Random, side: int = 1) -> Points:
    """Return a path for a tail raised beside a sitting animal."""
    x, y = base
    shapes: Sequence[Points] = (
        dots("0,0 8,1 12,-6 9,-14 13,-21"),
        dots("0,0 7,1 13,-3 15,-12 10,-19"),
        dots("0,0 8,2 15,0 19,-6 16,-11"),
    )
    if beast.tail in {"bushy", "ringed", "feather"}:
        shapes = (dots("0,0 8,0 14,-7 14,-17 9,-25"), dots("0,0 9,1 15,-4 18,-13 23,-20"))
    return [(x + side * dx, y + dy) for dx, dy in rng.choice(shapes)]


def sit_front(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Sit, facing us."""
    g = beast.girth
    shadow(pen, 0, 17 * g)
    side = rng.choice((-1, 1))
    wrap = beast.tail in {"long", "thick"} and rng.random() < 0.4
    if not wrap:
        tail(pen, beast, tail_path(beast, (side * 9 * g, -3.5), rng, side))
    body = symmetric(dots("0,-35 7.5,-31 10,-22 12.6,-12 14.2,-5 12,0 0,0.4", g))
    ribs: list[Rib] = []
    for y in (-28, -23.5, -19, -14.5):
        ribs += [(s * 14 * g, y, -s * 9.5 * g, 2.0) for s in (-1, 1)]
    chest = blob(dots("0,-34 5.4,-29 5.4,-20 3.6,-8 0,-4 -3.6,-8 -5.4,-20 -5.4,-29", g))
    paint(pen, beast, body, rng, ribs=ribs, light=chest)
    for s in (-1, 1):
        thigh = oval(s * 10.4 * g, -6.0, 5.6 * g, 6.6, s * 12)
        pen.fill(moved(thigh, -s * 0.8, -0.7), darker(beast.coat.base, 0.5), 0.35)
        haunch_ribs: list[Rib] = [(s * 17 * g, y, -s * 6.5, 0.8) for y in (-9.5, -6, -2.5)]
        paint(pen, beast, thigh, rng, ribs=haunch_ribs, part="haunch")
        paw(pen, beast, s * 11.2 * g, 0.5, 1.1)
    for s in (-1, 1):
        shin = [(s * 3.7 * g, -20.0), (s * 3.9 * g, -10.0), (s * 3.9 * g, -1.8)]
        pen.fill(
            moved(stroke(shin, [3.0, beast.leg + 0.9]), s * 0.5, 0),
            darker(beast.coat.base, 0.5),
            0.35,
        )
        leg(pen, beast, shin, rng)
    if beast.coat.pattern not in {"plain", "patches", "points", "dalmatian", "panda", "lion"}:
        bib = blob(
            [
                (-6 * g, -32),
                (6 * g, -32),
                (6.2 * g, -25),
                (3.4 * g, -21),
                (2.2, -18.4),
                (0, -21),
                (-2.2, -18.4),
                (-3.4 * g, -21),
                (-6.2 * g, -25),
            ],
            (4, 5, 6),
        )
        pen.fill(bib, beast.coat.light)
    if wrap:
        path: Points = [
            (side * 12 * g, -3),
            (side * 14 * g, 1.2),
            (side * 5, 2.2),
            (-side * 4, 1.4),
            (-side * 9, 0.4),
        ]
        tail(pen, beast, path, over=True)
    head(pen, beast, 0, -39.5, rng)


def sit_side(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Sit in profile, the face turned to us."""
    g = beast.girth
    shadow(pen, -1, 19 * g)
    base: Point = (-12 * g, -3)
    paths: Sequence[Points] = (
        [base, (-20, -1), (-27, -3), (-30, -9), (-26, -13)],
        [base, (-20, -2), (-25, -9), (-23, -19), (-28, -25)],
        [base, (-19, 0), (-27, -1), (-34, -3), (-38, -7)],
    )
    tail(pen, beast, rng.choice(paths))
    leg(pen, beast, dots("9,-18 12.4,-9 13,-2.4"), rng, 0.2)
    body = blob(
        [
            (6, -38),
            (-2 * g, -29),
            (-10.5 * g, -18),
            (-14.4 * g, -7),
            (-12 * g, -0.4),
            (0, 0.3),
            (9, -1.5),
            (11.5 * g, -12),
            (13 * g, -22),
            (14, -33),
        ]
    )
    ribs: list[Rib] = [
        (-3.5 * g, -29, 5, 7),
        (-7 * g, -24, 6.5, 7),
        (-10.5 * g, -18.6, 8, 6),
        (-13.4 * g, -12.5, 8, 4),
        (-15 * g, -6.5, 7, 2),
    ]
    chest = blob(dots("16,-36 10,-34 8.4,-24 9.5,-14 11,-8 18,-10"))
    paint(pen, beast, body, rng, ribs=ribs, light=chest)
    thigh = oval(-4.6 * g, -7.6, 8.4 * g, 7.8, -20)
    pen.fill(moved(thigh, 0.9, -0.9), darker(beast.coat.base, 0.5), 0.35)
    thigh_ribs: list[Rib] = [(-13 * g, -12, 8, 3), (-14 * g, -7.5, 9, 2), (-13 * g, -3, 8, 0.5)]
    paint(pen, beast, thigh, rng, ribs=thigh_ribs, part="haunch")
    paw(pen, beast, 3 * g, 0.5, 1.35)
    shin: list[Point] = dots("8.4,-19 8.8,-10 8.8,-1.8")
    pen.fill(
        moved(stroke(shin, [3.0, beast.leg + 0.8]), -0.6, 0), darker(beast.coat.base, 0.5), 0.35
    )
    leg(pen, beast, shin, rng)
    turned = replace(beast, face=replace(beast.face, look=(rng.uniform(0.08, 0.16), 0.02)))
    head(pen, turned, 10.5, -42, rng, turn=4)


def loaf(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Lie like a loaf of bread, facing us."""
    g = beast.girth
    shadow(pen, 0, 22 * g)
    side = rng.choice((-1, 1))
    if beast.tail in {"stub", "bushy", "ringed", "feather", "tuft"}:
        tail(
            pen,
            beast,
            [
                (side * 15 * g, -5),
                (side * 22 * g, -1.5),
                (side * 29 * g, -4),
                (side * 31 * g, -11),
                (side * 27 * g, -16),
            ],
        )
    body = symmetric(dots("0,-21.5 10,-21 17.5,-15 20,-7 18,-0.6 0,0.3", g))
    ribs: list[Rib] = []
    for y, x in ((-18.5, 15), (-14.5, 18.5), (-10, 20.5), (-5.5, 21)):
        ribs += [(s * x * g, y, -s * 8.5, 2.2) for s in (-1, 1)]
    chest = oval(0, -4, 9 * g, 7)
    paint(pen, beast, body, rng, ribs=ribs, light=chest)
    for s in (-1, 1):
        paw(pen, beast, s * 5.4, 0.8, 1.25)
    if beast.tail in {"long", "thick"}:
        path: Points = [
            (side * 18 * g, -5),
            (side * 19.5 * g, 0.6),
            (side * 13, 2.6),
            (side * 6, 2.4),
        ]
        tail(pen, beast, path, over=True)
    head(pen, beast, rng.uniform(-2, 2), -19.5, rng)


def sphinx(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Lie in profile with the front paws ahead, the face turned to us."""
    g = 0.5 + beast.girth / 2
    shadow(pen, 1, 28)
    base: Point = (-24, -5)
    paths: Sequence[Points] = (
        [base, (-31, -2), (-37, -3), (-40, -8), (-37, -12)],
        [base, (-31, -5), (-35, -13), (-32, -21), (-36, -27)],
        [base, (-29, 0), (-22, 1.8), (-12, 2.2), (-5, 1.6)],
    )
    choice = rng.randrange(3 if beast.tail in {"long", "thick"} else 2)
    if choice < 2:
        tail(pen, beast, paths[choice])
    leg(pen, beast, dots("13,-7 21,-3.4 27,-2.2"), rng, 0.2)
    body = blob(
        [
            (14, -25 * g),
            (4, -21 * g),
            (-8, -20.5 * g),
            (-19, -19 * g),
            (-25.5, -11),
            (-25, -2),
            (-18, 0.2),
            (0, 0.3),
            (14, -0.2),
            (20, -6),
            (21.5, -15),
        ]
    )
    ribs: list[Rib] = [(x, -22.5 * g, 1.4, 11) for x in (-17, -11.5, -6, -0.5, 5)]
    ribs += [(-28, -14, 8, 3), (-28, -9, 8, 2)]
    chest = blob(dots("24,-20 15,-17 13,-9 15,-1 24,0"))
    paint(pen, beast, body, rng, ribs=ribs, light=chest)
    thigh = oval(-15, -7.4, 9.4, 7.7, -14)
    pen.fill(moved(thigh, 0.9, -0.9), darker(beast.coat.base, 0.5), 0.35)
    thigh_ribs: list[Rib] = [(-25, -12, 9, 2.5), (-26, -7.5, 10, 1.5), (-25, -3, 9, 0.5)]
    paint(pen, beast, thigh, rng, ribs=thigh_ribs, part="haunch")
    paw(pen, beast, -5.5, 0.5, 1.4)
    leg(pen, beast, dots("12,-6.4 17,-2.8 22.5,-2.0"), rng)
    if choice == 2:
        tail(pen, beast, paths[2], over=True)
    turned = replace(beast, face=replace(beast.face, look=(rng.uniform(0.06, 0.15), 0.02)))
    head(pen, turned, 17, -27 * g, rng, turn=3)


def walk(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Walk in profile, the face turned to us."""
    long = 14.0 * beast.legs
    g = beast.girth
    shadow(pen, 0, 25)
    up = -long  # where the belly is
    base: Point = (-21, up - 9)
    paths: Sequence[Points] = (
        [base, (-28, up - 12), (-31, up - 20), (-28, up - 28), (-31, up - 33)],
        [base, (-29, up - 8), (-34, up - 1), (-40, up + 1), (-44, up - 3)],
        [base, (-26, up - 16), (-25, up - 25), (-29, up - 32), (-34, up - 30)],
    )
    tail(pen, beast, rng.choice(paths))
    step = rng.choice((-1, 1)) * rng.uniform(2.0, 5.0)
    leg(pen, beast, [(14, up - 5), (15.5 + step * 0.5, up * 0.5), (14.5 + step, -2.2)], rng, 0.22)
    leg(pen, beast, [(-14, up - 5), (-16.5 - step * 0.3, up * 0.5), (-14 - step, -2.2)], rng, 0.22)
    top = up - 13.5 * g
    body = blob(
        [
            (16, top - 1),
            (6, top + 0.6),
            (-6, top),
            (-17, top + 0.4),
            (-23.5, up - 7),
            (-20, up),
            (-6, up + 1.2),
            (8, up + 1.6),
            (18, up + 0.6),
            (23, up - 7),
            (22, top + 2),
        ]
    )
    ribs: list[Rib] = [(x, top - 1.5, 1.2, 10.5) for x in (-17, -11.5, -6, -0.5, 5, 10.5)]
    belly = blob(
        [
            (-16, up - 1),
            (0, up - 3),
            (14, up - 4),
            (19, up - 12),
            (30, up - 12),
            (24, up + 6),
            (-16, up + 6),
        ]
    )
    paint(pen, beast, body, rng, ribs=ribs, light=belly)
    if beast.coat.pattern not in {"rosettes", "cheetah", "dalmatian", "tiger", "panda"}:
        pen.fill(stroke([(18, up - 7), (22, up - 17)], [14 * g, 10]), beast.coat.base)
    if beast.coat.pattern in {"tuxedo", "bicolour", "fox", "husky", "blaze", "saddle", "raccoon"}:
        pen.fill(oval(24, up - 10, 3.6, 6.5, -10), beast.coat.light)
    thigh = blob([(-20.5, up - 8), (-13, up - 9.5), (-9.5, up - 3), (-13, up + 4), (-19.5, up + 4)])
    paint(
        pen, beast, thigh, rng, ribs=[(-23, up - 6, 9, 1), (-23, up - 1.5, 9, 0.5)], part="haunch"
    )
    leg(pen, beast, [(-16, up - 1), (-19 + step * 0.4, up * 0.5), (-17 + step, -1.8)], rng)
    leg(pen, beast, [(16, up - 4), (16 - step * 0.4, up * 0.5), (15.5 - step, -1.8)], rng)
    turned = replace(beast, face=replace(beast.face, look=(rng.uniform(0.06, 0.15), 0.02)))
    head(pen, turned, 24, up - 21, rng, turn=2)


def curl(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Sleep, curled up."""
    shadow(pen, 0, 25)
    body = blob(dots("-23,-7 -21,-17 -10,-23.5 4,-23.5 17,-19 23.5,-9 20,-1 8,0.6 -10,0.6 -20,-1"))
    ribs: list[Rib] = [
        (-22, -14, 7, 4),
        (-18, -20.5, 5, 7),
        (-11.5, -24, 2.5, 9),
        (-4.5, -25.5, 0.5, 10),
        (2.5, -25.5, -0.5, 9),
    ]
    paint(pen, beast, body, rng, ribs=ribs, light=oval(2, 0, 14, 6))
    thigh = oval(-12, -8, 9.5, 8, 10)
    pen.fill(moved(thigh, 0.9, -0.9), darker(beast.coat.base, 0.5), 0.3)
    paint(pen, beast, thigh, rng, ribs=[(-22, -10, 9, 2), (-21, -5.5, 9, 1)], part="haunch")
    asleep = replace(beast, face=replace(beast.face, eyes="closed", mouth="plain"), collar=None)
    head(pen, asleep, 11.5, -11.5, rng, turn=14, size=0.94)
    if beast.tail == "stub":
        stub_tail(pen, beast, (-22, -5))
    else:
        tail(pen, beast, dots("-21,-6 -18,0.4 -8,1.8 3,1.6 11,0.6"), over=True)


def bust(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Sit for a portrait: head and shoulders, cut off by the lower edge."""
    g = 0.6 + beast.girth * 0.4
    body = symmetric(dots("0,-22 7,-20 12.5,-12 15.5,0 16,8 0,9", g))
    ribs: list[Rib] = []
    for y, x in ((-11, 14), (-6, 16), (-1, 17), (4, 18)):
        ribs += [(s * x * g, y, -s * 9, 2.2) for s in (-1, 1)]
    chest = blob(
        dots("-7,-20 7,-20 7.5,-10 4,-4 2.6,-0.5 0,-4 -2.6,-0.5 -4,-4 -7.5,-10"), (4, 5, 6)
    )
    paint(pen, beast, body, rng, ribs=ribs, light=chest)
    look = (rng.uniform(-0.13, 0.13), rng.uniform(-0.05, 0.05))
    turned = replace(beast, face=replace(beast.face, look=look))
    head(pen, turned, 0, -24, rng, turn=rng.uniform(-7, 7))


def from_behind(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Sit with the back to us: ears and tail only."""
    g = beast.girth
    shadow(pen, 0, 17 * g)
    body = symmetric(dots("0,-36 7.5,-32 10.4,-22 13.4,-12 15,-5 12.4,0 0,0.4", g))
    ribs: list[Rib] = []
    for y in (-29, -24.5, -20, -15.5, -11, -6.5):
        ribs += [(s * 0.6, y, s * 8.5, 2.4) for s in (-1, 1)]
    paint(pen, beast, body, rng, ribs=ribs)
    side = rng.choice((-1, 1))
    tail(
        pen,
        beast,
        [(side * 2, -3), (side * 9, 1.4), (side * 18, 0.4), (side * 23, -5), (side * 20, -11)],
    )
    back = pen.at(0, -40, beast.size, turn=rng.uniform(-10, 10))
    coat = beast.coat
    colour = coat.mark if coat.pattern == "points" else coat.base
    ear = blob(dots("0.16,-0.6 0.46,-1.08 0.8,-1.42 0.99,-0.86 0.97,-0.05"), (0, 2, 4))
    back.fill(both(ear), colour)
    with back.clip(both(ear)):
        back.fill(both(moved(ear, 0.1, 0.1)), lighter(colour, 0.15))
    skull = oval(0, 0.02, 1.0, 0.82)
    back.fill(skull, coat.base)
    with back.clip(skull):
        back.fill(crescent(skull, -0.05, -0.14), darker(coat.base, 0.8), 0.16)
        if coat.pattern == "tabby":
            lines = spike((0.12, -0.9), (0.1, 0.2), 0.13) + spike((0.42, -0.85), (0.36, 0.1), 0.13)
            back.fill(both(lines), coat.mark)
        if coat.pattern == "patches":
            back.fill(oval(0.5, -0.4, 0.6, 0.5), coat.mark)
            back.fill(oval(-0.7, -0.2, 0.5, 0.6), coat.extra or coat.mark)


def stretch(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Stretch, with the hindquarters up and the chest down."""
    shadow(pen, 1, 27)
    base: Point = (-18, -27)
    paths: Sequence[Points] = (
        [base, (-24, -33), (-25, -41), (-21, -48), (-24, -53)],
        [base, (-25, -32), (-32, -34), (-36, -40), (-33, -46)],
    )
    tail(pen, beast, rng.choice(paths))
    leg(pen, beast, dots("-12,-18 -15,-9 -12,-2.2"), rng, 0.22)
    leg(pen, beast, dots("14,-9 24,-3.6 33,-2.2"), rng, 0.22)
    body = blob(
        dots(
            "-20,-25 -13,-30.5 -4,-27 6,-20 16,-18 22,-13 20,-4 11,-2.4 2,-8 -6,-14 -14,-14 -20,-17"
        )
    )
    ribs: list[Rib] = [
        (-15, -32, 2, 11),
        (-9, -31, 1, 11),
        (-3, -28.5, 0, 11),
        (2.5, -25, -1, 11),
        (8, -21.5, -1, 10),
    ]
    paint(pen, beast, body, rng, ribs=ribs, light=blob(dots("10,-4 20,-10 26,-8 20,2 8,0")))
    thigh = blob(dots("-20,-25 -13,-28 -8,-20 -10,-12 -18,-12"))
    paint(pen, beast, thigh, rng, ribs=[(-23, -22, 9, 1), (-22, -17, 9, 0.5)], part="haunch")
    leg(pen, beast, dots("-15,-16 -18.5,-9 -16,-1.8"), rng)
    leg(pen, beast, dots("14,-8 22,-3 29,-1.8"), rng)
    turned = replace(beast, face=replace(beast.face, look=(rng.uniform(0.06, 0.15), 0.02)))
    head(pen, turned, 19, -19, rng, turn=6)


def peek(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Look over the edge of a table."""
    wood = rng.choice(palette("c9986f dcb58a e9d7bd a97a5a 8fa59a"))
    bust(pen.at(0, -13), beast, rng)
    pen.fill(box(-90, -13, 180, 60), wood)
    pen.fill(box(-90, -13, 180, 3.4), lighter(wood, 0.32))
    pen.fill(box(-90, -9.6, 180, 1.2), darker(wood, 0.24))
    for s in (-1, 1):
        pen.fill(oval(s * 10.6, -8.4, beast.leg * 0.8, beast.leg * 0.5), darker(wood, 0.5), 0.4)
        paw(pen, beast, s * 10, -8.6, 1.3)


def in_box(pen: Pen, beast: Beast, rng: random.Random) -> None:
    """Look out of a cardboard box."""
    shadow(pen, 0, 25)
    card, dark = rgb("cf9f6a"), rgb("a97c4e")
    pen.fill(box(-19, -24, 38, 20), darker(dark, 0.35))
    bust(pen.at(0, -15, 0.98), beast, rng)
    pen.fill(box(-20, -19, 40, 19.5, 1.0), card)
    pen.fill(box(-20, -19, 40, 1.6), lighter(card, 0.3))
    pen.fill(box(9, -19, 11, 19.5, 1.0), darker(card, 0.1))
    pen.fill(blob(dots("-20,-19 -27,-13.5 -25.5,-12 -20,-15.5"), (0, 1, 2, 3)), dark)
    pen.fill(blob(dots("20,-19 27,-13.5 25.5,-12 20,-15.5"), (0, 1, 2, 3)), dark)
    pen.fill(box(-3.2, -19, 6.4, 19.5), lighter(card, 0.22))
    for s in (-1, 1):
        paw(pen, beast, s * 7.5, -16.2, 1.15)
