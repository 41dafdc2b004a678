"""Units one can ask about, and what a cell of a map sees, against the gradient of such a cell."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from torch import nn

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.model import build
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.labs.cnn.units import (
    activations,
    halves,
    multiplications,
    read_channel,
    read_measure,
    read_row,
    rows_of,
    seen,
)

SPEC = CnnSpec(dataset="digits", channels=(3, 4), dense_units=(5,), examples=100)
BUILT = (
    CnnSpec(pool="average", batch_norm=False, dense_units=()),
    CnnSpec(pool="none", channels=(2, 3, 2), kernel_sizes=(3, 5, 1), paddings=("valid",), batch_norm=False),
    CnnSpec(pool="average", channels=(2, 2, 2), kernel_sizes=(5,), convs=2, dataset="shapes", paddings=("same",)),
    CnnSpec(pool="average", channels=(2, 3), kernel_sizes=(2, 3), paddings=("valid", "same"), dataset="digits"),
)


def positive(spec: CnnSpec) -> nn.Sequential:
    """The network of a spec with positive weights alone, so that a cell answers to every cell that it sees."""
    network = build(spec).eval()
    for name, parameter in network.named_parameters():
        nn.init.uniform_(parameter, 0.5, 1) if name.endswith("weight") else nn.init.constant_(parameter, 1)
    return network


def answering(network: nn.Sequential, spec: CnnSpec, row: str, y: int, x: int) -> tuple[int, int, int, int]:
    """First and last row and column of the picture in which cell (y, x) of map 0 has a gradient."""
    picture = torch.rand(1, *spec.picture_shape, requires_grad=True)
    made = picture
    for name, module in network.named_children():
        made = module(made)
        if name == row:
            break
    (slope,) = torch.autograd.grad(made[0, 0, y, x], picture)
    down, across = slope[0].abs().sum(0).nonzero(as_tuple=True)
    return int(down.min()), int(down.max()), int(across.min()), int(across.max())


@pytest.mark.parametrize("spec", BUILT, ids=lambda spec: f"{spec.dataset}-{spec.pool}-{spec.convs}")
def test_a_cell_sees_what_has_a_gradient(spec: CnnSpec) -> None:
    network = positive(spec)
    for row in rows_of(spec, "conv", "norm", "activation", "pool"):
        if len(row.output_shape) != 3:
            continue
        field, last = seen(spec, row), row.output_shape[1] - 1
        assert len(field) == last + 1
        for y, x in ((0, 0), (last, 0), (last // 2, last), (last // 2, last // 3)):
            found = answering(network, spec, row.name, y, x)
            assert found == (*field[y], *field[x]), (row.name, y, x)


def test_max_pooling_sees_the_same() -> None:
    average, most = (CnnSpec(pool=pool) for pool in ("average", "max"))
    for row in rows_of(most, "conv", "pool"):
        assert seen(most, row) == seen(average, row)


def test_the_two_halves_are_the_network() -> None:
    network, x = build(SPEC).eval(), torch.rand(3, 1, 8, 8)
    for row in rows_of(SPEC):
        head, tail = halves(network, row)
        assert torch.equal(tail(head(x)), network(x))
        assert head(x).shape[1:] == row.output_shape


def test_rows_by_kind() -> None:
    names = [row.name for row in rows_of(SPEC)]
    assert names == [
        "conv1", "norm1", "act1", "pool1", "conv2", "norm2", "act2", "pool2", "dense1", "dense_act1", "output",
    ]  # fmt: skip
    assert [row.name for row in rows_of(SPEC, "conv")] == ["conv1", "conv2"]
    twice = dataclasses.replace(SPEC, convs=2, channels=(3,))
    assert [row.name for row in rows_of(twice, "conv")] == ["conv1a", "conv1b"]


def test_a_map_as_one_number() -> None:
    made = torch.tensor([[[[1.0, -2.0], [4.0, 5.0]]]])
    assert activations(made, "cell").tolist() == [[5.0]]
    assert activations(made, "map").tolist() == [[2.0]]
    assert activations(torch.tensor([[7.0, 8.0]]), "map").tolist() == [[7.0, 8.0]]


def test_multiplications_by_hand() -> None:
    conv = (9 * 1 + 1) * 3 * 64 + (9 * 3 + 1) * 4 * 16
    assert multiplications(SPEC) == conv + (16 + 1) * 5 + (5 + 1) * 10


@pytest.mark.parametrize("given", ["conv3", "flatten", "softmax", 1, None, ""])
def test_a_row_that_there_is_not(given: object) -> None:
    with pytest.raises(InvalidInput, match=r"here must be one of conv1, norm1.*Try conv1"):
        read_row(rows_of(SPEC), given, "here")


@pytest.mark.parametrize("given", [-1, 3, 1.0, True, "0", None])
def test_a_channel_that_there_is_not(given: object) -> None:
    with pytest.raises(InvalidInput, match=r"here must be a whole number from 0 to 2: conv1 makes 3"):
        read_channel(SPEC.rows[0], given, "here")
    assert read_channel(SPEC.rows[0], 2, "here") == 2


def test_a_measure_that_there_is_not() -> None:
    with pytest.raises(InvalidInput, match="here must be one of cell, map"):
        read_measure("sum", "here")
