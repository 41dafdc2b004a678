"""Attention over nodes against torch's own; numbering anew; the trainings that read numbers, tried another way."""

from __future__ import annotations

import json

import networkx as nx
import numpy as np
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.graphs import many
from dlviz.labs.graph import ordering_training as training
from dlviz.labs.graph.data import Piece, load
from dlviz.labs.graph.ordering import order
from dlviz.labs.graph.probe import shown_piece
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import LAYERS, GraphSpec
from dlviz.training.jobs import to_the_end

SPECS = [
    GraphSpec(),
    GraphSpec(dataset="davis", features="degree"),
    GraphSpec(dataset="own", graph="0->1,0.5\n0->2,2\n2->2,3\n3->2,1\n4->0,1\n", task="link", features="identity"),
    GraphSpec(dataset="mutag", task="graph", features="own", shown=3),
]


def found(trace: Trace | object) -> Trace:
    assert isinstance(trace, Trace)
    return trace


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.dataset)
def test_attention_over_nodes_is_torchs(spec: GraphSpec) -> None:
    run = GraphRun(spec)
    piece = shown_piece(run)
    trace = found(order(run, seed=4))
    weights = {name: torch.tensor(values) for name, values in trace.state.items()}
    embedded = piece.x @ weights["embed.weight"].T
    q, k, v = (embedded @ weights[f"{name}.weight"].T for name in "qkv")
    whole = scaled_dot_product_attention(q[None], k[None], v[None])[0]
    np.testing.assert_allclose(trace["output"], whole.numpy(), atol=1e-6)
    mask = torch.zeros(len(q), len(q), dtype=torch.bool)
    for source, target in piece.index.T.tolist():
        mask[target, source] = True
    mask |= torch.eye(len(q), dtype=torch.bool)
    linked = scaled_dot_product_attention(q[None], k[None], v[None], attn_mask=mask[None])[0]
    np.testing.assert_allclose(trace["linked_output"], linked.numpy(), atol=1e-6)
    for name in ("attention", "linked"):
        np.testing.assert_allclose(trace[name].sum(1), 1, atol=1e-6)
    assert (trace["linked"][~mask.numpy()] == 0).all()


def test_positions_are_the_papers() -> None:
    trace = found(order(GraphRun(GraphSpec())))
    for place in (0, 1, 33):
        for k in range(4):
            angle = place / 10000 ** (2 * k / 8)
            assert trace["positions"][place, 2 * k] == pytest.approx(np.sin(angle), abs=1e-5)
            assert trace["positions"][place, 2 * k + 1] == pytest.approx(np.cos(angle), abs=1e-5)


@pytest.mark.parametrize("layer", LAYERS)
def test_numbered_anew_every_layer_says_the_same(layer: str) -> None:
    run = GraphRun(GraphSpec(layer=layer))
    run.advance(30)
    numbering = np.random.default_rng(3).permutation(34).tolist()
    trace = found(order(run, numbering=numbering))
    assert trace["off"] == np.abs(trace["as_above"] - trace["anew"]).max()
    size = float(np.abs(trace["as_above"]).max())
    assert float(trace["off"]) < 3e-6 * max(1, size)
    np.testing.assert_allclose(trace["as_above"], run.measured_now().answers.numpy(), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("numbering", [[0, 1], list(range(33)) + [32], "shuffled", [0.5] * 34])
def test_a_numbering_that_is_none_is_refused(numbering: object) -> None:
    with pytest.raises(InvalidInput, match="each once"):
        order(GraphRun(GraphSpec()), numbering=numbering)


def test_the_race_is_what_it_says() -> None:
    run = GraphRun(GraphSpec())
    before = {name: values.clone() for name, values in run.network.named_parameters()}
    partial: list[Trace] = []

    def tell(progress: Progress) -> None:
        if progress.trace is not None:
            partial.append(progress.trace)

    trace = to_the_end(order(run, race_seeds=1), tell)
    assert len(partial) == 1
    assert trace["nodes"].shape == trace["graphs"].shape == (3, 2, 1)
    plan = json.loads(str(trace.state["plan"][0]))
    assert (plan["dataset"], plan["told"], plan["held"], plan["graphs_held"]) == ("karate", 2, 32, 48)
    nodes, graphs = trace["nodes"][:, :, 0], trace["graphs"][:, :, 0]
    # Message passing: the very same answers; one that names or reads numbers: near what guessing gives.
    assert nodes[0, 0] == nodes[0, 1] > 0.85
    assert graphs[0, 0] == graphs[0, 1] > 0.9
    assert nodes[1, 0] == nodes[0, 0]
    assert nodes[1, 1] < 0.75 * nodes[1, 0]
    assert nodes[2, 1] < 0.75 * nodes[2, 0]
    assert graphs[1, 0] > 0.85
    assert graphs[1, 1] < 0.5
    assert graphs[2, 1] > 0.9
    for name, values in run.network.named_parameters():
        assert torch.equal(values, before[name])


def test_an_adjacency_numbered_anew_is_a_permuted_one() -> None:
    families = many.load_many("families", 1)
    pieces = [training.numbered(graph, training.outwards(graph)) for graph in families.graphs[:8]]
    padded = torch.stack([training.pad(piece) for piece in pieces])
    sizes = torch.tensor([len(piece.x) for piece in pieces])
    anew = training.anew_all(padded, sizes, torch.Generator().manual_seed(2))
    for one, other, size, graph in zip(padded.numpy(), anew.numpy(), sizes.tolist(), families.graphs, strict=False):
        assert (one != other).any()
        assert not other[size:].any()
        assert not other[:, size:].any()
        own = nx.Graph(graph.edges.tolist())
        for matrix in (one, other):
            assert nx.is_isomorphic(nx.from_numpy_array(matrix[:size, :size]), own)


def test_nodes_are_numbered_outwards_from_one_of_least_degree() -> None:
    for graph in many.load_many("families", 1).graphs[:12]:
        numbering = training.outwards(graph)
        assert sorted(numbering.tolist()) == list(range(graph.count))
        assert graph.degrees[numbering[0]] == graph.degrees.min()
        far = nx.single_source_shortest_path_length(nx.Graph(graph.edges.tolist()), int(numbering[0]))
        steps = [far[node] for node in numbering.tolist()]
        assert steps == sorted(steps)


def test_a_graph_without_classes_races_on_the_karate_club() -> None:
    spec = GraphSpec(task="link")
    learned, name = training.one_graph(spec, load(spec))
    assert name == "karate"
    assert training.majority(learned) == pytest.approx(max(np.bincount(learned.y[learned.held])) / 32)
    florentine = GraphSpec(dataset="florentine")
    assert training.one_graph(florentine, load(florentine))[1] == "florentine"


def test_the_row_readers_matrix_is_networkxs() -> None:
    piece: Piece = load(GraphSpec()).pieces[0]
    wanted = nx.to_numpy_array(nx.karate_club_graph(), weight=None)
    weights = training.adjacency(piece).numpy()
    np.testing.assert_array_equal(weights > 0, wanted > 0)
