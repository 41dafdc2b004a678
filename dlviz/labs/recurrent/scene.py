"""What the screen gets: the scene (task, sequence, shapes) and frames (measurements). Weights come by the probe."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dlviz.core import spec as specs
from dlviz.data.sequences import most_frequent
from dlviz.labs.recurrent.answering import answered
from dlviz.labs.recurrent.model import Translator, parameters
from dlviz.training.evaluating import evaluating
from dlviz.training.run import Picture

if TYPE_CHECKING:
    from dlviz.labs.recurrent.run import RecurrentRun

CURVES = ("train_loss", "validation_loss", "test_loss", "train_accuracy", "validation_accuracy", "test_accuracy",
          "validation_whole", "gradient_norm")  # fmt: skip


def scene(run: RecurrentRun) -> Picture:
    """Numbers: spec, link, the task in words, parameters. Arrays: `ids` (step,) or `values` (step, feature) of the
    sequence on the screen, and where they are known its `targets` (step,) or (1,)."""
    spec, task = run.spec, run.task
    core = run.network.encoder if isinstance(run.network, Translator) else run.network.core
    numbers = {
        "spec": specs.values(spec),
        "link": specs.link("recurrent", spec),
        "pattern": task.pattern,
        "vocabulary": list(task.vocabulary),
        "classes": list(task.classes),
        "features": list(task.features),
        "unit": task.unit,
        "words": task.words,
        "shown_as": {"spread": task.spread, "offset": task.offset, "unit": task.shown_in},
        "stream": len(task.stream),
        "chance": task.chance,
        "chance_words": task.chance_words,
        "chance_accuracy": None if task.answers_numbers else most_frequent(task.train.targets),
        "split": {"train": len(task.train), "validation": len(task.validation), "test": len(task.test)},
        "layers": parameters(spec, core.input_size),
        "parameters": sum(parameter.numel() for parameter in run.network.parameters()),
    }
    return Picture(numbers, reading_arrays(run))


def reading_arrays(run: RecurrentRun) -> dict[str, np.ndarray]:
    """The sequence on the screen."""
    inputs, targets = run.reading.inputs[0], run.reading.targets
    arrays = {"values" if inputs.ndim == 2 else "ids": inputs.numpy().copy()}
    if targets is not None:
        arrays["targets"] = targets.flatten().numpy().copy()
    return {name: a.astype(np.int32) if a.dtype.kind == "i" else a.astype(np.float32) for name, a in arrays.items()}


def frame(run: RecurrentRun) -> Picture:
    """Measurements of this moment; a number that is not finite is null. Of the sequence on the screen `said` and `sure`
    (step,): the likeliest class at each step and its probability; where numbers are answered, `sure` is the number."""
    found = {**run.measured(), "gradient_norm": run.gradient_norm}
    numbers: dict[str, float | None] = {name: x if math.isfinite(x) else None for name, x in found.items()}
    numbers["measured_at"] = run.measured_at
    with evaluating(run.network):
        answers = answered(run.network, run.reading)
    if run.task.answers_numbers:
        arrays = {"sure": answers[:, 0].numpy().copy()}
    else:
        sure, said = answers.softmax(1).max(1)
        arrays = {"said": said.numpy().astype(np.int32), "sure": sure.numpy().copy()}
    return Picture({"epoch": run.epoch, "curve_names": list(CURVES), **numbers}, arrays)
