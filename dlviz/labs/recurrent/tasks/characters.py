"""Text, one character after the other: what comes next?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Generator

from dlviz.core.errors import InvalidInput
from dlviz.data.sequences import Sequences, Task, entropy
from dlviz.data.texts import normal, shipped
from dlviz.labs.recurrent.spec import FEWEST

if TYPE_CHECKING:
    from dlviz.labs.recurrent.spec import RecurrentSpec

WINDOW = 200  # characters of a held-back piece
TRAIN, VALIDATION = 0.9, 0.05  # shares of the text, in its order


def characters(spec: RecurrentSpec, generator: Generator) -> Task:
    """The first nine tenths of a text to train on, the next twentieth to validate, the last to test."""
    text = source(spec)
    vocabulary = tuple(sorted(set(text)))
    ids = {letter: at for at, letter in enumerate(vocabulary)}
    coded = torch.tensor([ids[letter] for letter in text])
    first, second = int(len(coded) * TRAIN), int(len(coded) * (TRAIN + VALIDATION))
    stream = coded[:first]
    chance = entropy(stream, len(vocabulary))
    parts = [_windows(part) for part in (coded[:first], coded[first - 1 : second], coded[second - 1 :])]
    train, validation, test = parts
    return Task("every", vocabulary, vocabulary, train, validation, test, chance,
                "knowing only how often each letter comes", stream=stream)  # fmt: skip


def source(spec: RecurrentSpec) -> str:
    """The text of a spec, line ends alike, rare letters left out. Raises `InvalidInput` for one too short."""
    text = normal(spec.own_text) if spec.text == "own" else shipped(spec.text)
    if len(text) < FEWEST:
        given = f"{len(text)} characters" if text else "no text"
        rule = f"must have at least {FEWEST} characters to learn from"
        raise InvalidInput("RecurrentSpec.own_text", rule, given, "pasting a page of a book, or choosing a text")
    return text


def _windows(coded: torch.Tensor) -> Sequences:
    """Pieces of the text, each with what follows each letter; the last may be shorter."""
    size = min(WINDOW, len(coded) - 1)
    starts = range(0, max(1, len(coded) - size), size)
    rows = torch.stack([coded[at : at + size + 1] for at in starts if at + size + 1 <= len(coded)])
    return Sequences(rows[:, :-1].clone(), torch.full((len(rows),), size), rows[:, 1:].clone())
