"""Images are found inside their folder only, shown whole and upright, or not at all."""

import io
import os
import struct
import subprocess
import sys
import unicodedata
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageStat
from tiffs import tiff

from errortool import images
from errortool.errors import ImageError
from errortool.images import (
    Cache,
    Encoded,
    Note,
    found_by_end,
    inspect,
    leading_out,
    locate,
    preview,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give an image folder with one picture, and a secret beside it."""
    inside = tmp_path / "images"
    (inside / "cats").mkdir(parents=True)
    picture((40, 30)).save(inside / "cats" / "1.png")
    picture((40, 30)).save(tmp_path / "secret.png")
    return inside


def picture(size: tuple[int, int] = (40, 30), mode: str = "RGB") -> Image.Image:
    """Return a picture that is red in its left half and white in its right."""
    image = Image.new("RGB", size, "red")
    image.paste("white", (size[0] // 2, 0, size[0], size[1]))
    return image.convert(mode)


def shown(encoded: Encoded) -> Image.Image:
    """Decode what would be served."""
    return Image.open(io.BytesIO(encoded.data))


# --- where an image may lie ----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["cats/1.png", "cats\\1.png", "./cats/1.png", " cats/1.png"])
def test_an_image_is_found_however_its_path_is_written(folder: Path, path: str):
    """Slashes of either kind lead to it."""
    assert locate(folder, path) == folder / "cats" / "1.png"


def test_an_absolute_path_into_the_folder_is_fine(folder: Path):
    """Many files hold absolute paths; what counts is where they lead."""
    path = str(folder / "cats" / "1.png")
    assert locate(folder, path) == folder / "cats" / "1.png"
    assert not any(leading_out(folder, [path]))


def test_accents_may_be_written_either_way(folder: Path):
    """A table in NFC finds a file whose name is in NFD, and the other way round."""
    picture().save(folder / unicodedata.normalize("NFD", "é.png"))
    assert locate(folder, unicodedata.normalize("NFC", "é.png")).exists()


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("../secret.png", "lies outside the image folder"),
        ("cats/../../secret.png", "lies outside"),
        ("..\\secret.png", "lies outside"),
        ("/etc/passwd", "lies outside"),
        ("http://example.com/cat.png", "is a URL"),
        ("file:///etc/passwd", "is a URL"),
        ("data:image/png;base64,AAAA", "is a URL"),
        ("\\\\server\\share\\cat.png", "a network path"),
        ("//server/share/cat.png", "a network path"),
        ("C:\\cat.png", "names a drive"),
        ("c:/cat.png", "names a drive"),
        ("cat\0.png", "holds a NUL"),
        ("", "no image is named"),
        ("cats/2.png", "is not in the image folder"),
        ("cats", "is a folder"),
        ("cats/1.png/x", "can't be opened"),
        ("a" * 5000, "can't be opened"),
    ],
)
def test_a_path_out_of_the_folder_or_to_nothing_is_refused(folder: Path, path: str, sentence: str):
    """Each is refused with its own reason, and nothing is opened."""
    with pytest.raises(ImageError, match=sentence):
        preview(folder, path)


MACHINES = (
    "C:\\Users\\some one\\ds\\val\\cats\\1.png",
    "D:/ds/cats/1.png",
    "/content/drive/MyDrive/ds/val/cats/1.png",
    "../input/ds/cats/1.png",
    "file:///home/ann/ds/cats/1.png",
    "s3://bucket/ds/cats/1.png",
    "https://example.com/ds/cats/1.png?version=3",
    "\\\\server\\share\\ds\\cats\\1.png",
    "/data/local-files/?d=ds/val/cats/1.png",
    "val/cats/1.png",
)


@pytest.mark.parametrize("path", MACHINES)
def test_a_path_of_another_machine_is_found_by_its_end(folder: Path, path: str):
    """The longest end that exists in the folder is the image, also in a folder above or below."""
    assert locate(folder, path) == folder / "cats" / "1.png"
    assert found_by_end(folder, path) == folder / "cats" / "1.png"
    assert locate(folder / "cats", path) == folder / "cats" / "1.png"
    assert preview(folder, path).data


def test_the_longest_end_is_taken(folder: Path):
    """A file of the same name higher up is another one."""
    picture((9, 9)).save(folder / "1.png")
    assert locate(folder, "/x/cats/1.png") == folder / "cats" / "1.png"
    assert locate(folder, "/x/dogs/1.png") == folder / "1.png"


def test_what_is_there_as_written_is_not_looked_for(folder: Path):
    """Only what leads nowhere is."""
    for path in ("cats/1.png", "cats\\1.png", str(folder / "cats" / "1.png")):
        assert found_by_end(folder, path) is None


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/x/a%20b%C3%A9.png", "a bé.png"),
        ("/data/local-files/?d=x/a%20b%C3%A9.png", "a bé.png"),
        ("/x/100%.png", "100%.png"),
        ("/x/img_001", "img_001.JPG"),
        ("img_001", "img_001.JPG"),
        ("two", None),
        ("/x/other", None),
        ("/x/loop.png", None),
        ("/x/out.png", None),
        ("C:\\away\\secret.png", None),
        ("../secret.png", None),
        ("cats/../../secret.png", None),
        ("a\0.png", None),
        ("/x/cats", None),
    ],
)
def test_ends_may_be_spelt_otherwise_and_never_lead_out(folder: Path, path: str, file: str | None):
    """Percent signs are read, a missing ending is found if one fits; links out are no ends."""
    for name in ("a bé.png", "100%.png", "two.png", "two.bmp"):
        picture().save(folder / name)
    picture().save(folder / "img_001.JPG")
    (folder / "out.png").symlink_to(folder.parent / "secret.png")
    (folder / "away").symlink_to(folder.parent)
    (folder / "loop.png").symlink_to(folder / "loop.png")
    assert found_by_end(folder, path) == (None if file is None else folder / file)


def test_links_may_lead_about_in_the_folder_but_not_out(folder: Path):
    """A link inside is followed, one that leads out is not, nor is a loop."""
    (folder / "same.png").symlink_to(folder / "cats" / "1.png")
    (folder / "out.png").symlink_to(folder.parent / "secret.png")
    (folder / "away").symlink_to(folder.parent)
    (folder / "loop.png").symlink_to(folder / "loop.png")
    assert preview(folder, "same.png").data
    for path in ("out.png", "away/secret.png"):
        with pytest.raises(ImageError, match="lies outside"):
            preview(folder, path)
    with pytest.raises(ImageError, match="loop"):
        preview(folder, "loop.png")


def test_a_link_swapped_in_after_the_check_is_not_followed(folder: Path, monkeypatch):
    """What is opened is what was checked, even if the folder changes in between."""
    place = locate(folder, "cats/1.png")

    def swap(_folder: Path, _path: str) -> Path:
        place.unlink()
        place.symlink_to(folder.parent / "secret.png")
        return place

    monkeypatch.setattr(images, "locate", swap)
    with pytest.raises(ImageError):
        preview(folder, "cats/1.png")


def test_the_folder_itself_may_be_a_link(folder: Path):
    """An image folder that is a symbolic link works like any other."""
    (folder.parent / "linked").symlink_to(folder)
    assert preview(folder.parent / "linked", "cats/1.png").data


def test_a_fifo_is_refused_without_waiting(folder: Path):
    """A pipe without a writer doesn't hang the review."""
    os.mkfifo(folder / "pipe.png")
    with pytest.raises(ImageError, match="not a regular file"):
        preview(folder, "pipe.png")


@settings(max_examples=300)
@given(st.lists(st.sampled_from(["..", ".", "a", "images", "/", "\\", "~", "x.png"]), max_size=6))
def test_no_path_leads_out(parts: list[str]):
    """Whatever is put together, what is found lies in the folder, or nothing is found."""
    folder = Path(__file__).parent / "store"
    for path in ("/".join(parts), "\\".join(parts)):
        try:
            place = locate(folder, path)
        except ImageError:
            continue
        assert place.is_relative_to(folder)
        assert not any(leading_out(folder, [path]))


# --- what is shown -------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["jpg", "png", "webp", "gif", "bmp", "tiff"])
@pytest.mark.parametrize("size", [(40, 30), (640, 480)])
def test_every_format_is_shown_as_jpeg_or_png(folder: Path, ending: str, size: tuple[int, int]):
    """Small images keep their pixels exactly, as PNG; all are encoded by us."""
    picture(size).save(folder / f"x.{ending}")
    encoded = preview(folder, f"x.{ending}")
    assert encoded.content_type == ("image/png" if size[0] < 256 else "image/jpeg")
    image = shown(encoded).convert("RGB")
    assert image.size == size
    assert image.getpixel((2, 2))[0] > 230
    assert image.getpixel((size[0] - 3, 2))[2] > 230


def test_a_wrong_ending_does_not_matter(folder: Path):
    """The format is recognised by the bytes, not by the name."""
    picture().save(folder / "x.jpg", "PNG")
    assert preview(folder, "x.jpg").data


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "RGBA", "I;16", "F"])
def test_every_mode_is_shown(folder: Path, mode: str):
    """Grey, palette, CMYK, transparent, 16-bit and float become 8-bit colour."""
    ending = "tiff" if mode in {"CMYK", "I;16", "F"} else "png"
    base = picture().convert("L") if mode in {"I;16", "F"} else picture()
    image = Image.new("I;16", base.size) if mode == "I;16" else base.convert(mode)
    if mode == "I;16":
        image.putdata([value * 257 for value in base.get_flattened_data()])
    image.save(folder / f"x.{ending}")
    result = shown(preview(folder, f"x.{ending}"))
    assert result.mode == ("RGBA" if mode in {"LA", "RGBA"} else "RGB")
    left, right = (result.crop(box).convert("L") for box in ((0, 0, 20, 30), (20, 0, 40, 30)))
    assert ImageStat.Stat(left).mean[0] < 200 < ImageStat.Stat(right).mean[0]


