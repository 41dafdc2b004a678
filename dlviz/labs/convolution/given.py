"""An input or a kernel of one's own: read, refused in words, and the layer worked out again around it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.labs.convolution.geometry import Layer, padding_cells, reach
from dlviz.labs.convolution.model import Sliding, to_torch
from dlviz.labs.convolution.plan import ONE_ROW
from dlviz.labs.convolution.spec import ConvolutionSpec

if TYPE_CHECKING:
    from dlviz.labs.convolution.run import ConvolutionRun

MOST_SIDE = 64
MOST_FILTERS = 64
MOST_TERMS = 16_000_000
LARGEST = 1e6


def layers_and_picture(
    run: ConvolutionRun, input: Any = None, kernel: Any = None, pointwise: Any = None
) -> tuple[nn.Sequential, Tensor]:
    """The layers and the picture (channel, height, width) that a probe works with.

    Without anything given those of the run itself. `input` is (height, width) or (channel, height, width), for a
    one-dimensional layer also (width,), and of more rows its middle one is taken, as of the lab's own pictures.
    `kernel` is (kh, kw) for every channel alike, (in, kh, kw) for one filter, or (out, in, kh, kw); for a
    one-dimensional layer also (kw,), for a depthwise one (channel, kh, kw). It is turned where the spec turns
    kernels. `pointwise`, of a separable layer, is (out, in). Raises `InvalidInput` for what cannot work.
    """
    spec: ConvolutionSpec = run.spec
    if pointwise is not None and spec.layer != "separable":
        raise InvalidInput("pointwise", "is the second half of the layer separable", spec.layer, "the option kernel")
    if input is None and kernel is None and pointwise is None:
        return run.target, run.picture
    picture = run.picture if input is None else read_picture(spec, input)
    weights = {name: parameter.detach().clone() for name, parameter in run.target.named_parameters()}
    first = spec.layers[0]
    if kernel is not None:
        filters = read_kernel(first, spec, kernel)
        kh, kw = filters.shape[2:]
        first = replace(first, outputs=len(filters), kernel_size=(kh, kw), padding=_padding(spec, kh, kw))
        weights["0.weight"] = to_torch(filters.flip(-2, -1) if spec.flip else filters, first)
        weights["0.bias"] = _bias(weights["0.bias"], spec, first, len(spec.layers) == 1)
    first = replace(first, input_size=(picture.shape[1], picture.shape[2]))
    if spec.layer == "global_average_pool":
        first = replace(first, kernel_size=first.input_size)
    check(first, "input" if kernel is None else "kernel")
    layers = [first]
    if len(spec.layers) == 2:
        second = replace(spec.layers[1], input_size=first.output_size)
        if pointwise is not None:
            weights["1.weight"] = _read_pointwise(second, pointwise)
            second = replace(second, outputs=len(weights["1.weight"]))
            weights["1.bias"] = _bias(weights["1.bias"], spec, second, True)
        layers.append(second)
    network = nn.Sequential(*(Sliding(layer) for layer in layers))
    network.load_state_dict(weights)
    return network.requires_grad_(False), picture


def read_picture(spec: ConvolutionSpec, given: Any) -> Tensor:
    """A picture of one's own as (channel, height, width) float32."""
    array = numbers("input", given, (1, 2, 3) if spec.layer in ONE_ROW else (2, 3))
    array = array.reshape((1,) * (3 - array.ndim) + array.shape)
    channels, height, width = array.shape
    if max(height, width) > MOST_SIDE:
        rule = f"must be at most {MOST_SIDE} × {MOST_SIDE}"
        raise InvalidInput("input", rule, f"{height} × {width}", "a part of it, or a smaller copy")
    if channels != spec.in_channels:
        raise InvalidInput(
            "input", f"must have the {_counted(spec.in_channels, 'channel')} of channels={spec.channels}",
            f"{_counted(channels, 'channel')} of {height} × {width}",
            next((f"channels={name}" for name, n in (("grey", 1), ("rgb", 3), ("maps", 4)) if n == channels),
                 f"{spec.in_channels} × {height} × {width}"),
        )  # fmt: skip
    picture = torch.from_numpy(array)
    return picture[:, height // 2 : height // 2 + 1] if spec.layer in ONE_ROW else picture


def read_kernel(layer: Layer, spec: ConvolutionSpec, given: Any) -> Tensor:
    """A kernel of one's own as filters (out, in / groups, kh, kw)."""
    if not layer.has_weights:
        raise InvalidInput("kernel", "needs a layer with weights, and pooling has none", spec.layer, "layer=conv2d")
    row = spec.layer in ONE_ROW
    array = numbers("kernel", given, (1, 2, 3, 4) if row else (2, 3, 4))
    depthwise = spec.layer in ("depthwise", "separable")
    seen = layer.inputs // layer.groups
    if array.ndim <= 2:
        filters = array.reshape(1, 1, *((1, -1) if array.ndim == 1 else array.shape))
        filters = np.broadcast_to(filters, (layer.outputs if depthwise else layer.groups, seen, *filters.shape[2:]))
    elif array.ndim == 3:
        filters = array[:, None] if depthwise else array[None]
    else:
        filters = array
    shape = " × ".join(map(str, array.shape))
    kh, kw = filters.shape[2:]
    if filters.shape[1] != seen or (depthwise and len(filters) != layer.inputs):
        wanted = f"{layer.inputs} × {kh} × {kw}" if depthwise else f"{seen} × {kh} × {kw} for each filter"
        raise InvalidInput("kernel", f"must be {wanted}, a slice for each channel it sees", shape, f"{kh} × {kw}")
    if len(filters) > MOST_FILTERS or len(filters) % layer.groups:
        rule = f"must hold 1 to {MOST_FILTERS} filters"
        if layer.groups > 1:
            rule += f", a multiple of the {layer.groups} groups"
        raise InvalidInput("kernel", rule, f"{len(filters)} filters", f"{layer.groups} of them")
    if spec.layer == "pointwise" and (kh, kw) != (1, 1):
        raise InvalidInput("kernel", "must be 1 × 1 for a pointwise layer", f"{kh} × {kw}", "layer=conv2d")
    if row and kh != 1:
        raise InvalidInput("kernel", "must have one row for a one-dimensional layer", f"{kh} × {kw}", f"1 × {kw}")
    return torch.from_numpy(filters.copy())


def check(layer: Layer, name: str) -> None:
    """Raise `InvalidInput` about `name` where the kernel has no place on the picture, or padding nothing to take."""
    (h, w), (kh, kw), (dh, dw) = layer.input_size, layer.kernel_size, layer.dilation
    top, bottom, left, right = layer.padding
    picture, kernel = f"{h} × {w}", f"{kh} × {kw}"
    given = picture if name == "input" else kernel
    if layer.kind == "transposed" and min(layer.output_size) < 1:
        rule = f"must leave something: padding takes {top} cells off every side of what {picture} and {kernel} make"
        raise InvalidInput(name, rule, given, "padding_amount=0")
    if min(layer.output_size) < 1:
        over = f" with dilation {max(dh, dw)}" if max(dh, dw) > 1 else ""
        around = f"{h + top + bottom} × {w + left + right}"
        rule = (f"must fit: a kernel of {kernel}{over} reaches over {reach(kh, dh)} × {reach(kw, dw)} cells, "
                f"more than the {around} of the picture with its padding")  # fmt: skip
        attempt = f"at least {reach(kh, dh)} × {reach(kw, dw)}" if name == "input" else "a smaller one"
        raise InvalidInput(name, rule, given, attempt)
    most = {"reflect": -1, "circular": 0}.get(layer.padding_mode)
    if most is not None and (max(top, bottom) > h + most or max(left, right) > w + most):
        rule = (f"must be one that {layer.padding_mode} padding can surround: {max(top, bottom)} × {max(left, right)} "
                f"cells on a side, at most {h + most} × {w + most} here")  # fmt: skip
        raise InvalidInput(name, rule, given, "padding_mode=zeros")
    cells = math.prod(layer.output_size) * layer.outputs
    products = cells * (layer.inputs // layer.groups if layer.has_weights else 1) * kh * kw
    if products > MOST_TERMS:
        rule = f"must make at most {MOST_TERMS:,} products; {picture} and {layer.outputs} of {kernel} make {products:,}"
        raise InvalidInput(name, rule, given, "a smaller one")


def numbers(name: str, given: Any, ndim: Sequence[int]) -> np.ndarray:
    """What was given as a float32 array of so many dimensions, not empty, finite and of a size that stays so."""
    shapes = {1: "(width)", 2: "(height, width)", 3: "(channel, height, width)", 4: "(out, in, height, width)"}
    rule = f"must be numbers of shape {' or '.join(shapes[n] for n in ndim)}"
    try:
        array = np.asarray(given)
        if array.dtype.kind not in "biuf":
            raise TypeError("not numbers")
        array = array.astype(np.float64)
    except (TypeError, ValueError):
        raise InvalidInput(name, rule, given, "[[1, 0], [0, 1]]") from None
    shown = " × ".join(map(str, array.shape)) or "a single number"
    if array.ndim not in ndim:
        raise InvalidInput(name, rule, shown, "3 × 3")
    if array.size == 0:
        raise InvalidInput(name, "must not be empty", shown, "3 × 3")
    bad = array[~(np.abs(array) <= LARGEST)]
    if bad.size:
        raise InvalidInput(name, f"must hold numbers between -{LARGEST:.0e} and {LARGEST:.0e}", float(bad[0]), "0.5")
    return array.astype(np.float32)


def _padding(spec: ConvolutionSpec, kh: int, kw: int) -> tuple[int, int, int, int]:
    if spec.layer == "pointwise":
        return 0, 0, 0, 0
    way = "causal" if spec.layer == "causal" else spec.padding
    across = padding_cells(way, kw, spec.dilation, spec.padding_amount)
    down = (0, 0) if spec.layer in ONE_ROW else padding_cells(way, kh, spec.dilation, spec.padding_amount)
    return *down, *across


def _bias(bias: Tensor, spec: ConvolutionSpec, layer: Layer, is_last: bool) -> Tensor:
    """The biases for as many filters as there are now: one for all, or one for each."""
    if len(bias) == layer.outputs:
        return bias
    if is_last and len(spec.bias) > 1:
        raise InvalidInput("kernel", f"must hold a filter for each of the {len(spec.bias)} biases",
                           _counted(layer.outputs, "filter"), "one bias for all")  # fmt: skip
    return bias[:1].expand(layer.outputs).clone()


def _read_pointwise(layer: Layer, given: Any) -> Tensor:
    array = numbers("pointwise", given, (2, 4))
    if array.shape[1] != layer.inputs or array.shape[2:] not in ((), (1, 1)) or len(array) > MOST_FILTERS:
        rule = f"must be 1 to {MOST_FILTERS} rows of {layer.inputs} numbers, a row for each map"
        raise InvalidInput("pointwise", rule, " × ".join(map(str, array.shape)), f"1 × {layer.inputs}")
    return torch.from_numpy(array.reshape(*array.shape[:2], 1, 1))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
