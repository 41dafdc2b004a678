"""Measurements against scikit-learn and plain counting."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn import metrics
from torch import nn

from dlviz.labs.cnn import measuring
from dlviz.labs.cnn.data import load
from dlviz.labs.cnn.model import build
from dlviz.labs.cnn.spec import CnnSpec

SPEC = CnnSpec(dataset="digits", channels=(4,), dropout=0.5)


def test_every_number_is_that_of_scikit_learn() -> None:
    pictures, network = load(SPEC), build(SPEC)
    found = measuring.measure(network, pictures, 10)
    network.eval()
    with torch.no_grad():
        for part, most in (("train", 500), ("validation", None), ("test", None)):
            x, y = getattr(pictures, f"{part}_x")[:most], getattr(pictures, f"{part}_y")[:most]
            shares = network(x).double().softmax(1).numpy()
            loss = metrics.log_loss(y.numpy(), shares, labels=range(10))
            assert found.numbers[f"{part}_loss"] == pytest.approx(loss, rel=1e-5)
            right = metrics.accuracy_score(y.numpy(), shares.argmax(1))
            assert found.numbers[f"{part}_accuracy"] == pytest.approx(right, abs=1e-6)
    answers = shares.argmax(1)
    expected = metrics.confusion_matrix(pictures.test_y.numpy(), answers, labels=range(10))
    assert (found.confusion.numpy() == expected).all()
    assert (found.answers.numpy() == answers).all()
    np.testing.assert_allclose(found.confidence.numpy(), shares.max(1), rtol=1e-5)


class Fixed(nn.Module):
    """Answers each picture with the logits that stand in it."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, 0, 0, :3]


def fixed(labels: list[int], logits: list[list[float]]) -> measuring.Measured:
    x = torch.tensor(logits)[:, None, None]
    y = torch.tensor(labels)
    return measuring.measure(Fixed(), measuring.Pictures(x, y, x, y, x, y), 3)


def test_the_worst_are_wrong_and_sure_and_then_the_right_ones_that_were_least_sure() -> None:
    sure = [0.5, 3.0, 1.0, 2.0, *[4.0] * 9]  # how far the answer stands out; all answer class 0
    found = fixed([0, 1, 2, 0, *[0] * 9], [[s, 0.0, 0.0] for s in sure])
    assert found.worst.tolist()[:4] == [1, 2, 0, 3]
    assert len(found.worst) == measuring.WORST
    assert found.confusion.tolist() == [[11, 0, 0], [1, 0, 0], [1, 0, 0]]


def test_modes_come_back_also_after_an_error() -> None:
    network = nn.Sequential(nn.Dropout(), nn.BatchNorm1d(2), nn.Linear(2, 2))
    network[1].eval()
    seen = []

    def fail(module: nn.Module, _given: object) -> None:
        seen.extend(each.training for each in network.modules())
        raise ArithmeticError

    network[2].register_forward_pre_hook(fail)
    with pytest.raises(ArithmeticError):
        measuring.logits(network, torch.zeros(3, 2))
    assert seen == [False] * 4
    assert [module.training for module in network.modules()] == [True, True, False, True]
