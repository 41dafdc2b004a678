"""A convolutional network beats a dense one of the same size, and more so on shifted digits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.cnn.claims.measuring import SLICE, accuracy, points
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.experiment import Pace, interval, mean

SEEDS = (1, 2, 3, 4, 5)
STEPS = 330
CELLS = 3
MOVES = ((CELLS, 0), (-CELLS, 0), (0, CELLS), (0, -CELLS))


def setting(seed: int) -> CnnSpec:
    """Neither batch norm nor dropout: the two networks are to differ in one thing."""
    return CnnSpec(channels=(8, 16), dense_units=(32,), batch_norm=False, dropout=0.0, seed=seed)


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """One row a network and seed: accuracy on the test digits, and mean accuracy on them moved in four directions."""
    pace, rows = Pace(2 * steps * len(seeds), SLICE), []
    for seed in seeds:
        for name in ("convolutional", "dense"):
            run = CnnRun(setting(seed))
            if name == "dense":
                run.network = dense(run.network, seed)
                run.optimizer = run._make_optimizer()
            yield from pace.train(run, steps, f"{name}, seed {seed}")
            x, y = run.pictures.test_x, run.pictures.test_y
            shifted = mean([accuracy(run.network, moved(x, *move), y) for move in MOVES])
            rows.append({"network": name, "seed": seed, "parameters": count(run.network),
                         "test_accuracy": accuracy(run.network, x, y), "shifted_accuracy": shifted})  # fmt: skip
    yield judge(rows)


def count(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def dense(model: nn.Sequential, seed: int) -> nn.Sequential:
    """One hidden layer, as near to the parameters of `model` as whole units allow."""
    pixels, classes = 28 * 28, 10
    units = round((count(model) - classes) / (pixels + 1 + classes))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Flatten(), nn.Linear(pixels, units), nn.ReLU(), nn.Linear(units, classes))


def moved(pictures: Tensor, down: int, right: int) -> Tensor:
    """The pictures moved by so many cells; black comes in from outside."""
    height, width = pictures.shape[-2:]
    padded = nn.functional.pad(pictures, (CELLS,) * 4)
    return padded[..., CELLS - down : CELLS - down + height, CELLS - right : CELLS - right + width]


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(network: str, name: str) -> list[float]:
        return [row[name] for row in rows if row["network"] == network]

    def ahead(name: str) -> list[float]:
        return [a - b for a, b in zip(column("convolutional", name), column("dense", name), strict=True)]

    plain, shifted = ahead("test_accuracy"), ahead("shifted_accuracy")
    first, second, more = (
        interval(plain),
        interval(shifted),
        interval([b - a for a, b in zip(plain, shifted, strict=True)]),
    )
    sizes = [f"{column(name, 'parameters')[0]:,}" for name in ("convolutional", "dense")]
    lost = mean(column("convolutional", "test_accuracy")) - mean(column("convolutional", "shifted_accuracy"))
    sentence = (
        f"With {sizes[0]} and {sizes[1]} parameters: test digits {mean(column('convolutional', 'test_accuracy')):.1%} "
        f"against {mean(column('dense', 'test_accuracy')):.1%}, ahead by {points(first)}; moved by {CELLS} cells "
        f"{mean(column('convolutional', 'shifted_accuracy')):.0%} against "
        f"{mean(column('dense', 'shifted_accuracy')):.0%}, ahead by {points(second)}. "
        f"Moving the digits costs the convolutional network {100 * lost:.0f} points, too. {len(plain)} seeds."
    )
    sure = (first[1] > 0, second[1] > 0 and more[1] > 0)
    return Verdict("yes" if all(sure) else "partly" if any(sure) else "no", sentence, rows)
