"""One move of each player: what a step of training is made of, with everything that it computed on the way."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from dlviz.core.errors import Diverged
from dlviz.labs.gan.model import Gan
from dlviz.labs.gan.objective import discriminator_loss, generator_losses, slopes_between
from dlviz.labs.gan.spec import GanSpec
from dlviz.training import parameters


@dataclass(frozen=True)
class Move:
    """What a player saw and made of it, all of this one move.

    `z` (batch, noise), `labels` (batch,), `fake` (batch, *shape) made of z; the discriminator's outputs `fake_logits`
    and, in its own move, `real_logits` (batch,). `loss`, and the part of it that is `penalty`. `gradient_norm` of the
    player's own parameters; `fake_gradient` (batch, *shape), in the generator's move: ∂ loss / ∂ fake, the only thing
    that it ever learns of the real examples. `seen`: real examples and fakes, or fakes alone, as the discriminator saw
    them, with instance noise. With a gradient penalty, `between` (batch, *shape), where it is measured, and `slopes`
    (batch,), the norms there.
    """

    z: Tensor
    labels: Tensor
    fake: Tensor
    fake_logits: Tensor
    real_logits: Tensor | None
    loss: float
    penalty: float
    gradient_norm: float
    fake_gradient: Tensor | None = None
    real: Tensor | None = None
    seen: tuple[Tensor, ...] = ()
    between: Tensor | None = None
    slopes: Tensor | None = None


def discriminator_move(
    network: Gan, optimizer: torch.optim.Optimizer, spec: GanSpec,
    real: Tensor, labels: Tensor, z: Tensor, chance: Generator, step: int,
) -> Move:  # fmt: skip
    """The discriminator learns to tell these real examples from fakes of this noise. Raises `Diverged`."""
    player = network.discriminator
    with torch.no_grad():
        fake = network.generator(z, labels)
    real_seen, fake_seen = (blurred(x, spec.instance_noise, chance) for x in (real, fake))
    real_logits, fake_logits = (player(x, labels)[:, 0] for x in (real_seen, fake_seen))
    loss = discriminator_loss(spec.loss, real_logits, fake_logits, spec.label_smoothing)
    penalty, between, slopes = torch.zeros(()), None, None
    if spec.loss == "wgangp":
        share = torch.rand(len(real), generator=chance)
        between, slopes = slopes_between(lambda x: player(x, labels), real_seen, fake_seen, share)
        penalty = spec.penalty * ((slopes - 1) ** 2).mean()
    _check(loss + penalty, "the discriminator's loss", step)
    optimizer.zero_grad()
    (loss + penalty).backward()
    norm = parameters.gradient_norm(player, step)
    optimizer.step()  # the generator has no gradient here, so it stays where it is
    if spec.loss == "wgan":
        with torch.no_grad():
            for parameter in player.parameters():
                parameter.clamp_(-spec.clip, spec.clip)
    return Move(
        z, labels, fake, fake_logits.detach(), real_logits.detach(), (loss + penalty).item(), penalty.item(),
        norm.item(), real=real, seen=(real_seen, fake_seen), between=None if between is None else between.detach(),
        slopes=None if slopes is None else slopes.detach(),
    )  # fmt: skip


def generator_move(
    network: Gan, optimizer: torch.optim.Optimizer, spec: GanSpec,
    labels: Tensor, z: Tensor, chance: Generator, step: int,
) -> Move:  # fmt: skip
    """The generator learns from what the discriminator says of its fakes, and from nothing else. Raises `Diverged`."""
    fake = network.generator(z, labels)
    fake.retain_grad()
    seen = blurred(fake, spec.instance_noise, chance)
    logits = network.discriminator(seen, labels)[:, 0]
    loss = generator_losses(spec.loss, logits).mean()
    _check(loss, "the generator's loss", step)
    optimizer.zero_grad()
    loss.backward()
    norm = parameters.gradient_norm(network.generator, step)
    if not spec.update_both:
        for parameter in network.discriminator.parameters():
            parameter.grad = None  # the gradient has passed through the discriminator; it must not take it
    optimizer.step()
    return Move(z, labels, fake.detach(), logits.detach(), None, loss.item(), 0.0, norm.item(), fake.grad,
                seen=(seen.detach(),))  # fmt: skip


def blurred(x: Tensor, spread: float, chance: Generator) -> Tensor:
    """Instance noise (C. K. Sønderby et al., 2017): what the discriminator sees, real and fake alike."""
    return x + spread * torch.randn(x.shape, generator=chance) if spread else x


def _check(loss: Tensor, name: str, step: int) -> None:
    if not torch.isfinite(loss):
        raise Diverged(step, name, "is no longer a finite number")
