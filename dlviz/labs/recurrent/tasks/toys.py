"""Toy tasks with known answers: what must be remembered, and for how long, is exact.

Copy and adding: S. Hochreiter and J. Schmidhuber, Long Short-Term Memory, 1997; M. Arjovsky et al., 2016.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Generator, Tensor

from dlviz.data.sequences import IGNORED, Sequences, Task, entropy, split

if TYPE_CHECKING:
    from dlviz.labs.recurrent.spec import RecurrentSpec

SYMBOLS = ("a", "b", "c", "d")
REMEMBERED = 4  # symbols to be copied
BLANK, GO = ".", ">"
HELD_BACK = 400  # validation and test sequences, each
DEEPEST = 6


def copy(spec: RecurrentSpec, generator: Generator) -> Task:
    """Four symbols, then `lag` blanks, then a sign: now say them. The answer is blank until then."""
    vocabulary = (BLANK, GO, *SYMBOLS)
    count, steps = spec.examples + 2 * HELD_BACK, 2 * REMEMBERED + spec.lag + 1
    symbols = torch.randint(2, len(vocabulary), (count, REMEMBERED), generator=generator)
    inputs = torch.zeros(count, steps, dtype=torch.long)
    inputs[:, :REMEMBERED] = symbols
    inputs[:, REMEMBERED + spec.lag] = 1
    targets = torch.full_like(inputs, IGNORED)
    targets[:, -REMEMBERED:] = symbols
    chance = float(torch.log(torch.tensor(float(len(SYMBOLS)))))
    return _task("every", vocabulary, vocabulary, inputs, targets, spec, chance, "guessing one of four symbols")


def adding(spec: RecurrentSpec, generator: Generator) -> Task:
    """`lag` numbers from 0 to 1, two of them marked, one in each half: what is the sum of the marked ones?"""
    count, steps = spec.examples + 2 * HELD_BACK, spec.lag
    values = torch.rand(count, steps, generator=generator)
    half = steps // 2
    marks = torch.zeros(count, steps)
    first = torch.randint(0, half, (count,), generator=generator)
    second = torch.randint(half, steps, (count,), generator=generator)
    rows = torch.arange(count)
    marks[rows, first] = marks[rows, second] = 1.0
    inputs = torch.stack([values, marks], 2)
    targets = values[rows, first] + values[rows, second]
    # The sum of two uniform numbers has mean 1 and variance 2/12.
    return _task("last", (), (), inputs, targets, spec, 1 / 6, "always answering 1", features=("value", "mark"))


def brackets(spec: RecurrentSpec, generator: Generator) -> Task:
    """How many brackets are open after each sign? A string of `lag` brackets, never closed before it is opened."""
    count = spec.examples + 2 * HELD_BACK
    draws = torch.rand(count, spec.lag, generator=generator)
    inputs = torch.zeros(count, spec.lag, dtype=torch.long)
    targets = torch.zeros_like(inputs)
    depth = torch.zeros(count, dtype=torch.long)
    for t in range(spec.lag):
        opens = torch.where(depth == 0, True, torch.where(depth == DEEPEST, False, draws[:, t] < 0.5))
        depth = depth + torch.where(opens, 1, -1)
        inputs[:, t] = (~opens).long()
        targets[:, t] = depth
    classes = tuple(str(n) for n in range(DEEPEST + 1))
    chance = entropy(targets, len(classes))
    return _task("every", ("(", ")"), classes, inputs, targets, spec, chance, "knowing only how often each depth comes")


def parity(spec: RecurrentSpec, generator: Generator) -> Task:
    """Is the number of ones so far odd? `lag` bits, an answer after each: one bit missed turns all answers after it."""
    inputs = torch.randint(0, 2, (spec.examples + 2 * HELD_BACK, spec.lag), generator=generator)
    targets = inputs.cumsum(1) % 2
    chance = float(torch.log(torch.tensor(2.0)))
    return _task("every", ("0", "1"), ("even", "odd"), inputs, targets, spec, chance, "tossing a coin")


def _task(pattern: str, vocabulary: tuple[str, ...], classes: tuple[str, ...], inputs: Tensor, targets: Tensor,
          spec: RecurrentSpec, chance: float, words: str, features: tuple[str, ...] = ()) -> Task:  # fmt: skip
    lengths = torch.full((len(inputs),), inputs.shape[1])
    parts = split(Sequences(inputs, lengths, targets), spec.examples, HELD_BACK)
    return Task(pattern, vocabulary, classes, *parts, chance, words, features=features)  # type: ignore[arg-type]
