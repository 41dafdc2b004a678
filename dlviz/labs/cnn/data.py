"""The pictures of the CNN lab, split once and for all: training, validation, test."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dlviz.data import pictures
from dlviz.data.photos import FILES, photo
from dlviz.data.pictures import MOST_TRAINING, TEST, VALIDATION, Pictures, balanced, split
from dlviz.data.shapes import draw
from dlviz.labs.cnn import online
from dlviz.labs.cnn.spec import SETS, CnnSpec

PATCH = 32
PHOTO_SIDE = 256
# Columns of a photograph that each part is cut from; no patch reaches over into the next part.
COLUMNS = {"train": (0, 144), "validation": (144, 184), "test": (184, 256)}


def load(spec: CnnSpec) -> Pictures:
    """The pictures of a spec; `examples` of the training part, every class alike.

    Raises `InvalidInput` where a data set is not on this machine.
    """
    whole = _whole(spec.dataset)
    keep = balanced(whole.train_y, min(spec.examples, len(whole.train_y)))
    return Pictures(whole.train_x[keep], whole.train_y[keep], whole.validation_x, whole.validation_y,
                    whole.test_x, whole.test_y, whole.masks)  # fmt: skip


@lru_cache(maxsize=4)
def _whole(name: str) -> Pictures:
    match name:
        case "mnist":
            return pictures.mnist()
        case "digits":
            return pictures.small_digits()
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
            return split(x[:, None] if x.ndim == 3 else x.permute(0, 3, 1, 2).contiguous(), labels)


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
