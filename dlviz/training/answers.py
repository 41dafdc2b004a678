"""How good answers to sequences are: the loss, the share that is right, and how many are asked to measure either."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from dlviz.data.sequences import IGNORED, Sequences, Task

STEPS_MEASURED = 6_000  # of each part: reading them takes as long as training on a few batches


def loss_between(answers: Tensor, targets: Tensor, task: Task) -> Tensor:
    """Mean loss of answers (…, class) against targets (…): cross entropy in nats, or the squared error of numbers."""
    if task.answers_numbers:
        return functional.mse_loss(answers[..., 0], targets)
    return functional.cross_entropy(answers.flatten(0, -2), targets.flatten(), ignore_index=IGNORED)


def share_right(answers: Tensor, targets: Tensor) -> float:
    """Of the answers that are asked for."""
    asked = targets != IGNORED
    return float((answers == targets)[asked].float().mean())


def sample(part: Sequences) -> Sequences:
    """The first sequences of a part, as many as may be read."""
    count = max(1, STEPS_MEASURED // part.inputs.shape[1])
    return part[torch.arange(min(count, len(part)))]
