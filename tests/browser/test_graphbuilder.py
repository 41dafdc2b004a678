"""The builder of the Graph lab: parameters against torch, reach against networkx, what changes together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import networkx as nx
import numpy as np
import pytest

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.data.graphs import many, single
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import LAYERS, TASKS, GraphSpec
from tests.browser.graphbuilding_page import PHONE, STAGE, TALL, open_stage, read, show, wait_for
from tests.browser.static_page import static_page

pytestmark = pytest.mark.browser

TRIANGLES = "0,1\n1,2\n2,0\n3,4\n4,5\n5,3\n2,3"
SPECS = [
    *[GraphSpec(layer=layer, hidden=(6, 4, 3)) for layer in LAYERS],
    GraphSpec(task="link", hidden=(5, 3), layer="gat", heads=5),
    GraphSpec(dataset="mutag", task="graph", features="own", layer="sage", hidden=(6, 6), residual=True),
    GraphSpec(dataset="families", task="regression", features="degree", layer="gin", hidden=(4,)),
]


@pytest.fixture(scope="module")
def opened(browser: Any, app: str) -> Iterator[Any]:
    """One page for all tests that need no other; its errors fail the last of them."""
    context = browser.new_context(viewport=TALL)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    yield open_stage(page, app)
    context.close()
    assert problems == []


def made(values: dict[str, Any]) -> GraphSpec:
    spec: GraphSpec = specs.from_values(GraphSpec, values)
    return spec


def test_what_belongs_together_changes_together_and_is_never_refused(chromium: Any) -> None:
    choices: list[tuple[str, Any]] = [("dataset", name) for name in (*single.SINGLE, *many.MANY, "own")]
    choices += [("task", task) for task in TASKS] + [("layer", layer) for layer in LAYERS]
    choices += [("heads", heads) for heads in range(1, 9)] + [
        ("hidden", [7, 9, 5]),
        ("hidden", [63, 2]),
        ("hidden", [3]),
    ]
    starts = [
        GraphSpec(),
        GraphSpec(task="link", hidden=(7, 5, 2)),
        GraphSpec(layer="gat", heads=4, hidden=(64, 60, 3)),
        GraphSpec(graph=TRIANGLES, task="link"),
        GraphSpec(dataset="own", graph=TRIANGLES, task="link", features="degree"),
        GraphSpec(dataset="mutag", task="regression", features="own", shown=7, layer="gat", heads=3, hidden=(3, 2)),
        GraphSpec(dataset="families", task="graph", features="degree", graph=TRIANGLES),
    ]
    script = """async ([list, name, value]) => {
        const { together, reasonAgainst } = await import('/graph/buildertogether.js');
        return list.map((spec) => [together((field) => spec[field], name, value), reasonAgainst((field) => spec[field], name, value)]);
    }"""  # noqa: E501
    values = [specs.values(spec) for spec in starts]
    refused = 0
    with static_page(chromium) as page:
        for name, value in choices:
            for spec, (changes, reason) in zip(values, page.evaluate(script, [values, name, value]), strict=True):
                if reason:
                    assert (name, value, spec["graph"]) == ("dataset", "own", "")
                    refused += 1
                    continue
                if (value, spec["dataset"] in many.MANY, spec["graph"]) == ("node", False, TRIANGLES):
                    with pytest.raises(InvalidInput, match="two classes"):  # said at the builder, as the graph is kept
                        made(spec | changes)
                    continue
                after = made(spec | changes)  # raises where it is refused
                found = getattr(after, name)
                assert (list(found) if isinstance(value, list) else found) == value
                if after.dataset not in (spec["dataset"], "own"):
                    assert (after.graph, after.shown) == ("", 0), "an edited graph is not of another data set"
    assert refused == sum(not spec.graph for spec in starts)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"{s.task}-{s.layer}")
def test_parameters_by_formula_are_torchs_and_reach_is_networkxs(opened: Any, spec: GraphSpec) -> None:
    run = show(opened, spec, 0)
    shown = read(opened)["builder"]
    for layer, row in zip(run.network.layers, shown["layers"], strict=True):
        wanted = sum(each.numel() for each in layer.parameters())
        assert row["count"] == wanted
        assert eval(row["terms"].replace("×", "*"), {}) == wanted
    assert shown["head"] == sum(each.numel() for each in run.network.head.parameters())
    total = sum(each.numel() for each in run.network.parameters())
    assert shown["total"] == shown["parameters"] == total
    assert f"= {total:,} numbers are learned" in shown["written"]
    graph = run.learned.graphs[0]
    edges = [edge for edge, held in zip(graph.edges.tolist(), run.learned.held_edges, strict=True) if not held] \
        if spec.task == "link" else graph.edges.tolist()  # fmt: skip
    drawn = nx.Graph(edges)
    drawn.add_nodes_from(range(graph.count))
    hops = len(spec.hidden)
    heard = [len(nx.single_source_shortest_path_length(drawn, node, hops)) - 1 for node in drawn]
    assert f"of {np.mean(heard):.1f} others on average" in shown["reach"]


def test_a_click_on_a_graph_sets_all_that_goes_with_it_in_one_change(opened: Any) -> None:
    show(opened, GraphSpec(), 0)
    version = opened.evaluate("() => [...globalThis[Symbol.for('dlviz.sessions')].values()][0].scene.version")
    opened.locator(".graph-builder .gnb-chip", has_text="Molecules").click()
    wait_for(opened, "shown.spec.dataset === 'mutag' && shown.spec.task === 'graph' && shown.spec.features === 'own'")
    wait_for(opened, "shown.builder.chosen.task === 'graph' && shown.builder.layers[0].inputs === 7")
    after = opened.evaluate("() => [...globalThis[Symbol.for('dlviz.sessions')].values()][0].scene.version")
    assert after != version
    assert "188 graphs" in read(opened)["builder"]["data"]
    assert "readout" in read(opened)["builder"]["fields"]
    opened.locator(".graph-builder .gnb-chip", has_text="Measure graphs").click()
    wait_for(opened, "shown.spec.task === 'regression' && shown.spec.dataset === 'mutag'")
    opened.locator(".graph-builder .gnb-chip", has_text="Find edges").click()
    wait_for(
        opened, "shown.spec.task === 'link' && shown.spec.dataset === 'karate' && shown.spec.features === 'identity'"
    )
    assert "held_edges" in read(opened)["builder"]["fields"]
    assert read(opened)["builder"]["problems"] == {}


def test_layers_are_chosen_and_sized_by_keyboard_and_heads_always_fit(opened: Any) -> None:
    show(opened, GraphSpec(), 0)
    chosen = opened.locator(".graph-builder [data-field=layer] [aria-checked=true]")
    chosen.press("ArrowRight")  # GraphSAGE
    wait_for(opened, "shown.spec.layer === 'sage' && shown.builder.formula.includes('mean')")
    opened.locator(".graph-builder [data-field=layer] [aria-checked=true]").press("ArrowRight")
    wait_for(opened, "shown.spec.layer === 'gat' && shown.builder.fields.includes('heads')")
    heads = opened.locator(".graph-builder [data-field=heads] input[type=text]")
    heads.fill("3")
    heads.press("Enter")
    wait_for(opened, "shown.spec.heads === 3 && JSON.stringify(shown.spec.hidden) === '[9,2]'")
    assert "9, 2" in read(opened)["builder"]["adjusted"]
    width = opened.locator(".graph-builder .size input").first
    width.fill("10")
    width.press("Enter")
    wait_for(opened, "shown.spec.heads === 2 && shown.spec.hidden[0] === 10")
    assert "2 heads now" in read(opened)["builder"]["adjusted"]
    width = opened.locator(".graph-builder .size input").first
    width.fill("many")
    width.press("Tab")
    opened.locator(".graph-builder .gnb-boxes .wrong", has_text="whole number").wait_for()
    assert read(opened)["spec"]["hidden"] == [10, 2]
    opened.get_by_role("button", name="Add a layer").click()
    wait_for(opened, "shown.spec.hidden.length === 3 && shown.builder.layers.length === 3")
    assert read(opened)["builder"]["problems"] == {}


def test_a_graph_of_ones_own_is_pointed_to_where_it_comes_in(opened: Any) -> None:
    show(opened, GraphSpec(), 0)
    opened.locator(".graph-builder .gnb-chip", has_text="Your own graph").click()
    wait_for(opened, "shown.builder.reasons.dataset?.includes('Paste or open')")
    assert read(opened)["spec"]["dataset"] == "karate"
    opened.get_by_role("button", name="Show me where").wait_for()
    opened.locator(".graph-builder .gnb-chip", has_text="The graph’s own").click()
    wait_for(opened, "shown.builder.reasons.features?.includes('no features of its own')")
    opened.evaluate(f"(graph) => {STAGE}.dlviz.change({{ graph, task: 'link' }})", TRIANGLES)
    wait_for(opened, "shown.spec.graph !== '' && shown.builder.data.startsWith('6 nodes')")
    opened.locator(".graph-builder .gnb-chip", has_text="Label nodes").click()
    wait_for(opened, "shown.builder.problems.graph?.includes('needs two classes or more')")
    assert read(opened)["builder"]["chosen"]["task"] == "link"
    opened.locator(".graph-builder .gnb-chip", has_text="Grid").click()
    wait_for(opened, "shown.spec.dataset === 'grid' && shown.spec.graph === '' && shown.builder.data.startsWith('49')")
    assert read(opened)["builder"]["reasons"] == {}


@pytest.mark.parametrize("page", [{"viewport": PHONE, "has_touch": True}], indirect=True)
def test_on_a_phone_every_box_fits(page: Any, app: str) -> None:
    open_stage(page, app, layer="gat", hidden="16,16,16,2")
    page.locator(".graph-builder .fold-head").first.click()
    page.locator(".graph-builder [data-field=dropout]").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]
    for box in page.locator(".graph-builder .gnb-boxes > *, .graph-builder .size").all():
        place = box.bounding_box()
        assert not place or place["x"] + place["width"] <= PHONE["width"]
    run = GraphRun(GraphSpec(layer="gat", hidden=(16, 16, 16, 2)))
    assert read(page)["builder"]["total"] == sum(each.numel() for each in run.network.parameters())
