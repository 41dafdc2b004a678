"""The probe of messages: every message, aggregate, attention and output equal torch_geometric's for graphs of rows and
for edited ones, what is refused is refused in words, and the run is left as it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.data.graphs import coding
from dlviz.data.graphs.graph import graph_of
from dlviz.labs.graph import probe
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import LAYERS, GraphSpec
from tests.labs.graph.geometric import by_ends, theirs, twin

CLOSE = 1e-5
HIDDEN = (6, 4)
HEADS = 2
Rows = list[list[float]]


@st.composite
def row_lists(draw: st.DrawFn) -> tuple[Rows, bool]:
    """(rows of source, target and perhaps weight, directed): ids with gaps, self-loops, parts, doubled edges."""
    ids = draw(st.lists(st.integers(0, 40), unique=True, min_size=1, max_size=8))
    ends = st.tuples(st.sampled_from(ids), st.sampled_from(ids))
    pairs = draw(st.lists(ends, min_size=1, max_size=16))
    is_weighed, directed = draw(st.booleans()), draw(st.booleans())
    weight = st.floats(0.125, 8, width=16)
    return [[a, b, draw(weight)] if is_weighed else [a, b] for a, b in pairs], directed


def messages_along(rows: Rows, directed: bool) -> tuple[Tensor, Tensor, int]:
    """(index, weight, nodes): each edge once, both ways where it has none, a self-loop once."""
    place = {name: k for k, name in enumerate(sorted({int(end) for row in rows for end in row[:2]}))}
    once: dict[tuple[int, int], float] = {}
    for row in rows:
        a, b = place[int(row[0])], place[int(row[1])]
        once.setdefault((a, b) if directed else (min(a, b), max(a, b)), row[2] if len(row) == 3 else 1.0)
    both = once if directed else {**once, **{(b, a): weight for (a, b), weight in once.items()}}
    index = torch.tensor(list(both), dtype=torch.long).reshape(-1, 2).T
    return index, torch.tensor(list(both.values()), dtype=torch.float32), len(place)


def check(run: GraphRun, traces: list[Trace], index: Tensor, weight: Tensor) -> None:
    """The traces of all layers against torch_geometric, each layer's input too."""
    state = {name: torch.from_numpy(values) for name, values in traces[0].state.items()}
    x = torch.from_numpy(traces[0]["features"])
    for at, trace in enumerate(traces):
        np.testing.assert_allclose(trace["features"], x, atol=CLOSE, rtol=CLOSE)
        found = theirs(twin(run.spec, state, at), run.spec.layer, x, index, weight)
        wanted = by_ends(found["edges"].tolist(), found["messages"].numpy())
        shown = by_ends(trace["edge_index"].tolist(), trace["messages"])
        assert shown.keys() == wanted.keys()
        for ends, message in shown.items():
            np.testing.assert_allclose(message, wanted[ends], atol=CLOSE, rtol=CLOSE)
        aggregate = found["aggregate"].reshape(len(x), -1)
        np.testing.assert_allclose(trace["aggregate"], aggregate, atol=CLOSE, rtol=CLOSE)
        np.testing.assert_allclose(trace["output"], found["output"], atol=CLOSE, rtol=CLOSE)
        assert ("attention" in trace.arrays) == (run.spec.layer == "gat")
        if run.spec.layer == "gat":
            attention = by_ends(found["edges"].tolist(), found["attention"].numpy())
            for ends, row in by_ends(trace["edge_index"].tolist(), trace["attention"]).items():
                np.testing.assert_allclose(row, attention[ends], atol=CLOSE, rtol=CLOSE)
        x = found["output"] if at == len(HIDDEN) - 1 else found["output"].relu()
        np.testing.assert_allclose(trace["after"], x, atol=CLOSE, rtol=CLOSE)


RUNS: dict[tuple[str, str], GraphRun] = {}


def trained(kind: str, how: str) -> GraphRun:
    if (kind, how) not in RUNS:
        RUNS[kind, how] = GraphRun(GraphSpec(layer=kind, hidden=HIDDEN, heads=HEADS, aggregate=how))
        RUNS[kind, how].advance(8)
    return RUNS[kind, how]


