"""The panel Molecules: importance against Captum and torch_geometric, substructures and drawings against rdkit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from rdkit import Chem
from safetensors.torch import load_file
from scipy.stats import mannwhitneyu
from torch import Tensor, nn
from torch_geometric.explain import CaptumExplainer, Explainer
from torch_geometric.nn import GINConv, global_add_pool

from dlviz.core.errors import InvalidInput
from dlviz.data.graphs.graph import Graph
from dlviz.data.graphs.many import mutag
from dlviz.data.graphs.molecules import ELEMENTS
from dlviz.labs.graph.data import piece_of
from dlviz.labs.graph.model import Gnn
from dlviz.labs.graph.molecules import own, substructures
from dlviz.labs.graph.molecules.drawing import drawn, typed
from dlviz.labs.graph.molecules.explaining import (
    METHODS,
    explain,
    gradient_times_input,
    integrated_gradients,
    margins,
    without_atom,
)
from dlviz.labs.graph.molecules.probing import molecules
from dlviz.labs.graph.molecules.surveying import tables
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training import checkpoints

POINTS = 24


def run_of(**changes: Any) -> GraphRun:
    settings: dict[str, Any] = {
        "dataset": "mutag",
        "task": "graph",
        "features": "own",
        "hidden": (8, 6),
        "readout": "sum",
    }
    run = GraphRun(GraphSpec(**(settings | {"layer": "gin", "learning_rate": 0.01} | changes)))
    run.advance(25)
    return run


@pytest.fixture(scope="module")
def gin() -> GraphRun:
    return run_of()


def to_the_end(found: Any) -> Any:
    """The Trace of a probe, long or not."""
    if not hasattr(found, "__next__"):
        return found
    while True:
        try:
            next(found)
        except StopIteration as end:
            return end.value


class Margin(nn.Module):
    """The run's network as torch_geometric's explainers want one: one number of features and edges."""

    def __init__(self, network: Gnn) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor, edge_index: Tensor) -> Tensor:
        edges = self.network.edges(edge_index, torch.ones(edge_index.shape[1]), len(x))
        logits = self.network(x, edges)
        return (logits[:, 1] - logits[:, 0])[:, None]


def captum(network: Gnn, graph: Graph, algorithm: str, **options: Any) -> np.ndarray:
    piece = piece_of(graph.features, graph)
    explainer = Explainer(
        Margin(network.eval()),
        CaptumExplainer(algorithm, **options),
        explanation_type="model",
        node_mask_type="attributes",
        model_config={"mode": "regression", "task_level": "graph", "return_type": "raw"},
    )
    mask = explainer(piece.x, piece.index).node_mask
    return mask.sum(1).detach().numpy()


@pytest.mark.parametrize("layer", ["gin", "gcn", "sage", "gat", "naive", "loops"])
def test_gradients_equal_captum_by_torch_geometric(layer: str) -> None:
    run = run_of(layer=layer, readout="mean" if layer == "gat" else "sum")
    for at in (0, 5):
        graph = run.learned.graphs[at]
        piece = run.learned.pieces[at]
        ours = integrated_gradients(run.network, piece, POINTS)
        theirs = captum(run.network, graph, "IntegratedGradients", method="gausslegendre", n_steps=POINTS)
        np.testing.assert_allclose(ours, theirs, atol=1e-4)
        slopes = captum(run.network, graph, "InputXGradient")
        np.testing.assert_allclose(gradient_times_input(run.network, piece), slopes, atol=1e-5)


def test_integrated_gradients_add_up(gin: GraphRun) -> None:
    for at in (0, 5, 40, 100):
        found = explain(gin.network, gin.learned.graphs[at], "integrated")
        assert found.error == pytest.approx(float(found.atoms.sum()) - (found.margin - found.baseline), abs=1e-4)
        assert abs(found.error) < 0.01 * abs(found.margin - found.baseline)
        assert np.isnan(found.bonds).all()


def test_of_a_linear_network_all_ways_are_one() -> None:
    run = run_of(layer="naive", activation="none")
    graph = run.learned.graphs[3]
    integrated = explain(run.network, graph, "integrated")
    assert abs(integrated.error) < 1e-4
    np.testing.assert_allclose(integrated.atoms, explain(run.network, graph, "gradient").atoms, atol=1e-5)


def pyg_margin(run: GraphRun, graph: Graph, edges: np.ndarray) -> float:
    """The margin of a GIN of torch_geometric's layers with the run's weights; `edges` (bond, 2)."""
    x = torch.tensor(graph.features)
    index = torch.tensor(np.concatenate([edges, edges[:, ::-1]]).T.reshape(2, -1))
    width, state = x.shape[1], run.network.state_dict()
    for k, after in enumerate(run.spec.hidden):
        layer = GINConv(nn.Sequential(nn.Linear(width, after), nn.ReLU(), nn.Linear(after, after)), train_eps=True)
        layer.load_state_dict({name: state[f"layers.{k}.{name}"].reshape(values.shape)
                               for name, values in layer.state_dict().items()})  # fmt: skip
        x, width = layer(x, index), after
        x = x.relu() if k < len(run.spec.hidden) - 1 else x
    logits = global_add_pool(x, torch.zeros(len(x), dtype=torch.long)) @ state["head.weight"].T + state["head.bias"]
    return (logits[0, 1] - logits[0, 0]).item()


def test_leaving_out_is_asking_again(gin: GraphRun) -> None:
    graph = gin.learned.graphs[8]
    found = explain(gin.network, graph, "occlusion")
    whole = pyg_margin(gin, graph, graph.edges)
    assert found.margin == pytest.approx(whole, abs=1e-4)
    for bond in range(len(graph.edges)):
        left = pyg_margin(gin, graph, np.delete(graph.edges, bond, 0))
        assert found.bonds[bond] == pytest.approx(whole - left, abs=1e-4)
    for atom in range(graph.count):
        other = without_atom(graph, atom)
        assert [name for k, name in enumerate(graph.names) if k != atom] == list(other.names)
        assert found.atoms[atom] == pytest.approx(whole - pyg_margin(gin, other, other.edges), abs=1e-4)


def test_with_pair_norm_molecules_are_asked_one_by_one() -> None:
    run = run_of(layer="gcn", norm="pairnorm")
    pieces = run.learned.pieces[:4]
    with torch.no_grad():
        together = margins(run.network, pieces)
        alone = torch.cat([margins(run.network, [piece]) for piece in pieces])
    assert torch.equal(together, alone)
    found = explain(run.network, run.learned.graphs[0], "integrated")
    assert abs(found.error) < 0.02 * abs(found.margin - found.baseline) + 1e-3


def molecule_of(graph: Graph) -> Any:
    made = Chem.RWMol()
    types = (Chem.BondType.AROMATIC, Chem.BondType.SINGLE, Chem.BondType.DOUBLE, Chem.BondType.TRIPLE)
    for name in graph.names:
        made.AddAtom(Chem.Atom(name))
    assert graph.kinds is not None
    for (a, b), kind in zip(graph.edges.tolist(), graph.kinds.tolist(), strict=True):
        made.AddBond(a, b, types[kind])
    made.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(made)
    return made


def test_substructures_of_the_set_are_rdkits() -> None:
    nitro, amine = Chem.MolFromSmarts("[#7](~[#8;D1])~[#8;D1]"), Chem.MolFromSmarts("[#7;D1]-*")
    counts = np.zeros((2, 2, 2), int)  # (nitro or amine, label, there)
    for graph, label in zip(mutag().graphs, mutag().labels, strict=True):
        molecule = molecule_of(graph)
        groups = substructures.nitro(graph)
        wanted = molecule.GetSubstructMatches(nitro)
        assert {tuple(sorted(np.flatnonzero(groups == k))) for k in range(groups.max() + 1)} == {
            tuple(sorted(match)) for match in wanted
        }
        amines = {match[0] for match in molecule.GetSubstructMatches(amine)}
        assert set(np.flatnonzero(substructures.amine(graph))) == amines
        ring = [atom.IsInRing() for atom in molecule.GetAtoms()]
        np.testing.assert_array_equal(substructures.in_ring(graph), ring)
        kinds = substructures.kinds_of_atoms(graph)
        assert ((kinds <= 1) == (groups >= 0)).all()
        assert [graph.names[k] for k in np.flatnonzero(kinds == 3)] == ["C"] * int((kinds == 3).sum())
        for row, there in enumerate((len(wanted) > 0, len(amines) > 0)):
            counts[row, label, int(there)] += 1
    assert (substructures.nitro(typed("CN=O")) == -1).all()  # a nitroso group is none
    assert counts[0].tolist() == [[0, 63], [0, 125]]  # a nitro group is in all of them: it tells nothing apart
    assert counts[1].tolist() == [[51, 12], [121, 4]]


def test_tables_count_what_they_say() -> None:
    rng = np.random.default_rng(0)
    kinds = [substructures.kinds_of_atoms(graph) for graph in mutag().graphs[:20]]
    values = [rng.normal(size=len(kind)).astype(np.float32) for kind in kinds]
    found = tables(values, kinds)
    u, pairs = 0.0, 0
    for value, kind in zip(values, kinds, strict=True):
        inside, outside = np.abs(value[kind <= 1]), np.abs(value[kind > 1])
        u += mannwhitneyu(inside, outside).statistic
        pairs += len(inside) * len(outside)
    assert found["nitro_above"] == pytest.approx(u / pairs, abs=1e-6)
    every, kind = np.concatenate(values), np.concatenate(kinds)
    for k in np.unique(kind):
        assert found["kind_mean"][k] == pytest.approx(every[kind == k].mean(), abs=1e-5)
    assert found["kind_top"].sum() == 20
    assert found["nitro_top"] == sum(
        kind[np.abs(value).argmax()] <= 1 for value, kind in zip(values, kinds, strict=True)
    )


def test_a_drawn_molecule_is_rdkits() -> None:
    checked = drawn({"elements": ["C", "N", "O", "O"], "bonds": [[0, 1], [1, 2], [1, 3]], "kinds": [1, 2, 1]})
    assert (checked.smiles, checked.formula) == (Chem.MolToSmiles(Chem.MolFromSmiles("C[N+](=O)[O-]")), "CH3NO2")
    five = drawn({"elements": ["C"] * 6, "bonds": [[0, k] for k in range(1, 6)], "kinds": [1] * 5})
    assert five.smiles == ""
    assert "Explicit valence for atom # 0 C, 5" in five.problems[0]
    lone = drawn({"elements": ["Cl"], "bonds": [], "kinds": []})
    assert lone.formula == "HCl"
    assert typed(" c1ccccc1 ").names == ("C",) * 6


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"method": "guess"}, "occlusion, gradient, integrated"),
        ({"place": 188}, r"\[0, 187\]"),
        ({"train": 1}, "true or false"),
        ({"smiles": ""}, "must be a SMILES"),
        ({"smiles": "C(C)(C)(C)(C)C"}, "rdkit says: Explicit valence"),
        ({"smiles": "c1ccc"}, "rdkit finds no molecule|rdkit says"),
        ({"drawn": {"elements": ["C", "Xx"], "bonds": [], "kinds": []}}, "atoms out of C, N, O"),
        ({"drawn": {"elements": ["C"], "bonds": [[0, 1]], "kinds": [1]}}, "between two of its atoms"),
        ({"drawn": {"elements": ["C", "C"], "bonds": [[0, 1], [1, 0]], "kinds": [1, 1]}}, "a bond once"),
        ({"drawn": {"elements": ["C", "C"], "bonds": [[0, 1]], "kinds": [4]}}, "a kind for each bond"),
        ({"drawn": [1]}, "elements, bonds and kinds"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(gin: GraphRun, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        to_the_end(molecules(gin, **options))


def test_the_probe_asks_the_run_where_that_labels_molecules(gin: GraphRun) -> None:
    before = {name: values.clone() for name, values in gin.network.state_dict().items()}
    trace = molecules(gin, 7, "gradient")
    assert (int(trace["is_own"]), int(trace["step"])) == (0, 25)
    np.testing.assert_array_equal(trace["importance"], explain(gin.network, gin.learned.graphs[7], "gradient").atoms)
    survey = to_the_end(molecules(gin, survey=True))
    held = gin.learned.held.numpy()
    first = survey["owner"] == 0
    np.testing.assert_allclose(survey["occlusion_importance"][first],
                               explain(gin.network, gin.learned.graphs[held[0]], "occlusion").atoms)  # fmt: skip
    assert survey["integrated_kind_top"].sum() == len(held)
    assert {f"{method}_nitro_above" for method in METHODS} <= set(survey.arrays)
    assert all(torch.equal(values, before[name]) for name, values in gin.network.state_dict().items())


def test_beside_another_stage_the_network_that_ships_is_asked() -> None:
    own.own_run.cache_clear()
    trace = molecules(GraphRun(GraphSpec()))
    assert (int(trace["is_own"]), int(trace["step"])) == (1, own.STEPS)
    kept = load_file(checkpoints.FOLDER / "graph-molecules" / f"{own.STEPS}.safetensors")
    for name, values in trace.state.items():
        if f"network.{name}" in kept:
            np.testing.assert_array_equal(values, kept[f"network.{name}"].numpy())
    assert sum(f"network.{name}" in kept for name in trace.state) == len(list(own.own_run().network.parameters()))


def test_where_none_ships_it_is_trained_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "FOLDER", tmp_path)
    own.own_run.cache_clear()
    karate = GraphRun(GraphSpec())
    untrained = molecules(karate)
    assert (int(untrained["is_own"]), int(untrained["step"])) == (1, 0)
    going = molecules(karate, train=True)
    for _ in range(3):
        next(going)
    going.close()  # somebody pressed Cancel
    part = own.own_run().step
    assert 0 < part < own.STEPS
    trace = to_the_end(molecules(karate, 0, "integrated", train=True))
    assert int(trace["step"]) == own.STEPS
    alone = GraphRun(own.SPEC)
    alone.advance(own.STEPS)
    for name, values in alone.network.state_dict().items():
        np.testing.assert_array_equal(trace.state[name], values.numpy())
    assert len(trace["own_graph_label"]) == 188
    answers = trace["own_answers"].argmax(1)
    held = trace["own_split"] == 1
    assert (answers == trace["own_graph_label"])[held].mean() > 0.665  # more than always saying "mutagenic"
    assert karate.step == 0
    own.own_run.cache_clear()


def test_smiles_name_atoms_the_set_does_not_know(gin: GraphRun) -> None:
    trace = molecules(gin, smiles="CSC")
    assert trace["element"].tolist() == [0, -1, 0]
    assert trace.state["symbols"].tolist() == ["C", "S", "C"]
    assert ELEMENTS[0] == "C"
