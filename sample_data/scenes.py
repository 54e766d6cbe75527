"""Places to put an animal in: rooms, gardens, streets, wilds. Units are percent of the frame."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pen import (
    CREAM,
    Pen,
    blob,
    box,
    darker,
    dots,
    lighter,
    mix,
    oval,
    palette,
    poly,
    rgb,
    spike,
    stroke,
)
from props import (
    CLOTHS,
    LEAVES,
    WALLS,
    WOODS,
    bush,
    cloud,
    curtains,
    fir,
    floor,
    flower,
    grass,
    hills,
    lamp,
    pane,
    pick,
    picture_frame,
    pot_plant,
    round_tree,
    rug,
    scattered,
    sky,
    wallpaper,
)


@dataclass(frozen=True)
class Stage:
    """Where an animal stands in a scene, and what is drawn in front of it."""

    ground: float
    front: Callable[[Pen], None] | None = None


Scene: TypeAlias = Callable[[Pen, random.Random], Stage]


# --- indoors -------------------------------------------------------------------------------------


def living_room(pen: Pen, rng: random.Random) -> Stage:
    """Draw a room with a rug, a window or pictures, a plant, a lamp."""
    wall, wood = rng.choice(WALLS), rng.choice(WOODS)
    wallpaper(pen, wall, rng, 70)
    floor(pen, rng.uniform(66, 71), wood, wall)
    if rng.random() < 0.5:
        x = rng.choice((8, 52))
        pane(pen, x, 8, (36, 40), rng)
        curtains(pen, x, 5, (36, 46), pick(rng, CLOTHS, wall))
    else:
        picture_frame(pen, rng.uniform(8, 18), rng.uniform(12, 20), rng)
        picture_frame(pen, rng.uniform(60, 74), rng.uniform(10, 22), rng)
    side = rng.choice((9, 91))
    if rng.random() < 0.6:
        pot_plant(pen, side, 77, rng.uniform(0.95, 1.3), rng)
    if rng.random() < 0.5:
        lamp(pen, 100 - side, 76, rng)
    if rng.random() < 0.8:
        rug(pen, 87, rng, wood)
    return Stage(88)


def sofa(pen: Pen, rng: random.Random) -> Stage:
    """Draw a large sofa with cushions."""
    wall = rng.choice(WALLS)
    wallpaper(pen, wall, rng)
    picture_frame(pen, rng.choice((10, 40, 70)), rng.uniform(5, 9), rng)
    floor(pen, 92, rng.choice(WOODS), wall)
    cloth = pick(rng, CLOTHS, wall)
    pen.fill(box(4, 36, 92, 52, 9), darker(cloth, 0.12))
    pen.fill(box(6, 38, 43.6, 44, 7), cloth)
    pen.fill(box(50.4, 38, 43.6, 44, 7), cloth)
    pen.fill(box(3, 74, 94, 18, 4), darker(cloth, 0.22))
    pen.fill(box(5, 71, 90, 11, 4.5), lighter(cloth, 0.12))
    for x in (-5, 91):
        pen.fill(box(x, 54, 14, 38, 6), darker(cloth, 0.05))
        pen.fill(box(x, 54, 14, 8, 4), lighter(cloth, 0.14))
    cushion = pick(rng, CLOTHS, cloth)
    for x, turn in ((18, -10), (82, 12)):
        if rng.random() < 0.65:
            pillow = pen.at(x, 64, turn=turn)
            pillow.fill(
                blob(dots("-10,-9 0,-7.6 10,-9 8.8,0 10,9 0,7.8 -10,9 -8.8,0"), (0, 2, 4, 6)),
                cushion,
            )
            pillow.fill(oval(0, 0, 4.2), lighter(cushion, 0.4))
    return Stage(76.5)


def window_sill(pen: Pen, rng: random.Random) -> Stage:
    """Draw a window with a deep sill, curtains and a small plant."""
    wall = rng.choice(WALLS)
    pen.fill(box(0, 0, 100, 100), wall)
    pane(pen, 14, 5, (72, 73), rng)
    curtains(pen, 10, 2.5, (80, 82), pick(rng, CLOTHS, wall))
    if rng.random() < 0.6:
        pot_plant(pen, rng.choice((20, 80)), 82, 0.75, rng)
    pen.fill(box(4, 81, 92, 5, 1.2), rgb("fbf4e8"))
    pen.fill(box(4, 84.6, 92, 2.2, 0.8), darker(rgb("fbf4e8"), 0.16))
    return Stage(82.6)


def bed(pen: Pen, rng: random.Random) -> Stage:
    """Draw a bed with a quilt."""
    wall = rng.choice(WALLS)
    wallpaper(pen, wall, rng)
    wood, cloth = rng.choice(WOODS), pick(rng, CLOTHS, wall)
    pen.fill(box(3, 30, 94, 50, 10), wood)
    pen.fill(box(8, 35, 84, 40, 7), lighter(wood, 0.14))
    for x in (12, 54):
        pen.fill(
            blob(
                [
                    (x, 48),
                    (x + 17, 46),
                    (x + 34, 48),
                    (x + 33, 58),
                    (x + 34, 68),
                    (x + 17, 69),
                    (x, 68),
                    (x + 1, 58),
                ]
            ),
            rgb("fbf4e8"),
        )
        pen.fill(
            stroke([(x + 4, 66), (x + 17, 67), (x + 30, 66)], 0.7), darker(rgb("fbf4e8"), 0.16)
        )
    quilt = blob(dots("-3,70 20,65.5 50,67 80,65.5 103,70 103,103 -3,103"), (0, 4, 5, 6))
    pen.fill(quilt, cloth)
    kind = rng.randrange(3)
    with pen.clip(quilt):
        for row in range(5):
            for n in range(11):
                if kind == 0 and (row + n) % 2:
                    pen.fill(box(n * 10 - 4, 64 + row * 8, 10, 8), lighter(cloth, 0.2))
                elif kind == 1:
                    pen.fill(
                        oval(n * 10 + (5 if row % 2 else 0), 71 + row * 7, 1.5), lighter(cloth, 0.5)
                    )
            if kind == 2:
                pen.fill(box(-2, 67 + row * 8, 104, 2.6), lighter(cloth, 0.28))
        pen.fill(stroke(dots("-3,70 20,65.5 50,67 80,65.5 103,70"), 4.4), lighter(cloth, 0.45))
    return Stage(84)


def bookcase(pen: Pen, rng: random.Random) -> Stage:
    """Draw shelves of books; the animal sits on the lowest."""
    wood = rng.choice(WOODS)
    pen.fill(box(0, 0, 100, 100), darker(wood, 0.42))
    for shelf in (24.0, 55.0):
        x = rng.uniform(-3, 3)
        while x < 100:
            wide, high = rng.uniform(3.4, 6.4), rng.uniform(15, 23)
            if rng.random() < 0.1:
                x += rng.uniform(5, 12)
                continue
            cloth = darker(rng.choice(CLOTHS), 0.1)
            pen.fill(box(x, shelf - high, wide, high + 0.5, 0.5), cloth)
            pen.fill(box(x + 0.7, shelf - high + 3, wide - 1.4, 1.3), lighter(cloth, 0.5))
            x += wide + 0.3
        pen.fill(box(0, shelf, 100, 3.4), wood)
        pen.fill(box(0, shelf + 3.4, 100, 1.6), darker(wood, 0.6), 0.35)
    pot_plant(pen, rng.choice((12, 88)), 86, 0.8, rng)
    pen.fill(box(0, 84, 100, 16), wood)
    pen.fill(box(0, 84, 100, 4.4), lighter(wood, 0.25))
    return Stage(87)


def kitchen(pen: Pen, rng: random.Random) -> Stage:
    """Draw a kitchen: tiles, a shelf with crockery, a worktop."""
    tile = rng.choice(palette("f4ead6 d7e2da cfe0e2 f2d9c4"))
    pen.fill(box(0, 0, 100, 100), darker(tile, 0.1))
    for row in range(9):
        for n in range(-1, 8):
            shift = 7 if row % 2 else 0
            pen.fill(
                box(n * 14 + shift + 0.4, row * 9.4 + 0.4, 13.2, 8.6, 0.7),
                lighter(tile, rng.uniform(0.0, 0.3)),
            )
    wood = rng.choice(WOODS)
    pen.fill(box(8, 25, 84, 2.6), wood)
    x = 13.0
    while x < 88:
        cloth, kind = rng.choice(CLOTHS), rng.randrange(3)
        if kind == 0:
            pen.fill(stroke([(x + 7, 17.5), (x + 10, 19), (x + 7, 22.5)], 1.0), cloth)
            pen.fill(box(x, 16, 7.4, 9.2, 1.4), cloth)
        elif kind == 1:
            pen.fill(box(x, 12, 7, 13.2, 1.6), lighter(cloth, 0.55))
            pen.fill(box(x - 0.4, 11, 7.8, 3, 0.8), darker(cloth, 0.1))
        else:
            pen.fill(
                blob([(x - 1, 18), (x + 9, 18), (x + 7, 25), (x + 1, 25)], (0, 1)),
                lighter(cloth, 0.2),
            )
        x += rng.uniform(12, 17)
    pen.fill(box(0, 80, 100, 20), lighter(wood, 0.3))
    pen.fill(box(0, 80, 100, 5.6), wood)
    pen.fill(box(0, 85.6, 100, 1.4), darker(wood, 0.5), 0.4)
    return Stage(83.4)


def studio(pen: Pen, rng: random.Random) -> Stage:
    """Draw a plain backdrop with one large disc."""
    wall = rng.choice(WALLS)
    pen.fill(box(0, 0, 100, 100), wall)
    tone = pick(rng, (*CLOTHS, *WALLS), wall)
    pen.fill(oval(50 + rng.uniform(-6, 6), 47, rng.uniform(33, 41)), mix(tone, wall, 0.35))
    pen.fill(box(0, 80, 100, 20), darker(wall, 0.13))
    pen.fill(box(0, 80, 100, 1.0), darker(wall, 0.2))
    return Stage(88)


# --- outdoors ------------------------------------------------------------------------------------

SKIES: Sequence[tuple[str, str]] = (
    ("a6d2df", "f2ecd3"),
    ("8fc0d8", "e2efe6"),
    ("f2b48c", "fdeac6"),
    ("cfdce0", "f5efe2"),
    ("9ab8d8", "f6d9c4"),
)


def garden(pen: Pen, rng: random.Random) -> Stage:
    """Draw a lawn with a fence, bushes and flowers."""
    top, bottom = rng.choice(SKIES)
    sky(pen, rgb(top), rgb(bottom), 64)
    cloud(pen, rng.uniform(10, 40), rng.uniform(10, 20), rng.uniform(0.8, 1.2))
    cloud(pen, rng.uniform(60, 95), rng.uniform(14, 26), rng.uniform(0.6, 1.0))
    leaf = rng.choice(LEAVES)
    hills(pen, rng, 54, 4, lighter(leaf, 0.3))
    round_tree(pen, rng.choice((8, 92)), 66, rng.uniform(1.2, 1.6), darker(leaf, 0.08))
    if rng.random() < 0.7:
        plank = rng.choice(palette("fbf4e8 d9b48b c3d8d3"))
        for y in (54, 62):
            pen.fill(box(0, y, 100, 2), darker(plank, 0.1))
        for n in range(13):
            x = n * 8.4 - 2
            pen.fill(poly((x, 50), (x + 2.6, 46.5), (x + 5.2, 50), (x + 5.2, 69), (x, 69)), plank)
    for x in (4, 24, 78, 97):
        if rng.random() < 0.6:
            bush(pen, x, 69, rng.uniform(0.7, 1.0), darker(leaf, rng.uniform(0.1, 0.22)))
    lawn = mix(leaf, rgb("b9c878"), 0.5)
    pen.fill(box(0, 67, 100, 33), lawn)
    pen.fill(oval(50, 100, 62, 17), lighter(lawn, 0.14))
    petals = (rgb("f4b6ae"), rgb("fbf4e8"), rgb("e58a6a"), rgb("f2cf73"), rgb("b9a3cf"))
    spots = scattered(rng, rng.randrange(5, 10), 76, 99)
    for x, y in spots[:-3]:
        flower(pen, x, y, rng.uniform(0.6, 0.9), petal=rng.choice(petals), stem=darker(leaf, 0.2))
    near, petal = spots[-3:], rng.choice(petals)

    def front(over: Pen) -> None:
        for n, (x, y) in enumerate(near):
            grass(over, x, y + 3, 1.2, darker(lawn, 0.16))
            if n:
                flower(over, x + 2, y + 3, 1.05, petal=petal, stem=darker(leaf, 0.25))

    return Stage(88, front)


def meadow(pen: Pen, rng: random.Random) -> Stage:
    """Draw rolling hills under a low sun."""
    top, bottom = rng.choice(SKIES)
    sky(pen, rgb(top), rgb(bottom), 70)
    pen.fill(oval(rng.uniform(20, 80), rng.uniform(20, 34), 8.5), rgb("fff3cf"))
    cloud(pen, rng.uniform(10, 90), rng.uniform(14, 24), rng.uniform(0.7, 1.1))
    leaf = rng.choice(LEAVES)
    hills(pen, rng, 52, 5, lighter(leaf, 0.42))
    hills(pen, rng, 60, 4, lighter(leaf, 0.24))
    for x in (rng.uniform(0, 22), rng.uniform(78, 100)):
        round_tree(pen, x, 66, rng.uniform(0.7, 1.1), darker(leaf, 0.1))
    lawn = mix(leaf, rgb("cdbb6a"), 0.4)
    hills(pen, rng, 69, 2, lawn)
    pen.fill(oval(45, 100, 70, 16), lighter(lawn, 0.12))
    near = scattered(rng, 6, 82, 101)
    for x, y in near[:3]:
        grass(pen, x, y - 4, 0.8, darker(lawn, 0.13))

    def front(over: Pen) -> None:
        for x, y in near[3:]:
            grass(over, x, y + 2, 1.3, darker(lawn, 0.18))

    return Stage(87, front)


def forest(pen: Pen, rng: random.Random, autumn: float = 0.35) -> Stage:
    """Draw a wood, green or in autumn colours."""
    golden = rng.random() < autumn
    back = rgb("f3dcae") if golden else rgb("d5e0bd")
    sky(pen, lighter(back, 0.35), back, 75)
    leaves = (
        (rgb("d98c46"), rgb("cf6f47"), rgb("e3b04f"))
        if golden
        else (rgb("7fa06a"), rgb("6a9173"), rgb("5c8468"))
    )
    bark = rgb("8a6a58")
    for depth, (y, count) in enumerate(((66, 7), (70, 5))):
        for n in range(count):
            x = (n + rng.uniform(0.1, 0.9)) * 100 / count
            wide = rng.uniform(2.4, 3.6) * (1 + depth * 0.7)
            pen.fill(
                stroke(
                    [(x, y), (x + rng.uniform(-1, 1), 30), (x + rng.uniform(-3, 3), -6)],
                    [wide * 1.2, wide, wide * 0.8],
                ),
                mix(bark, back, 0.62 - depth * 0.3),
            )
        for _ in range(7):
            pen.fill(
                oval(
                    rng.uniform(-5, 105),
                    rng.uniform(-6, 14 - depth * 6),
                    rng.uniform(11, 17),
                    rng.uniform(8, 12),
                ),
                mix(rng.choice(leaves), back, 0.4 - depth * 0.3),
            )
    for x in (0, 18, 84, 101):
        bush(pen, x, 72, rng.uniform(0.7, 1.2), mix(rng.choice(leaves), back, 0.1))
    ground = rgb("cfa566") if golden else rgb("9fb073")
    hills(pen, rng, 70, 1.5, ground)
    pen.fill(oval(50, 100, 64, 16), lighter(ground, 0.13))
    near, leaf = scattered(rng, 9, 78, 100), rng.choice(leaves)
    for x, y in near[:5]:
        if golden:
            pen.fill(spike((x, y), (x + 4, y - 1.6), 2.2), rng.choice(leaves))
        else:
            grass(pen, x, y, 0.9, darker(ground, 0.14))
    if rng.random() < 0.5:
        x = rng.choice((13, 87))
        pen.fill(stroke([(x, 84), (x, 79)], 2.2), rgb("fbf0de"))
        pen.fill(
            blob([(x - 4.4, 79.5), (x - 3, 76), (x, 74.6), (x + 3, 76), (x + 4.4, 79.5)], (0, 4)),
            rgb("cf5f4c"),
        )
        pen.fill(
            oval(x - 1.5, 77.4, 0.7) + oval(x + 1.4, 76.6, 0.6) + oval(x + 2.4, 78.4, 0.5), CREAM
        )

    def front(over: Pen) -> None:
        for x, y in near[-3:]:
            grass(over, x, y + 3, 1.3, mix(leaf, ground, 0.3))

    return Stage(87, front)


def snow(pen: Pen, rng: random.Random) -> Stage:
    """Draw a winter day with firs and falling snow."""
    top, bottom = rng.choice(
        (("aecbdc", "eaf0ef"), ("d8c6d6", "f7e6dc"), ("90aecb", "dbe6ea"), ("c9d3da", "f3eee8"))
    )
    sky(pen, rgb(top), rgb(bottom), 75)
    far = mix(rgb(top), rgb("7f9aa0"), 0.35)
    hills(pen, rng, 55, 5, lighter(rgb(bottom), 0.3))
    leaf = rng.choice(palette("6b9086 5f867f 7c9c92"))
    for x in (rng.uniform(28, 42), rng.uniform(60, 74)):
        fir(pen, x, 62, rng.uniform(0.6, 0.85), mix(leaf, far, 0.5), snow=True)
    for x in (rng.uniform(4, 18), rng.uniform(84, 97)):
        fir(pen, x, 71, rng.uniform(1.3, 1.75), leaf, snow=True)
    hills(pen, rng, 67, 2, rgb("f2f1ee"))
    pen.fill(oval(28, 84, 42, 8), rgb("dfe6ea"), 0.7)
    pen.fill(oval(60, 101, 72, 19), rgb("fbf9f5"))
    for _ in range(rng.randrange(8, 16)):
        pen.fill(
            oval(rng.uniform(0, 100), rng.uniform(0, 80), rng.uniform(0.5, 1.0)), rgb("ffffff")
        )
    near = scattered(rng, rng.randrange(6, 12), 2, 96)

    def front(over: Pen) -> None:
        for n, (x, y) in enumerate(near):
            over.fill(oval(x, y, 0.8 + 0.5 * (n % 2)), rgb("ffffff"), 0.9)

    return Stage(87, front)


def street(pen: Pen, rng: random.Random) -> Stage:
    """Draw a row of houses behind a pavement."""
    top, bottom = rng.choice(SKIES)
    sky(pen, rgb(top), rgb(bottom), 60)
    x = rng.uniform(-14, -4)
    while x < 100:
        wide, high = rng.uniform(25, 34), rng.uniform(44, 56)
        house = rng.choice(palette("e6b08f eed6a8 c3d0bd d9a09a b9cbd3 d6bfa8"))
        roof = 74 - high
        if rng.random() < 0.5:
            pen.fill(
                poly((x - 1, roof), (x + wide / 2, roof - 12), (x + wide + 1, roof)),
                rng.choice(palette("b3655b 8a6a70 a8755a")),
            )
        pen.fill(box(x, roof, wide, high), house)
        for row in range(2):
            for n in range(2):
                if row == 1 and n == 1:
                    continue
                left, up = x + wide * (0.14 + 0.46 * n), roof + 6 + row * 19
                pen.fill(box(left, up, wide * 0.27, 12), rgb("fbf4e8"))
                pen.fill(
                    box(left + 1, up + 1, wide * 0.27 - 2, 10),
                    rng.choice(palette("8fb0bb f7dc9a 7d97a0")),
                )
                pen.fill(box(left + wide * 0.135 - 0.4, up, 0.8, 12), rgb("fbf4e8"))
        door = x + wide * 0.6
        pen.fill(box(door, 74 - 22, wide * 0.26, 22, 1.5), rng.choice(CLOTHS))
        pen.fill(oval(door + wide * 0.21, 63.5, 0.7), rgb("f2d58a"))
        x += wide
    stone = rng.choice(palette("d8cbbb cbbfb6 dcc9ab"))
    pen.fill(box(0, 73, 100, 27), stone)
    pen.fill(box(0, 73, 100, 1.4), darker(stone, 0.24))
    for n in range(8):
        pen.fill(
            stroke([(50 + (n - 3.5) * 14, 74.4), (50 + (n - 3.5) * 24, 92)], 0.4),
            darker(stone, 0.13),
        )
    pen.fill(box(0, 82, 100, 0.5), darker(stone, 0.13))
    pen.fill(box(0, 92.4, 100, 8), rgb("8f878c"))
    pen.fill(box(0, 91.6, 100, 2), lighter(stone, 0.4))
    if rng.random() < 0.5:
        pot_plant(pen, rng.choice((9, 91)), 79, 0.8, rng)
    return Stage(88)


def brick_wall(pen: Pen, rng: random.Random) -> Stage:
    """Draw the top of a garden wall, roofs and sky behind it."""
    top, bottom = rng.choice((*SKIES, ("6f6a9a", "f0a98f")))
    sky(pen, rgb(top), rgb(bottom), 80)
    if rng.random() < 0.6:
        pen.fill(oval(rng.uniform(15, 85), rng.uniform(16, 30), 8), rgb("fff0cc"))
    tone = mix(rgb(top), rgb("96768a"), 0.45)
    for x in (-4, 22, 50, 76):
        wide, y = rng.uniform(20, 28), rng.uniform(52, 62)
        pen.fill(box(x, y, wide, 40), tone)
        pen.fill(poly((x - 2, y), (x + wide / 2, y - 11), (x + wide + 2, y)), darker(tone, 0.16))
        pen.fill(box(x + wide * 0.3, y + 5, 4, 5), rgb("f7dc9a"))
    leaf = rng.choice(LEAVES)
    bush(pen, rng.choice((6, 94)), 76, rng.uniform(1.0, 1.5), leaf)
    brick = rng.choice(palette("c47a5f b86a58 c99878 a9898a"))
    pen.fill(box(0, 74, 100, 26), darker(brick, 0.22))
    for row in range(4):
        for n in range(-1, 9):
            x = n * 14 + (7 if row % 2 else 0)
            pen.fill(
                box(x + 0.4, 79.6 + row * 6, 13.2, 5.2, 0.7),
                mix(brick, lighter(brick, 0.25), rng.random()),
            )
    pen.fill(box(-1, 74, 102, 5.4, 1), lighter(brick, 0.45))
    pen.fill(box(-1, 77.8, 102, 1.8), darker(brick, 0.1))
    return Stage(76.5)


def savanna(pen: Pen, rng: random.Random) -> Stage:
    """Draw dry grassland with a large sun and acacias."""
    top, bottom = rng.choice((("f2a66b", "fde6b8"), ("e88f6a", "fbd7a0"), ("a9d0d4", "fbe9c0")))
    sky(pen, rgb(top), rgb(bottom), 68)
    pen.fill(
        oval(rng.uniform(24, 76), rng.uniform(34, 46), rng.uniform(11, 16)),
        lighter(rgb(bottom), 0.55),
    )
    hills(pen, rng, 60, 2, mix(rgb(bottom), rgb("c08a62"), 0.4))
    for x, size in ((rng.uniform(4, 24), 1.3), (rng.uniform(76, 96), 0.9)):
        tree = pen.at(x, 67, size)
        tree.fill(
            stroke(dots("0,0 1,-12 -3,-20"), [2, 1.6, 1])
            + stroke([(1, -11), (6, -20)], [1.4, 0.9]),
            rgb("7b5a4a"),
        )
        tree.fill(blob(dots("-15,-19 -9,-24 2,-26 13,-24 17,-19 2,-18")), rgb("8c8a52"))
        tree.fill(blob(dots("-10,-22 -4,-25 6,-25.4 12,-22.5 2,-22")), rgb("a3a062"))
    ground = rng.choice(palette("efdcaa cdc58c dfd3a2"))
    hills(pen, rng, 66, 1.2, ground)
    pen.fill(oval(50, 101, 66, 17), lighter(ground, 0.18))
    near = scattered(rng, 12, 72, 101)
    for x, y in near[:7]:
        grass(pen, x, y, 1.0, darker(ground, 0.16))

    def front(over: Pen) -> None:
        for x, y in near[7:]:
            grass(over, x, y + 2, 1.6, darker(ground, 0.22))

    return Stage(87, front)


def jungle(pen: Pen, rng: random.Random) -> Stage:
    """Draw large leaves, dark behind and light in front."""
    back = rng.choice(palette("cfdcae bfd6bd e6dcae"))
    sky(pen, lighter(back, 0.4), back, 80)
    tones = (mix(rgb("6f9a7a"), back, 0.45), mix(rgb("5c8a6c"), back, 0.2), rgb("5f8f63"))
    for depth, tone in enumerate(tones):
        for n in range(8):
            x = rng.uniform(-4, 30) if n % 2 else rng.uniform(70, 104)
            turn = rng.uniform(-60, 60) + (30 if x < 50 else -30)
            leaf = pen.at(
                x, 74 - rng.uniform(0, 8), rng.uniform(0.9, 1.3) * (1.25 - depth * 0.2), turn=turn
            )
            length = rng.uniform(30, 46)
            leaf.fill(
                spike((0, 0), (0, -length), rng.uniform(11, 16), rng.uniform(-0.08, 0.08)), tone
            )
            leaf.fill(stroke([(0, -3), (0, -length * 0.9)], 0.6), lighter(tone, 0.25))
    for x in (rng.uniform(5, 25), rng.uniform(75, 95)):
        pen.fill(
            stroke([(x, -5), (x + 3, 12), (x - 2, rng.uniform(26, 40))], [1.2, 1.0, 0.6]),
            rgb("6d8a5c"),
        )
    ground = rng.choice(palette("a8ad6a b39c6c 93a873"))
    hills(pen, rng, 72, 1.5, ground)
    pen.fill(oval(50, 101, 64, 16), lighter(ground, 0.14))
    places = [(rng.uniform(-4, 8), -1), (rng.uniform(92, 104), 1)]

    def front(over: Pen) -> None:
        for x, sign in places:
            for turn in (-26, 2, 28):
                leaf = over.at(x, 106, turn=turn - sign * 14)
                leaf.fill(spike((0, 0), (0, -26), 10), rgb("4f7d58"))
                leaf.fill(stroke([(0, -2), (0, -23)], 0.6), rgb("86aa6f"))

    return Stage(87, front)


def beach(pen: Pen, rng: random.Random) -> Stage:
    """Draw sand, sea and a parasol."""
    top, bottom = rng.choice(SKIES[:3])
    sky(pen, rgb(top), rgb(bottom), 52)
    pen.fill(oval(rng.uniform(15, 85), 20, 8), rgb("fff3cf"))
    sea = rng.choice(palette("7fb9bb 6ea7b8 93c2b9"))
    pen.fill(box(0, 50, 100, 22), sea)
    for _ in range(9):
        x, y = rng.uniform(0, 90), rng.uniform(52, 63)
        pen.fill(stroke([(x, y), (x + rng.uniform(5, 12), y)], 0.6), lighter(sea, 0.45))
    sand = rng.choice(palette("f0d9a8 ecd0a0 f3e0bd"))
    pen.fill(oval(40, 98, 90, 35), CREAM)
    pen.fill(oval(42, 100, 92, 35), sand)
    x = rng.choice((14, 86))
    cloth = rng.choice(CLOTHS)
    shade = pen.at(x, 76, 1.0, turn=8 if x < 50 else -8)
    shade.fill(stroke([(0, 0), (0, -36)], 1.0), rgb("a97a5a"))
    dome = blob(dots("-17,-32 -11,-40 0,-43.5 11,-40 17,-32"), (0, 4))
    shade.fill(dome, cloth)
    with shade.clip(dome):
        shade.fill(spike((0, -46), (-5.5, -28), 7) + spike((0, -46), (10, -28), 6), CREAM)
    for px, py in scattered(rng, 7, 78, 97):
        pen.fill(oval(px, py, 0.8, 0.5), darker(sand, 0.16))
    return Stage(87)


def night(pen: Pen, rng: random.Random) -> Stage:
    """Draw a clearing by moonlight."""
    top, bottom = rng.choice((("2f3d5c", "6d7f97"), ("37385e", "8f7f9f"), ("2c4a56", "7a9a98")))
    sky(pen, rgb(top), rgb(bottom), 75)
    for _ in range(26):
        pen.fill(
            oval(rng.uniform(0, 100), rng.uniform(0, 46), rng.uniform(0.25, 0.55)), rgb("f4ead0")
        )
    x, y = rng.uniform(18, 82), rng.uniform(14, 26)
    pen.fill(oval(x, y, 14), rgb("f4ead0"), 0.2, soft=4)
    pen.fill(oval(x, y, 7.5), rgb("f8efd4"))
    pen.fill(oval(x - 2, y - 1.5, 1.4) + oval(x + 2.4, y + 2, 1.0), rgb("e3d7b8"))
    tone = mix(rgb(top), rgb(bottom), 0.55)
    hills(pen, rng, 57, 4, darker(tone, 0.1))
    for px in (rng.uniform(2, 16), rng.uniform(22, 32), rng.uniform(70, 80), rng.uniform(86, 98)):
        fir(pen, px, 68, rng.uniform(0.9, 1.5), mix(rgb(top), rgb("4f7468"), 0.4))
    ground = mix(rgb(bottom), rgb("6f8f72"), 0.55)
    hills(pen, rng, 67, 2, darker(ground, 0.2))
    pen.fill(oval(50, 99, 60, 18), ground)
    near = scattered(rng, 6, 84, 101)
    flies = scattered(rng, 6, 40, 90)

    def front(over: Pen) -> None:
        for px, py in near:
            grass(over, px, py + 2, 1.3, darker(ground, 0.4))
        for px, py in flies:
            over.fill(oval(px, py, 0.7), rgb("ffe9a0"))

    return Stage(87, front)


def rooftop(pen: Pen, rng: random.Random) -> Stage:
    """Draw roofs at dusk."""
    top, bottom = rng.choice((("5f6496", "f2a992"), ("7d6a98", "fbc79f"), ("4d6688", "e9b7a0")))
    sky(pen, rgb(top), rgb(bottom), 85)
    pen.fill(oval(rng.uniform(20, 80), rng.uniform(16, 50), 9), rgb("ffe6bd"))
    for depth, y in enumerate((56, 66)):
        tone = mix(rgb("6d5b7b"), rgb(bottom), 0.5 - depth * 0.32)
        x = rng.uniform(-12, 0)
        while x < 100:
            wide, up = rng.uniform(14, 24), rng.uniform(0, 14)
            pen.fill(box(x, y - up, wide, 50), tone)
            for n in range(2):
                if rng.random() < 0.7:
                    pen.fill(box(x + 3 + n * wide * 0.4, y - up + 4, 3, 4), rgb("fbdc94"))
            if rng.random() < 0.4:
                pen.fill(box(x + wide * 0.6, y - up - 6, 4, 7), darker(tone, 0.2))
            x += wide
    tile = rng.choice(palette("b9685a 8f6a7a a8755a"))
    pen.fill(box(0, 79, 100, 21), tile)
    for row in range(4):
        for n in range(-1, 13):
            x = n * 9 + (4.5 if row % 2 else 0)
            pen.fill(
                box(x, 82 + row * 6 - 6, 8.6, 9.5, 4.2),
                mix(tile, darker(tile, 0.25), row % 2 * 0.5 + rng.uniform(0, 0.3)),
            )
    pen.fill(box(-1, 78, 102, 4.4, 2), lighter(tile, 0.2))
    return Stage(80)


INDOORS: Mapping[str, Scene] = {
    "living room": living_room,
    "sofa": sofa,
    "window": window_sill,
    "bed": bed,
    "bookcase": bookcase,
    "kitchen": kitchen,
    "studio": studio,
}
OUTDOORS: Mapping[str, Scene] = {
    "garden": garden,
    "meadow": meadow,
    "forest": forest,
    "snow": snow,
    "street": street,
    "wall": brick_wall,
    "savanna": savanna,
    "jungle": jungle,
    "beach": beach,
    "night": night,
    "rooftop": rooftop,
}
