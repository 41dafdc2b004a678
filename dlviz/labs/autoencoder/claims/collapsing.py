"""Too high a β makes numbers of the code collapse."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.autoencoder.measuring import LEAST_SPREAD
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.experiment import Pace, span

SLICE = 20  # steps: about 30 ms, so that others get their turn between slices
BETAS, SEEDS, STEPS = (0.1, 0.5, 1.0, 2.0, 4.0, 16.0), (1, 2), 1000
LATENT = 8


def experiment(
    betas: tuple[float, ...] = BETAS, seeds: tuple[int, ...] = SEEDS, steps: int = STEPS
) -> Iterator[Progress | Verdict]:
    """Rows of (beta, seed, in_use, kl, squared_error)."""
    rows: list[dict[str, Any]] = []
    pace = Pace(len(betas) * len(seeds) * steps, SLICE)
    for beta in betas:
        for seed in seeds:
            run = AutoencoderRun(setting(beta, seed))
            yield from pace.train(run, steps, f"β {beta:g}, seed {seed}")
            found = run.measured_now()
            in_use = int((found.dimension_spread >= LEAST_SPREAD).sum())
            lost = {name: found.numbers[f"test_{name}"] for name in ("kl", "squared_error")}
            rows.append({"beta": beta, "seed": seed, "in_use": in_use, **lost})
    yield judge(rows)


def setting(beta: float, seed: int) -> AutoencoderSpec:
    return AutoencoderSpec(dataset="digits", hidden=(64,), latent=LATENT, beta=beta, seed=seed, learning_rate=0.003)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    betas = sorted({row["beta"] for row in rows})

    def of(beta: float, name: str) -> list[float]:
        return [row[name] for row in rows if row["beta"] == beta]

    least = [min(of(beta, "in_use")) for beta in betas]
    falls = all(later <= earlier for earlier, later in pairwise(least))
    collapsed = least[-1] < least[0]
    ordinary = min(betas, key=lambda beta: abs(beta - 1))
    at_one = of(ordinary, "in_use")
    counts = ", ".join(f"β {beta:g}: {span(of(beta, 'in_use'))}" for beta in betas)
    sentence = (
        f"Of {LATENT} numbers in use: {counts}. The KL falls from {span(of(betas[0], 'kl'), '.3g')} to "
        f"{span(of(betas[-1], 'kl'), '.2g')} nats, the squared error grows from "
        f"{span(of(betas[0], 'squared_error'))} to {span(of(betas[-1], 'squared_error'))}. "
        + (f"At β {ordinary:g} already {span(LATENT - n for n in at_one)} carry nothing: the code takes what pays."
           if min(at_one) < LATENT else f"At β {ordinary:g} all are still in use.")
    )  # fmt: skip
    return Verdict("yes" if falls and collapsed else "partly" if collapsed else "no", sentence, rows)
