"""Scores of a set of fakes beside a set of real examples, each (n, feature); nothing here knows of networks."""

from __future__ import annotations

import torch
from torch import Tensor

NEIGHBOURS = 3
FAIR = 0.2  # a mode is covered from this part of its fair share


def separation(real: Tensor, fake: Tensor) -> float:
    """The chance that a real one's output is above a fake's, ties half: the area under the ROC curve."""
    above = (real[:, None] > fake).float() + 0.5 * (real[:, None] == fake).float()
    return above.mean().item()


def covered(counts: Tensor, fakes: int) -> int:
    """Modes that have at least a fifth of what would be their fair share of all fakes. `counts` (mode,)."""
    return int((counts >= FAIR * fakes / len(counts)).sum())


def entropy(counts: Tensor) -> float:
    """Of how the good fakes spread over modes, in nats: log of the count where even, 0 where all on one (or none)."""
    share = counts / counts.sum().clamp(min=1)
    return torch.special.entr(share).sum().item()


def precision_and_recall(real: Tensor, fake: Tensor) -> tuple[float, float]:
    """The share of fakes inside the real set, and of real ones inside the fake set: inside is whatever lies no further
    from some member than that member's third nearest neighbour (T. Kynkäänniemi et al., Improved Precision and Recall,
    2019)."""
    return _inside(fake, real), _inside(real, fake)


def _inside(x: Tensor, members: Tensor) -> float:
    reach = distances(members, members).kthvalue(NEIGHBOURS + 1).values  # the nearest is itself
    return (distances(x, members) <= reach).any(1).float().mean().item()


def distances(a: Tensor, b: Tensor) -> Tensor:
    """(n, m), from the differences: by products those of points that lie close together would be lost."""
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


def spread(x: Tensor) -> float:
    """Mean distance of two different examples."""
    return (distances(x, x).sum() / (len(x) * (len(x) - 1))).item()


def frechet(real: Tensor, fake: Tensor) -> float:
    """Fréchet distance of the normal distributions fitted to both: |μ − μ'|² + tr(Σ + Σ' − 2 (Σ Σ')^½) (M. Heusel et
    al., 2017, there in the features of Inception)."""
    (mean, cov), (other, other_cov) = (fitted(x) for x in (real, fake))
    cross = cross_trace(cov, other_cov)
    return ((mean - other).square().sum() + cov.trace() + other_cov.trace() - 2 * cross).clamp(min=0).item()


def fitted(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (feature,) and covariance (feature, feature) of examples (n, feature), in double precision."""
    x = x.double()
    return x.mean(0), torch.cov(x.T)


def cross_trace(covariance: Tensor, other: Tensor) -> float:
    """tr (Σ Σ')^½, by the symmetric root Σ^½ Σ' Σ^½, which has the same eigenvalues."""
    root = _root(covariance)
    return torch.linalg.eigvalsh(root @ other @ root).clamp(min=0).sqrt().sum().item()


def _root(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    return (vectors * values.clamp(min=0).sqrt()) @ vectors.T
