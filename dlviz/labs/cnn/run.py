"""Training of the CNN lab's network: mini-batches, measured on pictures it never trains on."""

from __future__ import annotations

import math

import torch
from torch import Generator, Tensor, nn

from dlviz.core.errors import Diverged
from dlviz.core.events import Event
from dlviz.data import augmenting
from dlviz.labs.cnn import data, picture, scene
from dlviz.labs.cnn.measuring import Measured, measure
from dlviz.labs.cnn.model import build
from dlviz.labs.cnn.spec import CnnSpec
from dlviz.training import parameters
from dlviz.training.network_run import NetworkRun
from dlviz.training.run import Picture

PICTURES_BETWEEN = 1000  # trained on at least between two measurements, which take as long as training on half as many


class CnnRun(NetworkRun):
    """One network, its pictures, its optimizer, its generators, and the picture one looks at."""

    spec_class = CnnSpec
    spec: CnnSpec
    network: nn.Sequential

    def _begin(self, spec: CnnSpec) -> None:
        pictures = data.load(spec)  # first: a spec whose pictures are not here leaves the run as it was
        self.picture = picture.load(spec, pictures)
        self.pictures = pictures
        self.order_generator = Generator().manual_seed(spec.seed + 1)
        self.dropout_generator = Generator().manual_seed(spec.seed + 2)
        self.augment_generator = Generator().manual_seed(spec.seed + 3)
        self._start(spec, build(spec, self.dropout_generator))

    def _look(self, spec: CnnSpec) -> None:
        self.picture = picture.load(spec, self.pictures)

    # --- training ----------------------------------------------------------------------------

    @property
    def steps_per_epoch(self) -> int:
        n, size = len(self.pictures.train_y), self.spec.batch_size
        leftover = self.spec.batch_norm and n % size == 1  # a batch of one has no variance to divide by
        return max(1, math.ceil(n / size) - leftover)

    def advance(self, steps: int) -> list[Event]:
        events = [self._event()] if self.step == 0 and steps > 0 else []
        for _ in range(steps):
            if self._epoch_is_over():
                count = len(self.pictures.train_y)
                self.order, self.position = torch.randperm(count, generator=self.order_generator), 0
            batch = self.order[self.position : self.position + self.spec.batch_size]
            self.position += self.spec.batch_size
            self._train_on(self.pictures.train_x[batch], self.pictures.train_y[batch])
            self.step += 1
            if self._epoch_is_over():
                self.epoch += 1
                if self.epoch % self._epochs_between == 0:
                    events.append(self._event())
        return events

    @property
    def _epochs_between(self) -> int:
        """Epochs between two measurements: with few training pictures, measuring each would be most of the work."""
        return math.ceil(PICTURES_BETWEEN / len(self.pictures.train_y))

    def _epoch_is_over(self) -> bool:
        return len(self.order) - self.position <= (1 if self.spec.batch_norm else 0)

    def _train_on(self, inputs: Tensor, labels: Tensor) -> None:
        if self.spec.augment:
            inputs = augmenting.moved_and_turned(inputs, self.augment_generator)
        self.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.network(inputs), labels)
        if not torch.isfinite(loss):
            raise Diverged(self.step, "the training loss", "is no longer a finite number")
        loss.backward()
        parameters.gradient_norm(self.network, self.step)
        self.optimizer.step()

    def _measure(self) -> Measured:
        return measure(self.network, self.pictures, self.spec.class_count)

    def _event(self) -> Event:
        return Event(self.step, "epoch", self.measured_now().numbers)

    # --- a whole moment ----------------------------------------------------------------------

    def _generators(self) -> dict[str, Generator]:
        return {"order_generator": self.order_generator, "dropout_generator": self.dropout_generator,
                "augment_generator": self.augment_generator}  # fmt: skip

    # --- for the screen ----------------------------------------------------------------------

    def frame(self) -> Picture:
        return scene.frame(self)

    def scene(self) -> Picture:
        return scene.scene(self)
