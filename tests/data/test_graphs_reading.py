"""Whatever text a person gives is read as the graph it means, or refused in words, at once."""

from __future__ import annotations

import time

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.coding import write
from dlviz.data.graphs.reading import Read, read


def edges(found: Read) -> list[tuple[str, str]]:
    """The edges by the names of their ends."""
    names = found.graph.names
    return [(names[a], names[b]) for a, b in found.graph.edges]


LISTS = {
    "0,1\n1,2": [("0", "1"), ("1", "2")],
    "10;2\r\n2;3": [("2", "10"), ("2", "3")],
    "0\t1\n\n1\t2\n": [("0", "1"), ("1", "2")],
    "# ours\n0 1  # first\n 1   2 ": [("0", "1"), ("1", "2")],
    "a--b\nb - c\n1-2": [("a", "b"), ("b", "c"), ("1", "2")],
    "Mr. Hi, Officer\nOfficer, Jean-Paul": [("Mr. Hi", "Officer"), ("Officer", "Jean-Paul")],
    "0,0": [("0", "0")],
    "\ufeff0\xa01": [("0", "1")],
}


@pytest.mark.parametrize("text", LISTS)
def test_lists_of_edges(text: str) -> None:
    found = read("graph", text)
    assert (found.kind, found.remarks, found.graph.directed) == ("edges", (), False)
    assert edges(found) == LISTS[text]
    assert found.graph.weights.tolist() == [1] * len(LISTS[text])
    assert np.abs(found.graph.places).max() <= 1


def test_an_arrow_anywhere_makes_the_graph_directed() -> None:
    found = read("graph", "b->a\na,b\nb -> c 0.5")
    assert found.graph.directed
    assert edges(found) == [("b", "a"), ("a", "b"), ("b", "c")]
    assert found.graph.weights.tolist() == [1, 1, 0.5]


def test_a_name_alone_is_a_node_without_edges() -> None:
    found = read("graph", "a\nb,c\nd\n")
    assert (found.graph.names, edges(found)) == (("a", "b", "c", "d"), [("b", "c")])
    assert read("graph", "7").graph.names == ("7",)
    assert read("graph", "a\nb").graph.edges.shape == (0, 2)


@pytest.mark.parametrize("heading", ["source,target,weight", "From,To", "x,y,weight", "left,right"])
def test_a_heading_is_no_edge(heading: str) -> None:
    found = read("graph", f"{heading}\n0,1,2\n1,2,0.25")
    assert found.remarks == (f'The first line, "{heading}", was read as a heading.',)
    assert found.graph.names == ("0", "1", "2")
    assert found.graph.weights.tolist() == [2, 0.25]


@pytest.mark.parametrize("heading", ["source,target", "u,v,weight"])
def test_a_heading_over_names_is_no_edge(heading: str) -> None:
    assert edges(read("graph", f"{heading}\nann,bob")) == [("ann", "bob")]
    assert len(edges(read("graph", "ann,bob\nbob,cy"))) == 2


def test_an_edge_named_twice_is_kept_once_and_said() -> None:
    found = read("graph", "0,1,5\n1,0,7\n0,1\n1,2")
    assert found.remarks == ("2 edges were named again; the first weight was kept.",)
    assert found.graph.weights.tolist() == [5, 1]
    assert read("graph", "0->1\n1->0").remarks == ()
    assert read("graph", "0,1\n1,0").remarks == ("1 edge was named again; the first weight was kept.",)


