"""Max pooling tolerates a shift of one pixel more than flattening does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.convolution.claims.measuring import ReadOut, digits
from dlviz.labs.convolution.kernels import kernel
from dlviz.training.experiment import interval, mean

SEEDS = (1, 2, 3, 4, 5, 6)
TRAIN, TEST, RIDGE = 2500, 1000, 0.01
SHIFTS = ((0, 1), (0, -1), (1, 0), (-1, 0))

Way = Callable[[Tensor], Tensor]
# Each pooled way beside one with as many numbers that keeps every second or fourth cell instead, or all pixels.
PIXELS: dict[str, Way] = {
    "pixels, flattened": lambda x: x,
    "pixels, max pooled by 2": lambda x: functional.max_pool2d(x, 2),
    "pixels, average pooled by 2": lambda x: functional.avg_pool2d(x, 2),
}
EDGES: dict[str, Way] = {
    "edges, every second": lambda x: x[:, :, ::2, ::2],
    "edges, max pooled by 2": lambda x: functional.max_pool2d(x, 2),
    "edges, every fourth": lambda x: x[:, :, ::4, ::4],
    "edges, max pooled by 4": lambda x: functional.max_pool2d(x, 4, ceil_mode=True),
}
PAIRS = {
    "pixels": ("pixels, flattened", "pixels, max pooled by 2"),
    "edges by 2": ("edges, every second", "edges, max pooled by 2"),
    "edges by 4": ("edges, every fourth", "edges, max pooled by 4"),
}


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """One row a way and seed: accuracy on test digits as they are, and moved by one pixel in four directions."""
    ways = [(name, way, maps) for maps, group in ((pixels, PIXELS), (edges, EDGES)) for name, way in group.items()]
    total, done, rows = len(ways) * len(seeds) * (2 + len(SHIFTS)), 0, []
    for seed in seeds:
        x, y, test_x, test_y = digits(seed, TRAIN, TEST)
        for name, way, maps in ways:
            features = way(maps(x)).flatten(1)
            done += 1
            yield Progress(done, total, f"{name}, seed {seed}")
            read_out = ReadOut(features, y, RIDGE)
            still = way(maps(test_x)).flatten(1)
            accuracies, changes = [], []
            done += 1
            yield Progress(done, total, f"{name}, seed {seed}")
            for shift in SHIFTS:
                after = way(maps(moved(test_x, shift))).flatten(1)
                accuracies.append(read_out.accuracy(after, test_y))
                changes.append(((after - still).norm(dim=1) / still.norm(dim=1)).mean().item())
                done += 1
                yield Progress(done, total, f"{name}, seed {seed}")
            accuracy = read_out.accuracy(still, test_y)
            rows.append({
                "features": name, "seed": seed, "numbers": features.shape[1], "accuracy": accuracy,
                "accuracy_moved": mean(accuracies), "lost": accuracy - mean(accuracies), "change": mean(changes),
            })  # fmt: skip
    yield judge(rows)


def pixels(x: Tensor) -> Tensor:
    return x


def edges(x: Tensor) -> Tensor:
    """Four maps of a picture: Sobel in both directions, what is positive and what is negative of each."""
    kernels = torch.tensor([kernel(f"sobel_{way}", 3) for way in ("vertical", "horizontal")]).unsqueeze(1)
    maps = functional.conv2d(x, kernels) / 4
    return functional.relu(torch.cat([maps, -maps], 1))


def moved(x: Tensor, shift: tuple[int, int]) -> Tensor:
    """Pictures moved down and right by so many cells, black coming in."""
    return functional.pad(x, (1, 1, 1, 1)).roll(shift, (2, 3))[:, :, 1:-1, 1:-1]


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(features: str, name: str = "lost") -> list[float]:
        return [row[name] for row in rows if row["features"] == features]

    def less_lost(flat: str, pooled: str) -> tuple[float, float, float]:
        return interval([a - b for a, b in zip(column(flat), column(pooled), strict=True)])

    found = {name: less_lost(*pair) for name, pair in PAIRS.items()}
    flat, pooled = PAIRS["pixels"]
    second, by_two = PAIRS["edges by 2"]
    fourth, by_four = PAIRS["edges by 4"]
    of_average = interval([a - b for a, b in zip(column("pixels, average pooled by 2"), column(pooled), strict=True)])
    sentence = (
        f"Moved by one pixel, digits read from flattened pixels lose {points(mean(column(flat)))} of "
        f"{mean(column(flat, 'accuracy')):.0%}, from max-pooled ones {points(mean(column(pooled)))} of "
        f"{mean(column(pooled, 'accuracy')):.0%}; the difference is {difference(found['pixels'])}. Behind edge filters "
        f"it is {points(mean(column(second)))} for every second cell against {points(mean(column(by_two)))} pooled by "
        f"2, a difference of {difference(found['edges by 2'])}, and {points(mean(column(fourth)))} for every fourth "
        f"against {points(mean(column(by_four)))} by 4, {difference(found['edges by 4'])}. More tolerant is not "
        f"invariant: the pooled numbers change by {mean(column(pooled, 'change')):.0%} of their length, the flattened "
        f"ones by {mean(column(flat, 'change')):.0%}."
    )
    if of_average[1] > 0:
        sentence += f" Average pooling helps as well, by {points(of_average[0])} less than max pooling."
    else:
        sentence += " Average pooling helps about as much as max pooling."
    sure = [low > 0 for _, low, _ in found.values()]
    return Verdict("yes" if all(sure) else "partly" if any(sure) else "no", sentence, rows)


def points(share: float) -> str:
    return f"{100 * share:.1f} points"


def difference(found: tuple[float, float, float]) -> str:
    mean_, low, high = (100 * share for share in found)
    return f"{mean_:.1f} (95 % interval {low:.1f} to {high:.1f})"
