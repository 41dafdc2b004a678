"""Training pictures moved and turned a little, anew each time they are seen."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional

MOST_CELLS = 2.0
MOST_TURN = math.radians(10)


def moved_and_turned(pictures: Tensor, generator: Generator) -> Tensor:
    """Each (channel, height, width) picture moved by up to two cells each way and turned by up to ten degrees.

    What comes in from outside repeats the edge. Bilinear between cells.
    """
    n, _, height, width = pictures.shape
    turn = (torch.rand(n, generator=generator) * 2 - 1) * MOST_TURN
    move = (torch.rand(n, 2, generator=generator) * 2 - 1) * MOST_CELLS * 2 / torch.tensor([width, height])
    cosine, sine = turn.cos(), turn.sin()
    affine = torch.stack([torch.stack([cosine, -sine, move[:, 0]], 1), torch.stack([sine, cosine, move[:, 1]], 1)], 1)
    grid = functional.affine_grid(affine, list(pictures.shape), align_corners=False)
    return functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
