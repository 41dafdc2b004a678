"""What a network answers to one sequence."""

from __future__ import annotations

import torch
from torch import Tensor

from dlviz.data.translations import BEGIN_ID, END
from dlviz.labs.attention.model import Reader, Translator
from dlviz.labs.attention.reading import Reading

MOST_WRITTEN = 24  # tokens, where nobody knows how long the right answer is


def answered(network: Reader | Translator, reading: Reading, read: Tensor | None = None) -> Tensor:
    """What the network answers to a sequence, (answer, class); a translator, when it writes by itself.

    `read`: what `read_by_decoder` found, where the caller has it, since writing takes a pass for each token.
    """
    if isinstance(network, Translator):
        read = read_by_decoder(network, reading) if read is None else read
        found: Tensor = network(reading.inputs, reading.lengths, read)[0]
    else:
        found = network(reading.inputs, reading.lengths)[0]
    return found


def read_by_decoder(network: Translator, reading: Reading) -> Tensor:
    """(1, step): the begin sign and what the decoder has written after it, up to the end sign it writes.

    Its answers to these tokens are the text it writes. Where the right answer is known it has as many steps.
    """
    steps = MOST_WRITTEN if reading.targets is None else reading.targets.shape[1]
    written = network.write(reading.inputs, reading.lengths, steps)
    return torch.cat([torch.full((1, 1), BEGIN_ID), written[:, :-1]], 1)


def until_end(ids: list[int], vocabulary: tuple[str, ...]) -> list[int]:
    """What was written before the end sign; all of it where there is none."""
    end = vocabulary.index(END)
    return ids[: ids.index(end)] if end in ids else ids
