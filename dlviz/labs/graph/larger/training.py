"""Training on the whole of a larger data set as it was published: a GCN on citations, a GIN on a set of graphs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor, nn

from dlviz.labs.graph import layers
from dlviz.labs.graph.larger.sources import Larger
from dlviz.labs.graph.layers import Edges

HELD_GRAPHS = 0.1  # a fold of ten, as in the papers
BATCH = 128


@dataclass(frozen=True)
class Moment:
    """After a step (a citation graph) or an epoch (a set): mean loss of the told, accuracies in [0, 1]."""

    step: int
    loss: float
    told: float
    validation: float
    test: float


class Citing(nn.Module):
    """Two GCN layers of 16 features with dropout, as in section 5 of T. Kipf and M. Welling, 2017."""

    def __init__(self, features: int, classes: int, chance: Generator) -> None:
        super().__init__()
        self.first, self.second = layers.Convolution("gcn", features, 16), layers.Convolution("gcn", 16, classes)
        self.chance = chance

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        """(node, feature), sparse or not → (node, class) logits."""
        x = x * (torch.rand(x.shape, generator=self.chance) >= 0.5) * 2 if self.training else x
        x = self.first(x, edges).relu()
        x = x * (torch.rand(x.shape, generator=self.chance) >= 0.5) * 2 if self.training else x
        found: Tensor = self.second(x, edges)
        return found


class Sets(nn.Module):
    """Three GIN layers of 32 features, the sum of the nodes, two linear layers."""

    def __init__(self, features: int, classes: int) -> None:
        super().__init__()
        sizes = (features, 32, 32, 32)
        self.passing = nn.ModuleList(layers.Gin(a, b, "sum") for a, b in pairwise(sizes))
        self.norms = nn.ModuleList(nn.BatchNorm1d(32) for _ in self.passing)
        self.head = nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, classes))

    def forward(self, x: Tensor, edges: Edges, owner: Tensor, graphs: int) -> Tensor:
        """(node, feature) → (graph, class) logits; `owner` (node,): the graph of each node."""
        for layer, norm in zip(self.passing, self.norms, strict=True):
            x = norm(layer(x, edges)).relu()
        members = Edges(torch.stack([owner, owner]), torch.ones(len(owner)), graphs, torch.ones(len(owner)))
        found: Tensor = self.head(layers.aggregated("sum", x, members))
        return found


def dense(arrays: dict[str, np.ndarray]) -> Tensor:
    """The features, (node, feature)."""
    rows, columns = (torch.from_numpy(arrays[f"x_{part}"]).long() for part in ("rows", "columns"))
    x = torch.zeros(tuple(arrays["size"].tolist()))
    x[rows, columns] = torch.from_numpy(arrays["x_values"])
    return x


def both_ways(edges: np.ndarray) -> Tensor:
    """(2, message) of (edge, 2)."""
    index = torch.from_numpy(edges).long().T
    return torch.cat([index, index.flip(0)], 1)


def train(found: Larger, arrays: dict[str, np.ndarray], steps: int, seed: int) -> Iterator[Moment]:
    """The moments of a training, as they come."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        steps_of = _citing if found.kind == "planetoid" else _sets
        yield from steps_of(found, arrays, steps, Generator().manual_seed(seed))


def _citing(found: Larger, arrays: dict[str, np.ndarray], steps: int, chance: Generator) -> Iterator[Moment]:
    x = dense(arrays)
    x = x / x.sum(1, keepdim=True).clamp(min=1e-9)  # rows sum to 1, as in the paper
    index = both_ways(arrays["edges"])
    edges = layers.edges_of("gcn", index, torch.ones(index.shape[1]), len(x))
    y = torch.from_numpy(arrays["y"])
    parts = [torch.from_numpy(arrays[name]) for name in ("train", "validation", "test")]
    network = Citing(x.shape[1], len(found.classes), chance)
    groups: list[dict[str, Any]] = [
        {"params": network.first.parameters(), "weight_decay": 5e-4},
        {"params": network.second.parameters()},
    ]
    optimizer = torch.optim.Adam(groups, lr=0.01)
    for step in range(1, steps + 1):
        network.train()
        loss = nn.functional.cross_entropy(network(x, edges)[parts[0]], y[parts[0]])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        network.eval()
        with torch.no_grad():
            right = network(x, edges).argmax(1) == y
        yield Moment(step, loss.item(), *(right[part].float().mean().item() for part in parts))


def _sets(found: Larger, arrays: dict[str, np.ndarray], steps: int, chance: Generator) -> Iterator[Moment]:
    """A tenth of the graphs is kept back to test on, another to validate."""
    x, y = dense(arrays), torch.from_numpy(arrays["y"])
    owner, ends = torch.from_numpy(arrays["owner"]).long(), torch.from_numpy(arrays["edges"]).long()
    order = torch.randperm(len(y), generator=chance)
    fold = round(len(y) * HELD_GRAPHS)
    test, validation, told = order[:fold], order[fold : 2 * fold], order[2 * fold :]
    network = Sets(x.shape[1], len(found.classes))
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)

    def answer(graphs: Tensor) -> Tensor:
        place = torch.full((len(y),), -1)
        place[graphs] = torch.arange(len(graphs))
        nodes = (place[owner] >= 0).nonzero()[:, 0]
        at = torch.full((len(owner),), -1)
        at[nodes] = torch.arange(len(nodes))
        some = at[ends[place[owner[ends[:, 0]]] >= 0]].T
        index = torch.cat([some, some.flip(0)], 1)
        edges = layers.edges_of("gin", index, torch.ones(index.shape[1]), len(nodes))
        found: Tensor = network(x[nodes], edges, place[owner[nodes]], len(graphs))
        return found

    for epoch in range(1, steps + 1):
        network.train()
        total = 0.0
        for batch in told[torch.randperm(len(told), generator=chance)].split(BATCH):
            loss = nn.functional.cross_entropy(answer(batch), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        network.eval()
        with torch.no_grad():
            right = [(answer(part).argmax(1) == y[part]).float().mean().item() for part in (told, validation, test)]
        yield Moment(epoch, total / len(told), *right)
