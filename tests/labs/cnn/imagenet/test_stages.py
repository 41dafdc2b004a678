"""The maps of the stages, and what their cells can see, against the gradient."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from dlviz.labs.cnn.imagenet import network
from dlviz.labs.cnn.imagenet.stages import NAMES, fields, strongest


@pytest.fixture(scope="module")
def thin() -> nn.Sequential:
    """A network with the kernels, strides and blocks of the real one, but one map, and no path without a gradient."""
    with pytest.MonkeyPatch.context() as patch, torch.random.fork_rng():
        patch.setattr(network, "STAGES", tuple((1, k, stride, 1, n) for _, k, stride, _, n in network.STAGES))
        patch.setattr(network, "STEM", 1)
        patch.setattr(network, "HEAD", 1)
        net = network.build().double().requires_grad_(False)
    for module in list(net.modules()):
        if isinstance(module, nn.Conv2d):
            module.weight.fill_(1 / module.weight[0].numel())
        for name, child in list(module.named_children()):
            if isinstance(child, nn.ReLU6 | nn.BatchNorm2d):
                setattr(module, name, nn.Identity())
    return net


def test_a_cell_sees_what_its_gradient_reaches(thin: nn.Sequential) -> None:
    side = 1024  # so large that the widest field, of 851, has room in it
    known = fields(network.trained())
    assert fields(thin) == known
    x = torch.ones(1, 1, side, side, dtype=torch.float64, requires_grad=True)
    y = x.expand(1, 3, side, side)
    for name, module in thin.named_children():
        if name == "pool":
            break
        y = module(y)
        if name not in NAMES:
            continue
        field = known[name]
        for at in (0, y.shape[-1] // 2, y.shape[-1] - 1):
            (gradient,) = torch.autograd.grad(y[0, 0, at, at], x, retain_graph=True)
            reached = gradient[0, 0].nonzero()
            first = field.first + at * field.step
            assert reached.min(0).values.tolist() == [max(0, first)] * 2, (name, at)
            assert reached.max(0).values.tolist() == [min(side, first + field.size) - 1] * 2, (name, at)
            if at == y.shape[-1] // 2:
                assert first >= 0
                assert first + field.size <= side


def test_the_strongest_maps_come_first() -> None:
    maps = torch.randn(9, 4, 5, generator=torch.Generator().manual_seed(0)) * torch.arange(9.0)[:, None, None]
    which, strength = strongest(maps, 4)
    means = np.abs(maps.numpy()).mean((1, 2))
    assert which.tolist() == np.argsort(-means)[:4].tolist()
    np.testing.assert_allclose(strength, np.sort(means)[::-1][:4], rtol=1e-6)
