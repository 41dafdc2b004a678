"""torch_geometric's layers with our parameters, and everything that they compute on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch_geometric.nn import GATConv, GCNConv, GINConv, MessagePassing, SAGEConv

from dlviz.labs.graph.spec import GraphSpec


def twin(spec: GraphSpec, state: dict[str, Tensor], at: int) -> MessagePassing:
    """torch_geometric's layer number `at` with these parameters."""
    is_last = at == len(spec.hidden) - 1
    outputs = spec.hidden[at]
    first = {"sage": "lin_l.weight", "gin": "nn.0.weight"}.get(spec.layer, "lin.weight")
    inputs = state[f"layers.{at}.{first}"].shape[1]
    match spec.layer:
        case "gcn":
            layer: MessagePassing = GCNConv(inputs, outputs)
        case "naive" | "loops":
            layer = GCNConv(inputs, outputs, normalize=False)
        case "sage":
            layer = SAGEConv(inputs, outputs, aggr=spec.aggregation)
        case "gat":
            width = outputs if is_last else outputs // spec.heads
            layer = GATConv(inputs, width, spec.heads, concat=not is_last)
        case _:
            inner = nn.Sequential(nn.Linear(inputs, outputs), nn.ReLU(), nn.Linear(outputs, outputs))
            layer = GINConv(inner, train_eps=True, aggr=spec.aggregation)
    mine = f"layers.{at}."
    layer.load_state_dict({name.removeprefix(mine): v for name, v in state.items() if name.startswith(mine)})
    return layer.eval()


def looped(index: Tensor, weight: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """With a loop of weight 1 at each node that has none, through a dense matrix."""
    dense = torch.zeros(count, count)
    dense[index[0], index[1]] = weight
    dense += torch.diag((dense.diagonal() == 0).float())
    found = dense.nonzero().T
    return found, dense[found[0], found[1]]


def theirs(layer: MessagePassing, kind: str, x: Tensor, index: Tensor, weight: Tensor) -> dict[str, Any]:
    """What torch_geometric computes: `edges`, `messages` by (source, target), `aggregate`, `attention`, `output`."""
    found: dict[str, Any] = {}
    layer.register_propagate_forward_pre_hook(lambda _, given: found.update(edges=given[0]))
    layer.register_message_forward_hook(lambda _m, _i, out: found.update(messages=out))
    layer.register_aggregate_forward_hook(lambda _m, _i, out: found.update(aggregate=out))
    with torch.no_grad():
        if kind == "loops":
            index, weight = looped(index, weight, len(x))
        if kind == "gat":
            found["output"], (_, found["attention"]) = layer(x, index, return_attention_weights=True)
        elif kind in ("naive", "loops", "gcn"):
            found["output"] = layer(x, index, weight)
        else:
            found["output"] = layer(x, index)
    return found


def by_ends(index: Any, values: Any) -> dict[tuple[int, int], np.ndarray]:
    """Rows by their edge's ends."""
    found = {(int(a), int(b)): np.asarray(row).ravel() for a, b, row in zip(*index, values, strict=True)}
    assert len(found) == len(values)
    return found
