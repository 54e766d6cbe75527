"""Composes pictures: an animal or a thing, somewhere, as large as fits."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

import bodies
import poses
import scenes
import things
from bodies import Beast
from heads import Coat, Face, bear_head, cat_head, dog_head, fox_head, great_head, rabbit_head
from pen import CREAM, Pen, Sheet, blob, darker, dots, lighter, oval, palette, poly, rgb, stroke
from PIL import Image
from poses import Pose
from props import CLOTHS

SIZE = 240  # pixels of a finished picture
GREAT_CATS = ("lion", "tiger", "leopard", "snow leopard", "cheetah")


def chances(text: str) -> dict[str, int]:
    """Read names and how often each comes, such as `sit 5, stretch 1`."""
    pairs = (part.rsplit(maxsplit=1) for part in text.split(","))
    return {name.strip(): int(count) for name, count in pairs}


@dataclass(frozen=True)
class Stance:
    """A pose and how much room it takes, at size 1: left, right, and up to the head's middle."""

    pose: Pose
    left: float
    right: float
    up: float
    portrait: bool = False


STANCES: Mapping[str, Stance] = {
    "sit": Stance(poses.sit_front, 23, 23, 39.5),
    "sit sideways": Stance(poses.sit_side, 34, 23, 42),
    "loaf": Stance(poses.loaf, 26, 26, 21),
    "sphinx": Stance(poses.sphinx, 36, 31, 28),
    "walk": Stance(poses.walk, 38, 37, 36),
    "curl": Stance(poses.curl, 26, 26, 20),
    "stretch": Stance(poses.stretch, 34, 36, 36),
    "back": Stance(poses.from_behind, 24, 24, 40),
    "box": Stance(poses.in_box, 27, 27, 38.5),
    "portrait": Stance(poses.bust, 17, 17, 24, portrait=True),
    "peek": Stance(poses.peek, 19, 19, 37, portrait=True),
}

USUAL = chances("sit 5, sit sideways 5, loaf 3, sphinx 4, walk 5, portrait 6")
POSES: Mapping[str, Mapping[str, int]] = {
    "cat": {**USUAL, **chances("curl 3, stretch 3, back 2, box 2, peek 2")},
    "dog": {**USUAL, **chances("curl 2, stretch 2, peek 1, box 1")},
    "fox": {**USUAL, **chances("curl 3")},
    "rabbit": chances("sit 5, sit sideways 3, loaf 5, portrait 4, peek 1, box 1"),
    "bear": chances("sit 5, sit sideways 3, loaf 2, walk 4, portrait 4"),
    "panda": chances("sit 5, loaf 2, walk 3, portrait 4"),
    "raccoon": {**USUAL, **chances("curl 1")},
    "lion": {**USUAL, **chances("loaf 1")},
    "tiger": {**USUAL, **chances("stretch 1")},
    "leopard": {**USUAL, **chances("stretch 1")},
    "snow leopard": USUAL,
    "cheetah": USUAL,
}


def weighted(rng: random.Random, choices: Mapping[str, int]) -> str:
    """Choose a key with the chances its values give."""
    return rng.choices(list(choices), list(choices.values()))[0]


# --- who ---------------------------------------------------------------------------------------


def cat(rng: random.Random) -> Beast:
    """Make up a cat."""
    coat = rng.choices([c for _, c in bodies.CATS], [n for n, _ in bodies.CATS])[0]
    if rng.random() < 0.4:
        coat = replace(coat, eye=rng.choice((bodies.GREEN, bodies.AMBER, bodies.GOLD)))
    fluff = rng.random() < 0.28
    face = Face(
        eyes=rng.choices(("round", "slit", "half", "closed"), (6, 4, 2, 1))[0],
        mouth="meow" if rng.random() < 0.1 else "plain",
        ears="flat" if rng.random() < 0.08 else "up",
        fluff=fluff,
    )
    return Beast(
        "cat",
        coat,
        face,
        cat_head,
        size=rng.uniform(11.4, 13.0),
        leg=rng.uniform(4.9, 5.6),
        legs=rng.uniform(0.9, 1.1),
        girth=rng.uniform(0.95, 1.15),
        tail="feather" if fluff else "long",
        collar=rng.choice(CLOTHS) if rng.random() < 0.22 else None,
    )


