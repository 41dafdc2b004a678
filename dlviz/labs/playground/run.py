"""Training of the Playground's network: plain mini-batch steps, measured at the end of each epoch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Generator, Tensor, nn

from dlviz.core import spec as specs
from dlviz.core.errors import Diverged, InvalidInput, shown
from dlviz.core.events import Event
from dlviz.labs.playground import picture
from dlviz.labs.playground.data import features, load
from dlviz.labs.playground.model import build
from dlviz.labs.playground.spec import PlaygroundSpec
from dlviz.training.flat import FlatParameters
from dlviz.training.run import Picture, Run, Snapshot

# Past this size no weight of so small a network means anything, and float32 is close to its end.
LARGEST_PARAMETER = 1e6
MOMENTUM = 0.9


class PlaygroundRun(Run):
    """One network, its points, its optimizer, its generators."""

    def __init__(self, spec: PlaygroundSpec) -> None:
        self._begin(spec)

    def _begin(self, spec: PlaygroundSpec) -> None:
        """Everything anew from the spec, at step 0."""
        points = load(spec)  # first: a spec whose points cannot be read leaves the run as it was
        self.spec = spec
        self.step = 0
        self.epoch = 0
        self.order_generator = Generator().manual_seed(spec.seed + 1)
        self.dropout_generator = Generator().manual_seed(spec.seed + 2)
        self.network = build(spec, self.dropout_generator)
        self.flat = FlatParameters(self.network)
        self.optimizer = self._make_optimizer()
        self.criterion = nn.functional.cross_entropy if spec.problem == "classification" else _squared_error
        self._take_points(points)

    def _take_points(self, points: Any) -> None:
        self.points = points
        self.train_inputs = features(points.train_x, self.spec.features)
        self.test_inputs = features(points.test_x, self.spec.features)
        self.order = torch.empty(0, dtype=torch.long)
        self.position = 0

    def _make_optimizer(self) -> torch.optim.Optimizer:
        rate, leaf = self.spec.learning_rate, [self.flat.vector]
        match self.spec.optimizer:
            case "sgd":
                return torch.optim.SGD(leaf, lr=rate)
            case "momentum":
                return torch.optim.SGD(leaf, lr=rate, momentum=MOMENTUM)
            case "rmsprop":
                return torch.optim.RMSprop(leaf, lr=rate)
            case "adam":
                return torch.optim.Adam(leaf, lr=rate)
            case _:
                # The decay of AdamW is applied in `_decay`, to the weights alone.
                return torch.optim.AdamW(leaf, lr=rate, weight_decay=0.0)

    # --- training ----------------------------------------------------------------------------

    @property
    def steps_per_epoch(self) -> int:
        n, size = len(self.train_inputs), self.spec.batch_size
        leftover = self.spec.batch_norm and n % size == 1  # a batch of one has no variance to divide by
        return max(1, math.ceil(n / size) - leftover)

    def advance(self, steps: int) -> list[Event]:
        if len(self.train_inputs) < 2:
            raise InvalidInput("Training", "needs two training points or more", len(self.train_inputs),
                               "placing some points, or another data set")  # fmt: skip
        events = [self._measure()] if self.step == 0 and steps > 0 else []
        for _ in range(steps):
            if self._epoch_is_over():
                self._shuffle()
            self._train_on(*self._next_batch())
            self.step += 1
            if not self.flat.vector.detach().abs().max() <= LARGEST_PARAMETER:  # also when it is no number
                self._guard(math.nan)
            if self._epoch_is_over():
                self.epoch += 1
                events.append(self._measure())
        return events

    def _epoch_is_over(self) -> bool:
        left = len(self.order) - self.position
        return left <= (1 if self.spec.batch_norm else 0)

    def _shuffle(self) -> None:
        self._put_in_order(torch.randperm(len(self.train_inputs), generator=self.order_generator), 0)

    def _put_in_order(self, order: Tensor, position: int) -> None:
        """Gather once an epoch, so that each batch is a view."""
        self.order, self.position = order, position
        self.ordered_inputs = self.train_inputs[order]
        self.ordered_targets = self.points.train_y[order]

    def _next_batch(self) -> tuple[Tensor, Tensor]:
        start, self.position = self.position, self.position + self.spec.batch_size
        return self.ordered_inputs[start : self.position], self.ordered_targets[start : self.position]

    def _train_on(self, inputs: Tensor, targets: Tensor) -> None:
        spec, flat = self.spec, self.flat
        self.flat.vector.grad.zero_()  # type: ignore[union-attr]
        self.criterion(self.network(inputs), targets).backward()
        if spec.regularization != "none":
            self._penalize()
        self.optimizer.step()
        if spec.regularization == "l1" and spec.l1_method == "proximal":
            threshold = spec.learning_rate * spec.regularization_rate
            flat.weights.copy_(nn.functional.softshrink(flat.weights, threshold))

    def _penalize(self) -> None:
        spec, flat = self.spec, self.flat
        if spec.regularization == "l2" and spec.optimizer == "adamw":
            flat.weights.mul_(1 - spec.learning_rate * spec.regularization_rate)
        elif spec.regularization == "l2":
            flat.weights_grad.add_(flat.weights, alpha=spec.regularization_rate)
        elif spec.l1_method == "subgradient":
            flat.weights_grad.add_(flat.weights.sign(), alpha=spec.regularization_rate)

    def _measure(self) -> Event:
        losses = {"train_loss": self._loss(self.train_inputs, self.points.train_y),
                  "test_loss": self._loss(self.test_inputs, self.points.test_y)}  # fmt: skip
        self._guard(losses["train_loss"])
        return Event(self.step, "epoch", losses)

    def _loss(self, inputs: Tensor, targets: Tensor) -> float:
        """The mean loss without the penalty; NaN where there are no points."""
        return self.criterion(self.predict(inputs), targets).item() if len(inputs) else math.nan

    def predict(self, inputs: Tensor) -> Tensor:
        """The output in evaluation mode (no dropout, running statistics), without a gradient."""
        self.network.eval()
        with torch.no_grad():
            output = self.network(inputs)
        self.network.train()
        return output

    def _guard(self, loss: float) -> None:
        for name, parameter in picture.parameters(self.network).items():
            if not torch.isfinite(parameter).all():
                raise Diverged(self.step, name, "is no longer a finite number")
            if parameter.numel() and parameter.abs().max() > LARGEST_PARAMETER:
                raise Diverged(self.step, name, f"has grown past {LARGEST_PARAMETER:.0e}")
        if not math.isfinite(loss):
            raise Diverged(self.step, "the training loss", "is no longer a finite number")

    # --- a whole moment ----------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        tensors = {
            "vector": self.flat.vector.data.clone(),
            "gradient": self.flat.vector.grad.clone(),  # type: ignore[union-attr]
            "order": self.order.clone(),
            "order_generator": self.order_generator.get_state(),
            "dropout_generator": self.dropout_generator.get_state(),
        }
        tensors |= {f"mask.{i}": mask[:1].clone() for i, mask in enumerate(self.network.masks)}
        tensors |= {f"buffer.{name}": buffer.clone() for name, buffer in self.network.named_buffers()}
        tensors |= {
            f"optimizer.{name}": value.clone()
            for name, value in self.optimizer.state[self.flat.vector].items()
            if isinstance(value, Tensor)
        }
        plain = {"spec": specs.values(self.spec), "epoch": self.epoch, "position": self.position}
        return Snapshot(self.step, tensors, plain)

    def restore(self, snapshot: Snapshot) -> None:
        spec = specs.from_values(PlaygroundSpec, snapshot.plain["spec"])
        if spec != self.spec:
            self._begin(spec)
        tensors = snapshot.tensors
        self.step, self.epoch = snapshot.step, snapshot.plain["epoch"]
        with torch.no_grad():
            self.flat.vector.copy_(tensors["vector"])
            self.flat.vector.grad.copy_(tensors["gradient"])  # type: ignore[union-attr]
            for name, buffer in self.network.named_buffers():
                buffer.copy_(tensors[f"buffer.{name}"])
        self.network.masks = [tensors[name].clone() for name in sorted(tensors) if name.startswith("mask.")]
        self.order_generator.set_state(tensors["order_generator"])
        self.dropout_generator.set_state(tensors["dropout_generator"])
        self.optimizer = self._make_optimizer()
        state = {name[10:]: value.clone() for name, value in tensors.items() if name.startswith("optimizer.")}
        if state:
            self.optimizer.state[self.flat.vector] = state
        self._put_in_order(tensors["order"].clone(), snapshot.plain["position"])

    # --- changes from outside ----------------------------------------------------------------

    def set(self, changes: Mapping[str, Any]) -> bool:
        spec = specs.from_values(PlaygroundSpec, changes, self.spec)
        roles = specs.roles_of_change(self.spec, spec)
        if roles & {"structure", "data"}:
            self._begin(spec)
            return True
        points = load(spec) if "points" in roles else None
        before, self.spec = self.spec, spec
        if points is not None:
            self._take_points(points)
        if spec.optimizer != before.optimizer:
            self.optimizer = self._make_optimizer()
        self.optimizer.param_groups[0]["lr"] = spec.learning_rate
        self.network.dropout = spec.dropout
        return False

    def edit(self, array: str, index: tuple[int, ...], value: float) -> None:
        known = {name: p for name, p in picture.parameters(self.network).items() if not name.startswith("norm_")}
        if array not in known:
            raise InvalidInput("Editing", f"works on {', '.join(known)}", array, next(iter(known)))
        parameter = known[array]
        inside = len(index) == parameter.ndim and all(
            isinstance(at, int) and 0 <= at < size for at, size in zip(index, parameter.shape, strict=True)
        )
        if not inside:
            raise InvalidInput(f"The index of {array}", f"must be inside {tuple(parameter.shape)}", index, "0, 0")
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_PARAMETER:
            rule = f"must be a number between -{LARGEST_PARAMETER:.0e} and {LARGEST_PARAMETER:.0e}"
            raise InvalidInput(f"{array}[{', '.join(map(shown, index))}]", rule, value, "0.5")
        parameter.data[index] = float(value)

    # --- for the screen ----------------------------------------------------------------------

    def frame(self) -> Picture:
        return picture.frame(self)

    def scene(self) -> Picture:
        return picture.scene(self)

    def parameters(self) -> dict[str, np.ndarray]:
        """Every parameter by the name the screen uses, as copies."""
        return {name: p.detach().numpy().copy() for name, p in picture.parameters(self.network).items()}


def _squared_error(output: Tensor, target: Tensor) -> Tensor:
    return nn.functional.mse_loss(output[:, 0], target)
