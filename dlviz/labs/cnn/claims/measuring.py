"""What the CNN lab's experiments share."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from dlviz.labs.cnn.measuring import logits

# About 50 ms of training, so that others get their turn between slices.
SLICE = 5


def accuracy(network: nn.Module, pictures: Tensor, labels: Tensor) -> float:
    """Share of the pictures that the network answers rightly in evaluation mode."""
    return (logits(network, pictures).argmax(1) == labels).float().mean().item()


def scores(network: nn.Module, pictures: Tensor, labels: Tensor) -> tuple[float, float]:
    """Share answered rightly, and mean cross-entropy in nats, in evaluation mode."""
    found = logits(network, pictures)
    return (found.argmax(1) == labels).float().mean().item(), cross_entropy(found, labels).item()


def points(found: tuple[float, float, float]) -> str:
    """An `interval` of shares in percentage points, as a sentence prints it."""
    middle, low, high = (100 * x for x in found)
    return f"{middle:.1f} points (95 % interval {low:.1f} to {high:.1f})"
