"""The single neuron: corrections against Python, gradient against autograd, separability against a linear program."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.optimize import linprog

from dlviz.labs.playground import data
from dlviz.labs.playground.spec import PlaygroundSpec
from tests.browser import torch_network
from tests.browser.static_page import static_page

START = np.array([1.0, -0.6, 0.5])


@pytest.fixture(scope="module")
def rules(chromium: Any) -> Any:
    with static_page(chromium) as opened:
        opened.evaluate("async () => { window.rules = await import('/neuron/rules.js'); }")
        yield opened


def as_points(x: np.ndarray, y: np.ndarray) -> list[dict[str, float]]:
    return [{"x1": float(a), "x2": float(b), "y": int(side)} for (a, b), side in zip(x, y, strict=True)]


def line_exists(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether some w, b has y (w · x + b) ≥ 1 for every point: a linear program without an objective."""
    rows = -y[:, None] * np.column_stack([x, np.ones(len(x))])
    return bool(linprog(np.zeros(3), A_ub=rows, b_ub=-np.ones(len(x)), bounds=[(None, None)] * 3).status == 0)


def random_clouds(seed: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    count = int(chance.integers(2, 30))
    y = np.where(chance.random(count) < 0.5, 1, -1)
    return chance.normal(size=(count, 2)) + np.outer(y, chance.normal(size=2)) * chance.uniform(0, 2.5), y


def test_separability_agrees_with_a_linear_program(rules: Any) -> None:
    cases = [random_clouds(seed) for seed in range(200)]
    found = rules.evaluate("all => all.map((points) => rules.separable(points))", [as_points(*case) for case in cases])
    expected = [line_exists(*case) for case in cases]
    assert found == expected
    assert 40 < sum(expected) < 160


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ([(-3, -3), (3, -3), (-3, 3), (3, 3)], [-1, -1, -1, 1], True),
        ([(-3, -3), (3, -3), (-3, 3), (3, 3)], [-1, 1, 1, -1], False),
        ([(0, 0), (1, 1), (2, 2)], [1, -1, 1], False),
        ([(0, 0), (1, 1), (2, 2)], [1, 1, -1], True),
        ([(1, 1), (1, 1)], [1, -1], False),
        ([(0, 0), (2, 0), (1, 0)], [1, 1, -1], False),
        ([(0, 0), (2, 0), (1, 1e-6)], [1, 1, -1], True),
        ([(0, 0), (1, 0)], [1, 1], True),
    ],
    ids=["and", "xor", "between", "in a row", "same place", "on the edge", "beside the edge", "one class"],
)
def test_separability_of_special_places(rules: Any, x: Any, y: Any, expected: bool) -> None:
    points = as_points(np.array(x, dtype=float), np.array(y))
    assert rules.evaluate("points => rules.separable(points)", points) is expected


def test_the_logistic_gradient_equals_autograd(rules: Any) -> None:
    x, y = random_clouds(3)
    weights = torch.tensor([1.3, -0.7, 0.4], dtype=torch.float64, requires_grad=True)
    z = torch.tensor(x) @ weights[:2] + weights[2]
    loss = torch.nn.functional.binary_cross_entropy_with_logits(z, torch.tensor(y > 0).double())
    loss.backward()
    found = rules.evaluate("points => rules.logistic({w1: 1.3, w2: -0.7, b: 0.4}, points)", as_points(x, y))
    assert found["loss"] == pytest.approx(loss.item(), abs=1e-12)
    assert [found["gradient"][name] for name in ("w1", "w2", "b")] == pytest.approx(weights.grad.tolist(), abs=1e-12)
    far = rules.evaluate("() => rules.logistic({w1: 1e4, w2: 0, b: 0}, [{x1: -1, x2: 0, y: 1}]).loss")
    assert far == pytest.approx(1e4)


def perceptron(x: np.ndarray, y: np.ndarray, rate: float, most: int) -> list[np.ndarray]:
    """Rosenblatt's rule, point after point: the weights (w1, w2, b) after each correction."""
    weights, found = START.copy(), []
    extended = np.column_stack([x, np.ones(len(x))])
    while True:
        clean = True
        for row, side in zip(extended, y, strict=True):
            if side * (weights @ row) <= 0:
                weights = weights + rate * side * row
                found.append(weights)
                clean = False
                if len(found) == most:
                    return found
        if clean:
            return found


@pytest.fixture
def panel(mounted: Any, serve_static: Any, page: Any) -> Any:
    """Opens the panel beside a run of the spec; gives its host."""

    def open_with(spec: PlaygroundSpec) -> Any:
        points = data.load(spec)
        runs = serve_static[1].runs
        runs["single"] = torch_network.TorchRun("single", runs, spec, points.train_x, points.train_y)
        page.emulate_media(reduced_motion="reduce")
        mounted("neuron", data={"run": "single"})
        host = page.locator("#neuron")
        host.locator(".neuron[data-updates]").wait_for()
        if spec.problem == "classification":
            host.locator("[data-field=points] option[value=run]").wait_for(state="attached")
        return host

    return open_with


def weights_of(host: Any) -> np.ndarray:
    shown = host.locator(".neuron").evaluate("one => ({...one.dataset})")
    return np.array([float(shown[name]) for name in ("w1", "w2", "b")])


def press(host: Any, name: str) -> None:
    host.get_by_role("button", name=name).click()
    host.page.wait_for_timeout(50)


