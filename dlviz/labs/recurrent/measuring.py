"""How good the network is on sequences that it does not train on."""

from __future__ import annotations

import torch
from torch import Tensor

from dlviz.data.sequences import IGNORED, Sequences, Task
from dlviz.data.translations import shifted
from dlviz.labs.recurrent.model import Reader, Translator
from dlviz.training.answers import loss_between, sample, share_right
from dlviz.training.evaluating import evaluating

WRITTEN = 60  # sequences that a translator writes by itself to be measured

PARTS = ("train", "validation", "test")


def measure(network: Reader | Translator, task: Task) -> dict[str, float]:
    """`<part>_loss` of each part; `<part>_accuracy`, the share of single answers that are right, where these are
    classes; for a translator also `validation_whole`, the share of sequences it writes rightly by itself."""
    numbers: dict[str, float] = {}
    with evaluating(network):
        for name, part in zip(PARTS, (task.train, task.validation, task.test), strict=True):
            some = sample(part)
            answers = answers_of(network, some)
            numbers[f"{name}_loss"] = float(loss_between(answers, some.targets, task))
            if not task.answers_numbers:
                numbers[f"{name}_accuracy"] = share_right(answers.argmax(-1), some.targets)
        if isinstance(network, Translator):
            some = task.validation[torch.arange(min(WRITTEN, len(task.validation)))]
            written = network.write(some.inputs, some.lengths, some.targets.shape[1])
            right = (written == some.targets) | (some.targets == IGNORED)
            numbers["validation_whole"] = float(right.all(1).float().mean())
    return numbers


def validated(network: Reader | Translator, task: Task) -> tuple[float, float | None]:
    """Loss and share of right answers of the validation part alone; no share where numbers are answered."""
    some = sample(task.validation)
    with evaluating(network):
        answers = answers_of(network, some)
        loss = float(loss_between(answers, some.targets, task))
        return loss, None if task.answers_numbers else share_right(answers.argmax(-1), some.targets)


def answers_of(network: Reader | Translator, part: Sequences) -> Tensor:
    """What the network answers; a translator while it is told the right letters before."""
    if isinstance(network, Translator):
        found: Tensor = network(part.inputs, part.lengths, shifted(part.targets))
    else:
        found, _ = network(part.inputs, part.lengths)
    return found
