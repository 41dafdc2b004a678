"""Each experiment is run with fewer seeds and its verdict judged anew; test_claim_measures.py checks their measures."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from dlviz.labs.cnn.claims import CLAIMS, augmentation, dropout, edges, forgetting, randomizing, rates, shifting
from tests.labs.cnn.claim_rows import FOUND, MODULES, rows


def test_every_claim_has_its_module() -> None:
    assert [claim.slug for claim in CLAIMS] == list(MODULES)


def test_naming_the_claims_does_not_load_torch() -> None:
    code = "import sys, dlviz.labs.cnn.claims; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(400)  # of a busy machine
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.slug)
def test_the_whole_experiment_finds_what_it_found_before(claim: Any) -> None:
    *reports, verdict = claim.experiment()
    assert verdict.holds == FOUND[claim.slug], verdict.sentence
    assert len(reports) > 100


@pytest.mark.parametrize("slug", MODULES)
def test_a_short_run_reports_on_the_way_and_ends_with_its_verdict(slug: str) -> None:
    assert rows(slug)


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


def dropped(narrower: float, closer: float) -> list[dict[str, Any]]:
    return [{"seed": seed, "dropout": chance, "train_accuracy": 1.0, "train_loss": 0.0,
             "test_accuracy": 0.8 + own * (narrower + 1e-3 * seed), "test_loss": 0.9 - own * (closer + 1e-3 * seed)}
            for seed in range(4) for own, chance in enumerate(dropout.CHANCES)]  # fmt: skip


def augmented(large: float, small: float) -> list[dict[str, Any]]:
    return [{"dataset": dataset, "seed": seed, "augment": augment,
             "test_accuracy": 0.9 + augment * gain + 1e-3 * seed * augment}
            for dataset, gain in (("mnist", large), ("digits", small)) for seed in range(4)
            for augment in (False, True)]  # fmt: skip


def looked(trained: tuple[float, float], second: float) -> list[dict[str, Any]]:
    shares = {False: {"conv1": trained[0], "conv2": second}, True: {"conv1": trained[1], "conv2": second}}
    return [{"batch_norm": norm, "seed": seed, "layer": layer, "untrained": 0.15, "trained": share + 1e-3 * seed,
             "added": 0.5} for norm in (False, True) for seed in range(4)
            for layer, share in shares[norm].items()]  # fmt: skip


def kept(guided: tuple[float, float], cam: float) -> list[dict[str, Any]]:
    return [{"network": network, "seed": seed, "method": method, "test_accuracy": 0.9, "all": 0.2,
             "dense": (share if method == "guided_backprop" else cam) + 0.01 * seed * (method == "grad_cam")}
            for network, share in zip(randomizing.SETTINGS, guided, strict=True) for seed in range(4)
            for method in randomizing.METHODS]  # fmt: skip


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
        (dropout, dropped(0.02, 0.3), "yes"),
        (dropout, dropped(-0.02, 0.3), "partly"),
        (dropout, dropped(-0.02, -0.3), "no"),
        (augmentation, augmented(0.02, 0.01), "yes"),
        (augmentation, augmented(0.02, -0.09), "partly"),
        (augmentation, augmented(-0.02, -0.09), "no"),
        (edges, looked((0.6, 0.5), 0.3), "yes"),
        (edges, looked((0.6, 0.25), 0.3), "partly"),
        (edges, looked((0.6, 0.1), 0.3), "partly"),
        (edges, looked((0.14, 0.1), 0.3), "no"),
        (randomizing, kept((0.8, 0.8), 0.4), "yes"),
        (randomizing, kept((0.8, 0.4), 0.4), "partly"),
        (randomizing, kept((0.45, 0.4), 0.2), "no"),
    ],
)
def test_verdicts_follow_from_the_rows(module: Any, given: list[dict[str, Any]], holds: str) -> None:
    assert module.judge(given).holds == holds
