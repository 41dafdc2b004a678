"""The panel Gradient through time: how much each answer depends on what was read before it, and what clipping does."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.recurrent import spectrum
from dlviz.labs.recurrent.backward import Backward
from dlviz.labs.recurrent.clipping import clipping
from dlviz.labs.recurrent.decay import by_distance, fit
from dlviz.labs.recurrent.model import Reader, Translator, build
from dlviz.labs.recurrent.reading import Reading
from dlviz.labs.recurrent.spec import CELLS, RecurrentSpec
from dlviz.training.experiment import Pace

if TYPE_CHECKING:
    from dlviz.labs.recurrent.run import RecurrentRun

Turns = Generator[Progress, None, Trace]

ROWS = 16  # answers whose gradients are worked out between two turns of others
ANSWERS = 32  # of a fresh cell: the last ones, over which its curve is a mean
MOST_STEPS = 5_000
TURN = 0.04  # s of training between two turns of others


def through_time(run: RecurrentRun, of: str = "sequence", **options: Any) -> Trace | Turns:
    """Gradients of what is said with respect to what stands for each step read, ‖∂ z / ∂ x_s‖.

    `of="sequence"`: of the network and the sequence on the screen, see `sequence`. `of="cells"`: of an RNN, a GRU and
    an LSTM that begin from the run's seed, see `cells`. `of="clipping"`: the gradient of the next batch, see
    `clipping`; `of="explosion"`: that of an RNN never trained, whose recurrent matrix is a rotation times `gain`.
    Raises `InvalidInput`.
    """
    known: dict[str, Callable[..., Trace | Turns]] = {
        "sequence": sequence, "cells": cells, "clipping": clipping, "explosion": explosion,
    }  # fmt: skip
    if of not in known:
        raise InvalidInput("through_time.of", f"must be one of {', '.join(known)}", of, "sequence")
    return known[of](run, **options)


def sequence(run: RecurrentRun, parameters: bool = True) -> Turns:
    """Of the network and the sequence on the screen; rows come as they are worked out.

    `norms` (output, input): ‖∂ z_said(answer) / ∂ x_step‖, where x is the embedding of a token or the numbers read;
    `said`, `places` (output,): the class whose logit it is, and the step of the answer. At the end also `means`
    (step,): the mean norm at each distance; `decay`, `start`: the line fitted to their logarithms, start · decayᵈ,
    where there are enough; and the `spectrum` of the reading core. `parameters`: false leaves `state` out.
    """
    backward = Backward(run.network, run.reading)
    state = _state(run.network) if parameters else {}
    for done, norms in _rows(backward):
        arrays = _of_answers(backward, norms)
        if done == len(backward.said):
            break
        yield Progress(done, len(backward.said), f"answer {done} of {len(backward.said)}", _trace(arrays, {}))
    arrays |= _curve(norms, backward) | spectrum.spectrum(backward.reader)
    return _trace(arrays, state)


def cells(run: RecurrentRun, forget_bias: Any = 1.0, gain: Any = 1.0, distance: Any = None, trained: Any = 0) -> Turns:
    """An RNN, a GRU and an LSTM of the run's sizes and seed, read the first `distance` steps of the run's sequence.

    The RNN's recurrent matrix begins as a rotation times `gain`, the LSTM's forget gate with `forget_bias`; all are
    `trained` for so many steps on the run's task first. For each cell, under its name: `<cell>_norms` (output, input)
    of its last answers with `<cell>_places` and `<cell>_said` (output,), `<cell>_means` (step,), `<cell>_decay`,
    `<cell>_start`, and its `spectrum`; the parameters lie under `<cell>.<name>`. Raises `InvalidInput`.
    """
    read = _begun(run.reading, distance)
    steps = _whole("trained", trained, 0, MOST_STEPS)
    settings = {cell: _settings(run.spec, cell, forget_bias, gain) for cell in CELLS}
    task = run.task
    pace = Pace(len(CELLS) * max(1, steps), 1)
    arrays: dict[str, np.ndarray] = {}
    state: dict[str, np.ndarray] = {}
    for at, (cell, spec) in enumerate(settings.items()):
        network = build(spec, task)
        if steps:
            network = yield from _trained(spec, steps, pace)
        backward = Backward(network, read)
        rows = range(max(0, len(backward.said) - ANSWERS), len(backward.said))
        norms = backward.norms(rows).numpy()
        found = _of_answers(backward, norms, rows) | _curve(norms, backward, rows)
        found |= spectrum.spectrum(backward.reader)
        arrays |= {f"{cell}_{name}": value for name, value in found.items()}
        state |= {f"{cell}.{name}": value for name, value in _state(network).items()}
        if at < len(CELLS) - 1:
            yield Progress(pace.done if steps else at + 1, pace.total, CELLS[cell], _trace(arrays, {}))
    return _trace(arrays, state)


def explosion(run: RecurrentRun, gain: Any = 2.0) -> Trace:
    """What `clipping` says of an RNN of the run's sizes and seed that was never trained, its rotation times `gain`."""
    return clipping(run, build(_settings(run.spec, "rnn", 0.0, gain), run.task))


