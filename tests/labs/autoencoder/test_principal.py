"""PCA against scikit-learn's, angles between subspaces against scipy's, and the columns of a linear decoder."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA

from dlviz.labs.autoencoder import principal
from dlviz.labs.autoencoder.data import load
from dlviz.labs.autoencoder.model import build
from dlviz.labs.autoencoder.spec import AutoencoderSpec


@pytest.mark.parametrize(("dataset", "examples"), [("digits", 1000), ("faces", 140), ("digits", 30)])
def test_directions_variance_and_reconstructions_are_those_of_scikit_learn(dataset: str, examples: int) -> None:
    pictures = load(AutoencoderSpec(dataset=dataset, examples=examples)).pictures
    size = 12
    found = principal.analyse(pictures.train_x, size)
    wanted = PCA(size, svd_solver="full").fit(pictures.train_x.flatten(1).double().numpy())
    np.testing.assert_allclose(found.mean, wanted.mean_, atol=1e-6)
    np.testing.assert_allclose(found.variance, wanted.explained_variance_, rtol=1e-4)
    np.testing.assert_allclose(found.share, wanted.explained_variance_ratio_, rtol=1e-4)
    overlap = np.abs((found.directions.double().numpy() * wanted.components_).sum(1))
    np.testing.assert_allclose(overlap, 1, atol=1e-5)
    assert bool((found.directions.amax(1) >= 0.9999 * found.directions.abs().amax(1)).all())

    test = pictures.test_x
    flat = test.flatten(1).double().numpy()
    again = wanted.inverse_transform(wanted.transform(flat))
    np.testing.assert_allclose(found.again(test, size).flatten(1), again, atol=1e-5)
    error = principal.errors(found, test)
    assert error.shape == (size + 1,)
    assert error[size].item() == pytest.approx(np.mean((again - flat) ** 2), rel=1e-4)
    assert error[0].item() == pytest.approx(np.mean((wanted.mean_ - flat) ** 2), rel=1e-4)
    kept = 1 - ((again - flat) ** 2).sum() / ((flat - wanted.mean_) ** 2).sum()
    assert principal.explained(found.again(test, size), test, found.mean) == pytest.approx(kept, abs=1e-5)


def test_there_are_no_more_directions_than_pictures_or_numbers() -> None:
    chance = torch.Generator().manual_seed(0)
    assert len(principal.analyse(torch.rand(5, 1, 4, 4, generator=chance)).directions) == 5
    assert len(principal.analyse(torch.rand(50, 1, 4, 4, generator=chance)).directions) == 16
    with pytest.raises(ValueError, match="needs 2 pictures at least, and was given 1"):
        principal.analyse(torch.rand(1, 1, 4, 4, generator=chance))
    same = principal.analyse(torch.ones(3, 1, 2, 2))
    assert same.total == 0
    assert bool((same.share == 0).all())


@pytest.mark.parametrize(("k", "l"), [(3, 3), (2, 5), (5, 2), (1, 1)])
def test_angles_are_those_of_scipy(k: int, l: int) -> None:  # noqa: E741 - the letters of the docstring
    chance = torch.Generator().manual_seed(k)
    a, b = (torch.randn(20, n, generator=chance) for n in (k, l))
    wanted = np.rad2deg(np.sort(subspace_angles(a.double().numpy(), b.double().numpy())))
    np.testing.assert_allclose(principal.angles(a, b), wanted, atol=1e-4)
    mixed = a.double() @ torch.randn(k, k, generator=chance).double()
    np.testing.assert_allclose(principal.angles(a, mixed.float()), 0, atol=1e-3)
    near = a + 1e-4 * torch.randn(20, k, generator=chance)
    wanted = np.rad2deg(np.sort(subspace_angles(a.double().numpy(), near.double().numpy())))
    np.testing.assert_allclose(principal.angles(a, near), wanted, rtol=1e-3)


@pytest.mark.parametrize("likelihood", ["gaussian", "bernoulli"])
def test_columns_are_the_product_of_a_linear_decoders_matrices(likelihood: str) -> None:
    spec = AutoencoderSpec(
        dataset="digits", kind="plain", hidden=(20, 12), activation="linear", latent=4, likelihood=likelihood
    )
    network = build(spec)
    weights = {name: value for name, value in network.named_parameters() if name.startswith("decoder")}
    product = (weights["decoder.output.weight"] @ weights["decoder.linear2.weight"]
               @ weights["decoder.linear1.weight"]).detach()  # fmt: skip
    np.testing.assert_allclose(principal.columns(network, 4), product, atol=1e-6)
