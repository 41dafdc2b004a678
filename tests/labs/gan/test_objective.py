"""The six losses, the gradient penalty and the moves, against torch's own losses, distributions and closed forms."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Generator, nn
from torch.nn import functional

from dlviz.core.errors import Diverged
from dlviz.labs.gan.model import noise
from dlviz.labs.gan.objective import discriminator_loss, generator_losses, gradient_penalty, value
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import LOSSES, GanSpec
from dlviz.labs.gan.weighing import state_of

CHANCE = Generator().manual_seed(0)
REAL, FAKE = torch.randn(50, generator=CHANCE) * 3, torch.randn(50, generator=CHANCE) * 3
SMALL = {"generator_hidden": (16,), "discriminator_hidden": (16,), "examples": 200, "batch_size": 32}


def wanted(loss: str, smoothing: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Both losses by torch's own loss functions, in their own order of things."""
    ones, zeros = torch.ones(50), torch.zeros(50)
    label = ones * (1 - smoothing)
    bce = functional.binary_cross_entropy_with_logits
    match loss:
        case "nonsaturating":
            return bce(REAL, label) + bce(FAKE, zeros), bce(FAKE, ones)
        case "minimax":
            return bce(REAL, label) + bce(FAKE, zeros), -bce(FAKE, zeros)
        case "leastsquares":
            mse = functional.mse_loss
            return (mse(REAL, label) + mse(FAKE, zeros)) / 2, mse(FAKE, ones) / 2
        case "hinge":
            margin = functional.hinge_embedding_loss
            return margin(REAL, -ones, margin=1.0) + margin(-FAKE, -ones, margin=1.0), -FAKE.mean()
        case _:
            return FAKE.mean() - REAL.mean(), -FAKE.mean()


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("loss", LOSSES)
def test_losses_equal_torchs(loss: str, smoothing: float) -> None:
    d_loss, g_loss = wanted(loss, smoothing)
    torch.testing.assert_close(discriminator_loss(loss, REAL, FAKE, smoothing), d_loss)
    torch.testing.assert_close(generator_losses(loss, FAKE).mean(), g_loss)


def test_the_value_where_the_discriminator_can_only_guess() -> None:
    assert value(torch.zeros(5), torch.zeros(5)).item() == pytest.approx(-2 * math.log(2))


def test_the_best_discriminator_has_the_density_ratio_as_its_odds() -> None:
    """Goodfellow et al., 2014, proposition 1: on N(0, 1) against N(1, 1) the logit is ½ − x."""
    slope = nn.Linear(1, 1)
    nn.init.zeros_(slope.weight)
    nn.init.zeros_(slope.bias)
    chance = Generator().manual_seed(1)
    real, fake = torch.randn(200_000, 1, generator=chance), 1 + torch.randn(200_000, 1, generator=chance)
    optimizer = torch.optim.LBFGS(slope.parameters(), max_iter=50)

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = discriminator_loss("nonsaturating", slope(real)[:, 0], slope(fake)[:, 0])
        loss.backward()
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    assert slope.weight.item() == pytest.approx(-1, abs=0.02)
    assert slope.bias.item() == pytest.approx(0.5, abs=0.02)


def test_the_penalty_of_a_plane_is_in_closed_form() -> None:
    """D(x) = a · x has the slope |a| everywhere."""
    a = torch.tensor([3.0, 4.0])
    real, fake, share = torch.randn(9, 2), torch.randn(9, 2), torch.rand(9)
    assert gradient_penalty(lambda x: x @ a, real, fake, share).item() == pytest.approx(16)


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_a_step_is_a_move_of_each(optimizer: str) -> None:
    """The same step written out: the discriminator's loss, its step, then the generator's, each with torch's own."""
    spec = GanSpec(**SMALL, optimizer=optimizer, rate_ratio=3.0, learning_rate=0.01)
    run, twin = GanRun(spec), GanRun(spec)
    players = twin.network.generator, twin.network.discriminator
    steppers = [
        torch.optim.Adam(p.parameters(), rate, betas=(spec.beta1, 0.999))
        if optimizer == "adam"
        else torch.optim.SGD(p.parameters(), rate)
        for p, rate in zip(players, (0.01, 0.03), strict=True)
    ]
    order = torch.randperm(200, generator=Generator().manual_seed(spec.seed + 1))
    chance = Generator().manual_seed(spec.seed + 2)
    bce = functional.binary_cross_entropy_with_logits
    z = noise(spec, 32, chance)
    real, fake = (twin.network.discriminator(x) for x in (twin.real.x[order[:32]], players[0](z).detach()))
    (bce(real, torch.ones(32, 1)) + bce(fake, torch.zeros(32, 1))).backward()
    steppers[1].step()
    z = noise(spec, 32, chance)
    bce(twin.network(z), torch.ones(32, 1)).backward()
    steppers[0].step()
    run.advance(1)
    for name, values in run.network.state_dict().items():
        torch.testing.assert_close(values, twin.network.state_dict()[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("who", ["generator", "discriminator"])
def test_only_one_moves(who: str) -> None:
    run = GanRun(GanSpec(**SMALL, moves=who))
    before = {name: p.clone() for name, p in run.network.named_parameters()}
    run.advance(5)
    moved = {name.partition(".")[0] for name, p in run.network.named_parameters() if not torch.equal(p, before[name])}
    assert moved == {who}


def test_the_bug_moves_the_discriminator_in_the_generators_step() -> None:
    run = GanRun(GanSpec(**SMALL, moves="generator", update_both=True))
    before = [p.clone() for p in run.network.discriminator.parameters()]
    run.advance(1)
    assert any(not torch.equal(p, q) for p, q in zip(run.network.discriminator.parameters(), before, strict=True))


def test_without_the_discriminator_the_generator_has_no_gradient() -> None:
    """Its gradient is D's slope at the fake, through the fake, and nothing else."""
    run = GanRun(GanSpec(**SMALL))
    move = run.turn()[-1]
    assert move.fake_gradient is not None
    assert move.fake_gradient.abs().sum() > 0
    for parameter in run.network.discriminator.output.parameters():  # type: ignore[union-attr]
        parameter.data.zero_()
    for p in run.network.discriminator.parameters():
        p.requires_grad_(False)
    run.network.zero_grad()
    generator_losses("nonsaturating", run.network(noise(run.spec, 8, CHANCE))).mean().backward()
    assert all(p.grad is not None and p.grad.abs().sum() == 0 for p in run.network.generator.parameters())


def test_clipping_holds_every_weight() -> None:
    run = GanRun(GanSpec(**SMALL, loss="wgan", clip=0.03))
    run.advance(4)
    assert max(p.abs().max().item() for p in run.network.discriminator.parameters()) <= 0.03


def test_spectral_norm_holds_the_slope() -> None:
    run = GanRun(GanSpec(**SMALL, spectral_norm=True, learning_rate=0.01))
    run.advance(100)
    weights = [
        torch.from_numpy(value).flatten(1)
        for name, value in state_of(run.network).items()
        if name.startswith("discriminator") and name.endswith(".weight")
    ]
    largest = [torch.linalg.matrix_norm(weight, 2).item() for weight in weights]
    assert largest == pytest.approx([1.0] * len(weights), abs=0.05)


def test_a_rate_that_diverges_says_what_was_no_number() -> None:
    run = GanRun(GanSpec(**SMALL, optimizer="sgd", learning_rate=10.0, loss="wgan", clip=1.0, rate_ratio=20.0))
    run.network.generator.output.weight.data.fill_(math.inf)  # type: ignore[union-attr, operator]
    with pytest.raises(Diverged, match="no longer a finite number"):
        run.advance(1)
