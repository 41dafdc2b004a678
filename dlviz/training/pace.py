"""Pace: how fast a run goes and may go."""

from __future__ import annotations

import math
from time import perf_counter

WINDOW = 0.25  # seconds over which the rate is measured
CATCH_UP = 0.25  # seconds of steps a run may make up for after it had to wait


class Pace:
    """Measures the time of a step and the steps per second, and holds a run to its speed limit.

    `speed` is steps per second, None for as fast as it goes. `step_seconds` is what one step of this
    run takes; `rate` is what a person sees go by, waiting and other people's runs included.
    """

    def __init__(self) -> None:
        self.speed: float | None = None
        self.rate = 0.0
        self.step_seconds: float | None = None
        self.start()

    def start(self) -> None:
        """Training begins or goes on now: time spent paused counts neither as slowness nor as credit."""
        self._credited = self._window_begun = perf_counter()
        self._window_steps = 0
        self._credit = 1.0

    def limit(self, speed: float | None) -> None:
        """Hold to `speed` steps per second from now on."""
        self.speed = speed
        self.start()

    def steps_within(self, seconds: float) -> int:
        """How many steps fit into `seconds`: at least one; one, while nothing was measured."""
        return 1 if not self.step_seconds else max(1, int(seconds / self.step_seconds))

    def allowance(self) -> int | None:
        """Steps that the speed limit allows now; None without a limit."""
        if self.speed is None:
            return None
        now = perf_counter()
        most = max(1.0, self.speed * CATCH_UP)
        self._credit = min(most, self._credit + (now - self._credited) * self.speed)
        self._credited = now
        return math.floor(self._credit)

    def wait(self) -> float:
        """Seconds until the speed limit allows a step."""
        if self.speed is None or (self.allowance() or 0) >= 1:
            return 0.0
        return (1 - self._credit) / self.speed

    def took(self, steps: int, seconds: float) -> None:
        """`steps` were trained in `seconds`."""
        each = seconds / steps
        if self.step_seconds is None or each < self.step_seconds:
            self.step_seconds = each  # the first steps of all load code and say nothing about the others
        else:
            self.step_seconds += 0.2 * (each - self.step_seconds)
        self._credit -= steps
        self._window_steps += steps
        now = perf_counter()
        if now - self._window_begun >= WINDOW:
            self.rate = self._window_steps / (now - self._window_begun)
            self._window_begun, self._window_steps = now, 0
