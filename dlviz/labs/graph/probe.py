"""Probes of the Graph lab that panels share: the messages of a layer, and the moment as the stage shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.data.graphs import reading
from dlviz.data.graphs.graph import Graph
from dlviz.labs.graph.carrying import columns_of, fitted
from dlviz.labs.graph.data import Piece, features, piece_of
from dlviz.labs.graph.model import Gnn
from dlviz.labs.graph.scene import features_of, state_of
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun

AXES: dict[str, tuple[str, ...]] = {
    "features": ("node", "feature"),
    "edge_index": ("channel", "edge"),
    "edge_weight": ("edge",),
    "scale": ("edge",),
    "transformed": ("node", "feature"),
    "messages": ("edge", "feature"),
    "aggregate": ("node", "feature"),
    "attention": ("edge", "head"),
    "scores": ("edge", "head"),
    "own": ("node", "feature"),
    "combined": ("node", "feature"),
    "output": ("node", "feature"),
    "after": ("node", "feature"),
    "degree": ("node",),
}


def messages(
    run: GraphRun, layer_number: int = 0, input: Any = None, directed: bool = False, parameters: bool = True
) -> Trace:
    """What one layer does with a graph, in its order.

    `features` (node, feature) that the layer is given; `edge_index` (2, edge): sources and targets, with the self-loops
    that the layer adds at the end; `edge_weight`, `scale` (edge,): what a message is multiplied by (not of GraphSAGE,
    GIN, GAT, which do not look at weights); `transformed` W x (naive, loops, GCN, GAT); `messages` (edge, feature) as
    they arrive, `aggregate` (node, feature) as they are put together; of GAT `scores` and `attention` (edge, head);
    of GraphSAGE and GIN `own`, what a node adds of itself; `output` (node, feature) of the layer, before residual, norm
    and activation, and `after` these; `degree` (node,): sum of the weights that come in. Parameters under `state/` have
    torch_geometric's names.

    `layer_number` counts from 0. `input`: another graph, rows of source, target and perhaps a weight; `directed` if
    each row is one way only. The network then keeps the weights of all nodes that it knows. Raises `InvalidInput`.
    """
    at = whole("messages.layer_number", layer_number, 0, len(run.spec.hidden) - 1)
    if input is None:
        network, piece = run.network, shown_piece(run)
    else:
        network, piece = for_graph(run, graph_of_rows("messages.input", input, directed))
    edges = network.edges(piece.index, piece.weight, len(piece.x))
    records: list[dict[str, Tensor]] = []
    with evaluating(network):
        embedding = network.embed(piece.x, edges, records)
        network.head(embedding)
    steps = records[at]
    found = {"features": steps["input"], "edge_index": edges.index, "edge_weight": edges.weight, "scale": edges.scale,
             "degree": edges.degrees(), **{name: steps[name] for name in AXES if name in steps}}  # fmt: skip
    arrays = {name: plain(values) for name, values in found.items()}
    return Trace(arrays, {name: AXES[name] for name in arrays}, {}, state_of(network) if parameters else {})


def moment(run: GraphRun, parameters: bool = True) -> Trace:
    """The graph on screen with what the network makes of it: `features`, `edge_index`, `edge_weight`, `embedding`
    (node, feature), `answers`: (batch, class) logits of its nodes or of the graph, of missing edges the embeddings."""
    network, piece = run.network, shown_piece(run)
    with evaluating(network):
        edges = network.edges(piece.index, piece.weight, len(piece.x))
        embedding = network.embed(piece.x, edges)
        answers = network(piece.x, edges, piece.batch)
    found = {"features": piece.x, "edge_index": piece.index, "edge_weight": piece.weight, "embedding": embedding,
             "answers": answers}  # fmt: skip
    dims = {**AXES, "embedding": ("node", "feature"), "answers": ("batch", "class")}
    return Trace({name: plain(values) for name, values in found.items()}, {name: dims[name] for name in found}, {},
                 state_of(network) if parameters else {})  # fmt: skip


def shown_piece(run: GraphRun) -> Piece:
    """The graph on screen as the network sees it: a person's own beside a set, else the one the settings name."""
    if run.own is not None:
        return piece_of(features_of(run, run.own), run.own)
    return run.learned.pieces[min(run.spec.shown, len(run.learned.pieces) - 1)]


def for_graph(run: GraphRun, graph: Graph) -> tuple[Gnn, Piece]:
    """A network for another graph, which keeps every weight of the run's that fits, and that graph as it sees it."""
    if run.spec.is_set:
        return run.network, piece_of(_columns_of_set(run, graph), graph)
    x, _ = features(run.spec, graph)
    piece = piece_of(x, graph)
    inputs = piece.x.shape[1]
    return fitted(run.network, run.spec, inputs, run.learned.outputs, columns_of(run, graph, inputs)), piece


def _columns_of_set(run: GraphRun, graph: Graph) -> np.ndarray:
    """The features of a graph that is not of the set: the kinds of its atoms are not known, so that they are all 0."""
    x = np.zeros((graph.count, 0), np.float32) if run.spec.features == "own" else features(run.spec, graph)[0]
    found = np.zeros((graph.count, run.network.inputs), np.float32)
    found[:, : x.shape[1]] = x
    return found


def graph_of_rows(name: str, rows: Any, directed: bool) -> Graph:
    """The graph of rows of source, target and perhaps a weight. Raises `InvalidInput` about `name`, with the line."""
    try:
        array = np.asarray(rows, float)
    except (TypeError, ValueError):  # text, or rows of several lengths
        raise InvalidInput(name, "must be rows of numbers: source, target and perhaps a weight", rows, "0,1") from None
    if array.ndim != 2 or array.shape[1] not in (2, 3):
        raise InvalidInput(name, "must be rows of source, target and perhaps a weight", f"shape {array.shape}", "0,1")
    if not np.isfinite(array).all():
        line = int(np.argmin(np.isfinite(array).all(1)))
        raise InvalidInput(name, "must have finite numbers", f"line {line + 1}: {array[line].tolist()}", "0,1")
    sign = "->" if directed else ","
    lines = []
    for row in array:
        ends = [f"{value:g}" if value != int(value) else str(int(value)) for value in row[:2]]
        weight = f",{row[2]:.9g}" if array.shape[1] == 3 else ""
        lines.append(f"{ends[0]}{sign}{ends[1]}{weight}")
    return reading.read(name, "\n".join(lines)).graph


def plain(values: Tensor) -> np.ndarray:
    """A copy as numpy: f32 or i32."""
    array = values.detach().numpy()
    return array.astype(np.int32 if array.dtype.kind in "ib" else np.float32)


def one_graph(x: np.ndarray, index: np.ndarray, weight: np.ndarray) -> Piece:
    """A graph of plain arrays as the network sees it: (node, feature), (2, edge), (edge,)."""
    return Piece(torch.tensor(x, dtype=torch.float32), torch.tensor(index, dtype=torch.long),
                 torch.tensor(weight, dtype=torch.float32), torch.arange(index.shape[1]),
                 torch.zeros(len(x), dtype=torch.long))  # fmt: skip
