"""Graphs by name against networkx, messages against degrees, and places against each other."""

from __future__ import annotations

import time

import networkx as nx
import numpy as np
import pytest

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.coding import read_code, write
from dlviz.data.graphs.graph import Graph, graph_of
from dlviz.data.graphs.laying import fit, lay
from dlviz.data.graphs.single import SINGLE, load_single

COUNTS = {"karate": (34, 78), "lesmis": (77, 254), "davis": (32, 89), "florentine": (15, 20), "grid": (49, 84),
          "ring": (16, 16)}  # fmt: skip
THEIRS = {
    "karate": nx.karate_club_graph,
    "lesmis": nx.les_miserables_graph,
    "davis": nx.davis_southern_women_graph,
    "florentine": nx.florentine_families_graph,
}


@pytest.mark.parametrize("slug", SINGLE)
def test_every_graph_is_whole(slug: str) -> None:
    graph = load_single(slug, 5)
    assert COUNTS.get(slug, (graph.count, len(graph.edges))) == (graph.count, len(graph.edges))
    assert graph.features.shape == (graph.count, 0)
    assert len(np.unique(graph.edges, axis=0)) == len(graph.edges)
    assert (graph.edges[:, 0] < graph.edges[:, 1]).all()
    assert set(graph.labels) == set(range(len(graph.classes)))
    assert np.bincount(graph.labels[graph.given]).tolist() == [5 if slug == "random" else 1] * len(graph.classes)
    assert 0.9 < np.abs(graph.places).max() <= 1
    gaps = np.linalg.norm(graph.places[:, None] - graph.places, axis=2) + 9 * np.eye(graph.count)
    assert gaps.min() > 0.01
    assert read_code("graph", write(graph)).names == graph.names


@pytest.mark.parametrize("slug", THEIRS)
def test_edges_and_degrees_are_those_of_networkx(slug: str) -> None:
    graph, theirs = load_single(slug, 0), THEIRS[slug]()
    names = {str(node): node for node in theirs}
    assert set(graph.names) == set(names)
    assert {frozenset(names[graph.names[k]] for k in edge) for edge in graph.edges} == set(map(frozenset, theirs.edges))
    assert graph.degrees.tolist() == [theirs.degree(names[name]) for name in graph.names]
    if slug == "lesmis":
        wanted = [theirs[graph.names[a]][graph.names[b]]["weight"] for a, b in graph.edges]
        assert graph.weights.tolist() == wanted
    else:
        assert set(graph.weights) == {1}


def test_classes_mean_what_they_say() -> None:
    karate = load_single("karate", 0)
    assert [karate.classes[k] for k in karate.labels[[0, 33]]] == ["Mr. Hi", "Officer"]
    assert np.flatnonzero(karate.given).tolist() == [0, 33]
    assert np.bincount(karate.labels).tolist() == [17, 17]
    davis = load_single("davis", 0)
    assert (davis.labels[davis.edges].sum(axis=1) == 1).all()
    assert [davis.names[k] for k in np.flatnonzero(davis.labels)] == [f"E{k}" for k in range(1, 15)]
    for slug in ("lesmis", "florentine"):
        graph = load_single(slug, 0)
        assert 2 <= len(graph.classes) <= 6
        same = graph.labels[graph.edges[:, 0]] == graph.labels[graph.edges[:, 1]]
        assert same.mean() > 0.6
        assert {f"Around {graph.names[k]}" for k in np.flatnonzero(graph.given)} == set(graph.classes)
    grid, ring = load_single("grid", 0), load_single("ring", 0)
    assert ((grid.places[:, 0] > 0.01) == (grid.labels == 1)).all()
    assert ((ring.places[:, 1] < 0) == (ring.labels == 1)).all()
    random = load_single("random", 0)
    assert (random.labels == (random.degrees > np.median(random.degrees))).all()
    blocks = load_single("blocks", 0)
    same = blocks.labels[blocks.edges[:, 0]] == blocks.labels[blocks.edges[:, 1]]
    assert same.mean() > 0.8


