"""Every number of the code against torch, scikit-learn's principal components and the scores of disentanglement."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from sklearn.decomposition import PCA

from dlviz.core.errors import InvalidInput
from dlviz.labs.autoencoder import disentangling
from dlviz.labs.autoencoder.dimensions import MOST_ROWS, dimensions
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec

SPECS = [
    AutoencoderSpec(dataset="digits", hidden=(20,), latent=6, picture=4),
    AutoencoderSpec(dataset="digits", hidden=(20,), latent=5, kind="plain", likelihood="gaussian"),
    AutoencoderSpec(dataset="digits", hidden=(20,), latent=40, kind="sparse"),
    AutoencoderSpec(dataset="sprites", hidden=(20,), latent=3, kind="conditional", examples=200),
    AutoencoderSpec(dataset="faces", hidden=(20,), latent=1),
]
NAMES = [f"{spec.dataset}-{spec.kind}-{spec.latent}" for spec in SPECS]


def trained(spec: AutoencoderSpec) -> AutoencoderRun:
    run = AutoencoderRun(spec)
    run.advance(20)
    return run


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
def test_each_row_moves_one_number_of_the_picture_on_screen(spec: AutoencoderSpec) -> None:
    run = trained(spec)
    found = dimensions(run, columns=5)
    count = min(spec.latent, MOST_ROWS)
    assert found["traversal"].shape == (count, 5, *spec.picture_shape)
    pixels, label = run.picture.batch
    codes = run.measured().mean.numpy()
    with torch.no_grad():
        code = run.network.encode(pixels, label).mean[0]
        for row, at in enumerate(found["order"][:count]):
            low, high = (-3, 3) if spec.is_variational else (codes[:, at].min(), codes[:, at].max())
            assert np.allclose(found["values"][row], np.linspace(low, high, 5), atol=1e-6)
            for column, value in enumerate(found["values"][row]):
                z = code.clone()
                z[at] = float(value)
                wanted = run.network.pictures(run.network.decode(z[None], label))[0]
                assert np.allclose(found["traversal"][row, column], wanted, atol=1e-5)


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
def test_the_order_goes_from_the_most_used_number_to_the_least(spec: AutoencoderSpec) -> None:
    found = dimensions(trained(spec), traversal=False)
    used = found["kl" if spec.is_variational else "spread"][found["order"]]
    assert (np.diff(used) <= 0).all()
    assert sorted(found["order"]) == list(range(spec.latent))
    assert found["collapsed"].tolist() == (found["codes"].var(0) < 0.01).astype(int).tolist()
    assert "traversal" not in found.arrays


@pytest.mark.parametrize("spec", SPECS, ids=NAMES)
def test_principal_directions_are_scikit_learns(spec: AutoencoderSpec) -> None:
    found = dimensions(trained(spec), traversal=False)
    codes = found["codes"].astype(np.float64)
    wanted = PCA(svd_solver="full").fit(codes)
    count = len(found["singular"])
    np.testing.assert_allclose(found["singular"], wanted.singular_values_[:count], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found["share"], wanted.explained_variance_ratio_[:count], atol=1e-5)
    np.testing.assert_allclose(found["center"], wanted.mean_, atol=1e-5)
    for direction, other in zip(found["directions"][:2], wanted.components_[:2], strict=False):
        assert abs(direction @ other) == pytest.approx(1, abs=1e-4)
        assert direction[abs(direction).argmax()] > 0


def test_sprites_are_scored_against_their_factors() -> None:
    run = trained(SPECS[3])
    found = dimensions(run, traversal=False)
    assert run.data.factors is not None
    codes, factors = found["codes"], run.data.factors[: len(found["codes"])].numpy()
    wanted = [[abs(spearmanr(code, factor).statistic) for factor in factors.T] for code in codes.T]
    np.testing.assert_allclose(found["correlation"], wanted, atol=1e-6)
    scored = disentangling.scores(codes, factors)
    np.testing.assert_allclose(found["information"], scored.information, atol=1e-6)
    assert found["mig"] == pytest.approx(scored.mig, abs=1e-6)
    assert found["follows"].tolist() == scored.follows.tolist()
    assert "mig" not in dimensions(trained(SPECS[0]), traversal=False).arrays


def test_a_conditional_network_is_told_the_class_that_is_named() -> None:
    run = trained(SPECS[3])
    found = dimensions(run, columns=2, label=2)
    pixels, label = run.picture.batch
    with torch.no_grad():
        z = run.network.encode(pixels, label).mean
        z[0, int(found["order"][0])] = -3
        wanted = run.network.decode(z, torch.tensor([2])).sigmoid()[0]
    assert np.allclose(found["traversal"][0, 0], wanted, atol=1e-5)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"columns": 1}, "dimensions.columns must be a whole number in [2, 31]. Got 1. Try 2."),
        ({"columns": "many"}, "dimensions.columns must be a whole number in [2, 31]. Got 'many'. Try 2."),
        ({"label": 3}, "dimensions.label must be a whole number in [0, 2]. Got 3. Try 2."),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        dimensions(AutoencoderRun(SPECS[3]), **options)
    assert words in str(problem.value)
