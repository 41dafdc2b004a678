"""Pig Latin: `string` → `ingstray`, `apple` → `appleway`. The whole rule is where the first vowel stands."""

from __future__ import annotations

import re
from functools import cache

from torch import Generator

from dlviz.data.sequences import Task, pick
from dlviz.data.texts import shipped
from dlviz.data.translations import translation

VOWELS = "aeiou"
SHORTEST, LONGEST = 2, 10  # letters of a word


def pig_latin(examples: int, generator: Generator) -> Task:
    """Words of Lee's news, drawn by chance. A word that is held back is never trained on."""
    known = list(words())

    def draw() -> tuple[str, str]:
        word = pick(known, generator)
        return word, latin(word)

    return translation(draw, examples)


def latin(word: str) -> str:
    """Consonants before the first vowel (qu as one of them) go to the end, and `ay`; a first vowel gets `way`.

    >>> latin("quiet"), latin("apple"), latin("rhythm")
    ('ietquay', 'appleway', 'ythmrhay')
    """
    if word[0] in VOWELS:
        return word + "way"
    found = re.match(r"(?:[^aeiou]*?qu|[^aeiouy]+|y[^aeiouy]*)", word)
    start = found.group() if found else ""
    return word[len(start) :] + start + "ay"


@cache
def words() -> tuple[str, ...]:
    """Different words of the news, in the order of the alphabet; only plain small letters."""
    found = set(re.findall(r"\b[a-z]+\b", shipped("news")))
    return tuple(sorted(word for word in found if SHORTEST <= len(word) <= LONGEST and re.search("[aeiouy]", word)))
