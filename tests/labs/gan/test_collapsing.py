"""The probe of the collapse meter against sklearn, scipy and numpy."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from scipy.linalg import eigvals
from scipy.spatial.distance import cdist, pdist
from scipy.stats import entropy
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.gan.collapsing import MOST_SHOWN, collapse, frechet, inside
from dlviz.labs.gan.measuring import features, pixels, said
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training import classifiers

SMALL = {"generator_hidden": (16,), "discriminator_hidden": (16,), "examples": 200, "batch_size": 32}
SPECS = {
    "ring": GanSpec(**SMALL),
    "told": GanSpec(**SMALL, dataset="grid25", conditional=True),
    "circle": GanSpec(**SMALL, dataset="circle"),
    "digits": GanSpec(**SMALL, dataset="digits", noise_dimensions=8, batch_norm="generator"),
    "sprites": GanSpec(**SMALL, dataset="sprites", loss="wgangp"),
}


@cache
def opened(name: str) -> tuple[GanRun, Trace]:
    run = GanRun(SPECS[name])
    run.advance(60)
    return run, collapse(run)


def examples(run: GanRun) -> tuple[torch.Tensor, torch.Tensor]:
    """Real and fake that are measured."""
    network = run.network.eval()
    with torch.no_grad():
        fake = network.generator(run.shown.measured_z, run.shown.measured_labels)
    return run.real.held_x[: len(fake)], fake


@pytest.mark.parametrize("name", SPECS)
def test_the_scores_are_those_of_the_run(name: str) -> None:
    run, found = opened(name)
    numbers = run.measured_now().numbers
    for score in ("modes", "entropy", "quality", "precision", "recall", "diversity", "frechet", "separation", "d_fake"):
        wanted = numbers.get(score, np.nan)
        np.testing.assert_allclose(found[score], wanted, rtol=1e-5, atol=1e-6, err_msg=score)


@pytest.mark.parametrize("name", SPECS)
def test_balls_are_sklearns(name: str) -> None:
    """Reach, neighbours, and who is inside, of both sides; and that the ball named is the one that decides."""
    run, found = opened(name)
    real, fake = (features(run.spec, x)[:300].numpy().astype(np.float64) for x in examples(run))
    np.testing.assert_allclose(found["real"], real, atol=1e-4)
    np.testing.assert_allclose(found["fake"], fake, atol=1e-4)
    for side, other, own, members in (("fake", "real", fake, real), ("real", "fake", real, fake)):
        reach = NearestNeighbors(n_neighbors=4).fit(members).kneighbors(members)[0][:, 3]
        np.testing.assert_allclose(found[f"{other}_reach"], reach, rtol=1e-3, atol=1e-5)
        apart = cdist(own, members)
        within = (apart <= reach).any(1)
        assert (found[f"{side}_inside"] == within).mean() > 0.99  # a tie may fall either way in single precision
        np.testing.assert_allclose(found[f"{side}_distance"], np.sort(apart, 1)[:, :3], rtol=1e-3, atol=1e-4)
        rows = np.arange(len(own))
        near = apart[rows[:, None], found[f"{side}_nearest"]]
        np.testing.assert_allclose(near, found[f"{side}_distance"], rtol=1e-3, atol=1e-4)
        ratio = apart[rows, found[f"{side}_by"]] / reach[found[f"{side}_by"]]
        np.testing.assert_allclose(found[f"{side}_ratio"], ratio, rtol=1e-3, atol=1e-4)
        np.testing.assert_allclose(ratio, (apart / reach).min(1), rtol=1e-3)
        assert np.array_equal(found[f"{side}_ratio"] <= 1, found[f"{side}_inside"].astype(bool))
    assert found["precision"] == pytest.approx(found["fake_inside"].mean(), abs=1e-6)
    assert found["recall"] == pytest.approx(found["real_inside"].mean(), abs=1e-6)
    assert found["fake_spread"] == pytest.approx(pdist(fake).mean(), rel=1e-4)
    assert found["diversity"] == pytest.approx(pdist(fake).mean() / pdist(real).mean(), rel=1e-4)


@pytest.mark.parametrize("name", ["ring", "digits"])
def test_frechets_terms_are_scipys(name: str) -> None:
    run, found = opened(name)
    real, fake = (features(run.spec, x).numpy().astype(np.float64) for x in examples(run))
    cov, other = np.cov(real.T), np.cov(fake.T)
    means = ((real.mean(0) - fake.mean(0)) ** 2).sum()
    cross = np.sqrt(
        eigvals(cov @ other).real.clip(0)
    ).sum()  # the trace of the root, also where the product is singular
    spreads = np.trace(cov + other) - 2 * cross
    assert found["frechet_means"] == pytest.approx(means, rel=1e-4)
    assert found["frechet_covariances"] == pytest.approx(spreads, rel=1e-3)
    assert found["frechet"] == pytest.approx(means + spreads, rel=1e-3)
    parts = found["real_trace"] + found["fake_trace"] - 2 * found["cross_trace"]
    assert found["frechet_covariances"] == pytest.approx(parts, rel=1e-3)
    np.testing.assert_allclose(found["fake_mean"], fake.mean(0), rtol=1e-3, atol=1e-4)
    if run.spec.is_planar:
        np.testing.assert_allclose(found["fake_covariance"], other, rtol=1e-3, atol=1e-5)


def test_a_cloud_and_a_ring_can_be_nought_apart() -> None:
    """What Fréchet's distance cannot see, as the panel says."""
    run = GanRun(GanSpec())
    ring = run.real.held_x
    cloud = torch.randn(200_000, 2, generator=torch.Generator().manual_seed(0)) * ring.std(0) + ring.mean(0)
    found = frechet(ring, cloud)
    assert found.means + found.covariances < 1e-3
    assert inside(cloud[:300], ring[:300]).share < 0.2


