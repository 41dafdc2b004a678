"""Augmentation helps where pictures are few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.cnn.claims.measuring import SLICE, accuracy, points
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.experiment import Pace, interval, mean

SEEDS = (1, 2, 3, 4, 5)
EXAMPLES = 500
# Data set: maps of the two blocks, steps.
SETTINGS: dict[str, tuple[tuple[int, int], int]] = {"mnist": ((4, 8), 400), "digits": ((8, 16), 300)}
SIZES = {"mnist": "28 × 28", "digits": "8 × 8"}


def setting(dataset: str, augment: bool, seed: int) -> CnnSpec:
    channels, _ = SETTINGS[dataset]
    return CnnSpec(dataset=dataset, examples=EXAMPLES, channels=channels, dense_units=(32,), dropout=0.0,
                   augment=augment, seed=seed)  # fmt: skip


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int | None = None) -> Iterator[Progress | Verdict]:
    """One row a data set, seed and way of training. `steps`: instead of those of the settings."""
    total = sum(2 * (steps or own) for _, own in SETTINGS.values()) * len(seeds)
    pace, rows = Pace(total, SLICE), []
    for dataset, (_, own) in SETTINGS.items():
        for seed in seeds:
            for augment in (False, True):
                run = CnnRun(setting(dataset, augment, seed))
                text = f"{SIZES[dataset]}, seed {seed}, {'augmented' if augment else 'as they are'}"
                yield from pace.train(run, steps or own, text)
                right = accuracy(run.network, run.pictures.test_x, run.pictures.test_y)
                rows.append({"dataset": dataset, "seed": seed, "augment": augment, "test_accuracy": right})
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(dataset: str, augment: bool) -> list[float]:
        return [row["test_accuracy"] for row in rows if (row["dataset"], row["augment"]) == (dataset, augment)]

    parts, gains = [], []
    for dataset, size in SIZES.items():
        plain, augmented = column(dataset, False), column(dataset, True)
        gain = interval([b - a for a, b in zip(plain, augmented, strict=True)])
        gains.append(gain)
        parts.append(
            f"of {size}: {mean(plain):.1%} of the test digits are right without, {mean(augmented):.1%} with it, "
            f"a difference of {points(gain)}"
        )
    sentence = (
        f"Trained on {EXAMPLES} digits {'; '.join(parts)}. Two cells of 28 leave a digit what it is; of 8 they are a "
        f"quarter of the picture. {len(column('mnist', False))} seeds."
    )
    helps = [gain[1] > 0 for gain in gains]
    return Verdict("yes" if all(helps) else "partly" if any(helps) else "no", sentence, rows)
