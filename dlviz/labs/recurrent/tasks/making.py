"""What a recurrent network is asked here: each task with its data, its vocabulary and what knowing nothing costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Generator

from dlviz.core.lab import load
from dlviz.labs.recurrent.tasks.task import Task

if TYPE_CHECKING:
    from dlviz.labs.recurrent.spec import RecurrentSpec

_MAKERS = {
    "characters": "characters:characters",
    "sentiment": "sentiment:sentiment",
    "tagging": "tagging:tagging",
    "dates": "translation:dates",
    "digit_words": "translation:digit_words",
    "weather": "series:weather",
    "sines": "series:sines",
    "copy": "toys:copy",
    "adding": "toys:adding",
    "brackets": "toys:brackets",
    "parity": "toys:parity",
}


def make(spec: RecurrentSpec) -> Task:
    """The task of a spec, its data drawn from the spec's seed. Raises `InvalidInput` for a text that cannot be used."""
    task: Task = load(f"{__package__}.{_MAKERS[spec.task]}")(spec, Generator().manual_seed(spec.seed))
    return task
