"""Rows, parameters and refusals of the plan against the network that torch builds."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn import model, plan
from dlviz.labs.cnn.recording import record
from dlviz.labs.cnn.spec import CnnSpec

OFFLINE = ("mnist", "digits", "shapes", "patches")


@st.composite
def drawn_settings(draw: st.DrawFn, widest: int = 512) -> dict[str, Any]:
    """Settings of the structure that are each legal, whether or not they go together."""
    blocks = draw(st.integers(1, 4))
    lengths = st.sampled_from([1, blocks, draw(st.integers(1, 4))])
    return {
        "dataset": draw(st.sampled_from(OFFLINE)),
        "channels": tuple(draw(st.lists(st.integers(1, widest), min_size=blocks, max_size=blocks))),
        "convs": draw(st.integers(1, 2)),
        "kernel_sizes": tuple(draw(st.integers(1, 7)) for _ in range(draw(lengths))),
        "paddings": tuple(draw(st.sampled_from(("same", "valid"))) for _ in range(draw(lengths))),
        "batch_norm": draw(st.booleans()),
        "activation": draw(st.sampled_from(("relu", "tanh", "leaky_relu"))),
        "pool": draw(st.sampled_from(("max", "average", "none"))),
        "dense_units": tuple(draw(st.lists(st.integers(1, 8 * widest), max_size=3))),
        "dropout": draw(st.sampled_from((0.0, 0.2, 0.123456789, 0.5))),
    }


def unchecked(changes: dict[str, Any]) -> CnnSpec:
    """A spec that may not be legal."""
    spec = object.__new__(CnnSpec)
    for field in dataclasses.fields(CnnSpec):
        object.__setattr__(spec, field.name, changes.get(field.name, field.default))
    return spec


@settings(max_examples=40, deadline=None)
@given(changes=drawn_settings(widest=12))
def test_rows_are_what_torch_builds(changes: dict[str, Any]) -> None:
    start = unchecked(changes)
    spec = CnnSpec(**{**changes, **plan.mended(start)})
    network = model.build(spec)
    after = record(network, torch.rand(2, *spec.picture_shape)).after
    rows = [row for row in spec.rows if row.kind != "softmax"]
    assert [row.name for row in rows] == [name for name, _ in network.named_children()]
    for row, (name, module) in zip(rows, network.named_children(), strict=True):
        assert tuple(after[name].shape[1:]) == row.output_shape, name
        assert sum(p.numel() for p in module.parameters()) == row.parameters, name
    assert plan.parameter_count(spec) == sum(p.numel() for p in network.parameters())


@settings(max_examples=150, deadline=None)
@given(changes=drawn_settings())
def test_what_is_tried_works(changes: dict[str, Any]) -> None:
    """The words say which settings to give, as they are typed; with them the network is legal."""
    try:
        CnnSpec(**changes)
    except InvalidInput as problem:
        field = problem.what.removeprefix("CnnSpec.")
        first, _, others = problem.attempt.partition(" with ")
        texts = dict(part.split("=") for part in f"{field}={first}".split(" and ")) if "=" not in first else {}
        texts |= dict(part.split("=") for part in (others or (first if "=" in first else "")).split(" and ") if part)
        read = {name: specs.rules(CnnSpec)[name].parse(name, text) for name, text in texts.items()}
        CnnSpec(**{**changes, **read})
    else:
        assert plan.clash(CnnSpec(**changes)) is None


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    (
        {"channels": (16, 32, 64, 128), "kernel_sizes": (5,), "paddings": ("valid",)},
        "CnnSpec.kernel_sizes must fit the map: conv3 is given 4 × 4 and its kernel is 5 × 5.",
        "Got 5. Try paddings=valid,valid,same,same.",
    ),
    (
        {"dataset": "digits", "channels": (8, 8, 8, 8)},
        "CnnSpec.channels must leave a map: pool4 is given 1 × 1, and half of it is nothing.",
        "Got '4 blocks'. Try 8,8,8.",
    ),
    (
        {"kernel_sizes": (3, 4)},
        "CnnSpec.kernel_sizes must be odd where the padding is same, and that of conv2 is not.",
        "Got 4. Try 3.",
    ),
    (
        {"kernel_sizes": (3, 5, 7)},
        "CnnSpec.kernel_sizes must be one for all, or one for each of the 2 blocks.",
        "Got '3,5,7'. Try 3,5.",
    ),
    (  # half a billion parameters: the words come before anything of that size exists
        {"dataset": "shapes", "channels": (128,), "pool": "none", "dense_units": (4096,)},
        (
            "CnnSpec.dense_units must keep the network within 20,000,000 parameters; "
            "dense1 (131,072 → 4,096) alone has 536,875,008."
        ),
        "Got '536,903,430 parameters'. Try 128.",
    ),
]


@pytest.mark.parametrize(("changes", "rule", "attempt"), REFUSED)
def test_a_network_that_cannot_be_built_is_refused_in_words(changes: dict[str, Any], rule: str, attempt: str) -> None:
    with pytest.raises(InvalidInput) as found:
        CnnSpec(**changes)
    assert str(found.value) == f"{rule} {attempt}"
