"""The graph one holds, in the real app: every edit, and the run that goes on."""

from __future__ import annotations

import json
import re
from typing import Any

import networkx as nx
import numpy as np
import pytest

from dlviz.data.graphs import reading
from tests.browser.graph_editor_page import (
    AREA,
    CANVAS,
    LIVE,
    PHONE,
    TALL,
    advance,
    click,
    drag,
    middle,
    now,
    opened,
    settled,
    spot,
    step,
    tool,
    wait_for,
    weights,
)

pytestmark = pytest.mark.browser
tall = pytest.mark.parametrize("page", [TALL], indirect=True)
CLOSE = 2e-5


@tall
def test_edits_go_to_the_run_which_keeps_its_step_and_weights(page: Any, app: str) -> None:
    start = opened(page, app, 40)
    before, code = weights(page), start["code"]

    def unmoved(columns: int) -> None:
        after = weights(page)
        assert step(page) == 40
        assert after.keys() == before.keys()
        for name, values in before.items():
            old, new = np.array(values), np.array(after[name])
            if name == "state/layers.0.lin.weight":  # a column a node
                old, new = old.reshape(8, 34)[:, :columns], new.reshape(8, -1)[:, :columns]
            np.testing.assert_array_equal(new, old, err_msg=name)

    # Moving: sent once, at the drop.
    x, y = spot(page, 16)
    drag(page, (x, y), (x + 60, y + 25))
    seen = settled(page, "now.canUndo")
    assert seen["sent"] == 1
    np.testing.assert_allclose(np.subtract(spot(page, 16), (x, y)), (60, 25), atol=1)
    unmoved(34)
    # A node, an edge to it by a drag, and the edge away again.
    tool(page, "add")
    box = page.locator(CANVAS).bounding_box()
    page.mouse.click(box["x"] + 40, box["y"] + 40)
    seen = settled(page, "now.nodes.length === 35")
    assert seen["picked"] == 34
    unmoved(34)
    tool(page, "join")
    drag(page, spot(page, 34), spot(page, 11))
    seen = settled(page, "now.edges.length === 79")
    assert {seen["edges"][78]["a"], seen["edges"][78]["b"]} == {11, 34}
    assert seen["edge"] == 78
    # The weight of the picked edge.
    field = page.locator(f"{AREA} [data-field=weight]")
    field.fill("2,5")
    field.press("Enter")
    settled(page, "now.edges[78].weight === 2.5")
    field.fill("-1")
    field.press("Enter")
    assert wait_for(page, "now.problem.includes('over 0')")["edges"][78]["weight"] == 2.5
    assert field.input_value() == "-1"
    tool(page, "erase")
    page.mouse.click(*middle(page, 78))
    settled(page, "now.edges.length === 78")
    click(page, 34)
    settled(page, "now.nodes.length === 34")
    unmoved(34)
    click(page, 5)
    seen = settled(page, "now.nodes.length === 33")
    assert 5 not in [node["key"] for node in seen["nodes"]]
    kept = [k for k in range(34) if k != 5]
    np.testing.assert_array_equal(
        np.array(weights(page)["state/layers.0.lin.weight"]).reshape(8, 33),
        np.array(before["state/layers.0.lin.weight"]).reshape(8, 34)[:, kept],
    )
    # All the way back, with the keys, and the run is trained on as if nothing had been.
    page.locator(CANVAS).focus()
    for _ in range(7):
        page.keyboard.press("Control+z")
    seen = settled(page, "now.code === arg && !now.canUndo && now.canRedo", code)
    assert step(page) == 40
    page.keyboard.press("Control+Shift+z")
    settled(page, "now.code !== arg", code)
    page.locator(f"{AREA} [data-act=asItWas]").click()
    settled(page, "now.code === arg", code)
    advance(page, 5)


