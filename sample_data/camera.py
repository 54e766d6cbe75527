"""What cameras and photo apps do to a picture: blur and filters."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps


def blur(image: Image.Image, rng: random.Random) -> Image.Image:
    """Blur a picture: out of focus, or shaken while the shutter was open."""
    if rng.random() < 0.5:
        return image.filter(ImageFilter.GaussianBlur(rng.uniform(4.6, 6.3)))
    length, angle = rng.uniform(18, 26), rng.uniform(0, math.pi)
    bend = rng.uniform(-0.5, 0.5)
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(1.2)), dtype=np.float64)
    margin = 40
    padded = np.pad(pixels, ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    total = np.zeros_like(pixels)
    steps = np.linspace(-0.5, 0.5, 48)
    for step in steps:
        turn = angle + bend * step
        dx, dy = round(length * step * math.cos(turn)), round(length * step * math.sin(turn))
        top, left = margin + dy, margin + dx
        total += padded[top : top + image.width, left : left + image.width]
    return Image.fromarray((total / len(steps)).round().astype(np.uint8))


def vignette(image: Image.Image, strength: float) -> Image.Image:
    """Darken the corners."""
    x = np.linspace(-1, 1, image.width)
    distance = np.sqrt(x[:, None] ** 2 + x[None, :] ** 2)
    factor = 1 - strength * np.clip((distance - 0.45) / 0.95, 0, 1) ** 1.6
    pixels = np.asarray(image, dtype=np.float64) * factor[:, :, None]
    return Image.fromarray(pixels.round().astype(np.uint8))


def toned(image: Image.Image, dark: str, middle: str, bright: str, share: float) -> Image.Image:
    """Blend a picture with a version of it in three tones."""
    tones = ImageOps.colorize(ImageOps.grayscale(image), f"#{dark}", f"#{bright}", f"#{middle}")
    return Image.blend(image, tones, share)


def sepia(image: Image.Image, rng: random.Random) -> Image.Image:
    """Make an old brown photograph."""
    return vignette(toned(image, "3a2216", "b2875a", "fff0cd", 0.92), rng.uniform(0.5, 0.65))


def noir(image: Image.Image, rng: random.Random) -> Image.Image:
    """Make a black and white photograph."""
    grey = ImageEnhance.Contrast(ImageOps.grayscale(image).convert("RGB")).enhance(1.3)
    return vignette(grey, rng.uniform(0.5, 0.7))


def faded_rose(image: Image.Image, rng: random.Random) -> Image.Image:
    """Fade a picture towards pink."""
    return vignette(toned(image, "8a5a78", "e79aa0", "fff0e2", 0.68), rng.uniform(0.2, 0.35))


def teal_orange(image: Image.Image, rng: random.Random) -> Image.Image:
    """Push shadows to teal and lights to orange."""
    strong = ImageEnhance.Contrast(image).enhance(1.25)
    return vignette(toned(strong, "06404f", "7d9a86", "ffc27a", 0.66), rng.uniform(0.45, 0.6))


def violet(image: Image.Image, rng: random.Random) -> Image.Image:
    """Tint a picture violet and peach."""
    return vignette(toned(image, "3b1f6b", "b0649e", "ffd9b5", 0.72), rng.uniform(0.35, 0.5))


def lime(image: Image.Image, rng: random.Random) -> Image.Image:
    """Develop a picture in the wrong chemicals: green shadows, yellow lights."""
    loud = ImageEnhance.Color(ImageEnhance.Contrast(image).enhance(1.35)).enhance(1.3)
    return vignette(toned(loud, "0f4a3c", "a8a63e", "fff6a0", 0.55), rng.uniform(0.5, 0.65))


def light_leak(image: Image.Image, rng: random.Random) -> Image.Image:
    """Let red light into the camera from one side."""
    y, x = np.mgrid[0 : image.width, 0 : image.width] / image.width
    corner_x, corner_y = rng.choice((0.0, 1.0)), rng.uniform(0.0, 1.0)
    leak = np.clip(1.15 - np.sqrt((x - corner_x) ** 2 + (y - corner_y) ** 2), 0, 1) ** 1.5
    pale = np.asarray(toned(image, "5c4a52", "c9a58a", "fff2d8", 0.45), dtype=np.float64)
    glow = np.array([255.0, 96.0, 48.0]) * leak[:, :, None] * 0.85
    mixed = 255 - (255 - pale) * (255 - glow) / 255
    return vignette(Image.fromarray(mixed.round().astype(np.uint8)), 0.25)


FILTERS: Sequence[Callable[[Image.Image, random.Random], Image.Image]] = (
    sepia,
    noir,
    faded_rose,
    teal_orange,
    violet,
    lime,
    light_leak,
)


def photo_filter(image: Image.Image, rng: random.Random) -> Image.Image:
    """Apply one of the filters of photo apps."""
    return rng.choice(FILTERS)(image, rng)
