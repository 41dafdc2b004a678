"""One draw of a code and its gradient, estimates over many draws, and trainings without the trick."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.distributions import Normal, kl_divergence

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder import without_trick
from dlviz.labs.autoencoder.reparameterizing import reparameterization
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.jobs import to_the_end

SMALL = {"dataset": "digits", "hidden": (32, 16)}
WORTH_TRYING = [
    AutoencoderSpec(**SMALL, latent=3, beta=2.5),
    AutoencoderSpec(**SMALL, latent=1, likelihood="gaussian"),
    AutoencoderSpec(kind="conditional", dataset="sprites", network="convolutional", channels=(4, 6), latent=5),
]


def trained(spec: AutoencoderSpec, steps: int = 60) -> AutoencoderRun:
    run = AutoencoderRun(spec)
    run.advance(steps)
    return run


def asked(run: AutoencoderRun, **options: object) -> Trace:
    return to_the_end(reparameterization(run, **options))  # type: ignore[arg-type]


def reconstruction(run: AutoencoderRun, z: torch.Tensor) -> torch.Tensor:
    """−log p(x | z) by torch's own distributions, up to what does not depend on z."""
    x, label = run.picture.batch
    decoded = run.network.decode(z, label.expand(len(z)))
    x = x.expand(len(z), *x.shape[1:])
    if run.spec.likelihood == "gaussian":
        return -(Normal(decoded, 1.0).log_prob(x) - Normal(x, 1.0).log_prob(x)).flatten(1).sum(1)
    return nn.functional.binary_cross_entropy_with_logits(decoded, x, reduction="none").flatten(1).sum(1)


@pytest.mark.parametrize("spec", WORTH_TRYING, ids=lambda spec: f"{spec.dataset}-{spec.latent}-{spec.likelihood}")
def test_one_draw_and_its_gradient_are_torchs(spec: AutoencoderSpec) -> None:
    run = trained(spec)
    epsilon = [0.5 - 0.3 * k for k in range(spec.latent)]
    found = asked(run, epsilon=epsilon)
    x, label = run.picture.batch
    code = run.network.encode(x, label)
    posterior = Normal(code.mean, (code.log_variance / 2).exp())  # type: ignore[operator]
    z = posterior.loc + posterior.scale * torch.tensor(epsilon)
    np.testing.assert_allclose(found["z"], z[0].detach(), atol=1e-6)
    kl = kl_divergence(posterior, Normal(0.0, 1.0))
    np.testing.assert_allclose(found["kl"], kl[0].detach(), rtol=1e-4, atol=1e-5)
    lost = reconstruction(run, z).sum()
    assert found["lost"] == pytest.approx(lost.item(), rel=1e-4)
    to_z, to_mean, to_log = torch.autograd.grad(lost, (z, code.mean, code.log_variance), retain_graph=True)  # type: ignore[arg-type]
    for name, wanted in {"to_z": to_z, "to_mean": to_mean, "to_log_variance": to_log}.items():
        np.testing.assert_allclose(found[name], wanted[0], rtol=1e-3, atol=1e-4)
    # The two paths in closed form: 1 and ½ σ ε; the KL's own pull: μ and ½ (σ² − 1).
    np.testing.assert_allclose(found["to_mean"], found["to_z"], atol=1e-5)
    half = found["sigma"] * np.array(epsilon) / 2
    np.testing.assert_allclose(found["to_log_variance"], half * found["to_z"], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found["kl_to_mean"], found["mean"], atol=1e-6)
    np.testing.assert_allclose(found["kl_to_log_variance"], (found["sigma"] ** 2 - 1) / 2, atol=1e-5)
    encoder = [p for name, p in run.network.named_parameters() if not name.startswith("decoder.")]
    norm = nn.utils.get_total_norm(torch.autograd.grad(lost, encoder, retain_graph=True))
    assert found["norm_with"] == pytest.approx(norm.item(), rel=1e-3)
    pulled = nn.utils.get_total_norm(torch.autograd.grad(spec.beta * kl.sum(), encoder))
    assert found["norm_kl"] == pytest.approx(pulled.item(), rel=1e-3)


