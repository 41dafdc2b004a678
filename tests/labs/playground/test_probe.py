"""What probes say, recomputed by numpy from the parameters they hand out, and by scikit-learn."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import confusion_matrix

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.playground import probe
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import ACTIVATIONS, FEATURES, PlaygroundSpec

SPECS = [
    {},
    {"activations": ACTIVATIONS[:6], "hidden_layers": (3, 4, 5, 2, 3, 2), "features": FEATURES},
    {"batch_norm": True, "activations": ("relu",), "dataset": "spiral", "classes": 3},
    {"problem": "regression", "surface": "hills", "dropout": 0.4},
    {"dataset": "blobs", "classes": 5, "hidden_layers": (), "features": ("x1x2", "sin_x1")},
    {"hidden_layers": (6,), "activations": ("linear",)},
]
each_spec = pytest.mark.parametrize("changes", SPECS, ids=lambda c: " ".join(c) or "default")

FEATURE = {
    "x1": lambda p: p[:, 0], "x2": lambda p: p[:, 1], "x1_squared": lambda p: p[:, 0] ** 2,
    "x2_squared": lambda p: p[:, 1] ** 2, "x1x2": lambda p: p[:, 0] * p[:, 1],
    "sin_x1": lambda p: np.sin(p[:, 0]), "sin_x2": lambda p: np.sin(p[:, 1]),
}  # fmt: skip
FUNCTION = {
    "relu": lambda z: np.maximum(z, 0), "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z), "tanh": np.tanh,
    "gelu": lambda z: z * 0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2))), "sine": np.sin,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "linear": lambda z: z,
}  # fmt: skip


def trained(changes: dict[str, Any], steps: int = 60) -> PlaygroundRun:
    run = PlaygroundRun(PlaygroundSpec(**changes))
    run.advance(steps)
    return run


def recompute(trace: Trace, points: np.ndarray, change: dict[str, np.ndarray] | None = None) -> list[np.ndarray]:
    """Activations of every hidden layer and the last sums, in numpy and double precision from `trace.state`."""
    state = {**trace.state, **(change or {})}
    a = np.stack([FEATURE[str(name)](points) for name in state["feature_names"]], axis=1).astype(np.float64)
    found = []
    for i, name in enumerate(state["activations"]):
        z = a @ state[f"linear.{i}.weight"].T.astype(np.float64) + state[f"linear.{i}.bias"]
        if f"norm.{i}.weight" in state:
            spread = np.sqrt(state[f"norm.{i}.running_var"] + 1e-5)
            z = (z - state[f"norm.{i}.running_mean"]) / spread * state[f"norm.{i}.weight"] + state[f"norm.{i}.bias"]
        a = FUNCTION[str(name)](z)
        found.append(a)
    last = len(state["activations"])
    return [*found, a @ state[f"linear.{last}.weight"].T.astype(np.float64) + state[f"linear.{last}.bias"]]


def answers(trace: Trace, output: np.ndarray) -> np.ndarray:
    if str(trace.state["problem"][0]) == "regression":
        return output
    shifted = np.exp(output - output.max(1, keepdims=True))
    return shifted / shifted.sum(1, keepdims=True)


def loss(trace: Trace, x: np.ndarray, target: np.ndarray, change: dict[str, np.ndarray] | None = None) -> float:
    """Mean cross-entropy or squared error of points (n, 2) in numpy."""
    answer = answers(trace, recompute(trace, x, change)[-1])
    if str(trace.state["problem"][0]) == "regression":
        return float(((answer[:, 0] - target) ** 2).mean())
    return float(-np.log(answer[np.arange(len(x)), target.astype(int)]).mean())


@each_spec
def test_maps_equal_numpy_on_the_parameters_they_carry(changes: dict[str, Any]) -> None:
    trace = probe.maps(trained(changes), resolution=9)
    x1, x2 = np.meshgrid(trace["x1"], trace["x2"])
    assert trace["x1"][0] == pytest.approx(-6 + 12 / 18)
    assert trace["x2"][0] == -trace["x2"][-1] > 0, "rows go from the top down"
    layers = recompute(trace, np.stack([x1.ravel(), x2.ravel()], axis=1))
    expected = {f"layer{i}": layer for i, layer in enumerate(layers[:-1])} | {"output": answers(trace, layers[-1])}
    for name, values in expected.items():
        np.testing.assert_allclose(trace[name].reshape(len(trace[name]), -1).T, values, atol=2e-5)
        assert trace[name].std() > 1e-4


def test_maps_answer_for_points_of_ones_own() -> None:
    run = trained({})
    points = np.array([[0.5, -3.0], [2.0, 2.0], [-5.0, 1.0]])
    trace = probe.maps(run, input=points)
    assert trace.dims["layer0"] == ("unit", "point")
    np.testing.assert_allclose(trace["layer1"].T, recompute(trace, points)[1], atol=1e-5)
    np.testing.assert_allclose(trace["output"].sum(0), 1, atol=1e-6)


@each_spec
def test_backprop_equals_finite_differences(changes: dict[str, Any]) -> None:
    run = trained(changes)
    trace = probe.backprop(run, index=3)
    x, target = trace["x"][None], trace["target"]
    assert (trace["x"] == run.points.train_x[3].numpy()).all()
    assert trace["loss"][0] == pytest.approx(loss(trace, x, target), rel=1e-6)
    for i in range(len(run.network.linear)):
        for kind, name in (("weight", f"dL_dw{i}"), ("bias", f"dL_db{i}")):
            parameter = trace.state[f"linear.{i}.{kind}"].astype(np.float64)
            for index in list(np.ndindex(parameter.shape))[:6]:
                up, down = parameter.copy(), parameter.copy()
                up[index] += 1e-5
                down[index] -= 1e-5
                key = f"linear.{i}.{kind}"
                slope = (loss(trace, x, target, {key: up}) - loss(trace, x, target, {key: down})) / 2e-5
                assert trace[name][index] == pytest.approx(slope, rel=1e-4, abs=1e-7)


@each_spec
def test_backprop_shows_the_chain_rule(changes: dict[str, Any]) -> None:
    """∂L/∂z = ∂L/∂a · f′(z), ∂L/∂w = ∂L/∂z · a, ∂L/∂a = Σ ∂L/∂z · w: what the page walks through."""
    trace = probe.backprop(trained(changes), x1=1.5, x2=-0.5, target=1)
    below = trace["features"]
    last = len(trace.state["activations"])
    for i in range(last + 1):
        through = trace[f"dL_dlinear{i}"] if f"dL_dlinear{i}" in trace.arrays else trace[f"dL_dz{i}"]
        np.testing.assert_allclose(trace[f"dL_dw{i}"], np.outer(through, below), rtol=1e-9, atol=1e-15)
        if i > 0:
            back = trace.state[f"linear.{i}.weight"].T.astype(np.float64) @ through
            np.testing.assert_allclose(trace[f"dL_da{i - 1}"], back, rtol=1e-9, atol=1e-15)
        if i < last:
            np.testing.assert_allclose(trace[f"dL_dz{i}"], trace[f"dL_da{i}"] * trace[f"slope{i}"], atol=1e-15)
            below = trace[f"a{i}"]


@each_spec
def test_gradients_are_those_of_the_mean_loss(changes: dict[str, Any]) -> None:
    run = trained(changes)
    trace = probe.gradients(run)
    x, target = run.points.train_x.double().numpy(), run.points.train_y.double().numpy()
    squares = 0.0
    for kind in ("weight", "bias"):
        parameter = trace.state[f"linear.0.{kind}"].astype(np.float64)
        for index in np.ndindex(parameter.shape):
            up, down = parameter.copy(), parameter.copy()
            up[index] += 1e-5
            down[index] -= 1e-5
            key = f"linear.0.{kind}"
            squares += ((loss(trace, x, target, {key: up}) - loss(trace, x, target, {key: down})) / 2e-5) ** 2
    assert trace["grad_norm"][0] == pytest.approx(math.sqrt(squares), rel=1e-3)
    assert len(trace["grad_norm"]) == len(run.network.linear)


def test_dead_units_are_counted() -> None:
    run = trained({"activations": ("relu",), "hidden_layers": (5, 4)})
    before = probe.gradients(run)["dead"].tolist()
    alive = [int(i) for i in np.flatnonzero(probe.gradients(run)["slope0"])][:2]
    for unit in alive:
        run.edit("bias.0", (unit,), -1000.0)
    trace = probe.gradients(run)
    assert trace["dead"][0] == before[0] + 2
    assert trace["units"].tolist() == [5, 4]
    assert trace["slope0"][alive].tolist() == [0.0, 0.0]


def test_confusion_equals_scikit_learn() -> None:
    run = trained({"dataset": "blobs", "classes": 4, "noise": 40.0})
    trace = probe.confusion(run)
    points = run.points
    for name, x, y in (("train", points.train_x, points.train_y), ("test", points.test_x, points.test_y)):
        guess = recompute(trace, x.numpy())[-1].argmax(1)
        np.testing.assert_array_equal(trace[name], confusion_matrix(y.numpy(), guess, labels=range(4)))
        assert trace[name].sum() > np.trace(trace[name]) > 0
    rows = np.column_stack([points.test_x.numpy(), points.test_y.numpy()])
    np.testing.assert_array_equal(probe.confusion(run, input=rows)["given"], trace["test"])


def test_warp_starts_at_the_points_and_ends_at_the_output() -> None:
    run = trained({"hidden_layers": (3, 2)})
    trace = probe.warp(run, lines=5, samples=7)
    x = torch.cat([run.points.train_x, run.points.test_x]).numpy()
    np.testing.assert_array_equal(trace["points0"], x)
    for i, layer in enumerate(recompute(trace, x)):
        np.testing.assert_allclose(trace[f"points{i + 1}"], layer, atol=1e-5)
    assert trace["grid0"].shape == (2 * 5 * 7, 2)
    for line in range(10):
        on_line = trace["grid0"][trace["grid_line"] == line]
        fixed, moving = (0, 1) if line < 5 else (1, 0)
        assert np.ptp(on_line[:, fixed]) == 0
        assert (on_line[[0, -1], moving] == [-6, 6]).all()


@pytest.mark.parametrize("name", ["maps", "surface", "warp", "backprop", "gradients", "confusion"])
def test_a_probe_leaves_mode_masks_and_chance_alone(name: str) -> None:
    run = trained({"dropout": 0.5, "hidden_layers": (6, 5)})
    frame, chance = run.frame(), run.dropout_generator.get_state()
    run.network.linear[0].eval()  # an odd mode must come back too
    modes = [module.training for module in run.network.modules()]
    masks = [mask.clone() for mask in run.network.masks]
    getattr(probe, name)(run)
    assert all(torch.equal(a, b) for a, b in zip(masks, run.network.masks, strict=True))
    assert masks
    assert torch.equal(chance, run.dropout_generator.get_state())
    assert [module.training for module in run.network.modules()] == modes
    after = run.frame()
    assert all((frame.arrays[key] == after.arrays[key]).all() for key in frame.arrays)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("maps", {"resolution": 5000}, r"resolution must be a whole number in \[2, 400\]. Got 5000"),
        ("maps", {"resolution": "<b>"}, "resolution must be a whole number"),
        ("maps", {"input": [[1, 2, 3]]}, r"must be 1 to 100000 rows of 2 finite numbers. Got \(1, 3\). Try one"),
        ("maps", {"input": [[1, float("nan")]]}, "of 2 finite numbers. Got nan"),
        ("maps", {"input": "abc"}, "input must be 1 to 100000 rows"),
        ("warp", {"lines": 1}, r"lines must be a whole number in \[2, 60\]"),
        ("backprop", {"index": 250}, r"index must be a whole number in \[0, 249\]. Got 250"),
        ("backprop", {"x1": 1.0}, "rows of 3 finite numbers"),
        ("backprop", {"x1": 1.0, "x2": 2.0, "target": 2}, "target must be a class from 0 to 1. Got 2.0. Try 0"),
        ("confusion", {"input": [[0, 0, 0.5]]}, "target must be a class from 0 to 1. Got 0.5"),
    ],
)
def test_bad_options_say_what_would_work(name: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        getattr(probe, name)(PlaygroundRun(PlaygroundSpec()), **options)


def test_probes_without_points_say_what_to_do() -> None:
    run = PlaygroundRun(PlaygroundSpec(dataset="own"))
    for name in ("gradients", "backprop"):
        with pytest.raises(InvalidInput, match="placing one"):
            getattr(probe, name)(run)
    with pytest.raises(InvalidInput, match="needs a classification problem"):
        probe.confusion(PlaygroundRun(PlaygroundSpec(problem="regression")))
