"""Each experiment is run with fewer seeds, some of its rows are computed again, its verdict is judged anew."""

from __future__ import annotations

import math
import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import entropy
from torch import nn

from dlviz.labs.attention import probe
from dlviz.labs.attention.claims import CLAIMS, heads, inducing, ordering, racing, saturating
from dlviz.labs.attention.run import AttentionRun
from tests.labs.experiments import rows_of

MODULES: dict[str, Any] = {
    "order-blind": ordering, "saturation": saturating, "several-heads": heads, "induction": inducing, "faster": racing,
}  # fmt: skip
# What a race of seconds finds depends on the machine: any verdict that its rows bear out will do.
FOUND = {
    "order-blind": ("partly",), "saturation": ("yes",), "several-heads": ("yes", "partly"), "induction": ("yes",),
    "faster": ("yes", "partly", "no"),
}  # fmt: skip
OPTIONS: dict[str, dict[str, Any]] = {
    "order-blind": {"layers": (1, 2), "shuffles": 2},
    "saturation": {"sizes": (4, 64), "seeds": (1,), "steps": (6, 12)},
    "several-heads": {"seeds": (1, 2), "steps": 30},
    "induction": {"seeds": (1,), "steps": 50, "every": 25},
    "faster": {"lengths": (12,), "seeds": (1,), "seconds": 0.3},
}


@cache
def rows(slug: str) -> list[dict[str, Any]]:
    return rows_of(CLAIMS, MODULES, slug, OPTIONS[slug])


def row(slug: str, **wanted: Any) -> dict[str, Any]:
    (found,) = (row for row in rows(slug) if all(row.get(name) == value for name, value in wanted.items()))
    return found


def test_every_claim_has_its_module() -> None:
    assert set(MODULES) <= {claim.slug for claim in CLAIMS}


def test_naming_the_claims_does_not_load_torch() -> None:
    code = "import sys, dlviz.labs.attention.claims; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("slug", MODULES)
def test_the_whole_experiment_finds_what_it_found_before(slug: str) -> None:
    (claim,) = (claim for claim in CLAIMS if claim.slug == slug)
    *reports, verdict = claim.experiment()
    assert verdict.holds in FOUND[slug], verdict.sentence
    assert len(reports) > 10


# --- their numbers, by other means -----------------------------------------------------------------


def test_torchs_own_encoder_is_blind_to_the_order_too_to_a_millionth() -> None:
    for depth in (1, 2):
        found = row("order-blind", layers=depth, position="none", mask="none")
        assert found["difference"] <= 1e-6
        torch.manual_seed(1)
        layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        encoder = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False).eval()
        x, order = torch.randn(1, 24, 32), torch.randperm(24)
        assert (encoder(x)[:, order] - encoder(x[:, order])).abs().max() < 1e-5
    assert row("order-blind", layers=1, position="none", mask="causal")["difference"] > 0.1
    assert row("order-blind", layers=1, position="rope", mask="none")["difference"] > 0.01


def test_entropies_are_scipys() -> None:
    generator = torch.Generator().manual_seed(0)
    query, key = torch.randn(256, 64, generator=generator).numpy(), torch.randn(32, 64, generator=generator).numpy()
    for scaled in (True, False):
        scores = query @ key.T / (8 if scaled else 1)
        weights = np.exp(scores - scores.max(1, keepdims=True))
        weights /= weights.sum(1, keepdims=True)
        found = row("saturation", kind="chance", d=64, scaled=scaled)
        assert found["entropy"] == pytest.approx(entropy(weights, axis=1).mean(), abs=1e-4)
        assert found["largest"] == pytest.approx(weights.max(1).mean(), abs=1e-5)


def test_accuracies_of_heads_are_those_of_a_run() -> None:
    run = AttentionRun(heads.setting(2, 0, 2))
    run.advance(30)
    part = run.task.test
    with torch.no_grad():
        said = run.network(part.inputs, part.lengths).argmax(2)
    asked = part.targets >= 0
    found = row("several-heads", seed=2, heads=2, feed_forward=0)
    assert found["accuracy"] == pytest.approx(float((said == part.targets)[asked].float().mean()))
    assert found["parameters"] == row("several-heads", seed=2, heads=1, feed_forward=0)["parameters"]


def test_the_share_of_the_induction_head_is_counted_place_by_place() -> None:
    run = AttentionRun(inducing.setting(2, 1))
    run.advance(50)
    shares = np.zeros((2, 4))
    places = 0
    for k in range(inducing.MEASURED):
        run.set({"example": k})
        trace = probe.heads(run)
        tokens, targets = trace["tokens"].tolist(), run.reading.targets[0].tolist()  # type: ignore[index]
        for t, token in enumerate(tokens):
            before = [s for s in range(t) if tokens[s] == token]
            if before and targets[t] >= 0:
                shares += trace["weights"][:, :, t, before[-1] + 1]
                places += 1
    found = row("induction", layers=2, step=50)
    assert found["induction"] == pytest.approx((shares / places).max(), abs=1e-5)


def test_halfway_is_where_half_of_the_way_is_done() -> None:
    curve = [{"step": step, "loss": loss} for step, loss in ((0, 3.0), (25, 2.8), (50, 1.9), (75, 1.0))]
    assert inducing.halfway(curve, "loss") == 50


def test_the_two_that_race_have_about_as_many_parameters() -> None:
    ours, theirs = row("faster", network="Transformer"), row("faster", network="LSTM")
    assert 1 <= theirs["parameters"] / ours["parameters"] < 1.1
    size = racing.size_for(ours["parameters"], 26)
    assert theirs["parameters"] == sum(p.numel() for p in racing.Remembering(26, size).parameters())
    assert min(ours["steps_a_second"], theirs["steps_a_second"]) > 0
    assert max(ours["loss"], theirs["loss"]) < 1.2 * math.log(26)


def test_a_verdict_follows_its_rows() -> None:
    def race(loss: float) -> list[dict[str, Any]]:
        return [{"length": 24, "seed": 1, "network": "Transformer", "steps_a_second": 50.0, "loss": loss},
                {"length": 24, "seed": 1, "network": "LSTM", "steps_a_second": 90.0, "loss": 1.0}]  # fmt: skip

    assert racing.judge(race(0.5)).holds == "yes"
    assert racing.judge(race(1.5)).holds == "no"
    blind = [dict(found, difference=0.5) if found["position"] == "none" else found for found in rows("order-blind")]
    assert ordering.judge(blind).holds == "no"
