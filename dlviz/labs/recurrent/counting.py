"""Parameters and multiplications of recurrent layers by formula, and sizes at which two cells have as many."""

from __future__ import annotations

import bisect

from dlviz.core import spec as specs
from dlviz.labs.recurrent.model import parameters
from dlviz.labs.recurrent.spec import GATES, RecurrentSpec

LARGEST = 256  # units: as many as a spec allows
# Products of two vectors a step: f · c, i · g, o · tanh c'; or r · m, (1 − z) · n, z · h.
ELEMENTWISE = {"rnn": 0, "lstm": 3, "gru": 3}


def with_cell(spec: RecurrentSpec, cell: str, equal: str, input_size: int) -> RecurrentSpec:
    """The same settings with another cell: as large as the spec says, or (`equal="parameters"`) with the hidden size
    that comes nearest to the parameters of an LSTM of that size."""
    changed = specs.from_values(RecurrentSpec, {"cell": cell, "reading": ""}, spec)
    if equal == "hidden":
        return changed
    wanted = total(specs.from_values(RecurrentSpec, {"cell": "lstm"}, changed), input_size)
    return specs.from_values(RecurrentSpec, {"hidden_size": nearest_size(changed, wanted, input_size)}, changed)


def nearest_size(spec: RecurrentSpec, wanted: int, input_size: int) -> int:
    """The hidden size, at most `LARGEST`, at which the recurrent layers come nearest to `wanted` parameters."""

    def over(size: int) -> int:
        return total(specs.from_values(RecurrentSpec, {"hidden_size": size}, spec), input_size) - wanted

    first = min(bisect.bisect_left(range(1, LARGEST + 1), 0, key=over) + 1, LARGEST)
    return min((max(1, first - 1), first), key=lambda size: abs(over(size)))


def total(spec: RecurrentSpec, input_size: int) -> int:
    """Parameters of the recurrent layers; of a translator, of its encoder and its decoder."""
    return cores(spec) * sum(layer["parameters"] for layer in parameters(spec, input_size))


def cores(spec: RecurrentSpec) -> int:
    return 2 if spec.pattern == "decoder" else 1


def multiplications(spec: RecurrentSpec, input_size: int) -> int:
    """Multiplications that one step of the layers takes, of one core: gates · H · (input + H) of the matrices, and the
    products of gates and states."""
    h, found = spec.hidden_size, 0
    for layer in range(spec.layers):
        size = input_size if layer == 0 else h * spec.directions
        found += spec.directions * (GATES[spec.cell] * h * (size + h) + ELEMENTWISE[spec.cell] * h)
    return found
