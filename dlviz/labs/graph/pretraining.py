"""The network of molecules that ships: trained here, from nothing but the code, by anyone who likes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dlviz.core.lab import Progress, find
from dlviz.core.spec import from_values
from dlviz.labs.graph.presets import MOLECULES
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training import checkpoints

STEPS = (0, 5, 20, 60, 150, 400, 1000)
SCORES = ("train_loss", "held_loss", "train_accuracy", "held_accuracy")


def pretrain() -> Iterator[Progress | Path]:
    """Train a GIN on molecules; the files as they are written, its card last."""
    yield from (yield from checkpoints.make("graph", STEPS, name="molecules", changes=MOLECULES))
    yield write_card()


def write_card() -> Path:
    """The card of the checkpoint: what it is, and the scores of each of its moments."""
    told = ", ".join(f"{key}={value}" for key, value in MOLECULES.items())
    lines = [
        "# graph-molecules",
        "",
        f"Moments of one run of the Graph lab in training; settings: {told}. Made by `python -m dlviz pretrain graph`.",
        "Scores over the graphs trained on and those kept back (a fifth). MUTAG: 188 molecules, 66 % of one class.",
        "",
        "| step | " + " | ".join(SCORES) + " |",
        "|---|" + "---|" * len(SCORES),
        *(f"| {step} | " + " | ".join(f"{value:.3g}" for value in row) + " |" for step, row in scores()),
    ]
    file = checkpoints.FOLDER / "graph-molecules" / "card.md"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def scores() -> Iterator[tuple[int, list[float]]]:
    """Step and scores of each moment. ValueError where no checkpoint ships."""
    spec = from_values(GraphSpec, MOLECULES)
    found = checkpoints.opening(find("graph"), spec)
    if found is None:
        raise ValueError("No checkpoint ships for these settings.")
    for moment in found[0].moments():
        run = GraphRun(spec)
        run.restore(moment.snapshot)
        numbers = run.measured_now().numbers
        yield moment.step, [numbers[name] for name in SCORES]