def _trained(spec: RecurrentSpec, steps: int, pace: Pace) -> Generator[Progress, None, Reader | Translator]:
    from dlviz.labs.recurrent.run import RecurrentRun

    run, goal = RecurrentRun(spec), pace.done + steps
    name = CELLS[spec.cell]
    while pace.done < goal:
        began = perf_counter()
        while pace.done < goal and perf_counter() - began < TURN:
            run.advance(1)
            pace.done += 1
        yield Progress(pace.done, pace.total, f"{name}: step {run.step} of {steps}")
    return run.network


def _settings(spec: RecurrentSpec, cell: str, forget_bias: Any, gain: Any) -> RecurrentSpec:
    """The run's settings with another cell. Raises `InvalidInput` for a bias or a gain that cannot be."""
    changes: dict[str, Any] = {"cell": cell, "forget_bias": forget_bias, "gain": gain}
    changed = specs.from_values(RecurrentSpec, changes, spec)
    if cell == "rnn":
        return specs.from_values(RecurrentSpec, {"initial": "orthogonal"}, changed)
    return specs.from_values(RecurrentSpec, {"gain": spec.gain}, changed)


def _begun(reading: Reading, distance: Any) -> Reading:
    """The first steps of a sequence."""
    if distance is None:
        return reading
    steps = min(_whole("distance", distance, 2, 1000), reading.steps)
    return Reading(reading.inputs[:, :steps], reading.targets)


def _rows(backward: Backward) -> Generator[tuple[int, np.ndarray], None, None]:
    """The norms of ever more answers, (answer, step), and how many these are."""
    found = np.zeros((0, backward.steps))
    for first in range(0, len(backward.said), ROWS):
        rows = range(first, min(first + ROWS, len(backward.said)))
        found = np.concatenate([found, backward.norms(rows).numpy()])
        yield len(found), found


def _of_answers(backward: Backward, norms: np.ndarray, rows: range | None = None) -> dict[str, np.ndarray]:
    kept = list(range(len(norms)) if rows is None else rows)
    return {"norms": norms.astype(np.float32), "places": backward.places[kept].numpy().astype(np.int32),
            "said": backward.said[kept].numpy().astype(np.int32)}  # fmt: skip


def _curve(norms: np.ndarray, backward: Backward, rows: range | None = None) -> dict[str, np.ndarray]:
    """Norm against distance, and the line through it; none where both directions read, or for too few distances."""
    places = backward.places.numpy() if rows is None else backward.places[list(rows)].numpy()
    means = by_distance(norms, places)
    line = None if backward.reader.directions == 2 else fit(means, len(norms))
    known = {} if line is None else {"decay": np.array(line[0], np.float32), "start": np.array(line[1], np.float32)}
    return {"means": np.nan_to_num(means).astype(np.float32), **known}


def _trace(arrays: Mapping[str, np.ndarray], state: Mapping[str, np.ndarray]) -> Trace:
    dims = {"norms": ("output", "input"), "places": ("output",), "said": ("output",), "means": ("step",),
            "decay": (), "start": (), **spectrum.DIMS}  # fmt: skip
    parts = {name: name.partition("_") for name in arrays}
    plain = {name: rest if cell in CELLS else name for name, (cell, _, rest) in parts.items()}
    return Trace(dict(arrays), {name: dims[plain[name]] for name in arrays}, {}, state)


def _state(network: Reader | Translator) -> dict[str, np.ndarray]:
    return {name: value.detach().numpy().copy() for name, value in network.state_dict().items()}


def _whole(name: str, given: Any, low: int, high: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
        rule = f"must be a whole number from {low} to {high}"
        raise InvalidInput(f"through_time.{name}", rule, given, str(max(low, 100)))
    return given
