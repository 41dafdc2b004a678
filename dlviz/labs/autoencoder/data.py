"""The pictures of the Autoencoder lab: what is trained on, what is held back, and strangers that are never seen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from dlviz.data import faces, pictures, sprites
from dlviz.data.pictures import MOST_TRAINING, TEST, VALIDATION, Pictures, balanced
from dlviz.labs.autoencoder.spec import AutoencoderSpec

FACES_HELD_BACK = 10, 20  # for validation and for testing


@dataclass(frozen=True)
class Data:
    """`pictures` without the class that is left out; `strangers` (n, channel, height, width): test pictures of that
    class, or of a set of one class what is none of it; empty where there are none.

    `factors` (test picture, factor): of sprites, in the order of `sprites.FACTORS`; else None.
    """

    pictures: Pictures
    strangers: Tensor
    factors: Tensor | None = None


def load(spec: AutoencoderSpec) -> Data:
    """The pictures of a spec; `examples` of the training part, every class alike."""
    whole = _whole(spec.dataset)
    found = whole.pictures
    if spec.leave_out != "none":
        return _reduced(whole, int(spec.leave_out), spec.examples)
    keep = balanced(found.train_y, min(spec.examples, len(found.train_y)))
    some = Pictures(found.train_x[keep], found.train_y[keep], found.validation_x, found.validation_y,
                    found.test_x, found.test_y)  # fmt: skip
    return Data(some, whole.strangers, whole.factors)


def _reduced(whole: Data, label: int, examples: int) -> Data:
    """Without the pictures of one class: its test pictures are the strangers."""
    found = whole.pictures
    train, validation, test = (y != label for y in (found.train_y, found.validation_y, found.test_y))
    x, y = found.train_x[train], found.train_y[train]
    keep = balanced(y, min(examples, len(y)))
    some = Pictures(x[keep], y[keep], found.validation_x[validation], found.validation_y[validation],
                    found.test_x[test], found.test_y[test])  # fmt: skip
    return Data(some, found.test_x[~test], None if whole.factors is None else whole.factors[test])


@lru_cache(maxsize=4)
def _whole(name: str) -> Data:
    match name:
        case "mnist":
            found = pictures.mnist()
        case "digits":
            found = pictures.small_digits()
        case "sprites":
            return _sprites()
        case _:
            return _faces()
    return Data(found, found.test_x[:0])


def _sprites() -> Data:
    drawn = sprites.draw(TEST + VALIDATION + MOST_TRAINING, 0)
    x, y = torch.from_numpy(drawn.pictures), torch.from_numpy(drawn.labels)
    parts = slice(TEST + VALIDATION, None), slice(TEST, TEST + VALIDATION), slice(TEST)
    found = Pictures(*(values[part] for part in parts for values in (x, y)))
    return Data(found, x[:0], torch.from_numpy(drawn.factors[:TEST]))


def _faces() -> Data:
    """There are few: each face to train on comes with its mirror image; those held back are seen in neither way."""
    known, others = (torch.from_numpy(found.copy())[:, None] for found in faces.faces())
    validation, test = FACES_HELD_BACK
    train = known[validation + test :]
    parts = torch.cat([train, train.flip(3)]), known[test : test + validation], known[:test]
    labelled = [values for part in parts for values in (part, torch.zeros(len(part), dtype=torch.long))]
    return Data(Pictures(*labelled), others)
