"""The card of a checkpoint: what it is, and how good each of its moments is, measured when the card is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dlviz.core.lab import find, load
from dlviz.training import checkpoints


def write_card(slug: str, name: str, spec: Any, sentences: Sequence[str], scores: Sequence[str]) -> Path:
    """Write card.md beside the moments of the lab's checkpoint `name` of these settings: `sentences`, a line each, then
    a table of the measured numbers that `scores` names. ValueError where no such checkpoint ships."""
    lines = [
        f"# {name}",
        "",
        *sentences,
        "",
        "| step | " + " | ".join(scores) + " |",
        "|---|" + "---|" * len(scores),
        *(
            f"| {step} | " + " | ".join(f"{value:.3g}" for value in row) + " |"
            for step, row in measured(slug, spec, scores)
        ),
    ]
    file = checkpoints.FOLDER / name / "card.md"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def measured(slug: str, spec: Any, scores: Sequence[str]) -> Iterator[tuple[int, list[float]]]:
    """Step and numbers of each moment of the checkpoint of these settings. ValueError where none ships."""
    lab = find(slug)
    found = checkpoints.opening(lab, spec)
    if found is None:
        raise ValueError("No checkpoint ships for these settings.")
    for moment in found[0].moments():
        run = load(lab.run)(spec)
        run.restore(moment.snapshot)
        numbers = run.measured_now().numbers
        yield moment.step, [numbers[name] for name in scores]
