"""The panel Anomalies: known test pictures against strangers, by how badly the network gives them back."""

from __future__ import annotations

import copy
from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder import scoring, strangers
from dlviz.labs.autoencoder.data import Data
from dlviz.labs.autoencoder.detecting import Curves, curves
from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.labs.autoencoder.probe import PICTURE, in_bytes, plain, state_of
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.asking import whole

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

Turns = Generator[Progress, None, Trace]

MOST_STEPS = 3000
STEPS_A_TURN = 8


def anomalies(
    run: AutoencoderRun,
    kind: Any = None,
    score: Any = "squared_error",
    every: Any = 0,
    pictures: bool = True,
    parameters: bool = True,
) -> Turns:
    """Scores of known test pictures and of strangers, at most 300 of either (see `strangers.of` and `scoring.scored`).

    `kind`: of strangers; without one those left out, or else test pictures turned by a quarter. Each score (point,) by
    its name, the known first; `labels` (point,): 1 of a stranger; `classes` (point,): of a known picture; `told`
    (point,): the class a conditional network was told. `auc` (feature,) of each score, in the order of the names under
    `state/scores`; of `score` at every threshold `thresholds`, `tpr`, `fpr`, `precision` (point,), and
    `average_precision` (). `input` (batch, channel, height, width): all these pictures as bytes, with `pictures`.

    With `every` steps, `each_class`. Raises `InvalidInput`.
    """
    known = strangers.kinds(run.data)
    if kind is None:
        kind = known[0]
    if kind not in known:
        why = ": no class is left out" if kind == "left_out" else ""
        raise InvalidInput("anomalies.kind", f"must be one of {', '.join(known)}{why}", kind, known[0])
    every = whole("anomalies.every", every, 0, MOST_STEPS)
    if every:
        return each_class(run.spec, every)
    names = scoring.names(run.spec.is_variational)
    if score not in names:
        raise InvalidInput("anomalies.score", f"must be one of {', '.join(names)}", score, names[0])
    return _compared(run, kind, score, pictures, parameters)


def _compared(run: AutoencoderRun, kind: str, score: str, pictures: bool, parameters: bool) -> Turns:
    spec, network, data = run.spec, copy.deepcopy(run.network).eval(), run.data
    names = scoring.names(spec.is_variational)
    test = data.pictures.test_x[: strangers.MOST]
    shown = torch.cat([test, strangers.of(kind, spec, data)])
    found = yield from _scores(network, spec, data, shown)
    labels = (torch.arange(len(shown)) >= len(test)).int()
    classes = torch.cat([data.pictures.test_y[: len(test)], torch.full((len(shown) - len(test),), -1)])
    by_score = {name: curves(plain(found[name]), plain(labels)) for name in names}
    chosen = by_score[score]
    arrays = {name: plain(found[name]) for name in (*names, "told")}
    arrays |= {"labels": plain(labels), "classes": plain(classes)}
    arrays |= {"thresholds": chosen.thresholds, "tpr": chosen.tpr, "fpr": chosen.fpr, "precision": chosen.precision}
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ("point",))
    arrays |= {"auc": auc(by_score), "average_precision": np.array(chosen.average_precision, np.float32)}
    dims |= {"auc": ("feature",), "average_precision": ()}
    if pictures:
        arrays["input"], dims["input"] = plain(in_bytes(shown)), PICTURE
    state = {"scores": np.array(names), "kinds": np.array(strangers.kinds(data)), "kind": np.array([kind])}
    units = dict.fromkeys(("reconstruction", "kl", "negative_elbo"), "nats")
    return Trace(arrays, dims, {name: unit for name, unit in units.items() if name in arrays},
                 state | (state_of(network) if parameters else {}))  # fmt: skip


def auc(by_score: dict[str, Curves]) -> np.ndarray:
    """(feature,): the area under each ROC curve."""
    return np.array([found.auc for found in by_score.values()], np.float32)


def _scores(
    network: Autoencoder, spec: AutoencoderSpec, data: Data, shown: Tensor
) -> Generator[Progress, None, dict[str, Tensor]]:
    """Codes of training pictures, then every score; the network is in evaluation mode."""
    some = slice(scoring.TRAINING)
    train = zip(data.pictures.train_x[some].split(250), data.pictures.train_y[some].split(250), strict=True)
    codes, total = [], len(data.pictures.train_x[some]) + len(shown)
    for x, y in train:
        with torch.no_grad():
            codes.append(network.encode(x, y).mean)
        yield Progress(sum(map(len, codes)), total, "codes of training pictures")
    begun = sum(map(len, codes))
    told = [label for label in range(len(spec.classes)) if str(label) != spec.leave_out] if spec.told else [0]
    moves = scoring.scored(network, shown, torch.cat(codes), told)
    while True:
        try:
            done = next(moves)
        except StopIteration as end:
            found: dict[str, Tensor] = end.value
            return found
        yield Progress(begun + done, total, "pictures are scored")


def each_class(spec: AutoencoderSpec, steps: int) -> Turns:
    """A network for every class that never saw it, of the run's settings and so many `steps`, from nothing.

    `class_auc` (class, feature): the area under the ROC curve of each score, test pictures of the class against those
    of all others, NaN where not measured yet; `class_error` (class, two): mean squared error of the class left out and
    of the others. Comes after every class. Raises `InvalidInput` where there is one class only.
    """
    if len(spec.classes) < 2:
        raise InvalidInput("anomalies.every", f"needs pictures of several classes, and {spec.dataset} has one", steps,
                           "0")  # fmt: skip
    from dlviz.labs.autoencoder.run import AutoencoderRun  # which is what runs panels

    names, count = scoring.names(spec.is_variational), len(spec.classes)
    found = np.full((count, len(names)), np.nan, np.float32)
    errors = np.full((count, 2), np.nan, np.float32)
    total = count * steps
    for label, name in enumerate(spec.classes):
        run = AutoencoderRun(replace(spec, leave_out=str(label), own_pixels="", picture=0))
        while run.step < steps:
            run.advance(min(STEPS_A_TURN, steps - run.step))
            yield Progress(label * steps + run.step, total, f"without {name}, step {run.step}")
        network = run.network.eval()
        test = run.data.pictures.test_x[: strangers.MOST]
        shown = torch.cat([test, strangers.of("left_out", run.spec, run.data)])
        labels = (np.arange(len(shown)) >= len(test)).astype(np.int32)
        scores = yield from _quiet(_scores(network, run.spec, run.data, shown), (label + 1) * steps, total)
        found[label] = auc({each: curves(plain(scores[each]), labels) for each in names})
        error = plain(scores["squared_error"])
        errors[label] = error[labels == 1].mean(), error[labels == 0].mean()
        arrays = {"class_auc": found.copy(), "class_error": errors.copy(), "steps": np.array(steps, np.int32)}
        trace = Trace(arrays, {"class_auc": ("class", "feature"), "class_error": ("class", "feature"), "steps": ()}, {},
                      {"scores": np.array(names)})  # fmt: skip
        yield Progress((label + 1) * steps, total, f"without {name}: measured", trace)
    return trace


def _quiet(
    moves: Generator[Progress, None, dict[str, Tensor]], done: int, total: int
) -> Generator[Progress, None, dict[str, Tensor]]:
    """The same work, told as a part of a longer one."""
    while True:
        try:
            next(moves)
        except StopIteration as end:
            found: dict[str, Tensor] = end.value
            return found
        yield Progress(done, total, "pictures are scored")
