"""One vector behind all parameters of a small model.

A small network spends its time in calls, not in arithmetic: an optimizer that sees one tensor makes
one call where it would make one for each. The module's own parameters become views of the vector, so
`forward`, `state_dict` and every probe see what they always saw.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class FlatParameters:
    """The parameters of `module` as one leaf tensor, weights (two dimensions and more) first.

    `vector` (n,) is the leaf for the optimizer and `vector.grad` its gradient; `weights` and
    `weights_grad` are the parts of both that a penalty applies to. Elementwise optimizers (SGD, Adam,
    RMSProp …) give bit for bit what they would give with separate tensors.
    """

    def __init__(self, module: nn.Module) -> None:
        named = sorted(module.named_parameters(), key=lambda item: item[1].ndim < 2)
        self.vector = nn.Parameter(torch.cat([p.detach().reshape(-1) for _, p in named]))
        self.vector.grad = torch.zeros_like(self.vector)
        start = 0
        for _, parameter in named:
            end = start + parameter.numel()
            parameter.data = self.vector.data[start:end].view_as(parameter)
            parameter.grad = self.vector.grad[start:end].view_as(parameter)
            start = end
        count = sum(p.numel() for _, p in named if p.ndim >= 2)
        self.weights: Tensor = self.vector.data[:count]
        self.weights_grad: Tensor = self.vector.grad[:count]
