"""Every preset is built or trained, and what its line promises is looked for."""

from __future__ import annotations

import dataclasses
import math
from functools import cache
from typing import Any

import pytest
import torch
from torch import nn

from dlviz.core.spec import from_values, values
from dlviz.labs.cnn.measuring import logits
from dlviz.labs.cnn.model import build
from dlviz.labs.cnn.presets import PRESETS
from dlviz.labs.cnn.recording import record
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.evaluating import evaluating

BY_SLUG = {preset.slug: preset for preset in PRESETS}


def spec_of(slug: str, **other: Any) -> CnnSpec:
    return dataclasses.replace(from_values(CnnSpec, BY_SLUG[slug].changes), **other)


@cache
def trained(spec: CnnSpec, steps: int) -> CnnRun:
    run = CnnRun(spec)
    run.advance(steps)
    run.measured_at = None  # of this moment, not of the last epoch's end
    return run


def numbers(spec: CnnSpec, steps: int) -> dict[str, float]:
    return trained(spec, steps).measured().numbers


def count(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def sides(spec: CnnSpec) -> list[int]:
    """Side of the picture and of what each convolution and pooling really makes of it."""
    found = [spec.picture_shape[1]]
    x = torch.zeros(1, *spec.picture_shape)
    with torch.no_grad():
        for name, module in build(spec).eval().named_children():
            x = module(x)
            if name.startswith(("conv", "pool")):
                found.append(x.shape[-1])
    return found


def seen(spec: CnnSpec, name: str) -> int:
    """Side of the patch of the picture that the middle cell of a row depends on, from the gradient."""
    network = build(dataclasses.replace(spec, batch_norm=False, activation="tanh"))
    x = torch.rand(1, *spec.picture_shape, requires_grad=True)
    y = x
    for child, module in network.named_children():
        y = module(y)
        if child == name:
            break
    y[0, 0, y.shape[2] // 2, y.shape[3] // 2].backward()
    rows = x.grad.abs().sum((0, 1, 3)).nonzero()[:, 0]
    return int(rows.max() - rows.min()) + 1


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


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.slug)
def test_a_preset_survives_its_own_link(preset: Any) -> None:
    spec = from_values(CnnSpec, preset.changes)
    assert from_values(CnnSpec, values(spec)) == spec
    assert len(preset.text) <= 115, "one line"


@promise("three-blocks")
def _() -> None:
    spec = spec_of("three-blocks")
    shapes = [tuple(x.shape[1:]) for name, x in record(build(spec), torch.zeros(1, 3, 32, 32)).after.items()
              if name.startswith(("pool", "flatten"))]  # fmt: skip
    assert shapes == [(32, 16, 16), (64, 8, 8), (128, 4, 4), (2048,)]
    assert spec.batch_norm
    assert spec.dropout == 0.5


@promise("without-padding")
def _() -> None:
    spec = spec_of("without-padding")
    network = build(spec)
    assert sides(spec) == [28, 26, 13, 11, 5]
    assert [p.numel() for p in network[0].parameters()] == [288, 32]
    dense = [module for module in network if isinstance(module, nn.Linear)]
    assert [(layer.in_features, layer.out_features) for layer in dense] == [(1600, 128), (128, 10)]
    assert (count(dense[0]), count(network)) == (204_928, 225_034)
    assert round(100 * count(dense[0]) / count(network)) == 91


@promise("lenet-5")
def _() -> None:
    spec = spec_of("lenet-5")
    assert sides(spec) == [28, 28, 14, 10, 5]
    assert count(build(spec)) == 61_706
    assert numbers(spec, 60)["test_accuracy"] >= 0.75


@promise("tiny-vgg")
def _() -> None:
    spec = spec_of("tiny-vgg")
    assert (seen(spec, "act1a"), seen(spec, "act1b")) == (3, 5)
    assert [row.kind for row in spec.rows if row.block == 1 and row.kind in ("conv", "pool")] == [
        "conv",
        "conv",
        "pool",
    ]


@promise("photo-patches")
def _() -> None:
    found = numbers(spec_of("photo-patches"), 60)
    assert 0.6 < found["test_accuracy"] < found["train_accuracy"] - 0.05


@promise("without-batch-norm")
def _() -> None:
    assert spec_of("without-batch-norm", batch_norm=True) == CnnSpec()
    with_it, without = numbers(CnnSpec(), 60), numbers(spec_of("without-batch-norm"), 60)
    assert without["test_accuracy"] > 0.75
    assert without["test_loss"] > 1.2 * with_it["test_loss"]


@promise("fifty-pictures")
def _() -> None:
    found = numbers(spec_of("fifty-pictures"), 40)
    assert found["train_accuracy"] == 1
    assert found["test_accuracy"] == pytest.approx(0.75, abs=0.06)


@promise("rate-too-high")
def _() -> None:
    run = trained(spec_of("rate-too-high"), 60)
    x = run.pictures.test_x
    assert (logits(run.network, x) == logits(run.network, x[:1])).all(), "one answer to all"
    assert abs(run.measured().numbers["test_loss"] - math.log(10)) < 0.1
    with evaluating(run.network):
        units = x[:200]
        for name, module in run.network.named_children():
            units = module(units)
            if name == "dense_act1":
                break
    assert units.shape == (200, 64)
    assert (units == 0).all(), "every unit is dead"
    usual = spec_of("rate-too-high", learning_rate=0.02)
    assert numbers(usual, 100)["test_accuracy"] > 0.6


def test_failing_presets_say_so() -> None:
    assert {preset.slug for preset in PRESETS if preset.fails} == {"fifty-pictures", "rate-too-high"}
