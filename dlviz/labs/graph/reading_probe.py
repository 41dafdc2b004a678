"""A text that a person pasted, read as a graph before it is taken: what is in it, and what reading it guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.data.graphs import coding, reading
from dlviz.data.graphs.graph import Graph
from dlviz.labs.graph import probe
from dlviz.labs.graph.data import Piece, features, piece_of
from dlviz.labs.graph.model import Gnn
from dlviz.labs.graph.scene import kinds_of, state_of
from dlviz.labs.graph.spec import MOST_TEXT
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun

NAME = "read.text"


def read(run: GraphRun, text: Any = "", parameters: bool = True) -> Trace:
    """The graph in `text` (an edge list, GraphML, SMILES, our own code); without a text the one on screen.

    Arrays: `places` (node, 2) within ±1, `edges` (edge, 2) places of nodes, `weights` (edge,), `kinds` (edge,) of bonds
    or −1, `labels` (node,) or −1, `given` (node,), `own` (node, feature) the graph's own features, `directed` (), and
    `answers` (node or batch, class): what the network of this moment makes of it as it is. Nobody has trained it on
    that; where the network cannot take the graph, there are none. Under `state/`: `code`, the graph in the lab's own
    text; `kind` of the text (code, edges, graphml, smiles); `remarks`, a sentence each; and the network's parameters.
    Raises `InvalidInput` that names the line.
    """
    if not isinstance(text, str):
        raise InvalidInput(NAME, "must be a text", text, reading.EXAMPLE)
    found = reading.read(NAME, text) if text.strip() else reading.Read(shown_graph(run), "code")
    graph = found.graph
    code = coding.write(graph)
    if len(code) > MOST_TEXT:
        rule = f"must take at most {MOST_TEXT:,} letters once it is read"
        raise InvalidInput(NAME, rule, f"{len(code):,}", "fewer features, shorter names, or a part of the graph")
    arrays = {
        "places": graph.places.copy(),
        "edges": graph.edges.astype(np.int32),
        "weights": graph.weights.copy(),
        "kinds": kinds_of(graph).astype(np.int32),
        "labels": graph.labels.astype(np.int32),
        "given": graph.given.astype(np.uint8),
        "own": graph.features.copy(),
        "directed": np.array(graph.directed, np.uint8),
    }
    answers = answers_for(run, graph if text.strip() else None)
    if answers is not None:
        arrays["answers"] = probe.plain(answers)
    node, edge = ("node",), ("edge",)
    dims: dict[str, tuple[str, ...]] = {
        "places": ("node", "channel"), "edges": ("edge", "channel"), "weights": edge, "kinds": edge, "labels": node,
        "given": node, "own": ("node", "feature"), "directed": (), "answers": ("batch", "class"),
    }  # fmt: skip
    said = {"code": np.array(code), "kind": np.array(found.kind), "remarks": np.array(found.remarks, dtype=str)}
    state = {**said, **(state_of(run.network) if parameters else {})}
    return Trace(arrays, {name: dims[name] for name in arrays}, {}, state)


def shown_graph(run: GraphRun) -> Graph:
    """The graph on screen: a person's own beside a set, else the one the settings name."""
    if run.own is not None:
        return run.own
    return run.learned.graphs[min(run.spec.shown, len(run.learned.graphs) - 1)]


def answers_for(run: GraphRun, graph: Graph | None) -> Tensor | None:
    """(node or graph, class) answers of the network of this moment to a graph, None: the one on screen; None where it
    cannot take it."""
    try:
        network, piece = (run.network, probe.shown_piece(run)) if graph is None else fitting(run, graph)
    except InvalidInput:
        return None
    with evaluating(network):
        edges = network.edges(piece.index, piece.weight, len(piece.x))
        answers: Tensor = network(piece.x, edges, piece.batch, piece.graphs)
    return answers


def fitting(run: GraphRun, graph: Graph) -> tuple[Gnn, Piece]:
    """As `probe.for_graph`; beside a set the graph's own features fill the columns that the network knows."""
    if not run.spec.is_set:
        return probe.for_graph(run, graph)
    x = graph.features if run.spec.features == "own" else features(run.spec, graph)[0]
    wanted = run.network.inputs
    fitted = np.zeros((graph.count, wanted), np.float32)
    fitted[:, : min(wanted, x.shape[1])] = x[:, :wanted]
    return run.network, piece_of(fitted, graph)
