"""A graph as text and back: nothing is lost, and what is broken is said."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.coding import is_code, read_code, write
from dlviz.data.graphs.graph import Graph, graph_of

NAMES = st.text("abc é<\"'\\", max_size=8)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Graphs of 0 to 9 nodes: isolated ones, self-loops, weights, features, kinds of bonds, keys with gaps."""
    count, directed = draw(st.integers(0, 9)), draw(st.booleans())
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    density = draw(st.sampled_from([0.0, 0.2, 1.0]))
    edges = np.argwhere(rng.random((count, count)) < density)
    edges = edges if directed else edges[edges[:, 0] <= edges[:, 1]]
    edges = rng.permutation(edges)
    classes, features = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    labels = rng.integers(-1, classes, count)
    return graph_of(
        [draw(NAMES) for _ in range(count)],
        rng.uniform(-1, 1, (count, 2)),
        edges,
        keys=rng.permutation(50)[:count],
        weights=draw(st.sampled_from([np.ones(len(edges)), 10.0 ** rng.uniform(-40, 35, len(edges))])),
        directed=directed,
        features=rng.normal(size=(count, features)) * 10.0 ** rng.integers(-9, 9),
        feature_names=[f"f{k}" for k in range(features)],
        labels=labels,
        given=(labels >= 0) & (rng.random(count) < 0.5),
        classes=[f"c{k}" for k in range(classes)],
        kinds=rng.integers(0, 4, len(edges)) if len(edges) and draw(st.booleans()) else None,
    )


@given(graphs())
@settings(max_examples=150, deadline=None)
def test_what_was_written_is_read_again(graph: Graph) -> None:
    text = write(graph)
    assert is_code(text)
    found = read_code("graph", text)
    for part in ("names", "directed", "classes", "feature_names"):
        assert getattr(found, part) == getattr(graph, part)
    for part in ("keys", "edges", "labels", "given"):
        ours, wanted = getattr(found, part), getattr(graph, part)
        assert ours.dtype == wanted.dtype
        np.testing.assert_array_equal(ours, wanted)
    assert found.places.shape == graph.places.shape
    np.testing.assert_allclose(found.places, graph.places, atol=0.0005001)
    np.testing.assert_allclose(found.weights, graph.weights, rtol=1e-5, atol=1e-44)
    np.testing.assert_allclose(found.features, graph.features, rtol=1e-5)
    assert (found.kinds is None) == (graph.kinds is None)
    if graph.kinds is not None:
        np.testing.assert_array_equal(found.kinds, graph.kinds)
    assert write(found) == text


def test_the_text_is_short() -> None:
    graph = graph_of(
        ["left", ""], np.array([[-0.5, 0], [1 / 3, 1]]), [(0, 1), (1, 1)], keys=[0, 3], weights=[1, 2.5],
        labels=[0, 1], given=[True, False], classes=["A", "B"],
    )  # fmt: skip
    assert write(graph) == (
        '{"v":1,"d":0,"c":["A","B"],"f":[],"n":[[0,-0.5,0,0,1,"left"],[3,0.333,1,1,0]],"e":[[0,3],[3,3,2.5]]}'
    )


def changed(**parts: Any) -> str:
    whole = {"v": 1, "d": 0, "c": ["A"], "f": [], "n": [[0, 0, 0, 0, 1], [5, 1, 1, -1, 0]], "e": [[0, 5]]} | parts
    return json.dumps(whole, separators=(",", ":"))


def node(*entry: Any) -> str:
    return changed(n=[list(entry)], e=[])


BROKEN = {
    '{"v":1,': "must be a graph as text",
    '{"v":1,"n":' + "[" * 100_000: "must be a graph as text",
    '{"v":1,"d":' + "1" * 5000 + "}": "must be a graph as text",
    '{"v":1}': "exactly the parts",
    changed(v=2): "exactly the parts",
    changed(more=1): "exactly the parts",
    changed(d=2): "from 0 to 1 as d",
    changed(d=True): "from 0 to 1 as d",
    changed(c="AB"): "a list as its part c",
    changed(c=[str(k) for k in range(11)]): "at most 10 classes",
    changed(c=["A", "A"]): "a name twice in its part c",
    changed(c=[3]): "printable letters",
    changed(f=[str(k) for k in range(33)]): "at most 32 features",
    changed(f=["x"]): "must have 1 features at every node",
    changed(n=[[k, 0, 0, -1, 0] for k in range(401)], e=[]): "at most 400 nodes",
    changed(e=[[0, 5]] * 2001): "at most 2,000 edges",
    changed(n=[[0, 0, 0, 0, 1], [0, 1, 1, 0, 0]]): "a key of its own",
    node(1, 0, 0, 0): "must have nodes [key",
    node(-1, 0, 0, 0, 0): "as key",
    node(0.5, 0, 0, 0, 0): "as key",
    node(2**53, 0, 0, 0, 0): "as key",
    node(0, 1.01, 0, 0, 0): "coordinates from -1 to 1",
    node(0, 0, "0", 0, 0): "coordinates from -1 to 1",
    node(0, float("nan"), 0, 0, 0): "must be a graph as text",
    node(0, 0, 0, 1, 0): "from -1 to 0 as label",
    node(0, 0, 0, -2, 0): "from -1 to 0 as label",
    node(0, 0, 0, 0, 2): "as given",
    node(0, 0, 0, -1, 1): "a label that is unknown",
    node(0, 0, 0, 0, 0, "x" * 41): "printable letters",
    node(0, 0, 0, 0, 0, "\n"): "printable letters",
    node(0, 0, 0, 0, 0, "x", [1]): "must have 0 features at every node",
    changed(f=["x"], n=[[0, 0, 0, 0, 0, "", [10**400]]], e=[]): "finite numbers as features",
    changed(f=["x"], n=[[0, 0, 0, 0, 0, "", [1e39]]], e=[]): "finite numbers as features",
    changed(f=["x"], n=[[0, 0, 0, 0, 0, "", [1, 2]]], e=[]): "must have 1 features at every node",
    changed(e=[[0]]): "must have edges [key",
    changed(e=[[0, 1]]): "between keys of its nodes",
    changed(e=[[0, [5]]]): "between keys of its nodes",
    changed(e=[[0, 5, 0]]): "weights over 0",
    changed(e=[[0, 5, -1]]): "weights over 0",
    changed(e=[[0, 5, 1e-60]]): "weights over 0",
    changed(e=[[0, 5, "1"]]): "weights over 0",
    changed(e=[[0, 5, float("inf")]]): "must be a graph as text",
    changed(e=[[0, 5], [5, 0]]): "each edge once",
    changed(d=1, e=[[0, 5], [0, 5]]): "each edge once",
    changed(e=[[0, 5, 1, 4]]): "from 0 to 3 as kind of a bond",
    changed(e=[[0, 5, 1, 1], [0, 0]]): "the kind of every bond or of none",
    " " * 400_001: "at most 400,000 letters",
}


@pytest.mark.parametrize("text", BROKEN, ids=[f"{k}-{rule}" for k, rule in enumerate(BROKEN.values())])
def test_what_is_broken_is_said(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_code("our graph", text)
    assert str(caught.value).startswith("our graph must")
    assert BROKEN[text] in str(caught.value)


def test_both_directions_of_a_directed_edge_are_two_edges() -> None:
    assert len(read_code("graph", changed(d=1, e=[[0, 5], [5, 0]])).edges) == 2
