"""A forget bias of 1 helps an LSTM early on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.recurrent.claims.measuring import SLICE, first, loss
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.training.experiment import Pace, interval, mean

SEEDS = (1, 2, 3, 4)
BIASES = (0.0, 1.0, 3.0)
STEPS = {"text": 80, "copy": 400}
TESTED = {"text": 25, "copy": 400}


def setting(what: str, bias: float, seed: int) -> RecurrentSpec:
    if what == "text":
        return RecurrentSpec(forget_bias=bias, seed=seed)
    return RecurrentSpec(task="copy", lag=8, hidden_size=24, batch_size=16, learning_rate=0.01, truncation=200,
                         forget_bias=bias, seed=seed)  # fmt: skip


def experiment(seeds: tuple[int, ...] = SEEDS, steps: dict[str, int] = STEPS) -> Iterator[Progress | Verdict]:
    """One row a seed, task and bias: the loss on what was held back, in nats."""
    pace, rows = Pace(sum(steps.values()) * len(seeds) * len(BIASES), SLICE), []
    for seed in seeds:
        for what in steps:
            for bias in BIASES:
                run = RecurrentRun(setting(what, bias, seed))
                finite = yield from pace.train(run, steps[what], f"{what}, forget bias {bias:g}, seed {seed}")
                found = loss(run, first(run.task.validation, TESTED[what])) if finite else float("inf")
                rows.append({"seed": seed, "task": what, "forget_bias": bias, "loss": found, "chance": run.task.chance})
    yield judge(rows)


def gain(rows: list[dict[str, Any]], task: str, bias: float) -> list[float]:
    """How much lower the loss is than with a bias of 0, a number a seed."""
    found = {(row["seed"], row["forget_bias"]): row["loss"] for row in rows if row["task"] == task}
    return [found[seed, 0.0] - found[seed, bias] for seed in sorted({seed for seed, _ in found})]


def judge(rows: list[dict[str, Any]]) -> Verdict:
    parts, helps = [], {}
    for task, words in (("text", "On text"), ("copy", "On copying over eight blanks")):
        low = {}
        for bias in BIASES[1:]:
            middle, low[bias], high = interval(gain(rows, task, bias))
            helps[task, bias] = low[bias] > 0
            parts.append(
                f"{words if bias == BIASES[1] else 'and'} a bias of {bias:g} changes the loss of "
                f"{mean([r['loss'] for r in rows if (r['task'], r['forget_bias']) == (task, 0.0)]):.2f} nats by "
                f"{-middle:+.2f} (95 % from {-high:+.2f} to {-low[bias]:+.2f}){',' if bias == BIASES[1] else '.'}"
            )
    n = len({row["seed"] for row in rows})
    sentence = " ".join(parts).replace("+-", "-") + f" {n} seeds."
    one = [helps[task, 1.0] for task in ("text", "copy")]
    some = any(helps.values())
    return Verdict("yes" if all(one) else "partly" if some else "no", sentence, rows)
