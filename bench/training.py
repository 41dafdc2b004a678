"""Training with a viewer attached beside the same loop with nothing attached; clicks; thirty sessions.

Rates are compared within one run, in turns, because machines and their moods differ.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

from bench.report import Measurement, percentile
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training.local import LocalEngine
from tests import browsing
from tests.load import thirty
from tests.training.viewing import TestViewer

# The network of the issue: spiral, two hidden layers of 8, tanh, batch 10, 250 training points.
SETTINGS: dict[str, Any] = {"dataset": "spiral", "hidden_layers": (8, 8), "samples": 500, "batch_size": 10}
STEPS_PER_EPOCH = 25
ROUNDS, SECONDS = 3, 2.0
CLICKS, OPENINGS = 60, 10
FOREVER = 10_000_000

# The same steps with nothing around them, at the priority of a worker.
BARE_LOOP = f"""
import os, sys, time, torch
os.nice(10)
torch.set_num_threads(1)
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec
run = PlaygroundRun(PlaygroundSpec(**{SETTINGS}))
run.advance(500)
for line in sys.stdin:
    begun, first = time.perf_counter(), run.step
    while time.perf_counter() - begun < float(line):
        run.advance({STEPS_PER_EPOCH})
    print((run.step - first) / (time.perf_counter() - begun), flush=True)
"""


def measure() -> list[Measurement]:
    """Every measurement of this file; about a minute."""
    return [*beside_the_bare_loop(), *thirty_sessions()]


def beside_the_bare_loop() -> list[Measurement]:
    """Bare loop, worker without a viewer, worker with one: in turns, medians of the rounds."""
    engine = LocalEngine(workers=1)
    command = [sys.executable, "-c", BARE_LOOP]
    bare_loop = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        viewer = TestViewer(engine.start("playground", PlaygroundSpec(**SETTINGS)))
        viewer.kind("frame")
        viewer.ask("advance", steps=500)
        rounds = [
            (_bare(bare_loop), _rate(viewer, watching=False)[0], *_rate(viewer, watching=True)) for _ in range(ROUNDS)
        ]
        alone, viewed = median(r[1] / r[0] for r in rounds), median(r[2] / r[0] for r in rounds)
        watched, frames = median(r[2] for r in rounds), median(r[3] for r in rounds)
        return [
            Measurement("worker, nobody watching / bare loop", alone, "x", how="in turns"),
            Measurement("worker, one viewer / bare loop", viewed, "x", 0.9, how="in turns"),
            Measurement("spiral with a viewer", watched / STEPS_PER_EPOCH, "epochs/s", 100, how="8-8 tanh, batch 10"),
            Measurement("frames while training", frames, "frames/s", 20, how="from the engine, one viewer"),
            *_answers(engine, viewer),
        ]
    finally:
        bare_loop.kill()
        bare_loop.wait()
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


def _bare(loop: subprocess.Popen[str]) -> float:
    assert loop.stdin is not None
    assert loop.stdout is not None
    loop.stdin.write(f"{SECONDS}\n")
    loop.stdin.flush()
    return float(loop.stdout.readline())


def _rate(viewer: TestViewer, watching: bool) -> tuple[float, float]:
    """Steps and frames per second of the worker while somebody watches, or nobody."""
    step = viewer.ask("seek", step=None).numbers["step"]
    begun, frames = time.perf_counter(), 0
    viewer.handle.send({"do": "advance", "steps": FOREVER, "token": f"from {step}"})
    if watching:
        while time.perf_counter() - begun < SECONDS:
            frames += viewer.mailbox.take(True) is not None
            viewer.news.wait(0.02)
            viewer.news.clear()
    else:
        viewer.leave()
        time.sleep(SECONDS)
        viewer.join()
    viewer.handle.send({"do": "play", "on": False})
    reply = viewer.until(lambda message: message.numbers.get("token") == f"from {step}")
    seconds = time.perf_counter() - begun
    return (reply.numbers["step"] - step) / seconds, frames / seconds


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun
