"""What comes through: the influence of far nodes, measured as the size of a derivative, and riddles at a bottleneck."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.graph import layers
from dlviz.labs.graph.depth.tree import Climber, Tree, riddles, tree_of
from dlviz.training.asking import whole

KINDS = ("gcn", "gin", "gat")
WIDTH = 32
MOST_RADIUS, MOST_RECALL_RADIUS = 6, 5
MOST_SEEDS, MOST_STEPS = 5, 1000
FEATURES = 8  # random numbers that each node of the untrained tree begins with
BATCH = 48
HELD = 400  # riddles that nobody trained on
RATE = 0.004
TURN = 0.04  # seconds of training between two reports


def influence(network: nn.Module, x: Tensor, target: int, embed: Any) -> np.ndarray:
    """(node,): the Frobenius norm of ∂ h_target / ∂ x_j for every node j, where `embed(x)` gives h (node, feature).

    By automatic differentiation, one pass back for each feature of the target. Parameters keep no gradient.
    """
    given = x.detach().clone().requires_grad_()
    with torch.enable_grad():
        rows = embed(given)[target]
        total = torch.zeros(len(x), dtype=x.dtype)
        for k, value in enumerate(rows):
            (gradient,) = torch.autograd.grad(value, given, retain_graph=k < len(rows) - 1)
            total += gradient.pow(2).sum(1)
    return np.asarray(total.sqrt().detach().numpy())


class Untrained(nn.Module):
    """As many layers of one kind as the tree is high, first weights from `seed`, ReLU between them: what reaches the
    root before anything is learned."""

    def __init__(self, kind: str, depth: int, seed: int) -> None:
        super().__init__()
        self.kind = kind
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            sizes = [FEATURES, *[WIDTH] * depth]
            self.layers = nn.ModuleList(layers.make(kind, before, after, heads=4) for before, after in pairwise(sizes))
            self.x = torch.randn(2 ** (depth + 1) - 1, FEATURES)

    def embed(self, x: Tensor, tree: Tree) -> Tensor:
        """(node, feature) → (node, 32)."""
        edges = layers.edges_of(self.kind, tree.index, torch.ones(tree.index.shape[1]), tree.count)
        for k, layer in enumerate(self.layers):
            x = layer(x, edges)
            if k < len(self.layers) - 1:
                x = x.relu()
        return x


def on_root(kind: str, radius: int, seed: int, shortcuts: Sequence[int] = ()) -> np.ndarray:
    """(node,): the influence of every node of the tree on its root, with weights from `seed`."""
    network, tree = Untrained(kind, radius, seed), tree_of(radius, shortcuts)
    return influence(network, network.x, 0, lambda x: network.embed(x, tree))


def paths(radius: int) -> float:
    """What GCN's normalisation alone leaves of a leaf at the root after r layers: the entry of S^r, S normalised from
    both sides with messages going up only. A leaf has degree 1, every other node 3, its own loop among them."""
    return float((1 / 3) ** (radius - 1) / np.sqrt(3))


def reach(radius: Any, seeds: Any, kind: Any, shortcuts: Any) -> Trace:
    """Untrained influence on the root of a bottleneck tree.

    `node` (node,): of every node of the tree of `radius`, with layers of `kind` and `shortcuts` (leaves that have an
    edge to the root), mean over seeds; `node_plain` without the shortcuts. Raises `InvalidInput`.
    """
    radius = whole("depth.radius", radius, 1, MOST_RADIUS)
    seeds = whole("depth.seeds", seeds, 1, MOST_SEEDS)
    check_kind(kind)
    jumps = [] if shortcuts is None else shortcuts
    if not isinstance(jumps, list | tuple):
        raise InvalidInput("depth.shortcuts", "must be places of leaves", shortcuts, "[0]")
    jumps = sorted({whole("depth.shortcuts", leaf, 0, 2**radius - 1) for leaf in jumps})
    plain = np.mean([on_root(kind, radius, seed) for seed in range(seeds)], 0)
    node = np.mean([on_root(kind, radius, seed, jumps) for seed in range(seeds)], 0) if jumps else plain
    return Trace({"node": node.astype(np.float32), "node_plain": plain.astype(np.float32)},
                 {"node": ("node",), "node_plain": ("node",)})  # fmt: skip


def distance(most: Any, seeds: Any) -> Generator[Progress, None, Trace]:
    """The same against the distance. Raises `InvalidInput`."""
    return distances(whole("depth.most", most, 1, MOST_RADIUS), whole("depth.seeds", seeds, 1, MOST_SEEDS))


def distances(most: int, seeds: int) -> Generator[Progress, None, Trace]:
    """`leaf` (direction, layer, batch): the mean influence of a leaf on the root, for every kind in `KINDS`, radius 1
    to `most`, seed. `share`, the same shape: the mean share of a leaf in the squared influence of all nodes. `paths`
    (layer,): see `paths`."""
    leaf = np.zeros((len(KINDS), most, seeds), np.float32)
    share = np.zeros_like(leaf)
    for r in range(1, most + 1):
        for k, name in enumerate(KINDS):
            for seed in range(seeds):
                found = on_root(name, r, seed).astype(np.float64)
                ends = found[2**r - 1 :]
                leaf[k, r - 1, seed] = ends.mean()
                share[k, r - 1, seed] = (ends**2).mean() / (found**2).sum()
            yield Progress(len(KINDS) * (r - 1) + k + 1, len(KINDS) * most, f"{name}, {2**r} leaves")
    ways = ("direction", "layer", "batch")
    arrays = {"leaf": leaf, "share": share, "paths": np.array([paths(r) for r in range(1, most + 1)], np.float32)}
    return Trace(arrays, {"leaf": ways, "share": ways, "paths": ("layer",)})


def check_kind(kind: Any) -> None:
    """Raise `InvalidInput` for a layer that the tree is not climbed with."""
    if kind not in KINDS:
        raise InvalidInput("depth.kind", f"must be one of {', '.join(KINDS)}", kind, "gcn")


def recall(kind: Any, most: Any, seeds: Any, steps: Any) -> Generator[Progress, None, Trace]:
    """`trainings` with what was asked for checked. Raises `InvalidInput`."""
    check_kind(kind)
    return recalled(kind, whole("depth.most", most, 1, MOST_RECALL_RADIUS), whole("depth.seeds", seeds, 1, MOST_SEEDS),
                    whole("depth.steps", steps, 10, MOST_STEPS))  # fmt: skip


def recalled(kind: str, most: int, seeds: int, steps: int) -> Generator[Progress, None, Trace]:
    """Train climbers of every radius from 1 to `most`, with and without the fully adjacent last layer.

    `held`, `seen` (direction, layer, batch): the share of riddles answered rightly, of 400 kept back and of the last
    400 it was trained on; way (plain, fully adjacent), radius, seed. NaN where not trained yet. Every step brings 48
    new riddles.
    """
    held = np.full((2, most, seeds), np.nan, np.float32)
    seen = held.copy()
    nodes = [2 ** (r + 1) - 1 + 20 for r in range(1, most + 1)]  # about what a step costs
    total, done, last = 2 * seeds * sum(nodes), 0, perf_counter()
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(("held", "seen"), ("direction", "layer", "batch"))
    yield Progress(0, total, "starting", Trace({"held": held.copy(), "seen": seen.copy()}, dims))
    for r in range(1, most + 1):
        for way in (0, 1):
            words = f"2 to the power {r} leaves{', fully adjacent' if way else ''}"
            for seed in range(seeds):
                climb = Climb(kind, r, seed, bool(way))
                for step in range(steps):
                    climb.learn()
                    if perf_counter() - last > TURN:
                        yield Progress(done + nodes[r - 1] * step // steps, total, words)
                        last = perf_counter()
                held[way, r - 1, seed], seen[way, r - 1, seed] = climb.right()
                done += nodes[r - 1]
                yield Progress(done, total, words, Trace({"held": held.copy(), "seen": seen.copy()}, dims))
                last = perf_counter()
    return Trace({"held": held, "seen": seen}, dims)


class Climb:
    """The training of one climber: every step 48 riddles that it has not seen."""

    def __init__(self, kind: str, radius: int, seed: int, shortcut: bool) -> None:
        self.tree = tree_of(radius)
        self.chance = torch.Generator().manual_seed(seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.network = Climber(kind, radius, WIDTH, shortcut)
        self.optimizer = torch.optim.Adam(self.network.parameters(), RATE)
        self.edges = self.network.edges(self.tree, BATCH)
        self.held = riddles(radius, HELD, torch.Generator().manual_seed(1_000_000 + seed))
        self.past: list[tuple[Tensor, Tensor]] = []

    def learn(self) -> None:
        """One step."""
        batch = riddles(self.tree.radius, BATCH, self.chance)
        x = batch.features(self.tree)
        loss = nn.functional.cross_entropy(self.network(x, self.edges, self.tree.count), batch.answers)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        self.past = [*self.past[1 - -(-HELD // BATCH) :], (x, batch.answers)]

    def right(self) -> tuple[float, float]:
        """The share of answers that are right: of riddles kept back, and of the last it was trained on."""
        x = torch.cat([x for x, _ in self.past])
        y = torch.cat([y for _, y in self.past])
        return self._share(self.held.features(self.tree), self.held.answers), self._share(x, y)

    @torch.no_grad()
    def _share(self, x: Tensor, y: Tensor) -> float:
        edges = self.network.edges(self.tree, len(y))
        return (self.network(x, edges, self.tree.count).argmax(1) == y).float().mean().item()
