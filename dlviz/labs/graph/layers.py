"""Six layers of message passing, written to be read.

Each computes its output through `steps`, which names everything on the way, so that what the page shows is what runs.
Parameters have the names, the shapes and the first values of torch_geometric's layers, to which a test holds them equal
(GCNConv, SAGEConv, GATConv, GINConv of M. Fey and J. E. Lenssen, 2019).

Symbols: x_j (node, input) are the features of a node, an edge j → i carries j's message to i, w_ji is its weight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

SLOPE = 0.2  # of GAT's leaky ReLU below 0 (P. Veličković et al., Graph Attention Networks, 2018, section 2.1)
TINY = 1e-16  # in the softmax, as torch_geometric has it


@dataclass(frozen=True)
class Edges:
    """What messages travel along. `index` (2, edge): sources, targets; `weight` (edge,); `count` nodes; `scale`
    (edge,): what a message is multiplied by."""

    index: Tensor
    weight: Tensor
    count: int
    scale: Tensor

    @property
    def sources(self) -> Tensor:
        return self.index[0]

    @property
    def targets(self) -> Tensor:
        return self.index[1]

    def degrees(self) -> Tensor:
        """Sum of the weights that come in, (node,)."""
        return self.weight.new_zeros(self.count).index_add(0, self.targets, self.weight)


def edges_of(kind: str, index: Tensor, weight: Tensor, count: int) -> Edges:
    """What a layer of that kind makes of the graph's own edges: with self-loops at the end, scaled, or as they are.

    A node that has a self-loop keeps it in place of a new one, with its weight (GAT: without).
    """
    if kind in ("loops", "gcn", "gat"):
        is_loop = index[0] == index[1]
        own = weight.new_ones(count)
        if kind != "gat":
            own[index[0][is_loop]] = weight[is_loop]
        every = torch.arange(count)
        index = torch.cat([index[:, ~is_loop], torch.stack([every, every])], 1)
        weight = torch.cat([weight[~is_loop], own])
    if kind in ("sage", "gin", "gat"):
        weight = torch.ones_like(weight)  # these layers do not look at weights
    edges = Edges(index, weight, count, weight)
    if kind == "gcn":
        root = edges.degrees().pow(-0.5)
        root[torch.isinf(root)] = 0.0
        edges = Edges(index, weight, count, root[index[0]] * weight * root[index[1]])
    return edges


def aggregated(how: str, messages: Tensor, edges: Edges) -> Tensor:
    """(edge, feature) → (node, feature): the sum, the mean or the largest of what comes in; 0 where nothing does."""
    empty = messages.new_zeros(edges.count, messages.shape[1])
    if how == "max":
        at = edges.targets[:, None].expand_as(messages)
        return empty.scatter_reduce(0, at, messages, "amax", include_self=False)
    total = empty.index_add(0, edges.targets, messages)
    if how == "sum":
        return total
    heard = messages.new_zeros(edges.count).index_add(0, edges.targets, messages.new_ones(len(messages)))
    return total / heard.clamp(min=1)[:, None]


def softmax_of_targets(scores: Tensor, edges: Edges) -> Tensor:
    """(edge, head) → (edge, head): a softmax over the edges that end at the same node."""
    at = edges.targets[:, None].expand_as(scores)
    most = scores.new_zeros(edges.count, scores.shape[1]).scatter_reduce(0, at, scores, "amax", include_self=False)
    raised = (scores - most[edges.targets]).exp()
    total = raised.new_zeros(edges.count, scores.shape[1]).index_add(0, edges.targets, raised)
    return raised / (total[edges.targets] + TINY)


class Passing(nn.Module):
    """A layer of message passing. `steps` gives at least `messages` (edge, feature), `aggregate` (node, feature) and
    `output` (node, feature)."""

    kind = ""

    def steps(self, x: Tensor, edges: Edges) -> dict[str, Tensor]:
        """Everything the layer computes on the way, by name."""
        raise NotImplementedError

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        """(node, input) → (node, output)."""
        return self.steps(x, edges)["output"]

    def input_weights(self) -> list[str]:
        """Names of the weights that have a column for every input feature."""
        return ["lin.weight"]


class Convolution(Passing):
    """x_i' = Σ_j s_ji W x_j + b: the adjacency as it stands, with self-loops, or normalised from both sides.

    `kind` says which: naive s = w; loops s = w with self-loops; gcn s = w / √(d_j d_i) with self-loops (T. Kipf and
    M. Welling, Semi-Supervised Classification with Graph Convolutional Networks, 2017, equation 2).
    """

    def __init__(self, kind: str, inputs: int, outputs: int) -> None:
        super().__init__()
        self.kind = kind
        self.lin = nn.Linear(inputs, outputs, bias=False)
        self.bias = nn.Parameter(torch.zeros(outputs))
        glorot(self.lin.weight)

    def steps(self, x: Tensor, edges: Edges) -> dict[str, Tensor]:
        transformed = self.lin(x)
        messages = edges.scale[:, None] * transformed[edges.sources]
        aggregate = aggregated("sum", messages, edges)
        return {"transformed": transformed, "messages": messages, "aggregate": aggregate,
                "output": aggregate + self.bias}  # fmt: skip


class Sage(Passing):
    """x_i' = W_l agg_j x_j + b + W_r x_i (W. Hamilton et al., Inductive Representation Learning on Large Graphs,
    2017)."""

    kind = "sage"

    def __init__(self, inputs: int, outputs: int, how: str) -> None:
        super().__init__()
        self.how = how
        self.lin_l = nn.Linear(inputs, outputs)
        self.lin_r = nn.Linear(inputs, outputs, bias=False)

    def steps(self, x: Tensor, edges: Edges) -> dict[str, Tensor]:
        messages = x[edges.sources]
        aggregate = aggregated(self.how, messages, edges)
        heard, own = self.lin_l(aggregate), self.lin_r(x)
        return {"messages": messages, "aggregate": aggregate, "heard": heard, "own": own, "output": heard + own}

    def input_weights(self) -> list[str]:
        return ["lin_l.weight", "lin_r.weight"]


class Gat(Passing):
    """x_i' = Σ_j α_ji W x_j + b with α_ji = softmax over j of LeakyReLU(a_src · W x_j + a_dst · W x_i), per head.

    Heads stand side by side, or are averaged (`beside=False`) as the paper does in the last layer (P. Veličković et
    al., Graph Attention Networks, 2018, equations 3 to 6).
    """

    kind = "gat"

    def __init__(self, inputs: int, outputs: int, heads: int, beside: bool) -> None:
        super().__init__()
        self.heads, self.beside = heads, beside
        self.width = outputs // heads if beside else outputs
        self.att_src = nn.Parameter(torch.empty(1, heads, self.width))
        self.att_dst = nn.Parameter(torch.empty(1, heads, self.width))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.lin = nn.Linear(inputs, heads * self.width, bias=False)
        for weight in (self.lin.weight, self.att_src, self.att_dst):
            glorot(weight)

    def steps(self, x: Tensor, edges: Edges) -> dict[str, Tensor]:
        transformed = self.lin(x)
        each = transformed.view(-1, self.heads, self.width)
        sent, heard = (each * self.att_src).sum(2), (each * self.att_dst).sum(2)  # (node, head)
        scores = nn.functional.leaky_relu(sent[edges.sources] + heard[edges.targets], SLOPE)
        attention = softmax_of_targets(scores, edges)
        messages = (attention[:, :, None] * each[edges.sources]).flatten(1)
        aggregate = aggregated("sum", messages, edges)
        joined = aggregate if self.beside else aggregate.view(-1, self.heads, self.width).mean(1)
        return {"transformed": transformed, "sent": sent, "heard": heard, "scores": scores, "attention": attention,
                "messages": messages, "aggregate": aggregate, "output": joined + self.bias}  # fmt: skip


class Gin(Passing):
    """x_i' = MLP((1 + ε) x_i + Σ_j x_j), ε learned (K. Xu et al., How Powerful are Graph Neural Networks?, 2019,
    equation 4.1); the mean or the largest in place of the sum, as the paper compares."""

    kind = "gin"

    def __init__(self, inputs: int, outputs: int, how: str) -> None:
        super().__init__()
        self.how = how
        self.eps = nn.Parameter(torch.zeros(1))
        self.nn = nn.Sequential(nn.Linear(inputs, outputs), nn.ReLU(), nn.Linear(outputs, outputs))

    def steps(self, x: Tensor, edges: Edges) -> dict[str, Tensor]:
        messages = x[edges.sources]
        aggregate = aggregated(self.how, messages, edges)
        own = (1 + self.eps) * x
        first = self.nn[0](aggregate + own)
        return {"messages": messages, "aggregate": aggregate, "own": own, "combined": aggregate + own, "first": first,
                "output": self.nn[2](self.nn[1](first))}  # fmt: skip

    def input_weights(self) -> list[str]:
        return ["nn.0.weight"]


def make(kind: str, inputs: int, outputs: int, *, heads: int = 1, how: str = "sum", beside: bool = True) -> Passing:
    """A layer by the name of its kind: naive, loops, gcn, sage, gat, gin."""
    match kind:
        case "sage":
            return Sage(inputs, outputs, how)
        case "gat":
            return Gat(inputs, outputs, heads, beside)
        case "gin":
            return Gin(inputs, outputs, how)
        case _:
            return Convolution(kind, inputs, outputs)


def glorot(weight: Tensor) -> None:
    """Even numbers in ±√(6 / (rows + columns)) (X. Glorot and Y. Bengio, 2010), as torch_geometric begins."""
    far = math.sqrt(6 / (weight.shape[-2] + weight.shape[-1]))
    nn.init.uniform_(weight, -far, far)


def pair_norm(x: Tensor, batch: Tensor | None = None, graphs: int = 1) -> Tensor:
    """Centred nodes, scaled so that their mean squared length is 1, in each graph of its own: `batch` (node,) says
    which a node is of (L. Zhao and L. Akoglu, PairNorm, 2020)."""
    if batch is None:
        x = x - x.mean(0, keepdim=True)
        return x / (1e-5 + x.pow(2).sum(-1).mean()).sqrt()
    nodes = x.new_zeros(graphs).index_add(0, batch, x.new_ones(len(x))).clamp(min=1)
    x = x - (x.new_zeros(graphs, x.shape[1]).index_add(0, batch, x) / nodes[:, None])[batch]
    squares = x.new_zeros(graphs).index_add(0, batch, x.pow(2).sum(-1)) / nodes
    return x / (1e-5 + squares[batch, None]).sqrt()