@tall
def test_a_label_by_click_is_told_to_the_network_that_trains(page: Any, app: str) -> None:
    opened(page, app, 30)
    page.evaluate(f"() => {LIVE}.play(true)")
    page.wait_for_function(f"() => {LIVE}.state.live_step > 60")
    page.locator(f"{AREA} .ge-class").nth(1).click()
    wait_for(page, "now.tool === 'label' && now.chosenLabel === 1")
    click(page, 11)
    seen = settled(page, "now.told === 3 && now.nodes[11].told")
    assert seen["nodes"][11]["label"] == 1
    assert seen["nodes"][11]["square"]
    assert page.evaluate(f"() => {LIVE}.shared.get('happened.node_labelled')")
    at = step(page)
    page.wait_for_function(f"(at) => {LIVE}.state.live_step > at + 20", arg=at)  # it trains on, and was not begun anew
    assert at > 60
    wait_for(page, "now.nodes[11].says === 1")  # what it is told it learns
    click(page, 11)
    seen = settled(page, "now.told === 2")
    assert seen["nodes"][11]["label"] == 0  # the class that the data have for it
    page.evaluate(f"() => {LIVE}.play(false)")
    # The last ones told cannot be taken back: it is said, and the drawing goes back.
    page.locator(f"{AREA} .ge-class").nth(0).click()
    click(page, 0)
    settled(page, "now.told === 1")
    page.locator(f"{AREA} .ge-class").nth(1).click()
    click(page, 33)
    seen = wait_for(page, "now.problem.includes('needs a node whose class is told') && now.nodes[33].told")
    assert seen["told"] == 1


