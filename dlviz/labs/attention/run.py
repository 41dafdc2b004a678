"""Training of the Attention lab's networks: batches of sequences, one after the other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch
from torch import Generator, Tensor, nn

from dlviz.core import spec as specs
from dlviz.core.errors import Diverged
from dlviz.core.events import Event
from dlviz.labs.attention import reading, scene
from dlviz.labs.attention.measuring import loss_of, measure
from dlviz.labs.attention.model import Reader, Translator, build
from dlviz.labs.attention.spec import AttentionSpec
from dlviz.labs.attention.tasks import making
from dlviz.training import parameters
from dlviz.training.run import Picture, Run, Snapshot

STEPS_BETWEEN = 100  # at least, between two measurements, which take as long as some steps


class AttentionRun(Run):
    """One network, its task, its optimizer, its generators, and the sequence that is looked at."""

    def __init__(self, spec: AttentionSpec) -> None:
        self._begin(spec)

    def _begin(self, spec: AttentionSpec) -> None:
        """Everything anew from the spec, at step 0."""
        task = making.make(spec)
        read = reading.load(spec, task)  # first: a sequence that cannot be read leaves the run as it was
        self.spec, self.task, self.reading = spec, task, read
        self.step = self.epoch = self.position = 0
        self.order_generator = Generator().manual_seed(spec.seed + 1)
        self.dropout_generator = Generator().manual_seed(spec.seed + 2)
        self.network: Reader | Translator = build(spec, task)
        self.optimizer = self._make_optimizer()
        self.order = torch.empty(0, dtype=torch.long)
        self.gradient_norm = 0.0  # of the last step, before it was clipped
        self.measured_at: int | None = None

    def _make_optimizer(self) -> torch.optim.Optimizer:
        return parameters.optimizer(self.spec.optimizer, self.network.parameters(), self.spec.learning_rate)

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

    def measured(self) -> dict[str, float]:
        """The newest measurements: of the end of an epoch, or of this moment where there are none."""
        if self.measured_at is None:
            self._measured, self.measured_at = measure(self.network, self.task), self.step
        return self._measured

    def _event(self) -> Event:
        parameters.check_sound(self.network, self.step)
        self.measured_at = None
        return Event(self.step, "epoch", {**self.measured(), "gradient_norm": self.gradient_norm})

    # --- a whole moment ----------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        tensors = parameters.tensors(self.network, self.optimizer)
        tensors |= {"order": self.order.clone(), **{name: g.get_state() for name, g in self._generators().items()}}
        plain = {"spec": specs.values(self.spec), "epoch": self.epoch, "position": self.position,
                 "gradient_norm": self.gradient_norm}  # fmt: skip
        return Snapshot(self.step, tensors, plain)

    def restore(self, snapshot: Snapshot) -> None:
        spec = specs.from_values(AttentionSpec, snapshot.plain["spec"])
        if specs.roles_of_change(self.spec, spec) & {"structure", "data"}:
            self._begin(spec)
        else:
            self.reading = reading.load(spec, self.task)
        self.spec = spec
        self._set_dropout()
        self.optimizer = self._make_optimizer()
        parameters.bring_back(self.network, self.optimizer, snapshot.tensors)
        self.order = snapshot.tensors["order"].clone()
        for name, generator in self._generators().items():
            generator.set_state(snapshot.tensors[name])
        plain = snapshot.plain
        self.step, self.epoch, self.position = snapshot.step, plain["epoch"], plain["position"]
        self.gradient_norm, self.measured_at = plain["gradient_norm"], None

    def _generators(self) -> dict[str, Generator]:
        return {"order_generator": self.order_generator, "dropout_generator": self.dropout_generator}

    # --- changes under way -------------------------------------------------------------------

    def set(self, changes: Mapping[str, Any]) -> bool:
        spec = specs.from_values(AttentionSpec, changes, self.spec)
        if specs.roles_of_change(self.spec, spec) & {"structure", "data"}:
            self._begin(spec)
            return True
        read = reading.load(spec, self.task)
        before, self.spec, self.reading = self.spec, spec, read
        if spec.optimizer != before.optimizer:
            self.optimizer = self._make_optimizer()
        for group in self.optimizer.param_groups:
            group["lr"] = spec.learning_rate
        self._set_dropout()
        return False

    def _set_dropout(self) -> None:
        for module in self.network.modules():
            if isinstance(module, nn.Dropout):
                module.p = self.spec.dropout

    def edit(self, array: str, index: tuple[int, ...], value: float) -> None:
        parameters.write(dict(self.network.named_parameters()), array, index, value)
        self.measured_at = None

    # --- for the screen ----------------------------------------------------------------------

    def frame(self) -> Picture:
        return scene.frame(self)

    def scene(self) -> Picture:
        return scene.scene(self)
