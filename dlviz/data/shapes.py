"""Coloured shapes, 32 × 32, drawn with known ground truth: which shape, where it is, which cells are its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SIDE = 32
NAMES = ("circle", "square", "triangle", "cross", "ring", "star")
FINE = 2  # each cell is drawn as 2 × 2, so that edges are smooth


@dataclass(frozen=True)
class Shapes:
    """`pictures` (n, 3, 32, 32) in [0, 1], `labels` (n,), `masks` (n, 32, 32) in [0, 1].

    `boxes` (n, 4): x0, y0, x1, y1 in cells, the ends not included.
    """

    pictures: np.ndarray
    labels: np.ndarray
    masks: np.ndarray
    boxes: np.ndarray


def draw(count: int, seed: int, classes: int = len(NAMES)) -> Shapes:
    """`count` shapes on noisy ground, the classes in turn; place, size, turn and colours by chance of the seed."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    masks = np.stack([_mask(NAMES[label], random) for label in labels]).astype(np.float32)
    ink, ground = _colors(count, random)
    texture = random.normal(0, 0.06, (count, 3, SIDE, SIDE))
    m = masks[:, None]
    pictures = np.clip(ground[:, :, None, None] * (1 - m) + ink[:, :, None, None] * m + texture, 0, 1)
    boxes = np.array([_box(mask) for mask in masks], dtype=np.int64)
    return Shapes(pictures.astype(np.float32), labels.astype(np.int64), masks, boxes)


def _colors(count: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Ink and ground, (n, 3) each, apart in lightness, so that the shape can always be seen."""
    ground = random.uniform(0.05, 0.95, (count, 3))
    ink = random.uniform(0, 1, (count, 3))
    light = ground.mean(1, keepdims=True) > 0.5
    return np.where(light, ink * 0.45, 0.55 + ink * 0.45), np.where(light, 0.55 + ground * 0.45, ground * 0.45)


def _mask(name: str, random: np.random.Generator) -> np.ndarray:
    radius = random.uniform(6, 11)
    x0, y0 = random.uniform(radius, SIDE - radius, 2)
    turn = random.uniform(-0.35, 0.35)
    at = (np.arange(SIDE * FINE) + 0.5) / FINE
    x, y = np.meshgrid((at - x0) / radius, (at - y0) / radius)
    u, v = np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x
    fine = _inside(name, u, v)
    return fine.reshape(SIDE, FINE, SIDE, FINE).mean((1, 3))


def _inside(name: str, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Where a shape of radius 1 about the origin is."""
    far = np.hypot(u, v)
    match name:
        case "circle":
            return far < 0.9
        case "square":
            return np.maximum(abs(u), abs(v)) < 0.78
        case "triangle":
            return (v < 0.6) & (v > -0.95 + 1.65 * abs(u) / 0.95)
        case "cross":
            return (np.minimum(abs(u), abs(v)) < 0.26) & (np.maximum(abs(u), abs(v)) < 0.95)
        case "ring":
            return (far < 0.95) & (far > 0.55)
        case _:
            angle = np.arctan2(u, -v)
            edge = 0.5 + 0.45 * abs(((angle * 5 / np.pi) % 2) - 1)
            return far < edge


def _box(mask: np.ndarray) -> tuple[int, int, int, int]:
    rows, columns = np.nonzero(mask.max(1) > 0.5)[0], np.nonzero(mask.max(0) > 0.5)[0]
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
