"""The learner of the Convolution lab: a layer like the one on the stage, trained on what that one answers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import torch
from torch import Generator, Tensor, nn

from dlviz.core import spec as specs
from dlviz.core.errors import Diverged, InvalidInput
from dlviz.core.events import Event
from dlviz.labs.convolution import curvature, model, pairs, pictures, scene
from dlviz.labs.convolution.model import by_name
from dlviz.labs.convolution.spec import ConvolutionSpec
from dlviz.training import parameters
from dlviz.training.run import Picture, Run, Snapshot

LARGEST_PARAMETER = 1e6
MEASURE_EVERY = 4  # steps: a filter is learned in a few dozen, and the curve should show how


class ConvolutionRun(Run):
    """The layer on the stage (`target`), one that learns to answer as it does (`network`), and the pairs."""

    def __init__(self, spec: ConvolutionSpec) -> None:
        self._begin(spec)

    def _begin(self, spec: ConvolutionSpec) -> None:
        """Everything anew from the spec, at step 0."""
        picture = pictures.load(spec)  # first: a spec whose picture cannot be read leaves the run as it was
        self.spec = spec
        self.step = 0
        self.picture = picture
        self.order_generator = Generator().manual_seed(spec.seed + 1)
        self.__dict__.pop("curvature", None)
        self.network = model.fresh(spec, Generator().manual_seed(spec.seed + 2))
        self.optimizer = self._make_optimizer()
        self._make_pairs()

    def _make_pairs(self) -> None:
        generator = Generator().manual_seed(self.spec.seed + 3)
        self.inputs = pairs.inputs(self.spec, generator)
        self.target = model.target(self.spec)
        self.answers = pairs.answers(self.target, self.inputs, self.spec.pair_noise, generator)
        self.order = torch.empty(0, dtype=torch.long)
        self.position = 0
        self.measured = pairs.measured(self.spec)

    def _make_optimizer(self) -> torch.optim.Optimizer | None:
        learned = list(self.network.parameters())
        return parameters.optimizer(self.spec.optimizer, learned, self.spec.learning_rate) if learned else None

    # --- training ----------------------------------------------------------------------------

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(pairs.TRAIN / self.spec.batch_size)

    def advance(self, steps: int) -> list[Event]:
        if self.optimizer is None:
            raise InvalidInput("Training", "needs a layer with weights, and pooling has none", self.spec.layer,
                               "the layer conv2d")  # fmt: skip
        events = [self._measure()] if self.step == 0 and steps > 0 else []
        for _ in range(steps):
            if self.position >= len(self.order):
                self.order, self.position = torch.randperm(pairs.TRAIN, generator=self.order_generator), 0
            batch = self.order[self.position : self.position + self.spec.batch_size]
            self.position += self.spec.batch_size
            self.optimizer.zero_grad()
            nn.functional.mse_loss(self.network(self.inputs[batch]), self.answers[batch]).backward()
            self.optimizer.step()
            self.step += 1
            if self.position >= len(self.order):
                events.append(self._measure())
            elif self.step % MEASURE_EVERY == 0:
                events.append(self._measure("measured"))
        return events

    def losses(self) -> dict[str, float]:
        """Mean squared error on the training pairs and on pairs never trained on; how far the weights are off."""
        with torch.no_grad():
            numbers = {f"{part}_loss": self._loss(part).item() for part in ("train", "test")}
        return {**numbers, "distance": self.distance()}

    def _loss(self, part: str) -> Tensor:
        chosen = self.measured[part]
        return nn.functional.mse_loss(self.network(self.inputs[chosen]), self.answers[chosen])

    def gradients(self) -> dict[str, Tensor]:
        """The gradient of the training loss at the weights of this moment, by the name of the parameter."""
        known = self.parameters()
        return dict(zip(known, torch.autograd.grad(self._loss("train"), list(known.values())), strict=True))

    def distance(self) -> float:
        """‖w − w*‖ over all weights and biases; 0 where there are none."""
        hidden = by_name(self.target)
        squares = sum(((p.detach() - hidden[name]).double() ** 2).sum().item() for name, p in self.parameters().items())
        return math.sqrt(squares)

    def _measure(self, name: str = "epoch") -> Event:
        losses = self.losses()
        self._guard()
        return Event(self.step, name, losses)

    def _guard(self) -> None:
        for name, parameter in self.parameters().items():
            if not torch.isfinite(parameter).all():
                raise Diverged(self.step, name, "is no longer a number")
            if parameter.abs().max() > LARGEST_PARAMETER:
                raise Diverged(self.step, name, f"grew past {LARGEST_PARAMETER:.0e}")

    # --- moments -----------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        tensors = {name: parameter.detach().clone() for name, parameter in self.parameters().items()}
        tensors["order_generator"] = self.order_generator.get_state()
        tensors["order"] = self.order.clone()
        if self.optimizer is not None:
            tensors |= parameters.optimizer_tensors(self.optimizer)
        return Snapshot(self.step, tensors, {"spec": specs.values(self.spec), "position": self.position})

    def restore(self, snapshot: Snapshot) -> None:
        spec = specs.from_values(ConvolutionSpec, snapshot.plain["spec"])
        if spec != self.spec:
            self._begin(spec)
        tensors, self.step = snapshot.tensors, snapshot.step
        with torch.no_grad():
            for name, parameter in self.parameters().items():
                parameter.copy_(tensors[name])
                parameter.grad = None
        self.order_generator.set_state(tensors["order_generator"])
        self.order, self.position = tensors["order"].clone(), snapshot.plain["position"]
        self.optimizer = self._make_optimizer()
        if self.optimizer is not None:
            parameters.bring_back_optimizer(self.network, self.optimizer, tensors)

    # --- changes from outside ----------------------------------------------------------------

    def set(self, changes: Mapping[str, Any]) -> bool:
        spec = specs.from_values(ConvolutionSpec, changes, self.spec)
        if specs.roles_of_change(self.spec, spec) & {"structure", "data"}:
            self._begin(spec)
            return True
        picture = pictures.load(spec)
        before, self.spec, self.picture = self.spec, spec, picture
        if (spec.weights, spec.bias, spec.flip) != (before.weights, before.bias, before.flip):
            order, position = self.order, self.position
            self._make_pairs()  # the same pictures, other answers: the learner now follows another filter
            self.order, self.position = order, position
        if spec.optimizer != before.optimizer:
            self.optimizer = self._make_optimizer()
        if self.optimizer is not None:
            self.optimizer.param_groups[0]["lr"] = spec.learning_rate
        return False

    def edit(self, array: str, index: tuple[int, ...], value: float) -> None:
        parameters.write(self.parameters(), array, index, value)

    # --- for the screen ----------------------------------------------------------------------

    def frame(self) -> Picture:
        return scene.frame(self)

    def scene(self) -> Picture:
        return scene.scene(self)

    @cached_property
    def curvature(self) -> dict[str, Any] | None:
        """What the training pictures tell about the weights; worked out once for a set of pictures."""
        return curvature.describe(self.spec.layers, self.inputs[: pairs.TRAIN])

    def parameters(self) -> dict[str, Tensor]:
        """What is learned, by the name the screen uses: `weight.0`, `bias.0`, and `weight.1` of a second layer."""
        return by_name(self.network)
