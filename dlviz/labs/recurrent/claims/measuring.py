"""What the Recurrent lab's experiments share."""

from __future__ import annotations

import torch

from dlviz.data.sequences import Sequences
from dlviz.labs.recurrent.measuring import answers_of
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.training.answers import loss_between
from dlviz.training.evaluating import evaluating

# About 50 ms of training, so that others get their turn between slices.
SLICE = 12


def loss(run: RecurrentRun, part: Sequences) -> float:
    """Mean loss on some sequences in evaluation mode."""
    with evaluating(run.network):
        return float(loss_between(answers_of(run.network, part), part.targets, run.task))


def first(part: Sequences, count: int) -> Sequences:
    """The first `count` sequences, or all where there are fewer."""
    return part[torch.arange(min(count, len(part)))]