def dog(rng: random.Random) -> Beast:
    """Make up a dog."""
    _, coat, ears = rng.choices(bodies.DOGS, [n for n, _, _ in bodies.DOGS])[0]
    face = Face(eyes="dots", mouth="tongue" if rng.random() < 0.62 else "plain", ears=ears)
    return Beast(
        "dog",
        coat,
        face,
        dog_head,
        size=rng.uniform(11.2, 12.8),
        leg=rng.uniform(5.6, 6.4),
        legs=rng.uniform(0.85, 1.15),
        girth=rng.uniform(0.98, 1.15),
        tail="feather" if ears == "up" else "wag",
        collar=rng.choice(CLOTHS) if rng.random() < 0.5 else None,
    )


def great_cat(kind: str, rng: random.Random) -> Beast:
    """Make up a lion, tiger, leopard, snow leopard or cheetah."""
    coats: Mapping[str, Coat] = {
        "lion": bodies.LION,
        "tiger": bodies.TIGER,
        "leopard": bodies.LEOPARD,
        "snow leopard": bodies.SNOW_LEOPARD,
        "cheetah": bodies.CHEETAH,
    }
    coat = coats[kind]
    if kind == "lion":
        coat = replace(coat, mark=rng.choice(palette("b3683a 9a5436 c98643")))
    slim = kind == "cheetah"
    return Beast(
        kind,
        coat,
        Face(eyes=rng.choice(("round", "round", "half"))),
        great_head,
        size=rng.uniform(10.4, 11.2) if slim else rng.uniform(11.4, 12.6),
        leg=5.4 if slim else rng.uniform(6.5, 7.2),
        legs=1.2 if slim else rng.uniform(0.95, 1.1),
        girth=1.0 if slim else rng.uniform(1.08, 1.2),
        tail="tuft" if kind == "lion" else "thick",
    )


def other_beast(kind: str, rng: random.Random) -> Beast:
    """Make up a fox, rabbit, bear, panda or raccoon."""
    if kind == "fox":
        return Beast(
            kind,
            rng.choice(bodies.FOXES),
            Face(),
            fox_head,
            size=rng.uniform(11, 12.4),
            leg=4.6,
            tail="bushy",
        )
    if kind == "raccoon":
        return Beast(
            kind,
            bodies.RACCOON,
            Face(),
            fox_head,
            size=11.6,
            leg=5,
            legs=0.85,
            girth=1.1,
            tail="ringed",
        )
    if kind == "rabbit":
        face = Face(eyes="dots", ears="floppy" if rng.random() < 0.3 else "up")
        return Beast(
            kind,
            rng.choice(bodies.RABBITS),
            face,
            rabbit_head,
            size=rng.uniform(10.4, 11.6),
            leg=5.4,
            girth=1.08,
            tail="stub",
        )
    coat = bodies.BEARS[3] if kind == "panda" else rng.choice(bodies.BEARS[:3])
    return Beast(
        kind,
        coat,
        Face(eyes="dots"),
        bear_head,
        size=rng.uniform(12.2, 13.4),
        leg=8,
        legs=0.9,
        girth=1.32,
        tail="stub",
    )


def beast(kind: str, rng: random.Random) -> Beast:
    """Make up an animal of a kind."""
    if kind == "cat":
        return cat(rng)
    if kind == "dog":
        return dog(rng)
    return great_cat(kind, rng) if kind in GREAT_CATS else other_beast(kind, rng)


def crown(animal: Beast) -> float:
    """Return how far an animal reaches above the middle of its head, in half heads."""
    heights = {"rabbit": 2.4, "lion": 2.0, "fox": 1.6, "raccoon": 1.6, "dog": 1.55, "cat": 1.45}
    return heights.get(animal.kind, 1.2)


# --- where -------------------------------------------------------------------------------------

