"""Every preset is trained for as long as its line says, and what the line promises is looked for."""

from __future__ import annotations

from functools import cache

import pytest
import torch

from dlviz.core.spec import from_values
from dlviz.labs.attention import probe
from dlviz.labs.attention.measuring import measure
from dlviz.labs.attention.presets import PRESETS
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec

BY_SLUG = {preset.slug: preset for preset in PRESETS}
pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]


@cache
def trained(slug: str, steps: int) -> AttentionRun:
    run = AttentionRun(from_values(AttentionSpec, BY_SLUG[slug].changes))
    run.advance(steps)
    return run


@pytest.mark.parametrize(
    ("slug", "steps", "name", "low", "high"),
    [
        ("reverse", 200, "accuracy", 0.99, 1.0),
        ("neighbours", 600, "accuracy", 0.9, 1.0),
        ("neighbours-one-head", 600, "accuracy", 0.6, 0.85),
        ("induction-only", 400, "accuracy", 0.9, 1.0),
        ("one-layer", 400, "accuracy", 0.1, 0.5),
        ("who", 100, "accuracy", 0.98, 1.0),
        ("who-blind", 300, "accuracy", 0.4, 0.6),
        ("rope", 400, "accuracy", 0.9, 1.0),
        ("cheating", 200, "accuracy", 0.93, 1.0),
        ("window", 300, "accuracy", 0.95, 1.0),
        ("digit-words", 300, "whole", 0.8, 1.0),
        ("dates", 500, "whole", 0.9, 1.0),
        ("pig-latin", 600, "whole", 0.8, 1.0),
        ("post-norm", 400, "accuracy", 0.9, 1.0),
    ],
)
def test_what_the_line_says_is_true(slug: str, steps: int, name: str, low: float, high: float) -> None:
    run = trained(slug, steps)
    assert low <= measure(run.network, run.task)[f"validation_{name}"] <= high


def test_text_is_a_nat_better_than_the_frequencies() -> None:
    run = trained("text", 600)
    assert measure(run.network, run.task)["validation_loss"] < run.task.chance - 1


def test_the_only_head_looks_from_corner_to_corner() -> None:
    weights = probe.heads(trained("reverse", 200))["weights"][0, 0]
    assert weights.argmax(1).tolist() == list(range(16))[::-1]


def test_one_head_looks_left_and_the_other_right() -> None:
    weights = torch.tensor(probe.heads(trained("neighbours", 600))["weights"][0])
    left, right = weights.diagonal(-1, 1, 2).mean(1), weights.diagonal(1, 1, 2).mean(1)
    assert {int(left.argmax()), int(right.argmax())} == {0, 1}
    assert min(left.max(), right.max()) > 0.5


def test_without_a_mask_a_head_looks_at_the_next_letter() -> None:
    weights = torch.tensor(probe.heads(trained("cheating", 200))["weights"])
    assert float(weights.diagonal(1, 2, 3).mean(2).max()) > 0.5


def test_without_the_root_the_rows_are_almost_one_hot_from_the_start() -> None:
    run = AttentionRun(from_values(AttentionSpec, BY_SLUG["unscaled"].changes))
    largest = torch.tensor(probe.heads(run)["weights"]).max(-1).values.mean()
    scaled = AttentionRun(from_values(AttentionSpec, BY_SLUG["unscaled"].changes | {"scaled": True}))
    assert float(largest) > 0.5 > float(torch.tensor(probe.heads(scaled)["weights"]).max(-1).values.mean())
