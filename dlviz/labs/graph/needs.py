"""What a task needs of a graph that a person gives, in words, before anything is built."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs import reading
from dlviz.data.graphs.graph import Graph

LEAST_EDGES = 4  # to keep one back, and learn from the rest
LEAST_APART = 2  # pairs without an edge


@lru_cache(maxsize=16)
def graph_in(text: str) -> Graph | None:
    """The graph that a person edited or pasted; None for an empty text. Raises `InvalidInput`."""
    return reading.read("GraphSpec.graph", text).graph if text.strip() else None


def missing(graph: Graph, task: str, features: str) -> Iterator[tuple[str, InvalidInput]]:
    """What the graph lacks for the task and the features, each with the field to blame."""
    if features == "own" and not graph.features.shape[1]:
        yield "features", no_features()
    if task == "node":
        told = int((graph.given & (graph.labels >= 0)).sum())
        given = f"{told} of {graph.count} nodes told, {len(graph.classes)} classes"
        if len(graph.classes) < 2:
            rule = "needs two classes or more to label nodes"
            yield "graph", InvalidInput("GraphSpec.graph", rule, given, "giving some nodes a class, or finding edges")
        elif not told:
            rule = "needs a node whose class is told to label nodes"
            yield "graph", InvalidInput("GraphSpec.graph", rule, given, "giving some nodes a class, or finding edges")
    elif task == "link":
        edges = {(int(a), int(b)) for a, b in np.sort(graph.edges, 1) if a != b}
        apart = graph.count * (graph.count - 1) // 2 - len(edges)
        if len(edges) < LEAST_EDGES or apart < LEAST_APART:
            rule = f"needs {LEAST_EDGES} edges and {LEAST_APART} pairs without one to find edges"
            yield "graph", InvalidInput("GraphSpec.graph", rule, f"{len(edges)} and {apart}", "adding some edges")


def no_features() -> InvalidInput:
    """The refusal of features that a graph does not bring."""
    rule = "must be something the graph has, and it brings no features of its own"
    return InvalidInput("GraphSpec.features", rule, "own", "identity")
