"""The CNN lab: how soon digits are read, what a viewer of all maps costs, how long explanations take."""

from __future__ import annotations

import time
from statistics import median
from typing import Any

from bench.beside import watched
from bench.report import Measurement
from dlviz.labs.cnn.attribution import attribution
from dlviz.labs.cnn.explaining import METHODS
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.local import LocalEngine

ROUNDS = 3
FIVE_LAYERS: dict[str, Any] = {"channels": (16, 32, 64), "dense_units": (64,)}
PATIENCE = 120.0  # seconds
REPEATS = 5


def measure() -> list[Measurement]:
    """Every measurement of this file; two to four minutes."""
    engine = LocalEngine(workers=1)
    try:
        beside = watched(engine, "cnn", {}, piece=10, warm=40, rounds=ROUNDS, least_frames=4)
    finally:
        engine.close()
    return [*learning(), *beside, *explaining()]


def learning() -> list[Measurement]:
    """Seconds of training until so many of 1,000 digits never trained on are read rightly, the measuring included."""
    rows = []
    for goal, most, augment in ((0.9, 15, False), (0.97, 120, True)):
        run, begun = CnnRun(CnnSpec(augment=augment)), time.perf_counter()
        while True:
            run.advance(20)
            seconds = time.perf_counter() - begun
            if run.measured().numbers["test_accuracy"] >= goal or seconds > PATIENCE:
                break
        how = "augmented" if augment else "the default network"
        rows.append(Measurement(f"{goal:.0%} of the test digits", seconds, "s", most, "less", how))
    return rows


def explaining() -> list[Measurement]:
    """Saliency of a network of five layers, and one method after the other of the whole wall."""
    run = CnnRun(CnnSpec(**FIVE_LAYERS))
    run.advance(20)
    attribution(run)  # captum is imported once
    saliency = [_seconds(run, "saliency") for _ in range(REPEATS)]
    wall = [sum(_seconds(run, method) for method in METHODS) for _ in range(REPEATS)]
    how = "three blocks, two dense layers"
    return [
        Measurement("saliency of one picture", median(saliency) * 1e3, "ms", 100, "less", how),
        Measurement("the wall of eight", median(wall), "s", 3, "less", how),
    ]


def _seconds(run: CnnRun, method: str) -> float:
    begun = time.perf_counter()
    attribution(run, method)
    return time.perf_counter() - begun
