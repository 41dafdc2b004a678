"""The panel Order: attention without positions over the nodes of the graph; and, asked for seeds, networks that look at
the numbers of nodes beside networks that do not (see `ordering_training`)."""

from __future__ import annotations

import math
from collections.abc import Generator as Turns
from typing import TYPE_CHECKING, Any

import torch
from torch import Generator, Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.graph.data import Piece
from dlviz.labs.graph.model import Gnn
from dlviz.labs.graph.ordering_training import race
from dlviz.labs.graph.probe import plain, shown_piece
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun

WIDTH = 8  # of queries, keys and values
MOST_SEEDS = 8
LONGEST = 10_000  # of the sinusoids' wavelengths


def order(
    run: GraphRun, race_seeds: Any = 0, seed: Any = 1, numbering: Any = None
) -> Trace | Turns[Progress, None, Trace]:
    """Attention over the nodes of the graph on screen, or with `race_seeds` the trainings of `ordering_training.race`.

    `embedded` (node, feature): W_e x, 8 numbers a node; `attention` (query, key) over every pair of nodes, `linked`
    only along edges (a node hears those whose messages it gets, and itself); `output`, `linked_output` (node, feature);
    `positions` (node, feature): sinusoids of a node's number. Weights drawn from `seed` under `state/`. `as_above` and
    `anew` (node, feature): what the network says of the nodes (its embeddings, where it says nothing of nodes) of the
    graph as numbered and numbered anew, lined up by node; `off` (), the largest difference of the two. `numbering`:
    which node stands at each place; without it, the last first. Raises `InvalidInput`.
    """
    seeds = whole("order.race_seeds", race_seeds, 0, MOST_SEEDS)
    seed = whole("order.seed", seed, 0, 9999)
    if seeds:
        return race(run.spec, run.learned, seeds)
    piece = shown_piece(run)
    said = anew(run.network, piece, list(range(len(piece.x)))[::-1] if numbering is None else numbering)
    weights = drawn(piece.x, seed)
    embedded = piece.x @ weights["embed.weight"].T
    mask = torch.eye(len(piece.x), dtype=torch.bool)
    mask[piece.index[1], piece.index[0]] = True
    attention, output = attend(embedded, weights)
    linked, linked_output = attend(embedded, weights, mask)
    found = {"embedded": embedded, "attention": attention, "linked": linked, "output": output,
             "linked_output": linked_output, "positions": positions(len(piece.x)), **said}  # fmt: skip
    dims: dict[str, tuple[str, ...]] = {
        **dict.fromkeys(("embedded", "output", "linked_output", "positions", "as_above", "anew"), ("node", "feature")),
        **dict.fromkeys(("attention", "linked"), ("query", "key")),
        "off": (),
    }
    return Trace({name: plain(values).copy() for name, values in found.items()}, dims, {},
                 {name: plain(values).copy() for name, values in weights.items()})  # fmt: skip


def anew(network: Gnn, piece: Piece, numbering: Any) -> dict[str, Tensor]:
    """The network in torch's float32 on the graph as it is and numbered anew (see `order`)."""
    count = len(piece.x)
    if not isinstance(numbering, list | tuple) or sorted(numbering, key=repr) != sorted(range(count), key=repr):
        rule = f"must be all the numbers from 0 to {count - 1}, each once"
        raise InvalidInput("order.numbering", rule, numbering, "[0, 1, …]")
    there = torch.tensor(numbering, dtype=torch.long)
    place = there.argsort()
    index = place[piece.index]
    rows = (index[1] * count + index[0]).argsort()  # messages as one reads them off the matrix, row by row

    def said(x: Tensor, index: Tensor, weight: Tensor) -> Tensor:
        edges = network.edges(index, weight, count)
        return network(x, edges) if network.spec.task == "node" else network.embed(x, edges)

    with evaluating(network):
        was = said(piece.x, piece.index, piece.weight)
        now = said(piece.x[there], index[:, rows], piece.weight[rows])[place]
    off = (was - now).abs().max() if count else torch.zeros(())
    return {"as_above": was, "anew": now, "off": off}


def drawn(x: Tensor, seed: int) -> dict[str, Tensor]:
    """Weights of one head by name: `embed.weight` (8, input), `q.weight`, `k.weight`, `v.weight` (8, 8).

    Scaled so that a number of a typical node is about 1 after each, whatever the features are.
    """
    chance = Generator().manual_seed(seed)
    typical = x.square().sum(1).mean().sqrt().clamp(min=1e-6) if len(x) else torch.ones(())
    found = {"embed.weight": torch.randn(WIDTH, x.shape[1], generator=chance) / typical}
    for name in ("q", "k", "v"):
        found[f"{name}.weight"] = torch.randn(WIDTH, WIDTH, generator=chance) / math.sqrt(WIDTH)
    return found


def attend(embedded: Tensor, weights: dict[str, Tensor], mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """softmax(Q Kᵀ / √8) (query, key), and that times V (query, feature); of `mask` (query, key) only what is true
    (A. Vaswani et al., Attention Is All You Need, 2017, equation 1)."""
    q, k, v = (embedded @ weights[f"{name}.weight"].T for name in ("q", "k", "v"))
    scores = q @ k.T / math.sqrt(WIDTH)
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    attention = scores.softmax(1)
    return attention, attention @ v


def positions(count: int) -> Tensor:
    """(node, 8): sines and cosines of the number of a node, wavelengths from 2π to 10,000 · 2π (the same, 3.5)."""
    place = torch.arange(count, dtype=torch.float32)[:, None]
    pace = torch.tensor([LONGEST ** (-2 * k / WIDTH) for k in range(WIDTH // 2)])
    return torch.stack([(place * pace).sin(), (place * pace).cos()], 2).reshape(count, WIDTH)
