"""What channels are worth: the test accuracy without them, of some together, or of each channel of a layer in turn."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.labs.cnn.explaining import own_copy
from dlviz.labs.cnn.gains import Gains, passed, place, read_gains, read_row, scaled
from dlviz.labs.cnn.plan import Row
from dlviz.labs.cnn.recording import state_of
from dlviz.labs.cnn.turns import PICTURES, Turn

if TYPE_CHECKING:
    from dlviz.labs.cnn.run import CnnRun

ROOM = 32 * 2**20  # bytes of a layer's maps that are kept; those that do not fit are made again each time


def ablation(
    run: CnnRun, changes: Any = (), each: Any = None, parameters: bool = True
) -> Generator[Progress, None, Trace]:
    """The share of test pictures answered rightly: by the network as it is, and with some channels changed.

    `changes`: a list of [layer, channel, gain] as in the panel Intervene. `accuracy`, `accuracy_changed` (single
    numbers) and `class_accuracy`, `class_accuracy_changed` (class,), of the pictures of each class; `count` (class,)
    test pictures. With `each`, the name of a layer, also `silenced` (unit,) and `silenced_classes` (unit, class):
    the accuracies when that channel alone of the layer is silenced, beside the changes. On the way, those of the
    channels that are done. `step`: the step of the network that was measured, whose parameters are the `state`,
    unless `parameters` is false. Raises `InvalidInput` for a layer, a channel or a gain that cannot be.
    """
    gains = read_gains(run.spec, "ablation.changes", changes)
    row = None if each is None else read_row(run.spec, "ablation.each", each)
    network, pictures = own_copy(run.network), run.pictures
    state = state_of(network) if parameters else {}
    batches = list(zip(pictures.test_x.split(PICTURES), pictures.test_y.split(PICTURES), strict=True))
    work = _Work(network, gains, batches, run.spec.class_count, run.step, state)
    return work.measure(row)


class _Work:
    """The measuring of one network, a copy that nobody trains."""

    def __init__(
        self,
        network: nn.Sequential,
        gains: Gains,
        batches: list[tuple[Tensor, Tensor]],
        classes: int,
        step: int,
        state: dict[str, np.ndarray],
    ) -> None:
        self.network, self.gains, self.batches, self.classes = network, gains, batches, classes
        self.step, self.state = step, state
        self.count = sum((torch.bincount(y, minlength=classes) for _, y in batches), torch.zeros(classes))
        self.turn = Turn()

    def measure(self, row: Row | None) -> Generator[Progress, None, Trace]:
        """Everything; of `row` each channel, if there is one."""
        total = len(self.batches) * (1 + (row.output_shape[0] if row else 0))
        arrays = yield from self._together(total)
        if row is None:
            return self._trace(arrays)
        right: list[Tensor] = []
        for done in self._in_turn(row, right):
            if self.turn.is_over:
                text = f"{row.name}, {len(right)} of {row.output_shape[0]}"
                some = self._trace({**arrays, **self._silenced(right[:-1])}, {}) if right[1:] else None
                yield Progress(len(self.batches) + done, total, text, some)
                self.turn.begin()
        return self._trace({**arrays, **self._silenced(right)})

    def _together(self, total: int) -> Generator[Progress, None, dict[str, Tensor]]:
        as_it_is, changed = torch.zeros(self.classes), torch.zeros(self.classes)
        # Up to the lowest layer that is changed, both ways are the same.
        lowest = min(self.gains, key=lambda name: place(self.network, name), default=None)
        after = len(self.network) if lowest is None else place(self.network, lowest) + 1
        for done, (x, y) in enumerate(self.batches, start=1):
            made = passed(self.network, x, {}, stop=after)
            as_it_is += self._right(passed(self.network, made, {}, start=after), y)
            if lowest is not None:
                made = scaled(made, self.gains[lowest])
                changed += self._right(passed(self.network, made, self.gains, start=after), y)
            if self.turn.is_over:
                yield Progress(done, total, f"{done * PICTURES:,} test pictures")
                self.turn.begin()
        changed = as_it_is if lowest is None else changed
        return {
            "accuracy": as_it_is.sum() / self.count.sum(),
            "accuracy_changed": changed.sum() / self.count.sum(),
            "class_accuracy": as_it_is / self.count.clamp(min=1),
            "class_accuracy_changed": changed / self.count.clamp(min=1),
        }

    def _in_turn(self, row: Row, right: list[Tensor]) -> Iterator[int]:
        """Append to `right` the right answers of each class without channel 0, 1, …; counts batches."""
        channels = row.output_shape[0]
        front = _Front(self.network, self.gains, self.batches, place(self.network, row.name) + 1)
        own = self.gains.get(row.name, torch.ones(channels))
        for k in range(channels):
            right.append(torch.zeros(self.classes))
            without = own.clone()
            without[k] = 0
            for at, (_, y) in enumerate(self.batches):
                made = scaled(front.batch(at), without)
                right[k] += self._right(passed(self.network, made, self.gains, start=front.stop), y)
                yield k * len(self.batches) + at + 1

    def _right(self, logits: Tensor, y: Tensor) -> Tensor:
        return torch.bincount(y[logits.argmax(1) == y], minlength=self.classes)

    def _silenced(self, right: list[Tensor]) -> dict[str, Tensor]:
        found = torch.stack(right)
        return {"silenced": found.sum(1) / self.count.sum(), "silenced_classes": found / self.count.clamp(min=1)}

    def _trace(self, found: dict[str, Tensor], state: dict[str, np.ndarray] | None = None) -> Trace:
        arrays = {name: values.numpy().astype(np.float32) for name, values in found.items()}
        arrays |= {"count": self.count.numpy().astype(np.int32), "step": np.array(self.step, np.int32)}
        dims: dict[str, tuple[str, ...]] = {
            name: {"silenced": ("unit",), "silenced_classes": ("unit", "class")}.get(name, ("class",) * array.ndim)
            for name, array in arrays.items()
        }
        return Trace(arrays, dims, {"count": "pictures"}, self.state if state is None else state)


class _Front:
    """What the modules up to `stop` make of each batch, gains but the last module's own included."""

    def __init__(self, network: nn.Sequential, gains: Gains, batches: list[tuple[Tensor, Tensor]], stop: int) -> None:
        self.network, self.batches, self.stop = network, batches, stop
        own = list(network._modules)[stop - 1]
        self.gains = {name: values for name, values in gains.items() if name != own}
        self.kept: dict[int, Tensor] = {}
        self.room = ROOM

    def batch(self, at: int) -> Tensor:
        found = self.kept.get(at)
        if found is None:
            found = passed(self.network, self.batches[at][0], self.gains, stop=self.stop)
            size = found.numel() * found.element_size()
            if size <= self.room:
                self.kept[at] = found
                self.room -= size
        return found
