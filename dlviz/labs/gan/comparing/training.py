"""The panel Losses: what each player pays now; and, with steps, two trainings at the same seed beside each other."""

from __future__ import annotations

import json
from collections.abc import Generator
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import Diverged
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.gan import scene
from dlviz.labs.gan.comparing.paying import paying
from dlviz.labs.gan.comparing.sides import SIDES, specs_of, told
from dlviz.labs.gan.data import HALF_WIDTH
from dlviz.labs.gan.measuring import measure
from dlviz.labs.gan.probe import example_axes, middles
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating
from dlviz.training.ranking import rank_correlation

Turns = Generator[Progress, None, Trace]

MOST_STEPS = 5_000
MOMENTS = 31  # at most, at which both are measured and kept, the beginning and the end among them
MAP_SIDE = 28  # cells along a side of D's map of the plane
TURN = 0.04  # seconds of training between two reports
CURVES = (*scene.CURVES, "called_real", "called_fake")
AGREE = ("generator_loss", "discriminator_loss", "gap")  # curves whose agreement with the Fréchet distance is asked


def losses(run: GanRun, steps: Any = 0, first: Any = None, second: Any = None) -> Trace | Turns:
    """Without `steps`, what each player pays (see `paying.paying`); with, both sides trained for so many (see `race`).

    `first`, `second`: see `sides.specs_of`. Raises `InvalidInput`.
    """
    steps = whole("losses.steps", steps, 0, MOST_STEPS)
    both = specs_of(run.spec, first, second)
    return race(both, steps) if steps else paying(run)


def marks_of(steps: int) -> np.ndarray:
    """Steps at which both are measured: evenly from 0 to the last."""
    return np.unique(np.linspace(0, steps, min(steps + 1, MOMENTS)).round().astype(np.int32))


def race(specs: dict[str, GanSpec], steps: int) -> Turns:
    """Train both, a step of one and a step of the other: each is what a run of its spec alone would be.

    `steps` (step,): the marks. Of each side, by `<side>_`: what `measuring.measure` says at each mark (step,), and
    `called_real`, `called_fake`: the shares of held-back real examples and of fakes of which D's verdict is right (no
    critic has one); NaN where it means nothing or was not measured yet. `agreement_<name>` (): the rank correlation of
    that curve with the Fréchet distance. `fell` (): the step at which training left the numbers, or −1. Of the newest
    mark, `step` (), see `seen`. A partial Trace comes at every mark. `plan` in `state` says as JSON what was compared.
    """
    marks = marks_of(steps)
    yield Progress(0, 2 * steps, "real examples are loaded")
    sides = {side: Side(GanRun(spec), marks) for side, spec in specs.items()}
    first = sides["first"].run
    state = {"plan": np.array([json.dumps(plan_of(specs, first))])}
    fixed = {"real": first.real.x[: scene.REAL_POINTS].numpy().copy()} if first.spec.is_planar else {}
    fixed_dims: dict[str, tuple[str, ...]] = {"real": ("point", "direction")} if fixed else {}
    last = perf_counter()
    for mark in marks.tolist():
        for _ in range(mark - max(side.step for side in sides.values())):
            for side in sides.values():
                side.move()
                if perf_counter() - last > TURN:
                    yield Progress(sum(each.step for each in sides.values()), 2 * steps, f"step {side.step}")
                    last = perf_counter()
        arrays: dict[str, np.ndarray] = {"step": np.array(mark, np.int32), "steps": marks, **fixed}
        dims: dict[str, tuple[str, ...]] = {"step": (), "steps": ("step",), **fixed_dims}
        for name, side in sides.items():
            found, found_dims = side.at(mark)
            arrays |= {f"{name}_{key}": values for key, values in found.items()}
            dims |= {f"{name}_{key}": axes for key, axes in found_dims.items()}
            yield Progress(2 * mark, 2 * steps, f"measured at step {mark}")
        trace = Trace(arrays, dims, {}, state)
        yield Progress(2 * mark, 2 * steps, f"step {mark}", trace)
        last = perf_counter()
    return trace


