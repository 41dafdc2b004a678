"""The graphs that the lab knows by name: one graph, whose nodes have classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.graph import Graph, graph_of
from dlviz.data.graphs.laying import circle, fit, lay

SINGLE: dict[str, str] = {
    "karate": "Karate club",
    "lesmis": "Les Misérables",
    "davis": "Southern women",
    "florentine": "Florentine families",
    "grid": "Grid",
    "ring": "Ring",
    "random": "Random graph",
    "blocks": "Three blocks",
}

MOST_COMMUNITIES = 6
SIDE = 7  # of the grid
AROUND = 16  # nodes of the ring
RANDOM_NODES, RANDOM_DEGREE, RANDOM_GIVEN = 30, 4, 5
BLOCKS, BLOCK_NODES, INSIDE, OUTSIDE = 3, 20, 0.3, 0.015  # the last two: how likely an edge is


def load_single(slug: str, seed: int) -> Graph:
    """One of SINGLE; `seed` matters to "random" and "blocks" only. Raises `InvalidInput` for another slug.

    No graph has features of its own. The labels of a few nodes are given: of most graphs one of each class, the one
    with the largest degree.
    """
    if slug not in SINGLE:
        raise InvalidInput("graph", f"must be one of {', '.join(SINGLE)}", slug, '"karate"')
    return _MAKERS[slug](np.random.default_rng(seed))


def karate(_: np.random.Generator) -> Graph:
    """34 members of a karate club and who met outside it (Zachary 1977); the class is the club each chose when it
    split. Given: the instructor, node 0, and the officer, node 33."""
    import networkx as nx

    graph = nx.karate_club_graph()
    classes = ("Mr. Hi", "Officer")
    labels = [classes.index(graph.nodes[node]["club"]) for node in range(34)]
    return _from_networkx(graph, range(34), labels, classes, given=[0, 33])


def lesmis(_: np.random.Generator) -> Graph:
    """77 persons of the novel; a weight counts the chapters that two are in together (Knuth 1993).

    The novel has no classes: they are communities, found by networkx's greedy modularity (with weights; Clauset,
    Newman, Moore 2004), at most 6.
    """
    import networkx as nx

    return _with_communities(nx.les_miserables_graph(), weight="weight")


def davis(_: np.random.Generator) -> Graph:
    """18 women and 14 events that they came to (Davis, Gardner, Gardner 1941): edges run between the classes only."""
    import networkx as nx

    graph = nx.davis_southern_women_graph()
    nodes = list(graph)
    return _from_networkx(graph, nodes, [graph.nodes[node]["bipartite"] for node in nodes], ("Women", "Events"))


def florentine(_: np.random.Generator) -> Graph:
    """15 families of Florence and their marriages (Padgett; Breiger and Pattison 1986). Classes: communities, found as
    in `lesmis`."""
    import networkx as nx

    return _with_communities(nx.florentine_families_graph(), weight=None)


def grid(_: np.random.Generator) -> Graph:
    """7 × 7 nodes; the column in the middle counts as left."""
    at = [(x, y) for y in range(SIDE) for x in range(SIDE)]
    number = {place: k for k, place in enumerate(at)}
    steps = [(place, (place[0] + dx, place[1] + dy)) for place in at for dx, dy in ((1, 0), (0, 1))]
    edges = [(number[a], number[b]) for a, b in steps if b in number]
    places = fit(np.array([(x, -y) for x, y in at]))
    half = SIDE // 2
    labels = np.array([x > half for x, _ in at], np.int64)
    given = [number[1, half], number[SIDE - 2, half]]
    return _finish([str(k) for k in range(len(at))], places, edges, labels, ("Left", "Right"), given)


def ring(_: np.random.Generator) -> Graph:
    """16 nodes, each with two neighbours; the classes are the two halves, the given nodes in the middle of each."""
    edges = [(k, (k + 1) % AROUND) for k in range(AROUND)]
    labels = (np.arange(AROUND) >= AROUND // 2).astype(np.int64)
    given = [AROUND // 4, AROUND * 3 // 4]
    places = circle(AROUND, turn=np.pi / AROUND)
    return _finish([str(k) for k in range(AROUND)], places, edges, labels, ("Upper half", "Lower half"), given)


def random(rng: np.random.Generator) -> Graph:
    """30 nodes; each pair is joined with the same chance, so that a node has 4 neighbours on average (Erdős, Rényi).

    Many neighbours: more than the median. Five nodes of each class are given (all, where a class has fewer).
    """
    edges = _edges(rng, np.full((RANDOM_NODES, RANDOM_NODES), RANDOM_DEGREE / (RANDOM_NODES - 1)))
    degrees = np.bincount(edges.ravel(), minlength=RANDOM_NODES)
    labels = (degrees > np.median(degrees)).astype(np.int64)
    given = [node for label in (0, 1) for node in rng.permutation(np.flatnonzero(labels == label))[:RANDOM_GIVEN]]
    names = [str(k) for k in range(RANDOM_NODES)]
    return _finish(names, lay(RANDOM_NODES, edges), edges, labels, ("Few neighbours", "Many neighbours"), given)


def blocks(rng: np.random.Generator) -> Graph:
    """3 × 20 nodes; chances of an edge: 0.3 within a block, 0.015 between two (a stochastic block model)."""
    labels = np.repeat(np.arange(BLOCKS), BLOCK_NODES)
    edges = _edges(rng, np.where(labels[:, None] == labels, INSIDE, OUTSIDE))
    classes = [f"Block {letter}" for letter in "ABC"]
    return _finish([str(k) for k in range(len(labels))], lay(len(labels), edges), edges, labels, classes)


_MAKERS: dict[str, Callable[[np.random.Generator], Graph]] = {
    "karate": karate,
    "lesmis": lesmis,
    "davis": davis,
    "florentine": florentine,
    "grid": grid,
    "ring": ring,
    "random": random,
    "blocks": blocks,
}


def _edges(rng: np.random.Generator, chances: np.ndarray) -> np.ndarray:
    """(edge, 2) pairs a < b, each drawn with its chance out of (node, node)."""
    return np.argwhere(np.triu(rng.random(chances.shape) < chances, k=1))


def _with_communities(graph: Any, weight: str | None) -> Graph:
    """The graph with communities as classes, each named after its node of the largest degree."""
    from networkx.algorithms.community import greedy_modularity_communities

    nodes = list(graph)
    found = greedy_modularity_communities(graph, weight=weight)
    if len(found) > MOST_COMMUNITIES:
        found = greedy_modularity_communities(graph, weight=weight, best_n=MOST_COMMUNITIES)
    parts = sorted((sorted(part) for part in found), key=lambda part: (-len(part), part[0]))
    labels = [next(k for k, part in enumerate(parts) if node in part) for node in nodes]
    classes = [f"Around {max(part, key=graph.degree)}" for part in parts]
    return _from_networkx(graph, nodes, labels, classes, weight=weight)


def _from_networkx(
    graph: Any,
    nodes: Sequence[Any],
    labels: Sequence[int],
    classes: Sequence[str],
    given: Sequence[int] | None = None,
    weight: str | None = None,
) -> Graph:
    """A graph of networkx with its nodes in the order of `nodes`; edges sorted; weights only from the key `weight`."""
    number = {node: k for k, node in enumerate(nodes)}
    weights = {
        (min(number[a], number[b]), max(number[a], number[b])): data[weight] if weight else 1.0
        for a, b, data in graph.edges(data=True)
    }
    edges = sorted(weights)
    made = _finish(
        [str(node) for node in nodes], lay(len(nodes), edges), edges, np.asarray(labels), classes, given,
        [weights[edge] for edge in edges],
    )  # fmt: skip
    return made


def _finish(
    names: Sequence[str],
    places: np.ndarray,
    edges: np.ndarray | Sequence[Sequence[int]],
    labels: np.ndarray,
    classes: Sequence[str],
    given: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
) -> Graph:
    """The graph; where `given` names no nodes, the first of the largest degree of each class is."""
    if given is None:
        degrees = np.bincount(np.asarray(edges).ravel(), minlength=len(names))
        given = [int(np.where(labels == label, degrees, -1).argmax()) for label in range(len(classes))]
    told = np.isin(np.arange(len(names)), given)
    return graph_of(names, places, edges, weights=weights, labels=labels, given=told, classes=classes)
