"""The network of the Graph lab: layers of message passing, and what turns nodes into answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from dlviz.labs.graph import layers
from dlviz.labs.graph.layers import Edges
from dlviz.labs.graph.spec import GraphSpec


@dataclass(frozen=True)
class Row:
    """One layer of message passing: what it is given, makes and costs."""

    name: str
    kind: str
    inputs: int
    outputs: int
    heads: int
    how: str  # sum, mean, max
    beside: bool  # GAT: heads side by side rather than averaged
    residual: bool
    norm: str
    activation: str
    parameters: int

    def describe(self) -> dict[str, Any]:
        """Plain values for the page."""
        return asdict(self)


class Gnn(nn.Module):
    """Layers of message passing; then a linear head for each node, a readout and a head for each graph, or for two
    nodes the product of their embeddings (T. Kipf and M. Welling, Variational Graph Auto-Encoders, 2016)."""

    def __init__(self, spec: GraphSpec, inputs: int, outputs: int) -> None:
        super().__init__()
        self.spec, self.inputs, self.outputs = spec, inputs, outputs
        self.chance = torch.Generator().manual_seed(spec.seed + 2)  # of dropout
        sizes = [inputs, *spec.hidden]
        self.layers = nn.ModuleList()
        for k, (before, after) in enumerate(pairwise(sizes)):
            is_last = k == len(spec.hidden) - 1
            self.layers.append(layers.make(spec.layer, before, after, heads=spec.heads, how=spec.aggregation,
                                           beside=not is_last))  # fmt: skip
        self.head = nn.Linear(sizes[-1], outputs) if spec.task != "link" else nn.Identity()

    @property
    def first_layer(self) -> layers.Passing:
        """The layer that is given the features."""
        first = self.layers[0]
        assert isinstance(first, layers.Passing)  # a ModuleList forgets what it holds
        return first

    def edges(self, index: Tensor, weight: Tensor, count: int) -> Edges:
        """The graph's edges as these layers use them."""
        return layers.edges_of(self.spec.layer, index, weight, count)

    def embed(
        self,
        x: Tensor,
        edges: Edges,
        records: list[dict[str, Tensor]] | None = None,
        batch: Tensor | None = None,
        graphs: int = 1,
    ) -> Tensor:
        """(node, input) → (node, hidden[-1]); `records` is filled with every layer's steps, `input` and `after`.

        `batch` (node,) is needed where several graphs are computed at once: PairNorm looks at one graph.
        """
        for k, layer in enumerate(self.layers):
            x = self.drop(x)
            steps = layer.steps(x, edges)  # type: ignore[operator]
            after = steps["output"]
            if self.spec.residual and after.shape == x.shape:
                after = after + x
            if k < len(self.layers) - 1:
                if self.spec.norm == "pairnorm":
                    after = layers.pair_norm(after, batch, graphs)
                after = self.activate(after)
            if records is not None:
                records.append({"input": x, **steps, "after": after})
            x = after
        return x

    def drop(self, x: Tensor) -> Tensor:
        """In training: some numbers set to 0, the rest scaled up as much as these were (N. Srivastava et al., 2014)."""
        share = self.spec.dropout
        if not self.training or share == 0:
            return x
        return x * (torch.rand(x.shape, generator=self.chance) >= share) / (1 - share)

    def activate(self, x: Tensor) -> Tensor:
        """The activation between layers."""
        match self.spec.activation:
            case "relu":
                return x.relu()
            case "tanh":
                return x.tanh()
            case _:
                return x

    def forward(self, x: Tensor, edges: Edges, batch: Tensor | None = None, graphs: int = 1) -> Tensor:
        """(node, input) → answers: (node, class) logits; (graph, class) or (graph, 1) with `batch` (node,), the graph
        of each node; embeddings (node, hidden) where edges are asked for."""
        embedding = self.embed(x, edges, None, batch if self.spec.is_set else None, graphs)
        if self.spec.task in ("graph", "regression"):
            where = torch.zeros(len(x), dtype=torch.long) if batch is None else batch
            embedding = self.read_out(embedding, where, graphs)
        answers: Tensor = self.head(embedding)
        return answers

    def read_out(self, embedding: Tensor, batch: Tensor, graphs: int) -> Tensor:
        """(node, feature) → (graph, feature): sum, mean or max over the nodes of each graph."""
        members = Edges(torch.stack([batch, batch]), torch.ones(len(batch)), graphs, torch.ones(len(batch)))
        return layers.aggregated(self.spec.readout, embedding, members)

    def rows(self) -> list[Row]:
        """What each layer is given, makes and costs."""
        spec, sizes = self.spec, [self.inputs, *self.spec.hidden]
        found = []
        for k, layer in enumerate(self.layers):
            is_last = k == len(self.layers) - 1
            found.append(
                Row(
                    name=f"layers.{k}",
                    kind=spec.layer,
                    inputs=sizes[k],
                    outputs=sizes[k + 1],
                    heads=spec.heads if spec.layer == "gat" else 1,
                    how=spec.aggregation,
                    beside=not is_last,
                    residual=spec.residual and sizes[k] == sizes[k + 1],
                    norm="none" if is_last else spec.norm,
                    activation="none" if is_last else spec.activation,
                    parameters=sum(p.numel() for p in layer.parameters()),
                )
            )
        return found


def pair_scores(embedding: Tensor, pairs: Tensor) -> Tensor:
    """Logits (pair,) that the two nodes of each of `pairs` (pair, 2) are joined: the product of their embeddings."""
    return (embedding[pairs[:, 0]] * embedding[pairs[:, 1]]).sum(1)


def build(spec: GraphSpec, inputs: int, outputs: int) -> Gnn:
    """The network of a spec for data with so many features and answers, weights from its seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(spec.seed)
        return Gnn(spec, inputs, outputs)
