"""The Autoencoder lab: training with its page open, how soon the plane can be read, and the page's decoding."""

from __future__ import annotations

from time import perf_counter

from bench.beside import watched
from bench.report import Measurement
from dlviz.core.lab import find, load
from dlviz.training.local import LocalEngine

SURE = 0.8
SECONDS, PIECE = 30.0, 50


def measure() -> list[Measurement]:
    """Every measurement of this file; about two minutes."""
    engine = LocalEngine(workers=1)
    try:
        beside = watched(engine, "autoencoder", {}, piece=5, warm=20, rounds=3, least_frames=4)
    finally:
        engine.close()
    return [*beside, readable()]


def readable() -> Measurement:
    """The share of cells of the manifold inside the data that the classifier is sure of, after 30 s of training."""
    lab = find("autoencoder")
    run, manifold = load(lab.run)(lab.spec()), load(lab.panel("manifold").probe)
    began = perf_counter()
    while perf_counter() - began < SECONDS:
        run.advance(PIECE)
    found = manifold(run)
    inside = found["inside"] == 1
    share = float((found["confidence"][inside] > SURE).mean())
    how = f"a 2-D VAE, {run.step:,} steps, {int(inside.sum())} of 400 cells inside, confidence over {SURE}"
    return Measurement("cells of the manifold read surely after 30 s", 100 * share, "%", 80, how=how)