def test_transparency_is_kept(folder: Path):
    """A transparent image stays transparent: the page shows what is behind."""
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(folder / "x.png")
    assert shown(preview(folder, "x.png")).getpixel((5, 5))[3] == 0


def test_an_image_is_turned_upright(folder: Path):
    """The orientation in EXIF is carried out, not passed on."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise
    picture((40, 30)).save(folder / "x.jpg", exif=exif)
    image = shown(preview(folder, "x.jpg"))
    assert image.size == (30, 40)
    assert image.convert("RGB").getpixel((15, 2))[0] > 200
    assert 0x0112 not in image.getexif()


def test_only_the_first_frame_of_an_animation_is_shown(folder: Path):
    """An animated GIF becomes a still image."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "x.gif", save_all=True, append_images=frames[1:])
    assert shown(preview(folder, "x.gif")).convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_large_images_are_shown_small_and_in_full_when_asked(folder: Path):
    """A preview has at most 1600 pixels a side; zooming gets them all."""
    picture((3200, 2000)).save(folder / "x.jpg")
    assert shown(preview(folder, "x.jpg")).size == (1600, 1000)
    assert shown(preview(folder, "x.jpg", side=None)).size == (3200, 2000)


def test_one_pixel_is_an_image(folder: Path):
    """1x1 is shown."""
    picture((2, 1)).crop((0, 0, 1, 1)).save(folder / "x.png")
    assert shown(preview(folder, "x.png")).size == (1, 1)


