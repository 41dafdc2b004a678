"""Several heads do what one head of the same width cannot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.attention.claims.measuring import SLICE
from dlviz.labs.attention.measuring import measure
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.experiment import Pace, interval, mean

SEEDS = (1, 2, 3, 4)
STEPS = 600
UNITS = (0, 64)
HEADS = (1, 2)


def setting(heads: int, units: int, seed: int) -> AttentionSpec:
    """Both have exactly as many parameters: two heads have half the size each."""
    return AttentionSpec(task="neighbours", layers=1, heads=heads, width=16, feed_forward=units, seed=seed, length=12)


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """One row a seed, feed-forward network and number of heads: accuracy on rows never trained on."""
    pace, rows = Pace(len(seeds) * len(UNITS) * len(HEADS) * steps, SLICE), []
    for seed in seeds:
        for units in UNITS:
            for heads in HEADS:
                run = AttentionRun(setting(heads, units, seed))
                yield from pace.train(run, steps, f"{heads} heads, {units} units, seed {seed}")
                accuracy = measure(run.network, run.task)["test_accuracy"]
                rows.append({"seed": seed, "feed_forward": units, "heads": heads, "accuracy": accuracy,
                             "parameters": sum(p.numel() for p in run.network.parameters())})  # fmt: skip
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    parts, clear, larger = [], 0, 0
    for units in sorted({row["feed_forward"] for row in rows}):
        one, two = (
            [row["accuracy"] for row in rows if row["feed_forward"] == units and row["heads"] == heads]
            for heads in HEADS
        )
        middle, low, high = interval([b - a for a, b in zip(one, two, strict=True)])
        clear += low > 0
        larger += middle > 0
        place = f"with {units} units of feed-forward" if units else "without a feed-forward network"
        parts.append(
            f"{place} one head answers {mean(one):.0%} rightly and two heads {mean(two):.0%} "
            f"({middle * 100:+.0f} points, 95 % from {low * 100:+.0f} to {high * 100:+.0f})"
        )
    kinds = len(parts)
    sentence = (
        f"On rows never trained on, {'; '.join(parts)}. A single head has one row of weights for both neighbours: it "
        "can only mix them, and must tell from the mixture which was which."
    )
    return Verdict("yes" if clear == kinds else "partly" if larger == kinds else "no", sentence, rows)
