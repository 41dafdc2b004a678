"""Probes of the Playground: what a run's network does with points, as arrays with named axes.

Every probe takes a run, reads it through hooks that are always released, and leaves the network's
output, its mode, its masks and its generators as they were. Batch norm uses its running statistics and
dropout is off, as in a test. `input` may be points of one's own: (n, 2), and where a probe needs
targets (n, 3), the third column a class or a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.playground.data import HALF_WIDTH, features
from dlviz.labs.playground.recording import forward

if TYPE_CHECKING:
    from dlviz.labs.playground.run import PlaygroundRun

DEAD_SLOPE = 1e-6
RESOLUTIONS = (2, 400)
MOST_POINTS = 100_000


def maps(run: PlaygroundRun, resolution: int = 50, input: Any = None) -> Trace:
    """What every unit answers over the plane.

    `x1` (width,) and `x2` (height,) are the middles of the cells, x2 from the top down. `layer<i>`
    (unit, height, width) are activations after hidden layer i; `output` is the probability of each
    (class, height, width), or the one (output, height, width) of a regression. With `input`, the
    places are those points and `point` replaces height and width.
    """
    if input is not None:
        points = _points(input, 2)
        places: tuple[str, ...] = ("point",)
        arrays = {"x1": points[:, 0].numpy(), "x2": points[:, 1].numpy()}
        dims: dict[str, tuple[str, ...]] = {"x1": places, "x2": places}
        shape: tuple[int, ...] = (len(points),)
    else:
        points, x1, x2 = plane(resolution)
        places, shape = ("height", "width"), (resolution, resolution)
        arrays, dims = {"x1": x1, "x2": x2}, {"x1": ("width",), "x2": ("height",)}
    with torch.no_grad():
        seen = forward(run.network, features(points, run.spec.features))
    for i, activation in enumerate(seen.activations):
        arrays[f"layer{i}"] = activation.T.reshape(-1, *shape).numpy()
        dims[f"layer{i}"] = ("unit", *places)
    arrays["output"] = answer(run, seen.output).T.reshape(-1, *shape).numpy()
    dims["output"] = (answer_axis(run), *places)
    return Trace(arrays, dims, {"x1": "", "x2": ""}, state(run))


def surface(run: PlaygroundRun, resolution: int = 60, input: Any = None) -> Trace:
    """The output over the plane, and the points on it.

    `output` as in `maps`; `train_points`, `test_points` (point, feature) with their targets.
    """
    seen = maps(run, resolution, input)
    keep = ("x1", "x2", "output")
    arrays, dims = {n: seen[n] for n in keep}, {n: seen.dims[n] for n in keep}
    _add_points(run, arrays, dims)
    return Trace(arrays, dims, seen.units, seen.state)


def warp(run: PlaygroundRun, lines: int = 13, samples: int = 49, input: Any = None) -> Trace:
    """Where each layer puts the points and the lines of a grid.

    `points0` (point, feature) are x1 and x2; `points<i>` (point, unit) the activations after hidden
    layer i - 1, and the last ones the outputs before softmax. `grid<i>` the same for `lines` vertical
    and `lines` horizontal lines of `samples` points each; `grid_line` (point,) numbers the line.
    """
    _whole("lines", lines, 2, 60)
    _whole("samples", samples, 2, 400)
    points = torch.cat([run.points.train_x, run.points.test_x]) if input is None else _points(input, 2)
    level, along = torch.linspace(-HALF_WIDTH, HALF_WIDTH, lines), torch.linspace(-HALF_WIDTH, HALF_WIDTH, samples)
    fixed, moving = level.repeat_interleave(samples), along.repeat(lines)
    grid = torch.cat([torch.stack([fixed, moving], 1), torch.stack([moving, fixed], 1)])
    arrays = {"grid_line": torch.arange(2 * lines, dtype=torch.int32).repeat_interleave(samples).numpy()}
    dims: dict[str, tuple[str, ...]] = {"grid_line": ("point",)}
    for name, x in (("points", points), ("grid", grid)):
        with torch.no_grad():
            seen = forward(run.network, features(x, run.spec.features))
        for i, layer in enumerate([x, *seen.activations, seen.output]):
            arrays[f"{name}{i}"] = layer.numpy().copy()
            dims[f"{name}{i}"] = ("point", "unit" if i else "feature")
    if input is None:
        arrays["target"] = torch.cat([run.points.train_y, run.points.test_y]).to(torch.float32).numpy()
        dims["target"] = ("point",)
    return Trace(arrays, dims, {}, state(run))


def backprop(
    run: PlaygroundRun,
    index: int = 0,
    x1: float | None = None,
    x2: float | None = None,
    target: float | None = None,
    input: Any = None,
) -> Trace:
    """One point forward, and its loss backward by torch's autograd, in double precision.

    The point is training point `index`, or (x1, x2) with `target`, or the first row of `input`.
    `z<i>`, `a<i>` (unit,): sum and activation of layer i (the last layer has no activation: its `z` is
    the output); `dL_dz<i>`, `dL_da<i>`; `slope<i>` is f′(z); `dL_dw<i>` (output, input), `dL_db<i>`.
    With batch norm, `linear<i>` and `dL_dlinear<i>` are the sums before it and `z<i>` is after it.
    `loss` (point,) of this one point, without regularization; `x`, `features` and `target` what went in.
    """
    x, y = _one_point(run, index, x1, x2, target, input)
    given = features(x, run.spec.features).double()
    parameters = {name: p.detach().double().requires_grad_() for name, p in run.network.named_parameters()}
    buffers = {name: b.detach().double() for name, b in run.network.named_buffers()}
    with torch.enable_grad():
        seen = forward(run.network, given, {**parameters, **buffers})
        loss = loss_of(run, seen.output, y)
        wanted = [*seen.sums, *seen.linear, *seen.activations]
        gradients = torch.autograd.grad(loss, [*wanted, *parameters.values()])
    back = dict(zip(map(id, wanted), gradients, strict=False))
    by_name = dict(zip(parameters, gradients[len(wanted) :], strict=True))
    arrays = {"loss": loss.detach().reshape(1).numpy(), "x": x[0].double().numpy(), "features": given[0].numpy(),
              "target": y.double().numpy(), "output": answer(run, seen.output.detach())[0].numpy()}  # fmt: skip
    dims: dict[str, tuple[str, ...]] = {"loss": ("point",), "x": ("feature",), "features": ("input",),
                                        "target": ("point",), "output": (answer_axis(run),)}  # fmt: skip
    for i, z in enumerate(seen.sums):
        layer = {f"z{i}": z, f"dL_dz{i}": back[id(z)]}
        if run.network.norm is not None and i < len(seen.activations):
            layer |= {f"linear{i}": seen.linear[i], f"dL_dlinear{i}": back[id(seen.linear[i])]}
        if i < len(seen.activations):
            layer |= {f"a{i}": seen.activations[i], f"dL_da{i}": back[id(seen.activations[i])]}
            layer[f"slope{i}"] = seen.slope(i)
        for name, value in layer.items():
            arrays[name], dims[name] = value.detach()[0].numpy(), ("unit",)
        arrays[f"dL_dw{i}"], dims[f"dL_dw{i}"] = by_name[f"linear.{i}.weight"].numpy(), ("output", "input")
        arrays[f"dL_db{i}"], dims[f"dL_db{i}"] = by_name[f"linear.{i}.bias"].numpy(), ("output",)
    return Trace(arrays, dims, {}, state(run))


def gradients(run: PlaygroundRun, input: Any = None) -> Trace:
    """How much gradient reaches each layer, for the mean loss of all training points (double precision).

    `grad_norm` (layer,): norm of the gradient of a layer's weights and biases together. `slope<i>`
    (unit,): the largest |f′(z)| over the points, for each unit of hidden layer i; a unit is dead when
    that is below 1e-6. `dead` and `units` (layer,) count them for the hidden layers.
    """
    if input is None:
        x, y = run.points.train_x, run.points.train_y
    else:
        rows = _points(input, 3)
        x, y = rows[:, :2], _targets(run, rows[:, 2])
    if not len(x):
        raise InvalidInput("gradients", "needs at least one training point", 0, "placing one")
    parameters = {name: p.detach().double().requires_grad_() for name, p in run.network.named_parameters()}
    buffers = {name: b.detach().double() for name, b in run.network.named_buffers()}
    with torch.enable_grad():
        seen = forward(run.network, features(x, run.spec.features).double(), {**parameters, **buffers})
        of = torch.autograd.grad(loss_of(run, seen.output, y), list(parameters.values()))
        slopes = [seen.slope(i).abs().amax(0) for i in range(len(seen.activations))]
    by_name = dict(zip(parameters, of, strict=True))
    pairs = [(by_name[f"linear.{i}.weight"], by_name[f"linear.{i}.bias"]) for i in range(len(run.network.linear))]
    arrays = {
        "grad_norm": np.array([float(torch.cat([w.flatten(), b]).norm()) for w, b in pairs]),
        "dead": np.array([int((s < DEAD_SLOPE).sum()) for s in slopes], dtype=np.int64),
        "units": np.array([len(s) for s in slopes], dtype=np.int64),
    }
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ("layer",))
    for i, slope in enumerate(slopes):
        arrays[f"slope{i}"], dims[f"slope{i}"] = slope.detach().numpy(), ("unit",)
    return Trace(arrays, dims, {}, state(run))


def confusion(run: PlaygroundRun, input: Any = None) -> Trace:
    """How many points of each class are taken for which: `train` and `test` (class, output), counts.

    A row is the true class, a column the class the network thinks likeliest. With `input`, `given`.
    """
    if run.spec.problem != "classification":
        rule = "needs a classification problem"
        raise InvalidInput("The confusion matrix", rule, run.spec.problem, "problem = classification")
    if input is None:
        points = run.points
        sets = {"train": (points.train_x, points.train_y), "test": (points.test_x, points.test_y)}
    else:
        rows = _points(input, 3)
        sets = {"given": (rows[:, :2], _targets(run, rows[:, 2]))}
    arrays, n = {}, run.spec.classes
    for name, (x, y) in sets.items():
        with torch.no_grad():
            guess = forward(run.network, features(x, run.spec.features)).output.argmax(1)
        arrays[name] = torch.bincount(y * n + guess, minlength=n * n).reshape(n, n).numpy()
    return Trace(arrays, dict.fromkeys(arrays, ("class", "output")), dict.fromkeys(arrays, "points"), state(run))


def loss_of(run: PlaygroundRun, output: Tensor, y: Tensor) -> Tensor:
    """The loss the run minimises, without regularization: mean cross-entropy, or mean squared error."""
    if run.spec.problem == "classification":
        return torch.nn.functional.cross_entropy(output, y)
    return torch.nn.functional.mse_loss(output[:, 0], y.to(output.dtype))


def answer(run: PlaygroundRun, output: Tensor) -> Tensor:
    """Outputs as they are shown: probabilities, or the number itself. (point, class or 1)."""
    return output.softmax(1) if run.spec.problem == "classification" else output


def answer_axis(run: PlaygroundRun) -> str:
    """The name of the axis of `answer`."""
    return "class" if run.spec.problem == "classification" else "output"


def state(run: PlaygroundRun) -> dict[str, np.ndarray]:
    """Parameters and running statistics under torch's names, and what else a recomputation needs."""
    found = {name: tensor.detach().clone().numpy() for name, tensor in run.network.state_dict().items()}
    spec = run.spec
    words = {"feature_names": spec.features, "activations": spec.layer_activations, "problem": (spec.problem,)}
    found |= {name: np.array(value, dtype=np.str_) for name, value in words.items()}
    return {**found, "step": np.array(run.step)}


