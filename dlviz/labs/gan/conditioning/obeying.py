"""The panel Conditional: what both players make of the class they are told."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.gan.conditioning import racing
from dlviz.labs.gan.conditioning.reading import confusion, read_as
from dlviz.labs.gan.measuring import pixels
from dlviz.labs.gan.model import Gan, noise
from dlviz.labs.gan.probe import example_axes, trace
from dlviz.labs.gan.weighing import state_of
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.gan.run import GanRun
    from dlviz.labs.gan.spec import GanSpec

MOST_NOISES = 50
REAL = 60  # held-back real examples of which D is asked under every class


def conditional(
    run: GanRun, noises: int = 6, seed: int = 0, steps: int = 0, recipe: str = "ring8", race_seed: int = 1,
    examples: bool = True, parameters: bool = True,
) -> Trace | Generator[Progress, None, Trace]:  # fmt: skip
    """`noises` draws of noise, each with every class asked for, one noise after the other; with `steps`, `racing.race`.

    Of a conditional run: `asked` (batch,), `read` (batch,): the class that the classifier reads, of points the nearest
    mode; `good` (batch,): 1 where it is sure (over 0.8), or the point is on the mode (3 standard deviations);
    `confusion` (input, class): how many asked for as the one were read as the other; `obedience` (): the share read as
    asked. `d` (batch, class): D's output of each when it is told each class, and `d_real` (point, class) of held-back
    real examples of the classes `real_label` (point,). `weight` (class, unit[, height, width]): what each class adds
    in the generator's first layer. `z` (batch, unit) and `samples`, pictures in [0, 1] or points.
    Of every run `logits` (batch,): D's output of each fake, told what was asked for.
    Of a run that is told nothing: as many fakes, `z`, `samples`, and `read` and `good` where there are classes.
    `examples`: false leaves out `z` and `samples`. Raises `InvalidInput`.
    """
    noises = whole("conditional.noises", noises, 1, MOST_NOISES)
    chance = torch.Generator().manual_seed(whole("conditional.seed", seed, 0, 999_999))
    steps = whole("conditional.steps", steps, 0, racing.MOST_STEPS)
    if steps:
        return racing.race(racing.specs_of(run.spec, recipe, race_seed), steps)
    spec, network = run.spec, run.network
    z, asked = asked_in_turn(spec, noises, chance)
    with evaluating(network):
        fake = network.generator(z, asked)
        found = {"logits": network.discriminator(fake, asked)[:, 0]}
    if examples:
        found |= {"z": z, "samples": fake if spec.is_planar else pixels(fake)}
    reading = read_as(spec, run.real, fake)
    if reading:
        found |= {"read": reading.place, "good": reading.good}
    if spec.told:
        some = slice(REAL)
        found |= {"asked": asked, "d": under_every_class(network, fake, spec.told), "weight": added_by_class(run),
                  "d_real": under_every_class(network, run.real.held_x[some], spec.told),
                  "real_label": run.real.held_y[some]}  # fmt: skip
        if reading:
            found |= {"confusion": confusion(asked, reading.place, spec.told),
                      "obedience": (asked == reading.place).float().mean()}  # fmt: skip
    dims: dict[str, tuple[str, ...]] = {
        "z": ("batch", "unit"), "samples": example_axes(run), "d": ("batch", "class"), "d_real": ("point", "class"),
        "real_label": ("point",), "logits": ("batch",), "confusion": ("input", "class"), "obedience": (),
        "weight": ("class", "unit", "height", "width") if spec.network == "dcgan" else ("class", "unit"),
        **dict.fromkeys(("asked", "read", "good"), ("batch",)),
    }  # fmt: skip
    return trace(found, {name: dims[name] for name in found}, state_of(network) if parameters else {})


def asked_in_turn(spec: GanSpec, noises: int, chance: torch.Generator) -> tuple[Tensor, Tensor]:
    """Noise (n, noise) and the class asked for with each, (n,): every noise with every class, the classes in turn.

    Where nobody can ask, as many noises are drawn as there would be pairs, and the classes mean nothing.
    """
    classes = max(1, len(spec.classes))
    labels = torch.arange(noises * classes) % classes
    if not spec.told:
        return noise(spec, noises * classes, chance), labels
    return noise(spec, noises, chance).repeat_interleave(classes, 0), labels


def under_every_class(network: Gan, x: Tensor, told: int) -> Tensor:
    """D's outputs (n, class) of examples (n, *shape), told each class in turn."""
    with evaluating(network):
        return torch.stack([network.discriminator(x, torch.full((len(x),), k))[:, 0] for k in range(told)], 1)


def added_by_class(run: GanRun) -> Tensor:
    """What each class adds in the generator's first layer: (class, unit), or (class, unit, height, width) of maps.

    A one-hot number times a column of the weights is that column, and it is added whatever the noise: a bias.
    """
    state = state_of(run.network)
    name = next(row.name for row in run.spec.rows if row.part == "generator" and row.kind in ("linear", "transposed"))
    weight = torch.from_numpy(state[f"{name}.weight"])
    columns = weight if weight.ndim > 2 else weight.T  # a transposed convolution has its inputs first already
    return columns[run.spec.noise_dimensions :]
