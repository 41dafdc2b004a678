"""One pass through the network, watched by hooks: what every layer summed and answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from dlviz.labs.playground.model import ACTIVATION, Network


@dataclass(frozen=True)
class Pass:
    """What one forward pass did; every tensor is (point, unit), with its graph if there was one.

    `linear[i]` = Wᵢ a + bᵢ; `sums[i]` = z, the same or its batch norm; `activations[i]` = f(z), hidden
    layers only; `output` = the last sum.
    """

    linear: list[Tensor]
    sums: list[Tensor]
    activations: list[Tensor]
    output: Tensor
    functions: tuple[str, ...]

    def slope(self, layer: int) -> Tensor:
        """f′(z) of a hidden layer at every point, by autograd: (point, unit)."""
        with torch.enable_grad():
            z = self.sums[layer].detach().requires_grad_()
            return torch.autograd.grad(ACTIVATION[self.functions[layer]](z).sum(), z)[0]


def forward(model: Network, given: Tensor, parameters: Mapping[str, Tensor] | None = None) -> Pass:
    """The network's own forward pass on `given` (point, feature), as in a test: no dropout, running statistics.

    `parameters`, if given, stand in for the network's own during this pass (in double precision, say).
    The network is left as it was found, also when the pass raises.
    """
    linear: dict[int, Tensor] = {}
    sums: dict[int, Tensor] = {}
    activations: dict[int, Tensor] = {}
    handles = []
    with _untouched(model):
        try:
            for i, layer in enumerate(model.linear):
                handles.append(layer.register_forward_hook(_keep_output(linear, i)))
                if i:  # what a layer is given is the activation of the one before
                    handles.append(layer.register_forward_pre_hook(_keep_input(activations, i - 1)))
            for i, norm in enumerate(model.norm or []):
                handles.append(norm.register_forward_hook(_keep_output(sums, i)))
            if parameters is None:
                output = model(given)
            else:
                output = torch.func.functional_call(model, dict(parameters), (given,))
        finally:
            for handle in handles:
                handle.remove()
    layers = range(len(model.linear))
    return Pass(
        [linear[i] for i in layers],
        [sums.get(i, linear[i]) for i in layers],
        [activations[i] for i in layers[:-1]],
        output,
        tuple(model.activations),
    )


def _keep_output(kept: dict[int, Tensor], index: int):  # type: ignore[no-untyped-def]
    def hook(_module: torch.nn.Module, _given: tuple[Tensor, ...], output: Tensor) -> None:
        kept[index] = output

    return hook


def _keep_input(kept: dict[int, Tensor], index: int):  # type: ignore[no-untyped-def]
    def hook(_module: torch.nn.Module, given: tuple[Tensor, ...]) -> None:
        kept[index] = given[0]

    return hook


@contextmanager
def _untouched(model: Network) -> Iterator[None]:
    """Evaluation mode for a while; the mode of every module comes back."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
