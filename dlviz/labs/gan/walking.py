"""A walk among noises: what the generator makes along the way from one to another, and what both judges say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.gan.measuring import pixels, said
from dlviz.labs.gan.probe import example_axes, told_class, trace
from dlviz.labs.gan.weighing import state_of
from dlviz.training import classifiers
from dlviz.training.asking import number, whole
from dlviz.training.evaluating import evaluating
from dlviz.training.ways import WAYS, way_between

if TYPE_CHECKING:
    from dlviz.labs.gan.run import GanRun

FEWEST, MOST = 3, 15  # stations
FARTHEST = 10.0  # of a noise from 0, in each number


def walk(
    run: GanRun, a: Any = 0, b: Any = 1, steps: int = 9, way: str = "linear", c: Any = None, d: Any = None,
    label: Any = None, parameters: bool = True,
) -> Trace:  # fmt: skip
    """From noise `a` to noise `b` in `steps` stations, the ends among them. A noise is its place among those shown, or
    its numbers.

    `z` (step, unit); `samples`: pictures (step, channel, height, width) in [0, 1], or points (step, feature); `d`
    (step,): D's output of each, a probability where the loss has odds (see `said`); `norm` (step,): |z|; `change`
    (step,): how far each sample is from the one before, root mean square over pixels, or distance in the plane; of the
    first 0; `is_arc` (): 0 where a `spherical` way was asked for and the noises are too nearly in line. Of pictures
    `read` (step, class): the small classifier's probabilities.

    With `c` and `d`, two further corners, a walk in two directions: `grid_z` (batch, step, unit), whose first row is
    the way from a to b, the last that from c to d, each column a way of the same kind between the two; `grid_samples`
    (batch, step, …), `grid_d` (batch, step).

    `label`: the class that conditional networks are told all the way, the first where none is given.
    Raises `InvalidInput`.
    """
    spec, network = run.spec, run.network
    if (c is None) != (d is None):
        raise InvalidInput("walk.d" if d is None else "walk.c", "must be given with the other of c and d", None, "2")
    steps = whole("walk.steps", steps, FEWEST, MOST)
    if way not in WAYS:
        raise InvalidInput("walk.way", f"must be one of {', '.join(WAYS)}", way, WAYS[0])
    told = 0 if label is None else told_class("walk.label", label, spec.told)
    corners = [noise_of(run, f"walk.{name}", given) for name, given in zip("abcd", (a, b, c, d), strict=True)
               if given is not None]  # fmt: skip
    z, is_arc = way_between(corners[0], corners[1], steps, way)
    samples, outputs = made(run, z, told)
    found = {"z": z, "samples": samples, "d": outputs, "norm": z.norm(dim=1), "change": changes(samples),
             "is_arc": torch.tensor(is_arc)}  # fmt: skip
    axes = example_axes(run)[1:]
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(("d", "norm", "change"), ("step",))
    dims |= {"z": ("step", "unit"), "samples": ("step", *axes), "is_arc": ()}
    reader = None if spec.is_planar else classifiers.shipped(spec.dataset)
    if reader is not None:
        found["read"], dims["read"] = classifiers.logits(reader, samples).softmax(1), ("step", "class")
    if len(corners) == 4:
        last, _ = way_between(corners[2], corners[3], steps, way)
        columns = [way_between(top, bottom, steps, way)[0] for top, bottom in zip(z, last, strict=True)]
        grid = torch.stack(columns, 1)
        samples, outputs = made(run, grid.flatten(0, 1), told)
        found |= {"grid_z": grid, "grid_samples": samples.unflatten(0, (steps, steps)),
                  "grid_d": outputs.unflatten(0, (steps, steps))}  # fmt: skip
        dims |= {"grid_z": ("batch", "step", "unit"), "grid_samples": ("batch", "step", *axes),
                 "grid_d": ("batch", "step")}  # fmt: skip
    return trace(found, dims, state_of(network) if parameters else {})


def noise_of(run: GanRun, name: str, given: Any) -> Tensor:
    """The noise (unit,) that `given` names: a place among those shown, or its numbers. Raises `InvalidInput`."""
    long = run.spec.noise_dimensions
    if isinstance(given, list | tuple):
        if len(given) != long:
            raise InvalidInput(name, f"must have as many numbers as the noise has, {long}", given, str([0.0] * long))
        return torch.tensor([number(name, value, -FARTHEST, FARTHEST) for value in given])
    return run.shown.z[whole(name, given, 0, len(run.shown.z) - 1)]


def made(run: GanRun, z: Tensor, told: int) -> tuple[Tensor, Tensor]:
    """What becomes of noises (n, unit): examples (n, *shape), pictures in [0, 1], and D's outputs (n,) (see `said`)."""
    labels = torch.full((len(z),), told)
    with evaluating(run.network):
        fake = run.network.generator(z, labels)
        outputs = said(run.spec, run.network.discriminator(fake, labels)[:, 0])
    return fake if run.spec.is_planar else pixels(fake), outputs


def changes(samples: Tensor) -> Tensor:
    """How far each sample (n, …) is from the one before, (n,): points by distance, pictures root mean square."""
    apart = samples[1:] - samples[:-1]
    squares = apart.square().flatten(1)
    far = squares.sum(1) if samples.ndim == 2 else squares.mean(1)
    return torch.cat([torch.zeros(1), far.sqrt()])
