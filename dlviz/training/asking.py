"""What probes are asked for, checked: whole numbers, numbers, places of test pictures; refusals say what works."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput

MOST_PLACES = 200
SOME_PLACES = 24


def whole(name: str, value: Any, low: int, high: int) -> int:
    """`value` if it is a whole number in [low, high]; else `InvalidInput` about `name`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        near = min(max(value, low), high) if isinstance(value, int) else low
        raise InvalidInput(name, f"must be a whole number in [{low}, {high}]", value, str(near))
    return value


def number(name: str, value: Any, low: float, high: float) -> float:
    """`value` if it is a number in [low, high]; else `InvalidInput` about `name`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InvalidInput(name, f"must be a number in [{low:g}, {high:g}]", value, f"{(low + high) / 2:g}")
    return float(value)


def places(name: str, given: Any, count: int) -> Tensor:
    """Places of test pictures, (n,); the first 24 where none are named. Raises `InvalidInput` about `name`."""
    if given is None:
        return torch.arange(min(SOME_PLACES, count))
    rule = f"must be 1 to {MOST_PLACES} places of test pictures"
    if not isinstance(given, list | tuple) or not 1 <= len(given) <= MOST_PLACES:
        raise InvalidInput(name, rule, given, "[0, 1, 2]")
    return torch.tensor([whole(name, at, 0, count - 1) for at in given])