PET_PLACES = chances(
    "living room 6, sofa 6, window 5, bed 4, bookcase 3, kitchen 3, studio 5, garden 6, "
    "meadow 3, forest 2, snow 3, street 5, wall 4, beach 2, night 2, rooftop 3, "
    "jungle 1"
)
WILD_PLACES = chances("forest 6, meadow 5, garden 4, snow 4, night 3, street 1, jungle 1, studio 1")
PLACES: Mapping[str, Mapping[str, int]] = {
    "cat": PET_PLACES,
    "dog": {
        **PET_PLACES,
        **chances("window 2, bookcase 1, wall 1, rooftop 0, beach 4, meadow 5, forest 4"),
    },
    "rabbit": {**WILD_PLACES, **chances("living room 2, garden 6, bed 1")},
    "lion": chances("savanna 8, jungle 1, meadow 1, night 1, studio 1"),
    "tiger": chances("jungle 6, forest 3, snow 2, meadow 1, night 1, studio 1"),
    "leopard": chances("jungle 5, savanna 5, forest 2, night 1, studio 1"),
    "snow leopard": chances("snow 7, night 1, studio 1, forest 1"),
    "cheetah": chances("savanna 8, meadow 2, studio 1"),
    "panda": chances("jungle 4, forest 3, meadow 2, snow 1, studio 1"),
    "penguin": chances("snow 6, beach 1, studio 1"),
    "owl": chances("forest 5, night 5, snow 1, garden 1"),
    "bird": chances("garden 5, forest 3, meadow 3, snow 2, wall 1"),
    "duck": chances("garden 4, meadow 4, beach 2, street 1"),
    "hedgehog": chances("forest 5, garden 4, night 1"),
    "car": chances("street 5, meadow 3, beach 2, savanna 1, snow 1"),
}
TABLE_PLACES = chances("kitchen 5, window 3, bookcase 3, studio 4, living room 2")
BOX_PLACES = {*scenes.INDOORS, "street", "garden"} - {"window", "bookcase"}
THINGS: Mapping[str, things.Thing] = {
    **things.BIRDS,
    **things.GROUND,
    **things.TABLE,
    "penguin": things.penguin,
    "car": things.car,
}


def place(kind: str, rng: random.Random) -> str:
    """Choose where a kind of animal or thing is seen."""
    usual = TABLE_PLACES if kind in things.TABLE else WILD_PLACES
    return weighted(rng, PLACES.get(kind, usual))


def toy(pen: Pen, kind: str, rng: random.Random) -> None:
    """Draw what pets have lying about: yarn or a bowl for cats, a ball or a bone for dogs."""
    pen.fill(oval(0, 0.2, 6.5, 1.1), rgb("4a3346"), 0.26, soft=0.5)
    cloth = rng.choice(CLOTHS)
    if rng.random() < 0.4:
        pen.fill(oval(0, -4.6, 6, 1.6), rgb("9a6a4c"))
        pen.fill(blob(dots("-6.4,-4.8 0,-3.4 6.4,-4.8 7.6,0 -7.6,0"), (0, 2, 3, 4)), cloth)
        pen.fill(
            blob(dots("-6.9,-2.8 0,-1.5 6.9,-2.8 7.2,-1.6 0,-0.3 -7.2,-1.6"), (0, 2, 3, 5)),
            lighter(cloth, 0.5),
        )
    elif kind == "cat":
        pen.fill(stroke(dots("3,-0.6 9,0.4 13,-0.8 17,0.6"), 0.6), cloth)
        ball = oval(0, -4.6, 4.8)
        pen.fill(ball, cloth)
        with pen.clip(ball):
            for shift in (-4, -1.6, 0.8, 3.2):
                pen.fill(
                    stroke([(shift - 3, -9), (shift + 0.4, -5), (shift + 1, 0)], 0.5),
                    darker(cloth, 0.25),
                )
            pen.fill(
                stroke(dots("-5,-6 0,-4 5,-6"), 0.5) + stroke(dots("-5,-4 0,-2 5,-4"), 0.5),
                lighter(cloth, 0.4),
            )
    elif rng.random() < 0.5:
        ball = oval(0, -4.4, 4.6)
        pen.fill(ball, cloth)
        with pen.clip(ball):
            pen.fill(stroke(dots("-5,-6 0,-3.6 5,-6"), 1.5), lighter(cloth, 0.6))
    else:
        ends = oval(-5, -3.4, 1.9) + oval(-5, -1.4, 1.9) + oval(5, -3.4, 1.9) + oval(5, -1.4, 1.9)
        pen.fill(ends + stroke([(-5, -2.4), (5, -2.4)], 2.6), CREAM)