@pytest.mark.parametrize("kind", LAYERS)
@settings(max_examples=15, deadline=None)
@given(given_rows=row_lists(), how=st.sampled_from(["sum", "mean", "max"]))
def test_the_messages_of_any_rows_are_torch_geometrics(kind: str, given_rows: tuple[Rows, bool], how: str) -> None:
    rows, directed = given_rows
    run = trained(kind, how if kind in ("sage", "gin") else "usual")
    index, weight, _ = messages_along(rows, directed)
    traces = [probe.messages(run, layer_number=at, input=rows, directed=directed) for at in range(len(HIDDEN))]
    check(run, traces, index, weight)


@pytest.mark.parametrize("edges", [[[0, 0], [0, 1], [1, 0], [2, 1], [4, 3]], []], ids=["odd", "no-edges"])
@pytest.mark.parametrize("kind", LAYERS)
def test_an_edited_graph_with_lonely_nodes_one_way_edges_and_weights(kind: str, edges: list[list[int]]) -> None:
    weights = np.linspace(0.5, 2.5, len(edges))
    own = np.arange(18, dtype=np.float32).reshape(6, 3) / 10 - 0.7
    graph = graph_of(
        list("abcdef"),
        np.zeros((6, 2)),
        edges,
        directed=True,
        weights=weights,
        features=own,
        feature_names=["u", "v", "w"],
        labels=[0, 1, 0, 1, 0, -1],
        given=[True, True, False, False, False, False],
        classes=["x", "y"],
    )
    spec = GraphSpec(dataset="own", graph=coding.write(graph), features="own", layer=kind, hidden=HIDDEN, heads=HEADS)
    run = GraphRun(spec)
    run.advance(3)
    traces = [probe.messages(run, layer_number=at) for at in range(len(HIDDEN))]
    np.testing.assert_allclose(traces[0]["features"], graph.features, atol=CLOSE)
    index = torch.tensor(edges, dtype=torch.long).reshape(-1, 2).T
    check(run, traces, index, torch.tensor(weights, dtype=torch.float32))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("0,1\n1,2", "rows of numbers"),
        ([["a", "b"]], "rows of numbers"),
        ([[0, 1], [2]], "rows of numbers"),
        ([[0, 1], [-1, 2]], 'line 2: "-1,2"'),
        ([[0.5, 1]], 'line 1: "0.5,1"'),
        ([[0], [1]], r"shape \(2, 1\)"),
        ([[0, 1, 2, 3]], r"shape \(1, 4\)"),
        ([0, 1], r"shape \(2,\)"),
        ([], r"shape \(0,\)"),
        ([[0, 1, -2]], "over 0 as weights"),
        ([[0, 1, 0]], "over 0 as weights"),
        ([[0, 1], [0, float("nan")]], "finite numbers.*line 2"),
        ([[0, 1, float("inf")]], "finite numbers.*line 1"),
        ([[k, k + 1] for k in range(100_000)], "at most 2,000 edges"),
    ],
)
def test_rows_that_are_no_graph_are_refused_in_words(rows: Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        probe.messages(trained("gcn", "usual"), input=rows)
    assert str(refused.value).startswith("messages.input ")
    assert "Try " in str(refused.value)


@pytest.mark.parametrize("number", [-1, 2, 0.5, "1", True])
def test_a_layer_that_is_not_there_is_refused_with_one_that_is(number: Any) -> None:
    with pytest.raises(InvalidInput, match=r"messages.layer_number must be a whole number in \[0, 1\]"):
        probe.messages(trained("gcn", "usual"), layer_number=number)


@pytest.mark.parametrize("kind", LAYERS)
def test_the_run_is_left_as_it_was(kind: str) -> None:
    probed, other = (GraphRun(GraphSpec(layer=kind, hidden=HIDDEN, dropout=0.5, drop_edge=0.2)) for _ in range(2))
    for run in (probed, other):
        run.advance(3)
    for rows in (None, [[0, 1], [1, 2]], [[0, 60, 2.0]]):
        probe.messages(probed, layer_number=1, input=rows, directed=True)
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in probed.network.modules())
    assert probed.network.training == other.network.training
    for run in (probed, other):
        run.advance(3)
    ours, theirs = probed.network.state_dict(), other.network.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)
    assert ours.keys() == theirs.keys()
