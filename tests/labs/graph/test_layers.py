"""The layers of the Graph lab against torch_geometric's, and the normalised adjacency against networkx's: values and
gradients, on random graphs of every kind."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch_geometric.nn import GATConv, GCNConv, GINConv, GraphConv, PairNorm, SAGEConv

from dlviz.labs.graph import layers
from dlviz.labs.graph.layers import Edges, Passing
from dlviz.labs.graph.spec import LAYERS

CLOSE = 1e-5
INPUTS, OUTPUTS = 5, 6


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Tensor, Tensor, int]:
    """(index, weight, count): isolated nodes, self-loops, one-way edges, weights, parts, no edges, no nodes."""
    count = draw(st.integers(0, 9))
    pairs = [(a, b) for a in range(count) for b in range(count)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=20)) if pairs else []
    if draw(st.booleans()):  # both ways
        chosen = list(dict.fromkeys([*chosen, *((b, a) for a, b in chosen)]))
    weight = [draw(st.floats(0.125, 8, width=32)) for _ in chosen] if draw(st.booleans()) else [1.0] * len(chosen)
    return torch.tensor(chosen, dtype=torch.long).reshape(-1, 2).T, torch.tensor(weight), count


def twin(kind: str, layer: Passing, heads: int, how: str, beside: bool) -> nn.Module:
    """torch_geometric's layer with the same parameters."""
    match kind:
        case "gcn":
            other: nn.Module = GCNConv(INPUTS, OUTPUTS)
        case "naive" | "loops":
            other = GCNConv(INPUTS, OUTPUTS, normalize=False)
        case "sage":
            other = SAGEConv(INPUTS, OUTPUTS, aggr=how)
        case "gat":
            other = GATConv(INPUTS, OUTPUTS // heads if beside else OUTPUTS, heads, concat=beside)
        case _:
            inner = nn.Sequential(nn.Linear(INPUTS, OUTPUTS), nn.ReLU(), nn.Linear(OUTPUTS, OUTPUTS))
            other = GINConv(inner, train_eps=True, aggr=how)
    other.load_state_dict(layer.state_dict())
    return other


@pytest.mark.parametrize("kind", LAYERS)
@settings(max_examples=40, deadline=None)
@given(graph=graphs(), how=st.sampled_from(["sum", "mean", "max"]), heads=st.sampled_from([1, 2, 3]),
       beside=st.booleans(), seed=st.integers(0, 99))  # fmt: skip
def test_every_layer_equals_torch_geometrics(
    kind: str, graph: tuple[Tensor, Tensor, int], how: str, heads: int, beside: bool, seed: int
) -> None:
    index, weight, count = graph
    torch.manual_seed(seed)
    layer = layers.make(kind, INPUTS, OUTPUTS, heads=heads, how=how, beside=beside)
    for parameter in layer.parameters():
        nn.init.normal_(parameter)
    other = twin(kind, layer, heads, how, beside)
    x = torch.randn(count, INPUTS, requires_grad=True)
    y = x.detach().clone().requires_grad_()
    ours = layer(x, layers.edges_of(kind, index, weight, count))
    if kind in ("naive", "gcn"):
        theirs = other(y, index, weight)
    elif kind == "loops":
        looped = edges_with_loops(index, weight, count)
        theirs = other(y, *looped)
    else:
        theirs = other(y, index)
    torch.testing.assert_close(ours, theirs, atol=CLOSE, rtol=CLOSE)
    chance = torch.randn(ours.shape)
    (ours * chance).sum().backward()
    (theirs * chance).sum().backward()
    torch.testing.assert_close(x.grad, y.grad, atol=1e-4, rtol=1e-4)
    other_parameters = dict(other.named_parameters())
    for name, parameter in layer.named_parameters():
        torch.testing.assert_close(parameter.grad, other_parameters[name].grad, atol=1e-4, rtol=1e-4, msg=name)


def edges_with_loops(index: Tensor, weight: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The graph with a loop of weight 1 at each node that has none, through a dense matrix."""
    dense = torch.zeros(count, count)
    dense[index[0], index[1]] = weight
    for k in range(count):
        dense[k, k] = dense[k, k] if dense[k, k] else 1.0
    found = dense.nonzero().T
    return found, dense[found[0], found[1]]


@settings(max_examples=40, deadline=None)
@given(graph=graphs(), seed=st.integers(0, 99))
def test_messages_and_attention_are_what_torch_geometric_sends(graph: tuple[Tensor, Tensor, int], seed: int) -> None:
    index, weight, count = graph
    torch.manual_seed(seed)
    layer = layers.make("gat", INPUTS, OUTPUTS, heads=2)
    other = twin("gat", layer, 2, "sum", True)
    x = torch.randn(count, INPUTS)
    edges = layers.edges_of("gat", index, weight, count)
    with torch.no_grad():
        steps = layer.steps(x, edges)
        _, (their_index, attention) = other(x, index, return_attention_weights=True)
    assert torch.equal(edges.index, their_index)
    torch.testing.assert_close(steps["attention"], attention, atol=CLOSE, rtol=CLOSE)
    arriving = torch.zeros(count, OUTPUTS).index_add(0, edges.targets, steps["messages"])
    torch.testing.assert_close(arriving, steps["aggregate"], atol=CLOSE, rtol=CLOSE)


@settings(max_examples=60, deadline=None)
@given(graph=graphs())
def test_the_scale_is_networkxs_normalised_adjacency(graph: tuple[Tensor, Tensor, int]) -> None:
    index, weight, count = graph
    if not count:
        return
    both = {(min(a, b), max(a, b)): w for a, b, w in zip(*index.tolist(), weight.tolist(), strict=True)}
    drawn = nx.Graph()
    drawn.add_nodes_from(range(count))
    drawn.add_weighted_edges_from((a, b, w) for (a, b), w in both.items())
    drawn.add_weighted_edges_from((k, k, 1.0) for k in range(count) if not drawn.has_edge(k, k))
    ways = [(a, b, w) for (a, b), w in both.items()] + [(b, a, w) for (a, b), w in both.items() if a != b]
    there = torch.tensor([way[:2] for way in ways], dtype=torch.long).reshape(-1, 2).T
    edges = layers.edges_of("gcn", there, torch.tensor([way[2] for way in ways]), count)
    dense = np.zeros((count, count))
    dense[edges.targets, edges.sources] = edges.scale
    # I − L of the graph with its loops is D^-½ A D^-½, where networkx counts a loop once in the degree.
    laplacian = nx.normalized_laplacian_matrix(drawn, nodelist=range(count)).toarray()
    np.testing.assert_allclose(dense, np.eye(count) - laplacian, atol=CLOSE)


def test_pair_norm_equals_torch_geometrics() -> None:
    x = torch.randn(7, 4, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(layers.pair_norm(x), PairNorm()(x))
    batch = torch.tensor([0, 0, 0, 1, 1, 2, 2])
    torch.testing.assert_close(layers.pair_norm(x, batch, 3), PairNorm()(x, batch))


def test_a_mean_of_nothing_and_the_largest_of_nothing_are_zero() -> None:
    nothing = Edges(torch.empty(2, 0, dtype=torch.long), torch.empty(0), 3, torch.empty(0))
    for how in ("sum", "mean", "max"):
        assert torch.equal(layers.aggregated(how, torch.empty(0, 2), nothing), torch.zeros(3, 2))


def test_naive_is_the_adjacency_times_x_times_w() -> None:
    """The same by GraphConv without its root, and by dense matrices."""
    torch.manual_seed(3)
    index = torch.tensor([[0, 1, 1, 2], [1, 0, 2, 1]])
    layer = layers.make("naive", INPUTS, OUTPUTS)
    x = torch.randn(4, INPUTS)
    dense = torch.zeros(4, 4)
    dense[index[1], index[0]] = 1.0
    other = GraphConv(INPUTS, OUTPUTS)
    with torch.no_grad():
        other.lin_rel.weight.copy_(layer.get_parameter("lin.weight"))
        other.lin_rel.bias.copy_(layer.get_parameter("bias"))
        other.lin_root.weight.zero_()
        ours = layer(x, layers.edges_of("naive", index, torch.ones(4), 4))
    torch.testing.assert_close(ours, dense @ x @ layer.get_parameter("lin.weight").T)
    torch.testing.assert_close(ours, other(x, index))
