"""The layer on the stage over a whole photograph, as torch computes it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.data.photos import CREDITS, FILES, photo
from dlviz.labs.convolution.model import Sliding, by_name
from dlviz.labs.convolution.pictures import in_channels

if TYPE_CHECKING:
    from dlviz.labs.convolution.run import ConvolutionRun

THUMBNAIL_SIDE = 96


def chosen(run: ConvolutionRun, name: str) -> str:
    """The photo of that name, or that of the spec for an empty one. Raises `InvalidInput` for a name there is not."""
    if not isinstance(name, str) or (name and name not in FILES):
        raise InvalidInput("photo", f"must be one of {', '.join(FILES)}", name, run.spec.photo)
    return name or run.spec.photo


def state(run: ConvolutionRun) -> dict[str, np.ndarray]:
    """Weights and biases of the layer on the stage; for pooling, which has none, how it pools."""
    found = {name: parameter.detach().numpy().copy() for name, parameter in by_name(run.target).items()}
    return found or {"layer": np.array(run.spec.layer)}


def photograph(
    run: ConvolutionRun, photo: str = "", filter: int = 0, filtered: bool = True, thumbnails: bool = False
) -> Trace:
    """The photo of the spec (or the one named), and what the layer on the stage makes of it.

    `photo` (height, width, channel), bytes, 512 × 512. `filtered` (height, width): map number `filter` of the
    layer slid over it, the photo taken as the stage takes its picture (grey, RGB or four maps, 0 to 1).
    `answer` (channel, height, width): what the same layer answers to the picture on the stage. With
    `thumbnails`, `thumbnails` (batch, height, width, channel) of all photos; their names and sources stand in
    the state as `names` and `credits`, that of this photo as `credit`. `filtered=False` leaves it out.
    """
    name = chosen(run, photo)
    outputs = run.spec.layers[-1].outputs
    if isinstance(filter, bool) or not isinstance(filter, int) or not 0 <= filter < outputs:
        raise InvalidInput("filter", f"must be a whole number from 0 to {outputs - 1}", filter, "0")
    with torch.no_grad():
        arrays = {"photo": _pixels(name).copy(), "answer": run.target(run.picture[None])[0].numpy().copy()}
        dims: dict[str, tuple[str, ...]] = {"photo": ("height", "width", "channel"),
                                            "answer": ("channel", "height", "width")}  # fmt: skip
        if filtered:
            arrays["filtered"] = slid(run, planes(arrays["photo"], run.spec.channels), filter).numpy().copy()
            dims["filtered"] = ("height", "width")
    notes = {"credit": np.array(CREDITS[name])}
    if thumbnails:
        arrays["thumbnails"] = np.stack([_pixels(each, THUMBNAIL_SIDE) for each in FILES])
        dims["thumbnails"] = ("batch", "height", "width", "channel")
        notes |= {"names": np.array(list(FILES)), "credits": np.array([CREDITS[each] for each in FILES])}
    return Trace(arrays, dims, {"photo": "grey level, 0 to 255"}, state(run) | notes)


def planes(pixels: np.ndarray, channels: str) -> Tensor:
    """Bytes (height, width, 3) as the channels that the stage gives its layer, (channel, height, width)."""
    return in_channels(torch.from_numpy(pixels.transpose(2, 0, 1).copy()).float() / 255, channels)


@torch.no_grad()
def slid(run: ConvolutionRun, picture: Tensor, filter: int) -> Tensor:
    """One map of the layer on the stage over a picture of any size, (height, width)."""
    *before, last = [sliding for sliding in run.target if isinstance(sliding, Sliding)]
    for sliding in before:
        picture = _resized(sliding, picture, run.spec.layer)(picture[None])[0]
    channels, alone = _one_filter(last, filter)
    picture = picture[channels]
    return _resized(alone, picture, run.spec.layer)(picture[None])[0, 0]


def _pixels(name: str, side: int = 512) -> np.ndarray:
    return photo(name, side)


def _resized(sliding: Sliding, picture: Tensor, kind: str) -> Sliding:
    """The same layer for another size of picture; a global pool reaches over all of it."""
    size = (picture.shape[-2], picture.shape[-1])
    window = size if kind == "global_average_pool" else sliding.layer.kernel_size
    found = Sliding(dataclasses.replace(sliding.layer, input_size=size, kernel_size=window))
    found.load_state_dict(sliding.state_dict())
    return found


def _one_filter(sliding: Sliding, o: int) -> tuple[slice, Sliding]:
    """The input channels that output channel `o` sees, and a layer that makes only this channel."""
    layer = sliding.layer
    if not layer.has_weights:
        return slice(o, o + 1), Sliding(dataclasses.replace(layer, inputs=1, outputs=1, groups=1))
    inputs, outputs = layer.inputs // layer.groups, layer.outputs // layer.groups
    first = o // outputs * inputs
    alone = Sliding(dataclasses.replace(layer, inputs=inputs, outputs=1, groups=1))
    if layer.kind == "transposed":
        weight = sliding.weight[first : first + inputs, o % outputs : o % outputs + 1]
    else:
        weight = sliding.weight[o : o + 1]
    alone.load_state_dict({"weight": weight, "bias": sliding.bias[o : o + 1]})
    return slice(first, first + inputs), alone
