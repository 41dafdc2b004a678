"""The noise that is shown at every moment, so that one sees the networks change and not the dice."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from dlviz.labs.gan.model import noise
from dlviz.labs.gan.spec import GanSpec

POINTS, PICTURES = 400, 64  # on the screen
MEASURED_POINTS, MEASURED_PICTURES = 1000, 500  # from which numbers are computed
APART = 10  # of this seed from those of training


@dataclass(frozen=True)
class Shown:
    """`z` (n, noise) and the classes `labels` (n,) told with it, for the screen; and, other ones, for measuring.

    Pictures of a conditional generator stand in rows: one noise a row, one class a column.
    """

    z: Tensor
    labels: Tensor
    measured_z: Tensor
    measured_labels: Tensor

    @classmethod
    def of(cls, spec: GanSpec) -> Shown:
        """What is shown of a spec: the same for the same seed."""
        chance = Generator().manual_seed(spec.seed + APART)
        count, measured = (POINTS, MEASURED_POINTS) if spec.is_planar else (PICTURES, MEASURED_PICTURES)
        classes = max(1, spec.told)
        rows = count // classes
        z = noise(spec, count, chance)
        if spec.told and not spec.is_planar:
            z = z[:rows].repeat_interleave(classes, 0)
        labels = torch.arange(len(z)) % classes
        return cls(z, labels, noise(spec, measured, chance), torch.arange(measured) % classes)
