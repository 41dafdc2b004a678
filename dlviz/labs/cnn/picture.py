"""The picture one looks at: a test picture, or one's own."""

from __future__ import annotations

from torch import Tensor

from dlviz.data.pictures import Pictures, from_text
from dlviz.labs.cnn.spec import CnnSpec


def load(spec: CnnSpec, pictures: Pictures) -> Tensor:
    """(channel, height, width) in [0, 1]. Raises `InvalidInput` for own pixels that are not of this size."""
    if not spec.own_pixels:
        return pictures.test_x[spec.picture % len(pictures.test_x)]
    return from_text(spec.own_pixels, spec.picture_shape, "CnnSpec.own_pixels")


def mask_of(spec: CnnSpec, pictures: Pictures) -> Tensor | None:
    """Which cells of the test picture are the thing itself, (height, width) in [0, 1], where that is known."""
    if pictures.masks is None or spec.own_pixels:
        return None
    return pictures.masks[spec.picture % len(pictures.masks)].float()
