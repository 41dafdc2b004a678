"""The picture on the stage: (channel, height, width) in [0, 1], four maps with signs."""

from __future__ import annotations

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional

from dlviz.data.digits import PER_DIGIT, mnist_5k
from dlviz.data.photos import photo
from dlviz.labs.convolution import pixels
from dlviz.labs.convolution.kernels import kernel
from dlviz.labs.convolution.spec import ConvolutionSpec

# The ink of a drawn picture in RGB: three channels that differ.
INK = (1.0, 0.6, 0.2)
LUMINANCE = (0.299, 0.587, 0.114)  # ITU-R BT.601, as in OpenCV
MAPS = ("identity", "sobel_vertical", "sobel_horizontal", "laplacian")  # the four maps, each over 4


def load(spec: ConvolutionSpec) -> Tensor:
    """The picture of a spec, (channel, height, width); one row of it for a one-dimensional layer.

    Raises `InvalidInput` for own pixels that are no picture.
    """
    picture = whole(spec)
    height = spec.layers[0].input_size[0]
    return picture if height == spec.side else picture[:, spec.side // 2 : spec.side // 2 + 1]


def whole(spec: ConvolutionSpec) -> Tensor:
    """The whole picture, (channel, side, side), also where one row of it slides."""
    return in_channels(one_or_three(spec), spec.channels)


def one_or_three(spec: ConvolutionSpec) -> Tensor:
    """The picture as it is drawn or kept: one channel or three, in steps of 1/255, which a byte a pixel keeps."""
    drawn = (_make(spec) * 255).round() / 255
    return (in_channels(drawn, "rgb") * 255).round() / 255 if spec.channels == "rgb" else drawn


def in_channels(picture: Tensor, channels: str) -> Tensor:
    """A picture of one or three channels as grey (1), rgb (3) or maps (4). Leading dimensions stay."""
    if channels == "rgb":
        return picture if picture.shape[-3] == 3 else picture * torch.tensor(INK).reshape(3, 1, 1)
    grey = picture if picture.shape[-3] == 1 else to_grey(picture)
    if channels == "grey":
        return grey
    filters = torch.tensor([kernel(name, 3) for name in MAPS]).unsqueeze(1)
    padded = functional.pad(grey.reshape(-1, 1, *grey.shape[-2:]), (1, 1, 1, 1), "replicate")
    return (functional.conv2d(padded, filters) / 4).reshape(*grey.shape[:-3], 4, *grey.shape[-2:])


def to_grey(picture: Tensor) -> Tensor:
    """Three channels as one: their weighted sum, which is a 1 × 1 convolution."""
    return (picture * torch.tensor(LUMINANCE).reshape(3, 1, 1)).sum(-3, keepdim=True)


def resized(picture: Tensor, side: int) -> Tensor:
    """A (…, channel, height, width) picture at another size; what is reduced is averaged."""
    flat = picture.reshape(-1, *picture.shape[-3:])
    smaller = side < picture.shape[-1]
    found = functional.interpolate(flat, (side, side), mode="bilinear", antialias=smaller, align_corners=False)
    return found.clamp(0, 1).reshape(*picture.shape[:-2], side, side)


def _make(spec: ConvolutionSpec) -> Tensor:
    n = spec.side
    rgb = spec.channels == "rgb"
    y, x = torch.meshgrid(torch.arange(n), torch.arange(n), indexing="ij")
    match spec.picture:
        case "checkerboard":
            return ((x + y) % 2 == 0).float()[None]
        case "ramp":
            across, down = x / max(n - 1, 1), y / max(n - 1, 1)
            return torch.stack([across, down, 1 - across]) if rgb else across[None]
        case "impulse":
            return ((x == n // 2) & (y == n // 2)).float()[None]
        case "stripes":
            return ((x // 2 + y // 2) % 2 == 0).float()[None]
        case "noise":
            return torch.rand(3 if rgb else 1, n, n, generator=Generator().manual_seed(spec.seed))
        case "photo":
            return torch.from_numpy(photo(spec.photo, n).transpose(2, 0, 1).copy()).float() / 255
        case "own":
            return _own(spec)
        case _:
            digit = torch.from_numpy(mnist_5k()[0][spec.digit * PER_DIGIT].astype(np.float32) / 255)
            return resized(digit[None], n)


def _own(spec: ConvolutionSpec) -> Tensor:
    side, channels, data = pixels.decode(spec.own_pixels)
    if side == 0:
        return torch.zeros(1, spec.side, spec.side)
    picture = torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(channels, side, side).float() / 255
    return picture if side == spec.side else resized(picture, spec.side)