def plane(resolution: int) -> tuple[Tensor, np.ndarray, np.ndarray]:
    """The middles of resolution² cells, rows from the top: (n², 2) points, x1 (width,), x2 (height,)."""
    _whole("resolution", resolution, *RESOLUTIONS)
    middles = ((torch.arange(resolution, dtype=torch.float64) + 0.5) / resolution * 2 - 1) * HALF_WIDTH
    x1 = middles.float()
    x2 = x1.flip(0)
    return torch.stack([x1.repeat(resolution), x2.repeat_interleave(resolution)], 1), x1.numpy(), x2.numpy()


def _add_points(run: PlaygroundRun, arrays: dict[str, np.ndarray], dims: dict[str, tuple[str, ...]]) -> None:
    for name in ("train", "test"):
        arrays[f"{name}_points"] = getattr(run.points, f"{name}_x").numpy().copy()
        arrays[f"{name}_targets"] = getattr(run.points, f"{name}_y").to(torch.float32).numpy().copy()
        dims |= {f"{name}_points": ("point", "feature"), f"{name}_targets": ("point",)}


def _one_point(
    run: PlaygroundRun, index: int, x1: float | None, x2: float | None, target: float | None, input: Any
) -> tuple[Tensor, Tensor]:
    """The point that `backprop` follows: (1, 2) and its target (1,)."""
    if input is None and x1 is None and x2 is None:
        if not len(run.points.train_x):
            raise InvalidInput("backprop", "needs at least one training point", 0, "placing one")
        _whole("index", index, 0, len(run.points.train_x) - 1)
        return run.points.train_x[index : index + 1], run.points.train_y[index : index + 1]
    rows = _points([[x1, x2, target]] if input is None else input, 3)[:1]
    return rows[:, :2], _targets(run, rows[:, 2])


