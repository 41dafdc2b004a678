"""From a picture to what the network is given: a square cut out of it, reduced to 224 × 224.

Without another wish it is what torchvision's `Resize(256, BICUBIC)` and `CenterCrop(224)` give of a square picture:
the middle 7/8 of its side. `ui/static/imagenet/resample.js` does the same in the browser, byte for byte.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.imagenet.network import SIDE

if TYPE_CHECKING:
    from PIL.Image import Image

RESIZED = 256  # the side to which a picture is reduced before the middle is cut out
LEAST = 1 / 16  # of the picture's side: a smaller crop would be a blur
COUNT = SIDE * SIDE * 3


@dataclass(frozen=True)
class Crop:
    """The square that is cut out: its left and upper edge and its side, in shares of the picture's side."""

    left: float = (1 - SIDE / RESIZED) / 2
    top: float = (1 - SIDE / RESIZED) / 2
    size: float = SIDE / RESIZED


def read_crop(given: Any) -> Crop:
    """A crop given as [left, top, size]; None: the middle. Raises `InvalidInput`."""
    if given is None:
        return Crop()
    attempt = "[0.0625, 0.0625, 0.875]"
    numbers = isinstance(given, list | tuple) and len(given) == 3 and all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in given
    )  # fmt: skip
    if not numbers:
        raise InvalidInput("imagenet.crop", "must be left, top and size as shares of the side", given, attempt)
    left, top, size = map(float, given)
    slack = 1e-9
    inside = all(-slack <= start <= 1 - size + slack for start in (left, top))
    if not (LEAST <= size <= 1 + slack and inside):
        rule = f"must lie inside the picture and have a size from {LEAST:g} to 1"
        raise InvalidInput("imagenet.crop", rule, given, attempt)
    size = min(size, 1.0)
    left, top = (min(max(start, 0.0), 1 - size) for start in (left, top))
    return Crop(left, top, size)


def prepare(square: Image, crop: Crop) -> Tensor:
    """What the network is given of a square picture, (3, 224, 224) in [0, 1]: bicubic, averaged where it is reduced."""
    from PIL import Image as Images

    left, top, size = (share * square.width for share in (crop.left, crop.top, crop.size))
    small = square.resize((SIDE, SIDE), Images.Resampling.BICUBIC, box=(left, top, left + size, top + size))
    return in_unit(np.asarray(small))


def in_unit(pixels: np.ndarray) -> Tensor:
    """Bytes (height, width, 3) as (3, height, width) in [0, 1]."""
    return torch.from_numpy(pixels.transpose(2, 0, 1).astype(np.float32) / 255)


def middle_square(given: Any) -> Image:
    """The middle square of an array (3, height, width), (1, height, width) or (height, width) in [0, 1].

    Raises `InvalidInput` in words.
    """
    from PIL import Image as Images

    attempt = "a picture file, or numbers from 0 to 1 of 3 × 224 × 224"
    try:
        values = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError):
        raise InvalidInput("imagenet.input", "must be numbers in rows of the same length", given, attempt) from None
    values = values[None] if values.ndim == 2 else values
    if values.ndim != 3 or values.shape[0] not in (1, 3) or min(values.shape) < 1:
        size = " × ".join(map(str, values.shape)) or "a single number"
        raise InvalidInput("imagenet.input", "must have one channel or three, rows and columns", size, attempt)
    if not np.isfinite(values).all() or values.min() < 0 or values.max() > 1:
        got = f"{values.min():g} to {values.max():g}" if np.isfinite(values).all() else "values that are not numbers"
        raise InvalidInput("imagenet.input", "must lie in [0, 1]", got, "dividing bytes by 255")
    edge = min(values.shape[1:])
    top, left = (values.shape[1] - edge) // 2, (values.shape[2] - edge) // 2
    square = np.broadcast_to(values[:, top : top + edge, left : left + edge], (3, edge, edge))
    return Images.fromarray((square.transpose(1, 2, 0) * 255).round().astype(np.uint8))


def read_pixels(given: Any) -> Tensor:
    """What a browser has prepared, 224 × 224 × 3 bytes in base 64, as (3, 224, 224). Raises `InvalidInput`."""
    try:
        data = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError, TypeError):
        data = b""
    if len(data) != COUNT:
        rule = f"must be {COUNT:,} bytes in base 64, {SIDE} × {SIDE} × 3"
        raise InvalidInput("imagenet.pixels", rule, f"{len(data):,} bytes", "a photo")
    return in_unit(np.frombuffer(data, np.uint8).reshape(SIDE, SIDE, 3))
