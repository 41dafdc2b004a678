"""The panel Bottleneck: both networks trained side by side on the same batches, measured at marks on the way."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.errors import InvalidInput
from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.sequences import IGNORED, Sequences
from dlviz.data.translations import shifted
from dlviz.labs.attention.bottleneck import data, measuring
from dlviz.labs.attention.bottleneck.data import Pairs
from dlviz.labs.attention.bottleneck.model import SCORES, EncoderDecoder

if TYPE_CHECKING:
    from dlviz.labs.attention.run import AttentionRun

Turns = Generator[Progress, None, Trace]

NETWORKS = ("plain", "attention")
SIZES = (16, 32, 48, 64, 96)
MOST_STEPS = 3_000
MARKS = 13  # moments at which both are measured, the beginning and the end among them
CROWDED = 1.5  # marks lie closer at the beginning, where most is learned
BATCH = 32
LEARNING_RATE, CLIP_AT = 0.005, 1.0
ENDING = 1 / 3  # of the training, in which the rate falls to nothing


def bottleneck(
    run: AttentionRun,
    task: Any = "digits",
    steps: Any = 0,
    hidden_size: Any = 48,
    score: Any = "dot",
    parameters: bool = True,
) -> Trace | Turns:
    """Two encoder–decoders with networks of their own, drawn and fed by the run's seed; with `steps`, `race`.

    Without `steps` the moments of the training that ships with dlviz, where the settings are those of it; else both as
    they are before training.

    `vocabulary` under `state`; `source` (batch, input), `source_lengths` (batch,), `target` (batch, output): the
    sentences one can look at, as ids. `lengths` (point,) and `trained` (): the lengths measured, and the longest
    trained on. `<network>_parameters`, and of the moment `step` what each writes, `<network>_written` (batch, output),
    with `weights` (batch, output, input) of the one that attends. `steps` (step,): the marks; `<network>_loss` (step,)
    over the lengths trained on. `parameters`: false leaves the weights out of `state`. Raises `InvalidInput`.
    """
    if task not in data.TASKS:
        raise InvalidInput("bottleneck.task", f"must be {' or '.join(data.TASKS)}", task, data.TASKS[0])
    if score not in SCORES[1:]:
        raise InvalidInput("bottleneck.score", f"must be {' or '.join(SCORES[1:])}", score, SCORES[1])
    if isinstance(hidden_size, bool) or hidden_size not in SIZES:
        raise InvalidInput("bottleneck.hidden_size", f"must be one of {', '.join(map(str, SIZES))}", hidden_size, "48")
    if isinstance(steps, bool) or not isinstance(steps, int) or not 0 <= steps <= MOST_STEPS:
        raise InvalidInput("bottleneck.steps", f"must be a whole number from 0 to {MOST_STEPS}", steps, "600")
    from dlviz.labs.attention.bottleneck import keeping  # which trains by this file

    seed = run.spec.seed
    if steps:
        return race(task, seed, steps, hidden_size, score, parameters)
    if kept := keeping.read(task, seed, hidden_size, score):
        return keeping.opened(kept, parameters)
    pairs = data.load(task, seed, with_training=False)
    pair = Pair(pairs, seed, hidden_size, score)
    trace = pair.seen(0, parameters)
    found = {"steps": np.zeros(1, np.int32)}
    for name, network in pair.networks.items():
        found[f"{name}_loss"] = np.array([measuring.mean_loss(network, pairs)], np.float32)
    return Trace({**trace.arrays, **found}, {**trace.dims, **dict.fromkeys(found, ("step",))}, UNITS, trace.state)


UNITS = {f"{name}_loss": "nats" for name in NETWORKS}


def race(task: str, seed: int, steps: int, hidden_size: int, score: str, parameters: bool = True) -> Turns:
    """Train both on the same batches, a step of one and a step of the other.

    Beside what `bottleneck` gives: `<network>_loss`, `_letters`, `_right` (step,) and `_by_length` (step, point), as
    `measuring.Measured` says; NaN where not measured yet. A partial Trace comes at every mark.
    """
    marks = np.unique((steps * np.linspace(0, 1, MARKS) ** CROWDED).round().astype(int))
    yield Progress(0, 2 * steps, "data are drawn")
    pairs = data.load(task, seed)
    pair = Pair(pairs, seed, hidden_size, score)
    learners = {name: Learner(network, pairs, seed, steps) for name, network in pair.networks.items()}
    curves = Curves(marks, sorted(pairs.by_length))
    for mark in marks.tolist():
        while learners[NETWORKS[-1]].step < mark:
            for name, learner in learners.items():
                learner.learn()
                done = sum(each.step for each in learners.values())
                yield Progress(done, 2 * steps, f"{WORDS[name]}, step {learner.step}")
        for name, network in pair.networks.items():
            for found in measuring.measured(network, pairs):
                if found is not None:
                    curves.take(name, mark, found)
                yield Progress(2 * mark, 2 * steps, f"{WORDS[name]} is measured at step {mark}")
        seen, grown = pair.seen(mark, parameters), curves.trace()
        trace = Trace({**seen.arrays, **grown.arrays}, {**seen.dims, **grown.dims}, UNITS, seen.state)
        yield Progress(2 * mark, 2 * steps, f"step {mark}", trace)
    return trace


WORDS = {"plain": "without attention", "attention": "with attention"}


class Pair:
    """Both networks, begun with the same numbers in all that they have in common."""

    def __init__(self, pairs: Pairs, seed: int, hidden_size: int, score: str) -> None:
        self.pairs, self.networks = pairs, {}
        for name, own in zip(NETWORKS, ("none", score), strict=True):
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(seed)
                self.networks[name] = EncoderDecoder(len(pairs.vocabulary), hidden_size, own)

    @torch.no_grad()
    def seen(self, step: int, parameters: bool) -> Trace:
        """The sentences one can look at, what both write for them now, and where the one with attention looks."""
        pairs, shown = self.pairs, self.pairs.shown
        arrays: dict[str, np.ndarray] = {
            "step": np.array(step, np.int32),
            "source": shown.inputs.numpy().astype(np.int32),
            "source_lengths": shown.lengths.numpy().astype(np.int32),
            "target": shown.targets.numpy().astype(np.int32),
            "lengths": np.array(sorted(pairs.by_length), np.int32),
            "trained": np.array(pairs.trained, np.int32),
        }
        dims: dict[str, tuple[str, ...]] = {
            "step": (), "source": ("batch", "input"), "source_lengths": ("batch",), "target": ("batch", "output"),
            "lengths": ("point",), "trained": (),
        }  # fmt: skip
        state: dict[str, np.ndarray] = {"vocabulary": np.array(pairs.vocabulary), "unit": np.array([pairs.unit])}
        for name, network in self.networks.items():
            written, weights = network.write(shown.inputs, shown.lengths, pairs.longest_answer)
            arrays[f"{name}_written"], dims[f"{name}_written"] = written.numpy().astype(np.int32), ("batch", "output")
            if weights is not None:
                arrays["weights"], dims["weights"] = weights.numpy().astype(np.float32), ("batch", "output", "input")
            count = sum(values.numel() for values in network.parameters())
            arrays[f"{name}_parameters"], dims[f"{name}_parameters"] = np.array(count, np.int32), ()
            if parameters:
                state |= {f"{name}.{key}": values.numpy().copy() for key, values in network.state_dict().items()}
        return Trace(arrays, dims, {}, state)


class Learner:
    """One network's training: Adam on batches in an order that the seed alone decides."""

    def __init__(self, network: EncoderDecoder, pairs: Pairs, seed: int, steps: int) -> None:
        self.network, self.train, self.steps, self.step = network, pairs.train, steps, 0
        self.order = torch.Generator().manual_seed(seed)
        self.optimizer = torch.optim.Adam(network.parameters(), LEARNING_RATE)

    def learn(self) -> None:
        """One step."""
        batch = data.trimmed(self.train[torch.randint(len(self.train), (BATCH,), generator=self.order)])
        left = 1 - self.step / self.steps
        self.optimizer.param_groups[0]["lr"] = LEARNING_RATE * min(1.0, left / ENDING)
        self.optimizer.zero_grad()
        loss_on(self.network, batch).backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIP_AT)
        self.optimizer.step()
        self.step += 1


