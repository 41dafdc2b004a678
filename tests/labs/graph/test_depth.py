"""Depth: walks against numpy and scipy, trainings against runs, refusals in words."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
import torch
from scipy.spatial.distance import pdist
from torch_geometric.nn import GCNConv
from torch_geometric.utils import get_laplacian, to_dense_adj

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.graphs import coding
from dlviz.data.graphs.graph import graph_of
from dlviz.labs.graph.depth import smoothing, walking
from dlviz.labs.graph.depth.probing import depth
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.jobs import to_the_end


def own(edges: list[list[int]], count: int, **more: object) -> GraphSpec:
    places = np.random.default_rng(0).uniform(-1, 1, (count, 2))
    graph = graph_of([str(k) for k in range(count)], places, edges, labels=[0, 1] * (count // 2) + [0] * (count % 2),
                     given=[True] * count, classes=["a", "b"], **more)  # type: ignore[arg-type]  # fmt: skip
    return GraphSpec(dataset="own", graph=coding.write(graph))


def asked(spec: GraphSpec, **options: object) -> Trace:
    return to_the_end(depth(GraphRun(spec), **({"ask": "walk"} | options)))  # type: ignore[arg-type]


# --- without weights ------------------------------------------------------------------------------


def test_passing_on_is_gcns_without_weights_and_its_eigenvalues_are_numpys() -> None:
    run = GraphRun(GraphSpec())
    found = depth(run, "walk")
    assert isinstance(found, Trace)
    graph, piece = run.learned.graphs[0], run.learned.pieces[0]
    layer = GCNConv(2, 2, bias=False)
    with torch.no_grad():
        layer.lin.weight.copy_(torch.eye(2))
        x = torch.tensor(graph.places)
        for k in range(33):
            np.testing.assert_allclose(found["features"][k], x.numpy(), atol=2e-6)
            x = layer(x, piece.index, piece.weight)
    a = np.zeros((graph.count, graph.count))
    for (p, q), w in zip(graph.edges, graph.weights, strict=True):
        a[p, q] = a[q, p] = w
    a += np.eye(graph.count)
    s = a / np.sqrt(np.outer(a.sum(0), a.sum(1)))
    values = np.linalg.eigvalsh(s)[::-1]
    np.testing.assert_allclose(found["eigenvalues"], values, atol=1e-6)
    assert (found["alike"], values[0]) == (1, pytest.approx(1))
    assert found["rate"] == pytest.approx(np.abs(values[1:]).max(), abs=1e-6)

    # The limit is the direction of the roots of the degrees; what is not it shrinks as the rate allows, at last by it.
    u = np.sqrt(a.sum(0) / a.sum())
    for k, x in enumerate(found["features"].astype(np.float64)):
        away = x - np.outer(u, u @ x)
        assert found["away"][k] == pytest.approx(np.linalg.norm(away) / np.linalg.norm(x), rel=1e-3)
    tangent = found["away"] / np.sqrt(1 - found["away"] ** 2)
    assert (tangent[1:] <= tangent[:-1] * found["rate"] * (1 + 1e-4)).all()
    assert tangent[32] / tangent[31] == pytest.approx(float(found["rate"]), rel=0.01)


def test_measures_are_scipys_and_the_laplacians() -> None:
    run = GraphRun(GraphSpec(dataset="lesmis"))
    piece = run.learned.pieces[0]
    graph = run.learned.graphs[0]
    for kind in walking.KINDS:
        found = depth(run, "walk", kind=kind, layers=6)
        assert isinstance(found, Trace)
        x = found["features"][5].astype(np.float64)
        size = (x**2).sum()
        assert found["cosine"][5] == pytest.approx(pdist(x, "cosine").mean(), rel=1e-4, abs=1e-7)
        assert found["variance"][5] == pytest.approx(x.var(0).sum() * len(x) / size, rel=1e-4)
        loops = kind == "gcn"
        index, weight = piece.index, piece.weight
        if loops:
            every = torch.arange(graph.count)
            index = torch.cat([index, torch.stack([every, every])], 1)
            weight = torch.cat([weight, torch.ones(graph.count)])
        dense = to_dense_adj(index, edge_attr=weight, max_num_nodes=graph.count)[0].double().numpy()
        d = dense.sum(1)
        laplacian = np.eye(graph.count) - dense / np.sqrt(np.outer(d, d))
        if not loops:
            at, entries = get_laplacian(index, weight, "sym", num_nodes=graph.count)
            theirs = to_dense_adj(at, edge_attr=entries, max_num_nodes=graph.count)[0].numpy()
            np.testing.assert_allclose(laplacian, theirs, atol=1e-5)
        y = x * np.sqrt(d)[:, None] if kind == "mean" else x
        energy = np.einsum("if,ij,jf->", y, laplacian, y) / (y**2).sum()
        assert found["energy"][5] == pytest.approx(energy, rel=1e-3, abs=1e-6)


def test_the_mean_has_the_same_eigenvalues_and_one_row_as_its_limit() -> None:
    spec = GraphSpec(dataset="karate")
    found = asked(spec, kind="mean", layers=256)
    graph = GraphRun(spec).learned.graphs[0]
    a = np.zeros((graph.count, graph.count))
    for (p, q), w in zip(graph.edges, graph.weights, strict=True):
        a[p, q] = a[q, p] = w
    values = scipy.linalg.eigvals(a / a.sum(1, keepdims=True)).real
    np.testing.assert_allclose(found["eigenvalues"], np.sort(values)[::-1], atol=1e-6)
    np.testing.assert_allclose(found["features"][256], np.tile(found["features"][256][:1], (graph.count, 1)), atol=1e-6)
    stationary = a.sum(1) / a.sum()
    np.testing.assert_allclose(found["features"][256][0], stationary @ graph.places, atol=1e-6)


def test_parts_keep_limits_of_their_own_and_a_bipartite_graph_swings() -> None:
    parts = asked(own([[0, 1], [1, 2], [0, 2], [3, 4], [4, 5], [3, 5]], 7))
    assert parts["alike"] == 3  # two triangles and a node alone
    ring = own([[k, (k + 1) % 6] for k in range(6)], 6)
    swings = asked(ring, kind="mean", layers=64)
    assert swings["rate"] == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(swings["features"][64], swings["features"][62], atol=1e-5)
    assert np.abs(swings["features"][64] - swings["features"][63]).max() > 0.01
    assert asked(ring)["rate"] == pytest.approx((1 + 2 * np.cos(np.pi / 3)) / 3, abs=1e-6)  # with self-loops it settles


def test_odd_graphs_leave_no_wrong_number() -> None:
    alone = asked(own([], 3), kind="naive")
    assert alone["rate"] == 0
    assert np.isnan(alone["away"][1:]).all()
    directed = asked(own([[0, 1], [1, 2], [2, 2]], 4, directed=True, weights=[1.0, 2.0, 3.0]))
    a = np.array([[1, 1, 0, 0], [1, 1, 2, 0], [0, 2, 3, 0], [0, 0, 0, 1.0]])  # both ways; node 2 keeps its own loop
    s = a / np.sqrt(np.outer(a.sum(0), a.sum(0)))
    np.testing.assert_allclose(directed["eigenvalues"], np.linalg.eigvalsh(s)[::-1], atol=1e-6)
    large = asked(GraphSpec(), kind="naive", layers=256)
    assert np.isfinite(large["features"]).all()


# --- with training --------------------------------------------------------------------------------


def test_every_point_is_a_run_of_that_spec() -> None:
    spec = GraphSpec(layer="sage", seed=3)
    found = asked(spec, ask="train", depths=[3, 1], ways=["pairnorm", "plain", "dropedge"], seeds=2, steps=12)
    assert list(found.state["ways"]) == ["plain", "pairnorm", "dropedge"]
    assert found["depth"].tolist() == [1, 3]
    assert found["width"] == 8
    for w, way in enumerate(found.state["ways"]):
        for d, layers in enumerate((1, 3)):
            for s in range(2):
                changes = {"pairnorm": {"norm": "pairnorm"}, "dropedge": {"drop_edge": 0.5}}.get(str(way), {})
                run = GraphRun(GraphSpec(layer="sage", hidden=(8,) * layers, seed=3 + s, **changes))
                run.advance(12)
                numbers = run.measured_now().numbers
                assert found["held_accuracy"][w, d, s] == pytest.approx(numbers["held_accuracy"])
                assert found["train_accuracy"][w, d, s] == pytest.approx(numbers["train_accuracy"])
                piece = run.learned.pieces[0]
                with torch.no_grad():
                    h = run.network.embed(piece.x, run.network.edges(piece.index, piece.weight, len(piece.x)))
                assert found["spread"][w, d, s] == pytest.approx(pdist(h.numpy(), "cosine").mean(), rel=1e-4)


def test_partial_traces_fill_up_and_the_run_stays_as_it_is() -> None:
    run = GraphRun(GraphSpec())
    run.advance(3)
    before = {name: values.clone() for name, values in run.network.state_dict().items()}
    known, shares = [], []
    for progress in depth(run, ask="train", depths=[1, 2], ways=["plain"], seeds=1, steps=10):  # type: ignore[union-attr]
        assert isinstance(progress, Progress)
        shares.append(progress.done / progress.total)
        if progress.trace:
            known.append(int(np.isfinite(progress.trace["held_accuracy"]).sum()))
    assert known == [0, 1, 2]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert all(torch.equal(values, before[name]) for name, values in run.network.state_dict().items())


def test_heads_divide_the_width_of_every_depth() -> None:
    spec = GraphSpec(layer="gat", heads=3, hidden=(8,))
    assert smoothing.settings(spec, 4, "plain", 1).hidden == (9, 9, 9, 9)
    assert smoothing.settings(GraphSpec(layer="gat", heads=5, hidden=(64,)), 2, "plain", 1).hidden == (60, 60)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"ask": "sleep"}, "depth.ask"),
        ({"kind": "sage"}, "depth.kind"),
        ({"ask": "train", "depths": []}, "depth.depths"),
        ({"ask": "train", "depths": [17]}, "depth.depths"),
        ({"ask": "train", "ways": ["prayer"]}, "depth.ways"),
        ({"ask": "reach", "kind": "naive"}, "depth.kind"),
        ({"ask": "reach", "radius": 9}, "depth.radius"),
        ({"ask": "reach", "radius": 2, "shortcuts": [4]}, "depth.shortcuts"),
        ({"ask": "recall", "seeds": 0}, "depth.seeds"),
        ({"ask": "influence", "node": 34}, "depth.node"),
    ],
)
def test_bad_options_are_refused_in_words(options: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        asked(GraphSpec(), **options)


def test_training_needs_nodes_with_classes() -> None:
    with pytest.raises(InvalidInput, match="labels nodes"):
        asked(GraphSpec(dataset="mutag", task="graph", features="own"), ask="train")
