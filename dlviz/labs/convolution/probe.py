"""Probes of the Convolution lab: the layer on the stage and everything around it, as arrays with named axes.

Every probe takes a run and leaves it as it was: parameters, gradients, modes, generators. What is shown is what
`run.target` computes; for an input or a kernel of one's own the same modules are built again for its size.
`kernel` is always (output, input, kernel_height, kernel_width), the input channels those that a filter sees;
`state` has the weights as torch keeps them, under the names of the screen, and the geometry of every layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from dlviz.core.errors import InvalidInput
from dlviz.core.trace import Trace
from dlviz.labs.convolution import unfold
from dlviz.labs.convolution.given import layers_and_picture
from dlviz.labs.convolution.learning import learn
from dlviz.labs.convolution.model import Sliding, to_filters
from dlviz.labs.convolution.passing import copied, forward, state
from dlviz.labs.convolution.relatives import variants
from dlviz.labs.convolution.stack import receptive

if TYPE_CHECKING:
    from dlviz.labs.convolution.run import ConvolutionRun

__all__ = ["channels", "learn", "matrix", "receptive", "sliding", "variants"]

Dims = dict[str, tuple[str, ...]]
MAP = ("channel", "height", "width")
KERNEL = ("output", "input", "kernel_height", "kernel_width")
TERMS = ("output", "height", "width", "input", "kernel_height", "kernel_width")
MOST_ENTRIES = 16_000_000  # of the matrix: 64 MB


def sliding(run: ConvolutionRun, input: Any = None, kernel: Any = None, pointwise: Any = None) -> Trace:
    """What every cell of the output is made of.

    `input` (channel, height, width), `kernel` and `bias` (output,), `output` (channel, height, width), and `terms`
    (output, height, width, input, kernel_height, kernel_width): the products of every cell, whose sum plus its bias
    is the output. Of an average pool a term is x / n; of a max pool x where it wins, the first of equals, else 0; of
    a transposed convolution x · w where that falls on the cell, else 0. A zero of the padding gives a term of 0.
    Pooling has neither kernel nor bias; a max pool has `winner` (channel, height, width), the cell of the input that
    won, counted row by row. A depthwise separable layer has its second half in `pointwise`, `bias` and `terms`, and
    its first in `kernel`, `depthwise_bias`, `depthwise_terms` and `middle`, the maps between them.

    `input`, `kernel` and `pointwise` may be one's own: see `given.layers_and_picture`.
    """
    network, picture = layers_and_picture(run, input, kernel, pointwise)
    maps = forward(network, picture)
    layers = [module for module in network if isinstance(module, Sliding)]
    arrays = {"input": picture, "output": maps[-1]}
    last = layers[-1]
    if last.layer.has_weights:
        arrays |= {"kernel": to_filters(layers[0].weight, layers[0].layer), "bias": last.bias}
    if last.layer.kind == "max":
        arrays["winner"] = unfold.winners(last.layer, picture)
    if len(layers) == 2:
        arrays |= {"pointwise": last.weight, "depthwise_bias": layers[0].bias, "middle": maps[1],
                   "depthwise_terms": unfold.terms(layers[0], picture)}  # fmt: skip
    arrays["terms"] = unfold.terms(last, maps[-2])
    known: Dims = {
        **dict.fromkeys(("input", "output", "middle", "winner"), MAP),
        **dict.fromkeys(("kernel", "pointwise"), KERNEL),
        **dict.fromkeys(("bias", "depthwise_bias"), ("output",)),
        **dict.fromkeys(("terms", "depthwise_terms"), TERMS),
    }
    return Trace(copied(arrays), {name: known[name] for name in arrays}, {}, state(network))


def channels(
    run: ConvolutionRun,
    row: int | None = None,
    column: int | None = None,
    input: Any = None,
    kernel: Any = None,
) -> Trace:
    """What each input channel brings to each map.

    `partial` (output, input, height, width): a channel alone under its slice of the filter, the bias not yet added;
    `running` the same added up from the first channel on; `bias` (output,); `output` (channel, height, width) the
    total. `seen` (output, input) says which channel that is: with groups a filter sees only some.
    `cell` (point,) is one place of the output, row and column, in the middle unless given; `products`
    (output, input, kernel_height, kernel_width) are its products in every map. `parameters` and `dense_parameters`
    (layer,) count weights and biases of each layer, and of a fully connected one between the same two arrays.
    Of a depthwise separable layer the second half, the pointwise one, which is what mixes channels.
    """
    network, picture = layers_and_picture(run, input, kernel)
    layers = [module for module in network if isinstance(module, Sliding)]
    last = layers[-1]
    if not last.layer.has_weights:
        rule = "need a layer with weights; pooling treats every channel by itself"
        raise InvalidInput("Channels", rule, run.spec.layer, "the layer conv2d")
    maps = forward(network, picture)
    height, width = last.layer.output_size
    place = [_place("row", row, height), _place("column", column, width)]
    found = unfold.terms(last, maps[-2])  # output, height, width, input, kernel_height, kernel_width
    partial = found.sum((-2, -1)).permute(0, 3, 1, 2).contiguous()
    per_group, per_output = last.layer.inputs // last.layer.groups, last.layer.outputs // last.layer.groups
    first = torch.arange(last.layer.outputs) // per_output * per_group
    arrays = {
        "input": maps[-2],
        "kernel": to_filters(last.weight, last.layer),
        "partial": partial,
        "running": partial.cumsum(1),
        "bias": last.bias,
        "output": maps[-1],
        "seen": (first[:, None] + torch.arange(per_group)).int(),
        "cell": torch.tensor(place, dtype=torch.int32),
        "products": found[:, place[0], place[1]],
        "parameters": torch.tensor([module.layer.parameters for module in layers], dtype=torch.int32),
        # A fully connected layer may have more than 2³¹ weights; a double counts them exactly all the same.
        "dense_parameters": torch.tensor([module.layer.dense_parameters for module in layers], dtype=torch.float64),
    }
    sums = ("output", "input", "height", "width")
    dims: Dims = {"input": MAP, "kernel": KERNEL, "partial": sums, "running": sums, "bias": ("output",), "output": MAP,
                  "seen": ("output", "input"), "cell": ("point",), "products": KERNEL, "parameters": ("layer",),
                  "dense_parameters": ("layer",)}  # fmt: skip
    return Trace(copied(arrays), dims, {}, state(network))


def matrix(run: ConvolutionRun, input: Any = None, kernel: Any = None, pointwise: Any = None) -> Trace:
    """The layer as one matrix: M · vec(x) + b = vec(y), where vec reads channel by channel, row by row.

    `matrix` (output, input): a row for every cell of the output, a column for every cell of the input; `bias`
    (output,) for every cell; `x` (input,) and `y` (output,), and both as pictures, `input` and `output`. Of a max
    pool, which is not linear, the matrix is that of this picture: a one in each row, where the winner stands.
    """
    network, picture = layers_and_picture(run, input, kernel, pointwise)
    output = forward(network, picture)[-1]
    entries = picture.numel() * output.numel()
    if entries > MOST_ENTRIES:
        rule = f"must have at most {MOST_ENTRIES:,} entries; {output.numel():,} × {picture.numel():,} are {entries:,}"
        raise InvalidInput("The matrix", rule, f"a picture of {picture.shape[1]} × {picture.shape[2]}", "a smaller one")
    found, bias = unfold.linear(network, picture)
    arrays = {"matrix": found, "bias": bias, "x": picture.flatten(), "y": output.flatten(), "input": picture,
              "output": output}  # fmt: skip
    dims: Dims = {"matrix": ("output", "input"), "bias": ("output",), "x": ("input",), "y": ("output",),
                  "input": MAP, "output": MAP}  # fmt: skip
    return Trace(copied(arrays), dims, {}, state(network))


def _place(name: str, given: int | None, size: int) -> int:
    if given is None:
        return size // 2
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < size:
        raise InvalidInput(name, f"must be a whole number in [0, {size - 1}]", given, str(size // 2))
    return given
