"""Principal component analysis of pictures, the straight-line rival of an autoencoder, and angles between subspaces."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from dlviz.labs.autoencoder.model import Autoencoder


@dataclass(frozen=True)
class Principal:
    """Of pictures with d numbers each: `mean` (d,), orthonormal `directions` (size, d), the one with the largest
    variance first, the `variance` (size,) along each, and `total`, the variance along all d directions."""

    mean: Tensor
    directions: Tensor
    variance: Tensor
    total: float

    @property
    def share(self) -> Tensor:
        """(size,): the share of the total variance that lies along each direction."""
        return self.variance / self.total if self.total > 0 else torch.zeros_like(self.variance)

    def encode(self, pictures: Tensor, size: int) -> Tensor:
        """The first `size` coordinates of pictures (n, …): (n, size)."""
        return (pictures.flatten(1) - self.mean) @ self.directions[:size].T

    def decode(self, codes: Tensor, shape: tuple[int, ...]) -> Tensor:
        """Pictures (n, *shape) from coordinates (n, size)."""
        return (self.mean + codes @ self.directions[: codes.shape[1]]).unflatten(1, shape)

    def again(self, pictures: Tensor, size: int) -> Tensor:
        """Pictures (n, channel, height, width) through a code of `size` numbers."""
        return self.decode(self.encode(pictures, size), tuple(pictures.shape[1:]))


def analyse(pictures: Tensor, most: int | None = None) -> Principal:
    """PCA of pictures (n, …) by a singular value decomposition; at most `most` directions.

    X − x̄ = U S Vᵀ: the rows of Vᵀ are the directions, S² / (n − 1) the variances (K. Pearson, On Lines and Planes of
    Closest Fit, 1901). There are no more directions than pictures or numbers. Of two signs of a direction the one that
    makes its largest entry, or the first of those, positive. Raises ValueError for fewer than two pictures.
    """
    flat = pictures.flatten(1)
    count, numbers = flat.shape
    if count < 2:
        raise ValueError(f"A principal component analysis needs 2 pictures at least, and was given {count}.")
    mean = flat.mean(0)
    centred = flat - mean
    size = min(count, numbers, most or numbers)
    # Where pictures outnumber their pixels the d × d covariance is smaller, and has the same directions.
    if count > numbers:
        variance, vectors = torch.linalg.eigh(centred.double().T @ centred.double() / (count - 1))
        variance, directions = variance.flip(0)[:size], vectors.T.flip(0)[:size]
    else:
        _, singular, directions = torch.linalg.svd(centred.double(), full_matrices=False)
        variance, directions = (singular**2 / (count - 1))[:size], directions[:size]
    sizes = directions.abs()
    # The first of those that are the largest but for rounding: of mirrored pictures they come in pairs.
    first = (sizes >= sizes.amax(1, keepdim=True) * (1 - 1e-4)).float().argmax(1, keepdim=True)
    peaks = directions.gather(1, first)
    total = centred.double().square().sum().item() / (count - 1)
    return Principal(mean, (directions * peaks.sign()).float(), variance.clamp_min(0).float(), total)


def errors(found: Principal, pictures: Tensor) -> Tensor:
    """(size + 1,): mean squared error a number of pictures (n, …) kept by the first 0, 1, 2, … directions.

    The directions are orthonormal, so each one takes the square of its coordinate off the squared distance.
    """
    centred = (pictures.flatten(1) - found.mean).double()
    kept = (centred @ found.directions.double().T).square().mean(0)
    whole = centred.square().sum(1).mean()
    left = torch.cat([whole[None], whole - kept.cumsum(0)])
    return (left.clamp_min(0) / centred.shape[1]).float()


def explained(again: Tensor, pictures: Tensor, mean: Tensor) -> float:
    """1 − Σ (x − x̂)² / Σ (x − mean)²: the share of the variance of `pictures` about a `mean` (d,) that reconstructions
    `again` keep. 0 is what the mean alone would do; below 0 is worse than it."""
    lost = (pictures - again).double().square().sum()
    there = (pictures.flatten(1) - mean).double().square().sum()
    return float(1 - lost / there) if there > 0 else 0.0


def angles(first: Tensor, second: Tensor) -> Tensor:
    """Principal angles between the spaces that the columns of (d, k) and (d, l) span: min(k, l) of them, in degrees,
    the smallest first. All 0: one space lies in the other; 90: a direction of one that the other knows nothing of.

    Å. Björck and G. H. Golub, Numerical Methods for Computing Angles Between Linear Subspaces, 1973: cosines are the
    singular values of Q₁ᵀ Q₂; small angles come from their sines, which are exact there.
    """
    a, b = (torch.linalg.qr(each.double()).Q for each in (first, second))
    if a.shape[1] < b.shape[1]:
        a, b = b, a
    cosines = torch.linalg.svdvals(a.T @ b).clamp(-1, 1)
    sines = torch.linalg.svdvals(b - a @ (a.T @ b)).flip(0).clamp(-1, 1)
    return torch.where(cosines**2 >= 0.5, sines.asin(), cosines.acos()).rad2deg().float()


@torch.no_grad()
def columns(network: Autoencoder, latent: int, label: int = 0) -> Tensor:
    """(d, latent): what each number of the code adds to what a decoder makes of a code of zeros, before any sigmoid.

    Of a linear decoder these columns are its whole matrix, the product of the matrices of its layers.
    """
    codes = torch.cat([torch.zeros(1, latent), torch.eye(latent)])
    decoded = network.decode(codes, torch.full((latent + 1,), label)).flatten(1)
    return (decoded[1:] - decoded[0]).T
