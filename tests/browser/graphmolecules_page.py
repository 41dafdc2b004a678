"""What the tests of the panel Molecules share: what is on the page, and the same network in torch."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from dlviz.data.graphs.graph import Graph, graph_of
from dlviz.data.graphs.molecules import ELEMENTS, one_hot
from dlviz.labs.graph.data import piece_of
from dlviz.labs.graph.model import Gnn
from dlviz.labs.graph.molecules.explaining import explain, margins
from dlviz.labs.graph.spec import GraphSpec

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graphmolecules)"
LINK = "graph?graph.panel=Molecules"
STAGE = (
    f"{LINK}&graph.dataset=mutag&graph.task=graph&graph.features=own&graph.layer=gin&graph.hidden=8,6&graph.readout=sum"
)
CLOSE = 2e-4
tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 12_000}}], indirect=True, ids=["tall"])


def wait(page: Any, condition: str = "true") -> Any:
    """What the panel shows, once the condition holds of it (`now`)."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.graphmolecules(); return now?.editor && ({condition}); }}", timeout=90_000
    )
    return page.evaluate(f"() => {PANEL}.dlviz.graphmolecules()")


def happened(page: Any, word: str) -> bool:
    return bool(page.evaluate(f"() => {PANEL}.dlviz.happened('{word}')"))


def network_of(page: Any, spec: GraphSpec) -> Gnn:
    """The network whose weights the page asks, in torch."""
    network = Gnn(spec, len(ELEMENTS), 2)
    weights = page.evaluate(f"() => {PANEL}.dlviz.weights()")
    with torch.no_grad():
        for name, values in network.named_parameters():
            values.copy_(torch.tensor(weights[name]).reshape(values.shape))
    return network.eval()


def drawn_graph(shown: dict[str, Any]) -> Graph:
    elements, bonds = shown["elements"], shown["bonds"]
    known = one_hot(elements, (*ELEMENTS, "other"))[:, : len(ELEMENTS)]
    edges = [(bond["a"], bond["b"]) for bond in bonds]
    return graph_of(elements, np.array(shown["places"]), edges, features=known, feature_names=ELEMENTS,
                    kinds=[bond["kind"] for bond in bonds])  # fmt: skip


def margin_of(network: Gnn, graph: Graph) -> float:
    with torch.no_grad():
        return margins(network, [piece_of(graph.features, graph)]).item()


def check_answer(network: Gnn, shown: dict[str, Any]) -> None:
    """What is said of a drawn molecule is what torch says, in sum and by atom."""
    found = explain(network, drawn_graph(shown), "occlusion")
    assert shown["answer"]["margin"] == pytest.approx(found.margin, abs=CLOSE)
    probability = torch.sigmoid(torch.tensor(found.margin)).item()
    assert shown["answer"]["probability"] == pytest.approx(probability, abs=1e-5)
    assert shown["words"]["big"] == f"{100 * probability:.1f} % mutagenic"
    np.testing.assert_allclose(shown["atoms"], found.atoms, atol=CLOSE)
