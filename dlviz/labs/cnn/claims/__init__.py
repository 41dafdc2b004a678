"""What textbooks say about convolutional networks, each sentence with the experiment that tests it here.

Importing this imports no torch: an experiment's own module is loaded when it is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from dlviz.core.lab import Claim, Progress, Verdict, load


def _experiment(module: str) -> Callable[..., Iterator[Progress | Verdict]]:
    def experiment(**options: Any) -> Iterator[Progress | Verdict]:
        yield from load(f"{__name__}.{module}:experiment")(**options)

    return experiment


CLAIMS = (
    Claim(
        "forgetting-eval",
        "Forgetting model.eval() changes the answers.",
        "For four seeds, train the default network for 110 steps, then read 500 test digits in evaluation mode and in "
        "training mode: mixed in batches of 50, sorted by class in batches of 50, and one at a time. Count the answers "
        "that differ from those of evaluation mode, and those that differ when the same batches are read once more.",
        _experiment("forgetting"),
    ),
    Claim(
        "batch-norm-tolerates",
        "Batch norm tolerates a ten times higher learning rate.",
        "For three seeds, train two blocks of 8 and 16 maps on digits of 8 × 8 by plain SGD for 220 steps, with batch "
        "norm and without, at learning rates 0.03, 0.1, 0.3, 1 and 3. A rate is tolerated where at least 80 % of "
        "the test digits come out right. Compare the highest tolerated rates.",
        _experiment("rates"),
    ),
    Claim(
        "cnn-beats-dense",
        "A convolutional network beats a dense one of the same size, and more so on shifted digits.",
        "For five seeds, train two blocks of 8 and 16 maps with a dense layer of 32, and a network with one hidden "
        "layer of as many parameters, on the same 3,500 digits for 330 steps of Adam. Read 1,000 others as they are "
        "and moved by three cells in four directions. Paired intervals, Student's t, 95 %.",
        _experiment("shifting"),
    ),
)
