"""The network picture: its maps are torch's, and everything on it can be pointed at, typed, added and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.playground.spec import ACTIVATIONS, FEATURES, PlaygroundSpec
from tests.browser import torch_network
from tests.browser.playground_page import PlaygroundPage, opener

MAP_TOLERANCE = 1e-4
SPECS = {
    "two classes": PlaygroundSpec(),
    "every activation": PlaygroundSpec(hidden_layers=(3,) * 6, activations=ACTIVATIONS[:6]),
    "batch norm, 3 classes": PlaygroundSpec(dataset="blobs", classes=3, hidden_layers=(5, 4), batch_norm=True),
    "8 classes": PlaygroundSpec(dataset="rings", classes=8, hidden_layers=(8, 8), activations=("gelu",)),
    "regression": PlaygroundSpec(problem="regression", hidden_layers=(6,), features=FEATURES),
    "no hidden layer": PlaygroundSpec(hidden_layers=()),
}
LONE = PlaygroundSpec(hidden_layers=(1,), features=("x1",))  # one link into the hidden neuron


@pytest.fixture
def show(mounted: Any, serve_static: Any) -> Callable[..., PlaygroundPage]:
    return opener(mounted, serve_static)


def test_maps_on_the_page_equal_torch(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec(hidden_layers=(1,)))
    for name, spec in SPECS.items():
        shown.become(spec)
        found = shown.settled()
        with torch.no_grad():
            traced = torch_network.trace(shown.run.model, spec, torch_network.grid(100))
        assert len(found["values"]) == len(traced.values), name
        for ours, theirs in zip(found["values"], traced.values, strict=True):
            difference = np.abs(np.reshape(ours, (theirs.shape[1], -1)).T - theirs.numpy()).max()
            assert difference < MAP_TOLERANCE, name
        if spec.problem == "classification":
            wanted = traced.outputs.softmax(1).numpy()
            difference = np.abs(np.reshape(found["probabilities"], (spec.classes, -1)).T - wanted).max()
            assert difference < MAP_TOLERANCE, name


def pixel(page: Any, x1: float, x2: float) -> list[int]:
    """The colour of the output map at a place of the plane."""
    found: list[int] = page.evaluate(
        """([x1, x2]) => {
          const canvas = document.getElementById("playground").shadowRoot.querySelector(".output canvas.heat");
          const at = [((x1 + 6) / 12) * canvas.width, ((6 - x2) / 12) * canvas.height].map(Math.floor);
          return [...canvas.getContext("2d").getImageData(...at, 1, 1).data.slice(0, 3)];
        }""",
        [x1, x2],
    )
    return found


def is_orange(rgb: list[int]) -> bool:
    return rgb[0] > rgb[2] + 20


def is_blue(rgb: list[int]) -> bool:
    return rgb[2] > rgb[0] + 20


def test_colours_of_the_output_are_torch_s_decision(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec(hidden_layers=(6,)))
    shown.settled()
    places = torch_network.grid(9)
    with torch.no_grad():
        share = torch_network.trace(shown.run.model, shown.spec, places).outputs.softmax(1)
    contrast = (share[:, 1] - share[:, 0]).tolist()
    certain = [(place, c) for place, c in zip(places.tolist(), contrast, strict=True) if abs(c) > 0.5]
    assert {c > 0 for _, c in certain} == {True, False}, "the network of this test decides both ways"
    for place, c in certain:
        assert is_blue(pixel(shown.page, *place)) if c > 0 else is_orange(pixel(shown.page, *place)), (place, c)


def test_a_hovered_neuron_fills_the_output_and_a_click_keeps_it(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(LONE)
    page, title = shown.page, shown.page.locator(".output-title")
    with torch.no_grad():
        shown.run.model.linear[0].weight[:] = 2.0
        shown.run.model.linear[0].bias[:] = 0.0
    page.evaluate("harness.session('torch').send({do: 'speed', steps_per_second: null})")  # brings a frame
    page.wait_for_timeout(200)
    assert title.inner_text() == "Output"
    page.mouse.move(*shown.centre(shown.node(1, 0)))
    page.wait_for_function("[...document.getElementById('playground').shadowRoot.querySelectorAll('.output-title')]"
                           ".some((e) => e.textContent === 'Neuron 1 of layer 1')")  # fmt: skip
    page.wait_for_timeout(100)
    assert is_orange(pixel(page, -5, 2))
    assert is_blue(pixel(page, 5, 2))
    page.mouse.move(5, 5)
    page.wait_for_timeout(100)
    assert title.inner_text() == "Output"
    page.mouse.click(*shown.centre(shown.node(1, 0)))
    page.mouse.move(5, 5)
    page.wait_for_timeout(100)
    assert title.inner_text() == "Neuron 1 of layer 1"
    assert shown.node(1, 0).get_attribute("aria-pressed") == "true"
    page.get_by_label("Show the output again").click()
    page.wait_for_timeout(100)
    assert title.inner_text() == "Output"


def test_a_weight_is_typed_and_abc_loses_nothing(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(LONE)
    page = shown.page
    before = shown.run.model.linear[0].weight.item()
    place = shown.between(shown.node(0, 0), shown.node(1, 0))
    page.mouse.move(*place)
    assert "x₁ → neuron 1 of layer 1" in page.locator(".tip").inner_text()
    page.mouse.click(*place)
    field = page.get_by_label("Weight x₁ → neuron 1 of layer 1, a number")
    field.fill("abc")
    field.press("Enter")
    words = page.locator(".editor p").inner_text()
    assert "must be a number. Got “abc”. Try" in words
    assert field.input_value() == "abc"
    assert shown.commands("edit") == []
    assert shown.run.model.linear[0].weight.item() == before
    field.fill("-1,25")
    field.press("Enter")
    edit = shown.heard("edit")
    assert (edit["array"], edit["index"], edit["value"]) == ("weight.0", [0, 0], -1.25)
    page.wait_for_selector(".editor", state="detached")
    page.mouse.move(*shown.centre(shown.node(1, 0)))
    page.wait_for_timeout(150)
    assert "−1.25" in page.locator(".unit-card .equation").inner_text()


def test_a_bias_is_typed_at_its_dot_and_escape_leaves_it(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(LONE)
    box = shown.node(1, 0).bounding_box()
    dot = (box["x"] + 1, box["y"] + box["height"] - 1)
    field = shown.page.get_by_label("Bias of neuron 1 of layer 1, a number")
    shown.page.mouse.click(*dot)
    field.fill("9")
    field.press("Escape")
    assert field.count() == 0
    assert shown.commands("edit") == []
    shown.page.mouse.click(*dot)
    field.fill("0.5")
    field.press("Enter")
    edit = shown.heard("edit")
    assert (edit["array"], edit["index"], edit["value"]) == ("bias.0", [0], 0.5)


def test_a_refused_edit_says_why_at_the_field(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(LONE)
    refusal = "The weight must stay below 1,000,000. Got 1e9. Try 10."
    shown.run.do_edit = lambda command: [shown.run.note("error", refusal, command["token"])]  # type: ignore[method-assign]
    shown.page.mouse.click(*shown.between(shown.node(0, 0), shown.node(1, 0)))
    field = shown.page.get_by_label("Weight x₁ → neuron 1 of layer 1, a number")
    field.fill("1e9")
    field.press("Enter")
    shown.page.get_by_text(refusal).wait_for()
    assert field.input_value() == "1e9"


def test_layers_neurons_activations_and_features_change_on_the_picture(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec(hidden_layers=(4, 2)))
    page = shown.page

    def after(action: Callable[[], Any], nodes: int) -> PlaygroundSpec:
        action()
        page.wait_for_function(
            "(n) => document.getElementById('playground').shadowRoot.querySelectorAll('button.node').length === n",
            arg=nodes,
        )
        page.wait_for_timeout(50)
        return shown.spec

    assert after(page.get_by_label("Add a hidden layer").click, 7 + 8 + 2).hidden_layers == (4, 2, 2)
    assert after(page.get_by_label("Add a neuron to layer 3").click, 7 + 9 + 2).hidden_layers == (4, 2, 3)
    assert after(page.get_by_label("Remove a neuron from layer 1").click, 7 + 8 + 2).hidden_layers == (3, 2, 3)
    page.get_by_label("Activation of layer 2").select_option("relu")
    page.wait_for_timeout(300)
    assert shown.spec.layer_activations == ("tanh", "relu", "tanh")
    assert after(page.get_by_label("Remove a hidden layer").click, 7 + 5 + 2).hidden_layers == (3, 2)
    assert shown.spec.layer_activations == ("tanh", "relu")
    page.mouse.click(*shown.centre(shown.node(0, 4)))
    page.wait_for_timeout(300)
    assert shown.spec.features == ("x1", "x2", "x1x2")
    for feature in (0, 1, 4):
        page.mouse.click(*shown.centre(shown.node(0, feature)))
        page.wait_for_timeout(250)
    assert shown.spec.features == ("x1x2",), "the last feature stays"
    assert "at least one feature" in page.locator(".unit-card").inner_text()


def test_the_keyboard_reaches_every_neuron_and_hears_its_numbers(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(LONE)
    weight, bias = shown.run.model.linear[0].weight.item(), shown.run.model.linear[0].bias.item()
    shown.page.locator("button.node[tabindex='0']").focus()
    shown.page.keyboard.press("ArrowRight")
    label = shown.page.evaluate("document.getElementById('playground').shadowRoot.activeElement.ariaLabel")
    assert label.startswith("neuron 1 of layer 1, bias")
    for value in (weight, bias):
        assert f"{abs(value):.3g}".rstrip("0") in label.replace("×10⁻", "e-0"), (value, label)
    shown.page.keyboard.press("Enter")
    assert shown.node(1, 0).get_attribute("aria-pressed") == "true"
    shown.page.keyboard.press("ArrowRight")
    shown.page.keyboard.press("ArrowDown")
    label = shown.page.evaluate("document.getElementById('playground').shadowRoot.activeElement.ariaLabel")
    assert label.startswith("class 1, bias")


def test_dead_and_dropped_units_are_marked(show: Callable[..., PlaygroundPage]) -> None:
    slope, dropped = np.array([1, 0, 1, 5e-7], np.float32), np.array([0, 0, 1, 0], np.uint8)
    shown = show(PlaygroundSpec(hidden_layers=(4,)), slope=slope, dropped=dropped)
    shown.settled()
    labels = [shown.node(1, unit).get_attribute("aria-label") for unit in range(4)]
    assert [", dead" in label for label in labels] == [False, True, False, True]
    assert [", dropped" in label for label in labels] == [False, False, True, False]
    shown.page.mouse.move(*shown.centre(shown.node(1, 1)))
    shown.page.wait_for_timeout(150)
    assert "no longer learns" in shown.page.locator(".unit-card").inner_text()


def test_a_compared_run_stands_beside_the_first(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec())
    other = PlaygroundSpec(hidden_layers=(3,), seed=5)
    shown.harness.runs["other"] = torch_network.TorchRun(
        "other", shown.harness.runs, other, shown.run.points, shown.run.targets
    )
    beside = shown.page.locator(".beside")
    assert not beside.is_visible()
    shown.page.evaluate("harness.session('torch').compare('other')")
    beside.wait_for(state="visible")
    assert "Training loss 0.600" in beside.inner_text()
    shown.page.evaluate("harness.session('torch').compare(null)")
    beside.wait_for(state="hidden")


@pytest.mark.parametrize("page", [{"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True)
def test_on_a_phone_the_page_does_not_scroll_sideways(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec(hidden_layers=(8,) * 6, activations=("relu",)))
    page = shown.page
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    inner = page.locator(".network-scroll").evaluate("(element) => element.scrollWidth - element.clientWidth")
    assert inner == 0, "nor does the network inside the page"
    tops = [page.locator(f".{area}").first.bounding_box()["y"] for area in ("output", "network", "knobs", "data")]
    assert tops == sorted(tops)
    box = shown.node(6, 7).bounding_box()
    assert box["width"] >= 24
    shown.node(6, 7).scroll_into_view_if_needed()
    shown.node(6, 7).tap()
    page.wait_for_timeout(200)
    assert page.locator(".output-title").inner_text() == "Neuron 8 of layer 6"


def test_a_frame_of_the_largest_network_is_drawn_in_time(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec(hidden_layers=(8,) * 6, features=FEATURES))
    shown.settled()
    times = shown.page.evaluate("""async () => {
      const times = [];
      let busy = 0;
      const ask = window.requestAnimationFrame;
      window.requestAnimationFrame = (draw) => ask.call(window, (now) => {
        const start = performance.now();
        draw(now);
        busy = Math.max(busy, performance.now() - start);
      });
      const session = harness.session("torch");
      for (let k = 0; k < 40; k += 1) {
        busy = 0;
        await session.ask({ do: "edit", array: "weight.0", index: [0, 0], value: k / 40 });
        await new Promise((done) => setTimeout(done, 30));
        times.push(busy);
      }
      window.requestAnimationFrame = ask;
      return times;
    }""")
    # The quickest tenth: what a frame costs where no other process takes the processor away meanwhile.
    assert sorted(times)[4] < 16, "a frame takes longer than the screen shows it"
