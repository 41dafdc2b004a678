"""What every output cell of a layer is made of: the cells it reads, and its products, laid out with torch."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from dlviz.labs.convolution.geometry import Layer
from dlviz.labs.convolution.model import Sliding, to_filters


def patches(layer: Layer, x: Tensor) -> Tensor:
    """The cells that every output cell reads.

    x (batch, channel, height, width) → (batch, channel, height', width', kernel_height, kernel_width), with a zero
    wherever zero padding is read. For a transposed layer the cell of the input that the weight meets there; zero
    where it meets none.
    """
    return _spread(layer, x) if layer.kind == "transposed" else _slid(padded(layer, x), layer)


def terms(sliding: Sliding, x: Tensor) -> Tensor:
    """The products whose sum, with the bias, is each output cell.

    x (channel, height, width) → (output, height', width', input, kernel_height, kernel_width); `input` counts the
    channels that the filter sees: those of its group, for pooling its own. Of an average x / n, of a maximum x where
    it wins and 0 elsewhere, of a transposed convolution x · w wherever that falls on the cell.
    """
    layer, found = sliding.layer, patches(sliding.layer, x[None])[0]
    match layer.kind:
        case "average":
            return (found / (layer.kernel_size[0] * layer.kernel_size[1]))[:, :, :, None]
        case "max":
            return torch.where(wins(layer, x), found, 0.0)[:, :, :, None]
    filters = to_filters(sliding.weight.detach(), layer)
    seen = found.reshape(layer.groups, 1, -1, *found.shape[1:])  # group, filter, input, height, width, kh, kw
    weights = filters.reshape(layer.groups, -1, filters.shape[1], 1, 1, *layer.kernel_size)
    return (seen * weights).flatten(0, 1).permute(0, 2, 3, 1, 4, 5).contiguous()


def winners(layer: Layer, x: Tensor) -> Tensor:
    """Of a max pool: which cell of its channel won, counted row by row; the first of equals. (channel, h', w')."""
    top, _, left, _ = layer.padding
    _, index = functional.max_pool2d(
        x[None], layer.kernel_size, layer.stride, (top, left), layer.dilation, return_indices=True
    )
    return index[0]


def wins(layer: Layer, x: Tensor) -> Tensor:
    """Where in its window the winner stands: (channel, height', width', kernel_height, kernel_width), booleans."""
    top, bottom, left, right = layer.padding
    height, width = layer.input_size
    numbered = torch.arange(height * width).reshape(1, 1, height, width)
    numbered = functional.pad(numbered, (left, right, top, bottom), value=-1)
    return _slid(numbered, layer)[0] == winners(layer, x)[..., None, None]


def linear(network: nn.Sequential, picture: Tensor) -> tuple[Tensor, Tensor]:
    """Matrix (output cell, input cell) and bias (output cell,) of layers at a picture."""
    last = network[-1]
    if isinstance(last, Sliding) and last.layer.kind == "max":
        cells = math.prod(last.layer.input_size)
        winner = winners(last.layer, picture) + torch.arange(len(picture)).reshape(-1, 1, 1) * cells
        return nn.functional.one_hot(winner.flatten(), picture.numel()).float(), torch.zeros(winner.numel())
    zero = torch.zeros(1, *picture.shape)
    units = torch.eye(picture.numel()).reshape(-1, *picture.shape)
    with torch.no_grad():
        # Each unit picture alone shows its column. Without biases, so that nothing is rounded away beside them.
        without = {name: torch.zeros_like(bias) for name, bias in network.named_parameters() if name.endswith("bias")}
        columns: Tensor = torch.func.functional_call(network, without, units)
        bias: Tensor = network(zero)
    return columns.flatten(1).T.contiguous(), bias.flatten()


def padded(layer: Layer, x: Tensor) -> Tensor:
    """The input with its padding, as a convolution or a pool reads it."""
    top, bottom, left, right = layer.padding
    return functional.pad(
        x, (left, right, top, bottom), "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    )


def _slid(x: Tensor, layer: Layer) -> Tensor:
    batch, channel, down, across = x.contiguous().stride()
    (sh, sw), (dh, dw) = layer.stride, layer.dilation
    return x.contiguous().as_strided(
        (*x.shape[:2], *layer.output_size, *layer.kernel_size),
        (batch, channel, sh * down, sw * across, dh * down, dw * across),
    )


def _spread(layer: Layer, x: Tensor) -> Tensor:
    (h, w), (kh, kw), (sh, sw), (dh, dw) = layer.input_size, layer.kernel_size, layer.stride, layer.dilation
    (top, _, left, _), (height, width) = layer.padding, layer.output_size
    down, across = (h - 1) * sh + 1, (w - 1) * sw + 1  # what the input takes up when it is pulled apart
    whole = x.new_zeros(*x.shape[:2], down + (kh - 1) * dh, across + (kw - 1) * dw, kh, kw)
    for ky in range(kh):
        for kx in range(kw):
            y, z = ky * dh, kx * dw
            whole[:, :, y : y + down : sh, z : z + across : sw, ky, kx] = x
    return whole[:, :, top : top + height, left : left + width]
