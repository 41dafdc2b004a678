"""A larger network overfits noisy data, and L2 narrows the gap between training and test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.playground.claims.measuring import SLICE, measured
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training.experiment import Pace, interval

SEEDS = (1, 2, 3, 4, 5, 6, 7, 8)
STEPS = 800
NETWORKS = (
    ("small", {"hidden_layers": (3,)}),
    ("large", {"hidden_layers": (8, 8, 8)}),
    ("large, L2", {"hidden_layers": (8, 8, 8), "regularization": "l2", "regularization_rate": 0.03}),
)


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """One row a network and seed: losses, accuracies, and `gap`, test loss minus training loss."""
    pace, rows = Pace(STEPS * len(seeds) * len(NETWORKS), SLICE), []
    for seed in seeds:
        for name, shape in NETWORKS:
            values: dict[str, Any] = dict(shape)
            spec = PlaygroundSpec(dataset="xor", noise=40.0, samples=400, train_share=15, seed=seed,
                                  optimizer="adam", learning_rate=0.01, **values)  # fmt: skip
            run = PlaygroundRun(spec)
            yield from pace.train(run, STEPS, f"{name}, seed {seed}")
            found = measured(run)
            rows.append({"network": name, "seed": seed, **found, "gap": found["test_loss"] - found["train_loss"]})
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(network: str, name: str) -> list[float]:
        return [row[name] for row in rows if row["network"] == network]

    def mean(network: str, name: str) -> float:
        return interval(column(network, name))[0]

    def gap_between(one: str, other: str) -> tuple[float, float, float]:
        return interval([a - b for a, b in zip(column(one, "gap"), column(other, "gap"), strict=True)])

    larger, rescue = gap_between("large", "small"), gap_between("large", "large, L2")
    sentence = (
        f"The gap is {mean('small', 'gap'):.2f} for the small network, {mean('large', 'gap'):.2f} for the large one "
        f"(wider by {larger[0]:.2f}, 95 % interval {larger[1]:.2f} to {larger[2]:.2f}) and "
        f"{mean('large, L2', 'gap'):.2f} with L2 (narrower than without by {rescue[0]:.2f}, {rescue[1]:.2f} to "
        f"{rescue[2]:.2f}). Test points right: {mean('small', 'test_accuracy'):.0%}, "
        f"{mean('large', 'test_accuracy'):.0%}, {mean('large, L2', 'test_accuracy'):.0%}."
    )
    if mean("large", "test_accuracy") >= mean("small", "test_accuracy"):
        sentence += " So the large network is too sure of itself rather than wrong more often than the small one."
    sure = (larger[1] > 0, rescue[1] > 0)
    return Verdict("yes" if all(sure) else "partly" if any(sure) else "no", sentence, rows)
