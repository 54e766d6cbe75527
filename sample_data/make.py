"""Makes the sample: the dev set of a cat detector, drawn and predicted from scratch.

What it draws: 1,000 small flat illustrations, half of them cats, the rest dogs, great cats, other
animals and things. `draw.py` composes them, from `heads.py`, `bodies.py`, `poses.py` and
`things.py` in front of `scenes.py` and `props.py`, all with the drawing kit `pen.py`; `camera.py`
blurs some and puts some through a photo filter. A few carry the wrong label, as in real life.

Who predicts: a small classifier (`classify.py`, numpy only) that is trained here on 7,000 other
drawings by the same generator. Those have few great cats, blurred and filtered pictures, so these
are what it tends to get wrong; its predictions are kept as they come.

How to run it, in some three minutes on two cores, where errortool is installed:

    python sample_data/make.py [--out DIR]

It writes `images/0000.webp` and so on, `predictions.csv` (what the tool reads), `truth.csv` (what
was really drawn, which the tool never sees) and `ticks.csv` (the first third of the demo's review,
as somebody who sees what was drawn would tick it). With the same library versions, the files are
the same each time.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from camera import blur, photo_filter
from classify import CatDetector, Floats, Pixels
from draw import GREAT_CATS, POSES, chances, draw
from PIL import Image

from errortool.data import sampling

DEV: Mapping[str, int] = chances(
    "cat 490, dog 120, lion 26, tiger 26, leopard 22, snow leopard 18, cheetah 18, "
    "rabbit 40, fox 35, bear 30, raccoon 25, panda 15, owl 20, bird 18, penguin 11, "
    "hedgehog 11, duck 10, fish 10, car 12, teapot 10, plant 9, mug 8, cactus 8, "
    "clock 8"
)
TRAINING: Mapping[str, int] = {**DEV, **dict.fromkeys(GREAT_CATS, 2)}
TRAINING_SIZE = 7000
MISLABELED = 15
TRAPS = {"garden", "meadow", "forest", "snow", "savanna", "jungle", "night"}  # have camera traps
TICKED = 34  # errors of the demo's review that are ticked from the start
SHRINK = 4  # the classifier sees pictures this many times smaller


@dataclass(frozen=True)
class Job:
    """One picture to take."""

    name: str  # seeds everything about it
    kind: str
    blurry: float  # chances
    filtered: float
    scale: int  # how many times larger it is drawn
    effort: int  # to compress it well


@dataclass(frozen=True)
class Picture:
    """One picture taken, as the file that is written."""

    kind: str
    source: str
    camera: str
    blurry: bool
    filtered: bool
    data: bytes
    mislabeled: bool = False

    @property
    def label(self) -> str:
        """Return the label as recorded."""
        return "cat" if (self.kind == "cat") != self.mislabeled else "not cat"

    def small(self) -> Pixels:
        """Return the pixels that the classifier sees."""
        with Image.open(io.BytesIO(self.data)) as image:
            return np.asarray(image.convert("RGB").reduce(SHRINK))


def source_of(kind: str, place: str, rng: random.Random) -> str:
    """Make up where a picture came from."""
    pet = kind in {"cat", "dog"}
    if place in TRAPS and kind in POSES and rng.random() < (0.25 if pet else 0.5):
        return "camera trap"
    return "mobile app" if rng.random() < (0.68 if pet else 0.5) else "web"


def take(job: Job) -> Picture:
    """Take one picture: draw it, blur it, filter it, compress it."""
    rng = random.Random(job.name)
    image, place = draw(job.kind, rng, job.scale)
    source = source_of(job.kind, place, rng)
    front = {"mobile app": 0.35, "web": 0.15, "camera trap": 0.0}[source]
    shaky = {"mobile app": 1.0, "web": 0.6, "camera trap": 1.7}[source]
    vain = {"mobile app": 1.4, "web": 1.0, "camera trap": 0.0}[source]
    camera = "front" if rng.random() < front else "back"
    blurry = rng.random() < job.blurry * shaky
    filtered = rng.random() < job.filtered * vain
    if blurry:
        image = blur(image, rng)
    if filtered:
        image = photo_filter(image, rng)
    data = io.BytesIO()
    image.save(data, "WEBP", quality=80, method=job.effort)
    return Picture(job.kind, source, camera, blurry, filtered, data.getvalue())


def take_all(jobs: Sequence[Job]) -> list[Picture]:
    """Take pictures on all cores, in order."""
    with Pool() as pool:
        return pool.map(take, jobs, chunksize=25)


def dev_jobs(rng: random.Random) -> list[Job]:
    """Return the pictures to take for the dev set, in its order."""
    kinds = [kind for kind, count in DEV.items() for _ in range(count)]
    rng.shuffle(kinds)
    return [Job(f"dev {n}", kind, 0.13, 0.11, 4, 6) for n, kind in enumerate(kinds)]


def dev_set() -> list[Picture]:
    """Take the dev set, and get some labels wrong."""
    rng = random.Random("dev order")
    jobs = dev_jobs(rng)
    pictures = take_all(jobs)
    confusing = {"cat", "dog", "fox", "raccoon", *GREAT_CATS}
    candidates = [n for n, job in enumerate(jobs) if job.kind in confusing]
    for n in rng.sample(candidates, MISLABELED):
        pictures[n] = replace(pictures[n], mislabeled=True)
    return pictures


def training_set() -> list[Picture]:
    """Take the training set: few great cats, hardly any blur or filter, and drawn less finely."""
    rng = random.Random("training order")
    kinds = rng.choices(list(TRAINING), list(TRAINING.values()), k=TRAINING_SIZE)
    return take_all(
        [Job(f"training {n}", kind, 0.015, 0.015, 2, 2) for n, kind in enumerate(kinds)]
    )


def stacked(pictures: Sequence[Picture]) -> Pixels:
    """Return what the classifier sees of pictures."""
    return np.stack([picture.small() for picture in pictures])


def write(out: Path, pictures: Sequence[Picture], scores: Floats) -> None:
    """Write the images and both tables."""
    (out / "images").mkdir(parents=True, exist_ok=True)
    predictions: list[list[object]] = []
    truth: list[list[object]] = []
    for n, (shot, score) in enumerate(zip(pictures, scores.tolist(), strict=True)):
        name = f"{n:04d}.webp"
        (out / "images" / name).write_bytes(shot.data)
        guess, sure = ("cat", score) if score > 0.5 else ("not cat", 1 - score)
        predictions.append(
            [f"dev-{n:04d}", name, shot.label, guess, f"{sure:.4f}", shot.source, shot.camera]
        )
        flags = (shot.blurry, shot.filtered, shot.mislabeled)
        truth.append([f"dev-{n:04d}", shot.kind, *map(int, flags)])
    heading = "id,image,label,prediction,confidence,source,camera"
    write_table(out / "predictions.csv", heading, predictions)
    write_table(out / "truth.csv", "id,animal,blurry,filter,mislabeled", truth)


def write_ticks(out: Path, pictures: Sequence[Picture], scores: Floats) -> None:
    """Write the ticks of the first errors that the demo reviews, in its order."""
    wrong = {
        f"dev-{n:04d}": shot
        for n, (shot, score) in enumerate(zip(pictures, scores.tolist(), strict=True))
        if (score > 0.5) != (shot.label == "cat")
    }
    rows: list[list[object]] = []
    for key in sampling.draw(wrong, TICKED, seed=0):
        shot = wrong[key]
        kinds = (shot.kind == "dog", shot.kind in GREAT_CATS)
        rows.append([key, *map(int, (*kinds, shot.blurry, shot.filtered, shot.mislabeled))])
    write_table(out / "ticks.csv", "id,Dog,Great cat,Blurry,Photo filter,Mislabeled", rows)


def write_table(path: Path, heading: str, rows: Sequence[Sequence[object]]) -> None:
    """Write a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(heading.split(","))
        table.writerows(rows)


