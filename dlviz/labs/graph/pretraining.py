"""The network of molecules that ships: trained here, from nothing but the code, by anyone who likes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dlviz.core.lab import Progress
from dlviz.core.spec import from_values
from dlviz.labs.graph.presets import MOLECULES
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training import checkpoints
from dlviz.training.cards import write_card

NAME = "molecules"
STEPS = (0, 5, 20, 60, 150, 400, 1000)
SCORES = ("train_loss", "held_loss", "train_accuracy", "held_accuracy")


def pretrain() -> Iterator[Progress | Path]:
    """Train a GIN on molecules; the files as they are written, its card last."""
    yield from (yield from checkpoints.make("graph", STEPS, name=NAME, changes=MOLECULES))
    yield card()


def card() -> Path:
    """The card of the checkpoint."""
    told = ", ".join(f"{key}={value}" for key, value in MOLECULES.items())
    sentences = [
        f"Moments of one run of the Graph lab in training; settings: {told}. Made by `python -m dlviz pretrain graph`.",
        "Scores over the graphs trained on and those kept back (a fifth). MUTAG: 188 molecules, 66 % of one class.",
    ]
    return write_card("graph", f"graph-{NAME}", from_values(GraphSpec, MOLECULES), sentences, SCORES)
