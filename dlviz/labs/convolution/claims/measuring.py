"""What the experiments share: numbers as a sentence prints them, intervals, and pictures of digits to measure on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Generator, Tensor

from dlviz.data.digits import mnist_5k

# Student's t, 97.5 %, for 1 to 9 degrees of freedom (two-sided 95 %).
_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
CLASSES = 10


def span(numbers: Iterable[float], form: str = ".2g") -> str:
    """The range of some numbers as text, one number if they print alike: "0.48 to 0.6"."""
    texts = list(dict.fromkeys(format(x, form) for x in sorted(numbers)))
    return texts[0] if len(texts) == 1 else f"{texts[0]} to {texts[-1]}"


def mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)


def interval(numbers: Sequence[float]) -> tuple[float, float, float]:
    """Mean and 95 % interval of the mean by Student's t, for 2 to 10 numbers."""
    n, middle = len(numbers), mean(numbers)
    variance = math.fsum((x - middle) ** 2 for x in numbers) / (n - 1)
    half = _STUDENT[n - 2] * math.sqrt(variance / n)
    return middle, middle - half, middle + half


def digits(seed: int, train: int, test: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training pictures (n, 1, 28, 28) in [0, 1] and labels, then test pictures and labels, drawn by the seed."""
    pictures, labels = mnist_5k()
    order = torch.randperm(len(pictures), generator=Generator().manual_seed(seed)).numpy()
    x = torch.from_numpy(pictures[order[: train + test]].astype(np.float32) / 255)[:, None]
    y = torch.from_numpy(labels[order[: train + test]].astype(np.int64))
    return x[:train], y[:train], x[train:], y[train:]


class ReadOut:
    """A linear read-out in closed form: ridge regression of the one-hot classes on the features and a constant.

    The penalty is `ridge` times the mean square of the features times their number of examples, so that
    features of any scale are treated alike.
    """

    def __init__(self, features: Tensor, labels: Tensor, ridge: float) -> None:
        wide = _with_constant(features)
        gram = wide.T @ wide
        penalty = ridge * features.square().mean().item() * len(features)
        gram.diagonal()[:-1] += penalty  # the constant is free
        self.weights = torch.linalg.solve(gram, wide.T @ torch.eye(int(labels.max()) + 1)[labels])

    def accuracy(self, features: Tensor, labels: Tensor) -> float:
        """Share of the examples whose class gets the largest answer."""
        return ((_with_constant(features) @ self.weights).argmax(1) == labels).float().mean().item()


def _with_constant(features: Tensor) -> Tensor:
    return torch.cat([features, torch.ones(len(features), 1)], 1)
