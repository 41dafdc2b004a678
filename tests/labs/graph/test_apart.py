"""Telling graphs apart: refinement against networkx, the networks against torch_geometric, claims of the shelf."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch
from torch import nn
from torch_geometric.nn import GINConv, global_add_pool, global_max_pool, global_mean_pool

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.graph.apart import reading
from dlviz.labs.graph.apart.networks import HOW, NETWORKS, TOLERANCE, WIDTH
from dlviz.labs.graph.apart.pairs import PAIRS, Pair, Small
from dlviz.labs.graph.apart.probing import apart
from dlviz.labs.graph.apart.refining import refine

BLIND = ("hexagon", "decalin", "rook", "same")  # to the test


def random_pair(seed: int) -> Pair:
    """Two random graphs, often of the same size, at times one renumbered."""
    chance = np.random.default_rng(seed)
    graphs = []
    for _ in range(2):
        count = int(chance.integers(1, 10))
        edges = [(a, b) for a in range(count) for b in range(a + 1, count) if chance.random() < 0.35]
        graphs.append(Small(tuple(int(c) for c in chance.integers(0, 1 + seed % 3, count)), tuple(edges)))
    if seed % 4 == 0:
        order = chance.permutation(graphs[0].count)
        colors = [0] * graphs[0].count
        for k, color in enumerate(graphs[0].colors):
            colors[order[k]] = color
        pairs = sorted(sorted((int(order[a]), int(order[b]))) for a, b in graphs[0].edges)
        graphs[1] = Small(tuple(colors), tuple((a, b) for a, b in pairs))
    return graphs[0], graphs[1]


def text(graph: Small) -> str:
    """A graph as `reading.read` reads it."""
    lines = [f"{k} = {reading.COLORS[color]}" for k, color in enumerate(graph.colors)]
    return "\n".join([*lines, *(f"{a} {b}" for a, b in graph.edges)])


def probed(pair: Pair, **options: Any) -> Trace:
    return apart(None, left=text(pair[0]), right=text(pair[1]), **options)


def partition(row: Any) -> list[set[int]]:
    """Which places hold the same value, in order of appearance."""
    found: dict[Any, set[int]] = {}
    for k, value in enumerate(row):
        found.setdefault(value, set()).add(k)
    return list(found.values())


def union(pair: Pair) -> nx.Graph:
    return nx.disjoint_union(pair[0].networkx(), pair[1].networkx())


@pytest.mark.parametrize("case", [*PAIRS, *range(60)])
def test_the_rounds_split_nodes_as_networkx_does(case: str | int) -> None:
    pair = PAIRS[case] if isinstance(case, str) else random_pair(case)
    found = refine(pair)
    rounds = len(found.colors) - 1
    hashes = nx.weisfeiler_lehman_subgraph_hashes(union(pair), node_attr="color", iterations=rounds, digest_size=16)
    for step in range(1, rounds + 1):
        theirs = [hashes[k][step - 1] for k in range(found.colors.shape[1])]
        assert partition(found.colors[step]) == partition(theirs)
        one, other = (nx.weisfeiler_lehman_graph_hash(g.networkx(), node_attr="color", iterations=step) for g in pair)
        starts_alike = sorted(pair[0].colors) == sorted(pair[1].colors)
        is_same = found.different is None or found.different > step
        assert (one == other and starts_alike) == is_same
    numbers = found.colors.ravel()
    assert all(len(set(found.colors[a]) & set(found.colors[b])) == 0 for a in range(rounds + 1) for b in range(a))
    assert set(numbers) == set(range(1, max(numbers) + 1))
    for step, own, near, fresh in found.table:  # the dictionary is what the nodes did
        for k in np.flatnonzero(found.colors[step] == fresh):
            assert found.colors[step - 1][k] == own
            assert tuple(sorted(found.colors[step - 1][j] for j in union(pair)[k])) == near


def test_what_the_test_says_of_the_shelf() -> None:
    for slug, pair in PAIRS.items():
        found = apart(None, slug)
        assert (found["different"][0] < 0) == (slug in BLIND), slug
        isomorphic = nx.is_isomorphic(*(g.networkx() for g in pair), node_match=lambda a, b: a == b)
        assert bool(found["isomorphic"][0]) == isomorphic == (slug == "same")
    assert apart(None, "hexanes")["different"][0] == 2
    tells = {slug: apart(None, slug, knowledge="triangles")["different"][0] >= 0 for slug in BLIND}
    assert tells == {"hexagon": True, "decalin": False, "rook": False, "same": False}
    assert all(apart(None, slug, knowledge="numbers")["different"][0] >= 0 for slug in BLIND)
    triangles = [set(nx.triangles(g.networkx()).values()) for g in PAIRS["rook"]]
    assert triangles == [{6}, {6}]
    assert [max(map(len, nx.find_cliques(g.networkx()))) for g in PAIRS["rook"]] == [4, 3]


def torch_geometric_layers(found: Trace, seed: int, how: str, epsilon: float) -> list[GINConv]:
    layers = []
    for k in range(found["colors"].shape[0] - 1):
        weights = {
            name: torch.tensor(found.state[f"{seed}.{k}.nn.{name}"])
            for name in ("0.weight", "0.bias", "2.weight", "2.bias")
        }
        inputs = weights["0.weight"].shape[1]
        mlp = nn.Sequential(nn.Linear(inputs, WIDTH), nn.ReLU(), nn.Linear(WIDTH, WIDTH)).double()
        layers.append(GINConv(mlp, aggr=how).double())
        layers[-1].eps.fill_(epsilon)  # given to GINConv, it would be rounded to single precision
        mlp.load_state_dict(weights)  # last: the layer draws its weights anew
    return layers


@pytest.mark.parametrize("case", [*PAIRS, 1, 4, 7])
@pytest.mark.parametrize("epsilon", [0.0, 0.1])
def test_readouts_and_the_table_by_torch_geometric(case: str | int, epsilon: float) -> None:
    pair = PAIRS[case] if isinstance(case, str) else random_pair(case)
    found = probed(pair, epsilon=epsilon, seed=3)
    cut = pair[0].count
    edges = [[a, b] for a, b in union(pair).to_directed().edges]
    index = torch.tensor(edges, dtype=torch.long).reshape(-1, 2).T
    batch = torch.tensor(found["side"], dtype=torch.long)
    colors = np.array([*pair[0].colors, *pair[1].colors])
    first = torch.nn.functional.one_hot(torch.tensor(np.searchsorted(np.unique(colors), colors))).double()
    pools = {"sum": global_add_pool, "mean": global_mean_pool, "max": global_max_pool}
    told = np.zeros_like(found["told"])
    with torch.no_grad():
        for a, how in enumerate(HOW):
            for n in range(NETWORKS):
                x = first
                for step, layer in enumerate([None, *torch_geometric_layers(found, 3 + n, how, epsilon)]):
                    x = x if layer is None else layer(x, index)
                    for r, name in enumerate(HOW):
                        both = pools[name](x, batch, 2).numpy()
                        mine = found["readouts"][n, step, a, r, :, : x.shape[1]]
                        np.testing.assert_allclose(mine, both, atol=1e-12 * max(1, np.abs(both).max()))
                        most = np.abs(both).max()
                        told[step, a, r] += np.abs(both[0] - both[1]).max() > TOLERANCE * most
    np.testing.assert_array_equal(found["told"], told)
    assert cut == (found["side"] == 0).sum()


def test_the_sum_follows_the_test_and_none_splits_more() -> None:
    """Property: with ε = 0.1 the groups of the sum are those of the test on every pair drawn; others are coarser."""
    lost = dict.fromkeys(HOW, 0)
    for seed in range(40):
        pair = random_pair(seed)
        found = probed(pair, epsilon=0.1)
        assert found["follows"][0].all(), seed
        for how in HOW:
            for row, colors in zip(found[f"groups_{how}"], found["colors"], strict=True):
                for members in partition(colors):
                    assert len({row[k] for k in members}) == 1
        for a, how in enumerate(HOW):
            lost[how] += not found["follows"][a].all()
    assert lost["mean"] > 10
    assert lost["max"] > 10


def test_what_the_shelf_says_of_the_networks() -> None:
    def table(slug: str, **options: Any) -> np.ndarray:
        """(aggregation, readout): whether any network tells the pair apart, after the last round."""
        return apart(None, slug, **options)["told"][-1] > 0

    assert table("count").tolist() == [[True, True, True], [True, False, False], [True, False, False]]
    assert table("sizes").tolist() == [[True, False, False]] * 3
    assert table("twice")[1].all()
    assert not table("twice")[2, 2]
    assert table("twice")[0].all()
    assert table("shares")[0].all()
    for slug in BLIND:
        assert not table(slug).any(), slug
        assert not table(slug, epsilon=0.1).any(), slug
    assert table("hexagon", knowledge="triangles").all()
    assert not table("swap")[0].any()
    assert table("swap", epsilon=0.1).all()
    # By hand, at the node: the middle of each star (position 0, and the first of the right graph).
    for slug, kept in {"count": (1, 0, 0), "twice": (1, 1, 0), "shares": (1, 0, 0)}.items():
        found = apart(None, slug, rounds=1)
        right = PAIRS[slug][0].count
        for how, tells in zip(HOW, kept, strict=True):
            row = found[f"groups_{how}"][1]
            assert (row[0] != row[right]) == bool(tells), (slug, how)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"pair": "rings"}, "must be one of count, twice"),
        ({"rounds": 13}, r"whole number in \[0, 12\]"),
        ({"seed": -1}, "whole number"),
        ({"epsilon": "x"}, "must be a number"),
        ({"knowledge": "all"}, "must be one of given, triangles, numbers"),
        ({"left": "0 1", "right": ""}, "must have a node"),
        ({"left": "0 1 2", "right": "0"}, "two names a line"),
    ],
)
def test_bad_options(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        apart(None, **options)


def test_reading() -> None:
    assert reading.read("t", "# a path\n0 1\n2,1\n1 0\n\n5\n1 = c") == Small((0, 2, 0, 0), ((0, 1), (1, 2)))
    for wrong, words in {
        "0 0": "itself", "a b c": "two names", "0 = d": "colours as a, b or c", "= b": "colours",
        "x" * 13: "12 letters",
        "\n".join(map(str, range(101))): "at most 100 nodes", "": "a node",
        "\n".join(f"{a} {b}" for a in range(40) for b in range(a)): "at most 600 edges",
    }.items():  # fmt: skip
        with pytest.raises(InvalidInput, match=words):
            reading.read("t", wrong)
    with pytest.raises(InvalidInput, match="lines of text"):
        reading.read("t", 3)
