"""The panel Molecules in the real app: SMILES that can be read and that cannot, and how far they are from the set."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from networkx.algorithms.graph_hashing import weisfeiler_lehman_subgraph_hashes

from dlviz.data.graphs.graph import Graph
from dlviz.data.graphs.many import mutag
from dlviz.labs.graph.molecules import own
from dlviz.labs.graph.run import GraphRun
from tests.browser.graphmolecules_page import (
    LINK,
    check_answer,
    drawn_graph,
    network_of,
    tall,
    wait,
)

pytestmark = pytest.mark.browser


def hashes(graph: Graph, rounds: int) -> list[list[str]]:
    """Of every atom the names of its surroundings after 0 … rounds steps, by networkx."""
    plain = nx.Graph()
    plain.add_nodes_from((k, {"element": name}) for k, name in enumerate(graph.names))
    plain.add_edges_from(graph.edges.tolist())
    found = weisfeiler_lehman_subgraph_hashes(
        plain, node_attr="element", iterations=rounds, include_initial_labels=True
    )
    return [found[k] for k in range(graph.count)]


@tall
@pytest.mark.timeout(240)
def test_smiles_good_and_bad(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphmolecules")
    wait(page, "now.source.isOwn")
    network = network_of(page, own.SPEC)
    panel.get_by_role("button", name="Caffeine").click()
    now = wait(page, "now.editor.name === 'Caffeine'")
    shown = now["editor"]
    check_answer(network, shown)
    assert shown["problems"] == []
    # How far it is from what the network has seen.
    rounds = shown["rounds"]
    read = [hashes(graph, rounds) for graph in mutag().graphs]
    told = GraphRun(own.SPEC).learned.told.tolist()
    familiar = {names[rounds] for k in told for names in read[k]}
    mine = hashes(drawn_graph(shown), rounds)
    assert shown["strange"] == [k for k, names in enumerate(mine) if names[rounds] not in familiar]
    assert f"Only {len(mine) - len(shown['strange'])} of its 14 atoms" in shown["words"]["domain"]
    assert "no nitro group, and all 188 molecules of the set have one" in shown["words"]["domain"]
    assert "outside what the network has seen" in shown["words"]["domain"]

    def counted(names: list[list[str]]) -> dict[tuple[int, str], int]:
        found: dict[tuple[int, str], int] = {}
        for atom in names:
            for turn, name in enumerate(atom):
                found[turn, name] = found.get((turn, name), 0) + 1
        return found

    own_counts = counted(mine)
    alike = []
    for names in read:
        other = counted(names)
        keys = set(own_counts) | set(other)
        both = sum(min(own_counts.get(key, 0), other.get(key, 0)) for key in keys)
        alike.append(both / sum(max(own_counts.get(key, 0), other.get(key, 0)) for key in keys))
    assert shown["alike"] == pytest.approx(max(alike), abs=1e-9)
    assert alike[shown["nearest"]] == pytest.approx(max(alike), abs=1e-9)

    field = panel.get_by_label("Or as SMILES")
    for bad, words in (
        ("C(C)(C)(C)(C)C", "rdkit says: Explicit valence for atom # 0 C"),
        ("c1ccc", "rdkit"),
        ("  ", "Type a SMILES first"),
    ):
        field.fill(bad)
        field.press("Enter")
        now = wait(page, f"now.editor.typed.problem.includes({words!r})")
        assert now["editor"]["typed"]["text"] == bad  # what was typed stays, and so does the drawing
        assert now["editor"]["name"] == "Caffeine"
    field.fill("CSC")
    panel.get_by_role("button", name="Read", exact=True).click()
    now = wait(page, "now.editor.elements.join() === 'C,S,C'")
    assert now["editor"]["typed"]["problem"] == ""
    assert "S is none of the set's elements" in now["editor"]["words"]["problems"][0]
    check_answer(network, now["editor"])
