"""What labs share of parameters and optimizers: kept and brought back, training goes on as if nothing had happened."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from dlviz.core.errors import Diverged, InvalidInput
from dlviz.training import parameters

KINDS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD, "momentum": torch.optim.SGD}


def network() -> nn.Sequential:
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2))


def train(model: nn.Module, optimizer: torch.optim.Optimizer, steps: int) -> None:
    x = torch.linspace(-1, 1, 20).reshape(5, 4)
    for _ in range(steps):
        optimizer.zero_grad()
        model(x).square().sum().backward()
        optimizer.step()


@pytest.mark.parametrize("name", KINDS)
def test_an_optimizer_is_torchs_own(name: str) -> None:
    ours, theirs = network(), network()
    made = parameters.optimizer(name, ours.parameters(), 0.05, 0.01)
    extra = {"momentum": 0.9} if name == "momentum" else {}
    train(ours, made, 4)
    train(theirs, KINDS[name](theirs.parameters(), lr=0.05, weight_decay=0.01, **extra), 4)
    assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True))


@pytest.mark.parametrize("name", KINDS)
def test_what_was_kept_goes_on_as_if_nothing_had_happened(name: str) -> None:
    model = network()
    optimizer = parameters.optimizer(name, model.parameters(), 0.05)
    train(model, optimizer, 3)
    kept = parameters.tensors(model, optimizer)
    before = copy.deepcopy(kept)
    train(model, optimizer, 3)
    assert all(torch.equal(kept[key], before[key]) for key in kept), "kept tensors are copies"
    again = network()
    fresh = parameters.optimizer(name, again.parameters(), 0.05)
    parameters.bring_back(again, fresh, kept)
    train(again, fresh, 3)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True))


def test_one_number_is_written_and_nothing_else() -> None:
    model = network()
    known = dict(model.named_parameters())
    before = copy.deepcopy(model.state_dict())
    parameters.write(known, "0.weight", (2, 1), 0.5)
    assert model[0].weight[2, 1] == 0.5
    changed = {name for name, value in model.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"0.weight"}
    assert (model[0].weight != before["0.weight"]).sum() == 1


@pytest.mark.parametrize(
    ("array", "index", "value", "words"),
    [
        ("weight", (0, 0), 1.0, "works on 0.weight, 0.bias, 2.weight, 2.bias. Got 'weight'. Try 0.weight."),
        ("0.weight", (3, 0), 1.0, r"must be inside (3, 4). Got (3, 0). Try 0, 0."),
        ("0.weight", (0,), 1.0, r"must be inside (3, 4)"),
        ("0.bias", (-1,), 1.0, r"must be inside (3,)"),
        ("0.bias", (0,), float("nan"), "must be a number between -1e+06 and 1e+06"),
        ("0.bias", (0,), True, "must be a number"),
        ("0.bias", (0,), "7", "must be a number"),
    ],
)
def test_what_cannot_be_written_is_said(array: str, index: tuple[int, ...], value: object, words: str) -> None:
    model = network()
    with pytest.raises(InvalidInput) as problem:
        parameters.write(dict(model.named_parameters()), array, index, value)
    assert words in str(problem.value)


def test_an_exploded_network_names_the_tensor() -> None:
    model = network()
    parameters.check_sound(model, 7)
    with torch.no_grad():
        model[2].bias[0] = 2e6
    with pytest.raises(Diverged, match=r"2\.bias"):
        parameters.check_sound(model, 7)
    model[2].bias.data[0] = 0.0
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    count = sum(parameter.numel() for parameter in model.parameters())
    assert parameters.gradient_norm(model, 7).item() == pytest.approx(count**0.5)
    model[0].weight.grad[1, 1] = float("inf")
    with pytest.raises(Diverged, match=r"the gradient of 0\.weight"):
        parameters.gradient_norm(model, 7)
