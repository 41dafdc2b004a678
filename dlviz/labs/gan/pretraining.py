"""The networks that the lab opens with: trained here, from nothing but the code, by anyone who likes."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

from dlviz.core.lab import Progress
from dlviz.core.spec import from_values
from dlviz.labs.gan.presets import DCGAN
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training import checkpoints
from dlviz.training.cards import write_card

STEPS = (0, 30, 100, 250, 500, 1000, 3000)  # moments that are kept: a ring is found early
PICTURE_STEPS = (0, 50, 150, 400, 1000, 2500, 5000)
SCORES = ("modes", "quality", "precision", "recall", "frechet", "diversity", "separation")


def pretrain() -> Iterator[Progress | Path]:
    """Train the default run and a DCGAN on digits; the files as they are written, the card of each last."""
    yield from (yield from checkpoints.make("gan", STEPS))
    yield card({})
    yield from (yield from _pictures())
    yield card(DCGAN)


def _pictures() -> Generator[Progress, None, list[Path]]:
    return checkpoints.make("gan", PICTURE_STEPS, light=True, name="dcgan", changes=DCGAN)


def card(changes: Mapping[str, Any]) -> Path:
    """The card of the checkpoint of these changes to the default settings."""
    spec = from_values(GanSpec, changes)
    told = ", ".join(f"{key}={value}" for key, value in changes.items()) or "the defaults"
    sentences = [
        f"Moments of one run of the GAN lab in training; settings: {told}. Made by `python -m dlviz pretrain gan`.",
        f"Scores over {len(GanRun(spec).shown.measured_z)} fakes and as many held-back real examples, as",
        "`dlviz/labs/gan/measuring.py` explains them. Pictures are judged by the classifier that ships with dlviz.",
    ]
    return write_card("gan", "gan-dcgan" if changes else "gan", spec, sentences, SCORES)
