"""One pass through the network, watched by hooks: what every row made of the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from torch import Tensor, nn

from dlviz.training.evaluating import evaluating


@dataclass(frozen=True)
class Recorded:
    """`after[name]`: what the module of that name gave, (batch, …); `output`: the logits."""

    after: Mapping[str, Tensor]
    output: Tensor


def record(network: nn.Sequential, pictures: Tensor) -> Recorded:
    """The network's own pass in evaluation mode. No hook is left behind, also when the pass raises."""
    after: dict[str, Tensor] = {}
    handles = []
    with evaluating(network):
        try:
            for name, module in network.named_children():
                handles.append(module.register_forward_hook(_keep(after, name)))
            output = network(pictures)
        finally:
            for handle in handles:
                handle.remove()
    return Recorded(after, output)


def _keep(kept: dict[str, Tensor], name: str):  # type: ignore[no-untyped-def]
    def hook(_module: nn.Module, _given: tuple[Tensor, ...], output: Tensor) -> None:
        kept[name] = output.detach().clone()  # a copy: an activation in place would change it afterwards

    return hook


def state_of(network: nn.Module) -> dict[str, np.ndarray]:
    """Copies of the parameters and buffers by name, so that anyone can compute with them again."""
    return {name: value.detach().numpy().copy() for name, value in network.state_dict().items()}
