"""A tiny vector drawing kit on Pillow: shapes made of polygons, a movable pen, clipping.

A shape is a list of polygons (their union), built by `blob`, `oval`, `stroke`, ... in plain
coordinates; a `Pen` fills it, through its own position, size and turn, on a sheet that is several
times larger than the finished picture, so that shrinking the sheet smooths all edges.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = Sequence[Point]
Polygon: TypeAlias = NDArray[np.float64]
Shape: TypeAlias = list[Polygon]
Colour: TypeAlias = tuple[int, int, int]

INK: Colour = (62, 45, 48)  # the warm near-black of eyes, noses and whiskers
DUSK: Colour = (84, 52, 84)  # what shadows lean to: plum, never grey
CREAM: Colour = (255, 247, 232)  # what lights lean to


CIRCLE: Polygon = np.column_stack(
    [f(np.linspace(0, 2 * math.pi, 44, endpoint=False)) for f in (np.cos, np.sin)]
)


def rgb(code: str) -> Colour:
    """Read a colour such as `e79a4c`."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def palette(codes: str) -> tuple[Colour, ...]:
    """Read several colours."""
    return tuple(rgb(code) for code in codes.split())


def dots(text: str, wide: float = 1.0) -> list[Point]:
    """Read points such as `0,-35 7.5,-31`; every x is multiplied by a width."""
    pairs = (dot.split(",") for dot in text.split())
    return [(float(x) * wide, float(y)) for x, y in pairs]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Blend two colours; `share` is how much of the other."""
    a, b, c = (round(x + (y - x) * share) for x, y in zip(one, other, strict=True))
    return a, b, c


def darker(colour: Colour, share: float = 0.18) -> Colour:
    """Shade a colour, towards plum so that shadows stay warm."""
    return mix(colour, DUSK, share)


def lighter(colour: Colour, share: float = 0.25) -> Colour:
    """Light a colour, towards cream."""
    return mix(colour, CREAM, share)


def _spline(points: Polygon, steps: int = 10) -> Polygon:
    """Draw a smooth open curve through points (Catmull-Rom)."""
    if len(points) < 3:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    a, b, c, d = padded[:-3, None], padded[1:-2, None], padded[2:-1, None], padded[3:, None]
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return np.vstack([curve.reshape(-1, 2), points[-1:]])


def curve(points: Points, steps: int = 10) -> Points:
    """Return more points, on a smooth open curve through these."""
    return [(x, y) for x, y in _spline(np.array(points, float), steps).tolist()]


def blob(points: Points, corners: Sequence[int] = ()) -> Shape:
    """Return a smooth closed outline through points, sharp only at the corners' indices."""
    ring = np.array(points, float)
    if not corners:
        wrapped = np.vstack([ring[-3:], ring, ring[:3]])
        return [_spline(wrapped)[30:-21]]
    first = min(corners)
    ring = np.vstack([np.roll(ring, -first, axis=0), ring[first]])
    cuts = [*sorted((c - first) % len(points) for c in corners), len(points)]
    pieces = [_spline(ring[a : b + 1]) for a, b in pairwise(cuts)]
    return [np.vstack(pieces)]


def poly(*points: Point) -> Shape:
    """Return a polygon with straight sides."""
    return [np.array(points, float)]


def box(x: float, y: float, wide: float, high: float, corner: float = 0.0) -> Shape:
    """Return a rectangle from its top left, with rounded corners if asked."""
    if corner <= 0:
        return poly((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))
    r = min(corner, wide / 2, high / 2)
    turns = np.linspace(0, math.pi / 2, 9)
    arcs = []
    for quarter, (cx, cy) in enumerate(
        [(x + wide - r, y + high - r), (x + r, y + high - r), (x + r, y + r), (x + wide - r, y + r)]
    ):
        angle = turns + quarter * math.pi / 2
        arcs.append(np.column_stack([cx + r * np.cos(angle), cy + r * np.sin(angle)]))
    return [np.vstack(arcs)]


def oval(x: float, y: float, rx: float, ry: float | None = None, turn: float = 0.0) -> Shape:
    """Return an ellipse (a circle without `ry`), turned by degrees."""
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    high = rx if ry is None else ry
    return [CIRCLE @ np.array([[rx * c, rx * s], [-high * s, high * c]]) + np.array([x, y])]


def stroke(points: Points, widths: Sequence[float] | float, *, smooth: bool = True) -> Shape:
    """Return a round-ended line through points, its widths spread evenly along it."""
    line = np.array(points, float)
    line = _spline(line, 8) if smooth else line
    wide = np.atleast_1d(np.array(widths, float))
    spread = np.linspace(0, len(wide) - 1, len(line))
    radii = np.interp(spread, np.arange(len(wide)), wide) / 2
    shape: Shape = [CIRCLE[::2] * r + p for p, r in zip(line, radii, strict=True) if r > 0]
    for a, b, p, q in zip(line[:-1], line[1:], radii[:-1], radii[1:], strict=True):
        along = b - a
        length = float(np.hypot(*along))
        if length > 0:
            side = np.array([-along[1], along[0]]) / length
            shape.append(np.array([a + side * p, b + side * q, b - side * q, a - side * p]))
    return shape


def spike(start: Point, end: Point, width: float, bend: float = 0.0) -> Shape:
    """Return a leaf-like mark: thin at both ends, bent sideways by a share of its length."""
    (x, y), (u, v) = start, end
    dx, dy = u - x, v - y
    length = math.hypot(dx, dy) or 1.0
    nx, ny = -dy / length, dx / length
    mx, my = x + dx * 0.4 + nx * bend * length, y + dy * 0.4 + ny * bend * length
    half = width / 2
    return blob(
        [(x, y), (mx + nx * half, my + ny * half), (u, v), (mx - nx * half, my - ny * half)], (0, 2)
    )


