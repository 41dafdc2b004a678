"""Where a filter may stand: padding, output size, and the combinations that cannot work, in plain numbers.

Symbols, a side at a time: n input, k kernel, s stride, d dilation, p padding before and after in all.
A kernel of k cells with dilation d reaches over e = d (k − 1) + 1 cells of the input.

    convolution, pooling:     m = ⌊(n + p − e) / s⌋ + 1
    transposed convolution:   m = (n − 1) s − p + e
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["conv", "transposed", "max", "average"]
Pair = tuple[int, int]


def reach(kernel: int, dilation: int) -> int:
    """How many cells of the input a kernel spans: d (k − 1) + 1."""
    return dilation * (kernel - 1) + 1


def output_side(side: int, kernel: int, stride: int, dilation: int, padding: int) -> int:
    """Cells of the output along one side; below 1 when the kernel does not fit. `padding` counts both ends."""
    return (side + padding - reach(kernel, dilation)) // stride + 1


def transposed_side(side: int, kernel: int, stride: int, dilation: int, padding: int) -> int:
    """The same for a transposed convolution."""
    return (side - 1) * stride - padding + reach(kernel, dilation)


def padding_cells(way: str, kernel: int, dilation: int, amount: int) -> Pair:
    """Cells added before and after a side. An odd number for `same` goes half before, the rest after, as in torch."""
    around = reach(kernel, dilation) - 1
    match way:
        case "same":
            return around // 2, around - around // 2
        case "full":
            return around, around
        case "causal":
            return around, 0  # an answer must not see what comes after it
        case "number":
            return amount, amount
        case _:
            return 0, 0


@dataclass(frozen=True)
class Layer:
    """One layer with every size worked out. Pairs are (height, width); `padding` is top, bottom, left, right."""

    kind: Kind
    inputs: int
    outputs: int
    input_size: Pair
    kernel_size: Pair
    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    padding_mode: str = "zeros"
    groups: int = 1
    bias: bool = True

    @property
    def output_size(self) -> Pair:
        """Height and width of the output."""
        side = transposed_side if self.kind == "transposed" else output_side
        top, bottom, left, right = self.padding
        (h, w), (kh, kw), (sh, sw), (dh, dw) = self.input_size, self.kernel_size, self.stride, self.dilation
        return side(h, kh, sh, dh, top + bottom), side(w, kw, sw, dw, left + right)

    @property
    def has_weights(self) -> bool:
        """Pooling has none."""
        return self.kind in ("conv", "transposed")

    @property
    def weight_shape(self) -> tuple[int, int, int, int]:
        """As torch keeps it: (out, in / groups, kh, kw), for a transposed one (in, out / groups, kh, kw)."""
        if self.kind == "transposed":
            return self.inputs, self.outputs // self.groups, *self.kernel_size
        return self.outputs, self.inputs // self.groups, *self.kernel_size

    @property
    def parameters(self) -> int:
        """Weights and biases: (kh · kw · c_in / groups + 1) · c_out."""
        if not self.has_weights:
            return 0
        a, b, kh, kw = self.weight_shape
        return a * b * kh * kw + (self.outputs if self.bias else 0)

    @property
    def multiplications(self) -> int:
        """Products for one picture, cells of the padding included; for pooling none."""
        if not self.has_weights:
            return 0
        a, b, kh, kw = self.weight_shape
        h, w = self.input_size if self.kind == "transposed" else self.output_size
        return a * b * kh * kw * h * w

    @property
    def dense_parameters(self) -> int:
        """What a fully connected layer between the same two arrays would hold, biases included."""
        (h, w), (oh, ow) = self.input_size, self.output_size
        return (self.inputs * h * w + 1) * self.outputs * oh * ow

    def describe(self) -> dict[str, object]:
        """Plain JSON for the page, which computes with it."""
        return {
            "kind": self.kind,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "input_size": list(self.input_size),
            "output_size": list(self.output_size),
            "kernel_size": list(self.kernel_size),
            "stride": list(self.stride),
            "dilation": list(self.dilation),
            "padding": list(self.padding),
            "padding_mode": self.padding_mode,
            "groups": self.groups,
            "bias": self.bias,
            "parameters": self.parameters,
            "multiplications": self.multiplications,
            "dense_parameters": self.dense_parameters,
        }
