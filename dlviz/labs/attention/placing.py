"""The panel Positions: each kind as numbers, one order-sensitive task learned with each kind, and a sentence reordered.

Without positions attention cannot see an order: whatever the weights, P · x in gives P · y out, for each permutation P.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from dlviz.core import spec as specs
from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.attention import position
from dlviz.labs.attention import reading as readings
from dlviz.labs.attention.answering import answered
from dlviz.labs.attention.model import Reader, Translator, build
from dlviz.labs.attention.racing import Racer, beyond
from dlviz.labs.attention.spec import MOST_TOKENS, POSITIONS, AttentionSpec
from dlviz.labs.attention.tasks import making
from dlviz.labs.attention.tasks.puzzles import NOUNS
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.data.sequences import Task
    from dlviz.labs.attention.run import AttentionRun

Turns = Generator[Progress, None, Trace]

RACES = ("who", "neighbours", "reverse", "own")  # the tasks of a race; "own" is the run's, with the run's network
SENTENCE = "I love cats"
EXAMPLES, LENGTH = 1_000, 12  # of the small tasks: five networks learn them while one watches
MOST_STEPS = 3_000
MARKS = 21  # moments at which a race is measured, the beginning and the end among them


def placing(
    run: AttentionRun, steps: Any = 0, task: Any = "who", text: Any = SENTENCE, order: Any = None,
    parameters: bool = True,
) -> Trace | Turns:  # fmt: skip
    """The kinds of position as numbers, for the run's width and heads; with `steps`, the race of `race`.

    `sinusoidal` (token, width); `learned` (token, width), where the run has it; `rope_angles` (token, feature): how far
    pair i is turned at a place, in radians; `alibi_slopes` (head,); `alibi_bias` (head, query, key). All of 64 places.
    `logits` (step, class): what the run's network answers to the sequence on the screen.
    `tokens` (token,): `text` for the small networks of the task `who`, untrained; `order` (token,): its places in
    another order, mirrored if not given; `<kind>_logits` (token, class) of the text, `<kind>_reordered` of each same
    word in the other order. `state`: their parameters as `<kind>.<name>`, the vocabulary, and the `nouns` of it, which
    alone are asked for their role; `parameters`: false
    leaves them out. Raises `InvalidInput`.
    """
    if task not in RACES:
        raise InvalidInput("placing.task", f"must be {', '.join(RACES[:-1])} or {RACES[-1]}", task, RACES[0])
    if isinstance(steps, bool) or not isinstance(steps, int) or not 0 <= steps <= MOST_STEPS:
        raise InvalidInput("placing.steps", f"must be a whole number from 0 to {MOST_STEPS}", steps, "300")
    if steps:
        return race(run.spec, steps, task, parameters)
    arrays, dims = _numbers(run)
    with evaluating(run.network):
        arrays["logits"], dims["logits"] = answered(run.network, run.reading).numpy().copy(), ("step", "class")
    task_of = making.make(specs.from_values(AttentionSpec, {"examples": 50}, small(run.spec, "none", "who")))
    networks = {kind: build(small(run.spec, kind, "who"), task_of) for kind in POSITIONS}
    arrays["tokens"], arrays["order"] = _sentence(task_of, text, order)
    dims["tokens"] = dims["order"] = ("token",)
    for kind, network in networks.items():
        found = reordered(network, arrays["tokens"], arrays["order"])
        for name, logits in zip(("logits", "reordered"), found, strict=True):
            arrays[f"{kind}_{name}"], dims[f"{kind}_{name}"] = logits, ("token", "class")
    state = {"vocabulary": np.array(task_of.vocabulary), "nouns": np.array(NOUNS)} | (
        _states(networks) if parameters else {}
    )
    return Trace(arrays, dims, {"rope_angles": "radians"}, state)


def _numbers(run: AttentionRun) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]]]:
    spec = run.spec
    size = spec.width // spec.heads
    pairs = torch.arange(size // 2)
    angles = torch.arange(MOST_TOKENS)[:, None] / position.BASE ** (2 * pairs / max(1, size))
    found = {
        "sinusoidal": position.sinusoidal(MOST_TOKENS, spec.width),
        "rope_angles": angles,
        "alibi_slopes": position.slopes(spec.heads),
        "alibi_bias": position.distance_bias(spec.heads, MOST_TOKENS),
    }
    dims: dict[str, tuple[str, ...]] = {
        "sinusoidal": ("token", "width"), "rope_angles": ("token", "feature"),
        "alibi_slopes": ("head",), "alibi_bias": ("head", "query", "key"),
    }  # fmt: skip
    stack = run.network.encoder if isinstance(run.network, Translator) else run.network.core
    if stack.positions is not None:
        found["learned"], dims["learned"] = stack.positions.weight.detach(), ("token", "width")
    return {name: values.numpy().astype(np.float32).copy() for name, values in found.items()}, dims


def small(spec: AttentionSpec, kind: str, task: str) -> AttentionSpec:
    """What a race trains: the small network of the lab's defaults with the run's seed; of `own` the run's settings."""
    plain = {"reading": "", "example": 0, "position": kind}
    if task == "own":
        return specs.from_values(AttentionSpec, plain, spec)
    return specs.from_values(
        AttentionSpec, {**plain, "task": task, "examples": EXAMPLES, "length": LENGTH, "seed": spec.seed}
    )


