"""Tagging: the part of speech of each word, in sentences of a small grammar with words that can be two things.

`the fish swims` and `they fish often`: what *fish* is depends on the words around it, before or after. The grammar
knows the truth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Generator

from dlviz.data.sequences import IGNORED, Sequences, Task, entropy, padded, pick, split, whole

if TYPE_CHECKING:
    from dlviz.labs.recurrent.spec import RecurrentSpec

HELD_BACK = 400
TAGS = ("determiner", "adjective", "noun", "verb", "pronoun", "adverb", "preposition")
EITHER = "fish play run watch duck light book fly".split()  # a noun or a verb
# An order begins with its verb: "light fish" is an order, "light fish swim" is not. The clue comes later.
WORDS = {
    "determiner": "the a this every".split(),
    "adjective": "small old light quick green".split(),
    "noun": "dog child river teacher garden".split() + EITHER,
    "verb": "swims sees likes takes helps".split(),
    "plain verb": "swim see like take help".split() + EITHER,
    "pronoun": "they we you i".split(),
    "adverb": "often today again slowly".split(),
    "preposition": "in by with near".split(),
}
TAG_OF = {"plain verb": "verb"}


def tagging(spec: RecurrentSpec, generator: Generator) -> Task:
    """Sentences of 3 to about 12 words, a tag for each."""
    sentences = [sentence(generator) for _ in range(spec.examples + 2 * HELD_BACK)]
    vocabulary = tuple(sorted({word for words in WORDS.values() for word in words}))
    ids = {word: at for at, word in enumerate(vocabulary)}
    inputs, lengths = padded([[ids[word] for word, _ in words] for words in sentences])
    targets, _ = padded([[TAGS.index(tag) for _, tag in words] for words in sentences], IGNORED)
    parts = split(Sequences(inputs, lengths, targets), spec.examples, HELD_BACK)
    chance = entropy(targets, len(TAGS))
    return Task("every", vocabulary, TAGS, *parts, chance, "knowing only how often each tag comes", words=True)


def sentence(generator: Generator) -> list[tuple[str, str]]:
    """Words and their tags."""
    kinds = _sentence(generator)
    return [(pick(WORDS[kind], generator), TAG_OF.get(kind, kind)) for kind in kinds]


def _sentence(generator: Generator) -> list[str]:
    match whole(0, 4, generator):
        case 0:  # they often fish near the river
            return ["pronoun", *_maybe(["adverb"], generator), "plain verb", *_rest(generator)]
        case 1:  # the old fish swims
            return [*_thing(generator), "verb", *_rest(generator)]
        case 2:  # fish the green river: an order
            return ["plain verb", *_thing(generator), *_maybe(["adverb"], generator)]
        case _:  # fish in the river swim: the verb comes last, and makes the first word a noun
            return ["noun", "preposition", *_thing(generator), "plain verb", *_maybe(["adverb"], generator)]


def _rest(generator: Generator) -> list[str]:
    match whole(0, 3, generator):
        case 0:
            return _thing(generator)
        case 1:
            return ["preposition", *_thing(generator)]
        case _:
            return ["adverb"]


def _thing(generator: Generator) -> list[str]:
    return ["determiner", *_maybe(["adjective"], generator), "noun"]


def _maybe(kinds: list[str], generator: Generator) -> list[str]:
    return kinds if whole(0, 2, generator) else []
