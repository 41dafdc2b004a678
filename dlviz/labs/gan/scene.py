"""What the screen gets: the scene (rows, real examples, the noise shown) and frames (fakes, outputs, numbers)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from torch import Tensor

from dlviz.core import spec as specs
from dlviz.labs.gan.measuring import pixels
from dlviz.labs.gan.weighing import state_of
from dlviz.training.evaluating import evaluating
from dlviz.training.run import Picture

if TYPE_CHECKING:
    from dlviz.labs.gan.run import GanRun

CURVES: tuple[str, ...] = (
    "discriminator_loss",
    "generator_loss",
    "value",
    "gap",
    "d_real",
    "d_fake",
    "separation",
    "accuracy",
)
CURVES += ("modes", "entropy", "quality", "precision", "recall", "frechet", "diversity")
REAL_POINTS = 800
MOST_WEIGHTS = 40_000  # parameters up to which a frame brings them; the page asks for more of them now and then


def scene(run: GanRun) -> Picture:
    """Numbers: spec, link, `rows` (see `Row.describe`), `parameters` of each player, classes, `shape`, `told`,
    `planar`, `critic` (D's output is a height), `spread` of a mode, `split`. Arrays: `real`: points (point, 2) or
    pictures as bytes (n, channel, height, width), `real_labels` (n,), `shown_z` (n, noise), `shown_labels` (n,),
    `centers` (mode, 2)."""
    spec, real, shown = run.spec, run.real, run.shown
    parts = ("generator", "discriminator")
    some = slice(REAL_POINTS if spec.is_planar else len(shown.z))
    numbers = {
        "spec": specs.values(spec),
        "link": specs.link("gan", spec),
        "rows": [row.describe() for row in spec.rows],
        "parameters": {part: sum(row.parameters for row in spec.rows if row.part == part) for part in parts},
        "classes": list(spec.classes),
        "shape": list(spec.shape),
        "told": spec.told,
        "planar": spec.is_planar,
        "critic": spec.is_critic,
        "spread": real.spread,
        "split": {"train": len(real.y), "held": len(real.held_y)},
    }
    arrays = {
        "real": real.x[some].numpy().copy() if spec.is_planar else in_bytes(real.x[some]),
        "real_labels": real.y[some].numpy().astype(np.int32),
        "shown_z": shown.z.numpy().copy(),
        "shown_labels": shown.labels.numpy().astype(np.int32),
    }
    if real.centers is not None:
        arrays["centers"] = real.centers.numpy().copy()
    return Picture(numbers, arrays)


def frame(run: GanRun) -> Picture:
    """Measurements (see `measuring`) with their step, `measured_at`. Arrays of this moment: `fake`, points (point, 2)
    or pictures as bytes, made of the noise shown; D's outputs `fake_logits` of these and `real_logits` of the
    scene's real examples, as many; `mode_counts` (mode,) as last measured; of small networks all
    parameters as `state/<name>`."""
    measured, shown, real = run.measured(), run.shown, run.real
    with evaluating(run.network):
        fake = run.network.generator(shown.z, shown.labels)
        fake_logits = run.network.discriminator(fake, shown.labels)[:, 0]
        some = slice(len(shown.z))
        real_logits = run.network.discriminator(real.x[some], real.y[some])[:, 0]
    arrays = {
        "fake": fake.numpy().copy() if run.spec.is_planar else in_bytes(fake),
        "fake_logits": fake_logits.numpy().copy(),
        "real_logits": real_logits.numpy().copy(),
    }
    if measured.mode_counts is not None:
        arrays["mode_counts"] = measured.mode_counts.numpy().astype(np.int32)
    if sum(row.parameters for row in run.spec.rows) <= MOST_WEIGHTS:
        arrays |= {f"state/{name}": values for name, values in state_of(run.network).items()}
    numbers: dict[str, float | None] = {name: None for name in CURVES if name not in measured.numbers}
    numbers |= {k: v if math.isfinite(v) else None for k, v in measured.numbers.items()}
    shared = {"epoch": run.epoch, "curve_names": list(CURVES), "measured_at": run.measured_at}
    return Picture({**shared, **numbers}, arrays)


def in_bytes(x: Tensor) -> np.ndarray:
    """Pictures as the networks see them, as bytes."""
    return (pixels(x) * 255).round().byte().numpy()
