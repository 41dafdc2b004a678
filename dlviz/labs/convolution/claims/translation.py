"""Convolution commutes with translation away from the border; and how far the border spoils it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Generator, Tensor
from torch.nn import functional

from dlviz.core.lab import Progress, Verdict
from dlviz.data.photos import photo
from dlviz.labs.convolution.pictures import to_grey
from dlviz.training.experiment import mean

SEEDS = (1, 2, 3, 4, 5)
MODES = ("valid", "zeros", "reflect", "replicate", "circular")
DEPTHS = (1, 2, 4)  # layers of 3 × 3
CHANNELS = 4  # of every map
SIDE, SHIFT, FULL = 32, 3, 96
PHOTOS = ("astronaut", "chelsea", "coffee", "rocket", "camera")
EXACT = 1e-9  # of the largest answer; in 64 bits


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """One row a padding and number of layers, over all seeds (each a photo, a place in it, and random kernels).

    `inside_error`: the largest difference where the padding cannot reach, of the largest answer. `border_error`:
    the mean difference where it can, of the mean answer. `cells_spoiled`: how deep it reaches; `share_spoiled` of
    the map. `wrapped_error`: the largest difference when the picture comes in again where it leaves; null without
    padding, where the map is smaller than the picture and nothing wraps.
    """
    total, done = len(MODES) * len(DEPTHS) * len(seeds), 0
    rows: list[dict[str, Any]] = []
    for mode in MODES:
        for depth in DEPTHS:
            found = []
            for seed in seeds:
                found.append({**moved(mode, depth, seed), **wrapped(mode, depth, seed)})
                done += 1
                yield Progress(done, total, f"{mode}, {depth} layers")
            row: dict[str, Any] = {"padding": mode, "layers": depth}
            row |= {name: max(each[name] for each in found) for name in ("inside_error", "cells_spoiled")}
            row |= {name: mean([each[name] for each in found]) for name in ("border_error", "share_spoiled")}
            errors = [each["wrapped_error"] for each in found if each["wrapped_error"] is not None]
            rows.append({**row, "wrapped_error": max(errors, default=None)})
    yield judge(rows)


def moved(mode: str, depth: int, seed: int) -> dict[str, Any]:
    """Two windows of one photograph, the second SHIFT cells further down and right, through the same layers."""
    whole, (top, left), kernels = setting(depth, seed)
    one = layers(whole[..., top : top + SIDE, left : left + SIDE], kernels, mode)
    top, left = top + SHIFT, left + SHIFT
    two = layers(whole[..., top : top + SIDE, left : left + SIDE], kernels, mode)
    # Cell (y, x) of the second map looks at what cell (y + SHIFT, x + SHIFT) of the first looks at.
    error = (one[..., SHIFT:, SHIFT:] - two[..., :-SHIFT, :-SHIFT]).abs().amax((0, 1))
    away = from_border(*error.shape)
    padded = away <= (0 if mode == "valid" else depth)
    spoiled = error > EXACT * one.abs().max()
    deep = int(away[spoiled].max()) if spoiled.any() else 0
    side = one.shape[-1]
    return {
        "inside_error": (error[~padded].max() / one.abs().max()).item(),
        "border_error": (error[padded].mean() / one.abs().mean()).item() if padded.any() else 0.0,
        "cells_spoiled": deep,
        "share_spoiled": 1 - (max(0, side - 2 * deep) / side) ** 2,
    }


def wrapped(mode: str, depth: int, seed: int) -> dict[str, float | None]:
    """The same with one window alone, in which what leaves on one side comes in again on the other."""
    if mode == "valid":
        return {"wrapped_error": None}
    whole, (top, left), kernels = setting(depth, seed)
    window = whole[..., top : top + SIDE, left : left + SIDE]
    by = (-SHIFT, -SHIFT)
    one, two = layers(window, kernels, mode), layers(window.roll(by, (2, 3)), kernels, mode)
    return {"wrapped_error": ((one.roll(by, (2, 3)) - two).abs().max() / one.abs().max()).item()}


def setting(depth: int, seed: int) -> tuple[Tensor, list[int], list[Tensor]]:
    """A photograph (1, 1, FULL, FULL), the corner of a window in it, and the weights of so many layers."""
    generator = Generator().manual_seed(seed)
    corner = torch.randint(FULL - SIDE - SHIFT, (2,), generator=generator).tolist()
    widths = [1, *[CHANNELS] * depth]
    kernels = [
        torch.randn(widths[k + 1], widths[k], 3, 3, generator=generator, dtype=torch.float64) for k in range(depth)
    ]
    colours = torch.from_numpy(photo(PHOTOS[seed % len(PHOTOS)], FULL).transpose(2, 0, 1).copy())
    return to_grey(colours.double() / 255)[None], corner, kernels


def from_border(height: int, width: int) -> Tensor:
    """For each cell how far it is from the nearest border; 1 for the outermost ring."""
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return torch.stack([y + 1, x + 1, height - y, width - x]).amin(0)


def layers(x: Tensor, kernels: list[Tensor], mode: str) -> Tensor:
    """3 × 3 convolutions one after the other, ReLU between them, each padded in the same way."""
    for k, weight in enumerate(kernels):
        if mode != "valid":
            x = functional.pad(x, (1, 1, 1, 1), "constant" if mode == "zeros" else mode)
        x = functional.conv2d(functional.relu(x) if k else x, weight)
    return x


def judge(rows: list[dict[str, Any]]) -> Verdict:
    padded = [row for row in rows if row["padding"] != "valid"]
    inside = max(row["inside_error"] for row in rows)
    as_deep = all(row["cells_spoiled"] == row["layers"] for row in padded)
    unpadded = max(row["share_spoiled"] for row in rows if row["padding"] == "valid")
    one = {row["padding"]: row["border_error"] for row in rows if row["layers"] == 1}
    share = {row["layers"]: row["share_spoiled"] for row in rows if row["padding"] == "zeros"}
    around = max(row["wrapped_error"] for row in padded if row["padding"] == "circular")
    others = min(row["wrapped_error"] for row in padded if row["padding"] != "circular")
    sentence = (
        f"Where no padding can reach, shifting before or after gives the same map (largest difference {inside:.1g} of "
        f"the largest answer). Every padded 3 × 3 layer lets the border {'one cell' if as_deep else 'some cells'} "
        f"further in: after {', '.join(str(n) for n in share)} layers {', '.join(f'{s:.0%}' for s in share.values())} "
        f"of a {SIDE} × {SIDE} map are spoiled, without padding {unpadded:.0%}. On photographs the spoiled cells of "
        f"one layer are wrong by {one['zeros']:.0%} of a usual answer with zeros, {one['circular']:.0%} with circular, "
        f"{one['reflect']:.0%} with reflect, {one['replicate']:.0%} with replicate."
    )
    if around < EXACT <= others:
        sentence += " Circular alone is exact everywhere, if the picture, too, comes in again where it leaves."
    return Verdict("yes" if inside < EXACT and as_deep else "no", sentence, rows)