def test_a_hundred_megapixels_are_shown(folder: Path):
    """Below the bound of 120 megapixels an image is shown, however large."""
    Image.new("L", (12_500, 8_000), 128).save(folder / "x.png")
    assert shown(preview(folder, "x.png")).size == (1600, 1024)


NOTEBOOK = """
import threading, warnings
from pathlib import Path
import numpy  # sets filters of its own
from PIL import Image

Image.MAX_IMAGE_PIXELS = 40_000
filters = list(warnings.filters)

import errortool
from errortool import images

rows = ["id,image,label,prediction"]
picture = Image.effect_noise((300, 200), 60).convert("RGB")
Path("images").mkdir()
for name, label, guess in (
    ("a.jpg", "cat", "dog"), ("b.png", "dog", "cat"), ("c.webp", "dog", "cat"),
    ("d.gif", "dog", "cat"), ("e.bmp", "cat", "dog"), ("right.png", "cat", "cat"),
):
    picture.save(Path("images", name))
    rows.append(f"{name},{name},{label},{guess}")
Path("p.csv").write_text("\\n".join(rows))
Image.new("L", (300, 300)).save("theirs.png")

def is_refused():
    try:
        Image.open("theirs.png")
    except Image.DecompressionBombError:
        return True

refused, done = [], threading.Event()

def open_their_own():
    while not done.is_set():
        refused.append(is_refused())

theirs = threading.Thread(target=open_their_own, daemon=True)
theirs.start()
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    errortool.new("p.csv", images="images", name="pets")
    errortool.report("pets")
    for row in rows[1:]:
        assert images.preview(Path("images"), row.split(",")[1]).data
done.set()
theirs.join()
assert [str(warning.message) for warning in told] == []
assert all(refused), "no longer refused while errortool opened its own"
assert is_refused()
assert Image.MAX_IMAGE_PIXELS == 40_000
assert warnings.filters == filters, warnings.filters
"""


