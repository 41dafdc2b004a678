"""A picture on its way through the layers, and the layers themselves as arrays to take along."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.labs.convolution.model import Sliding, by_name


def forward(network: nn.Sequential, picture: Tensor) -> list[Tensor]:
    """A picture through every layer: itself, after the first, …, each (channel, height, width)."""
    maps = [picture]
    with torch.no_grad():
        for module in network:
            maps.append(module(maps[-1][None])[0])
    return maps


def state(network: nn.Sequential) -> dict[str, np.ndarray]:
    """`weight.<i>`, `bias.<i>` of each layer as torch keeps them, and its geometry, from which all else follows."""
    found = {name: parameter.detach().clone().numpy() for name, parameter in by_name(network).items()}
    for i, module in enumerate(network):
        if isinstance(module, Sliding):
            layer = module.layer
            for name in ("kernel_size", "stride", "dilation", "padding", "groups"):
                found[f"{name}.{i}"] = np.array(getattr(layer, name), dtype=np.int32)
            found[f"padding_mode.{i}"] = np.array([layer.padding_mode])
            found[f"kind.{i}"] = np.array([layer.kind])
    return found


def copied(arrays: dict[str, Tensor]) -> dict[str, np.ndarray]:
    """Copies that share nothing with the run."""
    return {
        name: tensor.detach().clone(memory_format=torch.contiguous_format).numpy() for name, tensor in arrays.items()
    }


def counted(counts: Sequence[int]) -> np.ndarray:
    """Whole numbers (layer,) as doubles, which hold them exactly also past 2³¹, where int32 would end."""
    return np.array(counts, dtype=np.float64)
