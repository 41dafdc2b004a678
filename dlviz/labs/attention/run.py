"""Training of the Attention lab's networks: batches of sequences, one after the other."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Generator, Tensor, nn

from dlviz.core.errors import Diverged
from dlviz.core.events import Event
from dlviz.labs.attention import reading, scene
from dlviz.labs.attention.measuring import loss_of, measure
from dlviz.labs.attention.model import Reader, Translator, build
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.labs.attention.tasks import making
from dlviz.training import parameters
from dlviz.training.network_run import NetworkRun
from dlviz.training.run import Picture, Snapshot

STEPS_BETWEEN = 100  # at least, between two measurements, which take as long as some steps


class AttentionRun(NetworkRun):
    """One network, its task, its optimizer, its generators, and the sequence that is looked at."""

    spec_class = AttentionSpec
    spec: AttentionSpec
    network: Reader | Translator

    def _begin(self, spec: AttentionSpec) -> None:
        task = making.make(spec)
        self.reading = reading.load(spec, task)  # first: a sequence that cannot be read leaves the run as it was
        self.task = task
        self.gradient_norm = 0.0  # of the last step, before it was clipped
        self.order_generator = Generator().manual_seed(spec.seed + 1)
        self.dropout_generator = Generator().manual_seed(spec.seed + 2)
        self._start(spec, build(spec, task))

    def _look(self, spec: AttentionSpec) -> None:
        self.reading = reading.load(spec, self.task)

    # --- training ----------------------------------------------------------------------------

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(len(self.task.train) / self.spec.batch_size)

    def advance(self, steps: int) -> list[Event]:
        events = [self._event()] if self.step == 0 and steps > 0 else []
        for _ in range(steps):
            self._train_on_next()
            self.step += 1
            if self.position >= len(self.task.train):
                self.epoch, self.position = self.epoch + 1, 0
                if self.epoch % math.ceil(STEPS_BETWEEN / self.steps_per_epoch) == 0:
                    events.append(self._event())
        return events

    def _train_on_next(self) -> None:
        self.optimizer.zero_grad()
        loss = self._next_loss()
        if not torch.isfinite(loss):
            raise Diverged(self.step, "the training loss", "is no longer a finite number")
        loss.backward()
        norm = parameters.gradient_norm(self.network, self.step)
        self.gradient_norm = float(norm)
        nn.utils.clip_grads_with_norm_(self.network.parameters(), self.spec.clip_at, norm)
        self.optimizer.step()

    def _next_loss(self) -> Tensor:
        """The loss of the batch that comes next, which then has been read."""
        if self.position == 0:
            self.order = torch.randperm(len(self.task.train), generator=self.order_generator)
        batch = self.task.train[self.order[self.position : self.position + self.spec.batch_size]]
        self.position += self.spec.batch_size
        with torch.random.fork_rng(devices=[], enabled=self.spec.dropout > 0):
            if self.spec.dropout > 0:  # torch's dropout draws from the global generator
                torch.manual_seed(int(torch.randint(2**31, (), generator=self.dropout_generator)))
            return loss_of(self.network, self.task, batch)

    def _measure(self) -> dict[str, float]:
        return measure(self.network, self.task)

    def _event(self) -> Event:
        return Event(self.step, "epoch", {**self.measured_now(), "gradient_norm": self.gradient_norm})

    # --- a whole moment ----------------------------------------------------------------------

    def _generators(self) -> dict[str, Generator]:
        return {"order_generator": self.order_generator, "dropout_generator": self.dropout_generator}

    def _own_numbers(self) -> dict[str, Any]:
        return {"gradient_norm": self.gradient_norm}

    def _take_own(self, snapshot: Snapshot) -> None:
        self.gradient_norm = snapshot.plain["gradient_norm"]

    def _take_live(self) -> None:
        for module in self.network.modules():
            if isinstance(module, nn.Dropout):
                module.p = self.spec.dropout

    # --- for the screen ----------------------------------------------------------------------

    def frame(self) -> Picture:
        return scene.frame(self)

    def scene(self) -> Picture:
        return scene.scene(self)
