"""What a pasted text is read as, before it is taken: against networkx and rdkit, with the run left as it was."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch
from rdkit import Chem

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import load
from dlviz.data.graphs import coding
from dlviz.labs.graph import LAB
from dlviz.labs.graph.probe import for_graph
from dlviz.labs.graph.reading_probe import read
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"


def texts(trace: Any, name: str) -> Any:
    return trace.state[name].tolist()


@pytest.fixture(scope="module")
def run() -> GraphRun:
    made = GraphRun(GraphSpec())
    made.advance(30)
    return made


def test_an_edge_list_gives_its_edges_weights_and_remarks(run: GraphRun) -> None:
    trace = read(run, "source,target,weight\n4,7,2.5\n7,1\n1,7\n9\n")
    assert texts(trace, "kind") == "edges"
    assert len(texts(trace, "remarks")) == 2
    graph = coding.read_code("t", texts(trace, "code"))
    assert graph.names == ("1", "4", "7", "9")
    assert trace["edges"].tolist() == graph.edges.tolist() == [[1, 2], [0, 2]]
    np.testing.assert_allclose(trace["weights"], [2.5, 1])
    assert trace["directed"] == 0
    assert np.abs(trace["places"]).max() <= 1


def test_graphml_is_what_networkx_wrote(run: GraphRun) -> None:
    made = nx.gnm_random_graph(12, 20, seed=3, directed=True)
    trace = read(run, "\n".join(nx.generate_graphml(made)))
    assert texts(trace, "kind") == "graphml"
    assert trace["directed"] == 1
    assert {tuple(edge) for edge in trace["edges"].tolist()} == set(made.edges)


def test_a_smiles_has_atoms_bonds_and_features_as_rdkit_has(run: GraphRun) -> None:
    trace = read(run, ASPIRIN)
    molecule = Chem.MolFromSmiles(ASPIRIN)
    assert texts(trace, "kind") == "smiles"
    assert trace["own"].shape[0] == molecule.GetNumAtoms()
    assert trace["own"].sum(0)[:3].tolist() == [9, 0, 4]  # carbon, nitrogen, oxygen
    assert len(trace["edges"]) == molecule.GetNumBonds()
    aromatic = sum(bond.GetIsAromatic() for bond in molecule.GetBonds())
    assert (trace["kinds"] == 0).sum() == aromatic == 6


def test_the_answers_are_those_of_the_network_of_the_moment(run: GraphRun) -> None:
    text = "0,33\n1,2\n2,0"
    trace = read(run, text)
    network, piece = for_graph(run, coding.read_code("t", texts(trace, "code")))
    with torch.no_grad():
        expected = network(piece.x, network.edges(piece.index, piece.weight, len(piece.x)), piece.batch)
    np.testing.assert_allclose(trace["answers"], expected.numpy(), atol=1e-6)


def test_beside_molecules_a_smiles_is_seen_with_its_atoms() -> None:
    run = GraphRun(GraphSpec(dataset="mutag", task="graph", features="own", hidden=(8, 4)))
    run.advance(2)
    trace = read(run, ASPIRIN)
    run.set({"graph": ASPIRIN})
    expected = read(run)  # now it is the graph on screen
    np.testing.assert_allclose(trace["answers"], expected["answers"], atol=1e-6)
    assert trace["answers"].shape == (1, 2)


@pytest.mark.parametrize("features", ["identity", "degree", "constant"])
def test_without_a_text_it_is_the_graph_on_screen(features: str) -> None:
    run = GraphRun(GraphSpec(dataset="florentine", features=features))
    trace = read(run)
    assert texts(trace, "code") == coding.write(run.learned.graphs[0])
    np.testing.assert_array_equal(trace["answers"], run.frame().arrays["answers"])


def test_a_network_of_own_features_makes_nothing_of_a_graph_without() -> None:
    run = GraphRun(GraphSpec(dataset="own", graph=ASPIRIN, features="own", task="link"))
    assert "answers" not in read(run, "0,1\n1,2").arrays
    assert "answers" in read(run, "CCO").arrays


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0,1\n1,-2", "line 2"),
        ("0,1\n?,2", "line 2"),
        ("0,1,heavy", "line 1"),
        ("CC(=O", "rdkit finds no molecule"),
        ("\n".join(f"{k},{k + 1}" for k in range(100_000)), "at most 2,000 edges"),
        ("<graphml><node", "GraphML"),
        (7, "must be a text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(run: GraphRun, text: Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read(run, text)


def test_reading_is_one_of_the_labs_probes_and_changes_nothing() -> None:
    assert load(next(panel.probe for panel in LAB.panels if panel.slug == "read")) is read
    run, untouched = GraphRun(GraphSpec()), GraphRun(GraphSpec())
    read(run, ASPIRIN)
    read(run, "0,1\n1,2")
    for each in (run, untouched):
        each.advance(5)
    for name, values in untouched.frame().arrays.items():
        np.testing.assert_array_equal(run.frame().arrays[name], values)
