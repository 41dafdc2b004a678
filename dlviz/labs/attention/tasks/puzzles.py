"""Puzzles with known answers: each asks for one way of attending, so that one can see whether a head has found it.

The passage that comes again: C. Olsson et al., In-context Learning and Induction Heads, 2022.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from dlviz.data.sequences import IGNORED, Sequences, Task, entropy, pick, split, whole

HELD_BACK = 300  # validation and test sequences, each
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")
DIGITS = tuple("0123456789")
SIDES = ("left", "right", "alike")
ROLES = ("doer", "done to")
NOUNS = ("I", "you", "cats", "dogs", "birds", "children", "teachers", "robots")
VERBS = ("love", "see", "chase", "hear", "follow")
BEFORE = ("today", "sometimes", "often", "here")
BETWEEN = ("really", "always", "never", "still")


def repeats(examples: int, length: int, generator: Generator) -> Task:
    """`d k a f d k a f d …`: what comes next? A passage of chance letters, each once, comes again to the end.

    How long it is (a quarter to a half of the sequence) is drawn for each sequence, so that counting back does not
    help: one has to find where the same letter stood before. Nothing is asked until the passage is over.
    """
    count = examples + 2 * HELD_BACK
    shortest, longest = max(1, length // 4), max(1, min(length // 2, len(LETTERS)))
    rows = torch.zeros(count, length + 1, dtype=torch.long)
    targets = torch.full((count, length), IGNORED)
    for k in range(count):
        period = whole(shortest, longest + 1, generator)
        passage = torch.randperm(len(LETTERS), generator=generator)[:period]
        rows[k] = passage.repeat(length // period + 2)[: length + 1]
        targets[k, period - 1 :] = rows[k, period:]
    return _task(LETTERS, LETTERS, rows[:, :-1].clone(), targets, examples, "guessing one of 26 letters")


def reverse(examples: int, length: int, generator: Generator) -> Task:
    """`a f c` → `c f a`: at each place, what stands as far from the other end?"""
    count = examples + 2 * HELD_BACK
    inputs = torch.randint(len(LETTERS), (count, length), generator=generator)
    return _task(LETTERS, LETTERS, inputs, inputs.flip(1), examples, "guessing one of 26 letters")


def neighbours(examples: int, length: int, generator: Generator) -> Task:
    """`3 7 5 5 1`: at each place but the ends, is the digit to the left or the one to the right larger?"""
    count = examples + 2 * HELD_BACK
    inputs = torch.randint(len(DIGITS), (count, length), generator=generator)
    targets = torch.full_like(inputs, IGNORED)
    left, right = inputs[:, :-2], inputs[:, 2:]
    targets[:, 1:-1] = torch.where(left > right, 0, torch.where(left < right, 1, 2))
    return _task(DIGITS, SIDES, inputs, targets, examples, "knowing only how often each answer comes")


def who(examples: int, generator: Generator) -> Task:
    """`cats really love dogs`: at each noun, does it do something, or is something done to it? Only the order tells."""
    count = examples + 2 * HELD_BACK
    vocabulary = (*NOUNS, *VERBS, *BEFORE, *BETWEEN)
    ids = {word: at for at, word in enumerate(vocabulary)}
    rows, answers = [], []
    longest = 5
    for _ in range(count):
        doer, done_to = (NOUNS[int(k)] for k in torch.randperm(len(NOUNS), generator=generator)[:2])
        front = [pick(list(BEFORE), generator)] if whole(0, 2, generator) else []
        between = [pick(list(BETWEEN), generator)] if whole(0, 2, generator) else []
        words = [*front, doer, *between, pick(list(VERBS), generator), done_to]
        rows.append([ids[word] for word in words] + [0] * (longest - len(words)))
        roles = [0 if word == doer else 1 if word == done_to else IGNORED for word in words]
        answers.append(roles + [IGNORED] * (longest - len(words)))
    inputs, targets = torch.tensor(rows), torch.tensor(answers)
    lengths = (targets == 1).int().argmax(1) + 1  # a sentence ends with the noun that something is done to
    return _task(vocabulary, ROLES, inputs, targets, examples, "tossing a coin", lengths, words=True)


def _task(vocabulary: tuple[str, ...], classes: tuple[str, ...], inputs: Tensor, targets: Tensor, examples: int,
          said: str, lengths: Tensor | None = None, words: bool = False) -> Task:  # fmt: skip
    lengths = torch.full((len(inputs),), inputs.shape[1]) if lengths is None else lengths
    parts = split(Sequences(inputs, lengths, targets), examples, HELD_BACK)
    return Task("every", vocabulary, classes, *parts, entropy(targets, len(classes)), said, words=words)
