"""Damaged files by the thousand: each is read, or refused in one of our own sentences.

The damage is seeded, so that a failure can be repeated: its number is in the message.
"""

import io
import os
import random
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from bad_input.case import as_parquet, packed, plain
from bad_input.pictures import encoded, picture
from bad_input.ticks import TICKS
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from errortool import images
from errortool.data import predictions, tables, tick_tables
from errortool.errors import ErrortoolError, ImageError
from errortool.images import locate, preview
from errortool.model import Category, Columns, Example, Kind, Row

FEW, MANY = 320, 10_000
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return data with bytes flipped, lost, put in or cut off."""
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        at = chance.randrange(len(result) + 1)
        match chance.randrange(5):
            case 0:
                result[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                result[at : at + chance.randrange(1, 30)] = b""
            case 2:
                result[at:at] = chance.randbytes(chance.randrange(1, 30))
            case 3:
                result[at : at + 4] = chance.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"))
            case 4 if chance.randrange(4) == 0:
                del result[at:]
    return bytes(result)


@cache
def whole() -> tuple[bytes, ...]:
    """Return whole tables in every dress, and whole images of every kind."""
    text = plain()
    return (
        text.encode(), plain(";", "\r\n").encode("cp1252"), text.encode("utf-16"),
        plain('","').replace("\n", '"\n"').join(['"', ""])[:-1].encode(), TICKS.encode(),
        as_parquet(), as_parquet(note=[None, 1.5] * 6, more=[[1]] * 12), packed(text),
        packed(as_parquet()),
        *(encoded(kind, size) for kind in KINDS for size in ((40, 30), (300, 200))),
    )  # fmt: skip


ROWS = tuple(
    Row(
        example=Example(
            position=number, key=f"k{key}", image=None, label="a", prediction="b",
            confidence=None, extra={},
        ),
        ticks={}, status=None, comment="", corrected_label=None, reviewer="",
    )
    for number, key in enumerate((0, 3, 4, 7, 8, 11))
)  # fmt: skip
COLUMNS = Columns(label="label", prediction="prediction", id="id")
DOG = (Category(id=1, name="Dog", kind=Kind.CAUSE, position=0),)


def as_predictions(data: bytes, _: Path) -> None:
    """Read bytes as a table of predictions and draw from it."""
    predictions.validate(tables.parse(data, "p.csv")).sample(5, 0)


def as_ticks(data: bytes, _: Path) -> None:
    """Read bytes as a table of ticks."""
    table = tables.parse(data, "t.csv")
    tick_tables.read_ticks(table, DOG, ROWS, columns=COLUMNS, new_categories=True)


def as_image(data: bytes, folder: Path) -> None:
    """Look at bytes as an image: its header, small, and in full."""
    (folder / "x.jpg").write_bytes(data)
    images.inspect(folder, "x.jpg")
    for side in (images.THUMBNAIL_SIDE, None):
        assert Image.open(io.BytesIO(preview(folder, "x.jpg", side=side).data)).size


Reader = Callable[[bytes, Path], None]


@pytest.mark.parametrize("number", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_damaged_files_are_read_or_refused(number: int, tmp_path: Path):
    """Flipped, lost and added bytes: every file is read or refused, by every reader of it."""
    outcomes: Counter[str] = Counter()
    for seed in range(number):
        chance = random.Random(seed)
        kind = seed % len(whole())
        data = damaged(whole()[kind], chance)
        readers: tuple[Reader, ...] = (as_image,) if kind >= 9 else (as_predictions, as_ticks)
        for read in readers:
            try:
                read(data, tmp_path)
                outcomes[f"{read.__name__}: read"] += 1
            except ErrortoolError as error:
                outcomes[f"{read.__name__}: {'refused' if str(error) else 'without a word'}"] += 1
            except Exception as error:
                raise AssertionError(f"seed {seed} of {read.__name__}") from error
    print(dict(outcomes))
    assert len(outcomes) == 6, "both outcomes of each reader are met"


@pytest.mark.parametrize("side", [None, 100])
@pytest.mark.parametrize(
    ("kind", "options"), [*((kind, {}) for kind in KINDS), ("JPEG", {"progressive": True})], ids=str
)
def test_a_truncated_image_is_never_shown_as_whole(
    kind: str, options: dict, side: int | None, tmp_path: Path
):
    """Wherever its end is cut off, that is reported or every pixel is there, also when shrunk."""
    out = io.BytesIO()
    picture("RGB", (300, 200)).save(out, kind, **options)
    data = out.getvalue()

    def shown(lost: int) -> Image.Image:
        (tmp_path / "x.jpg").write_bytes(data[: len(data) - lost])
        encoded = preview(tmp_path, "x.jpg", side=side)
        return Image.open(io.BytesIO(encoded.data)).convert("RGB")

    full = shown(0)
    chance = random.Random(1)
    told = 0
    for lost in {1, 2, 3, 4, 8, 12, 20, *(chance.randrange(1, len(data)) for _ in range(40))}:
        try:
            rest = shown(lost)
        except ImageError:
            told += 1
            continue
        assert ImageChops.difference(full, rest).getbbox() is None, f"{lost} bytes lost"
    assert told


# --- where an image may lie ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def maze(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an image folder with links of every kind, and a secret outside."""
    top = tmp_path_factory.mktemp("maze")
    folder = top / "images"
    (folder / "a" / "b").mkdir(parents=True)
    (top / "images-too").mkdir()
    for place in (folder / "x.png", folder / "a" / "x.png", folder / "a" / "b" / "x.png",
                  top / "x.png", top / "images-too" / "x.png"):  # fmt: skip
        picture().save(place)
    for name, target in {
        "in": "a/b", "up": "..", "top": top, "root": "/", "loop": "loop", "same.png": "a/x.png",
        "out.png": "../x.png", "far.png": top / "images-too" / "x.png", "a/up": "..",
        "a/upup": "../..", "a/b/self": folder, "gone": "nothing", "proc": "/proc/self/cwd",
    }.items():  # fmt: skip
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe")
    return folder


STEPS = (
    *"a b x.png in up top root loop same.png out.png far.png upup self gone proc pipe".split(),
    *"images images-too .. . / // \\ ~ C: \u2025 \uff0e\uff0e \u2215 %2e%2e".split(),
    *("", " ", "..\u200b", ".. ", "\0"),
)
step = st.one_of(st.sampled_from(STEPS), st.text(max_size=3))


@settings(max_examples=400, deadline=None)
@given(
    steps=st.lists(step, max_size=7),
    slash=st.sampled_from(["/", "\\", "//", "/./"]),
    absolute=st.booleans(),
)
@example(steps=["in", "x.png"], slash="/", absolute=False)
@example(steps=["a", "up", "up", "x.png"], slash="/", absolute=False)
def test_no_path_that_is_accepted_lies_outside(
    maze: Path, steps: list[str], slash: str, absolute: bool
):
    """Through dots, links, slashes of all kinds: what is opened lies in the folder, for real."""
    path = slash.join(steps)
    if absolute:
        path = f"{maze}{slash}{path}"
    try:
        place = locate(maze, path)
    except ImageError:
        return
    real = os.path.realpath(place)
    assert real.startswith(f"{os.path.realpath(maze)}/")
    assert os.path.isfile(real)  # noqa: PTH113  as the system sees it
    assert preview(maze, path).data


@pytest.mark.parametrize(
    "path", ["x.png", "in/x.png", "same.png", "a/up/a/x.png", "a/b/self/x.png"]
)
def test_paths_through_links_inside_are_accepted(maze: Path, path: str):
    """The test above would accept these."""
    assert preview(maze, path).data
