"""What a network answers to one sequence."""

from __future__ import annotations

import torch
from torch import Tensor

from dlviz.labs.recurrent.model import Reader, Translator, last_hidden
from dlviz.labs.recurrent.reading import Reading

MOST_WRITTEN = 24  # tokens, where nobody knows how long the right answer is


def answered(network: Reader | Translator, reading: Reading) -> Tensor:
    """What the network answers to a sequence, (step, class); a translator, when it writes by itself."""
    if isinstance(network, Translator):
        lengths = length(reading)
        steps = MOST_WRITTEN if reading.targets is None else reading.targets.shape[1]
        written = network.write(reading.inputs, lengths, steps)
        read = torch.cat([torch.zeros_like(written[:, :1]), written[:, :-1]], 1)
        found: Tensor = network(reading.inputs, lengths, read)[0]
        return found
    hidden, state = network.core(network.embed(reading.inputs))
    told = last_hidden(network.core, state) if network.last else hidden[0]
    answers: Tensor = network.head(told)
    return answers


def length(reading: Reading) -> Tensor:
    return torch.tensor([reading.steps])
