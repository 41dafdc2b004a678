"""Induction heads appear when the loss drops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from dlviz.core.lab import Progress, Verdict
from dlviz.data.sequences import IGNORED, Sequences
from dlviz.labs.attention.claims.measuring import SLICE
from dlviz.labs.attention.recording import recording
from dlviz.labs.attention.run import AttentionRun
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import Pace, mean, span

SEEDS = (1, 2, 3)
STEPS, EVERY = 500, 25
LAYERS = (2, 1)
MEASURED = 64  # held-back sequences


def setting(layers: int, seed: int) -> AttentionSpec:
    return AttentionSpec(layers=layers, seed=seed)


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS, every: int = EVERY) -> Iterator[Progress | Verdict]:
    """One row a seed, depth and moment: the loss, and the strongest head's share on what followed the same letter."""
    pace, rows = Pace(len(seeds) * len(LAYERS) * steps, SLICE), []
    for seed in seeds:
        for layers in LAYERS:
            run = AttentionRun(setting(layers, seed))
            some = run.task.validation[torch.arange(MEASURED)]
            rows.append({"seed": seed, "layers": layers, "step": 0, **measured(run, some)})
            for step in range(every, steps + 1, every):
                yield from pace.train(run, every, f"{layers} layers, seed {seed}")
                rows.append({"seed": seed, "layers": layers, "step": step, **measured(run, some)})
    yield judge(rows)


def measured(run: AttentionRun, some: Sequences) -> dict[str, float]:
    """`loss` in nats; `induction`: of the head that does it most, the mean weight on the token after the last place
    where the same letter stood, over all places that are asked and had it before."""
    with evaluating(run.network), recording(run.network) as seen:
        answers = run.network(some.inputs, some.lengths)
    loss = torch.nn.functional.cross_entropy(answers.flatten(0, 1), some.targets.flatten(), ignore_index=IGNORED)
    wanted = followers(some.inputs)
    asked = (wanted >= 0) & (some.targets != IGNORED)
    shares = []
    for name, weights in seen.items():
        if name.endswith(".weights"):
            picked = weights.gather(3, wanted.clamp(min=0)[:, None, :, None].expand(-1, weights.shape[1], -1, 1))[
                ..., 0
            ]
            shares += [float(picked[:, head][asked].mean()) for head in range(weights.shape[1])]
    return {"loss": float(loss), "induction": max(shares)}


def followers(tokens: Tensor) -> Tensor:
    """(sequence, query): the place after the last earlier place of the same token, −1 where it is new."""
    found = torch.full_like(tokens, -1)
    for t in range(1, tokens.shape[1]):
        same = tokens[:, :t] == tokens[:, t : t + 1]
        last = t - 1 - same.flip(1).int().argmax(1)
        found[:, t] = torch.where(same.any(1), last + 1, -1)
    return found


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Halfway moments: where the loss has lost half of what it loses, and the head has gained half of what it gains."""
    lags, strengths, single = [], [], []
    every = min(row["step"] for row in rows if row["step"] > 0)
    for seed in sorted({row["seed"] for row in rows}):
        deep = [row for row in rows if row["seed"] == seed and row["layers"] == 2]
        flat = [row for row in rows if row["seed"] == seed and row["layers"] == 1]
        lags.append(halfway(deep, "induction") - halfway(deep, "loss"))
        strengths.append(deep[-1]["induction"])
        single.append((flat[-1]["induction"], flat[-1]["loss"], deep[-1]["loss"]))
    together = all(abs(lag) <= 2 * every for lag in lags)
    strong = all(strength > 0.3 for strength in strengths)
    needs_two = all(loss > 2 * deep for _, loss, deep in single)
    sentence = (
        f"In two layers a head comes to put {span(strengths)} of its weight on what followed the same letter before; "
        f"it is halfway there {span(lags, '+.0f')} steps after the loss has fallen halfway (measured every {every} "
        f"steps). A single layer reaches {span([share for share, _, _ in single])} of that weight and ends with a loss "
        f"of {span([loss for _, loss, _ in single])}, two layers with {mean([deep for _, _, deep in single]):.2g}."
    )
    return Verdict("yes" if together and strong and needs_two else "partly" if strong else "no", sentence, rows)


def halfway(rows: list[dict[str, Any]], name: str) -> int:
    """The first step at which a curve has done half of its way from its first to its last value."""
    first, last = rows[0][name], rows[-1][name]
    return next(int(row["step"]) for row in rows if abs(row[name] - first) >= abs(last - first) / 2)
