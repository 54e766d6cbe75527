"""Find an image inside its folder, open it safely, turn it upright, and make what is served.

A path from a predictions file isn't trusted: it is checked as a string first, then resolved, then
must lie inside the image folder, and is opened step by step so that no link can be swapped in
between. What is served was decoded and encoded again by us.
"""

import errno
import io
import logging
import os
import re
import stat
import struct
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import file_digest, sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast
from urllib.parse import unquote

import platformdirs
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from errortool import atomic, folder_index, packed
from errortool.errors import ImageError
from errortool.messages import shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMATS: Final = {
    "JPEG": "JpegImagePlugin",
    "PNG": "PngImagePlugin",
    "WEBP": "WebPImagePlugin",
    "GIF": "GifImagePlugin",
    "BMP": "BmpImagePlugin",
    "TIFF": "TiffImagePlugin",
    "AVIF": "AvifImagePlugin",
}
"""What is decoded, with Pillow's modules for it; any other format isn't an image here."""

PREVIEW_SIDE: Final = 1600
"""Longest side of a preview, in pixels."""

THUMBNAIL_SIDE: Final = 256
"""Longest side of a thumbnail, in pixels."""

MAX_PIXELS: Final = 120_000_000
"""More than this is refused before it is decoded: a small file can unpack to gigabytes."""

ENDINGS: Final = tuple(
    form(ending)
    for ending in ".jpg .jpeg .png .webp .gif .bmp .tif .tiff".split()
    for form in (str.lower, str.upper)
)

LONGEST_SHOWN: Final = 200
"""How much of a path stands in a message."""

_PLANE: Final = 2  # dimensions of an image without channels
_CHANNELS: Final = (1, 3, 4)
_CRISP_SIDE: Final = 256  # up to this size single pixels matter, so it is kept lossless
_CACHE_VERSION: Final = "2"

