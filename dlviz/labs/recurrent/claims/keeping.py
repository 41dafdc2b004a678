"""An LSTM keeps what an RNN loses."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.recurrent.claims.measuring import SLICE, first, loss
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.training.experiment import Pace, span

SEEDS = (1, 2, 3)
STEPS = {8: 400, 30: 800}  # by how many numbers there are
RATES = {"rnn": 0.005, "lstm": 0.01}
LEARNED = 0.2  # of the loss of who does not look at the numbers
TESTED = 400


def setting(cell: str, lag: int, seed: int) -> RecurrentSpec:
    return RecurrentSpec(task="adding", cell=cell, lag=lag, learning_rate=RATES[cell], hidden_size=24, batch_size=32,
                         truncation=200, examples=3000, seed=seed)  # fmt: skip


def experiment(seeds: tuple[int, ...] = SEEDS, steps: dict[int, int] = STEPS) -> Iterator[Progress | Verdict]:
    """One row a seed, length and cell: the error on numbers never trained on."""
    runs = [(seed, lag, cell) for seed in seeds for lag in steps for cell in RATES]
    pace, rows = Pace(sum(steps[lag] for _, lag, _ in runs), SLICE), []
    for seed, lag, cell in runs:
        run = RecurrentRun(setting(cell, lag, seed))
        finite = yield from pace.train(run, steps[lag], f"{cell}, {lag} numbers, seed {seed}")
        error = loss(run, first(run.task.test, TESTED)) if finite else math.inf
        rows.append({"seed": seed, "numbers": lag, "cell": cell, "error": error, "chance": run.task.chance})
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def errors(cell: str, lag: int) -> list[float]:
        return [row["error"] for row in rows if (row["cell"], row["numbers"]) == (cell, lag)]

    def learned(cell: str, lag: int) -> int:
        return sum(error < LEARNED * rows[0]["chance"] for error in errors(cell, lag))

    n, (short, long) = len({row["seed"] for row in rows}), STEPS
    parts = [
        f"Among {lag} numbers the LSTM learns in {learned('lstm', lag)} of {n} runs "
        f"(error {span(errors('lstm', lag))}), the RNN in {learned('rnn', lag)} ({span(errors('rnn', lag))})."
        for lag in (short, long)
    ]
    sentence = " ".join(parts) + f" Always answering 1 leaves {rows[0]['chance']:.3f}."
    keeps, loses = learned("lstm", long) == n, learned("rnn", long) == 0
    better = sum(errors("lstm", long)) < sum(errors("rnn", long))
    return Verdict("yes" if keeps and loses else "partly" if better else "no", sentence, rows)
