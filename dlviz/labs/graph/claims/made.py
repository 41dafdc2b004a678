"""Graphs made for an experiment, and what the experiments of this lab measure alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dlviz.data.graphs import coding
from dlviz.data.graphs.graph import Graph, graph_of
from dlviz.data.graphs.laying import circle
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.evaluating import evaluating


def own(graph: Graph, **settings: Any) -> GraphRun:
    """A run on this graph, with its own features."""
    return GraphRun(GraphSpec(dataset="own", graph=coding.write(graph), features="own", **settings))


def labelled(
    edges: Sequence[Sequence[int]], features: np.ndarray, labels: Sequence[int], told: Sequence[bool]
) -> Graph:
    """An undirected graph with features of its own and two classes; −1 is no class."""
    count = len(features)
    return graph_of(
        [str(k) for k in range(count)],
        circle(count),
        [list(edge) for edge in edges],
        features=features,
        feature_names=[f"x{k}" for k in range(features.shape[1])],
        labels=labels,
        given=told,
        classes=("0", "1"),
    )


def stars(neighbours: Sequence[np.ndarray], labels: Sequence[int]) -> Graph:
    """A centre with a class for each of `neighbours` (neighbour, feature), joined to nodes of its own with these
    features and without a class; the features of a centre are 0. Every second centre of each class is told."""
    edges: list[tuple[int, int]] = []
    features: list[np.ndarray] = []
    classes: list[int] = []
    told: list[bool] = []
    seen = {0: 0, 1: 0}
    for around, label in zip(neighbours, labels, strict=True):
        centre = len(features)
        features.append(np.zeros(around.shape[1]))
        classes.append(label)
        told.append(seen[label] % 2 == 0)
        seen[label] += 1
        for one in around:
            edges.append((centre, len(features)))
            features.append(one)
            classes.append(-1)
            told.append(False)
    return labelled(edges, np.array(features, np.float32), classes, told)


def embeddings(run: GraphRun) -> Tensor:
    """The embeddings of the run's graph as it is, (node, feature)."""
    network, piece = run.network, run.learned.pieces[0]
    with evaluating(network):
        return network.embed(piece.x, network.edges(piece.index, piece.weight, len(piece.x)))


def held_accuracy(run: GraphRun) -> float:
    """The share of right answers for nodes whose class is known and was not told."""
    return run.measured_now().numbers["held_accuracy"]


def spread(embedding: Tensor) -> float:
    """The mean distance between two rows, divided by their mean norm: 0 where all are the same."""
    size = embedding.norm(dim=1).mean()
    count = len(embedding)
    apart = torch.cdist(embedding, embedding, compute_mode="donot_use_mm_for_euclid_dist").sum() / (count * (count - 1))
    return (apart / size).item() if size > 0 else 0.0
