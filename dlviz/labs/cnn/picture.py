"""The picture one looks at: a test picture, or one's own."""

from __future__ import annotations

import base64
import binascii

import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.data import Pictures
from dlviz.labs.cnn.spec import CnnSpec


def load(spec: CnnSpec, pictures: Pictures) -> Tensor:
    """(channel, height, width) in [0, 1]. Raises `InvalidInput` for own pixels that are not of this size."""
    if not spec.own_pixels:
        return pictures.test_x[spec.picture % len(pictures.test_x)]
    shape = spec.picture_shape
    count = shape[0] * shape[1] * shape[2]
    try:
        data = base64.urlsafe_b64decode(spec.own_pixels + "=" * (-len(spec.own_pixels) % 4))
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != count:
        raise InvalidInput("CnnSpec.own_pixels", f"must be {count} bytes ({' × '.join(map(str, shape))})",
                           f"{len(data)} bytes", "leaving it out")  # fmt: skip
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).reshape(shape).float() / 255


def mask_of(spec: CnnSpec, pictures: Pictures) -> Tensor | None:
    """Which cells of the test picture are the thing itself, (height, width) in [0, 1], where that is known."""
    if pictures.masks is None or spec.own_pixels:
        return None
    return pictures.masks[spec.picture % len(pictures.masks)].float()
