"""The panel's own network, for when the stage shows something else than molecules: the one that ships, or, where that
cannot be read, one that is trained when it is first wanted."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from time import perf_counter

from dlviz.core.lab import Progress, find
from dlviz.core.spec import from_values
from dlviz.labs.graph import pretraining
from dlviz.labs.graph.presets import MOLECULES
from dlviz.labs.graph.run import GraphRun
from dlviz.labs.graph.spec import GraphSpec
from dlviz.training import checkpoints

STEPS = pretraining.STEPS[-1]
TURN = 0.04  # seconds of training between two reports
SPEC: GraphSpec = from_values(GraphSpec, MOLECULES)


@cache
def own_run() -> GraphRun:
    """The one run of this process: at the last moment that ships; else at step 0, until somebody has it trained."""
    run = GraphRun(SPEC)
    try:
        found = checkpoints.opening(find("graph"), SPEC)
        if found is not None:
            run.restore(list(found[0].moments())[-1].snapshot)
    except (OSError, ValueError, KeyError, RuntimeError):  # torch says RuntimeError where shapes differ
        return GraphRun(SPEC)
    return run


def trained() -> Iterator[Progress]:
    """Train it to STEPS, from wherever it stands. Two who ask at once take turns with the same run."""
    run = own_run()
    yield Progress(run.step, STEPS, "a network of its own learns the molecules")
    while run.step < STEPS:
        until = perf_counter() + TURN
        while run.step < STEPS and perf_counter() < until:
            run.advance(1)
        yield Progress(run.step, STEPS, f"step {run.step}")
