"""A small image classifier in plain numpy: learned patches, then a small neural network.

After Coates, Lee and Ng, "An Analysis of Single-Layer Networks in Unsupervised Feature Learning"
(2011): k-means on whitened patches of the training pictures gives a dictionary; a picture is
described by how strongly each patch of the dictionary occurs in each part of a grid over it. A
network with one hidden layer then tells cats from the rest by these numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]  # pictures, rows, columns, three colours
Floats: TypeAlias = NDArray[np.float32]

PATCH = 8  # pixels of a patch's side
STRIDE = 2  # pixels from patch to patch
WORDS = 128  # patches in the dictionary
GRID = 4  # parts of a picture, in each direction
QUIET = 0.25  # responses below this count as none
HIDDEN = 64  # units of the network
EPOCHS = 20
BATCH = 64
RATE = 1e-3  # of learning, falling to 0
DECAY = 3e-3  # of weights


@dataclass(frozen=True)
class Dictionary:
    """Patches learned from pictures, and the whitening that goes before them."""

    mean: Floats
    words: Floats  # whitening times dictionary

    def describe(self, pictures: Pixels) -> Floats:
        """Return a row of features for each picture."""
        chunks = [self._pooled(pictures[n : n + 50]) for n in range(0, len(pictures), 50)]
        return np.concatenate(chunks)

    def _pooled(self, pictures: Pixels) -> Floats:
        """Return the mean response to each word, dark or light, in each part of the grid."""
        view = np.lib.stride_tricks.sliding_window_view(pictures, (PATCH, PATCH), axis=(1, 2))
        view = view[:, ::STRIDE, ::STRIDE]
        count, side = view.shape[:2]
        responses = (normal(view.reshape(count, side, side, -1)) - self.mean) @ self.words
        both = np.concatenate([responses, -responses], axis=-1)
        both = np.maximum(both - QUIET, 0)
        cuts = np.linspace(0, side, GRID + 1).round().astype(int)
        spans = [slice(a, b) for a, b in pairwise(cuts.tolist())]
        parts = [both[:, rows, columns].mean(axis=(1, 2)) for rows in spans for columns in spans]
        return np.concatenate(parts, axis=1, dtype=np.float32)


def normal(patches: NDArray[np.uint8]) -> Floats:
    """Return patches with their own brightness and contrast taken out."""
    values = patches.astype(np.float32)
    values -= values.mean(axis=-1, keepdims=True)
    return np.asarray(values / np.sqrt(values.var(axis=-1, keepdims=True) + 10), dtype=np.float32)


def learn_dictionary(
    pictures: Pixels, rng: np.random.Generator, samples: int = 60_000
) -> Dictionary:
    """Learn a dictionary from random patches: whitening, then k-means on the sphere."""
    which = rng.integers(0, len(pictures), samples)
    top, left = rng.integers(0, pictures.shape[1] - PATCH + 1, (2, samples))
    view = np.lib.stride_tricks.sliding_window_view(pictures, (PATCH, PATCH), axis=(1, 2))
    patches = normal(view[which, top, left].reshape(samples, -1))
    mean = patches.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov((patches - mean).T))
    whitening = ((vectors / np.sqrt(values + 0.1)) @ vectors.T).astype(np.float32)
    white = (patches - mean) @ whitening
    words = rng.normal(size=(WORDS, white.shape[1])).astype(np.float32)
    for _ in range(12):
        words /= np.linalg.norm(words, axis=1, keepdims=True)
        fits = white @ words.T
        best = np.abs(fits).argmax(axis=1)
        weights = fits[np.arange(samples), best]
        words = rng.normal(0, 1e-3, words.shape).astype(np.float32)  # never quite empty
        np.add.at(words, best, white * weights[:, None])
    words /= np.linalg.norm(words, axis=1, keepdims=True)
    return Dictionary(mean, whitening @ words.T)


@dataclass
class Network:
    """One hidden layer of rectified units, and one output: how likely a cat."""

    middle: Floats  # of the features in training
    spread: Floats
    weights: list[Floats]

    def scores(self, features: Floats) -> Floats:
        """Return the probability of a cat for each row of features."""
        inner, inner_bias, outer, outer_bias = self.weights
        hidden = np.maximum(((features - self.middle) / self.spread) @ inner + inner_bias, 0)
        return np.asarray(1 / (1 + np.exp(-(hidden @ outer + outer_bias)))[:, 0], dtype=np.float32)


def train(features: Floats, is_cat: NDArray[np.bool_], rng: np.random.Generator) -> Network:
    """Fit a network by Adam."""
    middle, spread = features.mean(axis=0), features.std(axis=0) + np.float32(0.01)
    rows, target = (features - middle) / spread, is_cat.astype(np.float32)
    wide = rows.shape[1]
    weights = [
        rng.normal(0, np.sqrt(2 / wide), (wide, HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        rng.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, 1)).astype(np.float32),
        np.zeros(1, np.float32),
    ]
    first, second = [np.zeros_like(w) for w in weights], [np.zeros_like(w) for w in weights]
    step = 0
    for epoch in range(EPOCHS):
        order = rng.permutation(len(rows))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            slopes = gradient(weights, rows[chosen], target[chosen])
            step += 1
            for n, slope in enumerate(slopes):
                first[n] = 0.9 * first[n] + 0.1 * slope
                second[n] = 0.999 * second[n] + 0.001 * slope**2
                change = (first[n] / (1 - 0.9**step)) / (
                    np.sqrt(second[n] / (1 - 0.999**step)) + 1e-8
                )
                weights[n] = (weights[n] - RATE * (1 - epoch / EPOCHS) * change).astype(np.float32)
    return Network(middle, spread, weights)


def gradient(weights: list[Floats], rows: Floats, target: Floats) -> list[Floats]:
    """Return the slope of the cross-entropy, with decay, for each array of weights."""
    inner, inner_bias, outer, outer_bias = weights
    before = rows @ inner + inner_bias
    hidden = np.maximum(before, 0)
    guess = 1 / (1 + np.exp(-(hidden @ outer + outer_bias)))
    miss = (guess - target[:, None]) / np.float32(len(rows))
    back = (miss @ outer.T) * (before > 0)
    return [
        rows.T @ back + DECAY * inner,
        back.sum(axis=0),
        hidden.T @ miss + DECAY * outer,
        miss.sum(axis=0),
    ]


class CatDetector:
    """Says how likely a small picture shows a cat."""

    def __init__(self, pictures: Pixels, is_cat: NDArray[np.bool_], seed: int) -> None:
        """Learn from pictures and their mirror images."""
        rng = np.random.default_rng(seed)
        self.dictionary = learn_dictionary(pictures, rng)
        mirrored = np.ascontiguousarray(pictures[:, :, ::-1])
        features = [self.dictionary.describe(pictures), self.dictionary.describe(mirrored)]
        self.network = train(np.concatenate(features), np.tile(is_cat, 2), rng)

    def scores(self, pictures: Pixels) -> Floats:
        """Return the probability of a cat for each picture."""
        return self.network.scores(self.dictionary.describe(pictures))
