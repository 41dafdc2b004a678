"""The browser's network (lib/nn.js) against torch: values over the plane to 1e-9, gradients of a point to 1e-9."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from dlviz.labs.playground.spec import ACTIVATIONS, FEATURES, PlaygroundSpec
from tests.browser import torch_network
from tests.browser.static_page import static_page

TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def page(chromium: Any) -> Any:
    with static_page(chromium) as opened:
        opened.evaluate("""async () => {
          window.nn = await import("/lib/nn.js");
          window.activation = await import("/lib/activation.js");
        }""")
        yield opened


SPECS = {
    **{f"{name}": PlaygroundSpec(hidden_layers=(5, 4, 3), activations=(name,)) for name in ACTIVATIONS},
    **{
        f"{name}, batch norm": PlaygroundSpec(hidden_layers=(5, 4), activations=(name,), batch_norm=True, seed=3)
        for name in ACTIVATIONS
    },
    "3 classes": PlaygroundSpec(dataset="blobs", classes=3, hidden_layers=(8,), activations=("gelu",)),
    "8 classes, mixed": PlaygroundSpec(
        dataset="rings", classes=8, hidden_layers=(8, 8), activations=("relu", "sine"), batch_norm=True
    ),
    "regression": PlaygroundSpec(problem="regression", hidden_layers=(6, 6), activations=("tanh",), features=FEATURES),
    "regression, batch norm": PlaygroundSpec(problem="regression", hidden_layers=(4,), batch_norm=True),
    "no hidden layer": PlaygroundSpec(hidden_layers=(), features=("x1", "x1x2", "sin_x2")),
    "six by eight": PlaygroundSpec(hidden_layers=(8,) * 6, activations=("tanh",), features=FEATURES),
}


def messages(spec: PlaygroundSpec, model: Any) -> list[dict[str, Any]]:
    scene, frame = torch_network.scene(spec), torch_network.frame(model)
    return [torch_network.message(scene, "scene"), torch_network.message(frame, "frame")]


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
def test_every_unit_over_the_plane_equals_torch(page: Any, spec: PlaygroundSpec) -> None:
    model = torch_network.network(spec)
    found = page.evaluate(
        """([scene, frame, arrive]) => {
          const fix = eval(arrive);
          const model = nn.readModel(fix(scene)).load(fix(frame));
          const batch = nn.makeBatch(model, ...nn.gridPoints(20));
          nn.forward(model, batch, 0, 150);
          nn.forward(model, batch, 150, 400);
          return {values: batch.values.slice(1).map((row) => [...row]), probabilities: [...batch.probabilities]};
        }""",
        [*messages(spec, model), torch_network.ARRIVE],
    )
    with torch.no_grad():
        traced = torch_network.trace(model, spec, torch_network.grid(20))
    for layer, (ours, theirs) in enumerate(zip(found["values"], traced.values, strict=True)):
        difference = (torch.tensor(ours, dtype=torch.float64).view(theirs.shape[1], -1).T - theirs).abs().max()
        assert difference < TOLERANCE, f"layer {layer}: off by {difference}"
    whole = model(torch_network.features(torch_network.grid(20), spec.features))
    assert (whole - traced.outputs).abs().max() < TOLERANCE, "the trace is not the network's own forward pass"
    if spec.problem == "classification":
        theirs = whole.softmax(dim=1).T.flatten()
        assert (torch.tensor(found["probabilities"], dtype=torch.float64) - theirs).abs().max() < TOLERANCE
    else:
        assert found["probabilities"] == []


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS.keys())
def test_backward_equals_autograd(page: Any, spec: PlaygroundSpec) -> None:
    model = torch_network.network(spec)
    targets = [0, spec.classes - 1] if spec.problem == "classification" else [-0.8, 0.3]
    for point, target in zip([(1.3, -2.7), (-4.1, 0.9)], targets, strict=True):
        found = page.evaluate(
            """([scene, frame, arrive, [x1, x2], target]) => {
              const fix = eval(arrive);
              const model = nn.readModel(fix(scene)).load(fix(frame));
              const point = nn.makeBatch(model, [x1], [x2], true);
              const { loss, layers } = nn.backward(model, nn.forward(model, point), target);
              const plain = (row) => Object.fromEntries(Object.entries(row).map(([name, a]) => [name, [...a]]));
              return {loss, layers: layers.map(plain), values: point.values.slice(1).map((a) => [...a]),
                      sums: point.sums.map((a) => [...a])};
            }""",
            [*messages(spec, model), torch_network.ARRIVE, point, target],
        )
        wanted = torch_network.gradients(model, spec, point, target)
        assert found["loss"] == pytest.approx(wanted["loss"], abs=TOLERANCE)
        for name in ("values", "sums"):
            for ours, theirs in zip(found[name], wanted[name], strict=True):
                assert ours == pytest.approx(theirs, abs=TOLERANCE), name
        for layer, row in enumerate(wanted["layers"]):
            for name, theirs in row.items():
                assert found["layers"][layer][name] == pytest.approx(theirs, abs=TOLERANCE), f"layer {layer}: {name}"


def test_error_function(page: Any) -> None:
    points = [k / 64 for k in range(-450, 451)]
    found = page.evaluate("(points) => points.map(activation.erf)", points)
    assert found == pytest.approx([math.erf(x) for x in points], abs=1e-14)


def test_derivatives_at_a_kink_are_torch_s(page: Any) -> None:
    found = page.evaluate(
        "() => Object.fromEntries(Object.entries(activation.ACTIVATIONS).map(([n, f]) => [n, f.slope(0)]))"
    )
    for name, activation in torch_network.ACTIVATION.items():
        zero = torch.zeros((), dtype=torch.float64, requires_grad=True)
        activation(zero * 1).backward()
        assert found[name] == pytest.approx(zero.grad.item(), abs=1e-15), name


def test_an_overflowing_logit_gives_probabilities_and_not_nan(page: Any) -> None:
    spec = PlaygroundSpec(hidden_layers=())
    model = torch_network.network(spec)
    with torch.no_grad():
        model.linear[0].weight.mul_(1e6)
    found = page.evaluate(
        """([scene, frame, arrive]) => {
          const fix = eval(arrive);
          const model = nn.readModel(fix(scene)).load(fix(frame));
          const point = nn.forward(model, nn.makeBatch(model, [5], [-3], true));
          return {probabilities: [...point.probabilities], losses: [0, 1].map((t) => nn.pointLoss(model, point, t))};
        }""",
        [*messages(spec, model), torch_network.ARRIVE],
    )
    assert sum(found["probabilities"]) == pytest.approx(1)
    assert sorted(found["losses"])[0] == pytest.approx(0)
    assert 1e5 < sorted(found["losses"])[1] < 1e9
