"""The network of the CNN lab: blocks of convolutions, then dense layers, named as on the screen."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Generator, Tensor, nn

from dlviz.labs.cnn.plan import POOL, Row
from dlviz.labs.cnn.spec import CnnSpec

ACTIVATION = {"relu": nn.ReLU, "tanh": nn.Tanh, "leaky_relu": nn.LeakyReLU}
POOLING = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}


class Dropout(nn.Module):
    """`nn.Dropout` with a generator of its own, so that the same seed leaves out the same units."""

    def __init__(self, chance: float, generator: Generator) -> None:
        super().__init__()
        self.chance, self.generator = chance, generator

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        keep = torch.rand(x.shape, generator=self.generator) >= self.chance
        return x * keep / (1 - self.chance)


def build(spec: CnnSpec, dropout_generator: Generator | None = None) -> nn.Sequential:
    """The network of a spec, (batch, channel, height, width) → logits (batch, class), weights from the seed.

    Its modules are named as the rows of the plan, without the softmax: the loss takes logits.
    """
    generator = dropout_generator or Generator().manual_seed(spec.seed + 2)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(spec.seed)
        modules = [(row.name, _module(row, spec, generator)) for row in spec.rows if row.kind != "softmax"]
    return nn.Sequential(OrderedDict(modules))


def _module(row: Row, spec: CnnSpec, generator: Generator) -> nn.Module:
    match row.kind:
        case "conv":
            return nn.Conv2d(row.input_shape[0], row.output_shape[0], row.kernel_size, padding=row.padding)
        case "norm":
            return nn.BatchNorm2d(row.output_shape[0])
        case "activation":
            return ACTIVATION[spec.activation]()
        case "pool":
            return POOLING[spec.pool](POOL)
        case "flatten":
            return nn.Flatten()
        case "linear":
            return nn.Linear(row.input_shape[0], row.output_shape[0])
        case _:
            return Dropout(spec.dropout, generator)
