"""Whether the saturating loss starves the generator when the discriminator is good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.gan.model import Gan
from dlviz.labs.gan.objective import generator_losses
from dlviz.labs.gan.run import GanRun
from dlviz.labs.gan.spec import GanSpec
from dlviz.training.experiment import Pace, mean, span

LOSSES = ("minimax", "nonsaturating")
STARVED = 0.1  # of the other loss's gradient


def experiment(
    alone: Sequence[int] = (0, 100, 400), seeds: Sequence[int] = (1, 2, 3), steps: int = 400
) -> Iterator[Progress | Verdict]:
    """Rows: seed, D's steps alone, its mean D(G(z)), both gradients' norms, and modes after training with each loss."""
    pace = Pace(len(seeds) * (alone[-1] + 2 * len(alone) * steps), 10)
    rows = []
    for seed in seeds:
        run = GanRun(GanSpec(seed=seed, moves="discriminator"))
        for before, count in zip((0, *alone), alone, strict=False):
            yield from pace.train(run, count - before, f"seed {seed}: D alone for {count} steps")
            norms, said = gradients(run)
            row: dict[str, Any] = {"seed": seed, "D's steps alone": count, "mean D(G(z))": said}
            row |= {f"gradient, {loss}": norm for loss, norm in norms.items()}
            for loss in LOSSES:
                other = GanRun(GanSpec(seed=seed))
                other.restore(run.snapshot())
                other.set({"moves": "both", "loss": loss})
                yield from pace.train(other, steps, f"seed {seed}: {loss} after {count} steps of D")
                row[f"modes, {loss}"] = int(other.measured_now().numbers["modes"])
            rows.append(row)
    yield judge(rows)


def gradients(run: GanRun) -> tuple[dict[str, float], float]:
    """The norm of the generator's gradient under each loss, on the noise shown, and the mean D(G(z))."""
    network: Gan = run.network
    logits = network(run.shown.z, run.shown.labels)[:, 0]
    own = list(network.generator.parameters())
    found = {}
    for loss in LOSSES:
        slopes = torch.autograd.grad(generator_losses(loss, logits).mean(), own, retain_graph=True)
        found[loss] = torch.cat([slope.flatten() for slope in slopes]).norm().item()
    return found, logits.sigmoid().mean().item()


def judge(rows: list[dict[str, Any]]) -> Verdict:
    """Yes where a good D leaves it less than a tenth of the other's gradient and it covers less after training."""
    longest = max(row["D's steps alone"] for row in rows)
    good = [row for row in rows if row["D's steps alone"] == longest]
    ratios = [row["gradient, minimax"] / row["gradient, nonsaturating"] for row in good]
    starves = all(ratio < STARVED for ratio in ratios)
    modes = {loss: [row[f"modes, {loss}"] for row in good] for loss in LOSSES}
    behind = mean(modes["minimax"]) < mean(modes["nonsaturating"]) - 1
    holds = "yes" if starves and behind else "partly" if starves else "no"
    after = "covers fewer modes" if behind else "covers as many modes as the other"
    said = span([row["mean D(G(z))"] for row in good])
    sentence = (
        f"After {longest} steps alone D gives fakes {said}, and the saturating loss leaves the generator "
        f"{span(ratios)} "
        f"of the other loss's gradient. Trained on from there it {after}: {span(modes['minimax'], '.0f')} against "
        f"{span(modes['nonsaturating'], '.0f')} of 8."
    )
    return Verdict(holds, sentence, rows)  # type: ignore[arg-type]
