"""The picture one looks at: a test picture, or one's own. A conditional network needs a class for either."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dlviz.data.pictures import Pictures, from_text
from dlviz.labs.autoencoder.spec import AutoencoderSpec


@dataclass(frozen=True)
class Shown:
    """`pixels` (channel, height, width) in [0, 1]; `label`: its class, of one's own picture unknown (None)."""

    pixels: Tensor
    label: int | None

    @property
    def batch(self) -> tuple[Tensor, Tensor]:
        """As the network takes it: (1, channel, height, width) and labels (1,), an unknown one as the first class."""
        return self.pixels[None], torch.tensor([self.label or 0])


def load(spec: AutoencoderSpec, pictures: Pictures) -> Shown:
    """What the spec asks for. Raises `InvalidInput` for own pixels that are not of this size."""
    if spec.own_pixels:
        return Shown(from_text(spec.own_pixels, spec.picture_shape, "AutoencoderSpec.own_pixels"), None)
    at = spec.picture % len(pictures.test_x)
    return Shown(pictures.test_x[at], int(pictures.test_y[at]))
