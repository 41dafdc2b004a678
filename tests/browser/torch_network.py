"""Networks of the Playground in torch: the scene and frame a browser gets of them, and what autograd says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core import spec as specs
from dlviz.labs.playground.data import features
from dlviz.labs.playground.model import ACTIVATION, Network, build
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training.run import Picture
from tests.browser.fake_run import FakeRun, encode


def network(spec: PlaygroundSpec) -> Network:
    """A float64 network with float32 values in every parameter, far enough from zero to tell mistakes apart."""
    model = build(replace(spec, dropout=0.0))
    chance = torch.Generator().manual_seed(spec.seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn(parameter.shape, generator=chance) * 0.4)
        for norm in model.norm or ():
            norm.running_mean.copy_(torch.randn(norm.running_mean.shape, generator=chance))
            norm.running_var.copy_(torch.rand(norm.running_var.shape, generator=chance) * 3 + 0.05)
    return model.double().eval()


def scene(spec: PlaygroundSpec, points: Tensor | None = None, targets: Tensor | None = None) -> Picture:
    """The scene that belongs to the spec: these points (none if not given) both to train and to test on."""
    points = torch.zeros(0, 2) if points is None else points
    targets = torch.zeros(0) if targets is None else targets.float()
    numbers = {
        "spec": specs.values(spec), "link": {}, "features": list(spec.features),
        "widths": [len(spec.features), *spec.hidden_layers, spec.outputs], "activations": list(spec.layer_activations),
        "batch_norm": spec.batch_norm, "problem": spec.problem, "classes": spec.outputs, "parameters": 0,
    }  # fmt: skip
    arrays = {"train_points": points, "train_targets": targets, "test_points": points, "test_targets": targets}
    return Picture(numbers, plain(arrays))


def frame(model: Network, step: int = 0) -> Picture:
    """The frame of this moment of the network."""
    arrays: dict[str, Tensor] = {}
    for i, linear in enumerate(model.linear):
        arrays[f"weight.{i}"], arrays[f"bias.{i}"] = linear.weight, linear.bias
    for i, norm in enumerate(model.norm or ()):
        arrays[f"norm_gain.{i}"], arrays[f"norm_shift.{i}"] = norm.weight, norm.bias
        arrays[f"norm_mean.{i}"], arrays[f"norm_var.{i}"] = norm.running_mean, norm.running_var
    hidden = sum(linear.out_features for linear in model.linear[:-1])
    arrays |= {"slope": torch.ones(hidden), "grad_norm": torch.ones(len(model.linear))}
    arrays["curve"] = torch.tensor([[0.0, 25.0], [0.9, 0.6], [0.95, 0.7]])
    numbers = {
        "epoch": 0, "steps_per_epoch": 25, "playing": False, "speed": None, "rate": 0, "elapsed": step / 1000,
        "goal": None, "device": "cpu", "live_step": step, "marks": [], "curve_names": ["train_loss", "test_loss"],
        "train_loss": 0.6, "test_loss": 0.7, "train_accuracy": 0.8, "test_accuracy": 0.75,
    }  # fmt: skip
    dropped = {"dropped": np.zeros(hidden, np.uint8), "held": np.array([0], np.int32)}
    return Picture(numbers, plain(arrays) | dropped)


def plain(arrays: dict[str, Tensor]) -> dict[str, np.ndarray]:
    return {name: array.detach().float().numpy() for name, array in arrays.items()}


def message(picture: Picture, kind: str) -> dict[str, Any]:
    """A decoded message with lists in place of typed arrays: `ARRIVE` turns them into those."""
    arrays = {name: {"shape": list(a.shape), "data": a.flatten().tolist()} for name, a in picture.arrays.items()}
    return {"kind": kind, "run": "test", "version": 1, "step": 0, "numbers": picture.numbers, "arrays": arrays}


class TorchRun(FakeRun):
    """A run for the harness that holds one such network and does to it what `edit` and `set` say; it never trains."""

    def __init__(self, name: str, family: dict[str, FakeRun], spec: PlaygroundSpec, points: Tensor, targets: Tensor):
        super().__init__(name, family)
        self.torch_spec, self.points, self.targets = spec, points, targets
        self.model = network(spec)
        self.more: dict[str, np.ndarray] = {}  # arrays that replace those of a frame

    def scene(self) -> bytes:
        picture = scene(self.torch_spec, self.points, self.targets)
        return encode("scene", self.name, self.version, 0, dict(picture.numbers), dict(picture.arrays))

    def frame(self) -> bytes:
        picture = frame(self.model, int(self.step))
        numbers = {**picture.numbers, "playing": self.playing}
        return encode("frame", self.name, self.version, int(self.step), numbers, {**picture.arrays, **self.more})

    def do_edit(self, command: dict[str, Any]) -> list[bytes]:
        kind, _, layer = command["array"].partition(".")
        with torch.no_grad():
            getattr(self.model.linear[int(layer)], kind)[tuple(command["index"])] = command["value"]
        return [*self.reply(command), self.frame()]

    def do_set(self, command: dict[str, Any]) -> list[bytes]:
        self.torch_spec = specs.from_values(PlaygroundSpec, command["changes"], self.torch_spec)
        self.model = network(self.torch_spec)
        self.version += 1
        return [*self.reply(command), self.scene(), self.frame()]


ARRIVE = """(message) => {
  for (const array of Object.values(message.arrays)) array.data = Float32Array.from(array.data);
  return message;
}"""


def grid(side: int) -> Tensor:
    """Centres of side × side cells of the plane, row after row from the top left, as (side², 2) in float64."""
    cell = 12 / side
    centres = -6 + (torch.arange(side, dtype=torch.float64) + 0.5) * cell
    return torch.stack([centres.repeat(side), centres.flip(0).repeat_interleave(side)], dim=1)


@dataclass(frozen=True)
class Traced:
    """What torch found for some points. Lists hold one tensor a layer, (points, units)."""

    values: list[Tensor]
    sums: list[Tensor]
    linear: list[Tensor]
    outputs: Tensor


def trace(model: Network, spec: PlaygroundSpec, points: Tensor) -> Traced:
    """The forward pass layer by layer, from torch's own modules, keeping every intermediate result's gradient."""
    x = features(points, spec.features)
    values, sums, linear = [], [], []
    for i, layer in enumerate(model.linear):
        linear.append(layer(x))
        hidden = i < len(spec.layer_activations)
        sums.append(model.norm[i](linear[-1]) if hidden and model.norm is not None else linear[-1])
        # `+ 0` keeps z and a apart as nodes of the graph where the activation is the identity.
        x = ACTIVATION[spec.layer_activations[i]](sums[-1]) + 0 if hidden else sums[-1]
        values.append(x)
    for kept in (*values, *sums, *linear):
        if kept.requires_grad:
            kept.retain_grad()
    return Traced(values, sums, linear, x)


def loss_of(spec: PlaygroundSpec, outputs: Tensor, target: float) -> Tensor:
    """The loss of one point: cross-entropy, or the squared error."""
    if spec.problem == "classification":
        return nn.functional.cross_entropy(outputs, torch.tensor([int(target)]))
    return nn.functional.mse_loss(outputs[:, 0], torch.tensor([target], dtype=torch.float64))


def gradients(model: Network, spec: PlaygroundSpec, point: tuple[float, float], target: float) -> dict[str, Any]:
    """Loss, values and every gradient of one point by autograd, under the names that `nn.js` uses."""
    model.zero_grad()
    traced = trace(model, spec, torch.tensor([point], dtype=torch.float64))
    loss = loss_of(spec, traced.outputs, target)
    loss.backward()
    layers = []
    for i, layer in enumerate(model.linear):
        row = {
            "value": traced.values[i].grad, "sum": traced.sums[i].grad, "linear": traced.linear[i].grad,
            "weight": layer.weight.grad, "bias": layer.bias.grad,
        }  # fmt: skip
        if model.norm is not None and i < len(model.norm):
            row |= {"gain": model.norm[i].weight.grad, "shift": model.norm[i].bias.grad}
        layers.append({name: tensor.flatten().tolist() for name, tensor in row.items()})
    return {
        "loss": loss.item(),
        "values": [value.flatten().tolist() for value in traced.values],
        "sums": [value.flatten().tolist() for value in traced.sums],
        "layers": layers,
    }
