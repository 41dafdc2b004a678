"""Clipping by norm rescues a run that explodes; clipping by value turns its direction."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch

from dlviz.core.errors import Diverged
from dlviz.core.lab import Progress, Verdict
from dlviz.labs.recurrent.claims.measuring import SLICE, first, loss
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.training.experiment import span

SEEDS = (1, 2, 3)
STEPS = 150
WAYS = {"none": 1.0, "norm": 1.0, "value": 0.1}  # and where each clips
TESTED = 400


class Watched(RecurrentRun):
    """A run that keeps, of every step whose gradient was changed by clipping, the cosine with what it was."""

    def _begin(self, spec: RecurrentSpec) -> None:
        super()._begin(spec)
        self.cosines: list[float] = []

    def _clip(self) -> None:
        before = self._gradient()
        super()._clip()
        after = self._gradient()
        if not torch.equal(before, after):
            self.cosines.append(float(torch.dot(before, after) / (before.norm() * after.norm())))

    def _gradient(self) -> torch.Tensor:
        return torch.cat([p.grad.flatten() for p in self.network.parameters() if p.grad is not None]).double()


def setting(way: str, seed: int) -> RecurrentSpec:
    return RecurrentSpec(task="adding", lag=50, cell="rnn", hidden_size=24, initial="orthogonal", gain=2.0, seed=seed,
                         optimizer="sgd", learning_rate=0.05, truncation=200, clipping=way,
                         clip_at=WAYS[way])  # fmt: skip


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """One row a seed and way: the step at which it was lost, if it was, the largest norm, the cosines."""
    rows, done, total = [], 0, steps * len(seeds) * len(WAYS)
    for seed in seeds:
        for way in WAYS:
            run, norms, lost = Watched(setting(way, seed)), [], 0
            for step in range(1, steps + 1):
                try:
                    run.advance(1)
                except Diverged:
                    lost = step
                    break
                norms.append(run.gradient_norm)
                if step % SLICE == 0:
                    yield Progress(done + step, total, f"seed {seed}, clipped by {way}")
            done += steps
            rows.append({"seed": seed, "clipping": way, "lost_at": lost, "largest_norm": max(norms),
                         "error": math.inf if lost else loss(run, first(run.task.test, TESTED)),
                         "clipped": len(run.cosines), "lowest_cosine": min(run.cosines, default=1.0),
                         "mean_cosine": sum(run.cosines) / len(run.cosines) if run.cosines else 1.0})  # fmt: skip
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    by = {way: [row for row in rows if row["clipping"] == way] for way in WAYS}
    n = len(by["none"])
    lost = {way: sum(row["lost_at"] > 0 for row in by[way]) for way in WAYS}
    sentence = (
        f"Without clipping {lost['none']} of {n} runs are lost, by norm {lost['norm']}, by value {lost['value']}. "
        f"Norms reach {span((row['largest_norm'] for row in by['norm']), '.2g')} before they are clipped. By norm the "
        f"gradient keeps its direction (cosine {min(row['lowest_cosine'] for row in by['norm']):.4f} at the least); by "
        f"value it is turned: cosine {span((row['mean_cosine'] for row in by['value']), '.2f')} on average, "
        f"{min(row['lowest_cosine'] for row in by['value']):.2f} at the least."
    )
    rescued = lost["none"] > lost["norm"]
    all_rescued = lost["none"] == n and lost["norm"] == 0
    turned = all(row["mean_cosine"] < 0.95 for row in by["value"]) and all(
        r["lowest_cosine"] > 0.999 for r in by["norm"]
    )
    return Verdict("yes" if all_rescued and turned else "partly" if rescued or turned else "no", sentence, rows)
