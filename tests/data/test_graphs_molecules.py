"""Molecules: what a SMILES says, counted by hand and by rdkit, and MUTAG as it was published."""

from __future__ import annotations

import numpy as np
import pytest

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.many import FAMILIES, GraphSet, load_many, rings, triangles
from dlviz.data.graphs.molecules import BONDS, ELEMENTS, OTHER
from dlviz.data.graphs.reading import read


def bonds(smiles: str) -> dict[str, int]:
    found = read("graph", smiles)
    assert found.kind == "smiles"
    assert found.graph.kinds is not None
    return {bond: int((found.graph.kinds == k).sum()) for k, bond in enumerate(BONDS) if (found.graph.kinds == k).any()}


def test_benzene_is_a_ring_of_six() -> None:
    graph = read("graph", "c1ccccc1").graph
    assert bonds("c1ccccc1") == bonds("C1=CC=CC=C1") == {"aromatic": 6}
    assert graph.names == ("C",) * 6
    assert graph.degrees.tolist() == [2] * 6
    radius = np.linalg.norm(graph.places - graph.places.mean(axis=0), axis=1)
    np.testing.assert_allclose(radius, radius[0], rtol=1e-4)


def test_caffeine_counted_by_hand() -> None:
    graph = read("graph", "CN1C=NC2=C1C(=O)N(C(=O)N2C)C").graph
    assert graph.feature_names == (*ELEMENTS, OTHER)
    # C8H10N4O2: two rings, so one bond more than atoms.
    assert graph.features.sum(axis=0).tolist() == [8, 4, 2, 0, 0, 0, 0, 0]
    assert (len(graph.edges), rings(graph)) == (15, 2)
    # Two double bonds to oxygen; aromatic: five bonds of the small ring and five more of the large one.
    assert bonds("CN1C=NC2=C1C(=O)N(C(=O)N2C)C") == {"aromatic": 10, "single": 3, "double": 2}
    lengths = np.linalg.norm(graph.places[graph.edges[:, 0]] - graph.places[graph.edges[:, 1]], axis=1)
    assert lengths.max() < 1.3 * lengths.min()


def test_a_chain_is_drawn_as_chemists_do() -> None:
    steps = np.diff(read("graph", "CCCCC").graph.places, axis=0)
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    np.testing.assert_allclose((steps[:-1] * steps[1:]).sum(axis=1), 0.5, atol=0.01)  # it turns by 60 degrees


@pytest.mark.parametrize(
    "smiles", ["CC(=O)Oc1ccccc1C(=O)O", "C#N", "[Na+].[Cl-]", "C1CC1C#CBr", "O=[N+]([O-])c1ccccc1"]
)
def test_atoms_and_bonds_are_those_of_rdkit(smiles: str) -> None:
    from rdkit import Chem

    molecule = Chem.MolFromSmiles(smiles)
    graph = read("graph", smiles).graph
    assert graph.names == tuple(atom.GetSymbol() for atom in molecule.GetAtoms())
    wanted = {(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()): str(bond.GetBondType()) for bond in molecule.GetBonds()}
    assert graph.kinds is not None
    found = {(a, b): BONDS[kind].upper() for (a, b), kind in zip(graph.edges.tolist(), graph.kinds, strict=True)}
    assert found == {tuple(sorted(ends)): kind for ends, kind in wanted.items()}


def test_an_element_that_mutag_lacks_is_other() -> None:
    graph = read("graph", "[Na+].[Cl-]").graph
    assert graph.features.argmax(axis=1).tolist() == [7, ELEMENTS.index("Cl")]


@pytest.fixture(scope="module")
def mutag() -> GraphSet:
    return load_many("mutag", 0)


def test_mutag_is_what_was_published(mutag: GraphSet) -> None:
    assert mutag.classes == ("Not mutagenic", "Mutagenic")
    assert np.bincount(mutag.labels).tolist() == [63, 125]
    # TUDatasets: 188 graphs, 17.93 nodes and 19.79 edges on average.
    assert len(mutag.graphs) == 188
    assert round(float(np.mean([graph.count for graph in mutag.graphs])), 2) == 17.93
    assert round(float(np.mean([len(graph.edges) for graph in mutag.graphs])), 2) == 19.79
    elements = sum(graph.features.sum(axis=0) for graph in mutag.graphs)
    assert dict(zip(ELEMENTS, elements.tolist(), strict=True)) == {
        "C": 2395, "N": 345, "O": 593, "F": 12, "I": 1, "Cl": 23, "Br": 2,
    }  # fmt: skip


def test_molecules_of_mutag_are_nitro_compounds_that_are_whole(mutag: GraphSet) -> None:
    for graph, target in zip(mutag.graphs, mutag.targets, strict=True):
        assert graph.names == tuple(ELEMENTS[k] for k in graph.features.argmax(axis=1))
        assert set(graph.features.sum(axis=1)) == {1}
        assert graph.kinds is not None
        double = graph.edges[graph.kinds == BONDS.index("double")]
        ends = [{graph.names[a], graph.names[b]} for a, b in double]
        assert {"N", "O"} in ends  # each has a nitro group
        assert (graph.edges[:, 0] < graph.edges[:, 1]).all()
        assert target == rings(graph) == len(graph.edges) - graph.count + 1
        lengths = np.linalg.norm(graph.places[graph.edges[:, 0]] - graph.places[graph.edges[:, 1]], axis=1)
        assert lengths.min() > 0.05
        assert np.abs(graph.places).max() <= 1


def test_families_are_what_their_names_say() -> None:
    import networkx as nx

    found = load_many("families", 3)
    assert np.bincount(found.labels).tolist() == [60] * 4
    for graph, label, target in zip(found.graphs, found.labels, found.targets, strict=True):
        ours = nx.Graph(graph.edges.tolist())
        assert 6 <= graph.count <= 16
        assert ours.number_of_nodes() == graph.count
        assert ours.number_of_edges() == len(graph.edges)
        assert nx.is_connected(ours)
        assert target == triangles(graph) == sum(nx.triangles(ours).values()) / 3
        wanted = {
            "Ring": nx.cycle_graph(graph.count),
            "Ladder": nx.ladder_graph(graph.count // 2),
            "Tree": None,
            "Dense": None,
        }[FAMILIES[label]]
        if wanted is not None:
            assert nx.is_isomorphic(ours, wanted)
        assert FAMILIES[label] != "Tree" or nx.is_tree(ours)
    dense = [graph for graph, label in zip(found.graphs, found.labels, strict=True) if FAMILIES[label] == "Dense"]
    share = sum(len(graph.edges) for graph in dense) / sum(graph.count * (graph.count - 1) / 2 for graph in dense)
    assert abs(share - 0.6) < 0.03


def test_families_depend_on_the_seed_and_on_nothing_else() -> None:
    first, again, other = (load_many("families", seed) for seed in (1, 1, 2))
    for a, b in zip(first.graphs, again.graphs, strict=True):
        np.testing.assert_array_equal(a.edges, b.edges)
        np.testing.assert_array_equal(a.places, b.places)
    assert first.targets.tolist() != other.targets.tolist()


def test_a_set_that_is_not_there() -> None:
    with pytest.raises(InvalidInput, match="must be one of mutag, families"):
        load_many("cora", 0)
