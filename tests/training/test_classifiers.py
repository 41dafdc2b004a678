"""The classifiers that ship: what they read, and that a damaged file leaves them out."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from dlviz.training import classifiers


@pytest.mark.parametrize("name", classifiers.NAMES)
def test_they_read_pictures_they_never_saw(name: str) -> None:
    network = classifiers.shipped(name)
    assert network is not None
    x, y = classifiers.parts_of(name)[1]
    assert (classifiers.logits(network, x).argmax(1) == y).float().mean() > 0.97
    features = classifiers.features(network, x[:5])
    assert features.shape == (5, classifiers.FEATURES)
    last = network[-1]
    assert isinstance(last, nn.Linear)
    torch.testing.assert_close(last(features), network(x[:5]))


def test_a_damaged_file_leaves_it_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifiers, "FOLDER", tmp_path)
    (tmp_path / "mnist.npz").write_bytes(b"no such thing")
    assert classifiers.shipped.__wrapped__("mnist") is None
    assert classifiers.shipped.__wrapped__("digits") is None


def test_training_again_lowers_the_loss() -> None:
    (x, y), _ = classifiers.parts_of("digits")
    losses = []
    for epoch, network in classifiers.train("digits"):
        losses.append(nn.functional.cross_entropy(network(x[:200]), y[:200]).item())
        if epoch == 3:
            break
    assert losses[2] < losses[0]
