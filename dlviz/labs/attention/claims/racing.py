"""A Transformer learns faster than an LSTM on long sequences."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import Any

import torch
from torch import Generator, Tensor, nn

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.attention.measuring import loss_of
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.answers import loss_between, sample
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import span

LENGTHS = (24, 64)
SEEDS = (1, 2)
SECONDS = 6.0  # of training for each network
TURN = 0.05


class Remembering(nn.Module):
    """An LSTM that answers at each token: about as many parameters as the Transformer beside it."""

    def __init__(self, vocabulary: int, size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, size)
        self.core = nn.LSTM(size, size, batch_first=True)
        self.head = nn.Linear(size, vocabulary)

    def forward(self, tokens: Tensor) -> Tensor:
        answers: Tensor = self.head(self.core(self.embedding(tokens))[0])
        return answers


class Racer:
    """One network in the race: its training batches, its optimizer (Adam, the same rate), its clock."""

    def __init__(self, name: str, length: int, seed: int) -> None:
        run = AttentionRun(AttentionSpec(length=length, seed=seed))
        self.name, self.task, self.steps, self.seconds = name, run.task, 0, 0.0
        self.network: nn.Module = run.network
        wanted = count(run.network)
        if name == "LSTM":
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(seed)
                self.network = Remembering(run.task.input_size, size_for(wanted, run.task.input_size))
        self.parameters = count(self.network)
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=run.spec.learning_rate)
        self.generator = Generator().manual_seed(seed + 1)
        self.batch_size = run.spec.batch_size

    def loss(self, batch: Any) -> Tensor:
        if isinstance(self.network, Remembering):
            return loss_between(self.network(batch.inputs), batch.targets, self.task)
        return loss_of(self.network, self.task, batch)  # type: ignore[arg-type]

    def move(self, seconds: float) -> None:
        """Train for a turn."""
        began = perf_counter()
        while perf_counter() - began < seconds:
            some = torch.randint(len(self.task.train), (self.batch_size,), generator=self.generator)
            self.optimizer.zero_grad()
            self.loss(self.task.train[some]).backward()
            nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            self.optimizer.step()
            self.steps += 1
        self.seconds += perf_counter() - began

    def row(self) -> dict[str, Any]:
        """Where it stands: the loss is that of sequences never trained on."""
        with evaluating(self.network):
            loss = float(self.loss(sample(self.task.test)))
        return {"network": self.name, "parameters": self.parameters, "steps_a_second": self.steps / self.seconds,
                "loss": loss}  # fmt: skip


def experiment(
    lengths: tuple[int, ...] = LENGTHS, seeds: tuple[int, ...] = SEEDS, seconds: float = SECONDS
) -> Iterator[Progress | Verdict]:
    """One row a length, seed and network: steps a second, and the loss after equal time of training."""
    rows: list[dict[str, Any]] = []
    total = round(len(lengths) * len(seeds) * 2 * seconds * 1000)
    done = 0.0
    for length in lengths:
        for seed in seeds:
            racers = [Racer(name, length, seed) for name in ("Transformer", "LSTM")]
            while min(racer.seconds for racer in racers) < seconds:
                racer = min(racers, key=lambda racer: racer.seconds)
                racer.move(TURN)
                done += TURN
                yield Progress(min(total, round(done * 1000)), total, f"{racer.name}, {length} tokens, seed {seed}")
            rows += [{"length": length, "seed": seed, **racer.row()} for racer in racers]
    yield judge(rows)


def size_for(parameters: int, vocabulary: int) -> int:
    """The width of an LSTM that has about so many parameters: 8 s² + (2 v + 9) s + v of them."""
    size = 1
    while 8 * size**2 + (2 * vocabulary + 9) * size + vocabulary < parameters:
        size += 1
    return size


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def judge(rows: list[dict[str, Any]]) -> Verdict:
    parts, wins = [], []
    for length in sorted({row["length"] for row in rows}):
        ours, theirs = ([row for row in rows if row["length"] == length and row["network"] == name]
                        for name in ("Transformer", "LSTM"))  # fmt: skip
        wins += [a["loss"] < b["loss"] for a, b in zip(ours, theirs, strict=True)]
        parts.append(
            f"with {length} tokens {span([row['steps_a_second'] for row in ours], '.0f')} steps a second against "
            f"{span([row['steps_a_second'] for row in theirs], '.0f')}, and a loss of "
            f"{span([row['loss'] for row in ours])} against {span([row['loss'] for row in theirs])}"
        )
    sentence = (
        f"After equal seconds on this machine's processor, the Transformer first: {'; '.join(parts)}. The task is one "
        "that attention is made for; an LSTM must carry the whole passage in its state."
    )
    return Verdict("yes" if all(wins) else "partly" if any(wins) else "no", sentence, rows)
