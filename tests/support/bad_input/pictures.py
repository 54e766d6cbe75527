"""Images and paths of images that can't be shown, or only with a warning."""

import io
import os
import struct
import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from PIL import Image

Make = Callable[[Path], object]
"""Makes an image, or what stands for one, at a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One image as the predictions table names it (`path`), and what must come of it.

    `told` is the pattern of the sentence in its place, else it is shown in `size`. `warned` is the
    pattern of what `errortool new` says of it, `refused` of why it refuses the table.
    """

    name: str
    make: Make = lambda _: None
    path: str = "x.jpg"
    told: str = ""
    size: tuple[int, int] = (40, 30)
    warned: str = ""
    refused: str = ""
    slow: bool = False

    def __str__(self) -> str:
        """Return what pytest calls it."""
        return self.name.replace(" ", "-")


def picture(mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> Image.Image:
    """Return a picture of two halves."""
    image = Image.new("RGB", size, "red")
    image.paste("white", (size[0] // 2, 0, size[0], size[1]))
    return image.convert(mode)


def holding(data: bytes) -> Make:
    """Return what makes a file of these bytes."""
    return lambda path: path.write_bytes(data)


@cache
def encoded(kind: str, size: tuple[int, int] = (400, 300)) -> bytes:
    """Return a picture with some content as a file's bytes."""
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind)
    return out.getvalue()


def saved(
    kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: object
) -> Make:
    """Return what saves a picture."""
    return lambda path: picture(mode, size).save(path, kind, **options)


def frames(kind: str) -> Make:
    """Return what saves a picture of three frames."""
    return lambda path: picture().save(
        path, kind, save_all=True, append_images=[picture("L").convert("RGB")] * 2
    )


def deep(kind: str) -> Make:
    """Return what saves a grey picture of 16 bits a pixel."""

    def save(path: Path) -> None:
        image = Image.new("I;16", (40, 30))
        image.putdata([number * 3 for number in range(1200)])
        image.save(path, kind)

    return save


def turned(path: Path) -> None:
    """Save a picture that its EXIF data turn by a quarter."""
    exif = Image.Exif()
    exif[0x0112] = 6
    picture().save(path, "JPEG", exif=exif)


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """Return a PNG that says it has so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b""
    for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(data)), (b"IEND", b"")):
        chunks += struct.pack(">I", len(body)) + name + body
        chunks += struct.pack(">I", zlib.crc32(name + body))
    return b"\x89PNG\r\n\x1a\n" + chunks


def chatty(path: Path) -> None:
    """Save a small PNG whose text unpacks to 200 MB."""
    body = b"Comment\x00\x00" + zlib.compress(bytes(200 << 20))
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(
        ">I", zlib.crc32(b"zTXt" + body)
    )  # fmt: skip
    whole = encoded("PNG", (40, 30))
    path.write_bytes(whole[:33] + chunk + whole[33:])


def link(target: str) -> Make:
    """Return what makes a link."""
    return lambda path: path.symlink_to(target)


def beside(make: Make) -> Make:
    """Return what makes a picture outside the image folder, with a link to it inside."""

    def both(path: Path) -> None:
        make(path.parent.parent / "secret.jpg")
        path.symlink_to(path.parent.parent / "secret.jpg")

    return both


def inside(name: str) -> Make:
    """Return what makes a picture of another name in the image folder."""
    return lambda path: picture().save(path.parent / name, "JPEG")


TRUNCATED = "is truncated: the end of the file is missing"
NO_IMAGE = "is not a JPEG, PNG, WebP, GIF, BMP or TIFF image"
CANT = "of 2 sampled images can't be shown, first: image '.*' "
OUT = r"column 'image' leads out of the image folder '.*' in rows? 2"
FRAMES = r"in 1 of 2 sampled images only the first of several frames is shown \(first: 'x"
STRETCHED = "in 1 of 2 sampled images more than 8 bits a channel are shown as 8, from the darkest"

CONTENTS = (
    *(Picture(name=f"{kind}", make=saved(kind)) for kind in
      ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")),
    *(Picture(name=f"{kind} called png", path="x.png", make=saved(kind)) for kind in
      ("JPEG", "WEBP", "GIF", "BMP", "TIFF")),
    Picture(name="no ending", path="x", make=saved("PNG")),
    Picture(name="ending in capitals", path="X.JPG", make=saved("JPEG")),
    *(Picture(name=f"truncated {kind}", make=holding(encoded(kind)[: len(encoded(kind)) * 2 // 3]),
              told=f"{TRUNCATED}|is damaged") for kind in ("PNG", "GIF", "BMP", "TIFF")),
    Picture(name="truncated WebP", make=holding(encoded("WEBP")[:-5000]), told=TRUNCATED,
            warned=CANT),
    Picture(name="truncated JPEG", make=holding(encoded("JPEG")[:-5000]), told=TRUNCATED),
    Picture(name="JPEG without its last bytes", make=holding(encoded("JPEG")[:-30]),
            told=TRUNCATED),
    Picture(name="truncated in the header", make=holding(encoded("JPEG")[:100]),
            told=f"{TRUNCATED}|is damaged|{NO_IMAGE}", warned=CANT),
    Picture(name="three bytes", make=holding(b"\xff\xd8\xff"), told=f"{NO_IMAGE}|{TRUNCATED}",
            warned=CANT),
    Picture(name="empty", make=holding(b""), told="is an empty file", warned=f"{CANT}is an empty"),
    Picture(name="zeros", make=holding(bytes(5000)), told=NO_IMAGE, warned=CANT),
    Picture(name="text", make=holding(b"not an image"), told=NO_IMAGE, warned=f"{CANT}{NO_IMAGE}"),
    Picture(name="SVG", make=holding(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), told=NO_IMAGE,
            warned=CANT),
    Picture(name="HTML", make=holding(b"<html><script>alert(1)</script>"), told=NO_IMAGE,
            warned=CANT),
    Picture(name="PostScript", make=holding(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
            told=NO_IMAGE, warned=CANT),
    Picture(name="PDF", make=holding(b"%PDF-1.7\n"), told=NO_IMAGE, warned=CANT),
    Picture(name="ICO", make=saved("ICO"), told=NO_IMAGE, warned=CANT),
    Picture(name="TGA", make=saved("TGA"), told=NO_IMAGE, warned=CANT),
    Picture(name="PPM", make=saved("PPM"), told=NO_IMAGE, warned=CANT),
    Picture(name="AVIF header", make=holding(b"\0\0\0\x20ftypavif" + bytes(40)), told=NO_IMAGE,
            warned=CANT),
    Picture(name="HEIC header", make=holding(b"\0\0\0\x20ftypheic" + bytes(40)), told=NO_IMAGE,
            warned=CANT),
    Picture(name="Git LFS pointer", make=holding(b"version https://git-lfs.github.com/spec/v1\n"),
            told="is a Git LFS pointer, not the image: run `git lfs pull`", warned=f"{CANT}is a G"),
    Picture(name="zip", make=holding(b"PK\x03\x04" + bytes(90)), told=NO_IMAGE, warned=CANT),
    Picture(name="bomb of 400 megapixels", make=holding(png(20_000, 20_000)), warned=CANT,
            told="has 20,000 x 20,000 pixels, more than the 120 million that are opened"),
    Picture(name="bomb of a billion columns", make=holding(png(2**31 - 1, 1)), warned=CANT,
            told="pixels, more than the 120 million|is damaged"),
    Picture(name="bomb of text", make=chatty, told="is damaged", warned=CANT),
    Picture(name="BMP bomb", make=holding(encoded("BMP")[:18] + struct.pack("<ii", 60_000, 60_000)
            + encoded("BMP")[26:]), told="60,000 x 60,000 pixels, more than", warned=CANT),
    Picture(name="no pixels", make=holding(png(0, 5)), told="is damaged|" + NO_IMAGE, warned=CANT),
    Picture(name="PNG without data", make=holding(png(10, 10)), told=f"damaged|{TRUNCATED}"),
    Picture(name="PNG with junk for pixels", make=holding(png(10, 10, b"\x09" * 310)),
            told="damaged|truncated"),
    Picture(name="animated GIF", make=frames("GIF"), warned=FRAMES),
    Picture(name="animated WebP", path="x.webp", make=frames("WEBP"), warned=FRAMES),
    Picture(name="animated PNG", path="x.png", make=frames("PNG"), warned=FRAMES),
    Picture(name="TIFF of several pages", path="x.tiff", make=frames("TIFF"), warned=FRAMES),
    Picture(name="CMYK JPEG", make=saved("JPEG", "CMYK")),
    Picture(name="CMYK TIFF", make=saved("TIFF", "CMYK")),
    Picture(name="16-bit PNG", make=deep("PNG"), warned=STRETCHED),
    Picture(name="16-bit TIFF", make=deep("TIFF"), warned=STRETCHED),
    Picture(name="float TIFF", make=saved("TIFF", "F"), warned=STRETCHED),
    Picture(name="grey", make=saved("PNG", "L")),
    Picture(name="black and white", make=saved("PNG", "1")),
    Picture(name="palette", make=saved("PNG", "P")),
    Picture(name="alpha", make=saved("PNG", "RGBA")),
    Picture(name="grey with alpha", make=saved("PNG", "LA")),
    Picture(name="turned by EXIF", make=turned, size=(30, 40)),
    Picture(name="EXIF that is junk", make=saved("JPEG", exif=b"Exif\0\0junk" * 9)),
    Picture(name="one pixel", make=saved("PNG", "RGB", (1, 1)), size=(1, 1)),
    Picture(name="one row of pixels", make=saved("PNG", "RGB", (10_000, 1)), size=(1600, 1)),
    Picture(name="12 megapixels", make=saved("JPEG", "RGB", (4000, 3000)), size=(1600, 1200)),
    Picture(name="100 megapixels", make=saved("PNG", "L", (12_500, 8_000)), size=(1600, 1024),
            slow=True),
    Picture(name="junk after the image", make=holding(encoded("JPEG") + bytes(999)),
            size=(400, 300)),
)  # fmt: skip

PLACES = (
    Picture(name="missing", told="is not in the image folder", warned=f"{CANT}is not in the im"),
    Picture(name="in a folder that is missing", path="gone/x.jpg", told="is not in the image"),
    Picture(name="folder", make=Path.mkdir, told="is a folder", warned=f"{CANT}is a folder"),
    Picture(name="FIFO", make=os.mkfifo, told="not a regular file", warned=f"{CANT}is not a reg"),
    Picture(name="device", make=link("/dev/zero"), told="lies outside", warned=f"{CANT}lies out"),
    Picture(name="link inside", make=lambda path: (
        inside("y.jpg")(path), path.symlink_to("y.jpg"))),
    Picture(name="link out of the folder", make=beside(saved("JPEG")), told="lies outside",
            warned=f"{CANT}lies outside"),
    Picture(name="link to nothing", make=link("gone.jpg"), told="is not in the image folder"),
    Picture(name="link to itself", make=link("x.jpg"), told="a link that leads to itself"),
    Picture(name="folder linked outside", path="away/secret.jpg", told="lies outside",
            make=lambda path: (saved("JPEG")(path.parent.parent.parent / "secret.jpg"),
                               path.parent.rmdir(),
                               path.parent.symlink_to(path.parent.parent.parent))),
    Picture(name="below an image", path="y.jpg/x.jpg", told="can't be opened|not in the image",
            make=lambda path: (path.parent.rmdir(), saved("JPEG")(path.parent))),
    Picture(name="upwards", path="../x.jpg", refused=OUT, make=saved("JPEG")),
    Picture(name="upwards with backslashes", path="..\\x.jpg", refused=OUT),
    Picture(name="upwards in the middle", path="a/../../x.jpg", refused=OUT),
    Picture(name="upwards and back", path="a/../x.jpg", make=saved("JPEG")),
    Picture(name="absolute", path="/etc/passwd", refused=OUT),
    Picture(name="absolute but inside", path="{folder}/x.jpg", make=saved("JPEG")),
    Picture(name="a folder that begins alike", path="{folder}-secret/x.jpg", refused=OUT),
    Picture(name="Windows", path="C:\\images\\x.jpg", refused=OUT),
    Picture(name="Windows with slashes", path="c:/images/x.jpg", refused=OUT),
    Picture(name="Windows without a slash", path="C:x.jpg", told="is not in the image folder"),
    Picture(name="script", path="javascript:alert(1)", told="is not in the image folder"),
    Picture(name="UNC", path="\\\\server\\share\\x.jpg", refused=OUT),
    Picture(name="UNC with slashes", path="//server/share/x.jpg", refused=OUT),
    Picture(name="UNC with mixed slashes", path="/\\server\\share\\x.jpg", refused=OUT),
    Picture(name="device path", path="\\\\?\\C:\\x.jpg", refused=OUT),
    *(Picture(name=f"URL {url.split(':')[0]}", path=url, refused=OUT) for url in (
        "http://example.com/x.jpg", "HTTPS://example.com/x.jpg", "file:///etc/passwd",
        "data:image/png;base64,AAAA", "s3://bucket/x.jpg", "gs://b/x.jpg")),
    Picture(name="home", path="~/x.jpg", told="is not in the image folder"),
    Picture(name="variable", path="$HOME/x.jpg", told="is not in the image folder"),
    Picture(name="wildcard", path="*.jpg", told="is not in the image folder", make=inside("y.jpg")),
    Picture(name="name in NFD on disk", path="é.jpg", make=inside("e\u0301.jpg")),
    Picture(name="name in NFC on disk", path="e\u0301.jpg",
            make=inside(unicodedata.normalize("NFC", "é.jpg"))),
    Picture(name="spaces around the path", path=" x.jpg ", make=inside("x.jpg")),
    Picture(name="backslashes between folders", path="a\\x.jpg", make=lambda path: (
        (path.parent / "a").mkdir(), saved("JPEG")(path.parent / "a" / "x.jpg"))),
    Picture(name="other case", path="X.jpg", make=inside("x.jpg"),
            warned=r"1 of them in another letter case \(first: 'X.jpg' as 'x.jpg'\)"),
    Picture(name="a path of 5,000 letters", path="x" * 5000, told="can't be opened"),
    Picture(name="blank", path="", told="no image is named",
            warned="first: no image is named"),
    Picture(name="a name that steers the terminal", path="\x1b[2J.jpg", told="not in the image"),
)  # fmt: skip

ALL = (
    *CONTENTS,
    # What stands at a path is seen before a session begins.
    *(replace(case, warned=case.warned or CANT) if case.told else case for case in PLACES),
)
