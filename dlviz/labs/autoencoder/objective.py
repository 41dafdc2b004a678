"""What an autoencoder is trained for: reconstruction, and what its kind adds to it. Everything in nats a picture."""

from __future__ import annotations

import torch
from torch import Generator, Tensor, nn

from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.labs.autoencoder.spec import AutoencoderSpec


def reconstruction(network: Autoencoder, decoded: Tensor, pictures: Tensor) -> Tensor:
    """−log p(x | z) of each picture, (batch,): summed cross-entropy, or half the summed squared error.

    The latter is the Gaussian's of variance 1 without its constant. Cross-entropy of grey pixels has its least value
    above 0.
    """
    if network.is_bernoulli:
        each = nn.functional.binary_cross_entropy_with_logits(decoded, pictures, reduction="none")
    else:
        each = (decoded - pictures) ** 2 / 2
    return each.flatten(1).sum(1)


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) = ½ (μ² + σ² − 1 − log σ²) of each picture and number of the code, (batch, latent).

    D. P. Kingma and M. Welling, Auto-Encoding Variational Bayes, 2014, appendix B.
    """
    return (mean**2 + log_variance.exp() - 1 - log_variance) / 2


def inactivity(code: Tensor, target: float) -> Tensor:
    """Σ KL(ρ ‖ ρ̂) over the units of a code (batch, latent) in (0, 1), where ρ̂ is a unit's mean over the batch.

    A. Ng, Sparse autoencoder, CS294A lecture notes, 2011.
    """
    activity = code.mean(0).clamp(1e-6, 1 - 1e-6)
    on = target * (target / activity).log()
    off = (1 - target) * ((1 - target) / (1 - activity)).log()
    return (on + off).sum()


def damaged(pictures: Tensor, kind: str, amount: float, generator: Generator) -> Tensor:
    """Pictures with noise: of spread `amount` added to each cell, or a share `amount` of the cells put to black, or to
    black and white. The channels of a cell are hit together. They stay in [0, 1]."""
    if kind == "gaussian":
        noise = torch.randn(pictures.shape, generator=generator)
        return (pictures + amount * noise).clamp(0, 1)
    chance = torch.rand(pictures[:, :1].shape, generator=generator)
    if kind == "masking":
        return pictures * (chance >= amount)
    black, white = chance < amount / 2, (chance >= amount / 2) & (chance < amount)
    return pictures.masked_fill(black, 0.0).masked_fill(white, 1.0)


def beta_at(spec: AutoencoderSpec, step: int) -> float:
    """β at a step: it rises in a straight line during the warm-up."""
    return spec.beta * min(1.0, step / spec.warmup) if spec.warmup else spec.beta
