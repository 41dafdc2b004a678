"""An edited graph under a running network: every weight stays, and with one-hot identities every node keeps its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

from dlviz.data.graphs.graph import Graph
from dlviz.labs.graph.data import Learned
from dlviz.labs.graph.model import Gnn, build
from dlviz.labs.graph.spec import GraphSpec

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun

Columns = dict[int, int]  # new place of an input feature → its old one; those that are new are missing


def carry(run: GraphRun, spec: GraphSpec, learned: Learned) -> None:
    """Give the run a network that fits the edited graph, with what the optimizer remembers of every weight it keeps."""
    inputs, outputs = learned.pieces[0].x.shape[1], learned.outputs
    columns = columns_of(run, learned.graphs[0], inputs)
    old, remembered = run.network, run.optimizer.state
    network = fitted(old, spec, inputs, outputs, columns)
    if network is old:
        return
    run.network = network
    run.optimizer = run._make_optimizer()
    before = dict(old.named_parameters())
    for name, parameter in network.named_parameters():
        run.optimizer.state[parameter] = {
            key: _moved(network, name, value, torch.zeros_like(parameter), columns) if value.dim() else value.clone()
            for key, value in remembered.get(before[name], {}).items()
            if isinstance(value, Tensor)
        }


def fitted(old: Gnn, spec: GraphSpec, inputs: int, outputs: int, columns: Columns) -> Gnn:
    """A network for so many features and answers: the old one where nothing moved; else a new one that takes over the
    column of every feature that is still there, the row of every class, and all else. What is new has first weights."""
    if (inputs, outputs) == (old.inputs, old.outputs) and columns == {k: k for k in range(inputs)}:
        return old
    network = build(spec, inputs, outputs)
    network.chance = old.chance
    before = dict(old.named_parameters())
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(_moved(network, name, before[name].detach(), parameter.detach(), columns))
    return network


def columns_of(run: GraphRun, graph: Graph, inputs: int) -> Columns:
    """Which input feature of the run's network each of the graph's is; a one-hot identity goes by the node's key."""
    if run.spec.features != "identity":
        return {k: k for k in range(min(inputs, run.network.inputs))}
    places = {int(key): k for k, key in enumerate(run.learned.graphs[0].keys)}
    return {k: places[int(key)] for k, key in enumerate(graph.keys) if int(key) in places}


def _moved(network: Gnn, name: str, old: Tensor, new: Tensor, columns: Columns) -> Tensor:
    """`new` with all that `old` has of it."""
    found = new.clone()
    if name in {f"layers.0.{weight}" for weight in network.first_layer.input_weights()}:
        found[:, list(columns)] = old[:, list(columns.values())]
    elif name.startswith("head."):
        rows = min(len(old), len(new))
        found[:rows] = old[:rows]
    else:
        found.copy_(old)
    return found
