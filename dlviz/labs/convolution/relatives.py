"""The relatives of a convolution, each as torch computes it on the picture of the stage."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.convolution import model, pictures, unfold
from dlviz.labs.convolution.model import Sliding, to_filters
from dlviz.labs.convolution.passing import copied, counted, forward, state
from dlviz.labs.convolution.spec import LAYERS, ConvolutionSpec

if TYPE_CHECKING:
    from dlviz.labs.convolution.run import ConvolutionRun

KERNEL = ("output", "input", "kernel_height", "kernel_width")
MAP = ("channel", "height", "width")


def variants(run: ConvolutionRun) -> Trace:
    """Every kind of layer with the settings of the stage, as far as it takes them.

    For each `<name>` of the lab's layers, and for `grouped` where the channels can be split: `<name>.input` and
    `<name>.output` (channel, height, width); `<name>.kernel` (output, input, kernel_height, kernel_width) and
    `<name>.bias` (output,) where it has weights; `separable.pointwise` and `separable.middle`, its second half and
    the maps between; `max_pool.winner`, the cell of the input that won, counted row by row. `<name>.parameters` and
    `<name>.multiplications` (layer,) are what each of its layers costs. The state has weights and geometry under
    `<name>.`.
    """
    arrays: dict[str, np.ndarray] = {}
    dims: dict[str, tuple[str, ...]] = {}
    states: dict[str, np.ndarray] = {}
    for name, spec in relatives(run.spec).items():
        network = run.target if spec == run.spec else model.target(spec)
        maps = forward(network, run.picture if spec == run.spec else pictures.load(spec))
        layers = [module for module in network if isinstance(module, Sliding)]
        found: dict[str, tuple[Tensor, tuple[str, ...]]] = {"input": (maps[0], MAP), "output": (maps[-1], MAP)}
        if layers[0].layer.has_weights:
            found["kernel"] = to_filters(layers[0].weight, layers[0].layer), KERNEL
            found["bias"] = layers[-1].bias, ("output",)
        if len(layers) == 2:
            found |= {"pointwise": (layers[1].weight, KERNEL), "middle": (maps[1], MAP)}
        if layers[0].layer.kind == "max":
            found["winner"] = unfold.winners(layers[0].layer, maps[0]), MAP
        arrays |= copied({f"{name}.{part}": array for part, (array, _) in found.items()})
        dims |= {f"{name}.{part}": axes for part, (_, axes) in found.items()}
        for cost in ("parameters", "multiplications"):
            arrays[f"{name}.{cost}"] = counted([getattr(module.layer, cost) for module in layers])
            dims[f"{name}.{cost}"] = ("layer",)
        states |= {f"{name}.{part}": array for part, array in state(network).items()}
    return Trace(arrays, dims, {}, states)


def relatives(spec: ConvolutionSpec) -> dict[str, ConvolutionSpec]:
    """A spec for each kind of layer, the one on the stage unchanged, the others as near to it as they can be."""
    found = {name: spec if name == spec.layer else nearest(spec, name) for name in LAYERS}
    grouped = found["conv2d"]
    for groups in range(4, 1, -1):
        if spec.in_channels % groups == len(spec.kernel) % groups == 0 and grouped.groups == 1:
            found["grouped"] = dataclasses.replace(grouped, groups=groups, weights=())
            break
    return found


def nearest(spec: ConvolutionSpec, layer: str) -> ConvolutionSpec:
    """The same settings with another kind of layer; what it cannot take goes back to its default."""
    default = ConvolutionSpec()
    # Weights edited by hand belong to one shape, and the shape is another now.
    changes: dict[str, Any] = {"layer": layer, "weights": ()}
    plainest: dict[str, Any] = {"kernel": ("identity",) * len(spec.kernel), "kernel_size": 1, "padding_amount": 0}
    for repairs in ({}, plainest):
        changes |= repairs
        for _ in range(len(dataclasses.fields(spec))):
            try:
                return dataclasses.replace(spec, **changes)
            except InvalidInput as problem:
                field = problem.what.rpartition(".")[2]
                if field in changes:
                    break
                changes[field] = default.kernel * len(spec.kernel) if field == "kernel" else getattr(default, field)
    return dataclasses.replace(default, side=spec.side, layer=layer, **plainest)
