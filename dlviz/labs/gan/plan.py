"""From settings to rows: what each layer of both networks is given, makes and costs, before anything is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Literal

from dlviz.core.errors import InvalidInput
from dlviz.data import placing

if TYPE_CHECKING:
    from dlviz.labs.gan.spec import GanSpec

Kind = Literal["flatten", "unflatten", "linear", "conv", "transposed", "norm", "relu", "leaky", "tanh"]
Part = Literal["generator", "discriminator"]
SLOPE = 0.2  # of the leaky ReLU below 0 (A. Radford et al., DCGAN, 2016)
HALF_WIDTH = 1.5  # of the plane: points lie between −1.5 and 1.5 in both directions
LEAST_OWN = 2  # different points below which there is nothing to imitate but a place
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """One layer, named as in the network: `generator.linear1`, `discriminator.output`. Shapes without the batch.

    `kernel`, `stride`, `padding`: of convolutions and their transposes.
    `bias`: False before a batch normalization, which has one of its own.
    """

    part: Part
    name: str
    kind: Kind
    label: str
    input_shape: Shape
    output_shape: Shape
    parameters: int = 0
    kernel: int = 0
    stride: int = 0
    padding: int = 0
    bias: bool = True

    def describe(self) -> dict[str, Any]:
        """Plain JSON for the page."""
        return {**asdict(self), "input_shape": list(self.input_shape), "output_shape": list(self.output_shape)}


def rows(spec: GanSpec) -> Iterator[Row]:
    """The generator from the noise to an example, then the discriminator from an example to one number."""
    if spec.network == "dcgan":
        yield from _up(spec)
        yield from _down(spec)
    else:
        yield from _dense(spec, "generator")
        yield from _dense(spec, "discriminator")


def _dense(spec: GanSpec, part: Part) -> Iterator[Row]:
    is_generator = part == "generator"
    shape: Shape = (spec.noise_dimensions + spec.told,)
    if not is_generator:
        shape = (prod(spec.shape) + spec.told,)
        if not spec.is_planar:
            yield Row(part, f"{part}.flatten", "flatten", "Flatten", spec.shape, (prod(spec.shape),))
    widths = spec.generator_hidden if is_generator else spec.discriminator_hidden
    for number, units in enumerate(widths, start=1):
        normed = _is_normed(spec, part, number)
        yield _linear(part, f"linear{number}", shape, units, bias=not normed)
        shape = (units,)
        if normed:
            yield _norm(part, number, shape)
        yield _activation(part, number, shape)
    if not is_generator:
        yield _linear(part, "output", shape, 1)
        return
    count = prod(spec.shape)
    yield _linear(part, "output", shape, count)
    if not spec.is_planar:
        yield Row(part, f"{part}.tanh", "tanh", "tanh", (count,), (count,))
        yield Row(part, f"{part}.unflatten", "unflatten", "Picture", (count,), spec.shape)


def _up(spec: GanSpec) -> Iterator[Row]:
    part: Part = "generator"
    side = spec.side // 2 ** len(spec.channels)
    given = spec.noise_dimensions + spec.told
    shape: Shape = (given, 1, 1)
    yield Row(part, f"{part}.unflatten", "unflatten", "Maps of one cell", (given,), shape)
    geometry = [(side, 1, 0)] + [(4, 2, 1)] * len(spec.channels)
    maps = (*spec.channels, spec.shape[0])
    for number, (after, (kernel, stride, padding)) in enumerate(zip(maps, geometry, strict=True), start=1):
        to = (shape[1] - 1) * stride - 2 * padding + kernel
        is_last = number == len(maps)
        normed = not is_last and _is_normed(spec, part, number)
        name = "output" if is_last else f"up{number}"
        label = f"Transposed {kernel} × {kernel}, stride {stride}"
        count = kernel * kernel * shape[0] * after + (0 if normed else after)
        yield Row(part, f"{part}.{name}", "transposed", label, shape, (after, to, to), count, kernel, stride, padding,
                  not normed)  # fmt: skip
        shape = (after, to, to)
        if normed:
            yield _norm(part, number, shape)
        if not is_last:
            yield _activation(part, number, shape)
    yield Row(part, f"{part}.tanh", "tanh", "tanh", shape, shape)


def _down(spec: GanSpec) -> Iterator[Row]:
    part: Part = "discriminator"
    shape: Shape = (spec.shape[0] + spec.told, spec.side, spec.side)
    maps = (*reversed(spec.channels), 1)
    for number, after in enumerate(maps, start=1):
        is_last = number == len(maps)
        kernel, stride, padding = (shape[1], 1, 0) if is_last else (4, 2, 1)
        to = (shape[1] + 2 * padding - kernel) // stride + 1
        normed = not is_last and _is_normed(spec, part, number)
        name = "output" if is_last else f"down{number}"
        label = f"Conv {kernel} × {kernel}, stride {stride}"
        count = kernel * kernel * shape[0] * after + (0 if normed else after)
        yield Row(part, f"{part}.{name}", "conv", label, shape, (after, to, to), count, kernel, stride, padding,
                  not normed)  # fmt: skip
        shape = (after, to, to)
        if normed:
            yield _norm(part, number, shape)
        if not is_last:
            yield _activation(part, number, shape)
    yield Row(part, f"{part}.flatten", "flatten", "One number", shape, (1,))


def _is_normed(spec: GanSpec, part: Part, number: int) -> bool:
    """Not the discriminator's first layer: it would not see how the batch as a whole looks (DCGAN, section 3)."""
    if part == "generator":
        return spec.batch_norm != "none"
    return spec.batch_norm == "both" and number > 1


def _linear(part: Part, name: str, before: Shape, units: int, bias: bool = True) -> Row:
    count = before[0] * units + (units if bias else 0)
    return Row(part, f"{part}.{name}", "linear", "Linear", before, (units,), count, bias=bias)


def _norm(part: Part, number: int, shape: Shape) -> Row:
    return Row(part, f"{part}.norm{number}", "norm", "Batch norm", shape, shape, 2 * shape[0])


def _activation(part: Part, number: int, shape: Shape) -> Row:
    if part == "generator":
        return Row(part, f"{part}.act{number}", "relu", "ReLU", shape, shape)
    return Row(part, f"{part}.act{number}", "leaky", f"Leaky ReLU, {SLOPE}", shape, shape)


def own_points_problems(field: str, text: str) -> Iterator[InvalidInput]:
    """What is wrong with points that a person drew."""
    try:
        points = placing.decode(text, HALF_WIDTH, field)
    except InvalidInput as problem:
        yield problem
        return
    if len(set(points)) < LEAST_OWN:
        rule = f"must be at least {LEAST_OWN} different points: of one there is nothing to learn but its place"
        yield InvalidInput(field, rule, f"{len(points)} {'point' if len(points) == 1 else 'points'}", "drawing more")
