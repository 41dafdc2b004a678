"""Each experiment is run with fewer seeds, some of its rows are computed again, its verdict is judged anew."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from dlviz.labs.autoencoder.beside.measuring import drawn
from dlviz.labs.autoencoder.claims import (
    CLAIMS,
    averaging,
    collapsing,
    compressing,
    copying,
    disentangling,
    holes,
    linear,
)
from dlviz.labs.autoencoder.run import AutoencoderRun
from tests.labs.experiments import rows_of

MODULES: dict[str, Any] = {
    "holes": holes, "disentangling": disentangling, "beats-pca": compressing, "linear-pca": linear,
    "two-answers": averaging, "collapse": collapsing, "denoising": copying,
}  # fmt: skip
FOUND = {"holes": ("partly",), "disentangling": ("yes", "partly"), "beats-pca": ("yes",), "linear-pca": ("partly",),
         "two-answers": ("yes",), "collapse": ("yes",), "denoising": ("partly",)}  # fmt: skip
OPTIONS: dict[str, dict[str, Any]] = {
    "holes": {"sizes": (2, 8), "seeds": (1,), "steps": 60},
    "disentangling": {"betas": (0.1, 20.0), "seeds": (1,), "steps": 20},
    "beats-pca": {"sizes": (2, 8), "seeds": (1,), "steps": 80},
    "linear-pca": {"sizes": (2, 3), "seeds": (1,), "marks": (50, 100)},
    "two-answers": {"seeds": (1,), "steps": 150},
    "collapse": {"betas": (0.1, 16.0), "seeds": (1,), "steps": 200},
    "denoising": {"seeds": (1,), "steps": 120},
}


@cache
def rows(slug: str) -> list[dict[str, Any]]:
    return rows_of(CLAIMS, MODULES, slug, OPTIONS[slug])


def row(slug: str, **wanted: Any) -> dict[str, Any]:
    (found,) = (row for row in rows(slug) if all(row.get(name) == value for name, value in wanted.items()))
    return found


def test_every_claim_has_its_module() -> None:
    assert list(MODULES) == [claim.slug for claim in CLAIMS]


def test_naming_the_claims_does_not_load_torch() -> None:
    code = "import sys, dlviz.labs.autoencoder.claims; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("slug", MODULES)
def test_the_whole_experiment_finds_what_it_found_before(slug: str) -> None:
    (claim,) = (claim for claim in CLAIMS if claim.slug == slug)
    *reports, verdict = claim.experiment()
    assert verdict.holds in FOUND[slug], verdict.sentence
    assert len(reports) > 10


# --- their numbers, by other means -----------------------------------------------------------------


def test_distances_to_the_nearest_are_sklearns() -> None:
    run = AutoencoderRun(holes.setting("plain", 8, 1))
    run.advance(60)
    pictures = run.data.pictures
    with torch.no_grad():
        codes = run.network.encode(pictures.test_x).mean
        z = drawn("box", codes, pictures.test_y, holes.SAMPLES, torch.Generator().manual_seed(0))
        decoded = run.network.decode(z).sigmoid()
    known = NearestNeighbors(n_neighbors=1).fit(pictures.train_x.flatten(1).numpy())
    far, own = (known.kneighbors(x.flatten(1).numpy())[0].mean() for x in (decoded, pictures.test_x))
    assert row("holes", size=8, kind="plain", source="box")["far"] == pytest.approx(far / own, rel=1e-4)


def test_edges_are_numpys() -> None:
    run = AutoencoderRun(disentangling.setting(20.0, 1))
    run.advance(20)
    x = run.data.pictures.test_x
    with torch.no_grad():
        again = run.network.decode(run.network.encode(x).mean).sigmoid().numpy()

    def energy(pictures: np.ndarray) -> float:
        return float((np.diff(pictures, axis=3) ** 2).mean() + (np.diff(pictures, axis=2) ** 2).mean())

    assert row("disentangling", beta=20.0)["edges"] == pytest.approx(energy(again) / energy(x.numpy()), rel=1e-4)


def test_pca_is_sklearns() -> None:
    for size in (2, 8):
        pictures = AutoencoderRun(compressing.setting(size, 1)).data.pictures
        x, test = (part.flatten(1).double().numpy() for part in (pictures.train_x, pictures.test_x))
        pca = PCA(size).fit(x)
        wanted = ((pca.inverse_transform(pca.transform(test)) - test) ** 2).mean()
        assert row("beats-pca", size=size)["pca"] == pytest.approx(wanted, rel=1e-4)


def test_angles_are_scipys() -> None:
    run = AutoencoderRun(linear.setting(3, 1))
    run.advance(50)
    pca = PCA(4).fit(run.data.pictures.train_x.flatten(1).double().numpy())
    weight = run.network.decoder.output.weight.detach().double().numpy()  # type: ignore[union-attr]
    wanted = np.degrees(subspace_angles(weight, pca.components_[:3].T)).max()
    found = row("linear-pca", size=3, step=50)
    assert found["angle"] == pytest.approx(wanted, abs=0.05)
    assert found["gap"] == pytest.approx(1 - pca.explained_variance_[3] / pca.explained_variance_[2], abs=1e-3)


def test_the_answer_to_the_bars_is_their_mean() -> None:
    found = row("two-answers", case="bars")
    left, right = averaging.bars()
    apart = ((left + right) / 2 - left).square().mean().sqrt()
    assert found["from_mean"] < 0.05
    assert found["from_bar"] == pytest.approx(apart.item(), abs=0.05)


def test_numbers_in_use_are_counted() -> None:
    run = AutoencoderRun(collapsing.setting(16.0, 1))
    run.advance(200)
    with torch.no_grad():
        means = run.network.encode(run.data.pictures.test_x[:500]).mean.numpy()
    assert row("collapse", beta=16.0)["in_use"] == (means.var(0) >= 0.01).sum()


def test_a_closed_form_reads_what_ridge_regression_reads() -> None:
    from sklearn.linear_model import Ridge
    from sklearn.preprocessing import StandardScaler

    run = AutoencoderRun(copying.setting("linear", 1))
    run.advance(120)
    pictures = run.data.pictures
    with torch.no_grad():
        codes, test = (run.network.encode(x).mean.double().numpy() for x in (pictures.train_x[:50], pictures.test_x))
    scale = StandardScaler().fit(codes)
    wide = np.sqrt(50 / 49)  # torch's spread divides by n − 1
    a, b = (np.column_stack([scale.transform(x) / wide, np.ones(len(x))]) for x in (codes, test))
    ridge = Ridge(alpha=10.0, fit_intercept=False).fit(a, np.eye(10)[pictures.train_y[:50].numpy()])
    wanted = (ridge.predict(b).argmax(1) == pictures.test_y.numpy()).mean()
    assert row("denoising", kind="linear")["read"] == pytest.approx(wanted, abs=0.01)


def test_a_verdict_follows_its_rows() -> None:
    swapped = [
        {**found, "kind": {"plain": "variational", "variational": "plain"}[found["kind"]]} for found in rows("holes")
    ]
    assert holes.judge(swapped).holds == "no"
    flat = [{**found, "in_use": 8} for found in rows("collapse")]
    assert collapsing.judge(flat).holds == "no"
    worse = [{**found, "autoencoder": found["pca"] * 1.1} for found in rows("beats-pca")]
    assert compressing.judge(worse).holds == "no"
    sharp = [{**found, "edges": 1.0, "from_mean": 1.0} for found in rows("two-answers")]
    assert averaging.judge(sharp).holds == "no"
