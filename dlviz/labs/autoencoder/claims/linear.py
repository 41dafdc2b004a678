"""A linear autoencoder finds the subspace of PCA."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.autoencoder.claims.collapsing import SLICE
from dlviz.labs.autoencoder.principal import analyse, angles, columns, errors
from dlviz.labs.autoencoder.run import AutoencoderRun
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training.experiment import Pace, span

SIZES, SEEDS, MARKS = (2, 4), (1, 2, 3), (2500, 3500)
NEAR_ANGLE, NEAR_ERROR = 5.0, 1.01  # degrees; times PCA's error
SLOWER = 10  # times smaller is the rate after each mark


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
            known = analyse(pictures.train_x, size + 1)
            error = errors(known, pictures.test_x)[size].item()
            for mark in marks:
                yield from pace.train(run, mark - run.step, f"{size} numbers, seed {seed}")
                angle = angles(columns(run.network, size), known.directions[:size].T).max().item()
                found = run.measured_now().numbers["test_squared_error"]
                rows.append({"size": size, "seed": seed, "step": mark, "ratio": found / error, "angle": angle,
                             "gap": (1 - known.variance[size] / known.variance[size - 1]).item()})  # fmt: skip
                run.set({"learning_rate": run.spec.learning_rate / SLOWER})
    yield judge(rows)


RATE = 0.01


def setting(size: int, seed: int) -> AutoencoderSpec:
    return AutoencoderSpec(dataset="digits", kind="plain", activation="linear", hidden=(), latent=size, seed=seed,
                           likelihood="gaussian", batch_size=256, learning_rate=RATE)  # fmt: skip


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
        "Where two directions matter about equally, the gradient that tells them apart is small, and it takes long: "
        "the error is near that of PCA long before the subspace is." if any(near) else
        "It is on the way, and not there."
    )  # fmt: skip
    return Verdict("yes" if all(near) else "partly" if any(near) else "no", sentence, rows)
