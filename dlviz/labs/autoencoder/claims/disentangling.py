"""A higher β disentangles the factors, and blurs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.autoencoder.disentangling import scores
from dlviz.labs.autoencoder.measuring import LEAST_SPREAD
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.evaluating import evaluating
from dlviz.training.experiment import Pace, mean, span

SLICE = 4  # steps: about 40 ms
BETAS, SEEDS, STEPS = (0.1, 1.0, 5.0, 20.0), (1, 2), 800
LATENT = 6


def experiment(
    betas: tuple[float, ...] = BETAS, seeds: tuple[int, ...] = SEEDS, steps: int = STEPS
) -> Iterator[Progress | Verdict]:
    """Rows of (beta, seed, gap, edges, squared_error, in_use), see `measured`."""
    rows: list[dict[str, Any]] = []
    pace = Pace(len(betas) * len(seeds) * steps, SLICE)
    for beta in betas:
        for seed in seeds:
            run = AutoencoderRun(setting(beta, seed))
            yield from pace.train(run, steps, f"β {beta:g}, seed {seed}")
            rows.append({"beta": beta, "seed": seed, **measured(run)})
    yield judge(rows)


def setting(beta: float, seed: int) -> AutoencoderSpec:
    return AutoencoderSpec(dataset="sprites", examples=3000, hidden=(256,), latent=LATENT, beta=beta, seed=seed,
                           activation="relu")  # fmt: skip


def measured(run: AutoencoderRun) -> dict[str, float]:
    """`gap`: the mutual information gap over the five factors; `edges`: energy of edges of the reconstructions over
    that of the test pictures; their `squared_error`; `in_use`: how many numbers of the code carry something."""
    pictures, factors = run.data.pictures, run.data.factors
    assert factors is not None
    with evaluating(run.network):
        code = run.network.encode(pictures.test_x)
        again = run.network.pictures(run.network.decode(code.mean))
    found = run.measured_now()
    return {
        "gap": scores(code.mean.numpy(), factors.numpy()).mig,
        "edges": edge_energy(again) / edge_energy(pictures.test_x),
        "squared_error": found.numbers["test_squared_error"],
        "in_use": int((found.dimension_spread >= LEAST_SPREAD).sum()),
    }


def edge_energy(pictures: Tensor) -> float:
    """Mean squared difference of neighbouring cells, across and down: what blurring takes away first."""
    across, down = pictures.diff(dim=-1), pictures.diff(dim=-2)
    return ((across**2).mean() + (down**2).mean()).item()


def judge(rows: list[dict[str, Any]]) -> Verdict:
    betas = sorted({row["beta"] for row in rows})

    def of(beta: float, name: str) -> list[float]:
        return [row[name] for row in rows if row["beta"] == beta]

    gaps = [mean(of(beta, "gap")) for beta in betas]
    best = betas[gaps.index(max(gaps))]
    disentangles = best > betas[0] and min(of(best, "gap")) > max(of(betas[0], "gap"))
    blurs = max(of(betas[-1], "edges")) < min(of(betas[0], "edges"))
    monotone = best == betas[-1]
    told = ", ".join(f"{gap:.2f} at β {beta:g}" for beta, gap in zip(betas, gaps, strict=True))
    edges = ", ".join(f"{mean(of(beta, 'edges')):.2f}" for beta in betas)
    sentence = (
        f"The mutual information gap is {told} (means over seeds; 1 would be one number a factor; at the best β the "
        f"seeds have {span(of(best, 'gap'))}). The energy of edges falls with β, {edges} times that of the pictures. "
        + (f"More β was better up to the last{', though far from 1' if max(gaps) < 0.5 else ''}. " if monotone else
           f"Past β {best:g} it is no longer better: of {LATENT} numbers {span(of(betas[-1], 'in_use'))} are in use at "
           f"β {betas[-1]:g}, and a factor that is not coded at all is not disentangled. ")
    ).strip()  # fmt: skip
    whole = disentangles and blurs and monotone
    return Verdict("yes" if whole else "partly" if disentangles or blurs else "no", sentence, rows)
