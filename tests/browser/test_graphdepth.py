"""The panel Depth in the real app: walks against numpy, trainings against runs, influence against autograd."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlviz.labs.graph.depth import squashing, walking
from dlviz.labs.graph.depth.probing import depth
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training.jobs import to_the_end

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.graphdepth)"
LINK = "graph?graph.panel=Depth"
WAIT = 90_000

pytestmark = pytest.mark.browser
# Tall, because what is out of sight is not drawn.
tall = pytest.mark.parametrize("page", [{"viewport": {"width": 1440, "height": 12_000}}], indirect=True, ids=["tall"])
phone = pytest.mark.parametrize(
    "page", [{"viewport": {"width": 390, "height": 12_000}, "has_touch": True}], indirect=True, ids=["phone"]
)


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until an expression of `now` (what the panel shows) holds; what it shows then."""
    page.wait_for_function(
        f"() => {{ const now = {PANEL}?.dlviz.graphdepth(); return now?.walk && ({condition}); }}", timeout=WAIT
    )
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.graphdepth()")
    return found


def happened(page: Any, word: str) -> bool:
    return bool(page.evaluate(f"() => {PANEL}.dlviz.happened('{word}')"))


def written(panel: Any, field: str, value: int) -> None:
    typed = panel.locator(f".knob[data-field={field}] input[type=text]")
    typed.fill(str(value))
    typed.press("Enter")


def check_walk(shown: dict[str, Any], spec: GraphSpec, kind: str, source: str = "places") -> None:
    run = GraphRun(spec)
    graph, piece = run.learned.graphs[0], run.learned.pieces[0]
    how = walking.passing(kind, graph.edges, graph.weights, graph.count)
    values = np.linalg.eigvalsh(how.symmetric)[::-1]
    np.testing.assert_allclose(shown["values"], values, atol=1e-9)
    found = walking.spectrum(how)
    assert (shown["alike"], shown["rate"]) == (found.alike, pytest.approx(found.rate, abs=1e-9))
    x = graph.places.astype(float) if source == "places" else piece.x.double().numpy()
    steps = walking.walk(x, how, 32)
    np.testing.assert_allclose(shown["features"], steps[shown["k"]].ravel(), rtol=1e-9, atol=1e-9)
    rows = [walking.measures(step, how, found) for step in steps]
    for name, curve in shown["measures"].items():
        np.testing.assert_allclose(curve, [row[name] for row in rows], rtol=1e-6, atol=1e-10)
        said = shown["facts"][name].replace("−", "-").replace("×10", "e")
        if all(sign in "0123456789.-" for sign in said):
            assert float(said) == pytest.approx(rows[shown["k"]][name], rel=6e-3, abs=1e-6), name


