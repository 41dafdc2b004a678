"""The training that the panel opens with: some of its moments ship with dlviz, so that nobody has to wait to look.

`python -m dlviz.labs.attention.bottleneck.keeping` trains again, from nothing but the code, and writes the file anew.
"""

from __future__ import annotations

import zipfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.attention.bottleneck import data
from dlviz.labs.attention.bottleneck.training import UNITS, Pair, race

FILE = Path(__file__).parents[4] / "assets" / "attention" / "bottleneck.npz"
TASK, SEED, HIDDEN_SIZE, SCORE, STEPS = "digits", 1, 48, "dot", 600
EVERY = 2  # of the moments of a race, every so many are kept


def read(task: str, seed: int, hidden_size: int, score: str) -> Trace | None:
    """The kept training of these settings; None where there is none, or none that can be read."""
    if (task, seed, hidden_size, score) != (TASK, SEED, HIDDEN_SIZE, SCORE):
        return None
    try:
        return Trace.load(FILE)
    except (OSError, ValueError, zipfile.BadZipFile, EOFError):
        return None  # the panel then begins before training, as with any other settings


def opened(kept: Trace, parameters: bool = True) -> Generator[Progress, None, Trace]:
    """The kept moments as a race brings them, one after the other; what both write is computed now."""
    pairs = data.load(TASK, SEED, with_training=False)
    pair = Pair(pairs, SEED, HIDDEN_SIZE, SCORE)
    marks = kept["steps"].tolist()
    for at, mark in enumerate(marks):
        for name, network in pair.networks.items():
            start = f"{mark}/{name}."
            values = {key.removeprefix(start): value for key, value in kept.state.items() if key.startswith(start)}
            network.load_state_dict({key: torch.from_numpy(value) for key, value in values.items()})
        seen = pair.seen(mark, parameters)
        trace = Trace({**seen.arrays, **kept.arrays}, {**seen.dims, **kept.dims}, UNITS, seen.state)
        if at + 1 < len(marks):
            yield Progress(at + 1, len(marks), f"step {mark}", trace)
    return trace


def make(path: Path = FILE, steps: int = STEPS) -> Generator[Progress, None, Path]:
    """Train both, and write every `EVERY`th moment to `path`: the curves as arrays, the weights as state."""
    state: dict[str, Any] = {}
    moves = race(TASK, SEED, steps, HIDDEN_SIZE, SCORE)
    while True:
        try:
            progress = next(moves)
        except StopIteration as end:
            found: Trace = end.value
            break
        if progress.trace is not None:
            mark = int(progress.trace["step"])
            state |= {f"{mark}/{k}": v for k, v in progress.trace.state.items() if v.dtype == np.float32}
        yield progress
    chosen = found["steps"][::-1][::EVERY][::-1]
    at = np.isin(found["steps"], chosen)
    arrays = {name: rows[at] for name, rows in found.arrays.items() if found.dims[name][:1] == ("step",)}
    kept = {key: value for key, value in state.items() if int(key.partition("/")[0]) in chosen}
    path.parent.mkdir(parents=True, exist_ok=True)
    Trace(arrays, {name: found.dims[name] for name in arrays}, {}, kept).save(path)
    return path


if __name__ == "__main__":
    for report in make():
        if report.trace is not None:
            print(f"step {report.trace['step']} of {STEPS}", flush=True)
