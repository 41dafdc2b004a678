"""The pictures of the CNN lab, split once and for all: training, validation, test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dlviz.data.digits import mnist_5k
from dlviz.data.photos import FILES, photo
from dlviz.data.shapes import draw
from dlviz.labs.cnn import online
from dlviz.labs.cnn.spec import SETS, CnnSpec

MOST_TRAINING, VALIDATION, TEST = 4000, 500, 1000
PATCH = 32
PHOTO_SIDE = 256
# Columns of a photograph that each part is cut from; no patch reaches over into the next part.
COLUMNS = {"train": (0, 144), "validation": (144, 184), "test": (184, 256)}


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


def load(spec: CnnSpec) -> Pictures:
    """The pictures of a spec; `examples` of the training part, every class alike.

    Raises `InvalidInput` where a data set is not on this machine.
    """
    whole = _whole(spec.dataset)
    keep = _balanced(whole.train_y, min(spec.examples, len(whole.train_y)))
    return Pictures(whole.train_x[keep], whole.train_y[keep], whole.validation_x, whole.validation_y,
                    whole.test_x, whole.test_y, whole.masks)  # fmt: skip


@lru_cache(maxsize=4)
def _whole(name: str) -> Pictures:
    match name:
        case "mnist":
            pictures, labels = mnist_5k()
            return _split(torch.from_numpy(pictures.astype(np.float32) / 255)[:, None], labels)
        case "digits":
            from sklearn.datasets import load_digits

            found = load_digits()
            return _split(torch.from_numpy(found.images.astype(np.float32) / 16)[:, None], found.target)
        case "shapes":
            found = draw(TEST + VALIDATION + MOST_TRAINING, 0, len(SETS["shapes"][2]))
            x, y = torch.from_numpy(found.pictures), torch.from_numpy(found.labels)
            return Pictures(x[TEST + VALIDATION :], y[TEST + VALIDATION :], x[TEST : TEST + VALIDATION],
                            y[TEST : TEST + VALIDATION], x[:TEST], y[:TEST],
                            torch.from_numpy(found.masks[:TEST]))  # fmt: skip
        case "patches":
            return _patches()
        case _:
            arrived, labels = online.read(name)
            x = torch.from_numpy(arrived.astype(np.float32) / 255)
            return _split(x[:, None] if x.ndim == 3 else x.permute(0, 3, 1, 2).contiguous(), labels)


def _split(pictures: Tensor, labels: np.ndarray) -> Pictures:
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
        places = places[_balanced(y[places], most)]
        found += [pictures[places], y[places]]
    return Pictures(*found)


def _balanced(labels: Tensor, count: int) -> Tensor:
    """`count` places in turn from every class, in their order; as even as `count` allows."""
    classes = int(labels.max()) + 1
    turns = torch.zeros(len(labels), dtype=torch.long)
    for label in range(classes):
        own = (labels == label).nonzero()[:, 0]
        turns[own] = torch.arange(len(own)) * classes + label
    return torch.argsort(turns)[:count].sort().values


def _patches() -> Pictures:
    """Squares cut from six photographs: the left for training, the right for test, validation between."""
    names = list(FILES)
    random = np.random.default_rng(0)
    counts = {"train": 3600, "validation": VALIDATION, "test": TEST}
    parts = {part: _cut(names, COLUMNS[part], count, random) for part, count in counts.items()}
    return Pictures(*parts["train"], *parts["validation"], *parts["test"])


def _cut(names: list[str], columns: tuple[int, int], count: int, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    labels = np.arange(count) % len(names)
    lefts = random.integers(columns[0], columns[1] - PATCH + 1, count)
    tops = random.integers(0, PHOTO_SIDE - PATCH + 1, count)
    squares = [
        photo(names[label], PHOTO_SIDE)[top : top + PATCH, left : left + PATCH]
        for label, top, left in zip(labels, tops, lefts, strict=True)
    ]
    x = torch.from_numpy(np.stack(squares).transpose(0, 3, 1, 2).astype(np.float32) / 255)
    return x, torch.from_numpy(labels)
