"""What a recurrent network is asked here: each task with its data, its vocabulary and what knowing nothing costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Generator

from dlviz.core.lab import load
from dlviz.data import translations
from dlviz.data.sequences import Task

if TYPE_CHECKING:
    from dlviz.labs.recurrent.spec import RecurrentSpec

_MAKERS = {
    "characters": "characters:characters",
    "sentiment": "sentiment:sentiment",
    "tagging": "tagging:tagging",
    "weather": "series:weather",
    "sines": "series:sines",
    "copy": "toys:copy",
    "adding": "toys:adding",
    "brackets": "toys:brackets",
    "parity": "toys:parity",
}
_TRANSLATIONS = {"dates": translations.dates, "digit_words": translations.digit_words}


def make(spec: RecurrentSpec) -> Task:
    """The task of a spec, its data drawn from the spec's seed. Raises `InvalidInput` for a text that cannot be used."""
    generator = Generator().manual_seed(spec.seed)
    if spec.task in _TRANSLATIONS:
        return _TRANSLATIONS[spec.task](spec.examples, generator)
    task: Task = load(f"{__package__}.{_MAKERS[spec.task]}")(spec, generator)
    return task
