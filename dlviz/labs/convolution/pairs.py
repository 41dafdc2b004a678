"""What the learner learns from: pictures, and what the hidden filter answers to them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Generator, Tensor, nn

from dlviz.data.digits import mnist_5k
from dlviz.data.photos import photo
from dlviz.labs.convolution.pictures import in_channels, resized
from dlviz.labs.convolution.spec import PHOTOS, ConvolutionSpec

TRAIN, TEST = 192, 64
FLAT = 0.5  # the grey of pictures that show nothing
AFFORDED = 12_000_000  # products in one measurement of the losses: about 2 ms
SHOWN, SHOWN_NUMBERS = 6, 40_000  # pairs that the screen gets, and how many numbers in them at most


def inputs(spec: ConvolutionSpec, generator: Generator) -> Tensor:
    """TRAIN + TEST pictures of the size of the stage, (pair, channel, height, width)."""
    count, n = TRAIN + TEST, spec.side
    height = spec.layers[0].input_size[0]
    if spec.pairs == "noise":
        return torch.randn(count, spec.in_channels, height, n, generator=generator)
    if spec.pairs == "flat":
        return torch.full((count, spec.in_channels, height, n), FLAT)
    pictures = in_channels(_digits(count, n, generator) if spec.pairs == "digits" else _crops(count, n, generator),
                           spec.channels)  # fmt: skip
    return pictures if height == n else pictures[:, :, n // 2 : n // 2 + 1]


def answers(target: nn.Module, pictures: Tensor, noise: float, generator: Generator) -> Tensor:
    """What the hidden filter makes of them, and normal noise of that standard deviation."""
    with torch.no_grad():
        exact: Tensor = target(pictures)
    return exact + noise * torch.randn(exact.shape, generator=generator)


def measured(spec: ConvolutionSpec) -> dict[str, slice]:
    """Which pairs the losses are measured on, by "train" and "test": all of them, or as many as can be afforded."""
    products = sum(layer.multiplications for layer in spec.layers)
    share = min(1.0, AFFORDED / max(1, products * (TRAIN + TEST)))
    return {"train": slice(0, max(8, int(TRAIN * share))), "test": slice(TRAIN, TRAIN + max(4, int(TEST * share)))}


def shown(inputs: Tensor, answers: Tensor) -> slice:
    """The test pairs that the screen gets: six, or as many as stay small."""
    one = inputs[0].numel() + answers[0].numel()
    return slice(TRAIN, TRAIN + max(1, min(SHOWN, SHOWN_NUMBERS // one)))


def _digits(count: int, side: int, generator: Generator) -> Tensor:
    pictures, _ = mnist_5k()
    chosen = torch.randperm(len(pictures), generator=generator)[:count].numpy()
    return resized(torch.from_numpy(pictures[chosen].astype(np.float32) / 255)[:, None], side)


def _crops(count: int, side: int, generator: Generator) -> Tensor:
    """Squares cut at random from the photographs, at a quarter of their size."""
    photos = [torch.from_numpy(photo(name, 128).transpose(2, 0, 1).copy()).float() / 255 for name in PHOTOS]
    found = []
    for k in range(count):
        top, left = torch.randint(128 - side + 1, (2,), generator=generator).tolist()
        found.append(photos[k % len(photos)][:, top : top + side, left : left + side])
    return torch.stack(found)