def test_a_sample_without_the_trick_cuts_the_graph() -> None:
    found = asked(trained(WORTH_TRYING[0]))
    assert found["norm_with"] > 0.01
    assert found["norm_cut"] == 0
    assert not found["cut_to_mean"].any()
    assert not found["cut_to_log_variance"].any()
    assert found.state["grad_fn"].tolist() == ["AddBackward0", "None"]


@pytest.mark.parametrize("spec", WORTH_TRYING[:2], ids=["bernoulli", "gaussian"])
def test_estimates_of_each_draw(spec: AutoencoderSpec) -> None:
    run = trained(spec)
    found = asked(run, draws=300)
    x, label = run.picture.batch
    with torch.no_grad():
        code = run.network.encode(x, label)
    sigma = (code.log_variance / 2).exp()  # type: ignore[operator]
    epsilon = torch.from_numpy(found["epsilon"])
    mean, log_variance = (v.expand(300, -1).clone().requires_grad_() for v in (code.mean, code.log_variance))  # type: ignore[union-attr]
    z = mean + (log_variance / 2).exp() * epsilon
    lost = reconstruction(run, z)
    by_path = torch.autograd.grad(lost.sum(), (mean, log_variance), retain_graph=True)
    np.testing.assert_allclose(found["losses"], lost.detach(), rtol=1e-4)
    density = Normal(mean, (log_variance / 2).exp()).log_prob(z.detach()).sum(1)
    by_score = torch.autograd.grad((lost.detach() * density).sum(), (mean, log_variance), retain_graph=True)
    rest = lost.detach() - (lost.detach().sum() - lost.detach()) / 299
    by_baseline = torch.autograd.grad((rest * density).sum(), (mean, log_variance))
    for name, wanted in {"pathwise": by_path, "score": by_score, "baseline": by_baseline}.items():
        np.testing.assert_allclose(found[name], wanted[0], rtol=2e-3, atol=2e-3)
        for of, rows in zip((name, f"{name}_log_variance"), wanted, strict=True):
            np.testing.assert_allclose(found[f"{of}_mean"], rows.mean(0), rtol=2e-3, atol=2e-3)
            np.testing.assert_allclose(found[f"{of}_spread"], rows.std(0), rtol=2e-3, atol=2e-3)
    assert torch.isfinite(sigma).all()


def test_all_estimates_have_one_expectation_and_not_one_spread() -> None:
    """With a quadratic loss the gradient is known: R = ½ Σ (W z + b − x)², so dE[R]/dμ = Wᵀ (W μ + b − x)."""
    spec = AutoencoderSpec(dataset="digits", hidden=(), latent=2, likelihood="gaussian", learning_rate=0.01)
    run = trained(spec, 200)
    draws = 20_000
    found = asked(run, draws=draws)
    x, label = run.picture.batch
    with torch.no_grad():
        code = run.network.encode(x, label)
        weight, bias = run.network.decoder.output.weight, run.network.decoder.output.bias
        known = weight.T @ (weight @ code.mean[0] + bias - x.flatten())
        # ... and dE[R]/dlog σ² = ½ σ² Σ W² for each number.
        known_log = code.log_variance[0].exp() / 2 * (weight**2).sum(0)  # type: ignore[index]
    for name in ("pathwise", "score", "baseline"):
        for of, wanted in ((name, known), (f"{name}_log_variance", known_log)):
            error = found[f"{of}_spread"] / draws**0.5
            assert (np.abs(found[f"{of}_mean"] - wanted.numpy()) < 4 * error + 1e-4).all(), of
    assert (found["score_spread"] > 3 * found["pathwise_spread"]).all()
    assert (found["baseline_spread"] < found["score_spread"]).all()