def possible(spec: AttentionSpec, task: str) -> tuple[str, ...]:
    """The kinds that the settings allow: RoPE turns pairs, so it wants heads of an even width."""
    odd = task == "own" and (spec.width // spec.heads) % 2
    return tuple(kind for kind in POSITIONS if not (kind == "rope" and odd))


def race(spec: AttentionSpec, steps: int, task: str, parameters: bool) -> Turns:
    """Train one network with each kind of position from the same seed, in turns, so that all are always about as far.

    `steps` (point,): the steps measured at; `<kind>_loss`, `<kind>_accuracy` (point,): of the validation part; NaN
    where not measured. `chance`: the loss of the best answer that does not look. Of tasks that may be longer also
    `lengths` (point,) and `<kind>_at_length` (point,): the share right on sequences of other lengths than it learned.
    """
    marks = np.unique(np.linspace(0, steps, min(MARKS, steps + 1)).round().astype(int))
    kinds = possible(spec, task)
    goal = steps * len(kinds)
    racers: dict[str, Racer] = {}
    for kind in kinds:
        racers[kind] = Racer(small(spec, kind, task), marks)
        yield Progress(0, goal, f"{POSITIONS[kind]} is drawn")
    while going := [racer for racer in racers.values() if not racer.is_done]:
        last = min(going, key=lambda racer: (racer.run.step, racer.at))
        before = last.at
        last.move()
        done = sum(steps if racer.diverged else racer.run.step for racer in racers.values())
        text = f"{POSITIONS[last.run.spec.position]} step {last.run.step}"
        yield Progress(done, goal, text, _curves(marks, racers) if last.at > before else None)
    found = _curves(marks, racers)
    arrays, dims = dict(found.arrays), dict(found.dims)
    if task in ("neighbours", "reverse"):
        lengths = np.array([LENGTH, 16, 24, 32, 48, MOST_TOKENS])
        arrays["lengths"], dims["lengths"] = lengths.astype(np.int32), ("point",)
        tasks = [making.make(specs.from_values(AttentionSpec, {"length": int(length), "examples": 50},
                                               small(spec, "none", task))) for length in lengths]  # fmt: skip
        for kind, racer in racers.items():
            yield Progress(goal, goal, f"{POSITIONS[kind]} on longer sequences")
            shares = [beyond(racer.run.network, each) for each in tasks]
            arrays[f"{kind}_at_length"], dims[f"{kind}_at_length"] = np.array(shares, np.float32), ("point",)
    networks = {kind: racer.run.network for kind, racer in racers.items()}
    return Trace(arrays, dims, {}, _states(networks) if parameters else {})


def _curves(marks: np.ndarray, racers: dict[str, Racer]) -> Trace:
    """What is known of a race by now."""
    arrays: dict[str, np.ndarray] = {"steps": marks.astype(np.int32)}
    dims: dict[str, tuple[str, ...]] = {"steps": ("point",)}
    chance = next(iter(racers.values())).run.task.chance
    arrays["chance"], dims["chance"] = np.array(chance, np.float32), ()
    for kind, racer in racers.items():
        for name in ("loss", "accuracy"):
            arrays[f"{kind}_{name}"] = getattr(racer, name).astype(np.float32)
            dims[f"{kind}_{name}"] = ("point",)
    return Trace(arrays, dims)


def _states(networks: dict[str, Reader | Translator]) -> dict[str, np.ndarray]:
    return {
        f"{kind}.{name}": value.detach().numpy().copy()
        for kind, network in networks.items()
        for name, value in network.state_dict().items()
    }


def _sentence(task: Task, text: Any, order: Any) -> tuple[np.ndarray, np.ndarray]:
    """Token ids of a text and the order of its places that it is compared with."""
    if not isinstance(text, str):
        raise InvalidInput("placing.text", "must be a text", text, SENTENCE)
    ids = readings.typed(text, "who", task).inputs[0].numpy().astype(np.int32)
    places = list(range(len(ids)))[::-1] if order is None else order
    if not isinstance(places, list) or sorted(map(str, places)) != sorted(map(str, range(len(ids)))):
        rule = f"must have each place from 0 to {len(ids) - 1} once"
        raise InvalidInput("placing.order", rule, order, str(list(range(len(ids)))[::-1]))
    return ids, np.array([int(place) for place in places], np.int32)


def reordered(network: Reader | Translator, ids: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logits (token, class) of a sentence, and of each of its words where it stands in the other order."""
    with evaluating(network):
        rows = torch.tensor(np.stack([ids, ids[order]]), dtype=torch.long)
        plain, other = network(rows, torch.tensor([len(ids)] * 2)).numpy()
    again = np.empty_like(other)
    again[order] = other
    return plain.copy(), again
