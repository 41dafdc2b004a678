"""The networks that the lab opens with: trained here, from nothing but the code, by anyone who likes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dlviz.core.lab import Progress
from dlviz.labs.gan.presets import DCGAN
from dlviz.training import checkpoints

STEPS = (0, 30, 100, 250, 500, 1000, 3000)  # moments that are kept: a ring is found early
PICTURE_STEPS = (0, 50, 150, 400, 1000, 2500, 5000)


def pretrain() -> Iterator[Progress | Path]:
    """Train the default run and a DCGAN on digits; the files as they are written."""
    yield from (yield from checkpoints.make("gan", STEPS))
    yield from (yield from checkpoints.make("gan", PICTURE_STEPS, light=True, name="dcgan", changes=DCGAN))