def test_only_the_random_ones_depend_on_the_seed() -> None:
    for slug in SINGLE:
        first, again, other = (write(load_single(slug, seed)) for seed in (1, 1, 2))
        assert first == again
        assert (first != other) == (slug in ("random", "blocks"))
    degrees = [load_single("random", seed).degrees.mean() for seed in range(40)]
    assert abs(np.mean(degrees) - 4) < 0.35


def test_a_graph_that_is_not_there() -> None:
    with pytest.raises(InvalidInput, match="must be one of karate, lesmis"):
        load_single("cora", 0)


def small(directed: bool) -> Graph:
    return graph_of("abcd", np.zeros((4, 2)), [(1, 0), (2, 2), (1, 2)], weights=[2, 3, 4], directed=directed)


def test_messages_of_an_undirected_graph_run_both_ways_and_a_loop_once() -> None:
    graph = small(directed=False)
    assert graph.edge_index.tolist() == [[0, 2, 1, 1, 2], [1, 2, 2, 0, 1]]
    assert graph.edge_weight.tolist() == [2, 3, 4, 2, 4]
    assert graph.degrees.tolist() == [1, 2, 2, 0]
    assert graph.edge_index.flags.c_contiguous


def test_messages_of_a_directed_graph_run_one_way() -> None:
    graph = small(directed=True)
    assert graph.edge_index.tolist() == [[1, 2, 1], [0, 2, 2]]
    assert graph.edge_weight.tolist() == [2, 3, 4]
    assert graph.degrees.tolist() == [1, 0, 2, 0]


def test_a_graph_without_edges_sends_nothing() -> None:
    graph = graph_of("ab", np.zeros((2, 2)), [])
    assert graph.edge_index.shape == (2, 0)
    assert graph.degrees.tolist() == [0, 0]


def test_messages_are_those_of_pytorch_geometric() -> None:
    from torch_geometric.utils import from_networkx

    graph = load_single("karate", 0)
    theirs = from_networkx(nx.karate_club_graph()).edge_index.numpy()
    assert sorted(map(tuple, graph.edge_index.T.tolist())) == sorted(map(tuple, theirs.T.tolist()))


@pytest.mark.parametrize(("count", "edges"), [
    (0, []), (1, []), (2, []), (2, [(0, 1)]), (3, [(1, 1)]), (5, [(0, 1), (1, 0), (2, 3)]), (40, []),
    (9, [(k, (k + 1) % 9) for k in range(9)]), (130, [(k, k + 1) for k in range(129)]),
])  # fmt: skip
def test_places_are_apart_within_the_square_and_the_same_every_time(count: int, edges: list[tuple[int, int]]) -> None:
    places = lay(count, edges)
    assert (places.shape, places.dtype) == ((count, 2), np.float32)
    np.testing.assert_array_equal(places, lay(count, np.array(edges, dtype=np.int64).reshape(-1, 2)))
    if count > 1:
        assert np.abs(places).max() == 1
        gaps = np.linalg.norm(places[:, None] - places, axis=2) + 9 * np.eye(count)
        assert gaps.min() > 0.5 / count


def test_parts_do_not_overlap() -> None:
    parts = [nx.complete_graph(12), nx.cycle_graph(7), nx.path_graph(5), nx.path_graph(2), nx.path_graph(1)]
    whole = nx.disjoint_union_all(parts)
    places = lay(len(whole), list(whole.edges))
    boxes, start = [], 0
    for part in parts:
        own = places[start : start + len(part)]
        boxes.append((own.min(axis=0), own.max(axis=0)))
        start += len(part)
    for k, (low, high) in enumerate(boxes):
        for other_low, other_high in boxes[:k]:
            assert (low > other_high).any() or (high < other_low).any()


def test_laying_200_nodes_takes_no_time_to_wait_for() -> None:
    graph = nx.gnm_random_graph(200, 600, seed=1)
    lay(5, [(0, 1)])  # networkx is there
    start = time.perf_counter()
    lay(200, list(graph.edges))
    assert time.perf_counter() - start < 1  # 0.09 s on a machine that does nothing else


def test_fit_keeps_the_shape() -> None:
    np.testing.assert_allclose(fit(np.array([[0, 0], [4, 0], [4, 2]])), [[-1, -0.5], [1, -0.5], [1, 0.5]])
    assert fit(np.ones((3, 2))).tolist() == [[0, 0]] * 3
