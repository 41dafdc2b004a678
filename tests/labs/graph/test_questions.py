"""The answers are computed, and so are the reasons that can be."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import torch
from networkx.algorithms.graph_hashing import weisfeiler_lehman_graph_hash
from torch import nn
from torch_geometric.data import Batch, Data
from torch_geometric.nn import GATConv, GCNConv, global_add_pool, global_max_pool, global_mean_pool
from torch_geometric.nn.conv.gcn_conv import gcn_norm
from torch_geometric.utils import from_networkx, to_dense_adj

from dlviz.data.graphs import single
from dlviz.labs.graph import layers
from dlviz.labs.graph.presets import PRESETS
from dlviz.labs.graph.questions import QUESTIONS
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec

BY_SLUG = {question.slug: question for question in QUESTIONS}
CLUB = from_networkx(nx.karate_club_graph()).edge_index


def answer(slug: str) -> str:
    return BY_SLUG[slug].options[BY_SLUG[slug].answer]


def test_the_right_one_stands_everywhere() -> None:
    assert len(QUESTIONS) == 12
    assert {question.answer for question in QUESTIONS} == {0, 1, 2, 3}
    known = {preset.slug for preset in PRESETS}
    assert all(not question.action or question.action in known for question in QUESTIONS)
    assert all(len(question.options) == len(question.because) for question in QUESTIONS)


def test_three_layers_hear_three_steps() -> None:
    run = GraphRun(GraphSpec(dataset="ring", hidden=(8, 8, 8), activation="tanh"))
    piece, network = run.learned.pieces[0], run.network.eval()
    x = piece.x.clone().requires_grad_()
    network.embed(x, network.edges(piece.index, piece.weight, 16))[0].sum().backward()
    heard = (x.grad.abs().sum(1) > 0).nonzero()[:, 0].tolist()  # type: ignore[union-attr]
    assert sorted(min(k, 16 - k) for k in heard) == [0, 1, 1, 2, 2, 3, 3]
    assert answer("hops") == "Three steps."


def test_a_row_of_the_adjacency_has_no_self() -> None:
    adjacency = to_dense_adj(CLUB)[0]
    assert adjacency.diagonal().sum() == 0
    assert answer("own").startswith("None")


def test_the_coefficient_of_a_leaf() -> None:
    index, weight = gcn_norm(CLUB, num_nodes=34)
    (found,) = weight[(index[0] == 11) & (index[1] == 0)].tolist()
    assert nx.karate_club_graph().degree[11] == 1
    assert f"{found:.3f}" in answer("coefficient")
    assert math.isclose(found, 1 / math.sqrt(17 * 2), rel_tol=1e-6)


def test_a_mean_of_ones_is_one() -> None:
    club = single.load_single("karate", 0)
    edges = layers.edges_of("gin", torch.tensor(club.edge_index), torch.ones(club.edge_index.shape[1]), 34)
    ones = torch.ones(club.edge_index.shape[1], 1)
    assert (layers.aggregated("mean", ones, edges) == 1).all()
    assert layers.aggregated("sum", ones, edges)[:, 0].tolist() == club.degrees.tolist()
    assert answer("count").startswith("Nothing")


def test_only_the_largest_is_deaf_to_how_often() -> None:
    a, b = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    first, second = np.array([a, a, b]), np.array([a, b])
    same = [name for name, how in (("sum", np.sum), ("mean", np.mean), ("largest", np.max))
            if np.array_equal(how(first, axis=0), how(second, axis=0))]  # fmt: skip
    assert same == ["largest"]
    assert answer("largest") == "The largest."


def test_attention_sums_to_one_a_head() -> None:
    torch.manual_seed(1)
    _, (index, weights) = GATConv(34, 4, heads=3)(torch.eye(34), CLUB, return_attention_weights=True)
    total = torch.zeros(34, 3).index_add(0, index[1], weights)
    torch.testing.assert_close(total, torch.ones(34, 3))
    assert answer("softmax") == "1"


def test_renumbering_is_equivariant() -> None:
    torch.manual_seed(1)
    layer, order = GCNConv(34, 4), torch.randperm(34)
    place = order.argsort()
    x = torch.randn(34, 34)
    torch.testing.assert_close(layer(x, CLUB)[order], layer(x[order], place[CLUB]))
    assert "the order of the rows" in answer("shuffle")


def test_attention_is_a_sum_over_the_complete_graph() -> None:
    torch.manual_seed(1)
    q, k, v = torch.randn(3, 5, 4)
    wanted = nn.functional.scaled_dot_product_attention(q, k, v)
    sources, targets = torch.meshgrid(torch.arange(5), torch.arange(5), indexing="ij")
    edges = layers.Edges(torch.stack([sources.ravel(), targets.ravel()]), torch.ones(25), 5, torch.ones(25))
    scores = (q[edges.targets] * k[edges.sources]).sum(1, keepdim=True) / 2
    weights = layers.softmax_of_targets(scores, edges)
    torch.testing.assert_close(layers.aggregated("sum", weights * v[edges.sources], edges), wanted)
    assert answer("transformer").startswith("The complete graph")


def test_smoothing_leads_to_the_root_of_the_degree() -> None:
    index, weight = gcn_norm(CLUB, num_nodes=34)
    dense = torch.zeros(34, 34, dtype=torch.float64)
    dense[index[1], index[0]] = weight.double()
    x = torch.linalg.matrix_power(dense, 400) @ torch.randn(34, 1, dtype=torch.float64)
    root = torch.tensor([d + 1.0 for _, d in nx.karate_club_graph().degree], dtype=torch.float64).sqrt()
    ratio = x[:, 0] / root
    torch.testing.assert_close(ratio, ratio[:1].expand(34))
    assert answer("smooth").startswith("To √d")


def test_a_hexagon_and_two_triangles_look_alike() -> None:
    hexagon, triangles = nx.cycle_graph(6), nx.disjoint_union(nx.cycle_graph(3), nx.cycle_graph(3))
    assert weisfeiler_lehman_graph_hash(hexagon) == weisfeiler_lehman_graph_hash(triangles)
    assert not nx.is_isomorphic(hexagon, triangles)
    assert answer("wl").startswith("No")


def test_a_batch_is_block_diagonal() -> None:
    run = GraphRun(GraphSpec(dataset="mutag", task="graph", features="own"))
    sizes = {len(piece.x): piece for piece in run.learned.pieces}
    batch = Batch.from_data_list([Data(x=sizes[n].x, edge_index=sizes[n].index) for n in (17, 13)])
    dense = to_dense_adj(batch.edge_index, max_num_nodes=30)[0]
    assert dense.shape == (30, 30)
    assert dense[:17, 17:].sum() == dense[17:, :17].sum() == 0
    assert answer("batch").startswith("30 × 30")


def test_doubling_doubles_the_sum_alone() -> None:
    x = torch.randn(7, 3, generator=torch.Generator().manual_seed(1))
    one, two = torch.zeros(7, dtype=torch.long), torch.zeros(14, dtype=torch.long)
    double = torch.cat([x, x])
    torch.testing.assert_close(global_add_pool(double, two), 2 * global_add_pool(x, one))
    for pool in (global_mean_pool, global_max_pool):
        torch.testing.assert_close(pool(double, two), pool(x, one))
    assert answer("double").startswith("The sum doubles")
