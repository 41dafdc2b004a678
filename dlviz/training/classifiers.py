"""Small classifiers that ship with dlviz: they read pictures that a generative model made, and say how sure they are.

`python -m dlviz.training.classifiers` trains them again, from nothing but the code, and writes the files anew. They
learn from the training and the validation pictures; the test pictures are kept for saying how good they are.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.data import pictures, sprites
from dlviz.data.augmenting import moved_and_turned

FOLDER = Path(__file__).parents[2] / "assets" / "classifiers"
FEATURES = 64  # units of the layer before the answers, by which sets of pictures are compared
BATCH = 64
READ_AT_ONCE = 250
SPRITES = 3000
# Data set: channels, side, maps of each convolution, classes, epochs.
SHAPES = {
    "mnist": (1, 28, (16, 32), 10, 60),
    "digits": (1, 8, (16, 32), 10, 60),
    "sprites": (3, 24, (8, 16), 3, 12),
}
NAMES = tuple(SHAPES)


def build(name: str) -> nn.Sequential:
    """Convolutions of stride 2, a layer of 64 features, the logits: (n, channel, side, side) → (n, class)."""
    channels, side, maps, classes, _ = SHAPES[name]
    layers: list[nn.Module] = []
    for after in maps:
        layers += [nn.Conv2d(channels, after, 3, 2, 1), nn.ReLU()]
        channels, side = after, (side + 1) // 2
    layers += [nn.Flatten(), nn.Linear(channels * side * side, FEATURES), nn.ReLU(), nn.Linear(FEATURES, classes)]
    return nn.Sequential(*layers)


@cache
def shipped(name: str) -> nn.Sequential | None:
    """The classifier of a data set, in evaluation mode; None where none ships, or it cannot be read."""
    if name not in SHAPES:
        return None
    with torch.random.fork_rng(devices=[]):  # first weights are drawn, and nobody's chance may change by a look
        network = build(name).eval().requires_grad_(False)
    try:
        with np.load(FOLDER / f"{name}.npz") as file:
            state = {key: torch.from_numpy(file[key].astype(np.float32)) for key in file.files}
        network.load_state_dict(state)
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile):
        return None  # what is made with it is then left out
    return network


@torch.no_grad()
def logits(network: nn.Sequential, given: Tensor) -> Tensor:
    """What a classifier answers to pictures (n, channel, height, width) in [0, 1]: (n, class)."""
    return torch.cat([network(some) for some in given.split(READ_AT_ONCE)])


@torch.no_grad()
def features(network: nn.Sequential, given: Tensor) -> Tensor:
    """What its last layer but one makes of them, (n, 64)."""
    return torch.cat([network[:-1](some) for some in given.split(READ_AT_ONCE)])


def state_of(network: nn.Sequential) -> dict[str, np.ndarray]:
    """Copies of its parameters as `<layer>.weight` and `<layer>.bias`; layers count as in `build`, from 0."""
    return {name: value.numpy().copy() for name, value in network.state_dict().items()}


def parts_of(name: str) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Pictures and labels to learn from, and to be measured on."""
    if name == "sprites":  # any number can be drawn
        drawn = [sprites.draw(count, seed) for count, seed in ((SPRITES, 1), (1000, 2))]
        learn, test = ((torch.from_numpy(d.pictures), torch.from_numpy(d.labels)) for d in drawn)
        return learn, test
    found = pictures.mnist() if name == "mnist" else pictures.small_digits()
    x, y = torch.cat([found.train_x, found.validation_x]), torch.cat([found.train_y, found.validation_y])
    return (x, y), (found.test_x, found.test_y)


def train(name: str, seed: int = 0) -> Iterator[tuple[int, nn.Sequential]]:
    """Train anew; the epoch and the network after each."""
    (x, y), _ = parts_of(name)
    *_, epochs = SHAPES[name]
    chance = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build(name)
    optimizer = torch.optim.Adam(network.parameters())
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, epochs * -(-len(x) // BATCH))
    for epoch in range(1, epochs + 1):
        for batch in torch.randperm(len(x), generator=chance).split(BATCH):
            # A picture of 8 × 8 has no room for moving by two cells.
            given = moved_and_turned(x[batch], chance) if x.shape[-1] > 8 else x[batch]
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(given), y[batch]).backward()
            optimizer.step()
            rate.step()
        yield epoch, network


def make(name: str) -> Iterator[str]:
    """Train a classifier and write it; lines that say how far it is."""
    for epoch, trained in train(name):
        network = trained
        yield f"{name}: epoch {epoch} of {SHAPES[name][-1]}"
    network.eval().requires_grad_(False)
    FOLDER.mkdir(parents=True, exist_ok=True)
    halves = {key: value.astype(np.float16) for key, value in state_of(network).items()}
    with (FOLDER / f"{name}.npz").open("wb") as file:
        np.savez_compressed(file, **halves)  # type: ignore[arg-type]
    x, y = parts_of(name)[1]
    yield f"{name}: {(logits(network, x).argmax(1) == y).float().mean():.2%} of {len(y)} test pictures read rightly"


if __name__ == "__main__":
    for each in NAMES:
        for line in make(each):
            print(line, flush=True)
