"""The three methods that take many passes, one pass a turn, for a network whose single pass is felt already.

What they find is what one call of Captum finds; it is added up here because Captum gives nothing before the end.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import torch
from torch import Generator as Chance
from torch import Tensor

from dlviz.labs.cnn.explaining import NOISE, NOISY_COPIES, Explained, Particulars, Score, explain

MANY_PASSES = ("smooth_grad", "integrated_gradients", "occlusion")


@dataclass(frozen=True)
class Partly:
    """What `done` of `total` passes have found, (channel, height, width)."""

    attribution: Tensor
    done: int
    total: int


def passes(network: Particulars, side: int, method: str, steps: int) -> int:
    """How many passes a method takes for a picture of side × side."""
    match method:
        case "smooth_grad":
            return NOISY_COPIES
        case "integrated_gradients":
            return steps
        case "occlusion":
            return len(_starts(network, side)) ** 2
        case _:
            return 1


def explain_in_turns(
    score: Score, network: Particulars, picture: Tensor, baseline: Tensor, method: str, steps: int
) -> Generator[Partly, None, Explained]:
    """As `explain`, but yielding after every pass of a method with many. The milliseconds are its own alone.

    SmoothGrad's noise comes from a generator of its own, so nothing is disturbed between two turns.
    Raises `InvalidInput` for a method that there is not.
    """
    if method not in MANY_PASSES:
        return explain(score, network, picture, baseline, method, steps)
    parts = {
        "smooth_grad": lambda: _smooth_grad(score, picture, network.seed),
        "integrated_gradients": lambda: _integrated_gradients(score, picture, baseline, steps),
        "occlusion": lambda: _occlusion(score, network, picture, baseline),
    }[method]()
    total = passes(network, picture.shape[-1], method, steps)
    milliseconds, found = 0.0, picture
    for done in range(1, total + 1):
        began = perf_counter()
        found = next(parts)
        milliseconds += (perf_counter() - began) * 1000
        yield Partly(found, done, total)
    return Explained(found.clone(), milliseconds)


def _gradient(score: Score, picture: Tensor) -> Tensor:
    with torch.enable_grad():
        x = picture[None].clone().requires_grad_()
        (gradient,) = torch.autograd.grad(score(x).sum(), x)
    return gradient[0]


def _smooth_grad(score: Score, picture: Tensor, seed: int) -> Iterator[Tensor]:
    chance = Chance().manual_seed(seed)
    total = torch.zeros_like(picture)
    for done in range(1, NOISY_COPIES + 1):
        noise = torch.normal(0.0, torch.full_like(picture, NOISE), generator=chance)
        total += _gradient(score, picture + noise)
        yield total / done


def _integrated_gradients(score: Score, picture: Tensor, baseline: Tensor, steps: int) -> Iterator[Tensor]:
    """Gauss and Legendre's points of the way and their weights; before the last one, as if they were all."""
    points, weights = np.polynomial.legendre.leggauss(steps)
    way = picture - baseline
    total, weight = torch.zeros_like(picture), 0.0
    for point, share in zip((points + 1) / 2, weights / 2, strict=True):
        total += _gradient(score, baseline + float(point) * way) * float(share)
        weight += float(share)
        yield total * way / weight


def _starts(network: Particulars, side: int) -> list[int]:
    size, stride = network.window
    return [at * stride for at in range(math.ceil((side - size) / stride) + 1)]


def _occlusion(score: Score, network: Particulars, picture: Tensor, baseline: Tensor) -> Iterator[Tensor]:
    """How far the score falls, a patch a pass; a cell takes the mean of the patches over it, 0 before the first."""
    size = network.window[0]
    total, count = torch.zeros_like(picture), torch.zeros_like(picture)
    with torch.no_grad():
        whole = score(picture[None])[0, 0]
    for top in _starts(network, picture.shape[-2]):
        for left in _starts(network, picture.shape[-1]):
            patch = (slice(None), slice(top, top + size), slice(left, left + size))
            covered = picture.clone()
            covered[patch] = baseline[patch]
            with torch.no_grad():
                total[patch] += whole - score(covered[None])[0, 0]
            count[patch] += 1
            yield total / count.clamp(min=1)
