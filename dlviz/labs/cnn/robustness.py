"""How many test pictures are still answered rightly when each is changed by FGSM, and by as much random noise."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.lab import Progress
from dlviz.core.rules import Range
from dlviz.core.trace import Trace
from dlviz.labs.cnn.adversarial import LARGEST, loss_and_gradient, moved, random_signs
from dlviz.labs.cnn.explaining import own_copy
from dlviz.labs.cnn.recording import state_of
from dlviz.labs.cnn.turns import PICTURES, Turn

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun

VALUES = 7  # of ε from 0 to the largest, both included


def robustness(run: CnnRun, pictures: Any = 200, parameters: bool = True) -> Generator[Progress, None, Trace]:
    """Accuracy on the first test pictures against ε: attacked away from their true classes, and with random signs.

    `epsilon`, `accuracy`, `random_accuracy` (step,); `count`: how many pictures, of which there may be fewer than
    asked for. On the way, of the pictures that are done. `step`: the step of the network, whose parameters are the
    `state`, unless `parameters` is false. Raises `InvalidInput` for a number of pictures outside 10 to 1,000.
    """
    Range(10, 1000, whole=True).check("robustness.pictures", pictures)
    x, y = run.pictures.test_x[:pictures], run.pictures.test_y[:pictures]
    network = own_copy(run.network)
    return _measured(network, x, y, run.spec.seed, run.step, state_of(network) if parameters else {})


def _measured(
    network: nn.Sequential, x: Tensor, y: Tensor, seed: int, step: int, state: dict[str, np.ndarray]
) -> Generator[Progress, None, Trace]:
    epsilons = torch.linspace(0, LARGEST, VALUES)
    noise = random_signs(x, seed)
    right, done, turn = torch.zeros(2, VALUES), 0, Turn()
    for pictures, labels, signs in zip(x.split(PICTURES), y.split(PICTURES), noise.split(PICTURES), strict=True):
        _, gradient = loss_and_gradient(network, pictures, labels)
        hits = torch.zeros(2, VALUES)
        for way, directions in enumerate((gradient.sign(), signs)):
            for k, epsilon in enumerate(epsilons.tolist()):
                hits[way, k] = (network(moved(pictures, directions, epsilon)).argmax(1) == labels).sum()
                if turn.is_over:
                    some = _trace(right, done, step, {}) if done else None
                    yield Progress(done, len(x), f"{done:,} of {len(x):,} pictures", some)
                    turn.begin()
        right += hits
        done += len(pictures)
    return _trace(right, done, step, state)


def _trace(right: Tensor, count: int, step: int, state: dict[str, np.ndarray]) -> Trace:
    accuracy, random_accuracy = (right / count).numpy()
    arrays = {
        "epsilon": torch.linspace(0, LARGEST, VALUES).numpy(),
        "accuracy": accuracy,
        "random_accuracy": random_accuracy,
        "count": np.array(count, np.int32),
        "step": np.array(step, np.int32),
    }
    dims: dict[str, tuple[str, ...]] = {name: ("step",) * array.ndim for name, array in arrays.items()}
    return Trace(arrays, dims, {"epsilon": "brightness", "count": "pictures"}, state)
