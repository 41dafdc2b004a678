"""Every preset is trained, and what its line promises is looked for."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import Any

import pytest
import torch

from dlviz.core.errors import Diverged
from dlviz.core.spec import from_values
from dlviz.labs.playground import probe
from dlviz.labs.playground.data import hills
from dlviz.labs.playground.presets import PRESETS
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec

BY_SLUG = {preset.slug: preset for preset in PRESETS}


def trained(slug: str, steps: int, **other: Any) -> PlaygroundRun:
    spec = from_values(PlaygroundSpec, BY_SLUG[slug].changes)
    run = PlaygroundRun(dataclasses.replace(spec, **other))
    run.advance(steps)
    return run


def numbers(slug: str, steps: int, **other: Any) -> dict[str, Any]:
    return dict(trained(slug, steps, **other).frame().numbers)


PROMISES: dict[str, Any] = {}


def promise(slug: str) -> Any:
    def keep(check: Any) -> Any:
        PROMISES[slug] = check
        return check

    return keep


@pytest.mark.parametrize("slug", BY_SLUG)
def test_what_the_line_says_is_true(slug: str) -> None:
    assert slug in PROMISES, f"{slug} promises something that no test looks for"
    PROMISES[slug]()


@promise("linear-on-xor")
def _() -> None:
    for steps in (500, 3000):
        assert numbers("linear-on-xor", steps)["test_accuracy"] < 0.65


@promise("xor-solved")
def _() -> None:
    found = numbers("xor-solved", 1000)
    assert found["train_accuracy"] >= 0.98
    assert found["test_accuracy"] >= 0.97


@promise("circle-squared")
def _() -> None:
    run = trained("circle-squared", 500)
    assert run.frame().numbers["test_accuracy"] >= 0.99
    pull = run.network.linear[0].weight.detach().diff(dim=0)[0]  # class 1 minus class 0
    assert (pull < 0).all(), "both squares count against the disc, so the border is an ellipse"


@promise("spiral-8-8")
def _() -> None:
    assert numbers("spiral-8-8", 1000)["test_accuracy"] < 0.8
    assert numbers("spiral-8-8", 5000)["test_accuracy"] > 0.9


@promise("spiral-all-features")
def _() -> None:
    helped = numbers("spiral-all-features", 1500)
    alone = numbers("spiral-all-features", 1500, features=("x1", "x2"))
    assert helped["test_accuracy"] > 0.9 > alone["test_accuracy"]


@promise("dead-relu")
def _() -> None:
    run = trained("dead-relu", 300)
    for _more in range(2):
        assert probe.gradients(run)["dead"][1] == 8
        assert probe.gradients(run)["grad_norm"][0] == 0
        assert run.frame().numbers["train_accuracy"] < 0.6
        run.advance(1000)


@promise("rate-too-high")
def _() -> None:
    with pytest.raises(Diverged, match=r"no longer a finite number|has grown past"):
        trained("rate-too-high", 2000)
    assert numbers("rate-too-high", 300, learning_rate=0.03)["train_loss"] < 1e-3
    run = trained("rate-too-high", 0)
    losses, errors = [], []
    for _step in range(12):
        run.advance(1)
        losses.append(run.frame().numbers["train_loss"])
        errors.append(run.network.linear[0].weight[0, 0].item() - 1 / 12)  # the plane is (x1 + x2) / 12
    assert losses[-1] > 100 * losses[0]
    crossed = sum(a * b < 0 for a, b in pairwise(errors))
    assert crossed >= 10, "steps land on the other side of the valley"


@promise("sigmoid-six-deep")
def _() -> None:
    run = trained("sigmoid-six-deep", 2000)
    norms = probe.gradients(run)["grad_norm"]
    assert norms[0] < 1e-3 * norms[-1]
    assert run.frame().numbers["test_accuracy"] < 0.6
    assert all(probe.gradients(run)[f"slope{i}"].max() <= 0.25 for i in range(6))


@promise("overfitting-noise")
def _() -> None:
    early, late = (numbers("overfitting-noise", steps) for steps in (150, 1000))
    assert late["train_loss"] < 0.7 * early["train_loss"]
    assert late["test_loss"] > 1.5 * early["test_loss"]


@promise("l2-rescue")
def _() -> None:
    free, tamed = trained("overfitting-noise", 1000), trained("l2-rescue", 1000)
    assert (free.points.train_x == tamed.points.train_x).all()
    assert tamed.flat.weights.norm() < 0.6 * free.flat.weights.norm()
    assert tamed.frame().numbers["test_loss"] < 0.5 * free.frame().numbers["test_loss"]


@promise("dropout")
def _() -> None:
    run, dropped = trained("dropout", 0), 0
    for _step in range(200):
        run.advance(1)
        dropped += int(run.frame().arrays["dropped"].sum())
    assert dropped / (200 * 16) == pytest.approx(0.2, abs=0.03)
    run = trained("dropout", 300)
    assert run.frame().numbers["train_loss"] > 1.5 * numbers("dropout", 300, dropout=0.0)["train_loss"]
    assert numbers("dropout", 1000)["test_accuracy"] > 0.95


@promise("eight-blobs")
def _() -> None:
    assert numbers("eight-blobs", 0)["train_loss"] == pytest.approx(2.08, abs=0.15)
    assert numbers("eight-blobs", 500)["test_accuracy"] > 0.97


@promise("regression-hills")
def _() -> None:
    run = trained("regression-hills", 2500)
    tops = torch.tensor([[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]])
    heights = run.predict(tops)[:, 0]
    assert (heights.sign() == hills(tops).sign()).all()
    assert (heights.abs() > 0.3).all()


@promise("sine-network")
def _() -> None:
    sine, tanh = numbers("sine-network", 1500), numbers("sine-network", 1500, activations=("tanh",))
    assert sine["test_loss"] < 0.5 * tanh["test_loss"]
    assert sine["test_accuracy"] > 0.95


@promise("batch-norm-deep")
def _() -> None:
    run = trained("batch-norm-deep", 2000)
    norms = probe.gradients(run)["grad_norm"]
    assert norms[0] > 0.1 * norms[-1]
    assert run.frame().numbers["test_accuracy"] > 0.9


def test_failing_presets_say_so() -> None:
    failing = {preset.slug for preset in PRESETS if preset.fails}
    assert failing == {"linear-on-xor", "dead-relu", "rate-too-high", "sigmoid-six-deep", "overfitting-noise"}
