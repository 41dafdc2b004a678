"""Long probes go on in turns with the training: what says that a turn has been long enough."""

from __future__ import annotations

from time import perf_counter

TURN = 0.04  # seconds
PICTURES = 50  # that go through the network in one go: few enough that a turn does not end late


class Turn:
    """A turn that began with this object, or with the last `begin`."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self._end = perf_counter() + TURN

    @property
    def is_over(self) -> bool:
        return perf_counter() >= self._end
