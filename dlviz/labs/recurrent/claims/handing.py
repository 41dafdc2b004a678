"""Handing only the last state to the next layer is an error that shows itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.recurrent.claims.measuring import SLICE
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import Pace, mean, span

SEEDS = (1, 2, 3)
STEPS = 150
UNITS = 24
BATCH = 50  # sentences that are read together


class Stacked(nn.Module):
    """Two LSTMs, one over the other, and an answer. With `only_last` the second gets (sentence, unit): the error."""

    last, embedding_size = True, 16

    def __init__(self, words: int, classes: int, only_last: bool) -> None:
        super().__init__()
        self.only_last = only_last
        self.embedding = nn.Embedding(words, self.embedding_size)
        self.core = nn.LSTM(self.embedding_size, UNITS, batch_first=True)
        self.second = nn.LSTM(UNITS, UNITS, batch_first=True)
        self.dropout = nn.Identity()
        self.head = nn.Linear(UNITS, classes)

    def forward(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        """Logits (sentence, class)."""
        hidden, _ = self.core(self.embedding(inputs))
        rows = torch.arange(len(inputs))
        if self.only_last:
            answers, _ = self.second(hidden[rows, lengths - 1])  # no error: a matrix is a sequence without a batch
        else:
            answers, _ = self.second(hidden)
            answers = answers[rows, lengths - 1]
        logits: Tensor = self.head(answers)
        return logits


class Handing(RecurrentRun):
    """The sentiment task learned by a `Stacked`."""

    only_last = False

    def _begin(self, spec: RecurrentSpec) -> None:
        super()._begin(spec)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(spec.seed)
            self.network = Stacked(len(self.task.vocabulary), 2, self.only_last)  # type: ignore[assignment]
        self.optimizer = self._make_optimizer()

    def _batch_loss(self) -> Tensor:
        if self.position == 0:
            self.order = torch.randperm(len(self.task.train), generator=self.order_generator)
        batch = self.task.train[self.order[self.position : self.position + self.spec.batch_size]]
        self.position += self.spec.batch_size
        return nn.functional.cross_entropy(self.network(batch.inputs, batch.lengths), batch.targets)

    def measured(self) -> dict[str, float]:
        return {}


class Erring(Handing):
    """The same with the error."""

    only_last = True


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """One row a seed and way: how many answers are right, and how they move when the sentences change places."""
    pace, rows = Pace(2 * steps * len(seeds), SLICE), []
    for seed in seeds:
        for run in (Handing(setting(seed)), Erring(setting(seed))):
            yield from pace.train(run, steps, f"{'last states' if run.only_last else 'all states'}, seed {seed}")
            mixed = torch.randperm(len(run.task.test), generator=torch.Generator().manual_seed(seed))
            one, other = probabilities(run, torch.arange(len(mixed))), probabilities(run, mixed)
            truth = run.task.test.targets
            rows.append({"seed": seed, "only_last": run.only_last,
                         "right": float(((one > 0.5).long() == truth).float().mean()),
                         "changed": float(((one > 0.5) != (other > 0.5)).float().mean()),
                         "moved": float((one - other).abs().max())})  # fmt: skip
    yield judge(rows)


def setting(seed: int) -> RecurrentSpec:
    return RecurrentSpec(task="sentiment", seed=seed)


def probabilities(run: Handing, order: Tensor) -> Tensor:
    """Of a friendly sentence, for each test sentence, read in batches of that order; in the order of the test set."""
    test = run.task.test
    found = torch.empty(len(order))
    with evaluating(run.network):
        for part in order.split(BATCH):
            logits: Any = run.network(test.inputs[part], test.lengths[part])
            found[part] = logits.softmax(1)[:, 1]
    return found


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(only_last: bool, name: str) -> list[float]:
        return [row[name] for row in rows if row["only_last"] is only_last]

    sentence = (
        f"torch reports nothing, and {mean(column(True, 'right')):.0%} of the answers are right, beside "
        f"{mean(column(False, 'right')):.0%} without the error. But {span(column(True, 'changed'), '.1%')} of them "
        f"change with the neighbours in the batch, and a probability moves by up to {max(column(True, 'moved')):.2f}; "
        f"handed all states it moves by {max(column(False, 'moved')):.0e}. {len(column(True, 'right'))} seeds."
    )
    worse = mean(column(False, "right")) - mean(column(True, "right")) > 0.05
    leaks = min(column(True, "moved")) > 0.01
    return Verdict("yes" if worse else "partly" if leaks else "no", sentence, rows)
