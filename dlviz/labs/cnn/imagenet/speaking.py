"""Which cells of a picture speak for a class: one method, on a copy of the network, in turns with everybody else."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.cnn.baselines import BASELINES, baseline_of
from dlviz.labs.cnn.explaining import COMPLETE, METHODS, Particulars, Score, own_copy
from dlviz.labs.cnn.imagenet import relus
from dlviz.labs.cnn.imagenet.labels import names
from dlviz.labs.cnn.imagenet.network import CLASSES, MEAN, SIDE
from dlviz.labs.cnn.imagenet.stages import LAST, read_count
from dlviz.labs.cnn.in_turns import explain_in_turns, passes

MOST_STEPS = 256
SHOWN = 8  # times that a map on the way is shown
SEED = 1
# Occlusion covers as much as one cell of the last maps stands for, and moves by half of it: 169 passes.
PARTICULARS = Particulars(LAST, (32, 16), SEED)
MAP = ("channel", "height", "width")


@dataclass(frozen=True)
class Question:
    """A method and what it is asked: classes by index, no `target`: the likeliest."""

    method: str
    target: int | None
    minus: int | None
    baseline: str
    steps: int


def read_question(method: Any, target: Any, minus: Any, baseline: Any, steps: Any) -> Question:
    """The question in these words. Raises `InvalidInput`."""
    if not isinstance(method, str) or method not in METHODS:
        raise InvalidInput("imagenet.method", f"must be one of {', '.join(METHODS)}", method, "grad_cam")
    if not isinstance(baseline, str) or baseline not in BASELINES:
        raise InvalidInput("imagenet.baseline", f"must be one of {', '.join(BASELINES)}", baseline, "mean")
    classes = {"target": _class("target", target), "minus": _class("minus", minus)}
    return Question(method, **classes, baseline=baseline, steps=read_count("steps", steps, 1, MOST_STEPS))


def _class(what: str, given: Any) -> int | None:
    if given is None:
        return None
    if isinstance(given, str) and given in names():
        return names().index(given)
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < CLASSES:
        return given
    rule = f"must be one of the {CLASSES:,} classes by its name, or its index from 0"
    raise InvalidInput(f"imagenet.{what}", rule, given, "espresso")


def attributed(
    network: nn.Sequential, picture: Tensor, question: Question, whole: bool
) -> Generator[Progress, None, Trace]:
    """What each cell of the picture contributes to f(x): the logit of the target, less that of `minus` if given.

    `attribution` and `baseline` (channel, height, width), or where not the `whole` is wanted `signed` and `sizes`
    (height, width), the channels and their sizes added up. `target`, `minus` (−1: none), `milliseconds`, `passes`,
    `score` f(x), `score_baseline`, `total` Σ attribution; `completeness_gap` = total − (f(x) − f(baseline)) of
    Integrated Gradients and DeepLift. On the way, of a method with many passes, `signed` so far.
    Raises `InvalidInput` for a class less itself.
    """
    method = question.method
    total = passes(PARTICULARS, SIDE, method, question.steps)
    yield Progress(0, total, METHODS[method][0])
    copied = own_copy(network)
    relus.put_in(copied, method)
    start = baseline_of(question.baseline, picture, torch.full((1, 3, 1, 1), MEAN), SEED)
    with torch.no_grad():
        logits = copied(torch.stack([picture, start]))
    target = int(logits[0].argmax()) if question.target is None else question.target
    if target == question.minus:
        rule = "must be another class than the target"
        raise InvalidInput("imagenet.minus", rule, names()[target], "leaving it out")
    score = Score(copied, target, question.minus)
    yield Progress(0, total, METHODS[method][0])
    turns = explain_in_turns(score, PARTICULARS, picture, start, method, question.steps)
    while True:
        try:
            part = next(turns)
        except StopIteration as end:
            explained = end.value
            break
        shown = part.done % math.ceil(total / SHOWN) == 0 and part.done < total
        yield Progress(part.done, total, METHODS[method][0], _on_the_way(part.attribution) if shown else None)
    found = explained.attribution
    scores = (logits[:, target] - (logits[:, question.minus] if question.minus is not None else 0)).tolist()
    numbers = {
        "milliseconds": explained.milliseconds,
        "score": scores[0],
        "score_baseline": scores[1],
        "total": found.double().sum().item(),
    }
    if method in COMPLETE:
        numbers["completeness_gap"] = numbers["total"] - (scores[0] - scores[1])
    maps = {"attribution": found, "baseline": start} if whole else {"signed": found.sum(0), "sizes": found.abs().sum(0)}
    counts = {"target": target, "minus": -1 if question.minus is None else question.minus, "passes": total}
    arrays = {name: value.numpy().copy() for name, value in maps.items()}
    arrays |= {name: np.array(value, np.float32) for name, value in numbers.items()}
    arrays |= {name: np.array(value, np.int32) for name, value in counts.items()}
    dims: dict[str, tuple[str, ...]] = {name: MAP[3 - value.ndim :] for name, value in arrays.items()}
    unit = METHODS[method][1]
    words = {"method": method, "note": relus.NOTES.get(method, "")}
    return Trace(arrays, dims, {next(iter(maps)): unit}, {name: np.array([text]) for name, text in words.items()})


def _on_the_way(attribution: Tensor) -> Trace:
    return Trace({"signed": attribution.sum(0).numpy().copy()}, {"signed": ("height", "width")})
