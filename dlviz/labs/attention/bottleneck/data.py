"""Pairs of sentences for the two networks, held back by length: rows of spelled digits, and dates."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator

from dlviz.data.sequences import IGNORED, Sequences, padded
from dlviz.data.translations import BEGIN, END, UNITS, dates

TASKS = ("digits", "dates")
DIGITS = tuple(UNITS[:10])
TRAINED, LONGEST = 8, 12  # digits in a row: trained on at most, and tried at most
ROWS, DATES = 6_000, 4_000  # to train on
A_LENGTH = 40  # held-back sentences of each length
FEWEST = 12  # of a length, or its share would be noise
FEW = 2  # rows of so few digits cannot be held back: there are only 10 and 100 of them
SHOWN = (6, 3, 4, 5, 7, 8, 8, 9, 10, 12, 2, 1)  # digits of the rows one can look at
COUNT_SHOWN = len(SHOWN)


@dataclass(frozen=True)
class Pairs:
    """What both networks learn from and are measured on.

    `by_length`: held-back sentences by their length in `unit`; `trained`: the longest length trained on. `shown`: the
    held-back sentences that one can look at. Targets end with the end sign and are filled up with `IGNORED`.
    """

    vocabulary: tuple[str, ...]
    train: Sequences
    by_length: dict[int, Sequences]
    trained: int
    shown: Sequences
    unit: str

    @property
    def longest_answer(self) -> int:
        """Letters, the end sign among them."""
        return max(part.targets.shape[1] for part in (self.shown, *self.by_length.values()))


def load(task: str, seed: int, with_training: bool = True) -> Pairs:
    """The pairs of a task; the same for the same seed. `with_training`: false leaves the training part empty."""
    generator = Generator().manual_seed(seed)
    return _digits(generator, with_training) if task == "digits" else _dates(generator)


def _digits(generator: Generator, with_training: bool) -> Pairs:
    """`three one four` → `314`: rows of 1 to `TRAINED` digits, tried on rows of up to `LONGEST`."""
    vocabulary = (BEGIN, END, *sorted({letter for word in DIGITS for letter in word} | {" "}), *"0123456789")
    held = {count: _distinct(count, generator) for count in range(1, LONGEST + 1)}
    shown: list[str] = []
    for count in SHOWN:
        shown.append(next(row for row in held[count] if row not in shown))
    train: list[str] = []
    if with_training:
        back = {row for count, rows in held.items() if count > FEW for row in rows}
        counts = torch.randint(1, TRAINED + 1, (ROWS,), generator=generator).tolist()
        digits = torch.randint(0, 10, (ROWS, TRAINED), generator=generator).tolist()
        drawn = ["".join(map(str, row[:count])) for row, count in zip(digits, counts, strict=True)]
        train = [row for row in drawn if row not in back]
    by_length = {count: _sequences(rows, vocabulary) for count, rows in held.items()}
    return Pairs(vocabulary, _sequences(train or shown[:1], vocabulary), by_length, TRAINED,
                 _sequences(shown, vocabulary), "digits")  # fmt: skip


def spelled(row: str) -> str:
    """`314` → `three one four`."""
    return " ".join(DIGITS[int(digit)] for digit in row)


def _distinct(count: int, generator: Generator) -> list[str]:
    """Different rows of so many digits, `A_LENGTH` of them or all there are."""
    if count == 1:
        return [str(digit) for digit in torch.randperm(10, generator=generator).tolist()]
    rows = torch.randint(0, 10, (3 * A_LENGTH, count), generator=generator).tolist()
    return list(dict.fromkeys("".join(map(str, row)) for row in rows))[:A_LENGTH]


def _sequences(rows: list[str], vocabulary: tuple[str, ...]) -> Sequences:
    ids = {letter: at for at, letter in enumerate(vocabulary)}
    inputs, lengths = padded([[ids[letter] for letter in spelled(row)] for row in rows])
    targets, _ = padded([[ids[letter] for letter in row + END] for row in rows], IGNORED)
    return Sequences(inputs, lengths, targets)


def _dates(generator: Generator) -> Pairs:
    """Dates in five forms, by their letters; lengths with fewer than `FEWEST` held-back dates are left out."""
    task = dates(DATES, generator)
    held = task.test
    by_length = {}
    for length in sorted(set(held.lengths.tolist())):
        at = (held.lengths == length).nonzero()[:, 0]
        if len(at) >= FEWEST:
            by_length[length] = trimmed(held[at[:A_LENGTH]])
    shown = task.validation[torch.arange(COUNT_SHOWN)]
    return Pairs(task.vocabulary, task.train, by_length, max(by_length), trimmed(shown), "letters")


def trimmed(part: Sequences) -> Sequences:
    """Without the columns that only fill up."""
    asked = int((part.targets != IGNORED).sum(1).max())
    return Sequences(part.inputs[:, : int(part.lengths.max())], part.lengths, part.targets[:, :asked])
