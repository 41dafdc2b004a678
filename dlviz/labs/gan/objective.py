"""What each of the two makes smaller, for six losses. D's output is a logit: σ of it is D(x) where there are odds."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid, softplus


def discriminator_loss(loss: str, real: Tensor, fake: Tensor, smoothing: float = 0.0) -> Tensor:
    """The discriminator's loss from its outputs of real and fake examples, (n,) each, without any penalty.

    `nonsaturating`, `minimax`: −log D(x) − log(1 − D(G(z))) (Goodfellow et al., 2014); `smoothing` takes that much from
    the label of the real ones alone (T. Salimans et al., Improved Techniques, 2016, section 3.4).
    `leastsquares`: ½ (D(x) − 1)² + ½ D(G(z))² (X. Mao et al., 2017). `wgan`, `wgangp`: D(G(z)) − D(x) (M. Arjovsky et
    al., 2017). `hinge`: max(0, 1 − D(x)) + max(0, 1 + D(G(z))) (J. Lim and J. Ye, 2017). Means over the batch.
    """
    return real_losses(loss, real, smoothing).mean() + fake_losses(loss, fake).mean()


def real_losses(loss: str, real: Tensor, smoothing: float = 0.0) -> Tensor:
    """What each real example costs the discriminator, from its output of it; the shape of `real`."""
    label = 1 - smoothing
    match loss:
        case "leastsquares":
            return (real - label) ** 2 / 2
        case "wgan" | "wgangp":
            return -real
        case "hinge":
            return (1 - real).clamp(min=0)
        case _:
            return -label * logsigmoid(real) - smoothing * logsigmoid(-real)


def fake_losses(loss: str, fake: Tensor) -> Tensor:
    """What each fake costs the discriminator, from its output of it; the shape of `fake`."""
    match loss:
        case "leastsquares":
            return fake**2 / 2
        case "wgan" | "wgangp":
            return fake
        case "hinge":
            return (1 + fake).clamp(min=0)
        case _:
            return softplus(fake)


def generator_losses(loss: str, fake: Tensor) -> Tensor:
    """The generator's loss of each fake from the discriminator's output of it; the shape of `fake`.

    `minimax`: log(1 − D(G(z))), flat where D is sure of a fake. `nonsaturating`: −log D(G(z)), steep there.
    """
    match loss:
        case "minimax":
            return -softplus(fake)
        case "nonsaturating":
            return softplus(-fake)
        case "leastsquares":
            return (fake - 1) ** 2 / 2
        case _:
            return -fake


def value(real: Tensor, fake: Tensor) -> Tensor:
    """The game's value V = mean log D(x) + mean log(1 − D(G(z))): −2 log 2 = −1.386 where D can only guess."""
    return logsigmoid(real).mean() + logsigmoid(-fake).mean()


def slopes_between(
    discriminator: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, share: Tensor
) -> tuple[Tensor, Tensor]:
    """Places x = share · real + (1 − share) · fake, `share` (n,), and ‖∇ₓ D(x)‖ (n,) there, differentiable."""
    share = share.reshape(-1, *[1] * (real.ndim - 1))
    x = (share * real + (1 - share) * fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return x, slope.flatten(1).norm(dim=1)


def gradient_penalty(discriminator: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """mean (‖∇ₓ D(x)‖ − 1)² between real and fake (I. Gulrajani et al., 2017)."""
    _, slopes = slopes_between(discriminator, real, fake, share)
    return ((slopes - 1) ** 2).mean()