def moved(shape: Shape, dx: float, dy: float) -> Shape:
    """Return a shape shifted."""
    return [polygon + np.array([dx, dy]) for polygon in shape]


def mirrored(shape: Shape) -> Shape:
    """Return a shape mirrored left to right, about x = 0."""
    return [polygon * np.array([-1.0, 1.0]) for polygon in shape]


def both(shape: Shape) -> Shape:
    """Return a shape and its mirror image."""
    return shape + mirrored(shape)


def symmetric(half: Points, corners: Sequence[int] = ()) -> Shape:
    """Return an outline from its right half, top to bottom, where both ends lie on the axis."""
    ring = [*half, *[(-x, y) for x, y in reversed(half[1:-1])]]
    return blob(ring, (*corners, *[len(ring) - n for n in corners]))


def crescent(shape: Shape, dx: float, dy: float) -> Shape:
    """Return, for use in a clip of the shape, what a shifted copy leaves free: its shaded side."""
    outer = moved(shape, dx, dy)
    return [np.vstack([p, p[:1], q, q[:1]]) for p, q in zip(shape, outer, strict=True)]


class Sheet:
    """The large picture under all pens; clipping swaps its image for a while."""

    def __init__(self, size: int, paper: Colour) -> None:
        """Start an empty square sheet."""
        self.show(Image.new("RGB", (size, size), paper))

    def show(self, image: Image.Image) -> None:
        """Make this the image drawn on."""
        self.image = image
        self.draw = ImageDraw.Draw(image)


class Pen:
    """Draws shapes on a sheet, at its own place, size and angle."""

    def __init__(self, sheet: Sheet, matrix: NDArray[np.float64]) -> None:
        """Hold a sheet and the 2 x 3 matrix that takes the pen's coordinates to its pixels."""
        self.sheet = sheet
        self.matrix = matrix

    @classmethod
    def on(cls, sheet: Sheet) -> Pen:
        """Return a pen whose coordinates are percent of the sheet, from its top left."""
        scale = sheet.image.width / 100
        return cls(sheet, np.array([[scale, 0.0, 0.0], [0.0, scale, 0.0]]))

    def at(
        self, x: float, y: float, size: float = 1.0, *, turn: float = 0.0, flip: bool = False
    ) -> Pen:
        """Return a pen with its origin at a point of this one, scaled, turned, perhaps mirrored."""
        c, s = math.cos(math.radians(turn)) * size, math.sin(math.radians(turn)) * size
        sign = -1.0 if flip else 1.0
        own = np.array([[c * sign, -s, x], [s * sign, c, y], [0.0, 0.0, 1.0]])
        return Pen(self.sheet, self.matrix @ own)

    def fill(self, shape: Shape, colour: Colour, alpha: float = 1.0, soft: float = 0.0) -> None:
        """Fill a shape; `soft` blurs its edge, in the pen's units."""
        polygons = self._pixels(shape)
        if alpha >= 1 and soft <= 0:
            for polygon in polygons:
                self.sheet.draw.polygon(polygon.ravel().tolist(), fill=colour)
            return
        radius = soft * math.hypot(self.matrix[0, 0], self.matrix[1, 0])
        mask, corner = self._mask(polygons, round(255 * alpha), margin=round(radius * 2.5))
        if radius > 0:
            mask = mask.filter(ImageFilter.BoxBlur(radius)).filter(ImageFilter.BoxBlur(radius / 2))
        self.sheet.image.paste(
            colour, (*corner, corner[0] + mask.width, corner[1] + mask.height), mask
        )

    @contextmanager
    def clip(self, shape: Shape) -> Iterator[None]:
        """Keep only what falls inside a shape of all that is drawn meanwhile."""
        mask, (left, top) = self._mask(self._pixels(shape), 255)
        below = self.sheet.image
        self.sheet.show(below.copy())
        yield
        area = (left, top, left + mask.width, top + mask.height)
        below.paste(self.sheet.image.crop(area), area, mask)
        self.sheet.show(below)

    def _pixels(self, shape: Shape) -> Shape:
        """Take a shape to the sheet's pixels."""
        return [p @ self.matrix[:, :2].T + self.matrix[:, 2] for p in shape]

    def _mask(
        self, polygons: Shape, level: int, margin: int = 0
    ) -> tuple[Image.Image, tuple[int, int]]:
        """Return a mask as small as the polygons allow, and where its corner lies on the sheet."""
        size = self.sheet.image.width
        everything = np.vstack(polygons)
        low = np.clip(np.floor(everything.min(axis=0)) - margin, 0, size - 1).astype(int)
        high = np.clip(np.ceil(everything.max(axis=0)) + margin + 1, low + 1, size).astype(int)
        mask = Image.new("L", (int(high[0] - low[0]), int(high[1] - low[1])), 0)
        draw = ImageDraw.Draw(mask)
        for polygon in polygons:
            draw.polygon((polygon - low).ravel().tolist(), fill=level)
        return mask, (int(low[0]), int(low[1]))


def shadow(pen: Pen, x: float, wide: float) -> None:
    """Draw the soft shadow that grounds whatever stands on y = 0."""
    pen.fill(oval(x, 0.3, wide, wide * 0.13), rgb("4a3346"), 0.26, soft=0.9)