def test_pillow_stays_as_its_user_has_set_it(tmp_path: Path):
    """A notebook's own bound holds for its own images; ours open without a warning."""
    result = subprocess.run(
        [sys.executable, "-c", NOTEBOOK], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_the_command_line_hides_pillows_warnings(tmp_path: Path):
    """A large TIFF, which Pillow's decoder warns of, is shown without a word on stderr."""
    Image.new("1", (12_000, 8_000)).save(tmp_path / "large.tiff")
    picture().save(tmp_path / "x.png")
    (tmp_path / "p.csv").write_text("image,label,prediction\nlarge.tiff,cat,dog\nx.png,dog,dog\n")
    (tmp_path / "ticks.csv").write_text("image,Dog\nlarge.tiff,1\n")
    for arguments in (
        ["new", "p.csv", "--name", "x"],
        ["import", "x", "ticks.csv", "--new-categories"],
        ["export", "x", "--to", "out", "--html"],
    ):
        result = subprocess.run(
            [Path(sys.executable).with_name("errortool"), *arguments],
            cwd=tmp_path,
            env=os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")},
            capture_output=True,
            text=True,
            check=True,
        )
    assert result.stderr == ""
    assert "data:image/" in (tmp_path / "out" / "report.html").read_text()


def bomb() -> bytes:
    """Return a small PNG that says it has 400 million pixels."""
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    chunks = b""
    for name, data in ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")):
        chunks += struct.pack(">I", len(data)) + name + data
        chunks += struct.pack(">I", zlib.crc32(name + data))
    return b"\x89PNG\r\n\x1a\n" + chunks


def webp_bomb() -> bytes:
    """Return the start of a WebP that says it has 400 million pixels: 1.6 GB once it is opened."""
    side = (20_000 - 1).to_bytes(3, "little")
    chunks = b"WEBPVP8X" + struct.pack("<II", 10, 0) + side + side
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


@cache
def jpeg() -> bytes:
    """Return a JPEG with some content."""
    out = io.BytesIO()
    Image.effect_noise((400, 300), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is an empty file"),
        (jpeg()[: len(jpeg()) // 2], "is truncated"),
        (b"not an image at all", "is not a JPEG, PNG, WebP, GIF, BMP or TIFF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a JPEG"),
        (b"<html><script>alert(1)</script></html>", "is not a JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "is not a JPEG"),
        (bomb(), "20,000 x 20,000 pixels, more than the 120 million"),
        (webp_bomb(), r"has too many pixels \(Image size \(400000000 pixels\) exceeds limit"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "damaged|not a JPEG"),
    ],
)
def test_a_file_that_is_not_a_whole_image_is_refused_with_the_reason(
    folder: Path, content: bytes, sentence: str
):
    """Half an image is never shown, nor anything that isn't an image."""
    (folder / "x.jpg").write_bytes(content)
    with pytest.raises(ImageError, match=sentence):
        preview(folder, "x.jpg")


def test_a_check_finds_missing_files_and_files_that_are_not_images(folder: Path):
    """Before a session begins, and without decoding a pixel."""
    inspect(folder, "cats/1.png")
    (folder / "x.jpg").write_bytes(b"<html>")
    for path in ("x.jpg", "missing.jpg"):
        with pytest.raises(ImageError):
            inspect(folder, path)


def test_a_file_without_permission_is_refused_with_the_reason(folder: Path, monkeypatch):
    """Root may read every file, so the system's answer is replaced."""

    def refuse(*_args: object, **_options: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ImageError, match="no permission"):
        preview(folder, "cats/1.png")


@settings(max_examples=150)
@given(st.data())
def test_flipped_bytes_never_break_it(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    """A damaged file gives an image or an ImageError, nothing else."""
    content = bytearray(jpeg())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    folder = tmp_path_factory.mktemp("flipped")
    (folder / "x.jpg").write_bytes(bytes(content))
    try:
        assert preview(folder, "x.jpg").data
    except ImageError as error:
        assert "x.jpg" in str(error)  # noqa: PT017  either outcome is right


# --- the cache -----------------------------------------------------------------------------------


def kept(folder: Path) -> list[Path]:
    """Return the files of a cache."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_preview_is_made_once_and_again_when_the_file_changes(folder: Path, tmp_path: Path):
    """The cache answers while the file is the same."""
    cache = Cache(tmp_path / "previews")
    first = preview(folder, "cats/1.png", cache=cache)
    (file,) = kept(tmp_path / "previews")
    file.write_bytes(b"from the cache")
    assert preview(folder, "cats/1.png", cache=cache).data == b"from the cache"
    assert preview(folder, "cats/1.png") == first
    Image.new("RGB", (50, 50), "green").save(folder / "cats" / "1.png")
    again = preview(folder, "cats/1.png", cache=cache)
    assert again.data not in {first.data, b"from the cache"}


def test_the_cache_is_bounded(folder: Path, tmp_path: Path):
    """Above its bound the oldest previews are deleted, also those of an earlier run."""
    for number in range(12):
        Image.effect_noise((20, 20), 60).save(folder / f"{number}.png")
        cache = Cache(tmp_path / "previews", most_bytes=3_000 if number > 5 else 1_000_000)
        preview(folder, f"{number}.png", cache=cache)
    assert 0 < sum(path.stat().st_size for path in kept(tmp_path / "previews")) <= 3_000


def test_the_cache_stays_below_its_bound_while_it_is_used(folder: Path, tmp_path: Path):
    """One cache that is written often deletes the oldest and keeps the newest."""
    cache = Cache(tmp_path / "previews", most_bytes=3_000)
    for number in range(12):
        Image.effect_noise((20, 20), 60).save(folder / f"{number}.png")
        newest = preview(folder, f"{number}.png", cache=cache)
    files = kept(tmp_path / "previews")
    assert sum(path.stat().st_size for path in files) <= 3_000
    assert newest.data in {path.read_bytes() for path in files}


def test_without_a_folder_the_cache_lies_where_the_system_keeps_caches(
    folder: Path, tmp_path: Path, monkeypatch
):
    """Under XDG_CACHE_HOME, where there is such a thing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    preview(folder, "cats/1.png", cache=Cache())
    assert len(kept(tmp_path / "home" / "errortool")) == 1


def test_a_cache_that_can_not_be_written_does_not_matter(folder: Path):
    """Without a place for previews everything works, only slower."""
    assert preview(folder, "cats/1.png", cache=Cache(Path("/proc/nowhere"))).data


def test_the_original_is_never_touched(folder: Path):
    """A preview changes nothing in the image folder."""
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    preview(folder, "cats/1.png")
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


# --- colours of 16 bits --------------------------------------------------------------------------


def deep(channels: int, seed: int = 0) -> np.ndarray:
    """Return random values of 12 bits: what a microscope or a satellite gives."""
    return np.random.default_rng(seed).integers(100, 4096, (6, 5, channels), dtype=np.uint16)


def png_of_16(values: np.ndarray) -> bytes:
    """Return a PNG of 16 bits a channel."""
    height, width, channels = values.shape
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in values)
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def tiff_of(
    values: np.ndarray, order: str = "<", *, compressed: bool = False, orientation: int = 1
) -> bytes:
    """Return a TIFF whose channels lie side by side; a fourth one isn't transparency."""
    height, width, channels = values.shape
    kind = values.dtype.newbyteorder(order)
    data = values.astype(kind).tobytes()
    data = zlib.compress(data) if compressed else data
    bits, form = values.dtype.itemsize * 8, 3 if values.dtype.kind == "f" else 1
    start = 8 + 2 * channels * 2 + 4 + len(data)
    tags = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, channels, 8), (259, 3, 1, 1),
        (262, 3, 1, 2), (273, 4, 1, 8 + 4 * channels), (274, 3, 1, orientation),
        (277, 3, 1, channels), (278, 4, 1, height), (279, 4, 1, len(data)),
        (339, 3, channels, 8 + 2 * channels),
    ]  # fmt: skip
    if compressed:
        tags[3] = (259, 3, 1, 8)
    if channels > 3:
        tags.insert(-1, (338, 3, 1, 0) if channels == 4 else (338, 3, channels - 3, start - 4))
    start += len(data) % 2
    body = struct.pack(f"{order}H", len(tags))
    for tag, type_, number, value in tags:
        small = type_ == 3 and number == 1
        body += struct.pack(f"{order}HHI", tag, type_, number)
        body += struct.pack(
            f"{order}HH" if small else f"{order}I", *([value, 0] if small else [value])
        )
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", start)
    lists = struct.pack(f"{order}{channels}H", *[bits] * channels)
    lists += struct.pack(f"{order}{channels}H", *[form] * channels)
    return head + lists + data + bytes(start - len(head + lists + data)) + body + bytes(4)


def stretched(values: np.ndarray) -> np.ndarray:
    """Return what is to be seen, computed another way than the image module does."""
    colours = values[..., :3].astype(np.float64)
    low, high = colours.min(), colours.max()
    return np.rint((colours - low) / (high - low) * 255)


@pytest.mark.parametrize(
    ("name", "channels", "encode"),
    [
        ("a.png", 3, png_of_16),
        ("a.png", 4, png_of_16),
        ("a.tif", 3, tiff_of),
        ("a.tif", 3, lambda values: tiff_of(values, ">")),
        ("a.tif", 4, tiff_of),
        ("a.tif", 4, lambda values: tiff_of(values, ">")),
        ("a.tif", 3, lambda values: tiff_of(values, compressed=True)),
        ("a.tif", 3, lambda values: tiff_of(values, ">", compressed=True)),
        ("a.tif", 4, lambda values: tiff_of(values, compressed=True)),
    ],
)
def test_colours_of_16_bits_are_stretched_by_their_own_range(
    tmp_path: Path, name: str, channels: int, encode
):
    """Every value is as in the file, of both byte orders: Pillow would show these black."""
    values = deep(channels)
    (tmp_path / name).write_bytes(encode(values))
    assert inspect(tmp_path, name) is Note.DEPTH
    image = shown(preview(tmp_path, name))
    assert np.abs(np.asarray(image)[..., :3] - stretched(values)).max() <= 1
    if image.mode == "RGBA":
        assert (np.asarray(image)[..., 3] == values[..., 3] >> 8).all()


def test_grey_of_16_bits_with_transparency_is_stretched_too(tmp_path: Path):
    """Its lower bytes are decoded in another way."""
    values = deep(2)
    (tmp_path / "a.png").write_bytes(png_of_16(values))
    assert inspect(tmp_path, "a.png") is Note.DEPTH
    found = np.asarray(shown(preview(tmp_path, "a.png")))
    assert np.abs(found[..., 0] - stretched(values[..., :1].repeat(3, 2))[..., 0]).max() <= 1
    assert (found[..., 3] == values[..., 1] >> 8).all()


def test_deep_colours_are_turned_upright(tmp_path: Path):
    """The camera's note is of the file, not of its colours."""
    values = deep(3)
    (tmp_path / "a.tif").write_bytes(tiff_of(values, orientation=6))
    image = shown(preview(tmp_path, "a.tif"))
    assert image.size == (6, 5)
    assert np.abs(np.asarray(image) - np.rot90(stretched(values), -1)).max() <= 1


def test_one_deep_colour_is_no_division_by_zero(tmp_path: Path):
    """A picture of one value has no range."""
    (tmp_path / "a.png").write_bytes(png_of_16(np.full((3, 3, 3), 700, np.uint16)))
    assert shown(preview(tmp_path, "a.png")).getextrema() == ((0, 0),) * 3


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (tiff_of(deep(13)), "is a TIFF of 13 channels of 16-bit numbers, .* as an RGB PNG"),
        (tiff_of(deep(3).astype(np.float64)), "is a TIFF of 3 channels of 64-bit floats"),
        (b"II*\0\xff\xff\xff\xff", "is a damaged TIFF"),
        (b"\0\0\0\x18ftypheic" + bytes(64), "but a HEIC photo: save it as JPEG or PNG"),
        (bytes(128) + b"DICM" + bytes(64), "but a DICOM file: export its picture as PNG"),
        (b"8BPS" + bytes(64), "but a Photoshop file"),
        (b"\x93NUMPY" + bytes(64), "but a NumPy array"),
        (b"<?xml version='1.0'?>\n<svg xmlns=''/>", "but an SVG drawing"),
        (b"<!DOCTYPE html><html>404", "but a web page"),
        (b"words", "is not a JPEG, PNG, WebP, GIF, BMP or TIFF image, nor AVIF"),
    ],
)
def test_what_can_not_be_shown_says_what_it_is(tmp_path: Path, capfd, data: bytes, says: str):
    """And what would help; no library writes anything by itself."""
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(ImageError, match=says):
        preview(tmp_path, "a")
    assert capfd.readouterr() == ("", "")


