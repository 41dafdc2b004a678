"""Probe of the panel Reconstructions: how far each picture is from what is decoded from its code."""

from __future__ import annotations

import copy
from collections.abc import Generator
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder.model import Autoencoder
from dlviz.labs.autoencoder.objective import reconstruction
from dlviz.labs.autoencoder.probe import state_of, trace
from dlviz.training.evaluating import evaluating

if TYPE_CHECKING:
    from dlviz.labs.autoencoder.run import AutoencoderRun

BATCH = 100
TRAINING = 1000  # of the pictures trained on, as many as there are of the test set at most


def reconstructions(run: AutoencoderRun, parameters: bool = True) -> Generator[Progress, None, Trace]:
    """How every test picture, and 1,000 of those trained on (spread evenly), come out, decoded from the mean of the
    code.

    Of the test pictures `squared_error` (batch,), the mean over pixels, `loss` (batch,) −log p(x | z) in nats, and
    `label` (batch,); of the training pictures the same as `train_…` (point,). `mean_picture` (channel, height, width)
    is the mean of all training pictures; `mean_squared_error` and `mean_loss` (batch,): of the test pictures, if the
    answer were always that one. `steps` (): the step of the network. With `parameters` they are the state.
    """
    network, step = copy.deepcopy(run.network), run.step
    pictures = run.data.pictures
    test = pictures.test_x, pictures.test_y
    few = torch.linspace(0, len(pictures.train_y) - 1, min(TRAINING, len(pictures.train_y))).long()
    train = pictures.train_x[few], pictures.train_y[few]
    state = state_of(network) if parameters else {}
    total = sum(-(-len(x) // BATCH) for x, _ in (test, train))
    done = 0
    found: dict[str, Tensor] = {}
    for prefix, (x, y) in {"": test, "train_": train}.items():
        errors: list[tuple[Tensor, Tensor]] = []
        for at in range(0, len(x), BATCH):
            errors.append(judged(network, x[at : at + BATCH], y[at : at + BATCH]))
            done += 1
            yield Progress(done, total, "pictures encoded and decoded")
        squared, lost = (torch.cat(each) for each in zip(*errors, strict=True))
        found |= {f"{prefix}squared_error": squared, f"{prefix}loss": lost, f"{prefix}label": y}
    mean = pictures.train_x.mean(0)
    found |= {"mean_picture": mean, "mean_squared_error": ((mean - test[0]) ** 2).flatten(1).mean(1),
              "mean_loss": of_mean(network, mean, test[0]), "steps": torch.tensor(step)}  # fmt: skip
    dims: dict[str, tuple[str, ...]] = {"steps": (), "mean_picture": ("channel", "height", "width")}
    dims |= {name: ("point",) if name.startswith("train_") else ("batch",) for name in found if name not in dims}
    return trace(found, dims, state)


def judged(network: Autoencoder, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """The mean squared error and −log p(x | z) in nats of pictures (batch, …), each (batch,); z is the code's mean."""
    with evaluating(network):
        decoded = network.decode(network.encode(x, y).mean, y)
        squared = ((network.pictures(decoded) - x) ** 2).flatten(1).mean(1)
        return squared, reconstruction(network, decoded, x)


def of_mean(network: Autoencoder, mean: Tensor, x: Tensor) -> Tensor:
    """−log p(x | z) in nats of pictures (batch, …) where `mean` is decoded whatever z is: (batch,).

    A pixel that no training picture lights has the probability of 1e-7 here, or one test picture that does would make
    the loss infinite.
    """
    decoded = mean.clamp(1e-7, 1 - 1e-7).logit() if network.is_bernoulli else mean
    return reconstruction(network, decoded.expand_as(x), x)
