"""Early layers look for edges."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from torch import nn

from dlviz.core.lab import Progress, Verdict
from dlviz.labs.cnn.claims.measuring import SLICE
from dlviz.labs.cnn.run import CnnRun
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training.experiment import Pace, interval, mean

SEEDS = (1, 2, 3, 4)
STEPS = 200
SIDE = 7
LAYERS = ("conv1", "conv2")
# Of the Gabor functions that a kernel is compared with, lengths as parts of its side.
ANGLES = 12
WAVES = (0.75, 1.25, 2.0)
WIDTHS = (0.2, 0.4)
OFFSETS = (-1 / 6, 0.0, 1 / 6)


def setting(batch_norm: bool, seed: int) -> CnnSpec:
    """Large kernels, so that there is something to see, and some decay, which takes the first weights' noise away."""
    return CnnSpec(channels=(16, 16), kernel_sizes=(SIDE,), dense_units=(32,), dropout=0.0, batch_norm=batch_norm,
                   weight_decay=0.003, seed=seed)  # fmt: skip


def experiment(seeds: tuple[int, ...] = SEEDS, steps: int = STEPS) -> Iterator[Progress | Verdict]:
    """One row a network, seed and layer: mean `edge_share` of its kernels untrained, trained, and of the difference."""
    pace, rows = Pace(2 * steps * len(seeds), SLICE), []
    for batch_norm in (False, True):
        for seed in seeds:
            run = CnnRun(setting(batch_norm, seed))
            before = {name: kernels(run.network, name) for name in LAYERS}
            yield from pace.train(run, steps, f"{'with' if batch_norm else 'without'} batch norm, seed {seed}")
            for name in LAYERS:
                after = kernels(run.network, name)
                each = {"untrained": before[name], "trained": after, "added": after - before[name]}
                shares = {what: float(edge_share(found).mean()) for what, found in each.items()}
                rows.append({"batch_norm": batch_norm, "seed": seed, "layer": name, **shares})
                yield Progress(pace.done, pace.total, f"seed {seed}, {name}")
    yield judge(rows)


def kernels(network: nn.Module, name: str) -> np.ndarray:
    """(output × input, side, side): a copy of every kernel of a layer, each by itself."""
    weight = network.get_submodule(name).weight
    assert isinstance(weight, nn.Parameter)
    return weight.detach().double().numpy().reshape(-1, *weight.shape[-2:]).copy()


def edge_share(found: np.ndarray) -> np.ndarray:
    """(n,): the share of the variance of each kernel (n, side, side) that its best-fitting Gabor function explains.

    Height, brightness and phase are fitted: 1 for an edge or a bar of any angle, however strong.
    """
    flat = found.reshape(len(found), -1)
    flat = flat - flat.mean(1, keepdims=True)
    explained = ((gabors(found.shape[-1]) @ flat.T) ** 2).sum(1)
    shares: np.ndarray = explained.max(0) / np.maximum((flat**2).sum(1), np.finfo(float).tiny)
    return shares


@cache
def gabors(side: int) -> np.ndarray:
    """(functions, 2, side²): for each angle, wave length, width and middle all phases, as a plane of two unit vectors.

    Source: J. G. Daugman, Uncertainty relation for resolution in space, spatial frequency, and orientation, 1985.
    """
    at = np.arange(side) - (side - 1) / 2
    planes = []
    for turn, wave, width, down, right in product(range(ANGLES), WAVES, WIDTHS, OFFSETS, OFFSETS):
        y, x = np.meshgrid(at - down * side, at - right * side, indexing="ij")
        along = x * np.cos(np.pi * turn / ANGLES) + y * np.sin(np.pi * turn / ANGLES)
        window = np.exp(-(x**2 + y**2) / (2 * (width * side) ** 2))
        waves = [window * form(2 * np.pi * along / (wave * side)) for form in (np.cos, np.sin)]
        planes.append(np.linalg.qr(np.stack([(w - w.mean()).ravel() for w in waves], 1))[0].T)
    return np.stack(planes)


def judge(rows: list[dict[str, Any]]) -> Verdict:
    def column(batch_norm: bool, layer: str, name: str) -> list[float]:
        return [row[name] for row in rows if (row["batch_norm"], row["layer"]) == (batch_norm, layer)]

    def ahead(one: list[float], other: list[float]) -> bool:
        return interval([a - b for a, b in zip(one, other, strict=True)])[1] > 0

    more, first, parts = [], [], []
    for batch_norm in (False, True):
        values = {f"{layer} {name}": column(batch_norm, layer, name)
                  for layer in LAYERS for name in ("untrained", "trained", "added")}  # fmt: skip
        more.append(ahead(values["conv1 trained"], values["conv1 untrained"]))
        first.append(ahead(values["conv1 trained"], values["conv2 trained"]))
        share = {name: f"{mean(each):.0%}" for name, each in values.items()}
        parts.append(
            f"{'With' if batch_norm else 'without'} batch norm {share['conv1 trained']} of a first-layer kernel, "
            f"untrained {share['conv1 untrained']}, in the second layer {share['conv2 trained']}; of what training "
            f"added to it {share['conv1 added']}"
        )
    sentence = (
        f"The share of a {SIDE} × {SIDE} kernel that one oriented edge or bar explains: {'. '.join(parts)}. "
        f"{len(column(True, 'conv1', 'trained'))} seeds."
    )
    return Verdict("yes" if all(more + first) else "partly" if any(more) else "no", sentence, rows)
