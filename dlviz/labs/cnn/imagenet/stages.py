"""The maps after each stage of the network, and how much of the picture one of their cells can see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.imagenet.network import STAGES

NAMES = ("stem", *(f"stage{number}" for number in range(1, len(STAGES) + 1)), "head")
LAST = "head"  # whose maps Grad-CAM weighs


@dataclass(frozen=True)
class Field:
    """The receptive field of a stage's cells, in rows (or columns) of the picture.

    Cell 0 sees `size` of them from `first` on, the next cell begins `step` further; it may reach over the border.
    """

    first: int
    step: int
    size: int


def fields(network: nn.Sequential) -> dict[str, Field]:
    """The theoretical receptive field after each stage: of all paths the widest, through every convolution."""
    found: dict[str, Field] = {}
    field = Field(0, 1, 1)
    for name in NAMES:
        pad = 0
        for module in network.get_submodule(name).modules():
            if isinstance(module, nn.ZeroPad2d):
                pad = int(module.padding[0])
            elif isinstance(module, nn.Conv2d):
                before = pad + int(module.padding[0])
                pad = 0
                field = Field(
                    field.first - before * field.step,
                    field.step * module.stride[0],
                    field.size + (module.kernel_size[0] - 1) * field.step,
                )
        found[name] = field
    return found


def read_stage(given: Any) -> str:
    """The name of a stage. Raises `InvalidInput`."""
    if not isinstance(given, str) or given not in NAMES:
        raise InvalidInput("imagenet.stage", f"must be one of {', '.join(NAMES)}", given, NAMES[-1])
    return given


def read_count(name: str, given: Any, low: int, high: int) -> int:
    """A whole number from `low` to `high`. Raises `InvalidInput`."""
    if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
        raise InvalidInput(f"imagenet.{name}", f"must be a whole number from {low} to {high}", given, str(low))
    return given


def strongest(maps: Tensor, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Which of the maps (channel, height, width) answer most, the strongest first, and how much: mean |value|."""
    strength = maps.abs().mean((1, 2))
    order = strength.argsort(descending=True, stable=True)[:count]
    return order.numpy().astype(np.int32), strength[order].numpy().copy()
