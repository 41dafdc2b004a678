"""Training, measured numbers, what the screen gets, and what is refused."""

from __future__ import annotations

import base64

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from torch import nn
from torch.distributions import Normal, kl_divergence

from dlviz.core.errors import InvalidInput
from dlviz.labs.autoencoder import data, probe
from dlviz.labs.autoencoder.measuring import SAMPLE
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec

SMALL = {"dataset": "digits", "hidden": (32, 16)}


def test_a_step_is_one_of_adam_on_the_negative_elbo() -> None:
    """The same step written out with torch's own distributions."""
    spec = AutoencoderSpec(**SMALL, beta=2.5, latent=3)
    run, twin = AutoencoderRun(spec), AutoencoderRun(spec)
    order = torch.randperm(len(run.data.pictures.train_y), generator=torch.Generator().manual_seed(spec.seed + 1))
    x = run.data.pictures.train_x[order[: spec.batch_size]]
    optimizer = torch.optim.Adam(twin.network.parameters(), spec.learning_rate)
    features = twin.network.encoder(x)
    posterior = Normal(twin.network.mean(features), (twin.network.log_variance(features) / 2).exp())
    epsilon = torch.randn(len(x), 3, generator=torch.Generator().manual_seed(spec.seed + 2))
    logits = twin.network.decoder(posterior.loc + posterior.scale * epsilon)
    lost = nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    (lost + 2.5 * kl_divergence(posterior, Normal(0.0, 1.0)).sum(1).mean()).backward()
    optimizer.step()
    run.advance(1)
    for name, values in run.network.state_dict().items():
        torch.testing.assert_close(values, twin.network.state_dict()[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["plain", "denoising", "sparse", "variational", "conditional"])
def test_every_kind_learns(kind: str) -> None:
    run = AutoencoderRun(AutoencoderSpec(**SMALL, kind=kind, latent=8))
    before = run.measured().numbers["validation_reconstruction"]
    run.advance(300)
    after = run.measured_now().numbers["validation_reconstruction"]
    assert after < before - 5


def test_measurements_are_what_they_are_called() -> None:
    run = AutoencoderRun(AutoencoderSpec(**SMALL, latent=4, beta=3))
    run.advance(100)
    found, pictures, network = run.measured_now(), run.data.pictures, run.network
    x = pictures.test_x[:SAMPLE]
    with torch.no_grad():
        features = network.encoder(x)
        mean, log_variance = network.mean(features), network.log_variance(features)
        middle = network.decoder(mean).sigmoid()
    kl = kl_divergence(Normal(mean, log_variance.exp().sqrt()), Normal(0.0, 1.0))
    numbers = found.numbers
    torch.testing.assert_close(found.dimension_kl, kl.mean(0), rtol=1e-4, atol=1e-5)
    assert numbers["test_kl"] == pytest.approx(kl.sum(1).mean().item(), rel=1e-4)
    assert numbers["test_elbo"] == pytest.approx(-(numbers["test_reconstruction"] + numbers["test_kl"]))
    assert numbers["test_loss"] == pytest.approx(numbers["test_reconstruction"] + 3 * numbers["test_kl"])
    assert numbers["test_squared_error"] == pytest.approx(((middle - x) ** 2).mean().item(), rel=1e-4)
    torch.testing.assert_close(found.dimension_spread, mean.var(0, unbiased=False), rtol=1e-4, atol=1e-6)


def test_the_axes_of_the_plane_are_the_principal_components() -> None:
    run = AutoencoderRun(AutoencoderSpec(**SMALL, latent=6))
    run.advance(60)
    found = run.measured_now()
    pca = PCA(2).fit(found.mean.double().numpy())
    assert np.allclose(found.center.numpy(), pca.mean_, atol=1e-5)
    for mine, theirs in zip(found.axes.numpy(), pca.components_, strict=True):
        assert abs(mine @ theirs) == pytest.approx(1, abs=1e-3)


def test_what_is_left_out_is_never_trained_on_and_is_the_stranger() -> None:
    found = data.load(AutoencoderSpec(dataset="digits", leave_out="3"))
    for labels in (found.pictures.train_y, found.pictures.validation_y, found.pictures.test_y):
        assert 3 not in labels
    whole = data.load(AutoencoderSpec(dataset="digits")).pictures
    assert found.strangers.equal(whole.test_x[whole.test_y == 3])


def test_no_face_is_held_back_and_trained_on() -> None:
    found = data.load(AutoencoderSpec(dataset="faces"))
    trained = {row.numpy().tobytes() for row in found.pictures.train_x}
    assert len(trained) == 2 * 70
    assert {row.flip(-1).numpy().tobytes() for row in found.pictures.train_x} == trained
    for row in (*found.pictures.validation_x, *found.pictures.test_x, *found.strangers):
        assert row.numpy().tobytes() not in trained
    assert len(found.strangers) == 100


def test_the_manifold_is_decoded_from_quantiles_of_the_prior() -> None:
    run = AutoencoderRun(AutoencoderSpec(**SMALL))
    run.advance(50)
    found = probe.manifold(run, side=5)
    from scipy.stats import norm

    assert np.allclose(found["first"], norm.ppf([0.1, 0.3, 0.5, 0.7, 0.9]), atol=1e-5)
    assert found["grid"].shape == (5, 5, 1, 8, 8)
    z = torch.tensor([[found["first"][4], found["second"][4]]])  # the upper right corner
    assert np.allclose(found["grid"][0, 4], run.network.decoder(z).sigmoid().detach()[0], atol=1e-6)
    assert np.allclose(found["z"][0, 4], z[0])


def test_other_numbers_of_a_code_stay_as_in_the_picture() -> None:
    run = AutoencoderRun(AutoencoderSpec(**SMALL, latent=5))
    found = probe.manifold(run, side=3, a=4, b=1)
    with torch.no_grad():
        own = run.network.encode(run.picture.pixels[None]).mean[0].numpy()
    assert np.allclose(found["z"][:, :, [0, 2, 3]], own[[0, 2, 3]], atol=1e-6)
    assert np.allclose(found["z"][2, :, 4], found["first"])
    assert np.allclose(found["z"][:, 0, 1], found["second"][::-1])


def test_codes_of_test_pictures_are_mostly_among_themselves() -> None:
    codes = torch.randn(400, 2, generator=torch.Generator().manual_seed(0))
    assert 0.9 < probe.among(codes, codes).float().mean() <= 1
    assert not probe.among(torch.full((3, 2), 9.0), codes).any()


def test_latent_is_decoded_from_mean_and_epsilon() -> None:
    run = AutoencoderRun(AutoencoderSpec(**SMALL, latent=3))
    found = probe.latent(run, 7)
    assert np.allclose(found["z"], found["mean"] + np.exp(found["log_variance"] / 2) * found["epsilon"], atol=1e-6)
    state = {name: torch.from_numpy(values) for name, values in found.state.items()}
    run.network.load_state_dict(state)
    again = run.network.decoder(torch.from_numpy(found["z"])).sigmoid()
    assert np.allclose(found["reconstruction"], again.detach(), atol=1e-6)
    assert "log_variance" not in probe.latent(AutoencoderRun(AutoencoderSpec(**SMALL, kind="plain"))).arrays


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"latent": 0}, "latent must be a whole number in"),
        ({"beta": -1.0}, "beta must be in"),
        ({"examples": 1}, "examples must be a whole number in"),
        ({"dataset": "faces", "kind": "conditional"}, "needs pictures of several classes"),
        ({"dataset": "sprites", "leave_out": "7"}, "one of the 3 classes"),
        ({"dataset": "faces", "leave_out": "0"}, "there is one class"),
        ({"own_pixels": base64.urlsafe_b64encode(b"abc").decode()}, "must be 784 bytes"),
    ],
)
def test_what_cannot_be_is_said(settings: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        AutoencoderSpec(**settings)  # type: ignore[arg-type]


def test_an_own_picture_is_looked_at_and_nothing_is_lost_by_a_wrong_one() -> None:
    run = AutoencoderRun(AutoencoderSpec(**SMALL))
    run.advance(5)
    pixels = np.arange(64, dtype=np.uint8)
    text = base64.urlsafe_b64encode(pixels.tobytes()).decode().rstrip("=")
    assert run.set({"own_pixels": text}) is False
    assert np.allclose(run.scene().arrays["picture"].ravel() * 255, pixels, atol=1e-4)
    with pytest.raises(InvalidInput):
        run.set({"own_pixels": "." * len(text)})
    assert run.step == 5
    assert run.picture.label is None
