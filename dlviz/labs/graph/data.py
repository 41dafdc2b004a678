"""What a run learns from: one graph, or a set of graphs, as tensors with what is told and what is kept back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from dlviz.data.graphs import many, single
from dlviz.data.graphs.graph import Graph
from dlviz.labs.graph import needs
from dlviz.labs.graph.spec import GraphSpec

HELD_GRAPHS = 0.2  # of a set


@dataclass(frozen=True)
class Piece:
    """One graph as the network sees it, or several as one large graph without edges between them.

    `x` (node, feature); `index` (2, edge) and `weight` (edge,): what messages travel along; `pair` (edge,): which edge
    of the drawing each comes from, so that both directions of one are dropped together; `batch` (node,): the graph that
    a node is of; `graphs`: how many.
    """

    x: Tensor
    index: Tensor
    weight: Tensor
    pair: Tensor
    batch: Tensor
    graphs: int = 1


@dataclass(frozen=True)
class Learned:
    """Everything of a spec: graphs, what the network sees, the answers, and which of them are told.

    `graphs`: all of them; one where the task is about nodes or edges. `pieces`: the same as the network sees them.
    `y`: (node,) classes, −1 unknown; or (graph,) classes or standardised targets. `told`, `held`: places in `y`:
    trained on, and kept back to be measured by. Of missing edges: `positive` (pair, 2) the edges that messages travel
    along, `held_positive`, and `held_negative`, as many pairs that are not joined. `mean`, `spread` of the targets.
    """

    graphs: tuple[Graph, ...]
    pieces: tuple[Piece, ...]
    feature_names: tuple[str, ...]
    classes: tuple[str, ...]
    y: Tensor
    told: Tensor
    held: Tensor
    positive: Tensor
    held_positive: Tensor
    held_negative: Tensor
    held_edges: np.ndarray  # (edge,) bool, of the drawing of a single graph
    mean: float = 0.0
    spread: float = 1.0
    target_name: str = ""

    @property
    def outputs(self) -> int:
        """How many numbers an answer has."""
        return len(self.classes) or 1


def load(spec: GraphSpec) -> Learned:
    """The data of a spec. Raises `InvalidInput` for what cannot be learned from."""
    return _set(spec) if spec.is_set else _single(spec)


def features(spec: GraphSpec, graph: Graph) -> tuple[np.ndarray, tuple[str, ...]]:
    """(node, feature) f32 and a name for each: what a node knows of itself before any message."""
    match spec.features:
        case "identity":
            return np.eye(graph.count, dtype=np.float32), graph.names
        case "degree":
            return graph.degrees.astype(np.float32)[:, None], ("degree",)
        case "constant":
            return np.ones((graph.count, 1), np.float32), ("1",)
        case _:
            if not graph.features.shape[1]:
                raise needs.no_features()
            return graph.features, graph.feature_names or tuple(f"x{k}" for k in range(graph.features.shape[1]))


def piece_of(x: np.ndarray, graph: Graph, keep: np.ndarray | None = None) -> Piece:
    """The graph as the network sees it; of the edges only those that `keep` (edge,) names."""
    index, weight, pair = graph.edge_index, graph.edge_weight, edge_pair(graph)
    if keep is not None:
        some = keep[pair]
        index, weight, pair = index[:, some], weight[some], pair[some]
    return Piece(
        torch.tensor(x),
        torch.tensor(index, dtype=torch.long),
        torch.tensor(weight, dtype=torch.float32),
        torch.tensor(pair, dtype=torch.long),
        torch.zeros(graph.count, dtype=torch.long),
    )


def edge_pair(graph: Graph) -> np.ndarray:
    """(message,): which edge of the drawing each column of `edge_index` comes from."""
    every = np.arange(len(graph.edges))
    return every if graph.directed else np.append(every, every[graph.edges[:, 0] != graph.edges[:, 1]])


def together(pieces: list[Piece]) -> Piece:
    """Several graphs as one large one, whose adjacency has theirs along its diagonal."""
    starts = np.cumsum([0, *(len(piece.x) for piece in pieces)])
    edges = np.cumsum([0, *(int(piece.pair.max()) + 1 if len(piece.pair) else 0 for piece in pieces)])
    return Piece(
        torch.cat([piece.x for piece in pieces]),
        torch.cat([piece.index + int(start) for piece, start in zip(pieces, starts, strict=False)], 1),
        torch.cat([piece.weight for piece in pieces]),
        torch.cat([piece.pair + int(start) for piece, start in zip(pieces, edges, strict=False)]),
        torch.cat([torch.full((len(piece.x),), k) for k, piece in enumerate(pieces)]),
        len(pieces),
    )


def _single(spec: GraphSpec) -> Learned:
    graph = needs.graph_in(spec.graph) or single.load_single(spec.dataset, spec.seed)
    x, names = features(spec, graph)
    none = torch.empty((0, 2), dtype=torch.long)
    if spec.task == "link":
        return _links(spec, graph, x, names)
    y = torch.tensor(graph.labels, dtype=torch.long)
    known = y >= 0
    told = torch.tensor(graph.given) & known
    return Learned((graph,), (piece_of(x, graph),), names, graph.classes, y, told.nonzero()[:, 0],
                   (known & ~told).nonzero()[:, 0], none, none, none, np.zeros(len(graph.edges), bool))  # fmt: skip


def _links(spec: GraphSpec, graph: Graph, x: np.ndarray, names: tuple[str, ...]) -> Learned:
    chance = Generator().manual_seed(spec.seed + 3)
    proper = np.flatnonzero(graph.edges[:, 0] != graph.edges[:, 1]) if len(graph.edges) else np.empty(0, int)
    joined = {(int(a), int(b)) for a, b in graph.edges[proper]} | {(int(b), int(a)) for a, b in graph.edges[proper]}
    count = min(max(1, round(len(proper) * spec.held_edges)), len(proper) - 2)
    held = proper[torch.randperm(len(proper), generator=chance)[:count].numpy()]
    is_held = np.zeros(len(graph.edges), bool)
    is_held[held] = True
    edges = torch.tensor(graph.edges, dtype=torch.long)
    empty = torch.empty(0, dtype=torch.long)
    rest = np.setdiff1d(proper, held)
    return Learned((graph,), (piece_of(x, graph, ~is_held),), names, (), torch.tensor(graph.labels), empty, empty,
                   edges[rest], edges[held], unjoined(graph.count, joined, count, chance), is_held)  # fmt: skip


def unjoined(count: int, joined: set[tuple[int, int]], wanted: int, chance: Generator) -> Tensor:
    """At most `wanted` different pairs of nodes without an edge, (pair, 2), drawn evenly."""
    free = [(a, b) for a in range(count) for b in range(a + 1, count) if (a, b) not in joined]
    picked = torch.randperm(len(free), generator=chance)[:wanted]
    return torch.tensor([free[k] for k in picked.tolist()], dtype=torch.long).reshape(-1, 2)


def _set(spec: GraphSpec) -> Learned:
    found = many.load_many(spec.dataset, spec.seed)
    seen = [features(spec, graph) for graph in found.graphs]
    pieces = tuple(piece_of(x, graph) for (x, _), graph in zip(seen, found.graphs, strict=True))
    order = torch.randperm(len(pieces), generator=Generator().manual_seed(spec.seed + 3))
    cut = round(len(pieces) * (1 - HELD_GRAPHS))
    told, held = order[:cut].sort().values, order[cut:].sort().values
    none, kept = torch.empty((0, 2), dtype=torch.long), np.zeros(0, bool)
    if spec.task == "graph":
        y = torch.tensor(found.labels, dtype=torch.long)
        return Learned(found.graphs, pieces, seen[0][1], found.classes, y, told, held, none, none, none, kept)
    targets = torch.tensor(found.targets)
    mean, spread = float(targets[told].mean()), max(float(targets[told].std()), 1e-6)
    return Learned(found.graphs, pieces, seen[0][1], (), (targets - mean) / spread, told, held, none, none, none, kept,
                   mean, spread, found.target_name)  # fmt: skip
