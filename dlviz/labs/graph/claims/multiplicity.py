"""Whether the largest ignores how often a message comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.graph.claims.made import embeddings, held_accuracy, own, stars
from dlviz.training.experiment import Pace, span

A, B = np.array([1.0, 0.0]), np.array([0.0, 1.0])
TASKS = {
    "{a, b} or {a, a, b}": ((A, B), (A, A, B)),
    "{a, b} or {a, a, b, b}": ((A, B), (A, A, B, B)),
}
WAYS = ("sum", "mean", "max")
CENTRES = 40


def experiment(seeds: Sequence[int] = (1, 2, 3, 4, 5), steps: int = 150) -> Iterator[Progress | Verdict]:
    """Rows: task, aggregate, seed, accuracy for centres that were not told, the largest difference between the
    embeddings of the two kinds."""
    pace = Pace(len(TASKS) * len(WAYS) * len(seeds) * steps, 10)
    rows = []
    for task, kinds in TASKS.items():
        labels = [k % 2 for k in range(CENTRES)]
        graph = stars([np.array(kinds[label]) for label in labels], labels)
        for how in WAYS:
            for seed in seeds:
                run = own(graph, layer="gin", aggregate=how, hidden=(8,), seed=seed)
                yield from pace.train(run, steps, f"{task}, {how}, seed {seed}")
                found = embeddings(run)
                first, second = (int(np.flatnonzero(graph.labels == label)[0]) for label in (0, 1))
                apart = (found[first] - found[second]).abs().max().item()
                rows.append({"task": task, "aggregate": how, "seed": seed, "right": held_accuracy(run),
                             "apart": apart})  # fmt: skip
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where the largest gives both kinds the same embedding in both tasks and the sum tells them apart in both."""

    def part(task: int, how: str) -> list[dict[str, Any]]:
        name = list(TASKS)[task]
        return [row for row in rows if row["task"] == name and row["aggregate"] == how]

    deaf = all(row["apart"] == 0 for task in (0, 1) for row in part(task, "max"))
    hears = all(row["right"] == 1 for task in (0, 1) for row in part(task, "sum"))
    holds = "yes" if deaf and hears else "partly" if deaf else "no"
    words = [
        f"{name}: sum {span([r['right'] for r in part(k, 'sum')])}, mean "
        f"{span([r['right'] for r in part(k, 'mean')])}, "
        f"largest {span([r['right'] for r in part(k, 'max')])}"
        for k, name in enumerate(TASKS)
    ]
    alike = max(row["apart"] for row in part(1, "mean"))
    sentence = (
        f"Right for centres that were not told, of {'; of '.join(words)}. The largest gives both kinds "
        f"{'the very same embedding' if deaf else 'different embeddings'}. The mean sees a share and no number: in the "
        f"second task its embeddings differ by {alike:.1g}."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
