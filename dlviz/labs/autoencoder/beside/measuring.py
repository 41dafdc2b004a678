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


def drawn(
    source: str, codes: Tensor, labels: Tensor, count: int, chance: Generator, wanted: int | None = None
) -> Tensor:
    """Codes (n, latent) from one of `SOURCES`; n ≤ count, 0 where there are none such; the first `wanted` of them.

    `codes` (m, latent) and `labels` (m,): what the encoder makes of test pictures, and the classes of these.
    Raises `ValueError` for a source that is none.
    """
    wanted = count if wanted is None else min(count, wanted)
    return _drawn(source, codes, labels, count, chance, wanted)[:wanted]


def _drawn(source: str, codes: Tensor, labels: Tensor, count: int, chance: Generator, wanted: int) -> Tensor:
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
            found = codes[:0]
            for tried in _evenly(codes, TRIES * count, chance).split(2 * wanted):
                found = torch.cat([found, tried[~among(tried, codes)]])
                if len(found) >= wanted:
                    break
            return found
        case "between":
            one, other = torch.randint(len(codes), (2, TRIES * count), generator=chance)
            differ = labels[one] != labels[other]
            return ((codes[one] + codes[other]) / 2)[differ]
        case "codes":
            return codes
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
    """The part of a plane through the codes that one looks at: z = center + u · axes, u in [−reach, reach] twice.

    `axes` (two, latent): orthogonal, each as long as the codes' standard deviation along it, so that u counts standard
    deviations of a network's own codes from their own mean. Two networks looked at through windows of one reach have
    the same u at the same place of both pictures.
    """

    center: Tensor
    axes: Tensor
    reach: float

    def cells(self, side: int) -> Tensor:
        """z at the middles of side × side cells, (side, side, latent); rows above have the larger second number."""
        return self.center + steps_of(self.reach, side) @ self.axes

    def places(self, codes: Tensor) -> Tensor:
        """u of codes (m, latent), (m, 2): where they are seen on the plane."""
        return (codes - self.center) @ self.axes.T / self.axes.square().sum(1)

    def clouds(self, log_variance: Tensor) -> Tensor:
        """Standard deviations of q(z|x), (m, 2), as u: log σ² (m, latent) seen along both directions."""
        return (log_variance.exp() @ self.axes.square().T).sqrt() / self.axes.square().sum(1)


def steps_of(reach: float, side: int) -> Tensor:
    """u at the middles of side × side cells, (side, side, 2)."""
    u = (2 * (torch.arange(side) + 0.5) / side - 1) * reach
    return torch.stack(torch.meshgrid(u, u.flip(0), indexing="xy"), 2)


def middle(reach: float, side: int) -> Tensor:
    """Which cells lie within 2 standard deviations of the mean, (side, side): there the holes are counted."""
    return steps_of(reach, side).square().sum(2) <= MIDDLE**2


def windows(codes: list[Tensor], least: float = 2.5, most: float = 6.0, room: float = 1.05) -> list[Window]:
    """A window for each set of codes (m, latent), of one reach, in which all lie as far as `most` allows.

    Of codes of two numbers the plane is that of both; of longer ones that of the two directions in which they spread
    most, through their mean.
    """
    found = [Window(each.mean(0), _directions(each), 0) for each in codes]
    far = max(window.places(each).abs().max().item() for window, each in zip(found, codes, strict=True))
    reach = min(most, max(least, room * far))
    return [Window(window.center, window.axes, reach) for window in found]


def _directions(codes: Tensor) -> Tensor:
    center, spread = spread_of(codes)
    if codes.shape[1] == 2:
        return torch.diag(spread)
    values, vectors = torch.linalg.eigh((codes - center).T @ (codes - center) / len(codes))
    along = [vectors[:, at] * vectors[vectors[:, at].abs().argmax(), at].sign() for at in (-1, -2)]
    return torch.stack(along) * values[[-1, -2]].clamp_min(1e-12).sqrt()[:, None]
