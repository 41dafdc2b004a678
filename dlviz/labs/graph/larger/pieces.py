"""A piece of a larger data set that fits on the stage, as the text of a graph."""

from __future__ import annotations

import numpy as np

from dlviz.data.graphs import coding
from dlviz.data.graphs.graph import MOST_FEATURES, Graph, graph_of
from dlviz.data.graphs.laying import lay
from dlviz.labs.graph.larger.sources import Larger

PIECE = 120  # nodes of a piece of a citation graph


def piece(found: Larger, arrays: dict[str, np.ndarray], seed: int) -> Graph:
    """Of a citation graph the papers around one that is drawn by `seed`, nearest first; of a set one of its graphs.

    Features: of papers, whose words are too many, `MOST_FEATURES` numbers that keep most of them (the leading singular
    vectors of the words of the piece); of a set as they are, where they are not more. Classes are those of the papers;
    one paper of each is told. A graph of a set has no classes of nodes.
    """
    chance = np.random.default_rng(seed)
    if found.kind == "tu":
        owner = arrays["owner"]
        sizes = np.bincount(owner)
        fitting = np.flatnonzero((sizes >= 6) & (sizes <= PIECE))
        nodes = np.flatnonzero(owner == chance.choice(fitting))
    else:
        nodes = around(arrays["edges"], len(arrays["y"]), chance)
    place = np.full(int(arrays["size"][0]), -1)
    place[nodes] = np.arange(len(nodes))
    inside = (place[arrays["edges"]] >= 0).all(1)
    edges = place[arrays["edges"][inside]]
    x, names = features(arrays, nodes)
    labels = arrays["y"][nodes] if found.kind == "planetoid" else np.full(len(nodes), -1)
    given = np.zeros(len(nodes), bool)
    degree = np.bincount(edges.ravel(), minlength=len(nodes))
    for label in np.unique(labels[labels >= 0]):
        own = np.flatnonzero(labels == label)
        given[own[degree[own].argmax()]] = True
    return graph_of(
        [str(k) for k in nodes], lay(len(nodes), edges), edges, features=x, feature_names=names, labels=labels,
        given=given, classes=found.classes if found.kind == "planetoid" else (),
    )  # fmt: skip


def around(edges: np.ndarray, count: int, chance: np.random.Generator) -> np.ndarray:
    """At most PIECE nodes around one with neighbours, nearest first, by breadth."""
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges.tolist():
        neighbours[a].append(b)
        neighbours[b].append(a)
    best: list[int] = []
    for start in chance.permutation(np.unique(edges))[:20].tolist():  # the first from which enough can be reached
        seen, queue = {start}, [start]
        for node in queue:
            if len(queue) >= PIECE:
                break
            fresh = [other for other in neighbours[node] if other not in seen][: PIECE - len(queue)]
            seen.update(fresh)
            queue.extend(fresh)
        best = max(best, queue, key=len)
        if len(best) >= PIECE:
            break
    return np.sort(np.array(best[:PIECE]))


def features(arrays: dict[str, np.ndarray], nodes: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """(node, feature) and their names: as they are, or where they are too many the leading singular vectors."""
    place = np.full(int(arrays["size"][0]), -1)
    place[nodes] = np.arange(len(nodes))
    some = place[arrays["x_rows"]] >= 0
    x = np.zeros((len(nodes), int(arrays["size"][1])), np.float32)
    x[place[arrays["x_rows"][some]], arrays["x_columns"][some]] = arrays["x_values"][some]
    if x.shape[1] <= MOST_FEATURES:
        return x, tuple(f"x{k}" for k in range(x.shape[1]))
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    kept = min(MOST_FEATURES, len(s))
    return (u[:, :kept] * s[:kept]).round(3).astype(np.float32), tuple(f"s{k}" for k in range(kept))


def code(found: Larger, arrays: dict[str, np.ndarray], seed: int) -> str:
    """The piece as text, with fewer features where it would be too long for a link."""
    from dlviz.labs.graph.spec import MOST_TEXT

    graph = piece(found, arrays, seed)
    width = graph.features.shape[1]
    text = coding.write(graph)
    while len(text) > MOST_TEXT and width > 1:
        width //= 2
        fewer = graph_of(
            graph.names, graph.places, graph.edges, features=graph.features[:, :width], labels=graph.labels,
            feature_names=graph.feature_names[:width], given=graph.given, classes=graph.classes,
        )  # fmt: skip
        text = coding.write(fewer)
    return text
