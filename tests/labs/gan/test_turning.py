"""The next step of training opened: every number against the same step written out with torch."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.labs.gan.objective import discriminator_loss, generator_losses
from dlviz.labs.gan.plan import HALF_WIDTH
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import LOSSES, GanSpec
from dlviz.labs.gan.turning import turn

SMALL = {"generator_hidden": (16,), "discriminator_hidden": (12, 8), "examples": 200, "batch_size": 32}
PICTURES = {"network": "dcgan", "channels": (6, 4), "noise_dimensions": 5, "examples": 60, "batch_size": 8}


def grown(spec: GanSpec, steps: int = 5) -> GanRun:
    run = GanRun(spec)
    run.advance(steps)
    return run


def tensor(values: np.ndarray) -> Tensor:
    return torch.from_numpy(values.copy())


def written_out(spec: GanSpec, real: Tensor, fake: Tensor) -> Tensor:
    """The discriminator's loss of the plane's six games, with nothing of ours but the formulas."""
    label = 1 - spec.label_smoothing
    if spec.loss == "leastsquares":
        return 0.5 * (real - label).pow(2).mean() + 0.5 * fake.pow(2).mean()
    if spec.loss.startswith("wgan"):
        return fake.mean() - real.mean()
    if spec.loss == "hinge":
        return torch.relu(1 - real).mean() + torch.relu(1 + fake).mean()
    entropy = nn.BCEWithLogitsLoss()
    return entropy(real, torch.full_like(real, label)) + entropy(fake, torch.zeros_like(fake))


@pytest.mark.parametrize("loss", LOSSES)
def test_the_discriminators_move_is_autograds(loss: str) -> None:
    """Outputs, loss, gradient and change layer by layer, by plain descent, from the examples that are shown."""
    smoothing = 0.1 if loss in ("nonsaturating", "leastsquares") else 0.0
    spec = GanSpec(**SMALL, loss=loss, optimizer="sgd", learning_rate=0.05, rate_ratio=0.5, label_smoothing=smoothing)
    run = grown(spec)
    found = turn(run)
    player = copy.deepcopy(run.network.discriminator)
    player.zero_grad()
    real, fake = tensor(found["real"][0]), tensor(found["d_fakes"][0])
    np.testing.assert_allclose(found["d_fakes"][0], run.network.generator(tensor(found["d_z"][0])).detach(), atol=1e-6)
    real_logits, fake_logits = player(real)[:, 0], player(fake)[:, 0]
    total = written_out(spec, real_logits, fake_logits)
    if loss == "wgangp":
        x = tensor(found["between"][0]).requires_grad_()
        (slope,) = torch.autograd.grad(player(x).sum(), x, create_graph=True)
        slopes = (slope**2).sum(1).sqrt()
        np.testing.assert_allclose(found["slopes"][0], slopes.detach(), rtol=1e-4)
        np.testing.assert_allclose(found["d_penalty"][0], (slopes - 1).pow(2).mean().item(), rtol=1e-4)
        total = total + (slopes - 1).pow(2).mean()
        share = (tensor(found["between"][0]) - fake) / (real - fake)  # one share for both coordinates
        assert ((share > -1e-3) & (share < 1.001)).all()
        np.testing.assert_allclose(share[:, 0], share[:, 1], atol=2e-2)
    total.backward()
    np.testing.assert_allclose(found["d_real_logits"][0], real_logits.detach(), atol=1e-6)
    np.testing.assert_allclose(found["d_fake_logits"][0], fake_logits.detach(), atol=1e-6)
    assert found["d_loss"][0] == pytest.approx(total.item(), rel=1e-5)
    layers = [layer for layer in player.children() if list(layer.parameters())]
    norms = [torch.cat([p.grad.flatten() for p in layer.parameters() if p.grad is not None]).norm() for layer in layers]
    np.testing.assert_allclose(found["d_layer_gradients"][0], torch.stack(norms), rtol=1e-4)
    assert found["d_gradient_norm"][0] == pytest.approx(torch.stack(norms).norm().item(), rel=1e-4)
    with torch.no_grad():
        before = [p.clone() for p in player.parameters()]
        for parameter in player.parameters():
            assert parameter.grad is not None
            parameter -= 0.05 * 0.5 * parameter.grad
            if loss == "wgan":
                parameter.clamp_(-spec.clip, spec.clip)
        moved = [q - p for p, q in zip(before, player.parameters(), strict=True)]
        np.testing.assert_allclose(found["d_real_after"][0], player(real)[:, 0], atol=1e-5)
        np.testing.assert_allclose(found["d_fake_after"][0], player(fake)[:, 0], atol=1e-5)
    assert found["d_change"][0] == pytest.approx(torch.cat([m.flatten() for m in moved]).norm().item(), rel=1e-3)
    assert found["d_largest"][0] == pytest.approx(max(m.abs().max().item() for m in moved), rel=1e-3)
    if loss == "wgan":
        assert found["d_clipped"][0] == sum(int((p.abs() == spec.clip).sum()) for p in player.parameters())


@pytest.mark.parametrize("loss", LOSSES)
def test_the_generators_move_is_autograds(loss: str) -> None:
    """What each fake is told, the gradient layer by layer, where the fakes go, and what the same D says of them."""
    spec = GanSpec(**SMALL, loss=loss, optimizer="sgd", learning_rate=0.05, moves="generator")
    run = grown(spec)
    found = turn(run)
    assert "d_loss" not in found.arrays
    network = copy.deepcopy(run.network)
    network.zero_grad()
    z = tensor(found["g_z"])
    fake = network.generator(z)
    fake.retain_grad()
    logits = network.discriminator(fake)[:, 0]
    total = generator_losses(loss, logits).mean()
    total.backward()
    np.testing.assert_allclose(found["g_fakes"], fake.detach(), atol=1e-6)
    np.testing.assert_allclose(found["g_logits"], logits.detach(), atol=1e-6)
    assert found["g_loss"] == pytest.approx(total.item(), rel=1e-5)
    assert fake.grad is not None
    np.testing.assert_allclose(found["g_gradient"], fake.grad, atol=1e-8, rtol=1e-4)
    layers = [layer for layer in network.generator.children() if list(layer.parameters())]
    norms = [torch.cat([p.grad.flatten() for p in layer.parameters() if p.grad is not None]).norm() for layer in layers]
    np.testing.assert_allclose(found["g_layer_gradients"], torch.stack(norms), rtol=1e-4)
    with torch.no_grad():
        for parameter in network.generator.parameters():
            assert parameter.grad is not None
            parameter -= 0.05 * parameter.grad
        moved = network.generator(z)
        np.testing.assert_allclose(found["g_moved"], moved, atol=1e-6)
        np.testing.assert_allclose(found["g_logits_after"], network.discriminator(moved)[:, 0], atol=1e-5)
    np.testing.assert_allclose(found["g_layer_changes"], 0.05 * found["g_layer_gradients"], rtol=1e-3)


def test_the_classic_bug_changes_d_by_the_generators_gradient() -> None:
    spec = GanSpec(**SMALL, optimizer="sgd", learning_rate=0.05, update_both=True)
    run = grown(spec)
    found = turn(run)
    assert "bug_change" not in turn(grown(GanSpec(**SMALL))).arrays
    fakes = tensor(found["g_fakes"])
    player = copy.deepcopy(run.network.discriminator)
    loss = discriminator_loss(
        spec.loss, player(tensor(found["real"][0]))[:, 0], player(tensor(found["d_fakes"][0]))[:, 0]
    )
    _descend(player, loss)
    _descend(player, generator_losses(spec.loss, player(fakes)[:, 0]).mean())
    for name, value in player.state_dict().items():
        np.testing.assert_allclose(found.state[f"after/discriminator.{name}"], value, atol=1e-6)
    assert found["bug_change"] == pytest.approx(0.05 * found["bug_gradient_norm"], rel=1e-3)
    with torch.no_grad():
        np.testing.assert_allclose(found["bug_logits"], player(fakes)[:, 0], atol=1e-5)
    assert found["bug_logits"].mean() > found["g_logits"].mean()  # it is taught to call fakes real


def _descend(player: nn.Module, loss: Tensor) -> None:
    player.zero_grad()
    loss.backward()
    with torch.no_grad():
        for parameter in player.parameters():
            assert parameter.grad is not None
            parameter -= 0.05 * parameter.grad


def test_maps_are_of_d_before_and_after_and_told_the_followed_class() -> None:
    spec = GanSpec(**SMALL, conditional=True, discriminator_steps=2)
    run = grown(spec)
    found = turn(run, side=8, follow=3)
    np.testing.assert_array_equal(found["d_map_after"][1], found["g_map"])  # told the same classes
    after = copy.deepcopy(run.network.discriminator)
    after.load_state_dict({name: tensor(found.state[f"after/discriminator.{name}"]) for name in after.state_dict()})
    at = (np.arange(8) + 0.5) / 8 * 2 * HALF_WIDTH - HALF_WIDTH
    for row, column in ((0, 0), (2, 7), (6, 3)):
        place = torch.tensor([[at[column], at[7 - row]]], dtype=torch.float32)
        told = torch.tensor([int(found["d_labels"][0, 3])])
        said = run.network.discriminator(place, told).item()
        assert found["d_map_before"][0, row, column] == pytest.approx(said, abs=1e-5)
        told = torch.tensor([int(found["g_labels"][3])])
        assert found["g_map"][row, column] == pytest.approx(after(place, told).item(), abs=1e-5)


@pytest.mark.parametrize(
    "spec",
    [
        GanSpec(**SMALL, discriminator_steps=3, instance_noise=0.2, update_both=True, loss="wgangp"),
        GanSpec(**{**SMALL, "batch_norm": "both"}, loss="hinge"),
        GanSpec(**PICTURES, dataset="sprites", spectral_norm=True, update_both=True),
        GanSpec(**PICTURES, dataset="digits", batch_norm="both", conditional=True, moves="discriminator"),
    ],
    ids=["penalty", "norm", "spectral", "conditional"],
)
def test_what_is_announced_is_what_the_run_does(spec: GanSpec) -> None:
    run = grown(spec)
    found = turn(run, examples=5)
    for name in ("real", "g_fakes", "g_gradient"):
        assert name not in found.arrays or found[name].shape[found.dims[name].index("batch")] == 5
    moves = run.turn()
    judged = [move for move in moves if move.real_logits is not None]
    np.testing.assert_array_equal(found["d_loss"], np.float32([move.loss for move in judged]))
    for k, move in enumerate(judged):
        np.testing.assert_array_equal(found["d_fake_logits"][k], move.fake_logits)
    if spec.moves == "both":
        np.testing.assert_array_equal(found["g_logits"], moves[-1].fake_logits)
    run.network.eval()
    with torch.no_grad():
        np.testing.assert_array_equal(found["after"], run.network.generator(run.shown.z, run.shown.labels))


def test_the_last_batch_of_an_epoch_may_be_smaller() -> None:
    """200 examples in batches of 32: the seventh has 8, and stands beside two whole ones."""
    run = grown(GanSpec(**SMALL, discriminator_steps=3), steps=2)
    found = turn(run)
    assert found["d_batch"].tolist() == [8, 32, 32]
    assert np.isnan(found["d_real_logits"][0, 8:]).all()
    assert np.isfinite(found["d_real_logits"][0, :8]).all()
    assert (found["d_labels"][0, 8:] == -1).all()
    assert np.isfinite(found["d_loss"]).all()


def test_instance_noise_is_shown_as_d_saw_it() -> None:
    run = grown(GanSpec(**SMALL, instance_noise=0.3))
    found = turn(run)
    with torch.no_grad():
        said = run.network.discriminator(tensor(found["real_seen"][0]))[:, 0]
    np.testing.assert_allclose(found["d_real_logits"][0], said, atol=1e-6)
    assert (found["real_seen"] - found["real"]).std() == pytest.approx(0.3, rel=0.3)


@pytest.mark.parametrize(
    ("options", "words"), [({"examples": 0}, "1, 512"), ({"side": 1}, "2, 128"), ({"follow": -1}, "0")]
)
def test_options_that_cannot_be_are_refused(options: dict[str, int], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        turn(GanRun(GanSpec(**SMALL)), **options)
