"""What can be asked what it looks for: a map of a layer, a unit of a dense layer, a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.labs.cnn.plan import POOL, Row

if TYPE_CHECKING:
    from dlviz.labs.cnn.spec import CnnSpec

KINDS = ("conv", "norm", "activation", "pool", "linear")
MEASURES = ("cell", "map")  # of a map: its strongest cell, or the mean of all its cells


def rows_of(spec: CnnSpec, *kinds: str) -> list[Row]:
    """The rows of those kinds; without any, all whose channels can be asked about."""
    return [row for row in spec.rows if row.kind in (kinds or KINDS)]


def read_row(known: list[Row], given: Any, what: str) -> Row:
    """The row of that name. Raises `InvalidInput` about `what` with the names there are."""
    for row in known:
        if row.name == given:
            return row
    raise InvalidInput(what, f"must be one of {', '.join(row.name for row in known)}", given, known[0].name)


def read_place(given: Any, count: int, what: str, of: str) -> int:
    """A whole number from 0 to `count` − 1. Raises `InvalidInput` about `what`; `of` says what there are so many of."""
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < count:
        raise InvalidInput(what, f"must be a whole number from 0 to {count - 1}: {of}", given, "0")
    return given


def read_channel(row: Row, given: Any, what: str) -> int:
    """A channel of a row. Raises `InvalidInput` about `what`."""
    count = row.output_shape[0]
    return read_place(given, count, what, f"{row.name} makes {count}")


def read_measure(given: Any, what: str) -> str:
    """How a map becomes one number. Raises `InvalidInput` about `what`."""
    if given not in MEASURES:
        raise InvalidInput(what, f"must be one of {', '.join(MEASURES)}", given, MEASURES[0])
    return str(given)


def halves(network: nn.Sequential, row: Row) -> tuple[nn.Sequential, nn.Sequential]:
    """The network up to that row, and what follows: one after the other they are the network."""
    modules = list(network)
    at = list(network._modules).index(row.name) + 1
    return nn.Sequential(*modules[:at]), nn.Sequential(*modules[at:])


def activations(made: Tensor, measure: str) -> Tensor:
    """(batch, channel) of what a row made, (batch, channel, height, width) or (batch, unit) already."""
    if made.ndim == 2:
        return made
    return made.amax((2, 3)) if measure == "cell" else made.mean((2, 3))


def seen(spec: CnnSpec, row: Row) -> list[tuple[int, int]]:
    """The receptive field: of every cell along a side of a row's maps, the first and last row of the picture it sees.

    Padding is not part of it, also where a layer on the way pads: at the rim a cell sees less. Columns are alike.
    """
    names = [each.name for each in spec.rows]
    before = spec.rows[: names.index(row.name) + 1][::-1]
    found = []
    for cell in range(row.output_shape[1]):
        low, high = cell, cell
        for each in before:
            if each.kind == "conv":
                last = each.input_shape[1] - 1
                low, high = max(low - each.padding, 0), min(high - each.padding + each.kernel_size - 1, last)
            elif each.kind == "pool":
                low, high = POOL * low, POOL * high + POOL - 1
        found.append((low, high))
    return found


def multiplications(spec: CnnSpec) -> int:
    """Multiplications that one picture takes, to cut long work into moves of a length."""
    total = 0
    for row in rows_of(spec, "conv", "linear"):
        cells = row.output_shape[1] * row.output_shape[2] if len(row.output_shape) == 3 else 1
        total += row.parameters * cells
    return total
