"""From settings to rows: what each layer is given, makes and costs, in plain numbers, before anything is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from dlviz.labs.cnn.spec import CnnSpec

Kind = Literal["conv", "norm", "activation", "pool", "flatten", "linear", "dropout", "softmax"]
Conflict = tuple[str, str, Any, str]  # field, rule, what was given, what would work
MOST_PARAMETERS = 20_000_000
POOL = 2  # rows and columns of a pooling window, and its stride


@dataclass(frozen=True)
class Row:
    """One layer: `name` as in the network (`conv1`, `pool1`, `dense1`, `output`), its shapes without the batch.

    A map has the shape (channel, height, width), a vector (unit,). `block` counts from 1 in both halves.
    """

    name: str
    kind: Kind
    label: str
    block: int
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    parameters: int = 0
    kernel_size: int = 0
    padding: int = 0

    def describe(self) -> dict[str, Any]:
        """Plain JSON for the page."""
        return {
            "name": self.name,
            "kind": self.kind,
            "label": self.label,
            "block": self.block,
            "input_shape": list(self.input_shape),
            "output_shape": list(self.output_shape),
            "parameters": self.parameters,
            "kernel_size": self.kernel_size,
            "padding": self.padding,
        }


def one_each(values: tuple[Any, ...], blocks: int) -> tuple[Any, ...]:
    """One value for all blocks, or one for each."""
    return values * blocks if len(values) == 1 else values


def rows(spec: CnnSpec) -> Iterator[Row]:
    """Every layer from the picture to the probabilities. A side may come out below 1: see `conflicts`."""
    yield from _convolutional(spec)
    yield from _dense(spec, _last_shape(spec))


def _convolutional(spec: CnnSpec) -> Iterator[Row]:
    shape: tuple[int, ...] = spec.picture_shape
    blocks = len(spec.channels)
    kernels, paddings = one_each(spec.kernel_sizes, blocks), one_each(spec.paddings, blocks)
    for block, (channels, k, padding) in enumerate(zip(spec.channels, kernels, paddings, strict=True), start=1):
        for turn in range(spec.convs):
            c, height, width = shape
            around = k // 2 if padding == "same" else 0
            letter = "ab"[turn] if spec.convs > 1 else ""
            side = (channels, height + 2 * around - k + 1, width + 2 * around - k + 1)
            yield Row(
                f"conv{block}{letter}",
                "conv",
                f"Conv {k} × {k}",
                block,
                shape,
                side,
                (k * k * c + 1) * channels,
                k,
                around,
            )
            if spec.batch_norm:
                yield Row(f"norm{block}{letter}", "norm", "BatchNorm", block, side, side, 2 * channels)
            yield Row(f"act{block}{letter}", "activation", spec.activation_label, block, side, side)
            shape = side
        if spec.pool != "none":
            halved = (shape[0], shape[1] // POOL, shape[2] // POOL)
            label = "Max pool 2 × 2" if spec.pool == "max" else "Average pool 2 × 2"
            yield Row(f"pool{block}", "pool", label, block, shape, halved)
            shape = halved


def _last_shape(spec: CnnSpec) -> tuple[int, ...]:
    shape: tuple[int, ...] = spec.picture_shape
    for row in _convolutional(spec):
        shape = row.output_shape
    return shape


def _dense(spec: CnnSpec, shape: tuple[int, ...]) -> Iterator[Row]:
    flat: tuple[int, ...] = (prod(shape),)
    yield Row("flatten", "flatten", "Flatten", 0, shape, flat)
    for block, units in enumerate(spec.dense_units, start=1):
        yield Row(f"dense{block}", "linear", "Linear", block, flat, (units,), (flat[0] + 1) * units)
        flat = (units,)
        yield Row(f"dense_act{block}", "activation", spec.activation_label, block, flat, flat)
        if spec.dropout > 0:
            yield Row(f"dropout{block}", "dropout", f"Dropout {spec.dropout:g}", block, flat, flat)
    n = spec.class_count
    yield Row("output", "linear", "Linear", 0, flat, (n,), (flat[0] + 1) * n)
    yield Row("softmax", "softmax", "Softmax", 0, (n,), (n,))


@dataclass(frozen=True)
class Clash:
    """What keeps a network from being built: the field to blame, in words, and at which row (or at none).

    `changes` are a step towards a network that works; after some steps there is one, see `mended`.
    """

    field: str
    rule: str
    given: Any
    row: str
    changes: dict[str, tuple[Any, ...]]


class _Changed:
    """A spec with some of its fields changed, legal or not: a spec that is not legal cannot be made."""

    def __init__(self, spec: CnnSpec, changes: Mapping[str, Any]) -> None:
        self._spec, self._changes = spec, changes

    def __getattr__(self, name: str) -> Any:
        return self._changes[name] if name in self._changes else getattr(self._spec, name)


def conflicts(spec: CnnSpec) -> Iterator[Conflict]:
    """Settings that are each legal but do not go together, at the control that causes it, with the sizes."""
    found = clash(spec)
    if found:
        yield found.field, found.rule, found.given, in_words(found.field, mended(spec))


def mended(spec: CnnSpec) -> dict[str, tuple[Any, ...]]:
    """The changes that make a network of it; empty for one that works."""
    changes: dict[str, tuple[Any, ...]] = {}
    while found := clash(_changed(spec, changes)):
        changes |= found.changes
    return changes


def in_words(field: str, changes: Mapping[str, tuple[Any, ...]]) -> str:
    """What to try: the value of the field to blame as it is typed, the other fields by name."""
    texts = {name: ",".join(map(str, values)) or "none" for name, values in changes.items()}
    own = [texts.pop(field)] if field in texts else []
    others = " and ".join(f"{name}={text}" for name, text in texts.items())
    return " with ".join([*own, *([others] if others else [])])


def _changed(spec: CnnSpec, changes: Mapping[str, Any]) -> CnnSpec:
    return _Changed(spec, changes)  # type: ignore[return-value]


def clash(spec: CnnSpec) -> Clash | None:
    """The first thing that does not go together, or None."""
    blocks = len(spec.channels)
    for field in ("kernel_sizes", "paddings"):
        given = getattr(spec, field)
        if len(given) not in (1, blocks):
            rule = f"must be one for all, or one for each of the {blocks} blocks"
            fitting = (*given, *[given[-1]] * blocks)[:blocks]
            return Clash(field, rule, ",".join(map(str, given)), "", {field: _short(fitting)})
    kernels = one_each(spec.kernel_sizes, blocks)
    for at, (k, padding) in enumerate(zip(kernels, one_each(spec.paddings, blocks), strict=True)):
        if padding == "same" and k % 2 == 0:
            name = f"conv{at + 1}" + ("a" if spec.convs > 1 else "")
            rule = f"must be odd where the padding is same, and that of {name} is not"
            return Clash("kernel_sizes", rule, k, name, {"kernel_sizes": _with(kernels, at, k - 1)})
    row = _first_too_small(spec)
    return _too_small(spec, row) if row else _too_large(spec)


def _too_small(spec: CnnSpec, row: Row) -> Clash:
    size = " × ".join(map(str, row.input_shape[1:]))
    blocks, at = len(spec.channels), row.block - 1
    tuples = {name: getattr(spec, name) for name in ("channels", "kernel_sizes", "paddings")}
    fewer = {name: values[:at] for name, values in tuples.items() if len(values) == blocks}
    if row.kind == "pool":
        rule = f"must leave a map: {row.name} is given {size}, and half of it is nothing"
        return Clash("channels", rule, f"{blocks} blocks", row.name, fewer)
    rule = f"must fit the map: {row.name} is given {size} and its kernel is {row.kernel_size} × {row.kernel_size}"
    kernels, paddings = one_each(spec.kernel_sizes, blocks), one_each(spec.paddings, blocks)
    ways: list[dict[str, tuple[Any, ...]]] = [
        {"kernel_sizes": _with(kernels, at, k)} for k in range(row.kernel_size - 1, 0, -1)
    ]
    if all(k % 2 for k in kernels[at:]):
        ways.append({"paddings": _short((*paddings[:at], *["same"] * (blocks - at)))})
    # Where no single change helps to the end, one that helps to the end of this block.
    reached = [_first_too_small(_changed(spec, changes)) for changes in ways]
    for far in (blocks + 1, row.block + 1):
        for changes, row_after in zip(ways, reached, strict=True):
            if row_after is None or row_after.block >= far:
                return Clash("kernel_sizes", rule, row.kernel_size, row.name, changes)
    return Clash("kernel_sizes", rule, row.kernel_size, row.name, fewer)


def _first_too_small(spec: CnnSpec) -> Row | None:
    return next((row for row in _convolutional(spec) if min(row.output_shape) < 1), None)


def _too_large(spec: CnnSpec) -> Clash | None:
    every = list(rows(spec))
    total = sum(row.parameters for row in every)
    if total <= MOST_PARAMETERS:
        return None
    largest = max(every, key=lambda row: row.parameters)
    field = "dense_units" if largest.name.startswith("dense") else "channels"
    at = len(spec.channels) - 1 if largest.name == "output" else largest.block - 1
    units = getattr(spec, field)
    shape = " → ".join(" × ".join(f"{n:,}" for n in sides) for sides in (largest.input_shape, largest.output_shape))
    rule = (
        f"must keep the network within {MOST_PARAMETERS:,} parameters; "
        f"{largest.name} ({shape}) alone has {largest.parameters:,}"
    )
    halved = (*units[:at], max(1, units[at] // 2), *units[at + 1 :])
    return Clash(field, rule, f"{total:,} parameters", largest.name, {field: halved})


def _with(values: tuple[Any, ...], at: int, value: Any) -> tuple[Any, ...]:
    return _short((*values[:at], value, *values[at + 1 :]))


def _short(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """One for all where they are equal."""
    return values[:1] if len(set(values)) == 1 else values


def parameter_count(spec: CnnSpec) -> int:
    """Parameters of the whole network."""
    return sum(row.parameters for row in rows(spec))
