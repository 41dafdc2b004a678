"""Pictures for "nothing there": where Integrated Gradients and DeepLift begin, and what occlusion covers with."""

from __future__ import annotations

import torch
from torch import Generator, Tensor
from torch.nn import functional

from dlviz.core.errors import InvalidInput

BASELINES = ("black", "mean", "blurred", "noise")
BLUR = 1 / 8  # of the side: the standard deviation


def baseline_of(name: str, picture: Tensor, training: Tensor, seed: int) -> Tensor:
    """The baseline of that name for a picture (channel, height, width), of the same shape.

    `black`: zeros. `mean`: the mean colour of the training pictures (n, channel, height, width). `blurred`: the
    picture itself through a Gaussian as wide as an eighth of its side. `noise`: every cell by chance from 0 to 1.
    Raises `InvalidInput` for another name.
    """
    match name:
        case "black":
            return torch.zeros_like(picture)
        case "mean":
            return training.mean((0, 2, 3))[:, None, None].expand_as(picture).clone()
        case "blurred":
            return blurred(picture, picture.shape[-1] * BLUR)
        case "noise":
            return torch.rand(picture.shape, generator=Generator().manual_seed(seed))
        case _:
            raise InvalidInput("attribution.baseline", f"must be one of {', '.join(BASELINES)}", name, "black")


def blurred(picture: Tensor, sigma: float) -> Tensor:
    """(channel, height, width) through a Gaussian of that standard deviation in cells, mirrored at the rim."""
    reach = max(1, min(round(3 * sigma), picture.shape[-1] - 1, picture.shape[-2] - 1))  # what a mirror can give
    at = torch.arange(-reach, reach + 1)
    weights = torch.exp(-(at**2) / (2 * sigma**2))
    weights = weights / weights.sum()
    planes = functional.pad(picture[:, None], (reach,) * 4, mode="reflect")
    planes = functional.conv2d(planes, weights[None, None, :, None])
    return functional.conv2d(planes, weights[None, None, None, :])[:, 0]
