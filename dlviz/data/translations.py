"""Sequences of different length: dates in many forms to one form, numbers in words to digits."""

from __future__ import annotations

import calendar
from collections.abc import Callable

import torch
from torch import Generator

from dlviz.data.sequences import IGNORED, Sequences, Task, entropy, padded, pick, split, whole

HELD_BACK = 300
BEGIN = "^"  # what the decoder reads first
BEGIN_ID = 0  # it is the first of the vocabulary
END = "$"  # what it says when it is done
MONTHS = tuple(calendar.month_name)
SHORT = tuple(calendar.month_abbr)
YEARS = (1950, 2050)
UNITS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
         "seventeen eighteen nineteen").split()  # fmt: skip
TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
LARGEST = 999


def dates(examples: int, generator: Generator) -> Task:
    """`5 March 1987`, `March 5, 1987`, `5.3.87`, `Mar 05 87`… → `1987-03-05`."""

    def draw() -> tuple[str, str]:
        year = whole(*YEARS, generator)
        month = whole(1, 13, generator)
        day = whole(1, calendar.monthrange(year, month)[1] + 1, generator)
        form = pick(["{d} {M} {y}", "{M} {d}, {y}", "{d}.{m}.{y}", "{S} {d:02} {y}", "{d:02} {S} {y}"], generator)
        text = form.format(d=day, m=month, y=year, M=MONTHS[month], S=SHORT[month])
        return text.lower(), f"{year}-{month:02}-{day:02}"

    return translation(draw, examples)


def digit_words(examples: int, generator: Generator) -> Task:
    """`three hundred and five` → `305`."""

    def draw() -> tuple[str, str]:
        number = whole(0, LARGEST + 1, generator)
        return in_words(number), str(number)

    return translation(draw, examples)


def in_words(number: int) -> str:
    """A whole number from 0 to 999 in English words."""
    hundreds, rest = divmod(number, 100)
    parts = [UNITS[hundreds], "hundred"] if hundreds else []
    if rest or not hundreds:
        if hundreds:
            parts.append("and")
        if rest < len(UNITS):
            parts.append(UNITS[rest])
        else:
            tens, unit = divmod(rest, 10)
            parts.append(TENS[tens])
            if unit:
                parts.append(UNITS[unit])
    return " ".join(parts)


def translation(draw: Callable[[], tuple[str, str]], examples: int) -> Task:
    """Pairs drawn until there are enough; what is held back is never trained on, where there are enough different."""
    count = examples + 2 * HELD_BACK
    pairs = [draw() for _ in range(count)]
    held = {source for source, _ in pairs[examples:]}
    train = [pair for pair in pairs[:examples] if pair[0] not in held]
    pairs = train + pairs[examples:]
    letters = sorted({letter for source, _ in pairs for letter in source})
    signs = sorted({letter for _, target in pairs for letter in target} - set(letters))
    vocabulary = (BEGIN, END, *letters, *signs)
    ids = {letter: at for at, letter in enumerate(vocabulary)}
    inputs, lengths = padded([[ids[letter] for letter in source] for source, _ in pairs])
    targets, _ = padded([[ids[letter] for letter in target + END] for _, target in pairs], IGNORED)
    parts = split(Sequences(inputs, lengths, targets), len(train), HELD_BACK)
    chance = entropy(targets, len(vocabulary))
    return Task("decoder", vocabulary, vocabulary, *parts, chance, "knowing only how often each letter comes")


def shifted(targets: torch.Tensor) -> torch.Tensor:
    """What the decoder reads while it is taught: `BEGIN`, then the right answers (sequence, step)."""
    begin = torch.zeros(len(targets), 1, dtype=torch.long)
    return torch.cat([begin, targets[:, :-1].clamp(min=0)], 1)