class Side:
    """One of the two: its run, and what was measured of it at the marks."""

    def __init__(self, run: GanRun, marks: np.ndarray) -> None:
        self.run, self.marks, self.step, self.fell = run, marks, 0, -1
        self.curves = {name: np.full(len(marks), np.nan, np.float32) for name in CURVES}
        self.kept: tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]] = ({}, {})

    def move(self) -> None:
        """One step; one that has left the numbers stays where it is, and the other goes on."""
        self.step += 1
        if self.fell >= 0:
            return
        try:
            self.run.turn()
        except Diverged:
            self.fell = self.step
        else:
            self.run.step += 1

    def at(self, mark: int) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
        """Measured at this mark: arrays and their axes. One that fell is as it was when it was measured last."""
        if self.fell < 0:
            try:
                self._measure(int(np.searchsorted(self.marks, mark)))
            except Diverged:
                self.fell = mark
        curves = {name: row.copy() for name, row in self.curves.items()}
        found: dict[str, np.ndarray] = {
            f"agreement_{name}": np.array(rank_correlation(curves[name], curves["frechet"]), np.float32)
            for name in AGREE
        }
        found["fell"] = np.array(self.fell, np.int32)
        dims: dict[str, tuple[str, ...]] = dict.fromkeys(found, ())
        kept, kept_dims = self.kept
        return {**curves, **found, **kept}, {**dict.fromkeys(curves, ("step",)), **dims, **kept_dims}

    def _measure(self, at: int) -> None:
        run = self.run
        self.kept = seen(run)
        measured = measure(run.network, run.real, run.shown, run.spec)
        for name, value in measured.numbers.items():
            self.curves[name][at] = value
        arrays, dims = self.kept
        if measured.mode_counts is not None:
            arrays["mode_counts"], dims["mode_counts"] = measured.mode_counts.numpy().astype(np.int32), ("class",)
        if not run.spec.is_critic:
            line = threshold(run.spec.loss)
            self.curves["called_real"][at] = (arrays["real_logits"] > line).mean()
            self.curves["called_fake"][at] = (arrays["fake_logits"] <= line).mean()


def threshold(loss: str) -> float:
    """The output of D above which it calls an example real; of losses with a verdict."""
    return 0.5 if loss == "leastsquares" else 0.0


def seen(run: GanRun) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    """One side at one moment: `fake` of the noise shown, points (batch, feature) or pictures as bytes (batch, channel,
    height, width); `real_logits` and `fake_logits` (batch,): D's outputs of held-back real examples and of as many
    fakes; of points, where D is told no class, `d_map` (height, width): D's output over ±1.5, rows from above. Raises
    `Diverged` where a fake or an output is no number."""
    network, real, shown = run.network, run.real, run.shown
    with evaluating(network):
        fake = network.generator(shown.z, shown.labels)
        other = network.generator(shown.measured_z, shown.measured_labels)
        fake_logits = network.discriminator(other, shown.measured_labels)[:, 0]
        some = slice(len(other))
        real_logits = network.discriminator(real.held_x[some], real.held_y[some])[:, 0]
        for name, values in (("a fake", fake), ("a fake", other), ("an output of D", fake_logits + real_logits.sum())):
            if not torch.isfinite(values).all():
                raise Diverged(run.step, name, "is no longer a finite number")
        found = {"real_logits": _plain(real_logits), "fake_logits": _plain(fake_logits)}
        dims: dict[str, tuple[str, ...]] = {"real_logits": ("batch",), "fake_logits": ("batch",)}
        if run.spec.is_planar and not run.spec.told:
            cells = middles(MAP_SIDE)
            places = torch.stack(torch.meshgrid(cells.flip(0), cells, indexing="ij")[::-1], 2).reshape(-1, 2)
            none = torch.zeros(len(places), dtype=torch.long)
            found["d_map"] = _plain(network.discriminator(places, none)).reshape(MAP_SIDE, MAP_SIDE)
            dims["d_map"] = ("height", "width")
    found["fake"] = _plain(fake) if run.spec.is_planar else scene.in_bytes(fake)
    dims["fake"] = example_axes(run)
    return found, dims


def plan_of(specs: dict[str, GanSpec], run: GanRun) -> dict[str, Any]:
    """What the page needs to know of what was compared."""
    spec = run.spec
    modes = len(run.real.centers) if run.real.centers is not None else (0 if spec.is_planar else len(spec.classes))
    return {"sides": {side: told(specs[side]) for side in SIDES}, "dataset": spec.dataset, "planar": spec.is_planar,
            "shape": list(spec.shape), "modes": modes, "told": spec.told, "seed": spec.seed, "half": HALF_WIDTH,
            "columns": spec.told or 8}  # fmt: skip


def _plain(values: Tensor) -> np.ndarray:
    return values.numpy().astype(np.float32)
