"""Over-squashing: influence against finite differences, the tree against networkx, riddles by hand and by a lookup."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import torch

from dlviz.core.trace import Trace
from dlviz.labs.graph.depth import squashing, tree
from dlviz.labs.graph.depth.probing import depth, hops
from dlviz.labs.graph.probe import shown_piece
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.jobs import to_the_end


def asked(spec: GraphSpec, **options: object) -> Trace:
    return to_the_end(depth(GraphRun(spec), **options))  # type: ignore[arg-type]


@pytest.mark.parametrize("layer", ["gcn", "gat", "gin", "sage"])
def test_influence_is_what_finite_differences_find(layer: str) -> None:
    run = GraphRun(GraphSpec(layer=layer, activation="tanh", hidden=(8, 4)))
    run.advance(5)
    run.network.double()
    piece = shown_piece(run)
    x, target = piece.x.double(), 2
    edges = run.network.edges(piece.index, piece.weight, len(x))
    edges = type(edges)(edges.index, edges.weight.double(), edges.count, edges.scale.double())
    before = [parameter.grad for parameter in run.network.parameters()]
    found = squashing.influence(run.network, x, target, lambda given: run.network.embed(given, edges))
    step = 1e-5
    for node in (0, 2, 5, 16, 33):
        square = 0.0
        for f in range(x.shape[1]):
            with torch.no_grad():
                up, down = x.clone(), x.clone()
                up[node, f] += step
                down[node, f] -= step
                moved = (run.network.embed(up, edges)[target] - run.network.embed(down, edges)[target]) / (2 * step)
            square += float(moved.pow(2).sum())
        assert found[node] == pytest.approx(np.sqrt(square), rel=1e-6, abs=1e-9)
    after = [parameter.grad for parameter in run.network.parameters()]
    assert all(a is b for a, b in zip(before, after, strict=True))


def test_influence_ends_where_the_layers_end() -> None:
    spec = GraphSpec(hidden=(8, 2))
    found = asked(spec, ask="influence", node=16)
    graph = GraphRun(spec).learned.graphs[0]
    ways = nx.single_source_shortest_path_length(nx.Graph(graph.edges.tolist()), 16)
    assert found["hops"].tolist() == [ways[k] for k in range(graph.count)]
    assert (found["influence"][found["hops"] > 2] == 0).all()
    run = GraphRun(spec)
    np.testing.assert_allclose(found["answer"], run.measured().answers[16].numpy(), atol=1e-6)
    np.testing.assert_array_equal(hops(np.array([[0, 1], [1, 2]]), 4, 2), [2, 1, 0, -1])


def test_the_tree_is_networkxs_and_its_paths_are_the_entries_of_the_power() -> None:
    for radius in (1, 2, 4):
        made = tree.tree_of(radius)
        theirs = nx.balanced_tree(2, radius)
        assert {frozenset(edge) for edge in made.index.T.tolist()} == {frozenset(edge) for edge in theirs.edges}
        a = np.zeros((made.count, made.count))
        a[made.index[1], made.index[0]] = 1  # row: who hears
        a += np.eye(made.count)
        d = a.sum(1)
        power = np.linalg.matrix_power(a / np.sqrt(np.outer(d, d)), radius)
        assert squashing.paths(radius) == pytest.approx(power[0, -1])
    assert tree.tree_of(2, [3]).index[:, -1].tolist() == [6, 0]


def test_without_weights_and_relus_the_influence_of_a_leaf_is_its_paths() -> None:
    network = squashing.Untrained("gcn", 3, 0)
    product = torch.eye(squashing.FEATURES)
    for k, layer in enumerate(network.layers):
        product = layer.lin.weight.detach() @ product
        layer.bias.data.fill_(10.0 ** (3 * k + 2))  # no ReLU shuts
    found = squashing.influence(network, network.x, 0, lambda x: network.embed(x, tree.tree_of(3)))
    np.testing.assert_allclose(found[7:], squashing.paths(3) * float(product.norm()), rtol=1e-4)


def test_reach_means_over_seeds_and_a_shortcut_brings_a_leaf_near() -> None:
    found = asked(GraphSpec(), ask="reach", radius=3, kind="gat", seeds=2, shortcuts=[5])
    each = [squashing.on_root("gat", 3, seed, [5]) for seed in range(2)]
    np.testing.assert_allclose(found["node"], np.mean(each, 0), rtol=1e-6)
    assert found["node"][7 + 5] > 5 * found["node_plain"][7 + 5]
    far = asked(GraphSpec(), ask="distance", most=3, seeds=2)
    assert far["leaf"][2, 2] == pytest.approx([squashing.on_root("gat", 3, seed)[7:].mean() for seed in range(2)])
    one = squashing.on_root("gcn", 2, 1).astype(float)
    assert far["share"][0, 1, 1] == pytest.approx((one[3:] ** 2).mean() / (one**2).sum(), rel=1e-5)
    assert (np.diff(far["leaf"].mean(2), axis=1) < 0).all()


def test_riddles_are_answered_by_a_lookup() -> None:
    made = tree.riddles(3, 50, torch.Generator().manual_seed(4))
    x = made.features(tree.tree_of(3)).reshape(50, 15, 8 + tree.VALUES)
    for g in range(50):
        root = x[g, 0, :8].argmax().item()
        table = {leaf[:8].argmax().item(): leaf[8:].argmax().item() for leaf in x[g, 7:]}
        assert len(table) == 8  # every key once
        assert table[root] == made.answers[g]
        assert x[g, 1:7].abs().sum() == 0  # nodes between know nothing
        assert x[g, 0, 8:].abs().sum() == 0
    by_hand = tree.Riddles(torch.tensor([[1, 0]]), torch.tensor([[3, 2]]), torch.tensor([0]), torch.tensor([2]))
    np.testing.assert_array_equal(
        by_hand.features(tree.tree_of(1)).numpy(), [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 1], [1, 0, 0, 0, 1, 0]]
    )


def test_a_climber_hears_all_leaves_and_fully_adjacent_in_one_hop() -> None:
    for is_near in (False, True):
        network = tree.Climber("gin", 2, 32, is_near)
        made = tree.tree_of(2)
        edges = network.edges(made, 1)
        assert len(edges) == 3
        assert (edges[-1].index.shape[1], edges[0].index.shape[1]) == (6, 6)
        assert bool((edges[-1].index[1] == 0).all()) == is_near
    two = network.edges(made, 2)[-1].index
    assert sorted(two.T.tolist()) == sorted([[k, 0] for k in range(1, 7)] + [[7 + k, 7] for k in range(1, 7)])


def test_one_hop_is_learned_and_the_job_repeats_itself() -> None:
    options = {"ask": "recall", "kind": "gcn", "most": 1, "seeds": 1, "steps": 120}
    first, second = asked(GraphSpec(), **options), asked(GraphSpec(), **options)
    np.testing.assert_array_equal(first["held"], second["held"])
    assert (first["held"] > 0.8).all()
    climb = squashing.Climb("gcn", 1, 0, False)
    for _ in range(120):
        climb.learn()
    assert first["held"][0, 0, 0] == pytest.approx(climb.right()[0])
    # As anybody would count it.
    made, x = climb.held, climb.held.features(climb.tree)
    with torch.no_grad():
        said = [
            climb.network(x[3 * g : 3 * g + 3], climb.network.edges(climb.tree, 1), 3).argmax().item()
            for g in range(40)
        ]
    rights = [int(a == b) for a, b in zip(said, made.answers[:40].tolist(), strict=True)]
    assert np.mean(rights) >= 0.7
