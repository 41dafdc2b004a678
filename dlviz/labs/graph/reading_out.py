"""Several graphs as one, and their nodes read out: the batch as PyTorch Geometric builds it; sum, mean and max."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.graph import layers
from dlviz.labs.graph.data import Piece, together
from dlviz.labs.graph.layers import Edges
from dlviz.labs.graph.probe import plain, shown_piece
from dlviz.labs.graph.scene import state_of
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun

HOWS = ("sum", "mean", "max")
MOST_GRAPHS = 6
LARGEST = 40  # nodes of a neighbourhood: more are hard to see

DIMS: dict[str, tuple[str, ...]] = {
    "chosen": ("batch",),
    "x": ("node", "feature"),
    "edge_index": ("channel", "edge"),
    "edge_weight": ("edge",),
    "batch": ("node",),
    "ptr": ("batch",),
    "embedding": ("node", "feature"),
    **dict.fromkeys(HOWS, ("batch", "feature")),
    "answers": ("channel", "batch", "class"),
}


def readout(run: GraphRun, graphs: Any = None, parameters: bool = True) -> Trace:
    """A batch of 1 to 6 graphs, and what becomes of each as a whole.

    `graphs`: their places in the set, the last a person's own where there is one. A run of one graph has no set: there
    they are nodes, and the graph of each is its neighbourhood, the node with all that it is joined to and the edges
    among them. None: the graph on screen (of one graph one of middle size), the smallest and the largest.

    `chosen` as given; `x` (node, feature), `edge_index` (2, edge), `edge_weight`, `batch` (node,): the graph of each
    node; `ptr` (graph + 1,): where its nodes begin; `embedding` (node, feature) of one pass over the batch; `sum`,
    `mean`, `max` (graph, feature); `answers` (3, graph, class): what the head says of each, in that order: logits, of a
    regression one standardised number; not where edges are learned, which has no head. Parameters under `state/`.
    Raises `InvalidInput`.
    """
    chosen = _chosen(run, graphs)
    network, batch = run.network, together([part(run, place) for place in chosen])
    with evaluating(network):
        embedding = network.embed(
            batch.x, network.edges(batch.index, batch.weight, len(batch.x)), None, batch.batch, batch.graphs
        )
        read = torch.stack([read_out(how, embedding, batch.batch, batch.graphs) for how in HOWS])
        answers = network.head(read)
    counts = torch.bincount(batch.batch, minlength=batch.graphs)
    arrays = {"chosen": torch.tensor(chosen), "x": batch.x, "edge_index": batch.index, "edge_weight": batch.weight,
              "batch": batch.batch, "ptr": torch.cat([torch.zeros(1, dtype=torch.long), counts.cumsum(0)]),
              "embedding": embedding, **dict(zip(HOWS, read, strict=True))}  # fmt: skip
    if run.spec.task != "link":
        arrays["answers"] = answers
    found = {name: plain(values) for name, values in arrays.items()}
    return Trace(found, {name: DIMS[name] for name in found}, {}, state_of(network) if parameters else {})


def read_out(how: str, embedding: Tensor, batch: Tensor, graphs: int) -> Tensor:
    """(node, feature) → (graph, feature): sum, mean or max over the nodes of each graph."""
    ones = torch.ones(len(batch))
    return layers.aggregated(how, embedding, Edges(torch.stack([batch, batch]), ones, graphs, ones))


def part(run: GraphRun, place: int) -> Piece:
    """A graph of the set, the person's own beside it, or the neighbourhood of a node of the run's one graph."""
    pieces = run.learned.pieces
    if run.spec.is_set:
        return shown_piece(run) if place == len(pieces) else pieces[place]
    return neighbourhood(pieces[0], place)


def neighbourhood(piece: Piece, node: int) -> Piece:
    """The node with all that messages join it to (the first 39 of them) and the messages among these."""
    members = members_of(piece, node)
    places = torch.full((len(piece.x),), -1)
    places[members] = torch.arange(len(members))
    inside = (places[piece.index] >= 0).all(0)
    pair = piece.pair[inside].unique(return_inverse=True)[1]
    return Piece(piece.x[members], places[piece.index[:, inside]], piece.weight[inside], pair,
                 torch.zeros(len(members), dtype=torch.long))  # fmt: skip


def members_of(piece: Piece, node: int) -> Tensor:
    """Nodes of a neighbourhood, in their order."""
    sources, targets = piece.index
    near = torch.cat([sources[targets == node], targets[sources == node]]).unique()
    return torch.cat([near[near != node][: LARGEST - 1], torch.tensor([node])]).sort().values


def _sizes(run: GraphRun) -> np.ndarray:
    pieces = run.learned.pieces
    if run.spec.is_set:
        return np.array([len(piece.x) for piece in pieces] + ([len(shown_piece(run).x)] if run.own else []))
    return np.array([len(members_of(pieces[0], node)) for node in range(len(pieces[0].x))], int)


def _chosen(run: GraphRun, graphs: Any) -> list[int]:
    sizes = _sizes(run)
    if graphs is None:
        first = int(np.argsort(sizes, kind="stable")[len(sizes) // 2])
        if run.spec.is_set:
            first = len(sizes) - 1 if run.own else min(run.spec.shown, len(sizes) - 1)
        return list(dict.fromkeys([first, int(sizes.argmin()), int(sizes.argmax())]))
    if not isinstance(graphs, list | tuple) or not 1 <= len(graphs) <= MOST_GRAPHS:
        what = "places of graphs" if run.spec.is_set else "nodes, each for its neighbourhood"
        raise InvalidInput("readout.graphs", f"must be 1 to {MOST_GRAPHS} {what}", graphs, "[0, 1, 2]")
    return [whole("readout.graphs", place, 0, len(sizes) - 1) for place in graphs]
