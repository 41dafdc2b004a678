"""What the editor of the Graph lab shows, against torch and networkx: colours, reach, missing edges, sets."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch

from dlviz.data.graphs import coding
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from tests.browser.graph_editor_page import (
    AREA,
    TALL,
    click,
    now,
    opened,
    settled,
    spot,
    tool,
    wait_for,
    weights,
)

pytestmark = pytest.mark.browser
tall = pytest.mark.parametrize("page", [TALL], indirect=True)
CLOSE = 2e-5


def graph_on_screen(page: Any) -> nx.Graph:
    graph = coding.read_code("t", now(page)["code"])
    made = nx.DiGraph() if graph.directed else nx.Graph()
    made.add_nodes_from(range(graph.count))
    made.add_edges_from(map(tuple, graph.edges.tolist()))
    return made


@tall
def test_colours_and_probabilities_are_those_of_torch(page: Any, app: str) -> None:
    opened(page, app, 60)
    run = GraphRun(GraphSpec())
    run.advance(60)
    answers = torch.tensor(run.frame().arrays["answers"])
    shares, labels = torch.softmax(answers, 1), run.learned.graphs[0].labels
    page.mouse.move(*spot(page, 8))
    seen = wait_for(page, "now.hovered === 8 && now.details.bars.length === 2")
    assert [node["says"] for node in seen["nodes"]] == answers.argmax(1).tolist()
    np.testing.assert_allclose([node["sure"] for node in seen["nodes"]], shares.max(1).values, atol=CLOSE)
    assert seen["details"]["bars"] == [f"{float(share):.3f}" for share in shares[8]]
    graph = graph_on_screen(page)
    assert f"degree {graph.degree(8)}" in seen["details"]["facts"]
    near = {8, *graph.neighbors(8)}
    assert {k for k, node in enumerate(seen["nodes"]) if not node["dim"]} == near
    wrong = {k for k in run.learned.held.tolist() if int(answers[k].argmax()) != labels[k]}
    assert {k for k, node in enumerate(seen["nodes"]) if node["isWrong"]} == wrong
    assert {k for k, node in enumerate(seen["nodes"]) if node["mark"] == "✕"} == wrong
    assert {k for k, node in enumerate(seen["nodes"]) if node["square"]} == set(run.learned.told.tolist())
    right = len(run.learned.held) - len(wrong)
    assert f"answers {right} of {len(run.learned.held)} nodes right" in seen["legend"]["sentence"]


@tall
def test_reach_is_what_networkx_counts(page: Any, app: str) -> None:
    opened(page, app, dataset="lesmis", hidden="8,4,2")
    click(page, 3)
    wait_for(page, "now.picked === 3")
    page.locator(f"{AREA} [data-act=reach]").click()
    graph = graph_on_screen(page)
    for at, arrows in ((3, False), (3, True), (20, True)):
        if arrows and not now(page)["directed"]:
            page.locator(f"{AREA} [data-act=directed]").click()
            settled(page, "now.directed")
            graph = graph_on_screen(page)
        page.mouse.move(*spot(page, at))
        seen = wait_for(page, "now.reach?.at === arg", at)
        heard = graph.reverse() if graph.is_directed() else graph
        steps = nx.single_source_shortest_path_length(heard, at, cutoff=3)
        assert seen["reach"]["steps"] == [steps.get(k, -1) for k in range(len(graph))]
        assert seen["reach"]["counts"] == [list(steps.values()).count(hop) for hop in range(4)]
        assert [node["dim"] for node in seen["nodes"]] == [k not in steps for k in range(len(graph))]
        assert f"heard of {len(steps) - 1} of the {len(graph) - 1}" in seen["legend"]["sentence"]


@tall
def test_missing_edges_are_drawn_as_found_or_missed(page: Any, app: str) -> None:
    seen = opened(page, app, 100, dataset="florentine", task="link")
    run = GraphRun(GraphSpec(dataset="florentine", task="link"))
    run.advance(100)
    z = torch.tensor(run.frame().arrays["answers"])
    graph = run.learned.graphs[0]
    scores = z @ z.T
    held = {tuple(sorted(pair)) for pair in run.learned.held_positive.tolist()}
    drawn = {(edge["a"], edge["b"]): edge for edge in seen["edges"]}
    assert {pair for pair, edge in drawn.items() if edge["dashed"]} == held
    found = {pair for pair in held if scores[pair] > 0}
    assert seen["links"] == {"held": len(held), "found": len(found), "missed": len(held) - len(found)}
    colours = {drawn[pair]["color"] for pair in found}
    assert len(colours) == min(1, len(found))
    assert not colours & {drawn[pair]["color"] for pair in held - found}
    joined = {tuple(edge) for edge in graph.edges.tolist()}
    free = [(a, b) for a in range(graph.count) for b in range(a + 1, graph.count) if (a, b) not in joined]
    best = sorted((pair for pair in free if scores[pair] > 0), key=lambda pair: -float(scores[pair]))[:3]
    assert [(pair["a"], pair["b"]) for pair in seen["offered"]] == best
    np.testing.assert_allclose(
        [pair["share"] for pair in seen["offered"]], [float(torch.sigmoid(scores[pair])) for pair in best], atol=CLOSE
    )
    page.locator(f"{AREA} .ge-legend .chip").first.click()
    seen = settled(page, "now.edges.length === arg", len(joined) + 1)
    assert (seen["edges"][-1]["a"], seen["edges"][-1]["b"]) == best[0]


@tall
def test_graphs_of_a_set_are_chosen_and_edited_beside_it(page: Any, app: str) -> None:
    seen = opened(page, app, 20, dataset="mutag", task="graph", features="own", hidden="8,4")
    run = GraphRun(GraphSpec(dataset="mutag", task="graph", features="own", hidden=(8, 4)))
    run.advance(20)
    answers = run.frame().arrays["answers"]
    assert seen["chooser"]["count"] == 188
    page.locator(f"{AREA} .ge-chooser select").select_option("wrong")
    y = run.learned.y.numpy()
    wrong = [k for k in range(188) if answers[k].argmax() != y[k]]
    seen = wait_for(page, "now.chooser.filter === 'wrong' && now.chooser.fits.length > 0")
    assert seen["chooser"]["fits"] == wrong
    seen = settled(page, "now.chooser.shown === arg", wrong[0])
    assert [node["mark"] for node in seen["nodes"]] == list(run.learned.graphs[wrong[0]].names)
    share = torch.softmax(torch.tensor(answers[wrong[0]]), 0).max()
    assert f"probability {float(share):.2f}, which is wrong" in seen["legend"]["sentence"]
    before = weights(page)
    count = len(seen["nodes"])
    tool(page, "erase")
    click(page, 0)
    seen = settled(page, "now.nodes.length === arg", count - 1)
    assert "is your own" in seen["legend"]["sentence"]
    assert weights(page) == before
    field = page.locator(f"{AREA} .ge-chooser input")
    field.fill("7")
    field.press("Enter")
    seen = settled(page, "now.chooser.shown === 6")
    assert [node["mark"] for node in seen["nodes"]] == list(run.learned.graphs[6].names)
