"""Texts that are always here, and the one form that any text is brought to before it is read."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import torch
from torch import Generator

from dlviz.data.packages import beside

ASSETS = Path(__file__).parents[2] / "assets" / "recurrent"
LONGEST = 150_000  # characters that are read of a text
RARE = 3  # a letter that comes less often in a long text is left out: nothing could be learned of it
LONG = 5_000  # characters from which a text has enough to leave rare letters out


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
