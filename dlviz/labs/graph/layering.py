"""The panel Layers: the six layers with one weight matrix over the same graph, and what powers of the adjacency do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Generator, Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.graph import layers as passing
from dlviz.labs.graph.layers import Edges, Gat, Gin, Passing, Sage
from dlviz.labs.graph.probe import plain, shown_piece
from dlviz.labs.graph.spec import LAYERS
from dlviz.training.asking import whole

if TYPE_CHECKING:
    from dlviz.labs.graph.run import GraphRun

MOST_OUTPUTS, MOST_HEADS, MOST_POWER = 64, 8, 6
SPREADS = ("naive", "loops", "mean", "gcn")  # what is repeated: A, A + I, the mean, GCN's


def layers(run: GraphRun, seed: Any = 1, outputs: Any = 4, heads: Any = 2, trained: Any = False) -> Trace:
    """All six layers over the graph on screen, with the same W wherever a layer has one.

    Of each kind its output `<kind>` (node, feature); of GAT `attention` (edge, head) and `edge_index` (2, edge), the
    edges with the self-loops at the end. `degree` (node,): how many messages come in; `norms` (output, layer, node):
    lengths of the rows of Sᵏ for S = A, A + I, the mean over neighbours and GCN's, k = 1 … 6. Parameters are under
    `state/<kind>.<name>`. `seed` draws W (outputs, input) and all else, as torch_geometric begins; GAT's heads stand
    side by side, and share W's rows. `trained`: W is that of the stage's first layer, which then has all its own
    parameters.
    Raises `InvalidInput`.
    """
    seed = whole("layers.seed", seed, 0, 9999)
    heads = whole("layers.heads", heads, 1, MOST_HEADS)
    if not isinstance(trained, bool):
        raise InvalidInput("layers.trained", "must be true or false", trained, "false")
    outputs = run.spec.hidden[0] if trained else whole("layers.outputs", outputs, 1, MOST_OUTPUTS)
    if trained and run.spec.layer == "gat":
        heads = run.spec.heads if len(run.spec.hidden) > 1 else 1
    if outputs % heads:
        raise InvalidInput("layers.heads", f"must divide the {outputs} outputs", heads, "1")
    piece = shown_piece(run)
    made = six(piece.x.shape[1], outputs, heads, seed)
    if trained:
        take_trained(made, run)
    found: dict[str, Tensor] = {}
    state: dict[str, np.ndarray] = {}
    with torch.no_grad():
        for kind, layer in made.items():
            edges = passing.edges_of(kind, piece.index, piece.weight, len(piece.x))
            steps = layer.steps(piece.x, edges)
            found[kind] = steps["output"]
            if kind == "gat":
                found |= {"attention": steps["attention"], "edge_index": edges.index}
            state |= {f"{kind}.{name}": plain(values).copy() for name, values in layer.named_parameters()}
        found["degree"] = passing.edges_of("sage", piece.index, piece.weight, len(piece.x)).degrees()
        found["norms"] = norms(piece.index, piece.weight, len(piece.x))
    dims: dict[str, tuple[str, ...]] = {
        **dict.fromkeys(LAYERS, ("node", "feature")),
        "attention": ("edge", "head"),
        "edge_index": ("direction", "edge"),
        "degree": ("node",),
        "norms": ("output", "layer", "node"),
    }
    return Trace({name: plain(values).copy() for name, values in found.items()}, dims, {}, state)


def six(inputs: int, outputs: int, heads: int, seed: int) -> dict[str, Passing]:
    """One layer of each kind, side by side of GAT's heads, the sum in GIN, the mean in GraphSAGE; biases 0, ε 0."""
    chance = Generator().manual_seed(seed)
    shared = evenly((outputs, inputs), chance)
    second = evenly((outputs, outputs), chance)
    sent, heard = (evenly((1, heads, outputs // heads), chance) for _ in range(2))
    with torch.random.fork_rng(devices=[]):
        made = {kind: passing.make(kind, inputs, outputs, heads=heads if kind == "gat" else 1,
                                   how="mean" if kind == "sage" else "sum") for kind in LAYERS}  # fmt: skip
    with torch.no_grad():
        for layer in made.values():
            for parameter in layer.parameters():
                parameter.zero_()
            for name in layer.input_weights():
                layer.get_parameter(name).copy_(shared)
        for name, values in (("att_src", sent), ("att_dst", heard)):
            made["gat"].get_parameter(name).copy_(values)
        made["gin"].get_parameter("nn.2.weight").copy_(second)
    return made


def evenly(shape: tuple[int, ...], chance: Generator) -> Tensor:
    """Even numbers in ±√(6 / (rows + columns)) (X. Glorot and Y. Bengio, 2010)."""
    far = math.sqrt(6 / (shape[-2] + shape[-1]))
    return (torch.rand(shape, generator=chance) * 2 - 1) * far


def take_trained(made: dict[str, Passing], run: GraphRun) -> None:
    """Give the layer of the stage's kind all that the run's first layer has, and every other layer its W."""
    first, kind = run.network.first_layer, run.spec.layer
    if isinstance(first, Gat) and not first.beside:
        raise_averaged(first)
    learned = first.get_parameter(first.input_weights()[0])
    with torch.no_grad():
        for layer in made.values():
            for name in layer.input_weights():
                layer.get_parameter(name).copy_(learned)
        for name, values in first.named_parameters():
            made[kind].get_parameter(name).copy_(values)
    if isinstance(first, Sage | Gin):
        made[kind].how = first.how  # type: ignore[assignment]


def raise_averaged(first: Gat) -> None:
    """Heads that are averaged have a W of their own each: no other layer has one of that shape."""
    if first.heads > 1:
        rule = "cannot be shared by all six where GAT averages its heads, as it does in a last layer"
        raise InvalidInput("layers.trained", rule, f"{first.heads} heads", "false, or one layer more")


def spread(kind: str, index: Tensor, weight: Tensor, count: int) -> Tensor:
    """The matrix S (node, node) that a layer repeats: row i holds what node i takes of each node."""
    edges = passing.edges_of("sage" if kind == "mean" else kind, index, weight, count)
    matrix = matrix_of(edges)
    if kind == "mean":
        matrix = matrix / matrix.sum(1, keepdim=True).clamp(min=1e-12)
    return matrix


def matrix_of(edges: Edges) -> Tensor:
    """(node, node) f64 with the scale of every edge at [target, source]."""
    matrix = torch.zeros(edges.count, edges.count, dtype=torch.float64)
    return matrix.index_put((edges.targets, edges.sources), edges.scale.double(), accumulate=True)


def norms(index: Tensor, weight: Tensor, count: int) -> Tensor:
    """(output, layer, node): the length of every row of S, S², … S⁶, for each of `SPREADS`: how long the embedding of a
    node becomes where every node begins with a vector of its own of length 1 and no weights come in between."""
    found = torch.zeros(len(SPREADS), MOST_POWER, count)
    for s, kind in enumerate(SPREADS):
        matrix = spread(kind, index, weight, count)
        power = torch.eye(count, dtype=torch.float64)
        for k in range(MOST_POWER):
            power = matrix @ power
            found[s, k] = power.norm(dim=1).float()
    return found
