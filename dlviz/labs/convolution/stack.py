"""How far back into the picture one number of a stack of layers looks, counted by torch's own gradients."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from dlviz.core.trace import Trace
from dlviz.labs.convolution.geometry import reach
from dlviz.labs.convolution.passing import copied, state

if TYPE_CHECKING:
    from dlviz.labs.convolution.run import ConvolutionRun

MOST_SIDE = 400  # of `paths` as a picture; a wider field is given as its profile alone


def receptive(run: ConvolutionRun) -> Trace:
    """The receptive field of the stack of the spec, layer by layer, and of the layer on the stage.

    (layer,) each: `kernel`, `stride`, `dilation`; `jump`, the cells of the picture between two neighbours of that
    layer's map, jₗ = jₗ₋₁ sₗ; `field`, the side of what one of its numbers sees, rₗ = rₗ₋₁ + (kₗ − 1) dₗ jₗ₋₁;
    `weights`, k² added up from the first layer on, one channel throughout and no biases; `single`, r², what one
    kernel of the same field would have.

    `profile.<l>` (width,): along one row of the picture, over how many paths each cell of the field of layer l
    reaches one of its numbers: the gradient of that number when every weight is one. `paths` (height, width) the
    same over the plane for the whole stack, up to 400 × 400 cells. `influence` (channel, height, width): the
    gradient of the middle cell of the first map on the stage by the picture, with the weights it has there.
    """
    spec = run.spec
    kernels, strides, dilations = spec.stack_kernels, spec.stack_strides, spec.stack_dilations
    fields, jumps = field_and_jump(kernels, strides, dilations)
    arrays: dict[str, np.ndarray] = {
        "kernel": np.array(kernels, dtype=np.int32),
        "stride": np.array(strides, dtype=np.int32),
        "dilation": np.array(dilations, dtype=np.int32),
        "jump": np.array(jumps, dtype=np.int32),
        "field": np.array(fields, dtype=np.int32),
        "weights": np.array(list(accumulate(k * k for k in kernels)), dtype=np.int32),
        "single": np.array([r * r for r in fields], dtype=np.float64),  # may pass 2³¹
    }
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ("layer",))
    profile = torch.ones(1)
    for depth in range(1, len(kernels) + 1):
        profile = paths(fields[depth - 1], kernels[:depth], strides[:depth], dilations[:depth])
        arrays[f"profile.{depth - 1}"], dims[f"profile.{depth - 1}"] = profile.numpy(), ("width",)
    if len(profile) <= MOST_SIDE:
        # Ones everywhere make the kernels separable: down and across multiply.
        arrays["paths"], dims["paths"] = torch.outer(profile, profile).numpy(), ("height", "width")
    arrays |= copied({"influence": influence(run)})
    dims["influence"] = ("channel", "height", "width")
    return Trace(arrays, dims, {"field": "cells", "jump": "cells", "weights": "weights", "single": "weights"},
                 state(run.target))  # fmt: skip


def field_and_jump(
    kernels: tuple[int, ...], strides: tuple[int, ...], dilations: tuple[int, ...]
) -> tuple[list[int], list[int]]:
    """Receptive field and jump after each layer, in cells of the picture.

    Source: W. Luo et al., Understanding the Effective Receptive Field in Deep CNNs, 2016; A. Araujo et al.,
    Computing Receptive Fields of Convolutional Neural Networks, 2019, equations 2 and 3.
    """
    field, jump = 1, 1
    fields, jumps = [], []
    for kernel, stride, dilation in zip(kernels, strides, dilations, strict=True):
        field += (reach(kernel, dilation) - 1) * jump
        jump *= stride
        fields.append(field)
        jumps.append(jump)
    return fields, jumps


def paths(side: int, kernels: tuple[int, ...], strides: tuple[int, ...], dilations: tuple[int, ...]) -> Tensor:
    """How many paths lead from each of `side` cells in a row to the one number that sees them all, by autograd."""
    cells = torch.zeros(1, 1, side, dtype=torch.float64, requires_grad=True)
    with torch.enable_grad():
        seen = cells
        for kernel, stride, dilation in zip(kernels, strides, dilations, strict=True):
            ones = torch.ones(1, 1, kernel, dtype=torch.float64)
            seen = torch.nn.functional.conv1d(seen, ones, stride=stride, dilation=dilation)
        (found,) = torch.autograd.grad(seen.sum(), cells)
    return found[0, 0]


def influence(run: ConvolutionRun) -> Tensor:
    """The gradient of the middle cell of the first map by the picture, (channel, height, width)."""
    picture = run.picture.clone().requires_grad_()
    with torch.enable_grad():
        output = run.target(picture[None])[0]
        (found,) = torch.autograd.grad(output[0, output.shape[1] // 2, output.shape[2] // 2], picture)
    return found
