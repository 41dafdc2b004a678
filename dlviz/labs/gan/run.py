"""Training of the GAN lab: the two players move in turn."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Generator, Tensor

from dlviz.core.events import Event
from dlviz.labs.gan import data, scene
from dlviz.labs.gan.game import Move, discriminator_move, generator_move
from dlviz.labs.gan.measuring import Measured, measure
from dlviz.labs.gan.model import Gan, build, noise
from dlviz.labs.gan.shown import Shown
from dlviz.labs.gan.spec import GanSpec
from dlviz.training import parameters
from dlviz.training.network_run import NetworkRun
from dlviz.training.run import Picture

STEPS_BETWEEN = 25  # at least, between two measurements, which take as long as some steps


class GanRun(NetworkRun):
    """Both players, what is real, one optimizer with a rate for each player, the generators.

    A step is one move of the generator, after as many of the discriminator as the spec says.
    """

    spec_class = GanSpec
    spec: GanSpec
    network: Gan

    def _begin(self, spec: GanSpec) -> None:
        self.real = data.load(spec)
        self.order_generator = Generator().manual_seed(spec.seed + 1)
        self.noise_generator = Generator().manual_seed(spec.seed + 2)
        self.shown = Shown.of(spec)
        self._start(spec, build(spec))

    def _look(self, spec: GanSpec) -> None:
        """There is nothing to choose: the same noise is shown at every moment."""

    def _make_optimizer(self) -> torch.optim.Optimizer:
        made = parameters.optimizer(self.spec.optimizer, self.network.generator.parameters(), self.spec.learning_rate)
        made.add_param_group({"params": list(self.network.discriminator.parameters())})
        self._tune(made)
        return made

    def _take_live(self) -> None:
        self._tune(self.optimizer)

    def _tune(self, optimizer: torch.optim.Optimizer) -> None:
        spec = self.spec
        for group, ratio in zip(optimizer.param_groups, (1.0, spec.rate_ratio), strict=True):
            group["lr"] = spec.learning_rate * ratio
            if "betas" in group:
                group["betas"] = (spec.beta1, 0.999)
            elif spec.optimizer == "momentum":
                group["momentum"] = spec.beta1

    # --- training ----------------------------------------------------------------------------

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(len(self.real.y) / (self.spec.batch_size * self.spec.discriminator_steps))

    def advance(self, steps: int) -> list[Event]:
        events = [self._event()] if self.step == 0 and steps > 0 else []
        every = math.ceil(STEPS_BETWEEN / self.steps_per_epoch)
        for _ in range(steps):
            before = self.epoch // every
            self.turn()
            self.step += 1
            if self.epoch // every > before:
                events.append(self._event())
        return events

    def turn(self) -> list[Move]:
        """The moves of one step, in their order; `step` stays. Raises `Diverged`."""
        return list(self.moves())

    def moves(self) -> Iterator[Move]:
        """The same one after the other, so that one can look at the networks between two. Raises `Diverged`."""
        spec, network, optimizer, chance = self.spec, self.network, self.optimizer, self.noise_generator
        labels = None
        if spec.moves != "generator":
            for _ in range(spec.discriminator_steps):
                real, labels = self.next_real()
                z = noise(spec, len(real), chance)
                yield discriminator_move(network, optimizer, spec, real, labels, z, chance, self.step)
        if spec.moves != "discriminator":
            if labels is None:
                _, labels = self.next_real()  # only the classes, which a conditional generator is told
            z = noise(spec, len(labels), chance)
            yield generator_move(network, optimizer, spec, labels, z, chance, self.step)

    def next_real(self) -> tuple[Tensor, Tensor]:
        """The next batch. An epoch is over when fewer than two examples are left, too few for a batch norm."""
        count = len(self.real.y)
        if self.position == 0:
            self.order = torch.randperm(count, generator=self.order_generator)
        batch = self.order[self.position : self.position + self.spec.batch_size]
        self.position += self.spec.batch_size
        if self.position >= count - 1:
            self.epoch, self.position = self.epoch + 1, 0
        return self.real.x[batch], self.real.y[batch]

    def _measure(self) -> Measured:
        return measure(self.network, self.real, self.shown, self.spec)

    def _event(self) -> Event:
        return Event(self.step, "epoch", self.measured_now().numbers)

    # --- a whole moment ----------------------------------------------------------------------

    def _generators(self) -> dict[str, Generator]:
        return {"order_generator": self.order_generator, "noise_generator": self.noise_generator}

    # --- for the screen ----------------------------------------------------------------------

    def frame(self) -> Picture:
        return scene.frame(self)

    def scene(self) -> Picture:
        return scene.scene(self)
