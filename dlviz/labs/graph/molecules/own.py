"""The panel's own network, for when the stage shows something else than molecules: trained when it is first wanted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from time import perf_counter

from dlviz.core.lab import Progress
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec

STEPS = 600
TURN = 0.04  # seconds of training between two reports
SPEC = GraphSpec(
    dataset="mutag", task="graph", features="own", layer="gin", hidden=(32, 32), readout="sum", learning_rate=0.005
)


@cache
def own_run() -> GraphRun:
    """The one run of this process; at step 0 until somebody has it trained."""
    return GraphRun(SPEC)


def trained() -> Iterator[Progress]:
    """Train it to STEPS, from wherever it was left. Two who ask at once take turns with the same run."""
    run = own_run()
    yield Progress(run.step, STEPS, "a network of its own learns the molecules")
    while run.step < STEPS:
        until = perf_counter() + TURN
        while run.step < STEPS and perf_counter() < until:
            run.advance(1)
        yield Progress(run.step, STEPS, f"step {run.step}")
