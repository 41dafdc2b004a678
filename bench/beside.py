"""A lab's training in a worker, with a viewer and without, beside the same steps with nothing around them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from bench.report import Measurement
from dlviz.core.lab import find
from dlviz.training.local import LocalEngine
from tests.training.viewing import TestViewer

SECONDS = 2.0
FOREVER = 10_000_000

# At the priority of a worker.
BARE_LOOP = """
import os, sys, time, torch
os.nice(5)
torch.set_num_threads(1)
from dlviz.core.lab import find, load
lab = find({lab!r})
run = load(lab.run)(lab.spec(**{settings}))
run.advance({warm})
for line in sys.stdin:
    begun, first = time.perf_counter(), run.step
    while time.perf_counter() - begun < float(line):
        run.advance({piece})
    print((run.step - first) / (time.perf_counter() - begun), flush=True)
"""


@contextmanager
def bare_loop(lab: str, settings: dict[str, Any], piece: int, warm: int) -> Iterator[subprocess.Popen[str]]:
    """A process that trains `piece` steps at a time when it is told for how many seconds (`steps_a_second`)."""
    code = BARE_LOOP.format(lab=lab, settings=settings, piece=piece, warm=warm)
    loop = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield loop
    finally:
        loop.kill()
        loop.wait()


def steps_a_second(loop: subprocess.Popen[str]) -> float:
    """Of a bare loop, now."""
    assert loop.stdin is not None
    assert loop.stdout is not None
    loop.stdin.write(f"{SECONDS}\n")
    loop.stdin.flush()
    return float(loop.stdout.readline())


def rates(viewer: TestViewer, watching: bool) -> tuple[float, float]:
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


def watched(engine: LocalEngine, lab: str, settings: dict[str, Any], piece: int, warm: int, rounds: int,
            least_frames: float) -> list[Measurement]:  # fmt: skip
    """Bare loop, worker without a viewer, worker with one: in turns, medians of the rounds."""
    with bare_loop(lab, settings, piece, warm) as loop:
        viewer = TestViewer(engine.start(lab, find(lab).spec(**settings)))
        viewer.kind("frame")
        viewer.ask("advance", steps=warm)
        found = [(steps_a_second(loop), rates(viewer, False)[0], *rates(viewer, True)) for _ in range(rounds)]
        viewer.handle.stop()
    alone, viewed = (median(r[k] / r[0] for r in found) for k in (1, 2))
    return [
        Measurement(f"{lab}: worker, nobody watching / bare loop", alone, "x", how="in turns"),
        Measurement(f"{lab}: worker, one viewer / bare loop", viewed, "x", 0.9, how="in turns"),
        Measurement(f"{lab}: steps with a viewer", median(r[2] for r in found), "steps/s", how="medians"),
        Measurement(f"{lab}: frames while training", median(r[3] for r in found), "frames/s", least_frames,
                    how="from the engine, one viewer"),
    ]  # fmt: skip
