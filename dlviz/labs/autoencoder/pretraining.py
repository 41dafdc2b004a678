"""The network that the lab opens with: trained here, from nothing but the code, by anyone who likes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dlviz.core.lab import Progress
from dlviz.training import checkpoints

STEPS = (0, 50, 150, 500, 3000)  # moments that are kept: the plane unfolds early


def pretrain() -> Iterator[Progress | Path]:
    """Train the default run; the files as they are written."""
    yield from (yield from checkpoints.make("autoencoder", STEPS, light=True))
