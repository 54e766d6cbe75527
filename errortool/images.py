"""Find an image inside its folder, open it safely, turn it upright, and make what is served.

A path from a predictions file isn't trusted: it is checked as a string first, then resolved, then
must lie inside the image folder, and is opened step by step so that no link can be swapped in
between. What is served was decoded and encoded again by us.
"""

import errno
import io
import os
import re
import stat
import struct
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final

import platformdirs
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from errortool import atomic
from errortool.errors import ImageError
from errortool.messages import shown

FORMATS: Final = {
    "JPEG": "JpegImagePlugin",
    "PNG": "PngImagePlugin",
    "WEBP": "WebPImagePlugin",
    "GIF": "GifImagePlugin",
    "BMP": "BmpImagePlugin",
    "TIFF": "TiffImagePlugin",
}
"""What is decoded, with Pillow's modules for it; any other format isn't an image here."""

PREVIEW_SIDE: Final = 1600
"""Longest side of a preview, in pixels."""

THUMBNAIL_SIDE: Final = 256
"""Longest side of a thumbnail, in pixels."""

MAX_PIXELS: Final = 120_000_000
"""More than this is refused before it is decoded: a small file can unpack to gigabytes."""

LONGEST_SHOWN: Final = 200
"""How much of a path stands in a message."""

_CRISP_SIDE: Final = 256  # up to this size single pixels matter, so it is kept lossless
_CACHE_VERSION: Final = "1"

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
    file's name holds them, and accents may be written in either Unicode form. Raises ImageError if
    the path leads out of the folder, or to nothing, or to something other than a file.
    """
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


@contextmanager
def _opened(folder: Path, path: str) -> Iterator[BinaryIO]:
    """Open the image `path` of `folder`; what is opened is what was checked."""
    place = locate(folder, path)
    try:
        with os.fdopen(_open_beneath(folder.resolve(), place), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                message = f"image {_shown(path)} is not a regular file"
                raise ImageError(message)
            yield file
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
    with _opened(folder, path) as file, _header(file, path) as image:
        return _note(image)


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
    return image.mode.startswith("I") or image.mode == "F"


@contextmanager
def _header(file: BinaryIO, path: str) -> Iterator[Image.Image]:
    """Open an image without decoding it, within our bounds."""
    if os.fstat(file.fileno()).st_size == 0:
        message = f"image {_shown(path)} is an empty file"
        raise ImageError(message)
    try:
        with _decoder(file) as image:
            _refuse_huge(image, path)
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
    start = file.read(64)
    size = int.from_bytes(start[4:8], "little") + 8  # of a WebP, as it says itself
    if start.startswith(b"version https://git-lfs"):
        return f"image {_shown(path)} is a Git LFS pointer, not the image: run `git lfs pull`"
    if "truncated" in str(error).lower() or (
        start.startswith(b"RIFF") and start[8:12] == b"WEBP" and file.seek(0, os.SEEK_END) < size
    ):
        return f"image {_shown(path)} is truncated: the end of the file is missing"
    if isinstance(error, UnidentifiedImageError):
        return f"image {_shown(path)} is not a JPEG, PNG, WebP, GIF, BMP or TIFF image"
    return f"image {_shown(path)} is damaged ({_reason(error)})"


def preview(
    folder: Path, path: str, *, side: int | None = PREVIEW_SIDE, cache: Cache | None = None
) -> Encoded:
    """Return the image upright and at most `side` pixels long, or at full size for None.

    What `cache` holds isn't made again. Raises ImageError, with a sentence to show in its place, if
    the image can't be shown whole.
    """
    with _opened(folder, path) as file:
        status = os.fstat(file.fileno())
        signature = (folder.resolve(), path, status.st_ino, status.st_mtime_ns, status.st_size)
        name = sha256(repr((_CACHE_VERSION, side, *signature)).encode()).hexdigest()
        cached = cache.read(name) if cache else None
        if cached is not None:
            return cached
        with _header(file, path) as image:
            if image.width * image.height > MAX_PIXELS // 4:
                with _huge:
                    encoded = _encoded(image, side)
            else:
                encoded = _encoded(image, side)
    if cache:
        cache.write(name, encoded)
    return encoded


def _encoded(image: Image.Image, side: int | None) -> Encoded:
    """Decode, turn, shrink and encode."""
    crisp = max(image.size) <= _CRISP_SIDE
    if side is not None:
        image.draft("RGB" if image.mode == "RGB" else None, (side, side))  # JPEG: decode smaller
    image.load()
    profile = image.info.get("icc_profile") if image.mode in {"RGB", "RGBA"} else None
    upright = _displayable(ImageOps.exif_transpose(image))
    if side is not None:
        upright.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    if upright.mode == "RGBA" or crisp:
        upright.save(out, "PNG", icc_profile=profile, compress_level=1)
        return Encoded(data=out.getvalue(), content_type="image/png")
    upright.save(out, "JPEG", quality=90, icc_profile=profile)
    return Encoded(data=out.getvalue(), content_type="image/jpeg")


def _displayable(image: Image.Image) -> Image.Image:
    """Return the image as 8-bit RGB, or RGBA where something shows through."""
    if image.mode in {"RGB", "RGBA"}:
        return image
    if _is_deep(image):
        return _stretched(image)
    if image.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("RGB")


def _stretched(image: Image.Image) -> Image.Image:
    """Return a 16- or 32-bit grey image as 8-bit, from its darkest to its brightest value."""
    wide = image.convert("F")
    low, high = wide.getextrema()
    assert isinstance(low, float)
    assert isinstance(high, float)
    scale = 255 / (high - low) if high > low else 0.0
    return wide.point(lambda value: value * scale - low * scale).convert("L").convert("RGB")
