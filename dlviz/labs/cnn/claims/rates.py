"""Batch norm tolerates a ten times higher learning rate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.cnn.claims.measuring import SLICE, accuracy
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.experiment import Pace, span

SEEDS = (1, 2, 3)
STEPS = 220
RATES = (0.03, 0.1, 0.3, 1.0, 3.0)
LEARNED = 0.8  # of the test digits
TIMES = 9.9  # 0.3 is ten times 0.03 for a student, and 9.999… for a float


def setting(batch_norm: bool, rate: float, seed: int) -> CnnSpec:
    return CnnSpec(dataset="digits", channels=(8, 16), dense_units=(32,), dropout=0.0, batch_norm=batch_norm,
                   optimizer="sgd", learning_rate=rate, seed=seed)  # fmt: skip


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """One row a seed, network and rate."""
    pace, rows = Pace(steps * len(seeds) * len(RATES) * 2, SLICE), []
    for seed in seeds:
        for batch_norm in (True, False):
            for rate in RATES:
                run = CnnRun(setting(batch_norm, rate, seed))
                text = f"seed {seed}, {'with' if batch_norm else 'without'} batch norm, rate {rate:g}"
                finite = yield from pace.train(run, steps, text)
                found = accuracy(run.network, run.pictures.test_x, run.pictures.test_y) if finite else 0.0
                rows.append({"seed": seed, "batch_norm": batch_norm, "learning_rate": rate, "diverged": not finite,
                             "test_accuracy": found})  # fmt: skip
    yield judge(rows)


def tolerated(rows: list[dict[str, Any]], seed: int, batch_norm: bool) -> list[float]:
    """The rates at which the network learned, ascending."""
    own = [row for row in rows if (row["seed"], row["batch_norm"]) == (seed, batch_norm)]
    return sorted(row["learning_rate"] for row in own if row["test_accuracy"] >= LEARNED)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    seeds = sorted({row["seed"] for row in rows})
    learned = [(tolerated(rows, seed, True), tolerated(rows, seed, False)) for seed in seeds]
    both = [(a[-1], b[-1]) for a, b in learned if a and b]
    ranges = []
    for found in zip(*learned, strict=True):
        every = [rate for rates in found for rate in rates]
        ranges.append(span(every, "g") if every else "none")
    sentence = f"80 % come out right at rates of {ranges[0]} with batch norm, {ranges[1]} without. "
    if both:
        sentence += f"The highest such rate with it is {span((a / b for a, b in both), '.2g')} times that without. "
    sentence += (
        f"At {RATES[0]:g} {_right(rows, True)} are right with batch norm and {_right(rows, False)} without. "
        f"{len(seeds)} seeds."
    )
    tenfold = len(both) == len(seeds) and all(a >= TIMES * b for a, b in both)
    higher = bool(both) and all(a > b for a, b in both)
    return Verdict("yes" if tenfold else "partly" if higher else "no", sentence, rows)


def _right(rows: list[dict[str, Any]], batch_norm: bool) -> str:
    """How many are right at the lowest rate."""
    own = [row for row in rows if row["batch_norm"] is batch_norm and row["learning_rate"] == RATES[0]]
    return span((row["test_accuracy"] for row in own), ".0%")
