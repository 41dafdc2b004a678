"""How good the network is, and where the test pictures lie in its code."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dlviz.data.pictures import Pictures
from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.labs.autoencoder.objective import divergence, inactivity, reconstruction
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.evaluating import evaluating

SAMPLE = 500  # pictures of a part that stand for all of them
BATCH = 250
LEAST_SPREAD = 0.01  # variance of a unit's mean over pictures below which it has collapsed


@dataclass(frozen=True)
class Measured:
    """One moment's measurements. `mean` and, of a VAE, `log_variance` (point, latent) of the first test pictures.

    `dimension_kl` (latent,): mean KL of each number of the code in nats, over them; zeros where there is none.
    `dimension_spread` (latent,): variance of each over them. Below 0.01 a number tells the decoder nothing: it has
    collapsed (Y. Burda, R. Grosse, R. Salakhutdinov, Importance Weighted Autoencoders, 2016, section 5).
    `center` (latent,) and `axes` (two, latent): their mean and the two directions in which they spread most.
    """

    numbers: dict[str, float]
    mean: Tensor
    log_variance: Tensor | None
    dimension_kl: Tensor
    dimension_spread: Tensor
    center: Tensor
    axes: Tensor


def measure(network: Autoencoder, pictures: Pictures, spec: AutoencoderSpec, beta: float) -> Measured:
    """Losses on a sample of each part: `<part>_loss`, `_reconstruction`, `_kl`, `_elbo` (nats) and `_squared_error`.

    The reconstruction of a VAE is decoded from one sample of each code, with the same ε at every measurement; the ELBO
    is −(reconstruction + KL) whatever β is, the loss is what is trained for. `squared_error` is the mean over pixels,
    decoded from the mean of the code.
    """
    numbers: dict[str, float] = {}
    parts = {
        "train": (pictures.train_x[:SAMPLE], pictures.train_y[:SAMPLE]),
        "validation": (pictures.validation_x[:SAMPLE], pictures.validation_y[:SAMPLE]),
        "test": (pictures.test_x[:SAMPLE], pictures.test_y[:SAMPLE]),
    }
    with evaluating(network):
        for name, (x, y) in parts.items():
            found, mean, log_variance = _part(network, x, y, spec, beta)
            numbers |= {f"{name}_{key}": value for key, value in found.items()}
    kl = torch.zeros_like(mean) if log_variance is None else divergence(mean, log_variance)
    center = mean.mean(0)
    return Measured(numbers, mean, log_variance, kl.mean(0), mean.var(0, unbiased=False), center, _axes(mean - center))


def _part(
    network: Autoencoder, x: Tensor, y: Tensor, spec: AutoencoderSpec, beta: float
) -> tuple[dict[str, float], Tensor, Tensor | None]:
    epsilon = torch.randn(len(x), spec.latent, generator=torch.Generator().manual_seed(0))
    codes, losses, errors = [], [], []
    for at in range(0, len(x), BATCH):
        some = slice(at, at + BATCH)
        code = network.encode(x[some], y[some])
        decoded = network.decode(code.at(epsilon[some]), y[some])
        losses.append(reconstruction(network, decoded, x[some]))
        middle = decoded if code.log_variance is None else network.decode(code.mean, y[some])
        errors.append(((network.pictures(middle) - x[some]) ** 2).flatten(1).mean(1))
        codes.append(code)
    mean = torch.cat([code.mean for code in codes])
    variances = [code.log_variance for code in codes if code.log_variance is not None]
    log_variance = torch.cat(variances) if variances else None
    lost = torch.cat(losses).mean().item()
    kl = 0.0 if log_variance is None else divergence(mean, log_variance).sum(1).mean().item()
    added = spec.sparsity * inactivity(mean, spec.target_activity).item() if spec.kind == "sparse" else 0.0
    found = {"loss": lost + beta * kl + added, "reconstruction": lost, "kl": kl, "elbo": -(lost + kl),
             "squared_error": torch.cat(errors).mean().item()}  # fmt: skip
    return found, mean, log_variance


def _axes(points: Tensor) -> Tensor:
    """(two, latent): the first two principal directions of centred points; with one number to a code, one is zero."""
    found = torch.zeros(2, points.shape[1])
    _, vectors = torch.linalg.eigh(points.T @ points / len(points))
    for at in range(min(2, points.shape[1])):
        direction = vectors[:, -1 - at]
        found[at] = direction * direction[direction.abs().argmax()].sign()  # of two signs the one with a positive peak
    return found
