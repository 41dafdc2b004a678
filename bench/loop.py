"""How fast the bare loop trains, beside the loop that everybody writes with torch.nn and torch.optim."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

import torch
from torch import nn

from bench.report import Measurement
from dlviz.core.device import use_threads
from dlviz.labs.playground.data import features, load
from dlviz.labs.playground.run import PlaygroundRun
from dlviz.labs.playground.spec import PlaygroundSpec

# The setting that TensorFlow Playground was measured with, at about 45 epochs a second.
SPIRAL = PlaygroundSpec(dataset="spiral", hidden_layers=(8, 8), samples=500, train_share=50, batch_size=10)
GOAL = 100.0
ROUNDS, EPOCHS = 12, 15


def ordinary_loop(spec: PlaygroundSpec) -> Callable[[int], None]:
    """The same network, data and steps, as a textbook writes them; measures the losses once an epoch too."""
    torch.manual_seed(spec.seed)
    points = load(spec)
    inputs, test_inputs = features(points.train_x, spec.features), features(points.test_x, spec.features)
    network = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 2))
    optimizer = torch.optim.SGD(network.parameters(), lr=spec.learning_rate)

    def train(epochs: int) -> None:
        for _ in range(epochs):
            for batch in torch.randperm(len(inputs)).split(spec.batch_size):
                optimizer.zero_grad()
                nn.functional.cross_entropy(network(inputs[batch]), points.train_y[batch]).backward()
                optimizer.step()
            with torch.no_grad():
                for x, y in ((inputs, points.train_y), (test_inputs, points.test_y)):
                    nn.functional.cross_entropy(network(x), y).item()

    return train


def in_turns(loops: Sequence[Callable[[int], object]]) -> list[list[float]]:
    """Epochs a second of each loop, round by round: in turns, so that what else the machine does meets all alike."""
    for loop in loops:
        loop(EPOCHS)
    rates: list[list[float]] = [[] for _ in loops]
    for _ in range(ROUNDS):
        for loop, found in zip(loops, rates, strict=True):
            begun = time.perf_counter()
            loop(EPOCHS)
            found.append(EPOCHS / (time.perf_counter() - begun))
    return rates


def measure() -> list[Measurement]:
    """Epochs a second of both loops, and their ratio: medians of the rounds."""
    use_threads(1)
    run = PlaygroundRun(SPIRAL)
    ours, ordinary = in_turns([lambda epochs: run.advance(epochs * run.steps_per_epoch), ordinary_loop(SPIRAL)])
    ratio = median(one / other for one, other in zip(ours, ordinary, strict=True))
    setting = "spiral, 8-8 tanh, batch 10, 250 points"
    return [
        Measurement("bare loop", median(ours), "epochs/s", GOAL, how=setting),
        Measurement("torch.nn and torch.optim", median(ordinary), "epochs/s", how="the same, as textbooks write it"),
        Measurement("bare loop / torch.nn and torch.optim", ratio, "x", how="in turns; about 1"),
    ]
