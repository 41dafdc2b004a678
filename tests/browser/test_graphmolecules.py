"""The panel Molecules in the real app: its numbers against torch, its importance against the probe, drawing, SMILES."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlviz.data.graphs.many import mutag
from dlviz.labs.graph.molecules import own
from dlviz.labs.graph.molecules.explaining import METHODS, explain
from dlviz.labs.graph.molecules.probing import molecules
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from tests.browser.graphmolecules_page import (
    CLOSE,
    LINK,
    PANEL,
    STAGE,
    check_answer,
    happened,
    margin_of,
    network_of,
    tall,
    wait,
)

pytestmark = pytest.mark.browser


@tall
@pytest.mark.timeout(240)
def test_beside_karate_it_asks_a_network_of_its_own(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphmolecules")
    now = wait(page, "now.source.isOwn")
    assert (now["source"]["step"], now["source"]["count"], now["spec"]["dataset"]) == (own.STEPS, 188, "karate")
    network = network_of(page, own.SPEC)

    # The gallery: all that it filters, and the wrong ones.
    graphs, labels = mutag().graphs, mutag().labels
    said = np.array([margin_of(network, graph) for graph in graphs])
    wrong = np.flatnonzero((said > 0) != (labels == 1))
    assert now["gallery"]["wrong"] == len(wrong)
    panel.locator("[data-filter=wrong]").click()
    now = wait(page, f"now.gallery.filter === 'wrong' && now.gallery.total === {len(wrong)}")
    for tile, place in zip(now["gallery"]["tiles"], wrong, strict=False):
        assert (tile["place"], tile["label"], tile["isRight"]) == (place, labels[place], False)
        assert tile["probability"] == pytest.approx(1 / (1 + np.exp(-said[place])), abs=1e-4)

    # One of them large, by each method.
    place = int(wrong[1])
    panel.locator(".gm-tile:visible").nth(1).click()
    for method in METHODS:
        panel.locator(f"[data-method={method}]").click()
        now = wait(page, f"now.chosen.place === {place} && now.chosen.method === '{method}' && now.chosen.atoms")
        found = explain(network, graphs[place], method)
        np.testing.assert_allclose(now["chosen"]["atoms"], found.atoms, atol=1e-3 if method == "integrated" else CLOSE)
        assert now["chosen"]["answer"]["margin"] == pytest.approx(found.margin, abs=CLOSE)
        total = f"{found.atoms.sum():.2f}".replace("-", "−")
        assert f"Sum over atoms {total}" in now["chosen"]["sum"]
        if method == "occlusion":
            np.testing.assert_allclose(now["chosen"]["bonds"], found.bonds, atol=CLOSE)
        if method == "integrated":
            assert now["chosen"]["error"] == pytest.approx(found.error, abs=2e-3)
    assert happened(page, "atoms_explained")

    # Keys go from atom to atom; what is said of one is what torch says without it.
    picture = panel.locator(".gm-large canvas")
    picture.press("ArrowRight")
    now = wait(page, "now.chosen.hovered !== null")
    atom = now["chosen"]["hovered"]
    lost = explain(network, graphs[place], "occlusion").atoms[atom]
    assert f"Atom {atom + 1}, " in now["chosen"]["where"]
    assert f"would be {said[place] - lost:.2f} instead of".replace("-", "−") in now["chosen"]["where"]

    # The button brings the stage to the same molecules.
    panel.get_by_role("button", name="Put the stage to these molecules").click()
    now = wait(page, "!now.source.isOwn && now.spec.dataset === 'mutag'")
    assert (now["spec"]["hidden"], now["source"]["step"]) == ([32, 32], 0)
    assert "learned nothing yet" in now["whose"]


@tall
@pytest.mark.timeout(240)
def test_with_molecules_on_the_stage_it_asks_the_stage_and_all_of_them(page: Any, app: str) -> None:
    page.goto(f"{app}/{STAGE}")
    panel = page.locator(".graphmolecules")
    wait(page, "!now.source.isOwn")
    page.evaluate(f"() => {{ {PANEL}.dlviz.advance(40); }}")
    wait(page, "now.source.step === 40 && now.gallery.step === 40")
    spec = GraphSpec(dataset="mutag", task="graph", features="own", layer="gin", hidden=(8, 6), readout="sum")
    network = network_of(page, spec)
    panel.get_by_role("button", name="Ask every atom of those kept back").click()
    now = wait(page, "now.survey.found && !now.survey.running")
    run = GraphRun(spec)
    run.network.load_state_dict(network.state_dict())
    going = molecules(run, survey=True)
    while True:
        try:
            next(going)
        except StopIteration as end:
            trace = end.value
            break
    for method in METHODS:
        shown = now["survey"]["found"]["by"][method]
        assert shown["nitro_above"] == pytest.approx(float(trace[f"{method}_nitro_above"]), abs=2e-3)
        assert f"{100 * shown['nitro_above']:.0f} % (first in {shown['nitro_top']})" in now["survey"]["verdict"]
        np.testing.assert_allclose(shown["kind_mean"], trace[f"{method}_kind_mean"], atol=2e-3)
    facts = now["survey"]["facts"]
    assert facts["nitro"] == {"mutagenic": [125, 125], "not": [63, 63]}
    assert facts["amine"] == {"mutagenic": [4, 125], "not": [12, 63]}
    held, told = run.learned.held.numpy(), run.learned.told.numpy()
    rings, labels = mutag().targets, mutag().labels
    shares = [((rings[told] >= least) == labels[told]).mean() for least in range(9)]
    assert facts["rings"]["least"] == int(np.argmax(shares))
    right = ((rings[held] >= facts["rings"]["least"]) == labels[held]).mean()
    assert facts["rings"]["held"] == pytest.approx(right, abs=1e-9)
    answers = np.array([margin_of(network, mutag().graphs[k]) > 0 for k in held])
    assert now["survey"]["right"] == pytest.approx((answers == (labels[held] == 1)).mean(), abs=1e-9)
    assert f"right on {100 * now['survey']['right']:.1f} %" in now["survey"]["rule"]


def click_at(panel: Any, place: tuple[float, float]) -> None:
    """Press the drawing board at a share of its width and height."""
    canvas = panel.locator(".gm-sheet canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": place[0] * box["width"], "y": place[1] * box["height"]})


def press_atom(panel: Any, now: dict[str, Any], atom: int) -> None:
    x, y = now["editor"]["spots"][atom]
    panel.locator(".gm-sheet canvas").click(position={"x": x, "y": y})


@tall
@pytest.mark.timeout(240)
def test_a_molecule_is_drawn_and_asked(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphmolecules")
    wait(page, "now.source.isOwn")
    network = network_of(page, own.SPEC)
    board = panel.locator(".gm-sheet canvas")
    panel.get_by_role("button", name="Clear").click()
    now = wait(page, "now.editor.elements.length === 0")
    assert now["editor"]["words"]["big"] == "An empty sheet"

    # Nitrobenzene in two presses.
    panel.locator("[data-tool=ring]").click()
    click_at(panel, (0.45, 0.5))
    now = wait(page, "now.editor.elements.length === 6")
    check_answer(network, now["editor"])
    panel.locator("[data-tool=nitro]").click()
    press_atom(panel, now, 0)
    now = wait(page, "now.editor.elements.length === 9")
    assert sorted(now["editor"]["elements"]) == ["C"] * 6 + ["N"] + ["O"] * 2
    check_answer(network, now["editor"])
    assert happened(page, "molecule_drawn")
    board_of_places = now["editor"]["places"]
    assert np.abs(board_of_places).max() <= 1
    panel.get_by_role("button", name="Tidy and check").click()
    now = wait(page, "now.editor.rdkit.startsWith('rdkit knows it as')")
    assert "C6H5NO2" in now["editor"]["rdkit"]
    assert "was given its charge" in now["editor"]["rdkit"]

    # Change, join, erase, and back again.
    panel.locator("[data-tool=change]").click()
    panel.locator("[data-element=Cl]").click()
    press_atom(panel, now, 3)
    now = wait(page, "now.editor.elements[3] === 'Cl'")
    assert [problem["atom"] for problem in now["editor"]["problems"]] == [3]
    assert "chlorine, has 2 bonds; it can have 1" in now["editor"]["words"]["problems"][0]
    check_answer(network, now["editor"])
    panel.get_by_role("button", name="Undo").click()
    now = wait(page, "now.editor.elements[3] === 'C'")
    assert now["editor"]["problems"] == []
    panel.locator("[data-tool=join]").click()
    panel.locator("[data-kind=single]").click()
    box, (ax, ay), (bx, by) = board.bounding_box(), now["editor"]["spots"][0], now["editor"]["spots"][3]
    page.mouse.move(box["x"] + ax, box["y"] + ay)
    page.mouse.down()
    page.mouse.move(box["x"] + bx, box["y"] + by, steps=5)
    page.mouse.up()
    now = wait(page, "now.editor.bonds.length === 10")
    check_answer(network, now["editor"])
    panel.locator("[data-tool=erase]").click()
    press_atom(panel, now, 6)
    now = wait(page, "now.editor.elements.length === 8")
    assert "N" not in now["editor"]["elements"]
    check_answer(network, now["editor"])

    # All of it by keys: a free place, the next atom, a bond between two.
    panel.get_by_role("button", name="Clear").click()
    panel.locator("[data-element=O]").click()
    board.press("n")
    now = wait(page, "now.editor.elements.join() === 'O'")
    panel.locator("[data-element=C]").click()
    panel.locator("[data-kind=double]").click()
    board.press("ArrowUp")
    board.press("Enter")
    now = wait(page, "now.editor.elements.join() === 'O,C'")
    assert now["editor"]["bonds"] == [{"a": 0, "b": 1, "kind": 2}]
    check_answer(network, now["editor"])


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": 390, "height": 14_000}, "has_touch": True}], indirect=True, ids=["phone"]
)
@pytest.mark.timeout(240)
def test_on_a_phone_nothing_overflows(page: Any, app: str) -> None:
    page.goto(f"{app}/{STAGE}")
    panel = page.locator(".graphmolecules")
    wait(page, "!now.source.isOwn")
    panel.locator("[data-filter=held]").click()
    panel.get_by_role("button", name="Ask every atom of those kept back").click()
    wait(page, "now.survey.found")
    panel.get_by_role("button", name="TNT").click()
    now = wait(page, "now.editor.name === 'TNT' && now.gallery.filter === 'held'")
    assert len(now["editor"]["elements"]) == 16
    assert now["gallery"]["total"] == 38
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    for name in (".gm-large", ".gm-sheet", ".gm-verdict", ".gm-tiles"):
        box = panel.locator(name).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
