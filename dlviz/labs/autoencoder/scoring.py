"""How strange a picture looks to an autoencoder: its scores, higher for what it does not know."""

from __future__ import annotations

from collections.abc import Generator

import torch
from torch import Tensor

from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.labs.autoencoder.objective import divergence, reconstruction

SCORES = ("squared_error", "reconstruction", "kl", "negative_elbo", "code_distance")
TRAINING = 1500  # training pictures whose codes stand for all of them
SAMPLES = 4  # of the code of a picture, for its ELBO
BATCH = 60


def names(is_variational: bool) -> tuple[str, ...]:
    """The scores there are; KL and ELBO only of a code that is a distribution."""
    return SCORES if is_variational else tuple(name for name in SCORES if name not in ("kl", "negative_elbo"))


def scored(
    network: Autoencoder, pictures: Tensor, codes: Tensor, told: list[int]
) -> Generator[int, None, dict[str, Tensor]]:
    """Each score of pictures (n, channel, height, width), (n,); yields how many are done. The network must be in
    evaluation mode.

    `squared_error`: the mean over pixels of the picture decoded from the code's mean. `reconstruction`: −log p(x | μ)
    in nats. `kl`: of the code from N(0, 1). `negative_elbo`: −log p(x | z), the mean over 4 samples of the code with
    the same ε every time, and the KL. `code_distance`: from the code's mean to the nearest of `codes` (m, latent).

    A conditional network cannot be told the class of a stranger: of the classes `told` each picture is given the one
    with which it is reconstructed best, known or not. For others `told` is [0].
    """
    chance = torch.Generator().manual_seed(0)
    parts: list[dict[str, Tensor]] = []
    done = 0
    for some in pictures.split(BATCH):
        epsilon = torch.randn(SAMPLES, len(some), codes.shape[1], generator=chance)
        losses = []
        for label in told if len(told) > 1 else []:
            losses.append(_lost(network, some, torch.full((len(some),), label)))
            yield done
        labels = torch.tensor(told)[torch.stack(losses).argmin(0)] if losses else torch.full((len(some),), told[0])
        parts.append(_told(network, some, codes, epsilon, labels))
        done += len(some)
        yield done
    return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}


@torch.no_grad()
def _lost(network: Autoencoder, pictures: Tensor, labels: Tensor) -> Tensor:
    return reconstruction(network, network.decode(network.encode(pictures, labels).mean, labels), pictures)


@torch.no_grad()
def _told(network: Autoencoder, pictures: Tensor, codes: Tensor, epsilon: Tensor, labels: Tensor) -> dict[str, Tensor]:
    code = network.encode(pictures, labels)
    decoded = network.decode(code.mean, labels)
    again = network.pictures(decoded)
    found = {
        "squared_error": ((again - pictures) ** 2).flatten(1).mean(1),
        "reconstruction": reconstruction(network, decoded, pictures),
        "code_distance": torch.cdist(code.mean, codes, compute_mode="donot_use_mm_for_euclid_dist").amin(1),
        "told": labels,
    }
    if code.log_variance is not None:
        found["kl"] = divergence(code.mean, code.log_variance).sum(1)
        lost = [reconstruction(network, network.decode(code.at(each), labels), pictures) for each in epsilon]
        found["negative_elbo"] = torch.stack(lost).mean(0) + found["kl"]
    return found
