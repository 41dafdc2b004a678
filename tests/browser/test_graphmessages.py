"""Messages of the stage in the real app: every message, coefficient, aggregate and output against torch_geometric with
the weights of the moment; cells written out, stations, the softmax row, whole layers, keys and a phone."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
import torch
from scipy.stats import entropy

from dlviz.labs.graph.spec import GraphSpec
from tests.browser.graphmessages_page import (
    AREA,
    CLOSE,
    LIVE,
    ODD,
    change,
    check,
    check_rows,
    layers,
    opened,
    pick,
    plain,
    station,
    wait,
    weights,
)

pytestmark = pytest.mark.browser

TALL = {"viewport": {"width": 1440, "height": 12_000}}
STILL = {**TALL, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 12_000}, "has_touch": True}
OF_GCN = ["features", "transform", "messages", "aggregate", "bias", "after"]


@pytest.mark.parametrize("page", [STILL], indirect=True)
def test_every_layers_messages_and_outputs_are_torch_geometrics(page: Any, app: str) -> None:
    spec = GraphSpec(hidden=(8, 4))
    opened(page, app, spec)
    kinds: list[dict[str, Any]] = [
        {},
        {"layer": "naive"},
        {"layer": "loops"},
        {"layer": "sage"},
        {"aggregate": "max"},
        {"layer": "gin", "aggregate": "usual"},
        {"layer": "gat"},
    ]
    for changes in kinds:
        if changes:
            spec, _ = change(page, spec, **changes)
        found = layers(page, spec)
        for node, layer in ((0, 0), (33, 1), (11, 1)):
            pick(page, node=node, layer=layer, head=layer if spec.layer == "gat" else 0)
            now = station(page, "Messages")
            check(now, found[layer], spec)
            check_rows(now)
        if spec.layer == "gcn":  # the factors of networkx's normalised adjacency, with a loop at each node
            graph = nx.karate_club_graph()
            degrees = {k: graph.degree(k) + 1 for k in graph}
            for each in now["messages"]:
                assert each["coefficient"] == pytest.approx((degrees[each["source"]] * degrees[11]) ** -0.5, abs=CLOSE)
        if spec.aggregate == "max":  # each winner is outlined
            pick(page, node=33, layer=1)
            now = station(page, "Put together")
            sent = torch.tensor([each["values"] for each in now["messages"]])
            for at, row in enumerate(now["rows"][:12]):
                assert row["won"] == (sent.argmax(0) == at).nonzero()[:, 0].tolist()


@pytest.mark.parametrize("page", [STILL], indirect=True)
def test_an_edited_graph_with_a_lonely_node_loops_arrows_and_weights(page: Any, app: str) -> None:
    spec = GraphSpec(dataset="own", graph=ODD, features="own", hidden=(4, 4))
    opened(page, app, spec)
    for kind in ("gcn", "naive", "loops", "gat", "gin", "sage"):
        if kind != spec.layer:
            spec, _ = change(page, spec, layer=kind)
        found = layers(page, spec)
        for node in (0, 1, 5):
            for layer in (0, 1):
                now = pick(page, node=node, layer=layer)
                check(now, found[layer], spec)
        now = station(page, "Put together")
        lonely = len(now["messages"])
        assert lonely == (1 if kind in ("gcn", "loops", "gat") else 0)
        assert ("No message arrives" in now["sentence"]) == (lonely == 0)
        if kind == "gcn":  # the drawing has a loop more than the graph, and none at a node that has its own
            assert [edge for edge in now["picture"]["edges"] if edge["a"] == edge["b"] == 5]
            now = pick(page, node=0)
            assert len([edge for edge in now["picture"]["edges"] if edge["a"] == edge["b"] == 0]) == 1
            assert sum(not dim for dim in now["picture"]["dim"]) == 2  # a hears itself and b


@pytest.mark.parametrize("page", [STILL], indirect=True)
def test_a_cell_opens_its_dot_product_and_keys_walk_stations_and_cells(page: Any, app: str) -> None:
    spec = GraphSpec(hidden=(8, 4))
    opened(page, app, spec)
    now = pick(page, node=2, layer=1)
    assert now["stations"] == [*OF_GCN, "answer"]
    area = page.locator(AREA)
    area.get_by_role("button", name="One station on").focus()
    for at in (1, 2, 1):
        page.keyboard.press("ArrowRight" if at > now["at"] else "ArrowLeft")
        now = wait(page, f"now.at === {at}")
        assert now["station"] == OF_GCN[at]
    state, found = weights(page), layers(page, spec)
    cells = area.locator(".gm-cell")
    cells.first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    now = wait(page, "now.open?.f === 2")
    source = now["messages"][2]["source"]
    assert [each["source"] for each in now["messages"][:3]] == [2, 0, source]  # its own first
    x, w = found[1]["input"][source], state["layers.1.lin.weight"][2]
    products = sorted((x * w)[x != 0].tolist(), key=abs, reverse=True)
    np.testing.assert_allclose([term["value"] for term in now["open"]["terms"]], products, atol=CLOSE)
    assert now["open"]["total"] == pytest.approx(float(x @ w), abs=CLOSE)
    assert plain(now["open"]["words"].split("= ")[1]) == pytest.approx(float(x @ w), rel=6e-3, abs=1e-3)
    page.keyboard.press("Enter")  # the row's node is picked
    now = wait(page, f"now.node === {source}")
    assert page.evaluate(f"() => {LIVE}.shared.get('happened.node_picked')")
    # The sum of the messages, the new feature and the answer, written out.
    now = station(page, "Put together")
    layer = found[1]
    f = now["open"]["f"]
    assert now["open"]["total"] == pytest.approx(float(layer["aggregate"][source][f]), abs=CLOSE)
    listed = sum(term["value"] for term in now["open"]["terms"]) + (now["open"]["rest"] or {"value": 0})["value"]
    assert listed == pytest.approx(now["open"]["total"], abs=CLOSE)
    now = station(page, "Answer")
    logits = layer["after"][source] @ state["head.weight"].T + state["head.bias"]
    shown = next(row for row in now["rows"] if row["group"] == "Probabilities")["cells"]
    np.testing.assert_allclose([plain(cell) for cell in shown], logits.softmax(0), atol=6e-3)
    assert f"{100 * float(logits.softmax(0).max()):.1f} %" in now["sentence"]


@pytest.mark.parametrize("page", [TALL], indirect=True)
def test_playing_scrubbing_a_whole_layer_and_what_was_heard(page: Any, app: str) -> None:
    spec = GraphSpec(hidden=(8, 8, 4))
    opened(page, app, spec)
    area = page.locator(AREA)
    assert not wait(page)["playing"]  # nothing plays by itself
    area.get_by_role("button", name="Play").click()
    now = wait(page, "now.playing && now.station === 'messages' && now.phase > 0 && now.phase < 1")
    assert {round(dot["t"], 6) for dot in now["picture"]["travel"]} == {round(0.06 + 0.82 * now["phase"], 6)}
    assert len(now["picture"]["travel"]) == 17
    assert page.evaluate(f"() => {LIVE}.shared.get('happened.messages_played')")
    area.get_by_role("button", name="Pause").click()
    slider = area.get_by_label("Place among the stations")
    slider.fill("150")  # half of the way from the station before
    now = wait(page, "now.station === 'messages' && Math.abs(now.phase - 0.5) < 1e-9 && !now.playing")
    slider.fill("500")
    assert wait(page, "now.at === 5")["station"] == "after"
    # One layer: every node's strip goes from before to after.
    area.get_by_role("button", name="One layer").click()
    now = station(page, "After")
    assert now["strips"] == {"share": 1, "drawn": 34}
    after = layers(page, spec)[0]["after"]
    assert now["open"]["total"] == pytest.approx(float(after[0][now["open"]["f"]]), abs=CLOSE)
    rows = [row for row in now["rows"] if row["group"].startswith("After")]
    assert [row["name"] for row in rows] == [f"node {k}" for k in range(12)]
    np.testing.assert_allclose([[plain(cell) for cell in row["cells"]] for row in rows], after[:12], atol=6e-3)
    station(page, "Before")
    assert wait(page, "now.station === 'before'")["strips"]["share"] == 0
    area.get_by_role("button", name="All messages").click()
    now = wait(page, "now.station === 'travel' && now.phase > 0.2 && now.phase < 0.9")
    assert len(now["picture"]["travel"]) == 2 * 78
    # All layers: who was heard of is who lies within so many steps.
    area.get_by_role("button", name="All layers").click()
    now = pick(page, node=16)
    far = nx.single_source_shortest_path_length(nx.karate_club_graph(), 16)
    for hop, heard in enumerate(now["heardOf"]):
        assert heard == sorted(k for k, steps in far.items() if steps <= hop)
    for hop, row in enumerate(now["hops"]):
        assert row["heard"] == sum(steps <= hop for steps in far.values())
        assert row["fresh"] == sum(steps == hop for steps in far.values())
    now = station(page, "Layer 2")
    assert [k for k, dim in enumerate(now["picture"]["dim"]) if not dim] == now["heardOf"][2]
    # Without self-loops the node forgets itself: only walks of exactly so many steps count.
    spec, now = change(page, spec, layer="naive")
    joined = nx.to_numpy_array(nx.karate_club_graph(), weight=None)
    for hop, heard in enumerate(now["heardOf"]):
        walks = np.linalg.matrix_power(joined, hop)[16]
        assert heard == walks.nonzero()[0].tolist()
    assert 16 not in now["heardOf"][1]


@pytest.mark.parametrize("page", [STILL], indirect=True)
def test_the_softmax_row_its_heads_and_the_widths_of_edges(page: Any, app: str) -> None:
    spec = GraphSpec(dataset="lesmis", layer="gat", hidden=(8, 5), heads=2)
    opened(page, app, spec)
    now = pick(page, node=10)  # Valjean, 36 neighbours
    layer = layers(page, spec)[0]
    area = page.locator(AREA)
    assert len(now["messages"]) == 37
    assert now["shares"]["rows"] == 12
    area.locator(".gm-shares .gm-fold").click()
    now = wait(page, "now.shares.rows === 37")
    at = {int(a): e for e, (a, b) in enumerate(layer["edges"].T.tolist()) if b == 10}
    alpha = layer["attention"][[at[source] for source in now["shares"]["sources"]]].numpy()
    for k, head in enumerate(now["shares"]["heads"]):
        np.testing.assert_allclose(head["shares"], alpha[:, k], atol=CLOSE)
        assert head["sum"] == pytest.approx(1, abs=CLOSE)
        assert head["entropy"] == pytest.approx(entropy(alpha[:, k]), abs=1e-4)
        assert head["equal"] == pytest.approx(np.log(37))
    area.locator(".gm-share-head").nth(1).click()
    now = wait(page, "now.head === 1")
    assert page.evaluate(f"() => {LIVE}.shared.get('happened.attention_row')")
    share = 100 * entropy(alpha[:, 1]) / np.log(37)
    assert f"({share:.1f} %)" in now["shares"]["sentence"]
    check(now, layer, spec)
    shares = {each["source"]: each["coefficient"] for each in now["messages"]}
    for edge in now["picture"]["edges"]:
        if 10 in (edge["a"], edge["b"]) and edge["a"] != edge["b"]:
            other = edge["a"] + edge["b"] - 10
            assert edge["width"] == pytest.approx(1 + 9 * shares[other], abs=1e-4)
    # exp(score) and its sum, written out.
    now = station(page, "Softmax")
    scores = {row["key"]: [plain(cell) for cell in row["cells"]] for row in now["rows"]}
    (total, whole) = scores.pop("result")
    assert whole == pytest.approx(1, abs=1e-3)
    for score, raised, part in scores.values():
        assert raised == pytest.approx(np.exp(score), rel=1e-2)
        assert part == pytest.approx(raised / total, rel=1e-2)
    # The rows that are folded are there on request.
    area.locator(".gm-group .gm-fold", has_text="25 more").click()
    assert len([row for row in wait(page)["rows"] if row["group"] == "Softmax"]) == 37


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_molecule_on_a_phone_read_out_into_its_answer(page: Any, app: str) -> None:
    spec = GraphSpec(dataset="mutag", task="graph", features="own", layer="gin", hidden=(8, 4), readout="sum", shown=5)
    opened(page, app, spec, steps=10)
    area = page.locator(AREA)
    area.get_by_role("combobox", name="Node").select_option("3")
    area.get_by_role("group", name="Layer", exact=True).get_by_role("button", name="2").tap()
    now = wait(page, "now.node === 3 && now.layer === 1")
    assert now["stations"] == ["features", "messages", "aggregate", "own", "hidden", "mlp", "after", "answer"]
    found, state = layers(page, spec), weights(page)
    check(now, found[1], spec)
    area.locator(".gm-station", has_text="Answer").tap()
    now = wait(page, "now.station === 'answer'")
    readout = found[1]["after"].sum(0)
    logits = readout @ state["head.weight"].T + state["head.bias"]
    rows = {row["group"]: row["cells"] for row in now["rows"]}
    shown = [plain(cell) for cell in rows[f"Readout of all {len(found[1]['after'])} nodes"]]
    np.testing.assert_allclose(shown, readout, rtol=0.06, atol=0.06)
    np.testing.assert_allclose([plain(cell) for cell in rows["Answer: W h′ + b"]], logits, rtol=6e-3, atol=1e-3)
    area.locator(".gm-cell").last.tap()
    now = wait(page, "now.open?.f === 1")
    assert now["open"]["total"] == pytest.approx(float(logits[1]), rel=1e-4, abs=1e-4)
    across = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert across[0] <= across[1]
    drawing, reading = area.locator(".graph-canvas").bounding_box(), area.locator(".gm-title").bounding_box()
    assert drawing["y"] + drawing["height"] < reading["y"]
    assert reading["x"] + reading["width"] <= 390
