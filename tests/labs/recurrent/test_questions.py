"""The answers are computed, and so are the reasons that can be."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from dlviz.labs.recurrent import cells
from dlviz.labs.recurrent.presets import PRESETS
from dlviz.labs.recurrent.questions import QUESTIONS

BY_SLUG = {question.slug: question for question in QUESTIONS}


def answer(slug: str) -> str:
    return BY_SLUG[slug].options[BY_SLUG[slug].answer]


def test_there_are_twelve_and_the_right_one_stands_everywhere() -> None:
    assert len(QUESTIONS) == 12
    assert {question.answer for question in QUESTIONS} == {0, 1, 2, 3}
    known = {preset.slug for preset in PRESETS}
    assert all(not question.action or question.action in known for question in QUESTIONS)
    assert sum(bool(question.action) for question in QUESTIONS) >= 7


def test_an_lstm_has_so_many_parameters() -> None:
    def count(layer: nn.Module) -> str:
        return f"{sum(p.numel() for p in layer.parameters()):,}"

    assert answer("lstm-parameters") == count(nn.LSTM(16, 64))
    options = BY_SLUG["lstm-parameters"].options
    assert {count(nn.RNN(16, 64)), count(nn.GRU(16, 64)), count(nn.LSTM(16, 64))} < set(options)


def test_an_open_forget_gate_keeps_c() -> None:
    w, u, b = torch.zeros(4, 1), torch.zeros(4, 1), torch.tensor([-100.0, 100.0, 1.0, 0.0])
    c = torch.tensor([[0.7]])
    for _ in range(100):
        c = cells.lstm(torch.zeros(1, 1), torch.zeros(1, 1), c, (w, u, b, torch.zeros(4)))["cell"]
    assert c.item() == pytest.approx(0.7)
    assert answer("forget-gate") == "It stays as it is."


def test_numbers_in_the_answers() -> None:
    assert answer("decay") == f"About {0.8**30:.1%}".replace("%", " %")
    assert answer("chance") == f"{math.log(4):.3f}"
    assert answer("temperature") == f"{torch.tensor([2.0, 0.0]).div(2).softmax(0)[0]:.0%}".replace("%", " %")


def test_a_gradient_of_three_and_four_is_clipped_as_torch_clips_it() -> None:
    found = {}
    for name, clip in (("norm", nn.utils.clip_grad_norm_), ("value", nn.utils.clip_grad_value_)):
        parameter = nn.Parameter(torch.zeros(2))
        parameter.grad = torch.tensor([3.0, 4.0])
        clip([parameter], 1.0)
        found[name] = "(" + ", ".join(f"{x:.1f}".removesuffix(".0") for x in parameter.grad.tolist()) + ")"
    assert answer("clipping") == f"{found['norm']} by norm, {found['value']} by value."


def test_a_gru_has_one_state_and_mixes_with_shares_that_add_up() -> None:
    x, h = torch.randn(1, 3), torch.randn(1, 2)
    layer = nn.GRUCell(3, 2)
    step = cells.gru(x, h, (layer.weight_ih, layer.weight_hh, layer.bias_ih, layer.bias_hh))
    assert "cell" not in step
    z = step["update_gate"]
    assert torch.allclose(step["hidden"], (1 - z) * step["candidate"] + z * h)
    assert answer("gru") == "It keeps c and h apart."
