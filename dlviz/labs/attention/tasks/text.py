"""Text, one letter after the other: what comes next?"""

from __future__ import annotations

import torch
from torch import Tensor

from dlviz.data.sequences import Sequences, Task, entropy
from dlviz.data.texts import shipped

TRAIN, VALIDATION = 0.9, 0.05  # shares of the text, in its order


def characters(name: str, length: int) -> Task:
    """Pieces of `length` letters of a text: the first nine tenths to train on, the next twentieth to validate."""
    text = shipped(name)
    vocabulary = tuple(sorted(set(text)))
    ids = {letter: at for at, letter in enumerate(vocabulary)}
    coded = torch.tensor([ids[letter] for letter in text])
    first, second = int(len(coded) * TRAIN), int(len(coded) * (TRAIN + VALIDATION))
    train, validation, test = (pieces(p, length) for p in (coded[:first], coded[first:second], coded[second:]))
    chance = entropy(coded[:first], len(vocabulary))
    return Task("every", vocabulary, vocabulary, train, validation, test, chance,
                "knowing only how often each letter comes")  # fmt: skip


def pieces(coded: Tensor, length: int) -> Sequences:
    """Piece after piece, each with the letter that follows each of its letters; what is left over is dropped."""
    count = (len(coded) - 1) // length
    inputs = coded[: count * length].reshape(count, length)
    targets = coded[1 : count * length + 1].reshape(count, length)
    return Sequences(inputs, torch.full((count,), length), targets)
