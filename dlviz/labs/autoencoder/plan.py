"""From settings to rows: what each layer is given, makes and costs, in plain numbers, before anything is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.spec import AutoencoderSpec

Kind = Literal["flatten", "linear", "activation", "conv", "unflatten", "transposed"]
Part = Literal["encoder", "code", "decoder"]
KERNEL, STRIDE, PADDING = 3, 2, 1  # of every convolution: each halves height and width
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """One layer, named as in the network: `encoder.linear1`, `mean`, `decoder.output`. Shapes without the batch.

    `extra`: rows and columns that a transposed convolution adds, so that the side is again what the encoder had.
    """

    part: Part
    name: str
    kind: Kind
    label: str
    input_shape: Shape
    output_shape: Shape
    parameters: int = 0
    extra: int = 0

    def describe(self) -> dict[str, Any]:
        """Plain JSON for the page."""
        return {**asdict(self), "input_shape": list(self.input_shape), "output_shape": list(self.output_shape)}


def rows(spec: AutoencoderSpec) -> Iterator[Row]:
    """Every layer from the picture to the picture."""
    encoder = tuple(_convolutions(spec) if spec.network == "convolutional" else _dense(spec))
    yield from encoder
    features = encoder[-1].output_shape[0] if encoder else prod(spec.picture_shape)
    given, code = (features + spec.told,), (spec.latent,)
    heads = {"mean": "μ", "log_variance": "log σ²"} if spec.is_variational else {"mean": "code"}
    for name, label in heads.items():
        yield Row("code", name, "linear", label, given, code, (given[0] + 1) * code[0])
    told = (spec.latent + spec.told,)
    yield from _transposed(spec, told) if spec.network == "convolutional" else _mirrored(spec, told)


def _linear(part: Part, name: str, before: Shape, units: int) -> Row:
    return Row(part, f"{part}.{name}", "linear", "Linear", before, (units,), (before[0] + 1) * units)


def _activation(spec: AutoencoderSpec, part: Part, number: int, shape: Shape) -> Iterator[Row]:
    if spec.activation != "linear":
        label = {"relu": "ReLU", "tanh": "tanh"}[spec.activation]
        yield Row(part, f"{part}.act{number}", "activation", label, shape, shape)


def _dense(spec: AutoencoderSpec) -> Iterator[Row]:
    shape: Shape = (prod(spec.picture_shape),)
    yield Row("encoder", "encoder.flatten", "flatten", "Flatten", spec.picture_shape, shape)
    for number, units in enumerate(spec.hidden, start=1):
        yield _linear("encoder", f"linear{number}", shape, units)
        shape = (units,)
        yield from _activation(spec, "encoder", number, shape)


def _mirrored(spec: AutoencoderSpec, shape: Shape) -> Iterator[Row]:
    for number, units in enumerate(reversed(spec.hidden), start=1):
        yield _linear("decoder", f"linear{number}", shape, units)
        shape = (units,)
        yield from _activation(spec, "decoder", number, shape)
    count = prod(spec.picture_shape)
    yield _linear("decoder", "output", shape, count)
    yield Row("decoder", "decoder.unflatten", "unflatten", "Picture", (count,), spec.picture_shape)


def sides(spec: AutoencoderSpec) -> list[int]:
    """Height and width before the first convolution and after each."""
    found = [spec.picture_shape[1]]
    for _ in spec.channels:
        found.append((found[-1] + 2 * PADDING - KERNEL) // STRIDE + 1)
    return found


def _convolutions(spec: AutoencoderSpec) -> Iterator[Row]:
    shape: Shape = spec.picture_shape
    for number, (maps, side) in enumerate(zip(spec.channels, sides(spec)[1:], strict=True), start=1):
        after = (maps, side, side)
        count = (KERNEL * KERNEL * shape[0] + 1) * maps
        label = f"Conv {KERNEL} × {KERNEL}, stride {STRIDE}"
        yield Row("encoder", f"encoder.conv{number}", "conv", label, shape, after, count)
        yield from _activation(spec, "encoder", number, after)
        shape = after
    yield Row("encoder", "encoder.flatten", "flatten", "Flatten", shape, (prod(shape),))


def _transposed(spec: AutoencoderSpec, code: Shape) -> Iterator[Row]:
    side = sides(spec)
    maps = (*reversed(spec.channels), spec.picture_shape[0])
    shape: Shape = (maps[0], side[-1], side[-1])
    yield _linear("decoder", "linear1", code, prod(shape))
    yield from _activation(spec, "decoder", 1, (prod(shape),))
    yield Row("decoder", "decoder.unflatten", "unflatten", "Maps", (prod(shape),), shape)
    for number, after in enumerate(maps[1:], start=1):
        to = side[-1 - number]
        extra = to - (STRIDE * (shape[1] - 1) - 2 * PADDING + KERNEL)
        count = KERNEL * KERNEL * shape[0] * after + after
        is_last = number == len(spec.channels)
        name = "output" if is_last else f"conv{number}"
        label = f"Transposed {KERNEL} × {KERNEL}, stride {STRIDE}"
        yield Row("decoder", f"decoder.{name}", "transposed", label, shape, (after, to, to), count, extra)
        shape = (after, to, to)
        if not is_last:
            yield from _activation(spec, "decoder", number + 1, shape)
