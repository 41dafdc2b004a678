"""Training of the Graph lab: batches against torch_geometric's, edits under way, what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch_geometric.data import Batch, Data
from torch_geometric.nn import global_add_pool, global_max_pool, global_mean_pool

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs import coding, single
from dlviz.data.graphs.graph import Graph, graph_of
from dlviz.labs.graph.data import together
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec

MUTAG = GraphSpec(dataset="mutag", task="graph", features="own", layer="gin", hidden=(8, 8), readout="sum")


def test_a_batch_is_torch_geometrics() -> None:
    run = GraphRun(MUTAG)
    some = [run.learned.pieces[k] for k in (3, 0, 17)]
    theirs = Batch.from_data_list([Data(x=p.x, edge_index=p.index, edge_attr=p.weight) for p in some])
    ours = together(some)
    assert torch.equal(ours.x, theirs.x)
    assert torch.equal(ours.index, theirs.edge_index)
    assert torch.equal(ours.weight, theirs.edge_attr)
    assert torch.equal(ours.batch, theirs.batch)


@pytest.mark.parametrize(
    ("readout", "pool"), [("sum", global_add_pool), ("mean", global_mean_pool), ("max", global_max_pool)]
)
def test_a_readout_is_torch_geometrics(readout: str, pool: object) -> None:
    run = GraphRun(GraphSpec(dataset="mutag", task="graph", features="own", readout=readout, hidden=(8,)))
    piece = together(list(run.learned.pieces[:9]))
    x = torch.randn(len(piece.x), 8, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(run.network.read_out(x, piece.batch, 9), pool(x, piece.batch))  # type: ignore[operator]


@pytest.mark.parametrize("norm", ["none", "pairnorm"])
def test_a_batch_answers_as_each_graph_alone(norm: str) -> None:
    run = GraphRun(replace(MUTAG, norm=norm))
    some = list(run.learned.pieces[:7])
    network, whole = run.network.eval(), together(some)
    with torch.no_grad():
        at_once = network(whole.x, network.edges(whole.index, whole.weight, len(whole.x)), whole.batch, 7)
        alone = [network(p.x, network.edges(p.index, p.weight, len(p.x)), p.batch) for p in some]
    torch.testing.assert_close(at_once, torch.cat(alone))


def edited(graph: Graph, drop: int) -> str:
    """Karate without one node, and with a new one joined to node 0, as the page writes it."""
    kept = [k for k in range(graph.count) if k != drop]
    place = {old: new for new, old in enumerate(kept)}
    edges = [(place[a], place[b]) for a, b in graph.edges.tolist() if drop not in (a, b)] + [(0, len(kept))]
    labels = [*graph.labels[kept], -1]
    return coding.write(
        graph_of(
            [*(graph.names[k] for k in kept), "new"],
            np.vstack([graph.places[kept], [[0, 0]]]),
            edges,
            keys=[*kept, 99],
            labels=labels,
            given=[*graph.given[kept], False],
            classes=graph.classes,
        )
    )


@pytest.mark.parametrize("layer", ["gcn", "sage", "gat", "gin"])
def test_an_edit_keeps_every_weight_of_what_is_still_there(layer: str) -> None:
    run = GraphRun(GraphSpec(layer=layer))
    run.advance(20)
    before = {name: values.detach().clone() for name, values in run.network.named_parameters()}
    moments = {name: run.optimizer.state[p]["exp_avg"].clone() for name, p in run.network.named_parameters()}
    assert run.set({"graph": edited(single.load_single("karate", 0), 5)}) is False  # it goes on
    assert run.step == 20
    first = {f"layers.0.{name}" for name in run.network.first_layer.input_weights()}
    for name, parameter in run.network.named_parameters():
        kept = list(range(33))
        old = [k for k in range(34) if k != 5]
        pairs = [(parameter.detach(), before[name]), (run.optimizer.state[parameter]["exp_avg"], moments[name])]
        for now, was in pairs:
            if name in first:
                assert torch.equal(now[:, kept], was[:, old]), name
            else:
                assert torch.equal(now, was), name
    run.advance(5)
    assert run.network.inputs == 34


def test_a_moment_of_another_graph_comes_back() -> None:
    run = GraphRun(GraphSpec())
    run.advance(5)
    old = run.snapshot()
    run.set({"graph": edited(single.load_single("karate", 0), 7)})
    run.advance(3)
    new = run.snapshot()
    run.restore(old)
    assert run.learned.graphs[0].count == 34
    assert torch.equal(run.network.get_parameter("layers.0.lin.weight"), old.tensors["network.layers.0.lin.weight"])
    run.restore(new)
    assert 99 in run.learned.graphs[0].keys
    assert run.step == 8


def test_a_label_given_by_click_is_trained_on() -> None:
    run = GraphRun(GraphSpec())
    graph = run.learned.graphs[0]
    given = graph.given.copy()
    given[8] = True
    run.set({"graph": coding.write(graph_of(graph.names, graph.places, graph.edges, labels=graph.labels, given=given,
                                            classes=graph.classes))})  # fmt: skip
    assert run.learned.told.tolist() == [0, 8, 33]
    assert run.network.inputs == 34


def test_held_edges_carry_no_message_and_their_pairs_are_balanced() -> None:
    run = GraphRun(GraphSpec(task="link", hidden=(8, 4)))
    learned, graph = run.learned, run.learned.graphs[0]
    drawn = {(int(a), int(b)) for a, b in graph.edges}
    held = {tuple(pair) for pair in learned.held_positive.tolist()}
    travelled = {tuple(sorted(pair)) for pair in learned.pieces[0].index.T.tolist()}
    assert held <= drawn
    assert travelled == drawn - held
    apart = {tuple(sorted(pair)) for pair in learned.held_negative.tolist()}
    assert len(apart) == len(held)
    assert not apart & drawn


UNLABELLED = coding.write(graph_of(["a", "b"], np.zeros((2, 2)), [[0, 1]]))
REFUSED = [
    ({"dataset": "own"}, "must hold a graph"),
    ({"dataset": "own", "graph": UNLABELLED}, "needs two classes or more"),
    ({"dataset": "mutag"}, "must be graph or regression, since mutag is a set of graphs"),
    ({"task": "graph"}, "must be node or link, since karate is one graph"),
    ({"dataset": "mutag", "task": "graph"}, "node 3 of one graph is not node 3 of another"),
    ({"features": "own"}, "brings no features of its own"),
    ({"layer": "gat", "heads": 3}, "8 is not a multiple"),
    ({"graph": "0,1\n1,-2"}, "line 2"),
    ({"dataset": "own", "graph": UNLABELLED, "task": "link"}, "needs 4 edges and 2 pairs without one"),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_cannot_be_learned_from_is_refused_and_nothing_is_lost(changes: dict[str, object], words: str) -> None:
    run = GraphRun(GraphSpec())
    run.advance(3)
    before = run.snapshot()
    with pytest.raises(InvalidInput, match=words):
        run.set(changes)
    after = run.snapshot()
    assert after.plain == before.plain
    assert all(torch.equal(after.tensors[name], tensor) for name, tensor in before.tensors.items())
    run.advance(1)