@pytest.mark.parametrize("dataset", ["gauss", "xor"])
def test_the_corrections_equal_the_perceptron_in_python(panel: Any, dataset: str) -> None:
    spec = PlaygroundSpec(dataset=dataset, samples=30, noise=20, seed=7)
    host = panel(spec)
    points = data.load(spec)
    x, y = points.train_x.double().numpy(), np.where(points.train_y.numpy() == 1, 1, -1)
    assert host.locator("[data-field=points] select").input_value() == "run"
    expected = perceptron(x, y, 1.0, 20)  # more than one pass over 15 points where no line exists
    assert expected
    for after in expected:
        press(host, "Next mistake")
        assert weights_of(host) == pytest.approx(after, abs=1e-9)
    assert host.locator(".neuron").get_attribute("data-updates") == str(len(expected))
    separable = line_exists(x, y)
    assert host.locator(".neuron").get_attribute("data-separable") == str(separable).lower()


def test_it_converges_where_a_line_exists_and_says_so(panel: Any, page: Any) -> None:
    host = panel(PlaygroundSpec())
    host.locator("[data-field=points] select").select_option("or")
    x, y = np.array([(-3, -3), (3, -3), (-3, 3), (3, 3)], dtype=float), np.array([-1, 1, 1, 1])
    expected = perceptron(x, y, 1.0, 1000)
    for _ in expected:
        press(host, "Next mistake")
    assert weights_of(host) == pytest.approx(expected[-1], abs=1e-9)
    assert f"Converged after {len(expected)} correction" in host.locator(".standing").inner_text()
    assert host.get_by_role("button", name="Next mistake").is_disabled()


def test_it_says_that_xor_goes_on_for_ever(panel: Any) -> None:
    host = panel(PlaygroundSpec())
    host.locator("[data-field=points] select").select_option("xor")
    for _ in range(5):
        press(host, "Next mistake")
    assert "No line separates these points: it will go on for ever." in host.locator(".standing").inner_text()
    assert host.get_by_role("button", name="Next mistake").is_enabled()


def test_the_equation_has_the_numbers_of_the_correction(panel: Any) -> None:
    host = panel(PlaygroundSpec())
    host.locator("[data-field=points] select").select_option("xor")
    press(host, "Next mistake")
    # The first corner, (-3, -3) of class -1, has z = -3 + 1.8 + 0.5 = -0.7 and is right; (3, -3) with z = 5.3
    # is right; (-3, 3) has z = -4.3 and is of class 1: the first mistake.
    text = " ".join(host.locator(".update").inner_text().split())
    assert "w ← (1, −0.6) + 1 · 1 · (−3, 3) = (−2, 2.4)" in text
    assert "b ← 0.5 + 1 · 1 = 1.5" in text


def test_gradient_descent_takes_the_steps_that_torch_takes(panel: Any) -> None:
    spec = PlaygroundSpec(samples=60, seed=2)
    host = panel(spec)
    points = data.load(spec)
    host.get_by_role("radio", name="Gradient descent").click()
    weights = torch.tensor(START, requires_grad=True)
    optimizer = torch.optim.SGD([weights], lr=1.0)
    for _ in range(5):
        optimizer.zero_grad()
        z = points.train_x.double() @ weights[:2] + weights[2]
        torch.nn.functional.binary_cross_entropy_with_logits(z, points.train_y.double()).backward()
        optimizer.step()
        press(host, "One step")
        assert weights_of(host) == pytest.approx(weights.detach().numpy(), abs=1e-9)


def test_dragging_and_keys_move_the_line(panel: Any, page: Any) -> None:
    host = panel(PlaygroundSpec())
    move, aim = host.get_by_role("slider", name="Move the line"), host.get_by_role("slider", name="Turn and stretch")
    before = weights_of(host)
    box = move.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 80, steps=4)
    page.mouse.up()
    page.wait_for_timeout(60)
    moved = weights_of(host)
    assert moved[:2] == pytest.approx(before[:2])
    assert abs(moved[2] - before[2]) > 0.1
    # The line goes through the handle: w · x + b = 0 where it was put down.
    plane = host.locator(".plane canvas").bounding_box()
    side = plane["width"] / 12
    at = np.array([(box["x"] + 60 - plane["x"]) / side - 6, 6 - (box["y"] + 80 - plane["y"]) / side])
    assert moved[:2] @ at + moved[2] == pytest.approx(0, abs=1e-6)
    aim.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(60)
    turned = weights_of(host)
    assert turned[:2] - moved[:2] == pytest.approx([0.1, 0], abs=1e-9)
    assert turned[:2] @ at + turned[2] == pytest.approx(0, abs=1e-6)


def test_the_point_under_the_pointer_is_put_into_the_sum(panel: Any, page: Any) -> None:
    host = panel(PlaygroundSpec())
    host.locator("[data-field=points] select").select_option("and")
    host.locator("[data-field=activation] select").select_option("sigmoid")
    plane = host.locator(".plane canvas").bounding_box()
    page.mouse.move(plane["x"] + plane["width"] * 0.75, plane["y"] + plane["height"] * 0.75)  # the point (3, -3)
    page.wait_for_timeout(60)
    text = " ".join(host.locator(".sum").inner_text().split())
    assert "1 · 3 + (−0.6) · (−3) + 0.5 = 5.3" in text
    assert "σ(5.3) = 0.995" in text


def test_a_regression_has_no_classes_to_show(panel: Any) -> None:
    host = panel(PlaygroundSpec(problem="regression"))
    host.page.wait_for_function("() => harness.session('single').scene")
    options = host.locator("[data-field=points] option").evaluate_all("all => all.map((one) => one.value)")
    assert options == ["apart", "overlapping", "and", "or", "xor"]
