"""Losses, and how good the network is on sequences that it does not train on."""

from __future__ import annotations

import torch
from torch import Tensor

from dlviz.data.sequences import IGNORED, Sequences, Task
from dlviz.data.translations import shifted
from dlviz.labs.attention.model import Reader, Translator
from dlviz.training.answers import loss_between, sample, share_right
from dlviz.training.evaluating import evaluating

WRITTEN = 60  # sequences that a translator writes by itself to be measured
PARTS = ("train", "validation", "test")


def loss_of(network: Reader | Translator, task: Task, batch: Sequences) -> Tensor:
    """Mean cross entropy over the answers that are asked for, in nats."""
    return loss_between(answers_of(network, batch), batch.targets, task)


def answers_of(network: Reader | Translator, part: Sequences) -> Tensor:
    """What the network answers (sequence, step, class); a translator while it is told the right letters before."""
    if isinstance(network, Translator):
        found: Tensor = network(part.inputs, part.lengths, shifted(part.targets))
    else:
        found = network(part.inputs, part.lengths)
    return found


def measure(network: Reader | Translator, task: Task) -> dict[str, float]:
    """`<part>_loss` and `<part>_accuracy`, the share of single answers that are right; for a translator also
    `validation_whole`, the share of sequences it writes rightly by itself."""
    numbers: dict[str, float] = {}
    with evaluating(network):
        for name, part in zip(PARTS, (task.train, task.validation, task.test), strict=True):
            some = sample(part)
            answers = answers_of(network, some)
            numbers[f"{name}_loss"] = float(loss_between(answers, some.targets, task))
            numbers[f"{name}_accuracy"] = share_right(answers.argmax(-1), some.targets)
        if isinstance(network, Translator):
            some = task.validation[torch.arange(min(WRITTEN, len(task.validation)))]
            numbers["validation_whole"] = float(right_wholly(network, some).float().mean())
    return numbers


def right_wholly(network: Translator, part: Sequences) -> Tensor:
    """(sequence,): whether it writes all letters rightly by itself, and ends where it should."""
    written = network.write(part.inputs, part.lengths, part.targets.shape[1])
    return ((written == part.targets) | (part.targets == IGNORED)).all(1)
