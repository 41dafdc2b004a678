"""Each experiment is run in small, some of its rows are computed again, its verdict is judged anew."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.metrics import pairwise_distances

from dlviz.data.graphs import single
from dlviz.labs.graph.claims import (
    CLAIMS,
    attention,
    counting,
    factions,
    made,
    multiplicity,
    own_features,
    permutation,
    sizes,
    smoothing,
)  # fmt: skip
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.ranking import ranks
from tests.labs.experiments import rows_of

MODULES: dict[str, Any] = {
    "karate": factions, "own": own_features, "norms": sizes, "counting": counting, "multiplicity": multiplicity,
    "smoothing": smoothing, "attention": attention, "permutation": permutation,
}  # fmt: skip
OPTIONS: dict[str, dict[str, Any]] = {
    "karate": {"seeds": (1, 2), "draws": 2, "steps": 60},
    "own": {"seeds": (1,), "steps": 40},
    "norms": {"seeds": (1, 2)},
    "counting": {"seeds": (1,), "steps": 200},
    "multiplicity": {"seeds": (1,), "steps": 150},
    "smoothing": {"seeds": (1,), "depths": (2, 8), "steps": 40},
    "attention": {"seeds": (1,), "steps": 200},
    "permutation": {"layers": ("gcn", "gat"), "draws": 2, "steps": 10},
}


@cache
def rows(slug: str) -> list[dict[str, Any]]:
    return rows_of(CLAIMS, MODULES, slug, OPTIONS[slug])


@pytest.mark.parametrize("slug", MODULES)
def test_an_experiment_in_small(slug: str) -> None:
    assert rows(slug)


def test_every_claim_has_its_module() -> None:
    assert list(MODULES) == [claim.slug for claim in CLAIMS]


def test_naming_the_claims_does_not_load_torch() -> None:
    code = "import sys, dlviz.labs.graph.claims; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_accuracy_of_the_club_is_counted_again() -> None:
    run = GraphRun(GraphSpec(seed=1))
    run.advance(60)
    piece, network = run.learned.pieces[0], run.network.eval()
    with torch.no_grad():
        said = network(piece.x, network.edges(piece.index, piece.weight, 34)).argmax(1).numpy()
    club = nx.karate_club_graph()
    truth = np.array([club.nodes[k]["club"] == "Officer" for k in range(34)])
    others = [k for k in range(34) if k not in (0, 33)]
    assert rows("karate")[0]["right"] == pytest.approx(float((said == truth)[others].mean()))


def test_own_features_have_no_effect_where_the_diagonal_is_zero() -> None:
    adjacency = nx.to_numpy_array(nx.karate_club_graph(), weight=None)
    assert not np.diag(adjacency).any()
    assert np.diag(adjacency @ adjacency).all()  # back after two layers
    assert [row["after one layer"] == 0 for row in rows("own")] == [row["layer"] == "naive" for row in rows("own")]
    moved = own_features.moved("loops", 1, 1)
    weight = GraphRun(GraphSpec(layer="loops", hidden=(8,), seed=1)).network.get_parameter("layers.0.lin.weight")
    assert moved == pytest.approx(weight.detach().norm(dim=0).mean().item(), rel=1e-5)


@pytest.mark.parametrize("graph", sizes.GRAPHS)
def test_correlations_of_sizes_are_scipys(graph: str) -> None:
    drawn = single.load_single(graph, 1)
    found = sizes.correlations(drawn, "one-hot", "loops", 1, 2)
    walked = sizes.walked(drawn, torch.eye(drawn.count), "loops", 1, 2)
    matrix = np.zeros((drawn.count, drawn.count))
    a, b = drawn.edges.T
    matrix[a, b] = matrix[b, a] = 1
    np.fill_diagonal(matrix, 1)
    for k, h in enumerate(walked):
        wanted = stats.spearmanr(matrix.sum(1) - 1, sizes.size_of(h).numpy()).statistic
        assert found[k] == pytest.approx(wanted, abs=1e-9)
    chance = torch.Generator().manual_seed(1)
    weight = torch.randn(drawn.count, sizes.WIDTH, generator=chance, dtype=torch.float64) / sizes.WIDTH**0.5
    np.testing.assert_allclose(walked[0], matrix @ weight.numpy(), atol=1e-9)


def test_ranks_share_their_mean_where_values_are_equal() -> None:
    values = torch.tensor([3.0, 1.0, 3.0, 2.0, 3.0])
    np.testing.assert_allclose(ranks(values.numpy()), stats.rankdata(values.numpy()))


def test_the_spread_is_sklearns_distances() -> None:
    x = torch.randn(9, 4, generator=torch.Generator().manual_seed(2))
    apart = pairwise_distances(x.numpy()).sum() / (9 * 8)
    assert made.spread(x) == pytest.approx(apart / np.linalg.norm(x.numpy(), axis=1).mean(), rel=1e-5)


def test_counting_is_about_degrees() -> None:
    graph = counting.random_graph(3)
    drawn = nx.Graph(graph.edges.tolist())
    degree = np.array([drawn.degree[k] for k in range(graph.count)])
    np.testing.assert_array_equal(graph.labels, degree > np.median(degree))
    assert degree.min() >= 1
    by_way = {row["aggregate"]: row for row in rows("counting")}
    assert by_way["sum"]["right"] == 1
    assert by_way["mean"]["spread"] == 0


def test_stars_have_the_neighbours_they_were_given() -> None:
    kinds = next(iter(multiplicity.TASKS.values()))
    graph = made.stars([np.array(kinds[label]) for label in (0, 1, 0)], [0, 1, 0])
    drawn = nx.Graph(graph.edges.tolist())
    centres = np.flatnonzero(graph.labels >= 0)
    assert graph.labels[centres].tolist() == [0, 1, 0]
    assert [sorted(map(tuple, graph.features[list(drawn[k])].tolist())) for k in centres] == [
        sorted(map(tuple, kinds[label])) for label in (0, 1, 0)
    ]
    assert graph.given[centres].tolist() == [True, True, False]


def test_in_small_the_largest_is_deaf_and_the_sum_hears() -> None:
    for row in rows("multiplicity"):
        if row["aggregate"] == "max":
            assert row["apart"] == 0
        if row["aggregate"] == "sum":
            assert row["right"] == 1


def test_missing_entropy_is_scipys() -> None:
    run = made.own(attention.marked(1), layer="gat", hidden=(8,), heads=1, seed=1)
    run.advance(30)
    network, piece = run.network.eval(), run.learned.pieces[0]
    edges = network.edges(piece.index, piece.weight, len(piece.x))
    records: list[dict[str, torch.Tensor]] = []
    with torch.no_grad():
        network.embed(piece.x, edges, records)
    values = []
    for node in np.flatnonzero(run.learned.graphs[0].labels >= 0):
        weights = records[0]["attention"][edges.targets == int(node)][:, 0].numpy()
        values.append(1 - stats.entropy(weights) / np.log(len(weights)))
    assert attention.missing_entropy(run) == pytest.approx(float(np.mean(values)), abs=1e-5)


def test_a_renumbered_graph_is_the_same_graph() -> None:
    piece = GraphRun(GraphSpec()).learned.pieces[0]
    order = torch.randperm(34, generator=torch.Generator().manual_seed(1))
    other = permutation.renumbered(piece, order, torch.arange(piece.index.shape[1]).flip(0))
    matrix, moved = (np.zeros((34, 34)) for _ in range(2))
    matrix[tuple(piece.index.numpy())] = 1
    moved[tuple(other.index.numpy())] = 1
    np.testing.assert_array_equal(moved, matrix[order][:, order])
    assert all(row["single"] <= 1e-6 and row["double"] <= 1e-14 for row in rows("permutation"))
