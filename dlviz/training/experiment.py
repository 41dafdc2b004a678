"""What the experiments of every lab share: training in slices, and numbers as a sentence prints them."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Sequence

from dlviz.core.errors import Diverged
from dlviz.core.lab import Progress
from dlviz.training.run import Run

# Student's t, 97.5 %, for 1 to 15 degrees of freedom (two-sided 95 %).
_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131)


class Pace:
    """Counts the steps of a whole experiment while its runs train, `at_once` of them between two turns of others."""

    def __init__(self, total: int, at_once: int) -> None:
        self.done, self.total, self.at_once = 0, total, at_once

    def train(self, run: Run, steps: int, text: str) -> Generator[Progress, None, bool]:
        """Train `run`, yielding Progress after every slice; returns False when the run diverged."""
        goal = self.done + steps
        while self.done < goal:
            take = min(self.at_once, goal - self.done)
            try:
                run.advance(take)
            except Diverged:
                self.done = goal
                yield Progress(self.done, self.total, text)
                return False
            self.done += take
            yield Progress(self.done, self.total, text)
        return True


def span(numbers: Iterable[float], form: str = ".2g") -> str:
    """The range of some numbers as text, one number if they print alike: "0.48 to 0.6"."""
    texts = list(dict.fromkeys(format(x, form) for x in sorted(numbers)))
    return texts[0] if len(texts) == 1 else f"{texts[0]} to {texts[-1]}"


def mean(numbers: Sequence[float]) -> float:
    """The arithmetic mean of one number or more."""
    return math.fsum(numbers) / len(numbers)


def interval(numbers: Sequence[float]) -> tuple[float, float, float]:
    """Mean and 95 % interval of the mean by Student's t, for 2 to 16 numbers."""
    n, middle = len(numbers), mean(numbers)
    variance = math.fsum((x - middle) ** 2 for x in numbers) / (n - 1)
    half = _STUDENT[n - 2] * math.sqrt(variance / n)
    return middle, middle - half, middle + half
