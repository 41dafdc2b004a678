"""A learned kernel recovers Sobel: from noise at once, from pictures slowly, from flat ones never."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.convolution.run import ConvolutionRun
from dlviz.labs.convolution.spec import ConvolutionSpec
from dlviz.training.experiment import span

SEEDS = (1, 2, 3)
PAIRS = ("noise", "digits", "photos", "flat")
LOOKS = (50, 200, 1000)
RATE, SLICE = 0.2, 25
FOUND = 0.05  # of the length of Sobel's weights


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """One row a source of pairs and seed: distance to Sobel over its length after so many steps.

    `loss_left`: the test loss at the end, of that before training. `condition`: the largest over the smallest
    curvature of the loss, the ratio of eigenvalues of what the kernel's nine cells see together; how many times
    as slowly the last direction is learned as the first. Null where a direction has no curvature at all.
    """
    total, done, rows = LOOKS[-1] * len(PAIRS) * len(seeds), 0, []
    for pairs in PAIRS:
        for seed in seeds:
            run = ConvolutionRun(ConvolutionSpec(pairs=pairs, learning_rate=RATE, seed=seed))
            before = run.losses()["test_loss"]
            row: dict[str, Any] = {"pairs": pairs, "seed": seed, "error_0": error(run)}
            for look in LOOKS:
                while run.step < look:
                    take = min(SLICE, look - run.step)
                    run.advance(take)
                    done += take
                    yield Progress(done, total, f"{pairs}, seed {seed}")
                row[f"error_{look}"] = error(run)
            rows.append({**row, "loss_left": run.losses()["test_loss"] / before, "condition": condition(run)})
    yield judge(rows)


def error(run: ConvolutionRun) -> float:
    """Distance of the learned weights to the hidden ones, in lengths of those."""
    learned, hidden = run.network[0].get_parameter("weight"), run.target[0].get_parameter("weight")
    return ((learned.detach() - hidden).norm() / hidden.norm()).item()


def condition(run: ConvolutionRun) -> float | None:
    """Ratio of the extreme eigenvalues of the mean outer product of (patch, 1), over all training patches."""
    patches = torch.nn.functional.unfold(run.inputs.double(), 3).transpose(1, 2).reshape(-1, 9)
    seen = torch.cat([patches, torch.ones(len(patches), 1, dtype=torch.float64)], 1)
    values = torch.linalg.eigvalsh(seen.T @ seen / len(seen))
    return (values[-1] / values[0]).item() if values[0] > 1e-9 * values[-1] else None


def judge(rows: list[dict[str, Any]]) -> Verdict:
    of = {pairs: [row for row in rows if row["pairs"] == pairs] for pairs in PAIRS}
    last = LOOKS[-1]
    recovered = {pairs: all(row[f"error_{last}"] < FOUND for row in found) for pairs, found in of.items()}

    def errors(pairs: str, step: int) -> str:
        return span((row[f"error_{step}"] for row in of[pairs]), ".1%")

    def conditions(pairs: str) -> str:
        return span((row["condition"] for row in of[pairs] if row["condition"] is not None), ",.0f")

    sentence = (
        f"From noise the kernel is within {errors('noise', LOOKS[0])} of Sobel after {LOOKS[0]} steps, "
        f"{errors('noise', last)} after {last:,}. From digits it is {errors('digits', LOOKS[1])} off after {LOOKS[1]} "
        f"and {errors('digits', last)} after {last:,}, from photographs {errors('photos', LOOKS[1])} and "
        f"{errors('photos', last)}, while the loss is down to {span((r['loss_left'] for r in of['photos']), '.2%')}: "
        f"neighbouring pixels are alike, so some directions of the weights hardly matter (the curvature of the loss "
        f"spans a factor of {conditions('noise')} for noise, {conditions('digits')} for digits, "
        f"{conditions('photos')} for photographs)."
    )
    if not recovered["flat"]:
        sentence += (
            f" Flat pictures never show it: the loss reaches {span((r['loss_left'] for r in of['flat']), '.0%')} with "
            f"a kernel {errors('flat', last)} off."
        )
    if not recovered["noise"]:
        return Verdict("no", sentence, rows)
    return Verdict("yes" if all(recovered.values()) else "partly", sentence, rows)
