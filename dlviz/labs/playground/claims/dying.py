"""A ReLU network whose units have died recovers with leaky ReLU."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import torch

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.playground import probe
from dlviz.labs.playground.claims.measuring import SLICE, measured
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training.experiment import Pace, span

SEEDS = (1, 2, 3, 4, 5, 6)
KILLING_STEPS, STEPS = 300, 1200
KILLING_RATE, RATE = 3.0, 0.3
RECOVERED = 0.95


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """One row a seed; `dead` counts units of both layers of eight whose slope is zero at every point."""
    pace, rows = Pace((KILLING_STEPS + 2 * STEPS) * len(seeds), SLICE), []
    for seed in seeds:
        killed = PlaygroundRun(
            PlaygroundSpec(hidden_layers=(8, 8), activations=("relu",), learning_rate=KILLING_RATE, seed=seed)
        )
        yield from pace.train(killed, KILLING_STEPS, f"seed {seed}, killing")
        row: dict[str, Any] = {"seed": seed, "dead": dead(killed), "largest_weight": largest(killed), **losses(killed)}
        for activation in ("relu", "leaky_relu"):
            run = continued(killed, activation)
            finite = yield from pace.train(run, STEPS, f"seed {seed}, going on with {activation}")
            row[f"{activation}_diverged"] = not finite
            row |= {f"{activation}_dead": dead(run)} if finite else {}
            row |= {f"{activation}_{name}": value for name, value in losses(run).items()} if finite else {}
        rows.append(row)
    yield judge(rows)


def continued(run: PlaygroundRun, activation: str) -> PlaygroundRun:
    """A new run from the same weights, with another activation and a rate at which training works."""
    other = PlaygroundRun(dataclasses.replace(run.spec, activations=(activation,), learning_rate=RATE))
    with torch.no_grad():
        other.flat.vector.copy_(run.flat.vector)
    return other


def dead(run: PlaygroundRun) -> int:
    return int(probe.gradients(run)["dead"].sum())


def largest(run: PlaygroundRun) -> float:
    return float(run.flat.weights.abs().max())


def losses(run: PlaygroundRun) -> dict[str, float]:
    found = measured(run)
    return {"loss": found["train_loss"], "accuracy": found["train_accuracy"]}


def judge(rows: list[dict[str, Any]]) -> Verdict:
    n = len(rows)
    stuck = sum(row.get("relu_accuracy", 0.0) < RECOVERED for row in rows)
    back = [row for row in rows if row.get("leaky_relu_accuracy", 0.0) >= RECOVERED]
    burst = [row for row in rows if row["leaky_relu_diverged"]]
    sentence = (
        f"After the killing {span((r['dead'] for r in rows), 'd')} of 16 units are dead and "
        f"{span((r['accuracy'] for r in rows), '.0%')} of the points come out right. Going on with ReLU {stuck} of {n} "
        f"runs stay stuck; with leaky ReLU {len(back)} of {n} recover to 95 % or more."
    )
    if burst:
        weights = span((row["largest_weight"] for row in burst), ",.0f")
        sentence += (
            f" {len(burst)} of {n} blow up instead: the killing had thrown a weight as far as {weights}, and the slope "
            "that revives the units also lets such weights act."
        )
    if stuck < n or not back:
        return Verdict("partly" if back and stuck else "no", sentence, rows)
    return Verdict("yes" if len(back) == n else "partly", sentence, rows)
