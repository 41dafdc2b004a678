"""What the Playground's experiments share."""

from __future__ import annotations

from dlviz.labs.playground.run import PlaygroundRun

# About 40 ms of training, so that others get their turn between slices.
SLICE = 80


def measured(run: PlaygroundRun) -> dict[str, float]:
    """Losses and accuracies of this moment."""
    numbers = run.frame().numbers
    return {name: numbers[name] for name in ("train_loss", "test_loss", "train_accuracy", "test_accuracy")}
