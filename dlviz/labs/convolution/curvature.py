"""How much the pictures tell about the weights: the curvature of the loss of one convolution, and what follows.

The loss of a layer that is linear in its weights is a bowl. With p a patch of the (padded) picture and a one for the
bias, and O output channels, its second derivatives are the same everywhere:

    H = 2/O · E[p pᵀ]

Along an eigenvector of H gradient descent with rate η multiplies the error by 1 − ηλ a step: it diverges where
η > 2/λ_max, and the slowest direction sets how long learning takes. Where neighbouring pixels agree, patches differ
little from one another, and λ_max/λ_min, the condition number, is large. Where an eigenvalue is 0, the pairs do not
say what the weights are in that direction. Source: LeCun, Kanter and Solla, Eigenvalues of covariance matrices, 1991.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Generator, Tensor
from torch.nn import functional

from dlviz.labs.convolution.geometry import Layer

PICTURES, NUMBERS = 64, 1_000_000  # looked at, and numbers in the patches taken from them, at most
NOTHING = 1e-9  # an eigenvalue below this share of the largest is rounding


def patches(layer: Layer, inputs: Tensor) -> Tensor:
    """What a filter of a convolution meets: (group, patch, in / groups · kh · kw + 1), the last number a one.

    Every patch, or as many of each picture, at places drawn once for all, as `NUMBERS` allows.
    """
    top, bottom, left, right = layer.padding
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    height, width = layer.output_size
    a_patch = layer.inputs * layer.kernel_size[0] * layer.kernel_size[1]
    kept = max(1, NUMBERS // (len(inputs) * a_patch))
    places = torch.randperm(height * width, generator=Generator().manual_seed(0))[:kept]
    found = []
    for picture in inputs.split(8):
        padded = functional.pad(picture, (left, right, top, bottom), mode)
        unfolded = functional.unfold(padded, layer.kernel_size, layer.dilation, 0, layer.stride)
        found.append(unfolded[..., places])  # picture, c · kh · kw, place
    by_group = torch.cat(found).reshape(len(inputs), layer.groups, -1, len(places)).permute(1, 0, 3, 2)
    flat = by_group.reshape(layer.groups, -1, a_patch // layer.groups)
    return torch.cat([flat, torch.ones(*flat.shape[:2], 1)], 2)


def hessian(layer: Layer, inputs: Tensor) -> Tensor:
    """Second derivatives of the mean squared error in the weights and the bias of one filter, a group at a time."""
    found = patches(layer, inputs).double()
    return 2 / layer.outputs * found.transpose(1, 2) @ found / found.shape[1]


def describe(layers: tuple[Layer, ...], inputs: Tensor) -> dict[str, Any] | None:
    """`numbers` of one filter, `known`: how many of them the pictures determine, `largest` and `smallest` curvature,
    `condition` (null where not all are known), `fastest`: the rate above which gradient descent diverges, and
    `neighbours`: the correlation of neighbouring pixels (null where nothing varies). None for what is no single
    convolution."""
    if len(layers) != 1 or layers[0].kind != "conv":
        return None
    layer, looked_at = layers[0], inputs[:PICTURES]
    spectra = torch.linalg.eigvalsh(hessian(layer, looked_at))  # group, ascending
    largest, numbers = spectra.max().item(), spectra.shape[1]
    known = int((spectra > NOTHING * largest).sum(1).min())
    smallest = spectra.min().item() if known == numbers else 0.0
    return {
        "numbers": numbers,
        "known": known,
        "largest": largest,
        "smallest": smallest,
        "condition": largest / smallest if smallest else None,
        "fastest": 2 / largest,
        "neighbours": _neighbours(looked_at),
    }


def _neighbours(inputs: Tensor) -> float | None:
    """Correlation of a pixel with the one to its right."""
    left, right = inputs[..., :-1].double().flatten(), inputs[..., 1:].double().flatten()
    if len(left) < 2 or left.std() < NOTHING or right.std() < NOTHING:
        return None
    return torch.corrcoef(torch.stack([left, right]))[0, 1].item()
