"""L1 makes weights exactly zero where L2 only shrinks them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.playground.claims.measuring import SLICE, measured
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import FEATURES, PlaygroundSpec
from dlviz.training.experiment import Pace, span

SEEDS = (1, 2, 3)
STEPS = 1500
RATE = 0.01
SMALL = 1e-3
PENALTIES = (
    ("none", {"regularization": "none"}),
    ("L2", {"regularization": "l2"}),
    ("L1, plain", {"regularization": "l1", "l1_method": "subgradient"}),
    ("L1, proximal", {"regularization": "l1", "l1_method": "proximal"}),
)


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """One row a penalty and seed: `zeros` weights exactly 0 and `small` below 0.001, of `weights`; their norm."""
    pace, rows = Pace(STEPS * len(seeds) * len(PENALTIES), SLICE), []
    for name, penalty in PENALTIES:
        for seed in seeds:
            run = PlaygroundRun(setting(seed, penalty))
            yield from pace.train(run, STEPS, f"{name}, seed {seed}")
            weights = run.flat.weights
            rows.append({
                "penalty": name, "seed": seed, "weights": weights.numel(), "zeros": int((weights == 0).sum()),
                "small": int((weights.abs() < SMALL).sum()), "norm": float(weights.norm()),
                "test_accuracy": measured(run)["test_accuracy"],
            })  # fmt: skip
    yield judge(rows)


def setting(seed: int, penalty: dict[str, str]) -> PlaygroundSpec:
    values: dict[str, Any] = dict(penalty)
    return PlaygroundSpec(features=FEATURES, hidden_layers=(8,), noise=10.0, learning_rate=0.1, seed=seed,
                          regularization_rate=RATE, **values)  # fmt: skip


def judge(rows: list[dict[str, Any]]) -> Verdict:
    of = {name: [row for row in rows if row["penalty"] == name] for name, _ in PENALTIES}
    zeros = {name: [row["zeros"] for row in found] for name, found in of.items()}
    norms = {name: [row["norm"] for row in found] for name, found in of.items()}
    shrunk = all(a < b for a, b in zip(norms["L2"], norms["none"], strict=True))
    proximal = min(zeros["L1, proximal"]) > 0 and max(zeros["L2"]) == 0 and shrunk
    plain = min(zeros["L1, plain"]) > 0
    sentence = (
        f"Of {rows[0]['weights']} weights, exactly zero: {span(zeros['L1, proximal'], 'd')} with L1 by the proximal "
        f"step, {span(zeros['L1, plain'], 'd')} with plain L1, {span(zeros['L2'], 'd')} with L2. The norm of all "
        f"weights is {span(norms['L2'], '.1f')} with L2, {span(norms['none'], '.1f')} without a penalty."
    )
    if not plain:
        small = span((row["small"] for row in of["L1, plain"]), "d")
        sentence += (
            f" Plain L1 brings {small} weights below 0.001 but makes them jump back and forth over zero: it is the "
            "proximal step, not the penalty alone, that makes the zeros."
        )
    if not proximal:
        return Verdict("no", sentence, rows)
    return Verdict("yes" if plain else "partly", sentence, rows)
