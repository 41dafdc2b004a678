"""The gradient of the batch that comes next, and what clipping makes of it; the run itself is left alone.

Source: R. Pascanu, T. Mikolov and Y. Bengio, On the Difficulty of Training Recurrent Neural Networks, 2013.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Generator, Tensor, nn

from dlviz.core.errors import Diverged
from dlviz.core.trace import Trace
from dlviz.labs.recurrent.model import Reader, Translator

if TYPE_CHECKING:
    from dlviz.labs.recurrent.run import RecurrentRun

MOST = 400_000  # entries that travel: of a larger gradient every second, third … of them


def clipping(run: RecurrentRun, network: Reader | Translator | None = None) -> Trace:
    """The gradient of the loss of the run's next batch, of its network or of another one that was never trained.

    `gradient` (point,): its entries, of a large one each `every`-th; `entries`: how many there are; `loss`, `norm`,
    `largest` (of all). At the run's `clip_at`: `norm_by_norm`, `norm_by_value`, and the cosines between the clipped
    gradient and the whole one, `cosine_by_norm` (1, unless nothing is left) and `cosine_by_value`.
    """
    twin = twin_of(run)
    if network is not None:
        twin.network, twin.state = network, None
    loss = twin.next_loss()
    if not torch.isfinite(loss):
        raise Diverged(run.step, "the training loss", "is no longer a finite number")
    loss.backward()
    gradient = flat(twin.network)
    limit = run.spec.clip_at
    norm = float(gradient.norm())
    nn.utils.clip_grad_norm_(twin.network.parameters(), limit)
    by_norm = flat(twin.network)
    by_value = gradient.clamp(-limit, limit)  # as clip_grad_value_ does
    every = -(-len(gradient) // MOST)
    numbers = {
        "loss": float(loss.detach()), "norm": norm, "largest": float(gradient.abs().max()),
        "norm_by_norm": float(by_norm.norm()), "norm_by_value": float(by_value.norm()),
        "cosine_by_norm": cosine(gradient, by_norm), "cosine_by_value": cosine(gradient, by_value),
    }  # fmt: skip
    arrays = {name: np.array(value, np.float32) for name, value in numbers.items()}
    arrays |= {"entries": np.array(len(gradient), np.int32), "every": np.array(every, np.int32)}
    arrays["gradient"] = gradient[::every].numpy().astype(np.float32)
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(arrays, ()) | {"gradient": ("point",)}
    state = {name: value.detach().numpy().copy() for name, value in twin.network.state_dict().items()}
    return Trace(arrays, dims, {"loss": run.task.unit or "nats"}, state)


def twin_of(run: RecurrentRun) -> RecurrentRun:
    """A run that stands where `run` does, with a network and generators of its own; its optimizer must not be used."""
    twin = copy.copy(run)
    twin.network = copy.deepcopy(run.network)
    twin.order_generator, twin.dropout_generator = (
        Generator().set_state(each.get_state()) for each in (run.order_generator, run.dropout_generator)
    )
    return twin


def flat(network: nn.Module) -> Tensor:
    """All gradients one after the other, (point,), float64."""
    return torch.cat([p.grad.detach().double().flatten() for p in network.parameters() if p.grad is not None])


def cosine(one: Tensor, other: Tensor) -> float:
    """Of the angle between two gradients; 0 where one of them is nothing."""
    length = float(one.norm() * other.norm())
    return float(one @ other) / length if length else 0.0
