"""The sanity check of explanations: does a map change when the network forgets what it has learned?

The layers are made random from the top down, one after the other; a map that depends on what was learned
loses its likeness with its first form. Source: J. Adebayo et al., Sanity Checks for Saliency Maps, 2018.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput

if TYPE_CHECKING:
    from dlviz.labs.cnn.spec import CnnSpec

SEED_APART = 1000  # the random weights come from another seed than the first ones did


def layers_from_the_top(spec: CnnSpec) -> list[list[str]]:
    """Names of what is made random together, the output layer first: each convolution with its batch norm."""
    groups: list[list[str]] = []
    for row in spec.rows:
        if row.kind in ("conv", "linear"):
            groups.append([row.name])
        elif row.kind == "norm":
            groups[-1].append(row.name)
    return groups[::-1]


def make_random(network: nn.Module, spec: CnnSpec, layers: int, seed: int | None = None) -> None:
    """The uppermost `layers` layers as fresh from the generator; batch norms forget their statistics too.

    The same seed gives a layer the same weights however many lie below it. The global generator comes back as it
    was. Raises `InvalidInput` for more layers than there are.
    """
    groups = layers_from_the_top(spec)
    if isinstance(layers, bool) or not isinstance(layers, int) or not 0 <= layers <= len(groups):
        rule = f"must be a whole number of layers from 0 to {len(groups)}"
        raise InvalidInput("attribution.randomized", rule, layers, str(len(groups)))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(spec.seed + SEED_APART if seed is None else seed)
        for name in (name for group in groups[:layers] for name in group):
            module = network.get_submodule(name)
            if isinstance(module, nn.Conv2d | nn.Linear | nn.BatchNorm2d):
                module.reset_parameters()


def sizes(attribution: Tensor) -> Tensor:
    """(height, width): what the cells of all channels say together, whichever way: the sum of |attribution|."""
    return attribution.abs().sum(0)


def rank_correlation(one: Tensor, other: Tensor) -> float:
    """Spearman's rank correlation of two maps, ties at their mean rank; 0 where one of them is the same everywhere."""
    a, b = _ranks(one.numpy().ravel()), _ranks(other.numpy().ravel())
    a, b = a - a.mean(), b - b.mean()
    length = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / length if length > 0 else 0.0


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, equal values at their mean. Own: importing scipy.stats would hold the run up for seconds."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: np.ndarray = (last - (counts - 1) / 2)[place]
    return ranks


def inside_share(attribution: Tensor, mask: Tensor) -> float:
    """Which share of Σ|attribution| lies inside a mask (height, width) in [0, 1]; 0 where there is none at all."""
    found = sizes(attribution).double()
    total = found.sum().item()
    return (found * mask).sum().item() / total if total > 0 else 0.0


def points_inside(attribution: Tensor, mask: Tensor) -> bool:
    """The pointing game: whether the cell with the largest |attribution| is more than half inside the mask.

    Source: J. Zhang et al., Top-down Neural Attention by Excitation Backprop, 2016.
    """
    found = sizes(attribution)
    return bool(found.max() > 0) and mask.flatten()[found.argmax()].item() > 0.5
