"""The answers are computed, and so are the reasons that can be."""

from __future__ import annotations

import math

import torch
from torch import nn

from dlviz.labs.gan.objective import generator_losses, value
from dlviz.labs.gan.presets import PRESETS
from dlviz.labs.gan.questions import QUESTIONS
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec

BY_SLUG = {question.slug: question for question in QUESTIONS}


def answer(slug: str) -> str:
    return BY_SLUG[slug].options[BY_SLUG[slug].answer]


def test_the_right_one_stands_everywhere() -> None:
    assert len(QUESTIONS) == 10
    assert {question.answer for question in QUESTIONS} == {0, 1, 2, 3}
    known = {preset.slug for preset in PRESETS}
    assert all(not question.action or question.action in known for question in QUESTIONS)
    assert all(len(question.options) == len(question.because) for question in QUESTIONS)


def test_the_value_of_guessing() -> None:
    half = value(torch.zeros(9), torch.zeros(9)).item()
    assert answer("half") == f"−2 log 2 ≈ −{-half:.2f}"
    assert f"{math.log(2):.2f}" in BY_SLUG["half"].options[2]


def test_slopes_where_d_is_sure() -> None:
    logit = torch.tensor(math.log(0.01 / 0.99), requires_grad=True)
    found = [
        abs(torch.autograd.grad(generator_losses(loss, logit), logit)[0].item())
        for loss in ("minimax", "nonsaturating")
    ]
    assert answer("saturates") == " and ".join(f"{slope:.2f}" for slope in found)


def test_a_transposed_convolution_doubles() -> None:
    for padding, side in ((1, 14), (0, 16)):
        assert nn.ConvTranspose2d(1, 1, 4, 2, padding)(torch.zeros(1, 1, 7, 7)).shape[-1] == side
    assert answer("transposed") == "14 × 14"
    assert nn.Conv2d(1, 1, 4, 2, 1)(torch.zeros(1, 1, 7, 7)).shape[-1] == 3


def test_adam_forgets_how_large_a_gradient_is() -> None:
    moved = []
    for size in (1.0, 0.01):
        weight = nn.Parameter(torch.zeros(3))
        optimizer = torch.optim.Adam([weight], 0.1)
        for _ in range(5):
            weight.grad = size * torch.tensor([1.0, -2.0, 3.0])
            optimizer.step()
        moved.append(weight.detach())
    torch.testing.assert_close(moved[0], moved[1], rtol=1e-4, atol=1e-6)


def test_the_class_is_another_bias() -> None:
    network = GanRun(GanSpec(dataset="digits", conditional=True, noise_dimensions=5)).network.generator
    z = torch.randn(2, 5)
    first = network.linear1
    inside = [first(network._with_class(z, torch.full((2,), k))) for k in (3, 7)]
    difference = inside[1] - inside[0]
    torch.testing.assert_close(difference[0], difference[1])
    weight = first.weight  # type: ignore[union-attr]
    torch.testing.assert_close(difference[0], weight[:, 5 + 7] - weight[:, 5 + 3], rtol=1e-4, atol=1e-6)  # type: ignore[index]
