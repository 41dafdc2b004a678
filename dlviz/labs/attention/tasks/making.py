"""What a Transformer is asked here: each task with its data, its vocabulary and what knowing nothing costs."""

from __future__ import annotations

from torch import Generator

from dlviz.data import translations
from dlviz.data.sequences import Task
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.labs.attention.tasks import latin, puzzles, text


def make(spec: AttentionSpec) -> Task:
    """The task of a spec, its data drawn from the spec's seed."""
    generator = Generator().manual_seed(spec.seed)
    match spec.task:
        case "characters":
            return text.characters(spec.text, spec.length)
        case "digit_words":
            return translations.digit_words(spec.examples, generator)
        case "dates":
            return translations.dates(spec.examples, generator)
        case "pig_latin":
            return latin.pig_latin(spec.examples, generator)
        case "repeats":
            return puzzles.repeats(spec.examples, spec.length, generator)
        case "reverse":
            return puzzles.reverse(spec.examples, spec.length, generator)
        case "who":
            return puzzles.who(spec.examples, generator)
        case _:
            return puzzles.neighbours(spec.examples, spec.length, generator)
