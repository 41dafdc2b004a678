"""Task: sequences in, answers out, as plain tensors; the same four patterns for every task."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Generator, Tensor

# What stands in `targets` where no answer is asked for; torch's cross entropy skips it.
IGNORED = -100

# every: an answer at each step; last: one answer for the whole sequence; decoder: a sequence of another length.
Pattern = Literal["every", "last", "decoder"]


@dataclass(frozen=True)
class Sequences:
    """Some sequences, padded to the same length at the end.

    `inputs` (sequence, step) int64 token ids, or (sequence, step, feature) float32. `lengths` (sequence,) int64.
    `targets`: (sequence, step) or (sequence,), int64 classes or float32 numbers; `IGNORED` or NaN where none is asked.
    """

    inputs: Tensor
    lengths: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.lengths)

    def __getitem__(self, index: Tensor) -> Sequences:
        return Sequences(self.inputs[index], self.lengths[index], self.targets[index])


@dataclass(frozen=True)
class Task:
    """Data of one task.

    `vocabulary`: what token ids mean (empty where the inputs are numbers, then `features` names them).
    `classes`: what target ids mean (empty where the answer is a number, in `unit`).
    `stream`: for text that is read in one go, all token ids of the training part.
    `chance`: the loss of the best answer that does not look at the input; `chance_words` says which that is.
    `words`: whether tokens are words, to be shown with spaces between.
    `spread`, `offset`, `shown_in`: a number x of inputs and answers means `spread · x + offset`, in that unit.
    """

    pattern: Pattern
    vocabulary: tuple[str, ...]
    classes: tuple[str, ...]
    train: Sequences
    validation: Sequences
    test: Sequences
    chance: float
    chance_words: str
    features: tuple[str, ...] = ()
    unit: str = ""
    stream: Tensor = field(default_factory=lambda: torch.empty(0, dtype=torch.long))
    words: bool = False
    spread: float = 1.0
    offset: float = 0.0
    shown_in: str = ""

    @property
    def answers_numbers(self) -> bool:
        return not self.classes

    @property
    def input_size(self) -> int:
        """Rows of the embedding, or features of a step."""
        return len(self.vocabulary) or len(self.features)

    @property
    def output_size(self) -> int:
        return len(self.classes) or 1


def split(sequences: Sequences, train: int, validation: int) -> tuple[Sequences, Sequences, Sequences]:
    """The first `train`, the next `validation`, and the rest."""
    everything = torch.arange(len(sequences))
    parts = everything[:train], everything[train : train + validation], everything[train + validation :]
    first, second, third = (sequences[part] for part in parts)
    return first, second, third


def padded(rows: list[list[int]], padding: int = 0) -> tuple[Tensor, Tensor]:
    """Rows of ids as one tensor (row, longest) filled up with `padding`, and their lengths."""
    lengths = torch.tensor([len(row) for row in rows])
    filled = torch.full((len(rows), int(lengths.max())), padding, dtype=torch.long)
    for i, row in enumerate(rows):
        filled[i, : len(row)] = torch.tensor(row)
    return filled, lengths


def pick(options: list[str], generator: Generator) -> str:
    """One of them, each as likely."""
    return options[whole(0, len(options), generator)]


def whole(low: int, high: int, generator: Generator) -> int:
    """A whole number in [low, high)."""
    return int(torch.randint(low, high, (), generator=generator))


def most_frequent(targets: Tensor) -> float:
    """The share of the class that comes most often: how often whoever always says it is right."""
    asked = targets[targets != IGNORED]
    return float(torch.bincount(asked).max() / len(asked))


def entropy(targets: Tensor, count: int) -> float:
    """Nats of the frequencies of the classes: the loss of whoever knows only how often each one comes."""
    asked = targets[targets != IGNORED]
    shares = torch.bincount(asked, minlength=count).double() / len(asked)
    shares = shares[shares > 0]
    return float(-(shares * shares.log()).sum())
