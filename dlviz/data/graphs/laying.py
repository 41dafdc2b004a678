"""Places for the nodes of a graph that brings none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SMALL = 100  # nodes: up to here Kamada and Kawai's springs, which are slower and look better
TURNS = 60  # of the forces of larger graphs
GAP = 0.6  # between parts, in units of the distance that a node takes


def lay(count: int, edges: np.ndarray | Sequence[Sequence[int]]) -> np.ndarray:
    """Places (node, 2) f32 within ±1 for nodes 0 … count − 1 with edges (edge, 2); the same every time.

    Connected graphs of up to 100 nodes as Kamada and Kawai (1989), larger ones as Fruchterman and Reingold (1991), both
    by networkx. Parts without a path between them are laid by themselves and stand side by side, each in a square of
    its size. Directions and weights of edges don't matter.
    """
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((int(a), int(b)) for a, b in np.asarray(edges, dtype=np.int64).reshape(-1, 2) if a != b)
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: (-len(part), part[0]))
    places = np.zeros((count, 2))
    width = np.sqrt(sum(_side(len(part)) ** 2 for part in parts)) * 1.1
    left = top = row = 0.0
    for part in parts:
        side = _side(len(part))
        if left and left + side > width:
            left, top, row = 0.0, top - row, 0.0
        middle = np.array([left + side / 2, top - side / 2])
        places[part] = middle + _connected(graph.subgraph(part), part, count) * (side - GAP) / 2
        left, row = left + side, max(row, side)
    return fit(places)


def fit(places: np.ndarray) -> np.ndarray:
    """Places (node, 2) moved and scaled, the same both ways, so that they just fill ±1; all in one point: (0, 0)."""
    places = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    if not len(places):
        return np.zeros((0, 2), np.float32)
    low, high = places.min(axis=0), places.max(axis=0)
    half = float((high - low).max()) / 2
    moved = places - (low + high) / 2
    return np.asarray(np.clip(moved / half, -1, 1) if half > 1e-9 else moved * 0, dtype=np.float32)


def circle(count: int, turn: float = 0.0) -> np.ndarray:
    """Places (node, 2) f32 at equal steps on the unit circle, against the clock, from the angle `turn` in radians."""
    angles = np.arange(count) * (2 * np.pi / max(count, 1)) + turn
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def _side(count: int) -> float:
    """The side of the square for a part of `count` nodes."""
    return float(np.sqrt(count)) + GAP


def _connected(graph: object, nodes: list[int], whole: int) -> np.ndarray:
    """Places of the nodes of one connected part within ±1, of a graph with `whole` nodes in all."""
    import networkx as nx

    if len(nodes) == 1:
        return np.zeros((1, 2))
    if len(nodes) == 2:
        return np.array([[-1.0, 0.0], [1.0, 0.0]])
    # In the order of the numbers: a subgraph's own order may change from one run to the next.
    ordered = nx.Graph()
    ordered.add_nodes_from(nodes)
    ordered.add_edges_from(sorted(tuple(sorted(edge)) for edge in graph.edges))  # type: ignore[attr-defined]
    if whole <= SMALL:
        found = nx.kamada_kawai_layout(ordered)
    else:
        start = nx.circular_layout(ordered)
        found = nx.spring_layout(ordered, pos=start, seed=0, iterations=TURNS, method="force")
    return fit(np.array([found[node] for node in nodes]))