@pytest.mark.parametrize("name", ["ring", "told", "digits"])
def test_modes_are_counted_and_judged(name: str) -> None:
    run, found = opened(name)
    real, fake = examples(run)
    if run.spec.is_planar:
        apart = cdist(fake.numpy(), run.real.centers.numpy())
        good, mode = apart.min(1) <= 3 * run.real.spread, apart.argmin(1)
    else:
        read = classifiers.logits(classifiers.shipped("digits"), pixels(fake)).softmax(1).numpy()
        good, mode = read.max(1) > 0.8, read.argmax(1)
    total = len(run.spec.classes)
    counts = np.bincount(mode[good], minlength=total)
    assert found["mode_counts"].tolist() == counts.tolist()
    assert found["modes"] == (counts >= len(fake) / total / 5).sum()
    assert found["fair"] == len(fake) / total
    assert found["needed"] == pytest.approx(len(fake) / total / 5)
    assert found["entropy"] == pytest.approx(entropy(counts) if counts.sum() else 0, abs=1e-5)
    with torch.no_grad():
        outputs = [run.network.discriminator(x, y)[:, 0] for x, y in
                   ((real, run.real.held_y[: len(real)]), (fake, run.shown.measured_labels))]  # fmt: skip
    auc = roc_auc_score([1] * len(real) + [0] * len(fake), torch.cat(outputs))
    assert found["separation"] == pytest.approx(auc, abs=1e-5)
    assert found["d_fake"] == pytest.approx(said(run.spec, outputs[1]).mean().item(), abs=1e-5)


@pytest.mark.parametrize("name", ["digits", "sprites"])
def test_pictures_stand_beside_their_nearest(name: str) -> None:
    run, found = opened(name)
    real, fake = (pixels(x) for x in examples(run))
    for side, own, others in (("fake", fake, real), ("real", real, fake)):
        np.testing.assert_allclose(found[f"{side}_pictures"], own[:16], atol=1e-5)
        near = others[found[f"{side}_nearest"][:16]]
        np.testing.assert_allclose(found[f"{side}_near_pictures"], near, atol=1e-5)
    reader = classifiers.shipped(name)
    for k, shown in enumerate(found["mode_shown"]):
        some = torch.from_numpy(found["mode_examples"][k])
        assert shown == min(4, found["mode_counts"][k])
        if shown:
            read = classifiers.logits(reader, some[:shown]).softmax(1)
            assert (read[:, k] > 0.8).all()
        assert not some[shown:].any()


def test_fakes_that_are_all_one_have_no_numbers_that_are_none() -> None:
    run = GanRun(GanSpec(**SMALL))
    with torch.no_grad():
        run.network.generator.output.weight.zero_()
    found = collapse(run)
    assert found["diversity"] == 0
    assert found["fake_reach"].max() == 0
    assert np.isfinite(found["real_ratio"]).all()
    assert not found["real_inside"].any()


@pytest.mark.parametrize("shown", [0, MOST_SHOWN + 1, 1.5, True, "many"])
def test_refusals_say_what_works(shown: object) -> None:
    with pytest.raises(InvalidInput, match=rf"must be a whole number in \[1, {MOST_SHOWN}\]"):
        collapse(opened("ring")[0], shown=shown)
