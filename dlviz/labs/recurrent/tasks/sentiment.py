"""Sentiment: is a sentence friendly? Written from a lexicon of words that people have rated, with two rules of English.

*not* turns the word after it round, and after *but* only what follows counts. So the order of the words decides, and
the truth is known. Words and ratings: C. Hutto and E. Gilbert, VADER, 2014 (MIT licence).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import torch
from torch import Generator

from dlviz.data.packages import beside
from dlviz.data.sequences import Sequences, Task, entropy, padded, pick, split, whole

if TYPE_CHECKING:
    from dlviz.labs.recurrent.spec import RecurrentSpec

HELD_BACK = 400
RATED = 1.0  # of 4: words that most people find clearly good or bad
# Words that suit a film or a book; the lexicon says how they are meant.
WORDS = (
    "awful terrible horrible boring disappointing dreadful miserable ugly stupid sad annoying disgusting frustrating "
    "hopeless lousy pathetic poor ridiculous tragic unpleasant useless weak worthless bad bitter cruel depressing "
    "dull hurtful irritating lame nasty painful shameful "
    "amazing beautiful brilliant charming clever cool creative delightful excellent exciting fantastic fascinating "
    "friendly fun funny gentle good gorgeous great happy heroic impressive inspiring joyful lovely magnificent nice "
    "outstanding perfect pleasant powerful splendid superb sweet terrific thrilling wonderful"
).split()
THINGS = "film story music ending actor picture plot song scene book".split()
FILLERS = "really quite very so".split()
CLASSES = ("negative", "positive")


@cache
def lexicon() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Bad and good words, each in the order of `WORDS`; a word that the lexicon does not rate clearly is left out."""
    file = beside("vaderSentiment", "vader_lexicon.txt", "The rated words come with vaderSentiment.")
    rated: dict[str, float] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        word, rating = line.split("\t")[:2]
        rated[word] = float(rating)
    bad = tuple(word for word in WORDS if rated.get(word, 0) <= -RATED)
    good = tuple(word for word in WORDS if rated.get(word, 0) >= RATED)
    return bad, good


def sentiment(spec: RecurrentSpec, generator: Generator) -> Task:
    """Sentences of 4 to about 18 words, one answer for each."""
    drawn = [sentence(generator) for _ in range(spec.examples + 2 * HELD_BACK)]
    bad, good = lexicon()
    vocabulary = tuple(sorted({"the", "was", "not", "but", "and", *THINGS, *FILLERS, *bad, *good}))
    ids = {word: at for at, word in enumerate(vocabulary)}
    inputs, lengths = padded([[ids[word] for word in words] for words, _ in drawn])
    targets = torch.tensor([answer for _, answer in drawn])
    parts = split(Sequences(inputs, lengths, targets), spec.examples, HELD_BACK)
    chance = entropy(targets, 2)
    return Task("last", vocabulary, CLASSES, *parts, chance, "tossing a coin", words=True)


def sentence(generator: Generator) -> tuple[list[str], int]:
    """Words, and 1 where the sentence is friendly."""
    words, answer = _clause(generator)
    for _ in range(whole(0, 3, generator)):
        more, says = _clause(generator)
        if says == answer:
            words += ["and", *more]
        else:
            words, answer = [*words, "but", *more], says
    return words, answer


def _clause(generator: Generator) -> tuple[list[str], int]:
    answer, turned = whole(0, 2, generator), whole(0, 3, generator) == 0
    kind = 1 - answer if turned else answer
    filler = [pick(FILLERS, generator)] if whole(0, 3, generator) == 0 else []
    word = pick(list(lexicon()[kind]), generator)
    return ["the", pick(THINGS, generator), "was", *(["not"] if turned else []), *filler, word], answer
