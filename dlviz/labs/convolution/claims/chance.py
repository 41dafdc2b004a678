"""A network with random kernels still separates edges: convolution, ReLU and pooling do the work, not the weights.

After K. Jarrett et al., What is the best multi-stage architecture for object recognition?, ICCV 2009, and
A. Saxe et al., On random weights and unsupervised feature learning, ICML 2011.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Generator, Tensor
from torch.nn import functional

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.convolution.claims.measuring import ReadOut, digits
from dlviz.labs.convolution.kernels import kernel
from dlviz.training.experiment import interval, mean

SEEDS = (1, 2, 3, 4, 5)
TRAIN, TEST = 2000, 1000
FILTERS, SIZE, POOL = 16, 5, 4
SIDE, NOISE, DIRECTIONS = 16, 0.3, 4
RIDGE = {"edges": 0.001, "digits": 0.01}
NETWORKS = ("pixels", "random, no ReLU", "random, ReLU", "Sobel, ReLU")
SLICE = 500  # pictures at a time


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """One row a task, network and seed: share of the test pictures whose class a linear read-out finds."""
    slices = math.ceil(TRAIN / SLICE) + math.ceil(TEST / SLICE)
    total, done = 2 * len(NETWORKS) * len(seeds) * slices, 0
    rows: list[dict[str, Any]] = []
    for seed in seeds:
        for task, (x, y, test_x, test_y) in (
            ("edges", (*edges(seed, TRAIN), *edges(seed + 1000, TEST))),
            ("digits", digits(seed, TRAIN, TEST)),
        ):
            for name in NETWORKS:
                features: dict[bool, list[Tensor]] = {True: [], False: []}
                for training, pictures in ((True, x), (False, test_x)):
                    for part in pictures.split(SLICE):
                        features[training].append(network(name, seed)(part))
                        done += 1
                        yield Progress(done, total, f"{task}, {name}, seed {seed}")
                train, test = torch.cat(features[True]), torch.cat(features[False])
                accuracy = ReadOut(train, y, RIDGE[task]).accuracy(test, test_y)
                rows.append({
                    "task": task, "network": name, "seed": seed, "numbers": train.shape[1], "accuracy": accuracy,
                })  # fmt: skip
    yield judge(rows)


def edges(seed: int, count: int) -> tuple[Tensor, Tensor]:
    """Noisy pictures (count, 1, SIDE, SIDE) of one soft edge each, and which of four directions it has.

    Where the edge lies and which side of it is bright are random, so that the mean picture of every direction
    is the same grey.
    """
    generator = Generator().manual_seed(seed)
    labels = torch.randint(DIRECTIONS, (count,), generator=generator)
    angle = labels * math.pi / DIRECTIONS
    offset = (torch.rand(count, generator=generator) - 0.5) * SIDE / 2
    bright = torch.randint(2, (count,), generator=generator) * 2 - 1
    place = torch.arange(SIDE) - (SIDE - 1) / 2
    down, across = torch.meshgrid(place, place, indexing="ij")
    distance = across * angle.cos()[:, None, None] + down * angle.sin()[:, None, None] - offset[:, None, None]
    pictures = 0.5 + 0.5 * bright[:, None, None] * distance.tanh()
    return (pictures + NOISE * torch.randn(pictures.shape, generator=generator)).unsqueeze(1), labels


def network(name: str, seed: int) -> Callable[[Tensor], Tensor]:
    """Pictures (n, 1, h, w) → features (n, numbers)."""
    if name == "pixels":
        return lambda x: x.flatten(1)
    kernels = sobel() if name.startswith("Sobel") else random_kernels(seed)
    rectify = functional.relu if name.endswith(", ReLU") else _as_it_is
    return lambda x: functional.avg_pool2d(rectify(functional.conv2d(x, kernels)), POOL).flatten(1)


def _as_it_is(x: Tensor) -> Tensor:
    return x


def random_kernels(seed: int) -> Tensor:
    """FILTERS normal kernels whose weights add up to zero, so that flat pictures give zero."""
    kernels = torch.randn(FILTERS, 1, SIZE, SIZE, generator=Generator().manual_seed(seed))
    return (kernels - kernels.mean((2, 3), keepdim=True)) / SIZE


def sobel() -> Tensor:
    """Sobel kernels in four directions, each with both signs: 8 filters made for the task."""
    vertical = torch.tensor(kernel("sobel_vertical", 3))
    diagonal = torch.tensor([[-2.0, -1, 0], [-1, 0, 1], [0, 1, 2]])
    four = torch.stack([vertical, vertical.T, diagonal, diagonal.flip(1)]) / 4
    return torch.cat([four, -four]).unsqueeze(1)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(task: str, name: str) -> list[float]:
        return [row["accuracy"] for row in rows if (row["task"], row["network"]) == (task, name)]

    def gain(task: str, over: str) -> tuple[float, float, float]:
        return interval([a - b for a, b in zip(column(task, "random, ReLU"), column(task, over), strict=True)])

    shown = {task: {name: f"{mean(column(task, name)):.0%}" for name in NETWORKS} for task in RIDGE}
    edge, digit = shown["edges"], shown["digits"]
    over = {task: gain(task, "pixels") for task in RIDGE}
    sentence = (
        f"Which of four directions an edge has, a linear read-out finds from raw pixels in {edge['pixels']} of the "
        f"pictures, a guess among four being 25%; behind {FILTERS} random kernels, ReLU and pooling in "
        f"{edge['random, ReLU']}, behind Sobel kernels made for it in {edge['Sobel, ReLU']}. Without the ReLU the same "
        f"random kernels reach {edge['random, no ReLU']}: the rectifier separates, not the weights. Digits: pixels "
        f"{digit['pixels']}, random {digit['random, ReLU']} (better by {100 * over['digits'][0]:.1f} points, 95 % "
        f"interval {100 * over['digits'][1]:.1f} to {100 * over['digits'][2]:.1f}), Sobel {digit['Sobel, ReLU']}, "
        f"random without ReLU {digit['random, no ReLU']}."
    )
    sure = [low > 0 for _, low, _ in over.values()]
    return Verdict("yes" if all(sure) else "partly" if any(sure) else "no", sentence, rows)
