"""Each experiment is run with fewer seeds, some of its rows are computed again, its verdict is judged anew."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from scipy import ndimage
from torch import nn

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.cnn.claims import CLAIMS, forgetting, rates, shifting
from dlviz.labs.cnn.model import build
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec

MODULES = {"forgetting-eval": forgetting, "batch-norm-tolerates": rates, "cnn-beats-dense": shifting}
FOUND = {"forgetting-eval": "yes", "batch-norm-tolerates": "no", "cnn-beats-dense": "yes"}
OPTIONS: dict[str, dict[str, Any]] = {
    "forgetting-eval": {"seeds": (1,)},
    "batch-norm-tolerates": {"seeds": (2,), "steps": 10},
    "cnn-beats-dense": {"seeds": (1, 2), "steps": 30},
}


@cache
def rows(slug: str) -> list[dict[str, Any]]:
    (claim,) = (claim for claim in CLAIMS if claim.slug == slug)
    *reports, verdict = claim.experiment(**OPTIONS[slug])
    assert isinstance(verdict, Verdict)
    assert all(isinstance(report, Progress) for report in reports)
    done = [report.done for report in reports]
    assert all(0 <= b - a <= 60 for a, b in pairwise([0, *done]))
    assert done[-1] == reports[-1].total
    assert verdict == MODULES[slug].judge(verdict.rows)
    return verdict.rows


def test_every_claim_has_its_module() -> None:
    assert [claim.slug for claim in CLAIMS] == list(MODULES)


def test_naming_the_claims_does_not_load_torch() -> None:
    code = "import sys, dlviz.labs.cnn.claims; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.slug)
def test_the_whole_experiment_takes_less_than_twenty_seconds(claim: Any) -> None:
    begun = time.process_time()
    *reports, verdict = claim.experiment()
    assert time.process_time() - begun < 20
    assert verdict.holds == FOUND[claim.slug], verdict.sentence
    assert len(reports) > 100


# --- forgetting eval() -----------------------------------------------------------------------------


def test_what_evaluation_mode_answers_is_computed_from_the_running_means() -> None:
    run = CnnRun(CnnSpec(seed=1))
    run.advance(forgetting.STEPS)
    x, y = run.pictures.test_x[: forgetting.TESTED], run.pictures.test_y[: forgetting.TESTED]
    with torch.no_grad():
        for name, module in run.network.named_children():
            if isinstance(module, nn.BatchNorm2d):
                mean, variance = module.running_mean[:, None, None], module.running_var[:, None, None]
                scale, shift = module.weight[:, None, None], module.bias[:, None, None]
                x = (x - mean) / (variance + module.eps).sqrt() * scale + shift
            elif not name.startswith("dropout"):
                x = module(x)
    share = (x.argmax(1) == y).float().mean().item()
    found = rows("forgetting-eval")
    assert [row["way"] for row in found] == [way for way, _ in forgetting.WAYS]
    for row in found:
        assert row["with_eval"] == pytest.approx(share, abs=0.005)
        assert 0 < row["changed"] < 0.5
        assert row["with_eval"] - row["changed"] <= row["without"] <= row["with_eval"] + row["changed"]


def test_forgetting_leaves_the_network_as_it_was_and_normalises_by_the_batch() -> None:
    network = build(CnnSpec(dropout=0.0))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    x = torch.rand(10, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    answers = forgetting.forgotten(network, x, 5)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    twin = build(CnnSpec(dropout=0.0))
    for module in twin:
        if isinstance(module, nn.BatchNorm2d):
            module.track_running_stats, module.running_mean, module.running_var = False, None, None
    with torch.no_grad():
        expected = torch.cat([twin(x[:5]).argmax(1), twin(x[5:]).argmax(1)])
    assert torch.equal(answers, expected)


# --- learning rates --------------------------------------------------------------------------------


def test_rates_are_trained_by_torchs_own_sgd() -> None:
    row = next(row for row in rows("batch-norm-tolerates") if row["learning_rate"] == 0.3 and not row["batch_norm"])
    spec = rates.setting(False, 0.3, 2)
    run, network = CnnRun(spec), build(spec)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.3)
    order = torch.randperm(len(run.pictures.train_y), generator=torch.Generator().manual_seed(3))
    for batch in order[: 32 * 10].split(32):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(run.pictures.train_x[batch]), run.pictures.train_y[batch]).backward()
        optimizer.step()
    with torch.no_grad():
        right = network(run.pictures.test_x).argmax(1) == run.pictures.test_y
    assert row["test_accuracy"] == pytest.approx(right.float().mean().item(), abs=0.003)
    assert len(rows("batch-norm-tolerates")) == 2 * len(rates.RATES)


# --- convolutional against dense ---------------------------------------------------------------------


def test_both_networks_have_as_many_parameters() -> None:
    for row in rows("cnn-beats-dense"):
        model = build(shifting.setting(row["seed"]))
        other = shifting.dense(model, row["seed"])
        own = model if row["network"] == "convolutional" else other
        assert row["parameters"] == sum(p.numel() for p in own.parameters())
        assert abs(shifting.count(model) - shifting.count(other)) < 795 / 2 + 1, "within half a unit"


@pytest.mark.parametrize("move", shifting.MOVES)
def test_moved_digits_equal_scipys(move: tuple[int, int]) -> None:
    x = torch.rand(2, 1, 28, 28)
    expected = ndimage.shift(x.numpy(), (0, 0, *move), order=0, cval=0)
    assert np.array_equal(shifting.moved(x, *move).numpy(), expected)


# --- verdicts ----------------------------------------------------------------------------------------


def read(*changed: float) -> list[dict[str, Any]]:
    return [{"seed": 1, "way": way, "with_eval": 0.9, "without": 0.9, "changed": share, "unsteady": share}
            for (way, _), share in zip(forgetting.WAYS, changed, strict=True)]  # fmt: skip


def tolerated(with_it: float, without: float) -> list[dict[str, Any]]:
    return [{"seed": seed, "batch_norm": norm, "learning_rate": rate, "test_accuracy": 0.9 if rate <= most else 0.1}
            for seed in (1, 2) for norm, most in ((True, with_it), (False, without))
            for rate in rates.RATES]  # fmt: skip


def compared(ahead: float, shifted: float) -> list[dict[str, Any]]:
    return [{"network": name, "seed": seed, "parameters": 1000, "test_accuracy": 0.9 + own * ahead + 0.001 * seed * own,
             "shifted_accuracy": 0.5 + own * shifted + 0.002 * seed * own}
            for name, own in (("convolutional", 1), ("dense", 0)) for seed in range(4)]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "given", "holds"),
    [
        (forgetting, read(0.1, 0.2, 0.3), "yes"),
        (forgetting, read(0.1, 0.0, 0.3), "partly"),
        (forgetting, read(0.0, 0.0, 0.0), "no"),
        (rates, tolerated(3.0, 0.3), "yes"),
        (rates, tolerated(1.0, 0.3), "partly"),
        (rates, tolerated(0.3, 0.3), "no"),
        (rates, tolerated(0.0, 0.0), "no"),
        (shifting, compared(0.03, 0.2), "yes"),
        (shifting, compared(0.03, 0.01), "partly"),
        (shifting, compared(-0.03, -0.2), "no"),
    ],
)
def test_verdicts_follow_from_the_rows(module: Any, given: list[dict[str, Any]], holds: str) -> None:
    assert module.judge(given).holds == holds
