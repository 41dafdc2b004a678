"""Training of the Autoencoder lab's network: mini-batches of pictures that it must give back."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor

from dlviz.core.errors import Diverged
from dlviz.core.events import Event
from dlviz.labs.autoencoder import data, objective, picture, scene
from dlviz.labs.autoencoder.measuring import Measured, measure
from dlviz.labs.autoencoder.model import Autoencoder, build
from dlviz.labs.autoencoder.spec import AutoencoderSpec
from dlviz.training import parameters
from dlviz.training.network_run import NetworkRun
from dlviz.training.run import Picture

STEPS_BETWEEN = 50  # at least, between two measurements, which take as long as some steps


class AutoencoderRun(NetworkRun):
    """One network, its pictures, its optimizer, its generators, and the picture one looks at."""

    spec_class = AutoencoderSpec
    spec: AutoencoderSpec
    network: Autoencoder

    def _begin(self, spec: AutoencoderSpec) -> None:
        loaded = data.load(spec)
        self.picture = picture.load(spec, loaded.pictures)  # first: a picture that cannot be leaves the run as it was
        self.data = loaded
        self.order_generator = Generator().manual_seed(spec.seed + 1)
        self.epsilon_generator = Generator().manual_seed(spec.seed + 2)
        self.noise_generator = Generator().manual_seed(spec.seed + 3)
        self._start(spec, build(spec))

    def _look(self, spec: AutoencoderSpec) -> None:
        self.picture = picture.load(spec, self.data.pictures)

    # --- training ----------------------------------------------------------------------------

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(len(self.data.pictures.train_y) / self.spec.batch_size)

    def advance(self, steps: int) -> list[Event]:
        events = [self._event()] if self.step == 0 and steps > 0 else []
        count = len(self.data.pictures.train_y)
        for _ in range(steps):
            if self.position == 0:
                self.order = torch.randperm(count, generator=self.order_generator)
            batch = self.order[self.position : self.position + self.spec.batch_size]
            self.position += self.spec.batch_size
            self._train_on(self.data.pictures.train_x[batch], self.data.pictures.train_y[batch])
            self.step += 1
            if self.position >= count:
                self.epoch, self.position = self.epoch + 1, 0
                if self.epoch % math.ceil(STEPS_BETWEEN / self.steps_per_epoch) == 0:
                    events.append(self._event())
        return events

    def _train_on(self, pictures: Tensor, labels: Tensor) -> None:
        self.optimizer.zero_grad()
        loss = self.loss_of(pictures, labels)
        if not torch.isfinite(loss):
            raise Diverged(self.step, "the training loss", "is no longer a finite number")
        loss.backward()
        parameters.gradient_norm(self.network, self.step)
        self.optimizer.step()

    def loss_of(self, pictures: Tensor, labels: Tensor) -> Tensor:
        """What a step makes smaller, in nats a picture; it draws the noise and the ε that a step draws."""
        spec, network = self.spec, self.network
        given = pictures
        if spec.kind == "denoising":
            given = objective.damaged(pictures, spec.noise_kind, spec.noise, self.noise_generator)
        code = network.encode(given, labels)
        is_point = code.log_variance is None
        epsilon = None if is_point else torch.randn(code.mean.shape, generator=self.epsilon_generator)
        decoded = network.decode(code.at(epsilon), labels)
        loss = objective.reconstruction(network, decoded, pictures).mean()
        if code.log_variance is not None:
            loss = loss + self.beta * objective.divergence(code.mean, code.log_variance).sum(1).mean()
        if spec.kind == "sparse":
            loss = loss + spec.sparsity * objective.inactivity(code.mean, spec.target_activity)
        return loss

    @property
    def beta(self) -> float:
        """β of this step; it rises during the warm-up."""
        return objective.beta_at(self.spec, self.step)

    def _measure(self) -> Measured:
        return measure(self.network, self.data.pictures, self.spec, self.beta)

    def _event(self) -> Event:
        return Event(self.step, "epoch", self.measured_now().numbers)

    # --- a whole moment ----------------------------------------------------------------------

    def _generators(self) -> dict[str, Generator]:
        return {"order_generator": self.order_generator, "epsilon_generator": self.epsilon_generator,
                "noise_generator": self.noise_generator}  # fmt: skip

    # --- for the screen ----------------------------------------------------------------------

    def frame(self) -> Picture:
        return scene.frame(self)

    def scene(self) -> Picture:
        return scene.scene(self)