def test_the_race_is_four_trainings_of_one_beginning() -> None:
    found = asked(trained(WORTH_TRYING[0], 1), steps=240)
    spec = without_trick.spec_of(1)
    assert found["marks"].tolist() == [round(240 * k / 12) for k in range(13)]
    network = without_trick.build(spec)
    pictures = without_trick.data.load(spec).pictures
    optimizer = torch.optim.Adam(network.parameters(), spec.learning_rate)
    chance = torch.Generator().manual_seed(spec.seed + 1)
    for _ in range(20):  # the first two marks of `trick`, written out with torch's distributions
        x = pictures.train_x[torch.randint(len(pictures.train_y), (64,), generator=chance)]
        optimizer.zero_grad()
        features = network.encoder(x)
        posterior = Normal(network.mean(features), (network.log_variance(features) / 2).exp())  # type: ignore[misc]
        z = posterior.loc + posterior.scale * torch.randn(posterior.loc.shape, generator=chance)
        lost = nn.functional.binary_cross_entropy_with_logits(network.decoder(z), x, reduction="sum") / 64
        (lost + kl_divergence(posterior, Normal(0.0, 1.0)).sum(1).mean()).backward()
        optimizer.step()
    wanted = without_trick.measure(network, pictures, spec, 1.0).numbers
    assert found["trick_elbo"][1] == pytest.approx(wanted["validation_elbo"], rel=1e-4)
    assert found["trick_kl"][1] == pytest.approx(wanted["validation_kl"], rel=1e-3, abs=1e-5)
    assert len({float(found[f"{way}_elbo"][0]) for way in without_trick.WAYS}) == 1
    assert found["cut_kl"][-1] < 0.01 < found["trick_kl"][-1]
    assert found["trick_elbo"][-1] > max(found[f"{way}_elbo"][-1] for way in ("cut", "score"))


@pytest.mark.parametrize("way", ["cut", "score", "baseline"])
def test_the_gradient_of_each_way(way: str) -> None:
    learner = without_trick.Learner(without_trick.spec_of(2), way)
    x = learner.pictures.train_x[:16]
    learner.chance.manual_seed(7)
    learner.loss(x).backward()
    network = learner.network
    found = network.mean.weight.grad
    assert found is not None
    network.zero_grad()
    code = network.encode(x)
    sigma = (code.log_variance / 2).exp()  # type: ignore[operator]
    epsilon = torch.randn(code.mean.shape, generator=torch.Generator().manual_seed(7))
    z = (code.mean + sigma * epsilon).detach()
    lost = nn.functional.binary_cross_entropy_with_logits(network.decode(z), x, reduction="none").flatten(1).sum(1)
    lost = lost.detach()
    if way == "cut":
        lost = torch.zeros(16)
    elif way == "baseline":
        lost = lost - torch.stack([torch.cat([lost[:k], lost[k + 1 :]]).mean() for k in range(16)])
    slope = (code.mean + lost[:, None] * epsilon / sigma).detach() / 16  # the KL's pull and the score's
    (wanted,) = torch.autograd.grad(code.mean, network.mean.weight, slope)
    torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"epsilon": [1.0]}, "must be 3 numbers"),
        ({"epsilon": "much"}, "must be 3 numbers"),
        ({"epsilon": [0.0, 99.0, 0.0]}, r"must be a number in \[-6, 6\]"),
        ({"draws": -1}, "reparameterization.draws must be a whole number"),
        ({"steps": 10**6}, "reparameterization.steps must be a whole number"),
    ],
)
def test_what_cannot_be_is_said(options: dict[str, object], words: str) -> None:
    run = AutoencoderRun(WORTH_TRYING[0])
    with pytest.raises(InvalidInput, match=words):
        asked(run, **options)


def test_a_point_has_nothing_to_draw() -> None:
    with pytest.raises(InvalidInput, match="nothing is drawn"):
        asked(AutoencoderRun(AutoencoderSpec(**SMALL, kind="plain")))
