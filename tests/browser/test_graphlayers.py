"""The panel Layers in the real app: six layers and what each sees against torch, lengths against numpy and scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import pearsonr, spearmanr

from dlviz.labs.graph import layers as passing
from dlviz.labs.graph.layering import SPREADS, layers, six, spread
from dlviz.labs.graph.probe import shown_piece
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import LAYERS, GraphSpec

LINK = "graph?graph.panel=Layers"
PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graphlayers)"
CLOSE = 1e-4
ODD = "0->1,0.5\n0->2,2\n1->2\n2->2,3\n3->2,1\n5->3,4\n4\n"

pytestmark = pytest.mark.browser
tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 12_000}}], indirect=True, ids=["tall"])


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.graphlayers(); return now?.scale && ({condition}); }}", timeout=90_000
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.graphlayers()")
    return found


def check_cards(now: dict[str, Any], run: GraphRun, trace: Any) -> None:
    """Outputs are the probe's, and coefficients times W x make them."""
    node, x = now["node"], shown_piece(run).x
    for kind in LAYERS:
        card = now["cards"][kind]
        np.testing.assert_allclose(card["output"], trace[kind][node], atol=CLOSE, rtol=CLOSE)
        assert card["norm"] == pytest.approx(np.linalg.norm(trace[kind][node]), abs=CLOSE, rel=CLOSE)
        if kind in ("gin", "sage"):
            continue
        product = x.numpy() @ trace.state[f"{kind}.lin.weight"].T
        heads = len(card["terms"][0]["coefficient"]) if card["terms"] else 1
        made = np.concatenate([
            sum((term["coefficient"][k] * part[term["node"]] for term in card["terms"]), np.zeros(part.shape[1]))
            for k, part in enumerate(np.split(product, heads, 1))
        ])  # fmt: skip
        np.testing.assert_allclose(made + trace.state[f"{kind}.bias"], trace[kind][node], atol=CLOSE, rtol=CLOSE)


def moved(run: GraphRun, kind: str, change: str, node: int, seed: int) -> float:
    """By how much of its length torch's output of the node moves."""
    piece = shown_piece(run)
    x, index, weight, count = piece.x.clone(), piece.index, piece.weight, len(piece.x)
    layer = six(x.shape[1], 4, 2, seed)[kind]
    mine = ((index[1] == node) & (index[0] != node)).nonzero()[:, 0]

    def said() -> torch.Tensor:
        with torch.no_grad():
            return layer(x, passing.edges_of(kind, index, weight, count))[node]

    before = said()
    if change == "own":
        x[node] += 1
    elif change == "weights":
        weight = 2 * weight
    elif change == "order":
        index, weight = index.flip(1), weight.flip(0)
    elif change == "twins":
        index, weight = torch.cat([index, index[:, mine]], 1), torch.cat([weight, weight[mine]])
    else:
        x = torch.cat([x, torch.zeros(1, x.shape[1])])
        index = torch.cat([index, torch.tensor([[count], [int(index[0, mine[0]])]])], 1)
        weight, count = torch.cat([weight, torch.ones(1)]), count + 1
    return float((said() - before).norm() / before.norm())


