"""Codes drawn from each source, what is decoded from them, and what that resembles."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.neighbors import NearestNeighbors

from dlviz.core.errors import InvalidInput
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.sampling import JITTER, MOST, SOURCES, sample
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import classifiers

SMALL = {"dataset": "digits", "hidden": (32, 16)}


def trained(**settings: object) -> AutoencoderRun:
    run = AutoencoderRun(AutoencoderSpec(**(SMALL | settings)))  # type: ignore[arg-type]
    run.advance(60)
    return run


@pytest.mark.parametrize("kind", ["plain", "variational", "conditional"])
def test_pictures_answers_and_neighbours(kind: str) -> None:
    run = trained(kind=kind, latent=3)
    found = sample(run, 30, seed=4)
    z, told = torch.from_numpy(found["z"]), torch.from_numpy(found["told"]).long()
    assert told.tolist() == [k % 10 for k in range(30)]
    with torch.no_grad():
        pictures = run.network.decode(z, told).sigmoid()
    np.testing.assert_allclose(found["samples"], pictures, atol=1e-6)
    reader = classifiers.shipped("digits")
    assert reader is not None
    shares = reader(pictures).softmax(1).numpy()
    np.testing.assert_allclose(found["confidence"], shares.max(1), atol=1e-5)
    assert found["answer"].tolist() == shares.argmax(1).tolist()
    train = run.data.pictures.train_x.flatten(1).numpy()
    far, near = NearestNeighbors(n_neighbors=1).fit(train).kneighbors(pictures.flatten(1).numpy())
    np.testing.assert_allclose(found["distance"], far[:, 0], atol=1e-3)
    np.testing.assert_allclose(
        np.linalg.norm(train[found["nearest"]] - pictures.flatten(1).numpy(), axis=1), far[:, 0], atol=1e-4
    )
    assert (found["nearest"] == near[:, 0]).mean() > 0.95
    assert (found["nearest_label"] == run.data.pictures.train_y[found["nearest"]].numpy()).all()
    usual, _ = NearestNeighbors(n_neighbors=1).fit(train).kneighbors(run.data.pictures.test_x[:100].flatten(1).numpy())
    assert found["usual_distance"] == pytest.approx(np.sort(usual[:, 0])[49], abs=1e-3)
    codes = run.measured().mean.numpy()
    by_code, _ = NearestNeighbors(n_neighbors=1).fit(codes).kneighbors(found["z"])
    np.testing.assert_allclose(found["code_distance"], by_code[:, 0], atol=1e-3)


def test_draws_have_the_distribution_they_are_named_after() -> None:
    run = trained(latent=2)
    mean, log_variance = run.measured().mean.numpy(), run.measured().log_variance.numpy()
    many = lambda **options: np.concatenate([sample(run, MOST, seed=k, **options)["z"] for k in range(12)])  # noqa: E731
    prior = many(temperature=0.5)
    assert stats.kstest(prior[:, 0], stats.norm(0, 0.5).cdf).pvalue > 1e-3
    fitted = many(source="fitted")
    whitened = np.linalg.solve(np.linalg.cholesky(np.cov(mean.T) + JITTER * np.eye(2)), (fitted - mean.mean(0)).T)
    for row in whitened:
        assert stats.kstest(row, stats.norm.cdf).pvalue > 1e-3
    root = np.linalg.cholesky(np.cov(mean.T) + JITTER * np.eye(2))
    np.testing.assert_allclose(fitted, mean.mean(0) + many() @ root.T, atol=1e-3)  # of the same ε
    box = many(source="box")
    low, high = mean.min(0), mean.max(0)
    for k in range(2):
        assert stats.kstest(box[:, k], stats.uniform(low[k], high[k] - low[k]).cdf).pvalue > 1e-3
    posterior = many(source="posterior")[:, 1]
    mixture = lambda x: stats.norm.cdf(np.asarray(x)[:, None], mean[:, 1], np.exp(log_variance[:, 1] / 2)).mean(1)  # noqa: E731
    assert stats.kstest(posterior, mixture).pvalue > 1e-3


def test_a_plain_autoencoders_posterior_is_its_codes() -> None:
    run = trained(kind="plain")
    codes = {row.tobytes() for row in run.measured().mean.numpy()}
    assert all(row.tobytes() in codes for row in sample(run, 20, source="posterior")["z"])


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("latent", [1, 7])
def test_any_size_of_code(source: str, latent: int) -> None:
    run = trained(latent=latent, kind="sparse")
    found = sample(run, 9, source=source, temperature=3.0)
    assert found["z"].shape == (9, latent)
    assert np.isfinite(found["samples"]).all()
    assert np.array_equal(found["z"], sample(run, 9, source=source, temperature=3.0)["z"])
    assert source == "posterior" or not np.array_equal(
        found["z"], sample(run, 9, source=source, temperature=3.0, seed=1)["z"]
    )


def test_codes_that_are_given() -> None:
    run = trained(kind="conditional", latent=2)
    found = sample(run, z=[[0.5, -1.0], [2.0, 0.0]], label=7)
    assert found["z"].tolist() == [[0.5, -1.0], [2.0, 0.0]]
    assert found["told"].tolist() == [7, 7]
    with torch.no_grad():
        wanted = run.network.decode(torch.from_numpy(found["z"]), torch.tensor([7, 7])).sigmoid()
    np.testing.assert_allclose(found["samples"], wanted, atol=1e-6)


def test_faces_have_no_classifier() -> None:
    assert "confidence" not in sample(trained(dataset="faces"), 4).arrays


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"count": 0}, "sample.count must be a whole number"),
        ({"count": MOST + 1}, "sample.count must be a whole number"),
        ({"temperature": 0}, "sample.temperature must be a number in"),
        ({"seed": -1}, "sample.seed must be a whole number"),
        ({"label": 10}, "sample.label must be a whole number"),
        ({"source": "dreams"}, "must be one of prior"),
        ({"z": [[1.0]]}, "codes of 2 numbers each"),
        ({"z": []}, "must be 1 to 200 codes"),
        ({"z": [[float("nan"), 0.0]]}, "sample.z must be a number in"),
    ],
)
def test_what_cannot_be_is_said(options: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        sample(AutoencoderRun(AutoencoderSpec(**SMALL)), **options)  # type: ignore[arg-type]
