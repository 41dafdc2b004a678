"""NetworkRun: what most runs are: one network trained on batches, epoch after epoch, with chance of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Generator, Tensor, nn

from dlviz.core import spec as specs
from dlviz.training import parameters
from dlviz.training.run import Run, Snapshot


class NetworkRun(Run):
    """A run whose `network` learns from `order`, the training examples of this epoch as they come, `position` of them
    already taken.

    A subclass begins (`_begin`), says what is looked at (`_look`), and trains (`advance`); this class keeps whole
    moments, brings them back, and takes changes under way.
    """

    spec_class: ClassVar[type]
    network: nn.Module

    def __init__(self, spec: Any) -> None:
        self._begin(spec)

    @abstractmethod
    def _begin(self, spec: Any) -> None:
        """Everything anew from the spec, at step 0: data, network, what is looked at; it ends with `_start`.

        Raises `InvalidInput` before it changes anything.
        """

    @abstractmethod
    def _look(self, spec: Any) -> None:
        """Look at what the spec asks for (role `view`). Raises `InvalidInput` and changes nothing where it cannot."""

    @abstractmethod
    def _generators(self) -> dict[str, Generator]:
        """Every generator of the run by name: its chance is part of a moment."""

    def _start(self, spec: Any, network: nn.Module) -> None:
        """Stand at step 0 with this network."""
        self.spec, self.network = spec, network
        self.step = self.epoch = self.position = 0
        self.order = torch.empty(0, dtype=torch.long)
        self.measured_at: int | None = None  # the step whose measurements are shown
        self.optimizer = self._make_optimizer()

    def _make_optimizer(self) -> torch.optim.Optimizer:
        decay = getattr(self.spec, "weight_decay", 0.0)
        return parameters.optimizer(self.spec.optimizer, self.network.parameters(), self.spec.learning_rate, decay)

    def _take_live(self) -> None:
        """Give the network what the spec says of role `live`, beyond the optimizer: dropout, for instance."""

    @abstractmethod
    def _measure(self) -> Any:
        """How good the network is at this moment, on data that it does not train on."""

    def measured(self) -> Any:
        """The newest measurements: of the end of an epoch, or of this moment where there are none.

        Measuring takes as long as a dozen steps of training, so a frame within an epoch shows the last ones.
        """
        if self.measured_at is None:
            self._measured, self.measured_at = self._measure(), self.step
        return self._measured

    def measured_now(self) -> Any:
        """Measurements of this very moment. Raises `Diverged` where the parameters are no longer sound."""
        parameters.check_sound(self.network, self.step)
        self.measured_at = None
        return self.measured()

    # --- a whole moment ----------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        tensors = parameters.tensors(self.network, self.optimizer) | self._own_tensors()
        tensors |= {"order": self.order.clone(), **{name: g.get_state() for name, g in self._generators().items()}}
        plain = {"spec": specs.values(self.spec), "epoch": self.epoch, "position": self.position, **self._own_numbers()}
        return Snapshot(self.step, tensors, plain)

    def restore(self, snapshot: Snapshot) -> None:
        spec: Any = specs.from_values(self.spec_class, snapshot.plain["spec"])
        if specs.roles_of_change(self.spec, spec) & {"structure", "data"}:
            self._begin(spec)
        else:
            self._look(spec)
        self.spec = spec
        self._take_live()
        self.optimizer = self._make_optimizer()
        parameters.bring_back(self.network, self.optimizer, snapshot.tensors)
        self.order = snapshot.tensors["order"].clone()
        for name, generator in self._generators().items():
            generator.set_state(snapshot.tensors[name])
        self.step, self.epoch, self.position = snapshot.step, snapshot.plain["epoch"], snapshot.plain["position"]
        self.measured_at = None
        self._take_own(snapshot)

    def _own_tensors(self) -> dict[str, Tensor]:
        """Copies of what else belongs to a moment."""
        return {}

    def _own_numbers(self) -> dict[str, Any]:
        """Numbers that else belong to a moment."""
        return {}

    def _take_own(self, snapshot: Snapshot) -> None:
        """Bring back what `_own_tensors` and `_own_numbers` kept."""

    # --- changes under way -------------------------------------------------------------------

    def set(self, changes: Mapping[str, Any]) -> bool:
        spec: Any = specs.from_values(self.spec_class, changes, self.spec)
        if specs.roles_of_change(self.spec, spec) & {"structure", "data"}:
            self._begin(spec)
            return True
        self._look(spec)
        before, self.spec = self.spec, spec
        if spec.optimizer != before.optimizer:
            self.optimizer = self._make_optimizer()
        for group in self.optimizer.param_groups:
            group["lr"] = spec.learning_rate
            group["weight_decay"] = getattr(spec, "weight_decay", 0.0)
        self._take_live()
        return False

    def edit(self, array: str, index: tuple[int, ...], value: float) -> None:
        parameters.write(dict(self.network.named_parameters()), array, index, value)
        self.measured_at = None
