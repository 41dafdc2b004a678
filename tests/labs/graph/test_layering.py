"""The six layers beside each other against torch_geometric; lengths against numpy's powers; what is refused."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import torch
from torch import nn
from torch_geometric.nn import GATConv, GCNConv, GINConv, SAGEConv

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.graph.layering import SPREADS, layers
from dlviz.labs.graph.probe import shown_piece
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import LAYERS, GraphSpec

CLOSE = 1e-5
ONE_WAY = "a->b,0.5\na->c,2\nc->c,3\nd->c,1\ne\n"
SPECS = [
    GraphSpec(),
    GraphSpec(dataset="lesmis", features="degree"),
    GraphSpec(dataset="own", graph="0->1,0.5\n0->2,2\n2->2,3\n3->2,1\n4->0,1\n", task="link", features="identity"),
    GraphSpec(dataset="mutag", task="graph", features="own", shown=3),
]


def twin(kind: str, trace: Trace, inputs: int, heads: int) -> nn.Module:
    match kind:
        case "sage":
            other: nn.Module = SAGEConv(inputs, 4)
        case "gat":
            other = GATConv(inputs, 4 // heads, heads)
        case "gin":
            other = GINConv(nn.Sequential(nn.Linear(inputs, 4), nn.ReLU(), nn.Linear(4, 4)), train_eps=True)
        case _:
            other = GCNConv(inputs, 4, normalize=kind == "gcn")
    names = other.state_dict()
    other.load_state_dict({name: torch.tensor(trace.state[f"{kind}.{name}"]) for name in names})
    return other


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.dataset)
def test_all_six_equal_torch_geometrics_with_one_w(spec: GraphSpec) -> None:
    run = GraphRun(spec)
    piece = shown_piece(run)
    trace = layers(run, seed=5, heads=2)
    count, inputs = piece.x.shape
    shared = trace.state["naive.lin.weight"]
    for name in ("loops.lin", "gcn.lin", "sage.lin_l", "sage.lin_r", "gat.lin", "gin.nn.0"):
        np.testing.assert_array_equal(trace.state[f"{name}.weight"], shared)
    for kind in LAYERS:
        other = twin(kind, trace, inputs, 2)
        index, weight = piece.index, piece.weight
        if kind == "loops":  # a node that has a self-loop keeps it
            without = torch.tensor([k not in index[0][index[0] == index[1]].tolist() for k in range(count)])
            every = torch.arange(count)[without]
            index = torch.cat([index, torch.stack([every, every])], 1)
            weight = torch.cat([weight, torch.ones(len(every))])
        with torch.no_grad():
            wanted = other(piece.x, index, weight) if kind in ("naive", "loops", "gcn") else other(piece.x, index)
        np.testing.assert_allclose(trace[kind], wanted.numpy(), atol=CLOSE, rtol=CLOSE)
    sums = np.zeros((count, 2))
    np.add.at(sums, trace["edge_index"][1], trace["attention"])
    np.testing.assert_allclose(sums, 1, atol=1e-6)


def test_lengths_are_rows_of_powers_and_grow_as_the_largest_eigenvalue() -> None:
    run = GraphRun(GraphSpec())
    trace = layers(run)
    graph = nx.karate_club_graph()
    matrix = nx.to_numpy_array(graph)  # weighted, as the lab has it
    count = len(matrix)
    looped = matrix + np.eye(count)
    root = np.diag(looped.sum(1) ** -0.5)
    binary = (matrix > 0).astype(float)
    wanted = {"naive": matrix, "loops": looped, "mean": binary / binary.sum(1, keepdims=True),
              "gcn": root @ looped @ root}  # fmt: skip
    if run.learned.graphs[0].weights.max() == 1:
        wanted |= {"naive": binary, "loops": binary + np.eye(count)}
        root = np.diag((binary.sum(1) + 1) ** -0.5)
        wanted["gcn"] = root @ (binary + np.eye(count)) @ root
    for s, kind in enumerate(SPREADS):
        power = np.eye(count)
        for k in range(6):
            power = wanted[kind] @ power
            np.testing.assert_allclose(trace["norms"][s, k], np.linalg.norm(power, axis=1), rtol=1e-5)
    largest = np.linalg.eigvalsh(wanted["naive"]).max()
    longest = trace["norms"].max(2)
    assert longest[0, 5] / longest[0, 4] == pytest.approx(largest, rel=0.02)
    assert (longest[3] <= 1 + 1e-6).all()
    np.testing.assert_array_equal(trace["degree"], binary.sum(1))


@pytest.mark.parametrize("layer", LAYERS)
def test_trained_w_is_that_of_the_first_layer_in_all_six(layer: str) -> None:
    run = GraphRun(GraphSpec(layer=layer, hidden=(6, 2)))
    run.advance(20)
    trace = layers(run, trained=True)
    steps = run.network.first_layer.steps(run.learned.pieces[0].x, run.network.edges(
        run.learned.pieces[0].index, run.learned.pieces[0].weight, 34))  # fmt: skip
    np.testing.assert_allclose(trace[layer], steps["output"].detach().numpy(), atol=CLOSE)
    first = run.network.first_layer
    learned = first.get_parameter(first.input_weights()[0]).detach().numpy()
    for kind in set(LAYERS) - {layer}:
        name = {"sage": "lin_l", "gin": "nn.0"}.get(kind, "lin")
        np.testing.assert_array_equal(trace.state[f"{kind}.{name}.weight"], learned)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seed": -1}, "layers.seed"),
        ({"outputs": 5, "heads": 2}, "must divide"),
        ({"heads": 0}, "layers.heads"),
        ({"trained": 1}, "layers.trained"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, int], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        layers(GraphRun(GraphSpec()), **options)


def test_heads_that_are_averaged_have_no_shared_w() -> None:
    with pytest.raises(InvalidInput, match="one layer more"):
        layers(GraphRun(GraphSpec(layer="gat", hidden=(4,))), trained=True)
