"""A linear autoencoder finds the subspace of PCA."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.autoencoder.claims.collapsing import SLICE
from dlviz.labs.autoencoder.claims.compressing import error_of_pca
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.experiment import Pace, span

SIZES, SEEDS, MARKS = (2, 4), (1, 2, 3), (1000, 4000)
NEAR_ANGLE, NEAR_ERROR = 5.0, 1.01  # degrees; times PCA's error
SLOWER = 0.75  # from this share of the training on the rate is a tenth


def experiment(
    sizes: tuple[int, ...] = SIZES, seeds: tuple[int, ...] = SEEDS, marks: tuple[int, ...] = MARKS
) -> Iterator[Progress | Verdict]:
    """Rows of (size, seed, step, ratio, angle): error over PCA's, and the largest principal angle in degrees."""
    rows: list[dict[str, Any]] = []
    pace = Pace(len(sizes) * len(seeds) * marks[-1], SLICE)
    for size in sizes:
        for seed in seeds:
            run = AutoencoderRun(setting(size, seed))
            pictures = run.data.pictures
            error, directions = error_of_pca(pictures.train_x, pictures.test_x, size), principal(pictures.train_x)
            for mark in marks:
                for goal in (min(mark, int(SLOWER * marks[-1])), mark):
                    yield from pace.train(run, goal - run.step, f"{size} numbers, seed {seed}")
                    if goal >= SLOWER * marks[-1]:
                        run.set({"learning_rate": run.spec.learning_rate if goal == mark else RATE / 10})
                angle = largest_angle(run.network.decoder.output.weight.detach(), directions[:size].T)  # type: ignore[union-attr]
                found = run.measured_now().numbers["test_squared_error"]
                rows.append({"size": size, "seed": seed, "step": mark, "ratio": found / error, "angle": angle,
                             "gap": gap(pictures.train_x, size)})  # fmt: skip
    yield judge(rows)


RATE = 0.01


def setting(size: int, seed: int) -> AutoencoderSpec:
    return AutoencoderSpec(dataset="digits", kind="plain", activation="linear", hidden=(), latent=size, seed=seed,
                           likelihood="gaussian", batch_size=256, learning_rate=RATE)  # fmt: skip


def principal(train: Tensor) -> Tensor:
    """Principal directions, a row each."""
    return torch.linalg.svd(train.flatten(1) - train.flatten(1).mean(0), full_matrices=False).Vh


def gap(train: Tensor, size: int) -> float:
    """How much more variance the last direction that is kept has than the first that is not, as a share of the latter."""
    values = torch.linalg.svdvals(train.flatten(1) - train.flatten(1).mean(0)) ** 2
    return float(values[size - 1] / values[size] - 1)


def largest_angle(a: Tensor, b: Tensor) -> float:
    """Of the principal angles between the spaces that the columns span, in degrees (Å. Björck, G. Golub, 1973)."""
    p, q = torch.linalg.qr(a.double()).Q, torch.linalg.qr(b.double()).Q
    return math.degrees(math.acos(min(1.0, torch.linalg.svdvals(p.T @ q).min().item())))


def judge(rows: list[dict[str, Any]]) -> Verdict:
    sizes, last = sorted({row["size"] for row in rows}), max(row["step"] for row in rows)

    def of(size: int, name: str, step: int = last) -> list[float]:
        return [row[name] for row in rows if row["size"] == size and row["step"] == step]

    near = [max(of(size, "ratio")) < NEAR_ERROR and max(of(size, "angle")) < NEAR_ANGLE for size in sizes]
    told = "; ".join(
        f"with {size} numbers the largest angle is {span(of(size, 'angle'), '.1f')}° and the error "
        f"{span(of(size, 'ratio'), '.3f')} times that of PCA, where the next direction has "
        f"{of(size, 'gap')[0]:.0%} less variance" for size in sizes
    )  # fmt: skip
    sentence = f"After {last:,} steps {told}. " + (
        "It gets there each time." if all(near) else
        "Where two directions matter about equally, the gradient that tells them apart is small, and it takes long: the "
        "error is near that of PCA long before the subspace is." if any(near) else
        "It is on the way, and not there."
    )  # fmt: skip
    return Verdict("yes" if all(near) else "partly" if any(near) else "no", sentence, rows)
