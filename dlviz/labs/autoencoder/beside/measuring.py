"""How much of a space of codes decodes to something that can be read: codes drawn in several ways, and how sure the
small classifier is of what is decoded from them. Pure functions of a network, its codes and a generator."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn

from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.labs.autoencoder.probe import among
from dlviz.training import classifiers
from dlviz.training.evaluating import evaluating

# Where codes are drawn from. `prior`: N(0, I), which is what a VAE presses its codes to. `scaled`: N(0, I), moved and
# stretched along each number to the codes' mean and spread. `fitted`: a normal with the codes' mean and covariance.
# `box`: evenly over the codes' range. `empty`: evenly over those places of that range near which no code lies.
# `between`: half-way from a code to a code of another class. `codes`: the codes themselves.
SOURCES = ("prior", "scaled", "fitted", "box", "empty", "between", "codes")
SAMPLES = 500  # codes drawn from each
SURE, UNSURE = 0.8, 0.5  # confidence above which a picture counts as read, and below which it is a hole
TRIES = 8  # times as many candidates are drawn where not all of them will do
MIDDLE = 2.0  # spreads from the mean, within which holes are counted


def drawn(source: str, codes: Tensor, labels: Tensor, count: int, chance: Generator) -> Tensor:
    """Codes (n, latent) from one of `SOURCES`; n ≤ count, 0 where there are none such.

    `codes` (m, latent) and `labels` (m,): what the encoder makes of test pictures, and the classes of these.
    Raises `ValueError` for a source that is none.
    """
    latent = codes.shape[1]
    match source:
        case "prior":
            return torch.randn(count, latent, generator=chance)
        case "scaled":
            center, spread = spread_of(codes)
            return center + spread * torch.randn(count, latent, generator=chance)
        case "fitted":
            return codes.mean(0) + torch.randn(count, latent, generator=chance) @ _root(codes).T
        case "box":
            return _evenly(codes, count, chance)
        case "empty":
            tried = _evenly(codes, TRIES * count, chance)
            return tried[~among(tried, codes)][:count]
        case "between":
            one, other = torch.randint(len(codes), (2, TRIES * count), generator=chance)
            differ = labels[one] != labels[other]
            return ((codes[one] + codes[other]) / 2)[differ][:count]
        case "codes":
            return codes[:count]
    raise ValueError(f"Codes are drawn from one of {', '.join(SOURCES)}. Got {source!r}.")


def spread_of(codes: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each number of the codes, (latent,) both; a spread of at least 10⁻⁶."""
    return codes.mean(0), codes.std(0, unbiased=False).clamp_min(1e-6)


def _evenly(codes: Tensor, count: int, chance: Generator) -> Tensor:
    low, high = codes.min(0).values, codes.max(0).values
    return low + (high - low) * torch.rand(count, codes.shape[1], generator=chance)


def _root(codes: Tensor) -> Tensor:
    """A with A Aᵀ = covariance of the codes, also where it is singular."""
    centred = codes - codes.mean(0)
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(codes))
    return vectors * values.clamp_min(0).sqrt()


def read(network: Autoencoder, reader: nn.Sequential, z: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """How sure `reader` is of what `network` decodes from z (n, latent), and of which class: (n,) both.

    The confidence is the largest of its probabilities. `labels` (n,): the classes that a conditional network is told.
    """
    with evaluating(network):
        pictures = network.pictures(network.decode(z, labels)).clamp(0, 1)
    sure, said = classifiers.logits(reader, pictures).softmax(1).max(1)
    return sure, said


def confidence(
    network: Autoencoder, reader: nn.Sequential, source: str, codes: Tensor, labels: Tensor, seed: int,
    count: int = SAMPLES,
) -> Tensor:  # fmt: skip
    """How sure the classifier is of what is decoded from codes of one source, (n,); the draw is the seed's alone."""
    z = drawn(source, codes, labels, count, Generator().manual_seed(seed))
    return read(network, reader, z)[0] if len(z) else z.new_zeros(0)


def share(found: Tensor) -> float:
    """The share of pictures that are read: confidence above 0.8. NaN of none."""
    return (found > SURE).float().mean().item() if len(found) else float("nan")


@dataclass(frozen=True)
class Window:
    """The part of the plane one looks at: z = center + u · spread, with u in [−reach, reach] along both numbers.

    Two networks looked at through windows of one reach have the same u at the same place: so many standard deviations
    of its own codes from their own mean.
    """

    center: Tensor
    spread: Tensor
    reach: float

    def cells(self, side: int) -> Tensor:
        """z at the middles of side × side cells, (side, side, 2); the row above has the larger second number."""
        u = (2 * (torch.arange(side) + 0.5) / side - 1) * self.reach
        across, up = torch.meshgrid(u, u.flip(0), indexing="xy")
        return self.center + self.spread * torch.stack([across, up], 2)


def windows(codes: list[Tensor], least: float = 2.5, most: float = 6.0, room: float = 1.05) -> list[Window]:
    """A window for each set of codes (m, 2), of one reach, in which all of them lie as far as `most` allows."""
    found = [spread_of(each) for each in codes]
    far = max(((each - c) / s).abs().max().item() for each, (c, s) in zip(codes, found, strict=True))
    reach = min(most, max(least, room * far))
    return [Window(center, spread, reach) for center, spread in found]


def middle(window: Window, side: int) -> Tensor:
    """Which cells lie within 2 spreads of the mean, (side, side): where the holes are counted."""
    u = (window.cells(side) - window.center) / window.spread
    return u.square().sum(2) <= MIDDLE**2
