"""What each player pays for one example, by the discriminator's output of it, and how hard that output is pulled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from dlviz.core.trace import Trace
from dlviz.labs.gan.objective import fake_losses, generator_losses, real_losses
from dlviz.labs.gan.probe import plain
from dlviz.labs.gan.spec import LOSSES
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.gan.run import GanRun

REACH = 8.0  # logits on either side of 0
PLACES = 161


def slope(losses: Callable[[Tensor], Tensor], logits: Tensor) -> tuple[Tensor, Tensor]:
    """Each example's loss, and its derivative by the discriminator's output of it; the shape of `logits` both."""
    x = logits.detach().clone().requires_grad_()
    with torch.enable_grad():
        found = losses(x)
        (gradient,) = torch.autograd.grad(found.sum(), x)
    return found.detach(), gradient


def mean_pull(loss: str, fake_logits: Tensor) -> float:
    """Mean size of d (the generator's loss of a fake) / d (the discriminator's output of it): how much of what the
    discriminator knows reaches the generator under this loss. `fake_logits` (n,)."""
    return slope(lambda x: generator_losses(loss, x), fake_logits)[1].abs().mean().item()


def paying(run: GanRun) -> Trace:
    """For the six losses (axis `output`, in the order of `losses` in `state`), over outputs `logit` (point,) of D:

    `generator`, `fake`, `real` (output, point): what a fake costs the generator, and what a fake and a real example
    cost the discriminator (with the run's label smoothing); `<name>_slope` of each: its derivative by the logit. Of
    this moment: `fake_logits` and `real_logits` (batch,) of what is shown, and `mean_pull` (output,), the mean size of
    the slope that reaches one of these fakes.
    """
    smoothing = run.spec.label_smoothing
    logit = torch.linspace(-REACH, REACH, PLACES)
    rows: dict[str, list[Tensor]] = {}
    for loss in LOSSES:
        for name, of in (
            ("generator", lambda x, loss=loss: generator_losses(loss, x)),
            ("fake", lambda x, loss=loss: fake_losses(loss, x)),
            ("real", lambda x, loss=loss: real_losses(loss, x, smoothing)),
        ):
            cost, pull = slope(of, logit)
            rows.setdefault(name, []).append(cost)
            rows.setdefault(f"{name}_slope", []).append(pull)
    shown, real = run.shown, run.real
    some = slice(len(shown.z))
    with evaluating(run.network):
        fake = run.network.generator(shown.z, shown.labels)
        fake_logits = run.network.discriminator(fake, shown.labels)[:, 0]
        real_logits = run.network.discriminator(real.x[some], real.y[some])[:, 0]
    arrays = {name: plain(torch.stack(found)) for name, found in rows.items()}
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ("output", "point"))
    arrays |= {"logit": plain(logit), "fake_logits": plain(fake_logits), "real_logits": plain(real_logits),
               "mean_pull": plain(torch.tensor([mean_pull(loss, fake_logits) for loss in LOSSES]))}  # fmt: skip
    dims |= {"logit": ("point",), "mean_pull": ("output",), "fake_logits": ("batch",), "real_logits": ("batch",)}
    return Trace(arrays, dims, {}, {"losses": np.array(list(LOSSES))})
