"""Each experiment is run with fewer seeds, some of its rows are computed again, its verdict is judged anew."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch

from dlviz.labs.gan.claims import CLAIMS, beside_vae, blind, bug, ring, smoothing, starving
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from tests.labs.experiments import rows_of

MODULES: dict[str, Any] = {
    "starving": starving, "ring": ring, "blind": blind, "bug": bug, "smoothing": smoothing, "beside-vae": beside_vae,
}  # fmt: skip
FOUND: dict[str, tuple[str, ...]] = {
    "starving": ("partly",), "ring": ("partly",), "blind": ("yes",), "bug": ("partly", "yes"),
    "smoothing": ("yes", "partly"), "beside-vae": ("partly",),
}  # fmt: skip
OPTIONS: dict[str, dict[str, Any]] = {
    "starving": {"alone": (0, 40), "seeds": (1,), "steps": 20},
    "ring": {"seeds": (1,), "steps": 40},
    "blind": {"seeds": (1, 2), "steps": 20},
    "bug": {"seeds": (1,), "steps": 40},
    "smoothing": {"seeds": (1,), "steps": 60},
    "beside-vae": {"seeds": (1,), "steps": 60},
}


@cache
def rows(slug: str) -> list[dict[str, Any]]:
    return rows_of(CLAIMS, MODULES, slug, OPTIONS[slug])


@pytest.mark.parametrize("slug", MODULES)
def test_an_experiment_in_small(slug: str) -> None:
    assert rows(slug)


def test_every_claim_has_its_module() -> None:
    assert list(MODULES) == [claim.slug for claim in CLAIMS]
    assert list(FOUND) == list(MODULES)


def test_naming_the_claims_does_not_load_torch() -> None:
    code = "import sys, dlviz.labs.gan.claims; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("slug", MODULES)
def test_the_whole_experiment_finds_what_it_found_before(slug: str) -> None:
    (claim,) = (claim for claim in CLAIMS if claim.slug == slug)
    *reports, verdict = claim.experiment()
    assert verdict.holds in FOUND[slug], verdict.sentence
    assert len(reports) > 10


# --- their numbers, by other means -----------------------------------------------------------------


def test_gradients_are_those_of_torchs_losses() -> None:
    run = GanRun(GanSpec())
    run.advance(10)
    found, said = starving.gradients(run)
    for loss, sign, label in (("minimax", -1, 0.0), ("nonsaturating", 1, 1.0)):
        run.network.zero_grad()
        logits = run.network(run.shown.z, run.shown.labels)
        (sign * torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))).backward()
        norm = np.sqrt(sum(float((p.grad**2).sum()) for p in run.network.generator.parameters() if p.grad is not None))
        assert found[loss] == pytest.approx(norm, rel=1e-4)
    assert said == pytest.approx(torch.sigmoid(logits).mean().item(), rel=1e-5)


def test_looks_of_the_ring_are_those_of_a_run() -> None:
    run = GanRun(GanSpec(beta1=0.9))
    modes = []
    run.advance(20)
    for _ in range(4):
        run.advance(5)
        modes.append(int(run.measured_now().numbers["modes"]))
    (row,) = (row for row in rows("ring") if row["game"] == "plain, β₁ = 0.9")
    assert row["modes at each look"] == modes


def test_the_cost_counts_the_weights_of_both_players() -> None:
    run = GanRun(GanSpec(seed=1, **beside_vae.SETTINGS))
    count = {
        player: sum(p.numel() for name, p in getattr(run.network, player).named_parameters() if p.ndim == 2)
        for player in ("generator", "discriminator")
    }
    assert beside_vae.cost_of_gan() == 4 * count["generator"] + 8 * count["discriminator"]
    weights = [p for p in beside_vae.Vae(64).parameters() if p.ndim == 2]
    assert beside_vae.cost_of_vae() == 3 * sum(p.numel() for p in weights)


def test_the_vae_is_scored_by_torchs_distributions() -> None:
    torch.manual_seed(0)
    vae, x = beside_vae.Vae(64), torch.rand(9, 1, 8, 8)
    found = vae.loss(x, torch.Generator().manual_seed(1))
    h = vae.encoder(x)
    posterior = torch.distributions.Normal(vae.mean(h), (vae.log_variance(h) / 2).exp())
    z = posterior.loc + posterior.scale * torch.randn(9, 16, generator=torch.Generator().manual_seed(1))
    lost = torch.nn.functional.binary_cross_entropy(vae.decoder(z).sigmoid(), x.flatten(1), reduction="none").sum(1)
    kl = torch.distributions.kl_divergence(posterior, torch.distributions.Normal(0.0, 1.0)).sum(1)
    assert found.item() == pytest.approx((lost + kl).mean().item(), rel=1e-5)


def test_edges_are_numpys() -> None:
    x = torch.rand(5, 1, 8, 8)
    wanted = (np.diff(x.numpy(), axis=3) ** 2).mean() + (np.diff(x.numpy(), axis=2) ** 2).mean()
    assert beside_vae.edges(x) == pytest.approx(wanted, rel=1e-5)
