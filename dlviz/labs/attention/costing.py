"""The panel Cost: what attention costs by formula, beside a recurrent network and with a KV cache, and timed here."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.attention.answering import answered
from dlviz.labs.attention.recording import recording
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.attention.run import AttentionRun

Turns = Generator[Progress, None, Trace]

FLOAT = 4  # bytes of a float32
GATES = {"rnn": 1, "gru": 3, "lstm": 4}
LIMITS = {"length": (1, 4096), "width": (1, 1024), "heads": (1, 64), "layers": (1, 64), "feed_forward": (0, 8192)}


@dataclass(frozen=True)
class Sizes:
    """`length` tokens n, `width` d, `heads`, `layers`, and `feed_forward` units f of a stack of blocks."""

    length: int
    width: int
    heads: int
    layers: int
    feed_forward: int


def formulas(sizes: Sizes) -> dict[str, int]:
    """What one sequence costs, by formula; multiplications of matrices only, of blocks only, in float32.

    `cells` n² · heads · layers and the `weights_bytes` of them; of all layers together `projections` 4nd² (query, key,
    value, out), `mixing` 2n²d (scores, and weights times values), `feed_forward` 2ndf, and `attention`, their sum. Of
    recurrent layers with h = d units `rnn`, `gru`, `lstm`: gates · n · h(h + d). Writing n tokens one by one:
    `uncached`, everything read anew for each, and `cached`, one row a token; `cache_bytes` are kept in the end.
    """
    n, d, layers, f = sizes.length, sizes.width, sizes.layers, sizes.feed_forward
    cells = n * n * sizes.heads * layers
    a_token = 4 * d * d + 2 * d * f
    found = {
        "cells": cells,
        "weights_bytes": cells * FLOAT,
        "projections": layers * 4 * n * d * d,
        "mixing": layers * 2 * n * n * d,
        "feed_forward": layers * 2 * n * d * f,
        "attention": layers * (n * a_token + 2 * n * n * d),
        "uncached": layers * (a_token * n * (n + 1) // 2 + 2 * d * (n * (n + 1) * (2 * n + 1) // 6)),
        "cached": layers * (a_token * n + 2 * d * (n * (n + 1) // 2)),
        "cache_bytes": layers * 2 * n * d * FLOAT,
    }
    return found | {cell: layers * gates * n * d * (d + d) for cell, gates in GATES.items()}


def cost(
    run: AttentionRun, length: Any = None, width: Any = None, heads: Any = None, layers: Any = None,
    feed_forward: Any = None, measure: bool = False, parameters: bool = True,
) -> Trace | Turns:  # fmt: skip
    """`formulas` of these sizes, each under its name; what is left out is the run's, with the sequence on the screen.

    Counted in the run's own network while it reads that sequence, of a translator in its encoder: `counted_cells` and
    `counted_bytes` of the weights' tensors, and `own_length` (tokens). `measure`: times instead, see `timing.timed`.
    `parameters`: false leaves `state` out. Raises `InvalidInput`.
    """
    own = own_sizes(run)
    given = {"length": length, "width": width, "heads": heads, "layers": layers, "feed_forward": feed_forward}
    wanted = {name: _whole(name, getattr(own, name) if value is None else value) for name, value in given.items()}
    sizes = Sizes(**wanted)
    if not isinstance(measure, bool):
        raise InvalidInput("cost.measure", "must be true or false", measure, "true")
    if measure:
        from dlviz.labs.attention import timing  # it imports this module's sizes

        return timing.timed(sizes)
    arrays = {name: np.array(value, np.float64) for name, value in formulas(sizes).items()}
    stack = "encoder" if run.spec.pattern == "decoder" else "core"
    with evaluating(run.network), recording(run.network) as seen:
        answered(run.network, run.reading)
    weights = [
        x for name, x in seen.items() if name.startswith(f"{stack}.") and name.endswith(".attention.part.weights")
    ]
    arrays |= {
        "counted_cells": np.array(sum(x.numel() for x in weights), np.int32),
        "counted_bytes": np.array(sum(x.nbytes for x in weights), np.int32),
        "own_length": np.array(own.length, np.int32),
    }
    state = {name: value.detach().numpy().copy() for name, value in run.network.state_dict().items()}
    units = {name: "bytes" for name in arrays if name.endswith("_bytes")}
    return Trace(arrays, dict.fromkeys(arrays, ()), units, state if parameters else {})


def own_sizes(run: AttentionRun) -> Sizes:
    """The run's network and the sequence on the screen."""
    spec = run.spec
    return Sizes(run.reading.tokens, spec.width, spec.heads, spec.layers, spec.feed_forward)


def _whole(name: str, given: Any) -> int:
    low, high = LIMITS[name]
    if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
        raise InvalidInput(
            f"cost.{name}", f"must be a whole number from {low} to {high}", given, str(max(low, high // 64))
        )
    return given
