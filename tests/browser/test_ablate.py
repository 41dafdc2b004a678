"""The panel Ablate in the real app: what is switched off in the page against torch with weights zeroed by hand."""

from __future__ import annotations

import copy
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import torch

from dlviz.labs.attention.ablating import ablate
from dlviz.labs.attention.answering import MOST_WRITTEN, answered, until_end
from dlviz.labs.attention.probe import weights
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.jobs import to_the_end

pytestmark = pytest.mark.browser

PANEL = "[...document.querySelectorAll('*')].find((e) => e.dlviz?.ablate)"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SMALL = {"width": 16, "heads": 2, "length": 12, "examples": 200}
CLOSE = 1e-5


def wait(page: Any, condition: str = "true") -> dict[str, Any]:
    """Wait until a JavaScript expression of the panel's numbers `g` holds; these numbers."""
    page.wait_for_function(f"() => {{ const g = {PANEL}?.dlviz.ablate(); return g && ({condition}); }}", timeout=90_000)
    found: dict[str, Any] = page.evaluate(f"() => {PANEL}.dlviz.ablate()")
    return found


def open_ablate(page: Any, app: str, **settings: Any) -> dict[str, Any]:
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 10_000})  # all of it in sight
    given = "".join(f"&attention.{name}={quote(str(value))}" for name, value in settings.items())
    page.goto(f"{app}/attention?attention.panel=Ablate{given}")
    return wait(page, "g.map && g.map.step === g.step && !g.running")


def ran(steps: int, **settings: Any) -> AttentionRun:
    run = AttentionRun(AttentionSpec(**settings))
    run.advance(steps)
    return run


def on_panel(page: Any, selector: str) -> Any:
    return page.locator(f".ablate {selector}")


def zeroed(run: AttentionRun, *names: str, part: Any = ...) -> torch.Tensor:
    """What the network answers to the sequence on the screen when these parameters, or a part of them, are 0."""
    network = copy.deepcopy(run.network).eval()
    with torch.no_grad():
        for name in names:
            network.get_parameter(name)[part] = 0
        return answered(network, run.reading)


def same(found: dict[str, Any], logits: torch.Tensor, targets: torch.Tensor) -> None:
    np.testing.assert_allclose(found["logits"], logits.flatten(), atol=CLOSE)
    losses = torch.nn.functional.cross_entropy(logits, targets, reduction="none", ignore_index=-100)
    asked = targets >= 0
    np.testing.assert_allclose(np.array(found["after"]["losses"], float)[asked.numpy()], losses[asked], atol=CLOSE)
    assert found["after"]["said"] == logits.argmax(1).tolist()
    right = int((logits.argmax(1) == targets)[asked].sum())
    assert f"of {int(asked.sum())} answers {right} {'is' if right == 1 else 'are'} right" in found["sentence"]


