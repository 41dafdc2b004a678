"""Augmentation against scipy's own rotation and shift, and the sizes it promises."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import Generator

from dlviz.data.augmenting import MOST_CELLS, MOST_TURN, moved_and_turned
from dlviz.data.digits import mnist_5k


def drawn(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The turns (n,) in radians and moves (n, 2) as (right, down) in cells that this seed draws."""
    generator = Generator().manual_seed(seed)
    turns = (torch.rand(n, generator=generator) * 2 - 1) * MOST_TURN
    moves = (torch.rand(n, 2, generator=generator) * 2 - 1) * MOST_CELLS
    return turns.double().numpy(), moves.double().numpy()


def by_scipy(picture: np.ndarray, turn: float, right: float, down: float) -> np.ndarray:
    """Where each cell of the answer is taken from: turned about the middle, then moved; the edge repeated."""
    middle = (np.array(picture.shape) - 1) / 2
    c, s = math.cos(turn), math.sin(turn)
    matrix = np.array([[c, s], [-s, c]])  # of (row, column)
    offset = middle - matrix @ middle + [down, right]
    return ndimage.affine_transform(picture, matrix, offset, order=1, mode="nearest")


@pytest.mark.parametrize("channels", [1, 3])
def test_every_picture_is_turned_and_moved_as_scipy_does(channels: int) -> None:
    known = torch.from_numpy(mnist_5k()[0][::250].astype(np.float32) / 255)
    pictures = torch.stack([known.roll(k, 0) for k in range(channels)], 1)
    found = moved_and_turned(pictures, Generator().manual_seed(5)).numpy()
    for k, (turn, (right, down)) in enumerate(zip(*drawn(len(pictures), 5), strict=True)):
        for c in range(channels):
            expected = by_scipy(pictures[k, c].double().numpy(), turn, right, down)
            np.testing.assert_allclose(found[k, c], expected, atol=2e-5)


def test_it_is_small_and_new_each_time() -> None:
    turns, moves = drawn(2000, 1)
    assert np.abs(turns).max() <= math.radians(10)
    assert np.abs(turns).max() > math.radians(9.9)
    assert np.abs(moves).max() <= 2
    assert np.abs(moves).max() > 1.99
    pictures, generator = torch.rand(4, 1, 28, 28), Generator().manual_seed(1)
    first, second = moved_and_turned(pictures, generator), moved_and_turned(pictures, generator)
    assert not torch.equal(first, second)
    assert torch.equal(first, moved_and_turned(pictures, Generator().manual_seed(1)))
    assert first.min() >= 0
    assert first.max() <= 1