def _targets(run: PlaygroundRun, column: Tensor) -> Tensor:
    if run.spec.problem == "regression":
        return column
    labels = column.long()
    bad = column[(labels != column) | (labels < 0) | (labels >= run.spec.classes)]
    if len(bad):
        raise InvalidInput("target", f"must be a class from 0 to {run.spec.classes - 1}", float(bad[0]), "0")
    return labels


def _points(given: Any, columns: int) -> Tensor:
    """Points from a file or a message as (n, columns) float32; says what is wrong with others."""
    rule = f"must be 1 to {MOST_POINTS} rows of {columns} finite numbers"
    attempt = "one row [1, 2]" if columns == 2 else "one row [1, 2, 0]: x1, x2, target"
    try:
        array = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError):
        raise InvalidInput("input", rule, given, attempt) from None
    if array.ndim != 2 or array.shape[1] != columns or not 1 <= len(array) <= MOST_POINTS:
        raise InvalidInput("input", rule, array.shape, attempt)
    if not np.isfinite(array).all():
        raise InvalidInput("input", rule, array[~np.isfinite(array)][0], attempt)
    return torch.from_numpy(array.copy())


def _whole(name: str, value: Any, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InvalidInput(name, f"must be a whole number in [{low}, {high}]", value, str(low))
