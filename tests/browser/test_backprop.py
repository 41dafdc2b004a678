"""The backprop view: what it shows of one point equals torch's autograd in float64 to 1e-6."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from dlviz.labs.playground.spec import ACTIVATIONS, FEATURES, PlaygroundSpec
from tests.browser import torch_network
from tests.browser.playground_page import PLACES, PlaygroundPage, opener

TOLERANCE = 1e-6
SPECS = {
    **{name: PlaygroundSpec(hidden_layers=(4, 3), activations=(name,)) for name in ACTIVATIONS},
    **{
        f"{name}, batch norm": PlaygroundSpec(hidden_layers=(4, 3), activations=(name,), batch_norm=True)
        for name in ACTIVATIONS
    },
    "3 classes": PlaygroundSpec(dataset="blobs", classes=3, hidden_layers=(5,)),
    "8 classes, batch norm": PlaygroundSpec(dataset="rings", classes=8, hidden_layers=(8, 8), batch_norm=True),
    "regression": PlaygroundSpec(problem="regression", hidden_layers=(5, 5), features=FEATURES),
    "regression, batch norm": PlaygroundSpec(problem="regression", hidden_layers=(4,), batch_norm=True),
    "no hidden layer": PlaygroundSpec(hidden_layers=()),
}


@pytest.fixture
def show(mounted: Any, serve_static: Any) -> Callable[..., PlaygroundPage]:
    return opener(mounted, serve_static)


def opened(shown: PlaygroundPage, index: int) -> dict[str, Any]:
    """Click a point and give what the view computed for it."""
    shown.page.mouse.click(*shown.point(index))
    shown.page.locator(".backprop-card").wait_for(state="visible")
    found: dict[str, Any] = shown.hook("backprop")
    return found


def test_the_numbers_on_screen_equal_autograd(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec(hidden_layers=(1,)))
    for turn, (case, spec) in enumerate(SPECS.items()):
        shown.become(spec)
        index = turn % len(PLACES)
        found = opened(shown, index)
        assert (found["set"], found["index"]) == ("train", index), case
        point = tuple(shown.run.points[index].double().tolist())
        wanted = torch_network.gradients(shown.run.model, spec, point, shown.run.targets[index].item())
        assert found["loss"] == pytest.approx(wanted["loss"], abs=TOLERANCE), case
        for name in ("values", "sums"):
            for ours, theirs in zip(found[name], wanted[name], strict=True):
                assert ours == pytest.approx(theirs, abs=TOLERANCE), f"{case}: {name}"
        for layer, row in enumerate(wanted["layers"]):
            for name, theirs in row.items():
                ours = found["layers"][layer][name]
                assert ours == pytest.approx(theirs, abs=TOLERANCE), f"{case}, layer {layer}: {name}"
        shown.page.keyboard.press("Escape")


def numbers_in(text: str) -> list[float]:
    """Every number of a line as it is written, 3.1×10⁻⁴ included."""
    small = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
    plain = re.sub(r"×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: "e" + found[1], text).translate(small).replace(",", "")
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", plain)]


def test_each_step_back_writes_the_arithmetic_of_one_layer(show: Callable[..., PlaygroundPage]) -> None:
    spec = PlaygroundSpec(hidden_layers=(2, 3), activations=("tanh",))
    shown = show(spec)
    found = opened(shown, 4)
    lines = shown.page.locator(".equations .equation")
    assert found["at"] == 0
    assert "one-hot" in lines.nth(0).inner_text()
    assert numbers_in(lines.nth(1).inner_text())[-1] == pytest.approx(found["loss"], rel=5e-3)
    target = int(shown.run.targets[4])

    shown.page.get_by_role("button", name="Step back").click()
    gradient = found["layers"][2]["sum"]
    focus = max(range(2), key=lambda k: abs(gradient[k]))
    shown_text = lines.nth(0).inner_text()
    assert numbers_in(shown_text)[-1] == pytest.approx(gradient[focus], rel=5e-3)
    assert numbers_in(shown_text)[-2] == (1 if focus == target else 0)

    shown.page.get_by_role("button", name="Step back").click()
    layer = found["layers"][1]
    focus = max(range(3), key=lambda k: abs(layer["sum"][k]))
    assert f"Neuron {focus + 1} of layer 2" in shown.page.locator(".equations").inner_text()
    assert numbers_in(lines.nth(0).inner_text())[-1] == pytest.approx(layer["value"][focus], rel=5e-3)
    arrived, slope, product = numbers_in(lines.nth(1).inner_text())[-3:]
    assert product == pytest.approx(layer["sum"][focus], rel=5e-3)
    assert arrived * slope == pytest.approx(product, rel=2e-2)
    weights = [numbers_in(text)[-1] for text in shown.page.locator(".equations .product").all_inner_texts()]
    assert weights == pytest.approx(layer["weight"][focus * 2 : focus * 2 + 2], rel=5e-3)

    other = (focus + 1) % 3
    shown.page.mouse.click(*shown.centre(shown.node(2, other)))
    assert f"Neuron {other + 1} of layer 2" in shown.page.locator(".equations").inner_text()
    assert numbers_in(lines.nth(0).inner_text())[-1] == pytest.approx(layer["value"][other], rel=5e-3)


def test_keys_walk_both_ways_and_escape_leaves(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec(hidden_layers=(3,)))
    opened(shown, 0)
    keys = shown.page.keyboard
    for key, at in [("ArrowLeft", 1), ("ArrowLeft", 2), ("ArrowLeft", 2), ("ArrowRight", 1), ("ArrowRight", 0)]:
        keys.press(key)
        assert shown.hook("backprop")["at"] == at
    keys.press("Escape")
    assert shown.hook("backprop") is None
    assert not shown.page.locator(".backprop-card").is_visible()


def test_the_view_pauses_training_and_follows_an_edited_weight(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec(hidden_layers=(2,)))
    shown.run.playing = True
    shown.page.evaluate("harness.session('torch').play(true)")
    shown.page.wait_for_function("harness.session('torch').state.playing")
    before = opened(shown, 2)["loss"]
    assert shown.heard("play")["on"] is False
    shown.page.evaluate("harness.session('torch').send({do: 'edit', array: 'bias.1', index: [0], value: 3})")
    shown.page.wait_for_function(
        "(before) => Math.abs(document.getElementById('playground').dlviz.backprop().loss - before) > 1e-6", arg=before
    )
    point = tuple(shown.run.points[2].double().tolist())
    wanted = torch_network.gradients(shown.run.model, shown.spec, point, shown.run.targets[2].item())
    assert shown.hook("backprop")["loss"] == pytest.approx(wanted["loss"], abs=TOLERANCE)


def test_what_is_left_out_is_said(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec(hidden_layers=(2,), dropout=0.5, batch_norm=True))
    opened(shown, 1)
    words = shown.page.locator(".backprop-card").inner_text()
    assert "Nothing is dropped here" in words
    assert "running mean and variance" in words


def test_a_click_away_from_every_point_or_with_a_tool_opens_nothing(show: Callable[..., PlaygroundPage]) -> None:
    shown = show(PlaygroundSpec(dataset="own", own_points="0AAAA1____"))
    x, y = shown.point(PLACES.index((1.5, 0.3)))
    shown.page.mouse.click(x + 40, y + 40)
    assert shown.hook("backprop") is None
    shown.page.get_by_role("button", name="Place", exact=False).first.click()
    shown.page.mouse.click(*shown.point(3))
    shown.page.wait_for_timeout(100)
    assert shown.hook("backprop") is None
