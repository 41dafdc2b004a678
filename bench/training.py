"""Training with a viewer attached beside the same loop with nothing attached; clicks; thirty sessions.

Rates are compared within one run, in turns, because machines and their moods differ.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from bench.beside import watched
from bench.report import Measurement, percentile
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training.local import LocalEngine
from tests import browsing
from tests.load import thirty
from tests.training.viewing import TestViewer

# The network of the issue: spiral, two hidden layers of 8, tanh, batch 10, 250 training points.
SETTINGS: dict[str, Any] = {"dataset": "spiral", "hidden_layers": (8, 8), "samples": 500, "batch_size": 10}
STEPS_PER_EPOCH = 25
ROUNDS = 3
CLICKS, OPENINGS = 60, 10


def measure() -> list[Measurement]:
    """Every measurement of this file; about a minute."""
    return [*beside_the_bare_loop(), *thirty_sessions()]


def beside_the_bare_loop() -> list[Measurement]:
    """The Playground's network of the issue, watched and not, and how it answers meanwhile."""
    engine = LocalEngine(workers=1)
    try:
        found = watched(engine, "playground", SETTINGS, STEPS_PER_EPOCH, 500, ROUNDS, least_frames=20)
        steps = next(m.value for m in found if m.unit == "steps/s")
        epochs = Measurement("spiral with a viewer", steps / STEPS_PER_EPOCH, "epochs/s", 100, how="8-8 tanh, batch 10")
        viewer = TestViewer(engine.start("playground", PlaygroundSpec(**SETTINGS)))
        viewer.kind("frame")
        return [*found, epochs, *_answers(engine, viewer)]
    finally:
        engine.close()


def _answers(engine: LocalEngine, viewer: TestViewer) -> list[Measurement]:
    """How long a changed setting and a new run take, while a run plays."""

    def open_one() -> None:
        other = TestViewer(engine.start("playground", PlaygroundSpec(seed=2)))
        other.kind("frame")
        other.handle.stop()

    viewer.ask("play", on=True)
    changes = [{"learning_rate": 0.03 + i / 1e4} for i in range(CLICKS)]
    clicks = [_timed(partial(viewer.ask, "set", changes=change)) for change in changes]
    opened = [_timed(open_one) for _ in range(OPENINGS)]
    how = "while a run plays"
    return [
        Measurement("changed setting to its answer, p95", percentile(clicks, 0.95) * 1e3, "ms", 150, "less", how),
        Measurement("new run to its first frame", median(opened) * 1e3, "ms", 500, "less", how),
    ]


def thirty_sessions() -> list[Measurement]:
    """A class on the real app."""
    with browsing.app() as address:
        load = thirty.measure(address)
    trouble = [session.trouble for session in load.sessions if session.trouble]
    if trouble:
        raise RuntimeError(f"{len(trouble)} of {len(load.sessions)} sessions failed: {trouble[0]}")
    click, age = percentile(load.clicks, 0.95) * 1e3, percentile(load.ages, 0.95) * 1e3
    how = f"{len(load.sessions)} sessions, all playing"
    return [
        Measurement("thirty sessions: click to reply, p95", click, "ms", 150, "less", how),
        Measurement("thirty sessions: age of a picture, p95", age, "ms", 800, "less", how),
        Measurement("thirty sessions: training in all", load.steps_per_second, "steps/s", how=how),
    ]


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
