"""The layer that slides, as torch computes it, and the weights that a spec means."""

from __future__ import annotations

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from dlviz.labs.convolution.geometry import Layer
from dlviz.labs.convolution.kernels import kernel, profile
from dlviz.labs.convolution.pictures import LUMINANCE
from dlviz.labs.convolution.spec import ConvolutionSpec


class Sliding(nn.Module):
    """One `Layer`: a convolution, a transposed convolution, or pooling.

    x (batch, in, height, width) → (batch, out, height', width'). Weights as in `torch.nn.Conv2d`,
    for a transposed layer as in `torch.nn.ConvTranspose2d`.
    """

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer
        if layer.has_weights:
            self.weight = nn.Parameter(torch.zeros(layer.weight_shape))
            self.bias = nn.Parameter(torch.zeros(layer.outputs))

    def forward(self, x: Tensor) -> Tensor:
        layer = self.layer
        top, bottom, left, right = layer.padding
        match layer.kind:
            case "conv":
                mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
                padded = functional.pad(x, (left, right, top, bottom), mode)
                return functional.conv2d(padded, self.weight, self.bias, layer.stride, 0, layer.dilation, layer.groups)
            case "transposed":  # padding takes cells away here: what conv2d with it would have ignored
                return functional.conv_transpose2d(
                    x, self.weight, self.bias, layer.stride, (top, left), 0, layer.groups, layer.dilation
                )
            case "max":
                return functional.max_pool2d(x, layer.kernel_size, layer.stride, (top, left), layer.dilation)
            case "average" if layer.kernel_size == tuple(x.shape[-2:]) and not any(layer.padding):
                # avg_pool2d adds the cells one after the other: of a photograph's 262,144 it loses three digits.
                return functional.adaptive_avg_pool2d(x, 1)
            case "average":
                return functional.avg_pool2d(x, layer.kernel_size, layer.stride, (top, left))


def build(spec: ConvolutionSpec) -> nn.Sequential:
    """The layers of a spec, weights zero."""
    return nn.Sequential(*(Sliding(layer) for layer in spec.layers))


def target(spec: ConvolutionSpec) -> nn.Sequential:
    """The layers with the weights that the spec names or lists: what the stage shows."""
    network = build(spec)
    weights, biases = designed(spec)
    with torch.no_grad():
        for sliding, weight, bias in zip(network, weights, biases, strict=True):
            if isinstance(sliding, Sliding) and sliding.layer.has_weights:
                sliding.weight.copy_(weight.flip(-2, -1) if spec.flip else weight)
                sliding.bias.copy_(bias)
    return network.requires_grad_(False)


def fresh(spec: ConvolutionSpec, generator: Generator) -> nn.Sequential:
    """The same layers before they have learned: uniform in ±1/√fan_in, the default of torch.nn.Conv2d."""
    network = build(spec)
    with torch.no_grad():
        for parameter, bound in _bounds(network):
            parameter.copy_((torch.rand(parameter.shape, generator=generator) * 2 - 1) * bound)
    return network


def _bounds(network: nn.Sequential) -> list[tuple[Tensor, float]]:
    found: list[tuple[Tensor, float]] = []
    for sliding in network:
        if isinstance(sliding, Sliding) and sliding.layer.has_weights:
            bound = (sliding.weight[0].numel()) ** -0.5
            found += [(sliding.weight, bound), (sliding.bias, bound)]
    return found


def designed(spec: ConvolutionSpec) -> tuple[list[Tensor], list[Tensor]]:
    """Weight and bias of each layer before any turn; empty tensors for pooling."""
    edited = torch.tensor(spec.weights, dtype=torch.float32)
    weights, biases = [], []
    start = 0
    for at, layer in enumerate(spec.layers):
        if not layer.has_weights:
            weights.append(torch.empty(0))
            biases.append(torch.empty(0))
            continue
        count = torch.Size(layer.weight_shape).numel()
        if len(edited):
            weights.append(edited[start : start + count].reshape(layer.weight_shape))
        else:
            weights.append(_named(spec, at, layer))
        start += count
        is_last = at == len(spec.layers) - 1
        given = torch.tensor(spec.bias or (0.0,), dtype=torch.float32)
        biases.append(given.expand(layer.outputs).clone() if is_last else torch.zeros(layer.outputs))
    return weights, biases


def _named(spec: ConvolutionSpec, at: int, layer: Layer) -> Tensor:
    """The weights of named kernels: each over every channel of its group, divided by how many there are."""
    random = Generator().manual_seed(spec.seed + 100 + at)
    if layer.kernel_size == (1, 1) and (at == 1 or spec.layer == "pointwise"):
        return _mixing(layer, random)
    fan_in = layer.inputs // layer.groups
    filters = torch.empty(layer.outputs, fan_in, *layer.kernel_size)
    for o in range(layer.outputs):
        name = spec.kernel[o % len(spec.kernel)]
        if name == "random":
            filters[o] = torch.rand(filters[o].shape, generator=random) * 2 - 1
        else:
            filters[o] = torch.tensor(_rows(name, layer)) / fan_in
    return to_torch(filters, layer)


def _rows(name: str, layer: Layer) -> list[list[float]]:
    height, width = layer.kernel_size
    return kernel(name, width) if height == width else [profile(name, width)]


def to_torch(filters: Tensor, layer: Layer) -> Tensor:
    """Filters (out, in / groups, kh, kw) as the layer keeps them; a transposed one (in, out / groups, kh, kw)."""
    if layer.kind != "transposed":
        return filters
    groups = filters.reshape(layer.groups, -1, *filters.shape[1:])  # group, out, in, kh, kw
    return groups.transpose(1, 2).reshape(layer.weight_shape)


def to_filters(weight: Tensor, layer: Layer) -> Tensor:
    """Weights of a layer as filters (out, in / groups, kh, kw): `to_torch` backwards."""
    if layer.kind != "transposed":
        return weight
    groups = weight.reshape(layer.groups, -1, *weight.shape[1:])  # group, in, out, kh, kw
    return groups.transpose(1, 2).reshape(layer.outputs, layer.inputs // layer.groups, *layer.kernel_size)


def _mixing(layer: Layer, random: Generator) -> Tensor:
    """Weights of a 1 × 1 layer: the grey value, then differences between the channels, then random mixtures."""
    fan_in = layer.inputs // layer.groups
    rows = [torch.tensor(LUMINANCE) if fan_in == 3 else torch.full((fan_in,), 1 / fan_in)]
    for channel in range(1, fan_in):
        row = torch.zeros(fan_in)
        row[:channel], row[channel] = -1 / channel, 1.0
        rows.append(row)
    while len(rows) < layer.outputs:
        rows.append(torch.rand(fan_in, generator=random) * 2 - 1)
    return torch.stack(rows[: layer.outputs]).reshape(layer.weight_shape)


def by_name(network: nn.Module) -> dict[str, Tensor]:
    """Parameters of the layers as `weight.0`, `bias.0`, where `nn.Sequential` says `0.weight`."""
    return {".".join(reversed(name.split("."))): parameter for name, parameter in network.named_parameters()}
