"""What the CNN lab's experiments share."""

from __future__ import annotations

from torch import Tensor, nn

from dlviz.labs.cnn.measuring import logits

# About 50 ms of training, so that others get their turn between slices.
SLICE = 5


def accuracy(network: nn.Module, pictures: Tensor, labels: Tensor) -> float:
    """Share of the pictures that the network answers rightly in evaluation mode."""
    return (logits(network, pictures).argmax(1) == labels).float().mean().item()
