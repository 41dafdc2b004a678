"""Without dividing by √d the softmax saturates as the heads grow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import torch
from torch import Generator, Tensor

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.attention.claims.measuring import SLICE
from dlviz.labs.attention.measuring import measure
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.experiment import Pace, span

SIZES = (1, 4, 16, 64, 256, 1024)
KEYS, QUERIES = 32, 256
SEEDS = (1, 2, 3)
SLOWER = 1.5  # times the loss
STEPS = (30, 150)  # early and late
WIDTHS = (16, 128)  # of the single head that is trained


def experiment(
    sizes: tuple[int, ...] = SIZES, seeds: tuple[int, ...] = SEEDS, steps: tuple[int, int] = STEPS
) -> Iterator[Progress | Verdict]:
    """Rows of chance queries and keys (d, scaled, entropy), then of trained networks (d, scaled, seed, step, loss)."""
    rows: list[dict[str, Any]] = []
    for d in sizes:
        scores = chance_scores(d)
        for scaled in (True, False):
            weights = (scores / math.sqrt(d) if scaled else scores).softmax(1)
            rows.append({"kind": "chance", "d": d, "scaled": scaled, **measured(weights)})
    pace = Pace(len(WIDTHS) * 2 * len(seeds) * steps[1], SLICE)
    for d in WIDTHS:
        for seed in seeds:
            for scaled in (True, False):
                run = AttentionRun(setting(d, scaled, seed))
                for step in steps:
                    words = f"d = {d}, {'with' if scaled else 'without'} √d, seed {seed}"
                    yield from pace.train(run, step - run.step, words)
                    loss = measure(run.network, run.task)["validation_loss"]
                    rows.append({"kind": "trained", "d": d, "scaled": scaled, "seed": seed, "step": step, "loss": loss})
    yield judge(rows)


def setting(d: int, scaled: bool, seed: int) -> AttentionSpec:
    return AttentionSpec(task="reverse", layers=1, heads=1, width=d, scaled=scaled, seed=seed, length=12)


def chance_scores(d: int, seed: int = 0) -> Tensor:
    """(query, key) dot products of vectors of d independent numbers of variance 1: their variance is d."""
    generator = Generator().manual_seed(seed)
    query, key = (torch.randn(count, d, generator=generator) for count in (QUERIES, KEYS))
    return query @ key.T


def measured(weights: Tensor) -> dict[str, float]:
    """Means over rows: entropy in nats, and the share of the largest weight."""
    entropy = -(weights * weights.clamp(min=1e-45).log()).sum(1)
    return {"entropy": float(entropy.mean()), "largest": float(weights.max(1).values.mean())}


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def entropies(scaled: bool) -> list[float]:
        return [row["entropy"] for row in rows if row["kind"] == "chance" and row["scaled"] is scaled]

    def losses(d: int, scaled: bool, late: bool) -> list[float]:
        found = [row for row in rows if row["kind"] == "trained" and row["d"] == d and row["scaled"] is scaled]
        step = (max if late else min)(row["step"] for row in found)
        return [row["loss"] for row in found if row["step"] == step]

    free, kept = entropies(False), entropies(True)
    sizes = [row["d"] for row in rows if row["kind"] == "chance" and row["scaled"]]
    early, late = sorted({row["step"] for row in rows if row["kind"] == "trained"})
    falls = all(b < a for a, b in pairwise(free))
    stays = max(kept[1:]) - min(kept[1:]) < 0.2
    small, large = WIDTHS
    slower = all(b > SLOWER * a for a, b in zip(losses(large, True, False), losses(large, False, False), strict=True))
    sentence = (
        f"With chance vectors the entropy of a row falls from {free[0]:.2f} to {free[-1]:.2f} nats as d goes from "
        f"{sizes[0]} to {sizes[-1]} without √d (an even row has {math.log(KEYS):.2f}), and stays between "
        f"{min(kept):.2f} and {max(kept):.2f} with it. Trained with a head of {large} numbers, the loss after {early} "
        f"steps is {span(losses(large, True, False))} with and {span(losses(large, False, False))} without √d, after "
        f"{late} steps {span(losses(large, True, True))} and {span(losses(large, False, True))}: what saturates learns "
        f"{'slowly at first, and gets there' if slower else 'no slower here'}. With {small} numbers it is "
        f"{span(losses(small, True, True))} and {span(losses(small, False, True))} after {late}."
    )
    return Verdict("yes" if falls and stays and slower else "partly" if falls and stays else "no", sentence, rows)
