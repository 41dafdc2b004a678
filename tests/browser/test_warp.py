"""Space warp: its linear algebra against numpy and scikit-learn, its boundary and cuts against torch, and the panel."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.linear_model import LinearRegression

from dlviz.labs.playground import data
from dlviz.labs.playground.spec import PlaygroundSpec
from tests.browser import torch_network
from tests.browser.static_page import static_page


@pytest.fixture(scope="module")
def modules(chromium: Any) -> Any:
    with static_page(chromium) as opened:
        opened.evaluate("""async () => {
          window.nn = await import("/lib/nn.js");
          for (const name of ["linear", "boundary", "spaces"]) window[name] = await import(`/warp/${name}.js`);
        }""")
        yield opened


def columns(seed: int, units: int, points: int = 60, dead: int = 0) -> np.ndarray:
    """Activations of correlated units of very different size, (points, units); the last `dead` are constant."""
    chance = np.random.default_rng(seed)
    values = chance.normal(size=(points, units)) @ chance.normal(size=(units, units)) + chance.normal(size=units)
    if dead:
        values[:, -dead:] = 0.25
    return values


@pytest.mark.parametrize("units", [2, 3, 8])
def test_principal_components_equal_scikit_learn(modules: Any, units: int) -> None:
    values = columns(units, units)
    found = modules.evaluate("c => linear.principal(c.map((x) => Float64Array.from(x)))", values.T.tolist())
    expected = PCA().fit(values)
    assert np.allclose(found["mean"], expected.mean_, atol=1e-12)
    assert np.allclose(found["share"], expected.explained_variance_ratio_, atol=1e-10)
    assert np.allclose(np.abs(np.sum(np.array(found["axes"]) * expected.components_, axis=1)), 1, atol=1e-8)


@pytest.mark.parametrize(("units", "dead"), [(1, 0), (2, 0), (8, 0), (8, 3), (4, 4)])
def test_least_squares_equals_numpy(modules: Any, units: int, dead: int) -> None:
    values, target = columns(units + 10 * dead, units, dead=dead), np.random.default_rng(5).normal(size=60)
    found = modules.evaluate(
        "([c, y]) => { const [fit] = linear.leastSquares(c.map((x) => Float64Array.from(x)), [y]);"
        " return {prediction: [...fit.prediction], coefficients: fit.coefficients, intercept: fit.intercept}; }",
        [values.T.tolist(), target.tolist()],
    )
    design = np.column_stack([values, np.ones(60)])
    expected = design @ np.linalg.lstsq(design, target, rcond=None)[0]
    assert np.allclose(found["prediction"], expected, atol=1e-8)
    assert np.allclose(values @ found["coefficients"] + found["intercept"], expected, atol=1e-8)
    assert np.allclose(np.array(found["coefficients"])[units - dead :], 0, atol=1e-12)


@pytest.mark.parametrize("classes", [2, 5, 0])
def test_separability_equals_scikit_learn(modules: Any, classes: int) -> None:
    values, chance = columns(3, 4, points=200), np.random.default_rng(1)
    wish = values @ chance.normal(size=(4, max(classes, 1))) + 2 * chance.normal(size=(200, max(classes, 1)))
    targets = wish.argmax(1) if classes else wish[:, 0]
    found = modules.evaluate(
        "([c, y, k]) => linear.separability(c.map((x) => Float64Array.from(x)), y, k)",
        [values.T.tolist(), targets.tolist(), classes],
    )
    if classes:
        scores = LinearRegression().fit(values, np.eye(classes)[targets]).predict(values)
        expected = float((scores.argmax(1) == targets).mean())
        assert 1 / classes < expected < 1
    else:
        expected = LinearRegression().fit(values, targets).score(values, targets)
    assert found == pytest.approx(expected, abs=1e-9)


SPECS = {
    "two classes": PlaygroundSpec(hidden_layers=(4, 2), seed=2),
    "four classes": PlaygroundSpec(dataset="blobs", classes=4, hidden_layers=(5, 2), seed=3),
    "regression": PlaygroundSpec(problem="regression", hidden_layers=(4, 2), seed=4),
    "batch norm, relu": PlaygroundSpec(hidden_layers=(6, 2), activations=("relu", "tanh"), batch_norm=True, seed=5),
    "no hidden layer": PlaygroundSpec(hidden_layers=(), seed=6),
    "features only": PlaygroundSpec(hidden_layers=(), features=("x1_squared", "x2_squared"), seed=3),
}


def centred(spec: PlaygroundSpec) -> Any:
    """A network whose outputs are zero on average over the plane, so that it has a boundary there."""
    model = torch_network.network(spec)
    with torch.no_grad():
        bias = model.linear[-1].bias
        bias -= model(data.features(torch_network.grid(20), spec.features)).mean(0)
        bias.copy_(bias.float())  # a frame carries float32
    return model


BOUNDARY = """([scene, frame, arrive]) => {
  const fix = eval(arrive);
  const model = nn.readModel(fix(scene)).load(fix(frame));
  const batch = nn.forward(model, spaces.carriedBatch(model, fix(scene).arrays.train_points.data));
  const line = boundary.boundary(model, batch);
  const stop = spaces.stopsOf(model).find((one) => one.last);
  const view = spaces.viewOf(stop, {mode: "units", units: [0, 1, 2]}, 2, batch);
  const at = spaces.place(stop, view, line);
  const cuts = boundary.flatCuts(model, view).map(({normal, offset}) =>
    [...at.x].map((x, k) => (normal[0] * x + normal[1] * at.y[k] + offset) / Math.hypot(...normal)));
  return {x1: [...line.x1], x2: [...line.x2], cuts, layer: stop.layer};
}"""


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
def test_the_boundary_is_where_torch_is_undecided_and_lies_on_the_flat_cut(modules: Any, spec: PlaygroundSpec) -> None:
    model = centred(spec)
    points = torch.randn(30, 2, generator=torch.Generator().manual_seed(1)) * 2
    scene = torch_network.scene(spec, points, torch.zeros(30))
    messages = [torch_network.message(scene, "scene"), torch_network.message(torch_network.frame(model), "frame")]
    found = modules.evaluate(BOUNDARY, [*messages, torch_network.ARRIVE])
    ends = torch.tensor([found["x1"], found["x2"]], dtype=torch.float64).T
    assert len(ends) >= 20
    with torch.no_grad():
        output = model(data.features(ends, spec.features))
    undecided = output[:, 0].abs() if spec.outputs == 1 else torch.diff(output.topk(2).values)[:, 0]
    # False position along an edge of 0.2: at a kink between three classes it may stop a little aside.
    assert undecided.abs().quantile(0.95) < 1e-3
    assert undecided.abs().max() < 0.2
    # In a space of two units the boundary's image is a piece of one of the straight cuts.
    assert np.quantile(np.abs(found["cuts"]).min(0), 0.95) < 1e-3


@pytest.mark.parametrize("choice", [{"mode": "components"}, {"mode": "units", "units": [4, 1, 2]}])
def test_the_plane_of_the_cut_is_where_the_output_layer_of_torch_is_undecided(modules: Any, choice: Any) -> None:
    spec = PlaygroundSpec(hidden_layers=(5,), seed=8)
    model = centred(spec)
    points = torch.randn(50, 2, generator=torch.Generator().manual_seed(1)) * 2
    scene = torch_network.scene(spec, points, torch.zeros(50))
    messages = [torch_network.message(scene, "scene"), torch_network.message(torch_network.frame(model), "frame")]
    corners, view = modules.evaluate(
        """([scene, frame, arrive, choice]) => {
          const fix = eval(arrive);
          const model = nn.readModel(fix(scene)).load(fix(frame));
          const batch = nn.forward(model, spaces.carriedBatch(model, fix(scene).arrays.train_points.data));
          const stop = spaces.stopsOf(model).find((one) => one.last);
          const view = spaces.viewOf(stop, choice, 3, batch);
          return [boundary.cutPolygon(boundary.flatCuts(model, view)[0], 1.5), view];
        }""",
        [*messages, torch_network.ARRIVE, choice],
    )
    assert len(corners) >= 3
    axes, along = np.array(view["axes"]), np.array(corners) * view["half"] + view["centre"]
    with torch.no_grad():
        mean = torch_network.trace(model, spec, points.double()).values[0].mean(0).numpy()
    if choice["mode"] == "components":
        units = mean + along @ axes
    else:  # the two units that are not shown stay at their mean
        units = np.tile(mean, (len(corners), 1))
        units[:, choice["units"]] = along
    with torch.no_grad():
        output = model.linear[-1](torch.tensor(units))
    assert np.allclose(output[:, 0], output[:, 1], atol=1e-6)


def test_a_half_turn_does_not_collapse_on_the_way(modules: Any) -> None:
    found = modules.evaluate("""() => {
      const x = Float32Array.of(1, 0, -1, 0.5), y = Float32Array.of(0, 1, 0.5, -1), z = new Float32Array(4);
      const a = {x, y, z}, b = {x: x.map((v) => -v), y: y.map((v) => -v), z};
      const turn = spaces.turnBetween(a, b);
      const sizes = [0, 0.25, 0.5, 0.75, 1].map((t) => {
        const c = spaces.between(a, b, t, turn);
        return [...c.x].map((v, k) => Math.hypot(v, c.y[k]));
      });
      return {sizes, end: [...spaces.between(a, b, 0.999999, turn).x]};
    }""")
    for sizes in found["sizes"]:
        assert np.allclose(sizes, found["sizes"][0], atol=1e-5)
    assert np.allclose(found["end"], [-1, 0, 1, -0.5], atol=1e-4)


def test_planes_and_lines_are_clipped_to_the_picture(modules: Any) -> None:
    polygon, segment, none = modules.evaluate("""() => [
      boundary.cutPolygon({normal: [1, 1, 1], offset: 0}, 1),
      boundary.cutSegment({normal: [1, 0], offset: -0.5, rivals: [{normal: [0, 1], offset: -0.25}]}, 1),
      boundary.cutSegment({normal: [1, 0], offset: 5, rivals: []}, 1),
    ]""")
    assert len(polygon) == 6  # a cube cut through its middle is a hexagon
    assert np.allclose(np.sum(polygon, axis=1), 0)
    assert np.allclose(np.linalg.norm(np.diff([*polygon, polygon[0]], axis=0), axis=1), np.sqrt(2))
    assert np.allclose(sorted(segment), [[0.5, -1], [0.5, 0.25]])
    assert none is None


@pytest.fixture
def panel(mounted: Any, serve_static: Any, page: Any) -> Any:
    """Opens the panel on a network of torch; gives its host."""

    def open_with(spec: PlaygroundSpec) -> tuple[Any, Any]:
        points = data.load(spec)
        harness = serve_static[1]
        run = torch_network.TorchRun("warped", harness.runs, spec, points.train_x, points.train_y)
        harness.runs["warped"] = run
        page.emulate_media(reduced_motion="reduce")
        mounted("warp", data={"run": "warped"})
        host = page.locator("#warp")
        host.locator("canvas[data-at]").wait_for()
        return host, run

    return open_with


def test_the_list_says_how_separable_each_layer_is(panel: Any) -> None:
    spec = PlaygroundSpec(dataset="spiral", hidden_layers=(6, 4), samples=300, seed=4)
    host, run = panel(spec)
    points = data.load(spec)
    traced = torch_network.trace(run.model, spec, points.train_x.double())
    layers = [points.train_x, *traced.values]
    targets = points.train_y.numpy()
    shown = host.locator(".space .value").evaluate_all("all => all.map((one) => Number(one.dataset.value))")
    assert len(shown) == 4
    for values, share in zip(layers, shown, strict=True):
        found = values.detach().double().numpy()
        scores = LinearRegression().fit(found, np.eye(2)[targets]).predict(found)
        assert share == pytest.approx((scores.argmax(1) == targets).mean(), abs=1e-9)


def arrive(page: Any, at: str) -> None:
    """Wait until the picture shows that place on the way through the network."""
    canvas = "document.querySelector('#warp').shadowRoot.querySelector('canvas')"
    page.wait_for_function(f"() => {canvas}.dataset.at === '{at}'")


def test_the_slider_the_list_and_the_axes(panel: Any, page: Any) -> None:
    host, _ = panel(PlaygroundSpec(hidden_layers=(5, 3), seed=4))
    canvas = host.locator("canvas")
    assert float(canvas.get_attribute("data-at")) == 4  # motion is unwanted: it opens at the last hidden layer
    assert "dashed" in host.locator(".words").inner_text()
    slider = host.get_by_role("slider")
    slider.fill("0")
    arrive(page, "0.000")
    flat = canvas.screenshot()
    slider.fill("150")
    page.wait_for_timeout(100)
    assert canvas.screenshot() != flat
    host.get_by_role("button", name="Layer 1", exact=False).last.click()
    arrive(page, "2.000")
    assert re.search(r"principal components of 5 units, which hold \d+ %", host.locator(".words").inner_text())
    host.get_by_role("button", name="Units", exact=True).click()
    host.get_by_label("Axis 1").select_option("4")
    page.wait_for_timeout(100)
    assert "unit 5 and unit 2" in host.locator(".words").inner_text()


def test_three_dimensions_turn_under_the_hand_and_by_keyboard(panel: Any, page: Any) -> None:
    host, _ = panel(PlaygroundSpec(hidden_layers=(5, 3), seed=4))
    canvas = host.locator("canvas")
    host.get_by_role("button", name="3-D").click()
    page.wait_for_timeout(100)
    before = canvas.screenshot()
    assert "plane is the cut" in host.locator(".words").inner_text()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 240, steps=4)
    page.mouse.up()
    page.wait_for_timeout(100)
    turned = canvas.screenshot()
    assert turned != before
    canvas.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(100)
    assert canvas.screenshot() != turned


def test_the_picture_follows_the_weights_and_play_moves(panel: Any, page: Any) -> None:
    host, _ = panel(PlaygroundSpec(hidden_layers=(2,), seed=4))
    canvas = host.locator("canvas")
    before = canvas.screenshot()
    page.evaluate("harness.session('warped').send({do: 'edit', array: 'weight.0', index: [0, 0], value: 3})")
    page.wait_for_timeout(400)
    assert canvas.screenshot() != before
    page.emulate_media(reduced_motion="no-preference")
    host.get_by_role("button", name="Morph from the input").click()
    seen = set()
    for _ in range(12):
        page.wait_for_timeout(120)
        seen.add(canvas.get_attribute("data-at"))
    assert len(seen) > 5
    assert any(0 < float(at) % 1 < 1 for at in seen)


@pytest.mark.parametrize("name", [n for n in SPECS if n != "two classes"])
def test_every_kind_of_network_is_drawn(panel: Any, name: str) -> None:
    host, _ = panel(SPECS[name])
    assert host.locator(".words").inner_text()
    host.get_by_role("button", name="3-D").click()
    host.get_by_role("slider").fill("0")
