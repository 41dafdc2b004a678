"""What the screen gets of a Playground run: the scene (points, sizes) and frames (one moment each)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core import spec as specs
from dlviz.labs.playground.model import ACTIVATION, LEAKY_SLOPE, Network
from dlviz.training.run import Picture

if TYPE_CHECKING:
    from dlviz.labs.playground.run import PlaygroundRun


def parameters(network: Network) -> dict[str, Tensor]:
    """Parameters and running statistics by the name the screen uses: `weight.0`, `bias.0`, `norm_gain.0` …"""
    found: dict[str, Tensor] = {}
    for i, linear in enumerate(network.linear):
        found |= _named(i, linear, weight="weight", bias="bias")
    for i, norm in enumerate(network.norm or []):
        found |= _named(i, norm, norm_gain="weight", norm_shift="bias")
        found |= _named(i, norm, norm_mean="running_mean", norm_var="running_var")
    return found


def _named(i: int, layer: nn.Module, **names: str) -> dict[str, Tensor]:
    return {f"{ours}.{i}": getattr(layer, theirs).detach() for ours, theirs in names.items()}


def scene(run: PlaygroundRun) -> Picture:
    """Points, names and sizes; they stay until structure or data change."""
    spec, points = run.spec, run.points
    numbers = {
        "spec": specs.values(spec),
        "link": specs.link("playground", spec),
        "features": list(spec.features),
        "widths": [len(spec.features), *spec.hidden_layers, spec.outputs],
        "activations": list(spec.layer_activations),
        "batch_norm": spec.batch_norm,
        "problem": spec.problem,
        "classes": spec.outputs,
        "parameters": sum(p.numel() for p in run.network.parameters()),
    }
    arrays = {
        "train_points": points.train_x,
        "train_targets": points.train_y.float(),
        "test_points": points.test_x,
        "test_targets": points.test_y.float(),
    }
    return Picture(numbers, {name: array.numpy() for name, array in arrays.items()})


def frame(run: PlaygroundRun) -> Picture:
    """Every weight, the losses of this moment, the last gradient and the state of the units."""
    numbers, slope = _evaluate(run)
    arrays = {name: p.numpy().copy() for name, p in parameters(run.network).items()}
    arrays["grad_norm"] = np.array([_gradient_norm(layer) for layer in run.network.linear], dtype=np.float32)
    arrays["slope"] = slope
    arrays["dropped"] = _dropped(run)
    return Picture({"epoch": run.epoch, **numbers}, arrays)


def _evaluate(run: PlaygroundRun) -> tuple[dict[str, Any], np.ndarray]:
    """Losses and accuracies of this moment, and each hidden unit's largest slope on the training points."""
    numbers: dict[str, Any] = {}
    slopes: list[Tensor] = []
    sets = (("train", run.train_inputs, run.points.train_y), ("test", run.test_inputs, run.points.test_y))
    run.network.eval()
    with torch.no_grad():
        for name, inputs, targets in sets:
            z, output = layers(run.network, inputs)
            filled = len(inputs) > 0
            numbers[f"{name}_loss"] = run.criterion(output, targets).item() if filled else math.nan
            if run.spec.problem == "classification":
                numbers[f"{name}_accuracy"] = (
                    (output.argmax(1) == targets).float().mean().item() if filled else math.nan
                )
            if name == "train":
                slopes = [
                    slope(activation, zi).amax(0) if filled else torch.ones(zi.shape[1])
                    for activation, zi in zip(run.network.activations, z, strict=True)
                ]
    run.network.train()
    numbers = {name: value if math.isfinite(value) else None for name, value in numbers.items()}
    return numbers, torch.cat([*slopes, torch.empty(0)]).numpy()


def layers(network: Network, inputs: Tensor) -> tuple[list[Tensor], Tensor]:
    """z of every hidden layer, (batch, width) each, and the output, through the network's own layers."""
    z: list[Tensor] = []
    a = inputs
    for i, activation in enumerate(network.activations):
        z.append(network.pre_activation(i, a))
        a = ACTIVATION[activation](z[-1])
    return z, network.linear[-1](a)


def slope(activation: str, z: Tensor) -> Tensor:
    """|f'(z)|, elementwise, in closed form."""
    match activation:
        case "relu":
            return (z > 0).float()
        case "leaky_relu":
            return torch.where(z > 0, 1.0, LEAKY_SLOPE)
        case "gelu":
            density = torch.exp(-z * z / 2) / math.sqrt(2 * math.pi)
            return (0.5 * (1 + torch.erf(z / math.sqrt(2))) + z * density).abs()
        case "tanh":
            return 1 - torch.tanh(z) ** 2
        case "sigmoid":
            return torch.sigmoid(z) * (1 - torch.sigmoid(z))
        case "sine":
            return torch.cos(z).abs()
        case _:
            return torch.ones_like(z)


def _gradient_norm(layer: Any) -> float:
    return math.hypot(layer.weight.grad.norm().item(), layer.bias.grad.norm().item())


def _dropped(run: PlaygroundRun) -> np.ndarray:
    """1 where dropout removed a hidden unit for the first example of the last batch."""
    units = sum(run.spec.hidden_layers)
    if not run.network.masks or run.spec.dropout == 0:
        return np.zeros(units, dtype=np.uint8)
    return torch.cat([~mask[0] for mask in run.network.masks]).numpy().astype(np.uint8)
