"""What several tests of the probes check."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import torch

from dlviz.core.trace import Trace
from dlviz.labs.convolution.geometry import Layer
from dlviz.labs.convolution.model import Sliding
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec


def a_run(**changes: Any) -> ConvolutionRun:
    return ConvolutionRun(ConvolutionSpec(**changes))


def magnitude(trace: Trace) -> float:
    """The largest sum of absolute terms: what rounding is a share of."""
    return max(1.0, float(np.abs(trace["terms"]).sum((3, 4, 5)).max()))


def check_sliding(trace: Trace) -> None:
    """The terms add up to the output, and the output follows from `state` alone, by torch."""
    whole = trace["terms"].astype(np.float64).sum((3, 4, 5))
    if "bias" in trace.arrays:
        whole += trace["bias"][:, None, None]
    assert np.abs(whole - trace["output"]).max() < 1e-5 * magnitude(trace)
    x = torch.from_numpy(trace["input"])[None]
    for i in range(2):
        if f"kind.{i}" not in trace.state:
            break
        own = {name: trace.state[f"{name}.{i}"] for name in ("kernel_size", "stride", "dilation", "padding", "groups")}
        layer = Layer(str(trace.state[f"kind.{i}"][0]), x.shape[1], 1, tuple(x.shape[2:]),  # type: ignore[arg-type]
                      *(tuple(own[name].tolist()) for name in ("kernel_size", "stride", "dilation", "padding")),
                      padding_mode=str(trace.state[f"padding_mode.{i}"][0]), groups=int(own["groups"]))  # fmt: skip
        if f"weight.{i}" in trace.state:
            weight, bias = (torch.from_numpy(trace.state[f"{name}.{i}"]) for name in ("weight", "bias"))
            layer = dataclasses.replace(layer, outputs=len(bias))
        else:
            layer = dataclasses.replace(layer, outputs=layer.inputs)
        sliding = Sliding(layer)
        if layer.has_weights:
            sliding.load_state_dict({"weight": weight, "bias": bias})
        x = sliding(x)
    assert np.array_equal(x[0].detach().numpy(), trace["output"])
