"""How good the network is: losses and accuracies on each part, the confusion matrix, the worst mistakes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlviz.data.pictures import Pictures
from dlviz.training.evaluating import evaluating

SAMPLE = 500  # training pictures that stand for all of them
WORST = 12
BATCH = 250  # a larger one would leave the cache


@dataclass(frozen=True)
class Measured:
    """One moment's measurements. `confusion` (class, class): rows are the truth, columns what was answered.

    `worst` (12,): test pictures that are taken for something else, the surest first; where there are fewer, the right
    answers that were least sure follow. `answers` (n,) and `confidence` (n,) are of every test picture.
    """

    numbers: dict[str, float]
    confusion: Tensor
    worst: Tensor
    answers: Tensor
    confidence: Tensor


def logits(network: nn.Module, pictures: Tensor) -> Tensor:
    """What the network answers in evaluation mode, (n, class)."""
    with evaluating(network):
        return torch.cat([network(batch) for batch in pictures.split(BATCH)])


def measure(network: nn.Module, pictures: Pictures, classes: int) -> Measured:
    """Loss and accuracy on a sample of the training pictures, on validation and on test pictures."""
    numbers: dict[str, float] = {}
    parts = {
        "train": (pictures.train_x[:SAMPLE], pictures.train_y[:SAMPLE]),
        "validation": (pictures.validation_x, pictures.validation_y),
        "test": (pictures.test_x, pictures.test_y),
    }
    for name, (x, y) in parts.items():
        found = logits(network, x)
        numbers[f"{name}_loss"] = nn.functional.cross_entropy(found, y).item()
        numbers[f"{name}_accuracy"] = (found.argmax(1) == y).float().mean().item()
    probabilities = found.softmax(1)
    confidence, answers = probabilities.max(1)
    truth = pictures.test_y
    confusion = torch.bincount(truth * classes + answers, minlength=classes * classes).reshape(classes, classes)
    badness = torch.where(answers != truth, 1 + confidence, -confidence)
    worst = badness.argsort(descending=True, stable=True)[:WORST]
    return Measured(numbers, confusion, worst, answers, confidence)
