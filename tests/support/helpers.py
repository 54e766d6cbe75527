"""Small real files, images and sessions that many tests begin with."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from PIL import Image, ImageDraw

from errortool.actions import new_session
from errortool.data import predictions
from errortool.model import Kind, NewCategory, Session
from errortool.store import Store

ROOT = Path(__file__).parents[2]


def draw_image(path: Path, number: int = 0, size: tuple[int, int] = (160, 120)) -> Path:
    """Save a picture that shows its number as dots, so that no two are alike."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, (40 + number * 37 % 180, 90, 200 - number * 53 % 180))
    pen = ImageDraw.Draw(image)
    for dot in range(number % 40):
        x, y = 8 + dot % 10 * 15, 8 + dot // 10 * 25
        pen.ellipse((x, y, x + 10, y + 10), fill="white")
    image.save(path)
    return path


def cats_and_dogs(folder: Path, errors: int = 12, right: int = 28) -> Path:
    """Write a predictions file with its images; every error is a dog taken for a cat."""
    rows = ["id,image,label,prediction,confidence,camera"]
    for number in range(errors + right):
        wrong = number < errors
        name = f"{'dog' if wrong else 'cat'}s/{number:03d}.png"
        label = "not cat" if wrong else "cat"
        rows.append(f"dev-{number},{name},{label},cat,{0.5 + number / 100:.2f},front")
        draw_image(folder / "images" / name, number)
    path = folder / "predictions.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


def begin(
    store: Store,
    path: Path,
    *,
    name: str = "pets",
    categories: Sequence[str] = ("Dog", "Blurry"),
    label_errors: Sequence[str] = (),
    right: int = 0,
) -> Session:
    """Begin a session on a predictions file with its images beside it."""
    drawn = new_session.draw_sample(
        predictions.load(path),
        predictions_file=path,
        images_folder=path.parent / "images",
        right=right,
    )
    first = [
        *(NewCategory(name=category) for category in categories),
        *(NewCategory(name=category, kind=Kind.LABEL_ERROR) for category in label_errors),
    ]
    return new_session.begin(store, drawn, name=name, categories=first)


def query(path: Path, sql: str, *parameters: object) -> list[tuple]:
    """Ask a session file itself, as anybody can."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute(sql, parameters).fetchall()


def fill(disk: Path, *, but: int = 0) -> Path:
    """Fill a disk except for some bytes; return the file that does it."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    with ballast.open("wb") as file:
        file.write(bytes(max(0, free.f_bavail * free.f_frsize - but)))
    return ballast


@contextmanager
def without_root() -> Iterator[None]:
    """Run without the rights of root, whom no file refuses."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
