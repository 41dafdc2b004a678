"""Whether a layer without self-loops loses a node's own features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

from dlviz.core.lab import Progress, Verdict
from dlviz.data.graphs.graph import Graph
from dlviz.labs.graph.claims.made import held_accuracy, labelled, own
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import Pace, span

LAYERS = ("naive", "loops", "gcn", "sage")
NODES, DEGREE, FEATURES = 120, 4, 8


def experiment(seeds: Sequence[int] = (1, 2, 3, 4, 5), steps: int = 150) -> Iterator[Progress | Verdict]:
    """Rows: layer, seed, how far a node's own output moves with its features after one and after two layers (mean over
    nodes), and the accuracy where the class is the node's own feature."""
    pace = Pace(len(LAYERS) * len(seeds) * steps, 10)
    rows = []
    for layer in LAYERS:
        for seed in seeds:
            run = own(random_graph(seed), layer=layer, hidden=(8,), seed=seed)
            yield from pace.train(run, steps, f"{layer}, seed {seed}")
            rows.append({"layer": layer, "seed": seed, "after one layer": moved(layer, 1, seed),
                         "after two": moved(layer, 2, seed), "right": held_accuracy(run)})  # fmt: skip
    yield judge(rows)


def moved(layer: str, depth: int, seed: int) -> float:
    """How far the output of a node moves when its own one-hot feature is taken away, the mean over the karate club."""
    run = GraphRun(GraphSpec(layer=layer, hidden=(8,) * depth, activation="none", seed=seed))
    network, piece = run.network, run.learned.pieces[0]
    edges = network.edges(piece.index, piece.weight, len(piece.x))
    found = []
    with evaluating(network):
        before = network.embed(piece.x, edges)
        for node in range(len(piece.x)):
            without = piece.x.clone()
            without[node] = 0
            found.append((network.embed(without, edges)[node] - before[node]).norm())
    return torch.stack(found).mean().item()


def random_graph(seed: int) -> Graph:
    """A random graph whose nodes have a feature ±1 of their own, which is their class, and numbers that say nothing."""
    chance = np.random.default_rng(seed)
    edges = {tuple(sorted(chance.choice(NODES, 2, replace=False).tolist())) for _ in range(NODES * DEGREE // 2)}
    labels = chance.permutation(np.arange(NODES) % 2)
    features = chance.standard_normal((NODES, FEATURES))
    features[:, 0] = 2 * labels - 1
    return labelled(sorted(edges), features.astype(np.float32), labels.tolist(), [k % 2 == 0 for k in range(NODES)])


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where A X W does not move at all, even after two layers, and learns nothing; partly where after one."""
    naive = [row for row in rows if row["layer"] == "naive"]
    others = [row for row in rows if row["layer"] != "naive"]
    lost = all(row["after one layer"] == 0 for row in naive) and all(row["after one layer"] > 0 for row in others)
    still = all(row["after two"] == 0 for row in naive)
    holds = "yes" if lost and still else "partly" if lost else "no"
    sentence = (
        f"After one layer a node's own features {'have no effect at all' if lost else 'have some effect'} on its "
        "output "
        f"in A X W; with self-loops, in GCN and GraphSAGE they do. After two layers they are back, by way of the "
        f"neighbours: the output moves by {span([r['after two'] for r in naive])}. Where the class is the node's own "
        f"feature, A X W with one layer is right in {span([r['right'] for r in naive])}, the others in "
        f"{span([r['right'] for r in others])}."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