@tall
def test_a_pasted_graph_is_seen_before_it_is_taken(page: Any, app: str) -> None:
    opened(page, app, 5)
    code = now(page)["code"]
    page.locator(f"{AREA} [data-act=paste]").click()
    dialog = page.locator(".ge-dialog")
    text, problem, take = dialog.locator("textarea"), dialog.locator(".problem"), dialog.locator("button.primary")
    text.fill("a,b\nb,c\nc,?\n")
    problem.filter(has_text="line 3").wait_for()
    assert take.is_disabled()
    text.fill("CC(=O")
    problem.filter(has_text="rdkit finds no molecule").wait_for()
    # A hundred thousand edges never leave the page.
    page.evaluate(
        """() => {
        const roots = [...document.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean);
        const area = roots.map((root) => root.querySelector('.ge-text')).find(Boolean);
        const data = new DataTransfer();
        data.setData('text/plain', Array.from({length: 100000}, (_, k) => `${k},${k + 1}`).join('\\n'));
        area.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""
    )
    problem.filter(has_text="100,000 lines").wait_for()
    assert "2,000 edges" in problem.inner_text()
    assert text.input_value() == "CC(=O"
    chooser = dialog.locator("input[type=file]")
    chooser.set_input_files({"name": "big.csv", "mimeType": "text/csv", "buffer": b"0,1\n" * 300_000})
    problem.filter(has_text="1.2 MB").wait_for()
    chooser.set_input_files({"name": "x.png", "mimeType": "image/png", "buffer": b"\x89PNG\xff\xfe"})
    problem.filter(has_text="is no text").wait_for()
    assert now(page)["code"] == code
    made = "\n".join(nx.generate_graphml(nx.path_graph(7)))
    chooser.set_input_files({"name": "path.graphml", "mimeType": "text/xml", "buffer": made.encode()})
    dialog.locator(".ge-facts", has_text="7 nodes and 6 edges").wait_for()
    assert now(page)["code"] == code
    take.click()
    seen = settled(page, "now.dataset === 'own' && now.nodes.length === 7")
    read = reading.read("t", made).graph
    assert [(edge["a"], edge["b"]) for edge in seen["edges"]] == list(map(tuple, read.edges.tolist()))
    assert {k for k, node in enumerate(seen["nodes"]) if node["told"]} == {0, 6}  # farthest apart
    assert (seen["task"], seen["classes"], seen["told"]) == ("node", ["Class A", "Class B"], 2)
    advance(page, 5)
    page.locator(f"{AREA} [data-act=undo]").click()
    settled(page, "now.dataset === 'karate' && now.code === arg", code)
    # A SMILES comes with its atoms.
    page.locator(f"{AREA} [data-act=paste]").click()
    dialog.locator(".chip", has_text="caffeine").click()
    dialog.locator(".ge-way", has_text="Label its nodes").click()
    take.click()
    seen = settled(page, "now.dataset === 'own' && now.nodes.length === 14")
    caffeine = reading.read("t", "Cn1cnc2c1c(=O)n(C)c(=O)n2C").graph
    assert [node["features"] for node in seen["nodes"]] == caffeine.features.tolist()
    assert [edge["kind"] for edge in seen["edges"]] == caffeine.kinds.tolist()
    spec = page.evaluate(f"() => {LIVE}.scene.numbers.spec")
    assert spec["features"] == "own"


@tall
def test_the_keyboard_does_all_that_the_pointer_does(page: Any, app: str) -> None:
    opened(page, app)
    canvas = page.locator(CANVAS)
    canvas.focus()
    page.keyboard.press("ArrowRight")
    first = wait_for(page, "now.hovered !== null")["hovered"]
    page.keyboard.press("Enter")
    wait_for(page, "now.picked === arg", first)
    page.keyboard.press("Alt+ArrowUp")
    settled(page, "now.sent === 1")
    page.keyboard.press("l")
    wait_for(page, "now.tool === 'label'")
    page.keyboard.press("Enter")
    seen = settled(page, "now.sent === 2")
    assert seen["nodes"][first]["told"] is True or seen["told"] != 2
    page.keyboard.press("a")
    page.keyboard.press("n")
    settled(page, "now.nodes.length === 35")
    page.keyboard.press("j")
    wait_for(page, "now.tool === 'join' && now.hovered !== null")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    hovered = wait_for(page, "now.hovered !== arg", first)["hovered"]
    page.keyboard.press("Enter")
    seen = wait_for(page, "now.edges.length === 79 || now.problem")
    assert seen["problem"] or hovered in (seen["edges"][-1]["a"], seen["edges"][-1]["b"])
    page.keyboard.press("x")
    wait_for(page, "now.tool === 'erase'")
    page.keyboard.press("Enter")
    settled(page, "now.nodes.length === 34")
    page.keyboard.press("h")
    wait_for(page, "now.reach !== null")
    page.keyboard.press("h")
    before = now(page)["code"]
    page.keyboard.press("t")
    settled(page, "now.code !== arg", before)
    page.keyboard.press("Control+z")
    settled(page, "now.code === arg", before)


@tall
def test_features_of_its_own_can_be_given_and_used(page: Any, app: str) -> None:
    opened(page, app, 3, dataset="florentine")
    click(page, 2)
    wait_for(page, "now.picked === 2")
    page.locator(f"{AREA} [data-field=addfeature]").click()
    settled(page, "now.featureNames.length === 1")
    field = page.locator(f'{AREA} [data-field="feature 0"]')
    field.fill("many")
    field.press("Enter")
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("0.25")
    field.press("Enter")
    settled(page, "now.nodes[2].features[0] === 0.25")
    page.locator(f"{AREA} [data-field=useown]").click()
    page.wait_for_function(f"() => {LIVE}.scene.numbers.spec.features === 'own'")
    assert page.evaluate(f"() => [...{LIVE}.scene.arrays.x.data]")[2] == 0.25
    seen = settled(page, "now.details.facts.includes('x1 0.25')")
    page.locator(f"{AREA} [data-field=name]").fill('O\'Neill & "Sons"')
    page.locator(f"{AREA} [data-field=name]").press("Enter")
    seen = settled(page, "now.nodes[2].name.startsWith('O')")
    assert json.loads(seen["code"])["n"][2][5] == 'O\'Neill & "Sons"'
    with page.expect_download() as download:
        page.locator(f"{AREA} [data-act=download]").click()
    read = nx.read_graphml(download.value.path())
    assert read.nodes["n2"]["name"] == 'O\'Neill & "Sons"'
    assert {tuple(sorted(int(end[1:]) for end in edge)) for edge in read.edges} == {
        tuple(sorted((edge["a"], edge["b"]))) for edge in seen["edges"]
    }


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_finger_edits_on_a_phone(page: Any, app: str) -> None:
    opened(page, app, 3)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    box = page.locator(CANVAS).bounding_box()
    assert box["width"] > 320

    def tap(node: int) -> None:
        page.touchscreen.tap(*spot(page, node))

    page.locator(f"{AREA} .ge-class").nth(1).tap()
    wait_for(page, "now.tool === 'label'")
    tap(16)
    settled(page, "now.told === 3")
    page.locator(f'{AREA} [data-tool="join"]').tap()
    tap(16)
    wait_for(page, "now.joining === 16")
    tap(24)
    settled(page, "now.edges.length === 79")
    page.locator(f'{AREA} [data-tool="add"]').tap()
    page.touchscreen.tap(box["x"] + 30, box["y"] + 30)
    settled(page, "now.nodes.length === 35")
    page.locator(f'{AREA} [data-tool="erase"]').tap()
    tap(34)
    settled(page, "now.nodes.length === 34")
    page.locator(f"{AREA} [data-act=paste]").tap()
    dialog = page.locator(".ge-dialog").bounding_box()
    assert dialog["x"] >= 0
    assert dialog["x"] + dialog["width"] <= 390
    assert re.search("400 nodes", page.locator(".ge-dialog").inner_text())