def test_switches_of_the_diagram_and_the_map(page: Any, app: str) -> None:
    """One page, since opening it takes longer than asking it."""
    found = open_ablate(page, app, **SMALL)
    run = ran(found["step"], **SMALL)
    assert run.reading.targets is not None
    targets = run.reading.targets[0]
    np.testing.assert_allclose(found["logits"], weights(run)["logits"].flatten(), atol=CLOSE)
    assert "Nothing is switched off" in found["sentence"]

    # The map against the probe of a run of our own; the sentence names the head that matters most.
    expected = to_the_end(ablate(run))
    cells = {cell["id"]: cell for cell in found["map"]["cells"]}
    assert found["map"]["loss"] == pytest.approx(float(expected["loss"]), abs=CLOSE)
    for layer in range(2):
        for head in range(2):
            cell = cells[f"core.{layer}.attention.{head}"]
            assert cell["loss"] == pytest.approx(expected["silent_loss"][layer, head], abs=CLOSE)
            assert cell["accuracy"] == pytest.approx(expected["silent_accuracy"][layer, head], abs=CLOSE)
        names = [f"core.{layer}.attention", f"core.{layer}.feed_forward"]
        for unit, name in enumerate([*names, " ".join(names)]):
            assert cells[name]["loss"] == pytest.approx(expected["off_loss"][layer, unit], abs=CLOSE)
    worst = np.unravel_index(expected["silent_loss"].argmax(), (2, 2))
    assert found["map"]["worst"] == f"core.{worst[0]}.attention.{worst[1]}"
    shown = float(found["map"]["texts"][0].replace("−", "-"))
    assert shown == pytest.approx(expected["silent_loss"][0, 0] - expected["loss"], abs=0.0051)

    # A head silent, by a click in the diagram: as if its columns of W_O were 0.
    on_panel(page, '[data-head="core.0.attention.1"]').click()
    found = wait(page, "g.changes.silent.length === 1")
    same(found, zeroed(run, "core.blocks.0.attention.part.out.weight", part=(slice(None), slice(8, 16))), targets)
    assert "head 2 of layer 1 is silent" in found["sentence"]

    # The same head even, by the keyboard: as if its queries were 0.
    on_panel(page, ".network").get_by_role("radio", name="Even", exact=True).click()
    on_panel(page, '[data-head="core.0.attention.1"]').focus()
    page.keyboard.press("Enter")
    found = wait(page, "g.changes.even.length === 1 && g.changes.silent.length === 0")
    query = [f"core.blocks.0.attention.part.query.{name}" for name in ("weight", "bias")]
    same(found, zeroed(run, *query, part=slice(8, 16)), targets)

    # A whole part, then a whole layer by a cell of the map; then everything on again.
    on_panel(page, "button").filter(has_text="Switch everything on").click()
    on_panel(page, '[data-part="core.1.feed_forward"]').click()
    found = wait(page, "g.changes.off.length === 1 && g.changes.even.length === 0")
    back = [f"core.blocks.1.feed_forward.part.back.{name}" for name in ("weight", "bias")]
    same(found, zeroed(run, *back), targets)
    on_panel(page, '[data-cell="core.1.attention core.1.feed_forward"]').click()
    found = wait(page, "g.changes.off.length === 2")
    out = [f"core.blocks.1.attention.part.out.{name}" for name in ("weight", "bias")]
    same(found, zeroed(run, *back, *out), targets)
    assert on_panel(page, '[data-part="core.1.attention core.1.feed_forward"]').get_attribute("aria-pressed") == "true"

    # The token pointed at: its likeliest classes before and after.
    on_panel(page, '.strip [data-at="7"]').hover()
    found = wait(page, "g.point.at === 7")
    before, after = weights(run)["logits"][7], np.array(found["logits"]).reshape(len(targets), -1)[7]
    for logits, name in ((before, "before"), (after, "after")):
        shares = torch.tensor(logits).softmax(0).numpy()
        np.testing.assert_allclose(found["point"][name], shares[found["point"]["classes"]], atol=CLOSE)
    on_panel(page, "button").filter(has_text="Switch everything on").click()
    found = wait(page, "g.changes.off.length === 0")
    assert found["logits"] == pytest.approx(weights(run)["logits"].flatten().tolist(), abs=CLOSE)

    # Even patterns in the map, and what they do to the accuracy.
    on_panel(page, ".of-map").get_by_role("radio", name="Even", exact=True).click()
    on_panel(page, ".of-map").get_by_role("radio", name="Accuracy", exact=True).click()
    page.wait_for_function(f"() => {PANEL}.shadowRoot.querySelector('.map-cell').ariaLabel.includes('even')")
    cells = {cell["id"]: cell for cell in wait(page)["map"]["cells"]}
    assert cells["core.1.attention.1"]["loss"] == pytest.approx(expected["even_loss"][1, 1], abs=CLOSE)


@pytest.mark.parametrize("page", [PHONE], indirect=True, ids=["phone"])
def test_a_translator_writes_without_a_head(page: Any, app: str) -> None:
    settings = {"task": "pig_latin", "width": 12, "heads": 2, "layers": 1, "examples": 100, "reading": "queen"}
    found = open_ablate(page, app, **settings)
    run = ran(found["step"], **settings)
    vocabulary = run.task.vocabulary

    def written(network: Any) -> str:
        ids = network.write(run.reading.inputs, run.reading.lengths, MOST_WRITTEN)[0].tolist()
        return "".join(vocabulary[at] for at in until_end(ids, vocabulary))

    assert found["targets"] is None
    assert found["writes"]["before"] == written(run.network)
    on_panel(page, '[data-part="decoder.0.cross"]').tap()
    found = wait(page, "g.changes.off.length === 1")
    network: Any = copy.deepcopy(run.network).eval()
    with torch.no_grad():
        for parameter in network.decoder.blocks[0].cross.part.out.parameters():
            parameter.zero_()
    assert found["writes"]["after"] == written(network)
    changed = sum(a != b for a, b in zip(found["before"]["said"], found["after"]["said"], strict=True))
    assert f"{changed} of {len(found['tokens'])} answers change" in found["sentence"]
    expected = to_the_end(ablate(run))
    cells = {cell["id"]: cell for cell in found["map"]["cells"]}
    for head, loss in enumerate(expected["cross_silent_loss"][0]):
        assert cells[f"decoder.0.cross.{head}"]["loss"] == pytest.approx(loss, abs=CLOSE)
    assert cells["decoder.0.cross"]["loss"] == pytest.approx(expected["decoder_off_loss"][0, 1], abs=CLOSE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_text_is_text_and_what_is_switched_stays_only_while_it_is_there(page: Any, app: str) -> None:
    text = ("x = '<b>y</b>'\n" * 9)[:120]
    found = open_ablate(page, app, task="characters", text="python", width=16, heads=4, reading=text)
    assert "".join(found["tokens"]) == text[:64], "the most that can be read"
    assert on_panel(page, "b b").count() == 0
    on_panel(page, '[data-head="core.1.attention.3"]').click()
    wait(page, "g.changes.silent.length === 1")
    # Another network, with fewer heads: the head that was silent is no longer there.
    page.evaluate("() => [...globalThis[Symbol.for('dlviz.sessions')].values()][0].set({heads: 2})")
    found = wait(page, "g.map && g.map.cells.length === 10")
    assert found["changes"] == {"silent": [], "even": [], "off": []}
