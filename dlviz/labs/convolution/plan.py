"""From settings to layers: which `Layer`s a spec means, and which settings do not go together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dlviz.core.errors import InvalidInput
from dlviz.labs.convolution import pixels
from dlviz.labs.convolution.geometry import Layer, padding_cells, reach
from dlviz.labs.convolution.kernels import LABELS, NEEDS_THREE, NEEDS_TWO, profile

if TYPE_CHECKING:
    from dlviz.labs.convolution.spec import ConvolutionSpec

Conflict = tuple[str, str, Any, str]  # field, rule, what was given, what would work
ONE_ROW = ("conv1d", "causal")
POOLS = ("max_pool", "average_pool", "global_average_pool")
GROUPED = ("conv2d", "conv1d", "transposed", "pointwise")  # the others have no groups, or their own


def padding(spec: ConvolutionSpec) -> tuple[int, int]:
    """Cells added before and after a side."""
    way = "causal" if spec.layer == "causal" else spec.padding
    return padding_cells(way, spec.kernel_size, spec.dilation, spec.padding_amount)


def layers(spec: ConvolutionSpec) -> tuple[Layer, ...]:
    """What slides over the picture: one layer, or the two of a depthwise separable convolution."""
    c, n, k, filters = spec.in_channels, spec.side, spec.kernel_size, len(spec.kernel)
    before, after = padding(spec)
    row = spec.layer in ONE_ROW
    size = (1 if row else n, n)
    shape: dict[str, Any] = {
        "input_size": size,
        "kernel_size": (1 if row else k, k),
        "stride": (1 if row else spec.stride, spec.stride),
        "dilation": (1 if row else spec.dilation, spec.dilation),
        "padding": (0, 0, before, after) if row else (before, after, before, after),
        "padding_mode": spec.padding_mode,
    }
    match spec.layer:
        case "transposed":
            return (Layer("transposed", c, filters, groups=spec.groups, **shape),)
        case "depthwise":
            return (Layer("conv", c, c, groups=c, **shape),)
        case "pointwise":
            return (Layer("conv", c, filters, size, (1, 1), (spec.stride, spec.stride), groups=spec.groups),)
        case "separable":
            deep = Layer("conv", c, c, groups=c, **shape)
            return deep, Layer("conv", c, filters, deep.output_size, (1, 1))
        case "max_pool":
            return (Layer("max", c, c, **shape),)
        case "average_pool":
            return (Layer("average", c, c, **shape),)
        case "global_average_pool":
            return (Layer("average", c, c, size, size),)
        case _:
            return (Layer("conv", c, filters, groups=1 if spec.layer == "causal" else spec.groups, **shape),)


def weight_count(spec: ConvolutionSpec) -> int:
    """Weights of all layers, biases not counted."""
    return sum(layer.parameters - layer.outputs for layer in layers(spec) if layer.has_weights)


def conflicts(spec: ConvolutionSpec) -> Iterator[Conflict]:
    """Settings that are each legal but do not go together, at the control that causes it, with the sizes.

    A rule goes on after the name of its field ("Kernel size must be at most 2, …"); what would work is a text
    that the field's rule reads.
    """
    yield from _picture_conflicts(spec)
    yield from _padding_conflicts(spec)
    yield from _mode_conflicts(spec)
    yield from _group_conflicts(spec)
    yield from _kernel_conflicts(spec)
    yield from _size_conflicts(spec)
    yield from _number_conflicts(spec)
    yield from _stack_conflicts(spec)


def _picture_conflicts(spec: ConvolutionSpec) -> Iterator[Conflict]:
    try:
        pixels.decode(spec.own_pixels)
    except InvalidInput as problem:
        yield "own_pixels", problem.rule, problem.given, problem.attempt


def _padding_conflicts(spec: ConvolutionSpec) -> Iterator[Conflict]:
    if spec.layer in ("global_average_pool", "pointwise", "causal"):
        return  # they take no padding, or their own
    k, (before, after) = spec.kernel_size, padding(spec)
    if spec.layer == "transposed" and spec.padding in ("same", "full"):
        rule = "must be valid or a number for a transposed convolution, where padding takes cells off the output"
        yield "padding", rule, spec.padding, "valid"
        return
    if spec.padding == "same" and spec.stride > 1:
        left = -(-spec.side // spec.stride)
        rule = f"must not be same with a stride of {spec.stride}, which makes {_counted(left, 'cell')} of {spec.side}"
        fits = reach(k, spec.dilation) <= spec.side or spec.layer in POOLS
        yield "padding", rule, "same", "valid" if fits else "full"
    if spec.layer not in POOLS:
        return
    if spec.layer == "average_pool" and spec.dilation > 1:
        yield "dilation", "must be 1 for average pooling, whose windows have no gaps", spec.dilation, "1"
    # torch compares with the cells of the window, not with what a dilated one reaches over.
    if before != after or after > k // 2:
        if spec.padding == "number":
            rule = f"must be at most {k // 2}, half of the {k} × {k} window, when pooling"
            yield "padding_amount", rule, spec.padding_amount, str(k // 2)
        else:
            rule = (
                f"must add at most {_counted(k // 2, 'cell')} when pooling with {k} × {k}, and as many after as before"
            )
            rule += f"; {spec.padding} adds {before} and {after}"
            yield "padding", rule, spec.padding, "valid"


def _mode_conflicts(spec: ConvolutionSpec) -> Iterator[Conflict]:
    mode = spec.padding_mode
    if mode == "zeros" or spec.layer in ("global_average_pool", "pointwise"):
        return
    if spec.layer in ("transposed", *POOLS):
        name = "a transposed convolution" if spec.layer == "transposed" else "pooling"
        yield "padding_mode", f"must be zeros for {name}", mode, "zeros"
        return
    if spec.layer == "causal" and mode in ("reflect", "circular"):
        rule = f"must be zeros or replicate for a causal layer: {mode} puts later cells before the first"
        yield "padding_mode", rule, mode, "zeros"
        return
    widest = max(padding(spec))
    most = spec.side - 1 if mode == "reflect" else spec.side
    if widest > most and mode != "replicate":
        cells = "cell" if widest == 1 else "cells"
        rule = f"must be zeros or replicate for {widest} {cells} of padding: in {spec.side} × {spec.side}, "
        yield "padding_mode", rule + f"{mode} finds at most {most}", mode, "zeros"


def _group_conflicts(spec: ConvolutionSpec) -> Iterator[Conflict]:
    inputs, filters = spec.in_channels, len(spec.kernel)
    if spec.layer not in GROUPED or inputs % spec.groups == filters % spec.groups == 0:
        return
    fitting = max(g for g in range(1, spec.groups) if inputs % g == filters % g == 0)
    what = f"{_counted(inputs, 'input channel')} and the {_counted(filters, 'filter')}"
    yield "groups", f"must divide the {what}", spec.groups, str(fitting)


def _kernel_conflicts(spec: ConvolutionSpec) -> Iterator[Conflict]:
    if spec.layer in (*POOLS, "pointwise"):
        return  # no kernels with a name
    for at, name in enumerate(spec.kernel):
        needed = _smallest(name)
        if spec.kernel_size < needed:
            rule = f"must be at least {needed} for “{LABELS[name]}”, which subtracts neighbours"
            yield "kernel_size", rule, spec.kernel_size, str(needed)
        elif spec.layer in ONE_ROW and name != "random" and not any(profile(name, spec.kernel_size)):
            rule = f"must not be “{LABELS[name]}” in a one-dimensional layer, which has no row above or below"
            turned = (*spec.kernel[:at], name.replace("horizontal", "vertical"), *spec.kernel[at + 1 :])
            yield "kernel", rule, name, ",".join(turned)


def _smallest(name: str) -> int:
    """The smallest size at which a kernel has a meaning."""
    return 3 if name in NEEDS_THREE else 2 if name in NEEDS_TWO else 1


def _size_conflicts(spec: ConvolutionSpec) -> Iterator[Conflict]:
    first = layers(spec)[0]
    height, width = first.output_size
    if min(height, width) >= 1:
        return
    n, k, d = spec.side, spec.kernel_size, spec.dilation
    if spec.layer == "transposed":
        amount, whole = spec.padding_amount, width + 2 * spec.padding_amount
        most = (whole - 1) // 2
        rule = f"must be at most {most}: {_counted(amount, 'cell')} off every side leave nothing of {whole} × {whole}"
        yield "padding_amount", rule, amount, str(most)
        return
    row = spec.layer in ONE_ROW
    padded = n + sum(padding(spec))
    have = f"the picture has {_size(n, row)}" + (f", with its padding {_size(padded, row)}" if padded > n else "")
    what = f"a {'window' if spec.layer in POOLS else 'kernel'} of {_size(k, row)}"
    spread = f" with dilation {d} reaches over {_size(reach(k, d), row)}" if d > 1 else ""
    reason = f"{what}{spread}, and {have}" if spread else f"{have}"
    smallest = 1 if spec.layer in POOLS else max(_smallest(name) for name in spec.kernel)
    if d > 1 and k <= padded:
        most = (padded - 1) // (k - 1)
        yield "dilation", f"must be at most {most}: {reason}", d, str(most)
    elif (most := (padded - 1) // d + 1) >= smallest:
        yield "kernel_size", f"must be at most {most}: {reason}", k, str(most)
    else:
        least = n + reach(k, d) - padded
        yield "side", f"must be at least {least}: {what}{spread or ' has to fit in'}", n, str(least)


def _number_conflicts(spec: ConvolutionSpec) -> Iterator[Conflict]:
    if spec.layer in POOLS:
        return  # nothing to multiply by: the numbers wait for a layer that has weights
    needed = weight_count(spec)
    if spec.weights and len(spec.weights) != needed:
        shapes = " and ".join(" × ".join(map(str, layer.weight_shape)) for layer in layers(spec))
        yield "weights", f"must be {needed} numbers ({shapes})", len(spec.weights), "none"
    outputs = layers(spec)[-1].outputs
    if len(spec.bias) not in (0, 1, outputs):
        what = "one number" + (f", or one for each of the {outputs} maps" if outputs > 1 else " for one map")
        yield "bias", f"must be {what}", len(spec.bias), "none"


def _stack_conflicts(spec: ConvolutionSpec) -> Iterator[Conflict]:
    depth = len(spec.stack_kernels)
    for field in ("stack_strides", "stack_dilations"):
        given = getattr(spec, field)
        if len(given) != depth:
            fitted = (*given[:depth], *[1] * (depth - len(given)))
            rule = f"must have one number for each layer, of which there are {depth}"
            yield field, rule, ",".join(map(str, given)), ",".join(map(str, fitted))


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _size(side: int, row: bool) -> str:
    return _counted(side, "cell") if row else f"{side} × {side} cells"
