"""Ways from one code, or one noise, to another: a straight line, or an arc about the origin."""

from __future__ import annotations

import torch
from torch import Tensor

WAYS = ("linear", "spherical")
LEAST_ANGLE = 1e-4  # sine of the angle between two codes below which there is no one arc from one to the other


def way_between(a: Tensor, b: Tensor, steps: int, way: str) -> tuple[Tensor, bool]:
    """Codes (steps, latent) from a to b (latent,), and whether they lie on an arc."""
    share = torch.linspace(0, 1, steps, dtype=torch.float64)[:, None]
    found = arc(a.double(), b.double(), share) if way == "spherical" else None
    straight = (1 - share) * a.double() + share * b.double()
    return (straight if found is None else found).float(), found is not None


def arc(a: Tensor, b: Tensor, share: Tensor) -> Tensor | None:
    """Spherical interpolation: the direction turns evenly, slerp(â, b̂; t) = (sin((1 − t) ω) â + sin(t ω) b̂) / sin ω
    with ω the angle between them, and the length goes evenly from |a| to |b|: equal lengths stay as they are.

    K. Shoemake, Animating Rotation with Quaternion Curves, 1985; T. White, Sampling Generative Networks, 2016. White
    weighs a and b themselves, which is the same where they are of one length; where they are not and nearly opposite,
    the middle of the way would be far outside. None where the angle is next to 0 or π: then no one arc is the way.
    """
    lengths = a.norm(), b.norm()
    if min(lengths) == 0:
        return None
    from_, to = a / lengths[0], b / lengths[1]
    angle = torch.arccos((from_ @ to).clamp(-1, 1))
    if angle.sin() < LEAST_ANGLE:
        return None
    direction = (((1 - share) * angle).sin() * from_ + (share * angle).sin() * to) / angle.sin()
    return ((1 - share) * lengths[0] + share * lengths[1]) * direction
