"""A GAN that is told the class beside one that is not: same seed, examples and steps, measured at marks on the way."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import replace
from time import perf_counter
from typing import Any

import numpy as np
import torch

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.gan import scoring
from dlviz.labs.gan.conditioning.reading import read_as
from dlviz.labs.gan.measuring import features
from dlviz.labs.gan.probe import PICTURE
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.scene import in_bytes
from dlviz.labs.gan.spec import GanSpec
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

KINDS = ("unconditional", "conditional")
MOST_STEPS = 10_000
MARKS = 9  # moments at which both are measured, the beginning and the end among them
CROWDED = 1.5  # marks lie closer at the beginning, where most is learned
TURN = 0.04  # seconds of training between two reports
SCORES = ("quality", "frechet", "modes", "entropy", "precision", "recall", "diversity", "obedience")

# What one can train here; "run": the settings of the page's own run.
RECIPES: dict[str, dict[str, Any]] = {
    "ring8": {},
    "digits": {"dataset": "digits", "noise_dimensions": 16, "batch_norm": "generator", "learning_rate": 0.0007},
    "mnist": {"dataset": "mnist", "noise_dimensions": 32, "batch_norm": "generator", "learning_rate": 0.0005,
              "generator_hidden": (128, 256), "discriminator_hidden": (256, 128), "batch_size": 64},
    "dcgan": {"dataset": "mnist", "network": "dcgan", "noise_dimensions": 32, "batch_norm": "both", "batch_size": 64,
              "channels": (32, 16), "learning_rate": 0.001},
}  # fmt: skip


def specs_of(spec: GanSpec, recipe: Any, seed: Any) -> dict[str, GanSpec]:
    """The specs of both by their kind. Raises `InvalidInput` for no recipe, and for a run whose set has no classes."""
    seed = whole("conditional.race_seed", seed, 0, 9999)
    if recipe == "run":
        if not spec.classes:
            rule = f"needs a set with classes, and {spec.dataset} has none"
            raise InvalidInput("conditional.recipe", rule, recipe, "ring8")
        base = replace(spec, moves="both", seed=seed)
    elif recipe in RECIPES:
        base = GanSpec(**RECIPES[recipe], seed=seed)
    else:
        raise InvalidInput("conditional.recipe", f"must be one of {', '.join(('run', *RECIPES))}", recipe, "ring8")
    return {kind: replace(base, conditional=kind == "conditional") for kind in KINDS}


def race(specs: dict[str, GanSpec], steps: int) -> Generator[Progress, None, Trace]:
    """Train both, a step of one and a step of the other; a partial Trace comes at every mark.

    Of the moment: `step` (); by `<kind>_`: `fakes` (batch, …) of the noise shown, pictures as bytes, points as they
    are; `labels` (batch,) told with them; `counts` (class,): good fakes of each class among those measured, asked for
    in turn where one can ask. Over the marks `steps` (step,): `<kind>_<score>` for each of `SCORES` (see
    `measuring.measure`; `obedience`: share read as asked, of the conditional one), NaN where not measured yet. The
    state's `plan` says as JSON what the arrays belong to. Raises `Diverged` where one of them runs away.
    """
    marks = np.unique((steps * np.linspace(0, 1, MARKS) ** CROWDED).round().astype(int))
    yield Progress(0, 2 * steps, "examples are loaded")
    runs = {kind: GanRun(spec) for kind, spec in specs.items()}
    floor = distance_of_real(runs[KINDS[0]])
    yield Progress(0, 2 * steps, "real examples are compared with each other")
    curves = {f"{kind}_{name}": np.full(len(marks), np.nan, np.float32) for kind in KINDS for name in SCORES}
    for at, mark in enumerate(marks.tolist()):
        yield from _train(runs, mark, steps)
        moment: dict[str, np.ndarray] = {"step": np.array(mark, np.int32)}
        for kind, run in runs.items():
            numbers, arrays = scored(run)
            moment |= {f"{kind}_{name}": values for name, values in arrays.items()}
            for name, value in numbers.items():
                if f"{kind}_{name}" in curves:
                    curves[f"{kind}_{name}"][at] = value
            yield Progress(2 * mark, 2 * steps, f"the {kind} one is measured at step {mark}")
        trace = _trace(runs, moment, curves, marks, floor)
        yield Progress(2 * mark, 2 * steps, f"step {mark}", trace)
    return trace


def _train(runs: dict[str, GanRun], mark: int, steps: int) -> Generator[Progress, None, None]:
    due = perf_counter() + TURN
    while runs[KINDS[-1]].step < mark:
        for run in runs.values():
            run.turn()  # as `advance` does, but measured at the marks only
            run.step += 1
        if perf_counter() > due:
            done = sum(run.step for run in runs.values())
            yield Progress(done, 2 * steps, f"step {runs[KINDS[-1]].step} of both")
            due = perf_counter() + TURN


def distance_of_real(run: GanRun) -> float:
    """The Fréchet distance of as many real examples to train on as fakes are measured, from those held back: what two
    samples of one and the same source differ by."""
    many = len(run.shown.measured_labels)
    return scoring.frechet(features(run.spec, run.real.held_x[:many]), features(run.spec, run.real.x[:many]))


def scored(run: GanRun) -> tuple[dict[str, float], dict[str, np.ndarray]]:
    """What is measured of one at this moment, and what of it is shown."""
    measured, shown, spec = run.measured_now(), run.shown, run.spec
    numbers = dict(measured.numbers)
    with evaluating(run.network):
        fakes = run.network.generator(shown.z, shown.labels)
        reading = None
        if spec.told:
            some = run.network.generator(shown.measured_z, shown.measured_labels)
            reading = read_as(spec, run.real, some)
    if reading:
        numbers["obedience"] = (reading.place == shown.measured_labels).float().mean().item()
    arrays = {"fakes": fakes.numpy().copy() if spec.is_planar else in_bytes(fakes),
              "labels": shown.labels.numpy().astype(np.int32)}  # fmt: skip
    if measured.mode_counts is not None:
        arrays["counts"] = measured.mode_counts.numpy().astype(np.int32)
    return numbers, arrays


def _trace(
    runs: dict[str, GanRun], moment: dict[str, np.ndarray], curves: dict[str, np.ndarray], marks: np.ndarray,
    floor: float,
) -> Trace:  # fmt: skip
    run = runs[KINDS[0]]
    held = len(run.real.held_x[: len(run.shown.measured_labels)])
    arrays = moment | {name: row.copy() for name, row in curves.items()} | {"steps": marks.astype(np.int32)}
    dims: dict[str, tuple[str, ...]] = {"step": (), **dict.fromkeys((*curves, "steps"), ("step",))}
    for kind in KINDS:
        dims |= {f"{kind}_fakes": ("batch", "feature") if run.spec.is_planar else PICTURE,
                 f"{kind}_labels": ("batch",), f"{kind}_counts": ("class",)}  # fmt: skip
    centers = run.real.centers if run.real.centers is not None else torch.empty(0, 2)
    plan = {"classes": list(run.spec.classes), "shape": list(run.spec.shape), "planar": run.spec.is_planar,
            "dataset": run.spec.dataset, "centers": centers.tolist(), "spread": run.real.spread,
            "measured": len(run.shown.measured_labels), "held": held, "floor": floor}  # fmt: skip
    return Trace(arrays, {name: dims[name] for name in arrays}, {}, {"plan": np.array([json.dumps(plan)])})
