"""One cell of a race: a run of its own, measured at fixed steps, its speed taken on the way."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from dlviz.core.errors import Diverged
from dlviz.labs.recurrent.measuring import validated
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec

TURN = 0.04  # s of training between two turns of others


class Racer:
    """Trains at `advance` until the next mark or for a turn, and measures the validation part at each mark.

    `loss` and `accuracy` (mark,): NaN where not measured yet, or where training left the numbers. `rate`: steps a
    second of training alone; steps at whose end the run measures itself do not count.
    """

    def __init__(self, spec: RecurrentSpec, marks: np.ndarray) -> None:
        self.run, self.marks = RecurrentRun(spec), marks
        self.loss, self.accuracy = np.full(len(marks), np.nan), np.full(len(marks), np.nan)
        self.seconds, self.timed, self.diverged, self.at = 0.0, 0, False, 0

    @property
    def is_done(self) -> bool:
        return self.diverged or self.at == len(self.marks)

    @property
    def rate(self) -> float:
        return self.timed / self.seconds if self.seconds else 0.0

    def move(self) -> None:
        """One turn: some steps of training, or one measurement."""
        began = perf_counter()
        goal = int(self.marks[self.at])
        if self.run.step == goal:
            self._measure()
            return
        try:
            while self.run.step < goal and perf_counter() - began < TURN:
                start = perf_counter()
                if not self.run.advance(1):
                    self.seconds += perf_counter() - start
                    self.timed += 1
        except Diverged:
            self.diverged = True

    def _measure(self) -> None:
        self.loss[self.at], share = validated(self.run.network, self.run.task)
        self.accuracy[self.at] = np.nan if share is None else share
        self.at += 1