def group(shot: Picture) -> str:
    """Return the group of a picture's subject."""
    if shot.kind in {"cat", "dog"}:
        return shot.kind
    if shot.kind in GREAT_CATS:
        return "great cat"
    return "other animal or thing"


def report(pictures: Sequence[Picture], scores: Floats) -> None:
    """Print the error and how it spreads over its causes; causes overlap."""
    wrong = [
        (score > 0.5) != (shot.label == "cat")
        for shot, score in zip(pictures, scores.tolist(), strict=True)
    ]
    print(f"dev error {sum(wrong)} of {len(wrong)}")
    names = ("cat", "dog", "great cat", "other animal or thing", "blurry", "filter", "mislabeled")
    for name in (*names, "cat, none of these", "not cat, none of these"):
        hits = [bad for shot, bad in zip(pictures, wrong, strict=True) if name in causes(shot)]
        print(f"{name:24}{sum(hits):4} wrong of {len(hits):4}")


def causes(shot: Picture) -> set[str]:
    """Return everything about a picture that may explain an error."""
    flags = {"blurry": shot.blurry, "filter": shot.filtered, "mislabeled": shot.mislabeled}
    found = {name for name, is_so in flags.items() if is_so}
    if not found and group(shot) == "cat":
        found.add("cat, none of these")
    if not found and group(shot) == "other animal or thing":
        found.add("not cat, none of these")
    return found | {group(shot)}


def main() -> None:
    """Make the sample."""
    parser = argparse.ArgumentParser(description="Draw the sample dev set and predict it.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write")
    out: Path = parser.parse_args().out
    pictures = dev_set()
    examples = training_set()
    is_cat = np.array([example.kind == "cat" for example in examples])
    detector = CatDetector(stacked(examples), is_cat, seed=7)
    scores = detector.scores(stacked(pictures))
    write(out, pictures, scores)
    write_ticks(out, pictures, scores)
    report(pictures, scores)


if __name__ == "__main__":
    main()
