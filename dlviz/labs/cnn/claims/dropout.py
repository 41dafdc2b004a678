"""Dropout narrows the gap between training and test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.cnn.claims.measuring import SLICE, points, scores
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.experiment import Pace, interval, mean

SEEDS = (1, 2, 3, 4, 5, 6)
STEPS = 300
CHANCES = (0.0, 0.5)
EXAMPLES = 200


def setting(chance: float, seed: int) -> CnnSpec:
    """Few pictures and two wide dense layers: a network that learns its pictures by heart if nothing stops it."""
    return CnnSpec(examples=EXAMPLES, channels=(4,), dense_units=(128, 128), batch_norm=False, dropout=chance,
                   seed=seed)  # fmt: skip


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """One row a seed and chance: accuracy and cross-entropy on the training digits and on the test digits."""
    pace, rows = Pace(steps * len(seeds) * len(CHANCES), SLICE), []
    for seed in seeds:
        for chance in CHANCES:
            run = CnnRun(setting(chance, seed))
            yield from pace.train(run, steps, f"seed {seed}, dropout {chance:g}")
            train = scores(run.network, run.pictures.train_x, run.pictures.train_y)
            test = scores(run.network, run.pictures.test_x, run.pictures.test_y)
            rows.append({"seed": seed, "dropout": chance, "train_accuracy": train[0], "test_accuracy": test[0],
                         "train_loss": train[1], "test_loss": test[1]})  # fmt: skip
    yield judge(rows)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(chance: float, name: str) -> list[float]:
        return [row[name] for row in rows if row["dropout"] == chance]

    def gaps(chance: float, name: str) -> list[float]:
        found = _differences(column(chance, f"train_{name}"), column(chance, f"test_{name}"))
        return found if name == "accuracy" else [-gap for gap in found]

    without, with_it = CHANCES
    narrower = interval(_differences(gaps(without, "accuracy"), gaps(with_it, "accuracy")))
    closer = interval(_differences(gaps(without, "loss"), gaps(with_it, "loss")))
    better = interval(_differences(column(with_it, "test_accuracy"), column(without, "test_accuracy")))
    right = [f"{mean(column(chance, 'train_accuracy')):.1%}" for chance in CHANCES]
    sentence = (
        f"On {EXAMPLES} training digits {right[0]} are right without dropout, {right[1]} with it. The gap to the test "
        f"digits is {100 * mean(gaps(without, 'accuracy')):.1f} points without and "
        f"{100 * mean(gaps(with_it, 'accuracy')):.1f} with, a narrowing of {points(narrower)}. The gap in "
        f"cross-entropy is {mean(gaps(without, 'loss')):.2f} and {mean(gaps(with_it, 'loss')):.2f} nats. Of the test "
        f"digits {mean(column(without, 'test_accuracy')):.1%} and {mean(column(with_it, 'test_accuracy')):.1%} are "
        f"right, {_certainly(better)}. {len(column(without, 'test_accuracy'))} seeds."
    )
    sure = (narrower[1] > 0, closer[1] > 0)
    return Verdict("yes" if all(sure) else "partly" if any(sure) else "no", sentence, rows)


def _differences(one: list[float], other: list[float]) -> list[float]:
    return [a - b for a, b in zip(one, other, strict=True)]


def _certainly(better: tuple[float, float, float]) -> str:
    """Whether the test accuracy went along with the gap, which a worse training alone would narrow, too."""
    if better[1] > 0:
        return f"more with it by {points(better)}"
    if better[2] < 0:
        return f"fewer with it: {points(better)}"
    return f"a difference of {points(better)}, which may be chance"
