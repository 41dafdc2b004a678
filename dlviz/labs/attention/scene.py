"""What the screen gets: the scene (task, sequence, shapes) and frames (measurements). Weights come by the probe."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dlviz.core import spec as specs
from dlviz.data.sequences import most_frequent
from dlviz.labs.attention.answering import answered
from dlviz.labs.attention.model import Translator, parameters
from dlviz.labs.attention.spec import MOST_TOKENS
from dlviz.training.evaluating import evaluating
from dlviz.training.run import Picture

if TYPE_CHECKING:
    from dlviz.labs.attention.run import AttentionRun

CURVES = ("train_loss", "validation_loss", "test_loss", "train_accuracy", "validation_accuracy", "test_accuracy",
          "validation_whole", "gradient_norm")  # fmt: skip


def scene(run: AttentionRun) -> Picture:
    """Numbers: spec, link, the task in words, parameters; `cut`: how many tokens there were where some were left out.
    Arrays: `ids` (token,) of the sequence on the screen, and where they are known its `targets` (answer,)."""
    spec, task, read = run.spec, run.task, run.reading
    numbers = {
        "spec": specs.values(spec),
        "link": specs.link("attention", spec),
        "pattern": task.pattern,
        "masked": spec.masked,
        "vocabulary": list(task.vocabulary),
        "classes": list(task.classes),
        "words": task.words,
        "chance": task.chance,
        "chance_words": task.chance_words,
        "chance_accuracy": most_frequent(task.train.targets),
        "split": {"train": len(task.train), "validation": len(task.validation), "test": len(task.test)},
        "rows": parameters(run.network),
        "parameters": sum(parameter.numel() for parameter in run.network.parameters()),
        "most_tokens": MOST_TOKENS,
        "cut": read.given if read.given > MOST_TOKENS + (read.targets is not None) else None,
    }
    arrays = {"ids": read.inputs[0]} | ({} if read.targets is None else {"targets": read.targets[0]})
    return Picture(numbers, {name: tensor.numpy().astype(np.int32) for name, tensor in arrays.items()})


def frame(run: AttentionRun) -> Picture:
    """Measurements of this moment; a number that is not finite is null. Of the sequence on the screen `said` and `sure`
    (answer,): the likeliest class and its probability. Not of a translator, which would have to write it for every
    frame, a pass for each token: the page writes it from the weights."""
    found = {**run.measured(), "gradient_norm": run.gradient_norm}
    numbers: dict[str, float | None] = {name: x if math.isfinite(x) else None for name, x in found.items()}
    numbers["measured_at"] = run.measured_at
    picture = {"epoch": run.epoch, "curve_names": list(CURVES), **numbers}
    if isinstance(run.network, Translator):
        return Picture(picture, {})
    with evaluating(run.network):
        sure, said = answered(run.network, run.reading).softmax(1).max(1)
    arrays = {"said": said.numpy().astype(np.int32), "sure": sure.numpy().copy()}
    return Picture(picture, arrays)
