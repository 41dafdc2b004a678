"""A linear model cannot separate xor; one hidden layer can."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.playground.claims.measuring import SLICE, measured
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training.experiment import Pace, span

SEEDS = (1, 2, 3, 4, 5)
STEPS = 1000
DIRECTIONS = 360
SEPARATED = 0.98


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """One row a seed; accuracies are shares of the training points, except `hidden_test_accuracy`."""
    pace, rows = Pace(2 * STEPS * len(seeds), SLICE), []
    for seed in seeds:
        row: dict[str, float] = {"seed": seed}
        for name, hidden in (("linear", ()), ("hidden", (8,))):
            run = PlaygroundRun(
                PlaygroundSpec(dataset="xor", hidden_layers=hidden, seed=seed, optimizer="adam", learning_rate=0.03)
            )
            yield from pace.train(run, STEPS, f"seed {seed}, {name}")
            found = measured(run)
            row[f"{name}_accuracy"] = found["train_accuracy"]
            row[f"{name}_loss"] = found["train_loss"]
        row["hidden_test_accuracy"] = found["test_accuracy"]
        row["best_line_accuracy"] = best_line(run.points.train_x.numpy(), run.points.train_y.numpy())
        rows.append(row)
    yield judge(rows)


def best_line(x: np.ndarray, y: np.ndarray) -> float:
    """The largest share of the points (n, 2) with classes 0 and 1 that any line gets right.

    Searched over `DIRECTIONS` directions and, in each, every place between two points.
    """
    angles = np.arange(DIRECTIONS) * 2 * math.pi / DIRECTIONS
    along = x.astype(np.float64) @ np.stack([np.cos(angles), np.sin(angles)])
    ordered = y[np.argsort(along, axis=0)]
    ones_before = np.concatenate([np.zeros((1, DIRECTIONS), dtype=int), np.cumsum(ordered, axis=0)])
    count = np.arange(len(y) + 1)[:, None]
    right = (count - ones_before) + (y.sum() - ones_before)  # class 0 before the line, class 1 after it
    return float(right.max() / len(y))


def judge(rows: list[dict[str, float]]) -> Verdict:
    solved = [row["hidden_accuracy"] >= SEPARATED for row in rows]
    separable = [max(row["best_line_accuracy"], row["linear_accuracy"]) >= SEPARATED for row in rows]
    sentence = (
        f"Without a hidden layer {span((r['linear_accuracy'] for r in rows), '.0%')} of the training points come out "
        f"right, and the best of all lines gets {span((r['best_line_accuracy'] for r in rows), '.0%')}: better than a "
        f"guess, since a line can cut off one of the four squares, but it never separates. With one hidden layer of "
        f"eight it is {span((r['hidden_accuracy'] for r in rows), '.1%')} ({sum(solved)} of {len(rows)} seeds "
        "reach 98 %)."
    )
    if any(separable) or not any(solved):
        return Verdict("no", sentence, rows)
    return Verdict("yes" if all(solved) else "partly", sentence, rows)