@tall
@pytest.mark.timeout(300)
def test_the_walk_is_numpys_for_every_rule_and_the_keys_go_through_the_layers(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphdepth")
    now = wait(page)
    check_walk(now["walk"], GraphSpec(), "gcn")
    assert f"multiplied by {now['walk']['rate']:.3g} a layer" in now["walk"]["words"]
    assert not happened(page, "depth_walked")
    slider = panel.get_by_label("Layers passed through, k")
    for _ in range(3):
        slider.press("ArrowRight")
    now = wait(page, "now.walk.k === 3")
    assert happened(page, "depth_walked")
    check_walk(now["walk"], GraphSpec(), "gcn")
    # The dots lie where the features are, in the scale of the drawing.
    spots, features = np.array(now["walk"]["places"]), np.array(now["walk"]["features"])
    np.testing.assert_allclose(
        spots * np.abs(GraphRun(GraphSpec()).learned.graphs[0].places).max() / 0.95, features, atol=1e-6
    )
    panel.get_by_role("button", name="Mean of neighbours").click()
    check_walk(wait(page, "now.walk.kind === 'mean'")["walk"], GraphSpec(), "mean")
    panel.get_by_role("button", name="The network's own x").click()
    check_walk(wait(page, "now.walk.source === 'x'")["walk"], GraphSpec(), "mean", "x")
    panel.get_by_role("button", name="Naive sum").click()
    now = wait(page, "now.walk.kind === 'naive'")
    check_walk(now["walk"], GraphSpec(), "naive", "x")
    assert f"become {now['walk']['values'][0]:.3g} times as large" in now["walk"]["words"]

    # Parts that nothing joins, and a bipartite graph that never settles.
    page.evaluate(f"() => {PANEL}.dlviz.depthChange({{dataset: 'ring', task: 'link'}})")
    now = wait(
        page, "now.walk.even === 1 && now.spec.dataset === 'ring' || now.spec.task === 'link' && now.walk.count !== 34"
    )
    if now["walk"]["even"]:
        assert "never settle" in now["walk"]["words"]
    assert now["trained"]["offered"]  # edges have no classes
    panel.get_by_role("button", name="Open the karate club with classes").click()
    now = wait(page, "now.spec.task === 'node' && now.spec.dataset === 'karate' && now.walk.count === 34")
    assert not now["trained"]["offered"]


@tall
@pytest.mark.timeout(300)
def test_every_depth_is_trained_and_a_point_sets_the_stage(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphdepth")
    wait(page, "now.influence")
    for field, value in (("seeds", 2), ("steps", 10), ("deepest", 3)):
        written(panel, field, value)
    panel.get_by_role("button", name="DropEdge").click()
    panel.get_by_role("button", name="Train every depth").click()
    now = wait(page, "now.trained.found?.isDone")
    assert happened(page, "depth_trained")
    options = {"ask": "train", "depths": [1, 2, 3], "ways": ["plain", "residual", "pairnorm"], "seeds": 2, "steps": 10}
    theirs = to_the_end(depth(GraphRun(GraphSpec()), **options))  # type: ignore[arg-type]
    found = now["trained"]["found"]
    assert (found["depths"], found["ways"], found["width"]) == ([1, 2, 3], options["ways"], 8)
    for name, array in (("held", "held_accuracy"), ("seen", "train_accuracy"), ("spread", "spread")):
        for w, way in enumerate(found["charts"][name]["ways"]):
            np.testing.assert_allclose(way["seeds"], theirs[array][w], atol=1e-4)
            np.testing.assert_allclose(way["means"], theirs[array][w].mean(1), atol=1e-4)
    best = theirs["held_accuracy"][0].mean(1).max()
    assert f"{round(100 * float(best))} %" in found["words"].replace("\u202f", " ").replace("\u00a0", " ")

    # Hover shows the seeds; a click sets the stage; the results say that they are of other settings once it is another.
    spot = page.evaluate(f"() => {PANEL}.dlviz.depthChart('held', 2, 2)")
    page.mouse.move(*spot)
    wait(page, "now.trained.found.charts.held.at?.place === 2")
    page.mouse.click(*spot)
    now = wait(page, "now.spec.hidden.length === 3")
    way = now["trained"]["found"]["charts"]["held"]["at"]["way"]  # the nearest of those that may lie on each other
    picked = found["ways"][way]
    assert now["spec"]["residual"] == (picked == "residual")
    assert now["spec"]["norm"] == ("pairnorm" if picked == "pairnorm" else "none")
    assert now["trained"]["found"]["stale"] == ""
    page.evaluate(f"() => {PANEL}.dlviz.depthChange({{layer: 'sage'}})")
    assert "GCN" in wait(page, "now.trained.found.stale !== ''")["trained"]["found"]["stale"]

    # With the keys; and stopped under way.
    page.mouse.move(5, 5)  # where the pointer rests the keys would begin
    wait(page, "!now.trained.found.charts.held.at")
    chart = panel.locator(".gd-places").first
    chart.press("ArrowRight")
    chart.press("Enter")
    wait(page, "now.spec.hidden.length === 1")
    written(panel, "steps", 400)
    written(panel, "deepest", 16)
    panel.get_by_role("button", name="Train every depth again").click()
    wait(page, "now.trained.running")
    panel.get_by_role("button", name="Cancel").click()
    wait(page, "!now.trained.running")
    panel.get_by_role("button", name="Train every depth again").wait_for()


@tall
@pytest.mark.timeout(300)
def test_the_tree_and_the_influence_are_autograds(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}")
    panel = page.locator(".graphdepth")
    now = wait(page, "now.tree?.distance && now.influence")
    np.testing.assert_allclose(
        now["tree"]["node"], np.mean([squashing.on_root("gcn", 4, s) for s in range(3)], 0), rtol=1e-4
    )
    means = {way["name"]: way["means"] for way in now["tree"]["distance"]["ways"]}
    assert means["GIN"][1] == pytest.approx(
        np.mean([squashing.on_root("gin", 2, s)[3:].mean() for s in range(3)]), 1e-4
    )
    assert means["paths alone"] == pytest.approx([squashing.paths(r) for r in range(1, 7)], rel=1e-4)
    assert not happened(page, "bottleneck_seen")
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.depthTree(15 + 6)"))
    now = wait(page, "now.tree.jumps.length === 1")
    assert now["tree"]["jumps"] == [6]
    assert happened(page, "bottleneck_seen")
    node = np.mean([squashing.on_root("gcn", 4, s, [6]) for s in range(3)], 0)
    np.testing.assert_allclose(now["tree"]["node"], node, rtol=1e-4)
    assert "Leaf 7 with its edge to the root" in now["tree"]["words"]
    page.mouse.click(*page.evaluate(f"() => {PANEL}.dlviz.depthTree(0)"))
    assert "Only a leaf" in wait(page, "now.tree.hint")["tree"]["hint"]
    panel.get_by_role("button", name="GAT").click()
    now = wait(page, "now.tree.kind === 'gat' && now.tree.jumps.length === 1")
    np.testing.assert_allclose(
        now["tree"]["node"], np.mean([squashing.on_root("gat", 4, s, [6]) for s in range(3)], 0), rtol=1e-4
    )

    # The riddle, in small.
    for field, value in (("most", 2), ("riddle_seeds", 1), ("riddle_steps", 10)):
        written(panel, field, value)
    panel.get_by_role("button", name="Train on the riddle").click()
    now = wait(page, "now.recall.found?.isDone")
    theirs = to_the_end(squashing.recall("gat", 2, 1, 10))
    for way in (0, 1):
        found = [point["mean"] for point in now["recall"]["found"]["held"][way]]
        assert found == pytest.approx(theirs["held"][way, :, 0].tolist(), abs=1e-5)
    assert "guessing gives 25 %" in now["recall"]["found"]["words"]

    # Whom a node of the stage's graph hears, for the node that is picked.
    page.evaluate(f"() => {PANEL}.dlviz.depthPick({{node: 16}})")
    now = wait(page, "now.influence?.node === 16")
    run = GraphRun(GraphSpec())
    run.advance(now["influence"]["step"])
    found = depth(run, ask="influence", node=16)
    np.testing.assert_allclose(now["influence"]["influence"], found["influence"], rtol=2e-3, atol=1e-5)  # type: ignore[index]
    assert now["influence"]["hops"] == found["hops"].tolist()  # type: ignore[index]
    reached = int(((found["hops"] > 0) & (found["hops"] <= 2)).sum())  # type: ignore[index]
    assert f"can hear {reached} of 33 other nodes" in now["influence"]["words"]
    unheard = [fill is None for fill in now["influence"]["fills"]]
    assert unheard == (found["influence"] == 0).tolist()  # type: ignore[index]


@phone
@pytest.mark.timeout(200)
def test_on_a_phone_a_set_of_graphs_is_walked_too(page: Any, app: str) -> None:
    page.goto(f"{app}/{LINK}&graph.dataset=mutag&graph.task=graph&graph.features=own")
    now = wait(page, "now.influence && now.tree?.distance")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert now["trained"]["offered"]
    run = GraphRun(GraphSpec(dataset="mutag", task="graph", features="own"))
    graph = run.learned.graphs[0]
    assert now["walk"]["count"] == graph.count
    values = np.linalg.eigvalsh(walking.passing("gcn", graph.edges, graph.weights, graph.count).symmetric)[::-1]
    np.testing.assert_allclose(now["walk"]["values"], values, atol=1e-9)
    panel = page.locator(".graphdepth")
    panel.get_by_role("button", name="Zoom in on them").click()
    now = wait(page, "now.walk.zoomed")
    assert np.abs(now["walk"]["places"]).max() == pytest.approx(0.95)
