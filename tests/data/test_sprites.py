"""Sprites: their factors are what is seen, and independent of each other."""

from __future__ import annotations

import colorsys

import numpy as np

from dlviz.data import sprites


def test_factors_are_what_is_seen() -> None:
    drawn = sprites.draw(60, 4)
    at = np.arange(sprites.SIDE) + 0.5
    for picture, label, (x, y, size, hue, _) in zip(drawn.pictures, drawn.labels, drawn.factors, strict=True):
        mass = picture.max(0)
        peak = picture.reshape(3, -1)[:, mass.argmax()]
        assert abs(colorsys.rgb_to_hsv(*peak)[0] - hue) < 0.01
        if sprites.NAMES[label] == "arrow":
            continue  # its middle of mass is not its middle
        assert abs((mass.sum(0) @ at) / mass.sum() - x) < 0.25
        assert abs((mass.sum(1) @ at) / mass.sum() - y) < 0.25
        area = {"square": 1.6**2, "ellipse": np.pi * 0.6}[sprites.NAMES[label]] * size**2
        assert abs(mass.sum() - area) < 0.08 * area


def test_turning_an_ellipse_turns_its_long_axis() -> None:
    at = np.arange(sprites.SIDE) + 0.5
    x, y = np.meshgrid(at - 12, at - 12)
    for turn in (-0.5, 0.2, 0.6):
        mass = sprites.picture("ellipse", 12, 12, 6.5, 0.3, turn).max(0)
        _, vectors = np.linalg.eigh(np.cov(np.stack([x.ravel(), y.ravel()]), aweights=mass.ravel()))
        long = vectors[:, 1] * np.sign(vectors[0, 1])
        assert abs(np.arctan2(long[1], long[0]) - turn) < 0.03


def test_factors_are_independent_and_the_same_for_everybody() -> None:
    drawn = sprites.draw(2000, 0)
    correlation = np.corrcoef(np.column_stack([drawn.factors, drawn.labels]).T)
    assert np.abs(correlation - np.eye(6)).max() < 0.08
    assert np.array_equal(sprites.draw(2000, 0).pictures, drawn.pictures)
