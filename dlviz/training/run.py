"""Run: a model in training, pulled from outside. It has no clock, no thread and no screen.

Laws (tests/contracts): `advance(a); advance(b)` equals `advance(a + b)`; `restore(snapshot())` is
the identity; the same spec gives the same curve on the CPU.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from torch import Tensor

from dlviz.core.events import Event


@dataclass(frozen=True)
class Snapshot:
    """A whole moment of a run: what `restore` needs to go on as if nothing had happened.

    `tensors` are copies (parameters, optimizer state, generator states, the order of the epoch);
    `plain` is JSON (spec values, counters, the curve so far is not part of it).
    """

    step: int
    tensors: dict[str, Tensor]
    plain: dict[str, Any] = field(default_factory=dict)

    def size(self) -> int:
        """Bytes that the tensors take."""
        return sum(t.numel() * t.element_size() for t in self.tensors.values())


@dataclass(frozen=True)
class Picture:
    """Arrays and numbers for the screen: a frame (one moment) or a scene (what stays until a change)."""

    numbers: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray]


class Run(ABC):
    """One model, its data, its optimizer and its generators.

    `step` counts optimizer steps. Subclasses take the spec alone: `Run(spec)`.
    """

    spec: Any
    step: int

    @abstractmethod
    def advance(self, steps: int) -> list[Event]:
        """Train for `steps` optimizer steps and report what was measured on the way.

        Raises `Diverged` when a loss or a parameter is no longer finite or a norm explodes.
        """

    @abstractmethod
    def snapshot(self) -> Snapshot:
        """A copy of the whole moment."""

    @abstractmethod
    def restore(self, snapshot: Snapshot) -> None:
        """Go back (or forward) to that moment, its spec included."""

    @abstractmethod
    def set(self, changes: Mapping[str, Any]) -> bool:
        """Change settings under way; True if that meant building anew, with `step` back at 0.

        Raises `InvalidInput` and changes nothing when a value cannot work.
        """

    @abstractmethod
    def edit(self, array: str, index: tuple[int, ...], value: float) -> None:
        """Write one parameter, such as `("weight.0", (2, 1), 0.5)`. Raises `InvalidInput`."""

    @abstractmethod
    def frame(self) -> Picture:
        """This moment for the screen: complete in itself, so that a viewer may miss any other."""

    @abstractmethod
    def scene(self) -> Picture:
        """What stays the same until `set` changes structure or data: data points, names, sizes."""

    @property
    @abstractmethod
    def steps_per_epoch(self) -> int:
        """Optimizer steps in one pass over the training data."""
