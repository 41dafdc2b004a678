"""The bottleneck tree: a binary tree whose messages go up, and the network that must answer at its root.

The task is NeighborsMatch of U. Alon and E. Yahav, On the Bottleneck of Graph Neural Networks and its Practical
Implications, 2021: every leaf has a key and a value, the root is told a key, and must answer with the value of the leaf
that has it. With r the distance from a leaf to the root there are 2^r leaves, and all they say must fit in the few
numbers that the root's two children send.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn

from dlviz.labs.graph import layers
from dlviz.labs.graph.layers import Edges

VALUES = 4  # that a leaf may have: guessing is right once in four


@dataclass(frozen=True)
class Tree:
    """A tree of radius `radius`. Nodes are counted from the root, level by level: node k has the children 2k + 1 and
    2k + 2. `index` (2, edge): every edge from child to parent, then the shortcuts from leaves to the root."""

    radius: int
    index: Tensor

    @property
    def count(self) -> int:
        return 2 ** (self.radius + 1) - 1

    @property
    def leaves(self) -> int:
        return 2**self.radius

    @property
    def first_leaf(self) -> int:
        return self.leaves - 1


def tree_of(radius: int, shortcuts: Sequence[int] = ()) -> Tree:
    """The tree, with an edge to the root from every leaf in `shortcuts` (places among the leaves, from 0)."""
    children = torch.arange(1, 2 ** (radius + 1) - 1)
    index = torch.stack([children, (children - 1) // 2])
    leaves = torch.tensor([2**radius - 1 + k for k in shortcuts], dtype=torch.long)
    return Tree(radius, torch.cat([index, torch.stack([leaves, torch.zeros_like(leaves)])], 1))


@dataclass(frozen=True)
class Riddles:
    """`keys`, `values` (graph, leaf): what each leaf has; `asked` (graph,): the key the root is told; `answers`
    (graph,): the value of the leaf with that key."""

    keys: Tensor
    values: Tensor
    asked: Tensor
    answers: Tensor

    def features(self, tree: Tree) -> Tensor:
        """(graph · node, feature): one-hot the key (of a leaf its own, of the root the asked), then one-hot the value
        of a leaf. Nodes between know nothing."""
        graphs, leaves = self.keys.shape
        x = torch.zeros(graphs, tree.count, leaves + VALUES)
        x[:, tree.first_leaf :, :leaves] = nn.functional.one_hot(self.keys, leaves).float()
        x[:, tree.first_leaf :, leaves:] = nn.functional.one_hot(self.values, VALUES).float()
        x[:, 0, :leaves] = nn.functional.one_hot(self.asked, leaves).float()
        return x.flatten(0, 1)


def riddles(radius: int, count: int, chance: Generator) -> Riddles:
    """So many riddles: the leaves' keys in a random order, each with a value drawn evenly, and a key to ask for."""
    leaves = 2**radius
    keys = torch.rand((count, leaves), generator=chance).argsort(1)  # a random order for each
    values = torch.randint(VALUES, (count, leaves), generator=chance)
    asked = torch.randint(leaves, (count,), generator=chance)
    where = (keys == asked[:, None]).int().argmax(1)
    return Riddles(keys, values, asked, values[torch.arange(count), where])


def many(index: Tensor, count: int, graphs: int) -> Tensor:
    """(2, edge · graphs): the edges of so many copies of a graph of `count` nodes, beside each other."""
    return (index[:, None, :] + count * torch.arange(graphs)[None, :, None]).flatten(1)


class Climber(nn.Module):
    """Layers of one kind up the tree, r + 1 of them, and an answer at the root: the last is where the root, which by
    then has heard of every leaf, compares it with the key. A residual from the second on, as the paper has it.

    `shortcut`: the last layer is fully adjacent: in place of its children the root hears every node at once (the
    paper's "+FA").
    """

    def __init__(self, kind: str, radius: int, width: int, shortcut: bool = False) -> None:
        super().__init__()
        self.kind, self.radius, self.shortcut = kind, radius, shortcut
        self.first = nn.Linear(2**radius + VALUES, width)
        self.layers = nn.ModuleList(layers.make(kind, width, width, heads=4) for _ in range(radius + 1))
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(radius + 1))
        self.answer = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, VALUES))

    def edges(self, tree: Tree, graphs: int) -> list[Edges]:
        """The edges of each layer, for so many trees beside each other."""

        def made(index: Tensor) -> Edges:
            index = many(index, tree.count, graphs)
            return layers.edges_of(self.kind, index, torch.ones(index.shape[1]), tree.count * graphs)

        usual = made(tree.index)
        if not self.shortcut:
            return [usual] * len(self.layers)
        every = torch.arange(1, tree.count)
        return [usual] * (len(self.layers) - 1) + [made(torch.stack([every, torch.zeros_like(every)]))]

    def forward(self, x: Tensor, edges: list[Edges], count: int) -> Tensor:
        """(graph · node, feature) → (graph, value) logits at the roots."""
        x = self.first(x)
        for layer, norm, along in zip(self.layers, self.norms, edges, strict=True):
            x = norm(x + layer(x, along).relu())
        found: Tensor = self.answer(x[::count])
        return found
