"""The panel Depth: messages without weights; training at every depth; influence through a bottleneck and in a graph."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.graphs.graph import Graph
from dlviz.labs.graph.depth import smoothing, squashing, walking
from dlviz.labs.graph.probe import plain, shown_piece
from dlviz.labs.graph.scene import state_of
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun

ASKS = ("influence", "walk", "train", "reach", "distance", "recall")
MOST_LAYERS = 32


def depth(
    run: GraphRun,
    ask: str = "influence",
    kind: str = "gcn",
    node: int = 0,
    layers: int = MOST_LAYERS,
    depths: Any = None,
    ways: Any = None,
    seeds: int = 3,
    steps: int = 100,
    radius: int = 4,
    most: int = 4,
    shortcuts: Any = None,
    parameters: bool = True,
) -> Trace | Generator[Progress, None, Trace]:
    """What many layers do. `ask`: `influence` of every node of the shown graph on `node` through the run's network (see
    `influence`); `walk` the shown graph without weights (see `walk`; `kind` gcn, mean, naive); `train` at every depth
    (see `smoothing.trainings`); `reach` the root of a bottleneck tree (see `squashing.reach`; `kind` gcn, gin, gat), at
    every `distance` (see `squashing.distances`); `recall` there (see `squashing.recalled`). Raises `InvalidInput`."""
    match ask:
        case "walk":
            return walk(run, kind, layers)
        case "train":
            return smoothing.train(run, depths, ways, seeds, steps)
        case "reach":
            return squashing.reach(radius, seeds, kind, shortcuts)
        case "distance":
            return squashing.distance(most, seeds)
        case "recall":
            return squashing.recall(kind, most, seeds, steps)
        case "influence":
            return influence(run, node, parameters)
    raise InvalidInput("depth.ask", f"must be one of {', '.join(ASKS)}", ask, "influence")


def shown_graph(run: GraphRun) -> Graph:
    """The graph on screen: a person's own beside a set, else the one that the settings name."""
    if run.own is not None:
        return run.own
    return run.learned.graphs[min(run.spec.shown, len(run.learned.graphs) - 1)]


def kept_edges(run: GraphRun, graph: Graph) -> tuple[np.ndarray, np.ndarray]:
    """The edges (edge, 2) that messages travel along, and their weights: all, but those kept back to be found."""
    held = run.learned.held_edges
    keep = ~held if len(held) == len(graph.edges) else np.ones(len(graph.edges), bool)
    return graph.edges[keep], graph.weights[keep]


def walk(run: GraphRun, kind: str, layers: int) -> Trace:
    """Passing on without weights, from the places of the shown graph's drawing as features.

    `features` (layer, node, feature): before any layer and after each, divided by their largest size where they would
    leave the numbers. `away`, `energy`, `variance`, `cosine` (layer,): see `walking.measures`. `eigenvalues` (unit,)
    from the largest down, `alike` (): how many are the largest, `rate` ().
    """
    if kind not in walking.KINDS:
        raise InvalidInput("depth.kind", f"must be one of {', '.join(walking.KINDS)}", kind, "gcn")
    whole("depth.layers", layers, 1, 256)
    graph = shown_graph(run)
    if not graph.count:
        raise InvalidInput("depth.ask", "needs a graph with a node to walk", "an empty graph", "another graph")
    how = walking.passing(kind, *kept_edges(run, graph), graph.count)
    found = walking.spectrum(how)
    features = walking.walk(graph.places.astype(np.float64), how, layers)
    rows = [walking.measures(x, how, found) for x in features]
    arrays = {name: np.array([row[name] for row in rows], np.float32) for name in rows[0]}
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ("layer",))
    arrays |= {
        "features": np.array(features, np.float32),
        "eigenvalues": found.values.astype(np.float32),
        "alike": np.array(found.alike, np.int32),
        "rate": np.array(found.rate, np.float32),
    }
    dims |= {"features": ("layer", "node", "feature"), "eigenvalues": ("unit",), "alike": (), "rate": ()}
    return Trace(arrays, dims)


def influence(run: GraphRun, node: int, parameters: bool) -> Trace:
    """`influence` (node,): the Frobenius norm of ∂ h_node / ∂ x_j for every node j of the shown graph, h the last layer
    of the run's network as it is now. `hops` (node,): edges of the shortest way from j to the node, −1 for none.
    `embedding` (feature,): h of the node, and `answer` (class,): what the network's head makes of it."""
    piece = shown_piece(run)
    count = len(piece.x)
    if not count:
        raise InvalidInput("depth.node", "needs a graph with a node", node, "another graph")
    at = whole("depth.node", node, 0, count - 1)
    network = run.network
    edges = network.edges(piece.index, piece.weight, count)
    with evaluating(network):
        found = squashing.influence(network, piece.x, at, lambda x: network.embed(x, edges))
        embedding = network.embed(piece.x, edges)[at]
        answer = network.head(embedding)
    arrays = {"influence": found.astype(np.float32), "hops": hops(plain(piece.index), count, at),
              "embedding": plain(embedding), "answer": plain(answer)}  # fmt: skip
    dims = {"influence": ("node",), "hops": ("node",), "embedding": ("feature",), "answer": ("class",)}
    return Trace(arrays, dims, {}, state_of(network) if parameters else {})


def hops(index: np.ndarray, count: int, target: int) -> np.ndarray:
    """(node,) i32: how many edges a message from each node has to travel to the target; −1 where no way leads."""
    into: list[list[int]] = [[] for _ in range(count)]
    for source, end in index.T:
        into[end].append(int(source))
    found = np.full(count, -1, np.int32)
    found[target] = 0
    waiting = deque([target])
    while waiting:
        at = waiting.popleft()
        for source in into[at]:
            if found[source] < 0:
                found[source] = found[at] + 1
                waiting.append(source)
    return found
