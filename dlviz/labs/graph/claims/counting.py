"""Whether the mean cannot count neighbours and the sum can."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from dlviz.core.lab import Progress, Verdict
from dlviz.data.graphs.graph import Graph
from dlviz.labs.graph.claims.made import embeddings, held_accuracy, labelled, own, spread
from dlviz.training.experiment import Pace, span

NODES, DEGREE = 200, 5
WAYS = ("sum", "mean", "max")


def experiment(seeds: Sequence[int] = (1, 2, 3, 4, 5), steps: int = 200) -> Iterator[Progress | Verdict]:
    """Rows: aggregate, seed, accuracy for held-back nodes, the larger class's share among them, spread of the
    embeddings."""
    pace = Pace(len(WAYS) * len(seeds) * steps, 10)
    rows = []
    for how in WAYS:
        for seed in seeds:
            run = own(random_graph(seed), layer="gin", aggregate=how, hidden=(16,), seed=seed)
            yield from pace.train(run, steps, f"{how}, seed {seed}")
            held = run.learned.y[run.learned.held].double().mean().item()
            rows.append({"aggregate": how, "seed": seed, "right": held_accuracy(run),
                         "larger class": max(held, 1 - held), "spread": spread(embeddings(run))})  # fmt: skip
    yield judge(rows)


def random_graph(seed: int) -> Graph:
    """A random graph without an isolated node; the class says whether a node has more neighbours than the median."""
    chance = np.random.default_rng(seed)
    edges = {tuple(sorted((k, int((k + chance.integers(1, NODES)) % NODES)))) for k in range(NODES)}
    while len(edges) < NODES * DEGREE // 2:
        edges.add(tuple(sorted(chance.choice(NODES, 2, replace=False).tolist())))
    degree = np.bincount(np.array(sorted(edges)).ravel(), minlength=NODES)
    labels = (degree > np.median(degree)).astype(int)
    told = chance.permutation(np.arange(NODES) % 2).astype(bool)
    return labelled(sorted(edges), np.ones((NODES, 1), np.float32), labels.tolist(), told.tolist())


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where the sum is right in 95 % for every seed, and the mean makes all nodes alike."""
    parts = {how: [row for row in rows if row["aggregate"] == how] for how in WAYS}
    counts = all(row["right"] >= 0.95 for row in parts["sum"])
    alike = all(row["spread"] < 1e-5 for row in parts["mean"])
    holds = "yes" if counts and alike else "partly" if counts or alike else "no"
    sentence = (
        f"With the sum {span([r['right'] for r in parts['sum']])} of the held-back nodes are right, with the mean "
        f"{span([r['right'] for r in parts['mean']])} and with the largest {span([r['right'] for r in parts['max']])}, "
        f"where the larger class alone gives {span([r['larger class'] for r in rows])}. With the mean all embeddings "
        "are "
        f"{'the same' if alike else 'not quite the same'}: the mean of equal messages is that message, however many "
        "come."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
