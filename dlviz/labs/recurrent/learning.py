"""One step of learning: the loss of a batch, with the gradient cut after so many steps back."""

from __future__ import annotations

import torch
from torch import Tensor

from dlviz.data.sequences import Sequences, Task
from dlviz.data.translations import shifted
from dlviz.labs.recurrent.model import Reader, State, Translator
from dlviz.training.answers import loss_between


def loss_of(network: Reader | Translator, task: Task, batch: Sequences, truncation: int) -> Tensor:
    """Mean loss over the answers that are asked for: cross entropy in nats, or the squared error of numbers."""
    if isinstance(network, Translator):
        answers = network(batch.inputs, batch.lengths, shifted(batch.targets))
    elif network.core.bidirectional:
        answers, _ = network(batch.inputs, batch.lengths)
    else:
        answers = cut_answers(network, batch, truncation)
    return loss_between(answers, batch.targets, task)


def cut_answers(network: Reader, batch: Sequences, truncation: int) -> Tensor:
    """The answers of a reader whose state goes on from piece to piece, and whose gradient does not.

    Source: R. Williams and J. Peng, An Efficient Gradient-Based Algorithm for On-Line Training, 1990.
    """
    pieces, state = [], None
    for piece in network.embed(batch.inputs).split(truncation, 1):
        hidden, state = network.core(piece, state)
        state = detached(state)
        pieces.append(hidden)
    hidden = torch.cat(pieces, 1)
    if network.last:  # what follows a sequence's end is padding
        hidden = hidden[torch.arange(len(hidden)), batch.lengths - 1]
    answers: Tensor = network.head(network.dropout(hidden))
    return answers


def detached(state: State) -> State:
    """The same numbers, without where they came from."""
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()  # type: ignore[union-attr, return-value]