def loss_on(network: EncoderDecoder, batch: Sequences) -> Tensor:
    """Mean cross entropy of the letters of a batch, with the graph for its gradient."""
    logits, _ = network(batch.inputs, batch.lengths, shifted(batch.targets))
    return nn.functional.cross_entropy(logits.flatten(0, 1), batch.targets.flatten(), ignore_index=IGNORED)


class Curves:
    """What was measured at each mark of a race, both networks; NaN where nothing was yet."""

    def __init__(self, marks: np.ndarray, lengths: list[int]) -> None:
        self.marks, self.lengths = marks, lengths
        self.found = {f"{name}_{what}": np.full(len(marks), np.nan, np.float32)
                      for name in NETWORKS for what in ("loss", "letters", "right")}  # fmt: skip
        self.by_length = {name: np.full((len(marks), len(lengths)), np.nan, np.float32) for name in NETWORKS}

    def take(self, name: str, mark: int, found: measuring.Measured) -> None:
        at = int(np.searchsorted(self.marks, mark))
        for what in ("loss", "letters", "right"):
            self.found[f"{name}_{what}"][at] = getattr(found, what)
        self.by_length[name][at] = [found.by_length[length] for length in self.lengths]

    def trace(self) -> Trace:
        arrays: dict[str, np.ndarray] = {"steps": self.marks.astype(np.int32)}
        arrays |= {name: rows.copy() for name, rows in self.found.items()}
        dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ("step",))
        for name, rows in self.by_length.items():
            arrays[f"{name}_by_length"], dims[f"{name}_by_length"] = rows.copy(), ("step", "point")
        return Trace(arrays, dims)
