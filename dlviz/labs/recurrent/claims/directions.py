"""A tagger that reads in both directions is better where the clue comes later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from dlviz.core.lab import Progress, Verdict
from dlviz.data.sequences import IGNORED, Sequences
from dlviz.labs.recurrent.claims.measuring import SLICE
from dlviz.labs.recurrent.measuring import answers_of
from dlviz.labs.recurrent.run import RecurrentRun
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import Pace, interval, mean

SEEDS = (1, 2, 3, 4)
STEPS = 200


def setting(both: bool, seed: int) -> RecurrentSpec:
    """As many units in all; two directions of half the size have fewer parameters."""
    return RecurrentSpec(task="tagging", bidirectional=both, hidden_size=16 if both else 32, seed=seed)


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """One row a seed and network: accuracy where the words before leave the tag open, and elsewhere."""
    pace, rows = Pace(2 * steps * len(seeds), SLICE), []
    for seed in seeds:
        for both in (False, True):
            run = RecurrentRun(setting(both, seed))
            yield from pace.train(run, steps, f"{'both directions' if both else 'forward'}, seed {seed}")
            open_ = left_open(run.task.train, run.task.test)
            with evaluating(run.network):
                right = answers_of(run.network, run.task.test).argmax(-1) == run.task.test.targets
            asked = run.task.test.targets != IGNORED
            rows.append({"seed": seed, "both_directions": both, "open_words": int(open_.sum()),
                         "open": share(right, open_), "others": share(right, asked & ~open_)})  # fmt: skip
    yield judge(rows)


def left_open(train: Sequences, test: Sequences) -> Tensor:
    """Which words of `test` (sequence, step) stand in `train` with two tags or more after the very same words.

    Only such words: a beginning that was never seen tells nothing.
    """
    tags: dict[tuple[int, ...], set[int]] = defaultdict(set)
    for words, targets, length in zip(
        train.inputs.tolist(), train.targets.tolist(), train.lengths.tolist(), strict=True
    ):
        for t in range(length):
            tags[tuple(words[: t + 1])].add(targets[t])
    found = torch.zeros_like(test.targets, dtype=torch.bool)
    for i, (words, length) in enumerate(zip(test.inputs.tolist(), test.lengths.tolist(), strict=True)):
        for t in range(length):
            found[i, t] = len(tags.get(tuple(words[: t + 1]), ())) > 1
    return found


def share(right: Tensor, among: Tensor) -> float:
    return float(right[among].float().mean())


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(both: bool, name: str) -> list[float]:
        return [row[name] for row in rows if row["both_directions"] is both]

    middle, low, high = interval([b - f for f, b in zip(column(False, "open"), column(True, "open"), strict=True)])
    other, other_low, other_high = interval(
        [b - f for f, b in zip(column(False, "others"), column(True, "others"), strict=True)]
    )
    sentence = (
        f"Where the words before leave the tag open, {mean(column(True, 'open')):.0%} are right in both directions and "
        f"{mean(column(False, 'open')):.0%} forward ({middle * 100:+.0f} points, 95 % from {low * 100:+.0f} to "
        f"{high * 100:+.0f}); elsewhere {mean(column(True, 'others')):.1%} and {mean(column(False, 'others')):.1%} "
        f"({other * 100:+.1f}, from {other_low * 100:+.1f} to {other_high * 100:+.1f}). "
        f"{len(column(True, 'open'))} seeds."
    )
    return Verdict("yes" if low > 0 and middle > other else "partly" if middle > 0 else "no", sentence, rows)
