"""What the experiments share: training in slices, accuracy, and numbers as a sentence prints them."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Sequence

from torch import Tensor, nn

from dlviz.core.errors import Diverged
from dlviz.core.lab import Progress
from dlviz.labs.cnn.measuring import logits
from dlviz.labs.cnn.run import CnnRun

# About 50 ms of training, so that others get their turn between slices.
SLICE = 5

# Student's t, 97.5 %, for 1 to 9 degrees of freedom (two-sided 95 %).
_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


class Pace:
    """Counts the steps of a whole experiment while its runs train."""

    def __init__(self, total: int) -> None:
        self.done, self.total = 0, total

    def train(self, run: CnnRun, steps: int, text: str) -> Generator[Progress, None, bool]:
        """Train `run`, yielding Progress after every slice; returns False when the run diverged."""
        goal = self.done + steps
        while self.done < goal:
            take = min(SLICE, goal - self.done)
            try:
                run.advance(take)
            except Diverged:
                self.done = goal
                yield Progress(self.done, self.total, text)
                return False
            self.done += take
            yield Progress(self.done, self.total, text)
        return True


def accuracy(network: nn.Module, pictures: Tensor, labels: Tensor) -> float:
    """Share of the pictures that the network answers rightly in evaluation mode."""
    return (logits(network, pictures).argmax(1) == labels).float().mean().item()


def mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)


def span(numbers: Iterable[float], form: str = ".2g") -> str:
    """The range of some numbers as text, one number if they print alike: "0.48 to 0.6"."""
    texts = list(dict.fromkeys(format(x, form) for x in sorted(numbers)))
    return texts[0] if len(texts) == 1 else f"{texts[0]} to {texts[-1]}"


def interval(numbers: Sequence[float]) -> tuple[float, float, float]:
    """Mean and 95 % interval of the mean by Student's t, for 2 to 10 numbers."""
    n, middle = len(numbers), mean(numbers)
    variance = math.fsum((x - middle) ** 2 for x in numbers) / (n - 1)
    half = _STUDENT[n - 2] * math.sqrt(variance / n)
    return middle, middle - half, middle + half
