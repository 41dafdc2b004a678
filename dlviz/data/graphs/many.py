"""Sets of small graphs, each of which has a class and a number to learn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.graph import Graph, graph_of
from dlviz.data.graphs.laying import circle, fit, lay
from dlviz.data.packages import beside

MANY: dict[str, str] = {"mutag": "Molecules (MUTAG)", "families": "Four families"}

FAMILIES = ("Ring", "Tree", "Ladder", "Dense")
OF_EACH = 60
FEWEST, MOST = 6, 16  # nodes of a graph of a family
DENSE = 0.6  # how likely two nodes of a dense graph are joined


@dataclass(frozen=True, eq=False)
class GraphSet:
    """Graphs with a class and a target each."""

    graphs: tuple[Graph, ...]
    labels: np.ndarray  # (graph,) i64, a place in `classes`
    classes: tuple[str, ...]
    targets: np.ndarray  # (graph,) f32
    target_name: str


def load_many(slug: str, seed: int) -> GraphSet:
    """One of MANY; `seed` matters to "families" only. Raises `InvalidInput` for another slug."""
    if slug == "mutag":
        return mutag()
    if slug == "families":
        return families(seed)
    raise InvalidInput("set of graphs", f"must be one of {', '.join(MANY)}", slug, '"mutag"')


@cache
def mutag() -> GraphSet:
    """188 nitroaromatic molecules, mutagenic for Salmonella typhimurium or not (Debnath and others 1991).

    From grakel's test data, in the form of TUDatasets. Hydrogen atoms are left out. Features: the element, one column
    for each of molecules.ELEMENTS; target: how many rings, edges − nodes + 1. Read once; all who ask share the arrays.
    Raises FileNotFoundError without grakel.
    """
    from dlviz.data.graphs.molecules import ELEMENTS, from_bonds

    ends, kinds, owner, signs, elements = (
        _numbers(part) for part in ("A", "edge_labels", "graph_indicator", "graph_labels", "node_labels")
    )
    first = np.searchsorted(owner, np.arange(1, len(signs) + 2))  # the nodes of each graph stand together
    once = ends[:, 0] < ends[:, 1]  # every bond is there in both directions
    ends, kinds = ends[once] - 1, kinds[once]
    of_edge = owner[ends[:, 0]] - 1
    graphs = []
    for k, (start, end) in enumerate(pairwise(first.tolist())):
        own = of_edge == k
        graphs.append(from_bonds([ELEMENTS[element] for element in elements[start:end]], ends[own] - start, kinds[own]))
    labels = (signs == 1).astype(np.int64)
    targets = np.array([rings(graph) for graph in graphs], np.float32)
    return GraphSet(tuple(graphs), labels, ("Not mutagenic", "Mutagenic"), targets, "Rings")


def families(seed: int) -> GraphSet:
    """240 graphs of 6 to 16 nodes, in turn a ring, a tree, a ladder and a dense random graph, numbered at random.

    One feature, 1 at every node: only the edges tell the family. Target: how many triangles.
    """
    rng = np.random.default_rng(seed)
    labels = np.tile(np.arange(len(FAMILIES)), OF_EACH)
    graphs = tuple(_of_family(FAMILIES[label], rng) for label in labels)
    targets = np.array([triangles(graph) for graph in graphs], np.float32)
    return GraphSet(graphs, labels, FAMILIES, targets, "Triangles")


def rings(graph: Graph) -> int:
    """How many independent rings an undirected graph has: edges − nodes + connected parts."""
    part = list(range(graph.count))
    parts = graph.count
    for a, b in graph.edges.tolist():
        while part[a] != a:
            a = part[a]
        while part[b] != b:
            b = part[b]
        parts -= a != b
        part[a] = b
    return len(graph.edges) - graph.count + parts


def triangles(graph: Graph) -> int:
    """How many triples of an undirected graph's nodes are all joined."""
    matrix = np.zeros((graph.count, graph.count), np.int64)
    a, b = graph.edges[graph.edges[:, 0] != graph.edges[:, 1]].T
    matrix[a, b] = matrix[b, a] = 1
    return int(((matrix @ matrix) * matrix).sum()) // 6


def _of_family(family: str, rng: np.random.Generator) -> Graph:
    count = int(rng.integers(FEWEST, MOST + 1))
    if family == "Ring":
        edges = np.array([(k, (k + 1) % count) for k in range(count)])
        places = circle(count)
    elif family == "Ladder":
        count -= count % 2
        half = count // 2
        rails = [(k, k + 1) for k in range(count - 1) if k != half - 1]
        edges = np.array(rails + [(k, k + half) for k in range(half)])
        places = fit(np.array([(k % half, -(k // half)) for k in range(count)]))
    elif family == "Tree":
        edges = np.array([(int(rng.integers(k)), k) for k in range(1, count)])
        places = lay(count, edges)
    else:
        edges = np.zeros((0, 2), np.int64)
        while count - len(edges) + _loops(edges, count) != 1:  # until there is a path between any two nodes
            edges = np.argwhere(np.triu(rng.random((count, count)) < DENSE, k=1))
        places = circle(count)
    order = rng.permutation(count)  # the new number of each node
    moved = np.empty_like(places)
    moved[order] = places
    return graph_of(
        [str(k) for k in range(count)],
        moved,
        order[edges],
        features=np.ones((count, 1), np.float32),
        feature_names=("one",),
    )


def _loops(edges: np.ndarray, count: int) -> int:
    return rings(graph_of([""] * count, np.zeros((count, 2)), edges))


def _numbers(part: str) -> np.ndarray:
    """The whole numbers of a file of MUTAG: (line,) i64, of more than one column (line, column)."""
    path = beside(
        "grakel", f"tests/data/MUTAG/MUTAG_{part}.txt", "The molecules of MUTAG come with the package grakel."
    )
    return np.loadtxt(path, delimiter=",", dtype=np.int64)
