"""Every preset is trained for as long as its line says, and what the line promises is looked for."""

from __future__ import annotations

from functools import cache

import pytest
import torch

from dlviz.core.errors import Diverged
from dlviz.core.spec import from_values
from dlviz.labs.recurrent.measuring import measure
from dlviz.labs.recurrent.model import Reader
from dlviz.labs.recurrent.presets import PRESETS
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec

BY_SLUG = {preset.slug: preset for preset in PRESETS}
pytestmark = pytest.mark.timeout(600)


@cache
def trained(slug: str, steps: int) -> RecurrentRun:
    run = RecurrentRun(from_values(RecurrentSpec, BY_SLUG[slug].changes))
    run.advance(steps)
    return run


def found(slug: str, steps: int) -> dict[str, float]:
    run = trained(slug, steps)
    return measure(run.network, run.task)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slug", "steps", "name", "low", "high"),
    [
        ("tagging", 200, "accuracy", 0.9, 0.99),
        ("sentiment", 300, "accuracy", 0.98, 1.0),
        ("dates", 500, "whole", 0.5, 1.0),
        ("copy", 100, "accuracy", 0.2, 0.7),
        ("copy", 600, "accuracy", 0.9, 1.0),
        ("adding", 800, "loss", 0.0, 0.01),
        ("adding-rnn", 600, "loss", 0.1, 0.2),
        ("short-sight", 600, "accuracy", 0.4, 0.65),
        ("parity", 250, "accuracy", 0.99, 1.0),
        ("depth", 250, "accuracy", 0.98, 1.0),
        ("both-directions", 200, "accuracy", 0.99, 1.0),
        ("digit-words", 500, "whole", 0.9, 1.0),
        ("sines", 300, "loss", 0.0, 0.03),
    ],
)
def test_what_the_line_says_is_true(slug: str, steps: int, name: str, low: float, high: float) -> None:
    assert low <= found(slug, steps)[f"validation_{name}"] <= high


@pytest.mark.slow
def test_the_weather_is_hard_to_beat() -> None:
    numbers, chance = found("weather", 300), trained("weather", 300).task.chance
    assert 0.8 * chance < numbers["validation_loss"] < 1.1 * chance


@pytest.mark.slow
def test_brackets_are_closed_with_the_right_kind() -> None:
    """What it writes itself, from one bracket on: of the closing ones nearly all match."""
    run = trained("brackets-text", 300)
    network, vocabulary = run.network, run.task.vocabulary
    assert isinstance(network, Reader)
    generator = torch.Generator().manual_seed(0)
    token, state, text = vocabulary.index("("), None, "("
    with torch.no_grad():
        for _ in range(600):
            logits, state = network(torch.tensor([[token]]), None, state)
            token = int(torch.multinomial(logits[0, 0].softmax(0), 1, generator=generator))
            text += vocabulary[token]
    stack, right, wrong = [], 0, 0
    for letter in text:
        if letter in "([{":
            stack.append(letter)
        elif letter in ")]}" and stack:
            good = stack.pop() + letter in ("()", "[]", "{}")
            right, wrong = right + good, wrong + (not good)
    assert right > 10 * wrong
    assert right > 30


def test_the_run_that_explodes_is_lost_and_the_clipped_one_is_not() -> None:
    run = RecurrentRun(from_values(RecurrentSpec, BY_SLUG["exploding"].changes))
    with pytest.raises(Diverged):
        run.advance(150)
    norms = []
    clipped = RecurrentRun(from_values(RecurrentSpec, BY_SLUG["clipped"].changes))
    for _ in range(150):
        clipped.advance(1)
        norms.append(clipped.gradient_norm)
    assert max(norms) > 1000
