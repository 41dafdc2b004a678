"""What the Convolution lab's experiments share: digits to measure on, and a linear read-out of them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Generator, Tensor

from dlviz.data.digits import mnist_5k


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