def sunbeam(pen: Pen, rng: random.Random) -> None:
    """Let light fall slantwise into a room."""
    x = rng.uniform(10, 45)
    for shift, wide in ((0, 15), (20, 9)):
        beam = poly(
            (x + shift, -2),
            (x + shift + wide, -2),
            (x + shift + wide + 34, 102),
            (x + shift + 24, 102),
        )
        pen.fill(beam, rgb("fff2c9"), 0.15, soft=0.8)


def put_beast(page: Pen, stage: scenes.Stage, kind: str, where: str, rng: random.Random) -> None:
    """Place an animal on a stage so that it fits into the frame, and what is in front of it."""
    animal = beast(kind, rng)
    if where == "snow" and kind not in GREAT_CATS and rng.random() < 0.4:
        animal = replace(animal, collar=rng.choice(CLOTHS), scarf=True)
    choices = {name: n for name, n in POSES[kind].items() if name != "box" or where in BOX_PLACES}
    stance = STANCES[weighted(rng, choices)]
    tall = stance.up + crown(animal) * animal.size
    ground = 101.0 if stance.portrait else stage.ground
    most = min((ground - 3) / tall, 97 / (stance.left + stance.right))
    least = 0.78 if stance.portrait else 0.55
    size = min(most * rng.triangular(least, 1.0, 0.93), 2.2 if stance.portrait else 1.9)
    flip = rng.random() < 0.5
    left, right = (stance.right, stance.left) if flip else (stance.left, stance.right)
    slack = max(0.0, 97 - (left + right) * size) * (0.16 if stance.portrait else 0.3)
    x = 50 + (left - right) * size / 2 + rng.uniform(-slack, slack)
    y = ground + (0 if stance.portrait else rng.uniform(-0.6, 0.6))
    stance.pose(page.at(x, y, size, flip=flip), animal, rng)
    if kind in {"cat", "dog"} and not stance.portrait and rng.random() < 0.16:
        side = rng.choice((-1, 1))
        toy(page.at(x + side * 23 * size, y + 5, size * 1.1), kind, rng)
    if stage.front is not None and (not stance.portrait or where == "snow"):
        stage.front(page)


def put_thing(page: Pen, stage: scenes.Stage, kind: str, rng: random.Random) -> None:
    """Place a bird, a fish or a thing on a stage."""
    perched = kind in things.BIRDS
    ground = rng.uniform(76, 86) if perched else stage.ground
    most = min(
        (ground - 4) / 54, 97 / (72 if kind == "car" else 60), 1.35 if kind in things.TABLE else 1.6
    )
    size = most * rng.triangular(0.6, 1.0, 0.92)
    flip = rng.random() < 0.5
    THINGS[kind](page.at(50 + rng.uniform(-7, 7), ground, size, flip=flip), rng)
    if stage.front is not None:
        stage.front(page)


def draw(kind: str, rng: random.Random, scale: int = 4) -> tuple[Image.Image, str]:
    """Draw one picture, and return it with the name of its place."""
    sheet = Sheet(SIZE * scale, CREAM)
    page = Pen.on(sheet)
    where = place(kind, rng)
    stage = {**scenes.INDOORS, **scenes.OUTDOORS}[where](page, rng)
    if where in scenes.INDOORS and rng.random() < 0.25:
        sunbeam(page, rng)
    if kind in POSES:
        put_beast(page, stage, kind, where, rng)
    else:
        put_thing(page, stage, kind, rng)
    return sheet.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS), where
