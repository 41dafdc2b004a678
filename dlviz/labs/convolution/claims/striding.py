"""Stride 2 halves the map; and what it does to a picture that moves by one cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Generator, Tensor
from torch.nn import functional

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.convolution.claims.measuring import digits
from dlviz.training.experiment import span

SEEDS = (1, 2, 3, 4, 5)
SIDES = range(8, 65)
KERNELS = (1, 2, 3, 4, 5, 7)
PICTURES = 60
ODD, EVEN = (1, 3), (2, 4)
EXACT = 1e-4  # in 32 bits, of what moves


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """Rows of two kinds, told apart by `what`: `size` by kernel and padding, `shift` by seed."""
    total, rows = 2 * len(KERNELS) + len(seeds), []
    for kernel in KERNELS:
        for padding in sorted({0, (kernel - 1) // 2}):
            rows.append(sizes(kernel, padding))
            yield Progress(len(rows), total, f"kernel {kernel}, padding {padding}")
    for seed in seeds:
        rows.append(shifted(seed))
        yield Progress(total - len(seeds) + seeds.index(seed) + 1, total, f"shifts, seed {seed}")
    yield judge(rows)


def sizes(kernel: int, padding: int) -> dict[str, Any]:
    """How often a map of side n in SIDES, measured on torch's own answer, comes out as n / 2 rounded up."""
    weight = torch.ones(1, 1, kernel, kernel)
    found = {n: functional.conv2d(torch.zeros(1, 1, n, n), weight, stride=2, padding=padding).shape[2] for n in SIDES}
    exact = [n for n, m in found.items() if m == (n + 1) // 2]
    return {
        "what": "size", "kernel": kernel, "padding": padding, "sides": len(found), "halved": len(exact),
        "at_28": found[28], "most_short": max((n + 1) // 2 - m for n, m in found.items()),
    }  # fmt: skip


def shifted(seed: int) -> dict[str, Any]:
    """Digits moved by a few cells through random 3 × 3 kernels, ReLU and stride 2.

    The error of a shift is the distance between what comes out and the unshifted map moved by the nearest whole
    number of cells (the better of the two for an odd shift), relative to the map.
    """
    x, _, _, _ = digits(seed, PICTURES, 0)
    weight = torch.randn(8, 1, 3, 3, generator=Generator().manual_seed(seed))
    row: dict[str, Any] = {"what": "shift", "seed": seed}
    for shift in sorted({*ODD, *EVEN}):
        row[f"error_{shift}"] = moved(x, weight, shift, stride=2)
    row["error_1_stride_1"] = moved(x, weight, 1, stride=1)
    return row


def moved(x: Tensor, weight: Tensor, shift: int, stride: int) -> float:
    def layer(picture: Tensor) -> Tensor:
        return functional.relu(functional.conv2d(picture, weight, stride=stride))

    room = 8  # black around a digit, so that no stroke meets the border
    padded = functional.pad(x, (room,) * 4)
    still, after = layer(padded), layer(padded.roll(shift, -1))
    nearest = sorted({shift // stride, -(-shift // stride)})
    return min(((after - still.roll(cells, -1)).norm() / still.norm()).item() for cells in nearest)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    by_size = [row for row in rows if row["what"] == "size"]
    fitting = [row for row in by_size if row["kernel"] % 2 and row["padding"] == (row["kernel"] - 1) // 2]
    valid = [row for row in by_size if row["padding"] == 0 and row["kernel"] > 2]
    shifts = [row for row in rows if row["what"] == "shift"]
    always = all(row["halved"] == row["sides"] for row in fitting)
    never = [row["kernel"] for row in valid if not row["halved"]]
    odd = [row[f"error_{shift}"] for row in shifts for shift in ODD]
    even = [row[f"error_{shift}"] for row in shifts for shift in EVEN]
    sentence = (
        f"With an odd kernel and a padding of (k − 1) / 2 the side is n / 2 rounded up "
        f"{'for every n' if always else 'not for every n'} from {SIDES[0]} to {SIDES[-1]}. Without padding it is so "
        f"for no n with kernels of {', '.join(map(str, never))}: 28 cells become "
        f"{', '.join(str(row['at_28']) for row in valid)} instead of 14. "
        f"And the map no longer follows every move: after a shift by an even number of cells it is the old map moved "
        f"(error {max(even):.0%}), after an odd one it misses by {span(odd, '.0%')}, at stride 1 by "
        f"{max(row['error_1_stride_1'] for row in shifts):.0%}."
    )
    if not always:
        return Verdict("no", sentence, rows)
    return Verdict("partly" if never or min(odd) > EXACT else "yes", sentence, rows)
