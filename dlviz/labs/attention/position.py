"""Where a token stands: as numbers added to it, as a rotation of queries and keys, or as a bias of the scores.

Sinusoidal: A. Vaswani et al., Attention Is All You Need, 2017, section 3.5. Rotary (RoPE): J. Su et al., RoFormer,
2021, equation 34. ALiBi: O. Press et al., Train Short, Test Long, 2022, section 3.
"""

from __future__ import annotations

import torch
from torch import Tensor

BASE = 10_000.0  # the slowest wave is about this many tokens times 2π long


def sinusoidal(tokens: int, width: int) -> Tensor:
    """(token, width): sin(t / BASE^(2i/width)) at even places 2i, cos of the same at odd ones."""
    waves = torch.arange((width + 1) // 2)
    angles = torch.arange(tokens)[:, None] / BASE ** (2 * waves / width)
    return torch.stack([angles.sin(), angles.cos()], 2).flatten(1)[:, :width]


def rotated(x: Tensor) -> Tensor:
    """Pairs (2i, 2i+1) of the last axis turned by t / BASE^(2i/width), for token t; x (…, token, width), width even.

    The dot product of two such vectors depends on their content and on how far apart they stand.
    """
    tokens, width = x.shape[-2:]
    angles = torch.arange(tokens)[:, None] / BASE ** (2 * torch.arange(width // 2) / width)
    sin, cos = angles.sin().to(x.dtype), angles.cos().to(x.dtype)
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], -1).flatten(-2)


def slopes(heads: int) -> Tensor:
    """(head,): 2^(−8/heads), 2^(−16/heads), …: how fast each head forgets what is far."""
    return 2.0 ** (-8.0 * torch.arange(1, heads + 1) / heads)


def distance_bias(heads: int, tokens: int) -> Tensor:
    """(head, query, key): −slope · |query − key|, added to the scores."""
    at = torch.arange(tokens)
    return -slopes(heads)[:, None, None] * (at[None, :] - at[:, None]).abs()
