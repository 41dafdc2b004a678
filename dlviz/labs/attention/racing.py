"""One kind of position in a race: a run of its own, measured at fixed steps."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from dlviz.core.errors import Diverged
from dlviz.data.sequences import Sequences, Task
from dlviz.labs.attention.measuring import answers_of
from dlviz.labs.attention.model import Reader, Translator
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.answers import loss_between, sample, share_right
from dlviz.training.evaluating import evaluating

TURN = 0.04  # s of training between two turns of others


class Racer:
    """Trains until the next mark or for a turn, and measures the validation part at each mark.

    `loss` and `accuracy` (mark,): NaN where not measured yet, or where training left the numbers.
    """

    def __init__(self, spec: AttentionSpec, marks: np.ndarray) -> None:
        self.run, self.marks = AttentionRun(spec), marks
        self.loss, self.accuracy = np.full(len(marks), np.nan), np.full(len(marks), np.nan)
        self.diverged, self.at = False, 0

    @property
    def is_done(self) -> bool:
        return self.diverged or self.at == len(self.marks)

    def move(self) -> None:
        """One turn: some steps of training, or one measurement."""
        goal = int(self.marks[self.at])
        if self.run.step == goal:
            self.loss[self.at], self.accuracy[self.at] = measured(
                self.run.network, self.run.task, self.run.task.validation
            )
            self.at += 1
            return
        until = perf_counter() + TURN
        try:
            while self.run.step < goal and perf_counter() < until:
                self.run.advance(1)
        except Diverged:
            self.diverged = True


def measured(network: Reader | Translator, task: Task, part: Sequences) -> tuple[float, float]:
    """Loss and share of right answers of a part; a translator's while it is told the right letters before."""
    some = sample(part)
    with evaluating(network):
        answers = answers_of(network, some)
        return float(loss_between(answers, some.targets, task)), share_right(answers.argmax(-1), some.targets)


def beyond(network: Reader | Translator, task: Task) -> float:
    """The share right on another task's validation part, such as one with longer sequences."""
    return measured(network, task, task.validation)[1]
