"""A nonlinear autoencoder beats PCA with a code of the same size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.autoencoder.claims.collapsing import SLICE
from dlviz.labs.autoencoder.principal import analyse, errors
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.experiment import Pace, mean

SIZES, SEEDS, STEPS = (2, 4, 8, 16), (1, 2, 3), 1500


def experiment(
    sizes: tuple[int, ...] = SIZES, seeds: tuple[int, ...] = SEEDS, steps: int = STEPS
) -> Iterator[Progress | Verdict]:
    """Rows of (size, seed, autoencoder, pca): squared errors of test pictures, mean over cells."""
    rows: list[dict[str, Any]] = []
    pace = Pace(len(sizes) * len(seeds) * steps, SLICE)
    for size in sizes:
        for seed in seeds:
            run = AutoencoderRun(setting(size, seed))
            yield from pace.train(run, steps, f"{size} numbers, seed {seed}")
            pictures = run.data.pictures
            rows.append({"size": size, "seed": seed, "autoencoder": run.measured_now().numbers["test_squared_error"],
                         "pca": error_of_pca(pictures.train_x, pictures.test_x, size)})  # fmt: skip
    yield judge(rows)


def setting(size: int, seed: int) -> AutoencoderSpec:
    return AutoencoderSpec(dataset="digits", kind="plain", hidden=(64,), latent=size, likelihood="gaussian", seed=seed,
                           learning_rate=0.003)  # fmt: skip


def error_of_pca(train: Tensor, test: Tensor, size: int) -> float:
    """Mean squared error of test pictures kept by the first `size` principal directions of the training ones."""
    return errors(analyse(train, size), test)[size].item()


def judge(rows: list[dict[str, Any]]) -> Verdict:
    sizes = sorted({row["size"] for row in rows})
    ratios = {size: [row["autoencoder"] / row["pca"] for row in rows if row["size"] == size] for size in sizes}
    worst = {size: max(found) for size, found in ratios.items()}
    wins = [size for size in sizes if worst[size] < 1]
    told = ", ".join(f"{mean(found):.2f} with {size}" for size, found in ratios.items())
    narrower = mean(ratios[sizes[-1]]) > mean(ratios[sizes[0]])
    sentence = (
        f"Its error over that of PCA: {told} numbers (means over seeds); the worst seed has {max(worst.values()):.2f}. "
        + ("The larger the code, the less is left to win, since what PCA leaves out is small then. " if narrower else
           "The lead does not shrink with the size of the code here. ")
        + "It costs what PCA does not: a training, a rate and a seed."
    )  # fmt: skip
    return Verdict("yes" if len(wins) == len(sizes) else "partly" if wins else "no", sentence, rows)
