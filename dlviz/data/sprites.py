"""Sprites: one coloured shape on black, 24 × 24, of which every factor of variation is known.

In the manner of dSprites (L. Matthey et al., 2017), with a colour: the shape, where it stands, how large it is, its hue
and how far it is turned are drawn independently of each other.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

import numpy as np

SIDE = 24
NAMES = ("square", "ellipse", "arrow")
FACTORS = ("x", "y", "size", "hue", "turn")
# Lowest and highest value: places of the middle and half the side in cells, hue as a share of the circle of colours
# (from red to violet, so that its ends differ), turn in radians.
LIMITS = {"x": (7.0, 17.0), "y": (7.0, 17.0), "size": (3.5, 6.5), "hue": (0.0, 0.75), "turn": (-0.6, 0.6)}
FINE = 2  # each cell is drawn as 2 × 2, so that edges are smooth


@dataclass(frozen=True)
class Sprites:
    """`pictures` (n, 3, 24, 24) in [0, 1], `labels` (n,) the shape, `factors` (n, 5) in the order of `FACTORS`."""

    pictures: np.ndarray
    labels: np.ndarray
    factors: np.ndarray


def draw(count: int, seed: int) -> Sprites:
    """`count` sprites, the shapes in turn, every factor uniform between its limits by chance of the seed."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % len(NAMES)
    low, high = np.array([LIMITS[name] for name in FACTORS]).T
    factors = random.uniform(low, high, (count, len(FACTORS)))
    pictures = np.stack([picture(NAMES[label], *row) for label, row in zip(labels, factors, strict=True)])
    return Sprites(pictures, labels.astype(np.int64), factors.astype(np.float32))


def picture(name: str, x: float, y: float, size: float, hue: float, turn: float) -> np.ndarray:
    """One sprite, (3, 24, 24) in [0, 1]; factors as in `LIMITS`."""
    at = (np.arange(SIDE * FINE) + 0.5) / FINE
    across, down = np.meshgrid((at - x) / size, (at - y) / size)
    u = np.cos(turn) * across + np.sin(turn) * down
    v = np.cos(turn) * down - np.sin(turn) * across
    mask = _inside(name, u, v).reshape(SIDE, FINE, SIDE, FINE).mean((1, 3))
    color = np.array(colorsys.hsv_to_rgb(hue, 0.85, 1.0))
    return (color[:, None, None] * mask).astype(np.float32)


def _inside(name: str, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Where a shape of half side 1 about the origin is."""
    match name:
        case "square":
            return np.maximum(abs(u), abs(v)) < 0.8
        case "ellipse":
            return u**2 + (v / 0.6) ** 2 < 1
        case _:
            head = (v < 0) & (v > -0.95 + 1.05 * abs(u))
            return head | ((abs(u) < 0.32) & (v >= 0) & (v < 0.95))
