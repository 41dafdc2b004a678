"""What a picture weighs: raw, as a PNG file, and as a code of 32-bit or of 8-bit numbers."""

from __future__ import annotations

import io

import numpy as np
import torch
from torch import Tensor

LEVELS = 255  # steps of a byte


def raw_bytes(pictures: Tensor) -> int:
    """Bytes of one picture of (n, channel, height, width), a byte for each number."""
    return pictures[0].numel()


def png_bytes(pictures: Tensor) -> float:
    """Mean bytes of pictures (n, channel, height, width) in [0, 1] as PNG files, compressed as far as they go."""
    from PIL import Image

    sizes = []
    for each in (pictures.clamp(0, 1) * 255).round().to(torch.uint8):
        pixels = each[0].numpy() if len(each) == 1 else each.permute(1, 2, 0).numpy()
        file = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(file, "PNG", optimize=True)
        sizes.append(file.tell())
    return sum(sizes) / len(sizes)


def quantized(codes: Tensor, low: Tensor, high: Tensor) -> Tensor:
    """Codes (n, latent) as they come back from one byte a number: the nearest of 256 even steps from `low` to `high`
    (latent,), those of the training pictures; what lies outside is cut."""
    span = (high - low).clamp_min(1e-12)
    steps = ((codes - low) / span * LEVELS).round().clamp(0, LEVELS)
    return low + steps / LEVELS * span
