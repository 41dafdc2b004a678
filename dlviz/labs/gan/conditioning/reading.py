"""What a fake is taken for, and how that agrees with what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dlviz.labs.gan.data import Real
from dlviz.labs.gan.measuring import SURE, pixels
from dlviz.labs.gan.spec import GanSpec
from dlviz.training import classifiers


@dataclass(frozen=True)
class Reading:
    """`place` (n,): the class each example is taken for; `good` (n,): whether it is a good one of that class."""

    place: Tensor
    good: Tensor


def read_as(spec: GanSpec, real: Real, fake: Tensor) -> Reading | None:
    """Points are taken for the nearest mode, and good within three standard deviations; pictures for what the shipped
    classifier says, and good where it is more than 80 % sure. None where there are no classes or no classifier."""
    if real.centers is not None:
        distance, place = torch.cdist(fake, real.centers).min(1)
        return Reading(place, distance <= 3 * real.spread)
    reader = None if spec.is_planar else classifiers.shipped(spec.dataset)
    if reader is None:
        return None
    sure, place = classifiers.logits(reader, pixels(fake)).softmax(1).max(1)
    return Reading(place, sure > SURE)


def confusion(asked: Tensor, read: Tensor, classes: int) -> Tensor:
    """Counts (class, class): rows what was asked for, columns what was read."""
    return torch.bincount(asked * classes + read, minlength=classes * classes).reshape(classes, classes)
