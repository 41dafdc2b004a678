"""A small VAE trained four ways from the same beginning: with the reparameterization, and three ways without it."""

from __future__ import annotations

from collections.abc import Generator
from time import perf_counter

import numpy as np
import torch
from torch import Tensor
from torch.distributions import Normal

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.autoencoder import data
from dlviz.labs.autoencoder.measuring import measure
from dlviz.labs.autoencoder.model import Autoencoder, build
from dlviz.labs.autoencoder.objective import divergence, reconstruction
from dlviz.labs.autoencoder.probe import state_of
from dlviz.labs.autoencoder.spec import AutoencoderSpec

WAYS = ("trick", "cut", "score", "baseline")
WORDS = {"trick": "with the trick", "cut": "with the graph cut", "score": "by the score",
         "baseline": "by the score against a baseline"}  # fmt: skip
MOST_STEPS = 2_000
MARKS = 13
TURN = 0.04  # seconds
SETTINGS = {"dataset": "digits", "hidden": (64, 32), "latent": 2}


def spec_of(seed: int) -> AutoencoderSpec:
    """What is raced: small enough that four trainings take seconds."""
    return AutoencoderSpec(**SETTINGS, seed=seed)  # type: ignore[arg-type]


def race(seed: int, steps: int, parameters: bool = True) -> Generator[Progress, None, Trace]:
    """Four trainings of one VAE on digits of 8 × 8: the same first weights, batches and ε, Adam, β 1.

    Their encoders learn of the reconstruction through z = μ + σ ε (`trick`), not at all (`cut`: z is drawn and then
    taken as given), by R · log q(z | x) (`score`), or by (R − the mean R of the batch's others) · log q(z | x)
    (`baseline`). `marks` (step,): the steps measured at; `<way>_elbo` and `<way>_kl` (step,), of validation pictures,
    in nats, NaN where not measured yet.
    """
    marks = np.unique(np.linspace(0, steps, MARKS).round().astype(int))
    yield Progress(0, steps * len(WAYS), "data are read")
    spec = spec_of(seed)
    learners = {way: Learner(spec, way) for way in WAYS}
    found = {f"{way}_{what}": np.full(len(marks), np.nan, np.float32) for way in WAYS for what in ("elbo", "kl")}
    arrays: dict[str, np.ndarray] = {"marks": marks.astype(np.int32), **found}
    dims = dict.fromkeys(arrays, ("step",))
    since = perf_counter()
    for at, mark in enumerate(marks.tolist()):
        for way, learner in learners.items():
            while learner.step < mark:
                learner.learn()
                if perf_counter() - since > TURN:
                    yield Progress(sum(each.step for each in learners.values()), steps * len(WAYS), WORDS[way])
                    since = perf_counter()
            arrays[f"{way}_elbo"][at], arrays[f"{way}_kl"][at] = learner.measured()
        copied = Trace({name: values.copy() for name, values in arrays.items()}, dims)
        yield Progress(mark * len(WAYS), steps * len(WAYS), f"step {mark}", copied)
        since = perf_counter()
    state = {
        f"{way}.{name}": values
        for way, learner in learners.items()
        for name, values in state_of(learner.network).items()
    }
    return Trace({name: values.copy() for name, values in arrays.items()}, dims, {}, state if parameters else {})


class Learner:
    """One of the four trainings; what it draws is decided by the seed alone, and the same in all."""

    def __init__(self, spec: AutoencoderSpec, way: str) -> None:
        self.spec, self.way, self.step = spec, way, 0
        self.pictures = data.load(spec).pictures
        self.network: Autoencoder = build(spec)
        self.chance = torch.Generator().manual_seed(spec.seed + 1)
        self.optimizer = torch.optim.Adam(self.network.parameters(), spec.learning_rate)

    def learn(self) -> None:
        """One step."""
        batch = torch.randint(len(self.pictures.train_y), (self.spec.batch_size,), generator=self.chance)
        self.optimizer.zero_grad()
        self.loss(self.pictures.train_x[batch]).backward()
        self.optimizer.step()
        self.step += 1

    def loss(self, x: Tensor) -> Tensor:
        """A number whose gradient is this way's estimate of the gradient of −ELBO."""
        network = self.network
        code = network.encode(x)
        assert code.log_variance is not None
        z = code.at(torch.randn(code.mean.shape, generator=self.chance))
        if self.way != "trick":
            z = z.detach()
        lost = reconstruction(network, network.decode(z), x)
        loss = lost.mean() + divergence(code.mean, code.log_variance).sum(1).mean()
        if self.way in ("score", "baseline"):
            weight = lost.detach()
            if self.way == "baseline":
                weight = weight - (weight.sum() - weight) / (len(weight) - 1)
            density = Normal(code.mean, (code.log_variance / 2).exp()).log_prob(z).sum(1)
            loss = loss + (weight * density).mean()
        return loss

    def measured(self) -> tuple[float, float]:
        """ELBO and KL of validation pictures, in nats."""
        numbers = measure(self.network, self.pictures, self.spec, self.spec.beta).numbers
        return numbers["validation_elbo"], numbers["validation_kl"]
