"""Coloured shapes: mask and box agree with the drawing, the areas with geometry."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import ndimage

from dlviz.data.shapes import NAMES, SIDE, draw

DRAWN = draw(300, seed=3)
SIDE_OF_TRIANGLE = (0.6 + 0.95) ** 2 * 0.95 / 1.65  # half base at the foot, times the height, of radius 1
AREAS = {
    "circle": math.pi * 0.9**2,
    "square": (2 * 0.78) ** 2,
    "triangle": SIDE_OF_TRIANGLE,
    "cross": 4 * 0.26 * (2 * 0.95 - 0.26),
    "ring": math.pi * (0.95**2 - 0.55**2),
}


def test_the_same_seed_draws_the_same_and_another_others() -> None:
    again, other = draw(30, seed=3), draw(30, seed=4)
    assert again.pictures.shape == (30, 3, SIDE, SIDE)
    assert (draw(30, seed=3).pictures == again.pictures).all()
    assert not (other.pictures == again.pictures).all((1, 2, 3)).any()
    assert again.labels.tolist() == [k % 6 for k in range(30)]


def test_the_box_is_the_smallest_around_the_mask() -> None:
    for mask, box in zip(DRAWN.masks, DRAWN.boxes, strict=True):
        rows, columns = ndimage.find_objects((mask > 0.5).astype(int))[0]
        assert box.tolist() == [columns.start, rows.start, columns.stop, rows.stop]
        assert box.min() >= 0
        assert box.max() <= SIDE


def test_the_mask_is_where_the_drawing_is() -> None:
    """Inside and outside are two colours with noise of 0.06 on them, apart in lightness."""
    for picture, mask in zip(DRAWN.pictures, DRAWN.masks, strict=True):
        inside, outside = picture[:, mask == 1], picture[:, mask == 0]
        assert abs(inside.mean() - outside.mean()) > 0.1
        assert inside.std(1).max() < 0.09
        assert outside.std(1).max() < 0.09
        light = picture.mean(0)
        halfway = (inside.mean() + outside.mean()) / 2
        guessed = (light > halfway) == (inside.mean() > halfway)
        sure = (mask == 0) | (mask == 1)
        assert (guessed == (mask == 1))[sure].mean() > 0.9


@pytest.mark.parametrize("name", AREAS)
def test_a_shape_has_the_area_of_its_equation(name: str) -> None:
    """Relative to the box of a shape of radius r: area / r², r from the largest extent of circle and ring."""
    many = draw(1200, seed=5)
    own = many.masks[many.labels == NAMES.index(name)].sum((1, 2))
    # Radii are uniform from 6 to 11 cells: the mean of r² is (11³ − 6³) / (3 · 5).
    expected = AREAS[name] * (11**3 - 6**3) / 15
    assert own.mean() == pytest.approx(expected, rel=0.06)
    assert own.min() > 0.93 * AREAS[name] * 36
    assert own.max() < 1.07 * AREAS[name] * 121


def test_a_star_has_five_points_and_a_ring_a_hole() -> None:
    holes = dict.fromkeys(NAMES, 0)
    for label, mask in zip(DRAWN.labels, DRAWN.masks, strict=True):
        _, pieces = ndimage.label(mask < 0.5)
        holes[NAMES[label]] += pieces - 1
        assert ndimage.label(mask > 0.5, structure=np.ones((3, 3)))[1] == 1
    assert holes["ring"] == (DRAWN.labels == NAMES.index("ring")).sum()
    assert not any(count for name, count in holes.items() if name != "ring")
