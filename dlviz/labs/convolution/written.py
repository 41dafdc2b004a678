"""A spec as lines of PyTorch: the module that torch has for it, and arrays written out as numbers."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from dlviz.labs.convolution.geometry import reach
from dlviz.labs.convolution.plan import ONE_ROW, POOLS, padding
from dlviz.labs.convolution.spec import ConvolutionSpec

CAUSAL = '''
class CausalConv1d(nn.Conv1d):
    """An answer sees nothing that comes after it: all the padding stands in front."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(functional.pad(x, ({before}, 0){mode}))
'''


def module(spec: ConvolutionSpec) -> str:
    """The expression that builds the layer of a spec, as one writes it with `torch.nn`."""
    c, filters, k = spec.in_channels, len(spec.kernel), spec.kernel_size
    where = _where(spec)
    match spec.layer:
        case "transposed":
            return _call("ConvTranspose2d", c, filters, kernel_size=k, **where, groups=spec.groups)
        case "conv1d":
            return _call("Conv1d", c, filters, kernel_size=k, **where, groups=spec.groups)
        case "causal":
            return _call("CausalConv1d", c, filters, kernel_size=k, stride=spec.stride, dilation=spec.dilation)[3:]
        case "depthwise":
            return _call("Conv2d", c, c, kernel_size=k, **where, groups=c)
        case "pointwise":
            return _call("Conv2d", c, filters, kernel_size=1, stride=spec.stride, groups=spec.groups)
        case "separable":
            deep = _call("Conv2d", c, c, kernel_size=k, **where, groups=c)
            mixing = _call("Conv2d", c, filters, kernel_size=1)
            return f"nn.Sequential(\n    {deep},  # each channel by itself\n    {mixing},  # and mixed\n)"
        case "max_pool":
            return _call("MaxPool2d", kernel_size=k, **where)
        case "average_pool":
            return _call("AvgPool2d", kernel_size=k, **where)
        case "global_average_pool":
            return "nn.AdaptiveAvgPool2d(1)"
        case _:
            return _call("Conv2d", c, filters, kernel_size=k, **where, groups=spec.groups)


def helper_class(spec: ConvolutionSpec) -> str:
    """What torch has no module for, or nothing."""
    if spec.layer != "causal":
        return ""
    mode = "" if spec.padding_mode == "zeros" else f', "{spec.padding_mode}"'
    return CAUSAL.format(before=reach(spec.kernel_size, spec.dilation) - 1, mode=mode)


def _where(spec: ConvolutionSpec) -> dict[str, object]:
    """Stride, padding and dilation as torch's modules take them."""
    before, after = padding(spec)
    # An odd number of cells cannot stand on both sides alike; torch has a word for what happens then.
    amount: object = "same" if spec.padding == "same" and spec.layer not in POOLS else after
    found: dict[str, object] = {"stride": spec.stride, "padding": amount, "dilation": spec.dilation}
    if before == after == 0:
        found["padding"] = 0
    elif spec.padding_mode != "zeros":
        found["padding_mode"] = spec.padding_mode
    if spec.layer == "average_pool":
        found.pop("dilation")  # torch has none, and the spec refuses any but 1
    return found


def _call(name: str, *places: object, **settings: object) -> str:
    """The call, without what has torch's own default."""
    # The stride of a pool is its window unless it is given.
    default = {"stride": None if name.endswith("Pool2d") else 1, "padding": 0, "dilation": 1, "groups": 1}
    named = [f"{k}={v!r}" for k, v in settings.items() if default.get(k) != v]
    return f"nn.{name}({', '.join([*map(str, places), *named])})".replace("'", '"')


def shaped(weight: Tensor, spec: ConvolutionSpec) -> Tensor:
    """A weight as the module of `module` keeps it: of one-dimensional ones without the row."""
    return weight.squeeze(-2) if spec.layer in ONE_ROW else weight


def array(tensor: Tensor, whole: bool = False) -> str:
    """Nested lists, the last axis on one line; floats as the shortest digits that give the same float32."""
    return _nested(tensor.detach().numpy(), "", whole)


def _nested(values: np.ndarray, indent: str, whole: bool) -> str:
    if values.ndim == 1:
        return f"[{', '.join(str(int(v)) if whole else str(v) for v in values)}]"
    inner = indent + "    "
    rows = [f"{inner}{_nested(part, inner, whole)},\n" for part in values]
    return f"[\n{''.join(rows)}{indent}]"
