"""The panel RNN, GRU, LSTM: what each costs by formula, and a race of the three on the task at hand."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.recurrent.counting import multiplications, total, with_cell
from dlviz.labs.recurrent.measuring import validated
from dlviz.labs.recurrent.model import Translator
from dlviz.labs.recurrent.racing import Racer
from dlviz.labs.recurrent.spec import CELLS, RecurrentSpec

if TYPE_CHECKING:
    from dlviz.labs.recurrent.run import RecurrentRun

Turns = Generator[Progress, None, Trace]

EQUAL = ("hidden", "parameters")
MOST_STEPS, MOST_SEEDS = 5_000, 3
MARKS = 21  # moments at which a race is measured, the beginning and the end among them


def comparison(
    run: RecurrentRun, steps: Any = 0, equal: Any = "hidden", seeds: Any = 1, parameters: bool = True
) -> Trace | Turns:
    """What the three cells cost, and where the network on the screen stands; with `steps`, the race of `race`.

    Of each cell, as large as the run's and with as many parameters as an LSTM of that size: `<cell>_hidden_size`,
    `<cell>_parameters`, `<cell>_multiplications` a step, and the same under `<cell>_equal_…`: of the recurrent layers.
    `validation_loss`, and where answers are classes `validation_accuracy`, of the run's network now.
    `parameters`: false leaves `state` out. Raises `InvalidInput`.
    """
    rounds = _whole("steps", steps, 0, MOST_STEPS), _whole("seeds", seeds, 1, MOST_SEEDS)
    if equal not in EQUAL:
        raise InvalidInput("comparison.equal", f"must be {' or '.join(EQUAL)}", equal, EQUAL[0])
    if rounds[0]:
        return race(run.spec, input_size(run), *rounds, equal)
    arrays = costs(run.spec, input_size(run))
    loss, share = validated(run.network, run.task)
    now = {"validation_loss": loss} | ({} if share is None else {"validation_accuracy": share})
    arrays |= {name: np.array(value, np.float32) for name, value in now.items()}
    state = {name: value.detach().numpy().copy() for name, value in run.network.state_dict().items()}
    return Trace(arrays, dict.fromkeys(arrays, ()), _units(run), state if parameters else {})


def costs(spec: RecurrentSpec, width: int) -> dict[str, np.ndarray]:
    """Sizes, parameters and multiplications of the three cells, of equal size and of equal parameters."""
    found = {}
    for cell in CELLS:
        for equal, name in (("hidden", cell), ("parameters", f"{cell}_equal")):
            changed = with_cell(spec, cell, equal, width)
            found[f"{name}_hidden_size"] = changed.hidden_size
            found[f"{name}_parameters"] = total(changed, width)
            found[f"{name}_multiplications"] = multiplications(changed, width)
    return {name: np.array(value, np.int32) for name, value in found.items()}


def race(spec: RecurrentSpec, width: int, steps: int, seeds: int, equal: str) -> Turns:
    """Train the three cells with the same settings, in turns, so that all are always about as far.

    `steps` (point,): the steps measured at; `<cell>_loss`, `<cell>_accuracy` (batch, point): of the validation part,
    for each seed, from the run's upwards; NaN where not measured. `<cell>_rate` (batch,): steps a second of training.
    `state`: the parameters in the end, of the first seed, under `<cell>.<name>`.
    """
    marks = np.unique(np.linspace(0, steps, min(MARKS, steps + 1)).round().astype(int))
    ran: dict[str, list[Racer]] = {cell: [] for cell in CELLS}
    goal = steps * seeds * len(CELLS)
    for k in range(seeds):
        seed = (spec.seed + k) % 1_000_000
        for cell in CELLS:
            changed = specs.from_values(RecurrentSpec, {"seed": seed}, with_cell(spec, cell, equal, width))
            ran[cell].append(Racer(changed, marks))
            yield Progress(steps * len(CELLS) * k, goal, f"seed {seed}: {CELLS[cell]} is drawn")
        lanes = [racers[-1] for racers in ran.values()]
        while going := [racer for racer in lanes if not racer.is_done]:
            last = min(going, key=lambda racer: (racer.run.step, racer.at))
            before = last.at
            last.move()
            done = sum(steps if racer.diverged else racer.run.step for racers in ran.values() for racer in racers)
            text = f"seed {seed}: {CELLS[last.run.spec.cell]} step {last.run.step}"
            yield Progress(done, goal, text, _curves(marks, ran, seeds) if last.at > before else None)
    first = {cell: racers[0].run.network.state_dict() for cell, racers in ran.items()}
    state = {f"{c}.{name}": v.detach().numpy().copy() for c, values in first.items() for name, v in values.items()}
    found = _curves(marks, ran, seeds)
    return Trace(found.arrays, found.dims, {}, state)


def _curves(marks: np.ndarray, ran: dict[str, list[Racer]], seeds: int) -> Trace:
    """What is known of a race by now; rows of seeds that have not begun are NaN."""
    arrays: dict[str, np.ndarray] = {"steps": marks.astype(np.int32)}
    dims: dict[str, tuple[str, ...]] = {"steps": ("point",)}
    for cell, racers in ran.items():
        for name in ("loss", "accuracy"):
            rows = np.full((seeds, len(marks)), np.nan, np.float32)
            for k, racer in enumerate(racers):
                rows[k] = getattr(racer, name)
            arrays[f"{cell}_{name}"], dims[f"{cell}_{name}"] = rows, ("batch", "point")
        rates = [racer.rate for racer in racers] + [0.0] * (seeds - len(racers))
        arrays[f"{cell}_rate"], dims[f"{cell}_rate"] = np.array(rates, np.float32), ("batch",)
    return Trace(arrays, dims)


def input_size(run: RecurrentRun) -> int:
    """Numbers that the first recurrent layer reads at a step."""
    core = run.network.encoder if isinstance(run.network, Translator) else run.network.core
    return int(core.input_size)


def _units(run: RecurrentRun) -> dict[str, str]:
    return {"validation_loss": f"{run.task.unit}²" if run.task.answers_numbers and run.task.unit else "nats"}


def _whole(name: str, given: Any, low: int, high: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
        rule = f"must be a whole number from {low} to {high}"
        raise InvalidInput(f"comparison.{name}", rule, given, str(min(high, 300)))
    return given
