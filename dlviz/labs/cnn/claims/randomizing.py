"""Guided Backprop survives randomization where Grad-CAM does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.cnn.claims.measuring import SLICE, accuracy
from dlviz.labs.cnn.explaining import Score, explain, own_copy, particulars
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.sanity import layers_from_the_top, make_random, rank_correlation, sizes
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.experiment import Pace, interval, mean

SEEDS = (1, 2, 3, 4)
PICTURES = 12
METHODS = {"guided_backprop": "Guided Backprop", "grad_cam": "Grad-CAM"}
ALIKE = 0.5  # a rank correlation above which a map is said to survive
# Name: settings of the network, steps.
SETTINGS: dict[str, tuple[dict[str, Any], int]] = {
    "shapes, three blocks": ({"dataset": "shapes", "channels": (8, 16, 32), "dropout": 0.0}, 300),
    "digits, two blocks": ({}, 110),
}


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int | None = None) -> Iterator[Progress | Verdict]:
    """One row a network, seed and method: mean rank correlation of 12 test pictures' maps with their first form, with
    the layers above the convolutions random (`dense`) and with all of them (`all`). `steps`: for every network."""
    each = PICTURES * len(METHODS)
    total = sum((steps or own) + each for _, own in SETTINGS.values()) * len(seeds)
    pace, rows = Pace(total, SLICE), []
    for name, (settings, own) in SETTINGS.items():
        for seed in seeds:
            run = CnnRun(CnnSpec(**settings, seed=seed))
            yield from pace.train(run, steps or own, f"{name}, seed {seed}")
            right = accuracy(run.network, run.pictures.test_x, run.pictures.test_y)
            for method in METHODS:
                found: list[tuple[float, float]] = []
                for index in range(PICTURES):
                    found.append(survived(run, index, method))
                    pace.done += 1
                    yield Progress(pace.done, pace.total, f"{name}, seed {seed}, {METHODS[method]}")
                rows.append({"network": name, "seed": seed, "method": method, "test_accuracy": right,
                             "dense": mean([a for a, _ in found]), "all": mean([b for _, b in found])})  # fmt: skip
    yield judge(rows)


def survived(run: CnnRun, index: int, method: str) -> tuple[float, float]:
    """Rank correlations of the map of a test picture's class with its first form: dense layers random, all random."""
    spec, picture = run.spec, run.pictures.test_x[index]
    layers = layers_from_the_top(spec)
    dense = sum(not group[0].startswith("conv") for group in layers)
    maps = []
    for count in (0, dense, len(layers)):
        network = own_copy(run.network)
        make_random(network, spec, count)
        score = Score(network, int(run.pictures.test_y[index]), None)
        maps.append(sizes(explain(score, particulars(spec), picture, torch.zeros_like(picture), method, 1).attribution))
    return rank_correlation(maps[1], maps[0]), rank_correlation(maps[2], maps[0])


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(network: str, method: str, name: str) -> list[float]:
        return [row[name] for row in rows if (row["network"], row["method"]) == (network, method)]

    parts, holds = [], []
    for network in SETTINGS:
        guided, cam = (column(network, method, "dense") for method in METHODS)
        ahead = interval([a - b for a, b in zip(guided, cam, strict=True)])
        holds.append(ahead[1] > 0 and interval(guided)[1] > ALIKE)
        everything = " and ".join(f"{mean(column(network, method, 'all')):.2f}" for method in METHODS)
        parts.append(
            f"{network} ({mean(column(network, 'grad_cam', 'test_accuracy')):.0%} right): Guided Backprop "
            f"{mean(guided):.2f}, Grad-CAM {mean(cam):.2f}, a difference of {ahead[0]:.2f} (95 % interval "
            f"{ahead[1]:.2f} to {ahead[2]:.2f}); with every layer random {everything}"
        )
    sentence = (
        f"Rank correlation with the map of the trained network, the layers above the convolutions random. "
        f"{'. '.join(part[0].upper() + part[1:] for part in parts)}. {PICTURES} pictures each, "
        f"{len({row['seed'] for row in rows})} seeds."
    )
    return Verdict("yes" if all(holds) else "partly" if any(holds) else "no", sentence, rows)
