"""Two 3×3 convolutions see what a 5×5 sees, with fewer weights; and what they can no longer compute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.convolution.kernels import kernel
from dlviz.training.experiment import mean, span

SEEDS = (1, 2, 3, 4, 5, 6)
STACKS = ((3, 3), (5,), (3, 3, 3), (7,))
STARTS, ROUNDS, SLICE = 48, 120, 10
NAMED = {"Gaussian": "gaussian", "Sobel": "sobel_vertical", "Laplacian": "laplacian"}
EXACT = 1e-6  # of a kernel's energy


def experiment(seeds: tuple[int, ...] = SEEDS) -> Iterator[Progress | Verdict]:
    """Rows of three kinds, told apart by `what`: what each stack sees, and how well two 3×3 make a 5×5."""
    total = len(STACKS) + 2 * (len(seeds) + len(NAMED)) * ROUNDS // SLICE
    rows: list[dict[str, Any]] = []
    for sizes in STACKS:
        rows.append({"what": "sees", "layers": " + ".join(f"{k} × {k}" for k in sizes), **seen(sizes, seeds)})
        yield Progress(len(rows), total, "receptive fields")
    done = len(rows)
    wanted = [(f"random, seed {seed}", random_kernel(seed)) for seed in seeds]
    wanted += [(name, torch.tensor(kernel(slug, 5), dtype=torch.float64)) for name, slug in NAMED.items()]
    for name, goal in wanted:
        row: dict[str, Any] = {"what": "makes", "layers": "3 × 3 + 3 × 3", "kernel": name}
        for middle in (1, 2):
            fit = Fit(goal, middle, seed=1)
            for _ in range(ROUNDS // SLICE):
                fit.improve(SLICE)
                done += 1
                yield Progress(done, total, f"{name}, {middle} in the middle")
            row[f"energy_missed_{middle}"] = fit.missed
        rows.append(row)
    yield judge(rows)


def random_kernel(seed: int) -> Tensor:
    """5 × 5 weights, each drawn from a normal distribution of its own."""
    return torch.randn(5, 5, generator=Generator().manual_seed(seed), dtype=torch.float64)


def seen(sizes: tuple[int, ...], seeds: tuple[int, ...]) -> dict[str, Any]:
    """The field on the input by the gradient of one output cell, for random weights of every seed.

    `outer_ring` is the share of the squared gradient that falls on the outermost ring of the field.
    """
    fields, rings = [], []
    for seed in seeds:
        torch.manual_seed(0)  # torch.nn draws weights that are written over below
        stack = nn.Sequential(*(nn.Conv2d(1, 1, k, bias=False, dtype=torch.float64) for k in sizes))
        generator = Generator().manual_seed(seed)
        for parameter in stack.parameters():
            nn.init.normal_(parameter, generator=generator)
        x = torch.zeros(1, 1, 15, 15, dtype=torch.float64, requires_grad=True)
        answer = stack(x)
        (gradient,) = torch.autograd.grad(answer[0, 0, answer.shape[2] // 2, answer.shape[3] // 2], x)
        touched = gradient[0, 0].nonzero()
        top, left = touched.min(0).values.tolist()
        bottom, right = touched.max(0).values.tolist()
        fields.append((len(touched), bottom - top + 1))
        energy = gradient[0, 0, top : bottom + 1, left : right + 1].square()
        rings.append(1 - (energy[1:-1, 1:-1].sum() / energy.sum()).item())
    cells, side = max(fields)
    return {"weights": sum(k * k for k in sizes), "cells_seen": cells, "side_seen": side, "outer_ring": mean(rings)}


class Fit:
    """Two 3 × 3 layers with `middle` channels between them, fitted to one 5 × 5 kernel by Levenberg's method.

    What two such layers do without a nonlinearity between them is one 5 × 5 kernel: the sum over the middle
    channels of the product polynomials aᵢ * bᵢ. `STARTS` random starts are improved side by side.
    """

    def __init__(self, wanted: Tensor, middle: int, seed: int) -> None:
        self.wanted = wanted.flatten() / wanted.norm()
        generator = Generator().manual_seed(seed)
        self.a, self.b = torch.randn(2, STARTS, middle, 9, generator=generator, dtype=torch.float64) / 3
        self.damping = torch.full((STARTS,), 0.1, dtype=torch.float64)
        self.misses = self._miss(self.a, self.b).square().sum(1)

    def _miss(self, a: Tensor, b: Tensor) -> Tensor:
        return torch.einsum("smij,smj->si", products(a), b) - self.wanted

    def improve(self, rounds: int) -> None:
        """So many damped Gauss-Newton steps of all starts; a step that makes one worse is not taken."""
        for _ in range(rounds):
            miss = self._miss(self.a, self.b)
            slope = torch.cat([_side_by_side(products(self.b)), _side_by_side(products(self.a))], 2)
            system = slope.mT @ slope
            system += self.damping[:, None, None] * torch.eye(system.shape[-1], dtype=torch.float64)
            step = torch.linalg.solve(system, (slope.mT @ miss[:, :, None])).squeeze(2)
            to_a, to_b = step.reshape(STARTS, 2, *self.a.shape[1:]).unbind(1)
            a, b = self.a - to_a, self.b - to_b
            misses = self._miss(a, b).square().sum(1)
            better = misses < self.misses
            self.a[better], self.b[better], self.misses[better] = a[better], b[better], misses[better]
            self.damping = torch.where(better, self.damping / 3, self.damping * 4).clamp(1e-12, 1e6)

    @property
    def missed(self) -> float:
        """Share of the kernel's energy (sum of squares) that the best start leaves unmade."""
        return self.misses.min().item()


