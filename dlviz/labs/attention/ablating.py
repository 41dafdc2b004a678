"""What each head and each part is worth: the loss over held-back sequences without it, beside the loss with all.

Source: P. Michel et al., Are Sixteen Heads Really Better than One?, 2019 (each head left out in turn).
"""

from __future__ import annotations

import copy
from collections.abc import Generator
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from dlviz.core.lab import Progress
from dlviz.core.trace import Trace
from dlviz.data.sequences import Sequences, Task
from dlviz.labs.attention.attending import Attended, attentions, some_of
from dlviz.labs.attention.measuring import answers_of
from dlviz.labs.attention.model import Reader, Translator
from dlviz.labs.attention.recording import Change, changing
from dlviz.training.answers import loss_between, share_right

if TYPE_CHECKING:
    from dlviz.labs.attention.run import AttentionRun

TOKENS, MOST = 3_072, 300  # read each time if nothing is said, and sequences at most
TURN = 0.04  # seconds
KINDS = ("silent", "even")
PARTS = ("attention", "cross", "feed_forward")
Measured = tuple[float, float]


def ablate(run: AttentionRun, count: Any = None, parameters: bool = True) -> Generator[Progress, None, Trace]:
    """Loss and accuracy of the held-back sequences with one head or part of the network changed, each in turn.

    `loss` (nats an answer), `accuracy`: of the network as it is. `silent_loss`, `silent_accuracy` (layer, head): with
    that head giving nothing; `even_loss`, `even_accuracy`: with its pattern made even over the keys it may see. Of a
    translator these are the encoder's; `decoder_<name>`, `cross_<name>` the others', and the decoder is told the right
    letters. `off_loss`, `off_accuracy` (layer, unit): with a whole part adding nothing, the units as named in the
    state's `parts`, the last of them the layer with all its parts; of a translator's decoder `decoder_off_…` and
    `decoder_parts`. `sequences`: how many were read, of at most `count`; `step`: the step of the network measured.
    `parameters`: false leaves them out of the state. Raises `InvalidInput`.
    """
    some = some_of(run.task.validation, "ablate.count", count, TOKENS, MOST)
    network = copy.deepcopy(run.network).eval()  # the run goes on training between two turns
    state = {name: x.detach().cpu().numpy().copy() for name, x in run.network.state_dict().items()}
    return _all(_Work(network, run.task, some, run.step), state if parameters else {})


class _Work:
    """The measuring of one network, a copy that nobody trains."""

    def __init__(self, network: Reader | Translator, task: Task, some: Sequences, step: int) -> None:
        self.network, self.task, self.some, self.step = network, task, some, step
        self.layers, self.heads = network.spec.layers, network.spec.heads

    def measure(self, changes: dict[str, Change]) -> Measured:
        """Loss and share of right answers while the named taps are changed."""
        with torch.no_grad(), changing(self.network, changes):
            answers = answers_of(self.network, self.some)
        loss = float(loss_between(answers, self.some.targets, self.task))
        return loss, share_right(answers.argmax(-1), self.some.targets)

    def cases(self) -> list[tuple[str, tuple[int, int], dict[str, Change]]]:
        """All that is measured: the name in the Trace, the layer and the head or unit there, and the changes."""
        found: list[tuple[str, tuple[int, int], dict[str, Change]]] = []
        for attended in attentions(self.network, self.some):
            for layer in range(self.layers):
                for head in range(self.heads):
                    for kind in KINDS:
                        change = head_change(attended, layer, head, kind)
                        found.append((f"{attended.prefix}{kind}", (layer, head), change))
        for prefix, stack, parts in self.stacks():
            for layer in range(self.layers):
                for unit, names in enumerate([*[(part,) for part in parts], parts]):
                    found.append((f"{prefix}off", (layer, unit), off(stack, layer, names)))
        return found

    def stacks(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Of each stack the prefix in the Trace, the name, and the parts that it has."""
        names = {"": "encoder", "decoder_": "decoder"} if isinstance(self.network, Translator) else {"": "core"}
        found = []
        for prefix, stack in names.items():
            block = getattr(self.network, stack).blocks[0]
            found.append((prefix, stack, tuple(part for part in PARTS if getattr(block, part) is not None)))
        return found


def head_change(attended: Attended, layer: int, head: int, kind: str) -> dict[str, Change]:
    """What makes one head silent, or its pattern even: a change of one tap."""
    if kind == "silent":
        return {attended.tap(layer, "mixed"): lambda mixed: _with_head(mixed, head, torch.zeros(()))}
    even = attended.even()
    return {attended.tap(layer, "weights"): lambda weights: _with_head(weights, head, even)}


def off(stack: str, layer: int, parts: tuple[str, ...]) -> dict[str, Change]:
    """What makes parts of a layer add nothing."""
    return {f"{stack}.blocks.{layer}.{part}.added": torch.zeros_like for part in parts}


def _with_head(values: Tensor, head: int, instead: Tensor) -> Tensor:
    changed = values.clone()
    changed[:, head] = instead
    return changed


def _all(work: _Work, state: dict[str, np.ndarray]) -> Generator[Progress, None, Trace]:
    cases = work.cases()
    stacks = work.stacks()
    loss, accuracy = work.measure({})
    found: dict[str, np.ndarray] = {"loss": np.array(loss, np.float32), "accuracy": np.array(accuracy, np.float32)}
    wide = {f"{prefix}off": len(parts) + 1 for prefix, _, parts in stacks}
    end = perf_counter() + TURN
    for done, (name, place, changes) in enumerate(cases):
        for what, value in zip(("loss", "accuracy"), work.measure(changes), strict=True):
            shape = (work.layers, wide.get(name, work.heads))
            found.setdefault(f"{name}_{what}", np.zeros(shape, np.float32))[place] = value
        if perf_counter() >= end and done + 1 < len(cases):
            yield Progress(done + 1, len(cases), "heads and parts")
            end = perf_counter() + TURN
    found |= {"sequences": np.array(len(work.some), np.int32), "step": np.array(work.step, np.int32)}
    axes = {name: ("layer", "unit") if "off_" in name else ("layer", "head") for name in found}
    dims: dict[str, tuple[str, ...]] = {name: axes[name] if array.ndim else () for name, array in found.items()}
    named = {f"{prefix}parts": np.array([*parts, "layer"]) for prefix, _, parts in stacks}
    return Trace(found, dims, {name: "nats" for name in found if name.endswith("loss")}, state | named)
