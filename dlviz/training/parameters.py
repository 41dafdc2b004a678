"""What the runs of several labs do with a network's parameters and its optimizer: make, keep, bring back, write one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from dlviz.core.errors import Diverged, InvalidInput, shown

LARGEST = 1e6  # a parameter past it has exploded, and no person may write it
MOMENTUM = 0.9


def optimizer(
    name: str, parameters: Iterable[nn.Parameter], learning_rate: float, weight_decay: float = 0.0
) -> torch.optim.Optimizer:
    """`sgd`, `momentum` or `adam`."""
    kept = list(parameters)
    match name:
        case "sgd":
            return torch.optim.SGD(kept, lr=learning_rate, weight_decay=weight_decay)
        case "momentum":
            return torch.optim.SGD(kept, lr=learning_rate, momentum=MOMENTUM, weight_decay=weight_decay)
        case _:
            return torch.optim.Adam(kept, lr=learning_rate, weight_decay=weight_decay)


def tensors(network: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Copies of the network's state as `network.<name>` and of the optimizer's as `optimizer.<index>.<name>`."""
    kept = {f"network.{name}": value.clone() for name, value in network.state_dict().items()}
    return kept | optimizer_tensors(optimizer)


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Copies of an optimizer's state alone."""
    found: dict[str, Tensor] = {}
    for index, state in optimizer.state_dict()["state"].items():
        found |= {f"optimizer.{index}.{name}": value.clone() for name, value in state.items() if value is not None}
    return found


def bring_back(network: nn.Module, optimizer: torch.optim.Optimizer, kept: Mapping[str, Tensor]) -> None:
    """Give the network and a new optimizer of it the states that `tensors` kept."""
    network.load_state_dict(below("network.", kept))
    bring_back_optimizer(network, optimizer, kept)


def bring_back_optimizer(network: nn.Module, optimizer: torch.optim.Optimizer, kept: Mapping[str, Tensor]) -> None:
    """Give a new optimizer of the network the state that `optimizer_tensors` kept."""
    known = list(network.parameters())
    for key, value in below("optimizer.", kept).items():
        index, _, name = key.partition(".")
        optimizer.state[known[int(index)]][name] = value.clone()


def below(prefix: str, kept: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Those whose names begin with `prefix`, without it."""
    return {name.removeprefix(prefix): value for name, value in kept.items() if name.startswith(prefix)}


def write(known: Mapping[str, Tensor], array: str, index: tuple[int, ...], value: Any) -> None:
    """Write one number of one of the `known` parameters. Raises `InvalidInput` for what is not there or cannot be."""
    if array not in known:
        rule = f"works on {', '.join(known) or 'layers with weights'}"
        raise InvalidInput("Editing", rule, array, next(iter(known), "a layer that has some"))
    parameter = known[array]
    inside = len(index) == parameter.ndim and all(
        isinstance(at, int) and 0 <= at < size for at, size in zip(index, parameter.shape, strict=True)
    )
    if not inside:
        attempt = ", ".join("0" * parameter.ndim)
        raise InvalidInput(f"The index of {array}", f"must be inside {tuple(parameter.shape)}", index, attempt)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        rule = f"must be a number between -{LARGEST:.0e} and {LARGEST:.0e}"
        raise InvalidInput(f"{array}[{', '.join(map(shown, index))}]", rule, value, "0.5")
    parameter.data[index] = float(value)


def check_sound(network: nn.Module, step: int) -> None:
    """Raises `Diverged` where a parameter is not finite, or has exploded."""
    for name, parameter in network.named_parameters():
        if not torch.isfinite(parameter).all():
            raise Diverged(step, name, "is no longer a finite number")
        if parameter.abs().max() > LARGEST:
            raise Diverged(step, name, f"has grown past {LARGEST:.0e}")


def gradient_norm(network: nn.Module, step: int) -> Tensor:
    """The norm of the whole gradient. Raises `Diverged`, naming the tensor, where it is not finite."""
    gradients = {name: p.grad for name, p in network.named_parameters() if p.grad is not None}
    norm = nn.utils.get_total_norm(gradients.values())
    if not torch.isfinite(norm):
        for name, gradient in gradients.items():
            if not torch.isfinite(gradient).all():
                raise Diverged(step, f"the gradient of {name}", "is no longer a finite number")
        raise Diverged(step, "the norm of the gradient", "is no longer a finite number")
    return norm
