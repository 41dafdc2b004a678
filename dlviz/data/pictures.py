"""Sets of pictures that several labs learn from, split once and for all: training, validation, test."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from math import prod

import numpy as np
import torch
from torch import Tensor

from dlviz.core import fields
from dlviz.data.digits import mnist_5k

MOST_TRAINING, VALIDATION, TEST = 4000, 500, 1000


@dataclass(frozen=True)
class Pictures:
    """Pictures (n, channel, height, width) in [0, 1] and labels (n,) of each part; the parts share no picture.

    `masks` (n, height, width): which cells of each test picture are the thing itself, where that is known.
    """

    train_x: Tensor
    train_y: Tensor
    validation_x: Tensor
    validation_y: Tensor
    test_x: Tensor
    test_y: Tensor
    masks: Tensor | None = None


def mnist() -> Pictures:
    """Handwritten digits 28 × 28: 3,500 to train on, 500 and 1,000 held back."""
    pictures, labels = mnist_5k()
    return split(torch.from_numpy(pictures.astype(np.float32) / 255)[:, None], labels)


def small_digits() -> Pictures:
    """Handwritten digits 8 × 8, which come with scikit-learn: 1,797 of them."""
    from sklearn.datasets import load_digits

    found = load_digits()
    return split(torch.from_numpy(found.images.astype(np.float32) / 16)[:, None], found.target)


def split(pictures: Tensor, labels: np.ndarray) -> Pictures:
    """By place within the class, so that the parts share nothing: of every ten two to test, one to validation.

    Of a set with tens of thousands, as many as measuring has time for.
    """
    y = torch.from_numpy(np.asarray(labels, dtype=np.int64))
    by_class = y.argsort(stable=True)
    at = torch.arange(len(y)) % 10
    parts = (at % 5 != 0) & (at != 1), at == 1, at % 5 == 0
    # Every part in an order that mixes the classes, the same for everybody.
    generator = torch.Generator().manual_seed(0)
    found: list[Tensor] = []
    for part, most in zip(parts, (MOST_TRAINING, VALIDATION, TEST), strict=True):
        places = by_class[part]
        places = places[torch.randperm(len(places), generator=generator)]
        places = places[balanced(y[places], most)]
        found += [pictures[places], y[places]]
    return Pictures(*found)


def balanced(labels: Tensor, count: int) -> Tensor:
    """`count` places in turn from every class, in their order; as even as `count` allows."""
    classes = int(labels.max()) + 1
    turns = torch.zeros(len(labels), dtype=torch.long)
    for label in range(classes):
        own = (labels == label).nonzero()[:, 0]
        turns[own] = torch.arange(len(own)) * classes + label
    return torch.argsort(turns)[:count].sort().values


def from_text(text: str, shape: tuple[int, ...], field: str) -> Tensor:
    """A picture in [0, 1] from the text it travels as. Raises `InvalidInput` about `field` for another size."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != prod(shape):
        raise fields.another_size(field, shape, len(data))
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(shape).float() / 255
