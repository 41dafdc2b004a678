"""What a graph is to the labs: nodes with places, edges between positions of nodes, labels that some nodes tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

# The limits of a graph that a person gives as text.
MOST_NODES = 400
MOST_EDGES = 2000
MOST_FEATURES = 32
MOST_CLASSES = 10

UNKNOWN = -1  # the label of a node whose class nobody knows


@dataclass(frozen=True, eq=False)
class Graph:
    """A graph. Nodes have positions (0 … count − 1: the rows of every array) and keys, which stay through edits."""

    keys: np.ndarray  # (node,) i64 unique, >= 0
    names: tuple[str, ...]
    places: np.ndarray  # (node, 2) f32 within ±1, y upwards
    edges: np.ndarray  # (edge, 2) i64 positions; undirected: each edge once, a <= b; directed: (source, target)
    weights: np.ndarray  # (edge,) f32 > 0
    directed: bool
    features: np.ndarray  # (node, feature) f32, maybe 0 columns: the graph's own features
    labels: np.ndarray  # (node,) i64, a place in `classes`; −1: unknown
    given: np.ndarray  # (node,) bool: the label of the node is told in training
    classes: tuple[str, ...]
    feature_names: tuple[str, ...] = ()
    kinds: np.ndarray | None = None  # (edge,) i64: of a molecule the kind of each bond, a place in molecules.BONDS

    @property
    def count(self) -> int:
        """How many nodes."""
        return len(self.keys)

    @cached_property
    def edge_index(self) -> np.ndarray:
        """(2, message) i64 (source, target), as PyTorch Geometric has it.

        Of an undirected graph first every edge from a to b, in the order of `edges`, then every edge from b to a;
        a self-loop stands there once.
        """
        forth = self.edges.T
        return np.ascontiguousarray(np.concatenate([forth, forth[::-1, self._returning]], axis=1))

    @cached_property
    def edge_weight(self) -> np.ndarray:
        """(message,) f32: the weight of each column of `edge_index`."""
        return np.concatenate([self.weights, self.weights[self._returning]])

    @cached_property
    def degrees(self) -> np.ndarray:
        """(node,) i64: how many messages a node receives: its neighbours, of a directed graph its incoming edges;
        a self-loop counts once."""
        return np.bincount(self.edge_index[1], minlength=self.count).astype(np.int64)

    @property
    def _returning(self) -> np.ndarray:
        """(edge,) bool: the edges that carry a message back too."""
        if self.directed:
            return np.zeros(len(self.edges), dtype=bool)
        return np.asarray(self.edges[:, 0] != self.edges[:, 1])


def graph_of(
    names: Sequence[str],
    places: np.ndarray,
    edges: np.ndarray | Sequence[Sequence[int]],
    *,
    keys: Sequence[int] | None = None,
    weights: np.ndarray | Sequence[float] | None = None,
    directed: bool = False,
    features: np.ndarray | None = None,
    feature_names: Sequence[str] = (),
    labels: np.ndarray | Sequence[int] | None = None,
    given: np.ndarray | Sequence[bool] | None = None,
    classes: Sequence[str] = (),
    kinds: np.ndarray | Sequence[int] | None = None,
) -> Graph:
    """A `Graph` with every array in its type. What is left out: keys 0, 1, …, weights 1, no features, labels unknown.

    The ends of an undirected edge are put in order; an edge must not be there twice.
    """
    count = len(names)
    pairs = np.asarray(edges, dtype=np.int64).reshape(-1, 2)
    return Graph(
        keys=np.arange(count) if keys is None else np.asarray(keys, dtype=np.int64).reshape(count),
        names=tuple(names),
        places=np.asarray(places, dtype=np.float32).reshape(count, 2),
        edges=pairs if directed else np.sort(pairs, axis=1),
        weights=np.ones(len(pairs), np.float32) if weights is None else np.asarray(weights, dtype=np.float32),
        directed=directed,
        features=np.zeros((count, 0), np.float32) if features is None else np.asarray(features, dtype=np.float32),
        labels=np.full(count, UNKNOWN, np.int64) if labels is None else np.asarray(labels, dtype=np.int64),
        given=np.zeros(count, bool) if given is None else np.asarray(given, dtype=bool),
        classes=tuple(classes),
        feature_names=tuple(feature_names),
        kinds=None if kinds is None else np.asarray(kinds, dtype=np.int64),
    )
