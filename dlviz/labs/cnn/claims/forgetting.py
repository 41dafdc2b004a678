"""Forgetting model.eval() changes the answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.cnn.claims.measuring import SLICE
from dlviz.labs.cnn.measuring import logits
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.experiment import Pace, mean, span

SEEDS = (1, 2, 3, 4)
STEPS, TESTED, TURNS = 110, 500, 2
REPORT = 20  # batches between two reports
WAYS = (("mixed", 50), ("sorted by class", 50), ("one at a time", 1))  # and how many pictures a batch has


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """One row a seed and way of reading; `changed` and `unsteady` are shares of the digits."""
    pace, rows = Pace((STEPS + TURNS * len(WAYS)) * len(seeds), SLICE), []
    for seed in seeds:
        run = CnnRun(CnnSpec(seed=seed))
        yield from pace.train(run, STEPS, f"seed {seed}")
        x, y = run.pictures.test_x[:TESTED], run.pictures.test_y[:TESTED]
        right = logits(run.network, x).argmax(1)
        for way, size in WAYS:
            order = y.argsort(stable=True) if way == "sorted by class" else torch.arange(len(y))
            answers = []
            for turn in range(TURNS):
                for part in x[order].split(REPORT * size):
                    answers.append(forgotten(run.network, part, size))
                    yield Progress(pace.done, pace.total, f"seed {seed}, {way}")
                pace.done += 1
                yield Progress(pace.done, pace.total, f"seed {seed}, {way}, {turn + 1}")
            first, again = torch.cat(answers).reshape(TURNS, -1)
            rows.append({
                "seed": seed, "way": way, "with_eval": share(right == y), "without": share(first == y[order]),
                "changed": share(first != right[order]), "unsteady": share(first != again),
            })  # fmt: skip
    yield judge(rows)


def forgotten(network: nn.Module, pictures: Tensor, size: int) -> Tensor:
    """Classes answered in training mode, batch by batch; the running means of batch norm are put back."""
    kept = {name: value.clone() for name, value in network.state_dict().items()}
    network.train()
    with torch.no_grad():
        answers = torch.cat([network(batch).argmax(1) for batch in pictures.split(size)])
    network.load_state_dict(kept)
    return answers


def share(flags: Tensor) -> float:
    return flags.float().mean().item()


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(way: str, name: str) -> list[float]:
        return [row[name] for row in rows if row["way"] == way]

    n = len({row["seed"] for row in rows})
    parts = [
        f"{way} {span(column(way, 'changed'), '.0%')} of the answers change ({mean(column(way, 'without')):.0%} right)"
        for way, _ in WAYS
    ]
    sentence = (
        f"With eval() {mean([row['with_eval'] for row in rows]):.0%} are right. Without it, read {'; '.join(parts)}. "
        f"Reading the same batches twice, {span((row['unsteady'] for row in rows), '.1%')} come out differently. "
        f"{n} seeds."
    )
    changes = [row["changed"] > 0 for row in rows]
    return Verdict("yes" if all(changes) else "partly" if any(changes) else "no", sentence, rows)
