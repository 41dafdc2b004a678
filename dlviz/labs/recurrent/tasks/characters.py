"""Text, one character after the other: what comes next?"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Generator

from dlviz.core.errors import InvalidInput
from dlviz.data.packages import beside
from dlviz.labs.recurrent.spec import FEWEST
from dlviz.labs.recurrent.tasks.task import Sequences, Task, entropy

if TYPE_CHECKING:
    from dlviz.labs.recurrent.spec import RecurrentSpec

ASSETS = Path(__file__).parents[4] / "assets" / "recurrent"
LONGEST = 150_000  # characters that are read of a text
RARE = 3  # a letter that comes less often in a long text is left out: nothing could be learned of it
LONG = 5_000  # characters from which a text has enough to leave rare letters out
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


def normal(text: str) -> str:
    """One form for each letter (NFC), one kind of line end, no other control characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")


@cache
def shipped(name: str) -> str:
    """A text that is always here: our own code, Python's manual (PSF licence), Lee's news (gensim), or brackets."""
    text = normal({"python": _python, "manual": _manual, "news": _news, "brackets": _brackets}[name]())[:LONGEST]
    if len(text) < LONG:
        return text
    rare = {letter for letter in set(text) if text.count(letter) < RARE}
    return "".join(letter for letter in text if letter not in rare)


def _python() -> str:
    """Code of this very program, as it was one day: the same on every machine, as the checkpoint needs it."""
    return (ASSETS / "python.txt").read_text(encoding="utf-8")


def _manual() -> str:
    from pydoc_data import topics

    return "\n\n".join(text for _, text in sorted(topics.topics.items()))


def _news() -> str:
    file = beside("gensim", "test/test_data/lee_background.cor", "Lee's news come with gensim.")
    return file.read_text(encoding="utf-8")


def _brackets() -> str:
    """Lists in lists, written by chance: what a counter of depth would look like can be seen in it."""
    random = Generator().manual_seed(7)
    draws = torch.rand(60_000, generator=random).tolist()
    letters, depth = [], 0
    for draw in draws:
        if depth == 0:
            letters.append("(")
            depth = 1
        elif draw < 0.22 and depth < 6:
            letters.append("([{"[depth % 3])
            depth += 1
        elif draw < 0.44:
            depth -= 1
            letters.append(")]}"[depth % 3] + ("\n" if depth == 0 else ""))
        else:
            letters.append("abc "[int(draw * 1000) % 4])
    return "".join(letters)[:30_000]


def _windows(coded: torch.Tensor) -> Sequences:
    """Pieces of the text, each with what follows each letter; the last may be shorter."""
    size = min(WINDOW, len(coded) - 1)
    starts = range(0, max(1, len(coded) - size), size)
    rows = torch.stack([coded[at : at + size + 1] for at in starts if at + size + 1 <= len(coded)])
    return Sequences(rows[:, :-1].clone(), torch.full((len(rows),), size), rows[:, 1:].clone())
