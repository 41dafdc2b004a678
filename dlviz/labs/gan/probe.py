"""Probes of the GAN lab that panels share: samples, the stage, weights, the classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.gan.data import HALF_WIDTH
from dlviz.labs.gan.measuring import judge, pixels, said
from dlviz.labs.gan.model import noise
from dlviz.labs.gan.objective import generator_losses
from dlviz.labs.gan.weighing import state_of
from dlviz.training import classifiers
from dlviz.training.asking import whole
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.gan.run import GanRun

PICTURE = ("batch", "channel", "height", "width")
MOST_SAMPLES = 500
MOST_SIDE = 128  # cells along a side of D's map


def samples(run: GanRun, count: int = 64, label: Any = None, seed: int = 0, parameters: bool = True) -> Trace:
    """Fakes of new noise: `z` (batch, unit), `label` (batch,) told to a conditional generator (in turn, or the one
    asked for), `samples`: pictures (batch, channel, height, width) in [0, 1], or points (batch, feature) as they are;
    `d_fake` (batch,): D's output of each, `d_real` (batch,): of as many held-back real examples, as probabilities where
    the loss has odds; `mode` (batch,): the mode or class each is on, −1 for none. Raises `InvalidInput`."""
    spec, network = run.spec, run.network
    count = whole("samples.count", count, 1, MOST_SAMPLES)
    chance = torch.Generator().manual_seed(whole("samples.seed", seed, 0, 999_999))
    z = noise(spec, count, chance)
    labels = torch.arange(count) % max(1, spec.told)
    if label is not None:
        labels = torch.full((count,), told_class("samples.label", label, spec.told))
    with evaluating(network):
        fake = network.generator(z, labels)
        d_fake = said(spec, network.discriminator(fake, labels)[:, 0])
        d_real = said(spec, network.discriminator(run.real.held_x[:count], run.real.held_y[:count])[:, 0])
    found = {"z": z, "label": labels, "samples": fake if spec.is_planar else pixels(fake), "d_real": d_real,
             "d_fake": d_fake, "mode": judge(spec, run.real, fake).mode}  # fmt: skip
    dims: dict[str, tuple[str, ...]] = {"z": ("batch", "unit"), "samples": example_axes(run)}
    dims |= dict.fromkeys(("label", "d_real", "d_fake", "mode"), ("batch",))
    return trace(found, dims, state_of(network) if parameters else {})


def stage(run: GanRun, side: int = 32, label: int = 0, parameters: bool = True) -> Trace:
    """The moment as the stage shows it: `real` and `fake` examples; `logits` (batch,) of the fakes and `gradient`, of
    their shape: ∂ (the generator's loss of one fake) / ∂ fake, which a fake walks against; in the plane `d_map`
    (height, width): D's output over ±1.5, rows from above, at the middles of `side` cells. A conditional D is told
    `label` for the map. Raises `InvalidInput`."""
    spec, network, shown = run.spec, run.network, run.shown
    side = whole("stage.side", side, 2, MOST_SIDE)
    told = told_class("stage.label", label, spec.told) if spec.told else 0
    with evaluating(network):
        fake = network.generator(shown.z, shown.labels)
    logits, gradient = pull(run, fake, shown.labels)
    found = {"real": run.real.x[: len(fake)], "fake": fake, "logits": logits, "gradient": gradient}
    axes = example_axes(run)
    dims: dict[str, tuple[str, ...]] = {"real": axes, "fake": axes, "gradient": axes, "logits": ("batch",)}
    if spec.is_planar:
        at = middles(side)
        places = torch.stack(torch.meshgrid(at.flip(0), at, indexing="ij")[::-1], 2).reshape(-1, 2)
        with evaluating(network):
            d_map = network.discriminator(places, torch.full((len(places),), told))
        found["d_map"], dims["d_map"] = d_map.reshape(side, side), ("height", "width")
    return trace(found, dims, state_of(network) if parameters else {})


def pull(run: GanRun, fake: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """D's outputs (n,) of fakes, and the gradient of the generator's loss of each with respect to it."""
    x = fake.detach().clone().requires_grad_()
    was_training = run.network.training
    run.network.eval()
    with torch.enable_grad():
        logits = run.network.discriminator(x, labels)[:, 0]
        (gradient,) = torch.autograd.grad(generator_losses(run.spec.loss, logits).sum(), x)
    run.network.train(was_training)
    return logits.detach(), gradient


def middles(side: int) -> Tensor:
    """Middles of `side` cells over ±1.5."""
    return ((torch.arange(side) + 0.5) / side * 2 - 1) * HALF_WIDTH


def weights(run: GanRun) -> Trace:
    """All parameters under `state/`, and of the first noise shown what the networks make of it: `fake` and `logit`, for
    the page to check itself by."""
    z, labels = run.shown.z[:1], run.shown.labels[:1]
    with evaluating(run.network):
        fake = run.network.generator(z, labels)
        logit = run.network.discriminator(fake, labels)[:, 0]
    return trace(
        {"fake": fake, "logit": logit}, {"fake": example_axes(run), "logit": ("batch",)}, state_of(run.network)
    )


def classifier(run: GanRun) -> Trace:
    """The parameters of the small classifier of these pictures under `state/` (see `training.classifiers`), what it
    says, `read` (batch, class), of the pictures shown, and what D says of the same, `logits` (batch,).

    Of points there is none: then D's outputs come with the parameters of both networks.
    """
    network, shown = run.network, run.shown
    with evaluating(network):
        fake = network.generator(shown.z, shown.labels)
        logits = network.discriminator(fake, shown.labels)[:, 0]
    reader = None if run.spec.is_planar else classifiers.shipped(run.spec.dataset)
    if reader is None:
        return trace({"logits": logits}, {"logits": ("batch",)}, state_of(network))
    read = classifiers.logits(reader, pixels(fake)).softmax(1)
    dims: dict[str, tuple[str, ...]] = {"logits": ("batch",), "read": ("batch", "class")}
    return trace({"logits": logits, "read": read}, dims, classifiers.state_of(reader))


def example_axes(run: GanRun) -> tuple[str, ...]:
    """Axes of a batch of examples."""
    return ("batch", "feature") if run.spec.is_planar else PICTURE


def told_class(name: str, value: Any, told: int) -> int:
    """`value` if it is the place of a class that the networks are told; else `InvalidInput` about `name`."""
    if not told:
        raise InvalidInput(name, "needs a conditional GAN, which is told classes", value, "conditional=on")
    return whole(name, value, 0, told - 1)


def trace(
    found: dict[str, Tensor], dims: dict[str, tuple[str, ...]], state: dict[str, np.ndarray] | None = None
) -> Trace:
    """A Trace of tensors."""
    return Trace({name: plain(values) for name, values in found.items()}, dims, {}, state or {})


def plain(values: Tensor) -> np.ndarray:
    """A copy as numpy: f32 or i32."""
    array = values.detach().numpy()
    return array.astype(np.int32 if array.dtype.kind in "ib" else np.float32)