_OTHERS: Final = (
    (rb".{4}ftyp(hei[cx]|hev[cx]|mif1|msf1|heim|heis)", "a HEIC photo: save it as JPEG or PNG"),
    (rb".{128}DICM", "a DICOM file: export its picture as PNG"),
    (rb"(\x00{3}\x0cjP  |\xff\x4f\xff\x51)", "a JPEG 2000 image: save it as PNG"),
    (rb"\xff\x0a|\x00{3}\x0cJXL ", "a JPEG XL image: save it as PNG"),
    (rb"8BPS", "a Photoshop file: export it as PNG"),
    (rb"\x93NUMPY|PK\x03\x04.{26}\S+\.npy", "a NumPy array: save it as a PNG"),
    (rb"\x89HDF", "an HDF5 file: save its pictures as PNG"),
    (rb"%PDF", "a PDF: save its page as PNG"),
    (rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<svg", "an SVG drawing: save it as PNG"),
    (rb"\s*<(!doctype|html)", "a web page, perhaps of a failed download: get the image itself"),
)
"""Files that stand for images and can't be shown, by their first bytes, and what would help."""

logging.getLogger("PIL").addHandler(logging.NullHandler())  # what can't be read, we say ourselves

# Huge images are decoded one at a time, so that a few of them can't fill the memory together.
_huge = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """An image ready to be served."""

    data: bytes
    content_type: str


class Cache:
    """Encoded images on disk, the oldest deleted above a bound; it may fail, never harm."""

    _ENDINGS: Final = {"image/jpeg": ".jpg", "image/png": ".png"}

    def __init__(self, folder: Path | None = None, *, most_bytes: int = 512 << 20) -> None:
        """Keep images in `folder`, or where this user's system keeps caches."""
        self._folder = folder or platformdirs.user_cache_path("errortool") / "previews"
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._size: int | None = None  # not known before the first image is written

    def read(self, name: str) -> Encoded | None:
        """Return the image kept under a name, if there is one."""
        for content_type, ending in self._ENDINGS.items():
            file = self._folder / name[:2] / (name + ending)
            try:
                return Encoded(data=file.read_bytes(), content_type=content_type)
            except OSError:
                continue
        return None

    def write(self, name: str, encoded: Encoded) -> None:
        """Keep an image under a name."""
        file = self._folder / name[:2] / (name + self._ENDINGS[encoded.content_type])
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic.replacing(file, sync=False) as beside:
                beside.write_bytes(encoded.data)
            self._bound(len(encoded.data))
        except OSError:
            return  # a full or read-only disk only makes the next preview slower

    def _bound(self, added: int) -> None:
        """Delete the oldest files, down to nine tenths of the bound, when it is passed."""
        with self._lock:
            if self._size is not None and self._size + added <= self._most_bytes:
                self._size += added
                return
            files = sorted(
                (status.st_mtime_ns, status.st_size, file)
                for file in self._folder.glob("*/*")
                if file.suffix in self._ENDINGS.values() and (status := file.stat())
            )
            total = sum(size for _, size, _ in files)
            for _, size, file in files:
                if total <= self._most_bytes * 9 // 10:
                    break
                file.unlink(missing_ok=True)
                total -= size
            self._size = total


def _shown(path: str) -> str:
    return shown(path, LONGEST_SHOWN)


def check_path(path: str) -> None:
    """Raise ImageError if `path`, as text, can't name a file inside an image folder."""
    path = packed.file_of(path)
    if not path.strip():
        message = "no image is named"
    elif "\x00" in path:
        message = f"image {_shown(path)} holds a NUL character"
    elif re.match(r"[a-z][a-z0-9+.-]*://|(data|file):", path, re.IGNORECASE):
        message = f"image {_shown(path)} is a URL; only files in the image folder are opened"
    elif path.startswith(("\\\\", "//")):
        message = (
            f"image {_shown(path)} is a network path; only files in the image folder are opened"
        )
    elif re.match(r"[a-z]:[\\/]", path, re.IGNORECASE):
        message = f"image {_shown(path)} names a drive; only files in the image folder are opened"
    else:
        return
    raise ImageError(message)


SIGNS: Final = ("..", ":", "\\")
"""A path without any of these, and no / at its start, can't lead out of its folder as text."""


def leading_out(folder: Path, paths: Iterable[str]) -> Iterator[bool]:
    """Yield for each path whether it, as text alone, leads out of `folder`.

    Links are followed by `locate` only.
    """
    start = str(folder.absolute())
    roots = tuple(root.rstrip(os.sep) + os.sep for root in {start, os.path.realpath(folder)})
    for path in paths:
        try:
            check_path(path)
        except ImageError:
            yield True
            continue
        place = os.path.normpath(os.path.join(start, path.replace("\\", "/")))  # noqa: PTH118  fast
        yield not place.startswith(roots)


def locate(folder: Path, path: str) -> Path:
    """Return the resolved path of the image `path`, which must be a file inside `folder`.

    An absolute path is fine if it leads into the folder. Backslashes separate folders unless a
    file's name holds them, and accents may be written in either Unicode form. A path that leads to
    nothing here, such as one of another machine, is found by its end (`found_by_end`). Of an image
    that lies inside a table file, it is the path of that file. Raises ImageError if it leads out of
    the folder, or to nothing, or to something other than a file.
    """
    path = packed.file_of(path)
    try:
        return _literal(folder, path)
    except ImageError:
        place = found_by_end(folder, path)
        if place is None:
            raise
        return place


def found_by_end(folder: Path, path: str) -> Path | None:
    r"""Return the file inside `folder` at the longest end of a path that exists there, or None.

    It is for paths of other machines: `C:\data\val\a.png` is found as `val/a.png`. Percent signs
    may stand for characters, and a name without an ending may have any known one, if just one fits.
    Else it is the only file anywhere below that has this name, also in another letter case, unless
    the path's own folder is there without it. Never does this lead out of the folder. None also for
    a path that leads to its file as it is.
    """
    if "\x00" in path or not folder.is_dir():
        return None
    path = packed.file_of(path)
    plain = not path.startswith("/") and not any(sign in path for sign in SIGNS)
    if plain and os.path.isfile(os.path.join(folder, path)):  # noqa: PTH113, PTH118  fast
        return None
    with suppress(ImageError):
        _literal(folder, path)
        return None
    root = folder.resolve()
    for parts in _machine_parts(path):
        for start in range(len(parts)):
            for name in _with_endings(root.joinpath(*parts[start:])):
                with suppress(OSError, RuntimeError, ValueError):
                    place = name.resolve()
                    if place.is_relative_to(root) and place.is_file():
                        return place
    for parts in _machine_parts(path):
        found = folder_index.find(root, parts, ENDINGS)
        if found is not None:
            with suppress(OSError, RuntimeError, ValueError):
                place = found.resolve()
                if place.is_relative_to(root) and place.is_file():
                    return place
    return None


class ByEnd(StrEnum):
    """How far a file found by the end of a path is named as the path says."""

    END = ""
    LETTERS = "in another letter case"
    NAME = "by the file's name alone"


def how_by_end(folder: Path, place: Path, path: str) -> ByEnd:
    """Return how a file was found by the end of a path, as `found_by_end` does."""
    found = place.relative_to(folder.resolve()).parts
    for parts in _machine_parts(path):
        end = tuple(parts[-len(found) :])
        if found[-len(end) :] == end or (
            found[:-1] == end[:-1] and Path(found[-1]).stem == end[-1]
        ):
            return ByEnd.END
        if [one.casefold() for one in found[-2:]] == [one.casefold() for one in end[-2:]]:
            return ByEnd.LETTERS
    return ByEnd.NAME


def _machine_parts(path: str) -> Iterator[list[str]]:
    """Yield the folders and the name in a path of any machine, as written and percent-decoded."""
    for text in dict.fromkeys((path, unquote(path))):
        plain = re.sub(
            r"^([a-z][a-z0-9+.-]+://[^/]*|[a-z]:)", "", text.strip(), flags=re.IGNORECASE
        )
        plain = plain.partition("?d=")[2] or plain.partition("?")[0]  # Label Studio's local files
        yield [part for part in re.split(r"[\\/]+", plain) if part not in {"", ".", ".."}]


def _with_endings(name: Path) -> Iterator[Path]:
    """Yield a name, or where it has no ending the only file that has one of an image's."""
    yield name
    if not name.suffix:
        names = (f"{name}{ending}" for ending in ENDINGS)
        there = [one for one in names if os.path.exists(one)]  # noqa: PTH110  False if too long
        if len(there) == 1:
            yield Path(there[0])


def _literal(folder: Path, path: str) -> Path:
    """Return the file that a path leads to as it is written. Raises ImageError as `locate` does."""
    check_path(path)
    try:
        root = folder.resolve(strict=True)
    except (OSError, RuntimeError):
        message = f"the image folder {str(folder)!r} is not there"
        raise ImageError(message) from None
    for spelling in _spellings(path):
        try:
            place = (root / spelling).resolve()
            if not place.is_relative_to(root):
                message = f"image {_shown(path)} lies outside the image folder {str(folder)!r}"
                raise ImageError(message)
            mode = place.stat().st_mode
        except FileNotFoundError:
            continue
        except (OSError, RuntimeError, ValueError) as error:
            # Before Python 3.13 pathlib raises RuntimeError, since then the system's own error.
            loop = isinstance(error, RuntimeError) or getattr(error, "errno", None) == errno.ELOOP
            reason = "a link that leads to itself" if loop else _reason(error)
            message = f"image {_shown(path)} can't be opened ({reason})"
            raise ImageError(message) from None
        if not stat.S_ISREG(mode):
            what = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
            message = f"image {_shown(path)} is {what}"
            raise ImageError(message)
        return place
    message = f"image {_shown(path)} is not in the image folder {str(folder)!r}"
    raise ImageError(message)


def _spellings(path: str) -> Iterator[str]:
    """Yield the ways in which a file's path may be meant, the literal one first."""
    seen = set()
    for slashes in (path, path.replace("\\", "/"), path.strip()):
        for form in (
            slashes,
            unicodedata.normalize("NFC", slashes),
            unicodedata.normalize("NFD", slashes),
        ):
            if form not in seen:
                seen.add(form)
                yield form


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """An image's file, had by `file`, and the `signature` of what it lies in."""

    file: Callable[[], BinaryIO]
    signature: tuple[int, ...]


@contextmanager
def _opened(folder: Path, path: str) -> Iterator[_Opened]:
    """Open the image `path` of `folder`; what is opened is what was checked."""
    place = locate(folder, path)
    inside = packed.Place.of(path)
    try:
        with os.fdopen(_open_beneath(folder.resolve(), place), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                message = f"image {_shown(path)} is not a regular file"
                raise ImageError(message)
            signature = (status.st_ino, status.st_mtime_ns, status.st_size)
            yield _Opened(
                file=lambda: (
                    file if inside is None else io.BytesIO(packed.picture(file, inside, path))
                ),
                signature=signature,
            )
    except FileNotFoundError:
        message = f"image {_shown(path)} is not in the image folder {str(folder)!r}"
        raise ImageError(message) from None
    except OSError as error:
        reason = "no permission" if isinstance(error, PermissionError) else _reason(error)
        message = f"image {_shown(path)} can't be opened ({reason})"
        raise ImageError(message) from None


def _open_beneath(root: Path, place: Path) -> int:
    """Open `place`, a resolved path below `root`, following no link on the way down."""
    if os.open not in os.supports_dir_fd:  # Windows: there the check before has to do
        return os.open(place, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    steps = place.relative_to(root).parts
    here = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for step in steps[:-1]:
            below = os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = below
        return os.open(steps[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
    finally:
        os.close(here)


class Note(StrEnum):
    """What is lost when an image is shown."""

    FRAMES = "only the first of several frames is shown"
    DEPTH = "more than 8 bits a channel are shown as 8, from the darkest value to the brightest"


def inspect(folder: Path, path: str) -> Note | None:
    """Raise ImageError if the image can't be opened or its header isn't an image's.

    Returns what is lost when it is shown, if anything. Cheap: no pixel is decoded.
    """
    with _opened(folder, path) as opened, _header(opened.file(), path) as image:
        return _note(image)


def digest(folder: Path, path: str) -> str:
    """Return the sha256 of an image's file, as it is. Raises ImageError if it can't be opened."""
    with _opened(folder, path) as opened:
        return str(file_digest(cast("io.BytesIO", opened.file()), "sha256").hexdigest())


def _note(image: Image.Image) -> Note | None:
    if _is_deep(image):
        return Note.DEPTH
    if image.format == "MPO":  # a phone's photo, with a small copy of itself
        return None
    try:
        return Note.FRAMES if getattr(image, "is_animated", False) else None
    except Exception:  # noqa: BLE001  decoders raise anything on a damaged second frame
        return Note.FRAMES


def _is_deep(image: Image.Image) -> bool:
    return (
        image.mode.startswith("I")
        or image.mode == "F"
        or bool(_raw_of_16(image))
        or _is_planar_of_16(image)
    )


def _is_planar_of_16(image: Image.Image) -> bool:
    """Return whether each colour of 16 bits lies by itself, which Pillow takes for 8."""
    tags = getattr(image, "tag_v2", None)
    if tags is None or image.mode not in {"RGB", "RGBA"}:
        return False
    return bool(tags.get(_PLANES, 1) == _APART and max(tags.get(_BITS, (8,))) == 16)  # noqa: PLR2004


def _refuse_packed_planes(image: ImageFile, path: str) -> None:
    """Raise ImageError for planes that are compressed or in tiles."""
    tags = cast("Mapping[int, Any]", getattr(image, "tag_v2"))  # noqa: B009  a TIFF's
    if tags.get(_COMPRESSION, 1) != 1 or _STRIPS not in tags:
        message = (
            f"image {_shown(path)} is a TIFF of 16 bits with each colour by itself, compressed, "
            "which can't be shown: save it as a PNG of 16 bits"
        )
        raise ImageError(message)


def _planes_of_16(image: ImageFile) -> Image.Image:
    """Return a TIFF whose colours of 16 bits each lie by themselves, stretched to 8 bits."""
    import numpy as np

    tags = cast("Mapping[int, Any]", getattr(image, "tag_v2"))  # noqa: B009  a TIFF's
    file = cast("BinaryIO", image.fp)
    parts = []
    for offset, size in zip(tags[_STRIPS], tags[_SIZES], strict=True):
        file.seek(offset)
        parts.append(file.read(size))
    file.seek(0)
    order = "<" if file.read(2) == b"II" else ">"
    pixels = image.width * image.height
    whole = b"".join(parts)
    if len(whole) < 3 * pixels * 2:
        message = "image file is truncated"
        raise OSError(message)
    values = np.frombuffer(whole, f"{order}u2", 3 * pixels)
    bands = values.reshape(3, image.height, image.width)
    made = Image.fromarray(_to_8_bits(np.moveaxis(bands, 0, -1)))
    made.getexif()[_ORIENTATION] = image.getexif().get(_ORIENTATION, 1)
    return made


def _to_8_bits(values: "NDArray[np.uint16]") -> "NDArray[np.uint8]":
    """Return values of 16 bits as 8, from the darkest to the brightest."""
    import numpy as np

    darkest, brightest = int(values.min()), int(values.max())
    scale = 255 / (brightest - darkest) if brightest > darkest else 0.0
    table = np.clip((np.arange(1 << 16) - darkest) * scale, 0, 255).round().astype(np.uint8)
    made: NDArray[np.uint8] = table[values]
    return made


# Tags of TIFF, and what they hold.
_BITS: Final = 258
_COMPRESSION: Final = 259
_STRIPS: Final = 273
_SIZES: Final = 279
_PLANES: Final = 284
_APART: Final = 2


def _raw_of_16(image: Image.Image) -> str:
    """Return Pillow's raw mode of colours of 16 bits, of which it decodes the higher 8; else ""."""
    if image.mode not in {"RGB", "RGBA"} or not (tiles := getattr(image, "tile", None)):
        return ""
    raw = tiles[0].args if isinstance(tiles[0].args, str) else (tiles[0].args or ("",))[0]
    return raw if isinstance(raw, str) and re.search(r";16[BLN]$", raw) else ""


@contextmanager
def _header(file: BinaryIO, path: str) -> Iterator[ImageFile]:
    """Open an image without decoding it, within our bounds."""
    if not file.read(1):
        message = f"image {_shown(path)} is an empty file"
        raise ImageError(message)
    try:
        with _decoder(file) as image:
            _refuse_huge(image, path)
            if _is_planar_of_16(image):
                _refuse_packed_planes(image, path)
            yield image
    except ImageError:
        raise
    except MemoryError:
        message = f"image {_shown(path)} is too large for the memory"
        raise ImageError(message) from None
    except Image.DecompressionBombError as error:  # some decoders keep to Pillow's bound as well
        message = f"image {_shown(path)} has too many pixels ({str(error).partition(', ')[0]})"
        raise ImageError(message) from None
    except Exception as error:  # noqa: BLE001  decoders raise anything on damaged files
        raise ImageError(_damage(file, path, error)) from None


def _decoder(file: BinaryIO) -> ImageFile:
    """Do as Image.open, but without its bound, of which ours takes the place.

    Pillow's bound is a global, MAX_IMAGE_PIXELS, and belongs to whoever imports us: a notebook may
    have set it for images of its own, so it is neither set nor relied on here. Some decoders, such
    as WebP's and TIFF's, look at it all the same.
    """
    file.seek(0)
    start = file.read(16)
    for name, plugin in FORMATS.items():
        if name not in Image.OPEN:
            import_module(f"PIL.{plugin}")  # Pillow's own way imports those of 40 other formats
        decoder, accepts = Image.OPEN[name]
        if accepts is None or accepts(start) is True:
            file.seek(0)
            with suppress(SyntaxError, IndexError, TypeError, struct.error):  # isn't one after all
                return decoder(file, "")
    raise UnidentifiedImageError


def _refuse_huge(image: Image.Image, path: str) -> None:
    if image.width * image.height > MAX_PIXELS:
        message = (
            f"image {_shown(path)} has {image.width:,} x {image.height:,} pixels, "
            f"more than the {MAX_PIXELS / 1e6:.0f} million that are opened"
        )
        raise ImageError(message)


def _damage(file: BinaryIO, path: str, error: Exception) -> str:
    """Return what is wrong with a file that a decoder rejected."""
    file.seek(0)
    start = file.read(256)
    size = int.from_bytes(start[4:8], "little") + 8  # of a WebP, as it says itself
    if start.startswith(b"version https://git-lfs"):
        return f"image {_shown(path)} is a Git LFS pointer, not the image: run `git lfs pull`"
    if "truncated" in str(error).lower() or (
        start.startswith(b"RIFF") and start[8:12] == b"WEBP" and file.seek(0, os.SEEK_END) < size
    ):
        return f"image {_shown(path)} is truncated: the end of the file is missing"
    if isinstance(error, UnidentifiedImageError):
        return f"image {_shown(path)} is {_kind(file, start)}"
    return f"image {_shown(path)} is damaged ({_reason(error)})"


_NOT_SHOWN: Final = "not a JPEG, PNG, WebP, GIF, BMP or TIFF image"


def _kind(file: BinaryIO, start: bytes) -> str:
    """Say what a file that no decoder takes is, and what would help where that is known."""
    if re.match(rb"(II|MM)(\*\x00|\x00\*|\+\x00|\x00\+)", start):
        return _kind_of_tiff(file)
    for signs, what in _OTHERS:
        if re.match(signs, start, re.DOTALL | re.IGNORECASE):
            return f"{_NOT_SHOWN} but {what}"
    return f"{_NOT_SHOWN}, nor AVIF"


def _kind_of_tiff(file: BinaryIO) -> str:
    """Say what a TIFF holds that isn't shown, such as 13 channels, and what would help."""
    from PIL import TiffImagePlugin as Tiff

    try:
        file.seek(0)
        tags = Tiff.ImageFileDirectory_v2(file.read(8))
        file.seek(tags.next)
        tags.load(file)
        if Tiff.IMAGEWIDTH not in tags:
            return "a damaged TIFF"
        channels, bits = tags.get(Tiff.SAMPLESPERPIXEL, 1), tags.get(Tiff.BITSPERSAMPLE, (1,))
        form = _SAMPLES.get(tags.get(Tiff.SAMPLEFORMAT, (1,))[0], "values")
    except Exception:  # noqa: BLE001  a damaged directory may raise anything
        return "a damaged TIFF"
    of = f"{channels} channels" if channels > 1 else "one channel"
    help_ = "save three of them as an RGB PNG" if channels > 1 else "save it as a PNG of 16 bits"
    return f"a TIFF of {of} of {bits[0]}-bit {form}, which can't be shown: {help_}"


_SAMPLES: Final = {1: "numbers", 2: "signed numbers", 3: "floats", 5: "complex numbers"}


def preview(
    folder: Path, path: str, *, side: int | None = PREVIEW_SIDE, cache: Cache | None = None
) -> Encoded:
    """Return the image upright and at most `side` pixels long, or at full size for None.

    What `cache` holds isn't made again. Raises ImageError, with a sentence to show in its place, if
    the image can't be shown whole.
    """
    with _opened(folder, path) as opened:
        signature = (folder.resolve(), path, *opened.signature)
        name = sha256(repr((_CACHE_VERSION, side, *signature)).encode()).hexdigest()
        cached = cache.read(name) if cache else None
        if cached is not None:
            return cached
        with _header(opened.file(), path) as image:
            if image.width * image.height > MAX_PIXELS // 4:
                with _huge:
                    encoded = _encoded(image, side)
            else:
                encoded = _encoded(image, side)
    if cache:
        cache.write(name, encoded)
    return encoded


def _encoded(image: ImageFile, side: int | None) -> Encoded:
    """Decode, turn, shrink and encode."""
    crisp = max(image.size) <= _CRISP_SIDE
    if side is not None:
        image.draft("RGB" if image.mode == "RGB" else None, (side, side))  # JPEG: decode smaller
    whole: Image.Image = image
    if _is_planar_of_16(image):
        whole = _planes_of_16(image)
    elif _raw_of_16(image):
        whole = _stretched_colour(image)
    whole.load()
    profile = whole.info.get("icc_profile") if whole.mode in {"RGB", "RGBA"} else None
    upright = _displayable(ImageOps.exif_transpose(whole))
    if side is not None:
        upright.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    if upright.mode == "RGBA" or crisp:
        upright.save(out, "PNG", icc_profile=profile, compress_level=1)
        return Encoded(data=out.getvalue(), content_type="image/png")
    upright.save(out, "JPEG", quality=90, icc_profile=profile)
    return Encoded(data=out.getvalue(), content_type="image/jpeg")


def png_of(pixels: "NDArray[Any]") -> bytes:
    """Return pixels, (H, W), (H, W, C) or (C, H, W), as a PNG.

    They are 0 to 255, or floats of 0 to 1. Raises ImageError for another number of channels.
    """
    import numpy as np

    if pixels.ndim > _PLANE and pixels.shape[-1] not in _CHANNELS:
        pixels = np.moveaxis(pixels, 0, -1)
    if pixels.ndim > _PLANE and pixels.shape[-1] not in _CHANNELS:
        message = f"images of {pixels.shape[-1]} channels can't be shown: give 1, 3 or 4"
        raise ImageError(message)
    if pixels.ndim > _PLANE and pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    if pixels.dtype.kind == "f" and pixels.size and np.nanmax(pixels) <= 1:
        pixels = pixels * 255
    if pixels.dtype.kind == "b":
        pixels = pixels.astype(np.uint8) * 255
    whole = np.clip(np.nan_to_num(pixels), 0, 255).round().astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(whole).save(out, "PNG", compress_level=1)
    return out.getvalue()


def _displayable(image: Image.Image) -> Image.Image:
    """Return the image as 8-bit RGB, or RGBA where something shows through."""
    if image.mode in {"RGB", "RGBA"}:
        return image
    if _is_deep(image):
        return _stretched(image)
    if image.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("RGB")


def _stretched_colour(image: ImageFile) -> Image.Image:
    """Return an image with colours of 16 bits as 8, from the darkest value to the brightest.

    Pillow keeps the higher byte of each value. The lower one is what it keeps when it is told the
    other order of bytes, so the image is decoded twice.
    """
    import numpy as np

    file, raw = cast("BinaryIO", image.fp), _raw_of_16(image)
    image.load()
    orientation = image.getexif().get(_ORIENTATION, 1)  # loading turns a TIFF, but no PNG
    file.seek(0)
    low = _decoder(file)
    grey = raw == "LA;16B"  # its other order isn't known to Pillow, but so are four single bytes
    other = "RGBA" if grey else raw[:-1] + ("B" if raw[-1] != "B" else "L")
    if raw.endswith("N") and sys.byteorder == "big":
        other = raw[:-1] + "L"
    low.tile = [
        tile._replace(args=(other, *tile.args[1:]) if isinstance(tile.args, tuple) else other)
        for tile in low.tile
    ]
    low.load()
    higher, lower = np.asarray(image), np.asarray(low)
    values = np.empty((*higher.shape[:2], 3), np.uint16)
    for band in range(3):
        first, second = (lower[..., 0], lower[..., 1]) if grey else (
            higher[..., band], lower[..., band])  # fmt: skip
        values[..., band] = first.astype(np.uint16) << 8 | second
    made = Image.fromarray(_to_8_bits(values))
    if image.mode == "RGBA":
        made.putalpha(Image.fromarray(lower[..., 2]) if grey else image.getchannel("A"))
    made.getexif()[_ORIENTATION] = orientation
    return made


_ORIENTATION: Final = 0x0112  # the tag of EXIF


def _stretched(image: Image.Image) -> Image.Image:
    """Return a 16- or 32-bit grey image as 8-bit, from its darkest to its brightest value."""
    wide = image.convert("F")
    low, high = wide.getextrema()
    assert isinstance(low, float)
    assert isinstance(high, float)
    scale = 255 / (high - low) if high > low else 0.0
    return wide.point(lambda value: value * scale - low * scale).convert("L").convert("RGB")
