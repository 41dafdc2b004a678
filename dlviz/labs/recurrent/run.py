"""Training of the Recurrent lab's networks: a text read on from step to step, or batches of sequences."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Generator, Tensor, nn

from dlviz.core.errors import Diverged
from dlviz.core.events import Event
from dlviz.labs.recurrent import learning, reading, scene
from dlviz.labs.recurrent.measuring import measure
from dlviz.labs.recurrent.model import Reader, State, Translator, build
from dlviz.labs.recurrent.spec import RecurrentSpec
from dlviz.labs.recurrent.tasks import making
from dlviz.training import answers, parameters
from dlviz.training.network_run import NetworkRun
from dlviz.training.run import Picture, Snapshot

STEPS_BETWEEN = 100  # at least, between two measurements, which take as long as some steps


class RecurrentRun(NetworkRun):
    """One network, its task, its optimizer, its generators, the state it reads on with, and what is looked at."""

    spec_class = RecurrentSpec
    spec: RecurrentSpec
    network: Reader | Translator

    def _begin(self, spec: RecurrentSpec) -> None:
        task = making.make(spec)  # first: a text that cannot be used leaves the run as it was
        self.reading = reading.load(spec, task)
        self.task = task
        self.state: State = None  # what was read of the text so far
        self.gradient_norm = 0.0  # of the last step, before it was clipped
        self.order_generator = Generator().manual_seed(spec.seed + 1)
        self.dropout_generator = Generator().manual_seed(spec.seed + 2)
        self._start(spec, build(spec, task))

    def _look(self, spec: RecurrentSpec) -> None:
        self.reading = reading.load(spec, self.task)

    # --- training ----------------------------------------------------------------------------

    @property
    def steps_per_epoch(self) -> int:
        if self.spec.streams:
            return math.ceil((self._stream_length - 1) / self.spec.truncation)
        return math.ceil(len(self.task.train) / self.spec.batch_size)

    @property
    def _stream_length(self) -> int:
        """Letters in each of the pieces, as many as a batch has sequences, that the text is read in."""
        return max(2, len(self.task.stream) // self.streams)

    @property
    def streams(self) -> int:
        """Pieces of the text that are read side by side: fewer than the batch size where the text is short."""
        return max(1, min(self.spec.batch_size, len(self.task.stream) // 2))

    def advance(self, steps: int) -> list[Event]:
        events = [self._event()] if self.step == 0 and steps > 0 else []
        for _ in range(steps):
            self._train_on_next()
            self.step += 1
            if self._epoch_is_over():
                self.epoch += 1
                self.position, self.state = 0, None
                if self.epoch % self._epochs_between == 0:
                    events.append(self._event())
        return events

    @property
    def _epochs_between(self) -> int:
        return math.ceil(STEPS_BETWEEN / self.steps_per_epoch)

    def _epoch_is_over(self) -> bool:
        return self.position >= (self._stream_length - 1 if self.spec.streams else len(self.task.train))

    def _train_on_next(self) -> None:
        self.optimizer.zero_grad()
        loss = self.next_loss()
        if not torch.isfinite(loss):
            raise Diverged(self.step, "the training loss", "is no longer a finite number")
        loss.backward()
        self._clip()
        self.optimizer.step()

    def next_loss(self) -> Tensor:
        """The loss of the batch that comes next, which then has been read."""
        with torch.random.fork_rng(devices=[], enabled=self.spec.dropout > 0):
            if self.spec.dropout > 0:  # torch's dropout draws from the global generator
                torch.manual_seed(int(torch.randint(2**31, (), generator=self.dropout_generator)))
            return self._stream_loss() if self.spec.streams else self._batch_loss()

    def _stream_loss(self) -> Tensor:
        """The next piece of the text; the state goes on from the piece before."""
        assert isinstance(self.network, Reader)  # a text is not translated
        length, end = self._stream_length, self.position + self.spec.truncation
        text = self.task.stream[: length * self.streams].reshape(self.streams, length)
        inputs, targets = text[:, self.position : min(end, length - 1)], text[:, self.position + 1 : end + 1]
        self.position = min(end, length - 1)
        found, state = self.network(inputs, None, self.state)
        self.state = learning.detached(state)
        return answers.loss_between(found, targets, self.task)

    def _batch_loss(self) -> Tensor:
        if self.position == 0:
            self.order = torch.randperm(len(self.task.train), generator=self.order_generator)
        batch = self.task.train[self.order[self.position : self.position + self.spec.batch_size]]
        self.position += self.spec.batch_size
        return learning.loss_of(self.network, self.task, batch, self.spec.truncation)

    def _clip(self) -> None:
        norm = parameters.gradient_norm(self.network, self.step)
        self.gradient_norm = float(norm)
        match self.spec.clipping:
            case "norm":
                nn.utils.clip_grads_with_norm_(self.network.parameters(), self.spec.clip_at, norm)
            case "value":
                nn.utils.clip_grad_value_(self.network.parameters(), self.spec.clip_at)

    def _measure(self) -> dict[str, float]:
        return measure(self.network, self.task)

    def _event(self) -> Event:
        return Event(self.step, "epoch", {**self.measured_now(), "gradient_norm": self.gradient_norm})

    # --- a whole moment ----------------------------------------------------------------------

    def _own_tensors(self) -> dict[str, Tensor]:
        parts = self.state if isinstance(self.state, tuple) else (self.state,)
        return {f"state.{i}": part.clone() for i, part in enumerate(parts) if part is not None}

    def _generators(self) -> dict[str, Generator]:
        return {"order_generator": self.order_generator, "dropout_generator": self.dropout_generator}

    def _own_numbers(self) -> dict[str, Any]:
        return {"gradient_norm": self.gradient_norm}

    def _take_own(self, snapshot: Snapshot) -> None:
        parts = [value.clone() for _, value in sorted(parameters.below("state.", snapshot.tensors).items())]
        self.state = (parts[0], parts[1]) if len(parts) == 2 else parts[0] if parts else None
        self.gradient_norm = snapshot.plain["gradient_norm"]

    def _take_live(self) -> None:
        self.network.dropout.p = self.spec.dropout
        for core in self.network.modules():
            if isinstance(core, nn.RNNBase) and core.num_layers > 1:
                core.dropout = self.spec.dropout

    # --- for the screen ----------------------------------------------------------------------

    def frame(self) -> Picture:
        return scene.frame(self)

    def scene(self) -> Picture:
        return scene.scene(self)