def test_avif_is_shown(tmp_path: Path):
    """Pillow brings its decoder."""
    picture().save(tmp_path / "a.avif")
    assert inspect(tmp_path, "a.avif") is None
    assert shown(preview(tmp_path, "a.avif")).size == (40, 30)


# --- colours of 16 bits, each by itself ----------------------------------------------------------


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("planar", [False, True])
@pytest.mark.parametrize("brightest", [4095, 65535])
def test_colours_of_16_bits_are_stretched_however_they_lie(
    tmp_path: Path, *, planar: bool, order: str, brightest: int
):
    """12 bits and 16; numpy is the oracle. Pillow takes planes of 16 bits for 8."""
    values = np.random.default_rng(0).integers(0, brightest + 1, (40, 30, 3))
    (tmp_path / "a.tif").write_bytes(tiff(values, planar=planar, order=order))
    assert images.inspect(tmp_path, "a.tif") is images.Note.DEPTH
    made = images.preview(tmp_path, "a.tif")
    with Image.open(io.BytesIO(made.data)) as shown:
        pixels = np.asarray(shown.convert("RGB")).astype(int)
    low, high = values.min(), values.max()
    assert np.abs(pixels - (values - low) * 255 / (high - low)).max() <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            tiff(np.zeros((4, 4, 3)), planar=True, compression=5),
            "each colour by itself, compressed",
        ),
        (tiff(np.zeros((4, 4, 3)), planar=True)[:-8], "is truncated"),
    ],
)
def test_planes_that_can_not_be_shown_say_so(tmp_path: Path, data: bytes, says: str):
    """Never a picture of half the values."""
    (tmp_path / "a.tif").write_bytes(data)
    with pytest.raises(ImageError, match=says):
        images.preview(tmp_path, "a.tif")
