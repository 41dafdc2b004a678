"""The probe of the panel Reconstructions against torch and numpy."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.reconstructing import reconstructions
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.jobs import to_the_end

SMALL = {"dataset": "digits", "hidden": (32, 16)}


def trained(**settings: object) -> tuple[AutoencoderRun, Trace]:
    run = AutoencoderRun(AutoencoderSpec(**{**SMALL, **settings}))
    run.advance(150)
    return run, to_the_end(reconstructions(run))


def given_back(run: AutoencoderRun, x: torch.Tensor, y: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and −log p(x | z) by torch's own distributions, all at once."""
    network = run.network
    with torch.no_grad():
        told = torch.eye(10)[y] if run.spec.told else torch.zeros(len(y), 0)
        z = network.mean(torch.cat([network.encoder(x), told], 1))
        z = z.sigmoid() if run.spec.kind == "sparse" else z
        decoded = network.decoder(torch.cat([z, told], 1))
        if run.spec.likelihood == "gaussian":
            constant = np.log(2 * np.pi) / 2
            likelihood = torch.distributions.Normal(decoded, 1.0).log_prob(x) + constant
            return decoded.numpy(), -likelihood.flatten(1).sum(1).numpy()
        likelihood = torch.distributions.Bernoulli(logits=decoded, validate_args=False).log_prob(x)
        return decoded.sigmoid().numpy(), -likelihood.flatten(1).sum(1).numpy()


@pytest.mark.parametrize(
    "settings",
    [{}, {"kind": "conditional"}, {"kind": "sparse", "latent": 8}, {"kind": "plain", "likelihood": "gaussian"}],
    ids=["variational", "conditional", "sparse", "gaussian"],
)
def test_errors_and_nats_are_torchs(settings: dict[str, object]) -> None:
    run, trace = trained(**settings)
    pictures = run.data.pictures
    again, nats = given_back(run, pictures.test_x, pictures.test_y)
    errors = ((again - pictures.test_x.numpy()) ** 2).mean((1, 2, 3))
    np.testing.assert_allclose(trace["squared_error"], errors, rtol=1e-4)
    np.testing.assert_allclose(trace["loss"], nats, rtol=1e-4)
    assert trace["label"].tolist() == pictures.test_y.tolist()
    few = np.linspace(0, len(pictures.train_y) - 1, min(1000, len(pictures.train_y))).astype(int)
    again, nats = given_back(run, pictures.train_x[few], pictures.train_y[few])
    np.testing.assert_allclose(
        trace["train_squared_error"], ((again - pictures.train_x[few].numpy()) ** 2).mean((1, 2, 3)), rtol=1e-4
    )
    np.testing.assert_allclose(trace["train_loss"], nats, rtol=1e-4)
    assert trace["train_label"].tolist() == pictures.train_y[few].tolist()
    assert int(trace["steps"]) == 150


def test_the_baseline_is_the_mean_of_the_pictures_trained_on() -> None:
    run, trace = trained()
    train, test = (x.numpy().astype(np.float64) for x in (run.data.pictures.train_x, run.data.pictures.test_x))
    mean = train.mean(0)
    np.testing.assert_allclose(trace["mean_picture"], mean, atol=1e-6)
    np.testing.assert_allclose(trace["mean_squared_error"], ((test - mean) ** 2).mean((1, 2, 3)), rtol=1e-5)
    p = mean.clip(1e-7, 1 - 1e-7)
    nats = -(test * np.log(p) + (1 - test) * np.log(1 - p)).sum((1, 2, 3))
    np.testing.assert_allclose(trace["mean_loss"], nats, rtol=1e-4)
    _, other = trained(likelihood="gaussian", kind="plain", latent=8)
    assert other["squared_error"].mean() < other["mean_squared_error"].mean()
    np.testing.assert_allclose(other["mean_loss"], ((test - mean) ** 2).sum((1, 2, 3)) / 2, rtol=1e-5)


def test_few_training_pictures_make_a_gap() -> None:
    run = AutoencoderRun(AutoencoderSpec(**SMALL, kind="plain", latent=8, examples=20))
    run.advance(1500)
    trace = to_the_end(reconstructions(run, parameters=False))
    assert trace["squared_error"].mean() > 3 * trace["train_squared_error"].mean()
    assert len(trace["train_label"]) == 20
    assert not trace.state