def products(kernels: Tensor) -> Tensor:
    """(…, 9) → (…, 25, 9): the matrix that multiplies another 3 × 3 kernel by this one, as polynomials."""
    unit = torch.eye(9, dtype=kernels.dtype).reshape(9, 1, 3, 3)
    turned = kernels.reshape(-1, 1, 3, 3).flip(-2, -1)
    made = functional.conv2d(functional.pad(unit, (2, 2, 2, 2)), turned)  # 9, kernels, 5, 5
    return made.flatten(2).permute(1, 2, 0).reshape(*kernels.shape[:-1], 25, 9)


def _side_by_side(blocks: Tensor) -> Tensor:
    """(start, middle, 25, 9) → (start, 25, middle · 9)"""
    return blocks.permute(0, 2, 1, 3).flatten(2)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    sees = {row["layers"]: row for row in rows if row["what"] == "sees"}
    two, five = sees["3 × 3 + 3 × 3"], sees["5 × 5"]
    three, seven = sees["3 × 3 + 3 × 3 + 3 × 3"], sees["7 × 7"]
    same = all(a[name] == b[name] for a, b in ((two, five), (three, seven)) for name in ("cells_seen", "side_seen"))
    makes = [row for row in rows if row["what"] == "makes"]
    chance = [row for row in makes if row["kernel"].startswith("random")]
    exact = [row["kernel"] for row in makes if row["energy_missed_1"] < EXACT]
    both = all(row["energy_missed_2"] < EXACT for row in makes)
    sentence = (
        f"One number behind two 3 × 3 layers looks at {two['cells_seen']} cells with {two['weights']} weights, behind "
        f"one 5 × 5 at {five['cells_seen']} with {five['weights']}; three 3 × 3 and one 7 × 7 both at "
        f"{three['cells_seen']}, with {three['weights']} and {seven['weights']}. Seeing is not computing, though: two "
        f"3 × 3 in a row, no nonlinearity between, miss {span((r['energy_missed_1'] for r in chance), '.0%')} of a "
        f"random 5 × 5 kernel's energy"
    )
    sentence += f", and make without loss only {' and '.join(exact)}." if exact else "."
    if both:
        sentence += " With two channels in the middle they make each of these kernels, but then hold 36 weights."
    sentence += (
        f" And they look less at the rim: {two['outer_ring']:.0%} of the squared gradient falls on the outer ring, "
        f"with the 5 × 5 {five['outer_ring']:.0%}."
    )
    fewer = two["weights"] < five["weights"] and three["weights"] < seven["weights"]
    return Verdict("yes" if same and fewer else "no", sentence, rows)
