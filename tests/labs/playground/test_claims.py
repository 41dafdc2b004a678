"""Each experiment is run with fewer seeds, its rows are computed again by somebody else, its verdict is judged anew."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from torch import nn

from dlviz.labs.playground import probe
from dlviz.labs.playground.claims import CLAIMS, depth, dying, overfitting, separation, sparsity
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec
from tests.labs.experiments import rows_of

SEEDS = (1, 2)
MODULES = {"xor-needs-a-hidden-layer": separation, "sigmoid-loses-the-gradient": depth, "leaky-relu-recovers": dying,
           "l1-makes-exact-zeros": sparsity, "larger-networks-overfit": overfitting}  # fmt: skip
FOUND = {"xor-needs-a-hidden-layer": "yes", "sigmoid-loses-the-gradient": "partly", "leaky-relu-recovers": "partly",
         "l1-makes-exact-zeros": "partly", "larger-networks-overfit": "yes"}  # fmt: skip


@cache
def rows(slug: str) -> list[dict[str, Any]]:
    return rows_of(CLAIMS, MODULES, slug, {"seeds": SEEDS}, most=1200)


def test_every_claim_has_its_module() -> None:
    assert [claim.slug for claim in CLAIMS] == list(MODULES)


def test_naming_the_claims_does_not_load_torch() -> None:
    code = "import sys, dlviz.labs.playground.claims; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(400)  # of a busy machine
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.slug)
def test_the_whole_experiment_finds_what_it_found_before(claim: Any) -> None:
    *reports, verdict = claim.experiment()
    assert verdict.holds == FOUND[claim.slug], verdict.sentence
    assert len(reports) > 100


# --- xor -----------------------------------------------------------------------------------------


def test_no_linear_model_does_better_on_xor_than_the_rows_say() -> None:
    for row in rows("xor-needs-a-hidden-layer"):
        points = PlaygroundRun(PlaygroundSpec(dataset="xor", seed=row["seed"])).points
        x, y = points.train_x.double().numpy(), points.train_y.numpy()
        best = LogisticRegression(C=np.inf).fit(x, y)
        assert row["linear_loss"] >= log_loss(y, best.predict_proba(x)) - 1e-6
        assert best.score(x, y) <= row["best_line_accuracy"]
        assert row["linear_accuracy"] <= row["best_line_accuracy"] < 0.85
        assert row["hidden_accuracy"] >= 0.98


def test_the_best_line_is_near_the_exhaustive_one() -> None:
    """Every way a line can part 40 points is a line just beside two of them."""
    generator = np.random.default_rng(0)
    x = generator.uniform(-5, 5, (40, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    exact = 0.0
    for i, j in combinations(range(40), 2):
        normal = np.array([x[i, 1] - x[j, 1], x[j, 0] - x[i, 0]])
        for tilt in (-1e-6, 1e-6):
            turned = normal + tilt * np.array([-normal[1], normal[0]])
            side = (x - (x[i] + x[j]) / 2) @ turned
            for shift in (-1e-5, 0, 1e-5):
                right = ((side > shift) == y).mean()
                exact = max(exact, right, 1 - right)
    assert exact - 0.06 <= separation.best_line(x, y) <= exact + 1e-12
    assert separation.best_line(x, (x[:, 0] + 2 * x[:, 1] > 1).astype(int)) >= 0.97


# --- depth ---------------------------------------------------------------------------------------


def test_gradient_ratios_equal_torchs_own_layers() -> None:
    for row in rows("sigmoid-loses-the-gradient"):
        activation = "sigmoid" if row["network"] == "sigmoid" else "relu"
        run = PlaygroundRun(PlaygroundSpec(hidden_layers=(8,) * 6, activations=(activation,), seed=row["seed"]))
        if row["network"] == "ReLU, He":
            depth.start_as_he(run)
        layers: list[nn.Module] = []
        for linear in run.network.linear:
            twin = nn.Linear(linear.in_features, linear.out_features).double()
            twin.load_state_dict({name: value.clone() for name, value in linear.state_dict().items()})
            layers += [twin, nn.Sigmoid() if activation == "sigmoid" else nn.ReLU()]
        network = nn.Sequential(*layers[:-1])
        nn.CrossEntropyLoss()(network(run.train_inputs.double()), run.points.train_y).backward()
        first, last = (torch.cat([p.grad.flatten() for p in network[at].parameters()]).norm() for at in (0, -1))
        assert row["ratio_before"] == pytest.approx((first / last).item(), rel=1e-6)


def test_he_weights_have_the_spread_that_he_asks_for() -> None:
    runs = [PlaygroundRun(PlaygroundSpec(hidden_layers=(8,) * 6, activations=("relu",), seed=s)) for s in range(20)]
    for run in runs:
        depth.start_as_he(run)
    weights = torch.cat([linear.weight.flatten() for run in runs for linear in run.network.linear[1:]])
    assert weights.std().item() == pytest.approx((2 / 8) ** 0.5, rel=0.03)
    assert all((linear.bias == 0).all() for run in runs for linear in run.network.linear)


# --- dying ReLU ----------------------------------------------------------------------------------


def test_units_counted_as_dead_answer_zero_at_every_point() -> None:
    for row in rows("leaky-relu-recovers"):
        spec = PlaygroundSpec(hidden_layers=(8, 8), activations=("relu",), learning_rate=3.0, seed=row["seed"])
        run = PlaygroundRun(spec)
        run.advance(dying.KILLING_STEPS)
        a, dead = run.points.train_x, 0
        for linear in run.network.linear[:-1]:
            a = (a @ linear.weight.T + linear.bias).clamp(min=0).detach()
            dead += int((a.amax(0) == 0).sum())
        assert row["dead"] == dead >= 8
        other = dying.continued(run, "leaky_relu")
        assert all((a == b).all() for a, b in zip(run.parameters().values(), other.parameters().values(), strict=True))
        assert other.spec.activations == ("leaky_relu",)
        assert row["relu_dead"] >= 8
        assert row["relu_accuracy"] < 0.6


# --- sparsity ------------------------------------------------------------------------------------


def test_zeros_are_counted_exactly() -> None:
    found = rows("l1-makes-exact-zeros")
    for name, penalty in (("L1, proximal", sparsity.PENALTIES[3][1]), ("L1, plain", sparsity.PENALTIES[2][1])):
        run = PlaygroundRun(sparsity.setting(2, penalty))
        run.advance(sparsity.STEPS)
        weights = np.concatenate([p.ravel() for name, p in run.parameters().items() if name.startswith("weight")])
        (row,) = (row for row in found if row["penalty"] == name and row["seed"] == 2)
        assert row["zeros"] == np.count_nonzero(weights == 0)
        assert row["small"] == np.count_nonzero(np.abs(weights) < 1e-3)
        assert row["weights"] == weights.size == 7 * 8 + 8 * 2
        assert row["norm"] == pytest.approx(np.linalg.norm(weights), rel=1e-5)
    assert all(row["zeros"] == 0 for row in found if row["penalty"] != "L1, proximal")


# --- overfitting ---------------------------------------------------------------------------------


def test_losses_equal_scikit_learns() -> None:
    (row,) = (row for row in rows("larger-networks-overfit") if (row["network"], row["seed"]) == ("large", 2))
    run = PlaygroundRun(PlaygroundSpec(dataset="xor", noise=40.0, samples=400, train_share=15, seed=2,
                                       optimizer="adam", learning_rate=0.01, hidden_layers=(8, 8, 8)))  # fmt: skip
    run.advance(overfitting.STEPS)
    points = run.points
    for name, x, y in (("train", points.train_x, points.train_y), ("test", points.test_x, points.test_y)):
        probability = probe.maps(run, input=x.numpy())["output"].T.astype(np.float64)
        probability /= probability.sum(1, keepdims=True)
        assert row[f"{name}_loss"] == pytest.approx(log_loss(y.numpy(), probability), rel=1e-3)
    assert (len(points.train_x), len(points.test_x)) == (60, 340)
    assert row["gap"] == row["test_loss"] - row["train_loss"]


# --- verdicts ------------------------------------------------------------------------------------

XOR = {"seed": 1, "linear_accuracy": 0.5, "best_line_accuracy": 0.75, "hidden_accuracy": 1.0}
DEAD = {"seed": 1, "dead": 8, "accuracy": 0.5, "largest_weight": 3.0, "relu_accuracy": 0.5, "leaky_relu_accuracy": 1.0,
        "leaky_relu_diverged": False}  # fmt: skip


def deep(sigmoid: float, relu: float, he: float) -> list[dict[str, Any]]:
    learned = {"sigmoid": 0.5, "ReLU": 1.0, "ReLU, He": 1.0}
    return [{"network": name, "ratio_before": ratio, "test_accuracy": learned[name]}
            for name, ratio in zip(learned, (sigmoid, relu, he), strict=True)]  # fmt: skip


def sparse(none: float, l2: int, plain: int, proximal: int) -> list[dict[str, Any]]:
    norms = {"none": none, "L2": 2.0, "L1, plain": 2.0, "L1, proximal": 2.0}
    zeros = {"none": 0, "L2": l2, "L1, plain": plain, "L1, proximal": proximal}
    return [{"penalty": name, "weights": 72, "zeros": zeros[name], "small": 9, "norm": norms[name]} for name in norms]


def fitted(small: float, large: float, rescued: float) -> list[dict[str, Any]]:
    gaps = {"small": small, "large": large, "large, L2": rescued}
    return [{"network": name, "seed": seed, "gap": gap + 0.01 * seed * (name == "large"), "test_accuracy": 0.8}
            for name, gap in gaps.items() for seed in range(4)]  # fmt: skip


@pytest.mark.parametrize(
    ("module", "given", "holds"),
    [
        (separation, [XOR, XOR], "yes"),
        (separation, [XOR, {**XOR, "hidden_accuracy": 0.9}], "partly"),
        (separation, [XOR, {**XOR, "best_line_accuracy": 1.0}], "no"),
        (separation, [{**XOR, "hidden_accuracy": 0.6}], "no"),
        (depth, deep(1e-6, 0.5, 0.5), "yes"),
        (depth, deep(1e-6, 0.01, 0.5), "partly"),
        (depth, deep(0.1, 0.5, 0.5), "no"),
        (depth, deep(1e-6, 1e-6, 1e-6), "no"),
        (dying, [DEAD, DEAD], "yes"),
        (dying, [DEAD, {**DEAD, "leaky_relu_diverged": True, "leaky_relu_accuracy": 0.0}], "partly"),
        (dying, [DEAD, {**DEAD, "relu_accuracy": 1.0}], "partly"),
        (dying, [{**DEAD, "leaky_relu_accuracy": 0.5}], "no"),
        (sparsity, sparse(3.0, 0, 5, 40), "yes"),
        (sparsity, sparse(3.0, 0, 0, 40), "partly"),
        (sparsity, sparse(3.0, 7, 0, 40), "no"),
        (sparsity, sparse(1.0, 0, 0, 40), "no"),
        (overfitting, fitted(0.1, 0.8, 0.1), "yes"),
        (overfitting, fitted(0.1, 0.8, 0.9), "partly"),
        (overfitting, fitted(0.9, 0.8, 0.9), "no"),
    ],
)
def test_verdicts_follow_from_the_rows(module: Any, given: list[dict[str, Any]], holds: str) -> None:
    assert module.judge(given).holds == holds
