"""A deep sigmoid network loses its gradient on the way back; ReLU keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.playground import probe
from dlviz.labs.playground.claims.measuring import SLICE, measured
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training.experiment import Pace, span

SEEDS = (1, 2, 3, 4)
STEPS = 1200
LOST, KEPT, LEARNED = 1e-3, 0.1, 0.9
ALONE = "So ReLU alone loses most of it too; it takes the right first weights to keep it. "
NETWORKS = (("sigmoid", "sigmoid", False), ("ReLU", "relu", False), ("ReLU, He", "relu", True))


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """One row a network and seed: gradient norm of the first layer divided by that of the last."""
    pace, rows = Pace(STEPS * len(seeds) * len(NETWORKS), SLICE), []
    for name, activation, he in NETWORKS:
        for seed in seeds:
            run = PlaygroundRun(
                PlaygroundSpec(hidden_layers=(8,) * 6, activations=(activation,), learning_rate=0.1, seed=seed)
            )
            if he:
                start_as_he(run)
            before = ratio(run)
            learned = yield from pace.train(run, STEPS, f"{name}, seed {seed}")
            row: dict[str, Any] = {"network": name, "seed": seed, "ratio_before": before, "ratio_after": ratio(run)}
            rows.append({**row, "test_accuracy": measured(run)["test_accuracy"], "diverged": not learned})
    yield judge(rows)


def start_as_he(run: PlaygroundRun) -> None:
    """First weights drawn from N(0, 2 / inputs), biases zero: He et al. 2015, section 2.2."""
    generator = torch.Generator().manual_seed(run.spec.seed)
    for name, parameter in run.network.named_parameters():
        if name.endswith("weight"):
            nn.init.kaiming_normal_(parameter, nonlinearity="relu", generator=generator)
        else:
            nn.init.zeros_(parameter)


def ratio(run: PlaygroundRun) -> float:
    """Gradient norm of the first layer over that of the last, for the mean loss of all training points."""
    norms = probe.gradients(run)["grad_norm"]
    return float(norms[0] / norms[-1])


def judge(rows: list[dict[str, Any]]) -> Verdict:
    of = {name: [row for row in rows if row["network"] == name] for name, _, _ in NETWORKS}
    before = {name: [row["ratio_before"] for row in found] for name, found in of.items()}
    learned = {name: sum(row["test_accuracy"] >= LEARNED for row in found) for name, found in of.items()}
    n = len(of["sigmoid"])
    loses = all(r < LOST for r in before["sigmoid"])
    keeps = {name: all(r > KEPT for r in before[name]) for name in ("ReLU", "ReLU, He")}
    sentence = (
        f"Before training the first sigmoid layer gets {span(before['sigmoid'], '.0e')} of the last layer's gradient; "
        f"with ReLU it is {span(before['ReLU'])} from torch's first weights and {span(before['ReLU, He'])} from He's. "
        f"{'' if keeps['ReLU'] else ALONE}"
        f"Learned to 90 % of the test points: sigmoid {learned['sigmoid']}, ReLU {learned['ReLU']}, "
        f"ReLU from He's weights {learned['ReLU, He']} of {n} seeds."
    )
    if not loses or not (keeps["ReLU"] or keeps["ReLU, He"]):
        return Verdict("no", sentence, rows)
    return Verdict("yes" if all(keeps.values()) and not learned["sigmoid"] else "partly", sentence, rows)