@tall
@pytest.mark.timeout(240)
def test_six_layers_at_any_node_are_torchs_and_so_is_what_they_see(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphlayers")
    now = wait(page)
    run = GraphRun(GraphSpec())
    check_cards(now, run, layers(run))
    assert not page.evaluate(f"() => {PANEL}.dlviz.happened('layers_compared')")

    # Another node by the keys, another W, four heads; what is pointed at is said in every card.
    canvas = panel.locator(".gy-graph canvas")
    canvas.press("ArrowUp")
    canvas.press("ArrowUp")
    canvas.press("Enter")
    now = wait(page, "now.node !== 0")
    panel.get_by_role("button", name="Another W").click()
    panel.get_by_role("group", name="Heads of GAT").get_by_role("button", name="4").click()
    now = wait(page, "now.heads === 4 && now.state.seed === 2")
    check_cards(now, run, layers(run, seed=2, heads=4))
    assert page.evaluate(f"() => {PANEL}.dlviz.happened('layers_compared')")
    page.evaluate(f"() => {PANEL}.dlviz.pick({{ node: 33 }})")
    now = wait(page, "now.node === 33")
    panel.get_by_role("listbox", name="GCN: what each neighbour counts for").press("ArrowRight")
    now = wait(page, "now.focus !== null && now.cards.gcn.line")
    panel.get_by_role("listbox", name="GCN: what each neighbour counts for").press("ArrowRight")
    degrees = shown_piece(run).index[1].bincount() + 1
    now = wait(page, "now.focus !== 33")
    value = 1 / np.sqrt(float(degrees[33] * degrees[now["focus"]]))
    said = f"÷ √({degrees[33]} × {degrees[now['focus']]}) = "
    assert said in now["cards"]["gcn"]["line"]
    assert float(now["cards"]["gcn"]["line"].split("= ")[1]) == pytest.approx(value, abs=5e-4)

    panel.get_by_role("group", name="Heads of GAT").get_by_role("button", name="2").click()
    now = wait(page, "now.heads === 2 && now.cards.gat.terms[0].coefficient.length === 2")
    for kind in LAYERS:
        for change, found in now["sees"][kind].items():
            if change == "self":
                continue
            wanted = moved(run, kind, change, 33, 2)
            assert found["size"] == pytest.approx(wanted, abs=2e-6, rel=2e-3), (kind, change)
            assert found["changes"] == (wanted > 1e-5), (kind, change)
    assert "deaf to its own features is A X W; GraphSAGE cannot tell how many" in now["sees_words"]
    assert now["sees"]["naive"]["self"] == [0]

    # A seed that is none is said, and stays said.
    typed = panel.get_by_label("Seed of W")
    typed.fill("-3")
    typed.press("Enter")
    page.evaluate(f"() => {PANEL}.dlviz.pick({{ node: 5 }})")
    now = wait(page, "now.node === 5")
    assert panel.get_by_text("Give a whole number from 0 to 9999 as the seed.").is_visible()
    assert (now["state"]["seed"], typed.input_value()) == (2, "-3")


@tall
@pytest.mark.timeout(240)
def test_lengths_against_degree_are_numpys_and_scipys(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}&graph.dataset=lesmis")
    panel = page.locator(".graphlayers")
    wait(page, "now.scale.lengths.naive[0].length === 77")
    assert not page.evaluate(f"() => {PANEL}.dlviz.happened('scale_seen')")
    panel.get_by_label("Layers", exact=True).press("ArrowRight")
    now = wait(page, "now.scale.power === 4")
    assert page.evaluate(f"() => {PANEL}.dlviz.happened('scale_seen')")
    run = GraphRun(GraphSpec(dataset="lesmis"))
    check_scale(now["scale"], run, symmetric=True)
    assert max(now["scale"]["most"]["gcn"]) <= 1 + 1e-6

    # A dot one points at is the node of the graph.
    spot = now["scale"]["spots"][11]
    box = panel.locator("canvas.gy-scatter").first.bounding_box()
    page.mouse.move(box["x"] + spot[0], box["y"] + spot[1])
    now = wait(page, "now.scale.hovered !== null")
    at = np.array(now["scale"]["spots"])
    assert np.hypot(*(at[now["scale"]["hovered"]] - spot)) < 1
    page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
    wait(page, f"now.node === {now['scale']['hovered']}")


def check_scale(scale: dict[str, Any], run: GraphRun, symmetric: bool) -> None:
    piece = shown_piece(run)
    degrees = piece.index[1].bincount(minlength=len(piece.x)).numpy()
    np.testing.assert_array_equal(scale["degrees"], degrees)
    for kind in SPREADS:
        matrix = spread(kind, piece.index, piece.weight, len(piece.x)).numpy()
        power = np.eye(len(matrix))
        for k in range(6):
            power = matrix @ power
            norms = np.linalg.norm(power, axis=1)
            np.testing.assert_allclose(scale["lengths"][kind][k], norms, rtol=1e-5, atol=1e-9)
            assert scale["most"][kind][k] == pytest.approx(norms.max(), rel=1e-5)
        row = scale["lengths"][kind][scale["power"] - 1]
        rounded = [float(f"{value:.8g}") for value in row]  # sums of equal numbers end differently
        assert scale["said"][kind]["spearman"] == pytest.approx(spearmanr(degrees, rounded).statistic, abs=1e-9)
        assert scale["said"][kind]["pearson"] == pytest.approx(pearsonr(degrees, row).statistic, abs=1e-9)
    matrix = spread("naive", piece.index, piece.weight, len(piece.x)).numpy()
    eigenvalues = np.linalg.eigvalsh(matrix) if symmetric else np.linalg.eigvals(matrix).real
    assert scale["value"] == pytest.approx(eigenvalues.max(), rel=1e-5)


@tall
@pytest.mark.timeout(240)
def test_one_way_edges_weights_and_a_node_alone_with_the_trained_w(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphlayers")
    wait(page)
    changes = {"dataset": "own", "graph": ODD, "task": "link", "layer": "sage", "hidden": [6, 2]}
    page.evaluate(f"(changes) => {PANEL}.dlviz.change(changes)", changes)
    wait(page, "now.spec.layer === 'sage' && now.scale.degrees.length === 6")
    page.evaluate(f"() => {PANEL}.dlviz.advance(12)")
    panel.get_by_role("button", name="Trained, of the network above").click()
    run = GraphRun(GraphSpec(dataset="own", graph=ODD, task="link", layer="sage", hidden=(6, 2)))
    now = wait(page, "now.step === 12 && now.state.trained && now.outputs === 6 && now.cards.sage.tag")
    run.advance(now["step"])
    trace = layers(run, trained=True)
    for node in range(6):
        page.evaluate(f"(node) => {PANEL}.dlviz.pick({{ node }})", node)
        now = wait(page, f"now.node === {node}")
        check_cards(now, run, trace)
        degree = int((shown_piece(run).index[1] == node).sum())
        if degree == 0:
            assert now["sees"]["gcn"]["twins"] is None
            assert now["cards"]["naive"]["norm"] == 0
            assert "No message arrives" in now["words"]
    piece = shown_piece(run)
    for kind in SPREADS:
        matrix = spread(kind, piece.index, piece.weight, 6).numpy()
        np.testing.assert_allclose(now["scale"]["lengths"][kind][1], np.linalg.norm(matrix @ matrix, axis=1), rtol=1e-5)
    assert now["problem"] == ""


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 14_000}}], indirect=True, ids=["phone"])
@pytest.mark.timeout(240)
def test_on_a_phone_with_molecules_nothing_overflows(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}&graph.dataset=mutag&graph.task=graph&graph.features=own&graph.shown=4")
    now = wait(page, "now.spec.dataset === 'mutag'")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    run = GraphRun(GraphSpec(dataset="mutag", task="graph", features="own", shown=4))
    check_cards(now, run, layers(run))
    cards = page.locator(".graphlayers .gy-card")
    first, second = cards.nth(0).bounding_box(), cards.nth(1).bounding_box()
    assert first["y"] + first["height"] <= second["y"]
    assert second["x"] + second["width"] <= 390
