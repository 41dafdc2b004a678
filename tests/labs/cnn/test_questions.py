"""The answers are computed, and so are the reasons that can be."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from dlviz.labs.cnn.model import build
from dlviz.labs.cnn.presets import PRESETS
from dlviz.labs.cnn.questions import QUESTIONS
from dlviz.labs.cnn.spec import CnnSpec

BY_SLUG = {question.slug: question for question in QUESTIONS}


def answer(slug: str) -> str:
    question = BY_SLUG[slug]
    return question.options[question.answer]


def reason(slug: str) -> str:
    question = BY_SLUG[slug]
    return question.because[question.answer]


def spec_of(slug: str) -> CnnSpec:
    changes: dict[str, Any] = next(preset.changes for preset in PRESETS if preset.slug == slug)
    return CnnSpec(**changes)


def count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def test_there_are_eight_and_most_can_be_seen() -> None:
    assert len(QUESTIONS) == 8
    assert sum(bool(question.action) for question in QUESTIONS) >= 5


def test_sides() -> None:
    twice = nn.Sequential(nn.Conv2d(1, 1, 3), nn.MaxPool2d(2), nn.Conv2d(1, 1, 3), nn.MaxPool2d(2))
    side = twice(torch.zeros(1, 1, 28, 28)).shape[-1]
    assert answer("sides") == f"{side} × {side}"


def test_parameters() -> None:
    network = build(spec_of("without-padding"))
    dense, second = network.get_submodule("dense1"), network.get_submodule("conv2")
    assert "dense layer" in answer("parameters")
    assert f"{count(dense):,} of {count(network):,}" in reason("parameters")
    assert f"{count(second):,}" in BY_SLUG["parameters"].because[1]
    assert max(map(count, network)) == count(dense)


def test_second_block() -> None:
    layer = nn.Conv2d(CnnSpec().channels[0], 1, 3)
    assert answer("second-block") == str(layer.weight.numel())
    assert layer.bias is not None
    assert layer.bias.numel() == 1
    assert CnnSpec().channels[0] == 16


def test_two_in_a_row() -> None:
    x = torch.zeros(1, 1, 21, 21, requires_grad=True)
    nn.Sequential(nn.Conv2d(1, 1, 3), nn.Conv2d(1, 1, 3))(x)[0, 0, 8, 8].backward()
    cells = int((x.grad != 0).sum())
    assert cells == 25
    assert answer("two-in-a-row") == "5 × 5 cells"


def test_softmax() -> None:
    z = torch.randn(10, generator=torch.Generator().manual_seed(1)).double()
    torch.testing.assert_close((z + 5).softmax(0), z.softmax(0))
    assert answer("softmax") == "Nothing."
    assert (2 * z).softmax(0).max() > z.softmax(0).max() > (z / 2).softmax(0).max()


def test_eval() -> None:
    network, x = build(CnnSpec()), torch.rand(8, 1, 28, 28)
    weights = [p.detach().clone() for p in network.parameters()]
    running = network.get_buffer("norm1.running_mean").clone()
    with torch.no_grad():
        first, again, with_others = network(x[:4]), network(x[:4]), network(x)[:4]
        assert not torch.allclose(first, again), "dropout"
        network.get_submodule("dropout1").eval()
        assert not torch.allclose(network(x[:4]), network(x)[:4]), "the other pictures of the batch"
        assert not torch.allclose(first, with_others)
    assert all(torch.equal(a, b) for a, b in zip(weights, network.parameters(), strict=True))
    assert not torch.equal(running, network.get_buffer("norm1.running_mean")), "its running means do move"
    network.eval()
    torch.testing.assert_close(network(x[:4]), network(x)[:4])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slug)
def test_a_question_fits_the_screen(question: Any) -> None:
    assert len(question.text) <= 120
    assert all(len(text) <= 125 for text in (*question.options, *question.because))
