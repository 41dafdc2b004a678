"""Batches and readouts against torch_geometric's: Batch.from_data_list and its pools of sum, mean and max."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch_geometric.data import Batch, Data
from torch_geometric.nn import global_add_pool, global_max_pool, global_mean_pool
from torch_geometric.utils import k_hop_subgraph

from dlviz.core.errors import InvalidInput
from dlviz.labs.graph.data import Piece
from dlviz.labs.graph.reading_out import HOWS, LARGEST, neighbourhood, part, readout
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import LAYERS, GraphSpec

POOLS = (global_add_pool, global_mean_pool, global_max_pool)
SETS = [
    GraphSpec(dataset="mutag", task="graph", features="own", hidden=(8, 4), layer=layer, readout="sum")
    for layer in LAYERS
] + [GraphSpec(dataset="families", task="regression", features="degree", hidden=(6,), layer="gin", readout="max")]
SINGLES = [
    GraphSpec(),
    GraphSpec(dataset="lesmis", layer="gat"),
    GraphSpec(task="link", layer="sage", features="degree"),
]


def data_of(piece: Piece) -> Data:
    return Data(x=piece.x, edge_index=piece.index, edge_weight=piece.weight)


@pytest.mark.parametrize("spec", [*SETS, *SINGLES], ids=lambda s: f"{s.dataset}-{s.task}-{s.layer}")
def test_batch_and_readouts_are_torch_geometrics(spec: GraphSpec) -> None:
    run = GraphRun(spec)
    run.advance(3)
    places = [4, 0, 11, 4]  # one twice: each is a graph of its own
    trace = readout(run, graphs=places)
    pieces = [part(run, place) for place in places]
    batch = Batch.from_data_list([data_of(piece) for piece in pieces])
    np.testing.assert_array_equal(trace["chosen"], places)
    for name in ("x", "edge_index", "edge_weight", "batch", "ptr"):
        np.testing.assert_array_equal(trace[name], getattr(batch, name).numpy(), err_msg=name)
    # One pass over the batch is the same as a pass over each graph.
    with torch.no_grad():
        run.network.eval()
        alone = [run.network.embed(p.x, run.network.edges(p.index, p.weight, len(p.x))) for p in pieces]
    embedding = torch.tensor(trace["embedding"])
    np.testing.assert_allclose(embedding, torch.cat(alone), atol=1e-5)
    for how, pool in zip(HOWS, POOLS, strict=True):
        np.testing.assert_allclose(trace[how], pool(embedding, batch.batch), rtol=1e-5, atol=1e-5, err_msg=how)
    if spec.task == "link":
        assert "answers" not in trace.arrays
        return
    head = run.network.head
    for k, how in enumerate(HOWS):
        wanted = trace[how] @ head.weight.detach().numpy().T + head.bias.detach().numpy()
        np.testing.assert_allclose(trace["answers"][k], wanted, rtol=1e-4, atol=1e-4)
    if spec.is_set:
        own = trace["answers"][HOWS.index(spec.readout)]
        with torch.no_grad():
            wanted = [run.network(p.x, run.network.edges(p.index, p.weight, len(p.x)))[0] for p in pieces]
        np.testing.assert_allclose(own, torch.stack(wanted), atol=1e-4, rtol=1e-4)


def test_a_neighbourhood_is_torch_geometrics_one_hop() -> None:
    for spec in SINGLES:
        piece = GraphRun(spec).learned.pieces[0]
        for node in range(len(piece.x)):
            members, index, _, mask = k_hop_subgraph(node, 1, piece.index, relabel_nodes=True, num_nodes=len(piece.x))
            ours = neighbourhood(piece, node)
            if len(members) > LARGEST:
                assert len(ours.x) == LARGEST
                continue
            np.testing.assert_array_equal(ours.x, piece.x[members])
            np.testing.assert_array_equal(ours.index, index)
            np.testing.assert_array_equal(ours.weight, piece.weight[mask])


def test_two_copies_double_the_sum_and_leave_mean_and_max() -> None:
    run = GraphRun(SETS[2])
    run.advance(3)
    piece = run.learned.pieces[7]
    count = len(piece.x)
    index = torch.cat([piece.index, piece.index + count], 1)
    one = readout(run, graphs=[7])
    with torch.no_grad():
        edges = run.network.eval().edges(index, torch.cat([piece.weight] * 2), 2 * count)
        two = run.network.embed(torch.cat([piece.x] * 2), edges)
    np.testing.assert_allclose(two.sum(0), 2 * one["sum"][0], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(two.mean(0), one["mean"][0], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(two.max(0).values, one["max"][0], rtol=1e-5, atol=1e-5)


def test_what_is_read_by_default() -> None:
    run = GraphRun(GraphSpec(dataset="mutag", task="graph", features="own", shown=3))
    sizes = [len(piece.x) for piece in run.learned.pieces]
    assert readout(run)["chosen"].tolist() == [3, int(np.argmin(sizes)), int(np.argmax(sizes))]
    assert len(readout(GraphRun(GraphSpec()))["chosen"]) == 3
    own = GraphRun(GraphSpec(dataset="mutag", task="graph", features="own", graph="0,1\n1,2"))
    assert readout(own)["chosen"][0] == 188
    assert readout(own)["ptr"][1] == 3


@pytest.mark.parametrize("given", [[], [0] * 7, "0", [188], [-1], [0.5], [True]])
def test_what_cannot_be_read_is_refused(given: object) -> None:
    run = GraphRun(GraphSpec(dataset="mutag", task="graph", features="own"))
    with pytest.raises(InvalidInput, match=r"readout\.graphs"):
        readout(run, graphs=given)
