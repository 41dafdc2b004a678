"""Specs of the Convolution lab drawn at random, and the modules of torch.nn that they stand for, built apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from hypothesis import strategies as st
from torch import Tensor, nn

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import find
from dlviz.labs.convolution import plan
from dlviz.labs.convolution.spec import LAYERS, ConvolutionSpec
from tests.contracts.samples import values

ROW = ("conv1d", "causal")
POOLS = ("max_pool", "average_pool", "global_average_pool")
RULES = specs.rules(find("convolution").spec)
GEOMETRY = ("side", "channels", "kernel", "kernel_size", "stride", "padding", "padding_amount", "padding_mode",
            "dilation", "groups")  # fmt: skip


@st.composite
def drawn_specs(draw: st.DrawFn, layers: Sequence[str] = LAYERS, **fixed: Any) -> ConvolutionSpec:
    """A legal spec of one of these layers: as many random settings as go together, and weights of one's own."""
    spec = ConvolutionSpec(layer=draw(st.sampled_from(layers)), **fixed)
    fields = [name for name in draw(st.permutations(GEOMETRY)) if name not in fixed]
    for name in [*fields, "picture", "flip", "seed"]:
        spec = changed(spec, {name: draw(values(RULES[name]))})
    count = plan.weight_count(spec)
    chance = np.random.default_rng(draw(st.integers(0, 999)))
    if count and draw(st.booleans()):
        spec = changed(spec, {"weights": tuple((chance.integers(-192, 193, count) / 64).tolist())})
    maps = spec.layers[-1].outputs
    return changed(spec, {"bias": tuple((chance.integers(-192, 193, maps) / 64).tolist())})


def changed(spec: ConvolutionSpec, changes: dict[str, Any]) -> ConvolutionSpec:
    """The spec with these changes, or as it was where they do not go together."""
    try:
        return dataclasses.replace(spec, **changes)
    except InvalidInput:
        return spec


@st.composite
def drawn_settings(draw: st.DrawFn) -> dict[str, Any]:
    """Settings of a layer that are each legal, whether or not they go together; kernels that any size has."""
    found = {name: draw(values(RULES[name])) for name in GEOMETRY}
    found["kernel"] = draw(
        st.lists(st.sampled_from(("identity", "average", "random")), min_size=1, max_size=8).map(tuple)
    )
    found["side"] = draw(st.integers(1, 12))  # small, so that much does not fit
    return {"layer": draw(st.sampled_from(LAYERS)), **found}


def twin(layer: str, c: int, filters: int, settings: dict[str, Any]) -> nn.Module:
    """The same layer of torch.nn, with torch's own padding; torch raises where it cannot be."""
    k, s, d, g = (settings[name] for name in ("kernel_size", "stride", "dilation", "groups"))
    way, mode = settings["padding"], settings["padding_mode"]
    p = {"valid": 0, "same": "same", "full": d * (k - 1), "number": settings["padding_amount"]}[way]
    around: Any = p
    if p == "same":  # torch's pools have no word for it: half of what is added, where it can be halved
        around, odd = divmod(d * (k - 1), 2)
        if odd and layer in ("max_pool", "average_pool"):
            raise ValueError("so many cells cannot be the same on both sides")
    match layer:
        case "conv1d":
            return nn.Conv1d(c, filters, k, s, p, d, g, padding_mode=mode)
        case "causal":
            kinds = {"zeros": lambda n: nn.ConstantPad1d(n, 0.0), "reflect": nn.ReflectionPad1d,
                     "replicate": nn.ReplicationPad1d}  # fmt: skip
            return nn.Sequential(kinds[mode]((d * (k - 1), 0)), nn.Conv1d(c, filters, k, s, 0, d))
        case "transposed":
            return nn.ConvTranspose2d(c, filters, k, s, around, 0, g, dilation=d, padding_mode=mode)
        case "depthwise":
            return nn.Conv2d(c, c, k, s, p, d, c, padding_mode=mode)
        case "pointwise":
            return nn.Conv2d(c, filters, 1, s, groups=g)
        case "separable":
            return nn.Sequential(nn.Conv2d(c, c, k, s, p, d, c, padding_mode=mode), nn.Conv2d(c, filters, 1))
        case "max_pool":
            return nn.MaxPool2d(k, s, around, d)
        case "average_pool":
            return nn.AvgPool2d(k, s, around)
        case "global_average_pool":
            return nn.AdaptiveAvgPool2d(1)
    return nn.Conv2d(c, filters, k, s, p, d, g, padding_mode=mode)


def twin_of(spec: ConvolutionSpec) -> nn.Module:
    """The twin of a spec, weights as torch begins."""
    settings = {name: getattr(spec, name) for name in GEOMETRY}
    return twin(spec.layer, spec.in_channels, len(spec.kernel), settings)


def give(twin: nn.Module, network: nn.Module, row: bool) -> nn.Module:
    """The twin with the weights of our layers; a one-dimensional one has no rows."""
    ours = [p.detach() for p in network.parameters()]
    with torch.no_grad():
        for theirs, mine in zip(twin.parameters(), ours, strict=True):
            theirs.copy_(mine.squeeze(-2) if row and mine.ndim == 4 else mine)
    return twin


def difference(found: Tensor, wanted: Tensor, scale: float = 1.0) -> float:
    """The largest difference, as a share of the largest number, or of `scale` if that is larger."""
    assert found.shape == wanted.shape
    found, wanted = found.detach(), wanted.detach()
    return float((found - wanted).abs().max()) / max(scale, float(wanted.abs().max()))