def test_graphml_is_read_as_networkx_wrote_it() -> None:
    ours = nx.DiGraph()
    ours.add_node("p", name="Ann")
    ours.add_node("q")
    ours.add_edge("q", "p", weight=2.5)
    ours.add_edge("p", "p")
    found = read("graph", '<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(nx.generate_graphml(ours)))
    assert (found.kind, found.graph.directed, found.graph.names) == ("graphml", True, ("Ann", "q"))
    assert dict(zip(edges(found), found.graph.weights, strict=True)) == {
        ("q", "Ann"): 2.5,
        ("Ann", "Ann"): 1,
    }
    club = read("graph", "\n".join(nx.generate_graphml(nx.karate_club_graph()))).graph
    assert sorted(map(tuple, club.edges.tolist())) == sorted(map(tuple, map(sorted, nx.karate_club_graph().edges)))


def test_our_own_code_is_read_as_it_was_written() -> None:
    graph = read("graph", "a,b,2\nc").graph
    found = read("graph", "\n" + write(graph))
    assert found.kind == "code"
    assert write(found.graph) == write(graph)


LIMIT = "\n".join(f"{k},{k + j}" for k in range(399) for j in range(1, 8))

REFUSED = {
    "": "must have one node or more",
    "\n# nothing\n": "must have one node or more",
    '{"v":1,"d":0,"c":[],"f":[],"n":[],"e":[]}': "must have one node or more",
    '{"nodes":[]}': "exactly the parts",
    "0,1\n2,": "two nodes and maybe a weight on each line. Got 'line 2: \"2,\"'",
    "0,1\n\n,2": "Got 'line 3: \",2\"'",
    "0,-1": "whole numbers from 0 up",
    "0,1\n-3": "whole numbers from 0 up",
    "1.5,2": "whole numbers from 0 up",
    "a<-b\nb,c": "whole numbers from 0 up",
    "0," + "9" * 16: "whole numbers from 0 up",
    "a b\n" + "x" * 41: "names of at most 40 letters",
    "0,1,0": "numbers over 0 as weights",
    "0,1,-2": "numbers over 0 as weights",
    "0,1,nan": "numbers over 0 as weights",
    "0,1,inf": "numbers over 0 as weights",
    "0,1,1e-60": "numbers over 0 as weights",
    "0,1,heavy\n1,2,3": "numbers over 0 as weights",
    "0,1,2,3": "two nodes and maybe a weight",
    "a -- b -- c": "two nodes and maybe a weight",
    "0,1\n" * 100_000: "at most 2,000 edges. Got '100,000 lines'",
    LIMIT: "at most 2,000 edges",
    "\n".join(map(str, range(401))): "at most 400 nodes",
    "x " * 250_000: "at most 400,000 letters",
    "\x89PNG\r\n\x1a\n\x00": "another kind of file",
    "<svg/>": "GraphML that networkx can read",
    "<graphml": "unclosed token",
    '<!DOCTYPE x [<!ENTITY a "b">]><graphml/>': "must not declare a DOCTYPE",
    '<?xml version="1.0"?><!entity a "b"><graphml/>': "must not declare a DOCTYPE",
    "<graphml>" + "<node/>" * 401 + "</graphml>": "at most 400 nodes",
    "<graphml>" + "<edge />" * 2001 + "</graphml>": "at most 2,000 edges",
    "karate": "rdkit finds no molecule",
    "C1CC": "rdkit finds no molecule",
    "C(C)(C)(C)(C)C": "rdkit says: Explicit valence for atom # 0 C, 5",
    "c1cccc1": "rdkit says: Can't kekulize",
    "C" * 401: "must have 1 to 400 atoms",
    "C" * 2001: "at most 2000 letters",
}


@pytest.mark.parametrize("text", REFUSED, ids=[f"{k}-{rule}" for k, rule in enumerate(REFUSED.values())])
def test_what_cannot_be_read_is_refused_in_words(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InvalidInput) as caught:
        read("your graph", text)
    assert str(caught.value).startswith("your graph must") or "as SMILES" in str(caught.value) or text.startswith("<")
    assert REFUSED[text] in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_weight_that_is_refused_in_graphml() -> None:
    ours = nx.Graph()
    ours.add_edge("p", "q", weight=-1)
    with pytest.raises(InvalidInput, match=r"numbers over 0 as weights\. Got -1"):
        read("graph", "\n".join(nx.generate_graphml(ours)))


def test_a_hundred_thousand_edges_are_refused_at_once() -> None:
    text = "\n".join(f"{k},{k + 1}" for k in range(100_000))
    start = time.perf_counter()
    with pytest.raises(InvalidInput, match="at most 2,000 edges"):
        read("graph", text)
    assert time.perf_counter() - start < 0.1


@given(st.text(max_size=60) | st.text("ab01,;-> \n\t.#<>=c()[]", max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_reading(text: str) -> None:
    try:
        graph = read("graph", text).graph
    except InvalidInput:
        return
    assert graph.count
    assert np.isfinite(graph.places).all()
    assert write(read("graph", write(graph)).graph) == write(graph)
