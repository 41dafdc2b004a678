"""The settings of a classical operation: what each may be, and what is refused in words."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from dlviz.core.errors import InvalidInput
from dlviz.core.rules import Choice, Flag, Range, Rule

OPERATIONS = ("grey", "resize", "gaussian", "box", "median", "threshold", "sobel", "laplacian", "canny")
FACTORS = (0.125, 0.25, 0.5, 2)
# What each operation accepts as the side of its kernel or window.
SIZES = {
    "gaussian": tuple(range(1, 32, 2)),
    "box": tuple(range(1, 32, 2)),
    "median": tuple(range(1, 32, 2)),
    "sobel": (3, 5, 7),
    "laplacian": (1, 3, 5, 7),
    "canny": tuple(range(1, 16, 2)),
}
HIGHEST = 1500  # a Sobel gradient of bytes is at most 4 · 255 · √2
RULES: dict[str, Rule] = {
    "operation": Choice(OPERATIONS),
    "colour": Flag(),
    "sigma": Range(0, 20),
    "method": Choice(("nearest", "bilinear", "area")),
    "level": Range(0, 255, whole=True),
    "otsu": Flag(),
    "direction": Choice(("across", "down", "magnitude")),
    "low": Range(0, HIGHEST),
    "high": Range(0, HIGHEST),
}


@dataclass(frozen=True)
class Operation:
    """One operation with its settings; those that it does not use are ignored. An instance that exists is legal.

    `size`: side of the kernel or window, odd; `laplacian` 1 is the one with four neighbours, `canny` means the blur
    before it. `sigma`: of the Gaussian, in pixels; 0 is OpenCV's rule, 0.3 ((size − 1) / 2 − 1) + 0.8. `low`, `high`:
    Canny's thresholds on the length of the gradient. Raises `InvalidInput`.
    """

    operation: str = "canny"
    colour: bool = False
    size: int = 5
    sigma: float = 0.0
    factor: float = 0.5
    method: str = "area"
    level: int = 127
    otsu: bool = False
    direction: str = "across"
    low: float = 50.0
    high: float = 100.0

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            if field.name in RULES:
                RULES[field.name].check(field.name, getattr(self, field.name))
        _one_of("factor", self.factor, FACTORS, "0.5")
        fitting = SIZES.get(self.operation)
        if fitting:
            odd = f"must be an odd whole number from {fitting[0]} to {fitting[-1]} for {self.operation}"
            _one_of("size", self.size, fitting, "3", odd)
        if self.operation == "canny" and self.low > self.high:
            raise InvalidInput("low", f"must be at most the upper threshold, {self.high:g}", self.low, f"{self.high:g}")

    @property
    def in_colour(self) -> bool:
        """Whether it works on each colour channel; the others work on the grey picture."""
        return self.colour and self.operation in ("resize", "gaussian", "box", "median")


def _one_of(name: str, value: Any, fitting: tuple[float, ...], attempt: str, rule: str = "") -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value not in fitting:
        raise InvalidInput(name, rule or f"must be one of {', '.join(f'{each:g}' for each in fitting)}", value, attempt)
    if name == "size" and not isinstance(value, int):
        raise InvalidInput(name, rule, value, attempt)
